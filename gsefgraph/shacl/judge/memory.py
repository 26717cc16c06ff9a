"""A small graph in memory: a few triples, or a file of some thousands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Triple

from gsefgraph.rdf.digraph import reached
from gsefgraph.terms import RDF, RDFS, Term

if TYPE_CHECKING:
    from gsefgraph.engine.ask import Scratch

TYPE = f"{RDF}type"
BROADER = f"{RDFS}subClassOf"
_NONE: Mapping[str, Sequence[Term]] = {}


class Memory:
    """A `View` of a set of triples.

    Parameters:
        triples: the data and what it is to be read with, such as the ontology, in any order; the
            same triple may come again. What RDF 1.1 does not know, triples as terms, is left out.

    >>> from pyoxigraph import RdfFormat, parse
    >>> text = b"<a:s> a <a:c> . <a:c> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <a:d> ."
    >>> view = Memory(quad.triple for quad in parse(text, format=RdfFormat.TURTLE))
    >>> [node.value for node in view.instances(NamedNode("a:d"))]
    ['a:s']
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._out: dict[Term, dict[str, list[Term]]] = {}
        self._triples: dict[Triple, None] = {}
        self._supers: dict[Term, frozenset[Term]] = {}
        self._classes: dict[tuple[Term, ...], frozenset[Term]] = {}
        names: dict[NamedNode, str] = {}
        for triple in triples:
            if triple in self._triples:
                continue
            subject, predicate, value = triple
            if isinstance(subject, Triple) or isinstance(value, Triple):
                continue
            self._triples[triple] = None
            name = names.get(predicate)
            if name is None:
                name = names[predicate] = predicate.value
            pairs = self._out.get(subject)
            if pairs is None:
                pairs = self._out[subject] = {}
            pairs.setdefault(name, []).append(value)

    def need_out(self, nodes: Iterable[Term]) -> None:
        """Nothing: all is at hand."""

    def need_in(self, nodes: Iterable[Term], predicate: str) -> None:
        """Nothing: all is at hand."""

    def objects(self, subject: Term, predicate: str) -> Sequence[Term]:
        """Values of a predicate on a node, in the order written."""
        return self._out.get(subject, _NONE).get(predicate, ())

    def subjects(self, value: Term, predicate: str) -> Sequence[Term]:
        """Nodes that have a value for a predicate, in the order written."""
        return self._in.get(predicate, {}).get(value, ())

    def out(self, subject: Term) -> Mapping[str, Sequence[Term]]:
        """All that is stated on a node: values by predicate, in the order written."""
        return self._out.get(subject, _NONE)

    def classes(self, node: Term) -> Collection[Term]:
        """Classes of a node: its types and all they are subclasses of."""
        types = tuple(self.objects(node, TYPE))
        found = self._classes.get(types)
        if found is None:
            found = frozenset().union(*map(self._above, types))
            self._classes[types] = found
        return found

    def instances(self, cls: Term) -> Iterable[Term]:
        """Nodes of a class or of one below it, in the order written."""
        below = closure([cls], self.subjects)
        return dict.fromkeys(node for each in below for node in self.subjects(each, TYPE))

    def subjects_of(self, predicate: str) -> Iterable[Term]:
        """Nodes with a value for a predicate, in the order written."""
        return [node for node, pairs in self._out.items() if predicate in pairs]

    def objects_of(self, predicate: str) -> Iterable[Term]:
        """Values of a predicate, in the order written."""
        return self._in.get(predicate, {})

    def mentions(self, node: Term) -> bool:
        """Whether a node is a subject or a value."""
        return node in self._out or any(node in by_value for by_value in self._in.values())

    def scratch(self, _query: str, _focus: Sequence[Term], /) -> Scratch:
        """All triples, ready to be asked; the first question builds an index."""
        return self._scratch

    def _above(self, cls: Term) -> frozenset[Term]:
        found = self._supers.get(cls)
        if found is None:
            found = self._supers[cls] = frozenset(closure([cls], self.objects))
        return found

    @cached_property
    def _scratch(self) -> Scratch:
        from gsefgraph.engine.ask import Scratch

        return Scratch.of(self._triples)

    @cached_property
    def _in(self) -> dict[str, dict[Term, list[Term]]]:
        found: dict[str, dict[Term, list[Term]]] = {}
        for subject, pairs in self._out.items():
            for predicate, values in pairs.items():
                by_value = found.setdefault(predicate, {})
                for value in values:
                    by_value.setdefault(value, []).append(subject)
        return found


def closure(
    classes: Iterable[Term], step: Callable[[Term, str], Sequence[Term]]
) -> Collection[Term]:
    """Some classes and all that are reached from them by rdfs:subClassOf, one step at a time."""
    starts = dict.fromkeys(classes)
    return starts | reached(starts, lambda each: step(each, BROADER))
