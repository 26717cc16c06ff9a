"""What is not a legal shape, and where it is written (SHACL, sections 2 to 5, "syntax rules").

The rules are those of https://www.w3.org/TR/shacl/#syntax-rules; the message of each says what
would be right. `check` looks at one shape, `check_recursion` at all of them together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from gsefgraph.errors import InputError
from gsefgraph.rdf.lexical import fault_of
from gsefgraph.shacl.shapes import path as paths
from gsefgraph.shacl.shapes.graph import LISTED, NESTED, TARGETS, Shapes
from gsefgraph.shacl.shapes.model import Qualified, Shape
from gsefgraph.terms import RDF, RDFS, SH, XSD, Names
from gsefgraph.wording import say

Node = NamedNode | BlankNode | Literal

NODE_KINDS = ("BlankNode", "IRI", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
_NAMES = Names()


def fault(
    shapes: Shapes,
    shape: str,
    message: str,
    *,
    predicate: str | None = None,
    value: Node | None = None,
    hint: str | None = None,
) -> InputError:
    """The error that names a shape and the place of what is wrong with it.

    Parameters:
        shape: its id.
        predicate, value: full IRI and value of the triple at fault.
        hint: what would be right.
    """
    file, line, column = shapes.place(shape, predicate, value) or (shapes.file, None, None)
    return InputError(
        say("shape.at", shape=title(shapes, shape), problem=message),
        file=file,
        line=line,
        column=column,
        hint=hint,
    )


def title(shapes: Shapes, shape: str) -> str:
    """A shape's name for messages: a blank one is a part of what is around it."""
    if shapes.named(shape):
        return _NAMES.compact(shape)
    owner = shapes.rule(shape)
    inside = shapes.named(owner)
    return say("shape.inside", owner=_NAMES.compact(owner)) if inside else say("shape.nameless")


@dataclass(frozen=True, slots=True)
class _Rule:
    """What the values of a property of a shape must be."""

    right: Callable[[Node], bool]
    wanted: str  # key of the words for them
    several: bool = False  # whether each value is a constraint of its own
    path: bool = False  # whether only property shapes may have it
    list: bool = False  # whether the value is a list of such nodes


def _literal(*datatypes: str) -> Callable[[Node], bool]:
    names = {f"{XSD}{name}" for name in datatypes}

    def right(node: Node) -> bool:
        return (
            isinstance(node, Literal)
            and node.datatype.value in names
            and not fault_of(node.value, node.datatype.value)
        )

    return right


def _is_iri(node: Node) -> bool:
    return isinstance(node, NamedNode)


def _is_literal(node: Node) -> bool:
    return isinstance(node, Literal)


def _is_shape(node: Node) -> bool:
    return not isinstance(node, Literal)


