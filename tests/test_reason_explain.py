"""Proofs: every derived triple has one, it is sound and without circles, and reads well."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from gsefgraph.engine.base import Triples
from gsefgraph.engine.embedded import Embedded
from gsefgraph.errors import UnknownName, UsageError
from gsefgraph.graph import build
from gsefgraph.project import find
from gsefgraph.reason import owl, rules
from gsefgraph.reason.construct import read_rule
from gsefgraph.reason.explain import Proof, explain, steps
from gsefgraph.reason.rule import Rule
from gsefgraph.sparql.path import Path
from gsefgraph.terms import Names
from tests.reasoning import E, engine_of, facts, node, ontologies, told, triple, turtle

INFERRED = NamedNode(Names().graph("inferred"))


def closed(axioms: str, stated: str, *files: str) -> tuple[Embedded, list[Rule]]:
    compiled = owl.compile(owl.close(turtle(axioms)))
    compiled += [
        read_rule(f"PREFIX : <{E}> {text}", f"rule-{number}.rq")
        for number, text in enumerate(files, 1)
    ]
    engine = engine_of([*turtle(axioms), *turtle(stated)])
    rules.materialise(engine, compiled)
    return engine, compiled


def shape(proof: Proof) -> str:
    """The tree in one line: a rule's name and its premises, or what is stated."""
    if proof.rule is None:
        (said,) = told([proof.triple])
        return said
    return f"{proof.rule.name.split('(')[0]}[{', '.join(shape(p) for p in proof.premises)}]"


def nodes(proof: Proof, above: tuple[Triple, ...] = ()) -> Iterator[Proof]:
    assert proof.triple not in above, "a proof in a circle"
    yield proof
    for premise in proof.premises:
        yield from nodes(premise, (*above, proof.triple))


def sound(proof: Proof, engine: Embedded) -> None:
    """Leaves are stated; each step is what its rule derives from its premises alone."""
    for one in nodes(proof):
        if one.rule is None:
            assert one.graphs
            for graph in one.graphs:
                assert graph != INFERRED
                assert Quad(*_parts(one.triple), graph) in set(engine.dump(graph))
        else:
            alone = engine_of(premise.triple for premise in one.premises)
            answer = alone.query(one.rule.construct())
            assert isinstance(answer, Triples)
            assert one.triple in answer.triples


def _parts(t: Triple) -> tuple:  # type: ignore[type-arg]
    return t.subject, t.predicate, t.object


