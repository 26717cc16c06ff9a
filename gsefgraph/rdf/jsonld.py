"""JSON-LD 1.1 made compact with a context, the ontology's say: what people read as plain JSON.

A value stands under its short name only where the context gives back exactly the same term;
otherwise it is written out in full, so that nothing is lost. Where all stands in the default graph,
a blank node that is the object of one triple stands inside it, and a list is a list.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from gsefgraph.errors import UsageError
from gsefgraph.rdf.subjects import Description, Nested, Subjects
from gsefgraph.rdf.turtle import natural
from gsefgraph.terms import RDF, XSD, Names
from gsefgraph.wording import say

Json = Any
_DELIMITERS = frozenset(":/?#[]@")  # which end a prefix's namespace (section 9.15.1)
_quoted = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class _Name:
    """A term definition of the context."""

    term: str
    type: str | None
    language_map: bool


def write(quads: Iterable[Quad], names: Names, context: dict[str, Json]) -> bytes:
    """The quads as one JSON-LD document.

    Parameters:
        quads: in any order; named graphs become nodes with ``@graph``.
        names: prefixes; those that the context does not hold are added.
        context: term definitions: ``{"term": {"@id": …, "@type": …, "@container": …}}``.

    Returns:
        UTF-8 JSON with nodes sorted by IRI, ending in a line break.

    Errors:
        UsageError: a triple term, which JSON-LD 1.1 does not have.

    >>> label = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    >>> quad = Quad(NamedNode("http://metadata.un.org/sdg/8"), label, Literal("x", language="fr"))
    >>> context = {"name": {"@id": label.value, "@container": "@language"}}
    >>> json.loads(write([quad], Names(), context))["@graph"]
    [{'@id': 'sdg:8', 'name': {'fr': 'x'}}]
    """
    quads = list(quads)
    taken = _schemes(quads)
    writer = _Writer(names, {} if taken & context.keys() else context, taken)
    by_graph: dict[str, list[Quad]] = defaultdict(list)
    for quad in quads:
        graph = quad.graph_name
        name = "" if isinstance(graph, DefaultGraph) else _id(graph, writer)
        by_graph[name].append(quad)
    default = by_graph.pop("", [])
    nodes = writer.nodes(default, nest=not by_graph)
    graphs = (
        {writer.id: name, "@graph": writer.nodes(by_graph[name])}
        for name in sorted(by_graph, key=natural)
    )
    return writer.document({"@graph": chain(nodes, graphs)})


def _schemes(quads: Iterable[Quad]) -> set[str]:
    """What IRIs begin with, where it would be a prefix if there were one of that name."""
    iris: set[str] = set()
    for quad in quads:
        iris.add(quad.predicate.value)
        for term in (quad.subject, quad.object, quad.graph_name):
            if isinstance(term, NamedNode):
                iris.add(term.value)
            elif isinstance(term, Literal) and term.language is None:
                iris.add(term.datatype.value)
    heads = (iri.partition(":") for iri in iris)
    return {scheme for scheme, _, rest in heads if not rest.startswith("//")}


def write_node(description: Description, names: Names) -> Iterator[bytes]:
    """A blank node and all that is described inside it, as one JSON object in the order given.

    What is a list in the description is an array, and Python's texts, numbers and booleans are
    JSON's own; terms are written out in full. Each node inside is described when it is written,
    once where it comes several times in a row.

    Parameters:
        description: what is said of the node; numbers as exact as readers of JSON keep them.
        names: the prefixes that may be used.

    >>> node = {"urn:a": 8, "urn:b": [Literal("x"), lambda: {"urn:c": "y"}]}
    >>> json.loads(b"".join(write_node(node, Names())))
    {'@context': {}, 'urn:a': 8, 'urn:b': [{'@value': 'x'}, {'urn:c': 'y'}]}
    """
    writer = _Writer(names, {})
    return writer.pieces(writer.described(description))


def _id(node: NamedNode | BlankNode | Triple, writer: _Writer) -> str:
    return writer.compact(node.value) if isinstance(node, NamedNode) else str(node)


class _Writer:
    def __init__(self, names: Names, context: dict[str, Json], taken: Collection[str] = ()) -> None:
        self.names = names
        self.given = context
        self.used: set[str] = set()
        self.id = self._alias("@id")
        self.type = self._alias("@type")
        self.by_iri: dict[str, list[_Name]] = defaultdict(list)
        known = names.also(
            {t: iri for t, iri in context.items() if isinstance(iri, str) and iri[-1:] in "/#"}
        )
        # An IRI that begins like a prefix would be read as a compact one.
        self.prefixes = {p: iri for p, iri in known.prefixes.items() if p not in taken}
        self.longest = [
            (p, iri)
            for p, iri in known.longest
            if p and p in self.prefixes and iri[-1:] in _DELIMITERS
        ]
        self.compact = cache(self._compact)
        self.triples = Subjects()
        for term, definition in sorted(context.items()):
            name = self._definition(term, definition)
            if name:
                self.by_iri[name[0]].append(name[1])

    def _alias(self, keyword: str) -> str:
        for term, definition in self.given.items():
            if definition == keyword:
                return term
        return keyword

    def _definition(self, term: str, definition: Json) -> tuple[str, _Name] | None:
        if term.startswith("@"):
            return None
        if isinstance(definition, str):
            if definition.startswith("@") or definition[-1:] in "/#":
                return None
            return self._full(definition), _Name(term, None, False)
        if not isinstance(definition, dict) or not isinstance(definition.get("@id"), str):
            return None
        container = definition.get("@container")
        if set(definition) - {"@id", "@type", "@container"} or container not in (
            None,
            "@set",
            "@language",
        ):
            return None
        kind = definition.get("@type")
        full = self._full(kind) if kind and not kind.startswith("@") else kind
        return self._full(definition["@id"]), _Name(term, full, container == "@language")

    def _full(self, iri: str) -> str:
        prefix, _, local = iri.partition(":")
        return self.prefixes[prefix] + local if prefix in self.prefixes else iri

    def _compact(self, iri: str) -> str:
        for prefix, namespace in self.longest:
            if iri.startswith(namespace) and not iri[len(namespace) :].startswith("//"):
                self.used.add(prefix)
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri

    def context(self) -> dict[str, Json]:
        extra = {
            prefix: self.prefixes[prefix]
            for prefix in sorted(self.used)
            if prefix not in self.given
        }
        return {**self.given, **extra}

    def document(self, body: dict[str, Json]) -> bytes:
        """A JSON object with the context at its head; arrays at its top are made item by item."""
        return b"".join(self.pieces(body))

    def pieces(self, body: dict[str, Json]) -> Iterator[bytes]:
        """The same, in pieces."""
        parts: list[str] = []
        for key, value in body.items():
            parts.append(f",\n {_quoted(key)}: ")
            parts += _array(value, "\n ") if isinstance(value, Iterator) else (_text(value, "\n "),)
        context = _text(self.context(), "\n ")
        yield f'{{\n "@context": {context}'.encode()
        yield from map(str.encode, parts)
        yield b"\n}\n"

    def nodes(self, quads: Iterable[Quad], *, nest: bool = False) -> Iterator[Json]:
        self.triples = Subjects(quads, nest=nest)
        ids = {key: _id(node, self) for key, node in self.triples.nodes.items()}
        tops = sorted(ids.keys() - self.triples.nested, key=lambda key: natural(ids[key]))
        return ({self.id: ids[key], **self._facts(key)} for key in tops)

    def described(self, description: Description) -> dict[str, Json]:
        """What is said of a node, in the order given."""
        found: dict[str, Json] = {}
        for predicate, values in description.items():
            if predicate == f"{RDF}type" and isinstance(values, NamedNode):
                found["@type"] = self.compact(values.value)
            elif isinstance(values, list):
                found[self.compact(predicate)] = _mapped(self._nested, values)
            else:
                found[self.compact(predicate)] = self._nested(values)
        return found

    def _nested(self, value: Nested) -> Json:
        if isinstance(value, tuple):
            return {"@list": [*map(self._nested, value)]}
        if callable(value):
            return self.described(value())
        if isinstance(value, str | int):
            return value
        found = self._in_full(value)
        return {"@value": found} if isinstance(found, str) else found

    def _facts(self, key: str) -> dict[str, Json]:
        """What is said of a subject."""
        result: dict[str, Json] = {}
        rest: dict[str, list[Json]] = defaultdict(list)
        maps: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for predicate, values in self.triples.facts[key].items():
            ordered = values
            if len(values) > 1:
                ordered = sorted(values, key=lambda value: natural(str(value)))
            if predicate != f"{RDF}type":
                for value in ordered:
                    self._place(predicate, value, rest, maps)
                continue
            plain = [value for value in ordered if isinstance(value, NamedNode)]
            if plain:
                result[self.type] = _one_or_many(sorted(self._type(v.value) for v in plain))
            rest[predicate] += [self._in_full(v) for v in ordered if v not in plain]
        merged: dict[str, Json] = {key: _one_or_many(value) for key, value in rest.items() if value}
        for key, languages in maps.items():
            merged[key] = {
                language: _one_or_many(texts) for language, texts in sorted(languages.items())
            }
        result.update(sorted(merged.items(), key=lambda item: natural(item[0])))
        return result

    def _type(self, iri: str) -> str:
        """A class by its short name, where the context has one without a coercion."""
        for name in self.by_iri.get(iri, []):
            if name.type is None and not name.language_map:
                return name.term
        return self.compact(iri)

    def _place(
        self,
        predicate: str,
        value: Any,
        rest: dict[str, list[Json]],
        maps: dict[str, dict[str, list[str]]],
    ) -> None:
        candidates = self.by_iri.get(predicate, [])
        for name in candidates:
            if name.language_map and isinstance(value, Literal) and value.language:
                maps[name.term][value.language].append(value.value)
                return
            if name.type == "@id" and not isinstance(value, Literal):
                node = self._in_full(value)
                rest[name.term].append(node["@id"] if node.keys() == {"@id"} else node)
                return
            if name.type and isinstance(value, Literal) and value.datatype.value == name.type:
                rest[name.term].append(value.value)
                return
        for name in candidates:
            if name.type is None and not name.language_map:
                rest[name.term].append(self._in_full(value))
                return
        rest[self.compact(predicate)].append(self._in_full(value))

    def _inside(self, key: str) -> Json:
        """A blank node that stands inside the one triple with it."""
        items = self.triples.members(key)
        return self._facts(key) if items is None else {"@list": [*map(self._in_full, items)]}

    def _in_full(self, value: Any) -> Json:
        if isinstance(value, Triple):
            raise UsageError(say("rdf.no-triple-term"), hint=say("rdf.choose-turtle"))
        if not isinstance(value, Literal):
            inside = str(value) in self.triples.nested
            return self._inside(str(value)) if inside else {"@id": _id(value, self)}
        if value.language:
            return {"@value": value.value, "@language": value.language}
        if value.datatype.value == f"{XSD}string":
            return value.value
        return {"@value": value.value, "@type": self.compact(value.datatype.value)}


def _one_or_many(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _text(value: Json, indent: str) -> str:
    """JSON with a space of indent a level; `indent` is the line break before what closes it."""
    if isinstance(value, str):
        return _quoted(value)
    inner = f"{indent} "
    if isinstance(value, dict):
        items = [f"{_quoted(key)}: {_text(item, inner)}" for key, item in value.items()]
        joined = f",{inner}".join(items)
        return f"{{{inner}{joined}{indent}}}" if items else "{}"
    if isinstance(value, list | Iterator):
        return "".join(_array(value, indent))
    return json.dumps(value)


def _array(items: Iterable[Json], indent: str) -> Iterator[str]:
    inner = f"{indent} "
    mark, between = f"[{inner}", f",{inner}"
    before, written = None, ""
    for item in items:
        if item is not before:
            before, written = item, _text(item, inner)
        yield mark
        yield written
        mark = between
    yield f"{indent}]" if mark == between else "[]"


def _mapped(made: Callable[[Nested], Json], values: Iterable[Nested]) -> Iterator[Json]:
    """What is made of each value, once where it comes several times in a row."""
    before, found = None, None
    for value in values:
        if value is not before:
            before, found = value, made(value)
        yield found
