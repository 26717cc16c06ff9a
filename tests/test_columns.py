"""Columns: what DuckDB reads is what pyoxigraph reads, to the line and the character."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Quad,
    RdfFormat,
    parse,
)

from gsefgraph.columns import Columns
from gsefgraph.errors import InputError
from gsefgraph.records.rdf import read

XSD = "http://www.w3.org/2001/XMLSchema#"


def quads_of(columns: Columns) -> list[tuple[Quad, int]]:
    """The quads with their lines, as the tables say them."""
    rows = columns.rows("SELECT s, p, o, g, line FROM quad ORDER BY file, line")
    terms = columns.terms(x for row in rows for x in row[:4] if x is not None)
    return [
        (
            Quad(
                terms[s],  # type: ignore[arg-type]
                terms[p],  # type: ignore[arg-type]
                terms[o],
                DefaultGraph() if g is None else terms[g],  # type: ignore[arg-type]
            ),
            line,
        )
        for s, p, o, g, line in rows
    ]


def write(folder: Path, text: str | bytes, name: str = "a.nq") -> Path:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


ORDINARY = [
    '<a:s> <a:p> "x" .',
    "<a:s> <a:p> <a:o> <a:g> .",
    "_:a <a:p> _:b .",
    "_:a.b <a:p> _:é <a:g> .",
    '<a:s> <a:p> "two words and <b> ." <a:g> .',
    '<a:s> <a:p> "a <b>" .',
    '<a:s> <a:p> "x"@fr .',
    '<a:s> <a:p> "x"@EN-gb <a:g> .',
    '<a:s> <a:p> "x y"@zh-Hant-TW .',
    f'<a:s> <a:p> "1"^^<{XSD}integer> .',
    f'<a:s> <a:p> "x"^^<{XSD}string> .',
    '<a:s> <a:p> "é\\u00e9\\U0001F600" .',
    r'<a:s> <a:p> "\\n\n\\\n\"\\\"\'\t\b\f\r" .',
    r'<a:s> <a:p> "\\" <a:g> .',
    r'<a:s> <a:p> "a\"@en" .',
    '<a:s> <a:p> "a^^<b>"^^<a:t> .',
    '<a:s>\t<a:p>\t"x"\t.',
    "<a:s><a:p><a:o><a:g>.",
    '  <a:s>  <a:p> "x  y" . ',
    '<a:s> <a:p> "x" . # said <a:g> .',
    "# a comment .",
    "# a <b> <c> .",
    "",
    "   \t",
    "<a:\\u00e9> <a:p> <http://a.b:8/c?d=é&%20#f> .",
    "<http://[::1]/> <a:p> <urn:uuid:1> .",
    '<a:s> <a:p> "\x01\x02\x03\x04\u2028\x85\x0b" .',
    '<a:s> <a:p> "x"@en--ltr .',
    '<a:s> <a:p> "" <a:g> .',
    f'<a:s> <a:p> ""^^<{XSD}date> .',
]
WRONG = [
    "<a:s> <a:p> .",
    '<a:s> <a:p> "x"',
    '<a:s> "p" <a:o> .',
    '"s" <a:p> <a:o> .',
    "<a:s> _:p <a:o> .",
    '<a:s> <a:p> <a:o> "g" .',
    '<a:s> <a:p> "a" "b" .',
    "<s> <a:p> <a:o> .",
    "<a:s> <a:p> <o> .",
    "<a:s b> <a:p> <a:o> .",
    "<a:s\\u0020b> <a:p> <a:o> .",
    "<a:{}> <a:p> <a:o> .",
    "<http://a:b/> <a:p> <a:o> .",
    "<http://a/%zz> <a:p> <a:o> .",
    "<http://[x]/> <a:p> <a:o> .",
    '<a:s> <a:p> "x"@ .',
    '<a:s> <a:p> "x"@fr_FR .',
    '<a:s> <a:p> "x"@abcdefghijk .',
    '<a:s> <a:p> "x"@a1 .',
    '<a:s> <a:p> "x"^^a:t .',
    '<a:s> <a:p> "x"^^<t> .',
    '<a:s> <a:p> "x"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString> .',
    r'<a:s> <a:p> "\q" .',
    r'<a:s> <a:p> "\u00g1" .',
    r'<a:s> <a:p> "\uD800" .',
    "_:-a <a:p> <a:o> .",
    "_:a. <a:p> <a:o> .",
    '<a:s> <a:p> "x" . <a:s> <a:p> "y" .',
    "a:s a:p a:o .",
    '<a:s> <a:p> "it"s" .',
    "<a:s> <a:p> <a:o> <a:g> <a:h> .",
    "@prefix a: <a:> .",
]


@pytest.mark.parametrize("line", ORDINARY)
def test_every_line_is_read_as_pyoxigraph_reads_it(tmp_path: Path, line: str) -> None:
    text = f"<a:a> <a:a> <a:a> .\n\n{line}\n<a:z> <a:z> <a:z> .\n"
    wanted = list(parse(text.encode(), RdfFormat.N_QUADS))
    with Columns.read([write(tmp_path, text)]) as columns:
        found = quads_of(columns)
    assert [quad for quad, _ in found] == wanted
    assert [at for _, at in found] == ([1, 3, 4] if len(wanted) == 3 else [1, 4])


@pytest.mark.parametrize("line", WRONG)
def test_what_pyoxigraph_refuses_is_refused_at_its_place(tmp_path: Path, line: str) -> None:
    file = write(tmp_path, f"<a:a> <a:a> <a:a> .\n\n{line}\n<a:z> <a:z> <a:z> .\n")
    with pytest.raises(InputError) as wanted:
        read(file)
    with pytest.raises(InputError) as found:
        Columns.read([file])
    assert type(found.value) is type(wanted.value)
    assert str(found.value) == str(wanted.value)


def test_all_at_once(tmp_path: Path) -> None:
    text = "\n".join(ORDINARY)
    with Columns.read([write(tmp_path, text)]) as columns:
        assert [quad for quad, _ in quads_of(columns)] == list(
            parse(text.encode(), RdfFormat.N_QUADS)
        )


IRIS = [
    "<a:s>",
    "<http://e.x/é?q=%20#f>",
    "<a:\\u00e9>",
    "<http://[::1]/>",
    "<rel>",
    "<a:b c>",
    "<a:%z>",
]
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
ENDS = [
    "",
    "@fr",
    "@EN-gb",
    "@zh-Hant-TW",
    "@en--ltr",
    "@",
    "@a1",
    "^^<a:t>",
    f"^^<{XSD}string>",
    "^^a:t",
]
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
    bad = any(isinstance(quad.graph_name, BlankNode) for quad in quads)
    return None if bad else quads


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lines=st.lists(statements(), min_size=10, max_size=60))
def test_duckdb_and_pyoxigraph_read_the_same(tmp_path: Path, lines: list[str]) -> None:
    read_alone = {line: alone(line) for line in lines}
    right = [line for line in lines if read_alone[line] is not None]
    with Columns.read([write(tmp_path, "\n".join(right))]) as columns:
        assert quads_of(columns) == [
            (quad, number)
            for number, line in enumerate(right, 1)
            for quad in read_alone[line] or ()
        ]
    if len(right) < len(lines):
        with pytest.raises(InputError) as refused:
            Columns.read([write(tmp_path, "\n".join(lines))])
        first = next(number for number, line in enumerate(lines, 1) if read_alone[line] is None)
        # What ends too early is told where the next line begins.
        assert refused.value.line in (first, first + 1)
