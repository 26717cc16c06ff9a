"""Printing: data and text to stdout or a file, tables for people, messages to stderr."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gsefgraph.wording import say, visible

if TYPE_CHECKING:
    from gsefgraph.answers.tables import Sheet


def emit(data: bytes | Iterable[bytes], output: str | None = None) -> None:
    """Write bytes, or pieces of them, to stdout, or to a file, whole or not at all.

    A pipe and a file are given the bytes as they are; a terminal what can be seen of them.

    Errors:
        InputError: a file that cannot be written.
    """
    pieces: Iterable[bytes] = (data,) if isinstance(data, bytes) else data
    if is_terminal(output):
        pieces = map(_seen, pieces)
    if output is None or output == "-":
        sys.stdout.flush()
        sys.stdout.buffer.writelines(pieces)
        sys.stdout.buffer.flush()
    else:
        from gsefgraph.files import write_atomically

        write_atomically(Path(output), pieces)


def _seen(data: bytes) -> bytes:
    return visible(data.decode("utf-8", "surrogateescape").replace("\r\n", "\n")).encode()


def emit_json(value: Any) -> None:
    """Write plain values as JSON to stdout; a file's name that is no text has escapes."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    emit(f"{text}\n".encode("utf-8", "backslashreplace"))


def tell(text: str, output: str | None = None) -> None:
    """Write text for people: without what cannot be seen, on a terminal folded to its width."""
    text = visible(text)
    if is_terminal(output):
        from gsefgraph.answers.tables import folded

        text = folded(text, _columns())
    emit(text.encode(), output)


def complain(text: str) -> None:
    """A message to stderr, under the program's name."""
    click.echo(f"gsefgraph: {visible(text)}", err=True)


def is_terminal(output: str | None = None) -> bool:
    """Whether a person is looking at stdout, or at the device that is named."""
    if output is None or output == "-":
        return sys.stdout.isatty()
    device = Path(output)
    with contextlib.suppress(OSError):
        if device.is_char_device():
            with device.open("wb", buffering=0) as stream:
                return stream.isatty()
    return False


def _columns() -> int:
    return shutil.get_terminal_size().columns


def draw(sheet: Sheet, output: str | None = None) -> None:
    """A table: on a terminal no wider than that, in a pipe or a file as wide as it takes."""
    from gsefgraph.answers.tables import to_text

    width = _columns() if is_terminal(output) else None
    emit(to_text(sheet, width=width).encode(), output)


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
