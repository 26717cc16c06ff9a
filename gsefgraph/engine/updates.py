"""Texts of SPARQL 1.1 Update that write named graphs at an endpoint and let the union follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyoxigraph import NamedNode, Quad, Triple

from gsefgraph.engine import union
from gsefgraph.sparql.terminals import significant

_FOLLOW = f"""
DELETE {{ ?s ?p ?o }} WHERE {{ {union.STRAY} }} ;
INSERT {{ ?s ?p ?o }} WHERE {{ {union.ABSENT} }}
"""
_REPLACE = """
DELETE {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }}
  FILTER NOT EXISTS {{ GRAPH ?other {{ ?s ?p ?o }} FILTER(?other != {graph}) }} }} ;
"""
_FOLLOW_ONE = " ;\nINSERT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}"


def insert(quads: Iterable[Quad]) -> str:
    """An INSERT DATA of quads, graph by graph."""
    graphs: dict[str, list[str]] = {}
    for quad in quads:
        graphs.setdefault(str(quad.graph_name), []).append(f"{quad.triple} .")
    blocks = " ".join(f"GRAPH {name} {{ {' '.join(lines)} }}" for name, lines in graphs.items())
    return f"INSERT DATA {{ {blocks} }}"


def replacing(graph: NamedNode, triples: Sequence[Triple], *, follow: bool) -> str:
    """An update that makes a graph hold exactly some triples; with `follow` the union as well."""
    text = _REPLACE.format(graph=graph) if follow else ""
    text += f"DROP SILENT GRAPH {graph}"
    if triples:
        text += " ;\n" + insert(Quad(t.subject, t.predicate, t.object, graph) for t in triples)
        text += _FOLLOW_ONE.format(graph=graph) if follow else ""
    return text


def followed(text: str) -> str:
    """An update and, after it, what makes the union follow."""
    # A `;` that ends it would stand before the next one.
    reading = significant(text)
    ended = bool(reading) and reading[-1].text == ";"
    return f"{text[: reading[-1].start] if ended else text}\n;{_FOLLOW}"
