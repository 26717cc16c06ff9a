"""Mistakes in shapes never read as "conforms": each has a warning that names it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from gsefgraph.records import rdf
from gsefgraph.shacl.checks import Checks
from gsefgraph.shacl.shapes import reading, vocabulary
from gsefgraph.shacl.shapes.graph import Shapes, of_folder
from gsefgraph.shacl.shapes.model import Target
from gsefgraph.terms import Names

SHAPES = Path(__file__).parent.parent / "ontology" / "shapes"
EX = "https://e.org/"
HEAD = """PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX gsef: <https://w3id.org/gsefgraph/ontology#>
PREFIX ex: <https://e.org/>
"""
LANGUAGES = {"en", "fr", "es"}


def shapes(body: str) -> Shapes:
    return Shapes.of([rdf.read("shapes.ttl", data=(HEAD + body).encode())])


def said(body: str) -> list[str]:
    found = vocabulary.check(shapes(body), Names())
    assert all(set(texts) == LANGUAGES for texts in found)
    return [texts["en"].replace(f"<{EX}s>", "S") for texts in found]


@pytest.mark.parametrize(
    ("body", "warning"),
    [
        ("ex:s sh:targetClass ex:C ; sh:minCout 1 .",
         "shape S: SHACL has no term sh:minCout; did you mean sh:minCount?"),
        ("ex:s sh:targetClass ex:C ; sh:xyzzyq 1 .", "shape S: SHACL has no term sh:xyzzyq"),
        ("ex:s a sh:NodeShap ; sh:targetClass ex:C .",
         "shape S: SHACL has no term sh:NodeShap; did you mean sh:NodeShape?"),
        ("ex:s sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:minCoun 1 ] .",
         "shape S: SHACL has no term sh:minCoun; did you mean sh:minCount?"),
        ("ex:s sh:targetClass ex:C ; sh:rule [] .",
         "shape S: sh:rule is of SHACL’s advanced features, which are not evaluated"),
        ("ex:s sh:targetClass ex:C ; sh:rule [ a sh:TripleRule ; sh:subject sh:this ] .",
         "shape S: sh:rule is of SHACL’s advanced features, which are not evaluated"),
        ("ex:s sh:targetClass ex:C ; sh:values ex:p .",
         "shape S: sh:values is of SHACL’s advanced features, which are not evaluated"),
        ("ex:s sh:targetClass ex:C ; sh:sparql [ sh:resultAnnotation [ sh:annotationProperty ex:p "
         "] ] .", "shape S: sh:resultAnnotation is of SHACL’s advanced features, which are not "
         "evaluated"),
        ("ex:s sh:targetClass ex:C ; sh:sparql [ sh:select 'ASK { GRAPH ?g { $this ?p ?o } }' ] .",
         "shape S: GRAPH in sh:select finds nothing, for the data are judged as one graph"),
        ("ex:s sh:class ex:C .", "shape S has no target, and no shape uses it"),
        ("ex:s a sh:NodeShape .", "shape S has no target, and no shape uses it"),
        ("ex:s a sh:PropertyShape ; sh:path ex:p .",
         "shape S has no target, and no shape uses it"),
        ("ex:s sh:node ex:s .", "shape S has no target, and no shape uses it"),
        ("ex:s sh:targetClass ex:C ; sh:node ex:t .",
         "shape S: <https://e.org/t> is used as a shape, and nothing describes it"),
        ("ex:s sh:targetClass ex:C ; sh:or ( [ sh:class ex:D ] ex:t ) .",
         "shape S: <https://e.org/t> is used as a shape, and nothing describes it"),
        ("ex:s sh:targetClass ex:C ; sh:flags 'i' .",
         "shape S: sh:flags does nothing without sh:pattern"),
        ("ex:s sh:targetClass ex:C ; sh:ignoredProperties () .",
         "shape S: sh:ignoredProperties does nothing without sh:closed"),
        ("ex:s sh:targetClass ex:C ; sh:qualifiedMinCount 1 .",
         "shape S: sh:qualifiedMinCount does nothing without sh:qualifiedValueShape"),
        ("ex:s sh:targetClass ex:C ; sh:path ex:p ; sh:qualifiedValueShape [] .",
         "shape S: sh:qualifiedValueShape does nothing without sh:qualifiedMinCount"),
        ("ex:s sh:targetClass ex:C ; sh:path ex:p ; sh:uniqueLang '1'^^xsd:boolean .",
         'shape S: sh:uniqueLang "1" does nothing; write true'),
        ("ex:s a sh:NodeShape, owl:Class ; sh:in () . ex:t sh:targetNode ex:a ; sh:node ex:s .",
         "shape S: it is an owl:Class and no rdfs:Class, so its instances are not its target; "
         "add the type rdfs:Class, or sh:targetClass S"),
        ("ex:s a sh:NodeShape, owl:Class ; sh:targetNode ex:a .",
         "shape S: it is an owl:Class and no rdfs:Class, so its instances are not its target; "
         "add the type rdfs:Class, or sh:targetClass S"),
    ],
)  # fmt: skip
def test_what_is_odd(body: str, warning: str) -> None:
    assert said(body) == [warning]


@pytest.mark.parametrize(
    "body",
    [
        "ex:s sh:targetClass ex:C ; sh:node ex:t . ex:t sh:class ex:D .",
        "ex:s sh:targetClass ex:C ; sh:node [] .",
        "ex:s a sh:NodeShape, rdfs:Class .",
        "ex:s a sh:NodeShape, owl:Class, rdfs:Class .",
        "ex:s a sh:NodeShape, owl:Class . owl:Class rdfs:subClassOf rdfs:Class .",
        "ex:s a sh:NodeShape, owl:Class ; sh:targetClass ex:s .",
        "ex:s a sh:NodeShape, owl:Class ; sh:deactivated true .",
        "ex:s a owl:Class .",
        "ex:s a sh:NodeShape ; sh:deactivated true .",
        "ex:s sh:class ex:C . ex:kept ex:shape ex:s .",
        "ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:p ; sh:datatype xsd:string ] .",
        "ex:r a sh:ValidationReport ; sh:conforms false ; sh:result [ sh:focusNode ex:a ] .",
    ],
)
def test_what_is_not_odd(body: str) -> None:
    assert said(body) == []


def test_an_import_counts_as_given_where_its_file_is(tmp_path: Path) -> None:
    """By the IRI of the ontology, that of its version, and the place of the file."""
    given = "ex:onto, <https://e.org/onto2#>, ex:version, <base.ttl>"
    imported = f"ex:o owl:imports {given}, ex:elsewhere ."
    others = {
        "one.ttl": "ex:onto a owl:Ontology ; owl:versionIRI ex:version .",
        "two.ttl": "ex:onto2 a owl:Ontology .",
        "base.ttl": "ex:s sh:targetClass ex:C .",
    }
    for name, body in {"main.ttl": imported, **others}.items():
        (tmp_path / name).write_text(HEAD + body, "utf-8")

    def unfollowed(*names: str) -> list[str]:
        checks = Checks.of_files([tmp_path / "base.ttl", *(tmp_path / n for n in names)], Names())
        return [texts["en"] for texts in checks.warnings if "imports" in texts["en"]]

    (line,) = unfollowed("main.ttl", "one.ttl", "two.ttl")
    assert line.startswith("owl:imports <https://e.org/elsewhere> is not followed")
    (line,) = unfollowed("main.ttl")
    assert line.count("<") == 4
    assert " are not followed; if they are needed, give those files as well" in line
    assert unfollowed("one.ttl") == []
    others = "ex:o owl:imports ex:base . ex:base sh:declare [ sh:prefix 'p' ; sh:namespace 'p:' ] ."
    (tmp_path / "one.ttl").write_text(HEAD + others, "utf-8")
    assert unfollowed("one.ttl") == []
    # Of data, what declares prefixes is not given for that.
    data = [quad.triple for quad in parse((HEAD + others).encode(), RdfFormat.TURTLE)]
    assert len(vocabulary.imports(data)) == 1


def test_the_same_mistake_is_told_once_with_the_number_of_shapes() -> None:
    other = "ex:u sh:targetClass ex:C ; sh:rule [ sh:minCout 1 ], []"
    found = said(f"ex:s sh:targetClass ex:C ; sh:minCout 1, 2 ; sh:rule ex:r . {other} .")
    assert found == [
        "shape S and 1 more: SHACL has no term sh:minCout; did you mean sh:minCount?",
        "shape S and 1 more: sh:rule is of SHACL’s advanced features, which are not evaluated",
    ]


def test_nothing_is_odd_about_the_shipped_shapes() -> None:
    for read in map(Shapes.of, of_folder(SHAPES)):
        assert vocabulary.check(read, Names()) == []


def unreached(body: str, met: Callable[[Target], bool], used: Callable[[str], bool]) -> list[str]:
    read = shapes(body)
    found = vocabulary.unreached(read, reading.read(read), Names(), has_nodes=met, uses=used)
    assert all(set(texts) == LANGUAGES for texts in found)
    return [texts["en"].replace(f"<{EX}s>", "S") for texts in found]


def test_a_target_without_a_node() -> None:
    body = "ex:s sh:targetClass ex:C, gsef:Evnt ; sh:targetSubjectsOf ex:p ; sh:targetNode 1 ."
    assert unreached(body, lambda target: target.value.value == f"{EX}C", lambda _: True) == [
        "shape S: its target sh:targetClass gsef:Evnt meets no node",
        "shape S: its target sh:targetSubjectsOf <https://e.org/p> meets no node",
    ]
    assert unreached("ex:s a sh:NodeShape, rdfs:Class .", lambda _: False, lambda _: True) == [
        "shape S: its target sh:targetClass S meets no node"
    ]


def test_a_path_that_no_triple_uses() -> None:
    body = (
        "ex:s sh:targetClass ex:C ; sh:property [ sh:path ( ex:p [ sh:inversePath ex:q ] ) ;"
        " sh:or ( [ sh:property [ sh:path [ sh:zeroOrMorePath ex:r ] ; sh:lessThan ex:t ] ] ) ] ,"
        " [ sh:path ex:u ; sh:deactivated true ] ."
        "ex:away sh:targetClass ex:D ; sh:property [ sh:path ex:v ] ."
    )
    asked: list[str] = []

    def used(predicate: str) -> bool:
        asked.append(predicate)
        return predicate == f"{EX}p"

    found = unreached(body, lambda target: target.value.value == f"{EX}C", used)
    assert found == [
        "shape <https://e.org/away>: its target sh:targetClass <https://e.org/D> meets no node",
        "shape S: no triple has the predicate <https://e.org/q>",
        "shape S: no triple has the predicate <https://e.org/r>",
        "shape S: no triple has the predicate <https://e.org/t>",
    ]
    assert sorted(asked) == [f"{EX}{local}" for local in "pqrt"]
    read = shapes(body)
    waiting = vocabulary.unreached(
        read, reading.read(read), Names(), has_nodes=lambda _: True, uses=used, defined={f"{EX}r"}
    )
    told = [texts["en"].rpartition("/")[2] for texts in waiting]
    assert told == ["v>", "q>", "t>"], "a predicate of the ontology waits for data"


def test_shapes_that_lead_to_themselves_are_looked_at_once() -> None:
    body = "ex:s sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:node ex:s ] ."
    assert len(unreached(body, lambda _: True, lambda _: False)) == 1
