"""Facets: what a list of things can be made shorter by, with counts that SPARQL gives.

A facet is a way from a thing to a value; its counts are of things that have all else that is
chosen. What has no value there is counted too, and reached by the value ``-``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from gsefgraph.graph.words import Ref
from gsefgraph.rdf.turtle import natural
from gsefgraph.terms import FOREIGN, GSEF, SKOS, fold
from gsefgraph.web.shown import Asked, integer
from gsefgraph.wording import say

NONE: Final = "-"
"""The value of a facet that stands for having none."""

MOST: Final = 20_000  # things that are put in order
_VALUES: Final = 40  # of a facet
_SLUG = re.compile(r"[a-z0-9]+(?:[.-]+[a-z0-9]+)*\Z")
_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?\Z")
_SDGO: Final = FOREIGN["sdgo"]
_COUNTRY: Final = f"?v <{GSEF}kind> $country ."
DATED: Final = {
    "event": f"?s <{GSEF}earliest> ?a ; <{GSEF}latest> ?b .",
    "document": f"?s <{GSEF}issued>|<{GSEF}adoptedOn> ?a . BIND (?a AS ?b)",
}
NAMED: Final = f'?s <{SKOS}prefLabel> ?l FILTER (LANGMATCHES(LANG(?l), "$lang"))'


@dataclass(frozen=True)
class Way:
    """A facet: its name in the address, what it is called, the kind of its values' IRIs, the way
    from ``?s`` to ``?v``, and what it is to have none.
    """

    name: str
    title: str
    kind: str
    way: str
    none: str


_KIND: Final = Way("kind", "explore.kind", "kind", f"?s <{GSEF}kind> ?v .", "explore.no-kind")
_TOPIC: Final = Way("topic", "explore.topic", "topic", f"?s <{GSEF}topic> ?v .", "explore.no-topic")


def _in_country(way: str) -> Way:
    return Way(
        "country", "explore.country", "place", f"?s {way} ?v . {_COUNTRY}", "explore.no-country"
    )


FACETS: Final[Mapping[str, tuple[Way, ...]]] = {
    "organisation": (_KIND, _in_country(f"<{GSEF}basedIn>/<{GSEF}within>*")),
    "person": (
        Way(
            "organisation",
            "explore.for",
            "org",
            f"?s <{GSEF}affiliatedWith> ?v .",
            "explore.no-organisation",
        ),
        Way(
            "role",
            "explore.role",
            "role",
            f"?x <{GSEF}agent> ?s ; <{GSEF}role> ?v .",
            "explore.no-role",
        ),
    ),
    "event": (_KIND, _in_country(f"<{GSEF}country>"), _TOPIC),
    "document": (_KIND, _TOPIC),
    "place": (_KIND, _in_country(f"<{GSEF}within>")),
    "topic": (),
    "goal": (),
}


@dataclass(frozen=True)
class Choice:
    """A value of a facet, as a link that chooses it, with its share of the greatest count in %;
    `none` where it stands for having no value.
    """

    ref: Ref
    href: str
    count: int
    share: float = 0.0
    none: bool = False


@dataclass(frozen=True)
class Facet:
    """What a list can be made shorter by.

    Attributes:
        key: anchor; title: heading.
        choices: values with their counts, none zero.
        more: how many values there are beyond those; list: where they are, empty if here.
    """

    key: str
    title: str
    choices: tuple[Choice, ...]
    more: int = 0
    list: str = ""


@dataclass(frozen=True)
class Selection:
    """A class and what is chosen of it, as patterns of SPARQL by the name of the facet."""

    asked: Asked
    name: str
    chosen: Mapping[str, str] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def iri(self) -> str:
        """The class."""
        return f"{_SDGO}Goal" if self.name == "goal" else f"{GSEF}{self.name.capitalize()}"

    def where(self, without: str = "", more: str = "") -> str:
        """The pattern of ``?s``: all that is chosen but one facet, and what is asked for more."""
        others = " ".join(text for name, text in self.chosen.items() if name != without)
        text = f"?s a <{self.iri}> . {others} {more}"
        country = self.asked.graph.names.expand("id-kind:country")
        return text.replace("$country", f"<{country}>").replace("$lang", self.asked.lang)

    def count(self, without: str = "", more: str = "") -> int:
        """How many things there are, with all that is chosen but one facet."""
        pattern = self.where(without, more)
        if pattern not in self._counts:
            text = f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ {pattern} }}"
            self._counts[pattern] = next((integer(n) for (n,) in self.asked.known(text)), 0)
        return self._counts[pattern]

    def lacking(self, without: str, way: str) -> int:
        """How many of them have nothing there: a difference, which is sooner known than asked."""
        return self.count(without) - self.count(without, way)

    def values(self, way: Way) -> list[tuple[str, int]]:
        """The values of a facet with their counts, the most frequent first."""
        pattern = self.where(way.name, way.way)
        found = self.asked.known(
            f"SELECT ?v (COUNT(DISTINCT ?s) AS ?n) WHERE {{ {pattern} }} GROUP BY ?v "
            f"ORDER BY DESC(?n) ?v LIMIT {MOST}",
        )
        return [
            (value.value, integer(count)) for value, count in found if isinstance(value, NamedNode)
        ]

    def years(self) -> list[tuple[int, int]]:
        """The years of things with dates, newest first; one of several years counts in each."""
        if self.name not in DATED:
            return []
        found = self.asked.known(
            "SELECT ?y ?z (COUNT(DISTINCT ?s) AS ?n) WHERE { "
            f"{self.where('date', DATED[self.name])} BIND (SUBSTR(STR(?a), 1, 4) AS ?y) "
            "BIND (SUBSTR(STR(?b), 1, 4) AS ?z) } GROUP BY ?y ?z",
        )
        counts: dict[int, int] = {}
        for first, last, count in found:
            years = [
                int(y.value) for y in (first, last) if isinstance(y, Literal) and y.value.isdigit()
            ]
            for year in range(years[0], min(years[-1], years[0] + 99) + 1) if years else ():
                counts[year] = counts.get(year, 0) + integer(count)
        return sorted(counts.items(), reverse=True)

    def groups(self, order: str) -> tuple[tuple[str, ...], ...]:
        """The things of a list in its order, as far as they can be put in it: those of one day
        together, those without a date at the end. Within a group `sorted` has their order.
        """
        dated = DATED.get(self.name) if order != "name" else None
        optional = f"OPTIONAL {{ {dated} }}" if dated else "BIND (?s AS ?a)"
        found = self.asked.known(
            f"SELECT ?s (MIN(STR(?a)) AS ?d) WHERE {{ {{ SELECT DISTINCT ?s WHERE {{ "
            f"{self.where()} }} LIMIT {MOST} }} {optional} }} GROUP BY ?s"
        )
        days: dict[str, list[str]] = {}
        for thing, day in found:
            if isinstance(thing, NamedNode):
                known = day.value if dated and isinstance(day, Literal) else ""
                days.setdefault(known, []).append(thing.value)
        undated = days.pop("", [])
        groups = [days[day] for day in sorted(days, reverse=order == "newest")]
        return tuple(map(tuple, (*groups, undated)))

    def sorted(self, things: Sequence[str]) -> list[str]:
        """Things of a group by name; goals by number."""
        if self.name == "goal":
            return sorted(things, key=natural)
        labels = self.asked.graph.resolver.labels(things, self.asked.lang)
        return sorted(things, key=lambda iri: (natural(fold(labels[iri])), iri))

    def ordered(self, order: str, start: int, size: int) -> list[str]:
        """Some of the things of a list: only names of those beside them are read."""
        found: list[str] = []
        at = 0
        for group in self.groups(order):
            if at < start + size and at + len(group) > start:
                first = max(start - at, 0)
                found += self.sorted(group)[first : first + size - len(found)]
            at += len(group)
        return found


def choose(
    asked: Asked, name: str, ways: Mapping[str, Way]
) -> tuple[Selection, dict[tuple[str, ...], str], str]:
    """What the address chooses: patterns, what to call them by their keys, and what is wrong."""
    patterns: dict[str, str] = {}
    labels: dict[tuple[str, ...], str] = {}
    lang, values = asked.lang, asked.values
    for key, way in ways.items():
        value = values.get(key, "")
        if value == NONE:
            # The variable of the counts is another one.
            patterns[key] = f"FILTER NOT EXISTS {{ {way.way} }}".replace("?v", "?w")
            labels[key, "page"] = say(way.none).text(lang)
        elif value:
            iri = _iri(asked, way, value)
            patterns[key] = way.way.replace("?v", f"<{iri}>")
            labels[key, "page"] = asked.label(iri)
    if values.get("name") == NONE:
        patterns["name"] = f"FILTER NOT EXISTS {{ {NAMED} }}"
        labels["name", "page"] = say("explore.no-name").text(lang)
    problem = ""
    if name in DATED:
        first, last = (values.get(key, "").strip() for key in ("from", "to"))
        wrong = [value for value in (first, last) if value and not _DATE.match(value)]
        if values.get("date") == NONE:
            patterns["date"] = f"FILTER NOT EXISTS {{ {DATED[name]} }}"
            labels["date", "page"] = say("explore.no-date").text(lang)
        elif wrong:
            problem = say("explore.no-year", value=wrong[0][:40]).text(lang)
        elif first or last:
            # A year, a month and a day are told apart by how far their texts go.
            since = f'FILTER (STR(?b) >= "{first}") ' if first else ""
            until = f'FILTER (STR(?a) <= "{last}~")' if last else ""
            patterns["date"] = f"{DATED[name]} {since}{until}"
            labels["from", "to", "page"] = _span(first, last, lang)
    return Selection(asked, name, patterns), labels, problem


def _span(first: str, last: str, lang: str) -> str:
    if first == last:
        return first
    if first and last:
        return say("explore.between", first=first, last=last).text(lang)
    return (
        say("explore.since", year=first).text(lang)
        if first
        else say("explore.until", year=last).text(lang)
    )


def _iri(asked: Asked, way: Way, value: str) -> str:
    """The thing that a value of a facet means: the end of its IRI, a name, a code, an IRI."""
    if _SLUG.match(value):
        iri = asked.graph.names.expand(f"id-{way.kind}:{value}")
        if asked.graph.resolver.kind(iri):
            return iri
    return asked.graph.resolver.resolve(value).value


def _value(asked: Asked, way: Way, iri: str) -> str:
    end = iri.removeprefix(asked.graph.names.expand(f"id-{way.kind}:"))
    return end if _SLUG.match(end) else iri


def address(asked: Asked, **changed: str | None) -> str:
    """The address of this list with some values changed; page one goes without saying."""
    values: dict[str, str | None] = {k: v for k, v in asked.values.items() if k != "lang" and v}
    return asked.to.to(asked.path, **(values | changed))


def facet(asking: Selection, way: Way, title: str, most: int = _VALUES) -> Facet:
    """A facet with its values, that which is chosen left out, and how many things have none.

    Parameters:
        asking: what is chosen.
        way: the facet; title: key of its heading.
        most: values that are given.
    """
    asked = asking.asked
    base = f"/explore/{asking.name}"
    here = asked.path == base
    now = asked.values.get(way.name, "") if here else ""
    chosen = _iri(asked, way, now) if now not in ("", NONE) else ""

    def leading(value: str) -> str:
        if here:
            return address(asked, **{way.name: value, "page": None})
        return asked.to.to(base, **{way.name: value})

    found = [(iri, count) for iri, count in asking.values(way) if iri != chosen]
    refs = asked.refs([iri for iri, _ in found[:most]])
    choices = [
        Choice(refs[iri], leading(_value(asked, way, iri)), count) for iri, count in found[:most]
    ]
    choices.sort(key=lambda choice: (-choice.count, natural(fold(choice.ref.label))))
    none = 0 if now == NONE else asking.lacking(way.name, way.way)
    if none:
        ref = Ref("", say(way.none).text(asked.lang))
        choices.append(Choice(ref, leading(NONE), none, none=True))
    return Facet(
        key=way.name,
        title=say(title).text(asked.lang),
        choices=_shared(choices),
        more=max(0, len(found) - most),
        list="" if here else asked.to.to(base) + "#choose",
    )


def yearly(asking: Selection, title: str) -> Facet:
    """The years of a class that has dates, newest first, and how many things are undated."""
    asked = asking.asked
    base = f"/explore/{asking.name}"
    here = asked.path == base
    now = {asked.values.get("from"), asked.values.get("to")} if here else set()

    def leading(**values: str | None) -> str:
        gone = {"from": None, "to": None, "date": None, "page": None} | values
        return address(asked, **gone) if here else asked.to.to(base, **values)

    found = [(str(year), count) for year, count in asking.years() if now != {str(year)}]
    choices = [
        Choice(Ref("", year), leading(**{"from": year, "to": year}), count)
        for year, count in found[:_VALUES]
    ]
    if asking.name in DATED and not (here and asked.values.get("date") == NONE):
        none = asking.lacking("date", DATED[asking.name])
        if none:
            ref = Ref("", say("explore.no-date").text(asked.lang))
            choices.append(Choice(ref, leading(date=NONE), none, none=True))
    more = max(0, len(found) - _VALUES)
    end = "" if here else asked.to.to(base) + "#choose"
    return Facet("year", say(title).text(asked.lang), _shared(choices), more, end)


def _shared(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """Values with their shares of the greatest count."""
    greatest = max((choice.count for choice in choices), default=1)
    return tuple(replace(c, share=round(100 * c.count / greatest, 1)) for c in choices)


def nameless(asking: Selection) -> Facet:
    """How many have no name in the language of the page."""
    asked = asking.asked
    chosen = asked.values.get("name") == NONE
    count = 0 if chosen else asking.lacking("name", NAMED)
    ref = Ref("", say("explore.no-name").text(asked.lang))
    choices = (
        (Choice(ref, address(asked, name=NONE, page=None), count, none=True),) if count else ()
    )
    return Facet("name", say("word.name").text(asked.lang), choices)
