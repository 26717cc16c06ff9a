"""The graphs that a client names beside a text: they take the place of those that the text names
(SPARQL 1.1 Protocol, sections 2.1.4 and 2.2.3)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from gsefgraph.errors import UsageError
from gsefgraph.sparql.terminals import Token, significant
from gsefgraph.wording import say

_OPENS = {"{": 1, "(": 1, "}": -1, ")": -1}
_AFTER = ("WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")


def asked_of(text: str, default: Sequence[str], named: Sequence[str]) -> str:
    """A query that is asked of some graphs, whatever its own FROM and FROM NAMED say.

    Parameters:
        text: a legal SPARQL 1.1 Query.
        default: IRIs of the graphs whose merge is the default graph.
        named: IRIs of the named graphs. With neither the text is as it was.

    >>> " ".join(asked_of("ASK FROM <a:b> { ?s ?p ?o }", ["a:c"], ["a:d"]).split())
    'ASK FROM <a:c> FROM NAMED <a:d> { ?s ?p ?o }'
    >>> asked_of("DESCRIBE <a:b> LIMIT 1", ["a:c"], [])
    'DESCRIBE <a:b> FROM <a:c> LIMIT 1'
    """
    if not default and not named:
        return text
    reading = significant(text)
    written = _without(text, reading, "FROM")
    place = _before_pattern(reading, len(text))
    return f"{written[:place]}{_clauses('FROM', default, named)} {written[place:]}"


def changed_with(text: str, default: Sequence[str], named: Sequence[str]) -> str:
    """An update whose patterns are matched in some graphs.

    Parameters:
        text: a legal SPARQL 1.1 Update.
        default, named: as `asked_of`; with neither the text is as it was.

    Errors:
        UsageError: the text says USING or WITH itself.

    >>> changed_with("DELETE WHERE { ?s ?p 1 } ; CLEAR ALL", ["a:b"], [])
    'DELETE { ?s ?p 1 } USING <a:b> WHERE { ?s ?p 1 } ; CLEAR ALL'
    """
    if not default and not named:
        return text
    reading = significant(text)
    clauses = _clauses("USING", default, named)
    pieces, done, depth = [], 0, 0
    for before, token in pairwise((*reading, Token("mark", "", len(text), len(text), ""))):
        depth += _OPENS.get(before.value, 0) if before.kind == "mark" else 0
        word = before.value.upper()
        if depth or before.kind != "word":
            continue
        if word in ("USING", "USINGNAMED", "WITH"):
            raise UsageError(say("sparql.using-twice"), hint=say("sparql.using-once"))
        if word == "WHERE":
            start = before.start
            if _is_short(reading, before):
                end = _closing(reading, token)
                pieces.append(f"{text[done:start]}{text[token.start : end]} ")
                done = start
            pieces.append(f"{text[done:start]}{clauses} ")
            done = start
    return "".join((*pieces, text[done:]))


def _without(text: str, reading: Sequence[Token], word: str) -> str:
    """A text with blanks in the place of its clauses of graphs, so that all else stays in place."""
    found = text
    for index, token in enumerate(reading):
        said = token.value.upper() if token.kind == "word" else ""
        if said in (word, f"{word}NAMED"):
            last = reading[index + 1]
            if last.value.upper() == "NAMED":
                last = reading[index + 2]
            found = f"{found[: token.start]}{' ' * (last.end - token.start)}{found[last.end :]}"
    return found


def _before_pattern(reading: Sequence[Token], end: int) -> int:
    """Where the clauses of graphs of a query stand: before its pattern, or what comes after it."""
    depth, template = 0, False
    for before, token in pairwise(reading):
        if depth == 0:
            word = token.value.upper() if token.kind == "word" else ""
            template = token.value == "{" and before.value.upper() == "CONSTRUCT"
            if word in _AFTER or (token.value == "{" and not template):
                return token.start
        depth += _OPENS.get(token.value, 0) if token.kind == "mark" else 0
    return end


def _is_short(reading: Sequence[Token], where: Token) -> bool:
    """Whether a WHERE is that of DELETE WHERE, whose pattern is its template too."""
    index = reading.index(where)
    return index > 0 and reading[index - 1].value.upper() == "DELETE"


def _closing(reading: Sequence[Token], opening: Token) -> int:
    """Where the group ends that a token opens."""
    depth = 0
    for token in reading[reading.index(opening) :]:
        depth += _OPENS.get(token.value, 0) if token.kind == "mark" else 0
        if not depth:
            return token.end
    return opening.end


def _clauses(word: str, default: Sequence[str], named: Sequence[str]) -> str:
    return " ".join((*(f"{word} <{g}>" for g in default), *(f"{word} NAMED <{g}>" for g in named)))
