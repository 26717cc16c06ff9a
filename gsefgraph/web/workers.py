"""Processes that work on what strangers send: how many, for how long, and for whom."""

from __future__ import annotations

import asyncio
import os
import threading
import time
import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any, Final

from gsefgraph import errors
from gsefgraph.errors import GsefgraphError
from gsefgraph.graph.graph import Graph
from gsefgraph.graph.loading import keep
from gsefgraph.project import shipped
from gsefgraph.sparql.guard import MAX_BYTES
from gsefgraph.web.process import Process, settle_from, within
from gsefgraph.web.turns import Busy, Turn, Turns
from gsefgraph.web.worker import Job, Opened, Question, give

SECONDS: Final = 10.0
"""That a query may take, waiting for its turn included."""
ROWS: Final = 1_000_000
"""That an answer may have."""
MEMORY: Final = 3 * 2**30
"""Bytes of address space of each process; an engine reserves up to 750 MB and uses 50 at first."""

_START: Final = 60.0  # seconds that a process may take to be there
_SEVERAL, _LATELY = 2, 60.0  # processes that one client brings down, in so many seconds


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its bytes, and what the engine had to say."""

    body: bytes
    notes: tuple[str, ...] = ()


class Workers:
    """A few processes; they start when they are needed, and are replaced when they die.

    One client takes all but one of them at most (`Turns`), so that there is always one for somebody
    else.

    Parameters:
        count: how many.
        seconds: that a query may take.
        memory: of each, in bytes.
        rows: that an answer may have.
        longest: bytes of a query.

    >>> from gsefgraph.graph.graph import Graph
    >>> workers = Workers()
    >>> asyncio.run(workers.answer(Graph.open(), 1, Question("ASK {}", "json"))).body
    b'{"head":{},"boolean":true}\\n'
    >>> workers.close()
    """

    def __init__(
        self,
        count: int = (os.cpu_count() or 1) + 1,
        *,
        seconds: float = SECONDS,
        memory: int = MEMORY,
        rows: int = ROWS,
        longest: int = MAX_BYTES,
    ) -> None:
        self.seconds = seconds
        self.rows = rows
        self.longest = longest
        self._given = {"memory": memory, "longest": longest}
        self._idle: list[Process] = []
        self._count = max(count, 1)
        self._turns = Turns(self._count)
        self._downs: dict[str, deque[float]] = {}
        self._lock = threading.Lock()
        self._stored = _Stored()
        self._end = weakref.finalize(self, _end, self._idle, self._stored)

    async def answer(self, graph: Graph, generation: int, job: Job, client: str = "") -> Reply:
        """What comes of a job.

        Parameters:
            graph: what is asked; one in memory is put on disk first, once a generation.
            client: who asks, such as an address.

        Errors:
            QueryTimeout: it took too long, or (`Busy`) too many ask. EngineError: the process that
            worked on it has died. Else as `Graph.query`, `Graph.validate` or `Engine.update`.
        """
        until = time.monotonic() + self.seconds
        network = "://" in graph.store
        turn = await self._awaited(client, until)
        starting: asyncio.Task[Process] | None = None
        try:
            if not self._stored.holds(graph, generation):
                await asyncio.to_thread(self._stored.hold, graph, generation)
            opened = self._stored.opened(graph, generation)
            process = self._ready(network, client)
            if process is None:
                starting = asyncio.create_task(self._made(network, client, opened))
                await asyncio.wait([starting], timeout=until - time.monotonic())
                if not starting.done():  # what was asked has not been looked at
                    raise Busy.now()
                process = starting.result()
            with self._resting(process, client):
                told = await process.answer(give(opened, self._bounded(job)), until)
        finally:
            # What has begun to start is there for who comes next: ended with each question that
            # does not wait for it, it would never be there where the machine has much to do.
            if starting is None or starting.done():
                self._turns.leave(turn)
            else:
                starting.add_done_callback(lambda made: self._has_started(made, turn))
        return _reply(told)

    def _has_started(self, made: asyncio.Task[Process], turn: Turn) -> None:
        """Keep a process that nobody waits for any more."""
        if not made.cancelled() and made.exception() is None:
            self._rest(made.result())
        self._turns.leave(turn)

    def _bounded(self, job: Job) -> Job:
        if not isinstance(job, Question):
            return job
        rows = min(job.rows or self.rows, self.rows)
        return replace(job, rows=rows, seconds=self.seconds)

    def _ready(self, network: bool, client: str) -> Process | None:
        """One that has nothing to do; what has died meanwhile is nobody's trouble.

        Who has brought several down does not take what others have at hand.
        """
        wanted = network, self._is_behind(client)
        with self._lock:
            for process in reversed(self._idle):
                if (process.network, process.behind) == wanted:
                    self._idle.remove(process)
                    if process.alive:
                        return process
                    process.end()
        return None

    async def _made(self, network: bool, client: str, opened: Opened) -> Process:
        """A process that has opened what it will be asked of, but for an endpoint."""
        behind, until = self._is_behind(client), time.monotonic() + _START
        try:
            folder = mkdtemp(dir=self._stored.folder)
            process = await Process.start(folder, self._given, network, behind, until)
        except OSError:  # no more files, processes or memory, for now
            raise Busy.now() from None
        try:
            if not network:
                await process.answer(give(opened, Question("ASK {}", "json")), until)
        except BaseException:
            process.end()
            raise
        return process

    def _is_behind(self, client: str) -> bool:
        """Whether a client has brought down several processes lately."""
        downs = self._downs.get(client)
        return (
            downs is not None and len(downs) == _SEVERAL and time.monotonic() - downs[0] < _LATELY
        )

    @contextmanager
    def _resting(self, process: Process, client: str) -> Iterator[None]:
        """Have a process at hand afterwards, or end it where the question has made an end of it."""
        try:
            yield
        except BaseException:
            process.end()
            now = time.monotonic()
            with self._lock:
                self._downs = {c: d for c, d in self._downs.items() if now - d[-1] < _LATELY}
                self._downs.setdefault(client, deque(maxlen=_SEVERAL)).append(now)
            raise
        self._rest(process)

    def _rest(self, process: Process) -> None:
        with self._lock:
            self._idle.append(process)
            if len(self._idle) > self._count:
                self._idle.pop(0).end()

    async def _awaited(self, client: str, until: float) -> Turn:
        """A turn that has come."""
        called: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        turn = self._turns.take(client, lambda: settle_from(called))
        if not turn.has:
            try:
                await within(called, until, Busy.now)
            except BaseException:
                self._turns.leave(turn)
                raise
        return turn

    def close(self) -> None:
        """End all processes."""
        self._end()


def _end(idle: list[Process], stored: _Stored) -> None:
    while idle:
        idle.pop().end()
    stored.close()


class _Stored:
    """Where processes find the graph: in its own folder, or in one that it is put into; and where
    they work."""

    def __init__(self) -> None:
        self._folder: TemporaryDirectory[str] | None = None
        self._generation = 0
        self._lock = threading.RLock()

    @property
    def folder(self) -> str:
        """Where the folders of processes are; it goes when they all do."""
        with self._lock:
            if self._folder is None:
                made = TemporaryDirectory(prefix="gsefgraph-", ignore_cleanup_errors=True)
                self._folder = made
            return self._folder.name

    def holds(self, graph: Graph, generation: int) -> bool:
        """Whether a process can open a generation of a graph."""
        return graph.store != "memory:" or self._generation >= generation

    def hold(self, graph: Graph, generation: int) -> None:
        """Put a graph in memory on disk, where that generation is not yet."""
        with self._lock:
            if self.holds(graph, generation):
                return
            keep(graph, str(self._kept))
            self._generation = generation

    @property
    def _kept(self) -> Path:
        return Path(self.folder, "store")

    def opened(self, graph: Graph, generation: int) -> Opened:
        """What a process is to open for a generation of a graph, which is there."""
        root = str(graph.project.root)
        project = None if root == _shipped() else root
        store = str(self._kept) if graph.store == "memory:" else graph.store
        if "://" not in store:  # a process has a folder of its own
            store = os.path.abspath(store)
        reading = graph.reading
        contexts = {iri: os.path.abspath(file) for iri, file in reading.contexts.items()}
        return Opened(store, project, generation, reading.base, contexts, reading.bound)

    def close(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()


@cache
def _shipped() -> str:
    return str(shipped().root)


def _reply(told: dict[str, Any]) -> Reply:
    """What a process has answered.

    Errors:
        what it has found wrong.
    """
    if fault := told.get("fault"):
        made: type[GsefgraphError] = getattr(errors, fault["kind"])
        raise made(fault["message"], line=fault["line"], column=fault["column"])
    return Reply(told["body"], tuple(told["notes"]))
