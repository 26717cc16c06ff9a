"""One DuckDB database that nothing outlives: its folder, its limits, its errors, interruption."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gsefgraph.errors import EngineError, reason
from gsefgraph.limits import NO_LIMITS, Limits
from gsefgraph.wording import say

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MB = 2**20
_LEAST = 64 * _MB
"""Bytes below which DuckDB cannot do anything."""

FULL = ("No space left on device", "Disk quota exceeded", "max_temp_directory_size")
"""Words of messages that a disk is full."""


class Database:
    """A DuckDB database in memory or in a temporary folder, which goes when it is closed.

    Statements run in a thread of their own, so that Ctrl-C is heard while one runs, and stops it.
    No extension is loaded or fetched.

    Parameters:
        limits: of memory, and where the temporary folder is made.
        threads: how many; without it one for each core.

    Errors:
        EngineError: the temporary folder cannot be made.

    >>> with Database() as database:  # or `close()` in the end
    ...     database.open()
    ...     database.execute("CREATE TABLE name (n INTEGER, text VARCHAR)")
    ...     database.insert("name", "INTEGER VARCHAR", [(1, "a"), (2, "b")])
    ...     database.lock()
    ...     database.rows("SELECT * FROM name WHERE n > ?", [1]), database.one("SELECT 1 + 2")
    ([(2, 'b')], 3)
    """

    def __init__(
        self,
        *,
        limits: Limits = NO_LIMITS,
        threads: int | None = None,
    ) -> None:
        self.memory = max(limits.memory or _machine() // 2, _LEAST)
        self._threads = threads or os.cpu_count() or 1
        self._connection: DuckDBPyConnection | None = None
        self._pool = ThreadPoolExecutor(1, "columns")
        try:
            self._temporary = tempfile.TemporaryDirectory(
                prefix="gsefgraph-", dir=limits.folder, ignore_cleanup_errors=True
            )
        except OSError as error:
            raise EngineError(
                say(
                    "columns.no-scratch",
                    folder=limits.folder or tempfile.gettempdir(),
                    reason=reason(error),
                ),
                hint=say("columns.elsewhere"),
            ) from None
        self.folder = Path(self._temporary.name)

    def open(self, *, on_disk: bool = False) -> None:
        """Begin, with an empty database.

        Parameters:
            on_disk: keep the tables in a file, compressed, for graphs larger than memory.

        Errors:
            EngineError: the disk is full.
        """
        import duckdb

        config: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "memory_limit": f"{self.memory // 1024}KiB",
            "temp_directory": str(self.folder / "spilled"),
            "threads": self._threads,
        }
        try:
            self._connection = duckdb.connect(
                str(self.folder / "columns.duckdb") if on_disk else ":memory:", config=config
            )
            # It would be drawn on stdout, where the report goes.
            self._connection.execute("SET enable_progress_bar = false")
        except duckdb.Error as error:
            raise self._fault(error) from error

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Forget everything and remove the temporary folder; more than once does no harm."""
        if self._connection is not None:
            self._connection.interrupt()
        self._pool.shutdown(cancel_futures=True)
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._temporary.cleanup()

    def lock(self) -> None:
        """Let no later statement touch a file or a setting."""
        self.execute("SET enable_external_access = false")
        self.execute("SET lock_configuration = true")

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run a statement.

        Errors:
            EngineError: in one line, where the disk or the memory is full or DuckDB fails.
        """
        self._run(sql, parameters)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a statement.

        Errors:
            EngineError: as `execute`.
        """
        return self._run(sql, parameters)

    def one(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        """The first value of the first row.

        Errors:
            EngineError: as `execute`.
        """
        return self._run(sql, parameters)[0][0]

    def insert(self, table: str, kinds: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Add rows to a table.

        Parameters:
            table: its name.
            kinds: the types of all its columns in their order, between spaces.
            rows: what to add.

        Errors:
            EngineError: as `execute`.
        """
        if rows:
            values = ", ".join(f"unnest(?::{kind}[])" for kind in kinds.split())
            columns = [list(column) for column in zip(*rows, strict=True)]
            self.execute(f"INSERT INTO {table} SELECT {values}", columns)

    def _run(self, sql: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
        import duckdb

        if self._connection is None:
            raise EngineError(say("columns.closed"))
        future = self._pool.submit(_fetch, self._connection, sql, parameters)
        try:
            return future.result()
        except duckdb.Error as error:
            raise self._fault(error) from error
        except BaseException:
            self._stop(future)
            raise

    def _stop(self, future: Future[list[tuple[Any, ...]]]) -> None:
        # An interruption before the statement has begun would be lost, so it is repeated.
        while self._connection is not None and not future.done():
            self._connection.interrupt()
            with contextlib.suppress(TimeoutError, CancelledError):
                future.exception(timeout=0.05)

    def _fault(self, error: Exception) -> EngineError:
        text = str(error)
        if any(word in text for word in FULL):
            return no_room(self.folder)
        if type(error).__name__ == "OutOfMemoryException":
            return OutOfMemory(
                say("columns.memory", memory=self.memory // _MB),
                hint=say("columns.more-memory"),
            )
        return EngineError(say("columns.duckdb", error=text.splitlines()[0]))


def no_room(folder: Path) -> EngineError:
    """The error of a full disk.

    Parameters:
        folder: the temporary folder that is ours.

    >>> "/var/spool" in str(no_room(Path("/var/spool/gsefgraph-1")))
    True
    """
    return EngineError(
        say("columns.disk-full", folder=folder.parent), hint=say("columns.elsewhere")
    )


class OutOfMemory(EngineError):
    """The memory that was allowed is not enough."""


def _fetch(
    connection: DuckDBPyConnection, sql: str, parameters: Sequence[object]
) -> list[tuple[Any, ...]]:
    return connection.execute(sql, list(parameters) or None).fetchall()


def _machine() -> int:
    """Bytes of memory that this machine, or the group of processes we are in, has."""
    try:
        total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        total = 4 * 1024 * _MB
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text("ascii").strip()
    except OSError:
        return total
    return min(total, int(limit)) if limit.isdecimal() else total
