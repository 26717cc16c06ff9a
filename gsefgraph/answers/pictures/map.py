"""Map: places on the land of the world, numbered as in the list beside it.

>>> quito = Placed("urn:quito", "Quito", 0, -78.5, "urn:ecuador", "Ecuador", ("Habitat III",))
>>> found = Map.of([quito])
>>> [(dot.number, dot.label, dot.country, dot.x, dot.y) for dot in found.dots]
[(1, 'Quito', 'Ecuador', 203.0, 173.7)]
>>> found.sentence()
'World map with 1 numbered place; the number is that of the list'
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

from gsefgraph.answers.pictures import world
from gsefgraph.answers.pictures.svg import Drawing
from gsefgraph.wording import say

MOST: Final = 40
"""Places beyond which they are counted by country."""
_APART: Final = 30.0  # units of the map, whose dots are 28 wide: 24 px where it is 576 px wide
_ROUNDS: Final = 200
_GOLDEN: Final = math.pi * (3 - math.sqrt(5))


@dataclass(frozen=True, slots=True)
class Placed:
    """What a map is made of.

    Attributes:
        iri, label: of the place.
        lat, long: degrees; None where they are not known.
        land, country: IRI and name of its country; empty where it has none, or is one.
        things: names of what is there.
    """

    iri: str
    label: str
    lat: float | None = None
    long: float | None = None
    land: str = ""
    country: str = ""
    things: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dot:
    """A numbered dot: where it is drawn, in units of the map, and what its entry says.

    Attributes:
        count: of places; above 1 only where a dot is a country.
    """

    number: int
    iri: str
    label: str
    country: str
    things: tuple[str, ...]
    count: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Map:
    """The dots in the order given.

    Attributes:
        unplaced: those without coordinates.
        places: how many places the dots are.
        by_country: whether there are so many that each dot is a country.
        left_out: countries beyond `MOST`, those with the fewest places.
        width, height: of the map, on which `path` is the land.
    """

    dots: tuple[Dot, ...]
    unplaced: tuple[Placed, ...]
    places: int
    by_country: bool
    left_out: int
    lang: str = "en"
    title: str = ""
    said: str = ""
    kind: ClassVar = "map"
    width: ClassVar[int] = world.WIDE
    height: ClassVar[int] = world.HIGH

    @classmethod
    def of(cls, items: Iterable[Placed], *, lang: str = "en", title: str = "") -> Map:
        """The map of some places; of one IRI the things are put together."""
        places: dict[str, Placed] = {}
        for item in items:
            held = places.get(item.iri)
            if held is not None:
                things = tuple(dict.fromkeys((*held.things, *item.things)))
                item = Placed(
                    held.iri, held.label, held.lat, held.long, held.land, held.country, things
                )
            places[item.iri] = item
        known = [item for item in places.values() if item.lat is not None and item.long is not None]
        unplaced = tuple(item for item in places.values() if item not in known)
        by_country = len(known) > MOST
        groups = [[item] for item in known]
        if by_country:
            lands: dict[str, list[Placed]] = {}
            for item in known:
                lands.setdefault(item.land or item.iri, []).append(item)
            groups = sorted(lands.values(), key=len, reverse=True)
        left_out = max(len(groups) - MOST, 0)
        dots = _dots(groups[:MOST], by_country)
        return cls(dots, unplaced, len(known), by_country, left_out, lang, title)

    def __len__(self) -> int:
        return len(self.dots)

    @property
    def path(self) -> str:
        """The outlines of the land, for the attribute `d` of a path."""
        return world.land()[0]

    def sentence(self) -> str:
        """What is seen, for whom it is read aloud."""
        if not len(self):
            return say("picture.nothing").text(self.lang)
        return say("picture.of-map", count=len(self.dots)).text(self.lang)

    @property
    def svg(self) -> str:
        """The picture as a file of SVG with its words."""
        drawing = Drawing(
            self.title or say("picture.map").text(self.lang), self.sentence(), self.said
        )
        path, licence = world.land()
        drawing.comment(licence)
        scale = drawing.wide / self.width
        drawing.box(0, 0, drawing.wide, self.height * scale, "sea")
        drawing.shape(path, scale, "land")
        for dot in self.dots:
            drawing.dot(dot.x * scale, dot.y * scale, 14, "node", str(dot.number))
        drawing.down(self.height * scale + 16)
        if self.by_country:
            drawing.note(say("picture.key-countries", count=self.places).text(self.lang))
            drawing.gap()
        if not self.dots:
            drawing.note(self.sentence())
        drawing.listed([self._entry(dot) for dot in self.dots])
        drawing.gap()
        if self.left_out:
            drawing.note(say("picture.left-out", count=self.left_out).text(self.lang))
        if self.unplaced:
            drawing.named("picture.unplaced", [item.label for item in self.unplaced], self.lang)
        return drawing.close()

    def _entry(self, dot: Dot) -> tuple[str, str, str, str]:
        name = f"{dot.label}, {dot.country}" if dot.country else dot.label
        more = f"{dot.count}" if self.by_country else " · ".join(dot.things)
        return str(dot.number), name, dot.iri, more

    def _repr_html_(self) -> str:
        return self.svg


def _dots(groups: list[list[Placed]], by_country: bool) -> tuple[Dot, ...]:
    where = []
    for group in groups:
        spots = [world.place(item.lat or 0.0, item.long or 0.0) for item in group]
        where.append([sum(x for x, _ in spots) / len(spots), sum(y for _, y in spots) / len(spots)])
    apart(where, world.WIDE, world.HIGH)
    dots = []
    for number, (group, (x, y)) in enumerate(zip(groups, where, strict=True), start=1):
        first = group[0]
        iri, label, country = first.iri, first.label, first.country
        if by_country and first.land:
            iri, label, country = first.land, first.country, ""
        things = tuple(dict.fromkeys(thing for item in group for thing in item.things))
        dots.append(Dot(number, iri, label, country, things, len(group), round(x, 1), round(y, 1)))
    return tuple(dots)


def apart(where: list[list[float]], wide: float, high: float) -> None:
    """Push points that are too close to each other apart, by as little as it takes.

    Parameters:
        where: x and y of each, which are changed.
        wide, high: of what they stay within.

    >>> points = [[100.0, 100.0], [110.0, 100.0]]
    >>> apart(points, 720, 310)
    >>> [[round(n, 1) for n in point] for point in points]
    [[90.0, 100.0], [120.0, 100.0]]
    """
    for _ in range(_ROUNDS):
        moved = False
        for i, one in enumerate(where):
            for j in range(i + 1, len(where)):
                other = where[j]
                dx, dy = other[0] - one[0], other[1] - one[1]
                far = math.hypot(dx, dy)
                if far >= _APART - 0.05:
                    continue
                if far < 0.01:  # the same place: each its own way
                    dx, dy, far = math.cos(_GOLDEN * j), math.sin(_GOLDEN * j), 1.0
                    push = _APART / 2
                else:
                    push = (_APART - far) / 2
                for point, way in ((one, -push), (other, push)):
                    point[0] = min(max(point[0] + dx / far * way, 15.0), wide - 15.0)
                    point[1] = min(max(point[1] + dy / far * way, 15.0), high - 15.0)
                moved = True
        if not moved:
            return
