"""Shapes that are not legal are refused by name, file and line, and the message says what is."""

from __future__ import annotations

import re

import pytest
from pyoxigraph import NamedNode

from gsefgraph.errors import GsefgraphError, InputError
from gsefgraph.records import rdf
from gsefgraph.shacl.shapes import legality, reading
from gsefgraph.shacl.shapes.components import COMPONENTS
from gsefgraph.shacl.shapes.graph import Shapes

HEAD = """PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX ex: <https://e.org/>
"""
LINE = HEAD.count("\n") + 2  # where the second line of a body stands


def shapes(body: str) -> Shapes:
    return Shapes.of([rdf.read("shapes.ttl", data=(HEAD + body).encode())])


def refused(body: str) -> GsefgraphError:
    with pytest.raises(GsefgraphError) as caught:
        reading.read(shapes(body))
    assert "\n" not in str(caught.value)
    return caught.value


# What a shape says after `ex:s a …Shape ;` and a line end, and parts of the message about it.
NODE = [
    ("sh:path ex:p", "a sh:NodeShape that has sh:path; make it a sh:PropertyShape"),
    ("sh:minCount 1", "sh:minCount on a node shape; only property shapes, which have sh:path"),
    ("sh:maxCount 1", "sh:maxCount on a node shape"),
    ("sh:uniqueLang true", "sh:uniqueLang on a node shape"),
    ("sh:lessThan ex:p", "sh:lessThan on a node shape"),
    ("sh:lessThanOrEquals ex:p", "sh:lessThanOrEquals on a node shape"),
    (
        "sh:qualifiedValueShape [] ; sh:qualifiedMinCount 1",
        "sh:qualifiedValueShape on a node shape",
    ),
    ("sh:property [ sh:class ex:C ]", "sh:property a blank node has no sh:path"),
    ("sh:property ex:nothing", "sh:property <https://e.org/nothing> has no sh:path"),
    ("sh:node [ sh:path ex:p ]", "sh:node a blank node has a sh:path"),
    ("sh:targetNode []", "sh:targetNode a blank node; its value is an IRI or a literal"),
    ('sh:targetClass "C"', 'sh:targetClass "C"; its value is an IRI'),
    ("sh:targetClass []", "sh:targetClass a blank node; its value is an IRI"),
    ("sh:targetSubjectsOf 1", 'sh:targetSubjectsOf "1"^^xsd:integer; its value is an IRI'),
    ("sh:targetObjectsOf [ ]", "sh:targetObjectsOf a blank node; its value is an IRI"),
]
BOTH = [
    ('sh:severity "high"', 'sh:severity "high"; its value is an IRI'),
    ("sh:severity sh:Info, sh:Warning", "2 values for sh:severity; a shape has one at the most"),
    ('sh:deactivated "yes"', 'sh:deactivated "yes"; its value is true or false'),
    ("sh:deactivated true, false", "2 values for sh:deactivated"),
    ("sh:message ex:m", "sh:message <https://e.org/m>; its value is a text with or without"),
    ('sh:class "C"', 'sh:class "C"; its value is an IRI'),
    ("sh:class []", "sh:class a blank node; its value is an IRI"),
    ('sh:datatype "integer"', 'sh:datatype "integer"; its value is an IRI'),
    ("sh:datatype xsd:date, xsd:gYear", "2 values for sh:datatype"),
    ("sh:nodeKind ex:Thing", "sh:nodeKind <https://e.org/Thing>; its value is one of sh:BlankNode"),
    ("sh:nodeKind sh:Iri", "sh:nodeKind sh:Iri; its value is one of"),
    ("sh:nodeKind sh:IRI, sh:Literal", "2 values for sh:nodeKind"),
    ("sh:minInclusive ex:one", "sh:minInclusive <https://e.org/one>; its value is a literal"),
    ("sh:minInclusive 1, 2", "2 values for sh:minInclusive"),
    ("sh:maxInclusive []", "sh:maxInclusive a blank node; its value is a literal"),
    ("sh:minExclusive ex:one", "sh:minExclusive"),
    ("sh:maxExclusive ex:one", "sh:maxExclusive"),
    ('sh:minLength "1"', 'sh:minLength "1"; its value is a whole number such as 1 (xsd:integer)'),
    ("sh:maxLength 1.0", 'sh:maxLength "1.0"^^xsd:decimal; its value is a whole number'),
    ("sh:maxLength 1, 2", "2 values for sh:maxLength"),
    ('sh:pattern "a", "b"', "2 values for sh:pattern"),
    ('sh:pattern "a"@en', 'sh:pattern "a"@en; its value is a text without a language tag'),
    ("sh:pattern ex:p", "sh:pattern <https://e.org/p>; its value is a text"),
    ('sh:pattern "(a" ', 'sh:pattern "(a": a ( without its )'),
    ('sh:pattern "(a)\\\\1"', "back-references such as \\1"),
    ('sh:pattern "a" ; sh:flags "g"', "no flag 'g'"),
    ('sh:pattern "a" ; sh:flags "i", "s"', "2 values for sh:flags"),
    ('sh:languageIn "en"', 'sh:languageIn: "en" is not a list; its value is a list ( … )'),
    ("sh:languageIn ( 1 )", 'sh:languageIn has the member "1"^^xsd:integer; each member is a text'),
    ('sh:languageIn ( "en" ), ( "fr" )', "2 values for sh:languageIn"),
    ("sh:equals [ sh:inversePath ex:p ]", "sh:equals a blank node; its value is an IRI"),
    ('sh:disjoint "p"', 'sh:disjoint "p"; its value is an IRI'),
    ('sh:not "s"', 'sh:not "s"; its value is a shape'),
    ('sh:node "s"', 'sh:node "s"; its value is a shape'),
    ('sh:property "s"', 'sh:property "s"; its value is a shape'),
    ("sh:and ex:t", "sh:and: <https://e.org/t> is not a list; its value is a list ( … )"),
    ("sh:or [ sh:class ex:C ]", "sh:or: a blank node is not a list"),
    ('sh:xone ( "s" )', 'sh:xone has the member "s"; each member is a shape'),
    ("sh:closed 1", 'sh:closed "1"^^xsd:integer; its value is true or false'),
    ("sh:closed true, false", "2 values for sh:closed"),
    (
        "sh:closed true ; sh:ignoredProperties ex:p",
        "sh:ignoredProperties: <https://e.org/p> is not",
    ),
    ("sh:closed true ; sh:ignoredProperties ( 'p' )", "sh:ignoredProperties has the member"),
    ("sh:in ex:list", "sh:in: <https://e.org/list> is not a list"),
    ("sh:in ( 1 ), ( 2 )", "2 values for sh:in"),
    ("sh:in [ rdf:first 1 ]", "1 values for rdf:first and 0 for rdf:rest"),
    ("sh:in [ rdf:first 1, 2 ; rdf:rest () ]", "2 values for rdf:first and 1 for rdf:rest"),
    ("sh:in [ rdf:first 1 ; rdf:rest ex:x ]", "the list ends in <https://e.org/x>, not rdf:nil"),
    ("sh:in _:l . _:l rdf:first 1 ; rdf:rest _:l", "sh:in: the list loops"),
    ("sh:in () . () rdf:first 1", "rdf:nil has members"),
    ('sh:sparql "SELECT"', 'sh:sparql "SELECT"; its value is a SPARQL constraint'),
    ("sh:sparql []", "its sh:sparql constraint has 0 values for sh:select"),
]
PROPERTY = [
    ("sh:path ex:p, ex:q", "2 values for sh:path"),
    ('sh:path "p"', 'sh:path "p"; its value is a property path'),
    ("sh:path []", "sh:path: a blank node without one of SHACL's path operators"),
    ("sh:path ()", "sh:path: a sequence of no paths, where two or more are wanted"),
    ("sh:path ( ex:p )", "sh:path: a sequence of one path"),
    ("sh:path [ sh:alternativePath ( ex:p ) ]", "sh:path: an alternative of one path"),
    ("sh:path [ sh:alternativePath ex:p ]", "sh:path: <https://e.org/p> is not a list"),
    ("sh:path [ sh:inversePath ex:p, ex:q ]", "sh:path: the path has 2 values for sh:inversePath"),
    ('sh:path ( ex:p "q" )', 'sh:path: "q" is a literal, not a property path'),
    ("sh:path _:a . _:a sh:zeroOrMorePath _:a", "sh:path: the path leads back to itself"),
    ("sh:path _:a . _:a rdf:first ex:p ; rdf:rest _:a", "sh:path: the list loops"),
    ("sh:path ex:p ; sh:minCount 1, 2", "2 values for sh:minCount; a shape has one at the most"),
    ("sh:path ex:p ; sh:maxCount 1, 2", "2 values for sh:maxCount"),
    ('sh:path ex:p ; sh:minCount "1"', 'sh:minCount "1"; its value is a whole number'),
    ('sh:path ex:p ; sh:minCount "one"^^xsd:integer', 'sh:minCount "one"^^xsd:integer'),
    ('sh:path ex:p ; sh:maxCount "1"^^xsd:int', "sh:maxCount"),
    ('sh:path ex:p ; sh:uniqueLang "true"', 'sh:uniqueLang "true"; its value is true or false'),
    ("sh:path ex:p ; sh:uniqueLang true, false", "2 values for sh:uniqueLang"),
    ('sh:path ex:p ; sh:lessThan "q"', 'sh:lessThan "q"; its value is an IRI'),
    ("sh:path ex:p ; sh:lessThanOrEquals []", "sh:lessThanOrEquals a blank node"),
    ("sh:path ex:p ; sh:qualifiedValueShape ex:t, ex:u", "2 values for sh:qualifiedValueShape"),
    ("sh:path ex:p ; sh:qualifiedValueShape 't'", "its value is a shape"),
    ("sh:path ex:p ; sh:qualifiedMinCount 'one'", "its value is a whole number"),
    ("sh:path ex:p ; sh:qualifiedMaxCount 1, 2", "2 values for sh:qualifiedMaxCount"),
    ("sh:path ex:p ; sh:qualifiedValueShapesDisjoint 1", "its value is true or false"),
]
CASES = [("sh:NodeShape", *case) for case in NODE + BOTH]
CASES += [("sh:PropertyShape", *case) for case in PROPERTY]
CASES += [("sh:PropertyShape", f"sh:path ex:p ; {said}", part) for said, part in BOTH]


