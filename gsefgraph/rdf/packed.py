"""Files as they come: plain, packed (.gz, .bz2, .xz), in an archive (.zip), in folders.

What is packed is unpacked while it is read, no further than a bound: a file of a thousand bytes can
hold a thousand million. A file of an archive is named by a path through it, ``a.zip/b.ttl``.
"""

from __future__ import annotations

import os
import re
from codecs import BOM_UTF8
from collections.abc import Iterable
from importlib import import_module
from io import BufferedReader, RawIOBase
from itertools import islice
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote

from gsefgraph.errors import InputError, UsageError, reason
from gsefgraph.files import regular
from gsefgraph.rdf import formats
from gsefgraph.wording import say

BOUND = 2**31
"""Bytes that a file may unpack to, where nothing else is said."""
SUFFIXES = {".gz": "gzip", ".bz2": "bz2", ".xz": "lzma"}
"""Suffixes of packed files, and the module that unpacks each."""

_ARCHIVE = ".zip"
_USUAL = 12  # how much smaller RDF is packed
_ADDRESS = re.compile(r"(?:https?|ftp):/", re.I)


def inner(name: str) -> str:
    """The name of what a file holds: without the suffix of how it is packed.

    >>> inner("a.ttl.gz"), inner("a.ttl")
    ('a.ttl', 'a.ttl')
    """
    path = Path(name)
    return str(path.with_suffix("")) if path.suffix.lower() in SUFFIXES else name


def holds_rdf(path: Path) -> bool:
    """Whether a file's name says that it holds RDF, packed or not.

    >>> holds_rdf(Path("a.TTL.gz")), holds_rdf(Path("a.csv"))
    (True, False)
    """
    return formats.of_file(inner(path.name)) is not None


def packed(path: Path) -> bool:
    """Whether a file is packed or stands in an archive, so that its bytes are not its content."""
    return path.suffix.lower() in SUFFIXES or _archive(path) is not None


def outer(path: Path) -> Path:
    """The file that a path leads to or through: an archive, or the file itself."""
    return _archive(path) or path


def opened(path: Path, bound: int = BOUND) -> BufferedReader:
    """A file opened in binary, unpacked while it is read.

    Parameters:
        path: a file, or one in an archive.
        bound: bytes that may come out of what is packed.

    Errors:
        InputError: it cannot be read; while it is read, it is damaged or goes beyond the bound.

    >>> import gzip, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "a.ttl.gz"
    ...     _ = file.write_bytes(gzip.compress(b"<a:s> <a:p> 1 ."))
    ...     opened(file).read(5)
    b'<a:s>'
    """
    try:
        archive = _archive(path)
        if archive is not None:
            return BufferedReader(_Bounded(_member(archive, path), path, bound))
        regular(path)
        kind = path.suffix.lower()
        if kind not in SUFFIXES:
            return path.open("rb")
        return BufferedReader(_Bounded(import_module(SUFFIXES[kind]).open(path), path, bound))
    except OSError as error:
        raise unreadable(path, error) from None


def content(path: Path, bound: int = BOUND, most: int = -1) -> bytes:
    """What a file holds, unpacked: all, or its first bytes.

    Parameters:
        path, bound: as for `opened`.
        most: how many bytes are wanted, all of them when it is below zero.

    Errors:
        As `opened`.
    """
    try:
        with opened(path, bound) as stream:
            return stream.read(most)
    except OSError as error:
        raise unreadable(path, error) from None


def size(path: Path) -> int:
    """Bytes that a file holds; of what is packed a guess, and none of what cannot be read."""
    try:
        return outer(path).stat().st_size * (_USUAL if packed(path) else 1)
    except OSError:
        return 0


def line(path: Path, number: int | None, bound: int = BOUND) -> str:
    """A line of a file by its number, from 1; empty where there is none."""
    if number is None:
        return ""
    with opened(path, bound) as stream:
        return next(islice(stream, number - 1, None), b"").decode("utf-8-sig", "replace")


def skip_mark(stream: BufferedReader) -> None:
    """Go past a byte order mark at the beginning of a stream."""
    if stream.peek(len(BOM_UTF8))[: len(BOM_UTF8)] == BOM_UTF8:
        stream.read(len(BOM_UTF8))


