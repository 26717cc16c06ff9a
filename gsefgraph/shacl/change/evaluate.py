"""New and removed triples judged beside a large graph (SHACL, section 3.4, and what it leaves out).

What is found is what the whole graph with the change would show and, without it, would not: by the
identity of results. Only what the change can reach is looked up, in a number of questions that
depends on the shapes; what cannot be bounded so is evaluated on the whole graph, twice, and named.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from gsefgraph.engine.base import Engine
from gsefgraph.limits import NO_LIMITS, Limits
from gsefgraph.shacl.change.base import Base, TooFar
from gsefgraph.shacl.change.candidates import (
    TOO_FAR,
    Candidates,
    Focus,
    announce,
    broken,
)
from gsefgraph.shacl.change.often import counted, is_reached
from gsefgraph.shacl.change.plan import Split, order, split
from gsefgraph.shacl.change.view import Change, Lazy
from gsefgraph.shacl.judge.judge import judge
from gsefgraph.shacl.judge.memory import Memory
from gsefgraph.shacl.result import Result, Way
from gsefgraph.shacl.shapes.model import Constraint, Model

LIMIT = 50_000  # quads looked up before the whole graph is evaluated instead
_NO_LIMIT = 1 << 62
_EACH = 100  # and so many more for each changed triple


@dataclass(frozen=True, slots=True)
class Overlay:
    """What a change does to the results of a graph.

    Attributes:
        results: those that the graph has after the change and not before, as often as after it.
        whole: constraints that were evaluated on the whole graph, and why, in English.
        view: the graph after the change, as far as it was looked up; more is when it is read.
        lookups: how often the engine was asked, whole evaluations aside.
    """

    results: Sequence[Result]
    whole: Sequence[Way]
    view: Lazy
    lookups: int


def overlay(
    model: Model,
    engine: Engine,
    added: Iterable[Triple],
    removed: Iterable[Triple] = (),
    *,
    ontology: Sequence[Triple] = (),
    graph: str | None = None,
    without: Iterable[str] = (),
    limit: int = LIMIT,
    limits: Limits = NO_LIMITS,
) -> Overlay:
    """What adding and removing triples brings to light.

    Parameters:
        model: the shapes; what is worked out of them is kept for the next call with the same one.
        engine: the graph as it is; nothing is written to it.
        added: new triples; literals as the engine would write them. Their blank nodes must have
            labels that the engine does not use for others.
        removed: triples that go, exactly as the engine has them. Where one is also added, it stays.
        ontology: triples that count as stated, before and after; kept like the model when the same
            list is given again.
        graph: judge the triples of this named graph alone.
        without: IRIs of graphs that do not count.
        limit: quads that may be looked up, above a hundred for each changed triple.
        limits: of evaluations of the whole graph.

    Returns:
        The results, sorted by shape in the order of the model. An endpoint cannot be asked about
        its blank nodes: there, what lies behind one is not seen.

    Errors:
        EngineError; SyntaxFault or UsageError for a query of sh:sparql that is not one.

    >>> from gsefgraph.engine.embedded import Embedded
    >>> from gsefgraph.shacl.shapes.model import Shape, Target
    >>> from gsefgraph.sparql.path import Path
    >>> shape = Shape("urn:s", path=Path.of("urn:p"), constraints=(Constraint("MaxCount", 1),),
    ...               targets=(Target("subjectsOf", NamedNode("urn:p")),))
    >>> engine = Embedded()
    >>> engine.update("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:p> 1 . <urn:b> <urn:p> 1, 2 } }")
    >>> new = Triple(NamedNode("urn:a"), NamedNode("urn:p"), NamedNode("urn:o"))
    >>> [result.focus.value for result in overlay(Model({"urn:s": shape}), engine, [new]).results]
    ['urn:a']
    """
    more, less = list(added), list(removed)
    telling = order(model, engine)
    base = Base(
        engine,
        _memory(ontology),
        graph=None if graph is None else NamedNode(graph),
        without=without,
        limit=limit + _EACH * (len(more) + len(less)),
        order=telling,
    )
    return _Overlay(split(model, telling), base, ontology, limits).run(more, less)


class _Overlay:
    """One call."""

    def __init__(
        self,
        parts: Split,
        base: Base,
        ontology: Sequence[Triple],
        limits: Limits,
    ) -> None:
        self.parts = parts
        self.base = base
        self.ontology = ontology
        self.limits = limits
        # Units that the whole graph answers, with the reason.
        self.whole: dict[str, str] = {}

    def run(self, added: Sequence[Triple], removed: Sequence[Triple]) -> Overlay:
        change = Change.of(self.base, added, removed)
        self.before = Lazy(self.base)
        self.after = Lazy(self.base, change.added, change.removed)
        common = Lazy(self.base, (), change.removed)
        results: list[Result] = []
        touched: Iterable[str] = ()
        if not change.added and not change.removed:
            return Overlay([], [], self.after, self.base.lookups)
        try:
            change.retype(self.before, self.after)
            found = Candidates(self.parts, change, (self.before, self.after, common))
        except TooFar:
            self.base.forget_waiting()
            self.whole = dict.fromkeys(self.parts.units, TOO_FAR)
        else:
            self.whole, touched = found.whole, found.touched
            focus = {unit: n for unit, n in found.focus.items() if unit not in self.whole}
            results = self._new(focus)
        constraints = self._wholly(touched)
        if constraints:
            from gsefgraph.shacl.change.whole import evaluate

            results += evaluate(
                self.parts,
                self.base,
                self.ontology,
                change,
                constraints,
                self.limits,
            )
        self.base.left = _NO_LIMIT
        return Overlay(
            counted(self.parts, self.after, self._sorted(results)),
            [
                Way(self.parts.full.rule(unit), constraint.component, "whole", why)
                for unit, each in constraints.items()
                for constraint, why in each
            ],
            self.after,
            self.base.lookups,
        )

    def _new(self, focus: Focus) -> list[Result]:
        """Results of some units that were not there before; what reaches too far is noted."""
        try:
            return self._difference(focus)
        except TooFar:
            self.base.forget_waiting()
        results = []
        for unit, nodes in focus.items():
            try:
                results += self._difference({unit: nodes})
            except TooFar:
                self.base.forget_waiting()
                self.whole[unit] = TOO_FAR
        return results

    def _difference(self, focus: Focus) -> list[Result]:
        found = self._judge(focus, self.after)
        if not found:
            return []
        again: Focus = {}
        for result in found:
            again.setdefault(result.shape, {})[result.focus] = None
        old = {result.identity for result in self._judge(again, self.before)}
        # What was wrong before was no finding where no shape came to look at it.
        units = self.parts.units
        announce(
            self.before, [(units[s].targets, nodes) for s, nodes in again.items() if s in units]
        )
        return [
            result
            for result in found
            if result.identity not in old
            or not is_reached(self.parts, self.before, result.shape, result.focus)
        ]

    def _judge(self, focus: Focus, view: Lazy) -> list[Result]:
        shapes = self.parts.model.shapes
        # The judge walks the path of a shape even if it has nothing to ask there.
        results = judge(
            self.parts.model,
            view,
            {s: nodes for s, nodes in focus.items() if shapes[s].constraints},
            once=True,
        )
        for shape, nodes in focus.items():
            unit = self.parts.units.get(shape)
            for constraint in () if unit is None else unit.chains:
                results += broken(self.parts.full.shapes[shape], constraint, view, nodes)
        return results

    def _wholly(self, touched: Iterable[str]) -> dict[str, list[tuple[Constraint, str]]]:
        """What the whole graph must answer, by unit, in the order of the model."""
        found: dict[str, list[tuple[Constraint, str]]] = {}
        wanted = {*touched}
        for name, unit in self.parts.units.items():
            if name in self.whole:
                why = self.whole[name]
                found[name] = [(each, why) for each in unit.bounded]
            if name in wanted or self.whole.get(name) == TOO_FAR:
                found.setdefault(name, []).extend(
                    (each, "; ".join(reasons)) for each, reasons in unit.whole
                )
        return {name: each for name, each in found.items() if each}

    def _sorted(self, results: Iterable[Result]) -> list[Result]:
        order = {shape: number for number, shape in enumerate(self.parts.full.shapes)}
        once = {result.identity: result for result in results}
        return sorted(once.values(), key=lambda result: order.get(result.shape, -1))


def _memory(triples: Sequence[Triple]) -> Memory:
    """Triples ready to be read, kept for the lists that were given last."""
    for known, found in tuple(_KNOWN):  # another thread may add to it
        if known is triples:
            return found
    found = Memory(triples)
    _KNOWN.append((triples, found))
    return found


_KNOWN: deque[tuple[Sequence[Triple], Memory]] = deque(maxlen=4)