# --- laws ---------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(ontologies(), facts())
def test_every_derived_triple_has_a_sound_proof(axioms: list[Triple], stated: list[Triple]) -> None:
    compiled = owl.compile(owl.close(axioms))
    engine = engine_of([*axioms, *stated])
    rules.materialise(engine, compiled)
    found = sorted((quad.triple for quad in engine.dump(INFERRED)), key=str)
    for one in found[:: max(1, len(found) // 12)]:
        proof = explain(engine, compiled, one)
        assert proof.triple == one
        assert proof.rule is not None
        sound(proof, engine)


@settings(max_examples=30)
@given(ontologies(), facts(), st.sampled_from(["p0", "p4"]), st.sampled_from(["t0", "t3"]))
def test_a_triple_has_a_proof_just_when_it_holds(
    axioms: list[Triple], stated: list[Triple], link: str, thing: str
) -> None:
    compiled = owl.compile(owl.close(axioms))
    engine = engine_of([*axioms, *stated])
    rules.materialise(engine, compiled)
    holds = {quad.triple for quad in engine.dump()}
    for other in ("t0", "t1", "t2", "t3", "t4"):
        one = triple(f":{thing}", f":{link}", f":{other}")
        if one in holds:
            sound(explain(engine, compiled, one), engine)
        else:
            with pytest.raises(UnknownName):
                explain(engine, compiled, one)


# --- trees --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("axioms", "stated", "asked", "tree"),
    [
        (":p owl:inverseOf :q .", ":a :p :b .", (":a", ":p", ":b"), "<:a> <:p> <:b>"),
        (
            ":p owl:inverseOf :q . :q rdfs:domain :A . :A rdfs:subClassOf :B .",
            ":a :p :b .",
            (":b", "rdf:type", ":B"),
            "cax-sco[prp-dom[prp-inv1[<:a> <:p> <:b>]]]",
        ),
        (
            ":p a owl:TransitiveProperty .",
            ":a :p :b . :b :p :c . :c :p :d . :d :p :e .",
            (":a", ":p", ":e"),
            "prp-trp[prp-trp[<:a> <:p> <:b>, <:b> <:p> <:c>], "
            "prp-trp[<:c> <:p> <:d>, <:d> <:p> <:e>]]",
        ),
        (
            ":p a owl:SymmetricProperty , owl:TransitiveProperty .",
            ":a :p :b .",
            (":a", ":p", ":a"),
            "prp-trp[<:a> <:p> <:b>, prp-symp[<:a> <:p> <:b>]]",
        ),
        (
            "",
            ":a owl:sameAs :b . :b :p :c .",
            (":a", ":p", ":c"),
            "eq-rep-s[eq-sym[<:a> <owl:sameAs> <:b>], <:b> <:p> <:c>]",
        ),
        (
            ":A rdfs:subClassOf :B . :B rdfs:subClassOf :C .",
            "",
            (":A", "rdfs:subClassOf", ":C"),
            "scm-sco[<:A> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <:B>, "
            "<:B> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <:C>]",
        ),
    ],
)
def test_the_shallowest_proof_is_shown(
    axioms: str, stated: str, asked: tuple[str, str, str], tree: str
) -> None:
    engine, compiled = closed(axioms, stated)
    proof = explain(engine, compiled, triple(*asked))
    assert shape(proof) == tree
    sound(proof, engine)
    assert list(proof.leaves()) == list(dict.fromkeys(p for p in nodes(proof) if not p.rule))


BROADER = """:speaker skos:broader :participant . :opener skos:broader :speaker .
:t :role :opener ; :agent :ann . :u :agent :ben ."""
ROLE = (
    "CONSTRUCT { ?agent :tookPart :yes } WHERE { ?t :agent ?agent ; :role ?role . "
    "?role <http://www.w3.org/2004/02/skos/core#broader>* :participant }"
)


def test_a_rule_file_shows_the_patterns_that_held_and_the_way_of_a_path() -> None:
    engine, compiled = closed("", BROADER, ROLE)
    proof = explain(engine, compiled, triple(":ann", ":tookPart", ":yes"))
    skos = "<http://www.w3.org/2004/02/skos/core#broader>"
    assert [told([p.triple])[0] for p in proof.premises] == [
        "<:t> <:agent> <:ann>",
        "<:t> <:role> <:opener>",
        f"<:opener> {skos} <:speaker>",
        f"<:speaker> {skos} <:participant>",
    ]
    assert proof.rule is not None
    assert (proof.rule.name, proof.rule.kind) == ("rule-1", "rule file")


def test_of_unions_and_options_only_what_held_is_shown() -> None:
    text = """CONSTRUCT { ?x :linked ?y } WHERE { { ?x :p ?y } UNION { ?x :q ?y }
    OPTIONAL { ?y :name ?name } FILTER NOT EXISTS { ?x :hidden ?y } }"""
    engine, compiled = closed("", ":a :q :b . :c :p :d . :d :name 'D' .", text)
    proof = explain(engine, compiled, triple(":a", ":linked", ":b"))
    assert shape(proof) == "rule-1[<:a> <:q> <:b>]"
    proof = explain(engine, compiled, triple(":c", ":linked", ":d"))
    assert shape(proof) == 'rule-1[<:c> <:p> <:d>, <:d> <:name> "D"]'


def test_what_a_rule_computes_is_found_from_its_result() -> None:
    text = """CONSTRUCT { ?node :day ?day . ?part a :Part }
    WHERE { ?node :year ?year BIND(STRDT(CONCAT(STR(?year), "-01-01"),
      <http://www.w3.org/2001/XMLSchema#date>) AS ?day) BIND(IRI(CONCAT(STR(?node), "#p")) AS ?part)
    }"""
    engine, compiled = closed("", ":a :year 2017 . :b :year 2018 .", text)
    day = Triple(node(":a"), node(":day"), Literal("2017-01-01", datatype=node("xsd:date")))
    year = '"2017"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert shape(explain(engine, compiled, day)) == f"rule-1[<:a> <:year> {year}]"
    part = explain(engine, compiled, triple(":b#p", "rdf:type", ":Part"))
    assert shape(part).startswith("rule-1[<:b> <:year>")


def test_a_sub_select_is_a_body_too() -> None:
    text = """CONSTRUCT { ?x :busy true } WHERE {
    SELECT ?x WHERE { ?x :did ?what } GROUP BY ?x HAVING(COUNT(?what) > 1) }"""
    engine, compiled = closed("", ":a :did :b , :c . :d :did :e .", text)
    busy = Triple(node(":a"), node(":busy"), Literal("true", datatype=node("xsd:boolean")))
    assert shape(explain(engine, compiled, busy)) == "rule-1[]"


def test_many_instances_that_prove_nothing_do_not_hide_the_one_that_does() -> None:
    # Each :x stands on a triple of the other rule that stands on it: only the last is stated.
    text = "CONSTRUCT { ?x :p :one } WHERE { ?x :q ?y }"
    back = "CONSTRUCT { ?x :q ?y } WHERE { ?x :p :one . ?y a :Link }"
    links = " ".join(f":a{n:02} a :Link ." for n in range(40))
    engine, compiled = closed("", f"{links} :x :q :zzz .", text, back)
    proof = explain(engine, compiled, triple(":x", ":p", ":one"))
    assert shape(proof) == "rule-1[<:x> <:q> <:zzz>]"


def test_blank_nodes_take_part_but_cannot_be_asked_for() -> None:
    engine, compiled = closed(":p owl:inverseOf :q . :q rdfs:domain :A .", ":a :p [ :p :b ] .")
    found = explain(engine, compiled, triple(":b", "rdf:type", ":A"))
    assert [p.rule and p.rule.name.split("(")[0] for p in nodes(found)] == [
        "prp-dom",
        "prp-inv1",
        None,
    ]
    assert isinstance(list(nodes(found))[-1].triple.subject, BlankNode)
    with pytest.raises(UsageError, match="blank node"):
        explain(engine, compiled, Triple(BlankNode("b"), node(":p"), node(":a")))


def test_a_triple_that_does_not_hold_tells_what_is_near() -> None:
    engine, compiled = closed("", ":a :colour :red , :blue . :a :size 3 .")

    def message(*asked: str) -> str:
        with pytest.raises(UnknownName) as caught:
            explain(engine, compiled, triple(*asked))
        return str(caught.value).replace(E, ":")

    assert message(":a", ":colour", ":green").endswith("of <:a> <:colour> it says <:blue>, <:red>")
    assert "<:a> has no <:color>: did you mean <:colour>" in message(":a", ":color", ":red")
    assert message(":b", ":colour", ":red").endswith("nothing is said of <:b>")


def test_what_was_derived_once_but_follows_no_more_is_not_explained() -> None:
    engine, compiled = closed(":p owl:inverseOf :q .", ":a :p :b .")
    engine.update(f"DELETE DATA {{ GRAPH <{E}graph> {{ <{E}a> <{E}p> <{E}b> }} }}")
    with pytest.raises(UnknownName):
        explain(engine, compiled, triple(":b", ":q", ":a"))


# --- paths --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "end", "way"),
    [
        ("<:p>*", "a", []),
        ("<:p>*", "c", ["a p b", "b p c"]),
        ("<:p>+", "c", ["a p b", "b p c"]),
        ("<:p>+", "a", ["a p b", "b p c", "c p a"]),
        ("<:p>?", "b", ["a p b"]),
        ("<:p>?", "a", []),
        ("<:p>/<:q>", "d", ["a p b", "b q d"]),
        ("<:p>*/<:q>?", "d", ["a p b", "b q d"]),
        ("^<:p>", "c", ["c p a"]),
        ("^<:p>/<:p>+", "b", ["c p a", "c p a", "a p b"]),
        ("(^<:p>)+", "b", ["c p a", "b p c"]),
        ("<:p>|<:q>", "b", []),
        ("(<:p>?)+", "b", []),
        ("<:q>", "c", []),
    ],
)
def test_the_way_along_a_path(path: str, end: str, way: list[str]) -> None:
    engine = engine_of(turtle(":a :p :b . :b :p :c ; :q :d . :c :p :a ."))
    rule = read_rule(f"CONSTRUCT {{ ?x <a:b> ?y }} {{ ?x {path.replace(':', E)} ?y }}", "a.rq")
    predicate = rule.premises[0].predicate
    taken = predicate if isinstance(predicate, Path) else Path.of(str(predicate)[1:-1])
    found = steps(engine, node(":a"), taken, node(f":{end}"))
    assert [str(t).replace(E, "").replace("<", "").replace(">", "") for t in found] == way


