"""New quads as they were written, and as the validator and a store see them.

Blank nodes keep the labels that their file writes, others get one by the order they are written in,
so that a report is the same each time.
Numbers and booleans get their canonical form, as every store gives them, so that ``1.50`` and a
known ``1.5`` are one value. What RDF 1.1 does not know is left out: it has a finding of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from gsefgraph.rdf import lexical
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


def stored(triples: Iterable[Triple]) -> list[Triple]:
    """Triples as a store would hold them, each once, in the order written.

    >>> from pyoxigraph import NamedNode
    >>> one = Triple(NamedNode("a:s"), NamedNode("a:p"), Literal("1.50", datatype=NamedNode(
    ...     "http://www.w3.org/2001/XMLSchema#decimal")))
    >>> stored([one, one])[0].object.value
    '1.5'
    """
    found: dict[Triple, None] = {}
    for triple in triples:
        value = triple.object
        if isinstance(value, Triple) or isinstance(triple.subject, Triple):
            continue
        if isinstance(value, Literal):
            value = as_stored(value)
        found[Triple(triple.subject, triple.predicate, value)] = None
    return list(found)


def as_stored(value: Literal) -> Literal:
    """A literal in its canonical form, without a base direction."""
    if value.language is not None:
        return Literal(value.value, language=value.language)
    form = lexical.canonical(value.value, value.datatype.value)
    return value if form == value.value else Literal(form, datatype=value.datatype)


def spellings(triples: Iterable[Triple]) -> dict[Literal, Literal]:
    """Literals as written, by the form that the validator saw."""
    found: dict[Literal, Literal] = {}
    for triple in triples:
        value = triple.object
        if isinstance(value, Literal):
            found.setdefault(as_stored(value), value)
    return found


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
