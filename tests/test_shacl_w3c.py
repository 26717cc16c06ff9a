"""The W3C SHACL test suite through each way of validating.

A test passes when the same results come out, each as often as the suite lists it.
What came out is written to build/earl-shacl.ttl; what passed once is listed in w3c-passed.txt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from gsefgraph.columns.columns import Columns
from gsefgraph.errors import GsefgraphError
from gsefgraph.graph.validation import alone, checks_alone
from gsefgraph.project import find
from gsefgraph.shacl.checks import Checks, Ontology
from gsefgraph.shacl.compiled import evaluate as compiler
from gsefgraph.shacl.judge.judge import judge
from gsefgraph.shacl.judge.memory import Memory
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.graph import Shapes
from gsefgraph.terms import Names
from tests import earl, w3c
from tests.w3c import Case, Row

BUILD = Path(__file__).resolve().parent.parent / "build"
LISTED = Path(__file__).with_name("w3c-passed.txt")

# Tests that do not pass, by path and name, and why.
FAILING: dict[tuple[str, str], str] = {}

CASES = w3c.cases()
CORE = [case for case in CASES if not case.sparql]
SPARQL = [case for case in CASES if case.sparql]

pytestmark = pytest.mark.skipif(not CASES, reason=w3c.ABSENT)


Report = tuple[list[Row], bool]


@cache
def checks(file: Path) -> Checks:
    """The shapes of a file of the suite."""
    shapes = Shapes(w3c.triples(file), file=file.name)
    return Checks(shapes, Shapes([]), Ontology([]), Names(), own=False)


def compiled(case: Case) -> Report:
    """The shapes compiled to SQL."""
    model = checks(case.shapes).union_model
    with Columns.read([], quads=case.quads) as columns:
        return _rows(case, compiler.evaluate(model, columns).results)


def small(case: Case) -> Report:
    """The evaluator of small graphs, which judges single records as well."""
    view = Memory(w3c.triples(case.data))
    return _rows(case, judge(checks(case.shapes).union_model, view))


def whole(case: Case) -> Report:
    """The validator as a whole: files in, a validation report graph out."""
    report = alone([case.data], checks_alone([case.shapes], find()))
    return w3c.read_report(report.to_graph())


def _rows(case: Case, results: Sequence[Result]) -> Report:
    return [w3c.row(result) for result in results for _ in range(result.times)], not results


PATHS: dict[str, Callable[[Case], Report]] = {"compiled": compiled, "small": small, "whole": whole}


@pytest.fixture(scope="module")
def outcomes() -> Iterator[list[earl.Outcome]]:
    """What came out; written to the build folder at the end, where every test ran."""
    found: list[earl.Outcome] = []
    yield found
    if len(found) == len(CASES) * len(PATHS):
        earl.write(found, BUILD / "earl-shacl.ttl")


def judge_case(case: Case, path: str, outcomes: list[earl.Outcome]) -> list[str]:
    """What is wrong with the results of a case, after noting how it went."""
    wrong = _wrong(case, path)
    level = "earl:failed" if wrong else "earl:passed"
    info = FAILING.get((path, case.name), "")
    outcomes.append(earl.Outcome(f"urn:x-shacl-test:/{case.name}", path, level, info))
    return wrong


def _wrong(case: Case, path: str) -> list[str]:
    """What differs."""
    try:
        rows, conforms = PATHS[path](case)
    except GsefgraphError as error:
        return [] if case.expected is None else [f"refused: {error}"]
    expected = case.expected
    if expected is None:
        return ["nothing was refused"]
    if path == "whole":
        # The files are read once more, and blank nodes are others; the report says their messages.
        rows, expected = w3c.unnamed(rows), Counter(w3c.unnamed(expected.elements()))
    wrong = w3c.differences(expected, rows)
    if conforms != case.conforms:
        wrong = [*wrong, f"sh:conforms should be {case.conforms}"]
    return wrong


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("case", CASES or [None], ids=lambda case: case and case.name)
def test_case(case: Case, path: str, outcomes: list[earl.Outcome]) -> None:
    wrong = judge_case(case, path, outcomes)
    if (path, case.name) in FAILING:
        assert wrong, "passes now: take it out of FAILING and into w3c-passed.txt"
        pytest.xfail(FAILING[path, case.name])
    assert not wrong, "\n".join(wrong)


def test_the_suite_is_whole() -> None:
    assert (len(CORE), len(SPARQL)) == (98, 22)


def test_what_passed_once_is_listed() -> None:
    listed = [line for line in LISTED.read_text("utf-8").split("\n") if line]
    passed = {f"{path} {case.name}" for case in CASES for path in PATHS}
    assert listed == sorted(passed - {" ".join(failing) for failing in FAILING})


def test_enough_pass() -> None:
    assert all(FAILING.values())
    assert not [name for path, name in FAILING if path != "whole" and name.startswith("core/")]
    assert not [name for path, name in FAILING if path == "whole" and name.startswith("sparql/")]


@pytest.mark.parametrize("case", CASES or [None], ids=lambda case: case and case.name)
def test_a_result_that_is_missing_or_too_much_is_told(case: Case) -> None:
    expected = case.expected or Counter()
    for row in expected:
        rows = [*expected.elements()]
        assert w3c.differences(expected, [*rows, row]) == [f"too much: {row}"]
        rows.remove(row)
        assert w3c.differences(expected, rows) == [f"missing: {row}"]


def test_the_report_is_turtle_and_always_the_same() -> None:
    outcomes = [
        earl.Outcome("urn:x-shacl-test:/b", "small", "earl:failed", 'not "so"'),
        earl.Outcome("urn:x-shacl-test:/a", "whole", "earl:passed", "once"),
    ]
    text = earl.report(outcomes)
    assert text == earl.report(outcomes[::-1])
    told = [str(quad.object) for quad in parse(text, format=RdfFormat.TURTLE)]
    assert {"<http://www.w3.org/ns/earl#failed>", "<http://www.w3.org/ns/earl#passed>"} <= {*told}
    assert told.count("<http://www.w3.org/ns/earl#Assertion>") == 2
