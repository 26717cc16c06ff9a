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
from gsefgraph.shacl.shapes.components import COMPONENTS, PARAMETERS, Component
from gsefgraph.shacl.shapes.graph import TARGETS, Shapes, is_true
from gsefgraph.shacl.shapes.model import (
    Constraint,
    Custom,
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
    model, faults = read_legal(shapes, places=places)
    for error in faults:
        raise error
    return model


def read_legal(shapes: Shapes, *, places: bool = False) -> tuple[Model, Sequence[GsefgraphError]]:
    """What is legal of a shapes graph, and what is wrong with the rest.

    Parameters:
        shapes, places: as for `read`.

    Returns:
        Without shapes, targets and constraints that are not legal, and what leans on them
        (`omission.without`); and the error for each of them, and for components of the shapes graph
        that are none. A shape goes as a whole where its kind, path, severity or whether it is
        deactivated is not known.

    Errors:
        InputError: an entailment regime that the graph asks for.

    >>> from pyoxigraph import RdfFormat, parse
    >>> text = b"PREFIX sh: <http://www.w3.org/ns/shacl#> <a:s> sh:in () ; sh:minCount 'x' ."
    >>> triples = [quad.triple for quad in parse(text, format=RdfFormat.TURTLE)]
    >>> model, faults = read_legal(Shapes(triples))
    >>> [c.kind for c in model.shapes["a:s"].constraints], faults[0].message.partition(":")[0]
    (['In'], 'shape <a')
    """
    legality.check_graph(shapes)
    gone: dict[str, GsefgraphError] = dict(shapes.refused)
    if shapes.components:
        from gsefgraph.shacl.sparql import prebinding

        for component in shapes.components:
            try:
                prebinding.check_component(shapes, component)
            except InputError as error:
                gone[component] = error
    for name in shapes.ids:
        for inner, pathless in legality.pathless(shapes, name):
            gone.setdefault(inner, pathless)
    parts: dict[str, list[legality.Fault]] = {}
    for name in shapes.ids:
        found = [*legality.check(shapes, name)]
        whole = next((fault for local, _, fault in found if not _is_part(local)), None)
        if whole is not None:
            gone.setdefault(name, whole)
        elif found:
            parts[name] = found
    reader = _Reader(shapes, gone, parts)
    model = Model({name: reader.shape(name, places) for name in shapes.ids if name not in gone})
    model = omission.without(model, gone, reader.lacking)
    again = dict(legality.recursive(shapes, model))
    if again:
        gone |= again
        model = omission.without(model, gone, reader.lacking)
    others = [fault for name, found in parts.items() if name not in gone for *_, fault in found]
    return model, [*gone.values(), *others, *reader.faults.values()]


def _is_part(local: str) -> bool:
    """Whether a shape can be read without what it has for a property of SHACL's vocabulary."""
    return local in PARAMETERS or f"{SH}{local}" in TARGETS or local == "message"


class _Reader:
    """Reads one shapes graph.

    Parameters:
        without: ids of shapes, constraints and components that are left out.
        parts: what is wrong with parts of shapes, which are left out.

    Attributes:
        lacking: ids of shapes that a constraint is left out of.
        faults: what is wrong with these constraints, each once, by its text.
    """

    def __init__(
        self,
        shapes: Shapes,
        without: Container[str],
        parts: Mapping[str, Sequence[legality.Fault]],
    ) -> None:
        self.shapes = shapes
        self.classes = shapes.below((f"{RDFS}Class",))
        self.lacking: set[str] = set()
        self.faults: dict[str, InputError] = {}
        self._without = without
        self._parts = {
            name: {(local, value) for local, value, _ in found} for name, found in parts.items()
        }

    def _is_out(self, name: str, local: str, value: Term) -> bool:
        """Whether a value on a shape is left out."""
        return not {(local, None), (local, value)}.isdisjoint(self._parts.get(name, ()))

    @contextmanager
    def _noted(self, name: str) -> Iterator[None]:
        """Keep the error of a constraint of a shape, which goes without it."""
        try:
            yield
        except InputError as error:
            self.lacking.add(name)
            self.faults.setdefault(str(error), error)

    def shape(self, name: str, place: bool) -> Shape:
        """One shape."""
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
            messages=tuple(
                text
                for text in self.shapes.messages(NamedNode(name))
                if not self._is_out(name, "message", text)
            ),
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
                local = predicate.removeprefix(SH)
                for value in values:
                    if not self._is_out(name, local, value):
                        yield Target(kind, value)
        types = self.shapes.describe(NamedNode(name)).get(f"{RDF}type", ())
        if not self.classes.isdisjoint(types):
            yield Target("class", NamedNode(name))

    def constraints(self, name: str, path: Path | None) -> Iterator[Constraint]:
        """The constraints of a shape, in the order of the kinds of components."""
        facts = self.shapes.describe(NamedNode(name))
        for kind, component in COMPONENTS.items():
            halves = [
                (other.name, value)
                for other in component.others
                for value in self.shapes.values(name, other.name)
            ]
            for node in facts.get(f"{SH}{component.parameter.name}", ()):
                given = [(component.parameter.name, node), *halves]
                if any(self._is_out(name, *pair) for pair in given):
                    self.lacking.add(name)
                    continue
                value = None
                with self._noted(name):
                    value = self.value(component, name, node, path)
                if value is not None:
                    yield Constraint(kind, value)
        if self.shapes.components:
            from gsefgraph.shacl.sparql import components

            for iri, parameters in sorted(self.shapes.components.items()):
                if iri not in self._without:
                    customs: Sequence[Custom] = ()
                    with self._noted(name):
                        customs = [*components.read(self.shapes, name, path, iri)]
                    yield from (Constraint("Custom", custom) for custom in customs)
                elif not facts.keys().isdisjoint(parameters):
                    self.lacking.add(name)

    def value(self, component: Component, name: str, node: Term, path: Path | None) -> Value | None:
        """What a parameter says on a shape; None where it says nothing."""
        special = _SPECIAL.get(component.kind)
        if special is not None:
            return special(self, name, node)
        if component.kind == "SPARQL":
            from gsefgraph.shacl.sparql import prebinding

            if node.value not in self._without:
                return prebinding.read(self.shapes, name, node, path)
            self.lacking.add(name)
            return None
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
        allowed: set[str] = set()
        for shape in self.shapes.values(name, "property"):
            given = () if isinstance(shape, Literal) else self.shapes.values(shape.value, "path")
            allowed.update(path.value for path in given if isinstance(path, NamedNode))
            is_legal = not isinstance(shape, Literal) and shape.value not in self._without
            if not is_legal and [type(path) for path in given] != [NamedNode]:
                raise legality.fault(
                    self.shapes, name, say("shape.closed"), predicate=f"{SH}closed", value=node,
                    hint=say("shape.property-value"),
                )  # fmt: skip
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
