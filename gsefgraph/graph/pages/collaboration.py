"""Who an organisation has worked with, and why that follows: the events that they had in common.

>>> from gsefgraph.graph.graph import Graph
>>> graph = Graph.open()
>>> inaes = Around(graph.engine, graph.resolver, graph.resolver.resolve("INAES"), "en").look()
>>> rules = {rule.name: rule.sentence("en") for rule in graph.rules}
>>> found = partners(inaes, inaes.incoming(gsef("agent")), rules.get)
>>> found[0].number, found[0].stance, plain(found[0].what)
(1, 'derived', 'Global Social Economy Forum (GSEF)')
>>> found[0].derivation.rule[:77]
'two organisations have collaborated when one organises, co-organises or hosts'
>>> for premise in found[0].derivation.premises:
...     print(plain(premise)[:80])
National Institute of Social Economy (Mexico) organised “Webinar series promotin
Global Social Economy Forum was a partner of “Webinar series promoting the SSE a
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from pyoxigraph import NamedNode

from gsefgraph.graph.page import Fact
from gsefgraph.graph.pages.around import Around, gsef
from gsefgraph.graph.pages.facts import derived, name, resting
from gsefgraph.graph.pages.sentences import slug, statement
from gsefgraph.graph.words import joined, plain, told
from gsefgraph.terms import SKOS

_HOLDS: Final = frozenset(("organiser", "co-organiser", "host"))
_WITH: Final = _HOLDS | {"partner"}


def partners(around: Around, taking: Sequence[NamedNode], rule: Callable[[str], str]) -> list[Fact]:
    """The organisations that the page's has collaborated with, numbered: most in common first.

    Parameters:
        taking: its participations.
        rule: gives the sentence of a rule by its name.
    """
    node = around.node
    stated = {
        **dict.fromkeys(around.things(node, gsef("collaboratesWith"))),
        **dict.fromkeys(around.incoming(gsef("collaboratesWith"))),
    }
    every = dict.fromkeys(
        [*stated, *around.things(node, gsef("collaboratedWith"), derived=True)]
    )  # what derives both ways is here, stated or not
    every.pop(node, None)
    common = _common(around, taking) if every else {}
    around.rest_on([theirs for pairs in common.values() for _, theirs in pairs])
    found = []
    for other in every:
        shared = common.get(other, [])
        events = dict.fromkeys(around.thing(mine, gsef("event")) for mine, _ in shared)
        more = []
        if events:
            refs = joined([(around.ref(e),) for e in events if e is not None], "\u2009·\u2009")
            more.append(told("more.together", around.lang, events=refs))
        if other in stated:
            ours = other in around.things(node, gsef("collaboratesWith"))
            subject, value = (node, other) if ours else (other, node)
            resting_on = (
                resting(around, node, gsef("collaboratesWith"), other)
                if ours
                else around.pointing_passages(other, gsef("collaboratesWith"))
            )
            triple = (str(subject), f"<{gsef('collaboratesWith')}>", str(value))
            fact = Fact(
                "stated", name(around, other), tuple(more), passages=resting_on, triple=triple
            )
        else:
            premises = [statement(around, each) for pair in shared for each in pair]
            fact = derived(
                around,
                name(around, other),
                rule("collaborated-with"),
                list(dict.fromkeys(premises)),
                (str(node), f"<{gsef('collaboratedWith')}>", str(other)),
                more=more,
                nodes=[each for pair in shared for each in pair],
            )
        found.append((-len(events), plain(fact.what).casefold(), fact))
    ordered = [fact for _, _, fact in sorted(found, key=lambda each: each[:2])]
    return [replace(fact, number=number) for number, fact in enumerate(ordered, 1)]


def _common(
    around: Around, taking: Sequence[NamedNode]
) -> dict[NamedNode, list[tuple[NamedNode, NamedNode]]]:
    """Organisation -> pairs of participations, the page's and its own, that make them partners."""
    mine = {
        node: event
        for node in taking
        if _roles(around, node) & _WITH and (event := around.thing(node, gsef("event")))
    }
    theirs: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    for node in around.pointing("event", mine.values(), quoted=False):
        event = around.thing(node, gsef("event"))
        if event is not None:
            theirs[event].append(node)
    found: dict[NamedNode, list[tuple[NamedNode, NamedNode]]] = defaultdict(list)
    for node, event in mine.items():
        ours = _roles(around, node)
        for other in theirs[event]:
            agent = around.thing(other, gsef("agent"))
            its = _roles(around, other)
            meets = (ours & _HOLDS and its & _WITH) or (ours & _WITH and its & _HOLDS)
            if agent is not None and agent != around.node and meets:
                found[agent].append((node, other))
    return found


def _roles(around: Around, node: NamedNode) -> set[str]:
    """The role of a participation, and those that it is a case of."""
    found: set[str] = set()
    waiting = around.things(node, gsef("role"))
    while waiting:
        role = waiting.pop()
        if slug(role) not in found:
            found.add(slug(role))
            waiting += around.things(role, f"{SKOS}broader")
    return found
