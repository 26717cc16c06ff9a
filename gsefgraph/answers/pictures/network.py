"""Network: things and what joins them, around one of them or as a whole.

Around one, the others stand on an ellipse in the order given. As a whole, nodes are as far apart as
there are steps between them: stress majorization (Gansner, Koren and North, "Graph Drawing by
Stress Majorization", 2004) from a circle on, a fixed number of rounds.

>>> net = Net((Node("urn:a", "A"), Node("urn:b", "B")), (Tie("urn:a", "urn:b", 2),))
>>> [(spot.number, spot.label, spot.x, spot.y) for spot in Network.of(net, centre="urn:a").spots]
[(0, 'A', 240.0, 125.0), (1, 'B', 240.0, 25.0)]
>>> Network.of(net, centre="urn:a").sentence()
'A in the middle, and 1 around it, numbered as in the list'
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from gsefgraph.answers.net import Net, Node, Tie
from gsefgraph.answers.pictures.svg import Drawing
from gsefgraph.wording import say

__all__ = ["Line", "Net", "Network", "Node", "Spot", "Tie"]

MOST: Final = 40
"""Nodes beyond which only those that share most are drawn."""
_WIDE: Final = 480
_ROUNDS: Final = 60
_LONGEST: Final = 12  # letters that the dot in the middle has room for
_CLEAR: Final = 50.0  # from the middle, of a line that joins others


@dataclass(frozen=True, slots=True)
class Spot:
    """A node: its number in the list, 0 for the one in the middle, and where it stands.

    Attributes:
        id: what it is known by; iri: empty for a literal.
        shared: the sum of what it shares with the others.
        short: what its dot says: its number, or a name short enough.
    """

    number: int
    id: str
    iri: str
    label: str
    shared: float
    short: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """What joins two nodes, by their place in `Network.spots`, and from where to where.

    Attributes:
        between: whether it joins two that are around one in the middle: those are dashed.
        width: of the line, from 1 to 4.
        bend: towards where it bends, so that it passes beside the one in the middle; else None.
    """

    source: int
    target: int
    weight: float
    between: bool
    width: float
    x1: float
    y1: float
    x2: float
    y2: float
    bend: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """The nodes, by their number, and the lines.

    Attributes:
        left_out: nodes beyond `MOST`.
        width, height: of what they stand in.
    """

    spots: tuple[Spot, ...]
    lines: tuple[Line, ...]
    left_out: int
    height: float
    lang: str = "en"
    title: str = ""
    said: str = ""
    kind: ClassVar = "network"
    width: ClassVar[int] = _WIDE

    @classmethod
    def of(
        cls,
        net: Net,
        *,
        centre: str | None = None,
        short: str = "",
        lang: str = "en",
        title: str = "",
    ) -> Network:
        """The network of some nodes.

        Parameters:
            net: nodes and ties; a tie whose ends are not among the nodes is not drawn.
            centre: id of the one in the middle; None for the whole.
            short: what the dot in the middle says, an acronym say.
            lang, title: of the words.
        """
        shared: dict[str, float] = defaultdict(float)
        for tie in net.ties:
            for end in {tie.source, tie.target}:
                shared[end] += tie.weight
        nodes = list(net.nodes)
        middle = [node for node in nodes if node.id == centre]
        others = [node for node in nodes if node.id != centre]
        if not middle or len(others) > MOST:
            # Those that share most first; sorting keeps the order given among equals.
            others.sort(key=lambda node: -shared[node.id])
        left_out, others = max(len(others) - MOST, 0), others[:MOST]
        if middle:
            where, height = _ellipse(len(others))
        else:
            where, height = _stress(others, net.ties)
        spots = [
            Spot(number, node.id, node.iri, node.label, shared[node.id], str(number), x, y)
            for number, (node, (x, y)) in enumerate(
                zip(middle + others, where, strict=True), start=0 if middle else 1
            )
        ]
        if middle:
            first = spots[0]
            name = short or (first.label if len(first.label) <= _LONGEST else "")
            spots[0] = replace(first, short=name)
        lines = _lines(spots, net.ties, bool(middle))
        return cls(tuple(spots), lines, left_out, height, lang, title)

    def __len__(self) -> int:
        return len(self.spots)

    @property
    def centre(self) -> Spot | None:
        """The one in the middle."""
        return next((spot for spot in self.spots if spot.number == 0), None)

    def sentence(self) -> str:
        """What is seen, for whom it is read aloud."""
        if not len(self):
            return say("picture.nothing").text(self.lang)
        if self.centre:
            count = len(self.spots) - 1
            return say("picture.of-centre", count=count, centre=self.centre.label).text(self.lang)
        return say("picture.of-network", count=len(self.spots)).text(self.lang)

    @property
    def svg(self) -> str:
        """The picture as a file of SVG with its words."""
        drawing = Drawing(
            self.title or say("picture.network").text(self.lang), self.sentence(), self.said
        )
        scale = drawing.wide / self.width * 0.75
        left = (drawing.wide - self.width * scale) / 2
        for line in sorted(self.lines, key=lambda line: not line.between):
            ends = (line.x1, line.y1, line.x2, line.y2)
            x1, y1, x2, y2 = (n * scale for n in ends)
            paint = "between" if line.between else "edge"
            bend = (left + line.bend[0] * scale, line.bend[1] * scale) if line.bend else None
            drawing.line(left + x1, y1, left + x2, y2, paint, line.width, bend)
        for spot in self.spots:
            if spot.number:
                drawing.dot(left + spot.x * scale, spot.y * scale, 14, "node", spot.short)
            else:
                radius = max(26.0, 5.0 * len(spot.short))
                drawing.dot(left + spot.x * scale, spot.y * scale, radius, "centre", spot.short)
        drawing.down(self.height * scale + 16)
        if not self.spots:
            drawing.note(self.sentence())
        if any(line.between for line in self.lines):
            drawing.note(say("picture.key-centre").text(self.lang))
        if len({line.width for line in self.lines}) > 1:
            drawing.note(say("picture.key-weight").text(self.lang))
        if self.left_out:
            drawing.note(say("picture.left-out", count=self.left_out).text(self.lang))
        drawing.gap()
        drawing.listed(
            [(str(spot.number), spot.label, spot.iri, "") for spot in self.spots if spot.number]
        )
        return drawing.close()

    def _repr_html_(self) -> str:
        return self.svg


def _ellipse(count: int) -> tuple[list[tuple[float, float]], float]:
    """The middle, and places around it from the top, clockwise; and how high it all is."""
    # So that neighbours on it do not touch.
    across = 200.0
    # Two stand left and right of the middle, where they need less room.
    down = 70.0 if count == 2 else max(100.0, min(count * 8.0, 200.0))
    height = 2 * down + 50
    middle = (_WIDE / 2, height / 2)
    around = []
    for number in range(count):
        angle = 2 * math.pi * number / count - (math.pi / 2 if count == 2 else 0)
        around.append(
            (
                round(middle[0] + across * math.sin(angle), 1),
                round(middle[1] - down * math.cos(angle), 1),
            )
        )
    return [middle, *around], height


def _stress(nodes: list[Node], ties: tuple[Tie, ...]) -> tuple[list[tuple[float, float]], float]:
    """Places as far from each other as there are steps between the nodes."""
    count = len(nodes)
    if count == 0:
        return [], 50.0
    index = {node.id: number for number, node in enumerate(nodes)}
    near: list[set[int]] = [set() for _ in nodes]
    for tie in ties:
        one, other = index.get(tie.source), index.get(tie.target)
        if one is not None and other is not None and one != other:
            near[one].add(other)
            near[other].add(one)
    steps = [_steps(number, near) for number in range(count)]
    places = _begun(near, steps)
    for _ in range(_ROUNDS):
        for number in range(count):
            places[number] = _moved(number, places, steps[number])
    return _fitted(places)


def _steps(start: int, near: list[set[int]]) -> list[int]:
    """Steps from a node to each; what cannot be reached is a little further than all that can."""
    found = {start: 0}
    edge = [start]
    while edge:
        edge = sorted({other for node in edge for other in near[node]} - found.keys())
        found |= dict.fromkeys(edge, max(found.values()) + 1)
    beyond = min(max(found.values()) + 1, 3)
    return [found.get(node, max(beyond, 2)) for node in range(len(near))]


def _begun(near: list[set[int]], steps: list[list[int]]) -> list[tuple[float, float]]:
    """Places to begin from: each as far from the first node as there are steps, those that hang
    together side by side."""
    order: list[int] = []
    waiting = list(range(len(near)))[::-1]
    while waiting:
        node = waiting.pop()
        if node not in order:
            order.append(node)
            waiting += sorted(near[node], reverse=True)
    turn = {node: 2 * math.pi * place / len(order) for place, node in enumerate(order)}
    return [
        (out * math.sin(turn[node]), -out * math.cos(turn[node]))
        for node, out in enumerate(steps[0])
    ]


def _moved(number: int, places: list[tuple[float, float]], steps: list[int]) -> tuple[float, float]:
    here = places[number]
    across = down = total = 0.0
    for other, (x, y) in enumerate(places):
        if other == number:
            continue
        dx, dy = here[0] - x, here[1] - y
        far = math.hypot(dx, dy) or 1e-9
        weight = 1.0 / steps[other] ** 2
        pull = steps[other] / far
        across += weight * (x + dx * pull)
        down += weight * (y + dy * pull)
        total += weight
    return (across / total, down / total) if total else here


def _fitted(places: list[tuple[float, float]]) -> tuple[list[tuple[float, float]], float]:
    """The places within the width, the longer way across, and how high they are."""
    wide = max(x for x, _ in places) - min(x for x, _ in places)
    high = max(y for _, y in places) - min(y for _, y in places)
    if high > wide:
        places = [(y, -x) for x, y in places]
        wide, high = high, wide
    left, top = min(x for x, _ in places), min(y for _, y in places)
    scale = min((_WIDE - 50) / wide if wide else 1.0, 110.0)
    margin = (_WIDE - wide * scale) / 2
    found = [
        (round(margin + (x - left) * scale, 1), round(25 + (y - top) * scale, 1)) for x, y in places
    ]
    return found, round(high * scale + 50, 1)


def _lines(spots: list[Spot], ties: tuple[Tie, ...], around: bool) -> tuple[Line, ...]:
    index = {spot.id: number for number, spot in enumerate(spots)}
    weights: dict[tuple[int, int], float] = {}
    for tie in ties:
        one, other = index.get(tie.source), index.get(tie.target)
        if one is None or other is None or one == other:
            continue
        pair = (min(one, other), max(one, other))
        weights[pair] = weights.get(pair, 0.0) + tie.weight
    most = max(weights.values(), default=0.0)
    lines = []
    for (one, other), weight in weights.items():
        width = round(1 + 3 * max(weight - 1, 0) / (most - 1), 1) if most > 1 else 1.5
        a, b = spots[one], spots[other]
        between = around and one != 0
        bend = _bend(a, b, spots[0]) if between else None
        lines.append(Line(one, other, weight, between, width, a.x, a.y, b.x, b.y, bend))
    return tuple(lines)


def _bend(one: Spot, other: Spot, middle: Spot) -> tuple[float, float] | None:
    """Where a line between two bends to, if it would run through the one in the middle."""
    x, y = (one.x + other.x) / 2 - middle.x, (one.y + other.y) / 2 - middle.y
    far = math.hypot(x, y)
    if far >= _CLEAR:
        return None
    if far < 1:  # opposite each other: aside, to the left of the way from one to the other
        x, y = other.y - one.y, one.x - other.x
    away = (2 * _CLEAR - far) / math.hypot(x, y)
    return round(middle.x + x * away, 1), round(middle.y + y * away, 1)
