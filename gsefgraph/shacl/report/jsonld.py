"""A report as a W3C SHACL validation report graph in JSON-LD 1.1: that of `turtle.py`."""

from __future__ import annotations

import json
from typing import Any

from pyoxigraph import Literal, NamedNode

from gsefgraph.shacl.report.report import BLANK_SHAPE, Finding, Report, Term
from gsefgraph.shacl.report.said import parts
from gsefgraph.sparql.path import Path
from gsefgraph.terms import SHAPES, XSD

_KINDS = {"^": "inversePath", "|": "alternativePath", "*": "zeroOrMorePath", "+": "oneOrMorePath",
          "?": "zeroOrOnePath"}  # fmt: skip

_DELIMITERS = frozenset(":/?#[]@")


def write(report: Report) -> bytes:
    """The report as UTF-8 JSON, one-space indent; same report, same bytes.

    >>> json.loads(write(Report.of([])))["sh:conforms"]
    True
    """
    writer = _Writer(report)
    results = [writer.result(finding) for finding in report.findings]
    body: dict[str, Any] = {
        "@context": {},
        "@type": "sh:ValidationReport",
        "sh:conforms": not report.counts,
        "sh:result": results,
    }
    body["@context"] = {
        prefix: report.names.prefixes[prefix] for prefix in sorted(writer.used | {"sh"})
    }
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()


class _Writer:
    """One document; it notes the prefixes that it uses."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.used: set[str] = set()

    def result(self, finding: Finding) -> dict[str, Any]:
        """A sh:ValidationResult."""
        shape = finding.shape or finding.rule
        found: dict[str, Any] = {
            "@type": "sh:ValidationResult",
            "sh:resultSeverity": self._iri(finding.severity),
            "sh:focusNode": self._term(finding.focus),
        }
        if finding.path is not None:
            found["sh:resultPath"] = self._path(finding.path)
        if finding.value is not None:
            found["sh:value"] = self._term(finding.value)
        found["sh:sourceConstraintComponent"] = self._iri(finding.component)
        found["sh:sourceShape"] = self._shape(shape)
        if shape != finding.rule and not finding.rule.startswith(BLANK_SHAPE):
            found[self._own("rule")] = self._iri(finding.rule)
        messages, detail, constraint = parts(finding.message)
        if constraint:
            found["sh:sourceConstraint"] = self._shape(constraint)
        found["sh:resultMessage"] = [_text(*item) for item in messages]
        if detail:
            found[self._own("detail")] = [_text(*item) for item in detail]
        if finding.hint:
            found[self._own("hint")] = [_text(*item) for item in finding.hint.items()]
        if finding.source is not None:
            for key, value in zip(("file", "line", "column"), finding.source, strict=True):
                found[self._own(key)] = value
        return found

    def _own(self, local: str) -> str:
        return self._compact(f"{SHAPES}{local}")

    def _compact(self, iri: str) -> str:
        compact = self.report.names.compact(iri)
        prefix = compact.partition(":")[0]
        namespace = self.report.names.prefixes.get(prefix, "")
        # What a term may be, and which may be a prefix (JSON-LD 1.1, section 9.15.1).
        if not prefix or compact.startswith("<") or namespace[-1:] not in _DELIMITERS:
            return iri
        self.used.add(prefix)
        return compact

    def _iri(self, iri: str) -> dict[str, str]:
        return {"@id": self._compact(iri)}

    def _shape(self, shape: str) -> dict[str, str]:
        if shape.startswith(BLANK_SHAPE):
            return {"@id": f"_:gsefgraph-shape-{shape.removeprefix(BLANK_SHAPE)}"}
        return self._iri(shape)

    def _path(self, path: Path) -> dict[str, Any]:
        if not path.operator:
            return self._iri(path.predicate)
        parts = [self._path(part) for part in path.parts]
        if path.operator == "/":
            return {"@list": parts}
        inner = {"@list": parts} if path.operator == "|" else parts[0]
        return {f"sh:{_KINDS[path.operator]}": inner}

    def _term(self, term: Term) -> Any:
        if isinstance(term, NamedNode):
            return self._iri(term.value)
        if not isinstance(term, Literal):
            return {"@id": str(term)}
        if term.language:
            return {"@value": term.value, "@language": term.language}
        datatype = term.datatype.value
        if datatype == f"{XSD}string":
            return {"@value": term.value}
        return {"@value": term.value, "@type": self._compact(datatype)}


def _text(language: str, text: str) -> dict[str, str]:
    return {"@value": text, "@language": language} if language else {"@value": text}
