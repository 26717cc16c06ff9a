"""The columns of a relation that hold a variable: how they are joined, united and computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gsefgraph.shacl.query.operators import present
from gsefgraph.shacl.query.scope import Scope
from gsefgraph.shacl.query.values import (
    Iri,
    Moment,
    NotTranslatable,
    Number,
    Term,
    Text,
    Truth,
    Value,
)

_TYPES = {"term": "BIGINT", "text": "VARCHAR", "language": "VARCHAR", "truth": "BOOLEAN",
          "iri": "VARCHAR", "integer": "HUGEINT", "row": "BIGINT"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """What a variable is in a relation.

    Attributes:
        kind: "term" (an id), "text", "language" (a string with a language that may be NULL),
            "truth", "iri", "integer", "decimal(w,s)", or "row".
        names: of its columns.
        certain: whether it is never NULL.
    """

    kind: str
    names: tuple[str, ...]
    certain: bool


def term(index: int, certain: bool) -> Column:
    """A variable that holds terms of the data."""
    return Column("term", (f"c{index}",), certain)


def value(column: Column, alias: str, scope: Scope, mask: int | None) -> Value:
    """A variable's value in expressions."""
    first = f"{alias}.{column.names[0]}"
    match column.kind:
        case "term":
            return scope.term(first if mask is None else f"({first} & {mask})")
        case "text":
            return Text(first)
        case "language":
            return Text(first, f"{alias}.{column.names[1]}")
        case "truth":
            return Truth(first)
        case "iri":
            return Iri(first)
        case "integer":
            return Number("integer", first, whole=20)
    whole, scale = map(int, column.kind.removeprefix("decimal(").rstrip(")").split(","))
    return Number("decimal", first, whole=whole, scale=scale)


def computed(index: int, held: Value) -> tuple[Column, list[str]]:
    """The columns for the value of an expression, and their SQL.

    Errors:
        NotTranslatable: a number whose datatype depends on the row, or a date.
    """
    match held:
        case Term(id):
            return term(index, False), [id]
        case Text(sql, None):
            return Column("text", (f"x{index}",), False), [sql]
        case Text(sql, lang):
            return Column("language", (f"x{index}", f"y{index}"), False), [sql, str(lang)]
        case Truth(sql):
            return Column("truth", (f"b{index}",), False), [sql]
        case Iri(_, id) if id is not None and id >= 0:
            return term(index, True), [f"CAST({id} AS BIGINT)"]
        case Iri(sql):
            return Column("iri", (f"i{index}",), False), [sql]
        case Number("integer", exact, whole=whole) if whole <= 20:
            return Column("integer", (f"n{index}",), False), [f"CAST({exact} AS HUGEINT)"]
        case Number("decimal", exact, whole=whole, scale=scale):
            kind = f"decimal({whole},{scale})"
            wide = f"CAST({exact} AS DECIMAL({max(whole + scale, 1)}, {scale}))"
            return Column(kind, (f"d{index}",), False), [wide]
        case Number() | Moment():
            raise NotTranslatable("a BIND to a number whose datatype depends on the row, or a date")


def joined(
    left: Mapping[str, Column],
    right: Mapping[str, Column],
    a: str,
    b: str,
    *,
    outer: bool = False,
) -> tuple[list[str], list[str], dict[str, Column]]:
    """How two relations are joined: conditions, columns to select, and what they are.

    Parameters:
        outer: whether rows of the left stay that no row of the right is compatible with.

    Errors:
        NotTranslatable: a computed value beside a term, or numbers, whose forms may differ.
    """
    conditions: list[str] = []
    shown: list[str] = []
    columns: dict[str, Column] = {}
    for name, column in left.items():
        other = right.get(name)
        if other is None:
            shown += [f"{a}.{place}" for place in column.names]
            columns[name] = column
            continue
        conditions.append(compatible(column, other, a, b))
        if column.certain:
            shown += [f"{a}.{place}" for place in column.names]
        elif column.kind == "language":
            first, second = column.names
            shown.append(f"COALESCE({a}.{first}, {b}.{first}) AS {first}")
            shown.append(f"CASE WHEN {a}.{first} IS NOT NULL THEN {a}.{second}"
                         f" ELSE {b}.{second} END AS {second}")  # fmt: skip
        else:
            shown += [f"COALESCE({a}.{place}, {b}.{place}) AS {place}" for place in column.names]
        sure = column.certain or (other.certain and not outer)
        columns[name] = replace(column, certain=sure)
    for name, column in right.items():
        if name not in left:
            shown += [f"{b}.{place}" for place in column.names]
            columns[name] = replace(column, certain=column.certain and not outer)
    return conditions, shown, columns


def compatible(left: Column, right: Column, a: str, b: str) -> str:
    """SQL of whether a variable is the same on both sides, or unbound on one.

    Errors:
        NotTranslatable.
    """
    if left.kind != right.kind:
        raise NotTranslatable("a join of a computed value with a term")
    if left.kind not in ("term", "text", "iri", "truth", "row", "integer"):
        raise NotTranslatable("a join of computed values with a language, or numbers")
    (one,), (two,) = left.names, right.names
    tests = [f"{a}.{one} = {b}.{two}"]
    if not left.certain:
        tests.append(f"{a}.{one} IS NULL")
    if not right.certain:
        tests.append(f"{b}.{two} IS NULL")
    return tests[0] if len(tests) == 1 else f"({' OR '.join(tests)})"


def either(left: Mapping[str, Column], right: Mapping[str, Column]) -> dict[str, Column]:
    """The columns of a union.

    Errors:
        NotTranslatable: a variable that is computed in one branch and a term in the other.
    """
    columns: dict[str, Column] = {}
    for name in [*left, *(name for name in right if name not in left)]:
        one, two = left.get(name), right.get(name)
        held = one or two
        assert held is not None  # noqa: S101 - it is in one of them
        if one is not None and two is not None and one.kind != two.kind:
            raise NotTranslatable("a variable that is computed in one branch of a UNION alone")
        sure = one is not None and two is not None and one.certain and two.certain
        columns[name] = replace(held, certain=sure)
    return columns


def aligned(held: Mapping[str, Column], wanted: Mapping[str, Column]) -> list[str]:
    """What to select of a relation for the columns of a union."""
    shown: list[str] = []
    for name, column in wanted.items():
        kind = _TYPES.get(column.kind, column.kind.replace("decimal", "DECIMAL"))
        for place in column.names:
            shown.append(f"a.{place}" if name in held else f"CAST(NULL AS {kind}) AS {place}")
    return shown


__all__ = ["Column", "aligned", "compatible", "computed", "either", "joined", "present", "term",
           "value"]  # fmt: skip
