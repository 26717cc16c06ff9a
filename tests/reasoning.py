"""What the tests of reasoning share: small graphs, the oracle, engines filled from Turtle."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import owlrl
import rdflib
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from gsefgraph.engine.embedded import Embedded
from gsefgraph.reason import owl
from gsefgraph.terms import OWL, RDF, RDFS, Names

NAMES = Names()
E = "http://example.org/"
HEAD = f"@prefix : <{E}> .\n" + "".join(
    f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in NAMES.prefixes.items()
)
GRAPH = NamedNode(f"{E}graph")


def turtle(text: str) -> list[Triple]:
    return [quad.triple for quad in parse((HEAD + text).encode(), format=RdfFormat.TURTLE)]


def node(text: str) -> NamedNode:
    return NamedNode(E + text[1:] if text.startswith(":") else NAMES.expand(text))


def triple(subject: str, predicate: str, value: str) -> Triple:
    return Triple(node(subject), node(predicate), node(value))


def engine_of(triples: Iterable[Triple], graph: NamedNode = GRAPH) -> Embedded:
    engine = Embedded()
    engine.load(Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    return engine


def told(triples: Iterable[Triple]) -> list[str]:
    """Triples as short text, sorted."""
    return sorted(str(t).replace(E, ":").replace(RDF, "rdf:").replace(OWL, "owl:") for t in triples)


def oracle(triples: Sequence[Triple]) -> set[Triple]:
    """What owlrl derives of triples, and they themselves, apart from its housekeeping."""
    graph = rdflib.Graph()
    data = serialize(triples, format=RdfFormat.N_TRIPLES)
    graph.parse(data=data or b"", format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, improved_datatypes=False).expand(graph)
    for subject in set(graph.subjects()):
        if isinstance(subject, rdflib.Literal):
            graph.remove((subject, None, None))
    text = graph.serialize(format="nt", encoding="utf-8")
    return telling(quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES))


def telling(triples: Iterable[Triple]) -> set[Triple]:
    """Triples without housekeeping, and without blank nodes: labels differ between two readers."""
    return {
        t
        for t in triples
        if not owl.housekeeping(t)
        and not isinstance(t.subject, BlankNode)
        and not isinstance(t.object, BlankNode)
    }


CLASSES = [NamedNode(f"{E}C{number}") for number in range(4)]
PROPERTIES = [NamedNode(f"{E}p{number}") for number in range(5)]
THINGS = [NamedNode(f"{E}t{number}") for number in range(5)]
TYPE = NamedNode(f"{RDF}type")


def _axioms(link: str, terms: Sequence[NamedNode], other: Sequence[NamedNode]) -> st.SearchStrategy:
    return st.builds(
        Triple, st.sampled_from(terms), st.just(NamedNode(link)), st.sampled_from(other)
    ).map(lambda axiom: [axiom])


@st.composite
def _chain(draw: st.DrawFn) -> list[Triple]:
    head, *steps = draw(st.lists(st.sampled_from(PROPERTIES), min_size=3, max_size=4))
    # List nodes with names, so that the two readers agree on them.
    cells = [f"{E}list.{'.'.join(s.value[-2:] for s in [head, *steps])}.{n}" for n in range(4)]
    ends = [*(NamedNode(cell) for cell in cells[: len(steps)]), NamedNode(f"{RDF}nil")]
    first, rest = NamedNode(f"{RDF}first"), NamedNode(f"{RDF}rest")
    found = [Triple(head, NamedNode(f"{OWL}propertyChainAxiom"), ends[0])]
    for (cell, after), step in zip(itertools.pairwise(ends), steps, strict=True):
        found += [Triple(cell, first, step), Triple(cell, rest, after)]
    return found


def ontologies() -> st.SearchStrategy[list[Triple]]:
    """A few axioms of every construct that the compiler takes."""
    kinds = [NamedNode(f"{OWL}{kind}Property") for kind in ("Symmetric", "Transitive")]
    axiom = st.one_of(
        _axioms(f"{RDFS}subClassOf", CLASSES, CLASSES),
        _axioms(f"{OWL}equivalentClass", CLASSES, CLASSES),
        _axioms(f"{RDFS}subPropertyOf", PROPERTIES, PROPERTIES),
        _axioms(f"{OWL}equivalentProperty", PROPERTIES, PROPERTIES),
        _axioms(f"{OWL}inverseOf", PROPERTIES, PROPERTIES),
        _axioms(f"{RDFS}domain", PROPERTIES, CLASSES),
        _axioms(f"{RDFS}range", PROPERTIES, CLASSES),
        _axioms(f"{RDF}type", PROPERTIES, kinds),
        _chain(),
    )
    return st.lists(axiom, max_size=6).map(lambda found: [t for triples in found for t in triples])


def facts() -> st.SearchStrategy[list[Triple]]:
    """A few facts about a few things, some of which are said to be the same."""
    same = st.just(NamedNode(f"{OWL}sameAs"))
    things = st.sampled_from(THINGS)
    link = st.builds(Triple, things, st.sampled_from(PROPERTIES), things)
    typed = st.builds(Triple, things, st.just(TYPE), st.sampled_from(CLASSES))
    equal = st.builds(Triple, things, same, things)
    return st.lists(st.one_of(link, link, typed, equal), max_size=7)
