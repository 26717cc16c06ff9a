"""Running the command line in a test: in this process, or in one of its own."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from gsefgraph.cli import run

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines of stdout."""
        return self.out.splitlines()


class Cli:
    """Calls the command line in this process; children that it forks write to the same files."""

    def __init__(self, capfd: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self.capfd = capfd
        self.patch = patch

    def __call__(self, *arguments: str | Path, stdin: bytes | None = None) -> Done:
        if stdin is not None:
            self.patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        self.capfd.readouterr()
        code = run([str(word) for word in arguments])
        sys.stdout.flush()
        captured = self.capfd.readouterr()
        return Done(code, captured.out, captured.err)


def process(*arguments: str | Path, stdin: bytes = b"", timeout: float = 60, **env: str) -> Done:
    """A whole process."""
    done = subprocess.run(
        [sys.executable, "-m", "gsefgraph", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        timeout=timeout,
        cwd=ROOT,
        env={**os.environ, **env},
        check=False,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def terminal(
    *arguments: str | Path, columns: int = 80, typed: str = "", **env: str
) -> tuple[int, str]:
    """A whole process whose streams are a terminal: its exit code and what the terminal is sent.

    Parameters:
        typed: what a person types there; where it is empty nobody sits there.
    """
    import pty

    main, side = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "gsefgraph", *map(str, arguments)],
        stdin=side if typed else subprocess.DEVNULL,
        stdout=side,
        stderr=side,
        cwd=ROOT,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": str(columns), **env},
    )
    os.close(side)
    os.write(main, typed.encode())
    text = b""
    with contextlib.suppress(OSError):  # the side of the child is closed
        while part := os.read(main, 65536):
            text += part
    os.close(main)
    return child.wait(), text.decode().replace("\r\n", "\n")
