"""Validating: records beside a graph, the graph itself, or any files against any shapes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from gsefgraph.errors import UsageError
from gsefgraph.graph import loading
from gsefgraph.project import Project
from gsefgraph.records import placement
from gsefgraph.records.rdf import RecordFile
from gsefgraph.shacl.checks import Checks

if TYPE_CHECKING:
    from gsefgraph.graph.graph import Graph, Record
    from gsefgraph.shacl.report.report import Report
    from gsefgraph.terms import Names

Progress: TypeAlias = Callable[[str, int], None]


def check(
    graph: Graph,
    records: Sequence[Record],
    *,
    remove: Record | Sequence[Record] = (),
    replace: bool = False,
    shapes: str | Path | Sequence[str | Path] = (),
    inferred: bool = False,
    memory: int | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check records together with a graph, each quad where `add` would put it; or the graph itself.

    Parameters:
        graph: what is known.
        records: files, or as read; one that does not say by which document it is stated is judged
            as it is.
        remove: triples that are to be taken for gone.
        replace: whether what the records describe replaces what the graph states of it.
        shapes: files or folders of shapes to use instead of the project's.
        inferred: whether derived triples count as facts.
        memory: bytes that a large graph may take; what does not fit goes to disk.
        folder: where temporary files go; the system's by default.
        progress: told the stage of long work, and how much of it is done.

    Errors:
        As `shacl.validate.validate`.
    """
    from gsefgraph.records.foreign import read_record
    from gsefgraph.shacl.run import validate

    return validate(
        [judged(read_record(record), graph.names) for record in records],
        graph.engine,
        checks_of(graph, _several(shapes)),
        remove=[read_record(record) for record in _several(remove)],
        replace=replace,
        inferred=inferred,
        sources=lambda: loading.files(graph),
        rules=lambda: graph.rules,
        memory=memory,
        folder=folder,
        progress=progress,
    )


def alone(
    files: str | Path | Sequence[str | Path],
    shapes: str | Path | Sequence[str | Path] = (),
    *,
    project: Project,
    memory: int | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check files against shapes, without any graph beside them.

    Parameters:
        files: RDF in any format, ``-`` for standard input.
        shapes: files or folders of shapes; none for the project's, with its ontology.
        project: prefixes for the report, and the shapes where none are given.
        memory, folder, progress: as for `check`.

    Errors:
        InputError, SyntaxFault: a file, or shapes that are not legal. RefusedAccess: shapes that
        would fetch. EngineError: out of memory or disk.

    >>> from gsefgraph.project import find
    >>> place = find().ontology / "examples" / "place-within-a-country.ttl"
    >>> alone([place], project=find()).conforms
    True
    """
    from gsefgraph.shacl.whole import of_files

    files, shapes = _several(files), _several(shapes)
    if not files:
        raise UsageError("there is nothing to check", hint="name files of RDF")
    if shapes:
        checks = Checks.of_files(shapes, project.names)
    else:
        checks = Checks.of_project(project.shapes, project.ontology, project.names)
    return of_files(files, checks, memory=memory, folder=folder, progress=progress)


def checks_of(graph: Graph, shapes: Sequence[str | Path] = ()) -> Checks:
    """What a graph is checked against: its project's shapes, or other ones on its ontology."""
    if not shapes:
        return graph.checks
    return Checks.of_files(shapes, graph.names, graph.checks.ontology)


def _several(given: Any) -> Sequence[Any]:
    """One thing as a list of it: a text is no list of letters."""
    return given if isinstance(given, list | tuple) else [given]


def judged(record: RecordFile, names: Names) -> RecordFile:
    """A record with each quad where `add` would put it, or as it is where that cannot be told."""
    try:
        return placed(record, names)
    except UsageError:
        return record


def placed(record: RecordFile, names: Names, document: str | None = None) -> RecordFile:
    """The record with each quad in the named graph where it belongs.

    Errors:
        UsageError: something is stated, and it cannot be told by which document.
    """
    from dataclasses import replace

    return replace(record, quads=placement.place([record], names, document=document))
