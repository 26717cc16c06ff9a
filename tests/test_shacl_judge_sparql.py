"""SPARQL constraints on small graphs, and the small engine behind them."""

from __future__ import annotations

from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from gsefgraph.engine.small import Small
from gsefgraph.errors import EngineError, SyntaxFault, UsageError
from gsefgraph.shacl.judge.asked import select
from gsefgraph.shacl.judge.judge import judge
from gsefgraph.shacl.judge.memory import Memory
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.model import Constraint, Model, Shape, Sparql, Target
from gsefgraph.sparql.path import Path
from gsefgraph.terms import SH, XSD

A, B, NONE = (NamedNode(f"urn:{name}") for name in ("a", "b", "none"))
BLANK = BlankNode("x")
DATA = [
    quad.triple
    for quad in parse(
        b"""PREFIX : <urn:> :a :p 1, 2 ; :q "x" ; :r _:x . :b :p 007 . _:x :p 3 ; :q "x" .
        :b :d "2019-06-25"^^<http://www.w3.org/2001/XMLSchema#date> .""",
        format=RdfFormat.TURTLE,
    )
]
NODE = next(t.object for t in DATA if t.predicate.value == "urn:r")
SMALL = Small(DATA)
EVERY: list[Any] = [A, B, NONE, NODE, Literal("x")]


def this(query: str, nodes: list[Any] | None = None) -> set[Any]:
    variables, rows = select(SMALL, query, EVERY if nodes is None else nodes)
    assert variables[0] == "this"
    return {row[0] for row in rows}


ASKED = [
    ("SELECT $this { $this <urn:p> ?v }", {A, B, NODE}),
    ("SELECT $this WHERE { FILTER(isBlank($this)) }", {NODE}),
    ("SELECT ?this WHERE { FILTER(isLiteral(?this)) }", {Literal("x")}),
    ("SELECT $this WHERE { FILTER NOT EXISTS { $this <urn:p> ?v } }", {NONE, Literal("x")}),
    ("SELECT $this WHERE { { FILTER(bound($this)) } { FILTER($this = <urn:a>) } }", {A}),
    ("SELECT $this WHERE { { FILTER(false) } UNION { FILTER($this = <urn:b>) } }", {B}),
    ("SELECT $this WHERE { BIND($this AS ?that) FILTER(?that = <urn:none>) }", {NONE}),
    ("SELECT $this WHERE { { SELECT $this WHERE { FILTER($this = <urn:a>) } } }", {A}),
    ("SELECT $this WHERE { {SELECT * {$this <urn:q> 'x'}} FILTER isIRI($this) }", {A}),
    ("SELECT $this WHERE { OPTIONAL { ?s <urn:r> ?v FILTER(?v = $this) } FILTER(bound(?v)) }",
     {NODE}),
    ("SELECT $this WHERE { ?s <urn:q> $this }", {Literal("x")}),
    ("SELECT $this WHERE { $this <urn:p> ?v } GROUP BY $this HAVING(COUNT(?v) > 1)", {A}),
    ("SELECT $this ?v WHERE { $this <urn:p> ?v } ORDER BY ?v LIMIT 1", {A, B, NODE}),
    ("SELECT $this WHERE { GRAPH ?g { $this <urn:p> ?v } }", set()),
    ("SELECT $this WHERE { ?s ?p ?o FILTER(?s = <urn:gsefgraph:asked>) }", set()),
    ("# {\nSELECT $this WHERE { ?s <urn:q> '{' }", set()),
]  # fmt: skip


@pytest.mark.parametrize(("query", "expected"), ASKED, ids=str)
def test_this_is_bound_everywhere(query: str, expected: set[Any]) -> None:
    nodes = [node for node in EVERY if "GRAPH" not in query or node != NODE]
    assert this(query, nodes) == expected
    # What all give together is what each gives alone.
    assert {found for node in nodes for found in this(query, [node])} == expected


def test_a_query_that_does_not_name_this_is_asked_node_by_node() -> None:
    variables, rows = select(SMALL, "SELECT ?v { $this <urn:p> ?v }", [A, B])
    assert list(variables) == ["this", "v"]
    assert [(row[0], row[1].value if row[1] else "") for row in rows] == [
        (A, "1"), (A, "2"), (B, "007")
    ]  # fmt: skip


