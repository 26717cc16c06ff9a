"""The graph that is served: opened once, and anew when its files or its store have changed."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from gsefgraph.engine import Engine, connect
from gsefgraph.engine.store import RECORD
from gsefgraph.errors import GsefgraphError
from gsefgraph.graph.graph import Graph
from gsefgraph.project import Project

T = TypeVar("T")


class Served:
    """A graph for many requests, each of which keeps to the one that it began with.

    Parameters:
        opening: opens the graph.
        tell: told why a changed graph could not be opened; the one before is then served on.
        token: who knows it may write into the store; empty where nobody may.

    Attributes:
        now: the graph and its number, which change together.
        lasting: whether it is as it is until `refresh` finds it changed; what is at an endpoint
            changes without a word.

    >>> served = Served(Graph.open)
    >>> served.refresh(), served.now[1], served.lasting
    (False, 1, True)
    """

    def __init__(
        self,
        opening: Callable[[], Graph],
        tell: Callable[[GsefgraphError], None] = lambda _: None,
        token: str = "",
    ) -> None:
        self._token = token
        self._open = opening
        self._tell = tell
        self._lock = threading.Lock()
        graph = opening()
        self.now = graph, 1
        self.lasting = "://" not in graph.store
        self._seen = self._signs()

    def allows(self, token: str) -> bool | None:
        """Whether who gives a token may write; None where nobody may.

        >>> Served(Graph.open).allows(""), Served(Graph.open, token="secret").allows("guess")
        (None, False)
        """
        if not self._token:
            return None
        return secrets.compare_digest(self._token.encode(), token.encode("utf-8", "replace"))

    def write(self, change: Callable[[Engine], T]) -> T:
        """Change the store; what is asked from then on sees it.

        Errors:
            as `change`; EngineError, StoreDamaged: the store.
        """
        graph, _ = self.now
        with closing(connect(graph.store)) as engine:
            found = change(engine)
        self.refresh()
        return found

    def refresh(self) -> bool:
        """Open the graph anew where what it was made of has changed; whether it was."""
        with self._lock:
            try:
                signs = self._signs()
                if signs == self._seen:
                    return False
                graph = self._open()
            except GsefgraphError as error:
                self._seen = signs
                self._tell(error)
                return False
            except OSError:  # what goes while it is read; it is looked at again
                return False
            self._seen = signs
            # Requests that began with the graph before still use it; the last one lets it go.
            self.now = graph, self.now[1] + 1
            return True

    def _signs(self) -> dict[str, tuple[int, int]]:
        """Time and size of every file that the graph is made of."""
        found: dict[str, tuple[int, int]] = {}
        for path in self._files():
            try:
                told = path.stat()
            except OSError:
                continue
            found[str(path)] = (told.st_mtime_ns, told.st_size)
        return found

    def _files(self) -> Iterator[Path]:
        graph, _ = self.now
        if not self.lasting:
            return
        if graph.store != "memory:":
            yield Path(graph.store, RECORD)
        yield from _below(graph.project, graph.data)


def _below(project: Project, data: tuple[str | Path, ...]) -> Iterator[Path]:
    folders = [project.data, project.ontology, *project.queries]
    for named in [*map(Path, data), *folders]:
        yield named
        if named.is_dir():
            yield from (path for path in named.rglob("*") if path.is_file())
