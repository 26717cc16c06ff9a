"""Answers as files for other programs: workbooks, networks, pages, CSV for Excel, DataFrames."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import networkx
import openpyxl
import pandas
import pytest
from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.answers import net, workbook
from gsefgraph.answers.answer import Answer, write
from gsefgraph.answers.constructed import Constructed
from gsefgraph.errors import UsageError
from gsefgraph.graph.graph import Graph
from gsefgraph.terms import SKOS, XSD, Names
from gsefgraph.wording import LANGUAGES
from tests.commands import Cli

ORG = "https://w3id.org/gsefgraph/id/org/"


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with Graph.open(lang="fr") as opened:
        yield opened


def literal(lexical: str, datatype: str) -> Literal:
    return Literal(lexical, datatype=NamedNode(f"{XSD}{datatype}"))


def of_column(*terms: Any) -> Answer:
    return Answer(("x",), tuple((term,) for term in terms))


# --------------------------------------------------------------------------------- workbooks


def sheet_of(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content)).active


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_workbook_has_heads_names_links_and_dates(lang: str, graph: Graph) -> None:
    answer = graph.query("events-between", lang=lang, evidence=True)
    assert isinstance(answer, Answer)
    sheet = sheet_of(write(answer, "xlsx"))
    heads = [cell.value for cell in sheet[1]]
    assert heads[:3] == [answer.head(name) for name in ("event", "start", "end")]
    assert heads[-1] == {"en": "Evidence", "fr": "Preuves", "es": "Pruebas"}[lang]
    event, start, end, place, _, evidence = sheet[2]
    assert event.value == answer[0].event.label  # type: ignore[union-attr]
    assert event.hyperlink.target == answer[0].event.term.value  # type: ignore[union-attr]
    assert (start.value, end.value) == (datetime(2016, 10, 17), datetime(2016, 10, 20))
    assert start.is_date
    assert place.value == "Quito"
    assert "Habitat III" in evidence.value
    assert sheet[3][1].value == 2017  # a year alone
    assert sheet.freeze_panes == "A2"
    assert sheet.max_row == len(answer) + 1
    assert all(ord(c) not in range(32) for c in sheet.title)


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (literal("7", "integer"), 7),
        (literal("7.5", "decimal"), 7.5),
        (literal("12345678901234567890", "integer"), "12345678901234567890"),
        (literal("2019", "gYear"), 2019),
        (literal("2019-06", "gYearMonth"), "2019-06"),
        (literal("2019-06-25", "date"), datetime(2019, 6, 25)),
        (literal("1789-07-14", "date"), "1789-07-14"),  # before Excel's first day
        (literal("2019-06-25T10:30:00", "dateTime"), datetime(2019, 6, 25, 10, 30)),
        (literal("2019-06-25T10:30:00Z", "dateTime"), "2019-06-25T10:30:00Z"),
        (literal("true", "boolean"), "true"),
        (literal("INF", "double"), "INF"),
        (literal("NaN", "double"), "NaN"),
        (literal("x", "integer"), "x"),
        (Literal("=1+1"), "=1+1"),
        (Literal("0123"), "0123"),
        (Literal("https://example.org/"), "https://example.org/"),
        (Literal("a\nb"), "a\nb"),
        (NamedNode("urn:x"), "urn:x"),
        (NamedNode("javascript:x"), "javascript:x"),
    ],
)
def test_a_cell_is_what_its_term_is(term: Any, value: object) -> None:
    cell = sheet_of(write(of_column(term), "xlsx"))["A2"]
    assert cell.value == value
    assert cell.hyperlink is None
    assert cell.data_type != "f"


def test_a_workbook_is_the_same_bytes_and_holds_no_time(graph: Graph) -> None:
    answer = graph.query("speakers", evidence=True)
    content = write(answer, "xlsx")  # type: ignore[arg-type]
    assert content == write(answer, "xlsx")  # type: ignore[arg-type]
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert {item.date_time[0] for item in packed.infolist()} == {1980}
        core = packed.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT", core)) == {"2000-01-01T"}


def test_what_a_workbook_cannot_hold_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="a text of 32,768 letters"):
        write(of_column(Literal("x" * 32_768)), "xlsx")
    assert write(of_column(Literal("x" * 32_767)), "xlsx")
    monkeypatch.setattr(workbook, "_ROWS", 3)
    assert write(of_column(Literal(1), Literal(2)), "xlsx")
    with pytest.raises(UsageError, match=r"3 rows; a sheet holds 2.*--limit"):
        write(of_column(Literal(1), Literal(2), Literal(3)), "xlsx")


def test_beyond_the_links_that_excel_takes_names_are_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_LINKS", 1)
    sheet = sheet_of(write(of_column(*(NamedNode(f"https://e.org/{n}") for n in "ab")), "xlsx"))
    assert [sheet[place].hyperlink is not None for place in ("A2", "A3")] == [True, False]
    long = NamedNode("https://e.org/" + "x" * 2_100)
    cell = sheet_of(write(of_column(long), "xlsx"))["A2"]
    assert (cell.value, cell.hyperlink) == (long.value, None)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Who/what: [where]?", "Who what where"),
        ("", "gsefgraph"),
        ("Who spoke where, and for whom, in the world", "Who spoke where, and for…"),
        ("x" * 40, "x" * 30 + "…"),
    ],
)
def test_a_sheet_has_a_name_that_excel_takes(title: str, name: str) -> None:
    assert workbook._sheet_name(title) == name


def test_the_workbook_of_yes_and_no() -> None:
    assert sheet_of(write(Answer((), (), boolean=True, lang="es"), "xlsx"))["A1"].value == "sí"


# ---------------------------------------------------------------------------------- networks


def read_back(content: bytes, wanted: str) -> Any:
    reader = {"graphml": networkx.read_graphml, "gexf": networkx.read_gexf}[wanted]
    return reader(io.BytesIO(content))


@pytest.mark.parametrize("wanted", ["graphml", "gexf"])
def test_a_network_opens_with_names_kinds_and_weights(wanted: str, graph: Graph) -> None:
    answer = graph.query("collaboration-network")
    content = write(answer, wanted)  # type: ignore[arg-type]
    assert content == write(answer, wanted)  # type: ignore[arg-type]
    found = read_back(content, wanted)
    assert not found.is_directed()
    nodes = {data["iri"]: data for _, data in found.nodes(data=True)}
    assert nodes[f"{ORG}gsef"]["label"] == "Forum mondial de l’économie sociale"
    assert {data["kind"] for data in nodes.values()} == {"Organisation"}
    ties = {
        frozenset((found.nodes[one]["iri"], found.nodes[other]["iri"])): data["weight"]
        for one, other, data in found.edges(data=True)
    }
    rows = {
        frozenset((row[0].term.value, row[1].term.value)): row[2].value  # type: ignore[union-attr]
        for row in answer
    }
    assert ties == rows


@pytest.mark.parametrize("wanted", ["graphml", "gexf"])
def test_the_network_around_one_has_it_in_it(wanted: str, graph: Graph) -> None:
    answer = graph.query("organisation-partners", organisation="GSEF")
    found = read_back(write(answer, wanted), wanted)  # type: ignore[arg-type]
    assert found.number_of_edges() == len(answer)
    (centre,) = [n for n, data in found.nodes(data=True) if data["iri"] == f"{ORG}gsef"]
    assert found.degree(centre) == len(answer)


@pytest.mark.parametrize("wanted", ["graphml", "gexf"])
def test_triples_that_join_things_are_a_network(wanted: str, graph: Graph) -> None:
    made = graph.query("collaboration-graph")
    assert isinstance(made, Constructed)
    found = read_back(made.write(wanted, lang="fr"), wanted)
    assert found.is_directed()
    data = {d["iri"]: d for _, d in found.nodes(data=True)}
    assert data[f"{ORG}gsef"]["label"] == "Forum mondial de l’économie sociale"
    assert {d["kind"] for d in data.values()} == {"Organisation", "Événement"}
    key = "Edge Label" if wanted == "graphml" else "label"
    labels = {d[key] for _, _, d in found.edges(data=True)}
    assert labels == {"a collaboré avec", "a participé à"}
    assert found.number_of_edges() == sum(
        isinstance(t.object, NamedNode) and not t.predicate.value.endswith("#type") for t in made
    )


def test_any_two_columns_of_things_are_a_network(graph: Graph) -> None:
    two = graph.query("SELECT ?a ?b { ?a gsef:observerOf ?b }")
    made = net.of_answer(two)  # type: ignore[arg-type]
    assert (len(made.ties), made.directed) == (len(two), True)
    three = graph.query("SELECT ?a ?how ?b { ?a ?how ?b FILTER(?how = gsef:memberOf) }")
    assert {tie.label for tie in net.of_answer(three).ties} == {"membre de"}  # type: ignore[arg-type]
    for text in ("SELECT ?a { ?a a gsef:Event }", "SELECT ?a ?b ?c ?a2 { ?a ?b ?c . ?a2 ?b ?c }",
                 "ASK {}"):  # fmt: skip
        with pytest.raises(UsageError, match="SELECT two columns of IRIs"):
            write(graph.query(text, limit=5), "gexf")  # type: ignore[arg-type]
    assert net.of_answer(Answer(("a",), ())) == net.Net((), ())


def test_rows_of_the_same_ends_are_one_tie() -> None:
    a, b = NamedNode("urn:a"), NamedNode("urn:b")
    rows = ((a, b, Literal("x")), (a, b, Literal("y")), (b, a, None), (a, None, None))
    made = net.of_answer(Answer(("one", "other", "note"), rows))
    assert [(tie.source, tie.target, tie.weight) for tie in made.ties] == [
        ("urn:a", "urn:b", 2), ("urn:b", "urn:a", 1),
    ]  # fmt: skip


def test_a_name_is_in_the_language_or_the_next_that_there_is() -> None:
    a = NamedNode("urn:a")
    label = NamedNode(f"{SKOS}prefLabel")
    names = [("de", "D"), ("es", "E")]
    made = [Triple(a, label, Literal(text, language=tag)) for tag, text in names]
    assert net.of_triples(made, Names(), "fr").nodes[0].label == "E"
    assert net.of_triples(made[:1], Names(), "fr").nodes[0].label == "D"


@pytest.mark.parametrize("wanted", ["graphml", "gexf"])
def test_what_xml_has_marks_for_stays_text(wanted: str) -> None:
    a, b = NamedNode("urn:a&b"), NamedNode("urn:b")
    labels = lambda iris, lang: dict.fromkeys(iris, '<"A" & B>')  # noqa: E731
    content = write(Answer(("a", "b"), ((a, b),), labels=labels), wanted)
    found = read_back(content, wanted)
    assert {data["label"] for _, data in found.nodes(data=True)} == {'<"A" & B>'}
    assert {data["iri"] for _, data in found.nodes(data=True)} == {"urn:a&b", "urn:b"}


# --------------------------------------------------------------------------- pages, CSV, files


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_has_title_sentence_picture_and_table(lang: str, graph: Graph) -> None:
    answer = graph.query("events-between", lang=lang, evidence=True)
    assert isinstance(answer, Answer)
    page = write(answer, "html").decode()
    assert f'<html lang="{lang}">' in page
    assert f"<h1>{answer.title}</h1>" in page
    assert answer.sentence
    assert f"<p>{answer.sentence}</p>" in page
    assert "<td><time>2017</time></td>" in page
    assert page.count("<svg") == page.count("<table") == 1
    assert "<ol>\n<li>" in page
    assert "<script" not in page
    assert not re.search(r'(?:src|url)[=(]"?http', page)
    bare = write(replace(answer, rows=(), footnotes=None), "html").decode()
    assert "<svg" not in bare


def test_the_page_of_yes_and_no() -> None:
    page = write(Answer((), (), boolean=True, lang="fr"), "html").decode()
    assert "<h1>Réponse</h1>\n<p>oui</p>\n" in page
    assert "<table" not in page


def test_a_page_of_text_escapes_it() -> None:
    page = write(of_column(Literal("<b>x</b>")), "html").decode()
    assert "&lt;b&gt;x" in page
    assert "<b>x" not in page
    assert "<h1>Answer</h1>" in page


@pytest.mark.parametrize(("lang", "apart"), [("en", ","), ("fr", ";"), ("es", ";")])
def test_csv_for_excel_has_a_mark_heads_and_names(lang: str, apart: str, graph: Graph) -> None:
    answer = graph.query("events-between", lang=lang, evidence=True)
    assert isinstance(answer, Answer)
    content = write(answer, "csv", excel=True)
    assert content.startswith(b"\xef\xbb\xbf")
    heads, first, *_ = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=apart)
    assert heads[0] == answer.head("event")
    assert first[0] == answer[0].event.label  # type: ignore[union-attr]
    assert first[1] == "2016-10-17"
    assert "Habitat III" in first[-1]
    assert "://" not in first[0]
    assert write(of_column(Literal("=1+1")), "csv", excel=True).splitlines()[1] == b"'=1+1"


def test_a_suffix_names_pictures_workbooks_and_networks(cli: Cli, tmp_path: Path) -> None:
    starts = {
        "svg": b"<svg",
        "html": b"<!DOCTYPE",
        "xlsx": b"PK",
        "graphml": b"<?xml",
        "gexf": b"<?xml",
    }
    for suffix, start in starts.items():
        target = tmp_path / f"a.{suffix}"
        done = cli("query", "collaboration-network", "-o", target)
        assert (done.code, done.out, done.err) == (0, "", "")
        assert target.read_bytes().startswith(start)
    target = tmp_path / "b.gexf"
    assert cli("query", "collaboration-graph", "--lang", "fr", "-o", target).code == 0
    assert "Forum mondial" in target.read_text("utf-8")
    done = cli("query", "events-between", "-f", "csv", "--for", "excel", "--lang", "fr")
    assert done.out.startswith("\ufeffÉvénement;Début;")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("query is-member -p agent=GSEF -p organisation=CEPES -f svg",
         "the query 'is-member' has no picture; those with one: collaboration-network, countries-"),
        ("query missing-labels -o a.svg", "the query 'missing-labels' has no picture"),
        ("query collaboration-graph -f svg", "the query 'collaboration-graph' has no picture"),
        ("query speakers -f json --for excel", "--for excel is for CSV; add -f csv"),
        ("query speakers -f csv --for word", "'word' is not 'excel'"),
        ("query collaboration-graph -f xlsx", "the answer is triples, xlsx is for rows"),
    ],
)  # fmt: skip
def test_what_has_no_such_file_is_said(cli: Cli, words: str, said: str) -> None:
    done = cli(*words.split())
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert said in done.err


# -------------------------------------------------------------------- DataFrames and notebooks


def test_dates_of_a_column_are_of_one_type() -> None:
    days = of_column(literal("2019-06-25", "date"), None, literal("0044-03-15", "date"))
    assert str(days.to_pandas().x.dtype) == "datetime64[s]"
    assert days.to_pandas().x[0] == pandas.Timestamp(2019, 6, 25)
    assert pandas.isna(days.to_pandas().x[1])
    mixed = of_column(literal("2019-06-25", "date"), literal("2019-06", "gYearMonth"),
                      literal("2019", "gYear"), None)  # fmt: skip
    assert list(mixed.to_pandas().x)[:3] == ["2019-06-25", "2019-06", "2019"]
    times = of_column(literal("2019-06-25T10:00:00Z", "dateTime"),
                      literal("2019-06-25T10:00:00+02:00", "dateTime"))  # fmt: skip
    assert times.to_pandas().x[1] == pandas.Timestamp("2019-06-25T08:00:00Z")
    odd = of_column(literal("2019-06-25T10:00:00Z", "dateTime"),
                    literal("2019-06-25T10:00:00", "dateTime"))  # fmt: skip
    assert list(odd.to_pandas().x)[1] == "2019-06-25T10:00:00"
    years = of_column(literal("2017", "gYear"), literal("2019", "gYear"))
    assert list(years.to_pandas().x) == ["2017", "2019"]


def test_every_shipped_answer_is_a_data_frame(graph: Graph) -> None:
    from tests.golden import examples

    for name, query in graph.catalogue.items():
        answer = graph.query(name, examples(query))
        if isinstance(answer, Answer) and answer.boolean is None:
            assert len(answer.to_pandas()) == len(answer.to_pandas(labels=False)) == len(answer)


def test_notebooks_see_what_they_hold(graph: Graph) -> None:
    assert "<td>Organisation</td>" in graph._repr_html_()
    thing = graph.show("GSEF")._repr_html_()
    assert "Forum mondial de l’économie sociale" in thing
    assert f'href="{ORG}untfsse"' in thing
    assert "id-participation:" not in thing
    assert "25–26 juin 2019 (date de la conférence) — <a href=" in thing
    assert "(déduit)</li>" in thing
    assert "ont collaboré" in graph.explain("GSEF", "collaboratedWith", "OECD")._repr_html_()
    report = graph.validate(graph.project.ontology / "examples" / "invalid" / "evidence.ttl")
    page = report._repr_html_()
    assert page.startswith("<p>Non conforme.")
    assert page.count("<tr>") == len(report.findings) + 1
    picture = graph.query("goals-covered").picture()  # type: ignore[union-attr]
    assert picture._repr_html_() == picture.svg  # type: ignore[union-attr]
