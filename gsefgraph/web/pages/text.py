"""The text of a source on a page: paragraphs of pieces, each linked to the passage it is of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from gsefgraph.evidence import Mark, Source, segments
from gsefgraph.graph.words import Ref, Words, joined, told
from gsefgraph.terms import GSEF
from gsefgraph.web.addresses import outside
from gsefgraph.web.shown import Asked, Link
from gsefgraph.wording import Table, say, visible

PART: Final = 40_000
"""Characters of a text that one page shows."""
_LEAST: Final = 600  # characters of context, where there are as many
_MOST: Final = 1_500


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a source.

    Attributes:
        text: the words.
        href, title: the passage that they are of, or why they are left out; empty where neither.
        lang: their language, where it is not that of the text.
        anchor: an id, where a passage or an omission begins.
        passage: whether they are of a passage.
    """

    text: str
    href: str = ""
    title: str = ""
    lang: str = ""
    anchor: str = ""
    passage: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Pieces that are the quote of a page, or that are not; ``first`` where the quote begins."""

    pieces: tuple[Piece, ...]
    quoted: bool = False
    first: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a document beside its text.

    Attributes:
        name: its name.
        by: who published it; empty where nobody is named.
        published: that, as a sentence.
        languages: their names.
        addresses: where it is published; what is no address of the web has no link.
    """

    name: Ref
    by: Words
    published: Words
    languages: tuple[str, ...]
    addresses: tuple[Link, ...]


_TOLD: Final = {
    f"{GSEF}issuedBy": "publisher",
    "http://purl.org/dc/terms/publisher": "publisher",
    "http://purl.org/dc/terms/language": "language",
    "http://purl.org/dc/terms/source": "address",
}
_LANGUAGES: Final = Table("language")


def about(asked: Asked, documents: Sequence[NamedNode]) -> list[About]:
    """What is known of documents, in their order."""
    wanted = [(node, NamedNode(name), None) for node in documents for name in _TOLD]
    said: dict[tuple[str, str], list[str]] = {}
    for quad in asked.graph.engine.lookup(wanted) if wanted else ():
        key = quad.subject.value, _TOLD[quad.predicate.value]  # type: ignore[union-attr]
        value = getattr(quad.object, "value", "")
        if value not in said.setdefault(key, []):
            said[key].append(value)
    issuers = {iri for (_, what), values in said.items() if what == "publisher" for iri in values}
    iris = sorted({node.value for node in documents} | issuers)
    refs = asked.refs(iris)

    def by(node: NamedNode) -> Words:
        return joined(
            [(refs[iri],) for iri in sorted(said.get((node.value, "publisher"), ()))], ", "
        )

    return [
        About(
            name=refs[node.value],
            by=(who := by(node)),
            published=told("source.by", asked.lang, publisher=who) if who else (),
            languages=tuple(
                _LANGUAGES[tag][asked.lang] if tag in _LANGUAGES else tag
                for tag in sorted(said.get((node.value, "language"), ()))
            ),
            addresses=tuple(
                Link(value.removeprefix("https://").removeprefix("http://"), outside(value))
                for value in sorted(said.get((node.value, "address"), ()))
            ),
        )
        for node in documents
    ]


