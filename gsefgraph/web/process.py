"""One process that works on what strangers send (`worker.py`), and how it is spoken to: by tasks of
an event loop, so that no thread waits."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from shutil import rmtree
from typing import IO, Any, Final, cast

from gsefgraph.errors import EngineError, QueryTimeout
from gsefgraph.wording import say

_PIECE: Final = 2**20
# An engine takes and gives back many small pieces of memory: as many of a size are at hand.
_MALLOC: Final = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=200"}
_BEHIND: Final = 5  # setpriority(2): a third of what others get, where there is not enough for all


class Process:
    """A process, which is asked one thing at a time.

    Parameters:
        folder: where it works; it goes when the process does.
        network: whether it may speak to other machines.
        behind: whether it gets less of the processor than others, and of one core only, and what
            takes long in it nearly nothing where there is not enough for all.
    """

    def __init__(self, folder: str, network: bool, behind: bool) -> None:
        self.network, self.behind = network, behind
        self._folder = folder
        watched, self._held = os.pipe()
        try:
            self._process = process = self._started(watched)
        except BaseException:
            os.close(self._held)
            rmtree(folder, ignore_errors=True)
            raise
        finally:
            os.close(watched)
        if behind:
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, process.pid, _BEHIND)
                if sys.platform == "linux":  # what wakes up waits for no tick on all other cores
                    os.sched_setaffinity(process.pid, {max(os.sched_getaffinity(0))})
        self._streams = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
        for stream in self._streams:
            os.set_blocking(stream.fileno(), False)

    def _started(self, watched: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "gsefgraph.web.worker", str(watched)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(watched,),
            cwd=self._folder,
            env={**_MALLOC, **os.environ, "TMPDIR": self._folder},
            # Ctrl-C is not for it; in a session of its own it would have as much of the processor
            # as all of this one together (sched(7), autogroup).
            process_group=0,
        )

    @classmethod
    async def start(
        cls, folder: str, given: Mapping[str, int], network: bool, behind: bool, until: float
    ) -> Process:
        """A process that is ready.

        Parameters:
            given: ``memory``, bytes of address space that it may take; ``longest``, bytes of a
                query.
            until: when it must be, of the clock `time.monotonic`.

        Errors:
            QueryTimeout, EngineError: it has not started.
        """
        begun: list[Process] = []
        given_up = threading.Lock()  # who finds it held came second, and ends the process

        def begin() -> Process:
            process = cls(folder, network, behind)
            begun.append(process)
            if not given_up.acquire(blocking=False):
                process.end()
            return process

        try:
            made = await asyncio.to_thread(begin)
        except BaseException:
            # A thread that has begun goes on, whatever becomes of who waits for it.
            if not given_up.acquire(blocking=False):
                for process in begun:
                    process.end()
            raise
        allowed = {**given, "network": network, "behind": behind}
        try:
            await made.answer(json.dumps(allowed).encode() + b"\n", until)
        except BaseException:
            made.end()
            raise
        return made

    @property
    def alive(self) -> bool:
        """Whether it is still there."""
        return self._process.poll() is None

    async def answer(self, line: bytes, until: float) -> dict[str, Any]:
        """What it answers to a line: a line, and as many bytes as that says, as ``body``.

        Errors:
            QueryTimeout, EngineError: it is of no use any more.
        """
        to, out = (stream.fileno() for stream in self._streams)
        loop = asyncio.get_running_loop()
        rest = memoryview(line)
        while rest:
            try:
                rest = rest[os.write(to, rest) :]
            except BlockingIOError:
                await _ready(to, loop.add_writer, loop.remove_writer, until)
            except OSError:
                raise _died() from None
        told: dict[str, Any] = {}
        heard: list[bytes] = []
        left = 0
        await _ready(out, loop.add_reader, loop.remove_reader, until)  # nothing is there so soon
        while not told or left > 0:
            try:
                piece = os.read(out, _PIECE)
            except BlockingIOError:
                await _ready(out, loop.add_reader, loop.remove_reader, until)
                continue
            if not piece:
                raise _died()
            heard.append(piece)
            left -= len(piece)
            if not told and b"\n" in piece:
                line, _, body = b"".join(heard).partition(b"\n")
                told, heard = json.loads(line), [body]
                left = told.get("size", 0) - len(body)
        return {**told, "body": b"".join(heard)}

    def end(self) -> None:
        """End it at once; much memory takes its time to be given back, which nobody waits for."""
        self._process.kill()
        threading.Thread(target=self._ended, daemon=True).start()
        for stream in self._streams:
            with suppress(OSError):
                stream.close()
        with suppress(OSError):
            os.close(self._held)

    def _ended(self) -> None:
        self._process.wait()
        rmtree(self._folder, ignore_errors=True)


async def _ready(
    file: int, add: Callable[..., None], remove: Callable[[int], bool], until: float
) -> None:
    """Wait until a file can be read or written."""
    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    add(file, settle, ready)
    try:
        await within(ready, until, _late)
    finally:
        remove(file)


def settle(ready: asyncio.Future[None], problem: Exception | None = None) -> None:
    """Tell who waits that there is no need to any more."""
    if ready.done():
        return
    if problem is None:
        ready.set_result(None)
    else:
        ready.set_exception(problem)


def settle_from(ready: asyncio.Future[None]) -> None:
    """As `settle`, from any thread; that of the loop itself need not be woken up."""
    loop = ready.get_loop()
    try:
        own = asyncio.get_running_loop() is loop
    except RuntimeError:
        own = False
    if own:
        settle(ready)
    else:
        loop.call_soon_threadsafe(settle, ready)


async def within(ready: asyncio.Future[None], until: float, late: Callable[[], Exception]) -> None:
    """Wait until something is there, or it is too late.

    `asyncio.wait_for` does the same at the price of a task.

    Parameters:
        until: of the clock `time.monotonic`.
        late: makes what is raised then.

    >>> async def wait() -> None:
    ...     await within(asyncio.get_running_loop().create_future(), 0, TimeoutError)
    >>> asyncio.run(wait())
    Traceback (most recent call last):
    TimeoutError
    """
    loop = asyncio.get_running_loop()
    alarm = loop.call_later(until - time.monotonic(), lambda: settle(ready, late()))
    try:
        await ready
    finally:
        alarm.cancel()


def _late() -> QueryTimeout:
    return QueryTimeout(say("worker.late"), hint=say("engine.ask-less"))


def _died() -> EngineError:
    return EngineError(say("worker.died"), hint=say("worker.likely"))
