"""The sources: all of them, and the whole text of one with every passage in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from gsefgraph.engine.base import Engine, rows
from gsefgraph.errors import UnknownName
from gsefgraph.evidence import Passage, Source, passages
from gsefgraph.terms import GSEF, RDF, fold
from gsefgraph.web.pages import text
from gsefgraph.web.pages.text import About, Run
from gsefgraph.web.shown import Answered, Asked, Link, Moved, Shown, integer
from gsefgraph.wording import line, number, say

_MOST: Final = 100  # sources on a page, and passages that stand in no text
_SHORT: Final = 300  # characters of what is left out, in the list


@dataclass(frozen=True)
class Listed:
    """One source in the list.

    Attributes:
        about: its name and publisher.
        href: its text.
        passages, facts: how many there are of them.
    """

    about: About
    href: str
    passages: int
    facts: int


@dataclass(frozen=True)
class Sources:
    """What the template of the list receives.

    Attributes:
        sentence: how many there are.
        listed: those of this page of the list.
        before, after: addresses of the other pages; each may be empty.
        shown: which of how many these are; empty where they are all.
    """

    sentence: str
    listed: tuple[Listed, ...]
    before: str
    after: str
    shown: str


@dataclass(frozen=True)
class Left:
    """What is left out: number, its words, where they are, and why."""

    number: int
    words: str
    anchor: str
    why: str


@dataclass(frozen=True)
class Whole:
    """What the template of a text receives.

    Attributes:
        about: of the document.
        sentence: what there is of it, in numbers.
        paragraphs: the text, or the part of it that this page shows; empty where there is none.
        lang: its language.
        trouble: why it is not shown; empty where it is.
        before, after: addresses of the parts before and after this one; each may be empty.
        shown: which part of how many this is; empty where it is whole.
        length, digest: characters of the text, and its SHA-256.
        unchanged: whether that is the digest which the graph gives; None where it gives none.
        left: what is left out of this part.
        gone: passages whose words are not in the text, or which stand in none.
        more: how many more of them there are.
    """

    about: About
    sentence: str
    paragraphs: tuple[tuple[Run, ...], ...]
    lang: str
    trouble: str
    before: str
    after: str
    shown: str
    length: int
    digest: str
    unchanged: bool | None
    left: tuple[Left, ...]
    gone: tuple[Passage, ...]
    more: int


def listed(asked: Asked) -> Answered:
    """Every document that passages are of, or that has a text; with ``?iri=`` that one.

    Errors:
        UnknownName: no such page of the list.
    """
    if "iri" in asked.values:
        return _whole(asked, asked.values["iri"])
    every = _documents(asked)
    at = _number(asked.values.get("page", "1"), -(-len(every) // _MOST) or 1)
    here = list(every)[(at - 1) * _MOST : at * _MOST]
    counts = _counts(asked.graph.engine, {node: every[node] for node in here})
    found = [
        Listed(about, asked.to.source(node.value), *counts[node])
        for node, about in zip(here, text.about(asked, here), strict=True)
    ]
    shown = ""
    if len(here) < len(every):
        shown = say(
            "source.first",
            first=number((at - 1) * _MOST + 1, asked.lang),
            last=number((at - 1) * _MOST + len(here), asked.lang),
            total=number(len(every), asked.lang),
        ).text(asked.lang)
    sentence = say(
        "source.list-lede", count=len(every), number=number(len(every), asked.lang)
    ).text(asked.lang)
    view = Sources(
        sentence=sentence,
        listed=tuple(found),
        before=asked.to.to("/sources", page=at - 1) if at > 1 else "",
        after=asked.to.to("/sources", page=at + 1) if at * _MOST < len(every) else "",
        shown=shown,
    )
    title = say("web.sources").text(asked.lang)
    return Shown("sources", view, title, description=sentence, place="sources")


def whole(asked: Asked) -> Answered:
    """The text of a document, or the part of it that ``?part=`` names.

    Errors:
        UnknownName: it is no source, or has no such part.
    """
    return _whole(asked, asked.to.iri("doc", asked.named["doc"]))


def _whole(asked: Asked, iri: str) -> Answered:
    graph = asked.graph
    node = graph.resolver.resolve(f"<{iri}>")
    source = asked.source(node)
    if source.document != node:
        return Moved(asked.to.source(source.document.value))
    if source.text is None and not source.trouble and not source.passages():
        raise UnknownName(say("source.none", name=asked.label(iri)))
    (about,) = text.about(asked, [node])
    content = source.text or ""
    bounds = text.parts(content)
    at = _number(asked.values.get("part", "1"), len(bounds) - 1)
    start, end = bounds[at - 1], bounds[at]
    nowhere = source.passages() if source.text is None else _gone(source)
    found = passages(graph.engine, nowhere[:_MOST])
    shown = ""
    if len(bounds) > 2:
        last = number(len(bounds) - 1, asked.lang)
        shown = say("source.part", part=number(at, asked.lang), parts=last).text(asked.lang)

    def part(to: int) -> str:
        return asked.to.source(iri, part=to) if 0 < to < len(bounds) else ""

    view = Whole(
        about=about,
        sentence=_sentence(asked, source),
        paragraphs=text.paragraphs(asked, source, start, end, left="#left-"),
        lang=source.language,
        trouble=_trouble(asked, source),
        before=part(at - 1),
        after=part(at + 1),
        shown=shown,
        length=len(content),
        digest=source.digest,
        unchanged=source.digest == source.stated if source.stated else None,
        left=_left(source, start, end),
        gone=tuple(passage for each in found.values() for passage in each[:1]),
        more=max(len(nowhere) - _MOST, 0),
    )
    title = about.name.label
    trail = (Link(say("web.sources").text(asked.lang), asked.to.to("/sources")),)
    return Shown("source", view, title, view.sentence, place="sources", trail=trail)


def _gone(source: Source) -> tuple[NamedNode, ...]:
    return (*(mark.evidence for mark in source.gone), *source.unplaced)


def _sentence(asked: Asked, source: Source) -> str:
    count = len(source.passages())
    if source.text is None:
        return say("source.no-text", count=count, number=number(count, asked.lang)).text(asked.lang)
    length = number(len(source.text), asked.lang)
    return say("source.lede", count=count, number=number(count, asked.lang), length=length).text(
        asked.lang
    )


def _trouble(asked: Asked, source: Source) -> str:
    if not source.trouble:
        return ""
    return say("source.unreadable", trouble=source.trouble).text(asked.lang)


def _left(source: Source, start: int, end: int) -> tuple[Left, ...]:
    content = source.text or ""
    found = []
    for place, omission in enumerate(source.omissions, 1):
        if omission.end > start and omission.start < end:
            words = line(content[omission.start : omission.end])
            short = words if len(words) <= _SHORT else f"{words[: _SHORT - 1]}…"
            anchor = f"c{max(omission.start, start)}" if omission.start >= start else ""
            found.append(Left(place, short, anchor, omission.why))
    return tuple(found)


def _number(text: str, most: int) -> int:
    if text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most:
        return int(text)
    raise UnknownName(say("source.no-part", part=text[:20], count=most))


def _documents(asked: Asked) -> dict[NamedNode, list[NamedNode]]:
    """Every source, by name, with the documents in it that passages are of."""
    engine, texts = asked.graph.engine, asked.texts
    found = _nodes(
        engine,
        f"SELECT DISTINCT ?doc WHERE {{ {{ ?e <{GSEF}source> ?doc }} UNION "
        f"{{ ?doc <{GSEF}textDigest> ?digest }} }}",
    )
    every: dict[NamedNode, list[NamedNode]] = {}
    for node in found:
        every.setdefault(texts.owner(node), []).append(node)
    names = asked.graph.resolver.labels([node.value for node in every], asked.lang)
    order = sorted(every, key=lambda node: (fold(names.get(node.value, "")), node.value))
    return {node: every[node] for node in order}


def _nodes(engine: Engine, query: str) -> list[NamedNode]:
    return [node for (node,) in rows(engine, query) if isinstance(node, NamedNode)]


# What a node is, is asked once a node: there are many more of what is said of them.
_FACTS: Final = f"""
PREFIX gsef: <{GSEF}>
SELECT ?owner (SUM(?counted) AS ?n) WHERE {{
  {{ SELECT ?owner ?node (COUNT(*) AS ?all) WHERE {{
    SELECT DISTINCT ?owner ?node ?p ?o WHERE {{
      VALUES (?owner ?doc) {{ %s }}
      ?e gsef:source ?doc .
      GRAPH ?g {{ ?node gsef:evidence ?e ; ?p ?o }}
      FILTER(?p != gsef:evidence && ?p != <{RDF}type>)
      FILTER(NOT EXISTS {{ ?e gsef:supports ?any }} || EXISTS {{ ?e gsef:supports ?p }})
    }} }} GROUP BY ?owner ?node }}
  BIND(IF(EXISTS {{ ?node a ?held
                    FILTER(?held IN (gsef:Participation, gsef:Membership, gsef:GoalLink)) }},
          1, ?all) AS ?counted)
}} GROUP BY ?owner"""
_PASSAGES: Final = (
    f"SELECT ?owner (COUNT(DISTINCT ?e) AS ?n) WHERE {{ VALUES (?owner ?doc) {{ %s }} "
    f"?e <{GSEF}source> ?doc }} GROUP BY ?owner"
)


def _counts(
    engine: Engine, sources: Mapping[NamedNode, Sequence[NamedNode]]
) -> Mapping[NamedNode, tuple[int, int]]:
    """Passages of each source, and facts that rest on them; a participation is one fact."""
    values = " ".join(f"({owner} {part})" for owner, parts in sources.items() for part in parts)
    passages, facts = (_numbers(engine, query % values) for query in (_PASSAGES, _FACTS))
    return {node: (passages.get(node, 0), facts.get(node, 0)) for node in sources}


def _numbers(engine: Engine, query: str) -> dict[NamedNode, int]:
    return {
        node: integer(count) for node, count in rows(engine, query) if isinstance(node, NamedNode)
    }
