"""Everything known of one thing: what is said of it, by which graphs, and on which passages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.engine.base import Engine, Pattern, rows
from gsefgraph.errors import (
    AmbiguousName,
    GsefgraphError,
    UnknownName,
    UsageError,
    closest,
    nearest,
)
from gsefgraph.evidence import Passage, passages
from gsefgraph.graph.page import Page
from gsefgraph.rdf.turtle import natural
from gsefgraph.records.resolve import Resolver
from gsefgraph.terms import GSEF, OWL, RDF, RDFS, SKOS, Term, fold, is_iri
from gsefgraph.wording import say

# What links a statement node to the thing: the node is then told whole, in one line.
_HOLDERS = ("agent", "event", "organisation", "onBehalfOf", "subject", "goal")
_HELD = tuple(f"{GSEF}{name}" for name in _HOLDERS)
_PROPERTY = " ".join(
    (
        f"<{RDF}Property>",
        *(f"<{OWL}{kind}Property>" for kind in ("Object", "Datatype", "Annotation")),
    )
)
_FIRST = ("role", "agent", "event", "organisation", "onBehalfOf", "subject", "goal", "stance")
_ORDER = tuple(f"{GSEF}{name}" for name in _FIRST)
_NOT_TOLD = frozenset({f"{RDF}type", f"{GSEF}evidence"})


@dataclass(frozen=True, slots=True)
class Statement:
    """One property of a thing, or one thing's property that has it as value.

    Attributes:
        predicate: IRI.
        value: the value; for an incoming statement the subject.
        graphs: IRIs of the named graphs that hold it, sorted.
        incoming: whether the thing is the value.
        details: for a participation, membership or goal link its own properties and values.
    """

    predicate: str
    value: Term
    graphs: tuple[str, ...]
    incoming: bool = False
    details: tuple[tuple[str, Term], ...] = ()


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing with its page, and the statements and passages that this tells of.

    Attributes:
        page: everything known of it, in a person's order.
        kinds: labels of its classes and gsef:kind.
        stated, derived, links: statements, by predicate and value; `links` are incoming.
        passages: statement node or the thing itself (IRI) -> what it rests on.
    """

    page: Page
    kinds: tuple[str, ...]
    stated: tuple[Statement, ...]
    derived: tuple[Statement, ...]
    links: tuple[Statement, ...]
    passages: dict[str, tuple[Passage, ...]]
    lang: str = "en"

    @property
    def iri(self) -> str:
        """Its IRI."""
        return self.page.iri

    @property
    def label(self) -> str:
        """Its name."""
        return self.page.title

    def _repr_html_(self) -> str:
        from gsefgraph.graph.profile import to_fragment

        return to_fragment(self.page, self.lang)


def describe(engine: Engine, resolver: Resolver, page: Page, lang: str) -> Thing:
    """What the graph says of a thing that has a page.

    Parameters:
        engine, resolver: the graph.
        page: of the thing.
        lang: language of labels.

    Returns:
        Statements sorted by predicate and value; those that only graph/inferred holds apart.

    >>> from gsefgraph.graph.graph import Graph
    >>> graph = Graph.open()
    >>> describe(graph.engine, graph.resolver, graph.page("GSEF"), "en").label
    'Global Social Economy Forum'
    """
    node = NamedNode(page.iri)
    derived_graph = resolver.names.graph("inferred")
    own = _statements(engine, f"{{ {node} ?p ?o }}", incoming=False)
    links = _statements(engine, f"{{ ?o ?p {node} }}", incoming=True)
    stated = [item for item in own if set(item.graphs) != {derived_graph}]
    incoming = [item for item in links if set(item.graphs) != {derived_graph}]
    incoming = _detailed(engine, incoming, node, derived_graph)
    found = passages(
        engine,
        [node, *(s.value for s in incoming if isinstance(s.value, NamedNode) and s.details)],
    )
    kinds = [
        item.value.value
        for item in sorted(stated, key=lambda s: s.predicate)
        if item.predicate in (f"{GSEF}kind", f"{RDF}type") and isinstance(item.value, NamedNode)
    ]
    return Thing(
        page=page,
        kinds=tuple(dict.fromkeys(resolver.labels(kinds, lang).values())),
        stated=tuple(stated),
        derived=tuple(item for item in own if set(item.graphs) == {derived_graph}),
        links=tuple(incoming),
        passages={key.value: tuple(value) for key, value in found.items() if value},
        lang=lang,
    )


def read_triple(resolver: Resolver, subject: str, predicate: str, value: str) -> Triple:
    """A triple as a person writes it: names, compact IRIs, literals as ``"text"@fr`` or plain.

    Errors:
        UnknownName, AmbiguousName: a name. UsageError: a literal as subject or predicate.

    >>> from gsefgraph.engine.embedded import Embedded
    >>> engine = Embedded()
    >>> engine.update('INSERT DATA { GRAPH <urn:g> { <http://metadata.un.org/sdg/8> a <urn:c> } }')
    >>> read_triple(Resolver(engine), "sdg:8", "skos:notation", '"8"@fr').object
    <Literal value=8 language=fr>
    """
    node = resolver.resolve(subject)
    link = _property(resolver, predicate)
    return Triple(node, link, _said(resolver, node, link, value) or _value(resolver, link, value))


