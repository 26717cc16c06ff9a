"""Records in short forms: what they become, and what is wrong with them, where it was typed.

`python -m tests.test_records_entry` writes the golden files anew; read them before they are kept.
"""

from __future__ import annotations

import io
import json
import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gsefgraph.errors import InputError
from gsefgraph.graph.entering import typing
from gsefgraph.graph.graph import Graph
from gsefgraph.rdf.reading import Reading
from gsefgraph.records.rdf import RecordFile, read
from gsefgraph.wording import LANGUAGES, spoken
from tests.commands import ROOT

FOLDER = Path(__file__).parent / "golden" / "records"
GOLDEN = sorted(path.stem for path in FOLDER.glob("*.yaml"))
GRAPH = Graph.open()
SOURCE = "source: {document: id-doc:gsef-advocacy-fr, quote: modérée par Mme Antonella Noya}\n"


def of(text: str, name: str = "record.yaml", *, unchecked: bool = True) -> RecordFile:
    return read(name, data=text.encode(), reading=typing(GRAPH, Reading(), unchecked=unchecked))


def written(file: RecordFile) -> str:
    return "".join(sorted(f"{quad} .\n" for quad in file.quads))


@pytest.mark.parametrize("name", GOLDEN)
def test_a_record_becomes_these_quads(name: str) -> None:
    file = of((FOLDER / f"{name}.yaml").read_text("utf-8"))
    assert file.faults == ()
    assert written(file) == (FOLDER / f"{name}.nq").read_text("utf-8")
    report = GRAPH.validate(file)
    assert report.conforms, report.to_text()


@pytest.mark.parametrize("name", GOLDEN)
def test_every_subject_has_its_place(name: str) -> None:
    file = of((FOLDER / f"{name}.yaml").read_text("utf-8"))
    lines = file.text.splitlines()
    for quad in file.quads:
        if quad.subject.value.startswith(GRAPH.names.prefixes["graph"]):  # type: ignore[union-attr]
            continue
        place = file.locate(quad.subject, quad.predicate, quad.object)
        assert place is not None, quad
        assert lines[place[0] - 1][place[1] - 1 :].strip(), quad


def test_the_record_in_the_readme_is_one() -> None:
    (text,) = re.findall(
        r"^```yaml\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.S | re.M
    )
    file = of(text)
    assert file.faults == ()
    assert GRAPH.validate(file).conforms


