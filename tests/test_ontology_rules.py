"""Rules and files: legal, explained, and naming no term that is not defined."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from rdflib import RDF, URIRef
from rdflib.plugins.sparql import prepareQuery

from gsefgraph.docs import vocabulary
from gsefgraph.terms import GSEF
from tests.ontology_terms import (
    ALL,
    FOLDER,
    NAMES,
    PROPERTIES,
    RULES,
)


def used_in_turtle(path: Path) -> Iterator[str]:
    graph = rdflib.Graph().parse(data=path.read_text("utf-8"), format="turtle")
    for triple in graph:
        yield from (str(node) for node in triple if isinstance(node, URIRef))


def used_in_rule(path: Path) -> Iterator[str]:
    body = re.sub(r"^#.*$", "", path.read_text("utf-8"), flags=re.MULTILINE)
    yield from map(NAMES.expand, re.findall(r"\b(?:gsef|id-role|id-kind):[\w-]+", body))


def used_in_context(path: Path) -> Iterator[str]:
    for value in json.loads(path.read_text("utf-8"))["@context"].values():
        name = value["@id"] if isinstance(value, dict) else value
        if isinstance(name, str) and name.startswith(("gsef:", "sdgo:")):
            yield NAMES.expand(name)


CHECKED = [
    *(FOLDER / name for name in ("gsef.ttl", "alignments.ttl", "concepts.ttl", "sdg.ttl")),
    *sorted((FOLDER / "shapes").glob("*.ttl")),
    *sorted((FOLDER / "examples").glob("*.ttl")),
    *RULES,
    FOLDER / "context.jsonld",
]


@pytest.mark.parametrize("path", CHECKED, ids=lambda path: path.name)
def test_every_term_that_is_used_is_defined(path: Path) -> None:
    reader = {".ttl": used_in_turtle, ".rq": used_in_rule, ".jsonld": used_in_context}
    spaces = (GSEF, NAMES.expand("id-role:"), NAMES.expand("id-kind:"))
    defined = {str(node) for node in ALL.subjects(RDF.type)}
    used = {iri for iri in reader[path.suffix](path) if iri.startswith(spaces) and iri != GSEF}
    if path.parent.name == "examples":  # one of them shows how to define concepts of one's own
        own = rdflib.Graph().parse(path, format="turtle")
        defined |= {str(node) for node in own.subjects(RDF.type)}
    assert sorted(used - defined) == []


@pytest.mark.parametrize("path", CHECKED, ids=lambda path: path.name)
def test_text_is_nfc_with_line_feeds_and_comments_only_at_the_head(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert "\r" not in text
    assert "\t" not in text
    assert text.endswith("\n")
    body = text.split("\n@prefix" if path.suffix == ".ttl" else "\nPREFIX", 1)[-1]
    assert not re.search(r"^\s*#", body, flags=re.MULTILINE)


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_a_rule_is_one_legal_construct_that_says_why(path: Path) -> None:
    text = path.read_text("utf-8")
    name, derives, why = next(r for r in vocabulary.rules(path.parent) if r[0] == path.stem)
    assert (name, bool(derives), bool(why)) == (path.stem, True, True)
    query = prepareQuery(text)
    assert query.algebra.name == "ConstructQuery"
    assert not any(isinstance(node, rdflib.BNode) for t in query.algebra.template for node in t)
    assert isinstance(pyoxigraph.Store().query(text), pyoxigraph.QueryTriples)
    for word in ("GRAPH", "SERVICE", "FROM", "COUNT", "GROUP BY", "NOW", "RAND", "BNODE", "UUID"):
        body = re.sub(r"^#.*$", "", text, flags=re.MULTILINE)
        assert not re.search(rf"\b{word}\b", body), word
    declared = re.findall(r"^PREFIX ([\w-]+): <(.*)>$", text, flags=re.MULTILINE)
    assert all(NAMES.prefixes[prefix] == iri for prefix, iri in declared)
    assert declared == sorted(declared)
    body = text.split("CONSTRUCT", 1)[1]
    assert {prefix for prefix, _ in declared} == set(re.findall(r"([\w-]+):[A-Za-z]", body))


def test_no_rule_tests_for_the_absence_of_what_is_derived() -> None:
    derived = set(vocabulary.derived(vocabulary.read(FOLDER), FOLDER))
    for path in RULES:
        for block in path.read_text("utf-8").split("NOT EXISTS")[1:]:
            assert derived.isdisjoint(re.findall(r"\b[a-z]+:[A-Za-z]+", block)), path.name


def test_every_derived_property_has_one_way_to_come_about() -> None:
    derived = vocabulary.derived(vocabulary.read(FOLDER), FOLDER)
    names = {f"gsef:{name}" for name in list(PROPERTIES)[-14:]}
    assert {name for name in derived if name.startswith("gsef:")} == names
    assert all(len(makers) <= 1 for name, makers in derived.items() if name in names)
