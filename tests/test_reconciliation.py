"""Somebody's sheet matched with the graph, by a client that knows the specification alone."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import sync_playwright

from gsefgraph.graph.graph import Graph
from gsefgraph.web.protocol.reconciliation.service import LARGEST
from tests.browser import CHROMIUM, FLAGS, needs_chromium
from tests.reconciliation import Client
from tests.web import Web, serving

SERVICE = "http://127.0.0.1/reconcile"
COLUMN = {
    "Laurence Kwark": "person/laurence-kwark",
    "NOYA Antonella": "person/antonella-noya",
    "Noya, Antonella": "person/antonella-noya",
    "ocde": "org/oecd",
    "UNTFSSE": "org/untfsse",
    "CHANTIER DE L'ECONOMIE SOCIALE": "org/chantier-de-l-economie-sociale",
    "Gouvernement d'Espagne": "org/government-of-spain",
    "Republic of Korea": "place/south-korea",
    "Habitat III": "event/habitat-iii",
    "ODD 8": "goal/8",
}
"""A column of names as people have them, and whom they mean."""
NEARLY = {
    "Antonela Noya": "person/antonella-noya",
    "Global Social Economy Forum (GSEF)": "org/gsef",
    "CGLU Afrique": "org/uclg",
    "Conseil metropolitain de Seoul": "org/seoul-metropolitan-council",
    "OCED": "org/oecd",
    "Laurence Kwark, Secrétaire Générale, GSEF": "person/laurence-kwark",
}
"""With a mistake, or a word too many: the right one is among the first, and nothing is certain."""
NAMESAKES = """
@prefix : <https://w3id.org/gsefgraph/ontology#> .
@prefix org: <https://w3id.org/gsefgraph/id/org/> .
@prefix place: <https://w3id.org/gsefgraph/id/place/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
org:a a :Organisation ; skos:prefLabel "Coopérative"@fr ; :basedIn place:lyon .
org:b a :Organisation ; skos:prefLabel "Coopérative"@fr ; :basedIn place:lima .
org:c a :Organisation ; skos:prefLabel "Coopérative"@fr .
org:alone a :Organisation ; skos:prefLabel "Alone <b>&amp;</b>"@en ; :basedIn place:lyon .
<https://example.org/things/1> a :Organisation ; skos:prefLabel "Elsewhere"@en .
place:lyon a :Place ; skos:prefLabel "Lyon"@fr ; :within place:france .
place:france a :Place ; skos:prefLabel "France"@fr .
place:lima a :Place ; skos:prefLabel "Lima"@es .
<https://w3id.org/gsefgraph/id/event/fair> a :Event ; skos:prefLabel "Fair"@en, "Foire"@fr ;
  :startDate "2019-06"^^xsd:gYearMonth ; :endDate "2019-07-02"^^xsd:date ; :online false ;
  :attendanceCount 1500 ; :theme "Bread"@en, "Pain"@fr ; :place place:lyon .