@pytest.mark.parametrize(("kind", "said", "part"), CASES)
def test_syntax_rules(kind: str, said: str, part: str) -> None:
    error = refused(f"ex:s a {kind} ;\n  {said} .")
    assert isinstance(error, InputError)
    assert part in str(error)
    assert str(error).startswith(f"shapes.ttl:{LINE}:")
    assert "shape <https://e.org/s>: " in str(error)


@pytest.mark.parametrize(("kind", "said", "part"), CASES)
def test_the_rule_is_there_for_each_table_row(kind: str, said: str, part: str) -> None:
    """A row that names a term names one that has a rule."""
    named = re.match(r"(?:2 values for )?sh:(\w+)", part)
    assert named is None or named[1] in legality._RULES


@pytest.mark.parametrize(("kind", "said", "part"), CASES)
def test_what_is_not_legal_can_be_left_out(kind: str, said: str, part: str) -> None:
    """It is named as where it is refused, and the others are there."""
    good = "ex:good a sh:NodeShape ; sh:targetClass ex:C ; sh:nodeKind sh:IRI ."
    body = f"ex:s a {kind} ;\n  {said} .\n{good}"
    strict = refused(body)
    model, faults = reading.read_legal(shapes(body))
    assert str(strict) in map(str, faults)
    assert [root.id for root in model.roots] == ["https://e.org/good"]
    assert all(part in str(error) for error in faults[:1])


