"""A guarded run of our own command: what a stranger hands in is worked on in a process of its own.

The command guards itself already: it has no network, unless its store is reached by one, and no
more memory than there is. A server bounds it further: in time, memory, output, and how many run at
once. Its temporary files are gone when it is.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Final

from gsefgraph.web.workers import MEMORY

_OUTPUT: Final = 8 * 2**20
_AT_ONCE: Final = 2
_GRACE: Final = 1.0  # seconds to tidy up in, once it is told to end
_WAITING: Final = 6  # more would take the threads in which pages are answered
_places = threading.BoundedSemaphore(_AT_ONCE)
_turns = threading.BoundedSemaphore(_AT_ONCE + _WAITING)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a run.

    Attributes:
        code: exit code (see `errors.py`); it says nothing of a run that was ended.
        out, err: what it wrote, up to the bound.
        late: whether it was ended, or did not begin, since its time was over.
        cut: whether it was ended since it wrote more than the bound.
        busy: whether it is late since so many others wait already.
    """

    code: int
    out: bytes
    err: bytes
    late: bool = False
    cut: bool = False
    busy: bool = False


def run(
    served_options: Sequence[str],
    arguments: Sequence[str],
    *,
    stdin: bytes = b"",
    seconds: float,
    output: int = _OUTPUT,
) -> Done:
    """Run `gsefgraph` with some arguments.

    Parameters:
        served_options: those that name the graph that is served.
        arguments: the command, and what it is given.
        stdin: what it reads from there.
        seconds: after which it is ended, waiting for its turn included.
        output: bytes that it may write to stdout, and as many to stderr.

    Returns:
        How it ended; a command's own errors too are an exit code and a line on stderr.

    >>> done = run([], ["--version"], seconds=60)
    >>> done.code, done.out[:9]
    (0, b'gsefgraph')
    """
    if not _turns.acquire(blocking=False):
        return Done(-1, b"", b"", late=True, busy=True)
    try:
        return _run([*arguments, *served_options], stdin, time.monotonic() + seconds, output)
    finally:
        _turns.release()


def _run(words: Sequence[str], stdin: bytes, until: float, output: int) -> Done:
    if not _places.acquire(timeout=max(until - time.monotonic(), 0)):
        return Done(-1, b"", b"", late=True)
    try:
        with TemporaryDirectory(prefix="gsefgraph-") as folder, TemporaryFile() as given:
            given.write(stdin)
            given.seek(0)
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", "gsefgraph", *words],
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, "TMPDIR": folder},
                start_new_session=True,
            )
            try:
                _limit(process.pid)
                return _heard(process, until, output)
            finally:
                _end(process)
    finally:
        _places.release()


def _heard(process: subprocess.Popen[bytes], until: float, output: int) -> Done:
    """What a process writes until it ends, or must be ended."""
    written = {1: bytearray(), 2: bytearray()}
    late = cut = False
    with selectors.DefaultSelector() as waiting:
        for number, stream in ((1, process.stdout), (2, process.stderr)):
            if stream is not None:
                waiting.register(stream, selectors.EVENT_READ, number)
        while waiting.get_map() and not late and not cut:
            ready = waiting.select(max(until - time.monotonic(), 0))
            late = not ready
            for key, _ in ready:
                piece = os.read(key.fd, 2**16)
                if not piece:
                    waiting.unregister(key.fileobj)
                written[key.data] += piece
                cut = cut or len(written[key.data]) > output
    if not late and not cut:
        try:
            process.wait(max(until - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            late = True
    if late or cut:
        _end(process)
    out, err = bytes(written[1][:output]), bytes(written[2][:output])
    return Done(process.returncode, out, err, late, cut)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started, gently first; nothing where it has ended."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def _limit(pid: int) -> None:
    """Bound the memory of a process, where the system lets another do so (Linux: prlimit(2))."""
    with suppress(ImportError, AttributeError, OSError):
        import resource

        resource.prlimit(pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
