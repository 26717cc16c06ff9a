"""Passages found for nodes, and every fault that a quote or a source text can have."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad

import gsefgraph
from gsefgraph.engine.embedded import Embedded
from gsefgraph.evidence import Fault, Passage, locate, naming, passages, verify
from gsefgraph.graph import build
from gsefgraph.project import find
from gsefgraph.terms import GSEF
from gsefgraph.wording import say
from tests.reasoning import engine_of, node, turtle

TEXT = "Le GSEF a été créé\nà Séoul en 2013. 😀 Il\u00a0agit.\nLe GSEF agit.\n"
DOC = "https://w3id.org/gsefgraph/id/doc/page"
SOURCES = {DOC: TEXT}


def cited(start: object, end: object, quote: str, more: str = "") -> str:
    return (
        f'id-evidence:page.1 a gsef:Evidence ; gsef:source id-doc:page ; gsef:quote "{quote}"@fr ;'
        f" gsef:start {start} ; gsef:end {end} . :fact gsef:evidence id-evidence:page.1 . {more}"
    )


def faults(text: str, sources: dict[str, str] | Path = SOURCES) -> list[Fault]:
    return verify(engine_of(turtle(text)), sources)


def test_a_quote_that_stands_where_it_says_has_no_fault() -> None:
    at = TEXT.index("Il\u00a0agit")
    assert faults(cited(at, at + 7, "Il\u00a0agit")) == []


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (cited(9, 19, "été créé\\nà"), "moved", "9–19 but at 10–20"),
        (cited(0, 8, "Le GSEF"), "several", "(0–7, 47–54)"),
        (cited(0, 7, "la GSEF"), "absent", "it reads “Le GSEF”"),
        (cited(47, 99, "Le GSEF agit!"), "absent", "“Le GSEF agit.”"),
        (cited(0, 7, ""), "empty", "empty"),
        (cited(30, 34, "2013"), "empty", "no letter"),
        (cited(7, 7, "Le GSEF"), "offsets", "start 7 and end 7"),
        (cited(-1, 7, "Le GSEF"), "offsets", "start -1"),
        (cited('"x"', 7, "Le GSEF"), "offsets", "start ?"),
        (cited("'²'", 7, "Le GSEF"), "offsets", "start ?"),
        (cited(0, 7, "Le GSEF", ":x skos:altLabel 'LE  gsef'@fr ."), "name", "only a name"),
        (cited(0, 7, "Le GSEF", ":x dcterms:title 'Le GSEF.' ."), "name", "only a name"),
    ],
)
def test_each_fault_of_a_quote_is_named(text: str, code: str, said: str) -> None:
    (fault,) = faults(text)
    assert fault.code == code
    assert said in fault.to_text("en")
    assert fault.evidence == node("id-evidence:page.1")
    assert "\n" not in fault.to_text("fr")


def test_a_quote_that_moved_says_where_it_is() -> None:
    (fault,) = faults(cited(9, 19, "été créé\\nà"))
    assert fault.found == (10, 20)
    assert (fault.line, fault.column) == (1, 10)
    assert fault.to_json()["found"] == [10, 20]
    assert fault.to_json()["evidence"].endswith("/evidence/page.1")
    iri = "https://w3id.org/gsefgraph/id/evidence/page.1"
    assert fault.to_text("es").startswith(f"1:10: <{iri}>: la cita")


def test_evidence_without_a_document() -> None:
    text = 'id-evidence:page.1 a gsef:Evidence ; gsef:quote "a" ; gsef:start 0 ; gsef:end 1 .'
    assert [fault.code for fault in faults(text)] == ["no-document"]


def test_words_without_a_stored_text_have_no_place_to_stand_at() -> None:
    nowhere = (
        "id-evidence:letter.1 a gsef:Evidence ; gsef:source id-doc:letter ;"
        " gsef:quote {} ; gsef:checked false ."
    )
    assert faults(nowhere.format('"we met in the spring"@en'), {}) == []
    assert [fault.code for fault in faults(nowhere.format('"2019"@en'), {})] == ["empty"]
    placed = nowhere.replace("gsef:checked", "gsef:start 0 ; gsef:checked")
    found = faults(placed.format('"we met in the spring"@en'), {})
    assert [fault.code for fault in found] == ["source", "offsets"]


def test_the_digest_of_the_text() -> None:
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    line = "id-doc:page gsef:textDigest '{}' ."
    assert faults(cited(0, 9, "Le GSEF a", line.format(digest.upper()))) == []
    (fault,) = faults(cited(0, 9, "Le GSEF a", line.format("0" * 64)))
    assert (fault.code, fault.evidence, fault.document) == ("digest", None, NamedNode(DOC))
    assert digest in fault.to_text("en")


def test_a_text_that_is_absent_or_unreadable_is_one_fault(tmp_path: Path) -> None:
    (fault,) = faults(cited(0, 9, "Le GSEF a"), tmp_path)
    assert (fault.code, fault.file) == ("source", str(tmp_path / "page.txt"))
    assert "(1)" in fault.to_text("en")
    tmp_path.joinpath("page.txt").write_bytes(TEXT.encode("latin-1", "replace"))
    (fault,) = faults(cited(0, 9, "Le GSEF a"), tmp_path)
    assert fault.code == "unreadable"
    assert "octet 10" in fault.to_text("fr")
    tmp_path.joinpath("page.txt").unlink()
    tmp_path.joinpath("page.txt").mkdir()
    assert [fault.code for fault in faults(cited(0, 9, "Le GSEF a"), tmp_path)] == ["unreadable"]


def test_no_file_outside_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("Le GSEF a")
    inner = tmp_path / "sources"
    inner.mkdir()
    text = cited(0, 9, "Le GSEF a").replace(
        "id-doc:page", "<https://w3id.org/gsefgraph/id/doc/../secret>"
    )
    assert [fault.code for fault in faults(text, inner)] == ["source"]


def test_bytes_count_as_they_are(tmp_path: Path) -> None:
    content = "\ufeffLigne\r\nDeux é"
    tmp_path.joinpath("page.txt").write_bytes(content.encode())
    assert faults(cited(8, 14, "Deux é"), tmp_path) == []


def test_an_item_inside_a_page_is_found_in_the_page() -> None:
    text = cited(0, 9, "Le GSEF a").replace("gsef:source id-doc:page", "gsef:source id-doc:page.i")
    whole = " id-doc:page.i dcterms:isPartOf id-doc:page ."
    whole += " id-doc:page dcterms:isPartOf id-doc:page.i ."
    assert faults(text + whole) == []
    assert [fault.code for fault in faults(text)] == ["source"]


def test_faults_come_document_first_and_in_the_order_of_the_text() -> None:
    text = cited(9, 19, "été créé\\nà", "id-doc:page gsef:textDigest '0' .")
    text += cited(3, 7, "nulle part").replace("page.1", "page.2")
    assert [fault.code for fault in faults(text)] == ["digest", "absent", "moved"]


def test_a_fault_is_said_in_english_where_a_language_is_not_known() -> None:
    message = say("evidence.empty").texts()
    fault = Fault("empty", None, None, message)
    assert fault.to_text("de") == message["en"]


@given(st.text(alphabet="ab\né", max_size=30), st.data())
def test_a_place_is_found_again(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    line, column = locate(text, offset)
    lines = text.split("\n")
    assert sum(len(one) + 1 for one in lines[: line - 1]) + column - 1 == offset


@given(st.text(min_size=1, max_size=40), st.data())
def test_a_quote_taken_from_a_text_stands_there_and_nowhere_else_unless_twice(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = text[start:end]
    if not any(char.isalpha() for char in quote) or any(0xD800 <= ord(c) < 0xE000 for c in text):
        return
    escaped = "".join(f"\\U{ord(char):08x}" for char in quote)
    assert faults(cited(start, end, escaped), {DOC: text}) == []
    for fault in faults(cited(start + 1, end + 1, escaped), {DOC: text}):
        assert fault.code in ("moved", "several")
        assert fault.found in (None, (start, end))


# --- passages -----------------------------------------------------------------------------------


def test_passages_of_nodes_in_order_with_notes_and_what_they_support() -> None:
    one = """:fact gsef:evidence id-evidence:b , id-evidence:a ; gsef:role :r ; gsef:agent :x .
    :other gsef:evidence id-evidence:b ; gsef:event :e .
    id-evidence:a gsef:source id-doc:page ; gsef:start 9 ; gsef:end 12 ; gsef:quote "neuf"@fr ;
      gsef:note "was read so"@en , "lu ainsi"@fr .
    id-evidence:b gsef:source id-doc:page ; gsef:start 2 ; gsef:end 5 ; gsef:quote "deux" ;
      gsef:supports gsef:role , gsef:startDate ."""
    engine = engine_of(turtle(one))
    found = passages(engine, [node(":other"), node(":fact"), node(":none"), node(":fact")])
    assert list(found) == [node(":other"), node(":fact"), node(":none")]
    assert found[node(":none")] == []
    first, second = found[node(":fact")]
    assert (first.start, first.end, first.quote, first.language) == (2, 5, "deux", "")
    assert first.supports == (node("gsef:role"),)
    assert first.is_for(node("gsef:role"))
    assert not first.is_for(node("gsef:agent"))
    assert second.is_for(node("gsef:agent"))
    assert second.notes == ("was read so", "lu ainsi")
    assert [note.language for note in second.notes] == ["en", "fr"]
    assert [second.note(lang) for lang in ("fr", "en", "es")] == [
        "lu ainsi",
        "was read so",
        "was read so",
    ]
    assert first.note("fr") == ""
    # What it supports elsewhere is not stated here, so here it is for everything stated.
    (shared,) = found[node(":other")]
    assert shared.is_for(node("gsef:event"))


def test_passages_of_one_graph_and_of_all() -> None:
    engine = Embedded()
    text = turtle(":fact gsef:evidence id-evidence:a . id-evidence:a gsef:quote 'q' .")
    graphs = [node(":g1"), node(":g2")]
    for graph in graphs:
        engine.load(Quad(t.subject, t.predicate, t.object, graph) for t in text)
    fact = node(":fact")
    assert len(passages(engine, [fact])[fact]) == 1
    assert [p.graph for p in passages(engine, [fact], graph=graphs[1])[fact]] == [graphs[1]]
    assert passages(engine, [fact], graph=node(":g3")) == {fact: []}


def test_a_passage_names_a_thing_by_whole_words() -> None:
    names = 'id-org:un skos:prefLabel "Nations Unies"@fr ; gsef:acronym "UN"@en . :x a :Y .'
    says = naming(engine_of(turtle(names)), [node("id-org:un"), node(":x")])

    def tried(quote: str, thing: str = "id-org:un") -> bool:
        return says[node(thing)](Passage(node(":e"), None, 0, 9, quote, "fr"))

    assert tried("les nations unies")
    assert tried("at the UN.")
    assert not tried("un événement")
    assert not tried("avec UNDESA")
    assert not tried("les Nations Unies", ":x")


def test_what_a_text_mentions_rests_on_the_words_that_say_so() -> None:
    with gsefgraph.open() as graph:
        mentions = NamedNode(f"{GSEF}mentions")
        found = list(graph.engine.lookup([(None, mentions, None)]))
        assert len(found) > 60
        many = {
            quad.object: len(graph.explain(*(t.value for t in quad.triple)).passages)
            for quad in found
        }
    assert max(many.values()) <= 6
    assert min(many.values()) >= 1


def test_many_nodes_are_asked_for_in_several_queries() -> None:
    lines = "".join(
        f":n{n} gsef:evidence id-evidence:e{n} . id-evidence:e{n} gsef:start {n} ."
        for n in range(450)
    )
    found = passages(engine_of(turtle(lines)), [node(f":n{n}") for n in range(450)])
    assert [held[0].start for held in found.values()] == list(range(450))


# --- the shipped data ---------------------------------------------------------------------------


def test_every_shipped_quote_stands_in_its_source() -> None:
    project = find()
    engine = build.Given(project).memory()
    assert verify(engine, project.source_texts) == []
    changed = project.source_texts.joinpath("gsef-advocacy-fr.txt").read_bytes().decode()
    iri = "https://w3id.org/gsefgraph/id/doc/gsef-advocacy-fr"
    found = [each for each in verify(engine, {iri: f"x{changed}"}) if each.code != "source"]
    assert found[0].code == "digest"
    assert len(found) > 60
    for fault in found[1:]:
        assert fault.code in ("moved", "several")
        if fault.found:
            assert fault.evidence is not None
            start = int(fault.evidence.value.rpartition(".")[2].split("-")[0])
            assert fault.found[0] == start + 1
