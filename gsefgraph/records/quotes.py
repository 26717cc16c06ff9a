"""Sources of records, and the words in them that records rest on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.engine.base import Pattern
from gsefgraph.engine.words import slug
from gsefgraph.evidence.quote import bare
from gsefgraph.rdf.tree import Mapping, Node, Scalar
from gsefgraph.records import dates
from gsefgraph.records.keys import Keys
from gsefgraph.records.naming import Naming
from gsefgraph.records.statements import Statements, Texts
from gsefgraph.records.values import Values
from gsefgraph.terms import FOREIGN, GSEF, SKOS, XSD, Term, is_iri
from gsefgraph.wording import say

NAMING: Final = (f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{GSEF}acronym")
"""Properties that give a thing a name."""
_ISSUED: Final = NamedNode(f"{GSEF}issued")
_PART: Final = NamedNode(f"{FOREIGN['dcterms']}isPartOf")
_YEAR: Final = re.compile(r"[0-9]{4}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that a record rests on.

    Attributes:
        node: the evidence; words: as quoted; at: where they were typed.
    """

    node: NamedNode
    words: str
    at: Node


class Quotes(Values):
    """What reads sources and quotes.

    Parameters:
        keys, naming, order: as for `Values`.
        texts: the texts of sources.
        unchecked: whether a quote may stand whose text is not stored.
    """

    def __init__(
        self, keys: Keys, naming: Naming, texts: Texts, *, unchecked: bool = False,
        order: dates.Order | None = None,
    ) -> None:  # fmt: skip
        super().__init__(keys, naming, order)
        self._texts, self._unchecked = texts, unchecked
        self._quoted: list[Passage] = []

    def _is(self, key_: Scalar, name: str) -> bool:
        prop = self.keys.property(key_.text, f"{GSEF}Document")
        return prop is not None and prop.name == name

    def _quoting(self, key_: Scalar) -> str:
        """Whether a key is of the passage, not of the document: `quote` or `note`, else empty."""
        prop = self.keys.property(key_.text, f"{GSEF}Evidence")
        return prop.name if prop is not None and prop.name in ("quote", "note") else ""

    def _published(self, address: Scalar) -> NamedNode | None:
        """The known document that is published at an address."""
        text = address.text.strip()
        if not text.startswith(("http://", "https://")) or not is_iri(text):
            return None
        said = NamedNode(f"{FOREIGN['dcterms']}source"), NamedNode(text)
        found = {quad.subject for quad in self.engine.lookup([(None, *said)])}
        named = sorted((node for node in found if isinstance(node, NamedNode)), key=str)
        return named[0] if len(named) == 1 else None

    def _quotes(
        self, made: Statements, source: Mapping, lang: str | None, document: NamedNode | None = None
    ) -> list[Passage]:
        document = document or made.document
        lang = self._lang(source, lang)
        found: list[Passage] = []
        values = [value for name, value in source.entries if self._quoting(name) == "quote"]
        for value in values:
            for text, at in self._texts_of(value, lang, exact=True):
                passage = self._passage(made, document, text, at)
                found += [passage] if passage is not None else []
        notes = [value for name, value in source.entries if self._quoting(name) == "note"]
        for passage in found:
            for value in notes:
                for text, at in self._texts_of(value, lang, prose=True):
                    made.add(passage.node, NamedNode(f"{GSEF}note"), text, at)
        return found

    def _passage(
        self, made: Statements, document: NamedNode | None, quote: Literal, at: Scalar
    ) -> Passage | None:
        if document is None:
            self.fault(at, say("entry.quote-of-what"))
            return None
        if not any(char.isalpha() for char in quote.value):
            self.fault(at, say("entry.quote-empty"))
            return None
        stands = self._texts.find(document, quote.value)
        name = slug(document.value)
        if stands is None:
            if not self._unchecked:
                self.fault(at, say("entry.no-text", document=name), say("entry.store-text"))
                return None
            digest = hashlib.sha256(quote.value.encode()).hexdigest()[:8]
            node = self._made("evidence", name, digest)
            more: dict[str, Term] = {"checked": _literal("false", "boolean"), "quote": quote}
        elif not stands:
            self.fault(at, say("entry.quote-gone"), say("entry.quote-copy"))
            return None
        elif len(stands) > 1:
            self.fault(at, say("entry.quote-twice", count=len(stands)), say("entry.quote-more"))
            return None
        else:
            start, end, words = stands[0]
            node = self._made("evidence", name, f"{start}-{end}")
            more = {
                "start": _literal(str(start), "integer"),
                "end": _literal(str(end), "integer"),
                "quote": Literal(words, language=quote.language),
            }
            sha = self._texts.digest(document)
            if sha is not None:
                made.add(document, NamedNode(f"{GSEF}textDigest"), Literal(sha), at)
        made.node(node, "Evidence", at, source=document, **more)
        passage = Passage(node, quote.value, at)
        self._quoted.append(passage)
        return passage

    def _name_no_more(self, made: Statements) -> None:
        """A quote that is but a name of something in the record states nothing: a fault."""
        names = {bare(text) for text in self._names_in(made)} if self._quoted else ()
        for passage in self._quoted:
            if bare(passage.words) in names:
                name = say("entry.quote-name", quote=passage.words)
                self.fault(passage.at, name, say("entry.quote-say"))
        self._quoted.clear()

    def _names_in(self, made: Statements) -> Iterator[str]:
        """The names of all that a record states something of, the new ones and the known."""
        nodes: dict[NamedNode, None] = {}
        for quad in made.quads:
            if quad.predicate.value in NAMING and isinstance(quad.object, Literal):
                yield quad.object.value
            ends = (quad.subject, quad.object)
            nodes |= dict.fromkeys(node for node in ends if isinstance(node, NamedNode))
        patterns: list[Pattern] = [(node, NamedNode(p), None) for node in nodes for p in NAMING]
        for quad in self.engine.lookup(patterns) if patterns else ():
            if isinstance(quad.object, Literal):
                yield quad.object.value

    def _year(self, made: Statements, node: NamedNode) -> int | None:
        """The year in which the source was issued, or else the page that it is part of.

        Parameters:
            node: what the year is for; of the source itself it is not known.
        """
        document, seen = made.document, {node}
        while document is not None and document not in seen:
            seen.add(document)
            years = {int(date.value[:4]) for date in self._of(made, document, _ISSUED)
                     if isinstance(date, Literal) and _YEAR.match(date.value)}  # fmt: skip
            if years:
                return years.pop() if len(years) == 1 else None
            wholes = [w for w in self._of(made, document, _PART) if isinstance(w, NamedNode)]
            document = max(wholes, key=str, default=None)
        return None

    def _of(self, made: Statements, node: NamedNode, prop: NamedNode) -> list[Term]:
        """What the record and the graph say of a thing with a property."""
        said = [quad for quad in made.quads if (quad.subject, quad.predicate) == (node, prop)]
        said += self.engine.lookup([(node, prop, None)])
        return [quad.object for quad in said if not isinstance(quad.object, Triple)]

    def _rests(self, made: Statements, node: NamedNode, passages: Sequence[Passage]) -> None:
        for passage in passages:
            made.add(node, NamedNode(f"{GSEF}evidence"), passage.node, passage.at)

    def _made(self, kind: str, *parts: str) -> NamedNode:
        return NamedNode(f"{self.names.base}id/{kind}/{'.'.join(parts)}")


def _literal(form: str, kind: str) -> Literal:
    return Literal(form, datatype=NamedNode(f"{XSD}{kind}"))
