"""The W3C SHACL test suite, read from its manifests (https://w3c.github.io/data-shapes/data-shapes-test-suite/).

A case has a data graph, a shapes graph, and either the validation results that must come out or a
failure. Results are compared as rows of what the suite compares: focus node, path, value, severity,
constraint component, source shape, and the messages that a case mentions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path as File
from urllib.parse import unquote, urlparse

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes import path as paths
from gsefgraph.sparql.path import Path
from gsefgraph.terms import RDFS, SH

Term = NamedNode | BlankNode | Literal
Facts = Mapping[Term, Mapping[str, Sequence[Term]]]

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
FOLDER = File(__file__).resolve().parent.parent.parent / "shared" / "w3c" / "shacl"
ABSENT = "the W3C SHACL suite is not beside the checkout, in ../shared/w3c/shacl"


BLANK = "urn:gsefgraph:shape:"
"""How the names that blank shapes are given begin."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is compared of one validation result."""

    focus: Term
    path: Path | None
    value: Term | None
    severity: str
    component: str
    shape: str

    def __str__(self) -> str:
        path = self.path.text(str) if self.path else None
        return f"{self.component} {self.shape} {self.focus} {path} {self.value} {self.severity}"


@dataclass(frozen=True)
class Case:
    """One test of the suite.

    Attributes:
        name: folder and name of the test, such as "core/node/and-001".
        iri: as the suite names it, relative to its root.
        data, shapes: files.
        expected: rows that must come out, with how often; None where validation must fail.
        conforms: the sh:conforms that must come out.
        messages: sh:resultMessage that a result of a shape must have, by the shape's IRI.
    """

    name: str
    label: str
    data: File
    shapes: File
    expected: Counter[Row] | None
    conforms: bool
    messages: Mapping[str, frozenset[Literal]] = field(default_factory=dict)

    @cached_property
    def quads(self) -> list[Quad]:
        """The data graph."""
        return [Quad(*triple, DefaultGraph()) for triple in triples(self.data)]

    @property
    def sparql(self) -> bool:
        return self.name.startswith("sparql/")


_PARSED: dict[File, list[Triple]] = {}


def triples(file: File) -> list[Triple]:
    """The triples of a file of the suite; blank nodes are the same ones at each reading."""
    if file not in _PARSED:
        quads = parse(file.read_bytes(), format=RdfFormat.TURTLE, base_iri=file.as_uri())
        _PARSED[file] = [quad.triple for quad in quads]
    return _PARSED[file]


def cases(folder: File = FOLDER) -> list[Case]:
    """Every test that the manifests list, in their order; none where the folder is not there."""
    manifest = folder / "manifest.ttl"
    return list(_cases(manifest, folder)) if manifest.is_file() else []


def _cases(manifest: File, root: File) -> Iterator[Case]:
    facts = _facts(triples(manifest))
    about = facts.get(NamedNode(manifest.as_uri()), {})
    for included in about.get(f"{MF}include", ()):
        yield from _cases(_file(included), root)
    for head in about.get(f"{MF}entries", ()):
        for entry in paths.members(head, lambda node: facts.get(node, {})):
            yield _case(entry, facts, manifest, root)


def _case(entry: Term, facts: Facts, manifest: File, root: File) -> Case:
    action = facts[facts[entry][f"{MF}action"][0]]
    result = facts[entry][f"{MF}result"][0]
    shapes = _file(action[f"{SHT}shapesGraph"][0])
    expected: Counter[Row] | None = None
    messages: dict[str, frozenset[Literal]] = {}
    conforms = False
    if result != NamedNode(f"{SHT}Failure"):
        report = facts[result]
        conforms = report[f"{SH}conforms"][0].value in ("true", "1")
        names = skolems(triples(shapes))
        expected = Counter()
        for node in report.get(f"{SH}result", ()):
            row = read_row(facts[node], facts, names)
            expected[row] += 1
            if texts := facts[node].get(f"{SH}resultMessage"):
                messages[row.shape] = frozenset(t for t in texts if isinstance(t, Literal))
    return Case(
        name=str(manifest.parent.relative_to(root) / _file(entry).name),
        label=facts[entry][f"{RDFS}label"][0].value,
        data=_file(action[f"{SHT}dataGraph"][0]),
        shapes=shapes,
        expected=expected,
        conforms=conforms,
        messages=messages,
    )


