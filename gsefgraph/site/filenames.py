"""Names of files for addresses of pages, such as every file system takes.

What is plain in an address stays readable; where letters were lost, or it would be too long, a
digest of the whole address follows. Names differ by more than case, since Windows and macOS take
those that do not for one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Final

_LONGEST: Final = 80  # characters of a name; Windows takes 260 of a path
_LOST = re.compile(r"[^a-z0-9.\-]+")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|\Z)")


def file_name(path: str, values: Iterable[tuple[str, str]], suffix: str = "html") -> str:
    """The file of an address, relative to the folder of its language.

    Parameters:
        path: as it is decoded; the first page's is ``/``.
        values: what its query says.
        suffix: what the file ends with; a path that ends so already keeps it.

    >>> file_name("/", ()), file_name("/page/org/gsef", ())
    ('index.html', 'page/org/gsef.html')
    >>> file_name("/questions/events-by-goal.csv", [("goal", "17")], "csv")
    'questions/events-by-goal.goal-17.csv'
    >>> file_name("/model/Role", ()), file_name("/model/role", ())
    ('model/role-fa4a2759.html', 'model/role.html')
    >>> file_name("/page/org/con", ())
    'page/org/con-c69a3378.html'
    """
    given = list(values)
    *folders, last = path.strip("/").split("/")
    whole = last.removesuffix(f".{suffix}") if given or suffix != "html" else last
    whole = ".".join([whole or "index", *(f"{name}-{value}" for name, value in given)])
    address = "\n".join(
        [path.removesuffix(f".{suffix}"), *(f"{name}={value}" for name, value in given)]
    )
    return "/".join([*(_plain(folder, folder) for folder in folders), _plain(whole, address)]) + (
        f".{suffix}"
    )


def _plain(text: str, address: str) -> str:
    bare = _LOST.sub("-", text.lower()).strip("-.") or "x"
    if bare == text and len(bare) <= _LONGEST and not _DEVICES.match(bare):
        return bare
    digest = hashlib.sha256(address.encode()).hexdigest()[:8]
    return f"{bare[: _LONGEST - 9].rstrip('-.')}-{digest}"