_INTEGER = (_literal("integer"), "wanted.integer")
_BOOLEAN = (_literal("boolean"), "wanted.boolean")
_STRING = (_literal("string"), "wanted.string")
_IRI = (_is_iri, "wanted.iri")
_LITERAL = (_is_literal, "wanted.literal")
_SHAPE = (_is_shape, "wanted.shape")
_ANY = (lambda _: True, "wanted.any")
_RULES: Mapping[str, _Rule] = {
    "targetClass": _Rule(*_IRI, several=True),
    "targetNode": _Rule(lambda node: not isinstance(node, BlankNode), "wanted.named", several=True),
    "targetSubjectsOf": _Rule(*_IRI, several=True),
    "targetObjectsOf": _Rule(*_IRI, several=True),
    "severity": _Rule(*_IRI),
    "deactivated": _Rule(*_BOOLEAN),
    "message": _Rule(
        lambda node: _STRING[0](node) or (isinstance(node, Literal) and bool(node.language)),
        "wanted.text",
        several=True,
    ),
    "path": _Rule(_is_shape, "wanted.path"),
    "class": _Rule(*_IRI, several=True),
    "datatype": _Rule(*_IRI),
    "nodeKind": _Rule(
        lambda node: node.value in {f"{SH}{kind}" for kind in NODE_KINDS} and _is_iri(node),
        "wanted.node-kind",
    ),
    "minCount": _Rule(*_INTEGER, path=True),
    "maxCount": _Rule(*_INTEGER, path=True),
    "minExclusive": _Rule(*_LITERAL),
    "minInclusive": _Rule(*_LITERAL),
    "maxExclusive": _Rule(*_LITERAL),
    "maxInclusive": _Rule(*_LITERAL),
    "minLength": _Rule(*_INTEGER),
    "maxLength": _Rule(*_INTEGER),
    "pattern": _Rule(*_STRING),
    "flags": _Rule(*_STRING),
    "languageIn": _Rule(*_STRING, list=True),
    "uniqueLang": _Rule(*_BOOLEAN, path=True),
    "equals": _Rule(*_IRI, several=True),
    "disjoint": _Rule(*_IRI, several=True),
    "lessThan": _Rule(*_IRI, several=True, path=True),
    "lessThanOrEquals": _Rule(*_IRI, several=True, path=True),
    "not": _Rule(*_SHAPE, several=True),
    "node": _Rule(*_SHAPE, several=True),
    "property": _Rule(*_SHAPE, several=True),
    "and": _Rule(*_SHAPE, several=True, list=True),
    "or": _Rule(*_SHAPE, several=True, list=True),
    "xone": _Rule(*_SHAPE, several=True, list=True),
    "qualifiedValueShape": _Rule(*_SHAPE, path=True),
    "qualifiedValueShapesDisjoint": _Rule(*_BOOLEAN),
    "qualifiedMinCount": _Rule(*_INTEGER),
    "qualifiedMaxCount": _Rule(*_INTEGER),
    "closed": _Rule(*_BOOLEAN),
    "ignoredProperties": _Rule(*_IRI, list=True),
    "hasValue": _Rule(*_ANY, several=True),
    "in": _Rule(*_ANY, list=True),
    "sparql": _Rule(_is_shape, "wanted.sparql", several=True),
}


def check_graph(shapes: Shapes) -> None:
    """Refuse a shapes graph that wants entailment, which is not done while validating.

    Errors:
        InputError (SHACL, section 1.5: an entailment regime that is not there is a failure).
    """
    for subject in shapes.subjects:
        for node in shapes.values(subject, "entailment"):
            raise fault(
                shapes, subject, say("shape.entailment", regime=_spelled(node)),
                predicate=f"{SH}entailment", value=node,
                hint=say("shape.derive-first"),
            )  # fmt: skip


def check(shapes: Shapes, shape: str) -> None:
    """Refuse a shape that breaks a syntax rule.

    Errors:
        InputError: which shape, where, and what would be right.
    """
    _check_kind(shapes, shape)
    has_path = bool(shapes.values(shape, "path"))
    for predicate, values in shapes.describe(NamedNode(shape)).items():
        local = predicate.removeprefix(SH)
        rule = _RULES.get(local)
        if rule is None or local == predicate:
            continue
        if len(values) > 1 and not rule.several:
            raise fault(
                shapes, shape, say("shape.several", count=len(values), name=local),
                predicate=predicate, value=values[1], hint=say("shape.one-at-most"),
            )  # fmt: skip
        if rule.path and not has_path:
            raise fault(
                shapes, shape, say("shape.on-node-shape", name=local),
                predicate=predicate, hint=say("shape.property-only"),
            )  # fmt: skip
        for value in values:
            _check_value(shapes, shape, local, rule, value)
    _check_nested(shapes, shape)


def _check_kind(shapes: Shapes, shape: str) -> None:
    types = set(shapes.describe(NamedNode(shape)).get(f"{RDF}type", ()))
    paths_given = shapes.values(shape, "path")
    if paths_given and types & shapes.below((f"{SH}NodeShape",)):
        raise fault(
            shapes, shape, say("shape.node-with-path"), predicate=f"{SH}path",
            hint=say("shape.make-property"),
        )  # fmt: skip
    if not paths_given and types & shapes.below((f"{SH}PropertyShape",)):
        raise fault(
            shapes, shape, say("shape.property-without-path"),
            hint=say("shape.make-node"),
        )  # fmt: skip
    if types & shapes.below((f"{RDFS}Class",)) and not shapes.named(shape):
        raise fault(
            shapes, shape, say("shape.blank-class"),
            hint=say("shape.give-iri"),
        )  # fmt: skip


