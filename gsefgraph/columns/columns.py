"""Columns: a graph in DuckDB, every term a number, for what must look at all of it.

datatype(code, iri)           0 IRI, 1 blank node, 2 rdf:langString, 3 xsd:string, then others
term(id, lex, lang)           id = code << 52 | number
quad(s, p, o, g, file, line)  g NULL for the default graph
triple(s, p, o)               the union of all graphs as a set, clustered by p
ill(id)                       literals that are not in the value space of their datatype
scoped(s, p, o)               after `scoped()`: one copy of each triple for each graph
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, Quad, Triple

from gsefgraph.columns import illformed, loading, places, sources
from gsefgraph.columns.database import Database
from gsefgraph.columns.layout import GRAPH, GRAPHS, PLACES
from gsefgraph.columns.odd import language
from gsefgraph.columns.places import Place
from gsefgraph.columns.sources import Source
from gsefgraph.errors import EngineError
from gsefgraph.limits import NO_LIMITS, Limits
from gsefgraph.rdf.reading import AS_DOCUMENTS, Reading
from gsefgraph.terms import Term
from gsefgraph.wording import say


def make(database: Database, without: Collection[int] = ()) -> None:
    """Make the tables `graph_number` and `scoped`, where they are not there yet.

    Parameters:
        without: ids of the graphs that are left out.

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
        " WHERE coalesce(NOT list_contains(?, g), true)",
        [list(without)],
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


_GROWTH = 2
"""How much more memory than the files have bytes their tables may need while they are made."""

Asked: TypeAlias = tuple[Term, NamedNode | None, Term | None]


