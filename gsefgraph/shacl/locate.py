"""Where a finding stands in the files that were read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode, Quad

from gsefgraph.shacl.report import Finding, Place

if TYPE_CHECKING:
    from gsefgraph.records.rdf import RecordFile


class Locator:
    """Finds the triple that a finding is about, else its property, else its node.

    Parameters:
        records: the files.
        own: blank nodes as findings name them, with those that the files know.
    """

    def __init__(
        self, records: Iterable[RecordFile], own: Mapping[BlankNode, BlankNode] | None = None
    ) -> None:
        self._own = own or {}
        self._first: dict[tuple[object, ...], RecordFile] = {}
        self._pointing: dict[object, tuple[RecordFile, Quad]] = {}
        for record in records:
            for quad in record.quads:
                subject, predicate, value = quad.subject, quad.predicate, quad.object
                for key in ((subject,), (subject, predicate), (subject, predicate, value)):
                    self._first.setdefault(key, record)
                self._pointing.setdefault(value, (record, quad))

    def place(self, finding: Finding) -> Finding:
        """The finding with its place, where it has one in these files."""
        return replace(finding, source=self._place(finding))

    def _place(self, finding: Finding) -> Place | None:
        for key in self._keys(finding):
            record = self._first.get(key)
            if record is not None:
                place = record.locate(*key)  # type: ignore[arg-type]
                if place is not None:
                    return record.name, *place
        return self._pointed(self._known(finding.focus))

    def _keys(self, finding: Finding) -> Iterator[tuple[object, ...]]:
        focus, value = self._known(finding.focus), self._known(finding.value)
        first = finding.path.first if finding.path else None
        if first is not None:
            if value is not None:
                yield focus, NamedNode(first), value
            yield focus, NamedNode(first)
        if not isinstance(focus, BlankNode):
            yield (focus,)
        elif focus in self._pointing:
            _, quad = self._pointing[focus]
            yield quad.subject, quad.predicate, quad.object
        else:
            yield (focus,)

    def _known(self, node: object) -> object:
        return self._own.get(node, node) if isinstance(node, BlankNode) else node

    def _pointed(self, node: object) -> Place | None:
        """Where another node points at this one: it is known, and the record mentions it."""
        found = self._pointing.get(node)
        for _ in range(20):  # a chain of blank nodes ends at a node with a name
            if found is None:
                break
            record, quad = found
            place = record.locate(*quad.triple)
            if place is not None:
                return record.name, *place
            found = self._pointing.get(quad.subject)
        record_of = self._first.get((node,))
        return (record_of.name, 1, 1) if record_of else None
