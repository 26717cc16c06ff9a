"""Every stored query against its golden answer: on every engine, and with facts stated twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyoxigraph import NamedNode, Quad

from gsefgraph import project
from gsefgraph.engine.base import Engine
from gsefgraph.engine.embedded import Embedded
from gsefgraph.graph.graph import Graph
from gsefgraph.queries.catalogue import Catalogue
from tests import golden

CATALOGUE = Catalogue(project.find().queries)
EMPTY = {
    "disagreements",
    "facts-without-evidence",
    "missing-labels",
    "unchecked-quotes",
}  # nothing of the kind is in the data


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with Graph.open() as opened:
        yield opened


def ask(graph: Graph, engine: Engine, name: str) -> dict[str, object]:
    kept = golden.golden(name)
    text = graph.bind(name, **kept["asked"])
    return {"asked": kept["asked"], **golden.answer(engine, CATALOGUE[name], text)}


def test_there_are_at_least_thirty() -> None:
    assert len(CATALOGUE) >= 30
    assert {path.stem for path in golden.FOLDER.glob("*.json")} == set(CATALOGUE)


@pytest.mark.parametrize("name", CATALOGUE)
def test_golden(graph: Graph, name: str) -> None:
    kept = golden.golden(name)
    assert ask(graph, graph.engine, name) == kept
    assert kept["asked"] == golden.examples(CATALOGUE[name])
    empty = not (kept.get("rows") or kept.get("triples") or "boolean" in kept)
    assert empty == (name in EMPTY)


@pytest.fixture(scope="module")
def doubled(graph: Graph) -> Iterator[Engine]:
    """Every document's graph a second time under another name."""
    engine = Embedded()
    quads = list(graph.engine.dump())
    own = {graph.names.graph(n) for n in ("ontology", "vocabulary", "inferred")}
    copies = [
        Quad(q.subject, q.predicate, q.object, NamedNode(f"{q.graph_name.value}-copy"))
        for q in quads
        if isinstance(q.graph_name, NamedNode) and q.graph_name.value not in own
    ]
    engine.load([*quads, *copies])
    yield engine
    engine.close()


@pytest.mark.parametrize("name", [n for n, query in CATALOGUE.items() if not query.per_graph])
def test_a_fact_stated_twice_is_one_fact(graph: Graph, doubled: Engine, name: str) -> None:
    assert ask(graph, doubled, name) == golden.golden(name)


@pytest.fixture(scope="module")
def on_disk(graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = Embedded.open(tmp_path_factory.mktemp("store") / "s", create=True)
    engine.load(graph.engine.dump())
    yield engine
    engine.close()


@pytest.mark.parametrize("name", CATALOGUE)
def test_on_disk(graph: Graph, on_disk: Engine, name: str) -> None:
    assert ask(graph, on_disk, name) == golden.golden(name)
