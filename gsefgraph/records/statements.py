"""What one record states by one source, each triple where it was typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pyoxigraph import NamedNode, Quad

from gsefgraph.rdf.tree import Node
from gsefgraph.terms import GSEF, RDF, Term


class Texts(Protocol):
    """The stored texts of sources."""

    def find(self, document: NamedNode, quote: str) -> Sequence[tuple[int, int, str]] | None:
        """Where a quote stands in the text that holds a document: start, end and the very words;
        None where no text is stored."""
        ...

    def digest(self, document: NamedNode) -> str | None:
        """SHA-256 of the text of this very document; None where none is stored."""
        ...


@dataclass
class Statements:
    """What one record states by one source.

    Attributes:
        document: IRI of the source; None where the record names none.
        quads: in the default graph; places: line and column by subject, predicate and value.
    """

    document: NamedNode | None = None
    quads: list[Quad] = field(default_factory=list)
    places: dict[tuple[object, ...], tuple[int, int]] = field(default_factory=dict)

    def add(self, subject: NamedNode, predicate: NamedNode, value: Term, at: Node) -> None:
        """A triple, and where it was typed."""
        self.quads.append(Quad(subject, predicate, value))
        place = at.line, at.column
        for path in ((subject,), (subject, predicate), (subject, predicate, value)):
            self.places.setdefault(path, place)

    def node(self, node: NamedNode, kind: str, at: Node, **values: Term) -> None:
        """A node of a class of the ontology, by its local name, with the values of properties."""
        self.add(node, NamedNode(f"{RDF}type"), NamedNode(f"{GSEF}{kind}"), at)
        for name, value in values.items():
            self.add(node, NamedNode(f"{GSEF}{name}"), value, at)
