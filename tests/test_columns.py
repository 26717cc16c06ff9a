"""Columns as a reader: its cases in readers_suite.py, beside pyoxigraph and the reader of records.

Its tables and ways to ask are in test_columns_tables.py.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from gsefgraph.columns import sources
from gsefgraph.columns.columns import Columns
from gsefgraph.columns.sources import Source
from gsefgraph.errors import GsefgraphError, InputError, SyntaxFault
from gsefgraph.rdf.faults import refused
from gsefgraph.records import rdf
from tests.readers_suite import LINES, PLACED, WRONG, XSD, Placed, ReaderSuite, Wrong, label, write

S, P, Q, V, H = (NamedNode(f"a:{name}") for name in "spqoh")


class TestColumns(ReaderSuite):
    reader = "columns"

    def read(self, file: Path) -> list[tuple[Quad, int]]:
        with Columns.read([file]) as columns:
            rows = columns.rows("SELECT s, p, o, g, line FROM quad ORDER BY file, line")
            terms: dict[int, Any] = dict(columns.terms(x for *row, _ in rows for x in row if x))
        return [
            (Quad(terms[s], terms[p], terms[o], terms[g] if g else DefaultGraph()), line)
            for s, p, o, g, line in rows
        ]


def test_a_folder_of_any_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="files of RDF end in"):
        Columns.read([tmp_path / "."])


def of_lines(case: Wrong | Placed) -> bool:
    return case.name.endswith((".nq", ".nt"))


@pytest.mark.parametrize(
    "case", [case for case in WRONG if of_lines(case) and "columns" not in case.but], ids=label
)
def test_of_lines_faults_are_those_of_records(tmp_path: Path, case: Wrong) -> None:
    file = write(tmp_path, case.text, case.name)
    with pytest.raises(GsefgraphError) as wanted:
        rdf.read(file)
    with pytest.raises(GsefgraphError) as found:
        Columns.read([file])
    assert str(found.value) == str(wanted.value)


@pytest.mark.parametrize("case", [case for case in PLACED if of_lines(case)], ids=label)
def test_places(tmp_path: Path, case: Placed) -> None:
    file = write(tmp_path, case.text, case.name)
    with Columns.read([file]) as columns:
        assert columns.places([case.asked]) == {case.asked: (str(file), *case.place)}


@pytest.mark.parametrize("name", ["a.nq", "a.nt"])
def test_places_are_those_of_records(tmp_path: Path, name: str) -> None:
    # The last line has the text of another's value: by that alone records know values.
    lines = [line for line in LINES[:-1] if name == "a.nq" or "<a:g>" not in line] * 2
    file = write(tmp_path, "\n".join(lines), name)
    record = rdf.read(file)
    asked = [(s, p, o) for s, p, o in (quad.triple for quad in record.quads)]
    asked += [(s, p, None) for s, p, _ in asked] + [(s, None, None) for s, _, _ in asked]
    asked += [(S, P, Literal("other")), (S, Q, None), (S, H, Literal("é"))]
    with Columns.read([file]) as columns:
        found = columns.places(asked)
        for one in asked:
            assert found[one] == (str(file), *record.locate(*one)), one
        assert columns.places([(H, None, None)]) == {}


def test_places_stand_in_the_first_file_that_has_lines(tmp_path: Path) -> None:
    turtle = write(tmp_path, "<a:s> <a:p> <a:o>, 'x' .", "1.ttl")
    one = write(tmp_path, "_:a <a:p> <a:o> .\n" * 3, "2.nq")
    two = write(tmp_path, "_:a <a:p> <a:o> .\n\n<a:s> <a:p> <a:o> .\n", "3.nq")
    with Columns.read([turtle, one, two]) as columns:
        nodes = columns.terms(x for (x,) in columns.rows("SELECT s FROM quad")).values()
        found = columns.places([(S, P, V), (S, P, Literal("x")), *((n, None, None) for n in nodes)])
        assert found[S, P, V] == (str(two), 3, 13)
        assert found[S, P, Literal("x")] == (str(two), 3, 7)
        assert sorted(place for (n, p, _), place in found.items() if isinstance(n, BlankNode)) == [
            (str(one), 1, 1),
            (str(two), 1, 1),
        ]


def test_the_first_fault_in_the_order_of_files_is_told(tmp_path: Path) -> None:
    right = write(tmp_path, "<a:s> <a:p> <a:o> .", "1.nq")
    early = write(tmp_path, "\n\n<a:s> _:p <a:o> .", "2.nq")
    late = write(tmp_path, "bad", "3.nq")
    with pytest.raises(SyntaxFault) as found:
        Columns.read([right, early, late])
    assert (found.value.file, found.value.line) == (str(early), 3)


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_lines_are_found_whatever_ends_them_and_however_much_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(sources, "_CHUNK", size)
    for text in (
        "\ufeffé\r\n\r\rb\n\nc",
        "\n\r\n",
        "a\r",
        "\r\n\r\n",
        "a",
        "",
        "\ufeff",
        "\r\r\n\n\ra",
    ):
        file = write(tmp_path, text)
        wanted = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
        if not wanted[-1]:
            wanted.pop()
        found = Source(1, "a.nq", file).texts(range(1, 20))
        assert found == dict(enumerate(wanted, 1))


IRIS = ["<a:s>", "<http://e.x/é?q=%20#f>", "<a:\\u00e9>", "<http://[::1]/>"]
IRIS += ["<rel>", "<a:b c>", "<a:%z>"]
BLANKS = ["_:a", "_:a.b", "_:é", "_:-a", "_:a."]
STRINGS = [
    '""',
    '"x"',
    '"a b"',
    '" . "',
    '"<a:b>"',
    '"#"',
    r'"\n\\"',
    r'"\\\""',
    '"\\u00e9"',
    '"é"',
]
STRINGS += [r'"\q"', '"\\uD800"', '"a"b"', '"open']
ENDS = ["", "@fr", "@EN-gb", "@zh-Hant-TW", "@en--ltr", "@", "@a1"]
ENDS += ["^^<a:t>", f"^^<{XSD}string>", "^^a:t"]
NODES = st.sampled_from(IRIS + BLANKS)
LITERALS = st.builds(str.__add__, st.sampled_from(STRINGS), st.sampled_from(ENDS))
SPACES = st.sampled_from([" "] * 6 + ["", "\t", "  "])


@st.composite
def statements(draw: st.DrawFn) -> str:
    terms = [draw(NODES), draw(st.sampled_from(IRIS)), draw(NODES | LITERALS)]
    if draw(st.booleans()):
        terms.append(draw(st.sampled_from([*IRIS[:4], "_:g"])))
    parts = [part for term in [*terms, "."] for part in (term, draw(SPACES))]
    if draw(st.integers(0, 9)) == 0:
        parts.append(draw(st.sampled_from(["# x", "#", ".", "<a:h> .", "\u2028", "\x0b"])))
    return "".join(parts)


def alone(line: str) -> list[Quad] | None:
    """What pyoxigraph reads in a line, None when it or RDF 1.1 refuses it."""
    try:
        quads = list(parse(line.encode(), RdfFormat.N_QUADS))
    except SyntaxError:
        return None
    return None if any(map(refused, quads)) else quads


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lines=st.lists(statements(), min_size=10, max_size=60))
def test_law_duckdb_and_pyoxigraph_read_the_same(tmp_path: Path, lines: list[str]) -> None:
    read_alone = {line: alone(line) for line in lines}
    right = [line for line in lines if read_alone[line] is not None]
    assert TestColumns().read(write(tmp_path, "\n".join(right))) == [
        (quad, number) for number, line in enumerate(right, 1) for quad in read_alone[line] or ()
    ]
    if len(right) < len(lines):
        with pytest.raises(InputError) as refused:
            Columns.read([write(tmp_path, "\n".join(lines))])
        first = next(number for number, line in enumerate(lines, 1) if read_alone[line] is None)
        # What ends too early is told where the next line begins.
        assert refused.value.line in (first, first + 1)
