"""The shipped data as plain triples, read once with no engine: what the data tests share."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
FILES = sorted(DATA.rglob("*.ttl"))
GSEF = "https://w3id.org/gsefgraph/ontology#"
ID = "https://w3id.org/gsefgraph/id/"
GRAPH = "https://w3id.org/gsefgraph/graph/"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SCHEMA = "https://schema.org/"
GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#"
PROV = "http://www.w3.org/ns/prov#"
DCTERMS = "http://purl.org/dc/terms/"
XSD = "http://www.w3.org/2001/XMLSchema#"
PAGE = "gsef-advocacy-fr"
SOURCE = DATA / "sources" / f"{PAGE}.txt"
TEXT = SOURCE.read_bytes().decode("utf-8")


def read(path: Path) -> list[Triple]:
    return [quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)]


TRIPLES: dict[Path, list[Triple]] = {path: read(path) for path in FILES}
DOCUMENT = TRIPLES[DATA / "documents" / f"{PAGE}.ttl"]
CURATION = TRIPLES[DATA / "curation.ttl"]
ENTITIES = [
    triple
    for path, triples in TRIPLES.items()
    if path.parent.name == "entities"
    for triple in triples
]
ALL = [triple for triples in TRIPLES.values() for triple in triples]

Term = NamedNode | Literal
Node = dict[str, list[Term]]


def nodes(triples: list[Triple]) -> dict[str, Node]:
    """Each subject's IRI with its predicates and their objects."""
    out: dict[str, Node] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        assert isinstance(triple.subject, NamedNode)
        assert isinstance(triple.object, NamedNode | Literal)
        out[triple.subject.value][triple.predicate.value].append(triple.object)
    return {subject: dict(node) for subject, node in out.items()}


STATED_BY = nodes(DOCUMENT)
CURATED_BY = nodes(CURATION)
UNION = nodes(list(dict.fromkeys(ALL)))


def told_of() -> set[str]:
    """What the page and its curator tell of, with what that lies in or belongs to."""
    found = {term.value for t in DOCUMENT + CURATION for term in (t.subject, t.object)}  # type: ignore[union-attr]
    waiting = list(found)
    while waiting:
        for terms in UNION.get(waiting.pop(), {}).values():
            new = {term.value for term in terms if isinstance(term, NamedNode)} - found
            found |= new
            waiting += new
    return found


PAGES = told_of()


def of_class(name: str) -> list[str]:
    """The things of a class that the page tells of; other documents have tests of their own."""
    typed = (s for s, n in UNION.items() if NamedNode(GSEF + name) in n.get(RDF_TYPE, []))
    return sorted(s for s in typed if s in PAGES)


def values(subject: str, name: str) -> list[str]:
    """The values of one gsef: property in the union, sorted."""
    return sorted(term.value for term in UNION.get(subject, {}).get(GSEF + name, []))


def slugs(subject: str, name: str) -> list[str]:
    return [value.rsplit("/", 1)[1] for value in values(subject, name)]


def participations(event: str) -> set[tuple[str, str]]:
    """(agent, role) of each participation in an event, as slugs."""
    return {
        (slugs(p, "agent")[0], slugs(p, "role")[0])
        for p in of_class("Participation")
        if slugs(p, "event") == [event]
    }


def collapse(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
