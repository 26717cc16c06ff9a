"""Functions of text that a query gives something else: an IRI, a date, a number, no pattern.

That is an error (SPARQL 1.1, section 17.2), which leaves a cell empty or a row out without a word;
GROUP_CONCAT of IRIs is nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from gsefgraph.engine.base import Boolean, Engine, Result, Solutions
from gsefgraph.sparql.path import Path
from gsefgraph.sparql.sentences import Written, written
from gsefgraph.sparql.terminals import Token, significant
from gsefgraph.terms import RDF, XSD, Names, Term
from gsefgraph.wording import Wording, say

_GROUP = "GROUP_CONCAT"
_OF_TEXT = frozenset(
    ("CONCAT", "CONTAINS", "ENCODE_FOR_URI", _GROUP, "LCASE", "REGEX", "REPLACE", "STRAFTER",
     "STRBEFORE", "STRENDS", "STRLEN", "STRSTARTS", "SUBSTR", "UCASE")
)  # fmt: skip
_OF_NODES = ("BNODE", "IRI", "URI")  # they give what is no literal
_FLAGS = {"REGEX": 2, "REPLACE": 3}  # where they stand; the pattern is the second argument
_TEXT = (f"{XSD}string", f"{RDF}langString")
_SEEN = 10  # values of a property that are looked at


def named(text: str, result: Result, engine: Engine, names: Names) -> Iterator[Wording]:
    """A sentence for each variable, IRI or pattern that a function of text is given and is none.

    Parameters:
        text: SPARQL 1.1 Query, prefixes declared.
        result: its answer; where no row and no cell is missing from it, there is nothing to say.
        engine: gives values of the properties that the variables are of.
        names: prefixes.

    >>> from gsefgraph.graph.graph import Graph
    >>> text = "SELECT ?e { ?e a <urn:c> FILTER(CONTAINS(?e, 'forum')) }"
    >>> with Graph.open() as graph:
    ...     list(named(text, graph.engine.query(text), graph.engine, graph.names))
    ['CONTAINS takes text, and ?e is an IRI or a blank node; write STR(?e)']
    """
    lacking = _lacking(result)
    if not lacking and _answers(result):
        return
    found, calls = written(text), [*_calls(text)]
    for call in calls:
        if call.function in _FLAGS:
            yield from _no_pattern(call, engine)
    given = [
        (call.function, value, call.column)
        for call in calls
        for argument in call.arguments
        for value in _ends_of(argument, text)
    ]
    for function, (kind, value), column in dict.fromkeys(given):
        is_variable = kind == "variable"
        name = f"?{value[1:]}" if is_variable else value
        values = _values(value[1:], found, engine) if is_variable else iter([None])
        wrong = [one for one in values if not _is_text(one)]
        if wrong:
            what = say("graph.no-literal")
            if isinstance(wrong[0], Literal):
                what = say("graph.such-as", value=names.term(wrong[0]))
            yield say("graph.takes-text", function=function, name=name, kind=what)
        elif function == _GROUP and column in lacking:
            yield say("graph.group-concat", name=name)


def _answers(result: Result) -> bool:
    if isinstance(result, Boolean):
        return result.value
    return bool(result.rows if isinstance(result, Solutions) else result.triples)


def _lacking(result: Result) -> set[str]:
    """The columns in which cells are empty."""
    if not isinstance(result, Solutions):
        return set()
    return {
        name
        for index, name in enumerate(result.variables)
        if any(row[index] is None for row in result.rows)
    }


class _Call(NamedTuple):
    """A call of a function of text: its arguments, and the column where it is all of one."""

    function: str
    arguments: tuple[tuple[Token, ...], ...]
    column: str


def _calls(text: str) -> Iterator[_Call]:
    tokens = significant(text)
    for at, token in enumerate(tokens):
        function = token.value.upper()
        if token.kind == "word" and function in _OF_TEXT and _opens(tokens, at + 1):
            arguments, end = _arguments(tokens, at + 1)
            after = [one.value for one in tokens[end : end + 2]]
            named = len(after) == 2 and after[0].upper() == "AS"
            yield _Call(function, arguments, after[1][1:] if named else "")


def _opens(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].value[:1] == "("


def _arguments(tokens: Sequence[Token], at: int) -> tuple[tuple[tuple[Token, ...], ...], int]:
    """What stands between brackets, by its commas; and where the brackets have ended."""
    found: list[list[Token]] = [[]]
    depth = 0
    for end in range(at, len(tokens)):
        token = tokens[end]
        depth += (token.value in ("(", "{")) - (token.value in (")", "}"))
        if depth == 0:
            return tuple(map(tuple, found)), end + 1
        if depth == 1 and token.value in (",", ";"):
            found.append([])
        elif end > at and not (depth == 1 and token.value.upper() == "DISTINCT"):
            found[-1].append(token)
    return tuple(map(tuple, found)), len(tokens)


def _ends_of(expression: tuple[Token, ...], text: str) -> Iterator[tuple[str, str]]:
    """The variables and IRIs that an expression may give as they are, by kind and text."""
    first = expression[0].value.upper() if expression else ""
    if len(expression) == 1 and expression[0].kind in ("variable", "iri", "name"):
        yield expression[0].kind, expression[0].text
    inner, end = _arguments(expression, 0 if first == "(" else 1)
    if end < len(expression) or not (first == "(" or _opens(expression, 1)):
        return
    if first in _OF_NODES:
        yield "call", text[expression[0].start : expression[-1].end]
    elif first in ("(", "COALESCE", "IF"):
        for each in inner[first == "IF" :]:
            yield from _ends_of(each, text)


def _no_pattern(call: _Call, engine: Engine) -> Iterator[Wording]:
    """A sentence where a constant pattern is none to the engine."""
    arguments = (*call.arguments, (), (), ())
    pattern, flags = (
        one[0].text if len(one) == 1 and one[0].kind == "string" else '""'
        for one in (arguments[1], arguments[_FLAGS[call.function]])
    )
    tried = engine.query(
        f'SELECT ({pattern} AS ?p) ({flags} AS ?f) (REGEX("", {pattern}, {flags}) AS ?x) {{}}'
    )
    row = tried.rows[0] if isinstance(tried, Solutions) else ()
    if len(row) == 3 and row[2] is None and row[0] is not None and row[1] is not None:
        from gsefgraph.shacl.shapes.pattern import translate

        given = pattern if flags == '""' else f"{pattern}, {flags}"
        problem = say("graph.no-pattern", function=call.function, pattern=given)
        try:
            translate(row[0].value, row[1].value)
        except ValueError as error:
            if "sh:" not in error.args[0]:  # what would help a shape
                problem = say("error.hinted", problem=problem, hint=error.args[0])
        yield problem


def _values(name: str, found: Written, engine: Engine) -> Iterator[Term | None]:
    """Values of a variable, as far as they are known; None for one that is no literal."""
    for sentence in found.sentences:
        for each in sentence.properties:
            if name in (sentence.subject.variable, each.verb.variable):
                yield None
            if each.path is not None and name in [value.variable for value in each.objects]:
                yield from _ends(each.path, engine)
    for given, part in found.given:
        if given == name and part.iri:
            yield None


def _ends(path: Path, engine: Engine) -> Iterator[Term | None]:
    """Values that a path may lead to, as far as its last step tells."""
    while path.operator in ("/", "+"):
        path = path.parts[-1]
    if path.operator == "^":
        yield None
    elif not path.operator:
        for quad in engine.lookup([(None, NamedNode(path.predicate), None)], limit=_SEEN):
            yield quad.object if isinstance(quad.object, Literal) else None


def _is_text(value: Term | None) -> bool:
    return isinstance(value, Literal) and value.datatype.value in _TEXT
