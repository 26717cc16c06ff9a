"""Answers in every format, for programs and for people."""

from __future__ import annotations

import json
import re
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import (
    BaseDirection,
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    Triple,
    parse_query_results,
)
from pyoxigraph import parse as parse_rdf

from gsefgraph.answers.answer import FORMATS, Answer, Footnotes, python, sheet, write
from gsefgraph.answers.rows import numbered
from gsefgraph.answers.solutions import harmless
from gsefgraph.answers.tables import Cell, Sheet, cell_width, folded, to_text
from gsefgraph.engine.base import Boolean, Row, Solutions
from gsefgraph.errors import UnknownName, UsageError
from gsefgraph.queries.catalogue import parse
from gsefgraph.terms import XSD, Names, Term, simple, undirected

W3C = Path(__file__).parent.parent.parent / "shared/w3c/sparql/sparql11/csv-tsv-res"
SRX = "http://www.w3.org/2005/sparql-results#"
ORG = "https://w3id.org/gsefgraph/id/org/"


def literal(lexical: str, datatype: str) -> Literal:
    return Literal(lexical, datatype=NamedNode(f"{XSD}{datatype}"))


@dataclass(frozen=True)
class Passage:
    document: NamedNode | None
    start: int | None
    end: int | None
    quote: str
    remark: str = ""
    evidence: NamedNode = field(default_factory=lambda: NamedNode("urn:e"))

    def note(self, lang: str) -> str:
        return self.remark


