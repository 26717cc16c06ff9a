"""What a page lacks: what the shapes recommend, names in a language, dates of what it lists.

>>> from gsefgraph.graph.graph import Graph
>>> graph = Graph.open()
>>> def of(name, lang):
...     return Around(graph.engine, graph.resolver, graph.resolver.resolve(name), lang).look()
>>> [gap.text for gap in missing(of("GSEF", "en"), graph.page("GSEF", "en").sections)]
['Where it is based.', 'The dates of 4 of 11 events.']
>>> [gap.text for gap in missing(of("id-event:uclg-culture-summit", "fr"), ())]
['La date.', 'Le lieu.', 'Qui l’a organisé.']
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pyoxigraph import Literal

from gsefgraph.graph.page import Gap, Section
from gsefgraph.graph.pages.around import DCTERMS, Around, gsef
from gsefgraph.graph.pages.facts import things
from gsefgraph.graph.pages.order import kind_of
from gsefgraph.graph.pages.sentences import slug
from gsefgraph.terms import FOREIGN, SKOS
from gsefgraph.wording import Wording, say

_NAMED: Final = frozenset(("organisation", "event", "document", "place", "concept"))
_OF_A_KIND: Final = frozenset(("organisation", "event", "document", "place"))
_DATED: Final = {"events": "gap.undated-events", "appearances": "gap.undated-appearances"}


def missing(around: Around, sections: Sequence[Section]) -> list[Gap]:
    """What is missing, as sentences.

    Parameters:
        sections: those of the page, for dates that what they list lacks.
    """
    kind = kind_of(around)
    node = around.node
    found = list(_of_class(around, kind))
    if kind in _OF_A_KIND and not around.values(node, gsef("kind")):
        found.append(say("gap.kind"))
    if kind in _NAMED:
        tags = {
            (literal.language or "").split("-")[0]
            for literal in around.values(node, f"{SKOS}prefLabel")
            if isinstance(literal, Literal)
        }
        named = {"en": say("gap.name-en"), "fr": say("gap.name-fr"), "es": say("gap.name-es")}
        found += [text for lang, text in named.items() if lang not in tags]
    for section in sections:
        if section.key in _DATED and not around.many:
            facts = [fact for group in section.groups for fact in group.facts]
            undated = [fact for fact in facts if not (fact.when and fact.when.datetime)]
            counted = things if section.key == "events" else len
            if undated:
                found.append(say(_DATED[section.key], count=counted(undated), total=counted(facts)))
    return [Gap(text.text(around.lang), node.value) for text in found]


def _of_class(around: Around, kind: str) -> list[Wording]:
    node = around.node

    def lacks(*names: str) -> bool:
        return not any(around.values(node, name) for name in names)

    if kind == "organisation":
        return [say("gap.seat")] if lacks(gsef("basedIn")) else []
    if kind == "person":
        return [] if around.incoming(gsef("agent")) else [say("gap.appears")]
    if kind == "event":
        return _of_event(around)
    if kind == "document":
        found = []
        if lacks(gsef("issuedBy"), f"{DCTERMS}isPartOf"):
            found.append(say("gap.issuer"))
        if lacks(gsef("issued"), gsef("adoptedOn")):
            found.append(say("gap.issued"))
        if around.incoming(gsef("source")):
            if lacks(f"{DCTERMS}language"):
                found.append(say("gap.language"))
            if lacks(f"{DCTERMS}source", f"{DCTERMS}isPartOf"):
                found.append(say("gap.address"))
        return found
    if kind == "place":
        kinds = {slug(each) for each in around.things(node, gsef("kind"))}
        found = []
        if "city" in kinds and lacks(f"{FOREIGN['geo']}lat"):
            found.append(say("gap.coordinates"))
        if "city" in kinds and lacks(gsef("within")):
            found.append(say("gap.within"))
        if "country" in kinds and lacks(gsef("isoCode")):
            found.append(say("gap.iso"))
        return found
    if kind == "passage":
        return [] if around.incoming(gsef("evidence")) else [say("gap.unused")]
    return []


def _of_event(around: Around) -> list[Wording]:
    node = around.node
    found = []
    when = around.when(node)
    if not when.datetime:
        found.append(say("gap.date"))
    elif when.note:
        found.append(say("gap.own-date"))
    kinds = {slug(each) for each in around.things(node, gsef("kind"))}
    online = any(getattr(v, "value", "") == "true" for v in around.values(node, gsef("online")))
    series = kinds & {"webinar", "webinar-series"}
    if not around.values(node, gsef("place")) and not online and not series:
        found.append(say("gap.place"))
    roles = {slug(around.thing(n, gsef("role"))) for n in around.incoming(gsef("event"))}
    holds = roles & {"organiser", "co-organiser", "host"}
    if not holds and not around.values(node, gsef("partOf")):
        found.append(say("gap.organiser"))
    return found
