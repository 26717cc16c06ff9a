"""The form of a stored query: a field for each parameter, and what was given in it.

The parameter ``lang`` is the language of the page and has no field; the names in `RESERVED` are the
site's own. What cannot be taken stays in its field as it was typed, with what would be right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from pyoxigraph import NamedNode

from gsefgraph.errors import AmbiguousName, GsefgraphError, UnknownName
from gsefgraph.graph import choices
from gsefgraph.graph.choices import LISTED, Choice
from gsefgraph.queries.catalogue import Parameter, StoredQuery
from gsefgraph.queries.parameters import BoundTerm, goal_iri
from gsefgraph.terms import fold
from gsefgraph.web.shown import Asked, Link
from gsefgraph.wording import Wording, say, visible

RESERVED: Final = frozenset({"lang", "format", "page", "limit", "evidence", "sort"})
"""Names in an address that are the site's."""
_OFFERED: Final = 200  # names that a field offers without a script
_UNHURRIED: Final = 60.0  # seconds for the counts of a field, where nobody waits
_NEAR: Final = 3
_LONGEST: Final = 200  # characters of a value that are shown again
_YEAR = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")


@dataclass(frozen=True)
class Option:
    """A value that a field offers; ``shut`` where nothing answers to it."""

    value: str
    text: str
    chosen: bool = False
    shut: bool = False


@dataclass(frozen=True)
class Field:
    """One parameter.

    Attributes:
        name, label, help: of the parameter; ``hint`` is an example, where one must be typed.
        optional: whether it may be left out.
        listed: whether it is chosen from `options`; otherwise they are offered while typing.
        value: what stands in it.
        suggest: where names are asked for while typing; empty where any text will do.
        problem: why its value cannot be taken; ``near`` are values that may be meant.
    """

    name: str
    label: str
    help: str
    hint: str
    optional: bool
    listed: bool
    options: tuple[Option, ...]
    value: str
    suggest: str
    problem: str = ""
    near: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Form:
    """What was given, and the fields that show it.

    Attributes:
        values: parameter -> value that the query is asked with, examples included; none where a
            value cannot be taken or is missing.
        terms: the same as RDF terms.
        example: whether nothing was given, and the values are examples.
        told: label and value of each parameter in words.
        others: for a parameter, the values with most answers.
        backwards: that a period ends before it begins; empty where none does.
    """

    fields: tuple[Field, ...]
    values: Mapping[str, str]
    terms: Mapping[str, BoundTerm]
    example: bool
    faulty: bool
    told: tuple[tuple[str, str], ...]
    others: tuple[Link, ...]
    backwards: str


def given(asked: Asked, query: StoredQuery) -> dict[str, str]:
    """What a request gives of the parameters of a query that have a field."""
    return {
        item.name: asked.values[item.name].strip()
        for item in query.parameters
        if item.name != "lang" and asked.values.get(item.name, "").strip()
    }


def read(asked: Asked, query: StoredQuery) -> Form:
    """The form of a query with the values of a request."""
    shown = [item for item in query.parameters if item.name != "lang"]
    values = given(asked, query)
    example = not values and not any(item.name in asked.values for item in shown)
    if example:
        values = examples(query)
    problems: dict[str, tuple[Wording, tuple[str, ...]]] = {}
    terms: dict[str, BoundTerm] = {}
    for item in shown:
        value = values.get(item.name) or item.default
        if value is None:
            if not item.optional and not example:
                problems[item.name] = say("question.missing"), ()
            continue
        try:
            terms[item.name] = item.term(value, asked.graph.names, asked.graph.resolver)
        except GsefgraphError as error:
            # The examples of a query need not be in every graph.
            if not example:
                problems[item.name] = _problem(asked, item, value, error)
    missing = any(i.name not in terms and i.required for i in shown)
    bound = {**terms, **_language(asked, query)}
    fields, others = [], []
    for item in shown:
        seconds = _UNHURRIED if asked.offline else choices.SECONDS
        found = choices.counted(asked.graph, query, item, bound, asked.lang, seconds=seconds)
        fields.append(_field(asked, query, item, values, terms, found, problems.get(item.name)))
        most = sorted((one for one in found if one.count), key=lambda one: -(one.count or 0))
        for one in most[:_NEAR] if item.name in values else ():
            href = asked.to.question(query.name, **{**values, item.name: one.value})
            others.append(Link(one.label, href))
    return Form(
        fields=tuple(fields),
        values={} if problems or missing else values,
        terms={} if problems or missing else terms,
        example=example and bool(values),
        faulty=bool(problems),
        told=tuple(_told(asked, shown, values, terms)),
        others=tuple(others),
        backwards=_backwards(asked, shown, terms),
    )


def _backwards(asked: Asked, shown: Sequence[Parameter], terms: Mapping[str, BoundTerm]) -> str:
    days = [item for item in shown if item.type == "date" and item.name in terms]
    for first in (item for item in days if item.bound == "start"):
        for last in (item for item in days if item.bound == "end"):
            if terms[first.name].value > terms[last.name].value:
                labels = {"first": first.called(asked.lang), "last": last.called(asked.lang)}
                return say("question.backwards", **labels).text(asked.lang)
    return ""


def examples(query: StoredQuery) -> dict[str, str]:
    """What a query is asked with where nothing is given: the examples of what it must be given."""
    return {
        item.name: item.example
        for item in query.parameters
        if item.name != "lang" and item.example and item.required
    }


def _language(asked: Asked, query: StoredQuery) -> Mapping[str, BoundTerm]:
    return {
        item.name: item.term(asked.lang, asked.graph.names)
        for item in query.parameters
        if item.name == "lang" and item.type == "language"
    }


