"""What is new since an earlier report, in our JSON or in SARIF.

Findings are told apart by rule, component, focus node, path and value, never by line. Where several
share all of these, as many as the earlier report holds are known, and the last ones are new.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path as File
from typing import Any, TypeVar

from gsefgraph.errors import InputError, SyntaxFault
from gsefgraph.files import content
from gsefgraph.shacl.report.finding import Count, Findings, Texts
from gsefgraph.shacl.report.plain import fingerprint, identity
from gsefgraph.shacl.report.sarif import FINGERPRINT
from gsefgraph.wording import heard, say

F = TypeVar("F", bound=Findings)


def new(report: F, file: File) -> F:
    """The report with those findings that the earlier one in a file does not hold.

    Parameters:
        report: of now, before any other filter.
        file: the earlier report.

    Returns:
        A report whose counts are of what is new and whose `known` says how many were left out; it
        conforms when no new violation stands in it.

    Errors:
        InputError: the file cannot be read or is no report. SyntaxFault: not JSON.
    """
    earlier, warnings = read(file)
    kept, known = [], []
    for finding in report.findings:
        key = fingerprint(identity(finding))
        if earlier[key] > 0:
            earlier[key] = max(0, earlier[key] - finding.times)
            known.append(finding)
        else:
            kept.append(finding)
    return replace(
        report,
        findings=tuple(kept),
        warnings=(*report.warnings, *warnings),
        totals=None,
        known=report.known.plus(Count.of(known)),
    )


def read(file: File) -> tuple[Counter[str], list[Texts]]:
    """How often each fingerprint stands in an earlier report, and what is odd about that report.

    Errors:
        InputError, SyntaxFault.
    """
    name = str(file)
    try:
        body = json.loads(content(file).decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError(say("file.not-utf8"), file=name, hint=say("baseline.give")) from None
    except json.JSONDecodeError as error:
        raise SyntaxFault(
            say("file.not-json", problem=heard(error.msg)),
            file=name, line=error.lineno, column=error.colno,
            hint=say("baseline.give"),
        ) from None  # fmt: skip
    except RecursionError:
        raise InputError(say("file.too-deep"), file=name, hint=say("baseline.give")) from None
    if isinstance(body, dict) and isinstance(body.get("runs"), list):
        return _sarif(body["runs"], name)
    if isinstance(body, dict) and isinstance(body.get("findings"), list):
        return _plain(body, name)
    raise InputError(say("baseline.none"), file=name, hint=say("baseline.give"))


def _plain(body: dict[str, Any], name: str) -> tuple[Counter[str], list[Texts]]:
    earlier: Counter[str] = Counter()
    for number, entry in enumerate(body["findings"], start=1):
        fields = ("rule", "component", "focus")
        if not isinstance(entry, dict) or not all(isinstance(entry.get(f), str) for f in fields):
            raise _broken(name, say("baseline.lacks", number=number, fields=fields))
        earlier[fingerprint(entry)] += 1
    return earlier, _cut(body, earlier.total(), name)


def _sarif(runs: list[Any], name: str) -> tuple[Counter[str], list[Texts]]:
    earlier: Counter[str] = Counter()
    warnings: list[Texts] = []
    for run in runs:
        if not isinstance(run, dict) or not isinstance(run.get("results"), list):
            raise _broken(name, say("baseline.no-results"))
        before = earlier.total()
        for number, entry in enumerate(run["results"], start=1):
            marks = entry.get("partialFingerprints") if isinstance(entry, dict) else None
            mark = marks.get(FINGERPRINT) if isinstance(marks, dict) else None
            if not isinstance(mark, str):
                raise _broken(name, say("baseline.no-mark", number=number, name=FINGERPRINT))
            earlier[mark] += 1
        warnings += _cut(run.get("properties"), earlier.total() - before, name)
    return earlier, warnings


def _cut(about: object, earlier: int, name: str) -> list[Texts]:
    """A warning when an earlier report was cut, by a filter or by a baseline of its own."""
    counts = about.get("counts") if isinstance(about, dict) else None
    if not isinstance(about, dict) or not isinstance(counts, dict):
        return []
    total = sum(n for n in (*counts.values(), about.get("known")) if isinstance(n, int))
    if total <= earlier:
        return []
    return [say("report.partial-baseline", file=name, count=earlier, total=total).texts()]


def _broken(name: str, what: str) -> InputError:
    return InputError(say("baseline.broken", problem=what), file=name, hint=say("baseline.give"))
