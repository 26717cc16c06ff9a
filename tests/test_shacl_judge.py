"""The judge of small graphs: every component of SHACL Core, targets, nesting, recursion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from gsefgraph.shacl.judge.judge import judge, targets
from gsefgraph.shacl.judge.memory import Memory
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.graph import Shapes
from gsefgraph.shacl.shapes.model import Constraint, Custom, Model, Qualified, Shape, Target
from gsefgraph.shacl.shapes.reading import read
from gsefgraph.sparql.path import Path
from gsefgraph.terms import RDF, SH, XSD, Term

PREFIXES = f"""
PREFIX : <urn:> PREFIX sh: <{SH}> PREFIX rdf: <{RDF}> PREFIX xsd: <{XSD}>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""


def triples(text: str) -> list[Triple]:
    return [q.triple for q in parse((PREFIXES + text).encode(), format=RdfFormat.TURTLE)]


def model(text: str) -> Model:
    return read(Shapes(triples(text)))


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


def short(term: Term | None) -> str | None:
    if term is None:
        return None
    if isinstance(term, BlankNode):
        return "[]"
    return term.value.removeprefix("urn:") if isinstance(term, NamedNode) else term.value


def found(shapes: str, data: str) -> list[Result]:
    """The results; the same whether shapes find their targets or are told, on a strict view."""
    read_shapes, given = model(shapes), triples(data)
    memory = Memory(given)
    results = judge(read_shapes, memory)
    view = Strict(given)
    again = judge(read_shapes, view, targets(read_shapes, memory))
    assert [r.identity for r in again] == [r.identity for r in results]
    assert len({r.identity for r in results}) == len(results)
    return results


def rows(shapes: str, data: str) -> list[tuple[str | None, str, str | None]]:
    return sorted(((short(r.focus), r.kind, short(r.value)) for r in found(shapes, data)), key=str)


# The constraint, good values, bad values: each value node by itself.
VALUES = [
    ("sh:class :C", ":c, :d", ":x, _:b, 'c'"),
    ("sh:datatype xsd:date", "'2019-06-25'^^xsd:date, '2019-06-25Z'^^xsd:date",
     "'2019-02-30'^^xsd:date, '2019-6-25'^^xsd:date, '2019-06-25', :x"),
    ("sh:datatype xsd:string", "'a', ''", "'a'@en, 1, :x"),
    ("sh:datatype rdf:langString", "'a'@en", "'a', :x"),
    ("sh:datatype xsd:byte", "'-1'^^xsd:byte", "'300'^^xsd:byte, 7"),
    ("sh:datatype :own", "'x'^^:own", "'x'"),
    ("sh:nodeKind sh:IRI", ":x", "_:b, 'x'"),
    ("sh:nodeKind sh:BlankNode", "_:b", ":x, 'x'"),
    ("sh:nodeKind sh:Literal", "'x', 1", ":x, _:b"),
    ("sh:nodeKind sh:BlankNodeOrIRI", ":x, _:b", "'x'"),
    ("sh:nodeKind sh:BlankNodeOrLiteral", "_:b, 'x'", ":x"),
    ("sh:nodeKind sh:IRIOrLiteral", ":x, 'x'", "_:b"),
    ("sh:minExclusive 1", "2, 1.5, '1.1'^^xsd:float", "1, 1.0, 0, 'x', :x, 'NaN'^^xsd:double"),
    ("sh:minInclusive 1", "1, 1.0, 2e0", "0.99, -1, '2'"),
    ("sh:maxExclusive 1", "0, -1.5", "1, 1.0, 2, 'x'"),
    ("sh:maxInclusive '2019-06-25'^^xsd:date", "'2019-06-25'^^xsd:date, '1999-01-01Z'^^xsd:date",
     "'2019-06-26'^^xsd:date, '2019-06-25Z'^^xsd:date, '2019'^^xsd:gYear, '2019-02-30'^^xsd:date"),
    ("sh:minLength 3", "'abc', '\U0001f331éa', :x, 123", "'ab', '', 12, _:b"),
    ("sh:minLength 0", "'', :x", "_:b"),
    ("sh:maxLength 2", "'ab', '\U0001f331é', 12", "'abc', :xyz, _:b"),
    ("sh:pattern '^a+$'", "'a', 'aaa'@en", "'', 'ab', :a, _:b"),
    ("sh:pattern 'QUITO' ; sh:flags 'i'", "'In Quito', :quito", "'Lima'"),
    ("sh:pattern '^urn:x'", ":x1", "'x1'"),
    ("sh:pattern '.'", ":x, 'x', 1", "'', _:b"),
    ("sh:languageIn ( '*' )", "'a'@en, 'a'@fr", "'a', :x"),
    ("sh:languageIn ( 'en' 'pt-BR' )", "'a'@EN, 'a'@en-GB, 'a'@PT-br",
     "'a'@pt, 'a'@eng, 'a', :x, 1"),
    ("sh:in ( :a 'a' 'a'@en 1 )", ":a, 'a', 'a'@en, 1", ":b, 'a'@fr, '1', 1.0, _:b"),
    ("sh:not [ sh:class :C ]", ":x, 'c'", ":c, :d"),
    ("sh:node :Inner", ":whole", ":x, 'c', _:b"),
    ("sh:and ( [ sh:minLength 2 ] [ sh:maxLength 3 ] )", "'ab', 'abc'", "'a', 'abcd'"),
    ("sh:or ( [ sh:class :C ] [ sh:nodeKind sh:Literal ] )", ":c, 'x'", ":x, _:b"),
    ("sh:xone ( [ sh:minLength 2 ] [ sh:maxLength 3 ] )", "'a', 'abcd'", "'ab', 'abc', _:b"),
    ("sh:or ( [ sh:path :q ; sh:minCount 1 ] [ sh:path :r ; sh:minCount 1 ] )", ":whole", ":x"),
]  # fmt: skip
AROUND = """
:c a :C . :d a :D . :D rdfs:subClassOf :E . :E rdfs:subClassOf :C . :whole :q 1 .
"""
INNER = """
:Inner a sh:NodeShape ; sh:property [ sh:path :q ; sh:minCount 1 ; sh:datatype xsd:integer ] .
"""


