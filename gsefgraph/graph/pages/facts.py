"""Facts: lines of a page, each with its stance, its date and the words that it rests on.

>>> from gsefgraph.graph.graph import Graph
>>> graph = Graph.open()
>>> def of(name):
...     return Around(graph.engine, graph.resolver, graph.resolver.resolve(name), "en").look()

What a thing says itself: a line, and the passages that are for it:

>>> habitat = of("habitat-iii")
>>> [(fact.stance, fact.passages[0].quote[-34:]) for fact in own(habitat, gsef("place"))]
[('stated', '-20 octobre 2016, Quito, Équateur)')]
>>> quito = habitat.thing(habitat.node, gsef("place"))
>>> plain(line(habitat, gsef("place"), quito))
'Place: Quito'
>>> resting(habitat, habitat.node, gsef("place"), quito) == own(habitat, gsef("place"))[0].passages
True

What points to it: a thing with its date and what tells it from others, a post, a goal link:

>>> forum = of("GSEF")
>>> issued = gsef("issuedBy")
>>> texts = [thing(forum, text, predicate=issued) for text in forum.incoming(issued)]
>>> [fact.when.text if fact.when else "" for fact in newest(texts)]
['17 July 2020', '23 July 2019', 'undated', 'undated', 'undated', 'undated']
>>> [plain(fact.what)[:7] for fact in by_name(texts)]
['GSEF po', 'GSEF pr', 'GSEF we', 'Praia M', 'Special', 'Webinar']
>>> things(texts + texts)
6
>>> made = section(forum, "documents", [("", texts)])
>>> made.title, made.count, section(forum, "documents", [("", [])])
('Documents issued', 6, None)
>>> [post] = forum.incoming(gsef("organisation"))
>>> who = name(forum, forum.thing(post, gsef("agent")))
>>> plain(held(forum, post, who, (), forum.span(post)).what), title(forum, post)
('Laurence Kwark', Ref(iri='', label='Secrétaire Générale', lang='fr'))
>>> session = of("id-event:untfsse-conference-2019.gsef-session")
>>> [plain(words)[:50] for words in beside(session, session.node)]
['session', 'part of: International Conference of the United Na']
>>> link = session.incoming(gsef("subject"))[0]
>>> fact = goal_link(session, link)
>>> fact.stance, plain(fact.what), fact.reason.objection[:34]
('concluded', '11 Sustainable cities and communities', 'The subject is the social impact o')

What a rule gives, with what that rests on:

>>> found = derived(session, ("It serves a goal",), "…", [fact.what], fact.triple, nodes=[link])
>>> found.stance, found.derivation.premises == (fact.what,), found.passages == fact.passages
('derived', True, True)

Goals and targets are in the order of their codes:

>>> goal = of("sdg:17")
>>> targets = sorted(goal.incoming(f"{SKOS}broader"), key=lambda target: code_of(goal, target))
>>> [slug(target) for target in targets[8:11]]
['17.9', '17.10', '17.11']
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from gsefgraph.evidence import Passage
from gsefgraph.graph.page import Derivation, Fact, Group, Reason, Section, When
from gsefgraph.graph.pages.around import DCTERMS, MENTIONS, SHOWN, Around, gsef
from gsefgraph.graph.pages.sentences import (
    object_of,
    slug,
    term_name,
)
from gsefgraph.graph.words import Ref, Words, joined, plain, told
from gsefgraph.rdf.turtle import natural
from gsefgraph.terms import SKOS, Term, fold
from gsefgraph.wording import say

# Properties that have a line of their own in `texts/`.
LINES: Final = frozenset((
    "partOf", "place", "country", "theme", "sequence", "audience", "objective", "attendance",
    "attendanceCount", "issued", "issuedBy", "adoptedAt", "adoptedOn", "launchedAt",
    "respondsTo", "recognises", "describes", "mentions", "topic", "textDigest", "basedIn",
    "parent", "collaboratesWith", "within", "isoCode", "isPartOf", "language", "source", "rights",
    "broader", "related", "exactMatch", "sameAs", "definition", "lat", "long", "startDate",
    "endDate", "agent", "event", "organisation", "role", "onBehalfOf", "positionTitle", "asOf",
    "subject", "goal", "stance", "wasAttributedTo",
))  # fmt: skip
_LANGUAGES: Final = frozenset(("en", "fr", "es", "pt", "de", "it", "ar", "zh", "ru", "ja", "ko"))


def capital(text: str) -> str:
    """A text with its first letter as a capital.

    >>> capital("événement")
    'Événement'
    """
    return text[:1].upper() + text[1:]


def line(around: Around, predicate: str, value: Term) -> Words:
    """A property and its value, as a line of the page of the thing that has it."""
    name = slug(NamedNode(predicate))
    shown: Ref | str | Words = object_of(around, value)
    if name == "language" and isinstance(value, Literal) and value.value in _LANGUAGES:
        shown = say(f"language.{value.value}").text(around.lang)
    if name in ("sameAs", "exactMatch") and isinstance(value, NamedNode):
        shown = Ref(value.value, _short(around, value))
    if predicate == gsef("source"):
        return told("line.in-text", around.lang, object=shown)
    if name == "source" and isinstance(value, NamedNode):
        shown = Ref(value.value, value.value.partition("://")[2] or value.value)
    if isinstance(value, NamedNode):
        acronym = around.acronym(value)
        if acronym and isinstance(shown, Ref):
            shown = (shown, f" ({acronym})")
    if predicate == gsef("online"):
        yes = isinstance(value, Literal) and value.value in ("true", "1")
        return told("line.online" if yes else "line.on-site", around.lang)
    if name in LINES:
        return told(f"line.{name}", around.lang, object=shown)
    named = capital(term_name(around, predicate))
    return told("line.other", around.lang, property=named, object=shown)


def _short(around: Around, value: NamedNode) -> str:
    if "wikidata.org/entity/" in value.value:
        return f"Wikidata {slug(value)}"
    return around.label(value)[0] if around.named(value) else value.value.partition("://")[2]


def resting(around: Around, subject: NamedNode, predicate: str, value: Term) -> tuple[Passage, ...]:
    """The passages of a stated triple: of those of its subject, the ones that are for it."""
    graphs = around.graphs(subject, predicate, value)
    mine = [
        passage
        for passage in around.passages.get(subject, ())
        if passage.is_for(NamedNode(predicate))
        and passage.graph is not None
        and (not graphs or passage.graph.value in graphs)
    ]
    if predicate == MENTIONS.value and isinstance(value, NamedNode):
        return around.naming(mine, value)
    return tuple(mine)


def own(
    around: Around, *predicates: str, words: Callable[[str, Term], Words] | None = None
) -> list[Fact]:
    """What is stated of the thing with some properties, in the order of these."""
    found = []
    for predicate in predicates:
        if predicate == MENTIONS.value:
            around.read_names(around.things(around.node, predicate))
        literals = {
            str(literal): literal for literal in around.texts(around.node, predicate)
        }  # of texts in several languages those of the page
        for value in around.values(around.node, predicate):
            if isinstance(value, Literal) and value.language and str(value) not in literals:
                continue
            what = words(predicate, value) if words else line(around, predicate, value)
            when = None
            if isinstance(value, NamedNode) and around.is_a(value, "Event"):
                date = around.when(value)
                when = date if date.datetime else None
            found.append(
                Fact(
                    "stated",
                    what,
                    when=when,
                    passages=resting(around, around.node, predicate, value),
                    triple=(str(around.node), f"<{predicate}>", str(value)),
                )
            )
    return found


def thing(
    around: Around,
    node: NamedNode,
    *,
    predicate: str,
    of: NamedNode | None = None,
    more: Sequence[Words] = (),
    passages: tuple[Passage, ...] = (),
) -> Fact:
    """A thing that points to the page's, as a line: its name, kind, place, date.

    Parameters:
        predicate: with which it does.
        of: what it points to, where that is another than the page's.
    """
    is_event = around.is_a(node, "Event")
    when = around.when(node) if is_event else around.day(node, "adoptedOn", "issued")
    if when is None and around.is_a(node, "Document"):
        when = When(say("date.none").text(around.lang))
    return Fact(
        "stated",
        name(around, node),
        more=(*more, *beside(around, node)),
        when=when,
        passages=passages,
        triple=(str(node), f"<{predicate}>", str(of or around.node)),
    )


def name(around: Around, node: NamedNode) -> Words:
    """A thing by its name, and its acronym."""
    acronym = around.acronym(node)
    return (around.ref(node), f" ({acronym})") if acronym else (around.ref(node),)


def beside(around: Around, node: NamedNode) -> list[Words]:
    """Soft lines about a thing: its kinds and place, and what it is part of."""
    kinds: list[Words] = [
        (around.label(kind)[0],)
        for kind in around.things(node, gsef("kind"))
        if kind != around.node
    ]
    places: list[Words] = [
        (around.ref(place),) for place in around.things(node, gsef("place")) if place != around.node
    ]
    found = [joined((*kinds, *places), ", ")] if kinds or places else []
    for whole in around.things(node, gsef("partOf")):
        if whole != around.node:
            found.append(told("more.part-of", around.lang, event=around.ref(whole)))
    for whole in around.things(node, f"{DCTERMS}isPartOf"):
        if whole != around.node:
            found.append(told("more.item-of", around.lang, document=around.ref(whole)))
    for name in ("adopted", "launched"):
        for event in around.things(node, gsef(f"{name}At")):
            if event != around.node:
                key = "more.adopted-at" if name == "adopted" else "more.launched-at"
                found.append(told(key, around.lang, event=around.ref(event)))
    return found


def title(around: Around, node: NamedNode) -> Ref | str:
    """The position that a participation or membership gives, in the words of the source."""
    text, tag = around.text(node, gsef("positionTitle"))
    return Ref("", text, tag) if tag else text


def held(
    around: Around, node: NamedNode, what: Words, more: Sequence[Words], when: When | None
) -> Fact:
    """A participation, membership or goal link, as a line."""
    joins = [
        (predicate, str(value))
        for predicate in around.predicates(node)
        for value in around.values(node, predicate)
        if value == around.node
    ] or [
        (gsef(end), str(value))
        for end in ("agent", "subject")
        for value in around.values(node, gsef(end))
    ]
    triple = (str(node), f"<{joins[0][0]}>", joins[0][1]) if joins else None
    return Fact(
        "stated",
        what,
        more=tuple(filter(None, more)),
        when=when,
        passages=tuple(around.passages.get(node, ())),
        triple=triple,
    )


def goal_link(around: Around, node: NamedNode, *, of: str = "subject", by: bool = False) -> Fact:
    """A goal link: seen from what serves (`of` "subject") the goal, else what serves it.

    Parameters:
        by: whether a line tells what serves, on the page of an organisation.
    """
    lang = around.lang
    stance = slug(around.thing(node, gsef("stance")))
    subject, goal = around.thing(node, gsef("subject")), around.thing(node, gsef("goal"))
    more: list[Words] = []
    when = None
    if of == "subject" and goal is not None:
        code = around.text(goal, f"{SKOS}notation")[0]
        what: Words = (f"{code} ".lstrip(), around.ref(goal))
        if by and subject is not None:
            more.append(told("more.by", lang, subject=around.ref(subject)))
    elif subject is not None:
        what = name(around, subject)
        more += beside(around, subject)
        if around.is_a(subject, "Event"):
            when = around.when(subject)
        if goal is not None and goal != around.node:
            code = around.text(goal, f"{SKOS}notation")[0]
            more.append(told("more.target", lang, code=code, goal=around.ref(goal)))
    else:
        what = (around.ref(node),)
    if stance == "suggested":
        more.append(told("more.suggested", lang))
    text, tag = around.text(node, gsef("rationale"))
    objection, _ = around.text(node, gsef("objection"))
    who = around.thing(node, "http://www.w3.org/ns/prov#wasAttributedTo")
    reason = None
    if text or objection:
        reason = Reason(text, objection, tag or lang, around.ref(who) if who else None)
    elif who:
        more.append(told("more.according-to", lang, agent=around.ref(who)))
    return Fact(
        "stated" if stance == "stated" else "concluded",
        what,
        more=tuple(more),
        when=when,
        passages=tuple(around.passages.get(node, ())),
        reason=reason,
        triple=(str(node), f"<{gsef('goal')}>", str(goal)) if goal else None,
    )


def derived(
    around: Around,
    what: Words,
    rule: str,
    premises: Sequence[Words],
    triple: tuple[str, str, str],
    *,
    more: Sequence[Words] = (),
    nodes: Sequence[NamedNode] = (),
    passages: Sequence[Passage] = (),
) -> Fact:
    """A fact that a rule gives, with what it rests on.

    Parameters:
        nodes: the statement nodes whose passages it rests on in the end.
        passages: others.
    """
    found = {passage.evidence: passage for passage in passages}
    for node in nodes:
        for passage in around.passages.get(node, ()):
            found.setdefault(passage.evidence, passage)
    proof = Derivation(rule, tuple(premises)) if premises else None
    return Fact(
        "derived",
        what,
        tuple(more),
        passages=tuple(found.values()),
        derivation=proof,
        triple=triple,
    )


# Order and sections


def newest(facts: Iterable[Fact]) -> list[Fact]:
    """Newest first, undated last, then by name."""
    return sorted(
        by_name(facts), key=lambda fact: fact.when.datetime if fact.when else "", reverse=True
    )


def by_name(facts: Iterable[Fact]) -> list[Fact]:
    """In the order of the alphabet."""
    return sorted(facts, key=lambda fact: natural(fold(plain(fact.what))))


def things(facts: Iterable[Fact]) -> int:
    """How many things the facts begin with: an event is one, in however many roles."""
    return len({next((ref for ref in fact.what if isinstance(ref, Ref)), fact) for fact in facts})


def section(
    around: Around,
    key: str,
    groups: Sequence[tuple[str, Sequence[Fact]]],
    *,
    note: str = "",
    count: int | None = None,
    counted: Callable[[Sequence[Fact]], int] = len,
    title_key: str = "",
) -> Section | None:
    """A section of what there is: None where there is nothing; cut at `SHOWN`, which it says.

    Parameters:
        groups: headings, and their facts.
        note: beside the heading.
        count: how many there are, where not all were read.
        counted: what of the facts is counted.
        title_key: of its heading; by default the section's own.
    """
    full = [(head, list(facts)) for head, facts in groups if facts]
    if not full:
        return None
    heading = say(f"section.{title_key or key}").text(around.lang)
    there = counted([fact for _, facts in full for fact in facts])
    total = max(count or 0, there)
    room, shown = SHOWN, []
    for head, facts in full:
        cut = facts[:room]
        room -= len(cut)
        if cut:
            alone = len(full) == 1 and head == heading
            shown.append(Group("" if alone else head, tuple(cut)))
    number = counted([fact for group in shown for fact in group.facts])
    if number < total:
        note = say("page.first", count=number, total=total).text(around.lang)
    return Section(key, heading, note, total, tuple(shown))


def code_of(around: Around, node: NamedNode) -> str:
    """The code of a goal or target, as it sorts."""
    return natural(around.text(node, f"{SKOS}notation")[0])
