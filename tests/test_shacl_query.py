"""Which way each SPARQL constraint takes, and what the ways say of small graphs."""

from __future__ import annotations

from pathlib import Path as File
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from gsefgraph.engine.small import Small
from gsefgraph.errors import InputError
from gsefgraph.shacl.query import custom, prebound, prepare, relation
from gsefgraph.shacl.shapes import reading
from gsefgraph.shacl.shapes.graph import Shapes
from gsefgraph.shacl.shapes.model import Sparql
from gsefgraph.sparql.path import Path
from tests.test_shacl_query_law import (
    NODES,
    XSD,
    Author,
    Node,
    Tables,
    by_columns,
    by_engine,
    put_in,
    typed,
)

SUITE = File(__file__).resolve().parents[2] / "shared" / "w3c" / "shacl" / "sparql"
SHACL = "http://www.w3.org/ns/shacl#"


def turtle(text: str) -> list[Triple]:
    head = f"@prefix sh: <{SHACL}> . @prefix : <a:> . @prefix xsd: <{XSD}> . {text}"
    return [quad.triple for quad in parse(head, format=RdfFormat.TURTLE)]


def found(data: str, select: str) -> tuple[str, set[str]]:
    """The way, and the names of the nodes found."""
    tables = Tables(turtle(data))
    result, answers = by_columns(tables, select)
    return result.way, {node.value.removeprefix("a:") for node in answers}


# Ways ---------------------------------------------------------------------------------------------


def test_every_shipped_query_is_sql(root: File) -> None:
    files = sorted((root / "data").glob("*/*.ttl"))
    triples = [q.triple for f in files for q in parse(f.read_bytes(), format=RdfFormat.TURTLE)]
    tables = Tables(triples)
    ways = {}
    models = [reading.read(shapes) for shapes in Shapes.read(root / "ontology" / "shapes")]
    queries = [
        (shape, constraint.value)
        for model in models
        for shape in model.shapes.values()
        for constraint in shape.constraints
        if isinstance(constraint.value, Sparql)
    ]
    prepare([sparql for _, sparql in queries], tables)
    for shape, sparql in queries:
        focus = "SELECT DISTINCT s AS f FROM triple"
        way = relation(sparql, shape.path, focus, tables, scoped=False)
        ways[shape.id.rpartition("#")[2]] = (way.way, tables.rows(way.sql))
    assert ways == dict.fromkeys(
        (
            "Evidence-quote-length",
            "Named-label-controls",
            "PerGraph-order",
            "Recommended-Event-inside",
            "Recommended-Membership-once",
            "Recommended-Participation-once",
            "Recommended-Period-order",
        ),
        ("sql", []),
    )


W3C = {
    "node/sparql-001": "sql",
    "node/sparql-002": "sql",
    "node/sparql-003": "sql",
    "node/prefixes-001": "sql",
    "property/sparql-001": "sql",
    "pre-binding/pre-binding-001": "sql",
    "pre-binding/pre-binding-002": "sql",
    "pre-binding/pre-binding-003": "sql",
    "pre-binding/pre-binding-004": "sql",
    "pre-binding/pre-binding-005": "sql",
    "pre-binding/pre-binding-007": "sql",
}


@pytest.mark.skipif(not SUITE.is_dir(), reason="the W3C suite is not beside the checkout")
@pytest.mark.parametrize("name", W3C)
def test_the_queries_of_the_w3c_suite_find_what_they_must(name: str) -> None:
    data = (SUITE / f"{name}.ttl").read_bytes()
    triples = [q.triple for q in parse(data, format=RdfFormat.TURTLE, base_iri="a:test")]
    wanted = {triple.object for triple in triples if triple.predicate.value == f"{SHACL}focusNode"}
    tables = Tables(triples)
    model = reading.read(Shapes(triples))
    nodes = sorted(tables.known[node] for node in wanted if node in tables.known)
    met: set[Node] = set()
    for shape in model.shapes.values():
        for constraint in shape.constraints:
            if isinstance(constraint.value, Sparql):
                focus = f"SELECT unnest({nodes}::BIGINT[]) AS f"
                way = relation(constraint.value, shape.path, focus, tables, scoped=False)
                assert way.way == W3C[name], way.why
                met |= {tables.back[row[0]] for row in tables.rows(way.sql)}
    assert met == wanted


