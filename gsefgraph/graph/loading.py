"""Filling a store from a project's files, or from others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad

from gsefgraph.engine import connect
from gsefgraph.engine.base import Engine
from gsefgraph.engine.embedded import Embedded
from gsefgraph.files import seen
from gsefgraph.graph import build
from gsefgraph.project import Project
from gsefgraph.rdf.reading import AS_RECORDS, Reading
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.graph.graph import Graph

Progress = Callable[[int], None]
_STEP = 10_000


def load(
    project: Project,
    store: str,
    files: Iterable[str] = (),
    inferred: bool = True,
    progress: Progress | None = None,
    warn: Callable[[str], None] | None = None,
    reading: Reading = AS_RECORDS,
    strict: bool = False,
) -> int:
    """Replace what a store holds by a project's graph, or by other files with its ontology.

    A folder's store changes in one step. On an endpoint, graphs under the project's base are
    replaced one by one, and others are left alone.

    Parameters:
        project: whose ontology, rules and, if no files are named, data.
        store: a folder, made if need be, or the address of an endpoint.
        files: RDF files, or folders of them, to load instead of the project's data.
        inferred: whether to derive what follows.
        progress: told how many quads have been read.
        warn: told when a store of another version is made again, and what to know of the files.
        reading: base, contexts and bound of files that are named.
        strict: whether literals that the store would keep in another form are an error.

    Returns:
        How many quads the store holds then.

    Errors:
        InputError: a file. EngineError, StoreDamaged: the store.

    >>> import tempfile
    >>> from gsefgraph.project import find
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     load(find(), folder, inferred=False) > 2000
    True
    """
    data = tuple(files)
    given = build.Given(project, data, reading)
    made = ", ".join(data) or f"{build.MADE}{build.key(project)}"

    def origin() -> str:
        rewritten = {
            str(seen(given.sources[n].path)): count for n, count in given.notes.rewritten.items()
        }
        return str(build.Origin(made, rewritten, given.notes.tags))

    with closing(connect(store, create=True)) as engine:
        if isinstance(engine, Embedded):
            if engine.outdated and warn:
                warn(say("graph.made-again", store=store))
            # Stated and derived in one write: no one ever sees the one without the other.
            engine.load(_quads(given, inferred, progress, strict), origin=origin, fresh=True)
        else:
            _replace(engine, project, list(_quads(given, inferred, progress, strict)))
        if warn:
            for line in given.lines():
                warn(line)
        return engine.count()


def keep(graph: Graph, folder: str | Path) -> None:
    """Put what a graph holds now into a store on disk, in the place of what that held.

    Parameters:
        folder: made if need be.

    Errors:
        EngineError, StoreDamaged: the store.

    >>> import tempfile
    >>> from gsefgraph.graph.graph import Graph
    >>> with tempfile.TemporaryDirectory() as folder, Graph.open() as graph:
    ...     keep(graph, folder)
    ...     Graph.open(folder).engine.count() == graph.engine.count()
    True
    """
    origin = str(build.Origin("", tags=graph.spelling()))
    with closing(Embedded.open(folder, create=True)) as store:
        store.load(graph.engine.dump(), origin=origin, fresh=True)


def _quads(
    given: build.Given, inferred: bool, progress: Progress | None, strict: bool
) -> Iterable[Quad]:
    """All that a store is to hold; what is derived needs all that is stated in memory first."""
    if inferred and not strict and not any(source.given for source in given.sources):
        return given.memory().dump()  # from the cache
    quads: Iterable[Quad] = given.quads(given.notes, strict=strict)
    if progress:
        quads = _counted(quads, progress)
    if not inferred:
        return quads
    scratch = Embedded()
    scratch.load(quads)
    build.derive(scratch, given.project)
    return scratch.dump()


def _replace(engine: Engine, project: Project, quads: Sequence[Quad]) -> None:
    """Make an endpoint hold these quads, graph by graph; graphs that are not ours stay."""
    from gsefgraph.records.placement import by_graph

    graphs = by_graph(quads)
    ours = project.names.prefixes["graph"]
    for name in engine.graphs():
        if name.value.startswith(ours) and name.value not in graphs:
            engine.replace(name, ())
    for iri, triples in graphs.items():
        engine.replace(NamedNode(iri), triples)


def _counted(quads: Iterable[Quad], progress: Progress) -> Iterator[Quad]:
    for number, quad in enumerate(quads, 1):
        if number % _STEP == 0:
            progress(number)
        yield quad
