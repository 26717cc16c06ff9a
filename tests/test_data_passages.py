"""Each passage stands in its source, each fact has one, and the rest is listed as left out."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict

import pytest
from pyoxigraph import Literal

from gsefgraph.terms import fold
from tests.shipped import (
    ALL,
    CURATED_BY,
    CURATION,
    DATA,
    DCTERMS,
    DOCUMENT,
    GSEF,
    ID,
    PAGE,
    SKOS,
    SOURCE,
    STATED_BY,
    TEXT,
    UNION,
    collapse,
    of_class,
    slugs,
    values,
)

MINIMUM_WORDS = 3
# The items of the page that have a date, and where they stand.
ITEMS = {
    f"{PAGE}.webinar-series": (4324, 7054),
    f"{PAGE}.ilo-declaration": (7054, 8943),
}


def test_the_source_is_the_one_that_evidence_counts_in() -> None:
    digest = hashlib.sha256(SOURCE.read_bytes()).hexdigest()
    assert digest == "98d86da407b286fb1bdccb08c2dd299a6709ab3adf7be2b8177afa27334a7b87"
    assert values(f"{ID}doc/{PAGE}", "textDigest") == [digest]
    readme = (DATA / "sources" / "README.md").read_text(encoding="utf-8")
    assert digest in readme
    assert SOURCE.name in readme
    assert "https://gsef-net.org/fr/project-international-advocacy" in readme


def names() -> set[str]:
    """Every name, title and theme, as a quote must not be one of them alone."""
    predicates = {SKOS + "prefLabel", SKOS + "altLabel", GSEF + "acronym", GSEF + "theme"}
    predicates |= {GSEF + "positionTitle"}
    return {t.object.value.casefold() for t in ALL if t.predicate.value in predicates}


@pytest.mark.parametrize("evidence", of_class("Evidence"), ids=lambda e: e.rsplit("/", 1)[1])
def test_a_quote_stands_where_it_says(evidence: str) -> None:
    (quote,) = STATED_BY[evidence][GSEF + "quote"]
    (start,), (end,) = values(evidence, "start"), values(evidence, "end")
    assert isinstance(quote, Literal)
    item = [slug for slug, (a, b) in ITEMS.items() if a <= int(start) < b]
    assert slugs(evidence, "source") == (item or [PAGE])
    assert evidence == f"{ID}evidence/{PAGE}.{start}-{end}"
    assert TEXT[int(start) : int(end)] == quote.value
    assert quote.value == quote.value.strip()
    assert len(re.findall(r"\w+", quote.value)) >= MINIMUM_WORDS
    assert len(quote.value) <= 350, "a passage, not a page"
    assert collapse(quote.value).casefold() not in names()
    assert quote.language in ("fr", "en")


def test_passages_in_english_are_in_the_english_part_or_hold_a_theme() -> None:
    boundary = TEXT.index("Following the proposed centenary report")
    themes = {
        (begin, begin + len(theme.value))
        for event in of_class("Event")
        for theme in UNION[event].get(GSEF + "theme", [])
        if isinstance(theme, Literal) and theme.language == "en"
        for begin in [TEXT.index(theme.value)]
    }
    assert len(themes) == 6
    for evidence in of_class("Evidence"):
        (quote,) = STATED_BY[evidence][GSEF + "quote"]
        assert isinstance(quote, Literal)
        start, end = (int(values(evidence, name)[0]) for name in ("start", "end"))
        english = start >= boundary or any(start < b and a < end for a, b in themes)
        assert quote.language == ("en" if english else "fr"), evidence


def test_no_passage_is_left_unused() -> None:
    used = {t.object for t in DOCUMENT + CURATION if t.predicate.value == GSEF + "evidence"}
    assert {term.value for term in used} == set(of_class("Evidence"))


def test_what_a_passage_supports_is_stated_where_it_is_used() -> None:
    supported: dict[str, set[str]] = defaultdict(set)
    for node in STATED_BY.values():
        for evidence in node.get(GSEF + "evidence", []):
            supported[evidence.value] |= set(node)
    for passage in of_class("Evidence"):
        for predicate in values(passage, "supports"):
            assert predicate in supported[passage], (passage, predicate)


def test_notes_are_in_three_languages() -> None:
    for evidence in of_class("Evidence"):
        notes = STATED_BY[evidence].get(GSEF + "note", [])
        languages = sorted(str(n.language) for n in notes if isinstance(n, Literal))
        assert languages in ([], ["en", "es", "fr"]), evidence


def test_every_fact_that_needs_a_passage_has_one() -> None:
    for name in ("Participation", "Membership"):
        assert all(GSEF + "evidence" in STATED_BY[node] for node in of_class(name))
    assert all(GSEF + "evidence" in node for node in CURATED_BY.values())
    dated = {GSEF + n for n in ("startDate", "endDate", "issued", "adoptedOn")}
    found = 0
    for subject, node in STATED_BY.items():
        for predicate in dated & set(node):
            passages = [e.value for e in node[GSEF + "evidence"]]
            supports = [values(e, "supports") for e in passages]
            assert any(not s or predicate in s for s in supports), (subject, predicate)
            found += 1
    assert found == 15 + 5 + 2 + 1


def test_every_statement_of_an_event_or_a_document_has_a_passage() -> None:
    carried_otherwise = {DCTERMS + n for n in ("isPartOf", "language", "source")}
    carried_otherwise |= {GSEF + n for n in ("evidence", "textDigest")}
    for subject, node in STATED_BY.items():
        kind = subject.removeprefix(ID).split("/")[0]
        if kind not in ("event", "doc", "org"):
            continue
        supports = [values(e.value, "supports") for e in node.get(GSEF + "evidence", [])]
        for predicate in set(node) - carried_otherwise:
            assert any(not s or predicate in s for s in supports), (subject, predicate)


def test_a_year_that_a_passage_leaves_out_is_noted() -> None:
    for subject, node in STATED_BY.items():
        for predicate in (GSEF + "startDate", GSEF + "adoptedOn", GSEF + "issued"):
            for date in node.get(predicate, []):
                passages = [
                    e.value
                    for e in node[GSEF + "evidence"]
                    if predicate in (values(e.value, "supports") or [predicate])
                ]
                quoted = " ".join(values(e, "quote")[0] for e in passages)
                noted = " ".join(n for e in passages for n in values(e, "note"))
                assert date.value[:4] in quoted or "year" in noted, subject


def test_the_left_out_passages_stand_where_they_say() -> None:
    path = DATA / "sources" / f"{PAGE}.left-out.md"
    rows = [
        tuple(cell.strip(" ") for cell in line.strip("|\n").split("|"))
        for line in path.read_text(encoding="utf-8").split("\n")
        if re.match(r"\| \d", line)
    ]
    assert len(rows) == 40
    for start, end, quote, why in rows:
        assert TEXT[int(start) : int(end)] == quote
        assert len(why.split()) >= 4
    assert rows == sorted(rows, key=lambda row: (int(row[0]), int(row[1])))


def test_nothing_that_the_source_says_is_neither_kept_nor_left_out() -> None:
    covered = bytearray(len(TEXT))
    left_out = (DATA / "sources" / f"{PAGE}.left-out.md").read_text(encoding="utf-8")
    spans = [(int(a), int(b)) for a, b in re.findall(r"^\| (\d+) \| (\d+) \|", left_out, re.M)]
    spans += [(int(values(e, "start")[0]), int(values(e, "end")[0])) for e in of_class("Evidence")]
    for start, end in spans:
        covered[start:end] = b"\x01" * (end - start)
    rest = "".join(" " if covered[i] else TEXT[i] for i in range(len(TEXT)))
    assert set(re.findall(r"\w{4,}", rest)) <= {
        "Organisation",
        "sessions",
        "lors",
        "grandes",
        "conférences",
        "internationales",
        "notamment",
        "Session",
        "spéciale",
        "dans",
        "cadre",
        "Conférence",
        "Internationale",
        "Groupe",
        "travail",
        "inter",
        "institutions",
        "Nations",
        "Unies",
        "Cette",
        "session",
        "Série",
        "webinaires",
        "pour",
        "promotion",
        "auprès",
        "parlementaires",
        "mexicains",
        "which",
    }


def test_every_mention_has_the_words_that_name_it() -> None:
    """As many passages for mentions as mentions, each within the text of its document."""
    for subject, node in STATED_BY.items():
        mentioned = node.get(GSEF + "mentions", [])
        passages = [
            e.value
            for e in node.get(GSEF + "evidence", [])
            if GSEF + "mentions" in values(e.value, "supports")
        ]
        assert len(passages) == len(mentioned), subject
        for each in mentioned:
            assert any(_names(values(e, "quote")[0], each.value) for e in passages), each


# What the page calls a thing whose label is ours.
CALLED = {
    "agenda-2030": "agenda 2030",
    "citynet-congress-8.gsef-session": "sessions thématiques",
    "world-urban-forum-9.gsef-session": "sessions thématiques",
    "hlpf-2018": "Forum politique de haut niveau",
    "hlpf-2018.gsef-side-event": "événement parallèle",
    "united-nations": "Nations Unies",
    "untfsse": "Groupe de travail inter-institutions",
    "untfsse-conference-2019-highlights": "aperçu des faits marquants",
    "untfsse-conference-2019-programme": "programme détaillé",
    "ilo-centenary-report": "proposed centenary report",
    **{
        f"sse-webinars-mexico-2020.webinar-{number}": start
        for number, start in enumerate(
            ("1 26 mai", "2 2 juin", "3 9 juin", "4 16 juin", "5 23 juin", "6 30 juin"), 1
        )
    },
}


def _names(quote: str, thing: str) -> bool:
    labels = [t.value for p in ("prefLabel", "altLabel") for t in UNION[thing].get(SKOS + p, [])]
    labels += values(thing, "acronym")
    labels += [CALLED[slug]] if (slug := thing.rsplit("/", 1)[1]) in CALLED else []
    return any(fold(label) in fold(quote) for label in labels)
