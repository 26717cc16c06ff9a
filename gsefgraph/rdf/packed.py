"""Files as they come: plain, packed (.gz, .bz2, .xz), in an archive (.zip), in folders.

What is packed is unpacked while it is read, no further than a bound: a file of a thousand bytes can
hold a thousand million. A file of an archive is named by a path through it, ``a.zip/b.ttl``.
"""

from __future__ import annotations

import os
import sys
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections.abc import Callable, Iterable
from functools import lru_cache
from importlib import import_module
from io import BufferedReader, RawIOBase
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from gsefgraph.errors import InputError, reason
from gsefgraph.files import named, regular, seen
from gsefgraph.rdf import formats
from gsefgraph.wording import Wording, heard, say

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

BOUND = 2**31
"""Bytes that a file or an archive may unpack to, where nothing else is said."""
SUFFIXES = {".gz": "gzip", ".bz2": "bz2", ".xz": "lzma"}
"""Suffixes of packed files, and the module that unpacks each."""

_ARCHIVE = ".zip"
_USUAL = 12  # how much smaller RDF is packed
_MARKS = {
    BOM_UTF32_LE: "UTF-32",  # which begins like the next
    BOM_UTF32_BE: "UTF-32",
    BOM_UTF16_LE: "UTF-16",
    BOM_UTF16_BE: "UTF-16",
}
_HEAD = 2**16  # to see what a file is
_PART = 2**16
_SHOWN = 3


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


def exists(path: Path) -> bool:
    """Whether there is a file at a path, which may lead through an archive."""
    try:
        archive = _archive(path)
        return path.is_file() if archive is None else path in _index(archive)[1]
    except OSError:  # a name that no file can have
        return False


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


def marked(data: bytes) -> str | None:
    """The encoding that a byte order mark says, where it is another than UTF-8's.

    >>> marked("a".encode("utf-32")), marked(b"a")
    ('UTF-32', None)
    """
    return next((name for mark, name in _MARKS.items() if data.startswith(mark)), None)


def skip_mark(stream: BufferedReader) -> None:
    """Go past a byte order mark at the beginning of a stream."""
    if stream.peek(len(BOM_UTF8))[: len(BOM_UTF8)] == BOM_UTF8:
        stream.read(len(BOM_UTF8))


def unreadable(path: Path, error: OSError) -> InputError:
    """The error that a file cannot be read, and why."""
    return InputError(say("file.unreadable", reason=reason(error)), file=str(path))


def found(
    given: Iterable[str | Path],
    bound: int = BOUND,
    tell: Callable[[Wording], None] = lambda _: None,
) -> list[Path]:
    """The files that are meant: of a folder, at all levels, and of an archive those of RDF, sorted.

    Parameters:
        given: files, folders and archives, by their paths.
        bound: bytes that an archive may unpack to.
        tell: told which files of a folder or an archive are not read, and why, where they look like
            RDF of another syntax, or like RDF by their name only.

    Errors:
        UsageError: an address; nothing is fetched. InputError: no RDF in a folder or an archive; an
            archive that cannot be read, or unpacks to more.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     (Path(folder) / "in").mkdir()
    ...     for name in ("in/b.nt.gz", "a.ttl", "c.txt", "d.n3"):
    ...         (Path(folder) / name).touch()
    ...     [path.name for path in found([folder], tell=lambda said: print(said[-40:]))]
    d.n3 is not read: this is Notation3 (N3)
    ['a.ttl', 'b.nt.gz']
    """
    files: list[Path] = []
    for item in given:
        path = named(item)
        if not path.is_dir() and not (path.suffix.lower() == _ARCHIVE and path.exists()):
            files.append(path)
            continue
        said: list[Wording] = []
        inside = among(_within(path) if path.is_dir() else [path], bound, said.append)
        if not inside:
            hint = said[0] if said else say("rdf.suffixes", suffixes=formats.SUFFIXES)
            raise InputError(say("file.no-rdf"), file=str(item), hint=hint)
        for line_ in said:
            tell(line_)
        files += inside
    return files


def among(
    paths: Iterable[Path], bound: int, tell: Callable[[Wording], None], *, every: bool = False
) -> list[Path]:
    """Those of some files that hold RDF, the files of an archive in its place.

    Parameters:
        paths: of files.
        bound, tell: as for `found`.
        every: whether of all others it is told that they are not read.

    Errors:
        InputError: an archive that cannot be read, or unpacks to more.
    """
    files: list[Path] = []
    unread: dict[Wording, list[str]] = {}
    for path in paths:
        archive = path.suffix.lower() == _ARCHIVE
        for file in _members(path, bound) if archive else [path]:
            why = _unread(file, bound)
            if why is None:
                files.append(file)
            elif every or why.key != "rdf.suffixes" or formats.looks_like(inner(file.name)):
                unread.setdefault(why, []).append(str(seen(file)))
    for why, names in unread.items():
        shown = [*names[:_SHOWN], *["…"] * (len(names) > _SHOWN)]
        if len(names) == 1:
            tell(say("rdf.file-unread", file=names[0], why=why))
        else:
            tell(say("rdf.files-unread", number=len(names), files=shown, why=why))
    return files


