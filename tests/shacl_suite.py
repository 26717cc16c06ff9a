"""What every evaluator of shapes must find; a small file for each runs it.

A test module derives from `ShaclSuite` and says how its evaluator judges.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.shacl.result import MOST, Result
from gsefgraph.shacl.shapes import reading
from gsefgraph.shacl.shapes.model import Constraint, Custom, Model, Qualified, Shape, Target
from gsefgraph.sparql.path import Path
from gsefgraph.terms import SH
from tests.shacl_cases import CASES, TIMES, Row, node, on, shapes, short, triples


def model(text: str) -> Model:
    return reading.read(shapes(text))


def row(result: Result) -> Row:
    return str(short(result.focus)), result.kind, short(result.value)


def target(kind: str, name: str) -> tuple[Target, ...]:
    return (Target(kind, NamedNode(f"urn:t:{name}")),)  # type: ignore[arg-type]


def models(*given: Shape) -> Model:
    return Model({shape.id: shape for shape in given})


# A person conforms where all they know do, down to those who know nobody and have a name.
KNOWS = """:S a sh:NodeShape ; {targets} ; sh:property [ sh:path :name ; sh:minCount 1 ] ,
    [ sh:path :knows ; sh:node :S ] ."""


class ShaclSuite:
    """The cases of `shacl_cases`, and what a result says beside its row."""

    deep: ClassVar[int] = 400
    """How long chains of shapes and of nodes are."""

    def judged(self, given: Model, data: Sequence[Triple]) -> Sequence[Result]:
        """The results of a data graph, each once."""
        raise NotImplementedError

    def results(self, data: str, rules: str) -> Sequence[Result]:
        return self.judged(model(rules), triples(data))

    def found(self, data: str, rules: str) -> list[Row]:
        return sorted(map(row, self.results(data, rules)), key=str)

    @pytest.mark.parametrize("name", CASES)
    def test_case(self, name: str) -> None:
        case = CASES[name]
        assert self.found(case.data, case.rules) == sorted(case.rows, key=str)

    def test_counts_far_below_none(self) -> None:
        # pySHACL refuses them.
        rules = on(":p", f"sh:minCount -{10**40} ; sh:maxCount -{10**40}")
        assert self.found(":a :p 'x' .", rules) == [("a", "MaxCount", None)]

    # What a result says

    def test_a_result_says_where_and_how_many(self) -> None:
        (result,) = self.results(":a :p 1, 2, 3 .", on(":p", "sh:maxCount 1"))
        assert result.shape == "urn:t:S"
        assert result.severity == f"{SH}Violation"
        assert result.path == Path.of("urn:t:p")
        assert result.count == 3
        assert result.constraint is None

    def test_a_result_of_a_node_shape_has_no_path(self) -> None:
        (result,) = self.results(":a :p 1 .", node("sh:nodeKind sh:Literal"))
        assert (result.focus, result.path) == (result.value, None)

    def test_counts_and_names_of_constraints(self) -> None:
        rules = """:P a sh:PropertyShape ; sh:targetNode :s ; sh:path :p ; sh:minCount 5 ;
            sh:maxCount 1 ; sh:class :C ; sh:hasValue 1 ; sh:disjoint :q ; sh:not :N ;
            sh:or ( :N :N ) ; sh:qualifiedValueShape :N ; sh:qualifiedMinCount 3 ;
            sh:uniqueLang true ; sh:xone ( :N :N ) ; sh:and ( :M ) ; sh:node :M .
            :N a sh:NodeShape ; sh:nodeKind sh:Literal . :M a sh:NodeShape ; sh:in () ."""
        results = self.results(":s :p :a, 'x'@EN, 'y'@en ; :q :a .", rules)
        assert {r.kind: (r.constraint, r.count) for r in results} == {
            "MinCount": (None, 3),
            "MaxCount": (None, 3),
            "Class": ("urn:t:C", None),
            "HasValue": ('"1"^^<http://www.w3.org/2001/XMLSchema#integer>', None),
            "Disjoint": ("urn:t:q", None),
            "Not": ("urn:t:N", None),
            "Or": ("urn:t:N urn:t:N", None),
            "Xone": ("urn:t:N urn:t:N", None),
            "And": ("urn:t:M", None),
            "Node": ("urn:t:M", None),
            "QualifiedMinCount": ("urn:t:N", 2),
            "UniqueLang": ("en", None),
        }

    def test_constraints_of_one_kind_are_told_apart(self) -> None:
        results = self.results(":a :p :x .", on(":p", "sh:class :C, :D ; sh:hasValue 1, 2"))
        assert len({(r.kind, r.constraint) for r in results}) == 4

    def test_a_qualified_count_says_how_many(self) -> None:
        rules = on(":p", "sh:qualifiedValueShape [ sh:in (1 2 3) ] ; sh:qualifiedMaxCount 1")
        (result,) = self.results(":a :p 1, 2, 4 .", rules)
        assert result.count == 2

    def test_closed_says_which_predicate(self) -> None:
        rules = """:S a sh:NodeShape ; sh:targetNode :s, 'x' ; sh:closed true ;
            sh:ignoredProperties ( rdf:type ) ; sh:property [ sh:path :p ] ."""
        results = self.results(":s a :C ; :p 1 ; :q 2, 3 ; :r :x .", rules)
        assert {(r.path, short(r.value)) for r in results} == {
            (Path.of("urn:t:q"), '"2"'), (Path.of("urn:t:q"), '"3"'), (Path.of("urn:t:r"), "x")
        }  # fmt: skip

    def test_closed_on_a_property_shape_looks_at_its_values(self) -> None:
        rules = on(":p", "sh:closed true ; sh:property [ sh:path :a ]")
        (result,) = self.results(":s :p :x, 'y' . :x :a 1 ; :b 2 .", rules)
        assert (row(result), result.path) == (("s", "Closed", '"2"'), Path.of("urn:t:b"))

    def test_severity_is_that_of_the_shape_that_holds_the_constraint(self) -> None:
        rules = """:S a sh:NodeShape ; sh:targetNode :s ; sh:severity sh:Info ; sh:in () ;
            sh:property [ sh:path :p ; sh:minCount 1 ; sh:severity :own ] ."""
        results = self.results(":s :q 1 .", rules)
        assert {r.kind: r.severity for r in results} == {"In": f"{SH}Info", "MinCount": "urn:t:own"}

    def test_a_query_tells_what_it_bound(self) -> None:
        rules = """:S a sh:NodeShape ; sh:targetNode :a ; sh:sparql [ sh:message '{?other}' ;
            sh:select 'SELECT $this ?other WHERE { $this <urn:t:p> ?other }' ] ."""
        (result,) = self.results(":a :p 1 .", rules)
        assert (row(result), result.path) == (("a", "SPARQL", "a"), None)
        assert short(result.bound["other"]) == '"1"'
        results = self.results(":a :p :c, :b .", rules)
        assert [(short(r.bound["other"]), r.times) for r in results] == [("b", 1), ("c", 1)]
        # Where no message tells them apart they say the same.
        silent = rules.replace("sh:message '{?other}' ;", "")
        assert [r.times for r in self.results(":a :p :c, :b .", silent)] == [2]

    def test_a_query_may_say_the_path(self) -> None:
        rules = """:S a sh:NodeShape ; sh:targetNode :a ; sh:sparql [ sh:select
            'SELECT $this ?path ?value WHERE { $this ?path ?value }' ] ."""
        results = self.results(":a :p 1 ; :q 2 .", rules)
        assert {(r.path, short(r.value)) for r in results} == {
            (Path.of("urn:t:p"), '"1"'), (Path.of("urn:t:q"), '"2"')
        }  # fmt: skip

    # How often a result counts

    @pytest.mark.parametrize("name", TIMES)
    def test_times(self, name: str) -> None:
        case = TIMES[name]
        found = {row(result): result.times for result in self.results(case.data, case.rules)}
        assert found == case.times

    def test_times_beyond_all_that_can_be_held(self) -> None:
        """Two shapes a level, each with both of the next: 2 ** 80 ways to the bottom."""
        both = [(f"urn:t:a{level}", f"urn:t:b{level}") for level in range(81)]
        given = [
            Shape(name, Path.of("urn:t:p"), target("node", "x") if level == 0 else (),
                  tuple(Constraint("Property", each) for each in below))
            for level, below in enumerate(both[1:]) for name in both[level]
        ]  # fmt: skip
        last = [Shape(name, Path.of("urn:t:q"), (), (Constraint("MinCount", 1),))
                for name in both[-1]]  # fmt: skip
        results = self.judged(models(*given, *last), triples(":x :p :x ."))
        assert [(row(r), r.times) for r in results] == [(("x", "MinCount", None), MOST)] * 2

    # Shapes that ask other shapes

    def test_recursion_through_node_ends_in_the_least_set_of_faults(self) -> None:
        rules = KNOWS.format(targets="sh:targetSubjectsOf :knows")
        circle = ":x :knows :y ; :name 'X' . :y :knows :x ; :name 'Y' ."
        assert self.found(circle, rules) == []
        broken = """:a :knows :b ; :name 'A' . :b :knows :c, :a ; :name 'B' . :c :knows :a ."""
        assert self.found(circle + broken, rules) == [
            ("a", "Node", "b"), ("b", "Node", "a"), ("b", "Node", "c"),
            ("c", "MinCount", None), ("c", "Node", "a"),
        ]  # fmt: skip

    def test_recursion_over_a_long_chain(self) -> None:
        rules = KNOWS.format(targets="sh:targetNode :n0")
        chain = " ".join(f":n{n} :knows :n{n + 1} ; :name 'N' ." for n in range(self.deep))
        assert self.found(chain, rules) == [("n0", "Node", "n1")]
        assert self.found(f"{chain} :n{self.deep} :name 'N' .", rules) == []

    def test_recursion_through_or_and_and_qualified_counts(self) -> None:
        data = ":a :p :b, :c . :b :p :d . :d :leaf 1 . :c :p :c ."
        rules = """:S sh:targetNode :a, :b, :c, :d ; sh:or ( :Leaf :Tree ) .
            :Leaf sh:property [ sh:path :leaf ; sh:minCount 1 ] .
            :Tree sh:and ( [ sh:path :p ; sh:minCount 1 ] :All ) .
            :All sh:path :p ; sh:qualifiedValueShape :S ; sh:qualifiedMinCount 2 ."""
        wrong = [("a", "Or", "a"), ("b", "Or", "b"), ("c", "Or", "c")]
        assert self.found(data, rules) == wrong
        # c has only itself to lean on; nothing makes it fail, so it does not.
        assert self.found(data, rules.replace("MinCount 2", "MinCount 1")) == []

    def test_two_shapes_that_lean_on_each_other(self) -> None:
        data = ":a :p :b . :b :q :c . :c :p :d . :d :bad 1 . :e :p :f . :f :q :e ."
        rules = """:S sh:targetNode :a, :c, :e ; sh:property [ sh:path :p ; sh:node :T ] .
            :T sh:property [ sh:path :bad ; sh:maxCount 0 ], [ sh:path :q ; sh:node :S ] ."""
        assert self.found(data, rules) == [("a", "Node", "b"), ("c", "Node", "d")]

    def test_components_nest(self) -> None:
        test = "ASK { FILTER(STR($value) != $parameter) }"
        component = Custom("urn:component", (("urn:parameter", Literal("1")),), test)
        given = models(
            Shape("urn:t:S", Path.of("urn:t:p"), target("subjectsOf", "s"),
                  (Constraint("Custom", component),)),
            Shape("urn:t:O", None, target("subjectsOf", "o"), (Constraint("Node", "urn:t:S"),)),
        )  # fmt: skip
        assert self.judged(given, triples(":x :s :o ; :p 2 . :y :o :x ; :p 3 .")) == []
        results = self.judged(given, triples(":x :s :o ; :p 1, 2 . :y :o :x ; :p 1, 2 ."))
        assert {(r.shape, r.component, row(r), r.path) for r in results} == {
            ("urn:t:O", f"{SH}NodeConstraintComponent", ("y", "Node", "y"), None),
            ("urn:t:S", "urn:component", ("x", "urn:component", '"1"'), Path.of("urn:t:p")),
        }

    def test_siblings_count_for_a_qualified_shape(self) -> None:
        wanted = Qualified("urn:t:I", 0, ("urn:t:J",))
        given = models(
            Shape("urn:t:S", Path.of("urn:t:p"), target("subjectsOf", "p"),
                  (Constraint("QualifiedMaxCount", wanted),)),
            Shape("urn:t:I", constraints=(Constraint("NodeKind", "BlankNodeOrIRI"),)),
            Shape("urn:t:J", constraints=(Constraint("NodeKind", "IRI"),)),
        )  # fmt: skip
        (result,) = self.judged(given, triples(":s :p :a, _:b, 'c' ."))
        assert result.count == 1

    # As many and as deep as people's shapes never are

    def test_long_lists(self) -> None:
        names = [f":x{number}" for number in range(1100)]
        listed, inner = ", ".join(names), " ".join(names)
        rules = f""":S a sh:NodeShape ; sh:targetNode {listed} ; sh:in ( {inner} ) ;
            sh:targetClass {listed} .
            :R sh:targetClass {listed} ; sh:or ( {inner} ) .
            {" ".join(f"{x} a sh:NodeShape ; sh:minLength {n} ." for n, x in enumerate(names))}
            :T sh:path :p ; sh:targetObjectsOf :q ;
            {" ; ".join(f"sh:class {name}" for name in names[:200])} ."""
        rows = self.found(":y a :x7 . :x8 :q :z . :z :p :y .", rules)
        assert rows == [("y", "In", "y"), *[("z", "Class", "y")] * 199]

    @pytest.mark.parametrize("kind", ["Or", "And"])
    def test_a_tower_of_shapes_is_climbed_once(self, kind: str) -> None:
        """Two shapes a level, each of which asks both of the next: 2 ** 40 ways to the bottom."""
        both = [(f"urn:t:a{level}", f"urn:t:b{level}") for level in range(41)]
        tower = [
            Shape(name, None, target("subjectsOf", "p") if name == "urn:t:a0" else (),
                  (Constraint(kind, below), Constraint("MaxLength", 99 + level)))
            for level, below in enumerate(both[1:]) for name in both[level]
        ]  # fmt: skip
        last = (Constraint("NodeKind", "Literal"),)
        ground = [Shape(name, constraints=last) for name in both[40]]
        results = self.judged(models(*tower, *ground), triples(":a :p 1 ."))
        assert [row(result) for result in results] == [("a", kind, "a")]

    @pytest.mark.parametrize("kind", ["Not", "Property", "Node"])
    def test_shapes_may_nest_deeper_than_calls_can(self, kind: str) -> None:
        chain = [
            Shape(f"urn:t:{n}", Path.of("urn:t:p") if kind == "Property" else None,
                  () if n else target("subjectsOf", "p"), (Constraint(kind, f"urn:t:{n + 1}"),))
            for n in range(self.deep)
        ]  # fmt: skip
        last = Shape(f"urn:t:{self.deep}", constraints=(Constraint("NodeKind", "Literal"),))
        assert len(self.judged(models(*chain, last), triples(":a :p :a ."))) == 1
