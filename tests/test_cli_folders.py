"""What a folder means is one rule, whichever command is given it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gsefgraph.graph.loading import load
from gsefgraph.project import find, meaning
from gsefgraph.wording import LANGUAGES
from tests.commands import ROOT, Cli

PLACE = ROOT / "ontology" / "examples" / "place-within-a-country.ttl"
KINDS = ("columns", "store", "project", "files")
# The words of a command, with the folder as DIR; then for each kind of folder how it ends, and what
# is said of it: the first line of stderr, or the error.
COMMANDS: dict[str, tuple[str, dict[str, tuple[int, str]]]] = {
    "validate": ("validate DIR", {
        "columns": (2, "which are no records; name the files of RDF"),
        "store": (0, "is a store"),
        "project": (0, "is a project"),
        "files": (0, "is a folder of files of RDF"),
    }),
    "validate --alone": ("validate DIR --alone", {
        "columns": (2, "no records"),
        "store": (2, "is a store, which is no record; write it as a file: gsefgraph export"),
        "project": (0, "is a project"),
        "files": (0, "is a folder of files of RDF"),
    }),
    "validate two": (f"validate DIR {PLACE}", {
        "columns": (2, "no records"),
        "store": (2, "is a store, which is no record; name one store, and nothing beside it"),
        "project": (2, "is a project, which is no record; name one project, and nothing beside"),
        "files": (0, "is a folder of files of RDF"),
    }),
    "validate beside a graph": (f"validate DIR --data {PLACE}", {
        "columns": (2, "no records"),
        "store": (2, "name one store, and nothing beside it"),
        "project": (2, "name one project, and nothing beside it"),
        "files": (0, "is a folder of files of RDF"),
    }),
    "remove": ("validate --remove DIR", {
        "columns": (2, "no records"),
        "store": (2, "is a store, which is no record"),
        "project": (2, "is a project, which is no record; name the files in it, or"),
        "files": (0, "is a folder of files of RDF"),
    }),
    "load": ("load DIR --store NEW", {
        "columns": (2, "no records"),
        "store": (2, "is a store, which is no record; write it as a file"),
        "project": (0, "is a project"),
        "files": (0, "is a folder of files of RDF"),
    }),
    "load into": ("load --store DIR", {
        "columns": (2, "is a folder of columns; name another folder, new or empty"),
        "store": (0, "quads in"),
        "project": (2, "is a project, and no store; name another folder, new or empty"),
        "files": (4, "not"),
    }),
    "add": ("add DIR --dry-run --project OWN", {
        "columns": (2, "no records"),
        "store": (2, "is a store, which is no record"),
        "project": (2, "is a project, which is no record; name the files in it, or"),
        "files": (0, "is a folder of files of RDF"),
    }),
    **{f"{words} --data": (f"{words} --data DIR", {
        "columns": (2, "no records"),
        "store": (0, "is a store"),
        "project": (0, "is a project"),
        "files": (0, "is a folder of files of RDF"),
    }) for words in ("info", "export -f ntriples", "query speakers", "search Lyon", "evidence")},
    "info --alone": ("info --alone --data DIR", {
        "columns": (2, "no records"),
        "store": (2, "is a store, which is no record"),
        "project": (0, "is a project"),
        "files": (0, "is a folder of files of RDF"),
    }),
    **{f"{words} --store": (f"{words} --store DIR", {
        "columns": (2, "is a folder of columns; name the files of RDF"),
        "store": (0, "is a store"),
        "project": (2, "is a project, and no store; name it with --project"),
        "files": (4, "not"),
    }) for words in ("info", "export -f ntriples", "query speakers", "search Lyon", "validate")},
}  # fmt: skip


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of each kind."""
    place = tmp_path_factory.mktemp("folders")
    for kind in KINDS:
        (place / kind).mkdir()
    (place / "columns" / "columns.json").write_text("{}")
    shutil.copy(PLACE, place / "columns")
    load(find(), str(place / "store"), [str(PLACE)], inferred=False)
    shutil.copytree(ROOT / "data", place / "project" / "data")
    shutil.copytree(ROOT / "data", place / "own" / "data")
    shutil.copy(PLACE, place / "files")
    return place


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_a_folder_for_what_it_is(
    cli: Cli, folders: Path, tmp_path: Path, command: str, kind: str
) -> None:
    words, expected = COMMANDS[command]
    code, said = expected[kind]
    folder = folders / kind
    if command == "load into" and code == 0:
        folder = tmp_path / kind
        shutil.copytree(folders / kind, folder)
    named = {"DIR": folder, "NEW": tmp_path / "new", "OWN": folders / "own"}
    done = cli(*(named.get(word, word) for word in words.split()))
    assert done.code == code, done.err
    line = done.err.splitlines()[0 if code == 0 else -1]
    assert said in line, done.err
    assert command.startswith("load into") or str(folder) in line


def test_the_meaning_is_told_in_each_language_unless_quiet(cli: Cli, folders: Path) -> None:
    said = set()
    for language in LANGUAGES:
        done = cli("validate", folders / "store", "--lang", language)
        said.add(done.err.splitlines()[0])
    assert len(said) == len(LANGUAGES)
    assert cli("validate", folders / "files", "-q").err == ""


def test_what_marks_a_folder_goes_in_an_order(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").touch()
    assert meaning(tmp_path) == "files"
    assert meaning(tmp_path / "a.ttl") is None
    (tmp_path / "record.json").write_text('{"@id": "a:b"}')  # a record of somebody's
    assert meaning(tmp_path) == "files"
    (tmp_path / "base.txt").write_text("http://a.example/")
    assert meaning(tmp_path) == "project"
    (tmp_path / "g-1").mkdir()
    assert meaning(tmp_path) == "store"
    (tmp_path / "columns.json").touch()
    assert meaning(tmp_path) == "columns"


def test_a_store_that_is_checked_is_checked_whole(cli: Cli, folders: Path) -> None:
    whole = cli("validate", folders / "store", "-f", "json")
    assert whole.out == cli("validate", "--store", folders / "store", "-f", "json").out
    assert whole.out != cli("validate", folders / "project", "-f", "json").out
