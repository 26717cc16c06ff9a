"""A report as a W3C SHACL validation report graph (SHACL, section 3.6).

``sh:conforms`` is false where there is any result, a warning too, as section 3.6.1.1 has it; that
of the other forms of a report counts violations only.
Where a finding stands and what would be right have no term in SHACL; they are the project's own
``gsef-sh:file``, ``gsef-sh:line``, ``gsef-sh:column`` and ``gsef-sh:hint``. Where a shape has
messages, they alone are ``sh:resultMessage`` (section 2.1.5), and our sentence is
``gsef-sh:detail``. ``sh:shapesGraphWellFormed`` is false where shapes that are not legal were left
out (section 3.6.1.3). A blank shape or SPARQL constraint is a blank node here too, and
``gsef-sh:rule`` beside it is the nearest shape around it that has a name.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from gsefgraph.shacl.report.sentences import parts
from gsefgraph.shacl.shapes.path import described
from gsefgraph.terms import BLANK_SHAPE, RDF, SH, SHAPES

if TYPE_CHECKING:
    from gsefgraph.rdf.subjects import Description, Nested
    from gsefgraph.shacl.report.finding import Finding, Findings
    from gsefgraph.terms import Term

_TYPE = f"{RDF}type"
_node = lru_cache(1024)(NamedNode)


def description(report: Findings) -> Description:
    """A sh:ValidationReport; its results are described when they are written.

    >>> from gsefgraph.shacl.report.finding import Findings
    >>> for predicate, value in description(Findings.of([])).items(): print(predicate, value)
    http://www.w3.org/1999/02/22-rdf-syntax-ns#type <http://www.w3.org/ns/shacl#ValidationReport>
    http://www.w3.org/ns/shacl#conforms True
    http://www.w3.org/ns/shacl#result []
    """
    results: list[Nested] = []
    for finding, times in report.results():
        results += [partial(_result, finding)] * times
    well_formed = {f"{SH}shapesGraphWellFormed": False} if report.omitted else {}
    return {
        _TYPE: _node(f"{SH}ValidationReport"),
        f"{SH}conforms": not report.counts,
        **well_formed,
        f"{SH}result": results,
    }


def _result(finding: Finding) -> Description:
    found: dict[str, Nested | list[Term]] = {
        _TYPE: _node(f"{SH}ValidationResult"),
        f"{SH}resultSeverity": _node(finding.severity),
        f"{SH}focusNode": finding.focus,
    }
    if finding.path is not None:
        found[f"{SH}resultPath"] = described(finding.path)
    if finding.value is not None:
        found[f"{SH}value"] = finding.value
    found[f"{SH}sourceConstraintComponent"] = _node(finding.component)
    shape = finding.shape or finding.rule
    found[f"{SH}sourceShape"] = _shape(shape)
    if shape != finding.rule and not finding.rule.startswith(BLANK_SHAPE):
        found[f"{SHAPES}rule"] = _node(finding.rule)
    messages, detail, constraint = parts(finding.message)
    if constraint:
        found[f"{SH}sourceConstraint"] = _shape(constraint)
    found[f"{SH}resultMessage"] = _literals(messages)
    if detail:
        found[f"{SHAPES}detail"] = _literals(detail)
    if finding.hint:
        found[f"{SHAPES}hint"] = _literals(finding.hint.items())
    if finding.source is not None:
        file, line, column = finding.source
        file = file.encode("utf-8", "backslashreplace").decode()  # the name may be no text
        found |= {f"{SHAPES}file": file, f"{SHAPES}line": line, f"{SHAPES}column": column}
    return found


def _literals(texts: Iterable[tuple[str, str]]) -> list[Term]:
    every = (Literal(text, language=tag) if tag else Literal(text) for tag, text in texts)
    return [*dict.fromkeys(every)]


def _shape(shape: str) -> NamedNode | BlankNode:
    """A blank shape is a blank node again."""
    if shape.startswith(BLANK_SHAPE):
        return BlankNode(f"gsefgraph-shape-{shape.removeprefix(BLANK_SHAPE)}")
    return _node(shape)
