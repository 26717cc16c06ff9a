"""Debian's Chromium on our pages: what a page may not do, whatever is tried on it, is a fault.

A fault is an error on the console, one that a script did not catch, what the policy of the page
forbids, a file that was not there, and any request that leaves this machine. Without Chromium, or
without axe (`make assets`), the tests that need them skip, and say so.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, Response, expect, sync_playwright

from tests.commands import ROOT
from tests.web import serving

CHROMIUM = shutil.which("chromium")
AXE = ROOT / "build" / "axe" / "axe.min.js"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    # Whatever we did not think of finds no host.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
WIDE, NARROW = 1280, 390
LANGUAGES = ("en", "fr", "es")

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="Chromium is not installed (Debian: chromium)"
)
needs_axe = pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not there (make assets)")

_ID = "https://w3id.org/gsefgraph/"
QUERY = "SELECT ?s ?name WHERE { ?s a gsef:Organisation ; skos:prefLabel ?name } LIMIT 5"
WHY = "/why?" + urlencode(
    {
        "s": f"<{_ID}id/doc/gsef-advocacy-fr>",
        "p": f"<{_ID}ontology#issuedBy>",
        "o": f"<{_ID}id/org/gsef>",
    }
)
PAGES = {
    "home": "/",
    "search": "/search?q=gsef",
    "error": "/page/org/gesf",
    "organisation": "/page/org/gsef",
    "person": "/page/person/laurence-kwark",
    "event": "/page/event/sse-webinars-mexico-2020",
    "document": "/page/doc/gsef-advocacy-fr",
    "goal": "/page/goal/17",
    "explore": "/explore",
    "list": "/explore/event",
    "questions": "/questions",
    "timeline": "/questions/events-by-goal",
    "bars": "/questions/goals-covered",
    "map": "/questions/places-of-events",
    "network": "/questions/collaboration-network",
    "bad-value": "/questions/events-by-goal?goal=99",
    "sources": "/sources",
    "source": "/sources/gsef-advocacy-fr",
    "evidence": "/page/evidence/gsef-advocacy-fr.2425-2667",
    # What is left of another passage between two is one short word, and a link.
    "evidence-between": "/page/evidence/gsef-advocacy-fr.7375-7407",
    "why": WHY,
    "sparql": "/sparql?" + urlencode({"query": QUERY}),
    "plain-sparql": "/sparql?" + urlencode({"query": QUERY, "editor": "plain"}),
    "check": "/check",
    "contribute": "/contribute",
    "help": "/help",
    "guide": "/help/officer",
    "preview": "/reconcile/preview?id=org/gsef",
    "model": "/model",
    "term": "/model/Organisation",
}
"""One address of each template, and of what one template shows in several ways."""
STATUS = {"error": 404, "bad-value": 400}


class Chromium:
    """A browser, and the one place that its pages may speak to."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address.rstrip("/")
        self._kept: dict[tuple[str, bool], Tab] = {}

    @contextmanager
    def page(
        self,
        path: str = "/",
        *,
        lang: str = "en",
        width: int = WIDE,
        status: int = 200,
        script: bool = True,
        **settings: Any,
    ) -> Iterator[Page]:
        """A page as who comes for the first time sees it; its faults are told at the end.

        A tab costs more than most pages, so a language keeps one, which is told to forget; a test
        that fails, or wants a setting, has its own.

        Parameters:
            lang: which the browser asks for.
            status: with which the first page answers.
            script: whether scripts run.
            settings: of `Browser.new_context`.
        """
        tab = None if settings else self._kept.pop((lang, script), None)
        if tab is None:
            tab = Tab(
                self.browser, self.address, locale=lang, java_script_enabled=script, **settings
            )
        whole = False
        try:
            tab.forget(width)
            answer = tab.page.goto(self.address + path)
            assert answer is None or answer.status == status or path.startswith("file:"), path
            yield tab.page
            assert not tab.faults, (path, tab.faults)
            whole = not settings
        finally:
            if whole:
                self._kept[lang, script] = tab
            else:
                tab.page.context.close()

    @contextmanager
    def started_with(self, *flags: str) -> Iterator[Chromium]:
        """Another browser beside this one, told more."""
        browser = self.browser.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
        try:
            yield Chromium(browser, self.address)
        finally:
            browser.close()


class Tab:
    """One page after the other, and what was wrong on them."""

    def __init__(self, browser: Browser, address: str, **settings: Any) -> None:
        self.address = address
        self.faults: list[str] = []
        context = browser.new_context(**settings)
        context.set_default_timeout(10_000)
        page = self.page = context.new_page()
        page.on("console", lambda said: self.faults.extend(_said(said.type, said.text)))
        page.on("pageerror", lambda error: self.faults.append(f"not caught: {error}"))
        page.on("request", lambda request: self.faults.extend(self._outside(request.url)))
        page.on("response", lambda response: self.faults.extend(_missing(response)))

    def forget(self, width: int) -> None:
        """Be as a new one is; the policy of our pages keeps them from storing anything."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(media="null", color_scheme="null")
        self.page.mouse.move(0, 0)

    def _outside(self, url: str) -> Iterator[str]:
        if not url.startswith((self.address, "data:", "blob:")):
            yield f"asks another machine: {url}"


def _said(kind: str, text: str) -> Iterator[str]:
    # That an answer was no success is told by `_missing`, which knows of what.
    if kind == "error" and not text.startswith("Failed to load resource"):
        yield text


def _missing(response: Response) -> Iterator[str]:
    if response.status >= 400 and not response.request.is_navigation_request():
        yield f"{response.status}: {response.url}"


@contextmanager
def started(address: str | None = None) -> Iterator[Chromium]:
    """A browser on a server of its own, or at an address."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            if address is None:
                with serving("--lang", "en") as (_, own):
                    yield Chromium(browser, own)
            else:
                yield Chromium(browser, address)
        finally:
            browser.close()


def opened(page: Page) -> None:
    """Open all that opens, and wait for what is fetched then."""
    later = page.locator("a[data-later]").count()
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    if later:
        expect(page.locator("details[open] a[data-later]")).to_have_count(0, timeout=30_000)


def axe(page: Page, *rules: str) -> list[str]:
    """What axe finds on a page as it stands: the rule and the element.

    Parameters:
        rules: the only ones to look for; all, and the size of targets, where none is given.
    """
    if page.evaluate("typeof axe") == "undefined":
        # By the protocol of the browser, which the policy of the page does not concern.
        page.evaluate(AXE.read_text("utf-8"))
    options: dict[str, object] = {"resultTypes": ["violations"], "preload": False}
    if rules:
        options["runOnly"] = list(rules)
    else:
        options["rules"] = {"target-size": {"enabled": True}}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{one['id']}: {node['html'][:200]} {_why(node)}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def _why(node: dict[str, Any]) -> str:
    summary = node.get("failureSummary") or ""
    return re.sub(r"\s+", " ", summary.partition("\n")[2])[:200]
