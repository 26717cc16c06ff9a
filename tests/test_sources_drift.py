"""Quotes against a new version of their source: what stands, what has moved, what is gone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from gsefgraph.evidence import Passage
from gsefgraph.evidence.drift import drift
from gsefgraph.wording import LANGUAGES
from tests.commands import ROOT, Cli

SOURCE = ROOT / "data" / "sources" / "gsef-advocacy-fr.txt"
TEXT = "Le GSEF a été créé\nà Séoul en 2013. 😀 Il\u00a0agit.\nLe GSEF agit.\n"
NODE = NamedNode("urn:e")


def quoted(quote: str, start: int | None = 0) -> Passage:
    return Passage(NODE, None, start, None if start is None else start + len(quote), quote, "fr")


# A quote, where it stood, and what becomes of it: state, words and start now.
CASES = {
    "stands": ("Le GSEF a été créé", 0, ("stands", "Le GSEF a été créé", 0)),
    "moved": ("Il\u00a0agit", 3, ("moved", "Il\u00a0agit", 38)),
    "the nearest of several": ("Le GSEF", 40, ("moved", "Le GSEF", 47)),
    "never had a place": ("Il\u00a0agit", None, ("moved", "Il\u00a0agit", 38)),
    "other white space": ("Il agit.\nLe GSEF", 9, ("gone", "Il\u00a0agit.\nLe GSEF", 38)),
    "other words": ("Le GSEF fut créé", 0, ("gone", "Le GSEF a été créé", 0)),
    "whole words": ("en 2012", 0, ("gone", "en 2013", 27)),
    "another year and mark": ("à Seoul en 2014", 0, ("gone", "à Séoul en 2013", 19)),
    "longer than the text": (f"{TEXT} et plus", 0, ("gone", TEXT.strip(), 0)),
}


@pytest.mark.parametrize("case", CASES)
def test_what_becomes_of_a_quote(case: str) -> None:
    quote, start, expected = CASES[case]
    (found,) = drift([quoted(quote, start)], TEXT)
    assert found.now is not None
    assert (found.state, found.now.words, found.now.start) == expected
    assert TEXT[found.now.start : found.now.end] == found.now.words
    assert (found.now.likeness == 100) == (found.state != "gone")
    assert len({found.sentence().text(language) for language in LANGUAGES}) == 3


@pytest.mark.parametrize("quote", ["zzzzzzzz xxxxxx", ""])
def test_what_nothing_is_like_has_no_place(quote: str) -> None:
    (found,) = drift([quoted(quote)], TEXT)
    assert (found.state, found.now) == ("gone", None)
    assert "nothing is like it" in found.sentence()
    assert found.to_json()["now"] is None
    assert drift([quoted(quote or "a")], "")[0].now is None


def test_of_the_same_words_with_other_spaces_the_nearest_are_meant() -> None:
    (found,) = drift([quoted("Il agit", 20)], "Il\u00a0agit. Elle agit. Il\u00a0agit.")
    assert found.now is not None
    assert (found.state, found.now.start) == ("gone", 20)


@given(st.text("ab é.\n", max_size=40), st.text("ab é.\n", max_size=12), st.integers(0, 40))
def test_what_stands_is_there_and_what_is_gone_is_not(text: str, quote: str, start: int) -> None:
    (found,) = drift([quoted(quote, start)], text)
    assert (found.state == "gone") == (not quote or quote not in text)
    assert (found.state == "stands") == bool(quote and text[start:].startswith(quote))
    if found.now is not None:
        assert text[found.now.start : found.now.end] == found.now.words != ""
        assert 0 <= found.now.likeness <= 100


def newer(folder: Path) -> Path:
    path = folder / SOURCE.name
    text = SOURCE.read_text("utf-8").replace("modérée par Mme Antonella", "animée par Antonella")
    path.write_text(text, "utf-8")
    return path


def test_the_text_as_it_is_has_no_drift(cli: Cli) -> None:
    done = cli("evidence", "--drift", SOURCE)
    assert (done.code, done.out) == (0, "")
    assert "159 quotes stand (0 moved), 0 no longer stand" in done.err


@pytest.mark.parametrize(
    ("lang", "words", "counts"),
    [
        ("en", "no longer stands; the nearest words, 80% alike", "157 quotes stand ("),
        ("fr", "plus\u00a0; les mots les plus proches, semblables à 80\u00a0%", "157 citations"),
        ("es", "ya no figura; las palabras más cercanas, iguales en un 80 %", "157 citas siguen"),
    ],
)
def test_what_no_longer_stands_is_told(
    cli: Cli, tmp_path: Path, lang: str, words: str, counts: str
) -> None:
    done = cli("evidence", "--drift", newer(tmp_path), "--lang", lang)
    assert done.code == 1
    assert len(done.lines) == 2
    assert done.lines[0].startswith("id-evidence:gsef-advocacy-fr.3692-3722: ")
    assert words in done.lines[0]
    assert "animée par Antonella Noya" in done.lines[0]
    assert "3692–3717" in done.lines[0]
    assert counts in done.err
    more = cli("evidence", "--drift", newer(tmp_path), "--lang", lang, "-v")
    assert len(more.lines) > 20


def test_programs_are_told_all(cli: Cli, tmp_path: Path) -> None:
    done = cli("evidence", "--drift", newer(tmp_path), "-f", "json")
    assert done.code == 1
    found = json.loads(done.out)
    assert len(found) == 159
    states = {state: sum(one["state"] == state for one in found) for state in ("stands", "gone")}
    assert states["gone"] == 2
    assert states["stands"] > 20
    (one,) = [one for one in found if one["evidence"].endswith(".3692-3722")]
    assert one["now"] == {
        "start": 3692, "end": 3717, "line": 15, "column": one["now"]["column"],
        "words": "animée par Antonella Noya", "likeness": 80.0,
    }  # fmt: skip


def test_a_page_is_compared_by_what_it_says(cli: Cli, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    lines = SOURCE.read_text("utf-8").splitlines()
    body = "".join(f"<p>{line.replace('&', '&amp;')}</p>" for line in lines)
    page.write_text(f"<!doctype html><meta charset=utf-8><nav>Menu</nav>{body}", "utf-8")
    done = cli("evidence", "--drift", page, "--document", "id-doc:gsef-advocacy-fr")
    assert done.code == 0, done.out
    part = cli("evidence", "--drift", page, "--document", "id-doc:gsef-advocacy-fr.webinar-series")
    assert part.err == done.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--drift", "other.txt"], 2, "no document is called 'other'; name the one"),
        (["--drift", "other.txt", "--document", "OECD"], 2, "OECD"),
        (["--drift", "none.txt"], 3, "no such file"),
        (["--drift", "https://a.example/b.txt"], 2, "nothing is fetched"),
        (["--document", "id-doc:gsef-advocacy-fr"], 2, "add --drift NEWTEXT"),
    ],
)
def test_what_is_wrong_says_what_would_be_right(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int,
    said: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.txt").write_text("a", "utf-8")
    done = cli("evidence", *arguments)
    assert done.code == code
    assert said in done.err
