"""Blank nodes without a label, as brackets of a text and as a parser calls them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from pyoxigraph import BlankNode, Quad

from gsefgraph.records.positions import TOP, Index

_LABEL = re.compile(r"""_:([^\s<>"'{}()\[\],;\#@^|`\\]+)|nodeID\s*=\s*["']([^"']+)["']""")


def labels(text: str) -> frozenset[str]:
    """Labels of blank nodes that a text writes, and what looks like one in its literals.

    >>> sorted(labels('_:a <a:p> _:b.c. <rdf:Description rdf:nodeID="d">'))
    ['a', 'b.c', 'd']
    """
    return frozenset((match[1] or match[2]).rstrip(".") for match in _LABEL.finditer(text))


def brackets(
    quads: Iterable[Quad], found: Index, labels: Collection[str] = ()
) -> dict[BlankNode, str]:
    """What an index calls the blank nodes without a label, for which a parser made labels up.

    They are told apart by what leads to them and by their order, so that it does not matter when a
    parser gives the triples inside. Where the numbers do not agree, nothing is said.

    Parameters:
        quads: as read, those of one subject and predicate in the order written.
        found: of the same text.
        labels: those that the text writes.
    """
    inside: dict[BlankNode, dict[str, list[BlankNode]]] = {}
    outside: dict[tuple[str, str], list[BlankNode]] = {TOP: []}
    pointed = set()
    for quad in quads:
        subject, value = quad.subject, quad.object
        made = isinstance(subject, BlankNode) and subject.value not in labels
        if made and subject not in inside:
            inside[subject] = {}  # type: ignore[index]
        if isinstance(value, BlankNode) and value.value not in labels:
            pointed.add(value)
            predicate = quad.predicate.value
            if made:
                inside[subject].setdefault(predicate, []).append(value)  # type: ignore[index]
            else:
                name = str(subject) if isinstance(subject, BlankNode) else subject.value  # type: ignore[union-attr]
                outside.setdefault((name, predicate), []).append(value)
    outside[TOP] = [node for node in inside if node not in pointed]
    names: dict[BlankNode, str] = {}
    todo = [(nodes, found.brackets.get(key, ())) for key, nodes in outside.items()]
    while todo:
        nodes, written = todo.pop()
        # One triple in two graphs, each with the node of its own bracket, is two brackets.
        if len(nodes) != len(written):
            continue
        for node, name in zip(nodes, written, strict=True):
            names[node] = name
            for predicate, values in inside.get(node, {}).items():
                todo.append((values, found.brackets.get((name, predicate), ())))
    return names
