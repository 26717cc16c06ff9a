"""What the ontology says: its classes and properties, and how they hang together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from gsefgraph.graph.graph import Graph
from gsefgraph.graph.words import Ref
from gsefgraph.reason.rule import Rule
from gsefgraph.terms import FOREIGN, GSEF, OWL, RDF, RDFS, SKOS, Names, Term, fold

_SCHEMA: Final = FOREIGN["schema"]
_OWN: Final = (GSEF, FOREIGN["sdgo"])
_PROPERTIES: Final = tuple(f"{OWL}{kind}Property" for kind in ("Object", "Datatype", "Annotation"))
_LABEL: Final = (f"{RDFS}label", f"{SKOS}prefLabel")
_COMMENT: Final = (f"{RDFS}comment", f"{SKOS}definition")
_ABOVE: Final = (f"{RDFS}subClassOf", f"{RDFS}subPropertyOf")
_SAME: Final = tuple(f"{OWL}equivalent{kind}" for kind in ("Class", "Property"))


class Vocabulary:
    """What some quads say of the terms of an ontology.

    Parameters:
        quads: of the ontology.
        names: the prefixes.
        lang: the language that texts have, where there are any in it.
        rules: what derives.

    >>> words = Vocabulary.of(Graph.open(), "fr")
    >>> agent = f"{GSEF}agent"
    >>> words.label(agent), [words.compact(iri) for iri in words.domains(agent)]
    ('acteur', ['gsef:Membership', 'gsef:Participation'])
    >>> forum, part = f"{GSEF}Organisation", f"{GSEF}partOf"
    >>> words.ref(forum).label, words.labels(forum), words.comment(forum)[:10]
    ('Organisation', [('en', 'Organisation'), ('es', 'Organización')], 'Une agence')
    >>> def short(iris):
    ...     return [words.compact(iri) for iri in iris]
    >>> short(words.above(forum)), short(words.elsewhere(forum)) == short(words.above(forum))[1:]
    (['gsef:Agent', 'org:Organization', 'schema:Organization'], True)
    >>> short(words.below(f"{GSEF}Agent")), short(words.lineage(forum))
    (['gsef:Organisation', 'gsef:Person'], ['gsef:Organisation', 'gsef:Agent'])
    >>> short(words.ranges(part)), short(words.inverses(part))
    (['gsef:Event'], ['gsef:hasPart'])
    >>> words.is_a(part, "TransitiveProperty"), short(words.values(part, f"{RDFS}range"))
    (True, ['gsef:Event'])
    >>> len(words.objects(part, f"{RDFS}range"))
    1
    >>> [short(chain) for chain in words.items(f"{GSEF}contributesTo", f"{OWL}propertyChainAxiom")]
    [['gsef:contributesTo', 'skos:broader']]
    >>> short(words.types(f"{GSEF}stated")), len(words.of_type(f"{OWL}Ontology"))
    (['gsef:Stance'], 2)
    >>> words.texts(forum, f"{RDFS}label")["es"]
    'Organización'
    >>> words.short(forum), words.expand("Organisation") == forum
    ('Organisation', True)
    """

    def __init__(
        self, quads: Iterable[Quad], names: Names, lang: str = "en", rules: Sequence[Rule] = ()
    ) -> None:
        self.names = names
        self.lang = lang
        self.rules = rules
        self._said: dict[str, dict[str, list[Term]]] = {}
        for quad in quads:
            told = self._said.setdefault(_key(quad.subject), {})  # type: ignore[arg-type]
            told.setdefault(quad.predicate.value, []).append(quad.object)  # type: ignore[arg-type]

    @classmethod
    def of(cls, graph: Graph, lang: str) -> Vocabulary:
        """What the graph of the ontology says."""
        quads = graph.engine.dump(NamedNode(graph.names.graph("ontology")))
        return cls(quads, graph.names, lang, graph.rules)

    def __contains__(self, iri: str) -> bool:
        return iri in self._said and iri.startswith(_OWN)

    def values(self, iri: str, *properties: str) -> list[str]:
        """The IRIs that a term has for some properties, each once, sorted."""
        found = (o.value for o in self.objects(iri, *properties) if isinstance(o, NamedNode))
        return sorted(set(found), key=self.compact)

    def objects(self, iri: str, *properties: str) -> list[Term]:
        """All that a term has for some properties."""
        told = self._said.get(iri, {})
        return [value for name in properties for value in told.get(name, ())]

    def items(self, iri: str, name: str) -> Iterator[list[str]]:
        """The lists that a term has for a property, such as `owl:propertyChainAxiom`."""
        for node in self.objects(iri, name):
            found: list[str] = []
            while first := self.values(_key(node), f"{RDF}first"):
                found += first
                (node,) = self.objects(_key(node), f"{RDF}rest")
            yield found

    def texts(self, iri: str, *properties: str) -> dict[str, str]:
        """The texts that a term has for some properties, by language."""
        found = (o for o in self.objects(iri, *properties) if isinstance(o, Literal))
        return {text.language or "": text.value for text in found}

    def compact(self, iri: str) -> str:
        """A term as ``prefix:local``."""
        return self.names.compact(iri)

    def short(self, iri: str) -> str:
        """A term as addresses have it: of our own vocabulary without its prefix."""
        return self.compact(iri).removeprefix("gsef:")

    def expand(self, name: str) -> str:
        """The IRI that `short` writes so.

        Errors:
            UnknownName, UsageError: see `Names.expand`.
        """
        return self.names.expand(name) if ":" in name else f"{GSEF}{name}"

    def is_a(self, iri: str, kind: str) -> bool:
        """Whether a term has a type of OWL."""
        return f"{OWL}{kind}" in self.values(iri, f"{RDF}type")

    def types(self, iri: str) -> list[str]:
        """The classes of the ontology that a term is of."""
        return [kind for kind in self.values(iri, f"{RDF}type") if kind in self.classes]

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The classes that the ontology itself describes."""
        return self._described(f"{OWL}Class")

    @cached_property
    def properties(self) -> tuple[str, ...]:
        """The properties that the ontology itself describes."""
        return self._described(*_PROPERTIES)

    def of_type(self, *types: str) -> list[str]:
        """All that is of one of some types, sorted."""
        found = (iri for iri in self._said if {*types} & {*self.values(iri, f"{RDF}type")})
        return sorted(found, key=self.compact)

    def _described(self, *types: str) -> tuple[str, ...]:
        found = (iri for iri in self.of_type(*types) if iri in self)
        return tuple(sorted(found, key=lambda iri: (fold(self.label(iri)), iri)))

    def label(self, iri: str) -> str:
        """What a term is called."""
        return self._text(self.texts(iri, *_LABEL)) or self.compact(iri)

    def labels(self, iri: str) -> list[tuple[str, str]]:
        """Language and name of a term in the other languages."""
        found = self.texts(iri, *_LABEL).items()
        return sorted((tag, text) for tag, text in found if tag and tag != self.lang)

    def comment(self, iri: str) -> str:
        """What a term means."""
        return self._text(self.texts(iri, *_COMMENT))

    def _text(self, texts: Mapping[str, str]) -> str:
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
        made = {key for rule in self.rules if rule.kind != "owl" for key in rule.writes}
        inverses = {p for p in self.properties if self.values(p, f"{OWL}inverseOf")}
        return frozenset((made | inverses) & {*self.properties})

    def ref(self, iri: str) -> Ref:
        """A term in a sentence."""
        return Ref(iri, self.label(iri))


def _key(node: Term) -> str:
    return node.value if isinstance(node, NamedNode) else str(node)
