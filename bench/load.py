"""Clients that ask a server as fast as it answers: wrk, since they share its two cores.

A request takes wrk 14 µs of a core, and a client in Python, of bare HTTP over asyncio, 75 µs, which
is half of what the fastest of the servers takes to answer it.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from itertools import count
from pathlib import Path

THING, TURN = "THING", "TURN"  # what differs from one request to the next stands in their place
_TURNS = count(1, 10_000_000)
_SCRIPT = """
local at = {first}
wrk.headers["Accept"] = "{accept}"
request = function()
  at = at + 1
  return wrk.format("GET", {path})
end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format("\\nDONE %d %d %d %d %d %d %d\\n",
    summary.requests, summary.duration, e.status, e.timeout, e.connect + e.read + e.write,
    latency:percentile(50), latency:percentile(99)))
end
"""


class NotInstalled(Exception):
    """There is no wrk."""


@dataclass(frozen=True)
class Load:
    """What came of it.

    Attributes:
        rate: answers in a second.
        median, slowest: seconds; the latter is the 99th percentile.
        refused: answers of another status than 200; late, broken: requests without an answer, and
            connections that failed.
    """

    rate: float
    median: float
    slowest: float
    refused: int = 0
    late: int = 0
    broken: int = 0

    @property
    def failed(self) -> str:
        """What failed, in words; empty where nothing did."""
        told = {"status": self.refused, "no answer": self.late, "connection": self.broken}
        return ", ".join(f"{count} {what}" for what, count in told.items() if count)


def run(address: str, path: str, accept: str, clients: int, seconds: int, things: int) -> Load:
    """Ask for so many seconds.

    Parameters:
        address: of the server, without a path.
        path: as it is sent, percent-encoded, with `THING` where the number of a thing stands, below
            `things`, and `TURN` where one stands that no other request has.
        clients: each has a connection, and asks again when it has its answer.

    Errors:
        NotInstalled.
    """
    found = shutil.which("wrk")
    if found is None:
        raise NotInstalled("wrk is not installed: apt-get install wrk, or run .ci/servers")
    # Turns of one run are none of another's, whatever the server keeps.
    script = _SCRIPT.format(first=next(_TURNS), accept=accept, path=_lua(path, things))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "asks.lua")
        file.write_text(script, "utf-8")
        command = [found, "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "120", "-s", file]
        done = subprocess.run([*command, address], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{address}{path}: {done.stderr or done.stdout}")
    words = done.stdout.rpartition("DONE ")[2].split()
    requests, took, *failed, median, slowest = map(int, words)
    return Load(requests / took * 1e6, median / 1e6, slowest / 1e6, *failed)


def _lua(path: str, things: int) -> str:
    """A path as Lua puts it together.

    >>> _lua("/a?b=THING", 9)
    '"/a?b=" .. at % 9 .. ""'
    """
    text = path.replace(THING, f'" .. at % {things} .. "').replace(TURN, '" .. at .. "')
    return f'"{text}"'
