"""What is wrong with a text of RDF or a term, in our words: what pyoxigraph refuses, and we."""

from __future__ import annotations

import re
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from gsefgraph.errors import InputError
from gsefgraph.rdf.lexical import language_tag, mend_of
from gsefgraph.rdf.reading import NOWHERE
from gsefgraph.terms import XSD, absolute
from gsefgraph.wording import Wording, heard, say

_MOST = 16  # MiB of a term, in pyoxigraph
_PLACE = re.compile(r"^Parser error (?:at|between) line .*?: ")
_LONG, _SHOWN = re.compile(r"\S{200,}"), 80  # what has no end in a message, and what is told of it
_WITHOUT_BASE = ("N-Triples", "N-Quads")
_FAR = 500  # characters behind the place that a parser names, to find an IRI in
_TAG = re.compile(r"@([A-Za-z][\w-]*)")
_IRI = re.compile(r"<[^<>]*>")
_BAD_ESCAPE = re.compile(
    r"""\\(?:(u(?![0-9A-Fa-f]{4})|U(?![0-9A-Fa-f]{8}))[0-9A-Fa-f]*|[^tbnrf"'\\uU])"""
)
_BAD_IRI = re.compile(r"<[^>\s]*[\s\"{}|^`\\][^>]*>")


class Ill(NamedTuple):
    """What is wrong with a term, and what would be right."""

    what: Wording
    hint: Wording | None


def ill_iri(iri: str, base: str = "@base") -> Ill | None:
    """What is wrong with an IRI, None when it is well-formed (RFC 3987).

    Parameters:
        iri: as read.
        base: what declares a base in its format.

    >>> ill_iri("http://a b").hint, ill_iri("http://a")
    ('write a space in an IRI as %20', None)
    """
    whole = iri if absolute(iri) else f"{NOWHERE}{iri}"
    spelt = f"<{whole.removeprefix(NOWHERE)}>"
    try:
        NamedNode(whole)
    except ValueError as error:
        what = say("rdf.bad-iri", iri=spelt, problem=heard(error))
        return Ill(what, _hint(str(error), spelt))
    if whole.startswith(NOWHERE):
        return Ill(say("rdf.relative-iri", iri=spelt), say("rdf.whole-iri", base=base))
    return None


def ill_tag(tag: str) -> Ill | None:
    """What is wrong with a language tag, None when it is well-formed (BCP 47).

    >>> ill_tag("en_US").hint, ill_tag("pt-BR")
    ('write en-US', None)
    """
    if language_tag(tag):
        return None
    right = mend_of(tag, f"{XSD}language")
    hint = say("rdf.write-tag", tag=right) if right and language_tag(right) else None
    return Ill(say("rdf.bad-tag", tag=tag or '""'), hint)


def told(error: SyntaxError, line: str = "", title: str = "") -> tuple[str, int | None, str | None]:
    """The problem, its column and what helps.

    Parameters:
        error: of the parser.
        line: the text of the line that it names, where that is known.
        title: of the format; those of lines have no base.
    """
    said, column, hint = _PLACE.sub("", error.msg or str(error)), error.offset, None
    said = _LONG.sub(lambda match: f"{match[0][:_SHOWN]}…{match[0][-2:]}", said)
    message = heard(said)
    start = (column or 1) - 1
    named = _IRI.match(line, start) or _BAD_IRI.search(line, start, start + _FAR)
    if "IRI code point" in said or "IRI percent" in said:
        hint = _hint(said)
        if named is not None:
            column = named.start() + 1
            message = say("rdf.bad-iri", iri=named[0], problem=message)
    elif "No scheme found" in said:
        iri = named[0] if named is not None else "<…>"
        message = say("rdf.relative-iri", iri=iri)
        hint = say("rdf.whole-iri", base="@base")
        if title in _WITHOUT_BASE:
            hint = say("rdf.whole-iri-alone")
    elif ("end of file" in said or "escape" in said) and (bad := _BAD_ESCAPE.search(line, start)):
        column, hint = bad.start() + 1, say("rdf.backslash")
        message = say("parser.escape-hex", escape=bad[0]) if bad[1] else message
    for tag in _TAG.finditer(line):
        if column is not None and tag.start() < column <= tag.end() + 1:
            ill = ill_tag(tag[1])
            if ill is not None:
                return ill.what, tag.start(1) + 1, ill.hint
    return message, column, hint


def _hint(said: str, iri: str = "") -> Wording | None:
    """What would be right where an IRI is none."""
    if "IRI percent" in said:
        return say("rdf.percent-iri")
    return say("rdf.space-iri") if "IRI code point ' '" in said or " " in iri else None


def beyond(error: MemoryError, name: str) -> Exception:
    """What to raise where a parser had no room: for a term, or for anything.

    Parameters:
        error: of the parser, which has room for 16 MiB of one term.
        name: of the file.

    >>> str(beyond(MemoryError("Reached the buffer maximal size of 16777216"), "a.ttl"))
    'a.ttl: a text or an IRI in it is longer than 16 MiB'
    """
    if "buffer" in str(error):
        return InputError(say("rdf.long-term", most=_MOST), file=name)
    return error


def refused(quad: Quad) -> tuple[str, str] | None:
    """Why a quad is not of RDF 1.1 or its graph has no IRI, and what would be right."""
    if isinstance(quad.object, Triple):
        return say("rdf.triple-term", term=quad.object), say("rdf.rdf-1-1")
    if isinstance(quad.object, Literal) and quad.object.direction is not None:
        return say("rdf.direction", literal=quad.object), say("rdf.rdf-1-1")
    if isinstance(quad.graph_name, BlankNode):
        return say("rdf.blank-graph"), say("rdf.name-graph")
    return None
