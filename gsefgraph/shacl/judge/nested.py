"""Constraints that judge value nodes by other shapes (SHACL, sections 4.6 and 4.7)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from typing import Any

from gsefgraph.shacl.judge.facts import Check, Facts, Fault
from gsefgraph.shacl.judge.view import Term
from gsefgraph.shacl.shapes.components import inner
from gsefgraph.shacl.shapes.model import Constraint, Qualified, Shape

_NONE: Set[Any] = frozenset()


def _by(right: Callable[[int, int], bool]) -> Check:
    """A check of how many of the inner shapes a value node may break.

    Parameters:
        right: whether so many broken, of so many, are right.
    """

    def check(
        shape: Shape, constraint: Constraint, facts: Facts, nodes: Collection[Term]
    ) -> Iterator[Fault]:
        shapes = inner(constraint)
        name = " ".join(shapes)
        bad = [facts.bad.get(each, _NONE) for each in shapes]
        values = facts.values[shape.id]
        for node in nodes:
            for value in values[node]:
                broken = sum(value in each for each in bad)
                if not right(broken, len(bad)):
                    yield Fault(node, value, name)

    return check


def _qualified(right: Callable[[int, int], bool]) -> Check:
    """A check of how many value nodes conform to a shape, and to none of its siblings."""

    def check(
        shape: Shape, constraint: Constraint, facts: Facts, nodes: Collection[Term]
    ) -> Iterator[Fault]:
        wanted = constraint.value
        assert isinstance(wanted, Qualified)  # noqa: S101 - so says `Constraint`
        bad = facts.bad.get(wanted.shape, _NONE)
        siblings: Sequence[Set[Any]] = [facts.bad.get(each, _NONE) for each in wanted.siblings]
        for node in nodes:
            count = sum(
                value not in bad and all(value in sibling for sibling in siblings)
                for value in facts.values[shape.id][node]
            )
            if not right(count, wanted.count):
                yield Fault(node, constraint=wanted.shape, count=count)

    return check


CHECKS: Mapping[str, Check] = {
    "Node": _by(lambda broken, _: broken == 0),
    "Property": _by(lambda broken, _: broken == 0),
    "Not": _by(lambda broken, _: broken == 1),
    "And": _by(lambda broken, _: broken == 0),
    "Or": _by(lambda broken, shapes: broken < shapes),
    "Xone": _by(lambda broken, shapes: broken == shapes - 1),
    "QualifiedMinCount": _qualified(lambda count, least: count >= least),
    "QualifiedMaxCount": _qualified(lambda count, most: count <= most),
}
