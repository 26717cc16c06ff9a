"""The ontology: all of it with a diagram, and a page for each of its terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from gsefgraph.engine.base import batches
from gsefgraph.errors import closest
from gsefgraph.graph.diagram import Diagram, draw
from gsefgraph.graph.pages.around import Around
from gsefgraph.graph.pages.sentences import sentence, statement
from gsefgraph.graph.vocabulary import Vocabulary
from gsefgraph.graph.words import Ref, Words, plain
from gsefgraph.records.resolve import references
from gsefgraph.shacl.shapes.model import BLANK, Shape, Target
from gsefgraph.sparql.path import Path
from gsefgraph.terms import GSEF, SH, SKOS, fold
from gsefgraph.terms import Term as Value
from gsefgraph.web.addresses import outside
from gsefgraph.web.pages import error
from gsefgraph.web.shown import Asked, Link, Shown
from gsefgraph.wording import say, visible

_EXAMPLES: Final = 3
_RULES: Final = 12
_SCHEMES: Final = {"Role": "model.roles", "Kind": "model.kinds"}


@dataclass(frozen=True)
class Entry:
    """A term in a list: its name, its compact IRI, what it means."""

    ref: Ref
    compact: str
    what: str


@dataclass(frozen=True)
class Row:
    """A property in the table: what it is said of, what its values are, whether it is derived."""

    entry: Entry
    of: tuple[Link, ...]
    to: tuple[Link, ...]
    derived: bool


@dataclass(frozen=True)
class Concepts:
    """The concepts of a scheme: roles, kinds."""

    key: str
    title: str
    refs: tuple[tuple[Ref, str], ...]


@dataclass(frozen=True)
class Overview:
    """What the template of the ontology receives.

    Attributes:
        sentence: how many terms there are.
        diagram: classes and the properties between them.
        classes, properties: the terms; schemes: roles and kinds.
    """

    sentence: str
    diagram: Diagram
    classes: tuple[Entry, ...]
    properties: tuple[Row, ...]
    schemes: tuple[Concepts, ...]


@dataclass(frozen=True)
class Rule:
    """What a shape asks: its message, and whether that is a must or a wish."""

    message: str
    must: bool


@dataclass(frozen=True)
class Term:
    """What the template of a term receives.

    Attributes:
        kind: class or property, and what else it is.
        derived: whether nobody states it.
        names: language and name in the others.
        compact, iri: how it is written.
        sentence: how often it is used.
        groups: what it is used with: a title and terms.
        examples: sentences from the graph.
        rules: what derives it, as sentences; more: how many others there are.
        shapes: what records must satisfy.
        outside: terms of other vocabularies.
        questions: the stored queries that use it.
    """

    kind: tuple[str, ...]
    derived: bool
    names: tuple[tuple[str, str], ...]
    what: str
    compact: str
    iri: str
    sentence: str
    groups: tuple[tuple[str, tuple[Link, ...]], ...]
    examples: tuple[Words, ...]
    rules: tuple[str, ...]
    more: int
    shapes: tuple[Rule, ...]
    outside: tuple[Link, ...]
    questions: tuple[Link, ...]


def page(asked: Asked) -> Shown:
    """The ontology: diagram, classes, properties, roles and kinds."""
    words = Vocabulary.of(asked.graph, asked.lang)
    rows = tuple(
        Row(
            _entry(words, prop),
            _links(asked, words, words.domains(prop)),
            _links(asked, words, words.ranges(prop)),
            prop in words.derived,
        )
        for prop in words.properties
    )
    view = Overview(
        sentence=say("model.sentence", count=len(rows), classes=len(words.classes)).text(
            asked.lang
        ),
        diagram=draw(words),
        classes=tuple(_entry(words, name) for name in words.classes),
        properties=rows,
        schemes=tuple(
            _concepts(asked, name, say(key).text(asked.lang)) for name, key in _SCHEMES.items()
        ),
    )
    title = say("web.model").text(asked.lang)
    return Shown("model", view, title, description=view.sentence, place="model")


def term(asked: Asked) -> Shown:
    """One class or property; where there is no such term, those that may be meant."""
    words, lang = Vocabulary.of(asked.graph, asked.lang), asked.lang
    name = asked.named["term"]
    iri = words.expand(name)
    if iri not in words:
        known = {t.removeprefix(GSEF): t for t in (*words.classes, *words.properties)}
        meant = _links(asked, words, (known[each] for each in closest(name, known)))
        near = meant or (Link(say("web.model").text(lang), asked.to.to("/model")),)
        message = say("model.unknown", name=visible(name)).text(lang)
        return error.page(asked, 404, message, near=near)
    rules = list(_rules(words, iri))
    view = Term(
        kind=_kinds(words, iri),
        derived=iri in words.derived,
        names=tuple(words.labels(iri)),
        what=words.comment(iri),
        compact=words.compact(iri),
        iri=iri,
        sentence=_used(asked, words, iri),
        groups=tuple(_groups(asked, words, iri)),
        examples=tuple(_examples(asked, words, iri)),
        rules=tuple(rules[:_RULES]),
        more=max(0, len(rules) - _RULES),
        shapes=tuple(_shapes(asked, iri)),
        outside=_links(asked, words, words.elsewhere(iri)),
        questions=tuple(_questions(asked, iri)),
    )
    return Shown(
        "term",
        view,
        words.label(iri),
        description=view.what,
        place="model",
        trail=(Link(say("web.model").text(lang), asked.to.to("/model")),),
    )


def _entry(words: Vocabulary, iri: str) -> Entry:
    return Entry(words.ref(iri), words.compact(iri), words.comment(iri))


def _links(asked: Asked, words: Vocabulary, iris: Iterable[str]) -> tuple[Link, ...]:
    """Terms as links: to their pages here, else to where their vocabulary has them."""
    return tuple(
        Link(words.label(iri), asked.to.page(iri))
        if iri in words
        else Link(words.compact(iri), outside(iri))
        for iri in iris
    )


def _concepts(asked: Asked, name: str, title: str) -> Concepts:
    found = asked.rows(f"SELECT DISTINCT ?s WHERE {{ ?s a <{GSEF}{name}> }} LIMIT 500")
    iris = [node.value for (node,) in found if isinstance(node, NamedNode)]
    refs = asked.refs(iris)
    told: dict[str, str] = {}
    for lot in batches(iris):
        for node, text in asked.rows(
            f"SELECT ?s ?d WHERE {{ VALUES ?s {{ {references(lot)} }} ?s <{SKOS}definition> ?d "
            f'FILTER (LANG(?d) = "{asked.lang}") }}'
        ):
            if node is not None and text is not None:
                told[node.value] = text.value
    order = sorted(iris, key=lambda iri: (fold(refs[iri].label), iri))
    return Concepts(name.lower(), title, tuple((refs[i], told.get(i, "")) for i in order))


def _kinds(words: Vocabulary, iri: str) -> tuple[str, ...]:
    lang = words.lang
    if iri in words.classes:
        return (say("model.class").text(lang),)
    if iri not in words.properties:
        return tuple(words.label(kind) for kind in words.types(iri))
    found = [say("model.property")]
    if words.is_a(iri, "TransitiveProperty"):
        found.append(say("model.transitive"))
    if words.is_a(iri, "SymmetricProperty"):
        found.append(say("model.symmetric"))
    return tuple(each.text(lang) for each in found)


_SAID: Final = """SELECT (SUM(?most) AS ?n) WHERE {
  SELECT ?s (MAX(?count) AS ?most) WHERE {
    SELECT ?s ?lang (COUNT(?o) AS ?count) WHERE { %s BIND(LANG(?o) AS ?lang) } GROUP BY ?s ?lang
  } GROUP BY ?s }"""
"""Texts, each once however many languages it is written in."""


def _used(asked: Asked, words: Vocabulary, iri: str) -> str:
    is_class = iri in words.classes
    pattern = f"?s a <{iri}>" if is_class else f"?s <{iri}> ?o"
    if not is_class and iri not in words.properties:
        pattern = f"?s ?p <{iri}>"
    counted = "DISTINCT ?s" if is_class else "*"
    query = f"SELECT (COUNT({counted}) AS ?n) WHERE {{ {pattern} }}"
    one = asked.graph.engine.lookup([(None, NamedNode(iri), None)], limit=1)
    if any(isinstance(quad.object, Literal) and quad.object.language for quad in one):
        query = _SAID % pattern
    key = "model.instances" if is_class else "model.facts"
    return say(key, count=asked.count(query)).text(asked.lang)


def _groups(asked: Asked, words: Vocabulary, iri: str) -> Iterator[tuple[str, tuple[Link, ...]]]:
    if iri in words.classes:
        lineage = words.lineage(iri)
        told = [p for p in words.properties if {*words.domains(p)} & {*lineage}]
        leading = [p for p in words.properties if {*words.ranges(p)} & {*lineage}]
        groups = [
            (say("model.told"), told),
            (say("model.leading"), leading),
            (say("model.above"), lineage[1:]),
            (say("model.below"), words.below(iri)),
        ]
    else:
        groups = [
            (say("model.of"), words.domains(iri)),
            (say("model.values"), words.ranges(iri)),
            (say("model.inverse"), words.inverses(iri)),
            (say("model.above"), [up for up in words.above(iri) if up in words]),
            (say("model.below"), words.below(iri)),
        ]
    for title, terms in groups:
        if terms:
            yield title.text(asked.lang), _links(asked, words, terms)


def _examples(asked: Asked, words: Vocabulary, iri: str) -> Iterator[Words]:
    """Sentences of the graph: of different things, the first by their IRIs."""
    graph = asked.graph
    around = Around(graph.engine, graph.resolver, NamedNode(iri), asked.lang)
    if iri in words.classes:
        found = asked.rows(
            f"SELECT DISTINCT ?s WHERE {{ ?s a <{iri}> }} ORDER BY ?s LIMIT {_EXAMPLES}"
        )
        nodes = [node for (node,) in found if isinstance(node, NamedNode)]
        around.hold(nodes)
        for node in nodes:
            yield statement(around, node) or (around.ref(node),)
        return
    triples = list(_triples(asked, NamedNode(iri), iri in words.properties))
    around.hold([subject for subject, _, _ in triples])
    told: set[str] = set()
    for triple in triples:
        line = sentence(around, *triple)
        if plain(line) not in told:
            told.add(plain(line))
            yield line


def _triples(
    asked: Asked, node: NamedNode, is_property: bool
) -> Iterator[tuple[NamedNode, NamedNode, Value]]:
    """The first triples that use a property, or that have a thing as value."""
    if is_property:
        rows = asked.rows(
            f"SELECT ?s (MIN(?v) AS ?o) WHERE {{ ?s {node} ?v }} GROUP BY ?s "
            f"ORDER BY ?s LIMIT {_EXAMPLES}"
        )
        for subject, value in rows:
            if isinstance(subject, NamedNode) and value is not None:
                yield subject, node, value
        return
    for subject, prop in asked.rows(
        f"SELECT ?s ?p WHERE {{ ?s ?p {node} }} ORDER BY ?s LIMIT {_EXAMPLES}"
    ):
        if isinstance(subject, NamedNode) and isinstance(prop, NamedNode):
            yield subject, prop, node


def _rules(words: Vocabulary, iri: str) -> Iterator[str]:
    told = set()
    # What a rule file says comes first: it is about this term alone.
    for rule in sorted(words.rules, key=lambda rule: (rule.kind == "owl", rule.name)):
        # Which properties a class has and is led to stands above already.
        if iri in rule.writes and not rule.name.startswith(("prp-dom", "prp-rng")):
            text = rule.sentence(words.lang, words.label)
            if text not in told:
                told.add(text)
                yield text


def _shapes(asked: Asked, iri: str) -> Iterator[Rule]:
    """What the shapes ask of a class, or of a property's values: musts first."""
    found: dict[str, bool] = {}
    for _, model in asked.graph.checks.both:
        binding = [shape for shape in model.shapes.values() if _binds(shape, iri)]
        # A shape of a class asks by its properties; one of a predicate's subjects may ask anything.
        inner = [
            str(each.value)
            for shape in binding
            if Target("class", NamedNode(iri)) in shape.targets
            for each in shape.constraints
            if each.kind == "Property"
        ]
        for shape in (*binding, *(model.shapes[name] for name in inner)):
            text = "" if shape.deactivated else _message(shape, asked.lang)
            if text:
                found[text] = found.get(text, False) or shape.severity == f"{SH}Violation"
    for text, must in sorted(found.items(), key=lambda item: not item[1]):
        yield Rule(text, must)


def _binds(shape: Shape, iri: str) -> bool:
    """Whether a shape is about a class or a property: by its target, or by the way it goes."""
    if any(isinstance(t.value, NamedNode) and t.value.value == iri for t in shape.targets):
        return True
    return shape.path is not None and iri in _steps(shape.path)


def _steps(path: Path) -> Iterator[str]:
    if path.predicate:
        yield path.predicate
    for part in path.parts:
        yield from _steps(part)


def _message(shape: Shape, lang: str) -> str:
    texts = {message.language or "en": message.value for message in shape.messages}
    text = texts.get(lang) or texts.get("en") or ""
    return BLANK.sub("…", text)


def _questions(asked: Asked, iri: str) -> Iterator[Link]:
    compact = re.escape(asked.graph.names.compact(iri))
    used = re.compile(rf"(?<![\w-]){compact}(?![\w.-]*\w)|<{re.escape(iri)}>")
    found = [
        (query.titled(asked.lang), name)
        for name, query in asked.graph.catalogue.items()
        if used.search(query.text)
    ]
    for title, name in sorted(found, key=lambda item: fold(item[0])):
        yield Link(title, asked.to.question(name))
