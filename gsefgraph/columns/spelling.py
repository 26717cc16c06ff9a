"""Terms of the columns as N-Quads spells them, for what reads quads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Quad, RdfFormat, parse

from gsefgraph.columns.layout import BLANK, IRI, STRING


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
