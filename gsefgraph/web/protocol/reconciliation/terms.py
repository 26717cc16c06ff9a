"""Types and properties by the ids that they have here: a class is ``Organisation``, a property
``basedIn``, one of another vocabulary ``skos:altLabel``."""

from __future__ import annotations

from typing import Any, Final

from pyoxigraph import NamedNode

from gsefgraph.engine.base import Pattern
from gsefgraph.errors import nearest
from gsefgraph.graph.vocabulary import Vocabulary
from gsefgraph.terms import FOREIGN, RDF, SKOS, is_iri
from gsefgraph.web.pages.thing import LISTS
from gsefgraph.web.protocol.refused import Refused
from gsefgraph.web.shown import Asked
from gsefgraph.wording import Wording, say, visible

_TYPE: Final = NamedNode(f"{RDF}type")
_ALSO: Final[dict[str, Wording]] = {
    f"{SKOS}altLabel": say("reconcile.other-names"),
    f"{FOREIGN['schema']}sameAs": say("reconcile.same-as"),
}
"""Properties of other vocabularies that people ask for, and what these are called."""


class Terms:
    """The classes and properties of a graph, for who speaks of them by their ids.

    >>> from gsefgraph.graph.graph import Graph
    >>> from gsefgraph.web.addresses import Addresses
    >>> graph = Graph.open()
    >>> terms = Terms(Asked(graph, "fr", Addresses(graph.names)))
    >>> terms.type(terms.kind("Organisation"))
    {'id': 'Organisation', 'name': 'Organisation', 'broader': [{'id': 'Agent', 'name': 'Acteur'}]}
    >>> terms.label(terms.property("basedIn")), terms.id(terms.property("skos:altLabel"))
    ('a son siège à', 'skos:altLabel')
    >>> [kind["id"] for kind in terms.types(terms.kind("Organisation"))], len(terms.usual())
    (['Organisation', 'Agent'], 7)
    >>> "issued" in [terms.id(iri) for iri in terms.of(terms.kind("Document"))]
    True
    """

    def __init__(self, asked: Asked) -> None:
        self.words = Vocabulary.of(asked.graph, asked.lang)
        self._graph = asked.graph

    def id(self, iri: str) -> str:
        """What a term is called by programs, as in the address of its page."""
        return self.words.short(iri)

    def label(self, iri: str) -> str:
        """What it is called by people."""
        also = _ALSO.get(iri)
        return also.text(self.words.lang) if also else self.words.label(iri)

    def kind(self, name: str) -> str:
        """The IRI of a class.

        Errors:
            Refused: there is none of that id.
        """
        iri, known = self.words.expand(name), self.words.classes
        if iri in known or (is_iri(iri) and self._used((None, _TYPE, NamedNode(iri)))):
            return iri
        raise self._unknown(name, known)

    def property(self, name: str) -> str:
        """The IRI of a property.

        Errors:
            Refused: there is none of that id.
        """
        iri, known = self.words.expand(name), (*self.words.properties, *_ALSO)
        if iri in known or (is_iri(iri) and self._used((None, NamedNode(iri), None))):
            return iri
        raise self._unknown(name, known)

    def named(self, iri: str) -> dict[str, str]:
        """A term by its id and its name."""
        return {"id": self.id(iri), "name": self.label(iri)}

    def type(self, iri: str) -> dict[str, Any]:
        """A class with those right above it (section 2.2)."""
        broader = [self.named(up) for up in self.words.above(iri) if up in self.words.classes]
        return {**self.named(iri), **({"broader": broader} if broader else {})}

    def types(self, iri: str) -> list[dict[str, str]]:
        """A class and all classes above it, itself first."""
        return [self.named(kind) for kind in self.words.lineage(iri)]

    def usual(self) -> list[str]:
        """The classes that people match against."""
        named = {self.id(iri).rpartition(":")[2]: iri for iri in self.words.classes}
        return [named[name] for name in LISTS if name in named]

    def of(self, kind: str) -> list[str]:
        """The properties that are said of things of a class, by what they are called.

        Parameters:
            kind: IRI; empty for any of the usual ones.
        """
        kinds = [kind] if kind else self.usual()
        every = {up for each in kinds for up in self.words.lineage(each)}
        said = (
            iri for iri in self.words.properties if not every.isdisjoint(self.words.domains(iri))
        )
        return [*said, *_ALSO]

    def _used(self, pattern: Pattern) -> bool:
        return any(True for _ in self._graph.engine.lookup([pattern], limit=1))

    def _unknown(self, name: str, known: tuple[str, ...]) -> Refused:
        ids = [self.id(iri) for iri in known]
        return Refused(
            400, say("model.unknown", name=visible(name[:80])), hint=nearest(name[:80], ids)
        )
