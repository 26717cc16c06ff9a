"""What every answer of the server carries, whatever page it is."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import threading
import time
from collections.abc import AsyncIterator, Iterable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from pyoxigraph import NamedNode

from gsefgraph.engine.base import Result
from gsefgraph.errors import QueryTimeout
from gsefgraph.graph.graph import Graph
from gsefgraph.web import rendering, shown
from gsefgraph.web.app import POLICY
from gsefgraph.web.hosts import Hosts
from gsefgraph.web.pages import guides
from gsefgraph.web.shown import Memory
from tests.web import Web

GSEF = "/id/org/gsef"


@pytest.fixture(scope="module")
def web() -> Web:
    return Web()


@pytest.mark.parametrize("path", ["/", "/search?q=gsef", "/nowhere", "/static/x/style.css", GSEF])
def test_every_answer_forbids_what_is_not_ours(web: Web, path: str) -> None:
    headers = web.get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"


def test_pages_hold_nothing_inline(web: Web) -> None:
    for path in ("/", "/page/org/gsef", "/search?q=gsef"):
        text = web.get(path).text
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style", text), path
        scripts = re.findall(r"<script([^>]*)>", text)
        assert all("src=" in s or "application/ld+json" in s for s in scripts), path


@pytest.mark.parametrize(
    ("query", "cookie", "header", "lang"),
    [
        ("?lang=es", "fr", "en", "es"),
        ("", "fr", "es", "fr"),
        ("", "", "es-MX,es;q=0.9,en;q=0.8", "es"),
        ("", "", "de", "en"),
        ("?lang=xx", "", "fr", "fr"),
        ("", "xx", "*", "en"),
    ],
)
def test_the_address_goes_before_the_cookie_before_the_browser(
    web: Web, query: str, cookie: str, header: str, lang: str
) -> None:
    headers = {"accept-language": header} | ({"cookie": f"lang={cookie}"} if cookie else {})
    found = web.get(f"/{query}", headers=headers)
    assert found.headers["content-language"] == lang
    assert f'<html lang="{lang}">' in found.text
    assert "Accept-Language" in found.headers["vary"]
    assert 'rel="service-desc" type="application/json" href="/api/openapi.json"' in found.text
    # Links name the language only where the address did.
    assert ("/questions?lang=" in found.text) == (query == f"?lang={lang}")
    assert len(re.findall('rel="alternate" hreflang', found.text)) == 2


def test_who_asks_for_no_language_has_that_of_the_server() -> None:
    web = Web(Graph.open(lang="fr"))
    for header, lang in (("", "fr"), ("de", "fr"), ("de, es;q=0.1", "es")):
        heads = {"accept-language": header}
        assert web.get("/help", headers=heads).headers["content-language"] == lang


def test_a_language_that_was_asked_for_is_kept(web: Web) -> None:
    assert "lang=fr" in web.get("/?lang=fr").headers["set-cookie"]
    assert "set-cookie" not in web.get("/").headers


@pytest.mark.parametrize(
    ("accept", "leads"),
    [
        ("text/html", "/page/org/gsef"),
        ("text/turtle", "/data/org/gsef.ttl"),
        ("application/ld+json, text/html;q=0.4", "/data/org/gsef.jsonld"),
        ("*/*", "/page/org/gsef"),
        ("", "/page/org/gsef"),
    ],
)
def test_the_iri_of_a_thing_leads_to_what_is_accepted(web: Web, accept: str, leads: str) -> None:
    found = web.get(GSEF, headers={"accept": accept})
    assert (found.status_code, found.headers["location"]) == (303, leads)
    assert web.get(leads).status_code == 200


def test_data_of_a_thing_speaks_of_it_alone(web: Web) -> None:
    found = web.get("/data/org/gsef.nt")
    assert found.headers["content-type"] == "application/n-triples"
    iri = "<https://w3id.org/gsefgraph/id/org/gsef>"
    assert found.text
    assert all(iri in line for line in found.text.splitlines())
    assert web.get("/data/org/gsef.xyz").status_code == 404
    assert web.get("/data/org/nobody.ttl").status_code == 404


def test_a_graph_too_large_to_be_held_is_not_sent(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gsefgraph.web.pages.data._LARGEST", 1000)
    found = web.get("/data.trig?lang=en")
    assert found.status_code == 400
    assert re.search(r"has 1\d,\d{3} statements, .*gsefgraph export -f trig", found.text)
    assert web.get("/data.ttl?iri=http://metadata.un.org/sdg/8").status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("known", ["{}", "W/{}", '"x", W/"y,z" ,{}', "*"])
def test_what_did_not_change_is_not_sent_again(web: Web, known: str, method: str) -> None:
    first = web.get("/")
    given = {"if-none-match": known.format(first.headers["etag"])}
    again = web.ask(method, "/", headers=given)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert not {"content-type", "content-encoding", "content-length"} & again.headers.keys()
    assert again.headers["content-security-policy"] == POLICY
    assert web.get("/").content == first.content


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [("gzip", True), ("gzip;q=0", False), ("*;q=0.5, gzip;q=0", False), ("", False), ("*", True)],
)
def test_packed_and_plain_are_two_representations(web: Web, accepted: str, packed: bool) -> None:
    plain = web.get("/", headers={"accept-encoding": "identity"}).headers["etag"]
    for path in ("/", f"/static/{rendering.digest()}/style.css"):
        found = web.get(path, headers={"accept-encoding": accepted}).headers
        assert ("content-encoding" in found) == packed
    other = web.get("/", headers={"accept-encoding": accepted, "if-none-match": plain})
    assert (other.status_code == 304) == (other.headers["etag"] == plain) == (not packed)


def test_a_language_is_kept_though_its_page_is_known(web: Web) -> None:
    etag = web.get("/?lang=es").headers["etag"]
    again = web.get("/?lang=es", headers={"if-none-match": etag, "cookie": "lang=fr"})
    assert (again.status_code, again.headers["set-cookie"][:7]) == (304, "lang=es")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        *((host, 200) for host in ("localhost", "LOCALHOST.:8000", "127.0.0.1:1", "[::1]:8000")),
        *((host, 421) for host in ("evil.example", "localhost.evil.example:80", "192.168.1.7")),
        *((host, 400) for host in ("", "a b", "127.0.0.1:80@evil.example", "[::1", "127.0.0.1:8o")),
    ],
)
def test_only_names_of_this_machine_are_answered(web: Web, host: str, status: int) -> None:
    # A page whose own name leads here (DNS rebinding) would read all that is answered.
    heads = {"host": host, "accept-language": "fr"}
    for path in ("/robots.txt", "/nowhere", f"/static/{rendering.digest()}/style.css"):
        found = web.get(path, headers=heads)
        assert found.status_code == (404 if (path, status) == ("/nowhere", 200) else status)
    if status != 200:
        assert re.fullmatch(r"(ce serveur ne répond pas|l’en-tête Host ne nomme).*\n", found.text)


@pytest.mark.parametrize(
    ("listens", "names", "answered"),
    [
        ("::1", [], {"localhost", "[::1]"}),
        ("127.0.0.1", ["graph.example"], {"localhost", "graph.example", "[::1]"}),
        ("0.0.0.0", [], {"localhost", "graph.example", "10.0.0.7", "[::1]", "[fe80::1]"}),
        ("10.0.0.7", ["graph.example"], {"localhost", "graph.example", "10.0.0.7", "[::1]"}),
        ("fe80::1", ["Graph.Example"], {"localhost", "graph.example", "[fe80::1]", "[::1]"}),
    ],
)
def test_who_reaches_a_server_decides_by_which_name(
    listens: str, names: list[str], answered: set[str]
) -> None:
    hosts = Hosts.of(listens, names)
    every = ("localhost", "graph.example", "10.0.0.7", "[::1]", "[fe80::1]")
    assert {host for host in every if hosts.answer(f"{host}:8000")} == answered


def test_addresses_are_those_that_a_page_was_asked_at() -> None:
    web = Web(hosts=Hosts(every=True))
    for host in ("graph.example", "[::1]:81", "graph.example"):
        heads = {"host": host}
        text = web.get("/sitemap.xml", headers=heads).text
        assert all(at.startswith(f"http://{host}/") for at in re.findall("<loc>(.*?)</loc>", text))
        robots = web.get("/robots.txt", headers=heads).text
        assert f"\nSitemap: http://{host}/sitemap.xml\n" in robots
        asked = web.get("/questions/speakers?lang=en", headers=heads).text
        assert f"curl &#34;http://{host}/api/queries/speakers?lang=en" in asked


@pytest.mark.parametrize(
    "path", ["page/org/", "id/person/", "data/place/", "sources/", "page/zzz/", "model/", "help/"]
)
def test_what_is_not_there_is_called_as_it_was_typed(web: Web, path: str) -> None:
    name = "zzz-zz.ttl" if path.startswith("data") else "zzz-zz"
    found = web.get(f"/{path}{name}?lang=fr")
    assert found.status_code == 404
    (message,) = re.findall(r'<p class="lede">(.*?)</p>', found.text)
    assert "«\u202fzzz-zz\u202f»" in message
    assert message[0].isupper()
    assert not re.search(r"id-|w3id|officer", message)


def test_pages_are_packed_and_light(web: Web) -> None:
    for path, most in (("/", 36_000), ("/page/org/gsef", 20_000), ("/search?q=gsef", 20_000)):
        headers, raw = web.raw(path)
        assert headers["content-encoding"] == "gzip"
        assert len(raw) <= most, (path, len(raw))
        assert gzip.decompress(raw).startswith(b"<!doctype html>")


def test_what_is_not_there_is_told_with_what_is_near(web: Web) -> None:
    found = web.get("/page/org/gesf?lang=fr")
    assert found.status_code == 404
    assert "/page/org/gsef?lang=fr" in found.text
    assert web.get("/page?iri=x").status_code in (400, 404)
    assert web.get("/page").status_code == 404
    assert web.post("/").status_code == 405
    assert web.get("/?" + "x" * 9000).status_code == 414
    assert "Traceback" not in found.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/", 405), ("PUT", "/check", 405), ("FOO", "/model", 405), ("OPTIONS", "/help", 204)],
)
def test_what_an_address_takes_is_told(web: Web, method: str, path: str, status: int) -> None:
    found = web.ask(method, path)
    assert found.status_code == status
    allowed = {"GET", "HEAD", "OPTIONS"} | ({"POST"} if path == "/check" else set())
    assert set(found.headers["allow"].split(", ")) == allowed
    assert found.headers["content-security-policy"] == POLICY


def test_a_slash_at_the_end_is_no_other_page(web: Web) -> None:
    found = web.get("/page/org/gsef//?lang=fr")
    assert (found.status_code, found.headers["location"]) == (308, "/page/org/gsef?lang=fr")
    assert web.get("http://127.0.0.1//model/").headers["location"] == "/model"
    assert web.get("http://127.0.0.1//evil.example/").status_code == 404
    assert web.get("/nowhere/").status_code == 404


@pytest.mark.parametrize("path", ["/" + "a" * 3_000, "/?q=" + "é" * 2_000])
def test_what_is_too_long_is_not_told_again(web: Web, path: str) -> None:
    found = web.get(path, headers={"accept-language": "es"})
    assert found.status_code == 414
    assert "<h1>Esta dirección es demasiado larga</h1>" in found.text
    assert len(found.text) < 4_000


def test_what_is_sent_says_its_length(web: Web) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b"text=a"

    found = web.post("/check?lang=en", content=parts())
    assert found.status_code == 411
    assert "does not say how long it is" in found.text


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/page/org/gesf", "Le graphe ne connaît pas «\u202fgesf\u202f»."),
        ("/nowhere", "Aucune page ne se trouve à l’adresse /nowhere."),
        ("/help/nobody", "Il n’y a pas de guide "),
    ],
)
def test_an_error_is_told_in_sentences(web: Web, path: str, told: str) -> None:
    (sentence,) = re.findall(r'<p class="lede">([^<]*)</p>', web.get(f"{path}?lang=fr").text)
    assert sentence.startswith(told)
    assert "id-org:" not in sentence


@pytest.mark.parametrize(
    ("path", "leads"),
    [
        ("/page/event/untfsse-conference-2019.gsef-session", "event/untfsse-conference-2019"),
        ("/page/doc/gsef-advocacy-fr.special-session", "doc/gsef-advocacy-fr"),
        ("/page/place/seoul", "place/south-korea"),
        ("/page/goal/17.17", "goal/17"),
        ("/page/goal/17", "/explore/goal"),
        ("/page/org/gsef", "/explore/organisation"),
    ],
)
def test_the_trail_leads_to_what_a_thing_is_part_of(web: Web, path: str, leads: str) -> None:
    trail = web.get(path).text.partition('<nav class="crumb"')[2].partition("</nav>")[0]
    assert re.findall(r'href="([^"]*)"', trail)[-1].endswith(leads)


def test_a_line_has_a_column_of_dates_only_where_all_have_one(web: Web) -> None:
    for path in ("/page/org/gsef", "/page/event/sse-webinars-mexico-2020.webinar-5"):
        for cls, items in re.findall(
            r'<ul class="(facts[^"]*)">(.*?)</ul>', web.get(path).text, re.DOTALL
        ):
            begun = re.findall(
                r'<li[^>]*><span class="st[^>]*></span>(<span class="when">)?', items
            )
            assert {bool(when) for when in begun} == {"dated" in cls}, (path, cls)


def test_passages_of_a_document_are_its_words(web: Web) -> None:
    text = web.get("/page/doc/gsef-advocacy-fr?lang=fr").text
    part = text.partition('<section class="part" id="passages"')[2].partition("</section>")[0]
    assert 'href="/sources/gsef-advocacy-fr?lang=fr"' in part
    assert len(re.findall(r'<q class="said" lang="\w\w">[^<]+</q>', part)) == 83
    item = web.get("/page/doc/gsef-advocacy-fr.webinar-series?lang=fr").text
    assert 'href="/sources/gsef-advocacy-fr?lang=fr"' in item


def test_what_serves_a_goal_shows_why_and_what_may_be_held_against_it(web: Web) -> None:
    text = web.get("/page/event/untfsse-conference-2019.gsef-session?lang=fr").text
    goals = text.partition('<section class="part" id="goals"')[2].partition("</section>")[0]
    for outside in re.split(r"<details.*?</details>", goals, flags=re.DOTALL)[:-1]:
        assert "Objection possible." in outside
    assert "pourquoi" not in goals


def test_links_of_an_unknown_path_stay_here(web: Web) -> None:
    text = web.get("http://127.0.0.1//evil.example/a%22%20b").text
    assert 'href="/evil.example/a%22%20b?lang=fr"' in text
    assert 'href="//' not in text


def test_a_graph_that_takes_too_long_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    web, goes_on = Web(), threading.Event()
    engine, query = web.graph.engine, web.graph.engine.query

    def slow(text: str, **given: Any) -> Result:
        goes_on.wait(60)
        return query(text, **given)

    path = "/explore/place?country=-&sort=name"
    with monkeypatch.context() as patch:
        patch.setattr(engine, "query", slow)
        patch.setattr("gsefgraph.web.shown.SECONDS", 0.05)
        found = web.get(path)
        goes_on.set()
    assert (found.status_code, found.headers["retry-after"]) == (503, "60")
    assert web.get(path).status_code == 200


def together(web: Web, paths: Iterable[str]) -> list[httpx.Response]:
    """What is answered to several who ask at the same time."""

    async def ask() -> list[httpx.Response]:
        async with web.client() as client:
            return list(await asyncio.gather(*map(client.get, paths)))

    return asyncio.run(ask())


def test_a_page_that_many_ask_for_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    web, made = Web(), []
    page = rendering.page

    def slow(*given: Any) -> str:
        made.append(given)
        time.sleep(0.1)
        return page(*given)

    monkeypatch.setattr(rendering, "page", slow)
    found = together(web, ["/help"] * 8)
    assert {answer.status_code for answer in found} == {200}
    assert (len(made), len({answer.content for answer in found})) == (1, 1)


def test_a_page_that_failed_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    web = Web()
    with monkeypatch.context() as patched:
        patched.setattr(rendering, "page", None)
        with pytest.raises(TypeError):
            web.get("/help")
    assert web.get("/help").status_code == 200


def test_questions_that_hang_hold_up_no_other_page(monkeypatch: pytest.MonkeyPatch) -> None:
    web, goes_on = Web(), threading.Event()
    engine, query = web.graph.engine, web.graph.engine.query
    assert web.get("/explore").status_code == 200

    def hang(text: str, **given: Any) -> Result:
        if "COUNT" in text:
            goes_on.wait(60)
        return query(text, **given)

    monkeypatch.setattr(engine, "query", hang)
    monkeypatch.setattr("gsefgraph.web.shown.SECONDS", 0.2)
    lists = [f"/explore/organisation?{number}" for number in range(8)]
    assert {answer.status_code for answer in together(web, lists)} == {503}
    monkeypatch.setattr("gsefgraph.web.shown.SECONDS", 20.0)
    began = time.monotonic()
    # All that may be asked at a time goes on: what asks nothing, or was kept, is there at once.
    for path, status in ((GSEF, 303), ("/page/org/gsef", 200), ("/explore", 200), (lists[0], 503)):
        assert web.get(path).status_code == status
    assert time.monotonic() - began < 10
    goes_on.set()
    end = time.monotonic() + 10
    while web.get(lists[0]).status_code != 200:
        assert time.monotonic() < end, "what came to its end is still waited for"
        time.sleep(0.05)


def test_a_fault_of_ours_has_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    web = Web()
    monkeypatch.setattr("gsefgraph.records.resolve.Resolver.search", None)
    found = web.get("/search?q=gsef", faults=True)
    assert found.status_code == 500
    assert found.headers["content-security-policy"] == POLICY
    assert '<html lang="en">' in found.text


def test_what_pages_keep_of_a_graph_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Memory, "MOST", 10)
    monkeypatch.setattr(Memory, "_SOURCES", 2)
    made: list[str] = []
    monkeypatch.setattr(shown, "source_of", lambda _, __, node: made.append(node.value) or node)
    memory, graph = Memory(), Graph.open()

    def rows(text: str) -> Iterable[tuple[None]]:
        made.append(text)
        return ((None,), (None,))

    for text in ("a", "b", "c", "a", "d", "a", "b"):  # of which three are kept, of two rows each
        memory.rows(text, partial(rows, text))
    for name in ("urn:a", "urn:b", "urn:a", "urn:c", "urn:a", "urn:b"):
        assert memory.source(graph, NamedNode(name)).value == name  # type: ignore[attr-defined]
    assert " ".join(made) == "a b c d b urn:a urn:b urn:c urn:b"


def test_a_page_that_lacks_what_came_too_late_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object, **__: object) -> None:
        raise QueryTimeout("late")

    web, question = Web(), 'href="/questions/events-by-goal?'
    with monkeypatch.context() as patch:
        patch.setattr(web.graph, "query", late)
        found = web.get("/")
        assert found.status_code == 200
        assert question not in found.text
    assert question in web.get("/").text


def test_what_is_at_an_endpoint_is_asked_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = Graph.open()
    monkeypatch.setattr(graph, "store", "http://127.0.0.1:1/sparql")
    web, made = Web(graph), []
    page = rendering.page
    monkeypatch.setattr(rendering, "page", lambda *given: made.append(given) or page(*given))
    for _ in range(2):
        web.get("/model")
    assert len(made) == 2


def test_an_answer_that_would_drive_out_the_others_is_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    web, made = Web(), []
    page = rendering.page
    monkeypatch.setattr(rendering, "page", lambda *given: made.append(given) or page(*given))
    monkeypatch.setattr("gsefgraph.web.app._KEPT_BYTES", 200_000)
    for path in ("/help", "/data.nq", "/help"):
        assert web.get(path).status_code == 200
    assert len(made) == 1


def test_what_pages_load_may_be_kept_for_a_year(web: Web) -> None:
    (address,) = set(re.findall(r'"(/static/[^"]+\.css)"', web.get("/").text))
    found = web.get(address)
    assert "immutable" in found.headers["cache-control"]
    assert found.text == rendering.statics()["style.css"].decode()
    assert web.get("/static/x/../app.py").status_code == 404
    assert len(rendering.packed("script.js")) <= 6_000


def test_what_a_reader_may_type_stays_text(web: Web) -> None:
    text = web.get("/search", params={"q": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_names_stay_text_in_the_facts_of_a_page_too(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text("""
        @prefix gsef: <https://w3id.org/gsefgraph/ontology#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        <https://w3id.org/gsefgraph/id/org/evil> a gsef:Organisation ;
            skos:prefLabel "</script><script>alert(1)</script><!--"@en .
    """)
    text = Web(Graph.open(data=[file])).get("/page/org/evil?lang=en").text
    facts = text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert json.loads(facts)["name"] == "</script><script>alert(1)</script><!--"
    assert not set("<>&") & set(facts)
    assert "<script>alert" not in text


def test_a_guide_is_text(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "steward.md").write_text("# T\n\n<b>x</b> [y](javascript:z)\n")
    monkeypatch.setattr(guides, "shipped", lambda: SimpleNamespace(root=tmp_path))
    article = web.get("/help/steward?lang=en&fresh").text.partition("<article")[2]
    assert "&lt;b&gt;x&lt;/b&gt; [y](javascript:z)" in article.partition("</article>")[0]


def test_suggestions_are_names_with_addresses(web: Web) -> None:
    found = web.get("/api/suggest?q=ocde&lang=fr").json()
    assert found[0]["href"] == "/page/org/oecd?lang=fr"
    assert found[0]["kind"] == "Organisation"
    assert web.get("/api/suggest?q=o").json() == []
    kinds = {hit["kind"] for q in ("obj", "sdg") for hit in web.get(f"/api/suggest?q={q}").json()}
    assert {"Property", "Class", "List of concepts"} <= kinds
    assert not [kind for kind in kinds if ":" in kind]


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("en", "speakers", "speakers"),
        ("en", "Who spoke", "speakers"),
        ("fr", "evenements objectif", "events-by-goal"),  # accents, a plural, a label
        ("fr", "OBSERVATEURS", "observers"),
        ("es", "quien es miembro", "members"),
    ],
)
def test_questions_are_found_by_what_they_ask(web: Web, lang: str, text: str, name: str) -> None:
    found = web.get("/search", params={"q": text, "lang": lang}).text
    group = found.partition('id="h-questions"')[2].partition("</section>")[0]
    assert f'href="/questions/{name}?lang={lang}"' in group
    suggested = web.get("/api/suggest", params={"q": text, "lang": lang}).json()
    kind = {"es": "Pregunta"}.get(lang, "Question")
    assert kind in {hit["kind"] for hit in suggested}
    # A field that takes things has no use for questions.
    of_things = web.get("/api/suggest", params={"q": text, "lang": lang, "class": ""}).json()
    assert kind not in {hit["kind"] for hit in of_things}


def test_each_group_says_how_many_there_are_and_where_they_are(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = web.get("/search?q=social&lang=fr").text
    count = int(re.search(r'id="h-passages">Passages <span class="n">(\d+)', text)[1])  # type: ignore[index]
    assert count > 20
    assert text.count("<blockquote") == 20
    assert f"1 à 20 sur {count}" in text
    assert 'href="/search?q=social&amp;part=passages&amp;lang=fr">Tout voir<' in text
    monkeypatch.setattr("gsefgraph.web.pages.search._PAGE", 30)
    seen = []
    for page in (1, 2, 99):
        text = web.get(f"/search?q=social&part=passages&page={page}&lang=fr").text
        seen.append(text.count("<blockquote"))
        assert ('rel="next"' in text, 'rel="prev"' in text) == (page == 1, page > 1)
        assert 'id="h-things"' not in text
    assert seen == [30, count - 30, count - 30]


def test_a_search_that_finds_more_than_is_counted_says_so(tmp_path: Path) -> None:
    file = tmp_path / "a.nt"
    label = "http://www.w3.org/2004/02/skos/core#prefLabel"
    file.write_text("".join(f'<a:{n}> <{label}> "Sea {n}"@en .\n' for n in range(260)))
    web = Web(Graph.open(data=[file], alone=True))
    text = web.get("/search?q=sea&lang=en").text
    assert "More than 250 names hold “sea”." in text
    assert "1 to 20 of more than 250" in text
    last = web.get("/search?q=sea&lang=en&part=things&page=5").text
    assert "201 to 250 of more than 250" in last
    assert 'rel="next"' not in last


def test_crawlers_find_every_thing_once_a_language(web: Web) -> None:
    text = web.get("/sitemap.xml").text
    assert text.count("/page/org/gsef?lang=") == 3
    assert "/page/person/" not in text
    assert "Disallow: /search" in web.get("/robots.txt").text
    assert 'content="noindex"' in web.get("/page/person/laurence-kwark").text
    assert 'content="noindex"' not in web.get("/page/org/gsef").text


def test_the_first_page_counts_the_goals_served_and_names_the_others(web: Web) -> None:
    text = web.get("/?lang=en").text
    assert '<span class="n">6 of 17</span>' in text
    assert len(set(re.findall(r'href="/page/goal/([0-9]+)\?', text))) == 17
    assert '<span class="n">6 places in 5 countries</span>' in text
    assert re.search(r">GSEF</a>", text)
