"""How to contribute: the steps, the examples, and a record about what was asked for."""

from __future__ import annotations

import html
import re

import pytest

from gsefgraph.records import rdf
from gsefgraph.terms import BASE
from tests.commands import ROOT
from tests.web import Web

EXAMPLES = sorted(path.stem for path in (ROOT / "ontology/examples").glob("*.ttl"))


@pytest.fixture(scope="module")
def web() -> Web:
    return Web()


def record(page: str) -> bytes:
    found = re.search(r"<pre>(@prefix.*?)</pre>", page, re.S)
    assert found
    return html.unescape(found[1]).encode()


@pytest.mark.parametrize("lang", ["en", "fr", "es"])
def test_a_record_to_begin_with_is_turtle(web: Web, lang: str) -> None:
    for about in ({}, {"about": f"{BASE}id/org/oecd"}, {"about": "http://metadata.un.org/sdg/8.3"}):
        found = web.get("/contribute", params={"lang": lang, **about})
        assert found.status_code == 200
        quads = rdf.read("record", data=record(found.text), format="turtle").quads
        subjects = {quad.subject.value for quad in quads}
        assert about.get("about", f"{BASE}id/org/my-organisation") in subjects


def test_what_it_is_about_is_named_with_its_page(web: Web) -> None:
    page = web.get("/contribute", params={"about": f"{BASE}id/org/oecd", "lang": "fr"}).text
    assert re.search(r'Vous savez quelque chose sur «\s<a href="/page/org/oecd\?lang=fr">', page)
    assert f"about={BASE.replace(':', '%3A').replace('/', '%2F')}id%2Forg%2Foecd" in page


def test_every_example_is_there_and_can_be_had(web: Web) -> None:
    page = web.get("/contribute").text
    assert re.findall(r'href="/examples/([^"]+)\.ttl"', page) == EXAMPLES
    for name in EXAMPLES:
        found = web.get(f"/examples/{name}.ttl")
        assert found.headers["content-type"].startswith("text/turtle")
        assert found.headers["content-disposition"] == f'attachment; filename="{name}.ttl"'
        assert found.content == (ROOT / f"ontology/examples/{name}.ttl").read_bytes()


def test_examples_are_told_in_every_language(web: Web) -> None:
    for lang, says in (("en", "A series"), ("fr", "Une série"), ("es", "Una serie")):
        page = web.get(f"/contribute?lang={lang}").text
        assert f"<summary>{says}" in page
        assert '<summary lang="en">' not in page


def test_a_class_shows_its_own_examples(web: Web) -> None:
    page = web.get("/contribute/person?lang=en").text
    assert "<h1>Examples of this kind: Person</h1>" in page
    assert re.findall(r'href="/examples/([^"]+)\.ttl"', page) == ["person-with-a-position"]


@pytest.mark.parametrize(
    "path",
    [
        "/contribute/nothing",
        "/contribute?about=urn:nobody",
        "/examples/none.ttl",
        "/examples/..%2f..%2fdata%2fcuration.ttl",
    ],
)
def test_what_is_not_there_is_not_found(web: Web, path: str) -> None:
    assert web.get(path).status_code == 404


def test_what_it_is_about_stays_text(web: Web) -> None:
    page = web.get("/contribute", params={"about": '"><script>alert(1)</script>'})
    assert page.status_code in (400, 404)
    assert "<script>alert" not in page.text