def test_graph_cannot_be_asked_of_a_blank_node() -> None:
    with pytest.raises(UsageError, match="GRAPH"):
        this("SELECT $this { GRAPH ?g { $this ?p ?o } }", [NODE])


def test_literals_come_back_as_written() -> None:
    integer = NamedNode(f"{XSD}nonNegativeInteger")
    small = Small([
        Triple(A, NamedNode("urn:p"), Literal("007", datatype=integer)),
        Triple(A, NamedNode("urn:q"), Literal("8", datatype=NamedNode(f"{XSD}integer"))),
        Triple(A, NamedNode("urn:q"), Literal("08", datatype=NamedNode(f"{XSD}integer"))),
    ])  # fmt: skip
    _, rows = small.select("SELECT ?v { ?s <urn:p> ?v }")
    assert rows == [(Literal("007", datatype=integer),)]
    _, rows = small.select("SELECT ?v { ?s <urn:q> ?v }")
    assert rows == [(Literal("8", datatype=NamedNode(f"{XSD}integer")),)]


def test_substitutions_are_joined() -> None:
    variables, rows = SMALL.select("SELECT ?this ?v { ?this <urn:p> ?v }", {"this": NODE})
    assert (variables, [row[0] for row in rows]) == (("this", "v"), [NODE])


def test_what_is_no_select() -> None:
    with pytest.raises(UsageError, match="SELECT"):
        SMALL.select("ASK {}")
    with pytest.raises(SyntaxFault, match="1:11"):
        SMALL.select("SELECT ?s FORM {}")
    with pytest.raises(EngineError):
        SMALL.select("SELECT ?v { }", {"other": A})


def judged(
    query: str, *, path: Path | None = None, nodes: tuple[Any, ...] = (A, B)
) -> list[Result]:
    constraint = Constraint("SPARQL", Sparql("urn:query", query, {"en": "no"}))
    targets = tuple(Target("node", node) for node in nodes)
    shape = Shape("urn:S", path=path, targets=targets, constraints=(constraint,))
    return judge(Model({"urn:S": shape}), Memory(DATA))


def test_results_of_a_property_shape() -> None:
    path = Path.of("urn:p")
    found = judged("SELECT $this ?value ?w { $this <urn:p> ?value . BIND(?value * 2 AS ?w) "
                   "FILTER(?value > 1) }", path=path)  # fmt: skip
    assert [(r.focus, r.value and r.value.value, r.path) for r in found] == [
        (A, "2", path), (B, "007", path)
    ]  # fmt: skip
    assert found[0].component == f"{SH}SPARQLConstraintComponent"
    assert found[0].constraint == "urn:query"
    assert {name: term.value for name, term in found[0].bound.items()} == {
        "this": "urn:a", "value": "2", "w": "4"
    }  # fmt: skip
    assert [r.value for r in judged("SELECT $this { $this <urn:q> ?v }", path=path)] == [None]


def test_results_of_a_node_shape() -> None:
    assert [(r.focus, r.value, r.path) for r in judged("SELECT $this { $this <urn:q> ?v }")] == [
        (A, A, None)
    ]
    found = judged("SELECT $this ?path ?value { $this ?path ?value FILTER(?value = 'x') }")
    assert [(r.path, r.value) for r in found] == [(Path.of("urn:q"), Literal("x"))]
    assert len(judged("SELECT $this { $this <urn:p> ?v }")) == 2  # solutions alike are one result


def test_a_failure_is_one() -> None:
    with pytest.raises(EngineError, match="urn:query"):
        judged("SELECT $this (true AS ?failure) { }")
    assert len(judged("SELECT $this (false AS ?failure) { }")) == 2


def test_conditions_on_queries_nest() -> None:
    query = Sparql("urn:query", "SELECT $this { $this <urn:q> ?v }")
    inner = Shape("urn:I", constraints=(Constraint("SPARQL", query),))
    outer = Shape(
        "urn:S",
        path=Path.of("urn:r"),
        targets=(Target("node", A),),
        constraints=(Constraint("Not", "urn:I"), Constraint("Node", "urn:I")),
    )
    found = judge(Model({"urn:I": inner, "urn:S": outer}), Memory(DATA))
    assert [(r.kind, r.value) for r in found] == [("Node", NODE)]


def test_nothing_is_asked_where_nothing_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Small, "select", lambda *_: pytest.fail("was asked"))
    assert judged("SELECT $this {}", nodes=()) == []
