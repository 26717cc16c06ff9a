"""Where a finding stands in the files that were read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import BlankNode, Quad

from gsefgraph.rdf import tags
from gsefgraph.shacl.report.finding import Finding
from gsefgraph.shacl.shapes.model import Place
from gsefgraph.sparql.path import Path

if TYPE_CHECKING:
    from gsefgraph.records.rdf import RecordFile

Fact: TypeAlias = tuple[int, Quad]
"""A quad, after the number of the record that it stands in."""

_MOST = 1_000
"""Nodes that are looked at to find the triple at the end of a path."""


class Locator:
    """Finds the triple that a finding is about, else its property, else its node.

    Parameters:
        records: the files, in the order in which a place is looked for.
        own: blank nodes as findings name them, with the number of their record among these files
            and the node that it knows; others are as the files know them.
    """

    def __init__(
        self,
        records: Iterable[RecordFile],
        own: Mapping[BlankNode, tuple[int, BlankNode]] | None = None,
    ) -> None:
        self._own = own or {}
        self._records = tuple(records)
        self._spelt = tags.literals(dict(chain(*(r.tags.items() for r in self._records))))
        self._about: dict[object, list[Fact]] = {}
        self._pointing: dict[object, list[Fact]] = {}
        self._sorted: dict[object, dict[str, list[Fact]]] = {}
        for number, record in enumerate(self._records):
            for quad in record.quads:
                fact = (number, quad)
                subject, value = _key(number, quad.subject), _key(number, quad.object)
                self._about.setdefault(subject, []).append(fact)
                self._pointing.setdefault(value, []).append(fact)

    def place(self, finding: Finding) -> Finding:
        """The finding with its place, where it has one in these files, and its value as they write
        it."""
        value = self._spelt.get(finding.value, finding.value)
        return replace(finding, source=self._place(finding), value=value)

    def _place(self, finding: Finding) -> Place | None:
        focus = self._known(finding.focus)
        value = None if finding.value is None else self._known(finding.value)
        for number, parts in self._candidates(focus, finding.path, value):
            record = self._records[number]
            place = record.locate(*parts)  # type: ignore[arg-type]
            if place is not None:
                return record.name, *place
        return None

    def _candidates(
        self, focus: object, path: Path | None, value: object
    ) -> Iterator[tuple[int, Iterable[object]]]:
        """What to look for and in which record, the best first."""
        first = path.first if path else None
        if path is not None and value is not None:
            facts = self._facts(focus, first) if first else ()
            exact = next((fact for fact in facts if _key(fact[0], fact[1].object) == value), None)
            exact = exact or (self._at_end(focus, path, value) if path.operator else None)
            if exact:
                yield exact[0], exact[1].triple
        for number, quad in self._facts(focus, first)[:1] if first else ():
            yield number, (quad.subject, quad.predicate)
        for number, quad in self._about.get(focus, ())[:1]:
            yield number, (quad.subject,)
        # A file whose syntax the triples do not mirror may tell no more than a value of the node.
        for number, quad in self._about.get(focus, ())[:10]:
            yield number, quad.triple
        # Where another node points at this one: it is known, and the record mentions it.
        node = focus
        for _ in range(20):  # a chain of blank nodes ends at a node with a name
            pointing = self._pointing.get(node)
            if not pointing:
                break
            number, quad = pointing[0]
            yield number, quad.triple
            node = _key(number, quad.subject)
        # The node is known, and what the files say of its value is what makes it wrong.
        for number, quad in self._about.get(value, ())[:1]:
            yield number, (quad.subject,)

    def _facts(self, node: object, predicate: str) -> Sequence[Fact]:
        """What the files state of a node with a predicate."""
        if node not in self._about:
            return ()
        known = self._sorted.get(node)
        if known is None:
            known = self._sorted[node] = {}
            for fact in self._about[node]:
                known.setdefault(fact[1].predicate.value, []).append(fact)
        return known.get(predicate, ())

    def _at_end(self, focus: object, path: Path, value: object) -> Fact | None:
        """The triple that holds the value at the end of a path, where the path ends forward."""
        if value not in self._pointing:
            return None
        found = self._follow({focus: None}, path).get(value)
        if found:
            return found if _key(found[0], found[1].object) == value else None
        # A step may be known that no file states.
        last = [fact for fact in self._pointing[value] if fact[1].predicate.value == path.last]
        return last[0] if len(last) == 1 and _ends_forward(path) else None

    def _follow(
        self, at: Mapping[object, Fact | None], path: Path, *, back: bool = False
    ) -> dict[object, Fact | None]:
        """The nodes that a path leads to, each with the last step there."""
        found: dict[object, Fact | None] = {}
        if not path.operator:
            for node in list(at)[:_MOST]:
                if back:
                    pointing = self._pointing.get(node, ())[:_MOST]
                    facts = [f for f in pointing if f[1].predicate.value == path.predicate]
                else:
                    facts = list(self._facts(node, path.predicate))
                for number, quad in facts:
                    found.setdefault(_key(number, quad.subject if back else quad.object),
                                     (number, quad))  # fmt: skip
            return found
        if path.operator == "/":
            found = dict(at)
            for part in reversed(path.parts) if back else path.parts:
                found = self._follow(found, part, back=back)
            return found
        if path.operator == "|":
            for part in path.parts:
                found = {**self._follow(at, part, back=back), **found}
            return found
        part = path.parts[0]
        if path.operator == "^":
            return self._follow(at, part, back=not back)
        if path.operator in "*?":
            found = dict(at)
        more = self._follow(at, part, back=back)
        while more := {node: fact for node, fact in more.items() if node not in found}:
            found |= more
            if path.operator == "?" or len(found) > _MOST:
                break
            more = self._follow(more, part, back=back)
        return found

    def _known(self, node: object) -> object:
        """The key of a node of a finding."""
        if not isinstance(node, BlankNode):
            return node
        if node in self._own:
            return self._own[node]
        keys = [(number, node) for number in range(len(self._records))]
        return next((k for k in keys if k in self._about or k in self._pointing), node)


def _key(number: int, node: object) -> object:
    """A node as a key: each file has blank nodes of its own."""
    return (number, node) if isinstance(node, BlankNode) else node


def _ends_forward(path: Path) -> bool:
    while path.operator == "/":
        path = path.parts[-1]
    return not path.operator
