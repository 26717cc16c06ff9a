"""Which named graph, and which file of data/, each new triple belongs to.

The predicate decides. What is known apart from any one document (type, labels, kind, links to
other registers, coordinates) goes to graph/entities; a GoalLink that a curator concluded or a
program suggested goes to graph/curation; the rest is what a document states, in its graph: of an
item of a page, in the page's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from gsefgraph.engine.base import Engine
from gsefgraph.errors import InputError, UsageError
from gsefgraph.project import Project
from gsefgraph.records.rdf import RecordFile
from gsefgraph.terms import FOREIGN, GSEF, NOT_DATA, PROV, RDF, SKOS, Names
from gsefgraph.wording import say

ENTITY_PREDICATES = frozenset(
    {
        f"{RDF}type",
        f"{SKOS}prefLabel",
        f"{SKOS}altLabel",
        f"{SKOS}exactMatch",
        f"{SKOS}broader",
        f"{SKOS}inScheme",
        f"{GSEF}acronym",
        f"{GSEF}kind",
        f"{GSEF}isoCode",
        f"{GSEF}within",
        f"{PROV}hadPrimarySource",
        f"{FOREIGN['schema']}sameAs",
        f"{FOREIGN['geo']}lat",
        f"{FOREIGN['geo']}long",
    }
)
_DIGEST = NamedNode(f"{GSEF}textDigest")
_PART = NamedNode(f"{FOREIGN['dcterms']}isPartOf")
STATEMENTS = frozenset(
    NamedNode(f"{GSEF}{name}") for name in ("Participation", "Membership", "GoalLink", "Evidence")
)
"""Classes of nodes that say nothing without what they join or rest on."""
_FILES = {
    "org": "organisations",
    "person": "people",
    "event": "events",
    "place": "places",
    "topic": "topics",
    "doc": "documents",
    "role": "concepts",
    "kind": "concepts",
}


def place(
    records: Iterable[RecordFile],
    names: Names,
    *,
    document: str | None = None,
    engine: Engine | None = None,
) -> tuple[Quad, ...]:
    """The quads of records, each in the named graph where it belongs.

    Parameters:
        records: files as read; quads that name a graph stay in it.
        names: the project's prefixes.
        document: IRI of the document that states what the records say, when they do not tell.
        engine: knows which documents are items of another (dcterms:isPartOf), beside the records.

    Returns:
        Quads, each in a named graph, in the order written.

    Errors:
        UsageError: something is stated, and it cannot be told by which document.
    """
    placed: dict[Quad, None] = {}
    for record in records:
        statements = _statement_nodes(record)
        concluded = _concluded(record)
        source: NamedNode | None = None
        for quad in record.quads:
            if not isinstance(quad.graph_name, DefaultGraph):
                placed[quad] = None
                continue
            subject = str(quad.subject)
            if subject in concluded:
                graph = NamedNode(names.graph("curation"))
            elif subject not in statements and quad.predicate.value in ENTITY_PREDICATES:
                graph = NamedNode(names.graph("entities"))
            else:
                source = source or _source(record, names, document, quad, engine)
                graph = document_graph(source, names)
                link = Quad(
                    graph,
                    NamedNode(f"{PROV}hadPrimarySource"),
                    source,
                    NamedNode(names.graph("entities")),
                )
                placed[link] = None
            placed[Quad(quad.subject, quad.predicate, quad.object, graph)] = None
    return tuple(placed)


def document_graph(document: NamedNode, names: Names) -> NamedNode:
    """The named graph of what a document states: the same slug under graph/.

    >>> document_graph(NamedNode(Names().mint("doc", "gsef-advocacy-fr")), Names()).value
    'https://w3id.org/gsefgraph/graph/gsef-advocacy-fr'
    """
    prefix = names.prefixes["id-doc"]
    if not document.value.startswith(prefix):
        raise UsageError(
            say("records.other-document", document=document.value),
            hint=say("records.document-iri", prefix=prefix),
        )
    return NamedNode(names.graph(document.value[len(prefix) :]))


def file_of(quad: Quad, project: Project) -> Path:
    """The file of data/ that a placed quad is kept in.

    Errors:
        InputError: its graph is not one that data/ keeps.
    """
    names = project.names
    graph = quad.graph_name
    prefix = names.prefixes["graph"]
    name = graph.value[len(prefix) :] if isinstance(graph, NamedNode) else ""
    if not isinstance(graph, NamedNode) or not graph.value.startswith(prefix) or "/" in name:
        raise InputError(
            say("records.other-graph", graph=graph), hint=say("records.use-graph", prefix=prefix)
        )
    if name in NOT_DATA:
        raise InputError(
            say("records.not-kept", name=name),
            hint=say("records.stated-facts"),
        )
    if name == "curation":
        return project.data / "curation.ttl"
    if name != "entities":
        return project.data / "documents" / f"{name}.ttl"
    return project.data / "entities" / f"{_kind_file(str(quad.subject), names)}.ttl"


def by_graph(quads: Iterable[Quad]) -> dict[str, list[Triple]]:
    """Triples by the IRI of their named graph.

    >>> a = NamedNode("a:b")
    >>> list(by_graph([Quad(a, a, a, a)]))
    ['a:b']
    """
    found: dict[str, list[Triple]] = defaultdict(list)
    for quad in quads:
        if isinstance(quad.graph_name, NamedNode):
            triple = Triple(quad.subject, quad.predicate, quad.object)
            found[quad.graph_name.value].append(triple)
    return found


def _kind_file(subject: str, names: Names) -> str:
    for kind, name in _FILES.items():
        if subject.startswith(f"<{names.prefixes[f'id-{kind}']}"):
            return name
    if subject.startswith(f"<{names.prefixes['graph']}"):
        return "documents"
    return "other"


def _statement_nodes(record: RecordFile) -> set[str]:
    return {
        str(quad.subject)
        for quad in record.quads
        if quad.predicate.value == f"{RDF}type" and quad.object in STATEMENTS
    }


def _concluded(record: RecordFile) -> set[str]:
    return {
        str(quad.subject)
        for quad in record.quads
        if quad.predicate.value == f"{GSEF}stance"
        and isinstance(quad.object, NamedNode)
        and quad.object.value in (f"{GSEF}curated", f"{GSEF}suggested")
    }


def _source(
    record: RecordFile, names: Names, document: str | None, quad: Quad, engine: Engine | None
) -> NamedNode:
    if document:
        return NamedNode(document)
    named = {
        item.object
        for item in record.quads
        if item.predicate.value == f"{GSEF}source" and isinstance(item.object, NamedNode)
    }
    told = [item for item in record.quads if item.predicate in (_DIGEST, _PART)]
    sources = {_page(each, told, engine).value for each in named}
    if len(sources) == 1:
        return NamedNode(sources.pop())
    where = record.locate(quad.subject, quad.predicate, quad.object) or (None, None)
    what = names.compact(quad.predicate.value)
    found = ", ".join(names.compact(iri) for iri in sorted(sources)) or say("word.none")
    raise UsageError(
        say("records.which-document", what=what, found=found),
        file=record.name,
        line=where[0],
        column=where[1],
        hint=say("records.name-document"),
    )


def _page(document: NamedNode, told: Sequence[Quad], engine: Engine | None) -> NamedNode:
    """The document that holds the text of another: itself, or the whole that it is an item of.

    Parameters:
        told: what a record says of texts and items, beside the engine.
    """
    seen = {document}
    while True:
        said = [quad for quad in told if quad.subject == document]
        said += (
            engine.lookup([(document, _DIGEST, None), (document, _PART, None)]) if engine else ()
        )
        wholes = {quad.object for quad in said if quad.predicate == _PART}
        if len(wholes) != 1 or any(quad.predicate == _DIGEST for quad in said):
            return document
        (whole,) = wholes
        if not isinstance(whole, NamedNode) or whole in seen:
            return document
        seen.add(whole)
        document = whole
