"""Files of RDF that are read for themselves, beside no graph."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from gsefgraph.files import real
from gsefgraph.records import rdf
from gsefgraph.records.rdf import RecordFile
from gsefgraph.terms import ONTOLOGY, OWL


def read(source: str | Path) -> RecordFile:
    """A file, its relative IRIs resolved against its own place; imports may stand in it.

    Errors:
        As `rdf.read`.
    """
    base = None if str(source) == "-" else real(Path(source)).as_uri()
    return rdf.read(source, base=base, imports=True)


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
