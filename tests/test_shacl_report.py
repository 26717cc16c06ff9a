"""A report in each of its forms: fixed order, fixed bytes."""

from __future__ import annotations

import json
import re
import sys
import time
import xml.etree.ElementTree as ET
from dataclasses import replace
from html import unescape
from pathlib import Path as File

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse, serialize
from rdflib import RDF
from rdflib.compare import isomorphic
from rdflib.namespace import SH as RSH

from gsefgraph.cli.formats import REPORTS
from gsefgraph.errors import UsageError
from gsefgraph.shacl.report.finding import INFO, VIOLATION, WARNING, Finding, Notice, spell
from gsefgraph.shacl.report.report import Report
from gsefgraph.shacl.report.results import Speaker
from gsefgraph.shacl.result import Result, Way
from gsefgraph.shacl.shapes.reading import read as reading
from gsefgraph.sparql.path import Path as PropertyPath
from gsefgraph.terms import GSEF, SH, SHAPES, XSD, Names
from gsefgraph.wording import LANGUAGES, say
from tests.shacl_sample import FORMS, GOLDEN, GRAPHS, golden, report, shapes

NAMES = Names()
FORUM = NamedNode(NAMES.expand("id-event:forum"))
PLACE = PropertyPath.of(f"{GSEF}place")
CHAIN = PropertyPath(
    "/", parts=(PLACE, PropertyPath("*", parts=(PropertyPath.of(f"{GSEF}within"),)))
)
EITHER = PropertyPath(
    "|", parts=(PropertyPath("^", parts=(PropertyPath.of(f"{GSEF}event"),)), CHAIN)
)
HOSTILE = '</script><b>"\u202e\x00\x1b]]>&\ufffe\n' + "x" * 5000


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
ATTACK = Report.of(
    [
        finding(focus=NamedNode("javascript:alert(1)"), value=Literal(HOSTILE), path=EITHER,
                message={"en": HOSTILE}, hint={"en": HOSTILE}, source=(HOSTILE, 1, 1)),
        finding(focus=NamedNode("https://e.org/\u202eabc"), rule="https://e.org/\u202er"),
        finding("https://e.org/own#Grave", focus=NamedNode("https://e.org/a"), source=None),
    ],
    warnings=({"en": HOSTILE},),
    labels={"https://e.org/a": {"en": HOSTILE}},
    ways=[Way("https://e.org/s", "https://e.org/c", "whole", HOSTILE)],
)  # fmt: skip


def label(iri: str) -> str:
    return "date de début" if iri == f"{GSEF}startDate" else iri


def kept(name: str, made: str) -> None:
    assert golden(made) == (GOLDEN / name).read_text("utf-8")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_sample(form: str, lang: str) -> None:
    kept(f"sample.{lang}.{form}", FORMS[form](report(), lang))


@pytest.mark.parametrize("form", GRAPHS)
def test_sample_graph(form: str) -> None:
    kept(f"sample.{form}", GRAPHS[form](report()))


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
    kept(name, made())


@pytest.mark.parametrize("form", FORMS)
def test_same_report_same_bytes(form: str) -> None:
    backwards = Report.of(FINDINGS[::-1], names=NAMES)
    assert FORMS[form](backwards, "es") == FORMS[form](Report.of(FINDINGS, names=NAMES), "es")


def test_order_is_file_line_column_and_what_has_no_place_comes_last() -> None:
    places = [(*f.source[:2],) if f.source else None for f in REPORT.findings]
    assert places == [("a.ttl", 9), ("a.ttl", 10), ("b.ttl", 2), ("b.ttl", 2), None]
    assert Report.of(FINDINGS[::-1]).findings == REPORT.findings


@pytest.mark.parametrize("made", [REPORT, ATTACK, report(), Report.of([])])
def test_the_graph_is_a_w3c_report_in_both_syntaxes(made: Report) -> None:
    graph = rdflib.Graph().parse(data=made.to_graph(), format="turtle")
    lines = serialize(parse(made.to_jsonld(), RdfFormat.JSON_LD), format=RdfFormat.N_TRIPLES)
    assert isomorphic(graph, rdflib.Graph().parse(data=lines, format="nt"))
    root = graph.value(predicate=RDF.type, object=RSH.ValidationReport)
    assert graph.value(root, RSH.conforms).toPython() is made.conforms  # type: ignore[union-attr]
    results = list(graph.objects(root, RSH.result))
    assert len(results) == len(made.findings)
    for result in results:
        for name in ("focusNode", "resultSeverity", "sourceConstraintComponent", "sourceShape"):
            assert graph.value(result, RSH[name]) is not None


