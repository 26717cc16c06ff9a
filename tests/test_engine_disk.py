"""The embedded engine in a folder on disk: its record, its generations, and what damages them."""

from __future__ import annotations

import fcntl
import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from pyoxigraph import NamedNode, Quad, Store

from gsefgraph.engine import connect, store
from gsefgraph.engine.embedded import Embedded
from gsefgraph.engine.store import Folder, Record
from gsefgraph.errors import EngineError, InputError, QueryTimeout, StoreDamaged, UsageError
from tests.engine_suite import EX, ONE, TWO, EngineSuite, load, number, triple, union

ROOT = Path(__file__).resolve().parent.parent


class TestDisk(EngineSuite):
    @pytest.fixture
    def engine(self, tmp_path: Path) -> Iterator[Embedded]:
        engine = Embedded.open(tmp_path / "store", create=True)
        yield engine
        engine.close()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A store of 500 quads in its second generation."""
    engine = Embedded.open(tmp_path / "store", create=True)
    engine.load([])
    engine.load((Quad(*triple(f"s{n}", f"o{n}"), ONE) for n in range(500)), origin="made by a test")
    engine.close()
    return tmp_path / "store"


def sealed(place: Path) -> Path:
    return place / f"g-{json.loads((place / 'record.json').read_text())['generation']}"


def snapshot(place: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(place)): file.read_bytes()
        for file in place.rglob("*")
        if file.is_file()
    }


def test_what_was_written_is_there_when_opened_again(place: Path) -> None:
    engine = connect(str(place))
    assert engine.count() == 500
    assert len(union(engine)) == 500
    found = engine.info()
    assert found["generation"] == "2"
    assert found["origin"] == "made by a test"
    assert len(found["digest"]) == 64
    assert found["place"] == str(place)
    engine.close()


def test_reading_writes_nothing(place: Path) -> None:
    before = snapshot(place)
    engine = Embedded.open(place)
    assert number(engine, "?s ?p ?o") == 500
    engine.verify()
    engine.close()
    assert snapshot(place) == before


def test_reading_works_where_nothing_may_be_written(place: Path) -> None:
    for folder, _, names in os.walk(place):
        for name in names:
            os.chmod(os.path.join(folder, name), 0o444)
        os.chmod(folder, 0o555)
    try:
        assert Embedded.open(place).count() == 500
    finally:
        for folder, _, _ in os.walk(place):
            os.chmod(folder, 0o755)


def test_a_new_folder_needs_create(tmp_path: Path) -> None:
    for target in (tmp_path / "new", tmp_path):
        with pytest.raises(EngineError, match="there is no store"):
            connect(str(target))
        assert list(tmp_path.iterdir()) == []
    engine = connect(str(tmp_path / "new"), create=True)
    assert engine.count() == 0
    assert list(tmp_path.iterdir()) == []
    load(engine, ONE, [triple("a", "b")])
    assert connect(str(tmp_path / "new")).count() == 1


def test_a_foreign_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("x")
    for create in (False, True):
        with pytest.raises(StoreDamaged, match="not a gsefgraph store"):
            connect(str(tmp_path), create=create)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]
    with pytest.raises(StoreDamaged, match="it is a file"):
        connect(str(tmp_path / "thesis.txt"), create=True)


def test_a_bare_database_folder_is_not_a_store(tmp_path: Path) -> None:
    Store(str(tmp_path / "bare")).flush()
    with pytest.raises(StoreDamaged, match="not a gsefgraph store"):
        connect(str(tmp_path / "bare"))


def test_generations_share_tables_and_old_ones_go(place: Path) -> None:
    engine = Embedded.open(place)
    first = sealed(place)
    shared = {file.name: file.stat().st_ino for file in first.glob("*.sst")}
    engine.replace(TWO, [triple("a", "b")])
    assert any(file.stat().st_ino == shared.get(file.name) for file in sealed(place).glob("*.sst"))
    for value in "cde":
        engine.replace(TWO, [triple("a", value)])
    kept = sorted(entry.name for entry in place.iterdir())
    assert kept == ["g-5", "g-6", "lock", "record.json"]
    assert engine.count() == 501
    engine.verify()
    engine.close()


def test_a_reader_keeps_its_generation_while_others_write(place: Path) -> None:
    reader, writer = Embedded.open(place), Embedded.open(place)
    for value in "abcdef":
        writer.replace(TWO, [triple("a", value)])
    assert reader.count() == 500
    assert writer.count() == 501
    assert number(reader, "?s ?p ?o") == 500
    assert reader.graphs() == (ONE,)
    reader.close()
    writer.replace(TWO, [])
    assert sorted(entry.name for entry in place.glob("g-*")) == ["g-8", "g-9"]


def test_a_reader_that_is_let_go_keeps_nothing(place: Path) -> None:
    reader, writer = Embedded.open(place), Embedded.open(place)
    assert reader.names() is reader.names()
    del reader
    gc.collect()
    for value in "abc":
        writer.replace(TWO, [triple("a", value)])
    assert sorted(entry.name for entry in place.glob("g-*")) == ["g-4", "g-5"]


def test_a_writer_starts_from_what_another_wrote(place: Path) -> None:
    one, other = Embedded.open(place), Embedded.open(place)
    one.replace(TWO, [triple("a", "b")])
    other.update(f"INSERT DATA {{ GRAPH <{EX}graph/three> {{ <{EX}a> <{EX}p> <{EX}c> }} }}")
    assert other.count() == 502
    assert load(one, TWO, [triple("a", "d")]) == 503
    assert len(union(one)) == 503


def test_the_second_writer_is_told_to_wait(place: Path) -> None:
    folder = Folder(place)
    other = Embedded.open(place)
    before = snapshot(place)
    with folder.writing():
        with pytest.raises(EngineError, match="another process"):
            other.replace(TWO, [triple("a", "b")])
        assert other.count() == 500
    assert snapshot(place) == before
    other.replace(TWO, [triple("a", "b")])
    assert other.count() == 501


def test_a_refused_update_leaves_the_folder_as_it_was(place: Path) -> None:
    engine = Embedded.open(place)
    before = snapshot(place)
    with pytest.raises(UsageError):
        engine.update(f"DROP GRAPH {ONE} ; INSERT DATA {{ <{EX}a> <{EX}p> <{EX}b> }}")
    with pytest.raises(UsageError):
        engine.update(f"INSERT DATA {{ GRAPH <urn:gsefgraph:x> {{ <{EX}a> <{EX}p> 1 }} }}")
    assert snapshot(place) == before
    assert engine.count() == 500


def test_an_update_past_its_deadline_leaves_nothing(place: Path) -> None:
    engine = Embedded.open(place)
    before = snapshot(place)
    with pytest.raises(QueryTimeout):
        engine.update(
            f"INSERT {{ GRAPH {TWO} {{ ?a ?b ?c }} }} WHERE {{ GRAPH {ONE} {{ ?a ?b ?c }}"
            f" {{ SELECT ?d WHERE {{ GRAPH {ONE} {{ ?d ?e ?f }} }} LIMIT 100 }} }}",
            timeout=0.02,
        )
    engine.replace(TWO, [triple("a", "b")])  # waits until the given-up one is gone
    assert engine.count() == 501
    assert {name for name in snapshot(place) if name.startswith("g-2/")} == {
        name for name in before if name.startswith("g-2/")
    }


def test_dropping_everything_keeps_the_store_whole(place: Path) -> None:
    engine = Embedded.open(place)
    engine.update("DROP ALL")
    assert engine.count() == 0
    assert engine.graphs() == ()
    assert union(engine) == set()
    assert Embedded.open(place).count() == 0
    engine.verify()


# Damage: each way, what is said of it. `open` notices without reading the tables.


def biggest(place: Path, pattern: str = "*.sst") -> Path:
    return max(sealed(place).glob(pattern), key=lambda file: file.stat().st_size)


def truncate(place: Path) -> None:
    os.truncate(biggest(place), biggest(place).stat().st_size // 2)


def drop_manifest(place: Path) -> None:
    biggest(place, "MANIFEST-*").unlink()


def flip(file: Path, at: int) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= 0x40
    file.write_bytes(data)


def flip_manifest(place: Path) -> None:
    flip(biggest(place, "MANIFEST-*"), -20)


def edit_count(place: Path) -> None:
    record = place / "record.json"
    record.write_text(record.read_text().replace('"count": 500', '"count": 499'))


def edit_to_nonsense(place: Path) -> None:
    (place / "record.json").write_text("{}")


def other_format(place: Path) -> None:
    record = place / "record.json"
    record.write_text(record.read_text().replace('"format": 1', '"format": 99'))


def drop_record(place: Path) -> None:
    (place / "record.json").unlink()


def drop_generation(place: Path) -> None:
    shutil.rmtree(sealed(place))


def drop_table(place: Path) -> None:
    biggest(place).unlink()


def add_file(place: Path) -> None:
    (sealed(place) / "000999.sst").write_bytes(b"x")


def swap_generation(place: Path) -> None:
    """Another generation under this one's name, with a record that fits its files."""
    engine = Embedded.open(place)
    engine.replace(TWO, [triple("a", "b")])
    engine.close()
    folder = Folder(place)
    record = folder.read()
    shutil.rmtree(place / "g-3")
    shutil.copytree(place / "g-2", place / "g-3")
    old = json.loads((place / "record.json").read_text())["files"]
    assert old
    from gsefgraph.engine.store import _sha256

    files = {file.name: (file.stat().st_size, _sha256(file)) for file in (place / "g-3").iterdir()}
    forged = Record(record.generation, record.count, record.origin, files)
    (place / "record.json").write_text(forged.to_json())


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (truncate, r"bytes, its record says"),
        (drop_manifest, r"MANIFEST-\d+ is missing"),
        (flip_manifest, r"MANIFEST-\d+ in g-2 is not what was written"),
        (edit_count, r"record\.json was changed"),
        (edit_to_nonsense, r"record\.json is not a record"),
        (other_format, r"format 99"),
        (drop_record, r"not a gsefgraph store"),
        (drop_generation, r"g-2 is missing"),
        (drop_table, r"\.sst is missing"),
        (add_file, r"000999\.sst in g-2 is not in its record"),
        (swap_generation, r"another generation inside"),
    ],
)
def test_damage_is_named_when_the_store_is_opened(
    place: Path, damage: Callable[[Path], None], said: str
) -> None:
    damage(place)
    with pytest.raises(StoreDamaged, match=said) as caught:
        Embedded.open(place)
    message = str(caught.value)
    assert str(place) in message
    assert "\n" not in message
    assert caught.value.hint
    # Nor is it written to: a damaged store is never built upon.
    before = snapshot(place)
    if damage is not other_format:
        with pytest.raises(StoreDamaged):
            Embedded.open(place, create=True)
    with pytest.raises(StoreDamaged):
        Embedded.open(place, create=True).replace(TWO, [triple("a", "b")])
    assert snapshot(place) == before


