"""The judge of small graphs: a record with what is around it, or a small file, against shapes.

Each shape judges all its nodes at once. First all that can matter is read, in few rounds
(`plan.py`); then shapes are evaluated, inner ones first. Where shapes ask about each other
in a circle, what breaks them is the least that must: no node is bad only because it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias

from gsefgraph.shacl.judge.constraints import CHECKS
from gsefgraph.shacl.judge.plan import Demand, Plan, Step
from gsefgraph.shacl.judge.view import Fault, State, View
from gsefgraph.shacl.result import MOST, Result, together
from gsefgraph.shacl.shapes.components import inner, tells
from gsefgraph.shacl.shapes.model import Constraint, Model, Shape, Target
from gsefgraph.terms import Term


def judge(
    model: Model,
    view: View,
    focus: Mapping[str, Collection[Term]] | None = None,
    *,
    once: bool = False,
) -> list[Result]:
    """What some nodes break of the shapes of a model (SHACL 2017).

    Parameters:
        model: the shapes.
        view: the graph, with the ontology's classes.
        focus: nodes by the id of the shape that is to judge them; None takes every shape's own
            targets, which a view of a part of a graph cannot know.
        once: count the results of a node as if its shape were reached once.

    Returns:
        each result once with its number of times, in the order of shapes, constraints, and focus
        nodes.

    Errors:
        SyntaxFault, EngineError: a query of sh:sparql that is not one, or fails.

    >>> from pyoxigraph import Literal, NamedNode, Triple
    >>> from gsefgraph.sparql.path import Path
    >>> from gsefgraph.shacl.judge.memory import Memory
    >>> shape = Shape("urn:s", path=Path.of("urn:p"), constraints=(Constraint("MaxCount", 1),),
    ...               targets=(Target("subjectsOf", NamedNode("urn:p")),))
    >>> values = [Triple(NamedNode("urn:a"), NamedNode("urn:p"), Literal(x)) for x in "xy"]
    >>> [result.count for result in judge(Model({"urn:s": shape}), Memory(values))]
    [2]
    """
    plan = _plan(model)
    roots = targets(model, view) if focus is None else focus
    demand = Demand(plan, view)
    demand.gather(roots)
    state = State(view, demand.values)
    reported = demand.reported(roots)
    if once:
        reported = {shape: dict.fromkeys(nodes, 1) for shape, nodes in reported.items()}
    found: dict[str, list[Result]] = {}
    for shape, constraint, faults in evaluate(plan, state, reported):
        nodes = reported.get(shape.id, {})
        found.setdefault(shape.id, []).extend(_results(shape, constraint, faults, nodes))
    return [result for shape in model.shapes for result in found.get(shape, ())]


def targets(model: Model, view: View) -> dict[str, dict[Term, None]]:
    """The focus nodes of all shapes that have targets, by shape id (SHACL, section 2.1.3)."""
    return {
        shape.id: dict.fromkeys(node for target in shape.targets for node in selected(target, view))
        for shape in model.roots
    }


def selected(target: Target, view: View) -> Iterable[Term]:
    """The focus nodes of one target."""
    if target.kind == "class":
        return view.instances(target.value)
    if target.kind == "subjectsOf":
        return view.subjects_of(target.value.value)
    if target.kind == "objectsOf":
        return view.objects_of(target.value.value)
    return (target.value,)


def _results(
    shape: Shape, constraint: Constraint, faults: Iterable[Fault], nodes: Mapping[Term, int]
) -> list[Result]:
    """The results of those nodes whose results count."""
    component, told = constraint.component, tells(constraint)
    return together(
        Result(
            shape=shape.id,
            component=component,
            severity=shape.severity,
            focus=fault.focus,
            path=fault.path or shape.path,
            value=fault.value,
            constraint=told if fault.constraint is None else fault.constraint,
            bound=fault.bound,
            count=fault.count,
            times=min(MOST, fault.times * nodes[fault.focus]),
        )
        for fault in faults
        if fault.focus in nodes
    )


_plan = lru_cache(maxsize=8)(Plan.of)

Faults: TypeAlias = Iterator[tuple[Shape, Constraint, list[Fault]]]


def evaluate(
    plan: Plan,
    state: State,
    reported: Mapping[str, Collection[Term]],
) -> Faults:
    """The faults of every constraint but sh:property, whose faults are those of its shapes.

    Parameters:
        plan, state: what to judge, and by what; `state.bad` is filled.
        reported: nodes whose results count, by shape id; a shape that no other asks about judges
            only these.
    """
    for group in plan.groups:
        if not any(state.values.get(shape) for shape in group):
            continue
        if plan.recursive(group):
            yield from _Circle(plan, group, state).faults()
        else:
            step = plan.steps[group[0]]
            nodes = state.values[step.shape.id] if step.wanted else reported.get(step.shape.id, ())
            yield from _plain(step, state, nodes)


def _plain(step: Step, state: State, nodes: Collection[Term]) -> Faults:
    shape = step.shape
    for constraint in shape.constraints:
        if constraint.kind == "Property" and not step.wanted:
            continue
        faults = list(CHECKS[constraint.kind](shape, constraint, state, nodes))
        if not faults:
            continue
        if step.wanted:
            state.bad.setdefault(shape.id, set()).update(fault.focus for fault in faults)
        if constraint.kind != "Property":
            yield shape, constraint, faults


class _Circle:
    """Shapes that ask about each other.

    No node is bad at first. What is bad makes others so, and those are judged again, until nothing
    changes; as none ever becomes good again, it ends.
    """

    def __init__(self, plan: Plan, group: tuple[str, ...], state: State) -> None:
        self._state = state
        self._shapes = [plan.steps[shape].shape for shape in group]
        self._faults: dict[tuple[str, int], dict[Term, list[Fault]]] = defaultdict(dict)
        # By inner shape: the outer shape, the number of its constraint, who has which value node.
        self._users: dict[str, list[tuple[Shape, int, dict[Term, list[Term]]]]] = defaultdict(list)
        for shape in self._shapes:
            state.bad.setdefault(shape.id, set())
            owners: dict[Term, list[Term]] = {}
            for node, values in state.values.get(shape.id, {}).items():
                for value in values:
                    owners.setdefault(value, []).append(node)
            for number, constraint in enumerate(shape.constraints):
                for other in inner(constraint):
                    if other in group:
                        self._users[other].append((shape, number, owners))

    def faults(self) -> Faults:
        """Judge until nothing changes, then say what was found."""
        waiting: dict[tuple[str, int], tuple[Shape, dict[Term, None]]] = {}
        for shape in self._shapes:
            if nodes := self._state.values.get(shape.id):  # some are asked about no node
                for number in range(len(shape.constraints)):
                    waiting[shape.id, number] = shape, dict.fromkeys(nodes)
        while waiting:
            (_, number), (shape, again) = waiting.popitem()
            for node in self._judge(shape, number, again):
                for user, place, owners in self._users[shape.id]:
                    if node in owners:
                        _, known = waiting.setdefault((user.id, place), (user, {}))
                        known.update(dict.fromkeys(owners[node]))
        for shape in self._shapes:
            for number, constraint in enumerate(shape.constraints):
                by_node = self._faults[shape.id, number]
                faults = [
                    fault
                    for node in self._state.values.get(shape.id, {})
                    for fault in by_node.get(node, ())
                ]
                if faults and constraint.kind != "Property":
                    yield shape, constraint, faults

    def _judge(self, shape: Shape, number: int, nodes: Collection[Term]) -> Iterable[Term]:
        """Judge some nodes by one constraint; returns those that turn out bad only now."""
        constraint = shape.constraints[number]
        found: dict[Term, list[Fault]] = {}
        for fault in CHECKS[constraint.kind](shape, constraint, self._state, nodes):
            found.setdefault(fault.focus, []).append(fault)
        self._faults[shape.id, number].update(found)
        bad = self._state.bad[shape.id]
        new = [node for node in found if node not in bad]
        bad.update(new)
        return new
