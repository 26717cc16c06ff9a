"""What is left out of shapes beside those that are not legal, so that no result is false."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace

from gsefgraph.shacl.shapes.components import inner, signed
from gsefgraph.shacl.shapes.model import Constraint, Model


def without(model: Model, gone: Container[str], lacking: Iterable[str] = ()) -> Model:
    """The model without some shapes, and without the constraints that cannot be judged so.

    A shape that lacks a constraint takes more nodes for right than it should. Where that hides a
    result, the constraint stays; where it would bring one, as in sh:not, it is left out as well.

    Parameters:
        gone: ids of shapes that are left out.
        lacking: ids of shapes that lack a constraint.

    >>> from gsefgraph.shacl.shapes.model import Constraint, Shape
    >>> inner = Shape("a:t", constraints=(Constraint("Node", "a:gone"),))
    >>> outer = Shape("a:s", constraints=(Constraint("Not", "a:t"), Constraint("MaxLength", 3)))
    >>> kept = without(Model({"a:s": outer, "a:t": inner}), {"a:gone"}).shapes
    >>> [constraint.kind for constraint in kept["a:s"].constraints], kept["a:t"].constraints
    (['MaxLength'], ())
    """
    shapes = {name: shape for name, shape in model.shapes.items() if name not in gone}
    weak = {*lacking}
    settled = False
    while not settled:
        settled = True
        for name, shape in shapes.items():
            kept = tuple(each for each in shape.constraints if _certain(each, gone, weak))
            leans = any(not weak.isdisjoint(inner(each)) for each in kept)
            if name not in weak and (leans or len(kept) < len(shape.constraints)):
                weak.add(name)
                settled = False
            if len(kept) < len(shape.constraints):
                shapes[name] = replace(shape, constraints=kept)
                settled = False
    return Model(shapes)


def _certain(constraint: Constraint, gone: Container[str], weak: Container[str]) -> bool:
    """Whether all results of a constraint are results of the whole shapes graph as well."""
    return not any(
        target in gone or (sign < 0 and target in weak) for target, sign in signed(constraint)
    )
