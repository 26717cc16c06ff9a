"""Constraints that are queries (SHACL, section 5), or of components of one's own (section 6)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from pyoxigraph import NamedNode

from gsefgraph.errors import EngineError, UsageError
from gsefgraph.shacl.judge.asked import select
from gsefgraph.shacl.judge.facts import Check, Facts, Fault
from gsefgraph.shacl.judge.view import Term
from gsefgraph.shacl.shapes.model import Constraint, Custom, Shape, Sparql
from gsefgraph.sparql.path import Path

__all__ = ["CHECKS", "custom", "select", "sparql"]


def sparql(
    shape: Shape, constraint: Constraint, facts: Facts, nodes: Collection[Term]
) -> Iterator[Fault]:
    """Nodes that the query of a constraint finds; each solution is a fault (section 5.3.1)."""
    query = constraint.value
    assert isinstance(query, Sparql)  # noqa: S101 - so says `Constraint`
    variables, rows = facts.view.select(query.select, list(nodes))
    for row in rows:
        bound = {name: term for name, term in zip(variables, row, strict=True) if term is not None}
        focus = bound["this"]
        failure = bound.get("failure")
        if failure is not None and failure.value in ("true", "1"):
            raise EngineError(f"the constraint <{query.id}> says that it failed on {focus}")
        path = bound.get("path")
        value = bound.get("value")
        if value is None and shape.path is None:
            value = focus
        yield Fault(
            focus,
            value,
            query.id,
            path=Path.of(path.value) if isinstance(path, NamedNode) else None,
            bound=bound,
        )


def custom(
    shape: Shape, constraint: Constraint, facts: Facts, nodes: Collection[Term]
) -> Iterator[Fault]:
    """Nodes that break a component which the shapes graph declares itself."""
    component = constraint.value
    assert isinstance(component, Custom)  # noqa: S101 - so says `Constraint`
    if facts.custom is None:
        raise UsageError(
            f"<{shape.id}> uses the component <{component.component}>, which is not judged here"
        )
    for result in facts.custom(shape, component, list(nodes)):
        yield Fault(
            result.focus, result.value, result.constraint, result.count, result.path, result.bound
        )


CHECKS: Mapping[str, Check] = {"SPARQL": sparql, "Custom": custom}
