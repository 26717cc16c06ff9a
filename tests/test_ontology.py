"""The ontology's checks of itself: the model's terms, labelled, with their domains and ranges;
a complete header; only axioms that the rule compiler knows, and true as they stand."""

from __future__ import annotations

import re

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS, XSD, Literal, URIRef

from gsefgraph.terms import GSEF, ONTOLOGY
from tests.ontology_terms import (
    ALSO,
    AXIOM_GRAPH,
    CLASSES,
    NAMES,
    OWN,
    PROPERTIES,
    SCHEMA,
    SDG,
    short,
    term,
)

VANN = rdflib.Namespace("http://purl.org/vocab/vann/")
DCTERMS = rdflib.Namespace("http://purl.org/dc/terms/")
PARENT_AXIOMS = {RDFS.subClassOf, RDFS.subPropertyOf, OWL.equivalentClass, OWL.equivalentProperty}
AXIOMS = PARENT_AXIOMS | {OWL.inverseOf, OWL.propertyChainAxiom, RDFS.domain, RDFS.range}
TYPES = {
    OWL.Ontology,
    OWL.Class,
    OWL.ObjectProperty,
    OWL.DatatypeProperty,
    OWL.AnnotationProperty,
    OWL.TransitiveProperty,
    OWL.SymmetricProperty,
    URIRef(f"{GSEF}Stance"),
}
ANNOTATIONS = {
    RDFS.label,
    RDFS.comment,
    RDFS.isDefinedBy,
    SKOS.prefLabel,
    SCHEMA.domainIncludes,
    SCHEMA.rangeIncludes,
}


def described() -> list[URIRef]:
    named = {s for s in OWN.subjects(RDF.type) if isinstance(s, URIRef)}
    return sorted(s for s in named if str(s) != ONTOLOGY)


def test_the_classes_are_those_of_the_model() -> None:
    found = short(OWN.subjects(RDF.type, OWL.Class))
    assert found == {f"gsef:{name}" for name in CLASSES} | {"sdgo:Goal", "sdgo:Target"}


@pytest.mark.parametrize("name", ALSO)
def test_a_class_is_also_what_the_model_says(name: str) -> None:
    assert short(AXIOM_GRAPH.objects(term(name), RDFS.subClassOf)) == set(ALSO[name].split())


def test_the_properties_are_those_of_the_model() -> None:
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    found = {x for kind in kinds for x in OWN.subjects(RDF.type, kind)}
    assert short(found) == {f"gsef:{name}" for name in PROPERTIES}


@pytest.mark.parametrize("name", PROPERTIES)
def test_domain_and_range_type_only_where_one_class_is_meant(name: str) -> None:
    domain, values = (
        [x if ":" in x else f"gsef:{x}" for x in side.split() if x != "*"]
        for side in PROPERTIES[name]
    )
    several = PROPERTIES[name][0].startswith("*")
    node = term(name)

    def stated(prop: URIRef) -> set[str]:
        return short(OWN.objects(node, prop))

    assert stated(RDFS.domain) == (set() if several else set(domain))
    assert stated(SCHEMA.domainIncludes) == (set(domain) if several else set())
    hinted = several or len(values) > 1
    assert stated(RDFS.range) == (set() if hinted else set(values))
    assert stated(SCHEMA.rangeIncludes) == (set(values) if hinted else set())


def test_object_and_datatype_properties_match_their_values() -> None:
    classes = set(OWN.subjects(RDF.type, OWL.Class)) | {RDF.Property}
    for name, (_, values) in PROPERTIES.items():
        kind = OWN.value(term(name), RDF.type, any=True)
        kinds = set(OWN.objects(term(name), RDF.type))
        things = {term(value) for value in values.split()} <= classes
        assert (OWL.ObjectProperty in kinds) == things, (name, kind)


