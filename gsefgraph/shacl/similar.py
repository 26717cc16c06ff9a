"""Known things that resemble one that is not known: for hints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from pyoxigraph import Literal, NamedNode

from gsefgraph.engine.base import Engine, Solutions, Term
from gsefgraph.terms import GSEF, SKOS, Names, fold

_LIMIT = 20_000
_LARGE = 1_000_000  # quads; looking through all names of a larger graph takes too long for a hint

_BEARS = f"?s <{SKOS}prefLabel>|<{SKOS}altLabel>|<{GSEF}acronym> ?name"


class Similar:
    """Asks the engine once for each namespace of IRIs, and once for names."""

    def __init__(
        self, engine: Engine, names: Names, own: Iterable[str], timeout: float | None
    ) -> None:
        self._engine = engine
        self._names = names
        self._own = sorted(own)
        self._timeout = timeout
        self._known: dict[str, list[str]] = {}
        self._named: dict[str, list[str]] | None = None

    def __call__(self, term: Term) -> Sequence[str]:
        """Compact IRIs, likeliest first: like the IRI, or named like the text; at most three."""
        if isinstance(term, Literal):
            return [self._names.compact(iri) for iri in self._bearers(term.value)[:3]]
        if not isinstance(term, NamedNode):
            return []
        cut = max(term.value.rfind("/"), term.value.rfind("#")) + 1
        namespace = term.value[:cut]
        if not namespace or term.value in (known := self._within(namespace)):
            return []
        local = {iri[cut:]: iri for iri in known}
        near = get_close_matches(term.value[cut:], local, n=3, cutoff=0.6)
        return [self._names.compact(local[name]) for name in near]

    def _within(self, namespace: str) -> list[str]:
        if namespace not in self._known:
            rows = self._rows(
                f"SELECT DISTINCT ?s WHERE {{ ?s a ?c FILTER(STRSTARTS(STR(?s), "
                f"{Literal(namespace)})) }} LIMIT {_LIMIT}"
            )
            found = {row[0].value for row in rows if isinstance(row[0], NamedNode)}
            found |= {iri for iri in self._own if iri.startswith(namespace)}
            self._known[namespace] = sorted(found)
        return self._known[namespace]

    def _bearers(self, text: str) -> list[str]:
        if self._named is None:
            self._named = {}
            rows = self._rows(f"SELECT DISTINCT ?s ?name WHERE {{ {_BEARS} }} LIMIT {_LIMIT}")
            for subject, name in rows:
                if isinstance(subject, NamedNode) and isinstance(name, Literal):
                    bearers = self._named.setdefault(fold(name.value), [])
                    if subject.value not in bearers:
                        bearers.append(subject.value)
        return sorted(self._named.get(fold(text), []))

    def _rows(self, text: str) -> Sequence[tuple[Term | None, ...]]:
        if self._engine.count() > _LARGE:
            return ()
        found = self._engine.query(text, timeout=self._timeout)
        return found.rows if isinstance(found, Solutions) else ()
