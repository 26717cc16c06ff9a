"""Of the vocabulary, a record brings along what it touches; the schema always comes."""

from __future__ import annotations

from pyoxigraph import RdfFormat, Triple, parse

from gsefgraph.shacl.ontology import Ontology
from gsefgraph.terms import Names

NAMES = Names()
PREFIXES = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in sorted(NAMES.prefixes.items()))


def triples_of(text: str) -> list[Triple]:
    return [quad.triple for quad in parse((PREFIXES + text).encode(), format=RdfFormat.TURTLE)]


ONTOLOGY = Ontology(
    triples_of("""
<https://w3id.org/gsefgraph/ontology> a owl:Ontology ;
    owl:versionIRI <https://w3id.org/gsefgraph/ontology/0.1.0> .
gsef:Role a owl:Class . gsef:role a owl:ObjectProperty .
id-role:opening-speaker a gsef:Role ; skos:broader id-role:speaker .
id-role:speaker a gsef:Role ; skos:broader id-role:participant .
id-role:participant a gsef:Role ; skos:prefLabel "participant"@en .
id-role:host a gsef:Role ; skos:prefLabel "host"@en .
""")
)
SCHEMA = {"<https://w3id.org/gsefgraph/ontology>", "gsef:Role", "gsef:role"}


def around(text: str) -> set[str]:
    found = {str(triple.subject)[1:-1] for triple in ONTOLOGY.around(triples_of(text))}
    return {NAMES.compact(iri) for iri in found} - SCHEMA


def test_what_is_mentioned_and_what_that_leads_to() -> None:
    assert around("id-org:a gsef:role id-role:opening-speaker .") == {
        "id-role:opening-speaker",
        "id-role:speaker",
        "id-role:participant",
    }
    assert around("id-role:host skos:altLabel 'x' .") == {"id-role:host"}
    assert around("id-org:a a gsef:Role .") == set()


def test_what_shares_a_name() -> None:
    assert around('id-role:new skos:prefLabel "participant"@en .') == {"id-role:participant"}


def test_what_may_be_imported() -> None:
    assert ONTOLOGY.versions == {
        "https://w3id.org/gsefgraph/ontology",
        "https://w3id.org/gsefgraph/ontology/0.1.0",
    }
