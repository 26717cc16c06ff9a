"""Where each triple of a Turtle, TriG, N-Triples or N-Quads text was written.

The engine's parser reads the triples; this reads the same text once more, only to note the offset
of every subject, predicate and object, so that a finding can point at the line someone typed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urljoin

from pyoxigraph import BlankNode, Quad

from gsefgraph.terms import RDF

Key = tuple[str, str | None, str | None]

# Terminals of the TriG grammar (RDF 1.1 TriG, section 4.5), which holds the other three.
_TOKEN = re.compile(
    r"""
    (?P<space>[\ \t\r\n]+|\#[^\r\n]*)
  | (?P<string>\"{3}(?:[^\"\\]|\\.|\"(?!\"\"))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}
        |\"(?:[^\"\\\r\n]|\\.)*\"|'(?:[^'\\\r\n]|\\.)*')
  | (?P<iri><[^<>\"{}|^`\x00-\x20]*>)
  | (?P<directive>@prefix\b|@base\b)
  | (?P<lang>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<type>\^\^)
  | (?P<number>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?<!\.))
  | (?P<name>(?:_:|[^\W\d_](?:[\w.\-·]*[\w\-·])?:|:)
        (?:(?:[\w:·]|%[0-9A-Fa-f]{2}|\\.)(?:(?:[\w:·.\-]|%[0-9A-Fa-f]{2}|\\.)*
        (?:[\w:·\-]|%[0-9A-Fa-f]{2}|\\.))?)?)
  | (?P<word>[A-Za-z]+)
  | (?P<mark>[.;,\[\](){}])
  | (?P<other>.)
    """,
    re.X | re.S,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.S)
_FIRST, _REST, _NIL = (f"{RDF}{name}" for name in ("first", "rest", "nil"))
TOP = ("", "")
"""What leads to a bracket that begins a statement."""
_CONTROL = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


class Lines:
    """Offsets of a text as 1-based line and column, columns in code points.

    >>> Lines("ab\\ncd").place(4)
    (2, 2)
    """

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


class Index(NamedTuple):
    """Where the parts of a text stand.

    Attributes:
        offsets: the first offset of every subject, (subject, predicate) and (subject, predicate,
            value). Keys are full IRIs, ``_:label`` for labelled blank nodes, ``_:anonymous/1`` and
            so on for brackets and the cells of lists, and lexical forms of literals, with a
            language also ``form@tag``, with a datatype ``form^^iri``, and for numbers and booleans
            without quotes ``form^^``; the offset is that of the last part of the key.
        brackets: blank nodes without a label, in order, by the subject and predicate that lead
            there, under `TOP` those that begin a statement.
    """

    offsets: dict[Key, int]
    brackets: dict[tuple[str, str], list[str]]


def index(text: str) -> dict[Key, int]:
    """First offset of every subject, (subject, predicate) and (subject, predicate, value).

    Returns:
        `Index.offsets`.

    >>> found = index('@prefix a: <a:> .\\na:s a:p "x" , a:o .')
    >>> found["a:s", None, None], found["a:s", "a:p", "a:o"]
    (18, 32)
    """
    return scan(text).offsets


def scan(text: str) -> Index:
    """Where the parts of a text of the Turtle family stand.

    >>> scan("<a:s> <a:p> [ <a:q> 1 ] .").brackets
    {('a:s', 'a:p'): ['_:anonymous/1']}
    """
    return _Reader(text).run()


def search(
    text: str, subject: Sequence[str], value: Sequence[str], *, alone: bool = False
) -> int | None:
    """Where a subject, and after it a value, stand in a text whose syntax no triples mirror.

    Parameters:
        text: JSON-LD or RDF/XML.
        subject, value: their spellings, of which the first that stands there counts.
        alone: whether a value without a subject must stand there once only.

    >>> search('{"@id": "a:s", "a:p": "x"}', ["a:s"], ["x"])
    23
    """
    start = _find(text, subject, 0)
    if alone:
        start = _find(text, value, 0)
        return start if start is None or _find(text, value, start + 1) is None else None
    if start is None or not value:
        return start
    later = _find(text, value, start)
    return start if later is None else later


def _find(text: str, spellings: Sequence[str], start: int) -> int | None:
    for spelling in spellings:
        match = re.compile(rf"(?<![\w/#-]){re.escape(spelling)}(?![\w/-])").search(text, start)
        if match:
            return match.start()
    return None


def comments(text: str) -> list[tuple[int, int]]:
    """Line and column of every comment of a text of the Turtle family.

    >>> comments('<a:s#x> <a:p> "# no" . # yes')
    [(1, 24)]
    """
    lines = Lines(text)
    return [
        lines.place(match.start())
        for match in _TOKEN.finditer(text)
        if match.lastgroup == "space" and match[0].startswith("#")
    ]


@dataclass(slots=True)
class _Frame:
    """A bracket that is open, with the subject and predicate around it."""

    mark: str
    start: int
    subject: str | None
    predicate: str | None
    cell: str | None = None  # the last of a list


class _Reader:
    """One pass over the tokens, holding the subject and predicate in force."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: dict[Key, int] = {}
        self.brackets: dict[tuple[str, str], list[str]] = {}
        self.prefixes: dict[str, str] = {}
        self.base = ""
        self.subject: str | None = None
        self.predicate: str | None = None
        self.stack: list[_Frame] = []
        self.anonymous = 0
        self.last = ("", 0)

    def run(self) -> Index:
        tokens = self._tokens()
        for kind, value, start in tokens:
            if kind == "directive" or (kind == "word" and value.lower() in ("prefix", "base")):
                self._directive(value.lower().lstrip("@"), tokens)
            elif kind == "word" and value.lower() == "graph":
                continue
            elif kind == "mark":
                self._mark(value, start)
            elif kind == "lang":
                self._tag(value.lower())
            elif kind == "type":
                of, name, _ = next(tokens, ("", "", 0))
                self._tag(f"^^{self._resolved(of, name)}")
            else:
                self._term(kind, value, start)
        return Index(self.found, self.brackets)

    def _tokens(self) -> Iterator[tuple[str, str, int]]:
        for match in _TOKEN.finditer(self.text):
            kind = match.lastgroup or "other"
            if kind != "space":
                yield kind, match[0], match.start()

    def _directive(self, word: str, tokens: Iterator[tuple[str, str, int]]) -> None:
        _, first, _ = next(tokens, ("", "", 0))
        if word == "base":
            self.base = urljoin(self.base, first[1:-1])
        else:
            _, iri, _ = next(tokens, ("", "<>", 0))
            self.prefixes[first[:-1]] = urljoin(self.base, iri[1:-1])

    def _mark(self, mark: str, start: int) -> None:
        if mark == "[":
            node = self._node(start)
            self.stack.append(_Frame(mark, start, self.subject, self.predicate))
            self.subject, self.predicate = node, None
        elif mark == "(":
            if self.stack and self.stack[-1].mark == "(":
                self._cell(start)
            self.stack.append(_Frame(mark, start, self.subject, self.predicate))
        elif mark in "])" and self.stack:
            frame = self.stack.pop()
            self.subject, self.predicate = frame.subject, frame.predicate
            if mark == ")" and frame.cell is None:
                self._state(_NIL, frame.start)
        elif mark == ";":
            self.predicate = None
        elif mark in ".{}":
            self.subject = self.predicate = None
            self.stack.clear()

    def _node(self, start: int) -> str:
        """A new blank node where one may stand."""
        if self.stack and self.stack[-1].mark == "(":
            self._cell(start)
        return self._made(start)

    def _made(self, start: int) -> str:
        self.anonymous += 1
        # No label holds a slash, so that none that someone wrote is like it.
        node = f"_:anonymous/{self.anonymous}"
        around = (self.subject, self.predicate or "") if self.subject else TOP
        self.brackets.setdefault(around, []).append(node)
        self._state(node, start)
        self.found.setdefault((node, None, None), start)
        return node

    def _cell(self, start: int) -> None:
        """The next cell of a list, whose member stands at an offset."""
        frame = self.stack[-1]
        if frame.cell is None:
            self.subject, self.predicate = frame.subject, frame.predicate
            frame.cell = self._made(frame.start)
            frame.subject, frame.predicate = self.subject, self.predicate
        else:
            self.subject, self.predicate = frame.cell, _REST
            frame.cell = self._made(start)
        self.subject, self.predicate = frame.cell, _FIRST

    def _term(self, kind: str, value: str, start: int) -> None:
        self._note(self._resolved(kind, value), start)
        if kind == "number" or value in ("true", "false"):
            self._tag("^^")

    def _resolved(self, kind: str, value: str) -> str:
        if kind == "iri":
            iri = _unescape(value[1:-1])
            return urljoin(self.base, iri) if self.base else iri
        if kind == "string":
            quotes = 3 if value[:3] in ('"""', "'''") else 1
            return _unescape(value[quotes:-quotes])
        if kind == "name" and not value.startswith("_:"):
            prefix, _, local = value.partition(":")
            return self.prefixes.get(prefix, "") + re.sub(r"\\(.)", r"\1", local)
        if value == "a" and kind == "word" and self.subject and self.predicate is None:
            return f"{RDF}type"
        return value

    def _note(self, value: str, start: int) -> None:
        if self.stack and self.stack[-1].mark == "(":
            self._cell(start)
        self._state(value, start)

    def _state(self, value: str, start: int) -> None:
        if self.subject is None:
            self.subject = value
            self.found.setdefault((value, None, None), start)
        elif self.predicate is None:
            self.predicate = value
            self.found.setdefault((self.subject, value, None), start)
        else:
            self.last = (value, start)
            self.found.setdefault((self.subject, self.predicate, value), start)

    def _tag(self, tag: str) -> None:
        value, start = self.last
        self.found.setdefault((self.subject or "", self.predicate, f"{value}{tag}"), start)


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text

    def character(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        if code:
            return chr(int(code, 16)) if int(code, 16) < 0x110000 else match[0]
        return _CONTROL.get(match[3], match[3])

    return _ESCAPE.sub(character, text)


_LABEL = re.compile(r"""_:([^\s<>"'{}()\[\],;\#@^|`\\]+)|nodeID\s*=\s*["']([^"']+)["']""")


def labels(text: str) -> frozenset[str]:
    """Labels of blank nodes that a text writes, and what looks like one in its literals.

    >>> sorted(labels('_:a <a:p> _:b.c. <rdf:Description rdf:nodeID="d">'))
    ['a', 'b.c', 'd']
    """
    return frozenset((match[1] or match[2]).rstrip(".") for match in _LABEL.finditer(text))


def brackets(
    quads: Iterable[Quad], found: Index, labels: Collection[str] = ()
) -> dict[BlankNode, str]:
    """What an index calls the blank nodes without a label, for which a parser made labels up.

    They are told apart by what leads to them and by their order, so that it does not matter when a
    parser gives the triples inside. Where the numbers do not agree, nothing is said.

    Parameters:
        quads: as read, those of one subject and predicate in the order written.
        found: of the same text.
        labels: those that the text writes.
    """
    inside: dict[BlankNode, dict[str, list[BlankNode]]] = {}
    outside: dict[tuple[str, str], list[BlankNode]] = {TOP: []}
    pointed = set()
    for quad in quads:
        subject, value = quad.subject, quad.object
        made = isinstance(subject, BlankNode) and subject.value not in labels
        if made and subject not in inside:
            inside[subject] = {}  # type: ignore[index]
        if isinstance(value, BlankNode) and value.value not in labels:
            pointed.add(value)
            predicate = quad.predicate.value
            if made:
                inside[subject].setdefault(predicate, []).append(value)  # type: ignore[index]
            else:
                name = str(subject) if isinstance(subject, BlankNode) else subject.value  # type: ignore[union-attr]
                outside.setdefault((name, predicate), []).append(value)
    outside[TOP] = [node for node in inside if node not in pointed]
    names: dict[BlankNode, str] = {}
    todo = [(nodes, found.brackets.get(key, ())) for key, nodes in outside.items()]
    while todo:
        nodes, written = todo.pop()
        # One triple in two graphs, each with the node of its own bracket, is two brackets.
        if len(nodes) != len(written):
            continue
        for node, name in zip(nodes, written, strict=True):
            names[node] = name
            for predicate, values in inside.get(node, {}).items():
                todo.append((values, found.brackets.get((name, predicate), ())))
    return names
