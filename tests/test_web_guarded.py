"""A guarded run of our own command."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from gsefgraph.cli.settings import Settings
from gsefgraph.web import guarded

_SLOW = b"SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def test_a_run_gives_what_the_command_wrote() -> None:
    """Options that name the graph go with it, and stdin is read."""
    done = guarded.run(
        ["--data", "ontology/examples/webinar-series.ttl", "--alone"],
        ["query", "-", "-f", "csv"],
        stdin=b"SELECT (COUNT(*) AS ?n) { ?s a gsef:Event }",
        seconds=60,
    )
    assert (done.code, done.out, done.late, done.cut) == (0, b"n\r\n2\r\n", False, False)


def test_a_fault_is_one_line_and_an_exit_code() -> None:
    """Not a traceback, whatever is handed in."""
    done = guarded.run([], ["validate", "-", "--lang", "fr"], stdin=b"\xff\xfe<a", seconds=60)
    assert done.code == 3
    assert done.err.startswith(b"gsefgraph: erreur")
    assert done.err.count(b"\n") == 1


def test_a_run_ends_at_its_deadline_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a process nor a temporary file."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    began = time.monotonic()
    done = guarded.run([], ["query", "-"], stdin=_SLOW, seconds=1.5)
    assert done.late
    assert time.monotonic() - began < 6
    assert not list(tmp_path.iterdir())
    mine = f"TMPDIR={tmp_path}".encode()
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            assert mine not in environment.read_bytes()
        except OSError:
            continue


def test_what_is_written_is_bounded() -> None:
    """A run that writes more is ended there."""
    done = guarded.run([], ["export", "-f", "nquads"], seconds=60, output=1000)
    assert done.cut
    assert len(done.out) == 1000


def test_a_run_waits_for_its_turn_within_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """No more at once than a machine bears."""
    monkeypatch.setattr(guarded._places, "acquire", lambda timeout: timeout > 1)
    assert guarded.run([], ["--version"], seconds=0.5).late
    monkeypatch.setattr(guarded._turns, "acquire", lambda blocking: blocking)
    assert guarded.run([], ["--version"], seconds=60).busy


@pytest.mark.parametrize(
    ("environment", "settings", "words"),
    [
        ({}, Settings(), ()),
        ({}, Settings(store="a"), ("--store", "a")),
        ({"GSEFGRAPH_STORE": "http://u:secret@host/"}, Settings(store="http://u:secret@host/"), ()),
        ({"GSEFGRAPH_STORE": "a"}, Settings(), ("--store", "memory:")),
        (
            {},
            Settings(base="urn:b", context=("urn:c=d",)),
            ("--base", "urn:b", "--context", "urn:c=d"),
        ),
        (
            {},
            Settings(data=("x",), unpack=5, alone=True),
            ("--data", "x", "--unpack", "5", "--alone"),
        ),
    ],
)
def test_options_name_the_same_graph(
    environment: dict[str, str],
    settings: Settings,
    words: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An address that came by the environment is in no command line, which others see."""
    monkeypatch.delenv("GSEFGRAPH_STORE", raising=False)
    for name, value in environment.items():
        monkeypatch.setitem(os.environ, name, value)
    assert settings.options == words
