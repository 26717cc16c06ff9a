"""Records checked together with a graph, or the graph itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Quad

from gsefgraph.engine.base import Engine
from gsefgraph.engine.union import has_blank
from gsefgraph.limits import NO_LIMITS, Limits
from gsefgraph.rdf import packed
from gsefgraph.rdf.reading import AS_DOCUMENTS, Reading
from gsefgraph.shacl import written
from gsefgraph.shacl.checks import Checks
from gsefgraph.shacl.own import Known, check_quads
from gsefgraph.shacl.report.finding import Finding, Texts
from gsefgraph.shacl.report.locate import Locator
from gsefgraph.shacl.report.report import Report
from gsefgraph.shacl.report.results import Results, report_of
from gsefgraph.shacl.shapes import vocabulary
from gsefgraph.shacl.shapes.model import Target
from gsefgraph.shacl.written import by_graph, described

if TYPE_CHECKING:
    from gsefgraph.reason.rule import Rule
    from gsefgraph.records.rdf import RecordFile
    from gsefgraph.shacl.judge.memory import Memory


def validate(
    records: Sequence[RecordFile],
    engine: Engine,
    checks: Checks,
    *,
    remove: Sequence[RecordFile] = (),
    replace: bool = False,
    gone: Sequence[Quad] = (),
    inferred: bool = False,
    sources: Callable[[], Iterable[RecordFile]] | None = None,
    stated: Callable[[], Iterable[Quad]] | None = None,
    rules: Callable[[], Sequence[Rule]] | None = None,
    also: Callable[[Sequence[Quad]], Sequence[Finding]] | None = None,
    limits: Limits = NO_LIMITS,
) -> Report:
    """Check new records together with what the graph knows, or the whole graph.

    Parameters:
        records: files of new records. Where nothing is added nor removed, the graph is checked.
        engine: the graph; nothing is written to it.
        checks: the shapes, the ontology, and prefixes.
        remove: what is to be taken for gone, in every graph that states it.
        replace: whether the records replace what the graph states of the things they describe.
        gone: quads that are to be taken for gone, each from its own graph only.
        inferred: whether derived triples count as facts.
        sources: gives the files that the graph was built from, so that findings on the whole graph
            say where they stand; called only when there are findings.
        stated: gives what the graph states with the terms of its files, where the engine keeps some
            in another form.
        rules: gives rules; with `inferred`, what follows by them from the new records together
            with what is around them is checked as well.
        limits: of what is asked of the engine, and of a large graph.

    Returns:
        Findings that the change brings, not those that the graph had before. Only violations make
        a report that does not conform.

    Errors:
        InputError: shapes or ontology that cannot be used. EngineError.

    >>> from gsefgraph.graph.graph import Graph
    >>> from gsefgraph.records.rdf import read
    >>> graph = Graph.open()
    >>> record = read("a.ttl", data=b"<urn:a> a <https://w3id.org/gsefgraph/ontology#Person> .")
    >>> validate([record], graph.engine, graph.checks).conforms
    False
    """
    if records or remove or gone:
        from gsefgraph.shacl.change import records as beside

        return beside.check(
            records,
            engine,
            checks,
            remove=remove,
            replace=replace,
            gone=gone,
            inferred=inferred,
            rules=rules,
            also=also,
            limits=limits,
        )

    return of_engine(
        engine,
        checks,
        inferred=inferred,
        sources=sources,
        stated=stated,
        limits=limits,
    )


SMALL = 20_000
"""Quads up to which a graph is judged in memory."""
SMALL_BYTES = 2_000_000
"""Bytes up to which files are read to see how many quads they hold."""


def of_files(
    files: Sequence[str | Path],
    checks: Checks,
    *,
    limits: Limits = NO_LIMITS,
    reading: Reading = AS_DOCUMENTS,
) -> Report:
    """Check files, their graphs together and each graph alone.

    Parameters:
        files: RDF in any format, ``-`` for standard input.
        checks: what is checked.
        limits: of a large graph.
        reading: base, contexts and bound.

    Errors:
        InputError, SyntaxFault, RefusedAccess: a file. EngineError: out of memory or disk.

    >>> from gsefgraph.project import find
    >>> project = find()
    >>> checks = Checks.of_project(project.shapes, project.ontology, project.names)
    >>> of_files([project.ontology / "examples" / "invalid" / "evidence.ttl"], checks).conforms
    False
    """
    from gsefgraph.records import rdf

    if "-" not in map(str, files) and sum(packed.size(Path(file)) for file in files) > SMALL_BYTES:
        from gsefgraph.shacl.compiled import graph as large

        return large.of_files(files, checks, limits=limits, reading=reading)
    records = [rdf.read(file, reading=reading) for file in files]
    found, own = written.labelled(records)
    if not checks.own:
        checks = checks.reading(records)

    def place(findings: Sequence[Finding]) -> Iterable[Finding]:
        return map(Locator(records, own).place, findings) if findings else ()

    if len(found) <= SMALL:
        names = [record.name for record in records]
        unfollowed = vocabulary.imports((quad.triple for quad in found), names)
        warnings = [*unfollowed, *vocabulary.empty(records)]
        return _small(found, checks, place, warnings, known=not checks.own)
    from gsefgraph.shacl.compiled import graph as large

    return large.of_quads(found, checks, place, limits)


def of_engine(
    engine: Engine,
    checks: Checks,
    *,
    inferred: bool = False,
    sources: Callable[[], Iterable[RecordFile]] | None = None,
    stated: Callable[[], Iterable[Quad]] | None = None,
    limits: Limits = NO_LIMITS,
) -> Report:
    """Check all that an engine holds.

    Parameters:
        engine: the graph.
        checks: what is checked.
        inferred: whether derived triples count as facts.
        sources: gives the files that the graph was built from, so that findings say where they
            stand; called only when there are findings.
        stated: as for `validate`.
        limits: as for `of_files`.

    Errors:
        As `of_files`.

    >>> from gsefgraph.graph.graph import Graph
    >>> with Graph.open() as graph:
    ...     of_engine(graph.engine, graph.checks).conforms
    True
    """
    without = checks.without(inferred=inferred)
    graphs = [graph for graph in engine.graphs() if graph.value not in without]
    data: Iterable[Quad] = chain.from_iterable(map(engine.dump, graphs))
    if stated is not None:
        wanted = set(graphs)
        read = dict.fromkeys(quad for quad in stated() if quad.graph_name in wanted)
        derived = [graph for graph in graphs if graph.value == checks.names.graph("inferred")]
        data = chain(read, *map(engine.dump, derived))

    def place(findings: Sequence[Finding]) -> Iterable[Finding]:
        return map(Locator(sources() if sources else ()).place, findings) if findings else ()

    if engine.count() <= SMALL:
        found = sorted(data, key=str)
        blank = sources is not None and not inferred and has_blank(found)
        # A blank node has its label and its place in its file.
        files = sources() if blank and sources else ()
        records = [file for file in files if any(q.graph_name in graphs for q in file.quads)]
        if not records:
            return _small(found, checks, place)
        found, own = written.labelled(records)
        locator = Locator(records, own)
        return _small(found, checks, lambda findings: map(locator.place, findings))
    from gsefgraph.shacl.compiled import graph as large

    return large.of_quads(data, checks, place, limits)


def _small(
    found: Sequence[Quad],
    checks: Checks,
    place: Callable[[Sequence[Finding]], Iterable[Finding]],
    warnings: Iterable[Texts] = (),
    *,
    known: bool = True,
) -> Report:
    """Judge quads in memory.

    Parameters:
        found: the quads.
        place: as for `tell`.
        warnings: what is odd about the files.
        known: whether the shapes are expected to meet something.
    """
    from gsefgraph.shacl.judge.judge import judge
    from gsefgraph.shacl.judge.memory import Memory

    every = list(dict.fromkeys(quad.triple for quad in found))
    view = Memory([*checks.ontology.triples, *every])
    results = [Results(checks.union_model, judge(checks.union_model, view), every)]
    if checks.alone:
        without = checks.without(inferred=False)
        for graph, triples in by_graph(found).items():
            if graph not in without:
                found_alone = judge(checks.alone_model, Memory(triples))
                results.append(Results(checks.alone_model, found_alone, triples))
    own: list[Finding] = []
    if checks.own:
        own = check_quads(found, Known(checks.names, checks.ontology.defined, described(every)))

    warned = [*warnings, *_unreached(checks, view)] if known else list(warnings)
    return report_of(results, own, place, checks, warnings=warned, ways=checks.ways)


def _unreached(checks: Checks, view: Memory) -> list[Texts]:
    from gsefgraph.shacl.judge.judge import selected

    def has_nodes(target: Target) -> bool:
        value = target.value
        if target.kind == "node":
            return view.mentions(value)
        return any(True for _ in selected(target, view))

    return vocabulary.unreached(
        checks.union,
        checks.union_model,
        checks.names,
        has_nodes=has_nodes,
        uses=lambda predicate: bool(view.objects_of(predicate)),
        defined=checks.ontology.defined,
        general=checks.general,
    )
