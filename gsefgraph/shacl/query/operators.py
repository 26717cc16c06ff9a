# ruff: noqa: S608 - ids go into statements as numbers, texts through `values.quoted`
"""``=``, ``<`` and arithmetic in SQL (SPARQL 1.1, sections 17.3 and 17.4.1).

Two literals of known but different kinds are not equal; with a datatype that nobody knows, or an
ill-formed literal, that is an error unless both are the same term. So the engines read it, and
SPARQL 1.2 says it.
"""

from __future__ import annotations

from gsefgraph.shacl.query.facts import (
    BLANK,
    BOOLEAN,
    DECIMAL,
    DOUBLE,
    FLOAT,
    INTEGERS,
    IRI,
    LANGUAGE,
    MOMENTS,
    STRING,
)
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
    fitting,
    widened,
)
from gsefgraph.terms import XSD

_NUMBERS = (*sorted(INTEGERS), DECIMAL, DOUBLE, FLOAT)
_PLACES = 18
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_LITERAL = ("string", "number", "boolean", *MOMENTS)


def equal(a: Value, b: Value, scope: Scope) -> str:
    """SQL of ``a = b``."""
    if isinstance(b, Term) and not isinstance(a, Term):
        a, b = b, a
    if isinstance(a, Term) and isinstance(b, Iri) and b.id is not None:
        return f"({a.id} = {b.id})"
    first, second = kinds(a, scope), kinds(b, scope)
    branches: list[tuple[str, str]] = []
    if isinstance(a, Term) and isinstance(b, Term):
        branches.append((f"{a.id} = {b.id}", "TRUE"))
    for kind in ("iri", "language", *_LITERAL):
        if kind in first and kind in second:
            if isinstance(a, Term) and isinstance(b, Term) and _by_id(kind, scope):
                continue
            test = _both(first[kind], second[kind])
            branches.append((test, _same(kind, a, b, scope)))
    for one, other in ((first, second), (second, first)):
        if "other" in one:
            for kind in (*_LITERAL, "other"):
                if kind in other:
                    branches.append((_both(one["other"], other[kind]), "NULL"))
    if branches and branches[0][0] == "TRUE":
        return f"({branches[0][1]})"
    # Which is unbound decides nothing: it is an error either way.
    known = _both(*(f"{present(value)} IS NOT NULL" for value in (a, b)))
    cases = " ".join(f"WHEN {test} THEN {then}" for test, then in branches)
    otherwise = f"WHEN {known} THEN FALSE"
    return f"CASE {cases} {otherwise} END"


def _by_id(kind: str, scope: Scope) -> bool:
    """Whether two ids are two values: so are IRIs, and strings unless a tag is written two ways."""
    return kind == "iri" or (kind == "language" and not scope.facts.mixed_tags)


def less(a: Value, b: Value, sign: str, scope: Scope) -> str:
    """SQL of ``a < b``, or of another sign."""
    if isinstance(b, Term) and not isinstance(a, Term):
        a, b, sign = b, a, _TURNED[sign]
    first, second = kinds(a, scope), kinds(b, scope)
    branches: list[tuple[str, str]] = []
    if isinstance(a, Term) and isinstance(b, Term | Iri) and b.id is not None:
        # A term is as great as itself for engines, whatever its kind.
        branches.append((f"{a.id} = {b.id}", "TRUE" if "=" in sign else "FALSE"))
    for kind in ("language", *_LITERAL):
        if kind in first and kind in second:
            # Strings of one language have an order for engines, where SPARQL has no operator.
            branches.append((_both(first[kind], second[kind]), _order(kind, a, b, sign, scope)))
    if not branches:
        return "CAST(NULL AS BOOLEAN)"
    if len(branches) == 1 and branches[0][0] == "TRUE":
        return f"({branches[0][1]})"
    cases = " ".join(f"WHEN {test} THEN {then}" for test, then in branches)
    return f"CASE {cases} END"


