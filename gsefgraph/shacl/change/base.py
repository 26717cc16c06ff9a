"""What is known of a large graph so far: every node is looked up once, many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode, Quad, Triple

from gsefgraph.engine.base import Engine, Pattern
from gsefgraph.shacl.judge.memory import BROADER, Memory
from gsefgraph.terms import Term

Pairs: TypeAlias = Mapping[str, Sequence[Term]]
Fact: TypeAlias = tuple[Term, str, Term]
"""Subject, full IRI of the predicate, value."""

_BROADER = NamedNode(BROADER)


class TooFar(Exception):
    """More would have to be looked up than was allowed."""


class Base:
    """The graph of an engine as far as it was looked up, together with what is always known.

    Parameters:
        engine: any.
        known: triples that count as stated and need no look-up, those of the ontology.
        graph: only this named graph.
        without: IRIs of graphs that do not count.
        limit: how many quads may be looked up before `TooFar` is raised.
        order: predicates from the most telling, for the queries of sh:sparql (`plan.order`).

    Attributes:
        lookups: how often the engine was asked.
        left: quads that may still be looked up.
    """

    def __init__(
        self,
        engine: Engine,
        known: Memory,
        *,
        graph: NamedNode | None = None,
        without: Iterable[str] = (),
        limit: int = 1_000_000,
        order: tuple[str, ...] = (),
    ) -> None:
        self.order = order
        self._engine = engine
        self._known = known
        self._graph = graph
        self._without = tuple(without)
        self.lookups = 0
        self.left = limit
        self._out: dict[Term, dict[str, list[Term]]] = {}
        self._in: dict[str, dict[Term, list[Term]]] = {}
        self._above: dict[Term, list[Term]] = {}
        self._stated: dict[tuple[str, Term], bool] = {}
        self._wait_out: dict[Term, None] = {}
        self._wait_in: dict[tuple[Term, str], None] = {}
        self._wait_stated: dict[tuple[str, Term], None] = {}
        self._names: dict[NamedNode, str] = {}
        self._nodes: dict[str, NamedNode] = {}

    def need_out(self, nodes: Iterable[Term]) -> None:
        """Announce that what is stated on some nodes will be read."""
        known, wait = self._out, self._wait_out
        for node in nodes:
            if node not in known and type(node) is not Literal:
                wait[node] = None

    def need_in(self, nodes: Iterable[Term], predicate: str) -> None:
        """Announce that the subjects with some nodes as value of a predicate will be read."""
        known = self._in.setdefault(predicate, {})
        for node in nodes:
            if node not in known:
                self._wait_in[node, predicate] = None

    def need_stated(self, nodes: Iterable[Term], predicate: str) -> None:
        """Announce the question whether some nodes are values of a predicate at all."""
        for node in nodes:
            if (predicate, node) not in self._stated:
                self._wait_stated[predicate, node] = None

    def out(self, subject: Term) -> Pairs:
        """All that is stated on a node, values by predicate."""
        found = self._out.get(subject)
        if found is None:
            if type(subject) is Literal:
                return {}
            self._wait_out[subject] = None
            self._fetch()
            found = self._out[subject]
        return found

    def subjects(self, value: Term, predicate: str) -> Sequence[Term]:
        """Nodes that have a value for a predicate."""
        by_value = self._in.setdefault(predicate, {})
        found = by_value.get(value)
        if found is None:
            self._wait_in[value, predicate] = None
            self._fetch()
            found = by_value[value]
        return found

    def stated(self, value: Term, predicate: str) -> bool:
        """Whether any node has a value for a predicate."""
        found = self._stated.get((predicate, value))
        if found is None:
            self._wait_stated[predicate, value] = None
            self._ask_stated()
            found = self._stated[predicate, value]
        return found

    def present(self, facts: Iterable[Fact]) -> set[Fact]:
        """Those of some triples that are stated; nothing else of their nodes is looked up."""
        wanted = {(s, self._node(p), o): (s, p, o) for s, p, o in facts}
        self.lookups += 1
        stated = self._engine.stated(
            wanted,  # type: ignore[arg-type]
            graph=self._graph,
            without=self._without,
        )
        return {fact for pattern, fact in wanted.items() if pattern in stated or self.always(fact)}

    def always(self, fact: Fact) -> bool:
        """Whether a triple counts as stated whatever the graph states."""
        return fact[2] in self._known.objects(fact[0], fact[1])

    def above(self, cls: Term) -> Sequence[Term]:
        """The classes that one is stated to be a subclass of."""
        if cls not in self._above:
            self.need_above([cls])
        return self._above[cls]

    def need_above(self, classes: Iterable[Term]) -> None:
        """Look up what some classes are subclasses of, one question for each step up."""
        waiting = dict.fromkeys(cls for cls in classes if cls not in self._above)
        while waiting:
            # Steps that the ontology already knows need no question of their own.
            trail = list(waiting)
            while trail:
                for cls in self._known.objects(trail.pop(), BROADER):
                    if cls not in waiting and cls not in self._above:
                        waiting[cls] = None
                        trail.append(cls)
            found: dict[Term, dict[Term, None]] = {
                cls: dict.fromkeys(self._known.objects(cls, BROADER)) for cls in waiting
            }
            patterns: list[Pattern] = [
                (cls, _BROADER, None) for cls in waiting if not isinstance(cls, Literal)
            ]
            for subject, _, value in self._lookup(patterns):
                found[subject][value] = None
            self._above.update((cls, list(above)) for cls, above in found.items())
            waiting = dict.fromkeys(
                cls for above in found.values() for cls in above if cls not in self._above
            )

    def dump(self) -> Iterator[Quad]:
        """All quads that count, known ones aside: the whole graph."""
        if self._graph is not None:
            yield from self._engine.dump(self._graph)
            return
        for name in self._engine.graphs():
            if name.value not in self._without:
                yield from self._engine.dump(name)

    def forget_waiting(self) -> None:
        """Look up nothing of what was announced and not read."""
        self._wait_out, self._wait_in, self._wait_stated = {}, {}, {}

    def _fetch(self) -> None:
        """Look up all that was announced; one question for each kind of it."""
        nodes, self._wait_out = list(self._wait_out), {}
        wanted, self._wait_in = list(self._wait_in), {}
        out: dict[Term, dict[str, list[Term]]] = {}
        for node in nodes:
            known = self._known.out(node)
            out[node] = {predicate: list(values) for predicate, values in known.items()}
        into: dict[tuple[Term, str], dict[Term, None]] = {
            (value, predicate): dict.fromkeys(self._known.subjects(value, predicate))
            for value, predicate in wanted
        }
        patterns: list[Pattern] = [(node, None, None) for node in nodes]  # type: ignore[misc]
        name = self._name
        if patterns:
            for subject, predicate, value in self._lookup(patterns):
                pairs = out[subject]
                key = name(predicate)
                values = pairs.get(key)
                if values is None:
                    pairs[key] = [value]
                elif value not in values:
                    values.append(value)
        patterns = [(None, self._node(predicate), value) for value, predicate in wanted]
        if patterns:
            for subject, predicate, value in self._lookup(patterns):
                into[value, name(predicate)][subject] = None
        self._out.update(out)
        for (value, iri), subjects in into.items():
            self._in.setdefault(iri, {})[value] = list(subjects)

    def _ask_stated(self) -> None:
        wanted, self._wait_stated = list(self._wait_stated), {}
        patterns: list[Pattern] = []
        for predicate, value in wanted:
            known = bool(self._known.subjects(value, predicate))
            self._stated[predicate, value] = known
            if not known:
                patterns.append((None, self._node(predicate), value))
        if patterns:
            self.lookups += 1
            found = self._engine.stated(patterns, graph=self._graph, without=self._without)
            for _, property_, bearer in found:
                if property_ is not None and bearer is not None:
                    self._stated[self._name(property_), bearer] = True

    def _lookup(self, patterns: Sequence[Pattern]) -> Iterator[tuple[Term, NamedNode, Term]]:
        """The triples that match, each as often as it is stated.

        Errors:
            TooFar, before the first of them.
        """
        if not patterns:
            return iter(())
        self.lookups += 1
        found = [
            (quad.subject, quad.predicate, quad.object)
            for quad in self._engine.lookup(
                patterns, graph=self._graph, without=self._without, limit=max(0, self.left + 1)
            )
        ]
        if len(found) > self.left:
            raise TooFar
        self.left -= len(found)
        # What RDF 1.1 does not know, triples as terms, is left out.
        return (row for row in found if type(row[2]) is not Triple)  # type: ignore[misc]

    def _name(self, node: NamedNode) -> str:
        name = self._names.get(node)
        if name is None:
            name = self._names[node] = node.value
        return name

    def _node(self, iri: str) -> NamedNode:
        node = self._nodes.get(iri)
        if node is None:
            node = self._nodes[iri] = NamedNode(iri)
        return node
