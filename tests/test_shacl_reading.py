"""Shapes as data: which nodes are shapes, what they are about, and what they ask for."""

from __future__ import annotations

import collections
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from gsefgraph.errors import InputError
from gsefgraph.rdf import plain, turtle
from gsefgraph.records import rdf
from gsefgraph.shacl.checks import KEPT
from gsefgraph.shacl.shapes import components, reading
from gsefgraph.shacl.shapes import path as paths
from gsefgraph.shacl.shapes.graph import Shapes, of_folder
from gsefgraph.shacl.shapes.model import Constraint, Custom, Model, Qualified, Shape, Sparql, Target
from gsefgraph.sparql.path import Path as PropertyPath
from gsefgraph.terms import SH, XSD, Names
from tests import shapes_strategies as strategies
from tests import w3c

SHAPES = Path(__file__).parent.parent / "ontology" / "shapes"
EX = "https://e.org/"
HEAD = """PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX ex: <https://e.org/>
"""
LINE = HEAD.count("\n") + 1


def shapes(body: str) -> Shapes:
    return Shapes.of([rdf.read("shapes.ttl", data=(HEAD + body).encode())])


def model(body: str) -> Model:
    return reading.read(shapes(body))


def shape(body: str) -> Shape:
    return model(f"ex:s {body} .").shapes[f"{EX}s"]


def constraints(body: str) -> list[tuple[str, object]]:
    return [(c.kind, c.value) for c in shape(body).constraints]


def ex(local: str) -> NamedNode:
    return NamedNode(EX + local)


def integer(number: int) -> Literal:
    return Literal(number)


# Which nodes are shapes (SHACL, section 2.1).


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("ex:s a sh:NodeShape .", ["s"]),
        ("[] a sh:NodeShape .", ["urn:gsefgraph:shape:1"]),
        ("ex:s a sh:PropertyShape ; sh:path ex:p .", ["s"]),
        ("ex:Own rdfs:subClassOf sh:NodeShape . ex:s a ex:Own .", ["s"]),
        ("ex:K rdfs:subClassOf ex:L . ex:L rdfs:subClassOf sh:NodeShape . ex:s a ex:K .", ["s"]),
        ("ex:s sh:targetNode ex:a .", ["s"]),
        ("ex:s sh:targetSubjectsOf ex:a .", ["s"]),
        ("ex:s sh:class ex:C .", ["s"]),
        ("ex:s sh:node ex:t .", ["s", "t"]),
        ("ex:s sh:not ex:t .", ["s", "t"]),
        ("ex:s sh:and ( ex:t ex:u ) .", ["s", "t", "u"]),
        ("ex:s sh:property ex:t . ex:t sh:path ex:p .", ["s", "t"]),
        ("ex:s sh:path ex:p .", []),
        ("ex:s sh:message 'm' ; sh:severity sh:Info .", []),
        ("ex:c sh:select 'SELECT $this {}' .", []),
        ("ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:a ] . ex:s ex:a 1 .", ["s"]),
    ],
)  # fmt: skip
def test_which_nodes_are_shapes(body: str, found: list[str]) -> None:
    assert [name.removeprefix(EX) for name in model(body).shapes] == found


def test_blank_shapes_have_names_wherever_they_stand() -> None:
    read = model(
        "[] sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:or ( [ sh:class ex:D ] ) ] ."
    )
    assert len(read.shapes) == 3
    assert all(name.startswith("urn:gsefgraph:shape:") for name in read.shapes)
    (root,) = read.roots
    (prop,) = root.constraints
    (either,) = read.shapes[str(prop.value)].constraints
    assert either.kind == "Or"
    assert isinstance(either.value, tuple)
    (inner,) = read.shapes[str(either.value[0])].constraints
    assert inner == Constraint("Class", f"{EX}D")


def test_names_are_the_same_at_each_reading() -> None:
    body = "[] sh:targetClass ex:C ; sh:not [ sh:class ex:D ] . ex:s sh:node [ sh:in () ] ."
    first, second = shapes(body), shapes(body)
    assert first.ids == second.ids
    assert reading.read(first) == reading.read(second)


def test_blank_shapes_that_lead_to_each_other() -> None:
    read = shapes("_:a sh:targetClass ex:C ; sh:node _:b . _:b sh:node _:a .")
    assert len(reading.read(read).shapes) == 2
    for name in read.ids:
        assert read.rule(name).startswith("urn:gsefgraph:")
        assert read.place(name)


# Targets (SHACL, section 2.1.3).