# Text, and where what is wrong: line, column, what is said of it.
FAULTS: dict[str, tuple[str, list[tuple[int, int, str]]]] = {
    "about-nothing": ("dates: 2019\n", [(1, 1, "what the record is about")]),
    "list-of-words": ("- a\n- b\n", [(1, 3, "about"), (2, 3, "about")]),
    "nameless": ("event:\nlang: en\n", [(1, 1, "names nothing")]),
    "unknown-key": ("event: A\nlang: en\nfoo: 1\n", [(3, 1, "“foo” is no key")]),
    "near-key": ("event: A\nlang: en\nspeekers: x\n", [(3, 1, "did you mean speaker?")]),
    "key-of-others": ("person: A B\nlang: en\nspeakers: x\n", [(3, 1, "(person)")]),
    "day": ("event: A\nlang: en\ndates: 31/09/2021\n", [(3, 8, "ends on day 30")]),
    "two-dates": ("event: A\nlang: en\ndates: 3/4/2021\n", [(3, 8, "two dates")]),
    "no-year": ("event: A\nlang: en\ndates: 26 mai\n", [(3, 8, "no year")]),
    "time-for-day": ("document: A\nlang: en\nissued: 2019/2020\n", [(3, 9, "more than one")]),
    "list-of-dates": ("event: A\nlang: en\ndates: [2019]\n", [(3, 8, "text is wanted here")]),
    "no-language": ("event: Forum A\n", [(1, 8, "in which language")]),
    "not-language": ("event: A\nlang: french!\n", [(2, 7, "no language tag")]),
    "not-language-key": ("event: {french!: A}\nlang: en\n", [(1, 9, "no language tag")]),
    "goal": (f"event: A\nlang: en\ngoals: [8, 19]\n{SOURCE}", [(3, 12, "no goal or target")]),
    "target": (f"event: A\nlang: en\ngoals: 8.99\n{SOURCE}", [(3, 8, "(sdg:8.9)")]),
    "goal-unsaid": ("event: A\nlang: en\ngoals: 8\n", [(3, 8, "by which words")]),
    "kind-first": ("type: colloque\nlang: fr\n", [(1, 1, "about")]),
    "stance": (f"event: A\nlang: en\ngoals: {{goal: 8, stance: a b}}\n{SOURCE}",
               [(3, 15, "'a b' is no stance.\n  fix: known: stated, curated")]),
    "dates-of-a-person": ("person: A B\nlang: en\ndates: 2019\n", [(3, 1, "“dates” is no key")]),
    "address": ("event: A\nlang: en\nsource: {publishedAt: 'https://a b', document: X Y}\n",
                [(3, 23, "is not an IRI")]),
    "lacks-in-the-second": ("- person: A B\n  foo: 1\n  lang: en\n- membership: X Y\n  lang: en\n",
                            [(2, 3, "foo"), (4, 3, "lacks organisation, role")]),
    "boolean": ("event: A\nlang: en\nonline: perhaps\n", [(3, 9, "perhaps")]),
    "integer": ("event: A\nlang: en\nsequence: fifth\n", [(3, 11, "fifth")]),
    "decimal": ("place: A\nlang: en\nlat: 48,5\n", [(3, 6, "48,5")]),
    "iri": ("organisation: A\nlang: en\nsameAs: wikidata Q1\n", [(3, 9, "is not an IRI")]),
    "unknown-iri": ("event: A\nlang: en\npartOf: id-event:nothing\n", [(3, 9, "id-event:nothing")]),
    "prefix": ("event: A\nlang: en\nid: ev:a\n", [(3, 5, "ev")]),
    "alike": (f"event: A\nlang: en\nspeakers: Antonela Noya\n{SOURCE}",
              [(3, 11, "Antonella Noya (id-person:antonella-noya)")]),
    "alike-inside": (f"event: A\nlang: en\nspeakers: [x y, Antonela Noya (OCDE)]\n{SOURCE}",
                     [(3, 17, "may be a thing that is known")]),
    "bidi": ("event: A\u202eB\nlang: en\n", [(1, 8, "U+202E")]),
    "zero-width": ("event: A\u200bB\nlang: en\n", [(1, 8, "U+200B")]),
    "no-letter": ("event: ☕ – ☕\nlang: ru\n", [(1, 8, "No slug can be made of '☕ – ☕'")]),
    "quote-gone": ("event: A\nlang: fr\nsource: {document: id-doc:gsef-advocacy-fr, quote: zzz}\n",
                   [(3, 52, "does not stand")]),
    "quote-twice": ("event: A\nlang: fr\nsource: {document: id-doc:gsef-advocacy-fr, quote: ESS}\n",
                    [(3, 52, "times")]),
    "quote-empty": ("event: A\nlang: fr\nsource: {document: id-doc:gsef-advocacy-fr, quote: ''}\n",
                    [(3, 52, "empty")]),
    "quote-figures": ("event: A\nlang: fr\n"
                      "source: {document: id-doc:gsef-advocacy-fr, quote: '1'}\n",
                      [(3, 52, "has no letter")]),
    "quote-title": ("event: A\nlang: fr\nsource: {document: id-doc:gsef-advocacy-fr.webinar-series,"
                    " quote: Série de webinaires sur l'ESS organisée par l'INAES pour les"
                    " parlementaires mexicains}\n", [(3, 67, "only a name or a title")]),
    "quote-name": ("event: Habitat III\nlang: fr\nsource: "
                   "{document: id-doc:gsef-advocacy-fr, quote: Habitat III}\n",
                   [(3, 52, "only a name or a title")]),
    "quote-of-who": ("event: A\nlang: fr\nspeakers: Hernán Rodas\nsource: "
                     "{document: id-doc:gsef-advocacy-fr, quote: Hernán Rodas}\n",
                     [(4, 52, "only a name or a title")]),
    "note-lost": ("event: A\nlang: fr\ndates: fin 2017\nsource: id-doc:gsef-advocacy-fr\n",
                  [(3, 8, "or write 2017, which needs no note")]),
    "note-lost-of-two": ("event: A\nlang: fr\ndates: 2017-05~/2018\nsource: X Y\n",
                         [(3, 8, "or write 2017-05/2018, which")]),
    "note-lost-open": ("event: A\nlang: fr\ndates: ../2017~\nsource: X Y\n",
                       [(3, 8, "or write ../2017, which")]),
    "no-year-of-two": ("event: A\nlang: fr\ndates: 26 mai\nsource: {document: X Y, issued: ["
                       "2019, 2020]}\n", [(3, 8, "say when the source was issued")]),
    "unplaced": ("event: A\nlang: en\nonline: true\n", [(3, 9, "by which source")]),
    "nested": ("event: A\nlang: en\npartOf: [[a]]\n", [(3, 10, "list within a list")]),
    "text-of-list": ("event: A\nlang: en\ntheme: [[a]]\n", [(3, 9, "text is wanted here")]),
    "who": (f"event: A\nlang: en\nspeakers: [{{title: x}}]\n{SOURCE}", [(3, 12, "who took part")]),
    "who-key": (f"event: A\nlang: en\nspeakers: [{{name: X Y, foo: x}}]\n{SOURCE}",
                [(3, 24, "“foo” is no key")]),
    "membership": ("membership: X Y\nlang: en\n", [(1, 1, "lacks organisation, role")]),
    "role": ("membership: X Y\nlang: en\norganisation: OECD\nrole: kingmaker\n",
             [(4, 7, "kingmaker")]),
    "kind": ("event: A\nlang: en\nkind: party\n", [(3, 7, "party")]),
    "source-list": ("event: A\nlang: en\nsource: [[x]]\n", [(3, 10, "list within a list")]),
    "keys-in-french": ("événement: A\nlang: fr\nintervenents: x\norganisteurs: y\ndattes: 2019\n",
                       [(3, 1, "did you mean intervenant,"), (4, 1, "mean organisateur,"),
                        (5, 1, "did you mean date,")]),
    "keys-in-spanish": ("evento: A\nlang: es\nponentess: x\nfecha de inicoi: 2019\n",
                        [(3, 1, "did you mean ponente?"), (4, 1, "mean fecha de inicio,")]),
    "offsets": ("event: A\nlang: fr\nsource: {document: id-doc:gsef-advocacy-fr, start: 5, end: "
                "99999999}\n", [(3, 45, "“start” is no key"), (3, 55, "“end” is no key")]),
    "people": (f"event: A\nlang: en\nspeakers: [Laurence Kwarck, Antonela Noya]\n{SOURCE}",
               [(3, 12, "(id-person:laurence-kwark)"), (3, 29, "(id-person:antonella-noya)")]),
    "alike-in-greek": (f"event: A\nlang: en\nspeakers: Αντονέλλα Νόγια\n{SOURCE}",
                       [(3, 11, "did you mean Antonella Noya")]),
    "name-without-end": (f"event: A\nlang: en\npartOf: {'ab ' * 1000}\n",
                         [(3, 9, "is longer than the 2,000 characters of a name")]),
    "day-32": ("event: A\nlang: fr\ndates: 32 juin 2019\n", [(3, 8, "ends on day 30")]),
    "month-13": ("event: A\nlang: fr\ndates: 2019-13\n", [(3, 8, "there are twelve")]),
    "leap-day": ("event: A\nlang: fr\ndates: 29 février 2019\n", [(3, 8, "ends on day 28")]),
    "backwards": ("event: A\nlang: fr\ndates: de juin 2019 à mai 2019\n",
                  [(3, 8, "it ends on 2019-05, before 2019-06")]),
    "two-figures": ("event: A\nlang: fr\ndates: 25/06/19\n", [(3, 8, "with four figures")]),
    "word-of-a-date": ("event: A\nlang: es\ndates: pasado mañana\n", [(3, 8, "“pasado”")]),
    "three-days": ("event: A\nlang: fr\ndates: 25, 26 et 28 juin 2019\n", [(3, 8, "is no date")]),
    "edtf-of-level-2": ("event: A\nlang: fr\nstartDate: 2017-1X\n", [(3, 12, "is no date")]),
    "date-without-end": (f"event: A\nlang: fr\ndates: {'2019-06-25 ' * 50}\n",
                         [(3, 8, "no more than 200 characters")]),
    "two-at-once": ("event: A\nlang: en\nfoo: 1\ndates: x\n",
                    [(3, 1, "foo"), (4, 8, "no date")]),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_what_is_wrong_is_a_fault_where_it_was_typed(case: str) -> None:
    text, expected = FAULTS[case]
    report = GRAPH.validate(of(text, unchecked=False))
    assert not report.conforms
    said = {language: report.to_text(language) for language in LANGUAGES}
    assert len(set(said.values())) == 3
    found = [(finding.source or ("", 0, 0))[1:] for finding in report.findings]
    assert found == [(line, column) for line, column, _ in expected], said["en"]
    for (line, column, words), block in zip(expected, said["en"].split("\n\n"), strict=False):
        assert block.startswith(f"record.yaml:{line}:{column}: error: ")
        assert words in block


def test_what_is_known_in_one_language_has_a_name_in_another() -> None:
    known = "https://w3id.org/gsefgraph/id/org/oecd"
    file = of("organisation: {es: Organización X, en: OECD}\nkind: network\n")
    assert {str(quad.subject) for quad in file.quads} == {f"<{known}>"}


def test_a_record_without_a_file_is_known_by_its_beginning() -> None:
    for text in ("# a\névénement: A\nlang: fr\n", "- event:\n    en: A\n"):
        assert of(text, "-").format == "yaml"
    for text in (
        "@prefix event: <urn:a> .\nevent:b a event:c .",
        "PREFIX e: <urn:e>\n",
        "<a:b> a 1",
    ):
        with suppress(InputError):
            assert of(text, "-").format == "trig"


def test_an_empty_id_is_none() -> None:
    assert of("event: A\nlang: en\nid:\n").faults == ()


def test_a_source_is_known_by_its_address() -> None:
    address = "https://gsef-net.org/fr/project-international-advocacy"
    text = (
        "event: A\nlang: fr\nonline: oui\n"
        f"source: {{publishedAt: {address}, quote: modérée par Mme Antonella Noya}}\n"
    )
    file = of(text, unchecked=False)
    assert file.faults == ()
    sources = {q.object for q in file.quads if q.predicate.value.endswith("#source")}
    assert {spoken(each, "fr").value for each in sources} == {
        GRAPH.names.mint("doc", "gsef-advocacy-fr")
    }


def test_a_fault_is_told_once_whatever_number_of_sources() -> None:
    sources = "source: [{document: Lettre, quote: un mot}, {document: Page, quote: un mot}]\n"
    file = of(f"event: A\nlang: fr\ndates: 31/09/2021\nspeakers: Antonela Noya\n{sources}")
    assert [(fault.line, fault.column) for fault in file.faults] == [(3, 8), (4, 11)]


def test_a_quote_stays_as_it_is() -> None:
    text = (
        "event: A\nlang: fr\nonline: oui\n"
        "source: {document: Lettre, quote: «\u00a0un  deux\u00a0»}\n"
    )
    quotes = [q.object for q in of(text).quads if q.predicate.value.endswith("#quote")]
    assert [spoken(quote, "fr").value for quote in quotes] == ["«\u00a0un  deux\u00a0»"]


YEARS = {
    "of the record": "source: {document: Lettre, issued: 2020-05-01, quote: le 26 mai}\n",
    "of the graph": "source: {document: id-doc:gsef-advocacy-fr.ilo-declaration,"
    " quote: modérée par Mme Antonella Noya}\n",
    "of the page": "source: {document: Item, isPartOf: {document: Page, issued: 2020-05},"
    " quote: le 26 mai}\n",
}


@pytest.mark.parametrize("case", YEARS)
def test_a_year_that_is_left_out_is_that_of_the_source_and_is_noted(case: str) -> None:
    file = of(f"event: A\nlang: fr\ndates: 26 mai\n{YEARS[case]}")
    assert file.faults == ()
    said = {q.predicate.value.rpartition("#")[2]: q.object for q in file.quads}
    year = spoken(said["startDate"], "fr").value[:4]
    assert year == ("2019" if case == "of the graph" else "2020")
    notes = {spoken(q.object, "fr") for q in file.quads if q.predicate.value.endswith("#note")}
    assert {str(note) for note in notes} == {
        f'"The year {year} is that of the source."@en',
        f'"L’année {year} est celle de la source."@fr',
        f'"El año {year} es el de la fuente."@es',
    }


def test_a_year_that_is_left_out_needs_words_to_be_noted_at() -> None:
    file = of("event: A\nlang: fr\ndates: 26 mai\nsource: {document: Lettre, issued: 2020}\n")
    assert [(fault.line, fault.column) for fault in file.faults] == [(3, 8)]
    assert "2020-05-26" in (file.faults[0].hint or "")


def test_a_quote_may_stand_unchecked_where_it_is_asked_for() -> None:
    record = {"event": "A", "lang": "fr", "online": True}
    record |= {"source": {"document": "Lettre", "quote": "un mot"}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(record).encode())))
        refused = GRAPH.validate("-")
        assert "--quote-unchecked" in refused.to_text()
        patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(record).encode())))
        assert GRAPH.validate("-", unchecked=True).conforms


