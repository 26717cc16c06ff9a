"""The triples that a query can read, as far as its patterns tell by predicate."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode

from gsefgraph.sparql.algebra import Bgp, Const, Triple, Var, walk
from gsefgraph.sparql.parsing import Unreadable, parse
from gsefgraph.sparql.path import Path
from gsefgraph.sparql.terminals import significant

Starts: TypeAlias = tuple[frozenset[str], frozenset[NamedNode | Literal]]
_NOWHERE: Starts = (frozenset(), frozenset())


@lru_cache(maxsize=512)
def predicates(query: str) -> frozenset[str] | None:
    """Predicates of all triples that a SELECT or ASK can read; None for any.

    >>> sorted(predicates("SELECT $this { $this <a:p>/<a:q>* ?x FILTER EXISTS { ?x <a:r> 1 } }"))
    ['a:p', 'a:q', 'a:r']
    """
    triples = _triples(query)
    if triples is None:
        return None
    found: set[str] = set()
    for triple in triples:
        # A path of length zero begins at any node of the graph.
        if isinstance(triple.predicate, Var) or _empty(triple.predicate):
            return None
        if triple.predicate.uses("!"):
            return None
        found.update(triple.predicate.predicates())
    return frozenset(found)


@lru_cache(maxsize=512)
def near(query: str, names: tuple[str, ...]) -> frozenset[str]:
    """Those of the predicates that are read on bound nodes alone, as a step to their values.

    Parameters:
        names: of the variables that are bound to nodes.

    >>> sorted(near("SELECT $this { $this <a:p> ?x ; <a:q> ?y . ?x <a:q> ?z }", ("this",)))
    ['a:p']
    """
    on: set[str] = set()
    elsewhere: set[str] = set()
    for triple in _triples(query) or ():
        if isinstance(triple.predicate, Var):
            continue
        bound = isinstance(triple.subject, Var) and triple.subject.name in names
        (on if bound and not triple.predicate.operator else elsewhere).update(
            triple.predicate.predicates()
        )
    return frozenset(on - elsewhere)


@lru_cache(maxsize=512)
def starts(query: str) -> Starts:
    """Variables and terms at which paths of length zero begin or end.

    Such a path leads from any node to itself, and the engine knows those of the graph alone.
    """
    # Reading a query takes a while, and few have such a path.
    if not any(t.kind == "mark" and t.value in ("*", "?") for t in significant(query)):
        return _NOWHERE
    triples = _triples(query) or []
    if any(isinstance(t.predicate, Var) or t.predicate.uses("!") for t in triples):
        # It would see what is put in the graph to make nodes known.
        return _NOWHERE
    ends = [
        end
        for triple in triples
        if isinstance(triple.predicate, Path) and _empty(triple.predicate)
        for end in (triple.subject, triple.object)
    ]
    return (
        frozenset(end.name for end in ends if isinstance(end, Var)),
        frozenset(end.term for end in ends if isinstance(end, Const)),
    )


def _triples(query: str) -> list[Triple] | None:
    """All triple patterns of a query; None where it cannot be read."""
    try:
        pattern = parse(query).pattern
    except Unreadable:
        return None
    return [t for part in walk(pattern) if isinstance(part, Bgp) for t in part.triples]


def _empty(path: Path) -> bool:
    if path.operator in ("*", "?"):
        return True
    if path.operator == "|":
        return any(map(_empty, path.parts))
    return path.operator in ("/", "^", "+") and all(map(_empty, path.parts))
