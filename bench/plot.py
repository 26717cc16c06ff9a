"""A log-log plot as SVG, from a few series of points."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

Point = tuple[float, float]

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 70, 120, 52, 56
COLOURS = ("#0b6e4f", "#b8500a", "#5b4bb3", "#8a8a8a")
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#222}.title{font-size:16px;font-weight:600}"
    ".grid{stroke:#ddd}.axis{stroke:#555}.small{font-size:11px;fill:#555}"
)


def decades(values: Sequence[float]) -> tuple[int, int]:
    """The powers of ten below and above some numbers.

    >>> decades([0.4, 35])
    (-1, 2)
    """
    low = math.floor(math.log10(min(values)) + 1e-9)
    high = math.ceil(math.log10(max(values)) - 1e-9)
    return low, max(high, low + 1)


def loglog(
    series: Mapping[str, Sequence[Point]], *, title: str, x: str, y: str, note: str = ""
) -> str:
    """Lines through points, both axes logarithmic.

    Parameters:
        series: points by name, in the order of the colours.
        title, x, y: what the plot and its axes show.
        note: a line below.
    """
    points = [point for line in series.values() for point in line]
    x_low, x_high = decades([px for px, _ in points])
    y_low, y_high = decades([py for _, py in points])

    def across(value: float) -> float:
        return LEFT + (math.log10(value) - x_low) / (x_high - x_low) * (WIDTH - LEFT - RIGHT)

    def up(value: float) -> float:
        share = (math.log10(value) - y_low) / (y_high - y_low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title><style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        _text(LEFT, 28, title, "title"),
    ]
    for power in range(x_low, x_high + 1):
        at = across(10.0**power)
        parts.append(_line(at, TOP, at, HEIGHT - BOTTOM, "grid"))
        parts.append(_text(at, HEIGHT - BOTTOM + 18, _number(power), anchor="middle"))
    for power in range(y_low, y_high + 1):
        at = up(10.0**power)
        parts.append(_line(LEFT, at, WIDTH - RIGHT, at, "grid"))
        parts.append(_text(LEFT - 8, at + 4, _number(power), anchor="end"))
    parts.append(_line(LEFT, TOP, LEFT, HEIGHT - BOTTOM, "axis"))
    parts.append(_line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, "axis"))
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(_text(middle, HEIGHT - BOTTOM + 38, x, anchor="middle"))
    parts.append(_text(LEFT, TOP - 8, y))
    taken: list[float] = []
    for (name, line), colour in zip(series.items(), COLOURS, strict=False):
        placed = [(across(px), up(py)) for px, py in line]
        path = " ".join(f"{px:.1f},{py:.1f}" for px, py in placed)
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>'
        )
        parts += [
            f'<circle cx="{px:.1f}" cy="{py:.1f}" r="4" fill="{colour}"/>' for px, py in placed
        ]
        level = placed[-1][1] + 4
        while any(abs(level - other) < 15 for other in taken):
            level -= 15
        taken.append(level)
        parts.append(_text(placed[-1][0] + 10, level, name, colour=colour))
    if note:
        parts.append(_text(LEFT, HEIGHT - 4, note, "small"))
    return "\n".join([*parts, "</svg>", ""])


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(
    x: float, y: float, text: str, kind: str = "", *, anchor: str = "", colour: str = ""
) -> str:
    more = f' class="{kind}"' if kind else ""
    more += f' text-anchor="{anchor}"' if anchor else ""
    more += f' style="fill:{colour};font-weight:600"' if colour else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{more}>{escape(text)}</text>'


def _number(power: int) -> str:
    """A power of ten as people write it."""
    if power >= 6:
        return f"{10 ** (power - 6)}M"
    return f"{10**power:,}" if power >= 0 else f"{10.0**power:g}"
