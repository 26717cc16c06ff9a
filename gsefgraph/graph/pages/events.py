"""Events: frame, programme, aims, and the documents that tell of them.

>>> from gsefgraph.graph.graph import Graph
>>> from gsefgraph.graph.words import plain
>>> from gsefgraph.graph.pages.around import Around
>>> graph = Graph.open()
>>> node = graph.resolver.resolve("id-event:untfsse-conference-2019.gsef-session")
>>> around = Around(graph.engine, graph.resolver, node, "en").look()
>>> session = list(filter(None, Events(around, str).event()))
>>> [(section.title, section.note or section.count) for section in session[:3]]
[('Setting', 5), ('Programme', '6 people'), ('Goals served', '2, all concluded')]

Its date is that of its conference, which no source says of it:

>>> date = session[0].groups[0].facts[1]
>>> plain(date.what), date.stance
('Date: 25–26 June 2019 (date of the conference)', 'derived')
>>> plain(date.derivation.premises[1])[-55:], len(date.passages)
('Force on Social and Solidarity Economy: 25–26 June 2019', 2)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pyoxigraph import NamedNode

from gsefgraph.evidence import passages
from gsefgraph.graph.page import Derivation, Fact, Section, When
from gsefgraph.graph.pages.around import DCTERMS, gsef
from gsefgraph.graph.pages.facts import (
    by_name,
    derived,
    own,
    resting,
    section,
    thing,
)
from gsefgraph.graph.pages.sentences import sentence
from gsefgraph.graph.pages.teller import ORGANISING, PROGRAMME, Groups, Teller
from gsefgraph.graph.words import told
from gsefgraph.wording import say


class Events(Teller):
    """Events: frame, programme, aims, and the documents that tell of them."""

    def event(self) -> list[Section | None]:
        """Frame, programme, audience and aims, goals, topics, documents."""
        around = self.around
        taking, _, links = self._split("event", "subject")
        frame = [*self._ours("partOf"), *self._dates(), *self._ours("place")]
        frame += self._countries()
        frame += self._ours("online", "sequence", "theme")
        programme: Groups = []
        people: set[NamedNode | None] = set()
        for role, head, nodes in self._by_role(taking, (*ORGANISING, *PROGRAMME)):
            if role in ORGANISING:
                frame += by_name(self._attendance(node, labelled=True) for node in nodes)
                continue
            people.update(around.thing(node, gsef("agent")) for node in nodes)
            shown = say(f"programme.{role}").text(self.lang) if role in PROGRAMME else head
            programme.append((shown, by_name(self._attendance(node) for node in nodes)))
        parts = self._in(gsef("partOf"))
        programme.append((self._say("page.sessions"), self._in_order(parts)))
        documents: Groups = [
            (self._say("page.adopted-here"), self._of("adoptedAt")),
            (self._say("page.launched-here"), self._of("launchedAt")),
            (self._say("page.described-in"), self._of("describes")),
            (self._say("page.mentioned-in"), self._of("mentions")),
        ]
        persons = all(who and around.is_a(who, "Person") for who in people)
        key = "page.persons" if persons else "page.people"
        note = say(key, count=len(people)).text(self.lang) if people else ""
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

    def _dates(self) -> list[Fact]:
        """When it was: as each source says where they disagree, or from the whole."""
        around = self.around
        node = around.node
        predicates = (gsef("startDate"), gsef("endDate"))
        self.told_own.update(predicates)
        starts = around.values(node, predicates[0])
        ends = around.values(node, predicates[1])
        if not starts and not ends:
            when = around.when(node, short=False)
            if not when.datetime:
                return []
            return [self._inherited(when)]
        if len(starts) > 1 or len(ends) > 1 or not starts:
            note = told("more.disagree", self.lang) if len(starts) > 1 or len(ends) > 1 else ()
            facts = own(around, *predicates)
            return [replace(fact, more=(note,)) for fact in facts] if note else facts
        when = around.when(node, short=False)
        first, *last = own(around, *predicates)
        quoted = {p.evidence: p for fact in (first, *last) for p in fact.passages}
        what = told("line.date", self.lang, date=when.text)
        return [Fact("stated", what, passages=tuple(quoted.values()), triple=first.triple)]

    def _inherited(self, when: When) -> Fact:
        """The date of the whole, which is no fact of the graph about the part."""
        around = self.around
        node = around.node
        whole = next(w for w in around.wholes(node) if around.values(w, gsef("startDate")))
        starts = NamedNode(gsef("startDate"))
        of_whole = passages(around.engine, [whole], predicate=starts)[whole]
        part_of = NamedNode(gsef("partOf"))
        what = told("line.date-of-whole", self.lang, date=when.text, note=when.note)
        premises = (
            sentence(around, node, part_of, whole),
            told("line.when", self.lang, event=around.ref(whole), date=when.text),
        )
        return Fact(
            "derived",
            what,
            passages=tuple(of_whole),
            derivation=Derivation(self._say("page.whole-date"), premises),
        )

    def _countries(self) -> list[Fact]:
        around = self.around
        node = around.node
        found = []
        for country in around.things(node, gsef("country"), derived=True):
            if any(country in around.things(node, gsef(p)) for p in ("country", "place")):
                continue
            premises = [
                sentence(around, node, NamedNode(gsef("place")), place)
                for place in around.things(node, gsef("place"))
            ]
            premises += [
                sentence(around, place, NamedNode(gsef("within")), country)
                for place in around.things(node, gsef("place"))
                if country in around.things(place, gsef("within"), derived=True)
            ]
            found.append(
                derived(
                    around,
                    told("line.country", self.lang, object=around.ref(country)),
                    self.rule("country"),
                    premises,
                    (str(node), f"<{gsef('country')}>", str(country)),
                    passages=[
                        passage
                        for place in around.things(node, gsef("place"))
                        for passage in resting(around, node, gsef("place"), place)
                    ],
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