def unreadable(path: Path, error: OSError) -> InputError:
    """The error that a file cannot be read, and why."""
    return InputError(say("file.unreadable", reason=reason(error)), file=str(path))


def found(given: Iterable[str | Path]) -> list[Path]:
    """The files that are meant: of a folder, at all levels, and of an archive those of RDF, sorted.

    Parameters:
        given: files, folders and archives, by their paths.

    Errors:
        UsageError: an address; nothing is fetched. InputError: no RDF in a folder or an archive.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     (Path(folder) / "in").mkdir()
    ...     for name in ("in/b.nt.gz", "a.ttl", "c.txt"):
    ...         (Path(folder) / name).touch()
    ...     [path.name for path in found([folder])]
    ['a.ttl', 'b.nt.gz']
    """
    files: list[Path] = []
    for item in given:
        name = str(item)
        path = (
            Path(unquote(name.removeprefix("file://"))) if name.startswith("file:/") else Path(item)
        )
        if _ADDRESS.match(name):
            raise UsageError(say("file.address", address=name), hint=say("file.download"))
        if path.is_dir():
            inside = _within(path)
        elif path.suffix.lower() == _ARCHIVE and path.exists():
            regular(path)
            inside = _members(path)
        else:
            files.append(path)
            continue
        if not inside:
            hint = say("rdf.suffixes", suffixes=formats.SUFFIXES)
            raise InputError(say("file.no-rdf"), file=name, hint=hint)
        files += inside
    return files


def _within(folder: Path) -> list[Path]:
    """Files of RDF at all levels of a folder, and of archives there; a link to nothing is one."""
    found: list[Path] = []
    for above, inner, names in os.walk(folder):
        inner[:] = [name for name in inner if not name.startswith(".")]
        for path in (Path(above, name) for name in names if not name.startswith(".")):
            if path.suffix.lower() == _ARCHIVE:
                found += _members(path)
            elif holds_rdf(path):
                found.append(path)
    return sorted(found)


def _archive(path: Path) -> Path | None:
    """The archive that a path leads through."""
    for parent in path.parents:
        if parent.suffix.lower() == _ARCHIVE and parent.is_file():
            return parent
    return None


def _members(archive: Path) -> list[Path]:
    from zipfile import ZipFile

    try:
        with ZipFile(archive) as opened_:
            names = [name for name in opened_.namelist() if not name.endswith("/")]
    except _damages() as error:
        raise _damaged(archive, error) from None
    held = (archive / name for name in names)
    return sorted(path for path in held if holds_rdf(path) and not path.name.startswith("."))


def _member(archive: Path, path: Path) -> IO[bytes]:
    from zipfile import ZipFile

    name = path.relative_to(archive).as_posix()
    try:
        file = ZipFile(archive).open(name)  # noqa: SIM115
    except KeyError:
        raise InputError(say("file.missing"), file=str(path)) from None
    except _damages() as error:
        raise _damaged(path, error) from None
    kind = path.suffix.lower()
    return import_module(SUFFIXES[kind]).open(file) if kind in SUFFIXES else file


def _damages() -> tuple[type[Exception], ...]:
    """What is raised by files that are damaged, locked or packed in another way."""
    from lzma import LZMAError
    from zipfile import BadZipFile
    from zlib import error

    return (BadZipFile, EOFError, LZMAError, OSError, RuntimeError, error)


def _damaged(path: Path, problem: object) -> InputError:
    return InputError(say("file.unpacked", problem=problem), file=str(path))


class _Bounded(RawIOBase):
    """A stream that ends in an error where it goes beyond a bound, or is damaged."""

    def __init__(self, stream: IO[bytes], path: Path, bound: int) -> None:
        self._stream, self._path, self._left, self._bound = stream, path, bound, bound

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._stream.read(len(buffer))
        except _damages() as error:
            raise _damaged(self._path, error) from None
        self._left -= len(data)
        if self._left < 0:
            raise InputError(
                say("file.unpacks", bound=self._bound),
                file=str(self._path),
                hint=say("file.raise-bound"),
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()
