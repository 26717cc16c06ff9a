"""Which shapes a shape refers to, and which come back to themselves that way."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

from gsefgraph.shacl.shapes.components import inner
from gsefgraph.shacl.shapes.model import Model

Key = TypeVar("Key", bound=Hashable)


def cycles(model: Model) -> dict[str, frozenset[str]]:
    """For each shape that comes back to itself, all shapes of its cycles.

    >>> from gsefgraph.shacl.shapes.model import Constraint, Shape
    >>> cycles(Model({"a:s": Shape("a:s", constraints=(Constraint("Node", "a:s"),))}))
    {'a:s': frozenset({'a:s'})}
    """
    ahead = nested(model)
    far = {shape: reached(shape, ahead) for shape in ahead}
    return {
        shape: frozenset(other for other in found if shape in far.get(other, ()))
        for shape, found in far.items()
        if shape in found
    }


def nested(model: Model) -> dict[str, set[str]]:
    """The shapes that each shape refers to."""
    return {s.id: {t for c in s.constraints for t in inner(c)} for s in model.shapes.values()}


def reached(start: Key, ahead: Mapping[Key, Collection[Key]]) -> set[Key]:
    """All that follows from a start, step by step.

    >>> sorted(reached(1, {1: [2], 2: [3, 2]}))
    [2, 3]
    """
    found: set[Key] = set()
    stack = [start]
    while stack:
        for target in ahead.get(stack.pop(), ()):
            if target not in found:
                found.add(target)
                stack.append(target)
    return found