def kept(body: str) -> dict[str, list[str]]:
    """The kinds of the constraints that are left, by the names of shapes."""
    model, faults = reading.read_legal(shapes(body))
    assert faults
    found = model.shapes.items()
    return {name.rpartition("/")[2]: [c.kind for c in shape.constraints] for name, shape in found}


def test_what_leans_on_a_shape_that_is_left_out() -> None:
    bad = "ex:bad sh:severity 'x' . ex:gone sh:class ex:D . "
    assert kept(f"{bad} ex:s sh:property ex:gone, [ sh:path ex:p ] .")["s"] == ["Property"]
    assert kept(f"{bad} ex:s sh:node ex:bad ; sh:nodeKind sh:IRI .")["s"] == ["NodeKind"]
    assert kept(f"{bad} ex:s sh:or ( ex:bad ex:t ) . ex:t sh:in () .")["s"] == []
    # What is allowed cannot be known.
    assert kept(f"{bad} ex:s sh:closed true ; sh:property ex:gone .")["s"] == []
    # A shape that lacks a constraint takes too much for right: only what that hides stays.
    lacking = f"{bad} ex:t sh:node ex:bad ; sh:in () . "
    for asks, left in (
        ("sh:node ex:t", ["Node"]), ("sh:or ( ex:t )", ["Or"]), ("sh:and ( ex:t )", ["And"]),
        ("sh:not ex:t", []), ("sh:xone ( ex:t )", []), ("sh:not [ sh:node ex:t ]", []),
        ("sh:path ex:p ; sh:qualifiedValueShape ex:t ; sh:qualifiedMinCount 1",
         ["QualifiedMinCount"]),
        ("sh:path ex:p ; sh:qualifiedValueShape ex:t ; sh:qualifiedMaxCount 1", []),
    ):  # fmt: skip
        assert kept(f"{lacking} ex:s {asks} .")["s"] == left, asks


