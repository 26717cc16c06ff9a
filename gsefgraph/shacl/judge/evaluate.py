"""Shapes evaluated on what was read, inner ones first; those that ask in a circle, to the least
fixed point.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeAlias

from gsefgraph.shacl.judge.facts import Check, Facts, Fault
from gsefgraph.shacl.judge.plan import Plan, Step
from gsefgraph.shacl.judge.view import Term
from gsefgraph.shacl.shapes.components import inner
from gsefgraph.shacl.shapes.model import Constraint, Shape

Judged: TypeAlias = Iterator[tuple[Shape, Constraint, list[Fault]]]


def evaluate(
    plan: Plan,
    facts: Facts,
    reported: Mapping[str, Collection[Term]],
    checks: Mapping[str, Check],
) -> Judged:
    """The faults of every constraint but sh:property, whose faults are those of its shapes.

    Parameters:
        plan, facts: what to judge, and by what; `facts.bad` is filled.
        reported: nodes whose results count, by shape id; a shape that no other asks about judges
            only these.
        checks: by kind of constraint.
    """
    for group in plan.groups:
        if not any(facts.values.get(shape) for shape in group):
            continue
        if plan.recursive(group):
            yield from _Circle(plan, group, facts, checks).judged()
        else:
            step = plan.steps[group[0]]
            nodes = facts.values[step.shape.id] if step.wanted else reported.get(step.shape.id, ())
            yield from _plain(step, facts, nodes, checks)


def _plain(
    step: Step, facts: Facts, nodes: Collection[Term], checks: Mapping[str, Check]
) -> Judged:
    shape = step.shape
    for constraint in shape.constraints:
        if constraint.kind == "Property" and not step.wanted:
            continue
        faults = list(checks[constraint.kind](shape, constraint, facts, nodes))
        if not faults:
            continue
        if step.wanted:
            facts.bad.setdefault(shape.id, set()).update(fault.focus for fault in faults)
        if constraint.kind != "Property":
            yield shape, constraint, faults


class _Circle:
    """Shapes that ask about each other.

    No node is bad at first. What is bad makes others so, and those are judged again, until nothing
    changes; as none ever becomes good again, it ends.
    """

    def __init__(
        self, plan: Plan, group: tuple[str, ...], facts: Facts, checks: Mapping[str, Check]
    ) -> None:
        self._facts = facts
        self._checks = checks
        self._shapes = [plan.steps[shape].shape for shape in group]
        self._faults: dict[tuple[str, int], dict[Term, list[Fault]]] = defaultdict(dict)
        # By inner shape: the outer shape, the number of its constraint, who has which value node.
        self._users: dict[str, list[tuple[Shape, int, dict[Term, list[Term]]]]] = defaultdict(list)
        for shape in self._shapes:
            facts.bad.setdefault(shape.id, set())
            owners: dict[Term, list[Term]] = {}
            for node, values in facts.values.get(shape.id, {}).items():
                for value in values:
                    owners.setdefault(value, []).append(node)
            for number, constraint in enumerate(shape.constraints):
                for other in inner(constraint):
                    if other in group:
                        self._users[other].append((shape, number, owners))

    def judged(self) -> Judged:
        """Judge until nothing changes, then say what was found."""
        waiting: dict[tuple[str, int], tuple[Shape, dict[Term, None]]] = {}
        for shape in self._shapes:
            if nodes := self._facts.values.get(shape.id):  # some are asked about no node
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
                    for node in self._facts.values.get(shape.id, {})
                    for fault in by_node.get(node, ())
                ]
                if faults and constraint.kind != "Property":
                    yield shape, constraint, faults

    def _judge(self, shape: Shape, number: int, nodes: Collection[Term]) -> Iterable[Term]:
        """Judge some nodes by one constraint; returns those that turn out bad only now."""
        constraint = shape.constraints[number]
        found: dict[Term, list[Fault]] = {}
        for fault in self._checks[constraint.kind](shape, constraint, self._facts, nodes):
            found.setdefault(fault.focus, []).append(fault)
        self._faults[shape.id, number].update(found)
        bad = self._facts.bad[shape.id]
        new = [node for node in found if node not in bad]
        bad.update(new)
        return new
