"""Every constraint component as SQL, on graphs small enough to judge by eye; pySHACL agrees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from gsefgraph.columns.columns import Columns
from gsefgraph.shacl.compiled.evaluate import Evaluation, evaluate
from gsefgraph.shacl.judge.judge import judge
from gsefgraph.shacl.judge.memory import Memory
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes import reading
from gsefgraph.shacl.shapes.graph import Shapes
from gsefgraph.shacl.shapes.model import Constraint, Custom, Model, Shape, Target
from gsefgraph.terms import SH
from tests.oracle import Oracle

HEAD = """
PREFIX : <urn:t:>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
Row = tuple[str, str, str | None]


def quads(text: str) -> list[Quad]:
    return list(parse((HEAD + text).encode(), format=RdfFormat.TRIG))


def model(text: str) -> Model:
    return reading.read(shapes(text))


def shapes(text: str) -> Shapes:
    return Shapes(quad.triple for quad in quads(text))


def evaluation(data: str, rules: str, *, scoped: bool = False) -> Evaluation:
    with Columns.read([], quads=quads(data)) as columns:
        if scoped:
            columns.scoped()
        return evaluate(model(rules), columns, scoped=scoped)


def short(term: object) -> str | None:
    """A term as it is written in these tests."""
    if isinstance(term, NamedNode):
        return term.value.removeprefix("urn:t:")
    if isinstance(term, Literal):
        return f"{term.value}@{term.language}" if term.language else f'"{term.value}"'
    return None if term is None else str(term)


def row(result: Result) -> Row:
    return str(short(result.focus)), result.kind, short(result.value)


def found(data: str, rules: str, *, scoped: bool = False) -> list[Row]:
    results = evaluation(data, rules, scoped=scoped).results
    return sorted((row(result) for result in results), key=str)


class Case(NamedTuple):
    data: str
    rules: str
    rows: set[Row]


def on(path: str, rules: str, *, target: str = "sh:targetSubjectsOf :p") -> str:
    return f":S a sh:PropertyShape ; {target} ; sh:path {path} ; {rules} ."


