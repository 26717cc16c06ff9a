"""What goes with a thing that is removed, and what would be left pointing to nothing.

>>> from gsefgraph.graph.graph import Graph
>>> graph = Graph.open()
>>> removal = Removal(graph.engine, graph.names)
>>> removal.thing(graph.resolver.resolve("Laurence Kwark"))
>>> len(removal.quads), len(removal.referring())
(4, 6)
>>> [node.value.rpartition("/")[2] for node in removal.lost()], removal.untyped()
(['laurence-kwark'], [])
>>> removal.also()
>>> removal.referring(), len(removal.quads) > 12
([], True)
>>> other = Removal(graph.engine, graph.names)
>>> other.document(graph.resolver.resolve("id-doc:gsef-advocacy-fr"))
>>> len(other.quads) > 1000
True
>>> other.take(graph.engine.dump(NamedNode(graph.names.graph("curation"))))
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Quad

from gsefgraph.engine.base import Engine, Pattern
from gsefgraph.records.placement import STATEMENTS, document_graph
from gsefgraph.terms import GSEF, PROV, RDF, SKOS, Names

if TYPE_CHECKING:
    from gsefgraph.records.rdf import RecordFile

_TYPE: Final = NamedNode(f"{RDF}type")
_EVIDENCE: Final = NamedNode(f"{GSEF}evidence")
_PRIMARY: Final = NamedNode(f"{PROV}hadPrimarySource")
_DIGEST: Final = NamedNode(f"{GSEF}textDigest")
_OTHERS: Final = frozenset(map(NamedNode, (f"{SKOS}altLabel", f"{GSEF}acronym")))
_JOINS: Final = tuple(NamedNode(f"{GSEF}{name}") for name in ("event", "subject"))
"""Properties by which statement nodes are part of what a record says of a thing."""


class Removal:
    """Quads that are to go.

    Parameters:
        engine: the graph, as it is.
        names: prefixes.
    """

    def __init__(self, engine: Engine, names: Names) -> None:
        self._engine, self._names = engine, names
        self.quads: dict[Quad, None] = {}

    def take(self, quads: Iterable[Quad]) -> None:
        """Let quads go, and the passages on which nothing else rests."""
        new = dict.fromkeys(quads)
        self.quads |= new
        rests = dict.fromkeys(quad.object for quad in new if quad.predicate == _EVIDENCE)
        for passage in rests:
            if isinstance(passage, NamedNode) and all(
                quad in self.quads for quad in self._lookup([(None, _EVIDENCE, passage)])
            ):
                self.quads |= dict.fromkeys(self._lookup([(passage, None, None)]))

    def thing(self, node: NamedNode) -> None:
        """Let all go that is stated of a thing."""
        self.take(self._lookup([(node, None, None)]))

    def document(self, node: NamedNode) -> None:
        """Let all go that a document states, where it has a graph of its own."""
        if not node.value.startswith(self._names.prefixes["id-doc"]):
            return
        graph = document_graph(node, self._names)
        self.take([*self._engine.dump(graph), *self._lookup([(graph, _PRIMARY, node)])])

    def also(self) -> None:
        """Let go what refers to what goes: statement nodes as a whole, of others what refers."""
        while referring := self.referring():
            nodes = {quad.subject for quad in referring if isinstance(quad.subject, NamedNode)}
            whole = {
                quad.subject
                for quad in self._lookup([(node, _TYPE, None) for node in nodes])
                if quad.object in STATEMENTS
            }
            self.take(referring)
            for node in sorted(whole, key=str):
                if isinstance(node, NamedNode):
                    self.thing(node)

    def referring(self) -> list[Quad]:
        """What stays and refers to a node of which nothing is left; sorted."""
        patterns: list[Pattern] = [(None, None, node) for node in self.lost()]
        return [quad for quad in self._lookup(patterns) if quad not in self.quads]

    def lost(self) -> list[NamedNode]:
        """The nodes of which nothing is left; sorted."""
        nodes = {quad.subject for quad in self.quads if isinstance(quad.subject, NamedNode)}
        return sorted(nodes - {quad.subject for quad in self._left(self.quads)}, key=str)

    def untyped(self, coming: Iterable[Quad] = ()) -> list[Quad]:
        """What is left of nodes that lose their class, and said of those that have none; sorted.

        Parameters:
            coming: what is said anew.
        """
        new = [quad for quad in coming if not self._is_graph(quad)]
        left = [*self._left([*self.quads, *new]), *new]
        typed = {quad.subject for quad in left if quad.predicate == _TYPE}
        bare = {quad.subject for quad in self.quads if quad.predicate == _TYPE}
        bare = (bare | {quad.subject for quad in new}) - typed
        return sorted({quad for quad in left if quad.subject in bare}, key=str)

    def _is_graph(self, quad: Quad) -> bool:
        """Whether something is said of a graph, which has no class."""
        return str(quad.subject).startswith(f"<{self._names.prefixes['graph']}")

    def _left(self, quads: Iterable[Quad]) -> list[Quad]:
        """What stays of the subjects of some quads."""
        nodes = dict.fromkeys(q.subject for q in quads if isinstance(q.subject, NamedNode))
        found = self._lookup([(node, None, None) for node in nodes])
        return [quad for quad in found if quad not in self.quads]

    def _lookup(self, patterns: Sequence[Pattern]) -> list[Quad]:
        return stated(self._engine, self._names, patterns)


def stated(engine: Engine, names: Names, patterns: Sequence[Pattern]) -> list[Quad]:
    """What the files of data/ state, by pattern: each quad once, sorted.

    >>> from gsefgraph.graph.graph import Graph
    >>> graph = Graph.open()
    >>> city = graph.resolver.resolve("Seoul")
    >>> found = stated(graph.engine, graph.names, [(city, None, None)])
    >>> {quad.graph_name.value[-8:] for quad in found}
    {'entities'}
    """
    found = engine.lookup(patterns, without=names.not_data) if patterns else ()
    return sorted({*found}, key=str)


def replaced(engine: Engine, names: Names, records: Iterable[RecordFile]) -> list[Quad]:
    """What records take the place of: what their documents state of the things that they describe.

    With a thing go the participations and goal links of which it is the event or the subject, and
    the posts that rest on nothing but passages that go as well. Of what is known of it apart from
    documents go the properties that are given anew; of names those in the same language, and no
    other name that it has.

    Parameters:
        engine: the graph.
        records: each quad in its named graph.

    >>> from gsefgraph.graph.graph import Graph
    >>> replaced(Graph.open().engine, Names(), [])
    []
    """
    removal = Removal(engine, names)
    quads = [quad for record in records for quad in record.quads]
    described: dict[tuple[object, object], None] = {}
    for quad in quads:
        described[quad.subject, quad.graph_name] = None
        if quad.predicate in _JOINS:
            described[quad.object, quad.graph_name] = None
    entities = NamedNode(names.graph("entities"))
    for node, held in described:
        said = {q.predicate for q in quads if (q.subject, q.graph_name) == (node, held)}
        if said == {_DIGEST}:
            continue  # a source that is only named
        if not isinstance(node, NamedNode) or not isinstance(held, NamedNode):
            continue
        if held == entities:
            new = {_property(quad) for quad in quads if quad.subject == node}
            found = engine.lookup([(node, None, None)], graph=held)
            removal.take(q for q in found if q.predicate not in _OTHERS and _property(q) in new)
        else:
            _take_stated(removal, engine, node, held)
    return [*removal.quads]


def _take_stated(removal: Removal, engine: Engine, node: NamedNode, held: NamedNode) -> None:
    """Let go what a graph states of a thing, with what is a part of that."""
    joins: list[Pattern] = [(None, name, node) for name in _JOINS]
    joined = {quad.subject for quad in engine.lookup(joins, graph=held)}
    parts: list[Pattern] = [(n, None, None) for n in joined if isinstance(n, NamedNode)]
    removal.take(engine.lookup([(node, None, None), *parts], graph=held))
    passages = {quad.object for quad in removal.quads if quad.predicate == _EVIDENCE}
    rests: list[Pattern] = [(None, _EVIDENCE, p) for p in passages if isinstance(p, NamedNode)]
    for other in {q.subject for q in engine.lookup(rests, graph=held)} if rests else ():
        if not isinstance(other, NamedNode):
            continue
        said = [*engine.lookup([(other, None, None)], graph=held)]
        own = {quad.object for quad in said if quad.predicate == _EVIDENCE}
        classes = {quad.object for quad in said if quad.predicate == _TYPE}
        if own <= passages and not classes.isdisjoint(STATEMENTS):
            removal.take(said)


def _property(quad: Quad) -> tuple[NamedNode, str]:
    """What a value stands for: a property, and the language of a text."""
    tag = quad.object.language if isinstance(quad.object, Literal) else None
    return quad.predicate, tag or ""
