"""A report as JUnit's XML, which build servers show: a suite a file, a case a rule.

A case fails when a violation stands in it; warnings and notes are its output. A report without
findings is one suite with one case that passes; where filters hide every violation of one that does
not conform, a case of its own fails. As tests and failures count rules, properties of each suite
say how many findings of each severity stand in it. Shapes that were left out are cases skipped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from gsefgraph.shacl.report.finding import (
    Finding,
    Findings,
    Label,
    is_violation,
    pick,
    rank,
    shown,
)
from gsefgraph.shacl.report.sarif import rule_id
from gsefgraph.shacl.report.view import View
from gsefgraph.wording import line


def write(report: Findings, lang: str = "en", label: Label | None = None) -> bytes:
    """The report as UTF-8 XML 1.0; characters that XML cannot hold are escaped as in JSON.

    >>> write(Findings.of([])).decode().splitlines()[1]
    '<testsuites name="SHACL" tests="1" failures="0" errors="0">'
    """
    view = View(report, lang, label)
    suites: dict[str, dict[str, list[Finding]]] = {}
    for finding in report.findings:
        file = finding.source[0] if finding.source else ""
        suites.setdefault(file, {}).setdefault(rule_id(finding, view), []).append(finding)
    parts = [_suite(file, cases, view) for file, cases in suites.items()]
    tests = sum(len(cases) for cases in suites.values())
    failures = sum(_fails(found) for cases in suites.values() for found in cases.values())
    if not parts or (not failures and not report.conforms):
        parts.append(_verdict(view))
        tests, failures = tests + 1, failures + (not report.conforms)
    if report.omitted:
        parts.append(_omitted(view))
        tests += len(report.omitted)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites name="SHACL" tests="{tests}" failures="{failures}" errors="0">\n'
        f"{''.join(parts)}</testsuites>\n"
    ).encode()


def _verdict(view: View) -> str:
    """A suite of one case: whether the data conforms."""
    conforms = view.report.conforms
    name = quoteattr(view.word("conforms" if conforms else "fails"))
    message = quoteattr(" ".join(view.verdict()))
    inner = "" if conforms else f'<failure message={message} type="SHACL"/>'
    return (
        f'  <testsuite name="SHACL" tests="1" failures="{int(not conforms)}" errors="0" '
        f'skipped="0">\n    <testcase classname="SHACL" name={name}>{inner}</testcase>\n'
        "  </testsuite>\n"
    )


def _omitted(view: View) -> str:
    """A suite of the shapes that were left out, each a case that is skipped."""
    texts = [quoteattr(line(pick(each, view.lang))) for each in view.report.omitted]
    inner = "".join(
        f'    <testcase classname="SHACL" name={text}><skipped message={text}/></testcase>\n'
        for text in texts
    )
    return (
        f'  <testsuite name="SHACL" tests="{len(texts)}" failures="0" errors="0" '
        f'skipped="{len(texts)}">\n{inner}  </testsuite>\n'
    )


def _suite(file: str, cases: dict[str, list[Finding]], view: View) -> str:
    name = shown(file) if file else view.word("unplaced")
    failures = sum(_fails(found) for found in cases.values())
    inner = "".join(_case(name, rule, found, view) for rule, found in cases.items())
    return (
        f'  <testsuite name={quoteattr(name)} tests="{len(cases)}" failures="{failures}" '
        f'errors="0" skipped="0">\n{_counts(cases.values(), view)}{inner}  </testsuite>\n'
    )


def _counts(cases: Iterable[list[Finding]], view: View) -> str:
    """The numbers of findings by their severity."""
    every = Counter(finding.severity for found in cases for finding in found)
    lines = "".join(
        f'      <property name={quoteattr(view.heading(severity))} value="{every[severity]}"/>\n'
        for severity in sorted(every, key=lambda severity: (rank(severity), severity))
    )
    return f"    <properties>\n{lines}    </properties>\n"


def _case(file: str, rule: str, found: list[Finding], view: View) -> str:
    title = view.title(found[0])
    name = quoteattr(shown(f"{rule} {title}".strip()))
    head = f"    <testcase classname={quoteattr(file)} name={name}"
    if found[0].source:
        head += f' file={quoteattr(file)} line="{found[0].source[1]}"'
    wrong = [finding for finding in found if is_violation(finding.severity)]
    rest = [finding for finding in found if not is_violation(finding.severity)]
    inner = ""
    if wrong:
        first = view.message(wrong[0])
        more = f" ({view.word('more', count=len(wrong) - 1)})" if len(wrong) > 1 else ""
        kind = quoteattr(view.component(wrong[0].component))
        inner += f"      <failure message={quoteattr(first + more)} type={kind}>"
        inner += f"{escape(_lines(wrong, view))}</failure>\n"
    if rest:
        inner += f"      <system-out>{escape(_lines(rest, view))}</system-out>\n"
    return f"{head}>\n{inner}    </testcase>\n"


def _lines(found: list[Finding], view: View) -> str:
    return "\n".join(_line(finding, view) for finding in found)


def _line(finding: Finding, view: View) -> str:
    text = f"{view.place(finding, ': ')}{view.word(finding.severity)}{view.colon} "
    text += f"{view.message(finding)} [{view.word('node')}{view.colon} {view.term(finding.focus)}"
    if finding.path:
        text += f"{view.word('semicolon')}{view.word('path')}{view.colon} {view.path(finding.path)}"
    hint = view.hint(finding)
    return f"{text}]" + (f" → {hint}" if hint else "")


def _fails(found: list[Finding]) -> bool:
    return any(is_violation(finding.severity) for finding in found)
