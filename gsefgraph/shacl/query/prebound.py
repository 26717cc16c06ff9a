"""A SELECT whose `$this` is one of some nodes, written so that joining is pre-binding.

Pre-binding (SHACL, appendix A) puts the node everywhere: into filters of inner groups, OPTIONAL,
EXISTS and SELECTs inside. A group is evaluated by itself first (SPARQL 1.1, section 18), so a
choice of nodes at the top alone would leave `$this` unbound there. Each group in which it stands
begins with the choice instead; as all of them have it as a variable, what is joined belongs to one
node. What counts over all solutions, or cuts them off, is right only where it is grouped by node.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gsefgraph.sparql import parsing
from gsefgraph.sparql.algebra import Bgp, Var, walk
from gsefgraph.sparql.parsing import Unreadable
from gsefgraph.sparql.path import Path
from gsefgraph.sparql.terminals import Token, significant

_CUTS = ("LIMIT", "OFFSET")
_COUNTS = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT", "HAVING")


@dataclass(slots=True)
class _Group:
    """A group of a query's text, or one of its SELECTs: from where to where, in tokens."""

    start: int
    end: int
    select: int | None = None


def chosen(select: str, choice: str) -> str | None:
    """The query with a pattern that binds `?this` in each group in which it stands.

    Returns:
        None where joining is not pre-binding: aggregates that are not grouped by `$this`, LIMIT.

    >>> text = "SELECT $this { $this <a:p> ?o { FILTER(isIRI($this)) } { ?s ?p ?o } }"
    >>> chosen(text, "CHOICE")
    'SELECT $this { CHOICE $this <a:p> ?o { CHOICE FILTER(isIRI($this)) } { ?s ?p ?o } }'
    """
    return None if _apart(select) else _inserted(select, choice)


def starts_empty(select: str) -> bool:
    """Whether a path of length zero begins or ends at `$this`.

    Then it leads from any node to itself, where a variable only meets nodes of the graph.
    """
    try:
        query = parsing.select(select)
    except Unreadable:
        return False
    return any(
        not isinstance(triple.predicate, Var)
        and _empty(triple.predicate)
        and Var("this") in (triple.subject, triple.object)
        for part in walk(query)
        if isinstance(part, Bgp)
        for triple in part.triples
    )


def _empty(path: Path) -> bool:
    if path.operator in ("*", "?"):
        return True
    if path.operator == "|":
        return any(map(_empty, path.parts))
    return path.operator in ("/", "^", "+") and all(map(_empty, path.parts))


@lru_cache(maxsize=256)
def _apart(select: str) -> bool:
    tokens = significant(select)
    groups = list(_groups(tokens))
    for group in groups:
        inner = [g for g in groups if g.start > group.start and g.end <= group.end]
        own = list(_outside(range(group.start, group.end), inner))
        if group.select is None and group.start > 0:
            continue
        words = [tokens[i].value.upper() for i in own if tokens[i].kind == "word"]
        if any(word in _CUTS for word in words):
            return True
        if (any(word in _COUNTS for word in words) or "GROUP" in words) and not _by_this(
            tokens, own
        ):
            return True
    return False


def _by_this(tokens: Sequence[Token], own: Sequence[int]) -> bool:
    """Whether ``GROUP BY`` has `$this` among its variables."""
    depth = 0
    grouped = False
    for place in own:
        token = tokens[place]
        word = token.value.upper() if token.kind == "word" else ""
        if token.kind == "mark":
            depth += (token.value == "(") - (token.value == ")")
        if word == "GROUP":
            grouped = True
        elif word in ("HAVING", "ORDER"):
            grouped = False
        elif grouped and depth == 0 and _is_this(token):
            return True
    return False


def _outside(places: range, inner: Sequence[_Group]) -> Iterator[int]:
    for place in places:
        if not any(group.start <= place < group.end for group in inner):
            yield place


@lru_cache(maxsize=256)
def _inserted(select: str, choice: str) -> str:
    tokens = significant(select)
    pieces: list[str] = []
    done = 0
    for group in _groups(tokens):
        held = tokens[group.start : group.end]
        if group.select is not None or group.start == 0:
            continue
        whole = group.start == _first(tokens) or _after_select(tokens, group.start)
        if whole or any(map(_is_this, held)):
            place = held[0].end
            pieces += [select[done:place], f" {choice}"]
            done = place
    return "".join(pieces) + select[done:]


def _first(tokens: Sequence[Token]) -> int:
    return next(i for i, token in enumerate(tokens) if _opens(token))


def _after_select(tokens: Sequence[Token], place: int) -> bool:
    """Whether the group at a token is the pattern of a SELECT inside."""
    depth = 0
    for index in range(place - 1, -1, -1):
        token = tokens[index]
        if token.kind == "mark" and token.value in "(){}":
            depth += (token.value == ")") - (token.value == "(")
            if token.value in "{}":
                return False
        elif token.kind == "word" and depth == 0 and token.value.upper() == "SELECT":
            return True
    return False


def _groups(tokens: Sequence[Token]) -> Iterator[_Group]:
    """The whole query, then its groups and inner SELECTs in the order in which they begin."""
    yield _Group(0, len(tokens))
    for start, token in enumerate(tokens):
        if not _opens(token):
            continue
        after = tokens[start + 1] if start + 1 < len(tokens) else token
        inner = after.kind == "word" and after.value.upper() == "SELECT"
        yield _Group(start, _closing(tokens, start), start + 1 if inner else None)


def _closing(tokens: Sequence[Token], start: int) -> int:
    depth = 0
    for index in range(start, len(tokens)):
        token = tokens[index]
        if token.kind == "mark" and token.value in ("{", "}"):
            depth += 1 if token.value == "{" else -1
            if depth == 0:
                return index + 1
    return len(tokens)


def _opens(token: Token) -> bool:
    return token.kind == "mark" and token.value == "{"


def _is_this(token: Token) -> bool:
    return token.kind == "variable" and token.value[1:] == "this"
