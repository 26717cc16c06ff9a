"""The embedded engine in memory."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple, parse

from gsefgraph.engine import Boolean, Solutions, connect, syntax
from gsefgraph.engine.embedded import Embedded
from gsefgraph.errors import EngineError, InputError, QueryTimeout, SyntaxFault, UsageError
from gsefgraph.sparql.scope import breach
from tests.engine_suite import EX, ONE, TWO, XSD, EngineSuite, iri, load, triple, union


class TestEmbedded(EngineSuite):
    @pytest.fixture
    def engine(self) -> Iterator[Embedded]:
        engine = Embedded()
        yield engine
        engine.close()


def test_connect_knows_memory() -> None:
    assert isinstance(connect("memory:"), Embedded)


@pytest.mark.parametrize("target", ["", "ftp://example.org/", "sqlite://x"])
def test_connect_refuses_what_it_does_not_know(target: str) -> None:
    with pytest.raises(UsageError, match="memory:"):
        connect(target)


def test_a_cache_file_holds_the_union_already(tmp_path: Path) -> None:
    cache = tmp_path / "cache.nq"
    cache.write_text(
        f"<{EX}a> <{EX}p> <{EX}b> {ONE} .\n"
        f"<{EX}a> <{EX}p> <{EX}b> {TWO} .\n"
        f"<{EX}a> <{EX}p> <{EX}b> .\n",
        encoding="utf-8",
    )
    engine = Embedded.from_file(cache)
    assert engine.count() == 2
    assert union(engine) == {triple("a", "b")}
    engine.replace(ONE, [])
    assert engine.count() == 1
    assert union(engine) == {triple("a", "b")}


def test_a_cache_file_that_is_not_n_quads_has_its_place(tmp_path: Path) -> None:
    cache = tmp_path / "cache.nq"
    cache.write_text(f"<{EX}a> <{EX}p> <{EX}b> {ONE} .\n<{EX}a> ? .\n", encoding="utf-8")
    with pytest.raises(SyntaxFault) as caught:
        Embedded.from_file(cache)
    assert caught.value.file == str(cache)
    assert caught.value.line == 2
    with pytest.raises(InputError):
        Embedded.from_file(tmp_path / "absent.nq")


def test_a_literal_that_the_store_writes_otherwise_stays_when_replaced() -> None:
    # Stores rewrite 007 to 7: what goes and what comes are then the same stored triple.
    engine = Embedded()
    integer = NamedNode(XSD + "integer")
    for _ in range(2):
        engine.replace(ONE, [triple("a", Literal("007", datatype=integer))])
        assert [quad.object.value for quad in engine.dump()] == ["7"]
        assert union(engine) == {triple("a", Literal("7", datatype=integer))}
        assert engine.count() == 1


@pytest.mark.parametrize(
    "text",
    [
        f"INSERT DATA {{ GRAPH {TWO} {{ <{EX}x> <{EX}p> <{EX}y> }} <{EX}z> <{EX}p> <{EX}y> }}",
        "DELETE WHERE { ?s ?p ?o }",
        "CLEAR DEFAULT",
        f"COPY {ONE} TO DEFAULT ; INSERT DATA {{ <{EX}z> <{EX}p> <{EX}y> }}",
    ],
)
def test_an_update_that_writes_the_default_graph_is_refused_whole(text: str) -> None:
    engine = Embedded()
    load(engine, ONE, [triple("a", "b")])
    with pytest.raises(UsageError, match="default graph"):
        engine.update(text)
    assert union(engine) == {triple("a", "b")}
    assert engine.graphs() == (ONE,)
    assert engine.count() == 1


@pytest.mark.parametrize(
    "text",
    [
        "DROP ALL",
        "CLEAR ALL",
        f"DROP {'GRAPH'} {ONE} ; DROP DEFAULT",
    ],
)
def test_dropping_everything_is_no_writing_of_the_default_graph(text: str) -> None:
    engine = Embedded()
    load(engine, ONE, [triple("a", "b")])
    engine.update(text)
    assert engine.count() == 0
    assert union(engine) == set()


def test_the_store_keeps_its_own_graph_names() -> None:
    engine = Embedded()
    own = NamedNode("urn:gsefgraph:generation:1")
    for write in (
        lambda: engine.replace(own, [triple("a", "b")]),
        lambda: engine.load([Quad(*triple("a", "b"), own)]),
        lambda: engine.update(f"INSERT DATA {{ GRAPH {own} {{ <{EX}a> <{EX}p> 1 }} }}"),
    ):
        with pytest.raises(UsageError, match="urn:gsefgraph:generation:1"):
            write()
    assert engine.count() == 0


def test_an_update_past_its_deadline_leaves_nothing() -> None:
    engine = Embedded()
    load(engine, ONE, [triple(f"s{n}", f"o{n}") for n in range(60)])
    with pytest.raises(QueryTimeout):
        engine.update(
            f"INSERT {{ GRAPH {TWO} {{ ?a ?b ?c }} }} WHERE {{"
            " GRAPH ?g1 { ?a ?b ?c } GRAPH ?g2 { ?d ?e ?f } GRAPH ?g3 { ?h ?i ?j } }",
            timeout=0.02,
        )
    for thread in threading.enumerate():
        if thread.name == "gsefgraph-engine":
            thread.join(30)
    assert engine.graphs() == (ONE,)
    assert engine.count() == 60


def test_a_deadline_is_kept() -> None:
    engine = Embedded()
    load(engine, ONE, [triple(f"s{n}", f"o{n}") for n in range(110)])
    start = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"0\.2 s"):
        engine.query(
            "SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
            " BIND(CONCAT(STR(?a), STR(?f), STR(?g)) AS ?x) }",
            timeout=0.2,
        )
    assert time.monotonic() - start < 5


def test_a_query_in_time_answers_with_a_timeout_too() -> None:
    engine = Embedded()
    load(engine, ONE, [triple("a", "b")])
    for timeout in (5, float("inf")):
        found = engine.query("SELECT ?s WHERE { ?s ?p ?o }", timeout=timeout)
        assert isinstance(found, Solutions)
        assert found.rows == ((iri("a"),),)
    with pytest.raises(UsageError, match="timeout"):
        engine.query("ASK {}", timeout=0)
    with pytest.raises(SyntaxFault):
        engine.query("ASK {", timeout=5)


def test_a_reader_sees_a_replace_whole() -> None:
    engine = Embedded()
    before = [triple("a", f"b{n}") for n in range(300)]
    after = [triple("a", f"c{n}") for n in range(200)]
    engine.replace(ONE, before)
    seen: set[int] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            found = engine.query("SELECT ?o WHERE { ?s ?p ?o }")
            assert isinstance(found, Solutions)
            seen.add(len(found.rows))

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(15):
        engine.replace(ONE, after)
        engine.replace(ONE, before)
    stop.set()
    reader.join()
    assert seen <= {200, 300}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1:1: not SPARQL: the text ends too early"),
        ("SELECT * WHERE {", "1:17: not SPARQL: the text ends too early"),
        ("SELECT * WHERE { # }", "1:17: not SPARQL: the text ends too early"),
        ("SELCT * WHERE { ?s ?p ?o }", "1:1: not SPARQL: unexpected SELCT"),
        ("SELECT * WHERE { ?s ?p ?o ]\n}", "1:27: not SPARQL: unexpected ]"),
        ("SELECT * WHERE {\n ?s ?p ?o . FILTER(?o > ) }", "2:25: not SPARQL: unexpected )"),
        ("SELECT ?s WHERE { ?s a/ ?o }", "1:25: not SPARQL: unexpected ?o"),
        ('SELECT * WHERE { ?s ?p "é😀" . ?s ] }', "1:34: not SPARQL: unexpected ]"),
        ("ASK { ?s foaf:name ?o }", "1:10: not SPARQL: unexpected foaf:name (prefix not found)"),
        ("SELECT ?x { ?x ?p ?o } ORDER BY", "1:32: not SPARQL: the text ends too early"),
        ("SELECT ?x { ?x ?p ?o } GROUP BY # ?x", "1:32: not SPARQL: the text ends too early"),
        ("SELECT ?x { ?x ?p ?o } HAVING", "1:30: not SPARQL: the text ends too early"),
        ("SELECT ?x { ?x ?p ?o } LIMIT", "1:29: not SPARQL: the text ends too early"),
        ("SELECT ?x { ?x ?p ?o } ORDER BY DESC", "1:37: not SPARQL: the text ends too early"),
        ("select ?x where", "1:16: not SPARQL: the text ends too early"),
        ("SELECT ?x FROM <a:b>", "1:21: not SPARQL: the text ends too early"),
        ("SELECT ?x {} ORDER BY <a:b>", "1:28: not SPARQL: the text ends too early"),
        ("CONSTRUCT { ?s ?p ?o }", "1:23: not SPARQL: the text ends too early"),
        ("SELECT (e:f(?o) AS ?x) {}", "1:9: not SPARQL: unexpected e:f (prefix not found)"),
        ("ASK {?s ?p ?o FILTER(?o=e:f)}", "1:25: not SPARQL: unexpected e:f (prefix not found)"),
        ('SELECT (CONCAT("a" AS ?x) {}', "1:20: not SPARQL: unexpected AS"),
        ('SELECT (STRLEN("a", "b") AS ?x) {}', "1:19: not SPARQL: unexpected ,"),
    ],
)
def test_a_syntax_error_names_the_word_that_is_wrong(text: str, said: str) -> None:
    with pytest.raises(SyntaxFault) as caught:
        Embedded().query(text)
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT ?x WHERE { ?a ?b ?c } GROUP BY ?a", "1:8: ?x is neither grouped by nor"),
        ("SELECT ?a (COUNT(?b) AS ?n) { ?a ?b ?c }", "1:8: ?a is neither grouped by nor"),
        ("SELECT (COUNT(*) + ?a AS ?n) { ?a ?b ?c }", "1:20: ?a is neither grouped by nor"),
        ("SELECT (STR(?a) AS ?n) { ?a ?b ?c } GROUP BY ?b", "1:13: ?a is neither grouped by nor"),
        ("SELECT ?a (SUM(?c) AS ?n) { ?a ?b ?c } GROUP BY STR(?a)", "1:8: ?a is neither"),
        ("SELECT ?n {\n {SELECT ?a (MAX(?c) AS ?n) { ?a ?b ?c }}}", "2:10: ?a is neither grouped"),
        ("SELECT ?a { ?a ?b ?c } ORDER BY COUNT(?c)", "1:8: ?a is neither grouped by nor"),
        ("SELECT * { ?a ?b ?c } GROUP BY ?a", "1:8: SELECT * cannot be grouped; name the columns"),
        ("SELECT ?a { ?a ?b ?c FILTER(COUNT(?c) > 1) }", "1:29: COUNT stands in a FILTER"),
        ("SELECT * { ?a ?b ?c BIND(1 AS ?c) }", "1:31: ?c is bound already, so nothing else"),
        ("ASK { BIND(1 AS ?c)\nBIND(2 AS ?c) }", "2:11: ?c is bound already"),
        ("ASK { { SELECT ?z { ?z ?a ?b } } BIND(2 AS ?z) }", "1:44: ?z is bound already"),
        ("ASK { OPTIONAL { ?z ?a ?b } BIND(2 AS ?z) }", "1:39: ?z is bound already"),
        ("ASK { GRAPH ?z { ?x ?a ?b } BIND(2 AS ?z) }", "1:39: ?z is bound already"),
        ("CONSTRUCT { ?a ?b ?d } { ?a ?b ?c BIND(1 AS ?c) }", "1:45: ?c is bound already"),
        ("SELECT (1 AS ?a) { ?a ?b ?c }", "1:14: ?a is bound already"),
        ("SELECT (1 AS ?n) (2 AS ?n) { ?a ?b ?c }", "1:24: ?n is selected twice; select it once"),
        ("SELECT ?a ?a { ?a ?b ?c }", "1:11: ?a is selected twice"),
        ("ASK { VALUES (?a ?b) { (1 2) ('x'@en) } }", "1:30: a row of VALUES has 1 value for 2 v"),
        ("SELECT (<urn:f>(1) AS ?x) {}", "1:9: there is no function <urn:f>; the functions of"),
        ("PREFIX f: <urn:> ASK { ?f f:f 1\nFILTER(f:f(1)) }", "2:8: there is no function <urn:f>"),
        (f"ASK {{ FILTER(<{XSD}integr>('1')) }}", f"did you mean <{XSD}integer>"),
        (f"ASK {{ FILTER(<{XSD}date>()) }}", f"1:14: <{XSD}date> takes one value, not 0; "),
        (f"PREFIX x: <{XSD}> ASK {{\nFILTER(x:date(1) = x:date(2, x:date(3, '')))}}",
         "2:20: x:date takes one value, not 2; write one between the brackets: x:date(…)"),
        ("SELECT (UPPER('a') AS ?x) {}", "1:9: there is no function or aggregate UPPER; did"),
        ("ASK { FILTER(1 + Length ('a') > 2) }", "aggregate Length; did you mean STRLEN?"),
        ("SELECT (MEDIAN(?o) AS ?n) { ?s ?p ?o }", "MEDIAN; did you mean AVG?"),
        ("ASK { FILTER STRSTART('a', 'b') }", "STRSTART; did you mean STRSTARTS, "),
        ("SELECT (<urn:m>(DISTINCT ?o) AS ?n) {}", "1:9: there is no aggregate <urn:m>; the aggre"),
        ("SELECT (<urn:m>(?o) AS ?n) { ?s ?p ?o } GROUP BY ?s", "1:9: there is no function <u"),
        ("ASK { ?s ?p <a> }", "1:13: <a> is a relative IRI without a base; write the IRI whole, "),
        ("ASK { FILTER(isURI(<#a>)) }", "1:20: <#a> is a relative IRI without a base; "),
        ("ASK { <a b> ?p ?o }", "1:7: <a b> is not an IRI: "),
        ("ASK { <http://e.org/a b> ?p ?o }", "; write a space in an IRI as %20"),
        ("ASK { <http://e.org:x/> ?p ?o }", "1:7: <http://e.org:x/> is not an IRI: "),
        ("ASK { ?s ?p 'x'@en_US }", "1:16: en_US is no language tag (BCP 47), such as fr or"),
        ("ASK { { _:a ?p ?o } { _:a ?q ?o } }", "1:23: the blank node _:a stands in two groups"),
        ("ASK { ?x ?p ?o BIND(COUNT(?x) AS ?n) }", "1:21: COUNT stands in a BIND, which sees one"),
        ("ASK { VALUES (?x ?x) { (1 2) } }", "1:18: ?x is bound already"),
        ("SELECT * {} LIMIT 99999999999999999999", "write a whole number up to 18446744073709551"),
        ("ASK { ?x ?p ?o } GROUP BY ?x", "1:18: ASK with GROUP BY is SPARQL 1.1, which this"),
        ("CONSTRUCT { ?x ?p ?o } { ?x ?p ?o } HAVING(COUNT(*) > 1)", "1:44: CONSTRUCT with COUNT"),
    ],
)  # fmt: skip
def test_a_rule_beyond_the_grammar_names_what_breaks_it(
    text: str, said: str, tmp_path: Path
) -> None:
    disk = Embedded.open(tmp_path / "store", create=True)
    load(disk, ONE, [triple("a", "b")])
    for engine in (Embedded(), disk):
        with pytest.raises(SyntaxFault) as caught:
            engine.query(text)
        assert said in str(caught.value)


def test_an_update_that_calls_no_function_of_ours_is_no_damage(tmp_path: Path) -> None:
    disk = Embedded.open(tmp_path / "store", create=True)
    load(disk, ONE, [triple("a", "b")])
    for engine in (Embedded(), disk):
        for call, said in (
            ("<urn:f>(?o) AS ?x", "no function <urn:f>"),
            ("1 AS ?o", "?o is bound"),
            (f"<{XSD}date>(?s, ?o) AS ?x", "takes one value, not 2"),
        ):
            with pytest.raises(SyntaxFault, match=re.escape(said)):
                engine.update(
                    f"INSERT {{ GRAPH {TWO} {{ ?s ?p ?s }} }} WHERE {{ ?s ?p ?o BIND({call}) }}"
                )


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?g (SUM(?c) AS ?n) { ?a ?b ?c } GROUP BY (STR(?a) AS ?g)",
        "SELECT ?a (?n + 1 AS ?m) { ?a ?b ?n MINUS { ?c ?d ?n } FILTER EXISTS { ?m ?b ?c } }",
        "SELECT (COUNT(?c) AS ?n) (MAX(?c) + 1 AS ?m) { ?a ?b ?c } HAVING(COUNT(?c) > 0)",
        "ASK { ?a ?b ?c FILTER(?d > 1) BIND(?c AS ?d) { SELECT ?x { ?x ?y ?z } } BIND(1 AS ?z) }",
        "SELECT (SAMPLE(?b) AS ?s) ?a { ?a ?b ?c } GROUP BY ?a VALUES (?a ?c) { (1 'x'^^<a:d>) }",
        "ASK { ?a ?b ?c FILTER(?a <?b && ?c> ?d) } ORDER BY ?a LIMIT 1",
    ],
)
def test_what_keeps_the_rules_has_no_breach(text: str) -> None:
    assert isinstance(Embedded().query(text), Solutions | Boolean)
    assert breach(text) is None


def test_a_fault_without_a_place_is_still_one() -> None:
    def refuse(text: str) -> None:
        raise SyntaxError("no")

    assert "not SPARQL" in str(syntax.fault("ASK {}", refuse))


_triples = st.builds(triple, st.sampled_from("ab"), st.sampled_from("cd"), st.sampled_from("pq"))
_graphs = st.sampled_from([ONE, TWO, NamedNode(EX + "graph/three")])
_writes = st.one_of(
    st.tuples(st.just("replace"), _graphs, st.lists(_triples, max_size=5)),
    st.tuples(st.just("load"), _graphs, st.lists(_triples, max_size=5)),
    st.tuples(st.just("drop"), _graphs, st.just([])),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_writes, max_size=8))
def test_the_default_graph_is_always_the_union(
    writes: list[tuple[str, NamedNode, list[Triple]]],
) -> None:
    engine = Embedded()
    model: dict[NamedNode, set[Triple]] = {}
    for kind, graph, triples in writes:
        if kind == "replace":
            engine.replace(graph, triples)
            model[graph] = set(triples)
        elif kind == "load":
            load(engine, graph, triples)
            model.setdefault(graph, set()).update(triples)
        else:
            engine.update(f"DROP SILENT GRAPH {graph}")
            model.pop(graph, None)
        assert engine.count() == sum(map(len, model.values()))
    assert union(engine) == set().union(*model.values())
    assert set(engine.dump()) == {Quad(*each, graph) for graph in model for each in model[graph]}
    found = engine.query("SELECT ?s ?p ?o WHERE { ?s ?p ?o }")
    assert isinstance(found, Solutions)
    assert len(found.rows) == len(set().union(*model.values()))


def test_blank_nodes_of_a_replaced_graph_leave() -> None:
    engine = Embedded()
    node = BlankNode("n")
    engine.replace(ONE, [Triple(node, iri("p"), iri("a"))])
    engine.replace(TWO, [Triple(node, iri("p"), iri("a"))])
    engine.replace(ONE, [Triple(BlankNode("m"), iri("p"), iri("b"))])
    assert engine.count() == 2
    assert len(union(engine)) == 2
    engine.replace(TWO, [])
    assert [each.object for each in union(engine)] == [iri("b")]


def test_a_closed_engine_dumps_nothing() -> None:
    engine = Embedded()
    engine.close()
    with pytest.raises(EngineError):
        list(engine.dump())
    with pytest.raises(EngineError):
        engine.count()


def test_a_parser_may_be_loaded_as_it_reads(tmp_path: Path) -> None:
    file = tmp_path / "a.nq"
    file.write_text(f"<{EX}a> <{EX}p> <{EX}b> {ONE} .\n", encoding="utf-8")
    engine = Embedded()
    assert engine.load(parse(path=file)) == 1
