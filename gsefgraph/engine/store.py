"""The folder of an on-disk store: sealed generations of the database, and a record that vouches for
one.

    DIR/record.json      which generation is good: its files, sizes, digests, count and origin
    DIR/g-<generation>/  a sealed database folder; readers open it and write nothing. names.base
                         and names.since in it are the index of names (`names.py`), which can be
                         made again and so does not count as damage when it is not what was written
    DIR/g-*.tmp/         a generation being written; left by a crash, removed by the next writer
    DIR/lock             held by the one writer while it writes

A write never touches a sealed generation: it makes the next one beside it (unchanged table files
are hard links), seals it, and only then renames a new record into place. So a process killed at any
moment leaves the previous generation good. The first such rename makes a store of a folder: without
a record there is none, whatever a killed first write left behind. The database itself notices only
part of the damage that a disk or a hand can do, so every opening compares names and sizes of all
files, and the digest of the small ones (manifest, log, options), with the record; `verify` compares
the digest of every file.

`embedded.py` reads and writes the database inside.

>>> import tempfile
>>> with tempfile.TemporaryDirectory() as path:
...     folder = Folder(Path(path) / "store")
...     assert folder.is_new()
...     with folder.writing() as draft:
...         record = draft.seal(draft.fill(lambda work: None, Store(), 0), "nothing")
...     folder.verify(record)
...     assert folder.read() == record
...     store, record, held = folder.open(record)
...     [file.name for file in folder.names(record)]
...     os.close(held)
['names.base', 'names.since']
>>> record.generation, record.count, '"origin": "nothing"' in record.to_json()
(1, 0, True)
>>> folder.damaged("a file is missing").message
'a file is missing'
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Store

from gsefgraph.engine import names, union
from gsefgraph.errors import InputError, StoreBusy, StoreDamaged, reason
from gsefgraph.project import STORE
from gsefgraph.wording import say

FORMAT = 1
RECORD = STORE
LOCK = "lock"

# Table files are large, immutable and carry checksums of their own, so opening trusts their size.
_TABLE = ".sst"
# Files that no generation changes: the next one has links to them.
_LASTING = (_TABLE, names.FILE)
_NAMES = (names.FILE, names.SINCE)
_SMALL = 2**24  # bytes of an index of names that is read whole before it is believed


# What a first write makes before there is a record.
_FIRST = re.compile(rf"{LOCK}|{RECORD}\.tmp|g-1(-.*\.tmp)?")

# An empty graph of this name inside a store on disk tells which generation it is.
_MARK = f"{union.MARK}generation:"


@dataclass(frozen=True, slots=True)
class Record:
    """What vouches for one generation: nothing in the folder counts that it does not name.

    Parameters:
        generation: 1 for the first, one more for each write.
        count: quads in named graphs.
        origin: free text of whoever made the store, such as the content key of its sources.
        files: name -> (size in bytes, sha-256 in hex).
    """

    generation: int
    count: int
    origin: str
    files: dict[str, tuple[int, str]]

    @property
    def digest(self) -> str:
        """The sha-256, in hex, over everything the record says, files in order of name.

        >>> Record(1, 0, "", {}).digest[:8]
        '3275a988'
        """
        lines = [f"{FORMAT} {self.generation} {self.count}", json.dumps(self.origin)]
        lines += [
            f"{json.dumps(name)} {size} {digest}"
            for name, (size, digest) in sorted(self.files.items())
        ]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def to_json(self) -> str:
        """The text of record.json: one line for each file, ready for a reader's eye."""
        head = {
            "format": FORMAT,
            "generation": self.generation,
            "count": self.count,
            "origin": self.origin,
            "digest": self.digest,
        }
        lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
        files = [
            f"  {json.dumps(name)}: {json.dumps(list(entry))}"
            for name, entry in sorted(self.files.items())
        ]
        return "{\n" + ",\n".join([*lines, ' "files": {\n' + ",\n".join(files) + "\n }"]) + "\n}\n"


