"""Search: things by name, topics, passages by their words; and suggestions while typing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from gsefgraph.evidence import Passage, passages
from gsefgraph.records.resolve import Found
from gsefgraph.terms import GSEF, fold
from gsefgraph.web.shown import Asked, File, Link, Shown
from gsefgraph.wording import say

_MOST = 50
_QUOTED = 20
_SUGGESTED, _LEAST = 8, 2  # names, for so many letters


@dataclass(frozen=True)
class Hit:
    """One thing that was found: its link, what it is, the other name that it was found by."""

    link: Link
    kind: str
    name: str = ""


@dataclass(frozen=True)
class Results:
    """What the template of a search receives.

    Attributes:
        asked: the text; empty where nothing was asked yet.
        sentence: what was found, with the number.
        things, topics: found by name; passages: by the words of their quotes.
    """

    asked: str
    sentence: str = ""
    things: tuple[Hit, ...] = ()
    topics: tuple[Hit, ...] = ()
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Everything:
    """What the template of a search without a server receives.

    Attributes:
        letters: all that has a name, by first letter; count: how much that is.
        heading: of what was found, ``%s`` in the place of what was asked.
        none: told where nothing is found.
    """

    letters: tuple[tuple[str, tuple[Hit, ...]], ...]
    count: int
    heading: str
    none: str


def everything(asked: Asked, hits: Sequence[Hit]) -> Shown:
    """A search without a server: all that has a name, of which a script shows what is asked for.

    Parameters:
        hits: sorted by name.
    """
    letters = groupby(hits, lambda hit: _letter(hit.link.text))
    view = Everything(
        letters=tuple((letter, tuple(found)) for letter, found in letters),
        count=len(hits),
        heading=say("web.searched", text="%s").text(asked.lang),
        none=say("web.found", count=0, text="%s").text(asked.lang),
    )
    return Shown("everything", view, say("web.search").text(asked.lang), indexed=False)


def _letter(text: str) -> str:
    first = fold(text)[:1].upper()
    return first if first.isalpha() else "#"


def page(asked: Asked) -> Shown:
    """What is found for ``?q=``."""
    text = asked.values.get("q", "").strip()[:200]
    title = say("web.search").text(asked.lang)
    if not text:
        return Shown("search", Results(""), title, indexed=False)
    found = asked.graph.resolver.search(text, asked.lang, _MOST)
    nodes = asked.graph.resolver.passages(text, _QUOTED)
    quoted = passages(asked.graph.engine, nodes)
    topics = tuple(hit for hit in found if hit.kind and hit.kind.value == f"{GSEF}Topic")
    things = tuple(hit for hit in found if hit not in topics)
    near = bool(found) and found[0].near
    key = "web.near-only" if near else "web.found"
    if near and nodes:
        found, topics, things, near, key = [], (), (), False, "web.found"
    view = Results(
        asked=text,
        sentence=say(key, count=len(found), text=text).text(asked.lang),
        things=_hits(asked, things),
        topics=_hits(asked, topics),
        passages=tuple(quoted[node][0] for node in nodes if quoted[node]),
    )
    heading = say("web.searched", text=text).text(asked.lang)
    return Shown("search", view, heading, indexed=False)


def suggest(asked: Asked) -> File:
    """Up to eight names that begin with ``?q=``, of things of ``?class=`` where that is given, as
    JSON: label, kind, other name, address."""
    text = asked.values.get("q", "").strip()[:200]
    names, of = asked.graph.names, asked.values.get("class") or None
    kind = names.expand(of) if of else None
    found = asked.graph.resolver.suggest(text, asked.lang, _SUGGESTED, kind=kind)
    if len(text) < _LEAST:
        found = []
    entries = [
        {"label": hit.link.text, "kind": hit.kind, "name": hit.name, "href": hit.link.href}
        for hit in _hits(asked, tuple(found))
    ]
    body = json.dumps(entries, ensure_ascii=False).encode()
    return File(body, "application/json")


def _hits(asked: Asked, found: tuple[Found, ...]) -> tuple[Hit, ...]:
    return tuple(
        Hit(
            Link(hit.label, asked.to.page(hit.iri.value)),
            asked.label(hit.kind.value) if hit.kind else "",
            hit.name,
        )
        for hit in found
    )
