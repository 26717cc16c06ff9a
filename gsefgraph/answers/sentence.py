"""The sentence before a table: what an answer says in one line, with its number.

The texts stand in the headers of stored queries, whole for each language and number; here are put
the names of things, dates and numbers in their places, as each language writes them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from gsefgraph.answers.dates import words
from gsefgraph.queries.sentence import fill
from gsefgraph.wording import is_one, say, spoken

if TYPE_CHECKING:
    from gsefgraph.answers.rows import Row
    from gsefgraph.queries.catalogue import StoredQuery
    from gsefgraph.queries.parameters import BoundTerm

_LANGUAGES = ("en", "fr", "es", "ko", "pt", "de", "it")


def counted(query: StoredQuery, columns: Sequence[str], rows: Sequence[Row]) -> int:
    """The number of a table: of its rows, or of the distinct values of what the query counts.

    >>> from gsefgraph.project import find
    >>> from gsefgraph.queries.catalogue import of_project
    >>> query, one, two = of_project(find())["speakers"], NamedNode("u:1"), NamedNode("u:2")
    >>> counted(query, ["session", "speaker"], [(one, two), (two, two)])
    1
    """
    if not query.count:
        return len(rows)
    places = [columns.index(name) for name in query.count]
    values = {tuple(row[place] for place in places) for row in rows}
    return sum(any(term is not None for term in value) for value in values)


def told(
    query: StoredQuery,
    values: Mapping[str, BoundTerm],
    found: int | bool,
    lang: str,
    named: Callable[[NamedNode], str],
) -> str:
    """The sentence of an answer; empty where the query has none in any language that will do.

    Parameters:
        query: what was asked.
        values: what its parameters were bound to.
        found: the number of the table, or a truth value.
        lang: the language wanted; where the query does not have it, English.
        named: what a thing is called.

    >>> from gsefgraph.project import find
    >>> from gsefgraph.queries.catalogue import of_project
    >>> query = of_project(find())["events-by-goal"]
    >>> told(query, query.terms({"goal": 8}), 3, "fr", lambda node: "Travail décent")
    '3 événements servent l’objectif 8, Travail décent.'
    """
    language = next((one for one in (lang, lang[:2], "en") if one in query.answer), None)
    if language is None:
        return ""
    if isinstance(found, bool):
        form = "yes" if found else "no"
    else:
        form = "none" if not found else "one" if is_one(found, language) else "other"
    types = {item.name: item.type for item in query.parameters}
    written = {
        name: _goal(query.names.goal_code(term.value), language, named(term))
        if isinstance(term, NamedNode)
        else _literal(term.value, types[name], language)
        for name, term in values.items()
    }
    return fill(query.answer[language][form], {**written, "count": _number(int(found), language)})


def _goal(code: str, language: str, name: str) -> str:
    """A goal or target by number and name; of anything else, which has no number, the name."""
    if not code:
        return name
    if "." not in code:
        return say("told.goal", code=code, name=name).text(language)
    if code in name:  # it has no name of its own
        return say("told.target-alone", code=code).text(language)
    return say("told.target", code=code, name=name).text(language)


def _literal(text: str, kind: str, language: str) -> str:
    if kind == "date":
        return words(text, lang=language)
    if kind == "integer":
        return _number(int(text), language)
    if kind == "language" and text in _LANGUAGES:
        return say(f"language.{text}").text(language)
    return text


def _number(value: int, language: str) -> str:
    return format(spoken(value, language), ",")
