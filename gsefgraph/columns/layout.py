"""How ids are laid out in the tables, and how texts are written into SQL."""

from __future__ import annotations

from typing import Final

PLACES: Final = 52
"""An id is the code of its datatype, moved by so many bits, and a number."""
IRI, BLANK, LANG_STRING, STRING = range(4)
"""The codes that stand for no datatype of the data: what is no literal, and plain text."""
GRAPH: Final = 30
"""Where the number of a graph stands in the nodes of the table `scoped`."""
GRAPHS: Final = 1 << (PLACES - GRAPH)
"""More graphs than can be numbered."""
SCOPE_MASK: Final = ((1 << 63) - 1) & ~((GRAPHS - 1) << GRAPH)
"""What ``&`` leaves of a node of table `scoped`: the id of its term, without the graph."""


def quoted(text: str) -> str:
    """A text as a literal of SQL.

    >>> quoted("d'Unité")
    "'d''Unité'"
    """
    # A NUL would end the statement, and no term holds one.
    return "'" + text.replace("'", "''").replace("\0", "\ufffd") + "'"
