"""The parts of which every page is told, whatever its class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from pyoxigraph import NamedNode, Triple

from gsefgraph.answers.footnotes import place
from gsefgraph.evidence import Passage
from gsefgraph.graph.page import Fact, Section
from gsefgraph.graph.pages.around import DCTERMS, Around, gsef
from gsefgraph.graph.pages.facts import (
    beside,
    by_name,
    capital,
    code_of,
    goal_link,
    held,
    name,
    newest,
    own,
    section,
    thing,
    things,
    title,
)
from gsefgraph.graph.pages.sentences import TOOK, slug, statement
from gsefgraph.graph.words import Ref, Words, joined, told
from gsefgraph.terms import FOREIGN, RDF, SKOS
from gsefgraph.wording import say

Groups: TypeAlias = list[tuple[str, Sequence[Fact]]]
Rules: TypeAlias = Callable[[str], str]
"""What gives the sentence of a rule by its name."""
Follows: TypeAlias = Callable[
    [Iterable[Triple], Callable[[Triple], bool]], tuple[list[Triple], bool]
]
"""What gives what is derived from triples, if it matters, and whether that may not be all."""


def nothing(
    _stated: Iterable[Triple], _wanted: Callable[[Triple], bool]
) -> tuple[list[Triple], bool]:
    """That nothing is derived.

    >>> nothing([], bool)
    ([], False)
    """
    return [], False


ORGANISING: Final = ("organiser", "co-organiser", "host", "partner")
PROGRAMME: Final = ("opening-speaker", "moderator", "speaker")
HEAD: Final = frozenset(
    (f"{RDF}type", f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{SKOS}notation", f"{SKOS}inScheme",
     f"{SKOS}topConceptOf", gsef("kind"), gsef("acronym"), gsef("evidence"),
     f"{DCTERMS}isReplacedBy")
)  # fmt: skip
"""What the head of a page tells, and what is no fact about a thing."""
REGISTERS: Final = (f"{FOREIGN['schema']}sameAs", f"{SKOS}exactMatch")
NOT_TOLD: Final = frozenset(
    (f"{SKOS}hasTopConcept", f"{FOREIGN['prov']}hadPrimarySource", gsef("evidence"),
     f"{DCTERMS}isReplacedBy")
)  # fmt: skip
"""What points to a thing and is told elsewhere, or is no fact about it."""
SERVED: Final = ("Event", "Document", "Organisation", "Person", "Place", "recognises", "other")
"""Groups of what has a concept or serves a goal."""


class Teller:
    """Tells a thing in the order of its class, and keeps what was told."""

    def __init__(self, around: Around, rule: Rules, follows: Follows = nothing) -> None:
        self.around = around
        self.rule = rule
        self.follows = follows
        self.lang = around.lang
        self.told_own: set[str] = set(HEAD)
        self.told_in: set[str] = set()

    def _say(self, key: str) -> str:
        return say(key).text(self.lang)

    def _own(self, *predicates: str) -> list[Fact]:
        self.told_own.update(predicates)
        return own(self.around, *predicates)

    def _ours(self, *names: str) -> list[Fact]:
        return self._own(*map(gsef, names))

    def _in(self, *predicates: str) -> list[NamedNode]:
        self.told_in.update(predicates)
        return self.around.incoming(*predicates)

    def _things(self, *predicates: str) -> list[Fact]:
        """What points to the thing, by name."""
        found = []
        for predicate in predicates:
            for node in self._in(predicate):
                passages = self.around.pointing_passages(node, predicate)
                found.append(thing(self.around, node, predicate=predicate, passages=passages))
        return by_name(found)

    def _of(self, *names: str) -> list[Fact]:
        return self._things(*map(gsef, names))

    def _count(self, *names: str) -> int | None:
        """How many point to the thing with some properties, where not all were read.

        Of those that do as their agent, how many do in an event.
        """
        around = self.around
        if not around.many:
            return None
        number = sum(around.counts.get(gsef(name), 0) for name in names)
        return number - around.posts if "agent" in names else number

    def _own_count(self, *names: str) -> int | None:
        """How many values the thing has of some properties, where not all were read."""
        if not self.around.many:
            return None
        return sum(self.around.own_counts.get(gsef(name), 0) for name in names)

    def _split(self, *names: str) -> tuple[list[NamedNode], list[NamedNode], list[NamedNode]]:
        """The statement nodes that point to the thing: participations, memberships, goal links."""
        found: tuple[list[NamedNode], ...] = ([], [], [])
        for node in self._in(*map(gsef, names)):
            said = self.around.predicates(node)
            if gsef("event") in said:
                found[0].append(node)
            elif gsef("organisation") in said:
                found[1].append(node)
            elif gsef("goal") in said:
                found[2].append(node)
        return found  # type: ignore[return-value]

    def _role(self, node: NamedNode) -> str:
        return slug(self.around.thing(node, gsef("role")))

    def _role_name(self, node: NamedNode) -> str:
        role = self.around.thing(node, gsef("role"))
        return self.around.label(role)[0] if role else ""

    def _part(self, node: NamedNode) -> str:
        """What somebody did in an event, so that it fits a woman and a man."""
        role = self._role(node)
        return say(f"part.{role}").text(self.lang) if role in TOOK else self._role_name(node)

    def _by_role(
        self, nodes: Sequence[NamedNode], first: Sequence[str]
    ) -> list[tuple[str, str, list[NamedNode]]]:
        """Nodes by role: those roles first, then others by name, being invited last."""
        roles: dict[str, list[NamedNode]] = defaultdict(list)
        for node in nodes:
            roles[self._role(node)].append(node)
        order = {role: number for number, role in enumerate(first)}
        order["invitee"] = len(order) + 1

        def place(role: str) -> tuple[int, str]:
            return order.get(role, len(first)), role

        return [
            (role, capital(self._role_name(roles[role][0])), roles[role])
            for role in sorted(roles, key=place)
        ]

    def _appearance(self, node: NamedNode, *, as_role: bool = True) -> Fact:
        """A participation of the page's agent: the event, with role and for whom."""
        around, lang = self.around, self.lang
        event = around.thing(node, gsef("event"))
        if event is None:
            return held(around, node, (self._role_name(node),), (), None)
        more: list[Words] = []
        if as_role:
            more.append(told("more.as", lang, role=self._part(node)))
            position = title(around, node)
            if position:
                more.append((position,))
            for behind in around.things(node, gsef("onBehalfOf")):
                more.append(told("more.for", lang, organisation=around.ref(behind)))
        more += beside(around, event)
        return held(around, node, name(around, event), more, around.when(event))

    def _spoken_for(self, node: NamedNode) -> Fact:
        """A participation on behalf of the page's organisation: the event, and who was there."""
        around = self.around
        event, agent = (around.thing(node, gsef(key)) for key in ("event", "agent"))
        if event is None or agent is None:
            return held(around, node, statement(around, node), (), None)
        what = told("more.person", self.lang, person=around.ref(agent), role=self._part(node))
        return held(around, node, name(around, event), [what], around.when(event))

    def _attendance(self, node: NamedNode, *, labelled: bool = False) -> Fact:
        """A participation of the page's event: who, with position and for whom."""
        around, lang = self.around, self.lang
        agent = around.thing(node, gsef("agent"))
        who: Words = name(around, agent) if agent else ()
        if labelled:
            who = told("line.other", lang, property=capital(self._role_name(node)), object=who)
        position = title(around, node)
        what = joined((who, (position,)), ", ") if position else who
        more = [
            told("more.for", lang, organisation=around.ref(behind))
            for behind in around.things(node, gsef("onBehalfOf"))
            if behind != agent
        ]
        return held(around, node, what, more, None)

    def _post(self, node: NamedNode, other: str) -> Fact:
        """A membership: the position and what is at its other end."""
        around = self.around
        end = around.thing(node, gsef(other))
        who: Words = name(around, end) if end else ()
        position = title(around, node) or self._role_name(node)
        if other == "organisation":
            if not title(around, node):
                position = capital(self._role_name(node))
            what = told("line.post", self.lang, role=(position,), organisation=who)
        else:
            what = joined((who, (position,)), ", ")
        return held(around, node, what, (), around.span(node))

    def _goals(self, links: Sequence[NamedNode]) -> Section | None:
        facts = [goal_link(self.around, link) for link in self._by_goal(links)]
        return section(self.around, "goals", [("", facts)], note=self._concluded(facts))

    def _by_goal(self, links: Sequence[NamedNode]) -> list[NamedNode]:
        def code(link: NamedNode) -> str:
            goal = self.around.thing(link, gsef("goal"))
            return code_of(self.around, goal) if goal else ""

        return sorted(links, key=lambda link: (code(link), link.value))

    def _concluded(self, facts: Sequence[Fact]) -> str:
        number = sum(fact.stance == "concluded" for fact in facts)
        if not number:
            return ""
        if number == len(facts):
            return say("page.all-concluded", count=number).text(self.lang)
        return say("page.some-concluded", count=number, total=len(facts)).text(self.lang)

    def _dated(self, facts: Sequence[Fact]) -> str:
        dated = things(fact for fact in facts if fact.when and fact.when.datetime)
        total = things(facts)
        return "" if dated == total else say("page.dated", count=dated, total=total).text(self.lang)

    def _mentions(self) -> Section | None:
        mentions = newest(self._of("mentions"))
        return section(self.around, "mentions", [("", mentions)], count=self._count("mentions"))

    def _topics(self) -> Section | None:
        self.told_own.add(gsef("topic"))
        facts = own(self.around, gsef("topic"), words=lambda _, value: (self.around.ref(value),))
        return section(self.around, "topics", [("", by_name(facts))])

    def _passage(self, passage: Passage) -> Fact:
        """A passage by itself."""
        ref = Ref(passage.evidence.value, place(passage) or self._say("page.passage"))
        what = told("line.passage", self.lang, passage=ref) if place(passage) else (ref,)
        evidence, document = str(passage.evidence), str(passage.document)
        triple = (evidence, f"<{gsef('source')}>", document) if passage.document else None
        return Fact("stated", what, passages=(passage,), triple=triple)

    def _whole(self, nodes: Sequence[NamedNode]) -> list[Fact]:
        """Participations, memberships and goal links, each as its sentence."""
        around = self.around
        found = []
        for node in nodes:
            what = statement(around, node)
            if not what:
                continue
            event = around.thing(node, gsef("event"))
            when = around.when(event) if event else around.span(node)
            if around.thing(node, gsef("goal")) is None:
                found.append(held(around, node, what, (), when))
            else:
                found.append(replace(goal_link(around, node), what=what, more=(), when=when))
        return found
