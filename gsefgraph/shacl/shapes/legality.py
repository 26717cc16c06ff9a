"""What is not a legal shape, and where it is written (SHACL, sections 2 to 5, "syntax rules").

The rules are those of https://www.w3.org/TR/shacl/#syntax-rules; the message of each says what
would be right. `check` looks at one shape, `check_recursion` at all of them together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode

from gsefgraph.errors import InputError
from gsefgraph.rdf.lexical import fault_of
from gsefgraph.shacl.shapes import path as paths
from gsefgraph.shacl.shapes.components import PARAMETERS, Parameter, signed
from gsefgraph.shacl.shapes.graph import Shapes
from gsefgraph.shacl.shapes.model import Model
from gsefgraph.shacl.shapes.nesting import nested, reached
from gsefgraph.terms import RDF, RDFS, SH, XSD, Names

Node = NamedNode | BlankNode | Literal

NODE_KINDS = ("BlankNode", "IRI", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
_NAMES = Names()
_MADE = re.compile("<urn:gsefgraph:shape:[0-9]+>")


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
        f"shape {title(shapes, shape)}: {message}", file=file, line=line, column=column, hint=hint
    )


def title(shapes: Shapes, shape: str) -> str:
    """A shape's name for messages: a blank one is a part of what is around it."""
    if shapes.named(shape):
        return _NAMES.compact(shape)
    owner = shapes.rule(shape)
    return f"inside {_NAMES.compact(owner)}" if shapes.named(owner) else "without a name"


def _literal(*datatypes: str) -> Callable[[Node], bool]:
    names = {f"{XSD}{name}" for name in datatypes}

    def right(node: Node) -> bool:
        return (
            isinstance(node, Literal)
            and node.datatype.value in names
            and not fault_of(node.value, node.datatype.value)
        )

    return right


def _is_no_literal(node: Node) -> bool:
    return not isinstance(node, Literal)


_STRING = _literal("string")
# What the values of a parameter are: whether a node is one, and how that is said.
FORMS: Mapping[str, tuple[Callable[[Node], bool], str]] = {
    "integer": (_literal("integer"), "a whole number such as 1 (xsd:integer)"),
    "boolean": (_literal("boolean"), "true or false (xsd:boolean)"),
    "string": (_STRING, "a text without a language tag (xsd:string)"),
    "text": (
        lambda node: _STRING(node) or (isinstance(node, Literal) and bool(node.language)),
        "a text with or without a language tag",
    ),
    "iri": (lambda node: isinstance(node, NamedNode), "an IRI"),
    "literal": (lambda node: isinstance(node, Literal), "a literal"),
    "constant": (lambda node: not isinstance(node, BlankNode), "an IRI or a literal"),
    "shape": (_is_no_literal, "a shape: an IRI or a blank node"),
    "sparql": (_is_no_literal, "a SPARQL constraint: an IRI or a blank node"),
    "path": (_is_no_literal, "a property path: an IRI or a blank node"),
    "nodeKind": (
        lambda node: isinstance(node, NamedNode) and node.value.removeprefix(SH) in NODE_KINDS,
        f"one of {' '.join(f'sh:{kind}' for kind in NODE_KINDS)}",
    ),
    "node": (lambda _: True, "any node"),
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
                shapes, subject, f"sh:entailment {_spelled(node)} is not done here",
                predicate=f"{SH}entailment", value=node,
                hint="remove it, and validate data to which the derived triples were added",
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
                shapes, shape, f"{len(values)} values for sh:{local}",
                predicate=predicate, value=values[1], hint="a shape has one at the most",
            )  # fmt: skip
        if rule.path and not has_path:
            raise fault(
                shapes, shape, f"sh:{local} on a node shape",
                predicate=predicate, hint="only property shapes, which have sh:path, have it",
            )  # fmt: skip
        for value in values:
            _check_value(shapes, shape, local, rule, value)
    _check_nested(shapes, shape)


