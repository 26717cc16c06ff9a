"""Texts of sources: what a page says, where its text is stored, and what is refused."""

from __future__ import annotations

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
        assert first.files[text] == 0
        assert first.count == sum(first.files.values()) > 0
        assert text.read_bytes() == b"one\n"
        assert graph.add(PLACE, beside={text: b"one\n"}).files == {}
        assert graph.add(PLACE, beside={text: b"two\n"}, dry_run=True).files == {text: 0}
        assert text.read_bytes() == b"one\n"
        assert graph.add(PLACE, beside={text: b"two\n"}).files == {text: 0}
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
