"""SARIF 2.1.0: the structure that the standard asks for, and fingerprints that stay."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gsefgraph.shacl.report.report import Report
from gsefgraph.shacl.report.sarif import FINGERPRINT
from gsefgraph.wording import LANGUAGES
from tests.shacl_sample import DATA_TEXT, report
from tests.test_shacl_report import ATTACK, REPORT

# SARIF 2.1.0 (OASIS Standard, 27 March 2020), section 3: property -> kind; "!" is required,
# [x] an array of x, a name an object of that table, and a set its only values.
MESSAGE = {"text!": str}
TABLE: dict[str, dict[str, Any]] = {
    "log": {"$schema": str, "version!": {"2.1.0"}, "runs!": ["run"]},
    "run": {
        "tool!": "tool", "language": str, "columnKind": {"utf16CodeUnits", "unicodeCodePoints"},
        "invocations": ["invocation"], "results": ["result"], "properties": dict,
    },
    "tool": {"driver!": "toolComponent"},
    "toolComponent": {
        "name!": str, "version": str, "informationUri": "uri", "language": str,
        "rules": ["reportingDescriptor"],
    },
    "reportingDescriptor": {
        "id!": str, "name": str, "shortDescription": "message", "fullDescription": "message",
        "help": "message", "helpUri": "uri", "defaultConfiguration": "reportingConfiguration",
        "properties": dict,
    },
    "reportingConfiguration": {"level": {"none", "note", "warning", "error"}},
    "invocation": {"executionSuccessful!": bool, "toolExecutionNotifications": ["notification"]},
    "notification": {"level": {"none", "note", "warning", "error"}, "message!": "message"},
    "result": {
        "ruleId": str, "ruleIndex": int, "level": {"none", "note", "warning", "error"},
        "message!": "message", "locations": ["location"], "partialFingerprints": dict,
        "properties": dict,
    },
    "location": {"physicalLocation": "physicalLocation", "logicalLocations": ["logicalLocation"]},
    "physicalLocation": {"artifactLocation!": "artifactLocation", "region": "region"},
    "artifactLocation": {"uri!": "uri"},
    "region": {"startLine!": int, "startColumn": int},
    "logicalLocation": {"name": str, "fullyQualifiedName": str, "kind": str},
    "message": MESSAGE,
}  # fmt: skip
URI = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-F]{2})*\Z")


def check(value: Any, kind: Any, at: str) -> None:
    if isinstance(kind, list):
        assert isinstance(value, list), at
        for number, item in enumerate(value):
            check(item, kind[0], f"{at}[{number}]")
    elif isinstance(kind, set):
        assert value in kind, at
    elif kind == "uri":
        assert isinstance(value, str), at
        assert URI.match(value), f"{at}: {value}"
    elif isinstance(kind, str):
        fields = TABLE[kind]
        known = {name.rstrip("!"): inner for name, inner in fields.items()}
        assert set(value) <= set(known), at
        assert {name[:-1] for name in fields if name.endswith("!")} <= set(value), at
        for name, inner in value.items():
            check(inner, known[name], f"{at}.{name}")
    else:
        assert type(value) is kind, at


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("made", [Report.of([]), REPORT, ATTACK, report()])
def test_structure(made: Report, lang: str) -> None:
    log = json.loads(made.to_sarif(lang))
    check(log, "log", "$")
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert len(run["results"]) == len(made.findings)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        for location in result["locations"]:
            region = location.get("physicalLocation", {}).get("region", {"startLine": 1})
            assert region["startLine"] > 0
            assert region.get("startColumn", 1) > 0


def results(made: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(made.to_sarif("en"))["runs"][0]["results"]
    return found


def test_rule_ids_and_levels() -> None:
    found = {result["ruleId"]: result["level"] for result in results(report())}
    assert found == {
        "gsef-sh:Event-startDate/Datatype": "error",
        "gsef-sh:Event-startDate/MinCount": "error",
        "gsef-sh:Event-place/Class": "warning",
        "gsef-sh:Event/gsef:place/gsef:within/NodeKind": "note",
        "_:/skos:prefLabel/UniqueLang": "error",
        "_:/skos:prefLabel/In": "error",
    }
    assert {result["level"] for result in results(ATTACK)} == {"error"}


def test_fingerprints_survive_line_moves_and_tell_findings_apart() -> None:
    def marks(text: str) -> list[str]:
        return sorted(r["partialFingerprints"][FINGERPRINT] for r in results(report(text)))

    before = marks(DATA_TEXT)
    assert marks(f"\n\n# moved\n{DATA_TEXT}".replace("_:b1", "_:other")) == before
    assert len(set(before)) == len(before)
    changed = marks(DATA_TEXT.replace("2019-6-25", "2019-6-26"))
    assert len(set(changed) - set(before)) == 1


def test_files_are_relative_uris_where_they_can_be(tmp_path: Path) -> None:
    first = report().findings[0]
    places = [str(tmp_path / "à b.ttl"), "./x/../c.ttl", "/elsewhere/d.ttl"]
    made = Report.of([replace(first, source=(place, 1, 1)) for place in places])
    uris = {
        r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for r in json.loads(made.to_sarif("en", folder=tmp_path))["runs"][0]["results"]
    }
    assert uris == {"%C3%A0%20b.ttl", "c.ttl", "file:///elsewhere/d.ttl"}
