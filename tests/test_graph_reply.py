"""Answers that are sent on: the same as those that a person gets, and always the same bytes."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BaseDirection,
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from gsefgraph.answers.answer import Answer, write
from gsefgraph.engine.embedded import Embedded
from gsefgraph.errors import RefusedAccess, SyntaxFault, UsageError
from gsefgraph.graph.build import Origin
from gsefgraph.graph.graph import Graph
from gsefgraph.graph.reply import reply
from gsefgraph.project import shipped
from tests import rdfs

A, P, G = NamedNode("urn:a"), NamedNode("urn:p"), NamedNode("urn:g")
ROWS = (
    "SELECT ?s ?p ?o { ?s ?p ?o }",
    "SELECT * { ?s ?p ?o OPTIONAL { ?o ?q ?r } }",
    "SELECT DISTINCT ?o { ?s ?p ?o } ORDER BY ?o",
    "SELECT ?x { ?s ?p ?o }",  # rows without a value
    "SELECT ?o ?x { ?s ?p ?o OPTIONAL { ?o ?p ?x } }",
    "SELECT (COUNT(*) AS ?n) ?p { ?s ?p ?o } GROUP BY ?p",
    "ASK { ?s ?p ?o }",
)
TRIPLES = (
    "CONSTRUCT { ?o <urn:of> ?s } { ?s ?p ?o }",
    "CONSTRUCT { ?s <urn:says> [ <urn:what> ?o ] } { ?s ?p ?o }",
    "DESCRIBE ?s { ?s ?p ?o }",
)
MANY = 1_000_000


def graph(quads: Iterable[Quad]) -> Graph:
    engine = Embedded()
    engine.load(Quad(*quad.triple, G) for quad in quads)
    return Graph(engine, shipped(), store="elsewhere")


def sent(graph: Graph, text: str, format: str, most: int = MANY) -> bytes:  # noqa: A002
    assert isinstance(graph.engine, Embedded)
    return reply(graph, graph.engine, text, format, most=most)


def told(graph: Graph, text: str, format: str) -> bytes:  # noqa: A002
    found = graph.query(f"{text}\n")
    return write(found, format) if isinstance(found, Answer) else found.write(format)


def rows(body: bytes) -> object:
    """What an answer in JSON says, its rows in any order."""
    answer = json.loads(body)
    if "boolean" in answer:
        return answer["boolean"]
    counted = Counter(json.dumps(row, sort_keys=True) for row in answer["results"]["bindings"])
    return answer["head"]["vars"], counted


@given(rdfs.quads(), st.sampled_from(ROWS))
def test_rows_are_those_that_a_person_gets(quads: list[Quad], text: str) -> None:
    asked = graph(quads)
    body = sent(asked, text, "json")
    assert rows(body) == rows(told(asked, text, "json"))
    assert body.endswith(b"\n")
    if text.startswith("SELECT"):
        assert isinstance(parse_query_results(body, QueryResultsFormat.JSON), QuerySolutions)
        assert body.count(b"\n{") == len(json.loads(body)["results"]["bindings"])


@given(rdfs.quads(blank=False), st.sampled_from(ROWS))
def test_rows_in_an_order_of_their_own_are_the_bytes_that_a_person_gets(
    quads: list[Quad], text: str
) -> None:
    asked = graph(quads)
    for name in ("csv", "tsv") if text.startswith("SELECT") else ("json", "xml"):
        assert sent(asked, text, name) == told(asked, text, name)
    if "ORDER BY" in text:
        assert sent(asked, text, "json") == told(asked, text, "json")


@given(rdfs.quads(), st.sampled_from(TRIPLES), st.sampled_from(["turtle", "ntriples"]))
def test_triples_are_those_that_a_person_gets(
    quads: list[Quad],
    text: str,
    format: str,  # noqa: A002
) -> None:
    asked = graph(quads)
    body, beside = sent(asked, text, format), told(asked, text, format)
    read = RdfFormat.TURTLE if format == "turtle" else RdfFormat.N_TRIPLES
    assert rdfs.same(parse(body, read), parse(beside, read))
    if format == "ntriples":
        assert body == beside


@given(rdfs.quads(blank=False), st.sampled_from((*ROWS, *TRIPLES)), st.randoms())
def test_the_same_content_and_question_have_the_same_bytes(
    quads: list[Quad], text: str, chance: random.Random
) -> None:
    """However it came to be: the order of an engine is not that of an answer."""
    others = list(quads)
    chance.shuffle(others)
    for name in ("json",) if text in ROWS else ("turtle", "ntriples"):
        assert sent(graph(quads), text, name) == sent(graph(others), text, name)


@pytest.mark.parametrize(
    "text",
    [
        '}},{"',
        '"}},{"a":{"',
        "{}",
        "},{}",
        '"type":"bnode"',
        "_:b",
        "<<( ",
        "--ltr",
        '\\"',
        "\n\r\t",
    ],
)
def test_what_looks_like_the_format_is_no_more_than_text(text: str) -> None:
    asked = graph([Quad(A, P, Literal(value)) for value in (text, f"a{text}b", text * 2)])
    query = "SELECT ?o ?o2 { ?s ?p ?o BIND(?o AS ?o2) }"
    assert rows(sent(asked, query, "json")) == rows(told(asked, query, "json"))
    triples = "CONSTRUCT WHERE { ?s ?p ?o }"
    assert sent(asked, triples, "ntriples") == told(asked, triples, "ntriples")
    assert rdfs.same(
        parse(sent(asked, triples, "turtle"), RdfFormat.TURTLE),
        parse(told(asked, triples, "turtle"), RdfFormat.TURTLE),
    )


def test_blank_nodes_are_named_by_where_they_stand() -> None:
    def made() -> Graph:
        return graph([Quad(BlankNode(), P, Literal(n)) for n in range(3)])

    text = "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?o"
    assert sent(made(), text, "json") == sent(made(), text, "json")
    assert b'"value":"b0"' in sent(made(), text, "json")
    triples = "CONSTRUCT WHERE { ?s ?p ?o }"
    assert sent(made(), triples, "ntriples") == sent(made(), triples, "ntriples")


NEWER: list[Any] = [
    Literal("x", language="en", direction=BaseDirection.LTR),
    Triple(A, P, Literal("x")),
]


@pytest.mark.parametrize("value", NEWER, ids=["direction", "triple term"])
def test_what_rdf_1_1_does_not_have_is_as_a_person_gets_it(value: Any) -> None:
    asked = graph([Quad(A, P, value)])
    assert sent(asked, "SELECT ?o { ?s ?p ?o }", "json") == told(
        asked, "SELECT ?o { ?s ?p ?o }", "json"
    )
    text = "CONSTRUCT WHERE { ?s ?p ?o }"
    for name in ("ntriples", "turtle"):
        assert sent(asked, text, name) == told(asked, text, name)


def test_tags_are_spelt_as_in_the_files(tmp_path: Any) -> None:
    store = Embedded.open(tmp_path / "store", create=True)
    quad = Quad(A, P, Literal("x", language="pt-BR"), G)
    store.load([quad], origin=str(Origin("", tags={"pt-br": "pt-BR"})), fresh=True)
    store.close()
    with Graph.open(str(tmp_path / "store")) as asked:
        assert b'"xml:lang":"pt-BR"' in sent(asked, "SELECT ?o { ?s ?p ?o }", "json")
        text = "CONSTRUCT WHERE { ?s ?p ?o }"
        assert all(b"@pt-BR" in sent(asked, text, name) for name in ("ntriples", "turtle"))


@pytest.mark.parametrize("format", ["json", "csv"])
@pytest.mark.parametrize("order", ["", " ORDER BY ?o"])
def test_rows_have_a_bound(format: str, order: str) -> None:  # noqa: A002
    asked = graph([Quad(A, P, Literal(n)) for n in range(300)])
    text = f"SELECT ?o {{ ?s ?p ?o }}{order}"
    assert sent(asked, text, format, most=300).count(b"\n") > 300
    with pytest.raises(UsageError, match="more than 299 rows"):
        sent(asked, text, format, most=299)


def test_too_many_rows_are_not_waited_for() -> None:
    """A cross product of five billion rows would take an hour."""
    asked = graph([Quad(A, P, Literal(n)) for n in range(300)])
    for name in ("json", "csv"):
        with pytest.raises(UsageError, match="more than 10,000 rows"):
            sent(asked, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }", name, most=10_000)


@pytest.mark.parametrize(
    ("text", "error", "place"),
    [
        ("ASK {\n ?s FILTRE }", SyntaxFault, (2, 5)),
        ("ASK { ?s gsef:event ?o .\n ?s nowhere:p ?o }", SyntaxFault, (2, 5)),
        ("ASK { <relative> ?p gsef:x .\n ?s nowhere:p ?o }", SyntaxFault, (2, 5)),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", RefusedAccess, (1, 12)),
        ("DELETE WHERE { ?s ?p ?o }", UsageError, (None, None)),
        ("observers", SyntaxFault, (1, 1)),
    ],
)
def test_faults_stand_where_they_stand_in_the_text(
    text: str, error: type[Exception], place: tuple[int, int]
) -> None:
    asked = graph([])
    with pytest.raises(error) as caught:
        reply(asked, asked.engine, text, "json", most=1, base="http://e/")  # type: ignore[arg-type]
    assert (caught.value.line, caught.value.column) == place  # type: ignore[attr-defined]


def test_a_base_is_that_of_relative_iris() -> None:
    asked = graph([])
    for text in (
        "SELECT (<b> AS ?x) {}",
        'SELECT (IRI("b") AS ?x) {}',
        'SELECT (uri("b") AS ?x) {}',
    ):
        body = reply(asked, asked.engine, text, "csv", most=1, base="http://e/a")  # type: ignore[arg-type]
        assert body == b"x\r\nhttp://e/b\r\n"
