"""Reads a shapes graph into plain data, and refuses what is not legal (SHACL, sections 2 to 6)."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from pyoxigraph import Literal, NamedNode

from gsefgraph.errors import GsefgraphError, InputError
from gsefgraph.shacl.shapes import legality, omission
from gsefgraph.shacl.shapes import path as paths
from gsefgraph.shacl.shapes.components import COMPONENTS, Component
from gsefgraph.shacl.shapes.graph import TARGETS, Shapes, is_true
from gsefgraph.shacl.shapes.model import (
    Constraint,
    Model,
    Pattern,
    Qualified,
    Shape,
    Target,
    Value,
)
from gsefgraph.shacl.shapes.pattern import translate
from gsefgraph.sparql.path import Path
from gsefgraph.terms import RDF, RDFS, SH, XSD, Term
from gsefgraph.wording import say

_TRUE = Literal("true", datatype=NamedNode(f"{XSD}boolean"))


def read(shapes: Shapes, *, places: bool = False) -> Model:
    """The shapes of a shapes graph as data.

    Parameters:
        shapes: as read from its files.
        places: whether each shape says where it is written; `Shapes.place` tells it at any time.

    Returns:
        All shapes that SHACL, section 2.1 finds in the graph, those of sh:parameter among them.

    Errors:
        InputError: a shape that is not legal; the message names it, its file and line.

    >>> from pyoxigraph import RdfFormat, parse
    >>> text = b"PREFIX sh: <http://www.w3.org/ns/shacl#> <a:s> sh:targetClass <a:C> ; sh:in () ."
    >>> model = read(Shapes(quad.triple for quad in parse(text, format=RdfFormat.TURTLE)))
    >>> [(root.id, root.targets[0].kind, root.constraints[0].kind) for root in model.roots]
    [('a:s', 'class', 'In')]
    """
    model, faults = read_legal(shapes, places=places, first=True)
    for error in faults:
        raise error
    return model


def read_legal(
    shapes: Shapes, *, places: bool = False, first: bool = False
) -> tuple[Model, Sequence[GsefgraphError]]:
    """The shapes of a shapes graph that are legal, and what is wrong with the others.

    Parameters:
        shapes, places: as for `read`.
        first: whether the first fault is enough; then the model is not to be used.

    Returns:
        Without shapes that are not legal, and what leans on them (`omission.without`); and the
        error for each of them, and for components of the shapes graph that are none.

    Errors:
        InputError: an entailment regime that the graph asks for.

    >>> from pyoxigraph import RdfFormat, parse
    >>> text = b"PREFIX sh: <http://www.w3.org/ns/shacl#> <a:s> sh:in () . <a:t> sh:minCount 'x' ."
    >>> triples = [quad.triple for quad in parse(text, format=RdfFormat.TURTLE)]
    >>> model, faults = read_legal(Shapes(triples))
    >>> [*model.shapes], [error.message.partition(":")[0] for error in faults]
    (['a:s'], ['shape <a'])
    """
    legality.check_graph(shapes)
    faults: dict[str, GsefgraphError] = dict(shapes.refused)
    if shapes.components:
        from gsefgraph.shacl.sparql import prebinding

        for component in shapes.components:
            with _noted(component, faults):
                prebinding.check_component(shapes, component)
    for name in shapes.ids:
        for inner, error in legality.pathless(shapes, name):
            faults.setdefault(inner, error)
    reader = _Reader(shapes, without=faults)
    found: dict[str, Shape] = {}
    for name in shapes.ids if not (first and faults) else ():
        if name not in faults:
            with _noted(name, faults):
                found[name] = reader.shape(name, places)
        if first and faults:
            break
    model = omission.without(Model(found), faults, reader.lacking)
    again = dict(legality.recursive(shapes, model))
    if again:
        faults |= again
        model = omission.without(model, faults, reader.lacking)
    return model, [*faults.values()]


@contextmanager
def _noted(name: str, faults: dict[str, GsefgraphError]) -> Iterator[None]:
    """Keep the error of a shape or component."""
    try:
        yield
    except InputError as error:
        faults[name] = error


class _Reader:
    """Reads one shapes graph.

    Parameters:
        without: ids of shapes and components that are left out.

    Attributes:
        lacking: ids of shapes that a component is left out of.
    """

    def __init__(self, shapes: Shapes, without: Container[str] = ()) -> None:
        self.shapes = shapes
        self.classes = shapes.below((f"{RDFS}Class",))
        self.lacking: set[str] = set()
        self._without = without
        self._incomplete = {
            parameter
            for component, parameters in shapes.components.items()
            if component in without
            for parameter in parameters
        }

    def shape(self, name: str, place: bool) -> Shape:
        """One shape."""
        legality.check(self.shapes, name)
        if not self._incomplete.isdisjoint(self.shapes.describe(NamedNode(name))):
            self.lacking.add(name)
        deactivated = any(is_true(node) for node in self.shapes.values(name, "deactivated"))
        severity = next((n.value for n in self.shapes.values(name, "severity")), f"{SH}Violation")
        path = self.shapes.path(name)
        return Shape(
            id=name,
            path=path,
            targets=tuple(self.targets(name)),
            constraints=() if deactivated else tuple(self.constraints(name, path)),
            severity=severity,
            deactivated=deactivated,
            place=self.shapes.place(name) if place else None,
            rule=self.shapes.rule(name),
            messages=self.shapes.messages(NamedNode(name)),
            name=self.shapes.texts(name, f"{SH}name"),
            description=self.shapes.texts(name, f"{SH}description"),
            label=self.shapes.texts(name, f"{RDFS}label"),
            comment=self.shapes.texts(name, f"{RDFS}comment"),
        )

    def targets(self, name: str) -> Iterator[Target]:
        """The targets of a shape; that of a shape which is a class comes last."""
        for predicate, values in self.shapes.describe(NamedNode(name)).items():
            kind = TARGETS.get(predicate)
            if kind is not None:
                yield from (Target(kind, value) for value in values)
        types = self.shapes.describe(NamedNode(name)).get(f"{RDF}type", ())
        if not self.classes.isdisjoint(types):
            yield Target("class", NamedNode(name))

    def constraints(self, name: str, path: Path | None) -> Iterator[Constraint]:
        """The constraints of a shape, in the order of the kinds of components."""
        facts = self.shapes.describe(NamedNode(name))
        for kind, component in COMPONENTS.items():
            for node in facts.get(f"{SH}{component.parameter.name}", ()):
                value = self.value(component, name, node, path)
                if value is not None:
                    yield Constraint(kind, value)
        if self.shapes.components:
            from gsefgraph.shacl.sparql import components

            for custom in components.read(self.shapes, name, path, self._without):
                yield Constraint("Custom", custom)

    def value(self, component: Component, name: str, node: Term, path: Path | None) -> Value | None:
        """What a parameter says on a shape; None where it says nothing."""
        special = _SPECIAL.get(component.kind)
        if special is not None:
            return special(self, name, node)
        if component.kind == "SPARQL":
            from gsefgraph.shacl.sparql import prebinding

            return prebinding.read(self.shapes, name, node, path)
        convert = _FORMS[component.parameter.form]
        if component.parameter.list:
            return tuple(map(convert, self.members(node)))
        found: Value = convert(node)
        return found

    def members(self, node: Term) -> tuple[Term, ...]:
        """Members of a list."""
        return tuple(paths.listed(node, self.shapes.describe))

    def pattern(self, name: str, node: Term) -> Pattern:
        """sh:pattern with the sh:flags beside it."""
        flags = next((value.value for value in self.shapes.values(name, "flags")), "")
        try:
            return translate(node.value, flags)
        except ValueError as error:
            raise legality.fault(
                self.shapes, name,
                say("shape.pattern", pattern=Literal(node.value), problem=error.args[0]),
                predicate=f"{SH}pattern", value=node,
            ) from None  # fmt: skip

    def qualified(self, name: str, node: Term) -> Qualified | None:
        """A qualified count; none without a shape to count by."""
        for shape in self.shapes.values(name, "qualifiedValueShape"):
            disjoint = any(map(is_true, self.shapes.values(name, "qualifiedValueShapesDisjoint")))
            siblings = self.siblings(name, shape) if disjoint else ()
            return Qualified(shape.value, int(node.value), siblings)
        return None

    def siblings(self, name: str, shape: Term) -> tuple[str, ...]:
        """Value shapes of the property shapes beside one (SHACL, section 4.7.3)."""
        found = dict.fromkeys(
            value.value
            for parent in self.parents.get(name, ())
            for beside in self.shapes.values(parent, "property")
            for value in self.shapes.values(beside.value, "qualifiedValueShape")
            if value != shape
        )
        return tuple(found)

    @cached_property
    def parents(self) -> Mapping[str, list[str]]:
        """The shapes that have a property shape."""
        found: dict[str, list[str]] = {}
        for name in self.shapes.ids:
            for node in self.shapes.values(name, "property"):
                found.setdefault(node.value, []).append(name)
        return found

    def closed(self, name: str, node: Term) -> frozenset[str] | None:
        """The predicates that a closed shape allows."""
        if not is_true(node):
            return None
        allowed = {
            path.value
            for shape in self.shapes.values(name, "property")
            for path in self.shapes.values(shape.value, "path")
            if isinstance(path, NamedNode)
        }
        for ignored in self.shapes.values(name, "ignoredProperties"):
            allowed.update(member.value for member in self.members(ignored))
        return frozenset(allowed)


_DIGITS = 4_000  # Python reads no number of more


def _integer(node: Term) -> int:
    digits = node.value.lstrip("+-").lstrip("0")[:_DIGITS]
    return int(digits or "0") * (-1 if node.value.startswith("-") else 1)


def _text(node: Term) -> str:
    return node.value


def _unique(_: _Reader, __: str, node: Term) -> bool | None:
    # SHACL, section 4.4.5 names the term true alone, and its test suite means it.
    return node == _TRUE or None


_FORMS: Mapping[str, Callable[[Term], Any]] = {
    "integer": _integer,
    "string": _text,
    "iri": _text,
    "shape": _text,
    "nodeKind": lambda node: node.value.removeprefix(SH),
    "literal": lambda node: node,
    "node": lambda node: node,
}
_SPECIAL: Mapping[str, Callable[[_Reader, str, Term], Value | None]] = {
    "Pattern": _Reader.pattern,
    "UniqueLang": _unique,
    "QualifiedMinCount": _Reader.qualified,
    "QualifiedMaxCount": _Reader.qualified,
    "Closed": _Reader.closed,
}
