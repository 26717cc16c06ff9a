"""The reader of records: its cases in readers_suite.py, and the place of every triple."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from gsefgraph.errors import GsefgraphError, UnknownName
from gsefgraph.rdf import turtle
from gsefgraph.records import rdf
from gsefgraph.terms import XSD, Names
from tests.rdfs import XML_TEXT, quads
from tests.readers_suite import PLACED, Placed, ReaderSuite, label

NAMES = Names()


class TestRecords(ReaderSuite):
    reader = "records"
    bag = False

    def read(self, file: Path) -> Iterator[tuple[Quad, None]]:
        return ((quad, None) for quad in rdf.read(file).quads)


def read(name: str, text: str) -> rdf.RecordFile:
    return rdf.read(name, data=text.encode())


@pytest.mark.parametrize("case", PLACED, ids=label)
def test_places(case: Placed) -> None:
    assert read(case.name, case.text).locate(*case.asked) == case.place


@given(quads(blank=False, text=XML_TEXT))
def test_law_every_quad_has_a_place(items) -> None:
    """The words at the place of a triple are the object's own."""
    text = turtle.write_trig(items, NAMES)
    file = read("a.trig", text)
    lines = text.split("\n")
    for quad in file.quads:
        place = file.locate(quad.subject, quad.predicate, quad.object)
        assert place is not None
        line, column = place
        found = lines[line - 1][column - 1 :]
        expected = turtle.write([quad], NAMES).rstrip().removesuffix(" .").splitlines()[-1]
        assert found.split(" ")[0] in expected


@pytest.mark.parametrize("bare", ["1", '"1"^^xsd:integer'])
def test_a_literal_is_placed_by_its_datatype(bare: str) -> None:
    head = "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
    text = f'{head}<a:s> <a:p> "1"^^xsd:decimal , {bare} , "1"@en , true .'
    file = read("a.ttl", text)
    for value, words in (
        (Literal("1", datatype=NamedNode(f"{XSD}decimal")), '"1"^^xsd:decimal'),
        (Literal(1), f"{bare} ,"),
        (Literal("1", language="en"), '"1"@en'),
        (Literal(True), "true"),
    ):
        place = file.locate(NamedNode("a:s"), NamedNode("a:p"), value)
        assert place == (1, text.index(words) + 1)


def test_an_absent_subject_has_no_place() -> None:
    assert read("a.ttl", "<a:s> <a:p> 1 .").locate(NamedNode("a:t")) is None
    assert read("a.ttl", "<a:s> <a:p> 1 .").locate(BlankNode("x")) is None


def test_a_format_that_there_is_not() -> None:
    with pytest.raises(UnknownName, match="did you mean turtle"):
        rdf.read("x", data=b"", format="turtel")


@given(quads(blank=False))
def test_law_no_damage_ends_in_a_traceback(items) -> None:
    text = turtle.write_trig(items, NAMES)
    for cut in range(0, len(text), max(1, len(text) // 7)):
        try:
            read("a.trig", text[:cut])
        except GsefgraphError as error:
            assert str(error).startswith("a.trig")  # noqa: PT017
