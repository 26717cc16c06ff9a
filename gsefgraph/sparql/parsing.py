"""A query's text into the data of `algebra.py` (SPARQL 1.1, section 18.2).

rdflib parses; its tree is read here. As rdflib takes a fifth of a second to load, what it made of
a text is kept on disk.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import threading
from collections.abc import Iterable, Iterator
from functools import lru_cache, reduce
from hashlib import sha256
from pathlib import Path as File
from typing import Any

from pyoxigraph import Literal, NamedNode

from gsefgraph.project import READY, cache_folder
from gsefgraph.rdf import plain
from gsefgraph.sparql import algebra
from gsefgraph.sparql.algebra import (
    Bgp,
    Call,
    Const,
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
    Query,
    Triple,
    Union,
    Var,
    in_scope,
)
from gsefgraph.sparql.path import Path
from gsefgraph.sparql.prologue import absolute

_LOCK = threading.Lock()
_ARGUMENTS = {"arg", "arg1", "arg2", "arg3", "text", "pattern", "replacement", "flags", "start",
              "length", "vars"}  # fmt: skip
_NAMES = {"UnaryNot": "!", "UnaryMinus": "neg", "UnaryPlus": "pos",
          "Aggregate_GroupConcat": "GROUP_CONCAT"}  # fmt: skip
_AGGREGATES = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"}


class Unreadable(Exception):
    """A text that is no query of SPARQL 1.1, or none of the form wanted; the message says why."""


@lru_cache(maxsize=512)
def parse(text: str) -> Query:
    """The algebra of a query, from memory, from the cache on disk or by rdflib.

    Parameters:
        text: SPARQL 1.1 Query, prefixes declared.

    Errors:
        Unreadable.

    >>> query = parse("CONSTRUCT { ?y <a:q> ?x } WHERE { ?x <a:p> ?y }")
    >>> query.form, query.pattern == parse("ASK { ?x <a:p> ?y }").pattern
    ('construct', True)
    """
    query = get(text)
    if query is None:
        query = _read(text)
        put(text, query)
    return query


def select(text: str) -> Project | Other:
    """The algebra of a SELECT: `Project`, or `Other` around one for LIMIT and OFFSET.

    Errors:
        Unreadable: another form, or a FROM clause.

    >>> select("SELECT ?this { ?this <a:p> ?value }").names
    ('this',)
    """
    query = parse(text)
    if query.form != "select":
        raise Unreadable("it is not a SELECT")
    if query.dataset:
        raise Unreadable("it has a FROM clause")
    assert isinstance(query.pattern, Project | Other)  # noqa: S101 - the outermost of a SELECT
    return query.pattern


def _read(text: str) -> Query:
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        with _faithful():
            prologue, tree = parseQuery(text)
        return _Reader(prologue).query(tree)
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(" ".join(str(error).split())[:300]) from error


@contextlib.contextmanager
def _faithful() -> Iterator[None]:
    """Let rdflib keep literals as they are written: another lexical form is another term."""
    import rdflib
    from rdflib.plugins.sparql import parser

    negative = (parser.INTEGER_NEGATIVE, parser.DECIMAL_NEGATIVE, parser.DOUBLE_NEGATIVE)
    log = logging.getLogger("rdflib.term")  # it tells of ill-formed literals on stderr
    with _LOCK:
        before = rdflib.NORMALIZE_LITERALS, log.disabled
        actions = [number.parseAction for number in negative]
        rdflib.NORMALIZE_LITERALS, log.disabled = False, True
        for number in negative:
            number.set_parse_action(lambda x: rdflib.Literal(f"-{x[0]}", datatype=x[0].datatype))
        try:
            yield
        finally:
            rdflib.NORMALIZE_LITERALS, log.disabled = before
            for number, action in zip(negative, actions, strict=True):
                number.parseAction = action


class _Reader:
    """One parse tree of rdflib's, taken apart."""

    def __init__(self, prologue: Iterable[Any]) -> None:
        self.base = ""
        self.prefixes: dict[str, str] = {}
        self.blanks: dict[str, str] = {}
        for line in prologue:
            iri = absolute(str(line.iri), self.base)
            if line.name == "Base":
                self.base = iri
            else:
                self.prefixes[str(line.prefix or "")] = iri

    def query(self, node: Any) -> Query:
        found = self.solutions(node)
        template = self.triples(node.template or ())
        if node.where is not None and node.where.name == "FakeGroupGraphPatten":
            template = found.triples if isinstance(found, Bgp) else ()  # CONSTRUCT WHERE
        form = node.name.removesuffix("Query").lower()
        return Query(form, found, template, bool(node.datasetClause))

    def solutions(self, node: Any) -> Pattern:
        """The pattern of a query with its solution modifiers (sections 18.2.4 and 18.2.5)."""
        found = Bgp() if node.where is None else self.group(node.where)
        selected = [
            (str(item.var or item.evar), None if item.var else self.expr(item.expr))
            for item in node.projection or ()
        ]
        having, order = (
            tuple(map(self.expr, clause.condition)) if clause is not None else ()
            for clause in (node.having, node.orderby)
        )
        keys: list[Expr] = []
        for condition in node.groupby.condition if node.groupby is not None else ():
            name = condition.var if getattr(condition, "name", "") == "GroupAs" else None
            if name is not None:
                found = Extend(found, str(name), self.expr(condition.expr))
            keys.append(Var(str(name)) if name is not None else self.expr(condition))
        values = [value for _, value in selected if value is not None]
        if keys or any(map(_aggregates, [*values, *having, *order])):
            names = tuple(key.name for key in keys if isinstance(key, Var))
            found = Other("group", (found,), names, tuple(keys))
        if having:
            found = Filter(found, _all(having))
        if node.valuesClause is not None:
            found = _join(found, self.data(node.valuesClause))
        for name, value in selected:
            if value is not None:
                found = Extend(found, name, value)
        if node.name in ("SelectQuery", "SubSelect"):
            names = tuple(dict.fromkeys(name for name, _ in selected))
            if not names:
                names = tuple(sorted(name for name in in_scope(found) if name[0] != " "))
            # REDUCED may do as DISTINCT does, and results are a set.
            found = Project(found, names, node.modifier is not None, order)
        return found if node.limitoffset is None else Other("slice", (found,))

    def group(self, node: Any) -> Pattern:
        """A group graph pattern (section 18.2.2)."""
        if node.name == "SubSelect":
            return self.solutions(node)
        found: Pattern = Bgp()
        block: tuple[Triple, ...] = ()
        tests: list[Expr] = []
        for part in node.part or ():
            if part.name == "Filter":
                tests.append(self.expr(part.expr))
            elif part.name == "TriplesBlock":
                block += self.triples(part.triples)
            else:
                found, block = self.part(part, _join(found, Bgp(block))), ()
        found = _join(found, Bgp(block))
        return Filter(found, _all(tests)) if tests else found

    def part(self, node: Any, before: Pattern) -> Pattern:
        """What stands in a group, with what stands before it."""
        match node.name:
            case "OptionalGraphPattern":
                inner = self.group(node.graph)
                if isinstance(inner, Filter):
                    return LeftJoin(before, inner.pattern, inner.condition)
                return LeftJoin(before, inner, None)
            case "MinusGraphPattern":
                return Other("minus", (before, self.group(node.graph)))
            case "GroupOrUnionGraphPattern":
                return _join(before, reduce(Union, map(self.group, node.graph)))
            case "Bind":
                return Extend(before, str(node.var), self.expr(node.expr))
            case "InlineData":
                return _join(before, self.data(node))
            case "GraphGraphPattern" | "ServiceGraphPattern":
                name = self.end(node.term)
                names = (name.name,) if isinstance(name, Var) else ()
                kind = node.name.removesuffix("GraphPattern").lower()
                return _join(before, Other(kind, (self.group(node.graph),), names, (name,)))
        raise Unreadable(f"{node.name} is not of SPARQL 1.1")

    def data(self, node: Any) -> Other:
        """VALUES."""
        rows = [row if _several(row) else [row] for row in node.value or ()]
        terms = tuple(self.end(term) for row in rows for term in row if term != "UNDEF")
        return Other("values", (), tuple(map(str, node.var or ())), terms)

    def triples(self, blocks: Iterable[Iterable[Any]]) -> tuple[Triple, ...]:
        terms = [term for block in blocks for term in block]
        return tuple(
            Triple(self.end(subject), self.predicate(predicate), self.end(value))
            for subject, predicate, value in zip(terms[::3], terms[1::3], terms[2::3], strict=True)
        )

    def predicate(self, node: Any) -> Path | Var:
        from rdflib.term import Variable

        return Var(str(node)) if isinstance(node, Variable) else self.path(node)

    def path(self, node: Any) -> Path:
        from rdflib.term import Identifier

        if isinstance(node, Identifier) or node.name == "pname":
            return Path.of(self.iri(node))
        if node.name == "InversePath":
            raise Unreadable("rdflib drops an inverse property of a negated property set")
        parts = tuple(map(self.path, node.part if _several(node.part) else (node.part,)))
        match node.name:
            case "PathNegatedPropertySet":
                return Path("!", parts=parts)
            case "PathEltOrInverse":
                return Path("^", parts=parts)
            case "PathElt" if node.mod:
                return Path(str(node.mod), parts=parts)
        if len(parts) == 1:
            return parts[0]
        return Path("/" if node.name == "PathSequence" else "|", parts=parts)

    def iri(self, node: Any) -> str:
        from rdflib.term import URIRef

        if isinstance(node, URIRef):
            return absolute(str(node), self.base)
        prefix = str(node.prefix or "")
        if prefix not in self.prefixes:
            raise Unreadable(f"prefix {prefix}: is not declared")
        return self.prefixes[prefix] + re.sub(r"\\(.)", r"\1", str(node.localname or ""))

    def end(self, node: Any) -> End:
        from rdflib.term import BNode, Variable
        from rdflib.term import Literal as Other

        if isinstance(node, Variable):
            return Var(str(node))
        if isinstance(node, BNode):
            return Var(self.blanks.setdefault(str(node), f" {len(self.blanks)}"))
        if isinstance(node, Other):
            datatype = None if node.datatype is None else NamedNode(str(node.datatype))
            return Const(Literal(str(node), datatype=datatype))
        if getattr(node, "name", "") == "literal":
            if node.lang:
                return Const(Literal(str(node.string), language=str(node.lang)))
            datatype = None if node.datatype is None else NamedNode(self.iri(node.datatype))
            return Const(Literal(str(node.string), datatype=datatype))
        return Const(NamedNode(self.iri(node)))

    def expr(self, node: Any) -> Expr:
        from rdflib.plugins.sparql.parserutils import CompValue

        if not isinstance(node, CompValue) or node.name in ("pname", "literal"):
            return self.end(node)
        match node.name:
            case "ConditionalOrExpression" | "ConditionalAndExpression" if node.other:
                sign = "||" if "Or" in node.name else "&&"
                return Call(sign, (self.expr(node.expr), *map(self.expr, node.other)))
            case "RelationalExpression" if node.op:
                items = node.other if node.op in ("IN", "NOT IN") else [node.other]
                # An empty list is written as rdf:nil is.
                return Call(
                    str(node.op),
                    (self.expr(node.expr), *(map(self.expr, items) if _several(items) else ())),
                )
            case "AdditiveExpression" | "MultiplicativeExpression" if node.other:
                value = self.expr(node.expr)
                for sign, other in zip(node.op, node.other, strict=True):
                    value = Call(str(sign), (value, self.expr(other)))
                return value
            case "Function":
                return Call(self.iri(node.iri), tuple(map(self.expr, node.expr or ())))
            case "Builtin_EXISTS" | "Builtin_NOTEXISTS":
                return Exists(self.group(node.graph), node.name == "Builtin_EXISTS")
            case "UnaryNot" | "UnaryMinus" | "UnaryPlus":
                return Call(_NAMES[node.name], (self.expr(node.expr),))
        if not node.name.startswith(("Builtin_", "Aggregate_")):
            return self.expr(node.expr)  # an operator with one operand
        name = _NAMES.get(node.name, node.name.partition("_")[2].upper())
        args: list[Expr] = []
        for key, value in node.items():
            if _several(value):
                args += map(self.expr, value if key in _ARGUMENTS else ())
            # Without arguments CONCAT and COALESCE have rdf:nil, and COUNT(*) a star.
            elif key in _ARGUMENTS and value != "*" and name not in ("CONCAT", "COALESCE"):
                args.append(self.expr(value))
        return Call(name, tuple(args))