def test_the_report_stands_at_the_top_of_its_jsonld() -> None:
    empty = json.loads(Report.of([]).to_jsonld())
    context = {"sh": "http://www.w3.org/ns/shacl#"}
    assert empty == {"@context": context, "@type": "sh:ValidationReport",
                     "sh:conforms": True, "sh:result": []}  # fmt: skip
    (one,) = json.loads(Report.of([REPORT.findings[0]]).to_jsonld())["sh:result"]
    assert (one["gsef-sh:file"], one["gsef-sh:line"], one["gsef-sh:column"]) == ("a.ttl", 9, 30)


def test_a_blank_shape_is_a_blank_node_beside_the_name_around_it() -> None:
    graph = rdflib.Graph().parse(data=report().to_graph(), format="turtle")
    rule = rdflib.URIRef(f"{SHAPES}rule")
    ((result, named),) = graph.subject_objects(rule)
    assert str(named) == f"{SHAPES}Event"
    assert isinstance(graph.value(result, RSH.sourceShape), rdflib.BNode)
    assert "urn:gsefgraph" not in report().to_graph().decode() + report().to_jsonld().decode()


def test_only_violations_count() -> None:
    assert not REPORT.conforms
    assert Report.of([finding(WARNING), finding(INFO)]).conforms
    assert not Report.of([finding("urn:own")]).conforms
    empty = {"conforms": True, "counts": {}, "findings": [], "warnings": [], "ways": []}
    assert json.loads(Report.of([]).to_json()) == empty
    assert Report.of([finding(WARNING)]).to_text("es").endswith("Conforme. Advertencias: 1.\n")


def test_how_constraints_were_checked_is_one_line_that_names_the_others() -> None:
    ways = [Way(f"{SHAPES}S{n}", f"{SH}InConstraintComponent", "sql") for n in range(300)]
    ways += [Way(f"{SHAPES}Odd", f"{SH}SPARQLConstraintComponent", "whole", "it counts"),
             Way(f"{SHAPES}Own", f"{GSEF}Even", "engine"), ways[0]]  # fmt: skip
    made = Report.of([], ways=ways)
    assert made.to_text("fr").splitlines()[-1] == (
        "Contraintes vérifiées\u00a0: 300 en SQL\u00a0; 1 par le moteur SPARQL\u00a0;"
        " 1 sur le graphe entier (gsef-sh:Odd SPARQL\u00a0: it counts)."
    )
    assert len(json.loads(made.to_json())["ways"]) == 302


def test_names_show_no_control_characters() -> None:
    made = Report.of([], labels={FORUM.value: {"en": "The\n forum\u202e\x1b"}})
    assert made.name(FORUM.value, "en") == "The forum\\u202E\\u001B (id-event:forum)"


def test_labels_of_the_records_come_first_then_those_of_the_graph() -> None:
    assert REPORT.name(FORUM.value, "fr", label) == "Le forum (id-event:forum)"
    assert REPORT.name(FORUM.value, "es", label) == "The forum (id-event:forum)"
    assert REPORT.name(f"{GSEF}startDate", "fr", label) == "date de début (gsef:startDate)"
    assert REPORT.name(f"{GSEF}endDate", "fr", label) == "gsef:endDate"
    assert REPORT.nodes() >= {FORUM.value, f"{GSEF}within", f"{GSEF}x"}


def test_nothing_hostile_reaches_a_terminal() -> None:
    text = ATTACK.to_text("en")
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e\ufffe]", text)
    assert text.count("\n\n") == len(ATTACK.findings)


OFTEN = Report.of([replace(each, times=3) if not n else each
                  for n, each in enumerate(REPORT.findings)])  # fmt: skip


