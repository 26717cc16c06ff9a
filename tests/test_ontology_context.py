"""The JSON-LD context: every term, and nothing lost on the way through it."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph
import pytest
import rdflib
from rdflib import OWL, RDF
from rdflib.compare import isomorphic

from tests.ontology_terms import (
    CLASSES,
    FOLDER,
    NAMES,
    OWN,
    PROPERTIES,
    term,
    triples,
)

# rdflib 7.6 warns of its own JSON-LD reader's use of ConjunctiveGraph.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

CONTEXT: dict[str, Any] = json.loads((FOLDER / "context.jsonld").read_text("utf-8"))["@context"]


def test_the_context_names_every_term_and_prefix() -> None:
    assert CONTEXT["@version"] == 1.1
    assert (CONTEXT["id"], CONTEXT["type"]) == ("@id", "@type")
    for prefix, iri in NAMES.prefixes.items():
        assert CONTEXT[prefix] == iri
    for name in CLASSES:
        assert CONTEXT[name] == f"gsef:{name}"
    for name in PROPERTIES:
        assert CONTEXT[name]["@id"] == f"gsef:{name}"


@pytest.mark.parametrize("name", PROPERTIES)
def test_the_context_types_a_value_only_where_there_is_one_type(name: str) -> None:
    entry, values = CONTEXT[name], PROPERTIES[name][1]
    if OWL.ObjectProperty in set(OWN.objects(term(name), RDF.type)):
        assert entry.get("@type") == "@id"
    elif values == "rdf:langString":
        assert entry.get("@container") == "@language"
    elif values in ("xsd:integer", "xsd:date", "xsd:boolean"):
        assert entry.get("@type") == values
    else:
        assert set(entry) == {"@id"}


RECORD = """{"@context": %s, "id": "id-event:e.1", "type": "Event",
 "prefLabel": {"en": "Forum", "fr": "Forum"}, "altLabel": {"fr": ["A", "B"]}, "sequence": 5,
 "startDate": {"@value": "2019", "@type": "xsd:gYear"}, "place": "id-place:quito",
 "lat": "-0.18", "evidence": ["id-evidence:d.1-2", "https://example.org/x"],
 "gsef:theme": {"@value": "T", "@language": "es"}}"""
MEANS = """
@prefix gsef: <https://w3id.org/gsefgraph/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://w3id.org/gsefgraph/id/event/e.1> a gsef:Event ; gsef:sequence 5 ; geo:lat -0.18 ;
    skos:prefLabel "Forum"@en , "Forum"@fr ; skos:altLabel "A"@fr , "B"@fr ;
    gsef:startDate "2019"^^xsd:gYear ; gsef:place <https://w3id.org/gsefgraph/id/place/quito> ;
    gsef:evidence <https://w3id.org/gsefgraph/id/evidence/d.1-2> , <https://example.org/x> ;
    gsef:theme "T"@es .
"""


def test_a_record_means_the_same_to_both_readers() -> None:
    text = RECORD % json.dumps(CONTEXT)
    expected = triples(MEANS, pyoxigraph.RdfFormat.TURTLE)
    assert triples(text, pyoxigraph.RdfFormat.JSON_LD) == expected
    read = rdflib.Graph().parse(data=text, format="json-ld")
    assert isomorphic(read, rdflib.Graph().parse(data=MEANS, format="turtle"))


AWKWARD = """
@prefix gsef: <https://w3id.org/gsefgraph/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix e: <http://example.org/> .
e:x skos:prefLabel "no language" , "two"@fr , "deux"@fr ; skos:altLabel "A"@en-GB , "A" ;
    gsef:acronym "GSEF" , "GSEF"@fr ; gsef:theme "plain" , "T1"@fr , "T2"@fr ;
    gsef:startDate "2019"^^xsd:gYear , "2019-02"^^xsd:gYearMonth , "2019-02-03"^^xsd:date , "soon" ;
    gsef:sequence 5 , "fifth" ; gsef:place "a text where an IRI belongs" ; gsef:note "n" , "m"@es ;
    gsef:start 0 ;
    gsef:latest "2019-12-31"^^xsd:date ; gsef:quote "\\u00A0\\u00AB q \\u00BB\\n"@fr ;
    e:unknown e:y , true , 1.50 ; gsef:supports gsef:role , skos:prefLabel .
"""


@pytest.mark.parametrize("data", [MEANS, AWKWARD, "concepts.ttl", "sdg.ttl", "gsef.ttl"])
def test_compacting_by_the_context_loses_nothing(data: str) -> None:
    text = (FOLDER / data).read_text("utf-8") if data.endswith(".ttl") else data
    graph = rdflib.Graph().parse(data=text, format="turtle")
    written = graph.serialize(format="json-ld", context=CONTEXT)
    assert isomorphic(rdflib.Graph().parse(data=written, format="json-ld"), graph)
    if not any(isinstance(node, rdflib.BNode) for node in graph.all_nodes()):
        expected = triples(text, pyoxigraph.RdfFormat.TURTLE)
        assert triples(written, pyoxigraph.RdfFormat.JSON_LD) == expected