def test_targets_in_the_order_written() -> None:
    read = shape(
        'sh:targetSubjectsOf ex:p ; sh:targetNode ex:a, "text"@en ; sh:targetObjectsOf ex:q ;'
        " sh:targetClass ex:C, ex:D"
    )
    assert read.targets == (
        Target("subjectsOf", ex("p")),
        Target("node", ex("a")),
        Target("node", Literal("text", language="en")),
        Target("objectsOf", ex("q")),
        Target("class", ex("C")),
        Target("class", ex("D")),
    )


@pytest.mark.parametrize(
    ("body", "implicit"),
    [
        ("ex:s a sh:NodeShape, rdfs:Class .", True),
        ("ex:s a rdfs:Class ; sh:class ex:C .", True),
        ("ex:s a sh:NodeShape, owl:Class .", False),
        ("owl:Class rdfs:subClassOf rdfs:Class . ex:s a sh:NodeShape, owl:Class .", True),
        ("ex:M rdfs:subClassOf ex:N . ex:N rdfs:subClassOf rdfs:Class . ex:s a ex:M ; sh:in () .",
         True),
    ],
)  # fmt: skip
def test_a_shape_that_is_a_class_is_about_its_instances(body: str, implicit: bool) -> None:
    read = model(body).shapes[f"{EX}s"]
    assert read.targets == ((Target("class", ex("s")),) if implicit else ())


def test_roots_have_targets_and_are_not_deactivated() -> None:
    read = model(
        "ex:a sh:targetClass ex:C . ex:b a sh:NodeShape . ex:c sh:targetClass ex:C ;"
        " sh:deactivated true . ex:d sh:targetNode 1 ."
    )
    assert [root.id for root in read.roots] == [f"{EX}a", f"{EX}d"]


# What else a shape says.


@pytest.mark.parametrize(
    ("value", "deactivated"),
    [("true", True), ('"1"^^xsd:boolean', True), ("false", False), ('"0"^^xsd:boolean', False)],
)
def test_deactivated(value: str, deactivated: bool) -> None:
    read = shape(f"a sh:NodeShape ; sh:deactivated {value} ; sh:class ex:C")
    assert read.deactivated == deactivated
    assert bool(read.constraints) != deactivated


def test_severity() -> None:
    assert shape("a sh:NodeShape").severity == f"{SH}Violation"
    assert shape("a sh:NodeShape ; sh:severity sh:Warning").severity == f"{SH}Warning"
    assert shape("a sh:NodeShape ; sh:severity ex:Grave").severity == f"{EX}Grave"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("ex:p", "p"),
        ("[ sh:inversePath ex:p ]", "^p"),
        ("( ex:p ex:q )", "p/q"),
        ("[ sh:alternativePath ( ex:p ex:q ) ]", "p|q"),
        ("[ sh:zeroOrMorePath ex:p ]", "p*"),
        ("[ sh:oneOrMorePath ex:p ]", "p+"),
        ("[ sh:zeroOrOnePath ex:p ]", "p?"),
        ("( [ sh:inversePath ex:p ] [ sh:zeroOrMorePath ( ex:q ex:r ) ] )", "^p/(q/r)*"),
        ("[ sh:inversePath [ sh:alternativePath ( ex:p [ sh:oneOrMorePath ex:q ] ) ] ]", "^(p|q+)"),
        # More triples than a path needs do not count; a list is one before all else.
        ("[ rdf:first ex:p ; rdf:rest ( ex:q ) ; sh:inversePath ex:r ]", "p/q"),
    ],
)
def test_paths(written: str, text: str) -> None:
    read = shape(f"a sh:PropertyShape ; sh:path {written}")
    assert read.path is not None
    assert read.path.text(lambda iri: iri.removeprefix(EX)) == text


