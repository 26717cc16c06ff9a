"""Timing work that takes turns, and the table of what came out."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version

Work = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """One line of a table.

    Attributes:
        work: what was done; ours, peer: seconds, median; peer_name: what the peer is.
        limit: the ratio that must hold, as "at most" of ours to the peer or "at least" of the
            peer to ours; None where nothing is promised.
    """

    work: str
    ours: float
    peer_name: str = ""
    peer: float | None = None
    at_most: float | None = None
    at_least: float | None = None

    @property
    def reached(self) -> bool:
        """Whether the promised ratio holds."""
        if self.peer is None:
            return True
        if self.at_most is not None:
            return self.ours <= self.at_most * self.peer
        return self.at_least is None or self.peer >= self.at_least * self.ours

    def cells(self) -> tuple[str, ...]:
        """The row's cells."""
        ratio = promised = ""
        if self.peer is not None:
            ratio = f"{self.ours / self.peer:.2f}"
            if self.at_least is not None:
                ratio = f"{self.peer / self.ours:.1f} times faster"
        if self.at_most is not None:
            promised = f"at most {self.at_most}"
        if self.at_least is not None:
            promised = f"at least {self.at_least:g} times faster"
        peer = "" if self.peer is None else f"{self.peer_name}: {milliseconds(self.peer)}"
        return self.work, milliseconds(self.ours), peer, ratio, promised


def milliseconds(seconds: float) -> str:
    """Seconds as milliseconds with three significant digits."""
    return f"{seconds * 1000:,.{1 if seconds < 0.1 else 0}f} ms"


def take_turns(works: Mapping[str, Work], *, runs: int) -> dict[str, float]:
    """Median seconds of each work, run in turns after one run of each that does not count."""
    for work in works.values():
        work()
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(runs):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - began)
    return {name: statistics.median(found) for name, found in times.items()}


def process(command: Sequence[str], **environment: str) -> Work:
    """Work that is a whole process, from its start to its end; its output goes nowhere."""

    # Byte code is kept, as in an installed package, whatever this shell says.
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}

    def run() -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**kept, **environment})

    return run


def markdown(rows: Sequence[Row]) -> str:
    """The rows as a table, under a line that says what machine and versions they come from."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "rdflib", "pyshacl"))
    head = ("work", "ours", "peer", "ratio", "to reach")
    lines = [
        f"Medians on {os.cpu_count()} cores, Python {platform.python_version()}, {versions}.",
        "",
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
        *(f"| {' | '.join(row.cells())} |" for row in rows),
    ]
    return "\n".join(lines) + "\n"
