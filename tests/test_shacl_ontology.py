"""What the ontology's files say of themselves."""

from __future__ import annotations

from pyoxigraph import RdfFormat, Triple, parse

from gsefgraph.shacl.checks import Ontology
from gsefgraph.terms import Names

NAMES = Names()
PREFIXES = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in sorted(NAMES.prefixes.items()))


def triples_of(text: str) -> list[Triple]:
    return [quad.triple for quad in parse((PREFIXES + text).encode(), format=RdfFormat.TURTLE)]


ONTOLOGY = Ontology(
    triples_of("""
<https://w3id.org/gsefgraph/ontology> a owl:Ontology ;
    owl:versionIRI <https://w3id.org/gsefgraph/ontology/0.1.0> .
gsef:Role a owl:Class .
""")
)
