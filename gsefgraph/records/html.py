"""Web pages: where their JSON-LD stands (JSON-LD 1.1, section 7), and what else they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin

_VISIBLE = re.compile(r"[^\r\n]+")
_TAG = re.compile(
    r"""<!--|<(?P<name>[A-Za-z][^\s/>]*+)(?P<attributes>(?:[^<>"']|"[^"]*"|'[^']*')*+)>"""
)
_ATTRIBUTE = re.compile(r"""([^\s=/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_KIND = "application/ld+json"
_RDFA = frozenset({"vocab", "typeof", "property", "about", "resource"})
_RAW = frozenset({"script", "style", "textarea", "title"})  # whose content is text


@dataclass
class Page:
    """What a page holds for programs.

    Attributes:
        scripts: where the text of each script of JSON-LD begins and ends; empty ones are left out.
        base: the base that the page declares, itself perhaps relative.
        rdfa, microdata: whether it has any.

    >>> page = read('<base href="b/"><script type="application/ld+json">{}</script>')
    >>> page.scripts, page.base, page.rdfa
    ([(51, 53)], 'b/', False)
    """

    scripts: list[tuple[int, int]] = field(default_factory=list)
    base: str | None = None
    rdfa: bool = False
    microdata: bool = False

    def base_of(self, address: str | None) -> str | None:
        """What its relative IRIs are resolved against, the page being at an address."""
        return urljoin(address or "", self.base) if self.base else address

    def json(self, text: str) -> str:
        """Its scripts as one JSON text, each where it stands in the page: several make an array.

        >>> text = '<script type="application/ld+json">{}</script>' * 2
        >>> read(text).json(text).split()
        ['[{}', ',', '{}]']
        """
        found, after = list[str](), 0
        for start, end in self.scripts:
            found += [_blank(text[after:start]), text[start:end]]
            after = end
        found.append(_blank(text[after:]))
        if len(self.scripts) > 1:
            # Between scripts there are tags; the last may go to the end of the page.
            gaps = ((gap, len(gap) // 2) for gap in found[2:-1:2])
            between = [f"{gap[:middle]},{gap[middle + 1 :]}" for gap, middle in gaps]
            found[0::2] = [f"{found[0][:-1]}[", *between, f"]{found[-1][1:]}"]
        return "".join(found)


def read(text: str) -> Page:
    """Look through a page.

    >>> read('<p itemscope><b property="name">x</b>').microdata
    True
    """
    page, start = Page(), 0
    while tag := _TAG.search(text, start):
        start = tag.end()
        if tag["name"] is None:
            end = text.find("-->", start)
            start = len(text) if end < 0 else end
            continue
        name, given = tag["name"].lower(), _attributes(tag["attributes"])
        page.rdfa = page.rdfa or not _RDFA.isdisjoint(given)
        page.microdata = page.microdata or "itemscope" in given
        if name == "base" and page.base is None:
            page.base = given.get("href")
        if name in _RAW:
            ended = re.compile(f"</{name}", re.I | re.A).search(text, start)
            end = ended.start() if ended else len(text)
            kind = given.get("type", "").partition(";")[0].strip().lower()
            if name == "script" and kind == _KIND and text[start:end].strip():
                page.scripts.append((start, end))
            start = end
    return page


def _blank(text: str) -> str:
    """A text of as many characters and the same lines, with nothing to see."""
    return _VISIBLE.sub(lambda match: " " * len(match[0]), text)


def _attributes(text: str) -> dict[str, str]:
    return {
        match[1].lower(): unescape(match[2] or match[3] or match[4] or "")
        for match in _ATTRIBUTE.finditer(text)
    }