def parts(text: str) -> list[int]:
    """Where the parts of a long text begin, and its end: between paragraphs, where there are any.

    >>> parts("a short text"), [len(parts("word " * size)) for size in (20_000, 100_000)]
    ([0, 12], [4, 14])
    """
    found = [0]
    while len(text) - (at := found[-1]) > PART:
        cuts = (text.rfind(mark, at + PART // 2, at + PART) + 1 for mark in "\n ")
        found.append(next(filter(None, cuts), at + PART))
    return [*found, len(text)]


def paragraphs(
    asked: Asked,
    source: Source,
    start: int,
    end: int,
    *,
    quoted: Mark | None = None,
    left: str = "",
) -> tuple[tuple[Run, ...], ...]:
    """A stretch of a text.

    Parameters:
        source: the text, which must be there.
        start, end: the stretch, in code points.
        quoted: the passage that the page is about.
        left: address of the list of what is left out, with what goes before its numbers; where
            there is none that is not marked.
    """
    text = source.text or ""
    main = source.language
    omissions = source.omissions if left else ()
    begins = {mark.start for mark in source.marks} | {each.start for each in omissions}
    found: list[list[tuple[bool, Piece]]] = [[]]
    for segment in segments(source.marks, omissions, start, end):
        mark, at = segment.mark, segment.start
        inside = quoted is not None and quoted.start <= at and segment.end <= quoted.end
        href = title = lang = ""
        if mark is not None:
            lang = mark.language if mark.language != main else ""
            if quoted is None or mark.evidence != quoted.evidence:
                href = asked.to.page(mark.evidence.value)
                title = _title(asked, mark)
        elif segment.omission is not None:
            href = f"{left}{segment.omission + 1}"
            title = say("source.left-title", number=segment.omission + 1).text(asked.lang)
        for number, line in enumerate(text[at : segment.end].split("\n")):
            if number:
                found.append([])
            if line:
                anchor = f"c{at}" if at in begins and not number else ""
                piece = Piece(visible(line), href, title, lang, anchor, mark is not None)
                _add(found[-1], inside, piece)
    runs = [_runs(each) for each in found if any(piece.text.strip() for _, piece in each)]
    return _first(runs)


def _add(found: list[tuple[bool, Piece]], inside: bool, piece: Piece) -> None:
    """Add a piece, to the one before where both are of one passage and nothing begins here."""
    if found and not piece.anchor:
        before = found[-1][1]
        if (inside, piece.href, piece.lang) == (found[-1][0], before.href, before.lang):
            found[-1] = inside, replace(before, text=before.text + piece.text)
            return
    found.append((inside, piece))


def _title(asked: Asked, mark: Mark) -> str:
    return say("source.passage-title", start=str(mark.start), end=str(mark.end)).text(asked.lang)


def _runs(pieces: Sequence[tuple[bool, Piece]]) -> list[Run]:
    found: list[tuple[bool, list[Piece]]] = []
    for inside, piece in pieces:
        if not found or found[-1][0] != inside:
            found.append((inside, []))
        found[-1][1].append(piece)
    return [Run(tuple(held), inside) for inside, held in found]


def _first(found: Sequence[Sequence[Run]]) -> tuple[tuple[Run, ...], ...]:
    """The same, where the first run of the quote says that it is."""
    seen, shown = False, []
    for runs in found:
        told = []
        for run in runs:
            first = run.quoted and not seen
            seen = seen or run.quoted
            told.append(Run(run.pieces, run.quoted, first))
        shown.append(tuple(told))
    return tuple(shown)


def window(text: str, mark: Mark) -> tuple[int, int]:
    """The paragraphs around a passage, more where they are short, less where they are long.

    >>> text = "Title" + chr(10) + "One. " * 400 + "The quote." + " More." * 400
    >>> start, end = window(text, Mark(2006, 2016, NamedNode("urn:e")))
    >>> text[start : start + 4], end - start
    ('One.', 2999)
    """
    start = text.rfind("\n", 0, mark.start) + 1
    while start and mark.start - start < _LEAST:
        start = text.rfind("\n", 0, start - 1) + 1
    if mark.start - start > _MOST:
        least = mark.start - _MOST
        space = text.find(" ", least, mark.start)
        start = space + 1 if space >= 0 else least
    end = _line(text, mark.end)
    while end < len(text) and end - mark.end < _LEAST:
        end = _line(text, end + 1)
    if end - mark.end > _MOST:
        most = mark.end + _MOST
        space = text.rfind(" ", mark.end, most)
        end = space if space >= 0 else most
    return start, end


def _line(text: str, at: int) -> int:
    found = text.find("\n", at)
    return found if found >= 0 else len(text)
