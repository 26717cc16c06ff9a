"""Constraints in SPARQL and components of a shapes graph, in memory and on columns alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path as File
from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from gsefgraph.columns.columns import Columns
from gsefgraph.engine.ask import Scratch
from gsefgraph.errors import EngineError, InputError, SyntaxFault, UsageError
from gsefgraph.graph import validation
from gsefgraph.project import shipped
from gsefgraph.shacl.compiled.evaluate import evaluate
from gsefgraph.shacl.judge.judge import judge
from gsefgraph.shacl.judge.memory import Memory
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes import reading
from gsefgraph.shacl.shapes.graph import Shapes
from gsefgraph.shacl.shapes.model import Constraint, Custom, Model, Shape, Sparql, Target
from gsefgraph.shacl.sparql import reach
from gsefgraph.shacl.sparql.binding import Prebound
from gsefgraph.sparql.path import Path
from gsefgraph.terms import SH, XSD

A, B, NONE = (NamedNode(f"urn:{name}") for name in ("a", "b", "none"))
HEAD = f"""@prefix sh: <{SH}> . @prefix : <urn:> . @prefix xsd: <{XSD}> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."""


def turtle(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(HEAD + text, format=RdfFormat.TURTLE)]


DATA = turtle(""":a :p 1, 2 ; :q "x" ; :r _:x . :b :p 007 . _:x :p 3 ; :q "x" .
    :b :d "2019-06-25"^^xsd:date .""")
NODE = next(t.object for t in DATA if t.predicate.value == "urn:r")
EVERY: list[Any] = [A, B, NONE, Literal("x")]


def both(shapes: Model, data: Sequence[Triple]) -> list[Result]:
    """The results in memory, after making sure that columns give the same."""
    results = judge(shapes, Memory(data))
    with Columns.read([], quads=[Quad(*triple) for triple in data]) as columns:
        found = evaluate(shapes, columns)
    assert {way.way for way in found.ways} <= {"engine", "sql"}

    def told(results: Sequence[Result]) -> list[str]:
        return sorted(
            f"{r.shape} {r.identity} {sorted(map(str, r.bound.items()))} {r.times}" for r in results
        )

    assert told(found.results) == told(results)
    return results


def model(
    query: str, nodes: Sequence[Any], path: Path | None = None, targets: Sequence[Target] = ()
) -> Model:
    names = " ".join(f"{{{name}}}" for name in sorted(set(re.findall(r"[$?]\w+", query))))
    constraint = Constraint("SPARQL", Sparql("urn:query", query, (Literal(names),)))
    several = (*(Target("node", node) for node in nodes), *targets)
    return Model({"urn:S": Shape("urn:S", path, several, (constraint,))})


def judged(
    query: str,
    *,
    path: Path | None = None,
    nodes: Sequence[Any] = (A, B),
    data: Sequence[Triple] = DATA,
    targets: Sequence[Target] = (),
) -> list[Result]:
    return both(model(query, nodes, path, targets), data)


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
    ("SELECT $this ?n { { SELECT $this (COUNT(?v) AS ?n) { $this <urn:p> ?v } GROUP BY $this }"
     " FILTER(?n > 1) }", {A}),
    ("SELECT $this ?v WHERE { $this <urn:p> ?v } ORDER BY ?v LIMIT 1", {A, B, NODE}),
    ("SELECT $this { $this <urn:p> ?v } OFFSET 1", {A}),
    ("SELECT $this (EXISTS { $this <urn:r> ?x } AS ?has) { $this <urn:p> ?v }", {A, B, NODE}),
    ("SELECT $this { $this <urn:p>+ ?v FILTER(?v IN (MD5('x'), 3)) }", {NODE}),
    ("SELECT $this WHERE { ?s ?p ?o FILTER(STRSTARTS(STR(?s), 'urn:gsefgraph')) }", set()),
    # A path of length zero leads from any node to itself, of the graph or not.
    ("SELECT $this { $this <urn:z>* $this }", {A, B, NODE, NONE, Literal("x")}),
    ("SELECT $this { $this <urn:z>? ?x FILTER(?x = <urn:none>) }", {NONE}),
    ("SELECT $this { <urn:nobody> <urn:z>* ?x FILTER($this = <urn:none>) }", {NONE}),
    ("# {\nSELECT $this WHERE { ?s <urn:q> '{' }", set()),
]  # fmt: skip


@pytest.mark.parametrize(("query", "expected"), ASKED, ids=str)
def test_this_is_bound_everywhere(query: str, expected: set[Any]) -> None:
    behind = [Target("objectsOf", NamedNode("urn:r"))]
    assert {r.focus for r in judged(query, nodes=EVERY, targets=behind)} == expected
    # What all give together is what each gives alone.
    alone = {r.focus for node in EVERY for r in judge(model(query, [node]), Memory(DATA))}
    assert alone == expected - {NODE}


def test_what_is_asked_row_by_row() -> None:
    def alone(query: str) -> bool:
        return Prebound.of(query, frozenset(["this"])).alone

    by_node = "SELECT $this (COUNT(?o) AS ?n) { $this <a:p> ?o } GROUP BY $this"
    assert not alone(by_node)
    assert not alone(by_node.replace("BY $this", "BY ?o"))  # the row is grouped by all the same
    assert alone("SELECT $this { $this <a:p> ?o } OFFSET 1")
    assert alone("SELECT $this ?n { { SELECT $this (COUNT(?o) AS ?n) { $this <a:p> ?o } } }")


READS = [
    ("SELECT $this { $this <a:p>/<a:q>* ?o FILTER NOT EXISTS { ?o ^<a:r> ?x } }", "pqr"),
    ("ASK { $value <a:p>|<a:q> ?o }", "pq"),
    ("SELECT $this { $this ?p ?o }", None),
    ("SELECT $this { $this !<a:p> ?o }", None),
    ("SELECT $this { $this <a:p>* ?o }", None),
    ("SELECT $this { $this <a:p> ?o } ORDER BY EXISTS { ?o <a:q> 1 } LIMIT 1", "pq"),
    ("SELECT $this { FILTER(isIRI($this)) }", ""),
]


@pytest.mark.parametrize(("query", "names"), READS)
def test_the_predicates_that_a_query_reads(query: str, names: str | None) -> None:
    found = reach.predicates(query)
    assert found == (None if names is None else {f"a:{name}" for name in names})


SCOPED = [
    "SELECT $this ?v { $this <urn:p> ?v } ORDER BY ?v LIMIT 1",
    "SELECT $this { FILTER NOT EXISTS { $this <urn:q> ?v } }",
    "SELECT $this ?x { $this <urn:z>* ?x }",
    "SELECT $this { <urn:nobody> <urn:z>? ?x }",
    "SELECT $this (EXISTS { $this <urn:r> ?x } AS ?has) { }",
    "SELECT $this ?n { { SELECT $this (COUNT(?v) AS ?n) { $this <urn:p> ?v } GROUP BY $this } }",
    "SELECT $this ?k ?v { $this ?k ?v FILTER NOT EXISTS { ?s ?p $this } }",
]


@pytest.mark.parametrize("query", SCOPED)
def test_each_graph_is_asked_by_itself(query: str) -> None:
    """As each is alone, nodes that stand in several among them, and literals."""
    graphs = [DATA[:3], [*DATA[2:5], *turtle(":a :p 2 .")], DATA[5:]]
    targets = [Target("subjectsOf", NamedNode(f"urn:{name}")) for name in "pqd"]
    query_of_c = "ASK { FILTER(?value <= ?most && NOT EXISTS { $this <urn:r> ?value }) }"
    ask = Custom("urn:C", (("urn:most", Literal(1)),), query_of_c)
    shapes = Model({
        "urn:C": Shape("urn:C", Path.of("urn:p"), tuple(targets), (Constraint("Custom", ask),)),
        "urn:N": Shape("urn:N", None, tuple(targets), (Constraint("Not", "urn:S"),)),
        "urn:S": model(query, [NONE], targets=targets).shapes["urn:S"],
    })  # fmt: skip
    quads = [Quad(*t, NamedNode(f"urn:g{n}")) for n, graph in enumerate(graphs) for t in graph]

    def told(results: Iterable[Result]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for r in results:
            counts[f"{r.shape} {r.identity} {sorted(map(str, r.bound.items()))}"] += r.times
        return counts

    alone = [result for graph in graphs for result in judge(shapes, Memory(graph))]
    with Columns.read([], quads=quads) as columns:
        columns.scoped()
        assert told(evaluate(shapes, columns, scoped=True).results) == told(alone)


# The store behind it -----------------------------------------------------------------------------


def typed(form: str, name: str) -> Literal:
    return Literal(form, datatype=NamedNode(XSD + name))


def test_literals_come_back_as_written() -> None:
    scratch = Scratch.of([
        Triple(A, NamedNode("urn:p"), typed("007", "nonNegativeInteger")),
        Triple(A, NamedNode("urn:q"), typed("8", "integer")),
        Triple(A, NamedNode("urn:q"), typed("08", "integer")),
    ])  # fmt: skip
    _, rows = scratch.select("SELECT ?v { ?s <urn:p> ?v }")
    assert rows == [(typed("007", "nonNegativeInteger"),)]
    _, rows = scratch.select("SELECT ?v { ?s <urn:q> ?v }")
    assert rows == [(typed("8", "integer"),)]


@pytest.mark.parametrize(
    ("test", "names"),
    [
        ("REGEX(STR(?v), '^[0-9]+[.][0-9]{2}$')", "ab"),
        ("STRLEN(STR(?v)) = 3", "cd"),
        ("DATATYPE(?v) = <http://www.w3.org/2001/XMLSchema#nonNegativeInteger>", "c"),
        ("LANG(?v) = 'en-gb'", "d"),
        ("?v = 1.5", "a"),
        ("STR($this) = 'urn:a'", "a"),
        ("isNumeric(?v) && STR(?v + 1) = '2.5'", "a"),
    ],
)
def test_a_query_sees_literals_as_written(test: str, names: str) -> None:
    data = turtle(':a :v 1.50 . :b :v 0.00 . :c :v "007"^^xsd:nonNegativeInteger .'
                  ' :d :v "tea"@en-GB .')  # fmt: skip
    nodes = [NamedNode(f"urn:{name}") for name in "abcd"]
    found = judged(f"SELECT $this {{ $this <urn:v> ?v FILTER({test}) }}", nodes=nodes, data=data)
    assert "".join(r.focus.value[-1] for r in found) == names


def test_what_is_no_select() -> None:
    scratch = Scratch.of(DATA)
    with pytest.raises(UsageError, match="SELECT"):
        scratch.select("ASK {}")
    with pytest.raises(SyntaxFault, match="1:11"):
        scratch.select("SELECT ?s FORM {}")


def test_nothing_is_asked_where_nothing_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Scratch, "select", lambda *_: pytest.fail("was asked"))
    assert judged("SELECT $this {}", nodes=()) == []


# Results of sh:sparql -----------------------------------------------------------------------------


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
    computed = judged("SELECT $this (STRLEN(?v) AS ?value) { $this <urn:q> ?v }")
    assert [r.value for r in computed] == [typed("1", "integer")]


def test_a_triple_term_is_no_value() -> None:
    with pytest.raises(InputError, match=r"<<\( <urn:a> .* \)>> is a triple term of RDF 1\.2"):
        judged("SELECT $this (<<( <urn:a> <urn:p> 1 )>> AS ?value) { }")


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
    found = both(Model({"urn:I": inner, "urn:S": outer}), DATA)
    assert [(r.kind, r.value) for r in found] == [("Node", NODE)]


def test_blank_nodes_are_told_apart() -> None:
    data = turtle("_:x :p 1 . _:y :p 2 ; :q _:x .")
    targets = [Target("subjectsOf", NamedNode("urn:p"))]
    found = judged("SELECT $this ?value { $this <urn:q> ?value }", data=data, nodes=(),
                   targets=targets)  # fmt: skip
    y, x = next((t.subject, t.object) for t in data if t.predicate.value == "urn:q")
    assert [(r.focus, r.value) for r in found] == [(y, x)]


def test_the_shapes_graph_and_the_shape_can_be_asked_about() -> None:
    shapes = turtle(""":S a sh:NodeShape ; sh:targetNode :a, :b ; :most 1 ; sh:sparql [ sh:select
        '''SELECT $this { FILTER(BOUND($shapesGraph) && BOUND($currentShape))
            GRAPH $shapesGraph { $currentShape <urn:most> ?most }
            $this <urn:p> ?v FILTER(?v > ?most) }''' ] .""")
    read = reading.read(Shapes(shapes))
    assert [r.focus for r in both(read, DATA)] == [A, B]
    constraint = read.shapes["urn:S"].constraints[0].value
    assert isinstance(constraint, Sparql)
    assert len(constraint.graph) == len(shapes)


DETAILS = turtle("""
    :s :name "Straße"@de, "plain" ; :from "2019-06-25"^^xsd:date ; :to "2019-01-01"^^xsd:date ;
       :size 3 ; :part 1.5 ; :kind :k ; :flag true .
    :t :name "TEA"@en ; :from "2019-02-30"^^xsd:date ; :to "2020-01-01"^^xsd:date ; :size "x" .
    :u :from "2020-01-01"^^xsd:date ; :odd "x"^^:datatype .
