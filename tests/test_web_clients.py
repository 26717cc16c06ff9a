"""Clients that people use, each against a running server: libraries, curl, an editor elsewhere."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler
from io import BytesIO, StringIO
from pathlib import Path
from urllib.parse import quote

import httpx
import pandas
import pytest
import rdflib
from playwright.sync_api import expect, sync_playwright
from pyoxigraph import RdfFormat, parse
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import (
    CSV,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from gsefgraph.docs.guides import guides
from tests.browser import CHROMIUM, FLAGS, needs_chromium
from tests.commands import ROOT, process
from tests.servers import QuietServer
from tests.web import Web, serving

EVENTS = "SELECT ?s { ?s a gsef:Event } ORDER BY ?s"
EVENT = rdflib.URIRef("https://w3id.org/gsefgraph/ontology#Event")
TOKEN = "a-token-of-the-tests"
YASQE = ROOT / "gsefgraph" / "web" / "static" / "yasqe"
EDITOR = """<!doctype html><title>Elsewhere</title><link rel="stylesheet" href="yasqe.min.css">
<div id="editor"></div><pre id="answer"></pre><script src="yasqe.min.js"></script><script>
const yasqe = new Yasqe(document.getElementById("editor"), {requestConfig: {endpoint: "%s"}});
yasqe.on("queryResponse", (_, answer) => {
  document.getElementById("answer").textContent = answer.text || String(answer);
});
yasqe.setValue("SELECT ?s { ?s a gsef:Event }");
yasqe.query().catch(() => {});
</script>"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store = str(tmp_path_factory.mktemp("store") / "store")
    assert process("load", "--store", store).code == 0
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GSEFGRAPH_TOKEN", TOKEN)
        with serving("--store", store, "--writable") as (_, running):
            yield running


@pytest.fixture(scope="module")
def events() -> list[str]:
    return [str(s.value) for (s,) in Web().graph.query(EVENTS).rows]  # type: ignore[union-attr]


def test_rdflib(address: str, events: list[str]) -> None:
    graph = rdflib.Graph(store=SPARQLStore(f"{address}sparql"))
    assert sorted(map(str, graph.subjects(rdflib.RDF.type, EVENT))) == events
    found = graph.query(f"SELECT ?s {{ ?s a <{EVENT}> }}")
    assert sorted(str(row[0]) for row in found) == events  # type: ignore[index]


@pytest.mark.parametrize(
    ("method", "sent"), [("GET", ""), (POST, URLENCODED), (POST, POSTDIRECTLY)]
)
def test_sparqlwrapper(address: str, events: list[str], method: str, sent: str) -> None:
    client = SPARQLWrapper(f"{address}sparql")
    client.setMethod(method)
    if sent:
        client.setRequestMethod(sent)
    client.setQuery(EVENTS)
    client.setReturnFormat(JSON)
    rows = client.queryAndConvert()["results"]["bindings"]
    assert [row["s"]["value"] for row in rows] == events
    client.setReturnFormat(CSV)
    lines = client.queryAndConvert().decode().split()
    assert lines[1:] == events
    client.setQuery("CONSTRUCT WHERE { ?s a gsef:Event }")
    for form in (TURTLE, N3, RDFXML, XML, JSONLD):
        client.setReturnFormat(form)
        # Its own conversion makes a kind of graph that rdflib has given up.
        answer = client.query()
        kind = RdfFormat.from_media_type(answer.info()["content-type"])
        assert kind
        made = {quad.subject.value for quad in parse(answer.response.read(), kind)}  # type: ignore[union-attr]
        assert sorted(made) == events
    client.setQuery("ASK {")
    client.setReturnFormat(JSON)
    with pytest.raises(QueryBadFormed, match="1:6: not SPARQL"):
        client.query()


def test_sparqlwrapper_writes_with_the_token(address: str) -> None:
    client = SPARQLWrapper(f"{address}sparql")
    client.setMethod(POST)
    client.addCustomHttpHeader("Authorization", f"Bearer {TOKEN}")
    client.setQuery("INSERT DATA { GRAPH <urn:draft> { <urn:a> <urn:p> 1 } }")
    client.query()
    client.setQuery("ASK { GRAPH <urn:draft> { <urn:a> <urn:p> 1 } }")
    client.setReturnFormat(JSON)
    assert client.queryAndConvert()["boolean"] is True


