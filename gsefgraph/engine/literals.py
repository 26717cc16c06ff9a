"""What a store makes of literals: it keeps their values, and of many datatypes not their forms."""

from __future__ import annotations

import re
import threading
from functools import lru_cache

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad

from gsefgraph.terms import XSD

_scratch = threading.local()  # a store for each thread
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


@lru_cache(4096)
def _stored(literal: Literal) -> Literal:
    if not hasattr(_scratch, "store"):
        _scratch.store = pyoxigraph.Store()
    store: pyoxigraph.Store = _scratch.store
    store.add(Quad(_NODE, _NODE, literal))
    [quad] = store
    store.remove(quad)
    return quad.object if isinstance(quad.object, Literal) else literal
