"""The order of literals that sh:minInclusive and its like, and sh:lessThan, go by.

It is that of SPARQL 1.1, section 17.3 (``<``), carried further to the other dates and times of XML
Schema 1.1 Part 2, whose order is partial (section 3.3.7.4 and D.2.2): a time without a zone may lie
up to 14 hours to either side.

    numbers             all types together; exact, however many digits, unless one of the two is a
                        float or double, then both as doubles (XPath Functions 3.1, section 4.3)
    xsd:string          by code point
    xsd:boolean         false before true
    dates and times     each type by itself, xsd:dateTimeStamp with xsd:dateTime

All else has no order: text with a language, durations, other types, NaN, and a form that is not in
the lexical space of its type.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Collection, Iterable
from decimal import MAX_EMAX, MIN_EMIN, ROUND_FLOOR, Decimal, localcontext
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from pyoxigraph import Literal

from gsefgraph.rdf import lexical
from gsefgraph.terms import XSD

_FLOATS = frozenset({"float", "double"})
_NUMBERS = lexical.INTEGERS | {"decimal"}
# The fields of each type, in the order of its lexical form.
_MOMENTS = {
    "dateTime": "year-month-dayTclock",
    "dateTimeStamp": "year-month-dayTclock",
    "date": "year-month-day",
    "time": "clock",
    "gYearMonth": "year-month",
    "gYear": "year",
    "gMonthDay": "--month-day",
    "gMonth": "--month",
    "gDay": "---day",
}
_CYCLE = 146_097 * 86_400  # seconds in 400 years
_ZONES = 14 * 3600  # how far a zone can be from UTC, in seconds
_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)  # days before each month


class _Moment(NamedTuple):
    """Seconds on the time line of a type, as of UTC where the zone is known."""

    seconds: Decimal
    zoned: bool


_Value: TypeAlias = tuple[str, Decimal | float | str | bool | _Moment]


def compare(a: Literal, b: Literal) -> int | None:
    """How two literals stand to each other.

    Parameters:
        a, b: literals as written; the lexical form is read, whatever its length.

    Returns:
        -1, 0 or 1 for a before, equal to, or after b in value; None where they have no order.

    >>> from pyoxigraph import NamedNode
    >>> def typed(form: str, name: str) -> Literal:
    ...     return Literal(form, datatype=NamedNode(XSD + name))
    >>> compare(typed("1.50", "decimal"), typed("1", "byte"))
    1
    >>> compare(typed("2019-06-25", "date"), typed("2019-06-25Z", "date")) is None
    True
    >>> compare(typed("2019-06-25", "date"), typed("2019-06-26Z", "date"))
    -1
    >>> compare(Literal("a", language="en"), Literal("b", language="en")) is None
    True
    """
    one, other = _value(a), _value(b)
    if one is None or other is None:
        return None
    (kind, x), (kind_of_other, y) = one, other
    if kind != kind_of_other:
        if {kind, kind_of_other} != {"number", "float"}:
            return None
        x, y = _double(a.value), _double(b.value)
    if isinstance(x, _Moment) and isinstance(y, _Moment):
        return _in_time(x, y)
    if x == y:
        return 0
    if x < y:  # type: ignore[operator]
        return -1
    return 1 if x > y else None  # type: ignore[operator]


class Scale:
    """Literals set out in order, to count those that another one comes before.

    Parameters:
        literals: each counts as often as it comes.

    >>> Scale([Literal(1), Literal(3), Literal("x")]).after(Literal(2), (-1,))
    1
    """

    def __init__(self, literals: Iterable[Literal]) -> None:
        rows: dict[object, list[tuple[Any, Literal]]] = {}
        for literal in literals:
            kind, place = _value(literal) or (None, math.nan)
            if isinstance(place, _Moment):
                rows.setdefault((kind, place.zoned), []).append((place.seconds, literal))
            elif place == place:
                rows.setdefault(kind, []).append((place, literal))
        self._rows = [
            [literal for _, literal in sorted(row, key=itemgetter(0))] for row in rows.values()
        ]

    def after(self, value: Literal, outcomes: Collection[int]) -> int:
        """How many of them `compare` puts to a value as wanted.

        Parameters:
            outcomes: of `compare` for the value and one of them: -1, or -1 and 0.
        """
        # Within a row, what comes after one that is after the value is after it as well.
        return sum(
            len(row) - bisect_left(row, True, key=lambda each: compare(value, each) in outcomes)
            for row in self._rows
        )


@lru_cache(maxsize=4096)
def _value(literal: Literal) -> _Value | None:
    """What a literal is compared as and with; None where it has no order."""
    if literal.language is not None:
        return None
    datatype, form = literal.datatype.value, literal.value
    name = datatype.removeprefix(XSD)
    if name == datatype or lexical.fault_of(form, datatype) is not None:
        return None
    if name in _NUMBERS:
        return "number", Decimal(form)
    if name in _FLOATS:
        return "float", _double(form)
    if name == "string":
        return name, form
    if name == "boolean":
        return name, form in ("true", "1")
    if name in _MOMENTS:
        return name.removesuffix("Stamp"), _moment(form, _MOMENTS[name])
    return None


def _double(form: str) -> float:
    # Python reads INF and NaN as XML Schema writes them, and rounds as IEEE 754 does.
    return float(form)


def _in_time(a: _Moment, b: _Moment) -> int | None:
    if a.zoned == b.zoned:
        return (a.seconds > b.seconds) - (a.seconds < b.seconds)
    distance = a.seconds - b.seconds
    if abs(distance) <= _ZONES:
        return None
    return 1 if distance > 0 else -1


def _moment(form: str, fields: str) -> _Moment:
    """A well-formed date or time on its time line (XML Schema 1.1 Part 2, E.3.4)."""
    with localcontext() as context:
        # Exact: a year and a fraction may have any number of digits.
        context.prec, context.Emax, context.Emin = len(form) + 30, MAX_EMAX, MIN_EMIN
        rest, offset, zoned = _zone(form)
        date, _, clock = rest.partition("T")
        if fields == "clock":
            date, clock = "", f"00{rest[2:]}" if rest.startswith("24") else rest
        year, month, day = "1972", 12, 28  # stand for what the type leaves out
        if fields.startswith("year"):
            year, *further = date.rsplit("-", fields.count("-"))
            month, day = [*map(int, further), *(month, day)[len(further) :]]
        elif "month" in fields:
            month = int(date[2:4])
            day = int(date[5:]) if "day" in fields else day
        elif "day" in fields:
            day = int(date[3:])
        seconds = _days(year, month, day) * 86_400 - offset
        if clock:
            hours, minutes, rest = clock.split(":")
            seconds += int(hours) * 3600 + int(minutes) * 60 + Decimal(rest)
        return _Moment(seconds, zoned)


def _days(year: str, month: int, day: int) -> Decimal:
    """Days of the proleptic Gregorian calendar, whose years repeat every 400."""
    number = Decimal(year)
    cycle = (number * Decimal("0.0025")).to_integral_value(ROUND_FLOOR)
    within = int(number - cycle * 400)
    leap = within % 4 == 0 and (within % 100 != 0 or within == 0)
    earlier = within - 1
    days = 366 + earlier * 365 + earlier // 4 - earlier // 100 if within else 0
    days += _BEFORE[month - 1] + (month > 2 and leap) + day
    return cycle * (_CYCLE // 86_400) + days


def _zone(form: str) -> tuple[str, int, bool]:
    """A form without its zone, how far that is from UTC in seconds, and whether there is one."""
    if form.endswith("Z"):
        return form[:-1], 0, True
    if len(form) > 6 and form[-3] == ":" and form[-6] in "+-":
        seconds = int(form[-5:-3]) * 3600 + int(form[-2:]) * 60
        return form[:-6], -seconds if form[-6] == "-" else seconds, True
    return form, 0, False
