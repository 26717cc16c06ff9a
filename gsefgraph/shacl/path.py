"""SHACL property paths (SHACL, section 2.3.1): read from a shapes graph, written as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

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
        inner = [
            f"({part.text(name)})" if part.operator in ("/", "|") else part.text(name)
            for part in self.parts
        ]
        if self.operator in ("/", "|"):
            return self.operator.join(inner)
        return f"^{inner[0]}" if self.operator == "^" else f"{inner[0]}{self.operator}"

    def turtle(self, name: Callable[[str], str]) -> str:
        """The path as SHACL writes it in Turtle, IRIs through `name`."""
        if not self.operator:
            return name(self.predicate)
        inner = " ".join(part.turtle(name) for part in self.parts)
        if self.operator == "/":
            return f"( {inner} )"
        return f"[ sh:{_LOCAL[self.operator]} {f'( {inner} )' if self.operator == '|' else inner} ]"


def read(node: Node, describe: Describe, *, depth: int = 0) -> Path:
    """The path that starts at a node of a shapes graph.

    Parameters:
        node: the value of sh:path.
        describe: predicates and values of a node of the shapes graph.

    Errors:
        ValueError: not a well-formed path.
    """
    if isinstance(node, NamedNode):
        return Path.of(node.value)
    facts = describe(node)
    if isinstance(node, Literal) or depth > 50:
        raise ValueError(f"{node} is not a property path")
    if f"{RDF}first" in facts:
        parts = tuple(read(item, describe, depth=depth + 1) for item in members(node, describe))
        return Path("/", parts=parts)
    for iri, mark in _MARKS.items():
        if iri in facts:
            inner = facts[iri][0]
            items = members(inner, describe) if mark == "|" else [inner]
            return Path(mark, parts=tuple(read(item, describe, depth=depth + 1) for item in items))
    raise ValueError(f"{node} is not a property path")


def members(node: Node, describe: Describe) -> list[Node]:
    """The members of an RDF list, in order; a list that never ends stops where it repeats."""
    found: list[Node] = []
    seen: set[Node] = set()
    while node not in seen and f"{RDF}first" in (facts := describe(node)):
        seen.add(node)
        found.append(facts[f"{RDF}first"][0])
        node = facts.get(f"{RDF}rest", [NamedNode(f"{RDF}nil")])[0]
    return found
