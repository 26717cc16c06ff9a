"""Our server and its peers, with the same graph: how each is filled, started and asked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from pyoxigraph import NamedNode, RdfFormat, serialize

from bench import generate
from gsefgraph.engine.embedded import Embedded
from tests.commands import ROOT
from tests.servers import NotInstalled, child, free_port
from tests.web import serving

PATIENCE = 60  # seconds that a query may take, where a server has a bound
FIRST = "ASK {}"
PERSON = "https://w3id.org/gsefgraph/id/person/a"  # and a number


@dataclass(frozen=True)
class Graph:
    """A graph in the form that each server takes.

    Attributes:
        quads: in named graphs, and so many of them generated; things: persons, numbered from 0.
        store: of ours; location: of `oxigraph serve`; file: N-Quads without the union.
    """

    quads: int
    generated: int
    things: int
    store: Path
    location: Path
    file: Path


@dataclass(frozen=True)
class Server:
    """A server that runs.

    Attributes:
        name: with its version; pid: of its first process.
        address: of the server; path: of its SPARQL endpoint.
    """

    name: str
    pid: int
    address: str
    path: str

    def asks(self, query: str) -> str:
        """The path of a request with a query."""
        return f"{self.path}?{urlencode({'query': query})}"

    def rest(self, patience: float = 120) -> None:
        """Wait until it works no more for who has gone away; none of them stops at once."""
        until, spent = time.monotonic() + patience, -1
        while time.monotonic() < until and (now := sum(map(_spent, _family(self.pid)))) != spent:
            spent = now
            time.sleep(0.1)

    @property
    def memory(self) -> int:
        """Bytes of it and its processes, what they share counted once (PSS of proc(5))."""
        return sum(map(_pss, _family(self.pid)))


def filled(folder: Path, size: int) -> Graph:
    """A graph of so many generated quads, the shipped ones, and what follows from both.

    Errors:
        NotInstalled: there is no oxigraph.
    """
    generated, file, union = (folder / name for name in ("data.nq", "named.nq", "union.nq"))
    store, location = folder / "store", folder / "location"
    generate.write(generated, size)
    load = [sys.executable, "-m", "gsefgraph", "load", "-q", "--store", store, generated]
    subprocess.run([*load, ROOT / "data"], check=True, cwd=ROOT)
    engine = Embedded.open(store)
    quads = list(engine.dump())
    engine.close()
    serialize(quads, file, format=RdfFormat.N_QUADS)
    # As ours: each triple once in the default graph, too.
    shutil.copy(file, union)
    with union.open("ab") as out:
        serialize({quad.triple for quad in quads}, out, format=RdfFormat.N_TRIPLES)
    for words in (["load", "--file", union], ["optimize"]):
        command = [_installed("oxigraph"), *words, "--location", location]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    known = {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}
    things = next(n for n in count() if f"{PERSON}{n}" not in known)
    return Graph(len(quads), size, things, store, location, file)


@contextmanager
def ours(graph: Graph, seconds: int = PATIENCE) -> Iterator[Server]:
    """`gsefgraph serve --store`, queries in processes of their own, each for so many seconds."""
    with serving("--store", str(graph.store), "--timeout", str(seconds)) as (process, address):
        yield Server("gsefgraph", process.pid, address.rstrip("/"), "/sparql")


@contextmanager
def oxigraph(graph: Graph, _: int = PATIENCE) -> Iterator[Server]:
    """`oxigraph serve` on disk, its queries without a bound.

    With one (``--timeout-s``) it has a thread for each query that lasts as long, and aborts after
    some ten thousand.

    Errors:
        NotInstalled.
    """
    port = free_port()
    command = [_installed("oxigraph"), "serve", "--location", graph.location, "--bind",
               f"127.0.0.1:{port}"]  # fmt: skip
    with _child(command, f"oxigraph {version('oxigraph')}", port, "/query", graph) as server:
        yield server


@contextmanager
def rdflib_endpoint(graph: Graph, _: int = PATIENCE) -> Iterator[Server]:
    """`rdflib-endpoint serve`, in memory.

    Errors:
        NotInstalled.
    """
    port = free_port()
    command = [_installed("rdflib-endpoint"), "serve", graph.file, "--host", "127.0.0.1",
               "--port", port]  # fmt: skip
    name = f"rdflib-endpoint {version('rdflib-endpoint')}"
    with _child(command, name, port, "/", graph) as server:
        yield server


@contextmanager
def _child(
    command: list[object], name: str, port: int, path: str, graph: Graph
) -> Iterator[Server]:
    address = f"http://127.0.0.1:{port}"
    asked = f"{address}{path}?{urlencode({'query': FIRST})}"
    with child([*map(str, command)], asked, graph.file.parent) as pid:
        yield Server(name, pid, address, path)


def _installed(name: str) -> str:
    found = shutil.which(
        name, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    )
    if found is None:
        raise NotInstalled(f"{name} is not installed: make .venv/bench")
    return found


def _family(pid: int) -> Iterator[int]:
    """A process and those that it started, and they."""
    yield pid
    for place in Path("/proc", str(pid), "task").glob("*/children"):
        for each in place.read_text("ascii").split():
            yield from _family(int(each))


def _spent(pid: int) -> int:
    """Hundredths of a second of processor."""
    fields = Path("/proc", str(pid), "stat").read_text("ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _pss(pid: int) -> int:
    lines = Path("/proc", str(pid), "smaps_rollup").read_text("ascii").splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
