"""The page of a thing, and where its address leads: to the page, or to its data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from gsefgraph.answers.net import Net, Node, Tie
from gsefgraph.answers.pictures.drawn import around
from gsefgraph.answers.pictures.network import Network
from gsefgraph.errors import UnknownName
from gsefgraph.graph.page import Page
from gsefgraph.graph.words import Ref, plain
from gsefgraph.terms import FOREIGN, GSEF, RDF, SKOS
from gsefgraph.web import accepting
from gsefgraph.web.addresses import DATA
from gsefgraph.web.pages import evidence
from gsefgraph.web.shown import Answered, Asked, Link, Moved, Shown, short
from gsefgraph.wording import say

_SCHEMA: Final = FOREIGN["schema"]
_PART_OF: Final = frozenset(
    (f"<{GSEF}partOf>", f"<{GSEF}within>", f"<{FOREIGN['dcterms']}isPartOf>", f"<{SKOS}broader>")
)
_FEW: Final = 2  # partners that are worth a picture
LISTS: Final = {
    "Organisation": "web.list-organisation",
    "Person": "web.list-person",
    "Event": "web.list-event",
    "Document": "web.list-document",
    "Place": "web.list-place",
    "Topic": "web.list-topic",
    "Goal": "explore.goals",
}
"""Classes of which there is a list, and what that is called."""


@dataclass(frozen=True)
class ThingView:
    """What the template of a thing receives.

    Attributes:
        page: everything known of it.
        partners: the picture of the partners, numbered as they are; None where there are few.
        text: where the whole text of a document is; empty of what no passages are quoted.
        reasons: whether the reasons of goals stand open: of what itself serves them.
        data: name of a format, address of the thing in it.
        command: the same on the command line.
    """

    page: Page
    partners: Network | None
    text: str
    reasons: bool
    data: tuple[Link, ...]
    command: str


def moved(asked: Asked) -> Moved:
    """Where the IRI of a thing leads: its page, or its data in the format that is asked for.

    Errors:
        UnknownName: no such thing.
    """
    iri = _iri(asked)
    asked.graph.resolver.resolve(f"<{iri}>")
    suffix = accepting.best(asked.accept, {"html": "text/html", **DATA}) or "html"
    return Moved(asked.to.page(iri) if suffix == "html" else asked.to.data(iri, suffix))


def page(asked: Asked) -> Answered:
    """Everything known of a thing.

    Errors:
        UnknownName: no such thing.
    """
    graph, iri = asked.graph, _iri(asked)
    node = graph.resolver.resolve(f"<{iri}>")
    if _class(asked, node) == "Evidence":
        return evidence.of(asked, node)
    shown = graph.page(f"<{iri}>", asked.lang)
    if shown.redirected_to:
        return Moved(asked.to.page(shown.redirected_to), 301)
    data = asked.data(iri)
    kind = _class(asked, node)
    wholes = tuple(_wholes(shown))
    view = ThingView(
        page=shown,
        partners=_partners(asked, shown),
        text=_text(asked, shown, wholes),
        reasons=kind in ("Event", "Document"),
        data=tuple(data.values()),
        command=f"gsefgraph show {_quoted(shown.acronym or shown.compact)} --lang {asked.lang}",
    )
    return Shown(
        "thing",
        view,
        title=f"{shown.title} ({shown.acronym})" if shown.acronym else shown.title,
        description=short(plain(shown.lede) or shown.title),
        place="explore",
        trail=(*_trail(asked, kind), *(_to(asked, whole) for whole in wholes[:1])),
        facts=_facts(asked, node),
        data={media: link.href for media, link in data.items()},
        indexed=kind != "Person" or asked.graph.project.people_indexed,
    )


def _partners(asked: Asked, shown: Page) -> Network | None:
    facts = [
        fact
        for section in shown.sections
        if section.key == "partners"
        for group in section.groups
        for fact in group.facts
    ]
    others = [next((p for p in fact.what if isinstance(p, Ref)), None) for fact in facts]
    nodes = tuple(Node(other.iri, other.label) for other in others if other)
    if len(nodes) < _FEW:
        return None
    ties = tuple(Tie(shown.iri, node.iri) for node in nodes)
    made = around(Net((Node(shown.iri, shown.title), *nodes), ties), shown.iri, asked.graph.engine)
    return Network.of(made, centre=shown.iri, short=shown.acronym, lang=asked.lang)


def _iri(asked: Asked) -> str:
    if "scheme" in asked.named:
        return f"{asked.named['scheme']}:{asked.named['rest']}"
    if asked.named:
        return asked.to.iri(asked.named["kind"], asked.named["name"])
    if iri := asked.values.get("iri", ""):
        return iri
    raise UnknownName(say("web.no-iri"))


def _class(asked: Asked, node: NamedNode) -> str:
    kind = asked.graph.resolver.kind(node)
    return kind.value.removeprefix(GSEF).removeprefix(FOREIGN["sdgo"]) if kind else ""


def _wholes(shown: Page) -> Iterator[Ref]:
    """What a thing is a part of."""
    for section in shown.sections:
        for fact in (fact for group in section.groups for fact in group.facts):
            if fact.triple and fact.triple[0] == f"<{shown.iri}>" and fact.triple[1] in _PART_OF:
                yield from (part for part in fact.what if isinstance(part, Ref) and part.iri)


def _text(asked: Asked, shown: Page, wholes: Sequence[Ref]) -> str:
    quoted = any(
        fact.passages
        for section in shown.sections
        if section.key == "passages"
        for group in section.groups
        for fact in group.facts
    )
    return asked.to.source(wholes[0].iri if wholes else shown.iri) if quoted else ""


def _to(asked: Asked, ref: Ref) -> Link:
    return Link(ref.label, asked.to.page(ref.iri), ref.lang)


def _trail(asked: Asked, kind: str) -> tuple[Link, ...]:
    first = Link(say("web.explore").text(asked.lang), asked.to.to("/explore"))
    kind = "Goal" if kind == "Target" else kind
    if kind not in LISTS:
        return (first,)
    name = say(LISTS[kind]).text(asked.lang)
    return first, Link(name, asked.to.to(f"/explore/{kind.lower()}"))


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text


def _facts(asked: Asked, node: NamedNode) -> str:
    """What schema.org has words for, as JSON-LD; empty where that is nothing."""
    found: dict[str, set[str]] = {}
    types: set[str] = set()
    links: set[tuple[str, str]] = set()
    for quad in asked.graph.engine.lookup([(node, None, None)]):
        name = quad.predicate.value
        if name == f"{RDF}type" and isinstance(quad.object, NamedNode):
            if quad.object.value.startswith(_SCHEMA):
                types.add(quad.object.value.removeprefix(_SCHEMA))
        elif name.startswith(_SCHEMA):
            if isinstance(quad.object, Literal):
                found.setdefault(name.removeprefix(_SCHEMA), set()).add(quad.object.value)
            elif isinstance(quad.object, NamedNode):
                links.add((name.removeprefix(_SCHEMA), quad.object.value))
    if not types:
        return ""
    told: dict[str, Any] = {"@context": _SCHEMA, "@id": node.value, "@type": _one(types)}
    told |= {name: _one(values) for name, values in sorted(found.items())}
    for name in sorted({name for name, _ in links}):
        told[name] = _one({"@id": iri} for key, iri in sorted(links) if key == name)
    return json.dumps(told, ensure_ascii=False)


def _one(values: Any) -> Any:
    listed = sorted(values, key=str)
    return listed[0] if len(listed) == 1 else listed
