"""The order of a page: which sections a thing of each class has, and what each tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from pyoxigraph import NamedNode

from gsefgraph.graph import collaboration
from gsefgraph.graph.around import DCTERMS, HELD, HOLDERS, Around, gsef
from gsefgraph.graph.facts import (
    by_name,
    capital,
    fact_of,
    goal_link,
    held,
    name,
    newest,
    own,
    section,
    thing,
    title,
)
from gsefgraph.graph.page import Fact, Section, When, Words
from gsefgraph.graph.sentences import property_name, slug, statement
from gsefgraph.graph.words import joined, told
from gsefgraph.terms import FOREIGN, RDF, RDFS, SKOS
from gsefgraph.wording import say

Groups: TypeAlias = list[tuple[str, Sequence[Fact]]]
Rules: TypeAlias = Callable[[str], str]
"""What gives the sentence of a rule by its name."""

_ORGANISING: Final = ("organiser", "co-organiser", "host", "partner")
_PROGRAMME: Final = ("opening-speaker", "moderator", "speaker")
_HEAD: Final = frozenset(
    (f"{RDF}type", f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{SKOS}notation", f"{SKOS}inScheme",
     f"{SKOS}topConceptOf", gsef("kind"), gsef("acronym"), gsef("evidence"),
     f"{DCTERMS}isReplacedBy")
)  # fmt: skip
"""What the head of a page tells, and what is no fact about a thing."""
_REGISTERS: Final = (f"{FOREIGN['schema']}sameAs", f"{SKOS}exactMatch")
NOT_TOLD: Final = frozenset(
    (f"{SKOS}hasTopConcept", f"{FOREIGN['prov']}hadPrimarySource", gsef("evidence"),
     f"{DCTERMS}isReplacedBy")
)  # fmt: skip
"""What points to a thing and is told elsewhere, or is no fact about it."""
SERVED: Final = ("Event", "Document", "Organisation", "Person", "Place", "recognises", "other")
"""Groups of what has a concept or serves a goal."""


def sections(around: Around, rule: Rules) -> list[Section]:
    """The sections of a page, in order, none empty; the last has what no other tells."""
    kind = kind_of(around)
    teller = Teller(around, rule)
    found = [each for each in getattr(teller, kind)() if each]
    return [*found, *teller.rest()]


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


class Teller:
    """Tells a thing in the order of its class, and keeps what was told."""

    def __init__(self, around: Around, rule: Rules) -> None:
        self.around = around
        self.rule = rule
        self.lang = around.lang
        self.told_own: set[str] = set(_HEAD)
        self.told_in: set[str] = set()

    # Parts

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

    def _count(self, *names: str, event: bool | None = None) -> int | None:
        """How many point to the thing with some properties, where not all were read."""
        if not self.around.many:
            return None
        wanted = set(map(gsef, names))
        return sum(
            number
            for (predicate, _, in_event), number in self.around.counts.items()
            if predicate in wanted and event in (None, in_event)
        )

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
        from gsefgraph.graph.facts import beside

        more: list[Words] = []
        if as_role:
            more.append(told("more.as", lang, role=self._role_name(node)))
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
        what = told(
            "more.person", self.lang, person=around.ref(agent), role=self._role_name(node)
        )
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
        from gsefgraph.rdf.turtle import natural

        def code(link: NamedNode) -> str:
            goal = self.around.thing(link, gsef("goal"))
            return natural(self.around.text(goal, f"{SKOS}notation")[0]) if goal else ""

        return sorted(links, key=lambda link: (code(link), link.value))

    def _concluded(self, facts: Sequence[Fact]) -> str:
        number = sum(fact.stance == "concluded" for fact in facts)
        if not number:
            return ""
        if number == len(facts):
            return say("page.all-concluded", count=number).text(self.lang)
        return say("page.some-concluded", count=number, total=len(facts)).text(self.lang)

    def _dated(self, facts: Sequence[Fact]) -> str:
        dated = sum(bool(fact.when and fact.when.datetime) for fact in facts)
        if dated == len(facts):
            return ""
        return say("page.dated", count=dated, total=len(facts)).text(self.lang)

    def _mentions(self) -> Section | None:
        return section(
            self.around, "mentions", [("", self._of("mentions"))], count=self._count("mentions")
        )

    # Classes

    def organisation(self) -> list[Section | None]:
        """Events, people, partners, memberships, parts, documents, goals, mentions."""
        around = self.around
        taking, posts, links = self._split("agent", "subject")
        behind, _, _ = self._split("onBehalfOf")
        events: Groups = []
        for role, head, nodes in self._by_role(taking, _ORGANISING):
            if role == "invitee":
                continue
            events.append((head, newest(self._appearance(n, as_role=False) for n in nodes)))
        events.append((self._say("page.through"), newest(map(self._spoken_for, behind))))
        for role, head, nodes in self._by_role(taking, ()):
            if role == "invitee":
                events.append((head, newest(self._appearance(n, as_role=False) for n in nodes)))
        every = [fact for _, facts in events for fact in facts]
        _, held_here, _ = self._split("organisation")
        people, bodies = [], []
        for node in held_here:
            agent = around.thing(node, gsef("agent"))
            is_body = agent is not None and around.is_a(agent, "Organisation")
            (bodies if is_body else people).append(self._post(node, "agent"))
        known = {
            around.thing(node, gsef("agent"))
            for node in held_here
        }
        spoke = [n for n in behind if around.thing(n, gsef("agent")) not in known]
        seen: set[NamedNode | None] = set()
        for node in spoke:
            agent = around.thing(node, gsef("agent"))
            if agent is None or agent in seen or agent == around.node:
                continue
            seen.add(agent)
            position = title(around, node)
            what = joined((name(around, agent), (position,)), ", ") if position else name(around, agent)
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
        through = self._served(taking)
        return [
            section(
                around,
                "events",
                events,
                note=self._dated(every),
                count=self._count("agent", "onBehalfOf", event=True),
            ),
            section(around, "people", [("", by_name(people))]),
            section(
                around,
                "partners",
                [("", partners)],
                note=say("page.derived", count=derived, total=len(partners)).text(self.lang)
                if derived
                else "",
            ),
            section(around, "memberships", belongs),
            section(around, "structure", parts),
            section(around, "documents", [("", documents)], count=self._count("issuedBy")),
            self._through(links, through),
            self._mentions(),
        ]

    def _served(self, taking: Sequence[NamedNode]) -> list[NamedNode]:
        """The goal links of the events that the organisation holds, and of its documents."""
        around = self.around
        events = [
            event
            for node in taking
            if self._role(node) in _ORGANISING and (event := around.thing(node, gsef("event")))
        ]
        subjects = [*events, *around.incoming(gsef("issuedBy"))][:100]
        return around.pointing("subject", subjects)

    def _through(self, links: Sequence[NamedNode], through: Sequence[NamedNode]) -> Section | None:
        mine = [goal_link(self.around, link) for link in self._by_goal(links)]
        theirs = [goal_link(self.around, link, by=True) for link in self._by_goal(through)]
        groups: Groups = [
            ("", mine),
            (self._say("page.through-events") if mine else "", theirs),
        ]
        return section(self.around, "goals", groups, note=self._concluded([*mine, *theirs]))

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
                count=self._count("agent", event=True),
            ),
            section(around, "organisations", [("", by_name(organisations))]),
            self._goals(links),
            self._mentions(),
        ]

    def _organisation(self, body: NamedNode, nodes: Sequence[NamedNode]) -> Fact:
        passages = {p.evidence: p for n in nodes for p in self.around.passages.get(n, ())}
        fact = held(self.around, nodes[0], name(self.around, body), (), None)
        return Fact(
            "stated", fact.what, passages=tuple(passages.values()), triple=fact.triple
        )

    def event(self) -> list[Section | None]:
        """Frame, programme, audience and aims, goals, topics, documents."""
        around = self.around
        taking, _, links = self._split("event", "subject")
        frame = [*self._ours("partOf"), *self._dates(), *self._ours("place")]
        frame += self._countries()
        frame += self._ours("online", "sequence", "theme")
        programme: Groups = []
        people = set()
        for role, head, nodes in self._by_role(taking, (*_ORGANISING, *_PROGRAMME)):
            if role in _ORGANISING:
                frame += by_name(self._attendance(node, labelled=True) for node in nodes)
                continue
            people.update(around.thing(node, gsef("agent")) for node in nodes)
            shown = say(f"programme.{role}").text(self.lang) if role in _PROGRAMME else head
            programme.append((shown, by_name(self._attendance(node) for node in nodes)))
        parts = self._in(gsef("partOf"))
        programme.append((self._say("page.sessions"), self._in_order(parts)))
        documents: Groups = [
            (self._say("page.adopted-here"), self._of("adoptedAt")),
            (self._say("page.launched-here"), self._of("launchedAt")),
            (self._say("page.described-in"), self._of("describes")),
            (self._say("page.mentioned-in"), self._of("mentions")),
        ]
        note = say("page.people", count=len(people)).text(self.lang) if people else ""
        aims = self._ours("audience", "objective", "attendance", "attendanceCount")
        aims += self._own(f"{DCTERMS}language")
        return [
            section(around, "frame", [("", frame)]),
            section(
                around, "programme", programme, note=note, count=self._count("event", "partOf")
            ),
            section(around, "audience", [("", aims)]),
            self._goals(links),
            self._topics(),
            section(around, "documents", documents, title_key="event-documents"),
        ]

    def _topics(self) -> Section | None:
        self.told_own.add(gsef("topic"))
        facts = own(self.around, gsef("topic"), words=lambda _, value: (self.around.ref(value),))
        return section(self.around, "topics", [("", by_name(facts))])

    def _dates(self) -> list[Fact]:
        """When it was: as each source says, where they disagree; or from the whole, which is said."""
        around = self.around
        node = around.node
        predicates = (gsef("startDate"), gsef("endDate"))
        self.told_own.update(predicates)
        starts = around.all(node, predicates[0])
        ends = around.all(node, predicates[1])
        if not starts and not ends:
            when = around.when(node, short=False)
            if not when.datetime:
                return []
            what = told("line.date-of-whole", self.lang, date=when.text, note=when.note)
            return [Fact("derived", what)]
        if len(starts) > 1 or len(ends) > 1 or not starts:
            note = told("more.disagree", self.lang) if len(starts) > 1 or len(ends) > 1 else ()
            return [
                Fact(
                    fact.stance,
                    fact.what,
                    more=(note,) if note else (),
                    passages=fact.passages,
                    triple=fact.triple,
                )
                for fact in own(around, *predicates)
            ]
        when = around.when(node, short=False)
        first, *last = own(around, *predicates)
        passages = {p.evidence: p for fact in (first, *last) for p in fact.passages}
        what = told("line.date", self.lang, date=when.text)
        return [Fact("stated", what, passages=tuple(passages.values()), triple=first.triple)]

    def _countries(self) -> list[Fact]:
        around = self.around
        node = around.node
        found = []
        for country in around.things(node, gsef("country"), derived=True):
            stated = around.is_stated(around.graphs(node, gsef("country"), country))
            if stated or country in around.things(node, gsef("place")):
                continue
            premises = [
                sentence_of(around, node, gsef("place"), place)
                for place in around.things(node, gsef("place"))
            ]
            premises += [
                sentence_of(around, place, gsef("within"), country)
                for place in around.things(node, gsef("place"))
                if country in around.things(place, gsef("within"), derived=True)
            ]
            found.append(
                collaboration.derived(
                    around,
                    told("line.country", self.lang, object=around.ref(country)),
                    self.rule("country"),
                    premises,
                    (str(node), f"<{gsef('country')}>", str(country)),
                )
            )
        return found

    def _in_order(self, parts: Sequence[NamedNode]) -> list[Fact]:
        """The parts of an event: by number, then by date, then by name."""
        around = self.around

        def place(fact: Fact) -> tuple[bool, int, str]:
            node = NamedNode(fact.triple[0][1:-1]) if fact.triple else around.node
            number = around.text(node, gsef("sequence"))[0]
            undated = fact.when is None or not fact.when.datetime or bool(fact.when.note)
            when = "" if undated or fact.when is None else fact.when.datetime
            digits = int(number) if number.isascii() and number.isdigit() else 0
            return not digits and undated, digits, when

        facts = [
            thing(
                around,
                part,
                predicate=gsef("partOf"),
                passages=around.pointing_passages(part, gsef("partOf")),
            )
            for part in parts
        ]
        return sorted(by_name(facts), key=place)

    def document(self) -> list[Section | None]:
        """Issued, adopted, launched; parts; what it recognises and mentions; passages."""
        around = self.around
        frame = self._ours(
            "issuedBy", "issued", "adoptedAt", "adoptedOn", "launchedAt", "respondsTo"
        )
        frame += self._own(f"{DCTERMS}language", f"{DCTERMS}source")
        _, _, links = self._split("subject")
        parts: Groups = [
            ("", self._own(f"{DCTERMS}isPartOf")),
            (self._say("page.items"), self._things(f"{DCTERMS}isPartOf")),
            (self._say("page.answers"), self._of("respondsTo")),
        ]

        def bare(_: str, value: object) -> Words:
            return name(around, value) if isinstance(value, NamedNode) else (str(value),)

        content: Groups = []
        for predicate in ("recognises", "describes", "mentions"):
            self.told_own.add(gsef(predicate))
            facts = own(around, gsef(predicate), words=bare)
            content.append((self._say(f"content.{predicate}"), by_name(facts)))
        if around.many:
            content = [(head, facts) for head, facts in content]
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
            section(around, "content", content),
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
                what = told("line.passage", self.lang, passage=around.passage_ref(passage))
                fact = Fact(
                    "stated",
                    what,
                    passages=(passage,),
                    triple=(str(node), f"<{gsef('source')}>", str(around.node)),
                )
                found.append((passage.start or 0, passage.end or 0, fact))
        return [fact for _, _, fact in sorted(found, key=lambda each: each[:2])]

    def place(self) -> list[Section | None]:
        """Events, organisations, places within."""
        around = self.around
        within = self._in(gsef("within"))
        inside = around.within()
        events = self._of("place")
        there: Groups = [("", newest(events))]
        elsewhere = [
            thing(around, node, predicate=gsef("place"))
            for node in around.pointing("place", inside)
        ]
        there.append((self._say("page.inside"), newest(elsewhere)))
        based: Groups = [("", self._of("basedIn"))]
        others = [
            thing(
                around,
                node,
                predicate=gsef("basedIn"),
                more=[
                    (around.ref(seat),) for seat in around.things(node, gsef("basedIn"))
                ],
            )
            for node in around.pointing("basedIn", inside)
        ]
        based.append((self._say("page.inside"), by_name(others)))
        frame = self._ours("within", "isoCode")
        frame += self._own(f"{FOREIGN['geo']}lat", f"{FOREIGN['geo']}long")
        del within
        return [
            section(around, "frame", [("", frame)], title_key="place-frame"),
            section(around, "events", there, count=self._count("place")),
            section(around, "organisations", based, count=self._count("basedIn")),
            section(
                around, "places", [("", self._of("within"))], count=self._count("within")
            ),
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
        groups: Groups = [
            (self._say(f"served.{kind}"), newest(by_class[kind]))
            for kind in SERVED
        ]
        facts = [fact for _, each in groups for fact in each]
        parts = [
            thing_of_code(around, node)
            for node in sorted(targets, key=lambda n: code_of(around, n))
        ]
        return [
            section(
                around,
                "serves",
                groups,
                note=self._concluded(facts),
                count=self._count("goal"),
            ),
            section(around, "goal-of", [("", self._own(f"{SKOS}broader"))]),
            section(around, "targets", [("", parts)]),
            section(around, "definition", [("", self._own(f"{SKOS}definition"))]),
        ]

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
        played = [held(around, node, statement(around, node), (), self._when(node)) for node in taking]
        groups.append((self._say("page.participations"), newest(played)))
        kept = [held(around, node, statement(around, node), (), around.span(node)) for node in posts]
        groups.append((self._say("page.memberships"), by_name(kept)))
        wider: Groups = [
            (self._say("page.broader"), self._own(f"{SKOS}broader")),
            (self._say("page.narrower"), self._things(f"{SKOS}broader")),
            (
                self._say("page.related"),
                by_name([*self._own(f"{SKOS}related"), *self._things(f"{SKOS}related")]),
            ),
        ]
        return [
            section(around, "definition", [("", self._own(f"{SKOS}definition"))]),
            section(
                around, "has", groups, count=self._count("topic", "kind", "recognises", "role")
            ),
            section(around, "broader", wider),
            self._mentions(),
        ]

    def _when(self, node: NamedNode) -> When | None:
        event = self.around.thing(node, gsef("event"))
        return self.around.when(event) if event else None

    def holder(self) -> list[Section | None]:
        """Its sentence, and the things that it joins."""
        around = self.around
        node = around.node
        whole = statement(around, node)
        if around.thing(node, gsef("goal")):
            fact = goal_link(around, node)
            told_so = held(around, node, whole, fact.more, None)
            told_so = Fact(
                fact.stance, whole, fact.more, None, fact.passages, fact.reason, None, fact.triple
            )
            self.told_own.update((gsef("rationale"), gsef("objection")))
        else:
            told_so = held(around, node, whole, (), self._when(node) or around.span(node))
        joins = self._ours(
            "agent", "event", "organisation", "role", "positionTitle", "onBehalfOf", "subject",
            "goal", "stance", "startDate", "endDate",
        )  # fmt: skip
        joins += self._own("http://www.w3.org/ns/prov#wasAttributedTo")
        return [
            section(around, "sentence", [("", [told_so] if whole else [])]),
            section(around, "joins", [("", joins)]),
        ]

    def passage(self) -> list[Section | None]:
        """What these words support."""
        around = self.around
        self.told_own.update(gsef(n) for n in ("quote", "start", "end", "note", "supports"))
        nodes = self._in(gsef("evidence"))
        around.hold(nodes)
        supported = around.things(around.node, gsef("supports"))
        facts: list[Fact] = []
        for node in nodes:
            if HOLDERS.keys() & around.classes(node):
                if around.thing(node, gsef("goal")):
                    fact = goal_link(around, node)
                    facts.append(
                        Fact(
                            fact.stance, statement(around, node), (), None, fact.passages,
                            fact.reason, None, fact.triple,
                        )
                    )  # fmt: skip
                else:
                    facts.append(held(around, node, statement(around, node), (), None))
                continue
            graphs = around.incoming_graphs(gsef("evidence"), node)
            for predicate in around.predicates(node):
                if predicate == gsef("evidence") or (
                    supported and NamedNode(predicate) not in supported
                ):
                    continue
                if not supported and predicate in _HEAD:
                    continue
                for value in around.all(node, predicate):
                    if graphs & around.graphs(node, predicate, value):
                        fact = fact_of(around, node, predicate, value)
                        if not fact.passages or around.rests_here(fact.passages):
                            facts.append(fact)
        texts = self._ours("source", "checked")
        return [
            section(around, "supports", [("", facts)]),
            section(around, "text", [("", texts)]),
        ]

    def anything(self) -> list[Section | None]:
        """What is stated, what points to it, what is derived: of a class that is not ours."""
        return []

    def rest(self) -> list[Section]:
        """What no section has told yet, so that every stated fact can be found."""
        around = self.around
        found: list[Section | None] = []
        generic = kind_of(around) == "anything"
        registers = self._own(*_REGISTERS)
        others = self._own(*[p for p in around.predicates() if p not in self.told_own])
        pointing: list[Fact] = []
        for predicate in around.incoming_predicates():
            if predicate in self.told_in or predicate in NOT_TOLD:
                continue
            for node in self._in(predicate):
                what = statement(around, node) if predicate in HELD else ()
                if what:
                    pointing.append(held(around, node, what, (), None))
                    continue
                what = told(
                    "line.incoming",
                    self.lang,
                    subject=around.ref(node),
                    property=property_name(around, predicate),
                )
                passages = around.pointing_passages(node, predicate)
                triple = (str(node), f"<{predicate}>", str(around.node))
                pointing.append(Fact("stated", what, passages=passages, triple=triple))
        found.append(
            section(around, "statements" if generic else "others", [("", others)])
        )
        found.append(section(around, "incoming", [("", by_name(pointing))]))
        if generic:
            found.append(section(around, "derived", [("", self._derived())]))
        found.append(section(around, "registers", [("", registers)]))
        return [each for each in found if each]

    def _derived(self) -> list[Fact]:
        """What only rules say, of a thing of a class that is not ours."""
        from gsefgraph.graph.facts import line

        around = self.around
        found = []
        for predicate, value, graphs in around.said():
            same = predicate.startswith((RDF, RDFS, *FOREIGN_NAMES))
            if around.is_stated(graphs) or same or predicate in _HEAD:
                continue
            triple = (str(around.node), f"<{predicate}>", str(value))
            found.append(Fact("derived", line(around, predicate, value), triple=triple))
        return found


FOREIGN_NAMES: Final = (
    FOREIGN["schema"], FOREIGN["foaf"], FOREIGN["lode"], FOREIGN["org"], FOREIGN["prov"],
    FOREIGN["skos"],
)  # fmt: skip
"""Vocabularies in which the same is said again."""


def sentence_of(around: Around, subject: NamedNode, predicate: str, value: NamedNode) -> Words:
    """A triple as a sentence."""
    from gsefgraph.graph.sentences import sentence

    return sentence(around, subject, NamedNode(predicate), value)


def code_of(around: Around, node: NamedNode) -> str:
    """The code of a goal or target, as it sorts."""
    from gsefgraph.rdf.turtle import natural

    return natural(around.text(node, f"{SKOS}notation")[0])


def thing_of_code(around: Around, node: NamedNode) -> Fact:
    """A target, with its code."""
    code = around.text(node, f"{SKOS}notation")[0]
    return Fact(
        "stated",
        joined(((code,), (around.ref(node),)), " "),
        triple=(str(node), f"<{SKOS}broader>", str(around.node)),
    )
