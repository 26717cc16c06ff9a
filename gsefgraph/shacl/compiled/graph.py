"""A large graph against shapes: as columns, with a statement over all of it for a constraint."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Triple

from gsefgraph.columns.columns import Columns
from gsefgraph.limits import NO_LIMITS, Limits
from gsefgraph.rdf import formats, packed
from gsefgraph.rdf.reading import AS_DOCUMENTS, Reading
from gsefgraph.shacl import written
from gsefgraph.shacl.checks import Checks
from gsefgraph.shacl.compiled import evaluate as compiled
from gsefgraph.shacl.own import Known, check_quads, described, suspects
from gsefgraph.shacl.report.finding import Finding, Texts
from gsefgraph.shacl.report.locate import Locator
from gsefgraph.shacl.report.report import Report
from gsefgraph.shacl.report.results import Results, around, report_of
from gsefgraph.shacl.result import Way
from gsefgraph.shacl.shapes import vocabulary
from gsefgraph.terms import OWL, RDF

_IMPORTS, _VERSION = NamedNode(f"{OWL}imports"), NamedNode(f"{OWL}versionIRI")
_TYPE, _ONTOLOGY = NamedNode(f"{RDF}type"), NamedNode(f"{OWL}Ontology")
_READABLE = 20_000_000
"""Bytes up to which a file of Turtle or the like is read again to find the place of a finding."""


def of_files(
    files: Sequence[str | Path],
    checks: Checks,
    *,
    limits: Limits = NO_LIMITS,
    reading: Reading = AS_DOCUMENTS,
) -> Report:
    """Check files as `run.of_files` does."""
    from gsefgraph.records import rdf

    # These must be looked at as a whole before they are safe to parse.
    wary = [file for file in files if _name(file) in ("", *formats.WHOLE)]
    records = [rdf.read(file, reading=reading) for file in wary]
    read, own = written.labelled(records)
    others = [file for file in files if file not in wary]

    def place(findings: Sequence[Finding]) -> Iterable[Finding]:
        found = _placed(findings, columns)
        if all(finding.source for finding in found):
            return found
        again = [
            rdf.read(file, reading=reading)
            for file in others
            if _name(file) not in ("nquads", "ntriples") and packed.size(Path(file)) <= _READABLE
        ]
        locator = Locator([*records, *again], own)
        return [f if f.source else locator.place(f) for f in found]

    with _read(others, read, checks, limits, reading) as columns:
        names = [str(file) for file in files]
        return _report(columns, checks, place, limits, files=names, alone=True)


def of_quads(
    data: Iterable[Quad],
    checks: Checks,
    place: Callable[[Sequence[Finding]], Iterable[Finding]],
    limits: Limits = NO_LIMITS,
) -> Report:
    """Check quads as `run.of_engine` does; `place` as for `tell`."""
    with _read((), data, checks, limits) as columns:
        return _report(columns, checks, place, limits)


def _read(
    files: Sequence[str | Path],
    data: Iterable[Quad],
    checks: Checks,
    limits: Limits,
    reading: Reading = AS_DOCUMENTS,
) -> Columns:
    graph = NamedNode(checks.names.graph("ontology"))
    known = (Quad(t.subject, t.predicate, t.object, graph) for t in checks.ontology.triples)
    return Columns.read(files, quads=chain(known, data), limits=limits, reading=reading)


def _report(
    columns: Columns,
    checks: Checks,
    place: Callable[[Sequence[Finding]], Iterable[Finding]],
    limits: Limits,
    *,
    files: Sequence[str] = (),
    alone: bool = False,
) -> Report:
    results: list[Results] = []
    ways: list[Way] = []
    warnings = _imports(columns, files)
    for model, scoped in ((checks.union_model, False), (checks.alone_model, True)):
        if not model.roots:
            continue
        if scoped:
            columns.scoped(map(NamedNode, checks.without(inferred=False)))
        found = compiled.evaluate(model, columns, scoped=scoped, limits=limits)
        results.append(Results(model, found.results, around(found.results, columns.describe)))
        ways += found.ways
        if not scoped and not (checks.own and alone):
            warnings += _unreached(checks, found)
    own: list[Finding] = []
    if checks.own:
        known = Known(checks.names, checks.ontology.defined, described(columns, checks.names))
        own = check_quads(suspects(columns, known), known)
    return report_of(results, own, place, checks, warnings=warnings, ways=ways)


def _unreached(checks: Checks, found: compiled.Evaluation) -> list[Texts]:
    unmet = {target for _, target in found.unmet}
    unused = {predicate for _, predicate in found.unused}
    return vocabulary.unreached(
        checks.union,
        checks.union_model,
        checks.names,
        has_nodes=lambda target: target not in unmet,
        uses=lambda predicate: predicate not in unused,
        defined=checks.ontology.defined,
        general=checks.general,
    )


def _name(file: str | Path) -> str:
    """The name of the format that a file's suffix promises; empty when it promises none."""
    form = formats.of_file(packed.inner(str(file)))
    return form.name if form else ""


def _imports(columns: Columns, files: Sequence[str]) -> list[Texts]:
    """That imports of the data are not followed, which is in some files."""
    ids = columns.ids([_IMPORTS])
    rows = columns.rows("SELECT DISTINCT s, o FROM triple WHERE p = ?", [ids.get(_IMPORTS, -1)])
    terms = columns.terms({number for row in rows for number in row})
    found = [Triple(terms[s], _IMPORTS, terms[o]) for s, o in rows]  # type: ignore[arg-type]
    if not found:
        return []
    kinds = columns.ids([_TYPE, _VERSION])
    wanted = [kinds.get(_TYPE, -1), kinds.get(_VERSION, -1)]
    ontologies = columns.ids([_ONTOLOGY]).get(_ONTOLOGY, -1)
    rows = columns.rows(
        "SELECT DISTINCT s, p, o FROM triple WHERE (p = ? AND o = ?) OR p = ?",
        [wanted[0], ontologies, wanted[1]],
    )
    terms = columns.terms({number for row in rows for number in row})
    found += [Triple(terms[s], terms[p], terms[o]) for s, p, o in rows]  # type: ignore[arg-type]
    return vocabulary.imports(found, files)


def _placed(findings: Sequence[Finding], columns: Columns) -> list[Finding]:
    """The findings with their places in files of lines."""
    triples = {}
    for number, finding in enumerate(findings):
        first = finding.path.first if finding.path else None
        value = finding.value if first is not None else None
        if isinstance(finding.focus, Literal):
            continue
        triples[number] = (finding.focus, NamedNode(first) if first else None, value)
    places = columns.places(triples.values())
    return [
        replace(finding, source=places.get(triples[number])) if number in triples else finding
        for number, finding in enumerate(findings)
    ]
