"""The W3C report keeps what the shapes say apart from what we say (SHACL, 2.1.5 and 3.6.2)."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, parse, serialize
from rdflib import BNode, URIRef
from rdflib.namespace import SH as RSH

from gsefgraph.shacl.report.finding import VIOLATION, Finding
from gsefgraph.shacl.report.report import Report
from gsefgraph.shacl.report.results import Speaker
from gsefgraph.shacl.result import Result
from gsefgraph.sparql.path import Path
from gsefgraph.terms import GSEF, SH, SHAPES, Names
from tests.test_shacl_messages import found, shapes_of

NAMES = Names()
DETAIL = URIRef(f"{SHAPES}detail")
FORMS = ("ttl", "jsonld")
SHAPE = "gsef-sh:S sh:targetNode <urn:n> ; sh:property gsef-sh:P . gsef-sh:P sh:path gsef:p ; "


def graph(given: list[Finding], form: str) -> rdflib.Graph:
    report = Report.of(given, names=NAMES)
    if form == "ttl":
        return rdflib.Graph().parse(data=report.to_graph(), format="turtle")
    lines = serialize(parse(report.to_jsonld(), RdfFormat.JSON_LD), format=RdfFormat.N_TRIPLES)
    return rdflib.Graph().parse(data=lines, format="nt")


def said(given: list[Finding], form: str, predicate: URIRef = RSH.resultMessage) -> list[str]:
    return sorted(text.n3() for text in graph(given, form).objects(None, predicate))


@pytest.mark.parametrize("form", FORMS)
def test_the_messages_of_a_shape_are_copied_as_they_are(form: str) -> None:
    given = found(
        SHAPE + 'sh:minCount 1 ; sh:message "Ein  Wert fehlt"@de , "Es braucht einen"@de , '
        '"one of {$this}, {$minCount} at least" , "Un \\"p\\""@fr-CA .',
        "<urn:n> a gsef:Event .",
    )
    assert said(given, form) == sorted(
        ['"Ein  Wert fehlt"@de', '"Es braucht einen"@de', '"one of <urn:n>, 1 at least"',
         '"Un \\"p\\""@fr-ca']
    )  # fmt: skip
    assert said(given, form, DETAIL) == [
        '"Aucune valeur pour gsef:p\u00a0; il en faut au moins 1."@fr',
        '"Ningún valor para gsef:p; el mínimo es 1."@es',
        '"No value of gsef:p; needed: at least 1."@en',
    ]


@pytest.mark.parametrize("form", FORMS)
def test_our_sentence_is_the_message_where_a_shape_has_none(form: str) -> None:
    given = found(SHAPE + "sh:minCount 1 .", "<urn:n> a gsef:Event .")
    assert '"No value of gsef:p; needed: at least 1."@en' in said(given, form)
    assert len(said(given, form)) == 3
    assert said(given, form, DETAIL) == []


SPARQL = """sh:sparql {constraint}
    sh:select "SELECT $this ?value WHERE {{ $this $PATH ?value FILTER(?value = 1) }}" """


@pytest.mark.parametrize("form", FORMS)
def test_a_sparql_result_names_its_constraint(form: str) -> None:
    shapes = SHAPE + SPARQL.format(constraint="gsef-sh:C . gsef-sh:C")
    named = found(shapes + '; sh:message "Never {?value}."@en .', "<urn:n> gsef:p 1 .")
    (at,) = graph(named, form).objects(None, RSH.sourceConstraint)
    assert at == URIRef(f"{SHAPES}C")
    assert said(named, form) == ['"Never 1."@en']
    assert said(named, form, DETAIL) == [], "the shape says all that is known"
    assert named[0].message["fr"] == "Never 1."

    shapes = SHAPE + SPARQL.format(constraint="[") + "] ."
    blank = found(shapes, "<urn:n> gsef:p 1 .")
    (at,) = graph(blank, form).objects(None, RSH.sourceConstraint)
    assert isinstance(at, BNode)
    assert len(said(blank, form)) == 3, "ours, since nothing else says it"


def test_no_other_result_has_a_constraint() -> None:
    given = found(SHAPE + "sh:class gsef:Place , gsef:Event .", "<urn:n> gsef:p <urn:o> .")
    assert len(given) == 2
    assert not list(graph(given, "ttl").objects(None, RSH.sourceConstraint))


def test_what_a_solution_says_goes_first() -> None:
    shapes = shapes_of(SHAPE + 'sh:message "S"@en .')
    result = Result(f"{SHAPES}P", f"{SH}SPARQLConstraintComponent", VIOLATION, NamedNode("urn:n"),
                    Path.of(f"{GSEF}p"), None, f"{SHAPES}C",
                    {"message": Literal("so {?value}", language="pt"),
                     "value": Literal(5)})  # fmt: skip
    made = Speaker(shapes, NAMES, {}, lambda _: ()).finding(result)
    assert said([made], "ttl") == ['"so 5"@pt']
    assert made.message["fr"] == "so 5"


def test_a_report_that_was_pickled_says_the_same() -> None:
    given = found(
        SHAPE + 'sh:minCount 1 ; sh:message "Fehlt"@de .', "<urn:n> a gsef:Event ."
    ) + found(
        SHAPE + SPARQL.format(constraint="[") + "] .", "<urn:n> gsef:p 1 ."
    )  # fmt: skip
    copies = [replace(one, message=pickle.loads(pickle.dumps(one.message))) for one in given]
    for form in FORMS:
        assert graph(copies, form).isomorphic(graph(given, form))
    assert pickle.loads(pickle.dumps(copies[0].message)) == given[0].message
