"""The graph that is served: opened once, and anew when its files or its store have changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from gsefgraph.engine.store import RECORD
from gsefgraph.errors import GsefgraphError
from gsefgraph.graph.graph import Graph
from gsefgraph.project import Project


class Served:
    """A graph for many requests, each of which keeps to the one that it began with.

    Parameters:
        opening: opens the graph.
        tell: told why a changed graph could not be opened; the one before is then served on.
        options: those of the command line that name this graph, for what runs as a command.

    >>> served = Served(Graph.open)
    >>> served.graph is served.graph, served.refresh(), served.generation
    (True, False, 1)
    """

    def __init__(
        self,
        opening: Callable[[], Graph],
        tell: Callable[[GsefgraphError], None] = lambda _: None,
        options: tuple[str, ...] = (),
    ) -> None:
        self.options = options
        self._open = opening
        self._tell = tell
        self._lock = threading.Lock()
        self.graph = opening()
        self.generation = 1
        self._seen = self._signs()

    def refresh(self) -> bool:
        """Open the graph anew where what it was made of has changed; whether it was."""
        with self._lock:
            signs = self._signs()
            if signs == self._seen:
                return False
            self._seen = signs
            try:
                graph = self._open()
            except GsefgraphError as error:
                self._tell(error)
                return False
            # Requests that began with the graph before still use it; the last one lets it go.
            self.graph, self.generation = graph, self.generation + 1
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
        store, project = self.graph.store, self.graph.project
        if "://" in store:
            return
        if store != "memory:":
            yield Path(store, RECORD)
        yield from _below(project, self.graph.data)


def _below(project: Project, data: tuple[str | Path, ...]) -> Iterator[Path]:
    folders = [project.data, project.ontology, *project.queries]
    for named in [*map(Path, data), *folders]:
        yield named
        if named.is_dir():
            yield from (path for path in named.rglob("*") if path.is_file())