BESIDE = [
    ("sh:minCount 1", "sh:minCount on a node shape", []),
    ("sh:or ( [ sh:class ex:A ] 'b' ), ( [ sh:in () ] )", "sh:or has the member", ["Or"]),
    ("sh:property 'x'", "sh:property \"x\"", []),
    ("sh:sparql [ sh:select 'SELECT $this { MINUS { $this ?p ?o } }' ], [ sh:select 'SELECT $this "
     "{ $this ?p ?o }' ]", "MINUS", ["SPARQL"]),
    ("sh:sparql [ sh:select 'SELECT $this { SERVICE <a:b> { $this ?p ?o } }' ]", "SERVICE", []),
    ("sh:in ( 1 ), ( 2 ) ; sh:nodeKind sh:IRI", "2 values for sh:in", ["NodeKind"]),
    ("sh:pattern '(' ; sh:minLength 1", "sh:pattern", ["MinLength"]),
    ("sh:pattern 'a' ; sh:flags 1 ; sh:minLength 1", "sh:flags", ["MinLength"]),
    ("sh:node [ sh:path ex:p ], ex:t", "sh:node", ["Node"]),
    ("sh:message 1", "sh:message", []),
    ("sh:targetClass 'x', ex:C", "sh:targetClass", []),
    ("ex:no true", "sh:ask is not SPARQL", []),
    ("ex:two 1, 2 ; ex:three 1", "2 values for", []),
    ("sh:closed true ; sh:property ex:bad", "sh:severity", ["Closed"]),
    ("sh:closed true ; sh:property ex:nothing", "sh:closed: which properties", []),
]  # fmt: skip


