"""What is not a legal shape, and where it is written (SHACL, sections 2 to 5, "syntax rules").

The rules are those of https://www.w3.org/TR/shacl/#syntax-rules; the message of each says what
would be right. `check` and `pathless` look at one shape, `recursive` at all of them together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from gsefgraph.errors import InputError
from gsefgraph.rdf.lexical import fault_of
from gsefgraph.shacl.shapes import path as paths
from gsefgraph.shacl.shapes.components import PARAMETERS, Parameter, cycles, signed
from gsefgraph.shacl.shapes.graph import Shapes
from gsefgraph.shacl.shapes.model import Model
from gsefgraph.terms import OURS, RDF, RDFS, SH, XSD, Names, Term
from gsefgraph.wording import say

NODE_KINDS = ("BlankNode", "IRI", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
_NAMES = Names()
Fault: TypeAlias = tuple[str, Term | None, InputError]
"""What is wrong with a shape: the local name of its property, empty for the shape itself; the value
of it, None for all of them; and the error."""


def fault(
    shapes: Shapes,
    shape: str,
    message: str,
    *,
    predicate: str | None = None,
    value: Term | None = None,
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


def _literal(*datatypes: str) -> Callable[[Term], bool]:
    names = {f"{XSD}{name}" for name in datatypes}

    def right(node: Term) -> bool:
        return (
            isinstance(node, Literal)
            and node.datatype.value in names
            and not fault_of(node.value, node.datatype.value)
        )

    return right


def _is_no_literal(node: Term) -> bool:
    return not isinstance(node, Literal)


_STRING = _literal("string")
# What the values of a parameter are: whether a node is one, and the key of the words for it.
FORMS: Mapping[str, tuple[Callable[[Term], bool], str]] = {
    "integer": (_literal("integer"), "wanted.integer"),
    "boolean": (_literal("boolean"), "wanted.boolean"),
    "string": (_STRING, "wanted.string"),
    "text": (
        lambda node: _STRING(node) or (isinstance(node, Literal) and bool(node.language)),
        "wanted.text",
    ),
    "iri": (lambda node: isinstance(node, NamedNode), "wanted.iri"),
    "literal": (lambda node: isinstance(node, Literal), "wanted.literal"),
    "constant": (lambda node: not isinstance(node, BlankNode), "wanted.named"),
    "shape": (_is_no_literal, "wanted.shape"),
    "sparql": (_is_no_literal, "wanted.sparql"),
    "path": (_is_no_literal, "wanted.path"),
    "nodeKind": (
        lambda node: isinstance(node, NamedNode) and node.value.removeprefix(SH) in NODE_KINDS,
        "wanted.node-kind",
    ),
    "node": (lambda _: True, "wanted.any"),
}
_RULES: Mapping[str, Parameter] = {
    rule.name: rule
    for rule in (
        *PARAMETERS.values(),
        Parameter("targetClass", "iri", several=True),
        Parameter("targetNode", "constant", several=True),
        Parameter("targetSubjectsOf", "iri", several=True),
        Parameter("targetObjectsOf", "iri", several=True),
        Parameter("severity", "iri"),
        Parameter("deactivated", "boolean"),
        Parameter("message", "text", several=True),
        Parameter("path", "path"),
    )
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


def check(shapes: Shapes, shape: str) -> Iterator[Fault]:
    """What breaks a syntax rule on a shape, but for what it has under sh:property, which `pathless`
    gives."""
    kind = _kind_fault(shapes, shape)
    if kind is not None:
        yield "", None, kind
    has_path = bool(shapes.values(shape, "path"))
    for predicate, values in shapes.describe(NamedNode(shape)).items():
        local = predicate.removeprefix(SH)
        rule = _RULES.get(local)
        if rule is None or local == predicate:
            continue
        if len(values) > 1 and not rule.several:
            yield local, None, fault(
                shapes, shape, say("shape.several", count=len(values), name=local),
                predicate=predicate, value=values[1], hint=say("shape.one-at-most"),
            )  # fmt: skip
            continue
        if rule.path and not has_path:
            yield local, None, fault(
                shapes, shape, say("shape.on-node-shape", name=local),
                predicate=predicate, hint=say("shape.property-only"),
            )  # fmt: skip
            continue
        for value in values:
            try:
                _check_value(shapes, shape, local, rule, value)
            except InputError as error:
                yield local, value, error
    for value in shapes.values(shape, "node"):
        if not isinstance(value, Literal) and shapes.values(value.value, "path"):
            yield "node", value, fault(
                shapes, shape, say("shape.node-path", node=_spelled(value)),
                predicate=f"{SH}node", value=value,
                hint=say("shape.node-value"),
            )  # fmt: skip


def pathless(shapes: Shapes, shape: str) -> Iterator[tuple[str, InputError]]:
    """Values of sh:property on a shape that are no property shapes, each with what is wrong."""
    for value in shapes.values(shape, "property"):
        if not isinstance(value, Literal) and not shapes.values(value.value, "path"):
            yield value.value, fault(
                shapes, shape, say("shape.property-no-path", node=_spelled(value)),
                predicate=f"{SH}property", value=value,
                hint=(not shapes.describe(value) and shapes.unread) or say("shape.property-value"),
            )  # fmt: skip


def _kind_fault(shapes: Shapes, shape: str) -> InputError | None:
    types = set(shapes.describe(NamedNode(shape)).get(f"{RDF}type", ()))
    paths_given = shapes.values(shape, "path")
    if paths_given and types & shapes.below((f"{SH}NodeShape",)):
        return fault(
            shapes, shape, say("shape.node-with-path"), predicate=f"{SH}path",
            hint=say("shape.make-property"),
        )  # fmt: skip
    if not paths_given and types & shapes.below((f"{SH}PropertyShape",)):
        return fault(
            shapes, shape, say("shape.property-without-path"),
            hint=say("shape.make-node"),
        )  # fmt: skip
    if types & shapes.below((f"{RDFS}Class",)) and not shapes.named(shape):
        return fault(
            shapes, shape, say("shape.blank-class"),
            hint=say("shape.give-iri"),
        )  # fmt: skip
    return None


def _check_value(shapes: Shapes, shape: str, local: str, rule: Parameter, value: Term) -> None:
    predicate = f"{SH}{local}"
    right, wanted = FORMS[rule.form]
    members = [value]
    if rule.list:
        try:
            members = paths.listed(value, shapes.describe)
        except ValueError as error:
            raise fault(
                shapes, shape, say("shape.about", name=local, problem=error.args[0]),
                predicate=predicate, value=value,
                hint=say("shape.list-of", wanted=say(wanted)),
            ) from None  # fmt: skip
    for member in members:
        if not right(member):
            written = say("shape.blank") if isinstance(member, BlankNode) else _spelled(member)
            key, hint = (
                ("shape.member", "shape.each-is")
                if rule.list
                else ("shape.value", "shape.value-is")
            )
            raise fault(
                shapes, shape, say(key, name=local, value=written),
                predicate=predicate, value=value, hint=say(hint, wanted=say(wanted)),
            )  # fmt: skip
    if local == "path":
        try:
            paths.read(value, shapes.describe)
        except ValueError as error:
            raise fault(
                shapes, shape, say("shape.path", problem=error.args[0]),
                predicate=predicate, value=value, hint=say("shape.path-form"),
            ) from None  # fmt: skip


def _spelled(node: Term) -> str:
    if isinstance(node, NamedNode):
        return say("shape.blank") if node.value.startswith(OURS) else _NAMES.compact(node.value)
    if isinstance(node, Literal) and node.datatype.value.startswith(XSD) and not node.language:
        text = str(Literal(node.value))
        local = node.datatype.value.removeprefix(XSD)
        return text if local == "string" else f"{text}^^xsd:{local}"
    return str(node)


def recursive(shapes: Shapes, model: Model) -> Iterator[tuple[str, InputError]]:
    """Shapes that depend on their own failing, each with what is wrong: they have no one meaning.

    SHACL leaves recursion to the validator (section 3.4.3). Here a shape may lead to itself where
    that is monotone: through sh:property, sh:node, sh:and, sh:or and sh:qualifiedMinCount.
    """
    circles = cycles(model)
    for name, shape in model.shapes.items():
        edges = (edge for constraint in shape.constraints for edge in signed(constraint))
        if any(sign < 0 and target in circles.get(name, ()) for target, sign in edges):
            yield name, fault(
                shapes, name,
                say("shape.recursive"),
                hint=say("shape.break-circle"),
            )  # fmt: skip
