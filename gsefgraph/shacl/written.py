"""New quads as they were written, and as the validator and a store see them.

Blank nodes get labels by the order they are written in, so that a report is the same each time.
Numbers and booleans get their canonical form, as every store gives them, so that ``1.50`` and a
known ``1.5`` are one value. What RDF 1.1 does not know is left out: it has a finding of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, Quad, Triple

from gsefgraph import lexical

if TYPE_CHECKING:
    from gsefgraph.records.rdf import RecordFile


def labelled(records: Sequence[RecordFile]) -> tuple[list[Quad], dict[BlankNode, BlankNode]]:
    """The quads of all records with blank nodes ``_:b1``, ``_:b2`` …, in the order written.

    Returns:
        The quads, and each new blank node with the one that its record knows.
    """
    quads: list[Quad] = []
    own: dict[BlankNode, BlankNode] = {}
    for record in records:
        # Two files may use one label for two nodes, so each file starts afresh.
        names: dict[BlankNode, BlankNode] = {}
        for quad in record.quads:
            ends = []
            for node in (quad.subject, quad.object):
                if isinstance(node, BlankNode):
                    if node not in names:
                        names[node] = BlankNode(f"b{len(own) + 1}")
                        own[names[node]] = node
                    node = names[node]
                ends.append(node)
            quads.append(Quad(ends[0], quad.predicate, ends[1], quad.graph_name))  # type: ignore[arg-type]
    return quads, own


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
