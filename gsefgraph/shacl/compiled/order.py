"""Order of literals (`shapes/order.py`) in SQL: usual forms there, the odd in Python.

Two literals have a usual form in common where their order is that of one SQL type: whole and
decimal numbers of up to 18 characters, finite floats, strings, and moments of the years 0000 to
9999 that are written alike, where the order of the text is that of time. As ill-formed literals
have no order at all, the length of a well-formed one tells its form.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from pyoxigraph import Literal

from gsefgraph.columns.layout import PLACES, quoted
from gsefgraph.rdf.lexical import INTEGERS, fault
from gsefgraph.shacl.compiled.run import Nodes, Run
from gsefgraph.shacl.shapes.model import Constraint
from gsefgraph.shacl.shapes.order import compare
from gsefgraph.terms import XSD

# What each comparison asks of the value on the left, and the outcomes of `compare` that satisfy it.
_WANTED: Mapping[str, tuple[str, tuple[int, ...]]] = {
    "MinExclusive": (">", (1,)),
    "MinInclusive": (">=", (0, 1)),
    "MaxExclusive": ("<", (-1,)),
    "MaxInclusive": ("<=", (-1, 0)),
    "LessThan": ("<", (-1,)),
    "LessThanOrEquals": ("<=", (-1, 0)),
}
Side: TypeAlias = tuple[str | None, str]
_DIGITS = 18
_EXACT = INTEGERS | {"decimal"}
_NUMBERS = _EXACT | {"float", "double"}
# How long each is without a zone, in a year of four digits, in whole seconds.
_LENGTHS = {
    "dateTime": 19, "date": 10, "time": 8, "gYearMonth": 7, "gYear": 4, "gMonthDay": 7,
    "gMonth": 4, "gDay": 5,
}  # fmt: skip
_MIDNIGHT = {"dateTime": 12, "time": 1}  # where 24 stands, which is the next day's 00


def outside(run: Run, nodes: Nodes, constraint: Constraint) -> str:
    """A table whose column ``a`` has those of some nodes that a bound excludes."""
    bound = constraint.value
    assert isinstance(bound, Literal)  # noqa: S101 - so says `Constraint`
    if fault(bound) is not None:
        return run.table(f"SELECT f AS a FROM {nodes.table}")
    code = run.ids.code(bound)
    codes = [
        (row[0], code) for row in run.rows(f"SELECT DISTINCT f >> {PLACES} FROM {nodes.table}")
    ]
    bare = run.bare("n.f")
    verdict = _verdict(run, codes, constraint.kind, (bare, "ta.lex"), (None, quoted(bound.value)))
    table = run.table(
        f"SELECT a, verdict FROM (SELECT n.f AS a, {verdict} AS verdict FROM (SELECT f, "
        f"f >> {PLACES} AS code_a, {code} AS code_b FROM {nodes.table}) n "
        f"JOIN {run.terms} ta ON ta.id = {bare}) WHERE verdict IS DISTINCT FROM TRUE"
    )
    return _settled(run, table, constraint.kind, run.bare("a"), bound)


def disordered(run: Run, pairs: str, kind: str) -> str:
    """A table of those pairs a, b that are not in order.

    Parameters:
        pairs: a table with the columns a, b.
        kind: "LessThan" or "LessThanOrEquals".
    """
    coded = f"a >> {PLACES} AS code_a, b >> {PLACES} AS code_b"
    codes = run.rows(f"SELECT DISTINCT {coded} FROM {pairs}")
    left, right = run.bare("n.a"), run.bare("n.b")
    verdict = _verdict(run, [(a, b) for a, b in codes], kind, (left, "ta.lex"), (right, "tb.lex"))
    table = run.table(
        f"SELECT a, b, verdict FROM (SELECT a, b, {verdict} AS verdict FROM "
        f"(SELECT DISTINCT a, b, {coded} FROM {pairs}) n "
        f"JOIN {run.terms} ta ON ta.id = {left} "
        f"JOIN {run.terms} tb ON tb.id = {right}) WHERE verdict IS DISTINCT FROM TRUE"
    )
    return _settled(run, table, kind, f"{run.bare('a')}, {run.bare('b')}")


def _settled(run: Run, table: str, kind: str, ids: str, *bound: Literal) -> str:
    """The table without the rows that Python finds in order, where SQL had no verdict."""
    odd = run.rows(f"SELECT DISTINCT {ids} FROM {table} WHERE verdict IS NULL")
    terms = run.ids.decode({number for row in odd for number in row})
    _, wanted = _WANTED[kind]
    # Nothing but literals can be odd.
    right = [
        f"({', '.join(map(str, row))})"
        for row in odd
        if compare(*(terms[number] for number in row), *bound) in wanted  # type: ignore[arg-type,operator]
    ]
    if right:
        run.columns.execute(
            f"DELETE FROM {table} WHERE verdict IS NULL AND ({ids}) IN (VALUES {', '.join(right)})"
        )
    return table


def _verdict(run: Run, codes: list[tuple[int, int]], kind: str, left: Side, right: Side) -> str:
    """Whether two literals are in order; null where Python must say.

    Parameters:
        codes: of the two, for all pairs there are; the columns ``code_a`` and ``code_b`` have them.
        left, right: of each the bare id, None for one that is well-formed, and the lexical form.
    """
    names = {code: iri.removeprefix(XSD) for iri, code in run.ids.codes.items() if iri}
    sign = _WANTED[kind][0]
    cases = {
        (a, b): order
        for a, b in codes
        if (order := _order(names.get(a, ""), names.get(b, ""), left[1], right[1], sign))
    }
    if not cases:
        return "FALSE"
    sides = [side for side, _ in (left, right) if side is not None]
    broken = " OR ".join(f"{side} IN (SELECT id FROM {run.ill})" for side in sides)
    chosen = " ".join(
        f"WHEN code_a = {a} AND code_b = {b} THEN {order}" for (a, b), order in cases.items()
    )
    return f"CASE WHEN {broken} THEN FALSE {chosen} ELSE FALSE END"


def _order(a: str, b: str, left: str, right: str, sign: str) -> str | None:
    """The comparison of two literals of some datatypes, local names; None where they have none."""
    if a in _NUMBERS and b in _NUMBERS:
        if a not in _EXACT or b not in _EXACT:
            x, y = (f"TRY_CAST({side} AS DOUBLE)" for side in (left, right))
            return f"CASE WHEN isfinite({x}) AND isfinite({y}) THEN {x} {sign} {y} END"
        kind = "BIGINT" if a in INTEGERS and b in INTEGERS else "DECIMAL(38, 18)"
        x, y = (f"TRY_CAST({side} AS {kind})" for side in (left, right))
        short = f"strlen({left}) <= {_DIGITS} AND strlen({right}) <= {_DIGITS}"
        return f"CASE WHEN {short} THEN {x} {sign} {y} END"
    a, b = a.removesuffix("Stamp"), b.removesuffix("Stamp")
    if a != b:
        return None
    if a == "string":
        return f"{left} {sign} {right}"
    if a == "boolean":
        both = " AND ".join(f"{side} IN ('true', 'false')" for side in (left, right))
        return f"CASE WHEN {both} THEN {left} {sign} {right} END"
    if a not in _LENGTHS:
        return None
    length = _LENGTHS[a]
    plain = " AND ".join(f"strlen({side}) = {length}" for side in (left, right))
    zoned = " AND ".join(
        f"strlen({side}) = {length + 1} AND suffix({side}, 'Z')" for side in (left, right)
    )
    usual = f"({plain} OR {zoned})"
    if a in _MIDNIGHT:
        usual += "".join(
            f" AND substr({side}, {_MIDNIGHT[a]}, 2) <> '24'" for side in (left, right)
        )
    return f"CASE WHEN {usual} THEN {left} {sign} {right} END"
