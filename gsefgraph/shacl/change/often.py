"""Whether shapes are reached with some nodes, and how often: by targets, and by sh:property."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from gsefgraph.shacl.change.candidates import announce, is_target
from gsefgraph.shacl.change.plan import Split
from gsefgraph.shacl.change.view import Lazy
from gsefgraph.shacl.judge.paths import walk, walked
from gsefgraph.shacl.result import MOST, Result
from gsefgraph.shacl.shapes.components import handing, several, ways
from gsefgraph.terms import Term


def is_reached(parts: Split, view: Lazy, shape: str, node: Term) -> bool:
    """Whether a shape judges a node: as a target, or as a value of another shape.

    Parameters:
        parts: the units.
        view: the graph.
        shape: its id.
    """
    seen = {(shape, node)}
    waiting = [(shape, node)]
    while waiting:
        name, each = waiting.pop()
        unit = parts.units.get(name)
        if unit is not None and is_target(view, unit.targets, each):
            return True
        for holder in parts.holders.get(name, ()):
            for source in _sources(parts, view, holder, [each])[each]:
                if (holder, source) not in seen:
                    seen.add((holder, source))
                    waiting.append((holder, source))
    return False


def counted(parts: Split, view: Lazy, results: Sequence[Result]) -> list[Result]:
    """Results as often as their shapes are reached.

    Parameters:
        parts: the units.
        view: the graph, of which the ways to the results' nodes are read.
        results: as often as they are where each shape is reached once.
    """
    known = ways(parts.full)
    wanted: dict[str, dict[Term, None]] = {}
    for result in results:
        if several(known.get(result.shape, {})):
            wanted.setdefault(result.shape, {})[result.focus] = None
    if not wanted:
        return list(results)
    outer = [shape for group, _ in handing(parts.full) for shape in group if shape in known]
    # Where each node comes from, by the shape and the one that hands it on.
    back: dict[tuple[str, str], Mapping[Term, Sequence[Term]]] = {}
    for shape in reversed(outer):
        for way in known[shape] if shape in wanted else ():
            if isinstance(way, str):
                back[shape, way] = _sources(parts, view, way, wanted[shape])
                sources = (source for nodes in back[shape, way].values() for source in nodes)
                wanted.setdefault(way, {}).update(dict.fromkeys(sources))
            else:
                announce(view, [(tuple(way), wanted[shape])])
    often: dict[str, dict[Term, int]] = {
        shape: {node: int(is_reached(parts, view, shape, node)) for node in nodes}
        for shape, nodes in wanted.items()
        if shape not in known
    }
    for shape in outer:
        found = often.setdefault(shape, {})
        for node in wanted.get(shape, ()):
            times = 0
            for way, number in known[shape].items():
                if isinstance(way, str):
                    times += number * sum(often[way][each] for each in back[shape, way][node])
                else:
                    times += number * is_target(view, way, node)
            found[node] = min(MOST, times)
    return [
        replace(each, times=min(MOST, each.times * often.get(each.shape, {}).get(each.focus, 1)))
        for each in results
    ]


def _sources(
    parts: Split, view: Lazy, shape: str, nodes: Iterable[Term]
) -> Mapping[Term, Sequence[Term]]:
    """The nodes of which some nodes are value nodes."""
    path = parts.full.shapes[shape].path
    if path is None:
        return {node: (node,) for node in nodes}
    return walked(walk(path.normal(inverse=True), nodes, view), view)
