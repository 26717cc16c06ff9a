"""The pages of things: what is said of each is on its page, in sentences, with its words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from gsefgraph.answers import dates
from gsefgraph.graph import profile
from gsefgraph.graph.graph import Graph
from gsefgraph.graph.page import Fact, Page
from gsefgraph.graph.pages.around import HELD
from gsefgraph.graph.pages.teller import HEAD, NOT_TOLD
from gsefgraph.graph.words import Ref, plain
from gsefgraph.terms import GSEF, RDF, SKOS
from gsefgraph.wording import LANGUAGES
from tests import ontology_terms

GRAPH = Graph.open()
INFERRED = GRAPH.names.graph("inferred")
STATED = [
    quad
    for quad in GRAPH.engine.dump()
    if quad.graph_name.value not in (INFERRED, GRAPH.names.graph("ontology"))
]
CLASSES = [name for name in ontology_terms.CLASSES if name not in ("Agent", "Stance")]
OURS = {f"{GSEF}{name}" for name in CLASSES} | {
    f"http://metadata.un.org/sdg/ontology#{name}" for name in ("Goal", "Target")
}
TYPE = f"{RDF}type"
THINGS = sorted(
    {q.subject.value for q in STATED if q.predicate.value == TYPE and q.object.value in OURS}
)
DCTERMS = "http://purl.org/dc/terms/"
CODE = re.compile(r"(?:\b(?:id-)?\w+:(?!//)[a-z][\w.-]*\w)|https?://|urn:|[{}]")
# What a page says of the thing elsewhere than in a fact: a page of data, and the head.
UNTOLD = HEAD | NOT_TOLD


def page(iri: str, lang: str = "en") -> Page:
    return GRAPH.page(f"<{iri}>", lang)


PAGES = {(iri, lang): page(iri, lang) for iri in THINGS for lang in LANGUAGES}


def facts(made: Page) -> Iterator[Fact]:
    for section in made.sections:
        for group in section.groups:
            yield from group.facts


def sentences(made: Page) -> Iterator[str]:
    yield plain(made.lede)
    yield from (gap.text for gap in made.missing)
    for section in made.sections:
        yield from (section.title, section.note, *(group.title for group in section.groups))
    for fact in facts(made):
        yield plain(fact.what)
        yield from map(plain, fact.more)
        if fact.when:
            yield from (fact.when.text, fact.when.note)
        if fact.derivation:
            yield fact.derivation.rule
            yield from map(plain, fact.derivation.premises)


def refs(made: Page) -> set[str]:
    found = {part.iri for part in made.lede if isinstance(part, Ref)}
    for fact in facts(made):
        for words in (fact.what, *fact.more):
            found |= {part.iri for part in words if isinstance(part, Ref)}
        if fact.reason and fact.reason.by:
            found.add(fact.reason.by.iri)
    return found


def triple(fact: Fact) -> Quad:
    text = " ".join(fact.triple or ()) + " ."
    (quad,) = parse(text.encode(), RdfFormat.N_TRIPLES)
    return quad


def graphs(quad: Quad) -> set[str]:
    found = GRAPH.engine.lookup([(quad.subject, quad.predicate, quad.object)])
    return {each.graph_name.value for each in found}


def test_every_class_has_pages() -> None:
    assert len(THINGS) > 500
    kinds = {made.kind for (_, lang), made in PAGES.items() if lang == "fr"}
    assert {"Organisation", "Personne", "Événement", "Preuve", "Appartenance"} <= kinds
    assert len(kinds) == len(OURS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_has_an_identifier(lang: str) -> None:
    for iri in THINGS:
        for text in sentences(PAGES[iri, lang]):
            assert not CODE.search(text), (iri, text)
            assert text == text.strip(), (iri, text)
            assert "  " not in text, (iri, text)


def test_every_heading_is_in_the_language() -> None:
    titles: dict[str, dict[str, str]] = {}
    for (_, lang), made in PAGES.items():
        for section in made.sections:
            titles.setdefault(section.key, {})[lang] = section.title
    for key, found in titles.items():
        assert set(found) == set(LANGUAGES), key
        assert found["en"] != found["es"], key
        assert found["fr"] != found["es"], key
    for iri in THINGS:  # the same page in each language
        shapes = {
            tuple(
                (s.key, s.count, tuple(sorted(len(g.facts) for g in s.groups)))
                for s in PAGES[iri, lang].sections
            )
            for lang in LANGUAGES
        }
        assert len(shapes) == 1, iri


def test_every_count_is_that_of_its_facts() -> None:
    for made in PAGES.values():
        for section in made.sections:
            assert section.groups
            number = sum(len(group.facts) for group in section.groups)
            assert section.count == number or section.key == "events", (made.iri, section.key)
            assert all(group.facts for group in section.groups)


@pytest.mark.parametrize(
    ("name", "key", "pattern"),
    [
        ("GSEF", "events", "?any gsef:agent|gsef:onBehalfOf ?this ; gsef:event ?x"),
        ("GSEF", "documents", "?x gsef:issuedBy ?this"),
        ("GSEF", "mentions", "?x gsef:mentions ?this"),
        ("GSEF", "partners", "?this gsef:collaboratedWith ?x"),
        ("OECD", "partners", "?this gsef:collaboratedWith ?x"),
        ("id-person:laurence-kwark", "appearances", "?x gsef:agent ?this ; gsef:event ?any"),
        ("id-event:sse-webinars-mexico-2020", "programme", "?x gsef:partOf ?this"),
        ("sdg:17", "serves", "?x gsef:goal/skos:broader? ?this"),
        ("sdg:17", "targets", "?x skos:broader ?this"),
        ("id-kind:session", "has", "?x gsef:kind ?this"),
        ("id-role:speaker", "has", "?x gsef:role ?this"),
        ("id-topic:social-and-solidarity-economy", "has", "?x gsef:topic|gsef:recognises ?this"),
        ("id-place:mexico", "organisations", "?x gsef:basedIn/gsef:within? ?this"),
        ("id-place:south-korea", "events", "?x gsef:place/gsef:within? ?this"),
    ],
)
def test_a_count_is_true(name: str, key: str, pattern: str) -> None:
    made = GRAPH.page(name)
    rows = GRAPH.engine.query(
        f"PREFIX gsef: <{GSEF}> PREFIX skos: <{SKOS}> SELECT (COUNT(DISTINCT ?x) AS ?n)"
        f" WHERE {{ {pattern.replace('?this', f'<{made.iri}>')} }}"
    ).rows
    (found,) = (section.count for section in made.sections if section.key == key)
    assert found == int(rows[0][0].value) > 0


def test_all_that_is_stated_of_a_thing_is_on_its_page() -> None:
    own: dict[str, list[Quad]] = {}
    incoming: dict[str, list[Quad]] = {}
    for quad in STATED:
        own.setdefault(quad.subject.value, []).append(quad)
        if isinstance(quad.object, NamedNode):
            incoming.setdefault(quad.object.value, []).append(quad)
    for (iri, lang), made in PAGES.items():
        linked = refs(made)
        text = "\n".join([*sentences(made), made.title, made.acronym, *made.also_known])
        text += "\n".join(f.reason.text + f.reason.objection for f in facts(made) if f.reason)
        quotes = "\n".join(p.quote + p.note(lang) for f in facts(made) for p in f.passages)
        for quad in own[iri]:
            name, value = quad.predicate.value, quad.object
            if name in UNTOLD or name == f"{GSEF}supports":
                continue
            if isinstance(value, NamedNode):
                assert value.value in linked, (iri, name, value)
                continue
            others = [q.object.language for q in own[iri] if q.predicate == quad.predicate]
            if value.language not in ("", None, lang) and lang in others:
                continue
            said = value.value
            shown = (said, dates.words(said, "", lang), dates.words(said, "", lang, short=True))
            if name.endswith(("#lat", "#long")):
                shown = (said if lang == "en" else said.replace(".", ","),)
            if name in (f"{GSEF}startDate", f"{GSEF}endDate"):
                told = [q.object.value for q in own[iri] if q.predicate.value.endswith("Date")]
                shown = (dates.words(min(told), max(told), lang),)
            elif name in (f"{GSEF}online", "http://purl.org/dc/terms/language"):
                continue
            elif name in (f"{GSEF}quote", f"{GSEF}note"):
                assert said in quotes, (iri, lang, said)
                continue
            assert any(each in text for each in shown), (iri, lang, name, said)
        for quad in incoming.get(iri, ()):
            subject = quad.subject.value
            if quad.predicate.value in UNTOLD and quad.predicate.value != f"{GSEF}kind":
                continue
            ends = {
                q.object.value
                for q in own.get(subject, ())
                if q.predicate.value in HELD and q.object.value != iri
            }
            if ends:
                assert ends & linked, (iri, subject)
            else:
                assert subject in linked, (iri, quad.predicate, subject)


def test_properties_of_other_vocabularies_have_names() -> None:
    told = "\n".join(sentences(GRAPH.page("id-kind:scheme", "fr")))
    assert "Auteur\u202f: " in told
    assert "fait partie de\u202f: ceci" in told
    assert not re.search("[a-z](Scheme|Concept|Of)|Creator|License", told)


def test_who_says_so_is_told_as_it_is() -> None:
    derived = 0
    for iri in THINGS:
        for fact in facts(PAGES[iri, "en"]):
            if fact.triple is None:
                assert fact.stance != "concluded"
                continue
            found = graphs(triple(fact))
            if fact.stance == "derived":
                derived += 1
                assert found == {INFERRED}, fact
                assert fact.derivation is None or fact.derivation.premises
            else:
                assert found - {INFERRED}, fact
            curated = GRAPH.names.graph("curation") in found
            assert (fact.stance == "concluded") <= curated
    assert derived > 10


def test_what_a_document_states_opens_to_its_words() -> None:
    words = 0
    document = GRAPH.names.graph("gsef-advocacy-fr")
    bare = {
        f"{GSEF}textDigest",
        *(f"http://purl.org/dc/terms/{n}" for n in ("isPartOf", "language", "source")),
    }
    for iri in THINGS:
        for fact in facts(PAGES[iri, "fr"]):
            if fact.triple is None:
                continue
            quad = triple(fact)
            if document in graphs(quad) and quad.predicate.value not in bare:
                assert fact.passages, (iri, fact)
                words += len(fact.passages)
        assert {p.document for f in facts(PAGES[iri, "fr"]) for p in f.passages if p.document} == {
            NamedNode(ref.iri) for ref in PAGES[iri, "fr"].documents
        }
    assert words > 500


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_concluded_has_a_reason_and_an_objection(lang: str) -> None:
    concluded = 0
    for iri in THINGS:
        for fact in facts(PAGES[iri, lang]):
            if fact.stance == "concluded" and fact.reason is None:
                assert iri.partition("/id/goallink/")[1], fact  # its parts, under its sentence
            elif fact.stance == "concluded":
                concluded += 1
                assert fact.reason.text
                assert fact.reason.objection
                assert fact.reason.lang == lang
                assert fact.reason.by
    assert concluded > 20


@pytest.mark.parametrize(
    ("lang", "role"), [("en", "role: invitee"), ("fr", "rôle : invitation"), ("es", "invitación")]
)
def test_goals_of_events_that_it_was_invited_to_say_so(lang: str, role: str) -> None:
    """Of those that it held its role says nothing new."""
    (goals,) = (s for s in GRAPH.page("GSEF", lang).sections if s.key == "goals")
    more = {plain(f.what).split()[0]: [*map(plain, f.more)] for f in goals.groups[0].facts}
    assert "2017" in more["4.7"][0]
    assert more["4.7"][1].replace("\u202f", " ").endswith(role)
    assert [len(lines) for code, lines in more.items() if code != "4.7"] == [1] * 5


def test_what_is_derived_says_why() -> None:
    for name in ("GSEF", "OECD", "INAES"):
        for lang in LANGUAGES:
            made = GRAPH.page(name, lang)
            (section,) = (s for s in made.sections if s.key == "partners")
            partners = [fact for group in section.groups for fact in group.facts]
            assert [fact.number for fact in partners] == list(range(1, len(partners) + 1))
            for fact in partners:
                if fact.stance == "derived":
                    assert fact.derivation is not None
                    assert len(fact.derivation.premises) >= 2
                    assert fact.derivation.rule[:1].islower()
                    assert fact.passages


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "asked",
    [
        ("GSEF", "collaboratedWith", "OECD"),
        ("id-person:laurence-kwark", "affiliatedWith", "GSEF"),
        ("id-event:untfsse-conference-2019.gsef-session", "contributesTo", "sdg:17"),
        ("habitat-iii", "country", "id-place:ecuador"),
        ("id-event:hlpf-2018", "hasPart", "id-event:hlpf-2018.gsef-side-event"),
    ],
    ids=lambda asked: asked[1],
)
def test_a_proof_is_told_in_sentences(asked: tuple[str, str, str], lang: str) -> None:
    proof = GRAPH.explain(*asked)
    told = GRAPH.sentences(proof, lang)
    waiting = [proof]
    while waiting:
        each = waiting.pop()
        assert not CODE.search(told(each.triple)), told(each.triple)
        waiting += each.premises
    text = proof.to_text(lang, sentence=told)
    first = text.splitlines()[0]
    assert first == told(proof.triple)
    heads = [line for line in text.splitlines() if re.match(r" {4}[├└]── ", line)]
    assert len(heads) == len({told(each.triple) for each in proof.premises})


@pytest.mark.parametrize(
    ("lang", "note"),
    [
        ("en", "date of the conference"),
        ("fr", "date de la conférence"),
        ("es", "fecha de la conferencia"),
    ],
)
def test_a_date_of_the_whole_says_so(lang: str, note: str) -> None:
    made = GRAPH.page("id-event:untfsse-conference-2019.gsef-session", lang)
    assert note in plain(made.lede)
    whole = GRAPH.page("id-event:untfsse-conference-2019", lang)
    (part,) = (f for f in facts(whole) if f.when and f.when.datetime)
    assert part.when is not None
    assert part.when.note == note
    assert part.when.datetime == "2019-06-25/2019-06-26"
    (date,) = (f for f in facts(made) if f.stance == "derived")
    assert note in plain(date.what)
    assert date.passages
    assert date.derivation


def test_only_dates_of_the_whole_are_inherited() -> None:
    dated = {q.subject.value for q in STATED if q.predicate.value == f"{GSEF}startDate"}
    for iri in THINGS:
        for fact in facts(PAGES[iri, "en"]):
            first = next((p for p in fact.what if isinstance(p, Ref)), None)
            if fact.when and first and "/id/event/" in first.iri:
                own = first.iri in dated
                assert own == bool(fact.when.datetime and not fact.when.note), (iri, fact)


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("Where it is based.", "?x a gsef:Organisation FILTER NOT EXISTS { ?x gsef:basedIn ?y }"),
        (
            "The date.",
            "?x a gsef:Event FILTER NOT EXISTS { ?x gsef:partOf*/gsef:startDate ?y }",
        ),
        (
            "A date of its own: the source gives only that of the whole.",
            "?x gsef:partOf/gsef:startDate ?z FILTER NOT EXISTS { ?x gsef:startDate ?y }",
        ),
        (
            "Who issued it.",
            "?x a gsef:Document FILTER NOT EXISTS { ?x gsef:issuedBy|dcterms:isPartOf ?y }",
        ),
        (
            "The name in Spanish.",
            "?x gsef:kind|skos:inScheme ?k ; skos:prefLabel ?z FILTER NOT EXISTS"
            " { ?x skos:prefLabel ?y FILTER(LANG(?y) = 'es') }",
        ),
    ],
)
def test_what_is_missing_is_missing(text: str, pattern: str) -> None:
    rows = GRAPH.engine.query(
        f"PREFIX gsef: <{GSEF}> PREFIX skos: <{SKOS}> PREFIX dcterms: <http://purl.org/dc/terms/>"
        f" SELECT DISTINCT ?x WHERE {{ {pattern} }}"
    ).rows
    said = {i for i in THINGS if any(gap.text == text for gap in PAGES[i, "en"].missing)}
    assert said == {row[0].value for row in rows}


# --- other graphs -------------------------------------------------------------------------------

PREFIXES = (
    f"@prefix gsef: <{GSEF}> . @prefix skos: <{SKOS}> . @prefix ex: <http://e.example/> ."
    " @prefix xsd: <http://www.w3.org/2001/XMLSchema#> ."
    " @prefix role: <https://w3id.org/gsefgraph/id/role/> .\n"
)


def graph_of(folder: Path, text: str) -> Graph:
    file = folder / "a.ttl"
    file.write_text(PREFIXES + text, "utf-8")
    return Graph.open(data=[file])


def test_a_thing_of_any_class_has_a_page(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        """ex:Farm a <http://www.w3.org/2002/07/owl#Class> ; skos:prefLabel "farm"@en .
        ex:f a ex:Farm ; skos:prefLabel "Hill farm"@en ; ex:size 4 ; ex:next ex:g , [ ex:a 1 ] .
        ex:g ex:next ex:f ; skos:prefLabel "Valley farm"@en .""",
    )
    made = graph.page("Hill farm")
    assert made.kind == "farm"
    assert [section.key for section in made.sections] == ["statements", "incoming"]
    lines = [plain(fact.what) for fact in facts(made)]
    assert "Size: 4" in lines
    assert "Next: Valley farm" in lines
    assert "Valley farm — next: this" in lines
    assert all(fact.stance == "stated" for fact in facts(made))


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "on behalf of One and Two"),
        ("fr", "au nom de « One » et de « Two »"),
        ("es", "en nombre de One y de Two"),
    ],
)
def test_two_for_whom_somebody_speaks_are_joined(tmp_path: Path, lang: str, told: str) -> None:
    graph = graph_of(
        tmp_path,
        """ex:p a gsef:Participation ; gsef:agent ex:a ; gsef:event ex:e ; gsef:role role:speaker ;
          gsef:onBehalfOf ex:o1 , ex:o2 .
        ex:a a gsef:Person ; skos:prefLabel "Ann"@en . ex:e a gsef:Event ; skos:prefLabel "E"@en .
        ex:o1 a gsef:Organisation ; skos:prefLabel "One"@en .
        ex:o2 a gsef:Organisation ; skos:prefLabel "Two"@en .""",
    )
    title = graph.page("<http://e.example/p>", lang).title.replace("\u202f", " ")
    assert title.endswith(told)


@pytest.mark.parametrize(
    ("lang", "kind"),
    [("en", "scheme of concepts"), ("fr", "ensemble de concepts"), ("es", "esquema de conceptos")],
)
def test_classes_of_other_vocabularies_have_names(lang: str, kind: str) -> None:
    assert GRAPH.page("id-kind:scheme", lang).kind == kind


def test_sources_that_disagree_on_a_date_are_both_told(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        """ex:e a gsef:Event ; skos:prefLabel "Fair"@en ; gsef:startDate "2019"^^xsd:gYear ,
        "2019-06-02"^^xsd:date .""",
    )
    for lang, note in (("en", "the sources disagree"), ("es", "las fuentes no concuerdan")):
        told = [f for f in facts(graph.page("Fair", lang)) if f.more and plain(f.more[0]) == note]
        assert len(told) == 2


def test_a_name_that_was_given_up_leads_to_the_one_that_stays(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        """ex:old <http://purl.org/dc/terms/isReplacedBy> ex:new .
        ex:new a gsef:Person ; skos:prefLabel "Ada"@en .""",
    )
    assert graph.page("http://e.example/old").redirected_to == "http://e.example/new"
    assert graph.page("Ada").redirected_to == ""


def test_of_very_many_a_part_is_shown_with_the_true_count(tmp_path: Path) -> None:
    lines = [
        f"""ex:l{n} a gsef:GoalLink ; gsef:goal <http://metadata.un.org/sdg/8> ;
        gsef:subject ex:d{n} ; gsef:stance gsef:stated ."""
        for n in range(1_200)
    ]
    graph = graph_of(tmp_path, "\n".join(lines))
    made = graph.page("ODD 8", "fr")
    (section,) = (s for s in made.sections if s.key == "serves")
    assert section.count == 1_200
    assert sum(len(group.facts) for group in section.groups) == 100
    assert section.note == "100 sur 1\u202f200 figurent ici"
    assert made.many
    mentions = " , ".join(f"ex:m{n}" for n in range(1_200))
    graph = graph_of(tmp_path, f"ex:d a gsef:Document ; gsef:mentions {mentions} .")
    (section,) = (s for s in graph.page("http://e.example/d").sections if s.key == "content")
    assert section.count == 1_200
    assert section.note == "100 of 1,200 are shown here"


def test_a_title_in_another_language_says_which(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        """ex:p a gsef:Participation ; gsef:agent ex:a ; gsef:event ex:e ; gsef:role role:speaker ;
        gsef:positionTitle "Directrice"@fr .
        ex:a a gsef:Person ; skos:prefLabel "Ada"@en . ex:e a gsef:Event ;
        skos:prefLabel "Foire"@fr .""",
    )
    (fact,) = (f for f in facts(graph.page("Ada", "es")) if f.when)
    assert fact.what[0] == Ref("http://e.example/e", "Foire", "fr")
    assert (Ref("", "Directrice", "fr"),) in fact.more
    assert graph.page("Ada", "es").title_lang == "en"


def test_the_html_is_whole_and_safe(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        """ex:a a gsef:Document ; skos:prefLabel "<script>x</script>"@en ;
        <http://purl.org/dc/terms/source> <javascript:alert(1)> .""",
    )
    html = profile.to_html(graph.page("http://e.example/a"), "en")
    assert "<script" not in html
    assert 'href="javascript' not in html
    for lang in LANGUAGES:
        html = profile.to_html(GRAPH.page("GSEF", lang), lang)
        assert "src=" not in html
        assert "http-equiv" in html
        assert html.count("<details>") == html.count("</details>") > 20
        assert html.startswith("<!DOCTYPE html>")


