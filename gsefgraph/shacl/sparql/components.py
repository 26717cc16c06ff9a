"""Constraints of the components that a shapes graph declares itself (SHACL, section 6)."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from itertools import product

from pyoxigraph import NamedNode

from gsefgraph.shacl.shapes import legality
from gsefgraph.shacl.shapes.graph import Shapes
from gsefgraph.shacl.shapes.model import Custom, variable
from gsefgraph.shacl.shapes.path import members
from gsefgraph.shacl.sparql.prebinding import check_syntax, declarations, graph_of, put_in
from gsefgraph.sparql.path import Path
from gsefgraph.terms import RDF, SH, Term
from gsefgraph.wording import say

_FORMS = ("ask", "select")


def read(shapes: Shapes, shape: str, path: Path | None, component: str) -> Iterator[Custom]:
    """The constraints of a shape that are of such a component.

    One with one parameter has a constraint for each value of it; one with more takes one value of
    each (section 2.1.2). One without a validator for the kind of shape has none (section 6.2.3).

    Parameters:
        shape: its id.
        path: of a property shape.
        component: its IRI.

    Errors:
        InputError: two values of a parameter among several, or a query that is none.
    """
    facts = shapes.describe(NamedNode(shape))
    parameters = shapes.components[component]
    given = {iri: facts[iri] for iri in sorted(parameters) if iri in facts}
    wanted = [iri for iri, optional in parameters.items() if not optional]
    if not wanted or any(iri not in given for iri in wanted):
        return
    absent = tuple(variable(iri) for iri in parameters if iri not in given)
    found = _validators(shapes, component, path=path is not None)
    queries = (
        (node, form) for node in found for form in _FORMS if f"{SH}{form}" in shapes.describe(node)
    )
    validator, form = next(queries, (None, ""))
    if validator is None:
        return
    bound = ["this", *map(variable, given), *(["value"] if form == "ask" else [])]
    query = _query(shapes, shape, component, validator, form, path, bound)
    graph = graph_of(shapes, query)
    # Those of its validators, else its own (section 6.3).
    given_messages = [m for node in found for m in shapes.messages(node)]
    messages = tuple(given_messages) or shapes.messages(NamedNode(component))
    for iri, values in given.items():
        if len(values) > 1 and len(parameters) > 1:
            raise legality.fault(
                shapes, shape, say("shape.several-values", count=len(values), iri=iri),
                predicate=iri, value=values[1],
                hint=say("shape.one-of-each", component=component),
            )  # fmt: skip
    for values in product(*given.values()):
        pairs = tuple(zip(given, values, strict=True))
        lists = tuple(
            (node, tuple(members(node, shapes.describe)))
            for node in values
            if f"{RDF}first" in shapes.describe(node)
        )
        yield Custom(component, pairs, query, form == "ask", graph, messages, lists, absent)


def _validators(shapes: Shapes, component: str, *, path: bool) -> Sequence[Term]:
    """The validators among which that of a shape is (section 6.2.3).

    Parameters:
        path: whether it is for property shapes.
    """
    special = "propertyValidator" if path else "nodeValidator"
    return shapes.values(component, special) or shapes.values(component, "validator")


def _query(
    shapes: Shapes,
    shape: str,
    component: str,
    validator: Term,
    form: str,
    path: Path | None,
    bound: Container[str],
) -> str:
    """The query of a validator with what is known of a shape put in."""
    text = shapes.describe(validator)[f"{SH}{form}"][0]
    try:
        query = declarations(shapes, component, validator) + put_in(text.value, shape, path, bound)
    except ValueError as error:
        raise legality.fault(
            shapes,
            shape,
            say("select.component", component=component, problem=error.args[0]),
            hint=say("select.on-properties"),
        ) from None
    check_syntax(shapes, component, validator, query, form)
    return query
