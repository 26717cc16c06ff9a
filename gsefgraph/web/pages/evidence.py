"""A passage: what its words support, the words in their text, and whether they stand there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from gsefgraph.errors import UnknownName
from gsefgraph.evidence import Mark, Passage, Source, passages
from gsefgraph.graph.page import Fact
from gsefgraph.terms import GSEF
from gsefgraph.web.pages import error, text
from gsefgraph.web.pages.text import About, Run
from gsefgraph.web.shown import Answered, Asked, Link, Shown
from gsefgraph.wording import number, say

_LONGEST: Final = 40_000  # characters before or after that are shown where all is asked for


@dataclass(frozen=True)
class Hidden:
    """Text before or after what is shown.

    Attributes:
        length: how many characters, as the language writes it; empty where there are none.
        href: what shows them; whole: whether that is the page of the whole text.
    """

    length: str = ""
    href: str = ""
    whole: bool = False


@dataclass(frozen=True)
class Evidence:
    """What the template of a passage receives.

    Attributes:
        passage: the passage.
        about: of its document; None where it names none.
        facts: what the words support, and what is derived from that; note: how many are shown.
        paragraphs: the text around it; empty where it is not found there.
        lang: of the text.
        before, after: what is not shown of the text.
        place: number of the passage among those of the text, and how many there are.
        previous, following: the passages before and after it, with their numbers; each may be None.
        length, digest: characters of the text, and its SHA-256.
        unchanged: whether that is the digest which the graph gives; None where it gives none.
        unchecked: whether the graph says that nobody has checked it.
        left: how many stretches of the text are left out, and where they are listed.
        here: the passage in the whole text; empty where there is none.
        data: name of a format, address of the passage in it.
    """

    passage: Passage
    about: About | None
    facts: tuple[Fact, ...]
    note: str
    paragraphs: tuple[tuple[Run, ...], ...]
    lang: str
    before: Hidden
    after: Hidden
    place: tuple[int, int]
    previous: Link | None
    following: Link | None
    length: int
    digest: str
    unchanged: bool | None
    unchecked: bool
    left: tuple[int, str]
    here: str
    data: tuple[Link, ...]


def page(asked: Asked) -> Answered:
    """The page of a passage whose name is that of its place.

    Errors:
        UnknownName: no such passage.
    """
    iri = asked.to.iri("evidence", asked.named["name"])
    try:
        node = asked.graph.resolver.resolve(f"<{iri}>")
    except UnknownName as unknown:
        return _unknown(asked, unknown)
    return of(asked, node)


def _unknown(asked: Asked, unknown: UnknownName) -> Answered:
    """What is shown where there is no such passage: the text that it would be of, if that is."""
    slug, _, _ = asked.named["name"].rpartition(".")
    iri = asked.to.iri("doc", slug)
    try:
        asked.graph.resolver.resolve(f"<{iri}>")
    except UnknownName:
        return error.of(asked, unknown)
    near = (Link(asked.label(iri), asked.to.source(iri)),)
    head = say("evidence-page.none").text(asked.lang)
    view = error.Trouble(head, say("evidence-page.none-here").text(asked.lang), "", near)
    return Shown("error", view, head, status=404, indexed=False, kept=False)


def of(asked: Asked, node: NamedNode) -> Shown:
    """The page of a passage."""
    graph = asked.graph
    found = passages(graph.engine, [node])[node]
    passage = next((p for p in found if p.evidence == node), None)
    if passage is None:
        raise UnknownName(say("evidence-page.no-words", name=graph.names.compact(node.value)))
    shown = graph.page(f"<{node.value}>", asked.lang)
    supports = next((s for s in shown.sections if s.key == "supports"), None)
    document = passage.document
    source = asked.source(document) if document else None
    mark = next((m for m in (source.marks if source else ()) if m.evidence == node), None)
    (about,) = text.about(asked, [source.document]) if source else (None,)
    data = asked.data(node.value)
    previous, following, place = _beside(asked, source, node)
    start, end, before, after = _shown(asked, source, mark)
    here = _whole(asked, source, mark) if source and mark else ""
    view = Evidence(
        passage=passage,
        about=about,
        facts=tuple(fact for group in supports.groups for fact in group.facts) if supports else (),
        note=supports.note if supports else "",
        paragraphs=text.paragraphs(asked, source, start, end, quoted=mark)
        if source and mark
        else (),
        lang=source.language if source else passage.language,
        before=before,
        after=after,
        place=place,
        previous=previous,
        following=following,
        length=len(source.text or "") if source else 0,
        digest=source.digest if source else "",
        unchanged=source.digest == source.stated if source and source.stated else None,
        unchecked=_unchecked(asked, node),
        left=(
            len(source.omissions) if source else 0,
            f"{asked.to.source(source.document.value)}#left" if source else "",
        ),
        here=here,
        data=tuple(data.values()),
    )
    trail = [Link(say("web.sources").text(asked.lang), asked.to.to("/sources"))]
    if about and source:
        trail.append(
            Link(about.name.label, asked.to.source(source.document.value), about.name.lang)
        )
    return Shown(
        "evidence",
        view,
        title=shown.title,
        description=" ".join(passage.quote.split())[:160],
        place="sources",
        trail=tuple(trail),
        data={media: link.href for media, link in data.items()},
        indexed=False,
    )


def _unchecked(asked: Asked, node: NamedNode) -> bool:
    said = asked.graph.engine.lookup([(node, NamedNode(f"{GSEF}checked"), None)])
    return any(isinstance(q.object, Literal) and q.object.value in ("false", "0") for q in said)


def _beside(
    asked: Asked, source: Source | None, node: NamedNode
) -> tuple[Link | None, Link | None, tuple[int, int]]:
    """The passages before and after this one, and its number among how many."""
    every = source.passages() if source else ()
    if node not in every:
        return None, None, (0, len(every))
    at = every.index(node)

    def link(to: int) -> Link | None:
        if not 0 <= to < len(every):
            return None
        return Link(number(to + 1, asked.lang), asked.to.page(every[to].value))

    return link(at - 1), link(at + 1), (at + 1, len(every))


def _shown(
    asked: Asked, source: Source | None, mark: Mark | None
) -> tuple[int, int, Hidden, Hidden]:
    """Which stretch of the text is shown, and what is hidden before and after it."""
    if source is None or mark is None or source.text is None:
        return 0, 0, Hidden(), Hidden()
    content = source.text
    start, end = text.window(content, mark)
    if asked.values.get("before") == "all":
        start = max(0, mark.start - _LONGEST)
    if asked.values.get("after") == "all":
        end = min(len(content), mark.end + _LONGEST)
    before, after = start, len(content) - end
    return (
        start,
        end,
        _hidden(asked, source, "before", before),
        _hidden(asked, source, "after", after),
    )


def _hidden(asked: Asked, source: Source, side: str, length: int) -> Hidden:
    if not length:
        return Hidden()
    shown = number(length, asked.lang)
    if asked.offline or asked.values.get(side) == "all":
        return Hidden(shown, asked.to.source(source.document.value), whole=True)
    given = {key: asked.values[key] for key in ("iri", "before", "after") if key in asked.values}
    return Hidden(shown, asked.to.to(asked.path, **{**given, side: "all"}) + "#p")


def _part(source: Source, at: int) -> int | None:
    """The part of a text, as pages show it, that holds a place; None for the first."""
    bounds = text.parts(source.text or "")
    found = next((n for n, bound in enumerate(bounds[1:], 1) if at < bound), 1)
    return found if found > 1 else None


def _whole(asked: Asked, source: Source, mark: Mark) -> str:
    address = asked.to.source(source.document.value, part=_part(source, mark.start))
    return f"{address}#c{mark.start}"
