"""What new triples change: those that were not there, those that were, and classes of nodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, Triple

from gsefgraph.engine.base import Term
from gsefgraph.shacl.change.base import BROADER, TYPE, Base, Fact, TooFar
from gsefgraph.shacl.change.view import Lazy


@dataclass(frozen=True, slots=True)
class Change:
    """The difference between a graph before and after.

    Attributes:
        added, removed: each once, as they came.
        gained, lost: classes that a node has only after, or had only before.
    """

    added: Sequence[Fact]
    removed: Sequence[Fact]
    gained: dict[Term, frozenset[Term]] = field(default_factory=dict)
    lost: dict[Term, frozenset[Term]] = field(default_factory=dict)

    @classmethod
    def of(cls, base: Base, added: Iterable[Triple], removed: Iterable[Triple]) -> Change:
        """What really changes: triples added that the base lacks, or removed that it has.

        A triple both added and removed stays, or comes: removal goes first.
        """
        more, less = facts(added), facts(removed)
        base.need_out(subject for subject, _, _ in (*more, *less))
        # What records point at is read by nearly every constraint on them.
        base.need_out(value for _, predicate, value in more if predicate != TYPE)
        try:
            held = {f for f in (*more, *less) if f[2] in base.out(f[0]).get(f[1], ())}
        except TooFar:
            base.forget_waiting()
            held = base.held((*more, *less))
        return cls(
            [fact for fact in more if fact not in held],
            [fact for fact in less if fact in held and fact not in more],
        )

    def retype(self, before: Lazy, after: Lazy) -> None:
        """Find the nodes whose classes change: typed otherwise, or of a class that moved."""
        nodes = {s: None for s, predicate, _ in (*self.added, *self.removed) if predicate == TYPE}
        moved = {s: None for s, p, _ in (*self.added, *self.removed) if p == BROADER}
        if moved:
            below = _below(moved, before, after)
            for view in (before, after):
                view.need_in(below, TYPE)
                for each in below:
                    nodes.update(dict.fromkeys(view.subjects(each, TYPE)))
        for view in (before, after):
            view.need_out(nodes)
        for node in nodes:
            old, new = frozenset(before.classes(node)), frozenset(after.classes(node))
            if more := new - old:
                self.gained[node] = more
            if less := old - new:
                self.lost[node] = less


def facts(triples: Iterable[Triple]) -> dict[Fact, None]:
    """Triples as facts, each once; those that RDF 1.1 does not know, of triples, left out."""
    found: dict[Fact, None] = {}
    for triple in triples:
        subject, value = triple.subject, triple.object
        if not isinstance(subject, Triple | Literal) and not isinstance(value, Triple):
            found[subject, triple.predicate.value, value] = None
    return found


def _below(classes: Mapping[Term, None], before: Lazy, after: Lazy) -> dict[Term, None]:
    """The classes, and all that are below them before or after."""
    found = dict(classes)
    edge = list(found)
    while edge:
        for view in (before, after):
            view.need_in(edge, BROADER)
        further = dict.fromkeys(
            each for cls in edge for view in (before, after) for each in view.subjects(cls, BROADER)
        )
        edge = [each for each in further if each not in found]
        found.update(dict.fromkeys(edge))
    return found
