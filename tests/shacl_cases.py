"""What SHACL says of graphs small enough to judge by eye: the cases that every evaluator runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from gsefgraph.shacl.shapes.graph import Shapes
from gsefgraph.terms import Term

HEAD = """
PREFIX : <urn:t:>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
Row = tuple[str, str, str | None]


class Case(NamedTuple):
    """Data and shapes, both in Turtle, and the results: focus node, kind of constraint, value."""

    data: str
    rules: str
    rows: Collection[Row]


def quads(text: str) -> list[Quad]:
    return list(parse((HEAD + text).encode(), format=RdfFormat.TRIG))


def triples(text: str) -> list[Triple]:
    return [quad.triple for quad in quads(text)]


def shapes(text: str) -> Shapes:
    return Shapes(triples(text))


def short(term: Term | None) -> str | None:
    """A term as it is written in these cases."""
    if isinstance(term, NamedNode):
        return term.value.removeprefix("urn:t:")
    if isinstance(term, Literal):
        return f"{term.value}@{term.language}" if term.language else f'"{term.value}"'
    return "[]" if isinstance(term, BlankNode) else None


def on(path: str, rules: str, *, target: str = "sh:targetSubjectsOf :p") -> str:
    return f":S a sh:PropertyShape ; {target} ; sh:path {path} ; {rules} ."


def node(rules: str, *, target: str = "sh:targetSubjectsOf :p") -> str:
    return f":S a sh:NodeShape ; {target} ; {rules} ."


# A constraint, values that are good, values that are bad: each by itself.
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
    ("sh:pattern '^urn:t:x'", ":x1", "'x1'"),
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

# A constraint, what is stated of :s, the rows: values taken together.
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
    ("sh:equals :q", ":s :p 1, 2 ; :q 2, 3", [("s", "Equals", '"1"'), ("s", "Equals", '"3"')]),
    ("sh:disjoint :q", ":s :p 1, 2 ; :q 3", []),
    ("sh:disjoint :q", ":s :p 1, 2 ; :q 2, 3", [("s", "Disjoint", '"2"')]),
    ("sh:lessThan :q", ":s :p 1, 2 ; :q 3, 4.5", []),
    ("sh:lessThan :q", ":s :p 1, 2 ; :q 2, 2.0, 9", [("s", "LessThan", '"2"')]),
    ("sh:lessThan :q", ":s :p 1 ; :q 'x', :y", [("s", "LessThan", '"1"')]),
    ("sh:lessThan :q", ":s :p :x", []),
    ("sh:lessThanOrEquals :q", ":s :p 1, 2 ; :q 2.0", []),
    ("sh:lessThanOrEquals :q", ":s :p 3, 2 ; :q 2.0", [("s", "LessThanOrEquals", '"3"')]),
    ("sh:lessThanOrEquals :q", ":s :p 'NaN'^^xsd:double ; :q 1",
     [("s", "LessThanOrEquals", '"NaN"')]),
    ("sh:qualifiedValueShape [ sh:class :C ] ; sh:qualifiedMinCount 1", ":s :p :c, :x", []),
    ("sh:qualifiedValueShape [ sh:class :C ] ; sh:qualifiedMinCount 2", ":s :p :c, :x",
     [("s", "QualifiedMinCount", None)]),
    ("sh:qualifiedValueShape [ sh:class :C ] ; sh:qualifiedMaxCount 1", ":s :p :c, :x", []),
    ("sh:qualifiedValueShape [ sh:class :C ] ; sh:qualifiedMaxCount 1", ":s :p :c, :d",
     [("s", "QualifiedMaxCount", None)]),
    ("sh:property [ sh:path :q ; sh:minCount 1 ]", ":s :p :x, :whole", [("x", "MinCount", None)]),
]  # fmt: skip

# Targets, the nodes that they select.
TARGETS = [
    ("sh:targetClass :C", ["c", "d"]),
    ("sh:targetClass :D", ["d"]),
    ("sh:targetNode :x, 'no', :c", ["c", '"no"', "x"]),
    ("sh:targetSubjectsOf :p", ["s"]),
    ("sh:targetObjectsOf :p", ['"1"', "c"]),
    ("a rdfs:Class", ["i"]),
    ("sh:targetClass :D ; sh:targetNode :d", ["d"]),
    ("sh:targetClass :None", []),
    ("sh:targetNode :x ; sh:deactivated true", []),
]

