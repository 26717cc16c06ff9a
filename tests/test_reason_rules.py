"""Rules run to their fixed point: what owlrl derives, what the rule files add, and no more."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Triple

from gsefgraph.engine.base import Result
from gsefgraph.engine.embedded import Embedded
from gsefgraph.errors import EngineError, InputError, SyntaxFault, UsageError
from gsefgraph.graph import build
from gsefgraph.project import find
from gsefgraph.reason import owl, rules
from gsefgraph.reason.construct import read_rule, read_rules
from gsefgraph.reason.rule import Rule
from gsefgraph.terms import GSEF, RDFS, Names
from tests.reasoning import (
    E,
    engine_of,
    facts,
    node,
    ontologies,
    oracle,
    telling,
    told,
    turtle,
)

INFERRED = NamedNode(Names().graph("inferred"))


def derived(axioms: list[Triple], stated: Iterable[Triple]) -> tuple[Triple, ...]:
    return rules.infer(engine_of([*axioms, *stated]), owl.compile(owl.close(axioms)))


def held(engine: Embedded) -> set[Triple]:
    return {quad.triple for quad in engine.dump(INFERRED)}


# --- the oracle ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("axioms", "stated", "more"),
    [
        (":p owl:inverseOf :p .", ":a :p :b .", ":b :p :a ."),
        (":p rdfs:domain :p .", ":a :p :b .", ":a a :p ."),
        (":p rdfs:range :p .", ":a :p :b .", ":b a :p ."),
    ],
)
def test_a_property_may_be_its_own_inverse_or_domain(axioms: str, stated: str, more: str) -> None:
    found = derived(turtle(axioms), turtle(stated))
    assert told(found) == told(turtle(more))
    assert told(telling([*turtle(axioms + stated), *found])) == told(
        oracle(turtle(axioms + stated))
    )


@given(ontologies(), facts())
def test_owl_rules_derive_what_owlrl_derives(axioms: list[Triple], stated: list[Triple]) -> None:
    given_triples = [*axioms, *stated]
    found = derived(axioms, stated)
    assert not set(found) & set(given_triples)
    assert told(telling([*found, *given_triples])) == told(oracle(given_triples))


def test_on_the_shipped_data_owl_rules_derive_what_owlrl_derives() -> None:
    project = find()
    quads = list(build.Given(project).quads())
    engine = Embedded()
    engine.load(quads)
    compiled = [rule for rule in build.rules(project) if rule.kind == "owl"]
    stated = sorted({quad.triple for quad in quads}, key=str)
    found = rules.infer(engine, compiled)
    assert len(found) > 3000
    ours, theirs = telling([*found, *stated]), oracle(stated)
    assert told(ours - theirs) == []
    assert told(theirs - ours) == []


# --- laws of the fixed point --------------------------------------------------------------------


@given(ontologies(), facts(), st.randoms(use_true_random=False))
def test_the_order_of_rules_does_not_count_and_nothing_more_follows(
    axioms: list[Triple], stated: list[Triple], chance: random.Random
) -> None:
    compiled = owl.compile(owl.close(axioms))
    engine = engine_of([*axioms, *stated])
    first = rules.infer(engine, compiled)
    chance.shuffle(compiled)
    assert rules.infer(engine, compiled) == first
    assert list(first) == sorted(set(first), key=str)
    assert rules.materialise(engine, compiled) == len(first)
    assert held(engine) == set(first)
    assert rules.materialise(engine, compiled) == len(first), "what was derived is not stated"
    engine.load(Quad(t.subject, t.predicate, t.object, NamedNode(f"{E}other")) for t in first)
    assert rules.infer(engine, compiled) == (), "what a named graph states is not derived"
    assert rules.materialise(engine, compiled) == 0


def test_a_long_chain_is_closed() -> None:
    axioms = turtle(":p a owl:TransitiveProperty .")
    length = 120
    stated = turtle("".join(f":t{n} :p :t{n + 1} ." for n in range(length)))
    assert len(derived(axioms, stated)) == length * (length + 1) // 2 - length


def test_a_literal_is_the_subject_of_nothing() -> None:
    axioms = turtle(":p owl:inverseOf :q ; rdfs:range :A .")
    assert derived(axioms, turtle(':a :p "text" .')) == ()


def test_chained_rules_of_all_kinds_feed_each_other() -> None:
    axioms = turtle(":p rdfs:subPropertyOf :q . :q owl:inverseOf :r . :s rdfs:domain :A .")
    text = f"PREFIX : <{E}> CONSTRUCT {{ ?x :s ?y }} WHERE {{ ?x :r ?y FILTER(?x != ?y) }}"
    compiled = [*owl.compile(owl.close(axioms)), read_rule(text, "s.rq")]
    engine = engine_of([*axioms, *turtle(":a :p :b . :c :p :c .")])
    assert told(t for t in rules.infer(engine, compiled) if t.subject != t.object) == [
        "<:a> <:q> <:b>",
        "<:b> <:r> <:a>",
        "<:b> <:s> <:a>",
        "<:b> <rdf:type> <:A>",
    ]


class Watched(Embedded):
    """Counts the queries that it answers, and can fail at one."""

    asked = 0
    fail_at = 0

    def query(self, text: str, *, timeout: float | None = None) -> Result:
        self.asked += 1
        if self.asked == self.fail_at:
            raise EngineError("the engine broke")
        return super().query(text, timeout=timeout)


def test_a_rule_runs_again_only_when_what_it_reads_has_come() -> None:
    axioms = turtle("".join(f":C{n} rdfs:subClassOf :C{n + 1} ." for n in range(50)))
    compiled = owl.compile(owl.close(axioms))
    engine = Watched()
    engine.load(Quad(t.subject, t.predicate, t.object, NamedNode(f"{E}g")) for t in axioms)
    engine.load([Quad(node(":a"), node("rdf:type"), node(":C0"), NamedNode(f"{E}g"))])
    rules.materialise(engine, compiled)
    # In the order of who feeds whom each sub-class rule runs once; equality runs after all.
    assert engine.asked < len(compiled) + 30


def test_a_failure_leaves_nothing_derived() -> None:
    axioms = turtle(":A rdfs:subClassOf :B .")
    compiled = owl.compile(owl.close(axioms))
    engine = Watched()
    engine.load(Quad(t.subject, t.predicate, t.object, NamedNode(f"{E}g")) for t in axioms)
    engine.load([Quad(node(":a"), node("rdf:type"), node(":A"), NamedNode(f"{E}g"))])
    assert rules.materialise(engine, compiled) == 1
    needed = engine.asked
    engine.asked, engine.fail_at = 0, needed - 1
    with pytest.raises(EngineError, match="broke"):
        rules.materialise(engine, compiled)
    assert held(engine) == set()
    assert engine.count() == 2


def test_a_store_on_disk_gets_what_follows_in_one_write(tmp_path: Path) -> None:
    axioms = turtle(":A rdfs:subClassOf :B .")
    with_facts = [*axioms, *turtle(":a a :A .")]
    engine = Embedded.open(tmp_path / "store", create=True)
    engine.load(Quad(t.subject, t.predicate, t.object, NamedNode(f"{E}g")) for t in with_facts)
    before = int(engine.info()["generation"])
    assert rules.materialise(engine, owl.compile(owl.close(axioms))) == 1
    assert int(engine.info()["generation"]) == before + 1
    assert told(held(engine)) == ["<:a> <rdf:type> <:B>"]
    engine.close()


def test_rules_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MAX_STEPS", 20)
    text = (
        f"PREFIX : <{E}> CONSTRUCT {{ ?x :next ?y }} WHERE "
        '{ ?z :next ?x BIND(IRI(CONCAT(STR(?x), "x")) AS ?y) }'
    )
    with pytest.raises(UsageError, match=r"derive without end .*endless"):
        rules.infer(engine_of(turtle(":a :next :b .")), [read_rule(text, "endless.rq")])


# --- what the model promises of the shipped data ------------------------------------------------

DERIVED = {
    "rdfs:label": 100,
    "schema:name": 100,
    "foaf:name": 100,
    "gsef:participatedIn": 10,
    "gsef:hasParticipant": 10,
    "gsef:memberOf": 3,
    "gsef:hasMember": 3,
    "gsef:affiliatedWith": 10,
    "gsef:invitedTo": 5,
    "schema:affiliation": 10,
    "gsef:observerOf": 1,
    "gsef:contributesTo": 5,
    "gsef:hasPart": 3,
    "gsef:country": 3,
    "gsef:earliest": 5,
    "gsef:latest": 5,
    "gsef:collaboratedWith": 2,
    "schema:startDate": 5,
    "schema:location": 3,
    "schema:superEvent": 3,
    "schema:organizer": 3,
    "lode:involvedAgent": 10,
    "org:member": 10,
    "org:organization": 10,
    "oa:hasSelector": 50,
}


@pytest.fixture(scope="module")
def shipped() -> Embedded:
    return build.Given(find()).memory()


@pytest.mark.parametrize("name", DERIVED)
def test_what_model_md_derives_is_there(shipped: Embedded, name: str) -> None:
    found = [t for t in held(shipped) if t.predicate == node(name)]
    assert len(found) >= DERIVED[name]


def test_nothing_derived_is_stated_or_tells_nothing(shipped: Embedded) -> None:
    stated = {quad.triple for quad in shipped.dump() if quad.graph_name != INFERRED}
    found = held(shipped)
    assert len(found) > 4000
    assert not found & stated
    assert not [t for t in found if owl.housekeeping(t)]


def test_a_target_rolls_up_to_its_goal(shipped: Embedded) -> None:
    pairs = {
        (t.subject, t.object.value.rpartition("/")[2])
        for t in held(shipped)
        if t.predicate == NamedNode(f"{GSEF}contributesTo") and isinstance(t.object, NamedNode)
    }
    targets = [(thing, code) for thing, code in pairs if "." in code]
    assert targets
    assert all((thing, code.split(".")[0]) in pairs for thing, code in targets)


# --- rule files ---------------------------------------------------------------------------------

PREFIX = f"PREFIX : <{E}> PREFIX rdfs: <{RDFS}>\n"


def rule_of(text: str, file: str = "folder/some-rule.rq") -> Rule:
    return read_rule(PREFIX + text, file)


def test_head_and_body_are_taken_from_the_text() -> None:
    rule = rule_of(
        """CONSTRUCT { ?x :p "a } # b"@fr , 7 ; :q true . ?y a :A } # { not this
        WHERE {
          VALUES ?link { :l1 :l2 }
          ?x ?link ?y ; :a/^:b+ ?z , ?w ; a|(:c/:d)* "x"^^:t .
          OPTIONAL { ?y rdfs:label ?label } FILTER(LANG(?label) = "fr" || ?label > 3)
          { ?x :u1 ?y } UNION { ?x :u2 ?y }
          GRAPH ?g { ?x :g ?y }
          MINUS { ?x :minus ?y . FILTER EXISTS { ?x :inner ?y } }
          FILTER NOT EXISTS { ?x :not ?y }
          FILTER REGEX(STR(?x), "^}") .
          { SELECT ?x (COUNT(?n) AS ?count) WHERE { ?x :counted ?n } GROUP BY ?x }
          BIND(IRI(CONCAT(STR(?x), "#")) AS ?new)
        }"""
    )
    assert (rule.name, rule.kind, rule.source) == ("some-rule", "rule file", "some-rule.rq")
    short = [str(p).replace(E, ":").replace(RDFS, "rdfs:") for p in rule.premises]
    assert short == [
        "?x ?link ?y",
        "?x <:a>/^(<:b>+) ?z",
        "?x <:a>/^(<:b>+) ?w",
        '?x <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>|(<:c>/<:d>)* "x"^^<:t>',
        "?y <rdfs:label> ?label",
        "?x <:u1> ?y",
        "?x <:u2> ?y",
        "?x <:g> ?y",
        "?x <:counted> ?n",
    ]
    assert [p.object for p in rule.head[:3]] == [
        Literal("a } # b", language="fr"),
        Literal("7", datatype=node("xsd:integer")),
        Literal("true", datatype=node("xsd:boolean")),
    ]
    assert rule.fixed == {"new"}
    assert f"{E}l2" in rule.reads
    assert "*" not in rule.reads
    Embedded().query(rule.construct())
    for text in rule.news():
        Embedded().query(text)


@pytest.mark.parametrize("body", ["?x ?any ?y", "?x a ?kind"])
def test_a_rule_that_reads_anything_runs_after_anything(body: str) -> None:
    assert "*" in rule_of(f"CONSTRUCT {{ ?x :p :o }} WHERE {{ {body} }}").reads


def test_the_head_comment_says_what_follows_in_three_languages() -> None:
    text = """# Derives: a thing :p another, by ex. 3. More for who
