# ruff: noqa: S608 - ids go into statements as numbers, texts through `values.quoted`
"""SPARQL's functions of one value, casts among them (SPARQL 1.1, sections 17.4 and 17.5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from gsefgraph.shacl.query import operators
from gsefgraph.shacl.query.facts import BLANK, DECIMAL, INTEGERS, IRI, LANGUAGE
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
    quoted,
)
from gsefgraph.terms import RDF, XSD


def _str(given: Value, scope: Scope) -> Value:
    return Text(scope.lexical(given))


def _lang(given: Value, _: Scope) -> Value:
    if isinstance(given, Term):
        literal = f"({given.id} >> 52) >= {LANGUAGE}"
        return Text(f"CASE WHEN {literal} THEN COALESCE({given.look('lang')}, '') END")
    if isinstance(given, Iri):
        return Text("CAST(NULL AS VARCHAR)")
    held = operators.present(given)
    if isinstance(given, Text) and given.lang is not None:
        return Text(f"CASE WHEN {held} IS NOT NULL THEN COALESCE({given.lang}, '') END")
    return Text(f"CASE WHEN {held} IS NOT NULL THEN '' END")


def _datatype(given: Value, _: Scope) -> Value:
    def constant(iri: str, known: str) -> Value:
        return Iri(f"CASE WHEN {known} IS NOT NULL THEN {quoted(iri)} END")

    match given:
        case Term():
            code = f"({given.id} >> 52)"
            return Iri(
                f"CASE WHEN {code} >= {LANGUAGE} THEN"
                f" (SELECT iri FROM datatype WHERE code = {code}) END"
            )
        case Text(sql, lang):
            if lang is None:
                return constant(f"{XSD}string", sql)
            tagged = f"CASE WHEN {lang} IS NULL THEN {quoted(f'{XSD}string')}"
            return Iri(
                f"CASE WHEN {sql} IS NOT NULL THEN {tagged} ELSE {quoted(f'{RDF}langString')}"
                " END END"
            )
        case Truth(sql):
            return constant(f"{XSD}boolean", sql)
        case Number(("integer" | "decimal" | "double") as kind):
            return constant(f"{XSD}{kind}", operators.present(given))
    raise NotTranslatable("the datatype of this")


def _is(kind: str) -> Callable[[Value, Scope], Value]:
    def test(given: Value, scope: Scope) -> Value:
        held = operators.present(given)
        if isinstance(given, Term):
            if kind == "literal":
                return Truth(f"(({given.id} >> 52) >= {LANGUAGE})")
            return Truth(f"({scope.code(given, IRI if kind == 'iri' else BLANK)})")
        yes = isinstance(given, Iri) if kind == "iri" else not isinstance(given, Iri)
        answer = "TRUE" if yes and kind != "blank" else "FALSE"
        return Truth(f"CASE WHEN {held} IS NOT NULL THEN {answer} END")

    return test


def _numeric(given: Value, scope: Scope) -> Value:
    if isinstance(given, Term):
        codes = scope.facts.among([*INTEGERS, DECIMAL, f"{XSD}double", f"{XSD}float"])
        test = scope.well(given, *codes) if codes else "FALSE"
        return Truth(f"CASE WHEN {given.id} IS NOT NULL THEN {test} END")
    held = operators.present(given)
    answer = "TRUE" if isinstance(given, Number) else "FALSE"
    return Truth(f"CASE WHEN {held} IS NOT NULL THEN {answer} END")


def _rounded(function: str) -> Callable[[Value, Scope], Value]:
    def apply(given: Value, scope: Scope) -> Value:
        number = scope.number(given)
        if number is None or number.kind in ("double", "any"):
            raise NotTranslatable(f"{function.upper()} of what may be a double")
        exact = number.exact
        if function == "abs":
            exact = f"abs({exact})"
        elif number.scale:
            wide = f"DECIMAL({number.whole + number.scale}, {number.scale})"
            exact = f"CAST({exact} AS {wide})"
            # Halves are rounded towards plus infinity (XPath functions, fn:round).
            exact = f"floor({exact} + 0.5)" if function == "round" else f"{function}({exact})"
        return Number(number.kind, exact, whole=number.whole + 1, scale=number.scale)

    return apply


def _negated(given: Value, scope: Scope) -> Value:
    number = scope.number(given)
    if number is None or number.kind == "any":
        raise NotTranslatable("a sign before what may be no number")
    if number.kind == "double":
        return Number("double", approx=f"(-{number.double})")
    return Number(number.kind, f"(-({number.exact}))", whole=number.whole, scale=number.scale)


def _part(start: int, length: int, names: Sequence[str]) -> Callable[[Value, Scope], Value]:
    def cut(given: Value, scope: Scope) -> Value:
        if isinstance(given, Moment):
            form = given.sql
        elif isinstance(given, Term):
            forms = []
            for name in ("date", "dateTime", "gYear", "gYearMonth"):
                moment = scope.moment(given, f"{XSD}{name}")
                if moment is None:
                    continue
                if name not in names:
                    raise NotTranslatable(f"a part of what may be an xsd:{name}")
                forms.append(moment.sql)
            form = f"COALESCE({', '.join(forms)})" if forms else "CAST(NULL AS VARCHAR)"
        else:
            return Number("integer", "CAST(NULL AS HUGEINT)", whole=4)
        digits = f"substring({form}, {start}, {length})"
        return Number("integer", f"CAST({digits} AS HUGEINT)", whole=length)

    return cut


def _integer(given: Value, scope: Scope) -> Value:
    match given:
        case Number("integer"):
            return given
        case Truth(sql):
            return Number("integer", f"CAST({sql} AS HUGEINT)", whole=1)
        case Text(sql, None):
            return Number("integer", _read(sql, "[+-]?[0-9]{1,17}", "HUGEINT"), whole=17)
        case Text(sql, lang):
            plain = f"CASE WHEN {lang} IS NULL THEN {sql} END"
            return _integer(Text(plain), scope)
        case Term():
            number = scope.number(given)
            if number is None or number.kind != "integer":
                raise NotTranslatable("xsd:integer of what may be no integer")
            return Number("integer", _of_term(given, _integer, number.exact, scope), whole=17)
    raise NotTranslatable("xsd:integer of this")


def _decimal(given: Value, _: Scope) -> Value:
    match given:
        case Number("integer" | "decimal" | "exact"):
            return replace(given, kind="decimal")
        case Text(sql, None):
            form = _read(sql, r"[+-]?[0-9]{1,17}(\.[0-9]{1,9})?", "DECIMAL(26, 9)")
            return Number("decimal", form, whole=17, scale=9)
    raise NotTranslatable("xsd:decimal of this")


def _read(sql: str, form: str, kind: str) -> str:
    # Longer forms would be numbers too: they are not read, and so they are errors.
    return f"TRY_CAST(CASE WHEN regexp_full_match({sql}, '{form}') THEN {sql} END AS {kind})"


def _of_term(given: Term, cast: Callable[[Value, Scope], Value], own: str, scope: Scope) -> str:
    """SQL of a cast of a term that may be of the kind itself, a string or a boolean."""
    parts = [own]
    for part in (scope.text(given), scope.truth(given)):
        if part is not None:
            parts.append(operators.present(cast(part, scope)))
    return f"COALESCE({', '.join(parts)})"


def _string(given: Value, scope: Scope) -> Value:
    return Text(scope.lexical(given))


def _boolean(given: Value, scope: Scope) -> Value:
    match given:
        case Truth():
            return given
        case Text(sql, None):
            yes, no = f"{sql} IN ('true', '1')", f"{sql} IN ('false', '0')"
            return Truth(f"CASE WHEN {yes} THEN TRUE WHEN {no} THEN FALSE END")
        case Text(sql, lang):
            return _boolean(Text(f"CASE WHEN {lang} IS NULL THEN {sql} END"), scope)
        case Number("integer" | "decimal" | "exact", exact):
            return Truth(f"({exact} <> 0)")
        case Term():
            number = scope.number(given)
            if number is None or number.kind in ("double", "any"):
                raise NotTranslatable("xsd:boolean of what may be a double")
            return Truth(_of_term(given, _boolean, f"({number.exact} <> 0)", scope))
    raise NotTranslatable("xsd:boolean of this")


_CALENDAR = ("date", "dateTime", "gYear", "gYearMonth")
FUNCTIONS: Mapping[str, Callable[[Value, Scope], Value]] = {
    "STR": _str,
    "LANG": _lang,
    "DATATYPE": _datatype,
    "ISIRI": _is("iri"),
    "ISURI": _is("iri"),
    "ISBLANK": _is("blank"),
    "ISLITERAL": _is("literal"),
    "ISNUMERIC": _numeric,
    "ABS": _rounded("abs"),
    "FLOOR": _rounded("floor"),
    "CEIL": _rounded("ceil"),
    "ROUND": _rounded("round"),
    "neg": _negated,
    "YEAR": _part(1, 4, _CALENDAR),
    "MONTH": _part(6, 2, ("date", "dateTime", "gYearMonth")),
    "DAY": _part(9, 2, ("date", "dateTime")),
    f"{XSD}integer": _integer,
    f"{XSD}decimal": _decimal,
    f"{XSD}string": _string,
    f"{XSD}boolean": _boolean,
}
