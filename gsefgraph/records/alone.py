"""Files of RDF that are read for themselves, beside no graph."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from gsefgraph.rdf.reading import AS_DOCUMENTS, Reading
from gsefgraph.records import rdf
from gsefgraph.records.rdf import RecordFile
from gsefgraph.terms import ONTOLOGY, OWL


def read(source: str | Path, reading: Reading = AS_DOCUMENTS) -> RecordFile:
    """A file, its relative IRIs resolved against its own address where no other base is given.

    Errors:
        As `rdf.read`.
    """
    return rdf.read(source, reading=reading)


def imports(triples: Iterable[Triple]) -> list[str]:
    """IRIs that some triples import and do not describe, sorted; nothing is fetched.

    >>> from pyoxigraph import RdfFormat, parse
    >>> text = b"<a:o> <http://www.w3.org/2002/07/owl#imports> <a:o>, <a:p> ."
    >>> imports(quad.triple for quad in parse(text, format=RdfFormat.TURTLE))
    ['a:p']
    """
    every = list(triples)
    wanted = {
        triple.object.value
        for triple in every
        if triple.predicate.value == f"{OWL}imports" and isinstance(triple.object, NamedNode)
    }
    known = {t.subject.value for t in every if isinstance(t.subject, NamedNode)} if wanted else ()
    return sorted(
        iri
        for iri in wanted.difference(known)
        if iri != ONTOLOGY and not iri.startswith(f"{ONTOLOGY}/")
    )
