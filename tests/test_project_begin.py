"""A project of one's own, from nothing: it conforms without a warning, and its first record too."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema_rs
import pytest

from gsefgraph.graph.skeleton import NEW
from gsefgraph.rdf import tree
from gsefgraph.wording import LANGUAGES, say
from tests.commands import Cli


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_new_project_conforms_and_takes_its_first_record(
    cli: Cli, tmp_path: Path, lang: str
) -> None:
    own = tmp_path / "our-network"
    made = cli("init", own, "--lang", lang)
    assert made.code == 0
    assert {str(path) for path in own.rglob("*") if path.is_file()} == set(made.lines)
    assert (own / "base.txt").read_text() == "https://example.org/our-network/\n"
    assert len((own / "README.md").read_text("utf-8").splitlines()) <= 10
    record = own / "records" / "first.yaml"
    for command in (["validate", own], ["validate", record, "--project", own]):
        done = cli(*command, "--lang", lang)
        assert done.code == 0
        assert done.out.splitlines()[0] == _conforms(lang), done.out
    assert cli("add", record, "--project", own, "--lang", lang).code == 0
    done = cli("validate", own, "--lang", lang)
    assert (done.code, done.out.splitlines()[0]) == (0, _conforms(lang)), done.out
    assert str(own) in done.err
    before = {path: path.read_bytes() for path in own.rglob("*.ttl")}
    again = cli("add", record, "--project", own, "--lang", lang)
    assert say("cli.nothing-new").text(lang) in again.err
    assert {path: path.read_bytes() for path in own.rglob("*.ttl")} == before
    assert cli("evidence", "--project", own).code == 0
    found = cli("query", "speakers", "-f", "csv", "--lang", lang, "--project", own)
    assert "/id/person/ana-ejemplo,https://w3id.org/gsefgraph/id/role/speaker" in found.out


def _conforms(lang: str) -> str:
    return {"en": "Conforms.", "fr": "Conforme.", "es": "Conforme."}[lang]


def test_the_address_of_ones_things_may_be_given(cli: Cli, tmp_path: Path) -> None:
    assert cli("init", tmp_path / "a", "--base", "https://data.example.org/sse/").code == 0
    assert (tmp_path / "a" / "base.txt").read_text() == "https://data.example.org/sse/\n"
    done = cli("init", tmp_path / "b", "--base", "data.example.org")
    assert done.code == 2
    assert not (tmp_path / "b").exists()


_EXAMPLE = re.compile(
    r"^( *)([^:#\n]+): # .*(?:For example|Par exemple|Por ejemplo)\s*: (.+)$", re.M
)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", NEW)
def test_a_skeleton_filled_in_as_it_says_is_accepted(
    cli: Cli, tmp_path: Path, kind: str, lang: str
) -> None:
    own, record = tmp_path / "own", tmp_path / "record.yaml"
    cli("init", own)
    done = cli("new", kind, "--lang", lang, "--project", own, "-o", record)
    assert done.code == 0
    empty = record.read_text("utf-8")
    assert empty.startswith("# ")
    filled = _EXAMPLE.sub(r"\1\2: \3", empty)
    assert len(_EXAMPLE.findall(empty)) > 5
    assert "#" not in filled.split("\n", 1)[1]
    record.write_text(filled, "utf-8")
    checked = jsonschema_rs.validator_for(json.loads(cli("schema", "--lang", lang).out))
    (node,) = tree.of_yaml(filled, "record.yaml")
    assert list(checked.iter_errors(tree.to_json(node))) == []
    wrong = {**tree.to_json(node), "speekers": "x"}
    assert list(checked.iter_errors(wrong)) != []
    done = cli("add", record, "--project", own, "--quote-unchecked")
    assert done.code == 0, f"{filled}\n{done.out}"


def test_a_skeleton_may_know_its_source(cli: Cli) -> None:
    done = cli("new", "event", "--from", "id-doc:gsef-advocacy-fr", "--lang", "fr")
    assert 'source:\n  document: "' in done.out
    assert "example.org" not in done.out
    assert cli("new", "planet").code == 2


def test_what_is_there_stays(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("mine")
    done = cli("init", tmp_path)
    assert done.code == 3
    assert re.search(r"holds something already; name a folder that is new", done.err)
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert "Not a directory" in cli("init", tmp_path / "a.txt").err