class Columns:
    """A graph in DuckDB; made by `read`, to be closed.

    >>> s, p, g = map(NamedNode, ("a:s", "a:p", "a:g"))
    >>> columns = Columns.read([], quads=[Quad(s, p, Literal("x"), g), Quad(s, p, Literal("x"))])
    >>> columns.rows("SELECT count(*) FROM quad"), columns.rows("SELECT count(*) FROM triple")
    ([(2,)], [(1,)])
    >>> columns.describe([s]) == [Triple(s, p, Literal("x"))]
    True
    >>> list(columns.terms(columns.ids([p, Literal("y")]).values()).values()) == [p]
    True
    >>> columns.scoped()
    >>> columns.execute("CREATE TABLE mine AS SELECT DISTINCT s FROM scoped")
    >>> columns.rows("SELECT count(*) FROM mine")
    [(2,)]
    >>> columns.close()
    """

    def __init__(self, database: Database, files: Sequence[Source]) -> None:
        self._database = database
        self._files = {source.number: source for source in files}

    @classmethod
    def read(
        cls,
        files: Sequence[str | Path],
        *,
        quads: Iterable[Quad] = (),
        limits: Limits = NO_LIMITS,
        threads: int | None = None,
        reading: Reading = AS_DOCUMENTS,
    ) -> Columns:
        """Load files, and quads that are in none.

        Parameters:
            files: N-Quads and N-Triples are read by DuckDB itself; other formats are written as
                N-Quads first. Labels of blank nodes are each file's own.
            quads: more data; the labels of their blank nodes stay as they are.
            limits: of memory, the place of temporary files, and who is told of each stage.
            threads: how many; without it one for each core.
            reading: base and bound.

        Errors:
            InputError, SyntaxFault: with the file, the line and the column.
            EngineError: the disk or the memory is full.
        """
        database = Database(limits=limits, threads=threads)
        try:
            found = sources.gather(files, quads, database.folder, reading)
            database.open(on_disk=sum(source.size for source in found) * _GROWTH > database.memory)
            loading.load(database, found, limits)
            columns = cls(database, found)
            illformed.mark(database)
            limits.tell("ill-formed", database.one("SELECT count(*) FROM ill"))
            database.lock()
        except BaseException:
            database.close()
            raise
        return columns

    def __enter__(self) -> Columns:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove everything, temporary files too."""
        self._database.close()

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run a statement of DuckDB's SQL.

        Errors:
            EngineError: in one line.
        """
        self._database.execute(sql, parameters)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a statement.

        Errors:
            EngineError: in one line.
        """
        return self._database.rows(sql, parameters)

    def ids(self, terms: Iterable[Term]) -> dict[Term, int]:
        """The ids of those of the terms that the data mention."""
        wanted = list(dict.fromkeys(terms))
        rows = [_parts(term) for term in wanted]
        found = self.rows(
            f"""
            SELECT w.n, term.id
            FROM (SELECT unnest(?::VARCHAR[]) AS lex, unnest(?::VARCHAR[]) AS lang,
                unnest(?::VARCHAR[]) AS iri, unnest(?::INTEGER[]) AS kind,
                unnest(range(?)) AS n) AS w
              LEFT JOIN datatype AS d ON d.iri = w.iri
              JOIN term ON term.lex = w.lex AND term.lang IS NOT DISTINCT FROM w.lang
                AND term.id >> {PLACES} = coalesce(d.code, w.kind)
            ORDER BY w.n""",
            [
                [lex for lex, _, _, _ in rows],
                [lang for _, lang, _, _ in rows],
                [iri for _, _, iri, _ in rows],
                [kind for _, _, _, kind in rows],
                len(rows),
            ],
        )
        return {wanted[n]: number for n, number in found}

    def terms(self, ids: Iterable[int]) -> dict[int, Term]:
        """The terms of ids; ids that are none are left out."""
        wanted = list(dict.fromkeys(ids))
        found = self.rows(
            f"""
            SELECT term.id, lex, lang, d.code, d.iri FROM (SELECT unnest(?::BIGINT[]) AS id) AS w
              JOIN term ON term.id = w.id JOIN datatype AS d ON d.code = term.id >> {PLACES}""",
            [wanted],
        )
        terms = {row[0]: _term(*row[1:]) for row in found}
        return {number: terms[number] for number in wanted if number in terms}

    def describe(self, subjects: Iterable[Term]) -> list[Triple]:
        """What is stated on some nodes, in any graph; each statement once, ordered as text."""
        found = self.rows(
            "SELECT s, p, o FROM triple WHERE s IN (SELECT unnest(?::BIGINT[]))",
            [list(self.ids(subjects).values())],
        )
        terms = self.terms(number for row in found for number in row)
        return sorted(
            (Triple(terms[s], terms[p], terms[o]) for s, p, o in found),  # type: ignore[arg-type]
            key=str,
        )

    def places(self, asked: Iterable[Asked]) -> dict[Asked, Place]:
        """Where statements are written, in files of N-Quads and N-Triples.

        Parameters:
            asked: a subject, with a predicate and an object or None instead. What is not stated
                so is looked for without the object, then without the predicate.

        Returns:
            File, line and column of the first place of each: the column of the object, or of the
            predicate or the subject where that is the last that was asked for and found; counted
            from 1, columns in code points. What stands in no such file is left out.

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "a.nq"
        ...     _ = file.write_text('\\n<a:s> <a:p> "x" .')
        ...     with Columns.read([file]) as columns:
        ...         found = columns.places([(NamedNode("a:s"), NamedNode("a:p"), Literal("x"))])
        >>> [(line, column) for _, line, column in found.values()]
        [(2, 13)]
        """
        wanted = list(dict.fromkeys(asked))
        ids = self.ids(term for one in wanted for term in one if term is not None)
        known = [one for one in wanted if one[0] in ids]
        found = places.find(
            self._database,
            self._files,
            [
                (ids[s], ids.get(p, -1) if p else None, ids.get(o, -1) if o else None)
                for s, p, o in known
            ],
        )
        return {one: place for one, place in zip(known, found, strict=True) if place}

    def scoped(self, without: Iterable[NamedNode] = ()) -> None:
        """Make `scoped`, and `graph_number(n, g)`: each graph's nodes apart from the others'.

        Parameters:
            without: graphs that are left out.

        Subjects, and objects that are no literals, carry the number of their graph in bits 30 to
        51; ``x & SCOPE_MASK`` is the id of their term.
        """
        make(self._database, [*self.ids(without).values()])


def _parts(term: Term) -> tuple[str, str | None, str | None, int | None]:
    if isinstance(term, NamedNode):
        return term.value, None, None, 0
    if isinstance(term, BlankNode):
        return term.value, None, None, 1
    return term.value, language(term), term.datatype.value, None


def _term(lex: str, lang: str | None, code: int, iri: str | None) -> Term:
    if code == 0:
        return NamedNode(lex)
    if code == 1:
        return BlankNode(lex)
    if lang is not None:
        tag, _, way = lang.partition("--")
        return Literal(lex, language=tag, direction=BaseDirection(way) if way else None)
    return Literal(lex, datatype=NamedNode(iri or ""))
