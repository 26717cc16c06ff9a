"""Which thing a name in a record means: one that is known, a new one, or a question.

What is certain is the very name (accents, case, order of the names aside) of one thing, or of one
that the graph links with what stands beside it in the record. What is only like a name is never
taken for it: a person decides, and the decision is kept (`decisions.py`). A name that nothing is
like is that of something new.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from pyoxigraph import NamedNode

from gsefgraph.engine.base import Boolean
from gsefgraph.errors import GsefgraphError, InputError, UnknownName
from gsefgraph.queries.parameters import goal_iri, looks_like_iri
from gsefgraph.records.candidates import LONGEST, Candidate, candidates, spellings
from gsefgraph.records.keys import mint
from gsefgraph.records.resolve import Resolver, references
from gsefgraph.terms import FOREIGN, GSEF, key
from gsefgraph.wording import Wording, say, unseen

_LIKE: Final = 0.82
"""Likeness from which on a person is asked whether two names are one."""
_SHOWN: Final = 5
_LONGEST: Final = 80
_CLOSED: Final = frozenset(f"{GSEF}{name}" for name in ("Kind", "Role", "Stance"))
"""Classes of which a name alone makes nothing new."""
_NUMBER: Final = re.compile(r"[0-9]+")
_PARTS: Final = "|".join(
    f"<{GSEF}{name}>" for name in ("partOf", "place", "within", "parent", "basedIn", "issuedBy")
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a name may mean.

    Attributes:
        iri: the thing; label: what it is called; likeness: from 0 to 1; reason: why it may be.
    """

    iri: str
    label: str
    likeness: float
    reason: Wording


@dataclass(frozen=True, slots=True)
class Question:
    """A name whose meaning is not certain.

    Attributes:
        text: as written; kind: IRI of the class that it should be of.
        choices: the likeliest first.
    """

    text: str
    kind: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Meant:
    """What a name means.

    Attributes:
        iri: the thing; None where a question is open.
        new: whether the graph does not know it yet.
        question: what a person has to decide.
    """

    iri: NamedNode | None
    new: bool = False
    question: Question | None = None


