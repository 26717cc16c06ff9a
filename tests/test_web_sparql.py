"""SPARQL on screen: answers, faults at their place, files, and what is refused."""

from __future__ import annotations

import json
import re
import shutil
from html import unescape
from pathlib import Path

import httpx
import pytest

from gsefgraph.sparql.guard import MAX_BYTES
from gsefgraph.web import rendering
from gsefgraph.web.pages import sparql
from gsefgraph.web.workers import Workers
from tests.web import Web

ASSETS = Path(sparql.__file__).parents[1] / "assets"
YASQE = "yasqe/yasqe.min.js" in rendering.statics()
ORGANISATION = (
    "SELECT ?o ?kind { ?o a gsef:Organisation ; gsef:acronym 'OCDE'@fr ; gsef:kind ?kind }"
)


@pytest.fixture(scope="module")
def web() -> Web:
    return Web()


def ask(web: Web, query: str, lang: str = "en", accept: str = "", **more: str) -> httpx.Response:
    values = {"query": query, "lang": lang, **more}
    return web.get("/sparql", params=values, headers={"accept": accept or "text/html"})


def field(text: str) -> str:
    """What stands in the editor."""
    return unescape(text.partition("<textarea")[2].partition(">\n")[2].partition("</textarea>")[0])


def test_rows_have_names_beside_their_iris(web: Web) -> None:
    text = ask(web, ORGANISATION, "fr").text
    assert field(text) == ORGANISATION
    assert ">Organisation de coopération et de développement économiques</a> <code" in text
    assert ">id-org:oecd</code>" in text
    assert 'href="/page/kind/international-organisation?lang=fr"' in text
    assert '<h2 id="h-answer">Réponse <span class="n">1 ligne</span></h2>' in text


def test_what_a_download_holds_is_what_the_page_shows(web: Web) -> None:
    text = ask(web, "SELECT ?s ?l { ?s a gsef:Role ; skos:prefLabel ?l }").text
    links = dict(re.findall(r'href="(/sparql[^"]*format=(?:csv|json)[^"]*)">(\w+)</a>', text))
    found = {name: web.get(unescape(address)) for address, name in links.items()}
    assert found["CSV"].headers["content-disposition"] == 'attachment; filename="answer.csv"'
    rows = found["CSV"].text.split("\r\n")[1:-1]
    bindings = json.loads(found["JSON"].content)["results"]["bindings"]
    assert len(rows) == len(bindings) == text.count("<tr>") - 1 == 66


@pytest.mark.parametrize(
    ("query", "accept", "media", "holds"),
    [
        (
            ORGANISATION,
            "application/sparql-results+json",
            "application/sparql-results+json",
            "oecd",
        ),
        (ORGANISATION, "text/csv", "text/csv; charset=utf-8", "o,kind\r\n"),
        ("ASK {}", "application/sparql-results+json", "application/sparql-results+json", "true"),
        ("DESCRIBE id-org:oecd", "text/turtle", "text/turtle; charset=utf-8", "\nid-org:oecd "),
        ("DESCRIBE id-org:oecd", "text/html,*/*;q=0.1", "text/html; charset=utf-8", "<pre>"),
    ],
)
def test_a_client_has_the_format_that_it_asks_for(
    web: Web, query: str, accept: str, media: str, holds: str
) -> None:
    answer = ask(web, query, accept=accept)
    assert (answer.status_code, answer.headers["content-type"]) == (200, media)
    assert holds in answer.text
    # What was answered to one client is not what the next one gets.
    assert ask(web, query).headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("query", "lang", "said", "marked"),
    [
        ("SELECT *\nWHERE { ?s ?p ?o FILTRE(?o > 2) }", "fr",
         "Ligne 2, colonne 18 — n’est pas du SPARQL : FILTRE", "<mark>FILTRE</mark>(?o &gt;"),
        ("SELECT * { ?s foaff:name ?o }", "es", "Línea 1, columna 15 — no es SPARQL",
         "<mark>foaff:name</mark>"),
        ("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", "en", "Line 1, column 12 — SERVICE",
         "<mark>SERVICE</mark>"),
        ("DELETE WHERE { ?s ?p ?o }", "en", "this is an update, not a query", ""),
        ("observers", "en", "no query begins with", "<mark>observers</mark>"),
        ("<script>", "en", "no query begins with", "&lt;script&gt;"),
    ],
)  # fmt: skip
def test_a_fault_is_shown_at_its_place(
    web: Web, query: str, lang: str, said: str, marked: str
) -> None:
    answer = ask(web, query, lang)
    text = answer.text.replace("\u202f", " ").replace("\u00a0", " ")
    assert answer.status_code == 400
    assert said in unescape(text)
    assert marked in text
    assert 'aria-invalid="true" aria-describedby="fault"' in text
    assert field(text) == query
    assert "<script>" not in text.partition("<main")[2]