# changes the rule.
# Dérive : une chose :p une autre,
# en deux lignes.
# Deriva: una cosa :p otra.
# Why not OWL: it cannot. Never.

CONSTRUCT { ?x <p:p> ?y } WHERE { ?x <p:q> ?y }"""
    rule = read_rule(text, "a.rq")
    assert [rule.sentence(lang) for lang in ("en", "fr", "es")] == [
        "a thing :p another, by ex. 3",
        "une chose :p une autre, en deux lignes",
        "una cosa :p otra",
    ]
    told = text.replace("# Why not", "# In words: one thing follows another.\n# Why not")
    assert read_rule(told, "a.rq").sentence("en") == "one thing follows another"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("SELECT * WHERE { ?x :p ?y }", 2, "CONSTRUCT should stand"),
        ("CONSTRUCT WHERE { ?x :p ?y }", 2, "{ should stand"),
        ("CONSTRUCT { ?x :p ?y } FROM :g WHERE { ?x :p ?y }", 2, "{ should stand"),
        ("CONSTRUCT { ?x :p ?y } WHERE { ?x :p ?y }\nLIMIT 5", 3, "after the WHERE group"),
        ("CONSTRUCT { ?x :p [] } WHERE { ?x :p ?y }", 2, "blank node"),
        ("CONSTRUCT { ?x :p _:b } WHERE { ?x :p ?y }", 2, "blank node"),
        ("CONSTRUCT { ?x :p ?y } WHERE {\n[ :p ?x ] :p ?y }", 3, "blank node"),
        ("CONSTRUCT { ?x :p/:q ?y } WHERE { ?x :p ?y }", 2, "unexpected :p/:q"),
        ("CONSTRUCT { ?x no:p ?y } WHERE { ?x :p ?y }", 2, "prefix no: is not declared"),
        ("CONSTRUCT { ?x :p ?y } WHERE { ?x :p ?y", 2, "ends too early"),
        ('CONSTRUCT { ?x :p ?y } WHERE { ?x "p" ?y }', 2, 'unexpected "p"'),
        ("CONSTRUCT { ?x :p ?y } WHERE { SERVICE <s:s> { ?x :p ?y } }", 2, "does not belong"),
        ("CONSTRUCT { ?x :p ?y } WHERE { ?x :p ?z BIND(?z) }", 2, "unexpected )"),
        ("CONSTRUCT { ?x :p ?unbound } WHERE { ?x :p ?y }", 2, "?unbound"),
        ("CONSTRUCT { } WHERE { ?x :p ?y }", 2, "derives nothing"),
        ("CONSTRUCT { ?x :p ?y } WHERE {\n?x :p ?y FILTER(?y >) }", 3, "unexpected )"),
        ("CONSTRUCT { ?x :p ?y } WHERE {\n?x :p ( ?y ) }", 3, "'(' in a triple pattern"),
    ],
)
def test_what_is_no_rule_is_refused_with_its_place(text: str, line: int, said: str) -> None:
    with pytest.raises(SyntaxFault) as caught:
        rule_of(text)
    assert str(caught.value).startswith(f"folder/some-rule.rq:{line}:")
    assert said in str(caught.value)


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    latin = tmp_path / "latin.rq"
    latin.write_bytes("# é\nCONSTRUCT".encode("latin-1"))
    with pytest.raises(InputError, match=r"latin\.rq: not UTF-8"):
        read_rules([latin])
    with pytest.raises(InputError, match=r"absent\.rq: no such file"):
        read_rules([tmp_path / "absent.rq"])


def test_shipped_rule_files_run_as_they_stand(root: Path) -> None:
    files = sorted((root / "ontology" / "rules").glob("*.rq"))
    engine = build.Given(find()).memory()
    for file, rule in zip(files, read_rules(reversed(files)), strict=True):
        whole = engine.query(file.read_text("utf-8"))
        assert engine.query(rule.construct()) == whole, file.name
        assert rule.sentence("en") != rule.name
