"""The endpoint as programs speak to it: formats, tags, refusals, descriptions, other origins."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
import rdflib
from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    RdfFormat,
    parse,
    parse_query_results,
)

from gsefgraph.engine.embedded import Embedded
from gsefgraph.graph.graph import Graph
from gsefgraph.web.app import application
from gsefgraph.web.protocol import description
from gsefgraph.web.protocol.graphs import LARGEST
from gsefgraph.web.served import Served
from gsefgraph.web.workers import Workers
from tests.web import Web

EVENTS = "SELECT ?s { ?s a gsef:Event } ORDER BY ?s"
SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
ROWS = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
TRIPLES = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
}


@pytest.fixture(scope="module")
def web() -> Web:
    return Web(workers=Workers(1))


def ask(web: Web, query: str, accept: str = "*/*", **more: str) -> httpx.Response:
    return web.get("/sparql", params={"query": query, **more}, headers={"accept": accept})


@pytest.mark.parametrize("media", ROWS)
def test_rows_in_every_format_are_the_same_rows(web: Web, media: str) -> None:
    answer = ask(web, EVENTS, media)
    assert answer.headers["content-type"].partition(";")[0] == media
    found = [str(s) for (s,) in parse_query_results(answer.content, ROWS[media])]  # type: ignore[union-attr]
    events = [str(s) for (s,) in web.graph.query(EVENTS).rows]  # type: ignore[union-attr]
    assert found == events
    lines = ask(web, EVENTS, "text/csv").text.split("\r\n")
    assert [f"<{line}>" for line in lines[1:-1]] == events


@pytest.mark.parametrize("media", TRIPLES)
def test_triples_in_every_format_are_the_same_triples(web: Web, media: str) -> None:
    query = "CONSTRUCT WHERE { ?s a gsef:Event ; skos:prefLabel ?l }"
    answer = ask(web, query, media)
    assert answer.headers["content-type"].partition(";")[0] == media
    found = {quad.triple for quad in parse(answer.content, TRIPLES[media])}
    assert found == {*web.graph.query(query)}


@pytest.mark.parametrize(
    ("query", "accept", "media"),
    [
        (EVENTS, "*/*", "application/sparql-results+json"),
        (EVENTS, "", "application/sparql-results+json"),
        (EVENTS, "application/json", "application/json"),
        (EVENTS, "application/xml;q=0.9, text/csv;q=0.5", "application/xml"),
        (EVENTS, "text/turtle, text/csv;q=0.1", "text/csv"),
        (EVENTS, "application/*;q=0.2, text/csv;q=0.1", "application/sparql-results+json"),
        (EVENTS, "text/html", "text/html"),
        (EVENTS, "text/html;q=0.1, text/csv", "text/csv"),
        ("DESCRIBE id-org:gsef", "*/*", "text/turtle"),
        ("DESCRIBE id-org:gsef", "application/json", "application/json"),
        ("ASK {}", "text/csv, application/sparql-results+xml;q=0.1",
         "application/sparql-results+xml"),
    ],
)  # fmt: skip
def test_the_format_is_what_weighs_most(web: Web, query: str, accept: str, media: str) -> None:
    answer = ask(web, query, accept)
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, media)


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"query": "ASK {"}, 400, r"1:6: not SPARQL"),
        ({"query": "ASK {\n ?s FILTRE }"}, 400, r"2:5: "),
        ({"query": "SELECT * { SERVICE <http://x/> {} }"}, 400, r"1:12: SERVICE"),
        ({"query": "DELETE WHERE { ?s ?p ?o }"}, 400, "update"),
        ({"query": EVENTS, "format": "pdf"}, 406, "one of json, xml, csv, tsv"),
        ({"query": EVENTS, "format": "ttl"}, 406, "one of json, xml, csv, tsv"),
        ({"query": "ASK {}", "format": "csv"}, 406, "one of json, xml$"),
        ({"query": "DESCRIBE id-org:gsef", "format": "csv"}, 406, "one of ttl, jsonld, nt, rdf"),
        ({"query": "ASK {}", "default-graph-uri": "not one"}, 400, "not the IRI of a graph"),
        ({"update": "CLEAR ALL"}, 400, "POST"),
    ],
)
def test_what_is_refused_is_told_in_a_line(
    web: Web, asked: dict[str, str], status: int, said: str
) -> None:
    answer = web.get("/sparql", params=asked, headers={"accept": "*/*"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert re.search(said, answer.text)
    assert answer.text.count("\n") == 1
    french = web.get("/sparql", params=asked, headers={"accept": "*/*", "accept-language": "fr"})
    assert french.status_code == status
    assert french.text != answer.text


def test_a_query_too_long_or_too_slow_has_its_status() -> None:
    web = Web(workers=Workers(1, seconds=0.5))
    long = web.post("/sparql", content=b"ASK {} #" + b"x" * 2**16, headers={
        "content-type": "application/sparql-query", "accept": "*/*"})  # fmt: skip
    assert long.status_code == 413
    longer = web.post("/sparql", content=b"x" * 2**19, headers={
        "content-type": "application/sparql-query", "accept": "*/*"})  # fmt: skip
    assert longer.status_code == 413
    assert longer.headers["content-type"] == "text/plain; charset=utf-8"
    slow = ask(web, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    assert slow.status_code == 503
    assert slow.headers["retry-after"].isdecimal()


def test_a_longer_query_is_run_where_it_is_allowed(writable: Web) -> None:
    long = f"SELECT (STRLEN('{'x' * 2**17}') AS ?n) {{}}"
    headers = {"content-type": "application/sparql-query", "accept": "text/csv"}
    for web, status in ((writable, 413), (Web(workers=Workers(1, longest=2**18)), 200)):
        answer = web.post("/sparql", content=long, headers=headers)
        assert answer.status_code == status
        form = web.post("/sparql", data={"query": long}, headers={"accept": "text/csv"})
        assert form.status_code == status
    assert answer.text == "n\r\n131072\r\n"


def test_an_answer_that_is_known_is_not_made_again(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ask(web, EVENTS, "text/csv")
    monkeypatch.setattr(Workers, "answer", None)
    again = web.get(
        "/sparql", params={"query": EVENTS},
        headers={"accept": "text/csv", "if-none-match": first.headers["etag"]},
    )  # fmt: skip
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


def test_tags_tell_answers_apart(web: Web) -> None:
    tags = [
        ask(web, EVENTS, "text/csv").headers["etag"],
        ask(web, EVENTS, "application/sparql-results+xml").headers["etag"],
        ask(web, f"{EVENTS} LIMIT 3", "text/csv").headers["etag"],
        ask(web, EVENTS, "text/csv", **{"default-graph-uri": "urn:x"}).headers["etag"],
    ]
    assert len(set(tags)) == 4


@pytest.mark.parametrize(
    "call", ["RAND()", "rand ( )", "RAND#\n()", "STRUUID()", "(IF(1=1,RAND(),1))"]
)
def test_what_is_another_each_time_is_not_known_before_it_is_there(web: Web, call: str) -> None:
    chance = [ask(web, f"SELECT ({call} AS ?r) {{}}", "text/csv") for _ in range(2)]
    assert chance[0].text != chance[1].text
    assert chance[0].headers["etag"] != chance[1].headers["etag"]


def test_words_that_only_look_like_chance_change_nothing(web: Web) -> None:
    text = "SELECT ('now (' AS ?x) { ?nowhere ?bnode ?rand } LIMIT 1 # rand()"
    first, second = ask(web, text, "text/csv"), ask(web, f"{text} ", "text/csv")
    assert first.headers["etag"] != second.headers["etag"], "of what is asked, not of the answer"


def test_head_and_options_are_as_get_would_be(web: Web) -> None:
    got = ask(web, "ASK {}")
    head = web.ask("HEAD", "/sparql", params={"query": "ASK {}"}, headers={"accept": "*/*"})
    assert (head.status_code, head.content) == (200, b"")
    assert {k: v for k, v in head.headers.items() if k != "date"} == {
        k: v for k, v in got.headers.items() if k != "date"
    }
    options = web.ask("OPTIONS", "/sparql")
    assert options.status_code == 204
    assert options.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    put = web.ask("PUT", "/sparql", headers={"accept": "*/*"})
    assert (put.status_code, put.headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST")
    assert "<" not in put.text


@pytest.mark.parametrize(
    "path", ["/sparql?query=ASK{}", "/graphs?default", "/data.ttl", "/.well-known/void"]
)
def test_pages_of_other_origins_may_read(web: Web, path: str) -> None:
    answer = web.get(path, headers={"origin": "https://other.example", "accept": "*/*"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    before = web.ask("OPTIONS", path.partition("?")[0], headers={
        "origin": "https://other.example", "access-control-request-method": "POST"})  # fmt: skip
    assert before.status_code == 204
    assert "Content-Type" in before.headers["access-control-allow-headers"]
    # A token is no business of pages of others.
    assert "authorization" not in before.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-origin" not in web.get("/explore").headers
    alone = Web(web.graph)
    alone.app = application(Served(lambda: web.graph), shares=False)
    assert "access-control-allow-origin" not in alone.get(path).headers
    assert "access-control-allow-headers" not in alone.ask("OPTIONS", path).headers


def test_without_a_query_the_endpoint_tells_what_it_is(web: Web) -> None:
    for media, format_ in TRIPLES.items():
        answer = web.get("/sparql", headers={"accept": media})
        assert answer.headers["content-type"] == media
        graph = {str(q.predicate)[1:-1]: q.object for q in parse(answer.content, format_)}
        assert graph[f"{SD}endpoint"] == NamedNode("http://127.0.0.1/sparql")
    named = re.findall(r"sparql-service-description#name> <([^>]+)>", web.get(
        "/sparql", headers={"accept": "application/n-triples"}).text)  # fmt: skip
    assert sorted(named) == [name.value for name in web.graph.engine.graphs()]
    assert web.get("/sparql", headers={"accept": "image/png"}).status_code == 406


def test_editors_find_counts_of_classes_and_properties(web: Web) -> None:
    answer = web.get("/.well-known/void", headers={"accept": "text/turtle"})
    graph = rdflib.Graph().parse(data=answer.text)
    void, gsef = rdflib.Namespace(VOID), "https://w3id.org/gsefgraph/ontology#"
    events = graph.value(predicate=void["class"], object=rdflib.URIRef(f"{gsef}Event"))
    assert int(str(graph.value(events, void.entities))) == len(web.graph.query(EVENTS))
    used = "SELECT ?s ?o { ?s gsef:agent ?o }"
    agents = graph.value(predicate=void.property, object=rdflib.URIRef(f"{gsef}agent"))
    assert int(str(graph.value(agents, void.triples))) == len(web.graph.query(used))
    (dataset,) = graph.subjects(void.sparqlEndpoint)
    assert graph.value(dataset, rdflib.DCTERMS.license), "what the project says of its data"
    assert len(list(graph.objects(dataset, void.triples))) == 1
    for file in graph.objects(dataset, void.dataDump):
        assert web.get(str(file).removeprefix("http://127.0.0.1")).status_code == 200
    assert description.void.negotiates  # type: ignore[attr-defined]


def test_who_watches_learns_what_is_served(web: Web) -> None:
    told = web.get("/health").json()
    assert (told["status"], told["generation"]) == ("ok", 1)
    assert told["quads"] == web.graph.engine.count()
    assert told["digest"] == web.graph.digest


@pytest.mark.parametrize("media", TRIPLES)
def test_a_graph_of_the_store_is_read_by_its_name(web: Web, media: str) -> None:
    name = web.graph.names.graph("curation")
    answer = web.get("/graphs", params={"graph": name}, headers={"accept": media})
    assert answer.headers["content-type"] == media
    found = {quad.triple for quad in parse(answer.content, TRIPLES[media])}
    assert found == {quad.triple for quad in web.graph.engine.dump(NamedNode(name))}


def test_the_default_graph_is_all_of_them_and_others_are_not_there(web: Web) -> None:
    union = web.get("/graphs?default", headers={"accept": "application/n-triples"})
    assert len(union.text.splitlines()) == len({q.triple for q in web.graph.quads()})
    head = web.ask("HEAD", "/graphs?default", headers={"accept": "application/n-triples"})
    assert head.headers["etag"] == union.headers["etag"]
    for path, status in (("/graphs", 400), ("/graphs?default&graph=urn:a", 400),
                         ("/graphs?graph=urn:nobody", 404), ("/graphs/person/1.ttl", 404),
                         ("/graphs?graph=a b", 400)):  # fmt: skip
        assert web.get(path, headers={"accept": "*/*"}).status_code == status, path
    assert web.get("/graphs?default", headers={"accept": "image/png"}).status_code == 406


def test_a_graph_has_the_address_that_it_bears() -> None:
    engine, a = Embedded(), NamedNode("urn:a")
    engine.load([Quad(a, a, Literal("here"), NamedNode("http://127.0.0.1/graphs/person/1.ttl"))])
    web = Web(Graph(engine, Graph.open().project))
    assert '"here"' in web.get("/graphs/person/1.ttl", headers={"accept": "text/turtle"}).text


@pytest.mark.parametrize("sent", ["", "Basic x", "Bearer ", "Bearer guess", "bearer wrong token"])
def test_nobody_writes_without_the_token(web: Web, sent: str) -> None:
    for token, status in (("", 403), ("a secret of the tests", 401)):
        guarded = Web(web.graph)
        guarded.app = application(Served(lambda: web.graph, token=token))
        answer = guarded.post("/sparql", content="CLEAR ALL", headers={
            "content-type": "application/sparql-update", "accept": "*/*", "authorization": sent,
        })  # fmt: skip
        assert answer.status_code == status
        assert (status == 401) == ("www-authenticate" in answer.headers)
        assert token not in answer.text or not token
    assert web.graph.engine.count() > 1000


@pytest.fixture
def writable(tmp_path: Path) -> Web:
    engine, a = Embedded.open(tmp_path / "store", create=True), NamedNode("urn:a")
    engine.load([Quad(a, a, a, NamedNode("urn:g"))])
    engine.close()
    web = Web(workers=Workers(1))
    served = Served(lambda: Graph.open(str(tmp_path / "store")), token=SECRET)
    web.app = application(served, workers=Workers(1))
    return web


SECRET = "a-secret-of-the-tests"
NAMED = "/graphs?graph=urn:g"


def put(web: Web, path: str, content: str, media: str, method: str = "PUT") -> httpx.Response:
    heads = {"content-type": media, "authorization": f"Bearer {SECRET}", "accept": "*/*"}
    return web.ask(method, path, content=content, headers=heads)


@pytest.mark.parametrize(
    ("media", "content"),
    [
        ("text/turtle", "<#x> <urn:p> 'y' ."),
        ("application/n-triples", '<http://127.0.0.1/graphs#x> <urn:p> "y" .'),
        ("application/ld+json", '{"@id": "#x", "urn:p": "y"}'),
        ("application/rdf+xml", '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
         'xmlns:u="urn:"><r:Description r:about="#x"><u:p>y</u:p></r:Description></r:RDF>'),
    ],
)  # fmt: skip
def test_a_graph_is_what_was_put_there(writable: Web, media: str, content: str) -> None:
    assert put(writable, NAMED, content, media).status_code == 204
    found = writable.get(NAMED, headers={"accept": "application/n-triples"})
    assert found.text == '<http://127.0.0.1/graphs#x> <urn:p> "y" .\n'
    assert writable.get("/sparql?query=ASK%20{%20?s%20?p%20'y'%20}", headers={
        "accept": "application/sparql-results+json"}).json()["boolean"]  # fmt: skip
    assert put(writable, NAMED, "", media, "DELETE").status_code == 204
    assert put(writable, NAMED, "", media, "DELETE").status_code == 404
    assert writable.get(NAMED).status_code == 404


@pytest.mark.parametrize(
    ("path", "content", "media", "status"),
    [
        (NAMED, "<a:b> <a:c> .", "text/turtle", 400),
        (NAMED, "<a:b> <a:c> 1 .", "text/plain", 415),
        (NAMED, '{"@id": "urn:g2", "@graph": [{"@id": "a:b", "urn:p": 1}]}', "application/ld+json",
         400),
        (NAMED, '{"@context": "http://127.0.0.1:9/c", "a": 1}', "application/ld+json", 400),
        ("/graphs", "<a:b> <a:c> 1 .", "text/turtle", 400),
        ("/graphs?graph=a b", "<a:b> <a:c> 1 .", "text/turtle", 400),
        (NAMED, f"<a:b> <a:c> '{'x' * LARGEST}' .", "text/turtle", 413),
    ],
)  # fmt: skip
def test_what_is_no_graph_changes_nothing(
    writable: Web, path: str, content: str, media: str, status: int
) -> None:
    answer = put(writable, path, content, media)
    assert (answer.status_code, answer.text.count("\n")) == (status, 1)
    kept = writable.get(NAMED, headers={"accept": "application/n-triples"})
    assert kept.text == "<urn:a> <urn:a> <urn:a> .\n"


def test_graphs_too_are_written_with_the_token_only(writable: Web, web: Web) -> None:
    for method in ("PUT", "POST", "DELETE"):
        for token, status in (("", 401), ("guess", 401)):
            answer = writable.ask(method, NAMED, content="<a:b> <a:c> 1 .", headers={
                "content-type": "text/turtle", "authorization": f"Bearer x{token}"})  # fmt: skip
            assert answer.status_code == status
        assert put(web, NAMED, "<a:b> <a:c> 1 .", "text/turtle", method).status_code == 403
    assert writable.get(NAMED).status_code == 200


def changed(web: Web, text: str, lang: str = "en") -> httpx.Response:
    heads = {"content-type": "application/sparql-update", "authorization": f"Bearer {SECRET}"}
    return web.post("/sparql", content=text, headers={**heads, "accept-language": lang,
                                                     "accept": "*/*"})  # fmt: skip


def test_a_graph_is_changed_only_as_it_was_read(writable: Web) -> None:
    def write(method: str, **conditions: str) -> int:
        heads = {"content-type": "text/turtle", "authorization": f"Bearer {SECRET}"}
        told = {name.replace("_", "-"): value for name, value in conditions.items()}
        return writable.ask(method, NAMED, content="<a:b> <a:c> 1 .",
                            headers=heads | told).status_code  # fmt: skip

    read = writable.get(NAMED, headers={"accept": "application/ld+json"})
    packed = writable.get(NAMED, headers={"accept-encoding": "gzip"})
    assert write("PUT", if_match='"another"') == write("DELETE", if_match='"another"') == 412
    assert write("PUT", if_none_match="*") == write("POST", if_none_match="*") == 412
    assert writable.get(NAMED).headers["etag"] == packed.headers["etag"].replace("-gzip", "")
    assert write("POST", if_match=packed.headers["etag"]) == 204
    assert write("PUT", if_match=read.headers["etag"]) == 412  # it has more now
    again = writable.get(NAMED, headers={"accept": "application/ld+json"}).headers["etag"]
    assert write("DELETE", if_match=f'"x", {again}') == 204
    assert write("PUT", if_match="*") == 412
    made = put(writable, NAMED, "<a:b> <a:c> 1 .", "text/turtle")
    assert (made.status_code, "etag" in made.headers) == (201, False)


@pytest.mark.parametrize("text", ["CLEAR GRAPH <urn:n>", "DROP GRAPH <urn:n>"])
def test_an_update_of_a_graph_that_is_not_there_is_told_so(writable: Web, text: str) -> None:
    told = changed(writable, text, "fr")
    assert told.status_code == 400
    assert (
        told.text
        == "aucun graphe ne s’appelle <urn:n>\u00a0; avec SILENT, ce n’est pas une faute\n"
    )
    assert changed(writable, text.replace(" ", " SILENT ", 1)).status_code == 204
    assert "<urn:g>" in changed(writable, "CREATE GRAPH <urn:g>").text


def test_an_update_may_be_longer_than_a_query_of_a_stranger(writable: Web) -> None:
    text = f"INSERT DATA {{ GRAPH <urn:n> {{ <a:b> <a:c> '{'x' * 2**20}' }} }}"
    assert changed(writable, text).status_code == 204
    found = ask(writable, "SELECT (STRLEN(?x) AS ?n) { <a:b> <a:c> ?x }", "text/csv")
    assert found.text == f"n\r\n{2**20}\r\n"
    long = changed(writable, text.replace("x" * 2**20, "x" * LARGEST))
    assert long.status_code == 413
    assert "16,384 KB" in long.text
    assert "/graphs" in long.text
    without = writable.post("/sparql", content=text, headers={
        "content-type": "application/sparql-update"})  # fmt: skip
    assert without.status_code in (401, 413)


def test_what_is_written_to_is_said_to_be(writable: Web, web: Web) -> None:
    for server, writes in ((writable, True), (web, False)):
        told = server.get("/sparql", headers={"accept": "text/turtle"}).text
        assert ("SPARQL11Update" in told) == writes


@pytest.mark.parametrize("path", ["/sparql?query=ASK{}", "/api/queries", "/api/queries/speakers"])
def test_a_format_that_there_is_not_is_named(web: Web, path: str) -> None:
    sign = "&" if "?" in path else "?"
    told = web.get(f"{path}{sign}format=docx", headers={"accept": "*/*"})
    if path != "/api/queries":
        assert told.status_code == 406
        assert "this answer has no format docx; one of " in told.text
    none = web.post("/api/validate", content="x", headers={"content-type": ""})
    assert none.status_code == 415
    assert "what is sent has no Content-Type" in none.text


def test_things_can_be_followed_from_pages_of_other_origins(web: Web) -> None:
    for path in ("/id/org/gsef", "/id/org/nobody"):
        answer = web.get(path, headers={"accept": "text/turtle"})
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "Accept," in answer.headers["vary"]
        assert "html" not in answer.headers.get("content-type", "")


def test_a_store_that_does_not_answer_is_nobodys_fault_but_its_own() -> None:
    with Graph.open("http://127.0.0.1:9/sparql") as graph:
        web = Web(graph, workers=Workers(1))
        for path, status in (
            ("/health", 503), ("/sparql?query=ASK%7B%7D", 502), ("/api/queries/speakers", 502),
            ("/page/org/gsef", 502), ("/graphs?default", 502),
            ("/api/queries/events-by-country?country=France", 502),
        ):  # fmt: skip
            for accept in ("*/*", "text/html, */*;q=0.1"):
                answer = web.get(path, headers={"accept": accept, "accept-language": "fr"})
                assert answer.status_code == status, path
                assert "’entrepôt de ce serveur est inaccessible" in answer.text, path
                assert "127.0.0.1:9" not in answer.text, path
        web.app.state.workers.close()