@pytest.mark.parametrize(
    ("select", "way", "names"),
    [
        ("SELECT $this { $this <a:p> ?x FILTER(?x / 2 > 1) }", "sql", {"s"}),
        ("SELECT $this { $this <a:p>+ ?x }", "engine", {"s", "t"}),
        ("SELECT $this { $this <a:q> ?x FILTER(?x IN (MD5('x'), <a:t>)) }", "engine", {"s"}),
        ("SELECT $this { $this <a:p> ?x } GROUP BY $this HAVING(COUNT(?x) > 1)", "engine", {"s"}),
        ("SELECT $this (COUNT(?x) AS ?n) { $this <a:p> ?x } GROUP BY ?x", "pyshacl", {"s", "t"}),
        ("SELECT $this { $this <a:p> ?x } LIMIT 1", "pyshacl", {"s", "t"}),
        ("SELECT $this { GRAPH ?g { $this <a:p> ?x } }", "sql", set()),
    ],
)  # fmt: skip
def test_what_sql_cannot_say_takes_another_way(select: str, way: str, names: set[str]) -> None:
    taken, met = found(":s :p 1, 3 ; :q :t . :t :p 2 .", select)
    assert (taken, met) == (way, names)


def test_the_engine_gives_back_literals_as_they_were_written() -> None:
    tables = Tables(turtle(':s :p "007"^^xsd:integer .'))
    sparql = Sparql("a:c", "SELECT $this ?value { $this <a:p>+ ?value }")
    way = relation(
        sparql, Path.of("a:p"), "SELECT DISTINCT s AS f FROM triple", tables, scoped=False
    )
    ((_, value, *_),) = tables.rows(way.sql)
    assert way.way == "engine"
    assert tables.back[value] == typed("007", "integer")


def test_a_path_and_a_computed_value_come_along() -> None:
    tables = Tables(turtle(":s :p 1 . :q :r :p ."))
    select = "SELECT $this (<a:q> AS ?path) (STR(?x) AS ?text) { $this <a:p> ?x }"
    way = relation(Sparql("a:c", select), None, "SELECT s AS f FROM triple", tables, scoped=False)
    cursor = [str(row[0]) for row in tables.rows(f"DESCRIBE {way.sql}")]
    assert cursor == ["f", "value", "path", "v_this", "v_path", "t_text"]
    ((f, value, path, this, again, text),) = tables.rows(way.sql)
    assert f == value == this == tables.known[NamedNode("a:s")]
    assert path == again == tables.known[NamedNode("a:q")]
    assert text == "1"


def test_a_node_that_the_data_does_not_mention_is_judged() -> None:
    tables = Tables(turtle(":s :p 1 ."))
    key, node = 1000, NamedNode("a:absent")
    tables.execute(
        "CREATE TABLE more AS SELECT * FROM term UNION ALL SELECT 1000, 'a:absent', NULL"
    )
    for test in ("$this = <a:absent>", "STR($this) = 'a:absent'", "!EXISTS { $this <a:p> ?x }",
                 "MD5(STR($this)) != 'x'"):  # fmt: skip
        way = relation(
            Sparql("a:c", f"SELECT $this {{ FILTER({test}) }}"), None, f"SELECT {key}::BIGINT AS f",
            tables, scoped=False, terms="more", invented={key: node},
        )  # fmt: skip
        assert [row[0] for row in tables.rows(way.sql)] == [key], test


def test_the_shape_stands_for_its_variable_and_the_shapes_graph_is_refused() -> None:
    tables = Tables(turtle(":s :p :shape . :t :p :u ."))
    focus = "SELECT DISTINCT s AS f FROM triple"
    sparql = Sparql("a:c", "SELECT $this { $this <a:p> $currentShape }")
    way = relation(sparql, None, focus, tables, scoped=False, shape="a:shape")
    assert [tables.back[row[0]].value for row in tables.rows(way.sql)] == ["a:s"]
    with pytest.raises(InputError, match=r"<a:c> asks for \$currentShape"):
        relation(sparql, None, focus, tables, scoped=False)
    graph = Sparql("a:c", "SELECT $this { GRAPH $shapesGraph { ?s ?p ?o } }")
    with pytest.raises(InputError, match=r"\$shapesGraph"):
        relation(graph, None, focus, tables, scoped=False, shape="a:shape")


# Details of the translation -----------------------------------------------------------------------

