"""Search: things and questions by name, passages by their words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pyoxigraph import NamedNode

from gsefgraph.engine.names import CAP
from gsefgraph.engine.words import slug
from gsefgraph.evidence import Passage, passages
from gsefgraph.queries.catalogue import StoredQuery
from gsefgraph.records.resolve import Found
from gsefgraph.terms import GSEF, fold
from gsefgraph.web.shown import Asked, Link, Shown, short
from gsefgraph.wording import Wording, say, visible

_NAMES = 250  # things that are looked for, and
_QUOTES = CAP - 1  # passages; there may be one more
_PAGE = 50  # of one kind


@dataclass(frozen=True)
class Hit:
    """One thing that was found: its link, what it is, the other name that it was found by."""

    link: Link
    kind: str
    name: str = ""


@dataclass(frozen=True)
class Group:
    """What was found of one kind.

    Attributes:
        key: of the kind; title: what it is called.
        count: how many there are, in words.
        hits: things, topics or questions; passages: by the words of their quotes.
        span: which of how many these are; empty where all are.
        every: where all of them are, beside the first of other kinds.
        before, after: where those beside these are, if only this kind is shown.
    """

    key: str
    title: str
    count: str
    hits: tuple[Hit, ...] = ()
    passages: tuple[Passage, ...] = ()
    span: str = ""
    every: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Results:
    """What the template of a search receives.

    Attributes:
        asked: the text; empty where nothing was asked yet.
        sentence: how many names were found.
        groups: what was found, by kind; none of them is empty.
        whole: the search for all kinds, where one is shown.
    """

    asked: str
    sentence: str = ""
    groups: tuple[Group, ...] = ()
    whole: str = ""


@dataclass(frozen=True)
class _Kind:
    """A kind of what is found: how many there may be, are shown first; how some are shown."""

    key: str
    title: Wording
    most: int
    first: int
    hits: Callable[[Asked, Sequence[Any]], tuple[Hit, ...]]
    passages: Callable[[Asked, Sequence[Any]], tuple[Passage, ...]] = lambda *_: ()


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
    """What is found for ``?q=``; with ``?part=`` all of one kind, in pages."""
    text = asked.values.get("q", "").strip()[:200]
    lang, resolver = asked.lang, asked.graph.resolver
    if not text:
        return Shown("search", Results(""), say("web.search").text(lang), indexed=False)
    found = resolver.search(text, lang, _NAMES + 1)
    questions = asked.graph.catalogue.search(text, lang)
    nodes = resolver.passages(text, _QUOTES + 1)
    key = "web.near-only" if found and found[0].near else "web.found"
    if key == "web.near-only" and nodes:
        found, key = [], "web.found"
    topics = [hit for hit in found if hit.kind and hit.kind.value == f"{GSEF}Topic"]
    things = [hit for hit in found if hit not in topics]
    of: dict[str, Sequence[Any]] = {
        "things": things,
        "questions": questions,
        "topics": topics,
        "passages": nodes,
    }
    part = asked.values.get("part", "")
    part = part if part in of else ""
    groups = (_group(asked, text, kind, of[kind.key], part == kind.key) for kind in _KINDS)
    shown = tuple(each for each in groups if each and part in (each.key, ""))
    sentence = say(key, count=len(found), text=visible(text))
    if len(found) > _NAMES:
        sentence = say("search.many-names", count=_NAMES, text=visible(text))
    view = Results(
        asked=text,
        sentence=sentence.text(lang),
        groups=shown,
        whole=asked.to.to("/search", q=text) if part else "",
    )
    heading = say("web.searched", text=visible(text)).text(lang)
    return Shown("search", view, heading, indexed=False)


def _group(asked: Asked, text: str, kind: _Kind, found: Sequence[Any], alone: bool) -> Group | None:
    """Those of a kind that are shown: the first, or those of a page."""
    if not found:
        return None
    count = min(len(found), kind.most)
    size, number = (_PAGE, asked.page(-(-count // _PAGE))) if alone else (kind.first, 1)
    start = size * (number - 1)
    chosen = found[start : min(start + size, count)]
    many = "search.more-than" if count < len(found) else "search.count"
    counted = say(many, count=count).text(asked.lang)
    cut = len(chosen) < count

    def at(page: int) -> str:
        return asked.to.to("/search", q=text, part=kind.key, page=page if page > 1 else None)

    span = say("search.span", first=start + 1, last=start + len(chosen), count=counted)
    return Group(
        key=kind.key,
        title=kind.title.text(asked.lang),
        count=counted,
        hits=kind.hits(asked, chosen),
        passages=kind.passages(asked, chosen),
        every=at(1) if cut and not alone else "",
        before=at(number - 1) if number > 1 else "",
        after=at(number + 1) if alone and start + size < count else "",
        span=span.text(asked.lang) if cut else "",
    )


def thing_hits(asked: Asked, found: Sequence[Found]) -> tuple[Hit, ...]:
    """Things that a search has found, as they are shown.

    >>> from gsefgraph.graph.graph import Graph
    >>> from gsefgraph.web.addresses import Addresses
    >>> graph = Graph.open()
    >>> asked = Asked(graph, "en", Addresses(graph.names))
    >>> thing_hits(asked, graph.resolver.suggest("OECD", "en", 1))[0].link.href
    '/page/org/oecd'
    """
    return tuple(
        Hit(
            Link(hit.label, asked.to.page(hit.iri.value)),
            kind(asked, hit.kind),
            hit.name,
        )
        for hit in found
    )


def kind(asked: Asked, of: NamedNode | None) -> str:
    """What things of a class are called; those of other vocabularies have no name for people.

    >>> from gsefgraph.graph.graph import Graph
    >>> from gsefgraph.terms import RDF
    >>> from gsefgraph.web.addresses import Addresses
    >>> graph = Graph.open()
    >>> asked = Asked(graph, "es", Addresses(graph.names))
    >>> [kind(asked, NamedNode(iri)) for iri in (f"{RDF}Property", f"{GSEF}Event")]
    ['Propiedad', 'Evento']
    """
    if of is None:
        return ""
    last = slug(of.value)
    for end, text in _OTHER.items():
        if last.endswith(end) and not of.value.startswith(GSEF):
            return text.text(asked.lang)
    return asked.label(of.value)


def question_hits(asked: Asked, found: Sequence[StoredQuery]) -> tuple[Hit, ...]:
    """The same of stored queries.

    >>> from gsefgraph.graph.graph import Graph
    >>> from gsefgraph.web.addresses import Addresses
    >>> graph = Graph.open()
    >>> asked = Asked(graph, "en", Addresses(graph.names))
    >>> question_hits(asked, [graph.catalogue["speakers"]])[0].link.href
    '/questions/speakers'
    """
    return tuple(
        Hit(
            Link(query.titled(asked.lang), asked.to.question(query.name)),
            short(query.described(asked.lang)),
        )
        for query in found
    )


_OTHER = {
    "Class": say("model.class"),
    "Property": say("model.property"),
    "ConceptScheme": say("search.scheme"),
}


def _passages(asked: Asked, nodes: Sequence[NamedNode]) -> tuple[Passage, ...]:
    quoted = passages(asked.graph.engine, nodes)
    return tuple(quoted[node][0] for node in nodes if quoted[node])


_KINDS = (
    _Kind("things", say("web.things"), _NAMES, 20, thing_hits),
    _Kind("questions", say("web.questions"), _QUOTES, 8, question_hits),
    _Kind("topics", say("web.topics"), _NAMES, 20, thing_hits),
    _Kind("passages", say("page.quoted"), _QUOTES, 20, lambda *_: (), _passages),
)