@pytest.mark.parametrize(("constraint", "good", "bad"), VALUES, ids=lambda text: text[:40])
def test_each_value_node(constraint: str, good: str, bad: str) -> None:
    shapes = f":S sh:targetNode :s ; sh:property :P . :P sh:path :p ; {constraint} . {INNER}"
    assert rows(shapes, f"{AROUND} :s :p {good} .") == []
    results = found(shapes, f"{AROUND} :s :p {bad}, {good} .")
    wanted = [t.object for t in triples(f":s :p {bad} .")]
    assert sorted(short(r.value) or "" for r in results) == sorted(short(v) or "" for v in wanted)
    assert {r.shape for r in results} == {"urn:P"}
    assert {r.focus for r in results} == {NamedNode("urn:s")}
    assert {r.path for r in results} == {Path.of("urn:p")}
    assert {r.severity for r in results} == {f"{SH}Violation"}


@pytest.mark.parametrize(("constraint", "good", "bad"), VALUES, ids=lambda text: text[:40])
def test_each_value_node_of_a_node_shape(constraint: str, good: str, bad: str) -> None:
    shapes = f":S a sh:NodeShape ; sh:targetObjectsOf :p ; {constraint} . {INNER}"
    results = found(shapes, f"{AROUND} :s :p {bad}, {good} .")
    assert len(results) == len(triples(f":s :p {bad} ."))
    assert all(r.focus == r.value and r.path is None and r.shape == "urn:S" for r in results)