@pytest.mark.parametrize(("said", "part", "left"), BESIDE)
def test_a_fault_takes_its_constraint_and_nothing_beside_it(
    said: str, part: str, left: list[str]
) -> None:
    """What is left out is named, and the property shapes of the same shape are there."""
    body = f"""ex:s sh:property [ sh:path ex:p ; sh:maxCount 1 ] ; {said} . ex:t sh:in () .
        ex:u sh:not ex:s . ex:bad sh:path ex:q ; sh:severity "x" .
        ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:no ] ;
            sh:validator [ sh:ask "ASK {{ nonsense" ] .
        ex:D a sh:ConstraintComponent ; sh:validator [ sh:ask "ASK {{}}" ] ;
            sh:parameter [ sh:path ex:two ], [ sh:path ex:three ]"""
    file = rdf.read("shapes.ttl", data=f"{HEAD}{body} .".encode())
    model, faults = reading.read_legal(Shapes.of([file], lenient=True))
    assert any(part in str(error) for error in faults)
    shape = model.shapes["https://e.org/s"]
    assert all(isinstance(target.value, NamedNode) for target in shape.targets)
    assert not shape.messages
    kinds = [constraint.kind for constraint in shape.constraints]
    assert kinds == sorted(["Property", *left], key=[*COMPONENTS].index)
    # A shape that lacks a constraint takes too much for right.
    lacks = "message" not in said and "target" not in said
    assert bool(model.shapes["https://e.org/u"].constraints) != lacks
    assert len(set(map(str, faults))) == len(faults)


def test_a_component_that_is_not_legal_is_left_out_with_what_uses_it() -> None:
    body = """ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:need ] ;
        sh:validator [ sh:ask "ASK { MINUS { ?s ?p ?o } }" ] .
        ex:t ex:need 1 ; sh:nodeKind sh:IRI . ex:s sh:not ex:t ; sh:node ex:t ."""
    assert kept(body) == {"t": ["NodeKind"], "s": ["Node"]} | {
        name: [] for name in kept(body) if name.startswith("urn:")
    }


def test_recursion_through_a_negation_can_be_left_out() -> None:
    assert kept("ex:s sh:not ex:s . ex:t sh:node ex:s ; sh:in () .") == {"t": ["In"]}


def test_what_would_fetch_can_be_left_out() -> None:
    query = "SELECT $this { SERVICE <https://e.org/> { $this ?p ?o } }"
    body = f"ex:s sh:sparql [ sh:select '{query}' ] . ex:t sh:in () ."
    read = Shapes.of([rdf.read("shapes.ttl", data=(HEAD + body).encode())], lenient=True)
    model, (error,) = reading.read_legal(read)
    assert "SERVICE" in str(error)
    assert {name: len(shape.constraints) for name, shape in model.shapes.items()} == {
        "https://e.org/s": 0, "https://e.org/t": 1
    }  # fmt: skip


def test_every_rule_has_a_case() -> None:
    told = " ".join(said for _, said, _ in CASES)
    free = {"hasValue"}  # any node, any number of them
    for local in legality._RULES.keys() - free:
        assert f"sh:{local} " in f"{told} ", local


def test_a_property_shape_without_a_path() -> None:
    error = refused("ex:s a sh:PropertyShape ;\n  sh:class ex:C .")
    assert "a sh:PropertyShape without sh:path; give it one, or make it a sh:NodeShape" in str(
        error
    )


def test_a_subclass_of_shapes_is_of_their_kind() -> None:
    error = refused("ex:Own rdfs:subClassOf sh:PropertyShape . ex:s a ex:Own .")
    assert "without sh:path" in str(error)


def test_a_blank_shape_that_is_a_class() -> None:
    error = refused("[] a sh:NodeShape, rdfs:Class ; sh:class ex:C .")
    assert "both a shape and an rdfs:Class; give it an IRI" in str(error)
    assert "shape without a name: " in str(error)


def test_entailment_is_not_done() -> None:
    error = refused("ex: sh:entailment <http://www.w3.org/ns/entailment/RDFS> .")
    assert "sh:entailment <http://www.w3.org/ns/entailment/RDFS> is not done here" in str(error)


