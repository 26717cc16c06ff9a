"""Each template in a browser, with all that opens open: what axe finds, and what it leaves out.

A page is loaded once a language; the English one is then seen in each scheme and at each width,
since neither asks the server anything.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser import (
    AXE,
    LANGUAGES,
    NARROW,
    PAGES,
    STATUS,
    WIDE,
    Chromium,
    axe,
    needs_axe,
    needs_chromium,
    opened,
    started,
)

pytestmark = needs_chromium
_EVERY = ("/page", "/explore", "/questions/", "/sources", "/model", "/help")
_SLIM = 320
_COLOURS = ("color-contrast", "link-in-text-block")
# What another width can change of the same document; all other rules look at the document alone.
_LAYOUT = (*_COLOURS, "target-size", "scrollable-region-focusable", "css-orientation-lock")
_OTHERWISE = (
    (WIDE, "light", _LAYOUT),
    (WIDE, "dark", _COLOURS),
    (NARROW, "dark", _COLOURS),
)
_WIDER = """() => {
  const most = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= most) { return []; }
  const wide = [...document.querySelectorAll('body *')]
    .filter(one => one.getBoundingClientRect().right > most + 1 || one.scrollWidth > most)
    .map(one => one.outerHTML.slice(0, 120)).slice(-3);
  return wide.length ? wide : ['a text that runs out of what it stands in'];
}"""
# Links in a line of text are as high as the line (WCAG 2.2, 2.5.8); all else is at least 24 px.
_SMALL = """() => [...document.querySelectorAll(
    'summary, button, input:not([type=hidden]), select, textarea, header a, nav a, [role=option]')]
  .map(one => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.width && box.height && box.left >= 0)
  .filter(([one, box]) => box.width < 23.5
    || box.height < (one.matches('button:not(.copy), input, select') ? 39.5 : 23.5))
  .map(([one, box]) => box.width + 'x' + box.height + ' ' + one.outerHTML.slice(0, 120))"""
_OUTLINE = """() => {
  const found = [];
  if (document.querySelectorAll('h1').length != 1) { found.push('not one h1'); }
  const ids = [...document.querySelectorAll('[id]')].map(one => one.id);
  found.push(...ids.filter((id, at) => ids.indexOf(id) != at).map(id => 'twice: ' + id));
  // What YASQE makes of itself apart.
  for (const one of document.querySelectorAll('[style]:not(.yasqe *)')) {
    found.push('style: ' + one.outerHTML);
  }
  for (const part of document.querySelectorAll('main section')) {
    const head = document.getElementById(part.getAttribute('aria-labelledby') || '');
    if (!head || !part.contains(head)) { found.push('no heading: ' + part.outerHTML.slice(0, 80)); }
  }
  for (const link of document.querySelectorAll('a[href^="#"]')) {
    if (!document.getElementById(decodeURIComponent(link.hash.slice(1)))) {
      found.push('leads nowhere: ' + link.hash);
    }
  }
  for (const one of document.querySelectorAll('[aria-labelledby], [aria-describedby]')) {
    for (const name of ['aria-labelledby', 'aria-describedby']) {
      for (const id of (one.getAttribute(name) || '').split(' ').filter(Boolean)) {
        if (!document.getElementById(id)) { found.push(name + ': ' + id); }
      }
    }
  }
  return found.map(one => one.slice(0, 160));
}"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with started() as browser:
        yield browser


def seen(page: Page, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound_at_every_size(chromium: Chromium, name: str, lang: str) -> None:
    with chromium.page(PAGES[name], lang=lang, status=STATUS.get(name, 200)) as page:
        assert page.locator("html").get_attribute("lang") == lang
        opened(page)
        faults = page.evaluate(_OUTLINE)
        for width in (WIDE, NARROW, _SLIM):
            seen(page, width, "light")
            faults += [f"wider than {width}: {one}" for one in page.evaluate(_WIDER)]
            faults += [f"small at {width}: {one}" for one in page.evaluate(_SMALL)]
        if AXE.is_file():
            seen(page, NARROW, "light")
            faults += [f"{NARROW} light {one}" for one in axe(page)]
            # Words change neither colours nor what a width does to them.
            for width, scheme, rules in _OTHERWISE if lang == LANGUAGES[0] else ():
                seen(page, width, scheme)
                faults += [f"{width} {scheme} {one}" for one in axe(page, *rules)]
    assert not faults, "\n".join(faults)
    if not AXE.is_file():
        pytest.skip("but for axe-core, which is not there (make assets)")


@needs_axe
@pytest.mark.long
@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_nothing_on_any_page(chromium: Chromium, lang: str) -> None:
    """Every address of the sitemap, people's pages, and all questions."""
    faults, paths = [], set()
    with chromium.page(f"/questions?lang={lang}") as page:
        for path in ("/questions", "/explore/person", "/help", "/model"):
            page.goto(f"{chromium.address}{path}?lang={lang}")
            paths |= set(page.evaluate("[...document.links].map(one => one.href)"))
        told = page.request.get(f"{chromium.address}/sitemap.xml").text()
        paths |= set(re.findall(r"<loc>([^<]+)</loc>", told))
    own = {urlsplit(html.unescape(one))._replace(fragment="") for one in paths}
    wanted = sorted(
        one for one in own if one.path.startswith(_EVERY) and one.query == f"lang={lang}"
    )
    assert len(wanted) > 100
    with chromium.page(f"/?lang={lang}") as page:
        for one in wanted:
            page.goto(f"{chromium.address}{one.path}?{one.query}")
            opened(page)
            for scheme in ("light", "dark"):
                seen(page, NARROW, scheme)
                faults += [f"{one.path} {scheme} {fault}" for fault in axe(page)]
    assert not faults, "\n".join(faults)


def test_letters_may_be_twice_as_large(chromium: Chromium) -> None:
    faults = []
    with chromium.started_with("--blink-settings=defaultFontSize=32") as large:
        for name, path in PAGES.items():
            with large.page(path, lang="fr", status=STATUS.get(name, 200)) as page:
                assert page.evaluate("getComputedStyle(document.body).fontSize") == "32px"
                opened(page)
                for width in (WIDE, 2 * _SLIM):
                    page.set_viewport_size({"width": width, "height": 900})
                    faults += [f"{name} at {width}: {one}" for one in page.evaluate(_WIDER)]
    assert not faults, "\n".join(faults)
