"""Citations of documents: what they say, and that readers of BibTeX and CSL read them back."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from gsefgraph.graph.citation import Author, Citation, cite
from gsefgraph.graph.graph import Graph
from gsefgraph.terms import GSEF, RDF, SKOS
from gsefgraph.wording import LANGUAGES
from tests.commands import Cli

ITEM = "id-doc:gsef-advocacy-fr.ilo-declaration"
ADDRESS = "https://gsef-net.org/fr/project-international-advocacy"
TEX = {
    r"\textbackslash{}": "\\", r"\textbraceleft{}": "{", r"\textbraceright{}": "}",
    r"\textasciitilde{}": "~", r"\textasciicircum{}": "^", r"\%": "%", r"\&": "&", r"\#": "#",
    r"\$": "$", r"\_": "_",
}  # fmt: skip


def parsed(entry: str) -> tuple[str, str, dict[str, str]]:
    """An entry as BibTeX reads it: braces are counted whatever stands before them."""
    head = re.match(r"@(\w+)\{([^\s,{}]+),\s*", entry)
    assert head is not None
    fields, at = {}, head.end()
    while entry[at] != "}":
        name = re.compile(r"(\w+) = ").match(entry, at)
        assert name is not None, entry[at:]
        at = name.end()
        if entry[at] == "{":
            start, depth = at + 1, 0
            while True:
                depth += {"{": 1, "}": -1}.get(entry[at], 0)
                at += 1
                if not depth:
                    break
            value = entry[start : at - 1]
        else:
            word = re.compile(r"[a-z]{3}").match(entry, at)
            assert word is not None, entry[at:]
            value, at = word[0], word.end()
        assert name[1] not in fields
        fields[name[1]] = value
        rest = re.compile(r",\s*").match(entry, at)
        assert rest is not None, entry[at:]
        at = rest.end()
    assert entry[at:] == "}\n"
    return head[1], head[2], fields


def plain(value: str) -> str:
    """What TeX sets: braces group, and what it would obey has a name."""
    value = value.removeprefix("{").removesuffix("}")
    return re.sub("|".join(map(re.escape, TEX)), lambda match: TEX[match[0]], value)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Global Social Economy Forum (23 July 2019). “GSEF welcomes the ILO’s commitment to"
         " promoting the social and solidarity economy and cooperatives in its Declaration on the"
         f" future of work”, in: GSEF project: international advocacy. {ADDRESS}"),
        ("fr", "Forum mondial de l’économie sociale (23 juillet 2019). «\u00a0GSEF salue"
         " l’engagement de l’OIT envers la promotion de l’économie sociale et solidaire et des"
         " coopératives dans sa Déclaration sur l’avenir du travail\u00a0», dans\u00a0:"
         f" Projet du GSEF : plaidoyer international. {ADDRESS}"),
        ("es", "Foro Global de la Economía Social (23 de julio de 2019). «GSEF welcomes the ILO’s"
         " commitment to promoting the social and solidarity economy and cooperatives in its"
         " Declaration on the future of work», en: GSEF project: international advocacy."
         f" {ADDRESS}"),
    ],
)  # fmt: skip
def test_an_item_is_cited_in_its_page(cli: Cli, lang: str, text: str) -> None:
    done = cli("cite", ITEM, "--lang", lang)
    assert (done.code, done.out, done.err) == (0, f"{text}\n", "")


def test_an_item_is_an_entry_with_the_page_as_its_book(cli: Cli) -> None:
    done = cli("cite", ITEM, "-f", "bibtex")
    kind, key, fields = parsed(done.out)
    assert (kind, key) == ("incollection", "gsef-advocacy-fr.ilo-declaration")
    assert fields.pop("title").startswith("{GSEF welcomes the ILO’s")
    assert fields == {
        "author": "{Global Social Economy Forum}",
        "booktitle": "{GSEF project: international advocacy}",
        "year": "2019", "month": "jul", "day": "23", "url": ADDRESS, "language": "en",
    }  # fmt: skip


def test_an_item_is_csl_with_the_page_as_its_container(cli: Cli) -> None:
    (item,) = json.loads(cli("cite", ITEM, "-f", "csl").out)
    assert item.pop("title").startswith("GSEF welcomes the ILO’s")
    assert item == {
        "id": "gsef-advocacy-fr.ilo-declaration", "type": "webpage",
        "author": [{"literal": "Global Social Economy Forum"}],
        "container-title": "GSEF project: international advocacy",
        "issued": {"date-parts": [[2019, 7, 23]]}, "URL": ADDRESS, "language": "en",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("issued", "said", "fields", "parts"),
    [
        ("2020-05-06", "6 May 2020", {"year": "2020", "month": "may", "day": "6"}, [2020, 5, 6]),
        ("2020-12", "December 2020", {"year": "2020", "month": "dec"}, [2020, 12]),
        ("2020", "2020", {"year": "2020"}, [2020]),
        ("", "n.d.", {}, None),
    ],
)
def test_a_date_is_as_precise_as_it_is(
    issued: str, said: str, fields: dict[str, str], parts: list[int] | None
) -> None:
    one = Citation("a", "T", issued=issued, authors=(Author("B"),))
    assert one.to_text("en") == f"B ({said}). “T”."
    assert one.to_csl().get("issued") == (parts and {"date-parts": [parts]})
    found = parsed(one.to_bibtex())[2]
    assert {k: v for k, v in found.items() if k not in ("title", "author")} == fields


@pytest.mark.parametrize(
    ("one", "texts"),
    [
        (Citation("a", "T"), ("“T” (n.d.).", "«\u00a0T\u00a0» (s.\u00a0d.).", "«T» (s.\u00a0f.).")),
        (Citation("a", "T", issued="2019-06", container="C"),
         ("“T”, in: C (June 2019).", "«\u00a0T\u00a0», dans\u00a0: C (juin 2019).",
          "«T», en: C (junio de 2019).")),
        (Citation("a", "T", authors=(Author("A"), Author("B")), issued="2019"),
         ("A, B (2019). “T”.", "A, B (2019). «\u00a0T\u00a0».", "A, B (2019). «T».")),
    ],
)  # fmt: skip
def test_what_is_not_known_is_not_there(one: Citation, texts: tuple[str, ...]) -> None:
    assert tuple(one.to_text(lang) for lang in LANGUAGES) == texts


def test_names_of_people_may_be_taken_apart_and_those_of_others_not() -> None:
    people = (Author("Ana Ejemplo", True), Author("Research and Policy"), Author("B, C", True),
              Author("Dean and Dawn", True))  # fmt: skip
    fields = parsed(Citation("a", "T", authors=people).to_bibtex())[2]
    assert fields["author"] == (
        "Ana Ejemplo and {Research and Policy} and {B, C} and {Dean and Dawn}"
    )


@given(st.text(min_size=1), st.text(alphabet="{}\\%&#$_~^ é", min_size=1))
def test_bibtex_reads_back_what_was_written(title: str, name: str) -> None:
    one = Citation("a", title, authors=(Author(name),), container=name)
    kind, _, fields = parsed(one.to_bibtex())
    assert kind == "incollection"
    assert Citation("a", plain(fields["title"])).to_bibtex() == Citation("a", title).to_bibtex()
    assert plain(fields["author"]) == re.sub(" +", " ", name)
    assert not re.search(r"(?<!\\)[%&#$_]", fields["booktitle"])


@given(st.text(alphabet="ab{}\\ /%#~_", max_size=12))
def test_an_address_closes_its_braces(rest: str) -> None:
    fields = parsed(Citation("a", "T", address=f"https://a.example/{rest}").to_bibtex())[2]
    assert not set(fields["url"]) & set("{}\\ ")


def node(slug: str, kind: str = "doc") -> NamedNode:
    return NamedNode(f"https://w3id.org/gsefgraph/id/{kind}/{slug}")


def test_a_document_is_cited_by_what_the_graph_says(tmp_path: Path) -> None:
    graph = Graph.open()
    made = NamedNode("https://w3id.org/gsefgraph/graph/x")

    def quad(subject: NamedNode, prop: str, value: NamedNode | Literal) -> Quad:
        iri = prop if ":" in prop else f"{GSEF}{prop}"
        return Quad(subject, NamedNode(iri), value, made)

    one, whole, page = node("one"), node("whole"), node("page")
    dcterms = "http://purl.org/dc/terms/"
    year = Literal("2021", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#gYear"))
    document = NamedNode(f"{GSEF}Document")
    graph.engine.load([
        quad(one, f"{RDF}type", document), quad(whole, f"{RDF}type", document),
        quad(page, f"{RDF}type", document),
        quad(one, f"{SKOS}prefLabel", Literal("Une chose & l’autre", language="fr")),
        quad(one, f"{SKOS}prefLabel", Literal("One thing & the other", language="en")),
        quad(whole, f"{SKOS}prefLabel", Literal("Chapitre", language="fr")),
        quad(page, f"{SKOS}prefLabel", Literal("Site", language="fr")),
        quad(one, f"{dcterms}isPartOf", whole), quad(whole, f"{dcterms}isPartOf", page),
        quad(page, f"{dcterms}isPartOf", one),
        quad(page, f"{dcterms}language", Literal("fr")), quad(page, "issued", year),
        quad(whole, f"{dcterms}creator", Literal("Quelqu’un")),
        quad(page, "issuedBy", node("gsef", "org")),
        quad(page, f"{dcterms}source", NamedNode("https://example.org/p")),
    ])  # fmt: skip
    graph._hold(graph.engine)
    assert cite(graph, one.value, "en") == Citation(
        "one", "Une chose & l’autre", "fr", (Author("Quelqu’un"),), "2021", "https://example.org/p",
        "Site", "webpage",
    )  # fmt: skip
    graph.close()


def test_kinds_are_those_of_csl() -> None:
    with Graph.open() as graph:
        assert cite(graph, "id-doc:gsef-advocacy-fr").kind == "webpage"
        assert cite(graph, "Praia Manifesto").kind == "document"


@pytest.mark.parametrize("format_", ["text", "bibtex", "csl"])
def test_the_same_document_has_the_same_citation(cli: Cli, format_: str) -> None:
    assert cli("cite", ITEM, "-f", format_).out == cli("cite", ITEM, "-f", format_).out


def test_what_is_no_document_is_not_cited(cli: Cli) -> None:
    done = cli("cite", "OECD")
    assert done.code == 2
    assert "among Document" in done.err
    near = cli("cite", "Praia Manifest", "--lang", "fr")
    assert near.code == 2
    assert "id-doc:praia-manifesto" in near.err
