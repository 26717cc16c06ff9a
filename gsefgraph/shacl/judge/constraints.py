"""Constraints as checks of the value nodes of many focus nodes (SHACL, sections 4 to 6)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain
from typing import Any, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from gsefgraph.rdf import lexical
from gsefgraph.shacl.judge.view import Check, Fault, State
from gsefgraph.shacl.shapes import order
from gsefgraph.shacl.shapes.components import inner
from gsefgraph.shacl.shapes.model import Constraint, Pattern, Qualified, Shape
from gsefgraph.shacl.shapes.pattern import matcher
from gsefgraph.sparql.path import Path
from gsefgraph.terms import Term

Test: TypeAlias = Callable[[Term], bool]
Often: TypeAlias = tuple[Term, int]

_KINDS: Mapping[str, tuple[type, ...]] = {
    "IRI": (NamedNode,),
    "BlankNode": (BlankNode,),
    "Literal": (Literal,),
    "BlankNodeOrIRI": (BlankNode, NamedNode),
    "BlankNodeOrLiteral": (BlankNode, Literal),
    "IRIOrLiteral": (NamedNode, Literal),
}


def each(test_of: Callable[[Any, State], Test]) -> Check:
    """A check that asks the same of every value node.

    Parameters:
        test_of: makes, of the constraint's value, what tells whether a value node is right.
    """

    def check(
        shape: Shape, constraint: Constraint, state: State, nodes: Collection[Term]
    ) -> Iterator[Fault]:
        right = test_of(constraint.value, state)
        values = state.values[shape.id]
        for node in nodes:
            for value in values[node]:
                if not right(value):
                    yield Fault(node, value)

    return check


def _class(iri: str, state: State) -> Test:
    classes, cls = state.view.classes, NamedNode(iri)
    return lambda value: type(value) is not Literal and cls in classes(value)


def _datatype(iri: str, _: State) -> Test:
    fault_of, is_tag = lexical.fault_of, lexical.language_tag

    def right(value: Term) -> bool:
        if not isinstance(value, Literal) or value.datatype.value != iri:
            return False
        tag = value.language
        return is_tag(tag) if tag is not None else fault_of(value.value, iri) is None

    return right


def _node_kind(name: str, _: State) -> Test:
    kinds = _KINDS[name]
    return lambda value: isinstance(value, kinds)


def _range(*allowed: int) -> Callable[[Literal, State], Test]:
    """How the bound may stand to the value: sh:minExclusive wants it before the value."""

    def made(bound: Literal, _: State) -> Test:
        compare = order.compare
        return lambda value: isinstance(value, Literal) and compare(bound, value) in allowed

    return made


def _min_length(least: int, _: State) -> Test:
    return lambda value: not isinstance(value, BlankNode) and len(value.value) >= least


def _max_length(most: int, _: State) -> Test:
    return lambda value: not isinstance(value, BlankNode) and len(value.value) <= most


def _pattern(wanted: Pattern, _: State) -> Test:
    matches = matcher(wanted.re2)
    return lambda value: not isinstance(value, BlankNode) and matches(value.value)


def _language_in(ranges: tuple[str, ...], _: State) -> Test:
    """Basic filtering (RFC 4647, section 3.3.1), as langMatches of SPARQL does it."""
    wanted = frozenset(one.lower() for one in ranges)

    def right(value: Term) -> bool:
        tag = value.language if isinstance(value, Literal) else None
        if not tag:
            return False
        parts = tag.lower().split("-")
        return "*" in wanted or any(
            "-".join(parts[:count]) in wanted for count in range(1, len(parts) + 1)
        )

    return right


def _in(members: tuple[Term, ...], _: State) -> Test:
    return frozenset(members).__contains__


_SINGLE: Mapping[str, Check] = {
    "Class": each(_class),
    "Datatype": each(_datatype),
    "NodeKind": each(_node_kind),
    "MinExclusive": each(_range(-1)),
    "MinInclusive": each(_range(-1, 0)),
    "MaxExclusive": each(_range(1)),
    "MaxInclusive": each(_range(1, 0)),
    "MinLength": each(_min_length),
    "MaxLength": each(_max_length),
    "Pattern": each(_pattern),
    "LanguageIn": each(_language_in),
    "In": each(_in),
}


def _count(right: Callable[[int, int], bool]) -> Check:
    """A check of how many values a node has."""

    def check(
        shape: Shape, constraint: Constraint, state: State, nodes: Collection[Term]
    ) -> Iterator[Fault]:
        values, wanted = state.values[shape.id], constraint.value
        assert isinstance(wanted, int)  # noqa: S101 - so says `Constraint`
        for node in nodes:
            if not right(count := len(values[node]), wanted):
                yield Fault(node, count=count)

    return check


def unique_lang(
    shape: Shape, _: Constraint, state: State, nodes: Collection[Term]
) -> Iterator[Fault]:
    """Languages that more than one value is in."""
    for node in nodes:
        seen: dict[str, int] = {}
        for value in state.values[shape.id][node]:
            if isinstance(value, Literal) and (tag := value.language):
                seen[tag.lower()] = seen.get(tag.lower(), 0) + 1
        for tag, count in sorted(seen.items()):
            if count > 1:
                yield Fault(node, constraint=tag)


def has_value(
    shape: Shape, constraint: Constraint, state: State, nodes: Collection[Term]
) -> Iterator[Fault]:
    """Nodes without the value that all must have."""
    for node in nodes:
        if constraint.value not in state.values[shape.id][node]:
            yield Fault(node)


def closed(
    shape: Shape, constraint: Constraint, state: State, nodes: Collection[Term]
) -> Iterator[Fault]:
    """What is stated by a predicate that is not listed."""
    allowed = constraint.value
    assert isinstance(allowed, frozenset)  # noqa: S101 - so says `Constraint`
    for node in nodes:
        for value in state.values[shape.id][node]:
            for predicate, objects in state.view.out(value).items():
                if predicate not in allowed:
                    path = Path.of(predicate)
                    yield from (Fault(node, found, path=path) for found in objects)


def _pair(faulty: Callable[[Sequence[Term], Sequence[Term]], Iterable[Often]]) -> Check:
    """A check of value nodes against the values of another property of the focus node.

    Parameters:
        faulty: gives, of both, the values at fault with how many results each has.
    """

    def check(
        shape: Shape, constraint: Constraint, state: State, nodes: Collection[Term]
    ) -> Iterator[Fault]:
        predicate = str(constraint.value)
        for node in nodes:
            others = state.view.objects(node, predicate)
            for value, times in faulty(state.values[shape.id][node], others):
                yield Fault(node, value, times=times)

    return check


def _unequal(values: Sequence[Term], others: Sequence[Term]) -> Iterator[Often]:
    one, other = frozenset(values), frozenset(others)
    yield from ((value, 1) for value in values if value not in other)
    yield from ((value, 1) for value in others if value not in one)


def _shared(values: Sequence[Term], others: Sequence[Term]) -> Iterator[Often]:
    other = frozenset(others)
    return ((value, 1) for value in values if value in other)


def _not_before(*allowed: int) -> Callable[[Sequence[Term], Sequence[Term]], Iterator[Often]]:
    """Values with how many others they do not come before (sections 4.5.3 and 4.5.4)."""

    def faulty(values: Sequence[Term], others: Sequence[Term]) -> Iterator[Often]:
        scale = order.Scale(other for other in others if isinstance(other, Literal))
        for value in values if others else ():
            right = scale.after(value, allowed) if isinstance(value, Literal) else 0
            if right < len(others):
                yield value, len(others) - right

    return faulty


_TOGETHER: Mapping[str, Check] = {
    "MinCount": _count(lambda count, least: count >= least),
    "MaxCount": _count(lambda count, most: count <= most),
    "UniqueLang": unique_lang,
    "HasValue": has_value,
    "Closed": closed,
    "Equals": _pair(_unequal),
    "Disjoint": _pair(_shared),
    "LessThan": _pair(_not_before(-1)),
    "LessThanOrEquals": _pair(_not_before(-1, 0)),
}


_NONE: Set[Any] = frozenset()


def _by(right: Callable[[int, int], bool]) -> Check:
    """A check of how many of the inner shapes a value node may break.

    Parameters:
        right: whether so many broken, of so many, are right.
    """

    def check(
        shape: Shape, constraint: Constraint, state: State, nodes: Collection[Term]
    ) -> Iterator[Fault]:
        bad = [state.bad.get(each, _NONE) for each in inner(constraint)]
        values = state.values[shape.id]
        for node in nodes:
            for value in values[node]:
                broken = sum(value in each for each in bad)
                if not right(broken, len(bad)):
                    yield Fault(node, value)

    return check


def _qualified(right: Callable[[int, int], bool]) -> Check:
    """A check of how many value nodes conform to a shape, and to none of its siblings."""

    def check(
        shape: Shape, constraint: Constraint, state: State, nodes: Collection[Term]
    ) -> Iterator[Fault]:
        wanted = constraint.value
        assert isinstance(wanted, Qualified)  # noqa: S101 - so says `Constraint`
        bad = state.bad.get(wanted.shape, _NONE)
        siblings: Sequence[Set[Any]] = [state.bad.get(each, _NONE) for each in wanted.siblings]
        for node in nodes:
            count = sum(
                value not in bad and all(value in sibling for sibling in siblings)
                for value in state.values[shape.id][node]
            )
            if not right(count, wanted.count):
                yield Fault(node, count=count)

    return check


_NESTED: Mapping[str, Check] = {
    "Node": _by(lambda broken, _: broken == 0),
    "Property": _by(lambda broken, _: broken == 0),
    "Not": _by(lambda broken, _: broken == 1),
    "And": _by(lambda broken, _: broken == 0),
    "Or": _by(lambda broken, shapes: broken < shapes),
    "Xone": _by(lambda broken, shapes: broken == shapes - 1),
    "QualifiedMinCount": _qualified(lambda count, least: count >= least),
    "QualifiedMaxCount": _qualified(lambda count, most: count <= most),
}


def sparql(
    shape: Shape, constraint: Constraint, state: State, nodes: Collection[Term]
) -> Iterator[Fault]:
    """Nodes that a query finds at fault (sections 5.3.1 and 6.3)."""
    from gsefgraph.engine.ask import rows
    from gsefgraph.shacl.sparql.results import Question, known, results

    if not nodes:
        return
    question = Question.of(constraint)
    scratch = state.view.scratch(question.text, list(nodes))
    if scratch is None:
        return
    values = state.values[shape.id]
    pairs = [(n, v) for n in nodes for v in values[n]] if question.ask else [(n, n) for n in nodes]
    keyed = {str(number): pair for number, pair in enumerate(pairs)}
    names = question.names
    kept = rows((key, dict(zip(names, pair, strict=False))) for key, pair in keyed.items())
    at = [names.index(name) for name in question.starts]
    made_known = (known(pair[place]) for pair in pairs for place in at)
    with scratch.beside(chain(question.quads, kept, made_known)):
        found = results(shape, constraint, question, scratch, lambda: keyed, lambda _: keyed)
    for _, result in found:
        path = result.path if result.path != shape.path else None
        bound, times = result.bound, result.times
        yield Fault(result.focus, result.value, path=path, bound=bound, times=times)


_QUERIES: Mapping[str, Check] = {"SPARQL": sparql, "Custom": sparql}

CHECKS: Mapping[str, Check] = {**_SINGLE, **_TOGETHER, **_NESTED, **_QUERIES}
"""What judges the value nodes of each component, by its kind."""
