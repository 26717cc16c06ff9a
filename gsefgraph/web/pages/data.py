"""What is no page: data of a thing or of all, robots.txt, the list of pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape

from pyoxigraph import DefaultGraph, NamedNode, Quad

from gsefgraph.engine.base import rows
from gsefgraph.errors import UnknownName, UsageError
from gsefgraph.terms import GSEF
from gsefgraph.web.addresses import DATA, Addresses
from gsefgraph.web.shown import Asked, File
from gsefgraph.wording import LANGUAGES, number, say

NAMES: Final = {"ttl": "turtle", "jsonld": "jsonld", "nt": "ntriples", "rdf": "rdfxml"}
"""What the suffixes of `DATA` are called where RDF is written."""
_WHOLE: Final = {
    **NAMES,
    "nq": "nquads",
    "trig": "trig",
}
MEDIA: Final = {**DATA, "nq": "application/n-quads", "trig": "application/trig"}
"""Suffixes of files of RDF, and their media types."""
_MOST: Final = 10_000  # triples of one thing
_LARGEST: Final = 500_000  # of a graph that is sent whole
_CLOSED: Final = ("/search", "/sparql", "/graphs", "/reconcile", "/api/")  # to search engines


def of_thing(asked: Asked) -> File:
    """The triples about one thing, and those that name it, as RDF.

    Errors:
        UnknownName: no such thing or format.
    """
    iri = asked.to.iri(asked.named["kind"], asked.named["name"])
    return _about(asked, iri, asked.named["suffix"])


def whole(asked: Asked) -> File:
    """The whole graph as RDF; with ``?iri=`` what is said of that.

    Errors:
        UnknownName: no such thing or format. UsageError: the graph is too large to be held.
    """
    suffix = asked.named["suffix"]
    if "iri" in asked.values:
        return _about(asked, asked.values["iri"], suffix)
    if suffix not in _WHOLE:
        raise UnknownName(say("answer.no-format", format=suffix))
    count = asked.graph.engine.count()
    if count > _LARGEST:
        told = number(count, asked.lang)
        raise UsageError(say("data.too-large", count=told, format=_WHOLE[suffix]))
    content = asked.graph.export(_WHOLE[suffix])
    return File(content, MEDIA[suffix], f"gsefgraph.{suffix}")


def _about(asked: Asked, iri: str, suffix: str) -> File:
    from gsefgraph.rdf.export import export

    if suffix not in NAMES:
        raise UnknownName(say("answer.no-format", format=suffix))
    graph = asked.graph
    node = graph.resolver.resolve(f"<{iri}>")
    found = graph.engine.lookup([(node, None, None), (None, None, node)], limit=_MOST)
    triples = dict.fromkeys(
        Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()) for quad in found
    )
    context = graph.project.context
    content = export(triples, NAMES[suffix], graph.names, context=context)
    return File(content, DATA[suffix])


def robots(asked: Asked) -> File:
    """Which pages crawlers may read: all but those that ask."""
    closed = [f"Disallow: {place}" for place in _CLOSED]
    lines = ("User-agent: *", *closed, f"Sitemap: {asked.address}/sitemap.xml", "")
    return File("\n".join(lines).encode(), "text/plain")


robots.addressed = True  # type: ignore[attr-defined]


def sitemap(asked: Asked) -> File:
    """The pages of all things, in every language, for search engines (sitemaps.org, protocol)."""
    paths = ["/", "/questions", "/sources", "/model", "/explore"]
    links = Addresses(asked.graph.names)
    paths += (links.page(iri) for iri in things(asked, ("Organisation", "Event", "Document")))
    entries = []
    for path in paths:
        for lang in LANGUAGES:
            mark = "&" if "?" in path else "?"
            entries.append(f"{asked.address}{path}{mark}lang={lang}")
    return File(listed(entries).encode(), "application/xml")


sitemap.addressed = True  # type: ignore[attr-defined]


def listed(addresses: Iterable[str]) -> str:
    """Addresses as a sitemap."""
    body = "".join(f"<url><loc>{escape(address)}</loc></url>\n" for address in addresses)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'{head}<urlset xmlns="{space}">\n{body}</urlset>\n'


def things(asked: Asked, classes: tuple[str, ...], most: int = 50_000 // 3) -> list[str]:
    """The IRIs of the things of some classes, sorted."""
    values = " ".join(f"<{GSEF}{name}>" for name in classes)
    text = (
        f"SELECT DISTINCT ?s WHERE {{ VALUES ?c {{ {values} }} ?s a ?c }} ORDER BY ?s LIMIT {most}"
    )
    return [n.value for (n,) in rows(asked.graph.engine, text) if isinstance(n, NamedNode)]
