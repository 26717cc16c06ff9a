"""Sources and passages on screen: every passage in its place, and what is handed in stays text."""

from __future__ import annotations

import re
import shutil
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

import pytest
from pyoxigraph import NamedNode

from gsefgraph.evidence import Mark, Omission, segments, source_of
from gsefgraph.graph.graph import Graph
from gsefgraph.web import shown
from gsefgraph.web.pages import text
from tests.web import Web

PASSAGE = "/page/evidence/gsef-advocacy-fr.2848-3096"
TEXT = "/sources/gsef-advocacy-fr"
HOSTILE = """
@prefix gsef: <https://w3id.org/gsefgraph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix doc: <https://w3id.org/gsefgraph/id/doc/> .
@prefix e: <https://w3id.org/gsefgraph/id/evidence/> .
@prefix org: <https://w3id.org/gsefgraph/id/org/> .
doc:bad a gsef:Document ; skos:prefLabel "<script>alert(1)</script>"@en ;
  gsef:issuedBy org:o ; gsef:textDigest "00" ;
  dcterms:language "en", "\\"><b>" ; dcterms:source <javascript:alert(1)>, <https://example.org/a> .
org:o a gsef:Organisation ; skos:prefLabel "O & <o>"@en ; gsef:evidence e:bad.0-9, e:bad.4-6 .
e:bad.0-9 a gsef:Evidence ; gsef:source doc:bad ; gsef:quote "one <b> t"@en ;
  gsef:start 0 ; gsef:end 9 .
e:bad.4-6 a gsef:Evidence ; gsef:source doc:bad ; gsef:quote "gone"@en ; gsef:start 4 ; gsef:end 6 .
<urn:e'1> a gsef:Evidence ; gsef:source doc:none ; gsef:quote "<script>x</script>"@fr ;
  gsef:checked false .
doc:none a gsef:Document .
doc:odd a gsef:Document ; gsef:textDigest "00" .
"""


@pytest.fixture(scope="module")
def web() -> Web:
    return Web()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Web:
    root = tmp_path_factory.mktemp("hostile")
    (root / "data" / "documents").mkdir(parents=True)
    (root / "data" / "sources").mkdir()
    (root / "data" / "documents" / "bad.ttl").write_text(HOSTILE, "utf-8")
    (root / "data" / "sources" / "bad.txt").write_text("one <b> two\n<script>x</script>", "utf-8")
    (root / "data" / "sources" / "odd.txt").write_bytes(b"ab\xff\xfe")
    (root / "data" / "sources" / "bad.left-out.md").write_text(
        "| start | end | quote | why |\n|---|---|---|---|\n"
        "| 8 | 11 | two | <i>since</i> |\n| 5 | 900 | far | no |\n| x | 2 | a | b |\n",
        "utf-8",
    )
    return Web(Graph.open(project=root))


def test_every_passage_of_a_text_stands_in_its_place(web: Web) -> None:
    """The words on the page are those of the file, each passage a link."""
    page = web.get(f"{TEXT}?lang=en").text
    article = page.partition('<article class="source"')[2].partition("</article>")[0]
    words = re.sub(r"<[^>]+>", " ", article.partition(">")[2])
    file = Path("data/sources/gsef-advocacy-fr.txt").read_text("utf-8")
    plain = words.replace("&#39;", "'").replace("&#34;", '"').replace("&amp;", "&")
    assert re.sub(r"\s", "", plain) == re.sub(r"\s", "", file)
    assert 'id="c2848"' in article
    assert 'title="passage 2848–2988"' in article
    assert "159 passages" in page
    assert "Courtesy titles have no term." in page
    assert not re.search(r"<h[1-6]", article)


def test_no_id_stands_twice(web: Web, hostile: Web) -> None:
    for one, path in ((web, TEXT), (web, PASSAGE), (web, "/sources"), (hostile, "/sources/bad")):
        ids = re.findall(r' id="([^"]+)"', one.get(path).text)
        assert len(ids) == len(set(ids)), path


def test_the_list_counts_what_the_text_shows(web: Web) -> None:
    page = web.get("/sources?lang=fr").text
    assert re.search(r'data-h="Passages">159<', page)
    assert "anglais, français" in page
    assert 'href="/sources/gsef-advocacy-fr?lang=fr"' in page


def test_a_part_of_a_page_leads_to_the_text_that_holds_it(web: Web) -> None:
    found = web.get("/sources/gsef-advocacy-fr.special-session?lang=fr")
    assert (found.status_code, found.headers["location"]) == (303, f"{TEXT}?lang=fr")


@pytest.mark.parametrize("path", ["/sources/oecd", f"{TEXT}?part=2", "/sources?page=0", TEXT + "x"])
def test_what_is_no_source_is_not_found(web: Web, path: str) -> None:
    assert web.get(path).status_code == 404


