"""All pages as files: links that resolve, nothing that needs a server, nothing of others lost."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest

from gsefgraph.cli import run
from gsefgraph.errors import InputError
from gsefgraph.graph.graph import Graph
from gsefgraph.site import crawl, folder
from tests.links import faults

ODD = r"""
@prefix gsef: <https://w3id.org/gsefgraph/ontology#> .
@prefix org: <https://w3id.org/gsefgraph/id/org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
org:gsef a gsef:Organisation ; skos:prefLabel "Global Forum"@en, "Forum « global »"@fr ;
  gsef:acronym "GSEF" .
org:quoted a gsef:Organisation ; skos:prefLabel "Who? \"Us\" #1 & <b>all</b>"@en .
org:con a gsef:Organisation ; skos:prefLabel "Łódź"@en .
<https://example.org/a?b=c#d> a gsef:Organisation ; skos:prefLabel "Small"@en .
<https://example.org/A?b=c#d> a gsef:Organisation ; skos:prefLabel "Large"@en .
<javascript:alert(1)> a gsef:Organisation ; skos:prefLabel "Bad"@en .
"""


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    file = tmp_path_factory.mktemp("odd") / "odd.ttl"
    file.write_text(ODD, "utf-8")
    return Graph.open(data=[file], alone=True)


@pytest.fixture(scope="module")
def small(odd: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("small") / "site"
    crawl.write(odd, root, languages=("en", "fr"), base="https://example.org/gsef")
    return root


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, crawl.Written]:
    root = tmp_path_factory.mktemp("shipped") / "site"
    return root, crawl.write(Graph.open(), root, languages=("fr",), most=1)


def contents(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def index(root: Path, lang: str) -> dict[str, list[list[object]]]:
    text = (root / lang / "search-index.js").read_text("utf-8")
    found: dict[str, list[list[object]]] = json.loads(text[text.index("=") + 1 :].rstrip(";\n"))
    return found


def test_every_link_and_fragment_is_in_the_folder(
    small: Path, shipped: tuple[Path, crawl.Written]
) -> None:
    assert list(faults(small)) == []
    assert list(faults(shipped[0])) == []


def test_a_fault_would_be_found(tmp_path: Path) -> None:
    page = '<a href="b.html#x">b</a><a href="/a">a</a><script src="https://e.org/x.js"></script>'
    (tmp_path / "a.html").write_text(page, "utf-8")
    (tmp_path / "b.html").write_text("<p id=y><a href=c.html>c</a><a href='?q'>q</a>", "utf-8")
    assert [fault.rpartition(": ")[2] for fault in faults(tmp_path)] == [
        "no such place on the page",
        "needs a server",
        "loads from elsewhere",
        "no such file",
        "asks a server",
    ]


def test_pages_of_every_template_are_there(shipped: tuple[Path, crawl.Written]) -> None:
    root, written = shipped
    for name in ("index", "explore", "questions", "sources", "model", "check", "sparql", "search"):
        assert (root / f"fr/{name}.html").is_file(), name
    for name in ("page/evidence", "sources", "questions", "page/org", "model"):
        assert list((root / "fr" / name).glob("*.html")), name
    assert list(root.glob("data/*/*.jsonld"))
    assert {path.suffix for path in (root / "fr/questions").iterdir()} >= {".csv", ".xlsx", ".svg"}
    assert written.left_out["/page/org"] > 5
    assert f"{sum(written.left_out.values())} pages" in (root / "index.html").read_text("utf-8")


def test_no_page_asks_a_server(small: Path, shipped: tuple[Path, crawl.Written]) -> None:
    for root in (small, shipped[0]):
        for page in root.rglob("*.html"):
            text = page.read_text("utf-8")
            if page.parent.name != "help":  # which tells what `serve` prints
                assert "127.0.0.1" not in text, page
            assert "data-later" not in text, page
            assert set(re.findall(r"<form class=\"(\w+)", text)) <= {"search"}, page


def test_languages_are_trees_beside_each_other(small: Path) -> None:
    page = (small / "fr/page/org/gsef.html").read_text("utf-8")
    assert '<html lang="fr">' in page
    assert 'href="../../../en/page/org/gsef.html" lang="en"' in page
    assert 'hreflang="es"' not in page
    first = (small / "index.html").read_text("utf-8")
    assert 'href="en/index.html"' in first
    assert 'href="fr/index.html"' in first
    assert "<script" not in first


def test_names_are_told_apart_and_escaped(small: Path) -> None:
    pages = {path.name for path in (small / "en").glob("page.iri-https-example.org-a-b-c-d-*.html")}
    assert len(pages) == 2
    entries = {entry[0]: entry for entry in index(small, "en")["entries"]}
    assert (small / "en" / str(entries["Small"][2])).read_text("utf-8").count("<h1>Small") == 1
    assert (small / "en" / str(entries["Large"][2])).read_text("utf-8").count("<h1>Large") == 1
    text = (small / "en" / str(entries['Who? "Us" #1 & <b>all</b>'][2])).read_text("utf-8")
    assert "<b>all" not in text
    assert not re.search(
        r'href="javascript:', "".join(p.read_text() for p in small.rglob("*.html"))
    )


def test_search_has_every_name_in_every_language(small: Path) -> None:
    found = index(small, "fr")
    entry = next(entry for entry in found["entries"] if entry[2] == "page/org/gsef.html")
    assert entry[0] == "Forum « global »"
    assert entry[3] == ["GSEF", "Global Forum"]
    assert entry[4] == ["forum global", "gsef", "global forum"]
    assert found["letters"]["ł"] == "l"
    page = (small / "fr/search.html").read_text("utf-8")
    assert page.count("page/org/gsef.html") == 1  # without a script


def test_search_has_questions_topics_and_passages(
    shipped: tuple[Path, crawl.Written], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = index(shipped[0], "fr")
    (question,) = (entry for entry in found["entries"] if entry[2] == "questions/speakers.html")
    assert question[1] == found["kinds"].index("Question")  # type: ignore[arg-type]
    assert {"qui", "evenement"} <= set(str(question[5]).split())
    assert any("Topic" in str(entry) or "topic/" in str(entry[2]) for entry in found["entries"])
    (quote, lang, _, file), *_ = found["passages"]
    text = html.unescape((shipped[0] / "fr" / str(file)).read_text("utf-8"))
    assert (lang, re.sub(r"<.*?>", "", text).count(str(quote)) > 0) == ("fr", True)
    monkeypatch.setattr(crawl, "_QUOTES", 10)
    assert '"passages":[]' in crawl._index([], [crawl._Quoted("x" * 11, "en", "", "en/a")], "en")


def test_questions_lead_to_answers_without_a_form(shipped: tuple[Path, crawl.Written]) -> None:
    text = (shipped[0] / "fr/questions/events-by-goal.html").read_text("utf-8")
    choices = text.partition('<nav class="choices"')[2].partition("</nav>")[0]
    assert choices.count("<li>") > 3
    assert "sort=" not in text


def test_robots_are_told_of_the_pages(small: Path, shipped: tuple[Path, crawl.Written]) -> None:
    listed = (small / "sitemap.xml").read_text("utf-8")
    assert "<loc>https://example.org/gsef/fr/page/org/gsef.html</loc>" in listed
    assert "search.html" not in listed
    assert "Sitemap: https://example.org/gsef/sitemap.xml" in (small / "robots.txt").read_text()
    assert not (shipped[0] / "sitemap.xml").exists()


def test_the_same_graph_gives_the_same_bytes(odd: Graph, small: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    crawl.write(odd, again, languages=("en", "fr"), base="https://example.org/gsef/")
    assert contents(again) == contents(small)


def test_the_endpoint_is_named(odd: Graph, tmp_path: Path) -> None:
    crawl.write(odd, tmp_path / "s", languages=("es",), endpoint="https://example.org/q", most=1)
    assert 'href="https://example.org/q"' in (tmp_path / "s/es/sparql.html").read_text("utf-8")


def test_an_earlier_site_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    root = tmp_path / "site"
    with folder.replacing(root) as files:
        files.write("a/old.html", b"old")
    with folder.replacing(root) as files:
        files.write("new.html", b"new")
    assert set(contents(root)) == {"new.html", folder.LIST}
    (root / "mine.txt").write_text("mine")
    with (
        pytest.raises(InputError, match=r"something else in it: mine\.txt"),
        folder.replacing(root),
    ):
        pass
    assert (root / "mine.txt").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_what_fails_leaves_the_earlier_site(tmp_path: Path) -> None:
    root = tmp_path / "site"
    with folder.replacing(root) as files:
        files.write("old.html", b"old")

    def fail() -> None:
        with folder.replacing(root) as files:
            files.write("new.html", b"new")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert set(contents(root)) == {"old.html", folder.LIST}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_the_command_says_what_it_wrote(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data, root = tmp_path / "odd.ttl", tmp_path / "site"
    data.write_text(ODD, "utf-8")
    given = ["site", "-o", str(root), "--data", str(data), "--alone", "--lang", "fr"]
    assert run([*given, "--most", "1"]) == 0
    said = capfd.readouterr().err
    assert re.search(r"\d+ pages en \d+ fichiers, \d\.\d Mo, dans ", said)
    assert "laissé de côté\u202f: 2 de /page/org" in said
    (root / "mine").touch()
    assert run(given) != 0
    assert "il contient autre chose\u202f: mine" in capfd.readouterr().err
    assert run([*given, "--base-url", "example.org"]) == 2
    assert "n’est pas une adresse du web" in capfd.readouterr().err
