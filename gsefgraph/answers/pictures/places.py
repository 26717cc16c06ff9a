"""Places: where things are, of which country, looked up in the graph.

>>> from gsefgraph.graph.graph import Graph
>>> graph = Graph.open()
>>> habitat = graph.resolver.resolve("Habitat III")
>>> sites(graph.engine, [habitat])[habitat.value]
Site(place='https://w3id.org/gsefgraph/id/place/quito', lat=-0.215, long=-78.5001, \
land='https://w3id.org/gsefgraph/id/place/ecuador')
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from gsefgraph.answers.rows import is_number
from gsefgraph.engine.base import Engine
from gsefgraph.terms import FOREIGN, GSEF

_LAT, _LONG = (NamedNode(f"{FOREIGN['geo']}{name}") for name in ("lat", "long"))
_WITHIN = NamedNode(f"{GSEF}within")
_WHERE = tuple(NamedNode(f"{GSEF}{name}") for name in ("place", "basedIn"))
_OUTWARD: Final = 8  # places within each other


@dataclass(frozen=True, slots=True)
class Site:
    """Where a thing is: the IRIs of its place and of the country of that, and degrees."""

    place: str = ""
    lat: float | None = None
    long: float | None = None
    land: str = ""


def sites(engine: Engine, things: Sequence[NamedNode]) -> dict[str, Site]:
    """Where each thing is: itself a place, or held or based in one; of several, the first by IRI.

    Parameters:
        engine: the graph; asked once for each step.
        things: IRIs.
    """
    where = _first(engine, things, _WHERE)
    places = list(dict.fromkeys(where.get(thing, thing) for thing in things))
    spots: dict[NamedNode, dict[NamedNode, float]] = {}
    for quad in engine.lookup([(place, link, None) for place in places for link in (_LAT, _LONG)]):
        number = quad.object
        if not isinstance(quad.subject, NamedNode) or not isinstance(number, Literal):
            continue
        if is_number(number):
            spots.setdefault(quad.subject, {})[quad.predicate] = float(number.value)
    lands = _lands(engine, places)
    found = {}
    for thing in things:
        place = where.get(thing, thing)
        spot = spots.get(place, {})
        if thing not in where and not spot and place not in lands:
            found[thing.value] = Site()
            continue
        known = len(spot) == 2
        lat, long = (spot[_LAT], spot[_LONG]) if known else (None, None)
        found[thing.value] = Site(place.value, lat, long, lands.get(place, ""))
    return found


def _lands(engine: Engine, places: Sequence[NamedNode]) -> dict[NamedNode, str]:
    """The outermost place that each lies within."""
    found: dict[NamedNode, str] = {}
    edge = {place: place for place in places}
    for _ in range(_OUTWARD):
        outer = _first(engine, edge.values(), (_WITHIN,))
        edge = {place: outer[node] for place, node in edge.items() if node in outer}
        if not edge:
            break
        found |= {place: node.value for place, node in edge.items()}
    return found


def _first(
    engine: Engine, nodes: Iterable[NamedNode], links: Sequence[NamedNode]
) -> dict[NamedNode, NamedNode]:
    """What each of some nodes is linked to, by the first of some properties that says it."""
    patterns = [(node, link, None) for node in nodes for link in links]
    found: dict[NamedNode, tuple[int, str]] = {}
    for quad in engine.lookup(patterns) if patterns else ():
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            rank = links.index(quad.predicate), quad.object.value
            found[quad.subject] = min(found.get(quad.subject, rank), rank)
    return {node: NamedNode(iri) for node, (_, iri) in found.items()}
