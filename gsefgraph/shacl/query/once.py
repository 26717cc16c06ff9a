# ruff: noqa: S608 - ids go into statements as numbers, texts through `values.quoted`
"""A query that SQL cannot say: asked once in the SPARQL engine, the focus nodes joined in.

Only triples that the query can look at are taken there. What pre-binding forbids to join goes to
pySHACL instead (`custom.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import count
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.engine.small import Small
from gsefgraph.shacl.query import custom, prebound
from gsefgraph.shacl.query.facts import SHIFT, Columns, Facts, Node
from gsefgraph.shacl.query.triples import GRAPH_BITS, MASK, graph
from gsefgraph.shacl.shapes.model import Sparql
from gsefgraph.sparql import parsing
from gsefgraph.sparql.algebra import Bgp, Var, walk
from gsefgraph.sparql.path import Path

_STEP = 50_000
_names = count(1)
Rows = tuple[Sequence[str], list[tuple[Node | None, ...]]]


def fresh() -> str:
    """A name for a temporary table that nothing else has."""
    return f"asked_{next(_names)}"


class Held(Collection[Triple]):
    """Triples of the columns, read when they are gone through.

    Parameters:
        where: SQL on `triple` or `scoped`.
    """

    def __init__(self, columns: Columns, table: str, where: str) -> None:
        self._columns = columns
        self._source = f"{table} WHERE {where}"
        self._terms: dict[int, Node] = {}

    def __iter__(self) -> Iterator[Triple]:
        rows = self._columns.rows(f"SELECT s & {MASK}, p, o & {MASK} FROM {self._source}")
        for start in range(0, len(rows), _STEP):
            part = rows[start : start + _STEP]
            new = {key for row in part for key in row} - self._terms.keys()
            self._terms.update(self._columns.terms(new))
            for s, p, o in part:
                yield Triple(self._terms[s], self._terms[p], self._terms[o])  # type: ignore[arg-type]

    def __len__(self) -> int:
        ((size,),) = self._columns.rows(f"SELECT count(*) FROM {self._source}")
        return int(size)

    def __contains__(self, triple: object) -> bool:
        return any(held == triple for held in self)


def relation(
    sparql: Sparql, path: Path | None, focus: str, facts: Facts, why: str, *, scoped: bool
) -> tuple[str, str, str, tuple[str, ...]]:
    """The solutions as a temporary table.

    Parameters:
        why: why it is not for SQL.

    Returns:
        SQL, way, why and variables of a `Relation`.

    Errors:
        EngineError: the engine failed. InputError: pySHACL refused the query.
    """
    columns = facts.columns
    source = focus if focus.lstrip().startswith("(") else f"({focus})"
    rows = columns.rows(f"SELECT DISTINCT f FROM {source} AS asked")
    graphs: dict[int, list[int]] = {}
    for (f,) in rows:
        graphs.setdefault((f >> GRAPH_BITS) & ((1 << 22) - 1) if scoped else 0, []).append(f & MASK)
    way, reason = _way(sparql.select, facts, {f & MASK for (f,) in rows}, why)
    names: tuple[str, ...] = ("this",)
    found: list[tuple[int, Rows]] = []
    for number, keys in sorted(graphs.items()):
        nodes = {**columns.terms(keys), **facts.known(keys)}
        asked = [nodes[key] for key in keys]
        held = Held(columns, *_reach(sparql.select, facts, number, scoped=scoped))
        if way == "engine":
            answer = _asked(sparql.select, asked, held)
        else:
            answer = custom.solutions(sparql.select, asked, held)
        names = tuple(answer[0])
        found.append((number << GRAPH_BITS if scoped else 0, answer))
    sql = _kept(found, names, path, facts)
    return sql, way, reason, names


def _way(select: str, facts: Facts, focus: set[int], why: str) -> tuple[str, str]:
    if prebound.chosen(select, "") is None:
        return "pyshacl", f"{why}: what it counts or cuts off is of one node at a time"
    if prebound.starts_empty(select):
        ends = "SELECT s FROM triple UNION SELECT o FROM triple"
        ids = ", ".join(map(str, sorted(focus))) or "-1"
        ((known,),) = facts.columns.rows(f"SELECT count(*) FROM ({ends}) t(f) WHERE f IN ({ids})")
        if known < len(focus):
            return "pyshacl", f"{why}: it starts at nodes that the data does not mention"
    return "engine", why


def _reach(select: str, facts: Facts, number: int, *, scoped: bool) -> tuple[str, str]:
    tests = [f"{graph('s')} = {number}"] if scoped else []
    used = _predicates(select)
    if used is not None:
        ids = sorted({facts.id(NamedNode(iri)) for iri in used}) or [-1]
        tests.append(f"p IN ({', '.join(map(str, ids))})")
    return ("scoped" if scoped else "triple"), " AND ".join(tests) or "TRUE"


def _predicates(select: str) -> set[str] | None:
    """Predicates that a query can look at; None for any."""
    found: set[str] = set()
    for part in walk(parsing.select(select)):
        if not isinstance(part, Bgp):
            continue
        for triple in part.triples:
            if isinstance(triple.predicate, Var):
                return None
            steps = [triple.predicate]
            while steps:
                step = steps.pop()
                if step.operator in ("!", "*", "?"):
                    # Of length zero it begins at any node of the graph.
                    return None
                steps += step.parts
                found |= {step.predicate} if not step.operator else set()
    return found


def _asked(select: str, focus: Sequence[Node], triples: Collection[Triple]) -> Rows:
    small = Small(triples)
    text = prebound.chosen(select, small.mark(focus, "this"))
    assert text is not None  # noqa: S101 - else this is not the way
    names, rows = small.select(text)
    return names, [tuple(row) for row in rows]


def _kept(
    found: Iterable[tuple[int, Rows]], names: tuple[str, ...], path: Path | None, facts: Facts
) -> str:
    """The solutions as a temporary table; a SELECT of it."""
    name = fresh()
    others = apart([n for n in names if n != "this"])
    cells: dict[str, list[Any]] = {"f": []}
    for other in others:
        cells[f"v_{other}"], cells[f"t_{other}"] = [], []
    kinds_ = [column for column in ("k_value", "l_value") if "value" in others]
    cells |= {column: [] for column in kinds_}
    solutions = [(bits, dict(zip(head, row, strict=True)))
                 for bits, (head, rows) in found for row in rows]  # fmt: skip
    terms = {term for _, row in solutions for term in row.values() if term is not None}
    ids = {**facts.columns.ids(terms), **facts.ids_of(terms)}
    for bits, row in solutions:
        this = row["this"]
        if this is None or this not in ids:
            continue
        cells["f"].append(_scoped(ids[this], bits))
        for other in others:
            term = row.get(other)
            key = ids.get(term) if term is not None else None
            cells[f"v_{other}"].append(None if key is None else _scoped(key, bits))
            cells[f"t_{other}"].append(term.value if term is not None and key is None else None)
        if kinds_:
            kind, language = _kind(row.get("value"))
            cells["k_value"].append(kind)
            cells["l_value"].append(language)
    kinds = {column: "BIGINT" if column[:2] in ("f", "v_") else "VARCHAR" for column in cells}
    held = ", ".join(f'unnest(?::{kind}[]) AS "{column}"' for column, kind in kinds.items())
    facts.columns.execute(f"CREATE TEMP TABLE {name} AS SELECT {held}", list(cells.values()))
    value = '"v_value"' if "value" in others else "CAST(NULL AS BIGINT)"
    if path is None:
        value = (
            f"COALESCE({value}, f)"
            if "value" not in others
            else ("CASE WHEN t_value IS NULL THEN COALESCE(v_value, f) END")
        )
    shown = ["f", f"{value} AS value",
             '"v_path" AS path' if "path" in others else "CAST(NULL AS BIGINT) AS path",
             "f AS v_this", *(f'"{column}"' for column in cells if column != "f")]  # fmt: skip
    return f"SELECT DISTINCT {', '.join(shown)} FROM {name}"


def apart(names: Iterable[str]) -> list[str]:
    """Variables without those that differ from another in letter case alone: columns do not.

    >>> apart(["V", "value", "v", "Value"])
    ['V', 'value']
    """
    found = {name: name for name in names if name in ("this", "value", "path")}
    for name in names:
        found.setdefault(name.lower(), name)
    return [name for name in names if found.get(name.lower()) == name]


def _kind(term: Node | None) -> tuple[str | None, str | None]:
    """The datatype of a literal or "IRI", and the language."""
    if isinstance(term, Literal):
        return term.datatype.value, term.language
    return ("IRI" if isinstance(term, NamedNode) else None), None


def _scoped(key: int, bits: int) -> int:
    return key | bits if key >> SHIFT < 2 else key
