"""A drawing: one file of SVG with its words, to be read in a light and in a dark scheme.

It has no role of an image, which would hide its texts and links from whom it is read aloud to.
Colours stand in attributes, which every program reads, and again in a style for browsers that
prefer the dark scheme. Links lead to http and https only.

>>> drawing = Drawing("Title", "What is seen.")
>>> drawing.text(0, 12, "a < b", "link", 15, "javascript:alert(1)")
>>> "a &lt; b</text>" in drawing.close(), "javascript" in drawing.close()
(True, False)
"""

from __future__ import annotations

import re
from typing import Final

from gsefgraph.answers.tables import cell_width
from gsefgraph.rdf.lexical import NOT_XML
from gsefgraph.wording import say, visible

_FONT: Final = "-apple-system,Segoe UI,Roboto,Noto Sans,Liberation Sans,Arial,sans-serif"
_WIDE: Final = 960
_MARGIN: Final = 24
_NAMES: Final = 40  # that one sentence bears
# A name, what it paints, its colour in light and in dark, and what else it says.
_PAINTS: Final = {
    "paper": ("fill", "#faf9f6", "#14171a", ""),
    "ink": ("fill", "#1c2024", "#e8e5dd", ""),
    "soft": ("fill", "#555d66", "#a9b0b6", ""),
    "link": ("fill", "#0b5069", "#82c8e0", ""),
    "mark": ("fill", "#0b5069", "#82c8e0", ""),
    "dashed": ("stroke", "#0b5069", "#82c8e0", ' fill="none" stroke-dasharray="3 3"'),
    "rule": ("stroke", "#dcd8ce", "#343a40", ""),
    "edge": ("stroke", "#8b8f8c", "#7b838a", ""),
    "between": ("stroke", "#8b8f8c", "#7b838a", ' stroke-dasharray="4 4"'),
    "land": ("fill", "#dfdcd2", "#3a4147", ""),
    "sea": ("fill", "#f1f2ef", "#191d21", ""),
    "node": ("fill", "#0b5069", "#82c8e0", ""),
    "centre": ("fill", "#1c2024", "#e8e5dd", ""),
    "number": ("fill", "#faf9f6", "#14171a", ""),
}
_STYLE: Final = "".join(
    f".gsefgraph-picture .{name}{{{what}:{dark}}}" for name, (what, _, dark, _) in _PAINTS.items()
)


