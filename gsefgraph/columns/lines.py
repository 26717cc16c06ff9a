"""What an ordinary line of N-Quads looks like to DuckDB; all others are pyoxigraph's to judge.

A line is split at single spaces into pieces. Pieces are judged once each, however often they stand
in the file: a strict expression accepts what is certainly right and written as a term is kept, a
loose one finds the bounds of a single term, which pyoxigraph then judges. So the grammar is that
of RDF 1.1 N-Quads (https://www.w3.org/TR/n-quads/) as pyoxigraph reads it, neither more nor less.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Quad, RdfFormat, parse

from gsefgraph.columns.layout import BLANK, IRI, STRING, quoted
from gsefgraph.columns.sources import DELIMITER, Source

# RFC 3987, kept to what needs no thought: no IP addresses in brackets, no private use.
_CHAR = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2}|[\x{A0}-\x{D7FF}])"
_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]*:"
_HOST = r"//[A-Za-z0-9._~-]+(?::[0-9]*)?"
_REST = rf"(?:\?(?:{_CHAR}|[/?])*)?(?:#(?:{_CHAR}|[/?])*)?"
STRICT_IRI = rf"<{_SCHEME}(?:{_HOST}(?:/(?:{_CHAR}|/)*)?|/?(?:{_CHAR}(?:{_CHAR}|/)*)?){_REST}>"
STRICT_BLANK = r"_:[A-Za-z0-9_][A-Za-z0-9_-]*"
_STRING = r'"(?:[^"\\\x00\n\r]|\\[tbnrf"\'\\])*"'
STRICT_LITERAL = rf"{_STRING}(?:@[A-Za-z]{{2,3}}(?:-[A-Za-z]{{2}})?|\^\^{STRICT_IRI})?"

_LOOSE_IRI = r'<[^\x00-\x20<>"{}|^`]*>'
_LOOSE_BLANK = r'_:[^\x00-\x20<>"#@^\\]+'
_LOOSE_LITERAL = rf'"(?:[^"\\\x00\n\r]|\\[^\x00\n\r])*"(?:@[A-Za-z0-9-]+|\^\^{_LOOSE_IRI})?'
LOOSE = rf"{_LOOSE_IRI}|{_LOOSE_BLANK}|{_LOOSE_LITERAL}"
_COMMENT = r"(?:#[^\x00]*)?"
_SPACED = (
    rf"[ \t]*({_LOOSE_IRI}|{_LOOSE_BLANK})[ \t]*({_LOOSE_IRI})[ \t]*({LOOSE})[ \t]*"
    rf"({_LOOSE_IRI})?[ \t]*\.[ \t]*{_COMMENT}"
)
"""A statement in whatever space; its terms have the same bounds however it is matched."""

NOTHING = rf"[ \t]*{_COMMENT}"
"""A line without a statement."""


def reading(source: Source) -> str:
    """SQL that reads a file line by line into pieces, in the order of the lines.

    Returns:
        A query with columns s, p, o, g (pieces, NULL where the line is not ordinary), l (the line
        where it is not ordinary, NULL where it is ordinary or says nothing), file.

    >>> import duckdb, tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder) / "a.nq"
    ...     _ = file.write_text('<a:s> <a:p> "two words" .')
    ...     duckdb.sql(reading(Source(1, "a.nq", file))).fetchall()
    [('<a:s>', '<a:p>', '"two words"', None, None, 1)]
    """
    graphs, prefix, longest = source.form.supports_datasets, source.prefix, source.longest
    last = "starts_with(x[-2], '<') AND ends_with(x[-2], '>')" if graphs else "false"
    node = "{0}"
    if prefix:
        marked = f"'_:{prefix}' || substr({{0}}, 3)"
        node = f"CASE WHEN starts_with({{0}}, '_:') THEN {marked} ELSE {{0}} END"
    size = ""
    if longest > 2**21:  # no line may be longer than what one of several readers takes
        size = f", max_line_size={longest}, buffer_size={longest * 2}, parallel=false"
    return f"""
    WITH line AS (
      SELECT l, string_split(l, ' ') AS x
      FROM read_csv({quoted(str(source.path))}, columns={{'l': 'VARCHAR'}},
        delim={quoted(DELIMITER)}, quote='', escape='', comment='', header=false, skip=0,
        auto_detect=false, compression='none', hive_partitioning=false{size})),
    split AS (
      SELECT l, x, len(x) AS n, len(x) >= 4 AND x[-1] = '.' AND NOT starts_with(l, '#') AS ok
      FROM line),
    part AS (
      SELECT l, ok, x[1] AS s, x[2] AS p,
        CASE WHEN n = 4 THEN x[3] WHEN {last} THEN
          CASE WHEN n = 5 THEN x[3] ELSE array_to_string(x[3:-3], ' ') END
          ELSE array_to_string(x[3:-2], ' ') END AS o,
        CASE WHEN n > 4 AND {last} THEN x[-2] END AS g,
        CASE WHEN NOT ok AND l IS NOT NULL
          THEN regexp_extract(l, {quoted(f"^{_SPACED}$")}, ['s', 'p', 'o', 'g']) END AS m
      FROM split),
    read AS (
      SELECT l, ok OR (m.s <> '' AND ({str(graphs).lower()} OR m.g = '')) AS ok,
        CASE WHEN ok THEN s ELSE m.s END AS s, CASE WHEN ok THEN p ELSE m.p END AS p,
        CASE WHEN ok THEN o ELSE m.o END AS o,
        CASE WHEN ok THEN g WHEN m.g <> '' THEN m.g END AS g
      FROM part)
    SELECT CASE WHEN ok THEN {node.format("s")} END AS s, CASE WHEN ok THEN p END AS p,
      CASE WHEN ok THEN {node.format("o")} END AS o, CASE WHEN ok THEN g END AS g,
      CASE WHEN NOT ok AND NOT regexp_full_match(l, {quoted(NOTHING)}) THEN l END AS l,
      {source.number}::INTEGER AS file
    FROM read"""


PIECES = f"""
SELECT t,
  CASE WHEN regexp_full_match(t, {quoted(STRICT_IRI)}) THEN 0
    WHEN regexp_full_match(t, {quoted(STRICT_BLANK)}) THEN 1
    WHEN regexp_full_match(t, {quoted(STRICT_LITERAL)})
      AND NOT contains(t, '^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#') THEN 2 END AS kind
