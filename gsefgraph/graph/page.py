"""The page of a thing: everything known of it, in a person's order, told in sentences.

A page is plain data in one language. The pages of the web, the terminal and files show the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias

from gsefgraph.evidence import Passage
from gsefgraph.graph.words import Ref, Words

Stance: TypeAlias = OneOf["stated", "concluded", "derived"]


@dataclass(frozen=True, slots=True)
class When:
    """A date in words.

    Attributes:
        text: as the language writes it; of what has none, a word that says so.
        datetime: for the ``time`` element, two with a slash for a span; empty where undated.
        note: whose date it is, where it comes from the whole.
    """

    text: str
    datetime: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why someone concludes that a goal is served, and what can be held against it.

    Attributes:
        text, objection: as they were written; either may be empty.
        lang: their language.
        by: who concludes so, if that is known.
    """

    text: str
    objection: str
    lang: str
    by: Ref | None = None


@dataclass(frozen=True, slots=True)
class Derivation:
    """Why a triple follows.

    Attributes:
        rule: the sentence of the rule.
        premises: what it rests on, as sentences.
    """

    rule: str
    premises: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a page.

    Attributes:
        stance: who says so: a source, a curator or a program, a rule.
        what: the sentence.
        more: further lines, softer.
        when: its date; None where a date says nothing.
        passages: the words that it rests on.
        reason: of what is concluded.
        derivation: of what is derived.
        triple: subject, predicate and object as N-Triples write them, for a page of its proof.
        number: place in a numbered list, where a picture refers to it.
    """

    stance: Stance
    what: Words
    more: tuple[Words, ...] = ()
    when: When | None = None
    passages: tuple[Passage, ...] = ()
    reason: Reason | None = None
    derivation: Derivation | None = None
    triple: tuple[str, str, str] | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Facts under one heading; the title is empty where a section has one group only."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a page.

    Attributes:
        key: anchor, the same in every language.
        title: heading.
        note: beside the heading, such as "10, of which 6 dated"; may be empty.
        count: how many facts there are, shown or not; None where a number says nothing.
        groups: the facts.
    """

    key: str
    title: str
    note: str
    count: int | None
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing.

    Attributes:
        text: what.
        about: IRI of the thing that lacks it.
    """

    text: str
    about: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything known of a thing.

    Attributes:
        iri: the thing.
        kind: what its class is called; `kinds`: what its kinds are.
        title, title_lang: its name, and the language of that.
        acronym: empty where it has none.
        names: its name in other languages: language and text.
        also_known: other names and spellings.
        lede: one sentence with the numbers.
        sections: in a person's order, none empty.
        missing: what is missing.
        compact: its compact IRI.
        redirected_to: IRI of the thing that stays, where this one was joined to another.
        many: whether there are so many facts that derivations and passages are left to pages of
            their own (see `Fact.triple`).
        documents: the texts in which its passages stand.
    """

    iri: str
    kind: str
    kinds: tuple[str, ...]
    title: str
    title_lang: str
    acronym: str
    names: tuple[tuple[str, str], ...]
    also_known: tuple[str, ...]
    lede: Words
    sections: tuple[Section, ...]
    missing: tuple[Gap, ...]
    compact: str
    redirected_to: str = ""
    many: bool = False
    documents: tuple[Ref, ...] = ()

    def document(self, passage: Passage) -> Ref | None:
        """The text that a passage stands in, by its name.

        >>> from gsefgraph.graph.graph import Graph
        >>> page = Graph.open().page("OECD")
        >>> {page.document(p).label for f in page.sections[0].groups[0].facts for p in f.passages}
        {'GSEF project: international advocacy'}
        """
        iri = passage.document.value if passage.document else ""
        return next((ref for ref in self.documents if ref.iri == iri), None)
