"""Timeline: what happened when, a row each, in per cent of the width of a lane.

>>> from pyoxigraph import NamedNode
>>> from gsefgraph.terms import XSD
>>> day = lambda text: Literal(text, datatype=NamedNode(XSD + "date"))
>>> found = Timeline.of([Dated("urn:a", "A", day("2019-06-25"), day("2019-06-26"))], lang="fr")
>>> [(row.number, row.when, row.x, row.width, row.exact) for row in found.rows]
[(1, '25–26 juin 2019', 47.95, 0.55, True)]
>>> [tick.label for tick in found.ticks]
['janv. 2019', 'avr. 2019', 'juil. 2019', 'oct. 2019']
>>> found.sentence()
'1 ligne, de 2019 à 2019'
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import ClassVar, Final

from pyoxigraph import Literal

from gsefgraph.answers.dates import words
from gsefgraph.answers.pictures.bars import Bars, Counted
from gsefgraph.answers.pictures.period import Period
from gsefgraph.answers.pictures.svg import Drawing
from gsefgraph.terms import Value
from gsefgraph.wording import say

MOST: Final = 60
"""Rows beyond which a bar stands for each year."""
_TICKS: Final = 10
_LEAST: Final = 0.3  # per cent that are still seen


@dataclass(frozen=True, slots=True)
class Dated:
    """What a timeline is made of.

    Attributes:
        iri, label: the thing; the IRI may be empty.
        start, end: literals, of which either may be missing.
        borrowed: whether the dates are those of the whole that it is part of.
        within: the IRI of that whole; empty where it has none.
    """

    iri: str
    label: str
    start: Value | None = None
    end: Value | None = None
    borrowed: bool = False
    within: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        number: from 1, in the order of time.
        when: the date in words; start, end: as the graph has them, for `time`.
        x, width: of its mark, in per cent.
        exact: whether the days are known; otherwise the mark is a dashed box around the time.
        borrowed: whether the date is that of the whole.
        inside: whether it is part of a row above.
    """

    number: int
    iri: str
    label: str
    when: str
    start: str
    end: str
    x: float
    width: float
    exact: bool
    borrowed: bool
    inside: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the axis, in per cent, and what is written beside it."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The rows, in the order of time.

    Attributes:
        rows: those with a date; none where `years` stands for them.
        undated: those without.
        ticks: of the axis.
        years: a bar for each year, or each ten or hundred, where there are more rows than `MOST`.
        first, last: years of the axis.
    """

    rows: tuple[Row, ...]
    undated: tuple[Dated, ...]
    ticks: tuple[Tick, ...]
    years: Bars | None
    first: int
    last: int
    lang: str = "en"
    title: str = ""
    said: str = ""
    kind: ClassVar = "timeline"

    @classmethod
    def of(cls, items: Iterable[Dated], *, lang: str = "en", title: str = "") -> Timeline:
        """The timeline of some things, each taken once."""
        known, undated = [], []
        for item in dict.fromkeys(items):
            period = Period.of(item.start, item.end)
            if period is None:
                undated.append(item)
            else:
                known.append((period, item))
        known.sort(key=lambda pair: pair[0].first)
        if not known:
            return cls((), tuple(undated), (), None, 0, 0, lang, title)
        first = date.fromordinal(known[0][0].first).year
        last = date.fromordinal(max(period.last for period, _ in known)).year
        ticks = _ticks(first, last, lang)
        years = None
        rows: tuple[Row, ...] = ()
        if len(known) > MOST:
            years = _years([period for period, _ in known], first, last, lang)
        else:
            rows = _rows(known, first, last, lang)
        return cls(rows, tuple(undated), ticks, years, first, last, lang, title)

    def __len__(self) -> int:
        """How many have a date."""
        return sum(int(bar.value) for bar in self.years.rows) if self.years else len(self.rows)

    def sentence(self) -> str:
        """What is seen, for whom it is read aloud."""
        if not len(self):
            return say("picture.nothing").text(self.lang)
        ends = {"first": str(self.first), "last": str(self.last)}
        return say("picture.of-timeline", count=len(self), **ends).text(self.lang)

    @property
    def svg(self) -> str:
        """The picture as a file of SVG with its words."""
        drawing = Drawing(
            self.title or say("picture.timeline").text(self.lang), self.sentence(), self.said
        )
        if self.years:
            drawing.note(say("picture.key-years", count=len(self)).text(self.lang))
            self.years.draw(drawing)
        elif self.rows:
            self._draw(drawing)
        else:
            drawing.note(self.sentence())
        if self.undated:
            drawing.named("picture.undated", [item.label for item in self.undated], self.lang)
        return drawing.close()

    def _draw(self, drawing: Drawing) -> None:
        left, middle, lane = 0, 320, 490
        wide = drawing.wide - lane
        for tick in self.ticks:
            drawing.text(lane + tick.x * wide / 100 + 3, 14, tick.label, "soft", 12)
        drawing.down(20)
        whole = say("picture.whole").text(self.lang)
        for row in self.rows:
            indent = 18 if row.inside else 0
            names = drawing.lines(row.label, middle - 20 - indent, 15)
            when = drawing.lines(row.when, lane - middle - 12, 13)
            if row.borrowed:
                when += drawing.lines(f"({whole})", lane - middle - 12, 13)
            height = max(len(names) * 20, len(when) * 17) + 9
            drawing.rule()
            for number, text in enumerate(names):
                href = row.iri if row.iri else None
                drawing.text(left + indent, 20 + number * 20, text, "link", 15, href=href)
            for number, text in enumerate(when):
                drawing.text(middle, 20 + number * 17, text, "soft", 13)
            centre = 15
            for tick in (*self.ticks, Tick(100, "")):
                x = lane + tick.x * wide / 100
                drawing.line(x, centre - 9, x, centre + 9, "rule")
            x, width = lane + row.x * wide / 100, row.width * wide / 100
            if row.exact:
                drawing.box(x, centre - 4, width, 8, "mark")
                drawing.dot(x, centre, 5, "mark")
            else:
                drawing.box(x, centre - 4, width, 8, "dashed")
            drawing.down(height)
        drawing.rule()
        drawing.gap()
        if not all(row.exact for row in self.rows):
            drawing.note(say("picture.key-timeline").text(self.lang))

    def _repr_html_(self) -> str:
        return self.svg


def _rows(known: list[tuple[Period, Dated]], first: int, last: int, lang: str) -> tuple[Row, ...]:
    begin, end = _edge(first), _edge(last + 1)
    rows: list[Row] = []
    above: set[str] = set()
    for number, (period, item) in enumerate(known, start=1):
        x = round((period.first - begin) * 100 / (end - begin), 2)
        width = round((period.last + 1 - period.first) * 100 / (end - begin), 2)
        rows.append(
            Row(
                number,
                item.iri,
                item.label,
                _when(item, lang),
                item.start.value if isinstance(item.start, Literal) else "",
                item.end.value if isinstance(item.end, Literal) else "",
                x,
                max(width, _LEAST),
                period.exact,
                item.borrowed,
                item.within in above,
            )
        )
        above.add(item.iri)
    return tuple(rows)


def _when(item: Dated, lang: str) -> str:
    ends = [end.value for end in (item.start, item.end) if isinstance(end, Literal)]
    start, end = [*ends, ""][:2]
    return words(start, end, lang, short=True)


def _edge(year: int) -> int:
    """The number of the first day of a year; after 9999, which a date cannot hold, too."""
    return date(year, 1, 1).toordinal() if year < 10000 else date.max.toordinal() + 1


def _ticks(first: int, last: int, lang: str) -> tuple[Tick, ...]:
    begin, wide = _edge(first), _edge(last + 1) - _edge(first)
    if first == last:
        starts = [date(first, month, 1) for month in (1, 4, 7, 10)]
        return tuple(
            Tick(
                round((day.toordinal() - begin) * 100 / wide, 2),
                words(day.isoformat()[:7], lang=lang, short=True),
            )
            for day in starts
        )
    step = next(
        step * 10**power
        for power in count()
        for step in (1, 2, 5)
        if (last - first + 1) / (step * 10**power) <= _TICKS
    )
    years = [year for year in range(first, last + 1) if year % step == 0 or step == 1]
    return tuple(Tick(round((_edge(year) - begin) * 100 / wide, 2), str(year)) for year in years)


def _years(periods: list[Period], first: int, last: int, lang: str) -> Bars:
    step = next(step for step in (1, 10, 100, 1000, 10000) if last // step - first // step < MOST)
    counts = dict.fromkeys(range(first // step, last // step + 1), 0)
    for period in periods:
        counts[date.fromordinal(period.first).year // step] += 1
    return Bars.of(
        [
            Counted("", str(n * step) if step == 1 else f"{n * step}–{n * step + step - 1}", value)
            for n, value in counts.items()
        ],
        lang=lang,
        zeros_apart=False,
    )
