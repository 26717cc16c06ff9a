"""The judge of small graphs: what it reads, in what order, and what it answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.shacl.judge.judge import judge, targets
from gsefgraph.shacl.judge.memory import Memory
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.model import Model
from gsefgraph.terms import Term
from tests.shacl_cases import short, triples
from tests.shacl_suite import ShaclSuite, model


class Strict(Memory):
    """Refuses what was not announced, and counts the rounds."""

    def __init__(self, given: Iterable[Triple]) -> None:
        super().__init__(given)
        self.announced: set[object] = set()
        self.rounds = 0

    def need_out(self, nodes: Iterable[Term]) -> None:
        found = list(nodes)
        assert found
        assert not any(isinstance(node, Literal) for node in found)
        assert not self.announced.intersection(found), "announced before"
        self.announced.update(found)
        self.rounds += 1

    def need_in(self, nodes: Iterable[Term], predicate: str) -> None:
        self.announced.update((node, predicate) for node in nodes)

    def objects(self, subject: Term, predicate: str) -> Sequence[Term]:
        self.check(subject)
        return super().objects(subject, predicate)

    def subjects(self, value: Term, predicate: str) -> Sequence[Term]:
        assert (value, predicate) in self.announced
        return super().subjects(value, predicate)

    def out(self, subject: Term) -> Mapping[str, Sequence[Term]]:
        self.check(subject)
        return super().out(subject)

    def classes(self, node: Term) -> Any:
        self.check(node)
        assert not isinstance(node, Literal)
        return Memory(self._triples).classes(node)

    def check(self, node: Term) -> None:
        assert isinstance(node, Literal) or node in self.announced, f"{node} was not announced"


class TestInMemory(ShaclSuite):
    """The same whether shapes find their targets or are told, on a view that must be announced."""

    deep = 5_000

    def judged(self, given: Model, data: Sequence[Triple]) -> Sequence[Result]:
        memory = Memory(data)
        results = judge(given, memory)
        again = judge(given, Strict(data), targets(given, memory))
        assert [r.identity for r in again] == [r.identity for r in results]
        assert len({r.identity for r in results}) == len(results)
        return results


def test_rounds_depend_on_the_shapes_alone() -> None:
    shapes = model(
        """:S a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:disjoint :q ; sh:closed true ;
          sh:property [ sh:path :p ; sh:class :C ; sh:node :T ] , [ sh:path ( :p :q ) ] ,
            [ sh:path [ sh:alternativePath ( :p ( :q :r ) ) ] ; sh:class :D ] .
        :T a sh:NodeShape ; sh:property [ sh:path :q ; sh:class :E ; sh:maxCount 1 ] ."""
    )
    rounds = set()
    for count in (1, 30):
        data = triples(
            "".join(f":s{n} :p :v{n}, :w{n} ; :q :x{n} . :v{n} :q :y{n} . " for n in range(count))
        )
        view = Strict(data)
        judge(shapes, view, targets(shapes, Memory(data)))
        rounds.add(view.rounds)
    assert rounds == {3}


def test_focus_nodes_that_are_given_take_the_place_of_targets() -> None:
    shapes = model(":S a sh:NodeShape ; sh:targetNode :s ; sh:nodeKind sh:IRI .")
    results = judge(shapes, Memory([]), {"urn:t:S": [Literal("x"), NamedNode("urn:t:y")]})
    assert [r.focus for r in results] == [Literal("x")]
    assert judge(shapes, Memory([]), {}) == []


def test_results_come_in_one_order() -> None:
    shapes = """:B a sh:NodeShape ; sh:targetNode :t, :s ; sh:in () ; sh:nodeKind sh:Literal .
        :A a sh:NodeShape ; sh:targetNode :s ; sh:in () ."""
    assert [(r.shape, r.kind, short(r.focus)) for r in judge(model(shapes), Memory([]))] == [
        ("urn:t:A", "In", "s"), ("urn:t:B", "NodeKind", "t"), ("urn:t:B", "NodeKind", "s"),
        ("urn:t:B", "In", "t"), ("urn:t:B", "In", "s"),
    ]  # fmt: skip


def test_a_graph_in_memory_is_a_set_of_what_rdf_1_1_knows() -> None:
    fact = Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal("x"))
    other = Triple(NamedNode("urn:s"), NamedNode("urn:p"), fact)
    view = Memory([fact, fact, other])
    assert view.objects(NamedNode("urn:s"), "urn:p") == [Literal("x")]
    assert list(view.subjects_of("urn:p")) == [NamedNode("urn:s")]
    assert view.subjects(Literal("x"), "urn:p") == [NamedNode("urn:s")]
    assert view.out(Literal("x")) == {}