class Drawing:
    """A drawing that grows downward: what is put has its place from where it has come to.

    Parameters:
        title: what it shows.
        sentence: what is seen, for whom it is read aloud.
        said: a sentence below the title.

    >>> drawing = Drawing("Two places", "Two dots and a line between them.")
    >>> drawing.box(0, 0, drawing.wide, 100, "sea")
    >>> drawing.shape("M0 0H40V20Z", 2, "land")
    >>> drawing.comment("The land is in the public domain.")
    >>> drawing.line(10, 20, 60, 20, "edge")
    >>> drawing.dot(10, 20, 14, "node", "1")
    >>> drawing.dot(60, 20, 14, "node", "2")
    >>> drawing.down(100)
    >>> drawing.listed([("1", "Quito", "https://e.org/quito", ""), ("2", "Seoul", "", "2014")])
    >>> drawing.gap()
    >>> drawing.rule()
    >>> drawing.note("Not all places are known.")
    >>> drawing.named("picture.unplaced", ["Bamako"], "en")
    >>> re.findall("([^>]+)</text>", drawing.close())[5:]
    ['2', 'Seoul', '2014', 'Not all places are known.', 'Without coordinates (1): Bamako']
    >>> drawing.lines("Seoul Metropolitan Government", 180, 15)
    ['Seoul Metropolitan', 'Government']
    """

    wide: Final = _WIDE - 2 * _MARGIN

    def __init__(self, title: str, sentence: str, said: str = "") -> None:
        self._title, self._sentence = title, sentence
        self._lines: list[str] = []
        self._y = float(_MARGIN)
        for text in self.lines(title, self.wide, 22):
            self.text(0, 18, text, "ink", 20, bold=True)
            self.down(26)
        for text in self.lines(said, self.wide, 16) if said else ():
            self.text(0, 18, text, "ink", 16)
            self.down(23)
        self.down(12)

    def down(self, height: float) -> None:
        """Go on so much further down."""
        self._y += height

    def gap(self) -> None:
        """Leave a little room."""
        self.down(12)

    def lines(self, text: str, wide: float, size: float) -> list[str]:
        """A text in lines that have room; no word is cut, and none where a space is no break."""
        most, lines = max(int(wide / (size * 0.52)), 1), [""]
        for word in re.split("[ \t\n]+", visible(text).strip()):
            if lines[-1] and cell_width(lines[-1]) + 1 + cell_width(word) > most:
                lines.append(word)
            else:
                lines[-1] = f"{lines[-1]} {word}".strip()
        return lines

    def note(self, text: str) -> None:
        """A sentence in small type below all."""
        for line in self.lines(text, self.wide, 14):
            self.text(0, 14, line, "soft", 14)
            self.down(20)

    def named(self, key: str, names: list[str], lang: str) -> None:
        """A sentence that names things, the first of many."""
        shown = names if len(names) <= _NAMES else [*names[:_NAMES], "…"]
        self.gap()
        self.note(say(key, count=len(names), names=shown).text(lang))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        paint: str,
        size: float,
        href: str | None = None,
        *,
        anchor: str = "",
        bold: bool = False,
    ) -> None:
        """A line of text, whose base line is at `y`; `anchor`: middle or end."""
        where = f'x="{self._x(x)}" y="{self._at(y)}" font-size="{size:g}"'
        where += f' text-anchor="{anchor}"' if anchor else ""
        where += ' font-weight="600"' if bold else ""
        told = f"<text {where} {_paint(paint)}>{escape(visible(text))}</text>"
        if href and href.lower().startswith(("http://", "https://")):
            told = f'<a href="{escape(href)}">{told}</a>'
        self._lines.append(told)

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        paint: str,
        width: float = 1,
        bend: tuple[float, float] | None = None,
    ) -> None:
        """A line, or a curve towards a point."""
        one, other = (self._x(x1), self._at(y1)), (self._x(x2), self._at(y2))
        shape = f'line x1="{one[0]}" y1="{one[1]}" x2="{other[0]}" y2="{other[1]}"'
        if bend:
            towards = f"{self._x(bend[0])} {self._at(bend[1])}"
            shape = f'path d="M{" ".join(one)}Q{towards} {" ".join(other)}" fill="none"'
        self._lines.append(f'<{shape} stroke-width="{_n(width)}" {_paint(paint)}/>')

    def rule(self) -> None:
        """A hairline across."""
        self.line(0, 0, self.wide, 0, "rule")

    def box(self, x: float, y: float, width: float, height: float, paint: str) -> None:
        """A rectangle."""
        size = f'width="{_n(width)}" height="{_n(height)}"'
        self._lines.append(
            f'<rect x="{self._x(x)}" y="{self._at(y)}" {size} rx="1" {_paint(paint)}/>'
        )

    def dot(self, x: float, y: float, radius: float, paint: str, number: str = "") -> None:
        """A dot, and what is written in it."""
        place = f'cx="{self._x(x)}" cy="{self._at(y)}" r="{_n(radius)}"'
        self._lines.append(f"<circle {place} {_paint(paint)}/>")
        if number:
            size = 15 if len(number) < 3 else 12
            self.text(x, y + size * 0.35, number, "number", size, anchor="middle", bold=True)

    def shape(self, path: str, scale: float, paint: str) -> None:
        """A path, made larger, from the left edge down."""
        move = f"translate({self._x(0)} {self._at(0)}) scale({scale:.4f})"
        self._lines.append(f'<path transform="{move}" d="{path}" {_paint(paint)}/>')

    def comment(self, text: str) -> None:
        """What stands in the file and is not seen."""
        self._lines.append(f"<!--\n{text.strip().replace('--', '- -')}\n-->")

    def listed(self, entries: list[tuple[str, str, str, str]]) -> None:
        """A list in two columns: what stands in the dot, a text, its address, and what is said
        more softly."""
        half = (len(entries) + 1) // 2
        wide = (self.wide - 40) / 2
        for left, right in zip(
            entries[:half], [*entries[half:], *[None] * (half * 2 - len(entries))], strict=True
        ):
            height = 0.0
            self.rule()
            for x, entry in ((0.0, left), (wide + 40, right)):
                if entry is not None:
                    height = max(height, self._entry(x, wide, entry))
            self.down(height)
        self.rule()

    def _entry(self, x: float, wide: float, entry: tuple[str, str, str, str]) -> float:
        mark, text, href, more = entry
        names, softly = self.lines(text, wide - 40, 15), self.lines(more, wide - 40, 13)
        self.dot(x + 14, 18, 12, "node", mark)
        for number, line in enumerate(names):
            self.text(x + 38, 23 + number * 20, line, "link" if href else "ink", 15, href)
        y = 20 + len(names) * 20
        for number, line in enumerate(softly if more else ()):
            self.text(x + 38, y + number * 17, line, "soft", 13)
        return 16 + len(names) * 20 + (len(softly) * 17 if more else 0)

    def close(self) -> str:
        """The file."""
        height = _n(self._y + _MARGIN)
        size = f'width="{_WIDE}" height="{height}" viewBox="0 0 {_WIDE} {height}"'
        head = [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="gsefgraph-picture" {size} '
            f'font-family="{_FONT}">',
            f"<title>{escape(visible(self._title))}</title>",
            f"<desc>{escape(visible(self._sentence))}</desc>",
            f"<style>@media (prefers-color-scheme:dark){{{_STYLE}}}</style>",
            f'<rect width="{_WIDE}" height="{height}" {_paint("paper")}/>',
        ]
        return "\n".join([*head, *self._lines, "</svg>", ""])

    def _x(self, x: float) -> str:
        return _n(_MARGIN + x)

    def _at(self, y: float) -> str:
        return _n(self._y + y)


def escape(text: str) -> str:
    """Text for XML, in attributes too; what XML cannot hold is left out.

    >>> escape('a"<b>\\x01')
    'a&quot;&lt;b&gt;'
    """
    from html import escape as escaped  # slow to import, and only a picture needs it

    return escaped(NOT_XML.sub("", text))


def _paint(name: str) -> str:
    what, light, _, more = _PAINTS[name]
    return f'class="{name}" {what}="{light}"{more}'


def _n(value: float) -> str:
    return f"{round(value, 1) + 0.0:g}"
