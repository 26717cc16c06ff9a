"""Where each triple of a text was written: of Turtle, TriG, N-Triples, N-Quads, JSON or XML.

The engine's parser reads the triples; this reads the same text once more, only to note the offset
of every subject, predicate and object, so that a finding can point at the line someone typed.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import NamedTuple
from urllib.parse import urljoin

from pyoxigraph import BlankNode, Quad

from gsefgraph.rdf.formats import DOCTYPE
from gsefgraph.rdf.tree import Lines, tokens
from gsefgraph.terms import RDF

Key = tuple[str, str | None, str | None]

# Terminals of the TriG grammar (RDF 1.1 TriG, section 4.5), which holds the other three.
_STRING = r"""\"{3}(?:[^\"\\]|\\.|\"(?!\"\"))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}
        |\"(?:[^\"\\\r\n]|\\.)*\"|'(?:[^'\\\r\n]|\\.)*'"""
_TOKEN = re.compile(
    r"""
    (?P<space>[\ \t\r\n]+|\#[^\r\n]*)
  | (?P<string>"""
    + _STRING
    + r""")
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
_TAGGED = re.compile(
    r"<[^<>\s]*>|\#[^\r\n]*|\\.|(?P<string>"
    + _STRING
    + r")(?:@(?P<tag>[A-Za-z]+(?:-[A-Za-z0-9]+)*))?",
    re.X | re.S,
)
_TERM = re.compile(
    r"<[^<>\s]*>|\#[^\r\n]*|\\.|"
    + _STRING
    + r"""|(?P<term><<|\{\||~|(?<![\w:.\-\"'])@?(?i:version)(?=\s*[\"']))""",
    re.X | re.S,
)
_BRACKET = re.compile(
    r"<[^<>\s]*>|\#[^\r\n]*|\\.|" + _STRING + r"|(?P<open>[(\[])|(?P<close>[)\]])",
    re.X | re.S,
)
_BETWEEN = re.compile(r"[\s,:]*")
_XML = re.compile(
    r"""<!--|<\?|<!\[CDATA\[|</[^>]*>|<!DOCTYPE
    |<(?P<name>[^\s/!?<>]+)(?P<attributes>(?:[^<>"']|"[^"]*"|'[^']*')*)>|(?P<text>[^<]+)""",
    re.X,
)
_CLOSING = {"<!--": "-->", "<?": "?>", "<![CDATA[": "]]>"}
ATTRIBUTE = re.compile(r"""([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
TAKE_IRIS = frozenset({"about", "resource", "datatype", "ID", "base"})
"""Attributes of RDF/XML, by their local names, whose values are IRIs."""
_DECLARED = re.compile(r"""<!ENTITY\s+([^\s%"']+)\s+(?:"([^"]*)"|'([^']*)')""")
_ENTITY = re.compile(r"&([\w.:-]+);")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.S)
_FIRST, _REST, _NIL = (f"{RDF}{name}" for name in ("first", "rest", "nil"))
TOP = ("", "")
"""What leads to a bracket that begins a statement."""
_CONTROL = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


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


def index(text: str, base: str = "") -> dict[Key, int]:
    """First offset of every subject, (subject, predicate) and (subject, predicate, value).

    Returns:
        `Index.offsets`.

    >>> found = index('@prefix a: <a:> .\\na:s a:p "x" , a:o .')
    >>> found["a:s", None, None], found["a:s", "a:p", "a:o"]
    (18, 32)
    """
    return scan(text, base).offsets


def scan(text: str, base: str = "") -> Index:
    """Where the parts of a text of the Turtle family stand.

    >>> scan("<a:s> <a:p> [ <a:q> 1 ] .").brackets
    {('a:s', 'a:p'): ['_:anonymous/1']}
    """
    return _Reader(text, base).run()


class Written(NamedTuple):
    """Where a string or a number of JSON stands, and under which key; None for a key itself."""

    offset: int
    key: str | None


def strings(text: str) -> dict[str, list[Written]]:
    """The strings, numbers and words of a text of JSON, in order.

    >>> strings('{"a": ["x", {"b": 1}]}')["1"]
    [Written(offset=18, key='b')]
    """
    found: dict[str, list[Written]] = defaultdict(list)
    key: str | None = None
    around: list[str | None] = []
    last: tuple[str, int] | None = None
    for mark, value, offset in tokens(text):
        if mark in "sw":
            last = value, offset + (mark == "s")
            continue
        if last is not None:
            found[last[0]].append(Written(last[1], None if mark == ":" else key))
        if mark == ":":
            key = last[0] if last else None
        elif mark in "{[":
            around.append(key)
        elif mark in "}]" and around:
            key = around.pop()
        last = None
    if last is not None:
        found[last[0]].append(Written(last[1], key))
    return found


def member(text: str, way: Sequence[str | int]) -> tuple[int, int]:
    """Where a part of a text of JSON begins and ends: a member with its key, or an item.

    Parameters:
        way: keys and numbers of items that lead there.

    >>> member('{"a": ["x", {"b": 1}]}', ["a", 1, "b"])
    (13, 19)
    """
    decode = json.JSONDecoder().raw_decode
    start = at = _BETWEEN.match(text).end()  # type: ignore[union-attr]  # it matches nothing, too
    for step in way:
        at, found = at + 1, -1
        while True:
            start = at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
            found += 1
            if isinstance(step, str):
                found, at = decode(text, at)
                at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
            if found == step:
                break
            _, at = decode(text, at)
            found = found if isinstance(step, int) else -1
    return start, decode(text, at)[1]


def outside(
    pattern: re.Pattern[str], text: str, start: int = 0, end: int | None = None
) -> Iterator[re.Match[str]]:
    """Matches in XML, one after another, outside comments, instructions and character data.

    Parameters:
        pattern: matches how these begin, too: ``<!--``, ``<?`` and where they may stand
            ``<![CDATA[``.
        text: looked at from `start` to `end`.

    >>> [match[0] for match in outside(re.compile("<!--|a"), "a <!-- a --> a")]
    ['a', 'a']
    """
    end = len(text) if end is None else end
    while match := pattern.search(text, start, end):
        closing = _CLOSING.get(match[0])
        if closing is None:
            yield match
            start = match.end()
            continue
        found = text.find(closing, match.end(), end)
        if found < 0:
            return
        start = found + len(closing)


def elements(text: str, *, iris: bool = False) -> dict[str, list[int]]:
    """Offsets of what stands in a text of XML, in order: attributes, texts and names of elements,
    or only attributes that take IRIs.

    Attributes rdf:nodeID and rdf:ID stand under the label and the reference that they make.

    >>> elements('<a:b rdf:nodeID="c">text</a:b>')
    {'_:c': [17], 'a:b': [1], 'text': [20]}
    """
    found: dict[str, list[int]] = defaultdict(list)
    entities: dict[str, str] = {}

    def note(value: str, offset: int) -> None:
        if "&" in value:
            value = unescape(_ENTITY.sub(lambda name: entities.get(name[1], name[0]), value))
        found[value].append(offset)

    for match in outside(_XML, text):
        if match[0] == "<!DOCTYPE":
            subset = DOCTYPE.match(text, match.start())
            declared = _DECLARED.finditer(subset["inside"] or "") if subset else ()
            entities.update((m[1], m[2] or m[3]) for m in declared)
        elif match["name"]:
            for pair in ATTRIBUTE.finditer(match["attributes"]):
                value = pair[2] if pair[2] is not None else pair[3]
                kind = pair[1].rpartition(":")[2]
                if iris and kind not in TAKE_IRIS:
                    continue
                start = match.start("attributes") + pair.start(2 if pair[2] is not None else 3)
                note({"nodeID": "_:", "ID": "#"}.get(kind, "") + value, start)
            if not iris:
                note(match["name"], match.start("name"))
        elif match["text"] and not iris:
            note(match["text"], match.start("text"))
            if (bare := match["text"].strip()) != match["text"] and bare:
                note(bare, match.start("text") + match["text"].index(bare))
    return dict(found)


def search(
    words: Mapping[str, Sequence[int]],
    subject: Sequence[str],
    value: Sequence[str],
    *,
    alone: bool = False,
) -> int | None:
    """Where a subject, and after it a value, stand in a text whose syntax no triples mirror.

    Parameters:
        words: offsets in order, by what stands there.
        subject, value: their spellings, of which the first that stands there counts.
        alone: whether a value without a subject must stand there once only.

    >>> search({"a:s": [1, 30], "x": [9, 40]}, ["a:s"], ["x"])
    9
    """
    if alone:
        places = next((words[spelt] for spelt in value if spelt in words), ())
        return places[0] if len(places) == 1 else None
    start = _after(words, subject, 0)
    if start is None or not value:
        return start
    later = _after(words, value, start)
    return start if later is None else later


def _after(words: Mapping[str, Sequence[int]], spellings: Sequence[str], start: int) -> int | None:
    for spelt in spellings:
        places = words.get(spelt, ())
        at = bisect_left(places, start)
        if at < len(places):
            return places[at]
    return None


def tags(text: str) -> dict[tuple[str, str], str]:
    """Language tags with capital letters in a text of the Turtle family, as `rdf.tags` has them.

    >>> tags('<a:s> <a:p> "x"@pt-BR , "y"@fr . # "z"@DE')
    {('x', 'pt-br'): 'pt-BR'}
    """
    found = {}
    for match in _TAGGED.finditer(text):
        if match["tag"] and match["tag"] != match["tag"].lower():
            found[_bare(match["string"]), match["tag"].lower()] = match["tag"]
    return found


def term(text: str) -> int | None:
    """The offset of the first triple term, reifier, annotation or version of RDF 1.2 in a text.

    >>> term('<a:s> <a:p> "<<" {| <a:q> 1 |} .')
    17
    """
    found = (match for match in _TERM.finditer(text) if match["term"])
    return next((match.start() for match in found), None)


def beyond(text: str, most: int) -> int | None:
    """Where a text of the Turtle family opens more brackets within one another than so many.

    >>> beyond("<a:s> <a:p> ( '(' [] ( 1 ) ) .", 2), beyond("<a:s> <a:p> ( ( () ) ) .", 2)
    (None, 16)
    """
    if text.count("(") + text.count("[") <= most:
        return None
    depth = 0
    for match in _BRACKET.finditer(text):
        if match["open"]:
            depth += 1
            if depth > most:
                return match.start()
        elif match["close"]:
            depth -= 1
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

    def __init__(self, text: str, base: str) -> None:
        self.text = text
        self.found: dict[Key, int] = {}
        self.brackets: dict[tuple[str, str], list[str]] = {}
        self.prefixes: dict[str, str] = {}
        self.base = base
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
            return _bare(value)
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


def _bare(string: str) -> str:
    """A string of Turtle without its quotes and escapes."""
    quotes = 3 if string[:3] in ('"""', "'''") else 1
    return _unescape(string[quotes:-quotes])


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
