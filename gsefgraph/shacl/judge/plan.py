"""How the shapes of a model lean on each other: worked out once, used for every record."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal

from gsefgraph.rdf.digraph import components
from gsefgraph.shacl.judge.paths import Walk, walk
from gsefgraph.shacl.judge.view import View
from gsefgraph.shacl.result import MOST
from gsefgraph.shacl.shapes.components import handing, inner, nested, of, properties
from gsefgraph.shacl.shapes.model import Model, Shape
from gsefgraph.sparql.path import Path
from gsefgraph.terms import Term


@dataclass(frozen=True, slots=True)
class Step:
    """One shape as the judge takes it.

    Attributes:
        shape: with its constraints.
        path: in normal form; None for a node shape.
        inner: ids of the shapes that its value nodes are judged by as well.
        properties: those of them that report their own results (sh:property).
        looks_at_values, looks_at_focus: whether what is stated on them is read.
        wanted: whether a constraint of another shape asks if a node conforms to this one.
    """

    shape: Shape
    path: Path | None
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
        handing: how sh:property leads from shape to shape, as `components.handing` gives it.
    """

    steps: Mapping[str, Step]
    groups: Sequence[tuple[str, ...]]
    handing: Sequence[tuple[tuple[str, ...], bool]]

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
        asked = wanted(model)
        steps = {
            shape.id: _step(shape, around[shape.id], shape.id in asked)
            for shape in model.shapes.values()
        }
        return cls(steps, components(around), handing(model))

    def recursive(self, group: tuple[str, ...]) -> bool:
        """Whether the shapes of a group ask about each other."""
        return len(group) > 1 or group[0] in self.steps[group[0]].inner


def _step(shape: Shape, around: tuple[str, ...], wanted: bool) -> Step:
    reads = {of(constraint).reads for constraint in shape.constraints}
    path = shape.path.normal() if shape.path else None
    return Step(
        shape=shape,
        path=path,
        inner=around,
        properties=tuple(each for each in properties(shape) if each in around),
        looks_at_values=not reads.isdisjoint(("classes", "statements")),
        looks_at_focus="property" in reads,
        wanted=wanted,
    )


def wanted(model: Model) -> set[str]:
    """Ids of the shapes that a constraint of another asks if a node conforms to.

    >>> from gsefgraph.shacl.shapes.model import Constraint
    >>> wanted(Model({"urn:s": Shape("urn:s", constraints=(Constraint("Not", "urn:t"),))}))
    {'urn:t'}
    """
    asked = {
        each
        for shape in model.shapes.values()
        for constraint in shape.constraints
        if constraint.kind != "Property"
        for each in inner(constraint)
    }
    return asked | nested(model, asked)


