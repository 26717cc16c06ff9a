"""One sentence at the head of a page, with its numbers.

>>> from gsefgraph.graph.graph import Graph
>>> from gsefgraph.graph.words import plain
>>> graph = Graph.open()
>>> for name in ("INAES", "Laurence Kwark", "habitat-iii", "id-place:south-korea", "sdg:17"):
...     around = Around(graph.engine, graph.resolver, graph.resolver.resolve(name), "en").look()
...     print(plain(lede(around, graph.page(name).sections)))
Organises or supports 1 event, in 2020; 2 partners.
Secrétaire Générale, Global Social Economy Forum; 3 appearances, 2019 to 2020.
17–20 October 2016, Quito.
2 events.
Sustainable Development Goal 17; 2 contributions; 19 targets.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode

from gsefgraph.answers import dates
from gsefgraph.graph.page import Fact, Section, When
from gsefgraph.graph.pages.around import DCTERMS, Around, gsef
from gsefgraph.graph.pages.order import kind_of
from gsefgraph.graph.pages.sentences import slug
from gsefgraph.graph.words import Ref, Words, joined, told
from gsefgraph.terms import SKOS


def lede(around: Around, sections: Sequence[Section]) -> Words:
    """The sentence; empty where there is nothing to count.

    Parameters:
        sections: those of the page.
    """
    by_key = {section.key: section for section in sections}
    clauses = [c for c in _CLAUSES.get(kind_of(around), _anything)(around, by_key) if c]
    if not clauses:
        return ()
    found = clauses[0]
    for clause in clauses[1:]:
        found = told("lede.and", around.lang, one=found, two=clause)
    first = found[0]
    if isinstance(first, str) and first:
        found = (first[:1].upper() + first[1:], *found[1:])
    return told("lede.sentence", around.lang, text=found)


def _number(sections: dict[str, Section], key: str) -> int:
    section = sections.get(key)
    return section.count or 0 if section else 0


def _counted(around: Around, key: str, count: int) -> Words:
    return told(key, around.lang, count=count) if count else ()


def _facts(sections: dict[str, Section], key: str) -> list[Fact]:
    section = sections.get(key)
    return [fact for group in section.groups for fact in group.facts] if section else []


def _held(around: Around) -> list[NamedNode]:
    """The events in which an organisation itself has a role, or those of its people."""
    for name in ("agent", "onBehalfOf"):
        events = [around.thing(node, gsef("event")) for node in around.incoming(gsef(name))]
        found = [event for event in events if event is not None]
        if found:
            return found
    return []


def _years(around: Around, dates: Sequence[When | None]) -> Words:
    years = sorted(when.datetime[:4] for when in dates if when and when.datetime)
    if not years:
        return ()
    if years[0] == years[-1]:
        return told("lede.in-year", around.lang, year=years[0])
    return told("lede.years", around.lang, first=years[0], last=years[-1])


def _organisation(around: Around, sections: dict[str, Section]) -> list[Words]:
    roles = {"held": 0, "invited": 0}
    for node in around.incoming(gsef("agent")):
        if around.thing(node, gsef("event")):
            role = slug(around.thing(node, gsef("role")))
            roles["invited" if role == "invitee" else "held"] += 1
    spoken = len(
        {around.thing(node, gsef("event")) for node in around.incoming(gsef("onBehalfOf"))}
    )
    if around.many:
        roles = {"held": _number(sections, "events"), "invited": 0}
    clauses = [
        _counted(around, "lede.held", roles["held"]),
        _counted(around, "lede.invited", roles["invited"]),
        _counted(around, "lede.spoken", spoken) if not any(roles.values()) else (),
    ]
    years = _years(around, [around.when(event) for event in _held(around)])
    if years and any(clauses):
        last = max(n for n, clause in enumerate(clauses) if clause)
        clauses[last] = told("lede.when", around.lang, text=clauses[last], years=years)
    clauses.append(_counted(around, "lede.partners", _number(sections, "partners")))
    observed = [
        organisation
        for node in around.incoming(gsef("agent"))
        if slug(around.thing(node, gsef("role"))) == "observer"
        and (organisation := around.thing(node, gsef("organisation")))
    ]
    if observed:
        listed = joined([(around.ref(body),) for body in observed[:2]], ", ")
        clauses.append(told("lede.observer", around.lang, organisations=listed))
    if not any(clauses):
        clauses.append(_counted(around, "lede.documents", _number(sections, "documents")))
        clauses.append(_counted(around, "lede.mentioned", _number(sections, "mentions")))
        seat = around.thing(around.node, gsef("basedIn"))
        if seat:
            clauses.insert(0, told("lede.seat", around.lang, place=around.ref(seat)))
    return clauses


def _person(around: Around, sections: dict[str, Section]) -> list[Words]:
    found: list[Words] = []
    for node in around.incoming(gsef("agent")):
        body = around.thing(node, gsef("organisation"))
        if body and not found:
            text, tag = around.text(node, gsef("positionTitle"))
            role = around.thing(node, gsef("role"))
            position: Ref | str = Ref("", text, tag) if tag else text
            if not text:
                position = around.label(role)[0] if role else ""
            found.append(joined(((position,), (around.ref(body),)), ", "))
    number = _number(sections, "appearances")
    clause = _counted(around, "lede.appearances", number)
    years = _years(around, [fact.when for fact in _facts(sections, "appearances")])
    if clause and years:
        clause = told("lede.when", around.lang, text=clause, years=years)
    return [*found, clause]


def _event(around: Around, _sections: dict[str, Section]) -> list[Words]:
    node = around.node
    when = around.when(node, short=False)
    lang = around.lang
    if when.datetime and when.note:
        date = told("lede.inherited", lang, date=when.text, note=when.note)
    else:
        date = (when.text,)
    places = [(around.ref(place),) for place in around.things(node, gsef("place"))]
    online = any(getattr(v, "value", "") == "true" for v in around.values(node, gsef("online")))
    if places:
        where = joined((date, *places), ", ")
    elif online:
        where = told("lede.online", lang, date=date)
    else:
        where = told("lede.nowhere", lang, date=date)
    organisers = _agents(around, ("organiser", "co-organiser"))
    partners = _agents(around, ("partner", "host"), without=("organiser", "co-organiser"))
    if organisers and partners:
        who = told("lede.organised-with", lang, organisers=organisers, partners=partners)
    elif organisers:
        who = told("lede.organised", lang, organisers=organisers)
    else:
        who = ()
    people = {
        around.thing(each, gsef("agent"))
        for each in around.incoming(gsef("event"))
        if slug(around.thing(each, gsef("role")))
        not in ("organiser", "co-organiser", "partner", "host")
    }
    persons = all(who and around.is_a(who, "Person") for who in people)
    sessions = len(around.incoming(gsef("partOf")))
    return [
        where,
        who,
        _counted(around, "lede.persons" if persons else "lede.people", len(people)),
        _counted(around, "lede.sessions", sessions),
    ]


def _agents(around: Around, roles: Sequence[str], without: Sequence[str] = ()) -> Words:
    found: dict[NamedNode, Words] = {}
    played = [
        (around.thing(node, gsef("agent")), slug(around.thing(node, gsef("role"))))
        for node in around.incoming(gsef("event"))
    ]
    others = {agent for agent, role in played if role in without}
    for agent, role in played:
        if agent and role in roles and agent not in others:
            text, _ = around.text(agent, gsef("acronym"))
            ref = around.ref(agent)
            found[agent] = (Ref(ref.iri, text or ref.label, "" if text else ref.lang),)
    return joined(list(found.values()), ", ")


def _document(around: Around, sections: dict[str, Section]) -> list[Words]:
    node = around.node
    lang = around.lang
    clauses: list[Words] = []
    issuers = [(around.ref(agent),) for agent in around.things(node, gsef("issuedBy"))]
    issued, adopted = (
        [
            (dates.words(value.value, "", lang),)
            for value in around.values(node, gsef(name))
            if isinstance(value, Literal)
        ]
        for name in ("issued", "adoptedOn")
    )
    if issuers or issued:
        clauses.append(told("lede.issued", lang, issue=joined([*issuers, *issued], ", ")))
    clauses += [told("lede.adopted", lang, date=date) for date in adopted]
    whole = around.thing(node, f"{DCTERMS}isPartOf")
    if whole:
        clauses.append(told("lede.item-of", lang, document=around.ref(whole)))
    clauses.append(_counted(around, "lede.passages", len(around.incoming(gsef("source")))))
    if not any(clauses):
        clauses.append(_counted(around, "lede.mentioned", _number(sections, "mentions")))
    return clauses


def _place(around: Around, sections: dict[str, Section]) -> list[Words]:
    within = [(around.ref(place),) for place in around.things(around.node, gsef("within"))]
    return [
        told("lede.within", around.lang, places=joined(within, ", ")) if within else (),
        _counted(around, "lede.events", _number(sections, "events")),
        _counted(around, "lede.organisations", _number(sections, "organisations")),
    ]


def _goal(around: Around, sections: dict[str, Section]) -> list[Words]:
    number = _number(sections, "serves")
    code = around.text(around.node, f"{SKOS}notation")[0]
    key = "lede.target" if "." in code else "lede.goal"
    served = told("lede.served", around.lang, count=number)
    if not number:
        served = told("lede.not-served", around.lang)
    return [
        told(key, around.lang, code=code),
        served,
        _counted(around, "lede.targets", _number(sections, "targets")),
    ]


def _concept(around: Around, sections: dict[str, Section]) -> list[Words]:
    number = _number(sections, "has")
    if around.is_a(around.node, "Topic"):
        return [_counted(around, "lede.has-topic", number)]
    key = "lede.has-role" if around.is_a(around.node, "Role") else "lede.has-kind"
    return [_counted(around, key, number)]


def _holder(_around: Around, _sections: dict[str, Section]) -> list[Words]:
    return []  # its title is its sentence


def _passage(around: Around, sections: dict[str, Section]) -> list[Words]:
    document = around.thing(around.node, gsef("source"))
    where = told("lede.of", around.lang, document=around.ref(document)) if document else ()
    return [where, _counted(around, "lede.supports", _number(sections, "supports"))]


def _anything(around: Around, sections: dict[str, Section]) -> list[Words]:
    number = _number(sections, "statements") + _number(sections, "incoming")
    return [_counted(around, "lede.statements", number)]


_CLAUSES = {
    "organisation": _organisation,
    "person": _person,
    "event": _event,
    "document": _document,
    "place": _place,
    "goal": _goal,
    "concept": _concept,
    "holder": _holder,
    "passage": _passage,
    "anything": _anything,
}
