"""Every kind of property path as SQL; pySHACL agrees."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gsefgraph.columns.columns import Columns
from gsefgraph.shacl.compiled.paths import Values
from gsefgraph.shacl.compiled.run import Nodes, Run
from gsefgraph.shacl.shapes.model import Model, Shape
from gsefgraph.sparql.path import Path
from tests.oracle import Oracle
from tests.test_shacl_compile import Case, found, on, quads, told_by

DATA = """
:a :p :b ; :q :b, 'l' . :b :p :c ; :q :d . :c :p :a ; :r :d . :d :p 'l' . :e :q :a .
:n :next :o . :o :next :n . :x :p :x .
"""


def p(name: str) -> Path:
    return Path.of(f"urn:t:{name}")


def op(operator: str, *parts: Path) -> Path:
    return Path(operator, parts=parts)


# A path, its form in Turtle, and what it reaches from some nodes.
PATHS = {
    "predicate": (p("p"), ":p", {"a": {"b"}, "b": {"c"}, "d": {"l"}}),
    "inverse": (op("^", p("p")), "[ sh:inversePath :p ]", {"a": {"c"}, "b": {"a"}, "e": set()}),
    "inverse of a literal": (op("^", p("p")), "[ sh:inversePath :p ]", {"l": {"d"}}),
    "sequence": (op("/", p("p"), p("q")), "( :p :q )", {"a": {"d"}, "c": {"b", "l"}, "b": set()}),
    "alternative": (
        op("|", p("p"), p("q")),
        "[ sh:alternativePath ( :p :q ) ]",
        {"a": {"b", "l"}, "b": {"c", "d"}, "e": {"a"}},
    ),
    "zeroOrOne": (
        op("?", p("p")),
        "[ sh:zeroOrOnePath :p ]",
        {"a": {"a", "b"}, "e": {"e"}, "l": {"l"}, "x": {"x"}},
    ),
    "zeroOrMore": (
        op("*", p("p")),
        "[ sh:zeroOrMorePath :p ]",
        {"a": {"a", "b", "c"}, "e": {"e"}, "d": {"d", "l"}, "l": {"l"}},
    ),
    "oneOrMore": (
        op("+", p("p")),
        "[ sh:oneOrMorePath :p ]",
        {"a": {"a", "b", "c"}, "e": set(), "d": {"l"}, "x": {"x"}},
    ),
    "oneOrMore of an inverse": (
        op("+", op("^", p("next"))),
        "[ sh:oneOrMorePath [ sh:inversePath :next ] ]",
        {"n": {"n", "o"}},
    ),
    "oneOrMore of an alternative": (
        op("+", op("|", p("p"), p("r"))),
        "[ sh:oneOrMorePath [ sh:alternativePath ( :p :r ) ] ]",
        {"b": {"a", "b", "c", "d", "l"}},
    ),
    "zeroOrMore of a sequence": (
        op("*", op("/", p("p"), p("p"))),
        "[ sh:zeroOrMorePath ( :p :p ) ]",
        {"a": {"a", "b", "c"}, "d": {"d"}},
    ),
    "oneOrMore of a zeroOrMore": (
        op("+", op("*", p("q"))),
        "[ sh:oneOrMorePath [ sh:zeroOrMorePath :q ] ]",
        {"e": {"e", "a", "b", "d", "l"}, "c": {"c"}},
    ),
    "zeroOrMore of a sequence with a zeroOrOne": (
        op("*", op("/", op("?", p("q")), op("^", p("r")))),
        "[ sh:zeroOrMorePath ( [ sh:zeroOrOnePath :q ] [ sh:inversePath :r ] ) ]",
        {"b": {"b", "c"}, "d": {"d", "c"}},
    ),
    "inverse of a sequence": (
        op("^", op("/", p("p"), p("q"))),
        "[ sh:inversePath ( :p :q ) ]",
        {"d": {"a"}, "l": {"c"}},
    ),
    "inverse of an alternative": (
        op("^", op("|", p("q"), op("^", p("p")))),
        "[ sh:inversePath [ sh:alternativePath ( :q [ sh:inversePath :p ] ) ] ]",
        {"a": {"e", "b"}},
    ),
    "oneOrMore of the inverse of an alternative": (
        op("+", op("^", op("|", p("q"), p("r")))),
        "[ sh:oneOrMorePath [ sh:inversePath [ sh:alternativePath ( :q :r ) ] ] ]",
        {"d": {"b", "c", "a", "e"}},
    ),
    "inverse of an inverse": (
        op("^", op("^", p("p"))),
        "[ sh:inversePath [ sh:inversePath :p ] ]",
        {"a": {"b"}},
    ),
    "sequence that comes back": (op("/", p("p"), p("p"), p("p")), "( :p :p :p )", {"a": {"a"}}),
    "two ways to one value": (op("|", p("p"), p("p")), "", {"a": {"b"}}),
    "predicate nobody uses": (op("*", p("none")), "[ sh:zeroOrMorePath :none ]", {"a": {"a"}}),
    "sequence after an alternative": (
        op("/", op("|", p("p"), p("q")), op("|", p("p"), p("q"))),
        "( [ sh:alternativePath ( :p :q ) ] [ sh:alternativePath ( :p :q ) ] )",
        {"a": {"c", "d"}},
    ),
}


@pytest.mark.parametrize("name", PATHS)
def test_values(name: str) -> None:
    path, _, reached = PATHS[name]
    model = Model({"urn:t:S": Shape("urn:t:S", path=path)})
    with Columns.read([], quads=quads(DATA)) as columns, Run(model, columns) as run:
        nodes = " UNION ".join(
            f"SELECT id AS f FROM term WHERE lex IN ('urn:t:{node}', '{node}')" for node in reached
        )
        pairs = Values(run, Nodes(run, nodes), path).pairs
        rows = run.rows(f"SELECT f, v FROM {pairs}")
        names = {i: t.value.removeprefix("urn:t:") for i, t in run.ids.decode(_all(rows)).items()}
    assert len(rows) == len(set(rows))
    assert {(names[f], names[v]) for f, v in rows} == {
        (node, value) for node, values in reached.items() for value in values
    }


def _all(rows: list[tuple[int, int]]) -> set[int]:
    return {i for row in rows for i in row}


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    with Oracle() as running:
        yield running


# pySHACL reads the inverse of a sequence as the sequence of the inverses, without turning it
# round; SPARQL 1.1, section 18.4, which SHACL 2.3.1.3 refers to, turns it round.
_OTHERWISE = ("inverse of a sequence",)


@pytest.mark.parametrize(
    "name", [name for name, (_, turtle, _) in PATHS.items() if turtle and name not in _OTHERWISE]
)
def test_pyshacl_reaches_the_same(name: str, oracle: Oracle) -> None:
    _, turtle, reached = PATHS[name]
    nodes = ", ".join("'l'" if node == "l" else f":{node}" for node in reached)
    rules = on(turtle, "sh:in ()", target=f"sh:targetNode {nodes}")
    rows = set(found(DATA, rules))
    assert rows == told_by(oracle, Case(DATA, rules, set()))
    assert len(rows) == sum(map(len, reached.values()))


def test_a_target_that_no_data_mentions_reaches_itself() -> None:
    rules = on(
        "[ sh:zeroOrMorePath :p ]",
        "sh:nodeKind sh:BlankNode ; sh:minLength 9",
        target="sh:targetNode :nowhere, 'nothing'",
    )
    assert found(DATA, rules) == [
        ('"nothing"', "MinLength", '"nothing"'),
        ('"nothing"', "NodeKind", '"nothing"'),
        ("nowhere", "NodeKind", "nowhere"),
    ]


def test_a_long_chain_ends() -> None:
    data = " ".join(f":n{i} :next :n{i + 1} ." for i in range(300)) + ":n300 :next :n0 ."
    rules = on("[ sh:oneOrMorePath :next ]", "sh:maxCount 300", target="sh:targetNode :n0, :n7")
    assert found(data, rules) == [("n0", "MaxCount", None), ("n7", "MaxCount", None)]