"""


@pytest.fixture(scope="module")
def web() -> Web:
    return Web()


@pytest.fixture(scope="module")
def client(web: Web) -> Client:
    return Client(SERVICE, web.ask)


@pytest.fixture(scope="module")
def french(web: Web) -> Client:
    return Client(f"{SERVICE}?lang=fr", web.ask)


@pytest.fixture(scope="module")
def namesakes(tmp_path_factory: pytest.TempPathFactory) -> Client:
    file = Path(tmp_path_factory.mktemp("data")) / "namesakes.ttl"
    file.write_text(NAMESAKES, "utf-8")
    return Client(SERVICE, Web(Graph.open(data=[file])).ask)


def ids(found: list[Any]) -> list[str]:
    return [one["id"] for one in found]


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_column_of_names_is_matched(client: Client, method: str) -> None:
    batch = {f"q{n}": {"query": name} for n, name in enumerate(COLUMN)}
    found = client.match(batch, method)
    certain = [[one["id"] for one in result if one["match"]] for result in found.values()]
    assert certain == [[name] for name in COLUMN.values()]
    assert all(result[0]["match"] and result[0]["score"] == 100 for result in found.values())


@pytest.mark.parametrize("name", NEARLY)
def test_what_is_nearly_a_name_is_no_match(client: Client, name: str) -> None:
    found = client.one(name)
    assert NEARLY[name] in ids(found)[:2]
    assert not any(one["match"] for one in found)
    assert all(one["score"] < 100 for one in found)


@pytest.mark.parametrize("name", ["EURICSE", "Dara Huot", "—", "  ", "Zz", "%", "*", "\x00"])
def test_what_is_not_there_has_no_candidate(client: Client, name: str) -> None:
    assert client.one(name) == []


def test_the_same_batch_has_the_same_answer(web: Web, client: Client) -> None:
    batch = {"queries": json.dumps({n: {"query": n} for n in (*COLUMN, *NEARLY)})}
    first, again = (web.post("/reconcile", data=batch).content for _ in range(2))
    assert first == again == Web().post("/reconcile", data=batch).content
    alone = client.one("CGLU Afrique")
    assert json.loads(first)["CGLU Afrique"]["result"] == alone  # section 4.4


def test_a_name_in_several_languages_is_one_candidate(client: Client, french: Client) -> None:
    for name in ("OECD", "OCDE", "Organisation for Economic Co-operation and Development"):
        [one] = client.one(name)
        assert (one["id"], one["name"][:16]) == ("org/oecd", "Organisation for")
    [one] = french.one("OECD")
    assert one["name"] == "Organisation de coopération et de développement économiques"
    assert one["description"] == "organisation internationale"
    kinds = [{"id": "Organisation", "name": "Organisation"}, {"id": "Agent", "name": "Acteur"}]
    assert one["type"] == kinds


def test_an_id_or_an_iri_finds_its_thing(client: Client) -> None:
    space = client.manifest["identifierSpace"]
    for name in ("org/oecd", f"{space}org/oecd", "id-org:oecd"):
        [one] = client.one(name)
        assert (one["id"], one["match"], one["score"]) == ("org/oecd", True, 100)
    [goal] = client.one("http://metadata.un.org/sdg/8")
    assert goal["id"] == "goal/8"
    assert client.one("org/oecd", type="Person") == []
    assert client.one("org/nobody") == []


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("Place", ["place/mexico"]),
        ("Agent", ["org/ministry-of-social-affairs-mexico"]),
        (["Place", "Agent"], ["place/mexico", "org/ministry-of-social-affairs-mexico"]),
        ([{"id": "Place"}], ["place/mexico"]),
        ("Person", []),
    ],
)
def test_a_class_limits_what_is_found(client: Client, kind: Any, found: list[str]) -> None:
    there = ids(client.one("Mexico", type=kind, type_strict="should"))
    assert set(found) <= set(there)
    assert bool(found) == bool(there)
    assert [one.startswith("place/") for one in there] == sorted(
        [one.startswith("place/") for one in there], reverse=True
    )


def test_all_classes_are_asked_for_by_name(client: Client) -> None:
    both = ["Organisation", "Agent"]
    assert ids(client.one("OECD", type=both, type_strict="all")) == ["org/oecd"]
    assert client.one("OECD", type=["Organisation", "Person"], type_strict="all") == []


def test_terms_of_the_ontology_are_no_things(client: Client) -> None:
    found = client.one("Organisation")
    assert "role/organiser" in ids(found)
    assert not [one for one in ids(found) if "ontology#" in one]


def test_a_number_is_the_name_of_a_goal_alone(client: Client) -> None:
    assert not any(one["match"] for one in client.one("8"))
    [*_, one] = [one for one in client.one("8", type="sdgo:Goal") if one["match"]]
    assert one["id"] == "goal/8"


def test_namesakes_are_told_apart_by_properties(namesakes: Client) -> None:
    found = namesakes.one("cooperative")
    assert ids(found) == ["org/a", "org/b", "org/c"]
    assert not any(one["match"] for one in found)
    for value in ("LYON", "France", "place/lyon", {"id": "place/france", "name": "x"}):
        wanted = [{"pid": "basedIn", "v": value}]
        found = namesakes.one("cooperative", properties=wanted)
        # Who agrees, who says nothing, who says otherwise.
        assert ids(found) == ["org/a", "org/c", "org/b"], value
        assert [one["match"] for one in found] == [True, False, False]
        told = [{f["id"]: f["value"] for f in one["features"]}.get("basedIn") for one in found]
        assert told == [True, None, False]
    found = namesakes.one("cooperative", properties=[{"pid": "basedIn", "v": ["Lyon", "Lima"]}])
    assert not any(one["match"] for one in found)
    assert [one["score"] for one in found] == [100, 100, 83.3]


def test_what_speaks_against_a_name_makes_it_uncertain(namesakes: Client) -> None:
    for value, match in (("Lyon", True), ("Lima", False)):
        [one] = namesakes.one("Alone <b>&amp;</b>", properties=[{"pid": "basedIn", "v": value}])
        assert one["match"] is match
    # Of what the graph says nothing, nothing speaks against it.
    [one] = namesakes.one("Alone <b>&amp;</b>", properties=[{"pid": "acronym", "v": "A"}])
    assert one["match"]
    assert one["score"] < 100


@pytest.mark.parametrize(
    ("name", "value", "agrees"),
    [
        ("startDate", "2019", True),
        ("startDate", "2019-06-25T00:00:00Z", True),
        ("startDate", "2019-07", False),
        ("startDate", 2019, True),
        ("endDate", "2019-07-02", True),
        ("attendanceCount", 1500, True),
        ("attendanceCount", 1500.0, True),
        ("attendanceCount", "1500", True),
        ("attendanceCount", "many", False),
        ("attendanceCount", 1e999, False),
        ("online", False, True),
        ("online", True, False),
        ("theme", "BREAD", True),
        ("theme", "pain", True),
        ("place", {"id": "place/lyon"}, True),
        ("place", {"id": "no such thing"}, False),
        ("place", 7, False),
        ("<https://w3id.org/gsefgraph/ontology#theme>", "pain", True),
    ],
)
def test_values_are_compared_as_what_they_are(
    namesakes: Client, name: str, value: Any, agrees: bool
) -> None:
    sent = json.dumps({"q": {"query": "Fair", "properties": [{"pid": name, "v": value}]}})
    answer = namesakes.send("POST", SERVICE, data={"queries": sent.replace("Infinity", "1e999")})
    one = answer.json()["q"]["result"][0]
    assert {"id": name, "value": agrees} in one["features"]


def test_properties_alone_find_things(client: Client, namesakes: Client) -> None:
    found = namesakes.one(properties=[{"pid": "basedIn", "v": "Lyon"}])
    assert ids(found) == ["org/a", "org/alone"]
    assert not any(one["match"] for one in found)
    found = client.one(properties=[{"pid": "acronym", "v": "ocde"}], type="Organisation")
    assert [(one["id"], one["score"]) for one in found] == [("org/oecd", 100)]
    assert client.one(properties=[{"pid": "acronym", "v": "ocde"}], type="Person") == []
    wanted = [{"pid": "contributesTo", "v": {"id": "goal/17"}}]
    assert len(client.one(properties=wanted, limit=2)) == 2


def test_the_limit_is_kept(client: Client) -> None:
    assert len(client.one("social economy", limit=3)) == 3
    assert len(client.one("social economy")) == 5
    assert 5 < len(client.one("social economy", limit=10_000)) <= 50


@pytest.mark.parametrize("name", ["org/oecd", "event/habitat-iii", "goal/8", "goal/8.3"])
def test_an_id_has_a_page_and_an_iri(web: Web, client: Client, name: str) -> None:
    moved = web.get(client.view(name))
    assert moved.status_code == 303
    assert web.get(moved.headers["location"]).status_code == 200
    path = client.manifest["identifierSpace"].removeprefix("https://w3id.org/gsefgraph")
    assert web.get(path + name).headers["location"] == moved.headers["location"]


def test_a_thing_of_another_domain_has_its_iri_as_id(namesakes: Client) -> None:
    [one] = namesakes.one("Elsewhere")
    assert one["id"] == "https://example.org/things/1"
    assert "Elsewhere" in namesakes.send("GET", namesakes.preview(one["id"])).text
    moved = namesakes._ask("GET", namesakes.view(one["id"]), headers={"accept": "text/html"})
    assert moved.headers["location"] == "/page?iri=https%3A%2F%2Fexample.org%2Fthings%2F1"
    assert namesakes.extend([one["id"]], "acronym")["rows"] == {one["id"]: {"acronym": []}}


def test_things_are_suggested_while_typing(client: Client, french: Client) -> None:
    assert ids(french.suggest("entity", "corée")["result"]) == ["place/south-korea"]
    found = client.suggest("entity", "org/oecd")["result"]
    assert ids(found)[0] == "org/oecd"
    # A cell is looked for as it is, with its mistakes.
    assert ids(client.suggest("entity", "Antonela Noya")["result"]) == ["person/antonella-noya"]
    assert client.suggest("entity", "")["result"] == []
    assert client.suggest("entity", "zzzz")["result"] == []


def test_there_are_more_suggestions_behind_the_cursor(client: Client) -> None:
    seen: list[str] = []
    cursor = 0
    while True:
        told = client.suggest("entity", "s", cursor=cursor)
        seen += ids(told["result"])
        assert len(told["result"]) <= 10
        if "cursor" not in told:
            break
        assert told["cursor"] == cursor + 10
        cursor = told["cursor"]
    assert len(seen) == len({*seen}) > 20


def test_classes_and_properties_are_suggested(client: Client, french: Client) -> None:
    assert ids(french.suggest("type", "orga")["result"]) == ["Organisation"]
    [kind] = client.suggest("type", "organi")["result"]
    assert kind["broader"] == [{"id": "Agent", "name": "Agent"}]
    assert "sdgo:Goal" in ids(client.suggest("type", "")["result"])
    assert ids(french.suggest("property", "siège")["result"]) == ["basedIn"]
    assert ids(client.suggest("property", "basedin")["result"]) == ["basedIn"]
    # OpenRefine says for which class, with much else that nobody specified.
    more = {"type": "Document", "spell": "always", "exact": "false", "prefixed": "true"}
    assert ids(client.suggest("property", "issued", **more)["result"])[0] == "issued"


def test_a_suggestion_is_described_beside_it(client: Client, namesakes: Client) -> None:
    assert client.flyout("entity", "org/oecd").startswith("<p><b>Organisation for Economic")
    assert "Seoul" in client.flyout("entity", "org/seoul-metropolitan-council")
    assert client.flyout("type", "Organisation").startswith("<p><b>Organisation</b></p><p>")
    assert client.flyout("property", "basedIn").startswith("<p><b>based in</b></p><p>")
    assert "Alone &lt;b&gt;&amp;amp;&lt;/b&gt;" in namesakes.flyout("entity", "org/alone")


def test_properties_are_proposed_for_a_class(client: Client, french: Client) -> None:
    names = ids(client.proposed("Organisation"))
    # Its own, those of what it is a case of, and what everything has.
    assert {"basedIn", "collaboratesWith", "participatedIn", "skos:altLabel"} <= {*names}
    assert not {"startDate", "rationale"} & {*names}
    assert ids(client.proposed("Organisation", limit=3)) == names[:3]
    # OpenRefine puts `?type=` behind the address by itself, empty where no class was chosen.
    address = french._full(french.manifest["extend"]["propose_properties"])
    assert "?" not in address
    found = french.send("GET", f"{address}?type=Person").json()["properties"]
    assert {"id": "memberOf", "name": "membre de"} in found
    every = french.send("GET", f"{address}?type=").json()["properties"]
    assert {"startDate", "basedIn"} <= {*ids(every)}
    assert "rationale" not in ids(every)


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_facts_come_back(french: Client, method: str) -> None:
    columns = ("acronym", "basedIn", "kind", "schema:sameAs", "skos:altLabel")
    found = french.extend(["org/oecd", "org/government-of-spain"], *columns, method=method)
    assert found["meta"][1] == {
        "id": "basedIn",
        "name": "a son siège à",
        "type": {"id": "Place", "name": "Lieu"},
    }
    oecd, spain = found["rows"].values()
    assert oecd["acronym"] == [{"str": "OCDE"}]
    assert oecd["schema:sameAs"] == [{"str": "http://www.wikidata.org/entity/Q41550"}]
    assert spain["basedIn"] == [{"id": "place/spain", "name": "Espagne"}]
    assert spain["acronym"] == []


def test_values_are_what_a_cell_can_be(namesakes: Client) -> None:
    names = ("startDate", "endDate", "online", "attendanceCount", "theme", "place")
    [row] = namesakes.extend(["event/fair"], *names)["rows"].values()
    assert row == {
        "startDate": [{"str": "2019-06"}],
        "endDate": [{"date": "2019-07-02T00:00:00Z"}],
        "online": [{"str": "false"}],
        "attendanceCount": [{"int": 1500}],
        "theme": [{"str": "Bread"}],
        "place": [{"id": "place/lyon", "name": "Lyon"}],
    }


def test_settings_say_how_many_and_as_what(client: Client) -> None:
    settings = {one["name"]: one for one in client.manifest["extend"]["property_settings"]}
    assert {one["value"] for one in settings["content"]["choices"]} == {"entity", "name", "id"}

    def values(**given: Any) -> list[Any]:
        wanted = {"id": "participatedIn", "settings": given}
        [row] = client.extend(["org/gsef"], wanted)["rows"].values()
        return list(row["participatedIn"])

    every = values()
    assert len(every) > 3
    assert values(limit=2) == values(limit="2") == every[:2]
    assert values(limit=0, content="") == values(limit="") == every
    assert values(content="name") == [{"str": one["name"]} for one in every]
    assert values(content="id") == [{"str": one["id"]} for one in every]


def test_what_does_not_exist_has_no_values(client: Client) -> None:
    rows = client.extend(["org/nobody", "", "a b", "https://example.org/"][::2], "acronym")["rows"]
    assert rows == {"org/nobody": {"acronym": []}, "a b": {"acronym": []}}


def test_the_language_of_the_address_goes_everywhere(french: Client, web: Web) -> None:
    told = json.dumps(french.manifest)
    assert told.count("lang=fr") == 9
    assert "/reconcile/properties/fr" in told
    plain = web.get("/reconcile", headers={"accept-language": "es"}).json()
    assert plain["defaultTypes"][0]["name"] == "Organización"
    assert "lang=" not in json.dumps(plain)
    assert "Organización" in web.get("/reconcile/preview?id=org/oecd&lang=es").text


def test_a_preview_is_a_page_that_others_may_frame(web: Web, namesakes: Client) -> None:
    found = web.get("/reconcile/preview?id=event/habitat-iii&lang=fr")
    assert found.headers["content-type"] == "text/html; charset=utf-8"
    for text in ("Événement", "Habitat III", "conférence, 17–20 octobre 2016, Quito"):
        assert text in found.text
    policy = found.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert not re.search(r"<script|<a |<form|\sstyle=|\son[a-z]+=", found.text)
    # What a browser has already keeps the heads of the answer that says so.
    again = web.get(
        "/reconcile/preview?id=event/habitat-iii&lang=fr",
        headers={"if-none-match": found.headers["etag"]},
    )
    assert (again.status_code, again.headers["content-security-policy"]) == (304, policy)
    alone = namesakes.send("GET", namesakes.preview("org/alone")).text
    assert alone.count("Alone &lt;b&gt;&amp;amp;&lt;/b&gt;") == 2
    assert "Alone <b>" not in alone
    for name in ("org/nobody", "", "<script>", "a b"):
        lacking = web.get("/reconcile/preview", params={"id": name})
        assert (lacking.status_code, lacking.text.count("\n")) == (404, 1)
        assert "frame-ancestors *" in lacking.headers["content-security-policy"]


def test_nothing_else_may_be_framed(web: Web) -> None:
    for path in ("/reconcile", "/reconcile/properties", "/page/org/oecd"):
        assert "frame-ancestors 'none'" in web.get(path).headers["content-security-policy"]


def test_pages_of_other_origins_may_ask_before(web: Web) -> None:
    found = web.ask("OPTIONS", "/reconcile", headers={"origin": "http://refine.example"})
    assert found.status_code == 204
    assert found.headers["access-control-allow-origin"] == "*"
    assert "POST" in found.headers["access-control-allow-methods"]


QUERY = {"query": "OECD"}
HOSTILE: dict[str, tuple[Any, int, str]] = {
    "no JSON": ("{", 400, "queries is no JSON"),
    "nothing": ("", 400, "queries is no JSON"),
    "deep": ("[" * 100_000, 400, "queries is JSON with"),
    "deep and whole": ('{"a":' * 5_000 + "1" + "}" * 5_000, 400, "queries is JSON with"),
    "NaN": ('{"q": {"query": "a", "limit": NaN}}', 400, "queries is JSON with"),
    "endless number": (f'{{"q": {{"query": "a", "limit": {"9" * 5_000}}}}}', 400, "JSON with"),
    "half a character": ('{"q": {"query": "\\ud800"}}', 400, "queries is JSON with"),
    "half a name": ('{"\\ud800": {"query": "a"}}', 400, "queries is JSON with"),
    "a list": ([QUERY], 400, "give an object with a query for each name"),
    "null": (None, 400, "queries cannot be null"),
    "a null query": ({"q": None}, 400, "q cannot be null"),
    "an empty query": ({"q": {}}, 400, 'give an object with "query"'),
    "no properties": ({"q": {"properties": []}}, 400, 'give an object with "query"'),
    "a null text": ({"q": {"query": None}}, 400, "q.query cannot be null"),
    "a number as text": ({"q": {"query": 7}}, 400, "q.query cannot be 7"),
    "an empty text": ({"q": {"query": ""}}, 400, "a text of 1 to 2,000 characters"),
    "a giant text": ({"q": {"query": "a" * 100_000}}, 400, "a text of 1 to 2,000 characters"),
    "limit -1": ({"q": {**QUERY, "limit": -1}}, 400, "q.limit cannot be -1; give a whole"),
    "limit 0": ({"q": {**QUERY, "limit": 0}}, 400, "q.limit cannot be 0"),
    "limit true": ({"q": {**QUERY, "limit": True}}, 400, "q.limit cannot be true"),
    "limit as text": ({"q": {**QUERY, "limit": "5"}}, 400, "q.limit cannot be"),
    "no such class": ({"q": {**QUERY, "type": "Organization"}}, 400, "did you mean Organisation"),
    "a number as class": ({"q": {**QUERY, "type": 7}}, 400, "q.type cannot be 7"),
    "a class that is no IRI": ({"q": {**QUERY, "type": "a b:c"}}, 400, "a b:c"),
    "too many classes": ({"q": {**QUERY, "type": ["Person"] * 6}}, 413, "q.type has 6 entries"),
    "no such strictness": ({"q": {**QUERY, "type_strict": "x"}}, 400, "any, should, all"),
    "no such property": (
        {"q": {**QUERY, "properties": [{"pid": "basedin", "v": 1}]}},
        400,
        "did you mean basedIn",
    ),
    "no value": ({"q": {**QUERY, "properties": [{"pid": "kind"}]}}, 400, "give a text"),
    "a null value": (
        {"q": {**QUERY, "properties": [{"pid": "kind", "v": None}]}},
        400,
        "q.properties.v cannot be null",
    ),
    "a thing without id": (
        {"q": {**QUERY, "properties": [{"pid": "kind", "v": {"name": "x"}}]}},
        400,
        "q.properties.v cannot be",
    ),
    "properties of texts": ({"q": {**QUERY, "properties": ["kind"]}}, 400, "q.properties cannot"),
    "too many values": (
        {"q": {**QUERY, "properties": [{"pid": "kind", "v": ["a"] * 21}]}},
        413,
        "q.properties.v has 21 entries; 20 are allowed",
    ),
    "too many properties": (
        {"q": {**QUERY, "properties": [{"pid": "kind", "v": "a"}] * 51}},
        413,
        "q.properties has 51 entries",
    ),
    "10,000 queries": (
        {f"q{n}": QUERY for n in range(10_000)},
        413,
        "10,000 queries in one batch; send 50 at most",
    ),
    "controls": ({"q\u202e\n\u0007": {}}, 400, "cannot be {}"),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_what_is_wrong_is_told_in_a_line(client: Client, method: str, name: str) -> None:
    sent, status, said = HOSTILE[name]
    text = sent if isinstance(sent, str) else json.dumps(sent)
    if method == "GET":
        query = urlencode({"queries": text})[:60_000]
        if len(query) > 2**15:
            status, said = 414, ""
        answer = client.send(method, f"{SERVICE}?{query}")
    else:
        answer = client.send(method, SERVICE, data={"queries": text})
    assert (answer.status_code, answer.text.count("\n")) == (status, 1), answer.text
    assert said in answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text[:-1].isprintable()
    assert len(answer.text) < 600


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({}, 400, "ids cannot be null; give a list of ids"),
        ({"ids": "org/oecd", "properties": []}, 400, "ids cannot be"),
        ({"ids": [7], "properties": []}, 400, "ids cannot be 7"),
        ({"ids": ["a" * 5_000], "properties": []}, 400, "ids cannot be"),
        ({"ids": ["a"] * 501, "properties": []}, 413, "ids has 501 entries; 500 are allowed"),
        ({"ids": [], "properties": {}}, 400, "properties cannot be {}"),
        ({"ids": [], "properties": ["acronym"]}, 400, 'properties cannot be "acronym"'),
        ({"ids": [], "properties": [{"id": "acronyms"}]}, 400, "did you mean acronym"),
        ({"ids": [], "properties": [{"id": None}]}, 400, "properties.id cannot be null"),
        ({"ids": [], "properties": [{"id": "kind", "settings": 7}]}, 400, "kind.settings cannot"),
        (
            {"ids": [], "properties": [{"id": "kind", "settings": {"limit": -1}}]},
            400,
            "kind.limit cannot be",
        ),
        (
            {"ids": [], "properties": [{"id": "kind", "settings": {"content": []}}]},
            200,
            "meta",
        ),
        (
            {"ids": [], "properties": [{"id": "kind", "settings": {"content": ["x"]}}]},
            400,
            "one of entity, name, id",
        ),
        (None, 400, "extend cannot be null"),
    ],
)
def test_what_is_wrong_with_an_extension_is_told_too(
    client: Client, sent: Any, status: int, said: str
) -> None:
    answer = client.send("POST", SERVICE, data={"extend": json.dumps(sent)})
    assert (answer.status_code, said in answer.text) == (status, True), answer.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/suggest/entity?prefix=a&cursor=-1", 400),
        ("/suggest/entity?prefix=a&cursor=x", 400),
        ("/suggest/entity?prefix=a&cursor=9999999999", 400),
        ("/suggest/property?type=Nothing", 400),
        ("/suggest/things", 404),
        ("/flyout/things?id=a", 404),
        ("/flyout/entity", 404),
        ("/flyout/type?id=Nothing", 400),
        ("/properties?type=Nothing", 400),
        ("/properties?type=Organisation&limit=0", 400),
        ("/properties?type=Organisation&limit=many", 400),
        ("/suggest/entity?prefix=%00%ed%a0%80&cursor=0", 200),
        (f"/suggest/entity?prefix={'a' * 8_000}", 200),
        (f"/suggest/entity?prefix={'a' * 9_000}", 414),
    ],
)
def test_what_is_wrong_elsewhere_is_told_in_a_line(client: Client, path: str, status: int) -> None:
    answer = client.send("GET", SERVICE + path)
    assert (answer.status_code, answer.text.count("\n")) == (status, int(status != 200))


def test_what_is_sent_is_a_form_within_a_bound(client: Client) -> None:
    def post(**given: Any) -> tuple[int, str]:
        answer = client.send("POST", SERVICE, **given)
        return answer.status_code, answer.text

    assert post(json={"queries": {}})[0] == 415
    assert post(files={"queries": b"{}"})[0] == 415
    assert post()[0] == 415
    assert post(data={"query": "OECD"})[1].startswith("send one form with")
    assert post(data={"queries": "{}", "extend": "{}"})[0] == 400
    assert post(data={"queries": ["{}", "{}"]})[0] == 400
    assert post(data={"queries": "{}"}) == (200, "{}")
    assert post(data={"queries": "a" * LARGEST})[0] == 413


WORDS = ("query", "type", "limit", "properties", "type_strict", "pid", "v", "id", "ids")
NAMES = st.sampled_from([*WORDS, "settings", "content", "Person", "kind", "all"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | NAMES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=12,
)


@given(JSON, st.sampled_from(["queries", "extend"]))
def test_whatever_is_sent_has_an_answer(client: Client, sent: Any, field: str) -> None:
    for told in (sent, {"q": sent}, {"ids": ["org/oecd"], "properties": [sent]}):
        answer = client.send("POST", SERVICE, data={field: json.dumps(told)})
        assert answer.status_code in (200, 400, 413)
        if answer.status_code != 200:
            assert answer.text.count("\n") == 1


@contextmanager
def framing(preview: str) -> Iterator[str]:
    """A page of another origin with a preview in a frame, as OpenRefine has it."""
    content = (
        "<!doctype html><title>x</title>"
        f'<iframe sandbox="" width="420" height="240" src="{preview}"></iframe>'
    ).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(content if self.path == "/" else b"")

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


@needs_chromium
def test_a_preview_is_shown_in_a_frame_of_another_origin() -> None:
    with serving() as (_, address), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        with framing(f"{address}reconcile/preview?id=org/oecd&lang=fr") as other:
            page = browser.new_page()
            said: list[str] = []
            page.on("console", lambda message: said.append(message.text))
            for _ in range(2):  # the second time the browser has it, and asks whether that is new
                page.goto(other)
                frame = page.frame_locator("iframe")
                head = frame.locator("h1")
                assert head.inner_text().startswith("Organisation de coopération")
                # Its style is there, and all of it fits.
                assert head.evaluate("one => getComputedStyle(one).fontSize") == "19px"
                body = frame.locator("html")
                assert body.evaluate("one => one.scrollWidth <= one.clientWidth")
            assert said == []
            # Any other page of ours is not shown there.
            page.evaluate(
                "address => { document.querySelector('iframe').src = address }",
                f"{address}page/org/oecd",
            )
            page.wait_for_timeout(500)
            assert "frame-ancestors 'none'" in "".join(said)
        browser.close()
