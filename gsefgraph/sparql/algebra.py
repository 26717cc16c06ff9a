"""A SPARQL query as plain data: what SPARQL 1.1, section 18.2, makes of its text.

`parsing.py` makes it. Blank nodes of the query are variables whose names begin with a space, so
that they never meet one of the author's. Triples and expressions keep the order of the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal as Choice
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode

from gsefgraph.sparql.path import Path


@dataclass(frozen=True, slots=True)
class Var:
    """A variable, without its mark."""

    name: str


@dataclass(frozen=True, slots=True)
class Const:
    """An IRI or a literal, as written."""

    term: NamedNode | Literal


@dataclass(frozen=True, slots=True)
class Call:
    """An operator, function or aggregate: its SPARQL name in upper case, ``=``, ``neg``, or an IRI.

    ``COUNT(*)`` has no arguments.
    """

    name: str
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Exists:
    """EXISTS, or NOT EXISTS where `positive` is false."""

    pattern: Pattern
    positive: bool


End: TypeAlias = Var | Const
Expr: TypeAlias = Var | Const | Call | Exists


@dataclass(frozen=True, slots=True)
class Triple:
    """A triple pattern; its predicate is a path or a variable."""

    subject: End
    predicate: Path | Var
    object: End


@dataclass(frozen=True, slots=True)
class Bgp:
    """A basic graph pattern; an empty one has one empty solution."""

    triples: tuple[Triple, ...] = ()


@dataclass(frozen=True, slots=True)
class Join:
    """Both patterns."""

    left: Pattern
    right: Pattern


@dataclass(frozen=True, slots=True)
class LeftJoin:
    """OPTIONAL, with the filter of its group, if any."""

    left: Pattern
    right: Pattern
    condition: Expr | None


@dataclass(frozen=True, slots=True)
class Union:
    """Either pattern."""

    left: Pattern
    right: Pattern


@dataclass(frozen=True, slots=True)
class Filter:
    """The solutions for which an expression is true."""

    pattern: Pattern
    condition: Expr


@dataclass(frozen=True, slots=True)
class Extend:
    """BIND, or ``(expression AS ?name)``."""

    pattern: Pattern
    name: str
    value: Expr


@dataclass(frozen=True, slots=True)
class Project:
    """A SELECT, at the top or inside; `order` holds the expressions of its ORDER BY."""

    pattern: Pattern
    names: tuple[str, ...]
    distinct: bool = False
    order: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Other:
    """What is not taken apart here.

    Attributes:
        kind: "minus", "values", "service", "graph", "group" (GROUP BY, or aggregates without it)
            or "slice" (LIMIT, OFFSET).
        parts: the patterns inside.
        names: variables that it binds beside those of its parts; for "group" those it groups by.
        values: terms of VALUES, the name of a graph or service, what is grouped by.
    """

    kind: Choice["minus", "values", "service", "graph", "group", "slice"]
    parts: tuple[Pattern, ...] = ()
    names: tuple[str, ...] = ()
    values: tuple[Expr, ...] = ()


Pattern: TypeAlias = Bgp | Join | LeftJoin | Union | Filter | Extend | Project | Other


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query.

    Attributes:
        form: "select", "ask", "construct" or "describe".
        pattern: what is asked for, with its solution modifiers; of a SELECT its `Project`.
        template: the triples that a CONSTRUCT makes.
        dataset: whether it has a FROM clause.
    """

    form: str
    pattern: Pattern
    template: tuple[Triple, ...] = ()
    dataset: bool = False


def children(node: Pattern | Expr) -> tuple[Pattern | Expr, ...]:
    """The patterns and expressions right inside one."""
    match node:
        case Join(left, right) | Union(left, right):
            return (left, right)
        case LeftJoin(left, right, condition):
            return (left, right) if condition is None else (left, right, condition)
        case Filter(pattern, condition):
            return (pattern, condition)
        case Extend(pattern, _, value):
            return (pattern, value)
        case Project(pattern, _, _, order):
            return (pattern, *order)
        case Exists(pattern):
            return (pattern,)
        case Call(_, args):
            return args
        case Other(_, parts, _, values):
            return (*parts, *values)
        case _:
            return ()


def walk(node: Pattern | Expr) -> Iterator[Pattern | Expr]:
    """A pattern or expression and all that is inside it, outer ones first."""
    yield node
    for child in children(node):
        yield from walk(child)


def mentioned(node: Pattern | Expr) -> set[str]:
    """Names of all variables that stand anywhere in it."""
    found: set[str] = set()
    for part in walk(node):
        match part:
            case Var(name):
                found.add(name)
            case Bgp(triples):
                for triple in triples:
                    found |= {
                        end.name
                        for end in (triple.subject, triple.predicate, triple.object)
                        if isinstance(end, Var)
                    }
            case Extend(_, name, _):
                found.add(name)
            case Other(_, _, names) | Project(_, names):
                found.update(names)
    return found


def constants(node: Pattern | Expr) -> list[NamedNode | Literal]:
    """All IRIs and literals that stand anywhere in it, predicates of paths included; each once."""
    found: dict[NamedNode | Literal, None] = {}
    for part in walk(node):
        if isinstance(part, Const):
            found[part.term] = None
        elif isinstance(part, Bgp):
            for triple in part.triples:
                for end in (triple.subject, triple.object):
                    if isinstance(end, Const):
                        found[end.term] = None
                if not isinstance(triple.predicate, Var):
                    found.update(dict.fromkeys(map(NamedNode, triple.predicate.predicates())))
    return list(found)


def in_scope(pattern: Pattern) -> set[str]:
    """Names of the variables that solutions may bind (SPARQL 1.1, section 18.2.1)."""
    match pattern:
        case Bgp():
            return mentioned(pattern)
        case Join(left, right) | LeftJoin(left, right) | Union(left, right):
            return in_scope(left) | in_scope(right)
        case Filter(inner, _):
            return in_scope(inner)
        case Extend(inner, name, _):
            return in_scope(inner) | {name}
        case Project(_, names):
            return set(names)
        case Other("group", _, names):
            return set(names)
        case Other("minus", parts):
            return in_scope(parts[0])
        case Other(_, parts, names):
            return set(names).union(*(in_scope(part) for part in parts))


def certain(pattern: Pattern) -> set[str]:
    """Names of the variables that every solution binds."""
    match pattern:
        case Bgp():
            return mentioned(pattern)
        case Join(left, right):
            return certain(left) | certain(right)
        case LeftJoin(left, _, _):
            return certain(left)
        case Union(left, right):
            return certain(left) & certain(right)
        case Filter(inner, _) | Extend(inner, _, _):
            return certain(inner)
        case Project(inner, names):
            return certain(inner) & set(names)
        case Other():
            return set()
