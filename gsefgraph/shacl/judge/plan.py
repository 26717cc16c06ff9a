"""How the shapes of a model lean on each other: worked out once, used for every record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gsefgraph.shacl.shapes.components import inner, of
from gsefgraph.shacl.shapes.model import Model, Shape
from gsefgraph.sparql.path import Path


@dataclass(frozen=True, slots=True)
class Step:
    """One shape as the judge takes it.

    Attributes:
        shape: with its constraints.
        path: in normal form; None for a node shape.
        predicate: where the path is just that.
        inner: ids of the shapes that its value nodes are judged by as well.
        properties: those of them that report their own results (sh:property).
        looks_at_values, looks_at_focus: whether what is stated on them is read.
        wanted: whether a constraint of another shape asks if a node conforms to this one.
    """

    shape: Shape
    path: Path | None
    predicate: str | None
    inner: tuple[str, ...]
    properties: tuple[str, ...]
    looks_at_values: bool
    looks_at_focus: bool
    wanted: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """All shapes of a model.

    Attributes:
        steps: by shape id.
        groups: shape ids, each group after those that it asks about; more than one shape, or one
            that asks about itself, is a recursion.
    """

    steps: Mapping[str, Step]
    groups: Sequence[tuple[str, ...]]

    @classmethod
    def of(cls, model: Model) -> Plan:
        """The plan of a model.

        >>> Plan.of(Model({"urn:s": Shape("urn:s")})).groups
        [('urn:s',)]
        """
        around = {
            shape.id: tuple(
                dict.fromkeys(i for c in shape.constraints for i in inner(c) if i in model.shapes)
            )
            for shape in model.shapes.values()
        }
        wanted = _wanted(model, around)
        steps = {
            shape.id: _step(shape, around[shape.id], shape.id in wanted)
            for shape in model.shapes.values()
        }
        return cls(steps, _groups(around))

    def recursive(self, group: tuple[str, ...]) -> bool:
        """Whether the shapes of a group ask about each other."""
        return len(group) > 1 or group[0] in self.steps[group[0]].inner


def _step(shape: Shape, around: tuple[str, ...], wanted: bool) -> Step:
    reads = {of(constraint).reads for constraint in shape.constraints}
    path = shape.path.normal() if shape.path else None
    return Step(
        shape=shape,
        path=path,
        predicate=path.predicate if path is not None and not path.operator else None,
        inner=around,
        properties=tuple(
            str(c.value) for c in shape.constraints if c.kind == "Property" and c.value in around
        ),
        looks_at_values=not reads.isdisjoint(("classes", "statements")),
        looks_at_focus="property" in reads,
        wanted=wanted,
    )


def _wanted(model: Model, around: Mapping[str, tuple[str, ...]]) -> set[str]:
    waiting = [
        i
        for shape in model.shapes.values()
        for c in shape.constraints
        if c.kind != "Property"
        for i in inner(c)
        if i in around
    ]
    found: set[str] = set()
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += around[each]
    return found


def _groups(around: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """Strongly connected components, inner ones first (Tarjan 1972), without Python's recursion."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    open_: set[str] = set()
    groups: list[tuple[str, ...]] = []
    for root in around:
        if root in number:
            continue
        trail = [(root, iter(around[root]))]
        number[root] = low[root] = len(number)
        stack.append(root)
        open_.add(root)
        while trail:
            node, rest = trail[-1]
            for each in rest:
                if each not in number:
                    number[each] = low[each] = len(number)
                    stack.append(each)
                    open_.add(each)
                    trail.append((each, iter(around[each])))
                    break
                if each in open_:
                    low[node] = min(low[node], number[each])
            else:
                trail.pop()
                if trail:
                    low[trail[-1][0]] = min(low[trail[-1][0]], low[node])
                if low[node] == number[node]:
                    cut = stack.index(node)
                    groups.append(tuple(stack[cut:]))
                    open_.difference_update(stack[cut:])
                    del stack[cut:]
    return groups
