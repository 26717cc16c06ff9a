"""Exploring: what there is, and lists of it that facets make shorter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal

from gsefgraph.errors import UnknownName
from gsefgraph.terms import RDFS
from gsefgraph.web.facets import (
    DATED,
    FACETS,
    MOST,
    Facet,
    Selection,
    address,
    choose,
    facet,
    nameless,
    yearly,
)
from gsefgraph.web.items import Item, items
from gsefgraph.web.pages.thing import LISTS
from gsefgraph.web.shown import Asked, Link, Shown
from gsefgraph.wording import say

_A_PAGE: Final = 100
_SHORT: Final = 8  # of a facet on the first page
_LISTS: Final = {name.lower(): key for name, key in LISTS.items()}
_SENTENCES: Final = {
    "organisation": ("explore.organisation", "explore.organisation-of"),
    "person": ("explore.person", "explore.person-of"),
    "event": ("explore.event", "explore.event-of"),
    "document": ("explore.document", "explore.document-of"),
    "place": ("explore.place", "explore.place-of"),
    "topic": ("explore.a-topic", "explore.topic-of"),
    "goal": ("explore.goal", "explore.goal-of"),
}


@dataclass(frozen=True)
class Part:
    """A class on the first page: its list, what it is, how many there are."""

    link: Link
    what: str
    count: int


@dataclass(frozen=True)
class Overview:
    """What the template of the first page of exploring receives.

    Attributes:
        sentence: what there is, with the number.
        parts: the classes; facets: some of their facets, the most frequent values first.
    """

    sentence: str
    parts: tuple[Part, ...]
    facets: tuple[Facet, ...]


@dataclass(frozen=True)
class Years:
    """A form for a span of years: what was typed, what goes along, and what is wrong with it."""

    first: str
    last: str
    along: tuple[tuple[str, str], ...]
    action: str
    problem: str = ""


@dataclass(frozen=True)
class Listed:
    """What the template of a list receives.

    Attributes:
        sentence: how many there are, and what was chosen.
        chosen: what was chosen, each a link to the list without it.
        orders: other ways of sorting, as links; the present one has no address.
        items: the things of this page; start: the number of the first.
        span: which of how many are shown; empty where all are.
        before, after: addresses of the pages beside this one.
        facets: what else can be chosen.
        years: a form for dates, where the class has them.
        cut: said where there are more than can be put in order.
    """

    sentence: str
    chosen: tuple[Link, ...]
    orders: tuple[Link, ...]
    items: tuple[Item, ...]
    start: int
    span: str
    before: str
    after: str
    facets: tuple[Facet, ...]
    years: Years | None
    cut: str


def page(asked: Asked) -> Shown:
    """What there is: classes with their numbers, and the commonest values of some facets."""
    every = {name: Selection(asked, name) for name in _LISTS}
    parts = [
        Part(
            Link(say(_LISTS[name]).text(asked.lang), asked.to.to(f"/explore/{name}")),
            _comment(asked, asking.iri),
            asking.count(),
        )
        for name, asking in every.items()
    ]
    facets = (
        facet(
            every["organisation"], FACETS["organisation"][0], "explore.organisations-kind", _SHORT
        ),
        yearly(every["event"], "explore.events-year"),
        facet(every["event"], FACETS["event"][1], "explore.events-country", _SHORT),
        facet(every["place"], FACETS["place"][1], "explore.places-country", _SHORT),
    )
    view = Overview(
        sentence=say("explore.sum", count=sum(part.count for part in parts)).text(asked.lang),
        parts=tuple(part for part in parts if part.count),
        facets=tuple(each for each in facets if each.choices),
    )
    title = say("web.explore").text(asked.lang)
    return Shown("explore", view, title, description=view.sentence, place="explore")


def listed(asked: Asked) -> Shown:
    """The things of a class, a hundred a page, with what is chosen by facets.

    Errors:
        UnknownName: no such class, or a value that nothing is called.
    """
    name = asked.named["class"]
    if name not in _LISTS:
        raise UnknownName(say("explore.no-list", name=name))
    lang = asked.lang
    ways = {way.name: way for way in FACETS[name]}
    asking, labels, problem = choose(asked, name, ways)
    count = asking.count()
    total = Selection(asked, name).count() if labels else count
    order = asked.values.get("sort", "")
    orders = ("newest", "oldest", "name") if name in DATED else ("name",)
    if order not in orders:
        order = orders[0]
    pages = max(1, -(-min(count, MOST) // _A_PAGE))
    current = asked.page(pages)
    start = (current - 1) * _A_PAGE
    shown = asking.ordered(order, start, _A_PAGE)
    chosen = tuple(
        Link(label, address(asked, **dict.fromkeys(keys))) for keys, label in labels.items()
    )
    all_, of = _SENTENCES[name]
    listing = ", ".join(labels.values())
    sentence = (
        say(all_, count=count) if not labels else say(of, count=count, total=total, chosen=listing)
    )
    title = say(_LISTS[name]).text(lang)
    facets = [
        *(facet(asking, way, way.title) for way in ways.values()),
        yearly(asking, "explore.year"),
        nameless(asking),
    ]
    view = Listed(
        sentence=sentence.text(lang),
        chosen=chosen,
        orders=_orders(asked, orders, order),
        items=items(asked, name, shown),
        start=start + 1,
        span=say("explore.span", first=start + 1, last=start + len(shown), count=count).text(lang)
        if count > _A_PAGE
        else "",
        before=address(asked, page=str(current - 1)) if current > 1 else "",
        after=address(asked, page=str(current + 1)) if current < pages else "",
        facets=tuple(each for each in facets if each.choices),
        years=_form(asked, problem) if name in DATED else None,
        cut=say("explore.cut", most=MOST).text(lang) if count > MOST else "",
    )
    return Shown(
        "list",
        view,
        title if not labels else say("explore.titled", title=title, chosen=listing).text(lang),
        description=view.sentence,
        place="explore",
        trail=(Link(say("web.explore").text(lang), asked.to.to("/explore")),),
        status=400 if problem else 200,
        indexed=not labels
        and current == 1
        and (name != "person" or asked.graph.project.people_indexed),
    )


def _orders(asked: Asked, orders: Sequence[str], order: str) -> tuple[Link, ...]:
    words = {
        "newest": say("explore.newest"),
        "oldest": say("explore.oldest"),
        "name": say("explore.by-name"),
    }
    if len(orders) == 1:
        return ()
    return tuple(
        Link(
            words[each].text(asked.lang),
            "" if each == order else address(asked, sort=each, page=None),
        )
        for each in orders
    )


def _form(asked: Asked, problem: str) -> Years:
    gone = ("from", "to", "date", "page")
    along = tuple((k, v) for k, v in asked.values.items() if k not in gone and v)
    if asked.to.lang:
        along = (*(item for item in along if item[0] != "lang"), ("lang", asked.to.lang))
    first, last = (asked.values.get(key, "")[:40] for key in ("from", "to"))
    return Years(first, last, along, asked.path, problem)


def _comment(asked: Asked, iri: str) -> str:
    texts = {
        text.language: text.value
        for (text,) in asked.rows(f"SELECT ?t WHERE {{ <{iri}> <{RDFS}comment> ?t }}")
        if isinstance(text, Literal)
    }
    return texts.get(asked.lang, "")