def _said(resolver: Resolver, node: NamedNode, link: NamedNode, text: str) -> Literal | None:
    """The one literal that the graph has there and that reads so."""
    found = [
        term
        for (term,) in rows(resolver.engine, f"SELECT DISTINCT ?o WHERE {{ {node} {link} ?o }}")
        if isinstance(term, Literal) and term.value == text
    ]
    if len(found) > 1:
        raise AmbiguousName(
            say(
                "graph.several",
                text=text,
                count=len(found),
                values=", ".join(sorted(map(str, found))),
            ),
            hint=say("graph.write-whole"),
        )
    return found[0] if found else None


def _property(resolver: Resolver, text: str) -> NamedNode:
    names = resolver.names
    if text == "a":
        return NamedNode(f"{RDF}type")
    if ":" in text:
        full = names.expand(text)
        if not is_iri(full):
            raise UsageError(say("names.not-iri", text=text), hint=say("names.write-iri"))
        return NamedNode(full)
    text_of = (
        f"SELECT DISTINCT ?p ?label WHERE {{ VALUES ?kind {{ {_PROPERTY} }} "
        f"?p a ?kind ; <{RDFS}label> ?label }}"
    )
    named: dict[str, set[str]] = defaultdict(set)
    for iri, label in rows(resolver.engine, text_of):
        if isinstance(iri, NamedNode) and isinstance(label, Literal):
            named[fold(label.value)].add(iri.value)
            if iri.value.startswith(GSEF):
                named[fold(iri.value.removeprefix(GSEF))].add(iri.value)
    found = sorted(named.get(fold(text), ()))
    if len(found) == 1:
        return NamedNode(found[0])
    if found:
        listed = ", ".join(names.compact(iri) for iri in found)
        raise AmbiguousName(say("graph.several-properties", text=text, names=listed))
    own = {iri.removeprefix(GSEF) for iris in named.values() for iri in iris if GSEF in iri}
    hint = nearest(text, own)
    close = closest(fold(text), named)
    if close:
        iris = dict.fromkeys(iri for name in close for iri in sorted(named[name]))
        hint = say("names.did-you-mean", near=", ".join(map(names.compact, iris)))
    raise UnknownName(say("graph.no-property", text=text), hint=hint)


def _value(resolver: Resolver, link: NamedNode, text: str) -> NamedNode | Literal:
    if text.startswith('"'):
        from gsefgraph.records import rdf

        data = f"{resolver.names.directives()}<urn:s> <urn:p> {text} .".encode()
        try:
            quads = rdf.read("value", data=data, format="turtle").quads
        except GsefgraphError:
            quads = ()
        if len(quads) != 1 or not isinstance(quads[0].object, Literal):
            raise UsageError(
                say("graph.not-literal", text=text),
                hint=say("graph.write-literal"),
            )
        return quads[0].object
    try:
        return resolver.resolve(text)
    except UnknownName:
        # A value that is not there, where the property has literals, is as good as a name.
        for quad in resolver.engine.lookup([(None, link, None)], limit=1):
            if isinstance(quad.object, Literal):
                kind = None if quad.object.language else quad.object.datatype
                return Literal(text, datatype=kind)
        raise


def _statements(engine: Engine, pattern: str, *, incoming: bool) -> list[Statement]:
    text = f"SELECT DISTINCT ?p ?o ?g WHERE {{ GRAPH ?g {pattern} }}"
    graphs: dict[tuple[str, Term], set[str]] = defaultdict(set)
    for predicate, value, graph in rows(engine, text):
        if isinstance(predicate, NamedNode) and value is not None and graph is not None:
            graphs[predicate.value, value].add(graph.value)
    found = [Statement(p, o, tuple(sorted(g)), incoming) for (p, o), g in graphs.items()]
    return sorted(found, key=lambda item: (_rank(item.predicate), natural(str(item.value))))


def _detailed(
    engine: Engine, links: list[Statement], node: NamedNode, derived: str
) -> list[Statement]:
    holders = dict.fromkeys(item.value for item in links if item.predicate in _HELD)
    if not holders:
        return links
    details: dict[Term, set[tuple[str, Term]]] = defaultdict(set)
    patterns: list[Pattern] = [(holder, None, None) for holder in holders]  # type: ignore[misc]
    for quad in engine.lookup(patterns, without=(derived,)):
        if quad.object != node and quad.predicate.value not in _NOT_TOLD:
            details[quad.subject].add((quad.predicate.value, quad.object))  # type: ignore[index,arg-type]
    return [
        Statement(
            item.predicate,
            item.value,
            item.graphs,
            True,
            tuple(sorted(details[item.value], key=lambda d: (_rank(d[0]), natural(str(d[1]))))),
        )
        for item in links
    ]


def _rank(predicate: str) -> tuple[int, str]:
    if predicate in _ORDER:
        return _ORDER.index(predicate), predicate
    return (len(_ORDER) if predicate.startswith(SKOS) else len(_ORDER) + 1), predicate
