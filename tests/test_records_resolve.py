"""Names to IRIs and back, on any engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from gsefgraph.engine.base import Pattern, Result
from gsefgraph.engine.embedded import Embedded
from gsefgraph.errors import AmbiguousName, GsefgraphError, UnknownName, UsageError
from gsefgraph.graph.graph import Graph
from gsefgraph.records.labels import Labels
from gsefgraph.records.resolve import Resolver
from gsefgraph.terms import GSEF, SKOS, Names, key

GOAL = "http://metadata.un.org/sdg/ontology#Goal"
DATA = """
@prefix : <https://w3id.org/gsefgraph/id/org/> .
@prefix gsef: <https://w3id.org/gsefgraph/ontology#> .
@prefix person: <https://w3id.org/gsefgraph/id/person/> .
@prefix place: <https://w3id.org/gsefgraph/id/place/> .
@prefix sdg: <http://metadata.un.org/sdg/> .
@prefix sdgo: <http://metadata.un.org/sdg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
gsef:Organisation rdfs:subClassOf gsef:Agent ; rdfs:label "organisation"@en .
gsef:Person rdfs:subClassOf gsef:Agent . gsef:Agent rdfs:subClassOf gsef:Thing, gsef:Agent .
gsef:Thing rdfs:subClassOf gsef:Agent . # a circle
gsef:Observer rdfs:label "observer"@en .
:gsef a gsef:Organisation, gsef:Agent, schema:Organization ; gsef:acronym "GSEF" ;
  skos:prefLabel "Global Social Economy Forum"@en, "Forum mondial de l’économie sociale"@fr .
:oecd a gsef:Organisation ; gsef:acronym "OECD"@en, "OCDE"@fr ; skos:prefLabel "OECD"@en .
:other a gsef:Organisation ; skos:prefLabel "Müller"@de ; rdfs:label "Müller" .
person:a-muller a gsef:Person ; skos:prefLabel "Muller"@fr ; skos:altLabel "A. Muller" .
person:b-muller a gsef:Person ; skos:prefLabel "Bernard Müller"@fr ; skos:altLabel "MULLER"@fr .
person:antonella-noya a gsef:Person ; skos:prefLabel "Antonella Noya"@fr .
place:quito a gsef:Place ; skos:prefLabel "Quito"@es-EC ; skos:inScheme place:capitals .
place:mexico a gsef:Place ; skos:prefLabel "Mexico"@en, "Mexique"@fr, "México"@es .
place:blank a gsef:Place ; skos:prefLabel " "@en .
sdg:8 a sdgo:Goal ; skos:prefLabel "Decent work"@en . sdg:8.3 a sdgo:Target ; skos:notation "8.3" .
place:role-observer skos:prefLabel "Observer"@en .
"""
ID = "https://w3id.org/gsefgraph/id/"


class Counting(Embedded):
    """An engine that keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.looked: list[list[Pattern]] = []

    def query(self, text: str, *, timeout: float | None = None) -> Result:
        self.asked.append(text)
        return super().query(text, timeout=timeout)

    def lookup(self, patterns: Iterable[Pattern], **given: Any) -> Iterator[Quad]:
        self.looked.append(list(patterns))
        return super().lookup(self.looked[-1], **given)


@pytest.fixture
def engine() -> Counting:
    engine = Counting()
    graph = NamedNode("https://w3id.org/gsefgraph/graph/entities")
    triples = list(parse(DATA, format=RdfFormat.TURTLE))
    engine.load(Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    return engine


@pytest.fixture
def resolver(engine: Counting) -> Resolver:
    return Resolver(engine, Names())


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("Global Social Economy Forum", f"{ID}org/gsef"),
        ("  forum mondial de l'ECONOMIE sociale ", f"{ID}org/gsef"),
        ("gsef", f"{ID}org/gsef"),
        ("ocde", f"{ID}org/oecd"),
        ("antonella-noya", f"{ID}person/antonella-noya"),
        ("NOYA,  Antonella", None),
        ("A Muller", f"{ID}person/a-muller"),
        ("Müller", f"{ID}org/other"),
        ("MULLER", f"{ID}person/b-muller"),
        ("QUITO", f"{ID}place/quito"),
        ("id-place:quito", f"{ID}place/quito"),
        (f"<{ID}place/quito>", f"{ID}place/quito"),
        (f"{ID}place/quito", f"{ID}place/quito"),
        ("ODD 8", "http://metadata.un.org/sdg/8"),
        ("sdg:8.3", "http://metadata.un.org/sdg/8.3"),
        ("observer", f"{GSEF}Observer"),
        ("OBSERVER", f"{ID}place/role-observer"),
        ("organisation", f"{GSEF}Organisation"),
    ],
)
def test_one_thing(resolver: Resolver, text: str, iri: str | None) -> None:
    if iri is None:
        with pytest.raises(UnknownName):
            resolver.resolve(text)
    else:
        assert resolver.resolve(text) == NamedNode(iri)


