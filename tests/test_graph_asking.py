"""Queries that people write: prefixes, unknown terms, what silently gives nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gsefgraph.answers.answer import Answer
from gsefgraph.engine.base import Boolean, Result
from gsefgraph.errors import SyntaxFault
from gsefgraph.graph.asking import ask
from gsefgraph.graph.graph import Graph
from gsefgraph.rdf.reading import Reading
from gsefgraph.wording import Wording

SOME = """@prefix e: <http://e.org/> .
e:h e:has e:r1, e:r2 ; e:name "h" ; e:since 2017 ; e:mixed "a", e:r1 .
"""


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with Graph.open(once=True) as graph:
        yield graph


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """A graph of somebody's data."""
    file = tmp_path_factory.mktemp("other") / "some.ttl"
    file.write_text(SOME)
    with Graph.open(data=[file], once=True) as graph:
        yield graph


def told(graph: Graph, text: str, language: str = "en") -> list[str]:
    found = graph.query(text)
    return [each.text(language) if isinstance(each, Wording) else each for each in found.warnings]


def test_the_prefixes_of_the_project_need_not_be_declared(graph: Graph, tmp_path: Path) -> None:
    text = "SELECT ?e { ?e a gsef:Event ; skos:prefLabel ?l ; gsef:place id-place:quito }"
    found = graph.query(text)
    assert isinstance(found, Answer)
    assert len(found.rows) > 0
    file = tmp_path / "own.rq"
    file.write_text(f"#+ summary: Own\n{text}")
    again = graph.query(file)
    assert isinstance(again, Answer)
    assert again.rows == found.rows


def test_a_prefix_that_the_query_declares_means_what_it_says(graph: Graph) -> None:
    for own in ("PREFIX gsef: <urn:own:>", "prefix\n gsef:<urn:own:> PREFIX skos: <urn:skos:>"):
        found = graph.query(f"{own} SELECT ?e {{ ?e a gsef:Event }}")
        assert len(found) == 0
        assert found.warnings == ("no results",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT ?e {\n ?e a gsef:Event ] }", "2:18: not SPARQL: unexpected ]"),
        ("ASK { ?e a gsfe:Event }", "(prefix not found); did you mean gsef?"),
        ("ASK { ?e a Gsef:Event }", "(prefix not found); did you mean gsef?"),
        (
            "SELECT (xds:date(?o) AS ?x) {}",
            "1:9: not SPARQL: unexpected xds:date (prefix not found); did",
        ),
    ],
)
def test_places_are_those_of_the_text_as_written(graph: Graph, text: str, said: str) -> None:
    with pytest.raises(SyntaxFault) as caught:
        graph.query(text)
    assert said in str(caught.value)


def test_relative_iris_of_a_question_are_resolved_against_the_base(tmp_path: Path) -> None:
    file = tmp_path / "some.ttl"
    file.write_text("<a> <p> <b> .")
    reading = Reading(base="http://e.org/x")
    with Graph.open(data=[file], once=True, reading=reading, alone=True) as graph:
        assert len(graph.query("SELECT ?o { <a> <p> ?o }")) == 1
        assert len(graph.query("BASE <http://other.org/> SELECT ?o { <a> <p> ?o }")) == 0
        with pytest.raises(SyntaxFault, match=r"^2:9: not SPARQL: unexpected \]"):
            graph.query("ASK {\n<a> <p> ]")


def test_a_fault_of_a_stored_query_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "queries").mkdir()
    file = tmp_path / "queries" / "own.rq"
    file.write_text("#+ summary: Own\nSELECT (xsd:date(1) AS ?x)\n (xsd:date(1, 2) AS ?y) {}")
    with Graph.open(project=tmp_path, once=True) as own, pytest.raises(SyntaxFault) as caught:
        own.query("own")
    assert str(caught.value).startswith(f"{file}:3:3: xsd:date takes one value, not 2; ")


