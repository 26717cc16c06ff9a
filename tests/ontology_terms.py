"""The model's terms as the tests expect them, and the ontology's files read once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph
import rdflib
from rdflib import URIRef

from gsefgraph.terms import Names

CHECKOUT = Path(__file__).resolve().parents[1]
FOLDER = CHECKOUT / "ontology"
SCHEMA = rdflib.Namespace("https://schema.org/")
SDG = "http://metadata.un.org/sdg/"
NAMES = Names()
RULES = sorted((FOLDER / "rules").glob("*.rq"))

CLASSES = [
    "Document",
    "Agent",
    "Organisation",
    "Person",
    "Event",
    "Place",
    "Topic",
    "Role",
    "Kind",
    "Participation",
    "Membership",
    "GoalLink",
    "Evidence",
    "Stance",
]
ALSO = {
    "gsef:Document": "foaf:Document prov:Entity schema:CreativeWork",
    "gsef:Agent": "foaf:Agent prov:Agent",
    "gsef:Organisation": "gsef:Agent org:Organization schema:Organization",
    "gsef:Person": "foaf:Person gsef:Agent schema:Person",
    "gsef:Event": "lode:Event schema:Event",
    "gsef:Place": "geo:SpatialThing schema:Place",
    "gsef:Topic": "skos:Concept",
    "gsef:Role": "skos:Concept",
    "gsef:Kind": "skos:Concept",
    "sdgo:Goal": "skos:Concept",
    "sdgo:Target": "skos:Concept",
    "gsef:Participation": "schema:Role",
    "gsef:Membership": "org:Membership",
    "gsef:GoalLink": "",
    "gsef:Evidence": "oa:SpecificResource",
    "gsef:Stance": "",
}
DATE = "xsd:date xsd:gYear xsd:gYearMonth"
TEXT = "rdf:langString xsd:string"
NAMED = "Agent Document Event Kind Place Role Topic"
CITED = "Agent Document Event GoalLink Membership Participation Place Topic"
THINGS = "Agent Document Event Topic"
# What each property is said of, and what its values are. Two or more on a side, or a star: hints
# only (schema:domainIncludes, schema:rangeIncludes), which type nothing.
PROPERTIES = {
    "acronym": (f"* {NAMED}", TEXT),
    "kind": ("* Document Event Organisation Place", "Kind"),
    "evidence": (f"* {CITED}", "Evidence"),
    "startDate": ("* Event Membership", DATE),
    "endDate": ("* Event Membership", DATE),
    "place": ("* Event", "Place"),
    "partOf": ("Event", "Event"),
    "theme": ("Event", "rdf:langString"),
    "topic": ("* Document Event", "Topic"),
    "sequence": ("Event", "xsd:integer"),
    "audience": ("Event", "rdf:langString"),
    "objective": ("Event", "rdf:langString"),
    "attendance": ("Event", "rdf:langString"),
    "attendanceCount": ("Event", "xsd:integer"),
    "online": ("Event", "xsd:boolean"),
    "issued": ("Document", DATE),
    "issuedBy": ("Document", "Agent"),
    "adoptedAt": ("Document", "Event"),
    "adoptedOn": ("Document", DATE),
    "launchedAt": ("Document", "Event"),
    "respondsTo": ("Document", "Document"),
    "recognises": ("Document", "Topic"),
    "describes": ("Document", "Document Event"),
    "mentions": ("Document", "Agent Document Event Place Topic sdgo:Goal sdgo:Target"),
    "textDigest": ("Document", "xsd:string"),
    "basedIn": ("Organisation", "Place"),
    "parent": ("Organisation", "Organisation"),
    "collaboratesWith": ("Organisation", "Organisation"),
    "within": ("Place", "Place"),
    "isoCode": ("Place", "xsd:string"),
    "agent": ("* Membership Participation", "Agent"),
    "role": ("* Membership Participation", "Role"),
    "positionTitle": ("* Membership Participation", TEXT),
    "event": ("Participation", "Event"),
    "onBehalfOf": ("Participation", "Organisation"),
    "organisation": ("Membership", "Organisation"),
    "subject": ("GoalLink", THINGS),
    "goal": ("GoalLink", "sdgo:Goal sdgo:Target"),
    "stance": ("GoalLink", "Stance"),
    "rationale": ("GoalLink", TEXT),
    "objection": ("GoalLink", TEXT),
    "source": ("Evidence", "Document"),
    "quote": ("Evidence", "rdf:langString"),
    "start": ("Evidence", "xsd:integer"),
    "end": ("Evidence", "xsd:integer"),
    "supports": ("Evidence", "rdf:Property"),
    "note": ("Evidence", TEXT),
    "checked": ("Evidence", "xsd:boolean"),
    "participatedIn": ("Agent", "Event"),
    "hasParticipant": ("Event", "Agent"),
    "memberOf": ("Agent", "Organisation"),
    "hasMember": ("Organisation", "Agent"),
    "observerOf": ("Agent", "Organisation"),
    "contributesTo": (f"* {THINGS}", "sdgo:Goal sdgo:Target"),
    "hasPart": ("Event", "Event"),
    "country": ("Event", "Place"),
    "earliest": ("Event", "xsd:date"),
    "latest": ("Event", "xsd:date"),
    "collaboratedWith": ("Organisation", "Organisation"),
    "affiliatedWith": ("Agent", "Organisation"),
    "invitedTo": ("Agent", "Event"),
    "asOf": ("Membership", DATE),
}
ROLES = [
    "speaker",
    "opening-speaker",
    "moderator",
    "organiser",
    "co-organiser",
    "partner",
    "host",
    "participant",
    "invitee",
    "observer",
    "member",
    "president",
    "secretary-general",
    "head-of-unit",
    "director",
    "councillor",
    "minister",
    "secretary-of-state",
    "chair",
    "vice-president",
    "founder",
    "founding-member",
]
KINDS = [
    "city",
    "country",
    "region",
    "conference",
    "forum",
    "congress",
    "session",
    "side-event",
    "webinar",
    "webinar-series",
    "event-series",
    "training",
    "seminar",
    "summit",
    "meeting",
    "web-page",
    "news-item",
    "declaration",
    "manifesto",
    "position-paper",
    "agenda",
    "report",
    "un-agency",
    "international-organisation",
    "inter-agency-body",
    "network",
    "local-government",
    "ministry",
    "government",
    "company",
    "civil-society-organisation",
    "committee",
]
TARGETS = (7, 8, 13, 10, 9, 8, 5, 12, 8, 10, 10, 11, 5, 10, 12, 12, 19)


def parse(*names: str) -> rdflib.Graph:
    graph = rdflib.Graph()
    for name in names:
        graph.parse(data=(FOLDER / name).read_text("utf-8"), format="turtle")
    return graph


OWN = parse("gsef.ttl")
AXIOM_GRAPH = parse("gsef.ttl", "alignments.ttl")
CONCEPTS = parse("concepts.ttl")
GOALS = parse("sdg.ttl")
ALL = AXIOM_GRAPH + CONCEPTS + GOALS


def term(name: str) -> URIRef:
    return URIRef(NAMES.expand(name if ":" in name else f"gsef:{name}"))


def short(nodes: Iterable[object]) -> set[str]:
    return {NAMES.compact(str(node)) for node in nodes}


def triples(text: str, form: pyoxigraph.RdfFormat) -> set[pyoxigraph.Triple]:
    return {quad.triple for quad in pyoxigraph.parse(input=text, format=form)}
