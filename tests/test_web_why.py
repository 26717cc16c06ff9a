"""Why a triple holds, told on a page of its own."""

from __future__ import annotations

import re

import pytest

from gsefgraph.terms import BASE, FOREIGN, GSEF
from tests.web import Web

ORG = f"{BASE}id/org/"
SESSION = f"<{BASE}id/event/untfsse-conference-2019.gsef-session>"


@pytest.fixture(scope="module")
def web() -> Web:
    return Web()


def why(web: Web, s: str, p: str, o: str, **more: str) -> tuple[int, str]:
    found = web.get("/why", params={"s": s, "p": p, "o": o, **more})
    return found.status_code, found.text


def test_what_follows_is_told_with_its_rule_and_premises(web: Web) -> None:
    triple = (f"<{ORG}gsef>", f"<{GSEF}collaboratedWith>", f"<{ORG}oecd>")
    status, page = why(web, *triple, lang="fr")
    assert status == 200
    grounds = page.partition("data-grounds>")[2].partition("</section>")[0]
    assert "deux organisations ont collaboré" in grounds
    assert grounds.count("<li>") == 4  # of three premises on one participation one sentence
    assert grounds.count("<blockquote") == 2
    assert "id-participation" not in page
    assert "gsefgraph explain id-org:gsef gsef:collaboratedWith id-org:oecd --lang fr" in page


def test_what_is_concluded_has_its_reason_and_objection(web: Web) -> None:
    link = f"<{BASE}id/goallink/untfsse-conference-2019.gsef-session.17.17.curated>"
    status, page = why(web, link, f"<{GSEF}goal>", f"<{FOREIGN['sdg']}17.17>", lang="en")
    assert status == 200
    assert "Concluded" in page
    assert "Possible objection." in page
    assert " A method announced in a title is not yet a contribution.</b>" in page
    status, page = why(
        web, SESSION, f"<{GSEF}contributesTo>", f"<{FOREIGN['sdg']}17.17>", lang="en"
    )
    assert "Derived" in page
    assert " A method announced in a title" in page


def test_where_it_is_stated_is_told_by_the_name_of_the_document(web: Web) -> None:
    document = f"<{BASE}id/doc/gsef-advocacy-fr>"
    _, page = why(web, document, f"<{GSEF}issuedBy>", f"<{ORG}gsef>", lang="fr")
    stated = page.partition("Énoncé dans")[2].partition("</p>")[0]
    assert 'href="/page/doc/gsef-advocacy-fr?lang=fr">Projet du GSEF' in stated
    assert "graph:" not in stated


def test_what_is_stated_without_words_says_so(web: Web) -> None:
    name = '"Organisation for Economic Co-operation and Development"@en'
    label = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
    status, page = why(web, f"<{ORG}oecd>", label, name, lang="en")
    assert status == 200
    assert "without quoting words" in page


def test_what_does_not_hold_is_not_found_with_what_is_said(web: Web) -> None:
    triple = (f"<{ORG}gsef>", f"<{GSEF}collaboratedWith>", f"<{ORG}ilo>")
    status, page = why(web, *triple, lang="en")
    assert status == 404
    assert len(re.findall(r'href="/why\?s=', page)) >= 3
    assert "/page/org/gsef" in page


@pytest.mark.parametrize(
    ("s", "p", "o"),
    [
        ("", f"<{GSEF}goal>", "<urn:o>"),
        ("urn:s", f"<{GSEF}goal>", "<urn:o>"),
        ("<urn:s>", '"p"', "<urn:o>"),
        ("<urn:s>", "<urn:p>", '"open'),
        ("<urn:s>", "<urn:p>", '"x"@'),
        ("<urn:s>", "<urn:p>", '"x" . <urn:s> <urn:p> "y"'),
        ("<urn:s>", "<urn:p>", "_:b"),
        ("<urn:a b>", "<urn:p>", "<urn:o>"),
        ("<urn:s>", "<urn:p>", "<<( <urn:s> <urn:p> <urn:o> )>>"),
        ("<urn:s> <urn:p> <urn:o", "<urn:p>", "<urn:o>"),
        ("<urn:s>", "<urn:p>", '"\ud800"'.encode("utf-8", "replace").decode() + "<script>"),
    ],
)
def test_what_is_no_term_is_refused(web: Web, s: str, p: str, o: str) -> None:
    status, page = why(web, s, p, o)
    assert status == 400
    assert "Traceback" not in page
    assert "<script>" not in page.partition("<main")[2]


def test_a_literal_stays_text(web: Web) -> None:
    status, page = why(web, f"<{ORG}gsef>", "<urn:p>", '"<script>alert(1)</script>"@en')
    assert status == 404
    assert "<script>alert" not in page
