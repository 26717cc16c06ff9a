"""Golden answers of the stored queries: `python -m tests.golden NAME...` writes them.

Read an answer against its source before it is kept. A golden file holds what the query was asked
with (the examples of its header) and the rows as N-Triples terms, sorted where the order has no
meaning; of some the picture is kept too.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from pyoxigraph import Triple

from gsefgraph.engine.base import Boolean, Engine, Result, Solutions
from gsefgraph.graph.graph import Graph
from gsefgraph.queries.catalogue import StoredQuery

FOLDER = Path(__file__).parent / "golden" / "queries"
PICTURES = (
    ("events-between", "fr"),
    ("places-of-events", "en"),
    ("goals-covered", "es"),
    ("collaboration-network", "fr"),
    ("organisation-partners", "es"),
)
"""Queries whose picture is kept, and in which language."""
_LAND = re.compile(' d="[^"]{1000,}"')


def examples(query: StoredQuery) -> dict[str, str]:
    """The example values of a query's parameters."""
    return {item.name: item.example for item in query.parameters if item.example is not None}


def plain(result: Result, *, ordered: bool) -> dict[str, Any]:
    """A result as JSON values that can be compared."""
    if isinstance(result, Boolean):
        return {"boolean": result.value}
    if isinstance(result, Solutions):
        rows = [[None if term is None else str(term) for term in row] for row in result.rows]
        return {
            "columns": list(result.variables),
            "rows": rows if ordered else sorted(rows, key=lambda row: [cell or "" for cell in row]),
        }
    return {"triples": sorted(_line(triple) for triple in result.triples)}


def _line(triple: Triple) -> str:
    return f"{triple} ."


def answer(engine: Engine, query: StoredQuery, text: str) -> dict[str, Any]:
    """What an engine answers to the bound text of a query."""
    return plain(engine.query(text), ordered=query.ordered)


def golden(name: str) -> dict[str, Any]:
    """The kept answer of a query."""
    kept: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return kept


def drawn(graph: Graph, name: str, lang: str) -> str:
    """The picture of a query's example, without the outlines of the land."""
    answer = graph.query(name, examples(graph.catalogue[name]), lang=lang)
    return _LAND.sub(' d="…"', answer.picture().svg)  # type: ignore[union-attr]


def picture_file(name: str, lang: str) -> Path:
    """Where the picture of a query is kept."""
    return FOLDER.parent / "pictures" / f"{name}.{lang}.svg"


def main(names: list[str]) -> None:
    """Write the golden answers of these queries."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with Graph.open() as graph:
        for name in names:
            query = graph.catalogue.get(name)
            values = examples(query)
            found = answer(graph.engine, query, graph.bind(name, **values))
            kept = json.dumps({"asked": values, **found}, ensure_ascii=False, indent=1)
            (FOLDER / f"{name}.json").write_text(f"{kept}\n", "utf-8")
        for name, lang in PICTURES:
            if name in names:
                picture_file(name, lang).parent.mkdir(exist_ok=True)
                picture_file(name, lang).write_text(drawn(graph, name, lang), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
