"""Directed graphs of any nodes: what is reached, and what goes round in a circle."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def reached(starts: Iterable[Node], ahead: Callable[[Node], Iterable[Node]]) -> dict[Node, None]:
    """All that is reached from some nodes by a step or more.

    Parameters:
        starts: not reached themselves, unless a step leads to them.
        ahead: where a node leads.

    Returns:
        A set in the order of the walk, which is the same for the same input.

    >>> [*reached([1], {1: [2, 3], 2: [4], 3: [1], 4: ()}.__getitem__)]
    [2, 3, 1, 4]
    """
    found: dict[Node, None] = {}
    waiting = [*starts]
    while waiting:
        for node in ahead(waiting.pop()):
            if node not in found:
                found[node] = None
                waiting.append(node)
    return found


def components(ahead: Mapping[Node, Iterable[Node]]) -> list[tuple[Node, ...]]:
    """Strongly connected components (Tarjan 1972), without Python's recursion.

    Parameters:
        ahead: where each node leads, all of them keys too.

    Returns:
        The components, those that others lead to first, each in the order of the walk.

    >>> components({1: [2], 2: [3], 3: [2, 4], 4: []})
    [(4,), (2, 3), (1,)]
    """
    number: dict[Node, int] = {}
    low: dict[Node, int] = {}
    stack: list[Node] = []
    open_: set[Node] = set()
    found: list[tuple[Node, ...]] = []
    for root in ahead:
        if root in number:
            continue
        trail = [(root, iter(ahead[root]))]
        number[root] = low[root] = len(number)
        stack.append(root)
        open_.add(root)
        while trail:
            node, rest = trail[-1]
            for each in rest:
                if each not in number:
                    number[each] = low[each] = len(number)
                    stack.append(each)
                    open_.add(each)
                    trail.append((each, iter(ahead[each])))
                    break
                if each in open_:
                    low[node] = min(low[node], number[each])
            else:
                trail.pop()
                if trail:
                    low[trail[-1][0]] = min(low[trail[-1][0]], low[node])
                if low[node] == number[node]:
                    cut = stack.index(node)
                    found.append(tuple(stack[cut:]))
                    open_.difference_update(stack[cut:])
                    del stack[cut:]
    return found