""")


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("$this <urn:from> ?a ; <urn:to> ?b FILTER(?b < ?a)", {"s"}),
        (f"$this <urn:from> ?a FILTER(?a = '2019-02-30'^^<{XSD}date>)", {"t"}),
        ("$this <urn:from> ?a FILTER(YEAR(?a) = 2020)", {"u"}),
        ("$this <urn:name> ?n FILTER(UCASE(STR(?n)) = 'STRASSE')", {"s"}),
        ("$this <urn:name> ?n FILTER(LANG(?n) = '')", {"s"}),
        ("$this <urn:name> ?n FILTER(?n = 'plain')", {"s"}),
        ("$this <urn:name> ?n FILTER(?n != 'plain')", {"s", "t"}),
        ("$this <urn:odd> ?o FILTER(?o != 'x')", set()),
        ("$this <urn:odd> ?o FILTER(?o = ?o)", {"u"}),
        ("$this <urn:size> ?n FILTER(?n + 1 = 4.0)", {"s"}),
        ("$this <urn:size> ?n FILTER(!isNumeric(?n))", {"t"}),
        ("$this <urn:size> ?n ; <urn:part> ?p FILTER(?n * ?p = 4.5)", {"s"}),
        ("$this <urn:size> ?n FILTER(?n / 2 = 1.5)", {"s"}),
        ("$this <urn:size> ?n FILTER(?n / 0 = 1 || ?n = 3)", {"s"}),
        ("$this <urn:part> ?p FILTER(ROUND(?p) = 2 && FLOOR(?p) = 1 && CEIL(-?p) = -1)", {"s"}),
        ("$this <urn:flag> ?f FILTER(?f)", {"s"}),
        ("$this <urn:name> ?n FILTER(SUBSTR(?n, 0, 3) = 'pl')", {"s"}),
        ("$this <urn:name> ?n FILTER(REGEX(?n, '^tea$', 'i'))", {"t"}),
        ("$this <urn:name> ?n FILTER(LANGMATCHES(LANG(?n), 'EN'))", {"t"}),
        ("OPTIONAL { $this <urn:kind> ?k } FILTER(!BOUND(?k))", {"t", "u"}),
        ("{ SELECT $this ?k { $this <urn:kind> ?k } } FILTER(?k = <urn:k>)", {"s"}),
        ("{ $this <urn:odd> ?x } UNION { $this <urn:flag> ?x }", {"s", "u"}),
        ("BIND(STR($this) AS ?t) FILTER(STRENDS(?t, 't'))", {"t"}),
        ("$this <urn:from> ?d FILTER NOT EXISTS { ?x <urn:to> ?d FILTER(?x != $this) }",
         {"s", "t"}),
        ("$this <urn:from> ?d FILTER NOT EXISTS { $this <urn:kind> ?k . ?x <urn:to> ?d }",
         {"s", "t", "u"}),
        ("$this (<urn:kind>|^<urn:kind>) ?x", {"s"}),
        ("$this <urn:kind>/^<urn:kind> ?x", {"s"}),
        ("FILTER(EXISTS { FILTER(isIRI($this)) $this <urn:flag> true })", {"s"}),
    ],
)  # fmt: skip
def test_patterns(pattern: str, names: set[str]) -> None:
    targets = [Target("subjectsOf", NamedNode("urn:from"))]
    found = judged(f"SELECT $this {{ {pattern} }}", nodes=(), targets=targets, data=DETAILS)
    assert {r.focus.value.removeprefix("urn:") for r in found} == names


def test_nodes_that_share_all_values_are_told_from_those_that_share_some() -> None:
    lines = [f":n{i} :role :r ; :agent :a{i} ; :event :e ." for i in range(300)]
    data = turtle(" ".join([*lines, ":m :role :r ; :agent :a5 ; :event :e ."]))
    select = """SELECT DISTINCT $this ?value { $this <urn:event> ?value ; <urn:agent> ?a ;
        <urn:role> ?r . ?other <urn:event> ?value ; <urn:agent> ?a ; <urn:role> ?r .
        FILTER(STR(?other) != STR($this))
        FILTER NOT EXISTS { $this <urn:from> ?x . ?other <urn:from> ?y } }"""
    targets = [Target("subjectsOf", NamedNode("urn:role"))]
    found = judged(select, nodes=(), targets=targets, data=data)
    assert {r.focus.value for r in found} == {"urn:n5", "urn:m"}


# Components of a shapes graph (SHACL, section 6) --------------------------------------------------


def component(shapes: str, data: str) -> list[tuple[str, str, str]]:
    """Focus node, value, and the parameters of each result."""
    results = both(reading.read(Shapes(turtle(shapes))), turtle(data))
    return [
        (r.focus.value.removeprefix("urn:"), r.value.value if r.value else "", r.constraint or "")
        for r in results
    ]


LONGER = """:Longer a sh:ConstraintComponent ; sh:parameter [ sh:path :longerThan ] ;
    sh:validator [ a sh:SPARQLAskValidator ;
        sh:ask "ASK { FILTER(STRLEN(STR($value)) > $longerThan) }" ;
        sh:message "{$this} {$value} {$longerThan}" ] ."""


def test_an_ask_is_asked_of_each_value_node() -> None:
    shape = f"""{LONGER} :S a sh:PropertyShape ; sh:path :name ; :longerThan 3 ;
        sh:severity sh:Warning ; sh:targetSubjectsOf :name ."""
    data = ':s :name "abc", "abcd" . :t :name "x" . :u :name "long enough" .'
    assert component(shape, data) == [("s", "abc", str(Literal(3))), ("t", "x", str(Literal(3)))]
    (result, _) = judge(reading.read(Shapes(turtle(shape))), Memory(turtle(data)))
    assert (result.component, result.severity) == ("urn:Longer", f"{SH}Warning")
    assert {name: term.value for name, term in result.bound.items()} == {
        "this": "urn:s", "value": "abc", "longerThan": "3"
    }  # fmt: skip


def test_each_value_of_the_one_parameter_is_a_constraint() -> None:
    shape = f"{LONGER} :S a sh:NodeShape ; :longerThan 1, 2, 3 ; sh:targetObjectsOf :name ."
    assert component(shape, ':s :name "ab", "abcd" .') == [
        ("ab", "ab", str(Literal(2))), ("ab", "ab", str(Literal(3)))
    ]  # fmt: skip


OPTIONAL = """:Max a sh:ConstraintComponent ; sh:parameter [ sh:path :longest ],
    [ sh:path :strict ; sh:optional true ] ; sh:validator [ sh:ask
    "ASK { FILTER(STRLEN(STR($value)) <= $longest && !(BOUND($strict) && $strict)) }" ] ."""


@pytest.mark.parametrize(("strict", "names"), [("", "b"), (":strict true", "ab"),
                                               (":strict false", "b")])  # fmt: skip
def test_an_optional_parameter_may_be_absent(strict: str, names: str) -> None:
    shape = f"{OPTIONAL} :S sh:path :name ; sh:targetSubjectsOf :name ; :longest 3 ; {strict} ."
    found = component(shape, ':a :name "abc" . :b :name "abcd" .')
    assert "".join(node for node, _, _ in found) == names


PATHS = [":p", "[ sh:inversePath :i ]", "( :p :q )", "[ sh:alternativePath ( :p :r ) ]",
         "[ sh:zeroOrMorePath :p ]", "[ sh:oneOrMorePath [ sh:inversePath :i ] ]"]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_a_select_reaches_values_over_any_path(path: str) -> None:
    shapes = f""":Not a sh:ConstraintComponent ; sh:parameter [ sh:path :no ] ;
        sh:propertyValidator [ sh:select
            "SELECT $this ?value {{ $this $PATH ?value FILTER(?value = $no) }}" ] .
        :S sh:path {path} ; sh:targetNode :a, :none ; :no :z ."""
    data = ":a :p :z , :b ; :r :z . :b :q :z . :z :i :a ."
    ours = component(shapes, data)
    assert [(node, value) for node, value, _ in ours] == [("a", "urn:z")]
    # As sh:not sh:hasValue of the value says.
    core = turtle(f":S sh:path {path} ; sh:targetNode :a, :none ; sh:not [ sh:in ( :z ) ] .")
    assert [r.value for r in judge(reading.read(Shapes(core)), Memory(turtle(data)))] == [
        NamedNode("urn:z")
    ]


GROUPED = [
    ("SELECT $this { OPTIONAL { $this $PATH ?v } } GROUP BY $this HAVING (COUNT(?v) < $n)", "ab"),
    ("SELECT $this { $this $PATH ?v } GROUP BY $this HAVING (COUNT(?v) > $n)", "c"),
    ("SELECT $this ((COUNT(?v) - $n) AS ?value) { $this $PATH ?v } GROUP BY $this", "bc"),
    ("SELECT $this { { SELECT $this (COUNT(?v) AS ?c) { OPTIONAL { $this $PATH ?v } } "
     "GROUP BY $this HAVING (COUNT(?v) < $n) } }", "ab"),
    ("SELECT $this { $this $PATH ?v } GROUP BY ?v HAVING (EXISTS { $this $PATH $n })", "c"),
    ("SELECT $this { $this $PATH ?v } GROUP BY ?v $n HAVING (?v = $n) ORDER BY $n LIMIT 1", "c"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "names"), GROUPED)
def test_what_is_bound_beforehand_is_a_constant_where_solutions_are_grouped(
    query: str, names: str
) -> None:
    shapes = f""":C a sh:ConstraintComponent ; sh:parameter [ sh:path :n ] ;
        sh:propertyValidator [ sh:select "{query}" ] .
        :S sh:path :p ; :n 2 ; sh:targetClass :T ."""
    data = ":a a :T . :b a :T ; :p 1 . :c a :T ; :p 1, 2, 3 ."
    assert {node for node, _, _ in component(shapes, data)} == set(names)


@pytest.mark.parametrize(("query", "nodes"), [
    ("SELECT $this { GRAPH ?g { $this <urn:p> ?v } }", []),
    ("SELECT $this { GRAPH <urn:g> { FILTER(true) } }", []),
    ("SELECT $this ?g { OPTIONAL { GRAPH ?g { ?s ?p ?o } } FILTER(!BOUND(?g)) }", ["a", "b"]),
    ("SELECT $this { FILTER NOT EXISTS { GRAPH ?g {} } GRAPH $shapesGraph { ?s sh:sparql ?q } }",
     ["a", "b"]),
])  # fmt: skip
def test_the_data_have_no_named_graphs(query: str, nodes: list[str]) -> None:
    shapes = f""":S sh:targetNode :a, :b ; sh:sparql [ sh:prefixes : ; sh:select "{query}" ] .
        : sh:declare [ sh:prefix "sh" ; sh:namespace "{SH}" ] ."""
    assert sorted(node for node, _, _ in component(shapes, ":a :p 1 .")) == nodes


def test_a_component_nests_and_takes_a_blank_node_as_a_parameter() -> None:
    shapes = """:In a sh:ConstraintComponent ; sh:parameter [ sh:path :among ] ;
        sh:nodeValidator [ sh:select '''SELECT $this { FILTER NOT EXISTS {
            GRAPH $shapesGraph { $among rdf:rest*/rdf:first $this } } }''' ; sh:prefixes :p ] .
        :p sh:declare [ sh:prefix "rdf" ;
            sh:namespace "http://www.w3.org/1999/02/22-rdf-syntax-ns#" ] .
        :I a sh:NodeShape ; :among ( :a :b ) .
        :S a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:not :I ."""
    results = both(reading.read(Shapes(turtle(shapes))), turtle(":a :p 1 . :b :p 2 . :c :p 3 ."))
    assert [(r.focus, r.kind) for r in results] == [(A, "Not"), (B, "Not")]


def test_a_component_without_a_validator_for_the_shape_is_passed_over() -> None:
    shapes = """:C a sh:ConstraintComponent ; sh:parameter [ sh:path :c ] ;
        sh:propertyValidator [ sh:select "SELECT $this {}" ] .
        :S a sh:NodeShape ; :c 1 ; sh:targetNode :a ."""
    assert component(shapes, ":a :p 1 .") == []


def test_parameters_have_names_of_their_own() -> None:
    shapes = """:C a sh:ConstraintComponent ; sh:parameter [ sh:path :%s ] ;
        sh:validator [ sh:ask "ASK { FILTER($value = 1) }" ] .
        :S sh:path :p ; :%s 1 ; sh:targetNode :a ."""
    for name in ("value", "this", "PATH"):
        with pytest.raises(InputError, match=f"the parameter <urn:{name}>"):
            reading.read(Shapes(turtle(shapes % (name, name))))


@pytest.mark.parametrize(
    ("parameter", "problem"),
    [
        ("[ sh:path :not-so ]", "last part can name a variable"),
        ("[ sh:path ( :c :d ) ]", "a parameter needs one sh:path"),
        ("[ sh:name 'c' ]", "a parameter needs one sh:path"),
        ("[ sh:path :c ] , [ sh:path <urn:more/c> ]", "two parameters share the name c"),
        ("[ sh:path :c ; sh:optional 'maybe' ]", 'sh:optional is "maybe"'),
    ],
)
def test_a_parameter_that_is_none_is_refused(parameter: str, problem: str) -> None:
    shapes = f""":C a sh:ConstraintComponent ; sh:parameter {parameter} ;
        sh:validator [ sh:ask "ASK {{}}" ] ."""
    with pytest.raises(InputError, match=problem):
        reading.read(Shapes(turtle(shapes)))


def test_a_message_that_is_no_text_is_refused() -> None:
    shapes = """:C a sh:ConstraintComponent ; sh:parameter [ sh:path :c ] ;
        sh:validator [ sh:message 5 ; sh:ask "ASK {}" ] ."""
    with pytest.raises(InputError, match="not a text"):
        reading.read(Shapes(turtle(shapes)))


def test_a_query_of_a_component_that_is_none_is_named() -> None:
    shapes = """:C a sh:ConstraintComponent ; sh:parameter [ sh:path :c ] ;
        sh:validator [ sh:ask "ASK { FILTER(k:f($value)) }" ] .
        :S a sh:NodeShape ; :c 1 ; sh:targetNode :a ."""
    with pytest.raises(InputError, match="shape <urn:C>: sh:ask is not SPARQL"):
        reading.read(Shapes(turtle(shapes)))


def test_a_query_of_a_blank_node_is_placed(tmp_path: File) -> None:
    text = ":C a sh:ConstraintComponent ; sh:parameter [ sh:path :c ] ;\n"
    text += ' sh:validator [\n  sh:ask "ASK { %s }" ] . :S a sh:NodeShape ; :c 1 .'
    shapes = tmp_path / "shapes.ttl"
    line = HEAD.count("\n") + 2
    for query, problem, error in (
        (
            "FILTER(k:f(1))",
            f"shapes.ttl:{line}:15: shape <urn:C>: sh:ask is not SPARQL",
            InputError,
        ),
        (
            "SERVICE <urn:s> {}",
            f"shapes.ttl:{line + 1}:3: sh:ask of \\[\\]: SERVICE",
            InputError,
        ),
    ):
        shapes.write_text(HEAD + text % query, "utf-8")
        with pytest.raises(error, match=problem):
            validation.alone([shapes], validation.checks_alone([shapes], shipped()))


def test_a_blank_parameter_is_told_without_its_label(tmp_path: File) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        HEAD
        + """:In a sh:ConstraintComponent ; sh:parameter [ sh:path :among ] ;
            sh:validator [ sh:message "not in {$among}" ; sh:ask "ASK { FILTER(false) }" ] .
        :S a sh:NodeShape ; :among ( :a :b ) ; sh:targetNode :x .""",
        "utf-8",
    )
    report = validation.alone([shapes], validation.checks_alone([shapes], shipped()))
    assert [finding.message["en"] for finding in report.findings] == ["not in :a, :b"]


def test_blank_values_are_those_of_the_data() -> None:
    shapes = """:Iri a sh:ConstraintComponent ; sh:parameter [ sh:path :iri ] ;
        sh:validator [ sh:ask "ASK { FILTER(isIRI($value) = $iri) }" ] .
        :S sh:path :p ; sh:targetSubjectsOf :p ; :iri true ."""
    data = turtle(":a :p :b, _:x .")
    results = both(reading.read(Shapes(turtle(shapes))), data)
    blank = next(t.object for t in data if isinstance(t.object, BlankNode))
    assert [(r.focus, r.value) for r in results] == [(A, blank)]


def test_a_message_is_that_of_the_validator_with_its_blanks_filled(tmp_path: File) -> None:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(
        HEAD
        + """:Div a sh:ConstraintComponent ; sh:message "not said" ;
            sh:parameter [ sh:path :divides ] ;
            sh:nodeValidator [ sh:message "not said" ; sh:select "SELECT $this {}" ] ;
            sh:validator [ sh:message "{$value} of {?this} is no multiple of {$divides}" ;
                sh:ask "ASK { FILTER(FLOOR($value / $divides) * $divides = $value) }" ] .
        :S a sh:NodeShape ; sh:targetSubjectsOf :p ;
            sh:property [ sh:path :p ; :divides 2, 3, 5 ] .""",
        "utf-8",
    )
    data.write_text(f"{HEAD} :a :p 5 .", "utf-8")
    report = validation.alone([data], validation.checks_alone([shapes], shipped()))
    assert sorted(finding.message["en"] for finding in report.findings) == [
        "5 of :a is no multiple of 2", "5 of :a is no multiple of 3"
    ]  # fmt: skip
    assert {way.way for way in report.ways} == {"memory"}
