"""A bar on stderr for long work, on a terminal only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gsefgraph.wording import say

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
