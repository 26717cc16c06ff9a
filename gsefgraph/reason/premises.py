"""What a graph states that rules would join with new triples: enough to derive what follows.

Each new triple is put in the place of each premise that it fits; the other premises are looked up
one after another, bound to it, many at a time and in any engine. What a head says then counts as
new too, conditions aside, so that a rule finds what another one derives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, Variable

from gsefgraph.engine.base import Engine
from gsefgraph.engine.base import Pattern as Lookup
from gsefgraph.rdf.digraph import reached
from gsefgraph.reason.rule import ANY, Pattern, Rule
from gsefgraph.reason.rules import follows
from gsefgraph.sparql.path import Path
from gsefgraph.terms import Term

LIMIT = 20_000  # triples that one round of look-ups may bring in
_STEP = Variable("gsefgraphStep")
_Ground = tuple[Term | None, NamedNode | None, Term | None]


@dataclass(frozen=True)
class _Join:
    """A rule with some premises met.

    Attributes:
        rule: its number.
        row: bindings, as sorted pairs.
        left: premises that are not met yet.
    """

    rule: int
    row: tuple[tuple[str, Term], ...]
    left: tuple[Pattern, ...]

    @cached_property
    def bound(self) -> dict[str, Term]:
        """The bindings."""
        return dict(self.row)

    @cached_property
    def next(self) -> Pattern:
        """The premise to meet next: one that is bound to what is known."""

        def bound(premise: Pattern) -> int:
            slots = (premise.subject, premise.object)
            return sum(isinstance(slot, Variable) and slot.value in self.bound for slot in slots)

        return max(self.left, key=bound)


def around(
    new: Iterable[Triple],
    rules: Sequence[Rule],
    known: Iterable[Triple],
    engine: Engine,
    without: Iterable[str] = (),
    limit: int | None = None,
) -> tuple[list[Triple], bool]:
    """The stated triples that rules join with new ones.

    Parameters:
        new: the triples whose consequences are wanted.
        rules: in any order.
        known: triples that count as stated and need no look-up, those of the ontology.
        engine: the graph; what it derived before should be in it.
        without: IRIs of graphs that do not count.
        limit: how many triples one round of look-ups may bring in; `LIMIT` by default.

    Returns:
        The triples, sorted, and whether there were too many to take all.

    >>> from gsefgraph.engine import connect
    >>> from gsefgraph.reason.construct import read_rule
    >>> engine = connect("memory:")
    >>> engine.update("INSERT DATA { GRAPH <a:g> { <a:b> <a:p> <a:c> . <a:x> <a:p> <a:y> } }")
    >>> rule = read_rule("CONSTRUCT { ?x <a:q> ?z } WHERE { ?x <a:p> ?y . ?y <a:p> ?z }", "two.rq")
    >>> step = Triple(NamedNode("a:a"), NamedNode("a:p"), NamedNode("a:b"))
    >>> [str(triple) for triple in around([step], [rule], [], engine)[0]]
    ['<a:b> <a:p> <a:c>']
    """
    given = list(new)
    return _Around(rules, [*known, *given], engine, tuple(without), limit).of(given)


def consequences(
    stated: Iterable[Triple],
    rules: Sequence[Rule],
    engine: Engine,
    derived: NamedNode,
    wanted: Callable[[Triple], bool] = lambda _: True,
    limit: int | None = None,
) -> tuple[list[Triple], bool]:
    """What a graph derives by some rules from triples that it states, and not without them.

    Parameters:
        stated: the triples.
        rules: in any order; what a head does not take from its premises is not found.
        derived: the graph of what was derived.
        wanted: which derived triples matter; where there are none, nothing is derived again.
        limit: how many triples and ways to join them are looked at; no bound by default.

    Returns:
        The triples, sorted; none, and True, where there is too much around.

    >>> from gsefgraph.engine import connect
    >>> from gsefgraph.reason.construct import read_rule
    >>> from gsefgraph.reason.rules import inferred, materialise
    >>> engine = connect("memory:")
    >>> engine.update("INSERT DATA { GRAPH <a:g> { <a:b> <a:p> <a:c> . <a:a> <a:p> <a:b> } }")
    >>> rule = read_rule("CONSTRUCT { ?x <a:q> ?z } WHERE { ?x <a:p> ?y . ?y <a:p> ?z }", "two.rq")
    >>> step = Triple(NamedNode("a:a"), NamedNode("a:p"), NamedNode("a:b"))
    >>> materialise(engine, [rule])
    1
    >>> [str(triple) for triple in consequences([step], [rule], engine, inferred())[0]]
    ['<a:a> <a:q> <a:c>']
    """
    given = set(stated)
    search = _Around(rules, given, engine, (derived.value,), limit)
    near, cut = search.of(given)
    if cut:  # what is around would have to be judged whole
        return [], True
    patterns: dict[Lookup, None] = {
        (t.subject, t.predicate, t.object): None  # type: ignore[misc]
        for t in search.heads
        if wanted(t)
    }
    graphs: dict[Triple, set[object]] = {}
    for quad in engine.lookup(patterns) if patterns else ():
        graphs.setdefault(quad.triple, set()).add(quad.graph_name)
    found = {triple for triple, where in graphs.items() if where == {derived}}
    if found:  # conditions were left aside
        found &= set(follows({*near, *given}, rules))
    if found:
        found -= set(follows(set(near) - given, rules))
    return sorted(found, key=str), cut


class _Around:
    def __init__(
        self,
        rules: Sequence[Rule],
        known: Iterable[Triple],
        engine: Engine,
        without: Sequence[str],
        limit: int | None,
    ) -> None:
        self._limit = limit or LIMIT
        self._most = limit or float("inf")  # triples and joins that are followed
        self._rules = rules
        self._engine = engine
        self._without = without
        self._out: dict[object, dict[Triple, None]] = {}
        self._in: dict[object, dict[Triple, None]] = {}
        for triple in known:
            self._hold(triple)
        self._asked: set[_Ground] = set()
        self._cut = False
        self.heads: set[Triple] = set()
        self._by_key: dict[str, list[tuple[int, int]]] = {}
        for number, rule in enumerate(rules):
            for place, premise in enumerate(rule.premises):
                for key in _keys(premise):
                    self._by_key.setdefault(key, []).append((number, place))

    def of(self, new: Iterable[Triple]) -> tuple[list[Triple], bool]:
        found: set[Triple] = set()
        seen: set[object] = set()
        fresh, joins = list(new), list[_Join]()
        while fresh or joins:
            if len(seen) > self._most:
                self._cut = True
                break
            for triple in fresh:
                if triple not in seen:
                    seen.add(triple)
                    joins += self._started(triple)
            fresh = []
            wanted = {each: None for join in joins for each in self._needs(join)}
            if wanted:
                self._asked.update(wanted)
                found |= self._look_up(list(wanted))
            waiting, joins = joins, []
            for join in waiting:
                if any(True for _ in self._needs(join)):
                    joins.append(join)  # a path goes on
                elif not join.left:
                    fresh += self._heads(join)
                elif len(seen) <= self._most:
                    further = [each for each in self._advanced(join) if each not in seen]
                    seen.update(further)
                    joins += further
        return sorted(found, key=str), self._cut

    def _started(self, triple: Triple) -> Iterator[_Join]:
        """The rules that a triple is a premise of, each with that premise met."""
        for key in (triple.predicate.value, ANY):
            for number, place in self._by_key.get(key, ()):
                rule = self._rules[number]
                premise = rule.premises[place]
                left = (*rule.premises[:place], *rule.premises[place + 1 :])
                if isinstance(premise.predicate, Path):
                    # It may be any step of the path, which goes on from it both ways.
                    before = Pattern(premise.subject, premise.predicate, _STEP)
                    behind = Pattern(_STEP, premise.predicate, premise.object)
                    start: Term = triple.subject  # type: ignore[assignment]
                    yield _Join(number, ((_STEP.value, start),), (*left, before, behind))
                    continue
                row = premise.unify(triple)
                if row is not None:
                    yield _Join(number, tuple(sorted(row.items(), key=_first)), left)

    def _needs(self, join: _Join) -> Iterator[_Ground]:
        """Look-ups that meeting the next premise takes and that were not made."""
        if join.left:
            wanted = self._lookups(join.next, join.bound)
            yield from (each for each in wanted if each not in self._asked)
            return
        # What stands behind the nodes may keep the rule from holding (FILTER NOT EXISTS).
        rule = self._rules[join.rule]
        for predicate in sorted(rule.reads - {k for p in rule.premises for k in _keys(p)} - {ANY}):
            for _, node in join.row:
                for each in self._closure(node, [predicate], back=False):
                    ground = (each, NamedNode(predicate), None)
                    if not isinstance(each, Literal) and ground not in self._asked:
                        yield ground

    def _lookups(self, premise: Pattern, row: Mapping[str, Term]) -> Iterator[_Ground]:
        subject, value = _bound(premise.subject, row), _bound(premise.object, row)
        if isinstance(subject, Literal):
            return
        if not isinstance(premise.predicate, Path):
            predicate = _bound(premise.predicate, row)
            if isinstance(predicate, NamedNode) or predicate is None:
                yield subject, predicate, value
            return
        start, back = (subject, False) if subject is not None else (value, True)
        if start is None:
            return
        for node in self._closure(start, _keys(premise), back=back):
            for iri in _keys(premise):
                if back:
                    yield None, NamedNode(iri), node
                elif not isinstance(node, Literal):
                    yield node, NamedNode(iri), None

    def _advanced(self, join: _Join) -> Iterator[_Join]:
        """The join with its next premise met, in each way that it is."""
        premise, row = join.next, join.bound
        left = tuple(each for each in join.left if each is not premise)
        rows: list[Mapping[str, Term]] = []
        if isinstance(premise.predicate, Path):
            subject, value = _bound(premise.subject, row), _bound(premise.object, row)
            start, end = (
                (subject, premise.object) if subject is not None else (value, premise.subject)
            )
            if start is None:
                return
            if isinstance(end, Variable) and end.value not in row:
                nodes = self._closure(start, _keys(premise), back=subject is None)
                rows = [{**row, end.value: node} for node in nodes]
            else:
                rows = [row]
        else:
            for triple in self._matching(premise, row):
                found = premise.unify(triple)
                if found is not None and all(row.get(k, v) == v for k, v in found.items()):
                    rows.append({**row, **found})
        for each in rows:
            yield _Join(join.rule, tuple(sorted(each.items(), key=_first)), left)

    def _heads(self, join: _Join) -> Iterator[Triple]:
        row = join.bound
        for pattern in self._rules[join.rule].head:
            ground = pattern.ground(row)
            if ground is None or isinstance(ground[0], Literal):
                continue
            subject, predicate, value = ground
            if isinstance(predicate, NamedNode):
                triple = Triple(subject, predicate, value)  # type: ignore[arg-type]
                self._hold(triple)
                self.heads.add(triple)
                yield triple

    def _closure(self, start: Term, keys: Sequence[str], *, back: bool) -> list[Term]:
        """What predicates lead to, in any number of steps, as far as is known."""
        held = self._in if back else self._out

        def ahead(node: Term) -> list[Term]:
            found = (t for t in held.get(node, ()) if t.predicate.value in keys)
            return [t.subject if back else t.object for t in found]  # type: ignore[misc]

        return list({start: None, **reached([start], ahead)})

    def _matching(self, premise: Pattern, row: Mapping[str, Term]) -> Iterable[Triple]:
        subject = _bound(premise.subject, row)
        if subject is not None:
            return list(self._out.get(subject, ()))
        return list(self._in.get(_bound(premise.object, row), ()))

    def _hold(self, triple: Triple) -> None:
        self._out.setdefault(triple.subject, {})[triple] = None
        self._in.setdefault(triple.object, {})[triple] = None

    def _look_up(self, wanted: Sequence[_Ground]) -> set[Triple]:
        patterns: list[Lookup] = [
            (s, p, o)
            for s, p, o in wanted
            if (s is not None or o is not None) and not isinstance(s, Literal)
        ]
        quads = self._engine.lookup(patterns, without=self._without, limit=self._limit)
        found = {quad.triple for quad in quads} if patterns else set()
        self._cut = self._cut or len(found) >= self._limit
        for triple in sorted(found, key=str):
            self._hold(triple)
        return found


def _keys(premise: Pattern) -> list[str]:
    """IRIs of the predicates of a premise; `ANY` where it has a variable."""
    if isinstance(premise.predicate, Path):
        return list(premise.predicate.predicates())
    return [premise.predicate.value] if isinstance(premise.predicate, NamedNode) else [ANY]


def _bound(slot: object, row: Mapping[str, Term]) -> Term | None:
    if isinstance(slot, Variable):
        return row.get(slot.value)
    return slot if isinstance(slot, NamedNode | BlankNode | Literal) else None


def _first(pair: tuple[str, Term]) -> str:
    return pair[0]
