"""SPARQL expressions as SQL (SPARQL 1.1, section 17)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gsefgraph.shacl.query import functions, operators, strings
from gsefgraph.shacl.query.scope import Scope
from gsefgraph.shacl.query.values import (
    Iri,
    NotTranslatable,
    Number,
    Term,
    Text,
    Truth,
    Value,
)
from gsefgraph.sparql.algebra import Call, Const, Exists, Expr, Var

_ORDERS = ("<", ">", "<=", ">=")
_UNBOUND = "CAST(NULL AS BIGINT)"


def value(expr: Expr, scope: Scope) -> Value:
    """The value of an expression.

    Errors:
        NotTranslatable.
    """
    match expr:
        case Var(name):
            return scope.variables.get(name) or scope.term(_UNBOUND)
        case Const(term):
            return scope.constant(term)
        case Exists():
            return Truth(scope.exists(expr, scope))
        case Call(("&&" | "||") as name, args):
            joined = f" {'AND' if name == '&&' else 'OR'} ".join(
                f"({truth(arg, scope)})" for arg in args
            )
            return Truth(f"({joined})")
        case Call("!", (arg,)):
            return Truth(f"(NOT ({truth(arg, scope)}))")
        case Call("BOUND", (Var(name),)):
            held = scope.variables.get(name)
            known = f"{operators.present(held)} IS NOT NULL" if held is not None else "FALSE"
            return Truth(f"({known})")
        case Call("IF", (test, yes, no)):
            return _either(test, value(yes, scope), value(no, scope), scope)
        case Call("COALESCE", args):
            # What is never bound is never the first.
            bound = [a for a in args if not isinstance(a, Var) or a.name in scope.variables]
            return _first([value(arg, scope) for arg in bound], scope)
        case Call(("IN" | "NOT IN") as name, (item, *items)):
            # An empty list is false; in a list, an error does not hide a match behind it.
            tests = [Call("=", (item, other)) for other in items]
            found = truth(Call("||", tuple(tests)), scope) if tests else "FALSE"
            return Truth(f"({found})" if name == "IN" else f"(NOT ({found}))")
        case Call(name, args):
            return _call(name, [value(arg, scope) for arg in args], args, scope)
    raise NotTranslatable("an expression that is not known")


def truth(expr: Expr, scope: Scope) -> str:
    """SQL of an expression's effective boolean value.

    Errors:
        NotTranslatable.
    """
    return scope.effective(value(expr, scope))


def _call(name: str, values: list[Value], args: Sequence[Expr], scope: Scope) -> Value:
    if name == "=":
        return Truth(operators.equal(*_two(values), scope))
    if name == "!=":
        return Truth(f"(NOT ({operators.equal(*_two(values), scope)}))")
    if name in _ORDERS:
        return Truth(operators.less(*_two(values), name, scope))
    if name == "SAMETERM":
        return Truth(operators.identical(*_two(values), scope))
    if name in ("+", "-", "*", "/"):
        return operators.arithmetic(*_two(values), name, scope)
    if name in functions.FUNCTIONS and len(values) == 1:
        return functions.FUNCTIONS[name](values[0], scope)
    if name in strings.FUNCTIONS:
        return strings.call(name, values, args, scope)
    raise NotTranslatable(f"the function {name}")


def _two(values: list[Value]) -> tuple[Value, Value]:
    first, second = values
    return first, second


def _either(test: Expr, yes: Value, no: Value, scope: Scope) -> Value:
    asked = truth(test, scope)
    yes, no = _alike([yes, no], scope)

    def choose(one: str, other: str) -> str:
        return f"CASE WHEN {asked} THEN {one} WHEN NOT ({asked}) THEN {other} END"

    return _combined([yes, no], lambda parts: choose(*parts), scope)


def _first(values: list[Value], scope: Scope) -> Value:
    if not values:
        return scope.term(_UNBOUND)
    values = _alike(values, scope)
    texts = [v for v in values if isinstance(v, Text)]
    if len(texts) == len(values) and any(v.lang is not None for v in texts):
        # The language is that of the first string that is one, not the first language.
        def pick(column: Callable[[Text], str]) -> str:
            cases = " ".join(f"WHEN {v.sql} IS NOT NULL THEN {column(v)}" for v in texts)
            return f"CASE {cases} END"

        return Text(pick(lambda v: v.sql), pick(lambda v: v.lang or "NULL"))
    return _combined(values, lambda parts: f"COALESCE({', '.join(parts)})", scope)


def _alike(values: list[Value], scope: Scope) -> list[Value]:
    """Values of one kind, constants as terms of the data beside such terms."""
    if any(isinstance(v, Term) for v in values):
        lifted: list[Value] = []
        for v in values:
            if isinstance(v, Iri) and v.id is not None and v.id >= 0:
                v = scope.term(f"CAST({v.id} AS BIGINT)")
            lifted.append(v)
        values = lifted
    if len({type(v) for v in values}) > 1:
        raise NotTranslatable("a choice between values of different kinds")
    return values


def _combined(values: list[Value], join: Callable[[list[str]], str], scope: Scope) -> Value:
    match values[0]:
        case Term():
            return scope.term(f"({join([v.id for v in values if isinstance(v, Term)])})")
        case Text():
            texts = [v for v in values if isinstance(v, Text)]
            plain = all(v.lang is None for v in texts)
            lang = None if plain else join([v.lang or "NULL" for v in texts])
            return Text(join([v.sql for v in texts]), lang)
        case Truth():
            return Truth(join([v.sql for v in values if isinstance(v, Truth)]))
        case Iri():
            return Iri(join([v.sql for v in values if isinstance(v, Iri)]))
        case Number(kind):
            numbers = [v for v in values if isinstance(v, Number)]
            if kind == "integer" and all(v.kind == "integer" for v in numbers):
                whole = max(v.whole for v in numbers)
                exact = join([f"CAST({v.exact} AS HUGEINT)" for v in numbers])
                return Number("integer", exact, whole=whole)
    raise NotTranslatable("a choice between numbers of different kinds, or dates")
