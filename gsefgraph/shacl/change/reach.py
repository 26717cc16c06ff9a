"""The triples that a SPARQL constraint reads around some focus nodes, fetched hop by hop."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from pyoxigraph import NamedNode, Triple

from gsefgraph.shacl.change.base import TooFar
from gsefgraph.shacl.change.reads import THIS, hops, reads
from gsefgraph.shacl.judge.view import View
from gsefgraph.sparql.algebra import Const
from gsefgraph.sparql.path import Path
from gsefgraph.terms import Term

# After so many hops a path that goes on is given up.
_ROUNDS = 10_000


def reach(
    select: str, focus: Iterable[Term], view: View, order: tuple[str, ...] = ()
) -> Collection[Triple] | None:
    """The triples that a query can read for some focus nodes; None where it has no solution.

    Errors:
        TooFar: its hops cannot be known, or do not end.
    """
    if reads(select, order).unbounded:
        raise TooFar
    found: dict[tuple[Term, str, Term], None] = {}
    values: dict[str, dict[Term, None]] = {THIS: dict.fromkeys(focus)}
    for hop in hops(select, order):
        starts: Mapping[Term, None]
        starts = {hop.start.term: None} if isinstance(hop.start, Const) else values[hop.start]
        ends = _walk(hop.path, starts, view, found)
        if isinstance(hop.end, Const):
            ends = {hop.end.term: None} if hop.end.term in ends else {}
        elif hop.required and not hop.fresh:
            ends = values[hop.end] = {node: None for node in values[hop.end] if node in ends}
        elif hop.fresh:
            values.setdefault(hop.end, {}).update(ends)
        if hop.required and not ends:
            return None
    return [Triple(s, NamedNode(p), o) for s, p, o in found]  # type: ignore[arg-type]


def _walk(
    path: Path | None,
    starts: Mapping[Term, None],
    view: View,
    found: dict[tuple[Term, str, Term], None],
) -> dict[Term, None]:
    """Where a path leads to from some nodes; the triples on the way are added to `found`."""
    ends: dict[Term, None] = {}
    if path is None or not path.operator:
        view.need_out(starts)
        for node in starts:
            if path is not None:
                pairs: Iterable[tuple[str, Sequence[Term]]] = (
                    (path.predicate, view.objects(node, path.predicate)),
                )
            else:
                pairs = view.out(node).items()
            for predicate, values in pairs:
                for value in values:
                    found[node, predicate, value] = ends[value] = None
        return ends
    if path.operator == "^":
        predicate = path.parts[0].predicate
        view.need_in(starts, predicate)
        for node in starts:
            for subject in view.subjects(node, predicate):
                found[subject, predicate, node] = ends[subject] = None
        return ends
    if path.operator == "/":
        ends = dict(starts)
        for part in path.parts:
            ends = _walk(part, ends, view, found)
        return ends
    if path.operator == "|":
        for part in path.parts:
            ends.update(_walk(part, starts, view, found))
        return ends
    ends = {} if path.operator == "+" else dict(starts)
    edge, rounds = dict(starts), 1 if path.operator == "?" else _ROUNDS
    while edge and rounds:
        reached = _walk(path.parts[0], edge, view, found)
        edge = {node: None for node in reached if node not in ends}
        ends.update(edge)
        rounds -= 1
    if edge and path.operator != "?":
        raise TooFar
    return ends
