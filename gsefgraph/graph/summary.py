"""What a graph holds, in a few numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from gsefgraph.answers import tables
from gsefgraph.answers.tables import Cell
from gsefgraph.engine.base import rows
from gsefgraph.graph.build import Origin
from gsefgraph.terms import GSEF
from gsefgraph.wording import say, spoken

if TYPE_CHECKING:
    from gsefgraph.graph.graph import Graph

_GRAPHS = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
_CLASSES = f"""
SELECT ?class (COUNT(DISTINCT ?thing) AS ?n) WHERE {{
  ?thing a ?class
  FILTER(STRSTARTS(STR(?class), "{GSEF}"))
}} GROUP BY ?class
"""


def summary(graph: Graph) -> dict[str, Any]:
    """Engine, place, and counts by named graph and by class.

    Returns:
        Texts, and tables: ``graphs`` (compact IRI -> quads), ``classes`` (label -> things), and
        ``rewritten`` (file -> literals that the store keeps in another form) where there are any.

    >>> from gsefgraph.graph.graph import Graph
    >>> summary(Graph.open())["graphs"]["graph:curation"]
    144
    """
    told = graph.engine.info()
    graphs = _counts(graph, _GRAPHS)
    names = {graph.names.compact(iri): count for iri, count in graphs.items()}
    classes = _counts(graph, _CLASSES)
    labels = graph.resolver.labels(sorted(classes), graph.lang)
    found: dict[str, Any] = {"project": graph.project.base, **told}
    if "origin" in told:
        origin = Origin.of(told["origin"])
        found["origin"] = origin.made
        if origin.rewritten:
            found["rewritten"] = origin.rewritten
    found["graphs"] = dict(sorted(names.items()))
    found["classes"] = {
        labels[iri]: count for iri, count in sorted(classes.items(), key=lambda c: (-c[1], c[0]))
    }
    return found


def to_html(graph: Graph) -> str:
    """The counts of a graph as tables, for a notebook.

    >>> from gsefgraph.graph.graph import Graph
    >>> "<td>graph:curation</td>" in to_html(Graph.open())
    True
    """
    found, lang = summary(graph), graph.lang
    pieces = []
    for key, unit in (("classes", "things"), ("graphs", "quads")):
        heads = (say(f"info.{key}").text(lang), say(f"info.{unit}").text(lang))
        cells = tuple(
            (Cell(name), Cell(f"{spoken(count, lang):,}")) for name, count in found[key].items()
        )
        pieces.append(tables.to_html(tables.Sheet(heads, cells, (False, True))))
    return "".join(pieces)


def _counts(graph: Graph, query: str) -> dict[str, int]:
    return {
        key.value: int(count.value)
        for key, count in rows(graph.engine, query)
        if isinstance(key, NamedNode) and isinstance(count, Literal)
    }
