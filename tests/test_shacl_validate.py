"""New records judged together with the graph, on shapes and an ontology of these tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import BaseDirection, Literal, NamedNode, Quad, RdfFormat, parse

from gsefgraph.engine.embedded import Embedded
from gsefgraph.errors import EngineError, InputError
from gsefgraph.files import keep, kept
from gsefgraph.limits import Limits
from gsefgraph.reason.construct import read_rule
from gsefgraph.records.rdf import RecordFile, read
from gsefgraph.shacl.checks import Checks
from gsefgraph.shacl.opinion import compare
from gsefgraph.shacl.report.finding import Finding
from gsefgraph.shacl.report.report import Report
from gsefgraph.shacl.run import validate
from gsefgraph.shacl.shapes import reading
from gsefgraph.terms import GSEF, Names

NAMES = Names()
PREFIXES = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in sorted(NAMES.prefixes.items()))
HEAD = len(PREFIXES.splitlines())

ONTOLOGY = """
<https://w3id.org/gsefgraph/ontology> a owl:Ontology .
gsef:Agent a owl:Class . gsef:Place a owl:Class . gsef:Event a owl:Class . gsef:Role a owl:Class .
gsef:Organisation a owl:Class ; rdfs:subClassOf gsef:Agent .
gsef:startDate a owl:DatatypeProperty ; rdfs:label "start date"@en, "date de début"@fr .
gsef:endDate a owl:DatatypeProperty .
gsef:place a owl:ObjectProperty . gsef:agent a owl:ObjectProperty . gsef:role a owl:ObjectProperty .
gsef:within a owl:ObjectProperty . gsef:partOf a owl:ObjectProperty .
gsef:quote a owl:DatatypeProperty . gsef:sequence a owl:DatatypeProperty .
id-role:speaker a gsef:Role ; skos:prefLabel "speaker"@en .
"""
SHAPES = """
gsef-sh:Event a sh:NodeShape ; sh:targetClass gsef:Event ;
  sh:property gsef-sh:Event-startDate, gsef-sh:Event-place, gsef-sh:Event-agent,
    [ sh:path skos:prefLabel ; sh:uniqueLang true ], gsef-sh:Event-country .
gsef-sh:Event-startDate a sh:PropertyShape ; sh:path gsef:startDate ; sh:maxCount 1 ;
  sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] ) ;
  sh:message "One date."@en, "Une date."@fr, "Una fecha."@es .
gsef-sh:Event-place a sh:PropertyShape ; sh:path gsef:place ; sh:class gsef:Place ;
  sh:severity sh:Warning .
gsef-sh:Event-agent a sh:PropertyShape ; sh:path gsef:agent ; sh:minCount 1 ; sh:class gsef:Agent .
gsef-sh:Event-country a sh:PropertyShape ;
  sh:path ( gsef:place [ sh:zeroOrMorePath gsef:within ] ) ;
  sh:sparql [ sh:message "{$this} is inside {?value}, which is inside {?whole}."@en,
      "{$this} est dans {?value}, qui est dans {?whole}."@fr ;
    sh:prefixes gsef-sh:prefixes ;
    sh:select \"\"\"SELECT $this ?value ?whole WHERE {
      $this gsef:place ?value . ?value gsef:within+ ?whole . ?whole gsef:within ?value }\"\"\" ] .
gsef-sh:prefixes sh:declare [ sh:prefix "gsef" ;
  sh:namespace "https://w3id.org/gsefgraph/ontology#"^^xsd:anyURI ] .
"""
PER_GRAPH = """
gsef-sh:Alone a sh:NodeShape ; sh:targetSubjectsOf gsef:endDate ;
  sh:property [ sh:path gsef:endDate ; sh:maxCount 1 ] .
"""
KNOWN = """
id-org:gsef a gsef:Organisation ; skos:prefLabel "GSEF"@en .
id-place:quito a gsef:Place ; gsef:within id-place:ecuador .
id-place:ecuador a gsef:Place .
id-event:forum a gsef:Event ; gsef:agent id-org:gsef ; gsef:startDate "2018"^^xsd:gYear ;
  gsef:endDate "2018-10-03"^^xsd:date .