DATA = """
    :s :name "Straße"@de, "plain" ; :from "2019-06-25"^^xsd:date ; :to "2019-01-01"^^xsd:date ;
       :size 3 ; :part 1.5 ; :kind :k ; :flag true .
    :t :name "TEA"@en ; :from "2019-02-30"^^xsd:date ; :to "2020-01-01"^^xsd:date ; :size "x" .
    :u :from "2020-01-01"^^xsd:date ; :odd "x"^^:datatype .
"""


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("$this <a:from> ?a ; <a:to> ?b FILTER(?b < ?a)", {"s"}),
        (f"$this <a:from> ?a FILTER(?a = '2019-02-30'^^<{XSD}date>)", {"t"}),
        ("$this <a:from> ?a FILTER(YEAR(?a) = 2020)", {"u"}),
        ("$this <a:name> ?n FILTER(UCASE(STR(?n)) = 'STRASSE')", {"s"}),
        ("$this <a:name> ?n FILTER(LANG(?n) = '')", {"s"}),
        ("$this <a:name> ?n FILTER(?n = 'plain')", {"s"}),
        ("$this <a:name> ?n FILTER(?n != 'plain')", {"s", "t"}),
        ("$this <a:odd> ?o FILTER(?o != 'x')", set()),
        ("$this <a:odd> ?o FILTER(?o = ?o)", {"u"}),
        ("$this <a:size> ?n FILTER(?n + 1 = 4.0)", {"s"}),
        ("$this <a:size> ?n FILTER(!isNumeric(?n))", {"t"}),
        ("$this <a:size> ?n ; <a:part> ?p FILTER(?n * ?p = 4.5)", {"s"}),
        ("$this <a:size> ?n FILTER(?n / 2 = 1.5)", {"s"}),
        ("$this <a:size> ?n FILTER(?n / 0 = 1 || ?n = 3)", {"s"}),
        ("$this <a:part> ?p FILTER(ROUND(?p) = 2 && FLOOR(?p) = 1 && CEIL(-?p) = -1)", {"s"}),
        ("$this <a:flag> ?f FILTER(?f)", {"s"}),
        ("$this <a:name> ?n FILTER(SUBSTR(?n, 0, 3) = 'pl')", {"s"}),
        ("$this <a:name> ?n FILTER(REGEX(?n, '^tea$', 'i'))", {"t"}),
        ("$this <a:name> ?n FILTER(LANGMATCHES(LANG(?n), 'EN'))", {"t"}),
        ("OPTIONAL { $this <a:kind> ?k } FILTER(!BOUND(?k))", {"t", "u"}),
        ("{ SELECT $this ?k { $this <a:kind> ?k } } FILTER(?k = <a:k>)", {"s"}),
        ("{ $this <a:odd> ?x } UNION { $this <a:flag> ?x }", {"s", "u"}),
        ("BIND(STR($this) AS ?t) FILTER(STRENDS(?t, 't'))", {"t"}),
        ("$this <a:from> ?d FILTER NOT EXISTS { ?x <a:to> ?d FILTER(?x != $this) }", {"s", "t"}),
        ("$this <a:from> ?d FILTER NOT EXISTS { $this <a:kind> ?k . ?x <a:to> ?d }",
         {"s", "t", "u"}),
        ("$this (<a:kind>|^<a:kind>) ?x", {"s"}),
        ("$this <a:kind>/^<a:kind> ?x", {"s"}),
        ("FILTER(EXISTS { FILTER(isIRI($this)) $this <a:flag> true })", {"s"}),
    ],
)  # fmt: skip
def test_patterns_in_sql(pattern: str, names: set[str]) -> None:
    assert found(DATA, f"SELECT $this {{ {pattern} }}") == ("sql", names)


def test_nodes_that_only_share_a_value_do_not_make_all_pairs() -> None:
    lines = [f":n{i} :role :r ; :agent :a{i} ; :event :e ." for i in range(3000)]
    tables = Tables(turtle(" ".join([*lines, ":m :role :r ; :agent :a5 ; :event :e ."])))
    select = """SELECT DISTINCT $this ?value { $this <a:event> ?value ; <a:agent> ?a ; <a:role> ?r .
        ?other <a:event> ?value ; <a:agent> ?a ; <a:role> ?r . FILTER(STR(?other) != STR($this))
        FILTER NOT EXISTS { $this <a:from> ?x . ?other <a:from> ?y } }"""
    result, answers = by_columns(tables, select)
    assert (result.way, {node.value for node in answers}) == ("sql", {"a:n5", "a:m"})


