"""Web pages: where their JSON-LD stands (JSON-LD 1.1, section 7), and what else they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import urljoin

_VISIBLE = re.compile(r"[^\r\n]")
_KIND = "application/ld+json"
_RDFA = frozenset({"vocab", "typeof", "property", "about", "resource"})


@dataclass
class Page:
    """What a page holds for programs.

    Attributes:
        scripts: where the text of each script of JSON-LD begins and ends.
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
        found = list(_VISIBLE.sub(" ", text))
        for start, end in self.scripts:
            found[start:end] = text[start:end]
        if len(self.scripts) > 1:
            for (_, end), (start, _) in pairwise(self.scripts):
                found[(start + end) // 2] = ","
            found[self.scripts[0][0] - 1], found[self.scripts[-1][1]] = "[", "]"
        return "".join(found)


def read(text: str) -> Page:
    """Look through a page.

    >>> read('<p itemscope><b property="name">x</b>').microdata
    True
    """
    reader = _Reader(text)
    reader.feed(text)
    reader.close()
    return reader.page


class _Reader(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.page = Page()
        self._text = text
        self._starts = [0]
        for line in text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._begun: int | None = None

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.page.rdfa = self.page.rdfa or not _RDFA.isdisjoint(given)
        self.page.microdata = self.page.microdata or "itemscope" in given
        if tag == "base" and self.page.base is None and given.get("href"):
            self.page.base = given["href"]
        kind = (given.get("type") or "").partition(";")[0].strip().lower()
        if tag == "script" and kind == _KIND:
            self._begun = self._offset() + len(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._begun is not None:
            self.page.scripts.append((self._begun, self._offset()))
            self._begun = None
