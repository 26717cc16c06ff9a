"""The first page: what is in here, in numbers that link, and six questions with their answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from gsefgraph.answers.answer import Answer
from gsefgraph.answers.pictures.bars import Bars
from gsefgraph.answers.pictures.map import Map
from gsefgraph.answers.pictures.timeline import Row, Timeline
from gsefgraph.engine.base import Solutions
from gsefgraph.errors import GsefgraphError
from gsefgraph.queries.catalogue import StoredQuery
from gsefgraph.terms import FOREIGN, GSEF
from gsefgraph.web.shown import Asked, Link, Shown
from gsefgraph.wording import Wording, say

_COUNTED: Final = ("Organisation", "Person", "Event", "Document", "Place")
_ASKED: Final = (
    "speakers",
    "organisation-partners",
    "events-by-goal",
    "documents-adopted-at",
    "document-says",
    "posts-without-date",
)
_EXAMPLES: Final = 5
_PASSAGES = f"SELECT (COUNT(DISTINCT ?e) AS ?n) WHERE {{ ?e a <{GSEF}Evidence> }}"
_SERVED = f"""SELECT (COUNT(DISTINCT ?g) AS ?n) WHERE {{
  ?x <{GSEF}contributesTo> ?g . ?g a <{FOREIGN["sdgo"]}Goal> }}"""
_MOST_LINKED = f"""SELECT ?thing (COUNT(DISTINCT ?link) AS ?n) WHERE {{
  VALUES ?p {{ <{GSEF}agent> <{GSEF}event> <{GSEF}place> <{GSEF}topic> }}
  ?link ?p ?thing }} GROUP BY ?thing ORDER BY DESC(?n) ?thing LIMIT {_EXAMPLES}"""


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
        timeline: events in the order of time, without those that are parts of others; None where
            no event has a date. ``events`` is how many there are, ``listed`` where all are.
        questions: a question, and its answer in short.
        goals: what serves each goal; None where nothing does.
        map: where events were; None where no place is known.
    """

    examples: tuple[Link, ...]
    figures: tuple[Figure, ...]
    timeline: Timeline | None
    whole: tuple[Row, ...]
    events: int
    listed: str
    questions: tuple[tuple[Link, str], ...]
    goals: Bars | None
    map: Map | None


def page(asked: Asked) -> Shown:
    """The first page."""
    graph, lang = asked.graph, asked.lang
    counts = {name: _number(asked, _class(name)) for name in _COUNTED}
    timeline = _drawn(asked, "events-between")
    goals = _drawn(asked, "goals-covered")
    places = _drawn(asked, "places-of-events")
    view = Home(
        examples=tuple(_examples(asked)),
        figures=tuple(_figures(asked, counts)),
        timeline=timeline if isinstance(timeline, Timeline) and len(timeline) else None,
        whole=tuple(row for row in timeline.rows if not row.inside)
        if isinstance(timeline, Timeline)
        else (),
        events=counts["Event"],
        listed=asked.to.to("/explore/event"),
        questions=tuple(_questions(asked)),
        goals=goals if isinstance(goals, Bars) else None,
        map=places if isinstance(places, Map) else None,
    )
    del graph
    return Shown(
        "home",
        view,
        title=say("home.title").text(lang),
        description=say("home.promise").text(lang),
        data={"application/n-quads": "/data.nq", "text/turtle": "/data.ttl"},
    )


def _class(name: str) -> str:
    return f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ ?s a <{GSEF}{name}> }}"


def _number(asked: Asked, query: str) -> int:
    found = asked.graph.engine.query(query)
    ((count,),) = found.rows if isinstance(found, Solutions) else ((None,),)
    return int(count.value) if isinstance(count, Literal) else 0


def _figures(asked: Asked, counts: dict[str, int]) -> Iterator[Figure]:
    from gsefgraph.web.rendering import number

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
    yield figure(_number(asked, _SERVED), "home.goals-served", "/explore/goal", " / 17")
    yield figure(_number(asked, _PASSAGES), "home.passages", "/sources")
    yield figure(len(asked.graph.catalogue), "home.questions", "/questions")


def _examples(asked: Asked) -> Iterator[Link]:
    found = asked.graph.engine.query(_MOST_LINKED)
    for thing, _ in found.rows if isinstance(found, Solutions) else ():
        if isinstance(thing, NamedNode):
            yield Link(asked.label(thing.value), asked.to.page(thing.value))


def _questions(asked: Asked) -> Iterator[tuple[Link, str]]:
    for name in _ASKED:
        query = asked.graph.catalogue.get(name) if name in asked.graph.catalogue else None
        answer = _answer(asked, name) if query else None
        if query is None or answer is None:
            continue
        title = query.title.get(asked.lang) or query.title.get("en") or query.summary
        yield Link(title, asked.to.question(name, **_given(query))), answer.sentence


def _given(query: StoredQuery) -> dict[str, str]:
    """The examples of what must be given."""
    return {
        item.name: item.example
        for item in query.parameters
        if item.example and not item.optional and item.default is None
    }


def _answer(asked: Asked, name: str) -> Answer | None:
    """The answer of a stored query with its examples; None where this graph has none of them."""
    if name not in asked.graph.catalogue:
        return None
    try:
        found = asked.graph.query(name, _given(asked.graph.catalogue.get(name)), lang=asked.lang)
    except GsefgraphError:
        return None
    return found if isinstance(found, Answer) and found.rows else None


def _drawn(asked: Asked, name: str) -> object:
    answer = _answer(asked, name)
    return answer.picture() if answer else None
