"""What triples a SPARQL constraint looks at: its patterns, where `$this` leads to all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal as OneOf
from typing import TypeAlias

from gsefgraph.shacl.path import Path
from gsefgraph.shacl.query.algebra import (
    Bgp,
    Call,
    End,
    Exists,
    Expr,
    Extend,
    Filter,
    Join,
    LeftJoin,
    Other,
    Pattern,
    Project,
    Union,
    Var,
)
from gsefgraph.shacl.query.reading import Unreadable, parse

Polarity: TypeAlias = OneOf["positive", "optional", "negated"]
_FLIPPED: dict[Polarity, Polarity] = {
    "positive": "negated", "negated": "optional", "optional": "optional",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Read:
    """One triple pattern of a query.

    Attributes:
        subject, object: a variable (`this` among them) or a constant.
        path: never unbounded.
        polarity: whether more such triples can only bring solutions ("positive"), only take them
            away ("negated"), or either ("optional").
    """

    subject: End
    path: Path
    object: End
    polarity: Polarity


@dataclass(frozen=True, slots=True)
class Reads:
    """All triple patterns of a query.

    Attributes:
        patterns: in the order in which `$this` leads to them: each has an end that is `this`, a
            variable of an earlier one, or a variable of the pattern around it.
    """

    patterns: tuple[Read, ...]


@dataclass(slots=True)
class _Block:
    """Patterns that are joined, and the groups that are evaluated beside them."""

    reads: list[Read] = field(default_factory=list)
    unions: list[tuple[_Block, _Block]] = field(default_factory=list)
    inner: list[_Block] = field(default_factory=list)


class _Unbounded(Exception):
    """The query's reach has no bound."""


def reads(select: str) -> Reads | None:
    """What a query looks at from `$this`; None where its reach cannot be bounded.

    That is where it counts, has a SELECT inside, asks for any predicate, for graphs or paths of any
    length, or has a pattern that `$this` does not lead to.

    Parameters:
        select: SPARQL 1.1, prefixes declared.

    >>> found = reads("SELECT $this { $this <a:p> ?v FILTER NOT EXISTS { ?v <a:q> ?w } }")
    >>> [(read.path.predicate, read.polarity) for read in found.patterns]
    [('a:p', 'positive'), ('a:q', 'negated')]
    >>> reads("SELECT $this { $this <a:p> ?v . ?other <a:p> 1 }") is None
    True
    """
    try:
        query = parse(select)
    except Unreadable:
        return None
    if not isinstance(query, Project):
        return None
    try:
        block = _Block()
        _gather(query.pattern, block, "positive")
        found: list[Read] = []
        _reach(block, {"this"}, found)
    except _Unbounded:
        return None
    return Reads(tuple(found))


def _gather(pattern: Pattern, block: _Block, polarity: Polarity) -> None:
    match pattern:
        case Bgp(triples):
            for triple in triples:
                if isinstance(triple.predicate, Var) or not _bounded(triple.predicate):
                    raise _Unbounded
                read = Read(triple.subject, triple.predicate, triple.object, polarity)
                block.reads.append(read)
        case Join(left, right):
            _gather(left, block, polarity)
            _gather(right, block, polarity)
        case LeftJoin(left, right, condition):
            _gather(left, block, polarity)
            optional = _Block()
            _gather(right, optional, "optional")
            if condition is not None:
                _gather_tests(condition, optional, "optional", certain=False)
            block.inner.append(optional)
        case Union(left, right):
            branches = (_Block(), _Block())
            for branch, part in zip(branches, (left, right), strict=True):
                _gather(part, branch, polarity)
            block.unions.append(branches)
        case Filter(inner, condition):
            _gather(inner, block, polarity)
            _gather_tests(condition, block, polarity, certain=True)
        case Extend(inner, _, value):
            _gather(inner, block, polarity)
            _gather_tests(value, block, polarity, certain=False)
        case Project() | Other():
            raise _Unbounded


def _gather_tests(expr: Expr, block: _Block, polarity: Polarity, *, certain: bool) -> None:
    for part, sign in _tests(expr, certain):
        inside = _Block()
        found: Polarity = "optional"
        if sign is not None:
            found = polarity if sign else _FLIPPED[polarity]
        _gather(part, inside, found)
        block.inner.append(inside)


def _tests(expr: Expr, certain: bool) -> Iterator[tuple[Pattern, bool | None]]:
    """Patterns of EXISTS, and whether the whole needs them (None: it depends)."""
    if isinstance(expr, Exists):
        yield expr.pattern, expr.positive if certain else None
    elif isinstance(expr, Call) and expr.name == "&&" and certain:
        for arg in expr.args:
            yield from _tests(arg, True)
    elif isinstance(expr, Call):
        for arg in expr.args:
            yield from _tests(arg, False)


def _bounded(path: Path) -> bool:
    return path.operator not in ("*", "+", "!") and all(map(_bounded, path.parts))


def _reach(block: _Block, known: set[str], found: list[Read]) -> set[str]:
    """Append what is reached from some variables; those reached then."""
    known = set(known)
    waiting, unions = list(block.reads), list(block.unions)
    while waiting or unions:
        step = next((read for read in waiting if _ends(read) & known), None)
        if step is not None:
            waiting.remove(step)
            found.append(step)
            known |= _ends(step)
            continue
        branches = next((pair for pair in unions if _can(pair, known)), None)
        if branches is None:
            raise _Unbounded
        unions.remove(branches)
        left, right = (_reach(branch, known, found) for branch in branches)
        # What follows may start only where either branch has led.
        known |= left & right
    for inside in block.inner:
        _reach(inside, known, found)
    return known


def _can(branches: tuple[_Block, _Block], known: set[str]) -> bool:
    try:
        for branch in branches:
            _reach(branch, known, [])
    except _Unbounded:
        return False
    return True


def _ends(read: Read) -> set[str]:
    return {end.name for end in (read.subject, read.object) if isinstance(end, Var)}


__all__ = ["Polarity", "Read", "Reads", "reads"]
