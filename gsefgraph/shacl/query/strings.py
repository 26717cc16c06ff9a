"""SPARQL's functions on strings as SQL (SPARQL 1.1, section 17.4.3)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from gsefgraph.shacl.query.scope import Scope
from gsefgraph.shacl.query.values import NotTranslatable, Number, Text, Truth, Value, quoted
from gsefgraph.sparql.algebra import Const, Expr
from gsefgraph.terms import XSD

FUNCTIONS = frozenset(
    ("STRLEN", "SUBSTR", "UCASE", "LCASE", "STRSTARTS", "STRENDS", "CONTAINS", "STRBEFORE",
     "STRAFTER", "CONCAT", "REPLACE", "REGEX", "LANGMATCHES")
)  # fmt: skip
_TESTS = {"STRSTARTS": "starts_with", "STRENDS": "suffix", "CONTAINS": "contains"}


def call(name: str, values: list[Value], args: Sequence[Expr], scope: Scope) -> Value:
    """A function of strings.

    Errors:
        NotTranslatable.
    """
    texts = [scope.text(value) for value in values]
    first = texts[0] if texts else None
    if name == "CONCAT":
        return _concat(texts)
    if first is None:
        # Neither a string nor a term that may be one.
        raise NotTranslatable(f"{name} of what is no string")
    match name:
        case "STRLEN":
            return Number("integer", f"CAST(length({first.sql}) AS HUGEINT)", whole=10)
        case "UCASE":
            return Text(_upper(first.sql), first.lang)
        case "LCASE":
            folded = f"replace({first.sql}, '\u0130', 'i\u0307')"
            if first.sql.startswith("'"):
                return Text(quoted(first.sql[1:-1].replace("''", "'").lower()), first.lang)
            return Text(f"lower({folded})", first.lang)
        case "SUBSTR":
            return _substring(first, values[1:], scope)
        case "REGEX":
            pattern = _pattern(args, 1, 2)
            return Truth(f"regexp_matches({first.sql}, {quoted(pattern)})")
        case "REPLACE":
            return _replaced(first, args, scope)
        case "LANGMATCHES":
            return _matched(first, args)
    second = texts[1]
    if second is None:
        raise NotTranslatable(f"{name} of what is no string")
    return _compared(name, first, second)


def _compared(name: str, one: Text, two: Text) -> Value:
    agree = compatible(one, two)

    def guarded(sql: str) -> str:
        return sql if agree == "TRUE" else f"CASE WHEN {agree} THEN {sql} END"

    if name in _TESTS:
        return Truth(guarded(f"{_TESTS[name]}({one.sql}, {two.sql})"))
    at = f"strpos({one.sql}, {two.sql})"
    if name == "STRBEFORE":
        part = f"substring({one.sql}, 1, {at} - 1)"
    else:
        part = f"substring({one.sql}, {at} + length({two.sql}))"
    # What is not found leaves "" without a language.
    found = f"CASE WHEN {at} = 0 THEN '' WHEN {at} > 0 THEN {part} END"
    lang = None if one.lang is None else f"CASE WHEN {at} > 0 THEN {one.lang} END"
    return Text(guarded(found), lang)


def compatible(one: Text, two: Text) -> str:
    """SQL of whether two strings are compatible arguments (SPARQL 1.1, section 17.4.3.1.2)."""
    if two.lang is None:
        return "TRUE"
    if one.lang is None:
        return f"{two.lang} IS NULL"
    return f"({two.lang} IS NULL OR COALESCE(lower({one.lang}) = lower({two.lang}), FALSE))"


def _concat(texts: list[Text | None]) -> Value:
    known = [text for text in texts if text is not None]
    if len(known) != len(texts):
        raise NotTranslatable("CONCAT of what is no string")
    if not known:
        return Text("''")
    joined = " || ".join(f"({text.sql})" for text in known)
    if any(text.lang is None for text in known):
        return Text(f"({joined})")
    first, *rest = (str(text.lang) for text in known)
    same = " AND ".join(f"lower({lang}) = lower({first})" for lang in rest) or "TRUE"
    return Text(f"({joined})", f"CASE WHEN {same} THEN {first} END")


def _substring(text: Text, bounds: list[Value], scope: Scope) -> Value:
    numbers = [scope.number(bound) for bound in bounds]
    exact = [n.exact for n in numbers if n is not None and n.kind == "integer"]
    if len(exact) != len(bounds):
        raise NotTranslatable("SUBSTR at what may be no integer")
    start = f"CAST({exact[0]} AS BIGINT)"
    # Characters before the first count: SUBSTR("abc", 0, 2) is "a" (XPath functions, fn:substring).
    if len(exact) == 1:
        return Text(f"substring({text.sql}, greatest({_given(start)}, 1))", text.lang)
    length = f"CAST({exact[1]} AS BIGINT)"
    if exact[0] == "CAST(1 AS HUGEINT)":
        cut = f"substring({text.sql}, 1, CASE WHEN {length} > 0 THEN {length} ELSE 0 END)"
        return Text(_if_given(cut, [length]), text.lang)
    end = f"({start} + {length})"
    shown = f"CASE WHEN {end} > greatest({start}, 1) THEN {end} - greatest({start}, 1) ELSE 0 END"
    cut = f"substring({text.sql}, greatest({start}, 1), {shown})"
    return Text(_if_given(cut, [start, length]), text.lang)


def _given(sql: str) -> str:
    # greatest() passes over NULL; an error must stay one.
    return f"CASE WHEN {sql} IS NOT NULL THEN {sql} END"


def _if_given(sql: str, needed: list[str]) -> str:
    known = " AND ".join(f"{part} IS NOT NULL" for part in needed)
    return f"CASE WHEN {known} THEN {sql} END"


@lru_cache(maxsize=1)
def _longer() -> tuple[str, ...]:
    """Characters with a longer upper case (Unicode, SpecialCasing): DuckDB gives one for each."""
    return tuple(char for char in map(chr, range(0x80, 0x10000)) if len(char.upper()) > 1)


def _upper(sql: str) -> str:
    longer = "".join(_longer())
    mapped = sql
    for char in _longer():
        mapped = f"replace({mapped}, '{char}', '{char.upper()}')"
    special = f"regexp_matches({sql}, '[{longer}]')"
    return f"CASE WHEN {special} THEN upper({mapped}) ELSE upper({sql}) END"


def _literal(args: Sequence[Expr], index: int) -> str:
    """The text of a constant argument, "" where there is none.

    Errors:
        NotTranslatable: not a constant plain string.
    """
    if index >= len(args):
        return ""
    match args[index]:
        case Const(term) if getattr(term, "datatype", None) and not term.language:  # type: ignore[union-attr]
            if term.datatype.value == f"{XSD}string":  # type: ignore[union-attr]
                return term.value
    raise NotTranslatable("a pattern that is no constant")


def _pattern(args: Sequence[Expr], at: int, flags: int) -> str:
    from gsefgraph.shacl.shapes.pattern import translate

    try:
        return translate(_literal(args, at), _literal(args, flags)).re2
    except ValueError as error:
        raise NotTranslatable(f"a regular expression: {error}") from None


def _replaced(text: Text, args: Sequence[Expr], scope: Scope) -> Value:
    replacement = _literal(args, 2)
    if "$" in replacement or "\\" in replacement:
        raise NotTranslatable("a REPLACE with groups")
    pattern = _pattern(args, 1, 3)
    ((empty,),) = scope.facts.columns.rows("SELECT regexp_matches('', ?)", [pattern])
    if empty:
        raise NotTranslatable("a REPLACE of empty matches")
    return Text(
        f"regexp_replace({text.sql}, {quoted(pattern)}, {quoted(replacement)}, 'g')", text.lang
    )


def _matched(tag: Text, args: Sequence[Expr]) -> Value:
    asked = _literal(args, 1).lower()
    folded = f"lower({tag.sql})"
    if asked == "*":
        return Truth(f"({folded} <> '')")
    if "*" in asked:
        raise NotTranslatable("an extended language range")
    return Truth(f"({folded} = {quoted(asked)} OR starts_with({folded}, {quoted(asked + '-')}))")
