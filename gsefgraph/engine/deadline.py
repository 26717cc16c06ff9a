"""Work with a deadline, for a database that cannot be told to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from gsefgraph.errors import QueryTimeout, UsageError
from gsefgraph.wording import say

T = TypeVar("T")


def within(timeout: float | None, work: Callable[[], T]) -> T:
    """The result of some work, or QueryTimeout when it is not there in time.

    Parameters:
        timeout: seconds, above zero; None runs the work in the calling thread.
        work: run in a thread of its own, which cannot be stopped and does not keep the process
            alive.

    Returns:
        What `work` returns; what it raises is raised here.

    >>> within(5, lambda: 6 * 7)
    42
    """
    if timeout is None:
        return work()
    if not timeout > 0:
        raise UsageError(
            say("engine.bad-timeout", timeout=timeout), hint=say("engine.seconds-above")
        )
    results: list[T] = []
    failures: list[BaseException] = []
    done = threading.Event()

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            failures.append(error)
        finally:
            done.set()

    threading.Thread(target=run, daemon=True, name="gsefgraph-engine").start()
    if not done.wait(min(timeout, threading.TIMEOUT_MAX)):
        raise QueryTimeout(
            say("engine.no-answer", timeout=timeout), hint=say("engine.ask-less-allow")
        )
    if failures:
        raise failures[0]
    return results[0]
