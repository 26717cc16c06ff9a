"""Any SPARQL over any quads, for as long as one judgement takes.

The quads come from memory or from columns; they are indexed once and asked as often as wanted.
Nodes that a query is to be asked about are kept beside them, in a graph of their own, so that a
pattern (`pattern`) binds a variable to each: blank nodes too, for which SPARQL has no name.

pyoxigraph rewrites literals when it stores them (``007`` becomes ``7``, ``1.50`` ``1.5``). An
answer gives them as they were written, and so do STR and DATATYPE of a variable. Where two
forms of one value are stored, ``1.5`` and ``1.50``, they are one here: the form that the store
itself would write, else the first by its text.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property, lru_cache
from typing import TypeAlias

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Triple

from gsefgraph.engine.base import Row
from gsefgraph.errors import EngineError, UsageError
from gsefgraph.sparql.terminals import significant
from gsefgraph.terms import Term
from gsefgraph.wording import say

ASKED = "urn:gsefgraph:asked"
ALL = "all"
"""The key of what is the same for all rows."""
_WRITTEN = ("STR", "DATATYPE")
_Function: TypeAlias = Callable[..., Term | Triple | None]


class Scratch:
    """Quads to be asked.

    Parameters:
        quads: in the default graph or in named ones.
        literals: gives those among them that answers are to show as written; called once, and only
            where an answer could tell.

    >>> scratch = Scratch([Quad(NamedNode("a:s"), NamedNode("a:p"), Literal("x"))])
    >>> variables, rows = scratch.select("SELECT ?s { ?s ?p ?o }")
    >>> variables, rows[0][0].value
    (('s',), 'a:s')
    """

    def __init__(
        self,
        quads: Iterable[Quad],
        literals: Callable[[], Iterable[Literal]] = tuple,
    ) -> None:
        self._store = pyoxigraph.Store()
        self._store.extend(quads)
        self._literals = literals

    @classmethod
    def of(cls, triples: Collection[Triple]) -> Scratch:
        """Triples that are at hand, all literals shown as written.

        >>> year = Literal("007", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
        >>> scratch = Scratch.of([Triple(NamedNode("a:s"), NamedNode("a:p"), year)])
        >>> scratch.select("SELECT ?o { ?s ?p ?o }")[1][0][0].value
        '007'
        """
        return cls(
            (Quad(*triple) for triple in triples),
            lambda: [t.object for t in triples if isinstance(t.object, Literal)],
        )

    def select(self, text: str) -> tuple[tuple[str, ...], list[Row]]:
        """The solutions of a SELECT.

        Parameters:
            text: SPARQL 1.1 Query, guarded (`gsefgraph.sparql.guard`): nothing is looked at here.

        Returns:
            the variables, and the rows in the order of the engine, None for what is not bound.

        Errors:
            SyntaxFault; UsageError: no SELECT. EngineError.
        """
        text, functions = self._as_written(text)
        try:
            found = self._store.query(text, custom_functions=functions)
            if not isinstance(found, QuerySolutions):
                raise UsageError(say("engine.not-select"))
            names = tuple(variable.value for variable in found.variables)
            solutions = [tuple(map(self._written, row)) for row in found]
        except SyntaxError:
            from gsefgraph.engine import syntax

            raise syntax.fault(text, pyoxigraph.Store().query) from None
        except (OSError, ValueError, RuntimeError) as error:
            from gsefgraph.engine import syntax

            failed = EngineError(say("engine.query-failed", error=error))
            raise syntax.called(text, error) or failed from None
        return names, solutions

    @contextmanager
    def beside(self, quads: Iterable[Quad]) -> Iterator[None]:
        """More quads, for as long as a `with` lasts.

        >>> scratch = Scratch(())
        >>> with scratch.beside(rows([("1", {"this": NamedNode("a:s")})])):
        ...     scratch.select(f"SELECT ?this {{ {pattern(['this'])} }}")[1]
        [(<NamedNode value=a:s>,)]
        """
        more = list(quads)
        self._store.extend(more)
        try:
            yield
        finally:
            for quad in more:
                self._store.remove(quad)

    @property
    def rewrites(self) -> bool:
        """Whether some literals are not kept as written."""
        return bool(self._spellings)

    def _written(self, term: Term | None) -> Term | None:
        return self._spellings.get(term, term) if isinstance(term, Literal) else term

    def _as_written(self, text: str) -> tuple[str, dict[NamedNode, _Function] | None]:
        """A query that reads the written form of variables, where that is another."""
        asked = _with_functions(text)
        if asked == text or not self.rewrites:
            return text, None

        def function(read: Callable[[Literal], Term]) -> _Function:
            def call(term: NamedNode | BlankNode | Literal | Triple) -> Term | None:
                if isinstance(term, Literal):
                    return read(self._spellings.get(term, term))
                iri = isinstance(term, NamedNode) and read is _READ["STR"]
                return Literal(term.value) if iri else None  # type: ignore[union-attr]

            return call

        functions = {NamedNode(f"{ASKED}:{name}"): function(_READ[name]) for name in _WRITTEN}
        return asked, functions

    @cached_property
    def _spellings(self) -> dict[Literal, Literal]:
        """Literals as written, by what the store makes of them, where that is another."""
        kept = stored(self._literals())
        return {
            form: written
            for written, form in sorted(kept.items(), key=lambda pair: pair[0].value, reverse=True)
            if form not in kept
        }


def stored(literals: Iterable[Literal]) -> dict[Literal, Literal]:
    """What a store makes of literals.

    >>> decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    >>> [made.value for made in stored([Literal("1.50", datatype=decimal)]).values()]
    ['1.5']
    """
    values = list(dict.fromkeys(literals))
    store = pyoxigraph.Store()
    store.bulk_extend(
        Quad(NamedNode(ASKED), NamedNode(f"{ASKED}:{number}"), value)
        for number, value in enumerate(values)
    )
    found: dict[Literal, Literal] = {}
    for quad in store:
        if isinstance(quad.object, Literal):
            found[values[int(quad.predicate.value.rpartition(":")[2])]] = quad.object
    return found


_READ: Mapping[str, Callable[[Literal], Term]] = {
    "STR": lambda literal: Literal(literal.value),
    "DATATYPE": lambda literal: literal.datatype,
}


def rows(terms: Iterable[tuple[str, Mapping[str, Term]]]) -> Iterator[Quad]:
    """The quads that keep rows of terms beside others.

    Parameters:
        terms: the key of each row, and terms by the names of variables, without their mark.

    >>> [str(quad.subject) for quad in rows([("1", {"this": NamedNode("a:s")})])]
    ['<urn:gsefgraph:asked:row:1>']
    """
    for key, row in terms:
        subject = NamedNode(f"{ASKED}:row:{key}")
        for name, term in row.items():
            yield Quad(subject, NamedNode(f"{ASKED}:{name}"), term, NamedNode(ASKED))


def pattern(names: Iterable[str], constants: Iterable[str] = (), row: str = "?row") -> str:
    """A graph pattern that binds variables to the terms of each row.

    Parameters:
        names: of the variables, without their mark.
        constants: of those whose terms are under the key `ALL`.
        row: a variable for the row, or the row.

    >>> pattern(["this"])
    'GRAPH <urn:gsefgraph:asked> { ?row <urn:gsefgraph:asked:this> ?this . }'
    """
    parts = [f"{row} <{ASKED}:{name}> ?{name} ." for name in names]
    parts += [f"<{ASKED}:row:{ALL}> <{ASKED}:{name}> ?{name} ." for name in constants]
    return f"GRAPH <{ASKED}> {{ {' '.join(parts)} }}"


@lru_cache(maxsize=256)
def _with_functions(text: str) -> str:
    """A query in which STR and DATATYPE of a variable are functions of ours."""
    pieces: list[str] = []
    done = 0
    tokens = significant(text)
    for word, opening, inside in zip(tokens, tokens[1:], tokens[2:], strict=False):
        name = word.value.upper()
        if (
            word.kind == "word"
            and name in _WRITTEN
            and opening.value == "("
            and inside.kind == "variable"
        ):
            pieces += [text[done : word.start], f"<{ASKED}:{name}>"]
            done = word.end
    return "".join(pieces) + text[done:]
