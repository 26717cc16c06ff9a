"""How parameters stand in the text of a query, and how terms take their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gsefgraph.errors import GsefgraphError, InputError, RefusedAccess, SyntaxFault, nearest
from gsefgraph.queries.parameters import BoundTerm, written
from gsefgraph.sparql.form import form, projected
from gsefgraph.sparql.guard import guard
from gsefgraph.sparql.terminals import Token, place, tokens
from gsefgraph.wording import say


def bind(text: str, terms: Mapping[str, BoundTerm]) -> str:
    """Replace each ``$name`` token by its term, everywhere but in strings, IRIs and comments.

    Parameters:
        text: a query; variables written ``?name`` stay as they are.
        terms: parameter -> IRI or literal.

    >>> from pyoxigraph import Literal
    >>> bind("SELECT * { ?s ?p $a FILTER(?p != '$a') }", {"a": Literal("x", language="en")})
    'SELECT * { ?s ?p "x"@en FILTER(?p != \\'$a\\') }'
    """
    parts: list[str] = []
    bound = False
    for token in tokens(text):
        # A term must not run into its neighbours: `<` before an IRI, `-1` behind a language tag.
        if bound and token.kind not in ("space", "comment"):
            parts.append(" ")
        bound = _is_parameter(token) and token.value[1:] in terms
        if bound:
            if parts and not parts[-1][-1:].isspace():
                parts.append(" ")
            parts.append(written(terms[token.value[1:]]))
        else:
            parts.append(token.text)
    return "".join(parts)


_COUNTING = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")


def for_each(text: str, name: str, terms: Sequence[BoundTerm]) -> str | None:
    """The query for several values of one parameter at once, which is then its first column.

    The values stand in every group that names the parameter, since a filter knows what its own
    group binds and nothing else, and in the whole, so that each row has one.

    Parameters:
        text: a SELECT whose other parameters are bound.
        name: the parameter; terms: its values.

    Returns:
        None where that would be another question: with MINUS or a query inside that names the
        parameter, with LIMIT, with numbers of the whole.

    >>> from pyoxigraph import NamedNode
    >>> for_each("SELECT DISTINCT ?s { ?s ?p $o }", "o", [NamedNode("urn:a")])
    'SELECT DISTINCT $o ?s { VALUES $o { <urn:a> } ?s ?p $o }'
    >>> for_each("SELECT ?s { ?s ?p ?o MINUS { ?s ?q $o } }", "o", [])
    """
    values = f" VALUES ${name} {{ {' '.join(map(written, terms))} }}"
    parts: list[str] = []
    groups: list[tuple[int, str]] = []  # where each open group begins, and the word before it
    column = 0
    numbers = grouped = False
    before = ""
    for token in tokens(text):
        parts.append(token.text)
        if token.kind in ("space", "comment"):
            continue
        word = token.value.upper() if token.kind == "word" else ""
        if word in ("LIMIT", "OFFSET", "REDUCED"):
            return None
        if token.value == "{":
            parts.append("" if groups else values)
            groups.append((len(parts) - 1, before))
        elif token.value == "}":
            groups.pop()
        elif word == "SELECT" and groups:
            groups[-1] = groups[-1][0], word
        elif word == "SELECT" or (word == "DISTINCT" and before == "SELECT" and not groups):
            parts[column] = parts[column] if word == "SELECT" else ""
            column = len(parts)
            parts.append(f" ${name}")
        elif word == "BY" and before == "GROUP" and not groups:
            parts.append(f" ${name}")
            grouped = True
        elif token.kind == "variable" and token.value == f"${name}" and groups:
            if any(opened in ("MINUS", "SELECT") for _, opened in groups):
                return None
            parts[groups[-1][0]] = values
        elif not groups:
            numbers = numbers or word in _COUNTING
            if token.value == "*" and before in ("SELECT", "DISTINCT"):
                return None
        before = word or token.value
    return None if numbers and not grouped else "".join(parts)


def check(text: str, file: str, declared: set[str], shown: Mapping[str, int]) -> None:
    """Hold a stored query to the rules that make binding by token safe.

    Parameters:
        text: the query; file: its name, for messages.
        declared: the parameters of its header.
        shown: what the header takes for a column of the query -> the line where it does.

    Errors:
        SyntaxFault, RefusedAccess: no query that may be run. InputError: a parameter that is not
        declared, not used, shares a variable's name or stands where no value can; no such column.

    >>> check("SELECT ?s { ?s ?p $o }", "a.rq", {"o"}, {"s": 1})
    """
    try:
        guard(text)
        if form(text) == "update":
            raise SyntaxFault(say("query.asks"), file=file)
    except GsefgraphError as error:
        if error.file is None:
            kind = type(error) if isinstance(error, RefusedAccess) else SyntaxFault
            raise kind(
                error.message, file=file, line=error.line, column=error.column, hint=error.hint
            ) from None
        raise
    used: set[str] = set()
    for token, barred in _variables(text):
        name = token.value[1:]
        problem = hint = ""
        if _is_parameter(token):
            used.add(name)
            if name not in declared:
                problem = say("query.undeclared", name=name)
                hint = nearest(name, declared) or say("query.declare")
            elif barred:
                problem = say("query.barred", name=name, barred=barred)
                hint = say("query.compare")
        elif name in declared:
            problem, hint = say("query.shared-name", name=name), say("query.rename-variable")
        if problem:
            line, column = place(text, token.start)
            raise InputError(problem, file=file, line=line, column=column, hint=hint)
    for name in sorted(declared - used):
        raise InputError(say("query.nowhere", name=name), file=file)
    columns = projected(text)
    if columns is not None:
        for name, at in shown.items():
            if name not in columns:
                raise InputError(
                    say("query.no-column", name=name),
                    file=file,
                    line=at,
                    hint=nearest(name, columns),
                )


def _variables(text: str) -> Iterator[tuple[Token, str]]:
    """Each variable, and the place where no term may stand that it stands in, if it does."""
    clause = before = ""
    for token in tokens(text):
        if token.kind in ("space", "comment"):
            continue
        word = token.value.upper() if token.kind == "word" else ""
        if word == "SELECT":
            clause = "SELECT"
        elif word in ("GROUP", "VALUES"):
            clause = "GROUP BY" if word == "GROUP" else "VALUES"
        elif token.value in ("{", "}") or word in ("WHERE", "FROM", "HAVING", "ORDER", "LIMIT"):
            clause = ""
        elif token.kind == "variable":
            yield token, clause or {"AS": "BIND", "BOUND": "BOUND()"}.get(before, "")
        if token.value != "(" or before != "BOUND":
            before = word


def _is_parameter(token: Token) -> bool:
    return token.kind == "variable" and token.value.startswith("$")