def test_no_row_is_said_with_what_may_be_meant(web: Web) -> None:
    text = ask(web, "SELECT ?o { ?o a gsef:Organization }").text
    assert "did you mean gsef:Organisation" in text
    assert "<table" not in text


def test_a_query_that_is_too_long_is_not_run(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Workers, "answer", None)
    answer = web.post(
        "/sparql?lang=en",
        data={"query": f"SELECT * {{ ?s ?p '{'a' * MAX_BYTES}' }}"},
        headers={"accept": "text/html"},
    )
    assert answer.status_code == 413
    assert "64 KB" in answer.text


def test_a_query_past_its_deadline_is_stopped_and_the_way_on_said() -> None:
    workers = Workers(seconds=60)
    web = Web(workers=workers)
    assert ask(web, "ASK {}").status_code == 200  # a process is there before the clock runs
    workers.seconds = 1
    answer = ask(web, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    assert answer.status_code == 503
    assert answer.headers["retry-after"].isdecimal()
    assert "Nothing was changed." in answer.text
    assert "gsefgraph query - --lang en" in answer.text


def test_a_long_answer_says_how_much_of_it_is_shown(web: Web) -> None:
    text = ask(web, "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 1200", "es").text
    assert "Se muestran las primeras 1000 filas de 1200" in text
    assert text.count("<tr>") == 1001


def test_an_answer_above_the_bound_is_no_answer(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparql, "_MOST", 1000)
    answer = ask(web, "SELECT * { ?s ?p ?o }")
    assert answer.status_code == 400
    assert "more than 1,000 rows; add LIMIT 1000" in answer.text


def test_every_stored_query_opens_in_the_editor(web: Web) -> None:
    text = web.get("/sparql?lang=en").text
    opened = re.findall(r'href="(/sparql\?example=([\w-]+)[^"]*)"', text)
    assert {name for _, name in opened} == {*web.graph.catalogue}
    for address, name in opened:
        query = field(web.get(unescape(address)).text)
        assert query.startswith(("PREFIX", "SELECT", "CONSTRUCT", "#")), name
        web.graph.query(query)


@pytest.mark.parametrize(
    ("asked", "first"),
    [("q=gsef:partO&kind=property", "gsef:partOf"), ("q=Eve&kind=class", "gsef:Event"),
     ("q=OCDE&kind=thing", "id-org:oecd"), ("q=&kind=class", None), ("q=OCDE&kind=class", None)],
)  # fmt: skip
def test_completions_are_our_terms_and_things(web: Web, asked: str, first: str | None) -> None:
    found = web.get(f"/api/terms?{asked}&lang=fr").json()
    assert (found[0]["iri"] if found else None) == first
    assert all({*term} == {"label", "iri", "description"} for term in found)


def test_the_lock_file_names_no_registry_and_has_every_hash() -> None:
    lock = json.loads((ASSETS / "package-lock.json").read_text("utf-8"))
    wanted = json.loads((ASSETS / "package.json").read_text("utf-8"))
    packages = {name: found for name, found in lock["packages"].items() if name}
    assert all(found["integrity"].startswith("sha512-") for found in packages.values())
    assert not [name for name, found in packages.items() if "resolved" in found]
    for kind in ("dependencies", "devDependencies"):
        for name, version in wanted[kind].items():
            assert packages[f"node_modules/{name}"]["version"] == version
            assert re.fullmatch(r"[0-9.]+", version)


def test_where_yasqe_is_absent_the_page_has_the_plain_editor(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = {k: v for k, v in rendering.statics().items() if not k.startswith("yasqe/")}
    monkeypatch.setattr(rendering, "statics", lambda: without)
    text = web.get("/sparql?lang=fr&query=").text
    assert "yasqe" not in text
    assert '<label for="query">Requête</label>' in text


needs_yasqe = pytest.mark.skipif(
    not YASQE, reason="`make assets` has not run" if shutil.which("npm") else "no npm on the path"
)


@needs_yasqe
def test_the_plain_editor_stays_a_choice(web: Web) -> None:
    large = web.get("/sparql?lang=en&example=observers").text
    assert "yasqe.min.js" in large
    assert "sparql.js" in large
    plain = web.get("/sparql?lang=en&editor=plain").text
    assert "yasqe.min" not in plain
    assert ">Editor with completion</a>" in plain
    assert '<input type="hidden" name="editor" value="plain">' in plain


@needs_yasqe
def test_yasqe_comes_with_its_licences() -> None:
    licence = rendering.statics()["yasqe/LICENSE.txt"].decode()
    assert licence.count("Permission is hereby granted") == 2
