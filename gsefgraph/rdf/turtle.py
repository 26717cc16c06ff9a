"""Canonical Turtle and TriG: the same triples give the same bytes, and a small change a small diff.

Subjects, predicates and objects are sorted, numbers inside names by value; one object a line where
there are several; only the prefixes in use, sorted; a blank node that is the object of one triple
stands inside it, others get labels in order of appearance.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from hashlib import sha256

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from gsefgraph.rdf.subjects import NIL, Description, Nested, Node, Subjects
from gsefgraph.terms import OWL, RDF, RDFS, SH, SKOS, XSD, Names, tag
from gsefgraph.wording import visible

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
_LONG = 1000


def write(triples: Iterable[Triple | Quad], names: Names, *, head: str = "") -> str:
    """The triples as canonical Turtle; graph names of quads are left out.

    Parameters:
        triples: in any order, repeats are dropped.
        names: the prefixes that may be used.
        head: comment lines to put before everything.

    Returns:
        Turtle (RDF 1.1 Turtle), ending in a line break; empty for no triples and no head.

    >>> s, p = NamedNode("http://metadata.un.org/sdg/8"), NamedNode(f"{SKOS}notation")
    >>> print(write([Triple(s, p, Literal("8"))], Names()), end="")
    @prefix sdg: <http://metadata.un.org/sdg/> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    <BLANKLINE>
    sdg:8 skos:notation "8" .
    """
    writer = _Writer(names)
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
        parts.append(f"{writer.node(graphs[key])} {{\n{body}}}\n" if key else body)
    return _join("", writer.header(), "\n".join(parts))


def write_node(description: Description, names: Names) -> Iterator[bytes]:
    """A blank node and all that is described inside it, as canonical Turtle in UTF-8, in pieces.

    Predicates, and blank nodes inside, stay in the order given, which means something; each of
    these is described when it is written, so that no more than one needs to be there, and one that
    comes several times in a row is described once.

    Parameters:
        description: what is said of the node.
        names: the prefixes that may be used.

    >>> node = {f"{SKOS}member": [lambda: {f"{SKOS}notation": 8}]}
    >>> print(b"".join(write_node(node, Names())).decode())
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    <BLANKLINE>
    [] skos:member [
            skos:notation 8
        ] .
    <BLANKLINE>
    """
    writer = _Writer(names, as_given=True)
    body = [*writer.pieces(description, "")]
    yield f"{writer.header()}\n\n[] ".encode()
    yield from map(str.encode, body)
    yield b" .\n"


def _join(*parts: str) -> str:
    return "\n".join(part.rstrip("\n") + "\n" for part in parts if part.strip())


def natural(text: str) -> str:
    """Sort key under which sdg:2 stands before sdg:10.

    >>> sorted(["sdg:10", "sdg:2", "sdg:2.a"], key=natural)
    ['sdg:2', 'sdg:2.a', 'sdg:10']
    """
    return _DIGITS.sub(lambda match: _number(match[0]), text)


_of_language = lru_cache(natural)


@lru_cache(4096)
def _number(digits: str) -> str:
    """Digits by their number, then by zeros before it; they stand before any other character."""
    number = digits.lstrip("0")
    return f"\0{chr(min(len(number), _MOST))}{number}{chr(min(len(digits) - len(number), _MOST))}"


def quoted(text: str) -> str:
    """Text as a Turtle string with its quotes; several lines stay lines, hidden marks are escaped.

    >>> print(quoted('say "yes"'))
    "say \\"yes\\""
    >>> print(quoted('two\\nlines'))
    \"\"\"two
    lines\"\"\"
    """
    if "\n" not in text:
        text = text.replace("\\", r"\\").replace('"', r"\"")
        return f'"{_seen(text)}"'
    body = re.sub(r'"(?="|\Z)', r'\\"', _seen(text.replace("\\", r"\\")))
    return f'"""{body}"""'


def _seen(text: str) -> str:
    """Without what cannot be seen, which would make a file lie about itself."""
    return visible(text.replace("\r", r"\r").replace("\t", r"\t"))


def _bounded(content: str) -> str:
    """A sort key that does not grow with all that is nested in what it stands for."""
    if len(content) <= _LONG:
        return content
    return f"{content[:_LONG]}{sha256(content.encode()).hexdigest()}"


class _Writer:
    def __init__(self, names: Names, *, label_all: bool = False, as_given: bool = False) -> None:
        self.names = names
        self.used: set[str] = set()
        self.labels: dict[str, str] = {}
        self.label_all = label_all  # a blank node may be shared between graphs
        self.as_given = as_given  # predicates in the order of their description
        self.triples = Subjects()
        self.cached: dict[str, str] = {}
        self.compact = cache(names.compact)
        self.iri = cache(self._iri)
        self.predicates = cache(self._predicates)

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
            return (2, natural(self._content(key)))
        is_header = any(
            isinstance(value, NamedNode) and value.value == f"{OWL}Ontology"
            for value in self.triples.facts[key].get(f"{RDF}type", [])
        )
        return (0 if is_header else 1, natural(self.compact(node.value)))

    def _content(self, key: str) -> str:
        """What a blank node says, without its label: what it is sorted by."""
        facts, open_, waiting = self.triples.facts, set[str](), [key]
        while waiting:
            top = waiting[-1]
            if top in self.cached or top not in facts:
                waiting.pop()
            elif top not in open_:
                open_.add(top)
                waiting += [inner for inner in self._inner(top) if inner not in open_]
            else:
                waiting.pop()
                self.cached[top] = _bounded(self._said(top))
        return self.cached.get(key, "[]")

    def _inner(self, key: str) -> Iterator[str]:
        for values in self.triples.facts[key].values():
            yield from (str(value) for value in values if isinstance(value, BlankNode))

    def _said(self, key: str) -> str:
        """What a blank node says, those inside it having said theirs; of a ring it says no more."""
        return " ".join(
            f"{predicate} "
            + " ".join(
                sorted(
                    self.cached.get(str(value), "[]")
                    if isinstance(value, BlankNode)
                    else str(value)
                    for value in values
                )
            )
            for predicate, values in sorted(self.triples.facts[key].items())
        )

    def _subject(self, key: str, indent: str) -> str:
        node = self.node(self.triples.nodes[key])
        return f"{indent}{node} {''.join(self.pieces(self.triples.facts[key], indent))} .\n"

    def pieces(self, description: Description, indent: str) -> Iterator[str]:
        """Predicates and values in order; values that are many are made one by one."""
        inner = f"{indent}    "
        deep = f"\n{inner}    "
        between = f" ,{deep}"
        start = ""
        for predicate, name in self.predicates(tuple(description)):
            values = description[predicate]
            if not isinstance(values, list):
                yield f"{start}{name} {self._value(values, inner)}"
            elif len(values) == 1:
                yield f"{start}{name} {self._value(values[0], inner)}"
            elif values:
                mark = f"{start}{name}{deep}"
                before, written = None, ""
                for value in self._ordered(values):
                    if value is not before:
                        before, written = value, self._value(value, deep[1:])
                    yield mark
                    yield written
                    mark = between
            else:
                continue
            start = f" ;\n{inner}"

    def _predicates(self, iris: tuple[str, ...]) -> list[tuple[str, str]]:
        """Predicates in order, each with what it is written as."""
        ordered = iris if self.as_given else sorted(iris, key=self._predicate_order)
        return [(iri, "a" if iri == f"{RDF}type" else self.iri(iri)) for iri in ordered]

    def _predicate_order(self, predicate: str) -> tuple[object, ...]:
        first = _FIRST.index(predicate) if predicate in _FIRST else len(_FIRST)
        return (first, natural(self.compact(predicate)))

    def _ordered(self, values: Sequence[Nested]) -> Sequence[Nested]:
        tagged = {tag(v): v for v in values if isinstance(v, Literal) and v.language}
        if len(tagged) == len(values):
            return [tagged[language] for language in sorted(tagged, key=_of_language)]
        return sorted(values, key=self._value_order)

    def _value_order(self, value: Nested) -> tuple[object, ...]:
        if isinstance(value, NamedNode):
            return (0, natural(self.compact(value.value)), "", "")
        if isinstance(value, Literal):
            return (1, natural(tag(value)), natural(value.value), value.datatype.value)
        if isinstance(value, Triple):
            return (3, natural(str(value)), "", "")
        content = self._content(str(value)) if isinstance(value, BlankNode) else ""
        return (2, natural(content), "", "")

    def _value(self, value: Nested, indent: str) -> str:
        if isinstance(value, Literal):
            return self._literal(value)
        if isinstance(value, NamedNode):
            return "()" if value.value == NIL.value else self.iri(value.value)
        if isinstance(value, Triple):
            return self._triple(value)
        if isinstance(value, BlankNode):
            value = self.triples.inside(value)
        if isinstance(value, tuple):
            return f"( {' '.join(self._value(item, indent) for item in value)} )"
        if callable(value):
            return f"[\n{indent}    {''.join(self.pieces(value(), indent))}\n{indent}]"
        return self.node(value) if isinstance(value, BlankNode) else self._literal(Literal(value))

    def _triple(self, triple: Triple) -> str:
        """A triple term, in which nothing is abbreviated but IRIs (RDF 1.2 Turtle, `ttObject`)."""
        subject, predicate, value = triple
        if isinstance(value, Triple):
            last = self._triple(value)
        else:
            last = self._literal(value) if isinstance(value, Literal) else self.node(value)
        return f"<<( {self.node(subject)} {self.iri(predicate.value)} {last} )>>"

    def _iri(self, iri: str) -> str:
        compact = self.compact(iri)
        if not compact.startswith("<"):
            self.used.add(compact.partition(":")[0])
        return compact

    def node(self, node: Node) -> str:
        if isinstance(node, NamedNode):
            return self.iri(node.value)
        return self.labels.setdefault(str(node), f"_:b{len(self.labels)}")

    def _literal(self, literal: Literal) -> str:
        text = literal.value
        if literal.language:
            return f"{quoted(text)}@{tag(literal)}"
        datatype = literal.datatype.value
        if datatype == f"{XSD}string":
            return quoted(text)
        bare = _BARE.get(datatype)
        return text if bare and bare.match(text) else f"{quoted(text)}^^{self.iri(datatype)}"
