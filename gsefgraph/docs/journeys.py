"""The files that five commands cross, traced: `python -m gsefgraph.docs.journeys`.

They stand in CONTRIBUTING.md, between two marks, as a way in for whoever reads the code.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from inspect import CO_OPTIMIZED
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

PACKAGE = Path(__file__).resolve().parent.parent
PAGE = PACKAGE.parent / "CONTRIBUTING.md"
START, END = "<!-- journeys: make docs -->\n", "<!-- end -->\n"

_EXAMPLE = "document-adopted-at-a-meeting.ttl"
JOURNEYS = (
    ("A question", ("query", "speakers")),
    ("A record with a date that does not exist", ("validate", "NEW.ttl")),
    ("The whole graph", ("validate",)),
    ("A record that conforms", ("add", "RECORD.ttl", "--project", "MINE")),
    ("Why a triple holds", ("explain", "GSEF", "observerOf", "UNTFSSE")),
)
"""What is traced: a heading, and the words of the command."""


def crossed(arguments: list[str]) -> list[str]:
    """The modules whose functions run while a command does, in the order of their entry.

    Parameters:
        arguments: the words after the program's name.

    Returns:
        ``room/file`` without its ending; what only loads is not there.
    """
    from gsefgraph.cli import run, worker

    found: dict[str, None] = {}
    start = f"{PACKAGE}{os.sep}"

    def note(frame: FrameType, event: str, _argument: object) -> None:
        code = frame.f_code
        function = code.co_flags & CO_OPTIMIZED and not code.co_name.startswith("<")
        if event == "call" and function and code.co_filename.startswith(start):
            found[code.co_filename.removeprefix(start).removesuffix(".py")] = None

    worker.KILLS = False  # a child process could not be followed
    threading.setprofile(note)
    sys.setprofile(note)
    try:
        run(arguments)
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return list(found)


def render() -> str:
    """The part of the page: for each journey its rooms, from the first entered on, and their files.

    Each command is traced in a process of its own, with a cache that an earlier run has filled.
    """
    parts = []
    with TemporaryDirectory() as folder:
        place = Path(folder)
        _prepare(place)
        for heading, words in JOURNEYS:
            files = _traced(place, words)
            rooms: dict[str, list[str]] = {}
            for file in files:
                room, _, name = file.rpartition("/")
                rooms.setdefault(room or ".", []).append(name)
            parts.append(f"{heading}, `gsefgraph {' '.join(words)}`: {len(files)} files\n")
            parts += [_line(room, names) for room, names in rooms.items()]
            parts.append("")
    return "\n".join(parts)


def _prepare(place: Path) -> None:
    """Lay out the records that are checked and added, and a project of one's own."""
    root = PACKAGE.parent
    text = (root / "ontology" / "examples" / _EXAMPLE).read_text("utf-8")
    (place / "RECORD.ttl").write_text(text, "utf-8")
    (place / "NEW.ttl").write_text(text.replace("2024-05-14", "2024-02-30"), "utf-8")
    shutil.copytree(root / "data", place / "MINE" / "data")


def _traced(place: Path, words: tuple[str, ...]) -> list[str]:
    env = {**os.environ, "GSEFGRAPH_CACHE": str(place / "cache"), "PYTHONPATH": str(PACKAGE.parent)}
    warm = [word for word in words if word != "add"]
    if len(warm) < len(words):  # what is added is there the second time
        warm = ["validate", *warm]
    for arguments in (["-m", "gsefgraph", *warm], ["-m", __spec__.name, *words]):
        done = subprocess.run(  # noqa: S603 - our own commands
            [sys.executable, *arguments], cwd=place, env=env, capture_output=True, text=True
        )
    return done.stderr.rpartition("crossed:\n")[2].split()


def _line(room: str, names: list[str]) -> str:
    lines, width = [f"    {room:<16}"], 100
    for name in names:
        if len(lines[-1]) + len(name) + 1 > width:
            lines.append(" " * 20)
        lines[-1] += f" {name}"
    return "\n".join(lines)


if __name__ == "__main__":
    if sys.argv[1:]:
        files = crossed(sys.argv[1:])
        print("crossed:", *files, sep="\n", file=sys.stderr)
    else:
        before, _, rest = PAGE.read_text("utf-8").partition(START)
        PAGE.write_text(f"{before}{START}\n{render()}{END}{rest.partition(END)[2]}", "utf-8")
