# ruff: noqa: S608 - ids go into statements as numbers, texts through `values.quoted`
"""Triple patterns as rows of `triple` or `scoped`: constants, predicates, property paths."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from gsefgraph.shacl.query.facts import Facts
from gsefgraph.shacl.query.values import NotTranslatable
from gsefgraph.sparql.algebra import Bgp, Const, End, Triple, Var
from gsefgraph.sparql.path import Path

GRAPH_BITS, GRAPH_MASK = 30, (1 << 22) - 1
MASK = ~(GRAPH_MASK << GRAPH_BITS)


def graph(place: str) -> str:
    """SQL of the number of the graph that a scoped id is in."""
    return f"(({place} >> {GRAPH_BITS}) & {GRAPH_MASK})"


def stars(node: Bgp) -> list[tuple[Triple, ...]]:
    """A basic graph pattern in parts, where it describes several nodes by several triples each.

    >>> from gsefgraph.sparql.parsing import select
    >>> text = "SELECT ?this { ?this <a:p> ?x ; <a:q> ?y . ?z <a:p> ?x ; <a:q> ?y . ?y <a:r> ?x }"
    >>> [len(part) for part in stars(select(text).pattern)]
    [2, 2, 1]
    """
    about: dict[End, list[Triple]] = {}
    for triple in node.triples:
        about.setdefault(triple.subject, []).append(triple)
    large = [tuple(part) for part in about.values() if len(part) > 1]
    if len(large) < 2:
        return [node.triples]
    rest = tuple(t for part in about.values() if len(part) == 1 for t in part)
    return [*large, rest] if rest else large


def source(
    triple: Triple, alias: str, facts: Facts, mask: int | None
) -> tuple[str, list[tuple[str, str]], list[str]]:
    """What to write behind FROM, which variable is where in it, and what must hold.

    Errors:
        NotTranslatable: a path of any length, or a negated one.
    """
    table = "triple" if mask is None else "scoped"
    ends: list[tuple[str, str]] = []
    tests: list[str] = []
    flipped = False
    predicate = triple.predicate
    if isinstance(predicate, Var):
        written = f"{table} {alias}"
        ends.append((predicate.name, f"{alias}.p"))
    else:
        path = simple(predicate)
        while path.operator == "^":
            flipped, path = not flipped, simple(path.parts[0])
        listed = _predicates(path)
        if listed is not None:
            written = f"{table} {alias}"
            tests.append(_among(f"{alias}.p", listed, facts))
        else:
            written = f"({pairs(path, table, facts)}) {alias}"
    subject, value = ("o", "s") if flipped else ("s", "o")
    for end, place in ((triple.subject, subject), (triple.object, value)):
        _place(end, f"{alias}.{place}", facts, mask, ends, tests)
    return written, ends, tests


def _place(
    end: End,
    place: str,
    facts: Facts,
    mask: int | None,
    ends: list[tuple[str, str]],
    tests: list[str],
) -> None:
    match end:
        case Var(name):
            ends.append((name, place))
        case Const(NamedNode() | Literal() as term):
            bare = place if mask is None else f"({place} & {mask})"
            tests.append(f"{bare} = {facts.id(term)}")


def simple(path: Path) -> Path:
    """A path without needless operators, inverses inside.

    >>> simple(Path("^", parts=(Path("/", parts=(Path.of("a:p"), Path.of("a:q"))),))).text(str)
    '^a:q/^a:p'
    """
    if path.operator == "^":
        (inner,) = (simple(part) for part in path.parts)
        if inner.operator == "^":
            return inner.parts[0]
        if inner.operator in ("/", "|"):
            turned = tuple(simple(Path("^", parts=(part,))) for part in inner.parts)
            return Path(inner.operator, parts=turned[::-1] if inner.operator == "/" else turned)
        return Path("^", parts=(inner,))
    if path.operator in ("/", "|") and len(path.parts) == 1:
        return simple(path.parts[0])
    return Path(path.operator, path.predicate, tuple(map(simple, path.parts)))


def pairs(path: Path, table: str, facts: Facts) -> str:
    """A SELECT of the pairs s, o that a path joins.

    Errors:
        NotTranslatable.
    """
    listed = _predicates(path)
    if listed is not None:
        return f"SELECT s, o FROM {table} WHERE {_among('p', listed, facts)}"
    if path.operator == "^":
        return f"SELECT o AS s, s AS o FROM ({pairs(path.parts[0], table, facts)})"
    if path.operator == "|":
        return " UNION ALL ".join(f"({pairs(part, table, facts)})" for part in path.parts)
    if path.operator == "/":
        sides = [f"({pairs(part, table, facts)}) p{n}" for n, part in enumerate(path.parts)]
        last = len(sides) - 1
        joins = " AND ".join(f"p{n}.o = p{n + 1}.s" for n in range(last))
        return f"SELECT p0.s, p{last}.o FROM {', '.join(sides)} WHERE {joins}"
    raise NotTranslatable("a path of any length" if path.operator in "*+?" else "a negated path")


def _predicates(path: Path) -> list[str] | None:
    if not path.operator:
        return [path.predicate]
    if path.operator == "|":
        parts = [_predicates(part) for part in path.parts]
        if all(part is not None for part in parts):
            return [iri for part in parts for iri in part or ()]
    return None


def _among(place: str, iris: list[str], facts: Facts) -> str:
    ids = sorted({facts.id(NamedNode(iri)) for iri in iris})
    if len(ids) == 1:
        return f"{place} = {ids[0]}"
    return f"{place} IN ({', '.join(map(str, ids))})"