# The constraint, what is stated on :s, and the findings.
TOGETHER = [
    ("sh:minCount 2", ":s :p 1, 2", []),
    ("sh:minCount 2", ":s :p 1", [("s", "MinCount", None)]),
    ("sh:minCount 1", ":s :q 1", [("s", "MinCount", None)]),
    ("sh:minCount 0", ":s :q 1", []),
    ("sh:maxCount 1", ":s :p 1, 2", [("s", "MaxCount", None)]),
    ("sh:maxCount 0", ":s :p 1", [("s", "MaxCount", None)]),
    ("sh:maxCount 2", ":s :p 1, 2", []),
    ("sh:uniqueLang true", ":s :p 'a'@en, 'b'@fr, 'c', 'd'", []),
    ("sh:uniqueLang true", ":s :p 'a'@en, 'b'@en, 'c'@en-GB", [("s", "UniqueLang", None)]),
    ("sh:uniqueLang true", ":s :p 'a'@en, 'b'@en, 'a'@fr, 'b'@fr",
     [("s", "UniqueLang", None), ("s", "UniqueLang", None)]),
    ("sh:uniqueLang false", ":s :p 'a'@en, 'b'@en", []),
    ("sh:hasValue :v", ":s :p :v, :w", []),
    ("sh:hasValue :v", ":s :p :w", [("s", "HasValue", None)]),
    ("sh:hasValue 1, 2", ":s :p 1, 1.0", [("s", "HasValue", None)]),
    ("sh:equals :q", ":s :p 1, 2 ; :q 2, 1", []),
    ("sh:equals :q", ":s :p 1, 2 ; :q 2, 3", [("s", "Equals", "1"), ("s", "Equals", "3")]),
    ("sh:disjoint :q", ":s :p 1, 2 ; :q 3", []),
    ("sh:disjoint :q", ":s :p 1, 2 ; :q 2, 3", [("s", "Disjoint", "2")]),
    ("sh:lessThan :q", ":s :p 1, 2 ; :q 3, 4.5", []),
    ("sh:lessThan :q", ":s :p 1, 2 ; :q 2, 2.0, 9", [("s", "LessThan", "2")]),
    ("sh:lessThan :q", ":s :p 1 ; :q 'x', :y", [("s", "LessThan", "1")]),
    ("sh:lessThan :q", ":s :p :x", []),
    ("sh:lessThanOrEquals :q", ":s :p 1, 2 ; :q 2.0", []),
    ("sh:lessThanOrEquals :q", ":s :p 3, 2 ; :q 2.0", [("s", "LessThanOrEquals", "3")]),
    ("sh:lessThanOrEquals :q", ":s :p 'NaN'^^xsd:double ; :q 1",
     [("s", "LessThanOrEquals", "NaN")]),
    ("sh:qualifiedValueShape [ sh:class :C ] ; sh:qualifiedMinCount 1", ":s :p :c, :x", []),
    ("sh:qualifiedValueShape [ sh:class :C ] ; sh:qualifiedMinCount 2", ":s :p :c, :x",
     [("s", "QualifiedMinCount", None)]),
    ("sh:qualifiedValueShape [ sh:class :C ] ; sh:qualifiedMaxCount 1", ":s :p :c, :x", []),
    ("sh:qualifiedValueShape [ sh:class :C ] ; sh:qualifiedMaxCount 1", ":s :p :c, :d",
     [("s", "QualifiedMaxCount", None)]),
    ("sh:property [ sh:path :q ; sh:minCount 1 ]", ":s :p :x, :whole", [("x", "MinCount", None)]),
]  # fmt: skip


@pytest.mark.parametrize(("constraint", "data", "expected"), TOGETHER, ids=str)
def test_value_nodes_together(constraint: str, data: str, expected: list[Any]) -> None:
    shapes = f":S sh:targetNode :s ; sh:property :P . :P sh:path :p ; {constraint} ."
    assert rows(shapes, f"{AROUND} {data} .") == expected


def test_counts_and_names_of_constraints() -> None:
    shapes = """:P a sh:PropertyShape ; sh:targetNode :s ; sh:path :p ; sh:minCount 5 ;
        sh:maxCount 1 ; sh:class :C ; sh:hasValue 1 ; sh:disjoint :q ; sh:not :N ;
        sh:or ( :N :N ) ; sh:qualifiedValueShape :N ; sh:qualifiedMinCount 3 ; sh:uniqueLang true .
        :N a sh:NodeShape ; sh:nodeKind sh:Literal ."""
    results = found(shapes, ":s :p :a, 'x'@EN, 'y'@en ; :q :a .")
    named = {r.kind: (r.constraint, r.count) for r in results}
    assert named == {
        "MinCount": (None, 3),
        "MaxCount": (None, 3),
        "Class": ("urn:C", None),
        "HasValue": (f'"1"^^<{XSD}integer>', None),
        "Disjoint": ("urn:q", None),
        "Not": ("urn:N", None),
        "Or": ("urn:N urn:N", None),
        "QualifiedMinCount": ("urn:N", 2),
        "UniqueLang": ("en", None),
    }