id-event:broken a gsef:Event .
"""


class Project:
    """Folders of shapes and ontology, and an engine that knows a few things."""

    def __init__(self, folder: Path, shapes: str = SHAPES, known: str = KNOWN) -> None:
        self.shapes, self.ontology = folder / "shapes", folder / "ontology"
        self.shapes.mkdir()
        self.ontology.mkdir()
        (self.shapes / "all.ttl").write_text(PREFIXES + shapes, "utf-8")
        (self.shapes / "per-graph.ttl").write_text(PREFIXES + PER_GRAPH, "utf-8")
        (self.ontology / "gsef.ttl").write_text(PREFIXES + ONTOLOGY, "utf-8")
        self.engine = Embedded()
        self.engine.load(
            Quad(quad.subject, quad.predicate, quad.object, NamedNode(NAMES.graph("known")))
            for quad in parse((PREFIXES + known).encode(), format=RdfFormat.TURTLE)
        )

    def check(self, *records: RecordFile, timeout: float | None = 60) -> Report:
        return validate(records, self.engine, self.checks, limits=Limits(seconds=timeout))

    @property
    def checks(self) -> Checks:
        return Checks.of_project(self.shapes, self.ontology, NAMES)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def record(body: str, name: str = "new.ttl") -> RecordFile:
    return read(name, data=(PREFIXES + body).encode())


def told(report: Report) -> list[tuple[str, str, int | None]]:
    """Focus node, rule and line in the body of the record, of each finding."""
    return [
        (short(f), NAMES.compact(f.rule), f.source[1] - HEAD if f.source else None)
        for f in report.findings
    ]


def short(finding: Finding) -> str:
    focus = finding.focus
    return NAMES.compact(focus.value) if isinstance(focus, NamedNode) else str(focus)


def test_known_things_count_as_known(project: Project) -> None:
    report = project.check(record(
        'id-event:a a gsef:Event ; gsef:agent id-org:gsef ; gsef:place id-place:quito .'
    ))  # fmt: skip
    assert report.findings == ()
    assert report.conforms


def test_a_fault_that_was_there_is_not_the_records(project: Project) -> None:
    report = project.check(record('id-event:broken skos:prefLabel "Broken"@en .'))
    assert report.findings == ()


def test_restated_triples_are_not_new(project: Project) -> None:
    body = 'id-event:broken a gsef:Event .\nid-event:forum gsef:startDate "2018"^^xsd:gYear .'
    assert project.check(record(body)).findings == ()


def test_a_known_thing_is_judged_with_what_the_record_adds(project: Project) -> None:
    report = project.check(record('\n\nid-event:forum gsef:startDate "2019"^^xsd:gYear .'))
    assert told(report) == [("id-event:forum", "gsef-sh:Event-startDate", 3)]
    assert report.findings[0].message == {
        "en": "One date. 2 values, where at most 1 may stand: "
        '"2018"^^xsd:gYear, "2019"^^xsd:gYear.',
        "fr": "Une date. 2 valeurs, or on en admet au plus 1 : "
        '"2018"^^xsd:gYear, "2019"^^xsd:gYear.',
        "es": "Una fecha. 2 valores, cuando puede haber como máximo 1: "
        '"2018"^^xsd:gYear, "2019"^^xsd:gYear.',
    }


def test_number_as_a_store_holds_it_is_the_same_value(tmp_path: Path) -> None:
    shapes = (
        SHAPES
        + """gsef-sh:Seq a sh:NodeShape ; sh:targetSubjectsOf gsef:sequence ;
      sh:property [ sh:path gsef:sequence ; sh:maxCount 1 ; sh:maxInclusive 5 ] ."""
    )
    project = Project(tmp_path, shapes, KNOWN + "id-org:gsef gsef:sequence 5 .")
    body = 'id-org:gsef gsef:sequence "005"^^xsd:integer .'
    assert project.check(record(body)).findings == ()
    wrong = project.check(record('id-org:a gsef:sequence "007"^^xsd:integer .'))
    assert str(wrong.findings[0].value).startswith('"007"')


def test_forms_come_back_as_written(project: Project) -> None:
    report = project.check(
        record("""
id-event:a a gsef:Event ; gsef:agent id-org:gsef ; gsef:startDate "1.50E0"^^xsd:double .
""")
    )
    assert [str(finding.value).partition("^")[0] for finding in report.findings] == ['"1.50E0"']


def test_findings_inside_or_with_places(project: Project) -> None:
    report = project.check(
        record("""
id-event:a a gsef:Event ;
    gsef:agent id-org:gsef ;
    gsef:startDate "soon" ,
        "2019-06-25" .