def test_a_path_that_grows_without_end() -> None:
    doubled = " ".join(f"_:p{n} sh:alternativePath ( _:p{n + 1} _:p{n + 1} ) ." for n in range(40))
    error = refused(
        f"ex:s a sh:PropertyShape ; sh:path _:p0 . {doubled} _:p40 sh:inversePath ex:p ."
    )
    assert "over 500 parts" in str(error)


def test_a_blank_shape_is_named_by_what_is_around_it_and_placed_at_its_line() -> None:
    error = refused(
        "ex:s sh:property [ sh:path ex:p ; sh:class ex:C ] ,\n"
        "    [ sh:path ex:q ;\n"
        '      sh:datatype "x" ] .'
    )
    assert f"shapes.ttl:{LINE + 1}:19: shape inside <https://e.org/s>: sh:datatype" in str(error)


def test_a_member_of_a_list_is_placed_at_the_list() -> None:
    error = refused("ex:s\n  sh:or ( [ sh:class ex:C ]\n [ sh:class 1 ] ) .")
    assert str(error).startswith(f"shapes.ttl:{LINE}:")
    assert "inside <https://e.org/s>" in str(error)


@pytest.mark.parametrize(
    "through",
    [
        "sh:not ex:s",
        "sh:xone ( ex:s ex:t )",
        "sh:property [ sh:path ex:p ; sh:qualifiedValueShape ex:s ; sh:qualifiedMaxCount 1 ]",
        "sh:not ex:t . ex:t sh:node ex:s",
        "sh:and ( ex:t ) . ex:t sh:or ( ex:u ) . ex:u sh:xone ( ex:s )",
        "sh:property [ sh:path ex:p ; sh:qualifiedValueShapesDisjoint true ; sh:qualifiedMinCount 1"
        " ; sh:qualifiedValueShape ex:t ] , [ sh:path ex:q ; sh:qualifiedMinCount 1 ; "
        "sh:qualifiedValueShape ex:s ]",
    ],
)
def test_recursion_through_a_negation(through: str) -> None:
    error = refused(f"ex:s sh:targetClass ex:C ; {through} .")
    assert "leads back to itself through sh:not, sh:xone or a maximum count" in str(error)


@pytest.mark.parametrize(
    "through",
    [
        "sh:node ex:s",
        "sh:property [ sh:path ex:p ; sh:node ex:s ]",
        "sh:and ( ex:s )",
        "sh:or ( ex:s ex:t )",
        "sh:property [ sh:path ex:p ; sh:qualifiedValueShape ex:s ; sh:qualifiedMinCount 1 ]",
        "sh:not ex:t . ex:t sh:class ex:C",
        "sh:not ex:t . ex:t sh:node ex:s ; sh:deactivated true",
    ],
)
def test_recursion_that_has_one_meaning(through: str) -> None:
    reading.read(shapes(f"ex:s sh:targetClass ex:C ; {through} ."))


