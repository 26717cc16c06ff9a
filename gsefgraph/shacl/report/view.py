"""A report in one language: names, terms and messages, each said once and kept."""

from __future__ import annotations

from collections.abc import Container, Iterable

from pyoxigraph import BlankNode, NamedNode

from gsefgraph.shacl.report.finding import (
    SEVERITIES,
    WARNING,
    Finding,
    Findings,
    Label,
    Notice,
    Rule,
    Texts,
    compact,
    is_violation,
    pick,
    shown,
    spell,
)
from gsefgraph.shacl.report.sentences import SENTENCES, WORDS, word
from gsefgraph.sparql.path import Path
from gsefgraph.terms import BLANK_SHAPE, SH, SHAPES, Term
from gsefgraph.wording import LANGUAGES, line


class View:
    """What the forms of a report share.

    Parameters:
        report: the report.
        lang: en, fr or es; English for any other.
        label: the name of an IRI in that language, or the IRI in any form when it has none.
    """

    def __init__(self, report: Findings, lang: str, label: Label | None = None) -> None:
        tag = lang.lower().partition("-")[0]
        self.report = report
        self.lang = tag if tag in LANGUAGES else "en"
        self._label = label
        self._labels: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._paths: dict[Path, str] = {}
        self._words: dict[str, str] = {}
        self.colon = self.word("colon")

    def word(self, key: str, **values: object) -> str:
        """A word of ours; one without blanks is made once."""
        if values:
            return word(key, self.lang, **values)
        text = self._words.get(key)
        if text is None:
            text = self._words[key] = word(key, self.lang)
        return text

    def label(self, iri: str) -> str:
        """The name of an IRI, empty when it has none; asked for once."""
        text = self._labels.get(iri)
        if text is None:
            text = self._labels[iri] = line(self._find(iri))
        return text

    def _find(self, iri: str) -> str:
        known = self.report.labels.get(iri)
        text = pick(known, self.lang) if known else ""
        if text or self._label is None:
            return text
        text = self._label(iri)
        return "" if text in (iri, f"<{iri}>", self.report.names.compact(iri)) else text

    def name(self, iri: str) -> str:
        """The name of an IRI with its compact form, or the compact form alone."""
        name = self._names.get(iri)
        if name is None:
            short, text = compact(iri, self.report.names), self.label(iri)
            name = self._names[iri] = f"{text} ({short})" if text else short
        return name

    def term(self, term: Term) -> str:
        """A term, by name where it has one; the label of a blank node is nobody's name for it."""
        if isinstance(term, NamedNode):
            return self.name(term.value)
        return "[]" if isinstance(term, BlankNode) else spell(term, self.report.names)

    def path(self, path: Path) -> str:
        """A property path as SPARQL writes it, by name."""
        text = self._paths.get(path)
        if text is None:
            text = self._paths[path] = path.text(self.name)
        return text

    def place(self, finding: Finding, end: str = "") -> str:
        """File, line and column of a finding and what comes after; empty where it has no place."""
        if finding.source is None:
            return ""
        file, number, column = finding.source
        return f"{shown(file)}:{number}:{column}{end}"

    def message(self, finding: Finding) -> str:
        """What is wrong, in one line."""
        return line(pick(finding.message, self.lang))

    def hint(self, finding: Finding) -> str:
        """What would be right, empty when that is not known."""
        return line(pick(finding.hint, self.lang)) if finding.hint else ""

    def value(self, finding: Finding) -> str | None:
        """The value, None where there is none or it is the focus node."""
        if finding.value is None or finding.value == finding.focus:
            return None
        return self.term(finding.value)

    def rule(self, iri: str) -> str:
        """The compact IRI of a rule; a blank shape has none."""
        return "[]" if iri.startswith(BLANK_SHAPE) else compact(iri, self.report.names)

    def title(self, finding: Finding) -> str:
        """What the rule of a finding is called, empty when it has no name."""
        if title := self._first(rule.name for rule in self._rules(finding)):
            return title
        ours = SENTENCES.get(f"rule-{finding.rule.removeprefix(SHAPES)}")
        return pick(ours, self.lang) if ours and finding.rule.startswith(SHAPES) else ""

    def help(self, finding: Finding) -> str:
        """What the rule of a finding asks for, empty when it does not say."""
        return self._first(rule.help for rule in self._rules(finding))

    def _rules(self, finding: Finding) -> list[Rule]:
        rules = self.report.rules
        return [rules[iri] for iri in (finding.shape, finding.rule) if iri in rules]

    def _first(self, texts: Iterable[Texts]) -> str:
        """In one line the first of some texts that there is."""
        return next((line(pick(text, self.lang)) for text in texts if text), "")

    def component(self, iri: str) -> str:
        """A constraint component in short: ``MinCount``, or its compact IRI."""
        if iri.startswith(SH) and iri.endswith("ConstraintComponent"):
            return iri.removeprefix(SH).removesuffix("ConstraintComponent")
        return compact(iri, self.report.names)

    def level(self, severity: str) -> str:
        """``error``, ``warning`` or ``note``; a severity of the shapes' own is a warning."""
        if is_violation(severity):
            return "error"
        return "warning" if severity == WARNING else "note"

    def heading(self, severity: str) -> str:
        """A severity above its findings."""
        text = self.word(f"{severity}s" if severity in SEVERITIES else severity)
        return text[:1].upper() + text[1:]

    def verdict(self) -> list[str]:
        """Sentences: whether it conforms, true counts, and what was taken out."""
        report = self.report
        counts = [
            f"{self.heading(key)}{self.colon} {count.findings}."
            for key, count in report.every.items()
        ]
        return [f"{self.word('conforms' if report.conforms else 'fails')}.", *counts, *self.cuts()]

    def cuts(self) -> list[str]:
        """Sentences: what was left out of the shapes, how many results it is where findings are
        fewer, what was taken out of the report."""
        report = self.report
        sentences = []
        if report.omitted:
            sentences.append(self.word("incomplete", count=len(report.omitted)))
        total = sum(count.findings for count in report.every.values())
        results = sum(report.counts.values())
        if results != total:
            sentences.append(self.word("results", count=results))
        if len(report.findings) != total:
            sentences.append(self.word("shown", count=len(report.findings), total=total))
        if report.known.findings:
            sentences.append(self.word("known", count=report.known.findings))
        return sentences

    def warnings(self, kinds: Container[str] | None = None) -> list[str]:
        """What is odd about the validation, in lines; of many of one kind the first, and how many
        more there are.

        Parameters:
            kinds: of those that are wanted; None for all.
        """
        by_kind: dict[object, list[str]] = {}
        for number, texts in enumerate(self.report.warnings):
            kind: object = texts.kind if isinstance(texts, Notice) else number
            if kinds is None or kind in kinds:
                by_kind.setdefault(kind, []).append(line(pick(texts, self.lang)))
        lines = []
        for kind, found in by_kind.items():
            most = _TERMS if kind in _OF_TERMS else _ALIKE
            lines += found[:most] if len(found) > most + 1 else found
            if len(found) > most + 1:
                lines.append(self.word("alike", count=len(found) - most))
        return lines

    def unchecked(self, form: str, *, quiet: bool) -> list[str]:
        """Lines on what was not checked, as far as a form of the report does not say it.

        Parameters:
            form: one of those of `report.Report.pieces`.
            quiet: whether the gravest alone are wanted.
        """
        if form not in _SILENT:
            return []
        lines = self.warnings(GRAVE if quiet else UNCHECKED)
        omitted = self.report.omitted if form != "junit" else ()
        if not quiet:
            lines = [*(line(pick(texts, self.lang)) for texts in omitted), *lines]
        return [*lines, self.word("incomplete", count=len(omitted))] if omitted else lines

    def way(self, way: str) -> str:
        """How a constraint was checked, in words; as it is where we have none."""
        return self.word(f"way-{way}") if f"way-{way}" in WORDS else line(way)

    def ways(self) -> str:
        """One line that counts how the constraints were checked and names what is out of the
        ordinary; empty when nothing is known of it."""
        parts = []
        semicolon = self.word("semicolon")
        by_way: dict[str, list[str]] = {}
        for rule, component, way, why in self.report.ways:
            named = f"{self.rule(rule)} {self.component(component)}"
            reason = f"{self.colon} {why}" if why else ""
            by_way.setdefault(way, []).append(line(f"{named}{reason}"))
        order = [*ORDINARY, "whole"]
        for way in [*order, *sorted(set(by_way) - set(order))]:
            if way not in by_way:
                continue
            key = way if way in order else "other"
            listed = semicolon.join(by_way[way]) if way not in ORDINARY else ""
            parts.append(self.word(key, count=len(by_way[way]), way=way, list=listed))
        return self.word("ways", list=semicolon.join(parts)) if parts else ""


_ALIKE = 3  # warnings of one kind that are shown
_TERMS = 20  # of those about a term
_OF_TERMS = frozenset(("finding.no-term", "finding.no-term-near", "warning.beyond"))
GRAVE = frozenset(("warning.owl-class",))
UNCHECKED = (
    *GRAVE,
    *_OF_TERMS,
    "warning.graph",
    "warning.not-followed",
    "warning.several-not-followed",
)
"""Kinds of warnings that tell what was not checked; the gravest are shown whatever is asked for."""
_SILENT = ("turtle", "jsonld", "junit")
ORDINARY = ("sql", "memory", "engine")


def plain(term: Term) -> str:
    """A full IRI, or a term as N-Triples writes it.

    >>> from pyoxigraph import Literal
    >>> plain(NamedNode("a:b")), plain(Literal("x", language="fr"))
    ('a:b', '"x"@fr')
    """
    return term.value if isinstance(term, NamedNode) else str(term)
