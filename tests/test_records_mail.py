"""A mail, typed by hand: what it says is in the graph, and entering it again changes nothing."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from gsefgraph.graph.graph import Graph
from tests.commands import ROOT, Cli
from tests.shipped import DATA

RECORD = Path(__file__).parent / "records" / "mail-side-events-2022.yaml"
DOC = "id-doc:mail-side-events-2022"
TITLE = "Mail on side events of 2022 and a resolution of 2023"


@pytest.fixture
def before(without: Path, tmp_path: Path) -> Path:
    shutil.copytree(without, tmp_path / "own")
    return tmp_path / "own"


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped data without what the mail says, and without the things that it alone names."""
    own = tmp_path_factory.mktemp("mail") / "own"
    shutil.copytree(DATA, own / "data")
    with Graph.open(project=own) as graph:
        graph.changes.remove(DOC, also=True)
        for name in ("hlpf-2022", "hlpf-2022.ripess-side-event", "hlpf-2022.unctad-side-event"):
            graph.changes.remove(f"id-event:{name}")
        for name in ("ripess-intercontinental", "urgenci", "unctad", "un-general-assembly",
                     "government-of-france", "government-of-malaysia"):  # fmt: skip
            graph.changes.remove(f"id-org:{name}")
        for name in ("judith-hitchman", "yvon-poirier"):
            graph.changes.remove(f"id-person:{name}")
        graph.changes.remove("id-doc:a-res-77-281")
    (own / "data" / "sources" / f"{DOC[7:]}.txt").unlink()
    shutil.rmtree(own / "history")
    return own


def entered(cli: Cli, own: Path) -> dict[str, str]:
    """The digests of the data of a project after the mail was entered into it."""
    text = DATA / "sources" / f"{DOC[7:]}.txt"
    done = cli("source", "add", text, "--id", DOC[7:], "--title", TITLE, "--lang-of-text", "en",
               "--project", own)  # fmt: skip
    assert done.code == 0, done
    done = cli("add", RECORD, "--project", own)
    assert done.code == 0, done
    return digests(own / "data")


def digests(data: Path) -> dict[str, str]:
    return {
        str(path.relative_to(data)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(data.rglob("*"))
        if path.is_file()
    }


def test_the_shipped_data_are_what_the_mail_makes_of_them(cli: Cli, before: Path) -> None:
    shutil.copytree(before, before.parent / "other")
    assert not (before / "data" / "documents" / f"{DOC[7:]}.ttl").exists()
    assert entered(cli, before) == entered(cli, before.parent / "other") == digests(DATA)


def test_entering_it_again_changes_nothing(cli: Cli, before: Path) -> None:
    once = entered(cli, before)
    said = cli("add", RECORD, "--project", before, "--lang", "en")
    assert (said.code, "all of it is there already" in said.err) == (0, True)
    assert digests(before / "data") == once
    assert len(list((before / "history").iterdir())) == 2


def test_what_it_says_is_found(cli: Cli) -> None:
    words = ("query", "event-participants", "-p", "event=hlpf-2022.unctad-side-event", "-f", "csv")
    [row] = [line for line in cli(*words).lines if "yvon-poirier" in line]
    assert [cell.rpartition("/")[2] for cell in row.split(",")] == [
        "yvon-poirier", "moderator", "hlpf-2022.unctad-side-event", "", "ripess-intercontinental",
        "hlpf-2022.unctad-side-event.yvon-poirier.moderator",
    ]  # fmt: skip
    assert cli("evidence", "--project", ROOT).code == 0
