"""From results to a report: each said in people's words, placed in its file, named, and sorted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.shacl.checks import Checks, facts, names
from gsefgraph.shacl.report.finding import Finding, Texts
from gsefgraph.shacl.report.hints import Hints
from gsefgraph.shacl.report.reasons import Reasons
from gsefgraph.shacl.report.report import Report
from gsefgraph.shacl.report.script import SPARQL, Script
from gsefgraph.shacl.report.sentences import Hint, Message
from gsefgraph.shacl.result import Result, Way
from gsefgraph.shacl.shapes.model import Model
from gsefgraph.terms import SH, SHAPES, Names, Term


@dataclass(frozen=True)
class Speaker:
    """Says results of some shapes on some triples.

    Attributes:
        model: the shapes that the results come from.
        names: prefixes.
        facts: values by subject and predicate, full IRIs, of what stands around the results.
        similar: known IRIs, compact, that resemble one that is not known.
        labels: names of nodes by IRI and language, said before their IRIs; it may be filled until
            the first text is read.
    """

    model: Model
    names: Names
    facts: Mapping[tuple[Term, str], Sequence[Term]]
    similar: Callable[[Term], Sequence[str]]
    labels: Mapping[str, Texts] = field(default_factory=dict)
    _scripts: dict[tuple[str, str, str | None], Script] = field(
        default_factory=dict, compare=False, repr=False
    )
    _hints: list[Hints] = field(default_factory=list, compare=False, repr=False)

    @cached_property
    def _reasons(self) -> Reasons:
        return Reasons(self.model, self.facts)

    def message(self, result: Result) -> Texts:
        """What is wrong, in every language."""
        script = self.script(result)
        return Message(
            lambda: script.languages,
            lambda lang: script.say(result, lang),
            lambda: script.messages(result),
            lambda: script.sentence(result),
            (result.constraint or "") if result.component == SPARQL else "",
        )

    def hint(self, result: Result) -> Texts:
        """What would be right, in every language; empty when that cannot be known."""
        if not self._hints:
            self._hints.append(Hints(self.model, self.names, self.facts, self.similar))
        hints = self._hints[0]
        return Hint(lambda: hints.of(result))

    def finding(self, result: Result) -> Finding:
        """A result as a finding, not yet placed in a file."""
        return Finding(
            severity=result.severity,
            focus=result.focus,
            path=result.path,
            value=result.value,
            rule=self.script(result).rule,
            component=result.component,
            message=self.message(result),
            hint=self.hint(result),
            shape=result.shape,
        )

    def script(self, result: Result) -> Script:
        """What the results of one constraint have in common."""
        key = (result.shape, result.component, result.constraint)
        script = self._scripts.get(key)
        if script is None:
            script = Script(self.model, self.names, self.facts, self.labels, self._reasons, result)
            self._scripts[key] = script
        return script


def findings(results: Iterable[Result], speaker: Speaker) -> list[Finding]:
    """Results as findings, in their order, not yet placed in a file."""
    return [speaker.finding(result) for result in results]


_NAMING = frozenset(f"{SH}{kind}ConstraintComponent" for kind in ("NodeKind", "Pattern"))
_YIELDING = frozenset({f"{SHAPES}unknown-concept", f"{SHAPES}plain-text"})

Similar = Callable[[Term], Sequence[str]]


@dataclass(frozen=True)
class Judged:
    """What some shapes found, with what is stated around it.

    Attributes:
        model: the shapes.
        results: of an evaluation.
        around: what is stated on the results' nodes, the triples that they were judged on.
    """

    model: Model
    results: Sequence[Result]
    around: Sequence[Triple]


@dataclass(frozen=True)
class Told:
    """What a report is made of, beside the results.

    Attributes:
        checks: what was checked.
        similar: known things that resemble one that is not known.
        spelled: literals as written, by the form that was judged.
        warnings: what is odd about this validation.
        ways: how each constraint was evaluated.
    """

    checks: Checks
    similar: Similar
    spelled: Mapping[Literal, Literal] = field(default_factory=dict)
    warnings: Sequence[Texts] = ()
    ways: Sequence[Way] = ()


def around(
    results: Iterable[Result], describe: Callable[[Iterable[Term]], Sequence[Triple]]
) -> list[Triple]:
    """What is stated on the nodes of results, and on the values that their messages list.

    Parameters:
        results: of an evaluation.
        describe: gives what is stated on some nodes.
    """
    nodes: dict[Term, None] = {}
    pairs = set()
    for result in results:
        for node in (result.focus, result.value):
            if node is not None and not isinstance(node, Literal):
                nodes[node] = None
        if result.count is not None and result.path is not None:
            pairs.add((result.focus, result.path.predicate))
    found = list(describe(nodes)) if nodes else []
    listed = {
        t.object: None
        for t in found
        if isinstance(t.object, NamedNode)
        and t.object not in nodes
        and (t.subject, t.predicate.value) in pairs
    }
    return [*found, *describe(listed)] if listed else found


def tell(
    judged: Iterable[Judged],
    own: Iterable[Finding],
    place: Callable[[Sequence[Finding]], Iterable[Finding]],
    told: Told,
) -> Report:
    """The report of results and of our own findings.

    Parameters:
        judged: results with the shapes that they are of.
        own: findings of our own checks.
        place: gives findings their file, line and column.
        told: the rest.
    """
    checks = told.checks
    findings = list(own)
    known_around: list[Triple] = []
    labels = dict(checks.labels)
    for part in judged:
        if not part.results:
            continue
        known: Facts = facts(part.around)
        if part.model is checks.union_model:
            known = _together(checks.facts, known)
        speaker = Speaker(part.model, checks.names, known, told.similar, labels)
        unique = {result.identity: result for result in part.results}.values()
        findings += [speaker.finding(_spelled(result, told.spelled)) for result in unique]
        known_around += part.around
    labels |= names(known_around, labels)
    placed = list(place(_settled(findings)))
    every = [*checks.warnings, *told.warnings]
    warnings = tuple({texts["en"]: texts for texts in every}.values())
    return Report.of(
        placed,
        warnings=warnings,
        names=checks.names,
        labels=labels,
        ways=told.ways,
        rules=checks.rules,
    )


Facts = Mapping[tuple[Term, str], Sequence[Term]]


def _together(known: Facts, more: Facts) -> Facts:
    """Values of both, each once, sorted."""
    both = dict(known)
    for key, values in more.items():
        held = both.get(key)
        both[key] = values if held is None else sorted({*held, *values}, key=str)
    return both


def _spelled(result: Result, spelled: Mapping[Literal, Literal]) -> Result:
    """The result with its value as it was written."""
    value = spelled.get(result.value) if isinstance(result.value, Literal) else None
    return result if value is None or value == result.value else replace(result, value=value)


def _settled(findings: Sequence[Finding]) -> list[Finding]:
    """Each fault once: a malformed literal explains what shapes say of it, that a node has no IRI
    what they say of its name, and a shape that judges a concept or a name says more than we do."""
    malformed: set[tuple[object, ...]] = set()
    unnamed: set[Term] = set()
    told: set[tuple[object, ...]] = set()
    for finding in findings:
        if finding.component == f"{SHAPES}lexical-form":
            malformed.add(_spot(finding))
        elif finding.component == f"{SHAPES}blank-node":
            unnamed.add(finding.focus)
        elif not finding.component.startswith(SHAPES):
            told.add((finding.focus, finding.value))
    kept = []
    for finding in findings:
        if finding.component.startswith(SHAPES):
            known = finding.component in _YIELDING and (finding.focus, finding.value) in told
        elif finding.value is not None and finding.value == finding.focus:
            known = finding.focus in unnamed and finding.component in _NAMING
        else:
            known = _spot(finding) in malformed
        if not known:
            kept.append(finding)
    return kept


def _spot(finding: Finding) -> tuple[object, ...]:
    return finding.focus, finding.path, finding.value
