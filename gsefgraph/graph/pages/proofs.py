"""A proof told in sentences: what holds, by which rule or whose words, and what that rests on.

>>> from gsefgraph.graph.graph import Graph
>>> from gsefgraph.graph.words import plain
>>> with Graph.open() as graph:
...     proof = graph.explain("GSEF", "collaboratedWith", "OECD")
...     made = told_proof(graph.engine, graph.resolver, proof, "en")
>>> made.stance, len(list(made.leaves())), plain(made.premises[1].what)[:19]
('derived', 4, 'Global Social Econo')
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from gsefgraph.engine.base import Engine
from gsefgraph.evidence import Passage
from gsefgraph.graph.page import Fact, Reason, Stance
from gsefgraph.graph.pages.around import TYPE, Around
from gsefgraph.graph.pages.facts import goal_link
from gsefgraph.graph.pages.sentences import sentence, statement
from gsefgraph.graph.words import Words
from gsefgraph.reason.proof import Proof
from gsefgraph.records.resolve import Resolver
from gsefgraph.terms import GSEF

_HOLDERS: Final = tuple(f"{GSEF}{name}" for name in ("Participation", "Membership", "GoalLink"))
_MOST: Final = 200  # steps of a proof that are told


@dataclass(frozen=True, slots=True)
class Step:
    """Something that holds, and why.

    Attributes:
        stance: whether it is stated, concluded or derived.
        what: the sentence.
        triple: subject, predicate and object as N-Triples write them.
        rule: the sentence of the rule by which it follows; empty where it does not.
        premises: what the rule needs; empty where an earlier step of the proof has told them.
        passages: the words that it rests on, where it is stated.
        reason: of what is concluded.
        graphs: IRIs of the named graphs that state it.
    """

    stance: Stance
    what: Words
    triple: tuple[str, str, str]
    rule: str = ""
    premises: tuple[Step, ...] = ()
    passages: tuple[Passage, ...] = ()
    reason: Reason | None = None
    graphs: tuple[str, ...] = ()

    def leaves(self) -> Iterator[Step]:
        """What it rests on in the end, in order."""
        if not self.rule:
            yield self
        for premise in self.premises:
            yield from premise.leaves()


def told_proof(engine: Engine, resolver: Resolver, proof: Proof, lang: str) -> Step:
    """A proof in sentences; what several premises say of one participation is told once.

    Parameters:
        engine, resolver: the graph.
        proof: as `reason.explain` gives it.
        lang: en, fr or es.
    """
    subject = proof.triple.subject
    about = subject if isinstance(subject, NamedNode) else NamedNode("urn:gsefgraph:nothing")
    around = Around(engine, resolver, about, lang)
    every = [each.triple.subject for each in _all(proof)]
    subjects = list(dict.fromkeys(node for node in every if isinstance(node, NamedNode)))
    typed = engine.lookup([(node, NamedNode(TYPE), None) for node in subjects])
    holders = {q.subject for q in typed if getattr(q.object, "value", "") in _HOLDERS}
    around.hold([node for node in subjects if node in holders])
    return _Telling(around, resolver).step(proof)


def _all(proof: Proof) -> list[Proof]:
    found: dict[Triple, Proof] = {}
    waiting = [proof]
    while waiting and len(found) < _MOST:
        each = waiting.pop(0)
        if each.triple not in found:
            found[each.triple] = each
            waiting += each.premises
    return list(found.values())


class _Telling:
    def __init__(self, around: Around, resolver: Resolver) -> None:
        self._around = around
        self._names = resolver
        self._told: set[Triple] = set()

    def step(self, proof: Proof) -> Step:
        triple = proof.triple
        subject, predicate, value = triple.subject, triple.predicate, triple.object
        written = (str(subject), str(predicate), str(value))
        if isinstance(subject, Triple) or isinstance(value, Triple):
            return Step("stated", (str(triple),), written)
        what = sentence(self._around, subject, predicate, value)
        if proof.rule is None:
            link = self._goal_link(subject) if isinstance(subject, NamedNode) else None
            return Step(
                link.stance if link else "stated",
                what,
                written,
                passages=proof.passages,
                reason=link.reason if link else None,
                graphs=tuple(graph.value for graph in proof.graphs),
            )
        lang = self._around.lang
        rule = proof.rule.sentence(lang, lambda iri: self._names.label(iri, lang))
        first = triple not in self._told and len(self._told) < _MOST
        self._told.add(triple)
        premises: dict[Words, Step] = {}
        for each in proof.premises if first else ():
            told = self.step(each)
            premises.setdefault(told.what, told)
        return Step("derived", what, written, rule, tuple(premises.values()))

    def _goal_link(self, node: NamedNode) -> Fact | None:
        around = self._around
        whole = statement(around, node)
        if whole and around.is_a(node, "GoalLink"):
            return goal_link(around, node)
        return None