def _check_kind(shapes: Shapes, shape: str) -> None:
    types = set(shapes.describe(NamedNode(shape)).get(f"{RDF}type", ()))
    paths_given = shapes.values(shape, "path")
    if paths_given and types & shapes.below((f"{SH}NodeShape",)):
        raise fault(
            shapes, shape, "a sh:NodeShape that has sh:path", predicate=f"{SH}path",
            hint="make it a sh:PropertyShape, or remove the path",
        )  # fmt: skip
    if not paths_given and types & shapes.below((f"{SH}PropertyShape",)):
        raise fault(
            shapes, shape, "a sh:PropertyShape without sh:path",
            hint="give it one, or make it a sh:NodeShape",
        )  # fmt: skip
    if types & shapes.below((f"{RDFS}Class",)) and not shapes.named(shape):
        raise fault(
            shapes, shape, "a blank node that is both a shape and an rdfs:Class",
            hint="give it an IRI, since its instances are its targets",
        )  # fmt: skip


def _check_value(shapes: Shapes, shape: str, local: str, rule: Parameter, value: Node) -> None:
    predicate = f"{SH}{local}"
    right, wanted = FORMS[rule.form]
    members = [value]
    if rule.list:
        try:
            members = paths.listed(value, shapes.describe)
        except ValueError as error:
            reason = _MADE.sub("a blank node", str(error))
            raise fault(
                shapes, shape, f"sh:{local}: {reason}", predicate=predicate, value=value,
                hint=f"its value is a list ( … ), each member {wanted}",
            ) from None  # fmt: skip
    for member in members:
        if not right(member):
            said = "a blank node" if isinstance(member, BlankNode) else _spelled(member)
            raise fault(
                shapes, shape, f"sh:{local} {'has the member ' * rule.list}{said}",
                predicate=predicate, value=value,
                hint=f"{'each member' if rule.list else 'its value'} is {wanted}",
            )  # fmt: skip
    if local == "path":
        try:
            paths.read(value, shapes.describe)
        except ValueError as error:
            raise fault(
                shapes, shape, f"sh:path: {error}", predicate=predicate, value=value,
                hint="write a property path as SHACL, section 2.3.1 does",
            ) from None  # fmt: skip


def _check_nested(shapes: Shapes, shape: str) -> None:
    for value in shapes.values(shape, "property"):
        if not shapes.values(value.value, "path"):
            raise fault(
                shapes, shape, f"sh:property {_spelled(value)} has no sh:path",
                predicate=f"{SH}property", value=value,
                hint="its value is a property shape, with a path",
            )  # fmt: skip
    for value in shapes.values(shape, "node"):
        if shapes.values(value.value, "path"):
            raise fault(
                shapes, shape, f"sh:node {_spelled(value)} has a sh:path",
                predicate=f"{SH}node", value=value,
                hint="its value is a node shape; property shapes go under sh:property",
            )  # fmt: skip


def _spelled(node: Node) -> str:
    if isinstance(node, NamedNode):
        return (
            "a blank node"
            if node.value.startswith("urn:gsefgraph:")
            else _NAMES.compact(node.value)
        )
    if isinstance(node, Literal) and node.datatype.value.startswith(XSD) and not node.language:
        text = str(Literal(node.value))
        local = node.datatype.value.removeprefix(XSD)
        return text if local == "string" else f"{text}^^xsd:{local}"
    return str(node)


def check_recursion(shapes: Shapes, model: Model) -> None:
    """Refuse shapes that depend on their own failing: they have no one meaning.

    SHACL leaves recursion to the validator (section 3.4.3). Here a shape may lead to itself where
    that is monotone: through sh:property, sh:node, sh:and, sh:or and sh:qualifiedMinCount.

    Errors:
        InputError.
    """
    ahead = nested(model)
    for name, shape in model.shapes.items():
        for target, sign in (edge for c in shape.constraints for edge in signed(c)):
            if sign < 0 and name in {target, *reached(target, ahead)}:
                raise fault(
                    shapes, name,
                    "it leads back to itself through sh:not, sh:xone or a maximum count, so it "
                    "has no one meaning",
                    hint="break the circle; sh:node, sh:property, sh:and and sh:or may form one",
                )  # fmt: skip
