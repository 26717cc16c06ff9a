"""What pyoxigraph says of a text that it refuses, in our words."""

from __future__ import annotations

import re

from pyoxigraph import BlankNode, Quad, Triple

from gsefgraph.wording import say

_PLACE = re.compile(r"^Parser error (?:at|between) line .*?: ")
_BAD_IRI = re.compile(r"<[^>\s]*[\s\"{}|^`\\][^>]*>")


def told(error: SyntaxError, line: str = "") -> tuple[str, int | None, str | None]:
    """The problem, its column and what helps.

    Parameters:
        error: of the parser.
        line: the text of the line that it names, where that is known.
    """
    message, column, hint = _PLACE.sub("", error.msg or str(error)), error.offset, None
    if "IRI code point" in message:
        bad = _BAD_IRI.search(line, max((column or 1) - 1, 0))
        if bad:
            column = bad.start() + 1
            message = say("rdf.bad-iri", iri=bad[0], problem=message)
    if "IRI code point ' '" in message:
        hint = say("rdf.space-iri")
    elif "No scheme found" in message:
        message, hint = say("rdf.relative-iri"), say("rdf.whole-iri")
    return message, column, hint


def refused(quad: Quad) -> tuple[str, str] | None:
    """Why a quad is not of RDF 1.1 or its graph has no IRI, and what would be right."""
    if isinstance(quad.object, Triple):
        return say("rdf.triple-term", term=quad.object), say("rdf.rdf-1-1")
    if isinstance(quad.graph_name, BlankNode):
        return say("rdf.blank-graph"), say("rdf.name-graph")
    return None
