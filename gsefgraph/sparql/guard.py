"""What is refused of a SPARQL 1.1 text: what fetches from elsewhere or brings an engine down."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from gsefgraph.errors import RefusedAccess, UsageError
from gsefgraph.sparql.terminals import ESCAPE, Token, place, read, significant
from gsefgraph.wording import say

MAX_BYTES: Final = 64 * 1024
"""Longest query that is run, in bytes of UTF-8, where nothing else is allowed."""
MAX_DEPTH: Final = 100
"""Deepest nesting of brackets of all kinds; pyoxigraph dies from 812 (EXISTS) on."""
MAX_CLAUSES: Final = 600
"""Most groups and ``AS`` in one query or operation; pyoxigraph dies from 2,500 (MINUS, BIND) on."""
MAX_OPERATORS: Final = 2000
"""Most operators, path steps and filters; pyoxigraph dies from 6,500 (a chain of +) on."""


_longest = MAX_BYTES


def allow(size: int) -> int:
    """Let this process run queries of another length.

    Parameters:
        size: bytes of UTF-8.

    Returns:
        what it was before.

    >>> allow(MAX_BYTES) == MAX_BYTES
    True
    """
    global _longest
    before, _longest = _longest, size
    return before


def guard(text: str, *, update: bool = False) -> None:
    """Refuse a text that would fetch from elsewhere or bring an engine down.

    Refused are SERVICE, LOAD (in an update) and Virtuoso's DEFINE pragmas, however they are
    written. pyoxigraph needs no space after a keyword (``SERVICEex:a{…}`` is a SERVICE to it), so
    such a run-in keyword is one here too. Names, variables, strings and comments are free.

    Parameters:
        text: SPARQL 1.1 Query, or Update when `update` is true.

    Errors:
        RefusedAccess: SERVICE, LOAD or DEFINE, with line and column.
        UsageError: longer than is allowed, nested deeper than `MAX_DEPTH`, more groups than
            `MAX_CLAUSES` or more operators than `MAX_OPERATORS`.

    >>> guard("SELECT * { ?service ex:service 'SERVICE' }")
    >>> guard("SELECT * { SERVICE <https://example.org/sparql> {} }")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    gsefgraph.errors.RefusedAccess: 1:12: SERVICE would fetch from elsewhere, which is refused; ...
    """
    size = len(text) if len(text) > _longest else len(text.encode("utf-8", "surrogatepass"))
    if size > _longest:
        raise UsageError(say("sparql.long", size=size), hint=say("sparql.longest", most=_longest))
    _read(text, update)


@lru_cache(maxsize=256)  # ours are asked again and again; what is refused is not kept
def _read(text: str, update: bool) -> None:
    # Engines disagree whether an escape inside a string is the string's or the text's: both are
    # read. A reading in which the escapes stay as they are has the same tokens when there are none.
    readings = [list(significant(text))]
    if ESCAPE.search(text):
        readings.append([t for t in read(text) if t.kind not in ("space", "comment")])
    # Most texts cannot have what is refused, which is seen at a glance where they have no escapes.
    escaped, folded = len(readings) > 1, text.casefold()
    fetching = escaped or any(word in folded for word in _FETCHING)
    excess = escaped or sum(map(text.count, "([{<")) > MAX_DEPTH
    for reading in readings:
        if fetching:
            _refuse_fetching(text, reading, update)
        if excess or len(reading) > MAX_CLAUSES:
            _refuse_excess(text, reading)


_FETCHING = ("service", "load", "define")
_SERVICE_ARGUMENT = ("iri", "name", "variable")


def _refuse_fetching(text: str, reading: Sequence[Token], update: bool) -> None:
    depth = 0
    for index, token in enumerate(reading):
        refused = ""
        if token.kind == "mark":
            depth += (token.value == "{") - (token.value == "}")
        elif token.kind == "word":
            word = token.value.upper()
            if "SERVICE" in word:
                refused = "SERVICE"
            elif update and "LOAD" in word:
                refused = "LOAD"
            elif word == "DEFINE":
                refused = "DEFINE"
        elif token.kind == "name":
            refused = _run_in(reading, index, depth, update)
        if refused:
            line, column = place(text, token.start)
            raise RefusedAccess(
                say("sparql.fetches", refused=refused),
                line=line,
                column=column,
                hint=say("sparql.load-first"),
            )


def _run_in(reading: Sequence[Token], index: int, depth: int, update: bool) -> str:
    """The keyword that pyoxigraph reads at the head of a prefixed name, if it would."""
    name = reading[index].value.casefold()
    before = reading[index - 1] if index else None
    after = [token.value for token in reading[index + 1 : index + 3]]
    prefix, _, local = name.partition(":")
    if update and depth == 0 and prefix.startswith("load"):
        # An operation begins here; anywhere else a name follows a keyword.
        return "" if before is not None and before.kind == "word" else "LOAD"
    if depth == 0 or "service" not in name:
        return ""
    in_graph = before is not None and before.value.upper().endswith("GRAPH")
    if ("service" in prefix or ".service" in local) and after[:1] == ["{"] and not in_graph:
        return "SERVICE"
    # pyoxigraph ends a local name at its second dot: `ex:a.b.SERVICE <…> {` is a SERVICE to it.
    split = local.count(".") > 1 and local.endswith((".service", ".servicesilent"))
    argument = reading[index + 1].kind in _SERVICE_ARGUMENT if index + 1 < len(reading) else False
    return "SERVICE" if split and argument and after[1:] == ["{"] else ""


_OPEN = {"(": ")", "[": "]", "{": "}"}
_OPERATORS = frozenset(("||", "&&", "+", "-", "*", "/", "|", "^", "!"))


def _refuse_excess(text: str, reading: Sequence[Token]) -> None:
    stack: list[str] = []
    clauses = operators = 0
    data: int | None = None  # depth outside a VALUES or DATA block: rows of data cost no stack
    data_next = having = False
    before: Token | None = None
    for token in reading:
        value = token.value
        if token.kind == "word":
            word = value.upper()
            data_next = data_next or word in ("VALUES", "DATA")
            having = word == "HAVING" or (having and word not in ("ORDER", "LIMIT", "VALUES"))
            clauses += word.endswith("AS")
            operators += word.endswith("FILTER")
        elif token.kind == "number":
            # `1+1` is two numbers by the grammar; a sign after an operand is an operator.
            operand = before is not None and (before.kind != "mark" or before.value == ")")
            operators += value[0] in "+-" and operand and data is None
        elif token.kind == "mark":
            if value in _OPEN:
                if value == "{":
                    clauses += data is None
                    if data_next:
                        data, data_next = len(stack), False
                elif having and value == "(":
                    operators += 1
                stack.append(value)
            elif value in (")", "]", "}"):
                while stack and _OPEN.get(stack.pop()) != value:
                    pass
                if data is not None and len(stack) <= data:
                    data = None
                having = having and value != "}"
            elif value == "<" and text[token.end : token.end + 1] == "<":
                stack.append("<<")  # a triple term of SPARQL 1.2
            elif value == ";" and not stack:
                clauses = operators = 0  # the next operation of an update stands alone
            elif value in _OPERATORS and data is None:
                operators += 1
        before = token
        if len(stack) > MAX_DEPTH:
            fault = say("sparql.deep", most=MAX_DEPTH)
        elif clauses > MAX_CLAUSES:
            fault = say("sparql.clauses", most=MAX_CLAUSES)
        elif operators > MAX_OPERATORS:
            fault = say("sparql.operators", most=MAX_OPERATORS)
        else:
            continue
        line, column = place(text, token.start)
        raise UsageError(fault, line=line, column=column, hint=say("sparql.smaller"))
