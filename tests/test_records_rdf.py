from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from pyoxigraph import BlankNode, Literal, NamedNode

from gsefgraph.errors import GsefgraphError, InputError, RefusedAccess, SyntaxFault, UnknownName
from gsefgraph.rdf import turtle
from gsefgraph.records import rdf
from gsefgraph.terms import Names
from tests.rdfs import XML_TEXT, quads

NAMES = Names()
RDFXML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="https://a.example/">'
)


def read(name: str, text: str | bytes) -> rdf.RecordFile:
    data = text if isinstance(text, bytes) else text.encode()
    return rdf.read(name, data=data)


@given(quads(blank=False, text=XML_TEXT))
def test_law_every_quad_has_a_place(items) -> None:
    """The words at the place of a triple are the object's own."""
    text = turtle.write_trig(items, NAMES)
    file = read("a.trig", text)
    lines = text.split("\n")
    for quad in file.quads:
        place = file.locate(quad.subject, quad.predicate, quad.object)
        assert place is not None
        line, column = place
        found = lines[line - 1][column - 1 :]
        expected = turtle.write([quad], NAMES).rstrip().removesuffix(" .").splitlines()[-1]
        assert found.split(" ")[0] in expected


TURTLE = """@prefix ex: <https://ex.example/> . # a comment with <iri> and "text"
PREFIX é: <https://é.example/>
@base <https://base.example/x/> .
ex:s a ex:T ;
  ex:p 'one' , \"\"\"two
lines \\"q\\" \"\"\" , 3.5 ;
  ex:list ( ex:a "b" ) ;
  ex:node [ ex:q "inner" ; ex:r ( ) ] ;
  ex:after true .
<rel> é:p ex:local\\,x , "fr"@fr , "d"^^ex:type .
_:b ex:p ex:s.
GRAPH ex:g { ex:s ex:p "in graph" . }
"""


@pytest.mark.parametrize(
    ("subject", "predicate", "value", "place"),
    [
        ("ex:s", None, None, (4, 1)),
        ("ex:s", "ex:p", "one", (5, 8)),
        ("ex:s", "ex:p", 'two\nlines "q" ', (5, 16)),
        ("ex:s", "ex:p", "3.5", (6, 19)),
        ("ex:s", "ex:list", None, (7, 3)),
        ("ex:s", "ex:after", "true", (9, 12)),
        ("<https://base.example/x/rel>", "<https://é.example/p>", "fr", (10, 25)),
        ("<https://base.example/x/rel>", None, None, (10, 1)),
        ("ex:s", "ex:p", "in graph", (12, 24)),
        ("ex:s", "ex:missing", "x", (4, 1)),
    ],
)
def test_places_in_turtle(subject, predicate, value, place) -> None:
    file = read("a.trig", TURTLE)

    def node(text: str) -> NamedNode:
        return NamedNode(text.strip("<>").replace("ex:", "https://ex.example/"))

    assert (
        file.locate(
            node(subject),
            node(predicate) if predicate else None,
            Literal(value) if value else None,
        )
        == place
    )


def test_an_absent_subject_has_no_place() -> None:
    assert read("a.ttl", "<a:s> <a:p> 1 .").locate(NamedNode("a:t")) is None
    assert read("a.ttl", "<a:s> <a:p> 1 .").locate(BlankNode("x")) is None


def test_places_in_nquads_jsonld_and_rdfxml() -> None:
    nquads = read("a.nq", '<a:s> <a:p> "x" <a:g> .\n<a:s> <a:p> "y" .\n')
    assert nquads.locate(NamedNode("a:s"), NamedNode("a:p"), Literal("y")) == (2, 13)
    json = read(
        "a.jsonld",
        '{"@context": {"e": "https://e.example/"},\n "@id": "e:s",\n "e:p": {"@value": "é\\"x"}}',
    )
    assert json.locate(NamedNode("https://e.example/s")) == (2, 10)
    assert json.locate(NamedNode("https://e.example/s"), None, Literal('é"x')) == (3, 21)
    xml = read(
        "a.rdf",
        RDFXML + '\n<rdf:Description rdf:about="https://a.example/s">\n <a:p>x</a:p>'
        "\n</rdf:Description></rdf:RDF>",
    )
    assert xml.locate(NamedNode("https://a.example/s"), None, Literal("x")) == (3, 7)


