"""Passages: what of a source text a node rests on."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.engine.base import Engine, Pattern, batches, rows
from gsefgraph.terms import GSEF, RDF, SKOS, Term, fold

_DCTERMS = "http://purl.org/dc/terms/"
PREFIXES = f"PREFIX gsef: <{GSEF}> PREFIX skos: <{SKOS}> PREFIX dcterms: <{_DCTERMS}>"
_EVIDENCE, _TYPE = NamedNode(f"{GSEF}evidence"), NamedNode(f"{RDF}type")
_Link: TypeAlias = tuple[NamedNode, NamedNode, NamedNode]  # node, graph, evidence
_Links: TypeAlias = dict[_Link, None]
_QUOTE = NamedNode(f"{GSEF}quote")
_SUPPORTS = NamedNode(f"{GSEF}supports")
_PLACED = frozenset(f"{GSEF}{name}" for name in ("source", "quote", "start", "end"))
_EVIDENCE_CLASS = NamedNode(f"{GSEF}Evidence")


class Note(str):
    """What a curator had to conclude: a text that knows its language (``""`` where it has none).

    >>> Note("lu ainsi", "fr").language
    'fr'
    """

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str = "") -> Note:
        """A note of this text."""
        note = super().__new__(cls, text)
        note.language = language
        return note


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage of a source text.

    Attributes:
        evidence: the node.
        document: the text that it stands in, if the node names one.
        start, end: code points; None where the node gives none.
        quote, language: the exact characters and their language (``""`` where there is none).
        notes: what a curator had to conclude, by language.
        supports: of the properties that it is for, those that the graph states of the node; empty
            where it is for everything stated there (several nodes may share a piece of evidence,
            and what it supports on one need not stand on another).
        graph: the named graph that gives it to the node.
    """

    evidence: NamedNode
    document: NamedNode | None
    start: int | None
    end: int | None
    quote: str
    language: str
    notes: tuple[Note, ...] = ()
    supports: tuple[NamedNode, ...] = ()
    graph: NamedNode | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain values; what is not there is null."""
        return {
            "evidence": self.evidence.value,
            "document": self.document.value if self.document else None,
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
            "language": self.language,
            "notes": {note.language: str(note) for note in self.notes},
        }

    def note(self, lang: str) -> str:
        """The note in a language, or in English, or in any; empty where there is none."""
        notes = {note.language: str(note) for note in reversed(self.notes)}
        return notes.get(lang) or notes.get("en") or next(iter(notes.values()), "")

    def is_for(self, predicate: NamedNode) -> bool:
        """Whether what is stated with this predicate rests on the passage."""
        return not self.supports or predicate in self.supports

    def overlaps(self, other: Passage) -> bool:
        """Whether both have characters of one text in common."""
        if self.start is None or self.end is None or other.start is None or other.end is None:
            return self.evidence == other.evidence
        together = self.start < other.end and other.start < self.end
        return together and self.document == other.document


def passages(
    engine: Engine,
    nodes: Iterable[NamedNode],
    *,
    graph: NamedNode | None = None,
    predicate: NamedNode | None = None,
    names: Collection[str] = (),
) -> dict[NamedNode, list[Passage]]:
    """The passages that nodes rest on.

    Parameters:
        engine: where they are stated.
        nodes: any; an Evidence node rests on itself.
        graph: only what this named graph gives; None for all, each piece of evidence once.
        predicate: only what is for this property; others are not read.
        names: where some of a node's passages hold one of these, only those are read.

    Returns:
        For each node, in the order given, its passages by document, place and IRI; a node without
        any has an empty list.

    >>> from gsefgraph.engine import connect
    >>> engine, node = connect("memory:"), NamedNode("urn:fact")
    >>> engine.update(f'''PREFIX gsef: <{GSEF}> INSERT DATA {{ GRAPH <urn:g> {{
    ...   <urn:fact> gsef:evidence <urn:e> . <urn:e> gsef:quote "so it says"@en }} }}''')
    >>> [passage.quote for passage in passages(engine, [node])[node]]
    ['so it says']
    """
    wanted = list(dict.fromkeys(nodes))
    found: dict[NamedNode, dict[NamedNode, Passage]] = {node: {} for node in wanted}
    for node, passage in linked(engine, wanted, predicate, names):
        if graph is None or passage.graph == graph:
            found[node].setdefault(passage.evidence, passage)
    return {node: sorted(held.values(), key=_place) for node, held in found.items()}


def linked(
    engine: Engine,
    nodes: Iterable[NamedNode],
    predicate: NamedNode | None = None,
    names: Collection[str] = (),
) -> Iterator[tuple[NamedNode, Passage]]:
    """Each passage with the node that rests on it, once for each graph that says so, sorted.

    Parameters:
        predicate: only those that are for this property of their node.
        names: as for `passages`.
    """
    wanted = list(dict.fromkeys(nodes))
    position = {node: index for index, node in enumerate(wanted)}
    for lot in batches(wanted):
        links: _Links = {}
        patterns: list[Pattern] = [(node, _EVIDENCE, None) for node in lot]
        patterns += [(node, _TYPE, _EVIDENCE_CLASS) for node in lot]
        for quad in engine.lookup(patterns):
            node, graph = quad.subject, quad.graph_name
            evidence = node if quad.predicate == _TYPE else quad.object
            if isinstance(graph, NamedNode) and isinstance(evidence, NamedNode):
                links[node, graph, evidence] = None  # type: ignore[index]
        if predicate is not None:
            links = _for(engine, links, predicate)
        if names:
            links = _holding(engine, links, names)
        yield from sorted(
            _passages(engine, links), key=lambda pair: (position[pair[0]], _place(pair[1]))
        )


def _for(engine: Engine, links: Iterable[_Link], predicate: NamedNode) -> _Links:
    supported: dict[Any, set[Any]] = defaultdict(set)
    patterns: list[Pattern] = [(evidence, _SUPPORTS, None) for _, _, evidence in links]
    for quad in engine.lookup(patterns) if patterns else ():
        supported[quad.subject].add(quad.object)
    return {
        link: None for link in links if not supported[link[2]] or predicate in supported[link[2]]
    }


def _holding(engine: Engine, links: Mapping[_Link, None], names: Collection[str]) -> _Links:
    """Links to what holds a name, or all links of a node where none does."""
    holds = _words(names)
    patterns: list[Pattern] = [(evidence, _QUOTE, None) for _, _, evidence in links]
    found = {
        quad.subject
        for quad in (engine.lookup(patterns) if patterns else ())
        if isinstance(quad.object, Literal) and holds(quad.object.value)
    }
    naming = {node for node, _, evidence in links if evidence in found}
    return {link: None for link in links if link[0] not in naming or link[2] in found}


def _passages(engine: Engine, links: Iterable[_Link]) -> Iterator[tuple[NamedNode, Passage]]:
    told: dict[NamedNode, dict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
    found = list(links)
    every: list[Pattern] = [(evidence, None, None) for evidence in {link[2] for link in found}]
    for quad in engine.lookup(every):
        told[quad.subject][quad.predicate.value].add(quad.object)  # type: ignore[index,arg-type]
    asked: dict[Pattern, None] = {}
    for node, _graph, evidence in found:
        for predicate in told[evidence][f"{GSEF}supports"]:
            if isinstance(predicate, NamedNode):
                asked[node, predicate, None] = None
    there = {(q.subject, q.graph_name, q.predicate) for q in engine.lookup(asked)} if asked else ()
    for node, graph, evidence in found:
        supports = {
            predicate
            for predicate in told[evidence][f"{GSEF}supports"]
            if (node, graph, predicate) in there
        }
        yield node, _passage(evidence, graph, told[evidence], supports)


def brought(triples: Collection[Triple], engine: Engine) -> list[Passage]:
    """The passages that new triples bring or change, each as it is with what a graph says of it.

    >>> from gsefgraph.engine import connect
    >>> node = NamedNode("urn:e")
    >>> new = [Triple(node, _QUOTE, Literal("so", language="en"))]
    >>> [passage.quote for passage in brought(new, connect("memory:"))]
    ['so']
    """
    given = {triple for triple in triples if triple.predicate.value in _PLACED}
    asked: list[Pattern] = [(t.subject, t.predicate, t.object) for t in given]  # type: ignore[misc]
    known = {quad.triple for quad in engine.lookup(asked)} if asked else set()
    nodes = {t.subject for t in given - known if isinstance(t.subject, NamedNode)}
    told: dict[NamedNode, dict[str, set[Term]]] = {node: defaultdict(set) for node in nodes}
    for triple in given:
        if triple.subject in told:
            told[triple.subject][triple.predicate.value].add(triple.object)  # type: ignore[index,arg-type]
    for quad in engine.lookup([(node, None, None) for node in nodes]) if nodes else ():
        said = told[quad.subject]  # type: ignore[index]
        if quad.predicate.value in _PLACED and quad.predicate.value not in said:
            said[quad.predicate.value] = {quad.object}  # type: ignore[arg-type]
    return [_passage(node, None, told[node], set()) for node in sorted(nodes, key=str)]


def naming(
    engine: Engine, things: Iterable[NamedNode]
) -> dict[NamedNode, Callable[[Passage], bool]]:
    """For each thing a test whether a passage names it, by a label or an acronym, as whole words.

    Case, accents and forms of an apostrophe do not matter, nor does an s at the end; of a name all
    in capitals they do, since a word may have the letters of an acronym.

    >>> from gsefgraph.engine import connect
    >>> engine, thing = connect("memory:"), NamedNode("urn:ilo")
    >>> engine.update(f'''PREFIX skos: <{SKOS}> INSERT DATA {{ GRAPH <urn:g> {{
    ...   <urn:ilo> skos:altLabel "l’OIT"@fr }} }}''')
    >>> says = naming(engine, [thing])[thing]
    >>> [says(Passage(thing, None, 0, 9, quote, "fr")) for quote in ("avec l'OIT", "exploit")]
    [True, False]
    """
    wanted = list(dict.fromkeys(things))
    names: dict[NamedNode, set[str]] = {thing: set() for thing in wanted}
    for lot in batches(wanted):
        values = " ".join(map(str, lot))
        for thing, name in rows(
            engine,
            f"""{PREFIXES} SELECT DISTINCT ?thing ?name WHERE {{
              VALUES ?thing {{ {values} }}
              ?thing skos:prefLabel|skos:altLabel|gsef:acronym ?name }}""",
        ):
            if isinstance(thing, NamedNode) and isinstance(name, Literal) and fold(name.value):
                names[thing].add(name.value)

    return {thing: names_of(found) for thing, found in names.items()}


def mentioning(
    found: Sequence[Passage], names: set[str], its: Sequence[Passage]
) -> tuple[Passage, ...]:
    """Of the passages for what a text mentions, those in which it mentions one thing.

    A text mentions by naming, or in the very words that say what the thing is.

    Parameters:
        names: the names of the thing.
        its: the passages that the thing rests on.
    """
    test = names_of(names)
    named = tuple(passage for passage in found if test(passage))
    return named or tuple(one for one in found if any(map(one.overlaps, its))) or tuple(found)


def names_of(found: set[str]) -> Callable[[Passage], bool]:
    """A test whether a passage holds one of some names; see `naming`."""
    holds = _words(found)
    return lambda passage: holds(passage.quote)


def _words(names: Collection[str]) -> Callable[[str], bool]:
    acronyms = {name for name in names if name.isupper()}
    exact = _any_of(acronyms)
    loose = _any_of(fold(name) for name in set(names) - acronyms)
    return lambda text: bool(exact.search(text) or loose.search(_folded(text)))


_folded = lru_cache(maxsize=4096)(fold)  # a passage is looked at for all that its text mentions


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    choice = "|".join(re.escape(name) for name in sorted(names)) or r"[^\w\W]"
    return re.compile(rf"\b(?:{choice})s?\b")


def _passage(
    evidence: NamedNode,
    graph: NamedNode | None,
    told: Mapping[str, set[Term]],
    supported: set[Term],
) -> Passage:
    doc, start, end, quote, note = (
        sorted(told.get(f"{GSEF}{name}", ()), key=str)
        for name in ("source", "start", "end", "quote", "note")
    )
    supports = sorted(supported, key=str)
    text = quote[0] if quote and isinstance(quote[0], Literal) else Literal("")
    return Passage(
        evidence=evidence,
        document=next((term for term in doc if isinstance(term, NamedNode)), None),
        start=integer(start[0] if start else None),
        end=integer(end[0] if end else None),
        quote=text.value,
        language=text.language or "",
        notes=tuple(
            sorted(
                (Note(one.value, one.language or "") for one in note if isinstance(one, Literal)),
                key=lambda text: (text.language, text),
            )
        ),
        supports=tuple(term for term in supports if isinstance(term, NamedNode)),
        graph=graph,
    )


def _place(passage: Passage) -> tuple[str, int, int, str, str]:
    document = passage.document.value if passage.document else ""
    graph = passage.graph.value if passage.graph else ""
    return document, passage.start or 0, passage.end or 0, passage.evidence.value, graph


def integer(term: Term | None) -> int | None:
    """A whole number of at most 18 digits; None for anything else."""
    if isinstance(term, Literal) and term.value.lstrip("+-").isascii():
        digits = term.value.lstrip("+-")
        return int(term.value) if digits.isdigit() and len(digits) < 19 else None
    return None
