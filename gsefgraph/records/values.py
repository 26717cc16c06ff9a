"""Single values of a record: names, texts, dates and numbers as terms, and what is wrong with them.

What cannot be read is a fault at its place, and the rest is read on; a name that is not certain is
a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from gsefgraph.errors import GsefgraphError
from gsefgraph.rdf import lexical
from gsefgraph.rdf.tree import Mapping, Node, Scalar
from gsefgraph.rdf.tree import Sequence as Items
from gsefgraph.records import dates
from gsefgraph.records.keys import Keys, Property
from gsefgraph.records.naming import Naming, Question, cleaned
from gsefgraph.terms import XSD, key
from gsefgraph.wording import say

_WIKIDATA: Final = re.compile(r"https?://(?:www\.)?wikidata\.org/(?:wiki|entity)/(?=Q[0-9]+\Z)")
"""How a browser shows the address of an item: the IRI of the item is another."""
_TRUTHS: Final = {"true": "true yes oui si vrai verdadero", "false": "false no non faux falso"}
_WORDS_OF_TRUTH: Final = {word: form for form, said in _TRUTHS.items() for word in said.split()}
_LONG: Final = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a record, where it was typed.

    Attributes:
        message: what; hint: what would be right; line, column: 1-based.
        question: where it is that a name is not certain.
    """

    message: str
    line: int
    column: int
    hint: str | None = None
    question: Question | None = None


class Values:
    """What reads the values of one file.

    Parameters:
        keys, naming: what keys and names mean.
        order: of day and month in figures.

    Attributes:
        faults: what is wrong, in the order in which it was found.
        names, engine: of the graph.
    """

    def __init__(self, keys: Keys, naming: Naming, order: dates.Order | None = None) -> None:
        self.keys, self.naming, self.faults = keys, naming, list[Fault]()
        self.names, self.engine = naming.resolver.names, naming.resolver.engine
        self._order = order
        self._told = set[Fault]()

    def fault(
        self, at: Node, message: str, hint: str | None = None, question: Question | None = None
    ) -> None:
        """Something is wrong where something was typed, which is told once."""
        fault = Fault(message, at.line, at.column, hint, question)
        if fault not in self._told:
            self._told.add(fault)
            self.faults.append(fault)

    def _ask(self, at: Node, question: Question) -> None:
        names = [f"{each.label} ({self.names.compact(each.iri)})" for each in question.choices]
        message = say("entry.who-is-it", name=question.text, count=len(names))
        hint = say("names.did-you-mean", near=names)
        self.fault(at, message, hint, question)

    @contextmanager
    def _placed(self, at: Node) -> Iterator[None]:
        """What is wrong with a value is a fault where it was typed."""
        try:
            yield
        except GsefgraphError as error:
            self.fault(at, error.message, error.hint)

    def _lang(self, record: Mapping, lang: str | None) -> str | None:
        for name, value in record.entries:
            if self.keys.word(name.text) == "lang" and isinstance(value, Scalar):
                if lexical.language_tag(value.text.strip()):
                    return value.text.strip()
                self.fault(value, say("entry.not-language", tag=value.text), say("entry.languages"))
                return "und"
        return lang

    def _meant(
        self, item: Scalar, kinds: Sequence[str], beside: Iterable[NamedNode]
    ) -> tuple[NamedNode | None, bool]:
        with self._placed(item):
            meant = self.naming.meant(item.text, kinds, beside)
            if meant.question is not None:
                self._ask(item, meant.question)
            return meant.iri, meant.new
        return None, False

    def _iri(self, item: Scalar) -> NamedNode | None:
        with self._placed(item):
            text = _WIKIDATA.sub(self.names.prefixes["wd"], item.text.strip())
            return NamedNode(self.names.expand(text))
        return None

    def _date(self, item: Scalar, year: int | None = None) -> dates.Dates | None:
        found = dates.read(item.text, order=self._order, year=year)
        if found.other is None:
            return found
        starts = [each.start.value for each in (found, found.other) if each.start]
        self.fault(item, say("dates.two", text=item.text), say("names.one-of", names=starts))
        return None

    def _literal(self, prop: Property, item: Node) -> Literal | None:
        if not isinstance(item, Scalar):
            self.fault(item, say("entry.one-value"))
            return None
        text = item.text.strip()
        if prop.datatype == f"{XSD}boolean":
            text = _WORDS_OF_TRUTH.get(key(text), text)
        elif prop.datatype in (f"{XSD}integer", f"{XSD}decimal"):
            text = re.sub(r"(?<=[0-9])[\s\u202f](?=[0-9]{3}\b)", "", text)
        elif prop.datatype == f"{XSD}string":
            with self._placed(item):
                return Literal(cleaned(item.text))
            return None
        fault = lexical.fault_of(text, prop.datatype)
        if fault is not None:
            self.fault(item, say("entry.value", value=text[:_LONG], fault=fault))
            return None
        return Literal(text, datatype=NamedNode(prop.datatype))

    def _texts_of(
        self, value: Node | None, lang: str | None, *, exact: bool = False, prose: bool = False
    ) -> Iterator[tuple[Literal, Scalar]]:
        """Texts with their language: one, several, or by language; `exact` as they are, `prose`
        with its spaces that do not break."""
        if isinstance(value, Mapping):
            for name, inner in value.entries:
                tag = name.text.strip()
                if lexical.language_tag(tag):
                    yield from self._texts_of(inner, tag, exact=exact, prose=prose)
                else:
                    self.fault(name, say("entry.not-language", tag=tag), say("entry.languages"))
            return
        for item in items(value) if value is not None and not empty(value) else ():
            if not isinstance(item, Scalar):
                self.fault(item, say("entry.one-value"))
            elif lang is None:
                self.fault(item, say("entry.no-language"), say("entry.lang"))
            else:
                with self._placed(item):
                    text = item.text.strip() if exact else cleaned(item.text, prose=prose)
                    yield Literal(text, language=lang.lower()), item


def items(value: Node) -> tuple[Node, ...]:
    """The items of a list; of anything else that itself.

    >>> items(Scalar("a", 1, 1))
    (Scalar(text='a', line=1, column=1, plain=False),)
    """
    return value.items if isinstance(value, Items) else (value,)


def empty(value: Node) -> bool:
    """Whether nothing is written there, as in a skeleton."""
    if isinstance(value, Scalar):
        return value.plain and value.text in ("", "~", "null")
    return not (value.items if isinstance(value, Items) else value.entries)
