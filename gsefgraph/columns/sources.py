"""What is loaded: each file as N-Quads or N-Triples under a name that DuckDB takes literally.

>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     file = Path(folder) / "a.nt"
...     _ = file.write_bytes(b"one\\r\\ntwo\\rthree")
...     [source] = gather([file], [], Path(folder))
...     plain_copy(source, Path(folder))
...     source.texts([3]), source.path.read_bytes()
({3: 'three'}, b'one\\ntwo\\nthree\\n')
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pyoxigraph import BlankNode, Quad, RdfFormat, parse, serialize

from gsefgraph.columns import faults
from gsefgraph.columns.database import FULL, no_room
from gsefgraph.errors import EngineError, InputError, reason
from gsefgraph.files import real
from gsefgraph.rdf import formats, packed
from gsefgraph.rdf.faults import beyond, refused
from gsefgraph.rdf.reading import AS_DOCUMENTS, Reading
from gsefgraph.terms import unlabelled
from gsefgraph.wording import say


def format_of(file: Path) -> RdfFormat:
    """What a file's suffix says that it is.

    Errors:
        InputError: nothing that is known.

    >>> format_of(Path("a.NT")).name
    'N-Triples'
    """
    found = formats.of_file(packed.inner(file.name))
    if found is None:
        hint = say("rdf.suffixes", suffixes=formats.SUFFIXES)
        raise InputError(say("rdf.which"), file=str(file), hint=hint)
    return found.rdf


def convert(file: Path, chosen: RdfFormat, target: Path, reading: Reading = AS_DOCUMENTS) -> None:
    """Write a file as N-Quads; neither is ever held whole.

    Parameters:
        file: of the Turtle family, packed or not.
        chosen: its format.
        target: where to.
        reading: base and bound.

    Errors:
        SyntaxFault, InputError: the file is not of this format, or more than RDF 1.1.
        OSError: one of the files fails.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file, target = Path(folder) / "a.ttl", Path(folder) / "a.nq"
    ...     _ = file.write_text("<a:s> <a:p> 1, _:o .")
    ...     convert(file, RdfFormat.TURTLE, target)
    ...     print(target.read_text().splitlines()[1])
    <a:s> <a:p> _:o .
    """
    with packed.opened(file, reading.bound) as stream:
        packed.skip_mark(stream)
        try:
            base = reading.base_of(str(file))
            quads = _checked(parse(stream, chosen, base_iri=base), file, reading.bound)
            serialize(quads, target, RdfFormat.N_QUADS)
        except SyntaxError as error:
            row = packed.line(file, error.lineno, reading.bound)
            raise faults.syntax(error, chosen, str(file), row=row) from None
        except ValueError as error:
            raise InputError(
                say("rdf.not-format", format=faults.title(chosen), problem=error), file=str(file)
            ) from None
        except MemoryError as error:
            raise beyond(error, str(file)) from None


def _checked(quads: Iterable[Quad], file: Path, bound: int) -> Iterator[Quad]:
    nodes = _Nodes(file, bound)
    for quad in quads:
        problem = refused(quad)
        if problem:
            raise InputError(problem[0], file=str(file), hint=problem[1])
        s, o = quad.subject, quad.object
        if isinstance(s, BlankNode) or isinstance(o, BlankNode):
            subject = nodes.named(s) if isinstance(s, BlankNode) else s
            value = nodes.named(o) if isinstance(o, BlankNode) else o
            yield Quad(subject, quad.predicate, value, quad.graph_name)
        else:
            yield quad


class _Nodes:
    """Numbers the nodes without a label in their order, since pyoxigraph names them at random."""

    def __init__(self, file: Path, bound: int) -> None:
        self._file = file
        self._bound = bound
        self._start = ""
        self._numbered: dict[str, BlankNode] = {}

    def named(self, node: BlankNode) -> BlankNode:
        if not unlabelled(node):
            return node
        if not self._start:
            # A start that stands nowhere in the text begins no label either.
            text = packed.content(self._file, self._bound)
            self._start = "b"
            while re.search(rf"(?<![A-Za-z]){self._start}[0-9]".encode(), text):
                self._start += "b"
        number = len(self._numbered) + 1
        return self._numbered.setdefault(node.value, BlankNode(f"{self._start}{number}"))


DELIMITER = "\x01\x02\x03\x04"
"""A text that ends a column of CSV; four characters that stand together in no RDF of anyone."""
_CHUNK = 2**18  # larger blocks cost more to make than they save
_BOM = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Source:
    """A file as it is loaded.

    Attributes:
        number: of the file, from 1; 0 for quads that came from no file.
        name: for messages, as given.
        path: what is read: the file under a plain name, or a copy as N-Quads.
        form: of what is read, N-Quads or N-Triples.
        lines_are_its: whether the lines of `path` are those of the file.
        prefix: put before its labels of blank nodes, which are its own.
        longest: bytes that a line may have, 0 for the usual.
        base: how many lines earlier files have.
    """

    number: int
    name: str
    path: Path
    form: RdfFormat = RdfFormat.N_QUADS
    lines_are_its: bool = True
    prefix: str = ""
    longest: int = 0
    base: int = 0

    @property
    def size(self) -> int:
        """Bytes to read."""
        return self.path.stat().st_size

    def texts(self, numbers: Collection[int]) -> dict[int, str]:
        """Some lines by their numbers, which count from 1; no more of the file is held."""
        wanted, line, found = sorted(set(numbers), reverse=True), 0, {}
        with self.path.open("rb") as stream:
            for block in _blocks(stream):
                if not wanted:
                    break
                before, line = line, line + block.count(b"\n")
                start = 0
                while wanted and wanted[-1] <= line:
                    for _ in range(wanted[-1] - before - 1):
                        start = block.index(b"\n", start) + 1
                    before = wanted.pop()
                    end = block.index(b"\n", start)
                    found[before] = block[start:end].decode("utf-8", "replace")
                    start = end + 1
        return found


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    """A file opened in binary, in pieces of whole lines that end in \\n, whatever ended them."""
    read = stream.read
    head, rest = read(len(_BOM)).removeprefix(_BOM), b""
    while block := head + read(_CHUNK):
        head = b""
        while block[-1:] == b"\r" and (more := read(1)):  # it may be the first half of an end
            block += more
        if b"\r" in block:
            block = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        block = rest + block
        end = block.rfind(b"\n") + 1
        block, rest = block[:end], block[end:]
        if block:
            yield block
    if rest:
        yield rest + b"\n"


def gather(
    files: Sequence[str | Path],
    quads: Iterable[Quad],
    folder: Path,
    reading: Reading = AS_DOCUMENTS,
) -> list[Source]:
    """The sources of files and quads, ready to be read from `folder`.

    Parameters:
        files: their suffixes say what they are.
        quads: more data, from no file.
        folder: where links and copies go.
        reading: base and bound.

    Errors:
        InputError, SyntaxFault: a file that cannot be read or is not what its suffix says.
        EngineError: the disk is full.
    """
    try:
        return _gather(files, quads, folder, reading)
    except OSError as error:
        # Files are read in `_source`, which tells of its own errors: here they are written.
        if any(word in str(error) for word in FULL):
            raise no_room(folder) from None
        raise EngineError(
            say("columns.unwritable", folder=folder.parent, reason=reason(error))
        ) from None


def _gather(
    files: Sequence[str | Path], quads: Iterable[Quad], folder: Path, reading: Reading
) -> list[Source]:
    given = Source(0, "the given quads", folder / "given.nq", lines_are_its=False)
    labels = _Labels()
    serialize(map(labels.note, quads), given.path, RdfFormat.N_QUADS)
    sources = [given] if given.size else []
    sources += [
        _source(number, Path(file), folder, reading) for number, file in enumerate(files, 1)
    ]
    for source in sources if len(sources) > 1 else ():
        if source.number:
            source.prefix = f"{labels.free}{source.number}."
    return sources


class _Labels:
    """Finds a start of labels that no blank node of the quads has."""

    def __init__(self) -> None:
        self.free = "f"

    def note(self, quad: Quad) -> Quad:
        for node in (quad.subject, quad.object):
            while isinstance(node, BlankNode) and re.match(rf"{self.free}\d", node.value):
                self.free += "f"
        return quad


def _source(number: int, file: Path, folder: Path, reading: Reading) -> Source:
    name = str(file)
    form = format_of(file)
    try:
        if form not in (RdfFormat.N_QUADS, RdfFormat.N_TRIPLES):
            plain = folder / f"file{number}.nq"
            convert(file, form, plain, reading)
            return Source(number, name, plain, lines_are_its=False)
        plain = folder / f"file{number}.{form.file_extension}"
        with packed.opened(file, reading.bound) as stream:
            if packed.packed(file):
                with plain.open("wb") as copy:
                    shutil.copyfileobj(stream, copy, 2**20)
            else:
                plain.symlink_to(real(file))
        return Source(number, name, plain, form)
    except OSError as error:
        if any(word in str(error) for word in FULL):
            raise no_room(folder) from None
        raise InputError(say("file.unreadable", reason=reason(error)), file=name) from None


def plain_copy(source: Source, folder: Path) -> None:
    """Replace a file that DuckDB cannot read by a copy with one kind of line end, if it is UTF-8.

    Errors:
        InputError: a byte that is not UTF-8.
        EngineError: the disk is full.
    """
    try:
        _plain_copy(source, folder)
    except OSError:
        raise no_room(folder) from None


def _plain_copy(source: Source, folder: Path) -> None:
    target = folder / f"plain{source.path.name}"
    delimiter, line = DELIMITER.encode(), 0
    escaped = delimiter.replace(b"\x02", rb"\u0002")
    with source.path.open("rb") as stream, target.open("wb") as copy:
        for block in _blocks(stream):
            try:
                block.decode()
            except UnicodeDecodeError as error:
                before = block[: error.start].decode()
                raise InputError(
                    say("file.byte", byte=block[error.start]),
                    file=source.name,
                    line=line + before.count("\n") + 1,
                    column=len(before) - before.rfind("\n"),
                    hint=say("file.save-file-utf8"),
                ) from None
            line += block.count(b"\n")
            source.longest = max(source.longest, *map(len, block.split(b"\n")))
            copy.write(block.replace(delimiter, escaped))
    source.path = target
    source.longest += 64
