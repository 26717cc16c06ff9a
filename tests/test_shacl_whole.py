"""A whole graph is judged alike in memory and as columns: the shipped graph, and all its faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from gsefgraph.graph import validation
from gsefgraph.graph.graph import Graph
from gsefgraph.project import shipped
from gsefgraph.shacl import run
from gsefgraph.shacl.report.report import Report

PROJECT = shipped()
INVALID = sorted((PROJECT.ontology / "examples" / "invalid").glob("*.ttl"))


def both(monkeypatch: pytest.MonkeyPatch, *files: Path) -> tuple[Report, Report]:
    def report() -> Report:
        if files:
            return validation.alone(files, validation.checks_alone((), PROJECT))
        with Graph.open() as graph:
            return graph.validate()

    small = report()
    monkeypatch.setattr(run, "SMALL", 0)
    monkeypatch.setattr(run, "SMALL_BYTES", 0)
    return small, report()


def same(small: Report, large: Report) -> None:
    assert [(f, dict(f.message), dict(f.hint)) for f in large.findings] == [
        (f, dict(f.message), dict(f.hint)) for f in small.findings
    ]
    assert large.warnings == small.warnings
    assert {way.way for way in small.ways} == {"memory"}
    assert {way.way for way in large.ways} == {"sql", "engine"}


def test_the_shipped_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = both(monkeypatch)
    assert small.conforms
    same(small, large)


@pytest.mark.parametrize(
    ("form", "suffix"),
    [("turtle", "ttl"), ("jsonld", "jsonld"), ("trig", "trig"), ("rdfxml", "rdf")],
)  # fmt: skip
def test_an_export_conforms_as_the_graph_does(
    tmp_path: Path, form: str, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / f"export.{suffix}"
    with Graph.open() as graph:
        file.write_bytes(graph.export(form))
    small, large = both(monkeypatch, file)
    assert small.conforms
    assert large.conforms


def test_nodes_of_axioms_and_lists_need_no_iri(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "axioms.ttl"
    file.write_text(
        "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix e: <http://e.org/> .\n"
        "[] a owl:AllDisjointClasses ; owl:members ( e:A e:B ) .\n"
        "e:p owl:propertyChainAxiom ( e:q [ owl:inverseOf e:r ] ) .\n"
        "e:x e:list ( e:y ) ; e:q [ e:r 1 ] .\n"
    )
    for report in both(monkeypatch, file):
        found = [f for f in report.findings if f.rule.endswith("#blank-node")]
        assert len(found) == 2  # the head of the list that is a value, and the last


def test_all_faults_together(monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = both(monkeypatch, *INVALID)
    assert len(small.findings) > 200
    same(small, large)


@pytest.mark.parametrize("suffix", [".nt", ".nq", ".trig"])
def test_places_in_files_of_lines(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyoxigraph import RdfFormat, parse

    quads = list(parse(INVALID[3].read_bytes(), format=RdfFormat.TURTLE))
    file = tmp_path / f"faults{suffix}"
    file.write_text("# a comment\n\n" + "".join(f"{quad.triple} .\n" for quad in quads), "utf-8")
    small, large = both(monkeypatch, file)
    assert small.findings
    assert all(f.source and f.source[1] > 2 for f in large.findings)
    same(small, large)


@pytest.mark.parametrize("inferred", [False, True])
def test_what_is_known_or_derived_is_no_graph_by_itself(
    tmp_path: Path, inferred: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = tmp_path / "per-graph.ttl"
    rules.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "@prefix gsef: <https://w3id.org/gsefgraph/ontology#> .\n"
        "<urn:t:S> a sh:NodeShape ; sh:nodeKind sh:Literal ; sh:targetClass gsef:Place ,\n"
        "  <http://www.w3.org/2002/07/owl#Class> ; sh:targetSubjectsOf gsef:collaboratedWith .",
        "utf-8",
    )
    with Graph.open() as graph:
        small = graph.validate(shapes=rules, inferred=inferred)
        monkeypatch.setattr(run, "SMALL", 0)
        large = graph.validate(shapes=rules, inferred=inferred)
    assert {str(f.focus).split("/")[4] for f in small.findings} == {"id"}
    assert large.findings == small.findings