@pytest.mark.parametrize(
    ("name", "content", "error", "message"),
    [
        ("a.ttl", "<a:s> <a:p> 1 .\n<a:s <a:p> 1 .", SyntaxFault, "a.ttl:2:1"),
        ("a.ttl", "<a:s> <a:p> <a:o o> .", SyntaxFault, "a.ttl:1:13: not Turtle: <a:o o>"),
        ("a.ttl", "<a:s> <a:p> <a:o o> .", SyntaxFault, "write a space in an IRI as %20"),
        ("a.ttl", "<s> <a:p> 1 .", SyntaxFault, "a relative IRI without a base"),
        ("a.csv", "id,nom\n1,GSEF\n", SyntaxFault, "files of RDF end in .ttl .trig .nt"),
        ("a.nt", "<a:s> <a:p> 1 .", SyntaxFault, "a.nt:1:13: not N-Triples"),
        ("a.ttl", "<!DOCTYPE html><html></html>", InputError, "a web page, not RDF"),
        ("a.rdf", "<html><body/></html>", InputError, "a web page, not RDF"),
        (
            "a.ttl",
            '{"@id": "a:b"}',
            InputError,
            "says Turtle, the content looks like JSON",
        ),
        (
            "a.jsonld",
            "<a:s> <a:p> 1 .",
            InputError,
            "says JSON-LD, the content is neither",
        ),
        ("a.ttl", RDFXML, InputError, "looks like RDF/XML"),
        ("a.ttl", b'<a:s> <a:p> "caf\xe9" .', InputError, "a.ttl:1:17: byte 0xe9 is not UTF-8"),
        ("a.ttl", "<a:s>".encode("utf-16"), InputError, "this is UTF-16"),
        ("a.ttl", "<a:s> <a:p> <<( <a:s> <a:p> 1 )>> .", InputError, "a triple term of RDF 1.2"),
        ("a.ttl", b"\0\0\0", InputError, "a binary file"),
        ("a.jsonld", '{"@id": "a:b",}', SyntaxFault, "a.jsonld:1:15: not JSON"),
        ("a.json", "[" * 5 + "{" * 96 + '"', InputError, "nested deeper than 100 levels"),
        (
            "a.jsonld",
            '{\n"@context": "https://schema.org/"}',
            RefusedAccess,
            "a.jsonld:2:13: the context https://schema.org/ would have to be fetched",
        ),
        ("a.jsonld", '{"@context": [{"@import": "x"}]}', RefusedAccess, "the context x"),
        (
            "a.jsonld",
            '{"@context": {"t": {"@id": "a:t", "@context": ["remote"]}}}',
            RefusedAccess,
            "the context remote",
        ),
        (
            "a.rdf",
            '<?xml version="1.0"?>\n<!DOCTYPE r [<!ENTITY a "b">]>\n' + RDFXML + "</rdf:RDF>",
            RefusedAccess,
            "a.rdf:2:1: document type declarations are refused",
        ),
        (
            "a.rdf",
            RDFXML + '\n<rdf:Description rdf:about="https://a.example/s s"/></rdf:RDF>',
            SyntaxFault,
            "a.rdf:2:29",
        ),
    ],
)
def test_bad_input_is_one_line_with_its_place(name, content, error, message) -> None:
    with pytest.raises(error) as caught:
        read(name, content)
    text = str(caught.value)
    assert message in text
    assert "\n" not in text


def test_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        rdf.read(tmp_path / "none.ttl")
    with pytest.raises(InputError, match="this is a folder"):
        rdf.read(tmp_path)
    with pytest.raises(UnknownName, match="did you mean turtle"):
        rdf.read("x", data=b"", format="turtel")


def test_a_byte_order_mark_is_no_content() -> None:
    file = read("a.ttl", b"\xef\xbb\xbf<a:s> <a:p> 1 .")
    assert file.locate(NamedNode("a:s")) == (1, 1)


@given(quads(blank=False))
def test_law_no_damage_ends_in_a_traceback(items) -> None:
    text = turtle.write_trig(items, NAMES)
    for cut in range(0, len(text), max(1, len(text) // 7)):
        try:
            read("a.trig", text[:cut])
        except GsefgraphError as error:
            assert str(error).startswith("a.trig")  # noqa: PT017