# Constraints.


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("sh:minCount 1", [("MinCount", 1)]),
        ("sh:maxCount 0", [("MaxCount", 0)]),
        ("sh:minLength 2 ; sh:maxLength 3", [("MinLength", 2), ("MaxLength", 3)]),
        ("sh:class ex:C, ex:D", [("Class", f"{EX}C"), ("Class", f"{EX}D")]),
        ("sh:datatype xsd:date", [("Datatype", f"{XSD}date")]),
        ("sh:nodeKind sh:BlankNodeOrIRI", [("NodeKind", "BlankNodeOrIRI")]),
        ("sh:minExclusive 1", [("MinExclusive", integer(1))]),
        ("sh:minInclusive 1.50",
         [("MinInclusive", Literal("1.50", datatype=NamedNode(f"{XSD}decimal")))]),
        ("sh:maxExclusive 'b'", [("MaxExclusive", Literal("b"))]),
        ("sh:maxInclusive 1", [("MaxInclusive", integer(1))]),
        ("sh:languageIn ( 'en' 'fr' )", [("LanguageIn", ("en", "fr"))]),
        ("sh:uniqueLang true", [("UniqueLang", True)]),
        ("sh:uniqueLang false", []),
        ('sh:uniqueLang "1"^^xsd:boolean', []),
        ("sh:equals ex:q", [("Equals", f"{EX}q")]),
        ("sh:disjoint ex:q", [("Disjoint", f"{EX}q")]),
        ("sh:lessThan ex:q", [("LessThan", f"{EX}q")]),
        ("sh:lessThanOrEquals ex:q", [("LessThanOrEquals", f"{EX}q")]),
        ("sh:not ex:t", [("Not", f"{EX}t")]),
        ("sh:node ex:t", [("Node", f"{EX}t")]),
        ("sh:and ( ex:t ex:u ) ; sh:or () ; sh:xone ( ex:t ex:t )",
         [("And", (f"{EX}t", f"{EX}u")), ("Or", ()), ("Xone", (f"{EX}t", f"{EX}t"))]),
        ("sh:closed true ; sh:property [ sh:path ex:q ], [ sh:path ( ex:r ex:q ) ] ;"
         " sh:ignoredProperties ( rdf:type )",
         [("Property", "urn:gsefgraph:shape:1"), ("Property", "urn:gsefgraph:shape:2"),
          ("Closed", frozenset([f"{EX}q", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"]))]),
        ("sh:closed false", []),
        ("sh:hasValue ex:a, 1", [("HasValue", ex("a")), ("HasValue", integer(1))]),
        ("sh:in ( ex:a 1 'b'@en )", [("In", (ex("a"), integer(1), Literal("b", language="en")))]),
        ("sh:qualifiedValueShape ex:t ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 2",
         [("QualifiedMinCount", Qualified(f"{EX}t", 1)),
          ("QualifiedMaxCount", Qualified(f"{EX}t", 2))]),
        ("sh:qualifiedMinCount 1", []),
        ("sh:sparql [ sh:deactivated true ; sh:select 'not looked at' ]", []),
    ],
)  # fmt: skip
def test_each_component(body: str, found: list[tuple[str, object]]) -> None:
    assert constraints(f"a sh:PropertyShape ; sh:path ex:p ; {body}") == found


def test_a_pattern_with_its_flags() -> None:
    ((kind, value),) = constraints('a sh:NodeShape ; sh:pattern "^\\\\d" ; sh:flags "i"')
    assert kind == "Pattern"
    assert (value.text, value.flags, value.re2) == (r"^\d", "i", r"(?i)^(?-i:\p{Nd})")  # type: ignore[attr-defined]


def test_order_of_constraints() -> None:
    body = "a sh:NodeShape ; sh:in () ; sh:not ex:t ; sh:class ex:C ; sh:minLength 1"
    assert [kind for kind, _ in constraints(body)] == ["MinLength", "Class", "Not", "In"]


def test_names_of_components() -> None:
    (constraint,) = shape("sh:class ex:C").constraints
    assert constraint.component == f"{SH}ClassConstraintComponent"


def test_siblings_of_a_qualified_shape() -> None:
    read = model(
        "ex:s a sh:NodeShape ; sh:property ex:one, ex:two, ex:three ."
        "ex:o sh:property ex:one, ex:six ."
        "ex:one sh:path ex:p ; sh:qualifiedValueShape ex:A ; sh:qualifiedMinCount 1 ;"
        " sh:qualifiedValueShapesDisjoint true ."
        "ex:two sh:path ex:p ; sh:qualifiedValueShape ex:B ; sh:qualifiedMinCount 1 ."
        "ex:three sh:path ex:q ; sh:qualifiedValueShape ex:A ; sh:qualifiedMaxCount 1 ."
        "ex:six sh:path ex:q ; sh:qualifiedValueShape ex:D ; sh:qualifiedMaxCount 1 ."
        "ex:alone sh:path ex:p ; sh:qualifiedValueShape ex:C ; sh:qualifiedMinCount 1 ."
    )
    found = {name: read.shapes[EX + name].constraints[0].value for name in ("one", "two")}
    assert set(found["one"].siblings) == {f"{EX}B", f"{EX}D"}  # type: ignore[union-attr]
    assert found["two"] == Qualified(f"{EX}B", 1)


# SPARQL constraints (SHACL, section 5).


def sparql(body: str) -> Sparql:
    (value,) = [c.value for c in shape(body).constraints if c.kind == "SPARQL"]
    assert isinstance(value, Sparql)
    return value


def test_a_sparql_constraint_with_its_prefixes() -> None:
    body = (
        "a sh:NodeShape ; sh:sparql ex:q . ex:q sh:prefixes ex:own, ex:other ; sh:select"
        " 'SELECT $this { $this a:p b:c }' ; sh:message 'plain', 'a'@en, 'b'@fr ."
        "ex:own owl:imports ex:more ;"
        " sh:declare [ sh:prefix 'a' ; sh:namespace 'a:'^^xsd:anyURI ] ."
        "ex:more owl:imports ex:own ; sh:declare [ sh:prefix 'b' ; sh:namespace 'b:'^^xsd:anyURI ]"
    )
    # An import of what the same files describe is no fetching; the reader of records knows no such.
    raw = _plain(f"ex:s {body} .")
    read = reading.read(Shapes(raw)).shapes[f"{EX}s"]
    (constraint,) = read.constraints
    assert constraint.value == Sparql(
        f"{EX}q",
        "PREFIX a: <a:>\nPREFIX b: <b:>\nSELECT $this { $this a:p b:c }",
        (Literal("plain"), Literal("a", language="en"), Literal("b", language="fr")),
    )


def _plain(body: str) -> list[Triple]:
    from pyoxigraph import RdfFormat, parse

    return [quad.triple for quad in parse(HEAD + body, format=RdfFormat.TURTLE)]


def test_the_path_stands_in_the_query() -> None:
    one = sparql(
        "a sh:PropertyShape ; sh:path ex:p ; sh:sparql [ sh:select"
        " 'SELECT $this ?value { $this $PATH ?value FILTER(?value != \"$PATH\") } # $PATH' ]"
    )
    assert one.select == (
        'SELECT $this ?value { $this <https://e.org/p> ?value FILTER(?value != "$PATH") } # $PATH'
    )
    many = sparql(
        "a sh:PropertyShape ; sh:path [ sh:inversePath [ sh:alternativePath ( ex:p ex:q ) ] ] ;"
        " sh:sparql [ sh:select 'SELECT $this { $this ?PATH ?value }' ]"
    )
    assert "$this (^(<https://e.org/p>|<https://e.org/q>)) ?value" in many.select


# Components of their own (SHACL, section 6).

COMPONENTS = """
ex:One a sh:ConstraintComponent ; sh:parameter [ sh:path ex:one ] ; sh:validator ex:Ask .
ex:Two a ex:Kind ; sh:parameter [ sh:path ex:a ] , [ sh:path ex:b ; sh:optional true ] ;
    sh:validator ex:Ask .
ex:Ask sh:ask "ASK { FILTER($value != 0) }" .
ex:Kind rdfs:subClassOf sh:ConstraintComponent .
ex:Half a sh:ConstraintComponent ; sh:parameter [ sh:path ex:one ] , [ sh:path ex:c ] .
ex:None a sh:ConstraintComponent .
sh:ClassConstraintComponent a sh:ConstraintComponent ; sh:parameter sh:ClassPart .
sh:ClassPart sh:path sh:class .
"""


def test_components_that_the_shapes_declare() -> None:
    read = model(
        f"{COMPONENTS}ex:s a sh:NodeShape ; ex:one 1, 2 ; ex:a 3 ; ex:b 4 ; sh:class ex:C ."
    )
    found = read.shapes[f"{EX}s"].constraints
    ask = "ASK { FILTER($value != 0) }"
    assert [c.kind for c in found] == ["Class", "Custom", "Custom", "Custom"]
    assert [c.value for c in found[1:]] == [
        Custom(f"{EX}One", ((f"{EX}one", integer(1)),), ask),
        Custom(f"{EX}One", ((f"{EX}one", integer(2)),), ask),
        Custom(f"{EX}Two", ((f"{EX}a", integer(3)), (f"{EX}b", integer(4))), ask),
    ]
    assert found[1].component == f"{EX}One"


VALIDATED = """
ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:c ] ;
    sh:nodeValidator [ sh:select "SELECT $this { $this ex:n $c }" ; sh:prefixes ex:p ] ;
    sh:propertyValidator [ sh:select "SELECT $this { $this $PATH $c }" ] ;
    sh:validator [ sh:ask "ASK {}" ] .
ex:N a sh:ConstraintComponent ; sh:parameter [ sh:path ex:n ] ;
    sh:nodeValidator [ sh:select "SELECT $this { $this ?p $n }" ] .
ex:p sh:declare [ sh:prefix "ex" ; sh:namespace "https://e.org/" ] .
"""


def test_the_validator_of_a_component_is_that_for_the_kind_of_shape() -> None:
    read = model(
        f"{VALIDATED} ex:s a sh:NodeShape ; ex:c 1 ; ex:n 2 ."
        "ex:t sh:path [ sh:inversePath ex:q ] ; ex:c 1 ; ex:n 2 ."
    )
    queries = {
        name: [c.value.query for c in read.shapes[EX + name].constraints]  # type: ignore[union-attr]
        for name in "st"
    }
    assert queries == {
        "s": ["PREFIX ex: <https://e.org/>\nSELECT $this { $this ex:n $c }",
              "SELECT $this { $this ?p $n }"],
        "t": ["SELECT $this { $this (^<https://e.org/q>) $c }"],
    }  # fmt: skip


def test_an_optional_parameter_alone_is_no_constraint() -> None:
    read = model(f"{COMPONENTS}ex:s a sh:NodeShape ; ex:b 4 .")
    assert read.shapes[f"{EX}s"].constraints == ()


# Files and places.


def test_files_of_any_format_together() -> None:
    one = rdf.read("one.ttl", data=f"{HEAD}ex:s sh:node _:a . _:a sh:class ex:C .".encode())
    two = rdf.read("two.nt", data=f"_:a <{SH}class> <{EX}D> .\n<{EX}t> <{SH}node> _:a .".encode())
    three = rdf.read(
        "three.jsonld",
        data=f'{{"@id": "{EX}u", "{SH}targetNode": {{"@id": "{EX}a"}}}}'.encode(),
    )
    read = Shapes.of([one, two, three])
    found = reading.read(read, places=True).shapes
    assert found[f"{EX}s"].constraints != found[f"{EX}t"].constraints  # two nodes, both _:a
    assert found[f"{EX}s"].place == ("one.ttl", LINE, 1)
    assert found[f"{EX}t"].place == ("two.nt", 2, 1)
    assert found[f"{EX}u"].place == ("three.jsonld", 1, 10)
    assert read.file == "one.ttl, two.nt, three.jsonld"


def test_files_by_their_paths(tmp_path: Path) -> None:
    file = tmp_path / "a.trig"
    file.write_text(f"{HEAD}ex:g {{ ex:s sh:class ex:C }}", "utf-8")
    assert Shapes.of([file]).ids == Shapes.of([str(file)]).ids == (f"{EX}s",)
    with pytest.raises(InputError, match="no such file"):
        Shapes.of([tmp_path / "none.ttl"])


def test_places_of_shapes_and_of_their_triples() -> None:
    read = shapes(
        "ex:s sh:class ex:C ;\n"
        "  sh:property [ sh:path ex:p ] , [ sh:path ex:q ;\n"
        "    sh:minCount 1 ] ;\n"
        "  sh:property _:x .\n"
        "_:x sh:path ex:r ;\n"
        "  sh:or ( [ sh:class ex:D ] ) .\n"
    )
    first, second, third, inner = [
        next(name for name in read.ids if read.values(name, local) == [ex(value)])
        for local, value in (("path", "p"), ("path", "q"), ("path", "r"), ("class", "D"))
    ]
    assert read.place(f"{EX}s") == ("shapes.ttl", LINE, 1)
    assert read.place(f"{EX}s", f"{SH}class", ex("C")) == ("shapes.ttl", LINE, 15)
    assert read.place(f"{EX}s", f"{SH}nothing") == ("shapes.ttl", LINE, 1)
    assert read.place(first) == ("shapes.ttl", LINE + 1, 15)
    assert read.place(second) == ("shapes.ttl", LINE + 1, 34)
    assert read.place(second, f"{SH}minCount", integer(1)) == ("shapes.ttl", LINE + 2, 17)
    assert read.place(third) == ("shapes.ttl", LINE + 4, 1)
    assert read.place(inner) == ("shapes.ttl", LINE + 5, 3)
    assert read.place("https://e.org/none") is None
    assert Shapes(read.triples).place(f"{EX}s") is None


def test_the_place_of_a_blank_shape_that_nothing_leads_to() -> None:
    read = shapes("ex:s sh:class ex:C .\n[] sh:targetNode ex:n ;\n  sh:class ex:D .\n")
    (blank,) = [name for name in read.ids if not read.named(name)]
    assert read.place(blank) == ("shapes.ttl", LINE + 1, 1)
    assert read.place(blank, f"{SH}class", ex("D")) == ("shapes.ttl", LINE + 2, 12)


# The shapes that come with the package, and those of the W3C.


def test_the_shipped_shapes_are_read_and_each_has_its_place() -> None:
    union, alone = map(Shapes.of, of_folder(SHAPES))
    for read in (union, alone):
        found = reading.read(read, places=True)
        assert found.roots
        for held in found.shapes.values():
            assert held.place is not None
            assert Path(held.place[0]).parent == SHAPES
    kinds = {c.kind for s in reading.read(union).shapes.values() for c in s.constraints}
    assert {"SPARQL", "Pattern", "QualifiedMinCount", "Xone", "Or", "Not"} <= kinds


def test_reading_the_shipped_shapes_calls_little() -> None:
    """Calls of Python functions for each triple: unlike a time, the same on every machine."""
    shapes = [Shapes.of(file) for file in of_folder(SHAPES)]
    calls = collections.Counter[str]()
    sys.setprofile(lambda _frame, event, _: calls.update([event]))
    try:
        for one in shapes:
            reading.read(one)
    finally:
        sys.setprofile(None)
    assert calls["call"] < 40 * sum(len(one.triples) for one in shapes)  # some 33


CASES = w3c.cases()


@pytest.mark.skipif(not CASES, reason=w3c.ABSENT)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_shapes_of_the_w3c(case: w3c.Case) -> None:
    """All that the suite means to be legal is read; what must fail is refused."""
    triples = w3c.triples(case.shapes)
    if case.expected is None:
        with pytest.raises(InputError):
            reading.read(Shapes(triples))
    else:
        assert reading.read(Shapes(triples)).shapes


# A law: what is kept of shapes is what they are.


@given(strategies.cases(odd=True, recursive=True))
def test_law_a_model_is_the_same_as_json(case: tuple[object, list[Triple]]) -> None:
    read = reading.read(Shapes(case[1]))
    assert plain.load(plain.dump(read), KEPT) == read


def test_a_term_and_a_text_as_json_are_what_they_were() -> None:
    value = Sparql("a:s", "SELECT", {"": "x", "en": "é"})
    terms = (
        NamedNode("a:b"),
        BlankNode("b"),
        Literal("a", language="en"),
        Literal(1.5),
        None,
        True,
    )
    towards = Literal("a", language="ar", direction=BaseDirection("rtl"))
    for one in (value, terms, (frozenset({"b", "a"}), towards)):
        assert plain.load(plain.dump(one), [Sparql]) == one
    with pytest.raises(TypeError, match="object is no plain data"):
        plain.dump(object())


# A law: a path that is written as SHACL writes it reads as itself.

PREDICATES = st.sampled_from("pqr").map(lambda local: PropertyPath.of(EX + local))
PATHS = st.recursive(
    PREDICATES,
    lambda inner: (
        st.builds(
            lambda part, mark: PropertyPath(mark, parts=(part,)), inner, st.sampled_from("^*+?")
        )
        | st.builds(
            lambda parts, mark: PropertyPath(mark, parts=tuple(parts)),
            st.lists(inner, min_size=2, max_size=3),
            st.sampled_from("/|"),
        )
    ),
    max_leaves=6,
)


@given(PATHS)
def test_law_paths_are_read_as_written(path: PropertyPath) -> None:
    written = b"".join(
        turtle.write_node({f"{SH}path": paths.described(path), f"{SH}minCount": 1}, Names())
    )
    shapes = Shapes(quad.triple for quad in parse(written, RdfFormat.TURTLE))
    (shape,) = reading.read(shapes).shapes.values()
    assert shape.path == path


def test_a_component_that_fewer_values_cannot_break_has_nothing_to_say_without_any() -> None:
    saying = {kind for kind, component in components.COMPONENTS.items() if component.fewer}
    assert saying == {"MinCount", "QualifiedMinCount", "HasValue", "Equals", "SPARQL"}
    against = model("ex:s sh:not ex:t ; sh:xone ( ex:u ) . ex:t sh:minCount 1 ; sh:path ex:p .")
    edges = [edge for c in against.shapes[f"{EX}s"].constraints for edge in components.signed(c)]
    assert edges == [(f"{EX}t", -1), (f"{EX}u", 1), (f"{EX}u", -1)]
