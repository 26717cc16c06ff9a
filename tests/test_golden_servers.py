"""Every stored query gives its golden answer on other SPARQL 1.1 servers, too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyoxigraph import NamedNode, Triple

from gsefgraph import project
from gsefgraph.engine import connect
from gsefgraph.engine.base import Engine
from gsefgraph.graph.graph import Graph
from gsefgraph.queries.catalogue import Catalogue
from tests import golden, servers

CATALOGUE = Catalogue(project.find().queries)


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with Graph.open() as opened:
        yield opened


def fill(engine: Engine, graph: Graph) -> Engine:
    for name in graph.engine.graphs():
        quads = graph.engine.dump(name)
        engine.replace(NamedNode(name.value), (_triple(quad) for quad in quads))
    return engine


def _triple(quad) -> Triple:
    return Triple(quad.subject, quad.predicate, quad.object)


@pytest.fixture(scope="module")
def oxigraph(graph: Graph) -> Iterator[Engine]:
    with servers.oxigraph_url() as url:
        engine = connect(url)
        yield fill(engine, graph)
        engine.close()


@pytest.fixture(scope="module")
def virtuoso(graph: Graph) -> Iterator[Engine]:
    try:
        with servers.virtuoso_endpoint() as endpoint:
            engine = connect(endpoint)
            yield fill(engine, graph)
            engine.close()
    except servers.NotInstalled as reason:
        pytest.skip(str(reason))


def ask(graph: Graph, engine: Engine, name: str) -> dict[str, object]:
    asked = golden.golden(name)["asked"]
    text = graph.bind(name, **asked)
    return {"asked": asked, **golden.answer(engine, CATALOGUE[name], text)}


@pytest.mark.parametrize("name", CATALOGUE)
def test_on_oxigraph_server(graph: Graph, oxigraph: Engine, name: str) -> None:
    assert ask(graph, oxigraph, name) == golden.golden(name)


@pytest.mark.parametrize("name", CATALOGUE)
def test_on_virtuoso(graph: Graph, virtuoso: Engine, name: str) -> None:
    assert ask(graph, virtuoso, name) == golden.golden(name)
