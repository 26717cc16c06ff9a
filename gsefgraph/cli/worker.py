"""A process of its own for work that may have to be killed.

A SPARQL engine cannot be told to stop, and a query can make it run out of memory or of stack, which
no Python code survives. So such work runs in a child that is forked before any store is opened; the
parent waits, kills it at the deadline, and says in one line what became of it.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import time
from collections.abc import Callable, Iterator

from gsefgraph.errors import EngineError, QueryTimeout
from gsefgraph.wording import Wording, say

KILLS = hasattr(os, "fork")
"""Whether work gets a process of its own; elsewhere it runs in this one."""

_POLL = 0.01


def guarded(
    work: Callable[[], int],
    *,
    timeout: float | None,
    memory: int | None = None,
    network: bool = False,
) -> int:
    """Run work in a child process.

    Parameters:
        work: prints what it has to and returns an exit code; it must catch its own errors.
        timeout: seconds, None for no limit.
        memory: bytes of address space; None for four fifths of the machine's memory.
        network: whether the work may reach others; where the system can, it is cut off otherwise.

    Returns:
        The exit code of the work.

    Errors:
        QueryTimeout: the deadline passed. EngineError: the child died.
    """
    if not KILLS:
        return work()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):  # closed by whoever started us: `caught` says so
            stream.flush()
    watched, held = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(held)
        if not network:
            isolate()
        _end_with_parent(watched)
        _limit(memory)
        code = 4
        try:
            code = work()
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
    os.close(watched)
    try:
        return _wait(child, timeout)
    except BaseException:
        _kill(child)
        raise
    finally:
        os.close(held)


@contextlib.contextmanager
def ended() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end what is under way as Ctrl-C does, so that it can tidy up."""
    import signal

    def leave(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    wanted = (signal.SIGTERM, signal.SIGHUP) if KILLS else ()
    before = [signal.signal(number, leave) for number in wanted]
    try:
        yield
    finally:
        for number, handler in zip(wanted, before, strict=True):
            signal.signal(number, handler)


def _end_with_parent(watched: int) -> None:
    """End this process when its parent does, however that ends: the pipe between them closes."""
    import signal
    import threading

    # The parent alone answers Ctrl-C, which a terminal sends to both.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def wait() -> None:
        os.read(watched, 1)
        os._exit(4)

    threading.Thread(target=wait, daemon=True, name="gsefgraph-parent").start()


def isolate() -> bool:
    """Move this process into a network of its own, which has no way out (Linux: unshare(2)).

    Returns:
        Whether it worked; where it did not, queries that would fetch are refused all the same.
    """
    import ctypes

    new_user, new_network = 0x10000000, 0x40000000
    try:
        unshare = ctypes.CDLL(None, use_errno=True).unshare
    except (OSError, AttributeError):
        return False
    return any(unshare(flags) == 0 for flags in (new_network, new_user | new_network))


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


def _limit(memory: int | None) -> None:
    import resource

    if memory is None:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 4 // 5
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _wait(child: int, timeout: float | None) -> int:
    if timeout is None:
        _, status = os.waitpid(child, 0)
        return _code(status)
    deadline = time.monotonic() + timeout
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return _code(status)
        left = deadline - time.monotonic()
        if left <= 0:
            _kill(child)
            raise QueryTimeout(say("engine.no-answer", timeout=timeout), hint=say("cli.ask-less"))
        time.sleep(min(_POLL, left))


def _kill(child: int) -> None:
    import signal

    try:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    except (ProcessLookupError, ChildProcessError):
        pass


def _code(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return code
    import signal

    name = signal.Signals(-code).name
    cause = say("cli.died-memory") if -code == signal.SIGABRT else say("cli.died-nested")
    raise EngineError(say("cli.died", signal=name), hint=say("cli.likely", cause=cause))
