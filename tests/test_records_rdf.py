"""The reader of records: its cases in readers_suite.py, and the place of every triple."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from pyoxigraph import BlankNode, NamedNode, Quad

from gsefgraph.errors import GsefgraphError, UnknownName
from gsefgraph.rdf import turtle
from gsefgraph.records import rdf
from gsefgraph.terms import Names
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
