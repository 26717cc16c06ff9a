"""Stored questions as an API, records that programs hand in, and the description of both."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from itertools import chain
from pathlib import Path
from typing import Any

import jsonschema_rs
import openpyxl
import pytest
from pyoxigraph import RdfFormat, parse

from gsefgraph.answers.answer import Answer
from gsefgraph.graph.graph import Graph
from gsefgraph.queries.catalogue import StoredQuery
from gsefgraph.web.form import examples
from gsefgraph.web.protocol import queries, validation
from gsefgraph.wording import LANGUAGES
from tests.web import Web, serving

GRAPH = Graph.open()
SELECTS = [query for query in GRAPH.catalogue.values() if query.form == "select"]
PROGRAM = {"accept": "*/*"}
RECORD = """@prefix gsef: <https://w3id.org/gsefgraph/ontology#> .
@prefix id-event: <https://w3id.org/gsefgraph/id/event/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

id-event:fair a gsef:Event {label}.
"""
_FEW = ["--max-examples", "5", "--phases", "examples,fuzzing"]
MANY = bool(os.environ.get("GSEFGRAPH_ROUNDS"))


@pytest.fixture(scope="module")
def web() -> Web:
    return Web(GRAPH)


def rows(web: Web, name: str, **given: Any) -> dict[str, Any]:
    answer = web.get(f"/api/queries/{name}", params=given, headers=PROGRAM)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def named(query: StoredQuery) -> str:
    return query.name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_queries_are_listed_with_what_they_take(web: Web, lang: str) -> None:
    listed = web.get("/api/queries", params={"lang": lang}, headers=PROGRAM).json()["queries"]
    assert {one["name"] for one in listed} == {*GRAPH.catalogue}
    for one in listed:
        query = GRAPH.catalogue[one["name"]]
        assert one["title"] == query.titled(lang)
        own = [item for item in query.parameters if item.name != "lang"]
        assert [item["name"] for item in one["parameters"]] == [item.name for item in own]
        assert all(item["label"] for item in one["parameters"])
        path = one["address"].removeprefix("http://127.0.0.1")
        assert web.get(path, params=examples(query), headers=PROGRAM).status_code == 200


@pytest.mark.parametrize("query", SELECTS, ids=named)
def test_rows_are_those_of_the_library(web: Web, query: StoredQuery) -> None:
    given = examples(query)
    answer = GRAPH.query(query.name, dict(given), lang="fr")
    assert isinstance(answer, Answer)
    body = rows(web, query.name, lang="fr", limit=10_000, **given)
    assert body["sentence"] == answer.sentence
    assert body["count"] == len(answer)
    assert [column["name"] for column in body["columns"]] == list(answer.columns)
    for row, told in zip(answer.rows, body["rows"], strict=True):
        values = {name: t for name, t in zip(answer.columns, row, strict=True) if t is not None}
        assert told.keys() == values.keys()
        for name, term in values.items():
            assert told[name]["value"] == (getattr(term, "value", None) or str(term))
            if told[name]["type"] == "uri":
                assert told[name]["label"] == answer.text_of(term)


@pytest.mark.parametrize("limit", [1, 7, 1_000])
@pytest.mark.parametrize("form", ["json", "csv"])
def test_pages_are_the_whole(web: Web, limit: int, form: str) -> None:
    whole = list(csv.reader(io.StringIO(pages(web, "speakers", form="csv")[0])))
    parts = pages(web, "speakers", form=form, limit=limit)
    assert len(parts) == -(-(len(whole) - 1) // limit)
    if form == "csv":
        found = [list(csv.reader(io.StringIO(part))) for part in parts]
        assert all(part[0] == whole[0] for part in found)
        assert [*chain.from_iterable(part[1:] for part in found)] == whole[1:]
    else:
        bodies = [json.loads(part) for part in parts]
        assert {body["count"] for body in bodies} == {len(whole) - 1}
        assert {body["sentence"] for body in bodies} == {bodies[0]["sentence"]}
        people = [row["speaker"]["value"] for body in bodies for row in body["rows"]]
        place = whole[0].index("speaker")
        assert people == [row[place] for row in whole[1:]]


def pages(web: Web, name: str, *, form: str, **given: Any) -> list[str]:
    """The bodies of a page and of all that come after it."""
    found, address = [], f"/api/queries/{name}"
    params: dict[str, Any] | None = {"format": form, **given}
    while address:
        answer = web.get(address, params=params, headers=PROGRAM)
        assert answer.status_code == 200
        found.append(answer.text)
        if form == "json":
            beside = {key: answer.json()[key] for key in ("next", "prev") if key in answer.json()}
            assert {key: link["url"] for key, link in answer.links.items()} == beside
        address = answer.links.get("next", {}).get("url", "")
        params = None
    return found


def test_a_page_after_the_last_is_empty_and_leads_back(web: Web) -> None:
    body = rows(web, "speakers", page=9_999)
    assert body["rows"] == []
    assert body["count"] > 0
    assert "next" not in body
    assert "page=9998" in body["prev"]


def test_evidence_comes_where_it_is_asked_for(web: Web) -> None:
    without, body = rows(web, "speakers", limit=3), rows(web, "speakers", limit=3, evidence="true")
    assert "evidence" not in without
    assert body["rows"] == without["rows"]
    passages = body["evidence"]["passages"]
    assert len(body["evidence"]["rows"]) == 3
    assert {n for row in body["evidence"]["rows"] for n in row} == {*range(len(passages))}
    for passage in passages:
        source = GRAPH.project.source_texts
        assert passage["quote"]
        assert source
        assert passage["end"] - passage["start"] == len(passage["quote"])
    text = web.get("/api/queries/speakers", params={"format": "csv", "evidence": "true"}).text
    assert text.splitlines()[0].endswith(",evidence")
    assert passages[0]["quote"].split("\n")[0][:20] in text


def test_every_format_says_the_same(web: Web) -> None:
    def ask(name: str, form: str) -> bytes:
        answer = web.get(f"/api/queries/{name}", headers={"accept": queries.ROWS[form]})
        assert answer.headers["content-type"].partition(";")[0] == queries.ROWS[form]
        assert answer.content == web.get(f"/api/queries/{name}", params={"format": form}).content
        return answer.content

    count = len(GRAPH.query("speakers"))  # type: ignore[arg-type]
    assert len(json.loads(ask("speakers", "json"))["rows"]) == count
    assert len(json.loads(ask("speakers", "srj"))["results"]["bindings"]) == count
    assert len(list(csv.reader(io.StringIO(ask("speakers", "csv").decode())))) == count + 1
    sheet = openpyxl.load_workbook(io.BytesIO(ask("speakers", "xlsx"))).worksheets[0]
    assert sum(1 for row in sheet.values if any(row)) > count
    triples = {quad.triple for quad in parse(ask("speakers", "jsonld"), RdfFormat.JSON_LD)}
    assert len(triples) > count


def test_a_truth_and_triples(web: Web) -> None:
    (truth,) = (query for query in GRAPH.catalogue.values() if query.form == "ask")
    body = rows(web, truth.name, **examples(truth))
    assert body.keys() == {"query", "boolean", "sentence"}
    made = next(query for query in GRAPH.catalogue.values() if query.form == "construct")
    found = GRAPH.query(made.name, dict(examples(made)))
    for form, media in queries.TRIPLES.items():
        answer = web.get(f"/api/queries/{made.name}", params={**examples(made), "format": form})
        kind = RdfFormat.from_media_type(media)
        assert kind
        assert {quad.triple for quad in parse(answer.content, kind)} == {*found}


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("events-by-goal?gaol=8", 400, "gaol is not a parameter here"),
        ("events-by-goal", 400, "goal"),
        ("events-by-goal?goal=8&goal=9", 400, "goal is given twice"),
        ("events-by-goal?goal=99", 404, "99"),
        ("events-by-goal?goal=%3C", 404, "<"),
        ("events-between?from=2019-31-12", 400, "2019-31-12"),
        ("speakers?page=0", 400, "page is a whole number from 1"),
        ("speakers?limit=10001", 400, "10,000"),
        ("speakers?limit=x", 400, "limit"),
        ("speakers?evidence=perhaps", 400, "evidence"),
        ("speakers?lang=de", 400, "lang"),
        ("speakers?format=pdf", 406, "json"),
        ("speakers?format=", 406, "json"),
        ("speaker", 404, "speakers"),
        ("speakers?x=" + "x" * 9_000, 414, ""),
    ],
)
def test_what_is_refused_is_told_as_a_problem(web: Web, asked: str, status: int, said: str) -> None:
    for accept in ("*/*", "text/html,*/*;q=0.8"):
        answer = web.get(f"/api/queries/{asked}", headers={"accept": accept})
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        body = answer.json()
        assert body["status"] == status
        assert said in body["detail"]
    french = web.get(f"/api/queries/{asked}", headers={**PROGRAM, "accept-language": "fr"})
    assert french.headers["content-language"] == "fr"
    assert french.json()["detail"] != web.get(
        f"/api/queries/{asked}", headers=PROGRAM).json()["detail"]  # fmt: skip


def test_other_addresses_and_methods_are_told_so_too(web: Web) -> None:
    assert web.get("/api/nothing").json()["status"] == 404
    answer = web.post("/api/queries")
    assert (answer.status_code, answer.json()["status"]) == (405, 405)
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    answer = web.get("/api/validate")
    assert (answer.status_code, answer.headers["allow"]) == (405, "OPTIONS, POST")
    line = web.get("/data/org/nobody.ttl", headers=PROGRAM)
    assert line.status_code == 404
    assert line.headers["content-type"] == "text/plain; charset=utf-8"
    assert line.text.count("\n") == 1
    assert web.get("/data/org/nobody.ttl").headers["content-type"].startswith("text/html")


def post(web: Web, content: str, media: str = "text/turtle", **given: str) -> dict[str, Any]:
    answer = web.post("/api/validate", params=given, content=content.encode(), headers={
        "content-type": media, "accept": "*/*"})  # fmt: skip
    assert answer.status_code == 200, answer.text
    kind = validation.FORMS[given.get("format", "json")]
    assert answer.headers["content-type"] == kind
    found: dict[str, Any] = answer.json()
    return found


def test_a_record_is_judged_with_the_graph(web: Web) -> None:
    wrong = post(web, RECORD.format(label=""), lang="es")
    assert not wrong["conforms"]
    finding = wrong["findings"][0]
    assert finding["source"] == {"file": "record.ttl", "line": 5, "column": 1}
    assert finding["hint"] == "añadir skos:prefLabel"
    right = post(web, RECORD.format(label='; skos:prefLabel "A fair"@en '))
    assert right["conforms"]
    assert "/" not in json.dumps(right["warnings"])


def test_a_record_that_cannot_be_read_is_a_finding(web: Web) -> None:
    content = "@prefix a: <urn:a> .\n  a:b a:c [ .\n"
    (found,) = post(web, content)["findings"]
    assert found["rule"].endswith("#syntax")
    assert found["source"]["line"] == 2
    run = post(web, content, format="sarif", lang="fr")["runs"][0]
    (place,) = run["results"][0]["locations"]
    region = place["physicalLocation"]
    assert region["artifactLocation"]["uri"] == "record.ttl"
    assert region["region"]["startLine"] == 2
    assert run["results"][0]["message"]["text"].startswith("n’est pas du Turtle")
    (refused,) = post(
        web, '{"@context": "http://127.0.0.1:9/", "@id": "urn:a"}', "application/ld+json"
    )["findings"]
    assert "http://127.0.0.1:9/" in refused["message"]


def test_what_is_no_record_is_refused(web: Web) -> None:
    wrong = web.post("/api/validate", content=b"x", headers={"content-type": "text/html"})
    assert wrong.status_code == 415
    assert "text/turtle" in wrong.json()["detail"]
    large = web.post("/api/validate", content=b"#" * (validation.LARGEST + 1), headers={
        "content-type": "text/turtle"})  # fmt: skip
    assert large.status_code == 413
    assert large.headers["content-type"] == "application/problem+json"


def test_suggestions_are_of_a_class(web: Web) -> None:
    found = web.get("/api/suggest", params={"q": "glob"}).json()
    assert {"label", "kind", "name", "href"} == found[0].keys()
    assert all(web.get(one["href"]).status_code == 200 for one in found)
    only = web.get("/api/suggest", params={"q": "glob", "class": "gsef:Organisation"}).json()
    assert {one["kind"] for one in only} == {"Organisation"}
    assert web.get("/api/suggest", params={"q": "a", "class": "no:Class"}).status_code == 404


@pytest.mark.parametrize("lang", LANGUAGES)
def test_answers_are_as_they_are_described(web: Web, lang: str) -> None:
    told = web.get("/api/openapi.json", params={"lang": lang}, headers=PROGRAM).json()
    for query in GRAPH.catalogue.values():
        given = {**examples(query), "lang": lang}
        if query.evidence:
            given["evidence"] = "true"
        answer = web.get(f"/api/queries/{query.name}", headers=PROGRAM, params=given)
        media = answer.headers["content-type"]
        schema = told["paths"][f"/api/queries/{query.name}"]["get"]["responses"]["200"]
        whole = {**schema["content"][media]["schema"], "components": told["components"]}
        jsonschema_rs.validate(whole, answer.json())


def test_a_client_that_tries_what_the_description_allows(tmp_path: Path) -> None:
    # Its own checks: statuses, types, schemas, what is refused and what is not, methods.
    with serving("--lang", "en") as (_, address):
        command = [
            str(Path(sys.executable).with_name("schemathesis")), "run", "--seed", "7",
            *(["--max-examples", "100"] if MANY else _FEW), "--no-color",
            f"{address}api/openapi.json",
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stdout[-4_000:]
    assert f"Tested: {len(GRAPH.catalogue) + 4}" in done.stdout
