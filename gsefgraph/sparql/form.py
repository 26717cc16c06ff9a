"""What a SPARQL 1.1 text asks for: its form, its columns, the graphs that it names."""

from __future__ import annotations

from typing import Literal, TypeAlias

from gsefgraph.errors import SyntaxFault
from gsefgraph.sparql.prologue import mentions
from gsefgraph.sparql.terminals import in_turn, place, significant
from gsefgraph.wording import say

Form: TypeAlias = Literal["select", "ask", "construct", "describe", "update"]
_SOURCES = ("FROM", "USING", "NAMED", "FROMNAMED", "USINGNAMED")


def sources(text: str) -> tuple[str, ...]:
    """IRIs of FROM, FROM NAMED and USING, each once, in the order written.

    Prefixed names are resolved by the text's own PREFIX lines and relative IRIs by its BASE; a name
    whose prefix is not declared is left out, since no engine takes that query.

    Parameters:
        text: SPARQL 1.1 Query or Update.

    >>> sources("PREFIX g: <https://e.org/> SELECT * FROM g:a FROM NAMED <b:c> { ?s ?p ?o }")
    ('https://e.org/a', 'b:c')
    """
    reading = significant(text)
    if not any(token.value.upper() in _SOURCES for token in reading):
        return ()
    found = {
        one.iri: None
        for one in mentions(text)
        if one.at and reading[one.at - 1].value.upper() in _SOURCES
    }
    return tuple(found)


def projected(text: str) -> tuple[str, ...] | None:
    """The columns that a SELECT names, in order; None for ``SELECT *`` and for other forms.

    >>> projected("SELECT DISTINCT ?a (COUNT(?b) AS ?n) WHERE { ?a ?p ?b }"), projected("ASK {}")
    (('a', 'n'), None)
    """
    if form(text) != "select":
        return None
    reading = significant(text)
    start = next(i for i, t in enumerate(reading) if t.value.casefold().startswith("select"))
    found: list[str] = []
    depth = 0
    for before, token in zip(reading[start:], reading[start + 1 :], strict=False):
        depth += (token.value == "(") - (token.value == ")")
        if token.value in ("*", "{") and depth == 0:
            break
        named = before.value.upper() == "AS" and depth == 1
        if token.kind == "variable" and (depth == 0 or named):
            found.append(token.value[1:])
    return tuple(found) or None


_FORMS: tuple[Form, ...] = ("select", "ask", "construct", "describe")
_UPDATES = ("insert", "delete", "load", "clear", "drop", "create", "add", "move", "copy", "with")


def form(text: str) -> Form:
    """What a text asks for: the query form, or ``update``.

    Errors:
        SyntaxFault: neither a query nor an update, with line and column.

    >>> form("PREFIX select: <a:b> # ASK\\nDescribe select:x")
    'describe'
    """
    reading = in_turn(text)
    first = next(reading, None)
    while first is not None and first.value.casefold() in ("base", "prefix"):
        for _ in range(1 if first.value.casefold() == "base" else 2):
            next(reading, None)
        first = next(reading, None)
    if first is not None:
        word = first.value.casefold()
        for name in _FORMS:
            if word.startswith(name):
                return name
        if word.startswith(_UPDATES):
            return "update"
        line, column = place(text, first.start)
        raise SyntaxFault(
            say("sparql.beginning", word=first.text[:40]),
            line=line,
            column=column,
            hint=say("sparql.forms"),
        )
    raise SyntaxFault(say("sparql.empty"), hint=say("sparql.forms"))


def ordered(text: str) -> bool:
    """Whether a query says in which order its rows stand.

    >>> ordered("SELECT ?s { ?s ?p ?o } ORDER BY ?o"), ordered("SELECT ?order { ?order ?p ?o }")
    (True, False)
    """
    return any(t.kind == "word" and t.value.upper() == "ORDER" for t in significant(text))


def starred(text: str) -> tuple[str, ...] | None:
    """The variables of a ``SELECT *`` in order of appearance; None for any other query.

    Only those in scope at the end are columns (SPARQL 1.1, section 18.2.1); an engine knows which,
    so a name that it does not give as a column is the caller's to leave out.

    >>> starred("SELECT * { ?s ?p $o . ?o ?q 1 }"), starred("SELECT ?a { ?a ?b ?c }")
    (('s', 'p', 'o', 'q'), None)
    """
    reading = significant(text)
    words = [token.value.casefold() for token in reading]
    try:
        select = words.index("select")
    except ValueError:
        return None
    after = words[select + 1 : select + 3]
    if "*" not in after or (after[0] != "*" and after[0] not in ("distinct", "reduced")):
        return None
    names = (token.text[1:] for token in reading[select:] if token.text[:1] in ("?", "$"))
    return tuple(dict.fromkeys(name for name in names if name))
