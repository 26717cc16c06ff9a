"""What a server answered, as terms: SPARQL JSON and N-Triples, and how a vendor writes them.

>>> rows = b'[{"n": {"type": "literal", "value": "7"}}]'
>>> rows = Reply(200, {}, b'{"head": {"vars": ["n"]}, "results": {"bindings": %b}}' % rows)
>>> number(as_asked(solutions(rows, Vendor("generic")), "SELECT ?n {}").rows[0][0])
7
>>> triples(Reply(200, {}, b"<a:s> <a:p> <a:o> ."))[0].predicate.value
'a:p'
"""

from __future__ import annotations

import re

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from gsefgraph.engine.base import Boolean, Row, Solutions
from gsefgraph.engine.endpoint import Vendor
from gsefgraph.engine.wire import Reply
from gsefgraph.errors import EndpointError
from gsefgraph.sparql.form import form, projected
from gsefgraph.terms import Term
from gsefgraph.wording import say

JSON = "application/sparql-results+json"
_BOOLEAN = NamedNode("http://www.w3.org/2001/XMLSchema#boolean")
_DIGITS = {"1": Literal(True), "0": Literal(False)}
# Virtuoso's blank nodes, which are no labels of RDF. In a string of JSON these quotes were escaped.
_BLANK = re.compile(rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")nodeID://')


def solutions(reply: Reply, vendor: Vendor) -> Solutions | Boolean:
    """The rows of a SELECT, or the answer of an ASK, from SPARQL 1.1 Query Results JSON.

    Errors:
        EndpointError when the answer is something else.
    """
    try:
        found = parse_query_results(_BLANK.sub(rb"\1", reply.body), QueryResultsFormat.JSON)
        if not isinstance(found, QuerySolutions):
            return Boolean(bool(found))
        names = tuple(variable.value for variable in found.variables)
        rows: tuple[Row, ...] = tuple(tuple(row) for row in found)
    except (SyntaxError, ValueError, OSError) as error:
        raise _unreadable(reply, error) from None
    if vendor.digit_booleans:
        rows = tuple(tuple(map(_boolean, row)) for row in rows)
    limit = reply.headers.get(vendor.row_limit, "") if vendor.row_limit else ""
    if limit.isdecimal() and len(rows) >= int(limit):
        return Solutions(names, rows, (say("endpoint.cut-rows", limit=limit),))
    return Solutions(names, rows)


def as_asked(found: Solutions | Boolean, text: str) -> Solutions | Boolean:
    """An answer, when it is one to this question; rows to an ASK are Virtuoso's yes.

    Errors:
        EndpointError for a yes or no instead of rows, and for other columns than those asked for.
    """
    if form(text) == "ask":
        return Boolean(bool(found.rows)) if isinstance(found, Solutions) else found
    hint = say("endpoint.is-sparql")
    if isinstance(found, Boolean):
        raise EndpointError(say("endpoint.yes-no"), hint=hint)
    wanted = projected(text)
    if wanted is None or found.variables == wanted:
        return found
    if sorted(found.variables) != sorted(wanted):
        given = " ".join(found.variables)[:200] or say("word.none")
        raise EndpointError(
            say("endpoint.columns", wanted=" ".join(wanted), given=given), hint=hint
        )
    order = [found.variables.index(name) for name in wanted]
    rows = tuple(tuple(row[index] for index in order) for row in found.rows)
    return Solutions(wanted, rows, found.warnings)


def number(term: Term | None) -> int:
    """A count.

    Errors:
        EndpointError when it is none.
    """
    if isinstance(term, Literal) and term.value.isascii() and term.value.isdecimal():
        return int(term.value)
    raise EndpointError(say("endpoint.counts", term=str(term)[:80]), hint=say("endpoint.is-sparql"))


def triples(reply: Reply) -> list[Triple]:
    """The triples of an answer in N-Triples.

    Errors:
        EndpointError when the answer is something else.
    """
    try:
        return [quad.triple for quad in parse(reply.body, RdfFormat.N_TRIPLES)]
    except (SyntaxError, ValueError) as error:
        raise _unreadable(reply, error) from None


def _boolean(term: Term | None) -> Term | None:
    if isinstance(term, Literal) and term.datatype == _BOOLEAN:
        return _DIGITS.get(term.value, term)
    return term


def _unreadable(reply: Reply, error: Exception) -> EndpointError:
    kind = reply.headers.get("content-type") or say("endpoint.unknown-type")
    return EndpointError(
        say("endpoint.unreadable", kind=kind, error=error), hint=say("endpoint.is-sparql")
    )
