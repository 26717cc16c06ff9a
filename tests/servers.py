"""Servers for tests: child processes on free loopback ports, each with a folder of its own.

    with oxigraph_url() as url: ...             the address of an empty `oxigraph serve`
    with virtuoso_endpoint() as endpoint: ...   an Endpoint that may write, of an empty Virtuoso

Both wait until the server answers and end it by its process id. Where a server is not installed
they raise `NotInstalled`, whose text a test gives as the reason of its skip.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from gsefgraph.engine.endpoint import Endpoint

PATIENCE = 60.0

# The least that 7.2.5 starts with. Everything listens on loopback; nothing is checkpointed by time.
VIRTUOSO_INI = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
MaxCheckpointRemap = 2000

[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = 10
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
CheckpointInterval = 0
SchedulerInterval = 0
DirsAllowed = .

[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 6
DefaultMailServer =

[URIQA]
DefaultHost = 127.0.0.1:{http}

[SPARQL]
ResultSetMaxRows = 1000000
"""


class NotInstalled(Exception):
    """A server that this machine does not have."""


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def child(command: Sequence[str], url: str, folder: Path) -> Iterator[int]:
    """Run a server, by its process id, until the block ends; its output goes to server.out in its
    folder."""
    import httpx

    client = httpx.Client(trust_env=False, timeout=5)
    with client, open(folder / "server.out", "wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        try:
            deadline = time.monotonic() + PATIENCE
            while True:
                if process.poll() is not None or time.monotonic() > deadline:
                    said = (folder / "server.out").read_text(errors="replace")[-2000:]
                    raise RuntimeError(f"{command[0]} did not start:\n{said}")
                try:
                    if client.get(url).status_code < 500:
                        break
                except httpx.TransportError:
                    time.sleep(0.01)
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def oxigraph_url() -> Iterator[str]:
    """The address of an empty `oxigraph serve`, in memory.

    Errors:
        NotInstalled where the package `oxigraph` is not.
    """
    found = shutil.which(
        "oxigraph",
        path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
    )
    if found is None:
        raise NotInstalled("oxigraph is not installed: pip install oxigraph")
    with tempfile.TemporaryDirectory() as folder:
        url = f"http://127.0.0.1:{(port := free_port())}/"
        with child([found, "serve", "--bind", f"127.0.0.1:{port}"], url, Path(folder)):
            yield url


@contextmanager
def virtuoso_endpoint() -> Iterator[Endpoint]:
    """The Endpoint of an empty Virtuoso, as its administrator.

    Errors:
        NotInstalled where virtuoso-t is not.
    """
    found = shutil.which("virtuoso-t")
    if found is None or shutil.which("isql-vt") is None:
        raise NotInstalled(
            "Virtuoso is not installed: apt-get install virtuoso-opensource-7-bin"
            " virtuoso-opensource-7-common, or run .ci/servers"
        )
    with tempfile.TemporaryDirectory() as folder:
        place, http, sql = Path(folder), free_port(), free_port()
        (place / "virtuoso.ini").write_text(VIRTUOSO_INI.format(http=http, sql=sql))
        url = f"http://127.0.0.1:{http}/sparql"
        # The password of a new database is known to all, and SQL can run programs.
        password = "p" + secrets.token_hex(8)
        with child([found, "-f", "-c", "virtuoso.ini"], f"{url}?query=ASK%7B%7D", place):
            changed = subprocess.run(
                [
                    "isql-vt",
                    f"127.0.0.1:{sql}",
                    "dba",
                    "dba",
                    f"exec=USER_SET_PASSWORD('dba', '{password}');",
                ],
                timeout=PATIENCE,
                capture_output=True,
                text=True,
            )
            if "Error" in changed.stderr:
                raise RuntimeError(changed.stderr)
            yield Endpoint(url, user="dba", password=password)


class QuietServer(ThreadingHTTPServer):
    """A server for answers of our own making, silent about clients that leave before the end."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: the report would land in whichever test runs by then."""
