"""A process of its own for the work of a command, which may have to be killed.

No engine can be told to stop, and a file or a query of a person's can make one run out of memory or
of stack, which no Python code survives. So a command runs in a child that is forked before anything
heavy is loaded; the parent waits, kills it at the deadline, tidies up behind it, and says in one
line what became of it.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from gsefgraph.errors import EngineError, QueryTimeout
from gsefgraph.limits import bound, end_with, isolate
from gsefgraph.wording import Wording, say

KILLS = hasattr(os, "fork")
"""Whether work gets a process of its own; elsewhere it runs in this one."""

_GRACE = 5.0
"""Seconds that work which writes is given to end by itself, when it is told to."""

_parent: int | None = None
"""In a child, where it tells its parent what to do for it."""


def guarded(work: Callable[[], int], *, memory: int | None = None, network: bool = False) -> int:
    """Run work in a child process.

    Parameters:
        work: prints what it has to and returns an exit code; it must catch its own errors.
        memory: bytes of address space; None for four fifths of what there is.
        network: whether the work may reach others; where the system can, it is cut off otherwise.

    Returns:
        The exit code of the work.

    Errors:
        QueryTimeout: the deadline passed that the work had set. EngineError: the child died.
    """
    if not KILLS:
        return work()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):  # closed by whoever started us: `caught` says so
            stream.flush()
    watched, held = os.pipe()
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(held)
        os.close(heard)
        _work(work, watched, told, memory, network)
    os.close(watched)
    os.close(told)
    try:
        return _Waiting(child, heard).to_the_end()
    finally:
        os.close(held)
        os.close(heard)


def _work(
    work: Callable[[], int], watched: int, told: int, memory: int | None, network: bool
) -> None:
    """What a child does; it does not return."""
    global _parent
    _parent = told
    code = 4
    try:
        if not network:
            isolate()
        _end_with_parent(watched)
        bound(memory)
        code = work()
        with contextlib.suppress(OSError):  # the work has said so, if it could not be written
            sys.stdout.flush()
    except MemoryError:
        sys.stderr.write("gsefgraph: error: out of memory\n")
    except BrokenPipeError:
        code = 0
    except Exception:  # a fault of ours: whoever reports it needs to see where
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


def deadline(seconds: float | None) -> bool:
    """Have this process killed after so many seconds from now.

    Parameters:
        seconds: None for never.

    Returns:
        Whether there is a parent that does so.
    """
    return _tell({"deadline": seconds})


def gently() -> None:
    """Be told to end, and given a moment to, before this process is killed."""
    _tell({"gently": True})


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder for temporary files, gone when this ends, and when this process is killed."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="gsefgraph-", ignore_cleanup_errors=True) as folder:
        _tell({"scratch": folder})
        yield Path(folder)


def _tell(what: dict[str, object]) -> bool:
    if _parent is not None:
        os.write(_parent, json.dumps(what).encode() + b"\n")
    return _parent is not None


class _Waiting:
    """A parent that waits for its child and does what that asks for."""

    def __init__(self, child: int, heard: int) -> None:
        self._child = child
        self._heard = heard
        self._rest = b""
        self._until: float | None = None
        self._seconds = 0.0
        self._gently = False
        self._scratch: list[str] = []

    def to_the_end(self) -> int:
        """The exit code of the child.

        Errors:
            QueryTimeout, EngineError.
        """
        try:
            if not self._listen(lambda: self._until):
                raise QueryTimeout(
                    say("engine.no-answer", timeout=self._seconds), hint=say("cli.ask-less")
                )
        except BaseException as why:
            self._kill(late=isinstance(why, QueryTimeout))
            raise
        _, status = os.waitpid(self._child, 0)
        self._tidy()
        return _code(status)

    def _listen(self, until: Callable[[], float | None]) -> bool:
        """Hear the child out; whether it has ended by then."""
        import select

        while True:
            end = until()
            left = None if end is None else max(end - time.monotonic(), 0)
            if not select.select([self._heard], [], [], left)[0]:
                return False
            heard = os.read(self._heard, 4096)
            if not heard:
                return True
            *lines, self._rest = (self._rest + heard).split(b"\n")
            for line in lines:
                self._do(json.loads(line))

    def _do(self, what: dict[str, object]) -> None:
        if isinstance(seconds := what.get("deadline"), float | int):
            self._seconds = float(seconds)
            self._until = time.monotonic() + self._seconds
        elif isinstance(folder := what.get("scratch"), str):
            self._scratch.append(folder)
        self._gently = self._gently or "gently" in what

    def _kill(self, *, late: bool) -> None:
        import signal

        try:
            self._listen(time.monotonic)  # what it has said by now
            if self._gently and not late:
                os.kill(self._child, signal.SIGTERM)
                end = time.monotonic() + _GRACE
                self._listen(lambda: end)
        finally:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(self._child, signal.SIGKILL)
                # Much memory takes its time to be given back; nobody needs to wait for that.
                os.waitpid(self._child, 0 if self._scratch else os.WNOHANG)
            self._tidy()

    def _tidy(self) -> None:
        for folder in self._scratch:
            if os.path.isdir(folder):
                import shutil

                shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def ended() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end what is under way as Ctrl-C does, so that it can tidy up."""
    import signal

    def leave(number: int, _frame: object) -> None:
        for each in wanted:  # once is enough: what tidies up is not to be disturbed
            signal.signal(each, signal.SIG_IGN)
        raise SystemExit(128 + number)

    wanted = (signal.SIGTERM, signal.SIGHUP) if KILLS else ()
    before = [signal.signal(number, leave) for number in wanted]
    try:
        yield
    finally:
        for number, handler in zip(wanted, before, strict=True):
            signal.signal(number, handler)


def _end_with_parent(watched: int) -> None:
    import signal

    # The parent alone answers Ctrl-C, which a terminal sends to both.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with(watched)


def lacking() -> list[Wording]:
    """What this system does not have, and what is missing without it; nothing on Linux and macOS.

    >>> lacking()
    []
    """
    found = []
    if not hasattr(os, "fork"):
        found.append(say("cli.no-fork"))
    for module, text in (
        ("fcntl", say("cli.no-locks")),
        ("resource", say("cli.no-limits")),
    ):
        try:
            importlib.import_module(module)
        except ImportError:
            found.append(text)
    return found


def _code(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return code
    import signal

    name = signal.Signals(-code).name
    cause = say("cli.died-memory") if -code == signal.SIGABRT else say("cli.died-nested")
    raise EngineError(say("cli.died", signal=name), hint=say("cli.likely", cause=cause))
