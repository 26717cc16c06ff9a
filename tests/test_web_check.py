"""Checking a file that a stranger hands in: it is read elsewhere, bounded, and nothing is kept."""

from __future__ import annotations

import html
import json
import re
import time
from pathlib import Path

import pytest

from gsefgraph.errors import EngineError, GsefgraphError, QueryTimeout
from gsefgraph.graph.graph import Graph
from gsefgraph.rdf.reading import Reading
from gsefgraph.web.turns import Busy
from gsefgraph.web.workers import Workers
from tests.commands import ROOT, Cli
from tests.web import Web

EXAMPLE = (ROOT / "ontology/examples/webinar-series.ttl").read_bytes()
WRONG = b"""@prefix gsef: <https://w3id.org/gsefgraph/ontology#> .
<https://w3id.org/gsefgraph/id/event/x> a gsef:Event ;
  <http://www.w3.org/2004/02/skos/core#prefLabel> "<script>alert(1)</script>"@en ;
  gsef:startDate "2019-02-30"^^<http://www.w3.org/2001/XMLSchema#date> ;
  gsef:theme "</textarea><script>alert(2)</script>"@en .
"""
BOMB = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "%s"><!ENTITY b "%s"><!ENTITY c "%s">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:p="urn:p">
<rdf:Description rdf:about="urn:a"><p:x>&c;</p:x></rdf:Description></rdf:RDF>""" % (
    b"a" * 1000,
    b"&a;" * 1000,
    b"&b;" * 1000,
)


@pytest.fixture(scope="module")
def web() -> Web:
    return Web()


def send(web: Web, name: str, content: bytes, lang: str = "en") -> tuple[int, str]:
    found = web.post(f"/check?lang={lang}", files={"file": (name, content)})
    return found.status_code, found.text


def typed(web: Web, text: str, kind: str = "", lang: str = "en") -> tuple[int, str]:
    form = {"file": ("", b""), "text": (None, text), "format": (None, kind)}
    found = web.post(f"/check?lang={lang}", files=form)
    return found.status_code, found.text


def test_a_record_that_conforms_says_what_it_would_add(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And leaves no file behind."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    workers = Workers(1)
    web = Web(workers=workers)
    status, page = send(web, "webinars.ttl", EXAMPLE, "fr")
    assert status == 200
    assert "Tout est conforme" in page
    assert "Organisation" in page.partition('id="h-adds"')[2]
    assert page.partition('id="h-adds"')[2].count("à ajouter") == 6
    assert not [path for path in tmp_path.rglob("record*") if "store" not in path.parts]
    workers.close()
    assert not list(tmp_path.iterdir())


def test_findings_stand_with_their_lines(web: Web) -> None:
    """And what was handed in stays text."""
    status, page = typed(web, WRONG.decode())
    assert status == 200
    assert "It does not conform yet" in page
    lines = set(re.findall(r'href="#(line-\d+)"', page))
    assert lines
    assert lines <= set(re.findall(r'<li id="(line-\d+)"', page))
    assert "<script>alert" not in page
    assert "&lt;/textarea&gt;" in page.partition("<textarea")[2]
    assert page.index('class="sev bad"') < page.index('class="sev warn"')


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.ttl", b"<a> <b> c d", "a.ttl:1:9"),
        ("a.ttl", b"\xff\xfe\x00<", "a.ttl"),
        ("bomb.rdf", BOMB, "bomb.rdf:1:"),
        ("deep.jsonld", b"[" * 100_000, "nested"),
        ("a.html", b"<!doctype html><html><body>x", "nothing to add"),
        ('<b>".ttl', b"nothing", "&lt;b&gt;"),
    ],
)
def test_what_cannot_be_read_is_one_clear_sentence(
    web: Web, name: str, content: bytes, says: str
) -> None:
    status, page = send(web, name, content)
    assert status == 200
    assert says in page
    assert "Traceback" not in page
    assert "/tmp/" not in page


def test_the_format_may_be_chosen(web: Web) -> None:
    _, page = typed(web, "<urn:a> <urn:b> <urn:c> .", "jsonld")
    assert "cannot be read" in page
    assert '<option value="jsonld" selected>' in page
    _, page = typed(web, '{"@id": "urn:a", "urn:p": "x"}')
    assert "cannot be read" not in page


def test_nothing_is_no_record(web: Web) -> None:
    assert typed(web, " \n")[0] == 400
    assert web.post("/check").status_code == 400


def test_what_is_too_large_is_refused_before_it_is_read(web: Web) -> None:
    assert send(web, "a.ttl", b"#" * (3 * 2**20))[0] == 413
    assert typed(web, "#" * (3 * 2**20))[0] == 413


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (QueryTimeout("late"), "has changed nothing"),
        (Busy("busy"), "at the same time"),
        (EngineError("the process has died"), "the process has died"),
    ],
)
def test_a_check_that_takes_too_long_is_stopped(
    web: Web, problem: GsefgraphError, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answer(*_: object) -> None:
        raise problem

    monkeypatch.setattr(Workers, "answer", answer)
    status, page = send(web, "a.ttl", EXAMPLE)
    assert status == (503 if isinstance(problem, QueryTimeout) else 200)
    assert said in page


def test_a_check_ends_at_the_deadline_of_the_server() -> None:
    """However slow a record is; the next one is answered."""
    web = Web(workers=Workers(1, seconds=1.0))
    many = "".join(f"<urn:{n}> <urn:p> <urn:{n + 1}> .\n" for n in range(60_000))
    began = time.monotonic()
    status, _ = typed(web, many, "turtle")
    assert time.monotonic() - began < 8
    assert status in (200, 503)
    assert typed(Web(), EXAMPLE.decode(), "turtle")[0] == 200


def test_a_check_is_about_the_graph_that_is_served(tmp_path: Path) -> None:
    """Its things, its base, and its contexts."""
    record = "@prefix gsef: <https://w3id.org/gsefgraph/ontology#> . <note> a gsef:Event ."
    _, page = typed(Web(), record, "turtle")
    assert "file:///note" in page
    assert "/tmp/" not in page
    reading = Reading(base="http://own.example/", contexts={"http://c.example/": tmp_path / "c"})
    (tmp_path / "c").write_text('{"@context": {"name": "http://own.example/name"}}')
    web = Web(Graph.open(reading=reading))
    _, page = typed(web, record, "turtle")
    assert "http://own.example/note" in page
    _, page = typed(web, '{"@context": "http://c.example/", "@id": "x", "name": "y"}', "jsonld")
    assert "cannot be read" not in page
    _, page = typed(Web(), '{"@context": "http://c.example/", "@id": "x", "name": "y"}', "jsonld")
    assert "cannot be read" in page


def test_an_example_may_be_tried(web: Web) -> None:
    assert "example-webinars-2020" in web.get("/check?example=webinar-series").text
    assert web.get("/check?example=../../data/curation").status_code == 404
    assert web.get("/check?example=none").status_code == 404


SAID = """@prefix gsef: <https://w3id.org/gsefgraph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix doc: <https://w3id.org/gsefgraph/id/doc/> .
@prefix e: <https://w3id.org/gsefgraph/id/evidence/> .
e:new a gsef:Evidence ; gsef:source doc:gsef-advocacy-fr ;
  gsef:start %d ; gsef:end %d ; gsef:quote "%s"@fr .
