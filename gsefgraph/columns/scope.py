"""The table `scoped`: each graph's statements apart from those of the others."""

# ruff: noqa: S608 — what is put into SQL here is our own, values are parameters

from __future__ import annotations

from gsefgraph.columns.database import Database
from gsefgraph.columns.layout import GRAPH, GRAPHS, PLACES
from gsefgraph.errors import EngineError
from gsefgraph.wording import say


def make(database: Database) -> None:
    """Make the tables `graph_number` and `scoped`, where they are not there yet.

    Errors:
        EngineError: more graphs than can be numbered.

    >>> with Database() as database:
    ...     database.open()
    ...     database.execute("CREATE TABLE term AS SELECT 9 AS id, 'a:g' AS lex")
    ...     database.execute("CREATE TABLE quad AS SELECT 1 AS s, 2 AS p, 3 AS o, 9 AS g")
    ...     make(database)
    ...     database.rows("SELECT s >> 30, s & 1, o >> 30 FROM scoped")
    [(1, 1, 1)]
    """
    if database.rows("SELECT 1 FROM duckdb_tables() WHERE table_name = 'scoped'"):
        return
    database.execute(
        "CREATE TABLE graph_number AS SELECT (row_number() OVER (ORDER BY lex NULLS FIRST))"
        "::INTEGER AS n, g FROM (SELECT DISTINCT g FROM quad) LEFT JOIN term ON term.id = g"
    )
    many = database.one("SELECT count(*) FROM graph_number")
    if many >= GRAPHS:
        database.execute("DROP TABLE graph_number")
        raise EngineError(say("columns.graphs", count=many, most=GRAPHS - 1))
    database.execute(
        f"""
        CREATE TABLE scoped AS
        SELECT DISTINCT s | (n::BIGINT << {GRAPH}) AS s, p,
          CASE WHEN o >> {PLACES} < 2 THEN o | (n::BIGINT << {GRAPH}) ELSE o END AS o
        FROM quad JOIN graph_number ON quad.g IS NOT DISTINCT FROM graph_number.g
        ORDER BY p, s, o"""
    )
