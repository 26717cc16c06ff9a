from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from gsefgraph import files
from gsefgraph.errors import InputError


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_failure_midway_changes_nothing(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "a").write_bytes(b"old a")
    (tmp_path / "b").write_bytes(b"old b")
    real = files._write_synced
    calls = []

    def full_disk(path: Path, data: bytes) -> None:
        calls.append(path)
        if len(calls) == 2:
            path.write_bytes(data[:1])
            raise OSError(28, "No space left on device")
        real(path, data)

    monkeypatch.setattr(files, "_write_synced", full_disk)
    with pytest.raises(InputError, match="No space left on device"):
        files.write_all(tmp_path, {tmp_path / "a": b"new a", tmp_path / "b": b"new b"})
    assert names(tmp_path) == ["a", "b"]
    assert (tmp_path / "a").read_bytes() + (tmp_path / "b").read_bytes() == b"old aold b"


def test_a_crash_after_the_journal_is_ended_by_the_next_start(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old a")
    (tmp_path / ".a.1.tmp").write_bytes(b"new a")
    (tmp_path / ".b.1.tmp").write_bytes(b"new b")
    journal = tmp_path / files._JOURNAL
    journal.write_text(json.dumps([[".a.1.tmp", "a"], [".b.1.tmp", "b"]]))
    files.recover(tmp_path)
    assert names(tmp_path) == ["a", "b"]
    assert (tmp_path / "a").read_bytes() + (tmp_path / "b").read_bytes() == b"new anew b"
    files.recover(tmp_path)


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        files.write_atomically(tmp_path / "none" / "a", b"")
    assert names(tmp_path) == []


def test_a_link_stays_a_link_and_the_mode_stays(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link = tmp_path / "link"
    link.symlink_to(target)
    files.write_atomically(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_device_is_written_through() -> None:
    files.write_atomically(Path(os.devnull), b"gone")
    assert not Path(os.devnull).is_file()
