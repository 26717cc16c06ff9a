"""The index of names: it finds what reading all names finds, whatever was written before."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from gsefgraph.engine import names, store
from gsefgraph.engine.embedded import Embedded
from gsefgraph.engine.names import CAP, NameIndex
from gsefgraph.engine.words import AMONG, MOST, NAMING, QUOTE, Name, Words, slug
from gsefgraph.errors import StoreDamaged, UnknownName
from gsefgraph.project import cache_folder
from gsefgraph.records.resolve import Resolver
from gsefgraph.terms import key, latin

PREFERRED, ACRONYM, *_ = NAMING
ONE, TWO = NamedNode("a:g1"), NamedNode("a:g2")
CLASSES = ["a:C", "a:D"]
THINGS = [f"http://e.org/{name}" for name in ("a", "b-c", "Économie", "#x", "d/")]
WORDS = [
    "social",
    "Sociale",
    "éco",
    "economie",
    "de",
    "x",
    "GSEF",
    "l’été",
    "서울",
    "Όλη",
    '"',
    "%",
    "٣",
    "ﬁn",
]
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
ROWS = st.lists(st.tuples(st.sampled_from(THINGS), NAMES), max_size=12)
TEXTS = st.lists(st.sampled_from([*WORDS, "soc", "oc", "eco", "s", "cono", "ial"]), max_size=3)


def all_names(rows: Iterable[tuple[str, str]]) -> set[Name]:
    """Every name, in Latin letters too, and the last part of the IRI where none reads the same."""
    found = {Name(iri, text, k) for iri, text in rows for k in (key(text), key(latin(text))) if k}
    last = {Name(iri, slug(iri), key(slug(iri))) for iri, _ in rows if key(slug(iri))}
    return found | {n for n in last if (n.iri, n.key) not in {(m.iri, m.key) for m in found}}


def words(name: Name) -> list[str]:
    return name.key.split()


@settings(max_examples=40, deadline=None)
@given(ROWS, TEXTS)
def test_what_is_found_is_what_reading_all_finds(
    rows: list[tuple[str, str]], texts: list[str]
) -> None:
    index, every = NameIndex.of(rows, rows), all_names(rows)
    wanted = key(" ".join(texts))
    parts = wanted.split()
    assert set(index.exact(wanted)) == {n for n in every if n.key == wanted}
    begun = {n for n in every if n.key.startswith(wanted) and n.key != wanted and wanted}
    if wanted:
        assert set(index.beginning(wanted)) == begun
    if not parts or not all(any(c.isalnum() for c in part) for part in parts):
        return
    assert set(index.holding(parts)) == {n for n in every if set(parts) <= set(words(n))}
    assert set(index.completing(parts)) == {
        n for n in every if all(any(w.startswith(p) for w in words(n)) for p in parts)
    }
    assert set(index.parts(parts)) == {
        n
        for n in every
        if all(any(p in w if len(p) > 2 else w.startswith(p) for w in words(n)) for p in parts)
    }
    *whole, last = parts
    assert {n.iri for n in index.quoted(parts)} == {
        iri
        for iri, text in rows
        if set(whole) - {last} <= set(key(text).split())
        and any(word.startswith(last) for word in key(text).split())
    }


def tables(index: NameIndex) -> list[object]:
    """All that an index in memory holds, whatever its numbers."""
    run = index._layers[0].connection.execute
    held: list[object] = []
    for area in ("name", "quote"):
        held.append(sorted(run(f"SELECT thing, iri, text, key, among FROM {area}")))
        held.append(sorted(run(f"SELECT text, held FROM {area}_word")))
        run(f"CREATE VIRTUAL TABLE temp.v USING fts5vocab(main, {area}_words, row)")
        held.append(sorted(run("SELECT term, doc FROM v")))
        run("DROP TABLE temp.v")
    held.append(sorted(run("SELECT gram, text FROM gram JOIN name_word ON word = id")))
    return held


def label(iri: str, text: str, predicate: str = PREFERRED) -> Triple:
    return Triple(NamedNode(iri), NamedNode(predicate), Literal(text))


def kind(iri: str, text: str) -> Triple:
    return Triple(NamedNode(iri), NamedNode(AMONG[0]), NamedNode(CLASSES[len(text) % 2]))


def _load(engine: Embedded, rows: list[tuple[str, str]]) -> None:
    engine.load(Quad(*each(*row), ONE) for row in rows for each in (label, kind))


def _classes(engine: Embedded, rows: list[tuple[str, str]]) -> None:
    engine.replace(ONE, [kind(*row) for row in rows])


def _replace(engine: Embedded, rows: list[tuple[str, str]]) -> None:
    engine.replace(TWO, [label(*row, predicate=p) for row in rows for p in (ACRONYM, QUOTE)])


def _update(engine: Embedded, rows: list[tuple[str, str]]) -> None:
    gone = "".join(f"DELETE WHERE {{ GRAPH {ONE} {{ <{iri}> ?p ?o }} }} ; " for iri, _ in rows[:1])
    come = " ".join(f"{label(*row)} ." for row in rows[1:])
    engine.update(f"{gone} INSERT DATA {{ GRAPH {TWO} {{ {come} }} }}")


WRITES = st.lists(
    st.tuples(st.sampled_from([_load, _classes, _replace, _update]), ROWS), max_size=5
)
Writes = list[tuple[Callable[[Embedded, list[tuple[str, str]]], None], list[tuple[str, str]]]]


@settings(max_examples=30, deadline=None)
@given(WRITES)
def test_the_index_in_memory_follows_every_write(writes: Writes) -> None:
    engine = Embedded()
    engine.names()
    for write, rows in writes:
        write(engine, rows)
    assert tables(engine.names()) == tables(NameIndex.of_store(engine._store))


def found_of(index: NameIndex) -> list[object]:
    """What an index says of all that the tests ask."""
    texts = sorted({key(word) for word in WORDS} | {key(slug(iri)) for iri in THINGS} - {""})
    looks = (index.exact, index.beginning)
    many = (index.holding, index.completing, index.parts, index.near, index.quoted)
    narrow: list[object] = [
        sorted(set(look(wanted, [[kind]])))  # type: ignore[operator]
        for kind in CLASSES
        for t in texts
        for look, wanted in ((index.beginning, t), (index.completing, t.split()))
    ]
    return [
        *narrow,
        *(sorted(set(look(t))) for look in looks for t in texts),
        *(sorted(set(look(t.split()))) for look in many for t in texts),
    ]


@pytest.mark.parametrize("beside", [0, 3, 20_000])
@settings(max_examples=4, deadline=None)
@given(WRITES)
def test_the_index_on_disk_follows_every_write(
    tmp_path_factory: pytest.TempPathFactory, beside: int, writes: Writes
) -> None:
    place = tmp_path_factory.mktemp("names") / "store"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(names, "_BESIDE", beside)
        engine = Embedded.open(place, create=True)
        _load(engine, [(THINGS[0], "social"), (THINGS[1], "économie sociale")])
        for write, rows in writes:
            write(engine, rows)
        engine.close()
    engine = Embedded.open(place)
    engine.verify()
    assert engine._folder is not None
    assert engine._record is not None
    assert len(engine._folder.names(engine._record, whole=True)) == 2
    assert found_of(engine.names()) == found_of(NameIndex.of_store(engine._store))
    engine.close()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    engine = Embedded.open(tmp_path / "store", create=True)
    _load(engine, [(f"http://e.org/n{n}", f"name {n}") for n in range(50)])
    _replace(engine, [("http://e.org/n7", "Seven")])
    engine.close()
    return tmp_path / "store"


def _file(place: Path, name: str) -> Path:
    (found,) = place.glob(f"g-2/{name}")
    return found


def _gone(place: Path) -> None:
    _file(place, names.FILE).unlink()


def _since_gone(place: Path) -> None:
    _file(place, names.SINCE).unlink()


def _short(place: Path) -> None:
    file = _file(place, names.FILE)
    file.write_bytes(file.read_bytes()[:-4096])


def _garbled(place: Path) -> None:
    for name in (names.FILE, names.SINCE):
        file = _file(place, name)
        content = bytearray(file.read_bytes())
        content[200:-200] = b"\xa5" * (len(content) - 400)
        file.unlink()  # the last generation has the same file
        file.write_bytes(content)


@pytest.mark.parametrize("small", [0, store._SMALL])
@pytest.mark.parametrize("damage", [_gone, _since_gone, _short, _garbled])
def test_a_missing_or_damaged_index_is_made_again(
    place: Path, damage: Callable[[Path], None], small: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_SMALL", small)
    damage(place)
    for cached in cache_folder().glob("*.index"):
        cached.unlink()
    for _ in range(2):  # the second time from the cache
        engine = Embedded.open(place)
        if small or damage is not _garbled:
            engine.verify()
        assert [name.iri for name in engine.names().exact("seven")] == ["http://e.org/n7"]
        assert len(engine.names().beginning("name")) == 50
        engine.close()
    assert list(cache_folder().glob("*.index"))
    engine = Embedded.open(place)
    _load(engine, [("http://e.org/new", "Brand new")])
    engine.close()
    engine = Embedded.open(place)
    assert engine._folder is not None
    assert engine._record is not None
    if small:
        assert len(engine._folder.names(engine._record, whole=True)) == 2
    assert [name.iri for name in engine.names().exact("brand new")] == ["http://e.org/new"]
    assert [name.iri for name in engine.names().exact("seven")] == ["http://e.org/n7"]
    engine.close()


def test_where_the_cache_cannot_be_written_the_index_is_in_memory(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _gone(place)
    monkeypatch.setenv("GSEFGRAPH_CACHE", "/dev/null/none")
    engine = Embedded.open(place)
    assert len(engine.names().beginning("name")) == 50
    engine.close()


def test_a_reader_keeps_the_names_of_its_generation(place: Path) -> None:
    reader, writer = Embedded.open(place), Embedded.open(place)
    assert reader.names().exact("late") == []
    before = reader.names()
    for n in range(3):
        writer.replace(TWO, [label(f"http://e.org/late{n}", "Late")])
    assert before.exact("late") == []
    assert [name.iri for name in before.exact("seven")] == ["http://e.org/n7"]
    assert [name.iri for name in writer.names().exact("late")] == ["http://e.org/late2"]
    assert writer.names().exact("seven") == []
    reader.close()
    writer.close()


def test_the_file_of_all_names_is_a_link_until_there_is_much_beside_it(place: Path) -> None:
    engine = Embedded.open(place)
    engine.replace(TWO, [label("http://e.org/late", "Late")])
    engine.close()
    one, other = (place / f"g-{n}" / names.FILE for n in (2, 3))
    assert one.samefile(other)


def test_a_kept_graph_keeps_its_index(tmp_path: Path) -> None:
    file = tmp_path / f"{1:032}.nq"
    file.write_text("".join(f'<a:b> <{PREFERRED}> "Kept" {g}.\n' for g in ("", f"{ONE} ")))
    assert len(Embedded.from_file(file).names().exact("kept")) == 1
    beside = file.with_suffix(".names")
    assert beside.exists()
    kept = Embedded.from_file(file)
    assert len(kept.names().exact("kept")) == 1
    _replace(kept, [("a:c", "Kept")])
    assert len(kept.names().exact("kept")) == 2
    assert len(Embedded.from_file(file).names().exact("kept")) == 1
    beside.write_bytes(beside.read_bytes()[:-1])
    assert len(Embedded.from_file(file).names().exact("kept")) == 1
    changed = Embedded.from_file(file)
    beside.unlink()
    _replace(changed, [("a:c", "Kept")])
    assert len(changed.names().exact("kept")) == 2
    assert not beside.exists()


@pytest.mark.parametrize("read", [0, 5_000])
def test_what_is_ranked_has_a_bound_that_a_restriction_does_not_lower(
    read: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gsefgraph.engine.words._READ", read)
    rows = [(f"a:{n:05}", "Same name") for n in range(3 * CAP)]
    last = rows[-1][0]
    # More words begin so than are looked for where nothing narrows the look.
    rows += [(f"b:{n:05}", f"nau{word} same {word}") for n in range(2 * MOST) for word in [n] * 2]
    rows += [("c:1", "naught of the kind"), ("c:2", "Same name")]
    among = [*((iri, "a:Many") for iri, _ in rows), (last, "a:Few"), ("c:1", "a:Few")]
    index = NameIndex.of(rows, among=[*among, (last, "a:Scheme"), ("c:2", "a:Scheme")])
    assert len(index.exact("same name")) == len(index.holding(["name"])) == CAP
    few, scheme = ["a:None", "a:Few"], ["a:Scheme"]

    def found(names: list[Name]) -> list[str]:
        return [name.iri for name in names]

    assert found(index.exact("same name", [few])) == [last]
    assert found(index.beginning("same", [few])) == [last]
    assert found(index.near(["nane"], [few, scheme])) == [last] * 2
    assert found(index.completing(["na"], [few])) == [last, "c:1"]
    assert found(index.completing(["na"], [scheme])) == [last, "c:2"]
    assert found(index.completing(["na"], [few, scheme])) == [last]
    assert found(index.completing(["na"], [["a:None"]])) == []
    assert found(index.completing(["na", "ki"], [few])) == ["c:1"]
    assert found(index.completing(["augh"], [few])) == []
    many = [f"a:Class{n}" for n in range(2_000)]
    for look in (index.exact("same name", [many]), index.completing(["sa"], [[*many, *few]])):
        assert set(found(look)) <= {last}


def _at_once(engine: Embedded, write: Callable[[int], None], writes: int = 15) -> None:
    """Have eight threads look names up until another has written so often."""
    failed: list[BaseException] = []
    done = threading.Event()

    def ask(number: int) -> None:
        try:
            while True:
                last = done.is_set()
                (one,) = engine.names().exact(f"name {number}")
                assert one.iri == f"http://e.org/n{number}"
                assert len(engine.names().beginning("name")) == 50
                assert len(engine.names().parts(["ame"])) == 50
                assert len(engine.names().completing(["na"], [CLASSES])) == 50
                if last:
                    return
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    try:
        for n in range(writes):
            write(n)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert failed == []


@pytest.mark.parametrize("on_disk", [False, True])
def test_threads_may_ask_while_another_writes(place: Path, on_disk: bool) -> None:
    engine = Embedded.open(place) if on_disk else Embedded()
    if not on_disk:
        _load(engine, [(f"http://e.org/n{n}", f"name {n}") for n in range(50)])
    _at_once(engine, lambda n: _replace(engine, [(f"http://e.org/late{n}", f"Late {n}")]))
    assert {name.iri for name in engine.names().completing(["late"])} == {"http://e.org/late14"}
    engine.close()


def test_threads_may_meet_damage_at_once(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_SMALL", 0)
    file = _file(place, names.FILE)
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content[:8192] + b"\xa5" * (len(content) - 8192))  # it can still be opened
    engine = Embedded.open(place)
    _at_once(engine, lambda _: None, 1)
    engine.close()


def test_a_flipped_byte_in_a_large_index_gives_no_hit_and_is_found_by_verify(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_SMALL", 0)
    file = _file(place, names.FILE)
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content.replace(b"/n33", b"/nX3"))
    engine = Embedded.open(place)
    assert [name.iri for name in engine.names().exact("name 33")] == ["http://e.org/nX3"]
    resolver = Resolver(engine)
    assert resolver.search("name 33") == resolver.suggest("name 33") == []
    with pytest.raises(UnknownName):
        resolver.resolve("name 33")
    assert len(resolver.search("name 35")) == 1
    with pytest.raises(StoreDamaged, match=rf"{names.FILE} in g-2 is not what was written"):
        engine.verify()
    engine.close()


def test_two_stores_are_compared_in_their_own_order() -> None:
    before, after = Store(), Store()
    every = [Quad(*label(f"a:{n}", f"name {n % 7}")) for n in range(200)]
    before.extend(every)
    after.extend([*every[3:150], Quad(*label("a:new", "new"))])
    touched = names.Touched()
    touched.compare(before, after)
    assert touched.things == {f"a:{n}" for n in (0, 1, 2, *range(150, 200), "new")}
    assert not touched.many


def test_a_store_without_an_index_gets_one(place: Path) -> None:
    # As one of an older version: its record names no such files.
    folder = store.Folder(place)
    record = folder.read()
    for name in (names.FILE, names.SINCE):
        _file(place, name).unlink()
        del record.files[name]
    (place / store.RECORD).write_text(record.to_json())
    shutil.rmtree(place / "g-1", ignore_errors=True)
    engine = Embedded.open(place)
    assert len(engine.names().exact("seven")) == 1
    _load(engine, [("http://e.org/new", "Brand new")])
    assert len(folder.names(folder.read())) == 2
    engine.close()


def test_who_meets_damage_when_it_is_mended_goes_on() -> None:
    class Damaged(Words):
        def rows(self, *_: object, **__: object) -> Iterator[list[Name]]:
            index._layers, index._again = NameIndex.of([("a:b", "Name")])._layers, None
            raise sqlite3.DatabaseError

    index = NameIndex([Damaged(None)], lambda: NameIndex.of([]))
    assert [name.iri for name in index.exact("name")] == ["a:b"]