def test_programs_get_each_result_and_people_what_says_the_same_once() -> None:
    many, found = len(REPORT.findings) + 2, len(REPORT.findings)
    assert len(json.loads(OFTEN.to_json())["findings"]) == many
    assert sum(json.loads(OFTEN.to_json())["counts"].values()) == many
    (run,) = json.loads(OFTEN.to_sarif())["runs"]
    assert (len(run["results"]), sum(run["properties"]["counts"].values())) == (many, many)
    for data, form in (
        (OFTEN.to_graph(), RdfFormat.TURTLE),
        (OFTEN.to_jsonld(), RdfFormat.JSON_LD),
    ):
        assert sum(q.predicate.value == f"{SH}result" for q in parse(data, format=form)) == many
    text = OFTEN.to_text("fr")
    assert text.count("\n\n") == found
    assert f"Résultats au sens de SHACL\u00a0: {many}." in text
    assert f"Results as SHACL counts them: {many}." in OFTEN.to_html()
    assert "as SHACL counts" not in REPORT.to_text()
    properties = ET.fromstring(OFTEN.to_junit()).iter("property")
    assert sum(int(each.get("value") or 0) for each in properties) == found
    assert (OFTEN.counts, [c.findings for c in OFTEN.every.values()]) == (
        {severity: count.results for severity, count in OFTEN.every.items()},
        [c.findings for c in REPORT.every.values()],
    )


def test_a_limit_counts_what_the_form_counts() -> None:
    two = OFTEN.choose(limit=2)
    body = json.loads(two.to_json())
    assert (len(body["findings"]), body["more"]) == (2, len(REPORT.findings))
    assert two.to_text().count("\n\n") == 3  # two findings, and how many more
    assert f"… and {len(REPORT.findings) - 2} more" in two.to_text()


def test_more_results_than_a_file_holds_are_refused_in_words() -> None:
    huge = Report.of([replace(REPORT.findings[0], times=10**18)])
    for form in ("json", "sarif", "turtle", "jsonld"):
        with pytest.raises(UsageError, match=r"1,000,000,000,000,000,000 results") as caught:
            next(huge.pieces(form))
        assert "--limit" in (caught.value.hint or "")
        assert b"".join(huge.choose(limit=1).pieces(form))
    assert "1,000,000,000,000,000,000" in huge.to_text()


def test_what_an_earlier_report_holds_is_known_however_often(tmp_path: File) -> None:
    earlier = tmp_path / "earlier.json"
    for before, now in ((REPORT, OFTEN), (OFTEN, REPORT)):
        earlier.write_text(before.to_json(), "utf-8")
        assert now.since(earlier).findings == ()
        for form in (
            json.loads(now.since(earlier).to_json()),
            *json.loads(now.since(earlier).to_sarif())["runs"],
        ):
            about = form.get("properties", form)
            assert about["known"] == sum(now.counts.values())


def test_warnings_of_one_kind_are_grouped_for_people() -> None:
    every = [
        Notice(say("warning.undescribed", shape=f"ex:s{number}", value="ex:t"))
        for number in range(100)
    ]
    odd = Report.of([], warnings=(*every, Notice(say("warning.empty", value="a.ttl")), {"en": "x"}))
    lines = odd.to_text().splitlines()
    assert [line.partition(": ")[2][:12] for line in lines[:-1]] == [
        "shape ex:s0:", "shape ex:s1:", "shape ex:s2:", "… and 97 mor", "a.ttl holds ", "x",
    ]  # fmt: skip
    (run,) = json.loads(odd.to_sarif())["runs"]
    assert len(run["invocations"][0]["toolExecutionNotifications"]) == 6
    assert odd.to_html().count("ex:s") == 3
    assert len(json.loads(odd.to_json())["warnings"]) == 102
    four = Report.of([], warnings=tuple(every[:4]))
    assert four.to_text().count("ex:s") == 4  # no line is saved


