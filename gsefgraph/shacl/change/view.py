"""A large graph with some triples more and some fewer, as the judge reads it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import Literal, Triple

from gsefgraph.errors import EngineError
from gsefgraph.shacl.change.base import Base, Fact, Pairs, TooFar
from gsefgraph.shacl.judge.memory import BROADER, TYPE, closure
from gsefgraph.terms import Term
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.engine.ask import Scratch


class Lazy:
    """A `View` of a base with some triples added and others removed.

    Parameters:
        base: looked up as it is read; several views may share it.
        added: triples that the base does not have.
        removed: triples that it has.
    """

    def __init__(
        self, base: Base, added: Iterable[Fact] = (), removed: Iterable[Fact] = ()
    ) -> None:
        self.base = base
        self._more = _by_subject(added)
        self._less = _by_subject(removed)
        self._more_in = _by_value(added)
        self._less_in = _by_value(removed)
        self._out: dict[Term, Pairs] = {}
        self._classes: dict[tuple[Term, ...], frozenset[Term]] = {}
        self._typed: dict[Term, None] = {}

    def need_out(self, nodes: Iterable[Term]) -> None:
        """Announce that what is stated on some nodes will be read, their classes too."""
        nodes = list(nodes)
        self.base.need_out(nodes)
        self._typed.update(dict.fromkeys(nodes))

    def need_in(self, nodes: Iterable[Term], predicate: str) -> None:
        """Announce that the subjects with some nodes as value of a predicate will be read."""
        self.base.need_in(nodes, predicate)

    def objects(self, subject: Term, predicate: str) -> Sequence[Term]:
        """Values of a predicate on a node."""
        return self.out(subject).get(predicate, ())

    def subjects(self, value: Term, predicate: str) -> Sequence[Term]:
        """Nodes that have a value for a predicate."""
        found = self.base.subjects(value, predicate)
        less = self._less_in.get((predicate, value))
        if less:
            found = [node for node in found if node not in less]
        more = self._more_in.get((predicate, value))
        return [*found, *more] if more else found

    def out(self, subject: Term) -> Pairs:
        """All that is stated on a node: values by predicate."""
        found = self._out.get(subject)
        if found is None:
            found = self.base.out(subject)
            more, less = self._more.get(subject), self._less.get(subject)
            if more or less:
                merged = {key: list(values) for key, values in found.items()}
                for predicate, value in less or ():
                    merged[predicate].remove(value)
                    if not merged[predicate]:
                        del merged[predicate]
                for predicate, value in more or ():
                    merged.setdefault(predicate, []).append(value)
                found = merged
            self._out[subject] = found
        return found

    def classes(self, node: Term) -> Collection[Term]:
        """Classes of a node: its types and all they are subclasses of."""
        types = tuple(self.objects(node, TYPE))
        if not types:
            return ()
        found = self._classes.get(types)
        if found is None:
            # The nodes that were announced with this one have types to look up as well.
            typed, self._typed = self._typed, {}
            self.base.need_above(
                cls
                for each in (*typed, node)
                if type(each) is not Literal
                for cls in self.objects(each, TYPE)
            )
            found = self._classes[types] = frozenset(
                closure(types, lambda each, _: self.above(each))
            )
        return found

    def stated(self, value: Term, predicate: str) -> bool:
        """Whether any node has a value for a predicate."""
        key = (predicate, value)
        if key in self._more_in:
            return True
        if key in self._less_in:
            return bool(self.subjects(value, predicate))
        return self.base.stated(value, predicate)

    def need_stated(self, nodes: Iterable[Term], predicate: str) -> None:
        """Announce the question whether some nodes are values of a predicate at all."""
        self.base.need_stated(
            (
                node
                for node in nodes
                if (predicate, node) not in self._more_in and (predicate, node) not in self._less_in
            ),
            predicate,
        )

    def above(self, cls: Term) -> Sequence[Term]:
        """The classes that one is stated to be a subclass of."""
        found = self.base.above(cls)
        if cls in self._less or cls in self._more:
            gone = [value for predicate, value in self._less.get(cls, ()) if predicate == BROADER]
            come = [value for predicate, value in self._more.get(cls, ()) if predicate == BROADER]
            return [value for value in found if value not in gone] + come
        return found

    def scratch(self, query: str, focus: Sequence[Term], /) -> Scratch | None:
        """The triples that a query can read for some nodes, ready to be asked."""
        from gsefgraph.engine.ask import Scratch
        from gsefgraph.shacl.change.reach import reach

        triples = reach(query, focus, self, self.base.order)
        return None if triples is None else Scratch.of(triples)

    def instances(self, cls: Term) -> Iterable[Term]:
        """Not at hand: raises EngineError."""
        raise EngineError(say("change.instances", name=cls))

    def subjects_of(self, predicate: str) -> Iterable[Term]:
        """Not at hand: raises EngineError."""
        raise EngineError(say("change.subjects", predicate=predicate))

    def objects_of(self, predicate: str) -> Iterable[Term]:
        """Not at hand: raises EngineError."""
        raise EngineError(say("change.values", predicate=predicate))


def _by_subject(facts: Iterable[Fact]) -> Mapping[Term, Sequence[tuple[str, Term]]]:
    found: dict[Term, list[tuple[str, Term]]] = {}
    for subject, predicate, value in facts:
        found.setdefault(subject, []).append((predicate, value))
    return found


def _by_value(facts: Iterable[Fact]) -> Mapping[tuple[str, Term], Sequence[Term]]:
    found: dict[tuple[str, Term], list[Term]] = {}
    for subject, predicate, value in facts:
        found.setdefault((predicate, value), []).append(subject)
    return found


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

        What the ontology states stays. A triple both added and removed stays, or comes: removal
        goes first.
        """
        more, less = facts(added), facts(removed)
        base.need_out(subject for subject, _, _ in (*more, *less))
        # What records point at is read by nearly every constraint on them.
        base.need_out(value for _, predicate, value in more if predicate != TYPE)
        try:
            known = {f for f in (*more, *less) if f[2] in base.out(f[0]).get(f[1], ())}
        except TooFar:
            base.forget_waiting()
            known = base.present((*more, *less))
        return cls(
            [fact for fact in more if fact not in known],
            [f for f in less if f in known and f not in more and not base.always(f)],
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
