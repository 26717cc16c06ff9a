"""Constraints that only the whole graph can answer: evaluated before and after a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from gsefgraph.limits import NO_LIMITS, Limits
from gsefgraph.shacl.change.base import Base, Fact
from gsefgraph.shacl.change.plan import Split
from gsefgraph.shacl.change.view import Change
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.model import Constraint, Model, Shape


def evaluate(
    parts: Split,
    base: Base,
    ontology: Sequence[Triple],
    change: Change,
    wanted: Mapping[str, Sequence[tuple[Constraint, str]]],
    limits: Limits = NO_LIMITS,
) -> list[Result]:
    """The results of some constraints that the graph has after a change and not before, as often
    as they are where each shape is reached once.

    Parameters:
        parts: the units.
        base: the graph; all of it is read, and once more where there are results.
        ontology: triples that count as well.
        change: what is added and removed.
        wanted: constraints by the id of their unit.
        limits: as for `overlay`.

    Errors:
        EngineError: the disk or the memory is full.
    """
    from gsefgraph.columns.columns import Columns
    from gsefgraph.shacl.compiled import evaluate as compiled

    model = _model(parts, wanted)
    if not model.roots:
        return []

    def results(added: Iterable[Fact], removed: frozenset[Fact]) -> Sequence[Result]:
        data = _quads(base, ontology, added, removed)
        with Columns.read([], quads=data, limits=limits) as columns:
            return compiled.evaluate(model, columns, once=True).results

    new = results(change.added, frozenset(change.removed))
    if not new:
        return []
    old = {result.identity for result in results((), frozenset())}
    return [result for result in new if result.identity not in old]


def _model(parts: Split, wanted: Mapping[str, Sequence[tuple[Constraint, str]]]) -> Model:
    """The shapes with nothing but the wanted constraints asked of focus nodes."""
    shapes: dict[str, Shape] = {}
    for name, shape in parts.full.shapes.items():
        kept = replace(shape, targets=())
        if name in wanted:
            unit = parts.units[name]
            kept = replace(kept, targets=unit.targets)
            if unit.alone:
                kept = replace(kept, constraints=tuple(each for each, _ in wanted[name]))
        shapes[name] = kept
    return Model(shapes)


def _quads(
    base: Base, ontology: Iterable[Triple], added: Iterable[Fact], removed: frozenset[Fact]
) -> Iterator[Quad]:
    for triple in ontology:
        yield Quad(triple.subject, triple.predicate, triple.object, DefaultGraph())
    for quad in base.dump():
        if not removed or (quad.subject, quad.predicate.value, quad.object) not in removed:
            yield quad
    for s, predicate, o in added:
        yield Quad(s, NamedNode(predicate), o, DefaultGraph())  # type: ignore[arg-type]
