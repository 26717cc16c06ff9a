"""Why a value does not meet another shape: its first faults that can be told from facts at hand.

Only what is stated on the value itself is looked at. A condition that would need more is passed
over, so that nothing is said which may be false.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from pyoxigraph import BlankNode, Literal, NamedNode

from gsefgraph.rdf import lexical
from gsefgraph.shacl.report.report import VIOLATION, Term
from gsefgraph.shacl.result import Result, parameter
from gsefgraph.shacl.shapes import order
from gsefgraph.shacl.shapes.graph import Shapes, is_true
from gsefgraph.shacl.shapes.pattern import matcher, translate
from gsefgraph.sparql.path import Path
from gsefgraph.terms import RDF, RDFS, SH

Facts = Mapping[tuple[Term, str], Sequence[Term]]
Test = Callable[[Term], bool]

_DEEPEST = 4
_KINDS: Mapping[type, str] = {NamedNode: "IRI", BlankNode: "BlankNode", Literal: "Literal"}


@dataclass(frozen=True, slots=True)
class _Plan:
    """A shape, read once.

    Attributes:
        path: its path, None for a node shape.
        least, most: numbers of values.
        held: values that must be there.
        tests: component, what tells it apart from others of its kind, and what tells whether a
            value is right.
        inner: ids of the shapes that a node must meet as well.
    """

    path: Path | None
    least: int
    most: int | None
    held: Sequence[Term]
    tests: Sequence[tuple[str, str | None, Test]]
    inner: Sequence[str]


@dataclass(frozen=True)
class Inner:
    """Judges nodes by shapes, as far as facts at hand tell.

    Attributes:
        shapes: the shapes.
        facts: values by subject and predicate, full IRIs.

    >>> from pyoxigraph import RdfFormat, parse
    >>> text = b"PREFIX sh: <http://www.w3.org/ns/shacl#> <a:s> sh:nodeKind sh:Literal ."
    >>> judge = Inner(Shapes(q.triple for q in parse(text, format=RdfFormat.TURTLE)), {})
    >>> [fault.kind for fault in judge.faults("a:s", NamedNode("a:n"))]
    ['NodeKind']
    """

    shapes: Shapes
    facts: Facts
    _plans: dict[str, _Plan | None] = field(default_factory=dict, compare=False, repr=False)

    def faults(self, shape: str, node: Term, depth: int = 0) -> Iterator[Result]:
        """Results of a shape, by its id, on a node, in the order of the shape."""
        if depth > _DEEPEST:
            return
        if shape not in self._plans:
            self._plans[shape] = self._read(shape)
        plan = self._plans[shape]
        if plan is None:
            return
        path = plan.path
        if path is None:
            yield from self._of_value(shape, plan, node, node)
            for other in plan.inner:
                yield from self.faults(other, node, depth + 1)
            return
        if path.operator or isinstance(node, Literal):
            return
        values = self.facts.get((node, path.predicate), ())
        number = len(values)
        if number < plan.least:
            yield _result(shape, "MinCount", node, path, None, count=number)
        if plan.most is not None and number > plan.most:
            yield _result(shape, "MaxCount", node, path, None, count=number)
        for wanted in plan.held:
            if wanted not in values:
                yield _result(shape, "HasValue", node, path, None, str(wanted))
        for value in values:
            yield from self._of_value(shape, plan, node, value)

    def _of_value(self, shape: str, plan: _Plan, node: Term, value: Term) -> Iterator[Result]:
        for kind, constraint, right in plan.tests:
            if not right(value):
                yield _result(shape, kind, node, plan.path, value, constraint)

    def _read(self, shape: str) -> _Plan | None:
        """A shape as a plan; None where it is switched off."""
        values = partial(self.shapes.values, shape)
        if any(map(is_true, values("deactivated"))):
            return None
        return _Plan(
            path=self.shapes.path(shape),
            least=next((int(node.value) for node in values("minCount")), 0),
            most=next((int(node.value) for node in values("maxCount")), None),
            held=values("hasValue"),
            tests=list(self._tests(shape)),
            inner=[node.value for local in ("property", "node") for node in values(local)],
        )

    def _tests(self, shape: str) -> Iterator[tuple[str, str | None, Test]]:
        for kind, test in _TESTS.items():
            for given in self.shapes.values(shape, parameter(kind)):
                yield kind, None, partial(test, given)
        flags = "".join(node.value for node in self.shapes.values(shape, "flags"))
        for given in self.shapes.values(shape, "pattern"):
            yield "Pattern", None, partial(_matches, matcher(translate(given.value, flags).re2))
        if self.shapes.values(shape, "in"):
            yield "In", None, frozenset(self.shapes.members(shape, "in")).__contains__
        for given in self.shapes.values(shape, "class"):
            yield "Class", given.value, partial(self._may_be, given)

    def _may_be(self, wanted: Term, value: Term) -> bool:
        """Whether a value may be of a class: that is sure only where its types are known."""
        if isinstance(value, Literal):
            return False
        waiting = list(self.facts.get((value, f"{RDF}type"), ()))
        seen: set[Term] = set()
        while waiting:
            item = waiting.pop()
            if item not in seen:
                seen.add(item)
                waiting += self.facts.get((item, f"{RDFS}subClassOf"), ())
        return wanted in seen or not seen


def _result(
    shape: str, kind: str, node: Term, path: Path | None, value: Term | None,
    constraint: str | None = None, count: int | None = None,
) -> Result:  # fmt: skip
    component = f"{SH}{kind}ConstraintComponent"
    return Result(shape, component, VIOLATION, node, path, value, constraint, count=count)


# Each tells whether a value meets a parameter.


def _datatype(given: Term, value: Term) -> bool:
    right = isinstance(value, Literal) and value.datatype == given
    return right and lexical.fault(value) is None  # type: ignore[arg-type]


def _node_kind(given: Term, value: Term) -> bool:
    return _KINDS[type(value)] in re.split(r"Or|#", given.value)


def _matches(matches: Callable[[str], bool], value: Term) -> bool:
    return not isinstance(value, BlankNode) and matches(value.value)


def _long(given: Term, value: Term) -> bool:
    return not isinstance(value, BlankNode) and len(value.value) >= int(given.value)


def _short(given: Term, value: Term) -> bool:
    return not isinstance(value, BlankNode) and len(value.value) <= int(given.value)


def _range(given: Term, value: Term, allowed: tuple[int, ...]) -> bool:
    if not isinstance(value, Literal) or not isinstance(given, Literal):
        return False
    return order.compare(value, given) in allowed


_TESTS: Mapping[str, Callable[[Term, Term], bool]] = {
    "NodeKind": _node_kind,
    "Datatype": _datatype,
    "MinLength": _long,
    "MaxLength": _short,
    "MinInclusive": partial(_range, allowed=(0, 1)),
    "MinExclusive": partial(_range, allowed=(1,)),
    "MaxInclusive": partial(_range, allowed=(-1, 0)),
    "MaxExclusive": partial(_range, allowed=(-1,)),
}
