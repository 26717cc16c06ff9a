"""Records that people type, in YAML or JSON: short forms, or JSON-LD as it is.

What has an ``@context``, or other keywords of JSON-LD, is JSON-LD, in YAML too; all else is a
record in short form (`entry.py`), which is read together with a graph.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pyoxigraph import Quad

from gsefgraph.errors import GsefgraphError, InputError, UsageError
from gsefgraph.rdf import contexts, tree
from gsefgraph.rdf.reading import Reading
from gsefgraph.rdf.tree import Mapping, Node, Scalar
from gsefgraph.terms import Names
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.records.entry import Entry
    from gsefgraph.records.rdf import RecordFile
    from gsefgraph.records.statements import Statements


def is_short(text: str) -> bool:
    """Whether a text is JSON without a keyword of JSON-LD, as a record in short form is.

    >>> is_short('{"event": "Forum"}'), is_short('{"@id": "a:b"}'), is_short("[]"), is_short("{")
    (True, False, False, False)
    """
    if "{" not in text or '"@' in text:
        return False
    with suppress(ValueError, RecursionError):
        json.loads(text)
        return True
    return False


def read(text: str, name: str, form: str, reading: Reading) -> RecordFile:
    """The records of a text of YAML or JSON, each quad in the graph where it belongs.

    Parameters:
        form: ``yaml`` or ``jsonld``.
        reading: `Reading.entry` makes what reads short forms.

    Errors:
        SyntaxFault, InputError: no YAML, no JSON, or no JSON-LD; decisions in place of a record.
    """
    from gsefgraph.records.rdf import RecordFile

    nodes = tree.of_yaml(text, name) if form == "yaml" else [tree.of_json(text, name)]
    for node in nodes:
        if _decides(node):
            raise InputError(
                say("decisions.no-record"), file=name, line=node.line, column=node.column,
                hint=say("decisions.beside"),
            )  # fmt: skip
    if any(scalar.text.startswith("@") for node in nodes for scalar in _keys(node)):
        return _linked(nodes, text, name, reading)
    if reading.entry is None:
        raise InputError(say("entry.needs-graph"), file=name)
    entry = reading.entry(name)
    quads: dict[Quad, None] = {}
    places: dict[tuple[object, ...], tuple[int, int]] = {}
    for record in _records(nodes, entry):
        for made in entry.statements(record):
            quads |= dict.fromkeys(_placed(made, name, entry))
            for path, place in made.places.items():
                places.setdefault(path, place)
    notes = () if quads or entry.faults else (say("rdf.no-triple", file=name),)
    for note in notes:
        reading.note(note)
    return RecordFile(
        name, form, tuple(quads), dict(entry.names.prefixes), text,
        notes=notes, places=places, faults=tuple(entry.faults),
    )  # fmt: skip


def _decides(node: Node) -> bool:
    """Whether a document is one of decisions on names (`decisions.py`)."""
    found = node.items if isinstance(node, tree.Sequence) else (node,)
    wanted = {"name", "class", "means"}
    return bool(found) and all(
        isinstance(item, Mapping) and {key.text for key, _ in item.entries} == wanted
        for item in found
    )


def _records(nodes: Iterable[Node], entry: Entry) -> Iterable[Mapping]:
    for node in nodes:
        for item in node.items if isinstance(node, tree.Sequence) else (node,):
            if isinstance(item, Mapping):
                yield item
            else:
                entry.fault(item, say("entry.about"), say("yaml.key"))


def _placed(made: Statements, name: str, entry: Entry) -> Iterable[Quad]:
    """The quads in their graphs; that nothing says which source states some is a fault."""
    from gsefgraph.records import placement
    from gsefgraph.records.rdf import RecordFile

    file = RecordFile(name, "yaml", tuple(made.quads), {}, "", places=made.places)
    document = made.document.value if made.document else None
    try:
        return placement.place([file], entry.names, document=document, engine=entry.engine)
    except UsageError as error:
        line, column = error.line or 1, error.column or 1
        entry.fault(Scalar("", line, column), say("entry.unplaced"), say("entry.give-source"))
        return ()


def _keys(node: Node) -> Iterable[Scalar]:
    if isinstance(node, tree.Sequence):
        for item in node.items:
            yield from _keys(item)
    elif isinstance(node, Mapping):
        for key, value in node.entries:
            yield key
            yield from _keys(value)


def _linked(nodes: list[Node], text: str, name: str, reading: Reading) -> RecordFile:
    """JSON-LD in YAML: the same as JSON, and faults where the YAML has them."""
    from dataclasses import replace

    from gsefgraph.records.rdf import read as read_rdf

    written = _Json()
    if any(key.text == "@context" for node in nodes for key in _keys(node)):
        written.value(nodes[0] if len(nodes) == 1 else tree.Sequence(tuple(nodes), 1, 1))
    else:  # it is the ontology's, with the project's prefixes
        own = prefixes(reading.entry(name).names if reading.entry else Names())
        whole = json.dumps({"@context": [contexts.OWN, own]}, ensure_ascii=False)
        written.whole(f'{whole[:-1]}, "@graph": ', tree.Sequence(tuple(nodes), 1, 1))
    said = "".join(written.pieces)
    try:
        file = read_rdf(name, data=said.encode(), format="jsonld", reading=reading)
    except GsefgraphError as error:
        if error.line is not None and error.file == name:
            error.line, error.column = written.place(error.column or 1)
        raise
    places: dict[tuple[object, ...], tuple[int, int]] = {}
    for quad in file.quads:
        paths: list[tuple[Any, ...]] = [
            (quad.subject, quad.predicate, quad.object), (quad.subject, quad.predicate),
            (quad.subject,),
        ]  # fmt: skip
        for path in paths:
            if path not in places and (found := file.locate(*path)) is not None:
                places[path] = written.place(found[1])
    return replace(file, text=text, format="yaml", places=places)


def prefixes(names: Names) -> dict[str, str]:
    """What names in a record without a context begin with: roles and kinds are the ontology's.

    >>> own = prefixes(Names("https://example.org/"))
    >>> own["id-org"], own["id-role"]
    ('https://example.org/id/org/', 'https://w3id.org/gsefgraph/id/role/')
    """
    return {**names.prefixes, **{name: Names().prefixes[name] for name in ("id-role", "id-kind")}}


class _Json:
    """A tree as one line of JSON, and where each part of that was written."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._length = 0
        self._starts: list[int] = []
        self._places: list[tuple[int, int]] = []

    def place(self, column: int) -> tuple[int, int]:
        """Where what stands at a column of the line was written."""
        at = bisect_right(self._starts, column - 1) - 1
        return self._places[max(at, 0)]

    def whole(self, before: str, node: Node) -> None:
        """Write a node inside an object that begins with what nobody typed."""
        self._put(before)
        self.value(node)
        self._put("}")

    def value(self, node: Node) -> None:
        """Write a node."""
        if isinstance(node, Scalar):
            self._put(json.dumps(tree.to_json(node), ensure_ascii=False), node)
            return
        mapping = isinstance(node, Mapping)
        self._put("{" if mapping else "[", node)
        for number, item in enumerate(node.entries if isinstance(node, Mapping) else node.items):
            if number:
                self._put(", ")
            if isinstance(item, tuple):
                key, value = item
                self._put(json.dumps(key.text, ensure_ascii=False), key)
                self._put(": ")
                self.value(value)
            else:
                self.value(item)
        self._put("}" if mapping else "]")

    def _put(self, text: str, node: Node | None = None) -> None:
        if node is not None:
            self._starts.append(self._length)
            self._places.append((node.line, node.column))
        self.pieces.append(text)
        self._length += len(text)
