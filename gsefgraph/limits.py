"""What long work may take, and whom it tells how far it is: one value, handed down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Progress: TypeAlias = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a piece of work.

    Attributes:
        memory: bytes that a large graph may take, without it half of the machine's; what does not
            fit goes to disk.
        folder: where temporary files go; without it the system's place for those.
        seconds: for each question to an engine; None is no limit.
        progress: told the name of each stage that has ended, and how much was done in it; of the
            last, the percentage that is done.

    >>> Limits(progress=print).tell("lines", 7)
    lines 7
    """

    memory: int | None = None
    folder: Path | None = None
    seconds: float | None = None
    progress: Progress | None = None

    def tell(self, stage: str, count: int) -> None:
        """Tell how far the work is, where somebody wants to know."""
        if self.progress is not None:
            self.progress(stage, count)


NO_LIMITS = Limits()