def test_what_was_not_checked_is_told_beside_forms_without_a_place_for_it() -> None:
    left = {"en": "left out: it is none"}
    grave = Notice(say("warning.owl-class", shape="ex:s", value="ex:s"))
    rule = Notice(say("warning.beyond", shape="ex:s", value="sh:rule"))
    empty = Notice(say("warning.empty", value="a.ttl"))
    odd = Report.of([], warnings=(left, grave, rule, empty), omitted=(left,))
    whole = "Validation is not complete: 1 part of the shapes is left out."
    for form in REPORTS:
        lines = odd.unchecked(form)
        written = b"".join(odd.pieces(form)).decode()
        assert all(text["en"] in "".join(lines) + unescape(written) for text in (left, grave, rule))
        assert not any(each in written for each in lines)
    for form in ("turtle", "jsonld"):
        assert odd.unchecked(form) == [left["en"], grave["en"], rule["en"], whole]
        assert odd.unchecked(form, warnings=False) == [grave["en"], whole]
    assert grave["en"] in odd.to_text(warnings=False)
    assert rule["en"] not in odd.to_text(warnings=False)


def test_what_was_left_out_is_said_in_every_form() -> None:
    part = Report.of([], omitted=({"en": "left out: it is none", "fr": "x"},))
    assert part.conforms
    sentence = "Validation is not complete: 1 part of the shapes is left out."
    assert part.to_text() == f"Conforms. {sentence}\n"
    assert sentence in part.to_html()
    assert json.loads(part.to_json())["complete"] is False
    assert json.loads(part.to_sarif())["runs"][0]["properties"]["complete"] is False
    root = ET.fromstring(part.to_junit())
    assert (root.get("tests"), root.get("failures")) == ("2", "0")
    assert [each.get("message") for each in root.iter("skipped")] == ["left out: it is none"]
    formed = [q.object for q in parse(part.to_graph(), format=RdfFormat.TURTLE)
              if q.predicate.value == f"{SH}shapesGraphWellFormed"]  # fmt: skip
    assert formed == [Literal(False)]
    assert "complete" not in Report.of([]).to_text() + Report.of([]).to_json()


def test_junit_is_well_formed_and_counts() -> None:
    root = ET.fromstring(REPORT.to_junit("fr"))
    suites = {suite.get("name"): suite for suite in root}
    assert list(suites) == ["a.ttl", "b.ttl", "sans fichier"]
    properties, b = suites["b.ttl"]
    assert [each.attrib for each in properties] == [{"name": "Erreurs", "value": "2"}]
    assert b.get("name") == "gsef-sh:lexical-form valeur bien formée"
    assert "(… et 1 de plus)" in (b[0].get("message") or "")
    assert [(s.get("tests"), s.get("failures")) for s in root] == [
        ("2", "1"),
        ("1", "1"),
        ("1", "0"),
    ]
    assert root.get("failures") == "2"
    hostile = ET.fromstring(ATTACK.to_junit("en"))
    assert "\\u202E\\u0000\\u001B]]>&\\uFFFE" in ET.tostring(hostile, "unicode", "text")
    passed = ET.fromstring(Report.of([]).to_junit("es"))
    assert [case.get("name") for case in passed.iter("testcase")] == ["Conforme"]


def test_ten_thousand_findings_are_printed_in_half_a_second() -> None:
    place = NAMES.expand("gsef-sh:Event-place")
    results = [
        Result(place, f"{SH}ClassConstraintComponent", VIOLATION,
               NamedNode(f"https://e.org/event/{n}"), PLACE, NamedNode(f"https://e.org/place/{n}"),
               f"{GSEF}Place")
        for n in range(10_000)
    ]  # fmt: skip
    spent = []
    for _ in range(3):
        start = time.process_time()
        speaker = Speaker(reading(shapes()), NAMES, {}, lambda _: ())
        text = Report.of(map(speaker.finding, results), names=NAMES).to_text("fr")
        spent.append(time.process_time() - start)
    assert text.count("erreur") == 10_000
    # Twice, for what runs beside it, and more where coverage counts every line.
    assert min(spent) < 2 * 0.5 * _slowness() * (4 if sys.gettrace() else 1)


def _slowness() -> float:
    """How many times as long as the machine of the half second this one needs to make text."""
    start = time.process_time()
    made = {f"https://e.org/{n}": f"{n} {n}".split(" ") for n in range(100_000)}
    assert len(made) == 100_000
    return (time.process_time() - start) / 0.08


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
    assert spell(term, NAMES) == said
