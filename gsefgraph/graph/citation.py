"""How a document is cited: in a sentence, for BibTeX, and as CSL-JSON.

Its title is that of the language in which it is written, its date as precise as the graph has it.
An item of a page is cited in the page, which gives what the item does not say: who issued it, when,
and where. No day of access is given: the text that is quoted is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode

from gsefgraph.answers.dates import words
from gsefgraph.terms import FOREIGN, GSEF, SKOS
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.graph.graph import Graph

_PART: Final = NamedNode(f"{FOREIGN['dcterms']}isPartOf")
_WHO: Final = (NamedNode(f"{GSEF}issuedBy"), NamedNode(f"{FOREIGN['dcterms']}creator"))
_WHEN: Final = NamedNode(f"{GSEF}issued")
_WHERE: Final = NamedNode(f"{FOREIGN['dcterms']}source")
_LANGUAGE: Final = NamedNode(f"{FOREIGN['dcterms']}language")
_LABEL: Final = NamedNode(f"{SKOS}prefLabel")
_KIND: Final = NamedNode(f"{GSEF}kind")
_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_MONTHS: Final = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
"""What every style of BibTeX calls the months by."""
_TYPES: Final = {
    "web-page": "webpage", "news-item": "webpage", "report": "report", "position-paper": "report",
}  # fmt: skip
_TEX: Final = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "%": r"\%",
    "&": r"\&", "#": r"\#", "$": r"\$", "_": r"\_", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
})  # fmt: skip
_IN_ADDRESS: Final = {"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"}


@dataclass(frozen=True, slots=True)
class Author:
    """Who issued or made a document.

    Attributes:
        name: as the graph has it; person: whether it is one.
    """

    name: str
    person: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation of a document tells.

    Attributes:
        key: the end of its IRI.
        title, language: in which it is written; the language may be empty.
        authors: in the order of their names.
        issued: ``2020-05-26``, ``2020-05``, ``2020``, or empty.
        address: where it is published; container: of what it is a part; each may be empty.
        kind: of documents, as CSL has them.

    >>> letter = Citation("a.b", "Words & deeds", "en", (Author("The Network"),), "2020-05",
    ...                   "https://example.org/a_b", "Letters", "webpage")
    >>> print(letter.to_text("fr"))
    The Network (mai 2020). «\\xa0Words & deeds\\xa0», dans\\xa0: Letters. https://example.org/a_b
    >>> print(letter.to_bibtex(), end="")
    @incollection{a.b,
      author = {{The Network}},
      title = {{Words \\& deeds}},
      booktitle = {{Letters}},
      year = {2020},
      month = may,
      url = {https://example.org/a_b},
      language = {en},
    }
    >>> letter.to_csl()["issued"]
    {'date-parts': [[2020, 5]]}
    """

    key: str
    title: str
    language: str = ""
    authors: tuple[Author, ...] = ()
    issued: str = ""
    address: str = ""
    container: str = ""
    kind: str = "document"

    def to_text(self, lang: str) -> str:
        """One line, whose words between names are of a language: en, fr or es."""
        when = words(self.issued, lang=lang) if self.issued else say("cite.undated").text(lang)
        who = [author.name for author in self.authors]
        said = say("cite.who", who=who, when=when) if who else None
        title, container = self.title, self.container
        if container:
            named = say("cite.inside", title=title, container=container)
        elif who:
            named = say("cite.title", title=title)
        else:
            named = say("cite.dated", title=title, when=when)
        if container and not who:
            named = say("cite.inside-dated", title=title, container=container, when=when)
        parts = [part.text(lang) for part in (said, named) if part]
        return " ".join((*parts, self.address)).rstrip()

    def to_bibtex(self) -> str:
        """An entry of BibTeX, in UTF-8, which biblatex reads too."""
        fields = "".join(f"  {name} = {value},\n" for name, value in self._fields())
        return f"@{'incollection' if self.container else 'misc'}{{{self.key},\n{fields}}}\n"

    def _fields(self) -> Iterator[tuple[str, str]]:
        if self.authors:
            yield "author", f"{{{' and '.join(map(_bibtex_name, self.authors))}}}"
        yield "title", f"{{{{{_tex(self.title)}}}}}"
        if self.container:
            yield "booktitle", f"{{{{{_tex(self.container)}}}}}"
        date = _DATE.match(self.issued)
        year, month, day = date.groups() if date else ("", "", "")
        if year:
            yield "year", f"{{{year}}}"
        if month:
            yield "month", _MONTHS[int(month) - 1]
        if day:
            yield "day", f"{{{int(day)}}}"
        if self.address:
            safe = "".join(_IN_ADDRESS.get(char, char) for char in self.address)
            yield "url", f"{{{safe}}}"
        if self.language:
            yield "language", f"{{{_tex(self.language)}}}"

    def to_csl(self) -> dict[str, Any]:
        """An item of CSL-JSON (schema 1.0), for Zotero, pandoc and citeproc."""
        item: dict[str, Any] = {"id": self.key, "type": self.kind, "title": self.title}
        if self.authors:
            item["author"] = [{"literal": author.name} for author in self.authors]
        if self.container:
            item["container-title"] = self.container
        if date := _DATE.match(self.issued):
            item["issued"] = {"date-parts": [[int(part) for part in date.groups() if part]]}
        if self.address:
            item["URL"] = self.address
        if self.language:
            item["language"] = self.language
        return item


