"""What a store makes of literals: it keeps their values, and of many datatypes not their forms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Store

from gsefgraph.terms import XSD

_NODE = NamedNode("urn:x")
_DAY = r"(?:0[1-9]|1[0-9]|2[0-8])"
# Forms that are the canonical ones beyond doubt, so that most literals need no store to tell.
_KEPT = {
    f"{XSD}date": re.compile(rf"[0-9]{{4}}-(?:0[1-9]|1[0-2])-{_DAY}\Z"),
    f"{XSD}gYear": re.compile(r"[12][0-9]{3}\Z"),
    f"{XSD}gYearMonth": re.compile(r"[12][0-9]{3}-(?:0[1-9]|1[0-2])\Z"),
    f"{XSD}integer": re.compile(r"(?:0|-?[1-9][0-9]{0,17})\Z"),
    f"{XSD}boolean": re.compile(r"(?:true|false)\Z"),
}


def kept(literal: Literal) -> Literal:
    """A literal as a store of pyoxigraph keeps it.

    >>> number = NamedNode(f"{XSD}nonNegativeInteger")
    >>> kept(Literal("007", datatype=number)).value, kept(Literal("x")).value
    ('7', 'x')
    """
    kind = literal.datatype.value
    if not kind.startswith(XSD) or kind == f"{XSD}string":
        return literal
    sure = _KEPT.get(kind)
    return literal if sure is not None and sure.match(literal.value) else _stored(literal)


def as_kept(quads: Iterable[Quad]) -> list[Quad]:
    """Quads as a store keeps them, with its forms of literals.

    >>> from pyoxigraph import parse, RdfFormat
    >>> text = b'<a:s> <a:p> "007"^^<http://www.w3.org/2001/XMLSchema#int>, 7 .'
    >>> [quad.object.value for quad in as_kept(parse(text, RdfFormat.TURTLE))]
    ['7', '7']
    """

    def form(value: Any) -> Any:
        return kept(value) if isinstance(value, Literal) else value

    return [Quad(q.subject, q.predicate, form(q.object), q.graph_name) for q in quads]


@lru_cache(4096)
def _stored(literal: Literal) -> Literal:
    # A store goes on looking at what was removed from it, so each literal has one of its own.
    store = Store()
    store.add(Quad(_NODE, _NODE, literal))
    [quad] = store
    return quad.object if isinstance(quad.object, Literal) else literal
