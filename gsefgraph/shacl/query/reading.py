"""A SELECT's text into the data of `algebra.py`, by rdflib's parser."""

from __future__ import annotations

import logging
import threading
from functools import lru_cache
from typing import Any

from pyoxigraph import Literal, NamedNode

from gsefgraph.shacl.query.algebra import (
    Bgp,
    Call,
    Const,
    Exists,
    Expr,
    Extend,
    Filter,
    Join,
    LeftJoin,
    Other,
    Pattern,
    Project,
    Triple,
    Union,
    Var,
    in_scope,
)
from gsefgraph.shacl.shapes.path import Path

_LOCK = threading.Lock()
_OTHERS = {
    "Minus": "minus",
    "ServiceGraphPattern": "service",
    "values": "values",
    "Graph": "graph",
    "AggregateJoin": "group",
    "Group": "group",
    "Slice": "slice",
}
_STAR = " *"
_OWN = ("term", "expr", "A")
_BINARY = {"arg1", "arg2", "arg3", "arg", "text", "pattern", "replacement", "flags", "start",
           "length"}  # fmt: skip


class Unreadable(Exception):
    """A text that is not a SELECT of SPARQL 1.1; the message says why."""


@lru_cache(maxsize=512)
def parse(select: str) -> Project | Other:
    """The algebra of a SELECT.

    Parameters:
        select: SPARQL 1.1, prefixes declared.

    Returns:
        Its outermost operator: `Project`, or `Other` around one for LIMIT and OFFSET.

    Errors:
        Unreadable.

    >>> parse("SELECT ?this { ?this <a:p> ?value }").names
    ('this',)
    """
    import rdflib
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    with _LOCK:
        # A lexical form that is rewritten while it is read would be another term.
        before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
        # It tells of ill-formed literals on stderr.
        log = logging.getLogger("rdflib.term")
        silent, log.disabled = log.disabled, True
        try:
            query = translateQuery(_starred(parseQuery(select)))
        except RecursionError:
            raise Unreadable("it is nested too deeply") from None
        except Exception as error:
            raise Unreadable(" ".join(str(error).split())[:300]) from error
        finally:
            rdflib.NORMALIZE_LITERALS = before
            log.disabled = silent
    if query.algebra.name != "SelectQuery":
        raise Unreadable("it is not a SELECT")
    if query.algebra.datasetClause:
        raise Unreadable("it has a FROM clause")
    try:
        read = _pattern(query.algebra.p)
    except TypeError:
        # rdflib leaves an EXISTS among what is projected untranslated.
        raise Unreadable("EXISTS in its SELECT clause") from None
    assert isinstance(read, Project | Other)  # noqa: S101 - the outermost operator of a SELECT
    return read


def _starred(tree: Any) -> Any:
    """A parsed query in which ``SELECT *`` can be told: rdflib takes it for all names it sees."""
    from rdflib.plugins.sparql.algebra import traverse
    from rdflib.plugins.sparql.parserutils import CompValue
    from rdflib.term import Variable

    def mark(node: Any) -> None:
        select = isinstance(node, CompValue) and node.name in ("SelectQuery", "SubSelect")
        if select and not node.projection:
            node["projection"] = [CompValue("vars", var=Variable(_STAR))]

    tree[1] = traverse(tree[1], visitPost=mark)
    return tree


def _pattern(node: Any) -> Pattern:
    match node.name:
        case "BGP":
            return Bgp(tuple(_triple(*triple) for triple in node.triples or ()))
        case "Join":
            return Join(_pattern(node.p1), _pattern(node.p2))
        case "LeftJoin":
            always = getattr(node.expr, "name", None) == "TrueFilter"
            condition = None if always else _expr(node.expr)
            return LeftJoin(_pattern(node.p1), _pattern(node.p2), condition)
        case "Union":
            return Union(_pattern(node.p1), _pattern(node.p2))
        case "Filter":
            return Filter(_pattern(node.p), _expr(node.expr))
        case "Extend":
            return Extend(_pattern(node.p), str(node.var), _expr(node.expr))
        case "Project":
            inner = _pattern(node.p)
            names = tuple(dict.fromkeys(map(str, node.PV)))
            return Project(inner, tuple(sorted(in_scope(inner))) if names == (_STAR,) else names)
        case "Distinct" | "Reduced":
            inner = _pattern(node.p)
            # REDUCED may do as DISTINCT does, and results are a set.
            return (
                Project(inner.pattern, inner.names, True) if isinstance(inner, Project) else inner
            )
        case "ToMultiSet":
            # Nothing but the values of a VALUES clause stands here beside a sub-select.
            return _pattern(node.p)
        case "OrderBy":
            return _pattern(node.p)
        case "GroupGraphPatternSub" | "GroupOrUnionGraphPattern":
            from rdflib.plugins.sparql.algebra import translateGroupGraphPattern

            return _pattern(translateGroupGraphPattern(node))
    return _other(node)