def test_an_endpoint_is_sent_a_text_with_its_prefixes(graph: Graph) -> None:
    sent: list[str] = []

    class Endpoint:
        def query(self, text: str, *, timeout: float | None = None) -> Result:
            sent.append(text)
            return Boolean(True)

    text = "ASK { ?e a gsef:Event }"
    ask(text, {}, Endpoint(), graph.resolver, graph.project, lang="en")  # type: ignore[arg-type]
    assert sent == [f"PREFIX gsef: <{graph.names.prefixes['gsef']}>\n{text}"]


def test_a_stored_query_is_bound_with_its_prefixes(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "own.rq").write_text("#+ summary: Own\nASK { ?e a gsef:Event }")
    with Graph.open(project=tmp_path) as own:
        assert own.bind("own").startswith("PREFIX gsef: <https://w3id.org/gsefgraph/ontology#>\n")
        assert "PREFIX" not in own.bind("speakers").partition("\n")[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ASK { ?e a gsef:Evnt }", ["gsef:Evnt; did you mean gsef:Event, gsef:event?"]),
        ("ASK { ?e gsef:startdate ?d }", ["gsef:startdate; did you mean gsef:startDate, "]),
        ("ASK { ?e gsef:xyzzy ?d }", ["the ontology does not know gsef:xyzzy"]),
        ("PREFIX g: <https://w3id.org/gsefgraph/ontology#> ASK { ?e g:Evnt/g:Evnt ?d }",
         ["the ontology does not know gsef:Evnt; "]),
        ("ASK { ?e <https://w3id.org/gsefgraph/ontology#Evnt> 'gsef:Evnt' } # gsef:Evt",
         ["the ontology does not know gsef:Evnt; "]),
        ("ASK { ?e gsef:role id-role:speeker }", ["the graph does not know id-role:speeker; did"]),
        ("ASK { id-org:oced ?p ?o }", ["and Development (id-org:oecd)"]),
        ("ASK { ?g gsef:goal sdg:18 }", ["the graph does not know sdg:18; did you mean "]),
        ("ASK { ?g a sdgo:Gaol }", ["(sdgo:Goal)"]),
        ("ASK { GRAPH graph:nowhere { ?s ?p ?o } }", ["the graph does not know graph:nowhere"]),
        ("PREFIX gsef: <https://w3id.org/gsefgraph/ontology> ASK { ?e a gsef:Event }",
         ["the graph does not know <https://w3id.org/gsefgraph/ontologyEvent>"]),
        ("ASK { <https://w3id.org/gsefgraph/id/orgs/oecd> ?p ?o }", ["(id-org:oecd)"]),
        ("ASK FROM graph:nowhere { ?s ?p ?o }", ["the graph <"]),
        ("ASK { ?e a gsef:EVENT }", ["gsef:EVENT; did you mean gsef:Event, gsef:event, "]),
        ("ASK { ?e a gsef:ORGANISATION }", ["did you mean gsef:Organisation, gsef:organisation?"]),
        ("ASK { id-org:OECD ?p ?o }", ["id-org:OECD; did you mean Organisation for Economic Co-"]),
        ("ASK { <https://w3id.org/gsefgraph/id/org/oecd/> ?p ?o }", ["(id-org:oecd)?"]),
        ("ASK { ?e a <http://w3id.org/gsefgraph/ontology#Event> }", ["did you mean gsef:Event, "]),
        ("ASK { ?e a <https://w3id.org/GSEFgraph/ontology#Evnt> }", ["n gsef:Event, gsef:event?"]),
        ("ASK { ?g gsef:goal <https://metadata.un.org/sdg/8> }", ["(sdg:8)?"]),
        ("ASK { ?s a gsef-sh:EventShap }", ["did you mean gsef-sh:EventShape, "]),
        ("ASK { ?s a gsef-sh:EventShape }", ["the graph does not know gsef-sh:EventShape"]),
        ("ASK { ?s ?p ?o FILTER(STRSTARTS(STR(?s), STR(<https://w3id.org/gsefgraph/id/>))) }", []),
        ("ASK { GRAPH graph:curaton { ?s ?p ?o } }", ["aton; did you mean graph:curation?"]),
        ("ASK { GRAPH graph:ontologie { ?s ?p ?o } }", ["; did you mean graph:ontology?"]),
        ("ASK FROM graph:curaton { ?s ?p ?o }", ["an <https://w3id.org/gsefgraph/graph/curation>?"]),
        ("ASK FROM NAMED graph:ontologie { ?s ?p ?o }", ["gsefgraph/graph/ontology>?"]),
        ("CONSTRUCT { id-org:new a gsef:Orgnisation } WHERE { ?s gsef:event ?e }",
         ["the ontology does not know gsef:Orgnisation; "]),
        ("ASK { GRAPH graph:curation { ?s a gsef:GoalLink ; gsef:goal sdg:8 } }", []),
        ("ASK { ?e a sdgo:Goal ; rdf:type ?t FILTER(STRSTARTS(STR(?e), STR(sdg:))) }", []),
    ],
)  # fmt: skip
def test_a_term_of_ours_that_nothing_knows_is_named(
    graph: Graph, text: str, said: list[str]
) -> None:
    found = told(graph, text)
    assert len(found) == len(said), found
    for line, part in zip(found, said, strict=True):
        assert part in line


