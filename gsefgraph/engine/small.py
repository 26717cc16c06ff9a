"""A few triples behind SPARQL, for as long as one judgement takes.

There are no named graphs here and nothing is written to. pyoxigraph rewrites literals when it
stores them (``007`` becomes ``7``); an answer gives them as they were written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Triple, Variable

from gsefgraph.engine import syntax
from gsefgraph.engine.base import Row, Term
from gsefgraph.errors import EngineError, UsageError
from gsefgraph.wording import say

_ASKED = NamedNode("urn:gsefgraph:asked")


class Small:
    """Triples to be asked; they are indexed at the first question.

    Parameters:
        triples: read at the first question; the same one may come again.

    >>> small = Small([Triple(NamedNode("a:s"), NamedNode("a:p"), Literal("x"))])
    >>> variables, rows = small.select("SELECT ?s { ?s ?p ?o }")
    >>> variables, rows[0][0].value
    (('s',), 'a:s')
    """

    def __init__(self, triples: Collection[Triple]) -> None:
        self._triples = triples
        self._marks = 0

    def select(
        self, text: str, substitutions: Mapping[str, Term] | None = None
    ) -> tuple[tuple[str, ...], list[Row]]:
        """The solutions of a SELECT.

        Parameters:
            text: SPARQL 1.1 Query, guarded (`gsefgraph.sparql.guard`): nothing is looked at here.
            substitutions: terms for variables that the outermost SELECT names; the solutions are
                joined with them.

        Returns:
            the variables, and the rows in the order of the engine, None for what is not bound.

        Errors:
            SyntaxFault; UsageError: no SELECT. EngineError.
        """
        bound: dict[Variable, Term | Triple] = {
            Variable(name): term for name, term in (substitutions or {}).items()
        }
        try:
            found = self._store.query(text, substitutions=bound)
            if not isinstance(found, QuerySolutions):
                raise UsageError(say("engine.not-select"))
            names = tuple(variable.value for variable in found.variables)
            rows = [tuple(map(self._written, row)) for row in found]
        except SyntaxError:
            raise syntax.fault(text, self._store.query) from None
        except (OSError, ValueError, RuntimeError) as error:
            raise EngineError(say("engine.query-failed", error=error)) from None
        return names, rows

    def mark(self, nodes: Iterable[Term], variable: str) -> str:
        """Keep some nodes aside, for queries to choose from.

        Parameters:
            nodes: blank nodes too, for which SPARQL has no name.
            variable: without its mark.

        Returns:
            a graph pattern that binds the variable to each of them; it is an answer to `GRAPH ?g`
            as well.

        >>> small = Small(())
        >>> pattern = small.mark([NamedNode("a:s"), NamedNode("a:t")], "this")
        >>> sorted(row[0].value for row in small.select(f"SELECT * {{ {pattern} }}")[1])
        ['a:s', 'a:t']
        """
        self._marks += 1
        name = NamedNode(f"urn:gsefgraph:asked:{self._marks}")
        self._store.extend(Quad(_ASKED, name, node, _ASKED) for node in nodes)
        return f"GRAPH {_ASKED} {{ {_ASKED} {name} ?{variable} }}"

    @cached_property
    def _store(self) -> pyoxigraph.Store:
        store = pyoxigraph.Store()
        store.bulk_extend(Quad(*triple) for triple in self._triples)
        return store

    def _written(self, term: Term | None) -> Term | None:
        return self._spellings.get(term, term) if isinstance(term, Literal) else term

    @property
    def rewrites(self) -> bool:
        """Whether some literals are not kept as written, so that a question could tell."""
        return bool(self._spellings)

    @cached_property
    def _spellings(self) -> dict[Literal, Literal]:
        """Literals as written, by what the store makes of them, where that is another."""
        values = list(
            dict.fromkeys(t.object for t in self._triples if isinstance(t.object, Literal))
        )
        same = set(values)
        store = pyoxigraph.Store()
        for number, value in enumerate(values):
            store.add(Quad(_ASKED, NamedNode(f"urn:gsefgraph:literal:{number}"), value))
        found: dict[Literal, Literal] = {}
        for quad in store:
            value = values[int(quad.predicate.value.rpartition(":")[2])]
            if isinstance(quad.object, Literal) and quad.object not in same:
                found[quad.object] = value
        return found