def kinds(value: Value, scope: Scope) -> dict[str, str]:
    """What a value may be: SQL of whether it is, by kind, "other" being what nobody can compare."""
    match value:
        case Text(_, None):
            return {"string": "TRUE"}
        case Text(_, lang) if lang is not None and lang.startswith("'"):
            return {"language": "TRUE"}
        case Text(_, lang):
            return {"string": f"{lang} IS NULL", "language": f"{lang} IS NOT NULL"}
        case Number():
            return {"number": "TRUE"}
        case Truth():
            return {"boolean": "TRUE"}
        case Iri():
            return {"iri": "TRUE"}
        case Moment(name):
            return {name: "TRUE"}
    facts = scope.facts
    found = {
        "iri": scope.code(value, IRI, BLANK),
        "language": scope.code(value, LANGUAGE),
        "string": scope.code(value, STRING),
    }
    known = {IRI, BLANK, LANGUAGE, STRING}
    groups = [("number", _NUMBERS), ("boolean", (BOOLEAN,))]
    groups += [(name, (f"{XSD}{name}",)) for name in MOMENTS]
    for kind, datatypes in groups:
        if codes := facts.among(datatypes):
            known.update(codes)
            found[kind] = scope.well(value, *codes)
    others = sorted(set(facts.codes.values()) - known)
    ill = [code for code in sorted(known - {IRI, BLANK, LANGUAGE, STRING}) if facts.ill(code)]
    tests = [scope.code(value, *others)] if others else []
    if ill:
        wrong = f"{value.id} IN (SELECT id FROM {facts.ill_table})"
        tests.append(f"({scope.code(value, *ill)} AND {wrong})")
    if tests:
        found["other"] = f"({' OR '.join(tests)})"
    return found


def present(value: Value) -> str:
    """SQL that is NULL where a value is unbound or an error."""
    if isinstance(value, Term):
        return value.id
    if isinstance(value, Number):
        return value.double if value.kind in ("double", "any") else value.exact
    return value.sql


def _both(*tests: str) -> str:
    asked = [test for test in tests if test != "TRUE"]
    return " AND ".join(asked) or "TRUE"


def _same(kind: str, a: Value, b: Value, scope: Scope) -> str:
    if kind == "iri":
        sides = [v.sql if isinstance(v, Iri) else v.look("lex") for v in (a, b)
                 if isinstance(v, Iri | Term)]  # fmt: skip
        # A blank node has no text that an IRI could share: labels have no colon.
        return f"{sides[0]} = {sides[1]}"
    if kind == "language":
        one, two = scope.text(a), scope.text(b)
        assert one is not None  # noqa: S101 - asked for where it may be one
        assert two is not None  # noqa: S101
        return f"{one.sql} = {two.sql} AND lower({one.lang}) = lower({two.lang})"
    return _order(kind, a, b, "=", scope)


def _order(kind: str, a: Value, b: Value, sign: str, scope: Scope) -> str:
    if kind in ("string", "language"):
        one, two = scope.text(a), scope.text(b)
        assert one is not None  # noqa: S101 - asked for where it may be one
        assert two is not None  # noqa: S101
        order = f"{one.sql} {sign} {two.sql}"
        if kind == "string":
            return order
        return f"CASE WHEN lower({one.lang}) = lower({two.lang}) THEN {order} END"
    if kind == "boolean":
        yes, no = scope.truth(a), scope.truth(b)
        assert yes is not None  # noqa: S101 - asked for where it may be one
        assert no is not None  # noqa: S101
        return f"{yes.sql} {sign} {no.sql}"
    if kind == "number":
        left, right = scope.number(a), scope.number(b)
        assert left is not None  # noqa: S101 - asked for where it may be one
        assert right is not None  # noqa: S101
        return _numbers(left, right, sign)
    before, after = scope.moment(a, f"{XSD}{kind}"), scope.moment(b, f"{XSD}{kind}")
    assert before is not None  # noqa: S101 - asked for where it may be one
    assert after is not None  # noqa: S101
    return f"{before.sql} {sign} {after.sql}"


def _numbers(a: Number, b: Number, sign: str) -> str:
    floating = ("double", "any")
    if a.kind not in floating and b.kind not in floating:
        whole, scale = max(a.whole, b.whole), max(a.scale, b.scale)
        fitting(whole, scale)
        return f"{widened(a, whole, scale)} {sign} {widened(b, whole, scale)}"
    doubles = f"{a.double} {sign} {b.double}"
    if "double" in (a.kind, b.kind):
        return doubles
    whole, scale = fitting(max(a.whole, b.whole), max(a.scale, b.scale))
    exact = f"{widened(a, whole, scale)} {sign} {widened(b, whole, scale)}"
    return f"COALESCE({exact}, {doubles})"


