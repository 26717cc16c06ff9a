"""What things are called: labels by IRI, in the language that a person reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode, Quad

from gsefgraph.engine.base import Pattern
from gsefgraph.terms import FOREIGN, RDFS, SKOS, Names, is_iri

# What a person is shown, best first.
_SHOWN = (
    f"{SKOS}prefLabel",
    f"{RDFS}label",
    f"{FOREIGN['schema']}name",
    f"{FOREIGN['foaf']}name",
    f"{FOREIGN['dcterms']}title",
    f"{SKOS}notation",
)
_MOST = 200_000  # things whose labels are kept
_Texts: TypeAlias = "tuple[tuple[int, str, str], ...]"
Look: TypeAlias = Callable[[Iterable[Pattern]], Iterable[Quad]]
"""Gives the quads that match any of some patterns, as `Engine.lookup`."""


class Labels:
    """Labels of things, by IRI.

    Parameters:
        names: the project's prefixes, for things that have no label.
    """

    def __init__(self, names: Names) -> None:
        self.names = names
        self._known: dict[str, _Texts] = {}

    def of(self, iris: Iterable[str], lang: str, look: Look) -> dict[str, str]:
        """What things are called: in a language, else English, French, any, else compact IRIs.

        Parameters:
            iris: full IRIs.
            lang: a language tag; a label in ``fr-CA`` serves ``fr``.
            look: asks the graph, once or twice.

        Returns:
            IRI -> label, in the order given.
        """
        return {iri: label for iri, (label, _) in self.tagged(iris, lang, look).items()}

    def tagged(self, iris: Iterable[str], lang: str, look: Look) -> dict[str, tuple[str, str]]:
        """As `of`, each label with its language tag in small letters."""
        wanted = dict.fromkeys(iris)
        # Another thread may be asking too: it goes on with what was known.
        known = self._known if len(self._known) < _MOST else {}
        found: dict[str, set[tuple[int, str, str]]] = {
            iri: set() for iri in wanted if iri not in known and is_iri(iri)
        }
        # Most things have a preferred name; only what has none is asked for others.
        for naming in (_SHOWN[:1], _SHOWN[1:]):
            nameless = [NamedNode(iri) for iri, texts in found.items() if not texts]
            links = [NamedNode(name) for name in naming]
            asked: list[Pattern] = [(node, link, None) for node in nameless for link in links]
            for quad in look(asked) if asked else ():
                label = quad.object
                if isinstance(label, Literal) and label.value.strip():
                    rank, tag = _SHOWN.index(quad.predicate.value), label.language or ""
                    found[str(quad.subject)[1:-1]].add((rank, tag.lower(), label.value))
        known.update({iri: tuple(sorted(texts)) for iri, texts in found.items()})
        self._known = known
        return {iri: self._best(iri, known.get(iri, ()), lang.lower()) for iri in wanted}

    def _best(self, iri: str, texts: _Texts, lang: str) -> tuple[str, str]:
        for language in dict.fromkeys((lang, "en", "fr")):
            for _, tag, text in texts:
                if tag == language:
                    return text, tag
            for _, tag, text in texts:
                if tag.split("-")[0] == language.split("-")[0]:
                    return text, tag
        return (texts[0][2], texts[0][1]) if texts else (self.names.compact(iri), "")
