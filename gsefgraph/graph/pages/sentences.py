"""What a triple says, as a sentence: participations, memberships and goal links are told whole.

>>> from gsefgraph.graph.graph import Graph
>>> graph = Graph.open()
>>> link = graph.resolver.resolve("id-participation:sdg-training-2017.gsef.invitee")
>>> around = Around(graph.engine, graph.resolver, link, "en").look()
>>> plain(statement(around, link))
'Global Social Economy Forum was invited to “SDG training 2017”'
>>> role, event = around.thing(link, gsef("role")), around.thing(link, gsef("event"))
>>> sentence(around, link, NamedNode(gsef("role")), role) == statement(around, link)
True
>>> year = Literal("2017", datatype=NamedNode(f"{XSD}gYear"))
>>> plain(sentence(around, event, NamedNode(gsef("startDate")), year))
'SDG training 2017 starts on: 2017'

A property that has no sentence is told by its name, or by the last part of its IRI:

>>> has_sentence(gsef("startDate")), has_sentence("http://e.example/size")
(True, False)
>>> term_name(around, gsef("startDate")), term_name(around, "http://e.example/size"), slug(event)
('start date', 'size', 'sdg-training-2017')
>>> plain(sentence(around, event, NamedNode("http://e.example/size"), Literal("4")))
'SDG training 2017 — size: 4'
>>> object_of(around, Literal("atelier", language="fr"))
Ref(iri='', label='atelier', lang='fr')

A proof is told in any of the languages:

>>> proof = graph.explain("id-person:laurence-kwark", "affiliatedWith", "GSEF")
>>> of_proof(graph.engine, graph.resolver, proof, "es")(proof.triple)
'Laurence Kwark tiene un vínculo con «Foro Global de la Economía Social»'
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.answers import dates
from gsefgraph.engine.base import Engine
from gsefgraph.graph.pages.around import HOLDING, TYPE, Around, gsef
from gsefgraph.graph.words import Ref, Words, plain, told
from gsefgraph.reason.proof import Proof
from gsefgraph.records.resolve import Resolver
from gsefgraph.terms import FOREIGN, GSEF, RDFS, SKOS, XSD, Term
from gsefgraph.wording import say

# Properties that have a sentence of their own in `texts/`, by what it is called there.
TRIPLES: Final = frozenset((
    "agent", "event", "organisation", "onBehalfOf", "role", "goal", "subject", "stance",
    "positionTitle", "startDate", "endDate", "asOf", "place", "partOf", "hasPart", "theme",
    "topic", "sequence", "audience", "objective", "attendance", "attendanceCount", "online",
    "issued", "issuedBy", "adoptedAt", "adoptedOn", "launchedAt", "respondsTo", "recognises",
    "describes", "mentions", "basedIn", "parent", "collaboratesWith", "within", "isoCode",
    "country", "participatedIn", "hasParticipant", "memberOf", "hasMember", "affiliatedWith",
    "observerOf", "invitedTo", "contributesTo", "collaboratedWith", "earliest", "latest", "kind",
    "acronym",
))  # fmt: skip
_OTHERS: Final = {
    TYPE: "type",
    f"{SKOS}broader": "broader",
    f"{SKOS}prefLabel": "prefLabel",
    f"{SKOS}altLabel": "altLabel",
    f"{FOREIGN['dcterms']}isPartOf": "isPartOf",
    f"{FOREIGN['dcterms']}language": "language",
    f"{FOREIGN['dcterms']}source": "source",
    f"{FOREIGN['dcterms']}creator": "creator",
    f"{FOREIGN['dcterms']}publisher": "publisher",
    f"{RDFS}label": "prefLabel",
    f"{FOREIGN['schema']}name": "prefLabel",
    f"{FOREIGN['foaf']}name": "prefLabel",
}
TOOK: Final = frozenset(
    ("organiser", "co-organiser", "host", "partner", "speaker", "opening-speaker", "moderator",
     "participant", "invitee")
)  # fmt: skip
"""Roles in events that have a sentence of their own."""
_OF: Final = frozenset(("member", "founding-member", "founder", "observer"))
WHOLE: Final = frozenset(
    (TYPE, *(gsef(name) for name in (*HOLDING, "role", "stance", "positionTitle")))
)
"""Properties of a statement node that its sentence tells."""
_FOREIGN: Final = frozenset(
    ("creator", "license", "rights", "hasTopConcept", "inScheme", "topConceptOf", "ConceptScheme",
     "Ontology", "Class", "Property", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
)  # fmt: skip
_DATES: Final = frozenset((f"{XSD}date", f"{XSD}gYearMonth", f"{XSD}gYear", f"{XSD}dateTime"))


def slug(node: NamedNode | None) -> str:
    """The last part of an IRI."""
    return node.value.rpartition("/")[2].rpartition("#")[2] if node else ""


def statement(around: Around, node: NamedNode) -> Words:
    """The sentence of a participation, a membership or a goal link; empty where it is none."""
    lang = around.lang
    agent, event, organisation, role, subject, goal = (
        around.thing(node, gsef(name))
        for name in ("agent", "event", "organisation", "role", "subject", "goal")
    )
    if subject and goal:
        stance = slug(around.thing(node, gsef("stance")))
        return _serves(around, around.ref(subject), goal, stance)
    if agent is None or role is None:
        return ()
    title, _ = around.text(node, gsef("positionTitle"))
    name = slug(role)
    if event:
        key = f"took.{name}" if name in TOOK else "took.other"
        found = told(
            key, lang, agent=around.ref(agent), event=around.ref(event), role=around.label(role)[0]
        )
    elif organisation:
        key = f"took.{name}" if name in _OF else "took.post"
        found = told(
            key,
            lang,
            agent=around.ref(agent),
            organisation=around.ref(organisation),
            role=title or around.label(role)[0],
        )
    else:
        return ()
    behind = [around.ref(each) for each in around.things(node, gsef("onBehalfOf")) if each != agent]
    two = behind[-2:] if len(behind) > 1 else []
    for each in behind[: len(behind) - len(two)]:
        found = told("took.on-behalf", lang, sentence=found, organisation=each)
    if two:
        one, other = two
        found = told("took.on-behalf-two", lang, sentence=found, organisation=one, other=other)
    return found


def _serves(around: Around, subject: Ref | str, goal: NamedNode, stance: str = "") -> Words:
    """That something serves a goal or a target."""
    code, _ = around.text(goal, f"{SKOS}notation")
    key = "serves.target" if "." in code else "serves.goal"
    if stance == "suggested":
        key = "serves.target-suggested" if "." in code else "serves.goal-suggested"
    return told(key, around.lang, subject=subject, code=code, goal=around.ref(goal))


def sentence(around: Around, subject: Term, predicate: NamedNode, value: Term) -> Words:
    """What a triple says; of a statement node what it says as a whole.

    Parameters:
        around: gives the names; what it has not read is read.
    """
    iri = predicate.value
    if isinstance(subject, NamedNode) and iri in WHOLE:
        whole = statement(around, subject)
        if whole:
            return whole
    name = _name(iri)
    if name == "contributesTo" and isinstance(value, NamedNode):
        return _serves(around, around.ref(subject), value)
    known = has_sentence(iri)
    if name == "online" and isinstance(value, Literal):
        name = "online" if value.value == "true" else "on-site"
    values = {"subject": around.ref(subject), "object": object_of(around, value)}
    if known:
        return told(f"triple.{name}", around.lang, **values)
    return told("triple.other", around.lang, property=term_name(around, iri), **values)


def _name(iri: str) -> str:
    return iri.removeprefix(GSEF) if iri.startswith(GSEF) else _OTHERS.get(iri, "")


def has_sentence(iri: str) -> bool:
    """Whether there is a sentence for what a property says."""
    return _name(iri) in TRIPLES or iri in _OTHERS


def term_name(around: Around, iri: str) -> str:
    """What a property or a class is called; without a name the last part of its IRI."""
    node = NamedNode(iri)
    if around.named(node):
        return around.label(node)[0]
    name = slug(node)
    return say(f"property.{name}").text(around.lang) if name in _FOREIGN else name or iri


def object_of(around: Around, value: Term) -> Ref | str:
    """A value in a sentence: a thing by its name, dates and decimals as the language has them."""
    if not isinstance(value, Literal):
        return around.ref(value)
    if value.datatype.value in _DATES:
        return dates.words(value.value, "", around.lang)
    if value.datatype.value == f"{XSD}boolean" and value.value in ("true", "false"):
        yes = value.value == "true"
        return say("word.yes" if yes else "word.no").text(around.lang)
    if value.datatype.value == f"{XSD}decimal" and around.lang != "en":
        return value.value.replace(".", ",")
    tag = value.language or ""
    return Ref("", value.value, tag) if tag.split("-")[0] not in ("", around.lang) else value.value


def of_proof(
    engine: Engine, resolver: Resolver, proof: Proof, lang: str
) -> Callable[[Triple], str]:
    """What tells the triples of a proof as sentences.

    Parameters:
        engine, resolver: the graph that the proof is of.
        lang: en, fr or es.
    """
    triples: list[Triple] = []
    waiting = [proof]
    while waiting:
        each = waiting.pop()
        triples.append(each.triple)
        waiting += each.premises
    nodes = [t.subject for t in triples if isinstance(t.subject, NamedNode)]
    around = Around(engine, resolver, nodes[0] if nodes else NamedNode(GSEF), lang)
    around.hold(
        [
            t.subject
            for t in triples
            if isinstance(t.subject, NamedNode) and t.predicate.value in WHOLE
        ],
        also=[term for t in triples for term in (t.subject, t.predicate, t.object)],
        quoted=False,
    )

    def tell(triple: Triple) -> str:
        if isinstance(triple.subject, Triple) or isinstance(triple.object, Triple):
            return str(triple)
        return plain(sentence(around, triple.subject, triple.predicate, triple.object))

    return tell
