"""Findings, in a fixed order, and how what they name is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, Self, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from gsefgraph.errors import UsageError
from gsefgraph.shacl.result import Way
from gsefgraph.shacl.shapes.model import Place
from gsefgraph.sparql.path import Path
from gsefgraph.terms import SH, SHAPES, XSD, Names, Term, tag
from gsefgraph.wording import ByLanguage, Wording, say, visible

Label: TypeAlias = Callable[[str], str]
Texts: TypeAlias = Mapping[str, str]

VIOLATION, WARNING, INFO = (f"{SH}{name}" for name in ("Violation", "Warning", "Info"))
SEVERITIES = (VIOLATION, WARNING, INFO)
OF_FILE = frozenset(f"{SHAPES}{name}" for name in ("syntax", "record", "name"))
"""Rules of our own about a file as it is written, whose focus node stands for the file."""


def is_violation(severity: str) -> bool:
    """Whether a severity, a full IRI, is that of an error; one of the shapes' own is.

    >>> is_violation(VIOLATION), is_violation(WARNING), is_violation("a:grave")
    (True, False, True)
    """
    return severity not in (WARNING, INFO)


def rank(severity: str) -> int:
    """How grave a severity is, 0 for the gravest; one of the shapes' own counts as a violation.

    >>> rank(VIOLATION), rank(INFO), rank("a:grave")
    (0, 2, 0)
    """
    return SEVERITIES.index(severity) if severity in SEVERITIES else 0


@dataclass(frozen=True, slots=True)
class Rule:
    """What a shape is called and says, for those who read a finding of it.

    Attributes:
        name: sh:name or rdfs:label, by language.
        help: sh:description, else sh:message or rdfs:comment, by language.
    """

    name: Texts = field(default_factory=dict)
    help: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        severity: full IRI, one of `SEVERITIES` or the shapes' own.
        focus: the node that is wrong.
        path: the property, None when the node itself is wrong.
        value: the value that is wrong, None when one is missing or they are too many.
        rule: full IRI of the shape, of the nearest named one around it where it is blank, or of one
            of our own checks (``gsef-sh:lexical-form``).
        component: full IRI of the constraint component that the shape uses.
        message: what is wrong, by language; made when it is first read.
        hint: what would be right, by language; empty when nobody can know.
        source: file, line and column; None when the fact stands in no file that was read.
        shape: id of the shape itself, a name of ours where it is blank; empty for `rule`.
        times: how many results of SHACL it is, as in `Result`.
    """

    severity: str
    focus: Term
    path: Path | None
    value: Term | None
    rule: str
    component: str
    message: Texts = field(hash=False)
    hint: Texts = field(default_factory=dict, hash=False)
    source: Place | None = None
    shape: str = ""
    times: int = 1

    def order(self) -> tuple[object, ...]:
        """Sort key: file, line, column, severity, focus, rule, and the rest."""
        place = self.source or ("\U0010ffff", 0, 0)
        path = self.path.text(str) if self.path else ""
        names = str(self.focus), self.rule, path, str(self.value), self.component
        return (*place, rank(self.severity), *names)


class Count(NamedTuple):
    """How many there are.

    Attributes:
        findings: each fault once, as forms for people show them.
        results: as SHACL counts them, and the other forms hold them (`Finding.times`).
    """

    findings: int = 0
    results: int = 0

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Count:
        """Of some findings.

        >>> Count.of([])
        Count(findings=0, results=0)
        """
        times = [finding.times for finding in findings]
        return cls(len(times), sum(times))

    def plus(self, other: Count) -> Count:
        """Both together.

        >>> Count(1, 2).plus(Count(3, 4))
        Count(findings=4, results=6)
        """
        return Count(self.findings + other.findings, self.results + other.results)


LARGEST = 10**8
"""Results in a file at the most: some thirty gigabytes."""