@pytest.mark.parametrize(
    ("select", "part"),
    [
        ("SELECT ?s { ?s ?p ?o }", "its SELECT does not give $this"),
        ("SELECT (?s AS ?x) { ?s ?p $this }", "its SELECT does not give $this"),
        ("SELECT * { ?s ?p ?o FILTER(?s = $this) }", "its SELECT does not give $this"),
        ("SELECT * { ?s ?p ?o FILTER EXISTS { $this ?p ?o } }", "does not give $this"),
        ("ASK { $this ?p ?o }", "this is ASK, where SELECT is wanted"),
        ("CONSTRUCT { $this ?p ?o } { $this ?p ?o }", "this is CONSTRUCT"),
        ("DELETE WHERE { $this ?p ?o }", "this is UPDATE"),
        ("SELECT $this { $this ?p ?o MINUS { $this a ?o } }", "MINUS is not allowed"),
        ("SELECT $this { $this ?p ?o FILTER NOT EXISTS { ?o ?p ?x MINUS { ?x a ?o } } }", "MINUS"),
        ("SELECT $this { $this ?p ?o VALUES ?o { 1 } }", "VALUES is not allowed"),
        ("SELECT $this { $this ?p ?o } VALUES ?o { 1 }", "VALUES is not allowed"),
        ("SELECT $this { $this ?p ?o { SELECT ?o { ?o ?p ?x } } }", "a SELECT inside it does not"),
        ("SELECT $this { { SELECT * { FILTER($this = ex:a) } } }", "a SELECT inside it does not"),
        ("SELECT * { { SELECT ?o { $this ?p ?o } } }", "its SELECT does not give $this"),
        ("SELECT $this { $this ?p ?o } ORDER BY REGEX(STR(?o), '(')", "the pattern '(' cannot be"),
        ("SELECT $this { BIND(1 AS ?this) }", "AS ?this gives a new value"),
        ("SELECT (?o AS $this) { ?s ?p ?o }", "AS $this gives a new value"),
        ("SELECT $this { BIND(1 AS ?currentShape) }", "AS ?currentShape gives a new value"),
        ("SELECT $this { $this $PATH ?o }", "$PATH, and a node shape has no path"),
        ("SELECT $this { $this ?p }", "not SPARQL"),
        ("SELECT $this { $this no:p ?o }", "sh:select is not SPARQL: unexpected no:p (prefix not"),
        (
            "SELECT $this { FILTER(ex:f($this)) }",
            "sh:select: there is no function <https://e.org/f>",
        ),
        (
            "SELECT $this { FILTER(ex:function($this)) }",
            "sh:select: the function <https://e.org/function> is of SHACL’s advanced features",
        ),
        ("SELECT $this ?o { $this ?p ?o } GROUP BY $this", "sh:select: ?o is neither grouped by"),
        ("", "the query is empty"),
    ],
)
def test_queries_that_pre_binding_forbids(select: str, part: str) -> None:
    error = refused(
        'ex: sh:declare [ sh:prefix "ex" ; sh:namespace "https://e.org/" ] .\n'
        "ex:s a sh:NodeShape ; sh:sparql ex:q . ex:function a sh:SPARQLFunction .\n"
        f'ex:q sh:prefixes ex: ;\n  sh:select """{select}""" .'
    )
    assert isinstance(error, InputError)
    assert part in str(error)
    assert str(error).startswith(f"shapes.ttl:{LINE + 2}:3: shape <https://e.org/s>: ")


@pytest.mark.parametrize(
    "select",
    [
        "SELECT $this ?value { $this ex:p ?value }",
        "SELECT DISTINCT ?this { $this ?p ?o }",
        "SELECT * { $this ?p ?o }",
        "SELECT * { { ?s ex:list ( $this ) } UNION { $this ?p ?o } }",
        "SELECT $this (COUNT(?o) AS ?n) { $this ?p ?o } GROUP BY $this HAVING (COUNT(?o) > 1)",
        "SELECT $this { $this ?p ?o { SELECT $this (MAX(?x) AS ?m) { $this ?q ?x } "
        "GROUP BY $this } }",
        "SELECT $this { FILTER NOT EXISTS { $this ?p ?o } } # MINUS VALUES",
        'SELECT $this { $this ?p "MINUS" FILTER(STRLEN("VALUES") > 1) }',
    ],
)
def test_queries_that_are_free(select: str) -> None:
    reading.read(
        shapes(
            'ex: sh:declare [ sh:prefix "ex" ; sh:namespace "https://e.org/" ] .\n'
            f"ex:s a sh:NodeShape ; sh:sparql [ sh:prefixes ex: ; sh:select '''{select}''' ] ."
        )
    )


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ('sh:prefix "a"', "sh:declare with 1 sh:prefix and 0 sh:namespace; give it one of each"),
        (
            'sh:prefix "a" ; sh:namespace "b:", "c:"',
            "sh:declare with 1 sh:prefix and 2 sh:namespace",
        ),
        (
            'sh:prefix "a" ; sh:namespace "b:" ] , [ sh:prefix "a" ; sh:namespace "c:"',
            "the prefix a: stands for <b:> and <c:>; declare it once",
        ),
    ],
)
def test_prefixes(said: str, part: str) -> None:
    error = refused(
        f"ex: sh:declare [ {said} ] .\n"
        'ex:s sh:sparql [ sh:prefixes ex: ; sh:select "SELECT $this { $this ?p ?o }" ] .'
    )
    assert part in str(error)


