"""SHACL property paths (SHACL, section 2.3.1): read from a shapes graph, written as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from gsefgraph.terms import RDF, SH

Node = NamedNode | BlankNode | Literal
Describe = Callable[[Node], Mapping[str, Sequence[Node]]]

_MARKS = {
    f"{SH}zeroOrMorePath": "*",
    f"{SH}oneOrMorePath": "+",
    f"{SH}zeroOrOnePath": "?",
    f"{SH}inversePath": "^",
    f"{SH}alternativePath": "|",
}
_NIL = NamedNode(f"{RDF}nil")
_DEEPEST = 50
_MOST = 500
_LOCAL = {mark: iri.removeprefix(SH) for iri, mark in _MARKS.items()}


@dataclass(frozen=True, slots=True)
class Path:
    """A property path: a predicate, or an operator over smaller paths.

    Attributes:
        operator: "" for a predicate, "/" sequence, "|" alternative, "^" inverse, "*", "+", "?".
        predicate: the IRI of a predicate, else "".
        parts: the paths that the operator joins.

    >>> Path.of(f"{RDF}type").text(lambda iri: iri.removeprefix(RDF))
    'type'
    """

    operator: str = ""
    predicate: str = ""
    parts: tuple[Path, ...] = ()

    @classmethod
    def of(cls, predicate: str) -> Path:
        """The path that is one predicate."""
        return cls(predicate=predicate)

    @property
    def first(self) -> str | None:
        """The predicate that leaves the focus node, None when the path arrives at it instead."""
        if not self.operator:
            return self.predicate
        return None if self.operator == "^" else self.parts[0].first

    @property
    def last(self) -> str:
        """The predicate that reaches the value node."""
        return self.parts[-1].last if self.operator else self.predicate

    def text(self, name: Callable[[str], str]) -> str:
        """The path as SPARQL 1.1 writes it (section 9), IRIs through `name`."""
        if not self.operator:
            return name(self.predicate)
        # An operator on one path binds tighter than those that join, and does not repeat.
        joined = self.operator in ("/", "|")
        inner = [
            f"({part.text(name)})"
            if part.operator in ("/", "|") or (part.operator and not joined)
            else part.text(name)
            for part in self.parts
        ]
        if joined:
            return self.operator.join(inner)
        return f"^{inner[0]}" if self.operator == "^" else f"{inner[0]}{self.operator}"


def read(node: Node, describe: Describe) -> Path:
    """The path that starts at a node of a shapes graph.

    Parameters:
        node: the value of sh:path.
        describe: predicates and values of a node of the shapes graph.

    Errors:
        ValueError: not a well-formed path, and why.
    """
    return _Reader(describe).path(node, ())


class _Reader:
    """One path, no larger than what can be meant."""

    def __init__(self, describe: Describe) -> None:
        self.describe = describe
        self.left = _MOST

    def path(self, node: Node, around: tuple[Node, ...]) -> Path:
        self.left -= 1
        if self.left < 0 or len(around) > _DEEPEST:
            raise ValueError(f"the path is nested deeper than {_DEEPEST} or has over {_MOST} parts")
        if isinstance(node, Literal):
            raise ValueError(f"{node} is a literal, not a property path")
        if node in around:
            raise ValueError("the path leads back to itself")
        around = (*around, node)
        facts = self.describe(node)
        if node == _NIL or f"{RDF}first" in facts:
            return Path("/", parts=self._parts(node, "a sequence", around))
        if isinstance(node, NamedNode):
            return Path.of(node.value)
        for iri, mark in _MARKS.items():
            values = facts.get(iri, ())
            if not values:
                continue
            if len(values) > 1:
                raise ValueError(f"the path has {len(values)} values for sh:{_LOCAL[mark]}")
            if mark == "|":
                return Path(mark, parts=self._parts(values[0], "an alternative", around))
            return Path(mark, parts=(self.path(values[0], around),))
        raise ValueError("a blank node without one of SHACL's path operators is no property path")

    def _parts(self, head: Node, what: str, around: tuple[Node, ...]) -> tuple[Path, ...]:
        items = listed(head, self.describe)
        if len(items) < 2:
            number = "one path" if items else "no paths"
            raise ValueError(f"{what} of {number}, where two or more are wanted")
        return tuple(self.path(item, around) for item in items)


def triples(path: Path, label: str) -> tuple[Node, list[Triple]]:
    """A path as a shapes graph writes it: its node, and the triples behind it.

    Parameters:
        label: what the names of its blank nodes start with.

    >>> node, facts = triples(Path("^", parts=(Path.of("a:p"),)), "x")
    >>> print(node, *facts)
    _:x _:x <http://www.w3.org/ns/shacl#inversePath> <a:p>
    """
    if not path.operator:
        return NamedNode(path.predicate), []
    found: list[Triple] = []
    parts: list[Node] = []
    for number, part in enumerate(path.parts):
        node, more = triples(part, f"{label}-{number}")
        parts.append(node)
        found += more
    inner = parts[0]
    if path.operator in "/|":
        cells = [BlankNode(f"{label}-list-{number}") for number in range(len(parts))]
        rests: list[Node] = [*cells[1:], _NIL]
        for cell, node, rest in zip(cells, parts, rests, strict=True):
            found += [Triple(cell, NamedNode(f"{RDF}first"), node),
                      Triple(cell, NamedNode(f"{RDF}rest"), rest)]  # fmt: skip
        inner = cells[0]
    if path.operator == "/":
        return inner, found
    node = BlankNode(label)
    return node, [*found, Triple(node, NamedNode(f"{SH}{_LOCAL[path.operator]}"), inner)]


def listed(node: Node, describe: Describe) -> list[Node]:
    """The members of an RDF list that must be one (SHACL, section 1.1: "SHACL list").

    Errors:
        ValueError: not a list, one that loops, or one that does not end in rdf:nil, and why.

    >>> listed(NamedNode(f"{RDF}nil"), lambda node: {})
    []
    >>> listed(Literal("a"), lambda node: {})
    Traceback (most recent call last):
    ValueError: "a" is not a list
    """
    found: list[Node] = []
    seen: set[Node] = set()
    start = node
    while node != _NIL:
        facts = describe(node)
        first, rest = facts.get(f"{RDF}first", ()), facts.get(f"{RDF}rest", ())
        if node in seen:
            raise ValueError("the list loops")
        seen.add(node)
        if not first and not rest:
            what = "a blank node" if isinstance(node, BlankNode) else str(node)
            raise ValueError(
                f"{what} is not a list"
                if node == start
                else f"the list ends in {what}, not rdf:nil"
            )
        if len(first) != 1 or len(rest) != 1:
            raise ValueError(
                f"a cell of the list has {len(first)} values for rdf:first and {len(rest)} for "
                "rdf:rest, where one of each is wanted"
            )
        found.append(first[0])
        node = rest[0]
    if describe(_NIL).keys() & {f"{RDF}first", f"{RDF}rest"}:
        raise ValueError("rdf:nil has members")
    return found


def members(node: Node, describe: Describe) -> list[Node]:
    """The members of an RDF list, in order; a list that never ends stops where it repeats."""
    found: list[Node] = []
    seen: set[Node] = set()
    while node not in seen and f"{RDF}first" in (facts := describe(node)):
        seen.add(node)
        found.append(facts[f"{RDF}first"][0])
        node = facts.get(f"{RDF}rest", [NamedNode(f"{RDF}nil")])[0]
    return found