class Notice(ByLanguage):
    """What is odd about a validation, by language, and its kind.

    Parameters:
        said: the sentence, whose key is the kind.
    """

    __slots__ = ("kind",)

    def __init__(self, said: Wording) -> None:
        super().__init__(said.text)
        self.kind = said.key


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings of one validation, in the order of the files.

    Attributes:
        findings: sorted by file, line, column, severity, focus and rule.
        warnings: what is odd about the validation itself, such as a shape that nothing
            meets, by language.
        names: prefixes for compact IRIs.
        labels: names by language of nodes that only the checked records know.
        ways: how each constraint was evaluated.
        rules: every shape by its id.
        totals: how many there were of each severity before `choose` took some out; None
            when nothing was.
        limit: how many `choose` has left at the most; None for all.
        more: how many it cut off.
        known: how many an earlier report holds already (`baseline`).
        omitted: shapes that were left out since they are not legal, and why, by language.

    >>> Findings.of([]).conforms
    True
    """

    findings: tuple[Finding, ...] = ()
    warnings: tuple[Texts, ...] = ()
    names: Names = field(default_factory=Names, repr=False)
    labels: Mapping[str, Texts] = field(default_factory=dict, repr=False)
    ways: tuple[Way, ...] = ()
    rules: Mapping[str, Rule] = field(default_factory=dict, repr=False)
    totals: Mapping[str, Count] | None = None
    limit: int | None = None
    more: Count = field(default_factory=Count)
    known: Count = field(default_factory=Count)
    omitted: tuple[Texts, ...] = ()

    @classmethod
    def of(
        cls,
        findings: Iterable[Finding],
        *,
        warnings: tuple[Texts, ...] = (),
        omitted: tuple[Texts, ...] = (),
        names: Names | None = None,
        labels: Mapping[str, Texts] | None = None,
        ways: Iterable[Way] = (),
        rules: Mapping[str, Rule] | None = None,
    ) -> Self:
        """Findings in any order, and of ways in any order, each way once."""
        ordered = tuple(sorted(findings, key=Finding.order))
        every = tuple(sorted(set(ways)))
        return cls(
            ordered, warnings, names or Names(), labels or {}, every, rules or {}, omitted=omitted
        )

    @property
    def every(self) -> Mapping[str, Count]:
        """True numbers by full IRI of their severity, gravest first, zeros left out."""
        found = self.totals
        if found is None:
            by_severity: dict[str, list[Finding]] = {}
            for finding in self.findings:
                by_severity.setdefault(finding.severity, []).append(finding)
            found = {severity: Count.of(each) for severity, each in by_severity.items()}
        order = [*SEVERITIES, *sorted(set(found) - set(SEVERITIES))]
        return {severity: found[severity] for severity in order if severity in found}

    @property
    def counts(self) -> Mapping[str, int]:
        """True numbers of results as SHACL counts them, by severity as `every` has them."""
        return {severity: count.results for severity, count in self.every.items()}

    def results(self) -> Iterator[tuple[Finding, int]]:
        """The findings with how many results each is, as many as the limit leaves.

        Errors:
            UsageError: more than a file can hold.
        """
        left = Count.of(self.findings).results
        if self.limit is not None:
            left = min(left, self.limit)
        if left > LARGEST:
            raise UsageError(say("report.too-many", count=left), hint=say("report.fewer"))
        return self._within(left)

    def _within(self, left: int) -> Iterator[tuple[Finding, int]]:
        for finding in self.findings:
            times = min(left, finding.times)
            if times:
                yield finding, times
            left -= times

    @property
    def conforms(self) -> bool:
        """Whether nothing is wrong, as far as shapes were not left out; warnings and notes do not
        count, and filters change nothing."""
        return not any(map(is_violation, self.counts))

    def nodes(self) -> set[str]:
        """IRIs that the report names, so that a caller may look up their labels in one step."""
        terms: list[Term | None] = [f.focus for f in self.findings]
        terms += [f.value for f in self.findings]
        named = {term.value for term in terms if isinstance(term, NamedNode)}

        def keep(iri: str) -> str:
            named.add(iri)
            return iri

        for path in {f.path for f in self.findings if f.path}:
            path.text(keep)
        return named


# Turtle's shorthand for numbers and booleans (Turtle, section 2.5).
_BARE = {
    f"{XSD}integer": re.compile(r"[+-]?[0-9]+\Z"),
    f"{XSD}decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+\Z"),
    f"{XSD}boolean": re.compile(r"(?:true|false)\Z"),
}


@lru_cache(4096)
def compact(iri: str, names: Names) -> str:
    """An IRI as `terms.Names.compact` writes it, without hidden characters; a finding says each of
    its IRIs several times.

    >>> compact("http://metadata.un.org/sdg/8", Names())
    'sdg:8'
    """
    return shown(names.compact(iri))


def spell(term: Term, names: Names) -> str:
    """A term as a person may write it in Turtle.

    >>> spell(Literal("Quito", language="fr"), Names()), spell(Literal(5), Names())
    ('"Quito"@fr', '5')
    """
    if isinstance(term, NamedNode):
        return compact(term.value, names)
    if isinstance(term, BlankNode):
        return str(term)
    quoted = shown(str(Literal(term.value)))
    if term.language:
        return f"{quoted}@{tag(term)}"
    datatype = term.datatype.value
    if datatype in _BARE and _BARE[datatype].match(term.value):
        return term.value
    return quoted if datatype == f"{XSD}string" else f"{quoted}^^{names.compact(datatype)}"


def shown(text: str) -> str:
    """Text with escapes for characters that cannot be seen, breaks of lines among them.

    >>> shown("a\\u202eb\\n")
    'a\\\\u202Eb\\\\n'
    """
    return visible(text).replace("\n", r"\n").replace("\t", r"\t")


def pick(texts: Texts, lang: str) -> str:
    """The text in a language, else in English, else without a language, else in any.

    >>> pick({"fr-CA": "Salut", "en": "Hi"}, "fr"), pick({"de": "Hallo"}, "fr"), pick({}, "fr")
    ('Salut', 'Hallo', '')
    """
    try:
        return texts[lang]
    except KeyError:
        pass
    near = sorted(tag for tag in texts if tag.lower().partition("-")[0] == lang)
    return next((texts[tag] for tag in (*near, "en", "", *sorted(texts)) if tag in texts), "")


def ended(text: str) -> str:
    """The text with a full stop at its end.

    >>> ended("So it is"), ended("Is it?")
    ('So it is.', 'Is it?')
    """
    text = text.rstrip()
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def by_language(given: Iterable[Literal]) -> dict[str, str]:
    """The texts of each language that say something, one after the other; text without one under
    ``""``.

    >>> by_language((Literal("a", language="fr"), Literal("b", language="fr"), Literal("c")))
    {'fr': 'a. b', '': 'c'}
    """
    found: dict[str, str] = {}
    for text in given:
        if not text.value.strip():
            continue
        tag = text.language or ""
        found[tag] = f"{ended(found[tag])} {text.value}" if tag in found else text.value
    return found
