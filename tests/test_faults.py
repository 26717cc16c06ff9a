"""What is acknowledged stays: kills and full disks at every step, several at once, damage."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from gsefgraph import files
from gsefgraph.engine.embedded import Embedded
from gsefgraph.engine.store import Folder
from gsefgraph.errors import EngineError, QueryTimeout, StoreDamaged
from gsefgraph.graph import build, changing
from gsefgraph.graph.loading import load
from gsefgraph.project import find
from gsefgraph.records import layout
from tests.commands import ROOT, process
from tests.faults import HOW, rounds
from tests.test_cli_records import EVENT, HEAD

SMALL = 400
"""Triples of a file that is loaded in these tests."""
MANY = int(os.environ.get("GSEFGRAPH_ROUNDS", "0"))
"""How many damages `make test-long` tries, and half of its kills."""
STRIDE = 1 if MANY else 24
"""Of how many steps of a write one is tried."""


def _write(file: Path, name: str) -> None:
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    file.write_text("".join(f'<urn:{name}{n}> <{label}> "{name} {n}" .\n' for n in range(SMALL)))


def _load(place: Path, name: str) -> None:
    load(find(place / "own"), str(place / "store"), [str(place / f"{name}.nt")], inferred=False)


def _held(store: Path) -> str | None:
    """Which file a store holds, all of it; None where there is no store."""
    if not (store / "record.json").exists():
        with pytest.raises(EngineError, match="there is no store"):
            Embedded.open(store)
        return None
    engine = Embedded.open(store)
    engine.verify()
    found = [
        name
        for name in ("one", "two")
        if len(set(engine.dump(*(g for g in engine.graphs() if g.value.endswith(f"/{name}")))))
        == SMALL
    ]
    # The index of names is of the same generation, whole, and as the store vouches for it.
    folder = Folder(store)
    assert len(folder.names(folder.read(), whole=True)) == 2
    named = [name for name in ("one", "two") if engine.names().beginning(name)]
    assert len(engine.names().beginning(*named)) == SMALL
    engine.close()
    assert found == named
    return found[0]


def _after_a_load(place: Path) -> list[object]:
    """What the store holds, and what is in its folder after the next load."""
    held = _held(place / "store")
    _load(place, "two")
    names = sorted(entry.name for entry in (place / "store").iterdir())
    assert _held(place / "store") == "two"
    return [held, [name for name in names if name not in ("lock", "record.json")]]


def _two_files(place: Path) -> None:
    _small_project(place)
    for name in ("one", "two"):
        _write(place / f"{name}.nt", name)


def _one_loaded(place: Path) -> None:
    _two_files(place)
    _load(place, "one")


FIRST_LOAD = (_two_files, lambda place: _load(place, "one"), _after_a_load)
NEXT_LOAD = (_one_loaded, lambda place: _load(place, "two"), _after_a_load)


@pytest.mark.parametrize("how", HOW)
def test_a_first_load(how: str) -> None:
    found = rounds(__name__, "FIRST_LOAD", how, STRIDE)
    assert len(found) * STRIDE > 15
    for said, (held, names) in found:
        assert held == "one" if said else held in ("one", None)
        assert names in (["g-1"], ["g-1", "g-2"])
    assert found[-1][0]


@pytest.mark.parametrize("how", HOW)
def test_a_load_over_another(how: str) -> None:
    found = rounds(__name__, "NEXT_LOAD", how, STRIDE)
    assert len(found) * STRIDE > 15
    for said, (held, names) in found:
        assert held == "two" if said else held in ("one", "two")
        assert names in (["g-1", "g-2"], ["g-2", "g-3"])
    assert {held for _, (held, _) in found} == {"one", "two"}


def _small_project(place: Path) -> None:
    folder, ontology = place / "own" / "data" / "documents", place / "own" / "ontology"
    folder.mkdir(parents=True)
    ontology.mkdir()
    (folder / "old.ttl").write_text(f'{HEAD}id-org:gsef skos:prefLabel "GSEF"@en .\n')
    (ontology / "gsef.ttl").write_text(
        f"{HEAD}gsef:agent <http://www.w3.org/2000/01/rdf-schema#range> gsef:Agent .\n"
    )


def _project(place: Path) -> None:
    _small_project(place)
    (place / "record.ttl").write_text(
        f'{EVENT}id-place:town a gsef:Place ; skos:prefLabel "Town"@en .\n'
        'id-org:ripess a gsef:Organisation ; skos:prefLabel "RIPESS"@en .\n'
    )


def _add(place: Path) -> None:
    project = find(place / "own")
    [given] = changing.read([place / "record.ttl"], project.names, None)
    with files.locked(project.root):
        found = layout.changed(project, given.quads, {})
        files.write_all(project.root, {path: each.content for path, each in found.items()})


def _files(place: Path) -> dict[str, str]:
    """Digests of the project's files as whoever opens it reads them."""
    project = find(place / "own")
    return {
        str(source.path.relative_to(place)): hashlib.sha256(source.path.read_bytes()).hexdigest()
        for source in project.data_sources()
    }


