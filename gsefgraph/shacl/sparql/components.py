"""Constraints of the components that a shapes graph declares itself (SHACL, section 6)."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from gsefgraph.shacl.shapes import legality
from gsefgraph.shacl.shapes.graph import Shapes
from gsefgraph.shacl.shapes.model import Custom
from gsefgraph.shacl.sparql.prebinding import check_syntax, declarations, graph_of, put_in
from gsefgraph.sparql.path import Path
from gsefgraph.terms import SH, Term
from gsefgraph.wording import say

_FORMS = ("ask", "select")


def read(shapes: Shapes, shape: str, path: Path | None) -> Iterator[Custom]:
    """The constraints of a shape that are of such components.

    A component with one parameter has a constraint for each value of it; one with more takes one
    value of each (section 2.1.2). One without a validator for the kind of shape has none (section
    6.2.3).

    Parameters:
        shape: its id.
        path: of a property shape.

    Errors:
        InputError: two values of a parameter among several, or a query that is none.
    """
    facts = shapes.describe(NamedNode(shape))
    for component, parameters in sorted(shapes.components.items()):
        given = {iri: facts[iri] for iri in sorted(parameters) if iri in facts}
        wanted = [iri for iri, optional in parameters.items() if not optional]
        if not wanted or any(iri not in given for iri in wanted):
            continue
        validator = _validator(shapes, component, path)
        if validator is None:
            continue
        query, ask = _query(shapes, shape, component, validator, path)
        graph = graph_of(shapes, query)
        messages = _messages(shapes, component, path=path is not None)
        if len(parameters) == 1:
            for iri, values in given.items():
                for value in values:
                    yield Custom(component, ((iri, value),), query, ask, graph, messages)
            continue
        for iri, values in given.items():
            if len(values) > 1:
                raise legality.fault(
                    shapes, shape, say("shape.several-values", count=len(values), iri=iri),
                    predicate=iri, value=values[1],
                    hint=say("shape.one-of-each", component=component),
                )  # fmt: skip
        bound = tuple((iri, values[0]) for iri, values in given.items())
        yield Custom(component, bound, query, ask, graph, messages)


def validators(shapes: Shapes, component: str, *, path: bool) -> list[Term]:
    """The validators among which that of a shape is (section 6.2.3).

    Parameters:
        path: whether it is for property shapes.
    """
    special = "propertyValidator" if path else "nodeValidator"
    return list(shapes.values(component, special) or shapes.values(component, "validator"))


def _messages(shapes: Shapes, component: str, *, path: bool) -> tuple[Literal, ...]:
    """Those of its validators, else its own (section 6.3)."""
    given = [m for node in validators(shapes, component, path=path) for m in shapes.messages(node)]
    return tuple(given) or shapes.messages(NamedNode(component))


def _validator(shapes: Shapes, component: str, path: Path | None) -> Term | None:
    return next(
        (
            node
            for node in validators(shapes, component, path=path is not None)
            if any(f"{SH}{form}" in shapes.describe(node) for form in _FORMS)
        ),
        None,
    )


def _query(
    shapes: Shapes, shape: str, component: str, validator: Term, path: Path | None
) -> tuple[str, bool]:
    """The query of a validator with what is known of a shape put in, and whether it is an ASK."""
    about = shapes.describe(validator)
    form = next(form for form in _FORMS if f"{SH}{form}" in about)
    (text, *_) = about[f"{SH}{form}"]
    try:
        query = declarations(shapes, component, validator) + put_in(text.value, shape, path)
    except ValueError as error:
        raise legality.fault(
            shapes,
            shape,
            say("select.component", component=component, problem=error.args[0]),
            hint=say("select.on-properties"),
        ) from None
    check_syntax(shapes, component, validator, query, form)
    return query, form == "ask"
