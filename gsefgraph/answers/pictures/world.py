"""The world in Equal Earth: where a place stands on the map, and the land below it.

The projection is of B. Šavrič, T. Patterson and B. Jenny, "The Equal Earth map projection",
International Journal of Geographical Information Science 33(3), 2019. The land is Natural Earth's
at 1:110m, as world-atlas has it; `land.svg` was made from that by `python -m gsefgraph.docs.land`
and holds its licence.

>>> place(0, 0)
(360.0, 173.7)
>>> path, licence = land()
>>> path[:1], "Permission to use, copy, modify" in licence
('M', True)
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Final

WIDE: Final = 720
HIGH: Final = 312
SYMBOL: Final = Path(__file__).parent / "land.svg"
"""A `symbol` with the id ``land``, of the size `WIDE` × `HIGH`."""

_A = (1.340264, -0.081106, 0.000893, 0.003796)
_SCALE = WIDE / (2 * math.pi * 2 * math.sqrt(3) / (3 * _A[0]))
_NORTH = 83.7  # no land is further north; of what is south of Tierra del Fuego there is none to see


def place(lat: float, long: float) -> tuple[float, float]:
    """Where a place stands, from the left and from the top; at the edge where it is further south.

    >>> place(37.4761, 126.6422), place(-90, 0)
    ((587.9, 76.6), (360.0, 312))
    """
    x, y = _project(lat, long)
    top = _project(_NORTH, 0)[1]
    across, down = WIDE / 2 + x * _SCALE, (top - y) * _SCALE
    return round(across, 1), round(min(max(down, 0.0), HIGH), 1)


def _project(lat: float, long: float) -> tuple[float, float]:
    angle = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(lat)))
    a, b, c, d = _A
    square = angle * angle
    sixth = square**3
    slope = a + 3 * b * square + sixth * (7 * c + 9 * d * square)
    x = 2 * math.sqrt(3) * math.radians(long) * math.cos(angle) / (3 * slope)
    return x, angle * (a + b * square + sixth * (c + d * square))


@cache
def land() -> tuple[str, str]:
    """The outlines of the land, as a path of SVG, and the licence that goes with them."""
    text = SYMBOL.read_text("utf-8")
    return text.partition(' d="')[2].partition('"')[0], text.partition("<!--\n")[2].partition(
        "-->"
    )[0]
