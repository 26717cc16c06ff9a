"""Things as other programs are told of them: id, name, what they are, and in short which one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from pyoxigraph import NamedNode

from gsefgraph.answers import dates
from gsefgraph.engine.base import Pattern
from gsefgraph.terms import GSEF, is_iri
from gsefgraph.web.protocol.reconciliation.terms import Terms
from gsefgraph.web.protocol.reconciliation.values import said
from gsefgraph.web.shown import Asked

_KIND: Final = f"{GSEF}kind"
_DAYS: Final = tuple(f"{GSEF}{name}" for name in ("startDate", "issued", "adoptedOn"))
_END: Final = f"{GSEF}endDate"
_PLACES: Final = tuple(
    f"{GSEF}{name}" for name in ("place", "basedIn", "within", "affiliatedWith", "issuedBy")
)
_READ: Final = 10_000  # statements


def entities(asked: Asked, terms: Terms, iris: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Some things, by their IRIs (section 2.1).

    >>> from gsefgraph.graph.graph import Graph
    >>> from gsefgraph.web.addresses import Addresses
    >>> graph = Graph.open()
    >>> asked = Asked(graph, "en", Addresses(graph.names))
    >>> iri = asked.to.iri("event", "habitat-iii")
    >>> told = entities(asked, Terms(asked), [iri])[iri]
    >>> told["id"], told["description"], [kind["id"] for kind in told["type"]]
    ('event/habitat-iii', 'conference, 17–20 October 2016, Quito', ['Event'])
    """
    wanted = list(dict.fromkeys(iris))
    resolver = asked.graph.resolver
    kinds = resolver.kinds(wanted)
    names = resolver.labels(wanted, asked.lang)
    types = {kind: terms.types(kind.value) for kind in {*kinds.values()}}
    described = descriptions(asked, wanted)
    return {
        iri: {
            "id": asked.to.id(iri),
            "name": names[iri],
            **({"description": described[iri]} if described[iri] else {}),
            "type": types[kinds[iri]] if iri in kinds else [],
        }
        for iri in wanted
    }


def descriptions(asked: Asked, iris: Iterable[str]) -> dict[str, str]:
    """What tells things of one name apart: their kinds, dates and places; empty of what has none.

    >>> from gsefgraph.graph.graph import Graph
    >>> from gsefgraph.web.addresses import Addresses
    >>> graph = Graph.open()
    >>> asked = Asked(graph, "fr", Addresses(graph.names))
    >>> [*descriptions(asked, [asked.to.iri("person", "antonella-noya")]).values()]
    ['Organisation de coopération et de développement économiques']
    """
    wanted = list(iris)
    found = said(asked.graph.engine, wanted, (_KIND, *_DAYS, _END, *_PLACES), _READ)
    others = {t.value for terms in found.values() for t in terms if isinstance(t, NamedNode)}
    names = asked.graph.resolver.labels(sorted(others), asked.lang)

    def parts(iri: str) -> Iterator[str]:
        for end in (_KIND, *_DAYS, *_PLACES):
            terms = found.get((iri, end), ())
            if end in _DAYS and terms:
                last = found.get((iri, _END), ("",))[0]
                yield dates.words(terms[0].value, getattr(last, "value", ""), asked.lang)
            yield from (names[term.value] for term in terms if isinstance(term, NamedNode))

    return {iri: ", ".join(dict.fromkeys(parts(iri))) for iri in wanted}


def known(asked: Asked, name: str) -> str:
    """The IRI of the thing that bears an id, or that is written as an IRI or a compact one; empty
    where there is none.

    >>> from gsefgraph.graph.graph import Graph
    >>> from gsefgraph.web.addresses import Addresses
    >>> graph = Graph.open()
    >>> asked = Asked(graph, "fr", Addresses(graph.names))
    >>> iri = asked.to.iri("org", "oecd")
    >>> [known(asked, name) == iri for name in ("org/oecd", iri, "id-org:oecd", "OECD")]
    [True, True, True, False]
    """
    prefix, _, local = name.strip().partition(":")
    space = asked.graph.names.prefixes.get(prefix)
    iri = asked.to.thing(name.strip()) if space is None else space + local
    if not is_iri(iri):
        return ""
    pattern: Pattern = (NamedNode(iri), None, None)
    return iri if any(True for _ in asked.graph.engine.lookup([pattern], limit=1)) else ""
