"""The ontology's axioms: closed, checked, compiled."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from pyoxigraph import Triple

from gsefgraph.engine.embedded import Embedded
from gsefgraph.errors import InputError
from gsefgraph.reason import owl
from tests.reasoning import E, ontologies, oracle, telling, told, triple, turtle

SHIPPED = ("gsef.ttl", "alignments.ttl")


def names(text: str) -> list[str]:
    rules = owl.compile(owl.close(turtle(text)))
    return [rule.name.replace(E, ":") for rule in rules if "(" in rule.name]


def test_the_shipped_ontology_has_only_axioms_that_are_compiled(root: Path) -> None:
    triples: list[Triple] = []
    for name in SHIPPED:
        text = root.joinpath("ontology", name).read_bytes()
        owl.close(text)
        triples += turtle(text.decode())
    rules = owl.compile(owl.close(triples))
    assert len(rules) > 100
    found = {rule.name for rule in rules}
    assert "prp-trp(gsef:within)" in found
    assert "prp-spo2(gsef:contributesTo, gsef:contributesTo, skos:broader)" in found


@pytest.mark.parametrize(
    ("axioms", "compiled"),
    [
        (":A rdfs:subClassOf :B .", ["cax-sco(<:A>, <:B>)"]),
        (":A owl:equivalentClass :B .", ["cax-eqc1(<:A>, <:B>)", "cax-eqc2(<:A>, <:B>)"]),
        (":p rdfs:subPropertyOf :q .", ["prp-spo1(<:p>, <:q>)"]),
        (":p owl:equivalentProperty :q .", ["prp-eqp1(<:p>, <:q>)", "prp-eqp2(<:p>, <:q>)"]),
        (":p owl:inverseOf :q .", ["prp-inv1(<:p>, <:q>)", "prp-inv2(<:p>, <:q>)"]),
        (":p a owl:SymmetricProperty .", ["prp-symp(<:p>)"]),
        (":p a owl:TransitiveProperty .", ["prp-trp(<:p>)"]),
        (":p rdfs:domain :A .", ["prp-dom(<:p>, <:A>)"]),
        (":p rdfs:range :A .", ["prp-rng(<:p>, <:A>)"]),
        (":p rdfs:range xsd:date , rdfs:Literal , rdf:langString .", []),
        (":p rdfs:domain owl:Thing . :A rdfs:subClassOf owl:Thing , :A .", []),
        (":p owl:propertyChainAxiom ( :q :r ) .", ["prp-spo2(<:p>, <:q>, <:r>)"]),
        (
            ":A rdfs:subClassOf :B . :B rdfs:subClassOf :C . :p rdfs:domain :A .",
            ["cax-sco(<:A>, <:B>)", "cax-sco(<:B>, <:C>)", "prp-dom(<:p>, <:A>)"],
        ),
        (
            ":p rdfs:subPropertyOf :q . :q rdfs:range :A .",
            ["prp-rng(<:q>, <:A>)", "prp-spo1(<:p>, <:q>)"],
        ),
    ],
)
def test_each_construct_has_its_rule_and_no_rule_that_others_make_up(
    axioms: str, compiled: list[str]
) -> None:
    assert names(axioms) == compiled


def test_rules_of_equality_and_of_the_ontology_itself_are_always_there() -> None:
    assert [rule.name for rule in owl.compile([])] == [
        *("eq-rep-o", "eq-rep-p", "eq-rep-s", "eq-sym", "eq-trans"),
        *("scm-dom1", "scm-dom2", "scm-eqc1", "scm-eqc1", "scm-eqc2", "scm-eqp1", "scm-eqp1"),
        *("scm-eqp2", "scm-rng1", "scm-rng2", "scm-sco", "scm-spo"),
    ]


@pytest.mark.parametrize(
    ("axioms", "said"),
    [
        (":A owl:disjointWith :B .", "owl:disjointWith"),
        (":p a owl:FunctionalProperty .", "owl:FunctionalProperty"),
        (":p a owl:IrreflexiveProperty .", "owl:IrreflexiveProperty"),
        (":A rdfs:subClassOf [ a owl:Restriction ] .", "rdf"),
        (":A owl:equivalentClass [ owl:unionOf ( :B :C ) ] .", "owl:"),
        (":p owl:inverseOf [] .", "owl:inverseOf"),
        (":A owl:hasKey ( :p ) .", "owl:hasKey"),
        (":o owl:imports <https://example.org/remote> .", "owl:imports"),
        (":A rdfs:subClasOf :B .", "rdfs:subClasOf"),
        (':A rdfs:subClassOf "B" .', '"B"'),
    ],
)
def test_any_other_axiom_is_named(axioms: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        owl.close(turtle(axioms))
    assert "has no rule" in str(caught.value)
    assert said in str(caught.value)
    assert "rdfs:subClassOf, rdfs:subPropertyOf" in str(caught.value)


@pytest.mark.parametrize(
    "axioms",
    [
        ":p owl:propertyChainAxiom () .",
        ":p owl:propertyChainAxiom :q .",
        ':p owl:propertyChainAxiom ( :q "r" ) .',
        ":p owl:propertyChainAxiom :l . :l rdf:first :q ; rdf:rest :l .",
    ],
)
def test_a_chain_that_is_no_list_is_named(axioms: str) -> None:
    with pytest.raises(InputError, match=r"the property chain of .*example\.org/p"):
        owl.compile(owl.close(turtle(axioms)))


def test_what_is_no_axiom_is_left_aside() -> None:
    text = ':A a owl:Class ; rdfs:label "A"@en ; rdfs:comment "…"@en ; owl:deprecated true .'
    assert told(owl.close(turtle(text))) == ["<:A> <rdf:type> <owl:Class>"]


@given(ontologies())
def test_closing_is_what_owlrl_says_without_housekeeping(axioms: list[Triple]) -> None:
    closed = owl.close(axioms)
    assert list(closed) == sorted(set(closed), key=str)
    assert set(closed) >= set(axioms)
    assert telling(closed) == oracle(axioms)
    assert owl.close(closed) == closed


def test_every_rule_is_legal_and_has_a_sentence_in_three_languages(root: Path) -> None:
    engine = Embedded()
    triples = [t for name in SHIPPED for t in turtle((root / "ontology" / name).read_text("utf-8"))]
    for rule in owl.compile(owl.close(triples)):
        engine.query(rule.construct())
        for text in rule.news():
            engine.query(text)
        said = {rule.sentence(lang) for lang in ("en", "fr", "es")}
        assert len(said) == 3, rule.name
        assert not any("{" in text for text in said)


def test_a_sentence_names_the_terms_by_their_labels() -> None:
    (rule,) = (r for r in owl.compile([triple(":p", "rdfs:domain", ":A")]) if "prp" in r.name)
    labels = {f"{E}p": "porte", f"{E}A": "Acteur"}
    assert rule.sentence("fr", lambda iri: labels[iri]) == (
        "seul ce qui est «\u00a0Acteur\u00a0» porte «\u00a0porte\u00a0»"
    )
    assert rule.sentence("de") == rule.sentence("en") == "only a “A” has “p”"


def test_a_turtle_fault_is_the_readers_to_raise() -> None:
    with pytest.raises(SyntaxError):
        owl.close(b"<a> <b>")
