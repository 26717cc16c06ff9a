"""Printing: data to stdout or a file, tables for people on a terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gsefgraph.answers.answer import Answer
    from gsefgraph.answers.tables import Sheet


def emit(data: bytes, output: str | None = None) -> None:
    """Write bytes to stdout, or to a file, whole or not at all.

    Errors:
        InputError: a file that cannot be written.
    """
    if output is None or output == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        from gsefgraph.files import write_atomically

        write_atomically(Path(output), data)


def is_terminal() -> bool:
    """Whether a person is looking at stdout."""
    return sys.stdout.isatty()


def show_answer(answer: Answer) -> None:
    """A table: drawn on a terminal, plain text in a pipe."""
    from gsefgraph.answers.answer import sheet, write

    if answer.boolean is not None or not is_terminal():
        emit(write(answer, "table"))
        return
    draw(sheet(answer))


def draw(sheet: Sheet) -> None:
    """Draw a table on the terminal; colours follow NO_COLOR."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from gsefgraph.answers.tables import visible

    table = Table(header_style="bold", show_lines=False, pad_edge=False)
    for head, right in zip(sheet.heads, sheet.right, strict=True):
        table.add_column(Text(visible(head)), justify="right" if right else "left")
    for row in sheet.rows:
        table.add_row(*(Text(visible(cell.text)) for cell in row))
    console = Console(highlight=False)
    console.print(table)
    for number, note in enumerate(sheet.notes, 1):
        console.print(Text(f"[{number}] {visible(note)}"))
