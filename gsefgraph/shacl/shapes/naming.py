"""Names for blank shapes, and what tells that a node is a shape (SHACL, section 2.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from gsefgraph.shacl.shapes import path as paths
from gsefgraph.shacl.shapes.components import LISTED, NESTED, PARAMETERS
from gsefgraph.shacl.shapes.places import Lead
from gsefgraph.terms import BLANK_SHAPE, RDF, SH

Node = NamedNode | BlankNode | Literal
Facts = dict[Node, dict[str, list[Node]]]

TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
KINDS = (f"{SH}NodeShape", f"{SH}PropertyShape")


def name(triples: Sequence[Triple]) -> tuple[dict[Node, NamedNode], dict[str, Lead]]:
    """Names for the blank shapes and SPARQL constraints of a shapes graph.

    Returns:
        The name of each such blank node, numbered in the order written, those that a shape leads
        to first; and what leads to each, by its name.
    """
    known = facts(triples)
    signs = {f"{SH}{local}" for local in (*TARGETS, *PARAMETERS)} | _declared(triples)
    names: dict[Node, NamedNode] = {}
    owners: dict[Node, tuple[Node, str, Node]] = {}
    for triple in triples:
        local = triple.predicate.value.removeprefix(SH)
        inner: list[Node] = []
        if local in NESTED or local == "sparql":
            inner = [triple.object]  # type: ignore[list-item]
        elif local in LISTED:
            inner = paths.members(triple.object, lambda node: known.get(node, {}))  # type: ignore[arg-type]
        for node in inner:
            if isinstance(node, BlankNode) and node not in owners:
                names[node] = _made(len(names))
                owners[node] = (triple.subject, triple.predicate.value, triple.object)  # type: ignore[assignment]
    for triple in triples:
        node = triple.subject  # type: ignore[assignment]
        if not isinstance(node, BlankNode) or node in names:
            continue
        kind = triple.predicate.value == f"{RDF}type" and identifier(triple.object) in KINDS
        if kind or triple.predicate.value in signs:
            names[node] = _made(len(names))
    leads = {
        names[node].value: Lead(names.get(owner, owner).value, predicate, value)
        for node, (owner, predicate, value) in owners.items()
    }
    return names, leads


def _made(number: int) -> NamedNode:
    return NamedNode(f"{BLANK_SHAPE}{number + 1}")


def identifier(node: NamedNode | BlankNode | Literal | Triple) -> str:
    """The IRI, label or lexical form of a term; empty for a triple that stands as one.

    >>> identifier(NamedNode("a:s"))
    'a:s'
    """
    return "" if isinstance(node, Triple) else node.value


def facts(triples: Iterable[Triple]) -> Facts:
    """Predicates, full IRIs, of each subject, with their values in the order written."""
    found: Facts = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        values = found[triple.subject][triple.predicate.value]  # type: ignore[index]
        if triple.object not in values:
            values.append(triple.object)  # type: ignore[arg-type]
    return {node: dict(pairs) for node, pairs in found.items()}


def _declared(triples: Sequence[Triple]) -> set[str]:
    """IRIs of the parameters that the components of a shapes graph declare."""
    nodes = {t.object for t in triples if t.predicate.value == f"{SH}parameter"}
    return {
        identifier(t.object)
        for t in triples
        if t.subject in nodes and t.predicate.value == f"{SH}path"
    }
