"""Candidates of a query: the things that it may mean, with their scores.

A score goes from 0 to 100. Of a name alone it is how like the names are; where properties are given
these are a third of it: each counts whole where the graph agrees, half where it does not say. One
candidate is a match where it alone has the very name and nothing speaks against it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import NamedNode

from gsefgraph.engine.base import Pattern
from gsefgraph.records.candidates import candidates
from gsefgraph.web.protocol.reconciliation.entities import entities, known
from gsefgraph.web.protocol.reconciliation.reading import Query
from gsefgraph.web.protocol.reconciliation.terms import Terms
from gsefgraph.web.protocol.reconciliation.values import Agreement
from gsefgraph.web.shown import Asked

_PROPERTIES: Final = 1 / 3  # of a score
_SILENT: Final = 0.5  # of a property that the graph does not tell
_READ: Final = 2_000  # statements that may have a value, where no name is given


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate.

    Attributes:
        iri: the thing; likeness: of its name, from 0 to 1.
        agrees: for each property of the query, whether it has that; None where nobody says.
    """

    iri: str
    likeness: float
    agrees: tuple[bool | None, ...]

    def score(self, named: bool) -> float:
        """How well it fits.

        Parameters:
            named: whether the query has a name.

        >>> Hit("a:b", 0.9, ()).score(True), Hit("a:b", 1, (True, None)).score(True)
        (90.0, 91.7)
        """
        told = [_SILENT if agrees is None else float(agrees) for agrees in self.agrees]
        agreed = sum(told) / len(told) if told else 0.0
        share = (_PROPERTIES if named else 1.0) if told else 0.0
        return round(100 * (share * agreed + (1 - share) * self.likeness), 1)


def matched(
    asked: Asked, terms: Terms, queries: dict[str, Query]
) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """The candidates of each query of a batch (section 4.2), the best first.

    >>> from gsefgraph.graph.graph import Graph
    >>> from gsefgraph.web.addresses import Addresses
    >>> graph = Graph.open()
    >>> asked = Asked(graph, "en", Addresses(graph.names))
    >>> [one] = matched(asked, Terms(asked), {"q": Query("ocde")})["q"]["result"]
    >>> one["id"], one["score"], one["match"], one["features"][1]
    ('org/oecd', 100.0, True, {'id': 'exact_name', 'value': True})
    """
    found = {name: _hits(asked, terms, query) for name, query in queries.items()}
    told = entities(asked, terms, (hit.iri for hits in found.values() for hit in hits))
    return {
        name: {"result": [*_candidates(queries[name], hits, told)]} for name, hits in found.items()
    }


def _hits(asked: Asked, terms: Terms, query: Query) -> list[Hit]:
    """What is shown of a query, and first what is certain."""
    likeness = _found(asked, terms, query)
    agreement = Agreement(asked.graph.engine, asked.to, likeness, query.wanted)
    hits = [Hit(iri, like, tuple(agreement.of(iri))) for iri, like in likeness.items()]
    if not query.text:
        hits = [hit for hit in hits if any(hit.agrees)]
    named = bool(query.text)
    return sorted(hits, key=lambda hit: (-hit.score(named), -hit.likeness, hit.iri))


def _found(asked: Asked, terms: Terms, query: Query) -> dict[str, float]:
    """The things that a query may mean, each with the likeness of its name."""
    iri = known(asked, query.text) if query.text else ""
    if iri or not query.text:
        things = [iri] if iri else _having(asked, query)
        kinds = asked.graph.resolver.kinds(things)
        every = {i: {*terms.words.lineage(kind.value)} for i, kind in kinds.items()}
        need = all if query.every else any
        return {
            i: 1.0 if iri else 0.0
            for i in things
            if not query.kinds or need(kind in every.get(i, ()) for kind in query.kinds)
        }
    lots = [
        {hit.iri: hit.likeness for hit in candidates(asked.graph.resolver, query.text, kind=kind)}
        for kind in query.kinds or (None,)
    ]
    found = {iri: likeness for lot in lots for iri, likeness in lot.items()}
    return {i: n for i, n in found.items() if not query.every or all(i in lot for lot in lots)}


def _having(asked: Asked, query: Query) -> list[str]:
    """Things that may have what is wanted."""
    patterns: list[Pattern] = [
        (None, NamedNode(one.iri), value if isinstance(value, NamedNode) else None)
        for one in query.wanted
        for value in one.values
    ]
    quads = asked.graph.engine.lookup(dict.fromkeys(patterns), limit=_READ)
    return sorted({q.subject.value for q in quads if isinstance(q.subject, NamedNode)})


def _candidates(
    query: Query, hits: list[Hit], told: dict[str, dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    match = _match(hits)
    for hit in hits[: query.limit]:
        named = bool(query.text)
        features: dict[str, bool | float] = {}
        if named:
            features = {"name_likeness": round(hit.likeness, 3), "exact_name": hit.likeness == 1}
        for one, agrees in zip(query.wanted, hit.agrees, strict=True):
            if agrees is not None:
                features[one.id] = agrees
        yield {
            **told[hit.iri],
            "score": hit.score(named),
            "match": hit is match,
            "features": [{"id": name, "value": value} for name, value in features.items()],
        }


def _match(hits: list[Hit]) -> Hit | None:
    """The one hit that is certain: it stands first and has the very name, which no other has, or
    none that fits as well; and no property speaks against it."""
    exact = [hit for hit in hits if hit.likeness == 1]
    if len(exact) > 1:
        exact = [hit for hit in exact if hit.agrees and all(hit.agrees)]
    certain = len(exact) == 1 and exact[0] is hits[0] and False not in exact[0].agrees
    return exact[0] if certain else None
