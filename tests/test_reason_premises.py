"""What is looked up around new triples is enough to derive what the whole graph would tell."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from gsefgraph.engine.embedded import Embedded
from gsefgraph.graph import build
from gsefgraph.project import find
from gsefgraph.reason import premises
from gsefgraph.reason.construct import read_rule
from gsefgraph.reason.rule import Rule
from gsefgraph.reason.rules import follows, inferred, materialise
from gsefgraph.shacl.checks import Ontology
from gsefgraph.terms import GSEF, RDF, SKOS, XSD, Names

NAMES = Names()
CASES = 10
CLASSES = ("Event", "Participation", "Place", "Organisation", "Membership")
PREDICATES = ("place", "within", "event", "event", "partOf", "agent", "organisation", "role",
              "kind", "subject", "goal", "stance")  # fmt: skip
NODES = [NamedNode(f"https://e.org/{number}") for number in range(12)]
VALUES = {
    "role": [NamedNode(NAMES.expand(f"id-role:{name}"))
             for name in ("organiser", "partner", "observer", "speaker")] + NODES[:3],
    "kind": [NamedNode(NAMES.expand("id-kind:country"))],
    "stance": [NamedNode(f"{GSEF}stated"), NamedNode(f"{GSEF}curated")],
}  # fmt: skip


def triples_of(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(text.encode(), format=RdfFormat.TURTLE)]


def engine_of(triples: Sequence[Triple], graph: str = "a:g") -> Embedded:
    engine = Embedded()
    engine.load(Quad(t.subject, t.predicate, t.object, NamedNode(graph)) for t in triples)
    return engine


def some_triples(seed: int) -> tuple[list[Triple], list[Triple]]:
    """A graph over a dozen nodes, and a few triples that are added to it."""
    chance = random.Random(seed)

    def one() -> Triple:
        subject, kind = chance.choice(NODES), chance.random()
        if kind < 0.25:
            value = NamedNode(GSEF + chance.choice(CLASSES))
            return Triple(subject, NamedNode(f"{RDF}type"), value)
        if kind < 0.3:
            year = Literal(str(chance.randrange(2010, 2030)), datatype=NamedNode(f"{XSD}gYear"))
            return Triple(subject, NamedNode(f"{GSEF}startDate"), year)
        if kind < 0.33:
            return Triple(subject, NamedNode(f"{SKOS}broader"), chance.choice(NODES))
        local = chance.choice(PREDICATES)
        value = chance.choice(VALUES.get(local, NODES))
        return Triple(subject, NamedNode(GSEF + local), value)

    return [one() for _ in range(40)], [one() for _ in range(chance.randrange(1, 5))]


def test_law_what_follows_is_what_follows_on_the_whole_graph() -> None:
    project = find()
    rules, ontology = build.rules(project), Ontology.read(project.ontology).triples
    derived = looked = 0
    for seed in range(CASES):
        known, new = some_triples(seed)
        before = {*known, *follows([*ontology, *known], rules)}
        near, cut = premises.around(new, rules, ontology, engine_of(sorted(before, key=str)))
        assert not cut
        assert set(near) <= before
        near_by = {*follows([*ontology, *near, *new], rules)} - before - {*new}
        whole = {*follows([*ontology, *known, *new], rules)} - before - {*new}
        assert near_by == whole, f"seed {seed}"
        derived += len(whole)
        looked += len(near)
    assert derived > CASES, "the law was tried where nothing follows"
    assert looked < CASES * 40, "the whole graph was looked up"


def rule(text: str) -> list[Rule]:
    return [read_rule(text, "a.rq")]


CHAIN = triples_of(
    "<a:0> <a:p> <a:1> . <a:1> <a:p> <a:2> . <a:3> <a:p> <a:4> . <a:4> <a:k> <a:K> ."
)


@pytest.mark.parametrize(
    ("text", "new", "found"),
    [
        ("?x <a:q> ?y . ?y <a:p>* ?z . ?z <a:k> <a:K>", "<a:9> <a:q> <a:3> .", 2),
        # a step in the middle of a path, whose ends are both in the graph
        ("?x <a:p>* ?z . ?z <a:k> <a:K>", "<a:2> <a:p> <a:3> .", 4),
        ("?x <a:p> ?y . ?y <a:p> ?z", "<a:9> <a:p> <a:0> .", 1),
        ("?x <a:p> ?y", "<a:9> <a:p> <a:0> .", 0),
    ],
)  # fmt: skip
def test_premises_are_followed_through_paths(text: str, new: str, found: int) -> None:
    rules = rule(f"CONSTRUCT {{ ?x <a:r> ?x }} WHERE {{ {text} }}")
    near, _ = premises.around(triples_of(new), rules, [], engine_of(CHAIN))
    assert len(near) == found


def test_what_is_known_or_left_out_is_not_looked_up() -> None:
    rules = rule("CONSTRUCT { ?x <a:r> ?z } WHERE { ?x <a:p> ?y . ?y <a:p> ?z }")
    new = triples_of("<a:9> <a:p> <a:0> .")
    assert premises.around(new, rules, [], engine_of(CHAIN), ["a:g"]) == ([], False)


def test_a_hub_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(premises, "LIMIT", 3)
    hub = triples_of("".join(f"<a:0> <a:p> <a:{number}> ." for number in range(1, 9)))
    rules = rule("CONSTRUCT { ?x <a:r> ?z } WHERE { ?x <a:p> ?y . ?y <a:p> ?z }")
    near, cut = premises.around(triples_of("<a:9> <a:p> <a:0> ."), rules, [], engine_of(hub))
    assert (len(near), cut) == (3, True)


def test_consequences_of_a_hub_are_not_followed_without_end() -> None:
    """Who meets in it are as many pairs as there are squares."""
    hub = triples_of("".join(f"<a:{n}> <a:p> <a:hub> ." for n in range(200)))
    rules = rule("CONSTRUCT { ?x <a:r> ?z } WHERE { ?x <a:p> ?y . ?z <a:p> ?y }")
    engine = engine_of(hub)
    materialise(engine, rules)
    for limit, found in ((100, 0), (None, 399)):
        few = premises.consequences(hub[:1], rules, engine, inferred(), limit=limit)
        assert (len(few[0]), few[1]) == (found, bool(limit))
