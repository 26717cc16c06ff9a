"""The passages that rows of an answer rest on, as notes under it.

>>> from gsefgraph.evidence.passages import Passage as Found
>>> found = Found(NamedNode("urn:e"), NamedNode("urn:page"), 10, 14, "GSEF", "fr")
>>> document_iri(found), note(found, {"urn:page": "The page"}, "en")
('urn:page', '“GSEF” — The page, 10–14')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pyoxigraph import NamedNode

from gsefgraph.wording import say


class Passage(Protocol):
    """The place in a document that a fact rests on; `evidence.passages.Passage` is one."""

    @property
    def evidence(self) -> Any:
        """IRI of the node that gives the passage."""
        ...

    @property
    def document(self) -> Any:
        """IRI of the document, or its name; None where it is not known."""
        ...

    @property
    def start(self) -> Any:
        """Code point of the document's text that it begins at; None where it is not known."""
        ...

    @property
    def end(self) -> Any:
        """Code point that it ends before; None where it is not known."""
        ...

    @property
    def quote(self) -> str:
        """The exact characters; empty where they are not known."""
        ...

    def note(self, lang: str) -> str:
        """What a curator had to conclude; empty when nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Footnotes:
    """Passages, each once, and for every row of an answer the indices of those it rests on."""

    passages: tuple[Passage, ...] = ()
    rows: tuple[tuple[int, ...], ...] = ()


def note(passage: Passage, labels: Mapping[str, str], lang: str) -> str:
    """One passage as a note: “quote” — document, start–end, and what a curator had to add; what is
    not known of it is left out.

    Parameters:
        passage: the place in a document.
        labels: IRI -> label, for the document; without one its IRI is shown.
        lang: of the quotation marks and of the curator's note.
    """
    iri = document_iri(passage)
    quote = say("word.quoted", quote=passage.quote).text(lang) if passage.quote else ""
    where = ", ".join(filter(None, (labels.get(iri, iri), place(passage))))
    text = " — ".join(filter(None, (quote, where)))
    return "; ".join(filter(None, (text, passage.note(lang)))) or str(passage.evidence)


def place(passage: Passage) -> str:
    """The code points that a passage stands at, as far as they are known.

    >>> from gsefgraph.evidence.passages import Passage as Found
    >>> node = NamedNode("urn:e")
    >>> [place(Found(node, None, *ends, "", "")) for ends in ((10, 14), (10, None), (None, None))]
    ['10–14', '10–', '']
    """
    ends = ["" if point is None else str(point) for point in (passage.start, passage.end)]
    return "–".join(ends) if any(ends) else ""


def document_iri(passage: Passage) -> str:
    """The IRI of a passage's document as text; empty where it is not known."""
    document = passage.document or ""
    return document.value if isinstance(document, NamedNode) else str(document)
