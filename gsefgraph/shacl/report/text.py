"""A report as text for people."""

from __future__ import annotations

from gsefgraph.shacl.report.finding import (
    OF_FILE,
    WARNING,
    Finding,
    Findings,
    Label,
    is_violation,
)
from gsefgraph.shacl.report.view import GRAVE, ORDINARY, View
from gsefgraph.terms import BLANK_SHAPE


def write(
    report: Findings, lang: str = "en", label: Label | None = None, *, warnings: bool = True
) -> str:
    """A block for each finding, what is odd about the validation, and a closing line of counts.

    Parameters: as `report.Report.to_text` has them.

    >>> write(Findings.of([]), "es")
    'Conforme.\\n'
    """
    view = View(report, lang, label)
    blocks = _Blocks(view)
    parts = [
        blocks.of(finding)
        for finding in report.findings
        if warnings or is_violation(finding.severity)
    ]
    if report.more.findings:
        parts.append(f"{view.word('more', count=report.more.findings)}\n\n")
    head = f"{view.word(WARNING)}{view.colon}"
    parts += [f"{head} {text}\n" for text in view.warnings(None if warnings else GRAVE)]
    parts.append(f"{' '.join(view.verdict())}\n")
    ways = view.ways()
    if ways and (warnings or any(way.way not in ORDINARY for way in report.ways)):
        parts.append(f"{ways}\n")
    return "".join(parts)


class _Blocks:
    """Blocks of one language; the heads of their lines are the same for all."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._head = {
            key: f"  {view.word(key)}{view.colon} "
            for key in ("node", "path", "value", "hint", "rule")
        }
        self._rule: dict[tuple[str, str], str] = {}

    def _named(self, finding: Finding) -> str:
        name = self._view.rule(finding.rule)
        blank = finding.rule.startswith(BLANK_SHAPE)
        return f"{name} ({self._view.component(finding.component)})" if blank else name

    def of(self, finding: Finding) -> str:
        """A line of place, severity and message, and one for each thing that is known."""
        view, head = self._view, self._head
        key = finding.rule, finding.component
        rule = self._rule.get(key)
        if rule is None:
            rule = self._rule[key] = f"{head['rule']}{self._named(finding)}\n\n"
        lines = [
            f"{view.place(finding, ': ')}{view.word(finding.severity)}{view.colon} "
            f"{view.message(finding)}\n",
        ]
        if finding.rule not in OF_FILE:
            lines.append(f"{head['node']}{view.term(finding.focus)}\n")
        if finding.path is not None:
            lines.append(f"{head['path']}{view.path(finding.path)}\n")
        value = view.value(finding)
        if value is not None:
            lines.append(f"{head['value']}{value}\n")
        hint = view.hint(finding)
        if hint:
            lines.append(f"{head['hint']}{hint}\n")
        lines.append(rule)
        return "".join(lines)
