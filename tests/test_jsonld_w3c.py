"""The W3C test suite of JSON-LD 1.1: from a document to RDF, and JSON-LD in web pages.

Contexts that a test would fetch are given to it as files. What came out is written to
build/earl-jsonld.ttl. Tests of JSON-LD 1.0 alone, and of what is no matter of RDF, are not run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse

from gsefgraph.errors import GsefgraphError
from gsefgraph.rdf.reading import Reading
from gsefgraph.records import html, jsonld
from tests import earl, w3c

FOLDER = w3c.FOLDER.parent / "jsonld"
ADDRESS = "https://w3c.github.io/json-ld-api/tests/"
BUILD = Path(__file__).resolve().parent.parent / "build"
CONTEXTS = {
    f"{ADDRESS}{file.relative_to(FOLDER)}": file for file in FOLDER.glob("toRdf/**/*.jsonld")
}
OPTION = "the reader has no such option"
NOT_OURS = {
    **dict.fromkeys(("tdi09", "tdi10", "tdi11", "tdi12"), f"rdfDirection: {OPTION}"),
    "te077": f"expandContext: {OPTION}",
    "tr002": f"extractAllScripts: {OPTION}, all are read",
    **dict.fromkeys(("tr003", "tr011", "tr012", "tr013", "tr022"), "a file has no fragment"),
}
STRICTER = {
    **dict.fromkeys(("te060", "tli14"), "an IRI that stays relative is refused, not dropped"),
    **dict.fromkeys(
        ("te111", "te112", "tli12", "twf01", "twf02", "twf03", "twf04", "twf07"),
        "an IRI that is not well-formed is refused, not dropped",
    ),
    "twf05": "a language tag that is not well-formed is refused, not dropped",
}


def entries(manifest: str) -> Iterator[dict[str, Any]]:
    file = FOLDER / f"{manifest}-manifest.jsonld"
    for entry in json.loads(file.read_text("utf-8"))["sequence"] if file.exists() else ():
        option = entry.get("option", {})
        old = "json-ld-1.0" in (option.get("specVersion"), option.get("processingMode"))
        path = FOLDER / entry["input"].partition("#")[0]
        if not old and "jld:ToRDFTest" in entry["@type"] and path.is_file():
            yield {**entry, "manifest": manifest, "name": entry["@id"].lstrip("#")}


CASES = [*entries("toRdf"), *entries("html")]


@pytest.fixture(scope="module")
def outcomes() -> Iterator[list[earl.Outcome]]:
    found: list[earl.Outcome] = []
    yield found
    if len(found) == len(CASES):
        earl.write(found, BUILD / "earl-jsonld.ttl", "https://www.w3.org/TR/json-ld11-api/")


def canonical(quads: list[Quad]) -> set[str]:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(map(str, dataset))


def read(entry: dict[str, Any]) -> list[Quad]:
    base = entry.get("option", {}).get("base") or ADDRESS + entry["input"]
    text = (FOLDER / entry["input"].partition("#")[0]).read_text("utf-8")
    if entry["manifest"] == "html":
        page = html.read(text)
        base, text = page.base_of(base), page.json(text)
        if not page.scripts:
            return []
    return jsonld.read(text, entry["input"], Reading(base=base, contexts=CONTEXTS))[0]


@pytest.mark.skipif(not CASES, reason="the suite of JSON-LD is not beside the checkout")
@pytest.mark.parametrize("entry", CASES, ids=lambda entry: str(entry["name"]))
def test_case(entry: dict[str, Any], outcomes: list[earl.Outcome]) -> None:
    """What the suite says comes out, but for what is refused on purpose."""
    name = entry["name"]
    test = f"{ADDRESS}{entry['manifest']}-manifest#{name}"
    if name in NOT_OURS:
        outcomes.append(earl.Outcome(test, "reader", "earl:inapplicable", NOT_OURS[name]))
        return
    level, info = "earl:passed", ""
    try:
        found = read(entry)
    except GsefgraphError as error:
        wanted = "jld:NegativeEvaluationTest" in entry["@type"]
        if not wanted:
            level, info = "earl:failed", STRICTER.get(name, str(error))
    else:
        if "jld:NegativeEvaluationTest" in entry["@type"]:
            level, info = "earl:failed", "read all the same"
        elif "expect" in entry:
            text = (FOLDER / entry["expect"]).read_bytes()
            if canonical(found) != canonical([*parse(text, RdfFormat.N_QUADS)]):
                level, info = "earl:failed", "other quads"
    outcomes.append(earl.Outcome(test, "reader", level, info))
    assert (level == "earl:failed") == (name in STRICTER), info
