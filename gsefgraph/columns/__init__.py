"""Quads as columns of numbers in DuckDB, for work that must look at a whole graph.

`Columns.read` loads files; the tables that SQL can then use are listed there.
"""

from __future__ import annotations

from gsefgraph.columns.columns import SCOPE_MASK, Columns

__all__ = ["SCOPE_MASK", "Columns"]
