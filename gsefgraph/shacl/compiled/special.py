"""Constraints in SPARQL and of components that a shapes graph declares itself.

The triples whose predicates the query names are written from the columns into one store, with the
nodes it is asked about; by the key of its row each solution finds its way back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain

from pyoxigraph import Literal, NamedNode, Quad

from gsefgraph.columns.layout import GRAPH, GRAPHS, PLACES, SCOPE_MASK, STRING
from gsefgraph.columns.lines import quads, spelled
from gsefgraph.engine.ask import ASKED, Scratch, rows, stored
from gsefgraph.shacl.compiled.paths import Values
from gsefgraph.shacl.compiled.run import NOTHING, Run
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.model import Constraint, Shape
from gsefgraph.shacl.sparql import reach
from gsefgraph.shacl.sparql.binding import GRAPH as GRAPH_NAME
from gsefgraph.shacl.sparql.results import KNOWN, Question, known, results
from gsefgraph.terms import XSD, Term

KINDS = ("SPARQL", "Custom")
_GRAPHS = f"{ASKED}:graph:"
# Forms that a store keeps as they are; others it may write in another way.
_PLAIN: Mapping[str, str] = {
    "integer": "-?[1-9][0-9]{0,17}|0",
    "decimal": r"-?(0|[1-9][0-9]{0,8})\.[0-9]{0,8}[1-9]",
    "boolean": "true|false",
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "dateTime": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3])(:[0-9]{2}){2}",
    "gYear": "[0-9]{4}",
    "gYearMonth": "[0-9]{4}-[0-9]{2}",
    "anyURI": ".*",
}


def evaluate(
    run: Run, shape: Shape, constraint: Constraint, values: Values
) -> Iterator[tuple[int, Result]]:
    """The results of a constraint of a shape for all focus nodes, each with the id of its own."""
    found = _results(run, shape, constraint, values)
    return ((int(key.partition("-")[0]), result) for key, result in found)


def query(run: Run, shape: Shape, constraint: Constraint, values: Values) -> str:
    """The query of the focus nodes f at fault."""
    wrong = {key.partition("-")[0] for key, _ in _results(run, shape, constraint, values)}
    bad = ", ".join(f"({key})" for key in sorted(wrong))
    return f"SELECT f FROM (VALUES {bad}) w (f)" if bad else NOTHING


def _results(
    run: Run, shape: Shape, constraint: Constraint, values: Values
) -> list[tuple[str, Result]]:
    question = Question.of(constraint)
    pairs = values.pairs if question.ask else f"(SELECT f, f AS v FROM {values.focus.table})"
    key = "f || '-' || v" if question.ask else "f::VARCHAR"
    keyed = run.table(f"SELECT f, v, {key} AS k FROM {pairs}")
    source = _Source(run, question, keyed)
    scratch = Scratch(chain(source.triples(), source.rows(), source.constants()), source.odd)

    def keys() -> list[str]:
        return [row[0] for row in run.rows(f"SELECT k FROM {keyed}")]

    def terms(found: Collection[str]) -> Mapping[str, tuple[Term, Term]]:
        mask = SCOPE_MASK if run.scoped else -1
        ids = {key: [int(part) & mask for part in key.split("-")] for key in found}
        nodes = run.ids.decode({node for pair in ids.values() for node in pair})
        return {key: (nodes[pair[0]], nodes[pair[-1]]) for key, pair in ids.items()}

    return results(shape, constraint, question, scratch, keys, terms, scoped=run.scoped)


class _Source:
    """What a question is asked of, as quads.

    Parameters:
        keyed: a table of the rows: f the focus node, v the value node, k the key.
    """

    def __init__(self, run: Run, question: Question, keyed: str) -> None:
        self.run = run
        self.question = question
        self.keyed = keyed
        self._where = ""
        predicates = reach.predicates(question.text)
        if predicates is not None:
            near = reach.near(question.text, question.names)
            self._where = (
                f"WHERE t.p IN ({self._ids(predicates - near)}) OR t.p IN ({self._ids(near)}) "
                f"AND t.s IN (SELECT f FROM {keyed} UNION SELECT v FROM {keyed})"
            )

    def triples(self) -> Iterator[Quad]:
        """The triples that the query can read; where scoped, in a graph for each graph."""
        return self._quads(
            f"SELECT CASE WHEN s.id >> {PLACES} = 0 THEN '<' || s.lex || '>' ELSE '_:' || s.lex END"
            f" || ' <' || p.lex || '> ' || {spelled('o', 'd')}{self._graph('t.s')} || ' .' "
            f"FROM {self.run.triples} t JOIN term s ON s.id = {self.run.bare('t.s')} "
            f"JOIN term p ON p.id = t.p JOIN term o ON o.id = {self.run.bare('t.o')} "
            f"JOIN datatype d ON d.code = o.id >> {PLACES} {self._where}"
        )

    def rows(self) -> Iterator[Quad]:
        """The nodes of each row, and its graph where scoped."""
        names = self.question.names
        for name, column in zip(names, "fv", strict=False):
            bare = self.run.bare(f"a.{column}")
            graph = self._graph("a.f")
            row = f"'<{ASKED}:row:' || a.k || '> <{ASKED}:{name}> ' || "
            node = f"'<{KNOWN}> <{KNOWN}> ' || "
            joined = (
                f"FROM {self.keyed} a JOIN term o ON o.id = {bare} "
                f"JOIN datatype d ON d.code = o.id >> {PLACES}"
            )
            yield from self._quads(f"SELECT {row}{spelled('o', 'd')} || ' <{ASKED}> .' {joined}")
            if name in self.question.starts:
                yield from self._quads(f"SELECT {node}{spelled('o', 'd')}{graph} || ' .' {joined}")
            yield from self._invented(name, column)
        if self.run.scoped:
            yield from self._quads(
                f"SELECT '<{ASKED}:row:' || a.k || '> <{ASKED}:{GRAPH_NAME}>'"
                f"{self._graph('a.f')} || ' <{ASKED}> .' FROM {self.keyed} a"
            )

    def constants(self) -> Iterator[Quad]:
        """What is the same for all rows, in each graph where scoped."""
        for quad in self.question.quads:
            if quad.predicate.value == KNOWN and self.run.scoped:
                for (bits,) in self.run.rows(f"SELECT bits FROM {self.run.graphs}"):
                    yield known(quad.object, NamedNode(f"{_GRAPHS}{bits >> GRAPH}"))  # type: ignore[arg-type]
            else:
                yield quad

    def odd(self) -> list[Literal]:
        """Literals that are read and that a store may write in another way."""
        plain = " OR ".join(
            f"d.iri = '{XSD}{name}' AND regexp_full_match(o.lex, '{form}')"
            for name, form in _PLAIN.items()
        )
        objects = f"SELECT t.o FROM {self.run.triples} t {self._where}"
        found = self.run.rows(
            f"SELECT o.id FROM term o JOIN datatype d ON d.code = o.id >> {PLACES} "
            f"WHERE o.id >> {PLACES} > {STRING} AND starts_with(d.iri, '{XSD}') "
            f"AND NOT ({plain}) AND (o.id IN ({objects}) "
            f"OR o.id IN (SELECT {self.run.bare('f')} FROM {self.keyed}) "
            f"OR o.id IN (SELECT {self.run.bare('v')} FROM {self.keyed}))"
        )
        terms = self.run.ids.decode([row[0] for row in found]).values()
        odd = [term for term in terms if isinstance(term, Literal)]
        # A form that stands in the data as well is its own.
        return [*odd, *self.run.columns.ids(stored(odd).values())]  # type: ignore[list-item]

    def _invented(self, name: str, column: str) -> Iterator[Quad]:
        """Rows with nodes that the data does not mention."""
        made = ", ".join(map(str, self.run.ids.invented)) or "-1"
        bare = self.run.bare(f"a.{column}")
        found = self.run.rows(f"SELECT k, {column} FROM {self.keyed} a WHERE {bare} IN ({made})")
        for key, node in found:
            term = self.run.ids.invented[node & SCOPE_MASK if self.run.scoped else node]
            yield from rows([(key, {name: term})])
            if name in self.question.starts:
                number = node >> GRAPH & (GRAPHS - 1)
                yield known(term, NamedNode(f"{_GRAPHS}{number}") if self.run.scoped else None)

    def _ids(self, predicates: Iterable[str]) -> str:
        return ", ".join(str(self.run.ids.iri(iri)) for iri in sorted(predicates)) or "-1"

    def _quads(self, sql: str) -> Iterator[Quad]:
        return quads(row[0] for row in self.run.rows(sql))

    def _graph(self, column: str) -> str:
        """What writes the graph that an id is of, number 0 for literals; nothing for the union."""
        if not self.run.scoped:
            return ""
        return f" || ' <{_GRAPHS}' || (({column} >> {GRAPH}) & {GRAPHS - 1}) || '>'"
