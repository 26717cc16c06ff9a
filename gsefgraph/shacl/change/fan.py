"""How many nodes share a value of a predicate, as far as a sample tells; asked once an engine."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from weakref import WeakKeyDictionary

from pyoxigraph import NamedNode, Triple

from gsefgraph.engine.base import Engine, Term
from gsefgraph.shacl.change.sparql import contested
from gsefgraph.shacl.shapes.model import Model, Sparql

_SAMPLE = 200  # quads
_VALUES = 10

_FANS: WeakKeyDictionary[Engine, dict[str, float]] = WeakKeyDictionary()
_CONTESTED: deque[tuple[Model, frozenset[str]]] = deque(maxlen=8)


def order(model: Model, engine: Engine) -> tuple[str, ...]:
    """The predicates by which the queries of a model may find nodes, the most telling first.

    Two participations share a role with thousands and an event with a few: what is looked up by the
    event is little. Two questions for each predicate, when an engine is first asked about it.
    """
    wanted = sorted(_contested(model))
    if not wanted:
        return ()
    fans = _FANS.setdefault(engine, {})
    for predicate in wanted:
        if predicate not in fans:
            fans[predicate] = _fan(engine, predicate)
    return tuple(sorted(wanted, key=lambda predicate: (fans[predicate], predicate)))


def _fan(engine: Engine, predicate: str) -> float:
    node = NamedNode(predicate)
    # Engines give the quads of one value together, or those of one subject: both are no sample.
    some = [quad.object for quad in engine.lookup([(None, node, None)], limit=_SAMPLE)]
    values: list[Term] = [v for v in dict.fromkeys(some) if not isinstance(v, Triple)][:_VALUES]
    found = engine.lookup([(None, node, value) for value in values], limit=_VALUES * _SAMPLE)
    return sum(1 for _ in found) / max(1, len(values))


def _contested(model: Model) -> Iterable[str]:
    for known, found in tuple(_CONTESTED):  # another thread may add to it
        if known is model:
            return found
    queries = {
        constraint.value.select
        for shape in model.shapes.values()
        for constraint in shape.constraints
        if isinstance(constraint.value, Sparql)
    }
    found = frozenset().union(*map(contested, queries))
    _CONTESTED.append((model, found))
    return found