def test_a_class_narrows_and_takes_its_sub_classes(resolver: Resolver) -> None:
    assert resolver.resolve("gsef", kind=f"{GSEF}Agent") == NamedNode(f"{ID}org/gsef")
    with pytest.raises(UnknownName, match=r"nothing is named 'gsef' among gsef:Place"):
        resolver.resolve("gsef", kind=f"{GSEF}Place")
    assert resolver.resolve("muller", kind=f"{GSEF}Organisation") == NamedNode(f"{ID}org/other")
    assert resolver.resolve("8", kind=GOAL) == NamedNode("http://metadata.un.org/sdg/8")
    assert resolver.resolve("decent work", kind=GOAL) == NamedNode("http://metadata.un.org/sdg/8")
    with pytest.raises(UnknownName):
        resolver.resolve("ODD 8", kind=f"{GSEF}Place")


def test_a_scheme_narrows(resolver: Resolver) -> None:
    assert resolver.resolve("quito", scheme=f"{ID}place/capitals") == NamedNode(f"{ID}place/quito")
    with pytest.raises(UnknownName, match="among id-place:capitals"):
        resolver.resolve("mexico", scheme=f"{ID}place/capitals")


def test_several_things_are_listed(resolver: Resolver) -> None:
    with pytest.raises(AmbiguousName) as caught:
        resolver.resolve("muller", kind=f"{GSEF}Person")
    assert str(caught.value) == (
        "'muller' names 2 things: Muller (id-person:a-muller), "
        "Bernard Müller (id-person:b-muller); give the compact IRI of one of them"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("noya", r"did you mean Antonella Noya \(id-person:antonella-noya\)\?"),
        ("Mexque", r"did you mean Mexico \(id-place:mexico\)\?"),
        ("id-place:mexco", r"does not know id-place:mexco; did you mean Mexico"),
        ("sdg:8.33", r"does not know sdg:8\.33; did you mean Decent work"),
        ("id-org:OECD", r"does not know id-org:OECD; did you mean OECD \(id-org:oecd\)\?$"),
        ("ID-ORG:oecd", r"nothing is named 'ID-ORG:oecd'; did you mean OECD \(id-org:oecd\)\?$"),
        (f"<{ID}org/oecd/>", r"; did you mean OECD \(id-org:oecd\)\?$"),
        ("http://w3id.org/GSEFgraph/id/org/oecd", r"; did you mean OECD \(id-org:oecd\)\?$"),
        ("id-org:xyzzy", "the graph does not know id-org:xyzzy$"),
        ("graph:entitie", r"does not know graph:entitie; did you mean graph:entities\?$"),
        (
            "graph:entities",
            "graph:entities is a named graph; look at it with `gsefgraph export --g",
        ),
        ("x" * 5000, "nothing is named 'x{79}…'$"),
        ("", "nothing is named ''"),
        ("%%%", "nothing is named '%%%'"),
    ],
)
def test_the_nearest_are_named(resolver: Resolver, text: str, words: str) -> None:
    with pytest.raises(UnknownName, match=words):
        resolver.resolve(text)


@pytest.mark.parametrize(
    "text", ["https://e.org/a b", "<a b>", "id-org:a>b", "https://e.org/\ud800"]
)
def test_what_is_no_iri_is_refused_before_it_is_asked(engine: Counting, text: str) -> None:
    with pytest.raises(UsageError):
        Resolver(engine).resolve(text)
    assert not any(text.strip("<>") in asked for asked in engine.asked)


def test_labels_fall_back(resolver: Resolver) -> None:
    wanted = {
        "org/gsef": ("Global Social Economy Forum", "Forum mondial de l’économie sociale"),
        "org/other": ("Müller", "Müller"),
        "person/antonella-noya": ("Antonella Noya", "Antonella Noya"),
        "place/quito": ("Quito", "Quito"),
        "place/mexico": ("Mexico", "Mexique"),
        "place/blank": ("id-place:blank", "id-place:blank"),
        "place/none": ("id-place:none", "id-place:none"),
    }
    for slug, (english, french) in wanted.items():
        assert resolver.label(f"{ID}{slug}", "en") == english
        assert resolver.label(NamedNode(f"{ID}{slug}"), "fr-CA") == french
    assert resolver.label(f"{ID}place/mexico", "es") == "México"
    assert resolver.label("http://metadata.un.org/sdg/8.3") == "8.3"
    assert resolver.label("https://e.org/x y") == "<https://e.org/x y>"


