"""Constraints that judge each value node by itself (SHACL, sections 4.1, 4.3, 4.4 and 4.8.2)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from gsefgraph.rdf import lexical
from gsefgraph.shacl.judge.facts import Check, Facts, Fault
from gsefgraph.shacl.judge.view import Term
from gsefgraph.shacl.shapes import order
from gsefgraph.shacl.shapes.model import Constraint, Pattern, Shape
from gsefgraph.shacl.shapes.pattern import matcher

Test: TypeAlias = Callable[[Term], bool]

_KINDS: Mapping[str, tuple[type, ...]] = {
    "IRI": (NamedNode,),
    "BlankNode": (BlankNode,),
    "Literal": (Literal,),
    "BlankNodeOrIRI": (BlankNode, NamedNode),
    "BlankNodeOrLiteral": (BlankNode, Literal),
    "IRIOrLiteral": (NamedNode, Literal),
}


def each(test_of: Callable[[Any, Facts], Test], *, named: bool = False) -> Check:
    """A check that asks the same of every value node.

    Parameters:
        test_of: makes, of the constraint's value, what tells whether a value node is right.
        named: whether the constraint's value tells it from others of its kind on a shape.
    """

    def check(
        shape: Shape, constraint: Constraint, facts: Facts, nodes: Collection[Term]
    ) -> Iterator[Fault]:
        right = test_of(constraint.value, facts)
        name = str(constraint.value) if named else None
        values = facts.values[shape.id]
        for node in nodes:
            for value in values[node]:
                if not right(value):
                    yield Fault(node, value, name)

    return check


def _class(iri: str, facts: Facts) -> Test:
    classes, cls = facts.view.classes, NamedNode(iri)
    return lambda value: type(value) is not Literal and cls in classes(value)


def _datatype(iri: str, _: Facts) -> Test:
    fault_of, is_tag = lexical.fault_of, lexical.language_tag

    def right(value: Term) -> bool:
        if not isinstance(value, Literal) or value.datatype.value != iri:
            return False
        tag = value.language
        return is_tag(tag) if tag is not None else fault_of(value.value, iri) is None

    return right


def _node_kind(name: str, _: Facts) -> Test:
    kinds = _KINDS[name]
    return lambda value: isinstance(value, kinds)


def _range(*allowed: int) -> Callable[[Literal, Facts], Test]:
    """How the bound may stand to the value: sh:minExclusive wants it before the value."""

    def made(bound: Literal, _: Facts) -> Test:
        compare = order.compare
        return lambda value: isinstance(value, Literal) and compare(bound, value) in allowed

    return made


def _min_length(least: int, _: Facts) -> Test:
    return lambda value: not isinstance(value, BlankNode) and len(value.value) >= least


def _max_length(most: int, _: Facts) -> Test:
    return lambda value: not isinstance(value, BlankNode) and len(value.value) <= most


def _pattern(wanted: Pattern, _: Facts) -> Test:
    matches = matcher(wanted.re2)
    return lambda value: not isinstance(value, BlankNode) and matches(value.value)


def _language_in(ranges: tuple[str, ...], _: Facts) -> Test:
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


def _in(members: tuple[Term, ...], _: Facts) -> Test:
    return frozenset(members).__contains__


CHECKS: Mapping[str, Check] = {
    "Class": each(_class, named=True),
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
