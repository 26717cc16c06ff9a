"""The same stored query on the same triples, ours beside plain rdflib."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import gsefgraph
from bench.measure import Row, process, take_turns
from bench.start import COMMAND

QUERIES = {
    "events-between": {"from": "2018"},
    "speakers": {},
    "organisation-partners": {"organisation": "id-org:gsef"},
}
PLAIN = """
import sys, rdflib
graph = rdflib.Graph()
graph.parse(sys.argv[1], format="turtle")
for row in graph.query(open(sys.argv[2]).read()):
    print(*row, sep="\\t")
"""


def run() -> list[Row]:
    """Whole processes, then the query alone in a running process."""
    from rdflib import Graph

    graph = gsefgraph.open()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        turtle = Path(folder) / "graph.ttl"
        turtle.write_bytes(graph.export("turtle"))
        plain = Graph()
        plain.parse(turtle, format="turtle")
        for name, values in QUERIES.items():
            text = graph.bind(name, **values)
            file = Path(folder) / f"{name}.rq"
            file.write_text(text, "utf-8")
            ours = [COMMAND, "query", name, "-f", "csv"]
            for key, value in values.items():
                ours += ["-p", f"{key}={value}"]
            whole = take_turns(
                {
                    "ours": process(ours),
                    "rdflib": process([sys.executable, "-c", PLAIN, str(turtle), str(file)]),
                },
                runs=5,
            )
            inside = take_turns(
                {
                    "ours": lambda text=text: graph.engine.query(text),
                    "rdflib": lambda text=text: list(plain.query(text)),
                },
                runs=9,
            )
            rows += [
                Row(f"{name}, whole process", whole["ours"], "rdflib", whole["rdflib"], at_least=5),
                Row(f"{name}, in process", inside["ours"], "rdflib", inside["rdflib"]),
            ]
    return rows