def test_the_json_has_what_the_page_tells() -> None:
    made = GRAPH.page("GSEF")
    found = json.loads(json.dumps(profile.to_json(GRAPH.show("GSEF"))))["page"]
    assert found["lede"]["text"] == plain(made.lede)
    assert [s["key"] for s in found["sections"]] == [s.key for s in made.sections]
    stances = {f["stance"] for s in found["sections"] for g in s["groups"] for f in g["facts"]}
    assert stances == {"stated", "concluded", "derived"}


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ("2019-06-25", "2019-06-26", (
            "25–26 June 2019", "25–26 juin 2019", "25–26 de junio de 2019")),
        ("2020-05-26", "2020-06-30", (
            "26 May – 30 June 2020", "26 mai – 30 juin 2020", "26 de mayo – 30 de junio de 2020")),
        ("2019-12-30", "2020-01-01", (
            "30 December 2019 – 1 January 2020", "30 décembre 2019 – 1er janvier 2020",
            "30 de diciembre de 2019 – 1 de enero de 2020")),
        ("2019-06", "", ("June 2019", "juin 2019", "junio de 2019")),
        ("2019-06", "2019-08", ("June–August 2019", "juin–août 2019", "junio–agosto de 2019")),
        ("2017", "2019", ("2017–2019", "2017–2019", "2017–2019")),
        ("2017-03-02", "2019", (
            "2 March 2017 – 2019", "2 mars 2017 – 2019", "2 de marzo de 2017 – 2019")),
        ("2017", "2017", ("2017", "2017", "2017")),
        ("2019-06-25Z", "", ("25 June 2019", "25 juin 2019", "25 de junio de 2019")),
        ("spring", "", ("spring", "spring", "spring")),
        ("-0044-03-15", "", ("-0044-03-15", "-0044-03-15", "-0044-03-15")),
    ],
)  # fmt: skip
def test_dates_are_told_in_words(start: str, end: str, told: tuple[str, str, str]) -> None:
    assert tuple(dates.words(start, end, lang) for lang in ("en", "fr", "es")) == told
