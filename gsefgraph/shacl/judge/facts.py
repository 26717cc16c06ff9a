"""What constraints are judged by, and what they find."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from gsefgraph.shacl.judge.view import Term, View
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.model import Constraint, Custom, Shape
from gsefgraph.sparql.path import Path

# Judges some nodes by a component that the shapes graph declares itself.
Judged: TypeAlias = Callable[[Shape, Custom, Sequence[Term]], Iterable[Result]]


@dataclass(frozen=True, slots=True)
class Fault:
    """One node that breaks a constraint.

    Attributes:
        focus: the node.
        value, constraint, count, bound: as in `Result`.
        path: where it is not the shape's.
    """

    focus: Term
    value: Term | None = None
    constraint: str | None = None
    count: int | None = None
    path: Path | None = None
    bound: Mapping[str, Term] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known when a constraint is judged.

    Attributes:
        view: where the reads have been announced.
        values: by shape id, the nodes it judges with their value nodes.
        bad: by shape id, the nodes that do not conform to it, as far as is known.
        custom: judges by custom components; None where there is nothing that could.
    """

    view: View
    values: Mapping[str, Mapping[Term, Sequence[Term]]]
    custom: Judged | None = None
    bad: dict[str, set[Term]] = field(default_factory=dict)


Check: TypeAlias = Callable[[Shape, Constraint, Facts, Collection[Term]], Iterable[Fault]]
"""Finds the faults of one constraint among some of the nodes that its shape judges."""
