"""A whole graph as SQL: what is told beside the results, what is left, each graph by itself."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from gsefgraph.columns.columns import Columns
from gsefgraph.shacl.compiled import conditions
from gsefgraph.shacl.compiled.evaluate import Evaluation, evaluate
from gsefgraph.shacl.compiled.foci import sources
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.model import Constraint, Custom, Model, Shape, Target
from gsefgraph.sparql.path import Path
from gsefgraph.terms import SH
from tests.shacl_cases import NESTED, Row, on, quads, short
from tests.shacl_suite import ShaclSuite, model, row


def evaluation(data: str, rules: str, *, scoped: bool = False) -> Evaluation:
    with Columns.read([], quads=quads(data)) as columns:
        if scoped:
            columns.scoped()
        return evaluate(model(rules), columns, scoped=scoped)


def found(data: str, rules: str, *, scoped: bool = False) -> list[Row]:
    return sorted(map(row, evaluation(data, rules, scoped=scoped).results), key=str)


class TestAsColumns(ShaclSuite):
    def judged(self, given: Model, data: Sequence[Triple]) -> Sequence[Result]:
        with Columns.read([], quads=[Quad(*triple) for triple in data]) as columns:
            results = evaluate(given, columns).results
        assert len({result.identity for result in results}) == len(results)
        return results


def test_the_ways_name_every_constraint() -> None:
    rules = on(":p", "sh:minCount 1 ; sh:node [ sh:nodeKind sh:IRI ]")
    ways = evaluation(":a :p 1 .", rules).ways
    assert {(way.component.removeprefix(SH), way.way) for way in ways} == {
        ("MinCountConstraintComponent", "sql"),
        ("NodeConstraintComponent", "sql"),
        ("NodeKindConstraintComponent", "sql"),
    }


NOT_A = "ASK { FILTER($value != <urn:t:a>) }"
CUSTOM = Model(
    {
        "urn:t:S": Shape(
            "urn:t:S",
            targets=(Target("subjectsOf", NamedNode("urn:t:p")),),
            constraints=(Constraint("Custom", Custom("urn:t:component", (), NOT_A)),),
        ),
        "urn:t:T": Shape(
            "urn:t:T",
            targets=(Target("subjectsOf", NamedNode("urn:t:p")),),
            constraints=(Constraint("Not", "urn:t:S"),),
        ),
    }
)


def test_a_custom_component_is_asked_about_the_nodes_it_concerns() -> None:
    with Columns.read([], quads=quads(":a :p 1 . :b :p 1 . :c :q 1 .")) as columns:
        done = evaluate(CUSTOM, columns)
    assert {(result.shape, short(result.focus)) for result in done.results} == {
        ("urn:t:S", "a"),
        ("urn:t:T", "b"),
    }
    assert [way.way for way in done.ways] == ["engine", "sql"]


def test_long_conditions_are_kept_as_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conditions, "_LONG", 1)
    for case in NESTED.values():
        assert found(case.data, case.rules) == sorted(case.rows, key=str)


def test_sources_follow_properties() -> None:
    target = Target("node", NamedNode("urn:t:a"))
    given = Model(
        {
            "a": Shape("a", targets=(target,), constraints=(Constraint("Property", "b"),)),
            "b": Shape("b", path=Path.of("urn:t:p"), constraints=(Constraint("Property", "c"),)),
            "c": Shape("c", path=Path.of("urn:t:q"), constraints=(Constraint("Property", "c"),)),
            "d": Shape("d", constraints=(Constraint("Not", "a"),)),
        }
    )
    assert sources(given) == {
        "a": frozenset({target}),
        "b": frozenset({target}),
        "c": frozenset({"b", "c"}),
    }


def test_a_long_chain_ends() -> None:
    data = " ".join(f":n{i} :next :n{i + 1} ." for i in range(300)) + ":n300 :next :n0 ."
    rules = on("[ sh:oneOrMorePath :next ]", "sh:maxCount 300", target="sh:targetNode :n0, :n7")
    assert found(data, rules) == [("n0", "MaxCount", None), ("n7", "MaxCount", None)]


def test_what_the_data_lacks_is_told() -> None:
    rules = """:S a sh:NodeShape ; sh:targetClass :C, :Typo ; sh:targetNode :a, :typo ;
        sh:targetSubjectsOf :p, :typed ; sh:targetObjectsOf :p ;
        sh:property [ sh:path ( :p [ sh:inversePath :tpyo ] ) ; sh:minCount 0 ] ."""
    data = ":a :p :b ; a :D . :D rdfs:subClassOf :C ."
    done = evaluation(data, rules)
    assert [short(target.value) for _, target in done.unmet] == ["Typo", "typo", "typed"]
    assert [short(NamedNode(iri)) for _, iri in done.unused] == ["tpyo"]


def test_no_table_is_left() -> None:
    rules = on("[ sh:zeroOrMorePath :p ]", "sh:maxCount 1 ; sh:node [ sh:minLength 2 ]")
    with Columns.read([], quads=quads(":a :p :b . :b :p 'x' .")) as columns:
        before = columns.rows("SELECT table_name FROM duckdb_tables() ORDER BY 1")
        evaluate(model(rules), columns)
        assert columns.rows("SELECT table_name FROM duckdb_tables() ORDER BY 1") == before


def test_no_shapes_and_no_data() -> None:
    with Columns.read([], quads=[]) as columns:
        assert evaluate(Model({}), columns) == Evaluation([], [], [], [])
        assert evaluate(model(on(":p", "sh:minCount 1")), columns).results == []


def test_the_union_counts_a_triple_once() -> None:
    data = ":a :p 1 . GRAPH :g { :a :p 1 } GRAPH :h { :a :p 1 }"
    assert found(data, on(":p", "sh:maxCount 1")) == []


class TestScoped:
    """Each graph by itself."""

    DATA = """GRAPH :g { :a :p 1 ; :start 1 . :b :p 1, 2 . :c a :C }
        GRAPH :h { :a :p 2 ; :end 2 . :b :p 1, 2 . :C rdfs:subClassOf :D } """

    def test_counts_do_not_add_up(self) -> None:
        rows = [("b", "MaxCount", None)]
        assert found(self.DATA, on(":p", "sh:maxCount 1"), scoped=True) == rows
        assert found(self.DATA, on(":p", "sh:maxCount 1")) == [("a", "MaxCount", None), *rows]

    def test_a_path_stays_in_its_graph(self) -> None:
        data = "GRAPH :g { :a :p :b } GRAPH :h { :b :q :c } GRAPH :i { :x :p :y . :y :q :z }"
        rules = on("( :p :q )", "sh:minCount 1")
        assert found(data, rules, scoped=True) == [("a", "MinCount", None)]
        assert found(data, rules) == []

    def test_classes_are_those_of_the_graph(self) -> None:
        rules = """:S a sh:NodeShape ; sh:targetClass :D ; sh:nodeKind sh:Literal .
            :T a sh:NodeShape ; sh:targetClass :C ; sh:class :C ; sh:nodeKind sh:BlankNode ."""
        assert found(self.DATA, rules, scoped=True) == [("c", "NodeKind", "c")]
        assert len(found(self.DATA, rules)) == 2

    def test_terms_are_read_without_their_graph(self) -> None:
        data = "GRAPH :g { :a :p :b, 'x', 'xx'@en } GRAPH :h { :a :p 'y'@en-gb }"
        rules = on(
            ":p",
            """sh:in ('x' 'xx'@en :b) ; sh:hasValue :b ; sh:pattern '^(x|urn)' ;
            sh:languageIn ('en') ; sh:or ([ sh:hasValue :b ] [ sh:nodeKind sh:Literal ])""",
        )
        assert found(data, rules, scoped=True) == [
            ("a", "HasValue", None),
            ("a", "In", "y@en-gb"),
            ("a", "LanguageIn", '"x"'),
            ("a", "LanguageIn", "b"),
            ("a", "Pattern", "y@en-gb"),
        ]

    def test_a_target_node_is_one_in_every_graph(self) -> None:
        rules = on(":start", "sh:minCount 1", target="sh:targetNode :a")
        assert found(self.DATA, rules, scoped=True) == [("a", "MinCount", None)]
        assert found(self.DATA, rules) == []

    def test_order(self) -> None:
        data = """GRAPH :g { :a :p 1 ; :q 0 . :c :p 10.5 . :c :q 11e0 }
            GRAPH :h { :b :p 1 } GRAPH :i { :b :q 0 }"""
        rules = on(":p", "sh:lessThan :q ; sh:maxInclusive 1")
        assert found(data, rules, scoped=True) == [
            ("a", "LessThan", '"1"'),
            ("c", "MaxInclusive", '"10.5"'),
        ]

    def test_queries(self) -> None:
        data = "GRAPH :g { :a :p 1 } GRAPH :h { :a :q 2 } GRAPH :i { :b :p 1 ; :q 2 }"
        rules = on(
            ":p",
            "sh:sparql [ sh:select 'SELECT $this ?value WHERE { $this $PATH ?value ;"
            " <urn:t:q> ?q }' ]",
        )
        assert found(data, rules, scoped=True) == [("b", "SPARQL", '"1"')]
        assert len(found(data, rules)) == 2


def test_the_default_graph_is_a_graph_of_its_own() -> None:
    quad = Quad(NamedNode("urn:t:a"), NamedNode("urn:t:p"), Literal("1"), DefaultGraph())
    with Columns.read([], quads=[quad]) as columns:
        columns.scoped()
        done = evaluate(model(on(":p", "sh:maxCount 0")), columns, scoped=True)
    assert len(done.results) == 1
