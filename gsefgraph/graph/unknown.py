"""Terms of the project's own namespaces in a query that neither ontology nor graph knows.

Such a query is legal and answers with less than was meant, so the terms are named with the nearest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyoxigraph import NamedNode

from gsefgraph.engine.base import Boolean, Engine, Pattern
from gsefgraph.engine.embedded import Embedded
from gsefgraph.errors import closest
from gsefgraph.graph.stated import stated
from gsefgraph.project import Project, Source
from gsefgraph.records.resolve import Resolver
from gsefgraph.sparql.form import form, sources
from gsefgraph.sparql.prologue import mentions
from gsefgraph.sparql.terminals import significant
from gsefgraph.terms import BASE, FOREIGN, GSEF, SHAPES, Names, loosely
from gsefgraph.wording import Wording, say


def named(text: str, engine: Engine, resolver: Resolver, project: Project) -> Iterator[Wording]:
    """A sentence for each term that is not known, in the order of the text.

    Parameters:
        text: SPARQL 1.1 Query, prefixes declared.
        engine, resolver: the graph; what a CONSTRUCT makes need not be in it.
        project: whose ontology.

    >>> from gsefgraph.graph.graph import Graph
    >>> text = "PREFIX gsef: <https://w3id.org/gsefgraph/ontology#> ASK { ?e a gsef:Evnt }"
    >>> with Graph.open() as graph:
    ...     list(named(text, graph.engine, graph.resolver, graph.project))
    ['the ontology does not know gsef:Evnt; did you mean gsef:Event, gsef:event?']
    """
    names = project.names
    made = _template(text)
    terms: dict[str, None] = {}
    things: dict[str, None] = {}
    ours = tuple(f"{loosely(one)}/" for one in (names.base, BASE, FOREIGN["sdg"]))
    graphs = names.graph("")
    said = {graphs, *sources(text)}  # the engine tells of a graph that FROM names
    for mention in mentions(text):
        if loosely(mention.iri).startswith(f"{loosely(GSEF)}#"):
            terms[mention.iri] = None
        elif mention.at not in made and loosely(mention.iri).startswith(ours):
            things[mention.iri] = None
    if terms:
        defined = _defined(project.ontology_sources(), GSEF)
        for iri in terms:
            if iri not in defined:
                problem = say("graph.unknown-term", term=names.compact(iri))
                yield _hinted(problem, _beside(iri, defined, names))
    prefixes = names.prefixes.values()
    spaces = {iri for iri in things if any(space.startswith(iri) for space in prefixes)}
    given = [NamedNode(iri) for iri in things if iri not in said | spaces]
    ends: list[Pattern] = [end for n in given for end in ((n, None, None), (None, None, n))]
    known = engine.stated(ends) if ends else set()
    for node in given:
        if {(node, None, None), (None, None, node)} & known:
            continue
        if node.value.startswith(graphs) and _holds(engine, node):
            continue
        problem = say("names.unknown-compact", compact=names.compact(node.value))
        near: object = None
        if node.value.startswith(SHAPES):
            shapes = _defined([Source(SHAPES, path) for path in project.shapes], SHAPES)
            near = node.value not in shapes and _beside(node.value, shapes, names)
        elif isinstance(engine, Embedded) or node.value.startswith(graphs):
            near = resolver.beside(node)
        yield _hinted(problem, near)


def _hinted(problem: Wording, near: object) -> Wording:
    if not near:
        return problem
    return say("error.hinted", problem=problem, hint=say("names.did-you-mean", near=near))


def _holds(engine: Engine, graph: NamedNode) -> bool:
    answer = engine.query(f"ASK {{ GRAPH {graph} {{ ?s ?p ?o }} }}")
    return isinstance(answer, Boolean) and answer.value


def _defined(sources: Sequence[Source], space: str) -> set[str]:
    """IRIs of a namespace that files describe."""
    subjects = (quad.subject for quad in stated(sources))
    return {s.value for s in subjects if isinstance(s, NamedNode) and s.value.startswith(space)}


def _beside(iri: str, defined: set[str], names: Names) -> list[str]:
    """The nearest of some terms of one namespace."""
    local = {one.rpartition("#")[2]: one for one in defined}
    return [names.compact(local[name]) for name in closest(iri.rpartition("#")[2], local)]


def _template(text: str) -> Sequence[int]:
    """Where the tokens of the template of a CONSTRUCT stand."""
    if form(text) != "construct":
        return ()
    words = [token.value.upper() for token in significant(text)]
    opened = words.index("CONSTRUCT") + 1 if "CONSTRUCT" in words else 0
    if words[opened : opened + 1] != ["{"] or "}" not in words[opened:]:
        return ()
    return range(opened, words.index("}", opened))
