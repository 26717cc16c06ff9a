"""What was made of queries before, on disk: a file of lines, one for each text.

A line holds the digest of the text, the digest of the rest and the algebra as JSON. Whatever else
stands there is passed over, and a file that has grown too long is begun anew.
"""

from __future__ import annotations

import contextlib
import os
from functools import lru_cache
from hashlib import sha256
from pathlib import Path as File

from gsefgraph.project import cache_folder
from gsefgraph.rdf import plain
from gsefgraph.sparql import algebra
from gsefgraph.sparql.path import Path

_MOST = 1 << 20  # bytes
_CLASSES = (
    algebra.Bgp, algebra.Call, algebra.Const, algebra.Exists, algebra.Extend, algebra.Filter,
    algebra.Join, algebra.LeftJoin, algebra.Other, algebra.Project, algebra.Query,
    algebra.Triple, algebra.Union, algebra.Var, Path,
)  # fmt: skip


def get(text: str) -> algebra.Query | None:
    """The algebra of a text, None where it is not held.

    >>> get("never read") is None
    True
    """
    guard, _, content = _lines(_file()).get(_key(text), b"").partition(b" ")
    if guard != _digest(content):
        return None
    with contextlib.suppress(ValueError, TypeError, LookupError, RecursionError):
        query = plain.load(content, _CLASSES)
        return query if isinstance(query, algebra.Query) else None
    return None


def put(text: str, query: algebra.Query) -> None:
    """Hold the algebra of a text; without a folder to write in, the next start is only slower."""
    file = _file()
    with contextlib.suppress(OSError, UnicodeError, RecursionError):
        content = plain.dump(query)
        file.parent.mkdir(parents=True, exist_ok=True)
        full = file.exists() and file.stat().st_size > _MOST
        flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if full else os.O_APPEND)
        handle = os.open(file, flags, 0o644)
        try:
            # One write, so that two processes do not mix; a line cut short ends with the next.
            os.write(handle, b"\n%s %s %s\n" % (_key(text), _digest(content), content))
        finally:
            os.close(handle)


def _file() -> File:
    return cache_folder() / "algebra.jsonl"


@lru_cache(maxsize=4)
def _lines(file: File) -> dict[bytes, bytes]:
    try:
        content = file.read_bytes()
    except OSError:
        return {}
    pairs = (line.partition(b" ") for line in content.split(b"\n"))
    return {key: rest for key, _, rest in pairs}


@lru_cache(maxsize=1)
def _salt() -> bytes:
    """What reads texts: another reader may make something else of them."""
    return b"".join((File(__file__).parent / name).read_bytes() for name in _READERS)


_READERS = ("algebra.py", "kept.py", "parsing.py", "path.py")


def _key(text: str) -> bytes:
    return _digest(_salt() + text.encode("utf-8", "surrogatepass"))


def _digest(content: bytes) -> bytes:
    return sha256(content).hexdigest().encode()
