"""SHACL property paths (SHACL, section 2.3.1): read from a shapes graph, written in Turtle."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from gsefgraph.sparql.path import Path
from gsefgraph.terms import BLANK_SHAPE, RDF, SH, Term
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.rdf.subjects import Nested

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


def read(node: Term, describe: Describe) -> Path:
    """The path that starts at a node of a shapes graph.

    Parameters:
        node: the value of sh:path.
        describe: predicates and values of a node of the shapes graph.

    Errors:
        ValueError: not a well-formed path, and why.
    """
    return _Reader(describe).path(node, ())


def described(path: Path) -> Nested:
    """A path as a shapes graph writes it.

    >>> described(Path("/", parts=(Path.of("a:p"), Path.of("a:q"))))
    (<NamedNode value=a:p>, <NamedNode value=a:q>)
    """
    if not path.operator:
        return NamedNode(path.predicate)
    parts = tuple(map(described, path.parts))
    if path.operator == "/":
        return parts
    return lambda: {f"{SH}{_LOCAL[path.operator]}": parts if path.operator == "|" else parts[0]}


class _Reader:
    """One path, no larger than what can be meant."""

    def __init__(self, describe: Describe) -> None:
        self.describe = describe
        self.left = _MOST

    def path(self, node: Term, around: tuple[Term, ...]) -> Path:
        self.left -= 1
        if self.left < 0 or len(around) > _DEEPEST:
            raise ValueError(say("path.deep", depth=_DEEPEST, most=_MOST))
        if isinstance(node, Literal):
            raise ValueError(say("path.literal", node=node))
        if node in around:
            raise ValueError(say("path.circle"))
        around = (*around, node)
        facts = self.describe(node)
        if node == _NIL or f"{RDF}first" in facts:
            return Path("/", parts=self._parts(node, "path.sequence", around))
        if isinstance(node, NamedNode):
            return Path.of(node.value)
        for iri, mark in _MARKS.items():
            values = facts.get(iri, ())
            if not values:
                continue
            if len(values) > 1:
                raise ValueError(say("path.several", count=len(values), name=_LOCAL[mark]))
            if mark == "|":
                return Path(mark, parts=self._parts(values[0], "path.alternative", around))
            return Path(mark, parts=(self.path(values[0], around),))
        raise ValueError(say("path.no-operator"))

    def _parts(self, head: Term, what: str, around: tuple[Term, ...]) -> tuple[Path, ...]:
        items = listed(head, self.describe)
        if len(items) < 2:
            number = say("path.one" if items else "path.none")
            raise ValueError(say("path.too-few", what=say(what), number=number))
        return tuple(self.path(item, around) for item in items)


def listed(node: Term, describe: Describe) -> list[Term]:
    """The members of an RDF list that must be one (SHACL, section 1.1: "SHACL list").

    Errors:
        ValueError: not a list, one that loops, or one that does not end in rdf:nil, and why.

    >>> listed(NamedNode(f"{RDF}nil"), lambda node: {})
    []
    >>> listed(Literal("a"), lambda node: {})
    Traceback (most recent call last):
    ValueError: "a" is not a list
    """
    found: list[Term] = []
    seen: set[Term] = set()
    start = node
    while node != _NIL:
        facts = describe(node)
        first, rest = facts.get(f"{RDF}first", ()), facts.get(f"{RDF}rest", ())
        if node in seen:
            raise ValueError(say("path.loop"))
        seen.add(node)
        if not first and not rest:
            blank = isinstance(node, BlankNode) or node.value.startswith(BLANK_SHAPE)
            what = say("shape.blank") if blank else str(node)
            raise ValueError(
                say("path.not-list", what=what)
                if node == start
                else say("path.list-end", what=what)
            )
        if len(first) != 1 or len(rest) != 1:
            raise ValueError(say("path.cell", first=len(first), rest=len(rest)))
        found.append(first[0])
        node = rest[0]
    if describe(_NIL).keys() & {f"{RDF}first", f"{RDF}rest"}:
        raise ValueError(say("path.nil"))
    return found


def members(node: Term, describe: Describe) -> list[Term]:
    """The members of an RDF list, in order; a list that never ends stops where it repeats."""
    found: list[Term] = []
    seen: set[Term] = set()
    while node not in seen and f"{RDF}first" in (facts := describe(node)):
        seen.add(node)
        found.append(facts[f"{RDF}first"][0])
        node = facts.get(f"{RDF}rest", [_NIL])[0]
    return found
