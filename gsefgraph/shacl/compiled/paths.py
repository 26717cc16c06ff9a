"""Value nodes of property paths (SHACL, section 2.3.1), all focus nodes at once."""

from __future__ import annotations

from functools import cached_property

from gsefgraph.shacl.compiled.run import Nodes, Run
from gsefgraph.sparql.path import Path


class Values:
    """The focus nodes of a shape, each with its value nodes.

    Parameters:
        focus: the focus nodes.
        path: of a property shape; None for a node shape, whose value nodes are the focus nodes.
        keep: its tables stay to the end of the run.
    """

    def __init__(self, run: Run, focus: Nodes, path: Path | None, *, keep: bool = False) -> None:
        self._keep = keep
        self.run = run
        self.focus = focus
        self.path = path

    @cached_property
    def pairs(self) -> str:
        """A relation of focus nodes f and value nodes v, each pair once."""
        if self.path is None:
            return f"(SELECT f, f AS v FROM {self.focus.table})"
        return self.run.table(reach(self.run, self.path, self.focus.table), keep=self._keep)

    @cached_property
    def nodes(self) -> Nodes:
        """The value nodes."""
        if self.path is None:
            return self.focus
        return Nodes(self.run, f"SELECT DISTINCT v AS f FROM {self.pairs}", keep=self._keep)

    @cached_property
    def empty(self) -> bool:
        """Whether no focus node has a value node."""
        return self.focus.empty if self.path is None else not self.run.sizes[self.pairs]

    def of(self, predicate: str) -> str:
        """A relation of the focus nodes f and their values v of a predicate."""
        return f"({reach(self.run, Path.of(predicate), self.focus.table)})"


def shared(run: Run, focus: Nodes, path: Path | None) -> Values:
    """The values of focus nodes, one table for all who ask before the next `Run.drop`."""
    found: Values | None = run.shared.get((focus, path))
    if found is None:
        found = run.shared[focus, path] = Values(run, focus, path)
    return found


def reach(run: Run, path: Path, nodes: str) -> str:
    """A query for the pairs f, v where v is reached over a path from f, each pair once.

    Parameters:
        nodes: a relation with the column f, each node once.
    """
    edge = _edge(run, path)
    if edge is not None:
        return f"SELECT e.a AS f, e.b AS v FROM {edge} e WHERE e.a IN (SELECT f FROM {nodes})"
    sql = _step(run, path, f"(SELECT f, f AS v FROM {nodes})")
    return f"SELECT DISTINCT f, v FROM {sql}"


def _step(run: Run, path: Path, start: str) -> str:
    """A relation f, v: one path further from the v of `start`, which is a relation f, v."""
    if path.operator == "/":
        for part in path.parts:
            start = _step(run, part, start)
        return start
    if path.operator == "|":
        start = _kept(run, start)
        steps = (f"SELECT f, v FROM {_step(run, part, start)}" for part in path.parts)
        return f"({' UNION '.join(steps)})"
    if path.operator == "?":
        start = _kept(run, start)
        step = _step(run, path.parts[0], start)
        return f"(SELECT f, v FROM {start} UNION SELECT f, v FROM {step})"
    if path.operator in ("*", "+"):
        return _closure(run, path, start)
    edge = _edge(run, path)
    if edge is None:  # the inverse of a larger path
        return _step(run, path.normal(), start)
    return f"(SELECT DISTINCT r.f, e.b AS v FROM {start} r JOIN {edge} e ON e.a = r.v)"


def _closure(run: Run, path: Path, start: str) -> str:
    (part,) = path.parts
    start = _kept(run, start)
    first = start if path.operator == "*" else _step(run, part, start)
    edge = _edges(run, part)
    if edge is not None:
        edge = run.table(f"SELECT a, b FROM {edge}")
        return (
            f"(WITH RECURSIVE far(f, v) AS (SELECT f, v FROM {first} UNION "
            f"SELECT far.f, e.b FROM far JOIN {edge} e ON e.a = far.v) SELECT f, v FROM far)"
        )
    found = run.table(f"SELECT DISTINCT f, v FROM {first}")
    fresh = found
    while run.sizes[fresh]:
        step = _step(run, part, fresh)
        fresh = run.table(f"SELECT DISTINCT f, v FROM {step} EXCEPT SELECT f, v FROM {found}")
        run.columns.execute(f"INSERT INTO {found} SELECT f, v FROM {fresh}")
    return found


def _edge(run: Run, path: Path) -> str | None:
    """A relation a, b of the edges of a predicate or its inverse; None for a larger path."""
    if not path.operator:
        p = run.ids.iri(path.predicate)
        return f"(SELECT s AS a, o AS b FROM {run.triples} WHERE p = {p})"
    if path.operator == "^" and not path.parts[0].operator:
        p = run.ids.iri(path.parts[0].predicate)
        return f"(SELECT o AS a, s AS b FROM {run.triples} WHERE p = {p})"
    return None


def _edges(run: Run, path: Path) -> str | None:
    """The same for an alternative of such paths as well."""
    if path.operator == "|":
        edges = [_edges(run, part) for part in path.parts]
        if all(edge is not None for edge in edges):
            return "(" + " UNION ".join(f"SELECT a, b FROM {edge}" for edge in edges) + ")"
    if path.operator == "^" and path.parts[0].operator:
        return _edges(run, path.normal())
    return _edge(run, path)


def _kept(run: Run, relation: str) -> str:
    """The same relation, kept as a table where it would be computed more than once."""
    if relation.startswith("shacl_"):
        return relation
    return run.table(f"SELECT f, v FROM {relation}")
