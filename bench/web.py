"""`python -m bench web [--size 100k]`: our server beside `oxigraph serve` and rdflib-endpoint.

All have the same graph and are asked the same, one after the other in short turns, so that a busy
moment of the machine falls on each. What a server keeps is not what is measured: every request has
a number that no other has, in a comment or in the name of a thing, but for those that are called
repeated. Then twenty clients at another address ask what never ends, and what others wait for
their answers is compared with before.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import astuple, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

import httpx
from pyoxigraph import RdfFormat, parse

from bench import load, peers
from bench.hostile import HOSTILE, hostile
from bench.load import THING, TURN, Load
from bench.measure import milliseconds
from bench.peers import PERSON, Graph, Server
from bench.validation import size
from gsefgraph.graph.graph import Graph as Known
from gsefgraph.queries import header
from gsefgraph.terms import GSEF
from tests.servers import NotInstalled

RESULTS = Path(__file__).parent / "results" / "web.md"
SIZE = "100k"
CLIENTS = (1, 8, 64)
SECONDS, LONGER, ROUNDS = 3, 4, 3  # of a turn, as how many times a longer one; how many
OURS, OXIGRAPH, RDFLIB = "gsefgraph", "oxigraph", "rdflib-endpoint"
OF_OXIGRAPH, OF_RDFLIB, SLOWER = 0.7, 10.0, 2.0  # promised
BESIDE = (1, 8)  # clients beside hostile ones, which ask some of the same
AGAIN = ("point query", "page of a thing, peers DESCRIBE", "organisation-partners")
LIMIT = 10  # seconds of a query then, as it is without an option
Start: TypeAlias = Callable[..., AbstractContextManager[Server]]
STARTS: Mapping[str, Start] = {
    OURS: peers.ours,
    OXIGRAPH: peers.oxigraph,
    RDFLIB: peers.rdflib_endpoint,
}
_JSON, _TURTLE, _LINES = "application/sparql-results+json", "text/turtle", "application/n-triples"

Loads: TypeAlias = dict[tuple[str, str, int], Load]
"""By server, work and number of clients."""


@dataclass(frozen=True)
class Beside:
    """What others wait for beside hostile clients: before and then, by work and number of clients;
    and the statuses of the answers to the hostile ones."""

    loads: dict[tuple[str, int], tuple[Load, Load]]
    statuses: dict[int, int]


@dataclass(frozen=True)
class Work:
    """What is asked.

    Attributes:
        name: in the table; query, accept: what servers are asked.
        page: what ours is asked instead.
        rdflib: whether rdflib-endpoint is asked, too; all else takes it seconds.
        long: whether an answer takes so long that many clients have few in one turn.
        of: as how many times a server's ours is promised to be.
    """

    name: str
    query: str
    accept: str = _JSON
    page: str = ""
    rdflib: bool = False
    long: bool = False
    of: tuple[str, float] | None = None

    def request(self, server: str, endpoint: Server) -> tuple[str, str]:
        """The path that a server is asked for, and what is accepted."""
        if self.page and server == OURS:
            return self.page, "text/html"
        return endpoint.asks(self.query), self.accept

    def run(self, server: str, endpoint: Server, clients: int, things: int) -> Load:
        """One turn; at many clients, of what takes long a longer one."""
        path, accept = self.request(server, endpoint)
        seconds = SECONDS * LONGER if self.long and clients > BESIDE[-1] else SECONDS
        return load.run(endpoint.address, path, accept, clients, seconds, things)


def works(graph: Graph) -> Iterator[Work]:
    """All that is asked."""
    thing = f"<{PERSON}{THING}>"
    rdflib, oxigraph = (RDFLIB, OF_RDFLIB), (OXIGRAPH, OF_OXIGRAPH)
    yield Work("point query", f"SELECT ?p ?o {{ {thing} ?p ?o }} # {TURN}", rdflib=True, of=rdflib)
    same = f"SELECT ?p ?o {{ <{PERSON}0> ?p ?o }}"
    yield Work("point query, repeated", same, rdflib=True)
    page = f"/page/person/a{THING}?_={TURN}"
    yield Work("page of a thing, peers DESCRIBE", f"DESCRIBE {thing} # {TURN}", _TURTLE, page, True)
    with Known.open(str(graph.store)) as known:
        for name in ("organisation-partners", "statistics", "events-between"):
            asked = known.catalogue[name].parameters
            given = {each.name: each.example for each in asked if each.example and not each.default}
            text = header.without(known.bind(name, **given)).strip()
            long = name == "events-between"
            yield Work(name, f"{text}\n# {TURN}", long=long, of=oxigraph)
    people = f"CONSTRUCT {{ ?s ?p ?o }} {{ ?s a <{GSEF}Person> ; ?p ?o }} # {TURN}"
    for name, accept in (("Turtle", _TURTLE), ("N-Triples", _LINES)):
        yield Work(f"CONSTRUCT as {name}", people, accept, long=True, of=oxigraph)


def main(words: Sequence[str]) -> int:
    """Measure, print and write; returns an exit code."""
    # Byte code is kept, as in an installed package, whatever this shell says.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    parser = argparse.ArgumentParser(prog="bench web", description="Our server and its peers.")
    parser.add_argument("--size", type=size, default=size(SIZE), help="generated quads")
    given = parser.parse_args(words)
    try:
        with tempfile.TemporaryDirectory() as folder:
            text, missed = measured(peers.filled(Path(folder), given.size))
    except (load.NotInstalled, NotInstalled) as missing:
        print(missing, file=sys.stderr)
        return 2
    print(text)
    RESULTS.write_text(text, "utf-8")
    for what in missed:
        print(f"not reached: {what}", file=sys.stderr)
    return 1 if missed else 0


def measured(graph: Graph) -> tuple[str, list[str]]:
    """The text of all that was measured, and what of it was not reached."""
    every = list(works(graph))
    starts = {name: min(_start(start, graph) for _ in range(3)) for name, start in STARTS.items()}
    with ExitStack() as running:
        servers = {name: running.enter_context(start(graph)) for name, start in STARTS.items()}
        for work in every:
            _alike(servers, work)
        for name, server in servers.items():
            _warm(name, server, every[:1], graph.things)
        loads = _loads(servers, every, graph.things)
        memory = {name: server.memory for name, server in servers.items()}
    asked = [work for work in every if work.name in AGAIN]
    beside = {name: _beside(STARTS[name], asked, graph) for name in (OURS, OXIGRAPH)}
    missed = [
        f"{work.name} at {clients}: {work.of[1]:g} times {work.of[0]}"
        for work in every
        for clients in CLIENTS
        if work.of and not _reached(loads, work, clients)
    ]
    missed += [
        f"{name} at {clients}, beside hostile queries: {SLOWER:g} times the 99th percentile"
        for (name, clients), (before, after) in beside[OURS].loads.items()
        if after.slowest > SLOWER * before.slowest or after.failed
    ]
    missed += [
        f"{work} at {clients}, every answer with status 200: {found.failed}"
        for (name, work, clients), found in loads.items()
        if name == OURS and found.failed
    ]
    lines = [
        *_head(graph),
        *_of_loads(loads, every),
        *_of_starts(starts, memory),
        *_of_hostile(beside),
    ]
    return "\n".join(lines) + "\n", missed


def _start(start: Start, graph: Graph) -> float:
    """Seconds from the command to the first answer to a query."""
    began = time.perf_counter()
    with start(graph) as server:
        httpx.get(f"{server.address}{server.asks(peers.FIRST)}").raise_for_status()
        return time.perf_counter() - began


def _warm(name: str, server: Server, every: Iterable[Work], things: int) -> None:
    """Have a server start all that it starts when it is needed."""
    for work in every:
        work.run(name, server, BESIDE[-1], things)


def _alike(servers: Mapping[str, Server], work: Work) -> None:
    """See that all answer, and ours as oxigraph; how rdflib writes a number is its own affair."""
    said = {}
    for name, server in servers.items():
        path, accept = work.request(name, server)
        if name == RDFLIB and not work.rdflib:
            continue
        path = path.replace(THING, "17").replace(TURN, "0")
        answer = httpx.get(f"{server.address}{path}", headers={"accept": accept}, timeout=120)
        answer.raise_for_status()
        said[name] = _said(answer.content, accept) if not work.page else {""}
    if said[OURS] != said[OXIGRAPH] or len({*map(len, said.values())}) != 1:
        raise SystemExit(f"{work.name}: the answers differ")


def _said(content: bytes, accept: str) -> set[str]:
    if accept == _JSON:
        rows = json.loads(content)["results"]["bindings"]
        return {json.dumps(row, sort_keys=True) for row in rows}
    format_ = RdfFormat.TURTLE if accept == _TURTLE else RdfFormat.N_TRIPLES
    return {str(quad.triple) for quad in parse(content, format_)}


def _loads(servers: Mapping[str, Server], every: Iterable[Work], things: int) -> Loads:
    found: dict[tuple[str, str, int], list[Load]] = defaultdict(list)
    for work in every:
        for clients in CLIENTS:
            for _ in range(ROUNDS):
                for name, server in servers.items():
                    if name != RDFLIB or work.rdflib:
                        made = work.run(name, server, clients, things)
                        found[name, work.name, clients].append(made)
                        server.rest()
            last = {
                n: f"{each[-1].rate:.1f}/s"
                for (n, *what), each in found.items()
                if what == [work.name, clients]
            }
            print(f"{work.name} at {clients}: {last}", file=sys.stderr, flush=True)
    return {key: _middle(each) for key, each in found.items()}


def _middle(each: Sequence[Load]) -> Load:
    """The median of each figure; what failed, of all."""
    columns = list(zip(*map(astuple, each), strict=True))
    return Load(*map(statistics.median, columns[:3]), *map(sum, columns[3:]))


def _beside(start: Start, every: Sequence[Work], graph: Graph) -> Beside:
    """What clients wait for their answers, before and beside hostile ones."""
    name = OURS if start is peers.ours else OXIGRAPH
    before: dict[tuple[str, int], list[Load]] = defaultdict(list)
    after: dict[tuple[str, int], list[Load]] = defaultdict(list)

    def ask(into: dict[tuple[str, int], list[Load]]) -> None:
        for _ in range(ROUNDS):
            for work in every:
                for clients in BESIDE:
                    into[work.name, clients].append(work.run(name, server, clients, graph.things))

    with start(graph, LIMIT) as server:
        _warm(name, server, every, graph.things)
        ask(before)
        with hostile(server) as statuses:
            time.sleep(1)
            ask(after)
    return Beside(
        {key: (_middle(before[key]), _middle(after[key])) for key in before}, dict(statuses)
    )


def _reached(loads: Loads, work: Work, clients: int) -> bool:
    server, times = work.of or (OURS, 1.0)
    ours, peer = (loads[name, work.name, clients].rate for name in (OURS, server))
    return ours >= times * peer


def _head(graph: Graph) -> Iterator[str]:
    names = ("pyoxigraph", "starlette", "uvicorn", "oxigraph", "rdflib", "rdflib-endpoint")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    yield (
        f"On {os.cpu_count()} cores, Python {platform.python_version()}, {versions};"
        " clients (wrk) and servers share them."
        f" {graph.quads:,} quads: {graph.generated:,} generated, those shipped, and what follows."
        " gsefgraph and oxigraph have them on disk, rdflib-endpoint in memory."
        f" Medians of {ROUNDS} turns of {SECONDS} s: answers a second, and the time of the median"
        " and of the 99th percentile."
    )
    yield ""


def _of_loads(loads: Loads, every: Iterable[Work]) -> Iterator[str]:
    yield from _lines(
        "asked", "clients", *STARTS, "of oxigraph", "of rdflib-endpoint", "to reach", "failed"
    )
    for work in every:
        for clients in CLIENTS:
            of = {name: loads.get((name, work.name, clients)) for name in STARTS}
            failed = [f"{name}: {one.failed}" for name, one in of.items() if one and one.failed]
            yield _line(
                work.name,
                str(clients),
                *map(_cell, of.values()),
                _times(of[OURS], of[OXIGRAPH]),
                _times(of[OURS], of[RDFLIB]),
                f"{work.of[1]:g} of {work.of[0]}" if work.of else "",
                ", ".join(failed),
            )
    yield ""


def _of_starts(starts: Mapping[str, float], memory: Mapping[str, int]) -> Iterator[str]:
    yield from _lines("", *STARTS)
    yield _line("from the command to the first answer", *map(milliseconds, starts.values()))
    yield _line(
        "memory after all of this (PSS)", *(f"{n / 2**20:,.0f} MB" for n in memory.values())
    )
    yield ""


def _of_hostile(beside: Mapping[str, Beside]) -> Iterator[str]:
    yield (
        f"With {HOSTILE} clients at another address that ask what never ends (cross products, paths"
        f" without end), each query for {LIMIT} s at most:"
    )
    yield ""
    yield from _lines(
        "asked",
        "clients",
        "server",
        "before",
        "beside them",
        "99th percentile",
        "to reach",
        "failed",
    )
    for server, found in beside.items():
        for (name, clients), (before, after) in found.loads.items():
            yield _line(
                name, str(clients), server, _cell(before), _cell(after),
                f"{after.slowest / before.slowest:.1f} times" if after.slowest else "none",
                f"{SLOWER:g} times" if server == OURS else "",
                after.failed,
            )  # fmt: skip
    yield ""
    for server, found in beside.items():
        told = ", ".join(f"{n} of {s or 'a closed connection'}" for s, n in found.statuses.items())
        yield f"What {server} answered the hostile ones: {told or 'nothing yet'}."


def _lines(*heads: str) -> Iterator[str]:
    yield _line(*heads)
    yield f"|{'---|' * len(heads)}"


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(found: Load | None) -> str:
    if found is None:
        return ""
    rate = f"{found.rate:,.{0 if found.rate >= 20 else 1}f}/s"
    return f"{rate}, {milliseconds(found.median)}, {milliseconds(found.slowest)}"


def _times(ours: Load | None, peer: Load | None) -> str:
    return f"{ours.rate / peer.rate:.2f}" if ours and peer and peer.rate else ""
