"""A web page as text: one line a block, without what stands around every page of a site.

Blocks are what a browser sets on lines of its own; a row of a table is one, unless its cells hold
blocks. Left out are scripts, styles, navigation, forms' controls, what is hidden, and the header
and footer of the page (those of an article or a section belong to it, WAI-ARIA 1.2 and HTML-AAM).
White space collapses inside a block; no-break spaces stay.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_BLOCKS: Final = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu",
    "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
))  # fmt: skip
_CELLS: Final = frozenset(("td", "th"))
_ASIDE: Final = frozenset((
    "audio", "button", "canvas", "datalist", "embed", "head", "iframe", "input", "map", "math",
    "nav", "noscript", "object", "script", "select", "style", "svg", "template", "textarea",
    "video",
))  # fmt: skip
_ENDS: Final = frozenset(("header", "footer"))
_OWN: Final = frozenset(("article", "aside", "main", "section"))
"""What a header or a footer may be of, in place of the page."""
_ROLES: Final = frozenset(("banner", "contentinfo", "navigation", "search"))
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_SPACE: Final = re.compile(r"[ \t\n\r\f]+")
_INVISIBLE: Final = str.maketrans("", "", "\u00ad\u200b\u2060\ufeff")
"""Where a line may break, which no keyboard types."""
_CHARSET: Final = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.I)
_TAG: Final = re.compile(r"[A-Za-z]{2,3}(?![A-Za-z])")
_NESTING: Final = re.compile(
    r"<(/?)(?:article|aside|blockquote|center|details|div|dl|fieldset|figure|footer|form|header|main"
    r"|nav|ol|section|table|ul)\b", re.I
)  # fmt: skip
"""What stays open until it is closed, and makes a parser look at all that is open."""
_DEEPEST: Final = 4_000


@dataclass(frozen=True, slots=True)
class Page:
    """What a web page says.

    Attributes:
        text: its blocks, one a line.
        title: what it calls itself; language: as it says; either may be empty.
    """

    text: str
    title: str = ""
    language: str = ""


def decoded(data: bytes, charset: str = "") -> str:
    """The characters of a page, by its mark, the server, itself, or as most pages are.

    Parameters:
        charset: what the server says.

    Errors:
        UnicodeDecodeError: it is not in the encoding that is declared.

    >>> decoded("<meta charset=iso-8859-1>é’".encode("cp1252"))[-2:], decoded("é".encode())
    ('é’', 'é')
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):  # fmt: skip
        if data.startswith(mark):
            return data.decode(name)
    said = _CHARSET.search(data[:4096])
    for label in (charset, said[1].decode("ascii") if said else ""):
        if label and (name := _codec(label)):
            return data.decode(name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _codec(label: str) -> str:
    """The encoding that a label means (WHATWG Encoding, section 4.2); empty for none of text."""
    try:
        found = codecs.lookup(label)
    except LookupError:
        return ""
    if not getattr(found, "_is_text_encoding", True):
        return ""
    # Latin 1 and ASCII are read as what browsers take them for.
    return "cp1252" if found.name in ("iso8859-1", "ascii") else found.name


def page(html: str) -> Page:
    """What a page says.

    Parameters:
        html: its characters.

    Errors:
        RecursionError: it is nested too deeply to be a page.

    >>> page("<title>T - Site</title><nav>Menu</nav><h1>T</h1><p>one <b>t</b>wo<ul><li>a<li>b")
    Page(text='T\\none two\\na\\nb\\n', title='T', language='')
    >>> page("<html lang=fr-FR><table><tr><td>Quito<td>2016<tr><td>Bilbao<td>2018</table>").text
    'Quito 2016\\nBilbao 2018\\n'
    """
    from selectolax.lexbor import LexborHTMLParser

    depth = 0
    for match in _NESTING.finditer(html):
        depth = max(depth - 1, 0) if match[1] else depth + 1
        if depth > _DEEPEST:
            raise RecursionError
    tree = LexborHTMLParser(html)
    root = tree.root
    if root is None:
        return Page("")
    lines = _Lines()
    headings = _walk(root, lines)
    named = tree.css_first('meta[property="og:title"]')
    head = tree.css_first("head > title")
    titles = (
        headings[0] if len(headings) == 1 else "",
        (named.attributes.get("content") or "") if named else "",
        (head.text() or "") if head else "",
    )
    told = root.attributes.get("lang") or root.attributes.get("xml:lang") or ""
    return Page(lines.text(), next(filter(None, map(tidy, titles)), ""), language(told))


class _Lines:
    """Lines that grow by pieces of text."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._pieces: list[str] = []

    def put(self, text: str) -> None:
        self._pieces.append(text)

    def end(self) -> str:
        """End the line, and give it."""
        line = tidy("".join(self._pieces))
        self._pieces.clear()
        if line:
            self._lines.append(line)
        return line

    @property
    def count(self) -> int:
        return len(self._lines)

    def since(self, count: int) -> str:
        return " ".join(self._lines[count:])

    def text(self) -> str:
        self.end()
        return "".join(f"{line}\n" for line in self._lines)


def _walk(root: LexborNode, lines: _Lines) -> list[str]:
    """Put what a page says into lines; its headings of the first level."""
    headings: list[str] = []
    # Elements that are open, the lines before each, and whether it is in a part of the page.
    open_: list[tuple[LexborNode, int, bool]] = []
    node: LexborNode | None = root
    preformatted = 0
    while node is not None:
        within = bool(open_) and open_[-1][2]
        below: LexborNode | None = None
        if node.is_text_node:
            text = node.text_content or ""
            for number, piece in enumerate(text.split("\n") if preformatted else (text,)):
                if number:
                    lines.end()
                lines.put(piece)
        elif node.is_element_node and not _is_aside(node, within):
            tag = node.tag or ""
            if tag == "br" or tag in _BLOCKS:
                lines.end()
            below = node.first_child
            if below is not None:
                if len(open_) == _DEEPEST:
                    raise RecursionError
                open_.append((node, lines.count, within or tag in _OWN))
                preformatted += tag == "pre"
                node = below
                continue
        following = node.next
        while following is None and open_:
            node, before, _ = open_.pop()
            tag = node.tag or ""
            preformatted -= tag == "pre"
            if tag in _BLOCKS:
                lines.end()
            elif tag in _CELLS:
                lines.put(" ")
            if tag == "h1" and (heading := lines.since(before)):
                headings.append(heading)
            following = node.next if open_ else None
        node = following
    return headings


def _is_aside(node: LexborNode, within: bool) -> bool:
    """Whether an element is no part of what a page says.

    Parameters:
        within: whether it stands in an article, or another part of the page with a header of its
            own.
    """
    tag, said = node.tag or "", node.attributes
    return (
        tag in _ASIDE
        or (tag in _ENDS and not within)
        or (tag == "dialog" and "open" not in said)
        or (said.get("role") or "").strip().lower() in _ROLES
        or "hidden" in said
        or said.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(said.get("style") or ""))
    )


def tidy(text: str) -> str:
    """A line with single spaces, without what no keyboard types; no-break spaces stay.

    >>> tidy(" so\\u00adcial\\n economy\\xa0! ")
    'social economy\\xa0!'
    """
    return _SPACE.sub(" ", text.translate(_INVISIBLE)).strip(" ")


def language(tag: str) -> str:
    """The primary language of a tag; empty for none.

    >>> language("FR-ca"), language("x-default")
    ('fr', '')
    """
    told = _TAG.match(tag)
    return told[0].lower() if told else ""
