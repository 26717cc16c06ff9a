"""Organisations and people: what their pages tell.

>>> from gsefgraph.graph.graph import Graph
>>> from gsefgraph.graph.words import plain
>>> from gsefgraph.graph.pages.around import Around
>>> graph = Graph.open()
>>> def of(name):
...     node = graph.resolver.resolve(name)
...     return Agents(Around(graph.engine, graph.resolver, node, "en").look(), str)

What an organisation took part in, by its roles; sections say how much is derived or concluded:

>>> events, *others = filter(None, of("GSEF").organisation())
>>> events.note, {group.title: len(group.facts) for group in events.groups[:3]}
('11, of which 7 are dated', {'Organiser': 4, 'Partner': 1, 'Through its people': 3})
>>> plain(events.groups[2].facts[0].what), plain(events.groups[2].facts[0].more[0])
('Webinar 5 of the series for Mexican members of parliament', 'Laurence Kwark, invitee')
>>> [section.note for section in others if section.note]
['6, of which 5 are derived from events in common', '6, all concluded']

What a person is and did:

>>> [(section.title, section.count) for section in of("Laurence Kwark").person() if section]
[('Positions', 1), ('Appearances', 3), ('Organisations', 1), ('Mentioned in', 2)]
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pyoxigraph import NamedNode

from gsefgraph.graph.page import Fact, Section
from gsefgraph.graph.pages import collaboration
from gsefgraph.graph.pages.around import gsef
from gsefgraph.graph.pages.facts import (
    by_name,
    goal_link,
    held,
    name,
    newest,
    section,
    things,
    title,
)
from gsefgraph.graph.pages.teller import ORGANISING, Groups, Teller
from gsefgraph.graph.words import Words, joined, told
from gsefgraph.wording import say


class Agents(Teller):
    """Organisations and people: what their pages tell."""

    def organisation(self) -> list[Section | None]:
        """Events, people, partners, memberships, parts, documents, goals, mentions."""
        around = self.around
        taking, posts, links = self._split("agent", "subject")
        behind, _, _ = self._split("onBehalfOf")
        events: Groups = []
        for role, head, nodes in self._by_role(taking, ORGANISING):
            if role == "invitee":
                continue
            events.append((head, newest(self._appearance(n, as_role=False) for n in nodes)))
        events.append((self._say("page.through"), newest(map(self._spoken_for, behind))))
        for role, head, nodes in self._by_role(taking, ()):
            if role == "invitee":
                events.append((head, newest(self._appearance(n, as_role=False) for n in nodes)))
        every = [fact for _, facts in events for fact in facts]
        _, held_here, _ = self._split("organisation")
        people: list[Fact] = []
        bodies: list[Fact] = []
        for node in held_here:
            agent = around.thing(node, gsef("agent"))
            is_body = agent is not None and around.is_a(agent, "Organisation")
            (bodies if is_body else people).append(self._post(node, "agent"))
        known = {around.thing(node, gsef("agent")) for node in held_here}
        spoke = [n for n in behind if around.thing(n, gsef("agent")) not in known]
        seen: set[NamedNode | None] = set()
        for node in spoke:
            agent = around.thing(node, gsef("agent"))
            if agent is None or agent in seen or agent == around.node:
                continue
            seen.add(agent)
            position = title(around, node)
            what = (
                joined((name(around, agent), (position,)), ", ")
                if position
                else name(around, agent)
            )
            people.append(held(around, node, what, (), None))
        self.told_own.add(gsef("collaboratesWith"))
        self.told_in.add(gsef("collaboratesWith"))
        partners = collaboration.partners(around, taking, self.rule)
        derived = sum(fact.stance == "derived" for fact in partners)
        belongs: Groups = [
            ("", by_name(self._post(node, "organisation") for node in posts)),
            (self._say("page.members"), by_name(bodies)),
        ]
        parts: Groups = [
            ("", self._ours("basedIn", "parent")),
            (self._say("page.units"), self._of("parent")),
        ]
        documents = newest(self._of("issuedBy"))
        roles = self._roles_in(taking, behind)
        subjects = [*roles, *around.incoming(gsef("issuedBy"))][:100]
        return [
            section(
                around,
                "events",
                events,
                note=self._dated(every),
                count=self._count("agent", "onBehalfOf"),
                counted=len if around.many else things,
            ),
            section(around, "people", [("", by_name(people))]),
            section(
                around,
                "partners",
                [("", partners)],
                note=self._derived_from(derived, len(partners)),
            ),
            section(around, "memberships", belongs),
            section(around, "structure", parts),
            section(around, "documents", [("", documents)], count=self._count("issuedBy")),
            self._through(links, around.pointing("subject", subjects), roles),
            self._mentions(),
        ]

    def _derived_from(self, derived: int, total: int) -> str:
        if not derived:
            return ""
        if derived == total:
            return say("page.all-derived", count=total).text(self.lang)
        return say("page.derived", count=derived, total=total).text(self.lang)

    def _roles_in(
        self, taking: Sequence[NamedNode], behind: Sequence[NamedNode]
    ) -> dict[NamedNode, list[Words]]:
        """The events that the organisation has to do with, and how where it does not hold them."""
        around, lang = self.around, self.lang
        found: dict[NamedNode, list[Words]] = {}
        for node in sorted(taking, key=lambda node: self._role(node) not in ORGANISING):
            event = around.thing(node, gsef("event"))
            if event and self._role(node) in ORGANISING:
                found[event] = []
            elif event:
                told_as = told("more.as", lang, role=self._part(node))
                found.setdefault(event, [told_as])
        for node in behind:
            event, agent = (around.thing(node, gsef(key)) for key in ("event", "agent"))
            if event and agent and agent != around.node:
                who = told("more.person", lang, person=around.ref(agent), role=self._part(node))
                found.setdefault(event, [who])
        return found

    def _through(
        self,
        links: Sequence[NamedNode],
        through: Sequence[NamedNode],
        roles: Mapping[NamedNode, Sequence[Words]],
    ) -> Section | None:
        around = self.around
        mine = [goal_link(around, link) for link in self._by_goal(links)]
        theirs = []
        for link in self._by_goal(through):
            fact, subject = goal_link(around, link, by=True), around.thing(link, gsef("subject"))
            how = roles.get(subject, ()) if subject else ()
            theirs.append(replace(fact, more=(*fact.more, *how)))
        groups: Groups = [
            ("", mine),
            (self._say("page.through-events") if mine else "", theirs),
        ]
        return section(around, "goals", groups, note=self._concluded([*mine, *theirs]))

    def person(self) -> list[Section | None]:
        """Positions, appearances, organisations."""
        around = self.around
        taking, posts, links = self._split("agent", "subject")
        appearances = newest(map(self._appearance, taking))
        bodies: dict[NamedNode, list[NamedNode]] = defaultdict(list)
        for node in (*posts, *taking):
            for key in ("organisation", "onBehalfOf"):
                for body in around.things(node, gsef(key)):
                    bodies[body].append(node)
        organisations = [self._organisation(body, nodes) for body, nodes in bodies.items()]
        return [
            section(around, "positions", [("", [self._post(n, "organisation") for n in posts])]),
            section(
                around,
                "appearances",
                [("", appearances)],
                note=self._dated(appearances),
                count=self._count("agent"),
            ),
            section(around, "organisations", [("", by_name(organisations))]),
            self._goals(links),
            self._mentions(),
        ]

    def _organisation(self, body: NamedNode, nodes: Sequence[NamedNode]) -> Fact:
        passages = {p.evidence: p for n in nodes for p in self.around.passages.get(n, ())}
        fact = held(self.around, nodes[0], name(self.around, body), (), None)
        return replace(fact, passages=tuple(passages.values()))
