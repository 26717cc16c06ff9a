# ruff: noqa: S608 - ids go into statements as numbers, texts through `values.quoted`
"""Graph patterns of SPARQL as SQL, the focus nodes joined in as `$this` wherever it stands.

Each pattern becomes one SELECT with a column for each variable. Pre-binding (SHACL, appendix A)
puts a node for `$this` everywhere before anything is evaluated: so a pattern in which it stands has
it as a column, and two such patterns are joined on it. EXISTS puts the variables of its solution in
the same way, so it is translated with these as its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from gsefgraph.shacl.query import columns as cols
from gsefgraph.shacl.query import expressions, triples
from gsefgraph.shacl.query.columns import Column
from gsefgraph.shacl.query.facts import Facts
from gsefgraph.shacl.query.scope import Scope
from gsefgraph.shacl.query.values import NotTranslatable, Value
from gsefgraph.sparql.algebra import (
    Bgp,
    Exists,
    Expr,
    Extend,
    Filter,
    Join,
    LeftJoin,
    Other,
    Pattern,
    Project,
    Union,
    in_scope,
    mentioned,
    walk,
)

SCOPE = " scope"
"""The variable that stands for the graph, where each graph is by itself."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A pattern's solutions.

    Attributes:
        sql: a SELECT, or the name of a common table.
        columns: of each variable that may be bound.
    """

    sql: str
    columns: Mapping[str, Column]

    def source(self, alias: str) -> str:
        """SQL for a FROM clause."""
        named = self.sql.isidentifier()
        return f"{self.sql} {alias}" if named else f"({self.sql}) {alias}"

    @property
    def certain(self) -> set[str]:
        """Variables that are always bound."""
        return {name for name, column in self.columns.items() if column.certain}


@dataclass(frozen=True, slots=True)
class Given:
    """Variables that have a value before a pattern is evaluated.

    Attributes:
        relation: a row for each combination of their values.
        narrow: whether triple patterns with such variables begin at these values.
    """

    relation: Relation
    narrow: frozenset[str] = frozenset()


@dataclass(slots=True)
class Translator:
    """One query's translation.

    Attributes:
        facts: what the columns hold.
        mask: what takes the graph out of an id; None on the union.
        tables: common tables, in the order in which they need each other.
    """

    facts: Facts
    mask: int | None = None
    tables: list[tuple[str, str]] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    fresh: int = 0

    def named(self, sql: str, *, materialised: bool = True) -> str:
        """The name of a new common table."""
        name = f"q{len(self.tables)}"
        hint = " MATERIALIZED" if materialised else ""
        self.tables.append((f"{name} AS{hint}", sql))
        return name

    def index(self, variable: str) -> int:
        """The number of a variable's columns."""
        return self.names.setdefault(variable, len(self.names))

    # Patterns ------------------------------------------------------------------------------------

    def pattern(self, node: Pattern, given: Given) -> Relation:
        """The solutions of a pattern.

        Errors:
            NotTranslatable.
        """
        match node:
            case Bgp():
                return self._bgp(node, given)
            case Join(left, right):
                return self.join(self.pattern(left, given), self.pattern(right, given))
            case LeftJoin():
                return self._optional(node, given)
            case Union(left, right):
                return self._union(left, right, given)
            case Filter(inner, condition):
                return self._filter(self.pattern(inner, given), condition, given)
            case Extend(inner, name, value):
                return self._extend(self.pattern(inner, given), name, value, given)
            case Project(inner, names):
                # What is not projected is another variable outside.
                if (mentioned(inner) - set(names)) & set(given.relation.columns):
                    raise NotTranslatable("a SELECT inside that hides a variable with a value")
                return self._only(self.pattern(inner, given), names)
            case Other("graph"):
                # A data graph is one graph: nothing in it is in a graph with a name.
                held = {name: cols.term(self.index(name), True) for name in in_scope(node)}
                shown = [f"CAST(NULL AS BIGINT) AS {c.names[0]}" for c in held.values()]
                return Relation(f"SELECT {', '.join(shown) or '1 AS one'} WHERE FALSE", held)
            case Other(kind):
                raise NotTranslatable(_OTHERS.get(kind, kind))

    def _bgp(self, node: Bgp, given: Given) -> Relation:
        parts = triples.stars(node)
        if len(parts) == 1:
            return self._triples(node, given)
        # What stands on one node is put together first: joined by the one value that many nodes
        # share, two such nodes make all pairs.
        made = [self._triples(Bgp(part), given) for part in parts]
        whole, *rest = [Relation(self.named(part.sql), part.columns) for part in made]
        while rest:
            near = next((r for r in rest if set(r.columns) & set(whole.columns)), rest[0])
            rest.remove(near)
            whole = self.join(whole, near)
        return whole

    def _triples(self, node: Bgp, given: Given) -> Relation:
        sources: list[str] = []
        places: dict[str, list[str]] = {}
        wanted = mentioned(node) | ({SCOPE} if self.mask is not None and node.triples else set())
        narrow = sorted(wanted & given.narrow & given.relation.certain)
        if narrow and set(narrow) != {SCOPE}:
            part = self._only(given.relation, narrow)
            sources.append(part.source("g"))
            for name in narrow:
                places[name] = [f"g.{given.relation.columns[name].names[0]}"]
        conditions: list[str] = []
        for number, triple in enumerate(node.triples):
            alias = f"t{number}"
            source, ends, tests = triples.source(triple, alias, self.facts, self.mask)
            sources.append(source)
            conditions += tests
            for name, place in ends:
                places.setdefault(name, []).append(place)
            if self.mask is not None:
                places.setdefault(SCOPE, []).append(triples.graph(f"{alias}.s"))
        for held in places.values():
            conditions += [f"{held[0]} = {other}" for other in held[1:]]
        columns = {name: cols.term(self.index(name), True) for name in places}
        shown = [f"{held[0]} AS {columns[name].names[0]}" for name, held in places.items()]
        sql = f"SELECT {', '.join(shown) or '1 AS one'}"
        if sources:
            sql += f" FROM {', '.join(sources)}"
        if conditions:
            sql += f" WHERE {' AND '.join(conditions)}"
        return Relation(sql, columns)

    def join(self, left: Relation, right: Relation) -> Relation:
        """The compatible pairs of two relations (SPARQL 1.1, section 18.5)."""
        if not left.columns and left.sql == "SELECT 1 AS one":
            return right
        if not right.columns and right.sql == "SELECT 1 AS one":
            return left
        conditions, shown, columns = cols.joined(left.columns, right.columns, "a", "b")
        how = (
            f"JOIN {right.source('b')} ON {' AND '.join(conditions)}"
            if conditions
            else (f"CROSS JOIN {right.source('b')}")
        )
        return Relation(f"SELECT {', '.join(shown) or '1 AS one'} FROM {left.source('a')} {how}",
                        columns)  # fmt: skip

    def _optional(self, node: LeftJoin, given: Given) -> Relation:
        needed = mentioned(node.right)
        if node.condition is not None:
            needed |= mentioned(node.condition)
        if self.mask is not None:
            needed.add(SCOPE)
        left = self._with_given(self.pattern(node.left, given), needed, given)
        right = self.pattern(node.right, given)
        if node.condition is None:
            conditions, shown, columns = cols.joined(left.columns, right.columns, "a", "b",
                                                     outer=True)  # fmt: skip
            sql = (
                f"SELECT {', '.join(shown) or '1 AS one'} FROM {left.source('a')}"
                f" LEFT JOIN {right.source('b')} ON {' AND '.join(conditions) or 'TRUE'}"
            )
            return Relation(sql, columns)
        # Rows are numbered, so that those the condition leaves alone can be told.
        number = f"row{len(self.tables)}"
        numbered = self.named(f"SELECT row_number() OVER () AS {number}, * FROM {left.source('a')}")
        left = Relation(numbered, left.columns)
        row = Column("row", (number,), True)
        both = self.join(Relation(numbered, {**left.columns, f" {number}": row}), right)
        met = self._filter(both, node.condition, given)
        columns = {
            name: left.columns[name] if name in left.columns and left.columns[name].certain
            else replace(column, certain=False)
            for name, column in met.columns.items() if name != f" {number}"
        }  # fmt: skip
        shown = []
        for name, column in columns.items():
            for place in column.names:
                held = name in left.columns and place in left.columns[name].names
                shown.append(f"COALESCE(b.{place}, a.{place}) AS {place}" if held else f"b.{place}")
        sql = (
            f"SELECT {', '.join(shown) or '1 AS one'} FROM {numbered} a"
            f" LEFT JOIN {met.source('b')} ON a.{number} = b.{number}"
        )
        return Relation(sql, columns)

    def _union(self, left: Pattern, right: Pattern, given: Given) -> Relation:
        parts = [self.pattern(part, given) for part in (left, right)]
        # A variable that is given is bound in a branch in which it does not stand as well.
        shared = {name for part in parts for name in part.columns} & set(given.relation.columns)
        one, two = (self._with_given(part, shared, given) for part in parts)
        columns = cols.either(one.columns, two.columns)
        selects = []
        for part in (one, two):
            shown = cols.aligned(part.columns, columns)
            selects.append(f"SELECT {', '.join(shown) or '1 AS one'} FROM {part.source('a')}")
        return Relation(" UNION ALL ".join(selects), columns)

    def _only(self, relation: Relation, names: Iterable[str]) -> Relation:
        kept = {n: relation.columns[n] for n in [*names, SCOPE] if n in relation.columns}
        shown = [place for column in kept.values() for place in column.names]
        sql = f"SELECT DISTINCT {', '.join(shown) or '1 AS one'} FROM {relation.source('a')}"
        return Relation(sql, kept)

    def _with_given(self, relation: Relation, needed: Collection[str], given: Given) -> Relation:
        """A relation joined with those given variables that are needed and that it may not bind."""
        held = given.relation.columns
        missing = sorted((set(needed) & set(held)) - relation.certain)
        if not missing:
            return relation
        if not set(missing) <= given.relation.certain:
            raise NotTranslatable("EXISTS about a variable that may be unbound")
        return self.join(self._only(given.relation, missing), relation)

    # Expressions ---------------------------------------------------------------------------------

    def _filter(self, relation: Relation, condition: Expr, given: Given) -> Relation:
        relation, scope = self._scoped(relation, condition, given)
        test = expressions.truth(condition, scope)
        shown = [f"r.{place}" for column in relation.columns.values() for place in column.names]
        sql = (
            f"SELECT {', '.join(shown) or '1 AS one'} FROM {relation.source('r')}{scope.joins}"
            f" WHERE {test}"
        )
        return Relation(sql, relation.columns)

    def _extend(self, relation: Relation, name: str, value: Expr, given: Given) -> Relation:
        relation, scope = self._scoped(relation, value, given)
        if name in relation.columns:
            raise NotTranslatable(f"BIND of ?{name}, which is bound before")
        if name in given.relation.columns:
            raise NotTranslatable(f"BIND of ?{name} inside EXISTS, which is bound outside")
        column, made = cols.computed(self.index(name), expressions.value(value, scope))
        shown = [f"r.{place}" for held in relation.columns.values() for place in held.names]
        shown += [f"{sql} AS {place}" for sql, place in zip(made, column.names, strict=True)]
        sql = f"SELECT {', '.join(shown)} FROM {relation.source('r')}{scope.joins}"
        return Relation(sql, {**relation.columns, name: column})

    def _scoped(self, relation: Relation, expr: Expr, given: Given) -> tuple[Relation, Scope]:
        needed = mentioned(expr)
        asks = _has_exists(expr)
        if asks and self.mask is not None:
            needed = needed | {SCOPE}
        relation = self._with_given(relation, needed, given)
        if asks and not relation.sql.isidentifier():
            relation = Relation(self.named(relation.sql), relation.columns)

        def exists(test: Exists, scope: Scope) -> str:
            from gsefgraph.shacl.query import existence

            return existence.sql(self, test, relation, scope)

        values: dict[str, Value] = {}
        scope = Scope(values, self.facts, exists)
        for name, column in relation.columns.items():
            if column.kind == "row":
                continue
            values[name] = cols.value(column, "r", scope, self.mask)
        return relation, scope


_OTHERS = {
    "group": "aggregates", "slice": "LIMIT or OFFSET", "values": "VALUES",
    "minus": "MINUS", "service": "SERVICE",
}  # fmt: skip


def _has_exists(expr: Expr) -> bool:
    return any(isinstance(part, Exists) for part in walk(expr))
