"""What people do on the pages, in a browser: with a script and without, by mouse and by key."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import LANGUAGES, NARROW, Chromium, needs_chromium, started
from tests.commands import ROOT
from tests.web import serving

pytestmark = needs_chromium
EXAMPLE = ROOT / "ontology" / "examples" / "place-within-a-country.ttl"
GSEF = "/page/org/gsef"
PASSAGE = "/page/evidence/gsef-advocacy-fr.2425-2667"
PICTURES = {
    "/": "map",
    GSEF: "network",
    "/questions/places-of-events": "map",
    "/questions/collaboration-network": "network",
    "/questions/organisation-partners": "network",
}
YASQE = ROOT / "gsefgraph" / "web" / "static" / "yasqe" / "yasqe.min.js"
LISTED = ".pic > ol > li"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with started() as browser:
        yield browser


def numbers(text: str) -> list[int]:
    return [int(re.sub(r"\D", "", one)) for one in re.findall(r"\d[\d\u202f,]*", text)]


def focused(page: Page) -> Locator:
    return page.locator(":focus")


def tab_to(page: Page, wanted: Locator, most: int = 60) -> None:
    """Press Tab until an element has the focus, which is seen on each one on the way."""
    target = wanted.element_handle()
    for _ in range(most):
        page.keyboard.press("Tab")
        here = focused(page).element_handle()
        ring = here.evaluate(
            "one => { const s = getComputedStyle(one), b = one.getBoundingClientRect();"
            " return [s.outlineStyle, parseFloat(s.outlineWidth), b.width * b.height] }"
        )
        seen = ring[0] != "none" and ring[1] >= 2 and ring[2] > 0
        assert seen, here.evaluate("one => one.outerHTML.slice(0, 200)")
        if here.evaluate("(one, other) => one === other", target):
            return
    raise AssertionError("Tab does not reach it")


# Search


@pytest.mark.parametrize("lang", LANGUAGES)
def test_names_are_suggested_from_two_letters_on(chromium: Chromium, lang: str) -> None:
    with chromium.page("/", lang=lang) as page:
        field = page.get_by_role("combobox")
        options = page.get_by_role("option")
        field.press_sequentially("g")
        page.wait_for_timeout(300)
        expect(options).to_have_count(0)
        field.press_sequentially("s")
        expect(options.first).to_be_visible()
        expect(field).to_have_attribute("aria-expanded", "true")
        told = page.locator("[aria-live=polite]").inner_text()
        assert numbers(told) == [options.count()]
        field.press("ArrowDown")
        field.press("ArrowDown")
        field.press("ArrowUp")
        chosen = page.locator("[role=option][aria-selected=true]")
        expect(chosen).to_have_count(1)
        expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "-")
        field.press("ArrowUp")
        expect(options.last).to_have_attribute("aria-selected", "true")
        field.press("Escape")
        expect(options.first).to_be_hidden()
        expect(field).to_be_focused()
        expect(field).to_have_value("gs")
        with page.expect_response("**/api/suggest?q=gsef*"):
            field.press_sequentially("ef")
        expect(options.first).to_be_visible()
        expect(options.first).to_contain_text("GSEF")
        field.press("ArrowDown")
        field.press("Enter")
        page.wait_for_url(f"**{GSEF}")
        assert page.locator("html").get_attribute("lang") == lang


@pytest.mark.parametrize("script", [True, False])
def test_a_search_lists_things_and_passages(chromium: Chromium, script: bool) -> None:
    with chromium.page(GSEF, lang="fr", script=script) as page:
        page.get_by_role("searchbox").or_(page.get_by_role("combobox")).fill("maires")
        page.get_by_role("button", name="Chercher").click()
        page.wait_for_url("**/search?q=maires")
        assert numbers(page.locator("p.lede").inner_text())
        expect(page.locator("blockquote q").first).to_contain_text("maires")
        expect(page.get_by_role("searchbox").or_(page.get_by_role("combobox"))).to_have_value(
            "maires"
        )


# The words that a fact rests on


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_open_in_place_and_then_in_their_text(
    chromium: Chromium, lang: str, script: bool
) -> None:
    with chromium.page(GSEF, lang=lang, script=script) as page:
        words = page.locator("details.words:has(blockquote)").first
        words.locator("summary").click()
        quote = words.locator("blockquote").first
        expect(quote).to_be_visible()
        expect(quote).to_have_attribute("lang", "fr")
        said = quote.locator("q").inner_text()
        quote.locator('a[href*="/page/evidence/"]').click()
        page.wait_for_url("**/page/evidence/*#p")
        marked = page.locator("mark:has(#p), mark#p")
        expect(marked.first).to_be_in_viewport()
        shown = "".join(page.locator("article.source mark").all_text_contents())
        shown = shown.removeprefix(page.locator("mark .sr").first.text_content() or "")
        assert re.sub(r"\s+", "", said) in re.sub(r"\s+", "", shown)
        expect(page.locator("article.source")).to_have_attribute("lang", "fr")
        page.go_back()
        expect(page.locator("h1")).to_contain_text("GSEF")


def test_escape_closes_words_and_the_focus_returns(chromium: Chromium) -> None:
    with chromium.page(GSEF) as page:
        words = page.locator("details.words:has(blockquote)").first
        summary = words.locator("summary")
        summary.focus()
        summary.press("Enter")
        expect(words).to_have_attribute("open", "")
        page.keyboard.press("Tab")
        expect(words.locator("blockquote a").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(words).not_to_have_attribute("open", "")
        expect(summary).to_be_focused()


def test_a_walk_by_keyboard_from_search_to_text_and_back(chromium: Chromium) -> None:
    with chromium.page("/") as page:
        page.keyboard.press("Tab")
        expect(focused(page)).to_have_class("skip")
        expect(focused(page)).to_be_in_viewport()
        tab_to(page, page.locator("input[name=q]"))
        page.keyboard.type("OECD")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=OECD")
        tab_to(page, page.locator('main a[href="/page/org/oecd"]'))
        page.keyboard.press("Enter")
        page.wait_for_url("**/page/org/oecd")
        words = page.locator("details.words:has(blockquote)").first
        tab_to(page, words.locator("summary"))
        page.keyboard.press("Enter")
        tab_to(page, words.locator('a[href*="/page/evidence/"]').first)
        page.keyboard.press("Enter")
        page.wait_for_url("**/page/evidence/*#p")
        # From the words, not from the top of the page.
        page.keyboard.press("Tab")
        assert focused(page).evaluate(
            "one => !!(document.querySelector('#p').compareDocumentPosition(one)"
            " & Node.DOCUMENT_POSITION_FOLLOWING) || document.querySelector('#p').contains(one)"
        )
        page.go_back()
        page.wait_for_url("**/page/org/oecd")
        page.go_back()
        page.wait_for_url("**/search?q=OECD")


# Pictures


@pytest.mark.parametrize("path", PICTURES)
def test_marks_of_a_picture_agree_with_its_list(chromium: Chromium, path: str) -> None:
    with chromium.page(path) as page:
        picture = page.locator(f"svg.{PICTURES[path]}, .pic svg").first
        marks = picture.locator("g.num-dot:not(.me)")
        rows = page.locator(LISTED)
        count = marks.count()
        assert count == rows.count() > 1
        assert [one.strip() for one in marks.locator("text").all_text_contents()] == [
            str(number) for number in range(1, count + 1)
        ]
        for place in (0, count - 1):
            mark = marks.nth(place).get_attribute("data-mark")
            assert mark
            row = page.locator(LISTED).and_(page.locator(f'[data-mark="{mark}"]'))
            assert row.evaluate("one => [...one.parentNode.children].indexOf(one)") == place
            row.hover()
            expect(marks.nth(place)).to_have_class(re.compile(r"\bmarked\b"))
            page.mouse.move(0, 0)
            expect(marks.nth(place)).not_to_have_class(re.compile(r"\bmarked\b"))
            marks.nth(place).hover()
            expect(row).to_have_class(re.compile(r"\bmarked\b"))
            page.mouse.move(0, 0)
            row.locator("a").first.focus()
            expect(marks.nth(place)).to_have_class(re.compile(r"\bmarked\b"))
            page.evaluate("document.activeElement.blur()")


@pytest.mark.parametrize("path", ["/questions/events-between", "/questions/events-by-goal"])
def test_rows_of_a_picture_are_those_of_the_table(chromium: Chromium, path: str) -> None:
    with chromium.page(path, script=False) as page:
        said = numbers(page.locator(".answer p").first.inner_text())
        rows = page.locator("#table tbody tr")
        assert said[0] == rows.count()
        lanes = page.locator("ol.tl > li:not(.axis)")
        assert lanes.count()
        for lane in lanes.all():
            assert lane.locator("svg rect").count() == 1
            # A day that is known has a dot, a year alone a dashed box.
            assert lane.locator("svg rect.b").count() == lane.locator("svg circle").count()
        heads = {one.strip() for one in rows.locator("th").all_inner_texts()}
        assert {one.strip() for one in lanes.locator(".l").all_inner_texts()} <= heads


@pytest.mark.parametrize("path", ["/", "/explore", "/questions/goals-covered"])
def test_bars_are_as_long_as_their_numbers(chromium: Chromium, path: str) -> None:
    with chromium.page(path) as page:
        tables = page.locator("table.bars")
        assert tables.count()
        for table in tables.all():
            drawn = []
            for row in table.locator("tbody tr").all():
                bars, count = row.locator("rect"), numbers(row.locator(".num").inner_text())[0]
                if bars.count():
                    # As it is seen: what stands outside of its picture is cut off.
                    box, lane = bars.bounding_box(), row.locator("svg").bounding_box()
                    assert box
                    assert lane
                    assert box["width"] <= lane["width"] + 0.5
                    drawn.append((count, box["width"]))
            most, widest = max(drawn)
            for count, width in drawn:
                assert width == pytest.approx(widest * count / most, abs=2), (count, width)


# Questions


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_question_is_answered_for_what_is_chosen(
    chromium: Chromium, lang: str, script: bool
) -> None:
    with chromium.page("/questions/events-by-goal", lang=lang, script=script) as page:
        choice = page.locator("select[name=goal]")
        assert choice.locator("option[disabled]").count()
        text = choice.locator("option[value='17']").inner_text()
        choice.select_option("17")
        assert "goal=" not in page.url
        page.locator("form.ask button").click()
        page.wait_for_url("**goal=17**")
        expect(choice).to_have_value("17")
        answer = page.locator(".answer p").first.inner_text()
        rows = page.locator("#table tbody tr").count()
        assert numbers(answer)[0] == rows == numbers(text)[-1]
        assert "17" in answer
        note = page.locator("#table a.ref").first
        note.click()
        assert page.locator(":target").count() == 1
        expect(page.locator(":target blockquote q").first).to_be_in_viewport()
        page.locator(":target a[href^='#r']").click()
        expect(page.locator("#table")).to_be_in_viewport()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_bad_value_stays_with_what_would_be_right(chromium: Chromium, lang: str) -> None:
    path = "/questions/events-by-goal?goal=99"
    with chromium.page(path, lang=lang, script=False, status=400) as page:
        field = page.locator("[name=goal]")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_value("99")
        message = page.locator(f"#{(field.get_attribute('aria-describedby') or '').split()[0]}")
        expect(message).to_contain_text("99")
        assert 1 <= message.locator("a").count() <= 3
        message.locator("a").first.click()
        expect(page.locator("[aria-invalid]")).to_have_count(0)
        expect(page.locator(".answer, .gap").first).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_a_table_is_sorted_by_its_heads(chromium: Chromium, script: bool) -> None:
    with chromium.page("/questions/events-between", script=script) as page:
        heads = page.locator("#table thead th a")
        heads.nth(0).click()
        sorted_by = page.locator("#table th[aria-sort]")
        expect(sorted_by).to_have_attribute("aria-sort", "ascending")
        first = page.locator("#table tbody tr > *:first-child").all_inner_texts()
        assert len(first) > 5
        sorted_by.locator("a").click()
        expect(sorted_by).to_have_attribute("aria-sort", "descending")
        expect(page.locator("#table")).to_be_in_viewport()
        again = page.locator("#table tbody tr > *:first-child").all_inner_texts()
        assert sorted(again) == sorted(first)
        assert again[0] != first[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_answer_can_be_had_as_a_file(chromium: Chromium, lang: str) -> None:
    with chromium.page("/questions/events-between", lang=lang) as page:
        links = page.locator(".get a")
        kinds = {}
        for link in links.all():
            answer = page.request.get(chromium.address + (link.get_attribute("href") or ""))
            assert answer.ok
            kinds[link.inner_text()] = answer.headers["content-type"].partition(";")[0]
        assert kinds["CSV"] == "text/csv"
        assert kinds["SVG"] == "image/svg+xml"


# What is chosen by the reader's system


def test_print_shows_every_quote_and_no_form(chromium: Chromium) -> None:
    with chromium.page(GSEF, script=False) as page:
        hidden = page.locator("details.words:not([open]) blockquote q").first
        expect(hidden).to_be_hidden()
        page.emulate_media(media="print")
        for quote in page.locator("details.words:not([open]) blockquote q").all()[:5]:
            expect(quote).to_be_visible()
        for gone in ("header.top", "footer", "nav.toc"):
            expect(page.locator(gone)).to_be_hidden()


def test_forced_colours_keep_marks_and_the_quote(chromium: Chromium) -> None:
    with chromium.page(PASSAGE, forced_colors="active") as page:
        mark = page.locator("article.source mark").first
        outlined = mark.evaluate("one => getComputedStyle(one).outlineStyle")
        assert outlined != "none"
        stance = page.locator(".facts .st").first
        colours = stance.evaluate(
            "one => [getComputedStyle(one).borderTopColor, getComputedStyle(document.body).color,"
            " getComputedStyle(document.documentElement).backgroundColor]"
        )
        assert colours[0] != colours[2]


def test_nothing_moves_for_who_does_not_want_it(chromium: Chromium) -> None:
    scrolls = "getComputedStyle(document.documentElement).scrollBehavior"
    moves = "document.getAnimations().length"
    with chromium.page(GSEF, reduced_motion="reduce") as page:
        assert page.evaluate(scrolls) == "auto"
        assert page.evaluate(moves) == 0
    with chromium.page(GSEF, reduced_motion="no-preference") as page:
        assert page.evaluate(scrolls) == "smooth"


def test_languages_keep_the_address(chromium: Chromium) -> None:
    with chromium.page("/questions/events-by-goal?goal=17", width=NARROW, script=False) as page:
        for lang in ("fr", "es", "en"):
            page.locator(f"nav.langs a[hreflang={lang}]").click()
            page.wait_for_url(f"**goal=17&lang={lang}")
            assert page.locator("html").get_attribute("lang") == lang
            expect(page.locator("select[name=goal]")).to_have_value("17")


# A graph that changes


def test_what_was_added_is_found_after_a_reload(tmp_path: Path, chromium: Chromium) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    with serving("--project", str(tmp_path)) as (_, address):
        own = Chromium(chromium.browser, address)
        with own.page("/explore/place", script=False) as page:
            before = page.locator("main").inner_text()
            subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "gsefgraph",
                    "--project",
                    str(tmp_path),
                    "add",
                    str(EXAMPLE),
                ],
                check=True,
                capture_output=True,
                cwd=ROOT,
            )
            for _ in range(100):
                page.reload()
                if page.locator("main").inner_text() != before:
                    break
                page.wait_for_timeout(200)
            assert page.locator("main").inner_text() != before


# SPARQL, and files

ASKED = "SELECT ?s WHERE { ?s a gsef:Topic } LIMIT 3"


@pytest.mark.skipif(not YASQE.is_file(), reason="YASQE is not there (make assets)")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_large_editor_runs_a_query(chromium: Chromium, lang: str) -> None:
    with chromium.page("/sparql", lang=lang) as page:
        editor = page.locator(".CodeMirror textarea")
        expect(page.locator("#query")).to_be_hidden()
        label = page.locator(f"label[for='{editor.get_attribute('id')}']")
        assert label.inner_text()
        editor.focus()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(ASKED)
        page.keyboard.press("Escape")
        expect(page.locator("form.sparql button")).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url("**/sparql?query=**")
        expect(page.locator("#answer tbody tr")).to_have_count(3)
        assert "Topic" in page.locator("#query").input_value()


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_plain_editor_runs_a_query(chromium: Chromium, lang: str, script: bool) -> None:
    with chromium.page("/sparql?editor=plain", lang=lang, script=script) as page:
        field = page.locator("textarea[name=query]")
        expect(field).to_be_visible()
        field.fill(ASKED)
        page.locator("form.sparql button").click()
        expect(page.locator("#answer tbody tr")).to_have_count(3)
        expect(field).to_have_value(ASKED)


def test_a_fault_of_a_query_is_told_at_its_place(chromium: Chromium) -> None:
    path = "/sparql?" + urlencode({"query": "SELECT ?s WHERE { ?s a }", "editor": "plain"})
    with chromium.page(path, script=False, status=400) as page:
        field = page.locator("textarea[name=query]")
        expect(field).to_have_attribute("aria-invalid", "true")
        assert numbers(page.locator("#fault").inner_text())[0] == 1
        expect(page.locator("#fault mark")).to_have_count(1)


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_file_is_checked_and_its_faults_told_by_line(
    chromium: Chromium, lang: str, script: bool
) -> None:
    with chromium.page("/check", lang=lang, script=script) as page:
        page.locator("input[type=file]").set_input_files(EXAMPLE)
        page.locator("form.check button").click()
        verdict = page.locator("p.verdict")
        expect(verdict).to_be_visible()
        assert "bad" not in (verdict.get_attribute("class") or "")
        page.locator("input[type=file]").set_input_files(
            {
                "name": "wrong.ttl",
                "mimeType": "text/turtle",
                "buffer": EXAMPLE.read_bytes() + b"\n<urn:x> a .\n",
            }
        )
        page.locator("form.check button").click()
        expect(page.locator(".verdict.bad, .gap.warn").first).to_be_visible()
        assert page.locator("html").get_attribute("lang") == lang


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_date_with_its_note_leaves_room_for_its_sources(chromium: Chromium, lang: str) -> None:
    with chromium.page(GSEF, lang=lang, width=NARROW) as page:
        met = page.evaluate(
            "Array.from(document.querySelectorAll('.facts.dated>li:has(>.words)'), one => {"
            " const text = document.createRange(), when = one.querySelector('.when');"
            " if (!when) return '';"
            " text.selectNodeContents(when);"
            " const a = text.getBoundingClientRect(),"
            " b = one.querySelector('summary').getBoundingClientRect();"
            " return a.right > b.left && a.bottom > b.top ? when.textContent : '' })"
        )
        assert len(met) > 5
        assert not any(met), [one for one in met if one]
