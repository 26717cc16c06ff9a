"""Printing: data to stdout or a file, tables for people on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.answers.answer import Answer
    from gsefgraph.answers.tables import Sheet


def emit(data: bytes | Iterable[bytes], output: str | None = None) -> None:
    """Write bytes, or pieces of them, to stdout, or to a file, whole or not at all.

    Errors:
        InputError: a file that cannot be written.
    """
    if output is None or output == "-":
        sys.stdout.flush()
        sys.stdout.buffer.writelines((data,) if isinstance(data, bytes) else data)
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


# The stages of a validation in their order, by what is told when one has ended.
_STAGES = ("lines", "terms", "quads", "triples", "ill-formed", "checking")


@contextmanager
def stages(lang: str) -> Iterator[Callable[[str, int], None]]:
    """A bar that fills while a large graph is read and checked; gone when that is done.

    Parameters:
        lang: en, fr or es.

    Returns:
        A function that takes the stage that has ended and how many things were done in it; of the
        last, the percentage that is done.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    names = [say(f"stage.{stage}").text(lang) for stage in _STAGES]
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(names[0], total=len(names))

        def tell(stage: str, count: int) -> None:
            place = _STAGES.index(stage)
            done = place + count / 100 if stage == _STAGES[-1] else place + 1.0
            name = names[min(int(done), len(names) - 1)]
            progress.update(task, description=name, completed=done)

        yield tell


@contextmanager
def bar(unit: str) -> Iterator[Callable[[int], None]]:
    """A counter that moves while work of unknown length goes on.

    Parameters:
        unit: what is counted.

    Returns:
        A function that takes how many are done.
    """
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.completed:,} {task.description}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(unit, total=None)
        yield lambda done: progress.update(task, completed=done)
