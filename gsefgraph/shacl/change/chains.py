"""Disjointness along paths that arrive at the focus node without end, such as cycles of parts.

`sh:path [ sh:oneOrMorePath [ sh:inversePath gsef:partOf ] ] ; sh:disjoint gsef:partOf` reads every
part of an event, and of a country every place in it. The same is found the other way round: a value
of the other property is at fault when the path, walked backwards from it, comes to the focus node.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from gsefgraph.shacl.change.view import Lazy
from gsefgraph.shacl.judge.paths import Reached, Walk, walk
from gsefgraph.shacl.judge.view import Term
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.model import Constraint, Shape


def broken(
    shape: Shape, constraint: Constraint, view: Lazy, focus: Collection[Term]
) -> Iterator[Result]:
    """The results of sh:disjoint for some focus nodes, as the judge gives them.

    Errors:
        TooFar: what the path leads back to does not end.
    """
    assert shape.path is not None  # noqa: S101 - so says `plan.py`
    predicate = str(constraint.value)
    view.need_out(focus)
    others = {node: view.objects(node, predicate) for node in focus}
    starts = dict.fromkeys(value for values in others.values() for value in values)
    if not starts:
        return
    back = walked(walk(shape.path.normal(inverse=True), starts, view), view)
    ends = {start: frozenset(found) for start, found in back.items()}
    for node, values in others.items():
        for value in values:
            if node in ends[value]:
                yield Result(
                    shape=shape.id,
                    component=constraint.component,
                    severity=shape.severity,
                    focus=node,
                    path=shape.path,
                    value=value,
                    constraint=predicate,
                )


def walked(walking: Walk, view: Lazy) -> Reached:
    """Where a walk ends, each step announced to the view."""
    while True:
        try:
            needs = next(walking)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        for predicate, nodes in needs:
            if predicate is None:
                view.need_out(nodes)
            else:
                view.need_in(nodes, predicate)
