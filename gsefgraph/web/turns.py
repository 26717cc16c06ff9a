"""Whose turn it is: a few places, and many who wait for one."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from gsefgraph.errors import QueryTimeout
from gsefgraph.wording import say

EACH: Final = 128
"""Who may wait of one client; more are told to come later."""
ALL: Final = 1024
"""Who may wait of all clients; what they ask is up to 64 KB each."""


class Busy(QueryTimeout):
    """So many wait already that nobody else is let in, or one's turn did not come in time."""

    @classmethod
    def now(cls) -> Busy:
        """What is raised.

        >>> Busy.now().hint is None
        False
        """
        return cls(say("worker.busy"), hint=say("worker.later"))


@dataclass(eq=False, slots=True)
class Turn:
    """That somebody has a place, or waits for one.

    Attributes:
        client: who it is.
        call: told when the place is there, from any thread, once, unless it was there at once.
        has: whether it is.
    """

    client: str
    call: Callable[[], object]
    has: bool = False


class Turns:
    """Places that are given to those who wait: first to the client that has the fewest.

    Of clients that have as many, the one that has waited longest is next. One client has all places
    but one at most, so that there is always one for somebody else.

    Parameters:
        places: how many.

    >>> turns = Turns(2)
    >>> first, second = turns.take("a", list), turns.take("a", lambda: print("called"))
    >>> other = turns.take("b", list)
    >>> first.has, second.has, other.has
    (True, False, True)
    >>> turns.leave(first)
    called
    """

    def __init__(self, places: int) -> None:
        self._free = places
        self._most = max(places - 1, 1)
        self._has: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[Turn]] = OrderedDict()
        self._number = 0
        self._lock = threading.Lock()

    def take(self, client: str, call: Callable[[], object]) -> Turn:
        """A turn of a client, which must leave in the end.

        Errors:
            Busy: too many wait.
        """
        turn = Turn(client, call)
        with self._lock:
            if self._free and self._has[client] < self._most:
                self._give(turn)
                return turn
            queue = self._waiting.setdefault(client, deque())
            if len(queue) >= EACH or self._number >= ALL:
                if not queue:
                    del self._waiting[client]
                raise Busy.now()
            queue.append(turn)
            self._number += 1
        return turn

    def leave(self, turn: Turn) -> None:
        """Give a place back, or wait no more."""
        with self._lock:
            if not turn.has:
                queue = self._waiting[turn.client]
                queue.remove(turn)
                self._number -= 1
                if not queue:
                    del self._waiting[turn.client]
                return
            self._free += 1
            self._has[turn.client] -= 1
            if not self._has[turn.client]:
                del self._has[turn.client]
            following = self._next()
        if following is not None:
            following.call()

    def _give(self, turn: Turn) -> None:
        self._free -= 1
        self._has[turn.client] += 1
        turn.has = True

    def _next(self) -> Turn | None:
        """Who has the place that is free now; clients stand in the order in which they had one."""
        waiting = [client for client in self._waiting if self._has[client] < self._most]
        if not waiting:
            return None
        client = min(waiting, key=self._has.__getitem__)
        turn = self._waiting[client].popleft()
        self._number -= 1
        if self._waiting[client]:
            self._waiting.move_to_end(client)
        else:
            del self._waiting[client]
        self._give(turn)
        return turn
