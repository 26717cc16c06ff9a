"""A small report, made from shapes and records by the validator's own steps, for the goldens.

`python -m tests.shacl_sample` writes them; read what has changed before it is kept.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode

from gsefgraph.records.rdf import RecordFile, read
from gsefgraph.shacl.checks import facts, rules
from gsefgraph.shacl.judge.judge import judge
from gsefgraph.shacl.judge.memory import Memory
from gsefgraph.shacl.report.locate import Locator
from gsefgraph.shacl.report.report import Report
from gsefgraph.shacl.report.results import Speaker
from gsefgraph.shacl.result import Result, Way
from gsefgraph.shacl.shapes.graph import Shapes
from gsefgraph.shacl.shapes.reading import read as reading
from gsefgraph.terms import GSEF, SH, SHAPES, SKOS, VERSION, Names, Term
from gsefgraph.wording import LANGUAGES

GOLDEN = Path(__file__).parent / "golden" / "shacl"
FORMS = {
    "txt": lambda made, lang: made.to_text(lang),
    "json": lambda made, lang: made.to_json(lang),
    "sarif": lambda made, lang: made.to_sarif(lang),
    "xml": lambda made, lang: made.to_junit(lang).decode(),
    "html": lambda made, lang: made.to_html(lang),
}
GRAPHS = {
    "ttl": lambda made: made.to_graph().decode(),
    "jsonld": lambda made: made.to_jsonld().decode(),
}
NAMES = Names()
PREFIXES = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in sorted(NAMES.prefixes.items()))
SHAPES_TEXT = """
gsef-sh:Event a sh:NodeShape ; sh:targetClass gsef:Event ;
    sh:name "event"@en , "événement"@fr , "evento"@es ;
    sh:property gsef-sh:Event-startDate , gsef-sh:Event-place ,
        [ sh:path ( gsef:place gsef:within ) ; sh:nodeKind sh:IRI ; sh:severity sh:Info ] .
gsef-sh:Event-startDate sh:path gsef:startDate ; sh:minCount 1 ; sh:datatype xsd:date ;
    sh:name "start date"@en , "date de début"@fr , "fecha de inicio"@es ;
    sh:message "An event has a start date."@en , "Un événement a une date de début."@fr ,
        "Un evento tiene una fecha de inicio."@es .
gsef-sh:Event-place sh:path gsef:place ; sh:class gsef:Place ; sh:severity sh:Warning ;
    sh:message "Der Ort ist ein bekannter Ort."@de .
[] a sh:NodeShape ; sh:targetClass gsef:Person ;
    sh:property [ sh:path skos:prefLabel ; sh:uniqueLang true ; sh:in ( "Ann"@en "Anna"@es ) ] .
"""
DATA_TEXT = """
id-event:forum a gsef:Event ; skos:prefLabel "The forum"@en , "Le forum"@fr ;
    gsef:startDate "2019-6-25"^^xsd:date ;
    gsef:place id-place:quito .
id-event:no-date a gsef:Event ;
    gsef:place id-place:nowhere .
id-place:quito a gsef:Place ; skos:prefLabel "Quito"@es ; gsef:within "Ecuador \\u202Eabc" .
_:b1 a gsef:Person ; skos:prefLabel "Ann"@en , "Anne"@en .
"""


@cache
def shapes() -> Shapes:
    return Shapes.of([read("shapes.ttl", data=(PREFIXES + SHAPES_TEXT).encode())])


def similar(term: Term) -> list[str]:
    return ["id-place:mexico"] if term == NamedNode(NAMES.expand("id-place:nowhere")) else []


def results(text: str) -> tuple[RecordFile, list[Result]]:
    file = read("records/new events.ttl", data=(PREFIXES + text).encode())
    found = judge(reading(shapes()), Memory(quad.triple for quad in file.quads))
    return file, list(found)


def report(text: str = DATA_TEXT) -> Report:
    file, found = results(text)
    triples = [quad.triple for quad in file.quads]
    labels: dict[str, dict[str, str]] = {}
    for t in triples:
        if t.predicate.value == f"{SKOS}prefLabel":
            labels.setdefault(t.subject.value, {})[t.object.language or ""] = t.object.value
    labels[f"{GSEF}Place"] = {"en": "place", "fr": "lieu", "es": "lugar"}
    speaker = Speaker(reading(shapes()), NAMES, facts(triples), similar, labels)
    locator = Locator([file])
    ways = [
        Way(f"{SHAPES}Event-startDate", f"{SH}MinCountConstraintComponent", "memory"),
        Way(f"{SHAPES}Event-place", f"{SH}ClassConstraintComponent", "sql"),
        Way(f"{SHAPES}Event", f"{SH}SPARQLConstraintComponent", "whole", "it counts"),
    ]
    return Report.of(
        [locator.place(speaker.finding(result)) for result in found],
        warnings=({"en": "Odd shape.", "fr": "Forme étrange.", "es": "Forma extraña."},),
        names=NAMES,
        labels=labels,
        ways=ways,
        rules=rules(reading(shapes())),
    )


def golden(made: str) -> str:
    """A report as it is kept: our own version does not count."""
    return made.replace(f'"version": "{VERSION}"', '"version": "VERSION"')


def main() -> None:
    """Write the golden files."""
    made = report()
    for form, write in FORMS.items():
        for lang in LANGUAGES:
            (GOLDEN / f"sample.{lang}.{form}").write_text(golden(write(made, lang)), "utf-8")
    for form, graph in GRAPHS.items():
        (GOLDEN / f"sample.{form}").write_text(golden(graph(made)), "utf-8")


if __name__ == "__main__":
    main()
