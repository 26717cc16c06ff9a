"""A report as text, JSON and a W3C graph: fixed order, fixed bytes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib import RDF
from rdflib.namespace import SH as RSH

from gsefgraph.shacl.path import Path as PropertyPath
from gsefgraph.shacl.report import INFO, VIOLATION, WARNING, Finding, Report, say
from gsefgraph.terms import GSEF, SH, SHAPES, XSD, Names

GOLDEN = Path(__file__).parent / "golden" / "shacl"
NAMES = Names()
FORUM = NamedNode(NAMES.expand("id-event:forum"))
PLACE = PropertyPath.of(f"{GSEF}place")
CHAIN = PropertyPath(
    "/", parts=(PLACE, PropertyPath("*", parts=(PropertyPath.of(f"{GSEF}within"),)))
)
EITHER = PropertyPath(
    "|", parts=(PropertyPath("^", parts=(PropertyPath.of(f"{GSEF}event"),)), CHAIN)
)


def finding(severity: str = VIOLATION, **changes: object) -> Finding:
    given: dict[str, object] = {
        "focus": FORUM,
        "path": PropertyPath.of(f"{GSEF}startDate"),
        "value": Literal("2019-6-25", datatype=NamedNode(f"{XSD}date")),
        "rule": f"{SHAPES}lexical-form",
        "component": f"{SHAPES}lexical-form",
        "message": {"en": "It is wrong.", "fr": "C'est faux.", "es": "Está mal."},
        "hint": {"en": "write x", "fr": "écrire x", "es": "escribir x"},
        "source": ("b.ttl", 2, 5),
    }
    return Finding(severity, **{**given, **changes})  # type: ignore[arg-type]


FINDINGS = [
    finding(),
    finding(source=("b.ttl", 2, 4), path=None, value=FORUM, hint={}),
    finding(WARNING, source=("a.ttl", 10, 1), path=CHAIN, value=NamedNode(f"{GSEF}x"),
            component=f"{SH}ClassConstraintComponent"),
    finding(INFO, source=None, focus=BlankNode("b1"), path=EITHER,
            value=Literal('say "hé"\n', language="fr"), message={"": "Plain."}, hint={}),
    finding(source=("a.ttl", 9, 30), value=Literal(5)),
]  # fmt: skip
REPORT = Report.of(
    FINDINGS,
    warnings=({"en": "Odd shape.", "fr": "Forme étrange.", "es": "Forma extraña."},),
    names=NAMES,
    labels={FORUM.value: {"fr": "Le forum", "en": "The forum"}},
)


def label(iri: str) -> str:
    return "date de début" if iri == f"{GSEF}startDate" else iri


def test_order_is_file_line_column_and_what_has_no_place_comes_last() -> None:
    places = [(*f.source[:2],) if f.source else None for f in REPORT.findings]
    assert places == [("a.ttl", 9), ("a.ttl", 10), ("b.ttl", 2), ("b.ttl", 2), None]
    assert Report.of(FINDINGS[::-1]).findings == REPORT.findings


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("report.fr.txt", lambda: REPORT.to_text("fr", label)),
        ("report.es.txt", lambda: REPORT.to_text("es")),
        ("report.en.json", lambda: REPORT.to_json("en")),
        ("report.ttl", lambda: REPORT.to_graph().decode()),
    ],
)
def test_golden(name: str, made: object) -> None:
    assert callable(made)
    assert made() == (GOLDEN / name).read_text("utf-8")


def test_the_graph_is_a_w3c_report() -> None:
    graph = rdflib.Graph().parse(data=REPORT.to_graph(), format="turtle")
    root = graph.value(predicate=RDF.type, object=RSH.ValidationReport)
    assert graph.value(root, RSH.conforms).toPython() is False  # type: ignore[union-attr]
    results = list(graph.objects(root, RSH.result))
    assert len(results) == len(FINDINGS)
    for result in results:
        for name in ("focusNode", "resultSeverity", "sourceConstraintComponent", "sourceShape"):
            assert graph.value(result, RSH[name]) is not None
        messages = list(graph.objects(result, RSH.resultMessage))
        assert {getattr(message, "language", "") for message in messages} in (
            {"en", "fr", "es"},
            {None},
        )


def test_only_violations_count() -> None:
    assert not REPORT.conforms
    assert Report.of([finding(WARNING), finding(INFO)]).conforms
    assert json.loads(Report.of([]).to_json()) == {"conforms": True, "findings": [], "warnings": []}
    assert Report.of([finding(WARNING)]).to_text("es").endswith("Conforme. Advertencias: 1.\n")


def test_names_show_no_control_characters() -> None:
    report = Report.of([], labels={FORUM.value: {"en": "The\n forum\u202e\x1b"}})
    assert report.name(FORUM.value, "en") == "The forum\\u202E\\u001B (id-event:forum)"


def test_labels_of_the_records_come_first_then_those_of_the_graph() -> None:
    assert REPORT.name(FORUM.value, "fr", label) == "Le forum (id-event:forum)"
    assert REPORT.name(FORUM.value, "es", label) == "The forum (id-event:forum)"
    assert REPORT.name(f"{GSEF}startDate", "fr", label) == "date de début (gsef:startDate)"
    assert REPORT.name(f"{GSEF}endDate", "fr", label) == "gsef:endDate"


@pytest.mark.parametrize(
    ("term", "said"),
    [
        (Literal(5), "5"),
        (Literal("x5", datatype=NamedNode(f"{XSD}integer")), '"x5"^^xsd:integer'),
        (Literal("1.5", datatype=NamedNode(f"{XSD}decimal")), "1.5"),
        (Literal("1", datatype=NamedNode(f"{XSD}decimal")), '"1"^^xsd:decimal'),
        (Literal(True), "true"),
        (Literal('"', language="fr"), '"\\""@fr'),
        (Literal("\u202e\x1b[31m\u2028"), '"\\u202E\\u001B[31m\\u2028"'),
        (BlankNode("b1"), "_:b1"),
        (NamedNode("https://e.org/a"), "<https://e.org/a>"),
    ],
)
def test_say(term: Literal, said: str) -> None:
    assert say(term, NAMES) == said