def _several(node: Any) -> bool:
    from pyparsing import ParseResults

    return isinstance(node, list | ParseResults)


def _join(left: Pattern, right: Pattern) -> Pattern:
    if left == Bgp():
        return right
    return left if right == Bgp() else Join(left, right)


def _all(tests: Iterable[Expr]) -> Expr:
    found = tuple(tests)
    return found[0] if len(found) == 1 else Call("&&", found)


def _aggregates(expr: Expr) -> bool:
    """Whether a value is one of a group of solutions, not of each."""
    return isinstance(expr, Call) and (expr.name in _AGGREGATES or any(map(_aggregates, expr.args)))


ALGEBRA = "algebra.jsonl"
_MOST = 1 << 20  # bytes
_CLASSES = (
    algebra.Bgp, algebra.Call, algebra.Const, algebra.Exists, algebra.Extend, algebra.Filter,
    algebra.Join, algebra.LeftJoin, algebra.Other, algebra.Project, algebra.Query,
    algebra.Triple, algebra.Union, algebra.Var, Path,
)  # fmt: skip


def get(text: str) -> algebra.Query | None:
    """The algebra of a text, None where it is not held.

    >>> get("never read") is None
    True
    """
    key = _key(text)
    for file in (_file(), READY / ALGEBRA):
        guard, _, content = _lines(file).get(key, b"").partition(b" ")
        if guard == _digest(content):
            with contextlib.suppress(ValueError, TypeError, LookupError, RecursionError):
                query = plain.load(content, _CLASSES)
                if isinstance(query, algebra.Query):
                    return query
    return None


