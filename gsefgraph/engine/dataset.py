"""The graphs that a query asks for with FROM and FROM NAMED (SPARQL 1.1 Query, section 13.2).

pyoxigraph answers `FROM <a> FROM <b>` with a triple of both graphs twice. Their merge is a set, so
where a query names more than one, they are copied together first.

>>> store = pyoxigraph.Store()
>>> found, told = answer(store, pyoxigraph.Store, "ASK FROM <urn:g> {}", collected)
>>> found.value, told == (warning(NamedNode("urn:g")),)
(True, True)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any, TypeAlias, TypeVar

import pyoxigraph
from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
)

from gsefgraph.engine import union
from gsefgraph.engine.base import Boolean, Result, Solutions, Triples
from gsefgraph.errors import closest
from gsefgraph.sparql.form import sources
from gsefgraph.sparql.prologue import prologue
from gsefgraph.sparql.terminals import significant
from gsefgraph.sparql.zerolength import Rewritten, rewritten
from gsefgraph.wording import say

T = TypeVar("T")
Found: TypeAlias = QuerySolutions | QueryBoolean | QueryTriples
"""An answer as pyoxigraph gives it: read once, in the thread that asked."""


def asked(text: str) -> tuple[tuple[NamedNode, ...], tuple[NamedNode, ...]]:
    """The graphs of FROM, and those of FROM NAMED, each once in the order written.

    >>> asked("SELECT * FROM <urn:a> FROM NAMED <urn:b> FROM <urn:c> { ?s ?p ?o }")
    ((<NamedNode value=urn:a>, <NamedNode value=urn:c>), (<NamedNode value=urn:b>,))
    """
    every = sources(text)
    if not every:
        return (), ()
    reading = significant(text)
    plain, named = list(text), list(text)
    for token, after in pairwise(reading):
        word = token.value.upper() if token.kind == "word" else ""
        if word in ("NAMED", "FROMNAMED"):
            plain[token.start : after.end] = " " * (after.end - token.start)
        elif word == "FROM":
            named[token.start : token.end] = " " * (token.end - token.start)
    return (
        tuple(map(NamedNode, sources("".join(plain)))),
        tuple(map(NamedNode, sources("".join(named)))),
    )


def _absent(store: pyoxigraph.Store, graphs: tuple[NamedNode, ...]) -> tuple[str, ...]:
    """A warning for each graph that holds nothing."""
    absent = [graph for graph in dict.fromkeys(graphs) if not union.holds(store, graph)]
    known = [str(name)[1:-1] for name in store.named_graphs()] if absent else []
    return tuple(warning(graph, known) for graph in absent)


def warning(graph: NamedNode, known: Iterable[str] = ()) -> str:
    """What is said of a graph that is not stored, with the nearest of those that are.

    >>> warning(NamedNode("http://e/curaton"), ["http://e/curation", "http://e/x"])[-35:]
    '; did you mean <http://e/curation>?'
    """
    problem = say("engine.graph-absent", graph=graph.value)
    space = graph.value[: max(map(graph.value.rfind, "/#:")) + 1]
    local = {iri.removeprefix(space) for iri in known if iri.startswith(space)}
    near = [f"<{space}{name}>" for name in closest(graph.value.removeprefix(space), local)]
    if not near:
        return problem
    return say("error.hinted", problem=problem, hint=say("names.did-you-mean", near=near))


def left_out(changed: Rewritten) -> tuple[str, ...]:
    """What is said of the paths of length zero that a query does not have.

    >>> left_out(Rewritten("ASK { _:b <a:p>* <a:o> }", left=("<a:o>",)))[0][:31]
    'the graph does not know <a:o>, '
    """
    return (
        *(say("engine.zero-left", term=term) for term in changed.left),
        *(say("engine.zero-bound", name=f"?{name}", term=term) for name, term in changed.bound),
    )


def answer(
    store: pyoxigraph.Store,
    scratch: Callable[[], pyoxigraph.Store],
    text: str,
    make: Callable[[Found], T],
) -> tuple[T, tuple[str, ...]]:
    """Run a query on the graphs that it asks for, in the calling thread.

    Parameters:
        store: what is asked; its default graph is the union.
        scratch: makes an empty store in memory, for the merge of several graphs.
        text: SPARQL 1.1 Query.
        make: reads the answer.

    Returns:
        What `make` gives, and what is to be said of the query.

    Errors:
        as pyoxigraph raises them: SyntaxError, OSError, ValueError; what `make` raises.
    """
    plain, named = asked(text)
    warnings = _absent(store, plain + named)
    merged = len(plain) > 1
    if merged:
        store = _merged(store, scratch(), plain, named)
    chosen = bool(plain or named)
    default = plain if chosen and not merged else (DefaultGraph(),)
    nodes = _Nodes(store, text, default, named if chosen else None)
    changed = rewritten(text, nodes.absent)
    told = left_out(changed)

    def ask(text: str) -> Any:
        if merged:
            return store.query(text, default_graph=DefaultGraph(), named_graphs=list(named))
        return store.query(text)

    try:
        found = ask(changed.text)
    except SyntaxError:
        # A label of a blank node may not stand on both sides of what a path was written as.
        found = ask(text)
        told = left_out(Rewritten(text, tuple(sorted(nodes.lacking))))
    return make(found), warnings + told


def collected(found: Found) -> Result:
    """All of an answer, as terms.

    >>> collected(pyoxigraph.Store().query("SELECT ?s { ?s ?p ?o }"))
    Solutions(variables=('s',), rows=(), warnings=())
    """
    if isinstance(found, QuerySolutions):
        names = tuple(variable.value for variable in found.variables)
        return Solutions(names, tuple(tuple(row) for row in found))
    if isinstance(found, QueryBoolean):
        return Boolean(bool(found))
    return Triples(tuple(dict.fromkeys(found)))


class _Nodes:
    """Which nodes the graphs of a query have.

    Parameters:
        store: what is asked.
        text: the query.
        default: the graphs that its default graph is made of.
        named: its named graphs; None for all that the store has.
    """

    def __init__(
        self,
        store: pyoxigraph.Store,
        text: str,
        default: Sequence[NamedNode | DefaultGraph],
        named: Sequence[NamedNode] | None,
    ) -> None:
        self._store = store
        self._prologue = prologue(text)
        self._default = default
        self._named = named
        self.lacking: set[str] = set()

    def absent(self, term: str, graph: str | None) -> list[str]:
        """Those of some graphs that do not have a term, as `zerolength.Absent`."""
        try:
            node = self._term(term)
            if graph is not None and graph[0] in "?$":
                given = self._store.named_graphs() if self._named is None else self._named
                held = (name for name in given if union.holds(self._store, name))
                found = [str(name) for name in held if not self._has(node, name)]
            else:
                names = self._default if graph is None else self._existing(self._term(graph))
                there = any(self._has(node, name) for name in names)
                found = [] if there or (graph is not None and not names) else [""]
        except SyntaxError:
            return []  # the query says what is wrong with it
        if found:
            self.lacking.add(term)
        return found

    def _existing(self, name: NamedNode) -> tuple[NamedNode, ...]:
        """A graph, where there is one of that name: nothing is in others, no path either."""
        chosen = self._named is None or name in self._named
        return (name,) if chosen and union.holds(self._store, name) else ()

    def _term(self, written: str) -> Any:
        found: Any = self._store.query(f"{self._prologue} SELECT ({written} AS ?term) {{}}")
        return next(found)[0]

    def _has(self, node: Any, graph: Any) -> bool:
        ends: list[tuple[Any, None, Any]] = [(None, None, node)]
        if isinstance(node, NamedNode):
            ends.append((node, None, None))
        search = self._store.quads_for_pattern
        return any(next(search(*end, graph), None) is not None for end in ends)


def _merged(
    store: pyoxigraph.Store,
    scratch: pyoxigraph.Store,
    plain: tuple[NamedNode, ...],
    named: tuple[NamedNode, ...],
) -> pyoxigraph.Store:
    """An empty store filled with the merge of some graphs, and with named graphs as they are."""
    for graph in plain:
        scratch.bulk_extend(
            Quad(quad.subject, quad.predicate, quad.object)
            for quad in store.quads_for_pattern(None, None, None, graph)
        )
    for graph in named:
        scratch.bulk_extend(store.quads_for_pattern(None, None, None, graph))
    return scratch