CASES = {
    "class": Case(
        """:a :p :x, :y, :z, 'l' . :x a :C . :y a :D .
        :D rdfs:subClassOf :E . :E rdfs:subClassOf :C .""",
        on(":p", "sh:class :C"),
        {("a", "Class", "z"), ("a", "Class", '"l"')},
    ),
    "class nobody has": Case(":a :p :x .", on(":p", "sh:class :Nobody"), {("a", "Class", "x")}),
    "two classes": Case(":a :p :x . :x a :C .", on(":p", "sh:class :C, :D"), {("a", "Class", "x")}),
    "datatype": Case(
        ":a :p 1, '2019-02-30'^^xsd:date, '2019-02-28'^^xsd:date, :x, 'x'@en .",
        on(":p", "sh:datatype xsd:date"),
        {
            ("a", "Datatype", '"1"'),
            ("a", "Datatype", '"2019-02-30"'),
            ("a", "Datatype", "x"),
            ("a", "Datatype", "x@en"),
        },
    ),
    "datatype nobody has": Case(
        ":a :p 'x' .", on(":p", "sh:datatype :t"), {("a", "Datatype", '"x"')}
    ),
    "datatype of text with a language": Case(
        ":a :p 'x'@en, 'x' .", on(":p", "sh:datatype rdf:langString"), {("a", "Datatype", '"x"')}
    ),
    "counts beyond any data": Case(
        ":a :p 'x' .",
        on(":p", f"sh:minCount {10**40} ; sh:maxCount {10**40}"),
        {("a", "MinCount", None)},
    ),
    "lengths beyond any text": Case(
        ":a :p 'x' .",
        on(":p", f"sh:minLength {10**40} ; sh:maxLength {10**40}"),
        {("a", "MinLength", '"x"')},
    ),
    "a length written with zeros": Case(
        ":a :p 'x', 'xyz' .",
        on(":p", "sh:maxLength 0000000000000000000002"),
        {("a", "MaxLength", '"xyz"')},
    ),
    "nodeKind IRI": Case(
        ":a :p :x, 'l' .", on(":p", "sh:nodeKind sh:IRI"), {("a", "NodeKind", '"l"')}
    ),
    "nodeKind Literal": Case(
        ":a :p :x, 'l' .", on(":p", "sh:nodeKind sh:Literal"), {("a", "NodeKind", "x")}
    ),
    "nodeKind BlankNode": Case(
        ":a :p :x, [] .", on(":p", "sh:nodeKind sh:BlankNode"), {("a", "NodeKind", "x")}
    ),
    "nodeKind BlankNodeOrIRI": Case(
        ":a :p :x, 1, [] .",
        on(":p", "sh:nodeKind sh:BlankNodeOrIRI"),
        {("a", "NodeKind", '"1"')},
    ),
    "nodeKind BlankNodeOrLiteral": Case(
        ":a :p :x, 1, [] .",
        on(":p", "sh:nodeKind sh:BlankNodeOrLiteral"),
        {("a", "NodeKind", "x")},
    ),
    "minCount": Case(
        ":a :p 1, 2 . :b :p 1 .", on(":p", "sh:minCount 2"), {("b", "MinCount", None)}
    ),
    "minCount where nothing is": Case(
        ":a :p 1 .", on(":q", "sh:minCount 1"), {("a", "MinCount", None)}
    ),
    "maxCount": Case(
        ":a :p 1, 2 . :b :p 1 .", on(":p", "sh:maxCount 1"), {("a", "MaxCount", None)}
    ),
    "maxCount 0": Case(":a :p 1 .", on(":p", "sh:maxCount 0"), {("a", "MaxCount", None)}),
    "minExclusive": Case(
        ":a :p 3, 4.0, 3.0, 1e1, 'x', '2020'^^xsd:gYear .",
        on(":p", "sh:minExclusive 3"),
        {
            ("a", "MinExclusive", '"3"'),
            ("a", "MinExclusive", '"3.0"'),
            ("a", "MinExclusive", '"x"'),
            ("a", "MinExclusive", '"2020"'),
        },
    ),
    "minInclusive": Case(
        ":a :p 3, 2.9, '03'^^xsd:byte, :x .",
        on(":p", "sh:minInclusive 3"),
        {("a", "MinInclusive", '"2.9"'), ("a", "MinInclusive", "x")},
    ),
    "maxExclusive of dates": Case(
        """:a :p '2019-01-01'^^xsd:date, '2020-01-01'^^xsd:date,
        '2019-01-01T00:00:00'^^xsd:dateTime .""",
        on(":p", "sh:maxExclusive '2020-01-01'^^xsd:date"),
        {("a", "MaxExclusive", '"2020-01-01"'), ("a", "MaxExclusive", '"2019-01-01T00:00:00"')},
    ),
    "maxInclusive of what is larger than a machine's numbers": Case(
        """:a :p 100000000000000000000000000000000000000001,
        99999999999999999999999999999999999999 .""",
        on(":p", "sh:maxInclusive 100000000000000000000000000000000000000000"),
        {("a", "MaxInclusive", '"100000000000000000000000000000000000000001"')},
    ),
    "minLength": Case(
        ":a :p 'é', 'éé', <u:>, '🙂🙂' .", on(":p", "sh:minLength 2"), {("a", "MinLength", '"é"')}
    ),
    "maxLength": Case(
        ":a :p '🙂🙂', '🙂🙂🙂', 'ab' .",
        on(":p", "sh:maxLength 2"),
        {("a", "MaxLength", '"🙂🙂🙂"')},
    ),
    "pattern": Case(
        ":a :p 'Abc', 'xyz', 12, <urn:t:b> .",
        on(":p", "sh:pattern '^a|b$' ; sh:flags 'i'"),
        {("a", "Pattern", '"xyz"'), ("a", "Pattern", '"12"')},
    ),
    "pattern with quotes": Case(
        """:a :p "it's", "no" .""", on(":p", """sh:pattern "'s$" """), {("a", "Pattern", '"no"')}
    ),
    "languageIn": Case(
        ":a :p 'x'@en, 'x'@EN-gb, 'x'@fr, 'x'@eng, 'x' .",
        on(":p", "sh:languageIn ('en')"),
        {
            ("a", "LanguageIn", "x@fr"),
            ("a", "LanguageIn", "x@eng"),
            ("a", "LanguageIn", '"x"'),
        },
    ),
    "uniqueLang": Case(
        ":a :p 'x'@en, 'y'@EN, 'z'@fr . :b :p 'x'@en, 'x' .",
        on(":p", "sh:uniqueLang true"),
        {("a", "UniqueLang", None)},
    ),
    "equals": Case(
        ":a :p 1, 2 ; :q 2, 3 . :b :p 1 ; :q 1 .",
        on(":p", "sh:equals :q"),
        {("a", "Equals", '"1"'), ("a", "Equals", '"3"')},
    ),
    "equals on a node": Case(
        ":a :p :a . :b :p :c . :c :q :c .",
        ":S a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:equals :p .",
        {("b", "Equals", "b"), ("b", "Equals", "c")},
    ),
    "disjoint": Case(
        ":a :p 1, 2 ; :q 2, 3 . :b :p 1 ; :q 3 .",
        on(":p", "sh:disjoint :q"),
        {("a", "Disjoint", '"2"')},
    ),
    "lessThan": Case(
        ":a :p 1, 5 ; :q 3 . :b :p 'x' ; :q 1 . :c :p 3 ; :q 3.0 . :d :p 3 .",
        on(":p", "sh:lessThan :q"),
        {("a", "LessThan", '"5"'), ("b", "LessThan", '"x"'), ("c", "LessThan", '"3"')},
    ),
    "lessThanOrEquals": Case(
        ":a :p 1, 5 ; :q 3 . :c :p 3 ; :q 3.0 .",
        on(":p", "sh:lessThanOrEquals :q"),
        {("a", "LessThanOrEquals", '"5"')},
    ),
    "hasValue": Case(
        ":a :p 1, 2 . :b :p 1.0 .", on(":p", "sh:hasValue 1"), {("b", "HasValue", None)}
    ),
    "hasValue that no data mentions": Case(
        ":a :p 1 .", on(":p", "sh:hasValue :nowhere, 1"), {("a", "HasValue", None)}
    ),
    "in": Case(
        ":a :p 1, 01, 'x'@en, 'x', :x .",
        on(":p", "sh:in (1 'x'@en :x :nowhere)"),
        {("a", "In", '"01"'), ("a", "In", '"x"')},
    ),
    "in nothing": Case(":a :p 1 .", on(":p", "sh:in ()"), {("a", "In", '"1"')}),
    "closed": Case(
        ":a :p 1 ; :q 2 ; :r 3 ; a :C .",
        """:S a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:closed true ;
        sh:ignoredProperties (rdf:type) ; sh:property [ sh:path :p ], [ sh:path :q ] .""",
        {("a", "Closed", '"3"')},
    ),
    "target node that no data mentions": Case(
        ":a :p 1 .",
        on(":p", "sh:minCount 1", target="sh:targetNode :a, :nowhere"),
        {("nowhere", "MinCount", None)},
    ),
    "target literals": Case(
        ":a :p 'a' .",
        ":S a sh:NodeShape ; sh:targetNode 'a', 'abc', 7 ; sh:minLength 3 .",
        {('"a"', "MinLength", '"a"'), ('"7"', "MinLength", '"7"')},
    ),
    "target literal that is ill-formed": Case(
        ":a :p 'a' .",
        """:S a sh:NodeShape ; sh:targetNode '2019-02-30'^^xsd:date, '2019-02-28'^^xsd:date ;
        sh:datatype xsd:date .""",
        {('"2019-02-30"', "Datatype", '"2019-02-30"')},
    ),
    "target objects": Case(
        ":a :p :x, 'l' .",
        ":S a sh:NodeShape ; sh:targetObjectsOf :p ; sh:nodeKind sh:IRI .",
        {('"l"', "NodeKind", '"l"')},
    ),
    "target class, implicit": Case(
        ":a a :C . :b a :D . :D rdfs:subClassOf :C .",
        ":C a sh:NodeShape, rdfs:Class ; sh:property [ sh:path :p ; sh:minCount 1 ] .",
        {("a", "MinCount", None), ("b", "MinCount", None)},
    ),
    "classes in a circle": Case(
        ":a a :D . :D rdfs:subClassOf :C . :C rdfs:subClassOf :D .",
        ":S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; sh:minCount 1 ] .",
        {("a", "MinCount", None)},
    ),
    "several targets, one result": Case(
        ":a a :C ; :p 1 . :b :p 2 .",
        """:S a sh:NodeShape ; sh:targetClass :C ; sh:targetSubjectsOf :p ; sh:targetNode :a ;
        sh:nodeKind sh:Literal .""",
        {("a", "NodeKind", "a"), ("b", "NodeKind", "b")},
    ),
    "deactivated": Case(
        ":a :p 1 .",
        """:S a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:property [ sh:path :q ; sh:minCount 1 ;
        sh:deactivated true ] ; sh:not [ sh:deactivated true ; sh:nodeKind sh:Literal ] .
        :T a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:deactivated true ; sh:nodeKind sh:Literal .
        """,
        {("a", "Not", "a")},
    ),
    "SPARQL": Case(
        ":a :p 1 ; :q 2 . :b :p 2 ; :q 1 .",
        on(
            ":p",
            "sh:sparql [ sh:select 'SELECT $this ?value WHERE { $this $PATH ?value ;"
            " <urn:t:q> ?q . FILTER(?value > ?q) }' ]",
        ),
        {("b", "SPARQL", '"2"')},
    ),
}