@pytest.mark.parametrize("lang", ["en", "fr", "es"])
def test_a_passage_is_marked_in_its_text(web: Web, lang: str) -> None:
    page = web.get(f"{PASSAGE}?lang={lang}").text
    (quoted,) = re.findall(r'<mark id="p">(.*?)</mark>', page)
    assert "en collaboration avec" in quoted
    assert page.count("<article") == 1
    assert 'class="left"' not in page  # what is left out is marked on the page of the text alone
    assert 'class="left"' in web.get(TEXT).text
    assert f'href="/page/goal/17.17?lang={lang}"' in page
    assert f'href="{PASSAGE}?before=all&amp;lang={lang}#p"' in page
    assert 'rel="prev"' in page
    assert 'rel="next"' in page
    assert "✓" in page


@pytest.mark.parametrize(
    ("place", "lines"),
    [
        (
            "2848-3096",  # a partner of a session, which serves a target
            [
                "● Organisation for Economic Co-operation and Development was a partner of",
                "◐ “Maximising the social impact of the SSE",
                "○ Global Social Economy Forum and Organisation for Economic Co-operation",
                "○ “Maximising the social impact of the SSE",
            ],
        ),
        ("1030-1086", ["○ “Habitat III” was held in Ecuador"]),
        ("4665-4713", ["● These words speak of: GSEF2021"]),  # nothing more is said of it here
        # Who takes part, or holds a post, is said by the sentence: nothing new is derived.
        ("3692-3777", ["● Antonella Noya", "● Antonella Noya"]),
        ("172-197", ["● “GSEF project: international advocacy” mentions Global Social Economy"]),
    ],
)
def test_a_passage_tells_what_it_supports_and_what_is_derived_from_that(
    web: Web, place: str, lines: list[str]
) -> None:
    page = web.get(f"/page/evidence/gsef-advocacy-fr.{place}?lang=en").text
    (supports,) = re.findall(r'<ul class="facts">(.*?)</ul>', page, re.DOTALL)
    marks = {"st": "●", "st c": "◐", "st d": "○"}
    found = []
    for item in re.findall(r"<li>(.*?)</li>", supports, re.DOTALL):
        (kind,) = re.findall(r'^<span class="(st[^"]*)"', item)
        words = re.sub(r"<details.*|<[^>]+>", "", item)
        found.append(f"{marks[kind]} {words}")
        assert ("/why?" in item) == (kind == "st d")
    for line in lines:
        assert any(each.startswith(line) for each in found), found
    if lines[0][0] != "○":
        assert len(found) == len(lines)