def test_labels_are_looked_up_twice_and_kept(engine: Counting) -> None:
    resolver = Resolver(engine)
    iris = [f"{ID}place/n{n}" for n in range(250)] + [f"{ID}org/gsef"]
    first = resolver.labels(iris, "fr")
    assert list(first) == iris
    assert [len(patterns) for patterns in engine.looked] == [251, 1250]
    resolver.labels(iris, "es")
    assert len(engine.looked) == 2
    assert len(resolver.labels([f"https://e.org/{'x' * 60}/{n}" for n in range(2000)])) == 2000


def test_search_ranks_exact_then_beginning_then_word_then_part(engine: Counting) -> None:
    engine.update(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> INSERT DATA { GRAPH <a:g> {"
        "<a:4> skos:prefLabel 'biosocial' . <a:3> skos:prefLabel 'Économie Sociale' ."
        "<a:2> skos:prefLabel 'Sociale Ökonomie', 'x social' . <a:1> skos:prefLabel 'SOCIAL' }}"
    )
    found = Resolver(engine).search("sociál", "fr")
    assert [hit.iri.value for hit in found] == [
        "a:1",  # equal
        "a:2",  # begins with it
        f"{ID}org/gsef",  # a word of it
        "a:4",  # somewhere in it
        "a:3",
    ]
    gsef = found[2]
    assert (gsef.label, gsef.kind) == (
        "Forum mondial de l’économie sociale",
        NamedNode(f"{GSEF}Organisation"),
    )
    assert found[0].kind is None
    # What was found by another name shows that, if its label does not have the letters too.
    assert [hit.name for hit in found] == ["", "", "", "", ""]
    assert Resolver(engine).search("global", "fr")[0].name == "Global Social Economy Forum"
    assert len(Resolver(engine).search("o", "fr", 3)) == 3
    assert Resolver(engine).search("  ") == []
    assert Resolver(engine).search("economie forum")[0].iri == gsef.iri
    engine.update(f"INSERT DATA {{ GRAPH <a:g> {{ <{GSEF}a> <{SKOS}prefLabel> 'x x social' }} }}")
    # A thing goes before a term of the ontology that is called alike.
    assert [hit.iri.value for hit in Resolver(engine).search("x")][-2:] == ["a:2", f"{GSEF}a"]
    assert Resolver(engine).search("SDG 8")[0].label == "Decent work"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("oced", ["org/oecd"]),  # letters change places
        ("Antonela Noja", ["person/antonella-noya"]),
        ("forrum mondail", ["org/gsef"]),  # words of a longer name
        ("noya antonela", ["person/antonella-noya"]),
        ("OECD", ["org/oecd"]),
        ("zz", []),
        ("un", []),
    ],
)
def test_search_finds_near_names_where_none_holds_the_text(
    resolver: Resolver, text: str, found: list[str]
) -> None:
    hits = resolver.search(text)
    assert [hit.iri.value.removeprefix(ID) for hit in hits] == found
    assert all(hit.near == (text != "OECD") for hit in hits)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("econmie", [f"{ID}org/gsef"]),  # not what looks like the text from afar
        ("econmie social", [f"{ID}org/gsef"]),
        ("comitee", ["a:1", "a:2"]),
        ("develpment", ["a:3"]),
        ("evenment", ["a:4"]),
        ("Foor", ["a:5"]),  # and not what holds "for"
    ],
)
def test_a_word_with_one_mistake_is_found_in_the_longest_name(
    engine: Counting, text: str, found: list[str]
) -> None:
    engine.update(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> INSERT DATA { GRAPH <a:g> {"
        "<a:1> skos:prefLabel 'Comité' . <a:2> skos:prefLabel 'committee' ."
        "<a:3> skos:prefLabel 'Conference on Housing and Sustainable Urban Development' ."
        "<a:4> skos:prefLabel 'Événement' . <a:5> skos:prefLabel 'forum (foro)' ."
        "<a:6> skos:prefLabel 'partnerships for the goals' }}"
    )
    assert [hit.iri.value for hit in Resolver(engine).search(text)] == found


@pytest.fixture(scope="module")
def shipped() -> Iterator[Graph]:
    with Graph.open() as graph:
        yield graph


@pytest.mark.parametrize(
    ("lang", "text", "first"),
    [
        # People: as written, turned round, misspelt, without accents.
        ("en", "Antonela Noya", "person/antonella-noya"),
        ("en", "noya antonella", "person/antonella-noya"),
        ("en", "Laurense Kwark", "person/laurence-kwark"),
        ("fr", "Kwarck", "person/laurence-kwark"),
        ("fr", "Brossard Sabourin", "person/maude-brossard-sabourin"),
        ("fr", "Brosard", "person/maude-brossard-sabourin"),
        ("es", "Joaquin Perez Rey", "person/joaquin-perez-rey"),
        ("es", "Peres Rey", "person/joaquin-perez-rey"),
        ("es", "pedreno", "person/juan-antonio-pedreno"),
        ("es", "Roddas", "person/hernan-rodas"),
        ("es", "Maravilas Espin", "person/maravillas-espin-saez"),
        ("es", "Albores Gonzales", "person/maria-luisa-albores-gonzalez"),
        # Places.
        ("fr", "barcelonne", "place/barcelona"),
        ("en", "Kampalla", "place/kampala"),
        ("en", "Daejon", "place/daejeon"),
        ("en", "Seol", "place/seoul"),
        ("es", "seul", "place/seoul"),
        ("es", "Nueba York", "place/new-york"),
        ("es", "Equador", "place/ecuador"),
        ("es", "espana", "place/spain"),
        ("fr", "etats unis", "place/united-states"),
        ("fr", "Mexiqe", "place/mexico"),
        ("fr", "coree", "place/south-korea"),
        # Acronyms, whole and with letters that changed places or are missing.
        ("en", "oecd", "org/oecd"),
        ("en", "OEDC", "org/oecd"),
        ("en", "GSFE", "org/gsef"),
        ("en", "UNRSID", "org/unrisd"),
        ("en", "UNTFSE", "org/untfsse"),
        ("en", "un desa", "org/undesa"),
        # Words of longer names, in another order, with another article.
        ("en", "city net", "org/citynet"),
        ("en", "the OECD", "org/oecd"),
        ("en", "mayors international forum", "event/international-mayors-forum-2018"),
        ("en", "goverment of spain", "org/government-of-spain"),
        ("en", "sustainible developement", "topic/sustainable-development"),
        ("en", "cooperativs", "topic/cooperatives"),
        ("fr", "forum mondial de la economie sociale", "org/gsef"),
        ("fr", "économie solidair", "topic/social-and-solidarity-economy"),
        ("fr", "minister du travail", "org/ministry-of-labour-and-social-action-mexico"),
        ("es", "organizacion internacional trabajo", "org/ilo"),
        ("es", "objetibos de desarollo", "http://metadata.un.org/sdg"),
        # What resembles nothing gives nothing: these are near no name, though some letters agree.
        *(("en", text, None) for text in ("Penang", "Montreal", "Africa", "board", "2031")),
        *(("en", text, None) for text in ("GSEF2022", "xyzzy", "zz", "Antonella Smith")),
        *(("fr", text, None) for text in ("Afrique", "Bilbao", "zoologie", "qui a parlé")),
        *(("es", text, None) for text in ("universidad", "tratado")),
    ],
)
def test_the_first_hit_is_what_was_meant(
    shipped: Graph, lang: str, text: str, first: str | None
) -> None:
    found = [hit.iri.value.removeprefix(ID) for hit in shipped.resolver.search(text, lang)]
    assert found[:1] == ([] if first is None else [first])


@pytest.mark.parametrize("text", ["lodz", "ŁÓDŹ", "łódź", "Lódz"])
def test_letters_with_strokes_are_found_without(engine: Counting, text: str) -> None:
    engine.update(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
        "INSERT DATA { GRAPH <a:g> { <a:1> skos:prefLabel 'Łódź' } }"
    )
    (hit,) = Resolver(engine).search(text)
    assert (hit.label, hit.near) == ("Łódź", False)


def test_the_most_specific_class(resolver: Resolver) -> None:
    assert resolver.kind(f"{ID}org/gsef") == NamedNode(f"{GSEF}Organisation")
    assert resolver.kind("http://metadata.un.org/sdg/8") == NamedNode(GOAL)
    assert resolver.kind(f"{ID}place/none") is None


def test_what_was_kept_can_be_dropped(engine: Counting, resolver: Resolver) -> None:
    with pytest.raises(UnknownName):
        resolver.resolve("Seoul")
    engine.update(
        f"INSERT DATA {{ GRAPH <a:g> {{ <{ID}place/seoul>"
        " <http://www.w3.org/2004/02/skos/core#prefLabel> 'Séoul'@fr }}"
    )
    resolver.forget()
    assert resolver.resolve("Seoul") == NamedNode(f"{ID}place/seoul")


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("gl", None, ["org/gsef"]),
        ("soci", None, ["org/gsef"]),  # a later word
        ("forum écon", None, ["org/gsef"]),
        ("mul", None, ["person/b-muller", "org/other", "person/a-muller"]),
        ("mul", f"{GSEF}Agent", ["person/b-muller", "org/other", "person/a-muller"]),
        ("mul", f"{GSEF}Person", ["person/b-muller", "person/a-muller"]),
        ("", f"{GSEF}Person", ["person/antonella-noya", "person/b-muller", "person/a-muller"]),
        ("cial", None, []),  # search finds parts
        ("", None, []),
        ("%", None, []),
    ],
)
def test_what_is_begun_is_suggested(
    resolver: Resolver, text: str, kind: str | None, found: list[str]
) -> None:
    hits = resolver.suggest(text, "fr", kind=kind)
    assert [hit.iri.value.removeprefix(ID) for hit in hits] == found


