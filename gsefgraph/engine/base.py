"""The seam between the project and whatever stores its quads: one small protocol.

Terms are pyoxigraph's. The default graph of every engine answers as the union of all named graphs;
`GRAPH ?g` tells who states a triple. `embedded.py` and `remote.py` implement it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from gsefgraph.terms import Term

T = TypeVar("T")
Row: TypeAlias = tuple[Term | None, ...]
Pattern: TypeAlias = tuple[NamedNode | BlankNode | None, NamedNode | None, Term | None]


@dataclass(frozen=True, slots=True)
class Solutions:
    """Rows of a SELECT: columns in the order written, an unbound cell is None."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Boolean:
    """The answer of an ASK."""

    value: bool
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Triples:
    """The triples of a CONSTRUCT or DESCRIBE, each once, in no particular order."""

    triples: tuple[Triple, ...]
    warnings: tuple[str, ...] = ()


Result: TypeAlias = Solutions | Boolean | Triples

_A_QUERY = 300  # nodes, to stay well below the longest text that an engine takes


def batches(nodes: Sequence[T]) -> Iterator[Sequence[T]]:
    """Nodes in lots that one query can take.

    >>> [len(lot) for lot in batches(range(650))]
    [300, 300, 50]
    """
    for start in range(0, len(nodes), _A_QUERY):
        yield nodes[start : start + _A_QUERY]


class Engine(Protocol):
    """What stores quads and answers SPARQL 1.1."""

    def query(self, text: str, *, timeout: float | None = None) -> Result:
        """Answer a query; the default graph is the union.

        Parameters:
            text: SPARQL 1.1 Query. SERVICE is refused; FROM selects stored graphs only.
            timeout: seconds; None is no limit.

        Errors:
            SyntaxFault, RefusedAccess, QueryTimeout, EngineError.
        """
        ...

    def update(self, text: str, *, timeout: float | None = None) -> None:
        """Run SPARQL 1.1 Update on named graphs; the union follows. LOAD is refused."""
        ...

    def replace(self, graph: NamedNode, triples: Iterable[Triple]) -> None:
        """Make a named graph hold exactly these triples, all or nothing; the union follows."""
        ...

    def change(self, removed: Iterable[Quad], added: Iterable[Quad]) -> None:
        """Remove quads of named graphs and add others, all or nothing; the union follows."""
        ...

    def load(self, quads: Iterable[Quad]) -> int:
        """Add quads in bulk; those in the default graph are refused. Returns the new count."""
        ...

    def dump(self, graph: NamedNode | None = None) -> Iterator[Quad]:
        """The quads of one named graph, or of all; never the union. In no particular order."""
        ...

    def lookup(
        self,
        patterns: Iterable[Pattern],
        *,
        graph: NamedNode | None = None,
        without: Iterable[str] = (),
        limit: int | None = None,
    ) -> Iterator[Quad]:
        """The quads of named graphs that match any of some patterns; never the union.

        Parameters:
            patterns: subject, predicate and object, each None for any, at least one of them bound.
                A blank node is known by its label in the embedded engine alone; an endpoint has
                nothing to match it.
            graph: only this graph.
            without: IRIs of graphs that do not count; with `graph` they are not looked at.
            limit: stop after so many quads.

        Returns:
            In no particular order; a quad that two patterns match may come twice. Read from the
            indexes: what it takes depends on what matches, not on the size of the store. An
            endpoint is sent one question for each kind of pattern (which parts are bound, what
            datatype the value has), and one more for each further 30 KB or 500 patterns.

        Errors:
            UsageError for a pattern of which nothing is bound; StoreDamaged, EndpointError.
        """
        ...

    def stated(
        self,
        patterns: Iterable[Pattern],
        *,
        graph: NamedNode | None = None,
        without: Iterable[str] = (),
    ) -> set[Pattern]:
        """Those of some patterns that at least one quad matches; else as `lookup`."""
        ...

    def graphs(self) -> tuple[NamedNode, ...]:
        """The named graphs that hold something, sorted by IRI."""
        ...

    def count(self) -> int:
        """How many quads the named graphs hold, in constant time on the embedded engine."""
        ...

    def info(self) -> dict[str, str]:
        """What a person wants to know of this engine: kind, place, version."""
        ...

    def close(self) -> None:
        """Give up files and connections; calling it twice is fine."""
        ...


def rows(engine: Engine, text: str, *, timeout: float | None = None) -> tuple[Row, ...]:
    """The rows of a SELECT of ours; see `Engine.query`.

    >>> from gsefgraph.engine import connect
    >>> rows(connect("memory:"), "SELECT (1 AS ?n) {}")
    ((<Literal value=1 datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#integer>>,),)
    """
    result = engine.query(text, timeout=timeout)
    return result.rows if isinstance(result, Solutions) else ()