""")
    )
    assert told(report) == [
        ("id-event:a", "gsef-sh:Event-startDate", 4),
        ("id-event:a", "gsef-sh:Event-startDate", 4),
        ("id-event:a", "gsef-sh:Event-startDate", 5),
    ]
    kinds = [finding.component.rpartition("#")[2] for finding in report.findings]
    assert sorted(kinds) == ["MaxCountConstraintComponent"] + ["OrConstraintComponent"] * 2
    hints = [finding.hint.get("es") for finding in report.findings]
    assert 'escribir "2019-06-25"^^xsd:date' in hints


def test_unknown_things_get_the_nearest_known_one(project: Project) -> None:
    report = project.check(
        record("""
id-event:a a gsef:Event ;
    gsef:agent id-org:gseff ;
    gsef:place id-place:nowhere-at-all .
""")
    )
    assert told(report) == [
        ("id-event:a", "gsef-sh:Event-agent", 3),
        ("id-event:a", "gsef-sh:Event-place", 4),
    ]
    agent, place = report.findings
    assert agent.hint["fr"] == "écrire id-org:gsef"
    assert agent.message["es"] == (
        "id-org:gseff no tiene ningún tipo conocido; se necesita un gsef:Agent."
    )
    assert place.hint["en"] == (
        "describe id-place:nowhere-at-all in the record, with its type gsef:Place"
    )
    assert not report.conforms


def test_a_name_where_an_iri_is_wanted(project: Project) -> None:
    report = project.check(record('id-event:a a gsef:Event ; gsef:agent "gsef" .'))
    assert report.findings[0].hint["en"] == '"gsef" exists as id-org:gsef; write that'


def test_warnings_alone_conform(project: Project) -> None:
    report = project.check(
        record("id-event:a a gsef:Event ; gsef:agent id-org:gsef ; gsef:place id-org:gsef .")
    )
    assert [finding.severity.rpartition("#")[2] for finding in report.findings] == ["Warning"]
    assert (
        report.findings[0].message["fr"].startswith("GSEF (id-org:gsef) est un gsef:Organisation ;")
    )
    assert report.conforms


def test_sparql_constraint_speaks_with_its_own_message_and_values(project: Project) -> None:
    report = project.check(
        record("""
id-event:a a gsef:Event ; gsef:agent id-org:gsef ; gsef:place id-place:quito .
id-place:ecuador gsef:within id-place:quito .
""")
    )
    spoken = {finding.message["fr"] for finding in report.findings}
    assert spoken == {"id-event:a est dans id-place:quito, qui est dans id-place:ecuador."}
    # Without a message in Spanish, the English one is better than none.
    assert "is inside" in report.to_text("es")
    assert report.findings[0].rule == "https://w3id.org/gsefgraph/shapes#Event-country"


def test_blank_shapes_bear_the_name_of_the_shape_around_them(project: Project) -> None:
    report = project.check(
        record("""
id-event:a a gsef:Event ; gsef:agent id-org:gsef ; skos:prefLabel "A"@en , "Ah"@en .
""")
    )
    assert told(report) == [("id-event:a", "gsef-sh:Event", 2)]
    assert report.findings[0].message["en"] == 'More than one value in a language: "A"@en, "Ah"@en.'


def test_malformed_literal_is_told_once_with_its_form(project: Project) -> None:
    report = project.check(
        record("""
id-event:a a gsef:Event ; gsef:agent id-org:gsef ;
    gsef:startDate "2019-02-30"^^xsd:date ;
    gsef:endDate "2019-6-25"^^xsd:date .
""")
    )
    assert told(report) == [
        ("id-event:a", "gsef-sh:lexical-form", 3),
        ("id-event:a", "gsef-sh:lexical-form", 4),
    ]
    day, form = report.findings
    assert "n’existe pas" in day.message["fr"]
    assert '"2019-02"^^xsd:gYearMonth' in day.hint["fr"]
    assert form.hint == {
        "en": 'write "2019-06-25"^^xsd:date',
        "fr": 'écrire "2019-06-25"^^xsd:date',
        "es": 'escribir "2019-06-25"^^xsd:date',
    }
    text = report.to_text("fr")
    assert text.splitlines()[0] == (
        f"new.ttl:{HEAD + 3}:20: erreur : "
        '"2019-02-30"^^xsd:date est un jour qui n’existe pas : ce mois finit le 28.'
    )
    assert "  propriété : date de début (gsef:startDate)\n" in text
    assert "Non conforme. Erreurs\u00a0: 2.\n" in text


def test_misspelt_terms_and_undefined_concepts(project: Project) -> None:
    report = project.check(
        record("""
