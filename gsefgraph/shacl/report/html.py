"""A report as one HTML page that needs nothing else: no script, no other file, no address.

Findings are grouped twice, by rule and by node. A large report is cut so that a browser and a
reader can carry it; every group says its true count and how many are left out.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path as File
from typing import Any

from pyoxigraph import NamedNode

from gsefgraph.answers.page import template
from gsefgraph.answers.tables import Cell, Sheet, to_html
from gsefgraph.shacl.report.finding import (
    Finding,
    Findings,
    Label,
    rank,
    shown,
    spell,
)
from gsefgraph.shacl.report.sarif import rule_id
from gsefgraph.shacl.report.sentences import component
from gsefgraph.shacl.report.view import ORDINARY, View
from gsefgraph.terms import Term
from gsefgraph.wording import line

_FOLDER = File(__file__).parent / "templates"
_BYTES = 1_100_000  # of each of the two views
_ROWS = 1500  # by rule, shared among the rules
_GROUP = (5, 100)  # rows that a rule has at the least and at the most
_NODES, _NODE = 300, 10  # nodes shown, and findings of each
_NOTEBOOK = 100  # findings that a notebook shows
_OPEN = 40  # so many findings are shown unfolded
_TEXT, _VALUE = 700, 300  # characters of a message, and of a value or name


@dataclass(frozen=True, slots=True)
class Item:
    """A term: its name, and behind it what it is.

    Attributes:
        name: in the report's language, empty when it has none.
        term: as Turtle writes it, cut when it is long.
        link: its http(s) IRI, else None.
    """

    name: str
    term: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """A finding: `level` is error, warning or note; `severity` its word; texts may be empty."""

    level: str
    severity: str
    place: str
    node: Item
    path: str
    value: Item | None
    message: str
    hint: str
    rule: str

    @property
    def size(self) -> int:
        """About how many bytes it takes in the page."""
        items = [self.node, self.value] if self.value else [self.node]
        texts = [self.place, self.path, self.message, self.hint, self.rule]
        texts += [text for item in items for text in (item.name, item.term, item.link or "")]
        return 420 + sum(len(escape(text).encode()) for text in texts)


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one rule or of one node.

    Attributes:
        head: the node; None for a rule.
        title, code, help: of a rule, its name, its id and what it asks for.
        level: of the gravest finding; `severity` is its word.
        count: true number of findings; `rows` are those shown and `cut` how many are not.
    """

    head: Item | None
    title: str
    code: str
    help: str
    level: str
    severity: str
    count: int
    rows: Sequence[Row]
    cut: str


@dataclass(frozen=True, slots=True)
class Page:
    """What the template receives.

    Attributes:
        lang: of the page.
        words: gives those of the report in it.
        conforms: the verdict.
        verdict: sentences on what is not in the page, as `View.cuts` has them; empty when all is.
        counts: word, level and true number of each severity.
        rules, nodes: the groups of the two views.
        rules_cut, nodes_cut: a sentence when some groups are left out.
        unfolded: whether groups are open from the start.
        warnings: what is odd about the validation.
        ways: one line on how constraints were checked; `unusual` those out of the ordinary, as
            rule, component, way and reason.
        style, policy: the style sheet and the Content-Security-Policy that allows it.
    """

    lang: str
    words: Any
    conforms: bool
    verdict: str
    counts: Sequence[tuple[str, str, int]]
    rules: Sequence[Group]
    nodes: Sequence[Group]
    rules_cut: str
    nodes_cut: str
    unfolded: bool
    warnings: Sequence[str]
    ways: str
    unusual: Sequence[tuple[str, str, str, str]]
    style: str
    policy: str


def write(report: Findings, lang: str = "en", label: Label | None = None) -> str:
    """The report as an HTML document.

    >>> write(Findings.of([]), "fr").splitlines()[1]
    '<html lang="fr">'
    """
    return template(_FOLDER, "report.html").render(page=page(report, lang, label))


def table(report: Findings, lang: str, label: Label | None = None) -> str:
    """The verdict and the first findings, for a notebook.

    >>> table(Findings.of([]), "fr")
    '<p>Conforme.</p>\\n'
    """
    view = View(report, lang, label)
    heads = ("where", "severity", "node", "what", "hint")
    rows = tuple(
        tuple(
            Cell(text)
            for text in (
                view.place(finding),
                view.word(finding.severity),
                view.term(finding.focus),
                view.message(finding),
                view.hint(finding),
            )
        )
        for finding in report.findings[:_NOTEBOOK]
    )
    verdict = f"<p>{escape(' '.join(view.verdict()))}</p>\n"
    if not rows:
        return verdict
    words = [view.word(head) for head in heads]
    capital = tuple(word[:1].upper() + word[1:] for word in words)
    sheet = Sheet(capital, rows, (False,) * len(heads))
    more = len(report.findings) - len(rows) + report.more.findings
    left = f"<p>{escape(view.word('more', count=more))}</p>\n" if more else ""
    return verdict + to_html(sheet) + left


