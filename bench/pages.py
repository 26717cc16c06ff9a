"""`python -m bench pages`: what pages weigh, and how long a running server takes for them.

Cold is an answer that was not given before (the address has a value that no page reads), by a
process that has answered others; warm is one that was kept, as it is until the graph changes. One
client asks one thing after the other; eight ask at once, for all pages in turn but those of SPARQL,
whose questions run in a process of their own, which takes a core.
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
ALONE = ("sparql", "plain-sparql")
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
    crowd_cold: list[float]
    crowd_warm: list[float]

    @property
    def most(self) -> int:
        """Bytes that it may weigh."""
        return WITH_MAP if self.name in MAPS else WEIGHT

    @property
    def missed(self) -> list[str]:
        """What was promised and does not hold."""
        held = {
            "weight": self.weight <= self.most,
            "cold": statistics.median(self.cold) <= ONE,
            "warm": statistics.median(self.warm) <= ONE,
            "cold at 8": percentile(self.crowd_cold) <= EIGHT,
            "warm at 8": percentile(self.crowd_warm) <= EIGHT,
        }
        return [what for what, holds in held.items() if not holds]


def percentile(times: list[float], part: float = 0.99) -> float:
    """The time within which so great a part of the answers came; 0 where there are none."""
    return 0.0 if not times else sorted(times)[min(len(times) - 1, int(part * len(times)))]


def main(_: list[str]) -> int:
    """Measure, print and write; returns an exit code."""
    start = statistics.median(_start() for _ in range(5))
    with serving("--lang", "en") as (_, address):
        found = _measured(address)
    text = _table(found, start)
    print(text)
    RESULTS.write_text(text, "utf-8")
    for one in found:
        for what in one.missed:
            print(f"not reached: {one.name}, {what}", file=sys.stderr)
    return 1 if any(one.missed for one in found) else 0


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
        cold, warm = _crowd(base, "crowd-{}"), _crowd(base, "warm")
    return [Measured(name, *alone[name], cold[name], warm[name]) for name in PAGES]


def _crowd(base: str, turn: str) -> dict[str, list[float]]:
    asked = [
        (name, _other(path, turn.format(number)))
        for number in range(ROUNDS)
        for name, path in PAGES.items()
        if name not in ALONE
    ]
    times: dict[str, list[float]] = {name: [] for name in PAGES}
    with ThreadPoolExecutor(CLIENTS) as many, httpx.Client(base_url=base) as client:
        for name, path in dict(asked).items() if turn.format(0) == turn else ():
            _timed(client, name, path)

        def ask(what: tuple[str, str]) -> tuple[str, float]:
            return what[0], _timed(client, *what)[0]

        for name, took in many.map(ask, asked):
            times[name].append(took)
    return times


def _alone(client: httpx.Client, name: str, path: str) -> tuple[int, list[float], list[float]]:
    _timed(client, name, path)
    cold = [_timed(client, name, _other(path, f"cold-{turn}"))[0] for turn in range(ROUNDS)]
    warm = [_timed(client, name, path) for _ in range(ROUNDS)]
    return warm[0][1], cold, [took for took, _ in warm]


def _timed(client: httpx.Client, name: str, path: str) -> tuple[float, int]:
    """Seconds of an answer, and its bytes as they were sent."""
    began = time.perf_counter()
    with client.stream(
        "GET", path, headers={"accept": "text/html", "accept-encoding": "gzip"}
    ) as answer:
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
    head = ("page", "bytes, packed", "cold", "warm", "cold at 8", "warm at 8", "not reached")
    lines = [
        f"On {os.cpu_count()} cores, Python {platform.python_version()}, {versions}; client and"
        f" server share them. Medians of {ROUNDS}, and for {CLIENTS} clients the 99th percentile."
        f" `serve` answers {milliseconds(start)} after it was called, to reach:"
        f" {milliseconds(STARTS)}.",
        "",
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
    ]
    for page in found:
        cells = (
            page.name,
            f"{page.weight:,}",
            milliseconds(statistics.median(page.cold)),
            milliseconds(statistics.median(page.warm)),
            milliseconds(percentile(page.crowd_cold)) if page.crowd_cold else "",
            milliseconds(percentile(page.crowd_warm)) if page.crowd_warm else "",
            ", ".join(page.missed),
        )
        lines.append(f"| {' | '.join(cells)} |")
    one, eight = milliseconds(ONE), milliseconds(EIGHT)
    weight = f"{WEIGHT:,}; {WITH_MAP:,} with a map"
    lines.append(f"| to reach | {weight} | {one} | {one} | {eight} | {eight} | |")
    return "\n".join(lines) + "\n"
