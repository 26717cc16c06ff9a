"""What every evaluator gives: results with their terms read, and the way of each constraint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from gsefgraph.sparql.path import Path
from gsefgraph.terms import SH, Term

MOST = 10**18
"""How often a result counts at the most; nothing can hold so many."""


@dataclass(frozen=True, slots=True)
class Result:
    """A validation result (SHACL, section 3.6.2), or several that say the same.

    Attributes:
        shape: its id, a name of ours where the node is blank.
        component, severity: full IRIs.
        focus, path, value: where it is; value None when none is given.
        constraint: IRI of the SPARQL constraint, else what tells constraints of one component on
            one shape apart (the class, the predicate, the id of the inner shape); None where a
            shape can have only one.
        bound: what a SPARQL constraint bound to the variables that its messages name.
        count: how many values there are, where only a count is at fault.
        times: how many results of SHACL it is: a shape has them each time that it is reached
            (section 4.7.2), sh:lessThan for each pair of values (4.5.3), a query for each of its
            solutions (5.3.2).
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
    times: int = 1

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
            *sorted(self.bound.items()),
        )


def together(results: Iterable[Result]) -> list[Result]:
    """Results, those that say the same as one with their number of times.

    >>> from pyoxigraph import NamedNode
    >>> result = Result("a:s", "a:c", "a:grave", NamedNode("a:n"), None, None)
    >>> [each.times for each in together([result, result])]
    [2]
    """
    found: dict[tuple[object, ...], Result] = {}
    for result in results:
        identity = result.identity
        known = found.get(identity)
        if known is not None:
            result = replace(known, times=min(MOST, known.times + result.times))
        found[identity] = result
    return list(found.values())


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
