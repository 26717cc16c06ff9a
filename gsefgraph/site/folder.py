"""A folder of files that is written beside what it replaces, and takes its place when it is whole.

A file in it lists the others, so that nothing is replaced that was not written so.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from gsefgraph.errors import InputError, reason
from gsefgraph.files import real
from gsefgraph.wording import say

LIST: Final = ".gsefgraph-site"
"""The file that lists what was written, a path a line."""


class Folder:
    """Files that are being written."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._sizes: dict[str, int] = {}

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(self._sizes.values())

    @property
    def files(self) -> int:
        """How many there are."""
        return len(self._sizes)

    def write(self, name: str, content: bytes) -> None:
        """Write a file, again if it is there."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self._sizes[name] = len(content)

    def read(self, name: str) -> bytes:
        """What was written."""
        return (self.root / name).read_bytes()

    def close(self) -> None:
        """Write the list."""
        self.write(LIST, "".join(f"{name}\n" for name in sorted(self._sizes)).encode())


def check(target: Path) -> None:
    """Refuse a folder that holds what was not written by `replacing`.

    Errors:
        InputError: it does, or it is no folder.
    """
    try:
        if not target.exists():
            return
        if not target.is_dir():
            raise InputError(say("site.no-folder"), file=str(target))
        listed = target / LIST
        ours = set(listed.read_text("utf-8", "replace").splitlines()) if listed.is_file() else set()
        found = (
            Path(above, name).relative_to(target).as_posix()
            for above, _, names in os.walk(target)
            for name in names
        )
        other = min((name for name in found if name != LIST and name not in ours), default="")
    except OSError as error:
        raise InputError(say("file.unreadable", reason=reason(error)), file=str(target)) from None
    if other:
        raise InputError(
            say("site.others", name=other), file=str(target), hint=say("site.empty-folder")
        )


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[Folder]:
    """A folder to write into; it takes the place of another when all went well.

    Parameters:
        target: what is replaced: no folder, an empty one, or one that was written so before.

    Errors:
        InputError: as `check`; it cannot be written.
    """
    target = real(target)
    check(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise InputError(say("file.unwritable", reason=reason(error)), file=str(target)) from None
    try:
        new, old = beside / "new", beside / "old"
        new.mkdir()
        made = Folder(new)
        yield made
        made.close()
        check(target)  # it took a while
        if target.exists():
            target.rename(old)
        try:
            new.rename(target)
        except OSError:
            with contextlib.suppress(OSError):
                old.rename(target)
            raise
    except OSError as error:
        raise InputError(say("file.unwritable", reason=reason(error)), file=str(target)) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
