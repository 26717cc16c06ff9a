"""Running rules to their fixed point: what follows goes to a graph of its own.

Every rule is asked of the engine as a CONSTRUCT of what is not there yet. Rules run in the order in
which they feed each other, those that feed each other in turn together, and again only after
triples that they read have come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import NamedNode, Quad, Triple

from gsefgraph.engine.base import Engine, Triples
from gsefgraph.errors import UsageError
from gsefgraph.rdf.digraph import components
from gsefgraph.reason.rule import ANY, Rule, key
from gsefgraph.terms import Names
from gsefgraph.wording import say

MAX_STEPS = 10_000
"""Steps after which rules are held to have no end, as one that mints an IRI from its own result."""


def inferred(names: Names | None = None) -> NamedNode:
    """The named graph of derived triples.

    >>> inferred().value
    'https://w3id.org/gsefgraph/graph/inferred'
    """
    return NamedNode((names or Names()).graph("inferred"))


def materialise(engine: Engine, rules: Iterable[Rule], graph: NamedNode | None = None) -> int:
    """Derive all that follows from what an engine states and keep it there, in a graph of its own.

    An embedded engine in memory works in place. Another gets all at once: each of its writes costs
    more than a copy in memory does, and half of what follows is never seen.

    Parameters:
        engine: what it held in that graph before is dropped.
        rules: compiled axioms and rule files, in any order.
        graph: where derived triples go; `inferred` by default.

    Returns:
        How many triples follow that no named graph states.

    Errors:
        EngineError: as the engine raises it; in memory the graph of derived triples is then empty.
        UsageError: rules without an end.

    >>> from gsefgraph.engine import connect
    >>> from gsefgraph.reason.construct import read_rule
    >>> engine = connect("memory:")
    >>> engine.update("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:p> <urn:b> } }")
    >>> rule = read_rule("CONSTRUCT { ?y <urn:q> ?x } WHERE { ?x <urn:p> ?y }", "back.rq")
    >>> materialise(engine, [rule])
    1
    """
    target = graph or inferred()
    rules = tuple(rules)
    if engine.info().get("place") != "memory":
        derived = infer(engine, rules, target)
        engine.replace(target, derived)
        return len(derived)
    engine.replace(target, ())
    try:
        return sum(len(batch) for batch in _run(engine, rules, target))
    except BaseException:
        engine.replace(target, ())
        raise


def infer(
    engine: Engine, rules: Iterable[Rule], graph: NamedNode | None = None
) -> tuple[Triple, ...]:
    """All that follows from what an engine states, without changing that engine.

    Parameters:
        engine: read whole; its derived triples are left aside.
        rules: compiled axioms and rule files, in any order.
        graph: the engine's graph of derived triples; `inferred` by default.

    Returns:
        Triples that follow and that no named graph states, sorted as N-Triples.

    Errors:
        EngineError: as the engine raises it. UsageError: rules without an end.

    >>> from gsefgraph.engine import connect
    >>> infer(connect("memory:"), [])
    ()
    """
    from gsefgraph.engine.embedded import Embedded

    target = graph or inferred()
    scratch = Embedded()
    try:
        scratch.load(quad for quad in engine.dump() if quad.graph_name != target)
        found = [triple for batch in _run(scratch, tuple(rules), target) for triple in batch]
    finally:
        scratch.close()
    return tuple(sorted(found, key=str))


def follows(triples: Iterable[Triple], rules: Iterable[Rule]) -> tuple[Triple, ...]:
    """What follows from triples alone, sorted, without changing any graph.

    >>> follows([], [])
    ()
    """
    from gsefgraph.engine.embedded import Embedded

    engine = Embedded()
    graph = NamedNode("urn:x-gsefgraph:given")
    engine.load(Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    return infer(engine, rules)


def _run(engine: Engine, rules: Sequence[Rule], graph: NamedNode) -> Iterator[list[Triple]]:
    levels = _levels(rules)
    readers: dict[str, set[int]] = defaultdict(set)
    for index, rule in enumerate(rules):
        for read in rule.reads:
            readers[read].add(index)
    waiting = set(range(len(rules)))
    for _ in range(MAX_STEPS):
        if not waiting:
            return
        level = min(levels[index] for index in waiting)
        now = sorted(index for index in waiting if levels[index] == level)
        waiting.difference_update(now)
        new: dict[Triple, None] = {}
        for index in now:
            for text in rules[index].news():
                answer = engine.query(text)
                if isinstance(answer, Triples):
                    new.update(dict.fromkeys(answer.triples))
        if new:
            batch = list(new)
            engine.load(Quad(t.subject, t.predicate, t.object, graph) for t in batch)
            for fresh in {key(triple) for triple in batch}:
                waiting |= readers[fresh]
            waiting |= readers[ANY]
            yield batch
    names = ", ".join(sorted({rules[index].name for index in waiting})[:5])
    raise UsageError(
        say("rule.endless", steps=MAX_STEPS, names=names),
        hint=say("rule.mints"),
    )


def _levels(rules: Sequence[Rule]) -> list[int]:
    """For each rule its place in the order of who feeds whom; a cycle shares one place.

    Rules that read or write any predicate come last, since they would join all into one cycle.
    """
    makers: dict[str, list[int]] = defaultdict(list)
    wide = [ANY in rule.reads or ANY in rule.writes for rule in rules]
    for index, rule in enumerate(rules):
        for written in rule.writes:
            if not wide[index]:
                makers[written].append(index)
    feeds = {
        index: [maker for read in sorted(rule.reads) for maker in makers[read]]
        for index, rule in enumerate(rules)
        if not wide[index]
    }
    depth: dict[int, int] = {}
    # Components come out makers first, so that a rule's makers have their depth before it.
    for group in components(feeds):
        before = {maker for index in group for maker in feeds[index]}.difference(group)
        depth |= dict.fromkeys(group, max((depth[maker] + 1 for maker in before), default=0))
    last = max(depth.values(), default=0) + 1
    return [depth.get(index, last) for index in range(len(rules))]
