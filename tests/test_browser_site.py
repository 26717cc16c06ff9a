"""A site that is only files, opened from its folder: it needs no server, and asks none."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import expect

from tests.browser import (
    NARROW,
    WIDE,
    Chromium,
    axe,
    needs_axe,
    needs_chromium,
    opened,
    started,
)
from tests.commands import ROOT
from tests.links import faults as faults_of_links

pytestmark = needs_chromium
EVERY = (
    "index.html",
    "en/index.html",
    "en/search.html",
    "en/sparql.html",
    "en/check.html",
    "en/page/org/gsef.html",
    "en/questions/places-of-events.html",
)
"""One of each template that the server does not have, and of what differs there."""
_JUDGED = 20  # of so many pages one, in each language in turn


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site") / "site"
    _written(target, "--lang", "en", "--most", "12")
    return target


def _written(target: Path, *options: str) -> None:
    command = [sys.executable, "-m", "gsefgraph", "site", "-o", str(target), *options]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)


@pytest.fixture(scope="module")
def chromium(folder: Path) -> Iterator[Chromium]:
    with started(folder.as_uri()) as browser:
        yield browser


@needs_axe
@pytest.mark.parametrize("path", EVERY)
def test_pages_of_a_folder_are_as_sound_as_those_of_a_server(chromium: Chromium, path: str) -> None:
    with chromium.page(f"/{path}") as page:
        opened(page)
        page.set_viewport_size({"width": NARROW, "height": 900})
        page.emulate_media(color_scheme="dark")
        found = axe(page)
    assert not found, "\n".join(found)


def test_the_search_of_a_folder_needs_no_server(chromium: Chromium) -> None:
    with chromium.page("/en/index.html") as page:
        field = page.get_by_role("combobox")
        field.press_sequentially("gsef")
        expect(page.get_by_role("option").first).to_be_visible()
        field.press("ArrowDown")
        field.press("Enter")
        page.wait_for_url("**/en/page/**.html")
        page.get_by_role("combobox").fill("gsef")
        page.get_by_role("button", name="Search").click()
        page.wait_for_url("**/search.html?q=gsef*")
        expect(
            page.locator("main a").filter(has_text="Global Social Economy Forum").first
        ).to_be_visible()


@pytest.mark.parametrize(
    ("text", "group", "found"),
    [
        ("Barcelonne", "things", "Barcelona"),  # near
        ("GSFE", "things", "Global Social Economy Forum"),
        ("decent wrok", "things", "decent work"),
        ("speakers", "questions", "Who spoke"),
    ],
)
def test_the_search_of_a_folder_finds_what_that_of_a_server_does(
    chromium: Chromium, text: str, group: str, found: str
) -> None:
    with chromium.page(f"/en/search.html?q={text}") as page:
        part = page.locator(f'[data-results="{group}"]')
        expect(part.locator("a").first).to_contain_text(found)
        expect(part.locator(".n")).to_have_text(str(part.locator("a").count()))


def test_the_search_of_a_folder_finds_words_of_passages(chromium: Chromium, folder: Path) -> None:
    index = (folder / "en" / "search-index.js").read_text("utf-8")
    quote = json.loads(index.partition("=")[2].rstrip(";\n"))["passages"][-1][0]
    words = quote.split()[:3]
    with chromium.page(f"/en/search.html?q={quote_plus(' '.join(words))}") as page:
        first = page.locator('[data-results="passages"] a').first
        expect(first).to_have_attribute("lang", "fr")
        expect(first).to_contain_text(words[0])
        first.click()
        page.wait_for_url("**/page/evidence/*")
    with chromium.page("/en/search.html?q=Penang") as page:
        expect(page.get_by_role("status").first).to_have_text("No name contains “Penang”.")
        expect(page.locator("[data-results]:visible")).to_have_count(0)


def test_words_are_opened_in_their_text(chromium: Chromium) -> None:
    with chromium.page("/en/page/org/gsef.html") as page:
        words = page.locator("details.words:has(blockquote)").first
        words.locator("summary").click()
        link = words.locator('blockquote a[href*="evidence"]').first
        expect(link).to_be_visible()
        link.click()
        page.wait_for_url("**#p")
        expect(page.locator("#p").first).to_be_in_viewport()


@needs_axe
@pytest.mark.long
def test_the_whole_shipped_site_is_sound(tmp_path: Path) -> None:
    """Every link, every page opened, and some of them judged: of the server's, each one is."""
    root = tmp_path / "site"
    _written(root)
    faults = list(faults_of_links(root))
    seen = [(width, scheme) for width in (WIDE, NARROW) for scheme in ("light", "dark")]
    every = sorted(root.rglob("*.html"), key=lambda path: path.relative_to(root).parts[::-1])
    assert len(every) > 3500
    with started(root.as_uri()) as browser, browser.page("/index.html") as page:
        for at, path in enumerate(every):
            page.goto(path.as_uri())
            opened(page)
            if not at % _JUDGED:
                width, scheme = seen[at // _JUDGED % len(seen)]
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                own = path.relative_to(root).as_posix()
                faults += [f"{own} {width} {scheme}: {fault}" for fault in axe(page)]
    assert not faults, "\n".join(faults)
