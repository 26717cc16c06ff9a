"""Records checked together with a graph, or the graph itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gsefgraph.engine.base import Engine
from gsefgraph.shacl import whole
from gsefgraph.shacl.change import records as beside
from gsefgraph.shacl.checks import Checks
from gsefgraph.shacl.report.report import Report

if TYPE_CHECKING:
    from gsefgraph.records.rdf import RecordFile


def validate(
    records: Sequence[RecordFile],
    engine: Engine,
    checks: Checks,
    *,
    remove: Sequence[RecordFile] = (),
    replace: bool = False,
    inferred: bool = False,
    sources: Callable[[], Iterable[RecordFile]] | None = None,
    rules: beside.Rules | None = None,
    timeout: float | None = None,
    memory: int | None = None,
    folder: Path | None = None,
    progress: whole.Progress | None = None,
) -> Report:
    """Check new records together with what the graph knows, or the whole graph.

    Parameters:
        records: files of new records. Where nothing is added nor removed, the graph is checked.
        engine: the graph; nothing is written to it.
        checks: the shapes, the ontology, and prefixes.
        remove: what is to be taken for gone, in every graph that states it.
        replace: whether the records replace what the graph states of the things they describe.
        inferred: whether derived triples count as facts.
        sources: gives the files that the graph was built from, so that findings on the whole graph
            say where they stand; called only when there are findings.
        rules: gives rules; with `inferred`, what follows by them from the new records together
            with what is around them is checked as well.
        timeout: seconds for each question to the engine; None is no limit.
        memory: bytes that a large graph may take; what does not fit goes to disk.
        folder: where temporary files go; the system's place by default.
        progress: told the stage of long work, and how much of it is done.

    Returns:
        Findings that the change brings, not those that the graph had before. Only violations make
        a report that does not conform.

    Errors:
        RefusedAccess: an owl:imports, or a shape that would fetch. InputError: shapes or ontology
        that cannot be used. EngineError.
    """
    if records or remove:
        return beside.check(
            records,
            engine,
            checks,
            remove=remove,
            replace=replace,
            inferred=inferred,
            rules=rules,
            timeout=timeout,
            memory=memory,
            folder=folder,
        )
    return whole.of_engine(
        engine,
        checks,
        inferred=inferred,
        sources=sources,
        memory=memory,
        folder=folder,
        progress=progress,
    )
