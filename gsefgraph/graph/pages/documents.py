"""Documents, and the passages of their texts.

>>> from gsefgraph.graph.graph import Graph
>>> from gsefgraph.graph.words import plain
>>> from gsefgraph.graph.pages.around import Around
>>> graph = Graph.open()
>>> def of(name):
...     node = graph.resolver.resolve(name)
...     return Documents(Around(graph.engine, graph.resolver, node, "en").look(), str)

A document tells what it names; a passage of it what it supports:

>>> sections = list(filter(None, of("Praia Manifesto").document()))
>>> [(each.title, each.count) for each in sections]
[('Issued, adopted', 2), ('Mentioned in', 1)]
>>> evidence = sections[0].groups[0].facts[0].passages[0].evidence.value
>>> support, text = filter(None, of(evidence).passage())
>>> [plain(fact.what) for fact in support.groups[0].facts]
['“Praia Manifesto” was issued by Global Social Economy Forum']
>>> plain(text.groups[0].facts[0].what)
'In the text of: GSEF project: international advocacy'
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pyoxigraph import NamedNode, Triple

from gsefgraph.graph.page import Fact, Section
from gsefgraph.graph.pages.around import DCTERMS, MENTIONS, gsef
from gsefgraph.graph.pages.facts import (
    by_name,
    name,
    own,
    resting,
    section,
)
from gsefgraph.graph.pages.sentences import has_sentence, sentence, statement
from gsefgraph.graph.pages.teller import HEAD, Groups, Teller
from gsefgraph.graph.words import Words, told
from gsefgraph.terms import GSEF, Term

CONTENT: Final = ("recognises", "describes", "mentions")
FOLLOWING: Final = 20
"""Facts derived from what a passage supports that are told."""


class Documents(Teller):
    """Documents, and the passages of their texts."""

    def document(self) -> list[Section | None]:
        """Issued, adopted, launched; parts; what it recognises and mentions; passages."""
        around = self.around
        frame = self._ours(
            "issuedBy", "issued", "adoptedAt", "adoptedOn", "launchedAt", "respondsTo"
        )
        frame += self._own(f"{DCTERMS}language", f"{DCTERMS}source", f"{DCTERMS}rights")
        _, _, links = self._split("subject")
        parts: Groups = [
            ("", self._own(f"{DCTERMS}isPartOf")),
            (self._say("page.items"), self._things(f"{DCTERMS}isPartOf")),
            (self._say("page.answers"), self._of("respondsTo")),
        ]

        def bare(_: str, value: object) -> Words:
            return name(around, value) if isinstance(value, NamedNode) else (str(value),)

        content: Groups = []
        for predicate in CONTENT:
            self.told_own.add(gsef(predicate))
            facts = own(around, gsef(predicate), words=bare)
            content.append((self._say(f"content.{predicate}"), by_name(facts)))
        passages: list[Fact] = self._passages()
        text = self._ours("textDigest")
        quoted: Groups = [("", text), (self._say("page.quoted") if text else "", passages)]
        about: Groups = [
            (self._say("page.described-in"), self._of("describes")),
            (self._say("page.mentioned-in"), self._of("mentions")),
        ]
        return [
            section(around, "frame", [("", frame)], title_key="document-frame"),
            section(around, "parts", parts),
            self._goals(links),
            self._topics(),
            section(around, "content", content, count=self._own_count(*CONTENT)),
            section(around, "passages", quoted, count=self._count("source")),
            section(around, "mentions", about),
        ]

    def _passages(self) -> list[Fact]:
        around = self.around
        nodes = self._in(gsef("source"))
        around.rest_on(nodes)
        found = []
        for node in nodes:
            for passage in around.passages.get(node, ())[:1]:
                found.append((passage.start or 0, passage.end or 0, self._passage(passage)))
        return [fact for _, _, fact in sorted(found, key=lambda each: each[:2])]

    def _sentence(self, node: NamedNode, predicate: str, value: Term) -> Fact:
        what = sentence(self.around, node, NamedNode(predicate), value)
        passages = resting(self.around, node, predicate, value)
        triple = (str(node), f"<{predicate}>", str(value))
        return Fact("stated", what, passages=passages, triple=triple)

    def _named(self, node: NamedNode) -> Fact:
        """That a passage speaks of a thing of which its text says no more."""
        around = self.around
        triple = (str(node), f"<{gsef('evidence')}>", str(around.node))
        what = told("line.speaks-of", self.lang, object=around.ref(node))
        mine = [each for each in around.passages.get(node, ()) if each.evidence == around.node]
        return Fact("stated", what, passages=tuple(mine), triple=triple)

    def _following(self, rested: Sequence[Triple]) -> tuple[list[Fact], bool]:
        """What is derived from triples and joins things that no sentence about them joins."""
        around = self.around
        together: list[set[Term | Triple]] = []
        for subject in dict.fromkeys(triple.subject for triple in rested):
            if isinstance(subject, NamedNode) and statement(around, subject):
                every = around.predicates(subject)
                together.append({subject, *(v for p in every for v in around.values(subject, p))})
        together += ({triple.subject, triple.object} for triple in rested)

        def wanted(triple: Triple) -> bool:
            ends = {triple.subject, triple.object}
            name = triple.predicate.value
            told = name.startswith(GSEF) and has_sentence(name)
            return (
                told
                and isinstance(triple.object, NamedNode)
                and not any(ends <= each for each in together)
            )

        derived, perhaps = self.follows(rested, wanted)
        found: dict[frozenset[Term | Triple], Triple] = {}
        for triple in derived:  # of what holds both ways one
            found.setdefault(frozenset((triple.subject, triple.object)), triple)
        around.hold([], also=[term for ends in found for term in ends], quoted=False)
        facts = [
            Fact("derived", sentence(around, s, p, o), triple=(str(s), str(p), str(o)))
            for s, p, o in found.values()
        ]
        return by_name(facts), perhaps

    def passage(self) -> list[Section | None]:
        """What these words support, and what is derived from that."""
        around = self.around
        self.told_own.update(gsef(n) for n in ("quote", "start", "end", "note", "supports"))
        nodes = self._in(gsef("evidence"))
        around.hold(nodes)
        supported = around.things(around.node, gsef("supports"))
        facts: list[Fact] = []
        rested: list[Triple] = []
        for node in nodes:
            told_whole = self._whole([node])
            if told_whole:
                facts += told_whole
                rested += (
                    Triple(node, NamedNode(predicate), value)
                    for predicate in around.predicates(node)
                    if not supported or NamedNode(predicate) in supported
                    for value in around.values(node, predicate)
                )
                continue
            graphs = around.graphs(node, gsef("evidence"), around.node)
            around.read_names(around.things(node, MENTIONS.value))
            for predicate in sorted(around.predicates(node), key=gsef("endDate").__eq__):
                if predicate == gsef("evidence") or (
                    supported and NamedNode(predicate) not in supported
                ):
                    continue
                if not supported and predicate in HEAD:
                    continue
                for value in around.values(node, predicate):
                    if graphs & around.graphs(node, predicate, value):
                        fact = self._sentence(node, predicate, value)
                        words = {passage.evidence for passage in fact.passages}
                        if not words or around.node in words:
                            facts.append(fact)
                            rested.append(Triple(node, NamedNode(predicate), value))
        if not facts:
            facts += map(self._named, nodes)
        derived, perhaps = self._following(rested)
        texts = self._ours("source", "checked")
        return [
            section(
                around,
                "supports",
                [("", [*facts, *derived[:FOLLOWING]])],
                count=len(facts) + len(derived),
                note=self._say("page.perhaps-more") if perhaps else "",
            ),
            section(around, "text", [("", texts)]),
        ]
