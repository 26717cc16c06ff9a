"""Which nodes each shape is evaluated on: those of its targets, those that sh:property hands on.

A property shape takes over the focus nodes of a node shape that has it, and the value nodes of a
property shape that has it. So the focus nodes of a shape are a union of sources: targets, and value
nodes of other shapes. Shapes with the same sources share one table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from gsefgraph.rdf.digraph import reached
from gsefgraph.shacl.compiled.paths import Values
from gsefgraph.shacl.compiled.run import NOTHING, Nodes, Run
from gsefgraph.shacl.result import MOST
from gsefgraph.shacl.shapes.components import Ways, properties, several, ways
from gsefgraph.shacl.shapes.model import Model, Shape, Target
from gsefgraph.shacl.shapes.vocabulary import predicates
from gsefgraph.sparql.path import Path

Source: TypeAlias = Target | str  # a target, or the id of a shape whose value nodes they are
Sources: TypeAlias = frozenset[Source]


@dataclass(frozen=True, slots=True)
class Group:
    """Shapes that look at the same values of the same focus nodes."""

    shapes: tuple[Shape, ...]
    values: Values


def sources(model: Model) -> dict[str, Sources]:
    """Where each shape that is evaluated gets its focus nodes from, by id in the model's order.

    >>> sources(Model({}))
    {}
    """
    found: dict[str, set[Source]] = {root.id: set(root.targets) for root in model.roots}
    work = list(found)
    while work:
        shape = model.shapes[work.pop()]
        handed = {shape.id} if shape.path is not None else found[shape.id]
        for child in properties(shape):
            known = found.setdefault(child, set())
            if not handed <= known:
                known |= handed
                work.append(child)
    return {shape: frozenset(found[shape]) for shape in model.shapes if shape in found}


class Foci:
    """The tables of focus nodes by their sources.

    Parameters:
        origin: the sources of each shape that is evaluated.
    """

    def __init__(self, run: Run, origin: Mapping[str, Sources]) -> None:
        self.run = run
        self.origin = origin
        self._ways = ways(run.model)
        self._often: dict[str, str | None] = {}
        self._nodes: dict[Sources, Nodes] = {}
        self._handed: dict[tuple[Sources, Path | None], Values] = {}
        ahead = {key: {origin[s] for s in key if isinstance(s, str)} for key in origin.values()}
        self._cyclic = [key for key in ahead if key in reached([key], ahead.__getitem__)]
        if self._cyclic:
            self._settle()

    def groups(self) -> Iterator[Group]:
        """The shapes of an evaluation, those together that can share their tables."""
        together: dict[tuple[Sources, Path | None], list[Shape]] = {}
        for shape, key in self.origin.items():
            found = self.run.model.shapes[shape]
            if any(constraint.kind != "Property" for constraint in found.constraints):
                together.setdefault((key, found.path), []).append(found)
        for (key, path), shapes in together.items():
            yield Group(tuple(shapes), self._values(key, path))

    def reach(self, shape: str, nodes: Collection[int]) -> Mapping[int, int]:
        """How often a shape is reached with some nodes, those with which it is more than once."""
        table = self._reached_often(shape) if nodes else None
        if table is None:
            return {}
        wanted = f"SELECT f, n FROM {table} WHERE f IN (SELECT unnest(?))"
        return dict(self.run.columns.rows(wanted, [[*nodes]]))

    def _reached_often(self, shape: str) -> str | None:
        """A table of focus nodes f with how often n a shape is reached with them, where that is
        more than once; None where it cannot be."""
        stack = [shape]  # of our own: shapes may nest deeper than calls can
        while stack:
            name = stack[-1]
            ways = self._ways.get(name, Counter())
            waiting = [way for way in ways if isinstance(way, str) and way not in self._often]
            if waiting:
                stack += waiting
                continue
            stack.pop()
            if name not in self._often:
                self._often[name] = self._counted(ways)
        return self._often[shape]

    def _counted(self, ways: Ways) -> str | None:
        if not several(ways):
            return None
        parts = []
        for way, times in ways.items():
            if isinstance(way, str):
                pairs, often = self._values_of(way).pairs, self._often[way]
                count = f"least({MOST}, {times}::HUGEINT * coalesce(o.n, 1))" if often else times
                other = f"LEFT JOIN {often} o ON o.f = p.f" if often else ""
                parts.append(f"SELECT p.v AS f, {count} AS n FROM {pairs} p {other}")
            else:
                nodes = focus(self.run, sorted(way, key=str)).table
                parts.append(f"SELECT f, {times} AS n FROM {nodes}")
        return self.run.table(
            f"SELECT f, least({MOST}, sum(n))::BIGINT AS n FROM ({' UNION ALL '.join(parts)}) "
            "GROUP BY f HAVING sum(n) > 1",
            keep=True,
        )

    def _values(self, key: Sources, path: Path | None) -> Values:
        return self._handed.get((key, path)) or Values(self.run, self._focus(key), path)

    def _focus(self, key: Sources) -> Nodes:
        stack = [key]  # of our own: shapes may nest deeper than calls can
        while stack:
            parents = {self.origin[s] for s in stack[-1] if isinstance(s, str)}
            waiting = [parent for parent in parents if parent not in self._nodes]
            if stack[-1] in self._nodes:
                stack.pop()
            elif waiting:
                stack += waiting
            else:
                self._nodes[stack[-1]] = self._union(stack[-1])
        return self._nodes[key]

    def _union(self, key: Sources) -> Nodes:
        targets = [source for source in key if isinstance(source, Target)]
        parents = [source for source in key if isinstance(source, str)]
        if not parents:
            return focus(self.run, sorted(targets, key=str))
        parts = [self._values_of(parent).nodes.table for parent in sorted(parents)]
        if targets:
            parts.append(focus(self.run, sorted(targets, key=str)).table)
        sql = " UNION ".join(f"SELECT f FROM {part}" for part in parts)
        return Nodes(self.run, sql, keep=True)

    def _values_of(self, shape: str) -> Values:
        key = self.origin[shape], self.run.model.shapes[shape].path
        if key not in self._handed:
            self._handed[key] = Values(self.run, self._focus(key[0]), key[1], keep=True)
        return self._handed[key]

    def _settle(self) -> None:
        """Fill the tables that depend on themselves, until nothing is new."""
        fresh = []
        for key in self._cyclic:
            outside = {
                s for s in key if isinstance(s, Target) or self.origin[s] not in self._cyclic
            }
            known = self._union(frozenset(outside)) if outside else None
            table = self.run.table(f"SELECT f FROM {known.table}" if known else NOTHING, keep=True)
            self._nodes[key] = Nodes(self.run, f"SELECT f FROM {table}", made=table)
            fresh.append((key, table))
        while fresh:
            key, table = fresh.pop()
            for parent in (s for s, origin in self.origin.items() if origin == key):
                path = self.run.model.shapes[parent].path
                values = Values(self.run, Nodes(self.run, "", made=table), path)
                for other in (other for other in self._cyclic if parent in other):
                    known_table = self._nodes[other].table
                    new = self.run.grow(known_table, f"SELECT f FROM {values.nodes.table}")
                    if new:
                        fresh.append((other, new))


def unmet(run: Run, shapes: Iterable[Shape]) -> list[tuple[str, Target]]:
    """Targets that select nothing, each with the id of its shape.

    A node that is a target always is a focus node; it counts here where no triple mentions it.
    """
    return [(s.id, target) for s in shapes for target in s.targets if not _met(run, target)]


def _met(run: Run, target: Target) -> bool:
    if target.kind == "class":
        return run.ids.of(target.value) in run.peopled
    if target.kind == "node":
        return run.ids.of(target.value) not in run.ids.invented
    return run.ids.of(target.value) in run.used


def unused(run: Run, shapes: Iterable[Shape]) -> list[tuple[str, str]]:
    """Predicates that shapes read, full IRIs, that no triple has, each with the id of its shape."""
    return [
        (shape.id, predicate)
        for shape in shapes
        for predicate in dict.fromkeys(predicates(shape))
        if run.ids.iri(predicate) not in run.used
    ]


def focus(run: Run, targets: Iterable[Target]) -> Nodes:
    """The nodes that any of some targets selects."""
    kinds: dict[str, dict[str, None]] = {}
    for target in targets:
        term = target.value
        key = term.value if target.kind == "class" else str(run.ids.of(term))
        kinds.setdefault(target.kind, {})[key] = None
    if list(kinds) == ["class"] and len(kinds["class"]) == 1:
        return run.instances(*kinds["class"])
    parts = [_selected(run, kind, list(keys)) for kind, keys in sorted(kinds.items())]
    return Nodes(run, " UNION ".join(parts), keep=True)


def _selected(run: Run, kind: str, keys: list[str]) -> str:
    if kind == "class":
        return run.typed(keys)
    if kind == "node":
        ids = ", ".join(f"({number})" for number in keys)
        return f"SELECT id | bits AS f FROM (VALUES {ids}) AS nodes (id), {run.graphs}"
    column = "s" if kind == "subjectsOf" else "o"
    return f"SELECT DISTINCT {column} AS f FROM {run.triples} WHERE p IN ({', '.join(keys)})"
