"""A model taken apart for the overlay, once: what is judged around new triples, and what whole.

A unit is a shape with all targets by which it judges focus nodes of its own: a shape with targets,
or a property shape of one. So new triples about one property wake the constraints of that property.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from weakref import WeakKeyDictionary

from pyoxigraph import NamedNode, Triple

from gsefgraph.engine.base import Engine
from gsefgraph.shacl.change.reads import Read, Reader, contested
from gsefgraph.shacl.judge.plan import wanted
from gsefgraph.shacl.shapes.components import properties
from gsefgraph.shacl.shapes.model import Constraint, Model, Shape, Sparql, Target
from gsefgraph.sparql.path import Path
from gsefgraph.terms import Term


@dataclass(frozen=True, slots=True)
class Unit:
    """A shape with its focus nodes.

    Attributes:
        shape: as written.
        targets: its own, and those of the shapes that have it as property shape.
        alone: whether no other shape asks if a node conforms to it, or has it behind a path.
        bounded: constraints that are judged around new triples.
        reads: of those.
        chains: of those, disjointness along a path that arrives at the focus node without end.
        whole: constraints that only the whole graph can answer, each with the reasons.
        whole_reads: what a change must touch for those to be asked at all.
    """

    shape: Shape
    targets: tuple[Target, ...]
    alone: bool = True
    bounded: tuple[Constraint, ...] = ()
    reads: tuple[Read, ...] = ()
    chains: tuple[Constraint, ...] = ()
    whole: tuple[tuple[Constraint, tuple[str, ...]], ...] = ()
    whole_reads: tuple[Read, ...] = ()


@dataclass(frozen=True, slots=True)
class Split:
    """All units of a model.

    Attributes:
        model: the shapes with the constraints that the judge is asked.
        full: the shapes as they were.
        units: by shape id, in the order of the model.
        holders: for a property shape that other shapes reach along their paths, those shapes.
        by_predicate, by_any, by_class: reads of all units, by what wakes them; the flag tells those
            of constraints that run whole.
        targeted: ids of units by kind and value of their targets.
    """

    model: Model
    full: Model
    units: Mapping[str, Unit]
    holders: Mapping[str, tuple[str, ...]]
    by_predicate: dict[str, list[tuple[str, Read, bool]]] = field(default_factory=dict)
    by_any: list[tuple[str, Read, bool]] = field(default_factory=list)
    by_class: dict[Term, list[tuple[str, Read, bool]]] = field(default_factory=dict)
    targeted: dict[tuple[str, str], list[str]] = field(default_factory=dict)


@lru_cache(maxsize=8)
def split(model: Model, order: tuple[str, ...] = ()) -> Split:
    """The units of a model, kept for the models that were asked about last.

    Parameters:
        model: the shapes.
        order: predicates from the most telling, for the queries of sh:sparql.

    >>> shape = Shape("urn:s", path=Path.of("urn:p"), constraints=(Constraint("MaxCount", 1),),
    ...               targets=(Target("class", NamedNode("urn:c")),))
    >>> [read.predicate for read in split(Model({"urn:s": shape})).units["urn:s"].reads]
    ['urn:p']
    """
    asked = wanted(model)
    opened = [s for s in model.roots if s.path is None and s.id not in asked]
    # A shape that is itself some shape's property is judged where that leads.
    children = {child for shape in model.shapes.values() for child in properties(shape)}
    opened = [shape for shape in opened if shape.id not in children]
    targets: dict[str, dict[Target, None]] = {}
    for shape in model.roots:
        targets.setdefault(shape.id, {}).update(dict.fromkeys(shape.targets))
    for shape in opened:
        for child in properties(shape):
            if child in model.shapes and not model.shapes[child].deactivated:
                targets.setdefault(child, {}).update(dict.fromkeys(shape.targets))
    roots = {shape.id for shape in opened}
    holders: dict[str, tuple[str, ...]] = {}
    for shape in model.shapes.values():
        if shape.id not in roots and not shape.deactivated:
            for child in properties(shape):
                holders[child] = (*holders.get(child, ()), shape.id)
    reader = Reader(model, order)
    units: dict[str, Unit] = {}
    shapes = dict(model.shapes)
    for shape in model.shapes.values():
        if shape.id not in targets:
            continue
        alone = shape.id not in asked and shape.id not in holders
        own = [c for c in shape.constraints if not (shape.id in roots and c.kind == "Property")]
        unit, kept = _unit(reader, shape, tuple(targets[shape.id]), own, alone)
        units[shape.id] = unit
        if kept != list(shape.constraints):
            shapes[shape.id] = replace(shape, constraints=tuple(kept))
    found = Split(Model(shapes), model, units, holders)
    for unit in units.values():
        for target in unit.targets:
            found.targeted.setdefault((target.kind, target.value.value), []).append(unit.shape.id)
        _index(found, unit.shape.id, unit.reads, whole=False)
        _index(found, unit.shape.id, unit.whole_reads, whole=True)
    return found


def _unit(
    reader: Reader,
    shape: Shape,
    targets: tuple[Target, ...],
    constraints: Iterable[Constraint],
    alone: bool,
) -> tuple[Unit, list[Constraint]]:
    """A unit, and the constraints that are left to the judge."""
    kept: list[Constraint] = []
    chains: list[Constraint] = []
    whole: list[tuple[Constraint, tuple[str, ...]]] = []
    reads: dict[Read, None] = {}
    whole_reads: dict[Read, None] = {}
    for constraint in constraints:
        found = reader.constraint(shape, constraint)
        if found.unbounded:
            whole.append((constraint, found.unbounded))
            whole_reads.update(dict.fromkeys(found.reads))
            continue
        reads.update(dict.fromkeys(found.reads))
        if alone and constraint.kind == "Disjoint" and shape.path and _arrives(shape.path):
            chains.append(constraint)
        else:
            kept.append(constraint)
    unit = Unit(
        shape=shape,
        targets=targets,
        alone=alone,
        bounded=(*kept, *chains),
        reads=tuple(reads),
        chains=tuple(chains),
        whole=tuple(whole),
        whole_reads=tuple(whole_reads),
    )
    return unit, kept


def _index(found: Split, unit: str, reads: Sequence[Read], *, whole: bool) -> None:
    for read in reads:
        entry = (unit, read, whole)
        if read.cls is not None:
            found.by_class.setdefault(NamedNode(read.cls), []).append(entry)
        elif read.predicate is None:
            found.by_any.append(entry)
        else:
            found.by_predicate.setdefault(read.predicate, []).append(entry)


def _arrives(path: Path) -> bool:
    """Whether a path goes, any number of times, against the direction of a triple."""
    return any(part.operator in ("*", "+") and part.uses("^") for part in path.normal().walk())


_SAMPLE = 200  # quads
_VALUES = 10

_FANS: WeakKeyDictionary[Engine, dict[str, float]] = WeakKeyDictionary()


def order(model: Model, engine: Engine) -> tuple[str, ...]:
    """The predicates by which the queries of a model may find nodes, the most telling first.

    Two participations share a role with thousands and an event with a few: what is looked up by the
    event is little. Two questions for each predicate, when an engine is first asked about it.
    """
    wanted = sorted(_contested(model))
    if not wanted:
        return ()
    fans = _FANS.setdefault(engine, {})
    for predicate in wanted:
        if predicate not in fans:
            fans[predicate] = _fan(engine, predicate)
    return tuple(sorted(wanted, key=lambda predicate: (fans[predicate], predicate)))


def _fan(engine: Engine, predicate: str) -> float:
    node = NamedNode(predicate)
    # Engines give the quads of one value together, or those of one subject: both are no sample.
    some = [quad.object for quad in engine.lookup([(None, node, None)], limit=_SAMPLE)]
    values: list[Term] = [v for v in dict.fromkeys(some) if not isinstance(v, Triple)][:_VALUES]
    found = engine.lookup([(None, node, value) for value in values], limit=_VALUES * _SAMPLE)
    return sum(1 for _ in found) / max(1, len(values))


@lru_cache(maxsize=8)
def _contested(model: Model) -> frozenset[str]:
    queries = {
        constraint.value.select
        for shape in model.shapes.values()
        for constraint in shape.constraints
        if isinstance(constraint.value, Sparql)
    }
    return frozenset().union(*map(contested, queries))
