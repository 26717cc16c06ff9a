"""Ill-formed literals: SQL accepts only what the lexical check accepts, which has the last word."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from gsefgraph.columns.columns import Columns
from gsefgraph.columns.database import Database
from gsefgraph.columns.illformed import ACCEPTED
from gsefgraph.rdf.lexical import _FORMS, DATATYPES, LANGSTRING, fault, fault_of
from gsefgraph.terms import XSD

NODE = NamedNode("a:a")
# What forms are made of: one that is right, then a few changes.
SEEDS = [
    *sorted({example for _, example in _FORMS.values()}),
    "2020-02-29", "2019-02-29", "2100-02-29", "1900-02-29", "-0044-03-15", "12019-06-25",
    "2019-06-31+14:00", "2019-06-25Z", "24:00:00", "23:59:60", "09:30:00.5-13:59", "--02-29",
    "--02-30", "---31", "+7", "-0", "00", "255", "256", "-128", "128", "32767", "65536",
    "2147483648", "-2147483649", "9223372036854775808", "18446744073709551616", "1e5", "INF",
    "+INF", "NaN", "P", "PT", "P1M2D", "PT1M", "-P1D", "a b", " a", "a:b", "aGk=", "aGl=",
    "%C3%A9", "0fb", "é", "٣", "\x07", "\ufffe", "", "https://[::1]/",
]  # fmt: skip
PARTS = [*"0123456789-+:.TZPYMDHSeE /=%_#a", "\n", "\u0663", "\ud7ff", "𐀀", "00", "14:00"]


@st.composite
def forms(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(PARTS)) + text[at + draw(st.integers(0, 2)) :]
    return text


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with Database() as opened:
        opened.open()
        yield opened


def test_every_datatype_has_its_sql() -> None:
    assert {f"{XSD}{name}" for name in ACCEPTED} == set(DATATYPES)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(forms() | st.text(max_size=12), min_size=200, max_size=400))
def test_law_sql_accepts_nothing_that_is_wrong(database: Database, lexical: list[str]) -> None:
    for name, accepted in ACCEPTED.items():
        rows = database.rows(
            f"SELECT lex FROM (SELECT unnest(?::VARCHAR[]) AS lex) WHERE {accepted}", [lexical]
        )
        for (lex,) in rows:
            assert fault_of(lex, f"{XSD}{name}") is None, (name, lex)


@pytest.mark.parametrize("name", ACCEPTED)
def test_sql_accepts_what_is_usual(database: Database, name: str) -> None:
    right = [form for form in SEEDS if fault_of(form, f"{XSD}{name}") is None]
    rows = database.rows(
        f"SELECT lex FROM (SELECT unnest(?::VARCHAR[]) AS lex) WHERE {ACCEPTED[name]}", [right]
    )
    assert rows


def test_ill_is_what_the_lexical_check_refuses() -> None:
    datatypes = [NamedNode(iri) for iri in (*DATATYPES, "a:type") if iri != LANGSTRING]
    literals = [Literal(form, datatype=datatype) for form in SEEDS for datatype in datatypes]
    literals += [Literal("x", language=tag) for tag in ("fr", "zh-Hant-TW", "english", "x-a")]
    random.Random(7).shuffle(literals)
    with Columns.read([], quads=[Quad(NODE, NODE, literal) for literal in literals]) as columns:
        ill = columns.terms(number for (number,) in columns.rows("SELECT id FROM ill")).values()
        assert len(columns.rows("SELECT id FROM ill")) == len(ill)
    assert set(ill) == {literal for literal in literals if fault(literal)}
