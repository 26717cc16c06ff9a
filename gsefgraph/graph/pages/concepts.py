"""Places, goals and concepts, and the statement nodes that join things.

>>> from gsefgraph.graph.graph import Graph
>>> from gsefgraph.graph.words import plain
>>> from gsefgraph.graph.pages.around import Around
>>> graph = Graph.open()
>>> def of(name):
...     node = graph.resolver.resolve(name)
...     return Concepts(Around(graph.engine, graph.resolver, node, "en").look(), str)
>>> def show(sections):
...     for section in filter(None, sections):
...         print(section.title, "|", plain(section.groups[0].facts[0].what)[:60])

Of a country what is in its cities too, of a goal what serves its targets:

>>> show(of("id-place:south-korea").place())
Events | 2017 Asia-Pacific Cities Summit
Places within | Daejeon
Where it is | ISO code: KR
>>> show(of("sdg:17").goal())
What serves it | Webinar series promoting the SSE among Mexican members of pa
Targets | 17.1 Raising tax revenue at home
>>> show(of("id-role:speaker").concept())
Meaning | Speaks at an event.
Who has this role | Joaquín Pérez Rey spoke at “Webinar 6 of the series for Mexi
Broader and narrower | opening speaker
>>> show(of("id-membership:gsef.laurence-kwark.secretary-general").holder())
What it says | Laurence Kwark holds the post “Secrétaire Générale” at Globa
What it joins | Who: Laurence Kwark
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from pyoxigraph import NamedNode

from gsefgraph.evidence import passages
from gsefgraph.graph.page import Fact, Section
from gsefgraph.graph.pages.around import gsef
from gsefgraph.graph.pages.facts import (
    by_name,
    code_of,
    goal_link,
    newest,
    section,
    thing,
)
from gsefgraph.graph.pages.teller import SERVED, Groups, Teller
from gsefgraph.graph.words import Words, joined
from gsefgraph.terms import FOREIGN, SKOS


class Concepts(Teller):
    """Places, goals and concepts, and the statement nodes that join things."""

    def place(self) -> list[Section | None]:
        """Events, organisations, places within."""
        around = self.around
        inside = around.within()

        def within(predicate: str) -> list[Fact]:
            nodes = around.pointing(predicate, inside)
            found = passages(around.engine, nodes, predicate=NamedNode(gsef(predicate)))
            return [
                thing(
                    around,
                    node,
                    predicate=gsef(predicate),
                    of=place,
                    more=[] if predicate == "place" else [(around.ref(place),)],
                    passages=tuple(found[node]),
                )
                for node in nodes
                for place in around.things(node, gsef(predicate))[:1]
            ]

        there: Groups = [
            ("", newest(self._of("place"))),
            (self._say("page.inside"), newest(within("place"))),
        ]
        based: Groups = [
            ("", self._of("basedIn")),
            (self._say("page.inside"), by_name(within("basedIn"))),
        ]
        frame = self._ours("within", "isoCode")
        frame += self._own(f"{FOREIGN['geo']}lat", f"{FOREIGN['geo']}long")
        return [
            section(around, "events", there, count=self._count("place")),
            section(around, "organisations", based, count=self._count("basedIn")),
            section(around, "places", [("", self._of("within"))], count=self._count("within")),
            section(around, "frame", [("", frame)], title_key="place-frame"),
            self._mentions(),
        ]

    def goal(self) -> list[Section | None]:
        """What serves it, by class; its targets, or its goal."""
        around = self.around
        links = self._in(gsef("goal"))
        targets = self._in(f"{SKOS}broader")
        links = [*links, *around.pointing("goal", targets)]
        by_class: dict[str, list[Fact]] = defaultdict(list)
        for link in links:
            subject = around.thing(link, gsef("subject"))
            kind = next(
                (
                    key
                    for key in ("Event", "Document", "Organisation", "Person")
                    if subject is not None and around.is_a(subject, key)
                ),
                "other",
            )
            by_class[kind].append(goal_link(around, link, of="goal"))
        groups: Groups = [(self._say(f"served.{kind}"), newest(by_class[kind])) for kind in SERVED]
        facts = [fact for _, each in groups for fact in each]
        targets.sort(key=lambda node: code_of(around, node))
        return [
            section(
                around,
                "serves",
                groups,
                note=self._concluded(facts),
                count=self._count("goal"),
            ),
            section(around, "goal-of", [("", self._goal_of())]),
            section(around, "targets", [("", list(map(self._target, targets)))]),
            section(around, "definition", [("", self._own(f"{SKOS}definition"))]),
        ]

    def _goal_of(self) -> list[Fact]:
        around = self.around
        goals = around.things(around.node, f"{SKOS}broader")
        found = zip(self._own(f"{SKOS}broader"), goals, strict=False)
        return [replace(fact, what=self._coded(goal)) for fact, goal in found]

    def _coded(self, node: NamedNode) -> Words:
        return joined(
            ((self.around.text(node, f"{SKOS}notation")[0],), (self.around.ref(node),)), " "
        )

    def _target(self, node: NamedNode) -> Fact:
        triple = (str(node), f"<{SKOS}broader>", str(self.around.node))
        return Fact("stated", self._coded(node), triple=triple)

    def concept(self) -> list[Section | None]:
        """What has it; broader and narrower."""
        around = self.around
        groups: Groups = []
        for predicate in ("topic", "kind", "recognises"):
            facts = self._of(predicate)
            by_class: dict[str, list[Fact]] = defaultdict(list)
            for fact in facts:
                node = NamedNode(fact.triple[0][1:-1]) if fact.triple else around.node
                key = next(
                    (
                        cls
                        for cls in ("Event", "Document", "Organisation", "Person", "Place")
                        if around.is_a(node, cls)
                    ),
                    "other",
                )
                by_class[key if predicate != "recognises" else "recognises"].append(fact)
            for key in SERVED:
                groups.append((self._say(f"served.{key}"), newest(by_class[key])))
        around.hold(self._in(gsef("role")))
        taking, posts, _ = self._split("role")
        groups.append((self._say("page.participations"), newest(self._whole(taking))))
        groups.append((self._say("page.memberships"), by_name(self._whole(posts))))
        wider: Groups = [
            (self._say("page.broader"), self._own(f"{SKOS}broader")),
            (self._say("page.narrower"), self._things(f"{SKOS}broader")),
            (
                self._say("page.related"),
                by_name([*self._own(f"{SKOS}related"), *self._related()]),
            ),
        ]
        is_topic, is_role = (around.is_a(around.node, name) for name in ("Topic", "Role"))
        return [
            section(around, "definition", [("", self._own(f"{SKOS}definition"))]),
            section(
                around,
                "has",
                groups,
                count=self._count("topic", "kind", "recognises", "role"),
                title_key="has-topic" if is_topic else "has-role" if is_role else "has-kind",
            ),
            section(around, "broader", wider),
            self._mentions(),
        ]

    def _related(self) -> list[Fact]:
        """What says so of the concept, which it does not say itself."""
        known = {str(node) for node in self.around.things(self.around.node, f"{SKOS}related")}
        found = self._things(f"{SKOS}related")
        return [fact for fact in found if fact.triple and fact.triple[0] not in known]

    def holder(self) -> list[Section | None]:
        """Its sentence, and the things that it joins."""
        around = self.around
        self.told_own.update((gsef("rationale"), gsef("objection")))
        joins = self._ours(
            "agent", "event", "organisation", "role", "positionTitle", "onBehalfOf", "subject",
            "goal", "stance", "startDate", "endDate",
        )  # fmt: skip
        joins += self._own("http://www.w3.org/ns/prov#wasAttributedTo")
        return [
            section(around, "sentence", [("", self._whole([around.node]))]),
            section(around, "joins", [("", joins)]),
        ]