def arithmetic(a: Value, b: Value, sign: str, scope: Scope) -> Number:
    """``a + b``, ``a - b``, ``a * b`` or ``a / b``.

    Errors:
        NotTranslatable: doubles beside other numbers, more digits than SQL keeps.
    """
    left, right = scope.number(a), scope.number(b)
    if sign == "/":
        return _divided(left, right)
    if left is None or right is None:
        if isinstance(a, Moment) or isinstance(b, Moment):
            raise NotTranslatable("arithmetic with dates")
        return Number("integer", "CAST(NULL AS HUGEINT)", whole=1)
    if "any" in (left.kind, right.kind):
        raise NotTranslatable("arithmetic with exact numbers and doubles")
    if "double" in (left.kind, right.kind):
        return Number("double", approx=f"({left.double} {sign} {right.double})")
    if sign == "*":
        whole, scale = fitting(left.whole + right.whole, left.scale + right.scale)
        sides = [widened(n, n.whole, n.scale) for n in (left, right)]
    else:
        scale = max(left.scale, right.scale)
        whole, scale = fitting(max(left.whole, right.whole) + 1, scale)
        sides = [widened(n, whole, scale) for n in (left, right)]
    both = {left.kind, right.kind}
    kind = left.kind if len(both) == 1 else "decimal" if "decimal" in both else "exact"
    return Number(kind, f"({sides[0]} {sign} {sides[1]})", whole=whole, scale=scale)


def _divided(left: Number | None, right: Number | None) -> Number:
    exact = ("integer", "decimal", "exact")
    if left is None or right is None or left.kind not in exact or right.kind not in exact:
        raise NotTranslatable("a division of what may be a double")
    # Eighteen decimals, the rest cut off: what XSD asks of a decimal at the least, and the engine.
    scale = max(left.scale, right.scale)
    fitting(max(left.whole, right.whole) + 2 * scale + _PLACES, 1)
    sides = [_whole(number, scale) for number in (left, right)]
    one = f"CAST(1{'0' * _PLACES} AS HUGEINT)"
    part = f"({sides[0]} * {one} // NULLIF({sides[1]}, 0))"
    least = f"CAST('0.{'0' * (_PLACES - 1)}1' AS DECIMAL({_PLACES}, {_PLACES}))"
    whole = left.whole + scale
    wide = f"DECIMAL({whole + _PLACES}, {_PLACES})"
    quotient = (
        f"(CAST({part} // {one} AS {wide})"
        f" + CAST({part} % {one} AS DECIMAL({_PLACES}, 0)) * {least})"
    )
    return Number("decimal", f"CAST({quotient} AS {wide})", whole=whole, scale=_PLACES)


def _whole(number: Number, scale: int) -> str:
    """SQL of a number times a power of ten that makes it whole."""
    if scale == 0:
        return f"CAST({number.exact} AS HUGEINT)"
    power = f"CAST(1{'0' * scale} AS DECIMAL({scale + 1}, 0))"
    return f"CAST({widened(number, number.whole, scale)} * {power} AS HUGEINT)"


def identical(a: Value, b: Value, scope: Scope) -> str:
    """SQL of sameTerm.

    Errors:
        NotTranslatable: a computed value beside one whose form depends on the row.
    """
    if isinstance(a, Term) and isinstance(b, Term):
        return f"({a.id} = {b.id})"
    if isinstance(b, Term):
        a, b = b, a
    if isinstance(a, Term) and isinstance(b, Iri) and b.id is not None:
        return f"({a.id} = {b.id})"
    if isinstance(b, Text | Iri) and isinstance(a, Text | Iri | Term):
        known = _both(*(f"{present(value)} IS NOT NULL" for value in (a, b)))
        return f"CASE WHEN {known} THEN COALESCE({equal(a, b, scope)}, FALSE) END"
    raise NotTranslatable("sameTerm of a computed value")
