"""Things, classes and properties while somebody types (section 6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from markupsafe import Markup

from gsefgraph.terms import FOREIGN, GSEF, key
from gsefgraph.web.protocol.reconciliation.entities import entities, known
from gsefgraph.web.protocol.reconciliation.reading import number
from gsefgraph.web.protocol.reconciliation.terms import Terms
from gsefgraph.web.protocol.refused import Refused
from gsefgraph.web.shown import Asked, short
from gsefgraph.wording import say, visible

KINDS: Final = ("entity", "type", "property")
"""What is suggested."""
_SHOWN: Final = 10  # at a time, and
_MOST: Final = 200  # in all
_LONGEST: Final = 200  # characters of what is typed


def suggested(asked: Asked, terms: Terms, what: str) -> dict[str, Any]:
    """What ``?prefix=`` may become, after the ``?cursor=`` first; ``cursor`` says where more is.

    Parameters:
        what: one of `KINDS`.

    Errors:
        Refused: no such number, or no such class.

    >>> from gsefgraph.graph.graph import Graph
    >>> from gsefgraph.web.addresses import Addresses
    >>> graph = Graph.open()
    >>> asked = Asked(graph, "es", Addresses(graph.names), values={"prefix": "corea"})
    >>> [one["id"] for one in suggested(asked, Terms(asked), "entity")["result"]]
    ['place/south-korea']
    """
    text = asked.values.get("prefix", "")[:_LONGEST]
    first = number(asked.values.get("cursor") or "0", "cursor", 0, _MOST)
    name = asked.values.get("type", "")
    kind = terms.kind(name) if name else ""
    found = _things(asked, text, kind) if what == "entity" else _terms(terms, text, what, kind)
    shown = found[first : first + _SHOWN]
    told: dict[str, Any] = {"result": _entities(asked, terms, shown)}
    if what != "entity":
        told = {"result": [_term(terms, iri, what) for iri in shown]}
    return {**told, "cursor": first + _SHOWN} if len(found) > first + _SHOWN else told


def flown(asked: Asked, terms: Terms, what: str) -> dict[str, str]:
    """The little that is shown beside a suggestion (section 6.5): ``?id=`` and its HTML.

    Errors:
        Refused: nothing bears that id.

    >>> from gsefgraph.graph.graph import Graph
    >>> from gsefgraph.web.addresses import Addresses
    >>> graph = Graph.open()
    >>> asked = Asked(graph, "en", Addresses(graph.names), values={"id": "partOf"})
    >>> flown(asked, Terms(asked), "property")["html"][:44]
    '<p><b>part of</b></p><p>The larger event tha'
    """
    name = asked.values.get("id", "")
    if what == "entity":
        iri = known(asked, name)
        if not iri:
            raise Refused(404, say("web.unknown", name=visible(name[:80])))
        told = entities(asked, terms, [iri])[iri]
        title, text = told["name"], told.get("description", "")
    else:
        iri = terms.kind(name) if what == "type" else terms.property(name)
        title, text = terms.label(iri), terms.words.comment(iri)
    return {"id": name, "html": str(Markup("<p><b>{}</b></p><p>{}</p>").format(title, text))}


def _things(asked: Asked, text: str, kind: str) -> list[str]:
    """Things whose names begin with a text; where there are none, those that it may mean."""
    resolver = asked.graph.resolver
    if not key(text):
        return []
    named = known(asked, text)
    hits = resolver.suggest(text, asked.lang, _MOST, kind=kind or None)
    if not hits and not kind:
        hits = resolver.search(text, asked.lang, _MOST)
    iris = [hit.iri.value for hit in hits]
    own = (GSEF, FOREIGN["sdgo"])
    found = dict.fromkeys([*([named] if named else ()), *iris])
    return [iri for iri in found if not iri.startswith(own)]


def _entities(asked: Asked, terms: Terms, iris: Sequence[str]) -> list[dict[str, Any]]:
    told = entities(asked, terms, iris).values()
    return [{"notable" if key == "type" else key: one[key] for key in one} for one in told]


def _terms(terms: Terms, text: str, what: str, kind: str) -> list[str]:
    """Terms of which the id or a word of the name begins with a text: first the usual classes, or
    the properties of a class."""
    every = terms.of("") if what == "property" else terms.words.classes
    wanted, typed = key(text), text.strip().casefold()

    def fits(iri: str) -> bool:
        called = f" {key(terms.label(iri))} "
        return f" {wanted}" in called or terms.id(iri).casefold().startswith(typed)

    first = terms.of(kind) if what == "property" else terms.usual()
    return sorted(filter(fits, every), key=lambda iri: iri not in first)


def _term(terms: Terms, iri: str, what: str) -> dict[str, Any]:
    told = terms.named(iri) if what == "property" else terms.type(iri)
    described = short(terms.words.comment(iri))
    return {**told, **({"description": described} if described else {})}