COMPONENTS = {
    "class nobody has": Case(":a :p :x .", on(":p", "sh:class :Nobody"), {("a", "Class", "x")}),
    "two classes": Case(":a :p :x . :x a :C .", on(":p", "sh:class :C, :D"), {("a", "Class", "x")}),
    "datatype": Case(
        ":a :p 1, '2019-02-30'^^xsd:date, '2019-02-28'^^xsd:date, :x, 'x'@en .",
        on(":p", "sh:datatype xsd:date"),
        {
            ("a", "Datatype", '"1"'),
            ("a", "Datatype", '"2019-02-30"'),
            ("a", "Datatype", "x"),
            ("a", "Datatype", "x@en"),
        },
    ),
    "datatype nobody has": Case(
        ":a :p 'x' .", on(":p", "sh:datatype :t"), {("a", "Datatype", '"x"')}
    ),
    "datatype of text with a language": Case(
        ":a :p 'x'@en, 'x' .", on(":p", "sh:datatype rdf:langString"), {("a", "Datatype", '"x"')}
    ),
    "counts beyond any data": Case(
        ":a :p 'x' .",
        on(":p", f"sh:minCount {10**40} ; sh:maxCount {10**40}"),
        {("a", "MinCount", None)},
    ),
    "lengths beyond any text": Case(
        ":a :p 'x' .",
        on(":p", f"sh:minLength {10**40} ; sh:maxLength {10**40}"),
        {("a", "MinLength", '"x"')},
    ),
    "a length written with zeros": Case(
        ":a :p 'x', 'xyz' .",
        on(":p", "sh:maxLength 0000000000000000000002"),
        {("a", "MaxLength", '"xyz"')},
    ),
    "minExclusive": Case(
        ":a :p 3, 4.0, 3.0, 1e1, 'x', '2020'^^xsd:gYear .",
        on(":p", "sh:minExclusive 3"),
        {
            ("a", "MinExclusive", '"3"'),
            ("a", "MinExclusive", '"3.0"'),
            ("a", "MinExclusive", '"x"'),
            ("a", "MinExclusive", '"2020"'),
        },
    ),
    "minInclusive": Case(
        ":a :p 3, 2.9, '03'^^xsd:byte, :x .",
        on(":p", "sh:minInclusive 3"),
        {("a", "MinInclusive", '"2.9"'), ("a", "MinInclusive", "x")},
    ),
    "maxExclusive of dates": Case(
        """:a :p '2019-01-01'^^xsd:date, '2020-01-01'^^xsd:date,
        '2019-01-01T00:00:00'^^xsd:dateTime .""",
        on(":p", "sh:maxExclusive '2020-01-01'^^xsd:date"),
        {("a", "MaxExclusive", '"2020-01-01"'), ("a", "MaxExclusive", '"2019-01-01T00:00:00"')},
    ),
    "maxInclusive of what is larger than a machine's numbers": Case(
        """:a :p 100000000000000000000000000000000000000001,
        99999999999999999999999999999999999999 .""",
        on(":p", "sh:maxInclusive 100000000000000000000000000000000000000000"),
        {("a", "MaxInclusive", '"100000000000000000000000000000000000000001"')},
    ),
    "minLength": Case(
        ":a :p 'é', 'éé', <u:>, '🙂🙂' .", on(":p", "sh:minLength 2"), {("a", "MinLength", '"é"')}
    ),
    "maxLength": Case(
        ":a :p '🙂🙂', '🙂🙂🙂', 'ab' .",
        on(":p", "sh:maxLength 2"),
        {("a", "MaxLength", '"🙂🙂🙂"')},
    ),
    "pattern": Case(
        ":a :p 'Abc', 'xyz', 12, <urn:t:b> .",
        on(":p", "sh:pattern '^a|b$' ; sh:flags 'i'"),
        {("a", "Pattern", '"xyz"'), ("a", "Pattern", '"12"')},
    ),
    "pattern with quotes": Case(
        """:a :p "it's", "no" .""", on(":p", """sh:pattern "'s$" """), {("a", "Pattern", '"no"')}
    ),
    "languageIn": Case(
        ":a :p 'x'@en, 'x'@EN-gb, 'x'@fr, 'x'@eng, 'x' .",
        on(":p", "sh:languageIn ('en')"),
        {
            ("a", "LanguageIn", "x@fr"),
            ("a", "LanguageIn", "x@eng"),
            ("a", "LanguageIn", '"x"'),
        },
    ),
    "equals on a node": Case(
        ":a :p :a . :b :p :c . :c :q :c .",
        ":S a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:equals :p .",
        {("b", "Equals", "b"), ("b", "Equals", "c")},
    ),
    "hasValue that no data mentions": Case(
        ":a :p 1 .", on(":p", "sh:hasValue :nowhere, 1"), {("a", "HasValue", None)}
    ),
    "in": Case(
        ":a :p 1, 01, 'x'@en, 'x', :x .",
        on(":p", "sh:in (1 'x'@en :x :nowhere)"),
        {("a", "In", '"01"'), ("a", "In", '"x"')},
    ),
    "in nothing": Case(":a :p 1 .", on(":p", "sh:in ()"), {("a", "In", '"1"')}),
    "closed": Case(
        ":a :p 1 ; :q 2 ; :r 3 ; a :C .",
        """:S a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:closed true ;
        sh:ignoredProperties (rdf:type) ; sh:property [ sh:path :p ], [ sh:path :q ] .""",
        {("a", "Closed", '"3"')},
    ),
    "target node that no data mentions": Case(
        ":a :p 1 .",
        on(":p", "sh:minCount 1", target="sh:targetNode :a, :nowhere"),
        {("nowhere", "MinCount", None)},
    ),
    "target literals": Case(
        ":a :p 'a' .",
        ":S a sh:NodeShape ; sh:targetNode 'a', 'abc', 7 ; sh:minLength 3 .",
        {('"a"', "MinLength", '"a"'), ('"7"', "MinLength", '"7"')},
    ),
    "target literal that is ill-formed": Case(
        ":a :p 'a' .",
        """:S a sh:NodeShape ; sh:targetNode '2019-02-30'^^xsd:date, '2019-02-28'^^xsd:date ;
        sh:datatype xsd:date .""",
        {('"2019-02-30"', "Datatype", '"2019-02-30"')},
    ),
    "target objects": Case(
        ":a :p :x, 'l' .",
        ":S a sh:NodeShape ; sh:targetObjectsOf :p ; sh:nodeKind sh:IRI .",
        {('"l"', "NodeKind", '"l"')},
    ),
    "target class, implicit": Case(
        ":a a :C . :b a :D . :D rdfs:subClassOf :C .",
        ":C a sh:NodeShape, rdfs:Class ; sh:property [ sh:path :p ; sh:minCount 1 ] .",
        {("a", "MinCount", None), ("b", "MinCount", None)},
    ),
    "classes in a circle": Case(
        ":a a :D . :D rdfs:subClassOf :C . :C rdfs:subClassOf :D .",
        ":S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; sh:minCount 1 ] .",
        {("a", "MinCount", None)},
    ),
    "several targets, one result": Case(
        ":a a :C ; :p 1 . :b :p 2 .",
        """:S a sh:NodeShape ; sh:targetClass :C ; sh:targetSubjectsOf :p ; sh:targetNode :a ;
        sh:nodeKind sh:Literal .""",
        {("a", "NodeKind", "a"), ("b", "NodeKind", "b")},
    ),
    "a node compared with its values": Case(
        ":s :p :s ; :q :s . :t :p :u ; :q :s .",
        node("sh:disjoint :p ; sh:equals :q"),
        {("s", "Disjoint", "s"), ("t", "Equals", "s"), ("t", "Equals", "t")},
    ),
    "targets that no data mentions reach themselves": Case(
        ":a :p 1 .",
        on(
            "[ sh:zeroOrMorePath :p ]",
            "sh:nodeKind sh:BlankNode ; sh:minLength 9",
            target="sh:targetNode :nowhere, 'nothing'",
        ),
        {
            ('"nothing"', "MinLength", '"nothing"'),
            ('"nothing"', "NodeKind", '"nothing"'),
            ("nowhere", "NodeKind", "nowhere"),
        },
    ),
    "deactivated": Case(
        ":a :p 1 .",
        """:S a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:property [ sh:path :q ; sh:minCount 1 ;
        sh:deactivated true ] ; sh:not [ sh:deactivated true ; sh:nodeKind sh:Literal ] .
        :T a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:deactivated true ; sh:nodeKind sh:Literal .
        """,
        {("a", "Not", "a")},
    ),
    "SPARQL": Case(
        ":a :p 1 ; :q 2 . :b :p 2 ; :q 1 .",
        on(
            ":p",
            "sh:sparql [ sh:select 'SELECT $this ?value WHERE { $this $PATH ?value ;"
            " <urn:t:q> ?q . FILTER(?value > ?q) }' ]",
        ),
        {("b", "SPARQL", '"2"')},
    ),
}