def test_a_scheme_narrows_what_is_suggested(resolver: Resolver) -> None:
    (hit,) = resolver.suggest("", scheme=f"{ID}place/capitals")
    assert hit.label == "Quito"


def test_the_shortest_that_means_a_thing(resolver: Resolver) -> None:
    gsef, goal = NamedNode(f"{ID}org/gsef"), NamedNode("http://metadata.un.org/sdg/8")
    assert resolver.short(gsef) == "gsef"
    assert (resolver.short(goal, kind=GOAL), resolver.short(goal)) == ("8", "8")
    assert resolver.short(NamedNode(f"{ID}place/role-observer")) == "role-observer"
    assert resolver.short(NamedNode(f"{GSEF}Observer")) == "gsef:Observer"


def test_passages_are_found_by_their_words(engine: Counting) -> None:
    quotes = ("Le réseau a un rôle d’observateur", "rôle de réseau", "le réseaux", "un réseau a")
    for number, quote in enumerate(quotes):
        engine.update(
            f"INSERT DATA {{ GRAPH <a:g> {{ <a:{number}> <{GSEF}quote> '{quote}'@fr }} }}"
        )
    resolver = Resolver(engine)
    # The words beside each other, then the last one whole, then the shortest.
    assert [node.value for node in resolver.passages("RESEAU")] == ["a:3", "a:1", "a:0", "a:2"]
    assert [node.value for node in resolver.passages("role reseau")] == ["a:1", "a:0"]
    assert [node.value for node in resolver.passages("réseau a", 1)] == ["a:3"]
    assert resolver.passages("absent") == resolver.passages(" ") == []


