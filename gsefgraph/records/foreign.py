"""The edge to rdflib: its Graphs and Datasets taken as records, and a Dataset given."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from gsefgraph.errors import UsageError
from gsefgraph.rdf import packed
from gsefgraph.rdf.reading import AS_RECORDS, Reading
from gsefgraph.records.rdf import RecordFile, read
from gsefgraph.terms import Names, refuse_newer
from gsefgraph.wording import say

if TYPE_CHECKING:
    import rdflib

Record: TypeAlias = "str | Path | RecordFile | rdflib.Graph | rdflib.Dataset"
"""A record in any form that is taken."""

# What rdflib gives for quads that are in no named graph.
_DEFAULT = (None, "urn:x-rdflib:default")


def read_records(records: Iterable[Record], reading: Reading = AS_RECORDS) -> list[RecordFile]:
    """Records in any form that is taken: paths of files or folders, those read already, rdflib's.

    Parameters:
        records: in any order, which stays.
        reading: base, contexts, bound, and what tells.

    Errors:
        UsageError: something else. InputError, SyntaxFault: a file.
    """
    found: list[RecordFile] = []
    for record in records:
        if isinstance(record, RecordFile):
            found.append(record)
        elif isinstance(record, str | Path):
            files = packed.found([record], reading.bound, reading.note)
            found += [read(path, reading=reading) for path in files]
        else:
            found.append(from_rdflib(record))
    return found


def from_rdflib(graph: Any) -> RecordFile:
    """The quads of an rdflib Graph (in the default graph) or Dataset (in their graphs).

    Errors:
        UsageError: something else, or a term that RDF 1.1 does not have there.

    >>> from rdflib import Graph
    >>> len(from_rdflib(Graph().parse(data="<a:s> <a:p> 1, 2 .", format="turtle")).quads)
    2
    """
    import rdflib

    if not isinstance(graph, rdflib.Graph):
        raise UsageError(
            say("records.not-record", type=type(graph).__name__), hint=say("records.give-file")
        )
    rows = graph.quads() if isinstance(graph, rdflib.Dataset) else ((*t, None) for t in graph)
    lines = "".join(sorted(f"{_quad(*row)} .\n" for row in rows))
    return read(f"<{type(graph).__name__}>", data=lines.encode(), format="nquads")


def _quad(subject: Any, predicate: Any, value: Any, graph: Any) -> Quad:
    try:
        name = DefaultGraph() if graph in _DEFAULT else _term(graph)
        return Quad(_term(subject), _term(predicate), _term(value), name)
    except (TypeError, ValueError) as error:
        raise UsageError(
            say(
                "records.not-triple", subject=subject, predicate=predicate, value=value, error=error
            )
        ) from None


def _term(node: Any) -> Any:
    import rdflib

    if isinstance(node, rdflib.URIRef):
        return NamedNode(str(node))
    if isinstance(node, rdflib.BNode):
        return BlankNode(str(node))
    if isinstance(node, rdflib.Literal):
        kind = NamedNode(str(node.datatype)) if node.datatype and not node.language else None
        return Literal(str(node), language=node.language, datatype=kind)
    raise TypeError(f"{node!r} is no RDF term")


def to_rdflib(quads: Iterable[Quad], names: Names) -> rdflib.Dataset:
    """A copy of quads as an rdflib Dataset, with the project's prefixes bound.

    Errors:
        UsageError: a triple term or a base direction, which rdflib does not have.

    >>> len(to_rdflib([], Names()))
    0
    """
    import rdflib

    def term(node: Any) -> Any:
        if isinstance(node, NamedNode):
            return rdflib.URIRef(node.value)
        if isinstance(node, BlankNode):
            return rdflib.BNode(node.value)
        refuse_newer(node)
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
