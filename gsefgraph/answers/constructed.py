"""The answer of a CONSTRUCT or DESCRIBE: triples, for programs and for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, Quad, Triple

from gsefgraph.answers import net
from gsefgraph.terms import Names, refuse_newer

if TYPE_CHECKING:
    import rdflib

    from gsefgraph.answers.answer import Labels


@dataclass(frozen=True)
class Constructed:
    """Triples that a query made.

    Attributes:
        triples: each once, in no particular order.
        labels: names IRIs that the triples do not name; None leaves them.
        warnings: what the engine had to say.

    >>> len(Constructed(()).to_rdflib())
    0
    """

    triples: tuple[Triple, ...]
    names: Names = field(default_factory=Names)
    warnings: tuple[str, ...] = ()
    context: Path | None = None
    labels: Labels | None = None

    def __iter__(self) -> Iterator[Triple]:
        return iter(self.triples)

    def __len__(self) -> int:
        return len(self.triples)

    def write(self, format: str, *, lang: str = "en") -> bytes:  # noqa: A002
        """The triples in an RDF format, or as a network; the same bytes for the same triples.

        Parameters:
            format: of RDF, or graphml or gexf: the triples that join two IRIs.
            lang: language of names in a network.

        Errors:
            UnknownName: no such format.

        >>> Constructed(()).write("ntriples")
        b''
        """
        if format in ("graphml", "gexf"):
            made = net.of_triples(self.triples, self.names, lang, self.labels)
            return net.to_graphml(made) if format == "graphml" else net.to_gexf(made)
        from gsefgraph.rdf.export import export

        quads = (Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in self.triples)
        return export(quads, format, self.names, context=self.context)

    def to_rdflib(self) -> rdflib.Graph:
        """The triples as an rdflib Graph.

        Errors:
            UsageError: a triple term or a base direction, which rdflib does not have.
        """
        import rdflib

        for triple in self.triples:
            refuse_newer(triple.object)
        graph = rdflib.Graph()
        graph.parse(data=self.write("ntriples"), format="nt")
        return graph

    def _repr_html_(self) -> str:
        from html import escape

        from gsefgraph.rdf import turtle

        return f"<pre>{escape(turtle.write(self.triples, self.names))}</pre>\n"
