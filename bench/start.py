"""How long a person waits for the first sign of life."""

from __future__ import annotations

import sys
from pathlib import Path

from bench.measure import Row, process, take_turns

RUNS = 25
COMMAND = str(Path(sys.executable).with_name("gsefgraph"))


def run() -> list[Row]:
    """`--help`, and a stored query on the shipped graph at its second start."""
    times = take_turns(
        {
            "click": process([sys.executable, "-c", "import click"]),
            "help": process([COMMAND, "--help"]),
            "query": process([COMMAND, "query", "events-between", "-p", "from=2018"]),
        },
        runs=RUNS,
    )
    peer = 'python -c "import click"'
    return [
        Row("gsefgraph --help", times["help"], peer, times["click"], at_most=1.6),
        Row("a stored query, second start", times["query"], peer, times["click"], at_most=2.5),
    ]