def _after_an_add(place: Path) -> list[object]:
    found = _files(place)
    _add(place)
    left = [path.name for path in (place / "own").rglob(".*")]
    return [found, _files(place), left]


ADD = (_project, _add, _after_an_add)


@pytest.mark.parametrize("how", HOW)
def test_an_add_to_several_files(how: str) -> None:
    found = rounds(__name__, "ADD", how, STRIDE)
    assert len(found) * STRIDE > 15
    whole = found[-1][1][1]
    assert len(whole) == 6
    for said, (held, after, left) in found:
        assert after == whole
        assert left == []
        assert held == whole if said else held == whole or len(held) == 1
    assert {len(held) for _, (held, _, _) in found} == {1, 6}


def _cached(place: Path) -> None:
    _project(place)
    _add(place)


def _read(place: Path) -> int:
    os.environ["GSEFGRAPH_CACHE"] = str(place / "cache")
    return build.Given(find(place / "own")).reader().count()


def _read_twice(place: Path) -> list[int]:
    found = [_read(place), _read(place), build.Given(find(place / "own")).memory().count()]
    shutil.rmtree(place / "cache")
    return [*found, _read(place)]


CACHE = (_cached, _read, _read_twice)


@pytest.mark.parametrize("how", HOW)
def test_what_is_kept_for_the_next_start(how: str) -> None:
    found = rounds(__name__, "CACHE", how, STRIDE)
    assert len(found) * STRIDE > 15
    assert {len(set(counts)) for _, counts in found} == {1}


