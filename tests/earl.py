"""Outcomes of a conformance suite in EARL (https://www.w3.org/TR/EARL10-Schema/), as Turtle.

The report has no dates, so that the same outcomes give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gsefgraph.terms import VERSION

_HEAD = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix doap: <http://usefulinc.com/ns/doap#> .
@prefix earl: <http://www.w3.org/ns/earl#> .

<{home}> a doap:Project , earl:Software , earl:TestSubject ;
    doap:name "gsefgraph" ;
    doap:homepage <{home}> ;
    doap:description "A knowledge graph with its own SHACL validator"@en ;
    doap:programming-language "Python" ;
    doap:implements <{standard}> ;
    doap:release <{home}#{version}> ;
    doap:developer <{home}#contributors> .

<{home}#{version}> a doap:Version ;
    doap:revision "{version}" .

<{home}#contributors> a earl:Assertor ;
    dcterms:title "gsefgraph contributors" .
"""

_ASSERTION = """
[] a earl:Assertion ;
    earl:assertedBy <{home}#contributors> ;
    earl:subject <{home}> ;
    earl:test <{test}> ;
    earl:mode earl:automatic ;
    earl:result [
        a earl:TestResult ;
        earl:outcome {outcome} ;
        dcterms:description {path}{info}
    ] .
"""

SHACL = "https://www.w3.org/TR/shacl/"
_HOME = "https://w3id.org/gsefgraph"


@dataclass(frozen=True, slots=True, order=True)
class Outcome:
    """How one test went on one path.

    Attributes:
        test: IRI of the test.
        path: which evaluator ran it.
        level: "earl:passed" or "earl:failed".
        info: what a reader should know besides.
    """

    test: str
    path: str
    level: str
    info: str = ""


def report(outcomes: Iterable[Outcome], standard: str = SHACL) -> str:
    """The report, its assertions sorted by test and path."""
    head = _HEAD.format(home=_HOME, version=VERSION, standard=standard)
    return head + "".join(
        _ASSERTION.format(
            home=_HOME,
            test=outcome.test,
            outcome=outcome.level,
            path=_text(outcome.path),
            info=f" ;\n        earl:info {_text(outcome.info)}" if outcome.info else "",
        )
        for outcome in sorted(set(outcomes))
    )


def write(outcomes: Iterable[Outcome], file: Path, standard: str = SHACL) -> None:
    """Write the report, in a folder that is made where it is missing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(report(outcomes, standard), "utf-8")


def _text(text: str) -> str:
    from pyoxigraph import Literal

    return str(Literal(text))
