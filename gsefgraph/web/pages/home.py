"""The first page."""

from __future__ import annotations

from dataclasses import dataclass

from gsefgraph.web.shown import Asked, Shown


@dataclass(frozen=True)
class Home:
    """What the template of the first page receives."""


def page(asked: Asked) -> Shown:
    """The first page."""
    del asked
    return Shown("home", Home(), "gsefgraph")