def cite(graph: Graph, name: str, lang: str | None = None) -> Citation:
    """What a citation of a document tells.

    Parameters:
        graph: any.
        name: of a document: its name, or its IRI.
        lang: of names that have several; that of the graph by default.

    Errors:
        UnknownName, AmbiguousName: no document, or several.

    >>> from gsefgraph.graph.graph import Graph
    >>> with Graph.open() as graph:
    ...     found = cite(graph, "id-doc:gsef-advocacy-fr.webinar-series")
    ...     found.issued, found.container, found.authors[0].name
    ('2020-07-17', 'GSEF project: international advocacy', 'Global Social Economy Forum')
    """
    node = graph.resolver.resolve(name, kind=f"{GSEF}Document")
    asked = _Asked(graph, lang or graph.lang)
    wholes = asked.wholes(node)
    above = wholes[-1] if wholes else None
    chain = (node, *wholes)
    dates = (asked.texts(each, _WHEN) for each in chain)
    addresses = (asked.texts(each, _WHERE) for each in chain)
    people = (asked.authors(each) for each in chain)
    languages = next(filter(None, (asked.texts(each, _LANGUAGE) for each in chain)), [])
    kinds = [kind.rpartition("/")[2] for kind in asked.texts(node, _KIND)]
    title, language = asked.title(node, languages)
    address = next(filter(None, addresses), [""])[0]
    typed = next((_TYPES[kind] for kind in kinds if kind in _TYPES), "")
    return Citation(
        key=re.sub(r"[^A-Za-z0-9._-]+", "-", re.split(r"[/#]", node.value)[-1]) or "document",
        title=title,
        language=language,
        authors=next(filter(None, people), ()),
        issued=next(filter(None, dates), [""])[0],
        address=address,
        container=asked.title(above, languages)[0] if above is not None else "",
        kind=typed or ("webpage" if address and not kinds else "document"),
    )


class _Asked:
    """What a graph says of documents."""

    def __init__(self, graph: Graph, lang: str) -> None:
        self._graph, self._lang = graph, lang

    def _values(self, node: NamedNode, prop: NamedNode) -> list[NamedNode | Literal]:
        found = {quad.object for quad in self._graph.engine.lookup([(node, prop, None)])}
        return sorted((v for v in found if isinstance(v, NamedNode | Literal)), key=str)

    def texts(self, node: NamedNode, prop: NamedNode) -> list[str]:
        return [value.value for value in self._values(node, prop)]

    def wholes(self, node: NamedNode) -> list[NamedNode]:
        """What a document is part of, from the nearest on."""
        found: list[NamedNode] = []
        at: NamedNode | None = node
        while at is not None and at not in found:
            found.append(at)
            above = [v for v in self._values(at, _PART) if isinstance(v, NamedNode)]
            at = above[0] if above else None
        return found[1:]

    def authors(self, node: NamedNode) -> tuple[Author, ...]:
        resolver = self._graph.resolver
        iris = {v.value for prop in _WHO for v in self._values(node, prop)
                if isinstance(v, NamedNode)}  # fmt: skip
        names = resolver.labels(sorted(iris), self._lang)
        kinds = resolver.kinds(sorted(iris))
        found = {
            Author(names[iri], kinds.get(iri) == NamedNode(f"{GSEF}Person")) for iri in iris
        }  # fmt: skip
        found |= {Author(v.value) for prop in _WHO for v in self._values(node, prop)
                  if isinstance(v, Literal)}  # fmt: skip
        return tuple(sorted(found, key=lambda each: (each.name, each.person)))

    def title(self, node: NamedNode, languages: Iterable[str]) -> tuple[str, str]:
        """The name of a document in a language in which it is written, and that language."""
        named = {(v.language or "").lower(): v.value for v in self._values(node, _LABEL)
                 if isinstance(v, Literal)}  # fmt: skip
        written = sorted(languages, key=lambda tag: (tag != self._lang, tag))
        for tag in written:
            if tag.lower() in named:
                return named[tag.lower()], tag
        label = self._graph.resolver.label(node, self._lang)
        return label, written[0] if written else ""


def _tex(text: str) -> str:
    """Text in which TeX finds nothing to obey; letters of every script stay."""
    return re.sub(r"[ \t\r\n]+", " ", unicodedata.normalize("NFC", text)).translate(_TEX)


def _bibtex_name(author: Author) -> str:
    """A name; that of an organisation, or one that could be taken apart wrongly, in braces."""
    name = _tex(author.name)
    whole = not author.person or "," in name or re.search(r"\band\b", name, re.I)
    return f"{{{name}}}" if whole else name
