"""Texts of sources: what a page says, where its text is stored, and what is refused."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from gsefgraph.errors import UsageError
from gsefgraph.graph.graph import Graph
from tests.commands import ROOT, Cli

PLACE = ROOT / "ontology" / "examples" / "place-within-a-country.ttl"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one's own that knows what the package's does."""
    shutil.copytree(ROOT / "data", tmp_path / "p" / "data")
    return tmp_path / "p"


def test_files_beside_a_record_are_written_in_the_same_step(project: Path) -> None:
    text = project / "data" / "sources" / "new.txt"
    with Graph.open(project=project) as graph:
        first = graph.add(PLACE, beside={text: b"one\n"})
        assert first.files[text] == (0, 0)
        assert first.count == sum(new for new, _ in first.files.values()) > 0
        assert text.read_bytes() == b"one\n"
        assert graph.add(PLACE, beside={text: b"one\n"}).files == {}
        assert graph.add(PLACE, beside={text: b"two\n"}, dry_run=True).files == {text: (0, 0)}
        assert text.read_bytes() == b"one\n"
        assert graph.add(PLACE, beside={text: b"two\n"}).files == {text: (0, 0)}
        assert text.read_bytes() == b"two\n"


def test_a_record_that_does_not_conform_leaves_no_file(project: Path) -> None:
    text = project / "data" / "sources" / "new.txt"
    invalid = ROOT / "ontology" / "examples" / "invalid" / "document.ttl"
    with Graph.open(project=project) as graph:
        assert not graph.add(
            invalid, document="id-doc:gsef-advocacy-fr", beside={text: b"one\n"}
        ).conforms
    assert not text.exists()


def test_a_store_takes_no_files(tmp_path: Path) -> None:
    with Graph.open() as graph:
        graph.store = "elsewhere"
        with pytest.raises(UsageError, match="kept in a project"):
            graph.add(PLACE, beside={tmp_path / "a.txt": b""})


UNCHECKED = (
    "event: Réunion A\nlang: fr\ndates: 2019-06-25\nsource:\n  document: {fr: Lettre X}\n"
    "  language: fr\n  quote: la réunion a eu lieu\n"
)


def test_quotes_that_nobody_has_checked_are_asked_for(cli: Cli, project: Path) -> None:
    record = project / "a.yaml"
    record.write_text(UNCHECKED, "utf-8")
    refused = cli("validate", record, "--project", project)
    assert refused.code == 1
    assert "--quote-unchecked" in refused.out
    assert cli("validate", record, "--project", project, "--quote-unchecked").code == 0
    assert cli("add", record, "--project", project, "--quote-unchecked").code == 0
    asked = cli("query", "unchecked-quotes", "--project", project, "--lang", "fr")
    assert asked.out.startswith("1 citation n’a été retrouvée dans aucun texte.")
    assert "la réunion a eu lieu" in asked.out
    assert "Réunion A" in asked.out


def test_alone_there_is_no_quote_to_let_stand(cli: Cli) -> None:
    done = cli("validate", PLACE, "--alone", "--quote-unchecked")
    assert done.code == 2
    assert "--quote-unchecked" in done.err


PAGE = """<!doctype html><html lang="fr-CA"><title>Le forum de Dakar – Réseau</title>
<header>Réseau</header><h1>Le forum de Dakar</h1><p>Le forum a eu lieu à Dakar le 3&nbsp;juin.</p>
"""
TEXT = "Le forum de Dakar\nLe forum a eu lieu à Dakar le 3\u00a0juin.\n"


@pytest.fixture
def own(tmp_path: Path, cli: Cli) -> Path:
    """A project that begins, with a page beside it."""
    folder = tmp_path / "own"
    assert cli("init", folder, "--lang", "fr").code == 0
    (folder / "page.html").write_text(PAGE, "utf-8")
    return folder


def state(folder: Path) -> dict[str, bytes]:
    """The files of a project, but for its history."""
    found = {str(p.relative_to(folder)): p for p in folder.rglob("*") if p.is_file()}
    return {n: p.read_bytes() for n, p in found.items() if not n.startswith("history/")}


