"""The words around findings."""

from __future__ import annotations

from gsefgraph.wording import Table, say

WORDS = Table("report")


def word(key: str, lang: str, **values: object) -> str:
    """A word or sentence in a language, its blanks filled; an unknown severity by its local name.

    >>> word("more", "es", count=3)
    '… y 3 más'
    """
    if key not in WORDS:
        return key.rstrip("/#").rpartition("#")[2].rpartition("/")[2]
    return say(f"report.{key}", **values).text(lang)
