"""A report as a W3C SHACL validation report graph (SHACL, section 3.6), in Turtle.

``sh:conforms`` is false where there is any result, a warning too, as section 3.6.1.1 has it; that
of the other forms of a report counts violations only.
Where a finding stands and what would be right have no term in SHACL; they are the project's own
``gsef-sh:file``, ``gsef-sh:line``, ``gsef-sh:column`` and ``gsef-sh:hint``. Where a shape has
messages, they alone are ``sh:resultMessage`` (section 2.1.5), and our sentence is
``gsef-sh:detail``. A blank shape or SPARQL constraint is a blank node here too, and
``gsef-sh:rule`` beside it is the nearest shape around it that has a name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from gsefgraph.shacl.report.report import BLANK_SHAPE
from gsefgraph.shacl.report.said import parts
from gsefgraph.shacl.shapes import path as paths
from gsefgraph.sparql.path import Path
from gsefgraph.terms import XSD

if TYPE_CHECKING:
    from gsefgraph.shacl.report.report import Finding, Report, Term


def write(report: Report) -> bytes:
    """The report as UTF-8 Turtle; same report, same bytes.

    >>> from gsefgraph.shacl.report.report import Report
    >>> print(write(Report.of([])).decode().splitlines()[-1].strip())
    sh:conforms true .
    """
    writer = _Writer(report)
    return writer.document().encode()


class _Writer:
    """One document: the body first, so that only the prefixes it uses are declared."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.used: set[str] = {"sh"}

    def document(self) -> str:
        lines = [
            "[] a sh:ValidationReport ;",
            f"    sh:conforms {'false' if self.report.counts else 'true'} "
            + ("." if not self.report.findings else ";"),
        ]
        last = len(self.report.findings) - 1
        for index, finding in enumerate(self.report.findings):
            pairs = [f"        {pair}" for pair in self._pairs(finding)]
            end = "." if index == last else ";"
            lines += ["    sh:result [", " ;\n".join(pairs), f"    ] {end}"]
        heads = [
            f"@prefix {prefix}: <{self.report.names.prefixes[prefix]}> ."
            for prefix in sorted(self.used)
        ]
        return "\n".join([*heads, "", *lines, ""])

    def _pairs(self, finding: Finding) -> Iterator[str]:
        yield "a sh:ValidationResult"
        yield f"sh:resultSeverity {self._iri(finding.severity)}"
        yield f"sh:focusNode {self._term(finding.focus)}"
        if finding.path is not None:
            yield f"sh:resultPath {self._path(finding.path)}"
        if finding.value is not None:
            yield f"sh:value {self._term(finding.value)}"
        yield f"sh:sourceConstraintComponent {self._iri(finding.component)}"
        shape = finding.shape or finding.rule
        yield f"sh:sourceShape {self._shape(shape)}"
        if shape != finding.rule and not finding.rule.startswith(BLANK_SHAPE):
            yield f"{self._own('rule')} {self._iri(finding.rule)}"
        messages, detail, constraint = parts(finding.message)
        if constraint:
            yield f"sh:sourceConstraint {self._shape(constraint)}"
        for language, text in messages:
            yield f"sh:resultMessage {self._text(text, language)}"
        for language, text in detail:
            yield f"{self._own('detail')} {self._text(text, language)}"
        for language, text in finding.hint.items():
            yield f"{self._own('hint')} {self._text(text, language)}"
        if finding.source is not None:
            file, line, column = finding.source
            yield f"{self._own('file')} {Literal(file)}"
            yield f"{self._own('line')} {line}"
            yield f"{self._own('column')} {column}"

    def _own(self, local: str) -> str:
        self.used.add("gsef-sh")
        return f"gsef-sh:{local}"

    def _shape(self, shape: str) -> str:
        if shape.startswith(BLANK_SHAPE):
            return f"_:gsefgraph-shape-{shape.removeprefix(BLANK_SHAPE)}"
        return self._iri(shape)

    def _iri(self, iri: str) -> str:
        compact = self.report.names.compact(iri)
        if not compact.startswith("<"):
            self.used.add(compact.partition(":")[0])
        return compact

    def _path(self, path: Path) -> str:
        return paths.turtle(path, self._iri)

    def _text(self, text: str, language: str) -> str:
        return str(Literal(text, language=language) if language else Literal(text))

    def _term(self, term: Term) -> str:
        if isinstance(term, NamedNode):
            return self._iri(term.value)
        if not isinstance(term, Literal) or term.language:
            return str(term)
        quoted = str(Literal(term.value))
        datatype = term.datatype.value
        return quoted if datatype == f"{XSD}string" else f"{quoted}^^{self._iri(datatype)}"
