"""Shapes within shapes, and shapes that come back to themselves, as SQL; pySHACL agrees."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gsefgraph.columns.columns import Columns
from gsefgraph.shacl.compiled import conditions
from gsefgraph.shacl.compiled.evaluate import evaluate
from gsefgraph.shacl.compiled.foci import sources
from gsefgraph.shacl.shapes.model import Constraint, Model, Qualified, Shape, Target
from gsefgraph.sparql.path import Path
from gsefgraph.terms import Term
from tests.oracle import Oracle
from tests.test_shacl_compile import (
    Case,
    NamedNode,
    evaluation,
    found,
    on,
    quads,
    row,
    short,
    told_by,
)


def node(rules: str, *, target: str = "sh:targetSubjectsOf :p") -> str:
    return f":S a sh:NodeShape ; {target} ; {rules} ."


PEOPLE = ":a :p :b . :b :name 'B' ; :age 7 . :c :p :d . :d :age 'x' . :e :p :b, :d ."

CASES = {
    "property": Case(
        PEOPLE,
        node("sh:property [ sh:path :p ; sh:property [ sh:path :name ; sh:minCount 1 ] ]"),
        {("d", "MinCount", None)},
    ),
    "property of a property of a property": Case(
        ":a :p :b . :b :q :c . :c :r 'x' . :x :q :y . :y :r 'x' .",
        on(
            ":p",
            """sh:property [ sh:path :q ; sh:property [ sh:path :r ;
            sh:datatype xsd:integer ] ]""",
        ),
        {("c", "Datatype", '"x"')},
    ),
    "node": Case(
        PEOPLE,
        on(":p", "sh:node [ sh:property [ sh:path :name ; sh:minCount 1 ] ]"),
        {("c", "Node", "d"), ("e", "Node", "d")},
    ),
    "node that is deactivated": Case(
        PEOPLE, on(":p", "sh:node [ sh:nodeKind sh:Literal ; sh:deactivated true ]"), set()
    ),
    "not": Case(
        PEOPLE,
        on(":p", "sh:not [ sh:path :age ; sh:datatype xsd:integer ]"),
        {("a", "Not", "b"), ("e", "Not", "b")},
    ),
    "and": Case(
        PEOPLE,
        on(
            ":p",
            "sh:and ([ sh:path :age ; sh:minCount 1 ] [ sh:path :age ; sh:datatype xsd:integer ])",
        ),
        {("c", "And", "d"), ("e", "And", "d")},
    ),
    "or": Case(
        PEOPLE,
        node("sh:or ([ sh:path :p ; sh:hasValue :d ] [ sh:path :p ; sh:nodeKind sh:Literal ])"),
        {("a", "Or", "a")},
    ),
    "or of datatypes and patterns": Case(
        """:a :p '2019-06-25'^^xsd:date, '2019Z'^^xsd:gYear, '2019'^^xsd:gYear,
        '2019-02-30'^^xsd:date, '2019' .""",
        on(
            ":p",
            """sh:or ([ sh:datatype xsd:date ; sh:pattern '^.{10}$' ]
            [ sh:datatype xsd:gYear ; sh:pattern '^[0-9]{4}$' ])""",
        ),
        {("a", "Or", '"2019Z"'), ("a", "Or", '"2019-02-30"'), ("a", "Or", '"2019"')},
    ),
    "xone": Case(
        ":a :p 1, 'x', 2, 'two words' .",
        on(
            ":p",
            """sh:xone ([ sh:datatype xsd:integer ] [ sh:in (1) ] [ sh:pattern 'two' ]
            [ sh:minLength 8 ])""",
        ),
        {("a", "Xone", '"1"'), ("a", "Xone", '"x"'), ("a", "Xone", '"two words"')},
    ),
    "or of nothing that holds": Case(
        ":a :p 1 .", on(":p", "sh:or ([ sh:in () ])"), {("a", "Or", '"1"')}
    ),
    "qualifiedMinCount": Case(
        ":a :p 1, 'x' . :b :p 1, 2 . :c :p 'x' .",
        on(":p", "sh:qualifiedValueShape [ sh:datatype xsd:integer ] ; sh:qualifiedMinCount 2"),
        {("a", "QualifiedMinCount", None), ("c", "QualifiedMinCount", None)},
    ),
    "qualifiedMaxCount": Case(
        ":a :p 1, 'x' . :b :p 1, 2 . :c :p 'x' .",
        on(":p", "sh:qualifiedValueShape [ sh:datatype xsd:integer ] ; sh:qualifiedMaxCount 0"),
        {("a", "QualifiedMaxCount", None), ("b", "QualifiedMaxCount", None)},
    ),
    "qualified by text": Case(
        ":a :p 'x'@en . :b :p 'x'@fr .",
        on(":p", "sh:qualifiedValueShape [ sh:languageIn ('en') ] ; sh:qualifiedMinCount 1"),
        {("b", "QualifiedMinCount", None)},
    ),
    "qualified and disjoint": Case(
        ":h :p :t, :f . :t a :Thumb . :f a :Finger . :i :p :u . :u a :Thumb, :Finger .",
        node("""sh:property [ sh:path :p ; sh:qualifiedValueShapesDisjoint true ;
            sh:qualifiedValueShape [ sh:class :Thumb ] ; sh:qualifiedMinCount 1 ],
            [ sh:path :p ; sh:qualifiedValueShapesDisjoint true ;
            sh:qualifiedValueShape [ sh:class :Finger ] ; sh:qualifiedMinCount 1 ]"""),
        {("i", "QualifiedMinCount", None)},
    ),
    "sets in a condition": Case(
        ":a :p 1 ; :q 1 . :b :p 1 ; :q 2 . :c :p 1, 2 ; :q 2 .",
        node("""sh:not [ sh:path :p ; sh:equals :q ] ;
            sh:or ([ sh:path :p ; sh:lessThan :q ] [ sh:path :p ; sh:minCount 2 ]
            [ sh:path :p ; sh:disjoint :q ])"""),
        {("a", "Not", "a"), ("a", "Or", "a")},
    ),
    "languages, closure and ranges in a condition": Case(
        ":a :p 'x'@en, 'y'@en . :b :p 'x'@en ; :q 5 . :c :p 3 ; :r 1 .",
        node("""sh:not [ sh:path :p ; sh:uniqueLang true ] ;
            sh:xone ([ sh:closed true ; sh:ignoredProperties ( :p ) ]
            [ sh:path :q ; sh:minInclusive 5 ; sh:minCount 1 ])"""),
        {("b", "Not", "b"), ("c", "Not", "c"), ("c", "Xone", "c")},
    ),
    "a query in a condition": Case(
        ":a :p 1 . :b :p 2 .",
        node("""sh:not [ a sh:NodeShape ; sh:sparql [ sh:select
            'SELECT $this WHERE { $this <urn:t:p> 1 }' ] ]"""),
        {("b", "Not", "b")},
    ),
    "not of not": Case(
        ":a :p 1 . :b :p 'x' .",
        on(":p", "sh:not [ sh:not [ sh:datatype xsd:integer ] ]"),
        {("b", "Not", '"x"')},
    ),
    "two properties that share a path": Case(
        ":a :p 1, 'x' . :b a :C .",
        """:S a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:property :P, :Q .
        :T a sh:NodeShape ; sh:targetClass :C ; sh:property :Q .
        :P sh:path :p ; sh:datatype xsd:integer . :Q sh:path :p ; sh:minCount 1 ; sh:maxCount 1 .
        """,
        {("a", "Datatype", '"x"'), ("a", "MaxCount", None), ("b", "MinCount", None)},
    ),
    "recursion through property": Case(
        ":a :p :b . :b :p :c . :c :p :a ; :q 'x' . :z :p 'l' .",
        """:S a sh:NodeShape ; sh:targetNode :a ; sh:property :P .
        :P sh:path :p ; sh:property :P, [ sh:path :q ; sh:maxCount 0 ] .""",
        {("c", "MaxCount", None)},
    ),
    "recursion through property and a target": Case(
        ":a :p :b . :b :p :c . :c :p 'l' .",
        ":S a sh:NodeShape ; sh:targetNode :a ; sh:nodeKind sh:IRI ; sh:property :P ."
        ":P sh:path :p ; sh:node :Leaf ; sh:property :P . :Leaf sh:nodeKind sh:IRI .",
        {("c", "Node", '"l"')},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_nested(name: str) -> None:
    case = CASES[name]
    results = evaluation(case.data, case.rules).results
    assert {row(result) for result in results} == case.rows
    assert len({result.identity for result in results}) == len(results)


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    with Oracle() as running:
        yield running


@pytest.mark.parametrize("name", [name for name in CASES if "recursion" not in name])
def test_pyshacl_says_the_same(name: str, oracle: Oracle) -> None:
    assert told_by(oracle, CASES[name]) == CASES[name].rows


# A person conforms where all they know do, down to those who know nobody and have a name.
KNOWS = """
:S sh:targetNode :a, :b, :c, :x, :y ; sh:property [ sh:path :name ; sh:minCount 1 ] ;
    sh:property [ sh:path :knows ; sh:node :S ] .