class Folder:
    """One store folder on disk.

    Parameters:
        path: the folder; it need not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def is_new(self) -> bool:
        """True when there is nothing here yet: no folder, or an empty one.

        Errors:
            StoreDamaged when the path is a file.
        """
        try:
            names = {entry.name for entry in self.path.iterdir()}
        except FileNotFoundError:
            return True
        except NotADirectoryError:
            raise self.damaged(say("engine.is-file")) from None
        if RECORD in names:
            return False
        # What a first write that was killed leaves behind holds nothing that was acknowledged.
        return all(map(_FIRST.fullmatch, names)) and (not names or LOCK in names)

    def _generation(self, record: Record) -> Path:
        """The folder of the generation that a record vouches for."""
        return self.path / f"g-{record.generation}"

    def read(self, *, any_format: bool = False) -> Record:
        """The record, checked in itself.

        Parameters:
            any_format: whether one of another version will do; it vouches for no files.

        Errors:
            StoreDamaged when it is absent, cannot be read, or was edited.
        """
        try:
            text = (self.path / RECORD).read_bytes()
        except FileNotFoundError:
            raise self.damaged(say("engine.not-store"), say("engine.new-folder")) from None
        except OSError as error:
            raise self.damaged(
                say("engine.part-unreadable", name=RECORD, reason=reason(error))
            ) from error
        try:
            found = json.loads(text)
            known = found["format"] == FORMAT
            files = (
                {
                    str(name): (int(size), str(digest))
                    for name, (size, digest) in found["files"].items()
                }
                if known
                else {}
            )
            record = Record(
                int(found["generation"]), int(found["count"]), str(found["origin"]), files
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self.damaged(say("engine.not-record", record=RECORD)) from error
        if not known and any_format:
            return record
        if not known:
            raise self.damaged(
                say("engine.record-format", record=RECORD, found=found["format"], format=FORMAT),
                say("engine.other-version"),
            )
        # Its own digest stands in the text, too.
        if record.to_json().encode() != text:
            raise self.damaged(say("engine.record-changed", record=RECORD))
        return record

    def _check(self, record: Record) -> None:
        """Compare names and sizes of all files, and the content of the small ones, with the record.

        Takes a time that does not grow with the store: table files are only looked at for size.

        Errors:
            StoreDamaged, naming the file.
        """
        present = self._present(record)
        for name in sorted((record.files.keys() | present.keys()).difference(_NAMES)):
            if name not in present:
                raise self.damaged(
                    say("engine.part-missing", name=name, generation=record.generation)
                )
            if name not in record.files:
                raise self.damaged(
                    say("engine.part-extra", name=name, generation=record.generation)
                )
            size, digest = record.files[name]
            if present[name] != size:
                raise self.damaged(
                    say("engine.part-size", name=name, count=present[name], size=size)
                )
            if not name.endswith(_TABLE):
                self._compare(record, name, digest)

    def verify(self, record: Record) -> None:
        """Compare the content of every file with the record; reads the whole store.

        Errors:
            StoreDamaged, naming the file.
        """
        self._check(record)
        # Of the index of names, what is not believed at opening is made again, so is no damage.
        skipped = () if self.names(record) else _NAMES
        for name, (_, digest) in sorted(record.files.items()):
            if name not in skipped:
                self._compare(record, name, digest)

    def names(self, record: Record, *, whole: bool = False) -> list[Path]:
        """The files of a generation's index of names; none where they are not what was written.

        Parameters:
            whole: compare the content of large ones too, not their size alone.
        """
        folder = self._generation(record)
        try:
            for name in _NAMES:
                size, digest = record.files[name]
                if (folder / name).stat().st_size != size:
                    return []
                if (whole or size <= _SMALL) and _sha256(folder / name) != digest:
                    return []
        except (KeyError, OSError):
            return []
        return [folder / name for name in _NAMES]

    def open(self, record: Record) -> tuple[Store, Record, int]:
        """The database of a generation; one that a writer removed gives way to its successor.

        Returns:
            The database, the record that vouches for it, and the descriptor that holds it, to be
            closed when done.

        Errors:
            StoreDamaged.
        """
        while (held := self._hold(record)) is None:
            latest = self.read()
            if latest.generation == record.generation:
                raise self.damaged(say("engine.generation-missing", generation=record.generation))
            record = latest
        try:
            self._check(record)
            store = Store.read_only(str(self._generation(record)))
            if not store.contains_named_graph(NamedNode(f"{_MARK}{record.generation}")):
                raise self.damaged(say("engine.generation-other", generation=record.generation))
        except (OSError, RuntimeError, StoreDamaged) as error:
            os.close(held)
            if isinstance(error, StoreDamaged):
                raise
            raise self.damaged(say("engine.unopened", error=error)) from None
        return store, record, held

    @contextmanager
    def writing(self, *, fresh: bool = False) -> Iterator[Draft]:
        """The next generation as a draft, for the one writer; left without `seal`, nothing has
        changed.

        Parameters:
            fresh: begin with nothing rather than with what the present generation holds.

        Errors:
            StoreBusy when another writer is at work; InputError when the folder cannot be
            written; StoreDamaged when the present generation is not good.
        """
        there = self.path.exists()
        if not self.is_new():
            self.read(any_format=fresh)  # nothing is made in a folder that is not ours
        lock = self._lock()
        try:
            # Another process may have written since this one opened: always start from the latest.
            base = None if self.is_new() else self.read(any_format=fresh)
            if base is not None and base.files:
                self._check(base)
            self._sweep(base)
            draft = Draft(self, base)
            try:
                draft._begin(fresh=fresh)
                yield draft
            finally:
                _remove(draft.path)
        finally:
            if not (self.path / RECORD).exists():
                self._leave(there)
            os.close(lock)

    def _lock(self) -> int:
        """Hold the folder for the one writer, whose process the lock then names."""
        while True:
            try:
                self.path.mkdir(parents=True, exist_ok=True)
                try:
                    lock = os.open(self.path / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
                except FileNotFoundError:
                    continue  # a first write that failed has just removed the folder
            except OSError as error:
                problem = say("file.unwritable", reason=reason(error))
                raise InputError(problem, file=str(self.path)) from error
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                holder = os.read(lock, 20).decode("ascii", "replace").strip()
                os.close(lock)
                raise StoreBusy(
                    say("engine.being-written", path=self.path, process=holder or "?"),
                    hint=say("engine.wait"),
                ) from None
            with suppress(OSError):
                if os.path.samestat(os.fstat(lock), os.stat(self.path / LOCK)):
                    os.ftruncate(lock, 0)
                    os.write(lock, f"{os.getpid()}\n".encode())
                    return lock
            os.close(lock)  # of a folder that is gone, or was made again

    def _leave(self, there: bool) -> None:
        """Leave a folder that is no store as it was before a first write that failed."""
        with suppress(OSError):
            self._sweep(None)
            (self.path / f"{RECORD}.tmp").unlink(missing_ok=True)
            (self.path / LOCK).unlink()
            if not there:
                self.path.rmdir()

    def _hold(self, record: Record) -> int | None:
        """A shared lock on a generation, so that no writer removes it while it is read.

        Returns:
            A file descriptor to close when done; None when the generation is gone. Nothing is
            written.
        """
        try:
            handle = os.open(self._generation(record), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            return None
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_SH)
        if os.fstat(handle).st_nlink == 0:
            os.close(handle)
            return None
        return handle

    def damaged(self, what: str, hint: str | None = None) -> StoreDamaged:
        """The error that names this store, what is wrong with it, and what helps."""
        return StoreDamaged(what, file=str(self.path), hint=hint or say("engine.remedy"))

    def _present(self, record: Record) -> dict[str, int]:
        try:
            with os.scandir(self._generation(record)) as entries:
                return {entry.name: entry.stat(follow_symlinks=False).st_size for entry in entries}
        except OSError:
            raise self.damaged(
                say("engine.generation-gone", generation=record.generation)
            ) from None

    def _compare(self, record: Record, name: str, digest: str) -> None:
        try:
            found = _sha256(self._generation(record) / name)
        except OSError as error:
            raise self.damaged(
                say("engine.part-unreadable", name=name, reason=reason(error))
            ) from error
        if found != digest:
            raise self.damaged(say("engine.not-written", name=name, generation=record.generation))

    def _sweep(self, base: Record | None) -> None:
        """Remove what no record needs: crashed drafts, generations that nobody reads any more."""
        keep = {f"g-{base.generation}", f"g-{base.generation - 1}"} if base else set()
        for entry in list(self.path.iterdir()):
            if entry.name in keep or not entry.name.startswith("g-") or not entry.is_dir():
                continue
            handle = os.open(entry, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(entry)
            except OSError:
                pass  # a reader holds it
            finally:
                os.close(handle)


class Draft:
    """The next generation while it is written: a database folder of its own that may be opened
    freely.

    Parameters:
        folder: the store.
        base: the record of the present generation; None where there is none yet.
    """

    def __init__(self, folder: Folder, base: Record | None) -> None:
        self.folder = folder
        self.base = base
        self.generation = base.generation + 1 if base else 1
        from tempfile import mkdtemp

        self.path = Path(mkdtemp(".tmp", f"g-{self.generation}-", folder.path))
        os.chmod(self.path, 0o777 & ~_umask())

    def _begin(self, *, fresh: bool = False) -> None:
        """Take over what the present generation holds.

        Parameters:
            fresh: nothing of it.

        Errors:
            OSError: the disk is full.
        """
        if self.base is None or fresh:
            return
        source = self.folder._generation(self.base)
        skipped = () if self.folder.names(self.base) else _NAMES
        for name in self.base.files:
            if name in skipped:
                continue
            if name.endswith(_LASTING):
                with suppress(OSError):  # a file system without links
                    os.link(source / name, self.path / name)
                    continue
            (self.path / name).write_bytes((source / name).read_bytes())

    def fill(self, change: union.Change, before: Store, count: int, *, tidy: bool = False) -> int:
        """Apply a change to the draft's database and to its index of names, flush and close them.

        Parameters:
            change: what is to be done.
            before, count: the store as it was, and how many quads it held.
            tidy: put its files in order afterwards, which takes a fifth of the time that bulk
                loading takes and halves that of each look-up.

        Returns:
            How many quads it holds.
        """
        store = Store(str(self.path))
        try:
            mark = NamedNode(f"{_MARK}{self.generation}")
            touched = names.Touched()
            found = union.write(union.Work(store, before, count, touched), change, mark)
            if tidy:
                store.optimize()
            names.follow(self.path, store, touched)
            return found
        except BaseException as error:
            import traceback

            # Frames of the traceback would keep the database open while its folder is removed.
            traceback.clear_frames(error.__traceback__)
            raise
        finally:
            del store

    def seal(self, count: int, origin: str | None = None) -> Record:
        """Make the draft the store's generation; on return it is on the disk for good.

        Parameters:
            count: quads in its named graphs.
            origin: what it was made from; None keeps what the last generation said.

        Returns:
            The record that vouches for it.
        """
        old = self.base.files if self.base else {}
        before = self.folder._generation(self.base) if self.base else None
        files: dict[str, tuple[int, str]] = {}
        for entry in sorted(self.path.iterdir()):
            name = entry.name
            if name == "LOCK" or name == "LOG" or name.startswith("LOG."):
                entry.unlink()
                continue
            if before and name in old and _same(entry, before / name):
                files[name] = old[name]
                continue
            _sync(entry)
            files[name] = (entry.stat().st_size, _sha256(entry))
        if origin is None:
            origin = self.base.origin if self.base else ""
        record = Record(self.generation, count, origin, files)
        _sync(self.path)
        final = self.folder._generation(record)
        os.rename(self.path, final)
        _sync(self.folder.path)
        temporary = self.folder.path / (RECORD + ".tmp")
        with open(temporary, "w", encoding="utf-8") as handle:
            handle.write(record.to_json())
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(temporary, self.folder.path / RECORD)
        _sync(self.folder.path)
        self.folder._sweep(record)
        return record


def _same(one: Path, other: Path) -> bool:
    """True for a hard link to a table file that a record already vouches for."""
    return one.name.endswith(_LASTING) and other.exists() and one.samefile(other)


def _sha256(path: Path) -> str:
    with open(path, "rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _remove(folder: Path) -> None:
    from shutil import rmtree  # slow to import, and reading needs it not

    rmtree(folder, ignore_errors=True)
