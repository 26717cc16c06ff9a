"""Periods: the days between two dates, as far as the dates say which.

>>> from pyoxigraph import NamedNode
>>> start, end = (Literal(f"2019-06-{day}", datatype=NamedNode(XSD + "date")) for day in (25, 26))
>>> Period.of(start, end), Period.of(None, None)
(Period(first=737235, last=737236, exact=True), None)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeAlias

from pyoxigraph import Literal

from gsefgraph.terms import XSD, Value

Parts: TypeAlias = tuple[int, int | None, int | None]
"""Year, month and day, as far as they are known."""

KINDS: Final = frozenset(f"{XSD}{kind}" for kind in ("date", "dateTime", "gYearMonth", "gYear"))
"""The datatypes of dates."""
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?![0-9])")


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


def _days(known: Parts) -> tuple[int, int]:
    year, month, day = known
    first = date(year, month or 1, day or 1).toordinal()
    if day is not None:
        return first, first
    after = (year, month + 1) if month is not None and month < 12 else (year + 1, 1)
    last = date(*after, 1) - timedelta(1) if after[0] < 10000 else date.max
    return first, last.toordinal()
