"""Each constraint component states the value found and the value wanted, in three languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from gsefgraph.engine.embedded import Embedded
from gsefgraph.records.rdf import read
from gsefgraph.shacl.report import Finding
from gsefgraph.shacl.validate import validate
from gsefgraph.terms import Names

NAMES = Names()
PREFIXES = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in sorted(NAMES.prefixes.items()))
# component: constraint, facts of the node, English sentence, French hint
CASES: dict[str, tuple[str, str, str, str | None]] = {
    "MinCount": ("sh:path gsef:p ; sh:minCount 2", "gsef:p 1",
                 "1 of the 2 needed.", "ajouter gsef:p"),
    "MaxCount": ("sh:path gsef:p ; sh:maxCount 1", "gsef:p 1, 2",
                 "2 values, where at most 1 may stand: 1, 2.",
                 "en garder une et retirer les autres"),
    "Class": ("sh:path gsef:p ; sh:class gsef:Place", "gsef:p gsef:Place",
              "gsef:Place is a owl:Class; a gsef:Place is needed.", None),
    "Datatype": ("sh:path gsef:p ; sh:datatype xsd:date", 'gsef:p "25/06/2019"',
                 '"25/06/2019" is of type xsd:string; xsd:date is needed.',
                 'écrire "2019-06-25"^^xsd:date'),
    "NodeKind": ("sh:path gsef:p ; sh:nodeKind sh:BlankNodeOrLiteral", "gsef:p gsef:Place",
                 "gsef:Place is an IRI; a node without an IRI or text is needed.", None),
    "MinInclusive": ("sh:path gsef:p ; sh:minInclusive 3", "gsef:p 2",
                     "2 is less than 3, the least allowed.", None),
    "MinExclusive": ("sh:path gsef:p ; sh:minExclusive 3", "gsef:p 3",
                     "3 is not more than 3.", None),
    "MaxInclusive": ("sh:path gsef:p ; sh:maxInclusive 3", "gsef:p 4",
                     "4 is more than 3, the most allowed.", None),
    "MaxExclusive": ("sh:path gsef:p ; sh:maxExclusive 3", "gsef:p 3",
                     "3 is not less than 3.", None),
    "MinLength": ("sh:path gsef:p ; sh:minLength 3", 'gsef:p "ab"',
                  '"ab" has 2 characters; at least 3 are needed.', None),
    "MaxLength": ("sh:path gsef:p ; sh:maxLength 1", 'gsef:p "ab"',
                  '"ab" has 2 characters; at most 1 are allowed.', None),
    "Pattern": ('sh:path gsef:p ; sh:pattern "^[a-z]{2}$"', 'gsef:p "français"',
                '"français" does not match the pattern ^[a-z]{2}$.', 'écrire "fr"'),
    "LanguageIn": ('sh:path gsef:p ; sh:languageIn ( "en" "fr" )', 'gsef:p "x"@de',
                   '"x"@de is not in one of the languages "en", "fr".', None),
    "UniqueLang": ("sh:path gsef:p ; sh:uniqueLang true", 'gsef:p "a"@fr, "b"@fr, "c"@en',
                   'More than one value in a language: "a"@fr, "b"@fr.',
                   "en garder une et retirer les autres"),
    "Equals": ("sh:path gsef:p ; sh:equals gsef:q", "gsef:p 1 ; gsef:q 1, 2",
               "2 does not stand in both gsef:p and gsef:q.", None),
    "Disjoint": ("sh:path gsef:p ; sh:disjoint gsef:q", "gsef:p 1 ; gsef:q 1",
                 "1 is also a value of gsef:q; the two differ.", None),
    "LessThan": ("sh:path gsef:p ; sh:lessThan gsef:q", "gsef:p 2 ; gsef:q 2",
                 "2 is not before every value of gsef:q.", None),
    "LessThanOrEquals": ("sh:path gsef:p ; sh:lessThanOrEquals gsef:q", "gsef:p 3 ; gsef:q 2",
                         "3 is after a value of gsef:q.", None),
    "Not": ("sh:path gsef:p ; sh:not [ sh:datatype xsd:integer ]", "gsef:p 1",
            "1 is of a form that is excluded here.", None),
    "And": ("sh:path gsef:p ; sh:and ( [ sh:nodeKind sh:Literal ] [ sh:datatype xsd:date ] )",
            "gsef:p 1", "1 does not meet all of: sh:Literal; xsd:date.", None),
    "Or": ("sh:path gsef:p ; sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] )",
           'gsef:p "2019"', '"2019" meets none of: xsd:date; xsd:gYear.',
           'écrire "2019"^^xsd:gYear'),
    "Xone": ("sh:path gsef:p ; sh:xone ( [ sh:datatype xsd:date ] [ sh:class gsef:Place ] )",
             "gsef:p 1", "1 does not meet exactly one of: xsd:date; gsef:Place.", None),
    "Node": ("sh:path gsef:p ; sh:node gsef-sh:Dated", "gsef:p gsef:Place",
             "gsef:Place does not meet gsef-sh:Dated.", None),
    "QualifiedMinCount": (
        'sh:path gsef:p ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ sh:languageIn ( "fr" ) ]',  # noqa: E501
        'gsef:p "x"@en', 'At least 1 of the values must be of the kind asked for: "fr".',
        'ajouter gsef:p "…"@fr'),
    "QualifiedMaxCount": (
        "sh:path gsef:p ; sh:qualifiedMaxCount 1 ; sh:qualifiedValueShape [ sh:datatype xsd:integer ]",  # noqa: E501
        "gsef:p 1, 2", "At most 1 of the values may be of the kind: xsd:integer.", None),
    "HasValue": ("sh:path gsef:p ; sh:hasValue gsef:Place", "gsef:p 1",
                 "The value gsef:Place is missing.", "ajouter gsef:Place"),
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


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Finding]]:
    """All findings, by the name of the node that each case has to itself."""
    folder: Path = tmp_path_factory.mktemp("shapes")
    shapes = "".join(
        f"gsef-sh:{name} a sh:NodeShape ; sh:targetClass <urn:class:{name}> ;\n"
        f"    sh:property [ {text} ] .\n"
        for name, (text, *_) in CASES.items()
    )
    facts = "".join(
        f"<urn:{name}> a <urn:class:{name}> ; {text} .\n" for name, (_, text, *_) in CASES.items()
    )
    for name, text in (("shapes", shapes + CLOSED), ("ontology", ONTOLOGY)):
        (folder / name).mkdir()
        (folder / name / "all.ttl").write_text(PREFIXES + text, "utf-8")
    report = validate(
        [read("new.ttl", data=(PREFIXES + facts + "<urn:Closed> gsef:p 1 .").encode())],
        Embedded(), shapes=folder / "shapes", ontology=folder / "ontology", names=NAMES,
        timeout=60,
    )  # fmt: skip
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        found.setdefault(str(finding.focus).strip("<>").removeprefix("urn:"), []).append(finding)
    return found


@pytest.mark.parametrize("name", CASES)
def test_component(name: str, findings: dict[str, list[Finding]]) -> None:
    _, _, sentence, hint = CASES[name]
    (finding,) = [
        finding
        for finding in findings[name]
        if finding.component.endswith(f"#{name}ConstraintComponent")
        and finding.message["en"] == sentence
    ]
    assert len(set(finding.message.values())) == 3
    assert not any("{" in text.replace("{2}", "") for text in finding.message.values())
    if hint is not None:
        assert finding.hint["fr"] == hint


def test_closed(findings: dict[str, list[Finding]]) -> None:
    (finding,) = findings["Closed"]
    assert finding.message["es"] == "La propiedad gsef:p no tiene cabida aquí."