FROM (SELECT s AS t FROM raw WHERE s IS NOT NULL UNION SELECT p FROM raw WHERE s IS NOT NULL
  UNION SELECT o FROM raw WHERE s IS NOT NULL UNION SELECT g FROM raw WHERE g IS NOT NULL)
"""
"""Every piece of the table `raw` once; kind: 0 IRI, 1 blank node, 2 literal, NULL not strict."""

_CHAIN = "y"
for _letter, _value in (("t", 9), ("b", 8), ("n", 10), ("r", 13), ("f", 12)):
    _CHAIN = f"replace({_CHAIN}, '\\{_letter}', chr({_value}))"
_CHAIN = f"replace(replace({_CHAIN}, '\\\"', '\"'), '\\''', '''')"


def unescaped(text: str) -> str:
    r"""SQL of a string with its ECHAR escapes undone (N-Quads, section 4).

    An escape begins at every backslash that does not end one, so pairs of them, found from the
    left, split the text into stretches where each backslash begins an escape.

    >>> import duckdb
    >>> duckdb.sql("SELECT " + unescaped(quoted(r"\"one\" \\ two"))).fetchall()
    [('"one" \\ two',)]
    """
    parts = f"list_transform(string_split({text}, '\\\\'), lambda y: {_CHAIN})"
    return f"CASE WHEN contains({text}, '\\') THEN array_to_string({parts}, '\\') ELSE {text} END"


def spelled(term: str, datatype: str) -> str:
    """SQL that spells a term.

    Parameters:
        term: a row of table `term`.
        datatype: the row of table `datatype` that has its code.

    >>> spelled("o", "d").startswith("CASE d.code WHEN 0 THEN '<' || o.lex || '>'")
    True
    """
    form = f"{term}.lex"
    for character, instead in (("\\", "\\\\"), ('"', '\\"')):
        form = f"replace({form}, '{character}', '{instead}')"
    for code, instead in ((10, "\\n"), (13, "\\r")):
        form = f"replace({form}, chr({code}), '{instead}')"
    return (
        f"CASE {datatype}.code WHEN {IRI} THEN '<' || {term}.lex || '>' "
        f"WHEN {BLANK} THEN '_:' || {term}.lex WHEN {STRING} THEN '\"' || {form} || '\"' "
        f"ELSE '\"' || {form} || '\"' || CASE WHEN {term}.lang IS NOT NULL "
        f"THEN '@' || {term}.lang ELSE '^^<' || {datatype}.iri || '>' END END"
    )


def quads(lines: Iterable[str]) -> Iterator[Quad]:
    """The quads of lines of N-Quads; labels of blank nodes stay as they are.

    >>> [str(quad.subject) for quad in quads(["_:x <a:p> <a:o> ."])]
    ['_:x']
    """
    # What the columns hold was read with care; reading it again without costs a fifth less.
    return parse("\n".join(lines).encode(), format=RdfFormat.N_QUADS, lenient=True)
