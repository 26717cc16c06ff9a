"""A record judged beside a graph on a server: the findings are those beside the same in memory."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from gsefgraph.engine import connect
from gsefgraph.engine.base import Engine
from gsefgraph.engine.embedded import Embedded
from gsefgraph.limits import Limits
from gsefgraph.project import shipped
from gsefgraph.records.rdf import read
from gsefgraph.shacl.checks import Checks
from gsefgraph.shacl.report.report import Report
from gsefgraph.shacl.run import validate
from tests import servers

PROJECT = shipped()
NAMES = PROJECT.names
CHECKS = Checks.of_project(PROJECT.shapes, PROJECT.ontology, NAMES)
PREFIXES = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in sorted(NAMES.prefixes.items()))
RECORD = """
id-event:forum-x a gsef:Event ; gsef:kind id-kind:foru ; skos:prefLabel "Forum X"@fr ;
    gsef:startDate "2019-02-30"^^xsd:date ; gsef:place id-place:quitoo ; gsef:sequence "five" .
id-place:quito gsef:within id-place:quito ; skos:prefLabel "Quito encore"@fr .
id-participation:forum-x.gsef.organiser a gsef:Participation ; gsef:agent id-org:gseff ;
    gsef:event id-event:forum-x ; gsef:role id-role:organizer ; gsef:onBehalfOf "GSEF" .
graph:gsef-advocacy-fr { id-event:uclg-culture-summit gsef:endDate "1999"^^xsd:gYear . }
"""


def quads() -> Iterator[Quad]:
    for source in (*PROJECT.data_sources(), *PROJECT.ontology_sources()):
        graph = NamedNode(source.graph)
        for quad in parse(source.path.read_bytes(), format=RdfFormat.TURTLE):
            yield Quad(quad.subject, quad.predicate, quad.object, graph)


def check(engine: Engine) -> Report:
    return validate(
        [read("new.trig", data=(PREFIXES + RECORD).encode())],
        engine,
        CHECKS,
        limits=Limits(seconds=120),
    )


@pytest.fixture(params=["oxigraph", "virtuoso"])
def remote(request: pytest.FixtureRequest) -> Iterator[Engine]:
    server = servers.oxigraph_url if request.param == "oxigraph" else servers.virtuoso_endpoint
    try:
        with server() as target:
            engine = connect(target)
            engine.load(quads())
            yield engine
            engine.close()
    except servers.NotInstalled as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))


def test_same_findings_as_in_memory(remote: Engine) -> None:
    memory = Embedded()
    memory.load(quads())
    here, there = check(memory), check(remote)
    assert there.findings == here.findings
    assert len(here.findings) > 8
    assert any("id-org:gsef" in finding.hint.get("en", "") for finding in here.findings)