def page(report: Findings, lang: str, label: Label | None = None) -> Page:
    """What the page shows."""
    builder = _Builder(View(report, lang, label))
    view = builder.view
    rules, rules_cut = builder.by_rule()
    nodes, nodes_cut = builder.by_node()
    style = (_FOLDER / "report.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return Page(
        lang=view.lang,
        words=view.word,
        conforms=report.conforms,
        verdict=" ".join(view.cuts()),
        counts=[
            (view.heading(severity), view.level(severity), count.findings)
            for severity, count in report.every.items()
        ],
        rules=rules,
        nodes=nodes,
        rules_cut=rules_cut,
        nodes_cut=nodes_cut,
        unfolded=len(report.findings) <= _OPEN,
        warnings=view.warnings(),
        ways=view.ways(),
        unusual=[
            (view.rule(way.rule), view.component(way.component), view.way(way.way), line(way.why))
            for way in report.ways
            if way.way not in ORDINARY
        ],
        style=style,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'",
    )


class _Builder:
    """Groups the findings of a report."""

    def __init__(self, view: View) -> None:
        self.view = view

    def by_rule(self) -> tuple[list[Group], str]:
        """A group for each rule, the gravest and largest first."""
        groups: dict[str, list[Finding]] = {}
        for finding in self.view.report.findings:
            groups.setdefault(rule_id(finding, self.view), []).append(finding)
        ordered = sorted(groups.items(), key=lambda item: (_rank(item[1]), -len(item[1]), item[0]))
        least, most = _GROUP
        cap = max(least, min(most, _ROWS // max(len(ordered), 1)))
        return self._groups(((None, name, found) for name, found in ordered), len(ordered), cap)

    def by_node(self) -> tuple[list[Group], str]:
        """A group for each node, those with the most and gravest findings first."""
        groups: dict[Term, list[Finding]] = {}
        for finding in self.view.report.findings:
            groups.setdefault(finding.focus, []).append(finding)
        ordered = sorted(
            groups.items(), key=lambda item: (_rank(item[1]), -len(item[1]), str(item[0]))
        )
        shown = ((node, "", found) for node, found in ordered[:_NODES])
        return self._groups(shown, len(ordered), _NODE)

    def _groups(
        self, ordered: Iterable[tuple[Term | None, str, list[Finding]]], total: int, cap: int
    ) -> tuple[list[Group], str]:
        made: list[Group] = []
        left = _BYTES
        for node, name, found in ordered:
            if left <= 0:
                break
            rows: list[Row] = []
            for finding in found[:cap]:
                row = self._row(finding)
                left -= row.size
                if left <= 0 and rows:
                    break
                rows.append(row)
            group = self._group(node, name, found, rows)
            left -= 600 + len(group.help.encode()) + len(group.title.encode())
            made.append(group)
        out = total - len(made)
        return made, self.view.word("groups", count=out) if out else ""

    def _group(
        self, node: Term | None, name: str, found: list[Finding], rows: Sequence[Row]
    ) -> Group:
        view, first = self.view, found[0]
        gravest = min(found, key=lambda f: rank(f.severity))
        cut = len(found) - len(rows)
        rule = node is None
        return Group(
            head=None if node is None else self._item(node),
            title=_cut(self._title(first), _VALUE) if rule else "",
            code=_cut(shown(name), _VALUE),
            help=_cut(view.help(first), _TEXT) if rule else "",
            level=view.level(gravest.severity),
            severity=view.word(gravest.severity),
            count=len(found),
            rows=rows,
            cut=view.word("cut", count=cut) if cut else "",
        )

    def _title(self, finding: Finding) -> str:
        return self.view.title(finding) or component(finding.component, self.view.lang)

    def _row(self, finding: Finding) -> Row:
        view = self.view
        value = None if finding.value in (None, finding.focus) else finding.value
        return Row(
            level=view.level(finding.severity),
            severity=view.word(finding.severity),
            place=_cut(view.place(finding), _VALUE),
            node=self._item(finding.focus),
            path=_cut(view.path(finding.path), _VALUE) if finding.path else "",
            value=None if value is None else self._item(value),
            message=_cut(view.message(finding), _TEXT),
            hint=_cut(view.hint(finding), _TEXT),
            rule=_cut(shown(rule_id(finding, view)), _VALUE),
        )

    def _item(self, term: Term) -> Item:
        if not isinstance(term, NamedNode):
            return Item("", _cut(self.view.term(term), _VALUE), None)
        written = _cut(spell(term, self.view.report.names), _VALUE)
        safe = term.value.lower().startswith(("http://", "https://")) and len(term.value) < 2000
        link = term.value if safe and shown(term.value) == term.value else None
        return Item(_cut(self.view.label(term.value), _VALUE), written, link)


def _rank(found: Sequence[Finding]) -> int:
    return min(rank(f.severity) for f in found)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
