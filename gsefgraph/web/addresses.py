"""Addresses of pages: which page shows a thing, and which thing a page shows.

A thing of the project is at ``/page/{kind}/{name}``, a goal or target at ``/page/goal/8.3``, a term
of the ontology at ``/model/{term}``, any other at ``/page?iri=…``. Where the language was named in
the address, the links of the page name it too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import quote, quote_plus, urlencode

from gsefgraph.terms import FOREIGN, GSEF, Names

DATA: Final[Mapping[str, str]] = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
"""Suffixes of a thing's data, and their media types."""
CALLED: Final[Mapping[str, str]] = {
    "csv": "CSV",
    "xlsx": "XLSX",
    "json": "JSON",
    "jsonld": "JSON-LD",
    "svg": "SVG",
    "ttl": "Turtle",
    "nt": "N-Triples",
    "rdf": "RDF/XML",
}
"""What formats are called, by their suffixes."""

_SDG: Final = FOREIGN["sdg"]
_OWN: Final = (GSEF, FOREIGN["sdgo"])
_GOAL = re.compile(r"[0-9]{1,2}(?:\.[0-9a-z]{1,2})?\Z")
_PLAIN = re.compile(r"[A-Za-z0-9_.~-]+\Z")
_TERM = re.compile(r"[a-z]+:[A-Za-z0-9_.~-]+\Z")
_WEB = re.compile(r"https?://[^\s/]", re.I)
_quoted = lru_cache(maxsize=4096)(quote_plus)  # a page has most of its values many times


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of one page's links.

    Attributes:
        names: the project's prefixes.
        lang: the language that links carry; empty where it goes without saying.

    >>> to = Addresses(Names(), "fr")
    >>> to.page("https://w3id.org/gsefgraph/id/org/oecd"), to.page("http://metadata.un.org/sdg/8.3")
    ('/page/org/oecd?lang=fr', '/page/goal/8.3?lang=fr')
    >>> to.iri("org", "oecd"), Addresses(Names()).page("urn:a b")
    ('https://w3id.org/gsefgraph/id/org/oecd', '/page?iri=urn%3Aa+b')
    """

    names: Names
    lang: str = ""

    def to(self, path: str, /, **values: str | int | None) -> str:
        """The address of a path with the values that are given, in their order."""
        given = {key.rstrip("_"): str(value) for key, value in values.items() if value is not None}
        if self.lang:
            given.setdefault("lang", self.lang)
        told = "&".join([f"{_quoted(key)}={_quoted(value)}" for key, value in given.items()])
        return f"{path}?{told}" if told else path

    def page(self, iri: str) -> str:
        """The page of a thing."""
        kind, name = self._parts(iri)
        if kind == "evidence":
            return self.to(f"/page/evidence/{name}") + "#p"
        if kind:
            return self.to(f"/page/{kind}/{name}")
        term = self.names.compact(iri) if iri.startswith(_OWN) else ""
        if _TERM.match(term):
            return self.to(f"/model/{term.removeprefix('gsef:')}")
        return self.to("/page", iri=iri)

    def has(self, iri: str) -> bool:
        """Whether an IRI is that of a thing, which has a page; a named graph has none.

        >>> to = Addresses(Names())
        >>> to.has("urn:a"), to.has(""), to.has(to.names.graph("inferred"))
        (True, False, False)
        """
        return bool(iri) and not iri.startswith(self.names.graph(""))

    def data(self, iri: str, suffix: str) -> str:
        """The data of a thing, as one of `DATA`; it has no language."""
        kind, name = self._parts(iri)
        if kind:
            return f"/data/{kind}/{name}.{suffix}"
        return f"/data.{suffix}?{urlencode({'iri': iri})}"

    def source(self, iri: str, **values: str | int | None) -> str:
        """The page with the text of a document."""
        kind, name = self._parts(iri)
        if kind == "doc":
            return self.to(f"/sources/{name}", **values)
        return self.to("/sources", iri=iri, **values)

    def question(self, name: str, suffix: str = "", /, **values: str | int | None) -> str:
        """The page of a stored query with its answer, or with a suffix the answer as a file."""
        return self.to(f"/questions/{quote(name)}{suffix and '.'}{suffix}", **values)

    def iri(self, kind: str, name: str) -> str:
        """The thing of a page's address."""
        if kind == "goal":
            return f"{_SDG}{name}"
        return f"{self.names.base}id/{kind}/{name}"

    def id(self, iri: str) -> str:
        """What names a thing below ``/id/``, as it does in its IRI; a full IRI, where no address
        of ours is made of it.

        >>> to = Addresses(Names())
        >>> to.id(to.iri("org", "oecd")), to.id(to.iri("goal", "8.3")), to.id("urn:a")
        ('org/oecd', 'goal/8.3', 'urn:a')
        """
        return "/".join(self._parts(iri)) if self._parts(iri)[0] else iri

    def thing(self, name: str) -> str:
        """The IRI of what `id` names.

        >>> to = Addresses(Names())
        >>> to.thing("org/oecd") == to.iri("org", "oecd"), to.thing("urn:a"), to.thing("a/b")
        (True, 'urn:a', 'a/b')
        """
        kind, _, last = name.partition("/")
        return self.iri(kind, last) if self._parts(self.iri(kind, last))[0] else name

    def _parts(self, iri: str) -> tuple[str, str]:
        if iri.startswith(_SDG) and _GOAL.match(iri[len(_SDG) :]):
            return "goal", iri[len(_SDG) :]
        kind, _, name = iri.removeprefix(f"{self.names.base}id/").partition("/")
        known = iri.startswith(self.names.base) and f"id-{kind}" in self.names.prefixes
        return (kind, name) if known and _PLAIN.match(name) else ("", "")


def outside(iri: str) -> str:
    """An IRI that a page may lead to; empty where its scheme is none of the web's.

    >>> outside("https://example.org/"), outside("javascript:alert(1)"), outside("data:text/html,x")
    ('https://example.org/', '', '')
    """
    return iri if _WEB.match(iri) else ""
