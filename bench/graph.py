"""Building, deriving, validating, exporting and storing the shipped graph."""

from __future__ import annotations

import tempfile
from pathlib import Path

import gsefgraph
from bench.measure import Row, take_turns
from gsefgraph.engine import connect
from gsefgraph.engine.embedded import Embedded
from gsefgraph.graph import build
from gsefgraph.project import find
from gsefgraph.reason.rules import materialise


def run() -> list[Row]:
    """Each step of the flow, in process."""
    project = find()
    graph = gsefgraph.open()
    rules = build.rules(project)
    quads = list(build.Given(project).quads())
    engine = Embedded()
    engine.load(quads)
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        disk = connect(str(store), create=True)
        disk.load(graph.engine.dump())
        disk.close()
        times = take_turns(
            {
                "read the files": lambda: list(build.Given(project).quads()),
                "derive what follows": lambda: materialise(engine, rules),
                "open from the cache": lambda: build.Given(project).memory().close(),
                "open a store on disk": lambda: connect(str(store)).close(),
                "validate the whole graph": graph.validate,
                "export Turtle": lambda: graph.export("turtle"),
                "export JSON-LD": lambda: graph.export("jsonld"),
            },
            runs=5,
        )
    size = f" ({graph.engine.count():,} quads)"
    return [Row(work + size, seconds) for work, seconds in times.items()]