class Labels:
    """Names things by their slug, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[list[str], str]] = []

    def __call__(self, iris: Sequence[str], lang: str) -> Mapping[str, str]:
        self.asked.append((list(iris), lang))
        return {iri: f"{iri.rsplit('/', 1)[-1].upper()} ({lang})" for iri in iris}


@pytest.fixture
def answer() -> Answer:
    return Answer(
        columns=("org", "year", "note", "node"),
        rows=(
            (NamedNode(f"{ORG}gsef"), Literal(2013), Literal('a "b", c|d', language="fr"), None),
            (NamedNode(f"{ORG}oecd"), None, Literal("=1+1\nx"), BlankNode("b1")),
        ),
        heads={"org": {"en": "Organisation", "es": "Organización"}, "year": {"fr": "Année"}},
        hidden=("node",),
        labels=Labels(),
    )


@pytest.fixture
def noted(answer: Answer) -> Answer:
    document = NamedNode("https://w3id.org/gsefgraph/id/doc/page")
    first = Passage(document, 3, 9, "fondé en 2013", "the year is the curator's")
    return replace(
        answer, footnotes=Footnotes((first, Passage(document, 20, 24, "OCDE")), ((0, 1), ()))
    )


# ------------------------------------------------------------------------------ data formats


def test_csv(answer: Answer) -> None:
    assert write(answer, "csv").decode() == (
        f'org,year,note,node\r\n{ORG}gsef,2013,"a ""b"", c|d",\r\n{ORG}oecd,,"=1+1\nx",_:b1\r\n'
    )
    assert '"\'=1+1\nx"' in write(answer, "csv", safe=True).decode()


def test_tsv(answer: Answer) -> None:
    assert write(answer, "tsv").decode() == (
        "?org\t?year\t?note\t?node\n"
        f'<{ORG}gsef>\t2013\t"a \\"b\\", c|d"@fr\t\n'
        f'<{ORG}oecd>\t\t"=1+1\\nx"\t_:b1\n'
    )
    assert '\t"\'=1+1\\nx"\t' in write(answer, "tsv", safe=True).decode()


def test_json(answer: Answer) -> None:
    found = json.loads(write(answer, "json"))
    assert found["head"] == {"vars": ["org", "year", "note", "node"]}
    first, second = found["results"]["bindings"]
    assert first == {
        "org": {"type": "uri", "value": f"{ORG}gsef"},
        "year": {"type": "literal", "value": "2013", "datatype": f"{XSD}integer"},
        "note": {"type": "literal", "value": 'a "b", c|d', "xml:lang": "fr"},
    }
    assert second["node"] == {"type": "bnode", "value": "b1"}


def test_xml(answer: Answer) -> None:
    space = {"s": SRX}
    root = ET.fromstring(write(answer, "xml"))
    assert [v.get("name") for v in root.iterfind("s:head/s:variable", space)] == list(
        answer.columns
    )
    first, _ = root.iterfind("s:results/s:result", space)
    assert [b.get("name") for b in first] == ["org", "year", "note"]
    assert first[2][0].get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    with pytest.raises(UsageError, match=r"U\+0001.*json"):
        write(replace(answer, rows=((None, None, Literal("\x01"), None),)), "xml")


ARABIC = Literal("x", language="ar", direction=BaseDirection.RTL)
TERM = Triple(NamedNode("a:b"), NamedNode("a:c"), ARABIC)
terms = (
    st.text(alphabet=st.characters(exclude_categories=["Cs"])).map(Literal)
    | st.text(alphabet="=+-@\t\r\n\\\"',;|<>&\x00\x0b\u2028 a1").map(Literal)
    | st.text(max_size=5).filter(str.isprintable).map(lambda t: Literal(t, language="pt-br"))
    | st.integers().map(Literal)
    | st.sampled_from(
        [literal(t, d) for d in ("integer", "decimal", "double", "boolean", "date")
         for t in ("1", "1.", ".5", "-1.50", "1e5", "+1.0E-3", "true", "x", "", "NaN", "-")]
    )
    | st.sampled_from([NamedNode("a:b"), NamedNode("https://e.org/é\u202e"), BlankNode("x"), None])
    | st.sampled_from([ARABIC, TERM, Triple(BlankNode("x"), NamedNode("a:b"), TERM)])
)  # fmt: skip


@given(st.lists(st.tuples(terms, terms), max_size=5))
def test_what_is_written_is_read_back(rows: list[Row]) -> None:
    answer = Answer(("a", "b"), tuple(rows))
    for name, reader in (("json", QueryResultsFormat.JSON), ("tsv", QueryResultsFormat.TSV)):
        found = parse_query_results(write(answer, name), format=reader)
        wanted = [tuple(term and undirected(term) for term in row) for row in rows]
        assert [tuple(row) for row in found] == wanted, name  # type: ignore[union-attr]


@given(st.lists(st.tuples(terms, terms), max_size=5))
def test_what_needs_no_change_is_the_same_object(rows: list[Row]) -> None:
    plain = all(
        not isinstance(each, Literal) or each.direction is None
        for row in rows for term in row if term for each in simple(term)
    )  # fmt: skip
    assert plain == all(undirected(term) is term for row in rows for term in row)
    labelled = any(isinstance(term, BlankNode | Triple) for row in rows for term in row)
    assert labelled == any(a is not b for a, b in zip(numbered(rows), rows, strict=True))


@given(st.lists(st.tuples(terms, terms), max_size=5))
def test_xml_holds_every_text_it_can_or_says_so(rows: list[Row]) -> None:
    # Not read by pyoxigraph, whose reader trims the spaces of a literal.
    try:
        root = ET.fromstring(write(Answer(("a", "b"), tuple(rows)), "xml"))
    except UsageError:
        assert any(re.search("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", each.value)
                   for row in rows for term in row if term for each in simple(term))  # fmt: skip
        return
    ends = ("uri", "bnode", "literal")
    texts = [end.text or "" for end in root.iter() if end.tag.rpartition("}")[2] in ends]
    found = [each.value for row in rows for term in row if term for each in simple(term)]
    assert texts == found


def test_rdf_1_2_in_every_format(answer: Answer) -> None:
    member = Triple(NamedNode(f"{ORG}gsef"), NamedNode("urn:p"), ARABIC)
    rows = replace(answer, columns=("t", "l"), rows=((member, ARABIC),), heads={})
    wanted = {
        "table": "<<( GSEF (en) URN:P (en) x )>>  x",
        "csv": f"<<( {ORG}gsef urn:p x )>>,x",
        "tsv": f'<<( <{ORG}gsef> <urn:p> "x"@ar )>>\t"x"@ar',
        "json": '"l":{"type":"literal","value":"x","xml:lang":"ar"}',
        "xml": "<triple><subject><uri>",
        "html": '<td lang="ar">x</td>',
        "md": "| \\<\\<( GSEF (en) URN:P (en) x )\\>\\> | x |",
    }
    for name in wanted:
        assert wanted[name] in write(rows, name).decode(), name
    page = write(rows, "xml")
    (read,) = parse_query_results(page, format=QueryResultsFormat.XML)  # type: ignore[misc]
    assert tuple(read) == (undirected(member), undirected(ARABIC))
    assert [cell.value for cell in rows[0].values() if cell] == [f"<<( {ORG}gsef urn:p x )>>", "x"]
    assert write(rows, "csv", labels=True)


@pytest.mark.skipif(not W3C.is_dir(), reason="the W3C's SPARQL tests are not beside the checkout")
@pytest.mark.parametrize("name", ["csv", "tsv"])
@pytest.mark.parametrize("number", ["01", "02", "03"])
def test_the_w3c_examples(number: str, name: str) -> None:
    data = W3C / ("data2.ttl" if number == "03" else "data.ttl")
    triples = sorted(parse_rdf(path=data), key=lambda t: t.subject.value)
    rows: list[Row] = [(t.subject, t.predicate, t.object) for t in triples]
    columns: tuple[str, ...] = ("s", "p", "o")
    if number == "02":
        columns = ("s", "p", "o", "p2", "o2")
        rows = [(*row, None, None) for row in rows]
        rows[0] = (*rows[0][:3], NamedNode("http://example.org/p2"), Literal("foo"))
    ours = write(Answer(columns, tuple(rows)), name).decode().splitlines()
    theirs = (W3C / f"csvtsv{number}.{name}").read_text().splitlines()

    def lines(text: Sequence[str]) -> list[list[str]]:
        cells = [line.split("\t" if name == "tsv" else ",") for line in text]
        # Labels of blank nodes and the case of an exponent are free.
        return [
            ["_:" if c.startswith("_:") else c.replace("e6", "E6") for c in line] for line in cells
        ]

    assert lines(ours) == lines(theirs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("=A1", "'=A1"), ("+1", "+1"), ("-1.5e3", "-1.5e3"), ("-1+2", "'-1+2"), ("@x", "'@x"),
     ("\tx", "'\tx"), ("\rx", "'\rx"), ("x=1", "x=1"), ("", ""), ("-", "'-"), ("'=x", "'=x")],
)  # fmt: skip
def test_formulas_are_made_harmless_only_when_asked(text: str, expected: str) -> None:
    assert harmless(text) == expected
    one = Answer(("a",), ((Literal(text),),))
    plain = write(one, "tsv").decode().splitlines()[1]
    assert plain == str(Literal(text))
    assert write(one, "tsv", safe=True).decode().splitlines()[1] == str(Literal(expected))


def test_label_columns(answer: Answer) -> None:
    head, first, _ = (
        write(replace(answer, lang="es"), "csv", labels=True).decode().split("\r\n")[:3]
    )
    assert head == "org,orgLabel,year,note,node"
    assert first.startswith(f"{ORG}gsef,GSEF (es),2013,")
    taken = Answer(("a", "aLabel"), ((NamedNode("a:b"), Literal("x")),))
    assert write(taken, "csv", labels=True) == b"a,aLabel2,aLabel\r\na:b,a:b,x\r\n"


def test_evidence_column(noted: Answer) -> None:
    rows = json.loads(write(noted, "json"))["results"]["bindings"]
    assert rows[0]["evidence"]["value"] == (
        "“fondé en 2013” — PAGE (en), 3–9; the year is the curator's | “OCDE” — PAGE (en), 20–24"
    )
    assert "evidence" not in rows[1]
    taken = replace(noted, columns=("evidence", "year", "note", "node"))
    assert write(taken, "csv").startswith(b"evidence,year,note,node,evidence2\r\n")


@pytest.mark.parametrize(
    ("name", "yes", "no"),
    [
        ("json", '{"head":{},"boolean":true}', '{"head":{},"boolean":false}'),
        ("csv", "true", "false"),
        ("tsv", "true", "false"),
        ("table", "oui", "non"),
        ("md", "oui", "non"),
    ],
)
def test_ask(name: str, yes: str, no: str) -> None:
    for value, text in ((True, yes), (False, no)):
        answer = Answer.of(Boolean(value, ("w",)), lang="fr")
        assert bool(answer) is value
        assert write(answer, name).decode() == f"{text}\n"
        assert answer.warnings == ("w",)


def test_ask_in_xml_is_read_back() -> None:
    for value in (True, False):
        page = write(Answer.of(Boolean(value)), "xml")
        assert bool(parse_query_results(page, format=QueryResultsFormat.XML)) is value


def test_an_unknown_format(answer: Answer) -> None:
    with pytest.raises(UnknownName, match="did you mean json"):
        write(answer, "jsn")


@pytest.mark.parametrize("width", [None, 1, 80])
def test_rows_without_columns(width: int | None) -> None:
    for name in FORMATS:
        assert write(Answer((), ((), ())), name, width=width) or name == "table"


def test_no_rows_in_any_format() -> None:
    for name in FORMATS:
        assert write(Answer(("a",), ()), name)


# ------------------------------------------------------------------------------- for people


def test_a_plain_table(noted: Answer) -> None:
    assert write(noted, "table", lang="fr").decode() == (
        "Organisation  Année  note        Preuves\n"
        "------------  -----  ----------  -------\n"
        'GSEF (fr)      2013  a "b", c|d  [1] [2]\n'
        "OECD (fr)            =1+1\n"
        "                     x\n"
        "\n"
        "[1] « fondé en 2013 » — PAGE (fr), 3–9; the year is the curator's\n"
        "[2] « OCDE » — PAGE (fr), 20–24\n"
    )


def test_markdown(noted: Answer) -> None:
    assert write(noted, "md", lang="es").decode() == (
        "| Organización | year | note | Pruebas |\n"
        "| --- | ---: | --- | --- |\n"
        '| GSEF (es) | 2013 | a "b", c\\|d | \\[1\\] \\[2\\] |\n'
        "| OECD (es) |  | =1+1<br>x |  |\n"
        "\n"
        "\\[1\\] «fondé en 2013» — PAGE (es), 3–9; the year is the curator's\n"
        "\n"
        "\\[2\\] «OCDE» — PAGE (es), 20–24\n"
    )


def test_html_escapes_and_links_only_to_the_web() -> None:
    answer = Answer(
        ("a<b",),
        (
            (NamedNode("javascript:alert(1)"),),
            (NamedNode("data:text/html,x"),),
            (NamedNode("https://e.org/?a=1&b='"),),
            (Literal('<script>"&', language="fr"),),
            (Literal("a\u202eb\x07"),),
        ),
    )
    page = answer._repr_html_()
    assert page.count("<a ") == 1
    assert 'href="https://e.org/?a=1&amp;b=&#x27;"' in page
    assert "<script" not in page
    assert '<td lang="fr">&lt;script&gt;&quot;&amp;</td>' in page
    assert "a\\u202Eb\\u0007" in page
    assert "a&lt;b" in page


def test_a_notebook_shows_the_first_rows() -> None:
    page = Answer(("n",), tuple((Literal(n),) for n in range(205)))._repr_html_()
    assert page.count("<tr>") == 201
    assert page.endswith("<p>… 5</p>\n")


def test_what_is_not_seen_is_shown() -> None:
    table = write(Answer(("\x1b",), ((Literal("a\u202e\u2066\u200b\x1b[0m\r\tb"),),)), "table")
    assert table.decode().splitlines()[2] == "a\\u202E\\u2066\\u200B\\u001B[0m\\u000D b"
    assert b"\x1b" not in table


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("é", 1), ("e\u0301", 1), ("서울", 4), ("１", 2), ("", 0)]
)
def test_cell_width(text: str, width: int) -> None:
    assert cell_width(text) == width


words = st.lists(st.text(alphabet="ab서e\u0301-", min_size=1, max_size=30), max_size=12)
texts = words.map(" ".join) | st.text(alphabet="ab 서e\u0301\n", max_size=40)


@given(
    st.lists(st.tuples(*[texts] * 3), max_size=4),
    st.integers(min_value=10, max_value=90),
)
@example([("2016-10-17", "https://example.org/" + "a" * 40, "x y")], 20)
def test_folding_fits_and_cuts_no_word(grid: list[tuple[str, ...]], width: int) -> None:
    rows = tuple(tuple(Cell(text) for text in row) for row in grid)
    page = to_text(Sheet(("x", "y", "z"), rows, (False,) * 3), width=width)
    for line in page.splitlines():
        assert cell_width(line) <= width or len(line.split()) <= 2, "a head and one word"
    every = [word for row in grid for text in row for word in text.split()]
    assert Counter(word for word in every if "서" not in word) <= Counter(page.split())
    assert Counter("".join(every)) <= Counter(page)


@given(
    st.sampled_from(["", "  ", "    ├── ", "    │   └── ", "[12] "]),
    words.map(" ".join),
    st.integers(min_value=1, max_value=60),
)
@example("  ", "\u0301 \u0301", 1)  # words without a width
def test_a_folded_line_keeps_its_words_and_its_place(lead: str, text: str, width: int) -> None:
    lines = folded(f"{lead}{text}", width).split("\n")
    assert lines[0].startswith(lead)
    kept = [w for line in lines for w in line.split() if w not in ("│", *lead.split())]
    wanted = [w for w in text.split() if w not in lead.split()]
    assert "".join(kept) == "".join(wanted)
    assert Counter(word for word in wanted if "서" not in word) <= Counter(kept)
    room = max(width, len(lead) + 3)  # what goes on stands two further in, and has a cell at least
    for line in lines:
        assert cell_width(line) <= room or len(line.replace(lead, "").strip("│ ").split()) <= 1


def test_a_command_to_be_typed_is_not_folded() -> None:
    command = 'gsefgraph query events-by-goal -p goal="ODD 8"'
    assert folded(f"some words\n  {command}", 8) == f"some\nwords\n  {command}"


FOLDED = {
    40: """\
