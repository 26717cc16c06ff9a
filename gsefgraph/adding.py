"""Adding records: check them, place them, write them, all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gsefgraph import build, files
from gsefgraph.errors import ReadOnlyProject, UsageError
from gsefgraph.records import layout, placement
from gsefgraph.records.rdf import RecordFile

if TYPE_CHECKING:
    from gsefgraph.graph import Graph
    from gsefgraph.shacl.report import Report


def add(
    graph: Graph, records: Sequence[RecordFile], document: str | None, *, dry_run: bool = False
) -> Report:
    """Check records and, only if they conform, put them where they belong.

    Parameters:
        graph: in memory its project's data/ is written, otherwise the store that is open.
        records: as read.
        document: IRI or name of the document that states what they say, where they name none.
        dry_run: check and place, write nothing.

    Returns:
        The report; when it conforms and this was no dry run, the records have been added.

    Errors:
        UsageError: nothing to add, or no document is named. ReadOnlyProject, InputError,
        EngineError.
    """
    if not records:
        raise UsageError("there is nothing to add", hint="name files of records")
    in_files = graph.store == "memory:"
    if in_files and graph.data:
        raise ReadOnlyProject("files given with --data cannot be added to", hint="edit them")
    if in_files and not graph.project.writable:
        raise ReadOnlyProject(
            f"the data in {graph.project.data} came with the package and is not written",
            hint="name a folder of yours with --project",
        )
    source = graph.resolver.resolve(document).value if document else None
    quads = placement.place(records, graph.names, document=source)
    if not quads:
        names = ", ".join(record.name for record in records)
        raise UsageError(f"{names}: there is nothing in it to add", hint="give files with triples")
    changes = layout.merged(graph.project, quads) if in_files else {}
    report = graph.validate(*records)
    if not report.conforms or dry_run:
        return report
    if in_files:
        files.write_all(graph.project.data, changes)
        graph.engine.close()
        graph.engine = build.memory(graph.project)
    else:
        graph.engine.load(quads)
        build.derive(graph.engine, graph.project)
    graph.__dict__.pop("resolver", None)
    return report
