# ruff: noqa: S608 - terms go into statements as numbers, texts through `run.text`
"""Constraints in SPARQL and of components that a shapes graph declares itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gsefgraph.errors import UsageError
from gsefgraph.shacl.compiled.paths import Values
from gsefgraph.shacl.compiled.rows import COMPUTED, Rows
from gsefgraph.shacl.compiled.run import Run
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.model import Constraint, Custom, Shape, Sparql, Term

if TYPE_CHECKING:
    from gsefgraph.shacl.query import Relation

KINDS = ("SPARQL", "Custom")


def evaluate(run: Run, shape: Shape, constraint: Constraint, values: Values, found: Rows) -> None:
    """Evaluate a constraint of a shape for all focus nodes."""
    if constraint.kind == "Custom":
        found.extend(_judged(run, shape, constraint, values)[0])
        return
    solutions = _relation(run, shape, constraint, values)
    columns = [str(row[0]) for row in run.rows(f"DESCRIBE {solutions.sql}")]
    bare = (f'"{name}"' if name.startswith(COMPUTED) else run.bare(f'"{name}"') for name in columns)
    rows = run.rows(f"SELECT {', '.join(bare)} FROM ({solutions.sql})")
    found.solve(shape, constraint, columns, rows)


def query(run: Run, shape: Shape, constraint: Constraint, values: Values) -> str:
    """The query of the focus nodes f at fault."""
    if constraint.kind == "SPARQL":
        return f"SELECT f FROM ({_relation(run, shape, constraint, values).sql})"
    results, nodes = _judged(run, shape, constraint, values)
    wrong = {result.focus for result in results}
    ids = ", ".join(f"({i})" for i, term in nodes.items() if term in wrong)
    bad = f"(VALUES {ids})" if ids else "(SELECT 0::BIGINT LIMIT 0)"
    return f"SELECT f FROM {values.focus.table} SEMI JOIN {bad} w (i) ON w.i = {run.bare('f')}"


def _relation(run: Run, shape: Shape, constraint: Constraint, values: Values) -> Relation:
    """The solutions of a SPARQL constraint for some focus nodes; notes the way they take."""
    from gsefgraph.shacl.query import relation

    sparql = constraint.value
    assert isinstance(sparql, Sparql)  # noqa: S101 - so says `Constraint`
    focus = f"(SELECT f FROM {values.focus.table})"
    found = relation(
        sparql,
        shape.path,
        focus,
        run.columns,
        scoped=run.scoped,
        terms=run.terms,
        ill=run.ill,
        invented=run.ids.invented,
        shape=shape.id,
    )
    run.ways[shape.id, sparql.id] = (found.way, found.why)
    return found


def _judged(
    run: Run, shape: Shape, constraint: Constraint, values: Values
) -> tuple[list[Result], dict[int, Term]]:
    """Results of a component of the shapes graph's own, and its focus nodes by their ids."""
    component = constraint.value
    assert isinstance(component, Custom)  # noqa: S101 - so says `Constraint`
    if run.custom is None:
        raise UsageError(
            f"<{shape.id}> uses the component <{component.component}>, which is not judged here"
        )
    ids = run.rows(f"SELECT DISTINCT {run.bare('f')} FROM {values.focus.table} ORDER BY 1")
    nodes = run.ids.decode({row[0] for row in ids})
    run.ways[shape.id, component.component] = ("pyshacl", "a component of the shapes graph's own")
    return list(run.custom(shape, component, list(nodes.values()))), nodes
