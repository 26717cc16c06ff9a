"""Some findings of a report. What is left out still counts: `conforms` and the counts stay true."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

from gsefgraph.errors import UnknownName, UsageError, nearest
from gsefgraph.shacl.report.finding import (
    INFO,
    SEVERITIES,
    VIOLATION,
    WARNING,
    Count,
    Finding,
    Findings,
    rank,
)
from gsefgraph.shacl.report.sentences import WORDS
from gsefgraph.shacl.shapes.components import COMPONENTS
from gsefgraph.terms import BLANK_SHAPE, SH, SHAPES, fold
from gsefgraph.wording import LANGUAGES, say

F = TypeVar("F", bound=Findings)

SEVERITY_NAMES = {"violation": VIOLATION, "warning": WARNING, "info": INFO}
OWN_RULES = ("lexical-form", "unknown-term", "unknown-concept", "blank-node", "plain-text",
             "rdf-1.1", "source-text", "syntax", "record", "name")  # fmt: skip


def apply(
    report: F,
    *,
    severity: str | None = None,
    shapes: Collection[str] = (),
    rules: Collection[str] = (),
    limit: int | None = None,
) -> F:
    """All filters, those that are given; the limit last.

    Parameters:
        severity: see `at_least`.
        shapes: any of these: an IRI, full or compact, a local name, or a name in any language.
        rules: any of these, a constraint component, one of our own checks, or a shape:
            ``MinCount``, ``minCount``, ``sh:MinCountConstraintComponent``, ``lexical-form``,
            ``gsef-sh:lexical-form``; a full IRI; also what text and SARIF call a rule,
            ``gsef-sh:Event-place`` and ``gsef-sh:Event-place/Class``.
        limit: see `first`.

    Errors:
        UnknownName, UsageError.

    >>> apply(Findings.of([]), rules=["minCont"])
    Traceback (most recent call last):
    gsefgraph.errors.UnknownName: no rule 'minCont'; did you mean MinCount?
    """
    if severity is not None:
        report = at_least(report, severity)
    if shapes:
        wanted = [_shape(report, name) for name in shapes]
        report = _only(report, lambda f: any(test(f) for test in wanted))
    if rules:
        tests = [_rule(report, name) for name in rules]
        report = _only(report, lambda f: any(test(f) for test in tests))
    return report if limit is None else first(report, limit)


def at_least(report: F, name: str) -> F:
    """Findings of a severity or a graver one.

    Parameters:
        name: violation, warning or info; also sh:Warning, error, erreur, as reports say them. A
            severity of the shapes' own counts as a violation.

    Errors:
        UnknownName.

    >>> at_least(Findings.of([]), "warning").conforms
    True
    """
    wanted = name.removeprefix(SH).removeprefix("sh:").lower()
    also = {"error": VIOLATION, "note": INFO}  # what the forms of a report call them
    also |= {WORDS[severity][tag]: severity for severity in SEVERITIES for tag in LANGUAGES}
    least = SEVERITY_NAMES.get(wanted) or also.get(wanted)
    if least is None:
        raise UnknownName(say("choice.severity", name=name), hint=nearest(name, SEVERITY_NAMES))
    return _only(report, lambda f: rank(f.severity) <= rank(least))


def first(report: F, count: int) -> F:
    """The first findings, and how many more there are.

    Errors:
        UsageError: a number below zero.

    >>> first(Findings.of([]), 10).more
    Count(findings=0, results=0)
    """
    if count < 0:
        raise UsageError(say("choice.negative", count=count), hint=say("choice.zero"))
    kept, cut = report.findings[:count], Count.of(report.findings[count:])
    # Of what is left some findings may be more results than the limit.
    beyond = Count(0, max(0, Count.of(kept).results - count))
    more = report.more.plus(cut).plus(beyond)
    return replace(report, findings=kept, totals=report.every, limit=count, more=more)


def _only(report: F, test: Callable[[Finding], bool]) -> F:
    kept = tuple(finding for finding in report.findings if test(finding))
    return replace(report, findings=kept, totals=report.every)


def _shape(report: Findings, name: str) -> Callable[[Finding], bool]:
    known = set(report.rules) | {f.rule for f in report.findings} | {w.rule for w in report.ways}
    known |= {f.shape for f in report.findings if f.shape} | {SHAPES + own for own in OWN_RULES}
    known = {iri for iri in known if not iri.startswith(BLANK_SHAPE)}
    matches = set(_named(report, name, known))
    if not matches:
        words = [report.names.compact(iri) for iri in known] if ":" in name else map(_local, known)
        raise UnknownName(say("choice.shape", name=name), hint=nearest(name, words))
    return lambda finding: finding.rule in matches or finding.shape in matches


def _named(report: Findings, name: str, known: Iterable[str]) -> Iterable[str]:
    """IRIs that bear the name, by the first way of naming that has any."""
    ways: list[Callable[[str], bool]] = [
        lambda iri: name in (iri, f"<{iri}>", report.names.compact(iri)),
        lambda iri: _local(iri) == name,
        lambda iri: fold(_local(iri)) == fold(name),
        lambda iri: fold(name) in _titles(report, iri),
    ]
    for way in ways:
        found = [iri for iri in known if way(iri)]
        if found:
            return found
    return []


def _titles(report: Findings, iri: str) -> set[str]:
    given = report.rules.get(iri)
    return {fold(text) for text in given.name.values()} if given else set()


def _rule(report: Findings, name: str) -> Callable[[Finding], bool]:
    whole, _, kind = name.rpartition("/")
    for part, component in ((name, ""), (whole, kind)):
        with suppress(UnknownName):
            test = _shape(report, part) if part and (component or ":" in part) else None
            if test is not None and component:
                wanted = _component(report, component)
                return lambda f: test(f) and f.component == wanted
            if test is not None and name not in _own(report):
                return test
    component = _component(report, name)
    return lambda f: f.component == component


def _own(report: Findings) -> set[str]:
    """Names of our own checks, which are rule and component at once."""
    return {report.names.compact(SHAPES + own) for own in OWN_RULES}


def _component(report: Findings, name: str) -> str:
    known = {kind: component.iri for kind, component in COMPONENTS.items()}
    known |= {own: SHAPES + own for own in OWN_RULES}
    met = {f.component for f in report.findings} | {way.component for way in report.ways}
    known |= {_short(iri): iri for iri in sorted(met)}
    wanted = name.removesuffix("ConstraintComponent") or name
    for short, iri in known.items():
        spelled = (short, short[:1].lower() + short[1:], iri, f"<{iri}>", report.names.compact(iri))
        if name in spelled or wanted in (*spelled[:2], f"sh:{short}", f"sh:{spelled[1]}"):
            return iri
    folded = {fold(short): iri for short, iri in known.items()}
    if fold(name) in folded:
        return folded[fold(name)]
    raise UnknownName(say("choice.rule", name=name), hint=nearest(name, known))


def _local(iri: str) -> str:
    return iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :]


def _short(iri: str) -> str:
    return _local(iri).removesuffix("ConstraintComponent")