def read_row(about: Mapping[str, Sequence[Term]], facts: Facts, names: Mapping[Term, str]) -> Row:
    """A validation result of a report graph."""

    def one(local: str) -> Term | None:
        return next(iter(about.get(f"{SH}{local}", ())), None)

    focus, path, shape = one("focusNode"), one("resultPath"), one("sourceShape")
    assert focus is not None
    assert shape is not None
    return Row(
        focus=focus,
        path=None if path is None else paths.read(path, lambda node: facts.get(node, {})),
        value=one("value"),
        severity=_iri(one("resultSeverity")),
        component=_iri(one("sourceConstraintComponent")),
        shape=names.get(shape, f"{BLANK}0" if isinstance(shape, BlankNode) else shape.value),
    )


def read_report(turtle: bytes) -> tuple[list[Row], bool]:
    """The rows of a validation report graph, and its sh:conforms."""
    raw = [quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE)]
    facts = _facts(raw)
    (report,) = (about for about in facts.values() if f"{SH}conforms" in about)
    rows = [read_row(facts[node], facts, {}) for node in report.get(f"{SH}result", ())]
    return rows, report[f"{SH}conforms"][0].value == "true"


def unnamed(rows: Iterable[Row]) -> list[Row]:
    """Rows in which one blank node is like another, for graphs that were read twice."""

    def plain(term: Term | None) -> Term | None:
        return BlankNode("b") if isinstance(term, BlankNode) else term

    return [
        replace(
            row,
            focus=plain(row.focus) or row.focus,
            value=plain(row.value),
            shape=row.shape.rstrip("0123456789") if row.shape.startswith(BLANK) else row.shape,
        )
        for row in rows
    ]


def skolems(raw: Sequence[Triple]) -> dict[Term, str]:
    """The names that blank shapes of a shapes graph are given when it is read."""
    from gsefgraph.errors import GsefgraphError
    from gsefgraph.shacl.shapes.graph import Shapes

    try:
        read = Shapes(raw).triples
    except GsefgraphError:
        return {}
    found: dict[Term, str] = {}
    for before, after in zip(raw, read, strict=True):
        for blank, named in ((before.subject, after.subject), (before.object, after.object)):
            if isinstance(blank, BlankNode) and isinstance(named, NamedNode):
                found[blank] = named.value
    return found


def row(result: Result) -> Row:
    """What is compared of one of our results."""
    return Row(
        focus=result.focus,
        path=result.path,
        value=result.value,
        severity=result.severity,
        component=result.component,
        shape=result.shape,
    )


def differences(expected: Counter[Row], found: Iterable[Row]) -> list[str]:
    """What is missing and what is too much, as text."""
    have = Counter(found)
    return [
        *(f"missing: {row}" for row in sorted((expected - have).elements(), key=str)),
        *(f"too much: {row}" for row in sorted((have - expected).elements(), key=str)),
    ]


def _iri(node: Term | None) -> str:
    assert isinstance(node, NamedNode)
    return node.value


def _file(node: Term) -> File:
    return File(unquote(urlparse(node.value).path))


def _facts(raw: Iterable[Triple]) -> dict[Term, dict[str, list[Term]]]:
    facts: dict[Term, dict[str, list[Term]]] = {}
    for triple in raw:
        facts.setdefault(triple.subject, {}).setdefault(triple.predicate.value, []).append(
            triple.object
        )
    return facts
