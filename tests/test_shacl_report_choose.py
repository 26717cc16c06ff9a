"""Filters and baselines: some findings of a report, and a verdict that stays true."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsefgraph.errors import InputError, SyntaxFault, UnknownName, UsageError
from gsefgraph.shacl.report import choose
from gsefgraph.shacl.report.finding import Finding
from gsefgraph.shacl.report.report import Report
from tests.shacl_sample import DATA_TEXT, NAMES, report
from tests.test_shacl_report import finding


def told(made: Report) -> list[str]:
    return [f"{NAMES.compact(f.rule)} {choose._short(f.component)}" for f in made.findings]


def test_severity_is_at_least() -> None:
    sizes = {
        name: len(choose.at_least(report(), name).findings)
        for name in ("violation", "Warning", "info")
    }
    assert sizes == {"violation": 4, "Warning": 5, "info": 6}
    own = Report.of([finding("urn:own")])
    assert len(choose.at_least(own, "warning").findings) == 1
    with pytest.raises(UnknownName, match="no severity 'warn'; did you mean warning"):
        choose.at_least(report(), "warn")


@pytest.mark.parametrize(
    "name",
    ["https://w3id.org/gsefgraph/shapes#Event-startDate",
     "<https://w3id.org/gsefgraph/shapes#Event-startDate>", "gsef-sh:Event-startDate",
     "Event-startDate", "event-startdate", "date de debut", "Start date"],
)  # fmt: skip
def test_shape_by_any_of_its_names(name: str) -> None:
    assert told(report().choose(shapes=[name])) == [
        "gsef-sh:Event-startDate Datatype", "gsef-sh:Event-startDate MinCount"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["MinCount", "minCount", "sh:minCount", "mincount", "MinCountConstraintComponent",
             "sh:MinCountConstraintComponent",
             "http://www.w3.org/ns/shacl#MinCountConstraintComponent"],
)  # fmt: skip
def test_rule_by_any_of_its_names(name: str) -> None:
    assert told(report().choose(rules=[name])) == ["gsef-sh:Event-startDate MinCount"]


def test_our_own_rules_have_names_too() -> None:
    made = Report.of([finding()])
    for name in ("lexical-form", "gsef-sh:lexical-form"):
        assert len(made.choose(rules=[name]).findings) == 1
        assert len(made.choose(shapes=[name]).findings) == 1
        assert report().choose(rules=[name]).findings == ()


def test_unknown_names_are_told_the_nearest() -> None:
    with pytest.raises(UnknownName, match="no shape 'Event-startDat'; did you mean Event-startDa"):
        report().choose(shapes=["Event-startDat"])
    with pytest.raises(UnknownName, match="did you mean gsef-sh:Event-place"):
        report().choose(shapes=["gsef-sh:Event-plac"])
    with pytest.raises(UnknownName, match="no rule 'MinCont'; did you mean MinCount"):
        report().choose(rules=["MinCont"])
    with pytest.raises(UsageError, match="below zero"):
        choose.first(report(), -1)


def test_limit_says_how_many_more() -> None:
    made = report().choose(limit=2)
    assert made.to_text("fr").splitlines()[-5:-1] == [
        "… et 4 de plus", "", "avertissement\u00a0: Forme étrange.",
        "Non conforme. Erreurs\u00a0: 4. Avertissements\u00a0: 1. Remarques\u00a0: 1. "
        "Constats affichés\u00a0: 2 sur 6.",
    ]  # fmt: skip
    body = json.loads(made.to_json())
    assert (len(body["findings"]), body["more"]) == (2, 4)
    assert body["counts"] == {"Violation": 4, "Warning": 1, "Info": 1}


@given(
    st.sampled_from([None, "violation", "warning", "info"]),
    st.sets(st.sampled_from(["Event-place", "Event-startDate", "Event"])),
    st.sets(st.sampled_from(["Class", "minCount", "In", "lexical-form"])),
    st.none() | st.integers(0, 8),
)
def test_filters_change_neither_the_verdict_nor_the_counts(
    severity: str | None, shapes: set[str], rules: set[str], limit: int | None
) -> None:
    whole = WHOLE
    made = whole.choose(severity=severity, shapes=shapes, rules=rules, limit=limit)
    assert (made.conforms, made.counts) == (whole.conforms, whole.counts)
    kept = list(whole.findings)
    places = [kept.index(found) for found in made.findings]
    assert places == sorted(places)
    if limit is not None:
        assert len(made.findings) <= limit


WHOLE = report()


@pytest.fixture(params=["json", "sarif"])
def write(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Report], Path]:
    def written(made: Report) -> Path:
        file = tmp_path / f"before.{request.param}"
        file.write_text(getattr(made, f"to_{request.param}")("es"), "utf-8")
        return file

    return written


def test_what_was_known_is_left_out(write: Callable[[Report], Path]) -> None:
    before = write(report())
    same = report("# moved\n" + DATA_TEXT).since(before)
    assert (same.findings, same.conforms, same.known.findings) == ((), True, 6)
    assert same.to_text("fr").splitlines()[-2] == (
        "Conforme. Déjà dans le rapport de référence\u00a0: 6."
    )
    worse = report(DATA_TEXT + 'id-event:x a gsef:Event ; gsef:startDate "x" .').since(before)
    assert told(worse) == ["gsef-sh:Event-startDate Datatype"]
    assert (worse.conforms, worse.known.findings) == (False, 6)


def test_a_new_warning_conforms(write: Callable[[Report], Path]) -> None:
    before = write(report(DATA_TEXT.replace("id-place:nowhere", "id-place:quito")))
    made = report().since(before)
    assert (told(made), made.conforms) == (["gsef-sh:Event-place Class"], True)


def test_duplicates_are_counted(write: Callable[[Report], Path]) -> None:
    def times(count: int) -> Report:
        return Report.of([replace(finding(), source=("a.ttl", n, 1)) for n in range(1, count + 1)])

    before = write(times(2))
    assert times(2).since(before).findings == ()
    (new,) = times(3).since(before).findings
    assert new.source == ("a.ttl", 3, 1)


def test_a_baseline_that_was_cut_is_told(write: Callable[[Report], Path]) -> None:
    made = report().since(write(report().choose(limit=2)))
    assert len(made.findings) == 4
    assert "findings: 2 of 6" in made.warnings[-1]["en"]


BROKEN = {
    "": (SyntaxFault, r"b\.json:1:1: not JSON"),
    '{\n "findings": [}': (SyntaxFault, r"b\.json:2:15: not JSON"),
    "[]": (InputError, r"b\.json: no validation report; give"),
    '{"findings": [{"rule": 1}]}': (InputError, "finding 1 lacks its rule, component, focus"),
    '{"runs": [{}]}': (InputError, "a run without results"),
    '{"runs": [{"results": [{}]}]}': (InputError, "result 1 has no fingerprint"),
    "[" * 100_000: (InputError, r"b\.json: "),
}


@pytest.mark.parametrize("text", BROKEN, ids=lambda text: text[:16] or "empty")
def test_an_unreadable_baseline_is_told_with_its_place(text: str, tmp_path: Path) -> None:
    file = tmp_path / "b.json"
    file.write_text(text)
    kind, message = BROKEN[text]
    with pytest.raises(kind, match=message):
        report().since(file)


def test_a_baseline_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        report().since(tmp_path / "none.json")
    with pytest.raises(InputError, match="this is a folder"):
        report().since(tmp_path)
    (tmp_path / "b").write_bytes(b"\xff\xfe{")
    with pytest.raises(InputError, match="not UTF-8"):
        report().since(tmp_path / "b")


def test_a_report_since_a_baseline_is_itself_a_part(write: Callable[[Report], Path]) -> None:
    since = report().since(write(report().choose(limit=2)))
    made = report().since(write(since))
    assert len(made.findings) == 2
    assert "findings: 4 of 6" in made.warnings[-1]["en"]


def test_what_a_filter_hides_still_fails_in_junit() -> None:
    root = ET.fromstring(report().choose(rules=["Class"]).to_junit("fr"))
    assert (root.get("tests"), root.get("failures")) == ("2", "1")
    (failure,) = root.iter("failure")
    assert (failure.get("message") or "").startswith("Non conforme. Erreurs")
    assert ET.fromstring(report().choose(limit=0).to_junit()).get("failures") == "1"


def test_findings_can_be_in_a_set() -> None:
    found: set[Finding] = {*report().findings, *report().findings}
    assert len(found) == 6
