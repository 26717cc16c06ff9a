"""What strangers send: a batch of queries, or things and the properties that are wanted of them.

What is wrong with one query is answered for the batch, since a batch has one status (section 3.4).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn, TypeAlias

from pyoxigraph import NamedNode

from gsefgraph.records.candidates import LONGEST, MOST
from gsefgraph.terms import is_iri
from gsefgraph.web.addresses import Addresses
from gsefgraph.web.protocol.reconciliation.terms import Terms
from gsefgraph.web.protocol.refused import Refused
from gsefgraph.wording import Wording, say, visible

BATCH: Final = 50
"""Queries of a batch, and"""
THINGS: Final = 500
"""things of a question for their properties."""
_PROPERTIES: Final = 50  # of a query, or of such a question
_VALUES: Final = 20  # of a property in a query
_KINDS: Final = 5  # classes of a query
_USUAL: Final = 5  # candidates, where a query does not say how many
_STRICT: Final = ("any", "should", "all")
CONTENTS: Final[Mapping[str, Wording]] = {
    "entity": say("reconcile.as-entity"),
    "name": say("reconcile.as-name"),
    "id": say("reconcile.as-id"),
}
"""How a value that is a thing may be given."""
Value: TypeAlias = "str | int | float | NamedNode"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A property that a thing should have.

    Attributes:
        id, iri: the property.
        values: any of these will do.
    """

    id: str
    iri: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for (section 4.1).

    Attributes:
        text: a name; empty where only properties are given.
        kinds: IRIs of classes; every: whether it must belong to all of them.
        limit: candidates at most.
        wanted: what it should have.
    """

    text: str
    kinds: tuple[str, ...] = ()
    every: bool = False
    limit: int = _USUAL
    wanted: tuple[Wanted, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A property whose values are wanted (section 7.4).

    Attributes:
        id, iri: the property.
        limit: values of each thing at most; 0 for all of them.
        content: one of `CONTENTS`.
    """

    id: str
    iri: str
    limit: int = 0
    content: str = "entity"


def batch(text: str, terms: Terms, to: Addresses) -> dict[str, Query]:
    """The queries of a batch, by their names.

    Parameters:
        text: JSON (section 4.1).

    Errors:
        Refused: it is no such batch, or too large.

    >>> from gsefgraph.graph.graph import Graph
    >>> from gsefgraph.web.shown import Asked
    >>> graph = Graph.open()
    >>> to = Addresses(graph.names)
    >>> batch('{"q0": {"query": "OCDE", "limit": 3}}', Terms(Asked(graph, "en", to)), to)
    {'q0': Query(text='OCDE', kinds=(), every=False, limit=3, wanted=())}
    """
    sent = _object(_json(text, "queries"), "queries", say("reconcile.batch"))
    if len(sent) > BATCH:
        raise Refused(413, say("reconcile.many", count=len(sent), most=BATCH))
    return {name: _query(name, query, terms, to) for name, query in sent.items()}


def columns(text: str, terms: Terms) -> tuple[list[str], list[Column]]:
    """Ids of things, and the properties that are wanted of them.

    Parameters:
        text: JSON (section 7.3).

    Errors:
        Refused: it is no such thing, or too large.
    """
    sent = _object(_json(text, "extend"), "extend", say("reconcile.extend"))
    ids = _list(sent.get("ids"), "ids", THINGS, say("reconcile.ids"))
    for one in ids:
        _text(one, "ids")
    wanted = _list(sent.get("properties"), "properties", _PROPERTIES, say("reconcile.columns"))
    return list(dict.fromkeys(ids)), [_column(one, terms) for one in wanted]


def number(text: str, place: str, least: int, most: int) -> int:
    """A whole number of an address.

    Errors:
        Refused: it is none, or out of bounds.

    >>> number("7", "cursor", 0, 100)
    7
    """
    found = int(text) if text.isdecimal() and text.isascii() and len(text) < 9 else least - 1
    if not least <= found <= most:
        _wrong(place, text, say("reconcile.whole", least=least))
    return found


