"""What things are called: labels by IRI, in the language that a person reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pyoxigraph import Literal, NamedNode

from gsefgraph.engine.base import Row, batches
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
_PREFERRED = f"?thing <{_SHOWN[0]}> ?label BIND(<{_SHOWN[0]}> AS ?naming)"
_ANY_NAME = f"?thing ?naming ?label FILTER(?naming IN (<{'>, <'.join(_SHOWN[1:])}>))"


class Labels:
    """Labels of things, by IRI.

    Parameters:
        names: the project's prefixes, for things that have no label.
    """

    def __init__(self, names: Names) -> None:
        self.names = names
        self._known: dict[str, tuple[tuple[int, str, str], ...]] = {}

    def of(
        self, iris: Iterable[str], lang: str, ask: Callable[[str], Iterable[Row]]
    ) -> dict[str, str]:
        """What things are called: in a language, else English, French, any, else compact IRIs.

        Parameters:
            iris: full IRIs.
            lang: a language tag; a label in ``fr-CA`` serves ``fr``.
            ask: answers a SELECT.

        Returns:
            IRI -> label, in the order given.
        """
        return {iri: label for iri, (label, _) in self.tagged(iris, lang, ask).items()}

    def tagged(
        self, iris: Iterable[str], lang: str, ask: Callable[[str], Iterable[Row]]
    ) -> dict[str, tuple[str, str]]:
        """As `of`, each label with its language tag in small letters."""
        wanted = dict.fromkeys(iris)
        missing = [iri for iri in wanted if iri not in self._known and is_iri(iri)]
        for batch in batches(missing):
            found: dict[str, list[tuple[int, str, str]]] = {iri: [] for iri in batch}
            # Most things have a preferred name, which is looked up; a filter serves the rest.
            for naming in (_PREFERRED, _ANY_NAME):
                nameless = [iri for iri in batch if not found[iri]]
                if nameless:
                    self._ask(nameless, naming, ask, found)
            self._known.update({iri: tuple(sorted(texts)) for iri, texts in found.items()})
        return {iri: self._best(iri, lang.lower()) for iri in wanted}

    def _ask(
        self,
        iris: list[str],
        naming: str,
        ask: Callable[[str], Iterable[Row]],
        found: dict[str, list[tuple[int, str, str]]],
    ) -> None:
        things = f"VALUES ?thing {{ {references(iris)} }}"
        rows = ask(f"SELECT DISTINCT ?thing ?naming ?label WHERE {{ {things} {naming} }}")
        for thing, name, label in rows:
            if isinstance(thing, NamedNode) and isinstance(name, NamedNode):
                if not isinstance(label, Literal) or not label.value.strip():
                    continue
                tag = (label.language or "").lower()
                found[thing.value].append((_SHOWN.index(name.value), tag, label.value))

    def _best(self, iri: str, lang: str) -> tuple[str, str]:
        texts = self._known.get(iri, ())
        for language in dict.fromkeys((lang, "en", "fr")):
            for _, tag, text in texts:
                if tag == language:
                    return text, tag
            for _, tag, text in texts:
                if tag.split("-")[0] == language.split("-")[0]:
                    return text, tag
        return (texts[0][2], texts[0][1]) if texts else (self.names.compact(iri), "")


def references(iris: Iterable[str]) -> str:
    """IRIs as SPARQL writes them.

    >>> references(["a:b", "a:c"])
    '<a:b> <a:c>'
    """
    return " ".join(f"<{iri}>" for iri in iris)
