"""A report as a W3C SHACL validation report graph (SHACL, section 3.6).

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
from functools import lru_cache
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from gsefgraph.shacl.report.finding import BLANK_SHAPE
from gsefgraph.shacl.report.sentences import parts
from gsefgraph.shacl.shapes.path import triples as of_path
from gsefgraph.terms import RDF, SH, SHAPES

if TYPE_CHECKING:
    from gsefgraph.shacl.report.finding import Finding, Findings
    from gsefgraph.terms import Term

_TYPE = NamedNode(f"{RDF}type")
_node = lru_cache(1024)(NamedNode)


def triples(report: Findings) -> Iterator[Triple]:
    """A sh:ValidationReport with its results; blank nodes have the same names in every run.

    >>> from gsefgraph.shacl.report.finding import Findings
    >>> for triple in triples(Findings.of([])): print(triple.predicate, triple.object)
    <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/shacl#ValidationReport>
    <http://www.w3.org/ns/shacl#conforms> "true"^^<http://www.w3.org/2001/XMLSchema#boolean>
    """
    root = BlankNode("gsefgraph-report")
    yield Triple(root, _TYPE, _node(f"{SH}ValidationReport"))
    yield Triple(root, _node(f"{SH}conforms"), Literal(not report.counts))
    for number, finding in enumerate(report.findings):
        result = BlankNode(f"gsefgraph-result-{number}")
        yield Triple(root, _node(f"{SH}result"), result)
        yield Triple(result, _TYPE, _node(f"{SH}ValidationResult"))
        for iri, value in _facts(finding):
            yield Triple(result, _node(iri), value)
        if finding.path is not None:
            node, more = of_path(finding.path, f"gsefgraph-path-{number}")
            yield Triple(result, _node(f"{SH}resultPath"), node)
            yield from more


def _facts(finding: Finding) -> Iterator[tuple[str, Term]]:
    yield f"{SH}resultSeverity", _node(finding.severity)
    yield f"{SH}focusNode", finding.focus
    if finding.value is not None:
        yield f"{SH}value", finding.value
    yield f"{SH}sourceConstraintComponent", _node(finding.component)
    shape = finding.shape or finding.rule
    yield f"{SH}sourceShape", _shape(shape)
    if shape != finding.rule and not finding.rule.startswith(BLANK_SHAPE):
        yield f"{SHAPES}rule", _node(finding.rule)
    messages, detail, constraint = parts(finding.message)
    if constraint:
        yield f"{SH}sourceConstraint", _shape(constraint)
    for local, texts in (
        (f"{SH}resultMessage", messages),
        (f"{SHAPES}detail", detail),
        (f"{SHAPES}hint", finding.hint.items()),
    ):
        for language, text in texts:
            yield local, Literal(text, language=language) if language else Literal(text)
    if finding.source is not None:
        file, line, column = finding.source
        yield f"{SHAPES}file", Literal(file)
        yield f"{SHAPES}line", Literal(line)
        yield f"{SHAPES}column", Literal(column)


def _shape(shape: str) -> NamedNode | BlankNode:
    """A blank shape is a blank node again."""
    if shape.startswith(BLANK_SHAPE):
        return BlankNode(f"gsefgraph-shape-{shape.removeprefix(BLANK_SHAPE)}")
    return _node(shape)