id-org:b a gsef:Organization ;
    gsef:startDat "2019"^^xsd:gYear ;
    gsef:role id-role:speeker .
""")
    )
    assert told(report) == [
        ("id-org:b", "gsef-sh:unknown-term", 2),
        ("id-org:b", "gsef-sh:unknown-term", 3),
        ("id-org:b", "gsef-sh:unknown-concept", 4),
    ]
    hints = [finding.hint["en"] for finding in report.findings]
    assert hints[0] == "write gsef:Organisation"
    assert hints[1].startswith("write gsef:startDate")
    assert hints[2] == "write id-role:speaker"


def test_a_record_may_define_its_own_concept(project: Project) -> None:
    body = "id-role:juror a gsef:Role . id-org:gsef gsef:role id-role:juror ."
    assert project.check(record(body)).findings == ()


def test_blank_nodes_have_steady_labels_and_places(project: Project) -> None:
    body = """
id-event:a a gsef:Event ;
    gsef:agent id-org:gsef ;
    gsef:place [ a gsef:Place ] ."""
    first, second = (project.check(record(body)) for _ in range(2))
    assert told(first) == [("_:b1", "gsef-sh:blank-node", 4)]
    assert first == second


def test_plain_text(project: Project) -> None:
    report = project.check(
        record("""
id-org:b skos:prefLabel "turned\\u202Earound"@en ;
    skos:altLabel "Mu\\u0308ller" ;
    gsef:quote "Mu\\u0308ller"@fr .
