"""SQL orders literals as `gsefgraph.shacl.order` does."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from gsefgraph.columns.columns import Columns
from gsefgraph.shacl.compiled.evaluate import evaluate
from gsefgraph.shacl.shapes.model import Constraint, Model, Shape, Target
from gsefgraph.shacl.shapes.order import compare
from gsefgraph.sparql.path import Path
from gsefgraph.terms import XSD

P, Q = NamedNode("urn:t:p"), NamedNode("urn:t:q")


def typed(form: str, name: str) -> Literal:
    return Literal(form, datatype=NamedNode(XSD + name))


_ZONES = ("", "Z", "+14:00", "-14:00", "+00:00", "-05:30")
_FORMS = {
    "integer": ("0", "-0", "+7", "007", "9" * 18, "9" * 19, "-" + "9" * 40, "1" + "0" * 38, "x"),
    "decimal": ("0.0", "7.00", ".5", "5.", "0." + "0" * 17 + "1", "0." + "0" * 18 + "1", "1e1"),
    "byte": ("7", "300", "-128"),
    "unsignedLong": ("18446744073709551615", "18446744073709551616"),
    "double": ("7", "7e0", "INF", "-INF", "NaN", "1e400", "1e-400", "0.1", "9007199254740993"),
    "float": ("7.0", "0.1", "-INF", "16777217"),
    "string": ("", "a", "B", "b", "é", "z", "\U0001f642", "2019", "\ufffd"),
    "boolean": ("true", "false", "1", "0", "TRUE"),
    "dateTime": ("2019-06-25T09:30:00", "2019-06-25T24:00:00", "2019-06-26T00:00:00",
                 "2019-06-25T09:30:00.5", "-0044-03-15T00:00:00", "12019-01-01T00:00:00"),
    "dateTimeStamp": ("2019-06-25T09:30:00Z", "2019-06-25T09:30:00"),
    "date": ("2019-06-25", "2019-06-26", "2019-02-30", "-0001-01-01", "0000-01-01", "12019-01-01"),
    "time": ("09:30:00", "24:00:00", "00:00:00", "23:59:59.9"),
    "gYearMonth": ("2019-06", "2019-07", "12019-06"),
    "gYear": ("2019", "0000", "-0044", "12019"),
    "gMonthDay": ("--06-25", "--02-29"),
    "gMonth": ("--06", "--07"),
    "gDay": ("---25", "---26"),
    "duration": ("P1Y", "P12M"),
}  # fmt: skip
_ZONED = ("dateTime", "date", "time", "gYearMonth", "gYear", "gMonthDay", "gMonth", "gDay")
LITERALS: tuple[Literal, ...] = (
    *(typed(form, name) for name, forms in _FORMS.items() for form in forms),
    *(typed(_FORMS[name][0] + zone, name) for name in _ZONED for zone in _ZONES[1:]),
    Literal("a", language="en"),
    Literal("a", datatype=NamedNode("urn:t:type")),
)
WANTED = {
    "MinExclusive": (1,),
    "MinInclusive": (0, 1),
    "MaxExclusive": (-1,),
    "MaxInclusive": (-1, 0),
    "LessThan": (-1,),
    "LessThanOrEquals": (-1, 0),
}


def shapes(kind: str, value: object) -> Model:
    shape = Shape(
        "urn:t:S",
        path=Path.of(P.value),
        targets=(Target("subjectsOf", P),),
        constraints=(Constraint(kind, value),),  # type: ignore[arg-type]
    )
    return Model({shape.id: shape})


def node(number: int) -> NamedNode:
    return NamedNode(f"urn:t:{number}")


def outside(values: Sequence[Literal], kind: str, bound: Literal) -> set[Literal]:
    quads = [Quad(node(0), P, value, DefaultGraph()) for value in values]
    with Columns.read([], quads=quads) as columns:
        results = evaluate(shapes(kind, bound), columns).results
    return {result.value for result in results}  # type: ignore[misc]


@pytest.mark.parametrize("kind", list(WANTED)[:4])
def test_bounds(kind: str) -> None:
    quads = [Quad(node(0), P, value, DefaultGraph()) for value in LITERALS]
    with Columns.read([], quads=quads) as columns:
        # All pairs are compared below; here a bound of each kind in turn.
        for bound in LITERALS[list(WANTED).index(kind) :: 9]:
            results = evaluate(shapes(kind, bound), columns).results
            wrong = {v for v in LITERALS if compare(v, bound) not in WANTED[kind]}
            assert {result.value for result in results} == wrong, bound


@pytest.mark.parametrize("kind", ["LessThan", "LessThanOrEquals"])
def test_pairs(kind: str) -> None:
    pairs = [(a, b) for a in LITERALS for b in LITERALS]
    quads = []
    for number, (a, b) in enumerate(pairs):
        quads += [
            Quad(node(number), P, a, DefaultGraph()),
            Quad(node(number), Q, b, DefaultGraph()),
        ]
    with Columns.read([], quads=quads) as columns:
        results = evaluate(shapes(kind, Q.value), columns).results
    wrong = {
        (node(number), a)
        for number, (a, b) in enumerate(pairs)
        if compare(a, b) not in WANTED[kind]
    }
    assert {(result.focus, result.value) for result in results} == wrong


_DIGITS = st.text("0123456789", min_size=1, max_size=42)
_NUMBERS = st.one_of(
    st.builds(lambda sign, n: typed(sign + n, "integer"), st.sampled_from(["", "-", "+"]), _DIGITS),
    st.builds(
        lambda sign, n, f: typed(f"{sign}{n}.{f}", "decimal"),
        st.sampled_from(["", "-", "+"]),
        _DIGITS,
        _DIGITS,
    ),
    st.floats().map(lambda n: typed(str(n).replace("inf", "INF").replace("nan", "NaN"), "double")),
)


@settings(max_examples=12)
@given(st.lists(_NUMBERS, min_size=1, max_size=30, unique=True), st.data())
def test_law_numbers_of_any_size(values: list[Literal], data: st.DataObject) -> None:
    bound = data.draw(st.one_of(_NUMBERS, st.sampled_from(values)))
    wrong = {v for v in values if compare(v, bound) not in (0, 1)}
    assert outside(values, "MinInclusive", bound) == wrong


_MOMENTS = st.builds(
    lambda year, month, day, hour, zone: typed(
        f"{year:04}-{month:02}-{day:02}T{hour:02}:00:00{zone}", "dateTime"
    ),
    st.sampled_from([2018, 2019, 2020, 10000, 0, -5]),
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(0, 24),
    st.sampled_from(_ZONES),
)


@settings(max_examples=12)
@given(st.lists(_MOMENTS, min_size=1, max_size=30, unique=True), _MOMENTS)
def test_law_moments(values: list[Literal], bound: Literal) -> None:
    wrong = {v for v in values if compare(v, bound) != -1}
    assert outside(values, "MaxExclusive", bound) == wrong