def _told(
    asked: Asked,
    shown: Sequence[Parameter],
    given: Mapping[str, str],
    terms: Mapping[str, BoundTerm],
) -> Iterator[tuple[str, str]]:
    for item in shown:
        if item.name in given and item.name in terms:
            yield item.called(asked.lang), _named(asked, item, terms[item.name], given[item.name])


def _named(asked: Asked, item: Parameter, term: BoundTerm, typed: str) -> str:
    """What a value is called: a goal by number and name, another thing by name."""
    if not isinstance(term, NamedNode):
        return typed
    label = asked.label(term.value)
    code = asked.graph.names.goal_code(term.value) if item.type == "goal" else ""
    alone = not code or code in label
    return label if alone else say("question.goal", code=code, name=label).text(asked.lang)


def _field(
    asked: Asked,
    query: StoredQuery,
    item: Parameter,
    given: Mapping[str, str],
    terms: Mapping[str, BoundTerm],
    found: Sequence[Choice],
    problem: tuple[Wording, tuple[str, ...]] | None,
) -> Field:
    lang, typed = asked.lang, given.get(item.name, item.default or "")[:_LONGEST]
    term = terms.get(item.name)
    listed = 0 < len(found) <= LISTED and not (problem and typed)
    options = [_option(one, one.term == term, lang) for one in found[:_OFFERED]]
    if listed and term is not None and not any(option.chosen for option in options):
        options.insert(0, Option(typed, _named(asked, item, term, typed), True))
    names = item.type in ("iri", "goal") and not item.choices
    if not listed and isinstance(term, NamedNode):
        typed = _name_or(asked, item, term, typed)
    near: tuple[Link, ...] = ()
    if problem:
        near = tuple(
            Link(
                _near_name(found, value),
                asked.to.question(query.name, **{**given, item.name: value}),
            )
            for value in problem[1]
        )
    hint = ""
    if not listed and item.example:
        example = _example(asked, item, item.example, found)
        hint = say("question.for-example", example=example).text(lang)
    within = asked.graph.names.compact(item.kind) if item.kind else None
    return Field(
        name=item.name,
        label=item.called(lang),
        help=item.explained(lang),
        hint=hint,
        optional=not item.required,
        listed=listed,
        options=tuple(options),
        value=typed,
        suggest=asked.to.to("/api/suggest", class_=within or "") if names and not listed else "",
        problem=problem[0].text(lang) if problem else "",
        near=near,
    )


def _option(one: Choice, chosen: bool, lang: str) -> Option:
    if one.count is None:
        return Option(one.value, one.label, chosen)
    text = say("question.counted", name=one.label, count=one.count).text(lang)
    return Option(one.value, text, chosen, shut=not one.count and not chosen)


def _name_or(asked: Asked, item: Parameter, term: NamedNode, typed: str) -> str:
    """The name of a thing where it leads back to that thing, else what was typed."""
    label = asked.label(term.value)
    try:
        same = asked.graph.resolver.resolve(label, kind=item.kind, scheme=item.scheme) == term
    except GsefgraphError:
        return typed
    return label if same else typed


def _example(asked: Asked, item: Parameter, example: str, found: Sequence[Choice]) -> str:
    """An example as it can be typed: by name, where it is a thing of this graph."""
    label = _near_name(found, example)
    if label != example or item.type != "iri" or item.choices:
        return label
    try:
        term = asked.graph.resolver.resolve(example, kind=item.kind, scheme=item.scheme)
    except GsefgraphError:
        return example
    return _name_or(asked, item, term, example)


def _near_name(found: Sequence[Choice], value: str) -> str:
    return next((one.label for one in found if one.value == value), value)


def _problem(
    asked: Asked, item: Parameter, value: str, error: GsefgraphError
) -> tuple[Wording, tuple[str, ...]]:
    """Why a value cannot be taken, and the values that may be meant."""
    shown = visible(value[:_LONGEST])
    if item.type == "date":
        return say("question.no-date", value=shown), tuple(_YEAR.findall(shown)[:1])
    if item.type == "integer":
        return say("question.no-number", value=shown), ()
    if item.type == "language":
        return say("question.no-language", value=shown), ()
    if item.type == "text" and not item.choices:
        return say("question.no-text", value=shown), ()
    near = tuple(_near(asked, item, value))
    if item.type == "goal":
        return say("question.no-goal", value=shown), near
    if isinstance(error, AmbiguousName):
        return say("question.several", value=shown), near
    if item.choices or not isinstance(error, UnknownName):
        return say("question.no-choice", value=shown), near
    if item.kind:
        return say("question.no-thing", value=shown, kind=item.called(asked.lang)), near
    return say("question.unknown", value=shown), near


def _near(asked: Asked, item: Parameter, value: str) -> Iterator[str]:
    graph, text = asked.graph, value.strip()[:_LONGEST]
    found = choices.values(graph, item, asked.lang)
    if item.type == "goal":
        digits = re.sub(r"[^0-9.]", "", text)[:8]
        codes = [one.value for one in found]
        whole = [digits[:1], digits[:2], digits.partition(".")[0]]
        near = [one for one in whole if one in codes] + get_close_matches(digits, codes, 3, 0.5)
        if near:
            yield from [code for code in dict.fromkeys(near) if goal_iri(code, graph.names)][:_NEAR]
            return
    values = {one.term: one.value for one in found}
    hits = [hit.iri for hit in graph.resolver.search(text, asked.lang, 50)]
    fits = [values[iri] for iri in hits if iri in values]
    if not values and item.kind is None:
        fits = [graph.names.compact(iri.value) for iri in hits]
    if not fits:
        names = {fold(one.label): one.value for one in found}
        fits = [names[name] for name in get_close_matches(fold(text), names, _NEAR, 0.5)]
    yield from fits[:_NEAR]