def test_a_record_in_json_is_the_same() -> None:
    text = '{"event": "Forum A",\n "lang": "en",\n "dates": "31/09/2021"}'
    file = of(text, "record.json")
    assert [(fault.line, fault.column) for fault in file.faults] == [(3, 11)]


def test_json_ld_stays_json_ld() -> None:
    context = '"@context": {"@vocab": "https://w3id.org/gsefgraph/ontology#"}'
    text = f'{{{context}, "@id": "urn:a", "@type": "Event", "online": true}}'
    as_json = of(text, "a.jsonld")
    as_yaml = of(text, "a.yaml")
    assert set(as_json.quads) == set(as_yaml.quads)
    assert len(as_json.quads) == 2


def test_faults_of_json_ld_in_yaml_stand_where_they_were_typed() -> None:
    text = '"@context": {a: "urn:a#"}\n"@id": urn:x\na:p:\n  "@value": x\n  "@language": fr!\n'
    with pytest.raises(InputError) as caught:
        of(text, "a.yaml")
    assert (caught.value.line, caught.value.column) == (5, 16)


def test_the_place_of_json_ld_in_yaml_is_that_of_the_value() -> None:
    text = '"@context": {"@vocab": "urn:v#"}\n"@id": urn:x\nname: One\nother:\n- Two\n- Three\n'
    file = of(text, "a.yaml")
    (quad,) = [quad for quad in file.quads if spoken(quad.object, "en").value == "Three"]
    assert file.locate(*quad.triple) == (6, 3)