def _query(name: str, sent: object, terms: Terms, to: Addresses) -> Query:
    place = visible(name[:40])
    told = _object(sent, place, say("reconcile.query"))
    text, limit = told.get("query"), told.get("limit", _USUAL)
    if "query" in told:
        _text(text, f"{place}.query")
    if type(limit) is not int or limit < 1:
        _wrong(f"{place}.limit", limit, say("reconcile.whole", least=1))
    strict = told.get("type_strict", "any")
    if strict not in _STRICT:
        _wrong(f"{place}.type_strict", strict, say("names.one-of", names=_STRICT))
    wanted = _list(
        told.get("properties", []), f"{place}.properties", _PROPERTIES, say("reconcile.properties")
    )
    if not wanted and "query" not in told:
        _wrong(place, sent, say("reconcile.query"))
    return Query(
        text=text or "",
        kinds=tuple(terms.kind(kind) for kind in _kinds(told, f"{place}.type")),
        every=strict == "all",
        limit=min(limit, MOST),
        wanted=tuple(_wanted(one, f"{place}.properties", terms, to) for one in wanted),
    )


def _kinds(told: dict[str, Any], place: str) -> list[str]:
    sent = told.get("type", [])
    found = sent if isinstance(sent, list) else [sent]
    found = [kind.get("id") if isinstance(kind, dict) else kind for kind in found]
    for kind in _list(found, place, _KINDS, say("reconcile.types")):
        if not isinstance(kind, str):
            _wrong(place, kind, say("reconcile.types"))
    return list(dict.fromkeys(found))


def _wanted(sent: object, place: str, terms: Terms, to: Addresses) -> Wanted:
    told = _object(sent, place, say("reconcile.properties"))
    name = told.get("pid")
    if not isinstance(name, str):
        _wrong(f"{place}.pid", name, say("reconcile.properties"))
    given = told.get("v")
    values = given if isinstance(given, list) else [given]
    found = _list(values, f"{place}.v", _VALUES, say("reconcile.value-of"))
    return Wanted(name, terms.property(name), tuple(_value(one, f"{place}.v", to) for one in found))


def _value(sent: object, place: str, to: Addresses) -> Value:
    if isinstance(sent, dict) and isinstance(sent.get("id"), str):
        iri = to.thing(sent["id"])
        return NamedNode(iri) if is_iri(iri) else sent["id"]
    if isinstance(sent, str):
        return sent[:LONGEST]
    if not isinstance(sent, int | float):
        _wrong(place, sent, say("reconcile.value-of"))
    return str(sent).lower() if isinstance(sent, bool) else sent


def _column(sent: object, terms: Terms) -> Column:
    told = _object(sent, "properties", say("reconcile.columns"))
    name = told.get("id")
    if not isinstance(name, str):
        _wrong("properties.id", name, say("reconcile.columns"))
    settings = _object(told.get("settings") or {}, f"{name[:40]}.settings", say("reconcile.object"))
    limit, content = settings.get("limit") or 0, settings.get("content") or "entity"
    if not isinstance(content, str) or content not in CONTENTS:
        _wrong(f"{name[:40]}.content", content, say("names.one-of", names=[*CONTENTS]))
    # What is typed into the field of a form comes as text.
    if type(limit) is not int or limit < 0:
        limit = number(str(limit), f"{name[:40]}.limit", 0, 10**9)
    return Column(name, terms.property(name), limit, content)


def _json(text: str, field: str) -> object:
    try:
        found: object = json.loads(text, parse_constant=_constant)
        json.dumps(found, ensure_ascii=False).encode()
    except json.JSONDecodeError as problem:
        line, column = problem.lineno, problem.colno
        told = say("reconcile.no-json", field=field, line=line, column=column)
        raise Refused(400, told) from None
    except (ValueError, RecursionError):
        raise Refused(400, say("reconcile.odd-json", field=field)) from None
    return found


def _constant(name: str) -> NoReturn:
    raise ValueError(name)


def _object(sent: object, place: str, wanted: Wording) -> dict[str, Any]:
    if not isinstance(sent, dict):
        _wrong(place, sent, wanted)
    return sent


def _list(sent: object, place: str, most: int, wanted: Wording) -> list[Any]:
    if not isinstance(sent, list):
        _wrong(place, sent, wanted)
    if len(sent) > most:
        raise Refused(413, say("reconcile.too-many", place=place, count=len(sent), most=most))
    return sent


def _text(sent: object, place: str) -> None:
    if not isinstance(sent, str) or not 0 < len(sent) <= LONGEST:
        _wrong(place, sent, say("reconcile.text", most=LONGEST))


def _wrong(place: str, value: object, wanted: Wording) -> NoReturn:
    shown = json.dumps(value, ensure_ascii=False)
    shown = visible(shown if len(shown) <= 80 else f"{shown[:79]}…")
    raise Refused(400, say("reconcile.wrong", place=place, value=shown), hint=wanted)
