"""What a graph already knows around some new triples: enough to derive what follows from them.

A few questions, whatever the size of the graph, over any engine. Fetched are: all that
is stated on each node the new triples mention and on the nodes those lead to; who points at a node
that is described anew, or points at a mentioned one by a property that the new triples use; who
bears a name that they give; and the chains that places, events, organisations and documents stand
in, to their end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.engine.base import Engine, Solutions, Term
from gsefgraph.errors import EngineError
from gsefgraph.shacl.report import sentences
from gsefgraph.shacl.report.report import Texts
from gsefgraph.terms import GSEF, RDF, SKOS
from gsefgraph.wording import say

LIMIT = 2_000  # triples that one question may bring in; a hub has more
_BLOCK = 30_000  # characters of one VALUES block: an engine refuses a text over 64 KB

_CHAINS = frozenset(
    {f"{GSEF}within", f"{GSEF}partOf", f"{GSEF}parent", f"{GSEF}respondsTo", f"{SKOS}broader",
     "http://purl.org/dc/terms/isPartOf"}
)  # fmt: skip
_DEEPEST = 50  # links of one chain; a chain that never ends stops where it repeats
_NAMES = (f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{GSEF}acronym")


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Known triples around new ones.

    Attributes:
        triples: each once, sorted.
        cut: what could not be fetched whole, for a warning.
    """

    triples: tuple[Triple, ...]
    cut: tuple[Texts, ...] = ()


def around(
    new: Sequence[Triple],
    engine: Engine,
    *,
    without: Iterable[str] = (),
    known: Iterable[str] = (),
    timeout: float | None = None,
) -> Neighbourhood:
    """What the named graphs of an engine know around new triples.

    Parameters:
        new: the triples to be judged.
        engine: any engine.
        without: IRIs of graphs whose triples do not count.
        known: IRIs that need no fetching, those of the ontology.
        timeout: seconds for each question.
    """
    return _Fetch(engine, without, frozenset(known), timeout).around(new)


class _Fetch:
    """One round of questions."""

    def __init__(
        self, engine: Engine, without: Iterable[str], known: frozenset[str], timeout: float | None
    ) -> None:
        self.engine = engine
        self.known = known
        self.timeout = timeout
        graphs = ", ".join(f"<{graph}>" for graph in sorted(without))
        self.which = f"FILTER(?g NOT IN ({graphs}))" if graphs else ""
        self.found: set[Triple] = set()
        self.described: set[str] = set()
        self.cut: list[Texts] = []

    def around(self, new: Sequence[Triple]) -> Neighbourhood:
        subjects = _iris(t.subject for t in new) - self.known
        mentioned = subjects | (_iris(t.object for t in new) - self.known)
        pairs = {
            (t.predicate.value, t.object.value)
            for t in new
            if isinstance(t.object, NamedNode)
            and t.predicate.value != f"{RDF}type"
            and t.object.value not in self.known
            and t.object.value not in subjects
        }
        names = {
            t.object for t in new if t.predicate.value in _NAMES and isinstance(t.object, Literal)
        }
        near = self._describe(mentioned)
        near |= self._ask("?o", (f"<{iri}>" for iri in sorted(subjects)), "?s ?p ?o")
        near |= self._ask("(?p ?o)", (f"(<{p}> <{o}>)" for p, o in sorted(pairs)), "?s ?p ?o")
        # The property stands in the block as well: an engine then looks up, instead of scanning.
        near |= self._ask(
            "(?p ?o)",
            (f"(<{p}> {name})" for name in sorted(map(str, names)) for p in _NAMES),
            "?s ?p ?o",
        )
        further = self._describe(near)
        self._describe(further)
        self._follow_chains()
        return Neighbourhood(tuple(sorted(self.found, key=str)), tuple(self.cut))

    def _describe(self, iris: Iterable[str]) -> set[str]:
        """Fetch all that is stated on some nodes; returns the nodes that those lead to."""
        wanted = sorted(set(iris) - self.described - self.known)
        self.described.update(wanted)
        return self._ask("?s", (f"<{iri}>" for iri in wanted), "?s ?p ?o")

    def _follow_chains(self) -> None:
        """Describe what the chains lead to, one link a round: engines differ on closed paths."""
        for _ in range(_DEEPEST):
            ends = _iris(t.object for t in self.found if t.predicate.value in _CHAINS)
            if not self._describe(ends):
                return

    def _ask(self, head: str, values: Iterable[str], pattern: str) -> set[str]:
        """Add the triples that match; returns the IRIs they mention, the ontology's aside."""
        mentioned: set[str] = set()
        for block in _blocks(values):
            rows = self._select(
                f"SELECT DISTINCT ?s ?p ?o WHERE {{ VALUES {head} {{ {block} }} "
                f"GRAPH ?g {{ {pattern} }} {self.which} }} LIMIT {LIMIT}"
            )
            if len(rows) == LIMIT:
                self.cut.append(sentences.of("cut", count=LIMIT, value=f"{block[:80]}…"))
            for row in rows:
                subject, predicate, value = row
                if isinstance(subject, Literal) or not isinstance(predicate, NamedNode):
                    continue
                if subject is None or value is None:
                    continue
                self.found.add(Triple(subject, predicate, value))
                mentioned |= _iris((subject, value))
        return mentioned - self.known

    def _select(self, text: str) -> Sequence[tuple[Term | None, ...]]:
        result = self.engine.query(text, timeout=self.timeout)
        if not isinstance(result, Solutions):
            raise EngineError(say("change.not-rows"))
        return result.rows


def _iris(terms: Iterable[object]) -> set[str]:
    return {term.value for term in terms if isinstance(term, NamedNode)}


def _blocks(values: Iterable[str]) -> Iterable[str]:
    waiting: list[str] = []
    size = 0
    for value in values:
        if waiting and size + len(value) > _BLOCK:
            yield " ".join(waiting)
            waiting, size = [], 0
        waiting.append(value)
        size += len(value) + 1
    if waiting:
        yield " ".join(waiting)
