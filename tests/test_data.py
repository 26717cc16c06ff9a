"""What must hold of the shipped data's files, graphs and terms, with no engine."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from gsefgraph.docs import dataset
from tests.shipped import (
    ALL,
    CURATED_BY,
    CURATION,
    DATA,
    DCTERMS,
    DOCUMENT,
    ENTITIES,
    FILES,
    GEO,
    GRAPH,
    GSEF,
    ID,
    PAGE,
    PROV,
    RDF_TYPE,
    SCHEMA,
    SKOS,
    TRIPLES,
    UNION,
    XSD,
    collapse,
    nodes,
    of_class,
    slugs,
    values,
)

KINDS = [
    "org",
    "person",
    "event",
    "place",
    "doc",
    "topic",
    "role",
    "kind",
    "participation",
    "membership",
    "goallink",
    "evidence",
]
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*")

ENTITY = {RDF_TYPE, GSEF + "acronym", GSEF + "kind", GSEF + "isoCode", GSEF + "within"} | {
    GEO + "lat",
    GEO + "long",
    SCHEMA + "sameAs",
    PROV + "hadPrimarySource",
    *(SKOS + name for name in ("prefLabel", "altLabel", "exactMatch", "related")),
}
STATED = {RDF_TYPE, DCTERMS + "isPartOf", DCTERMS + "language", DCTERMS + "source"} | {
    GSEF + name
    for name in [
        "adoptedAt",
        "adoptedOn",
        "agent",
        "audience",
        "basedIn",
        "collaboratesWith",
        "describes",
        "end",
        "endDate",
        "event",
        "evidence",
        "issued",
        "issuedBy",
        "launchedAt",
        "mentions",
        "note",
        "objective",
        "online",
        "onBehalfOf",
        "organisation",
        "parent",
        "partOf",
        "place",
        "positionTitle",
        "quote",
        "recognises",
        "respondsTo",
        "role",
        "sequence",
        "source",
        "start",
        "startDate",
        "supports",
        "textDigest",
        "theme",
        "topic",
    ]
}
CURATED = {RDF_TYPE, PROV + "wasAttributedTo"} | {
    GSEF + name for name in ("evidence", "goal", "objection", "rationale", "stance", "subject")
}
STATED_NODES = {GSEF + name for name in ("Participation", "Membership", "Evidence", "GoalLink")}


def test_the_files_are_there() -> None:
    names = {str(path.relative_to(DATA)) for path in FILES}
    kinds = ["organisations", "people", "events", "places", "topics", "documents"]
    assert names >= {f"entities/{kind}.ttl" for kind in kinds}
    assert names >= {"curation.ttl", f"documents/{PAGE}.ttl"}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_file_is_nfc_without_blank_nodes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert TRIPLES[path]
    for triple in TRIPLES[path]:
        assert not isinstance(triple.subject, BlankNode)
        assert not isinstance(triple.object, BlankNode)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_no_bidirectional_controls(path: Path) -> None:
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", path.read_text(encoding="utf-8"))


def test_the_predicate_decides_the_graph() -> None:
    assert {t.predicate.value for t in ENTITIES} <= ENTITY
    assert {t.predicate.value for t in CURATION} <= CURATED
    assert {t.predicate.value for t in DOCUMENT} <= STATED


def test_types_stand_where_their_nodes_belong() -> None:
    types = {t.object.value for t in ENTITIES if t.predicate.value == RDF_TYPE}
    assert types == {
        GSEF + c for c in ["Organisation", "Person", "Event", "Place", "Topic", "Document"]
    }
    stated = {t.object.value for t in DOCUMENT if t.predicate.value == RDF_TYPE}
    assert stated == STATED_NODES - {GSEF + "GoalLink"}
    assert {t.object.value for t in CURATION if t.predicate.value == RDF_TYPE} == {
        GSEF + "GoalLink"
    }


def test_every_node_that_is_used_is_described() -> None:
    known = set(UNION)
    for triple in ALL:
        target = triple.object
        if not isinstance(target, NamedNode) or not target.value.startswith(ID):
            continue
        if target.value.removeprefix(ID).split("/")[0] in ("role", "kind"):
            continue
        assert target.value in known, triple


def test_slugs_are_legal() -> None:
    for subject in UNION:
        if subject.startswith(GRAPH):
            assert SLUG.fullmatch(subject.removeprefix(GRAPH)), subject
            continue
        kind, _, slug = subject.removeprefix(ID).partition("/")
        assert kind in KINDS, subject
        assert SLUG.fullmatch(slug), subject


CANONICAL = {
    "boolean": r"true|false",
    "integer": r"0|-?[1-9]\d*",
    "decimal": r"-?(0|[1-9]\d*)(\.\d*[1-9])?",
    "date": r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])",
    "gYearMonth": r"\d{4}-(0[1-9]|1[0-2])",
    "gYear": r"\d{4}",
}


def test_lexical_forms_are_canonical() -> None:
    seen = set()
    for triple in ALL:
        literal = triple.object
        if not isinstance(literal, Literal):
            continue
        if literal.language is not None:
            assert literal.language in ("en", "fr", "es"), triple
            continue
        name = literal.datatype.value.removeprefix(XSD)
        seen.add(name)
        if name != "string":
            assert re.fullmatch(CANONICAL[name], literal.value), triple
    assert seen == {"string", "integer", "decimal", "date", "gYear", "gYearMonth", "boolean"}


def test_text_for_people_is_trimmed() -> None:
    free = (GSEF + "quote",)
    ours = tuple(GSEF + name for name in ("note", "rationale", "objection"))
    for triple in ALL:
        if isinstance(triple.object, Literal) and triple.predicate.value not in free:
            text = triple.object.value
            if triple.predicate.value in ours:  # French marks stand behind narrow spaces
                text = text.replace("\u202f", " ")
            assert text == collapse(text), triple
            assert text, triple


def test_everything_named_is_named_once_in_each_language() -> None:
    for subject, node in nodes(ENTITIES).items():
        if subject.startswith(GRAPH):
            continue
        languages = [
            term.language for term in node[SKOS + "prefLabel"] if isinstance(term, Literal)
        ]
        assert set(languages) == {"en", "fr", "es"}, subject
        assert len(languages) == len(set(languages)), subject


def test_no_label_is_shared_by_two_things_of_one_class() -> None:
    seen: dict[tuple[str, str, str | None], str] = {}
    for subject, node in nodes(ENTITIES).items():
        for label in node.get(SKOS + "prefLabel", []):
            assert isinstance(label, Literal)
            key = (node[RDF_TYPE][0].value, label.value, label.language)
            assert seen.setdefault(key, subject) == subject, key


def test_links_to_other_registers_are_wikidata_items_of_one_thing_each() -> None:
    links = [
        t.object.value
        for t in ENTITIES
        if t.predicate.value in (SCHEMA + "sameAs", SKOS + "exactMatch")
    ]
    assert len(links) == len(set(links))
    assert all(re.fullmatch(r"http://www\.wikidata\.org/entity/Q[1-9]\d*", x) for x in links)


def test_places() -> None:
    for place in of_class("Place"):
        kind = slugs(place, "kind")[0]
        node = UNION[place]
        assert (GEO + "lat" in node) == (GEO + "long" in node) == (kind == "city"), place
        assert (GSEF + "isoCode" in node) == (kind == "country"), place
        assert (GSEF + "within" in node) == (kind != "country"), place
        if kind == "country":
            assert re.fullmatch("[A-Z]{2}", values(place, "isoCode")[0])
        if kind == "city":
            assert -90 <= float(node[GEO + "lat"][0].value) <= 90
            assert -180 <= float(node[GEO + "long"][0].value) <= 180


def test_curated_goal_links() -> None:
    assert len(CURATED_BY) >= 10
    for link, node in CURATED_BY.items():
        (subject,) = slugs(link, "subject")
        (goal,) = node[GSEF + "goal"]
        code = goal.value.removeprefix("http://metadata.un.org/sdg/")
        assert link == f"{ID}goallink/{subject}.{code}.curated"
        assert re.fullmatch(r"([1-9]|1[0-7])(\.([1-9]\d?|[a-d]))?", code)
        assert values(link, "stance") == [GSEF + "curated"]
        assert node[PROV + "wasAttributedTo"] == [NamedNode(f"{ID}org/gsefgraph-curators")]
        reasons = {
            term.language: term.value
            for term in node[GSEF + "rationale"]
            if isinstance(term, Literal)
        }
        assert set(reasons) == {"en", "es", "fr"}
        objections = {t.language for t in node[GSEF + "objection"] if isinstance(t, Literal)}
        assert objections == {"en", "es", "fr"}
        assert all(len(reason.split()) >= 9 for reason in reasons.values()), link


def test_the_description_for_catalogues_is_fresh() -> None:
    page = (DATA / "dataset.nt").read_text("utf-8")
    assert page == dataset.render(), "run python -m gsefgraph.docs.dataset"
    assert f'/dataset> <http://rdfs.org/ns/void#triples> "{len(set(ALL))}"' in page
