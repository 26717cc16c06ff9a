"""The order of a page: which sections a thing of each class has.

>>> from gsefgraph.graph.graph import Graph
>>> graph = Graph.open()
>>> for name in ("GSEF", "Laurence Kwark", "habitat-iii", "sdg:17", "gsef:Event"):
...     around = Around(graph.engine, graph.resolver, graph.resolver.resolve(name), "en").look()
...     print(kind_of(around), *(section.key for section in sections(around, str)))
organisation events people partners memberships documents goals mentions
person positions appearances organisations mentions
event frame documents
goal serves targets
anything statements incoming
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from gsefgraph.graph.page import Fact, Section
from gsefgraph.graph.pages.agents import Agents
from gsefgraph.graph.pages.around import SHOWN, TYPE, Around, gsef
from gsefgraph.graph.pages.concepts import Concepts
from gsefgraph.graph.pages.documents import Documents
from gsefgraph.graph.pages.events import Events
from gsefgraph.graph.pages.facts import by_name, line, section
from gsefgraph.graph.pages.sentences import has_sentence, sentence, term_name
from gsefgraph.graph.pages.teller import HEAD, NOT_TOLD, REGISTERS, Follows, Rules, nothing
from gsefgraph.graph.words import told
from gsefgraph.terms import FOREIGN, RDF, RDFS

FOREIGN_NAMES: Final = (
    FOREIGN["schema"], FOREIGN["foaf"], FOREIGN["lode"], FOREIGN["org"], FOREIGN["prov"],
    FOREIGN["skos"],
)  # fmt: skip
"""Vocabularies in which the same is said again."""


def sections(around: Around, rule: Rules, follows: Follows = nothing) -> list[Section]:
    """The sections of a page, in order, none empty; the last has what no other tells."""
    kind = kind_of(around)
    teller = _Teller(around, rule, follows)
    found = [each for each in getattr(teller, kind)() if each]
    found += teller.rest()
    words = teller.words(found)
    return [*found, words] if words else found


def kind_of(around: Around) -> str:
    """By which order a thing is told."""
    classes = around.classes(around.node)
    for cls, kind in (
        (gsef("Participation"), "holder"),
        (gsef("Membership"), "holder"),
        (gsef("GoalLink"), "holder"),
        (gsef("Evidence"), "passage"),
        (gsef("Organisation"), "organisation"),
        (gsef("Person"), "person"),
        (gsef("Event"), "event"),
        (gsef("Document"), "document"),
        (gsef("Place"), "place"),
        (f"{FOREIGN['sdgo']}Goal", "goal"),
        (f"{FOREIGN['sdgo']}Target", "goal"),
        (gsef("Topic"), "concept"),
        (gsef("Kind"), "concept"),
        (gsef("Role"), "concept"),
    ):
        if cls in classes:
            return kind
    return "anything"


class _Teller(Agents, Events, Documents, Concepts):
    """Tells things of every class."""

    def anything(self) -> list[Section | None]:
        """What is stated, what points to it, what is derived: of a class that is not ours."""
        return []

    def rest(self) -> list[Section]:
        """What no section has told yet, so that every stated fact can be found."""
        around = self.around
        found: list[Section | None] = []
        generic = kind_of(around) == "anything"
        registers = self._own(*REGISTERS)
        others = self._own(*[p for p in around.predicates(around.node) if p not in self.told_own])
        left = [
            predicate
            for predicate in around.incoming_predicates()
            if predicate not in self.told_in and predicate not in NOT_TOLD
        ]
        around.hold([node for p in left for node in around.incoming(p)[:SHOWN]])
        pointing: list[Fact] = []
        for predicate in left:
            nodes = self._in(predicate)
            for node in nodes:
                joins = [] if predicate == TYPE else self._whole([node])
                pointing += joins or [self._pointing(node, predicate)]
        found.append(section(around, "statements" if generic else "others", [("", others)]))
        found.append(section(around, "incoming", [("", by_name(pointing))]))
        if generic:
            found.append(section(around, "derived", [("", self._derived())]))
        found.append(section(around, "registers", [("", registers)]))
        return [each for each in found if each]

    def _pointing(self, node: NamedNode, predicate: str) -> Fact:
        around = self.around
        what = sentence(around, node, NamedNode(predicate), around.node)
        if not has_sentence(predicate):
            named = term_name(around, predicate)
            what = told("line.incoming", self.lang, subject=around.ref(node), property=named)
        passages = around.pointing_passages(node, predicate)
        triple = (str(node), f"<{predicate}>", str(around.node))
        return Fact("stated", what, passages=passages, triple=triple)

    def words(self, sections: list[Section]) -> Section | None:
        """The passages of the thing that no fact of its page rests on."""
        around = self.around
        shown = {
            passage.evidence
            for each in sections
            for group in each.groups
            for fact in group.facts
            for passage in fact.passages
        }
        facts = [
            self._passage(passage)
            for passage in around.passages.get(around.node, ())
            if passage.evidence not in shown
        ]
        return section(around, "words", [("", facts)])

    def _derived(self) -> list[Fact]:
        """What only rules say, of a thing of a class that is not ours."""
        around = self.around
        found = []
        node = around.node
        for predicate in around.predicates(node, derived=True):
            if predicate.startswith((RDF, RDFS, *FOREIGN_NAMES)) or predicate in HEAD:
                continue
            stated = set(around.values(node, predicate))
            for value in around.values(node, predicate, derived=True):
                if value not in stated:
                    triple = (str(node), f"<{predicate}>", str(value))
                    found.append(Fact("derived", line(around, predicate, value), triple=triple))
        return found
