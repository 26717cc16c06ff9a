"""A query whose variables are bound beforehand, written so that joining is pre-binding.

Pre-binding (SHACL, appendix A) puts a node everywhere: into filters of inner groups, OPTIONAL,
EXISTS and SELECTs inside. A group is evaluated by itself first (SPARQL 1.1, section 18), so a
choice of nodes at the top alone would leave `$this` unbound there. So each group in which a bound
variable stands begins with the choice, and each SELECT hands on which row of it was chosen: what is
joined, and what is grouped, belongs to one row. What cuts solutions off is asked row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from gsefgraph.sparql.terminals import Token, significant

ROW, GRAPH = "gsefgraph_row", "gsefgraph_graph"
"""Variables for the row and its graph, that no author has."""
_CUTS = ("LIMIT", "OFFSET")
_COUNTS = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT", "HAVING")
_MODIFIERS = ("DISTINCT", "REDUCED")
_ASK = "SELECT DISTINCT (1 AS ?gsefgraph_one)"


@dataclass(frozen=True, slots=True)
class Prebound:
    """A SELECT or ASK cut where something is put in.

    Attributes:
        pieces: of its text; between them what is put in, by the places in `between`.
        between: "choice" where a group begins, "graph" where one of a SELECT itself does, "end"
            where that ends, "row" where the row is handed on.
        alone: whether each row must be asked about by itself.
    """

    pieces: tuple[str, ...]
    between: tuple[str, ...]
    alone: bool

    @classmethod
    def of(cls, query: str, names: frozenset[str]) -> Prebound:
        """Where a query needs what.

        Parameters:
            query: legal for pre-binding, its prefixes declared.
            names: of the variables that are bound, without their mark.

        >>> text = "SELECT $this { $this <a:p> ?o { FILTER(isIRI($this)) } { ?s ?p ?o } }"
        >>> Prebound.of(text, frozenset(["this"])).text(lambda row: f"CHOICE {row}")
        'SELECT ?gsefgraph_row $this { CHOICE ?gsefgraph_row $this <a:p> ?o { CHOICE \
?gsefgraph_row FILTER(isIRI($this)) } { ?s ?p ?o } }'
        """
        return _cut(query, names)

    def text(
        self, choice: Callable[[str], str], *, row: str | None = None, scoped: bool = False
    ) -> str:
        """The SELECT to ask.

        Parameters:
            choice: gives the pattern that binds the variables, for a row: a variable, or the row.
            row: the one row that is asked about; None for all of them.
            scoped: on each named graph by itself; the choice binds the graph too.

        Returns:
            a SELECT that has the row among its variables where it is not given.
        """
        chosen = f" {choice(row or f'?{ROW}')}"
        put = {
            "choice": chosen,
            "graph": f" GRAPH ?{GRAPH} {{{chosen}" if scoped else chosen,
            "end": "}" if scoped else "",
            "row": "" if row else f" ?{ROW}",
        }
        found = [self.pieces[0]]
        for what, piece in zip(self.between, self.pieces[1:], strict=True):
            found += [put[what], piece]
        return "".join(found)


@lru_cache(maxsize=256)
def _cut(query: str, names: frozenset[str]) -> Prebound:
    tokens = significant(query)
    groups = _groups(tokens)
    alone = any(_apart(tokens, group, groups) for group in groups)
    # From where to where, what is put in there, and the text that goes before it.
    places: list[tuple[int, int, str, str]] = []
    for group in groups:
        if group.select:
            continue
        inside = tokens[group.start : group.end]
        start, end = inside[0].end, inside[-1].start
        # The pattern of a SELECT, or an EXISTS in what it projects or orders by.
        if group.top:
            places += [(start, start, "graph", ""), (end, end, "end", "")]
        elif any(token.kind == "variable" and token.value[1:] in names for token in inside):
            places.append((start, start, "choice", ""))
    for index, token in enumerate(tokens):
        word = token.value.upper() if token.kind == "word" else ""
        if word == "ASK":
            places.append((token.start, token.end, "row", _ASK))
        elif word == "SELECT":
            last = index + (tokens[index + 1].value.upper() in _MODIFIERS)
            if tokens[last + 1].value != "*":
                places.append((tokens[last].end, tokens[last].end, "row", ""))
        elif word == "BY" and tokens[index - 1].value.upper() == "GROUP":
            places.append((token.end, token.end, "row", ""))
    pieces: list[str] = []
    done = 0
    places.sort(key=lambda place: place[:2])
    for start, end, _, instead in places:
        pieces.append(query[done:start] + instead)
        done = end
    return Prebound((*pieces, query[done:]), tuple(what for _, _, what, _ in places), alone)


@dataclass(slots=True)
class _Group:
    """A group of a query's text, or one of its SELECTs, the whole query among them.

    Attributes:
        start, end: in tokens.
        select: whether it is a SELECT.
        top: whether it stands in one, and in no group of its pattern.
    """

    start: int
    end: int
    select: bool = True
    top: bool = False


def _apart(tokens: Sequence[Token], group: _Group, groups: Sequence[_Group]) -> bool:
    """Whether a SELECT cuts solutions off, or counts those of all rows together."""
    if not group.select:
        return False
    inner = [g for g in groups if g.start > group.start and g.end <= group.end]
    words = {
        tokens[place].value.upper()
        for place in range(group.start, group.end)
        if tokens[place].kind == "word" and not any(g.start <= place < g.end for g in inner)
    }
    return not words.isdisjoint(_CUTS) or ("GROUP" not in words and not words.isdisjoint(_COUNTS))


def _groups(tokens: Sequence[Token]) -> list[_Group]:
    """The whole query, then its groups and inner SELECTs in the order in which they begin."""
    inside = [_Group(0, len(tokens))]
    found = [*inside]
    for place, (token, after) in enumerate(pairwise(tokens)):
        if token.kind == "mark" and token.value == "{":
            inner = after.kind == "word" and after.value.upper() == "SELECT"
            inside.append(_Group(place, len(tokens), inner, inside[-1].select))
            found.append(inside[-1])
        elif token.kind == "mark" and token.value == "}":
            inside.pop().end = place + 1
    return found