""")
    )
    assert told(report) == [
        ("id-org:b", "gsef-sh:plain-text", 2),
        ("id-org:b", "gsef-sh:plain-text", 3),
    ]
    assert "U+202E" in report.findings[0].message["es"]
    assert report.findings[0].hint["en"] == 'write "turnedaround"@en'
    assert report.findings[1].hint["en"] == 'write "Müller"'


def test_what_rdf_1_1_does_not_know(project: Project) -> None:
    """No file has it; an endpoint may."""
    given = record('\nid-org:b skos:prefLabel "b"@ar .')
    [quad] = given.quads
    turned = Literal("b", language="ar", direction=BaseDirection.RTL)
    quads = (Quad(quad.subject, quad.predicate, turned, quad.graph_name),)
    report = project.check(replace(given, quads=quads))
    assert told(report) == [("id-org:b", "gsef-sh:rdf-1.1", 2)]


@pytest.mark.parametrize("graph", ["known", "other"])
def test_each_graph_alone(project: Project, graph: str) -> None:
    body = (
        f'graph:{graph} {{ id-event:forum gsef:endDate "2018-10-04"^^xsd:date . }}'
        f'graph:third {{ id-event:forum gsef:endDate "2018-10-05"^^xsd:date . }}'
    )
    report = project.check(record(body, "new.trig"))
    expected = [("id-event:forum", "gsef-sh:Alone", 1)] if graph == "known" else []
    assert told(report) == expected


def test_two_files_and_two_graphs_in_order(project: Project) -> None:
    one = record("id-event:a a gsef:Event .", "b.ttl")
    two = record("id-event:b a gsef:Event .", "a.ttl")
    report = project.check(one, two)
    assert [f.source and f.source[0] for f in report.findings] == ["a.ttl", "b.ttl"]


def test_json_ld(project: Project) -> None:
    text = """{"@context": {"gsef": "https://w3id.org/gsefgraph/ontology#",
      "xsd": "http://www.w3.org/2001/XMLSchema#"},
     "@id": "https://w3id.org/gsefgraph/id/event/a",
     "gsef:endDate": {"@value": "2019-13-01", "@type": "xsd:date"}}"""
    report = project.check(read("new.jsonld", data=text.encode()))
    assert [f.source for f in report.findings] == [("new.jsonld", 4, 34)]


def test_imports_that_are_not_followed_are_named(project: Project) -> None:
    report = project.check(record("<https://e.org/o> owl:imports <https://e.org/other> ."))
    assert report.conforms
    assert any("https://e.org/other" in warning["en"] for warning in report.warnings)
    own = record("<https://e.org/o> owl:imports <https://w3id.org/gsefgraph/ontology> .")
    found = project.check(own)
    assert found.conforms
    assert not any("import" in warning["en"] for warning in found.warnings)


def test_the_whole_graph(project: Project) -> None:
    report = project.check()
    assert [(short(f), NAMES.compact(f.rule), f.source) for f in report.findings] == [
        ("id-event:broken", "gsef-sh:Event-agent", None)
    ]
    files = [record(KNOWN, "known.ttl")]
    placed = validate([], project.engine, project.checks, sources=lambda: files)
    assert [f.source and f.source[:2] for f in placed.findings] == [("known.ttl", HEAD + 7)]


def test_derived_triples_count_only_when_asked(project: Project) -> None:
    project.engine.load([
        Quad(NamedNode(NAMES.expand("id-event:derived")), quad.predicate, quad.object,
             NamedNode(NAMES.graph("inferred")))
        for quad in parse((PREFIXES + "<a:s> a gsef:Event .").encode(), format=RdfFormat.TURTLE)
    ])  # fmt: skip
    found = {
        inferred: [
            short(f)
            for f in validate([], project.engine, project.checks, inferred=inferred).findings
        ]
        for inferred in (False, True)
    }
    assert found == {False: ["id-event:broken"], True: ["id-event:broken", "id-event:derived"]}


def test_what_follows_from_a_record_counts_when_asked(project: Project) -> None:
    """Here it follows that whoever is an agent of anything is an event."""

    text = f"CONSTRUCT {{ ?y a <{GSEF}Event> }} WHERE {{ ?x <{GSEF}agent> ?y }}"
    rules = [read_rule(text, "agents.rq")]
    new = record("id-event:a a gsef:Event ; gsef:agent id-org:new . id-org:new a gsef:Agent .")
    found = [
        validate(
            [new], project.engine, project.checks, inferred=inferred, rules=lambda: rules
        ).findings
        for inferred in (False, True)
    ]
    assert [[short(finding) for finding in findings] for findings in found] == [[], ["id-org:new"]]


def test_same_input_same_bytes(project: Project) -> None:
    body = 'id-event:a a gsef:Event ; gsef:startDate "x", "y", "z" . id-event:b a gsef:Event .'
    outputs = {
        (report.to_text("fr"), report.to_json("es"), report.to_graph())
        for report in (project.check(record(body)) for _ in range(2))
    }
    assert len(outputs) == 1
    body = json.loads(next(iter(outputs))[1])
    assert body["conforms"] is False


@pytest.mark.parametrize(
    ("shape", "error", "words"),
    [
        ('sh:sparql [ sh:select "SELECT $this WHERE { SERVICE <http://e.org/> { $this ?p ?o } }" ]',
         InputError, "SERVICE"),
        ('sh:sparql [ sh:select "SELECT $this FROM <http://e.org/> WHERE { $this ?p ?o }" ]',
         InputError, "FROM"),
        ("sh:property [ sh:minCount 1 ]", InputError, "sh:path"),
    ],
)  # fmt: skip
def test_shapes_that_cannot_be_used(
    tmp_path: Path, shape: str, error: type[Exception], words: str
) -> None:
    project = Project(tmp_path, f"gsef-sh:S a sh:NodeShape ; sh:targetClass gsef:Event ; {shape} .")
    body = f'id-event:a a gsef:Event ; skos:prefLabel "{"a" * 40}!"@en .'
    with pytest.raises(error) as caught:
        project.check(record(body), timeout=2)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_pattern_cannot_hang(tmp_path: Path) -> None:
    shape = 'sh:property [ sh:path skos:prefLabel ; sh:pattern "^(a+)+$" ]'
    project = Project(tmp_path, f"gsef-sh:S a sh:NodeShape ; sh:targetClass gsef:Event ; {shape} .")
    body = f'id-event:a a gsef:Event ; skos:prefLabel "{"a" * 100_000}!"@en .'
    report = project.check(record(body))
    assert [f.component.rpartition("#")[2] for f in report.findings] == [
        "PatternConstraintComponent"
    ]


def test_a_dead_process_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "_START", "import os; os.kill(os.getpid(), 11)")
    with pytest.raises(EngineError, match="the process of pySHACL died"):
        compare.results([], [])


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("GSEFGRAPH_CACHE", str(folder))
    return folder


EACH_WAY = "id-event:forum gsef:startDate 'x'^^xsd:date . id-org:new a gsef:Organisation ."


def test_shapes_that_were_read_before_are_not_read_again(
    project: Project, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = [project.check(record(EACH_WAY)), project.check()]
    assert len(list(cache.glob("shapes-*.json"))) == 1
    monkeypatch.setattr(reading, "read", lambda *_, **__: pytest.fail("shapes are read again"))
    again = [project.check(record(EACH_WAY)), project.check()]
    assert first[0].findings
    for old, new in zip(first, again, strict=True):
        assert old.to_json() == new.to_json()
        assert old.to_html() == new.to_html()
        assert old.ways == new.ways
        assert old.rules == new.rules


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(file.read_bytes()[:-9]),
        lambda file: keep(file, b"[3]"),
        lambda file: keep(file, b'["tuple",1,2,3]'),
        lambda file: keep(file, (kept(file) or b"").replace(b'["Shape",', b'["Shapes",')),
        lambda file: keep(file, (kept(file) or b"").replace(b'["Target",', b'["Target",1,2,3,')),
    ],
)
def test_what_is_kept_of_shapes_may_be_damaged(
    project: Project, cache: Path, damage: Callable[[Path], object]
) -> None:
    first = project.check(record(EACH_WAY)).to_json()
    (file,) = cache.glob("shapes-*.json")
    damage(file)
    assert project.check(record(EACH_WAY)).to_json() == first


def test_shapes_that_change_are_read_again(project: Project, cache: Path) -> None:
    before = project.check(record(EACH_WAY))
    file = project.shapes / "all.ttl"
    file.write_text(
        f"{file.read_text('utf-8')}\ngsef-sh:Odd a sh:NodeShape ; sh:nodeKin 1 .", "utf-8"
    )
    odd = [project.check(record(EACH_WAY)) for _ in range(2)]
    assert before.warnings != odd[0].warnings == odd[1].warnings
    file.write_text(
        f"{file.read_text('utf-8')}\ngsef-sh:Bad sh:targetClass gsef:Event ; sh:in 1 .", "utf-8"
    )
    for _ in range(2):
        with pytest.raises(InputError, match=r"all\.ttl:\d+:\d+: "):
            project.check(record(EACH_WAY))


def test_odd_shapes_are_warned_of(tmp_path: Path) -> None:
    shapes = (
        SHAPES
        + """gsef-sh:Odd a sh:NodeShape ; sh:targetClass gsef:Evnt ;
      sh:property [ sh:path gsef:place ; sh:minCout 1 ] .
      gsef-sh:Lost a sh:NodeShape ; sh:nodeKind sh:IRI ."""
    )
    project = Project(tmp_path, shapes)
    new = project.check(record("id-place:a a gsef:Place ."))
    assert [texts["en"] for texts in new.warnings] == [
        "shape gsef-sh:Odd: SHACL has no term sh:minCout; did you mean sh:minCount?",
        "shape gsef-sh:Lost has no target, and no shape uses it",
    ]
    whole = project.check()
    assert "shape gsef-sh:Odd: its target sh:targetClass gsef:Evnt meets no node" in [
        texts["en"] for texts in whole.warnings
    ]


CUSTOM = """
gsef-sh:MaxWords a sh:ConstraintComponent ; sh:parameter [ sh:path gsef-sh:maxWords ] ;
  sh:validator [ a sh:SPARQLAskValidator ;
    sh:ask "ASK { FILTER(STRLEN(STR($value)) <= $maxWords) }" ] .
gsef-sh:Short a sh:NodeShape ; sh:targetClass gsef:Event ;
  sh:property [ sh:path skos:prefLabel ; gsef-sh:maxWords 5 ] .
"""


def test_a_component_of_the_shapes_own(tmp_path: Path) -> None:
    project = Project(tmp_path, SHAPES + CUSTOM)
    body = 'id-event:forum skos:prefLabel "Forum"@en , "Forum mondial"@fr .'
    report = project.check(record(body))
    assert [(str(f.value), f.component.rpartition("#")[2]) for f in report.findings] == [
        ('"Forum mondial"@fr', "MaxWords")
    ]
    assert [way.way for way in report.ways if way.component.endswith("MaxWords")] == ["whole"]
    project.engine.load(
        Quad(*triple, NamedNode(NAMES.graph("known")))
        for triple in (quad.triple for quad in record(body).quads)
    )
    assert [short(f) for f in project.check().findings] == ["id-event:broken", "id-event:forum"]
