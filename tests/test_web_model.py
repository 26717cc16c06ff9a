"""The ontology on screen: every term has a page, and every link of it leads somewhere."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from gsefgraph.graph import diagram
from gsefgraph.graph.graph import Graph
from gsefgraph.terms import GSEF
from tests.web import Web


@pytest.fixture(scope="module")
def web() -> Web:
    return Web()


def text(web: Web, address: str, status: int = 200) -> str:
    answer = web.get(address)
    assert answer.status_code == status, address
    return answer.text.replace("\u202f", " ")


def test_every_term_of_the_model_has_a_page(web: Web) -> None:
    waiting = ["/model?lang=en"]
    for address in waiting:
        page = text(web, address)
        assert re.search(r'<p class="lede">\w', page), f"{address} has no meaning"
        leading = {unescape(href) for href in re.findall(r'href="(/model/[^"]*en)"', page)}
        waiting += sorted(leading - {*waiting})
    assert len(waiting) > 80
    assert {"/model/Event?lang=en", "/model/sdgo:Goal?lang=en", "/model/stated?lang=en"} <= {
        *waiting
    }


def test_numbers_in_the_picture_are_those_of_the_list(web: Web) -> None:
    model = text(web, "/model?lang=fr")
    picture, _, rest = model.partition("</svg>")
    drawn = re.findall(r'">(\d+)</text></g><text class="label"[^>]*>([^<]*)<', picture)
    listed = re.findall(r'class="no" aria-hidden="true">(\d+)</span><a[^>]*>([^<]*)</a>', rest)
    assert [number for number, _ in drawn] == [number for number, _ in listed]
    # A long name is cut in the picture, where the list has it whole.
    for (_, short), (_, name) in zip(drawn, listed, strict=True):
        assert name.startswith(short.removesuffix("…"))
    # Each arrow of the list names the class whose number it gives.
    names = dict(listed)
    for name, number in re.findall(r'→ ([^<]*) <span class="soft">(\d+)</span>', rest):
        assert names[number] == name


def test_the_order_round_the_ellipse_has_no_needless_crossing() -> None:
    lines = (("a", "d"), ("b", "e"), ("c", "f"))
    ring = diagram._ring(tuple("abcdef"), lines)
    spans = [sorted((ring.index(a), ring.index(b))) for a, b in lines]
    assert not [1 for a, b in spans for c, d in spans if a < c < b < d]


def test_a_property_tells_its_rule_its_other_side_and_its_examples(web: Web) -> None:
    page = text(web, "/model/participatedIn?lang=fr")
    assert "déduit</span>" in page
    assert 'href="/model/hasParticipant?lang=fr"' in page
    assert "un acteur a participé à un événement lorsqu’une participation l’y lie" in page
    assert "</a> a participé à" in page
    assert 'href="/questions/collaboration-graph?lang=fr"' in page
    assert "gsef:participatedIn est déduit, et non énoncé" in page
    assert "gsef:country est déduit" not in page


def test_a_class_tells_what_records_must_satisfy(web: Web) -> None:
    page = text(web, "/model/Event?lang=en")
    assert "The end date of an event is a day, a month or a year" in page
    assert 'href="https://schema.org/Event" rel="external"' in page
    assert 'href="/questions/events-between?lang=en"' in page
    assert "28 things here are of this class." in page


def test_a_text_in_three_languages_is_one(web: Web, tmp_path: Path) -> None:
    """And of two in one language each counts."""
    one = web.graph.engine.query(f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s <{GSEF}note> ?o }}")
    assert f"{one.rows[0][0].value} facts here use it" in web.get("/model/note?lang=en").text
    text = '<urn:a> gsef:note "a"@en , "b"@en , "c"@fr . <urn:b> gsef:note "d"@es .'
    record = tmp_path / "notes.ttl"
    record.write_text(f"@prefix gsef: <{GSEF}> . {text}", "utf-8")
    own = Web(Graph.open(data=[record]))
    assert "3 facts here use it" in own.get("/model/note?lang=en").text


@pytest.mark.parametrize(
    ("name", "near"), [("Evnt", "Event"), ("x%3Ay", ""), ("<b>", ""), ("schema:Event", "")]
)
def test_a_term_that_is_none_is_said(web: Web, name: str, near: str) -> None:
    answer = web.get(f"/model/{name}?lang=en")
    assert answer.status_code in (404, 400)
    assert near in answer.text
    assert "<b></h1>" not in answer.text
