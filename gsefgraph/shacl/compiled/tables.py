"""The tables that SQL stands on, and what an id says by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from gsefgraph.shacl.shapes.model import Term

PLACES = 52
"""An id is its code, moved by so many bits, and a number."""
GRAPH = 30
"""Where the number of a graph stands in the ids of the table ``scoped``."""
MASK = ~(((1 << 22) - 1) << GRAPH)
IRI, BLANK, LANG_STRING, STRING = range(4)
NOTHING = "SELECT 0::BIGINT AS f LIMIT 0"


class Tables(Protocol):
    """What a run asks of `gsefgraph.columns.Columns`."""

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement."""

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a statement."""
        ...

    def ids(self, terms: Iterable[Term]) -> dict[Term, int]:
        """Ids of those terms that the data mentions."""
        ...

    def terms(self, ids: Iterable[int]) -> dict[int, Term]:
        """Terms of ids."""
        ...


def text(value: str) -> str:
    """A string of SQL.

    >>> text("it's")
    "'it''s'"
    """
    # A NUL would end the statement, and no term of the data holds one.
    return "'" + value.replace("'", "''").replace("\0", "\ufffd") + "'"
