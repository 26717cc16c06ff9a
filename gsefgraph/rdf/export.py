"""Quads as a file in each RDF format, the same bytes for the same quads.

Turtle, N-Triples and RDF/XML have no graph names: they give the union. TriG, N-Quads and JSON-LD
keep the names. JSON-LD is compacted with the ontology's context, which stands in the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from gsefgraph.errors import UsageError
from gsefgraph.rdf import contexts, jsonld, turtle
from gsefgraph.rdf.formats import named
from gsefgraph.rdf.lexical import NOT_XML
from gsefgraph.terms import RDF, Names, simple, undirected
from gsefgraph.wording import Wording, say

_MANY_BLANK = 100

# A property is an element, so its IRI must end in an XML name (RDF 1.1 XML Syntax, section 2.3).
_ELEMENT = re.compile(r"[^\W\d][\w.-]*\Z")
# What RDF/XML means by these is not the property or class of that name (section 5.1).
_RESERVED = frozenset(
    f"{RDF}{name}"
    for name in (
        *("RDF", "Description", "ID", "about", "parseType", "resource", "nodeID", "datatype"),
        *("li", "aboutEach", "aboutEachPrefix", "bagID"),
    )
)


def export(
    quads: Iterable[Quad],
    format: str,  # noqa: A002
    names: Names,
    *,
    context: Path | None = None,
    note: Callable[[Wording], None] = lambda _: None,
) -> bytes:
    """Serialise quads; base directions of texts, which RDF 1.1 does not have, are left out.

    Parameters:
        quads: in any order.
        format: a name of `rdf.formats.FORMATS`.
        names: the prefixes to use.
        context: a file that holds a JSON-LD context; without it JSON-LD has full names.
        note: told what is left out.

    Returns:
        UTF-8, sorted, ending in a line break.

    Errors:
        UnknownName: no such format. UsageError: a property or class that RDF/XML cannot name, a
        character that XML cannot hold, a triple term in JSON-LD.

    >>> from pyoxigraph import NamedNode
    >>> a = NamedNode("a:b")
    >>> export([Quad(a, a, a, NamedNode("a:g"))], "nquads", Names())
    b'<a:b> <a:b> <a:b> <a:g> .\\n'
    >>> export([Quad(a, a, a, NamedNode("a:g"))], "ntriples", Names())
    b'<a:b> <a:b> <a:b> .\\n'
    """
    chosen = named(format)
    quads = _labelled(_undirected(quads if chosen.graphs else map(_bare, quads), note))
    if chosen.name == "turtle":
        return turtle.write(quads, names).encode()
    if chosen.name == "trig":
        return turtle.write_trig(quads, names).encode()
    if chosen.name == "jsonld":
        return jsonld.write(quads, names, contexts.read(context) if context else {})
    if chosen.name in ("nquads", "ntriples"):
        return "".join(sorted({f"{quad} .\n" for quad in quads})).encode()
    return _rdfxml(quads, names)


# What stands in N-Triples where a term means nothing beyond its file, or is none of RDF 1.1.
_OF_TERMS = (b"_:", b"<<(", b"--ltr", b"--rtl")


def arranged(lines: bytes, format: str, names: Names) -> bytes | None:  # noqa: A002
    """Triples that an engine wrote as N-Triples, as it writes Turtle or N-Triples of them, sorted.

    It is several times as fast as `export`, which for Turtle has the layout of files that people
    read and compare.

    Parameters:
        lines: N-Triples.
        format: ``turtle`` or ``ntriples``.
        names: the prefixes to use.

    Returns:
        None where that cannot be done without a look at the terms: they may have blank nodes.

    >>> arranged(b"<a:c> <a:p> <a:o> .\\n<a:b> <a:p> <a:o> .\\n", "ntriples", Names())
    b'<a:b> <a:p> <a:o> .\\n<a:c> <a:p> <a:o> .\\n'
    """
    if any(mark in lines for mark in _OF_TERMS):
        return None
    # An engine writes in runs that are sorted, which a set would take apart.
    lines = b"".join(sorted(dict.fromkeys(lines.splitlines(keepends=True))))
    if format == "ntriples":
        return lines
    quads = parse(lines, RdfFormat.N_TRIPLES, lenient=True)  # they are an engine's own
    made = serialize(quads, format=RdfFormat.TURTLE, prefixes=names.prefixes) or b""
    *directives, body = made.split(b"\n", len(set(names.prefixes.values())))
    used = (line for line in directives if line.split(b" ", 2)[1] in body)
    return b"\n".join((*used, body))


def _bare(quad: Quad) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object, DefaultGraph())


def _undirected(quads: Iterable[Quad], note: Callable[[Wording], None]) -> Iterator[Quad]:
    told = False
    for quad in quads:
        value = undirected(written := quad.object)
        if value is written:
            yield quad
            continue
        if not told:
            told = True
            note(say("rdf.directions-left"))
        yield Quad(quad.subject, quad.predicate, value, quad.graph_name)


def _labelled(quads: Iterable[Quad]) -> list[Quad]:
    """The quads with blank nodes named by what they say (RDF Dataset Canonicalization, RDFC-1.0).

    Engines name blank nodes by chance, and the same graph shall give the same bytes. With more of
    them than `_MANY_BLANK` that could take for ever, and they keep the names they have.
    """
    plain: list[Quad] = []
    blank: list[Quad] = []
    for quad in quads:
        terms = (quad.subject, quad.object, quad.graph_name)
        (blank if any(isinstance(t, BlankNode | Triple) for t in terms) else plain).append(quad)
    nodes = {t for quad in blank for t in simple(quad.triple) if isinstance(t, BlankNode)}
    if len(nodes) > _MANY_BLANK:
        return [*plain, *blank]
    if blank:
        dataset = Dataset(blank)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        plain += sorted(dataset, key=str)
    return plain


def _whole(triple: Triple) -> Iterator[Triple]:
    """A triple, and those that stand in it as terms."""
    yield triple
    if isinstance(triple.object, Triple):
        yield from _whole(triple.object)


def _rdfxml(quads: Iterable[Quad], names: Names) -> bytes:
    unique = {
        (str(q.subject), q.predicate.value, str(q.object)): Triple(q.subject, q.predicate, q.object)
        for q in quads
    }
    triples = [unique[key] for key in sorted(unique)]
    elements: set[str] = set()
    for triple in chain.from_iterable(map(_whole, triples)):
        predicate, value = triple.predicate.value, triple.object
        elements.add(predicate)
        # A class is an element there, too: the writer makes typed node elements (section 2.13).
        if predicate == f"{RDF}type" and isinstance(value, NamedNode):
            elements.add(value.value)
        if isinstance(value, Literal) and (bad := NOT_XML.search(value.value)):
            raise UsageError(
                say("rdf.not-xml", char=ord(bad[0]), predicate=names.compact(predicate)),
                hint=say("rdf.choose-turtle"),
            )
    for iri in sorted(elements):
        if iri in _RESERVED or not _ELEMENT.search(iri):
            raise UsageError(
                say("rdf.xml-name", iri=names.compact(iri)),
                hint=say("rdf.choose-turtle"),
            )
    prefixes = {
        prefix: namespace
        for prefix, namespace in names.prefixes.items()
        if any(iri.startswith(namespace) for iri in elements)
    }
    data = serialize(triples, format=RdfFormat.RDF_XML, prefixes=prefixes)
    # A reader of XML takes a bare carriage return for a line feed (XML 1.0, section 2.11).
    return (data or b"").rstrip(b"\n").replace(b"\r", b"&#13;") + b"\n"