@given(st.randoms(use_true_random=False))
def test_each_graph_by_itself_answers_as_it_does_alone(chance: Random) -> None:
    author = Author(chance)
    graphs = [author.graph() for _ in range(2)]
    select = author.select()
    tables = Tables(triple for graph in graphs for triple in graph)
    rows = []
    for number, graph in enumerate(graphs, start=1):
        for triple in dict.fromkeys(graph):
            s, p, o = (tables.known[term] for term in triple)
            bits = number << 30
            rows.append((s | bits, p, o | bits if o >> 52 < 2 else o))
    tables.execute("CREATE TABLE scoped (s BIGINT, p BIGINT, o BIGINT)")
    tables.connection.executemany("INSERT INTO scoped VALUES (?, ?, ?)", rows)
    focus = "SELECT DISTINCT s AS f FROM scoped"
    every = relation(Sparql("a:c", select), None, focus, tables, scoped=True)
    for number, graph in enumerate(graphs, start=1):
        alone, answers = by_columns(Tables(graph), select)
        if "pyshacl" in (alone.way, every.way):
            continue
        here = {
            tables.back[row[0] & ~(0x3FFFFF << 30)]
            for row in tables.rows(every.sql)
            if row[0] >> 30 & 0x3FFFFF == number
        }
        assert here == set(answers), f"{select}\n{graphs}\n{every.way} {alone.way}"


# Choosing the nodes -------------------------------------------------------------------------------


@given(st.randoms(use_true_random=False))
def test_nodes_joined_answer_as_each_put_in(chance: Random) -> None:
    author = Author(chance)
    triples, select = author.graph(), author.select()
    small = Small(triples)
    text = prebound.chosen(select, small.mark(NODES, "this"))
    assert text is not None
    store = Store()
    store.extend(Quad(*triple) for triple in triples)
    names = [n[1:] for n in select.partition(" WHERE ")[0].split() if n[0] == "?"]
    answers: dict[Node, set[tuple[Node | None, ...]]] = {node: set() for node in NODES}
    variables, rows = small.select(text)
    place = variables.index("this")
    for row in rows:
        answers[row[place]].add(tuple(row[variables.index(name)] for name in names))
    for node in NODES:
        assert answers[node] == by_engine(store, select, node, names), f"{node}\n{select}\n{text}"


def test_nodes_are_not_chosen_together_where_the_query_counts_or_cuts_off() -> None:
    by_node = "SELECT $this (COUNT(?o) AS ?n) { $this <a:p> ?o } GROUP BY $this"
    assert prebound.chosen(by_node, "") is not None
    assert prebound.chosen(by_node.replace("BY $this", "BY ?o"), "") is None
    assert prebound.chosen("SELECT $this { $this <a:p> ?o } OFFSET 1", "") is None
    inner = "SELECT $this ?n { { SELECT $this (COUNT(?o) AS ?n) { $this <a:p> ?o } } }"
    assert prebound.chosen(inner, "") is None
    assert prebound.starts_empty("SELECT $this { $this <a:p>* ?o }")
    assert not prebound.starts_empty("SELECT $this { $this <a:p>+ ?o }")


# pySHACL ------------------------------------------------------------------------------------------

COMPONENT = """
    @prefix ex: <http://example.org/> .
    :Longer a sh:ConstraintComponent ; sh:parameter [ sh:path ex:longerThan ] ;
        sh:validator [ a sh:SPARQLAskValidator ;
            sh:ask "ASK { FILTER(STRLEN(STR($value)) > $longerThan) }" ] .
    :shape a sh:PropertyShape ; sh:path :name ; ex:longerThan 3 ; sh:minCount 5 ;
        sh:severity sh:Warning ; sh:targetSubjectsOf :name .
"""


def test_a_component_of_ones_own_is_judged_on_the_nodes_given() -> None:
    shapes = Shapes(turtle(COMPONENT))
    model = reading.read(shapes)
    data = turtle(':s :name "abc", "abcd" . :t :name "x" . _:b :name "y" .')
    results = custom.violations(shapes, model.shapes["a:shape"], [NamedNode("a:s")], data)
    blank = next(t.subject for t in data if isinstance(t.subject, BlankNode))
    again = custom.violations(shapes, model.shapes["a:shape"], [NamedNode("a:s"), blank], data)
    assert [(r.focus, r.value, r.component, r.severity) for r in results] == [
        (NamedNode("a:s"), Literal("abc"), "a:Longer", f"{SHACL}Warning")
    ]
    assert {(r.focus, r.value) for r in again} == {
        (NamedNode("a:s"), Literal("abc")), (blank, Literal("y"))
    }  # fmt: skip


def test_the_node_goes_where_this_stands() -> None:
    assert put_in("SELECT $this ?x WHERE { $this <a:p> ?x }", NODES[1]) == (
        "SELECT ?x WHERE { <a:n1> <a:p> ?x }"
    )
