"""Bars: a number for each thing, in per cent of the largest.

>>> found = Bars.of([Counted("urn:a", "A", 4), Counted("urn:b", "B", 0), Counted("", "C", 1)])
>>> [(row.label, row.words, row.width) for row in found.rows], [zero.label for zero in found.zeros]
([('A', '4', 100.0), ('C', '1', 25.0)], ['B'])
>>> found.sentence()
'2 bars; the longest: A (4)'
>>> drawing = Drawing("Of each", found.sentence())
>>> found.draw(drawing)
>>> drawing.close().count('class="mark"')
2
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Final, TypeAlias

from gsefgraph.answers.pictures.svg import Drawing
from gsefgraph.wording import number, say

Number: TypeAlias = "int | float | Decimal"

MOST: Final = 100
"""Bars that a file of SVG has; a page has more of them."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a bar is made of: a thing, whose IRI may be empty, its number, and of which part."""

    iri: str
    label: str
    value: Number
    part: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: what it is, its number, in words too, and where it lies, in per cent."""

    label: str
    value: Number
    words: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its number, in words too, its width in per cent, and the parts that make it up."""

    iri: str
    label: str
    value: Number
    words: str
    width: float
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars in the order given, and apart from them what has none: zeros are not drawn."""

    rows: tuple[Bar, ...]
    zeros: tuple[Bar, ...]
    lang: str = "en"
    title: str = ""
    said: str = ""
    kind: ClassVar = "bars"

    @classmethod
    def of(
        cls,
        items: Iterable[Counted],
        *,
        lang: str = "en",
        title: str = "",
        zeros_apart: bool = True,
    ) -> Bars:
        """The bars of some things; of one thing the numbers are summed, part by part.

        Parameters:
            items: what is counted; a number below zero has no bar, and stands with its number.
            lang: of the words.
            title: of the picture.
            zeros_apart: whether zeros stand apart; in a row of years they keep their place.
        """
        found: dict[tuple[str, str], dict[str, Number]] = {}
        for item in items:
            parts = found.setdefault((item.iri, item.label), {})
            parts[item.part] = parts.get(item.part, 0) + item.value  # type: ignore[operator]
        sums = {key: sum(map(float, parts.values())) for key, parts in found.items()}
        most = max(sums.values(), default=0.0)
        bars = [
            _bar(iri, label, parts, sums[iri, label], most, lang)
            for (iri, label), parts in found.items()
        ]
        drawn = tuple(bar for bar in bars if bar.value or not zeros_apart)
        zeros = tuple(bar for bar in bars if zeros_apart and not bar.value)
        return cls(drawn, zeros, lang, title)

    def __len__(self) -> int:
        return len(self.rows)

    def sentence(self) -> str:
        """What is seen, for whom it is read aloud."""
        if not len(self):
            return say("picture.nothing").text(self.lang)
        longest = max(self.rows, key=lambda bar: bar.width)
        values = {"label": longest.label, "value": longest.words}
        return say("picture.of-bars", count=len(self.rows), **values).text(self.lang)

    @property
    def svg(self) -> str:
        """The picture as a file of SVG with its words."""
        drawing = Drawing(
            self.title or say("picture.bars").text(self.lang), self.sentence(), self.said
        )
        self.draw(drawing)
        if not self.rows:
            drawing.note(self.sentence())
        if self.zeros:
            drawing.named("picture.zeros", [bar.label for bar in self.zeros], self.lang)
        return drawing.close()

    def draw(self, drawing: Drawing) -> None:
        """The bars below what a drawing has."""
        left = 420
        wide = drawing.wide - left - 70
        for bar in self.rows[:MOST]:
            names = drawing.lines(bar.label, left - 20, 15)
            for place, text in enumerate(names):
                drawing.text(0, 16 + place * 20, text, "link" if bar.iri else "ink", 15, bar.iri)
            drawing.text(drawing.wide, 16, bar.words, "ink", 15, anchor="end")
            told = " · ".join(f"{part.label} {part.words}" for part in bar.parts)
            if len(bar.parts) == 1:
                told = bar.parts[0].label
            softly = drawing.lines(told, left - 20, 13) if told else []
            for part in bar.parts or (Part("", 0, "", 0.0, bar.width),):
                # A little apart, so that each part is seen without a colour of its own.
                room = max(
                    part.width * wide / 100 - (2 if bar.parts else 0), 1 if part.width else 0
                )
                drawing.box(left + part.x * wide / 100, 5, room, 12, "mark")
            y = 16 + len(names) * 20
            for place, text in enumerate(softly):
                drawing.text(0, y - 2 + place * 17, text, "soft", 13)
            drawing.down(len(names) * 20 + len(softly) * 17 + 6)
        if len(self.rows) > MOST:
            drawing.note(say("picture.more", count=len(self.rows) - MOST).text(self.lang))

    def _repr_html_(self) -> str:
        return self.svg


def _bar(
    iri: str, label: str, parts: dict[str, Number], whole: float, most: float, lang: str
) -> Bar:
    value: Number = sum(parts.values())
    width = round(whole * 100 / most, 2) if whole > 0 else 0.0
    if list(parts) == [""]:
        return Bar(iri, label, value, number(value, lang), width)
    told, x = [], 0.0
    for part, many in parts.items():
        share = max(float(many), 0.0) * 100 / most if most > 0 else 0.0
        told.append(Part(part, many, number(many, lang), round(x, 2), round(share, 2)))
        x += share
    return Bar(iri, label, value, number(value, lang), width, tuple(told))
