# ruff: noqa: S608 - ids go into statements as numbers, texts through `values.quoted`
"""The solutions of a SPARQL constraint for some focus nodes, as one statement of SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode

from gsefgraph.errors import EngineError, InputError
from gsefgraph.rdf.lexical import LANGSTRING
from gsefgraph.shacl.query import columns as cols
from gsefgraph.shacl.query import once, triples
from gsefgraph.shacl.query.facts import Columns, Facts, Node
from gsefgraph.shacl.query.patterns import SCOPE, Given, Translator
from gsefgraph.shacl.query.patterns import Relation as Rows
from gsefgraph.shacl.query.scope import Scope
from gsefgraph.shacl.query.values import NotTranslatable
from gsefgraph.shacl.shapes.model import Sparql
from gsefgraph.sparql import parsing
from gsefgraph.sparql.algebra import Project, Triple, Var, constants, walk
from gsefgraph.sparql.parsing import Unreadable
from gsefgraph.sparql.path import Path
from gsefgraph.sparql.terminals import tokens
from gsefgraph.terms import XSD

# What is computed, by kind of column; numbers of another kind are decimals.
_DATATYPES = {"text": f"{XSD}string", "language": LANGSTRING, "truth": f"{XSD}boolean",
              "integer": f"{XSD}integer", "iri": "IRI"}  # fmt: skip
_FULL = ("OutOfMemoryException", "IOException", "InterruptException", "FatalException")


@dataclass(frozen=True, slots=True)
class Relation:
    """The solutions of a query.

    Attributes:
        sql: a SELECT from a temporary table: `f` (id of the focus node), `value` and `path` (ids or
            NULL), and for each variable of the query's SELECT ``v_<name>`` (id or NULL),
            ``t_<name>`` (its text, where it is computed and so has no id), or both; ``k_value`` and
            ``l_value`` are the datatype, or "IRI", and the language of a value that is computed.
            Where there is none and the shape is a node shape, it is the focus node. Each row once.
        way: "sql", "engine" or "pyshacl".
        why: why it is not "sql", empty where it is.
        variables: of the query's SELECT, without their mark.
    """

    sql: str
    way: str
    why: str
    variables: tuple[str, ...]


def relation(
    sparql: Sparql,
    path: Path | None,
    focus: str,
    columns: Columns,
    *,
    scoped: bool,
    terms: str = "term",
    ill: str = "ill",
    invented: Mapping[int, Node] | None = None,
    shape: str | None = None,
) -> Relation:
    """The solutions of a SPARQL constraint for all focus nodes at once.

    Parameters:
        sparql: the constraint, legal for pre-binding, `$PATH` replaced.
        path: of the shape; None for a node shape, where `value` is the focus node by default.
        focus: SQL of a relation with one column `f`, ids; scoped ones where `scoped`.
        columns: the data.
        scoped: on each graph by itself (table ``scoped``).
        terms, ill: tables of terms and of ill-formed literals; those of `columns`, or ones with
            more rows for focus nodes that the data does not mention.
        invented: these nodes by their ids.
        shape: IRI of the shape, for `$currentShape`.

    Errors:
        InputError: the query asks for `$shapesGraph`. EngineError: an engine failed.
    """
    sparql = _current(sparql, shape)
    facts = Facts(columns, terms=terms, ill=ill, invented=invented)
    try:
        found = translated(sparql, path, focus, facts, scoped=scoped)
        table = once.fresh()
        _run(facts.columns, f"CREATE TEMP TABLE {table} AS {found.sql}")
        return replace(found, sql=f"SELECT * FROM {table}")
    except NotTranslatable as error:
        return Relation(*once.relation(sparql, path, focus, facts, str(error), scoped=scoped))


def _run(columns: Columns, sql: str) -> None:
    try:
        columns.execute(sql)
    except EngineError as error:
        if type(error.__cause__).__name__ in _FULL:
            raise
        # DuckDB has faults of its own in how it plans rare shapes of queries.
        raise NotTranslatable(f"DuckDB cannot run it ({error.message[:100]})") from None


def prepare(queries: Iterable[Sparql], columns: Columns) -> None:
    """Look up the constants of many queries at once, before `relation` is asked for each.

    A look-up reads all terms of the data, whether for one constant or for a hundred.
    """
    terms: dict[NamedNode | Literal, None] = {}
    for sparql in queries:
        try:
            terms.update(dict.fromkeys(constants(parsing.select(sparql.select))))
        except Unreadable:
            continue
    Facts(columns).prepare(terms)


def translated(
    sparql: Sparql, path: Path | None, focus: str, facts: Facts, *, scoped: bool
) -> Relation:
    """The solutions as SQL alone.

    Errors:
        NotTranslatable.
    """
    try:
        query = parsing.select(sparql.select)
    except Unreadable as error:
        raise NotTranslatable(str(error)) from None
    if not isinstance(query, Project):
        raise NotTranslatable("LIMIT or OFFSET")
    _check(query, scoped=scoped)
    facts.prepare(constants(query))
    translator = Translator(facts, triples.MASK if scoped else None)
    given = _given(translator, focus, scoped=scoped)
    rows = translator.pattern(query.pattern, given)
    if "this" not in rows.certain:
        rows = translator.join(given.relation, rows)
    computed = rows.columns.get("path") if "path" in query.names else None
    if computed is not None and computed.kind != "term":
        raise NotTranslatable("?path is computed")
    shown = _shown(rows, query.names, path, facts)
    tables = ", ".join(f"{name} ({sql})" for name, sql in translator.tables)
    sql = f"WITH {tables} SELECT DISTINCT {shown} FROM {rows.source('r')}"
    return Relation(sql, "sql", "", query.names)


def _current(sparql: Sparql, shape: str | None) -> Sparql:
    """A query with its shape put in for `$currentShape`."""
    names = {token.value[1:] for token in tokens(sparql.select) if token.kind == "variable"}
    unknown = "$shapesGraph" if "shapesGraph" in names else "$currentShape"
    if "shapesGraph" in names or ("currentShape" in names and shape is None):
        raise InputError(
            f"the query of <{sparql.id}> asks for {unknown}, which is not at hand",
            hint="leave it out: SHACL lets a validator do without it (section 5.3.1)",
        )
    if "currentShape" not in names:
        return sparql
    spelled = (
        f"<{shape}>" if token.kind == "variable" and token.value[1:] == "currentShape"
        else token.text
        for token in tokens(sparql.select)
    )  # fmt: skip
    return replace(sparql, select="".join(spelled))


def _check(query: Project, *, scoped: bool) -> None:
    asked = [triple for part in walk(query) for triple in getattr(part, "triples", ())]
    if scoped:
        predicates = {t.predicate.name for t in asked if isinstance(t.predicate, Var)}
        if predicates & {name for triple in asked for name in _ends(triple)}:
            raise NotTranslatable("a variable for a predicate and a node, graph by graph")


def _ends(triple: Triple) -> set[str]:
    return {end.name for end in (triple.subject, triple.object) if isinstance(end, Var)}


def _given(translator: Translator, focus: str, *, scoped: bool) -> Given:
    this = cols.term(translator.index("this"), True)
    held = {"this": this}
    shown = f"f AS {this.names[0]}"
    if scoped:
        held[SCOPE] = cols.term(translator.index(SCOPE), True)
        shown += f", {triples.graph('f')} AS {held[SCOPE].names[0]}"
    source = focus if focus.lstrip().startswith("(") else f"({focus})"
    name = translator.named(f"SELECT DISTINCT {shown} FROM {source} AS asked")
    return Given(Rows(name, held), frozenset(held))


def _kind(column: cols.Column) -> list[str]:
    """What a computed value is: its datatype or "IRI", and its language."""
    datatype = _DATATYPES.get(column.kind, f"{XSD}decimal")
    language = f"r.{column.names[1]}" if column.kind == "language" else "NULL"
    return [f"'{datatype}' AS k_value", f"CAST({language} AS VARCHAR) AS l_value"]


def _shown(rows: Rows, names: tuple[str, ...], path: Path | None, facts: Facts) -> str:
    this = f"r.{rows.columns['this'].names[0]}"
    value = path_ = "CAST(NULL AS BIGINT)"
    cells: list[str] = []
    scope = Scope({}, facts, lambda _test, _scope: "")
    for name in once.apart(names):
        column = rows.columns.get(name)
        quoted = name.replace('"', '""')
        if column is None or column.kind == "term":
            place = "CAST(NULL AS BIGINT)" if column is None else f"r.{column.names[0]}"
            cells.append(f'{place} AS "v_{quoted}"')
            if name == "value":
                value = place
            elif name == "path":
                path_ = place
        else:
            text = scope.lexical(cols.value(column, "r", scope, None))
            cells.append(f'{text} AS "t_{quoted}"')
            if name == "value":
                cells += _kind(column)
    if path is None and "value" in names and rows.columns.get("value") is not None:
        # What is computed has no id: its text stands beside it, and nothing there is no value.
        computed = rows.columns["value"].kind != "term"
        value = value if computed else f"COALESCE({value}, {this})"
    elif path is None:
        value = this if value.startswith("CAST") else f"COALESCE({value}, {this})"
    return ", ".join([f"{this} AS f", f"{value} AS value", f"{path_} AS path", *cells])
