"""The table `ill`: literals that are not in the lexical or value space of their datatype.

SQL accepts forms that are certainly right; `gsefgraph.lexical` judges every other one, so it alone
says what is ill-formed, and SQL can only ever be too careful.
"""

from __future__ import annotations

from gsefgraph.columns.database import Database
from gsefgraph.columns.layout import PLACES, quoted
from gsefgraph.rdf.lexical import DATATYPES, fault_of, language_tag
from gsefgraph.terms import XSD

_BATCH = 100_000

_CHARS = r"[\t\n\r\x20-\x{D7FF}\x{E000}-\x{FFFD}\x{10000}-\x{10FFFF}]*"
_YEAR = r"[1-9][0-9]{3}"
_ZONE = r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])?"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|1[0-9]|2[0-8])"
_ANY_DAY = r"(?:0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
_NUMERAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_FLOAT = rf"{_NUMERAL}(?:[eE][+-]?[0-9]+)?|-?INF|NaN"
_DATE = rf"{_YEAR}-{_MONTH}-{_ANY_DAY}"
_NAME = r"[A-Za-z_][A-Za-z0-9_.-]*"


def _regular(expression: str) -> str:
    return f"regexp_full_match(lex, {quoted(expression)})"


def _dated(expression: str) -> str:
    """A form that begins with a day: DuckDB's calendar, too, is the proleptic Gregorian one."""
    return f"{_regular(expression)} AND try_cast(lex[1:10] AS DATE) IS NOT NULL"


ACCEPTED = {
    "string": _regular(_CHARS),
    "normalizedString": _regular(r"[\x20-\x{D7FF}]*"),
    "token": _regular(r"(?:[\x21-\x{D7FF}]+(?: [\x21-\x{D7FF}]+)*)?"),
    "language": _regular(r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*"),
    "NMTOKEN": _regular(r"[A-Za-z0-9_.-]+"),
    **dict.fromkeys(("Name", "NCName", "ID", "IDREF", "ENTITY"), _regular(_NAME)),
    "boolean": _regular("true|false|0|1"),
    "decimal": _regular(_NUMERAL),
    **dict.fromkeys(("float", "double"), _regular(_FLOAT)),
    "integer": _regular("[+-]?[0-9]+"),
    "nonPositiveInteger": _regular("-[0-9]+|0"),
    "negativeInteger": _regular("-[1-9][0-9]*"),
    "nonNegativeInteger": _regular("[+]?[0-9]+"),
    "positiveInteger": _regular("[+]?[1-9][0-9]*"),
    "long": _regular("[+-]?[0-9]{1,18}"),
    "int": _regular("[+-]?[0-9]{1,9}"),
    "short": _regular("[+-]?[0-9]{1,4}"),
    "byte": _regular("[+-]?[0-9]{1,2}"),
    "unsignedLong": _regular("[0-9]{1,19}"),
    "unsignedInt": _regular("[0-9]{1,9}"),
    "unsignedShort": _regular("[0-9]{1,4}"),
    "unsignedByte": _regular("[0-9]{1,2}"),
    "date": _dated(_DATE + _ZONE),
    "dateTime": _dated(rf"{_DATE}T{_CLOCK}{_ZONE}"),
    "dateTimeStamp": _dated(rf"{_DATE}T{_CLOCK}{_ZONE[:-1]}"),
    "time": _regular(_CLOCK + _ZONE),
    "gYear": _regular(_YEAR + _ZONE),
    "gYearMonth": _regular(rf"{_YEAR}-{_MONTH}{_ZONE}"),
    "gMonth": _regular(f"--{_MONTH}{_ZONE}"),
    "gMonthDay": _regular(f"--{_MONTH}-{_DAY}{_ZONE}"),
    "gDay": _regular(f"---{_ANY_DAY}{_ZONE}"),
    "duration": _regular("-?P(?:[0-9]+Y)?[0-9]+M|-?P[0-9]+[YD]|-?PT[0-9]+[HMS]"),
    "yearMonthDuration": _regular("-?P[0-9]+Y(?:[0-9]+M)?|-?P[0-9]+M"),
    "dayTimeDuration": _regular("-?P[0-9]+D|-?PT[0-9]+[HMS]"),
    "hexBinary": _regular("(?:[0-9a-fA-F]{2})*"),
    "base64Binary": _regular("(?:[A-Za-z0-9+/]{4})*"),
    "anyURI": _regular(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]*"),
}
"""For each datatype of XSD, by its local name, SQL that is true only of forms of `lex` in it."""


def mark(database: Database) -> None:
    """Make the table `ill` from `term` and `datatype`.

    >>> with Database() as database:
    ...     database.open()
    ...     database.execute(f"CREATE TABLE datatype AS SELECT 3 AS code, '{XSD}date' AS iri")
    ...     database.execute("CREATE TABLE term (id BIGINT, lex VARCHAR, lang VARCHAR)")
    ...     terms = [(3 << 52 | 1, "2019-02-28", None), (3 << 52 | 2, "2019-02-30", None)]
    ...     database.insert("term", "BIGINT VARCHAR VARCHAR", terms)
    ...     mark(database)
    ...     database.rows("SELECT lex FROM term JOIN ill USING (id)")
    [('2019-02-30',)]
    """
    database.execute("CREATE TABLE ill (id BIGINT)")
    present = database.rows(
        "SELECT code, iri FROM datatype WHERE code >= 3 AND code IN "
        f"(SELECT DISTINCT id >> {PLACES} FROM term) ORDER BY code"
    )
    known = frozenset(DATATYPES)
    for code, iri in present:
        if iri in known:
            accepted = ACCEPTED.get(iri.removeprefix(XSD), "false")
            _judge(database, code, iri, accepted)
    tags = database.rows("SELECT DISTINCT lang FROM term WHERE lang IS NOT NULL")
    wrong = [tag for (tag,) in tags if not language_tag(tag.partition("--")[0])]
    database.execute(
        "INSERT INTO ill SELECT id FROM term WHERE lang IN (SELECT unnest(?::VARCHAR[]))", [wrong]
    )


def _judge(database: Database, code: int, iri: str, accepted: str) -> None:
    database.execute(
        "CREATE TABLE doubtful AS SELECT id, lex, row_number() OVER () AS n FROM term "
        f"WHERE id >> {PLACES} = ? AND ({accepted}) IS NOT TRUE",
        [code],
    )
    for start in range(0, database.one("SELECT count(*) FROM doubtful"), _BATCH):
        batch = database.rows(
            "SELECT id, lex FROM doubtful WHERE n > ? AND n <= ?", [start, start + _BATCH]
        )
        wrong = [(number,) for number, lex in batch if fault_of(lex, iri)]
        database.insert("ill", "BIGINT", wrong)
    database.execute("DROP TABLE doubtful")
