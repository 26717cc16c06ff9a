"""The graphs of the store, each at an address (SPARQL 1.1 Graph Store HTTP Protocol)."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from gsefgraph.errors import GsefgraphError
from gsefgraph.terms import is_iri
from gsefgraph.web.protocol.description import written
from gsefgraph.web.protocol.refused import Refused, told
from gsefgraph.web.shown import Answered, Asked
from gsefgraph.wording import number, say

_LARGEST: Final = 500_000  # triples of a graph that is sent whole


def graph(asked: Asked) -> Answered:
    """One graph: that of ``?graph=``, with ``?default`` the union of all, or the one that bears the
    address that was asked for (section 4).
    """
    try:
        return _graph(asked)
    except Refused as refused:
        return told(asked, refused)
    except GsefgraphError as problem:
        return told(asked, Refused.of(problem))


graph.negotiates = graph.addressed = True  # type: ignore[attr-defined]


def _graph(asked: Asked) -> Answered:
    engine, given = asked.graph.engine, dict(asked.given)
    name = given.get("graph")
    if (name is not None) + ("default" in given) + ("path" in asked.named) != 1:
        raise Refused(400, say("protocol.which-graph"))
    if "default" in given:
        count, quads = engine.count(), asked.graph.quads()
    else:
        iri = f"{asked.address}{asked.path}" if name is None else name
        if not is_iri(iri):
            raise Refused(400, say("sparql.no-graph", value=iri[:200]))
        node = NamedNode(iri)
        count = asked.count(f"SELECT (COUNT(*) AS ?n) {{ GRAPH {node} {{ ?s ?p ?o }} }}")
        if not count:
            raise Refused(404, say("engine.graph-absent", graph=iri))
        quads = engine.dump(node)
    if count > _LARGEST:
        told_count = number(count, asked.lang)
        raise Refused(413, say("data.too-large", count=told_count, format="N-Quads"))
    return written(asked, quads)
