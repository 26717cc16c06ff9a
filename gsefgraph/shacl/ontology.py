"""The ontology's files as the validator needs them: triples that count as stated everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from gsefgraph.shacl.shapes.graph import identifier, read_turtle
from gsefgraph.terms import OWL


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
