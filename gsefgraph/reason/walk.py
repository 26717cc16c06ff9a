"""The triples that a property path takes from one end to the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from pyoxigraph import BlankNode, NamedNode, Triple

from gsefgraph.engine.base import Engine, Solutions
from gsefgraph.sparql.path import Path
from gsefgraph.terms import Term

# Beyond this many nodes a way is not looked for; the proof then leaves the path out.
_NODES = 5_000
_NODES_A_QUERY = 200


def steps(engine: Engine, start: Term, path: Path, end: Term) -> tuple[Triple, ...]:
    """A shortest way along a path, as the triples of the graph that it is made of.

    Parameters:
        start, end: the ends, between which the path holds.
        path: one IRI with ``*``, ``+``, ``?`` or ``^``, or a sequence of such steps; of another
            path (with alternatives or one inside another) no triples are given.

    Returns:
        Triples in the order of the way; none where the ends are one node and the path may be empty.
    """
    links: list[_Link] = []
    for part in path.parts if path.operator == "/" else (path,):
        backwards, often = False, ""
        while part.operator in ("^", "*", "+", "?"):
            if part.operator == "^":
                backwards = not backwards
            elif often:
                return ()
            else:
                often = part.operator
            part = part.parts[0]
        if part.operator:
            return ()
        link = _Link(NamedNode(part.predicate), backwards)
        if often == "+":
            links.append(link)
        links.append(replace(link, optional=often != "", repeats=often in ("*", "+")))
    return _search(engine, links, start, end)


@dataclass(frozen=True, slots=True)
class _Link:
    predicate: NamedNode
    backwards: bool
    optional: bool = False
    repeats: bool = False


# A node and how many links of the path are behind it.
_State: TypeAlias = tuple[int, Term]


def _search(engine: Engine, links: Sequence[_Link], start: Term, end: Term) -> tuple[Triple, ...]:
    first: _State = (0, start)
    origin: dict[_State, tuple[_State, Triple | None]] = {first: (first, None)}
    frontier = [first]
    while frontier and len(origin) < _NODES:
        for place, node in frontier:
            # Grows while it is read: what may be left out is behind at once.
            if place < len(links) and links[place].optional and (place + 1, node) not in origin:
                origin[place + 1, node] = ((place, node), None)
                frontier.append((place + 1, node))
        if (len(links), end) in origin:
            way: list[Triple] = []
            at: _State = (len(links), end)
            while at != first:
                at, taken = origin[at]
                way[:0] = [taken] if taken else []
            return tuple(way)
        following: list[_State] = []
        for place, link in enumerate(links):
            nodes = [node for at_place, node in frontier if at_place == place]
            for triple in _triples(engine, link, nodes):
                before, after = (
                    (triple.object, triple.subject)
                    if link.backwards
                    else (triple.subject, triple.object)
                )
                if isinstance(before, Triple) or isinstance(after, Triple):
                    continue
                state = (place if link.repeats else place + 1, after)
                if state not in origin:
                    origin[state] = ((place, before), triple)
                    following.append(state)
        frontier = following
    return ()


def _triples(engine: Engine, link: _Link, nodes: Sequence[Term]) -> Iterator[Triple]:
    """The triples of a link that begin at one of the nodes; blank nodes have no name to ask by."""
    side = "?o" if link.backwards else "?s"
    named = [node for node in nodes if isinstance(node, NamedNode)]
    for at in range(0, len(named), _NODES_A_QUERY):
        values = " ".join(str(node) for node in named[at : at + _NODES_A_QUERY])
        answer = engine.query(
            f"SELECT ?s ?o WHERE {{ VALUES {side} {{ {values} }} ?s {link.predicate} ?o }}"
            " ORDER BY ?s ?o"
        )
        for s, o in answer.rows if isinstance(answer, Solutions) else ():
            if isinstance(s, NamedNode | BlankNode) and o is not None:
                yield Triple(s, link.predicate, o)
