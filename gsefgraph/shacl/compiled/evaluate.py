"""Whole graphs: every constraint as SQL over the columns of the data, all focus nodes at once.

The shapes of a model meet focus nodes in two ways: by their targets, and as property shapes of
another shape whose value nodes they take over. Both are sets of nodes, so each shape is evaluated
once for all of them. What shapes say of one value at a time goes into a single statement for each
set of values; what they say of all values of a node is a statement of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gsefgraph.columns.layout import SCOPE_MASK
from gsefgraph.limits import NO_LIMITS, Limits
from gsefgraph.shacl.compiled import conditions, foci, sets, special
from gsefgraph.shacl.compiled.paths import Values
from gsefgraph.shacl.compiled.run import Run
from gsefgraph.shacl.compiled.single import Condition, join
from gsefgraph.shacl.result import MOST, Result, Way, together
from gsefgraph.shacl.shapes.components import nested, of, tells
from gsefgraph.shacl.shapes.model import Constraint, Model, Shape, Target
from gsefgraph.sparql.path import Path
from gsefgraph.terms import Term

if TYPE_CHECKING:
    from gsefgraph.columns.columns import Columns

Reach = Callable[[str, Collection[int]], Mapping[int, int]]
Row = tuple[int, int | None, int | None, int | None, str | None]


class Rows:
    """The rows of all statements of a run.

    Parameters:
        reach: gives how often a shape, by its id, is reached with some nodes; only those with
            which it is more than once.
    """

    def __init__(self, run: Run, reach: Reach) -> None:
        self.run = run
        self._reach = reach
        self._rows: list[tuple[Shape, Constraint, Mapping[Row, int]]] = []
        self._results: list[Result] = []

    def add(self, shape: Shape, constraint: Constraint, rows: Iterable[tuple[Row, int]]) -> None:
        """Keep rows f, v, p, n, note of a constraint, each with how often it counts where the
        shape is reached once."""
        found = list(rows)
        reach = self._reach(shape.id, {row[0] for row, _ in found})
        kept: dict[Row, int] = {}
        for (f, v, *rest), times in found:
            row: Row = (self._bare(f), None if v is None else self._bare(v), *rest)  # type: ignore[assignment]
            kept[row] = min(MOST, kept.get(row, 0) + times * reach.get(f, 1))
        self._rows.append((shape, constraint, kept))

    def extend(self, shape: Shape, results: Iterable[tuple[int, Result]]) -> None:
        """Keep results that are complete, each with the id of its focus node."""
        found = list(results)
        reach = self._reach(shape.id, {f for f, _ in found})
        self._results += together(
            replace(result, times=min(MOST, result.times * reach.get(f, 1))) for f, result in found
        )

    def results(self) -> list[Result]:
        """All results, each once with its number of times."""
        ids = {i for _, _, rows in self._rows for row in rows for i in row[:3] if i is not None}
        terms = self.run.ids.decode(ids)
        found: list[Result] = []
        for shape, constraint, rows in self._rows:
            found.extend(_results(shape, constraint, rows, terms))
        return found + self._results

    def _bare(self, number: int) -> int:
        return number & SCOPE_MASK if self.run.scoped else number


def _results(
    shape: Shape, constraint: Constraint, rows: Mapping[Row, int], terms: dict[int, Term]
) -> Iterable[Result]:
    component, told = constraint.component, tells(constraint)
    counted = of(constraint).counts
    # What the database gives in any order, and a report cannot tell apart by node and value.
    ordered = sorted(rows.items(), key=lambda item: item[0][4] or "")
    for (f, v, p, n, note), times in ordered:
        yield Result(
            shape.id,
            component,
            shape.severity,
            terms[f],
            shape.path if p is None else Path.of(terms[p].value),
            None if v is None else terms[v],
            told if note is None else note,
            {},
            n if counted else None,
            times,
        )


_TOGETHER, _QUERIES = 200, 16  # conditions in one statement, and sub-queries in them


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came out of an evaluation.

    Attributes:
        results: each once with its number of times; in no order within a shape.
        ways: one for each constraint of a shape that was reached from a root, by shape.
        unmet: targets that select no node of the data, each with the id of its shape.
        unused: predicates that shapes read and no triple of the data has, each with such an id.
    """

    results: Sequence[Result] = ()
    ways: Sequence[Way] = ()
    unmet: Sequence[tuple[str, Target]] = ()
    unused: Sequence[tuple[str, str]] = ()


