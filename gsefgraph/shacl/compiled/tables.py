"""The tables that SQL stands on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from gsefgraph.shacl.shapes.model import Term

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
