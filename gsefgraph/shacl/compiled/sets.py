"""Constraints that look at all value nodes of a focus node together (SHACL, sections 4.3 to 4.8).

Each gives the query of its violations with the columns f (the focus node), v (the value or null),
p (the predicate that is the result's path, or null), n (a count, or null), note (text or null) and
times (how many results it is). A row may come more than once, and counts each time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gsefgraph.columns.layout import LANG_STRING, PLACES
from gsefgraph.shacl.compiled import order
from gsefgraph.shacl.compiled.paths import Values
from gsefgraph.shacl.compiled.run import Nodes, Run
from gsefgraph.shacl.compiled.single import Condition, bounded, join
from gsefgraph.shacl.shapes.model import Constraint, Qualified

FaultOf = Callable[[Run, str, Nodes, str], Condition]
_NONE = "NULL::BIGINT"


def query(run: Run, constraint: Constraint, values: Values, fault: FaultOf) -> str:
    """The query of a constraint's violations.

    Parameters:
        fault: gives the condition of a whole shape, for qualified value shapes.
    """
    if constraint.kind in ("QualifiedMinCount", "QualifiedMaxCount"):
        return _qualified(run, constraint, values, fault)
    return _SETS[constraint.kind](run, constraint, values)


def _row(
    f: str = "f",
    v: str = _NONE,
    p: str = _NONE,
    n: str = _NONE,
    note: str = "NULL",
    times: str = "1",
) -> str:
    return f"SELECT {f} AS f, {v} AS v, {p} AS p, {n} AS n, {note} AS note, {times} AS times"


def _least(values: Values, counted: str, least: object) -> str:
    """Focus nodes with fewer than `least` rows in `counted`, a relation f, n."""
    return (
        f"{_row('a.f', n='coalesce(c.n, 0)')} FROM {values.focus.table} a "
        f"LEFT JOIN {counted} c ON c.f = a.f WHERE coalesce(c.n, 0) < {bounded(least)}"
    )


def _min_count(_run: Run, constraint: Constraint, values: Values) -> str:
    if constraint.value == 1:
        return (
            f"{_row(n='0::BIGINT')} FROM {values.focus.table} "
            f"WHERE f NOT IN (SELECT f FROM {values.pairs})"
        )
    counted = f"(SELECT f, count(*) AS n FROM {values.pairs} GROUP BY f)"
    return _least(values, counted, constraint.value)


def _max_count(_run: Run, constraint: Constraint, values: Values) -> str:
    return (
        f"{_row(n='count(*)')} FROM {values.pairs} GROUP BY f "
        f"HAVING count(*) > {bounded(constraint.value)}"
    )


def _unique_lang(run: Run, _constraint: Constraint, values: Values) -> str:
    return (
        f"{_row(note='lower(t.lang)')} FROM {values.pairs} JOIN {run.terms} t "
        f"ON t.id = {run.bare('v')} WHERE (v >> {PLACES}) = {LANG_STRING} AND t.lang <> '' "
        f"GROUP BY f, lower(t.lang) HAVING count(*) > 1"
    )


def _equals(_run: Run, constraint: Constraint, values: Values) -> str:
    own, others = values.pairs, values.of(str(constraint.value))
    return (
        f"{_row(v='v')} FROM (SELECT f, v FROM {own} EXCEPT SELECT f, v FROM {others}) "
        f"UNION ALL {_row(v='v')} "
        f"FROM (SELECT f, v FROM {others} EXCEPT SELECT f, v FROM {own})"
    )


def _disjoint(_run: Run, constraint: Constraint, values: Values) -> str:
    others = values.of(str(constraint.value))
    return (
        f"{_row('a.f', 'a.v')} FROM {values.pairs} a "
        f"SEMI JOIN {others} b ON a.f = b.f AND a.v = b.v"
    )


def _less_than(run: Run, constraint: Constraint, values: Values) -> str:
    others = values.of(str(constraint.value))
    both = run.table(
        f"SELECT a.f, a.v AS a, b.v AS b FROM {values.pairs} a JOIN {others} b ON a.f = b.f"
    )
    wrong = order.disordered(run, both, constraint.kind)
    # A result for each pair (sections 4.5.3 and 4.5.4).
    return (
        f"{_row(v='a', times='count(*)')} FROM {both} SEMI JOIN {wrong} USING (a, b) GROUP BY f, a"
    )


def _closed(run: Run, constraint: Constraint, values: Values) -> str:
    assert isinstance(constraint.value, frozenset)  # noqa: S101
    allowed = ", ".join(str(run.ids.iri(iri)) for iri in sorted(constraint.value))
    other = f" AND t.p NOT IN ({allowed})" if allowed else ""
    return (
        f"{_row('a.f', 't.o', 't.p')} FROM {values.pairs} a "
        f"JOIN {run.triples} t ON t.s = a.v{other}"
    )


def _has_value(run: Run, constraint: Constraint, values: Values) -> str:
    wanted = run.ids.of(constraint.value)  # type: ignore[arg-type]
    return (
        f"{_row()} FROM {values.focus.table} WHERE f NOT IN "
        f"(SELECT f FROM {values.pairs} WHERE {run.bare('v')} = {wanted})"
    )


def _qualified(run: Run, constraint: Constraint, values: Values, fault: FaultOf) -> str:
    wanted = constraint.value
    assert isinstance(wanted, Qualified)  # noqa: S101
    inner = fault(run, wanted.shape, values.nodes, "v")
    siblings = [fault(run, sibling, values.nodes, "v") for sibling in wanted.siblings]
    every = Condition.any([inner, *siblings])
    counts = " AND ".join([f"NOT ({inner.sql})", *(f"({sibling.sql})" for sibling in siblings)])
    counted = (
        f"(SELECT f, count(*) AS n FROM {values.pairs} {join(run, every, 'v')} "
        f"WHERE {counts} GROUP BY f)"
    )
    if constraint.kind == "QualifiedMinCount":
        return _least(values, counted, wanted.count)
    return f"{_row(n='n')} FROM {counted} WHERE n > {bounded(wanted.count)}"


_SETS: Mapping[str, Callable[[Run, Constraint, Values], str]] = {
    "MinCount": _min_count,
    "MaxCount": _max_count,
    "UniqueLang": _unique_lang,
    "Equals": _equals,
    "Disjoint": _disjoint,
    "LessThan": _less_than,
    "LessThanOrEquals": _less_than,
    "Closed": _closed,
    "HasValue": _has_value,
}