def test_a_source_is_stored_quoted_and_checked(cli: Cli, own: Path) -> None:
    options = ("--project", own, "--lang", "fr")
    address = "https://example.org/dakar"
    more = ("--published", address, "--issued", "fin juin 2023", "--issued-by", "Réseau d’essai")
    inexact = cli("source", "add", own / "page.html", *more, *options)
    assert inexact.code == 2
    assert "écrire 2023-06" in inexact.err
    more = (*more[:3], "2023-06", *more[4:], "--licence", "CC BY 4.0")
    before = state(own)
    tried = cli("source", "add", own / "page.html", *more, "--dry-run", *options)
    assert tried.code == 0
    assert "56 caractères de «\u00a0Le forum de Dakar\u00a0» seraient dans" in tried.err
    assert state(own) == before
    done = cli("source", "add", own / "page.html", *more, *options)
    assert done.code == 0
    assert "à citer comme id-doc:le-forum-de-dakar" in done.err
    assert (own / "data/sources/le-forum-de-dakar.txt").read_text("utf-8") == TEXT
    stated = (own / "data/documents/le-forum-de-dakar.ttl").read_text("utf-8")
    for each in (
        'dcterms:language "fr" ;', 'dcterms:rights "CC BY 4.0" ;', f"dcterms:source <{address}> ;",
        'gsef:issued "2023-06"^^xsd:gYearMonth ;', "gsef:issuedBy id-org:reseau-d-essai ;",
        f'gsef:textDigest "{hashlib.sha256(TEXT.encode()).hexdigest()}" .',
    ):  # fmt: skip
        assert each in stated
    known = (own / "data/entities/documents.ttl").read_text("utf-8")
    assert 'skos:prefLabel "Le forum de Dakar"@fr' in known
    assert "/kind/web-page" in known.replace("id-kind:", "/kind/")

    shown = cli("show", "id-doc:le-forum-de-dakar", *options).out
    assert "  Licence ou droits\u00a0: CC BY 4.0\n" in shown
    before = state(own)
    again = cli("source", "add", own / "page.html", *options)
    assert again.code == 0
    assert again.err.startswith("gsefgraph: rien de nouveau\u00a0: id-doc:le-forum-de-dakar")
    assert state(own) == before

    record = own / "records" / "forum.yaml"
    record.write_text(
        "événement: Forum de Dakar 2023\nlang: fr\ntype: forum\ndates: 3 juin\n"
        f"source: {{publishedAt: {address}, citation: Le forum a eu lieu à Dakar le 3 juin}}\n",
        "utf-8",
    )
    added = cli("add", record, *options)
    assert added.code == 0, added.out
    stated = (own / "data/documents/le-forum-de-dakar.ttl").read_text("utf-8")
    assert '"2023-06-03"^^xsd:date' in stated
    assert "L’année 2023 est celle de la source." in stated
    assert cli("evidence", *options).code == 0
    assert cli("validate", own, "-q").code == 0


def test_another_text_of_a_document_is_refused_with_the_way_on(cli: Cli, own: Path) -> None:
    options = ("--project", own)
    assert cli("source", "add", own / "page.html", *options).code == 0
    before = state(own)
    other = own.parent / "other.html"
    other.write_text(PAGE.replace("3&nbsp;juin", "4&nbsp;juin"), "utf-8")
    refused = cli("source", "add", other, *options)
    assert refused.code == 2
    assert f"gsefgraph evidence --drift {other} --document id-doc:le-forum-de-dakar" in refused.err
    (own / "data/sources/le-forum-de-dakar.txt").unlink()
    assert cli("source", "add", other, *options).code == 2  # the digest of the first one is stated
    assert cli("source", "add", own / "page.html", *options).code == 0
    assert state(own) == before
    beside = ("--title", "Dakar (2)", "--id", "dakar-2")
    assert cli("source", "add", other, *beside, *options).code == 0
    assert (own / "data/sources/dakar-2.txt").exists()


