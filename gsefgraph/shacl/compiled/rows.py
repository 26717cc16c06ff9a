"""What the statements found, as results: terms are read once for all of them."""

from __future__ import annotations

from collections.abc import Iterable

from gsefgraph.shacl.compiled.run import Run
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.components import inner, of
from gsefgraph.shacl.shapes.model import Constraint, Qualified, Shape, Term
from gsefgraph.sparql.path import Path

Row = tuple[int, int | None, int | None, int | None, str | None]


class Rows:
    """The rows of all statements of a run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._rows: list[tuple[Shape, Constraint, Iterable[Row]]] = []
        self._results: list[Result] = []

    def add(self, shape: Shape, constraint: Constraint, rows: Iterable[Row]) -> None:
        """Keep rows f, v, p, n, note of a constraint; ids are bare."""
        self._rows.append((shape, constraint, dict.fromkeys(rows)))

    def extend(self, results: Iterable[Result]) -> None:
        """Keep results that are complete."""
        self._results.extend(results)

    def results(self) -> list[Result]:
        """All results, each once."""
        terms = self.run.ids.decode(self._ids())
        found: list[Result] = []
        for shape, constraint, rows in self._rows:
            found.extend(_results(shape, constraint, rows, terms))
        return found + self._results

    def _ids(self) -> set[int]:
        ids: set[int | None] = set()
        for _, _, rows in self._rows:
            for row in rows:
                ids.update(row[:3])
        return {i for i in ids if i is not None}


def _results(
    shape: Shape, constraint: Constraint, rows: Iterable[Row], terms: dict[int, Term]
) -> Iterable[Result]:
    component, tells = constraint.component, _tells(constraint)
    counted = of(constraint).counts
    # What the database gives in any order, and a report cannot tell apart by node and value.
    ordered = sorted(rows, key=lambda row: row[4] or "")
    for f, v, p, n, note in ordered:
        yield Result(
            shape.id,
            component,
            shape.severity,
            terms[f],
            shape.path if p is None else Path.of(terms[p].value),
            None if v is None else terms[v],
            tells if note is None else note,
            {},
            n if counted else None,
        )


def _tells(constraint: Constraint) -> str | None:
    """What tells constraints of one component on one shape apart."""
    if isinstance(constraint.value, Qualified):
        return constraint.value.shape
    if of(constraint).signs:
        return " ".join(inner(constraint))
    return str(constraint.value) if of(constraint).parameter.several else None
