"""Files that are not lines of N-Quads: pyoxigraph reads them, and they are written as such."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import BlankNode, Quad, RdfFormat, parse, serialize

from gsefgraph.columns import faults
from gsefgraph.errors import InputError
from gsefgraph.wording import say

_FORMATS = {
    ".nq": RdfFormat.N_QUADS,
    ".nt": RdfFormat.N_TRIPLES,
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".rdf": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
    ".json": RdfFormat.JSON_LD,
}
_RANDOM = re.compile(r"[0-9a-f]{16,32}\Z")


def form(file: Path) -> RdfFormat:
    """What a file's suffix says that it is.

    Errors:
        InputError: nothing that is known.

    >>> form(Path("a.NT")).name
    'N-Triples'
    """
    found = _FORMATS.get(file.suffix.lower())
    if found is None:
        hint = say("rdf.suffixes", suffixes=" ".join(_FORMATS))
        raise InputError(say("rdf.which"), file=str(file), hint=hint)
    return found


def convert(file: Path, chosen: RdfFormat, target: Path) -> None:
    """Write a file as N-Quads; neither is ever held whole. Relative IRIs are the file's own.

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
    with file.open("rb") as stream:
        if stream.read(3) != b"\xef\xbb\xbf":
            stream.seek(0)
        try:
            base = file.resolve().as_uri()
            quads = _checked(parse(stream, chosen, base_iri=base), file)
            serialize(quads, target, RdfFormat.N_QUADS)
        except SyntaxError as error:
            raise faults.syntax(error, chosen, str(file)) from None
        except ValueError as error:
            raise InputError(
                say("rdf.not-format", format=faults.title(chosen), problem=error), file=str(file)
            ) from None


def _checked(quads: Iterable[Quad], file: Path) -> Iterator[Quad]:
    nodes = _Nodes(file)
    for quad in quads:
        problem = faults.refused(quad)
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

    def __init__(self, file: Path) -> None:
        self._file = file
        self._start = ""
        self._numbered: dict[str, BlankNode] = {}

    def named(self, node: BlankNode) -> BlankNode:
        if not _RANDOM.match(node.value):
            return node
        if not self._start:
            # A start that stands nowhere in the text begins no label either.
            text = self._file.read_bytes()
            self._start = "b"
            while re.search(rf"(?<![A-Za-z]){self._start}[0-9]".encode(), text):
                self._start += "b"
        number = len(self._numbered) + 1
        return self._numbered.setdefault(node.value, BlankNode(f"{self._start}{number}"))
