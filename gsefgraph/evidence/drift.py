"""Quotes and a new text of their source: which still stand, which have moved, which are gone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

from gsefgraph.evidence.passages import Passage
from gsefgraph.evidence.quote import stands
from gsefgraph.evidence.texts import locate
from gsefgraph.wording import Wording, say

_LEAST: Final = 50.0
"""Likeness, of 100, below which words are not the nearest to anything."""
_SHOWN: Final = 160
_TRIED: Final = 24
"""Places at which words are taken to begin, and to end, about what is like a quote."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """Words of the new text.

    Attributes:
        start, end: code points; line, column: from 1; all of the new text.
        words: what stands there; likeness: to the quote, of 100.
    """

    start: int
    end: int
    line: int
    column: int
    words: str
    likeness: float


@dataclass(frozen=True, slots=True)
class Drift:
    """What becomes of a quote in a new text.

    Attributes:
        passage: as it is in the graph.
        state: ``stands`` where it did, ``moved``, its very characters elsewhere, or ``gone``.
        now: where it is, or of what is gone the nearest words; None where nothing is like it.
    """

    passage: Passage
    state: str
    now: Nearest | None

    def sentence(self) -> Wording:
        """What is to be said of it, in every language."""
        quote = _short(self.passage.quote)
        if self.now is None:
            return say("drift.nothing", quote=quote)
        place = {"start": self.now.start, "end": self.now.end, "line": self.now.line}
        if self.state != "gone":
            return say("drift.moved", quote=quote, **place)
        alike, words = int(self.now.likeness), _short(self.now.words)
        return say("drift.gone", quote=quote, alike=alike, words=words, **place)

    def to_json(self) -> dict[str, Any]:
        """Plain values; what is not there is null."""
        now = asdict(self.now) if self.now else None
        return {**self.passage.to_json(), "state": self.state, "now": now}


def drift(passages: Iterable[Passage], text: str) -> list[Drift]:
    """What becomes of quotes in a new text of their source.

    Parameters:
        passages: of one source.
        text: the new one.

    Returns:
        One for each passage, in their order. Where a quote stands several times the place nearest
        to the old one is meant; where white space or marks of quotation differ it is gone, since
        a quote has the very characters.

    >>> from pyoxigraph import NamedNode
    >>> def of(quote, start):
    ...     return Passage(NamedNode("urn:e"), None, start, start + len(quote), quote, "en")
    >>> new = "In May we met, all of us, in Dakar."
    >>> for one in drift([of("In May", 0), of("in Dakar", 14), of("all of you", 3)], new):
    ...     print(one.state, one.now.words, one.now.start, round(one.now.likeness))
    stands In May 0 100
    moved in Dakar 26 100
    gone all of us 15 84
    """
    return [_drift(passage, text) for passage in passages]


def _drift(passage: Passage, text: str) -> Drift:
    quote, start = passage.quote, passage.start
    if not quote:
        return Drift(passage, "gone", None)
    if start is not None and start >= 0 and text.startswith(quote, start):
        return Drift(passage, "stands", _nearest(text, start, start + len(quote), 100.0))
    places = [match.start() for match in re.finditer(re.escape(quote), text)]
    if places:
        at = min(places, key=lambda place: abs(place - (start or 0)))
        return Drift(passage, "moved", _nearest(text, at, at + len(quote), 100.0))
    from rapidfuzz import fuzz

    if like := stands(text, quote):
        one, two = min(like, key=lambda span: abs(span[0] - (start or 0)))
        return Drift(passage, "gone", _nearest(text, one, two, fuzz.ratio(quote, text[one:two])))
    found = fuzz.partial_ratio_alignment(quote, text)
    one, two, likeness = 0, 0, 0.0
    if found is not None:
        one, two, likeness = _best(quote, text, found.dest_start, found.dest_end)
    now = _nearest(text, one, two, likeness) if likeness >= _LEAST else None
    return Drift(passage, "gone", now)


def _best(quote: str, text: str, start: int, end: int) -> tuple[int, int, float]:
    """Of the stretches of whole words about one of the text the likest, and how like it is."""
    from rapidfuzz import fuzz

    reach = range(max(0, start - len(quote)), min(len(text), end + len(quote)))
    bounds = [at for at in (*reach, reach.stop) if not _is_inside(text, at)]
    starts, ends = (
        sorted(bounds, key=lambda place: (abs(place - about), place))[:_TRIED]
        for about in (start, end)
    )
    near = [
        (one, two, fuzz.ratio(quote, text[one:two]))
        for one in starts for two in ends if one < two and text[one:two].strip() == text[one:two]
    ]  # fmt: skip
    return max(near or [(start, end, 0.0)], key=lambda e: (e[2], e[0] - e[1], -e[0]))


def _is_inside(text: str, at: int) -> bool:
    """Whether a place is within a word."""
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _nearest(text: str, start: int, end: int, likeness: float) -> Nearest:
    line, column = locate(text, start)
    return Nearest(start, end, line, column, text[start:end], round(likeness, 1))


def _short(text: str) -> str:
    words = " ".join(text.split(" "))
    words = re.sub(r"[\t\r\n]+", " ", words)
    return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"
