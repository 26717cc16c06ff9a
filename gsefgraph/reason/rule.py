"""Rule: what follows from what, as data that renders to a CONSTRUCT.

A rule has a name, a head (triple patterns that follow), a body (a SPARQL group that must hold) and
the patterns of that body that count as premises in a proof. It comes from an axiom of the ontology
(`owl.py`) or from a file of the rules folder (`construct.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal as Choice
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode, Triple, Variable

from gsefgraph.sparql.path import Path
from gsefgraph.terms import RDF, Term
from gsefgraph.wording import say

Slot: TypeAlias = NamedNode | Literal | Variable
Label: TypeAlias = Callable[[str], str]

TYPE = f"{RDF}type"
ANY = "*"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A triple pattern; its predicate may be a property path.

    >>> str(Pattern(Variable("x"), NamedNode("http://e/p"), Literal("1")))
    '?x <http://e/p> "1"'
    """

    subject: Slot
    predicate: NamedNode | Variable | Path
    object: Slot

    def __str__(self) -> str:
        return f"{self.subject} {self.predicate} {self.object}"

    @property
    def variables(self) -> frozenset[str]:
        """The names of its variables, without the question mark."""
        slots = (self.subject, self.predicate, self.object)
        return frozenset(slot.value for slot in slots if isinstance(slot, Variable))

    @property
    def key(self) -> str:
        """What a triple of this pattern is about: its class for rdf:type, else its predicate.

        >>> Pattern(Variable("x"), NamedNode(TYPE), NamedNode("http://e/C")).key
        'http://e/C'
        """
        if not isinstance(self.predicate, NamedNode):
            return ANY
        if self.predicate.value != TYPE:
            return self.predicate.value
        return self.object.value if isinstance(self.object, NamedNode) else TYPE

    def unify(self, triple: Triple) -> dict[str, Term] | None:
        """The bindings that make this pattern the triple, or None where none do.

        >>> from pyoxigraph import Triple
        >>> a, p = NamedNode("http://e/a"), NamedNode("http://e/p")
        >>> Pattern(Variable("x"), p, Variable("x")).unify(Triple(a, p, a))
        {'x': <NamedNode value=http://e/a>}
        """
        bound: dict[str, Term] = {}
        pairs = (
            (self.subject, triple.subject),
            (self.predicate, triple.predicate),
            (self.object, triple.object),
        )
        for slot, term in pairs:
            if isinstance(term, Triple):
                return None
            if isinstance(slot, Variable):
                if bound.setdefault(slot.value, term) != term:
                    return None
            elif slot != term:
                return None
        return bound

    def ground(self, row: Mapping[str, Term]) -> tuple[Term, NamedNode | Path, Term] | None:
        """Subject, predicate and object under bindings, or None where a variable is unbound."""
        subject = _fill(self.subject, row)
        predicate = (
            self.predicate if isinstance(self.predicate, Path) else _fill(self.predicate, row)
        )
        value = _fill(self.object, row)
        if subject is None or value is None or not isinstance(predicate, NamedNode | Path):
            return None
        return subject, predicate, value


def _fill(slot: Slot, row: Mapping[str, Term]) -> Term | None:
    return row.get(slot.value) if isinstance(slot, Variable) else slot


def key(triple: Triple) -> str:
    """What a triple is about: its class for rdf:type, else its predicate.

    >>> key(Triple(NamedNode("http://e/a"), NamedNode("http://e/p"), Literal("1")))
    'http://e/p'
    """
    if triple.predicate.value == TYPE and isinstance(triple.object, NamedNode):
        return triple.object.value
    return triple.predicate.value


@dataclass(frozen=True)
class Rule:
    """One rule.

    Parameters:
        name: for an axiom the rule's name in the OWL 2 RL tables and the axiom, such as
            ``cax-sco(gsef:Person, foaf:Person)``; for a file its name without the suffix.
        kind: ``owl`` or ``rule file``.
        head: the patterns that follow.
        body: the SPARQL group that must hold, without its braces and with full IRIs.
        premises: the triple patterns of the body that a proof shows.
        source: the axiom as N-Triples, or the file's name.
        reads: keys (see `key`) of triples that can make the body hold; `ANY` for all.
        sentences: language -> what the rule of a file says; of an axiom the texts of its table do.
        terms: IRIs that the sentence of an axiom names.
        fixed: variables of the body that its own text binds (BIND, sub-select), so that they may
            not be given a value in front of it.
    """

    name: str
    kind: Choice["owl", "rule file"]
    head: tuple[Pattern, ...]
    body: str
    premises: tuple[Pattern, ...]
    source: str
    reads: frozenset[str]
    sentences: Mapping[str, str] = field(default_factory=dict, hash=False, compare=False)
    terms: tuple[str, ...] = ()
    fixed: frozenset[str] = frozenset()

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables of head and premises, sorted."""
        found = [pattern.variables for pattern in (*self.head, *self.premises)]
        return tuple(sorted(frozenset().union(*found)))

    @property
    def writes(self) -> frozenset[str]:
        """The keys of the triples that can follow."""
        return frozenset(pattern.key for pattern in self.head)

    def construct(self) -> str:
        """The rule as one SPARQL 1.1 CONSTRUCT query.

        >>> p, q = NamedNode("http://e/p"), NamedNode("http://e/q")
        >>> x, y = Variable("x"), Variable("y")
        >>> stated = Pattern(x, p, y)
        >>> Rule("inverse", "owl", (Pattern(y, q, x),), str(stated), (stated,), "",
        ...      frozenset()).construct()
        'CONSTRUCT { ?y <http://e/q> ?x } WHERE { ?x <http://e/p> ?y }'
        """
        head = " . ".join(str(pattern) for pattern in self.head)
        return f"CONSTRUCT {{ {head} }} WHERE {{ {self.body} }}"

    def news(self) -> tuple[str, ...]:
        """One CONSTRUCT for each pattern of the head, of the triples that are not there yet."""
        return tuple(
            f"CONSTRUCT {{ {pattern} }} WHERE {{ {{ {self.body} }}"
            f" FILTER NOT EXISTS {{ {pattern} }} }}"
            for pattern in self.head
        )

    def sentence(self, lang: str, label: Label | None = None) -> str:
        """What the rule says, in a language (English where it lacks that one).

        Parameters:
            lang: ``en``, ``fr`` or ``es``.
            label: gives the name of an IRI in that language; without it its last part stands.
        """
        names = [label(iri) if label else local(iri) for iri in self.terms]
        if self.kind == "owl":
            about = dict(zip(("one", "two"), names, strict=False))
            return say(f"owl.{self.name.partition('(')[0]}", **about).text(lang)
        return self.sentences.get(lang) or self.sentences.get("en") or self.name


def local(iri: str) -> str:
    """The last part of an IRI.

    >>> local("http://www.w3.org/2004/02/skos/core#broader")
    'broader'
    """
    return iri.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1]
