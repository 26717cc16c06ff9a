"""`python -m bench pages`: what pages weigh, and how long a running server takes for them.

Cold is an answer that was not given before (the address has a value that no page reads), by a
process that has answered others; warm is one that was kept, as it is until the graph changes. One
client asks one thing after the other; eight ask for cold pages at once, each page in its turn.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import httpx

from bench.measure import milliseconds
from tests.browser import PAGES, STATUS
from tests.web import serving

RESULTS = Path(__file__).parent / "results" / "pages.md"
WEIGHT, WITH_MAP = 20_000, 36_000  # bytes, packed
MAPS = ("home", "map")
ONE, EIGHT = 0.020, 0.050  # seconds: median at one client, 99th percentile at eight
STARTS = 1.0  # seconds
CLIENTS, ROUNDS = 8, 30


@dataclass(frozen=True)
class Measured:
    """A page: bytes as they are sent, seconds of each answer."""

    name: str
    weight: int
    cold: list[float]
    warm: list[float]
    crowd: list[float]

    @property
    def most(self) -> int:
        """Bytes that it may weigh."""
        return WITH_MAP if self.name in MAPS else WEIGHT

    @property
    def reached(self) -> bool:
        """Whether what was promised holds."""
        quick = statistics.median(self.cold) <= ONE and percentile(self.crowd) <= EIGHT
        return quick and self.weight <= self.most


def percentile(times: list[float], part: float = 0.99) -> float:
    """The time within which so great a part of the answers came."""
    return sorted(times)[min(len(times) - 1, int(part * len(times)))]


def main(_: list[str]) -> int:
    """Measure, print and write; returns an exit code."""
    start = statistics.median(_start() for _ in range(5))
    with serving("--lang", "en") as (_, address):
        found = _measured(address)
    text = _table(found, start)
    print(text)
    RESULTS.write_text(text, "utf-8")
    missed = [one.name for one in found if not one.reached]
    for name in missed:
        print(f"not reached: {name}", file=sys.stderr)
    return 1 if missed else 0


def _start() -> float:
    """Seconds from the command to the address."""
    began = time.perf_counter()
    with serving("--lang", "en"):
        return time.perf_counter() - began


def _measured(address: str) -> list[Measured]:
    """All pages: alone first, then in a crowd that asks for every one of them."""
    base = address.rstrip("/")
    with httpx.Client(base_url=base) as client:
        alone = {name: _alone(client, name, path) for name, path in PAGES.items()}
    asked = [(name, path, turn) for turn in range(ROUNDS) for name, path in PAGES.items()]
    crowd: dict[str, list[float]] = {name: [] for name in PAGES}
    with ThreadPoolExecutor(CLIENTS) as many, httpx.Client(base_url=base) as client:

        def ask(what: tuple[str, str, int]) -> tuple[str, float]:
            name, path, turn = what
            return name, _timed(client, name, _other(path, f"crowd-{turn}"))[0]

        for name, took in many.map(ask, asked):
            crowd[name].append(took)
    return [Measured(name, *alone[name], crowd[name]) for name in PAGES]


def _alone(client: httpx.Client, name: str, path: str) -> tuple[int, list[float], list[float]]:
    _timed(client, name, path)
    cold = [_timed(client, name, _other(path, f"cold-{turn}"))[0] for turn in range(ROUNDS)]
    warm = [_timed(client, name, path) for _ in range(ROUNDS)]
    return warm[0][1], cold, [took for took, _ in warm]


def _timed(client: httpx.Client, name: str, path: str) -> tuple[float, int]:
    """Seconds of an answer, and its bytes as they were sent."""
    began = time.perf_counter()
    with client.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
        sent = sum(len(part) for part in answer.iter_raw())
    took = time.perf_counter() - began
    if answer.status_code != STATUS.get(name, 200):
        raise SystemExit(f"{path}: {answer.status_code}")
    return took, sent


def _other(path: str, turn: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}_={turn}"


def _table(found: list[Measured], start: float) -> str:
    versions = ", ".join(
        f"{name} {version(name)}" for name in ("pyoxigraph", "starlette", "uvicorn")
    )
    head = ("page", "bytes, packed", "cold", "warm", f"cold, {CLIENTS} clients", "to reach")
    lines = [
        f"On {os.cpu_count()} cores, Python {platform.python_version()}, {versions}; client and"
        f" server share them. Medians of {ROUNDS}, and for {CLIENTS} clients the 99th percentile."
        f" `serve` answers {milliseconds(start)} after it was called"
        f" (to reach: {milliseconds(STARTS)}).",
        "",
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
    ]
    for one in found:
        cells = (
            one.name,
            f"{one.weight:,}",
            milliseconds(statistics.median(one.cold)),
            milliseconds(statistics.median(one.warm)),
            milliseconds(percentile(one.crowd)),
            "reached" if one.reached else "**not reached**",
        )
        lines.append(f"| {' | '.join(cells)} |")
    bounds = (
        "",
        f"{WEIGHT:,}; {WITH_MAP:,} with a map",
        milliseconds(ONE),
        "",
        milliseconds(EIGHT),
    )
    lines.append(f"| {' | '.join(('to reach', *bounds[1:], ''))} |")
    return "\n".join(lines) + "\n"
