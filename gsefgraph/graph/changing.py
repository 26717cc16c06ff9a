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
from gsefgraph.terms import RDF, Names
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
        count: quads that are new.
        gone: quads that are stated no more.
        files: of data/, those that change, with how many triples are new and gone in each.
        questions: about names, by the file that has them.
        difference: what is said now that was not, and what no more.
        number: under which the history keeps it; None where it does not.
    """

    report: Report
    count: int = 0
    gone: int = 0
    files: Mapping[Path, tuple[int, int]] = field(default_factory=dict)
    questions: Mapping[str, tuple[Question, ...]] = field(default_factory=dict)
    difference: Difference | None = None
    number: int | None = field(default=None, compare=False)

    @property
    def conforms(self) -> bool:
        """Whether the change was made, or would be."""
        return self.report.conforms


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
        _check_references(graph, removed, kept)
        if wish.kind == "undo":
            _check_classes(graph, removed, added)
        report = graph.validate(*wish.records, gone=removed)
        beside = {path: data for path, data in wish.beside.items() if _differs(path, data)}
        wish = replace(wish, beside=beside)
        if not report.conforms or not (added or removed or beside or wish.forgotten):
            return Changed(report, questions=_questions(wish.records))
        found = Changed(
            report, len(added), len(removed),
            difference=Difference.of(graph.engine, graph.names, removed=removed, added=added),
        )  # fmt: skip
        past, named = history(graph), wish.kind == "source"
        entry = Change(
            past.next if past else 0, wish.kind, tuple(added), tuple(removed), tuple(present),
            time=_time(), by=_name(graph.project.root) if by is None else by,
            sources=tuple(dict.fromkeys(r.name for r in wish.records if r.text or named)),
            undone=wish.undone,
        )  # fmt: skip
        if wish.forgotten:
            entry = Change(entry.number, wish.kind, time=entry.time, by=entry.by)
        write = _to_files if graph.store == "memory:" else _to_store
        found = write(graph, wish, found, past, entry, dry_run=dry_run)
        if wish.forgotten and not dry_run:
            _sweep(graph)
        return found


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


def _check_references(graph: Graph, removed: Sequence[Quad], kept: Iterable[Quad]) -> None:
    """Refuse what would leave something pointing to nothing, or without a class."""
    if not removed:
        return
    removal = Removal(graph.engine, graph.names)
    removal.quads |= dict.fromkeys(removed)
    said = {quad.subject for quad in kept}
    for quads, key in (
        ([q for q in removal.referring() if q.object not in said], "change.referred"),
        ([q for q in removal.untyped() if q.subject not in said], "change.untyped"),
    ):
        if quads:
            told = Difference.of(graph.engine, graph.names, removed=quads, added=())
            raise UsageError(
                say(key, count=len(quads), what=ByLanguage(partial(_sentences, told))),
                hint=say("change.also") if key == "change.referred" else "",
            )


def _check_classes(graph: Graph, removed: Sequence[Quad], added: Sequence[Quad]) -> None:
    """Refuse to bring back what is said of something that is not there any more."""
    said = [*added]
    nodes = {quad.subject for quad in added if isinstance(quad.subject, NamedNode)}
    nodes = {node for node in nodes if not node.value.startswith(graph.names.prefixes["graph"])}
    kind = NamedNode(f"{RDF}type")
    gone = {*removed}
    said += (
        [q for q in graph.engine.lookup([(n, kind, None) for n in nodes]) if q not in gone]
        if (nodes)
        else []
    )
    bare = nodes - {quad.subject for quad in said if quad.predicate == kind}
    if bare:
        quads = [quad for quad in added if quad.subject in bare]
        told = Difference.of(graph.engine, graph.names, removed=(), added=quads)
        raise UsageError(
            say("change.untyped", count=len(quads), what=ByLanguage(partial(_sentences, told)))
        )


def _sentences(told: Difference, lang: str) -> str:
    lines = [line[2:] for line in told.to_text(lang).splitlines()]
    return " · ".join([*lines[:_TOLD], *(["…"] if len(lines) > _TOLD else [])])


def _to_files(
    graph: Graph, wish: Wish, found: Changed, past: History | None, entry: Change, *, dry_run: bool
) -> Changed:  # fmt: skip
    """Write a change into the files of data/, and its history beside them, in one step."""
    project = graph.project
    tags = {key: tag for record in wish.records for key, tag in record.tags.items()}
    quads = dict.fromkeys(quad for record in wish.records for quad in record.quads)
    removed = found.difference.removed if found.difference else ()
    contents = layout.changed(project, quads, tags, removed, graph.reading)
    counts = {path: (each.new, each.gone) for path, each in contents.items()}
    counts |= dict.fromkeys(wish.beside, (0, 0))
    found = replace(found, files=counts)
    if dry_run or past is None:
        return found
    written: dict[Path, bytes | None] = {path: each.content for path, each in contents.items()}
    written |= {**wish.beside, **past.without(wish.forgotten), **past.contents(entry)}
    files.write_all(project.root, written)
    graph.refresh()
    return replace(found, number=entry.number)


def _to_store(
    graph: Graph, wish: Wish, found: Changed, past: History | None, entry: Change, *, dry_run: bool
) -> Changed:  # fmt: skip
    """Write a change into a store: what is stated and what follows from it, in one step.

    The history is written first, and names the generation that the store has after it: of a change
    that did not come to its end it does not count.
    """
    if dry_run or found.difference is None:
        return found
    engine, derived = graph.engine, NamedNode(graph.names.graph("inferred"))
    removed, added = found.difference.removed, found.difference.added
    gone, scratch = {*removed}, Embedded()
    stated = (q for q in engine.dump() if q.graph_name != derived and q not in gone)
    scratch.load(chain(stated, added))
    build.derive(scratch, graph.project)
    before, after = set(engine.dump(derived)), set(scratch.dump(derived))
    if past is not None:
        generation = int(engine.info()["generation"]) + 1
        entry = replace(entry, generation=generation)
        files.write_all(past.folder.parent, past.without(wish.forgotten) | past.contents(entry))
    engine.change([*removed, *(before - after)], [*added, *(after - before)])
    graph.refresh()
    return replace(found, number=entry.number if past else None)


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
    seconds = time.time()
    with suppress(ValueError):
        seconds = int(os.environ.get("SOURCE_DATE_EPOCH", ""))
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _name(root: Path) -> str:
    """What git calls the person here; empty where it calls nobody anything."""
    import subprocess

    words = ("git", "-C", str(root), "config", "user.name")
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(words, capture_output=True, timeout=5, check=False)  # noqa: S603
        return done.stdout.decode("utf-8", "replace").strip()
    return ""
