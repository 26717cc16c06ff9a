"""What comes out is what went in, through every format: the inputs of the W3C suites, and files of
the kinds that people have.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, Quad

from gsefgraph.errors import InputError, UsageError
from gsefgraph.project import shipped
from gsefgraph.rdf.export import export
from gsefgraph.rdf.formats import FORMATS
from gsefgraph.rdf.reading import Reading
from gsefgraph.records import rdf
from gsefgraph.terms import RDF, XSD, Names
from tests import w3c
from tests.rdfs import same

SUITES = w3c.FOLDER.parent
BASE = Reading(base="https://a.example/b/c")
CONTEXT = shipped().ontology / "context.jsonld"
NAMES = Names()

# Forms that stores and other readers write anew, lists, deep nesting, names that need escapes.
ODD = f"""@prefix : <https://a.example/b/> . @prefix x: <{XSD}> . @prefix e: <https://e.example/> .
:s :p 007, 7, 1.50, 1.5, "1"^^x:boolean, true, "P12M"^^x:duration, "24:00:00"^^x:time,
  "2020-01-01T00:00:00.380Z"^^x:dateTime, "5"^^x:nonNegativeInteger, "5"^^x:int,
  1e0, "-0"^^x:integer, "x"@en-GB, "y"@fr, "", "\\r\\n\\t\\"\\\\", "\\u202E\\u200B\\u00AD",
  "é"@zh-Hant-TW , "a"^^e:other ;
  :list ( 1 ( ) ( "a" [ :q ( :b ) ] ) ) , () ;
  :deep {"[ :d " * 120}"end"{" ]" * 120} ;
  :lists {"( 1 " * 120}"end"{" )" * 120} , {"( [ :d " * 60}"end"{" ] 2 )" * 60} ;
  :iri <https://e.example/a(b)> , :%20c , <https://e.example/p'q> , e:a\\,b , e:1.2 , <urn:x:y> .
_:a :p _:b . _:b :p _:a . _:c :p _:c .
:l <{RDF}first> 1 ; <{RDF}rest> ( 2 3 ) .
<foaf:Person> <dcterms:x> <schema:y> , "z"^^<skos:w> .
[ <{RDF}first> 1 ; <{RDF}rest> [ <{RDF}first> 2 ; <{RDF}rest> ( 3 ) ; :odd true ] ] :p :q .
<{RDF}nil> :p "of nil" .
:s :many ( {" ".join(f":m{n}" for n in range(400))} ) .
"""


def inputs() -> list[Path]:
    found = [*SUITES.glob("shacl/**/*.ttl"), *SUITES.glob("jsonld/toRdf/*-in.jsonld")]
    return sorted(found) + sorted(SUITES.glob("jsonld/toRdf/*-out.nq"))


INPUTS = inputs()


def bare(quads: list[Quad]) -> list[Quad]:
    return [Quad(*quad.triple) for quad in quads]


def comes_back(quads: list[Quad], name: str) -> None:
    """Whether a format gives what it was given, or says in words what it cannot say."""
    try:
        data = export(quads, name, NAMES, context=CONTEXT)
    except UsageError as error:
        said = str(error)
    else:
        said = ""
    assert not said or (name == "rdfxml" and "XML" in said)
    if said:
        return
    found = rdf.read(f"a.{name}", data=data, format=name).written
    assert same(found, quads if FORMATS[name].graphs else bare(quads)), data.decode()[:2000]
    if len({node for q in quads for node in q.triple if isinstance(node, BlankNode)}) < 100:
        assert data == export(found, name, NAMES, context=CONTEXT)


@pytest.mark.parametrize("name", FORMATS)
def test_odd_things_survive_every_format(name: str) -> None:
    comes_back(rdf.read("a.ttl", data=ODD.encode()).written, name)


@pytest.mark.skipif(not INPUTS, reason="the W3C suites are not beside the checkout")
@pytest.mark.parametrize("name", FORMATS)
def test_inputs_of_the_w3c_survive_every_format(name: str) -> None:
    read = 0
    for file in INPUTS:
        try:
            quads = rdf.read(file, reading=BASE).written
        except (InputError, UsageError):
            continue  # what must fail, and what would be fetched
        # RDF 1.1 has no base direction, and a few suites have files of later drafts.
        assert not any(isinstance(q.object, Literal) and q.object.direction for q in quads)
        comes_back(quads, name)
        read += 1
    assert read > 600
