"""Whole graphs: a small one is judged in memory, a large one as columns in DuckDB.

Both give the same results; what differs is the time. Files that nobody knows and the graph that an
engine holds take the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from gsefgraph.engine.base import Engine
from gsefgraph.limits import NO_LIMITS, Limits
from gsefgraph.shacl import written
from gsefgraph.shacl.checks import Checks
from gsefgraph.shacl.own import Known, check_quads
from gsefgraph.shacl.report.findings import Judged, Told, tell
from gsefgraph.shacl.report.locate import Locator
from gsefgraph.shacl.report.report import Finding, Report, Texts
from gsefgraph.shacl.shapes import vocabulary
from gsefgraph.shacl.shapes.model import Target
from gsefgraph.terms import RDF

if TYPE_CHECKING:
    from gsefgraph.records.rdf import RecordFile
    from gsefgraph.shacl.judge.memory import Memory

SMALL = 20_000
"""Quads up to which a graph is judged in memory."""
SMALL_BYTES = 2_000_000
"""Bytes up to which files are read to see how many quads they hold."""


def of_files(
    files: Sequence[str | Path],
    checks: Checks,
    *,
    limits: Limits = NO_LIMITS,
) -> Report:
    """Check files, their graphs together and each graph alone.

    Parameters:
        files: RDF in any format, ``-`` for standard input.
        checks: what is checked.
        limits: of a large graph.

    Errors:
        InputError, SyntaxFault, RefusedAccess: a file. EngineError: out of memory or disk.
    """
    from gsefgraph.records import alone

    if "-" not in map(str, files) and _size(files) > SMALL_BYTES:
        from gsefgraph.shacl.compiled import graph as large

        return large.of_files(files, checks, limits=limits)
    records = [alone.read(file) for file in files]
    found, own = written.labelled(records)
    if not checks.own:
        checks = checks.reading(records)

    def locate() -> Callable[[Finding], Finding]:
        return Locator(records, own).place

    if len(found) <= SMALL:
        unfollowed = alone.imports(quad.triple for quad in found)
        warnings = [*map(vocabulary.not_followed, unfollowed), *empty(records)]
        return _small(found, checks, locate, warnings, known=not checks.own)
    from gsefgraph.shacl.compiled import graph as large

    return large.of_quads(found, checks, locate=locate, limits=limits)


def of_engine(
    engine: Engine,
    checks: Checks,
    *,
    inferred: bool = False,
    sources: Callable[[], Iterable[RecordFile]] | None = None,
    limits: Limits = NO_LIMITS,
) -> Report:
    """Check all that an engine holds.

    Parameters:
        engine: the graph.
        checks: what is checked.
        inferred: whether derived triples count as facts.
        sources: gives the files that the graph was built from, so that findings say where they
            stand; called only when there are findings.
        limits: as for `of_files`.

    Errors:
        As `of_files`.
    """
    held = _held(engine, checks, inferred=inferred)

    def locate() -> Callable[[Finding], Finding]:
        return Locator(sources() if sources else ()).place

    if engine.count() <= SMALL:
        return _small(sorted(held, key=str), checks, locate)
    from gsefgraph.shacl.compiled import graph as large

    return large.of_quads(held, checks, locate=locate, limits=limits)


def _held(engine: Engine, checks: Checks, *, inferred: bool) -> Iterator[Quad]:
    without = checks.without(inferred=inferred)
    graphs = [graph for graph in engine.graphs() if graph.value not in without]
    return chain.from_iterable(map(engine.dump, graphs))


def _small(
    found: Sequence[Quad],
    checks: Checks,
    locate: Callable[[], Callable[[Finding], Finding]],
    warnings: Iterable[Texts] = (),
    *,
    known: bool = True,
) -> Report:
    """Judge quads in memory.

    Parameters:
        found: the quads.
        locate: gives what places findings.
        warnings: what is odd about the files.
        known: whether the shapes are expected to meet something.
    """
    from gsefgraph.shacl.judge.judge import judge
    from gsefgraph.shacl.judge.memory import Memory

    every = list(dict.fromkeys(quad.triple for quad in found))
    data = [*checks.ontology.triples, *every]
    view = Memory(data)
    results = judge(checks.union_model, view)
    judged = [Judged(checks.union_model, results, every)]
    if checks.alone:
        derived = checks.names.graph("inferred")
        for graph, triples in by_graph(found).items():
            if graph != derived:
                results = judge(checks.alone_model, Memory(triples))
                judged.append(Judged(checks.alone_model, results, triples))
    own: list[Finding] = []
    if checks.own:
        own = check_quads(found, Known(checks.names, checks.ontology.defined, described(every)))

    def place(findings: Sequence[Finding]) -> Iterable[Finding]:
        return map(locate(), findings) if findings else ()

    warned = [*warnings, *_unreached(checks, view, data)] if known else list(warnings)
    told = Told(checks, _none, warnings=warned, ways=checks.ways)
    return tell(judged, own, place, told)


def _none(_term: object) -> Sequence[str]:
    return ()


def described(triples: Iterable[Triple]) -> frozenset[str]:
    """IRIs of the nodes that have a type."""
    return frozenset(
        triple.subject.value
        for triple in triples
        if triple.predicate.value == f"{RDF}type" and isinstance(triple.subject, NamedNode)
    )


def _unreached(checks: Checks, view: Memory, data: Iterable[Triple]) -> list[Texts]:
    def has_nodes(target: Target) -> bool:
        value = target.value
        if target.kind == "class":
            return any(True for _ in view.instances(value))
        if target.kind == "node":
            return bool(view.out(value)) or any(t.object == value for t in data)
        if target.kind == "subjectsOf":
            return any(True for _ in view.subjects_of(value.value))
        return any(True for _ in view.objects_of(value.value))

    return vocabulary.unreached(
        checks.union,
        checks.union_model,
        checks.names,
        has_nodes=has_nodes,
        uses=lambda predicate: any(True for _ in view.subjects_of(predicate)),
    )


def empty(records: Iterable[RecordFile]) -> list[Texts]:
    """That files hold nothing, which would read as if all in them conformed."""
    return [vocabulary.said("empty", value=r.name) for r in records if not r.quads]


def by_graph(found: Iterable[Quad]) -> dict[str, list[Triple]]:
    """Triples by the IRI of their graph, those of no named graph under ``""``."""
    parts: dict[str, list[Triple]] = {}
    for quad in found:
        name = quad.graph_name
        graph = "" if isinstance(name, DefaultGraph) else name.value
        parts.setdefault(graph, []).append(quad.triple)
    return parts


def _size(files: Sequence[str | Path]) -> int:
    """Bytes of some files; what cannot be read counts as nothing, and its reader says why."""
    total = 0
    for file in files:
        with suppress(OSError):
            total += Path(file).stat().st_size
    return total
