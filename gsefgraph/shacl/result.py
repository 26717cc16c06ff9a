"""What every evaluator gives: results with their terms read, and the way of each constraint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from gsefgraph.sparql.path import Path
from gsefgraph.terms import SH, Term


@dataclass(frozen=True, slots=True)
class Result:
    """A validation result (SHACL, section 3.6.2).

    Attributes:
        shape: its id, a name of ours where the node is blank.
        component, severity: full IRIs.
        focus, path, value: where it is; value None when none is given.
        constraint: IRI of the SPARQL constraint, else what tells constraints of one component on
            one shape apart (the class, the predicate, the id of the inner shape); None where a
            shape can have only one.
        bound: variables that a SPARQL constraint bound, for the blanks of its message.
        count: how many values there are, where only a count is at fault.
    """

    shape: str
    component: str
    severity: str
    focus: Term
    path: Path | None
    value: Term | None
    constraint: str | None = None
    bound: Mapping[str, Term] = field(default_factory=dict)
    count: int | None = None

    @property
    def kind(self) -> str:
        """The component's local name without its ending: ``MinCount``."""
        return self.component.removeprefix(SH).removesuffix("ConstraintComponent")

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes two results the same one."""
        return (
            self.shape,
            self.component,
            self.constraint,
            self.focus,
            self.path,
            self.value,
            self.count,
        )


class Way(NamedTuple):
    """How a constraint was evaluated.

    Attributes:
        rule: full IRI of the shape.
        component: full IRI of the constraint component.
        way: "sql" (in DuckDB), "memory" (our own evaluator), "engine" (the SPARQL engine), or
            "whole" (over the whole graph, since its reach has no bound).
        why: what kept it from the ordinary way, empty but for "whole".
    """

    rule: str
    component: str
    way: str
    why: str = ""
