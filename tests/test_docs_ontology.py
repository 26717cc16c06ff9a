"""The generated page: not stale, complete, and true to what stands beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gsefgraph.docs import ontology as page
from gsefgraph.terms import GSEF
from tests.ontology_terms import (
    CHECKOUT,
    CLASSES,
    FOLDER,
    KINDS,
    PROPERTIES,
    ROLES,
    RULES,
)


def test_the_page_is_not_stale() -> None:
    written = (FOLDER / "README.md").read_text("utf-8")
    assert written == page.render(FOLDER, CHECKOUT / "queries"), (
        "run: python -m gsefgraph.docs.ontology"
    )


def test_the_page_tells_of_every_term_and_rule() -> None:
    text = page.render(FOLDER, CHECKOUT / "queries")
    assert text.count("```mermaid") == 1
    for name in (*CLASSES, *PROPERTIES):
        assert f"\n| `gsef:{name}` |" in text
    for slug in (*(f"id-role:{x}" for x in ROLES), *(f"id-kind:{x}" for x in KINDS)):
        assert f"\n| `{slug}` |" in text
    for path in RULES:
        assert f"\n| `{path.stem}` |" in text


def test_the_page_finds_shapes_examples_and_questions(tmp_path: Path) -> None:
    folder, queries = tmp_path / "ontology", tmp_path / "queries"
    for name in ("shapes", "examples", "rules"):
        (folder / name).mkdir(parents=True)
    (queries / "events").mkdir(parents=True)
    for name in ("gsef.ttl", "alignments.ttl", "concepts.ttl", "sdg.ttl"):
        (folder / name).write_bytes((FOLDER / name).read_bytes())
    prefix = f"@prefix gsef: <{GSEF}> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    shape = "<http://example.org/s> a sh:NodeShape ; sh:targetSubjectsOf gsef:textDigest ."
    (folder / "shapes" / "a.ttl").write_text(prefix + shape, "utf-8")
    example = "<http://example.org/d> a gsef:Document ."
    (folder / "examples" / "one.ttl").write_text(prefix + example, "utf-8")
    question = f"PREFIX gsef: <{GSEF}>\nSELECT ?d WHERE {{ ?d a gsef:Document }}"
    (queries / "events" / "texts.rq").write_text(question, "utf-8")
    rows = page.render(folder, queries).splitlines()
    link = "[one.ttl](examples/one.ttl)"
    assert f"| `gsef:Document` | `<http://example.org/s>` | {link} | `texts` |" in rows
    assert "| `gsef:Place` |  |  |  |" in rows


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"gsef\.ttl"):
        page.render(tmp_path, tmp_path)