# --- the shipped data, and rendering ------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped() -> tuple[Embedded, list[Rule]]:
    project = find()
    return build.Given(project).memory(), build.rules(project)


def test_each_derived_predicate_of_the_shipped_data_is_explained(
    shipped: tuple[Embedded, list[Rule]],
) -> None:
    engine, compiled = shipped
    first: dict[tuple[str, str], Triple] = {}
    for one in sorted((quad.triple for quad in engine.dump(INFERRED)), key=str):
        kind = one.object.value if one.predicate.value.endswith("#type") else ""  # type: ignore[union-attr]
        first.setdefault((one.predicate.value, kind), one)
    assert len(first) > 40
    quoted = 0
    for one in first.values():
        proof = explain(engine, compiled, one)
        assert proof.rule is not None
        assert all(leaf.graphs and INFERRED not in leaf.graphs for leaf in proof.leaves())
        quoted += any(leaf.passages for leaf in proof.leaves())
    assert quoted > 20


def test_a_proof_as_text_and_as_json(shipped: tuple[Embedded, list[Rule]]) -> None:
    engine, compiled = shipped
    proof = explain(engine, compiled, triple("id-org:gsef", "gsef:observerOf", "id-org:untfsse"))
    text = proof.to_text("fr")
    assert "découle de la règle observer-of : " in text
    assert "└── id-membership:untfsse.gsef.observer gsef:role id-role:observer\n" in text
    assert text.count("en tant qu’observateur » (") == 1
    assert "énoncé dans graph:gsef-advocacy-fr [1]" in text
    assert "[1] « Le GSEF fait partie du Groupe de travail" in text
    assert "(id-doc:gsef-advocacy-fr 453–554)\n    note : « Fait partie" in text
    assert "follows by the rule" in proof.to_text("en")
    assert "se deduce de la regla" in proof.to_text("es")
    named = proof.to_text("en", lambda iri: f"{iri.rpartition('/')[2]}!")
    assert named.startswith("gsef! · ontology#observerOf! · untfsse!\n")
    found = json.loads(json.dumps(proof.to_json()))
    assert found["status"] == "derived"
    assert found["rule"]["name"] == "observer-of"
    leaf = found["premises"][-1]
    assert leaf["status"] == "stated"
    assert leaf["triple"]["object"]["value"].endswith("/id/role/observer")
    assert leaf["graphs"] == [Names().graph("gsef-advocacy-fr")]
    passage = leaf["passages"][0]
    assert (passage["start"], passage["end"], passage["language"]) == (453, 554, "fr")
    assert passage["notes"]["fr"].startswith("« Fait partie")


