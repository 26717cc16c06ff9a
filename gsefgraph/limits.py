"""What long work may take, and whom it tells how far it is: one value, handed down; and what a
process may take that works for somebody else.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

Progress: TypeAlias = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a piece of work.

    Attributes:
        memory: bytes that a large graph may take, without it half of the machine's; what does not
            fit goes to disk.
        folder: where temporary files go; without it the system's place for those.
        seconds: for each question to an engine; None is no limit.
        progress: told the name of each stage that has ended, and how much was done in it; of the
            last, the percentage that is done.

    >>> Limits(progress=print).tell("lines", 7)
    lines 7
    """

    memory: int | None = None
    folder: Path | None = None
    seconds: float | None = None
    progress: Progress | None = None

    def tell(self, stage: str, count: int) -> None:
        """Tell how far the work is, where somebody wants to know."""
        if self.progress is not None:
            self.progress(stage, count)


NO_LIMITS = Limits()


def end_with(watched: int) -> None:
    """End this process when another does, however that ends: the pipe between them closes."""
    import threading

    def wait() -> None:
        os.read(watched, 1)
        os._exit(4)

    threading.Thread(target=wait, daemon=True, name="gsefgraph-parent").start()


def files() -> int:
    """How many files this process may have open at once (getrlimit(2)).

    >>> files() > 64
    True
    """
    try:
        import resource
    except ImportError:  # not on Windows
        return 8192
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return soft if soft != resource.RLIM_INFINITY else 2**20


def bound(memory: int | None = None) -> None:
    """Bound the memory of this process, from now on, and leave no image of it when it dies.

    Parameters:
        memory: bytes of address space; None for four fifths of what there is.
    """
    import resource

    given, most = resource.getrlimit(resource.RLIMIT_AS)
    limits = [memory or _memory() * 4 // 5, given, most]
    lowest = min(limit for limit in limits if limit != resource.RLIM_INFINITY)
    resource.setrlimit(resource.RLIMIT_AS, (lowest, lowest))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _memory() -> int:
    """Bytes of memory of this machine, or of the container that this process is in."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for name in ("memory.max", "memory/memory.limit_in_bytes"):
        with contextlib.suppress(OSError, ValueError):
            return min(machine, int(Path("/sys/fs/cgroup", name).read_text("ascii")))
    return machine


def isolate() -> bool:
    """Cut this process off from the network, for good.

    It gets a network of its own that has no way out (Linux: unshare(2)), or where that is not
    allowed a filter that refuses it sockets (seccomp(2)).

    Returns:
        Whether it worked; where it did not, queries that would fetch are refused all the same.
    """
    import ctypes

    new_user, new_network = 0x10000000, 0x40000000
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        unshare = libc.unshare
    except (OSError, AttributeError):
        return False
    if any(unshare(flags) == 0 for flags in (new_network, new_user | new_network)):
        return True
    return _without_sockets(libc)


def isolates() -> bool:
    """Whether `isolate` works here; tried in a child, since there is no way back.

    >>> isolates() in (True, False)
    True
    """
    child = os.fork()
    if not child:
        os._exit(0 if isolate() else 1)
    return os.waitpid(child, 0)[1] == 0


# linux/audit.h, and the numbers of socket(2) and io_uring_setup(2), which opens some as well.
_CALLS = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}


def _without_sockets(libc: Any) -> bool:
    """Have the kernel answer EACCES to what opens a socket, and end what speaks another dialect."""
    import ctypes
    import struct

    known = _CALLS.get(os.uname().machine)
    if known is None:
        return False
    dialect, *calls = known
    load, same, at_least, give = 0x20, 0x15, 0x35, 0x06
    allow, refuse, kill = 0x7FFF0000, 0x00050000 | 13, 0x80000000
    steps = [
        (load, 0, 0, 4),  # the dialect
        (same, 1, 0, dialect),
        (give, 0, 0, kill),
        (load, 0, 0, 0),  # the call
        (at_least, 0, 1, 0x40000000),  # that of x32, whose numbers are others
        (give, 0, 0, kill),
        *(step for call in calls for step in ((same, 0, 1, call), (give, 0, 0, refuse))),
        (give, 0, 0, allow),
    ]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    held = ctypes.create_string_buffer(code, len(code))
    program = ctypes.create_string_buffer(struct.pack("HL", len(steps), ctypes.addressof(held)))
    set_no_new_privileges, set_seccomp, filtering = 38, 22, 2
    return not any(
        libc.prctl(*call, 0, 0)
        for call in ((set_no_new_privileges, 1, 0), (set_seccomp, filtering, program))
    )
