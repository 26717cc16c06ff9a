"""Generated graphs hold exactly the faults that are said of them, and plots show their points."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyoxigraph import parse

from bench import generate, plot, records, validation
from gsefgraph.shacl.judge.judge import judge
from gsefgraph.shacl.judge.memory import Memory
from gsefgraph.shacl.shapes import reading, vocabulary
from gsefgraph.shacl.shapes.graph import Shapes
from gsefgraph.terms import Names


def test_every_kind_of_fault_is_found_once_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "graph.nq"
    injected = generate.write(file, 10_000)
    assert set(injected) == {fault.shape for fault in generate.FAULTS}
    triples = [quad.triple for quad in parse(path=str(file))]
    assert len(set(triples)) == len(triples) == 10_000
    model = reading.read(Shapes.of([validation.SHAPES]))
    found = Counter(result.shape for result in judge(model, Memory(triples)))
    assert validation.wrong(found, injected) == []
    found.popitem()
    assert validation.wrong(found, injected) != []


def test_the_shapes_are_many_and_nothing_about_them_is_odd() -> None:
    shapes = Shapes.of([validation.SHAPES])
    constraints = [c for s in reading.read(shapes).shapes.values() for c in s.constraints]
    assert len([c for c in constraints if c.kind != "Property"]) >= 60
    assert len([c for c in constraints if c.kind == "SPARQL"]) == 1
    assert vocabulary.check(shapes, Names()) == []


@pytest.mark.parametrize("graphs", [True, False])
def test_the_same_number_gives_the_same_bytes(tmp_path: Path, graphs: bool) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for file in (one, two):
        generate.write(file, 2_000, graphs=graphs)
    assert one.read_bytes() == two.read_bytes()
    assert len(one.read_text("utf-8").splitlines()) == 2_000
    assert ("graph/d0> ." in one.read_text("utf-8")) == graphs


def test_about_one_record_in_a_hundred_is_at_fault(tmp_path: Path) -> None:
    file = tmp_path / "graph.nq"
    injected = generate.write(file, 50_000)
    subjects = {quad.subject for quad in parse(path=str(file))}
    assert 0.008 < injected.total() / len(subjects) < 0.012


def test_too_few_triples(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="10 triples are too few"):
        generate.write(tmp_path / "graph.nq", 10)


def test_a_record_names_what_is_there_and_what_is_new() -> None:
    subjects = {str(quad.subject) for quad in records.record(3).quads}
    assert all("new3" in subject for subject in subjects)
    objects = {str(quad.object) for quad in records.record(3).quads}
    assert f"<{Names().expand('id-doc:d0')}>" in objects


def test_a_plot_is_svg_with_a_mark_for_each_point() -> None:
    text = plot.loglog(
        {"a & b": [(1e4, 0.5), (1e7, 30.0)], "c": [(1e4, 7.0)]}, title="t", x="x", y="y", note="n"
    )
    root = ElementTree.fromstring(text)
    marks = [node for node in root.iter() if node.tag.endswith("circle")]
    assert len(marks) == 3
    said = {node.text for node in root.iter() if node.tag.endswith("text")}
    assert {"t", "x", "y", "n", "a & b", "c", "10,000", "10M", "0.1", "100"} <= said
    heights = [float(mark.attrib["cy"]) for mark in marks]
    assert heights[1] < heights[2] < heights[0]  # more seconds stand higher


def test_what_is_promised_and_what_came_of_it() -> None:
    def runs(seconds: float) -> validation.Runs:
        none: Counter[str] = Counter()
        return {
            "gsefgraph": {
                100_000: validation.Run(0.5, 100, none),
                1_000_000: validation.Run(seconds, 100, none),
                10_000_000: validation.Run(10 * seconds, 900, none),
            },
            "loaded": {1_000_000: validation.Run(0.5, 100, none)},
            "per graph": {1_000_000: validation.Run(seconds, 100, none)},
            "pySHACL": {1_000_000: validation.Run(350, 100, none)},
            "pyrudof": {},
        }

    assert all(reached for *_, reached in validation.promises(runs(3.0)))
    missed = [work for work, _, _, reached in validation.promises(runs(9.0)) if not reached]
    assert missed == [
        "1M from file",
        "10M from file",
        "1M from file, a query on each named graph",
        "times faster than pySHACL, 1M",
        "growth from 100k to 10M",
    ]
