"""Triples by subject, and which of their blank nodes can be written inside another.

A `Description` is what is said of one node, by predicate: a value, or a list of values. A value may
be described in its place: a tuple is an RDF list, and a function gives the description of a blank
node when it is written. Texts, numbers and booleans of Python are the literals that they make.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from sys import intern
from typing import TypeAlias

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from gsefgraph.terms import RDF, Term, Value, simple

Node = NamedNode | BlankNode

Nested: TypeAlias = "Value | str | int | tuple[Nested, ...] | Callable[[], Description]"
Description: TypeAlias = "Mapping[str, Nested | list[Term] | list[Value] | list[Nested]]"

NIL = NamedNode(f"{RDF}nil")
_FIRST, _REST = f"{RDF}first", f"{RDF}rest"


class Subjects:
    """The triples of one graph, each once, by subject and predicate.

    Parameters:
        triples: in any order; graph names of quads are left out.
        nest: whether blank nodes may stand inside others.

    Attributes:
        nodes: subjects by what N-Triples calls them.
        facts: by the same key the values of each predicate.
        nested: keys of blank nodes that are the object of one triple.

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
        self.nested = self._nested() if nest else set()

    def _nested(self) -> set[str]:
        references: Counter[str] = Counter()
        parent: dict[str, str] = {}
        for key, predicates in self.facts.items():
            for value in chain.from_iterable(predicates.values()):
                if isinstance(value, BlankNode):
                    references[str(value)] += 1
                    parent[str(value)] = key
                elif isinstance(value, Triple):
                    # What a triple term names has a name, wherever else it stands.
                    references.update(2 * [str(term) for term in simple(value)])
        found: set[str] = set()
        for key in self.facts:
            if references[key] != 1:
                continue
            inside, above = {key}, parent[key]
            while above in parent and above not in inside and above not in found:
                inside.add(above)
                above = parent[above]
            if above not in inside:  # a ring of blank nodes cannot stand inside itself
                found.add(key)
        return found

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
        while True:
            cell = self.facts[key]
            heads, rests = cell.get(_FIRST, []), cell.get(_REST, [])
            if cell.keys() != {_FIRST, _REST} or len(heads) != 1 or len(rests) != 1:
                return None
            items.append(heads[0])
            if rests[0] == NIL:
                return items
            key = str(rests[0])
            if key not in self.nested:
                return None
