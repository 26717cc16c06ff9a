"""Records checked together with the graph, or the whole graph, against the shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path as File
from typing import TYPE_CHECKING, Any, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from gsefgraph.engine.base import Engine
from gsefgraph.errors import RefusedAccess
from gsefgraph.shacl import process, vocabulary, written
from gsefgraph.shacl.locate import Locator
from gsefgraph.shacl.messages import Speaker, facts
from gsefgraph.shacl.neighbourhood import around, stated_in
from gsefgraph.shacl.ontology import Ontology
from gsefgraph.shacl.path import Path
from gsefgraph.shacl.quads import Known, check
from gsefgraph.shacl.report import Finding, Report, Term, Texts
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes import Shapes, identifier
from gsefgraph.shacl.similar import Similar
from gsefgraph.terms import OWL, RDF, RDFS, SH, SHAPES, SKOS, Names

if TYPE_CHECKING:
    from gsefgraph.records.rdf import RecordFile

Derive: TypeAlias = Callable[[Sequence[Triple]], Iterable[Triple]]

_LABELS = (f"{SKOS}prefLabel", f"{RDFS}label")
_YIELDING = frozenset({f"{SHAPES}unknown-concept", f"{SHAPES}plain-text"})


def validate(
    records: Sequence[RecordFile],
    engine: Engine,
    *,
    shapes: File,
    ontology: File,
    names: Names,
    inferred: bool = False,
    sources: Callable[[], Iterable[RecordFile]] | None = None,
    derive: Derive | None = None,
    timeout: float | None = None,
) -> Report:
    """Check new records together with what the graph knows, or the whole graph.

    Parameters:
        records: files of new records. None at all: the graph itself is checked.
        engine: the graph.
        shapes: folder of SHACL shapes; those of per-graph.ttl hold on each named graph alone.
        ontology: folder of the ontology's Turtle files.
        names: the project's prefixes.
        inferred: whether derived triples count as facts.
        sources: gives the files that the graph was built from, so that findings on the whole graph
            say where they stand; called only when there are findings.
        derive: gives what follows from some triples; with `inferred`, what follows from the new
            records together with what is around them is checked as well.
        timeout: seconds for the validation; None is no limit.

    Returns:
        Findings that the records bring, not those that the graph had before. Only violations make
        a report that does not conform.

    Errors:
        RefusedAccess: an owl:imports, or a shape that would fetch. InputError: shapes or ontology
        that cannot be used. QueryTimeout, EngineError.
    """
    validation = _Validation(
        engine, shapes, ontology, names, inferred, derive if inferred else None, timeout
    )
    return validation.records(records) if records else validation.graph(sources)


class _Validation:
    """One validation."""

    def __init__(
        self,
        engine: Engine,
        shapes: File,
        ontology: File,
        names: Names,
        inferred: bool,
        derive: Derive | None,
        timeout: float | None,
    ) -> None:
        self.engine = engine
        self.names = names
        self.derive = derive
        self.timeout = timeout
        self.union, self.alone = Shapes.read(shapes)
        self.ontology = Ontology.read(ontology)
        own = {names.graph("ontology"), names.graph("vocabulary")}
        self.without = own if inferred else own | {names.graph("inferred")}
        self.warnings: list[Texts] = [
            *vocabulary.check(self.union, self.names), *vocabulary.check(self.alone, self.names)
        ]  # fmt: skip

    def records(self, records: Sequence[RecordFile]) -> Report:
        """Check records together with the graph."""
        self._refuse_imports(records)
        new_quads, own = written.labelled(records)
        new = written.stored(quad.triple for quad in new_quads)
        near = around(
            new,
            self.engine,
            without=self.without,
            known=self.ontology.defined,
            timeout=self.timeout,
        )
        self.warnings += near.cut
        before = [*near.triples, *self._derived(near.triples)]
        new += self._derived([*before, *new])
        after = [*before, *new]
        texts = {
            "ontology": process.lines(self.ontology.around(after)),
            "near": process.lines(before, named=True),
            "new": process.lines(new, named=True),
        }
        runs = [process.Run("union", ["ontology", "near", "new"], ["ontology", "near"])]
        parts = self._by_graph(new_quads)
        for index, (graph, triples) in enumerate(parts.items()):
            texts[f"new{index}"] = process.lines(triples, named=True)
            texts[f"near{index}"] = process.lines(
                stated_in(graph, triples, self.engine, timeout=self.timeout), named=True
            )
            runs.append(process.Run("alone", [f"near{index}", f"new{index}"], [f"near{index}"]))
        known = Known(self.names, self.ontology.defined, _described(after))
        findings = check(new_quads, known)
        findings += self._shapes(texts, runs, [after, *parts.values()], new_quads)
        return self._report(findings, after, Locator(records, own))

    def graph(self, sources: Callable[[], Iterable[RecordFile]] | None) -> Report:
        """Check all that the graph holds."""
        texts = {"ontology": process.lines(self.ontology.triples)}
        runs: list[process.Run] = []
        stated: list[Quad] = []
        parts: list[list[Triple]] = []
        for graph in self.engine.graphs():
            if graph.value in self.without:
                continue
            held = sorted(self.engine.dump(graph), key=str)
            stated += held
            if graph.value != self.names.graph("inferred"):
                parts.append(written.stored(quad.triple for quad in held))
                texts[f"new{len(parts)}"] = process.lines(parts[-1], named=True)
                runs.append(process.Run("alone", [f"new{len(parts)}"]))
        every = written.stored(quad.triple for quad in stated)
        texts["new"] = process.lines(every, named=True)
        runs.insert(0, process.Run("union", ["ontology", "new"]))
        self.warnings += vocabulary.unmet(self.union, [*self.ontology.triples, *every], self.names)
        known = Known(self.names, self.ontology.defined, _described(every))
        findings = check(stated, known)
        findings += self._shapes(texts, runs, [every, *parts], stated)
        locator = Locator(sources() if sources is not None and findings else ())
        return self._report(findings, every, locator)

    def _derived(self, triples: Sequence[Triple]) -> list[Triple]:
        if self.derive is None:
            return []
        held = set(triples)
        derived = written.stored(self.derive([*self.ontology.triples, *triples]))
        return sorted((triple for triple in derived if triple not in held), key=str)

    def _refuse_imports(self, records: Sequence[RecordFile]) -> None:
        for record in records:
            for quad in record.quads:
                if quad.predicate.value != f"{OWL}imports" or (
                    isinstance(quad.object, NamedNode)
                    and quad.object.value in self.ontology.versions
                ):
                    continue
                place = record.locate(*quad.triple) or (None, None)
                raise RefusedAccess(
                    f"owl:imports {quad.object} would be fetched, and nothing is",
                    file=record.name,
                    line=place[0],
                    column=place[1],
                    hint="remove it, and give the imported file as well",
                )

    def _by_graph(self, quads: Sequence[Quad]) -> dict[str, list[Triple]]:
        """New triples by the IRI of their graph, those of no named graph under ``""``."""
        if not self.alone:
            return {}
        parts: dict[str, list[Triple]] = {}
        for quad in quads:
            name = quad.graph_name
            graph = "" if isinstance(name, DefaultGraph) else name.value
            if graph not in self.without:
                parts.setdefault(graph, []).extend(written.stored([quad.triple]))
        return parts

    def _shapes(
        self,
        texts: dict[str, str],
        runs: Sequence[process.Run],
        judged: Sequence[Sequence[Triple]],
        quads: Sequence[Quad],
    ) -> list[Finding]:
        texts["union"] = process.lines(self.union.triples)
        texts["alone"] = process.lines(self.alone.triples)
        answers = process.validate(texts, runs, timeout=self.timeout)
        triples = [quad.triple for quad in quads]
        own = _described([*triples, *self.ontology.triples])
        similar = Similar(self.engine, self.names, own, self.timeout)
        spelled = written.spellings(triples)
        found: list[Finding] = []
        for run, held, answer in zip(runs, judged, answers, strict=True):
            if not answer:
                continue
            shapes = self.union if run.shapes == "union" else self.alone
            known = facts([*held, *(self.ontology.triples if run.shapes == "union" else ())])
            speaker = Speaker(shapes, self.names, known, similar)
            found += [_finding(_result(item, shapes, spelled), speaker) for item in answer]
        return found

    def _report(
        self, findings: list[Finding], triples: Sequence[Triple], locator: Locator
    ) -> Report:
        placed = [locator.place(finding) for finding in _settled(findings)]
        shown = {f.focus for f in placed} | {f.value for f in placed}
        shown |= {NamedNode(f.path.last) for f in placed if f.path}
        labels: dict[str, dict[str, str]] = {}
        for triple in [*triples, *self.ontology.triples]:
            value = triple.object
            if (
                isinstance(value, Literal)
                and triple.predicate.value in _LABELS
                and triple.subject in shown
            ):
                labels.setdefault(identifier(triple.subject), {})[value.language or ""] = (
                    value.value
                )
        warnings = tuple({texts["en"]: texts for texts in self.warnings}.values())
        return Report.of(placed, warnings=warnings, names=self.names, labels=labels)


def _described(triples: Iterable[Triple]) -> frozenset[str]:
    return frozenset(
        triple.subject.value
        for triple in triples
        if triple.predicate.value == f"{RDF}type" and isinstance(triple.subject, NamedNode)
    )


def _result(item: Mapping[str, Any], shapes: Shapes, spelled: Mapping[Literal, Literal]) -> Result:
    terms = {key: _term(item[key], spelled) for key in ("focus", "value", "path")}
    shape = item["shape"][1]
    path = terms["path"]
    focus = terms["focus"]
    assert focus is not None  # noqa: S101 - every result has a focus node (SHACL, 3.6.2.1)
    return Result(
        shape=shape,
        component=item["component"][1],
        severity=item["severity"][1],
        focus=focus,
        path=Path.of(path.value) if isinstance(path, NamedNode) else shapes.path(shape),
        value=terms["value"],
        constraint=item["constraint"] and item["constraint"][1],
        bound={
            name: bound
            for name, term in item["bound"].items()
            if (bound := _term(term, spelled)) is not None
        },
    )


def _term(item: Sequence[str] | None, spelled: Mapping[Literal, Literal]) -> Term | None:
    if item is None:
        return None
    if item[0] == "blank":
        return BlankNode(item[1])
    if item[0] == "iri":
        iri = item[1]
        blank = iri.startswith(process.BLANK)
        return BlankNode(iri.removeprefix(process.BLANK)) if blank else NamedNode(iri)
    _, form, datatype, language = item
    if language:
        literal = Literal(form, language=language)
    else:
        literal = Literal(form, datatype=NamedNode(datatype)) if datatype else Literal(form)
    return spelled.get(literal, literal)


def _finding(result: Result, speaker: Speaker) -> Finding:
    message: Texts = speaker.message(result)
    return Finding(
        severity=result.severity,
        focus=result.focus,
        path=result.path,
        value=result.value,
        rule=speaker.shapes.rule(result.shape),
        component=result.component,
        message=message,
        hint=speaker.hint(result),
    )


def _settled(findings: Sequence[Finding]) -> list[Finding]:
    """Each fault once: a malformed literal explains what shapes say of it, and a shape that judges
    a concept or a name says more than we do."""
    malformed: set[tuple[object, ...]] = set()
    told: set[tuple[object, ...]] = set()
    for finding in findings:
        if finding.component == f"{SHAPES}lexical-form":
            malformed.add(_spot(finding))
        elif not finding.component.startswith(SHAPES):
            told.add((finding.focus, finding.value))
    kept: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        spot = _spot(finding)
        kind = finding.component.removeprefix(SH).removesuffix("ConstraintComponent")
        if spot in malformed and not finding.component.startswith(SHAPES):
            continue
        # That it has no IRI is said once; here it bears one of ours.
        itself = isinstance(finding.value, BlankNode) and finding.value == finding.focus
        if itself and kind in ("NodeKind", "Pattern"):
            continue
        if finding.component in _YIELDING and (finding.focus, finding.value) in told:
            continue
        kept.setdefault((*spot, finding.rule, finding.component), finding)
    return list(kept.values())


def _spot(finding: Finding) -> tuple[object, ...]:
    return finding.focus, finding.path, finding.value
