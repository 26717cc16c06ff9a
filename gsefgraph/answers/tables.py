"""Sheets of text for people: a plain table, Markdown, HTML.

What cannot be seen is shown as an escape (`characters.visible`), so that no value can rewrite a
terminal or make a name look like another. No word is ever cut, so that an IRI, a date or the name
of a query can be copied as it stands; what is written without spaces, as Chinese is, has no words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from gsefgraph.wording import visible

_GAP: Final = "  "
_TALLEST: Final = 6  # lines of a cell
_LEAD = re.compile(r"[ │├└─]*(?:\[[0-9]+\] )?")  # of a list, of a branch, of a note
_COMMAND = "gsefgraph "  # a line to be typed
_NOT_FIRST = ("Mn", "Mc", "Me", "Lm", "Pe", "Pf", "Po")
_NOT_LAST = ("Ps", "Pi")
_MARKDOWN = re.compile(r"[\\`*_\[\]<>|~]")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, the address it leads to, the language it is in, and whether it is a
    date."""

    text: str
    link: str | None = None
    lang: str | None = None
    date: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a table shows: heads, rows of cells, columns set flush right, numbered notes.

    ``said`` is the sentence before the table, which is all there is where there are no rows.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    right: tuple[bool, ...]
    notes: tuple[str, ...] = ()
    said: str = ""


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
        width += 2 if _wide(char) else 1
    return width


def _wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"


def to_text(sheet: Sheet, *, width: int | None = None) -> str:
    """A plain table, columns aligned; where it is wider than there is room, cells fold at spaces.

    Where the longest words have no room beside each other, or a cell would be a column of words,
    each row is a block of its own, with a line for each cell that holds something.

    Parameters:
        sheet: what to show.
        width: cells of the terminal; None for as wide as it takes.

    >>> sheet = Sheet(("Place", "n"), ((Cell("Séoul"), Cell("2")),), (False, True))
    >>> print(to_text(sheet), end="")
    Place  n
    -----  -
    Séoul  2
    >>> print(to_text(sheet, width=7), end="")
    Place  Séoul
    n      2
    """
    said = _wrap(_plain(sheet.said), width) if width else [_plain(sheet.said)]
    if sheet.said and not sheet.rows:
        return "".join(f"{line}\n" for line in said)
    heads = [_plain(head) for head in sheet.heads]
    grid = [[_plain(cell.text) for cell in row] for row in sheet.rows]
    widths = _fitted([heads, *grid], width)
    if widths is None:
        lines = _blocks(heads, grid, width or 0)
    else:
        lines = _table(heads, grid, widths, sheet.right)
    if sheet.said:
        lines = [*said, "", *lines]
    if sheet.notes:
        lines.append("")
    for number, note in enumerate(sheet.notes, start=1):
        lines += _hung(f"[{number}] ", _plain(note).replace("\n", " "), width)
    return "".join(f"{line}\n" for line in lines)


def folded(text: str, width: int) -> str:
    """Lines broken at spaces where they are wider than that; what goes on stands further in.

    >>> print(folded("  -p goal=…  a goal such as 8 or 8.3", 24))
      -p goal=…  a goal
        such as 8 or 8.3
    """
    lines = []
    for line in text.split("\n"):
        if cell_width(line) <= width or line.lstrip().startswith(_COMMAND):
            lines.append(line)
            continue
        lead = _LEAD.match(line)[0]  # type: ignore[index]  # it matches nothing, too
        inner = "".join("│" if char in "│├" else " " for char in lead)
        inner += "  " if lead.endswith((" ", "─")) and not lead.endswith("] ") else ""
        first, *rest = _wrap(line[len(lead) :], max(width - len(inner), 1))
        lines += [lead + first, *(inner + part for part in rest)]
    return "\n".join(lines)


def _plain(text: str) -> str:
    return visible(text).replace("\t", " ")


