"""Writing files so that a crash or a full disk leaves the old content or the new, never a part;
and keeping what can be made again."""

from __future__ import annotations

import contextlib
import errno
import glob
import json
import os
import re
import stat
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote_to_bytes

from gsefgraph.errors import InputError, UsageError, reason
from gsefgraph.wording import Wording, say

try:
    import fcntl as _locks
except ImportError:  # Windows
    _locks = None  # type: ignore[assignment]

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:/", re.I)  # longer than the C: of a drive
_LOCAL = re.compile(r"file:(?://(?:localhost)?)?(?=/(?!/))", re.I)
_JOURNAL = ".gsefgraph-journal.json"
_HOLDER = ".gsefgraph-lock"
_NOTICED = 1.0  # seconds
_KEY = re.compile(r"[0-9a-f]{32}")
_KEPT = 12
_held: set[tuple[int, str]] = set()
"""Threads, and the folders that they write."""


def named(given: str | Path, right: str = "file.download") -> Path:
    """The file that a person names by its path, or by its address on this machine (RFC 8089).

    Parameters:
        given: a path or an address.
        right: the key of what helps with an address.

    Errors:
        UsageError: an address elsewhere; nothing is fetched.

    >>> named("a/b.ttl"), named("file:///a%20b.ttl"), named("file:/a"), named("file://localhost/a")
    (PosixPath('a/b.ttl'), PosixPath('/a b.ttl'), PosixPath('/a'), PosixPath('/a'))
    >>> named("s3://b/c")
    Traceback (most recent call last):
    gsefgraph.errors.UsageError: s3://b/c is an address, and nothing is fetched; download it first
    """
    name = str(given)
    if not _ADDRESS.match(name) or os.path.lexists(name):
        return Path(given)
    here = _LOCAL.match(name)
    if here is None:
        raise UsageError(say("file.address", address=name), hint=say(right))
    return Path(
        os.fsdecode(unquote_to_bytes(name[here.end() :].encode("utf-8", "surrogateescape")))
    )


def content(path: Path) -> bytes:
    """The bytes of a file of a person's.

    Errors:
        InputError: there is none, it may not be read, or it is no file but a folder, a device or a
            pipe, which may have no end.

    >>> content(Path("/dev/zero"))
    Traceback (most recent call last):
    gsefgraph.errors.InputError: /dev/zero: this is a device or a pipe; write it into a file
    """
    try:
        regular(path)
        return path.read_bytes()
    except OSError as error:
        raise InputError(say("file.unreadable", reason=reason(error)), file=str(path)) from None


def text(path: Path) -> str:
    """The text of a file of a person's, without a byte order mark.

    Errors:
        InputError: as `content`; it is not UTF-8.
    """
    try:
        return content(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            say("file.not-utf8-at", byte=error.start + 1),
            file=str(path),
            hint=say("file.save-utf8"),
        ) from None


def regular(path: Path) -> None:
    """Refuse what is no file that can be read to its end.

    Errors:
        InputError. OSError: it cannot even be looked at.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise InputError(say("file.missing"), file=str(path)) from None
    if stat.S_ISDIR(mode):
        raise InputError(say("file.folder"), file=str(path), hint=say("file.name-files"))
    if not stat.S_ISREG(mode):
        raise InputError(say("file.device"), file=str(path), hint=say("file.into-file"))


def seen(path: Path) -> Path:
    """A path as it is named from the current folder: what is below that, without it.

    >>> seen(Path.cwd() / "data" / "curation.ttl"), seen(Path("/elsewhere"))
    (PosixPath('data/curation.ttl'), PosixPath('/elsewhere'))
    """
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def adrift() -> bool:
    """Whether the working folder has been deleted, so that no relative name means anything.

    >>> adrift()
    False
    """
    try:
        os.getcwd()
    except OSError:
        return True
    return False


def real(path: Path) -> Path:
    """The place of a file, links followed as far as they lead; one in a circle stays where it is.

    >>> real(Path("/usr/../etc"))
    PosixPath('/etc')
    """
    return Path(os.path.realpath(path))


def write_atomically(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a file through a temporary one beside it, both on disk before the name changes hands.

    Parameters:
        path: where to; its folder must exist. A link is followed, so it stays a link.
        data: the whole content, or its pieces.

    Errors:
        InputError: the folder is missing, full or may not be written; nothing has changed.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_atomically(Path(folder) / "a.txt", b"whole")
    ...     sorted(p.name for p in Path(folder).iterdir())
    ['a.txt']
    """
    if path.exists() and not path.is_file():
        # Such as /dev/stdout, whose real path is no name in any folder.
        _write_through(path, data, path)
        return
    target = real(path)
    temporary = _temporary(target)
    try:
        if target.is_symlink():  # it leads nowhere but to itself
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        _write_synced(temporary, data)
        if target.exists():
            temporary.chmod(target.stat().st_mode)
        temporary.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise InputError(say("file.unwritable", reason=reason(error)), file=str(path)) from None
    except BaseException:  # what makes the pieces failed
        temporary.unlink(missing_ok=True)
        raise


