"""Paths of length zero from terms that the graph does not know, on the embedded engine."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, Quad

from gsefgraph.engine import Boolean, Solutions
from gsefgraph.engine.embedded import Embedded
from gsefgraph.sparql.sentences import written
from gsefgraph.sparql.zerolength import rewritten

ONE, TWO = NamedNode("ex:one"), NamedNode("ex:two")
TRIPLES = ((ONE, "a p b"), (ONE, "b p c"), (TWO, "h has r"))
PREFIX = "PREFIX e: <ex:>\n"


@pytest.fixture(scope="module")
def engine() -> Embedded:
    engine = Embedded()
    engine.load(
        Quad(*(NamedNode(f"ex:{name}") for name in words.split()), graph)  # type: ignore[arg-type]
        for graph, words in TRIPLES
    )
    return engine


def answer(engine: Embedded, text: str) -> tuple[list[str], tuple[str, ...]]:
    found = engine.query(PREFIX + text)
    assert isinstance(found, Solutions)
    rows = [
        " ".join("-" if term is None else term.value.removeprefix("ex:") for term in row)
        for row in found.rows
    ]
    return sorted(rows), found.warnings


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ("e:no e:p* ?y", ["no"]),
        ("e:no e:p? ?y", ["no"]),
        ("e:no e:p+ ?y", []),
        ("?y e:p* e:no", ["no"]),
        ("?y e:p? e:no", ["no"]),
        ("<ex:no> (e:p/e:q?)* ?y", ["no"]),
        ("e:no e:p*/e:q? ?y", ["no"]),
        ("e:no e:p*/e:q ?y", []),
        ("e:no (e:p|e:q*) ?y", ["no"]),
        ("e:no (e:p?|e:q*) ?y", ["no", "no"]),  # each way is a solution
        ("e:no (e:p?|e:q*)+ ?y", ["no"]),
        ("e:no ^e:p* ?y", ["no"]),
        ("e:no (^e:p)? ?y", ["no"]),
        ("e:no !e:p? ?y", ["no"]),
        ("e:a e:p* ?y", ["a", "b", "c"]),
        ("e:a e:p* e:no . ?y e:has e:r", []),
        ("e:no e:p* e:no . ?y e:has e:r", ["h"]),
        ("e:no e:p* <ex:no> . ?y e:has e:r", ["h"]),
        ("'x'@en e:p* ?y", ["x"]),
        ("'x'@en--ltr e:p* ?y", ["x"]),  # a base direction of RDF 1.2
        ("e:no e:p* ?y BIND(<<( e:a e:p 1 )>> AS ?t)", ["no"]),
        ("e:no e:p* ?y OPTIONAL { <<( e:a e:p 1 )>> e:q <<e:a e:p << e:a e:p 1 >>>> }", ["no"]),
        ("?y e:p* 'x', 'z'", []),
        ("?y e:p? 1", ["1"]),
        ("e:no e:p* ?z ; e:p? ?y", ["no"]),
        ("?y e:p e:b ; e:p? e:b , e:no", []),
        ("?y e:p e:b ; e:p? e:b .", ["a"]),
        ("?y e:has e:r ; ^e:r*/e:has e:r OPTIONAL { e:no e:p* ?z }", ["h"]),
        ("e:a e:p ?y . FILTER NOT EXISTS { e:no e:p* e:no }", []),
        ("e:a e:p ?y FILTER EXISTS { e:no e:p* ?z }", ["b"]),
        ("[] e:p* e:no . ?y e:has e:r", ["h"]),
        ("e:no # a comment }\n e:p # another\n * ?y # a third\n", ["no"]),
        ("{ SELECT ?y { e:no e:p* ?y } } UNION { e:a e:p ?y }", ["b", "no"]),
        ("GRAPH e:two { e:a e:p* ?y }", ["a"]),  # known, but not to this graph
        ("GRAPH e:three { e:a e:p* ?y }", []),  # there is no such graph
        ("GRAPH ?g { e:no e:p* ?y }", ["no", "no"]),
        ("GRAPH ?g { e:h e:p* ?y . ?y e:has ?r }", ["h"]),
        ("GRAPH ?g { e:no e:p? e:no . ?y e:has ?r }", ["h"]),
    ],
)
def test_a_path_of_length_zero_gives_its_term(
    engine: Embedded, where: str, rows: list[str]
) -> None:
    assert answer(engine, f"SELECT ?y WHERE {{ {where} }}") == (rows, ())


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("SELECT ?g ?y { GRAPH ?g { e:h e:p* ?y } }", ["one h", "two h"]),
        ("SELECT ?y FROM e:one { e:h e:p* ?y }", ["h"]),
        ("SELECT ?y FROM e:one FROM e:two { e:no e:p* ?y . e:h e:has ?z }", ["no"]),
        ("SELECT ?y FROM NAMED e:one { e:a e:p* ?y }", ["a"]),  # the default graph is empty
        ("SELECT ?g ?y FROM NAMED e:one { GRAPH ?g { e:h e:p* ?y } }", ["one h"]),
        ("SELECT ?y FROM NAMED e:one { GRAPH e:two { e:no e:p* ?y } }", []),
        ("SELECT * { e:no e:p* ?y }", ["no"]),
        ("SELECT (COUNT(*) AS ?n) { [] (e:p*|e:q?) e:no }", ["2"]),
    ],
)
def test_a_path_of_length_zero_in_graphs(engine: Embedded, text: str, rows: list[str]) -> None:
    assert answer(engine, text) == (rows, ())


def test_a_path_of_length_zero_can_be_asked(engine: Embedded) -> None:
    assert engine.query("ASK { <ex:no> <ex:p>? <ex:no> }") == Boolean(True)
    assert engine.query("ASK { <ex:no> <ex:p>? <ex:a> }") == Boolean(False)


@pytest.mark.parametrize(
    "where",
    ["_:b e:p* e:no ; e:p ?y", "[ e:p? e:no ] e:p ?y", "_:b e:p ?x . e:no e:p* ?z . _:b e:p ?y"],
)
def test_what_cannot_be_written_in_another_way_is_said(engine: Embedded, where: str) -> None:
    rows, (warning,) = answer(engine, f"SELECT ?y {{ {where} }}")
    assert rows == []
    assert warning.startswith("the graph does not know e:no, and this engine leaves out")


@pytest.mark.parametrize(
    "where",
    [
        "VALUES ?x { e:no e:a } ?x e:p* ?y",
        "BIND(e:no AS ?x) ?x e:p? ?y",
        "VALUES (?z ?x) { (UNDEF e:no) } ?y e:p* ?x",
        "VALUES (?z ?x) { (<<( e:a e:p 1 )>> e:no) } ?y e:p* ?x",
    ],
)
def test_between_variables_there_are_nodes_of_the_graph_alone(engine: Embedded, where: str) -> None:
    rows, (warning,) = answer(engine, f"SELECT ?y {{ {where} }}")
    assert "no" not in rows
    assert warning.startswith("the graph does not know e:no, to which ?x is bound")
    assert answer(engine, f"SELECT ?y {{ {where.replace('e:no', 'e:a')} }}")[1] == ()


def test_a_text_without_such_a_path_stays_as_it_is() -> None:
    def unasked(term: str, graph: str | None) -> list[str]:
        raise AssertionError(term)

    for where in ("?s ?p ?o", "<a:s> <a:p>+ ?o", "?s <a:p>* ?o", "<a:s> <a:p>/<a:q>* ?o"):
        text = f"SELECT (COUNT(*) AS ?n) {{ {where} FILTER(2 * 3 = 6) }}"
        assert rewritten(text, unasked).text == text


@pytest.mark.parametrize(
    "text",
    ["", "SELECT", "ASK {", "ASK { ?a <a:p>", "ASK { ?a <a:p> [ <a:q>", "ASK { VALUES ?a {",
     "ASK { FILTER(", "DESCRIBE <a:b>", "ASK { <<<a:s> <a:p> <a:o> }", "ASK { a }",
     "ASK { ?a <a:p> 1 {| <a:q> 2 |} }"],
)  # fmt: skip
def test_what_is_no_query_has_no_sentences(text: str) -> None:
    assert written(text).sentences == ()
