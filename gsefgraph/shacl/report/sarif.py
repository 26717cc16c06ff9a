"""A report as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format), for code scanning.

Rules have ids that stay: the shape's compact IRI and its component (``gsef-sh:Event-place/Class``,
a hierarchical id, section 3.5.4), or the IRI of one of our own checks. `partialFingerprints` holds
`plain.fingerprint`, so that a finding keeps its identity when lines move.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path as File
from typing import Any
from urllib.parse import quote

from gsefgraph.shacl.report.finding import Finding, Findings, Label, shown
from gsefgraph.shacl.report.plain import filled, fingerprint, identity
from gsefgraph.shacl.report.sentences import component
from gsefgraph.shacl.report.view import View, plain
from gsefgraph.terms import BASE, BLANK_SHAPE, VERSION

FINGERPRINT = "gsefgraphFinding/v1"
_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_SAFE = "/!$&'()*+,;=@~-._"


def write(
    report: Findings, lang: str = "en", label: Label | None = None, *, folder: File | None = None
) -> Iterator[str]:
    """The report as one SARIF log with one run, UTF-8, two-space indent, in pieces.

    Parameters:
        report, lang, label: as `report.Report.to_text` has them.
        folder: what file names are made relative to; the current folder when it is not given.

    >>> import json
    >>> json.loads("".join(write(Findings.of([]), "fr")))["runs"][0]["language"]
    'fr'
    """
    view = View(report, lang, label)
    rules = _Rules(view)
    folder = folder or File.cwd()
    results = [(_result(finding, view, rules, folder), n) for finding, n in report.results()]
    notes = [_notification(text, "warning") for text in view.warnings()]
    ways = view.ways()
    notes += [_notification(ways, "note")] if ways else []
    run = {
        "tool": {
            "driver": {
                "name": "gsefgraph",
                "version": VERSION,
                "informationUri": BASE,
                "language": view.lang,
                "rules": rules.described,
            }
        },
        "language": view.lang,
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
        "results": [],
        "properties": {
            "conforms": report.conforms,
            "counts": {view.report.names.compact(k): n for k, n in report.counts.items()},
            **({"known": report.known.results} if report.known.results else {}),
            **({"complete": False} if report.omitted else {}),
        },
    }
    body = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    yield from filled(body, "results", results)


def rule_id(finding: Finding, view: View) -> str:
    """The id of a finding's rule, the same in every report.

    >>> from gsefgraph.terms import SH, SHAPES
    >>> from pyoxigraph import NamedNode
    >>> one = Finding(f"{SH}Violation", NamedNode("a:n"), None, None, f"{SHAPES}Event-place",
    ...               f"{SH}ClassConstraintComponent", {})
    >>> rule_id(one, View(Findings.of([]), "en"))
    'gsef-sh:Event-place/Class'
    """
    if finding.rule == finding.component:
        return _bare(view.report.names.compact(finding.rule))
    blank = (finding.shape or finding.rule).startswith(BLANK_SHAPE)
    parts = [
        "_:" if finding.rule.startswith(BLANK_SHAPE) else view.report.names.compact(finding.rule),
        finding.path.text(view.report.names.compact) if blank and finding.path else "",
        view.component(finding.component),
    ]
    return shown("/".join(_bare(part) for part in parts if part))


class _Rules:
    """The rules of the findings, in the order first met."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._index: dict[str, int] = {}
        self.described: list[dict[str, Any]] = []

    def of(self, finding: Finding) -> tuple[str, int]:
        """Id and index of the finding's rule."""
        name = rule_id(finding, self._view)
        if name not in self._index:
            self._index[name] = len(self.described)
            self.described.append(self._describe(name, finding))
        return name, self._index[name]

    def _describe(self, name: str, finding: Finding) -> dict[str, Any]:
        view = self._view
        title = view.title(finding)
        does = component(finding.component, view.lang)
        short = " — ".join(part for part in (title, does) if part) or name
        text = view.help(finding) or short
        found: dict[str, Any] = {
            "id": name,
            "name": title or name,
            "shortDescription": {"text": short},
            "fullDescription": {"text": text},
            "help": {"text": text},
            "defaultConfiguration": {"level": view.level(finding.severity)},
            "properties": {"component": finding.component},
        }
        if not finding.rule.startswith(BLANK_SHAPE):
            found["properties"]["shape"] = finding.rule
        if finding.rule.startswith(("http://", "https://")):
            found["helpUri"] = quote(finding.rule, safe=f"{_SAFE}:?#[]%")
        return found


def _result(finding: Finding, view: View, rules: _Rules, folder: File) -> dict[str, Any]:
    name, index = rules.of(finding)
    fields = identity(finding)
    focus = plain(finding.focus)
    hint = view.hint(finding)
    message = view.message(finding)
    location: dict[str, Any] = {
        "logicalLocations": [
            {"name": view.term(finding.focus), "fullyQualifiedName": focus, "kind": "resource"}
        ]
    }
    if finding.source is not None:
        file, line, column = finding.source
        region = {"startLine": line, "startColumn": column} if line > 0 else {}
        if region and column < 1:
            del region["startColumn"]
        location["physicalLocation"] = {
            "artifactLocation": {"uri": artifact(file, folder)},
            **({"region": region} if region else {}),
        }
    properties = {key: text for key, text in fields.items() if text is not None}
    if hint:
        properties["hint"] = hint
    return {
        "ruleId": name,
        "ruleIndex": index,
        "level": view.level(finding.severity),
        "message": {"text": f"{message} → {hint}" if hint else message},
        "locations": [location],
        "partialFingerprints": {FINGERPRINT: fingerprint(fields)},
        "properties": properties,
    }


def artifact(file: str, folder: File) -> str:
    """A file as a URI, relative where it stands in the folder.

    >>> artifact("/data/é 1.ttl", File("/data")), artifact("/tmp/a.ttl", File("/data"))
    ('%C3%A9%201.ttl', 'file:///tmp/a.ttl')
    >>> artifact(os.fsdecode(b"/data/\\xe9.ttl"), File("/data"))
    '%E9.ttl'
    """
    path = File(os.path.normpath(file))
    if path.is_absolute():
        if not path.is_relative_to(folder):
            return f"file://{quote(os.fsencode(path), safe=_SAFE)}"
        path = path.relative_to(folder)
    return quote(os.fsencode(path), safe=_SAFE)


def _notification(text: str, level: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": text}}


def _bare(name: str) -> str:
    return name[1:-1] if name.startswith("<") else name
