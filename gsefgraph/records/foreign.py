"""The edge to rdflib: its Graphs and Datasets taken as records, and a Dataset given."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad

from gsefgraph.errors import UsageError
from gsefgraph.records.rdf import RecordFile, read
from gsefgraph.terms import Names

if TYPE_CHECKING:
    import rdflib


def from_rdflib(graph: Any) -> RecordFile:
    """The quads of an rdflib Graph (in the default graph) or Dataset (in their graphs).

    Errors:
        UsageError: something else, or a graph that N-Quads cannot say.

    >>> from rdflib import Graph
    >>> len(from_rdflib(Graph().parse(data="<a:s> <a:p> 1, 2 .", format="turtle")).quads)
    2
    """
    from rdflib import Dataset, Graph

    if not isinstance(graph, Graph):
        raise UsageError(f"a {type(graph).__name__} is no record", hint="give a file or a Graph")
    kind = "nquads" if isinstance(graph, Dataset) else "nt"
    lines = graph.serialize(format=kind, encoding="utf-8")
    # rdflib names its default graph; in N-Quads it has no name.
    lines = lines.replace(b" <urn:x-rdflib:default> .", b" .")
    return read(f"<{type(graph).__name__}>", data=lines, format="nquads")


def to_rdflib(quads: Iterable[Quad], names: Names) -> rdflib.Dataset:
    """A copy of quads as an rdflib Dataset, with the project's prefixes bound.

    >>> len(to_rdflib([], Names()))
    0
    """
    import rdflib

    def term(node: Any) -> Any:
        if isinstance(node, NamedNode):
            return rdflib.URIRef(node.value)
        if isinstance(node, BlankNode):
            return rdflib.BNode(node.value)
        kind = None if node.language else rdflib.URIRef(node.datatype.value)
        # rdflib would rewrite the lexical form, 007 to 7.
        return rdflib.Literal(node.value, lang=node.language, datatype=kind, normalize=False)

    dataset = rdflib.Dataset()
    for quad in quads:
        named = not isinstance(quad.graph_name, DefaultGraph)
        graph = dataset.graph(term(quad.graph_name)) if named else dataset.default_graph
        graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    for prefix, namespace in names.prefixes.items():
        dataset.bind(prefix, namespace, replace=True)
    return dataset