@pytest.mark.parametrize(
    ("select", "part"),
    [
        ('"SELECT $this {}", "SELECT $this { }"', "2 values for sh:select; give it one SELECT"),
        ("1", 'sh:select "1"'),
        ('"SELECT $this {}"@en', "is not a text"),
    ],
)
def test_one_query_as_text(select: str, part: str) -> None:
    assert part in str(refused(f"ex:s sh:sparql [ sh:select {select} ] ."))


@pytest.mark.parametrize(
    "said",
    [
        "sh:property ex:elsewhere",
        'sh:sparql [ sh:prefixes ex:o ; sh:select "SELECT $this { $this no:p ?o }" ]',
    ],
)
def test_what_is_missing_may_stand_in_what_is_imported(said: str) -> None:
    error = str(refused(f"ex:o owl:imports ex:base . ex:s {said} ."))
    assert (
        "; what it imports is not followed: give these files as well: <https://e.org/bas" in error
    )


COMPONENT = """
ex:Component a sh:ConstraintComponent ;
  sh:parameter [ sh:path ex:one ] , [ sh:path ex:two ; sh:optional true ] ;
  sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER($value != $one) }" ] .
"""


def test_two_values_for_a_component_with_two_parameters() -> None:
    error = refused(f"{COMPONENT}ex:s a sh:NodeShape ; ex:one 1, 2 .")
    assert "2 values for <https://e.org/one>; <https://e.org/Component> takes one" in str(error)


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ('sh:ask "ASK { BIND(1 AS ?value) }"', "AS ?value gives a new value"),
        ('sh:ask "ASK { BIND(1 AS ?one) }"', "AS ?one gives a new value"),
        ('sh:ask "ASK { $value ?p ?o MINUS { ?o ?p 1 } }"', "MINUS is not allowed"),
        ('sh:select "SELECT ?x { ?x ?p ?o }"', "its SELECT does not give $this"),
        ('sh:ask "SELECT $this {}"', "this is SELECT, where ASK is wanted"),
        (
            'sh:prefixes ex: ; sh:ask "ASK { FILTER(REGEX($value, ex:f(1)) || '
            "REGEX($value, '(', 'i')) }\" ] . "
            'ex: sh:declare [ sh:prefix "ex" ; sh:namespace "https://e.org/"',
            "the pattern '(' cannot be used",
        ),
    ],
)
def test_validators_of_components(query: str, part: str) -> None:
    error = refused(
        "ex:Component a sh:ConstraintComponent ; sh:parameter [ sh:path ex:one ] ;\n"
        f"  sh:validator [ {query} ] ."
    )
    assert f"shape <https://e.org/Component>: sh:validator: {part}" in str(error)


def test_what_would_fetch_is_refused_with_its_line() -> None:
    body = "ex:s sh:sparql [\n sh:select 'SELECT $this { SERVICE <https://e.org/> {} }' ] ."
    with pytest.raises(InputError, match=rf"shapes.ttl:{LINE}:2: sh:select of <https://e.org/s>"):
        shapes(body)


def test_shapes_that_are_in_no_file_are_named_all_the_same() -> None:
    triples = [
        quad.triple for quad in rdf.read("a.ttl", data=HEAD.encode() + b"ex:s sh:in 1 .").quads
    ]
    with pytest.raises(InputError, match=r"^somewhere: shape <https://e.org/s>: sh:in: "):
        reading.read(Shapes(triples, file="somewhere"))
