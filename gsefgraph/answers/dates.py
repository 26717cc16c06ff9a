"""Dates in words: days, months, years and spans of them, as each language writes them.

>>> words("2019-06-25", "2019-06-26", "fr"), words("2020-05-26", "2020-06-30", "es")
('25–26 juin 2019', '26 de mayo – 30 de junio de 2020')
"""

from __future__ import annotations

import re
from typing import Final, TypeAlias

from gsefgraph.wording import say

_Parts: TypeAlias = tuple[str, str | None, str | None]
# xsd:date, xsd:gYearMonth and xsd:gYear; a time, or a time zone, says nothing of the day in words.
_DATE: Final = re.compile(
    r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01])(?:T[\d:.]+)?)?)?"
    r"(?:Z|[+-]\d\d:\d\d)?"
)


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
    first, last = _DATE.fullmatch(start), _DATE.fullmatch(end or start)
    if first is None or last is None:
        return start if not end or start == end else f"{start} – {end}"
    one, two = _parts(first), _parts(last)
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


def _parts(date: re.Match[str]) -> _Parts:
    return date[1], date[2], date[3]


def _date(parts: _Parts, lang: str, short: bool) -> str:
    year, month, day = parts
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
