"""Property paths walked from many nodes at a time (SHACL, section 2.3.1)."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from typing import TypeAlias, TypeVar

from gsefgraph.rdf.digraph import reached
from gsefgraph.shacl.judge.view import View
from gsefgraph.sparql.path import Path
from gsefgraph.terms import Term

Reached: TypeAlias = dict[Term, Sequence[Term]]
# What is read next: the predicate by which some nodes are reached, None for what they lead to.
Need: TypeAlias = tuple[str | None, Iterable[Term]]
Walk: TypeAlias = Generator[Sequence[Need], None, Reached]
End = TypeVar("End")


def walk(path: Path, nodes: Iterable[Term], view: View) -> Walk:
    """The value nodes of each of some nodes, each once.

    Parameters:
        path: in its normal form.
        nodes: where it starts.
        view: read only after what was yielded has been announced.

    Yields:
        what is read in the next step.
    """
    starts = list(nodes)
    if not path.operator:
        yield [(None, starts)]
        return {node: view.objects(node, path.predicate) for node in starts}
    if path.operator == "^":
        predicate = path.parts[0].predicate
        yield [(predicate, starts)]
        return {node: view.subjects(node, predicate) for node in starts}
    if path.operator == "/":
        return (yield from _sequence(path.parts, starts, view))
    if path.operator == "|":
        branches = yield from together([walk(part, starts, view) for part in path.parts])
        return {node: _once(branch[node] for branch in branches) for node in starts}
    if path.operator == "?":
        further = yield from walk(path.parts[0], starts, view)
        return {node: _once([(node,), further[node]]) for node in starts}
    links = yield from _links(path.parts[0], starts, view)
    itself = path.operator == "*"
    return {node: _once([(node,) * itself, reached([node], links.__getitem__)]) for node in starts}


def _sequence(parts: Sequence[Path], starts: Sequence[Term], view: View) -> Walk:
    ends: Reached = {node: (node,) for node in starts}
    for part in parts:
        between = dict.fromkeys(node for nodes in ends.values() for node in nodes)
        further = yield from walk(part, between, view)
        ends = {
            start: further[nodes[0]] if len(nodes) == 1 else _once(further[n] for n in nodes)
            for start, nodes in ends.items()
        }
    return ends


def _links(path: Path, starts: Sequence[Term], view: View) -> Walk:
    """Where each node leads by one step, for all nodes that can be reached."""
    links: Reached = {}
    edge: Iterable[Term] = starts
    while edge:
        further = yield from walk(path, edge, view)
        links.update(further)
        edge = dict.fromkeys(n for nodes in further.values() for n in nodes if n not in links)
    return links


def together(walks: Sequence[Walk]) -> Generator[Sequence[Need], None, list[Reached]]:
    """Walk some paths side by side, so that their steps are announced together."""
    done: list[Reached] = [{} for _ in walks]
    running = list(enumerate(walks))
    while running:
        needs: list[Need] = []
        going = []
        for index, each in running:
            try:
                needs += next(each)
                going.append((index, each))
            except StopIteration as end:
                done[index] = end.value
        running = going
        if needs:
            yield needs
    return done


def walked(walking: Generator[Sequence[Need], None, End], view: View) -> End:
    """Where a walk ends, each step announced to the view."""
    while True:
        try:
            needs = next(walking)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        for predicate, nodes in needs:
            if predicate is None:
                view.need_out(nodes)
            else:
                view.need_in(nodes, predicate)


def _once(lists: Iterable[Iterable[Term]]) -> Sequence[Term]:
    return tuple(dict.fromkeys(node for nodes in lists for node in nodes))
