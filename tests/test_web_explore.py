"""Exploring: lists and facets, whose counts are what choosing them gives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path

import pytest

from gsefgraph.graph.graph import Graph
from gsefgraph.terms import fold
from gsefgraph.web.addresses import Addresses
from gsefgraph.web.facets import Selection
from gsefgraph.web.shown import Asked
from tests.web import Web

CLASSES = ("organisation", "person", "event", "document", "place", "topic", "goal")
LINK = re.compile(r'<li><a href="(/explore/[^"]*)"[^>]*>([^<]*)</a> <span>([^<]*)</span></li>')


@pytest.fixture(scope="module")
def web() -> Web:
    return Web()


def page(web: Web, address: str, status: int = 200) -> str:
    answer = web.get(address)
    assert answer.status_code == status, address
    return answer.text


def names(text: str) -> list[str]:
    listed = text.partition('<ol class="things')[2].partition("</ol>")[0]
    return [unescape(name) for name in re.findall(r'<a href="/page[^"]*"[^>]*>([^<]*)</a>', listed)]


def count(text: str) -> int:
    return int(re.findall(r'<p class="lede">\D*([\d,]+)', text)[0].replace(",", ""))


def test_the_numbers_of_the_first_page_are_those_of_the_lists(web: Web) -> None:
    text = page(web, "/explore")
    told = re.findall(r'<li><a href="(/explore/\w+)"><b>(\d+)</b>', text)
    assert [address.rpartition("/")[2] for address, _ in told] == [*CLASSES]
    for address, number in told:
        listed = page(web, address)
        assert count(listed) == int(number) == len(names(listed))
    assert count(text) == sum(int(number) for _, number in told)


@pytest.mark.parametrize("name", CLASSES)
def test_what_a_facet_counts_is_what_choosing_it_gives(web: Web, name: str) -> None:
    for address, label, number in LINK.findall(page(web, f"/explore/{name}")):
        listed = page(web, unescape(address))
        assert count(listed) == int(number) == len(names(listed)) > 0, label
        for further, also, fewer in LINK.findall(listed)[:2]:
            assert count(page(web, unescape(further))) == int(fewer) > 0, (label, also)
        # What is chosen can be taken away, and is no choice any more.
        (away,) = re.findall(r'<ul class="chosen".*?href="([^"]*)"', listed)
        assert unescape(away) == f"/explore/{name}"


@pytest.mark.parametrize("lang", ["en", "fr", "es"])
def test_values_of_one_count_stand_in_the_order_of_their_names(web: Web, lang: str) -> None:
    text = page(web, f"/explore/place?lang={lang}").partition('id="h-country"')[2]
    rows = re.findall(r'<a href="[^"]*country=[a-z-]{2,}[^"]*"[^>]*>([^<]*)</a> <span>(\d+)', text)
    alike = [fold(name) for name, number in rows if number == "1"]
    assert len(alike) > 5
    assert alike == sorted(alike)


def test_undated_things_come_last_and_can_be_asked_for(web: Web) -> None:
    text = page(web, "/explore/event?lang=fr")
    whens = re.findall(r'<span class="when">(.*?)</span>', text)
    undated = [when == "sans date" for when in whens]
    assert undated == sorted(undated)
    days = re.findall(r'datetime="([^"/]*)', text)
    assert days == sorted(days, reverse=True)
    alone = page(web, "/explore/event?date=-&lang=fr")
    assert len(names(alone)) == sum(undated) > 0
    assert f"{sum(undated)} événements sur 28 : sans date." in alone.replace("\u202f", " ")
    oldest = page(web, "/explore/event?sort=oldest")
    assert re.findall(r'datetime="([^"/]*)', oldest) == days[::-1]


@pytest.mark.parametrize(
    ("span", "number"),
    [
        ("from=2019&to=2019", 1),
        ("from=2018-07-10&to=2018-07-11", 2),
        ("to=2017", 4),
        ("from=2020-07", 2),
    ],
)
def test_a_span_of_dates_finds_what_happened_within_it(web: Web, span: str, number: int) -> None:
    assert count(page(web, f"/explore/event?{span}")) == number


def test_what_is_no_date_is_said_beside_the_field(web: Web) -> None:
    text = page(web, "/explore/event?from=next<b>&kind=forum", 400)
    assert 'value="next&lt;b&gt;"' in text
    assert 'aria-invalid="true" aria-describedby="years-problem"' in text
    assert "“next&lt;b&gt;” is no date" in text
    # What begins as a date is not one: this would be part of a query.
    text = page(web, "/explore/event?from=2017%22)%20FILTER(%22a%22%3E%22", 400)
    assert "is no date" in text


@pytest.mark.parametrize(
    ("value", "status"),
    [("south-korea", 200), ("South Korea", 200), ("id-place:south-korea", 200),
     ("https://w3id.org/gsefgraph/id/place/south-korea", 200), ("Corea", 404), ('"} DROP', 404),
     ("<a b>", 400)],
)  # fmt: skip
def test_a_facet_takes_names_codes_and_iris(web: Web, value: str, status: int) -> None:
    answer = web.get("/explore/event", params={"country": value})
    assert answer.status_code == status
    assert status != 200 or count(answer.text) == 2


def test_nothing_is_said_with_its_terms_and_ways_on(web: Web) -> None:
    text = page(web, "/explore/event?kind=webinar&date=-&lang=es")
    assert "0 eventos de 28: seminario web, sin fecha." in text
    assert 'href="/explore/event?kind=webinar&amp;lang=es"' in text
    assert 'href="/questions?lang=es"' in text


def test_a_class_without_a_list_is_said(web: Web) -> None:
    assert "No list of “nothing”" in page(web, "/explore/nothing", 404)


def test_a_long_list_has_pages(tmp_path: Path) -> None:
    kind = "a gsef:Organisation ; skos:prefLabel"
    lines = [
        "@prefix gsef: <https://w3id.org/gsefgraph/ontology#> .",
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
        *(f'<urn:org:{n}> {kind} "Réseau {n}"@fr .' for n in range(1, 251)),
    ]
    file = tmp_path / "many.ttl"
    file.write_text("\n".join(lines), "utf-8")
    graph = Graph.open(data=[file])
    web = Web(graph)
    first = page(web, "/explore/organisation?lang=en")
    assert names(first)[::99] == ["Réseau 1", "Réseau 100"]
    assert 'lang="fr">Réseau 1</a> <span class="lg">fr</span>' in first
    assert "<span>1 to 100 of 250</span>" in first
    assert 'rel="prev"' not in first
    assert ("no name in English", "250") in [found[1:] for found in LINK.findall(first)]
    last = page(web, "/explore/organisation?page=3&lang=en")
    assert names(last)[-1] == "Réseau 250"
    assert "<span>201 to 250 of 250</span>" in last
    assert 'rel="next"' not in last
    graph.close()


@pytest.mark.parametrize("name", ["event", "goal", "organisation"])
@pytest.mark.parametrize("order", ["newest", "oldest", "name"])
def test_a_part_of_a_list_is_a_part_of_the_whole(
    web: Web, name: str, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = Selection(Asked(web.graph, "fr", Addresses(web.graph.names, "")), name)
    every, count = asking.ordered(order, 0, 1000), asking.count()
    assert len(set(every)) == len(every) == count
    parts = [asking.ordered(order, at, 7) for at in range(0, count, 7)]
    assert [iri for part in parts for iri in part] == every
    if name == "event" and order != "name":
        named: list[str] = []

        def labels(iris: Sequence[str], _: str) -> dict[str, str]:
            named.extend(iris)
            return dict.fromkeys(iris, "")

        monkeypatch.setattr(web.graph.resolver, "labels", labels)
        asking.ordered(order, 0, 1)
        assert 0 < len(named) < count / 2, "names of things that are on other pages"


def test_what_one_page_of_a_list_counted_the_next_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    web, texts = Web(), []
    query = web.graph.engine.query
    monkeypatch.setattr(
        web.graph.engine, "query", lambda text, **given: texts.append(text) or query(text, **given)
    )
    page(web, "/explore/event?kind=session")
    assert [text for text in texts if "COUNT" in text]
    texts.clear()
    page(web, "/explore/event?kind=session&page=2")
    assert not [text for text in texts if "COUNT" in text]
