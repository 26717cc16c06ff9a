"""Reading large files quad by quad, without holding them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Quad, parse

from gsefgraph.errors import InputError, SyntaxFault, reason
from gsefgraph.files import regular
from gsefgraph.rdf import formats
from gsefgraph.records import rdf
from gsefgraph.wording import say

LARGE = 4_000_000
"""Bytes from which a file is read as a stream."""

_HEAD = 4096


def quads(path: Path) -> Iterator[Quad]:
    """The quads of a file, in the order written; a large one is never held whole.

    Turtle, TriG, N-Triples and N-Quads can be read so. JSON-LD and RDF/XML must be looked at as a
    whole before they are safe to parse, so they are read by `rdf.read`, as small files are.

    Parameters:
        path: a file whose suffix tells the format.

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
    promised = formats.of_file(path.name)
    try:
        regular(path)
        small = path.stat().st_size < LARGE
    except OSError:
        small = True  # the reader says what is wrong with it
    if small or promised is None or promised.name in ("jsonld", "rdfxml"):
        yield from rdf.read(path).quads
        return
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
        formats.settle(str(path), head.decode("utf-8", "replace"), None)
        for quad in parse(path=path, format=promised.rdf):
            rdf.check_quad(quad, str(path))
            yield quad
    except SyntaxError as error:
        raise SyntaxFault(
            say("rdf.not-format", format=promised.title, problem=error.msg),
            file=str(path),
            line=error.lineno,
            column=error.offset,
        ) from None
    except OSError as error:
        raise InputError(say("file.unreadable", reason=reason(error)), file=str(path)) from None
