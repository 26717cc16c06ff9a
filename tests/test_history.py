"""Changes of a graph: made whole or not at all, told in words, kept, and taken back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode

import gsefgraph
from gsefgraph.engine.embedded import Embedded
from gsefgraph.errors import GsefgraphError
from gsefgraph.graph import build
from gsefgraph.graph.changing import Changed
from gsefgraph.graph.graph import Graph
from gsefgraph.project import find
from tests.commands import Cli, process
from tests.faults import HOW, rounds
from tests.test_cli_records import HEAD, contents

MANY = os.environ.get("GSEFGRAPH_ROUNDS")
FUZZ = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"
_ORG = """id-org:{name} a gsef:Organisation ; gsef:kind id-kind:network ;
    skos:prefLabel "{label}"@en .
"""
_EVENT = """id-doc:{doc} a gsef:Document ; gsef:kind id-kind:report ;
    skos:prefLabel "Doc {doc}"@en .
id-event:{event} a gsef:Event ; skos:prefLabel "Event {event}"@en ; gsef:kind id-kind:meeting ;
    gsef:startDate "2022-07-2{day}"^^xsd:date ; gsef:evidence id-evidence:{doc}.0-4 .
id-participation:{event}.{org}.{role} a gsef:Participation ; gsef:event id-event:{event} ;
    gsef:agent id-org:{org} ; gsef:role id-role:{role} ; gsef:evidence id-evidence:{doc}.0-4 .
id-evidence:{doc}.0-4 a gsef:Evidence ; gsef:source id-doc:{doc} ; gsef:start 0 ; gsef:end 4 ;
    gsef:quote "Held"@en .
