from __future__ import annotations

import pytest
from hypothesis import given
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, parse

from gsefgraph.rdf import turtle
from gsefgraph.rdf.reading import Reading
from gsefgraph.records import rdf
from gsefgraph.terms import Names
from tests.rdfs import quads, same

NAMES = Names()


def union(items: list[Quad]) -> list[Quad]:
    return [Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in items]


@given(quads())
def test_law_turtle_reads_back_as_the_same_graph(items: list[Quad]) -> None:
    text = turtle.write(items, NAMES)
    assert same(parse(text.encode(), RdfFormat.TURTLE), union(items))


@given(quads())
def test_law_trig_reads_back_as_the_same_dataset(items: list[Quad]) -> None:
    text = turtle.write_trig(items, NAMES)
    assert same(parse(text.encode(), RdfFormat.TRIG), items)


@given(quads(blank=False))
def test_law_the_order_of_input_does_not_count(items: list[Quad]) -> None:
    assert turtle.write(items, NAMES) == turtle.write(items[::-1], NAMES)
    assert turtle.write_trig(items, NAMES) == turtle.write_trig(items[::-1], NAMES)


@given(quads(blank=False))
def test_law_formatting_twice_changes_nothing(items: list[Quad]) -> None:
    once = turtle.write(items, NAMES)
    again = turtle.write(parse(once.encode(), RdfFormat.TURTLE), NAMES)
    assert once == again


def test_w3c_shapes_survive_with_lists_and_nested_nodes(root) -> None:
    suite = root.parent / "shared" / "w3c" / "shacl" / "core"
    if not suite.is_dir():
        pytest.skip("the W3C SHACL suite is not beside the checkout (../shared/w3c)")
    files = sorted(suite.rglob("*.ttl"))
    assert len(files) > 90
    for path in files:
        file = rdf.read(path, reading=Reading(base=f"https://example.org/{path.name}"))
        text = turtle.write(file.quads, NAMES)
        assert same(parse(text.encode(), RdfFormat.TURTLE), file.quads), path.name


def test_a_small_change_is_a_small_diff() -> None:
    s, p = NamedNode(NAMES.mint("event", "x")), NAMES.expand("gsef:sequence")
    lines = [
        turtle.write(
            [Quad(s, NamedNode(p), NamedNode(NAMES.mint("event", str(n)))) for n in range(count)],
            NAMES,
        ).splitlines()
        for count in (4, 5)
    ]
    assert len(set(lines[1]) - set(lines[0])) == 2


def test_layout() -> None:
    text = b"""
    @prefix sh: <http://www.w3.org/ns/shacl#> .
    @prefix gsef: <https://w3id.org/gsefgraph/ontology#> .
    @prefix sdg: <http://metadata.un.org/sdg/> .
    sdg:10 a sh:NodeShape .
    sdg:2 sh:in ( 1 "a"@fr ) ; a sh:NodeShape ; sh:or ( [ sh:path gsef:x ] ) .
    """
    written = turtle.write(parse(text, RdfFormat.TURTLE), NAMES, head="# What this is.\n")
    assert written == (
        "# What this is.\n\n"
        "@prefix gsef: <https://w3id.org/gsefgraph/ontology#> .\n"
        "@prefix sdg: <http://metadata.un.org/sdg/> .\n"
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n\n"
        'sdg:2 a sh:NodeShape ;\n    sh:in ( 1 "a"@fr ) ;\n    sh:or ( [\n'
        "        sh:path gsef:x\n    ] ) .\n\n"
        "sdg:10 a sh:NodeShape .\n"
    )
