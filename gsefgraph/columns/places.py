"""Where a statement is written in a file of N-Quads or N-Triples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from gsefgraph.columns.database import Database
from gsefgraph.columns.faults import column_of
from gsefgraph.columns.sources import Source

Place: TypeAlias = tuple[str, int, int]
"""File, line and column; counted from 1, columns in code points."""
Pattern: TypeAlias = tuple[int, int | None, int | None]

_SHIFT = 40  # bits for the number of a line


def find(
    database: Database, sources: Mapping[int, Source], patterns: Sequence[Pattern]
) -> list[Place | None]:
    """The first place of each pattern: a triple, else its subject and predicate, else its subject.

    Parameters:
        database: with the table `quad`.
        sources: by number.
        patterns: ids of subject, predicate and object; None asks for the first that there is.

    Returns:
        In the same order; the column is that of the last term that was asked for and found. None
        where it is in no file of lines.

    >>> import pathlib, tempfile
    >>> with Database() as database, tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder) / "a.nq"
    ...     _ = file.write_text("<a:s> <a:p> <a:o> .")
    ...     database.open()
    ...     database.execute("CREATE TABLE quad AS SELECT 1 s, 2 p, 3 o, 1 file, 1 line")
    ...     find(database, {1: Source(1, "a.nq", file)}, [(1, 2, 3), (1, 2, None), (7, None, None)])
    [('a.nq', 1, 13), ('a.nq', 1, 7), None]
    """
    lines: dict[int, tuple[int, int]] = {}
    for width in (2, 1, 0):
        asked = [
            (n, s, p if width > 0 else None, o if width > 1 else None)
            for n, (s, p, o) in enumerate(patterns)
            if n not in lines and (width == 0 or (p if width == 1 else o) is not None)
        ]
        for n, first in _first(database, sources, asked):
            lines[n] = first, width
    texts = _texts(sources, [line for line, _ in lines.values()])
    return [
        (
            sources[lines[n][0] >> _SHIFT].name,
            lines[n][0] % (1 << _SHIFT),
            column_of(texts[lines[n][0]], lines[n][1]),
        )
        if n in lines
        else None
        for n in range(len(patterns))
    ]


def _first(
    database: Database,
    sources: Mapping[int, Source],
    asked: Sequence[tuple[int, int, int | None, int | None]],
) -> list[tuple[int, int]]:
    with_lines = [number for number, source in sources.items() if source.lines_are_its]
    if not asked or not with_lines:
        return []
    columns = [list(column) for column in zip(*asked, strict=True)]
    found: list[tuple[int, int]] = database.rows(
        f"""
        SELECT w.n, min(q.file::BIGINT << {_SHIFT} | q.line) FROM quad AS q
          JOIN (SELECT unnest(?::BIGINT[]) AS n, unnest(?::BIGINT[]) AS s,
            unnest(?::BIGINT[]) AS p, unnest(?::BIGINT[]) AS o) AS w ON q.s = w.s
        WHERE (w.p IS NULL OR q.p = w.p) AND (w.o IS NULL OR q.o = w.o)
          AND q.file IN (SELECT unnest(?::INTEGER[]))
        GROUP BY w.n""",
        [*columns, with_lines],
    )
    return found


def _texts(sources: Mapping[int, Source], wanted: Iterable[int]) -> dict[int, str]:
    by_file: dict[int, set[int]] = {}
    for key in wanted:
        by_file.setdefault(key >> _SHIFT, set()).add(key % (1 << _SHIFT))
    return {
        file << _SHIFT | number: text
        for file, numbers in by_file.items()
        for number, text in sources[file].texts(numbers).items()
    }
