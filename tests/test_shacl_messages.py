"""Each constraint component states the value found and the value wanted, in three languages."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from gsefgraph.engine.embedded import Embedded
from gsefgraph.records.rdf import read
from gsefgraph.shacl.checks import facts, rules
from gsefgraph.shacl.judge.judge import judge
from gsefgraph.shacl.judge.memory import Memory
from gsefgraph.shacl.own import Known, check_quads
from gsefgraph.shacl.report.finding import VIOLATION, Finding
from gsefgraph.shacl.report.hints import Hints, Near, Similar
from gsefgraph.shacl.report.report import Report
from gsefgraph.shacl.report.results import Speaker
from gsefgraph.shacl.report.sentences import COMPONENTS, SENTENCES, TITLES, parts
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.graph import Shapes
from gsefgraph.shacl.shapes.model import Model
from gsefgraph.shacl.shapes.reading import read as reading
from gsefgraph.sparql.path import Path
from gsefgraph.terms import GSEF, SH, Names, Term
from gsefgraph.wording import LANGUAGES
from tests import shapes_strategies

NAMES = Names()
PREFIXES = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in sorted(NAMES.prefixes.items()))
# component: constraint, facts of the node, English sentence, French hint
CASES: dict[str, tuple[str, str, str, str | None]] = {
    "MinCount": ("sh:path gsef:p ; sh:minCount 2", "gsef:p 1",
                 "Values of gsef:p: 1; needed: at least 2.", "ajouter gsef:p"),
    "MaxCount": ("sh:path gsef:p ; sh:maxCount 1", "gsef:p 1, 2",
                 "2 values, where at most 1 may stand: 1, 2.",
                 "en garder une et retirer les autres"),
    "Class": ("sh:path gsef:p ; sh:class gsef:Place", "gsef:p gsef:Place",
              "gsef:Place is of type owl:Class; type needed: gsef:Place.", None),
    "Datatype": ("sh:path gsef:p ; sh:datatype xsd:date", 'gsef:p "25/06/2019"',
                 '"25/06/2019" is of type xsd:string; xsd:date is needed.',
                 'écrire "2019-06-25"^^xsd:date'),
    "NodeKind": ("sh:path gsef:p ; sh:nodeKind sh:BlankNodeOrLiteral", "gsef:p gsef:Place",
                 "gsef:Place is an IRI; text or a node without an IRI is needed.", None),
    "MinInclusive": ("sh:path gsef:p ; sh:minInclusive 3", "gsef:p 2",
                     "2 is less than 3, the least allowed.", None),
    "MinExclusive": ("sh:path gsef:p ; sh:minExclusive 3", "gsef:p 3",
                     "3 is not more than 3.", None),
    "MaxInclusive": ("sh:path gsef:p ; sh:maxInclusive 3", "gsef:p 4",
                     "4 is more than 3, the most allowed.", None),
    "MaxExclusive": ("sh:path gsef:p ; sh:maxExclusive 3", "gsef:p 3",
                     "3 is not less than 3.", None),
    "MinLength": ("sh:path gsef:p ; sh:minLength 3", 'gsef:p "ab"',
                  'Characters of "ab": 2; needed: at least 3.', None),
    "MaxLength": ("sh:path gsef:p ; sh:maxLength 1", 'gsef:p "ab"',
                  'Characters of "ab": 2; at most 1 allowed.', None),
    "Pattern": ('sh:path gsef:p ; sh:pattern "^[a-z]{2}$"', 'gsef:p "français"',
                '"français" does not match the pattern ^[a-z]{2}$.', 'écrire "fr"'),
    "LanguageIn": ('sh:path gsef:p ; sh:languageIn ( "en" "fr" )', 'gsef:p "x"@de',
                   '"x"@de is in none of the languages allowed: "en", "fr".', None),
    "UniqueLang": ("sh:path gsef:p ; sh:uniqueLang true", 'gsef:p "a"@fr, "b"@fr, "c"@en',
                   'More than one value in a language: "a"@fr, "b"@fr.',
                   "en garder une et retirer les autres"),
    "Equals": ("sh:path gsef:p ; sh:equals gsef:q", "gsef:p 1 ; gsef:q 1, 2",
               "2 is a value of only one of gsef:p and gsef:q, which must have the same.", None),
    "Disjoint": ("sh:path gsef:p ; sh:disjoint gsef:q", "gsef:p 1 ; gsef:q 1",
                 "1 is also a value of gsef:q, where it may not stand.", None),
    "LessThan": ("sh:path gsef:p ; sh:lessThan gsef:q", "gsef:p 2 ; gsef:q 2",
                 "2 does not come before 2 (gsef:q).", None),
    "LessThanOrEquals": ("sh:path gsef:p ; sh:lessThanOrEquals gsef:q", "gsef:p 3 ; gsef:q 2",
                         "3 neither comes before nor equals 2 (gsef:q).", None),
    "Not": ("sh:path gsef:p ; sh:not [ sh:datatype xsd:integer ]", "gsef:p 1",
            "1 meets what is excluded here: xsd:integer.", None),
    "And": ("sh:path gsef:p ; sh:and ( [ sh:nodeKind sh:Literal ] [ sh:datatype xsd:date ] )",
            "gsef:p 1", "1 does not meet all of: text; xsd:date.", None),
    "Or": ("sh:path gsef:p ; sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] )",
           'gsef:p "2019"', '"2019" meets none of: xsd:date; xsd:gYear.',
           'écrire "2019"^^xsd:gYear'),
    "Xone": ("sh:path gsef:p ; sh:xone ( [ sh:datatype xsd:date ] [ sh:class gsef:Place ] )",
             "gsef:p 1", "1 does not meet exactly one of: xsd:date; gsef:Place.", None),
    "Node": ("sh:path gsef:p ; sh:node gsef-sh:Dated", "gsef:p gsef:Place",
             "gsef:Place does not meet gsef-sh:Dated. No value of gsef:q; needed: at least 1.",
             None),
    "QualifiedMinCount": (
        'sh:path gsef:p ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ sh:languageIn ( "fr" ) ]',  # noqa: E501
        'gsef:p "x"@en', "Values of gsef:p of the kind asked for (@fr): 0; needed: at least 1.",
        'ajouter gsef:p "…"@fr'),
    "QualifiedMaxCount": (
        "sh:path gsef:p ; sh:qualifiedMaxCount 1 ; sh:qualifiedValueShape [ sh:datatype xsd:integer ]",  # noqa: E501
        "gsef:p 1, 2", "Values of gsef:p of this kind (xsd:integer): 2; at most 1 allowed.", None),
    "HasValue": ("sh:path gsef:p ; sh:hasValue gsef:Place", "gsef:p 1",
                 "gsef:p lacks the value gsef:Place.", "ajouter gsef:p gsef:Place"),
    "In": ('sh:path gsef:p ; sh:in ( "en" "fr" )', 'gsef:p "French"',
           '"French" is not one of: "en", "fr".', 'écrire "fr"'),
    "SPARQL": ('sh:path gsef:p ; sh:sparql [ sh:select "SELECT $this ?value WHERE '
               '{ $this $PATH ?value FILTER(?value = 1) }" ]', "gsef:p 1",
               "1 does not meet a condition of gsef-sh:SPARQL.", None),
}  # fmt: skip
ONTOLOGY = """
gsef:p a owl:DatatypeProperty . gsef:q a owl:DatatypeProperty . gsef:Place a owl:Class .
gsef:other a owl:DatatypeProperty .
"""
CLOSED = """
gsef-sh:Closed a sh:NodeShape ; sh:targetNode <urn:Closed> ; sh:closed true ;
    sh:property [ sh:path gsef:other ] .