"""
RECORDS = (
    _ORG.format(name="a", label="Org A"),
    _ORG.format(name="b", label="Org B"),
    _EVENT.format(doc="one", event="e", day=1, org="a", role="organiser"),
    _EVENT.format(doc="one", event="e", day=2, org="b", role="partner"),
    _EVENT.format(doc="two", event="e", day=1, org="a", role="organiser"),
    _ORG.format(name="a", label="Org A")
    + _EVENT.format(doc="two", event="f", day=3, org="a", role="partner"),
)
THINGS = ("id-org:a", "id-org:b", "id-event:e", "id-event:f", "id-doc:two")
NAMES = (("id-org:a", "Org Ä"), ("id-org:a", "Other"), ("id-event:e", "Meeting"))
Step = tuple[str, int]


def _begin(place: Path) -> Path:
    (place / "own" / "data").mkdir(parents=True)
    for number, record in enumerate(RECORDS):
        (place / f"{number}.ttl").write_text(HEAD + record)
    return place / "own"


def _do(graph: Graph, place: Path, step: Step) -> Changed:
    """One step; `by` is given so that nobody is asked."""
    what, number = step
    changes = graph.changes
    if what in ("add", "replace"):
        return graph.add(place / f"{number}.ttl", replace=what == "replace", by="Ana")
    if what == "rename":
        return changes.rename(*NAMES[number], lang="en", by="Ana")
    if what.startswith("remove"):
        return changes.remove(THINGS[number], also=what != "remove", by="Ana")
    return changes.undo(number, by="Ana")


def _stated(graph: Graph) -> set[str]:
    return set(map(str, graph.quads(inferred=False)))


def _loaded(place: Path, store: bool) -> Graph:
    from gsefgraph.graph.loading import load

    own = _begin(place)
    if store:
        load(find(own), str(place / "store"))
        return Graph.open(str(place / "store"), project=own)
    return Graph.open(project=own)


@cache
def _made_anew(steps: tuple[Step, ...]) -> frozenset[str]:
    """What is stated when only some steps are taken, by files."""
    with TemporaryDirectory() as folder:
        place = Path(folder)
        with _loaded(place, store=False) as graph:
            for step in steps:
                done = _do(graph, place, step)
                assert done.number is not None, (steps, step)
            return frozenset(_stated(graph))


def _step(numbers: int, *names: str) -> st.SearchStrategy[Step]:
    return st.tuples(st.sampled_from(names), st.integers(0, numbers - 1))


STEPS = st.lists(
    st.one_of(
        _step(len(RECORDS), "add", "replace"),
        _step(len(NAMES), "rename"),
        _step(len(THINGS), "remove", "remove also"),
        _step(6, "undo"),
    ),
    max_size=7,
)


@pytest.mark.parametrize("store", [False, True], ids=["files", "store"])
@settings(max_examples=150 if FUZZ else 3)
@given(data=st.data())
def test_the_graph_is_one_made_anew_from_what_remains(store: bool, data: st.DataObject) -> None:
    steps = [("add", 0), ("add", 2), *data.draw(STEPS)]
    with TemporaryDirectory() as folder:
        place = Path(folder)
        taken: dict[int, Step] = {}
        with _loaded(place, store) as graph:
            for step in steps:
                before = _stated(graph)
                try:
                    done = _do(graph, place, step)
                except GsefgraphError:
                    assert _stated(graph) == before
                    continue
                if done.number is None:
                    assert _stated(graph) == before
                    continue
                taken[done.number] = step
                off = graph.changes.history().cancelled
                left = tuple(s for n, s in taken.items() if n not in off and s[0] != "undo")
                assert _stated(graph) == _made_anew(left), steps
            afresh = Embedded()
            afresh.load(graph.quads(inferred=False))
            build.derive(afresh, graph.project)
            inferred = NamedNode(graph.names.graph("inferred"))
            assert {*graph.engine.dump(inferred)} == {*afresh.dump(inferred)}


def _renamed(place: Path) -> None:
    """A project, and a store of it, with one change."""
    os.environ["GSEFGRAPH_CACHE"] = str(place / "cache")
    with _loaded(place, store=True) as stored, Graph.open(project=place / "own") as files:
        for graph in (stored, files):
            _do(graph, place, ("add", 0))


def _rename(store: bool) -> Callable[[Path], None]:
    def work(place: Path) -> None:
        os.environ["GSEFGRAPH_CACHE"] = str(place.parent / "cache")
        where = str(place / "store") if store else "memory:"
        with Graph.open(where, project=place / "own", warn=lambda _: None) as graph:
            _do(graph, place, ("rename", 1))

    return work


def _after(store: bool) -> Callable[[Path], list[object]]:
    def look(place: Path) -> list[object]:
        """Name and changes as one finds them, and after another change that is taken back."""
        os.environ["GSEFGRAPH_CACHE"] = str(place.parent / "cache")
        where = str(place / "store") if store else "memory:"
        with Graph.open(where, project=place / "own", warn=lambda _: None) as graph:
            found = [graph.resolver.label("https://w3id.org/gsefgraph/id/org/a")]
            found.append(str([change.kind for change in graph.changes.history().changes]))
            before = _stated(graph)
            _do(graph, place, ("add", 1))
            graph.changes.undo(by="Ana")
            assert _stated(graph) == before
            left = [path.name for path in (place / "own").rglob(".*")]
            return [*found, left]

    return look


IN_FILES = (_renamed, _rename(store=False), _after(store=False))
IN_STORE = (_renamed, _rename(store=True), _after(store=True))


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("where", ["IN_FILES", "IN_STORE"])
def test_a_crash_leaves_the_old_or_the_new(where: str, how: str) -> None:
    old, new = ["Org A", "['add']", []], ["Other", "['add', 'rename']", []]
    found = rounds(__name__, where, how, 1 if MANY else 20 if where == "IN_FILES" else 60)
    assert len(found) > 2
    for said, state in found:
        assert state == new if said else state in (old, new)
    assert found[-1] == (True, new)


# The commands


@pytest.fixture
def own(tmp_path: Path, root: Path) -> Path:
    shutil.copytree(root / "data", tmp_path / "own" / "data")
    return tmp_path / "own"


def test_a_misspelt_name_is_mended_and_the_change_taken_back(cli: Cli, own: Path) -> None:
    before = contents(own)
    done = cli("rename", "Antonella Noya", "Antonela Noya", "--project", own, "--lang", "fr")
    assert (done.code, done.out) == (
        0, "~ «\xa0Antonella Noya\xa0» s’appelle maintenant «\xa0Antonela Noya\xa0»\n"
    )  # fmt: skip
    assert "data/entities/people.ttl (+1 −1)" in done.err
    assert cli("show", "Antonela Noya", "--project", own, "--lang", "fr").code == 0
    again = cli("rename", "Antonela Noya", "Antonela Noya", "--project", own, "--lang", "fr")
    assert (again.code, again.out) == (0, "")
    assert "is there already" in cli("rename", "id-org:gsef", "Global Social Economy Forum",
                                     "--project", own, "--lang", "en").err  # fmt: skip
    assert cli("undo", "--project", own, "--lang", "en").code == 0
    after = {n: text for n, text in contents(own).items() if not n.startswith("history")}
    assert after == before


def test_an_old_name_is_kept_where_that_is_asked(own: Path) -> None:
    with Graph.open(project=own) as graph:
        done = graph.changes.rename("Antonella Noya", "A. Noya", lang="es", keep=True)
        assert done.difference is not None
        assert done.difference.to_text("en").splitlines() == [
            "~ “Antonella Noya” is now called “A. Noya”",
            "+ Antonella Noya is also called “Antonella Noya”",
        ]
        assert graph.resolver.resolve("Antonella Noya") == graph.resolver.resolve("A. Noya")
        # Given back its name, it has the other no more.
        assert graph.changes.rename("A. Noya", "Antonella Noya", lang="es").gone == 2
        with pytest.raises(GsefgraphError, match="a name is empty"):
            graph.changes.rename("Antonella Noya", "  ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("remove", "Antonella Noya"), "statements that stay refer to what would go: "),
        (("remove", "Nobody Ever"), "nothing is named"),
        (("remove", "id-role:speaker"), "nothing is stated of id-role:speaker in data/"),
        (("undo",), "there is nothing to take back"),
        (("undo", "7"), "there is no change 7"),
        (("forget", "Antonella Noya"), "add --yes"),
        (("rename", "Antonella Noya", "a\u202eb"), "U+202E"),
        (("edit", "Nobody Ever"), "nothing is named"),
        (("diff", "no-such-revision"), "no revision that git knows here"),
    ],
)
def test_what_is_refused_changes_nothing(
    cli: Cli, own: Path, words: tuple[str, ...], said: str
) -> None:
    before = contents(own)
    done = cli(*words, "--project", own, "--lang", "en")
    assert done.code in (2, 3)
    assert said in done.err
    assert contents(own) == before


def test_what_is_removed_takes_along_what_refers_to_it(cli: Cli, own: Path) -> None:
    words = ("remove", "Antonella Noya", "--also", "--project", own, "--lang", "en")
    would = cli(*words, "--dry-run")
    assert "- Antonella Noya is of the class “Person”\n" in would.out
    assert not (own / "history").exists()
    assert cli(*words).out == would.out
    assert cli("search", "Antonella", "--project", own).code == 0
    assert b"antonella-noya" not in b"".join(contents(own / "data" / "documents").values())
    assert cli("validate", "--project", own, "-q").code == 0


def test_what_a_file_states_is_removed(own: Path, tmp_path: Path) -> None:
    _begin(tmp_path / "x")
    before = contents(own)
    with Graph.open(project=own) as graph:
        assert graph.add(tmp_path / "x" / "0.ttl").count == 3
        assert graph.add(tmp_path / "x" / "2.ttl").count > 10
        with pytest.raises(GsefgraphError, match="to what would go: "):
            graph.changes.remove(str(tmp_path / "x" / "0.ttl"))
        assert graph.changes.remove(str(tmp_path / "x" / "2.ttl")).gone > 10
        assert graph.changes.remove(str(tmp_path / "x" / "0.ttl")).gone == 3
    after = {n: text for n, text in contents(own).items() if not n.startswith("history")}
    assert after == before


def test_a_record_in_the_place_of_another(tmp_path: Path) -> None:
    """What its document states of the event goes with who took part; what others state stays."""
    with _loaded(tmp_path, store=False) as graph:
        for number in (0, 1, 2, 4):
            _do(graph, tmp_path, ("add", number))
        done = _do(graph, tmp_path, ("replace", 3))
        assert done.difference is not None
        assert sorted(done.difference.to_text("en").splitlines()) == [
            "+ Org B was a partner of “Event e”",
            "- Org A organised “Event e”",
            "~ Event e starts on: 22 July 2022 (before: 21 July 2022)",
        ]
        stated = "".join(_stated(graph))
        assert "id/participation/e.a.organiser> <https://w3id.org/gsefgraph/ontology#agent>" in (
            "".join(q for q in _stated(graph) if q.endswith("graph/two>"))
        )
        assert stated.count("2022-07-21") == 1
        assert _do(graph, tmp_path, ("replace", 3)).number is None


def test_taking_back_a_change_when_later_ones_touched_other_things(tmp_path: Path) -> None:
    with _loaded(tmp_path, store=False) as graph:
        _do(graph, tmp_path, ("add", 0))
        _do(graph, tmp_path, ("rename", 1))
        _do(graph, tmp_path, ("add", 1))
        with pytest.raises(GsefgraphError, match="a later one did the opposite") as raised:
            graph.changes.undo(1)
        assert raised.value.hint == "take back 2 first"
        graph.changes.undo(2)
        assert graph.changes.undo(1).gone == 3
        with pytest.raises(GsefgraphError, match="taken back already"):
            graph.changes.undo(1)
        assert graph.changes.undo(5).count == 3
        assert "".join(_stated(graph)).count("Org A") == 1
        assert [change.number for change in graph.changes.history().changes] == [1, 2, 3, 4, 5, 6]


def test_who_and_when_and_from_where(
    cli: Cli, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _begin(tmp_path / "x")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    file = tmp_path / "x" / "0.ttl"
    assert cli("add", file, "--project", own, "--by", "Ana Ruiz").code == 0
    found = gsefgraph.open(project=own).changes.history().changes
    assert [(c.kind, c.time, c.by, c.sources) for c in found] == [
        ("add", "2023-11-14T22:13:20Z", "Ana Ruiz", (str(file),))
    ]
    listed = cli("log", "--project", own, "--lang", "es").lines
    assert " 1  2023-11-14 22:13:20  Ana Ruiz  añadido  Org A  " in listed[-1]
    one = contents(own)
    shutil.rmtree(own / "history")
    cli("undo", "--project", own)
    shutil.rmtree(own)
    shutil.copytree(Path(__file__).parents[1] / "data", own / "data")
    assert cli("add", file, "--project", own, "--by", "Ana Ruiz").code == 0
    assert contents(own) == one


def test_history_is_no_part_of_the_graph(cli: Cli, own: Path) -> None:
    before = cli("export", "-f", "nquads", "--project", own).out
    key = build.key(find(own))
    assert cli("rename", "Antonella Noya", "A. N.", "--project", own, "--lang", "en").code == 0
    assert cli("undo", "--project", own).code == 0
    assert cli("export", "-f", "nquads", "--project", own).out == before
    assert build.key(find(own)) == key


def test_what_is_forgotten_is_nowhere(cli: Cli, own: Path) -> None:
    words = ("--project", own, "--lang", "en")
    assert cli("rename", "Antonella Noya", "Antonella N.", *words).code == 0
    done = cli("forget", "Antonella N.", "--yes", *words)
    assert done.code == 0
    assert "- Antonella N. is of the class “Person”" in done.out
    assert "gsef-advocacy-fr.txt" in done.err
    for name, text in contents(own).items():
        assert b"antonella-noya" not in text, name
        assert b"Antonella N." not in text, name
    assert cli("undo", "2", *words).code == 2
    assert cli("validate", "-q", *words).code == 0


def test_what_is_forgotten_is_in_no_file_of_a_store(own: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert process("load", "--project", own, "--store", store).code == 0
    where = ("--store", store, "--project", own)
    assert process("rename", "Antonella Noya", "Zyxwvuts", *where, "--lang", "en").code == 0
    assert any(b"Zyxwvuts" in text for text in contents(store).values())
    assert process("forget", "Zyxwvuts", "--yes", *where).code == 0
    assert not any(b"Zyxwvuts" in text for text in contents(store).values())
    assert process("info", "--check", *where).code == 0


EDITOR = """#!/bin/sh
sed -i 's/en: Seoul/en: Soul/' "$1"
"""


def test_a_thing_is_edited(cli: Cli, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = own.parent / "editor"
    editor.write_text(EDITOR)
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    monkeypatch.chdir(own)
    words = ("edit", "Seoul", "--project", own, "--lang", "en")
    assert cli(*words).out == "~ “Seoul” is now called “Soul”\n"
    editor.write_text("#!/bin/sh\nsed -i 's/type: Place/type: Plaze/' \"$1\"\n")
    done = cli(*words[:1], "Soul", *words[2:])
    assert done.code == 1
    assert "what you typed is in edited.yaml" in done.err
    assert "Plaze" in (own / "edited.yaml").read_text()
    editor.write_text("#!/bin/sh\nexit 0\n")
    assert "nothing was changed" in cli(*words[:1], "Soul", *words[2:]).err
    editor.write_text("#!/bin/sh\nexit 3\n")
    assert cli(*words[:1], "Soul", *words[2:]).code == 2


@pytest.mark.parametrize(
    "name", ["GSEF", "Laurence Kwark", "id-event:untfsse-conference-2019", "INAES", "Seoul",
             "id-doc:gsef-advocacy-fr", "id-goallink:gsef.11.stated"],
)  # fmt: skip
def test_what_is_opened_in_an_editor_says_what_is_stated(name: str) -> None:
    with Graph.open() as graph:
        if name.startswith("id-goallink"):
            name = next(iter(graph.quads("graph:curation"))).subject.value  # type: ignore[union-attr]
        text = graph.changes.to_edit(name)
        done = graph.changes.edit(text, text.replace("# ", "#  "), dry_run=True)
        assert (done.conforms, done.count, done.gone) == (True, 0, 0)


def test_two_at_once_come_one_after_the_other(own: Path, tmp_path: Path) -> None:
    import threading

    from gsefgraph import files

    _begin(tmp_path / "x")
    told: list[str] = []
    done: list[Changed] = []

    graph = Graph.open(project=own, warn=told.append)

    def add() -> None:
        done.append(graph.add(tmp_path / "x" / "0.ttl"))

    with files.locked(own):
        thread = threading.Thread(target=add)
        thread.start()
        while not told and thread.is_alive():
            thread.join(0.05)
        assert not done
    thread.join(30)
    assert done[0].count == 3
    assert len(told) == 1
    assert f"(process {os.getpid()}), who is writing in" in told[0]
    assert not [*own.rglob(".*")]


def test_what_two_files_folders_and_revisions_state(cli: Cli, own: Path, tmp_path: Path) -> None:
    import subprocess

    _begin(tmp_path / "x")
    files = [tmp_path / "x" / f"{number}.ttl" for number in range(6)]
    told = cli("diff", files[2], files[3], "--lang", "en").lines
    assert "~ Event e starts on: 22 July 2022 (before: 21 July 2022)" in told
    assert cli("diff", files[2], files[2]).code == 0
    assert cli("diff", own, own).code == 0
    git = ("git", "-C", str(own), "-c", "user.name=A", "-c", "user.email=a@example.org")
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        subprocess.run([*git, *words], check=True)
    assert cli("add", files[0], "--project", own).code == 0
    patch = cli("diff", "HEAD", "-f", "patch", "--project", own)
    assert patch.code == 1
    assert [line[:2] for line in patch.lines] == ["A "] * 3
    store = tmp_path / "store"
    assert process("load", "--project", own, "--store", store).code == 0
    assert cli("diff", store, own, "--project", own).code == 0
    found = cli("diff", "HEAD", store, "-f", "json", "--project", own, "--lang", "fr").out
    assert "Org A est de la classe «\u202fOrganisation\u202f»" in found


# A project of one's own, from its folder


@pytest.fixture
def begun(tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project as `init` makes it, with its first record, and the working folder in it."""
    folder = tmp_path / "begun"
    assert cli("init", folder, "--lang", "en").code == 0
    monkeypatch.chdir(folder)
    monkeypatch.setenv("GSEFGRAPH_LANG", "en")
    assert cli("add", "records/first.yaml").code == 0
    return folder