def test_a_leaf_rests_on_what_the_graphs_that_state_it_quote_for_it() -> None:
    stated = """:fact gsef:agent :ann ; gsef:role :chair ; gsef:evidence :both , :role .
    :both gsef:quote "Ann took the chair" ; gsef:start 1 . :role gsef:quote "the chair" ;
      gsef:start 9 ; gsef:supports gsef:role ."""
    engine = engine_of(turtle(stated))
    other = [Quad(*_parts(t), node(":other")) for t in turtle(":fact gsef:evidence :elsewhere .")]
    engine.load(other)

    def quotes(predicate: str, value: str) -> list[str]:
        proof = explain(engine, [], triple(":fact", predicate, value))
        return [passage.quote for passage in proof.passages]

    assert quotes("gsef:agent", ":ann") == ["Ann took the chair"]
    assert quotes("gsef:role", ":chair") == ["Ann took the chair", "the chair"]


def test_a_derived_triple_is_shown_once_in_a_text() -> None:
    engine, compiled = closed(
        ":p owl:inverseOf :q . :r owl:propertyChainAxiom ( :q :s ) .",
        ":a :p :b . :a :s :b .",
        "CONSTRUCT { ?x :twice ?y } WHERE { ?x :r ?y . ?y :q ?z . ?x :q ?z }",
    )
    text = explain(engine, compiled, triple(":b", ":twice", ":b")).to_text("en")
    assert text.count("follows by the rule prp-inv1") == 1
    assert "(shown above)" in text


def test_literals_in_a_proof() -> None:
    engine, compiled = closed(":p rdfs:subPropertyOf :q .", ':a :p "é"@fr , "x" , 7 .')
    date = [
        explain(engine, compiled, Triple(node(":a"), node(":q"), value))
        for value in (
            Literal("é", language="fr"),
            Literal("x"),
            Literal("7", datatype=node("xsd:integer")),
        )
    ]
    assert [p.to_text().splitlines()[0].replace(E, ":") for p in date] == [
        '<:a> <:q> "é"@fr',
        '<:a> <:q> "x"',
        '<:a> <:q> "7"^^xsd:integer',
    ]
    assert [p.to_json()["triple"]["object"] for p in date] == [
        {"type": "literal", "value": "é", "xml:lang": "fr"},
        {"type": "literal", "value": "x"},
        {"type": "literal", "value": "7", "datatype": "http://www.w3.org/2001/XMLSchema#integer"},
    ]
