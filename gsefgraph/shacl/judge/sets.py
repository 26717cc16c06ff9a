"""Constraints that judge the value nodes together, or beside others (SHACL, sections 4.2 to 4.5
and 4.8).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from pyoxigraph import Literal

from gsefgraph.shacl.judge.facts import Check, Facts, Fault
from gsefgraph.shacl.judge.view import Term
from gsefgraph.shacl.shapes import order
from gsefgraph.shacl.shapes.model import Constraint, Shape
from gsefgraph.sparql.path import Path


def min_count(
    shape: Shape, constraint: Constraint, facts: Facts, nodes: Collection[Term]
) -> Iterator[Fault]:
    """Nodes with too few values."""
    values, least = facts.values[shape.id], _number(constraint)
    for node in nodes:
        if (count := len(values[node])) < least:
            yield Fault(node, count=count)


def max_count(
    shape: Shape, constraint: Constraint, facts: Facts, nodes: Collection[Term]
) -> Iterator[Fault]:
    """Nodes with too many values."""
    values, most = facts.values[shape.id], _number(constraint)
    for node in nodes:
        if (count := len(values[node])) > most:
            yield Fault(node, count=count)


def unique_lang(
    shape: Shape, _: Constraint, facts: Facts, nodes: Collection[Term]
) -> Iterator[Fault]:
    """Languages that more than one value is in."""
    for node in nodes:
        seen: dict[str, int] = {}
        for value in facts.values[shape.id][node]:
            if isinstance(value, Literal) and (tag := value.language):
                seen[tag.lower()] = seen.get(tag.lower(), 0) + 1
        for tag, count in sorted(seen.items()):
            if count > 1:
                yield Fault(node, constraint=tag)


def has_value(
    shape: Shape, constraint: Constraint, facts: Facts, nodes: Collection[Term]
) -> Iterator[Fault]:
    """Nodes without the value that all must have."""
    for node in nodes:
        if constraint.value not in facts.values[shape.id][node]:
            yield Fault(node, constraint=str(constraint.value))


def closed(
    shape: Shape, constraint: Constraint, facts: Facts, nodes: Collection[Term]
) -> Iterator[Fault]:
    """What is stated by a predicate that is not listed."""
    allowed = constraint.value
    assert isinstance(allowed, frozenset)  # noqa: S101 - so says `Constraint`
    for node in nodes:
        for value in facts.values[shape.id][node]:
            for predicate, objects in facts.view.out(value).items():
                if predicate not in allowed:
                    path = Path.of(predicate)
                    yield from (Fault(node, found, path=path) for found in objects)


def _pair(faulty: Callable[[Sequence[Term], Sequence[Term]], Collection[Term]]) -> Check:
    """A check of value nodes against the values of another property of the focus node."""

    def check(
        shape: Shape, constraint: Constraint, facts: Facts, nodes: Collection[Term]
    ) -> Iterator[Fault]:
        predicate = str(constraint.value)
        for node in nodes:
            others = facts.view.objects(node, predicate)
            for value in faulty(facts.values[shape.id][node], others):
                yield Fault(node, value, predicate)

    return check


def _unequal(values: Sequence[Term], others: Sequence[Term]) -> Collection[Term]:
    one, other = frozenset(values), frozenset(others)
    return [v for v in values if v not in other] + [v for v in others if v not in one]


def _shared(values: Sequence[Term], others: Sequence[Term]) -> Collection[Term]:
    if not others:
        return ()
    other = frozenset(others)
    return [value for value in values if value in other]


def _not_before(*allowed: int) -> Callable[[Sequence[Term], Sequence[Term]], Collection[Term]]:
    def faulty(values: Sequence[Term], others: Sequence[Term]) -> Collection[Term]:
        return [
            value
            for value in values
            if any(
                not isinstance(value, Literal)
                or not isinstance(other, Literal)
                or order.compare(value, other) not in allowed
                for other in others
            )
        ]

    return faulty


def _number(constraint: Constraint) -> int:
    assert isinstance(constraint.value, int)  # noqa: S101 - so says `Constraint`
    return constraint.value


CHECKS: Mapping[str, Check] = {
    "MinCount": min_count,
    "MaxCount": max_count,
    "UniqueLang": unique_lang,
    "HasValue": has_value,
    "Closed": closed,
    "Equals": _pair(_unequal),
    "Disjoint": _pair(_shared),
    "LessThan": _pair(_not_before(-1)),
    "LessThanOrEquals": _pair(_not_before(-1, 0)),
}
