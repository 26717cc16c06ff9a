"""What pySHACL says of the cases that every evaluator runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gsefgraph.terms import SH
from tests.oracle import Oracle
from tests.shacl_cases import CASES, Case, Row, shapes, triples

# Where pySHACL says something else, and why.
_ZONE = "it compares dates with and without a time zone, which are not in order: SHACL 4.3"
_BLANK = "it takes blank nodes for long enough: SHACL 4.4.1"
OTHERWISE = {
    "recursion that ends badly": "it stops where a shape comes back: SHACL 3.4.3",
    "recursion through property and a target": "it stops where a shape comes back: SHACL 3.4.3",
    "sh:maxInclusive '2019-06-25'^^xsd:date on values": _ZONE,
    "sh:maxInclusive '2019-06-25'^^xsd:date on nodes": _ZONE,
    "sh:minLength 0 on values": _BLANK,
    "sh:minLength 0 on nodes": _BLANK,
    "sh:lessThanOrEquals :q of :s :p 'NaN'^^xsd:double ; :q 1": "NaN is in no order: SHACL 4.5.4",
    "inverse of a sequence": "it does not turn the sequence round: SPARQL 1.1, 18.4",
}


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    with Oracle() as running:
        yield running


def told(oracle: Oracle, case: Case) -> set[Row]:
    """The rows that pySHACL gives; what several shapes lead to it tells more than once."""
    return {
        (
            str(_short(answer["focus"])),
            answer["component"][1].removeprefix(SH).removesuffix("ConstraintComponent"),
            _short(answer["value"]),
        )
        for answer in oracle.validate(triples(case.data), shapes(case.rules).triples)
    }


def _short(term: list[str] | None) -> str | None:
    if term is None:
        return None
    if term[0] == "literal":
        return f"{term[1]}@{term[3]}" if term[3] else f'"{term[1]}"'
    return "[]" if term[0] == "blank" else term[1].removeprefix("urn:t:")


@pytest.mark.parametrize("name", [name for name in CASES if name not in OTHERWISE])
def test_pyshacl_says_the_same(name: str, oracle: Oracle) -> None:
    assert told(oracle, CASES[name]) == set(CASES[name].rows)


@pytest.mark.parametrize("name", OTHERWISE)
def test_pyshacl_says_something_else(name: str, oracle: Oracle) -> None:
    assert told(oracle, CASES[name]) != set(CASES[name].rows)