Name       Since       Question
---------  ----------  -----------------
observers  2016-10-17  Who is observer
                       of what
graphs                 The named graphs
""",
    28: """\
Name      observers
Since     2016-10-17
Question  Who is observer of
          what

Name      graphs
Question  The named graphs
""",
}


@pytest.mark.parametrize("width", FOLDED)
def test_a_table_folds_and_then_is_a_block_a_row(width: int) -> None:
    rows = (
        (Cell("observers"), Cell("2016-10-17"), Cell("Who is observer of what")),
        (Cell("graphs"), Cell(""), Cell("The named graphs")),
    )
    assert (
        to_text(Sheet(("Name", "Since", "Question"), rows, (False,) * 3), width=width)
        == FOLDED[width]
    )


HAN = "世界社会连带经济论坛（全球社会经济论坛）国际联盟与合作组织的年度大会"


@pytest.mark.parametrize("width", [12, 30, 40, 60])
def test_what_is_written_without_spaces_folds_between_wide_characters(width: int) -> None:
    lines = folded(HAN, width).splitlines()
    assert "".join(lines) == HAN
    assert len(lines) > 1
    assert all(cell_width(line) <= width for line in lines)
    assert not [line for line in lines if line[0] in "）" or line[-1] in "（"]
    iri = f"http://例え.example/{HAN}"
    page = to_text(Sheet(("Name", "IRI"), ((Cell(HAN), Cell(iri)),), (False, False)), width=width)
    assert iri in page.split()


def test_a_row_that_would_be_a_column_of_words_is_a_block() -> None:
    rows = ((Cell("a" * 20), Cell("of some words " * 12)),)
    assert to_text(Sheet(("x", "y"), rows, (False,) * 2), width=40).startswith("x  aaaa")


UNKNOWN = [
    (Passage(NamedNode("urn:d"), None, None, "two"), "“two” — urn:d"),
    (Passage(None, 3, None, "two"), "“two” — 3–"),
    (Passage(None, None, None, "two", "a guess"), "“two”; a guess"),
    (Passage(NamedNode("urn:d"), 0, 3, ""), "urn:d, 0–3"),
    (Passage(None, None, None, ""), "<urn:e>"),
]


@pytest.mark.parametrize(("passage", "text"), UNKNOWN)
def test_a_note_says_what_is_known_of_a_passage(
    answer: Answer, passage: Passage, text: str
) -> None:
    noted = replace(answer, footnotes=Footnotes((passage,), ((0,), ())), labels=None)
    assert write(noted, "table").decode().splitlines()[-1] == f"[1] {text}"


def test_notes_are_wrapped(noted: Answer) -> None:
    lines = write(noted, "table", width=40).decode().splitlines()
    assert all(cell_width(line) <= 40 for line in lines)
    assert "[2] “OCDE” — PAGE (en), 20–24" in lines


# ------------------------------------------------------------------------------ for programs


def test_rows_by_name(answer: Answer) -> None:
    first, second = answer
    assert first.org == first["org"] == first[0]  # type: ignore[index]
    assert first.year is not None
    assert first.year.value == 2013
    assert str(first.org) == "GSEF (en)"
    assert first.org is not None
    assert first.org.value == f"{ORG}gsef"
    assert second.year is None
    assert dict(second)["node"] == second.node
    assert answer[1]["note"] == second.note
    assert list(first) == list(answer.columns)
    assert len(answer) == 2
    assert "org='GSEF (en)'" in repr(first)
    with pytest.raises(AttributeError, match="no column 'yaer'; did you mean year"):
        _ = first.yaer
    with pytest.raises(KeyError):
        _ = first["yaer"]


def test_labels_are_asked_once_and_late(answer: Answer) -> None:
    assert isinstance(answer.labels, Labels)
    write(answer, "json")
    assert answer.labels.asked == []
    write(answer, "table")
    write(answer, "md")
    assert answer.labels.asked == [([f"{ORG}gsef", f"{ORG}oecd"], "en")]


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (literal("007", "integer"), 7),
        (literal("1", "unsignedByte"), 1),
        (literal("1.50", "decimal"), Decimal("1.50")),
        (literal("1e3", "double"), 1000.0),
        (literal("1", "boolean"), True),
        (literal("2019-06-25", "date"), date(2019, 6, 25)),
        (literal("2019-06-25T09:30:00", "dateTime"), datetime(2019, 6, 25, 9, 30)),
        (literal("2019-06", "gYearMonth"), "2019-06"),
        (literal("2019-02-30", "date"), "2019-02-30"),
        (literal("x", "decimal"), "x"),
        (literal("maybe", "boolean"), "maybe"),
        (literal("9" * 5000, "integer"), "9" * 5000),
        (Literal("Quito", language="es"), "Quito"),
        (NamedNode("a:b"), "a:b"),
        (BlankNode("b"), "_:b"),
    ],
)
def test_python_values(term: Term, value: object) -> None:
    assert python(term) == value
    assert type(python(term)) is type(value)


def test_pandas_has_names_or_iris(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = answer.to_pandas()
    assert list(frame.columns) == ["org", "year", "note", "node"]
    assert list(frame.iloc[0])[:3] == ["GSEF (en)", 2013, 'a "b", c|d']
    assert list(answer.to_pandas(labels=False).org) == [f"{ORG}gsef", f"{ORG}oecd"]
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UsageError, match="pip install pandas"):
        answer.to_pandas()


def test_of_a_stored_query() -> None:
    text = "#+ summary: s\n#+ columns: {b: {en: B}}\n#+ evidence: [c]\nSELECT ?b ?c { ?b ?p ?c }"
    stored = parse(text, "q.rq", Names())
    rows = tuple((Literal(n), NamedNode("a:b")) for n in (3, 1, 2))
    answer = Answer.of(Solutions(("b", "c"), rows, ("w",)), query=stored)
    assert [row.b.value for row in answer if row.b] == [1, 2, 3]
    assert sheet(answer).heads == ("B",)
    assert answer.warnings == ("w",)
    ordered = Answer.of(Solutions(("b", "c"), rows), text=f"{text} ORDER BY DESC(?b)")
    assert ordered.rows == rows