gsef-sh:Dated a sh:NodeShape ; sh:property [ sh:path gsef:q ; sh:minCount 1 ] .
"""


def triples(text: str) -> list[Triple]:
    return [quad.triple for quad in parse((PREFIXES + text).encode(), format=RdfFormat.TURTLE)]


def shapes_of(text: str) -> Model:
    return reading(Shapes.of([read("shapes.ttl", data=(PREFIXES + text).encode())]))


def found(
    shapes: str, data: str, labels: Mapping[str, Any] | None = None, similar: Any = lambda _: ()
) -> list[Finding]:
    """The findings of some shapes on some data, in the order of their messages."""
    given, known = shapes_of(shapes), triples(data)
    speaker = Speaker(given, NAMES, facts(known), similar, labels or {})
    made = [speaker.finding(result) for result in judge(given, Memory(known))]
    return sorted(made, key=lambda finding: finding.message["en"])


def one(constraint: str, data: str, **how: Any) -> Finding:
    """The finding of a property shape for gsef:p on <urn:n>."""
    shape = f"gsef-sh:S sh:targetNode <urn:n> ; sh:property [ sh:path gsef:p ; {constraint} ] ."
    (finding,) = found(shape, f"{data} .", **how)
    return finding


@cache
def by_node() -> dict[str, list[Finding]]:
    """All findings, by the name of the node that each case has to itself."""
    shapes = "".join(
        f"gsef-sh:{name} a sh:NodeShape ; sh:targetClass <urn:class:{name}> ;\n"
        f"    sh:property [ {text} ] .\n"
        for name, (text, *_) in CASES.items()
    )
    data = "".join(
        f"<urn:{name}> a <urn:class:{name}> ; {text} .\n" for name, (_, text, *_) in CASES.items()
    )
    made: dict[str, list[Finding]] = {}
    for finding in found(shapes + CLOSED, data + ONTOLOGY + "<urn:Closed> gsef:p 1 ."):
        made.setdefault(str(finding.focus).strip("<>").removeprefix("urn:"), []).append(finding)
    return made


@pytest.mark.parametrize("name", CASES)
def test_component(name: str) -> None:
    _, _, sentence, hint = CASES[name]
    (finding,) = by_node()[name]
    assert finding.component == f"{SH}{name}ConstraintComponent"
    assert finding.message["en"] == sentence
    assert len(set(finding.message.values())) == 3
    assert not any("{" in text.replace("{2}", "") for text in finding.message.values())
    assert finding.hint.get("fr") == hint
    assert set(finding.hint) in (set(), set(LANGUAGES))


def test_closed() -> None:
    (finding,) = by_node()["Closed"]
    assert finding.message["es"] == "La propiedad gsef:p no tiene cabida aquí."


def test_every_component_of_shacl_core_has_a_sentence_and_a_title() -> None:
    assert set(CASES) | {"Closed"} <= set(COMPONENTS)
    assert set(TITLES) == set(CASES) | {"Closed"}


@pytest.mark.parametrize("key", sorted({**SENTENCES, **COMPONENTS}))
def test_languages_have_the_same_blanks_and_their_own_spacing(key: str) -> None:
    texts = {**SENTENCES, **COMPONENTS}[key]
    assert set(texts) == set(LANGUAGES)
    blanks = [sorted(part.split("}")[0] for part in t.split("{")[1:]) for t in texts.values()]
    assert blanks[0] == blanks[1] == blanks[2]
    assert not any(f" {mark}" in texts["fr"] for mark in ":;?!»"), "a no-break space is due"


VARIANTS = {
    "no value": ("sh:minCount 1", "<urn:n> a gsef:Event",
                 "Aucune valeur pour gsef:p\u00a0; il en faut au moins 1."),
    "none allowed": ("sh:maxCount 0", "<urn:n> gsef:p 1",
                     "La propriété gsef:p ne doit pas avoir de valeur ici."),
    "malformed": ("sh:datatype xsd:date", '<urn:n> gsef:p "2019-02-30"^^xsd:date',
                  '"2019-02-30"^^xsd:date est un jour qui n’existe pas\u00a0: '
                  'ce mois finit le 28.'),
    "no literal": ("sh:datatype xsd:date", "<urn:n> gsef:p <urn:o>",
                   "<urn:o> est un IRI\u00a0; il faut xsd:date."),
    "incomparable": ("sh:minInclusive 3", '<urn:n> gsef:p "x"',
                     '"x" n’est pas comparable à 3, la borne fixée ici.'),
    "no order": ("sh:lessThan gsef:q", '<urn:n> gsef:p "1980-01-01T00:00:00"^^xsd:dateTime ; '
                 'gsef:q "1999-01-01"^^xsd:date',
                 '"1980-01-01T00:00:00"^^xsd:dateTime n’est pas comparable à '
                 '"1999-01-01"^^xsd:date (gsef:q).'),
    "no order with an IRI": ("sh:lessThanOrEquals gsef:q", "<urn:n> gsef:p <urn:o> ; gsef:q 1",
                             "<urn:o> n’est pas comparable à 1 (gsef:q)."),
    "order with some": ("sh:lessThan gsef:q", '<urn:n> gsef:p 3 ; gsef:q "x", 2',
                        "3 ne précède pas 2 (gsef:q)."),
    "called as the shape calls it": ('sh:minCount 1 ; sh:name "libellé"@fr , "label"@en',
                                     "<urn:n> a gsef:Event", "Aucune valeur pour libellé (gsef:p)"
                                     "\u00a0; il en faut au moins 1."),
    "a name in another language": ('sh:minCount 1 ; sh:name "label"@en', "<urn:n> a gsef:Event",
                                   "Aucune valeur pour gsef:p\u00a0; il en faut au moins 1."),
    "not as written": ("sh:datatype xsd:date", '<urn:n> gsef:p "x"^^xsd:date',
                       '"x"^^xsd:date ne s’écrit pas comme xsd:date (par exemple 2019-06-25).'),
    "no text": ("sh:minLength 3", "<urn:n> gsef:p _:b",
                "[] est un nœud sans IRI\u00a0: il n’a pas de texte à examiner."),
    "nested": ("sh:not [ sh:or ( [ sh:class gsef:Place ] [ sh:not [ sh:nodeKind sh:IRI ] ] ) ]",
               "<urn:n> gsef:p 1", "1 remplit une condition exclue ici\u00a0: "
               "(gsef:Place ∨ ¬(un IRI))."),
    "two classes": ("sh:class gsef:Place , gsef:Event", "<urn:n> gsef:p <urn:o> . "
                    "<urn:o> a gsef:Place",
                    "<urn:o> est un gsef:Place\u00a0; il faut un gsef:Event."),
}  # fmt: skip


@pytest.mark.parametrize("name", VARIANTS)
def test_sentences_say_what_is_known(name: str) -> None:
    constraint, data, sentence = VARIANTS[name]
    assert one(constraint, data).message["fr"] == sentence


def test_names_come_before_iris() -> None:
    labels = {f"{GSEF}Place": {"fr": "lieu", "en": "place"}, f"{GSEF}p": {"fr": "endroit"},
              "urn:o": {"": "O"}}  # fmt: skip
    finding = one("sh:class gsef:Place", "<urn:n> gsef:p <urn:o>", labels=labels)
    assert finding.message["fr"] == (
        "O (<urn:o>) n’a pas de type connu\u00a0; type attendu\u00a0: lieu (gsef:Place)."
    )
    count = one("sh:minCount 2", "<urn:n> gsef:p 1", labels=labels)
    assert count.message["fr"].startswith("Nombre de valeurs pour endroit (gsef:p)\u00a0: 1")


def test_counts_need_no_facts() -> None:
    shapes = shapes_of("gsef-sh:S sh:path gsef:p ; sh:minCount 3 ; sh:maxCount 1 .")
    speaker = Speaker(shapes, NAMES, {}, lambda _: ())

    def said(kind: str, count: int) -> str:
        result = Result(f"{NAMES.prefixes['gsef-sh']}S", f"{SH}{kind}ConstraintComponent",
                        VIOLATION, NamedNode("urn:n"), Path.of(f"{GSEF}p"), None, None, {},
                        count)  # fmt: skip
        return speaker.message(result)["en"]

    assert said("MinCount", 2) == "Values of gsef:p: 2; needed: at least 3."
    assert said("MaxCount", 7) == "7 values of gsef:p, where at most 1 may stand."


def test_the_shapes_own_message_in_the_language_or_another() -> None:
    def messages(texts: str) -> Mapping[str, str]:
        return one(f"sh:minCount 1 ; sh:message {texts}", "<urn:n> a gsef:Event").message

    assert messages('"Oui"@fr-CA , "Yes"@en')["fr"].startswith("Oui. Aucune valeur")
    assert messages('"Yes"@en')["es"].startswith("Yes. Ningún valor")
    assert messages('"Ja!"@de')["fr"].startswith("Ja! Aucune valeur")
    assert messages('"Ja!"@de')["de"] == "Ja!"
    assert messages('"min {$minCount} of {?PATH} on {$this}, {$other}"')["en"].startswith(
        "min 1 of gsef:p on <urn:n>, {$other}. No value"
    )


def test_messages_of_components_that_shapes_declare() -> None:
    shapes = shapes_of("""
