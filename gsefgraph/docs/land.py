"""The land of the map: `python -m gsefgraph.docs.land PACKAGE` makes it from npm's world-atlas.

PACKAGE is the folder of the package unpacked, with `land-110m.json` (TopoJSON) and `LICENSE` in it.
What the map is too far north to show is left out, and so are outlines too small to be seen.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import chain, groupby, pairwise
from pathlib import Path
from typing import Any, TypeAlias

from gsefgraph.answers.pictures.world import HIGH, SYMBOL, WIDE, place

_SOUTH = -58.0  # no map needs what lies beyond

Point: TypeAlias = tuple[float, float]


def outlines(topology: Any) -> Iterator[list[Point]]:
    """The rings of the land, in degrees east and north.

    >>> square = {"transform": {"scale": [1, 1], "translate": [0, 0]}, "arcs": [[[1, 2], [1, 0]]],
    ...     "objects": {"land": {"geometries": [{"arcs": [[[0]], [[-1]]]}]}}}
    >>> list(outlines(square))
    [[(1, 2), (2, 2)], [(2, 2), (1, 2)]]
    """
    (across, up), (east, north) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs: list[list[Point]] = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * across + east, y * up + north))
        arcs.append(points)
    for geometry in topology["objects"]["land"]["geometries"]:
        for polygon in geometry["arcs"]:
            for ring in polygon:
                found: list[Point] = []
                for number in ring:
                    arc = arcs[number] if number >= 0 else arcs[~number][::-1]
                    found += arc[1:] if found else arc
                yield found


def apart(ring: list[Point]) -> list[list[Point]]:
    """A ring as rings that do not cross the meridian of 180 degrees.

    >>> apart([(179, 0), (-179, 0), (-179, 2), (179, 0)])
    [[(179, 0), (180.0, 0.0), (180.0, 1.0), (179, 0)], [(-180.0, 0.0), (-179, 0), (-179, 2), \
(-180.0, 1.0), (-180.0, 0.0)]]
    """
    turned, whole = 0, []
    for (before, _), (long, lat) in zip([ring[0], *ring], ring, strict=False):
        turned += 360 if long - before < -180 else -360 if long - before > 180 else 0
        whole.append((long + turned, lat))
    found = []
    for shift in (0, -360, 360):
        part = [(long + shift, lat) for long, lat in whole]
        for side in (1, -1):
            part = _within(part, side)
        if part:
            found.append(part)
    return found


def _within(ring: list[Point], side: int) -> list[Point]:
    """What of a closed ring lies on this side of the meridian (Sutherland and Hodgman, 1974)."""
    kept: list[Point] = []
    edge = 180.0 * side
    for (x1, y1), (x2, y2) in pairwise(ring):
        inside, next_inside = x1 * side <= 180, x2 * side <= 180
        if inside:
            kept.append((x1, y1))
        if inside != next_inside:
            kept.append((edge, y1 + (y2 - y1) * (edge - x1) / (x2 - x1)))
    return [*kept, kept[0]] if kept else []


def symbol(topology: Any, licence: str) -> str:
    """A file of SVG with one symbol, and the licence at its head.

    Parameters:
        topology: TopoJSON with an object ``land``.
        licence: of it.
    """
    pieces = []
    for ring in chain.from_iterable(map(apart, outlines(topology))):
        if all(lat < _SOUTH for _, lat in ring):
            continue
        points = [tuple(round(n * 10) for n in place(lat, long)) for long, lat in ring]
        steps = [point for point, _ in groupby(points)]
        if len(steps) > 3:
            pieces.append(_path(steps))
    return (
        f"<!--\n{licence.strip()}\n-->\n"
        '<svg xmlns="http://www.w3.org/2000/svg">'
        f'<symbol id="land" viewBox="0 0 {WIDE} {HIGH}"><path d="{"".join(pieces)}"/></symbol>'
        "</svg>\n"
    )


def _path(points: list[Any]) -> str:
    (x, y), *rest = points
    text = f"M{_tenth(x)} {_tenth(y)}l"
    told = ""
    for across, down in rest[:-1]:  # the last is the first
        for step in (across - x, down - y):
            number = _tenth(step)
            told += number if not told or number.startswith("-") else f" {number}"
        x, y = across, down
    return f"{text}{told}z"


def _tenth(value: int) -> str:
    text = f"{value / 10:g}"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def main(folder: str) -> None:
    """Write the symbol beside the module that reads it."""
    package = Path(folder)
    topology = json.loads((package / "land-110m.json").read_text("utf-8"))
    licence = (package / "LICENSE").read_text("utf-8")
    SYMBOL.write_text(symbol(topology, licence), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
