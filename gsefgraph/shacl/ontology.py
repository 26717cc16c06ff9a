"""The ontology's files as the validator needs them: all of the schema, and what a record touches.

Classes and properties always count. Of the concepts, goals and targets only those do that new
triples mention, lead to or share a name with: the others cannot change what is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.shacl.shapes import identifier, read_turtle
from gsefgraph.terms import GSEF, OWL, RDF, RDFS, SKOS

_NAMES = frozenset({f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{SKOS}notation", f"{GSEF}acronym"})


class Ontology:
    """The triples of an ontology.

    Attributes:
        triples: in the order of the files.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = list(triples)

    @classmethod
    def read(cls, folder: Path) -> Ontology:
        """All Turtle files of a folder, those of its sub-folders aside.

        Errors:
            InputError, SyntaxFault.
        """
        return cls(t for file in sorted(folder.glob("*.ttl")) for t in read_turtle(file))

    @cached_property
    def defined(self) -> frozenset[str]:
        """IRIs that the files describe."""
        return frozenset(identifier(triple.subject) for triple in self.triples)

    @cached_property
    def versions(self) -> frozenset[str]:
        """IRIs that owl:imports may name: the ontology's own, and its version's."""
        own = NamedNode(f"{OWL}Ontology")
        version = NamedNode(f"{OWL}versionIRI")
        found = {identifier(t.subject) for t in self.triples if t.object == own}
        found |= {
            t.object.value
            for t in self.triples
            if t.predicate == version and isinstance(t.object, NamedNode)
        }
        return frozenset(found)

    def around(self, triples: Sequence[Triple]) -> list[Triple]:
        """The schema, and the concepts that these triples touch.

        >>> concept = Triple(NamedNode("a:c"), NamedNode(f"{RDF}type"), NamedNode("a:Kind"))
        >>> use = Triple(NamedNode("a:s"), NamedNode("a:kind"), NamedNode("a:c"))
        >>> Ontology([concept]).around([]), Ontology([concept]).around([use]) == [concept]
        ([], True)
        """
        said = {
            t.object
            for t in triples
            if t.predicate.value in _NAMES and isinstance(t.object, Literal)
        }
        waiting = [
            node.value
            for t in triples
            for node in (t.subject, t.object)
            if isinstance(node, NamedNode)
        ]
        waiting += [
            identifier(t.subject)
            for t in self.triples
            if t.predicate.value in _NAMES and t.object in said
        ]
        reached: set[str] = set()
        while waiting:
            iri = waiting.pop()
            if iri in self._concepts and iri not in reached:
                reached.add(iri)
                waiting += self._concepts[iri]
        return [
            t
            for t in self.triples
            if (iri := identifier(t.subject)) not in self._concepts or iri in reached
        ]

    @cached_property
    def _concepts(self) -> dict[str, list[str]]:
        """Nodes that are no part of the schema, and the IRIs that each leads to."""
        schema = (OWL, RDFS, RDF)
        found: dict[str, list[str]] = {
            identifier(t.subject): []
            for t in self.triples
            if t.predicate.value == f"{RDF}type" and not identifier(t.object).startswith(schema)
        }
        for triple in self.triples:
            if (iri := identifier(triple.subject)) in found:
                found[iri].append(identifier(triple.object))
        return found
