"""Dates as people write them: days, months, years, and the time between two of them.

>>> from pyoxigraph import NamedNode
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
    first, last = parts(start), parts(end)
    if first is None or last is None or first == last:
        told = [_one(term, lang, short) for term in (start, end) if term is not None]
        if len(told) < 2 or (first == last and first):
            return "".join(told[:1])
        return say("date.span", start=told[0], end=told[1]).text(lang)
    long = "" if short else "-long"
    if first[0] != last[0] or first[2] is None or last[2] is None:
        ends = {"start": _one(start, lang, short), "end": _one(end, lang, short)}
        return say("date.span", **ends).text(lang)
    values = {"day": _day(first[2], lang), "last": _day(last[2], lang), "year": str(first[0])}
    month = _month(first[1], lang, short)
    if first[1] == last[1]:
        key = "date.days-long" if long else "date.days"
        return say(key, month=month, **values).text(lang)
    key = "date.months-long" if long else "date.months"
    return say(key, month=month, until=_month(last[1], lang, short), **values).text(lang)


def _one(term: Value | None, lang: str, short: bool) -> str:
    known = parts(term)
    if known is None:
        return term.value if isinstance(term, Literal) else ""
    year, month, day = known
    if month is None:
        return str(year)
    name = _month(month, lang, short)
    if day is None:
        key = "date.month" if short else "date.month-long"
        return say(key, month=name, year=str(year)).text(lang)
    key = "date.day" if short else "date.day-long"
    return say(key, day=_day(day, lang), month=name, year=str(year)).text(lang)


def _month(month: int | None, lang: str, short: bool) -> str:
    names = say("date.names-short" if short else "date.names").text(lang).split()
    return names[(month or 1) - 1]


def _day(day: int, lang: str) -> str:
    return say("date.first").text(lang) if day == 1 else str(day)