def test_counts_far_below_none() -> None:
    # pySHACL refuses them.
    rules = on(":p", f"sh:minCount -{10**40} ; sh:maxCount -{10**40}")
    assert found(":a :p 'x' .", rules) == [("a", "MaxCount", None)]
    data = [quad.triple for quad in quads(":a :p 'x' .")]
    assert [row(each) for each in judge(model(rules), Memory(data))] == [("a", "MaxCount", None)]


@pytest.mark.parametrize("name", CASES)
def test_component(name: str) -> None:
    case = CASES[name]
    assert found(case.data, case.rules) == sorted(case.rows, key=str)


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    with Oracle() as running:
        yield running


def told_by(oracle: Oracle, case: Case) -> set[Row]:
    """The rows that pySHACL gives."""
    data = [quad.triple for quad in quads(case.data)]
    return {
        (
            str(said(answer["focus"])),
            answer["component"][1].removeprefix(SH).removesuffix("ConstraintComponent"),
            said(answer["value"]),
        )
        for answer in oracle.validate(data, shapes(case.rules).triples)
    }


@pytest.mark.parametrize("name", CASES)
def test_pyshacl_says_the_same(name: str, oracle: Oracle) -> None:
    assert told_by(oracle, CASES[name]) == CASES[name].rows


def said(term: list[str] | None) -> str | None:
    if term is None:
        return None
    if term[0] == "literal":
        return f"{term[1]}@{term[3]}" if term[3] else f'"{term[1]}"'
    return term[1].removeprefix("urn:t:")