def evaluate(
    model: Model,
    columns: Columns,
    *,
    scoped: bool = False,
    once: bool = False,
    limits: Limits = NO_LIMITS,
) -> Evaluation:
    """Evaluate all shapes of a model on a whole graph (SHACL, section 3.4).

    Parameters:
        model: the shapes.
        columns: the data, `gsefgraph.columns.Columns`.
        scoped: on each named graph by itself in place of the union of all graphs; results that
            are the same in two graphs are one with their number.
        once: as for `judge`.
        limits: who is told what percentage of the shapes is done.

    Errors:
        SyntaxFault, EngineError: a query that is none or fails; what `columns` raises when memory
        or disk are full.
    """
    with Run(model, columns, scoped=scoped) as run:
        origin = foci.sources(model)
        focus = foci.Foci(run, origin)
        found = Rows(run, (lambda *_: {}) if once else focus.reach)
        shapes = [run.model.shapes[shape] for shape in _all(model, origin)]
        done = 0
        for group in focus.groups():
            mark = run.mark
            _evaluate(run, group, found)
            run.drop(mark)
            done += len(group.shapes)
            limits.tell("checking", 100 * done // len(shapes))
        roots = [shape for shape in shapes if shape.id in origin and shape.targets]
        return Evaluation(
            found.results(), _ways(shapes), foci.unmet(run, roots), foci.unused(run, shapes)
        )


def _evaluate(run: Run, group: foci.Group, found: Rows) -> None:
    values = group.values
    if values.focus.empty:
        return
    singles: list[tuple[Shape, Constraint, Condition]] = []
    for shape in group.shapes:
        for constraint in shape.constraints:
            # Without value nodes, what fewer of them cannot break has nothing to say.
            if constraint.kind == "Property" or (values.empty and not of(constraint).fewer):
                continue
            wrong = conditions.tested(run, constraint, values.nodes, "v")
            if wrong is not None:
                singles.append((shape, constraint, wrong))
            elif constraint.kind in special.KINDS:
                found.extend(shape, special.evaluate(run, shape, constraint, values))
            else:
                sql = sets.query(run, constraint, values, conditions.fault)
                rows = run.rows(f"SELECT f, v, p, n, note, times FROM ({sql})")
                found.add(shape, constraint, ((row[:5], row[5]) for row in rows))
    _evaluate_singles(run, values, singles, found)


def _evaluate_singles(
    run: Run,
    values: Values,
    singles: Sequence[tuple[Shape, Constraint, Condition]],
    found: Rows,
) -> None:
    """Find what is wrong with single values in one statement, which reads their terms once."""
    batch: list[tuple[Shape, Constraint, Condition]] = []
    queries = 0
    for single in singles:
        more = single[2].sql.count("SELECT")
        if batch and (len(batch) == _TOGETHER or queries + more > _QUERIES):
            _evaluate_together(run, values, batch, found)
            batch, queries = [], 0
        batch.append(single)
        queries += more
    if batch:
        _evaluate_together(run, values, batch, found)


def _evaluate_together(
    run: Run,
    values: Values,
    singles: Sequence[tuple[Shape, Constraint, Condition]],
    found: Rows,
) -> None:
    parts = [part for _, _, part in singles]
    every = Condition.any(parts)
    flags = ", ".join(part.sql for part in parts)
    wrong = run.rows(
        f"SELECT f, v, {flags} FROM {values.pairs} {join(run, every, 'v')} WHERE {every.sql}"
    )
    for number, (shape, constraint, _) in enumerate(singles, start=2):
        rows = [((row[0], row[1], None, None, None), 1) for row in wrong if row[number]]
        found.add(shape, constraint, rows)


def _ways(shapes: Iterable[Shape]) -> list[Way]:
    return [
        Way(shape.rule or shape.id, c.component, "engine" if c.kind in special.KINDS else "sql")
        for shape in shapes
        for c in shape.constraints
    ]


def _all(model: Model, roots: Iterable[str]) -> list[str]:
    """Shapes and all that they refer to."""
    found = {*roots}
    found |= nested(model, found)
    return [shape for shape in model.shapes if shape in found]
