from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from gsefgraph import project
from gsefgraph.errors import InputError, UsageError
from tests.commands import Cli


def test_a_users_folder_needs_data_only(tmp_path: Path) -> None:
    (tmp_path / "data" / "documents").mkdir(parents=True)
    (tmp_path / "data" / "documents" / "note-1.ttl").write_text("")
    found = project.find(tmp_path)
    assert found.writable
    assert [source.graph for source in found.data_sources()] == [found.names.graph("note-1")]
    shipped = project.shipped()
    assert found.ontology == shipped.ontology
    assert (found.shapes, found.rules) == (shipped.shapes, shipped.rules)
    assert found.queries == (shipped.root / "queries", tmp_path / "queries")


def test_shapes_and_rules_of_ones_own_are_added_to_those_of_the_package(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    added = (
        "ontology/shapes/own.ttl",
        "shapes/mine.ttl",
        "shapes/event.ttl",
        "ontology/rules/a.rq",
    )
    for name in added:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    shipped, found = project.shipped(), project.find(tmp_path)
    assert found.ontology == shipped.ontology
    files = {path.name: path for path in found.shapes}
    assert list(files) == sorted(files)
    assert files == {path.name: path for path in shipped.shapes} | {
        Path(name).name: tmp_path / name for name in added[:3]
    }
    assert set(found.rules) == {*shipped.rules, tmp_path / added[3]}


ARCHIVE = io.BytesIO()
SHAPE = b"""
<http://a.example/S> <http://www.w3.org/ns/shacl#targetNode> <http://a.example/s> .
<http://a.example/S> <http://www.w3.org/ns/shacl#nodeKind> <http://www.w3.org/ns/shacl#Literal> .
"""
with zipfile.ZipFile(ARCHIVE, "w") as made:
    made.writestr("in/s.ttl", SHAPE)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("shapes/S.TTL", SHAPE),
        ("shapes/s.nt", SHAPE),
        ("shapes/s.ttl.gz", gzip.compress(SHAPE)),
        ("shapes/s.zip", ARCHIVE.getvalue()),
        ("shapes/sub/s.ttl", SHAPE),
        ("ontology/shapes/a/b/s.ttl", SHAPE),
    ],
)
def test_shapes_of_ones_own_are_read_whatever_they_are_written_in(
    cli: Cli, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_bytes(content)
    facts = tmp_path / "data" / "a.nt"
    facts.write_text("<http://a.example/s> <http://a.example/p> <http://a.example/o> .")
    for _ in range(2):  # read, and from the cache
        done = cli("--project", tmp_path, "validate", "--alone", facts, "-q")
        assert done.code == 1, done
        assert "Errors: 1" in done.out
        assert done.err == ""


def test_files_of_shapes_that_are_replaced_or_not_read_are_named(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.nt").write_text("")
    (tmp_path / "shapes" / "sub").mkdir(parents=True)
    for name in ("place.ttl", "mine.csv", "notes.md", "sub/event.ttl", ".hidden.swp"):
        (tmp_path / "shapes" / name).write_text("")
    done = cli("--project", tmp_path, "validate", "--alone", tmp_path / "data" / "a.nt")
    assert done.code == 0, done
    named = [line for line in done.err.splitlines() if "shapes" in line]
    first = f"gsefgraph: {tmp_path}/shapes/place.ttl is the project's own, in place of "
    assert [line.startswith(first) for line in named] == [True, False]
    assert f"{tmp_path}/shapes/mine.csv is not read: " in named[1]


def test_rdf_in_data_that_is_not_looked_at_is_named(cli: Cli, tmp_path: Path) -> None:
    aside = ("sources/s.ttl", ".h/h.ttl.gz", ".dot.ttl")
    for name in (*aside, "sources/s.txt", "sources/s.md", ".gitkeep", ".git/index", "a~"):
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / name).write_text("")
    (tmp_path / "data" / "linked").symlink_to(tmp_path / "data" / "sources")
    (tmp_path / "ontology").mkdir()
    for name in ("mine.rdf", "README.md"):
        (tmp_path / "ontology" / name).write_text("{}")
    done = cli("--project", tmp_path, "search", "GSEF")
    named = [line.split(" is not read: ")[0] for line in done.err.splitlines() if "read" in line]
    wanted = [f"data/{name}" for name in ("linked", *sorted(aside))] + ["ontology/mine.rdf"]
    assert named == [f"gsefgraph: {tmp_path}/{name}" for name in wanted]


def test_an_ontology_of_ones_own_takes_the_place_of_the_packages(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "gsef.ttl").write_text("")
    found = project.find(tmp_path)
    assert found.ontology == tmp_path / "ontology"
    assert found.rules == ()
    assert found.context == project.shipped().ontology / "context.jsonld"
    (tmp_path / "ontology" / "context.jsonld").write_text("{}")
    assert found.context == tmp_path / "ontology" / "context.jsonld"


def test_a_network_can_mint_under_its_own_domain(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "base.txt").write_text("https://data.example.org/sse/\n")
    names = project.find(tmp_path).names
    assert names.mint("org", "GSEF") == "https://data.example.org/sse/id/org/gsef"
    assert names.expand("gsef:Event") == "https://w3id.org/gsefgraph/ontology#Event"
    (tmp_path / "base.txt").write_text("example")
    with pytest.raises(UsageError, match="base 'example' is not an IRI"):
        project.find(tmp_path).names  # noqa: B018


def test_a_folder_that_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="this folder holds no data/; create data/ in it"):
        project.find(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        project.find(tmp_path / "none")


def test_the_environment_names_a_project(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("GSEFGRAPH_PROJECT", str(tmp_path))
    assert project.find().root == tmp_path


def test_the_content_key_follows_content_and_names(tmp_path: Path) -> None:
    one, two = tmp_path / "a.ttl", tmp_path / "b.ttl"
    one.write_text("1")
    two.write_text("2")
    key = project.content_key([one, two])
    assert key == project.content_key([two, one])
    assert key != project.content_key([one])
    assert key != project.content_key([one, two], salt="other versions")
    one.write_text("2")
    two.write_text("1")
    assert key != project.content_key([one, two])
    with pytest.raises(InputError, match="no such file"):
        project.content_key([tmp_path / "none"])


def test_every_file_of_data_has_its_graph(root: Path) -> None:
    found = project.find()
    graphs = {source.graph.rpartition("/")[2] for source in found.data_sources()}
    assert graphs == {"curation", "entities", "gsef-advocacy-fr", "mail-side-events-2022"}
    listed = {source.path for source in found.data_sources()}
    assert listed == set((root / "data").rglob("*.ttl"))
    ontology = {s.path.name: s.graph.rpartition("/")[2] for s in found.ontology_sources()}
    assert ontology == {
        "gsef.ttl": "ontology",
        "alignments.ttl": "ontology",
        "concepts.ttl": "vocabulary",
        "sdg.ttl": "vocabulary",
    }


@pytest.mark.parametrize("chosen", [False, True])
def test_finding_a_project_ends_what_a_crash_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: bool
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for name, text in ((".a.ttl.1.tmp", "new"), ("a.ttl", "old"), (".b.ttl.1.tmp", "more")):
        (data / name).write_text(text)
    journal = tmp_path / ".gsefgraph-journal.json"
    journal.write_text('[["data/.a.ttl.1.tmp", "data/a.ttl"], ["data/.b.ttl.1.tmp", "data/b.ttl"]]')
    monkeypatch.setattr(project, "_PACKAGE", tmp_path / "gsefgraph")
    assert project.find(tmp_path if chosen else None).root == tmp_path
    assert {file.name: file.read_text() for file in data.iterdir()} == {
        "a.ttl": "new",
        "b.ttl": "more",
    }
    assert not journal.exists()