def test_a_result_says_where_and_how_many() -> None:
    (result,) = evaluation(
        ":a :p 1, 2, 3 .",
        on(":p", "sh:maxCount 1 ; sh:severity sh:Warning"),
    ).results
    assert result.shape == "urn:t:S"
    assert result.severity == f"{SH}Warning"
    assert result.path is not None
    assert result.path.predicate == "urn:t:p"
    assert result.count == 3
    assert result.constraint is None


def test_constraints_of_one_kind_are_told_apart() -> None:
    data = ":a :p :x . :b :p 'x'@en, 'y'@EN ; :q 'x'@en ."
    rules = on(":p", "sh:class :C, :D ; sh:hasValue 1 ; sh:uniqueLang true ; sh:disjoint :q")
    assert {(row(r)[:2], r.constraint) for r in evaluation(data, rules).results} == {
        (("a", "Class"), "urn:t:C"),
        (("a", "Class"), "urn:t:D"),
        (("b", "Class"), "urn:t:C"),
        (("b", "Class"), "urn:t:D"),
        (("a", "HasValue"), '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        (("b", "HasValue"), '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        (("b", "UniqueLang"), "en"),
        (("b", "Disjoint"), "urn:t:q"),
    }


def test_closed_names_the_predicate_as_its_path() -> None:
    (result,) = evaluation(
        ":a :p 1 .", ":S a sh:NodeShape ; sh:targetNode :a ; sh:closed true ."
    ).results
    assert result.path is not None
    assert result.path.predicate == "urn:t:p"


def test_a_query_tells_what_it_bound() -> None:
    rules = """:S a sh:NodeShape ; sh:targetNode :a ; sh:sparql [ sh:select
        'SELECT $this ?other WHERE { $this <urn:t:p> ?other }' ] ."""
    (result,) = evaluation(":a :p 1 .", rules).results
    assert short(result.bound["other"]) == '"1"'
    assert row(result) == ("a", "SPARQL", "a")
    assert result.path is None


def test_of_solutions_that_make_one_result_the_first_by_its_text_is_shown() -> None:
    rules = """:S a sh:NodeShape ; sh:targetNode :a ; sh:sparql [ sh:select
        'SELECT $this ?other WHERE { $this <urn:t:p> ?other }' ] ."""
    (result,) = evaluation(":a :p :c, :b, :d .", rules).results
    assert short(result.bound["other"]) == "b"


def test_a_query_may_say_the_path() -> None:
    rules = """:S a sh:NodeShape ; sh:targetNode :a ; sh:sparql [ sh:select
        'SELECT $this ?path ?value WHERE { $this ?path ?value }' ] ."""
    results = evaluation(":a :p 1 ; :q 2 .", rules).results
    assert {(r.path and r.path.predicate, short(r.value)) for r in results} == {
        ("urn:t:p", '"1"'),
        ("urn:t:q", '"2"'),
    }


def test_long_lists() -> None:
    many = 1100
    names = [f":x{number}" for number in range(many)]
    rules = f""":S a sh:NodeShape ; sh:targetNode {", ".join(names)} ; sh:in ( {" ".join(names)} ) ;
        sh:targetClass {", ".join(names)} ; sh:or ( {" ".join(names)} ) .
        {" ".join(f"{name} a sh:NodeShape ; sh:minLength {n} ." for n, name in enumerate(names))}
        :T sh:path :p ; sh:targetObjectsOf :q ;
        {" ; ".join(f"sh:class {name}" for name in names[:200])} ."""
    rows = found(":y a :x7 . :x8 :q :z . :z :p :y .", rules)
    assert [row for row in rows if row[1] == "Class"] == [("z", "Class", "y")] * 199
    assert ("y", "In", "y") in rows
    assert [row for row in rows if row[1] == "Or"] == []


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