def test_closed_says_which_predicate() -> None:
    shapes = """:S a sh:NodeShape ; sh:targetNode :s, 'x' ; sh:closed true ;
        sh:ignoredProperties ( rdf:type ) ; sh:property [ sh:path :p ] ."""
    results = found(shapes, ":s a :C ; :p 1 ; :q 2, 3 ; :r :x .")
    assert [(r.path, short(r.value)) for r in results] == [
        (Path.of("urn:q"), "2"), (Path.of("urn:q"), "3"), (Path.of("urn:r"), "x")
    ]  # fmt: skip


def test_closed_on_a_property_shape_looks_at_its_values() -> None:
    shapes = """:S sh:targetNode :s ; sh:path :p ; sh:closed true ;
        sh:property [ sh:path :a ] ."""
    results = found(shapes, ":s :p :x, 'y' . :x :a 1 ; :b 2 .")
    assert [(short(r.focus), r.path, short(r.value)) for r in results] == [
        ("s", Path.of("urn:b"), "2")
    ]


def test_pairs_on_a_node_shape_compare_the_node_itself() -> None:
    shapes = ":S a sh:NodeShape ; sh:targetNode :s, :t ; sh:disjoint :p ; sh:equals :q ."
    assert rows(shapes, ":s :p :s ; :q :s . :t :p :u ; :q :s .") == [
        ("s", "Disjoint", "s"), ("t", "Equals", "s"), ("t", "Equals", "t")
    ]  # fmt: skip


def test_siblings_of_a_qualified_shape() -> None:
    shapes = """:Hand a sh:NodeShape ; sh:targetNode :s, :t ;
      sh:property [ sh:path :p ; sh:qualifiedValueShape [ sh:class :A ] ;
        sh:qualifiedValueShapesDisjoint true ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 ] ;
      sh:property [ sh:path :p ; sh:qualifiedValueShape [ sh:class :B ] ;
        sh:qualifiedValueShapesDisjoint true ; sh:qualifiedMinCount 1 ] ."""
    data = ":a a :A . :b a :B . :both a :A, :B . :s :p :a, :b, :both . :t :p :a, :both ."
    results = found(shapes, data)
    assert [(short(r.focus), r.kind, r.count) for r in results] == [("t", "QualifiedMinCount", 0)]


TARGETS = [
    ("sh:targetClass :C", ["c", "d"]),
    ("sh:targetClass :D", ["d"]),
    ("sh:targetNode :x, 'no', :c", ["c", "no", "x"]),
    ("sh:targetSubjectsOf :p", ["s"]),
    ("sh:targetObjectsOf :p", ["1", "c"]),
    ("a rdfs:Class", ["i"]),
    ("sh:targetClass :D ; sh:targetNode :d", ["d"]),
    ("sh:targetClass :None", []),
    ("sh:targetNode :x ; sh:deactivated true", []),
]


@pytest.mark.parametrize(("target", "expected"), TARGETS, ids=str)
def test_targets(target: str, expected: list[str]) -> None:
    shapes = f":S a sh:NodeShape ; {target} ; sh:in () ."
    assert [row[0] for row in rows(shapes, f"{AROUND} :s :p :c, 1 . :i a :S .")] == expected


def test_deactivated_shapes_conform() -> None:
    shapes = """:S a sh:NodeShape ; sh:targetNode :s ; sh:node :Off ; sh:property :Off2 ;
        sh:not :Off . :Off a sh:NodeShape ; sh:in () ; sh:deactivated true .
        :Off2 sh:path :p ; sh:minCount 1 ; sh:deactivated true ."""
    assert rows(shapes, ":s :q 1 .") == [("s", "Not", "s")]


def test_severity_is_that_of_the_shape_that_holds_the_constraint() -> None:
    shapes = """:S a sh:NodeShape ; sh:targetNode :s ; sh:severity sh:Info ; sh:in () ;
        sh:property [ sh:path :p ; sh:minCount 1 ; sh:severity :own ] ."""
    found_ = {r.kind: r.severity for r in found(shapes, "")}
    assert found_ == {"In": f"{SH}Info", "MinCount": "urn:own"}