def test_unknown_terms_are_named_in_three_languages(graph: Graph) -> None:
    text = "ASK { ?e a gsef:Evnt }"
    assert told(graph, text, "fr")[0].startswith("l’ontologie ne connaît pas gsef:Evnt\xa0; ")
    assert told(graph, text, "es")[0].startswith("la ontología no conoce gsef:Evnt; ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT (GROUP_CONCAT(?r) AS ?all) { ?h e:has ?r }", "GROUP_CONCAT takes text, and ?r"),
        ("SELECT (GROUP_CONCAT(DISTINCT ?r ; separator=' ') AS ?all) { ?h e:has ?r }", "STR(?r)"),
        ("SELECT (GROUP_CONCAT(?r) AS ?all) { ?h e:name ?n BIND(IRI(?n) AS ?r) }",
         "GROUP_CONCAT(?r) gives nothing where ?r is unbound"),
        ("SELECT ?h { ?h e:name ?n FILTER CONTAINS(?h, 'e.org') }", "CONTAINS takes text, and ?h"),
        ("SELECT ?h { ?h e:has ?n FILTER(regex($n, 'r')) }", "REGEX takes text, and ?n is an IRI"),
        ("SELECT ?h { ?h ?p ?n FILTER(STRSTARTS(?p, 'http')) }", "and ?p is an IRI"),
        ("SELECT ?h { ?h ^e:has ?n FILTER(STRLEN(?n) > 2) }", "and ?n is an IRI"),
        ("SELECT ?h { ?h e:since ?y FILTER(STRSTARTS(?y, '20')) }", '?y is "2017"^^xsd:integer'),
        ("SELECT (CONCAT(?n, '-', ?y) AS ?x) { ?h e:name ?n ; e:since ?y }", "CONCAT takes text"),
        ("SELECT (UCASE(?r) AS ?x) { VALUES ?r { e:h } }", "and ?r is an IRI"),
        ("ASK { ?h e:has/e:no|e:has ?r . ?h e:has ?r FILTER(STRENDS(?r, '1')) }", "?r is an IRI"),
        ("CONSTRUCT { ?h e:x ?r } { ?h e:has ?r FILTER(STRENDS(?r, '1')) }", "?r is an IRI"),
        ("SELECT (GROUP_CONCAT(IRI(?n)) AS ?all) { ?h e:name ?n }", "write STR(IRI(?n))"),
        ("SELECT (GROUP_CONCAT(COALESCE(?r, 'none')) AS ?all) { ?h e:has ?r }", "and ?r is an IRI"),
        ("SELECT (GROUP_CONCAT(DISTINCT IF(isIRI(?r), ?r, 'x') ; separator=' ') AS ?all)"
         " { ?h e:has ?r }", "write STR(?r)"),
        ("SELECT (GROUP_CONCAT(e:h) AS ?all) { ?h e:has ?r }", "text, and e:h is an IRI or"),
        ("SELECT (GROUP_CONCAT(BNODE()) AS ?all) { ?h e:has ?r }", "and BNODE() is an IRI or a bl"),
        ("SELECT ?h { ?h e:has ?r FILTER(CONTAINS(URI(CONCAT('a:', 'b')), 'b')) }",
         "and URI(CONCAT('a:', 'b')) is an IRI"),
        ("SELECT (GROUP_CONCAT(COALESCE(STR(?r), 'none')) AS ?all) ?no"
         " { ?h e:has ?r OPTIONAL { ?h e:no ?no } } GROUP BY ?no", None),
        ("SELECT ?h { ?h e:name ?n FILTER regex(?n, '[') }", "expression, and '[' is none; a [ "),
        ("SELECT ?h { ?h e:name ?n FILTER(!REGEX(?n, 'a', 'z')) }", "and 'a', 'z' is none"),
        ("SELECT (REPLACE(?n, '(', '') AS ?x) { ?h e:name ?n }", "REPLACE takes a regular expre"),
        ("SELECT ?h { ?h e:name ?n FILTER regex(?n, 'zz', 'i') }", None),
        ("SELECT ?h { ?h e:has ?r FILTER(CONTAINS(STR(?r), 'zz')) }", None),
        ("SELECT ?h { ?h e:name ?n FILTER(CONTAINS(?n, 'zz')) }", None),
        ("SELECT ?h { ?h ?p ?n FILTER(CONTAINS(?n, 'zz')) }", None),
        ("SELECT ?h { ?h e:mixed ?n FILTER(CONTAINS(?n, 'a')) }", None),  # it answers
        ("SELECT (GROUP_CONCAT(?n) AS ?all) ?no { ?h e:name ?n OPTIONAL { ?h e:no ?no } }"
         " GROUP BY ?no", None),
        ("SELECT (COUNT(?r) AS ?n) { ?h e:no ?r }", None),
    ],
)  # fmt: skip
def test_what_is_no_text_is_named_where_an_answer_lacks_something(
    other: Graph, text: str, said: str | None
) -> None:
    found = told(other, f"PREFIX e: <http://e.org/> {text}")
    if said is None:
        assert found in ([], ["no results"])
    else:
        assert any(said in line for line in found), found