gsef:Even a sh:ConstraintComponent ; sh:parameter [ sh:path gsef:even ] ;
    sh:validator [ a sh:SPARQLAskValidator ; sh:message "{$value} is not even: {$even}"@en ;
                   sh:ask "ASK { FILTER(1 = 2) }" ] .
gsef-sh:S sh:targetNode <urn:n> ; gsef:even true .
""")
    speaker = Speaker(shapes, NAMES, {}, lambda _: ())
    result = Result(f"{NAMES.prefixes['gsef-sh']}S", f"{GSEF}Even", VIOLATION, Literal(3), None,
                    Literal(3))  # fmt: skip
    assert speaker.message(result)["fr"] == "3 is not even: true"


def test_blanks_of_messages_without_a_value() -> None:
    """Those that may have none are left out with the space before them; others are slips."""
    rules = """gsef:In a sh:ConstraintComponent ; sh:message "one of {$among} {$unit}! {$slip}" ;
        sh:parameter [ sh:path gsef:among ], [ sh:path gsef:unit ; sh:optional true ] ;
        sh:validator [ sh:ask "ASK { FILTER(false) }" ] .
        gsef-sh:S sh:targetNode <urn:n> ; gsef:among ( "ab" 3 ) ; sh:sparql [ sh:message
        "{?x} of {?y}. {?z}" ; sh:select "SELECT $this ?x ?y { BIND(1 AS ?x) }" ] ."""
    told = {f.component.rpartition("#")[2]: f.message["en"] for f in found(rules, "")}
    assert told == {"In": 'one of "ab", 3! {$slip}', "SPARQLConstraintComponent": "1 of. {?z}"}


def test_messages_that_say_nothing_are_not_shown() -> None:
    text = 'sh:message "", "Two."@fr, " "@fr, "One" ; sh:minCount 1'
    finding = one(text, "<urn:o> gsef:p 1")
    assert finding.message["en"].startswith("One. No value")
    assert finding.message["fr"].startswith("Two. Aucune valeur")


INNER = {
    "none": ("sh:property [ sh:path gsef:q ; sh:minCount 1 ; sh:message 'A q.'@en ]",
             "a gsef:Event",
             "A q. No value of gsef:q; needed: at least 1."),
    "too many": ("sh:property [ sh:path gsef:q ; sh:maxCount 1 ]", "gsef:q 1, 2",
                 "2 values, where at most 1 may stand: 1, 2."),
    "datatype": ("sh:property [ sh:path gsef:q ; sh:datatype xsd:date ]", "gsef:q 1",
                 "1 is of type xsd:integer; xsd:date is needed."),
    "class": ("sh:property [ sh:path gsef:q ; sh:class gsef:Place ]", "gsef:q 1",
              "1 is text; type needed: gsef:Place."),
    "own class": ("sh:class gsef:Place", "a gsef:Event",
                  "<urn:o> is of type gsef:Event; type needed: gsef:Place."),
    "pattern": ("sh:property [ sh:path gsef:q ; sh:pattern '^a' ; sh:flags 'i' ]",
                "gsef:q 'b', 'A'",
                '"b" does not match the pattern ^a.'),
    "kind": ("sh:property [ sh:path gsef:q ; sh:nodeKind sh:BlankNodeOrIRI ]", "gsef:q 'b'",
             '"b" is text; an IRI or a node without an IRI is needed.'),
    "range": ("sh:property [ sh:path gsef:q ; sh:maxInclusive 3 ]", "gsef:q 3, 4",
              "4 is more than 3, the most allowed."),
    "length": ("sh:property [ sh:path gsef:q ; sh:minLength 3 ]", "gsef:q 'abc', 'ab'",
               'Characters of "ab": 2; needed: at least 3.'),
    "list": ("sh:property [ sh:path gsef:q ; sh:in ( 1 2 ) ]", "gsef:q 2, 3",
             "3 is not one of: 1, 2."),
    "value": ("sh:property [ sh:path gsef:q ; sh:hasValue 7 ]", "gsef:q 2",
              "gsef:q lacks the value 7."),
    "two": ("sh:property [ sh:path gsef:q ; sh:datatype xsd:date ; sh:minCount 3 ]", "gsef:q 1",
            "Values of gsef:q: 1; needed: at least 3. "
            "1 is of type xsd:integer; xsd:date is needed."),
    "further in": ("sh:node [ sh:property [ sh:path gsef:q ; sh:minCount 1 ] ]", "a gsef:Event",
                   "No value of gsef:q; needed: at least 1."),
    "one that is off": ("sh:property [ sh:path gsef:q ; sh:minCount 1 ; sh:deactivated true ] , "
                        "[ sh:path gsef:r ; sh:minCount 1 ]", "a gsef:Event",
                        "No value of gsef:r; needed: at least 1."),
    "what it says": ("sh:message 'Neither date nor year.' ; sh:or ( [ sh:datatype xsd:date ] "
                     "[ sh:datatype xsd:gYear ] )", "a gsef:Event",
                     "What is asked for there: Neither date nor year."),
    "what cannot be told": ("sh:property [ sh:path ( gsef:q gsef:r ) ; sh:minCount 1 ]",
                            "a gsef:Event", "What is asked for there: (gsef:q/gsef:r ≥ 1 ×)."),
    "a class that may follow": ("sh:property [ sh:path gsef:q ; sh:class gsef:Place ]",
                                "gsef:q <urn:untyped>",
                                "What is asked for there: (gsef:q gsef:Place)."),
}  # fmt: skip


@pytest.mark.parametrize("name", INNER)
def test_why_another_shape_is_not_met(name: str) -> None:
    inner, data, why = INNER[name]
    shapes = f"gsef-sh:S sh:targetNode <urn:n> ; sh:property [ sh:path gsef:p ; sh:node gsef-sh:I ] . gsef-sh:I a sh:NodeShape ; {inner} ."  # noqa: E501
    made = found(shapes, f"<urn:n> gsef:p <urn:o> . <urn:o> {data} .")
    (finding,) = [f for f in made if f.component == f"{SH}NodeConstraintComponent"]
    assert finding.message["en"] == f"<urn:o> does not meet gsef-sh:I. {why}"
    assert len(set(finding.message.values())) == 3


def test_a_subclass_is_of_the_class() -> None:
    shapes = """gsef-sh:S sh:targetNode <urn:n> ; sh:property [ sh:path gsef:p ;
        sh:node gsef-sh:I ] . gsef-sh:I a sh:NodeShape ; sh:class gsef:Agent ;
            sh:property [ sh:path gsef:q ; sh:minCount 1 ] ."""
    data = (
        "<urn:n> gsef:p <urn:o> . <urn:o> a gsef:Person . gsef:Person rdfs:subClassOf gsef:Agent ."
    )
    (finding,) = found(shapes, data)
    assert finding.message["en"].endswith("gsef-sh:I. No value of gsef:q; needed: at least 1.")


HINTS = {
    "a code in capitals": ('sh:pattern "^[a-z]{2}$"', '"FR"', 'write "fr"'),
    "a code in small letters": ('sh:pattern "^[A-Z]{2}$"', '"fr"', 'write "FR"'),
    "a thing of the wanted kind": ("sh:class gsef:Organisation", "id-org:unheard-of",
                                   "describe id-org:unheard-of in the record, with its type "
                                   "gsef:Organisation"),
    "a date": ("sh:datatype xsd:date", '"2019-6-25"^^xsd:date', 'write "2019-06-25"^^xsd:date'),
    "a language in words": ('sh:pattern "^[a-z]{2}$"', '"francais"', 'write "fr"'),
    "a language in a list": ('sh:in ( "en" "fr" )', '"Français"', 'write "fr"'),
    "a tag in words": ('sh:languageIn ( "en" "fr" )', '"x"@francais', 'write "x"@fr'),
    "a tag of three letters": ('sh:languageIn ( "en" "fr" )', '"x"@fra', 'write "x"@fr'),
    "no tag": ("sh:datatype rdf:langString", '"x"', 'add the language: "x"@en, @fr, @es, …'),
    "no tag, some allowed": ('sh:languageIn ( "pt" "fr" )', '"x"', 'add the language: "x"@pt, @fr'),
    "case and accents": ("sh:in ( gsef:Stated gsef:Curated )", '"stated"', "write gsef:Stated"),
    "a member misspelt": ("sh:in ( gsef:stated gsef:curated )", "gsef:stted", "write gsef:stated"),
    "a name in use": ("sh:nodeKind sh:IRI", '"o.c.d.é."',
                      '"o.c.d.é." exists as id-org:oecd; write that'),
    "another name in an IRI": ("sh:class gsef:Organisation", "id-org:ocde", "write id-org:oecd"),
    "an IRI misspelt": ("sh:class gsef:Organisation", "id-org:oedc", "write id-org:oecd"),
}  # fmt: skip


@cache
def known() -> Similar:
    engine = Embedded()
    engine.load(
        Quad(t.subject, t.predicate, t.object, NamedNode("urn:g"))
        for t in triples('id-org:oecd a gsef:Organisation ; gsef:acronym "OECD"@en , "OCDE"@fr .')
    )
    return Similar(engine, NAMES, (), None)


@pytest.mark.parametrize("name", HINTS)
def test_mechanical_hints(name: str) -> None:
    constraint, value, hint = HINTS[name]
    finding = one(constraint, f"<urn:n> gsef:p {value}", similar=known())
    assert finding.hint["en"] == hint
    assert len(set(finding.hint.values())) == 3


def test_no_hint_where_nobody_can_know() -> None:
    assert not one("sh:minInclusive 3", "<urn:n> gsef:p 2").hint
    assert not one("sh:in ( 1 2 )", "<urn:n> gsef:p 777").hint
    assert not one('sh:languageIn ( "fr" )', "<urn:n> gsef:p 5").hint, "a number has no language"
    assert (
        not one('sh:pattern "^[a-z]{2}$"', '<urn:n> gsef:p "FRA"').hint.get("fr", "").count("fra")
    )


def test_an_iri_of_another_kind_is_not_to_be_described_as_what_is_wanted() -> None:
    value = "<urn:n> gsef:p id-place:atlantis"
    assert not one("sh:class gsef:Organisation", value).hint
    assert not one("sh:class gsef:Network", f"{value} . gsef:Network rdfs:subClassOf "
                   "gsef:Organisation").hint  # fmt: skip
    assert one("sh:class gsef:Place", value).hint
    agent = "<urn:n> gsef:p id-org:x . gsef:Organisation rdfs:subClassOf gsef:Agent"
    assert one("sh:class gsef:Agent", agent).hint


def test_what_a_qualified_shape_asks_of_another_property_is_no_value_of_this_one() -> None:
    qualified = "sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ {} sh:hasValue gsef:Place ]"
    assert one(qualified.format(""), "<urn:n> a gsef:Event").hint["en"] == "add gsef:p gsef:Place"
    elsewhere = one(qualified.format("sh:path gsef:q ;"), "<urn:n> a gsef:Event")
    assert elsewhere.hint["en"] == "add gsef:p"


def test_unknown_terms_are_likened_to_terms_of_their_own_sort() -> None:
    terms = frozenset(
        f"{GSEF}{name}" for name in ("Organisation", "organisation", "Event", "event")
    )
    known = Known(NAMES, terms, frozenset())
    given = triples("<urn:a> a gsef:Organization ; gsef:Organization gsef:Organization .")
    made = check_quads((Quad(t.subject, t.predicate, t.object) for t in given), known)
    assert [finding.hint["en"] for finding in made] == [
        "write gsef:Organisation",
        "write gsef:organisation",
        "write gsef:Organisation or gsef:organisation",
    ]


def test_near_finds_what_a_full_comparison_finds() -> None:
    words = [f"event-{number}-{'abcdefgh'[number % 8]}" for number in range(2000)]
    near = Near(words)
    assert near.of("evnt-17-b")[0] == "event-17-b"
    assert near.of("zzz") == []
    assert near.of("") == []


def test_texts_are_lazy_equal_and_can_be_pickled() -> None:
    asked: list[Term] = []

    def similar(term: Term) -> Sequence[str]:
        asked.append(term)
        return ["id-org:x"]

    finding = one("sh:class gsef:Place", "<urn:n> gsef:p <urn:o>", similar=similar)
    assert asked == []
    assert finding.hint["en"] == "write id-org:x"
    assert finding.hint["fr"] == "écrire id-org:x"
    assert len(asked) == 1
    copy = pickle.loads(pickle.dumps((finding.message, finding.hint)))
    assert copy == (finding.message, finding.hint)
    again = one("sh:class gsef:Place", "<urn:n> gsef:p <urn:o>", similar=similar)
    assert (again, hash(again)) == (finding, hash(finding))
    with pytest.raises(KeyError):
        finding.message["de"]


def test_rules_have_names_and_help() -> None:
    given = shapes_of('gsef-sh:S a sh:PropertyShape ; sh:path gsef:p ; sh:name "P"@en ; '
                      'sh:description "A p."@en . '
                      'gsef-sh:T a sh:NodeShape ; sh:message "T!" .')  # fmt: skip
    told = rules(given)
    base = NAMES.prefixes["gsef-sh"]
    assert (told[f"{base}S"].name, told[f"{base}S"].help) == ({"en": "P"}, {"en": "A p."})
    assert told[f"{base}T"].help == {"": "T!"}


def test_blank_nodes_and_types_are_told() -> None:
    finding = one("sh:class gsef:Place", "<urn:n> gsef:p _:b . _:b a gsef:Event")
    assert finding.value == BlankNode("b")
    assert finding.message["en"] == "[] is of type gsef:Event; type needed: gsef:Place."
    literal = one("sh:class gsef:Place", "<urn:n> gsef:p 1")
    assert literal.message["es"] == "1 es texto; se necesita un gsef:Place."


def test_what_is_misspelt_by_the_hundred_is_not_searched_for() -> None:
    engine = Embedded()
    engine.load(
        Quad(t.subject, t.predicate, t.object, NamedNode("urn:g"))
        for t in triples('id-org:oecd a gsef:Organisation ; gsef:acronym "OCDE"@fr .')
    )
    similar = Similar(engine, NAMES, (), None)
    told = [similar(NamedNode(NAMES.expand(f"id-org:oec{n}"))) for n in range(400)]
    assert told[0] == ["id-org:oecd"]
    assert told[-1] == []
    assert similar(Literal("ocde")) == ["id-org:oecd"]


# What members of a list without names ask for.
SAYS = {
    "sh:closed true": "no other property",
    "sh:path gsef:p ; sh:uniqueLang true": "gsef:p one text for each language",
    "sh:in ()": "a value of an empty list",
    "sh:or ()": "a condition of an empty list",
    "sh:xone () ; sh:languageIn ()": "a language of an empty list a condition of an empty list",
    "sh:path gsef:z ; sh:minCount 1 ; sh:name 'zed' ; sh:message 'needs {$this} z.'": "needs … z",
    "sh:path gsef:z ; sh:minCount 1 ; sh:name 'zed'": "zed (gsef:z) ≥ 1 ×",
    "sh:class gsef:X ; rdfs:label 'an X'@en, 'un X'@fr": "an X (gsef:X)",
    "sh:class gsef:X ; sh:message 'geen X'@nl, 'kein X'@de": "gsef:X",
    "sh:name 'anything goes' ; sh:message ''": "anything goes",
    "sh:node [ sh:class gsef:X ; sh:message 'n’est rien'@fr, 'is no X'@en ]": "(is no X)",
    "": "anything",
    "sh:sparql [ sh:select 'SELECT $this { $this ?p ?o }' ]": "a condition in SPARQL",
    "sh:sparql [ sh:message 'is {?x}', 'really' ; sh:select 'SELECT $this { $this ?p ?o }' ]":
        "is …. really",
    "gsef:most 2": "shorter than 2",
    "gsef:least 2": "gsef:Least 2",
    "gsef:least ( 1 'a' )": 'gsef:Least 1, "a"',
    "sh:path gsef:p ; sh:qualifiedValueShape [ sh:class gsef:Place ] ; sh:qualifiedMinCount 2":
        "gsef:p ≥ 2 × (gsef:Place)",
    "sh:path gsef:p ; sh:qualifiedValueShape [ sh:in () ] ; sh:qualifiedMaxCount 2":
        "gsef:p ≤ 2 × (a value of an empty list)",
    "sh:not [ sh:hasValue [] ]": "¬(= [])",
}  # fmt: skip
OWN = """gsef:Most a sh:ConstraintComponent ; sh:parameter [ sh:path gsef:most ] ; sh:validator
    [ sh:ask "ASK { FILTER(STRLEN(STR($value)) < $most) }" ; sh:message "shorter than {$most}" ] .
    gsef:Least a sh:ConstraintComponent ; sh:parameter [ sh:path gsef:least ] ; sh:validator
    [ sh:ask "ASK { FILTER(STRLEN(STR($value)) > $least) }" ] . """


@pytest.mark.parametrize("constraint", SAYS)
def test_a_shape_without_a_name_is_named_by_what_it_says(constraint: str) -> None:
    model = shapes_of(f"{OWN} gsef-sh:S sh:targetNode <urn:n> ; sh:or ( [ {constraint} ] ) .")
    result = Result(f"{NAMES.prefixes['gsef-sh']}S", f"{SH}OrConstraintComponent", VIOLATION,
                    NamedNode("urn:n"), None, NamedNode("urn:n"),
                    next(c.value[0] for c in model.roots[0].constraints))  # fmt: skip
    message = Speaker(model, NAMES, {}, lambda _: ()).message(result)
    assert message["en"] == f"<urn:n> meets none of: {SAYS[constraint]}."


def test_an_empty_list_reads_as_a_sentence() -> None:
    rules = (
        "gsef-sh:S sh:targetNode <urn:n> ; sh:in () ; sh:languageIn () ; sh:or () ; sh:xone () ."
    )
    sentences = {finding.message["en"] for finding in found(rules, "<urn:n> gsef:p 1 .")}
    assert len(sentences) == 4
    assert all("empty" in text and ": ." not in text for text in sentences)
    both = "gsef-sh:S sh:targetNode <urn:n> ; sh:or (), ( [ sh:nodeKind sh:Literal ] ) ."
    first, second = found(both, "<urn:n> gsef:p 1 .")
    assert "empty" in first.message["en"]
    assert "text" in second.message["en"]


def test_two_messages_of_one_language_are_both_shown() -> None:
    text = 'sh:message "Erst"@de , "Eins"@fr , "Deux."@fr ; sh:minCount 1'
    finding = one(text, "<urn:o> gsef:p 1")
    assert finding.message["fr"].startswith("Eins. Deux. Aucune valeur")
    assert len(parts(finding.message)[0]) == 3


def test_nothing_of_ours_stands_in_a_message() -> None:
    rules = """gsef-sh:S sh:targetNode <urn:n> ; sh:not [ sh:nodeKind sh:IRI ] ;
        sh:message "{$not} {$this} {?s} {$nothing}" ;
        sh:property [ sh:path gsef:p ; sh:hasValue [] ; sh:node [ sh:class gsef:Q ] ] ;
        sh:sparql [ sh:select "SELECT $this ?s { BIND($currentShape AS ?s) }" ] .
        [] sh:targetNode <urn:n> ; sh:sparql [ sh:message "{?s}" ; sh:select
        "SELECT $this ?s { BIND($currentShape AS ?s) }" ] ; sh:not [ sh:nodeKind sh:IRI ] ."""
    for finding in found(rules, "<urn:n> gsef:p [] ."):
        for text in (*finding.message.values(), *finding.hint.values()):
            assert "urn:gsefgraph" not in text, text
            assert "_:" not in text, text


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(shapes_strategies.cases(odd=True, sparql=False))
def test_law_every_result_can_be_told(case: Any) -> None:
    """In every form and language, whatever the parameters; and no hint fails."""
    data, given_shapes = case
    model = reading(Shapes(given_shapes))
    speaker = Speaker(model, NAMES, facts(data), lambda _: ())
    results = judge(model, Memory(data))
    for result in results:
        speaker._hints._of(result)
    report = Report.of([speaker.finding(result) for result in results])
    for form in ("text", "json", "sarif", "html", "junit", "turtle", "jsonld"):
        assert b"".join(report.pieces(form, "fr"))


# Parameters that are legal and that nobody would write.
ODD = {
    "LanguageIn": ['sh:languageIn ( "*" )', 'sh:languageIn ( "en-*" )', 'sh:languageIn ( "" )',
                   'sh:languageIn ( "*" "" "en_US" ) ; sh:datatype rdf:langString',
                   'sh:languageIn ( "*" ) ; sh:minCount 9', 'sh:languageIn ()'],
    "In": ["sh:in ()", "sh:in ( [] )", "sh:in ( <urn:> )", 'sh:in ( "" )'],
    "Pattern": ["sh:pattern 'x{0}y'", "sh:pattern '' ; sh:flags 'q' ; sh:in ()",
                "sh:pattern 'fr' ; sh:flags 'x'"],
    "HasValue": ["sh:hasValue []", "sh:hasValue 'none'", "sh:hasValue <urn:>"],
    "Or": ["sh:or ()", "sh:or ( [] [ sh:in () ] ) ; sh:in ()", "sh:or ( [ sh:datatype <urn:> ] )"],
    "Xone": ["sh:xone ()", "sh:xone ( [] [] )"],
    "Datatype": ["sh:datatype <urn:>", "sh:datatype rdf:langString", "sh:datatype <urn:x:>"],
    "Class": ["sh:class <urn:>", "sh:class <urn:>"],
    "MinCount": ["sh:minCount 99 ; sh:hasValue [] ; sh:languageIn ( '*' )"],
    "MaxCount": ["sh:maxCount -1", "sh:maxCount 0"],
    "LessThan": ["sh:lessThan <urn:>"],
    "Node": ["sh:node [ sh:in () ]", "sh:node [ sh:languageIn ( '*' ) ]"],
    "Qualified": ["sh:qualifiedValueShape [ sh:languageIn ( '*' ) ] ; sh:qualifiedMinCount 9"],
    "MinLength": ["sh:minLength 99"],
    "Closed": ["sh:closed true"],
    "Equals": ["sh:equals <urn:>"],
}  # fmt: skip
VALUES = ['"plain"', '"x"@en', '""', "1", "<urn:o>", "[]", '"fr"', '"français"',
          '"a"^^<urn:d>', '"2019-6-25"^^xsd:date']  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_hints_for_odd_parameters(name: str) -> None:
    for constraint in ODD[name]:
        shape = f"gsef-sh:S sh:targetNode <urn:n> ; sh:property [ sh:path gsef:p ; {constraint} ] ."
        model = shapes_of(shape)
        data = triples(f"<urn:n> gsef:p {', '.join(VALUES)} ; <urn:> 0 . <urn:o> gsef:q 1 .")
        speaker = Speaker(model, NAMES, facts(data), lambda _: ())
        results = judge(model, Memory(data))
        assert results, constraint
        for result in results:
            speaker._hints._of(result)
            assert all(speaker.message(result).values())


def test_a_report_does_not_die_of_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("no")

    monkeypatch.setattr(Hints, "_of", fail)
    finding = one("sh:minCount 1", "<urn:o> gsef:p 1")
    assert (len(finding.hint), finding.message["en"][:8]) == (0, "No value")
