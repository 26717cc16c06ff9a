"""Why a value does not meet another shape: its faults that can be told from facts at hand.

The judge looks only at what is stated on the value itself. A condition that would need more is
left out, so that nothing is said which may be false.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.shacl.judge.judge import judge
from gsefgraph.shacl.judge.memory import Memory
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.components import of
from gsefgraph.shacl.shapes.model import Constraint, Model, Shape
from gsefgraph.terms import RDF, Term

Facts = Mapping[tuple[Term, str], Sequence[Term]]

_TYPE = f"{RDF}type"


@dataclass(frozen=True)
class Reasons:
    """Judges nodes by shapes, as far as facts at hand tell.

    Attributes:
        model: the shapes.
        facts: values by subject and predicate, full IRIs.

    >>> shape = Shape("a:s", constraints=(Constraint("NodeKind", "Literal"),))
    >>> reasons = Reasons(Model({"a:s": shape}), {})
    >>> [result.kind for result in reasons.of("a:s", NamedNode("a:n"))]
    ['NodeKind']
    """

    model: Model
    facts: Facts
    _models: dict[str, Model] = field(default_factory=dict, compare=False, repr=False)

    def of(self, shape: str, node: Term) -> list[Result]:
        """Results of a shape, by its id, on a node, in the order of the shape."""
        if shape not in self._models:
            self._models[shape] = Model({each.id: each for each in self._certain(shape)})
        found = judge(self._models[shape], self._view, {shape: (node,)})
        return [result for result in found if result.kind != "Class" or self._typed(result.value)]

    @cached_property
    def _view(self) -> Memory:
        return Memory(
            Triple(subject, NamedNode(predicate), value)  # type: ignore[arg-type]
            for (subject, predicate), values in self.facts.items()
            for value in values
        )

    def _typed(self, value: Term | None) -> bool:
        """Whether the classes of a value are known."""
        return isinstance(value, Literal) or bool(self._view.objects(value, _TYPE))  # type: ignore[arg-type]

    def _certain(self, start: str) -> Iterator[Shape]:
        """A shape and those that its own nodes must meet, with what can be told of them; all of
        their results are reported."""
        waiting, seen = [start], set()
        while waiting:
            shape = self.model.shapes.get(waiting.pop())
            if shape is None or shape.id in seen:
                continue
            seen.add(shape.id)
            certain = [c for c in shape.constraints if _sure(c)]
            inner: list[str] = []
            if shape.path is None:
                for kind in ("Property", "Node"):
                    inner += [str(c.value) for c in shape.constraints if c.kind == kind]
            elif shape.path.operator:
                certain = []
            nested = [Constraint("Property", each) for each in inner]
            yield replace(shape, constraints=(*certain, *nested))
            waiting += reversed(inner)


def _sure(constraint: Constraint) -> bool:
    """Whether the value nodes and their classes are all that a constraint looks at."""
    component = of(constraint)
    return not component.signs and component.reads in ("term", "text", "order", "classes")
