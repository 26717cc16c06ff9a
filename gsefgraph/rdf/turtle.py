"""Canonical Turtle and TriG: the same triples give the same bytes, and a small change a small diff.

Subjects, predicates and objects are sorted, numbers inside names by value; one object a line where
there are several; only the prefixes in use, sorted; a blank node that is the object of one triple
stands inside it, others get labels in order of appearance.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from gsefgraph.rdf.subjects import NIL, Node, Subjects, Value
from gsefgraph.terms import OWL, RDF, RDFS, SH, SKOS, XSD, Names

_FIRST = (
    f"{RDF}type",
    f"{RDFS}label",
    f"{SKOS}prefLabel",
    f"{SKOS}altLabel",
    f"{RDFS}comment",
    f"{SKOS}definition",
    f"{SH}path",
)
# Only canonical forms stand bare, since readers such as rdflib rewrite others (007 to 7).
_BARE = {
    f"{XSD}integer": re.compile(r"(?:0|-?[1-9][0-9]*)\Z"),
    f"{XSD}decimal": re.compile(r"-?(?:0|[1-9][0-9]*)\.(?:0|[0-9]*[1-9])\Z"),
    f"{XSD}boolean": re.compile(r"(?:true|false)\Z"),
}
_DIGITS = re.compile("[0-9]+")
_MOST = 0x10FFFF
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Marks that turn the direction of text or cannot be seen would make a file lie about itself.
_UNSAFE = re.compile(r"[\\\"\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def write(
    triples: Iterable[Triple | Quad], names: Names, *, head: str = "", ordered: bool = False
) -> str:
    """The triples as canonical Turtle; graph names of quads are left out.

    Parameters:
        triples: in any order, repeats are dropped.
        names: the prefixes that may be used.
        head: comment lines to put before everything.
        ordered: whether blank nodes stay in the order given, which means something.

    Returns:
        Turtle (RDF 1.1 Turtle), ending in a line break; empty for no triples and no head.

    >>> s, p = NamedNode("http://metadata.un.org/sdg/8"), NamedNode(f"{SKOS}notation")
    >>> print(write([Triple(s, p, Literal("8"))], Names()), end="")
    @prefix sdg: <http://metadata.un.org/sdg/> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    <BLANKLINE>
    sdg:8 skos:notation "8" .
    """
    writer = _Writer(names, ordered=ordered)
    body = "\n".join(writer.subjects(triples, ""))
    return _join(head, writer.header(), body)


def write_trig(quads: Iterable[Quad], names: Names) -> str:
    """The quads as canonical TriG: the default graph first, then named graphs by IRI.

    >>> q = Quad(NamedNode("a:s"), NamedNode("a:p"), NamedNode("a:o"), NamedNode("a:g"))
    >>> print(write_trig([q], Names()), end="")
    <a:g> {
        <a:s> <a:p> <a:o> .
    }
    """
    by_graph: dict[str, list[Quad]] = defaultdict(list)
    graphs: dict[str, Node] = {}
    for quad in quads:
        graph = quad.graph_name
        key = "" if isinstance(graph, DefaultGraph) else str(graph)
        by_graph[key].append(quad)
        if not isinstance(graph, DefaultGraph):
            graphs[key] = graph
    writer = _Writer(names, label_all=True)
    parts = []
    for key in sorted(by_graph, key=natural):
        indent = "    " if key else ""
        body = "\n".join(writer.subjects(by_graph[key], indent))
        parts.append(f"{writer.term(graphs[key])} {{\n{body}}}\n" if key else body)
    return _join("", writer.header(), "\n".join(parts))


def _join(*parts: str) -> str:
    return "\n".join(part.rstrip("\n") + "\n" for part in parts if part.strip())


def natural(text: str) -> str:
    """Sort key under which sdg:2 stands before sdg:10.

    >>> sorted(["sdg:10", "sdg:2", "sdg:2.a"], key=natural)
    ['sdg:2', 'sdg:2.a', 'sdg:10']
    """
    return _DIGITS.sub(_number, text)


def _number(match: re.Match[str]) -> str:
    """Digits by their number, then by zeros before it; they stand before any other character."""
    number = match[0].lstrip("0")
    return f"\0{chr(min(len(number), _MOST))}{number}{chr(min(len(match[0]) - len(number), _MOST))}"


def quoted(text: str) -> str:
    """Text as a Turtle string with its quotes; several lines stay lines, hidden marks are escaped.

    >>> print(quoted('say "yes"'))
    "say \\"yes\\""
    >>> print(quoted('two\\nlines'))
    \"\"\"two
    lines\"\"\"
    """
    if "\n" not in text:
        return f'"{_UNSAFE.sub(_escape, text)}"'
    lines = [_UNSAFE.sub(_escape, line).replace('\\"', '"') for line in text.split("\n")]
    body = re.sub(r'"(?="|\Z)', r'\\"', "\n".join(lines))
    return f'"""{body}"""'


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}"


class _Writer:
    def __init__(self, names: Names, *, label_all: bool = False, ordered: bool = False) -> None:
        self.names = names
        self.used: set[str] = set()
        self.labels: dict[str, str] = {}
        self.label_all = label_all  # a blank node may be shared between graphs
        self.ordered = ordered
        self.triples = Subjects()
        self.cached: dict[str, str] = {}
        self.compact = cache(names.compact)
        self.order = cache(self._predicate_order)

    def header(self) -> str:
        return "\n".join(
            f"@prefix {prefix}: <{self.names.prefixes[prefix]}> ." for prefix in sorted(self.used)
        )

    def subjects(self, triples: Iterable[Triple | Quad], indent: str) -> Iterator[str]:
        self.triples = Subjects(triples, nest=not self.label_all)
        self.cached = {}
        tops = [key for key in self.triples.facts if key not in self.triples.nested]
        order = sorted(tops, key=lambda key: self._order(self.triples.nodes[key]))
        for key in order:
            if isinstance(self.triples.nodes[key], BlankNode) and key not in self.labels:
                self.labels[key] = f"_:b{len(self.labels)}"
        for key in order:
            yield self._subject(key, indent)

    def _order(self, node: Node) -> tuple[object, ...]:
        key = str(node)
        if isinstance(node, BlankNode):
            return (2, self._blank_order(key))
        is_header = any(
            isinstance(value, NamedNode) and value.value == f"{OWL}Ontology"
            for value in self.triples.facts[key].get(f"{RDF}type", [])
        )
        return (0 if is_header else 1, natural(self.compact(node.value)))

    def _content(self, key: str, above: frozenset[str]) -> str:
        """What a blank node says, without its label: what it is sorted by."""
        if key in above or key not in self.triples.facts:
            return "[]"
        known = self.cached.get(key)
        if known is None:
            known = " ".join(
                f"{predicate} "
                + " ".join(
                    sorted(
                        self._content(str(value), above | {key})
                        if isinstance(value, BlankNode)
                        else str(value)
                        for value in values
                    )
                )
                for predicate, values in sorted(self.triples.facts[key].items())
            )
            self.cached[key] = known
        return known

    def _subject(self, key: str, indent: str) -> str:
        return f"{indent}{self.term(self.triples.nodes[key])} {self._predicates(key, indent)} .\n"

    def _predicates(self, key: str, indent: str) -> str:
        inner = f"{indent}    "
        parts = []
        predicates = self.triples.facts[key]
        for predicate in sorted(predicates, key=self.order):
            name = "a" if predicate == f"{RDF}type" else self._iri(predicate)
            values = predicates[predicate]
            if len(values) > 1:
                values = sorted(values, key=self._value_order)
            deep = inner if len(values) == 1 else f"{inner}    "
            texts = [self._value(value, deep) for value in values]
            if len(texts) == 1:
                parts.append(f"{name} {texts[0]}")
            else:
                joined = f" ,\n{inner}    ".join(texts)
                parts.append(f"{name}\n{inner}    {joined}")
        return f" ;\n{inner}".join(parts)

    def _predicate_order(self, predicate: str) -> tuple[object, ...]:
        first = _FIRST.index(predicate) if predicate in _FIRST else len(_FIRST)
        return (first, natural(self.compact(predicate)))

    def _value_order(self, value: Value) -> tuple[object, ...]:
        if isinstance(value, NamedNode):
            return (0, natural(self.compact(value.value)), "", "")
        if isinstance(value, Literal):
            return (1, natural(value.language or ""), natural(value.value), value.datatype.value)
        return (2, self._blank_order(str(value)), "", "")

    def _blank_order(self, key: str) -> str:
        return "" if self.ordered else natural(self._content(key, frozenset()))

    def _value(self, value: Value, indent: str) -> str:
        if isinstance(value, BlankNode) and str(value) in self.triples.nested:
            items = self.triples.members(str(value))
            if items is not None:
                inside = " ".join(self._value(item, indent) for item in items)
                return f"( {inside} )"
            return f"[\n{indent}    {self._predicates(str(value), indent)}\n{indent}]"
        if value == NIL:
            return "()"
        return self.term(value)

    def _iri(self, iri: str) -> str:
        compact = self.compact(iri)
        if not compact.startswith("<"):
            self.used.add(compact.partition(":")[0])
        return compact

    def term(self, value: Value) -> str:
        if isinstance(value, NamedNode):
            return self._iri(value.value)
        if isinstance(value, BlankNode):
            key = str(value)
            if key not in self.triples.facts or self.label_all or key not in self.triples.nested:
                return self.labels.setdefault(key, f"_:b{len(self.labels)}")
            return "[]"
        bare = _BARE.get(value.datatype.value)
        if bare and bare.match(value.value):
            return str(value.value)
        text = quoted(value.value)
        if value.language:
            return f"{text}@{value.language}"
        if value.datatype.value == f"{XSD}string":
            return text
        return f"{text}^^{self._iri(value.datatype.value)}"
