"""Which things a text of somebody else's may mean, the likeliest first, each with how like it is.

A secretariat writes a name in capitals, without accents, the family first, with a letter too few or
a word too many. What is the very name, these aside, is told apart from what only looks like it.
"""

from __future__ import annotations

from collections import Counter
from itertools import takewhile
from typing import Final, NamedTuple

from gsefgraph.engine.words import edits
from gsefgraph.records.resolve import Resolver
from gsefgraph.terms import FOREIGN, GSEF, key, latin

MOST: Final = 50
"""Candidates of a text."""
LONGEST: Final = 2_000
"""Characters of a text that may be a name."""
_LEAST: Final = 0.5  # likeness of what lacks a word of the text
_NEARLY: Final = 0.99  # likeness of what is not the very name at most
_SHORT: Final = 8  # letters of a key of which a wrong one leaves too few pairs
_VOCABULARIES: Final = (GSEF, FOREIGN["sdgo"])


class Candidate(NamedTuple):
    """A thing that a text may mean.

    Attributes:
        iri: the thing; name: that of its names which is most like the text.
        likeness: from 0 to 1, which only the very name has.
    """

    iri: str
    name: str
    likeness: float


def candidates(resolver: Resolver, text: str, *, kind: str | None = None) -> list[Candidate]:
    """The things that a text may mean; no terms of our vocabularies, which are about things.

    Parameters:
        text: a name as somebody has it. The family name may come first, before a comma or in
            capitals.
        kind: IRI of a class that they belong to, sub-classes included.

    Returns:
        At most `MOST`, by likeness and by IRI.

    >>> from gsefgraph.graph.graph import Graph
    >>> resolver = Graph.open().resolver
    >>> def found(text):
    ...     return [(hit.name, round(hit.likeness, 2)) for hit in candidates(resolver, text)[:1]]
    >>> found("ocde"), found("Noya, Antonella"), found("NOYA Antonella"), found("Zzz")
    ([('OCDE', 1.0)], [('Antonella Noya', 1.0)], [('Antonella Noya', 1.0)], [])
    >>> found("Antonela Noya"), found("Noya Antonella"), found("Αντονέλλα Νόγια")
    ([('Antonella Noya', 0.97)], [('Antonella Noya', 0.99)], [('Antonella Noya', 0.84)])
    """
    wanted, spelt, roman = key(text), spellings(text), latin(text)
    if kind is None and wanted.isdigit():
        spelt = set()  # a number is the name of a goal where goals are asked for
    pairs, words = _pairs(wanted), set(wanted.split())
    best: dict[str, Candidate] = {}
    names = resolver.alike(text, kind=kind)
    if roman != text:
        # Two names may be one in Latin letters and two as they are written: it is only like them.
        names += [name for name in resolver.alike(roman, kind=kind) if name not in names]
        roman_key = key(roman)
        roman_pairs = _pairs(roman_key)
    for name in names:
        if name.iri.startswith(_VOCABULARIES):
            continue
        very = name.key in spelt and name.key == key(name.text)
        likeness = 1.0 if very else _like(wanted, pairs, name.key)
        if roman != text and not very:
            likeness = max(likeness, _like(roman_key, roman_pairs, name.key))
        if likeness < _LEAST and not words <= set(name.key.split()):
            continue
        if name.iri not in best or best[name.iri].likeness < likeness:
            best[name.iri] = Candidate(name.iri, name.text, likeness)
    found = sorted(best.values(), key=lambda hit: (-hit.likeness, hit.iri))[:MOST]
    held = resolver.held([(hit.iri, hit.name) for hit in found])
    return [hit for hit in found if hit.iri in held]


def spellings(text: str) -> set[str]:
    """The keys of a name, as it is and with the family after the rest.

    >>> sorted(spellings("NOYA Antonella"))
    ['antonella noya', 'noya antonella']
    """
    return {key(text), key(_given_first(text))}


def _given_first(text: str) -> str:
    """A name with the family after the rest: it stood before a comma, or first and in capitals."""
    family, _, given = text.partition(",")
    if not given.strip() or "," in given:
        words = text.split()
        capitals = [*takewhile(str.isupper, words)]
        family, given = " ".join(capitals), " ".join(words[len(capitals) :])
    return f"{given} {family}"


def _pairs(text: str) -> Counter[str]:
    """The pairs of letters in the words of a key, their beginnings and ends too."""
    words = [f" {word} " for word in text.split()]
    return Counter(word[at : at + 2] for word in words for at in range(len(word) - 1))


def _like(wanted: str, pairs: Counter[str], name: str) -> float:
    """How much two keys have in common: their pairs of letters (Dice 1945), whatever the order of
    their words; or, of short ones, how few letters are wrong."""
    other = _pairs(name)
    dice = 2 * (pairs & other).total() / (pairs.total() + other.total())
    wrong = edits(wanted, name) if len(wanted) <= _SHORT else None
    return min(max(dice, 0 if wrong is None else 1 - wrong / len(wanted)), _NEARLY)
