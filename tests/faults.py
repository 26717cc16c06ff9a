"""A disk that fails and a process that is killed, at every step of a write in turn.

`sweep` forks a child for each round, which ends or fails at the round's rename, sync, link, opening
or removal, and looks at what it left behind. A fork of a process that has opened a store cannot
write one, so `python -m tests.faults` runs a sweep in a process of its own.
"""

from __future__ import annotations

import builtins
import contextlib
import errno
import importlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HOW = ("killed before", "killed after", "disk full")
_STEPS = [(os, name) for name in ("rename", "replace", "fsync", "link", "unlink", "mkdir", "open")]
_STEPS += [(builtins, "open"), (io, "open")]
_UNREACHED, _KILLED = 9, 10


@contextlib.contextmanager
def failing(number: int, how: str, below: Path) -> Iterator[list[int]]:
    """Fail at the n-th step that concerns a folder; gives the count of steps so far."""
    count = [0]
    handles: set[int] = set()

    def wrapped(module: Any, name: str) -> Callable[..., Any]:
        original = getattr(module, name)

        def step(*given: Any, **more: Any) -> Any:
            about = given[0] if given else None
            ours = about in handles if isinstance(about, int) else str(below) in str(about)
            if not ours:
                return original(*given, **more)
            count[0] += 1
            if count[0] == number and how == "killed before":
                os._exit(_KILLED)
            if count[0] == number and how == "disk full":
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(about))
            found = original(*given, **more)
            if module is os and name == "open":
                handles.add(found)
            elif name == "open":
                handles.add(found.fileno())
            if count[0] == number and how == "killed after":
                os._exit(_KILLED)
            return found

        return step

    before = [(module, name, getattr(module, name)) for module, name in _STEPS]
    for module, name, _ in before:
        setattr(module, name, wrapped(module, name))
    try:
        yield count
    finally:
        for module, name, original in before:
            setattr(module, name, original)


def sweep(
    prepare: Callable[[Path], None],
    work: Callable[[Path], None],
    look: Callable[[Path], object],
    how: str,
    stride: int = 1,
) -> Iterator[tuple[bool, object]]:
    """Rounds until the work ends before its step fails.

    Parameters:
        prepare: fills a folder, once; each round gets a copy.
        work: what is tried in it.
        look: what is there afterwards, in a process of its own.
        stride: of how many steps one is tried.

    Returns:
        Whether the work said that it was done, and what was there.
    """
    from gsefgraph.errors import GsefgraphError

    with tempfile.TemporaryDirectory(prefix="gsefgraph-faults-") as scratch:
        model = Path(scratch, "model")
        model.mkdir()
        _forked(lambda: prepare(model))
        for number in range(1, 1_000, stride):
            place = Path(scratch, f"round-{number}")
            shutil.copytree(model, place, symlinks=True)

            def tried(place: Path = place, number: int = number) -> int:
                with failing(number, how, place) as count:
                    try:
                        work(place)
                    except GsefgraphError:
                        return 1
                return 0 if count[0] >= number else _UNREACHED

            code = _forked(tried)[0]
            assert code in (0, 1, _UNREACHED, _KILLED), f"{how} at step {number}: ended with {code}"
            _, found = _forked(lambda place=place: look(place))
            yield code in (0, _UNREACHED), found
            shutil.rmtree(place)
            if code == _UNREACHED:
                return
        raise AssertionError("it never ends")


def _forked(work: Callable[[], object]) -> tuple[int, object]:
    """The exit code of work that gives one, or what it gives, from a fork of this process."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code = 99
        try:
            found = work()
            if isinstance(found, int) and not isinstance(found, bool):
                code = found
            else:
                os.write(writer, json.dumps(found).encode())
                code = 0
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader, "rb") as said:
        text = said.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), json.loads(text) if text else None


def rounds(module: str, name: str, how: str, stride: int) -> list[tuple[bool, Any]]:
    """The rounds of a subject, which a module has as `(prepare, work, look)` under a name."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", module, name, how, str(stride)],
        capture_output=True, cwd=ROOT, check=False, timeout=1200,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    return [(said, found) for said, found in map(json.loads, done.stdout.splitlines())]


if __name__ == "__main__":
    subject = getattr(importlib.import_module(sys.argv[1]), sys.argv[2])
    for line in sweep(*subject, sys.argv[3], int(sys.argv[4])):
        print(json.dumps(line), flush=True)
