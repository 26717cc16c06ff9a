"""Bars: a number for each thing, in per cent of the largest.

>>> found = Bars.of([Counted("urn:a", "A", 4), Counted("urn:b", "B", 0), Counted("", "C", 1)])
>>> [(row.label, row.words, row.width) for row in found.rows], [zero.label for zero in found.zeros]
([('A', '4', 100.0), ('C', '1', 25.0)], ['B'])
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, TypeAlias

from gsefgraph.answers.pictures.svg import Drawing
from gsefgraph.wording import say

Number: TypeAlias = "int | float | Decimal"


@dataclass(frozen=True, slots=True)
class Counted:
    """What a bar is made of: a thing, whose IRI may be empty, and its number."""

    iri: str
    label: str
    value: Number


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its number in words as well, and its width in per cent."""

    iri: str
    label: str
    value: Number
    words: str
    width: float


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars in the order given, and apart from them what has none: zeros are not drawn."""

    rows: tuple[Bar, ...]
    zeros: tuple[Bar, ...]
    lang: str = "en"
    title: str = ""
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
        """The bars of some things.

        Parameters:
            items: what is counted; a number below zero has no bar, and stands with its number.
            lang: of the words.
            title: of the picture.
            zeros_apart: whether zeros stand apart; in a row of years they keep their place.
        """
        items = list(items)
        most = max((float(item.value) for item in items), default=0.0)
        bars = [
            Bar(
                item.iri,
                item.label,
                item.value,
                in_words(item.value, lang),
                round(float(item.value) * 100 / most, 2) if item.value > 0 else 0.0,
            )
            for item in items
        ]
        drawn = tuple(bar for bar in bars if bar.value or not zeros_apart)
        zeros = tuple(bar for bar in bars if zeros_apart and not bar.value)
        return cls(drawn, zeros, lang, title)

    def __len__(self) -> int:
        return len(self.rows)

    def sentence(self) -> str:
        """What is seen, for whom it is read aloud."""
        longest = max(self.rows, key=lambda bar: bar.width, default=None)
        if longest is None:
            return ""
        values = {"label": longest.label, "value": longest.words}
        return say("picture.of-bars", count=len(self.rows), **values).text(self.lang)

    @property
    def svg(self) -> str:
        """The picture as a file of SVG with its words."""
        drawing = Drawing(self.title or say("picture.bars").text(self.lang), self.sentence())
        self.draw(drawing)
        if self.zeros:
            names = [bar.label for bar in self.zeros]
            drawing.gap()
            drawing.note(say("picture.zeros", count=len(names), names=names).text(self.lang))
        return drawing.close()

    def draw(self, drawing: Drawing) -> None:
        """The bars below what a drawing has."""
        left = 420
        wide = drawing.wide - left - 70
        for bar in self.rows:
            names = drawing.lines(bar.label, left - 20, 15)
            for number, text in enumerate(names):
                drawing.text(0, 16 + number * 20, text, "link" if bar.iri else "ink", 15, bar.iri)
            drawing.box(left, 5, bar.width * wide / 100, 12, "mark")
            drawing.text(drawing.wide, 16, bar.words, "ink", 15, anchor="end")
            drawing.down(len(names) * 20 + 6)

    def _repr_html_(self) -> str:
        return self.svg


def in_words(value: Number, lang: str) -> str:
    """A number as a language writes it: 1,234.5, 1 234,5 with a narrow space; 1234 in Spanish.

    >>> in_words(Decimal("1234.50"), "en"), in_words(1234, "es"), in_words(12345.5, "es")
    ('1,234.5', '1234', '12\\u202f345,5')
    """
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.6f}".rstrip("0").rstrip(".")
    if lang == "en":
        return text
    gap = "" if lang == "es" and -10000 < value < 10000 else "\u202f"
    return text.replace(",", gap).replace(".", ",")
