"""The inventory of the page, copied by hand from its text: who, what, when, where."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
from pyoxigraph import Literal, NamedNode

from tests.shipped import (
    DCTERMS,
    GRAPH,
    GSEF,
    ID,
    PAGE,
    PROV,
    SKOS,
    STATED_BY,
    TEXT,
    UNION,
    XSD,
    collapse,
    of_class,
    participations,
    slugs,
    values,
)

PEOPLE = {
    "Ester Vidal",
    "Joon Hyung Lee",
    "Edison Masereka",
    "Byung-hoon Lee",
    "Antonella Noya",
    "Laurence Kwark",
    "Juan Antonio Pedreño",
    "Juan Carlos Urgiles",
    "Hernán Rodas",
    "Maude Brossard-Sabourin",
    "María Luisa Albores González",
    "Joaquín Pérez Rey",
    "Maravillas Espín Sáez",
    "Luisa María Alcalde Luján",
}


def test_the_fourteen_people() -> None:
    people = of_class("Person")
    labels = [{term.value for term in UNION[p][SKOS + "prefLabel"]} for p in people]
    assert len(people) == 14
    assert {name for label in labels for name in label} == PEOPLE
    appearing = {a for p in of_class("Participation") for a in values(p, "agent")}
    assert set(people) <= appearing


def test_the_counts() -> None:
    counts = {name: len(of_class(name)) for name in ["Organisation", "Event", "Document", "Place"]}
    assert counts == {"Organisation": 23, "Event": 25, "Document": 12, "Place": 19}
    assert len(of_class("Participation")) == 33
    assert len(of_class("Membership")) == 13


W = "sse-webinars-mexico-2020"
WEBINARS = {
    1: (
        "2020-05-26",
        "Strategic changes of the social and economic models against COVID-19",
        {"juan-antonio-pedreno"},
    ),
    2: (
        "2020-06-02",
        "Social Economy: social inclusion and well-being",
        {"juan-carlos-urgiles", "hernan-rodas"},
    ),
    3: (
        "2020-06-09",
        "Social Economy as a vehicle to achieve sustainable development",
        {"maude-brossard-sabourin"},
    ),
    4: (
        "2020-06-16",
        "Public policies for the Social and Solidarity Economy ecosystems: "
        "the role of policy makers",
        {"antonella-noya"},
    ),
    5: (
        "2020-06-23",
        "Social and economic model in the post COVID-19 era: "
        "what challenges and how to overcome them?",
        {"laurence-kwark"},
    ),
    6: (
        "2020-06-30",
        "Premise for better governance: public policies for the Social Economy",
        {
            "maria-luisa-albores-gonzalez",
            "joaquin-perez-rey",
            "maravillas-espin-saez",
            "luisa-maria-alcalde-lujan",
        },
    ),
}


@pytest.mark.parametrize("number", WEBINARS)
def test_the_six_webinars(number: int) -> None:
    day, theme, speakers = WEBINARS[number]
    event = f"{ID}event/{W}.webinar-{number}"
    assert values(event, "sequence") == [str(number)]
    assert values(event, "startDate") == [day]
    assert values(event, "endDate") == []
    assert values(event, "theme") == [theme]
    assert slugs(event, "partOf") == [W]
    found = participations(f"{W}.webinar-{number}")
    assert {agent for agent, role in found if role == "speaker"} == speakers
    others = {pair for pair in found if pair[1] != "speaker"}
    assert others == ({("laurence-kwark", "invitee")} if number == 5 else set())


def test_the_series() -> None:
    event = f"{ID}event/{W}"
    assert values(event, "startDate") == ["2020-05-26"]
    assert values(event, "endDate") == ["2020-06-30"]
    assert values(event, "audience") == ["parlementaires mexicains"]
    assert len(values(event, "objective")) == 3
    assert values(event, "place") == []
    assert participations(W) == {
        ("inaes", "organiser"),
        ("gsef2021-local-organising-committee", "organiser"),
        ("gsef2021-local-organising-committee", "partner"),
        ("gsef", "partner"),
    }


SESSION = "untfsse-conference-2019.gsef-session"


def test_the_special_session() -> None:
    event = f"{ID}event/{SESSION}"
    assert slugs(event, "partOf") == ["untfsse-conference-2019"]
    assert values(event, "theme") == [
        "La mise en œuvre des Objectifs de développement durable: "
        "Quel rôle pour l’économie sociale et solidaire?"
    ]
    assert values(event, "startDate") == [], "dates are not inherited"
    assert participations(SESSION) == {
        ("gsef", "organiser"),
        ("oecd", "partner"),
        ("ester-vidal", "speaker"),
        ("joon-hyung-lee", "speaker"),
        ("edison-masereka", "speaker"),
        ("byung-hoon-lee", "speaker"),
        ("antonella-noya", "moderator"),
        ("laurence-kwark", "opening-speaker"),
    }


DATES = {
    "habitat-iii": ("2016-10-17", "2016-10-20", "quito"),
    "led-forum-2017": ("2017-10-17", "2017-10-20", "praia"),
    "hlpf-2018": ("2018-07-09", "2018-07-18", "new-york"),
    "untfsse-conference-2019": ("2019-06-25", "2019-06-26", None),
    "asia-pacific-cities-summit-2017": ("2017", None, "daejeon"),
    "sdg-training-2017": ("2017", None, "incheon"),
    "international-mayors-forum-2018": ("2018", None, "lilongwe"),
    "gsef2021": (None, None, None),
    "world-urban-forum-9": (None, None, None),
    "citynet-congress-8": (None, None, None),
    "uclg-culture-summit": (None, None, None),
    "rtes-annual-seminar": (None, None, None),
    "ilc-108": (None, None, None),
}


@pytest.mark.parametrize("slug", DATES)
def test_dates_and_places_are_as_precise_as_the_source(slug: str) -> None:
    start, end, place = DATES[slug]
    event = f"{ID}event/{slug}"
    assert values(event, "startDate") == ([start] if start else [])
    assert values(event, "endDate") == ([end] if end else [])
    assert slugs(event, "place") == ([place] if place else [])
    for date in UNION[event].get(GSEF + "startDate", []):
        assert isinstance(date, Literal)
        kind = {4: "gYear", 10: "date"}[len(date.value)]
        assert date.datatype.value == XSD + kind


def test_webinars_are_held_online() -> None:
    online = {e.rsplit("/", 1)[1] for e in of_class("Event") if values(e, "online") == ["true"]}
    assert online == {W, "gsef-preparatory-webinars", *(f"{W}.webinar-{n}" for n in WEBINARS)}


def test_the_numbers_of_events_in_their_series() -> None:
    numbered = {e.rsplit("/", 1)[1]: values(e, "sequence") for e in of_class("Event")}
    webinars = {f"{W}.webinar-{number}": [str(number)] for number in WEBINARS}
    assert {slug: found for slug, found in numbered.items() if found} == webinars | {
        "led-forum-2017": ["4"],
        "citynet-congress-8": ["8"],
        "world-urban-forum-9": ["9"],
        "ilc-108": ["108"],
    }


def test_who_is_what_of_which_organisation() -> None:
    assert {
        (slugs(m, "agent")[0], slugs(m, "role")[0], slugs(m, "organisation")[0])
        for m in of_class("Membership")
    } == {
        ("gsef", "observer", "untfsse"),
        ("ester-vidal", "director", "barcelona-city-council"),
        ("joon-hyung-lee", "councillor", "seoul-metropolitan-council"),
        ("edison-masereka", "director", "kampala-capital-city-authority"),
        ("byung-hoon-lee", "director", "hyundai-motor-group"),
        ("antonella-noya", "head-of-unit", "oecd"),
        ("laurence-kwark", "secretary-general", "gsef"),
        ("juan-antonio-pedreno", "president", "social-economy-europe"),
        ("juan-antonio-pedreno", "president", "cepes"),
        ("maria-luisa-albores-gonzalez", "minister", "ministry-of-social-affairs-mexico"),
        ("luisa-maria-alcalde-lujan", "minister", "ministry-of-labour-and-social-action-mexico"),
        ("joaquin-perez-rey", "secretary-of-state", "government-of-spain"),
        ("maravillas-espin-saez", "director", "government-of-spain"),
    }


def test_a_post_beside_a_participant_is_a_membership_with_the_same_passage() -> None:
    posts: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for membership in of_class("Membership"):
        for agent in values(membership, "agent"):
            posts[agent].update(
                (title, passage)
                for title in values(membership, "positionTitle")
                for passage in values(membership, "evidence")
            )
    checked = 0
    for participation in of_class("Participation"):
        for title in values(participation, "positionTitle"):
            (agent,) = values(participation, "agent")
            passages = values(participation, "evidence")
            assert any((title, passage) in posts[agent] for passage in passages), participation
            checked += 1
    assert checked == 13


def test_position_titles_are_the_words_of_the_source() -> None:
    for node in of_class("Participation") + of_class("Membership"):
        for title in values(node, "positionTitle"):
            assert title in collapse(TEXT), title


def test_two_speakers_have_no_affiliation() -> None:
    for person in ("juan-carlos-urgiles", "hernan-rodas"):
        (node,) = (p for p in of_class("Participation") if slugs(p, "agent") == [person])
        assert values(node, "onBehalfOf") == []


DOCUMENTS: dict[str, dict[str, list[str]]] = {
    "new-urban-agenda": {
        "adoptedAt": ["habitat-iii"],
        "adoptedOn": ["2016-10"],
        "recognises": ["social-and-solidarity-economy"],
        "issuedBy": [],
    },
    "praia-manifesto": {"issuedBy": ["gsef"], "launchedAt": ["led-forum-2017"]},
    "ilo-centenary-declaration": {
        "issuedBy": ["ilo"],
        "adoptedAt": ["ilc-108"],
        "adoptedOn": ["2019-06-21"],
        "recognises": ["cooperatives", "social-and-solidarity-economy"],
    },
    "gsef-position-paper-ilo-centenary": {
        "issuedBy": ["gsef"],
        "respondsTo": ["ilo-centenary-report"],
    },
    "ilo-centenary-report": {"issuedBy": ["ilo"], "adoptedAt": [], "topic": []},
    "untfsse-conference-2019-highlights": {"kind": []},
    PAGE: {"issued": [], "issuedBy": ["gsef"]},
    f"{PAGE}.special-session": {
        "issued": [],
        "issuedBy": ["gsef"],
        "describes": ["untfsse-conference-2019", SESSION],
    },
    f"{PAGE}.webinar-series": {"issued": ["2020-07-17"], "issuedBy": ["gsef"], "describes": [W]},
    f"{PAGE}.ilo-declaration": {
        "issued": ["2019-07-23"],
        "describes": ["gsef-position-paper-ilo-centenary", "ilo-centenary-declaration"],
    },
}


@pytest.mark.parametrize("slug", DOCUMENTS)
def test_documents(slug: str) -> None:
    for name, expected in DOCUMENTS[slug].items():
        assert [v.rsplit("/", 1)[-1] for v in values(f"{ID}doc/{slug}", name)] == expected


def test_the_items_are_parts_of_the_page() -> None:
    parts = {s.rsplit("/", 1)[1] for s, node in STATED_BY.items() if DCTERMS + "isPartOf" in node}
    assert parts == {f"{PAGE}.{x}" for x in ("special-session", "webinar-series")} | {
        f"{PAGE}.ilo-declaration"
    }
    graph = UNION[GRAPH + PAGE]
    assert graph[PROV + "hadPrimarySource"] == [NamedNode(f"{ID}doc/{PAGE}")]


def taking_part(role: str) -> set[tuple[str, str]]:
    return {
        (slugs(p, "event")[0], slugs(p, "agent")[0])
        for p in of_class("Participation")
        if slugs(p, "role") == [role]
    }


def test_invitations() -> None:
    assert taking_part("invitee") == {
        ("asia-pacific-cities-summit-2017", "gsef"),
        ("sdg-training-2017", "gsef"),
        ("international-mayors-forum-2018", "gsef"),
        ("uclg-culture-summit", "gsef"),
        ("rtes-annual-seminar", "gsef"),
        (f"{W}.webinar-5", "laurence-kwark"),
    }


def test_the_source_states_no_single_goal() -> None:
    """It speaks of the goals as a whole: no number and no goal by name."""
    assert not re.search(r"\b(ODD|SDG|Objectif|Goal)s? ?\d{1,2}\b", TEXT)
    assert not any(GSEF + "goal" in node for node in STATED_BY.values())


def test_who_organises_is_said_by_the_source() -> None:
    """A genitive or a name ("forums des Nations Unies", "Congrès CityNet") says it not."""
    assert taking_part("organiser") == {
        ("hlpf-2018.gsef-side-event", "gsef"),
        ("citynet-congress-8.gsef-session", "gsef"),
        ("world-urban-forum-9.gsef-session", "gsef"),
        (SESSION, "gsef"),
        (W, "inaes"),
        (W, "gsef2021-local-organising-committee"),
    }


def test_a_collaboration_without_an_event() -> None:
    assert slugs(f"{ID}org/gsef", "collaboratesWith") == ["untfsse"]


def test_what_recurs_is_a_series() -> None:
    (kind,) = UNION[f"{ID}event/rtes-annual-seminar"][GSEF + "kind"]
    assert isinstance(kind, NamedNode)
    assert kind.value == f"{ID}kind/event-series"


def test_the_page_has_passages_in_two_languages() -> None:
    page = UNION[f"{ID}doc/{PAGE}"]
    assert {term.value for term in page[DCTERMS + "language"]} == {"en", "fr"}
