# ruff: noqa: S608 - ids go into statements as numbers, texts through `values.quoted`
"""EXISTS as SQL: the solution's values are put into its pattern (SPARQL 1.1, section 18.6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gsefgraph.shacl.query import columns as cols
from gsefgraph.shacl.query import expressions
from gsefgraph.shacl.query.scope import Scope
from gsefgraph.sparql.algebra import (
    Bgp,
    Exists,
    Expr,
    Filter,
    Join,
    Pattern,
    Triple,
    certain,
    mentioned,
)

if TYPE_CHECKING:
    from gsefgraph.shacl.query.patterns import Relation, Translator


@dataclass(slots=True)
class _Part:
    """Triple patterns and tests that share variables of their own."""

    triples: list[Triple] = field(default_factory=list)
    tests: list[Expr] = field(default_factory=list)
    own: set[str] = field(default_factory=set)

    @property
    def pattern(self) -> Pattern:
        """The part as a pattern."""
        pattern: Pattern = Bgp(tuple(self.triples))
        for test in self.tests:
            pattern = Filter(pattern, test)
        return pattern


def sql(translator: Translator, test: Exists, outer: Relation, scope: Scope) -> str:
    """SQL of an EXISTS for a row `r` of a relation.

    What hangs together only by the solution's values is asked about part by part: else all pairs of
    such parts would be made.

    Errors:
        NotTranslatable.
    """
    held = outer.certain
    flat = _conjunction(test.pattern, held)
    parts: list[Pattern]
    tests: list[str] = []
    if flat is None:
        parts = [test.pattern]
    else:
        parts = []
        for part in _parts(*flat, held):
            if part.triples:
                parts.append(part.pattern)
            else:
                tests += [f"COALESCE({expressions.truth(e, scope)}, FALSE)" for e in part.tests]
    tests += [_one(translator, part, outer) for part in parts]
    found = " AND ".join(tests) or "TRUE"
    return f"({found})" if test.positive else f"(NOT ({found}))"


def _one(translator: Translator, pattern: Pattern, outer: Relation) -> str:
    from gsefgraph.shacl.query.patterns import SCOPE, Given

    shared = (mentioned(pattern) & outer.certain) - {SCOPE}
    narrow: frozenset[str] = frozenset()
    if len(shared) > 1:
        narrow = frozenset(shared | ({SCOPE} & outer.certain))
    inner = translator.pattern(pattern, Given(outer, narrow))
    conditions = [
        cols.compatible(column, outer.columns[name], "e", "r")
        for name, column in inner.columns.items()
        if name in outer.columns
    ]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"EXISTS (SELECT 1 FROM {inner.source('e')}{where})"


def _conjunction(pattern: Pattern, given: set[str]) -> tuple[list[Triple], list[Expr]] | None:
    """A pattern as triple patterns and tests that must all hold; None where it is more."""
    match pattern:
        case Bgp(triples):
            return list(triples), []
        case Join(left, right):
            sides = _conjunction(left, given), _conjunction(right, given)
            if sides[0] is None or sides[1] is None:
                return None
            return sides[0][0] + sides[1][0], sides[0][1] + sides[1][1]
        case Filter(inner, condition):
            found = _conjunction(inner, given)
            # A test sees what its own group binds, and what is put in, nothing else.
            if found is None or not mentioned(condition) <= certain(inner) | given:
                return None
            return found[0], [*found[1], *_conjuncts(condition)]
    return None


def _conjuncts(expr: Expr) -> list[Expr]:
    from gsefgraph.sparql.algebra import Call

    if isinstance(expr, Call) and expr.name == "&&":
        return [part for arg in expr.args for part in _conjuncts(arg)]
    return [expr]


def _parts(triples: Iterable[Triple], tests: Iterable[Expr], given: set[str]) -> list[_Part]:
    parts: list[_Part] = []
    for triple in triples:
        _merge(parts, mentioned(Bgp((triple,))) - given, triple, None)
    for test in tests:
        _merge(parts, mentioned(test) - given, None, test)
    return parts


def _merge(parts: list[_Part], own: set[str], triple: Triple | None, test: Expr | None) -> None:
    whole = _Part(own=set(own))
    for part in [part for part in parts if part.own & own]:
        whole.triples += part.triples
        whole.tests += part.tests
        whole.own |= part.own
        parts.remove(part)
    whole.triples += [triple] if triple is not None else []
    whole.tests += [test] if test is not None else []
    parts.append(whole)
