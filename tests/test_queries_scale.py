"""No stored query grows faster than its answer: each runs on tens of thousands of triples."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from gsefgraph import project
from gsefgraph.engine.base import Engine
from gsefgraph.engine.embedded import Embedded
from gsefgraph.graph.graph import Graph
from gsefgraph.queries.catalogue import Catalogue
from gsefgraph.terms import XSD, Names
from tests import golden

CATALOGUE = Catalogue(project.find().queries)
NAMES = Names()
EVENTS = 5000


def quads() -> Iterator[Quad]:
    """Events with a speaker each, who speaks for one of few organisations."""

    def iri(text: str) -> NamedNode:
        return NamedNode(NAMES.expand(text))

    for number in range(EVENTS):
        graph = iri(f"graph:made-{number // 100}")
        event, part = iri(f"id-event:made-{number}"), iri(f"id-participation:made-{number}")
        day = Literal(f"20{10 + number % 15}-05-1{number % 10}", datatype=NamedNode(f"{XSD}date"))
        person = iri(f"id-person:made-{number % 400}")
        for subject, predicate, value in (
            (event, "rdf:type", iri("gsef:Event")),
            (event, "skos:prefLabel", Literal(f"Event {number}", language="en")),
            (event, "gsef:startDate", day),
            (event, "gsef:partOf", iri(f"id-event:made-{number // 10}")),
            (part, "rdf:type", iri("gsef:Participation")),
            (part, "gsef:agent", person),
            (part, "gsef:event", event),
            (part, "gsef:role", iri("id-role:speaker")),
            (part, "gsef:onBehalfOf", iri(f"id-org:made-{number % 50}")),
        ):
            yield Quad(subject, iri(predicate), value, graph)


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with Graph.open() as opened:
        yield opened


@pytest.fixture(scope="module")
def large(graph: Graph) -> Iterator[Engine]:
    engine = Embedded()
    engine.load([*graph.engine.dump(), *quads()])
    yield engine
    engine.close()


@pytest.mark.parametrize("name", CATALOGUE)
def test_it_answers_in_time(graph: Graph, large: Engine, name: str) -> None:
    query = CATALOGUE[name]
    text = graph.bind(name, **golden.examples(query))
    large.query(text, timeout=10)
