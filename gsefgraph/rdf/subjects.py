"""Triples by subject, and which of their blank nodes can be written inside another.

A `Description` is what is said of one node, by predicate: a value, or a list of values. A value may
be described in its place: a tuple is an RDF list, and a function gives the description of a blank
node when it is written. Texts, numbers and booleans of Python are the literals that they make.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from sys import intern
from typing import TypeAlias

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from gsefgraph.terms import RDF, Term, Value, simple

Node = NamedNode | BlankNode

Nested: TypeAlias = "Value | str | int | tuple[Nested, ...] | Callable[[], Description]"
Description: TypeAlias = "Mapping[str, Nested | list[Term] | list[Value] | list[Nested]]"

NIL = NamedNode(f"{RDF}nil")
DEEPEST = 50
"""How deep nodes are written inside others; what would stand deeper stands beside them."""
_FIRST, _REST = f"{RDF}first", f"{RDF}rest"


class Subjects:
    """The triples of one graph, each once, by subject and predicate.

    Parameters:
        triples: in any order; graph names of quads are left out.
        nest: whether blank nodes may stand inside others.

    Attributes:
        nodes: subjects by what N-Triples calls them.
        facts: by the same key the values of each predicate.
        nested: keys of blank nodes that are the object of one triple, but for those that would
            stand deeper than `DEEPEST` inside others.
        lists: keys of the cells of well-formed lists.

    >>> a, p, b = NamedNode("a:a"), NamedNode("a:p"), BlankNode("b")
    >>> Subjects([Triple(a, p, b), Triple(b, p, a)]).nested
    {'_:b'}
    """

    def __init__(self, triples: Iterable[Triple | Quad] = (), *, nest: bool = True) -> None:
        self.nodes: dict[str, Node] = {}
        self.facts: dict[str, dict[str, list[Value]]] = {}
        for triple in triples:
            subject, value = triple.subject, triple.object
            key = str(subject)
            self.nodes[key] = subject  # type: ignore[assignment]  # the stubs know RDF-star
            predicate = intern(triple.predicate.value)
            self.facts.setdefault(key, {}).setdefault(predicate, []).append(value)
        for predicates in self.facts.values():
            for predicate, values in predicates.items():
                if len(values) > 1:
                    predicates[predicate] = list(dict.fromkeys(values))
        self.lists: set[str] = set()
        self.nested: set[str] = set()
        if nest:
            self._nest()

    def _nest(self) -> None:
        """Find what stands inside other things, from those that stand inside none downwards."""
        references: Counter[str] = Counter()
        inner: dict[str, list[tuple[str, bool]]] = defaultdict(list)
        for key, predicates in self.facts.items():
            for predicate, values in predicates.items():
                for value in values:
                    if isinstance(value, BlankNode):
                        references[str(value)] += 1
                        inner[key].append((str(value), predicate == _REST))
                    elif isinstance(value, Triple):
                        # What a triple term names has a name, wherever else it stands.
                        references.update(2 * [str(term) for term in simple(value)])
        inside = {key for key in self.facts if references[key] == 1}
        self.lists = self._cells(inside)
        waiting = [(key, 0) for key in self.facts if key not in inside]
        while waiting:  # a ring of blank nodes is never reached, and stands inside nothing
            key, depth = waiting.pop()
            for child, rest in inner.get(key, ()):
                if child in inside:
                    deep = depth + (not (rest and child in self.lists and key in self.lists))
                    if deep <= DEEPEST:
                        self.nested.add(child)
                    waiting.append((child, deep if deep <= DEEPEST else 0))

    def _cells(self, inside: set[str]) -> set[str]:
        """The cells of the lists that can be written as such: to their end each leads to one."""
        before: dict[str, str] = {}
        cells: set[str] = set()
        waiting: list[str] = []
        for key, cell in self.facts.items():
            rests = cell.get(_REST, [])
            if cell.keys() == {_FIRST, _REST} and len(cell[_FIRST]) == len(rests) == 1:
                if rests[0] == NIL:
                    waiting.append(key)
                else:
                    before[str(rests[0])] = key
        while waiting:
            key = waiting.pop()
            cells.add(key)
            if key in before and key in inside:
                waiting.append(before[key])
        return cells

    def inside(self, node: BlankNode) -> BlankNode | tuple[Nested, ...] | Callable[[], Description]:
        """What stands in the place of a node: a list or a description where it is nested."""
        key = str(node)
        if key not in self.nested:
            return node
        items = self.members(key)
        return (lambda: self.facts[key]) if items is None else tuple(items)

    def members(self, key: str) -> list[Value] | None:
        """The members of the list that starts at a nested node; None where it starts none."""
        items: list[Value] = []
        while key in self.lists:
            cell = self.facts[key]
            items.append(cell[_FIRST][0])
            key = str(cell[_REST][0])
        return items or None
