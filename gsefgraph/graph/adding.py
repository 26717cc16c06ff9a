"""Adding records: check them, place them, write them, all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad

from gsefgraph import files
from gsefgraph.engine.embedded import Embedded
from gsefgraph.errors import ReadOnlyProject, UsageError
from gsefgraph.graph import build
from gsefgraph.graph.validation import check, placed
from gsefgraph.records import layout
from gsefgraph.records.foreign import read_record
from gsefgraph.records.rdf import RecordFile
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.graph.graph import Graph, Record
    from gsefgraph.shacl.report.report import Report


def add(
    graph: Graph, records: Sequence[Record], document: str | None, *, dry_run: bool = False
) -> Report:
    """Check records and, only if they conform, put them where they belong.

    Parameters:
        graph: in memory its project's data/ is written, otherwise the store that is open.
        records: files, or as read.
        document: IRI or name of the document that states what they say, where they name none.
        dry_run: check and place, write nothing.

    Returns:
        The report; when it conforms and this was no dry run, the records have been added.

    Errors:
        UsageError: nothing to add, or no document is named. ReadOnlyProject, InputError,
        EngineError.
    """
    if not records:
        raise UsageError(say("graph.nothing-to-add"), hint=say("graph.name-records"))
    in_files = graph.store == "memory:"
    if in_files and graph.data:
        raise ReadOnlyProject(say("graph.data-fixed"), hint=say("graph.edit-files"))
    if in_files and not graph.project.writable:
        raise ReadOnlyProject(
            say("graph.package-data", data=graph.project.data),
            hint=say("graph.own-folder"),
        )
    source = graph.resolver.resolve(document).value if document else None
    given = [placed(read_record(record), graph.names, source) for record in records]
    quads = tuple(dict.fromkeys(quad for record in given for quad in record.quads))
    if not quads:
        names = ", ".join(record.name for record in given)
        raise UsageError(say("graph.empty-files", files=names), hint=say("graph.give-triples"))
    if not in_files:
        return _to_store(graph, given, quads, dry_run=dry_run)
    # Nobody else writes between the judgement and the writing.
    with files.locked(graph.project.root):
        changes = layout.merged(graph.project, quads)
        if graph.made_of != build.key(graph.project):
            _reopen(graph)
        report = check(graph, given)
        if report.conforms and not dry_run:
            files.write_all(graph.project.root, changes)
            _reopen(graph)
    return report


def _reopen(graph: Graph) -> None:
    graph.engine.close()
    graph.engine = build.memory(graph.project)
    graph.made_of = build.key(graph.project)
    graph.__dict__.pop("resolver", None)


def _to_store(
    graph: Graph, records: Sequence[RecordFile], quads: Sequence[Quad], *, dry_run: bool
) -> Report:
    """Add to the store that is open: what is stated and what follows from it, in one write."""
    report = check(graph, records)
    if not report.conforms or dry_run:
        return report
    derived = NamedNode(graph.names.graph("inferred"))
    scratch = Embedded()
    scratch.load(chain((q for q in graph.engine.dump() if q.graph_name != derived), quads))
    build.derive(scratch, graph.project)
    before, after = set(graph.engine.dump(derived)), set(scratch.dump(derived))
    graph.engine.load([*quads, *(after - before)])
    if before - after:  # what the records now state was derived until now
        graph.engine.replace(derived, (quad.triple for quad in after))
    graph.__dict__.pop("resolver", None)
    return report
