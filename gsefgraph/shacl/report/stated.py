"""What is stated around a result: the values that its sentence counts or names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import Literal

from gsefgraph.shacl.report.report import Term
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes import order

Facts = Mapping[tuple[Term, str], Sequence[Term]]


def count(facts: Facts, result: Result) -> int:
    """How many values the property of a result has."""
    return result.count if result.count is not None else len(values(facts, result))


def values(facts: Facts, result: Result) -> Sequence[Term]:
    """The values that a result is about; none for a longer path.

    >>> from pyoxigraph import NamedNode
    >>> from gsefgraph.sparql.path import Path
    >>> node = NamedNode("a:n")
    >>> values({(node, "a:p"): [Literal(5)]}, Result("a:s", "", "", node, Path.of("a:p"), None))[0]
    <Literal value=5 datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#integer>>
    """
    if result.path is None or result.path.operator:
        return ()
    found = facts.get((result.focus, result.path.predicate), ())
    if result.kind != "UniqueLang":
        return found
    texts = [item for item in found if isinstance(item, Literal) and item.language]
    tags = [(item.language or "").lower() for item in texts]
    wanted = (result.constraint or "").lower()
    return [
        item
        for item, tag in zip(texts, tags, strict=True)
        if (tag == wanted if wanted else tags.count(tag) > 1)
    ]


def others(facts: Facts, result: Result, properties: Iterable[Term]) -> Sequence[Term]:
    """Values of properties that the value of a result does not precede.

    Parameters:
        facts: values by subject and predicate.
        result: of sh:lessThan or sh:lessThanOrEquals.
        properties: that its value is compared with.
    """
    found = [item for node in properties for item in facts.get((result.focus, node.value), ())]
    value = result.value
    if not isinstance(value, Literal):
        return found
    allowed = (-1,) if result.kind == "LessThan" else (-1, 0)
    wrong = [
        item for item in found
        if not isinstance(item, Literal) or order.compare(value, item) not in allowed
    ]  # fmt: skip
    # Those that can be compared tell more.
    return [item for item in wrong if not strange(value, item)] or wrong


def strange(value: Term | None, other: Term) -> bool:
    """Whether two values have no order between them.

    >>> strange(Literal(5), Literal("a")), strange(Literal(5), Literal(6))
    (True, False)
    """
    if not isinstance(value, Literal) or not isinstance(other, Literal):
        return True
    return order.compare(value, other) is None
