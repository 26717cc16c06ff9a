"""Property paths of all kinds, walked for many nodes at once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.engine.ask import Scratch
from gsefgraph.shacl.judge.memory import Memory
from gsefgraph.shacl.judge.paths import Reached, walk
from gsefgraph.sparql.path import Path
from gsefgraph.terms import Term

P, Q = Path.of("urn:p"), Path.of("urn:q")
GRAPH = """
a p b; b p c; c p a; c p d; a q x; b q x; x q a; d p d; a p "l"
""".replace(";", "\n")


def term(text: str) -> Term:
    return Literal(text.strip('"')) if text.startswith('"') else NamedNode(f"urn:{text}")


def triple(line: str) -> Triple:
    subject, predicate, value = map(term, line.split())
    return Triple(subject, predicate, value)  # type: ignore[arg-type]


def reached(path: Path, nodes: Sequence[Term], view: Memory) -> tuple[Reached, int]:
    """Where a path leads, and in how many steps it read that."""
    walking = walk(path.normal(), nodes, view)
    steps = 0
    while True:
        try:
            next(walking)
        except StopIteration as end:
            return end.value, steps
        steps += 1


VIEW = Memory(map(triple, filter(str.strip, GRAPH.splitlines())))


def star(mark: str, *parts: Path) -> Path:
    return Path(mark, parts=parts)


PATHS = [
    (P, "a", "b l", 1),
    (P, "x", "", 1),
    (star("^", P), "a", "c", 1),
    (star("^", P), "l", "a", 1),
    (star("^", star("^", P)), "a", "b l", 1),
    (star("/", P, P), "a", "c", 2),
    (star("/", P, P, Q), "c", "x", 3),
    (star("/", Q, star("^", Q)), "a", "a b", 2),
    (star("^", star("/", P, Q)), "x", "a c", 2),
    (star("|", P, Q), "a", "b l x", 1),
    (star("|", star("/", P, Q), Q, star("/", Q, Q)), "a", "x a", 2),
    (star("^", star("|", P, Q)), "a", "c x", 1),
    (star("?", P), "a", "a b l", 1),
    (star("?", P), "d", "d", 1),
    (star("*", P), "b", "b c a d l", 3),
    (star("+", P), "b", "c a d b l", 3),
    (star("+", P), "d", "d", 1),
    (star("+", Q), "a", "x a", 2),
    (star("*", Q), "l", "l", 1),
    (star("+", star("^", P)), "a", "c b a", 3),
    (star("^", star("*", P)), "a", "a c b", 3),
    (star("+", star("/", P, Q)), "a", "x", 4),
    (star("*", star("|", P, star("^", Q))), "x", "x a b c d l", 4),
    (star("/", star("*", P), Q), "c", "x", 4),
    (star("/", P, star("+", Q)), "x", "", 1),
]


@pytest.mark.parametrize(("path", "start", "ends", "steps"), PATHS, ids=str)
def test_each_path(path: Path, start: str, ends: str, steps: int) -> None:
    node = term(f'"{start}"' if start == "l" else start)
    found, taken = reached(path, [node], VIEW)
    assert {n.value.removeprefix("urn:") for n in found[node]} == set(ends.split())
    assert len(found[node]) == len(set(found[node]))
    assert taken <= steps + (path.operator in "*+/" and bool(path.operator))


def test_steps_do_not_depend_on_how_many_nodes() -> None:
    nodes = [term(name) for name in "abcdx"]
    path = star("/", star("|", P, Q), star("^", Q))
    found, steps = reached(path, nodes, VIEW)
    assert steps == 2
    assert list(found) == nodes


PREDICATES = st.sampled_from([P, Q])
TREES = st.recursive(
    PREDICATES,
    lambda inner: st.one_of(
        st.builds(lambda p: star("^", p), inner),
        st.builds(lambda *p: star("/", *p), inner, inner),
        st.builds(lambda *p: star("|", *p), inner, inner),
        st.builds(lambda m, p: star(m, p), st.sampled_from("?+*"), inner),
    ),
    max_leaves=5,
)
NODES = st.sampled_from([term(name) for name in "abcd"])


def written(path: Path) -> str:
    if not path.operator:
        return f"<{path.predicate}>"
    parts = [f"({written(part)})" for part in path.parts]
    if path.operator in "/|":
        return path.operator.join(parts)
    return f"^{parts[0]}" if path.operator == "^" else f"{parts[0]}{path.operator}"


@given(TREES, st.lists(st.tuples(NODES, st.sampled_from("pq"), NODES), min_size=1, max_size=8))
def test_paths_lead_where_sparql_says(path: Path, facts: list[tuple[Term, str, Term]]) -> None:
    triples = [Triple(s, NamedNode(f"urn:{p}"), o) for s, p, o in facts]  # type: ignore[arg-type]
    nodes = list(dict.fromkeys(n for s, _, o in facts for n in (s, o)))
    found, _ = reached(path, nodes, Memory(triples))
    _, rows = Scratch.of(triples).select(f"SELECT DISTINCT ?s ?o {{ ?s {written(path)} ?o }}")
    assert {(s, o) for s in found for o in found[s]} == set(rows)
