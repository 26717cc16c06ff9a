"""Functions of text that a query gives something else: an IRI, a date, a number.

That is a type error (SPARQL 1.1, section 17.2), which leaves a cell empty or a row out without a
word; GROUP_CONCAT of IRIs is nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from gsefgraph.engine.base import Boolean, Engine, Result, Solutions
from gsefgraph.sparql.path import Path
from gsefgraph.sparql.sentences import Written, written
from gsefgraph.sparql.terminals import significant
from gsefgraph.terms import RDF, XSD, Names, Term
from gsefgraph.wording import Wording, say

_GROUP = "GROUP_CONCAT"
_OF_TEXT = frozenset(
    ("CONCAT", "CONTAINS", "ENCODE_FOR_URI", _GROUP, "LCASE", "REGEX", "REPLACE", "STRAFTER",
     "STRBEFORE", "STRENDS", "STRLEN", "STRSTARTS", "SUBSTR", "UCASE")
)  # fmt: skip
_TEXT = (f"{XSD}string", f"{RDF}langString")
_SEEN = 10  # values of a property that are looked at


def named(text: str, result: Result, engine: Engine, names: Names) -> Iterator[Wording]:
    """A sentence for each variable that a function of text is given and that is none.

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
    found = written(text)
    for function, name, column in dict.fromkeys(_given(text)):
        values = [value for value in _values(name, found, engine) if not _is_text(value)]
        if values:
            kind = say("graph.no-literal")
            if isinstance(values[0], Literal):
                kind = say("graph.such-as", value=_shown(values[0], names))
            yield say("graph.takes-text", function=function, name=f"?{name}", kind=kind)
        elif function == _GROUP and column in lacking:
            yield say("graph.group-concat", name=f"?{name}")


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


def _given(text: str) -> Iterator[tuple[str, str, str]]:
    """The functions of text, each variable that one is given as it is, and the column that it makes
    where that is all that the column is."""
    calls: list[tuple[str, list[str]]] = []  # what each open bracket is of, and its variables
    words = [t.value.upper() if t.kind == "word" else t.value for t in significant(text)]
    words += [""] * 3
    for before, word, after, more in zip(["", *words], words, words[1:], words[2:], strict=False):
        if word == "(":
            calls.append((before if before in _OF_TEXT else "", []))
        elif word == ")" and calls:
            function, names = calls.pop()
            column = more[1:] if after == "AS" else ""
            yield from ((function, name, column) for name in names if function)
        elif calls and before in ("(", ",", "DISTINCT") and after in (",", ")", ";"):
            calls[-1][1].extend(word[1:] for mark in "?$" if word[:1] == mark)


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


def _shown(value: Literal, names: Names) -> str:
    return f'"{value.value}"^^{names.compact(value.datatype.value)}'