def _check_value(shapes: Shapes, shape: str, local: str, rule: _Rule, value: Node) -> None:
    predicate = f"{SH}{local}"
    members = [value]
    if rule.list:
        try:
            members = paths.listed(value, shapes.describe)
        except ValueError as error:
            raise fault(
                shapes, shape, say("shape.about", name=local, problem=error.args[0]),
                predicate=predicate, value=value,
                hint=say("shape.list-of", wanted=say(rule.wanted)),
            ) from None  # fmt: skip
    for member in members:
        if not rule.right(member):
            said = say("shape.blank") if isinstance(member, BlankNode) else _spelled(member)
            key, hint = (
                ("shape.member", "shape.each-is")
                if rule.list
                else ("shape.value", "shape.value-is")
            )
            raise fault(
                shapes, shape, say(key, name=local, value=said), predicate=predicate, value=value,
                hint=say(hint, wanted=say(rule.wanted)),
            )  # fmt: skip
    if local == "path":
        try:
            paths.read(value, shapes.describe)
        except ValueError as error:
            raise fault(
                shapes, shape, say("shape.path", problem=error.args[0]),
                predicate=predicate, value=value, hint=say("shape.path-form"),
            ) from None  # fmt: skip


def _check_nested(shapes: Shapes, shape: str) -> None:
    for value in shapes.values(shape, "property"):
        if not shapes.values(value.value, "path"):
            raise fault(
                shapes, shape, say("shape.property-no-path", node=_spelled(value)),
                predicate=f"{SH}property", value=value,
                hint=say("shape.property-value"),
            )  # fmt: skip
    for value in shapes.values(shape, "node"):
        if shapes.values(value.value, "path"):
            raise fault(
                shapes, shape, say("shape.node-path", node=_spelled(value)),
                predicate=f"{SH}node", value=value,
                hint=say("shape.node-value"),
            )  # fmt: skip


def _spelled(node: Node) -> str:
    if isinstance(node, NamedNode):
        return (
            say("shape.blank")
            if node.value.startswith("urn:gsefgraph:")
            else _NAMES.compact(node.value)
        )
    if isinstance(node, Literal) and node.datatype.value.startswith(XSD) and not node.language:
        text = str(Literal(node.value))
        local = node.datatype.value.removeprefix(XSD)
        return text if local == "string" else f"{text}^^xsd:{local}"
    return str(node)


def inner(shape: Shape) -> Iterable[tuple[str, bool]]:
    """Ids of shapes that a shape depends on, each with whether it does so by not conforming.

    A condition that more conforming nodes can break - not, xone, a maximum count, a sibling whose
    nodes do not count - is one that recursion cannot go through.
    """
    for constraint in shape.constraints:
        value = constraint.value
        if constraint.kind in ("Node", "Property", "Not") and isinstance(value, str):
            yield value, constraint.kind == "Not"
        elif constraint.kind in ("And", "Or", "Xone") and isinstance(value, tuple):
            for member in value:
                yield str(member), constraint.kind == "Xone"
        elif isinstance(value, Qualified):
            yield value.shape, constraint.kind == "QualifiedMaxCount"
            for sibling in value.siblings:
                yield sibling, constraint.kind == "QualifiedMinCount"


def check_recursion(shapes: Shapes, model: Mapping[str, Shape]) -> None:
    """Refuse shapes that depend on their own failing: they have no one meaning.

    SHACL leaves recursion to the validator (section 3.4.3). Here a shape may lead to itself where
    that is monotone: through sh:property, sh:node, sh:and, sh:or and sh:qualifiedMinCount.

    Errors:
        InputError.
    """
    uses = {name: list(inner(shape)) for name, shape in model.items()}
    for name, edges in uses.items():
        for target, negative in edges:
            if negative and name in _reached(target, uses):
                raise fault(
                    shapes, name,
                    say("shape.recursive"),
                    hint=say("shape.break-circle"),
                )  # fmt: skip


def _reached(start: str, uses: Mapping[str, list[tuple[str, bool]]]) -> set[str]:
    found = {start}
    waiting = [start]
    while waiting:
        for target, _ in uses.get(waiting.pop(), ()):
            if target not in found:
                found.add(target)
                waiting.append(target)
    return found


assert set(_RULES) >= {*TARGETS, *NESTED, *LISTED}  # noqa: S101
