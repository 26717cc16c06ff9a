"""What the statements found, as results: terms are read once for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode

from gsefgraph.shacl.compiled.run import Run
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.components import inner, of
from gsefgraph.shacl.shapes.model import Constraint, Qualified, Shape, Sparql, Term
from gsefgraph.shacl.shapes.path import Path

Row = tuple[int, int | None, int | None, int | None, str | None]
_BOUND = ("v_", "t_")
# Columns of what a query computes, which has no id.
COMPUTED = ("t_", "k_", "l_")


class Rows:
    """The rows of all statements of a run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._rows: list[tuple[Shape, Constraint, Iterable[Row]]] = []
        self._solutions: list[tuple[Shape, Constraint, list[str], list[tuple[Any, ...]]]] = []
        self._results: list[Result] = []

    def add(self, shape: Shape, constraint: Constraint, rows: Iterable[Row]) -> None:
        """Keep rows f, v, p, n, note of a constraint; ids are bare."""
        self._rows.append((shape, constraint, dict.fromkeys(rows)))

    def solve(
        self, shape: Shape, constraint: Constraint, columns: list[str], rows: list[tuple[Any, ...]]
    ) -> None:
        """Keep solutions of a SPARQL constraint; ids are bare.

        Parameters:
            columns: "f", "value", "path", and ``v_`` or ``t_`` and the name of a variable.
        """
        self._solutions.append((shape, constraint, columns, rows))

    def extend(self, results: Iterable[Result]) -> None:
        """Keep results that are complete."""
        self._results.extend(results)

    def results(self) -> list[Result]:
        """All results, each once."""
        terms = self.run.ids.decode(self._ids())
        found: list[Result] = []
        for shape, constraint, rows in self._rows:
            found.extend(_results(shape, constraint, rows, terms))
        for shape, constraint, columns, solutions in self._solutions:
            found.extend(_solved(shape, constraint, columns, solutions, terms))
        return found + self._results

    def _ids(self) -> set[int]:
        ids: set[int | None] = set()
        for _, _, rows in self._rows:
            for row in rows:
                ids.update(row[:3])
        for _, _, columns, solutions in self._solutions:
            kept = [i for i, name in enumerate(columns) if not name.startswith(COMPUTED)]
            ids.update(row[i] for row in solutions for i in kept)
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
    if isinstance(constraint.value, Sparql):
        return constraint.value.id
    if isinstance(constraint.value, Qualified):
        return constraint.value.shape
    if of(constraint).signs:
        return " ".join(inner(constraint))
    return str(constraint.value) if of(constraint).parameter.several else None


def _solved(
    shape: Shape,
    constraint: Constraint,
    columns: list[str],
    solutions: list[tuple[Any, ...]],
    terms: dict[int, Term],
) -> Iterable[Result]:
    same: dict[tuple[int | None, ...], list[tuple[Any, ...]]] = {}
    keys = [columns.index(name) for name in ("f", "value", "path")]
    made = [columns.index(name) for name in ("t_value", "k_value", "l_value") if name in columns]
    for solution in solutions:
        same.setdefault(tuple(solution[key] for key in (*keys, *made)), []).append(solution)
    shown = [(i, name[2:], name[0] == "v") for i, name in enumerate(columns) if name[:2] in _BOUND]

    def bound(solution: tuple[Any, ...]) -> dict[str, Term]:
        return {
            name: terms[solution[i]] if known else Literal(str(solution[i]))
            for i, name, known in shown
            if solution[i] is not None
        }

    component, tells = constraint.component, _tells(constraint)
    for (f, v, p, *computed), several in same.items():
        assert f is not None  # noqa: S101 - a solution is one of a focus node
        held = bound(several[0])
        if len(several) > 1:  # the message shows the first by its text
            held = min(map(bound, several), key=lambda one: sorted(map(str, one.items())))
        focus = terms[f]
        path = None if p is None else terms[p]
        yield Result(
            shape.id,
            component,
            shape.severity,
            focus,
            Path.of(path.value) if isinstance(path, NamedNode) else shape.path,
            _value(None if v is None else terms[v], computed, None if shape.path else focus),
            tells,
            held,
        )


def _value(known: Term | None, computed: Sequence[Any], default: Term | None) -> Term | None:
    """The value of a solution: a term of the data, else what was computed, else the default."""
    if known is not None:
        return known
    text, kind, language = (*computed, None, None, None)[:3]
    if text is None or kind is None:
        return default
    if kind == "IRI":
        return NamedNode(text)
    return Literal(text, language=language) if language else Literal(text, datatype=NamedNode(kind))
