"""Records checked together with a graph, or the graph itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from gsefgraph.engine.base import Engine
from gsefgraph.limits import NO_LIMITS, Limits
from gsefgraph.shacl.checks import Checks

if TYPE_CHECKING:
    from gsefgraph.reason.rule import Rule
    from gsefgraph.records.rdf import RecordFile
    from gsefgraph.shacl.report.report import Report


def validate(
    records: Sequence[RecordFile],
    engine: Engine,
    checks: Checks,
    *,
    remove: Sequence[RecordFile] = (),
    replace: bool = False,
    inferred: bool = False,
    sources: Callable[[], Iterable[RecordFile]] | None = None,
    rules: Callable[[], Sequence[Rule]] | None = None,
    limits: Limits = NO_LIMITS,
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
        limits: of what is asked of the engine, and of a large graph.

    Returns:
        Findings that the change brings, not those that the graph had before. Only violations make
        a report that does not conform.

    Errors:
        RefusedAccess: an owl:imports, or a shape that would fetch. InputError: shapes or ontology
        that cannot be used. EngineError.

    >>> from gsefgraph.graph.graph import Graph
    >>> from gsefgraph.records.rdf import read
    >>> graph = Graph.open()
    >>> record = read("a.ttl", data=b"<urn:a> a <https://w3id.org/gsefgraph/ontology#Person> .")
    >>> validate([record], graph.engine, graph.checks).conforms
    False
    """
    if records or remove:
        from gsefgraph.shacl.change import records as beside

        return beside.check(
            records,
            engine,
            checks,
            remove=remove,
            replace=replace,
            inferred=inferred,
            rules=rules,
            limits=limits,
        )
    from gsefgraph.shacl import whole

    return whole.of_engine(
        engine,
        checks,
        inferred=inferred,
        sources=sources,
        limits=limits,
    )
