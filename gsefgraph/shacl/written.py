"""New quads as they were written, as they are judged, and as a store keeps them.

Blank nodes keep the labels that their file writes, others get one by the order they are written in,
so that a report is the same each time.
They are judged as they are written, which a store may keep in another form. What RDF 1.1 does not
know is left out: it has a finding of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from gsefgraph.terms import RDF

if TYPE_CHECKING:
    from gsefgraph.records.rdf import RecordFile


Own: TypeAlias = tuple[int, BlankNode]
"""A blank node as its record knows it, after the number of the record."""


def labelled(records: Sequence[RecordFile]) -> tuple[list[Quad], dict[BlankNode, Own]]:
    """The quads of all records, in the order written, no two blank nodes with one label.

    A node keeps the label that its file writes, unless an earlier file has it. The others are
    ``_:b1``, ``_:b2`` …, without the labels that a file writes.

    Returns:
        The quads, and each blank node in them with the one that its record knows.
    """
    quads: list[Quad] = []
    own: dict[BlankNode, Own] = {}
    used: set[str] = set()
    for record in records:
        used |= record.labels
    free = (label for label in map("b{}".format, count(1)) if label not in used)
    for number, record in enumerate(records):
        # Labels of a graph of another library are new each time, as those that nobody wrote.
        kept = frozenset() if _in_memory(record) else record.labels
        names: dict[BlankNode, BlankNode] = {}
        for quad in record.quads:
            ends: list[Any] = [quad.subject, quad.object]
            for place, node in enumerate(ends):
                if isinstance(node, BlankNode):
                    if node not in names:
                        known = node.value in kept and node not in own
                        names[node] = node if known else BlankNode(next(free))
                        own[names[node]] = (number, node)
                    ends[place] = names[node]
                    if ends[place] != node:
                        quad = Quad(ends[0], quad.predicate, ends[1], quad.graph_name)
            quads.append(quad)
    return quads, own


def _in_memory(record: RecordFile) -> bool:
    return record.name.startswith("<") and record.name != "<stdin>"


def judged(triples: Iterable[Triple]) -> list[Triple]:
    """Triples as they are judged, each once, in the order written: with the terms as written, but
    for what RDF 1.1 does not have, triple terms and base directions.

    >>> from pyoxigraph import BaseDirection, NamedNode
    >>> turned = Literal("x", language="ar", direction=BaseDirection.RTL)
    >>> [triple] = judged([Triple(NamedNode("a:s"), NamedNode("a:p"), turned)])
    >>> str(triple.object)
    '"x"@ar'
    """
    found: dict[Triple, None] = {}
    for triple in triples:
        value = triple.object
        if isinstance(value, Triple) or isinstance(triple.subject, Triple):
            continue
        if isinstance(value, Literal) and value.direction is not None:
            plain = Literal(value.value, language=value.language)
            triple = Triple(triple.subject, triple.predicate, plain)
        found[triple] = None
    return list(found)


def described(triples: Iterable[Triple]) -> frozenset[str]:
    """IRIs of the nodes that have a type."""
    return frozenset(
        triple.subject.value
        for triple in triples
        if triple.predicate.value == f"{RDF}type" and isinstance(triple.subject, NamedNode)
    )


def by_graph(found: Iterable[Quad]) -> dict[str, list[Triple]]:
    """Triples by the IRI of their graph, those of no named graph under ``""``."""
    parts: dict[str, list[Triple]] = {}
    for quad in found:
        name = quad.graph_name
        graph = "" if isinstance(name, DefaultGraph) else name.value
        parts.setdefault(graph, []).append(quad.triple)
    return parts
