"""What files of RDF import that is not among them (OWL 2, section 3.4); nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Triple

from gsefgraph.files import real
from gsefgraph.terms import ONTOLOGY, OWL, RDF, SH

_IMPORTS, _TYPE, _VERSION = (
    NamedNode(iri) for iri in (f"{OWL}imports", f"{RDF}type", f"{OWL}versionIRI")
)
_ONTOLOGY = NamedNode(f"{OWL}Ontology")
_DECLARE = NamedNode(f"{SH}declare")


class Imports:
    """Collects what is imported, triple by triple.

    An import counts as given by the IRI of an ontology that a file describes, that of its version,
    or by the place of a file. The project's own ontology is always there.

    Parameters:
        files: what is read.
        shapes: whether they are shapes, where what declares prefixes (sh:declare) is given, too.

    >>> from pyoxigraph import RdfFormat, parse
    >>> text = b"@prefix owl: <http://www.w3.org/2002/07/owl#> ."
    >>> text += b"<a:o> owl:imports <a:p#>, <a:q> . <a:p> a owl:Ontology ."
    >>> found = Imports()
    >>> for quad in parse(text, format=RdfFormat.TURTLE):
    ...     found.note(quad)
    >>> found.unfollowed()
    {'a:q': 0}
    """

    def __init__(self, files: Iterable[str | Path] = (), *, shapes: bool = False) -> None:
        self._describing = (_VERSION, *((_DECLARE,) if shapes else ()))
        self._given = {real(Path(file)).as_uri() for file in files}
        self._wanted: dict[str, int] = {}

    def note(self, triple: Triple | Quad, number: int = 0) -> None:
        """Look at a triple of the file of a number."""
        predicate, value = triple.predicate, triple.object
        if predicate == _IMPORTS:
            if isinstance(value, NamedNode):
                self._wanted.setdefault(value.value, number)
        elif predicate in self._describing or (predicate == _TYPE and value == _ONTOLOGY):
            terms = (triple.subject, value)
            self._given |= {t.value.removesuffix("#") for t in terms if isinstance(t, NamedNode)}

    def unfollowed(self) -> dict[str, int]:
        """IRIs that are imported and not given, sorted, with the number of the first file."""
        own = (ONTOLOGY, f"{ONTOLOGY}#")
        return {
            iri: number
            for iri, number in sorted(self._wanted.items())
            if iri.removesuffix("#") not in self._given
            and iri not in own
            and not iri.startswith(f"{ONTOLOGY}/")
        }


def unfollowed(
    triples: Iterable[Triple], files: Iterable[str] = (), *, shapes: bool = False
) -> list[str]:
    """What some triples import that none of their files is, sorted, in angle brackets.

    Parameters:
        triples: of data, or of shapes.
        files, shapes: as for `Imports`.

    >>> from pyoxigraph import RdfFormat, parse
    >>> text = b"<a:o> <http://www.w3.org/2002/07/owl#imports> <a:p>, <a:q> ."
    >>> unfollowed(quad.triple for quad in parse(text, format=RdfFormat.TURTLE))
    ['<a:p>', '<a:q>']
    """
    found = Imports(files, shapes=shapes)
    for triple in triples:
        found.note(triple)
    return [f"<{iri}>" for iri in found.unfollowed()]