def _other(node: Any) -> Other:
    kind = _OTHERS.get(node.name, node.name)
    # Its own look-ups evaluate expressions; these are a plain dictionary's.
    held: dict[str, Any] = {key: dict.__getitem__(node, key) for key in dict.keys(node)}
    parts = tuple(_pattern(held[key]) for key in ("p", "p1", "p2") if held.get(key) is not None)
    names: list[str] = []
    if kind == "values":
        names = [str(name) for row in held.get("res") or () for name in row]
    elif kind in ("group", "graph"):
        names = sorted(_variables([value for key, value in held.items() if key in _OWN]))
    return Other(kind, parts, tuple(dict.fromkeys(names)))


def _variables(item: Any) -> set[str]:
    from rdflib.plugins.sparql.parserutils import CompValue
    from rdflib.term import Variable

    if isinstance(item, Variable):
        return {str(item)}
    if isinstance(item, CompValue):
        return {name for value in item.values() for name in _variables(value)}
    if isinstance(item, list | tuple | set):
        return {name for value in item for name in _variables(value)}
    return set()


def _triple(subject: Any, predicate: Any, object_: Any) -> Triple:
    from rdflib.term import Variable

    step: Path | Var
    step = Var(str(predicate)) if isinstance(predicate, Variable) else _path(predicate)
    return Triple(_end(subject), step, _end(object_))


def _path(node: Any) -> Path:
    from rdflib import paths
    from rdflib.term import URIRef

    match node:
        case URIRef():
            return Path.of(str(node))
        case paths.InvPath():
            return Path("^", parts=(_path(node.arg),))
        case paths.SequencePath():
            return Path("/", parts=tuple(map(_path, node.args)))
        case paths.AlternativePath():
            return Path("|", parts=tuple(map(_path, node.args)))
        case paths.MulPath():
            return Path(str(node.mod), parts=(_path(node.path),))
    # A negated property set: no path of SHACL is one.
    return Path("!")


def _end(node: Any) -> Var | Const:
    from rdflib import BNode
    from rdflib import Literal as Other
    from rdflib.term import Variable

    if isinstance(node, Variable):
        return Var(str(node))
    if isinstance(node, BNode):
        return Var(f" {node}")
    if isinstance(node, Other):
        if node.language:
            return Const(Literal(str(node), language=node.language))
        if node.datatype is not None:
            return Const(Literal(str(node), datatype=NamedNode(str(node.datatype))))
        return Const(Literal(str(node)))
    return Const(NamedNode(str(node)))


def _expr(node: Any) -> Expr:
    from rdflib.plugins.sparql.parserutils import CompValue

    if not isinstance(node, CompValue):
        return _end(node)
    match node.name:
        case "ConditionalOrExpression":
            return Call("||", (_expr(node.expr), *map(_expr, node.other)))
        case "ConditionalAndExpression":
            return Call("&&", (_expr(node.expr), *map(_expr, node.other)))
        case "RelationalExpression":
            others = node.other if node.op in ("IN", "NOT IN") else [node.other]
            items = () if isinstance(others, str) else tuple(map(_expr, others))
            return Call(node.op, (_expr(node.expr), *items))
        case "AdditiveExpression" | "MultiplicativeExpression":
            value = _expr(node.expr)
            for sign, other in zip(node.op, node.other, strict=True):
                value = Call(sign, (value, _expr(other)))
            return value
        case "UnaryNot":
            return Call("!", (_expr(node.expr),))
        case "UnaryMinus":
            return Call("neg", (_expr(node.expr),))
        case "UnaryPlus":
            return Call("pos", (_expr(node.expr),))
        case "TrueFilter":
            return Const(Literal(True))
        case "Function":
            return Call(str(node.iri), tuple(map(_expr, node.expr or ())))
        case "Builtin_EXISTS" | "Builtin_NOTEXISTS":
            return Exists(_pattern(node.graph), node.name == "Builtin_EXISTS")
    if not node.name.startswith("Builtin_"):
        return Call(node.name, ())
    args: list[Expr] = []
    for key, value in node.items():
        if key in _BINARY:
            args += [_expr(item) for item in (value if isinstance(value, list) else [value])]
    return Call(node.name.removeprefix("Builtin_").upper(), tuple(args))