def _fitted(grid: Sequence[Sequence[str]], width: int | None) -> list[int] | None:
    """Column widths; those that take the most give first, none less than its longest word.

    None where there is not enough room for that, or a cell would become a column of words.
    """
    columns = list(zip(*grid, strict=True))
    widths = [max(_widest(text.split("\n") for text in column), 1) for column in columns]
    room = None if width is None else width - len(_GAP) * (len(widths) - 1)
    if room is None or sum(widths) <= room:
        return widths
    least = [max(_widest(text.split() for text in column), 1) for column in columns]
    if sum(least) > room:
        return None
    for _ in range(sum(widths) - room):
        slack = [size if size > low else 0 for size, low in zip(widths, least, strict=True)]
        widths[slack.index(max(slack))] -= 1
    folded = (
        len(_wrap(text, size)) - text.count("\n")
        for row in grid
        for text, size in zip(row, widths, strict=True)
    )
    return widths if max(folded, default=0) <= _TALLEST else None


def _widest(texts: Iterable[Iterable[str]]) -> int:
    return max((cell_width(part) for parts in texts for part in parts), default=0)


def _table(
    heads: list[str], grid: list[list[str]], widths: list[int], right: Sequence[bool]
) -> list[str]:
    lines = []
    for row in [heads, ["-" * size for size in widths], *grid]:
        wrapped = [_wrap(text, size) for text, size in zip(row, widths, strict=True)]
        for index in range(max((len(part) for part in wrapped), default=0)):
            parts = [
                _pad(part[index] if index < len(part) else "", size, flush)
                for part, size, flush in zip(wrapped, widths, right, strict=True)
            ]
            lines.append(_GAP.join(parts).rstrip())
    return lines


def _blocks(heads: list[str], grid: list[list[str]], width: int) -> list[str]:
    """A block for each row, with an empty line between two."""
    size = max(map(cell_width, heads))
    lines: list[str] = []
    for row in grid:
        lines += [""] * bool(lines)
        for head, text in zip(heads, row, strict=True):
            if text:
                lines += _hung(f"{_pad(head, size, False)}{_GAP}", text, width)
    return lines


def _hung(head: str, text: str, width: int | None) -> list[str]:
    """Lines under a head that stands before the first of them."""
    size = cell_width(head)
    first, *rest = _wrap(text, max(width - size, 1)) if width else [text]
    return [head + first, *(" " * size + line for line in rest)]


def _wrap(text: str, width: int) -> list[str]:
    """Lines broken at spaces, no wider than `width` unless a word is that may not be broken."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if cell_width(paragraph) <= width:
            lines.append(paragraph)
            continue
        line = ""
        for word in paragraph.split(" "):
            space = " " if line else ""
            for part in [word] if cell_width(word) <= width else _parts(word):
                if line and cell_width(line + space + part) > width:
                    lines.append(line)
                    line = part
                else:
                    line += space + part
                space = ""
        lines.append(line)
    return lines


def _parts(word: str) -> list[str]:
    """What a line may end between: wide characters, but not those of an IRI, nor at the wrong side
    of a bracket or a mark (Unicode, annex 14)."""
    if ":" in word:
        return [word]
    parts = [""]
    for char in word:
        last = parts[-1][-1:]
        apart = last and (_wide(char) or _wide(last))
        apart = apart and unicodedata.category(char) not in _NOT_FIRST
        if apart and unicodedata.category(last) not in _NOT_LAST:
            parts.append(char)
        else:
            parts[-1] += char
    return parts


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
    said = [_markdown(sheet.said), ""] if sheet.said else []
    if said and not sheet.rows:
        return f"{said[0]}\n"
    lines = [
        *said,
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
    said = [f"<p>{_html(sheet.said)}</p>"] if sheet.said else []
    if said and not sheet.rows:
        return f"{said[0]}\n"
    lines = [*said, '<table class="gsefgraph">', "<thead><tr>"]
    lines += [f'<th scope="col">{_html(head)}</th>' for head in sheet.heads]
    lines += ["</tr></thead>", "<tbody>"]
    for row in sheet.rows:
        cells = []
        for cell, right in zip(row, sheet.right, strict=True):
            inner = _html(cell.text)
            if cell.link and cell.link.lower().startswith(("http://", "https://")):
                inner = f'<a href="{_html(cell.link)}" rel="noopener">{inner}</a>'
            if cell.date:
                inner = f"<time>{inner}</time>"
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
