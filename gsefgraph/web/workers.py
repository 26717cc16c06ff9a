"""Processes that answer strangers' queries: how many, for how long, and for whom."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import threading
import time
import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from tempfile import TemporaryDirectory
from typing import IO, Any, Final, cast

from pyoxigraph import RdfFormat, Triple, parse

from gsefgraph import errors
from gsefgraph.errors import EngineError, GsefgraphError, QueryTimeout
from gsefgraph.graph.graph import Graph
from gsefgraph.graph.loading import keep
from gsefgraph.project import shipped
from gsefgraph.web.worker import Opened, Question, Sent, ask, send
from gsefgraph.wording import say

SECONDS: Final = 10.0
"""That a query may take, waiting for its turn included."""
ROWS: Final = 1_000_000
"""That an answer may have."""
MEMORY: Final = 3 * 2**30
"""Bytes of address space of each process; an engine reserves up to 750 MB and uses 50 at first."""

_WAITING: Final = 16  # more would take the threads in which pages are answered


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its bytes, and what the engine had to say."""

    body: bytes
    notes: tuple[str, ...] = ()


class Busy(QueryTimeout):
    """So many wait already that nobody else is let in."""


class Workers:
    """A few processes; they start when they are needed, and are replaced when they die.

    One client takes all but one of them at most, so that there is always one for somebody else.

    Parameters:
        count: how many.
        seconds: that a query may take.
        memory: of each, in bytes.
        rows: that an answer may have.

    >>> from gsefgraph.graph.graph import Graph
    >>> workers = Workers()
    >>> workers.ask(Graph.open(), 1, Question("ASK {}", "json")).body
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
    ) -> None:
        self.seconds = seconds
        self.rows = rows
        self._count = max(count, 1)
        self._memory = memory
        self._idle: list[_Process] = []
        self._busy: Counter[str] = Counter()
        self._waiting = 0
        self._turn = threading.Condition()
        self._stored = _Stored()
        self._end = weakref.finalize(self, _end, self._idle, self._stored)

    def ask(self, graph: Graph, generation: int, question: Question, client: str = "") -> Reply:
        """The answer to a question.

        Parameters:
            graph: what is asked; one in memory is put on disk first, once a generation.
            client: who asks, such as an address.

        Errors:
            QueryTimeout: it took too long, or (`Busy`) too many ask. EngineError: the process that
            worked on it has died. Else as `Graph.query`.
        """
        rows = min(question.rows or self.rows, self.rows)
        question = replace(question, rows=rows, seconds=self.seconds)

        def line() -> bytes:
            return ask(self._stored.opened(graph, generation), question)

        return self._asked(line, "://" in graph.store, client)

    def read(self, sent: Sent, client: str = "") -> list[Triple]:
        """The triples of RDF that somebody sends.

        Errors:
            QueryTimeout, EngineError: as `ask`. InputError, SyntaxFault: it is no RDF.
        """
        reply = self._asked(lambda: send(sent), False, client)
        return [quad.triple for quad in parse(reply.body, RdfFormat.N_TRIPLES, lenient=True)]

    def _asked(self, line: Callable[[], bytes], network: bool, client: str) -> Reply:
        until = time.monotonic() + self.seconds
        with self._in_turn(client, until):
            asked = line()
            process = self._process(network, until)
            try:
                reply = process.ask(asked, until)
            except BaseException:
                process.end()
                raise
            self._idle.append(process)
        fault = reply.pop("fault", None)
        if fault:
            raise _fault(**fault)
        return Reply(reply["body"], tuple(reply["notes"]))

    def _process(self, network: bool, until: float) -> _Process:
        """One that has nothing to do; what has died meanwhile is nobody's trouble."""
        while self._idle:
            process = self._idle.pop()
            if process.alive:
                return process
            process.end()
        return _Process(self._memory, network, until)

    @contextmanager
    def _in_turn(self, client: str, until: float) -> Iterator[None]:
        most = max(self._count - 1, 1)

        def free() -> bool:
            return self._busy.total() < self._count and self._busy[client] < most

        with self._turn:
            if not free():
                if self._waiting >= _WAITING:
                    raise Busy(say("worker.busy"), hint=say("worker.later"))
                self._waiting += 1
                try:
                    if not self._turn.wait_for(free, until - time.monotonic()):
                        raise Busy(say("worker.busy"), hint=say("worker.later"))
                finally:
                    self._waiting -= 1
            self._busy[client] += 1
        try:
            yield
        finally:
            with self._turn:
                self._busy[client] -= 1
                self._busy += Counter()  # without those who have none
                self._turn.notify_all()

    def close(self) -> None:
        """End all processes."""
        self._end()