def test_a_document_that_is_known_gets_its_text(cli: Cli, own: Path) -> None:
    options = ("--project", own)
    assert cli("add", own / "records/first.yaml", *options).code == 0
    text = own.parent / "a.txt"
    text.write_text("Un autre texte.\n", "utf-8")
    record = own.parent / "a.yaml"
    record.write_text(
        "document: {fr: Rapport A}\nlang: fr\ntype: report\nlanguage: fr\nissued: 2020\n", "utf-8"
    )
    assert cli("add", record, *options).code == 0
    done = cli("source", "add", text, "--title", "Rapport A", "--lang-of-text", "fr", *options)
    assert done.code == 0
    assert "id-doc:rapport-a" in done.err
    named = cli("source", "add", text, "--id", "id-doc:rapport-a", "--title", "Autre", *options)
    assert named.code == 0
    assert "known as “Rapport A” and keeps that name" in named.err
    documents = (own / "data/entities/documents.ttl").read_text("utf-8")
    assert documents.count("Rapport A") == 1
    assert "Autre" not in documents
    page = own.parent / "b.html"
    page.write_text("<html lang=en><h1>Rapport B</h1><p>b", "utf-8")
    record.write_text("document: {fr: Rapport B}\nlang: fr\ntype: report\nlanguage: fr\n"
                      "publishedAt: https://example.org/b\n", "utf-8")  # fmt: skip
    assert cli("add", record, *options).code == 0
    before = (own / "data/entities/documents.ttl").read_text("utf-8")
    published = ("--published", "https://example.org/b")
    assert cli("source", "add", page, *published, *options).code == 0
    after = (own / "data/entities/documents.ttl").read_text("utf-8")
    assert after == before  # neither another kind nor another name
    stated = (own / "data/documents/rapport-b.ttl").read_text("utf-8")
    assert 'dcterms:language "fr" ;' in stated


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["a.txt"], 2, "name it: --title"),
        (["a.txt", "--title", "A"], 2, "add --lang-of-text en, fr or es"),
        (["a.txt", "--title", "A", "--lang-of-text", "de"], 2, "--lang-of-text"),
        (["page.html", "--id", "A_b"], 2, "write --id a-b"),
        (["page.html", "--issued", "hier"], 2, "“hier” is no date"),
        (["page.html", "--issued", "3 juin"], 2, "it has no year"),
        (["page.html", "--published", "example.org"], 2, "no address of http"),
        (["page.html", "--published", "HTTP://example.org/a"], 1, "nothing was changed"),
        (["page.html", "--title", "\u202ea"], 2, "U+202E"),
        (["page.html", "--title", "———"], 2, "———"),
        (["page.html", "--issued-by", "Reseau d'exempl"], 2, "anything else by its IRI"),
        (["none.html"], 3, "no such file"),
        ([f"{'a' * 300}.html"], 3, "name"),
        ([f"https://{'a' * 300}.example/b"], 2, "no address of http"),
        (["."], 3, "this is a folder"),
        (["page.html", "--data", "data/documents"], 2, "data"),
    ],
)
def test_what_is_wrong_leaves_nothing(
    cli: Cli, own: Path, arguments: list[str], code: int, said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    assert cli("add", own / "records/first.yaml", "--project", own).code == 0
    (own / "a.txt").write_text("Un mot.\n", "utf-8")
    before = state(own)
    monkeypatch.chdir(own)
    done = cli("source", "add", *arguments, "--project", ".")
    assert done.code == code, done.err
    assert said in done.out + done.err
    assert "Traceback" not in done.err
    assert state(own) == before


def test_a_text_that_stands_in_its_place_is_known_by_its_name(cli: Cli, own: Path) -> None:
    text = own / "data/sources/first-letter.txt"
    tidy = text.read_bytes()
    named = ("--title", "Lettre de mai", "--lang-of-text", "fr", "--project", own)
    text.write_bytes(tidy.replace(b"\n", b"\r\n"))
    refused = cli("source", "add", text, *named)
    assert refused.code == 2
    assert "lines that end in LF; move it elsewhere" in refused.err
    text.write_bytes(tidy)
    done = cli("source", "add", text, *named)
    assert done.code == 0
    assert "id-doc:first-letter" in done.err
    assert [path.name for path in (own / "data/sources").iterdir()] == ["first-letter.txt"]


def test_the_same_text_has_one_document(cli: Cli, own: Path) -> None:
    assert cli("source", "add", own / "page.html", "--project", own).code == 0
    twice = cli("source", "add", own / "page.html", "--id", "b", "--project", own)
    assert twice.code == 2
    assert "stored as id-doc:le-forum-de-dakar" in twice.err


def test_a_source_needs_a_project_of_ones_own(cli: Cli, own: Path, tmp_path: Path) -> None:
    assert cli("load", "--store", tmp_path / "s").code == 0
    done = cli("source", "add", own / "page.html", "--store", tmp_path / "s")
    assert done.code == 2
    assert "kept in a project" in done.err


def test_a_command_that_is_not_there_names_the_one_that_is(cli: Cli) -> None:
    done = cli("source", "ad", "a.html", "--lang", "fr")
    assert done.code == 2
    assert "source add" in done.err
    bare = cli("source")
    assert "Store the text" in bare.err + bare.out
