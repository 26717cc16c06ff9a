"""Values that matched things have for properties, and which properties these are (section 7)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from gsefgraph.terms import XSD, Term
from gsefgraph.web.protocol.reconciliation.entities import known
from gsefgraph.web.protocol.reconciliation.reading import CONTENTS, Column, number
from gsefgraph.web.protocol.reconciliation.terms import Terms
from gsefgraph.web.protocol.reconciliation.values import FRACTIONS, WHOLE, Said, said
from gsefgraph.web.protocol.refused import Refused
from gsefgraph.web.shown import Asked
from gsefgraph.wording import say

_VALUES: Final = 50_000  # of all things in one answer
_DAY: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})?")
_PROPOSED: Final = 500


def settings(lang: str) -> list[dict[str, Any]]:
    """What may be said of each property that is asked for (section 7.1), for a form.

    >>> [(one["name"], one["type"], one["default"]) for one in settings("fr")]
    [('limit', 'number', 0), ('content', 'select', 'entity')]
    """
    return [
        {
            "name": "limit",
            "label": say("reconcile.limit").text(lang),
            "type": "number",
            "default": 0,
            "help_text": say("reconcile.limit-help").text(lang),
        },
        {
            "name": "content",
            "label": say("reconcile.content").text(lang),
            "type": "select",
            "default": "entity",
            "help_text": say("reconcile.content-help").text(lang),
            "choices": [
                {"value": value, "name": name.text(lang)} for value, name in CONTENTS.items()
            ],
        },
    ]


def proposed(asked: Asked, terms: Terms) -> dict[str, Any]:
    """The properties of things of ``?type=``, of any where that is empty (section 7.2).

    Errors:
        Refused: no such class, or no such number.
    """
    kind, most = asked.values.get("type", ""), asked.values.get("limit")
    limit = _PROPOSED if most is None else number(most, "limit", 1, _PROPOSED)
    found = terms.of(terms.kind(kind) if kind else "")[:limit]
    told = {"properties": [terms.named(iri) for iri in found], "type": kind}
    return told if most is None else {**told, "limit": limit}


def extended(
    asked: Asked, terms: Terms, ids: Sequence[str], columns: Sequence[Column]
) -> dict[str, Any]:
    """The values that things have for some properties (section 7.4).

    What does not exist has none: other rows of a sheet do not wait for it.

    Errors:
        Refused: too many values.

    >>> from gsefgraph.graph.graph import Graph
    >>> from gsefgraph.web.addresses import Addresses
    >>> graph = Graph.open()
    >>> asked = Asked(graph, "en", Addresses(graph.names))
    >>> terms = Terms(asked)
    >>> wanted = [Column(name, terms.property(name)) for name in ("place", "startDate")]
    >>> extended(asked, terms, ["event/habitat-iii"], wanted)["rows"]["event/habitat-iii"]
    {'place': [{'id': 'place/quito', 'name': 'Quito'}], 'startDate': [{'date': '2016-10-17T00:00:00Z'}]}
    """  # noqa: E501
    things = {name: known(asked, name) for name in ids}
    found = said(asked.graph.engine, things.values(), [column.iri for column in columns], _VALUES)
    if sum(map(len, found.values())) >= _VALUES:
        raise Refused(413, say("reconcile.many-values", most=_VALUES))
    others = {t.value for terms in found.values() for t in terms if isinstance(t, NamedNode)}
    names = asked.graph.resolver.labels(sorted(others), asked.lang)
    return {
        "meta": [_meta(terms, column) for column in columns],
        "rows": {
            name: {column.id: _cells(asked, found, iri, column, names) for column in columns}
            for name, iri in things.items()
        },
    }


def _meta(terms: Terms, column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {"id": column.id, "name": terms.label(column.iri)}
    kinds = [iri for iri in terms.words.ranges(column.iri) if iri in terms.words.classes]
    if len(kinds) == 1 and column.content == "entity":
        told["type"] = terms.named(kinds[0])
    return told


def _cells(
    asked: Asked, found: Said, iri: str, column: Column, names: dict[str, str]
) -> list[dict[str, Any]]:
    terms = _in_language(found.get((iri, column.iri), ()), asked.lang)
    terms = terms[: column.limit] if column.limit else terms
    return [_cell(asked, term, column, names) for term in terms]


def _in_language(terms: Sequence[Term], lang: str) -> Sequence[Term]:
    """Of texts in several languages those in one: that which is asked for, else one that many
    read."""

    def tag(term: Term) -> str:
        language = term.language if isinstance(term, Literal) else None
        return (language or "").partition("-")[0]

    there = sorted({*map(tag, terms)} - {""})
    best = next((each for each in (lang, "en", "fr", *there) if each in there), "")
    return [term for term in terms if tag(term) in ("", best)]


def _cell(asked: Asked, term: Term, column: Column, names: dict[str, str]) -> dict[str, Any]:
    """A value as one of those that a cell may have."""
    if isinstance(term, NamedNode):
        name = names[term.value]
        if name == asked.graph.names.compact(term.value):  # nothing that could be matched
            return {"str": term.value}
        told = {"id": asked.to.id(term.value), "name": name}
        return told if column.content == "entity" else {"str": told[column.content]}
    if not isinstance(term, Literal):
        return {"str": str(term)}
    kind = term.datatype.value
    if kind in WHOLE:
        return {"int": int(term.value)}
    if kind in FRACTIONS and (value := float(term.value)) - value == 0:  # neither INF nor NaN
        return {"float": value}
    # Of a year or a month nobody knows the day: it stays as it is written.
    if kind == f"{XSD}date" and (day := _DAY.fullmatch(term.value)):
        return {"date": f"{day[1]}T00:00:00{day[2] or 'Z'}"}
    return {"str": term.value}
