"""What writes to a database keep true: its default graph is the union of its named graphs, as a
set.

The functions take an open pyoxigraph store and change it; `embedded.py` decides which, and what
happens when one fails.

>>> store, s, p, g = pyoxigraph.Store(), *map(NamedNode, ("urn:s", "urn:p", "urn:g"))
>>> store.extend(both([Quad(s, p, s, g)]))
>>> before = copy(store, pyoxigraph.Store())
>>> update(store, before, "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }")
>>> count(store), count(before), len(store)
(2, 1, 4)
>>> work = Work(store, before, 2, Touched())
>>> write(work, lambda work: work.quads + replace(work, g, []), NamedNode(f"{MARK}3"))
0
>>> quad = Quad(s, p, p, g)
>>> change(work, [], [quad]), count(store), change(work, [quad], []), len(store)
(1, 1, -1, 0)
>>> refuse_mark(g)
>>> holds(store, g)
False
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

import pyoxigraph
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Triple,
)

from gsefgraph.engine.literals import as_kept
from gsefgraph.engine.names import Touched
from gsefgraph.errors import InputError, UsageError
from gsefgraph.sparql.terminals import significant
from gsefgraph.wording import say

# Graphs of this name are the package's own: an empty one inside a store on disk tells its
# generation.
MARK = "urn:gsefgraph:"

_COUNT = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
# MINUS joins by hash; FILTER NOT EXISTS looks up each triple and takes ten times as long on disk.
STRAY = "?s ?p ?o MINUS { GRAPH ?g { ?s ?p ?o } }"
ABSENT = "GRAPH ?g { ?s ?p ?o } MINUS { ?s ?p ?o }"
_DEFAULT = DefaultGraph()
_GRAPH = re.compile(r"The graph <(.*)> (does not exist|already exists)")


class Work(NamedTuple):
    """What a write is given: a store to change, the same as it was, how many quads it held; and
    where it notes whose names it changes."""

    store: pyoxigraph.Store
    before: pyoxigraph.Store
    quads: int
    touched: Touched


# Returns the new count, or None to have it counted.
Change: TypeAlias = Callable[[Work], int | None]


def write(work: Work, change: Change, mark: NamedNode) -> int:
    """Apply a change to the database of a new generation, mark it, and flush it.

    Returns:
        How many quads the named graphs hold.
    """
    found, store = change(work), work.store
    for name in [name for name in store.named_graphs() if name.value.startswith(MARK)]:
        store.remove_graph(name)
    store.add_graph(mark)
    store.flush()
    return count(store) if found is None else found


def count(store: pyoxigraph.Store) -> int:
    """How many quads the named graphs hold; takes half a second for a million."""
    return int(_rows(store, _COUNT)[0][0].value)


def holds(store: pyoxigraph.Store, graph: NamedNode | BlankNode) -> bool:
    """True when a named graph holds something."""
    return next(store.quads_for_pattern(None, None, None, graph), None) is not None


def update(store: pyoxigraph.Store, before: pyoxigraph.Store, text: str) -> None:
    """Run an update and let the union follow.

    Parameters:
        store: what the update is run on.
        before: the same as it was.
        text: SPARQL 1.1 Update.

    Errors:
        SyntaxError as pyoxigraph says it; UsageError when the text writes something into the
        default graph that the named graphs do not bear out, or into a graph of the package's own,
        or names a graph that is not there (SPARQL 1.1 Update, section 3.2).
        The store is then half changed, to be thrown away.
    """
    try:
        store.update(text)
    except RuntimeError as error:
        if (named := _GRAPH.fullmatch(str(error))) is None:
            raise
        key = "engine.graph-there" if named[2] == "already exists" else "engine.no-graph"
        raise UsageError(say(key, graph=named[1]), hint=say("engine.silent")) from None
    for name in store.named_graphs():
        if isinstance(name, BlankNode) or (name.value.startswith(MARK) and holds(store, name)):
            raise UsageError(say("engine.writes-into", name=name), hint=say("engine.other-graph"))
    stray, absent = (
        [_quad(Triple(*row)) for row in _rows(store, f"SELECT DISTINCT ?s ?p ?o {{ {where} }}")]
        for where in (STRAY, ABSENT)
    )
    # What is put back after all was dropped is not taken from the default graph.
    lost = () if _empties(text) else absent
    for quads, followed in ((stray, True), (lost, False)):
        for quad in quads:
            if (quad in before) != followed:
                raise UsageError(
                    say("engine.default-graph", triple=quad.triple),
                    hint=say("engine.with-graph"),
                )
    for quad in stray:
        store.remove(quad)
    store.extend(absent)


def _empties(text: str) -> bool:
    """Whether an update drops or clears all graphs."""
    words = [token.value.upper() for token in significant(text)]
    return any(
        verb in ("DROP", "CLEAR") and "ALL" in (what, after)
        for verb, what, after in zip(words, words[1:], [*words[2:], ""], strict=False)
    )


def replace(work: Work, graph: NamedNode, wanted: Iterable[Triple]) -> int:
    """Make a named graph hold exactly these triples.

    Returns:
        How many quads more (or, below zero, fewer) the named graphs hold.
    """
    new = {_quad(triple, graph) for triple in wanted}
    old = set(work.store.quads_for_pattern(None, None, None, graph))
    return change(work, old - new, new - old)


def change(work: Work, removed: Iterable[Quad], added: Iterable[Quad]) -> int:
    """Remove quads of named graphs and add others; one that is among both stays.

    In one transaction, unless a blank node is among what goes and what comes.

    Returns:
        As `replace`.
    """
    store, wanted = work.store, set(as_kept(added))
    come = {quad for quad in wanted if quad not in store}
    gone = {quad for quad in {*as_kept(removed)} - wanted if quad in store}
    work.touched.see(quad.triple for quad in chain(gone, come))
    graphs: dict[Triple, set[object]] = {}
    for quad in gone:
        graphs.setdefault(quad.triple, {_DEFAULT}).add(quad.graph_name)
    lost = [triple for triple, left in graphs.items() if not _elsewhere(store, left, triple)]
    # Removed first: a literal that the store writes otherwise is both gone and come.
    if has_blank(chain(gone, come)):
        for quad in gone:
            store.remove(quad)
        for triple in lost:
            store.remove(_quad(triple))
        store.extend(both(come))
    elif gone or come:
        store.update(text(gone, lost, come, {quad.triple for quad in come}))
    for graph in {quad.graph_name for quad in gone}:
        if isinstance(graph, NamedNode) and not holds(store, graph):
            store.remove_graph(graph)
    return len(come) - len(gone)


def text(
    gone: Iterable[Quad], lost: Iterable[Triple], come: Iterable[Quad], more: Iterable[Triple]
) -> str:
    """A change as SPARQL 1.1 Update: quads that go and come, triples that the union loses and gets.

    >>> print(text([], [], [Quad(a := NamedNode("a:b"), a, a, a)], []))
    INSERT DATA { GRAPH <a:b> { <a:b> <a:b> <a:b> . } }
    """
    steps = []
    for verb, quads, triples in (("DELETE", gone, lost), ("INSERT", come, more)):
        named = [f"GRAPH {quad.graph_name} {{ {quad.triple} . }}" for quad in quads]
        whole = [*named, *(f"{triple} ." for triple in triples)]
        if whole:
            steps.append(f"{verb} DATA {{ {' '.join(whole)} }}")
    return " ;\n".join(steps)


def has_blank(triples: Iterable[Triple | Quad]) -> bool:
    """True when a blank node stands in one of the triples: SPARQL has no name for a stored one.

    >>> has_blank([Triple(BlankNode(), NamedNode("urn:p"), NamedNode("urn:o"))])
    True
    """
    return any(
        isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode)
        for triple in triples
    )


def both(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Each quad, and its triple for the default graph.

    Errors:
        InputError for a quad that is in no named graph.
    """
    for quad in quads:
        graph = quad.graph_name
        if not isinstance(graph, NamedNode):
            raise InputError(
                say("engine.in-no-graph", triple=quad.triple), hint=say("engine.which-graph")
            )
        refuse_mark(graph)
        yield quad
        yield Quad(quad.subject, quad.predicate, quad.object, _DEFAULT)