"""
STANDS = "Mme Antonella Noya"
AT = (ROOT / "data/sources/gsef-advocacy-fr.txt").read_text("utf-8").index(STANDS)


@pytest.mark.parametrize(
    ("record", "line", "message"),
    [
        (SAID % (AT, AT + len(STANDS), STANDS), 0, ""),
        (SAID % (3, 3 + len(STANDS), STANDS), 6, f"not stand at 3–21 but at {AT}–{AT + 18}"),
        (SAID % (3, 21, "Mme Antonella Nova"), 6, "stands nowhere in the source; at 3–21 it reads"),
        (SAID % (3, 7, "GSEF"), 6, "and stands at several other places"),
        # Nobody has this text: nothing can be told.
        (SAID.replace("gsef-advocacy-fr", "mail") % (3, 21, STANDS), 0, ""),
        # An item of the record itself, of the page whose text is at hand.
        (
            SAID.replace("doc:gsef-advocacy-fr ;", "doc:item ;") % (3, 21, STANDS)
            + "doc:item dcterms:isPartOf doc:gsef-advocacy-fr .",
            6,
            "does not stand at 3–21",
        ),
        (SAID.partition("e:new")[0] + 'doc:gsef-advocacy-fr gsef:textDigest "00" .', 5, "digest"),
        # Of a passage that the graph has already, only what is new.
        (
            SAID.partition("e:new")[0] + 'e:gsef-advocacy-fr.3692-3777 gsef:note "so"@en .',
            0,
            "",
        ),
    ],
)
def test_a_quote_must_stand_in_its_text(
    web: Web, cli: Cli, record: str, line: int, message: str
) -> None:
    """On the page as on the command line, where the text is at hand."""
    _, page = typed(web, record, "turtle")
    done = cli("validate", "-", "-f", "json", stdin=record.encode())
    wanted = "https://w3id.org/gsefgraph/shapes#source-text"
    found = [one for one in json.loads(done.out)["findings"] if one["rule"] == wanted]
    assert len(found) == (1 if line else 0)
    for one in found:
        assert message in one["message"]
        assert one["source"]["line"] == line
        assert html.escape(one["message"], quote=False) in page.replace("&#34;", '"')
    assert not line or f'href="#line-{line}"' in page