def write_all(root: Path, contents: Mapping[Path, bytes | None]) -> None:
    """Write several files below a folder as one step: all of them, or none.

    All new contents are on disk before a journal names them; from then on the step is bound to
    happen, since `recover` ends it after a crash. A failure before that leaves the old files.

    Parameters:
        root: the folder that keeps the journal.
        contents: path below `root` -> whole content, or None where the file shall be gone; folders
            are made as needed.

    Errors:
        InputError: something could not be written; nothing has changed.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     root = Path(folder)
    ...     write_all(root, {root / "a.txt": b"1", root / "b" / "c.txt": b"2"})
    ...     sorted(str(p.relative_to(root)) for p in root.rglob("*.txt"))
    ['a.txt', 'b/c.txt']
    """
    with locked(root):
        _write_all(root, contents)
        _recover(root)


def _write_all(root: Path, contents: Mapping[Path, bytes | None]) -> None:
    written = {path: content for path, content in contents.items() if content is not None}
    pairs = {path: _temporary(path) for path in written}
    journal = root / _JOURNAL
    writing: Path = root
    try:
        for path in contents:
            _sweep(path)
        for path, temporary in pairs.items():
            writing = path
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_synced(temporary, written[path])
        renames: list[list[str | None]] = [
            [str(pairs[path].relative_to(root)) if path in pairs else None,
             str(path.relative_to(root))]
            for path in contents
        ]  # fmt: skip
        writing = journal
        _sweep(journal)
        write_atomically(journal, json.dumps(renames).encode())
    except (OSError, InputError) as error:
        for temporary in pairs.values():
            with contextlib.suppress(OSError):
                temporary.unlink()
        if isinstance(error, InputError):
            raise
        raise InputError(say("file.unwritable", reason=reason(error)), file=str(writing)) from None


@contextlib.contextmanager
def locked(root: Path, waits: Callable[[Wording], None] | None = None) -> Iterator[None]:
    """Hold a folder for one writer, who begins from what is whole; others wait.

    The same thread may hold it more than once.

    Parameters:
        waits: told who holds it, where one has to wait.

    Errors:
        InputError: no such folder, or an interrupted step that cannot be ended.
    """
    mine = threading.get_ident(), os.path.realpath(root)
    if mine in _held or _locks is None:
        yield
        return
    handle, holder = _opened(root), root / _HOLDER
    try:
        if not _soon(handle):
            if waits is not None:
                waits(_held_by(holder, root))
            _locks.flock(handle, _locks.LOCK_EX)
        _held.add(mine)
        with contextlib.suppress(OSError):  # a folder that may not be written has no writer
            holder.write_text(f"{_user()} {os.getpid()}\n", "utf-8")
        _recover(root)
        yield
    finally:
        if mine in _held:
            with contextlib.suppress(OSError):
                holder.unlink()
            _held.discard(mine)
        os.close(handle)


def _soon(handle: int) -> bool:
    """Hold a lock, unless others hold it for longer than a person would notice."""
    until = time.monotonic() + _NOTICED
    while _locks is not None:
        with contextlib.suppress(OSError):
            _locks.flock(handle, _locks.LOCK_EX | _locks.LOCK_NB)
            return True
        if time.monotonic() > until:
            break
        time.sleep(0.02)
    return False


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a process of nobody
        return "?"


def _held_by(holder: Path, root: Path) -> Wording:
    try:
        user, process = holder.read_text("utf-8").split()
    except (OSError, ValueError):  # readers leave no name
        return say("file.waits", folder=seen(root))
    return say("file.waits-for", folder=seen(root), user=user, process=process)


