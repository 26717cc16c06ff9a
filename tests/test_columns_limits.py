"""Columns within their limits: memory, disk, Ctrl-C; nothing is left behind."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from gsefgraph.columns import columns
from gsefgraph.columns.columns import Columns
from gsefgraph.columns.database import Database, OutOfMemory
from gsefgraph.errors import EngineError, InputError
from gsefgraph.limits import Limits

MB = 2**20
SLOW = "SELECT count(*) FROM range(150000) AS a, range(150000) AS b WHERE a.range * b.range = 7"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some 30 MB, 150,000 lines, of which no subject stands twice."""
    file = tmp_path_factory.mktemp("large") / "large.nq"
    name = "https://example.org/a-name-that-takes-some-room/"
    with file.open("w") as out:
        for n in range(150_000):
            out.write(f"<{name}{n}> <{name}p{n % 9}> <{name}o{n}> <{name}g{n % 99}> .\n")
    return file


@pytest.mark.parametrize("growth", [0, 10**6], ids=["in memory", "on disk"])
def test_a_graph_larger_than_memory_spills(
    large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, growth: int
) -> None:
    monkeypatch.setattr(columns, "_GROWTH", growth)
    with Columns.read([large], limits=Limits(64 * MB, tmp_path)) as read:
        assert read.rows("SELECT count(*), count(DISTINCT s) FROM triple") == [(150_000, 150_000)]
        assert len(list(tmp_path.iterdir())) == 1
        assert read.rows("SELECT current_setting('memory_limit')") == [("64.0 MiB",)]
    assert list(tmp_path.iterdir()) == []


def test_one_join_at_a_time_where_memory_is_short(
    large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute = Database.execute

    def short(self: Database, sql: str, parameters: object = ()) -> None:
        if "few_p AS b" in sql:
            raise OutOfMemory("short")
        execute(self, sql, parameters)  # type: ignore[arg-type]

    small = tmp_path / "a.nq"
    small.write_text('<a:s> <a:p> <a:o> <a:g> .\n<a:s>  <a:q> "x" .\n<a:s> <a:p> <a:o> .')
    monkeypatch.setattr(Database, "execute", short)
    with Columns.read([small]) as read:
        rows = read.rows("SELECT s, p, o, coalesce(g, 0), line FROM quad ORDER BY line")
        terms = {**read.terms(x for row in rows for x in row[:4]), 0: None}
        found = [(*(str(terms[x]) for x in row[:4]), row[4]) for row in rows]
    assert found == [
        ("<a:s>", "<a:p>", "<a:o>", "<a:g>", 1),
        ("<a:s>", "<a:q>", '"x"', "None", 2),
        ("<a:s>", "<a:p>", "<a:o>", "None", 3),
    ]


def test_memory_that_is_not_enough_is_told_in_one_line(large: Path, tmp_path: Path) -> None:
    with (
        Columns.read([large], limits=Limits(64 * MB, tmp_path)) as read,
        pytest.raises(EngineError, match="more than the 64 MB of memory allowed are needed") as no,
    ):
        read.rows("SELECT list(DISTINCT lex || lex || lex || lex) FROM term")
    assert "\n" not in str(no.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("growth", [0, 10**6], ids=["in memory", "on disk"])
def test_a_full_disk_is_told_in_one_line_and_leaves_nothing(
    large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, growth: int
) -> None:
    begin = Database.open

    def with_little_room(self: Database, *, on_disk: bool = False) -> None:
        begin(self, on_disk=on_disk)
        self.execute("SET max_temp_directory_size = '1MB'")

    monkeypatch.setattr(Database, "open", with_little_room)
    monkeypatch.setattr(columns, "_GROWTH", growth)
    with pytest.raises(EngineError, match=r"no room is left on the disk of .*; make room") as no:
        Columns.read([large], limits=Limits(64 * MB, tmp_path))
    assert str(tmp_path) in str(no.value)
    assert "\n" not in str(no.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize("name", ["given.nq", "file1.nq"])
def test_a_disk_that_is_full_while_files_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    begin = Database.__init__

    def on_a_full_disk(self: Database, **settings: object) -> None:
        begin(self, **settings)  # type: ignore[arg-type]
        (self.folder / name).symlink_to("/dev/full")

    turtle = tmp_path / "a.ttl"
    turtle.write_text("".join(f"<a:s> <a:p> <a:{n}> .\n" for n in range(9999)))
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.setattr(Database, "__init__", on_a_full_disk)
    node = NamedNode("a:a")
    with pytest.raises(EngineError, match="no room is left on the disk of"):
        Columns.read([turtle], quads=[Quad(node, node, node)] * 9999, limits=Limits(folder=folder))
    assert list(folder.iterdir()) == []


def test_no_folder_for_temporary_files(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"no temporary folder can be made in .*/no \("):
        Columns.read([], limits=Limits(folder=tmp_path / "no"))


class CtrlC(threading.Timer):
    """Ctrl-C 0.3 seconds after a statement was begun that lasts longer than the tests allow."""

    def __init__(self) -> None:
        super().__init__(0.3, self.press)
        self.at = 0.0

    def during(self, run: Callable[[str], object]) -> None:
        self.start()
        run(SLOW)

    def press(self) -> None:
        self.at = time.monotonic()
        os.kill(os.getpid(), signal.SIGINT)


@pytest.fixture
def ctrl_c() -> Iterator[CtrlC]:
    timer = CtrlC()
    yield timer
    timer.cancel()
    timer.join()


@pytest.mark.skipif(os.name != "posix", reason="the signal of Ctrl-C is sent to this process")
def test_an_interruption_stops_a_statement_at_once(ctrl_c: CtrlC) -> None:
    with Columns.read([]) as read:
        with pytest.raises(KeyboardInterrupt):
            ctrl_c.during(read.rows)
        assert time.monotonic() - ctrl_c.at < 5  # some 0.01 where nothing else runs
        assert read.rows("SELECT 1") == [(1,)]


@pytest.mark.skipif(os.name != "posix", reason="the signal of Ctrl-C is sent to this process")
def test_an_interruption_while_loading_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ctrl_c: CtrlC
) -> None:
    monkeypatch.setattr(columns.loading, "load", lambda database, *_: ctrl_c.during(database.rows))
    with pytest.raises(KeyboardInterrupt):
        Columns.read([], limits=Limits(folder=tmp_path))
    assert time.monotonic() - ctrl_c.at < 5
    assert list(tmp_path.iterdir()) == []


def test_an_error_leaves_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.nq"
    file.write_text("bad")
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(InputError):
        Columns.read([file], limits=Limits(folder=folder))
    assert list(folder.iterdir()) == []


def test_an_error_of_sql_is_one_line() -> None:
    with Columns.read([]) as read, pytest.raises(EngineError, match=r"DuckDB: .*nothing") as no:
        read.execute("SELECT * FROM nothing")
    assert "\n" not in str(no.value)
