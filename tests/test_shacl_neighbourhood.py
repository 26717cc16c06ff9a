"""What is fetched around new triples is enough: the findings are those on the whole graph."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from gsefgraph.engine.embedded import Embedded
from gsefgraph.shacl.change import neighbourhood
from gsefgraph.terms import GSEF, RDF, SKOS, Names
from tests.oracle import Oracle

NAMES = Names()
PREFIXES = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in sorted(NAMES.prefixes.items()))
# One constraint for each way that a new triple can make a node near by wrong.
SHAPES = """
gsef-sh:Event a sh:NodeShape ; sh:targetClass gsef:Event ;
  sh:property [ sh:path gsef:startDate ; sh:maxCount 1 ] ;
  sh:property [ sh:path ( gsef:place gsef:within ) ; sh:maxCount 1 ; sh:class gsef:Place ] ;
  sh:property [ sh:path [ sh:inversePath gsef:event ] ; sh:maxCount 1 ] ;
  sh:or ( [ sh:path gsef:place ; sh:minCount 1 ] [ sh:path gsef:partOf ; sh:minCount 1 ] ) ;
  sh:sparql [ sh:select "SELECT $this WHERE { $this gsef:partOf+ $this }" ;
    sh:prefixes gsef-sh:prefixes ] .
gsef-sh:Participation a sh:NodeShape ; sh:targetClass gsef:Participation ;
  sh:property [ sh:path gsef:event ; sh:minCount 1 ; sh:class gsef:Event ] ;
  sh:property [ sh:path gsef:agent ; sh:node gsef-sh:HasName ] ;
  sh:sparql [ sh:prefixes gsef-sh:prefixes ; sh:select \"\"\"SELECT $this ?value WHERE {
    $this gsef:agent ?agent ; gsef:event ?event . ?value gsef:agent ?agent ; gsef:event ?event .
    FILTER(?value != $this) }\"\"\" ] .
gsef-sh:HasName a sh:NodeShape ; sh:property [ sh:path skos:prefLabel ; sh:minCount 1 ] .
gsef-sh:Named a sh:NodeShape ; sh:targetSubjectsOf skos:prefLabel ;
  sh:sparql [ sh:prefixes gsef-sh:prefixes ; sh:select \"\"\"SELECT $this ?value WHERE {
    $this skos:prefLabel ?name . ?value skos:prefLabel ?name . FILTER(?value != $this) }\"\"\" ] .
gsef-sh:prefixes sh:declare [ sh:prefix "gsef" ; sh:namespace "https://w3id.org/gsefgraph/ontology#" ],
  [ sh:prefix "skos" ; sh:namespace "http://www.w3.org/2004/02/skos/core#" ] .
