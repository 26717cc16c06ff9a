"""The query of a SPARQL constraint, asked of a small graph for all its focus nodes at once.

Pre-binding (SHACL, appendix A) wants `$this` bound everywhere, filters of inner groups included. So
each group begins by choosing it among the focus nodes; as inner SELECTs must hand it on, what is
joined belongs to one node. Where a query counts or cuts off, each node is asked for by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode

from gsefgraph.errors import UsageError
from gsefgraph.shacl.judge.view import Row, Term
from gsefgraph.sparql.terminals import significant

if TYPE_CHECKING:
    from gsefgraph.engine.small import Small

_ALONE = frozenset(
    {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT", "GROUP", "HAVING", "LIMIT",
     "OFFSET"}
)  # fmt: skip


def select(small: Small, query: str, focus: Sequence[Term]) -> tuple[Sequence[str], Sequence[Row]]:
    """Solutions of a SELECT with `$this` bound to each of some nodes.

    Parameters:
        query: legal for pre-binding, with its prefixes.
        focus: the nodes, of any kind.

    Returns:
        the variables, ``this`` first, and the rows, sorted as text.

    Errors:
        SyntaxFault, EngineError; UsageError: GRAPH, which asks of no data graph, for a blank node.

    >>> from gsefgraph.engine.small import Small
    >>> from pyoxigraph import NamedNode
    >>> select(Small(()), "SELECT $this { FILTER(isIRI($this)) }", [NamedNode("a:s")])
    (['this'], [[<NamedNode value=a:s>]])
    """
    parts, alone, graphs = _groups(query)
    if not alone:
        variables, rows = small.select(_choice(small, focus, graphs).join(parts))
        if "this" in variables:
            return _in_order(variables, rows)
    found: list[Row] = []
    variables = ("this",)
    for node in focus:
        variables, rows = small.select(_choice(small, [node], graphs).join(parts))
        if "this" not in variables:
            variables = ("this", *variables)
            rows = [(node, *row) for row in rows]
        found += rows
    return _in_order(variables, found)


def _choice(small: Small, focus: Sequence[Term], graphs: bool) -> str:
    if not graphs:
        return f" {small.mark(focus, 'this')} "
    for node in focus:
        if isinstance(node, BlankNode):
            raise UsageError(
                "a query with GRAPH cannot be asked of a blank node",
                hint="a data graph has no named graphs: leave GRAPH out",
            )
    return f" VALUES ?this {{ {' '.join(map(str, focus))} }} "


def _in_order(variables: Sequence[str], rows: Sequence[Row]) -> tuple[Sequence[str], Sequence[Row]]:
    first = variables.index("this")
    order = [first, *(place for place in range(len(variables)) if place != first)]
    found = [[row[place] for place in order] for row in rows]
    return [variables[place] for place in order], sorted(found, key=str)


@lru_cache(maxsize=256)
def _groups(query: str) -> tuple[tuple[str, ...], bool, bool]:
    """The text of a query cut where each group begins; whether its nodes must be asked for one by
    one; whether it asks for named graphs.
    """
    tokens = list(significant(query))
    parts: list[str] = []
    start = 0
    alone = graphs = data = False
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        word = token.value.upper() if token.kind == "word" else ""
        alone = alone or word in _ALONE
        graphs = graphs or word == "GRAPH"
        data = data or word == "VALUES"
        if token.kind == "mark" and token.value == "{":
            inner = after is not None and after.kind == "word" and after.value.upper() == "SELECT"
            if not inner and not data:
                parts.append(query[start : token.end])
                start = token.end
            data = False
    return (*parts, query[start:]), alone, graphs
