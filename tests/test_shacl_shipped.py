"""Shipped shapes on the shipped graph: examples conform, invalid ones give their findings."""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from gsefgraph.engine.embedded import Embedded
from gsefgraph.limits import Limits
from gsefgraph.project import shipped
from gsefgraph.records.rdf import read
from gsefgraph.shacl.checks import Checks
from gsefgraph.shacl.report.report import Report
from gsefgraph.shacl.run import validate
from gsefgraph.wording import LANGUAGES

PROJECT = shipped()
NAMES = PROJECT.names
CHECKS = Checks.of_project(PROJECT.shapes, PROJECT.ontology, NAMES)
EXAMPLES = sorted((PROJECT.ontology / "examples").glob("*.ttl"))
INVALID = sorted((PROJECT.ontology / "examples" / "invalid").glob("*.ttl"))
EXPECT = re.compile(r"# expect: (.+)")


@cache
def engine() -> Embedded:
    made = Embedded()
    for source in (*PROJECT.data_sources(), *PROJECT.ontology_sources()):
        graph = NamedNode(source.graph)
        made.load(
            Quad(quad.subject, quad.predicate, quad.object, graph)
            for quad in parse(source.path.read_bytes(), format=RdfFormat.TURTLE)
        )
    return made


def check(*files: Path) -> Report:
    return validate(
        [read(file) for file in files],
        engine(),
        CHECKS,
        sources=lambda: [read(source.path) for source in PROJECT.data_sources()],
        limits=Limits(seconds=120),
    )


@pytest.fixture(scope="module")
def reports() -> dict[Path, Report]:
    """The report of every invalid example; the processes run two at a time."""
    engine()
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(INVALID, pool.map(check, INVALID), strict=True))


def test_examples_conform() -> None:
    assert len(EXAMPLES) > 10
    report = check(*EXAMPLES)
    assert report.findings == (), report.to_text("en")


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_invalid_example_gives_just_its_findings(file: Path, reports: dict[Path, Report]) -> None:
    expected = Counter(
        tuple(part.strip() for part in line.split("|"))
        for line in EXPECT.findall(file.read_text("utf-8"))
    )
    report = reports[file]
    found = Counter(
        (
            NAMES.compact(str(finding.focus)[1:-1]),
            NAMES.compact(finding.rule),
            NAMES.compact(finding.component),
            finding.severity.rpartition("#")[2],
        )
        for finding in report.findings
    )
    assert found == expected
    for finding in report.findings:
        assert set(finding.message) == set(LANGUAGES)
        assert all(finding.message.values())
        assert set(finding.hint) in (set(), set(LANGUAGES))
        assert finding.source is not None
        assert finding.source[0] == str(file)
        assert finding.source[1] > 1


def test_the_shipped_graph_conforms() -> None:
    report = check()
    assert report.conforms, report.to_text("en")
    assert all(finding.source for finding in report.findings)
