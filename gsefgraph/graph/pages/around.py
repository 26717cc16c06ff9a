"""What is known around a thing: all that its page tells, read in a few questions.

A question is asked of the whole neighbourhood at once: what is said of the thing, what points to
it, what its participations, memberships and goal links join it to, and the names, kinds, dates and
places of all these. Of a thing that very many others point to a part is read, and the rest counted.

>>> from gsefgraph.graph.graph import Graph
>>> graph = Graph.open()
>>> def of(name, lang="en"):
...     return Around(graph.engine, graph.resolver, graph.resolver.resolve(name), lang).look()

What is stated of a thing, and what only rules say; its texts in the language of the page:

>>> habitat = of("habitat-iii", "fr")
>>> node, country = habitat.node, gsef("country")
>>> habitat.label(node), habitat.is_a(node, "Event")
(('Habitat III', ''), True)
>>> "https://schema.org/Event" in habitat.classes(node)  # which follows
True
>>> country in habitat.predicates(node), country in habitat.predicates(node, derived=True)
(False, True)
>>> habitat.things(node, country), habitat.values(node, country, derived=True)
([], [<NamedNode value=https://w3id.org/gsefgraph/id/place/ecuador>])
>>> place = habitat.thing(node, gsef("place"))
>>> habitat.ref(place).label, habitat.named(place), habitat.graphs(node, gsef("place"), place)
('Quito', True, {'https://w3id.org/gsefgraph/graph/gsef-advocacy-fr'})
>>> oecd = of("OECD", "es")
>>> [text.language for text in oecd.texts(oecd.node, gsef("acronym"))], oecd.acronym(oecd.node)
(['es'], 'OCDE')

What points to it: participations, memberships and goal links, their passages, other things:

>>> forum = of("GSEF")
>>> [iri.removeprefix(GSEF) for iri in forum.incoming_predicates()]
['agent', 'issuedBy', 'mentions', 'onBehalfOf', 'organisation']
>>> [post] = forum.incoming(gsef("organisation"))
>>> forum.label(forum.thing(post, gsef("agent")))[0], forum.text(post, gsef("positionTitle"))
('Laurence Kwark', ('Secrétaire Générale', 'fr'))
>>> forum.span(post).note, len(forum.passages[post])
('date of the text that says so', 3)
>>> series = forum.incoming(gsef("issuedBy"))[3]
>>> forum.day(series, "adoptedOn", "issued").text
'17 July 2020'
>>> forum.pointing_passages(series, gsef("mentions"))[1].quote
'La Secrétaire Générale de GSEF, Laurence Kwark'

A session has the date of its conference, and says so; a country has what is in its cities:

>>> session = of("id-event:untfsse-conference-2019.gsef-session")
>>> session.when(session.node).text, session.when(session.node).note
('25–26 June 2019', 'date of the conference')
>>> session.when(*session.wholes(session.node)).note
''
>>> korea = of("id-place:south-korea")
>>> [korea.label(city)[0] for city in korea.within()]
['Daejeon', 'Incheon', 'Seoul']
>>> [korea.label(event)[0] for event in korea.pointing("place", korea.within())]
['2017 Asia-Pacific Cities Summit', 'SDG training 2017']

Without a look, it knows what it is asked to hold:

>>> other = Around(graph.engine, graph.resolver, forum.node, "en")
>>> other.hold([post], quoted=False)
>>> other.ref(other.thing(post, gsef("agent"))).label, other.incoming(gsef("agent"))
('Laurence Kwark', [])
>>> other.rest_on([post])
>>> other.passages == {post: forum.passages[post]}
True

Of the passages of a text, those that name a thing:

>>> text, inaes = of("id-doc:gsef-advocacy-fr.webinar-series"), graph.resolver.resolve("INAES")
>>> text.read_names([inaes])
>>> len(text.passages[text.node]), len(text.naming(text.passages[text.node], inaes))
(27, 2)
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Quad

from gsefgraph.answers import dates
from gsefgraph.engine.base import Engine, Pattern, rows
from gsefgraph.evidence import Passage, passages
from gsefgraph.evidence.passages import mentioning
from gsefgraph.graph.page import When
from gsefgraph.graph.words import Ref
from gsefgraph.rdf.turtle import natural
from gsefgraph.records.resolve import Resolver
from gsefgraph.terms import FOREIGN, GSEF, KINDS, RDF, RDFS, SKOS, Names, Term
from gsefgraph.wording import say

READ = 1_000
"""Statements on each side of a thing that are read; of what has more, `SHOWN` of each property."""
SHOWN = 100
"""Facts of a section that are shown."""

# What links a statement node to the things that it joins.
HOLDING = ("agent", "event", "organisation", "onBehalfOf", "subject", "goal")
HELD = tuple(f"{GSEF}{name}" for name in HOLDING)
TYPE = f"{RDF}type"
DCTERMS = FOREIGN["dcterms"]
# What a line about a thing may tell beside its name, by the kind of thing that its IRI names.
_PERSON = (TYPE,)
_PLACE = (TYPE, f"{GSEF}kind", f"{GSEF}within")
_CONCEPT = (TYPE, f"{SKOS}broader", f"{SKOS}notation")
_ORG = (TYPE, f"{GSEF}kind", f"{GSEF}acronym")
_EVENT = (
    *_ORG,
    *(f"{GSEF}{name}" for name in ("startDate", "endDate", "partOf", "place", "sequence")),
)
_DOC = (
    *_ORG,
    f"{DCTERMS}isPartOf",
    *(f"{GSEF}{name}" for name in ("issued", "adoptedOn", "adoptedAt", "launchedAt")),
)
_BESIDE = {
    kind: tuple(map(NamedNode, names))
    for kind, names in {
        "org": _ORG,
        "person": _PERSON,
        "event": _EVENT,
        "place": _PLACE,
        "doc": _DOC,
        "topic": (*_CONCEPT, f"{GSEF}acronym"),
        "role": _CONCEPT,
        "kind": _CONCEPT,
        "sdg": _CONCEPT,
        "participation": (),
        "membership": (),
        "goallink": (),
        "evidence": (),
        "": tuple(dict.fromkeys((*_EVENT, *_DOC, *_PLACE, *_CONCEPT))),
    }.items()
}
_NAMES = tuple(map(NamedNode, (f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{GSEF}acronym")))
_EVIDENCE = NamedNode(f"{GSEF}evidence")
MENTIONS = NamedNode(f"{GSEF}mentions")


_VOCABULARIES = (GSEF, RDF, RDFS, SKOS, *(FOREIGN[p] for p in ("schema", "foaf", "lode", "org",
                 "prov", "oa", "dcterms", "geo", "owl", "sdgo")))  # fmt: skip


def gsef(name: str) -> str:
    """The IRI of a term of the ontology."""
    return f"{GSEF}{name}"


_PASSAGE = re.compile(r"id-evidence:(.+)\.([0-9]+)-([0-9]+)")


class Around:
    """A thing and what is around it: nothing is known of it until `look`.

    Parameters:
        engine, resolver: the graph.
        node: the thing.
        lang: language of names and words.
    """

    def __init__(self, engine: Engine, resolver: Resolver, node: NamedNode, lang: str) -> None:
        self.engine = engine
        self.resolver = resolver
        self.names: Names = resolver.names
        self.node = node
        self.lang = lang
        self.inferred = self.names.graph("inferred")
        self.many = False
        # subject -> predicate -> value -> graphs
        self._said: dict[Term, dict[str, dict[Term, set[str]]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(set))
        )
        self._incoming: dict[str, dict[Term, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._read: set[Term] = set()
        self._beside: set[Term] = set()
        self._met: dict[NamedNode, None] = {node: None}  # what `beside` has still to read about
        self._segments = {self.names.prefixes[f"id-{kind}"]: kind for kind in KINDS}
        self._labels: dict[str, tuple[str, str]] = {}
        self.passages: dict[NamedNode, list[Passage]] = {}
        self._resting: dict[str, dict[NamedNode, list[Passage]]] = {}
        self._names: set[NamedNode] = set()

    # What is read

    def look(self) -> Around:
        """Read what is said of the thing, what points to it, and what both lead to."""
        self._read.add(self.node)
        self._own()
        self._pointing()
        self.hold([self.node, *self.incoming(*HELD)])
        return self

    def _keep(self, quads: Iterable[Quad]) -> int:
        count = 0
        said, met = self._said, self._met
        for quad in quads:
            count += 1
            predicate, value = quad.predicate, quad.object
            said[quad.subject][predicate.value][value].add(quad.graph_name.value)  # type: ignore[union-attr,index]
            met[predicate] = None
            if predicate != _EVIDENCE and isinstance(value, NamedNode):
                met[value] = None
        return count

    def _own(self) -> None:
        pattern: Pattern = (self.node, None, None)
        if self._keep(self.engine.lookup([pattern], limit=READ)) < READ:
            return
        self.many = True
        for predicate in self.own_counts:
            pattern = (self.node, NamedNode(predicate), None)
            self._keep(self.engine.lookup([pattern], limit=SHOWN))

    def _pointing(self) -> None:
        pattern: Pattern = (None, None, self.node)
        without = (self.inferred,)
        quads = list(self.engine.lookup([pattern], without=without, limit=READ))
        if len(quads) == READ:
            self.many = True
            quads = []
            for predicate in self.counts:
                pattern = (None, NamedNode(predicate), self.node)
                quads += self.engine.lookup([pattern], without=without, limit=SHOWN)
            quads += self._posts()
        for quad in quads:
            graph = quad.graph_name.value  # type: ignore[union-attr]
            self._incoming[quad.predicate.value][quad.subject].add(graph)  # type: ignore[index]
            self._met[quad.predicate] = None
            if isinstance(quad.subject, NamedNode):
                self._met[quad.subject] = None

    def _posts(self) -> list[Quad]:
        """Memberships, which very many participations must not hide."""
        text = (
            f"SELECT DISTINCT ?x WHERE {{ ?x <{GSEF}agent> {self.node} ;"
            f" <{GSEF}organisation> ?any }} LIMIT {SHOWN}"
        )
        agent = NamedNode(gsef("agent"))
        patterns: list[Pattern] = [
            (n, agent, self.node) for (n,) in rows(self.engine, text) if isinstance(n, NamedNode)
        ]
        return list(self.engine.lookup(patterns, without=(self.inferred,))) if patterns else []

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many nodes are stated to point to the thing, by property; asked where not all are
        read.
        """
        return self._counted(f"?x ?p {self.node}")

    @cached_property
    def own_counts(self) -> dict[str, int]:
        """How many values the thing is stated to have, by property; asked as `counts`."""
        return self._counted(f"{self.node} ?p ?x")

    def _counted(self, triple: str) -> dict[str, int]:
        text = (
            f"SELECT ?p (COUNT(DISTINCT ?x) AS ?n) WHERE {{ GRAPH ?g {{ {triple} }}"
            f" FILTER(?g != <{self.inferred}>) }} GROUP BY ?p"
        )
        return {
            predicate.value: int(number.value)
            for predicate, number in rows(self.engine, text)
            if isinstance(predicate, NamedNode) and isinstance(number, Literal)
        }

    @cached_property
    def posts(self) -> int:
        """How many memberships the thing has, which are among what points to it as their agent."""
        text = (
            f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ ?x <{GSEF}agent> {self.node} ;"
            f" <{GSEF}organisation> ?any }}"
        )
        return sum(int(n.value) for (n,) in rows(self.engine, text) if isinstance(n, Literal))

    def hold(
        self, nodes: Sequence[NamedNode], *, also: Iterable[object] = (), quoted: bool = True
    ) -> None:
        """Read statement nodes: what they say, what they join, and their passages.

        Parameters:
            also: things that a sentence names beside.
            quoted: whether passages are read.
        """
        new = [node for node in dict.fromkeys(nodes) if node not in self._read]
        self._read.update(new)
        patterns: list[Pattern] = [(node, None, None) for node in new]
        if patterns:
            self._keep(self.engine.lookup(patterns))
        self._met.update(dict.fromkeys(term for term in also if isinstance(term, NamedNode)))
        self._read_beside()
        if quoted:
            self.rest_on(nodes)

    def _read_beside(self) -> None:
        """Read what a line tells of each thing that was met so far, and the names of all."""
        known: dict[NamedNode, None] = {}
        while self._met:  # a part leads to its whole, a thing to its kind and its place
            new = [node for node in self._met if node not in self._beside]
            self._met = {}
            self._beside.update(new)
            known.update(dict.fromkeys(new))
            patterns: list[Pattern] = [(n, p, None) for n in new for p in self._tells(n)]
            if patterns:
                self._keep(self.engine.lookup(patterns))
        missing = [node.value for node in known if node.value not in self._labels]
        self._labels.update(self.resolver.tagged(missing, self.lang))

    def _tells(self, node: NamedNode) -> tuple[NamedNode, ...]:
        iri = node.value
        space = iri[: iri.rfind("/") + 1]
        if space in self._segments:
            return _BESIDE[self._segments[space]]
        if iri.startswith(_VOCABULARIES):
            return ()
        return _BESIDE["sdg" if space == FOREIGN["sdg"] else ""]

    def pointing(
        self, name: str, nodes: Iterable[NamedNode], *, quoted: bool = True
    ) -> list[NamedNode]:
        """What points to other nodes with a property of the ontology, read; sorted."""
        patterns: list[Pattern] = [(None, NamedNode(gsef(name)), n) for n in dict.fromkeys(nodes)]
        if not patterns:
            return []
        quads = self.engine.lookup(patterns, without=(self.inferred,), limit=READ)
        found = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
        ordered = sorted(found, key=lambda node: natural(node.value))[: 2 * SHOWN]
        if gsef(name) in HELD:
            self.hold(ordered, quoted=quoted)
        else:
            self.hold((), also=ordered)
        return ordered

    def within(self) -> list[NamedNode]:
        """The places inside the thing, at any depth."""
        pattern: Pattern = (None, NamedNode(gsef("within")), self.node)
        found = {q.subject for q in self.engine.lookup([pattern], limit=READ)}
        return sorted((n for n in found if isinstance(n, NamedNode)), key=lambda n: n.value)

    def rest_on(self, nodes: Iterable[NamedNode]) -> None:
        """Read the passages of nodes; of a piece of evidence, itself."""
        new = [node for node in dict.fromkeys(nodes) if node not in self.passages]
        self.passages.update(passages(self.engine, new))

    def pointing_passages(self, node: NamedNode, predicate: str) -> tuple[Passage, ...]:
        """The passages on which it rests that a node points to the thing."""
        if predicate not in self._resting:
            link = NamedNode(predicate)
            nodes = self.incoming(predicate)[: 2 * SHOWN]
            names: set[str] = set()
            if link == MENTIONS:
                self.read_names([self.node])
                names = self._names_of(self.node)
            self._resting[predicate] = passages(self.engine, nodes, predicate=link, names=names)
        graphs = self._incoming[predicate].get(node, set())
        mine = [
            passage
            for passage in self._resting[predicate].get(node, ())
            if passage.graph is not None and passage.graph.value in graphs
        ]
        return self.naming(mine, self.node) if predicate == MENTIONS.value else tuple(mine)

    def read_names(self, things: Iterable[NamedNode]) -> None:
        """Read all names of things, and what they rest on themselves, by which a text mentions."""
        new = [thing for thing in dict.fromkeys(things) if thing not in self._names]
        self._names.update(new)
        patterns: list[Pattern] = [(n, p, None) for n in new for p in _NAMES]
        if patterns:
            self._keep(self.engine.lookup(patterns))
            self.rest_on(new)

    def naming(self, found: Sequence[Passage], thing: NamedNode) -> tuple[Passage, ...]:
        """Of passages for what a text mentions, those that mention a thing."""
        return mentioning(found, self._names_of(thing), self.passages.get(thing, ()))

    def _names_of(self, thing: NamedNode) -> set[str]:
        """The names of a thing by which a text mentions it, of those that were read."""
        return {
            literal.value
            for name in _NAMES
            for literal in self.values(thing, name.value)
            if isinstance(literal, Literal)
        }

    # What is known

    def predicates(self, node: Term, *, derived: bool = False) -> list[str]:
        """The properties of a node, as stated, sorted; with derived ones where asked for."""
        return sorted(p for p in self._said.get(node, {}) if self.values(node, p, derived=derived))

    def graphs(self, subject: Term, predicate: str, value: Term) -> set[str]:
        """The graphs that hold a triple, of what was read."""
        return self._said.get(subject, {}).get(predicate, {}).get(value, set())

    def values(self, node: Term, name: str, *, derived: bool = False) -> list[Term]:
        """The values of a property, as stated, sorted; with derived ones where asked for."""
        values = self._said.get(node, {}).get(name, {})
        found = [v for v, graphs in values.items() if derived or graphs - {self.inferred}]
        if len(found) < 2:
            return found
        return sorted(found, key=lambda v: natural(str(v)))

    def things(self, node: Term, name: str, *, derived: bool = False) -> list[NamedNode]:
        """The values that have a name."""
        return [v for v in self.values(node, name, derived=derived) if isinstance(v, NamedNode)]

    def thing(self, node: Term, name: str) -> NamedNode | None:
        """The first value that has a name."""
        return next(iter(self.things(node, name)), None)

    def texts(self, node: Term, name: str) -> list[Literal]:
        """The texts of a property in the language, or all where it has none in it."""
        found = [v for v in self.values(node, name) if isinstance(v, Literal)]
        for lang in (self.lang, "en", "fr"):
            mine = [v for v in found if (v.language or "").lower().split("-")[0] == lang]
            if mine:
                return mine
        return found

    def text(self, node: Term, name: str) -> tuple[str, str]:
        """One text of a property and its language where that is not the page's."""
        for literal in self.texts(node, name):
            return literal.value, self._other(literal.language or "")
        return "", ""

    def _other(self, tag: str) -> str:
        """A language where it is not the page's."""
        return "" if tag.split("-")[0] == self.lang else tag

    def incoming(self, *predicates: str) -> list[NamedNode]:
        """The named nodes that point to the thing with one of some properties, sorted."""
        found: dict[NamedNode, None] = {}
        for predicate in predicates:
            for node in self._incoming.get(predicate, ()):
                if isinstance(node, NamedNode):
                    found[node] = None
        return sorted(found, key=lambda n: natural(n.value))

    def incoming_predicates(self) -> list[str]:
        """The properties with which something points to the thing, sorted."""
        return sorted(self._incoming)

    def classes(self, node: Term) -> set[str]:
        """The classes of a node."""
        return {v.value for v in self.things(node, TYPE, derived=True)}

    def is_a(self, node: Term, name: str) -> bool:
        """Whether a node is of a class of the ontology."""
        return gsef(name) in self.classes(node)

    def label(self, node: NamedNode) -> tuple[str, str]:
        """The name of a node, and its language where that is not the page's."""
        if node.value not in self._labels:
            self._labels.update(self.resolver.tagged([node.value], self.lang))
        text, tag = self._labels[node.value]
        passage = _PASSAGE.fullmatch(text)
        if passage:  # it has no name: it is called by where it stands
            document, tag = self.label(NamedNode(self.names.expand(f"id-doc:{passage[1]}")))
            place = f"{passage[2]}–{passage[3]}"
            text = say("page.passage-of", place=place, document=document).text(self.lang)
        return text, self._other(tag)

    def ref(self, node: Term) -> Ref:
        """A node in a sentence."""
        if not isinstance(node, NamedNode):
            text = node.value if isinstance(node, Literal) else "…"
            return Ref("", text)
        text, tag = self.label(node)
        return Ref(node.value, text, tag)

    def named(self, node: NamedNode) -> bool:
        """Whether a node has a name, so that it need not be told by its IRI."""
        return self.label(node)[0] != self.names.compact(node.value)

    def acronym(self, node: NamedNode) -> str:
        """The acronym of a node in the language, where its name does not hold it."""
        text, _ = self.text(node, gsef("acronym"))
        return "" if text in self.label(node)[0] else text

    # Dates

    def when(self, event: NamedNode, *, short: bool = True) -> When:
        """The date of an event, or of the nearest that it is part of and that has one."""
        own = self._date(event, short)
        if own:
            return When(*own)
        for whole in self.wholes(event):
            its = self._date(whole, short)
            if its:
                return When(*its, self._whose(whole))
        return When(say("date.none").text(self.lang))

    def wholes(self, event: NamedNode) -> list[NamedNode]:
        """What an event is part of, what it is stated to be part of first."""
        direct = self.things(event, gsef("partOf"))
        every = self.things(event, gsef("partOf"), derived=True)
        return [w for w in dict.fromkeys((*direct, *every)) if w != event]

    def _ends(self, node: Term) -> tuple[str, str]:
        """The first and the last day of a node, empty where it has none."""
        starts, ends = (self.values(node, gsef(name)) for name in ("startDate", "endDate"))
        start = next((v.value for v in starts if isinstance(v, Literal)), "")
        return start, next((v.value for v in ends if isinstance(v, Literal)), "")

    def _date(self, node: NamedNode, short: bool) -> tuple[str, str] | None:
        start, end = self._ends(node)
        if not start:
            return None
        text = dates.words(start, end, self.lang, short=short)
        return text, f"{start}/{end}" if end else start

    def _whose(self, whole: NamedNode) -> str:
        for kind in self.things(whole, gsef("kind")):
            slug = kind.value.rpartition("/")[2]
            if slug in WHOLES:
                return say(f"whole.{slug}").text(self.lang)
        return say("whole.event").text(self.lang)

    def day(self, node: Term, *names: str) -> When | None:
        """The first of some dates of a node that it has."""
        for name in names:
            for value in self.values(node, gsef(name), derived=name == "asOf"):
                if isinstance(value, Literal):
                    text = dates.words(value.value, "", self.lang, short=True)
                    return When(text, value.value)
        return None

    def span(self, node: Term) -> When | None:
        """The dates of a membership."""
        start, end = self._ends(node)
        if start and end:
            return When(dates.words(start, end, self.lang, short=True), f"{start}/{end}")
        if start:
            since = dates.words(start, "", self.lang, short=True)
            return When(say("page.since", date=since).text(self.lang), start)
        if end:
            until = dates.words(end, "", self.lang, short=True)
            return When(say("page.until", date=until).text(self.lang), end)
        as_of = self.day(node, "asOf")
        if as_of:
            note = say("page.as-of").text(self.lang)
            return When(as_of.text, as_of.datetime, note)
        return None


WHOLES = frozenset(
    ("conference", "forum", "congress", "summit", "meeting", "seminar", "training",
     "webinar-series", "event-series")
)  # fmt: skip