@dataclass
class Naming:
    """Names of one run, in which what is new has one IRI.

    Attributes:
        resolver: over the graph.
        decided: IRI by class and key of a name, as people have decided; empty for something new.
        made: what is new, by class and key.

    >>> from gsefgraph.graph.graph import Graph
    >>> naming = Naming(Graph.open().resolver)
    >>> person = f"{GSEF}Person"
    >>> naming.meant("NOYA Antonella", [person]).iri.value[-15:]
    '/antonella-noya'
    >>> naming.meant("Sarah Example", [person]).new
    True
    >>> [choice.label for choice in naming.meant("Antonela Noya", [person]).question.choices]
    ['Antonella Noya']
    """

    resolver: Resolver
    decided: Mapping[tuple[str, str], str] = field(default_factory=dict)
    made: dict[tuple[str, str], NamedNode] = field(default_factory=dict)
    _asked: dict[tuple[str, str], list[Candidate]] = field(default_factory=dict, repr=False)

    def meant(self, written: str, kinds: Sequence[str], beside: Iterable[NamedNode] = ()) -> Meant:
        """What a name means where things of some classes are expected.

        Parameters:
            written: a name, an IRI or a compact IRI.
            kinds: IRIs of classes; something new is of the first one.
            beside: what the record links it with, such as the organisation of a person.

        Errors:
            InputError: characters that no name has, or too many of them.
            UnknownName: an IRI that nothing has.
        """
        text = _name(written)
        return self._found(text, kinds, beside) or Meant(self.new(text, kinds[0]), new=True)

    def known(self, text: str, kind: str) -> bool:
        """Whether a text is the name of something of a class that is known, or new in this run.

        Errors:
            as `meant`.
        """
        found = self._found(_name(text), [kind], ())
        return found is not None and found.iri is not None

    def _found(self, text: str, kinds: Sequence[str], beside: Iterable[NamedNode]) -> Meant | None:
        """What a name means; None where nothing is like it."""
        if looks_like_iri(text, self.resolver.names):
            return self._written(text)
        if kinds[0] == f"{FOREIGN['sdgo']}Goal":
            return Meant(self._goal(text))
        if kinds[0] in _CLOSED:
            return Meant(self.resolver.resolve(text, kind=kinds[0]))
        found: dict[str, Candidate] = {}
        for kind in kinds:
            if (decided := self._decided(text, kind)) is not None:
                return decided
            for each in self._candidates(text, kind):
                found.setdefault(each.iri, each)
        same = [each for each in found.values() if each.likeness == 1.0]
        if len(same) > 1:
            linked = [each for each in same if self._linked(each.iri, beside)]
            same = linked if len(linked) == 1 else same
        if len(same) == 1:
            return Meant(NamedNode(same[0].iri))
        numbers = _NUMBER.findall(text)
        near = same or [
            each
            for each in found.values()
            if each.likeness >= _LIKE and _NUMBER.findall(each.name) == numbers
        ]
        if near:
            return Meant(None, question=self._question(text, kinds[0], near))
        return None

    def _candidates(self, text: str, kind: str) -> list[Candidate]:
        """As `candidates`; a record asks for one name many times."""
        if (text, kind) not in self._asked:
            self._asked[text, kind] = candidates(self.resolver, text, kind=kind)
        return self._asked[text, kind]

    def name(self, node: NamedNode, kind: str, labels: Iterable[str]) -> None:
        """Let something new be known by its names in what follows."""
        for label in labels:
            self.made.setdefault((kind, key(label)), node)

    def _written(self, text: str) -> Meant:
        """What an IRI means, which may be that of something new."""
        with suppress(GsefgraphError):
            node = NamedNode(self.resolver.names.expand(text))
            if node in self.made.values():
                return Meant(node)
        return Meant(self.resolver.resolve(text))

    def new(self, text: str, kind: str) -> NamedNode:
        """The IRI of something new.

        Errors:
            UsageError: a name without a Latin letter or a figure.
        """
        same = self.made.get((kind, key(text)))
        if same is None:
            short = _shortened(text)
            same = NamedNode(self.resolver.names.mint(mint(kind), short))
            if not self._free(same, text, kind):
                # Another name has these letters too, as 李娜 and 李纳 do in Latin ones.
                same = NamedNode(self.resolver.names.mint(mint(kind), f"{short} {_digest(text)}"))
            self.made[kind, key(text)] = same
        return same

    def _free(self, node: NamedNode, text: str, kind: str) -> bool:
        """Whether an IRI is nobody's yet, or that of what has this very name."""
        if node in self.made.values():
            return False
        if self.resolver.kind(node) is None:
            return True
        same = (each.iri for each in self._candidates(text, kind) if each.likeness == 1.0)
        return node.value in same

    def _decided(self, text: str, kind: str) -> Meant | None:
        for spelt in spellings(text):
            if (kind, spelt) in self.made:
                return Meant(self.made[kind, spelt])
        decided = self.decided.get((kind, key(text)))
        if decided is None:
            return None
        return Meant(NamedNode(decided)) if decided else Meant(self.new(text, kind), new=True)

    def _goal(self, text: str) -> NamedNode:
        goal = goal_iri(text, self.resolver.names)
        if goal is None:
            raise UnknownName(say("names.not-goal", text=text), hint=say("type.goal"))
        return self.resolver.resolve(goal)

    def _linked(self, iri: str, beside: Iterable[NamedNode]) -> bool:
        others = references(node.value for node in beside)
        if not others:
            return False
        answer = self.resolver.engine.query(
            f"ASK {{ VALUES ?beside {{ {others} }} {{ ?link <{GSEF}agent> <{iri}> ;"
            f" <{GSEF}organisation>|<{GSEF}onBehalfOf> ?beside }}"
            f" UNION {{ <{iri}> {_PARTS} ?beside }} }}"
        )
        return isinstance(answer, Boolean) and answer.value

    def _question(self, text: str, kind: str, near: Sequence[Candidate]) -> Question:
        ordered = sorted(near, key=lambda each: (-each.likeness, each.iri))[:_SHOWN]
        labels = self.resolver.labels([each.iri for each in ordered])

        def reason(each: Candidate) -> Wording:
            if each.likeness == 1.0:
                return say("names.same-name")
            return say("names.alike", name=each.name)

        choices = (Choice(e.iri, labels[e.iri], e.likeness, reason(e)) for e in ordered)
        return Question(text, kind, tuple(choices))


def _shortened(text: str) -> str:
    """A name of which a slug can be the name of a file; long ones are told apart by a digest."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST].rpartition(' ')[0]} {_digest(text)}"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:6]


def _name(text: str) -> str:
    """A name as `cleaned` has it.

    Errors:
        InputError: as there; or it is longer than any name.
    """
    if len(text) > LONGEST:
        raise InputError(say("names.long", name=f"{text[:_LONGEST]}…", most=LONGEST))
    return cleaned(text)


_BREAKING: Final = re.compile(r"[ \t\r\n]+")


def cleaned(text: str, *, prose: bool = False) -> str:
    """A name in Normalisation Form C, with single spaces; `prose` keeps those that do not break.

    Errors:
        InputError: it holds what no eye sees, such as bidirectional controls.

    >>> cleaned("Ne\\u0301stor  Kirchner")
    'Néstor Kirchner'
    >>> cleaned("Oui\\xa0!  Non\\xa0?", prose=True)
    'Oui\\xa0! Non\\xa0?'
    """
    found = sorted({f"U+{ord(char):04X}" for char in unseen(text)})
    if found:
        raise InputError(say("names.unseen", characters=found), hint=say("names.type-again"))
    text = unicodedata.normalize("NFC", text)
    return " ".join(_BREAKING.split(text.strip()) if prose else text.split())