def put(text: str, query: algebra.Query) -> None:
    """Hold the algebra of a text; without a folder to write in, the next start is only slower."""
    file = _file()
    with contextlib.suppress(OSError, UnicodeError, RecursionError):
        content = plain.dump(query)
        file.parent.mkdir(parents=True, exist_ok=True)
        full = file.exists() and file.stat().st_size > _MOST
        flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if full else os.O_APPEND)
        handle = os.open(file, flags, 0o644)
        try:
            # One write, so that two processes do not mix; a line cut short ends with the next.
            os.write(handle, b"\n%s %s %s\n" % (_key(text), _digest(content), content))
        finally:
            os.close(handle)


def _file() -> File:
    return cache_folder() / ALGEBRA


@lru_cache(maxsize=4)
def _lines(file: File) -> dict[bytes, bytes]:
    try:
        content = file.read_bytes()
    except OSError:
        return {}
    pairs = (line.partition(b" ") for line in content.split(b"\n"))
    return {key: rest for key, _, rest in pairs}


@lru_cache(maxsize=1)
def _salt() -> bytes:
    """What reads texts: another reader may make something else of them."""
    return b"".join((File(__file__).parent / name).read_bytes() for name in _READERS)


_READERS = ("algebra.py", "parsing.py", "path.py")


def _key(text: str) -> bytes:
    return _digest(_salt() + text.encode("utf-8", "surrogatepass"))


def _digest(content: bytes) -> bytes:
    return sha256(content).hexdigest().encode()