def _within(folder: Path) -> list[Path]:
    """Files at all levels of a folder that is no hidden one; a link to nothing is one."""
    found: list[Path] = []
    for above, inner_, names in os.walk(folder):
        inner_[:] = [name for name in inner_ if not name.startswith(".")]
        found += [Path(above, name) for name in names if not name.startswith(".")]
    return sorted(found)


def _unread(path: Path, bound: int) -> Wording | None:
    """Why a file is not read that nobody named; None for one of RDF, whatever is wrong with it."""
    if path.suffix.lower() == _ARCHIVE:
        return say("file.inner-archive")
    name = inner(path.name)
    form = formats.of_file(name)
    if form is None:
        return formats.foreign_name(name) or say("rdf.suffixes", suffixes=formats.SUFFIXES)
    if form.name not in ("jsonld", "rdfxml"):
        return None
    try:
        head = content(path, bound, _HEAD)
    except InputError:
        return None
    return formats.other(name, head.replace(b"\0", b"").decode("utf-8-sig", "ignore"))


def _archive(path: Path) -> Path | None:
    """The archive that a path leads through."""
    for parent in path.parents:
        if parent.suffix.lower() == _ARCHIVE and parent.is_file():
            return parent
    return None


def _index(archive: Path) -> tuple[ZipFile, dict[Path, ZipInfo]]:
    """An archive and its files by their paths through it.

    Errors:
        InputError: it is damaged, or the name of a file leads out of it.
    """
    try:
        about = archive.stat()
        return _listed(archive, (about.st_mtime_ns, about.st_size))
    except _damages() as error:
        raise _damaged(archive, error) from None


@lru_cache(maxsize=1)  # each of its files is asked for by itself
def _listed(archive: Path, _state: tuple[int, int]) -> tuple[ZipFile, dict[Path, ZipInfo]]:
    from zipfile import ZipFile

    opened_ = ZipFile(archive)
    index: dict[Path, ZipInfo] = {}
    for info in opened_.infolist():
        name = PurePosixPath(info.filename)
        if name.is_absolute() or ".." in name.parts:
            raise InputError(say("file.leads-out", name=info.filename), file=str(archive))
        if not info.is_dir():
            index[archive / name] = info
    return opened_, index


def _members(archive: Path, bound: int) -> list[Path]:
    """The files of an archive, sorted, but for hidden ones; what of them is RDF has the bound."""
    regular(archive)
    _, index = _index(archive)
    files = sorted(path for path in index if not path.name.startswith("."))
    left = bound
    for path in files:
        if holds_rdf(path):
            left -= (
                _unpacked(path, left) if inner(path.name) != path.name else index[path].file_size
            )
            if left < 0:
                raise _beyond(archive, bound)
    return files


def _unpacked(path: Path, bound: int) -> int:
    """How many bytes a packed file holds, as far as a bound and some more."""
    size = 0
    with opened(path, sys.maxsize) as stream:
        while size <= bound and (part := stream.read(_PART)):
            size += len(part)
    return size


def _member(archive: Path, path: Path) -> IO[bytes]:
    opened_, index = _index(archive)
    if path not in index:
        raise InputError(say("file.missing"), file=str(path))
    try:
        file = opened_.open(index[path])
    except _damages() as error:
        raise _damaged(path, error) from None
    kind = path.suffix.lower()
    return import_module(SUFFIXES[kind]).open(file) if kind in SUFFIXES else file


def _damages() -> tuple[type[Exception], ...]:
    """What is raised by files that are damaged, locked or packed in another way."""
    from lzma import LZMAError
    from zipfile import BadZipFile
    from zlib import error

    return (BadZipFile, EOFError, LZMAError, OSError, RuntimeError, ValueError, error)


def _damaged(path: Path, problem: Exception) -> InputError:
    return InputError(say("file.unpacked", problem=heard(problem)), file=str(path))


def _beyond(path: Path, bound: int) -> InputError:
    hint = say("file.raise-bound")
    return InputError(say("file.unpacks", bound=bound), file=str(path), hint=hint)


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
            raise _beyond(self._path, self._bound)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()
