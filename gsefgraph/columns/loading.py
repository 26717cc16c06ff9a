"""From files of N-Quads to the tables `datatype`, `term`, `quad` and `triple`, inside DuckDB.

source  one row a file
raw     one row a line: the pieces of it (see `lines`), or the line itself where it is not ordinary
piece   every distinct piece and what it says; several pieces may say one term ("a" and "\\u0061")
fixed   the lines that are not ordinary, as pyoxigraph reads them
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gsefgraph.columns import lines, odd
from gsefgraph.columns.database import Database, OutOfMemory
from gsefgraph.columns.layout import PLACES
from gsefgraph.columns.sources import Source, plain_copy
from gsefgraph.errors import EngineError
from gsefgraph.limits import Limits
from gsefgraph.rdf.lexical import DATATYPES, LANGSTRING
from gsefgraph.terms import XSD
from gsefgraph.wording import say

NUMBERS = 2**30
_CODES = 2**11


def load(database: Database, sources: Sequence[Source], limits: Limits) -> None:
    """Fill the tables `datatype`, `term`, `quad` and `triple` from files.

    Parameters:
        database: empty.
        sources: files of N-Quads or N-Triples.
        limits: who is told of each stage that has ended, and how much it has read or made.

    Errors:
        SyntaxFault, InputError: of the first line that is not right, in the order of the files.
        EngineError: the disk or the memory is full, or there are too many terms.

    >>> from gsefgraph.columns.sources import gather
    >>> from pyoxigraph import Literal, NamedNode, Quad
    >>> quad = Quad(NamedNode("a:s"), NamedNode("a:p"), Literal("é"))
    >>> with Database() as database:
    ...     database.open()
    ...     load(database, gather([], [quad], database.folder), Limits())
    ...     database.rows("SELECT lex FROM term JOIN triple ON term.id = o")
    [('é',)]
    """
    _read(database, sources, limits)
    _say(database, {source.number: source for source in sources})
    _number(database)
    limits.tell("terms", database.one("SELECT count(*) FROM term"))
    _encode(database)
    limits.tell("quads", database.one("SELECT count(*) FROM quad"))
    for table in ("raw", "piece", "fixed", "few_p", "few_g"):
        database.execute(f"DROP TABLE {table}")
    # Statements of one predicate stand together, so that a scan skips the blocks of the others.
    database.execute("CREATE TABLE triple AS SELECT DISTINCT s, p, o FROM quad ORDER BY p, s, o")
    limits.tell("triples", database.one("SELECT count(*) FROM triple"))


def _read(database: Database, sources: Sequence[Source], limits: Limits) -> None:
    database.execute(
        "CREATE TABLE raw (s VARCHAR, p VARCHAR, o VARCHAR, g VARCHAR, l VARCHAR, file INTEGER)"
    )
    database.execute(
        "CREATE TABLE source (file INTEGER, name VARCHAR, prefix VARCHAR, base BIGINT)"
    )
    read = 0
    for source in sources:
        source.base = read
        try:
            database.execute(f"INSERT INTO raw {lines.reading(source)}")
        except EngineError as error:
            if not error.message.startswith("DuckDB: Invalid Input Error: "):
                raise
            # Mixed line ends, a very long line, or bytes that are not UTF-8.
            plain_copy(source, database.folder)
            database.execute(f"INSERT INTO raw {lines.reading(source)}")
        read = database.one("SELECT count(*) FROM raw")
        limits.tell("lines", read)
    rows = [(s.number, s.name, s.prefix, s.base) for s in sources]
    database.insert("source", "INTEGER VARCHAR VARCHAR BIGINT", rows)


def _say(database: Database, sources: Mapping[int, Source]) -> None:
    """Make `piece` and `fixed`."""
    database.execute(
        f"""
        CREATE TABLE piece AS
        WITH a AS ({lines.PIECES}),
        b AS (SELECT t, kind, ends_with(t, '"') AS plain,
            CASE WHEN kind = 2 AND ends_with(t, '>') THEN string_split(t, '"^^<')[-1] END AS d,
          FROM a),
        c AS (SELECT *, CASE WHEN kind = 2 AND d IS NULL AND NOT plain
            THEN string_split(t, '"@')[-1] END AS tag FROM b),
        d AS (SELECT t, kind, tag, d[:-2] AS datatype,
            CASE WHEN kind = 1 THEN t[3:] WHEN kind = 0 OR plain THEN t[2:-2]
              WHEN tag IS NULL THEN t[2:length(t) - length(d) - 4]
              ELSE t[2:length(t) - length(tag) - 2] END AS y
          FROM c)
        SELECT t, kind::INTEGER AS kind, {lines.unescaped("y")} AS lex, lower(tag) AS lang,
          CASE WHEN kind <> 2 THEN NULL WHEN tag IS NOT NULL THEN '{LANGSTRING}'
            ELSE coalesce(datatype, '{XSD}string') END AS datatype,
          kind = 2 AND (contains(y, '\\') OR coalesce(datatype = '{XSD}string', false)
            OR coalesce(tag <> lower(tag), false)) AS other
        FROM d"""
    )
    odd.judge_pieces(database)
    odd.judge_lines(database, sources)


def _number(database: Database) -> None:
    """Make `datatype` and `term`, and let `piece` say ids."""
    known = [LANGSTRING, f"{XSD}string"]
    known += [iri for iri in DATATYPES if iri not in known]
    found = database.rows("SELECT DISTINCT datatype FROM piece WHERE kind = 2 ORDER BY datatype")
    known += [iri for (iri,) in found if iri not in set(known)]
    if len(known) + 2 > _CODES:
        raise EngineError(say("columns.datatypes", count=len(known), most=_CODES - 2))
    database.execute("CREATE TABLE datatype (code INTEGER, iri VARCHAR)")
    database.insert("datatype", "INTEGER VARCHAR", list(enumerate([None, None, *known])))
    coded = f"""
        SELECT t, lex, lang, coalesce(d.code, kind)::BIGINT << {PLACES} AS code
        FROM piece LEFT JOIN datatype AS d ON d.iri = piece.datatype WHERE kind IS NOT NULL"""
    if database.one("SELECT count(*) FROM piece WHERE other"):
        database.execute(
            "CREATE TABLE term AS SELECT code | row_number() OVER () AS id, lex, lang "
            f"FROM (SELECT DISTINCT code, lex, lang FROM ({coded}))"
        )
        database.execute(
            f"CREATE TABLE meant AS SELECT c.t, term.id FROM ({coded}) AS c JOIN term "
            f"ON term.lex = c.lex AND term.id >> {PLACES} << {PLACES} = c.code "
            "AND coalesce(term.lang, '') = coalesce(c.lang, '')"
        )
    else:
        database.execute(
            "CREATE TABLE meant AS SELECT t, lex, lang, code | row_number() OVER () AS id "
            f"FROM ({coded})"
        )
        database.execute("DROP TABLE piece")
        database.execute("CREATE TABLE term AS SELECT id, lex, lang FROM meant")
        database.execute("ALTER TABLE meant DROP COLUMN lex")
        database.execute("ALTER TABLE meant DROP COLUMN lang")
    if database.one("SELECT count(*) FROM term") >= NUMBERS:
        raise EngineError(say("columns.terms", count=NUMBERS), hint=say("columns.in-parts"))
    database.execute("DROP TABLE IF EXISTS piece")
    database.execute("ALTER TABLE meant RENAME TO piece")


def _encode(database: Database) -> None:
    """Make `quad`."""
    rows = "SELECT s, p, o, g, file, raw.rowid + 1 AS line FROM raw"
    if database.one("SELECT count(*) FROM source") > 1:
        rows = (
            "SELECT s, p, o, g, file, raw.rowid + 1 - base AS line "
            "FROM raw JOIN source USING (file)"
        )
    if database.one("SELECT count(*) FROM fixed"):
        rows = (
            f"SELECT * FROM ({rows}) AS r ANTI JOIN fixed USING (file, line) "
            "UNION ALL SELECT s, p, o, g, file, line FROM fixed"
        )
    # Predicates and graphs are few, so most of the look-ups are in small tables.
    for column in "pg":
        database.execute(
            f"CREATE TABLE few_{column} AS FROM piece WHERE t IN "
            f"(SELECT {column} FROM raw UNION SELECT {column} FROM fixed)"
        )
    try:
        database.execute(
            f"""
            CREATE TABLE quad AS SELECT a.id AS s, b.id AS p, c.id AS o, d.id AS g, file, line
            FROM ({rows}) AS r JOIN piece AS a ON a.t = r.s JOIN few_p AS b ON b.t = r.p
              JOIN piece AS c ON c.t = r.o LEFT JOIN few_g AS d ON d.t = r.g"""
        )
    except OutOfMemory:
        _encode_in_steps(database, rows)


def _encode_in_steps(database: Database, rows: str) -> None:
    """Make `quad` with one join at a time, which takes a quarter of the memory."""
    steps = (
        ("one", rows, "a.id AS s, p, o, g", "s", "JOIN"),
        ("two", "FROM one", "s, a.id AS p, o, g", "p", "JOIN"),
        ("three", "FROM two", "s, p, a.id AS o, g", "o", "JOIN"),
        ("quad", "FROM three", "s, p, o, a.id AS g", "g", "LEFT JOIN"),
    )
    for table, source, columns, column, join in steps:
        pieces = f"few_{column}" if column in "pg" else "piece"
        database.execute(
            f"CREATE TABLE {table} AS SELECT {columns}, file, line "
            f"FROM ({source}) AS r {join} {pieces} AS a ON a.t = r.{column}"
        )
    for table in ("one", "two", "three"):
        database.execute(f"DROP TABLE {table}")
