"""Writes what the commands in docs/ print beneath them: ``python -m gsefgraph.docs.guides``.

A line ``$ command`` in a block of code runs in a folder of its own, beside a link to ontology/;
what it prints stands below it. ``export NAME=value`` holds for what follows in the guide.
"""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from gsefgraph.project import shipped

_BLOCK = re.compile(r"^```\n(\$ .*?)^```$", re.S | re.M)
_COLUMNS = 100
_EXPORT = re.compile(r"export ([A-Z_]+)=(\S+)")


def guides() -> list[Path]:
    """The guides, by name.

    >>> [path.name for path in guides()][-1]
    'steward.md'
    """
    return sorted((shipped().root / "docs").glob("*.md"))


def written(text: str) -> str:
    """A guide with what its commands print now.

    Errors:
        subprocess.CalledProcessError: a command that fails.

    >>> print(written("```\\n$ echo a\\nb\\n```\\n"), end="")
    ```
    $ echo a
    a
    ```
    """
    with TemporaryDirectory(prefix="gsefgraph-") as folder:
        (Path(folder) / "ontology").symlink_to(shipped().root / "ontology")
        given: dict[str, str] = {}
        return _BLOCK.sub(lambda block: f"```\n{''.join(_run(block[1], folder, given))}```", text)


def _run(block: str, folder: str, given: dict[str, str]) -> Iterator[str]:
    for command in re.findall(r"^\$ (.*)$", block, re.M):
        yield f"$ {command}\n"
        exported = _EXPORT.fullmatch(command)
        if exported:
            given[exported[1]] = exported[2]
            continue
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        kept = {k: v for k, v in os.environ.items() if k not in ("GSEFGRAPH_LANG", "LC_ALL")}
        seen = {"LANG": "C.UTF-8", "COLUMNS": str(_COLUMNS), "PATH": path}
        printed, code = _on_terminal(command, folder, {**kept, **seen, **given})
        if code:
            raise subprocess.CalledProcessError(code, command, printed)
        yield printed


def _on_terminal(command: str, folder: str, environment: dict[str, str]) -> tuple[str, int]:
    """What a person sees of a command on a terminal, messages aside, and its exit code."""
    seen, shown = pty.openpty()
    with open(os.devnull, "wb") as nowhere, os.fdopen(seen, "rb", 0) as screen:
        process = subprocess.Popen(  # noqa: S603
            ["bash", "-c", command],  # noqa: S607
            stdin=subprocess.DEVNULL,
            stdout=shown,
            stderr=nowhere,
            cwd=folder,
            env=environment,
        )
        os.close(shown)
        printed = b""
        with suppress(OSError):  # Linux: what reads a terminal that nobody writes to any more
            while part := screen.read(65536):
                printed += part
        code = process.wait()
    lines = printed.decode().replace("\r\n", "\n").splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines), code


def main() -> None:
    """Write the guides."""
    for path in guides():
        path.write_text(written(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
