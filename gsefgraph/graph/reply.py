"""The answer to SPARQL text as bytes, for who sends it on.

What the engine itself can write is not made into terms first: rows as JSON, triples as Turtle and
N-Triples are only put in order as they are written. Every other answer is what `Graph.query` gives,
but for the notes to who wrote the query: they take longer than most queries.
"""

from __future__ import annotations

from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import (
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    parse,
    parse_query_results,
)

from gsefgraph.answers import solutions
from gsefgraph.answers.answer import Answer, write
from gsefgraph.engine.base import Result, Solutions, Triples
from gsefgraph.engine.dataset import Found, collected
from gsefgraph.engine.embedded import Embedded
from gsefgraph.errors import GsefgraphError, UsageError
from gsefgraph.graph import asking
from gsefgraph.rdf import export
from gsefgraph.sparql.form import form, ordered
from gsefgraph.sparql.prologue import without
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.graph.graph import Graph

_WRITTEN: Final = ("turtle", "ntriples")  # by the engine


def reply(
    graph: Graph,
    engine: Embedded,
    text: str,
    format: str,  # noqa: A002
    *,
    most: int,
    base: str | None = None,
) -> bytes:
    """The answer to a query in a format.

    Parameters:
        graph: what is asked; engine: its own.
        text: SPARQL 1.1 Query.
        format: ``json``, ``xml``, ``csv`` or ``tsv`` of rows, one of RDF of triples.
        most: rows that it may have.
        base: what relative IRIs are resolved against.

    Returns:
        UTF-8, the same for the same content and question.

    Errors:
        as `Graph.query`, but QueryTimeout; UsageError: more rows than it may have.

    >>> from gsefgraph.graph.graph import Graph
    >>> graph = Graph.open()
    >>> reply(graph, graph.engine, "SELECT (1 AS ?n) {}", "csv", most=1)
    b'n\\r\\n1\\r\\n'
    """
    if form(text) == "update":
        raise UsageError(say("graph.update"), hint=say("graph.add-adds"))
    names, spelling = graph.names, graph.spelling()

    def make(found: Found) -> bytes | Result:
        if isinstance(found, QuerySolutions):
            return rows(found) if format == "json" else _collected(found, most)
        if not isinstance(found, QueryTriples) or format not in _WRITTEN:
            return collected(found)
        lines = found.serialize(format=RdfFormat.N_TRIPLES) or b""
        tagged = any(b'"@%b' % tag.encode() in lines for tag in spelling)
        made = None if tagged else export.arranged(lines, format, names)
        if made is not None:
            return made
        parsed = (quad.triple for quad in parse(lines, RdfFormat.N_TRIPLES))
        return Triples(tuple(dict.fromkeys(parsed)))

    def rows(found: QuerySolutions) -> bytes | Result:
        columns = asking.columns(tuple(v.value for v in found.variables), text)
        written = _Written(most)
        found.serialize(written, format=QueryResultsFormat.JSON)
        body = written.whole()
        tagged = any(b'"xml:lang":"%b"' % tag.encode() in body for tag in spelling)
        made = None if tagged else solutions.arranged(body, columns, ordered=ordered(text))
        if made is not None:
            return made
        return _collected(parse_query_results(body, format=QueryResultsFormat.JSON), most)

    declared = asking.declarations(text, names.prefixes, base)
    try:
        result, _ = engine.read(declared + text, make)
    except GsefgraphError as fault:
        raise without(declared, fault, names.prefixes) from None
    if isinstance(result, bytes):
        return result
    shown = asking.finished(result, text, engine, graph.resolver, graph.project, spelling=spelling)
    return write(shown, format) if isinstance(shown, Answer) else shown.write(format)


def too_many(most: int) -> UsageError:
    """What is raised where an answer has more rows than it may have.

    >>> too_many(10).said("en")
    'more than 10 rows; add LIMIT 10, or ask for less'
    """
    return UsageError(say("worker.rows", most=most), hint=say("worker.limit", most=most))


def _collected(found: Any, most: int) -> Solutions:
    rows = tuple(tuple(row) for row in islice(found, most + 1))
    if len(rows) > most:
        raise too_many(most)
    return Solutions(tuple(variable.value for variable in found.variables), rows)


class _Written(BytesIO):
    """Where an engine writes rows, until they are too many."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self._rows = 0

    def write(self, piece: Any) -> int:
        self._rows += solutions.rows_in(piece)
        if self._rows >= self._most:  # one is not followed by another
            raise too_many(self._most)
        return super().write(piece)

    def whole(self) -> bytes:
        """All that was written.

        Errors:
            UsageError: it is too much after all.
        """
        body = self.getvalue()
        if solutions.rows_in(body) >= self._most:
            raise too_many(self._most)
        return body
