"""Shapes as conditions on nodes (SHACL, sections 3.4.3 and 4.6): sh:node, not, and, or, xone.

A shape within a shape becomes a condition on the node at hand: what it says about single nodes is
put in as it is, and what it says about sets as a sub-query on all nodes that may be asked about.
Shapes that come back to themselves are settled first: the least set of failing nodes, by
repetition.
"""

from __future__ import annotations

from collections.abc import Iterator

from gsefgraph.shacl.compiled import sets, special
from gsefgraph.shacl.compiled.paths import Values, shared
from gsefgraph.shacl.compiled.run import NOTHING, Nodes, Run
from gsefgraph.shacl.compiled.single import Condition, condition, join
from gsefgraph.shacl.shapes.components import inner, of
from gsefgraph.shacl.shapes.model import Constraint, Shape

# Characters and sub-queries of a condition, beyond which it is kept as a table.
_LONG, _MANY = 1500, 12


def tested(run: Run, constraint: Constraint, nodes: Nodes, x: str) -> Condition | None:
    """When one node breaks a constraint; None where it is about all values together."""
    if not of(constraint).signs or of(constraint).counts:
        return condition(run, constraint, nodes, x)
    parts = [fault(run, shape, nodes, x) for shape in inner(constraint)]
    if constraint.kind == "Not":
        return Condition(f"NOT ({parts[0].sql})", parts[0].lexical)
    if constraint.kind == "Or":
        return Condition.all(parts)
    if constraint.kind == "Xone":
        right = ", ".join(f"(NOT ({part.sql}))::INTEGER" for part in parts)
        count = f"list_sum([{right}])" if parts else "0"
        return Condition(f"{count} <> 1", any(part.lexical for part in parts))
    return Condition.any(parts)


def fault(run: Run, shape: str, nodes: Nodes, x: str) -> Condition:
    """When a node does not conform to a shape.

    Parameters:
        shape: its id.
        nodes: all nodes that may be asked about.
        x: the column that holds the node.
    """
    if shape in run.failing:
        return Condition(f"{x} IN (SELECT f FROM {run.failing[shape]})")
    # Inner shapes first, on a stack of our own: shapes may nest deeper than calls can.
    stack = [(shape, nodes, x, False)]
    while stack:
        name, among, column, ready = stack.pop()
        if (name, among, column) in run.shared:
            continue
        if ready or name in run.cycles:
            run.shared[name, among, column] = _condition(run, name, among, column)
            continue
        stack.append((name, among, column, True))
        found = run.model.shapes[name]
        within = [s for c in found.constraints for s in inner(c) if s not in run.failing]
        if within and found.path is not None:
            among, column = shared(run, among, found.path).nodes, "v"
        stack += [(s, among, column, False) for s in within]
    known: Condition = run.shared[shape, nodes, x]
    return known


def _condition(run: Run, shape: str, nodes: Nodes, x: str) -> Condition:
    if shape in run.cycles:
        failing = _settle(run, shape, run.cycles[shape], nodes)
        return Condition(f"{x} IN (SELECT f FROM {failing})")
    found = _direct(run, run.model.shapes[shape], nodes, x)
    if len(found.sql) < _LONG and found.sql.count("SELECT") <= _MANY:
        return found
    # Kept as a table, so that shapes within shapes do not make a statement without end.
    pairs = f"(SELECT f, f AS v FROM {nodes.table}) c"
    failing = run.table(f"SELECT c.f FROM {pairs} {join(run, found, x)} WHERE {found.sql}")
    return Condition(f"{x} IN (SELECT f FROM {failing})")


def _direct(run: Run, shape: Shape, nodes: Nodes, x: str) -> Condition:
    if shape.deactivated:
        return Condition("FALSE")
    values = shared(run, nodes, shape.path)
    y = x if shape.path is None else "v"
    single: list[Condition] = []
    together: list[Condition] = []
    for constraint in shape.constraints:
        found = tested(run, constraint, values.nodes, y)
        if found is not None:
            single.append(found)
        else:
            together.append(
                Condition(f"{x} IN (SELECT f FROM ({_query(run, shape, constraint, values)}))")
            )
    if shape.path is not None and single:
        one = Condition.any(single)
        wrong = f"SELECT f FROM {values.pairs} {join(run, one, 'v')} WHERE {one.sql}"
        single = [Condition(f"{x} IN ({wrong})")]
    return Condition.any([*single, *together])


def _query(run: Run, shape: Shape, constraint: Constraint, values: Values) -> str:
    if constraint.kind in special.KINDS:
        return special.query(run, shape, constraint, values)
    return sets.query(run, constraint, values, fault)


def _settle(run: Run, start: str, cycle: frozenset[str], nodes: Nodes) -> str:
    """The table of nodes that fail the shape `start` of a cycle of shapes."""
    tables = _domains(run, start, cycle, nodes)
    outer = run.failing
    run.failing = {**outer, **{s: run.table(NOTHING) for s in tables}}
    rounds = []
    for shape, table in tables.items():
        found = _direct(run, run.model.shapes[shape], Nodes(run, "", made=table), "c.f")
        failing = run.failing[shape]
        rounds.append(
            f"INSERT INTO {failing} SELECT c.f FROM {table} c {join(run, found, 'c.f')} "
            f"WHERE ({found.sql}) AND c.f NOT IN (SELECT f FROM {failing})"
        )
    settled, run.failing = run.failing, outer
    sizes = " + ".join(f"(SELECT count(*) FROM {settled[shape]})" for shape in tables)
    before = -1
    while (size := run.rows(f"SELECT {sizes}")[0][0]) != before:
        before = size
        for statement in rounds:
            run.columns.execute(statement)
    return settled[start]


def _domains(run: Run, start: str, cycle: frozenset[str], nodes: Nodes) -> dict[str, str]:
    """For each shape of a cycle the table of nodes that may be asked about."""
    tables = {start: run.table(f"SELECT f FROM {nodes.table}")}
    fresh = [(start, tables[start])]
    while fresh:
        shape_id, table = fresh.pop()
        shape = run.model.shapes[shape_id]
        values = Values(run, Nodes(run, "", made=table), shape.path)
        for target in _within(shape, cycle):
            if target not in tables:
                tables[target] = run.table(NOTHING)
            new = run.grow(tables[target], f"SELECT f FROM {values.nodes.table}")
            if new:
                fresh.append((target, new))
    return tables


def _within(shape: Shape, cycle: frozenset[str]) -> Iterator[str]:
    for constraint in shape.constraints:
        yield from (target for target in inner(constraint) if target in cycle)
