"""The law of the overlay: it finds what the graph with the change shows and without it does not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Triple

from gsefgraph.engine.embedded import Embedded
from gsefgraph.shacl.change.candidates import TOO_FAR
from gsefgraph.shacl.change.evaluate import overlay
from gsefgraph.shacl.judge.judge import judge
from gsefgraph.shacl.judge.memory import Memory
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.model import Constraint, Model, Shape, Sparql, Target
from gsefgraph.sparql.path import Path
from gsefgraph.terms import SH
from tests.shacl_random import (
    EX,
    ONTOLOGY,
    TYPE,
    changes,
    graphs,
    hierarchies,
    iri,
    models,
    triples,
)
from tests.shacl_suite import ShaclSuite

ONE, TWO, DERIVED = (NamedNode(f"{EX}graph/{name}") for name in ("one", "two", "derived"))


def engine_of(stated: Sequence[Triple], *, derived: Iterable[Triple] = ()) -> Embedded:
    """Triples in two graphs by turns, every third in both; others in a graph that is left out."""
    engine = Embedded()
    quads = [Quad(*t, (ONE, TWO)[n % 2]) for n, t in enumerate(stated)]
    quads += [Quad(*t, TWO) for n, t in enumerate(stated) if n % 3 == 0]
    quads += [Quad(*t, DERIVED) for t in derived]
    engine.load(quads)
    return engine


def identities(results: Iterable[Result]) -> set[tuple[object, ...]]:
    return {result.identity for result in results}


def counts(results: Iterable[Result]) -> dict[tuple[object, ...], int]:
    return {result.identity: result.times for result in results}


def wanted(
    model: Model, before: Iterable[Triple], added: Iterable[Triple], removed: Iterable[Triple] = ()
) -> dict[tuple[object, ...], int]:
    """The law, by judging all of it twice: what is new, and how often it counts."""
    before, added, gone = list(before), list(added), set(removed)
    after = [t for t in before if t not in gone] + added
    old, new = (counts(judge(model, Memory([*stated, *ONTOLOGY]))) for stated in (before, after))
    return {identity: times for identity, times in new.items() if identity not in old}


def check(model: Model, before: list[Triple], added: list[Triple], removed: list[Triple]) -> None:
    engine = engine_of(before, derived=[Triple(*t) for t in added])
    found = overlay(model, engine, added, removed, ontology=ONTOLOGY, without=[DERIVED.value])
    assert counts(found.results) == wanted(model, before, added, removed)
    assert found.whole == []


class TestBesideNothing(ShaclSuite):
    """All of the graph is new: what it shows is found, but for what an empty graph shows too."""

    def judged(self, given: Model, data: Sequence[Triple]) -> Sequence[Result]:
        found = overlay(given, Embedded(), data).results
        there = identities(judge(given, Memory(data)))
        before = [each for each in judge(given, Memory([])) if each.identity in there]
        assert len(identities([*found, *before])) == len(found) + len(before)
        return [*found, *before]


LAW = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)


@LAW
@given(models(sparql=False), graphs, changes)
def test_law_for_added_triples(model: Model, before: list[Triple], added: list[Triple]) -> None:
    check(model, before, added, [])


@LAW
@given(models(sparql=False), graphs, changes, st.data())
def test_law_for_triples_that_come_and_go(
    model: Model, before: list[Triple], added: list[Triple], data: st.DataObject
) -> None:
    check(model, before, added, data.draw(st.lists(st.sampled_from(before), max_size=5)))


@LAW
@given(models(sparql=True), graphs, changes, st.data())
def test_law_for_queries(
    model: Model, before: list[Triple], added: list[Triple], data: st.DataObject
) -> None:
    check(model, before, added, data.draw(st.lists(st.sampled_from(before), max_size=5)))


@LAW
@given(
    models(sparql=False), graphs, st.lists(hierarchies, max_size=2, unique=True),
    st.lists(hierarchies, max_size=2, unique=True), st.lists(triples, max_size=2, unique=True),
)  # fmt: skip
def test_law_for_classes_that_move(
    model: Model,
    before: list[Triple],
    known: list[Triple],
    moved: list[Triple],
    added: list[Triple],
) -> None:
    check(model, [*before, *known], [*moved, *added], [t for t in known if t not in moved])


def shape_of(
    *constraints: Constraint, path: Path | None = None, target: tuple[str, str] = ("class", "C")
) -> Shape:
    kind, name = target
    return Shape(f"{EX}shape", path, (Target(kind, iri(name)),), constraints)  # type: ignore[arg-type]


def model_of(*shapes: Shape) -> Model:
    return Model({shape.id: shape for shape in shapes})


def triple(subject: str, predicate: str, value: str | Literal) -> Triple:
    node = TYPE if predicate == "a" else iri(predicate)
    return Triple(iri(subject), node, iri(value) if isinstance(value, str) else value)


COUNTED = model_of(
    shape_of(
        Constraint(
            "SPARQL",
            Sparql(
                f"{EX}counted",
                f"SELECT $this {{ $this <{EX}p> ?o . ?x <{EX}p> ?o }} GROUP BY $this"
                " HAVING(COUNT(DISTINCT ?x) > 2)",
            ),
        ),
        Constraint("MinCount", 1),
        path=Path.of(f"{EX}p"),
    )
)


@settings(max_examples=10, deadline=None)
@given(graphs, changes, st.data())
def test_what_counts_runs_whole(
    before: list[Triple], added: list[Triple], data: st.DataObject
) -> None:
    removed = data.draw(st.lists(st.sampled_from(before), max_size=5))
    found = overlay(COUNTED, engine_of(before), added, removed, ontology=ONTOLOGY)
    assert counts(found.results) == wanted(COUNTED, before, added, removed)
    for each in found.whole:
        assert (each.rule, each.why) == (f"{EX}shape", "an aggregate")


def test_what_counts_is_not_asked_when_nothing_of_it_changes() -> None:
    engine = engine_of([triple("n1", "a", "C"), triple("n1", "p", "n2")])
    assert overlay(COUNTED, engine, [triple("n1", "q", "n3")]).whole == []
    whole = overlay(COUNTED, engine, [triple("n3", "p", "n2")]).whole
    assert [each.component for each in whole] == [f"{SH}SPARQLConstraintComponent"]


@settings(max_examples=10, deadline=None)
@given(graphs, changes)
def test_what_reaches_too_far_runs_whole(before: list[Triple], added: list[Triple]) -> None:
    model = model_of(
        shape_of(
            Constraint("MaxCount", 2),
            Constraint("Class", f"{EX}D"),
            path=Path("*", parts=(Path.of(f"{EX}p"),)),
            target=("subjectsOf", "p"),
        )
    )
    found = overlay(model, engine_of(before), added, ontology=ONTOLOGY, limit=-100_000)
    assert counts(found.results) == wanted(model, before, added)
    assert {each.why for each in found.whole} <= {TOO_FAR}
    assert not found.results or found.whole


CYCLE = model_of(
    shape_of(
        Constraint("Disjoint", f"{EX}partOf"),
        path=Path("+", parts=(Path("^", parts=(Path.of(f"{EX}partOf"),)),)),
    )
)


def test_a_cycle_is_found_from_below() -> None:
    many = [triple(name, "a", "C") for name in ("n0", "root", "mid")]
    many += [triple("root", "partOf", "mid"), triple("mid", "partOf", "top")]
    many += [triple(f"n{number}", "partOf", "root") for number in range(2000)]
    engine = engine_of(many)
    # The parts of the root are never looked up.
    found = overlay(CYCLE, engine, [triple("x", "partOf", "root")], limit=50)
    assert found.results == []
    assert found.whole == []
    found = overlay(CYCLE, engine, [triple("top", "partOf", "n0")], limit=50)
    wrong = {r.focus.value.removeprefix(EX): r.value for r in found.results}
    assert wrong == {"n0": iri("root"), "root": iri("mid"), "mid": iri("top")}
    assert found.whole == []
    assert counts(found.results) == wanted(CYCLE, many, [triple("top", "partOf", "n0")])


def test_who_points_at_a_node_is_not_looked_up_for_what_cannot_break_it() -> None:
    model = model_of(
        shape_of(Constraint("Class", f"{EX}D"), path=Path.of(f"{EX}p"), target=("subjectsOf", "p"))
    )
    many = [triple(f"n{number}", "p", "hub") for number in range(2000)]
    engine = engine_of([*many, triple("hub", "a", "E")])
    assert overlay(model, engine, [triple("hub", "a", "D")], limit=50).whole == []
    assert overlay(model, engine, [triple("hub", "q", "n1")], limit=50).whole == []
    engine = engine_of([*many, triple("hub", "a", "D")])
    found = overlay(model, engine, (), [triple("hub", "a", "D")])
    assert len(found.results) == 2000
    assert found.whole == []


def test_lookups_do_not_grow_with_the_graph() -> None:
    model = model_of(
        shape_of(
            Constraint("MaxCount", 1),
            Constraint("Class", f"{EX}D"),
            Constraint("Node", f"{EX}inner"),
            path=Path("/", parts=(Path.of(f"{EX}p"), Path.of(f"{EX}q"))),
        ),
        Shape(
            f"{EX}inner",
            Path("^", parts=(Path.of(f"{EX}r"),)),
            constraints=(Constraint("MinCount", 1),),
        ),
    )

    def graph(size: int) -> list[Triple]:
        found = []
        for number in range(size):
            found += [
                triple(f"a{number}", "a", "C"),
                triple(f"a{number}", "p", f"b{number}"),
                triple(f"b{number}", "q", f"c{number}"),
                triple(f"c{number}", "a", "D"),
                triple(f"d{number}", "r", f"c{number}"),
            ]
        return found

    removed = [triple("d1", "r", "c1"), triple("c2", "a", "D")]
    added = [triple("b3", "q", "c4"), triple("new", "a", "C"), triple("new", "p", "b1")]
    counts, kinds = [], []
    for size in (10, 1000):
        found = overlay(model, engine_of(graph(size)), added, removed, ontology=ONTOLOGY)
        counts.append(found.lookups)
        kinds.append(sorted((r.kind, r.focus.value.removeprefix(EX)) for r in found.results))
    assert counts[0] == counts[1] <= 10
    assert kinds[0] == kinds[1]
    assert kinds[0] == [
        ("Class", "a2"), ("MaxCount", "a3"), ("Node", "a1"), ("Node", "new"),
    ]  # fmt: skip


@LAW
@given(models(sparql=False), graphs, changes)
def test_law_in_one_graph_alone(model: Model, before: list[Triple], added: list[Triple]) -> None:
    engine = engine_of(before)
    alone = [quad.triple for quad in engine.dump(TWO)]
    found = overlay(model, engine, added, graph=TWO.value, ontology=ONTOLOGY)
    assert counts(found.results) == wanted(model, alone, added)


@pytest.mark.parametrize(
    ("query", "added", "removed", "wrong"),
    [
        # What was an excuse goes.
        ("$this ex:p ?value FILTER NOT EXISTS { ?value ex:q ?o }", [], ["n2 q n3"], "n1"),
        ("$this ex:p ?value OPTIONAL { ?value ex:q ?o } FILTER(!BOUND(?o))", [], ["n2 q n3"], "n1"),
        ("$this ex:p ?value FILTER(!EXISTS { ?value ex:q ?o })", [], ["n2 q n3"], "n1"),
        # What another node says.
        ("$this ex:p ?value . ?other ex:p ?value ; ex:r ?x", ["n5 r n6"], [], "n1 n5"),
        ("$this ex:p/ex:q+ ?value . ?value ex:r ?x", ["n4 r n6"], [], "n1 n5"),
        ("{ $this ex:r ?value } UNION { $this ex:p ?x . ?x ex:r ?value }", ["n2 r n6"], [],
         "n1 n5"),
        ("$this ex:p ?value { SELECT ?value { ?value ex:q ?x . ?x ex:r ?y } }", ["n3 r n6"], [],
         "n1 n5"),
    ],
)  # fmt: skip
def test_what_a_query_reads_far_away(
    query: str, added: list[str], removed: list[str], wrong: str
) -> None:
    text = f"PREFIX ex: <{EX}> SELECT $this ?value {{ {query} }}"
    model = model_of(
        shape_of(Constraint("SPARQL", Sparql(f"{EX}query", text)), target=("subjectsOf", "p"))
    )
    before = [triple(*line.split()) for line in ("n1 p n2", "n5 p n2", "n2 q n3", "n3 q n4")]
    if "n5" not in wrong:
        before.remove(triple("n5", "p", "n2"))
    more, less = ([triple(*line.split()) for line in lines] for lines in (added, removed))
    found = overlay(model, engine_of(before), more, less)
    assert {r.focus.value.removeprefix(EX) for r in found.results} == set(wrong.split())
    assert counts(found.results) == wanted(model, before, more, less)
    assert found.whole == []


def test_a_path_without_end_is_walked_back_to_its_beginning() -> None:
    model = model_of(
        shape_of(
            Constraint("NodeKind", "IRI"),
            path=Path("/", parts=(Path("*", parts=(Path.of(f"{EX}p"),)), Path.of(f"{EX}q"))),
        )
    )
    before = [triple(f"n{number}", "p", f"n{number + 1}") for number in range(6)]
    found = overlay(
        model, engine_of([*before, triple("n0", "a", "C")]), [triple("n6", "q", Literal("x"))]
    )
    assert [result.focus for result in found.results] == [iri("n0")]


def test_what_is_stated_already_changes_nothing() -> None:
    known = [triple("n1", "a", "C"), triple("n1", "p", "n1")]
    model = model_of(shape_of(Constraint("MaxCount", 0), path=Path.of(f"{EX}p")))
    engine = engine_of(known)
    assert overlay(model, engine, known).results == []
    assert overlay(model, engine, [], [triple("n1", "p", "n2")]).results == []
    # A count that is at fault and grows is another finding.
    (result,) = overlay(model, engine, [triple("n1", "p", "n2")]).results
    assert result.count == 2


def test_what_the_ontology_states_does_not_go() -> None:
    model = model_of(shape_of(Constraint("Class", f"{EX}C"), target=("class", "D")))
    known = [triple("n0", "a", "D"), *ONTOLOGY]
    assert overlay(model, engine_of(known), (), ONTOLOGY, ontology=ONTOLOGY).results == []
    assert len(overlay(model, engine_of(known), (), ONTOLOGY).results) == 1


def test_a_fault_that_a_shape_comes_to_see() -> None:
    """The node was wrong before, and no finding: nothing led there."""
    inner = Shape(f"{EX}inner", Path.of(f"{EX}q"), constraints=(Constraint("MinCount", 1),))
    outer = shape_of(Constraint("Property", inner.id), path=Path.of(f"{EX}p"))
    model = model_of(inner, outer)
    first = [triple("n1", "a", "C"), triple("n2", "a", "C")]
    found = overlay(model, engine_of(first), [triple("n1", "p", "n3")])
    assert [(r.shape, r.focus) for r in found.results] == [(inner.id, iri("n3"))]
    second = [*first, triple("n1", "p", "n3")]
    assert overlay(model, engine_of(second), [triple("n2", "p", "n3")]).results == []
