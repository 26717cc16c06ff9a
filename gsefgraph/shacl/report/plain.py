"""A report as JSON for programs, and the fingerprint that tells one finding from another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from gsefgraph.answers.solutions import json_term
from gsefgraph.shacl.report.finding import Finding, Findings, Label, pick
from gsefgraph.shacl.report.view import View, plain
from gsefgraph.shacl.result import Way
from gsefgraph.terms import BLANK_SHAPE, SH


def write(report: Findings, lang: str = "en", label: Label | None = None) -> Iterator[str]:
    """The report as `report.Report.to_json` describes it, in pieces.

    >>> json.loads("".join(write(Findings.of([]))))["conforms"]
    True
    """
    view = View(report, lang, label)
    body: dict[str, Any] = {
        "conforms": report.conforms,
        "counts": {severity.removeprefix(SH): count for severity, count in report.counts.items()},
        "findings": [],
        "warnings": [pick(texts, view.lang) for texts in report.warnings],
        "ways": [way._asdict() for way in dict.fromkeys(map(_named, report.ways))],
    }
    if report.more.results:
        body["more"] = report.more.results
    if report.omitted:
        body["complete"] = False
    if report.known.results:
        body["known"] = report.known.results
    yield from filled(body, "findings", ((_finding(f, view), n) for f, n in report.results()))


def filled(
    body: dict[str, Any], name: str, items: Iterable[tuple[dict[str, Any], int]]
) -> Iterator[str]:
    """A JSON object, two spaces a level, in pieces.

    Parameters:
        name: of the one empty array in it that is filled.
        items: objects, each with how often it comes.

    >>> [*filled({"a": []}, "a", [({"b": 1}, 2)])][1]
    '[\\n    {\\n      "b": 1\\n    }'
    """
    empty = f'"{name}": []'
    head, _, tail = json.dumps(body, ensure_ascii=False, indent=2).partition(empty)
    indent = head[head.rindex("\n") :]
    yield f"{head}{empty[:-2]}"
    mark = "["
    for item, times in items:
        # Line breaks within texts are escaped, so these are all of the layout.
        text = json.dumps(item, ensure_ascii=False, indent=2).replace("\n", f"{indent}  ")
        for _ in range(times):
            yield f"{mark}{indent}  {text}"
            mark = ","
    yield "[]" if mark == "[" else f"{indent}]"
    yield f"{tail}\n"


_BLANK = "[]"
"""What stands for a shape without a name."""


def _rule(iri: str) -> str:
    """The IRI of a shape, of which those that we made up are nobody's name."""
    return _BLANK if iri.startswith(BLANK_SHAPE) else iri


def _named(way: Way) -> Way:
    return way._replace(rule=_rule(way.rule))


def identity(finding: Finding) -> dict[str, Any]:
    """The fields of the JSON form that say which finding it is, wherever it stands."""
    return {
        "focus": plain(finding.focus),
        "path": finding.path and finding.path.text(lambda iri: f"<{iri}>"),
        "value": None if finding.value is None else json_term(finding.value),
        "rule": _rule(finding.rule),
        "component": finding.component,
    }


def fingerprint(fields: dict[str, Any]) -> str:
    """32 hexadecimal digits for what `identity` gives, or a finding read from the JSON form.

    Neither line nor message counts. Blank nodes and blank shapes have no name that lasts, so all
    are taken for one: findings that share a fingerprint are counted.

    >>> fields = {"focus": "_:b1", "path": None, "value": None, "rule": "a:s", "component": "a:c"}
    >>> fingerprint(fields) == fingerprint({**fields, "focus": "_:b2", "message": "x"})
    True
    """
    value = fields.get("value")
    if isinstance(value, dict) and value.get("type") == "bnode":
        value = {"type": "bnode"}
    focus, rule = str(fields["focus"]), str(fields["rule"])
    lasting = [
        "_:" if _rule(rule) == _BLANK else rule,
        fields["component"],
        "_:" if focus.startswith("_:") else focus,
        fields.get("path"),
        value,
    ]
    text = json.dumps(lasting, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _finding(finding: Finding, view: View) -> dict[str, Any]:
    source, fields = finding.source, identity(finding)
    return {
        "severity": finding.severity.removeprefix(SH),
        "message": pick(finding.message, view.lang),
        "hint": pick(finding.hint, view.lang) or None,
        "focus": fields.pop("focus"),
        "focusName": view.term(finding.focus),
        **fields,
        "source": source and dict(zip(("file", "line", "column"), source, strict=True)),
    }