@pytest.mark.parametrize("node", described(), ids=lambda node: NAMES.compact(str(node)))
def test_every_term_has_one_label_and_comment_in_each_language(node: URIRef) -> None:
    for prop in (RDFS.label, RDFS.comment):
        texts = list(OWN.objects(node, prop))
        tags = [getattr(text, "language", None) for text in texts]
        assert sorted(map(str, tags)) == sorted(set(map(str, tags)))
        assert {"en", "es", "fr"} <= set(tags)
        assert all(str(text).strip() == str(text) != "" for text in texts)
    defined_by = URIRef(ONTOLOGY if str(node).startswith(GSEF) else f"{SDG}ontology")
    assert list(OWN.objects(node, RDFS.isDefinedBy)) == [defined_by]


def test_a_stance_is_an_individual_with_a_name() -> None:
    assert short(OWN.subjects(RDF.type, term("Stance"))) == {
        "gsef:stated",
        "gsef:curated",
        "gsef:suggested",
    }
    for stance in OWN.subjects(RDF.type, term("Stance")):
        names = set(OWN.objects(stance, SKOS.prefLabel))
        assert names == set(OWN.objects(stance, RDFS.label))


def test_the_datatypes_are_those_of_the_project() -> None:
    allowed = {XSD.string, RDF.langString, XSD.integer, XSD.boolean, XSD.date, XSD.gYear}
    allowed |= {XSD.gYearMonth}
    for prop in (RDFS.range, SCHEMA.rangeIncludes):
        for value in OWN.objects(None, prop):
            assert (value, RDF.type, OWL.Class) in OWN or value in allowed | {RDF.Property}


def test_the_header_is_complete() -> None:
    header = URIRef(ONTOLOGY)
    version = str(OWN.value(header, OWL.versionInfo))
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert list(OWN.objects(header, OWL.versionIRI)) == [URIRef(f"{ONTOLOGY}/{version}")]
    licence = URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert list(OWN.objects(header, DCTERMS.license)) == [licence]
    assert list(OWN.objects(header, VANN.preferredNamespacePrefix)) == [Literal("gsef")]
    assert list(OWN.objects(header, VANN.preferredNamespaceUri)) == [Literal(GSEF)]
    assert list(OWN.objects(header, OWL.priorVersion)) == [URIRef(f"{ONTOLOGY}/0.1.0")]
    for prop in (DCTERMS.created, DCTERMS.modified):
        assert OWN.value(header, prop).datatype == XSD.date
    for prop in (DCTERMS.creator, DCTERMS.publisher):
        assert isinstance(OWN.value(header, prop), URIRef)
    for prop in (DCTERMS.title, DCTERMS.description):
        languages = sorted(text.language for text in OWN.objects(header, prop))
        assert languages == ["en", "es", "fr"]


def test_only_constructs_that_the_rule_compiler_lists() -> None:
    headers = {URIRef(ONTOLOGY), URIRef(f"{ONTOLOGY}/alignments")}
    (disjoint,) = AXIOM_GRAPH.subjects(RDF.type, OWL.AllDisjointClasses)
    lists = {
        node
        for prop in (OWL.propertyChainAxiom, OWL.members)
        for first in AXIOM_GRAPH.objects(None, prop)
        for node in AXIOM_GRAPH.transitive_objects(first, RDF.rest)
    }
    for s, p, o in AXIOM_GRAPH:
        if s in headers | {disjoint}:
            continue
        if s in lists:
            assert p in {RDF.first, RDF.rest}
        elif p == RDF.type:
            assert o in TYPES, (s, o)
        else:
            assert p in AXIOMS | ANNOTATIONS, (s, p)
        assert s in lists or isinstance(s, URIRef), (s, p, o)
        assert p in {OWL.propertyChainAxiom, RDF.rest} or not isinstance(o, rdflib.BNode)


def test_what_is_one_thing_is_no_other() -> None:
    (disjoint,) = AXIOM_GRAPH.subjects(RDF.type, OWL.AllDisjointClasses)
    members = AXIOM_GRAPH.items(AXIOM_GRAPH.value(disjoint, OWL.members))
    assert short(members) == {
        f"gsef:{name}" for name in ("Document", "Event", "Organisation", "Person", "Place")
    }