PEOPLE = ":a :p :b . :b :name 'B' ; :age 7 . :c :p :d . :d :age 'x' . :e :p :b, :d ."

NESTED = {
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
        [("i", "QualifiedMinCount", None)] * 2,
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
    "a count and a value in a condition": Case(
        ":s :q [ :r 1 ] , :t . :t :r 'x' .",
        """:S a sh:NodeShape ; sh:targetNode :s ; sh:node :Inner .
        :Inner a sh:NodeShape ; sh:property [ sh:path :p ; sh:minCount 1 ] ,
        [ sh:path :q ; sh:property [ sh:path :r ; sh:datatype xsd:integer ] ] .""",
        {("s", "Node", "s")},
    ),
    "a value in a condition": Case(
        ":s :p 1 ; :q :t . :t :r 'x' .",
        """:S a sh:NodeShape ; sh:targetNode :s ; sh:node :Inner .
        :Inner a sh:NodeShape ; sh:property [ sh:path :p ; sh:minCount 1 ] ,
        [ sh:path :q ; sh:property [ sh:path :r ; sh:datatype xsd:integer ] ] .""",
        {("s", "Node", "s")},
    ),
    "a condition that holds": Case(
        ":s :p 1 ; :q :t . :t :r 1 .",
        """:S a sh:NodeShape ; sh:targetNode :s ; sh:node :Inner .
        :Inner a sh:NodeShape ; sh:property [ sh:path :p ; sh:minCount 1 ] ,
        [ sh:path :q ; sh:property [ sh:path :r ; sh:datatype xsd:integer ] ] .""",
        set(),
    ),
    "a shape that is asked both ways reports its own targets": Case(
        ":s :p :t, :u .",
        """:S a sh:NodeShape ; sh:targetNode :s ; sh:property [ sh:path :p ; sh:node :T ] .
        :T a sh:NodeShape ; sh:targetNode :t ; sh:property [ sh:path :r ; sh:minCount 1 ] .""",
        {("s", "Node", "t"), ("s", "Node", "u"), ("t", "MinCount", None)},
    ),
    "a shape that is reached twice says the same": Case(
        ":s :p :x ; :q :x .",
        """:S a sh:NodeShape ; sh:targetNode :s ; sh:property :A , :B .
        :A sh:path :p ; sh:property :R . :B sh:path :q ; sh:property :R .
        :R sh:path :r ; sh:minCount 1 .""",
        {("x", "MinCount", None)},
    ),
    "recursion that ends well": Case(
        ":a :p :b . :b :p :c . :c a :C .",
        """:A a sh:NodeShape ; sh:targetNode :a ; sh:property [ sh:path :p ;
        sh:qualifiedValueShape :B ; sh:qualifiedMinCount 1 ] . :B a sh:NodeShape ;
        sh:or ( [ sh:class :C ] [ sh:and ( :A [ sh:nodeKind sh:IRI ] ) ] ) .""",
        set(),
    ),
    "recursion that ends badly": Case(
        ":a :p :b . :b :p :c . :c :p 1 .",
        """:A a sh:NodeShape ; sh:targetNode :a ; sh:property [ sh:path :p ;
        sh:qualifiedValueShape :B ; sh:qualifiedMinCount 1 ] . :B a sh:NodeShape ;
        sh:or ( [ sh:class :C ] [ sh:and ( :A [ sh:nodeKind sh:IRI ] ) ] ) .""",
        {("a", "QualifiedMinCount", None)},
    ),
    "recursion that does not end": Case(
        ":a :p :b . :b :p :a .",
        """:A a sh:NodeShape ; sh:targetNode :a ; sh:property [ sh:path :p ;
        sh:qualifiedValueShape :B ; sh:qualifiedMinCount 1 ] . :B a sh:NodeShape ;
        sh:or ( [ sh:class :C ] [ sh:and ( :A [ sh:nodeKind sh:IRI ] ) ] ) .""",
        set(),
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

# A path, and what it reaches from some nodes.
PATHS_DATA = """
:a :p :b ; :q :b, 'l' . :b :p :c ; :q :d . :c :p :a ; :r :d . :d :p 'l' . :e :q :a .
:n :next :o . :o :next :n . :x :p :x .
"""
PATHS = {
    "predicate": (":p", {"a": {"b"}, "b": {"c"}, "d": {'"l"'}}),
    "inverse": ("[ sh:inversePath :p ]", {"a": {"c"}, "b": {"a"}, "e": set()}),
    "inverse of a literal": ("[ sh:inversePath :p ]", {'"l"': {"d"}}),
    "sequence": ("( :p :q )", {"a": {"d"}, "c": {"b", '"l"'}, "b": set()}),
    "alternative": (
        "[ sh:alternativePath ( :p :q ) ]",
        {"a": {"b", '"l"'}, "b": {"c", "d"}, "e": {"a"}},
    ),
    "zeroOrOne": (
        "[ sh:zeroOrOnePath :p ]",
        {"a": {"a", "b"}, "e": {"e"}, '"l"': {'"l"'}, "x": {"x"}},
    ),
    "zeroOrMore": (
        "[ sh:zeroOrMorePath :p ]",
        {"a": {"a", "b", "c"}, "e": {"e"}, "d": {"d", '"l"'}, '"l"': {'"l"'}},
    ),
    "oneOrMore": (
        "[ sh:oneOrMorePath :p ]",
        {"a": {"a", "b", "c"}, "e": set(), "d": {'"l"'}, "x": {"x"}},
    ),
    "oneOrMore of an inverse": ("[ sh:oneOrMorePath [ sh:inversePath :next ] ]", {"n": {"n", "o"}}),
    "oneOrMore of an alternative": (
        "[ sh:oneOrMorePath [ sh:alternativePath ( :p :r ) ] ]",
        {"b": {"a", "b", "c", "d", '"l"'}},
    ),
    "zeroOrMore of a sequence": (
        "[ sh:zeroOrMorePath ( :p :p ) ]",
        {"a": {"a", "b", "c"}, "d": {"d"}},
    ),
    "oneOrMore of a zeroOrMore": (
        "[ sh:oneOrMorePath [ sh:zeroOrMorePath :q ] ]",
        {"e": {"e", "a", "b", "d", '"l"'}, "c": {"c"}},
    ),
    "zeroOrMore of a sequence with a zeroOrOne": (
        "[ sh:zeroOrMorePath ( [ sh:zeroOrOnePath :q ] [ sh:inversePath :r ] ) ]",
        {"b": {"b", "c"}, "d": {"d", "c"}},
    ),
    "inverse of a sequence": ("[ sh:inversePath ( :p :q ) ]", {"d": {"a"}, '"l"': {"c"}}),
    "inverse of an alternative": (
        "[ sh:inversePath [ sh:alternativePath ( :q [ sh:inversePath :p ] ) ] ]",
        {"a": {"e", "b"}},
    ),
    "oneOrMore of the inverse of an alternative": (
        "[ sh:oneOrMorePath [ sh:inversePath [ sh:alternativePath ( :q :r ) ] ] ]",
        {"d": {"b", "c", "a", "e"}},
    ),
    "inverse of an inverse": ("[ sh:inversePath [ sh:inversePath :p ] ]", {"a": {"b"}}),
    "sequence that comes back": ("( :p :p :p )", {"a": {"a"}}),
    "two ways to one value": ("[ sh:alternativePath ( :p :p ) ]", {"a": {"b"}}),
    "predicate nobody uses": ("[ sh:zeroOrMorePath :none ]", {"a": {"a"}}),
    "sequence after an alternative": (
        "( [ sh:alternativePath ( :p :q ) ] [ sh:alternativePath ( :p :q ) ] )",
        {"a": {"c", "d"}},
    ),
}


def _values(constraint: str, good: str, bad: str, *, nodes: bool) -> Case:
    kind = constraint[3].upper() + constraint[4:].partition(" ")[0]
    wrong = [str(short(triple.object)) for triple in triples(f":s :p {bad} .")]  # type: ignore[arg-type]
    if nodes:
        rules = node(constraint, target="sh:targetObjectsOf :p")
    else:
        rules = on(":p", constraint, target="sh:targetNode :s")
    rows = {(value if nodes else "s", kind, value) for value in wrong}
    return Case(f"{AROUND} :s :p {bad}, {good} .", rules + INNER, rows)


def _written(name: str) -> str:
    return name if name.startswith('"') else f":{name}"


CASES: dict[str, Case] = {
    **COMPONENTS,
    **NESTED,
    **{f"{v[0]} on values": _values(*v, nodes=False) for v in VALUES},
    **{f"{v[0]} on nodes": _values(*v, nodes=True) for v in VALUES},
    **{
        f"{constraint} of {data}": Case(
            f"{AROUND} {data} .", on(":p", constraint, target="sh:targetNode :s"), rows
        )
        for constraint, data, rows in TOGETHER
    },
    **{
        target: Case(
            f"{AROUND} :s :p :c, 1 . :i a :S .",
            node("sh:in ()", target=target),
            {(each, "In", each) for each in selected},
        )
        for target, selected in TARGETS
    },
    **{
        name: Case(
            PATHS_DATA,
            on(
                path,
                "sh:in ()",
                target=f"sh:targetNode {', '.join(_written(each) for each in ends)}",
            ),
            {(start, "In", end) for start, each in ends.items() for end in each},
        )
        for name, (path, ends) in PATHS.items()
    },
}


class Often(NamedTuple):
    """As `Case`, with how often each row counts."""

    data: str
    rules: str
    times: Mapping[Row, int]


_REACHED = """:R sh:path :r ; sh:minCount 1 . :A sh:path :p ; sh:property :R .
    :B sh:path :q ; sh:property :R . """
TIMES = {
    "two property shapes lead to one": Often(
        ":s :p :x ; :q :x .",
        f"{_REACHED} :S a sh:NodeShape ; sh:targetNode :s ; sh:property :A , :B .",
        {("x", "MinCount", None): 2},
    ),
    "two focus nodes lead to one value": Often(
        ":s :p :x . :t :p :x, :y .",
        f"{_REACHED} :S a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:property :A .",
        {("x", "MinCount", None): 2, ("y", "MinCount", None): 1},
    ),
    "what is reached often hands on as often": Often(
        ":s :p :x ; :q :x . :x :p :y, :z . :y :q :u . :z :q :u .",
        f"""{_REACHED} :S a sh:NodeShape ; sh:targetNode :s ; sh:property
        [ sh:path :p ; sh:property :C ] , [ sh:path :q ; sh:property :C ] .
        :C sh:path :p ; sh:property :B .""",
        {("u", "MinCount", None): 4},
    ),
    "two node shapes with one target": Often(
        ":s a :C .",
        """:R sh:path :r ; sh:minCount 1 . :S a sh:NodeShape ; sh:targetClass :C ; sh:property :R .
        :T a sh:NodeShape ; sh:targetClass :C ; sh:property :R .""",
        {("s", "MinCount", None): 2},
    ),
    "two targets of one shape take a node once": Often(
        ":s a :C ; :p 1 .",
        """:S a sh:NodeShape ; sh:targetClass :C ; sh:targetNode :s ; sh:targetSubjectsOf :p ;
        sh:property [ sh:path :r ; sh:minCount 1 ] .""",
        {("s", "MinCount", None): 1},
    ),
    "a property shape with a target of its own": Often(
        ":s :p :x .",
        """:S a sh:NodeShape ; sh:targetNode :s ; sh:property :R . :R sh:path :r ; sh:minCount 1 ;
        sh:targetNode :s, :t .""",
        {("s", "MinCount", None): 2, ("t", "MinCount", None): 1},
    ),
    "a shape that is deactivated leads nowhere": Often(
        ":s :p :x ; :q :x .",
        f"""{_REACHED} :A sh:deactivated true . :S a sh:NodeShape ; sh:targetNode :s ;
        sh:property :A , :B .""",
        {("x", "MinCount", None): 1},
    ),
    "a circle counts once, and what it leads to": Often(
        ":s :p :t . :t :p :s . :u :p :t .",
        """:S a sh:PropertyShape ; sh:path :p ; sh:targetNode :s, :u ; sh:property :S ;
        sh:maxCount 0 ; sh:property [ sh:path :r ; sh:minCount 1 ] .""",
        {("s", "MaxCount", None): 1, ("t", "MaxCount", None): 1, ("u", "MaxCount", None): 1,
         ("s", "MinCount", None): 1, ("t", "MinCount", None): 2},
    ),
    "a shape asked by sh:node is not reached": Often(
        ":s :p :x ; :q :x .",
        f"""{_REACHED} :S a sh:NodeShape ; sh:targetNode :s ; sh:property :A ; sh:node :N .
        :N a sh:NodeShape ; sh:property :B .""",
        {("x", "MinCount", None): 1, ("s", "Node", "s"): 1},
    ),
    "a pair of values that is out of order": Often(
        ":s :p 3, 4, 'x', :x ; :q 1, 4, 5.0e0, '2019-06-25'^^xsd:date .",
        on(":p", "sh:lessThan :q", target="sh:targetNode :s"),
        {("s", "LessThan", '"3"'): 2, ("s", "LessThan", '"4"'): 3, ("s", "LessThan", '"x"'): 4,
         ("s", "LessThan", "x"): 4},
    ),
    "or not even the same": Often(
        ":s :p 3, 4 ; :q 1, 4, :x .",
        on(":p", "sh:lessThanOrEquals :q", target="sh:targetNode :s"),
        {("s", "LessThanOrEquals", '"3"'): 2, ("s", "LessThanOrEquals", '"4"'): 2},
    ),
    "pairs of a shape that is reached twice": Often(
        ":s :p :x . :t :p :x . :x :q 3 ; :r 1, 2, 4 .",
        """:S a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:property [ sh:path :p ; sh:property
        [ sh:path :q ; sh:lessThan :r ] ] .""",
        {("x", "LessThan", '"3"'): 4},
    ),
    "one statement on two closed values": Often(
        ":s :p :x, :y . :x :q 1 . :y :q 1 .",
        on(":p", "sh:closed true", target="sh:targetNode :s"),
        {("s", "Closed", '"1"'): 2},
    ),
    "solutions of a query": Often(
        ":s :p :x, :y . :x :q 1 . :y :q 1 .",
        """:S a sh:NodeShape ; sh:targetNode :s ; sh:sparql [ sh:select
        'SELECT $this ?value { $this <urn:t:p>/<urn:t:q> ?value }' ] , [ sh:select
        'SELECT DISTINCT $this ?value { $this <urn:t:p> ?x . ?x <urn:t:q> ?y BIND(2 AS ?value) }' ]
        .""",
        {("s", "SPARQL", '"1"'): 2, ("s", "SPARQL", '"2"'): 1},
    ),
    "solutions of a component": Often(
        ":s :p :x, :y . :x :q 1 . :y :q 1 .",
        """:C a sh:ConstraintComponent ; sh:parameter [ sh:path :need ] ; sh:propertyValidator
        [ sh:select 'SELECT $this ?value { $this $PATH ?value FILTER(?value != $need) }' ] .
        :S a sh:PropertyShape ; sh:targetNode :s ; sh:path ( :p :q ) ; :need 2 .""",
        {("s", "urn:t:C", '"1"'): 2},
    ),
}  # fmt: skip