def test_the_project_in_which_one_stands_is_the_one_that_is_meant(cli: Cli, begun: Path) -> None:
    assert (begun / "history" / "000001").is_dir()
    os.chdir(begun / "records")
    said = cli("log")
    assert "records/first.yaml" in said.out
    assert "begun is a project" in said.err


def test_things_under_a_base_of_ones_own_are_edited(
    cli: Cli, begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = begun / ".editor"
    editor.write_text("#!/bin/sh\nsed -i 's/2024-05-03/2024-05-04/' \"$1\"\n")
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    done = cli("edit", "Example Meeting")
    assert (done.code, done.out) == (
        0, "~ Example Meeting starts on: 4 May 2024 (before: 3 May 2024)\n"
    )  # fmt: skip
    assert cli("log").out.count("edited.yaml") == 1


@pytest.mark.parametrize("said", ["abc", "9" * 30, "-1e9", "99999999999999"])
def test_a_time_that_is_none_is_refused(
    cli: Cli, begun: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    before = contents(begun)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", said)
    done = cli("rename", "Ana Ejemplo", "Ana E.")
    assert (done.code, f"SOURCE_DATE_EPOCH is {said}" in done.err) == (2, True)
    assert contents(begun) == before


@pytest.mark.parametrize("left", ["", "# nothing\n---\n\n"])
def test_what_is_emptied_in_the_editor_is_given_up(
    cli: Cli, begun: Path, monkeypatch: pytest.MonkeyPatch, left: str
) -> None:
    editor = begun / ".editor"
    editor.write_text(f"#!/bin/sh\nprintf '{left}' > \"$1\"\n")
    editor.chmod(0o755)
    before = contents(begun)
    monkeypatch.setenv("VISUAL", str(editor))
    done = cli("edit", "Ana Ejemplo")
    assert (done.code, done.out, "nothing was changed" in done.err) == (0, "", True)
    assert contents(begun) == before


def test_a_source_that_is_only_named_is_not_replaced(cli: Cli, begun: Path) -> None:
    record = begun / "records" / "first.yaml"
    text = record.read_text("utf-8")
    start = text.index("- event:")
    record.write_text(text[start:].replace("dates: 3 May", "dates: 4 May"), "utf-8")
    done = cli("add", record, "--replace")
    assert done.out.splitlines()[-1:] == [
        "~ Example Meeting starts on: 4 May 2024 (before: 3 May 2024)"
    ]
    assert "- " not in done.out.partition("~ ")[2]


def test_a_record_that_was_added_is_removed_and_comes_back(cli: Cli, begun: Path) -> None:
    assert cli("rename", "Ana Ejemplo", "Ana E.").code == 0
    refused = cli("remove", "records/first.yaml")
    assert (refused.code, "take back 2 first" in refused.err) == (2, True)
    undone = cli("undo")
    assert "`gsefgraph undo 3` does it again" in undone.err
    assert cli("remove", "records/first.yaml").code == 0
    assert not [*(begun / "data" / "entities").iterdir()]
    bare = cli("undo", "3")
    assert (bare.code, "would be left of something that goes" in bare.err) == (2, True)
    assert "Ana Ejemplo → Ana E." in cli("log").out


def test_what_is_there_is_not_written_over(cli: Cli, begun: Path) -> None:
    before = (begun / "records" / "first.yaml").read_bytes()
    refused = cli("new", "event", "-o", "records/first.yaml")
    assert (refused.code, "is there already" in refused.err) == (2, True)
    assert (begun / "records" / "first.yaml").read_bytes() == before


def test_every_file_that_still_has_the_name_is_told(cli: Cli, begun: Path) -> None:
    done = cli("forget", "Ana Ejemplo", "--yes")
    assert done.code == 0
    assert "data/sources/first-letter.txt" in done.err
    assert "records/first.yaml" in done.err