def test_nested_conditions_give_one_result_from_outside() -> None:
    shapes = """:S a sh:NodeShape ; sh:targetNode :s ; sh:node :Inner .
        :Inner a sh:NodeShape ; sh:property [ sh:path :p ; sh:minCount 1 ] , [ sh:path :q ;
          sh:property [ sh:path :r ; sh:datatype xsd:integer ] ] ."""
    assert rows(shapes, ":s :q [ :r 1 ] , :t .  :t :r 'x' .") == [("s", "Node", "s")]
    assert rows(shapes, ":s :p 1 ; :q :t .  :t :r 'x' .") == [("s", "Node", "s")]
    assert rows(shapes, ":s :p 1 ; :q :t .  :t :r 1 .") == []


def test_a_shape_asked_for_both_ways_reports_only_its_own_targets() -> None:
    shapes = """:S a sh:NodeShape ; sh:targetNode :s ; sh:property [ sh:path :p ; sh:node :T ] .
        :T a sh:NodeShape ; sh:targetNode :t ; sh:property :R . :R sh:path :r ; sh:minCount 1 ."""
    assert rows(shapes, ":s :p :t, :u .") == [
        ("s", "Node", "t"), ("s", "Node", "u"), ("t", "MinCount", None)
    ]  # fmt: skip


def test_shapes_reached_twice_report_once() -> None:
    shapes = """:S a sh:NodeShape ; sh:targetNode :s ; sh:property :A , :B .
        :A sh:path :p ; sh:property :R . :B sh:path :q ; sh:property :R .
        :R sh:path :r ; sh:minCount 1 ."""
    assert rows(shapes, ":s :p :x ; :q :x .") == [("x", "MinCount", None)]


def test_lattices_of_shapes_are_walked_once() -> None:
    shapes = {
        f"urn:{n}": Shape(f"urn:{n}", constraints=(
            Constraint("And", (f"urn:{n + 1}", f"urn:{n + 1}")), Constraint("Node", f"urn:{n + 1}"),
        ))
        for n in range(60)
    }  # fmt: skip
    shapes["urn:60"] = Shape("urn:60", constraints=(Constraint("NodeKind", "Literal"),))
    focus = {"urn:0": [NamedNode("urn:s")]}
    assert len(judge(Model(shapes), Strict([]), focus)) == 2


def test_many_nested_shapes_do_not_exhaust_the_stack() -> None:
    count = 5_000
    shapes = {
        f"urn:{n}": Shape(f"urn:{n}", constraints=(Constraint("Node", f"urn:{n + 1}"),))
        for n in range(count)
    }
    shapes[f"urn:{count}"] = Shape(f"urn:{count}", constraints=(Constraint("In", ()),))
    assert len(judge(Model(shapes), Memory([]), {"urn:0": [NamedNode("urn:s")]})) == 1


KNOWS = """:P a sh:NodeShape ; {targets} ; sh:property [ sh:path :name ; sh:minCount 1 ] ;
    sh:property [ sh:path :knows ; sh:node :P ] ."""


def test_recursion_finds_what_must_break() -> None:
    shapes = KNOWS.format(targets="sh:targetSubjectsOf :knows")
    circle = ":a :name 1 ; :knows :b . :b :name 1 ; :knows :a ."
    assert rows(shapes, circle) == []
    broken = ":a :name 1 ; :knows :b . :b :name 1 ; :knows :c, :a . :c :knows :a ."
    assert rows(shapes, broken) == [
        ("a", "Node", "b"), ("b", "Node", "a"), ("b", "Node", "c"),
        ("c", "MinCount", None), ("c", "Node", "a"),
    ]  # fmt: skip


