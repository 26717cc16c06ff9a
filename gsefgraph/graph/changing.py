"""A change of a graph: looked at as a whole, made whole or not at all, and kept in its history.

>>> from gsefgraph.graph.graph import Graph
>>> from gsefgraph.project import find
>>> check_writable(find())
>>> graph = Graph.open()
>>> record = graph.project.ontology / "examples" / "place-within-a-country.ttl"
>>> [given] = read([record], graph.names, None)
>>> change(graph, lambda: Wish("add", [given]), dry_run=True).count
22
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, Quad

from gsefgraph import files
from gsefgraph.engine.base import Engine
from gsefgraph.engine.embedded import Embedded
from gsefgraph.engine.literals import as_kept
from gsefgraph.errors import ReadOnlyProject, UsageError
from gsefgraph.graph import build
from gsefgraph.graph.difference import Difference
from gsefgraph.graph.removal import Removal
from gsefgraph.graph.validation import placed
from gsefgraph.history.change import Change
from gsefgraph.history.history import History
from gsefgraph.project import Project
from gsefgraph.records import layout
from gsefgraph.records.foreign import Record, read_records
from gsefgraph.records.placement import by_graph
from gsefgraph.records.rdf import RecordFile
from gsefgraph.terms import Names
from gsefgraph.wording import ByLanguage, say

if TYPE_CHECKING:
    from gsefgraph.graph.graph import Graph
    from gsefgraph.records.naming import Question
    from gsefgraph.shacl.report.report import Report

_TOLD: Final = 5
"""Sentences that a refusal tells."""


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
class Wish:
    """A change that somebody wants.

    Attributes:
        kind: one of `history.change.KINDS`.
        records: what is stated, each quad in its named graph.
        removed: quads that go.
        beside: other files of the project, written in the same step; None for one that goes.
        undone: the number of the change that is taken back.
        forgotten: IRIs that the history shall name no more.
    """

    kind: str
    records: Sequence[RecordFile] = ()
    removed: Iterable[Quad] = ()
    beside: Mapping[Path, bytes | None] = field(default_factory=dict)
    undone: int | None = None
    forgotten: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """What was done to a graph, or would be.

    Attributes:
        report: of the check; where it does not conform nothing is done.
        files: of data/, those that change, with how many triples are new and gone in each.
        questions: about names, by the file that has them.
        difference: what is said now that was not, and what no more.
        number: under which the history keeps it; None where it does not.
    """

    report: Report
    files: Mapping[Path, tuple[int, int]] = field(default_factory=dict)
    questions: Mapping[str, tuple[Question, ...]] = field(default_factory=dict)
    difference: Difference | None = None
    number: int | None = field(default=None, compare=False)

    @property
    def conforms(self) -> bool:
        """Whether the change was made, or would be."""
        return self.report.conforms

    @property
    def count(self) -> int:
        """How many quads are new."""
        return len(self.difference.added) if self.difference else 0

    @property
    def gone(self) -> int:
        """How many quads are stated no more."""
        return len(self.difference.removed) if self.difference else 0


def history(graph: Graph) -> History | None:
    """The history of a graph; None where there is none: at an endpoint, and of files of --data.

    >>> from gsefgraph.graph.graph import Graph
    >>> history(Graph.open()).folder.name
    'history'
    """
    if graph.store == "memory:":
        return None if graph.data else History(graph.project.root, graph.names)
    if "://" in graph.store:
        return None
    return History(Path(graph.store), graph.names, int(graph.engine.info()["generation"]))


def change(
    graph: Graph, wanted: Callable[[], Wish], *, by: str | None = None, dry_run: bool = False
) -> Changed:
    """Make a change, all of it or nothing, if what it leads to conforms.

    Parameters:
        wanted: asked what is wanted once nobody else can write, and the graph is what it is now.
        by: the name of who does it; by default git's user.name, where there is one.
        dry_run: look at it as a whole, write nothing.

    Errors:
        ReadOnlyProject: the data is not the user's. UsageError: something that stays would refer to
        what goes, or would be left without a class. InputError, EngineError: it cannot be written.
    """
    if graph.store == "memory:":
        check_writable(graph.project, graph.data)
    with _alone(graph, dry_run=dry_run):
        graph.refresh()
        wish = wanted()
        quads = as_kept(dict.fromkeys(q for record in wish.records for q in record.quads))
        present = _present(graph.engine, quads)
        added = [quad for quad in quads if quad not in present]
        kept = {*quads}
        asked = as_kept(dict.fromkeys(wish.removed))
        there = _present(graph.engine, asked)
        removed = [quad for quad in asked if quad in there and quad not in kept]
        _check_left(graph, removed, kept, added if wish.kind == "undo" else ())
        report = graph.validate(*wish.records, gone=removed)
        beside = {path: data for path, data in wish.beside.items() if _differs(path, data)}
        wish = replace(wish, beside=beside)
        if not report.conforms or not (added or removed or beside or wish.forgotten):
            return Changed(report, questions=_questions(wish.records))
        found = Difference.of(graph.engine, graph.names, removed=removed, added=added)
        past, named = history(graph), wish.kind == "source"
        entry = Change(
            past.next if past else 0, wish.kind, tuple(added), tuple(removed), tuple(present),
            time=_time(), by=_name(graph.project.root) if by is None else by,
            sources=tuple(dict.fromkeys(r.name for r in wish.records if r.text or named)),
            undone=wish.undone,
        )  # fmt: skip
        if wish.forgotten:
            entry = Change(entry.number, wish.kind, time=entry.time, by=entry.by)
        keeping = _Keeping(past, entry, wish.forgotten, dry_run=dry_run)
        counts: Mapping[Path, tuple[int, int]] = {}
        if graph.store == "memory:":
            counts = _to_files(graph, wish, found, keeping)
        else:
            _to_store(graph, found, keeping)
        number = entry.number if past and not dry_run else None
        if wish.forgotten and not dry_run:
            _sweep(graph)
        return Changed(report, counts, difference=found, number=number)


def _differs(path: Path, data: bytes | None) -> bool:
    """Whether a file holds something else, or is there though it shall go."""
    if not path.exists():
        return data is not None
    return data is None or files.content(path) != data


@contextmanager
def _alone(graph: Graph, *, dry_run: bool) -> Iterator[None]:
    """Nobody else changes the graph meanwhile, but at an endpoint."""
    if "://" in graph.store:
        yield
        return
    root = graph.project.root if graph.store == "memory:" else Path(graph.store)
    with files.reading(root) if dry_run else files.locked(root, graph.warn):
        yield


def _present(engine: Engine, quads: Iterable[Quad]) -> dict[Quad, None]:
    """Those of some quads that an engine holds."""
    found: dict[Quad, None] = {}
    for iri, triples in by_graph(quads).items():
        graph = NamedNode(iri)
        there = engine.stated(map(tuple, triples), graph=graph)
        for t in triples:
            if tuple(t) in there:
                found[Quad(t.subject, t.predicate, t.object, graph)] = None
    return found


def _questions(records: Sequence[RecordFile]) -> dict[str, tuple[Question, ...]]:
    found = {
        record.name: tuple(fault.question for fault in record.faults if fault.question)
        for record in records
    }
    return {name: questions for name, questions in found.items() if questions}


def _check_left(
    graph: Graph, removed: Sequence[Quad], kept: Iterable[Quad], back: Sequence[Quad]
) -> None:
    """Refuse what would leave something pointing to nothing, or without a class.

    Parameters:
        kept: what records state.
        back: of that, what comes back by itself, without the record that it was a part of.
    """
    if not removed and not back:
        return
    removal = Removal(graph.engine, graph.names)
    removal.quads |= dict.fromkeys(removed)
    said = {quad.subject for quad in kept}
    bare = [q for q in removal.untyped(back) if back or q.subject not in said]
    hanging = [q for q in removal.referring() if q.object not in said]
    for quads, key in ((hanging, "change.referred"), (bare, "change.untyped")):
        if quads:
            told = Difference.of(graph.engine, graph.names, removed=(), added=quads)
            raise UsageError(
                say(key, count=len(quads), what=ByLanguage(partial(_sentences, told))),
                hint=say("change.also") if key == "change.referred" else "",
            )


def _sentences(told: Difference, lang: str) -> str:
    lines = [line[2:] for line in told.to_text(lang).splitlines()]
    return " · ".join([*lines[:_TOLD], *(["…"] if len(lines) > _TOLD else [])])


@dataclass(frozen=True, slots=True)
class _Keeping:
    """What the history is to keep of a change, where there is one and the change is made."""

    past: History | None
    entry: Change
    forgotten: Sequence[str]
    dry_run: bool

    def contents(self, generation: int | None = None) -> dict[Path, bytes | None]:
        """What to write into the history."""
        if self.past is None:
            return {}
        entry = replace(self.entry, generation=generation)
        return self.past.without(self.forgotten) | self.past.contents(entry)


def _to_files(
    graph: Graph, wish: Wish, found: Difference, keeping: _Keeping
) -> dict[Path, tuple[int, int]]:
    """Write a change into the files of data/, and its history beside them, in one step.

    Returns:
        The files that change, with how many triples are new and gone in each.
    """
    project = graph.project
    tags = {key: tag for record in wish.records for key, tag in record.tags.items()}
    quads = dict.fromkeys(quad for record in wish.records for quad in record.quads)
    contents = layout.changed(project, quads, tags, found.removed, graph.reading)
    if not keeping.dry_run:
        written = {path: each.content for path, each in contents.items()}
        files.write_all(project.root, written | dict(wish.beside) | keeping.contents())
        graph.refresh()
    counts = {path: (each.new, each.gone) for path, each in contents.items()}
    return counts | dict.fromkeys(wish.beside, (0, 0))


def _to_store(graph: Graph, found: Difference, keeping: _Keeping) -> None:
    """Write a change into a store: what is stated and what follows from it, in one step.

    The history is written first, and names the generation that the store has after it: of a change
    that did not come to its end it does not count.
    """
    if keeping.dry_run:
        return
    engine, derived = graph.engine, NamedNode(graph.names.graph("inferred"))
    gone, scratch = {*found.removed}, Embedded()
    stated = (q for q in engine.dump() if q.graph_name != derived and q not in gone)
    scratch.load(chain(stated, found.added))
    build.derive(scratch, graph.project)
    before, after = set(engine.dump(derived)), set(scratch.dump(derived))
    if keeping.past is not None:
        generation = int(engine.info()["generation"]) + 1
        files.write_all(keeping.past.folder.parent, keeping.contents(generation))
    engine.change([*found.removed, *(before - after)], [*found.added, *(after - before)])
    graph.refresh()


def _sweep(graph: Graph) -> None:
    """Let go what older content is kept of: what can be made again, and generations of a store."""
    if graph.store == "memory:":
        build.forget()
    elif "://" not in graph.store and isinstance(graph.engine, Embedded):
        origin = graph.engine.info()["origin"]
        graph.engine.load([*graph.engine.dump()], origin=origin, fresh=True)
        for _ in range(2):  # a store keeps the generation before the present one
            graph.engine.change((), ())


def _time() -> str:
    """Now, or what SOURCE_DATE_EPOCH says (reproducible-builds.org), as xsd:dateTime in UTC."""
    said = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        seconds = int(said) if said else time.time()
        when = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError(say("change.not-seconds", value=said[:40])) from None
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def _name(root: Path) -> str:
    """What git calls the person here; empty where it calls nobody anything."""
    import subprocess

    words = ("git", "-C", str(root), "config", "user.name")
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(words, capture_output=True, timeout=5, check=False)  # noqa: S603
        return done.stdout.decode("utf-8", "replace").strip()
    return ""
