"""Constraints that look at one value node at a time (SHACL, sections 4.1, 4.2, 4.4, 4.8.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gsefgraph.columns.layout import BLANK, IRI, LANG_STRING, PLACES, quoted
from gsefgraph.shacl.compiled import order
from gsefgraph.shacl.compiled.run import Nodes, Run
from gsefgraph.shacl.shapes.model import Constraint, Pattern

_MOST = 10**18
_KINDS: Mapping[str, str] = {
    "IRI": f"= {IRI}",
    "BlankNode": f"= {BLANK}",
    "Literal": f"> {BLANK}",
    "BlankNodeOrIRI": f"<= {BLANK}",
    "BlankNodeOrLiteral": f">= {BLANK}",
    "IRIOrLiteral": f"<> {BLANK}",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """What is true of a node at fault.

    Attributes:
        sql: a condition, never null.
        lexical: whether it reads the columns ``lex`` and ``lang`` of the node's term, as ``t``.
    """

    sql: str
    lexical: bool = False

    @classmethod
    def any(cls, parts: Sequence[Condition]) -> Condition:
        """At fault by one of some conditions."""
        return cls(
            joined(" OR ", [part.sql for part in parts]) or "FALSE",
            any(part.lexical for part in parts),
        )

    @classmethod
    def all(cls, parts: Sequence[Condition]) -> Condition:
        """At fault by all of some conditions."""
        return cls(
            joined(" AND ", [part.sql for part in parts]) or "TRUE",
            any(part.lexical for part in parts),
        )


def joined(operator: str, parts: Sequence[str]) -> str:
    """Expressions with an operator between them, in a tree that is as low as can be.

    >>> joined(" OR ", ["a", "b", "c", "b"])
    '((a) OR (b)) OR (c)'
    """
    # DuckDB takes expressions up to 1000 deep, and a long row of operators is that deep.
    level = [f"({part})" for part in dict.fromkeys(parts)]
    while len(level) > 1:
        pairs = [operator.join(level[i : i + 2]) for i in range(0, len(level), 2)]
        level = pairs if len(pairs) == 1 else [f"({p})" if operator in p else p for p in pairs]
    return level[0] if level else ""


def condition(run: Run, constraint: Constraint, nodes: Nodes, x: str) -> Condition | None:
    """When the node in column `x` breaks a constraint.

    Parameters:
        nodes: all nodes that `x` may stand for.

    Returns:
        None for a constraint on all value nodes together, or on other shapes.
    """
    make = _CONDITIONS.get(constraint.kind)
    return make(run, constraint, nodes, x) if make else None


def join(run: Run, wrong: Condition, x: str) -> str:
    """The join that a condition needs."""
    return f"JOIN {run.terms} t ON t.id = {run.bare(x)}" if wrong.lexical else ""


def _class(run: Run, constraint: Constraint, _nodes: Nodes, x: str) -> Condition:
    return Condition(f"{x} NOT IN (SELECT f FROM {run.instances(str(constraint.value)).table})")


def _datatype(run: Run, constraint: Constraint, _nodes: Nodes, x: str) -> Condition:
    code = run.ids.datatype(str(constraint.value))
    return Condition(f"({x} >> {PLACES}) <> {code} OR {run.bare(x)} IN (SELECT id FROM {run.ill})")


def _node_kind(_run: Run, constraint: Constraint, _nodes: Nodes, x: str) -> Condition:
    return Condition(f"NOT (({x} >> {PLACES}) {_KINDS[str(constraint.value)]})")


def _in(run: Run, constraint: Constraint, _nodes: Nodes, x: str) -> Condition:
    members = [run.ids.of(term) for term in constraint.value]  # type: ignore[union-attr,arg-type]
    if not members:
        return Condition("TRUE")
    return Condition(f"{run.bare(x)} NOT IN ({', '.join(map(str, members))})")


def bounded(number: object) -> int:
    """A count as a number that DuckDB compares whole; no data has more of anything.

    >>> bounded(3), bounded(-(10**30)), bounded(10**4000) == 10**18
    (3, -1000000000000000000, True)
    """
    assert isinstance(number, int)  # noqa: S101
    return max(-_MOST, min(number, _MOST))


def _length(_run: Run, constraint: Constraint, _nodes: Nodes, x: str) -> Condition:
    sign = "<" if constraint.kind == "MinLength" else ">"
    return Condition(
        f"({x} >> {PLACES}) = {BLANK} OR length(t.lex) {sign} {bounded(constraint.value)}",
        lexical=True,
    )


def _pattern(_run: Run, constraint: Constraint, _nodes: Nodes, x: str) -> Condition:
    assert isinstance(constraint.value, Pattern)  # noqa: S101
    wanted = quoted(constraint.value.re2)
    return Condition(
        f"({x} >> {PLACES}) = {BLANK} OR NOT regexp_matches(t.lex, {wanted})", lexical=True
    )


def _language_in(_run: Run, constraint: Constraint, _nodes: Nodes, x: str) -> Condition:
    ranges = [str(tag).lower() for tag in constraint.value]  # type: ignore[union-attr]
    # Basic filtering of RFC 4647, section 3.3.1, as langMatches of SPARQL 1.1 has it.
    matches = " OR ".join(
        "t.lang <> ''"
        if tag == "*"
        else f"lower(t.lang) = {quoted(tag)} OR starts_with(lower(t.lang), {quoted(f'{tag}-')})"
        for tag in ranges
    )
    return Condition(
        f"({x} >> {PLACES}) <> {LANG_STRING} OR NOT coalesce({matches or 'FALSE'}, FALSE)",
        lexical=True,
    )


def _range(run: Run, constraint: Constraint, nodes: Nodes, x: str) -> Condition:
    wrong = order.outside(run, nodes, constraint)
    return Condition(f"{x} IN (SELECT a FROM {wrong})")


_CONDITIONS: Mapping[str, Callable[[Run, Constraint, Nodes, str], Condition]] = {
    "Class": _class,
    "Datatype": _datatype,
    "NodeKind": _node_kind,
    "MinExclusive": _range,
    "MinInclusive": _range,
    "MaxExclusive": _range,
    "MaxInclusive": _range,
    "MinLength": _length,
    "MaxLength": _length,
    "Pattern": _pattern,
    "LanguageIn": _language_in,
    "In": _in,
}
