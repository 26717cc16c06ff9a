"""Roles, kinds and goals: complete, named in three languages, and well ordered."""

from __future__ import annotations

import pytest
import rdflib
from rdflib import RDF, SKOS, Literal, URIRef

from gsefgraph.graph.pages.sentences import TOOK
from gsefgraph.wording import say
from tests.ontology_terms import (
    CONCEPTS,
    GOALS,
    KINDS,
    NAMES,
    OWN,
    ROLES,
    SDG,
    TARGETS,
    term,
)


@pytest.mark.parametrize(("kind", "slugs"), [("role", ROLES), ("kind", KINDS)])
def test_the_schemes_hold_every_concept_of_the_model(kind: str, slugs: list[str]) -> None:
    scheme, cls = term(f"id-{kind}:scheme"), term(kind.capitalize())
    found = set(CONCEPTS.subjects(RDF.type, cls))
    assert {term(f"id-{kind}:{slug}") for slug in slugs} <= found
    assert found == set(CONCEPTS.subjects(SKOS.inScheme, scheme))
    top = {concept for concept in found if not list(CONCEPTS.objects(concept, SKOS.broader))}
    assert set(CONCEPTS.objects(scheme, SKOS.hasTopConcept)) == top
    assert set(CONCEPTS.subjects(SKOS.topConceptOf, scheme)) == top
    for concept in found:
        above = list(CONCEPTS.transitive_objects(concept, SKOS.broader))
        assert set(above) <= found
        assert concept not in above[1:]


@pytest.mark.parametrize("graph", [CONCEPTS, GOALS], ids=["concepts", "goals"])
def test_every_concept_is_named_once_in_each_language(graph: rdflib.Graph) -> None:
    for concept in set(graph.subjects(RDF.type)):
        names = sorted(name.language or "" for name in graph.objects(concept, SKOS.prefLabel))
        assert names == ["en", "es", "fr"], concept
        for prop in (SKOS.altLabel, SKOS.definition):
            assert set(graph.objects(concept, prop)).isdisjoint(
                graph.objects(concept, SKOS.prefLabel)
            )


def test_every_role_and_kind_is_defined_once_in_each_language() -> None:
    for concept in set(CONCEPTS.subjects(RDF.type)):
        texts = list(CONCEPTS.objects(concept, SKOS.definition))
        assert sorted(text.language or "" for text in texts) == ["en", "es", "fr"], concept
        assert all(str(text).strip() == str(text) != "" for text in texts), concept


def test_names_are_unique_within_a_scheme_and_language() -> None:
    for graph in (CONCEPTS, GOALS):
        for scheme in set(graph.objects(None, SKOS.inScheme)):
            names = [
                (str(name).casefold(), name.language)
                for concept in graph.subjects(SKOS.inScheme, scheme)
                for name in graph.objects(concept, SKOS.prefLabel)
            ]
            assert len(names) == len(set(names))


@pytest.mark.parametrize("role", sorted(TOOK))
def test_a_spanish_role_is_named_by_what_is_done(role: str) -> None:
    name = Literal(say(f"part.{role}").text("es"), lang="es")
    assert name in set(CONCEPTS.objects(term(f"id-role:{role}"), SKOS.prefLabel))


@pytest.mark.parametrize("lang", ["en", "fr", "es"])
@pytest.mark.parametrize(
    ("stance", "key"), [("stated", "model.stated"), ("curated", "page.concluded")]
)
def test_a_stance_is_named_by_one_word(stance: str, key: str, lang: str) -> None:
    name = Literal(say(key).text(lang), lang=lang)
    assert name in set(OWN.objects(term(stance), SKOS.prefLabel))


def test_roles_narrow_as_the_rules_expect() -> None:
    narrower = {
        (NAMES.compact(str(s)), NAMES.compact(str(o)))
        for s, o in CONCEPTS.subject_objects(SKOS.broader)
        if "/id/role/" in str(s)
    }
    assert narrower == {
        ("id-role:opening-speaker", "id-role:speaker"),
        ("id-role:co-organiser", "id-role:organiser"),
        ("id-role:founding-member", "id-role:member"),
    }


def test_seventeen_goals_and_the_targets_of_each() -> None:
    goals = set(GOALS.subjects(RDF.type, term("sdgo:Goal")))
    assert goals == {URIRef(f"{SDG}{number}") for number in range(1, 18)}
    scheme = URIRef(SDG.rstrip("/"))
    assert set(GOALS.objects(scheme, SKOS.hasTopConcept)) == goals
    for number, count in enumerate(TARGETS, 1):
        goal = URIRef(f"{SDG}{number}")
        targets = set(GOALS.subjects(SKOS.broader, goal))
        assert len(targets) == count
        assert all(str(target).startswith(f"{goal}.") for target in targets)
    targets = set(GOALS.subjects(RDF.type, term("sdgo:Target")))
    assert len(targets) == sum(TARGETS) == 169
    for node in goals | targets:
        code = str(node).removeprefix(SDG)
        assert list(GOALS.objects(node, SKOS.notation)) == [Literal(code)]
        assert set(GOALS.objects(node, SKOS.inScheme)) == {scheme}
        assert set(GOALS.objects(node, SKOS.altLabel)) >= {
            Literal(f"SDG {code}", lang="en"),
            Literal(f"ODD {code}", lang="fr"),
            Literal(f"ODS {code}", lang="es"),
        }


def test_a_target_has_a_short_name_of_ours_and_is_found_by_its_code() -> None:
    seen: set[Literal] = set()
    for target in GOALS.subjects(RDF.type, term("sdgo:Target")):
        code = str(target).removeprefix(SDG)
        names = list(GOALS.objects(target, SKOS.prefLabel))
        assert sorted(name.language or "" for name in names) == ["en", "es", "fr"], code
        assert all(4 <= len(name) <= 66 and name[-1] != "." for name in names), code
        assert not seen & set(names), code
        seen.update(names)
        assert {
            Literal(f"SDG target {code}", lang="en"),
            Literal(f"Cible {code} des ODD", lang="fr"),
            Literal(f"Meta {code} de los ODS", lang="es"),
        } <= set(GOALS.objects(target, SKOS.altLabel))