TEXTS = st.one_of(
    st.sampled_from([
        "GSEF", "Antonella Noya (OCDE)", "Noya", "A (b, c)", "(x)", "2019", "fin 2017", "3/4/2020",
        "8", "11.3", "id-org:oecd", "id-org:none", "yes", "no", "fr", "event", "", "présidente",
        "https://a.example/b", "Antonela Noya", "sdg:8", "?", "a: b", "curated", "city", "\u202ex",
        "Форум",
    ]),
    st.text(max_size=12),
)  # fmt: skip
NAMES = st.sampled_from([
    "event", "document", "person", "membership", "place", "organisation", "participation", "id",
    "type", "lang", "name", "dates", "goals", "source", "quote", "note", "kind", "partOf",
    "speakers", "organisers", "agent", "role", "title", "startDate", "sameAs", "online", "sequence",
    "lat", "theme", "stance", "altLabel", "en", "fr", "publishedAt", "evidence", "issuedBy",
    "goal link", "goal", "topic", "x",
])  # fmt: skip
VALUES = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=8,
)


@given(
    st.dictionaries(NAMES, VALUES, max_size=6), st.sampled_from(["event", "document", "membership"])
)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_record_has_faults_or_is_read(record: dict[str, object], first: str) -> None:
    text = json.dumps({first: record.pop(first, "A B"), "lang": "fr"} | record)
    with suppress(InputError):
        file = of(text, "a.json")
        lines = text.split("\n")
        for fault in file.faults:
            assert fault.line == 1
            assert 1 <= fault.column <= len(lines[0])
            assert len({spoken(fault.message, language) for language in LANGUAGES}) == 3


if __name__ == "__main__":
    for stem in GOLDEN:
        found = of((FOLDER / f"{stem}.yaml").read_text("utf-8"))
        (FOLDER / f"{stem}.nq").write_text(written(found), "utf-8")