def test_pandas(address: str, events: list[str]) -> None:
    frame = pandas.read_csv(f"{address}sparql?format=csv&query={quote(EVENTS)}")
    assert [*frame.s] == events
    frame = pandas.read_csv(BytesIO(httpx.get(f"{address}api/queries/speakers?format=csv").content))
    assert frame.speakerLabel.notna().all()


def test_another_of_ours(address: str) -> None:
    there = f"{address}sparql"
    for name in ("speakers", "collaboration-network"):
        asked = process("query", name, "-f", "json", "--store", there)
        assert asked.code == 0, asked.err
        assert json.loads(asked.out) == json.loads(process("query", name, "-f", "json").out)
    assert process("info", "--store", there, "-f", "json").code == 0


def test_a_server_on_another(address: str, events: list[str]) -> None:
    with serving("--store", f"{address}sparql") as (_, second):
        answer = httpx.get(f"{second}sparql", params={"query": EVENTS, "format": "csv"})
        assert answer.text.split()[1:] == events
        assert httpx.get(f"{second}api/queries/speakers").json()["rows"]


LINES = [
    line
    for path in (*guides(), *(ROOT / "docs").rglob("README.md"))
    for line in re.findall(r"^curl (?:.*\\\n)*.*$", path.read_text("utf-8"), re.M)
]


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
def test_curl_lines_of_the_guides(address: str, line: str, tmp_path: Path) -> None:
    example = ROOT / "ontology" / "examples" / "place-within-a-country.ttl"
    (tmp_path / "record.ttl").write_bytes(example.read_bytes())
    command = line.replace("http://127.0.0.1:8000/", address).replace(
        "curl ", "curl -sS --fail ", 1
    )
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, cwd=tmp_path,
        env={**os.environ, "GSEFGRAPH_TOKEN": TOKEN},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    if "csv" in line:
        assert len(list(csv.reader(StringIO(done.stdout)))) > 1


def test_the_curl_line_of_a_question(address: str) -> None:
    page = httpx.get(f"{address}questions/events-by-goal", headers={"accept": "text/html"}).text
    (line,) = re.findall(r"curl &#34;([^&]+(?:&amp;[^&]+)*)&#34;", page)
    assert httpx.get(line.replace("&amp;", "&")).text.count("\n") > 1


def test_the_guides_have_curl_lines() -> None:
    assert len(LINES) > 4


def test_a_server_is_filled_by_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one.nq").write_text("<a:b> <a:c> <a:d> <urn:g> .\n")
    store = str(tmp_path / "store")
    assert process("load", tmp_path / "one.nq", "--no-inferred", "--store", store).code == 0
    monkeypatch.setenv("GSEFGRAPH_TOKEN", TOKEN)
    with serving("--store", store, "--writable") as (_, address):
        assert process("load", "--store", f"{address}sparql").code == 0
        held = httpx.get(f"{address}health").json()["quads"]
        wrong = process("query", "events-by-country", "-p", "country=Équateur",
                        "--store", f"{address}sparqll")  # fmt: skip
    assert held == Web().graph.engine.count() + 1
    assert wrong.code == 4
    assert "answers 404: nothing; is this a SPARQL endpoint?" in wrong.err


@needs_chromium
@pytest.mark.skipif(not YASQE.is_dir(), reason="YASQE is not there (make assets)")
def test_yasqe_of_another_origin(address: str, events: list[str], tmp_path: Path) -> None:
    for file in ("yasqe.min.js", "yasqe.min.css"):
        (tmp_path / file).symlink_to(YASQE / file)
    (tmp_path / "index.html").write_text(EDITOR % f"{address}sparql")
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    handler.log_message = lambda *_: None  # type: ignore[attr-defined]
    with QuietServer(("127.0.0.1", 0), handler) as elsewhere, sync_playwright() as playwright:
        threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{elsewhere.server_address[1]}/index.html")
            expect(page.locator("#answer")).to_contain_text('"bindings"', timeout=15_000)
            told = json.loads(page.locator("#answer").inner_text())
        finally:
            browser.close()
            elsewhere.shutdown()
    assert sorted(row["s"]["value"] for row in told["results"]["bindings"]) == events
