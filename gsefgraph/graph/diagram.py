"""The diagram of an ontology: classes on an ellipse, arrows for the properties between them.

The order on the ellipse has few crossings, and is the same for the same classes and arrows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import atan2, cos, hypot, pi, sin
from textwrap import shorten
from typing import Final

from gsefgraph.graph.vocabulary import Vocabulary
from gsefgraph.graph.words import Ref

_ARROWS: Final = 4  # that one property draws; of more, the table tells
_WIDE: Final = 1160
_HIGH: Final = 600
_NAME: Final = 38  # characters beside a node; the list has all
_RADIUS: Final = 20.0
_ROUNDS: Final = 6


@dataclass(frozen=True)
class Node:
    """A class: its number, its place, and how its name, or what of it fits, stands beside it."""

    number: int
    ref: Ref
    name: str
    x: float
    y: float
    anchor: str
    name_x: float
    name_y: float


@dataclass(frozen=True)
class Edge:
    """A line from class to class: ``stated``, ``derived`` or ``above``; a loop is a circle."""

    kind: str
    x1: float
    y1: float
    x2: float
    y2: float
    loop: bool = False


@dataclass(frozen=True)
class Arrow:
    """A property from a class to another one of the diagram, for the list beside it."""

    ref: Ref
    derived: bool
    number: int
    to: Ref


@dataclass(frozen=True)
class Diagram:
    """Nodes in the order of the list, each with its arrows; lines; the size of the picture."""

    nodes: tuple[tuple[Node, tuple[Arrow, ...]], ...]
    edges: tuple[Edge, ...]
    width: int = _WIDE
    height: int = _HIGH


def draw(words: Vocabulary) -> Diagram:
    """The diagram of an ontology.

    >>> from gsefgraph.graph.graph import Graph
    >>> diagram = draw(Vocabulary.of(Graph.open(), "en"))
    >>> [node.ref.label for node, _ in diagram.nodes][:2], diagram.edges[0].kind
    (['Stance', 'Goal link'], 'derived')
    """
    arrows = _arrows(words)
    pairs: dict[tuple[str, str], str] = {}
    for start, prop, end in arrows:
        kind = "derived" if prop in words.derived else "stated"
        pairs[start, end] = "stated" if pairs.get((start, end)) == "stated" else kind
    for name in words.classes:
        for up in words.above(name):
            if up in words.classes:
                pairs.setdefault((name, up), "above")
    lines = {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}
    ring = _ring(tuple(sorted(words.classes)), tuple(sorted(lines)))
    places = {name: _place(index, len(ring)) for index, name in enumerate(ring)}
    numbers = {name: number for number, name in enumerate(ring, 1)}
    nodes = []
    for name in ring:
        leaving = tuple(
            Arrow(words.ref(prop), prop in words.derived, numbers[end], words.ref(end))
            for start, prop, end in arrows
            if start == name
        )
        nodes.append((_node(numbers[name], words.ref(name), places[name]), leaving))
    edges = tuple(_edge(kind, places[a], places[b]) for (a, b), kind in sorted(pairs.items()))
    return Diagram(tuple(nodes), edges)


def _arrows(words: Vocabulary) -> list[tuple[str, str, str]]:
    found = []
    for prop in words.properties:
        starts = [name for name in words.domains(prop) if name in words.classes]
        ends = [name for name in words.ranges(prop) if name in words.classes]
        if len(starts) * len(ends) <= _ARROWS:
            found += [(start, prop, end) for start in starts for end in ends]
    return found


@lru_cache(8)
def _ring(names: tuple[str, ...], lines: tuple[tuple[str, str], ...]) -> list[str]:
    """The classes in an order round the ellipse with short lines that seldom cross."""
    ring = [*names]

    def cost(order: Sequence[str]) -> tuple[int, int]:
        at = {name: index for index, name in enumerate(order)}
        spans = [sorted((at[a], at[b])) for a, b in lines]
        crossed = sum(a < c < b < d or c < a < d < b for (a, b), (c, d) in combinations(spans, 2))
        return crossed, sum(min(b - a, len(order) - b + a) for a, b in spans)

    best = cost(ring)
    for _ in range(_ROUNDS):
        before = best
        for i, j in combinations(range(len(ring)), 2):
            ring[i], ring[j] = ring[j], ring[i]
            found = cost(ring)
            if found < best:
                best = found
            else:
                ring[i], ring[j] = ring[j], ring[i]
        if best == before:
            break
    return ring


def _place(index: int, count: int) -> tuple[float, float]:
    angle = 2 * pi * index / max(count, 1) - pi / 2
    return round(_WIDE / 2 + 320 * cos(angle), 1), round(_HIGH / 2 + 240 * sin(angle), 1)


def _node(number: int, ref: Ref, place: tuple[float, float]) -> Node:
    x, y = place
    name = shorten(ref.label, _NAME, placeholder="…")
    side = (x > _WIDE / 2 + 40) - (x < _WIDE / 2 - 40)
    if side:
        return Node(number, ref, name, x, y, "start" if side > 0 else "end", x + side * 28, y + 6)
    return Node(number, ref, name, x, y, "middle", x, y + (40 if y > _HIGH / 2 else -28))


def _edge(kind: str, start: tuple[float, float], end: tuple[float, float]) -> Edge:
    (x1, y1), (x2, y2) = start, end
    if start == end:
        # Towards the middle, where no name stands.
        angle = atan2(y1 - _HIGH / 2, x1 - _WIDE / 2)
        far = _RADIUS + 4
        return Edge(
            kind, round(x1 - far * cos(angle), 1), round(y1 - far * sin(angle), 1), 14, 14, True
        )
    length = hypot(x2 - x1, y2 - y1)
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    return Edge(
        kind,
        round(x1 + dx * _RADIUS, 1),
        round(y1 + dy * _RADIUS, 1),
        round(x2 - dx * (_RADIUS + 6), 1),
        round(y2 - dy * (_RADIUS + 6), 1),
    )
