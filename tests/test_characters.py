"""What no eye sees is shown, the same way wherever text is for people."""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from gsefgraph.rdf.lexical import NOT_XML
from gsefgraph.rdf.turtle import quoted
from gsefgraph.wording import line, visible
from tests.commands import Cli, terminal

# Unicode 16.0, DerivedCoreProperties.txt, Default_Ignorable_Code_Point: those of no category below.
IGNORED = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180f\u2065\u3164\ufe00\ufe0f\uffa0\U000e0100"
UNSEEN = {
    char
    for char in map(chr, range(sys.maxunicode + 1))
    if unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs") and char not in "\t\n"
}.union(
    IGNORED,
    "\ufdd0\ufdef\ufffe\uffff\U0001fffe\U0010ffff\U00013430\U0001345f\u2800",
    "\xad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff\U000e0041",
)


def test_every_character_that_is_not_seen_is_an_escape() -> None:
    assert [hex(ord(char)) for char in UNSEEN if char in visible(char)] == []
    plain = "\t\n a~é\xa0\u202f\u2019\u0301서\U0001f600"
    assert visible(plain) == plain
    assert visible("\x1b\u202e\U000e0041") == "\\u001B\\u202E\\U000E0041"
    assert line("\n a \r\n\xa0b\x1b ") == "a \xa0b\\u001B"


SAYABLE = sorted(char for char in UNSEEN if unicodedata.category(char) != "Cs")


@given(st.text(alphabet=st.sampled_from(["a", "\\", '"', "\n", "\r", "\t", *SAYABLE])))
def test_turtle_reads_back_what_it_shows(text: str) -> None:
    written = quoted(text)
    assert not set(written) & UNSEEN
    (quad,) = parse(f"<urn:a> <urn:b> {written} .".encode(), RdfFormat.TURTLE)
    assert quad.object.value == text  # type: ignore[union-attr]


HIDDEN = "\x1b[2J\x1b]0;x\x07\u202e\u200b\xad\ufe0f\x9b"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    escaped = "".join(f"\\u{ord(char):04X}" for char in HIDDEN)
    path = tmp_path / "hidden.ttl"
    path.write_text(
        "@prefix gsef: <https://w3id.org/gsefgraph/ontology#> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        f'<urn:x> a gsef:Organisation ; skos:prefLabel "Bad{escaped}\\nline"@en ;'
        f' gsef:kind <urn:k> ; gsef:note "Bad{escaped}"@en , <urn:\\u202E\\u200B> .'
    )
    return path


PEOPLE = [
    "explain urn:x gsef:kind urn:k",
    "show urn:x",
    "search Bad",
    "info",
    "validate -q --alone FILE",
    "validate -q --alone FILE -f junit",
    "validate -q --alone FILE -f html",
    "query FILE.rq",
    "query FILE.rq -f md",
    f"show {HIDDEN}",
    f"query {HIDDEN} --lang fr",
    f"validate -q {HIDDEN}.ttl",
]
PROGRAMS = [
    "show urn:x -f json",
    "export -f nquads",
    "export -f turtle",
    "query FILE.rq -f csv",
    "query FILE.rq -f tsv",
    "query FILE.rq -f csv -o /dev/stdout",
]


def words(data: Path, text: str) -> list[str]:
    ask = data.with_suffix(".rq")
    ask.write_text("SELECT ?o { <urn:x> ?p ?o }")
    given = text.replace("FILE.rq", str(ask)).replace("FILE", str(data)).split(" ")
    return given if "validate" in given else ["--data", str(data), *given]


@pytest.mark.parametrize("text", PEOPLE)
def test_text_for_people_hides_nothing_in_a_pipe(cli: Cli, data: Path, text: str) -> None:
    done = cli(*words(data, text))
    assert not set(done.out + done.err) & UNSEEN
    assert "\\u202E" in done.out + done.err or "\\x1b" in done.err or text == "info"


@pytest.mark.parametrize("text", [*PEOPLE[:2], *PROGRAMS])
def test_a_terminal_is_sent_nothing_that_is_not_seen(data: Path, text: str) -> None:
    _, page = terminal(*words(data, text))
    assert not set(page) & UNSEEN
    assert "\\u202E" in page


def test_data_in_a_pipe_stays_as_it_is(cli: Cli, data: Path) -> None:
    assert f'"Bad{HIDDEN}' in cli(*words(data, "query FILE.rq -f csv")).out


def test_what_xml_cannot_hold() -> None:
    held = [c for c in map(chr, range(0x11000)) if not NOT_XML.match(c)]
    ranges = [(0x9, 0xA), (0xD, 0xD), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFF)]
    assert held == [chr(code) for low, high in ranges for code in range(low, high + 1)]
