"""What the data lacks of the shapes: nodes for their targets, triples for their predicates."""

from __future__ import annotations

from collections.abc import Iterable

from gsefgraph.shacl.compiled.run import Run
from gsefgraph.shacl.shapes.model import Shape, Target


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
    """Predicates of paths, full IRIs, that no triple has, each with the id of its shape."""
    return [
        (shape.id, predicate)
        for shape in shapes
        if shape.path is not None
        for predicate in dict.fromkeys(shape.path.predicates())
        if run.ids.iri(predicate) not in run.used
    ]
