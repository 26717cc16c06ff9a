"""What a stored query asks, for people: its title, its description, its parameters.

>>> from gsefgraph.project import find
>>> from gsefgraph.queries.catalogue import of_project
>>> query = of_project(find())["events-by-goal"]
>>> print(to_text(query, "es").splitlines()[0])
events/events-by-goal: Eventos que apoyan un objetivo
>>> to_json(query, "fr")["parameters"][1]["label"]
'Langue'
"""

from __future__ import annotations

import re
import shlex
from typing import Any

from gsefgraph.queries.catalogue import StoredQuery
from gsefgraph.queries.parameters import Parameter
from gsefgraph.wording import say, spoken

_PLAIN = re.compile(r"[\w@%+=:,./…-]+")
_SHELL = re.compile(r"[\"$`\\!]")  # what means something within double quotes, too


def to_text(query: StoredQuery, lang: str, called: str = "") -> str:
    """The page as text: what is asked, each parameter as it is written, and a call to try.

    Parameters:
        query: the stored query.
        lang: en, fr or es.
        called: the path by which a query is asked that is in no catalogue.
    """
    name = called or query.name
    lines = [f"{query.family}/{name}: " if query.family else f"{name}: "]
    lines[0] += query.titled(lang)
    if told := query.described(lang):
        lines += ["", told]
    if query.parameters:
        lines.append("")
    for item in query.parameters:
        lines.append(_line(item, lang))
        if item.help:
            lines.append(f"      {spoken(item.help, lang)}")
    given = "".join(f" -p {item.name}={word(item.example or '…')}" for item in _needed(query))
    return "\n".join([*lines, "", f"gsefgraph query {word(name)}{given}", ""])


def to_json(query: StoredQuery, lang: str) -> dict[str, Any]:
    """The page as plain values, with the text of the query.

    Parameters: as `to_text`.
    """
    return {
        "family": query.family,
        "name": query.name,
        "title": query.titled(lang),
        "description": query.described(lang),
        "parameters": [
            {"name": p.name, "label": p.called(lang), "takes": p.takes.text(lang)}
            | {"optional": p.optional}
            for p in query.parameters
        ],
        "query": query.text,
    }


def _line(item: Parameter, lang: str) -> str:
    label, colon = item.called(lang), say("word.colon").text(lang)
    optional = f" ({say('cli.optional').text(lang)})" if item.optional else ""
    return f"  -p {item.name}=…  {label}{colon} {item.takes.text(lang)}{optional}"


def _needed(query: StoredQuery) -> list[Parameter]:
    needed = [item for item in query.parameters if item.required]
    return needed or [item for item in query.parameters if item.example][:1]


def word(text: str) -> str:
    """A text as one word of a command line, quoted where it must be.

    >>> word("id-org:gsef"), word("Dakar 2023"), word("$HOME")
    ('id-org:gsef', '"Dakar 2023"', "'$HOME'")
    """
    if _PLAIN.fullmatch(text):
        return text
    return shlex.quote(text) if _SHELL.search(text) else f'"{text}"'
