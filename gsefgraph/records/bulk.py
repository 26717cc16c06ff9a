"""Reading large files quad by quad, without holding them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from pyoxigraph import Quad, parse

from gsefgraph.rdf import formats, packed, tags
from gsefgraph.rdf.faults import beyond
from gsefgraph.rdf.reading import AS_RECORDS, Reading
from gsefgraph.records import rdf
from gsefgraph.wording import Wording, say

LARGE = 4_000_000
"""Bytes from which a file is read as a stream."""

_HEAD = 4096


def quads(
    path: Path,
    reading: Reading = AS_RECORDS,
    note: Callable[[Wording], None] = lambda _: None,
    *,
    as_written: bool = False,
    spelling: dict[str, str] | None = None,
) -> Iterator[Quad]:
    """The quads of a file, in the order written; a large one is never held whole.

    Turtle, TriG, N-Triples and N-Quads can be read so. JSON-LD and RDF/XML must be looked at as a
    whole before they are safe to parse, so they are read by `rdf.read`, as small files are.

    Parameters:
        path: a file whose suffix tells the format, packed or not.
        reading: base, contexts and bound.
        note: told what a person should know of the file.
        as_written: whether language tags keep their capital letters; in a large file each is as it
            first stands.
        spelling: told how tags with capital letters are written.

    Errors:
        InputError, SyntaxFault: as `rdf.read`; of a large file what stands before the fault has
        been given by then.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "a.nt"
    ...     _ = file.write_text('<a:s> <a:p> "x" .')
    ...     len(list(quads(file)))
    1
    """
    known = {} if spelling is None else spelling
    promised = formats.of_file(packed.inner(path.name))
    start = packed.content(path, reading.bound, max(LARGE, _HEAD))
    small = len(start) < LARGE
    if small or packed.marked(start) or promised is None or promised.name in formats.WHOLE:
        data = start if small else None
        file = rdf.read(path, data=data, reading=reading)
        for each in file.notes:
            note(each)
        for (_, tag), written in file.tags.items():
            known.setdefault(tag, written)
        yield from file.written if as_written else file.quads
        return
    head = start[:_HEAD].decode("utf-8", "replace")
    formats.settle(packed.inner(str(path)), head, None)
    rdf.check_version(head, str(path))
    rdf.check_depth(start.decode("utf-8", "replace"), str(path))
    try:
        with packed.opened(path, reading.bound) as stream:
            packed.skip_mark(stream)
            base = reading.base_of(str(path))
            named = rdf.Graphs(base) if reading.own else None
            empty = True
            parsed: Iterator[Quad] = parse(tags.watched(stream, known), promised.rdf, base_iri=base)
            for quad in tags.respelt(parsed, known) if as_written else parsed:
                found = named(quad) if named else quad
                rdf.check_quad(found, str(path))
                empty = False
                yield found
        if named and named.names:
            note(say("rdf.graphs-named", file=str(path), count=len(named.names)))
        if empty:
            note(say("rdf.no-triple", file=str(path)))
    except SyntaxError as error:
        row = packed.line(path, error.lineno, reading.bound)
        raise rdf.fault(error, str(path), promised.title, head, row) from None
    except MemoryError as error:
        raise beyond(error, str(path)) from None
    except OSError as error:
        raise packed.unreadable(path, error) from None