def _end(idle: list[_Process], stored: _Stored) -> None:
    while idle:
        idle.pop().end()
    stored.close()


class _Stored:
    """Where processes find the graph: in its own folder, or in one that it is put into."""

    def __init__(self) -> None:
        self._folder: TemporaryDirectory[str] | None = None
        self._generation = 0
        self._lock = threading.Lock()

    def opened(self, graph: Graph, generation: int) -> Opened:
        """What a process is to open for a generation of a graph."""
        store = graph.store
        if store == "memory:":
            with self._lock:
                if self._folder is None:
                    made = TemporaryDirectory(prefix="gsefgraph-", ignore_cleanup_errors=True)
                    self._folder = made
                store = self._folder.name
                if self._generation < generation:
                    keep(graph, store)
                    self._generation = generation
        root = graph.project.root
        project = None if root == shipped().root else str(root)
        return Opened(store, project, graph.reading.base, generation)

    def close(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()


class _Process:
    """One process, which is asked one thing at a time."""

    def __init__(self, memory: int, network: bool, until: float) -> None:
        watched, self._held = os.pipe()
        self._process = process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "gsefgraph.web.worker", str(watched)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(watched,),
            start_new_session=True,
        )
        os.close(watched)
        self._in, self._out = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
        self._rest = b""
        given = {"memory": memory, "network": network}
        try:
            self._send(json.dumps(given).encode() + b"\n")
            self.isolated = bool(self._line(until)["isolated"])
        except BaseException:
            self.end()
            raise

    @property
    def alive(self) -> bool:
        """Whether it is still there."""
        return self._process.poll() is None

    def ask(self, line: bytes, until: float) -> dict[str, Any]:
        """What it answers, the bytes as ``body``.

        Errors:
            QueryTimeout, EngineError: it is of no use any more.
        """
        self._send(line)
        told = self._line(until)
        told["body"] = self._bytes(told.get("size", 0), until)
        return told

    def end(self) -> None:
        """End it at once; much memory takes its time to be given back, which nobody waits for."""
        self._process.kill()
        threading.Thread(target=self._process.wait, daemon=True).start()
        for stream in (self._in, self._out):
            with suppress(OSError):
                stream.close()
        with suppress(OSError):
            os.close(self._held)

    def _send(self, line: bytes) -> None:
        try:
            self._in.write(line)
            self._in.flush()
        except OSError:
            raise self._died() from None

    def _line(self, until: float) -> dict[str, Any]:
        while b"\n" not in self._rest:
            self._rest += self._piece(until)
        line, _, self._rest = self._rest.partition(b"\n")
        found: dict[str, Any] = json.loads(line)
        return found

    def _bytes(self, size: int, until: float) -> bytes:
        pieces, length = [self._rest], len(self._rest)
        while length < size:
            pieces.append(self._piece(until))
            length += len(pieces[-1])
        self._rest = b""
        return b"".join(pieces)

    def _piece(self, until: float) -> bytes:
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._out, selectors.EVENT_READ)
            if not waiting.select(max(until - time.monotonic(), 0)):
                raise QueryTimeout(say("worker.late"), hint=say("engine.ask-less"))
        piece = os.read(self._out.fileno(), 2**20)
        if not piece:
            raise self._died()
        return piece

    def _died(self) -> EngineError:
        return EngineError(say("worker.died"), hint=say("worker.likely"))


def _fault(kind: str, message: str, line: int | None, column: int | None) -> GsefgraphError:
    """What a process has found wrong."""
    made: type[GsefgraphError] = getattr(errors, kind)
    return made(message, line=line, column=column)
