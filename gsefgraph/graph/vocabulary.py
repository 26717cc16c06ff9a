"""What the ontology says: its classes and properties, and how they hang together."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode

from gsefgraph.graph.graph import Graph
from gsefgraph.graph.page import Ref
from gsefgraph.terms import FOREIGN, GSEF, OWL, RDF, RDFS, SKOS, Term, fold

_SCHEMA: Final = FOREIGN["schema"]
_OWN: Final = (GSEF, FOREIGN["sdgo"])
_PROPERTIES: Final = tuple(f"{OWL}{kind}Property" for kind in ("Object", "Datatype", "Annotation"))
_LABEL: Final = (f"{RDFS}label", f"{SKOS}prefLabel")
_COMMENT: Final = (f"{RDFS}comment", f"{SKOS}definition")
_ABOVE: Final = (f"{RDFS}subClassOf", f"{RDFS}subPropertyOf")
_SAME: Final = tuple(f"{OWL}equivalent{kind}" for kind in ("Class", "Property"))


class Vocabulary:
    """What the graph of the ontology says.

    Parameters:
        graph: the graph.
        lang: the language that texts have, where there are any in it.

    >>> words = Vocabulary(Graph.open(), "fr")
    >>> agent = f"{GSEF}agent"
    >>> words.label(agent), [words.compact(iri) for iri in words.domains(agent)]
    ('acteur', ['gsef:Membership', 'gsef:Participation'])
    """

    def __init__(self, graph: Graph, lang: str) -> None:
        self.graph = graph
        self.lang = lang
        self._said: dict[str, dict[str, list[Term]]] = {}
        for quad in graph.engine.dump(NamedNode(graph.names.graph("ontology"))):
            # What is taken from elsewhere stands there, and blank nodes are of axioms.
            if isinstance(quad.subject, NamedNode):
                told = self._said.setdefault(quad.subject.value, {})
                told.setdefault(quad.predicate.value, []).append(quad.object)  # type: ignore[arg-type]

    def __contains__(self, iri: str) -> bool:
        return iri in self._said and iri.startswith(_OWN)

    def values(self, iri: str, *properties: str) -> list[str]:
        """The IRIs that a term has for some properties, each once, sorted."""
        told = self._said.get(iri, {})
        found = {o.value for p in properties for o in told.get(p, ()) if isinstance(o, NamedNode)}
        return sorted(found, key=self.compact)

    def compact(self, iri: str) -> str:
        """A term as ``prefix:local``."""
        return self.graph.names.compact(iri)

    def is_a(self, iri: str, kind: str) -> bool:
        """Whether a term has a type of OWL."""
        return f"{OWL}{kind}" in self.values(iri, f"{RDF}type")

    def types(self, iri: str) -> list[str]:
        """The classes of the ontology that a term is of."""
        return [kind for kind in self.values(iri, f"{RDF}type") if kind in self.classes]

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The classes that the ontology itself describes."""
        return self._described((f"{OWL}Class",))

    @cached_property
    def properties(self) -> tuple[str, ...]:
        """The properties that the ontology itself describes."""
        return self._described(_PROPERTIES)

    def _described(self, types: Iterable[str]) -> tuple[str, ...]:
        wanted = set(types)
        found = [
            iri
            for iri in self._said
            if iri.startswith(_OWN) and wanted & {*self.values(iri, f"{RDF}type")}
        ]
        return tuple(sorted(found, key=lambda iri: (fold(self.label(iri)), iri)))

    def label(self, iri: str) -> str:
        """What a term is called."""
        return self._text(iri, _LABEL) or self.compact(iri)

    def labels(self, iri: str) -> list[tuple[str, str]]:
        """Language and name of a term in the other languages."""
        told = self._said.get(iri, {})
        found = {
            text.language: text.value
            for prop in _LABEL
            for text in told.get(prop, ())
            if isinstance(text, Literal) and text.language and text.language != self.lang
        }
        return sorted(found.items())

    def comment(self, iri: str) -> str:
        """What a term means."""
        return self._text(iri, _COMMENT)

    def _text(self, iri: str, properties: tuple[str, ...]) -> str:
        told = self._said.get(iri, {})
        texts = {
            text.language: text.value
            for prop in properties
            for text in told.get(prop, ())
            if isinstance(text, Literal)
        }
        return texts.get(self.lang) or texts.get("en") or next(iter(texts.values()), "")

    def domains(self, iri: str) -> list[str]:
        """The classes that a property is said of."""
        return self.values(iri, f"{RDFS}domain", f"{_SCHEMA}domainIncludes")

    def ranges(self, iri: str) -> list[str]:
        """The classes and datatypes of a property's values."""
        return self.values(iri, f"{RDFS}range", f"{_SCHEMA}rangeIncludes")

    def above(self, iri: str) -> list[str]:
        """What a term is a case of, in the ontology itself and elsewhere."""
        return [up for up in self.values(iri, *_ABOVE) if up != iri]

    def below(self, iri: str) -> list[str]:
        """The terms of the ontology that are cases of one."""
        return [t for t in (*self.classes, *self.properties) if iri in self.above(t)]

    def elsewhere(self, iri: str) -> list[str]:
        """The terms of other vocabularies that a term is a case of, or the same as."""
        return [up for up in (*self.above(iri), *self.values(iri, *_SAME)) if up not in self]

    def inverses(self, iri: str) -> list[str]:
        """The properties that say the same from the other side."""
        inverse = f"{OWL}inverseOf"
        others = [p for p in self.properties if iri in self.values(p, inverse)]
        return sorted({*self.values(iri, inverse), *others})

    def lineage(self, iri: str) -> list[str]:
        """A class and all classes of the ontology above it."""
        found = [iri]
        for each in found:
            found += [up for up in self.above(each) if up in self.classes and up not in found]
        return found

    @cached_property
    def derived(self) -> frozenset[str]:
        """The properties that nobody states: rules make them, or they are another's inverse."""
        made = {key for rule in self.graph.rules if rule.kind != "owl" for key in rule.writes}
        inverses = {p for p in self.properties if self.values(p, f"{OWL}inverseOf")}
        return frozenset((made | inverses) & {*self.properties})

    def ref(self, iri: str) -> Ref:
        """A term in a sentence."""
        return Ref(iri, self.label(iri))
