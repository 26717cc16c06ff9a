"""Quads looked up by pattern, many patterns at once, without a query language in between.

A pattern is a subject, a predicate and an object, each a term or None for any, at least one of them
a term. The embedded engine reads its indexes; an endpoint is asked one question for each kind of
pattern (which parts are bound, what datatype) and 30 KB of terms.

>>> store, s, p, g = pyoxigraph.Store(), *map(NamedNode, ("urn:s", "urn:p", "urn:g"))
>>> store.extend([Quad(s, p, s, g), Quad(s, p, s)])
>>> len(list(quads(store, [(s, None, None)], None, ()))), list(stated(store, [(s, s, s)], None, ()))
(1, [])
>>> def send(text):
...     print(text)
...     return Solutions(("s",), ())
>>> list(ask(send, [(s, p, None)], g, (), None)), list(ask_stated(send, [(None, None, s)], g, ()))
SELECT DISTINCT ?s ?p ?o WHERE { VALUES (?s ?p) { (<urn:s> <urn:p>) } GRAPH <urn:g> { ?s ?p ?o } }
SELECT DISTINCT ?o WHERE { VALUES (?o) { (<urn:s>) } FILTER EXISTS { GRAPH <urn:g> { ?s ?p ?o } } }
([], [])
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from gsefgraph.engine.base import Pattern, Solutions
from gsefgraph.errors import EndpointError, UsageError
from gsefgraph.terms import Term
from gsefgraph.wording import say

# Asks an endpoint; the rows are ?s, ?p, ?o, ?g as far as the text selects them.
Ask: TypeAlias = Callable[[str], Solutions]

_BLOCK = 30_000  # characters of the terms in one question: servers refuse a text over 64 KB
_MOST = 500  # patterns in one question: Virtuoso's compiler takes no more
_SLOTS = ("?s", "?p", "?o")
_BOOLEAN = NamedNode("http://www.w3.org/2001/XMLSchema#boolean")


def checked(patterns: Iterable[Pattern]) -> list[Pattern]:
    """The patterns, each once, in their order; those with a literal as subject match nothing.

    Errors:
        UsageError for a pattern of which nothing is bound.

    >>> checked([(None, NamedNode("urn:p"), None), (None, NamedNode("urn:p"), None)])
    [(None, <NamedNode value=urn:p>, None)]
    """
    found = []
    for pattern in dict.fromkeys(patterns):
        if pattern == (None, None, None):
            raise UsageError(say("engine.every-quad"), hint=say("engine.bind-one"))
        if not isinstance(pattern[0], Literal):
            found.append(pattern)
    return found


def quads(
    store: pyoxigraph.Store,
    patterns: Sequence[Pattern],
    graph: NamedNode | None,
    without: Iterable[str],
) -> Iterator[Quad]:
    """The quads of a database that match, pattern by pattern."""
    search = store.quads_for_pattern
    if graph is not None:
        for subject, predicate, value in patterns:
            yield from search(subject, predicate, value, graph)
        return
    left_out = {DefaultGraph(), *map(NamedNode, without)}
    for subject, predicate, value in patterns:
        for quad in search(subject, predicate, value, None):
            if quad.graph_name not in left_out:
                yield quad


def stated(
    store: pyoxigraph.Store,
    patterns: Sequence[Pattern],
    graph: NamedNode | None,
    without: Iterable[str],
) -> Iterator[Pattern]:
    """The patterns that something in a database matches."""
    # The default graph is the union: where no graph is left out, it has the answer.
    if graph is None and not (without := tuple(without)):
        search = store.quads_for_pattern
        for pattern in patterns:
            if next(search(*pattern, DefaultGraph()), None) is not None:
                yield pattern
        return
    for pattern in patterns:
        if next(quads(store, (pattern,), graph, without), None) is not None:
            yield pattern


def ask(
    send: Ask,
    patterns: Sequence[Pattern],
    graph: NamedNode | None,
    without: Iterable[str],
    limit: int | None,
) -> Iterator[Quad]:
    """The quads of an endpoint that match, question by question.

    Blank nodes have no name that a question could use: patterns with one match nothing.

    Errors:
        EndpointError when the server leaves rows out even where one pattern is asked for alone.
    """
    wanted, end = _graph(graph, without), "" if limit is None else f" LIMIT {limit}"
    waiting = list(_blocks(patterns))[::-1]
    while waiting:
        block = waiting.pop()
        bound = _bound(block[0])
        text = (
            f"SELECT DISTINCT ?s ?p ?o{'' if graph else ' ?g'} WHERE {{ {_values(block, bound)} "
            f"{wanted} }}{end}"
        )
        answer = send(text)
        if answer.warnings:
            waiting += _halves(block, answer)
            continue
        for row in answer.rows:
            subject, predicate, value, name = (*row, graph)[:4]
            value = _boolean(block) or value
            yield Quad(subject, predicate, value, name)  # type: ignore[arg-type]


def ask_stated(
    send: Ask, patterns: Sequence[Pattern], graph: NamedNode | None, without: Iterable[str]
) -> Iterator[Pattern]:
    """The patterns that something at an endpoint matches, question by question; as `ask`."""
    wanted = _graph(graph, without)
    waiting = list(_blocks(patterns))[::-1]
    while waiting:
        block = waiting.pop()
        bound = _bound(block[0])
        names = " ".join(slot for slot, held in zip(_SLOTS, bound, strict=True) if held)
        # In EXISTS, Virtuoso takes "1"@fr for "1"; a join is as good where few bear a value.
        join = any(isinstance(value, Literal) for _, _, value in block)
        test = wanted if join else f"FILTER EXISTS {{ {wanted} }}"
        answer = send(f"SELECT DISTINCT {names} WHERE {{ {_values(block, bound)} {test} }}")
        if answer.warnings:
            waiting += _halves(block, answer)
            continue
        for row in answer.rows:
            cells = iter((*row[:-1], _boolean(block) or row[-1]))
            yield tuple(next(cells) if held else None for held in bound)  # type: ignore[misc]


def _graph(graph: NamedNode | None, without: Iterable[str]) -> str:
    if graph is not None:
        return f"GRAPH {graph} {{ ?s ?p ?o }}"
    names = ", ".join(str(NamedNode(name)) for name in sorted(without))
    return "GRAPH ?g { ?s ?p ?o" + (f" FILTER(?g NOT IN ({names}))" if names else "") + " }"


def _bound(pattern: Pattern) -> tuple[bool, bool, bool]:
    subject, predicate, value = pattern
    return subject is not None, predicate is not None, value is not None


def _values(block: Sequence[Pattern], bound: tuple[bool, bool, bool]) -> str:
    names = " ".join(slot for slot, held in zip(_SLOTS, bound, strict=True) if held)
    lines = " ".join(
        f"({' '.join(str(term) for term in pattern if term is not None)})" for pattern in block
    )
    return f"VALUES ({names}) {{ {lines} }}"


def _blocks(patterns: Iterable[Pattern]) -> Iterator[list[Pattern]]:
    """The patterns that can be asked for, in blocks of one kind and of a size that servers take."""
    kinds: dict[object, list[Pattern]] = {}
    for pattern in patterns:
        if not any(isinstance(term, BlankNode) for term in pattern):
            kinds.setdefault((_bound(pattern), _column(pattern[2])), []).append(pattern)
    for group in kinds.values():
        block: list[Pattern] = []
        size = 0
        for pattern in group:
            length = sum(len(str(term)) + 1 for term in pattern if term is not None) + 2
            if block and (size + length > _BLOCK or len(block) == _MOST):
                yield block
                block, size = [], 0
            block.append(pattern)
            size += length
        if block:
            yield block


def _column(value: Term | None) -> str:
    """What the values of one column of VALUES share: in Virtuoso a datatype, or being true."""
    if not isinstance(value, Literal):
        return ""
    return str(value) if value.datatype == _BOOLEAN else value.datatype.value


def _boolean(block: Sequence[Pattern]) -> Term | None:
    """The boolean that is asked for: Virtuoso gives it back as a number."""
    value = block[0][2]
    return value if isinstance(value, Literal) and value.datatype == _BOOLEAN else None


def _halves(block: list[Pattern], answer: Solutions) -> list[list[Pattern]]:
    if len(block) == 1:
        raise EndpointError(
            say("endpoint.cut-node", warning=answer.warnings[0]),
            hint=say("endpoint.raise-limit"),
        )
    middle = len(block) // 2
    return [block[middle:], block[:middle]]
