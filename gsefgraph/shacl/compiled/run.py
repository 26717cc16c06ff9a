"""One evaluation: its temporary tables, and the sets of nodes that several constraints share."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal

from gsefgraph.columns.layout import GRAPH, SCOPE_MASK, quoted
from gsefgraph.rdf.lexical import fault
from gsefgraph.shacl.compiled.ids import SUBCLASS, TYPE, Ids
from gsefgraph.shacl.shapes.components import cycles
from gsefgraph.shacl.shapes.model import Model
from gsefgraph.terms import Term

if TYPE_CHECKING:
    from gsefgraph.columns.columns import Columns

NOTHING = "SELECT 0::BIGINT AS f LIMIT 0"
_names = count(1)


class Run:
    """Temporary tables and ids for one model over one set of columns; a context manager.

    Parameters:
        model: what is evaluated.
        columns: the data.
        scoped: on each graph by itself (table ``scoped``) in place of the union.

    Attributes:
        ids: of the terms that the shapes mention.
        triples: name of the table of triples.
        terms, ill: tables of terms and of ill-formed literals, those of the shapes among them
            where the data does not mention a node that is a target.
        cycles: for each shape that comes back to itself, the shapes of its cycles.
        shared: what several constraints use, to the next `drop`: the values of focus nodes, when
            a node breaks a shape.
        sizes: how many rows each table has, for those that only `grow` adds to.
        failing: for each shape of a cycle that is being settled, its table of failing nodes.
    """

    def __init__(
        self,
        model: Model,
        columns: Columns,
        *,
        scoped: bool = False,
    ) -> None:
        self.model = model
        self.columns = columns
        self.scoped = scoped
        self.triples = "scoped" if scoped else "triple"
        self.terms, self.ill = "term", "ill"
        self.cycles = cycles(model)
        self.shared: dict[tuple[object, ...], Any] = {}
        self.failing: dict[str, str] = {}
        self.sizes: dict[str, int] = {}
        self._made: list[str] = []
        self._kept: list[str] = []
        self._classes: dict[str, Nodes] = {}
        self.ids = Ids(model, columns)
        self._admit(t.value for s in model.shapes.values() for t in s.targets if t.kind == "node")

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *exception: object) -> None:
        self._made[:0], self._kept = self._kept, []
        self.drop(0)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a statement."""
        return self.columns.rows(sql)

    def table(self, sql: str, *, keep: bool = False) -> str:
        """Keep the answer of a query as a temporary table.

        Parameters:
            keep: to the end of the run, whatever `drop` says.

        Returns:
            its name.
        """
        name = f"shacl_{next(_names)}"
        # The answer to this statement is how many rows the table has.
        self.sizes[name] = self.columns.rows(f"CREATE TEMP TABLE {name} AS {sql}")[0][0]
        (self._kept if keep else self._made).append(name)
        return name

    def grow(self, table: str, nodes: str) -> str | None:
        """Add to a table of nodes f those of a query that it lacks.

        Returns:
            the table of those that were new; None when there are none.
        """
        new = self.table(f"{nodes} EXCEPT SELECT f FROM {table}")
        self.columns.execute(f"INSERT INTO {table} SELECT f FROM {new}")
        self.sizes[table] += self.sizes[new]
        return new if self.sizes[new] else None

    @property
    def mark(self) -> int:
        """How many tables there are, for `drop`."""
        return len(self._made)

    def drop(self, mark: int) -> None:
        """Drop all tables made since a mark."""
        while len(self._made) > mark:
            self.columns.execute(f"DROP TABLE IF EXISTS {self._made.pop()}")
        self.shared.clear()

    def bare(self, column: str) -> str:
        """The id of a term, without the number of a graph."""
        return f"({column} & {SCOPE_MASK})" if self.scoped else column

    def instances(self, iri: str) -> Nodes:
        """The nodes that have a class, or one below it (SHACL, section 1.1: SHACL instances)."""
        if iri not in self._classes:
            self._classes[iri] = Nodes(self, self.typed([iri]), keep=True)
        return self._classes[iri]

    def typed(self, iris: Iterable[str]) -> str:
        """A query for the nodes f that have any of some classes, or one below."""
        tops = ", ".join(str(self.ids.iri(iri)) for iri in iris)
        kind, above = self.ids.iri(TYPE.value), self.ids.iri(SUBCLASS.value)
        top = f"SELECT unnest([{tops}])::BIGINT"
        if self.scoped:
            top = (
                f"SELECT DISTINCT o FROM {self.triples} "
                f"WHERE p IN ({kind}, {above}) AND {self.bare('o')} IN ({tops})"
            )
        below = ", ".join(str(row[0]) for row in self.rows(_below(top, self.subclasses)))
        # A triple is there once, so one class has each of its nodes once.
        distinct = "DISTINCT " if "," in below else ""
        return (
            f"SELECT {distinct}s AS f FROM {self.triples} WHERE p = {kind} AND o IN ({below or -1})"
        )

    @cached_property
    def subclasses(self) -> str:
        """All rdfs:subClassOf triples, as a table."""
        sub = self.ids.iri(SUBCLASS.value)
        return self.table(f"SELECT s, o FROM {self.triples} WHERE p = {sub}", keep=True)

    @cached_property
    def peopled(self) -> frozenset[int]:
        """Ids of all classes that have an instance, in any graph where scoped."""
        found = self.rows(
            f"WITH RECURSIVE above(c) AS (SELECT DISTINCT o FROM {self.triples} "
            f"WHERE p = {self.ids.iri(TYPE.value)} UNION SELECT k.o FROM above "
            f"JOIN {self.subclasses} k ON k.s = above.c) SELECT {self.bare('c')} FROM above"
        )
        return frozenset(row[0] for row in found)

    @cached_property
    def used(self) -> frozenset[int]:
        """Ids of all predicates of the data."""
        return frozenset(row[0] for row in self.rows(f"SELECT DISTINCT p FROM {self.triples}"))

    @cached_property
    def graphs(self) -> str:
        """The bits that stand for each graph, one row a graph; a single 0 for the union."""
        if not self.scoped:
            return "(SELECT 0::BIGINT AS bits)"
        return f"(SELECT n::BIGINT << {GRAPH} AS bits FROM graph_number)"

    def _admit(self, terms: Iterable[Term]) -> None:
        new = [t for t in dict.fromkeys(terms) if self.ids.of(t) in self.ids.invented]
        if not new:
            return
        rows = ", ".join(
            f"({self.ids.of(t)}, {quoted(t.value)}, "
            f"{quoted(t.language) if isinstance(t, Literal) and t.language else 'NULL'})"
            for t in new
        )
        self.terms = self.table(
            f"SELECT id, lex, lang FROM term UNION ALL "
            f"SELECT * FROM (VALUES {rows}) AS more (id, lex, lang)",
            keep=True,
        )
        ill = [t for t in new if isinstance(t, Literal) and fault(t) is not None]
        if ill:
            values = ", ".join(f"({self.ids.of(t)})" for t in ill)
            self.ill = self.table(f"SELECT id FROM ill UNION ALL VALUES {values}", keep=True)


class Nodes:
    """A set of nodes as a table with one column ``f``, made when it is first asked for.

    Parameters:
        sql: gives each node once.
        keep: the table stays to the end of the run.
        made: the table, where there is one already.
    """

    def __init__(self, run: Run, sql: str, *, keep: bool = False, made: str | None = None) -> None:
        self.run = run
        self.sql = sql
        self._keep = keep
        self._table = made

    @property
    def table(self) -> str:
        """Its name."""
        if self._table is None:
            self._table = self.run.table(self.sql, keep=self._keep)
        return self._table

    @cached_property
    def empty(self) -> bool:
        """Whether there is no node."""
        return not self.run.sizes[self.table]


def _below(top: str, subclasses: str) -> str:
    return (
        f"WITH RECURSIVE below(c) AS ({top} UNION "
        f"SELECT k.s FROM below JOIN {subclasses} k ON k.o = below.c) SELECT c FROM below"
    )
