"""The HTML page: whole in itself, safe, readable by machines that read pages aloud, never huge."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from pyoxigraph import Literal, NamedNode

from gsefgraph.shacl.report.finding import SEVERITIES
from gsefgraph.shacl.report.report import Report
from gsefgraph.terms import SH, SHAPES
from gsefgraph.wording import LANGUAGES
from tests.shacl_sample import report
from tests.test_shacl_report import ATTACK, REPORT, finding

VOID = frozenset({"meta", "br"})


class Page(HTMLParser):
    """Tags balance; attributes and headings are kept."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.said.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("made", [Report.of([]), REPORT, ATTACK, report()])
def test_whole_in_itself(made: Report, lang: str) -> None:
    text = made.to_html(lang)
    page = Page(text)
    assert page.all("html") == [{"lang": lang}]
    assert {name for name, _ in page.tags} & {"script", "link", "img", "iframe", "form"} == set()
    assert not any(key == "style" or key.startswith("on") for _, a in page.tags for key in a)
    style = re.search("<style>(.*?)</style>", text, re.S)
    assert style is not None
    assert "url(" not in style[1]
    assert "@import" not in style[1]
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    (policy,) = [m["content"] for m in page.all("meta")
                 if m.get("http-equiv") == "Content-Security-Policy"]  # fmt: skip
    assert policy == (f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
                      "form-action 'none'")  # fmt: skip
    links = [link["href"] or "" for link in page.all("a")]
    assert all(link.startswith(("#", "http://", "https://")) for link in links)
    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    assert {link[1:] for link in links if link.startswith("#")} <= ids


def test_headings_captions_and_header_cells() -> None:
    page = Page(report().to_html("fr"))
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert len(page.all("caption")) == len(page.all("table"))
    assert all("scope" in cell for cell in page.all("th"))


def test_both_groupings_with_true_counts() -> None:
    page = Page(report().to_html("fr"))
    said = " ".join(" ".join(page.said).split())
    assert said.count("date de début") >= 1
    assert "Date de début gsef-sh:Event-startDate/MinCount Erreur 1" in said
    assert "Le forum id-event:forum Erreur 2" in said
    assert "Erreurs 4 Avertissements 1 Remarques 1" in said


def test_odd_characters_are_escaped() -> None:
    text = ATTACK.to_html("en")
    assert "</script><b>" not in text
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e\ufffe]", text)
    assert "javascript:alert(1)" in text
    assert 'href="javascript' not in text


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def test_contrast_in_light_and_dark() -> None:
    # WCAG 2.2, 1.4.3: 4.5 to 1 for text.
    css = re.search("<style>(.*?)</style>", Report.of([]).to_html("en"), re.S)
    assert css is not None
    themes = [dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))
              for block in re.findall(r":root \{([^}]*)\}", css[1])]  # fmt: skip
    assert len(themes) == 2
    for theme in themes:
        for back in ("back", "panel"):
            for text in ("text", "soft", "link", "error", "warning", "note", "good"):
                pair = sorted((luminance(theme[back]), luminance(theme[text])))
                assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5, (back, text)


@pytest.mark.parametrize("shape", ["many rules", "one rule", "one node", "long texts"])
def test_five_thousand_findings_stay_small_and_are_counted(shape: str) -> None:
    first = finding()
    texts = {"en": '"<&>' * 400} if shape == "long texts" else first.message
    found = [
        replace(
            first,
            severity=SEVERITIES[n % 3],
            focus=NamedNode("urn:n" if shape == "one node" else f"https://e.org/{'n' * 40}{n}"),
            rule=f"{SHAPES}R{n % 1000 if shape == 'many rules' else 0}",
            component=f"{SH}InConstraintComponent",
            value=Literal(f"{n}" + ("é" * 3000 if shape == "long texts" else "")),
            message=texts,
            source=("a.ttl", n + 1, 1),
        )
        for n in range(5000)
    ]
    text = Report.of(found).to_html("fr")
    assert len(text.encode()) < 3_000_000
    page = Page(text)
    said = " ".join(" ".join(page.said).split())
    assert "Erreurs 1667 Avertissements 1667 Remarques 1666" in said
    assert "de plus" in said
    assert not any("open" in attributes for attributes in page.all("details"))
