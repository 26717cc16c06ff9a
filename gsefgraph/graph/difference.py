"""What is stated after a change and was not before, in words and as data.

>>> from gsefgraph.graph.graph import Graph
>>> graph, label = Graph.open(), NamedNode(f"{SKOS}prefLabel")
>>> city, held = graph.resolver.resolve("Seoul"), NamedNode(graph.names.graph("entities"))
>>> old, new = (Quad(city, label, Literal(name, language="en"), held) for name in ("Seoul", "S"))
>>> found = Difference.of(graph.engine, graph.names, removed=[old], added=[new])
>>> print(found.to_text("en"))
~ “Seoul” is now called “S”
>>> found.to_json("en")["added"][0]["object"], found.to_patch().splitlines()[0][:2]
('"S"@en', 'D ')
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from gsefgraph.engine.base import Engine, Pattern
from gsefgraph.engine.embedded import Embedded
from gsefgraph.graph.pages.around import Around
from gsefgraph.graph.pages.sentences import WHOLE, object_of, sentence
from gsefgraph.graph.words import plain
from gsefgraph.rdf.turtle import natural
from gsefgraph.records.resolve import Resolver
from gsefgraph.terms import GSEF, PROV, RDF, SKOS, Names
from gsefgraph.wording import say

_TYPE: Final = NamedNode(f"{RDF}type")
_LABEL: Final = NamedNode(f"{SKOS}prefLabel")
_EVIDENCE: Final = NamedNode(f"{GSEF}Evidence")
_QUOTE: Final = NamedNode(f"{GSEF}quote")
_NOTE: Final = NamedNode(f"{GSEF}note")
_SOURCE: Final = NamedNode(f"{GSEF}source")
_RANKS: Final = {_TYPE: 0, _LABEL: 1}
_UNTOLD: Final = frozenset(
    (*(f"{GSEF}{name}" for name in
       ("evidence", "start", "end", "supports", "checked", "source", "textDigest")),
     f"{PROV}hadPrimarySource")
)  # fmt: skip
"""Properties of passages and of graphs, which the sentence of another property tells, or none."""
_NAMING: Final = tuple(
    NamedNode(iri)
    for iri in (f"{RDF}type", f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{GSEF}acronym",
                f"{SKOS}notation")
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """Quads that went and that came, with what tells them as sentences.

    Attributes:
        removed, added: the quads, sorted.
    """

    removed: tuple[Quad, ...]
    added: tuple[Quad, ...]
    _names: Names = field(repr=False, compare=False)
    _before: Engine = field(repr=False, compare=False)
    _after: Engine = field(repr=False, compare=False)

    @classmethod
    def of(
        cls, engine: Engine, names: Names, *, removed: Iterable[Quad], added: Iterable[Quad]
    ) -> Difference:
        """What a change makes of a graph.

        Parameters:
            engine: the graph before the change.
            names: prefixes.
        """
        gone, come = sorted(removed, key=_order), sorted(added, key=_order)
        around = _around(engine, [*gone, *come])
        before, after = Embedded(), Embedded()
        before.load(around)
        after.load([*(around - {*gone}), *come])
        return cls(tuple(gone), tuple(come), names, before, after)

    def __bool__(self) -> bool:
        return bool(self.removed or self.added)

    def to_text(self, lang: str) -> str:
        """A line for each thing that is said: ``+`` now, ``-`` no more, ``~`` instead of another.

        Parameters:
            lang: en, fr or es.
        """
        was, now = self._telling(lang)
        gone, come = was.sentences(), now.sentences()
        lines = []
        for quads, text in come.items():
            before = next((each for each in gone if _replaces(each, quads)), None)
            if before is not None:
                del gone[before]
                old, new = was.value(before[0]), now.value(quads[0])
                text = say("difference.was", sentence=text, value=old).text(lang)
                if quads[0].predicate == _LABEL:
                    text = say("difference.renamed", before=old, after=new).text(lang)
            lines.append(f"{'+' if before is None else '~'} {text}")
        lines += [f"- {text}" for text in gone.values()]
        return "\n".join(dict.fromkeys(lines))

    def to_json(self, lang: str) -> dict[str, list[dict[str, str]]]:
        """The quads, ``removed`` and ``added``, each with its sentence."""
        was, now = self._telling(lang)
        return {
            "removed": [_entry(quad, was) for quad in self.removed],
            "added": [_entry(quad, now) for quad in self.added],
        }

    def _telling(self, lang: str) -> tuple[_Telling, _Telling]:
        """What tells the quads that went, and those that came."""
        return (
            _Telling(self._before, self._names, lang, self.removed),
            _Telling(self._after, self._names, lang, self.added),
        )

    def to_patch(self) -> str:
        """Lines of RDF Patch: ``D`` and ``A`` before a quad that went or came."""
        lines = [f"D {quad} .\n" for quad in self.removed]
        return "".join([*lines, *(f"A {quad} .\n" for quad in self.added)])


class _Telling:
    """What tells some quads of an engine as sentences."""

    def __init__(self, engine: Engine, names: Names, lang: str, quads: tuple[Quad, ...]) -> None:
        self._lang, self._quads = lang, quads
        self._around = Around(engine, Resolver(engine, names), NamedNode(GSEF), lang)
        subjects = [q.subject for q in quads if isinstance(q.subject, NamedNode)]
        terms = [term for q in quads for term in (q.subject, q.predicate, q.object)]
        self._around.hold(subjects, also=terms, quoted=False)

    def sentences(self) -> dict[tuple[Quad, ...], str]:
        """Sentences by the quads that each tells; those of a statement node in one."""
        around, quads = self._around, self._quads
        whole = {quad.subject for quad in quads if quad.predicate == _TYPE}
        spoken = {(q.subject, q.predicate) for q in quads if _language(q) == self._lang}
        found: dict[str, list[Quad]] = {}
        for quad in quads:
            node = quad.subject
            named = quad.predicate == _LABEL and node in whole
            if named and isinstance(node, NamedNode) and around.label(node)[0] == _value(quad):
                continue  # by which the sentence of its class names it
            if (
                quad.predicate == _NOTE
                and _language(quad) != self._lang
                and ((node, _NOTE) in spoken)
            ):  # the same in another language
                continue
            if text := self.sentence(quad):
                found.setdefault(text, []).append(quad)
        return {tuple(told): text for text, told in found.items()}

    def value(self, quad: Quad) -> str:
        """A value as a person writes it."""
        if not isinstance(quad.object, NamedNode | Literal):
            return ""
        return plain((object_of(self._around, quad.object),))

    def sentence(self, quad: Quad) -> str:
        """What one of the quads says; empty where that is nothing that a person would say."""
        around = self._around
        subject, predicate, value = quad.triple
        if not isinstance(subject, NamedNode) or predicate.value in _UNTOLD:
            return ""
        if predicate == _TYPE and value == _EVIDENCE:
            return ""
        if predicate == _QUOTE and isinstance(value, Literal):
            document = around.thing(subject, _SOURCE.value)
            name = around.label(document)[0] if document else ""
            return say("difference.quotes", document=name, quote=value.value).text(self._lang)
        if not isinstance(value, NamedNode | Literal):
            return ""
        return plain(sentence(around, subject, predicate, value))


def _around(engine: Engine, quads: Sequence[Quad]) -> set[Quad]:
    """What an engine says of the things in some quads, and what those that it joins are called."""
    terms = {term for quad in quads for term in quad.triple if isinstance(term, NamedNode)}
    patterns: list[Pattern] = [(node, None, None) for node in terms]
    found = {*engine.lookup(patterns)} if patterns else set()
    others = {q.object for q in found if isinstance(q.object, NamedNode)} - terms
    more: list[Pattern] = [(node, name, None) for node in others for name in _NAMING]
    return found | {*engine.lookup(more)} if more else found


def _replaces(before: tuple[Quad, ...], after: tuple[Quad, ...]) -> bool:
    """Whether one value stands where another was: of the same property, in the same language."""
    if len(before) != 1 or len(after) != 1 or before[0].predicate.value in WHOLE:
        return False
    [old], [new] = before, after
    same = (old.subject, old.predicate, old.graph_name) == (
        new.subject,
        new.predicate,
        new.graph_name,
    )
    return same and _language(old) == _language(new)


def _language(quad: Quad) -> str | None:
    return quad.object.language if isinstance(quad.object, Literal) else None


def _value(quad: Quad) -> str:
    return getattr(quad.object, "value", "")


def _entry(quad: Quad, telling: _Telling) -> dict[str, str]:
    return {
        "subject": str(quad.subject),
        "predicate": str(quad.predicate),
        "object": str(quad.object),
        "graph": str(quad.graph_name),
        "sentence": telling.sentence(quad),
    }


def _order(quad: Quad) -> Any:
    rank = _RANKS.get(quad.predicate, len(_RANKS))
    return natural(str(quad.subject)), rank, *(natural(str(term)) for term in quad.triple)