def test_foreign_terms_get_no_domain_and_no_range() -> None:
    for prop in (RDFS.domain, RDFS.range, SCHEMA.domainIncludes, SCHEMA.rangeIncludes):
        for subject in AXIOM_GRAPH.subjects(prop):
            assert str(subject).startswith(GSEF), (subject, prop)


def test_both_ends_of_an_axiom_are_declared() -> None:
    declared = set(AXIOM_GRAPH.subjects(RDF.type))
    for prop in PARENT_AXIOMS | {OWL.inverseOf}:
        for subject, value in AXIOM_GRAPH.subject_objects(prop):
            assert {subject, value} <= declared, (subject, prop, value)
    for chain in AXIOM_GRAPH.objects(None, OWL.propertyChainAxiom):
        assert set(AXIOM_GRAPH.items(chain)) <= declared


SAMPLE = """
@prefix e: <http://example.org/> .
@prefix gsef: <https://w3id.org/gsefgraph/ontology#> .
@prefix sdg: <http://metadata.un.org/sdg/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:part gsef:agent e:noya ; gsef:event e:session ; gsef:role e:moderator ;
    gsef:onBehalfOf e:oecd ; gsef:evidence e:evidence .
e:member gsef:agent e:gsef ; gsef:organisation e:task-force ; gsef:role e:observer ;
    gsef:startDate "2014"^^xsd:gYear .
e:session skos:prefLabel "Session"@en ; gsef:startDate "2019-06-25"^^xsd:date ; gsef:place e:city ;
    gsef:partOf e:conference ; gsef:evidence e:evidence ; gsef:kind e:kind ; gsef:topic e:topic ;
    gsef:contributesTo sdg:8.3 .
e:conference gsef:partOf e:year .
sdg:8.3 skos:broader sdg:8 .
"""
# The types that follow for each node of the sample; nothing else may.
FOLLOWS = {
    "part": "gsef:Participation schema:Role",
    "member": "gsef:Membership org:Membership",
    "session": "gsef:Event lode:Event schema:Event",
    "conference": "gsef:Event lode:Event schema:Event",
    "oecd": "gsef:Organisation org:Organization schema:Organization gsef:Agent foaf:Agent "
    "prov:Agent",
    "task-force": "gsef:Organisation org:Organization schema:Organization gsef:Agent foaf:Agent "
    "prov:Agent",
    "noya": "",
    "gsef": "",
    "city": "",
    "evidence": "",
    "observer": "",
    "topic": "",
}


@pytest.fixture(scope="module")
def closure() -> rdflib.Graph:
    import owlrl

    graph = AXIOM_GRAPH + rdflib.Graph().parse(data=SAMPLE, format="turtle")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return graph


@pytest.mark.parametrize("name", FOLLOWS)
def test_the_axioms_type_nothing_that_they_should_not(closure: rdflib.Graph, name: str) -> None:
    types = short(closure.objects(URIRef(f"http://example.org/{name}"), RDF.type))
    assert types - {"owl:Thing", "rdfs:Resource"} == set(FOLLOWS[name].split())


def test_the_axioms_say_the_same_in_other_vocabularies(closure: rdflib.Graph) -> None:
    def objects(node: str, prop: str) -> set[str]:
        found = closure.objects(URIRef(f"http://example.org/{node}"), term(prop))
        return {str(value).removeprefix("http://example.org/") for value in found}

    assert objects("session", "rdfs:label") == {"Session"}
    assert objects("session", "foaf:name") == objects("session", "schema:name") == set()
    assert objects("session", "schema:location") == objects("session", "lode:atPlace") == {"city"}
    assert objects("session", "schema:superEvent") == {"conference", "year"}
    assert objects("year", "gsef:hasPart") == {"conference", "session"}
    assert objects("session", "gsef:contributesTo") == {f"{SDG}8.3", f"{SDG}8"}
    assert objects("member", "org:organization") == {"task-force"}
    assert objects("part", "org:organization") == objects("part", "org:member") == set()
