"""Records beside a graph: what they bring, and what they break of what was there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad, Triple

from gsefgraph.engine.base import Engine, Pattern
from gsefgraph.engine.literals import as_kept
from gsefgraph.limits import NO_LIMITS, Limits
from gsefgraph.shacl import written
from gsefgraph.shacl.change.evaluate import Overlay, overlay
from gsefgraph.shacl.checks import Checks
from gsefgraph.shacl.judge.judge import judge
from gsefgraph.shacl.judge.memory import TYPE, Memory, closure
from gsefgraph.shacl.own import Known, check_quads
from gsefgraph.shacl.report import sentences
from gsefgraph.shacl.report.finding import Finding, Texts
from gsefgraph.shacl.report.hints import Similar
from gsefgraph.shacl.report.locate import Locator
from gsefgraph.shacl.report.report import Report
from gsefgraph.shacl.report.results import Results, around, report_of
from gsefgraph.shacl.result import Way
from gsefgraph.shacl.shapes import vocabulary
from gsefgraph.shacl.shapes.model import Target
from gsefgraph.shacl.written import by_graph, described
from gsefgraph.terms import Term

if TYPE_CHECKING:
    from gsefgraph.reason.rule import Rule
    from gsefgraph.records.rdf import RecordFile

_TYPE = NamedNode(TYPE)


def check(
    records: Sequence[RecordFile],
    engine: Engine,
    checks: Checks,
    *,
    remove: Sequence[RecordFile] = (),
    replace: bool = False,
    gone: Sequence[Quad] = (),
    inferred: bool = False,
    rules: Callable[[], Sequence[Rule]] | None = None,
    also: Callable[[Sequence[Quad]], Sequence[Finding]] | None = None,
    limits: Limits = NO_LIMITS,
) -> Report:
    """Judge a change of a graph: findings after it that were none before.

    Parameters:
        records: what is added.
        engine: the graph, which is not changed.
        checks: what is checked.
        remove: what is taken away, from every graph that states it.
        replace: take away also what the graph states of the things that the records describe.
        gone: quads that are taken away, each from its own graph only.
        inferred: whether derived triples count as facts.
        rules: gives rules; with `inferred` what follows by them is judged as well.
        also: gives other findings on what is added, where the shapes are the project's.
        limits: of each question that looks for names, and of what looks at the whole graph.

    Errors:
        EngineError.
    """
    new, own = written.labelled(records)
    without = checks.without(inferred=inferred)
    removed = as_kept(quad for record in remove for quad in record.quads)
    taken = written.judged(quad.triple for quad in removed)
    lost = _gone(new if replace else (), taken, engine, without)
    absent = _absent(taken, lost)
    still = _still(gone, engine, without)
    lost += gone
    # What the graph holds of the same triples, in its own forms, is what they are instead of.
    lost += [other for quad, other in zip(new, as_kept(new), strict=True) if other != quad]
    added = written.judged(quad.triple for quad in new)
    warnings = [
        *vocabulary.imports(
            (quad.triple for record in records for quad in record.quads),
            [record.name for record in records],
        ),
        *vocabulary.empty(records),
        *absent,
    ]
    if not checks.own:
        warnings += _unreached(added, engine, checks, without)
    if inferred and rules is not None:
        added, cut = _with_derived(added, engine, checks, rules(), without)
        warnings += cut
    kept = still.union(added)
    found = overlay(
        checks.union_model,
        engine,
        added,
        [triple for triple in dict.fromkeys(q.triple for q in lost) if triple not in kept],
        ontology=checks.ontology.triples,
        without=without,
        limits=limits,
    )
    results = [Results(checks.union_model, found.results, _around(found))]
    whole = list(found.whole)
    fresh, left = by_graph(new), by_graph(lost)
    for graph in dict.fromkeys((*fresh, *left)) if checks.alone else ():
        if graph in without:
            continue
        if graph:
            part = overlay(
                checks.alone_model,
                engine,
                written.judged(fresh.get(graph, ())),
                left.get(graph, ()),
                graph=graph,
                limits=limits,
            )
            results.append(Results(checks.alone_model, part.results, _around(part)))
            whole += part.whole
        else:
            triples = written.judged(fresh[graph])
            found_alone = judge(checks.alone_model, Memory(triples))
            results.append(Results(checks.alone_model, found_alone, triples))
    findings = check_quads(new, _known(new, engine, checks, without)) if checks.own else []
    findings += also(new) if checks.own and also else ()
    nodes = {t.subject.value for t in added if isinstance(t.subject, NamedNode)}
    locator = Locator([*records, *remove], own)
    return report_of(
        results,
        findings,
        lambda found: map(locator.place, found),
        checks,
        similar=Similar(engine, checks.names, nodes | checks.ontology.defined, limits.seconds),
        warnings=warnings,
        ways=_ways(checks, whole),
    )


def _gone(
    replaced: Iterable[Quad], taken: Iterable[Triple], engine: Engine, without: Iterable[str]
) -> list[Quad]:
    """The quads of the graph that a change takes away, sorted.

    Parameters:
        replaced: quads that stand for all that the graph states of their subjects.
        taken: triples that go.
    """
    patterns: list[Pattern] = [tuple(triple) for triple in taken]
    described = dict.fromkeys(quad.subject for quad in replaced)
    patterns += [(s, None, None) for s in described if isinstance(s, NamedNode)]
    if not patterns:
        return []
    return sorted(set(engine.lookup(patterns, without=without)), key=str)


def _still(gone: Sequence[Quad], engine: Engine, without: Iterable[str]) -> set[Triple]:
    """The triples of quads that are taken away that another graph goes on stating."""
    patterns: list[Pattern] = [tuple(quad.triple) for quad in gone]
    found = engine.lookup(patterns, without=without) if patterns else ()
    return {quad.triple for quad in {*found}.difference(gone)}


def _absent(taken: Iterable[Triple], gone: Iterable[Quad]) -> list[Texts]:
    """That what is to be taken away is not there."""
    missing = len({*taken} - {quad.triple for quad in gone})
    return [vocabulary.warning("not-there", value=str(missing))] if missing else []


def _unreached(
    added: Sequence[Triple], engine: Engine, checks: Checks, without: Iterable[str]
) -> list[Texts]:
    """Targets that neither the records nor the graph meet, and predicates that none has."""
    view = Memory([*checks.ontology.triples, *added])
    graphs = tuple(without)

    def stated(*pattern: Term | None) -> bool:
        return bool(engine.stated([pattern], without=graphs))  # type: ignore[list-item]

    def uses(predicate: str) -> bool:
        return bool(view.objects_of(predicate)) or stated(None, NamedNode(predicate), None)

    def has_nodes(target: Target) -> bool:
        value = target.value
        if target.kind == "node":
            return (
                bool(view.out(value))
                or any(t.object == value for t in added)
                or (
                    isinstance(value, NamedNode)
                    and (stated(value, None, None) or stated(None, None, value))
                )
            )
        if target.kind != "class":
            return uses(value.value)
        below = closure([value], view.subjects)
        return any(view.subjects(cls, TYPE) or stated(None, _TYPE, cls) for cls in below)

    return vocabulary.unreached(
        checks.union,
        checks.union_model,
        checks.names,
        has_nodes=has_nodes,
        uses=uses,
        defined=checks.ontology.defined,
    )


def _with_derived(
    added: Sequence[Triple],
    engine: Engine,
    checks: Checks,
    rules: Sequence[Rule],
    without: Iterable[str],
) -> tuple[list[Triple], Sequence[Texts]]:
    """New triples with what follows from them and what the graph states beside them."""
    from gsefgraph.reason import premises
    from gsefgraph.reason.rules import follows

    known = checks.ontology.triples
    near, cut = premises.around(added, rules, known, engine, without)
    before = {*added, *near}
    derived = written.judged(follows([*known, *near, *added], rules))
    warnings = [sentences.of("cut", count=premises.LIMIT, value=str(added[0].subject))]
    found = [*added, *sorted((t for t in derived if t not in before), key=str)]
    return found, warnings if cut else []


def _around(found: Overlay) -> list[Triple]:
    """What is stated on the nodes of results, after the change."""
    view = found.view

    def describe(nodes: Iterable[Term]) -> list[Triple]:
        wanted = list(nodes)
        view.need_out(wanted)
        return [
            Triple(node, NamedNode(predicate), value)  # type: ignore[arg-type]
            for node in wanted
            for predicate, values in view.out(node).items()
            for value in values
        ]

    return around(found.results, describe)


def _ways(checks: Checks, whole: Sequence[Way]) -> Sequence[Way]:
    if not whole:
        return checks.ways
    named = {(way.rule, way.component) for way in whole}
    return [*whole, *(way for way in checks.ways if (way.rule, way.component) not in named)]


def _known(new: Sequence[Quad], engine: Engine, checks: Checks, without: Iterable[str]) -> Known:
    """What the ontology, the records and the graph define of what the records mention."""
    own = described(quad.triple for quad in new)
    known = Known(checks.names, checks.ontology.defined, own)
    patterns: list[Pattern] = [
        (quad.object, _TYPE, None)
        for quad in new
        if isinstance(quad.object, NamedNode) and known.missing_concept(quad.object.value)
    ]
    found = engine.stated(patterns, without=without) if patterns else ()
    others = frozenset(node.value for node, _, _ in found if isinstance(node, NamedNode))
    return Known(checks.names, checks.ontology.defined, own | others)
