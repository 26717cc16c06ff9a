"""Dates as people write them: days, months, years, and the time between two of them.

>>> from pyoxigraph import NamedNode
>>> words("2019-06-25", "2019-06-26", "fr"), words("2020-05-26", "2020-06-30", "es")
('25–26 juin 2019', '26 de mayo – 30 de junio de 2020')
>>> start, end = (Literal(f"2019-06-{day}", datatype=NamedNode(XSD + "date")) for day in (25, 26))
>>> in_words(start, end, "fr"), in_words(start, None, "es", short=False)
('25–26 juin 2019', '25 de junio de 2019')
>>> Period.of(start, end)
Period(first=737235, last=737236, exact=True)
>>> Period.of(Literal("2019", datatype=NamedNode(XSD + "gYear")), None).exact
False
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from pyoxigraph import Literal

from gsefgraph.terms import XSD, Value
from gsefgraph.wording import say

Parts: TypeAlias = tuple[int, int | None, int | None]
"""Year, month and day, as far as they are known."""

KINDS: Final = frozenset(f"{XSD}{kind}" for kind in ("date", "dateTime", "gYearMonth", "gYear"))
"""The datatypes of dates."""
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?![0-9])")
# A time, or a time zone, says nothing of the day in words.
_WRITTEN: Final = re.compile(
    r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01])(?:T[\d:.]+)?)?)?"
    r"(?:Z|[+-]\d\d:\d\d)?"
)


def parts(term: Value | None) -> Parts | None:
    """What a term says of a date; None where it is no date between the years 1 and 9999.

    >>> from pyoxigraph import NamedNode
    >>> parts(Literal("2019-06", datatype=NamedNode(XSD + "gYearMonth"))), parts(Literal("2019"))
    ((2019, 6, None), None)
    """
    if not isinstance(term, Literal) or term.datatype.value not in KINDS:
        return None
    match = _DATE.match(term.value)
    if match is None:
        return None
    year, month, day = (int(group) if group else None for group in match.groups())
    try:
        date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    return year or 0, month, day


@dataclass(frozen=True, slots=True)
class Period:
    """The days from the first to the last, by their number (`datetime.date.toordinal`).

    Attributes:
        exact: whether both days are known; otherwise it happened within them.
    """

    first: int
    last: int
    exact: bool

    @classmethod
    def of(cls, start: Value | None, end: Value | None) -> Period | None:
        """The period between two dates, of which one may be missing; None without any."""
        known = [found for found in map(parts, (start, end)) if found]
        if not known:
            return None
        days = [day for found in known for day in _days(found)]
        return cls(min(days), max(days), all(day is not None for _, _, day in known))


def _days(known: Parts) -> tuple[int, int]:
    year, month, day = known
    last = day or monthrange(year, month or 12)[1]
    return (
        date(year, month or 1, day or 1).toordinal(),
        date(year, month or 12, last).toordinal(),
    )


def in_words(start: Value | None, end: Value | None, lang: str, *, short: bool = True) -> str:
    """A date or a period as a person writes it; empty where there is none.

    Parameters:
        start, end: literals; what is no date is shown as it stands.
        lang: en, fr or es.
        short: whether months are abbreviated.
    """
    told = [term.value for term in (start, end) if isinstance(term, Literal)]
    return words(*told, lang=lang, short=short) if told else ""


def words(start: str, end: str = "", lang: str = "en", *, short: bool = False) -> str:
    """A date, or a span of two, in words.

    Parameters:
        start, end: as `xsd:date`, `xsd:gYearMonth` or `xsd:gYear` write them, each as precise as it
            is; what is none of these stays as it is.
        lang: en, fr or es.
        short: whether long names of months are abbreviated, as in lists.

    >>> words("2018-07-09", "2018-07-18", "fr", short=True), words("2019-06"), words("2017", "2018")
    ('9–18 juil. 2018', 'June 2019', '2017–2018')
    >>> words("2019-12-30", "2020-01-02"), words("2019-06-01", lang="fr")
    ('30 December 2019 – 2 January 2020', '1er juin 2019')
    """
    first, last = _WRITTEN.fullmatch(start), _WRITTEN.fullmatch(end or start)
    if first is None or last is None:
        return start if not end or start == end else f"{start} – {end}"
    one, two = first.groups(), last.groups()
    if one == two:
        return _date(one, lang, short)
    year, month, day = one
    if day and two[2] and one[:2] == two[:2]:
        return _written(f"{_day(day, lang)}–{_day(two[2], lang)}", month, year, lang, short)
    if day and two[2] and year == two[0]:
        before = _in_year(_day(day, lang), month, lang, short)
        return f"{before} – {_date(two, lang, short)}"
    if not day and not two[2] and month and two[1] and year == two[0]:
        months = f"{_month(month, lang, short)}–{_month(two[1], lang, short)}"
        return say("date.month", month=months, year=year).text(lang)
    between = "–" if not month and not two[1] else " – "
    return f"{_date(one, lang, short)}{between}{_date(two, lang, short)}"


def _date(known: tuple[str, str | None, str | None], lang: str, short: bool) -> str:
    year, month, day = known
    if not month:
        return year
    if not day:
        return say("date.month", month=_month(month, lang, short), year=year).text(lang)
    return _written(_day(day, lang), month, year, lang, short)


def _written(day: str, month: str | None, year: str, lang: str, short: bool) -> str:
    name = _month(month or "", lang, short)
    key = say("date.short-day", day=day, month=name, year=year)
    return (key if short else say("date.day", day=day, month=name, year=year)).text(lang)


def _in_year(day: str, month: str | None, lang: str, short: bool) -> str:
    name = _month(month or "", lang, short)
    key = say("date.short-in-year", day=day, month=name)
    return (key if short else say("date.in-year", day=day, month=name)).text(lang)


def _day(day: str, lang: str) -> str:
    return say("date.first").text(lang) if day == "01" else str(int(day))


def _month(month: str, lang: str, short: bool) -> str:
    names = say("date.months-short") if short else say("date.months")
    return names.text(lang).split()[int(month) - 1]
