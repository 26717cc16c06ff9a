"""Names that are not certain: what people decide of them, on a terminal or in a file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gsefgraph.errors import InputError
from gsefgraph.graph.entering import keys_of
from gsefgraph.project import find
from gsefgraph.records import decisions
from gsefgraph.records.naming import Choice, Question
from gsefgraph.terms import GSEF, Names
from gsefgraph.wording import say
from tests.commands import Cli, process, terminal

KEYS, NAMES = keys_of(find()), Names()
NOYA = NAMES.mint("person", "Antonella Noya")
PERSON = f"{GSEF}Person"
RECORD = """event: Séance d’essai
lang: fr
dates: 26 juin 2019
intervenantes: [Antonela Noya (OCDE), Laurence Kwarck]
source: {document: id-doc:gsef-advocacy-fr, quote: modérée par Mme Antonella Noya}
"""


@pytest.fixture
def record(tmp_path: Path, root: Path) -> Path:
    """A record with two names that are not certain, in a copy of the shipped project."""
    shutil.copytree(root / "data", tmp_path / "own" / "data")
    path = tmp_path / "own" / "mail.yaml"
    path.write_text(RECORD, "utf-8")
    return path


def questions(*names: str) -> list[Question]:
    choice = Choice(NOYA, "Antonella Noya", 0.9, say("names.same-name"))
    return [Question(name, PERSON, (choice,)) for name in names]


def test_what_is_written_is_read() -> None:
    decided = {(PERSON, "a noya"): NOYA, (PERSON, "sarah lee"): ""}
    asked = questions("A. Noya", "Lee", "Sarah Lee", "A. Noya")
    text = decisions.written(asked, decided, KEYS, NAMES, "fr")
    assert decisions.read(text, "a", KEYS, NAMES) == decided
    assert text.count("- name:") == 3
    assert "# id-person:antonella-noya: Antonella Noya, porte exactement ce nom" in text


def test_what_a_colleague_wrote_stays() -> None:
    before = '# seen by Ana\n- name: "Lee"\n  class: persona\n  means:   # ask Juan\n  # no idea\n'
    text = decisions.written(
        questions("Lee", "A. Noya"), {(PERSON, "lee"): ""}, KEYS, NAMES, "en", before
    )
    assert text.startswith(
        '# seen by Ana\n- name: "Lee"\n  class: persona\n  means: new\n  # no idea'
    )
    assert decisions.read(text, "a", KEYS, NAMES) == {(PERSON, "lee"): ""}
    again = decisions.written(questions("Lee"), {(PERSON, "lee"): NOYA}, KEYS, NAMES, "en", text)
    assert again == text  # what is decided is not decided again


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("- class: person\n", (1, 3)),
        ("- name: a\n  class: planet\n", (1, 3)),
        ("- a\n", (1, 3)),
        ("- name: a\n  class: person\n  means: nobody\n", (3, 10)),
        ("- name: a\n  class: person\n  means: who:x\n", (3, 10)),
        ("- name: a\n  name: b\n", (2, 3)),
    ],
)
def test_a_wrong_entry_is_told_where_it_stands(text: str, place: tuple[int, int]) -> None:
    with pytest.raises(InputError) as caught:
        decisions.read(text, "a.decisions.yaml", KEYS, NAMES)
    assert (caught.value.line, caught.value.column) == place
    assert caught.value.hint


def test_off_a_terminal_a_question_is_a_finding(cli: Cli, record: Path) -> None:
    done = cli("add", record, "--project", record.parent)
    assert done.code == 1
    assert "mail.yaml:4:17: error: “Antonela Noya” may be a thing that is known." in done.out
    assert "2 questions about names are open" in done.err
    assert [path.name for path in record.parent.glob("*.yaml")] == ["mail.yaml"]


def test_a_colleague_may_answer_in_a_file(cli: Cli, record: Path) -> None:
    own = record.parent
    assert cli("add", record, "--project", own, "--questions").code == 1
    path = own / "mail.decisions.yaml"
    text = path.read_text("utf-8")
    assert text.count("means:\n") == 2
    path.write_text(text.replace("means:\n", "means: new\n", 1), "utf-8")
    done = cli("add", record, "--project", own)
    assert done.code == 1
    assert "Kwarck" in done.out
    assert "Noya" not in done.out
    text = path.read_text("utf-8").replace("means:\n", "means: id-person:laurence-kwark\n")
    path.write_text(text, "utf-8")
    assert cli("add", record, "--project", own).code == 0
    people = (own / "data/entities/people.ttl").read_text("utf-8")
    assert "id-person:antonela-noya a gsef:Person" in people
    assert "kwarck" not in people
    stated = (own / "data/documents/gsef-advocacy-fr.ttl").read_text("utf-8")
    assert "id-participation:seance-d-essai.laurence-kwark.speaker a" in stated


def test_on_a_terminal_one_is_asked(record: Path) -> None:
    own = str(record.parent)
    code, text = terminal("add", str(record), "--project", own, "--lang", "fr", typed="7\n1\n\n")
    assert code == 1
    assert "1  Antonella Noya (id-person:antonella-noya)" in text
    assert "écrire un numéro de 1 à 2" in text
    assert "mail.decisions.yaml" in text
    code, text = terminal("add", str(record), "--project", own, "--lang", "fr", typed="2\n")
    assert code == 0, text
    assert "Noya (" not in text
    again = process("add", str(record), "--project", own)
    assert (again.code, "nothing is new" in again.err) == (0, True)


@pytest.mark.parametrize("name", ["mail.decisions.yaml", "-"])
def test_decisions_are_no_record(cli: Cli, tmp_path: Path, name: str) -> None:
    text = decisions.written(questions("A. Noya"), {(PERSON, "a noya"): ""}, KEYS, NAMES, "en")
    path = tmp_path / name
    path.write_text(text, "utf-8")
    given = path if name != "-" else name
    said = set()
    for language in ("en", "fr", "es"):
        done = cli("validate", given, "--lang", language, stdin=text.encode())
        assert done.code == 3, done
        assert ":2:" in done.err
        assert ".decisions.yaml" in done.err.rpartition(":2:")[2]
        said.add(done.err.rpartition(":2:")[2])
    assert len(said) == 3
    assert "a file of decisions about names, and no record" in cli("validate", path).err
