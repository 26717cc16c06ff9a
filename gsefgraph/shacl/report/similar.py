"""Known things that resemble one that is not known: for hints."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

from pyoxigraph import Literal, NamedNode

from gsefgraph.engine.base import Engine, Solutions, Term
from gsefgraph.terms import GSEF, SKOS, Names, fold

_LIMIT = 20_000
_LARGE = 1_000_000  # quads; looking through all names of a larger graph takes too long for a hint
_NAMESPACES = 40  # each costs a query
_CANDIDATES = 12
_LOOKED = 3000  # entries of the index looked at for one word
_SEARCHES = 300  # for hints of one report; what is misspelt more often has another cause
_CUTOFF = 0.6

_BEARS = f"?s <{SKOS}prefLabel>|<{SKOS}altLabel>|<{GSEF}acronym> ?name"


class Near:
    """Words that resemble a given one, found by the groups of three letters that they share.

    Parameters:
        words: those that are known.

    >>> Near(["startDate", "endDate", "place"]).of("startDat")
    ['startDate']
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(set(words))
        self._by_part: dict[str, list[int]] = {}
        for number, word in enumerate(self._words):
            for part in _parts(word):
                self._by_part.setdefault(part, []).append(number)

    def of(self, word: str, count: int = 3) -> list[str]:
        """The nearest words, nearest first."""
        shared: Counter[int] = Counter()
        # The rarest groups tell most; those that every word has tell nothing and cost most.
        lists = sorted((self._by_part.get(part, []) for part in _parts(word)), key=len)
        looked = 0
        for numbers in lists:
            if looked and looked + len(numbers) > _LOOKED:
                break
            shared.update(numbers)
            looked += len(numbers)
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(word)
        scored = []
        most = sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:_CANDIDATES]
        for number, _ in most:
            matcher.set_seq1(self._words[number])
            if matcher.quick_ratio() >= _CUTOFF and (ratio := matcher.ratio()) >= _CUTOFF:
                scored.append((-ratio, self._words[number]))
        return [found for _, found in sorted(scored)[:count]]


class Similar:
    """Asks the engine once for each namespace of IRIs, and once for names."""

    def __init__(
        self, engine: Engine, names: Names, own: Iterable[str], timeout: float | None
    ) -> None:
        self._engine = engine
        self._names = names
        self._own = sorted(own)
        self._timeout = timeout
        self._known: dict[str, tuple[frozenset[str], Near]] = {}
        self._named: Mapping[str, Sequence[str]] | None = None
        self._told: dict[Term, Sequence[str]] = {}

    def __call__(self, term: Term) -> Sequence[str]:
        """Compact IRIs, likeliest first: like the IRI, or named like the text; at most three."""
        if term not in self._told:
            self._told[term] = [self._names.compact(iri) for iri in self._find(term)[:3]]
        return self._told[term]

    def _find(self, term: Term) -> Sequence[str]:
        if isinstance(term, Literal):
            return self._bearers(term.value)
        if not isinstance(term, NamedNode):
            return []
        cut = max(term.value.rfind("/"), term.value.rfind("#")) + 1
        namespace, local = term.value[:cut], term.value[cut:]
        if not namespace:
            return []
        known, near = self._within(namespace)
        if term.value in known or len(self._told) > _SEARCHES:
            return []
        # id-org:ocde, where OCDE is another name of id-org:oecd
        named = [iri for iri in self._bearers(local) if iri.startswith(namespace)]
        close = [namespace + word for word in near.of(local)]
        return list(dict.fromkeys([*named, *close]))

    def _within(self, namespace: str) -> tuple[frozenset[str], Near]:
        if namespace not in self._known:
            rows: Sequence[tuple[Term | None, ...]] = ()
            if len(self._known) < _NAMESPACES:
                rows = self._rows(
                    f"SELECT DISTINCT ?s WHERE {{ ?s a ?c FILTER(STRSTARTS(STR(?s), "
                    f"{Literal(namespace)})) }} LIMIT {_LIMIT}"
                )
            found = {row[0].value for row in rows if isinstance(row[0], NamedNode)}
            found |= {iri for iri in self._own if iri.startswith(namespace)}
            near = Near(iri[len(namespace) :] for iri in found)
            self._known[namespace] = frozenset(found), near
        return self._known[namespace]

    def _bearers(self, text: str) -> Sequence[str]:
        if self._named is None:
            named: dict[str, set[str]] = {}
            rows = self._rows(f"SELECT DISTINCT ?s ?name WHERE {{ {_BEARS} }} LIMIT {_LIMIT}")
            for subject, name in rows:
                if isinstance(subject, NamedNode) and isinstance(name, Literal):
                    named.setdefault(_key(name.value), set()).add(subject.value)
            self._named = {key: sorted(iris) for key, iris in named.items() if key}
        return self._named.get(_key(text), ())

    def _rows(self, text: str) -> Sequence[tuple[Term | None, ...]]:
        if self._engine.count() > _LARGE:
            return ()
        found = self._engine.query(text, timeout=self._timeout)
        return found.rows if isinstance(found, Solutions) else ()


def _key(text: str) -> str:
    """A name without case, accents, points and hyphens: ``O.C.D.É.`` is ``ocde``."""
    return " ".join(
        re.sub(r"[^\w\s]+", " ", re.sub(r"(?<=\w)\.(?=\w|\s|$)", "", fold(text))).split()
    )


def _parts(word: str) -> set[str]:
    folded = f"^{word.casefold()}$"
    return {folded[start : start + 3] for start in range(len(folded) - 2)} or {folded}
