"""Things in a list: a name, and one soft line that tells what each is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.answers import dates
from gsefgraph.engine.base import batches
from gsefgraph.graph.page import When
from gsefgraph.graph.words import Ref
from gsefgraph.records.resolve import references
from gsefgraph.terms import GSEF, Term
from gsefgraph.web.shown import Asked, integer
from gsefgraph.wording import say

_TOLD: Final = {
    "organisation": ("kind", "basedIn"),
    "person": ("affiliatedWith",),
    "event": ("kind", "place"),
    "document": ("kind", "issuedBy"),
    "place": ("kind", "within"),
    "topic": (),
    "goal": (),
}
_USED: Final = {"topic": f"<{GSEF}topic>", "goal": f"<{GSEF}contributesTo>"}


@dataclass(frozen=True)
class Item:
    """One thing of a list: its name, what its soft line tells, and its number if it goes by one."""

    ref: Ref
    when: When | None = None
    told: tuple[Ref, ...] = ()
    note: str = ""
    code: str = ""


def items(asked: Asked, name: str, iris: Sequence[str]) -> tuple[Item, ...]:
    """The lines of some things.

    Parameters:
        name: of their class in the address of its list.
        iris: the things, in their order.
    """
    dated = {"event": ("startDate", "endDate"), "document": ("issued", "adoptedOn")}.get(name, ())
    known: dict[str, dict[str, list[Term]]] = {iri: {} for iri in iris}
    properties = [NamedNode(f"{GSEF}{each}") for each in (*_TOLD[name], *dated)]
    patterns = [(NamedNode(iri), prop, None) for iri in iris for prop in properties]
    for quad in asked.graph.engine.lookup(patterns) if patterns else ():
        values = known[str(quad.subject)[1:-1]].setdefault(quad.predicate.value[len(GSEF) :], [])
        if quad.object not in values and not isinstance(quad.object, Triple):
            values.append(quad.object)
    used = _used(asked, name, iris)
    nodes = {
        node.value
        for told in known.values()
        for key in _TOLD[name]
        for node in told.get(key, ())
        if isinstance(node, NamedNode)
    }
    refs = asked.refs([*iris, *sorted(nodes)])
    items = []
    for iri in iris:
        told = known[iri]
        related = [
            refs[value]
            for key in _TOLD[name]
            for value in sorted({node.value for node in told.get(key, ())} & nodes)
        ]
        note = ""
        if iri in used:
            key = "explore.served" if name == "goal" else "explore.used"
            note = say(key, count=used[iri]).text(asked.lang)
        code = iri.rpartition("/")[2] if name == "goal" else ""
        items.append(Item(refs[iri], _when(told, dated, asked.lang), tuple(related), note, code))
    return tuple(items)


def _when(told: Mapping[str, Sequence[Term]], dated: Sequence[str], lang: str) -> When | None:
    if not dated:
        return None
    first, last = (next(iter(sorted(told.get(k, ()), key=str)), None) for k in dated)
    if dated[0] == "issued":
        first, last = first or last, None
    if not isinstance(first, Literal):
        return When(say("explore.no-date").text(lang))
    start, end = first.value, last.value if isinstance(last, Literal) and last != first else ""
    text = dates.words(start, end, lang, short=True)
    return When(text, f"{start}/{end}" if end else start)


def _used(asked: Asked, name: str, iris: Sequence[str]) -> dict[str, int]:
    """How many things have a topic, or serve a goal."""
    if name not in _USED:
        return {}
    counts = dict.fromkeys(iris, 0)
    for lot in batches(iris):
        for thing, count in asked.rows(
            f"SELECT ?s (COUNT(DISTINCT ?x) AS ?n) WHERE {{ VALUES ?s {{ {references(lot)} }} "
            f"?x {_USED[name]} ?s }} GROUP BY ?s",
        ):
            if isinstance(thing, NamedNode):
                counts[thing.value] = integer(count)
    return counts