def refuse_mark(graph: NamedNode) -> None:
    """Raise UsageError for a graph name that is the package's own."""
    if graph.value.startswith(MARK):
        raise UsageError(say("engine.reserved-graph", graph=graph.value))


def copy(store: pyoxigraph.Store, to: pyoxigraph.Store) -> pyoxigraph.Store:
    """Fill an empty store with all that another holds; returns it."""
    fill(to, store.dump(format=RdfFormat.N_QUADS) or b"")
    return to


def fill(store: pyoxigraph.Store, data: bytes) -> None:
    """Load N-Quads of ours into a store, with the labels that blank nodes have there.

    >>> fill(store := pyoxigraph.Store(), b"_:a <a:p> <a:o> <a:g> .")
    >>> [str(quad.subject) for quad in store]
    ['_:a']
    """
    if b"_:" in data:  # bulk loading gives labels by chance
        store.bulk_extend(pyoxigraph.parse(data, RdfFormat.N_QUADS, lenient=True))
    else:
        store.bulk_load(data, RdfFormat.N_QUADS, lenient=True)


def _rows(store: pyoxigraph.Store, text: str) -> list[Any]:
    found = store.query(text)
    return list(found) if isinstance(found, QuerySolutions) else []


def _quad(triple: Triple, graph: NamedNode | DefaultGraph = _DEFAULT) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, graph)


def _elsewhere(store: pyoxigraph.Store, graphs: Container[object], triple: Triple) -> bool:
    """True when a named graph, other than these, states a triple."""
    return any(quad.graph_name not in graphs for quad in store.quads_for_pattern(*triple))
