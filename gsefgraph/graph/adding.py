"""Adding records: read and place them, write them, all of it or nothing.

>>> from gsefgraph.project import find
>>> project, store = find(), Embedded()
>>> check_writable(project)
>>> given = read([project.ontology / "examples/place-within-a-country.ttl"], project.names, None)
>>> with changes(project, given) as change:  # `change.write()` would change data/
...     {path.name: count for path, count in change.files.items()}
{'places.ttl': 22}
>>> to_store(store, project, given), store.count() > len(given[0].quads)
(22, True)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad

from gsefgraph import files
from gsefgraph.engine.base import Engine
from gsefgraph.engine.embedded import Embedded
from gsefgraph.errors import ReadOnlyProject, UsageError
from gsefgraph.graph import build
from gsefgraph.graph.validation import placed
from gsefgraph.project import Project
from gsefgraph.rdf.reading import AS_RECORDS, Reading
from gsefgraph.records import layout
from gsefgraph.records.foreign import Record, read_records
from gsefgraph.records.placement import by_graph
from gsefgraph.records.rdf import RecordFile
from gsefgraph.terms import Names
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.records.naming import Question
    from gsefgraph.shacl.report.report import Report


def check_writable(project: Project, data: Sequence[str | Path] = ()) -> None:
    """Refuse to write into data that is not the user's.

    Parameters:
        project: whose data/ would be written.
        data: files that stand in for it.

    Errors:
        ReadOnlyProject.
    """
    if data:
        raise ReadOnlyProject(say("graph.data-fixed"), hint=say("graph.edit-files"))
    if not project.writable:
        raise ReadOnlyProject(
            say("graph.package-data", data=project.data),
            hint=say("graph.own-folder"),
        )


def read(
    records: Sequence[Record],
    names: Names,
    document: str | None,
    engine: Engine | None = None,
) -> list[RecordFile]:
    """Records with each quad in the named graph where it belongs.

    Parameters:
        records: files, or rdflib Graphs and Datasets.
        names: prefixes.
        document: IRI of the document that states what they say, where they name none.
        engine: knows which documents are items of a page, whose graph is the page's.

    Errors:
        UsageError: nothing to add, or no document is named. InputError, SyntaxFault: a file.
    """
    if not records:
        raise UsageError(say("graph.nothing-to-add"), hint=say("graph.name-records"))
    given = [placed(record, names, document, engine) for record in read_records(records)]
    if not any(record.quads or record.faults for record in given):
        listed = ", ".join(record.name for record in given)
        raise UsageError(say("graph.empty-files", files=listed), hint=say("graph.give-triples"))
    return given


@dataclass(frozen=True, slots=True)
class Added:
    """What `Graph.add` did, or would do.

    Attributes:
        report: of the check; where it does not conform nothing is added.
        count: triples that are new.
        files: how many of them are new in each file that changes; empty for a store.
        questions: about names, by the file that has them.
    """

    report: Report
    count: int = 0
    files: Mapping[Path, int] = field(default_factory=dict)
    questions: Mapping[str, tuple[Question, ...]] = field(default_factory=dict)

    @property
    def conforms(self) -> bool:
        """Whether the records were added, or would be."""
        return self.report.conforms


def asked(records: Sequence[RecordFile]) -> dict[str, tuple[Question, ...]]:
    """The questions about names that records have, by their files.

    >>> asked([])
    {}
    """
    found = {
        record.name: tuple(fault.question for fault in record.faults if fault.question)
        for record in records
    }
    return {name: questions for name, questions in found.items() if questions}


@dataclass(frozen=True, slots=True)
class Change:
    """Placed records on their way into data/.

    Attributes:
        files: how many triples are new in each file that changes; 0 in what is not of triples.
        write: puts them there.
    """

    files: Mapping[Path, int]
    write: Callable[[], None]


@contextmanager
def changes(
    project: Project,
    records: Sequence[RecordFile],
    reading: Reading = AS_RECORDS,
    beside: Mapping[Path, bytes] | None = None,
) -> Iterator[Change]:
    """What placed records change in the files of data/; nobody else writes meanwhile.

    Parameters:
        project: whose data.
        records: each quad in a named graph.
        reading: how the files of data/ are read.
        beside: more files, and their content, to be written in the same step.

    Errors:
        InputError: a graph that data/ does not keep, or a file that cannot be read or written.
    """
    with files.locked(project.root):
        written = {key: tag for record in records for key, tag in record.tags.items()}
        merged = layout.merged(project, _quads(records), written, reading)
        more = {
            path: content
            for path, content in sorted((beside or {}).items())
            if not path.exists() or files.content(path) != content
        }
        contents = {path: each.content for path, each in merged.items()} | more
        yield Change(
            {path: each.new for path, each in merged.items()} | dict.fromkeys(more, 0),
            partial(files.write_all, project.root, contents),
        )


def new(engine: Engine, records: Sequence[RecordFile]) -> list[Quad]:
    """The quads of placed records that a store does not hold.

    Errors:
        EngineError.

    >>> new(Embedded(), [])
    []
    """
    found = []
    for iri, triples in by_graph(_quads(records)).items():
        graph = NamedNode(iri)
        there = engine.stated(map(tuple, triples), graph=graph)
        found += [
            Quad(t.subject, t.predicate, t.object, graph) for t in triples if tuple(t) not in there
        ]
    return found


def to_store(
    engine: Engine, project: Project, records: Sequence[RecordFile], *, dry_run: bool = False
) -> int:
    """Add placed records to a store: what is stated and what follows from it, in one write.

    Parameters:
        dry_run: write nothing.

    Returns:
        How many of the quads are new.

    Errors:
        EngineError.
    """
    quads = new(engine, records)
    if not quads or dry_run:
        return len(quads)
    derived = NamedNode(project.names.graph("inferred"))
    scratch = Embedded()
    scratch.load(chain((q for q in engine.dump() if q.graph_name != derived), quads))
    build.derive(scratch, project)
    before, after = set(engine.dump(derived)), set(scratch.dump(derived))
    engine.load([*quads, *(after - before)])
    if before - after:  # what the records now state was derived until now
        engine.replace(derived, (quad.triple for quad in after))
    return len(quads)


def _quads(records: Sequence[RecordFile]) -> tuple[Quad, ...]:
    return tuple(dict.fromkeys(quad for record in records for quad in record.quads))