"""  # noqa: E501
PREDICATES = ("place", "within", "event", "event", "event", "partOf", "agent")
CASES = 100
CLASSES = ("Event", "Event", "Participation", "Place", "Organisation")


def triples_of(text: str) -> list[Triple]:
    return [quad.triple for quad in parse((PREFIXES + text).encode(), format=RdfFormat.TURTLE)]


def engine_of(triples: list[Triple], graph: str = "a") -> Embedded:
    engine = Embedded()
    name = NamedNode(NAMES.graph(graph))
    engine.load(Quad(t.subject, t.predicate, t.object, name) for t in triples)
    return engine


def some_triples(seed: int) -> tuple[list[Triple], list[Triple]]:
    """A graph over a dozen nodes, and a record that adds a few triples to it."""
    chance = random.Random(seed)
    nodes = [NamedNode(f"https://e.org/{number}") for number in range(12)]

    def one() -> Triple:
        subject = chance.choice(nodes)
        kind = chance.random()
        if kind < 0.25:
            value = NamedNode(GSEF + chance.choice(CLASSES))
            return Triple(subject, NamedNode(f"{RDF}type"), value)
        if kind < 0.4:
            name = Literal(f"name {chance.randrange(8)}", language="en")
            return Triple(subject, NamedNode(f"{SKOS}prefLabel"), name)
        if kind < 0.5:
            return Triple(subject, NamedNode(f"{GSEF}startDate"), Literal(chance.randrange(3)))
        return Triple(subject, NamedNode(GSEF + chance.choice(PREDICATES)), chance.choice(nodes))

    return [one() for _ in range(40)], [one() for _ in range(chance.randrange(1, 6))]


def test_law_findings_are_those_on_the_whole_graph() -> None:
    shapes = triples_of(SHAPES)
    smaller = found = 0
    with Oracle() as oracle:

        def brought(known: Sequence[Triple], new: Sequence[Triple]) -> list[str]:
            """The results that new triples bring."""
            after = {str({**result, "shape": None}) for result in
                     oracle.validate([*known, *new], shapes)}  # fmt: skip
            before = oracle.validate(known, shapes) if after else []
            return sorted(after - {str({**result, "shape": None}) for result in before})

        for seed in range(CASES):
            known, new = some_triples(seed)
            near = neighbourhood.around(new, engine_of(known)).triples
            smaller += len(near) < len(set(known))
            whole = brought(known, new)
            found += len(whole)
            assert brought(near, new) == whole, f"seed {seed}"
    assert found > 50, "the law was tried on graphs with nothing to find"
    assert smaller > 20, "the neighbourhood was always the whole graph"


KNOWN = triples_of("""
id-org:a a gsef:Organisation ; skos:prefLabel "A"@en ; gsef:basedIn id-place:p .
id-place:p a gsef:Place ; gsef:within id-place:q . id-place:q gsef:within id-place:r .
id-place:r gsef:within id-place:s . id-place:s gsef:within id-place:t . id-place:t a gsef:Place .
id-org:far a gsef:Organisation ; skos:prefLabel "Far"@en .
id-person:x gsef:memberOf id-org:a . id-person:x skos:prefLabel "X"@en .
""")


def near_of(text: str, **options: object) -> set[str]:
    found = neighbourhood.around(triples_of(text), engine_of(KNOWN), **options)  # type: ignore[arg-type]
    return {NAMES.compact(str(t.subject)[1:-1]) for t in found.triples}


def test_chains_to_their_end_and_nothing_far() -> None:
    near = near_of("id-event:e gsef:place id-place:p .")
    assert {"id-place:p", "id-place:q", "id-place:r", "id-place:s", "id-place:t"} <= near
    assert "id-org:far" not in near
    assert "id-org:far" in near_of('id-org:b skos:prefLabel "Far"@en .')


def test_graphs_left_out_and_terms_known() -> None:
    without = neighbourhood.around(
        triples_of("id-org:a a gsef:Organisation ."), engine_of(KNOWN), without=[NAMES.graph("a")]
    )
    assert without.triples == ()
    known = near_of("id-event:e gsef:place id-place:p .", known=[NAMES.expand("id-place:p")])
    assert "id-place:p" not in known


def test_a_hub_is_cut_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbourhood, "LIMIT", 3)
    found = neighbourhood.around(triples_of("id-org:a a gsef:Event ."), engine_of(KNOWN))
    assert "more than 3 triples" in found.cut[0]["en"]


def test_many_terms_make_several_questions() -> None:
    asked: list[str] = []

    class Counting(Embedded):
        def query(self, text: str, *, timeout: float | None = None):  # type: ignore[no-untyped-def]
            asked.append(text)
            return super().query(text, timeout=timeout)

    body = "".join(f"id-event:event-{number} gsef:place id-place:p .\n" for number in range(2000))
    neighbourhood.around(triples_of(body), Counting())
    assert max(map(len, asked)) < 32_000
    few = len(asked)
    asked.clear()
    neighbourhood.around(triples_of("id-event:e gsef:place id-place:p ."), Counting())
    assert len(asked) <= 6 < few
