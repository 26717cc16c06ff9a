"""What is not ordinary in N-Quads: pyoxigraph reads it, piece by piece or line by line.

>>> kinds = "kind INT, lex TEXT, lang TEXT, datatype TEXT, other BOOL"
>>> with Database() as database:
...     database.open()
...     database.execute(f"CREATE TABLE piece (t TEXT, {kinds})")
...     database.execute("INSERT INTO piece (t) VALUES ('<a:\\u00e9>')")
...     judge_pieces(database)
...     database.execute("CREATE TABLE raw (s TEXT, p TEXT, o TEXT, g TEXT, l TEXT, file INT)")
...     database.execute("INSERT INTO raw (l, file) VALUES ('<a:s> <a:p> <a:o>.', 1)")
...     database.execute("CREATE TABLE source AS SELECT 1 AS file, 0 AS base")
...     judge_lines(database, {1: Source(1, "a.nq", None)})
...     database.rows("SELECT lex FROM piece ORDER BY t"), database.rows("SELECT o FROM fixed")
([('a:o',), ('a:p',), ('a:s',), ('a:é',)], [('<a:o>',)])
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from gsefgraph.columns import faults, lines
from gsefgraph.columns.database import Database
from gsefgraph.columns.layout import quoted
from gsefgraph.columns.sources import Source
from gsefgraph.errors import EngineError
from gsefgraph.rdf.faults import refused
from gsefgraph.terms import Term
from gsefgraph.wording import say

_BATCH = 50_000
Row: TypeAlias = tuple[str, int, str, str | None, str | None, bool]

_PIECE = "VARCHAR INTEGER VARCHAR VARCHAR VARCHAR BOOLEAN"
_FIXED = "BIGINT VARCHAR VARCHAR VARCHAR VARCHAR INTEGER"


def language(literal: Literal) -> str | None:
    """The language tag of a literal, with its base direction where it has one.

    >>> language(Literal("x", language="fr"))
    'fr'
    """
    tag = literal.language
    return f"{tag}--{literal.direction}" if tag and literal.direction else tag


def judge_pieces(database: Database) -> None:
    """Let pyoxigraph read the pieces that have no kind yet; those it refuses keep none."""
    if not database.one("SELECT count(*) FROM piece WHERE kind IS NULL"):
        return
    database.execute(
        "CREATE TABLE doubtful AS SELECT t, row_number() OVER () AS n FROM piece "
        f"WHERE kind IS NULL AND regexp_full_match(t, {quoted(lines.LOOSE)})"
    )
    database.execute("CREATE TABLE answer AS FROM piece LIMIT 0")
    for start in range(0, database.one("SELECT count(*) FROM doubtful"), _BATCH):
        batch = database.rows(
            "SELECT t FROM doubtful WHERE n > ? AND n <= ?", [start, start + _BATCH]
        )
        found = _terms([piece for (piece,) in batch])
        database.insert("answer", _PIECE, [_row(piece, term) for piece, term in found])
    database.execute("DELETE FROM piece WHERE t IN (SELECT t FROM answer)")
    database.execute("INSERT INTO piece FROM answer")
    database.execute("DROP TABLE answer")
    database.execute("DROP TABLE doubtful")


def _row(piece: str, term: Term) -> Row:
    if isinstance(term, NamedNode):
        return piece, 0, term.value, None, None, True
    if isinstance(term, BlankNode):
        return piece, 1, piece[2:], None, None, True
    return piece, 2, term.value, language(term), term.datatype.value, True


def _terms(pieces: list[str]) -> list[tuple[str, Term]]:
    """The pieces that are terms, with those; read in one go where all are right."""
    text = "".join(f"<a:a> <a:a> {piece} .\n" for piece in pieces)
    try:
        quads = list(parse(text.encode(), RdfFormat.N_QUADS))
    except SyntaxError:
        quads = []
    if len(quads) != len(pieces):
        return [pair for piece in pieces for pair in _terms([piece])] if len(pieces) > 1 else []
    return [
        (piece, quad.object)
        for piece, quad in zip(pieces, quads, strict=True)
        if isinstance(quad.graph_name, DefaultGraph) and isinstance(quad.object, Term)
    ]


def judge_lines(database: Database, sources: Mapping[int, Source]) -> None:
    """Let pyoxigraph read the lines that are not ordinary, into table `fixed`.

    Errors:
        SyntaxFault, InputError: of the first line that is not right.
    """
    wrong = "l IS NOT NULL OR starts_with(s, '\"') OR NOT starts_with(p, '<')"
    if database.one("SELECT count(*) FROM piece WHERE kind IS NULL"):
        refused = "(SELECT t FROM piece WHERE kind IS NULL)"
        wrong += "".join(f" OR {column} IN {refused}" for column in "spog")
    if database.one("SELECT count(*) FROM piece WHERE contains(lang, '--')"):  # of RDF 1.2
        wrong += " OR (file > 0 AND o IN (SELECT t FROM piece WHERE contains(lang, '--')))"
    database.execute(
        "CREATE TABLE fixed (line BIGINT, s VARCHAR, p VARCHAR, o VARCHAR, g VARCHAR, file INTEGER)"
    )
    database.execute(
        f"""
        CREATE TABLE strange AS SELECT file, raw.rowid + 1 - base AS line, l,
          row_number() OVER (ORDER BY raw.rowid) AS n
        FROM raw JOIN source USING (file) WHERE {wrong}"""
    )
    many = database.one("SELECT count(*) FROM strange")
    for start in range(0, many, _BATCH):
        batch = database.rows(
            "SELECT file, line, l FROM strange WHERE n > ? AND n <= ? ORDER BY n",
            [start, start + _BATCH],
        )
        _fix(database, sources, _whole(sources, batch))
    database.execute("DROP TABLE strange")


def _whole(
    sources: Mapping[int, Source], batch: Sequence[tuple[int, int, str | None]]
) -> list[tuple[int, int, str]]:
    """The same lines, those that were taken to pieces as they are in the file."""
    apart: dict[int, set[int]] = {}
    for file, line, text in batch:
        if text is None:
            apart.setdefault(file, set()).add(line)
    texts = {file: sources[file].texts(numbers) for file, numbers in apart.items()}
    return [(file, line, texts[file][line] if text is None else text) for file, line, text in batch]


def _fix(
    database: Database, sources: Mapping[int, Source], batch: Sequence[tuple[int, int, str]]
) -> None:
    fixed: list[tuple[object, ...]] = []
    pieces: dict[str, Row] = {}
    for file, line, text in batch:
        texts: list[str | None] = [None] * 4
        for quad in _quads(sources[file], line, text):
            terms = [*quad.triple]
            if not isinstance(quad.graph_name, DefaultGraph):
                terms.append(quad.graph_name)
            for position, term in enumerate(terms):
                piece = str(term)
                if isinstance(term, BlankNode):
                    piece = f"_:{sources[file].prefix}{term.value}"
                texts[position] = piece
                pieces[piece] = _row(piece, term)
        fixed.append((line, *texts, file))
    database.insert("fixed", _FIXED, fixed)
    database.execute("DELETE FROM piece WHERE t IN (SELECT unnest(?::VARCHAR[]))", [list(pieces)])
    database.insert("piece", _PIECE, list(pieces.values()))


def _quads(source: Source, line: int, text: str) -> list[Quad]:
    try:
        quads = list(parse(text.encode(), source.form))
        right = "\0" not in text and not (source.number and any(map(refused, quads)))
    except SyntaxError:
        right = False
    if right:
        return quads
    fault = faults.of_line(text, source.form, source.name, line if source.lines_are_its else None)
    raise fault or EngineError(say("columns.line", line=line, file=source.name))