def test_a_store_of_another_version_is_loaded_anew(place: Path) -> None:
    other_format(place)
    engine = Embedded.open(place, create=True)
    assert engine.outdated
    assert engine.load([Quad(*triple("a", "b"), ONE)], fresh=True) == 1
    engine.close()
    engine = Embedded.open(place)
    engine.verify()
    assert (engine.count(), engine.info()["generation"], engine.outdated) == (1, "3", False)


def test_a_flipped_byte_in_a_table_is_found_by_verify(place: Path) -> None:
    table = biggest(place)
    flip(table, table.stat().st_size // 3)
    engine = Embedded.open(place)
    with pytest.raises(StoreDamaged, match=rf"{table.name} in g-2 is not what was written"):
        engine.verify()


def test_a_count_that_is_not_true_is_found_by_verify(place: Path) -> None:
    record = Folder(place).read()
    forged = Record(record.generation, 499, record.origin, record.files)
    (place / "record.json").write_text(forged.to_json())
    engine = Embedded.open(place)
    with pytest.raises(StoreDamaged, match="500 quads, not 499"):
        engine.verify()


def test_a_store_damaged_since_it_was_opened_is_not_built_upon(place: Path) -> None:
    engine = Embedded.open(place)
    truncate(place)
    with pytest.raises(StoreDamaged):
        engine.replace(TWO, [triple("a", "b")])


def test_opening_does_not_read_the_tables(place: Path) -> None:
    # Constant time: only names, sizes and the small files are looked at; the index of names is not.
    record = Folder(place).read()
    sizes = {name: size for name, (size, _) in record.files.items() if "names." not in name}
    tables = sum(size for name, size in sizes.items() if name.endswith(".sst"))
    small = sum(size for name, size in sizes.items() if not name.endswith(".sst"))
    assert tables > 0
    assert small < 200_000


WRITER = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from pyoxigraph import NamedNode, Literal, Triple
from gsefgraph.engine.embedded import Embedded
engine = Embedded.open(sys.argv[1])
print("ready", flush=True)
for step in range(int(sys.argv[2]), 10_000):
    graph = NamedNode(f"{EX}graph/step")
    engine.replace(graph, [
        Triple(NamedNode(f"{EX}x{{step}}.{{n}}"), NamedNode("{EX}p"), Literal(str(step)))
        for n in range(50)])
    print(step, flush=True)
"""


@pytest.mark.parametrize("wait", [0.0, 0.01, 0.03, 0.05, 0.08, 0.13])
def test_a_killed_writer_leaves_a_good_generation(place: Path, wait: float) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(place), "1"], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    try:
        assert child.stdout.readline() == "ready\n"
        assert child.stdout.readline() == "1\n"
        time.sleep(wait)
    finally:
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read().split()
        child.wait()
        child.stdout.close()
    acknowledged = int(rest[-1]) if rest else 1
    engine = Embedded.open(place)
    engine.verify()
    assert engine.count() == 550
    values = {quad.object.value for quad in engine.dump(NamedNode(f"{EX}graph/step"))}
    # All of one step: the last that was acknowledged, or the next, whose word was not heard.
    assert values in ({str(acknowledged)}, {str(acknowledged + 1)})
    engine.replace(TWO, [triple("a", "b")])
    assert engine.count() == 551
    assert [entry.name for entry in place.glob("*.tmp")] == []


def test_a_first_write_that_was_killed_may_be_made_again(tmp_path: Path) -> None:
    for name in ("g-1", "g-1-abc.tmp"):
        (tmp_path / "store" / name).mkdir(parents=True)
        (tmp_path / "store" / name / "CURRENT").write_text("half")
    for name in ("lock", "record.json.tmp"):
        (tmp_path / "store" / name).write_text("")
    with pytest.raises(EngineError, match="there is no store"):
        Embedded.open(tmp_path / "store")
    engine = Embedded.open(tmp_path / "store", create=True)
    assert load(engine, ONE, [triple("a", "b")]) == 1


@pytest.mark.parametrize("there", [False, True])
def test_a_first_write_that_fails_leaves_the_folder_as_it_was(tmp_path: Path, there: bool) -> None:
    place = tmp_path / "store"
    if there:
        place.mkdir()
    engine = Embedded.open(place, create=True)
    with pytest.raises(InputError):
        engine.load([Quad(*triple("a", "b"))])
    assert [entry.name for entry in tmp_path.rglob("*")] == ["store"] * there
    assert load(engine, ONE, [triple("a", "b")]) == 1


def test_a_first_write_waits_for_no_folder_that_goes(tmp_path: Path) -> None:
    """Another first write removes the folder, having failed, between the opening and the lock."""
    place, locks = tmp_path / "store", []

    def flock(handle: int, how: int) -> None:
        if not locks:
            shutil.rmtree(place)
        locks.append(handle)
        fcntl.flock(handle, how)

    engine = Embedded.open(place, create=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "fcntl", SimpleNamespace(**{**vars(fcntl), "flock": flock}))
        assert load(engine, ONE, [triple("a", "b")]) == 1
    assert len(locks) > 1
    assert Embedded.open(place).count() == 1


def test_whoever_writes_is_named(place: Path) -> None:
    said = rf"another process \({os.getpid()}\)"
    with Folder(place).writing(), pytest.raises(EngineError, match=said):
        Embedded.open(place).load([])


def test_a_folder_that_is_not_ours_keeps_its_lock(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("mine")
    (tmp_path / "g-12").mkdir()
    with pytest.raises(StoreDamaged, match="not a gsefgraph store"), Folder(tmp_path).writing():
        pass
    assert (tmp_path / "lock").read_text() == "mine"


def test_the_digest_covers_everything_that_the_record_says() -> None:
    base = Record(2, 5, "x", {"a.sst": (1, "00"), "b": (2, "01")})
    others = [
        Record(3, 5, "x", base.files),
        Record(2, 6, "x", base.files),
        Record(2, 5, "y", base.files),
        Record(2, 5, "x", {"a.sst": (1, "00")}),
        Record(2, 5, "x", {"a.sst": (9, "00"), "b": (2, "01")}),
        Record(2, 5, "x", {"a.sst": (1, "0f"), "b": (2, "01")}),
    ]
    assert len({each.digest for each in [base, *others]}) == 7
    assert Record(2, 5, "x", dict(reversed(base.files.items()))).digest == base.digest