def test_recursion_through_several_shapes_and_counts() -> None:
    shapes = """:A a sh:NodeShape ; sh:targetNode :a ; sh:property [ sh:path :p ;
          sh:qualifiedValueShape :B ; sh:qualifiedMinCount 1 ] .
        :B a sh:NodeShape ; sh:or ( [ sh:class :C ] [ sh:and ( :A [ sh:nodeKind sh:IRI ] ) ] ) ."""
    assert rows(shapes, ":a :p :b . :b :p :c . :c a :C .") == []
    assert rows(shapes, ":a :p :b . :b :p :c . :c :p 1 .") == [("a", "QualifiedMinCount", None)]
    assert rows(shapes, ":a :p :b . :b :p :a .") == []


def test_recursion_along_a_long_chain() -> None:
    shapes = model(KNOWS.format(targets="sh:targetNode :n0"))
    chain = "".join(f":n{n} :name 1 ; :knows :n{n + 1} . " for n in range(5_000))
    results = judge(shapes, Memory(triples(chain)))
    assert [(short(r.focus), short(r.value)) for r in results] == [("n0", "n1")]
    assert judge(shapes, Memory(triples(f"{chain} :n5000 :name 1 ."))) == []


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
    results = judge(shapes, Memory([]), {"urn:S": [Literal("x"), NamedNode("urn:y")]})
    assert [r.focus for r in results] == [Literal("x")]
    assert judge(shapes, Memory([]), {}) == []


def test_results_come_in_one_order() -> None:
    shapes = """:B a sh:NodeShape ; sh:targetNode :t, :s ; sh:in () ; sh:nodeKind sh:Literal .
        :A a sh:NodeShape ; sh:targetNode :s ; sh:in () ."""
    assert [(r.shape, r.kind, short(r.focus)) for r in found(shapes, "")] == [
        ("urn:A", "In", "s"), ("urn:B", "NodeKind", "t"), ("urn:B", "NodeKind", "s"),
        ("urn:B", "In", "t"), ("urn:B", "In", "s"),
    ]  # fmt: skip


def test_custom_components_nest() -> None:
    component = Custom(
        "urn:component",
        (("urn:parameter", Literal("1")),),
        "ASK { FILTER(STR($value) != $parameter) }",
    )
    shape = Shape(
        "urn:S",
        path=Path.of("urn:p"),
        targets=(Target("node", NamedNode("urn:s")),),
        constraints=(Constraint("Custom", component),),
    )
    outer = Shape(
        "urn:O",
        targets=(Target("node", NamedNode("urn:o")),),
        constraints=(Constraint("Node", "urn:S"),),
    )
    shapes = Model({"urn:O": outer, "urn:S": shape})
    assert judge(shapes, Memory([])) == []
    data = [
        Triple(NamedNode(f"urn:{name}"), NamedNode("urn:p"), Literal(value))
        for name in "so" for value in (1, 2)
    ]  # fmt: skip
    results = judge(shapes, Memory(data))
    assert [(r.shape, r.component, short(r.focus), r.path) for r in results] == [
        ("urn:O", f"{SH}NodeConstraintComponent", "o", None),
        ("urn:S", "urn:component", "s", Path.of("urn:p")),
    ]
    assert results[1].value == Literal(1)


def test_qualified_counts_by_hand() -> None:
    shape = Shape(
        "urn:S",
        path=Path.of("urn:p"),
        constraints=(Constraint("QualifiedMaxCount", Qualified("urn:I", 0, ("urn:J",))),),
    )
    inner = [Shape(f"urn:{name}", constraints=(Constraint("NodeKind", kind),))
             for name, kind in (("I", "BlankNodeOrIRI"), ("J", "IRI"))]  # fmt: skip
    shapes = Model({each.id: each for each in (*inner, shape)})
    view = Memory(triples(":s :p :a, _:b, 'c' ."))
    results = judge(shapes, view, {"urn:S": [NamedNode("urn:s")]})
    assert [r.count for r in results] == [1]


def test_a_graph_in_memory_is_a_set_of_what_rdf_1_1_knows() -> None:
    fact = Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal("x"))
    other = Triple(NamedNode("urn:s"), NamedNode("urn:p"), fact)
    view = Memory([fact, fact, other])
    assert view.objects(NamedNode("urn:s"), "urn:p") == [Literal("x")]
    assert list(view.subjects_of("urn:p")) == [NamedNode("urn:s")]
    assert view.subjects(Literal("x"), "urn:p") == [NamedNode("urn:s")]
    assert view.out(Literal("x")) == {}
