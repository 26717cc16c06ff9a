"""The order of literals: by value, exact, partial for times, none for what has none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from gsefgraph.rdf import lexical
from gsefgraph.shacl.shapes.order import Scale, compare
from gsefgraph.terms import XSD


def typed(form: str, name: str) -> Literal:
    return Literal(form, datatype=NamedNode(XSD + name))


HUGE = "1" + "0" * 5000

EXACT = [
    ("1", "integer", "2", "integer", -1),
    ("+007", "integer", "7.000", "decimal", 0),
    ("-0", "integer", "0", "nonNegativeInteger", 0),
    ("255", "unsignedByte", "256", "short", -1),
    ("0.1", "decimal", "0.10000000000000000000000000000001", "decimal", -1),
    (HUGE, "integer", HUGE[:-1] + "1", "integer", -1),
    ("-" + HUGE, "integer", "5", "byte", -1),
    ("9007199254740993", "integer", "9007199254740992", "decimal", 1),
    ("9007199254740993", "integer", "9007199254740992", "double", 0),  # both as doubles
    ("0.1", "decimal", "0.1", "double", 0),
    ("0.1", "float", "1E-1", "double", 0),
    (HUGE, "integer", "INF", "double", 0),
    ("INF", "double", "1E308", "double", 1),
    ("-INF", "float", "0", "integer", -1),
    ("+INF", "float", "INF", "double", 0),
    ("-0.0E0", "double", "0", "integer", 0),
    ("NaN", "double", "NaN", "double", None),
    ("NaN", "double", "1", "integer", None),
    ("a", "string", "b", "string", -1),
    ("\ufffd", "string", "\U00010000", "string", -1),
    ("", "string", "", "string", 0),
    ("false", "boolean", "1", "boolean", -1),
    ("true", "boolean", "1", "boolean", 0),
    ("true", "boolean", "1", "integer", None),
    ("1", "string", "1", "integer", None),
    ("a", "token", "b", "token", None),
    ("P1Y", "duration", "P2Y", "duration", None),
    ("P1D", "dayTimeDuration", "P2D", "dayTimeDuration", None),
    ("AA", "hexBinary", "BB", "hexBinary", None),
    ("2019-06-25", "date", "2019-06-26", "date", -1),
    ("2019-12-31", "date", "2020-01-01", "date", -1),
    ("2019-06-25", "date", "2019-06-25T00:00:00", "dateTime", None),
    ("2019", "gYear", "2019-06-25", "date", None),
    ("2019", "gYear", "2020", "gYear", -1),
    ("-0001", "gYear", "0000", "gYear", -1),
    ("99999", "gYear", "2019", "gYear", 1),
    (HUGE, "gYear", "2019", "gYear", 1),
    ("2019-12", "gYearMonth", "2020-01", "gYearMonth", -1),
    ("--12-31", "gMonthDay", "--01-01", "gMonthDay", 1),
    ("--02-29", "gMonthDay", "--03-01", "gMonthDay", -1),
    ("--02", "gMonth", "--11", "gMonth", -1),
    ("---09", "gDay", "---31", "gDay", -1),
    ("---09Z", "gDay", "---09-05:00", "gDay", -1),
    ("09:00:00", "time", "09:00:00.001", "time", -1),
    ("24:00:00", "time", "00:00:00", "time", 0),
    ("2019-12-31T24:00:00", "dateTime", "2020-01-01T00:00:00", "dateTime", 0),
    ("2019-06-25T10:00:00Z", "dateTime", "2019-06-25T12:00:00+02:00", "dateTimeStamp", 0),
    ("2019-06-25T10:00:00Z", "dateTime", "2019-06-25T23:59:59", "dateTime", None),
    ("2019-06-25T10:00:00Z", "dateTime", "2019-06-26T00:00:00", "dateTime", None),  # 14 h
    ("2019-06-25T10:00:00Z", "dateTime", "2019-06-26T00:00:01", "dateTime", -1),
    ("2019-06-26T00:00:01", "dateTime", "2019-06-25T10:00:00Z", "dateTime", 1),
    ("2019-06-25", "date", "2019-06-25Z", "date", None),
    ("2019-06-25+14:00", "date", "2019-06-25-14:00", "date", -1),
    # not in the lexical space
    ("2019-02-30", "date", "2019-03-01", "date", None),
    ("x", "integer", "1", "integer", None),
    ("300", "byte", "1", "byte", None),
    (" 1", "integer", "2", "integer", None),
    ("1_0", "decimal", "2", "integer", None),
    ("infinity", "double", "2", "integer", None),
]  # fmt: skip


@pytest.mark.parametrize(("a", "kind", "b", "other", "expected"), EXACT, ids=str)
def test_each_pair(a: str, kind: str, b: str, other: str, expected: int | None) -> None:
    one, two = typed(a, kind), typed(b, other)
    assert compare(one, two) == expected
    assert compare(two, one) == (None if expected is None else -expected)


def test_text_with_a_language_has_no_order() -> None:
    english = Literal("a", language="en")
    assert compare(english, english) is None
    assert compare(english, Literal("a")) is None


def test_other_datatypes_have_no_order() -> None:
    own = Literal("1", datatype=NamedNode("urn:number"))
    assert compare(own, own) is None
    assert compare(own, typed("1", "integer")) is None


NUMBERS = st.one_of(
    st.integers().map(lambda n: typed(str(n), "integer")),
    st.decimals(allow_nan=False, allow_infinity=False, places=4).map(
        lambda n: typed(format(n, "f"), "decimal")
    ),
)
ZONES = st.one_of(st.none(), st.integers(-840, 840))


def zone(minutes: int | None) -> str:
    if minutes is None:
        return ""
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


DATES = st.builds(lambda d, z: typed(f"{d}{zone(z)}", "date"), st.dates(), ZONES)
MOMENTS = st.builds(
    lambda d, z: typed(f"{d.isoformat()}{zone(z)}", "dateTime"), st.datetimes(), ZONES
)
FLOATS = st.floats().map(
    lambda f: typed(str(f).replace("inf", "INF").replace("nan", "NaN"), "double")
)
LITERALS = st.one_of(
    NUMBERS, FLOATS, DATES, MOMENTS,
    st.text(max_size=3).map(Literal),
    st.builds(typed, st.text("0123456789-+:TZ.", max_size=8), st.sampled_from(
        ["integer", "decimal", "date", "gYear", "gMonth", "gDay", "time", "boolean"])),
)  # fmt: skip


@given(LITERALS, LITERALS)
def test_it_is_antisymmetric(a: Literal, b: Literal) -> None:
    there, back = compare(a, b), compare(b, a)
    assert there == (None if back is None else -back)


@given(LITERALS)
def test_a_literal_equals_itself_or_has_no_order(a: Literal) -> None:
    assert compare(a, a) in (0, None)
    if lexical.fault(a) is not None:
        assert compare(a, a) is None


@given(NUMBERS, NUMBERS)
def test_numbers_stand_as_fractions_do(a: Literal, b: Literal) -> None:
    x, y = Fraction(Decimal(a.value)), Fraction(Decimal(b.value))
    assert compare(a, b) == (x > y) - (x < y)


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_doubles_stand_as_python_s_do(x: float, y: float) -> None:
    a, b = (typed(str(f).replace("inf", "INF"), "double") for f in (x, y))
    assert compare(a, b) == (x > y) - (x < y)


@given(st.datetimes(), ZONES, st.datetimes(), ZONES)
def test_moments_stand_as_on_the_time_line(
    x: datetime, x_zone: int | None, y: datetime, y_zone: int | None
) -> None:
    found = compare(
        typed(f"{x.isoformat()}{zone(x_zone)}", "dateTime"),
        typed(f"{y.isoformat()}{zone(y_zone)}", "dateTime"),
    )
    if (x_zone is None) == (y_zone is None):
        one, other = (d - timedelta(minutes=z or 0) if d.year not in (1, 9999) else None
                      for d, z in ((x, x_zone), (y, y_zone)))  # fmt: skip
        if one is not None and other is not None:
            assert found == (one > other) - (one < other)
        return
    # Every zone that the one without could be in says the same, or there is no order.
    said = set()
    for minutes in (-840, 840):
        a, b = (
            typed(f"{d.isoformat()}{zone(minutes if z is None else z)}", "dateTime")
            for d, z in ((x, x_zone), (y, y_zone))
        )
        said.add(compare(a, b))
    assert found == (said.pop() if len(said) == 1 and 0 not in said else None)


@given(st.dates(), st.dates())
def test_dates_stand_as_python_s_do(x: date, y: date) -> None:
    assert compare(typed(str(x), "date"), typed(str(y), "date")) == (x > y) - (x < y)


@given(st.lists(st.one_of(NUMBERS, DATES), min_size=3, max_size=3))
def test_it_is_transitive(three: list[Literal]) -> None:
    a, b, c = three
    if compare(a, b) == -1 and compare(b, c) in (-1, 0):
        assert compare(a, c) == -1


def test_zones_are_those_of_python() -> None:
    moment = datetime(2019, 6, 25, 10, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    there = typed(moment.isoformat(), "dateTime")
    here = typed(moment.astimezone(UTC).isoformat(), "dateTime")
    assert compare(there, here) == 0


def test_long_forms_take_no_time() -> None:
    digits = "7" * 1_000_000
    assert compare(typed(digits, "integer"), typed(f"{digits}1", "decimal")) == -1
    assert compare(typed(f"0.{digits}", "decimal"), typed("1", "float")) == -1
    assert compare(typed(f"{digits}-06-25", "date"), typed("2019-06-25", "date")) == 1
    assert compare(typed(f"10:00:00.{digits}", "time"), typed("10:00:01", "time")) == -1


_MIXED = st.sampled_from([
    *(typed(form, name) for form in ("1", "2", "9007199254740993") for name in
      ("integer", "decimal", "double")),
    typed("NaN", "double"), typed("INF", "float"), typed("-0", "integer"), typed("x", "integer"),
    *(typed(f"2020-01-0{day}{zone}", "date") for day in (1, 2, 3) for zone in ("", "Z", "+14:00")),
    typed("2020", "gYear"), typed("true", "boolean"), typed("0", "boolean"),
    Literal("a"), Literal("b"), Literal("a", language="en"), typed("P1D", "duration"),
])  # fmt: skip


@given(_MIXED, st.lists(_MIXED, max_size=12))
def test_law_a_scale_counts_what_comparing_each_would(
    value: Literal, others: list[Literal]
) -> None:
    for outcomes in ((-1,), (-1, 0)):
        right = sum(compare(value, other) in outcomes for other in others)
        assert Scale(others).after(value, outcomes) == right
