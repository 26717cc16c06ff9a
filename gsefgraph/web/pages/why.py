"""Why one triple holds: who states it on which words, or which rule gives it from what."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.engine.base import Pattern
from gsefgraph.errors import GsefgraphError, UnknownName, UsageError
from gsefgraph.evidence import Passage
from gsefgraph.graph.page import Derivation, Fact, Reason
from gsefgraph.graph.pages.around import Around
from gsefgraph.graph.pages.proofs import Step, told_proof
from gsefgraph.graph.pages.sentences import sentence
from gsefgraph.graph.words import Words, plain
from gsefgraph.reason.explain import explain
from gsefgraph.records import rdf
from gsefgraph.terms import is_iri
from gsefgraph.web.pages import error
from gsefgraph.web.shown import Answered, Asked, Link, Shown
from gsefgraph.wording import say

_NEAR: Final = 5
_LEAVES: Final = 100  # quotes that are shown


@dataclass(frozen=True)
class Why:
    """What the template of a proof receives.

    Attributes:
        fact: what holds, with rule, premises and words.
        graphs: the named graphs that state it; empty for what is derived.
        steps: the whole proof, where a premise is derived itself; else None.
        command: the same on the command line.
    """

    fact: Fact
    graphs: tuple[Link, ...]
    steps: Step | None
    command: str


def page(asked: Asked) -> Answered:
    """The proof of the triple that ``?s=``, ``?p=`` and ``?o=`` name, as N-Triples write them.

    Errors:
        UsageError: one of them is missing, or is no such term.
    """
    graph = asked.graph
    subject, predicate, value = _iri(asked, "s"), _iri(asked, "p"), _term(asked, "o")
    triple = Triple(subject, predicate, value)
    try:
        proof = explain(graph.engine, graph.rules, triple, names=graph.names)
    except UnknownName:
        return _unknown(asked, subject, predicate, value)
    step = told_proof(graph.engine, graph.resolver, proof, asked.lang)
    passages: dict[str, Passage] = {}
    for leaf in step.leaves():
        for passage in leaf.passages:
            passages.setdefault(passage.evidence.value, passage)
    fact = Fact(
        step.stance,
        step.what,
        passages=tuple(passages.values())[:_LEAVES],
        reason=_reason(step),
        derivation=Derivation(step.rule, tuple(each.what for each in step.premises))
        if step.rule
        else None,
        triple=step.triple,
    )
    names = graph.resolver.labels(list(step.graphs), asked.lang)
    deep = any(each.rule for each in step.premises)
    words = (graph.names.compact(node.value) for node in (subject, predicate))
    command = shlex.join(("gsefgraph", "explain", *words, graph.names.term(triple.object)))
    view = Why(
        fact=fact,
        graphs=tuple(_graph(asked, iri, names[iri]) for iri in step.graphs),
        steps=step if deep else None,
        command=f"{command} --lang {asked.lang}",
    )
    return Shown("why", view, plain(step.what), indexed=False)


def _graph(asked: Asked, iri: str, name: str) -> Link:
    """Where a triple stands: the document whose graph it is, or the graph."""
    slug = iri.removeprefix(asked.graph.names.graph(""))
    document = asked.to.iri("doc", slug)
    if slug != iri and asked.graph.resolver.kind(document):
        return Link(asked.label(document), asked.to.page(document))
    return Link(name, asked.to.page(iri))


def _reason(step: Step) -> Reason | None:
    return next((each.reason for each in step.leaves() if each.reason), None)


def _iri(asked: Asked, name: str) -> NamedNode:
    term = _term(asked, name)
    if not isinstance(term, NamedNode):
        raise UsageError(
            say("why.not-iri", name=name, value=asked.values[name][:80]), hint=say("why.write")
        )
    return term


def _term(asked: Asked, name: str) -> NamedNode | Literal:
    text = asked.values.get(name, "").strip()
    if not text:
        raise UsageError(say("why.missing", name=name), hint=say("why.write"))
    if text[0] == "<" and text[-1] == ">" and is_iri(text[1:-1]):
        return NamedNode(text[1:-1])
    if text[0] == '"':
        try:
            data = f"<urn:s> <urn:p> {text} .".encode()
            quads = rdf.read("value", data=data, format="ntriples").quads
        except (GsefgraphError, UnicodeEncodeError):
            quads = ()
        if len(quads) == 1 and isinstance(quads[0].object, Literal):
            return quads[0].object
    raise UsageError(say("why.no-term", name=name, value=text[:80]), hint=say("why.write"))


def _unknown(
    asked: Asked, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal
) -> Shown:
    """What is shown where the triple does not hold: what is said instead, and of whom."""
    engine = asked.graph.engine
    patterns: list[Pattern] = [(subject, predicate, None), (None, predicate, value)]
    found: dict[tuple[str, str, str], Words] = {}
    around = Around(engine, asked.graph.resolver, subject, asked.lang)
    for pattern in patterns:
        for quad in engine.lookup([pattern], limit=_NEAR):
            if not isinstance(quad.object, Triple) and isinstance(quad.subject, NamedNode):
                key = (str(quad.subject), str(quad.predicate), str(quad.object))
                found[key] = sentence(around, quad.subject, quad.predicate, quad.object)
    near = [
        Link(plain(told), asked.to.to("/why", s=s, p=p, o=o)) for (s, p, o), told in found.items()
    ]
    for node in (subject, value):
        if isinstance(node, NamedNode) and around.named(node):
            text, tag = around.label(node)
            near.append(Link(text, asked.to.page(node.value), tag))
    head = say("why.not-so").text(asked.lang)
    told = plain(sentence(around, subject, predicate, value))
    message = say("why.not-said", sentence=told).text(asked.lang)
    view = error.Trouble(head, message, "", tuple(near))
    return Shown("error", view, head, status=404, indexed=False, kept=False)