def test_nothing_reads_all_names(engine: Counting) -> None:
    resolver = Resolver(engine)
    for text in ("gsef", "Antonela", "id-org:oecs", "o", "OCDE", f"<{ID}org/oecd/>"):
        resolver.search(text)
        resolver.suggest(text)
        resolver.suggest(text, kind=f"{GSEF}Agent")
        resolver.passages(text)
        for kind in (None, f"{GSEF}Agent"):
            with suppress(GsefgraphError):
                resolver.resolve(text, kind=kind)
    assert all(pattern[0] is not None for patterns in engine.looked for pattern in patterns)
    unbound = [text for text in engine.asked if not text.startswith("ASK") and "LIMIT" not in text]
    assert all("subClassOf" in text for text in unbound), unbound


@pytest.mark.parametrize(
    ("left", "right"),
    [("Côte d’Ivoire", "cote-d'ivoire"), ("A.B.C", "a b c"), ("서울", "서울"), ("Œuvre", "oeuvre")],
)
def test_keys(left: str, right: str) -> None:
    assert key(left) == key(right) != ""


def test_labels_that_are_kept_do_not_become_ever_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gsefgraph.records.labels._MOST", 10)
    engine = Embedded()
    label = f"<{SKOS}prefLabel>"
    said = " ".join(f'<urn:{number}> {label} "Thing {number}" .' for number in range(50))
    engine.update(f"INSERT DATA {{ GRAPH <urn:g> {{ {said} }} }}")
    labels = Labels(Names())
    for number in range(50):
        assert labels.of([f"urn:{number}"], "en", engine.lookup) == {
            f"urn:{number}": f"Thing {number}"
        }
    assert len(labels._known) <= 10
