"""From results to a report: each said in people's words, placed in its file, named, and sorted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.shacl.checks import Checks, facts, names
from gsefgraph.shacl.report.finding import Finding, Texts
from gsefgraph.shacl.report.hints import Hints, Suggest
from gsefgraph.shacl.report.reasons import Facts, Reasons
from gsefgraph.shacl.report.report import Report
from gsefgraph.shacl.report.script import SPARQL, Script
from gsefgraph.shacl.report.sentences import Hint, Message
from gsefgraph.shacl.result import Result, Way, together
from gsefgraph.shacl.shapes import vocabulary
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
        spelt: how values are written of which results have another form; filled as `labels` are.
    """

    model: Model
    names: Names
    facts: Facts
    similar: Suggest
    labels: Mapping[str, Texts] = field(default_factory=dict)
    spelt: Mapping[Term | None, Term | None] = field(default_factory=dict)
    _scripts: dict[tuple[str, str, str | None], Script] = field(
        default_factory=dict, compare=False, repr=False
    )

    @cached_property
    def _reasons(self) -> Reasons:
        return Reasons(self.model, self.facts)

    @cached_property
    def _hints(self) -> Hints:
        return Hints(self.model, self.names, self.facts, self.similar)

    def message(self, result: Result) -> Texts:
        """What is wrong, in every language."""
        script = self.script(result)
        return Message(
            lambda: script.languages,
            lambda lang: script.say(self._written(result), lang),
            lambda: script.messages(self._written(result)),
            lambda: script.sentence(self._written(result)),
            (result.constraint or "") if result.component == SPARQL else "",
        )

    def _written(self, result: Result) -> Result:
        value = self.spelt.get(result.value, result.value)
        return result if value is result.value else replace(result, value=value)

    def hint(self, result: Result) -> Texts:
        """What would be right, in every language; empty when that cannot be known."""
        hints = self._hints
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
            times=result.times,
        )

    def script(self, result: Result) -> Script:
        """What the results of one constraint have in common."""
        key = (result.shape, result.component, result.constraint)
        script = self._scripts.get(key)
        if script is None:
            script = self._scripts[key] = Script(
                self.model, self.names, self.facts, self.labels, self._reasons, self.script, result
            )
        return script


_NAMING = frozenset(f"{SH}{kind}ConstraintComponent" for kind in ("NodeKind", "Pattern"))
_YIELDING = frozenset({f"{SHAPES}unknown-concept", f"{SHAPES}plain-text"})


@dataclass(frozen=True)
class Results:
    """Results of some shapes, with what is stated around them.

    Attributes:
        model: the shapes.
        results: of an evaluation.
        around: what is stated on the results' nodes, the triples that they were judged on.
    """

    model: Model
    results: Sequence[Result]
    around: Sequence[Triple]


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


def report_of(
    results: Iterable[Results],
    own: Iterable[Finding],
    place: Callable[[Sequence[Finding]], Iterable[Finding]],
    checks: Checks,
    *,
    similar: Suggest = lambda _: (),
    warnings: Sequence[Texts] = (),
    ways: Sequence[Way] = (),
) -> Report:
    """The report of results and of our own findings.

    Parameters:
        results: with the shapes that they are of.
        own: findings of our own checks.
        place: gives findings their file, line and column.
        checks: what was checked.
        similar: known things that resemble one that is not known.
        warnings: what is odd about this validation.
        ways: how each constraint was evaluated.
    """
    findings = list(own)
    known_around: list[Triple] = []
    labels = dict(checks.labels)
    spelt: dict[Term | None, Term | None] = {}
    for part in results:
        if not part.results:
            continue
        known: Facts = facts(part.around)
        if part.model is checks.union_model:
            known = _together(checks.facts, known)
        speaker = Speaker(part.model, checks.names, known, similar, labels, spelt)
        every = together(part.results)
        findings += [speaker.finding(result) for result in every]
        known_around += part.around
    labels |= names(known_around, labels)
    settled = _settled(findings)
    placed = list(place(settled))
    for finding, found in zip(settled, placed, strict=True):
        if found.value is not finding.value:
            spelt[finding.value] = found.value
    return Report.of(
        placed,
        warnings=tuple(vocabulary.once((*checks.warnings, *warnings))),
        omitted=checks.omitted,
        names=checks.names,
        labels=labels,
        ways=ways,
        rules=checks.rules,
    )


def _together(known: Facts, more: Facts) -> Facts:
    """Values of both, each once, sorted."""
    both = dict(known)
    for key, values in more.items():
        both[key] = sorted({*both[key], *values}, key=str) if key in both else values
    return both


def _settled(findings: Sequence[Finding]) -> list[Finding]:
    """Each fault once: a malformed literal explains what shapes say of it, that a node has no IRI
    what they say of its name, and a shape that judges a concept or a name says more than we do."""
    malformed: set[tuple[object, ...]] = set()
    unnamed: set[Term] = set()
    explained: set[tuple[object, ...]] = set()
    for finding in findings:
        if finding.component == f"{SHAPES}lexical-form":
            malformed.add(_spot(finding))
        elif finding.component == f"{SHAPES}blank-node":
            unnamed.add(finding.focus)
        elif not finding.component.startswith(SHAPES):
            explained.add((finding.focus, finding.value))
    kept = []
    for finding in findings:
        if finding.component.startswith(SHAPES):
            known = finding.component in _YIELDING and (finding.focus, finding.value) in explained
        elif finding.value is not None and finding.value == finding.focus:
            known = finding.focus in unnamed and finding.component in _NAMING
        else:
            known = _spot(finding) in malformed
        if not known:
            kept.append(finding)
    return kept


def _spot(finding: Finding) -> tuple[object, ...]:
    return finding.focus, finding.path, finding.value