class Demand:
    """What is asked of a view to judge some nodes by some shapes.

    Attributes:
        values: by shape id, the nodes it judges with the value nodes of each.

    A round announces what all shapes read next, then reads it; there are as many rounds as the
    longest chain of paths and nested shapes has steps, however many shapes and nodes there are.
    """

    def __init__(self, plan: Plan, view: View) -> None:
        self._plan = plan
        self._view = view
        self.values: dict[str, dict[Term, Sequence[Term]]] = {}
        self._waiting: dict[str, dict[Term, None]] = {}
        self._walks: list[tuple[Step, Walk]] = []
        self._out: dict[Term, None] = {}
        self._in: dict[str, dict[Term, None]] = {}
        self._announced: set[Term] = set()
        self._announced_in: dict[str, set[Term]] = {}

    def gather(self, roots: Mapping[str, Collection[Term]]) -> None:
        """Read all that judging some nodes by some shapes takes.

        Parameters:
            roots: nodes by the id of the shape they are to be judged by.
        """
        for shape, nodes in roots.items():
            self._ask(shape, nodes)
        while self._waiting or self._walks:
            self._start()
            self._announce()
            self._read()
        self._announce()

    def reported(self, roots: Mapping[str, Collection[Term]]) -> dict[str, dict[Term, int]]:
        """Nodes whose results count, and how often, by shape id: those of the roots, and by way of
        sh:property those of its property shapes; nodes that are asked only whether they conform
        are not there.
        """
        found: dict[str, dict[Term, int]] = {
            shape: dict.fromkeys(nodes, 1) for shape, nodes in roots.items() if nodes
        }
        for group, circle in self._plan.handing:
            if circle:
                self._go_round(group, found)
            for shape in group:
                for each in self._plan.steps[shape].properties if found.get(shape) else ():
                    if not circle or each not in group:
                        known = found.setdefault(each, {})
                        for value, times in self._handed(shape, found[shape]):
                            known[value] = min(MOST, known.get(value, 0) + times)
        return {shape: nodes for shape, nodes in found.items() if nodes}

    def _go_round(self, group: Collection[str], found: dict[str, dict[Term, int]]) -> None:
        """Find the nodes that shapes in a circle hand to each other; each of them counts once."""
        waiting = [(shape, found.pop(shape)) for shape in group if shape in found]
        while waiting:
            shape, nodes = waiting.pop()
            known = found.setdefault(shape, {})
            new = dict.fromkeys((node for node in nodes if node not in known), 1)
            known.update(new)
            if new:
                values = {value: 1 for value, _ in self._handed(shape, new)}
                inside = [each for each in self._plan.steps[shape].properties if each in group]
                waiting += [(each, values) for each in inside]

    def _handed(self, shape: str, nodes: Mapping[Term, int]) -> Iterable[tuple[Term, int]]:
        """What a shape hands to its property shapes: its value nodes, with how often it is there
        itself."""
        if self._plan.steps[shape].path is None:
            return nodes.items()
        values = self.values[shape]
        return ((value, times) for node, times in nodes.items() for value in values[node])

    def _ask(self, shape: str, nodes: Iterable[Term]) -> None:
        known = self.values.setdefault(shape, {})
        new = [node for node in nodes if node not in known]
        if new:
            self._waiting.setdefault(shape, {}).update(dict.fromkeys(new))

    def _start(self) -> None:
        """Begin the paths of all shapes that wait; a node shape has its values at once."""
        while self._waiting:
            shape, fresh = self._waiting.popitem()
            step = self._plan.steps[shape]
            nodes = [node for node in fresh if node not in self.values[shape]]
            if step.looks_at_focus:
                self._need_out(nodes)
            if step.path is None:
                self._reach(step, {node: (node,) for node in nodes})
                continue
            # Marked as asked, so that a shape that comes back to a node does not ask again.
            self.values[shape].update(dict.fromkeys(nodes, ()))
            walking = walk(step.path, nodes, self._view)
            if self._need(walking, step):
                self._walks.append((step, walking))

    def _need(self, walking: Walk, step: Step) -> bool:
        """Let a walk say what it reads next; False when it has arrived."""
        try:
            needs = next(walking)
        except StopIteration as end:
            self._reach(step, end.value)
            return False
        for predicate, nodes in needs:
            if predicate is None:
                self._need_out(nodes)
            else:
                known = self._announced_in.setdefault(predicate, set())
                new = {node: None for node in nodes if node not in known}
                known.update(new)
                self._in.setdefault(predicate, {}).update(new)
        return True

    def _need_out(self, nodes: Iterable[Term]) -> None:
        announced = self._announced
        for node in nodes:
            if node not in announced and type(node) is not Literal:
                announced.add(node)
                self._out[node] = None

    def _announce(self) -> None:
        if self._out:
            self._view.need_out(self._out)
            self._out = {}
        for predicate, nodes in self._in.items():
            if nodes:
                self._view.need_in(nodes, predicate)
        self._in = {}

    def _read(self) -> None:
        walks, self._walks = self._walks, []
        self._walks += [(step, walking) for step, walking in walks if self._need(walking, step)]

    def _reach(self, step: Step, values: Mapping[Term, Sequence[Term]]) -> None:
        self.values[step.shape.id].update(values)
        if step.looks_at_values or step.inner:
            reached = dict.fromkeys(value for nodes in values.values() for value in nodes)
            if step.looks_at_values:
                self._need_out(reached)
            for shape in step.inner:
                self._ask(shape, reached)
