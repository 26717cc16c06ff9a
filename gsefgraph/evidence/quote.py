"""Where a quote stands in the text of its source.

White space, the kind of quotation marks and of apostrophes may differ, since a keyboard has others
than a page; words, letters and accents may not.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from gsefgraph.terms import fold

_SPACE: Final = r"\s+"
_QUOTES: Final = '"“”„‟«»'
_APOSTROPHES: Final = "'’‘ʼ′"
_HYPHENS: Final = "‐‑-"
_PIECE: Final = re.compile(
    rf"(?P<open>[«“„]\s*)|(?P<close>\s*[»”‟])|(?P<mark>\"\s*|\s*\")|(?P<space>\s+)"
    rf"|(?P<apostrophe>[{_APOSTROPHES}])|(?P<hyphen>[{_HYPHENS}])|(?P<other>.)",
    re.S,
)
MOST: Final = 20
"""Places that are told at the most."""


def stands(text: str, quote: str) -> list[tuple[int, int]]:
    """The places of a quote in a text: start and end in code points, in order, `MOST` at most.

    >>> stands("Il dit : « l’économie\\u00a0sociale ».", '"l\\'économie sociale"')
    [(9, 31)]
    >>> stands("sociale et solidaire", "social et solidaire"), stands("a b, a b", " a  b ")
    ([], [(0, 3), (5, 8)])
    """
    wanted = unicodedata.normalize("NFC", quote).strip()
    if not wanted:
        return []
    pattern = re.compile("".join(map(_pattern, _PIECE.finditer(wanted))))
    found = []
    for match in pattern.finditer(text):
        found.append(match.span())
        if len(found) == MOST:
            break
    return found


def _pattern(piece: re.Match[str]) -> str:
    kind = piece.lastgroup
    if kind in ("open", "close", "mark"):
        before = r"\s*" if piece.start() else ""
        after = r"\s*" if piece.end() < len(piece.string) else ""
        return f"{before}[{_QUOTES}]{after}"
    if kind == "space":
        return _SPACE
    if kind == "apostrophe":
        return f"[{_APOSTROPHES}]"
    return f"[{_HYPHENS}]" if kind == "hyphen" else re.escape(piece[0])


def bare(text: str) -> str:
    """A text without what tells no names apart: accents, case, the marks around it.

    >>> bare("« Le  GSEF ».") == bare("le gsef")
    True
    """
    return fold(text).strip(" .,;:!?\"'«»“”()")
