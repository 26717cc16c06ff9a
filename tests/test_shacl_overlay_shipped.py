"""The shipped shapes beside the shipped graph: every example, on every engine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from gsefgraph.engine import connect
from gsefgraph.engine.base import Engine
from gsefgraph.engine.embedded import Embedded
from gsefgraph.project import shipped
from gsefgraph.records.rdf import read as read_record
from gsefgraph.shacl import written
from gsefgraph.shacl.change.evaluate import Overlay, overlay
from gsefgraph.shacl.judge.judge import judge
from gsefgraph.shacl.judge.memory import Memory
from gsefgraph.shacl.shapes.graph import Shapes, of_folder
from gsefgraph.shacl.shapes.model import Model
from gsefgraph.shacl.shapes.reading import read
from gsefgraph.terms import GSEF
from tests import servers

PROJECT = shipped()
EXAMPLES = sorted(PROJECT.ontology.glob("examples/**/*.ttl"))


@cache
def models() -> tuple[Model, Model]:
    union, alone = map(Shapes.of, of_folder(PROJECT.shapes))
    return read(union), read(alone)


@cache
def ontology() -> list[Triple]:
    files = sorted(PROJECT.ontology.glob("*.ttl"))
    return [q.triple for file in files for q in parse(file.read_bytes(), format=RdfFormat.TURTLE)]


def quads() -> Iterator[Quad]:
    for source in PROJECT.data_sources():
        for quad in parse(source.path.read_bytes(), format=RdfFormat.TURTLE):
            yield Quad(quad.subject, quad.predicate, quad.object, NamedNode(source.graph))


@cache
def memory() -> Embedded:
    engine = Embedded()
    engine.load(quads())
    return engine


def new(file: Path) -> list[Triple]:
    labelled, _ = written.labelled([read_record(file)])
    return written.judged(quad.triple for quad in labelled)


def identities(found: Overlay) -> set[tuple[object, ...]]:
    return {result.identity for result in found.results}


@cache
def before() -> tuple[list[Triple], frozenset[tuple[object, ...]]]:
    stated = [quad.triple for quad in memory().dump()]
    found = judge(models()[0], Memory([*stated, *ontology()]))
    return stated, frozenset(result.identity for result in found)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_law_for_the_examples(file: Path) -> None:
    added = new(file)
    found = overlay(models()[0], memory(), added, ontology=ontology())
    stated, old = before()
    after = judge(models()[0], Memory([*stated, *added, *ontology()]))
    assert identities(found) == {result.identity for result in after} - old
    assert found.whole == []
    assert found.lookups <= 16
    assert bool(found.results) == (file.parent.name == "invalid")


def test_law_for_every_triple_that_goes() -> None:
    """One after the other, a few of each predicate."""
    stated, old = before()
    chosen: dict[NamedNode, list[Triple]] = {}
    for triple in sorted(stated, key=str):
        chosen.setdefault(triple.predicate, []).append(triple)
    for triples in chosen.values():
        gone = triples[len(triples) // 2]
        found = overlay(models()[0], memory(), (), [gone], ontology=ontology())
        after = judge(models()[0], Memory([*(t for t in stated if t != gone), *ontology()]))
        assert identities(found) == {result.identity for result in after} - old
        assert found.whole == []


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


def test_same_results_over_http(remote: Engine) -> None:
    union, alone = models()
    most = 0
    for file in EXAMPLES:
        added = new(file)
        here = overlay(union, memory(), added, ontology=ontology())
        there = overlay(union, remote, added, ontology=ontology())
        assert identities(there) == identities(here)
        assert there.whole == []
        most = max(most, len(here.results))
    assert most > 3
    graph = PROJECT.names.graph("gsef-advocacy-fr")
    dates = [
        q.triple for q in memory().dump(NamedNode(graph)) if q.predicate.value == f"{GSEF}startDate"
    ]
    added = [Triple(t.subject, NamedNode(f"{GSEF}startDate"), NamedNode("urn:x")) for t in dates]
    here = overlay(alone, memory(), added, dates[:2], graph=graph)
    there = overlay(alone, remote, added, dates[:2], graph=graph)
    assert identities(there) == identities(here)
    assert len(here.results) >= len(dates) - 2
