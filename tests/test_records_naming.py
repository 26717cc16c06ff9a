"""Which thing a name means: by itself, by what stands beside it, and by what was new before."""

from __future__ import annotations

from pathlib import Path

import pytest

from gsefgraph.engine.embedded import Embedded
from gsefgraph.graph.graph import Graph
from gsefgraph.records.naming import Naming
from gsefgraph.records.resolve import Resolver
from gsefgraph.terms import GSEF, SKOS, Names
from tests.commands import Cli

NAMES = Names()
PERSON, ORGANISATION, EVENT = (f"{GSEF}{name}" for name in ("Person", "Organisation", "Event"))
ID = f"{NAMES.base}id"
DATA = f"""PREFIX gsef: <{GSEF}> PREFIX skos: <{SKOS}> BASE <{ID}/>
INSERT DATA {{ GRAPH <g> {{
  <person/eun-ae-lee> a gsef:Person ; skos:prefLabel "Eun-ae Lee"@en .
  <person/eun-ae-lee-2> a gsef:Person ; skos:prefLabel "Lee Eun Ae"@en, "Eun Ae Lee"@fr .
  <org/seoul> a gsef:Organisation ; skos:prefLabel "City of Seoul"@en .
  <org/busan> a gsef:Organisation ; skos:prefLabel "City of Busan"@en .
  <m/1> gsef:agent <person/eun-ae-lee> ; gsef:organisation <org/seoul> .
  <m/2> gsef:agent <person/eun-ae-lee-2> ; gsef:onBehalfOf <org/busan> .
  <person/nikos-papadopoulos> a gsef:Person ; skos:prefLabel "Νίκος Παπαδόπουλος"@el .
  <person/yuriy> a gsef:Person ; skos:prefLabel "Yuriy Gagarin"@en .
  <event/forum-2016> a gsef:Event ; skos:prefLabel "Global Social Economy Forum 2016"@en .
}} }}"""


@pytest.fixture
def naming() -> Naming:
    engine = Embedded()
    engine.update(DATA)
    return Naming(Resolver(engine))


def last(naming: Naming, text: str, kind: str, *beside: str) -> str:
    nodes = [naming.meant(each, [ORGANISATION]).iri for each in beside]
    meant = naming.meant(text, [kind], [node for node in nodes if node])
    return meant.iri.value.rpartition("/")[2] if meant.iri else "?"


def test_two_lees_stay_two(naming: Naming) -> None:
    assert last(naming, "Eun-Ae Lee", PERSON) == "?"
    assert last(naming, "Eun-Ae Lee", PERSON, "City of Seoul") == "eun-ae-lee"
    assert last(naming, "LEE Eun-ae", PERSON, "City of Busan") == "eun-ae-lee-2"
    assert last(naming, "Eun-ae Lee", PERSON, "City of Seoul", "City of Busan") == "?"
    question = naming.meant("Eun-ae Lee", [PERSON]).question
    assert question is not None
    assert [choice.reason.key for choice in question.choices] == ["names.same-name"] * 2


def test_numbers_tell_things_apart(naming: Naming) -> None:
    assert naming.meant("Global Social Economy Forum 2018", [EVENT]).new
    assert last(naming, "Global Social Economy Forrum 2016", EVENT) == "?"


def test_looking_makes_nothing_new(naming: Naming) -> None:
    made = naming.made
    assert not naming.known("City of Daegu", ORGANISATION)
    assert naming.made is made
    assert made == {}
    assert naming.known("City of Seoul", ORGANISATION)
    new = naming.meant("City of Daegu", [ORGANISATION])
    assert naming.known("city of daegu", ORGANISATION)
    assert naming.meant("CITY OF DAEGU", [ORGANISATION]).iri == new.iri
    assert made


def test_what_is_new_in_one_file_is_known_in_the_next(cli: Cli, tmp_path: Path) -> None:
    own = tmp_path / "own"
    cli("init", own)
    source = (
        "source: {document: Letter, publishedAt: 'https://a.example/b', language: en, quote: %s}"
    )
    one, two = tmp_path / "1.yaml", tmp_path / "2.yaml"
    one.write_text(
        "event: Meeting A\nlang: en\nonline: yes\nspeakers: Ana B (member, Club C)\n"
        + source % "Ana B of Club C spoke",
        "utf-8",
    )
    two.write_text(
        "event: Meeting D\nlang: en\nonline: yes\norganisers: {organisation: Club C}\n"
        "partners: id-org:club-c\n" + source % "organised by Club C",
        "utf-8",
    )
    done = cli("add", one, two, "--project", own, "--quote-unchecked")
    assert done.code == 0, done.out
    with Graph.open(project=own) as graph:
        assert len(graph.query("SELECT ?o { ?o a gsef:Organisation }")) == 1


def test_a_name_of_another_script_is_found_in_latin_letters(naming: Naming) -> None:
    for text in ("Nikos Papadopoulos", "PAPADOPOULOS Nikos", "Nikos Papadopulos"):
        question = naming.meant(text, [PERSON]).question
        assert question is not None, text
        assert [choice.iri for choice in question.choices] == [f"{ID}/person/nikos-papadopoulos"]
    assert last(naming, "Νικος παπαδοπουλος", PERSON) == "nikos-papadopoulos"  # the very name
    assert naming.resolver.resolve("nikos papadopoulos").value.endswith("/nikos-papadopoulos")
    assert [hit.label for hit in naming.resolver.search("papadop")] == ["Νίκος Παπαδόπουλος"]


def test_a_name_in_latin_letters_is_found_in_another_script(naming: Naming) -> None:
    question = naming.meant("Юрий Гагарин", [PERSON]).question
    assert question is not None
    assert [choice.iri for choice in question.choices] == [f"{ID}/person/yuriy"]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("이은애", "ieunae"),
        ("Владимир Петров", "vladimir-petrov"),
        ("محمد يونس", "mhmd-ywns"),
        ("山田太郎", "shantiantailang"),
        ("Χρήστος Ευαγγέλου", "christos-evangelou"),
        ("ΟΥΡΑΝΟΣ Γιώργος", "ouranos-giorgos"),
        ("Éva Łódź – № 5", "eva-lodz-no-5"),
    ],
)
def test_a_new_name_of_any_script_has_a_slug(naming: Naming, text: str, slug: str) -> None:
    assert last(naming, text, PERSON) == slug
    assert last(naming, text.upper(), PERSON) == slug


def test_names_that_are_one_in_latin_letters_stay_two(naming: Naming) -> None:
    first, second = last(naming, "李娜", PERSON), last(naming, "李纳", PERSON)
    assert first == "lina"
    assert second.startswith("lina-")
    assert last(naming, "李娜", PERSON) == first
    assert last(naming, "Nikos-Papadopoulos!", ORGANISATION) == "nikos-papadopoulos"


def test_a_label_keeps_its_script(cli: Cli, tmp_path: Path) -> None:
    own, record = tmp_path / "own", tmp_path / "a.yaml"
    cli("init", own)
    record.write_text("organisation: {ko: 서울사회적경제지원센터}\nkind: network\n", "utf-8")
    done = cli("add", record, "--project", own)
    assert done.code == 0, done.out
    text = (own / "data/entities/organisations.ttl").read_text("utf-8")
    assert 'skos:prefLabel "서울사회적경제지원센터"@ko' in text
    assert "id-org:seoulsahoejeoggyeongjejiwonsenteo" in text