"""


def test_recursion_through_node_ends_in_the_least_set_of_faults() -> None:
    data = """:a :knows :b ; :name 'A' . :b :knows :c ; :name 'B' . :c :knows :a .
        :x :knows :y ; :name 'X' . :y :knows :x ; :name 'Y' ."""
    assert found(data, KNOWS) == [
        ("a", "Node", "b"),
        ("b", "Node", "c"),
        ("c", "MinCount", None),
        ("c", "Node", "a"),
    ]


def test_recursion_over_a_long_chain() -> None:
    data = " ".join(f":n{i} :knows :n{i + 1} ; :name 'N' ." for i in range(40))
    rules = KNOWS.replace(":a, :b, :c, :x, :y", ":n0")
    assert found(data, rules) == [("n0", "Node", "n1")]
    assert found(data + ":n40 :name 'N' .", rules) == []


def test_recursion_through_and_or_and_qualified_counts() -> None:
    data = ":a :p :b, :c . :b :p :d . :d :leaf 1 . :c :p :c ."
    rules = """:S sh:targetNode :a, :b, :c, :d ; sh:or ( :Leaf :Tree ) .
        :Leaf sh:property [ sh:path :leaf ; sh:minCount 1 ] .
        :Tree sh:and ( [ sh:path :p ; sh:minCount 1 ] :All ) .
        :All sh:property [ sh:path :p ; sh:qualifiedValueShape :S ; sh:qualifiedMinCount 2 ] ."""
    assert {(r[0], r[1]) for r in found(data, rules)} == {("a", "Or"), ("b", "Or"), ("c", "Or")}
    one = rules.replace("MinCount 2", "MinCount 1")
    # c has only itself to lean on; nothing makes it fail, so it does not.
    assert found(data, one) == []


def test_two_shapes_that_lean_on_each_other() -> None:
    data = ":a :p :b . :b :q :c . :c :p :d . :d :bad 1 . :e :p :f . :f :q :e ."
    rules = """:S sh:targetNode :a, :c, :e ; sh:property [ sh:path :p ; sh:node :T ] .
        :T sh:property [ sh:path :bad ; sh:maxCount 0 ], [ sh:path :q ; sh:node :S ] ."""
    assert found(data, rules) == [("a", "Node", "b"), ("c", "Node", "d")]


def test_the_inner_shapes_name_the_constraint() -> None:
    rules = """:S sh:targetNode :a ; sh:or ( :T :U ) ; sh:xone ( :T :T ) ; sh:and ( :T ) ;
        sh:node :T ; sh:not :V .
        :T a sh:NodeShape ; sh:nodeKind sh:Literal . :U a sh:NodeShape ; sh:in () .
        :V a sh:NodeShape .
        :P sh:targetNode :a ; sh:path :p ; sh:qualifiedValueShape :T ; sh:qualifiedMinCount 1 ."""
    told = {(r.kind, r.constraint) for r in evaluation(":a :p :b .", rules).results}
    assert told == {
        ("Or", "urn:t:T urn:t:U"),
        ("Xone", "urn:t:T urn:t:T"),
        ("And", "urn:t:T"),
        ("Node", "urn:t:T"),
        ("Not", "urn:t:V"),
        ("QualifiedMinCount", "urn:t:T"),
    }


def test_a_qualified_count_says_how_many() -> None:
    rules = on(":p", "sh:qualifiedValueShape [ sh:in (1 2 3) ] ; sh:qualifiedMaxCount 1")
    (result,) = evaluation(":a :p 1, 2, 4 .", rules).results
    assert result.count == 2
    assert row(result) == ("a", "QualifiedMaxCount", None)


def _tower(levels: int, kind: str) -> Model:
    """Two shapes a level, each of which refers to both of the next: as many ways as 2 ** levels."""
    target = Target("subjectsOf", NamedNode("urn:t:p"))
    shapes = {}
    for level in range(levels):
        for side in "ab":
            below = tuple(f"urn:t:{other}{level + 1}" for other in "ab")
            shapes[f"urn:t:{side}{level}"] = Shape(
                f"urn:t:{side}{level}",
                targets=() if level or side == "b" else (target,),
                constraints=(Constraint(kind, below), Constraint("MaxLength", 99 + level)),
            )
    for side in "ab":
        last = f"urn:t:{side}{levels}"
        shapes[last] = Shape(last, constraints=(Constraint("NodeKind", "Literal"),))
    return Model(shapes)


@pytest.mark.parametrize("kind", ["Or", "And"])
def test_a_tower_of_shapes_does_not_make_an_endless_statement(kind: str) -> None:
    with Columns.read([], quads=quads(":a :p 1 .")) as columns:
        results = evaluate(_tower(40, kind), columns).results
    assert [row(result) for result in results] == [("a", kind, "a")]


def test_shapes_may_nest_deeper_than_calls_can() -> None:
    deep = 400
    names = [f"urn:t:{number}" for number in range(deep)]
    target = Target("subjectsOf", NamedNode("urn:t:p"))
    last = Shape(f"urn:t:{deep}", constraints=(Constraint("NodeKind", "Literal"),))
    for kind, wrong in (("Not", 1), ("Property", 1), ("Node", 1)):
        shapes = {
            name: Shape(
                name,
                path=Path.of("urn:t:p") if kind == "Property" else None,
                targets=() if number else (target,),
                constraints=(Constraint(kind, f"urn:t:{number + 1}"),),
            )
            for number, name in enumerate(names)
        }
        with Columns.read([], quads=quads(":a :p :a .")) as columns:
            assert len(evaluate(Model({**shapes, last.id: last}), columns).results) == wrong


def test_long_conditions_are_kept_as_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conditions, "_LONG", 1)
    for case in CASES.values():
        assert set(found(case.data, case.rules)) == case.rows


def test_sources_follow_properties() -> None:
    target = Target("node", NamedNode("urn:t:a"))
    model = Model(
        {
            "a": Shape("a", targets=(target,), constraints=(Constraint("Property", "b"),)),
            "b": Shape("b", path=Path.of("urn:t:p"), constraints=(Constraint("Property", "c"),)),
            "c": Shape("c", path=Path.of("urn:t:q"), constraints=(Constraint("Property", "c"),)),
            "d": Shape("d", constraints=(Constraint("Not", "a"),)),
        }
    )
    assert sources(model) == {
        "a": frozenset({target}),
        "b": frozenset({target}),
        "c": frozenset({"b", "c"}),
    }


def test_siblings_count_for_a_qualified_shape() -> None:
    wanted = Qualified("urn:t:one", 1, ("urn:t:two",))
    term: Term = NamedNode("urn:t:a")
    model = Model(
        {
            "urn:t:S": Shape(
                "urn:t:S",
                path=Path.of("urn:t:p"),
                targets=(Target("node", term),),
                constraints=(Constraint("QualifiedMinCount", wanted),),
            ),
            "urn:t:one": Shape("urn:t:one", constraints=(Constraint("NodeKind", "IRI"),)),
            "urn:t:two": Shape("urn:t:two", constraints=(Constraint("Class", "urn:t:C"),)),
        }
    )
    with Columns.read([], quads=quads(":a :p :x . :x a :C .")) as columns:
        (result,) = evaluate(model, columns).results
    assert result.count == 0
    assert short(result.focus) == "a"