STATED = """@prefix gsef: <https://w3id.org/gsefgraph/ontology#> .
@prefix e: <http://e.org/> .
e:a a gsef:Organisation ; gsef:basedIn e:town ; gsef:collaboratesWith e:b .
e:b a gsef:Organisation ; gsef:parent e:c ; gsef:evidence e:of-place .
e:of-place gsef:supports gsef:basedIn .
e:c a gsef:Organisation ; gsef:collaboratesWith e:d .
e:d a gsef:Organisation ; gsef:evidence e:of-all .
e:e a gsef:Event ; gsef:theme "x"@en ; gsef:online true ; gsef:evidence e:of-theme .
e:of-theme gsef:supports gsef:theme .
e:f a gsef:Event ; gsef:theme "y"@en ; gsef:evidence e:of-all .
e:g a gsef:Document ; gsef:mentions e:a ; gsef:textDigest "0" .
e:h a gsef:Participation ; gsef:agent e:a ; gsef:event e:e .
e:i a gsef:Place ; gsef:within e:town ; gsef:isoCode "XX" .
"""


def test_facts_of_every_kind_are_missed_where_no_passage_backs_them(tmp_path: Path) -> None:
    file = tmp_path / "stated.ttl"
    file.write_text(STATED)
    with Graph.open(data=[file], once=True) as graph:
        found = graph.query("facts-without-evidence")
        assert isinstance(found, Answer)
        facts = {
            tuple(cell.term.value.rpartition("/")[2] for cell in (row.fact, row.value))
            for row in found
        }
    assert facts == {
        ("a", "town"), ("a", "b"), ("b", "a"),  # and the other way, as is derived
        ("b", "c"), ("e", "true"), ("g", "a"), ("h", "e"),
    }  # fmt: skip