def test_files_that_change_while_they_are_read_are_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor, which knows no locks, saves between the hashing and the parsing."""
    _cached(tmp_path)
    project = find(tmp_path / "own")
    old = tmp_path / "own" / "data" / "documents" / "old.ttl"
    before, stated = old.read_bytes(), build.stated

    def late(*given: Any, **how: Any) -> object:
        old.write_bytes(before + b"id-org:gsef gsef:kind id-kind:network .\n")
        return stated(*given, **how)

    monkeypatch.setenv("GSEFGRAPH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(build, "stated", late)
    changed = build.Given(project).reader().count()
    monkeypatch.setattr(build, "stated", stated)
    assert build.Given(project).reader().count() == changed
    old.write_bytes(before)
    assert build.Given(project).reader().count() < changed


def _command(*words: str | Path, **more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "gsefgraph", *map(str, words)], cwd=ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, **more},
    )  # fmt: skip


def test_three_first_loads_at_once(tmp_path: Path) -> None:
    store = tmp_path / "store"
    _write(tmp_path / "one.nt", "one")
    running = [
        _command("load", tmp_path / "one.nt", "--no-inferred", "--store", store) for _ in range(3)
    ]
    ended = [(child.communicate(timeout=60)[1].decode(), child.returncode) for child in running]
    assert 0 in [code for _, code in ended]
    assert all(code == 0 or "is being written by another process (" in said for said, code in ended)
    assert _held(store) == "one"


def test_readers_see_a_load_whole_or_not_at_all(tmp_path: Path) -> None:
    store = tmp_path / "store"
    for name in ("one", "two"):
        _write(tmp_path / f"{name}.nt", name)
    assert process("load", tmp_path / "one.nt", "--no-inferred", "--store", store).code == 0
    writers = [
        _command("load", tmp_path / f"{name}.nt", "--no-inferred", "--store", store)
        for name in ("one", "two")
    ]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        seen.add(_held(store))
    for writer in writers:
        writer.communicate()
    assert seen <= {"one", "two"}
    assert seen


_ADDER = """
import sys
import threading
from pathlib import Path
from tests import test_faults
test_faults._add(Path(sys.argv[1]))
"""


def test_readers_see_an_add_whole_or_not_at_all(tmp_path: Path) -> None:
    _project(tmp_path)
    states = [_files(tmp_path)]
    writer = subprocess.Popen([sys.executable, "-c", _ADDER, str(tmp_path)], cwd=ROOT)
    while writer.poll() is None:
        with files.reading(tmp_path / "own"):
            found = _files(tmp_path)
        if found not in states:
            states.append(found)
    assert writer.wait() == 0
    assert [len(state) for state in states] in ([1], [1, 6])
    assert len(_files(tmp_path)) == 6


def _damaged(store: Path, place: Path, chance: random.Random, names: str = "*") -> None:
    """A copy of a store with one bit that is another, in a file of such a name."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(store, place)
    file = chance.choice(
        sorted(path for path in place.rglob(names) if path.is_file() and path.stat().st_size)
    )
    content = bytearray(file.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    file.write_bytes(content)


@pytest.fixture(scope="module")
def shipped_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("shipped") / "store"
    assert process("load", "--store", store).code == 0
    return store


def _answers_or_says_so(store: Path, place: Path, chance: random.Random, right: set[str]) -> None:
    _damaged(store, place, chance)
    for words in (("info", "--check"), ("query", "speakers", "-f", "csv")):
        start = time.monotonic()
        done = process(*words, "--store", place)
        assert time.monotonic() - start < 12
        assert done.code in (0, 4), done
        assert "Traceback" not in done.err
        if done.code == 4:
            assert f"{place}: " in done.err
        elif words[0] == "query":
            assert done.out in right


def test_a_bit_that_is_another_ends_nothing_in_a_circle(
    tmp_path: Path, shipped_store: Path
) -> None:
    right = {process("query", "speakers", "-f", "csv").out}
    chance = random.Random(8)
    for _ in range(MANY or 8):
        _answers_or_says_so(shipped_store, tmp_path / "damaged", chance, right)


def test_a_block_that_the_engine_goes_round_for_ever(tmp_path: Path, shipped_store: Path) -> None:
    """A damaged block in the middle of what a query counts: told, within seconds.

    Opening a store looks into no table, so only the doubt about a slow answer finds it.
    """
    chance = random.Random(1)
    for _ in range(60):
        _damaged(shipped_store, tmp_path / "damaged", chance, "*.sst")
        done = process("info", "--store", tmp_path / "damaged", timeout=20)
        if "is not what was written" in done.err:
            return
    pytest.fail("no damage that is found while the engine goes round")


def test_a_store_that_does_not_answer_is_looked_at_for_damage(
    tmp_path: Path, shipped_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A damage that opening does not find; a bit of what it reads of a table is not such a one."""
    chance, damaged = random.Random(1), tmp_path / "damaged"
    for _ in range(60):
        _damaged(shipped_store, damaged, chance, "*.sst")
        with contextlib.suppress(StoreDamaged):
            Embedded.open(damaged).close()
            break
    for store, found in ((shipped_store, QueryTimeout), (damaged, StoreDamaged)):
        engine, ended = Embedded.open(store), threading.Event()
        monkeypatch.setattr("gsefgraph.engine.embedded._DOUBT", 0.05)
        monkeypatch.setattr(engine, "_answer", lambda *_, ended=ended: ended.wait(60))
        try:
            with pytest.raises(found):
                engine.query("ASK {}", timeout=2)
        finally:
            ended.set()
            engine.close()


def test_a_store_that_was_found_whole_is_not_read_again_at_once(
    shipped_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, looks = Embedded.open(shipped_store), []
    monkeypatch.setattr("gsefgraph.engine.embedded._DOUBT", 0.01)
    monkeypatch.setattr(engine, "_answer", lambda *_: time.sleep(0.1))
    monkeypatch.setattr(engine, "verify", lambda **_: looks.append(None))
    engine.query("ASK {}")
    engine.query("ASK {}")
    assert len(looks) == 1
    monkeypatch.setattr("gsefgraph.engine.embedded._TRUST", 0.0)
    engine.query("ASK {}")
    assert len(looks) == 2
    engine.close()


@pytest.mark.skipif(not MANY, reason="rounds at random are those of `make test-long`")
def test_loads_and_adds_killed_at_random(tmp_path: Path) -> None:
    chance = random.Random()
    for name in ("one", "two"):
        _write(tmp_path / f"{name}.nt", name)
    _project(tmp_path)
    store = tmp_path / "store"
    for _ in range(2 * MANY):
        name = chance.choice(("one", "two"))
        child = _command("load", tmp_path / f"{name}.nt", "--no-inferred", "--store", store)
        time.sleep(chance.uniform(0.05, 0.6))
        child.send_signal(chance.choice((9, 15, 1, 2)))
        child.communicate(timeout=30)
        held = _held(store)
        assert held == name if child.returncode == 0 else held in ("one", "two", None)
        if chance.random() < 0.1:
            shutil.rmtree(store, ignore_errors=True)
