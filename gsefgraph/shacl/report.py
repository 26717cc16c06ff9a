"""What a validation found: findings, and the report that holds them in a fixed order.

Text for people in English, French or Spanish, JSON for programs, and a W3C SHACL validation report
(SHACL, section 3.6) in Turtle, which `turtle.py` beside this module writes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from gsefgraph.shacl.path import Path
from gsefgraph.solutions import json_term
from gsefgraph.terms import SH, XSD, Names

Term: TypeAlias = NamedNode | BlankNode | Literal
Place: TypeAlias = tuple[str, int, int]
Texts: TypeAlias = Mapping[str, str]

VIOLATION, WARNING, INFO = (f"{SH}{name}" for name in ("Violation", "Warning", "Info"))
SEVERITIES = (VIOLATION, WARNING, INFO)
LANGUAGES = ("en", "fr", "es")

_SAID: Mapping[str, Texts] = {
    VIOLATION: {"en": "error", "fr": "erreur", "es": "error"},
    WARNING: {"en": "warning", "fr": "avertissement", "es": "advertencia"},
    INFO: {"en": "note", "fr": "remarque", "es": "nota"},
    "node": {"en": "node", "fr": "nœud", "es": "nodo"},
    "path": {"en": "property", "fr": "propriété", "es": "propiedad"},
    "value": {"en": "value", "fr": "valeur", "es": "valor"},
    "rule": {"en": "rule", "fr": "règle", "es": "regla"},
    "hint": {"en": "fix", "fr": "à faire", "es": "solución"},
    "colon": {"en": ":", "fr": " :", "es": ":"},
    "conforms": {"en": "Conforms", "fr": "Conforme", "es": "Conforme"},
    "fails": {"en": "Does not conform", "fr": "Non conforme", "es": "No conforme"},
    "errors": {"en": "errors", "fr": "erreurs", "es": "errores"},
    "warnings": {"en": "warnings", "fr": "avertissements", "es": "advertencias"},
    "notes": {"en": "notes", "fr": "remarques", "es": "notas"},
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        severity: full IRI, one of `SEVERITIES`.
        focus: the node that is wrong.
        path: the property, None when the node itself is wrong.
        value: the value that is wrong, None when one is missing or they are too many.
        rule: full IRI of the shape, or of one of our own checks (``gsef-sh:lexical-form``).
        component: full IRI of the constraint component that the shape uses.
        message: what is wrong, by language.
        hint: what would be right, by language; empty when nobody can know.
        source: file, line and column; None when the fact stands in no file that was read.
    """

    severity: str
    focus: Term
    path: Path | None
    value: Term | None
    rule: str
    component: str
    message: Texts
    hint: Texts = field(default_factory=dict)
    source: Place | None = None

    def order(self) -> tuple[object, ...]:
        """Sort key: file, line, column, severity, focus, rule, and the rest."""
        place = self.source or ("\U0010ffff", 0, 0)
        rank = SEVERITIES.index(self.severity) if self.severity in SEVERITIES else len(SEVERITIES)
        path = self.path.text(str) if self.path else ""
        return (*place, rank, str(self.focus), self.rule, path, str(self.value), self.component)


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of one validation, in the order of the files.

    Attributes:
        findings: sorted by file, line, column, severity, focus and rule.
        warnings: what is odd about the validation itself, such as a shape that nothing
            meets, by language.
        names: prefixes for compact IRIs.
        labels: names by language of nodes that only the checked records know.

    >>> report = Report.of([])
    >>> report.conforms, report.to_text("fr")
    (True, 'Conforme.\\n')
    """

    findings: tuple[Finding, ...] = ()
    warnings: tuple[Texts, ...] = ()
    names: Names = field(default_factory=Names, repr=False)
    labels: Mapping[str, Texts] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        findings: list[Finding],
        *,
        warnings: tuple[Texts, ...] = (),
        names: Names | None = None,
        labels: Mapping[str, Texts] | None = None,
    ) -> Report:
        """A report of findings in any order."""
        ordered = tuple(sorted(findings, key=Finding.order))
        return cls(ordered, warnings, names or Names(), labels or {})

    @property
    def conforms(self) -> bool:
        """Whether nothing is wrong; warnings and notes do not count."""
        return all(finding.severity != VIOLATION for finding in self.findings)

    def to_text(
        self,
        lang: str = "en",
        label: Callable[[str], str] | None = None,
        *,
        warnings: bool = True,
    ) -> str:
        """A block for each finding and a closing line of counts.

        Parameters:
            lang: en, fr or es; English for any other.
            label: the name of an IRI in that language, or the IRI in any form when it has none.
            warnings: whether to show what is no violation; it is counted all the same.
        """
        shown = [f for f in self.findings if warnings or f.severity == VIOLATION]
        blocks = [self._block(finding, lang, label) for finding in shown]
        head = f"{_said(WARNING, lang)}{_said('colon', lang)}"
        warned = [f"{head} {_text(texts, lang)}\n" for texts in self.warnings if warnings]
        return "".join([*(f"{block}\n" for block in blocks), *warned, self._closing(lang)])

    def to_json(self, lang: str = "en", label: Callable[[str], str] | None = None) -> str:
        """An object with ``conforms``, ``findings`` and ``warnings``; UTF-8, two-space indent.

        Each finding has full IRIs under ``focus``, ``rule``, ``component`` and ``severity`` (the
        local name), its property path in SPARQL's notation, ``value`` as an object like those of
        SPARQL 1.1 results in JSON, ``message`` and ``hint`` in `lang`, and ``source``.
        """
        body = {
            "conforms": self.conforms,
            "findings": [self._object(finding, lang, label) for finding in self.findings],
            "warnings": [_text(texts, lang) for texts in self.warnings],
        }
        return json.dumps(body, ensure_ascii=False, indent=2) + "\n"

    def to_graph(self) -> bytes:
        """A sh:ValidationReport in Turtle, messages in every language; same report, same bytes."""
        from gsefgraph.shacl.turtle import write

        return write(self)

    def name(self, iri: str, lang: str, label: Callable[[str], str] | None = None) -> str:
        """The name of an IRI with its compact form, or the compact form alone."""
        compact = self.names.compact(iri)
        known = self.labels.get(iri, {})
        text = next((known[tag] for tag in (lang, "en", "fr", *sorted(known)) if tag in known), "")
        if not text and label is not None:
            text = label(iri)
        text = _shown(" ".join(text.split()))
        return compact if text in ("", compact, iri, f"<{iri}>") else f"{text} ({compact})"

    def _block(self, finding: Finding, lang: str, label: Callable[[str], str] | None) -> str:
        place = f"{':'.join(map(str, finding.source))}: " if finding.source else ""
        severity = _said(finding.severity, lang)
        head = f"{place}{severity}{_said('colon', lang)} {_text(finding.message, lang)}\n"
        rows = [("node", self._term(finding.focus, lang, label))]
        if finding.path:
            rows.append(("path", finding.path.text(lambda iri: self.name(iri, lang, label))))
        if finding.value is not None and finding.value != finding.focus:
            rows.append(("value", self._term(finding.value, lang, label)))
        if finding.hint:
            rows.append(("hint", _text(finding.hint, lang)))
        rows.append(("rule", self.names.compact(finding.rule)))
        said = (f"  {_said(key, lang)}{_said('colon', lang)} {text}\n" for key, text in rows)
        return head + "".join(said)

    def _object(
        self, finding: Finding, lang: str, label: Callable[[str], str] | None
    ) -> dict[str, Any]:
        source = finding.source
        return {
            "severity": finding.severity.removeprefix(SH),
            "message": _text(finding.message, lang),
            "hint": _text(finding.hint, lang) or None,
            "focus": _plain(finding.focus),
            "focusName": self._term(finding.focus, lang, label),
            "path": finding.path and finding.path.text(lambda iri: f"<{iri}>"),
            "value": None if finding.value is None else json_term(finding.value),
            "rule": finding.rule,
            "component": finding.component,
            "source": source and dict(zip(("file", "line", "column"), source, strict=True)),
        }

    def _term(self, term: Term, lang: str, label: Callable[[str], str] | None) -> str:
        if isinstance(term, NamedNode):
            return self.name(term.value, lang, label)
        return say(term, self.names)

    def _closing(self, lang: str) -> str:
        counts = {
            key: sum(finding.severity == severity for finding in self.findings)
            for key, severity in zip(("errors", "warnings", "notes"), SEVERITIES, strict=True)
        }
        said = [f"{_said(key, lang)}{_said('colon', lang)} {n}" for key, n in counts.items() if n]
        verdict = _said("conforms" if self.conforms else "fails", lang)
        return f"{verdict}.{''.join(f' {item.capitalize()}.' for item in said)}\n"


# Control characters and marks that change the direction of writing are shown as escapes.
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
# Turtle's shorthand for numbers and booleans (Turtle, section 2.5).
_BARE = {
    f"{XSD}integer": re.compile(r"[+-]?[0-9]+\Z"),
    f"{XSD}decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+\Z"),
    f"{XSD}boolean": re.compile(r"(?:true|false)\Z"),
}


def say(term: Term, names: Names) -> str:
    """A term as a person may write it in Turtle.

    >>> say(Literal("Quito", language="fr"), Names()), say(Literal(5), Names())
    ('"Quito"@fr', '5')
    """
    if isinstance(term, NamedNode):
        return names.compact(term.value)
    if isinstance(term, BlankNode):
        return str(term)
    quoted = _shown(str(Literal(term.value)))
    if term.language:
        return f"{quoted}@{term.language}"
    datatype = term.datatype.value
    if datatype in _BARE and _BARE[datatype].match(term.value):
        return term.value
    return quoted if datatype == f"{XSD}string" else f"{quoted}^^{names.compact(datatype)}"


def _shown(text: str) -> str:
    return _UNSHOWN.sub(lambda char: f"\\u{ord(char[0]):04X}", text)


def _said(key: str, lang: str) -> str:
    texts = _SAID.get(key) or {"en": key.rpartition("#")[2]}
    return texts.get(lang, texts["en"])


def _text(texts: Texts, lang: str) -> str:
    return next((texts[tag] for tag in (lang, "en", "", *sorted(texts)) if tag in texts), "")


def _plain(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)