@contextlib.contextmanager
def reading(root: Path) -> Iterator[None]:
    """Hold a folder for readers: none of our writers changes its files meanwhile.

    Errors:
        InputError: no such folder, or an interrupted step that cannot be ended.
    """
    if (threading.get_ident(), os.path.realpath(root)) in _held or _locks is None:
        yield
        return
    while True:
        recover(root)
        handle = _opened(root)
        with contextlib.suppress(OSError):  # a file system without locks
            _locks.flock(handle, _locks.LOCK_SH)
        if not (root / _JOURNAL).exists():
            break
        os.close(handle)  # of a writer that was killed before this one's turn
    try:
        yield
    finally:
        os.close(handle)


def _opened(root: Path) -> int:
    try:
        return os.open(root, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise InputError(say("file.unreadable", reason=reason(error)), file=str(root)) from None


def recover(root: Path) -> None:
    """End a step of `write_all` that a crash interrupted after its journal was written.

    Errors:
        InputError: the folder may not be written.
    """
    if (root / _JOURNAL).exists():
        with locked(root):
            pass


def _recover(root: Path) -> None:
    journal = root / _JOURNAL
    if not journal.exists():
        return
    try:
        for temporary, path in _journalled(journal, root):
            if temporary is None:
                path.unlink(missing_ok=True)
            elif temporary.exists():
                temporary.replace(path)
                sync_folder(path.parent)
        journal.unlink()
        sync_folder(root)
    except OSError as error:
        raise InputError(say("file.interrupted", reason=reason(error)), file=str(journal)) from None


def _journalled(journal: Path, root: Path) -> list[tuple[Path | None, Path]]:
    """What a journal renames, and removes; a folder from elsewhere may bring one that lies."""
    inside = root.resolve()
    try:
        pairs = [
            (None if temporary is None else root / temporary, root / path)
            for temporary, path in json.loads(journal.read_text("utf-8"))
        ]
        good = all(
            (a is None or a.parent == b.parent) and b.parent.resolve().is_relative_to(inside)
            for a, b in pairs
        )
    except (ValueError, TypeError):
        good = False
    if not good:
        raise InputError(say("file.not-journal"), file=str(journal), hint=say("file.remove"))
    return pairs


def keep(path: Path, content: bytes, again: Callable[[], Path] | None = None) -> None:
    """Write what can be made again; where that fails, the next start is only slower.

    Parameters:
        path: its name holds a key of 32 hexadecimal digits; the oldest files that have the same
            name but for the key go.
        content: whole.
        again: gives the path anew; where it is another by now, what the content was made from has
            changed meanwhile, and nothing is kept.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     keep(Path(folder) / f"a-{1:032}.txt", b"made")
    ...     kept(Path(folder) / f"a-{1:032}.txt")
    b'made'
    """
    with contextlib.suppress(OSError, InputError):
        if again is not None and again() != path:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, _head(content) + b"\n" + content)
        for old in oldest(path):
            old.unlink(missing_ok=True)


def kept(path: Path) -> bytes | None:
    """What `keep` wrote; None where nothing is there, or not what was written."""
    try:
        first, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return content if first == _head(content) else None


def _head(content: bytes) -> bytes:
    """The line that stands before what is kept."""
    from hashlib import sha256  # slow to import

    return f"# {sha256(content).hexdigest()}".encode()


def oldest(newest: Path) -> list[Path]:
    """All but the newest few of what is kept beside a file under its name with other keys."""
    same = newest.parent.glob(_KEY.sub("*", newest.name))
    return sorted(same, key=os.path.getmtime, reverse=True)[_KEPT:]


def sync_folder(folder: Path) -> None:
    """Make renames in a folder last, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _temporary(target: Path) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}.tmp")


def _sweep(path: Path) -> None:
    """Remove what writers that were killed have left beside a file; nobody else writes it now."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        left.unlink()


def _write_synced(path: Path, data: bytes | Iterable[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines((data,) if isinstance(data, bytes) else data)
        file.flush()
        os.fsync(file.fileno())


def _write_through(target: Path, data: bytes | Iterable[bytes], path: Path) -> None:
    """Write a device or a pipe, which has no folder to rename in."""
    try:
        with target.open("wb") as file:
            file.writelines((data,) if isinstance(data, bytes) else data)
    except OSError as error:
        raise InputError(say("file.unwritable", reason=reason(error)), file=str(path)) from None
