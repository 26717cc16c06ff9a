"""The messages that shapes, SPARQL constraints and components bring themselves."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.graph import Shapes
from gsefgraph.terms import SH

SPARQL = f"{SH}SPARQLConstraintComponent"


def messages(shapes: Shapes, result: Result) -> tuple[Literal, ...]:
    """Those of the SPARQL constraint, else of the shape, else of the component's validator, else of
    the component; each once.

    SHACL, sections 2.1.5, 5.3.2 and 6.3: they are the messages of all results.
    """
    given: list[Literal] = []
    if result.constraint and result.component == SPARQL:
        given = _of(shapes, NamedNode(result.constraint))
    given = given or _of(shapes, NamedNode(result.shape))
    if not given and not result.component.startswith(SH):
        from gsefgraph.shacl.sparql.components import validators

        path = bool(shapes.values(result.shape, "path"))
        for node in validators(shapes, result.component, path=path):
            given += _of(shapes, node)
        given = given or _of(shapes, NamedNode(result.component))
    return tuple(dict.fromkeys(given))


def solution(result: Result) -> Literal | None:
    """What a solution binds to ``?message``, which goes before all others (section 5.3.2)."""
    said = result.bound.get("message")
    return said if isinstance(said, Literal) else None


def by_language(given: tuple[Literal, ...]) -> dict[str, str]:
    """The first text of each language; text without one under ``""``.

    >>> by_language((Literal("a", language="fr"), Literal("b", language="fr"), Literal("c")))
    {'fr': 'a', '': 'c'}
    """
    found: dict[str, str] = {}
    for text in given:
        found.setdefault(text.language or "", text.value)
    return found


def _of(shapes: Shapes, node: object) -> list[Literal]:
    values = shapes.describe(node).get(f"{SH}message", ())  # type: ignore[arg-type]
    return [text for text in values if isinstance(text, Literal)]
