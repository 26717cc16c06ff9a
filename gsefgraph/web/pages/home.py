"""The first page: what is in here, in numbers that link, and six questions with their answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pyoxigraph import Literal, NamedNode

from gsefgraph.answers.answer import Answer
from gsefgraph.answers.pictures.bars import Bars, Counted
from gsefgraph.answers.pictures.map import Map, Placed
from gsefgraph.answers.pictures.places import sites
from gsefgraph.answers.pictures.timeline import Row as Dated
from gsefgraph.answers.pictures.timeline import Timeline
from gsefgraph.errors import GsefgraphError
from gsefgraph.rdf.turtle import natural
from gsefgraph.terms import FOREIGN, GSEF, fold
from gsefgraph.web.form import examples
from gsefgraph.web.shown import Asked, Link, Shown
from gsefgraph.wording import Wording, number, say

_COUNTED: Final = ("Organisation", "Person", "Event", "Document", "Place")
_ASKED: Final = (
    "speakers",
    "organisation-partners",
    "events-by-goal",
    "documents-adopted-at",
    "document-evidence",
    "posts-without-date",
)
_ACRONYM: Final = NamedNode(f"{GSEF}acronym")
_PATIENCE: Final = 2.0  # seconds for each of the questions: this page does without
_EXAMPLES, _SHORT = 5, 40  # examples, and characters of each
_PASSAGES = f"SELECT (COUNT(DISTINCT ?e) AS ?n) WHERE {{ ?e a <{GSEF}Evidence> }}"
_SERVED = f"""SELECT (COUNT(DISTINCT ?g) AS ?n) WHERE {{
  ?x <{GSEF}contributesTo> ?g . ?g a <{FOREIGN["sdgo"]}Goal> }}"""
_MOST_LINKED = f"""SELECT ?thing (COUNT(DISTINCT ?link) AS ?n) WHERE {{
  VALUES ?p {{ <{GSEF}agent> <{GSEF}event> <{GSEF}place> <{GSEF}topic> }}
  ?link ?p ?thing }} GROUP BY ?thing ORDER BY DESC(?n) ?thing LIMIT 30"""
_PARTS = f"SELECT DISTINCT ?part WHERE {{ ?part <{GSEF}partOf> ?whole }}"
_SITES = f"""SELECT DISTINCT ?event ?place WHERE {{ ?event a <{GSEF}Event> ; <{GSEF}place> ?place }}
  ORDER BY ?event LIMIT 5000"""


@dataclass(frozen=True)
class Figure:
    """A number, what it counts, and where that is listed."""

    number: str
    name: str
    href: str


@dataclass(frozen=True)
class Home:
    """What the template of the first page receives.

    Attributes:
        examples: things that searches can begin with.
        figures: what is in here, in numbers.
        timeline: events in the order of time; None where no event has a date. ``whole`` are its
            rows without those of parts, ``events`` is how many there are, ``listed`` where all are.
        questions: a question, and its answer in short.
        goals: what serves each goal; None where nothing does.
        map: where events were; None where no place is known. ``where`` says in how many countries.
    """

    examples: tuple[Link, ...]
    figures: tuple[Figure, ...]
    timeline: Timeline | None
    whole: tuple[Dated, ...]
    events: int
    listed: str
    questions: tuple[tuple[Link, str], ...]
    goals: Bars | None
    map: Map | None
    where: str


def page(asked: Asked) -> Shown:
    """The first page."""
    lang = asked.lang
    counts = {name: asked.count(_class(name)) for name in _COUNTED}
    answer = _answer(asked, "events-between")
    timeline = answer.picture() if answer else None
    dated = timeline if isinstance(timeline, Timeline) and len(timeline) else None
    parts = {row[0].value for row in asked.rows(_PARTS) if isinstance(row[0], NamedNode)}
    places = _map(asked)
    view = Home(
        examples=tuple(islice(_examples(asked), _EXAMPLES)),
        figures=tuple(_figures(asked, counts)),
        timeline=dated,
        whole=tuple(row for row in dated.rows if row.iri not in parts) if dated else (),
        events=counts["Event"],
        listed=asked.to.to("/explore/event"),
        questions=tuple(_questions(asked)),
        goals=_goals(asked),
        map=places,
        where=_where(places).text(lang) if places else "",
    )
    return Shown(
        "home",
        view,
        title=say("home.title").text(lang),
        description=say("home.promise").text(lang),
        data={"application/n-quads": "/data.nq", "text/turtle": "/data.ttl"},
    )


def _class(name: str) -> str:
    return f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ ?s a <{GSEF}{name}> }}"


def _figures(asked: Asked, counts: dict[str, int]) -> Iterator[Figure]:
    names = {
        "Organisation": "home.organisations",
        "Person": "home.people",
        "Event": "home.events",
        "Document": "home.documents",
        "Place": "home.places",
    }

    def figure(count: int, key: str, href: str, of: str = "") -> Figure:
        name: Wording = say(key, count=count)
        return Figure(number(count, asked.lang) + of, name.text(asked.lang), asked.to.to(href))

    for name, key in names.items():
        yield figure(counts[name], key, f"/explore/{name.lower()}")
    yield figure(asked.count(_SERVED), "home.goals-served", "/explore/goal", " / 17")
    yield figure(asked.count(_PASSAGES), "home.passages", "/sources")
    yield figure(len(asked.graph.catalogue), "home.questions", "/questions")


def _examples(asked: Asked) -> Iterator[Link]:
    things = [row[0].value for row in asked.rows(_MOST_LINKED) if isinstance(row[0], NamedNode)]
    acronyms = {
        quad.subject: quad.object.value
        for quad in asked.graph.engine.lookup([(NamedNode(t), _ACRONYM, None) for t in things])
        if isinstance(quad.object, Literal) and quad.object.language in (None, "", "en", asked.lang)
    }
    for iri, label in asked.graph.resolver.labels(things, asked.lang).items():
        short = acronyms.get(NamedNode(iri), label)
        if len(short) <= _SHORT:
            yield Link(short, asked.to.page(iri))


def _questions(asked: Asked) -> Iterator[tuple[Link, str]]:
    for name in _ASKED:
        query = asked.graph.catalogue.get(name) if name in asked.graph.catalogue else None
        answer = _answer(asked, name) if query else None
        if query is None or answer is None:
            continue
        link = Link(query.titled(asked.lang), asked.to.question(name, **examples(query)))
        yield link, answer.sentence


def _answer(asked: Asked, name: str) -> Answer | None:
    """The answer of a stored query with its examples; None where this graph has none of them."""
    if name not in asked.graph.catalogue:
        return None
    try:
        given = examples(asked.graph.catalogue.get(name))
        found = asked.within(
            lambda: asked.graph.query(name, given, lang=asked.lang, timeout=_PATIENCE)
        )
    except GsefgraphError:
        return None
    return found if isinstance(found, Answer) and found.rows else None


def _goals(asked: Asked) -> Bars | None:
    """How many things serve each goal, whoever says so."""
    answer = _answer(asked, "goals-covered")
    if answer is None:
        return None
    counts: Counter[tuple[str, str]] = Counter()
    for code, goal, _, things in answer.rows:
        if isinstance(goal, NamedNode) and isinstance(things, Literal):
            label = f"{answer.text_of(code)}. {answer.text_of(goal)}"
            counts[goal.value, label] += int(things.value)
    without = _answer(asked, "goals-not-covered")
    for code, goal in without.rows if without else ():
        if isinstance(goal, NamedNode):
            counts[goal.value, f"{answer.text_of(code)}. {asked.label(goal.value)}"] = 0
    return Bars.of((Counted(*key, n) for key, n in counts.items()), lang=asked.lang)


def _where(places: Map) -> Wording:
    """How many places there are, and in how many countries."""
    lands = len({dot.country for dot in places.dots if dot.country})
    key = ("home.places-known", "home.places-of-one")[lands] if lands < 2 else "home.places-in"
    return say(key, count=places.places, countries=lands)


def _map(asked: Asked) -> Map | None:
    """Where events were, each place with their names."""
    pairs = [
        (event, place)
        for event, place in asked.rows(_SITES)
        if isinstance(event, NamedNode) and isinstance(place, NamedNode)
    ]
    where = sites(asked.graph.engine, [place for _, place in pairs])
    lands = [site.land for site in where.values() if site.land]
    iris = {term.value for pair in pairs for term in pair}
    names = asked.graph.resolver.labels(sorted({*iris, *lands}), asked.lang)
    placed = (
        Placed(
            place.value,
            names[place.value],
            where[place.value].lat,
            where[place.value].long,
            where[place.value].land,
            names.get(where[place.value].land, ""),
            (names[event.value],),
        )
        for event, place in sorted(pairs, key=lambda pair: natural(fold(names[pair[1].value])))
    )
    found = Map.of(placed, lang=asked.lang)
    return found if found.dots else None
