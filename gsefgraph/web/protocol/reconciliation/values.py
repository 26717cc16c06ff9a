"""What the graph says of things, and whether that agrees with what somebody else says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode

from gsefgraph.engine.base import Engine, Pattern
from gsefgraph.engine.words import NAMING
from gsefgraph.rdf.digraph import reached
from gsefgraph.rdf.lexical import INTEGERS
from gsefgraph.rdf.turtle import natural
from gsefgraph.terms import GSEF, SKOS, XSD, Term, is_iri, key
from gsefgraph.web.addresses import Addresses
from gsefgraph.web.protocol.reconciliation.reading import Value, Wanted

Said: TypeAlias = Mapping[tuple[str, str], Sequence[Term]]
"""The values that a thing has for a property, by the IRIs of both."""
WHOLE: Final = frozenset(f"{XSD}{name}" for name in INTEGERS)
FRACTIONS: Final = frozenset(f"{XSD}{name}" for name in ("decimal", "double", "float"))
_DATES: Final = frozenset(f"{XSD}{name}" for name in ("date", "gYearMonth", "gYear", "dateTime"))
_DAY: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_WIDER: Final = (f"{GSEF}within", f"{SKOS}broader")
_STEPS: Final = 4  # from a place to what it is in, at most


def said(engine: Engine, things: Iterable[str], properties: Iterable[str], most: int) -> Said:
    """What the graph says.

    Parameters:
        things, properties: IRIs.
        most: statements that are read.

    Returns:
        Values in an order that is the same for the same graph.
    """
    ends = [NamedNode(iri) for iri in properties]
    asked: list[Pattern] = [(NamedNode(i), end, None) for i in things if is_iri(i) for end in ends]
    found: defaultdict[tuple[str, str], set[Term]] = defaultdict(set)
    for quad in engine.lookup(asked, limit=most) if asked else ():
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            found[quad.subject.value, quad.predicate.value].add(quad.object)
    return {name: sorted(terms, key=lambda t: natural(str(t))) for name, terms in found.items()}


class Agreement:
    """Whether things have what is wanted of them.

    Parameters:
        things: IRIs.
        wanted: what they should have.
        most: statements of theirs that are read.

    >>> from gsefgraph.graph.graph import Graph
    >>> graph, based = Graph.open(), f"{GSEF}basedIn"
    >>> to, council = Addresses(graph.names), graph.resolver.resolve("seoul-metropolitan-council")
    >>> def agrees(text):
    ...     found = Agreement(graph.engine, to, [council.value], [Wanted("", based, (text,))])
    ...     return found.of(council.value)
    >>> agrees("SEOUL"), agrees("Corée du Sud"), agrees("place/seoul"), agrees("Dakar")
    ([True], [True], [True], [False])
    """

    def __init__(
        self,
        engine: Engine,
        to: Addresses,
        things: Iterable[str],
        wanted: Sequence[Wanted],
        most: int = 10_000,
    ) -> None:
        self._to = to
        self._wanted = wanted
        self._said = said(engine, things, (one.iri for one in wanted), most)
        held = {t.value for terms in self._said.values() for t in terms if isinstance(t, NamedNode)}
        # What is in a city is in its country, what serves a target serves its goal.
        steps = _steps(engine, held)
        self._wider = {iri: {iri, *reached([iri], lambda i: steps.get(i, ()))} for iri in held}
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        every = set().union(*self._wider.values())
        for (iri, _), terms in said(engine, sorted(every), NAMING, most).items():
            self._names[iri] |= {key(term.value) for term in terms if isinstance(term, Literal)}

    def of(self, thing: str) -> list[bool | None]:
        """For each wanted property whether a thing has it; None where the graph does not say."""
        return [self._has(thing, one) for one in self._wanted]

    def _has(self, thing: str, wanted: Wanted) -> bool | None:
        terms = self._said.get((thing, wanted.iri))
        if not terms:
            return None
        return any(self._same(value, term) for value in wanted.values for term in terms)

    def _same(self, value: Value, term: Term) -> bool:
        if isinstance(term, Literal):
            return _alike(value, term)
        wider = self._wider[term.value]
        if isinstance(value, NamedNode):
            return value.value in wider
        text = str(value)
        return self._to.thing(text) in wider or any(key(text) in self._names[i] for i in wider)


def _steps(engine: Engine, starts: set[str]) -> dict[str, set[str]]:
    """Where some things are right within, and where these are."""
    steps: defaultdict[str, set[str]] = defaultdict(set)
    level = starts
    for _ in range(_STEPS):
        found = said(engine, sorted(level - steps.keys()), _WIDER, 10_000)
        for (iri, _), terms in found.items():
            steps[iri] |= {term.value for term in terms if isinstance(term, NamedNode)}
        level = {term.value for terms in found.values() for term in terms}
        if not level:
            break
    return steps


def _alike(value: Value, literal: Literal) -> bool:
    """Whether somebody's value is that of a literal: a number, a date as precise as both have it,
    or a text."""
    text = value.value if isinstance(value, NamedNode) else str(value)
    if literal.datatype.value in WHOLE | FRACTIONS:
        try:
            return Decimal(text.strip()) == Decimal(literal.value)
        except InvalidOperation:
            return False
    if literal.datatype.value in _DATES:
        days = [day[0] for each in (text.strip(), literal.value) if (day := _DAY.match(each))]
        return len(days) == 2 and (days[0].startswith(days[1]) or days[1].startswith(days[0]))
    return key(text) == key(literal.value)
