"""The graphs that a query asks for with FROM and FROM NAMED (SPARQL 1.1 Query, section 13.2).

pyoxigraph answers `FROM <a> FROM <b>` with a triple of both graphs twice. Their merge is a set, so
where a query names more than one, they are copied together first.

>>> store = pyoxigraph.Store()
>>> found = answer(store, pyoxigraph.Store, "ASK FROM <urn:g> {}")
>>> found.value, found.warnings == (warning(NamedNode("urn:g")),)
(True, True)
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pyoxigraph
from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryBoolean, QuerySolutions

from gsefgraph.engine import union
from gsefgraph.engine.base import Boolean, Result, Solutions, Triples
from gsefgraph.sparql.form import sources
from gsefgraph.sparql.terminals import significant
from gsefgraph.wording import say


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
    return tuple(warning(graph) for graph in dict.fromkeys(graphs) if not union.holds(store, graph))


def warning(graph: NamedNode) -> str:
    """What is said of a graph that is not stored."""
    return say("engine.graph-absent", graph=graph.value)


def answer(store: pyoxigraph.Store, scratch: Callable[[], pyoxigraph.Store], text: str) -> Result:
    """Run a query on the graphs that it asks for, and collect its answer in the calling thread.

    Parameters:
        store: what is asked; its default graph is the union.
        scratch: makes an empty store in memory, for the merge of several graphs.
        text: SPARQL 1.1 Query.

    Errors:
        as pyoxigraph raises them: SyntaxError, OSError, ValueError.
    """
    plain, named = asked(text)
    warnings = _absent(store, plain + named)
    if len(plain) > 1:
        store = _merged(store, scratch(), plain, named)
        found = store.query(text, default_graph=DefaultGraph(), named_graphs=list(named))
    else:
        found = store.query(text)
    if isinstance(found, QuerySolutions):
        names = tuple(variable.value for variable in found.variables)
        return Solutions(names, tuple(tuple(row) for row in found), warnings)
    if isinstance(found, QueryBoolean):
        return Boolean(bool(found), warnings)
    return Triples(tuple(dict.fromkeys(found)), warnings)


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