def test_of_very_much_that_is_derived_some_is_told(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gsefgraph.graph.pages.documents.FOLLOWING", 1)
    page = Web().get("/page/evidence/gsef-advocacy-fr.2848-3096?lang=en").text
    assert page.count('class="st d"') == 1
    assert "3 of 4 are shown here" in page
    monkeypatch.setattr("gsefgraph.graph.graph._NEAR", 1)
    page = Web().get("/page/evidence/gsef-advocacy-fr.2848-3096?lang=en").text
    assert "more may follow from this" in page


def test_all_of_the_text_is_shown_where_it_is_asked_for(web: Web) -> None:
    page = web.get(f"{PASSAGE}?before=all&after=all").text
    assert "En collaboration avec des organisations" in page
    assert "improved living standards for all" in page
    assert "before=all" not in page.partition("<article")[2]


def test_words_that_are_gone_are_told(hostile: Web) -> None:
    page = hostile.get("/page/evidence/bad.4-6?lang=en").text
    assert "These words are no longer in the text." in page
    assert "<q>gone</q>" in page
    assert "<mark id" not in page
    assert "Passages that are not in the text" in hostile.get("/sources/bad?lang=en").text
    assert "the text is not the one that the graph describes" in hostile.get("/sources/bad").text


@pytest.fixture(scope="module")
def changed(web: Web, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Web]:
    """The shipped graph beside a text whose words are gone, one where they moved, and none."""
    words = Path("data/sources/gsef-advocacy-fr.txt").read_text("utf-8")
    found = {"": web}
    for how, content in (
        ("gone", words.replace("modérée par Mme", "moderee par Mme")),
        ("moved", f"+{words}"),
        ("none", ""),
    ):
        root = tmp_path_factory.mktemp(how)
        shutil.copytree("data", root / "data")
        if content:
            (root / "data" / "sources" / "gsef-advocacy-fr.txt").write_text(content, "utf-8")
        else:
            shutil.rmtree(root / "data" / "sources")
        found[how] = Web(Graph.open(project=root))
    return found


NOYA = "/page/person/antonella-noya"
MODERATOR = (
    "<https://w3id.org/gsefgraph/id/participation/untfsse-conference-2019.gsef-session."
    "antonella-noya.moderator>"
)
WHY = {
    "s": MODERATOR,
    "p": "<https://w3id.org/gsefgraph/ontology#agent>",
    "o": "<https://w3id.org/gsefgraph/id/person/antonella-noya>",
}


@pytest.mark.parametrize("how", ["gone", "moved", "none", ""])
@pytest.mark.parametrize(
    ("path", "facts", "quotes"),
    [  # how many facts and quotes of each page rest on the words that are gone
        (NOYA, 4, 4),
        (f"/why?{urlencode(WHY)}", 1, 1),
        ("/questions/roles-held", 0, 1),
        ("/search?q=modérée", 0, 2),
        ("/questions/document-evidence?document=id-doc:gsef-advocacy-fr&page=2", 0, 3),
        ("/page/evidence/gsef-advocacy-fr.3692-3777", 0, 2),
    ],
)
def test_a_fact_whose_words_are_gone_says_so(
    changed: dict[str, Web], path: str, facts: int, quotes: int, how: str
) -> None:
    """On the fact and on its passage; where there is no text to tell, nothing is said."""
    page = changed[how].get(path).text
    told = {
        "gone": ["fact rests on are no longer in the text", "These words are no longer in the"],
        "moved": ["fact rests on are in the text, but no", "These words are in the text, but no"],
    }
    found = {key: [page.count(line) for line in lines] for key, lines in told.items()}
    lines = page.count('class="err"') - page.count("the text is not the one that")
    assert lines == sum(found.get(how, ()))
    if how == "gone":
        assert found[how] == [facts, quotes]
    elif how == "moved":
        assert found[how] >= [facts, quotes]


def test_a_passage_of_another_iri_and_without_a_text(hostile: Web) -> None:
    page = hostile.get("/page", params={"iri": "urn:e'1", "lang": "en"})
    assert page.status_code == 200
    assert "nobody has checked" in page.text
    assert "&lt;script&gt;x&lt;/script&gt;" in page.text
    assert "The text is not kept here" in page.text
    assert "1 passage is quoted from it" in hostile.get("/sources/none?lang=en").text


def test_what_a_source_holds_stays_text(hostile: Web) -> None:
    for path in ("/sources", "/sources/bad", "/page/evidence/bad.0-9"):
        page = hostile.get(path).text
        assert "<script>alert" not in page
        assert "<script>x" not in page
        assert "<i>since" not in page
        assert 'href="javascript:' not in page
        assert "javascript:alert(1)" in page
        assert 'href="https://example.org/a"' in page
        assert "&lt;b&gt;" in page
    assert "&lt;i&gt;since" in hostile.get("/sources/bad").text


def test_a_text_that_cannot_be_read_is_told(hostile: Web) -> None:
    page = hostile.get("/sources/odd?lang=en")
    assert page.status_code == 200
    assert "Its text cannot be read" in page.text


def test_an_unknown_passage_leads_to_its_text(web: Web) -> None:
    found = web.get("/page/evidence/gsef-advocacy-fr.1-2?lang=fr")
    assert found.status_code == 404
    assert f"{TEXT}?lang=fr" in found.text
    assert web.get("/page/evidence/nothing").status_code == 404


def test_a_long_text_comes_in_parts() -> None:
    content = ("word " * 2_000 + "\n") * 20
    bounds = text.parts(content)
    assert bounds[0] == 0
    assert bounds[-1] == len(content)
    assert all(two - one <= text.PART for one, two in pairwise(bounds))
    assert all(content[cut - 1] == "\n" for cut in bounds[1:])


def test_segments_know_the_shortest_passage_that_holds_them() -> None:
    marks = [Mark(a, b, NamedNode(f"urn:{a}-{b}")) for a, b in ((0, 10), (0, 4), (2, 6), (20, 30))]
    marks.sort(key=lambda mark: (mark.start, mark.end))
    found = segments(marks, [Omission(3, 8, "why")], 1, 25)
    told = [(s.start, s.end, s.mark and s.mark.evidence.value, s.omission) for s in found]
    assert told == [
        (1, 2, "urn:0-4", None),
        (2, 3, "urn:0-4", None),
        (3, 4, "urn:0-4", 0),
        (4, 6, "urn:2-6", 0),
        (6, 8, "urn:0-10", 0),
        (8, 10, "urn:0-10", None),
        (10, 20, None, None),
        (20, 25, "urn:20-30", None),
    ]


def test_a_text_is_read_once_for_all_its_passages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its passages may be very many."""
    reads = []

    def counted(*given: object) -> object:
        reads.append(given)
        return source_of(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(shown, "source_of", counted)
    web = Web()
    for path in (TEXT, PASSAGE, f"{PASSAGE}?before=all"):
        assert web.get(path).status_code == 200
    assert len(reads) == 1
