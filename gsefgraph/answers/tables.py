"""Sheets of text for people: a plain table, Markdown, HTML.

Control characters and the marks that turn the direction of writing are shown as escapes, so that
no value can rewrite a terminal or make a name look like another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_GAP: Final = "  "
_NARROWEST: Final = 6
# Unicode Bidi_Control, and the zero-width and separator characters that hide in a name.
_UNSEEN = re.compile(
    "[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060"
    "\u2066-\u2069\ufeff]"
)
_MARKDOWN = re.compile(r"[\\`*_\[\]<>|~]")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, the address it leads to, the language it is in."""

    text: str
    link: str | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a table shows: heads, rows of cells, columns set flush right, numbered notes."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    right: tuple[bool, ...]
    notes: tuple[str, ...] = ()


def visible(text: str) -> str:
    """Control and direction characters as escapes; line feeds stay.

    >>> visible("a\\u202eb\\x1b[1m")
    'a\\\\u202eb\\\\x1b[1m'
    """
    return _UNSEEN.sub(lambda match: ascii(match[0])[1:-1], text)


def cell_width(text: str) -> int:
    """How many cells of a terminal a text takes (Unicode East Asian Width; marks take none).

    >>> cell_width("Séoul"), cell_width("서울")
    (5, 4)
    """
    if text.isascii():
        return len(text)
    width = 0
    for char in text:
        if unicodedata.category(char) in ("Mn", "Me", "Cf"):
            continue
        width += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return width


def to_text(sheet: Sheet, *, width: int | None = None) -> str:
    """A plain table, columns aligned, long cells wrapped when a width is given.

    Parameters:
        sheet: what to show.
        width: cells of the terminal; None for as wide as it takes.

    >>> print(to_text(Sheet(("Place", "n"), ((Cell("Séoul"), Cell("2")),), (False, True))), end="")
    Place  n
    -----  -
    Séoul  2
    """
    grid = [[visible(cell.text) for cell in row] for row in sheet.rows]
    widths = _fitted([[visible(head) for head in sheet.heads], *grid], width)
    lines = []
    for row in [[visible(head) for head in sheet.heads], ["-" * size for size in widths], *grid]:
        wrapped = [_wrap(text, size) for text, size in zip(row, widths, strict=True)]
        for index in range(max((len(part) for part in wrapped), default=0)):
            parts = [
                _pad(part[index] if index < len(part) else "", size, right)
                for part, size, right in zip(wrapped, widths, sheet.right, strict=True)
            ]
            lines.append(_GAP.join(parts).rstrip())
    if sheet.notes:
        lines.append("")
    for number, note in enumerate(sheet.notes, start=1):
        mark = f"[{number}] "
        room = max(width - len(mark), 20) if width else 0
        first, *rest = _wrap(visible(note), room) if room else [visible(note).replace("\n", " ")]
        lines += [mark + first, *(" " * len(mark) + line for line in rest)]
    return "".join(f"{line}\n" for line in lines)


def _fitted(grid: Sequence[Sequence[str]], width: int | None) -> list[int]:
    """Column widths; those that take the most give first when there is not enough room."""
    columns = list(zip(*grid, strict=True))
    widths = [
        max((cell_width(line) for text in column for line in text.split("\n")), default=0)
        for column in columns
    ]
    widths = [max(size, 1) for size in widths]
    if width is None:
        return widths
    room = width - len(_GAP) * (len(widths) - 1)
    while sum(widths) > room and max(widths) > _NARROWEST:
        widest = widths.index(max(widths))
        second = max((size for size in widths if size < widths[widest]), default=_NARROWEST)
        over = sum(widths) - room
        widths[widest] -= max(min(over, widths[widest] - max(second, _NARROWEST)), 1)
    return widths


def _wrap(text: str, width: int) -> list[str]:
    """Lines no wider than `width`, broken at spaces, and inside a word only where one is longer."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if cell_width(paragraph) <= width:
            lines.append(paragraph)
            continue
        line, used = "", 0
        for word in paragraph.split(" "):
            size = cell_width(word)
            if line and used + 1 + size <= width:
                line, used = f"{line} {word}", used + 1 + size
                continue
            if line:
                lines.append(line)
            *whole, line = _cut(word, width) if size > width else [word]
            lines += whole
            used = cell_width(line)
        lines.append(line)
    return lines


def _cut(word: str, width: int) -> list[str]:
    parts, part, used = [], "", 0
    for char in word:
        size = cell_width(char)
        if part and used + size > width:
            parts.append(part)
            part, used = "", 0
        part, used = part + char, used + size
    return [*parts, part]


def _pad(text: str, width: int, right: bool) -> str:
    space = " " * max(width - cell_width(text), 0)
    return space + text if right else text + space


def to_markdown(sheet: Sheet) -> str:
    """A table of GitHub-flavoured Markdown (https://github.github.com/gfm/, section 4.10).

    >>> print(to_markdown(Sheet(("a",), ((Cell("x|y"),),), (True,))), end="")
    | a |
    | ---: |
    | x\\|y |
    """
    lines = [
        _markdown_row(_markdown(head) for head in sheet.heads),
        _markdown_row("---:" if right else "---" for right in sheet.right),
    ]
    lines += [_markdown_row(_markdown(cell.text) for cell in row) for row in sheet.rows]
    for number, note in enumerate(sheet.notes, start=1):
        lines += ["", f"\\[{number}\\] {_markdown(note)}"]
    return "".join(f"{line}\n" for line in lines)


def _markdown_row(cells: Sequence[str] | object) -> str:
    return f"| {' | '.join(cells)} |"  # type: ignore[arg-type]


def _markdown(text: str) -> str:
    escaped = _MARKDOWN.sub(lambda match: "\\" + match[0], visible(text)).replace("&", "&amp;")
    return escaped.replace("\n", "<br>")


def to_html(sheet: Sheet) -> str:
    """A table of HTML: every text escaped, links to http and https only.

    >>> "<td><a" in to_html(Sheet(("a",), ((Cell("x", link="javascript:alert(1)"),),), (False,)))
    False
    """
    lines = ['<table class="gsefgraph">', "<thead><tr>"]
    lines += [f'<th scope="col">{_html(head)}</th>' for head in sheet.heads]
    lines += ["</tr></thead>", "<tbody>"]
    for row in sheet.rows:
        cells = []
        for cell, right in zip(row, sheet.right, strict=True):
            inner = _html(cell.text)
            if cell.link and cell.link.lower().startswith(("http://", "https://")):
                inner = f'<a href="{_html(cell.link)}" rel="noopener">{inner}</a>'
            lang = f' lang="{_html(cell.lang)}"' if cell.lang else ""
            style = ' style="text-align:right"' if right else ""
            cells.append(f"<td{lang}{style}>{inner}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines += ["</tbody>", "</table>"]
    if sheet.notes:
        lines += ["<ol>", *(f"<li>{_html(note)}</li>" for note in sheet.notes), "</ol>"]
    return "".join(f"{line}\n" for line in lines)


def _html(text: str) -> str:
    from html import escape  # slow to import, and only a page needs it

    return escape(visible(text))
