"""A text of YAML or JSON as what it says: scalars, sequences and mappings, each with its place.

Scalars stay text: whether `no`, `1.10` or `2019-06` is a word, a number or a date is decided by
what they are said of, not by how they look (YAML 1.2, section 3.2.2, the serialization tree).
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NoReturn, TypeAlias, cast

from gsefgraph.errors import InputError, SyntaxFault
from gsefgraph.wording import Wording, heard, say

LONGEST: Final = 2**20
"""Bytes of a text; a file of so many records is read in two seconds."""
MOST: Final = 50_000
"""Scalars, sequences and mappings of a text."""
DEEPEST: Final = 32
"""Sequences and mappings within one another."""


_JSON = re.compile(r'(?P<string>"(?:[^"\\]|\\.)*")|(?P<mark>[{}\[\],:])|[^\s"{}\[\],:]+', re.S)


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


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, number or word.

    Attributes:
        text: as written, without its quotes.
        line, column: 1-based, where it begins.
        plain: whether it stands without quotes.
    """

    text: str
    line: int
    column: int
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """Items in order."""

    items: tuple[Node, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys, none of them twice, and their values, in order."""

    entries: tuple[tuple[Scalar, Node], ...]
    line: int
    column: int

    def get(self, key: str) -> Node | None:
        """The value of a key.

        >>> of_json('{"a": "b"}', "a.json").get("a").text
        'b'
        """
        return next((value for name, value in self.entries if name.text == key), None)


Node: TypeAlias = Scalar | Sequence | Mapping


def to_json(node: Node) -> Any:
    """A node as Python has what JSON says; what stands without quotes is a number, true, false or
    null where JSON writes these so.

    >>> to_json(of_yaml("a: [1.10, no, true, '1']", "a.yaml")[0])
    {'a': [1.1, 'no', True, '1']}
    """
    if isinstance(node, Mapping):
        return {key.text: to_json(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [to_json(item) for item in node.items]
    if node.plain:
        if node.text in ("", "~"):
            return None
        try:
            value = json.loads(node.text)
        except ValueError:
            return node.text
        return value if not isinstance(value, str | list | dict) else node.text
    return node.text


def of_yaml(text: str, name: str, *, deepest: int = DEEPEST) -> list[Node]:
    """The documents of a text of YAML 1.2.

    Parameters:
        name: of the file, for messages.
        deepest: sequences and mappings within one another, at the most.

    Errors:
        SyntaxFault: no YAML, an anchor, alias or tag, a key twice. InputError: too much.

    >>> [found] = of_yaml("a: no\\nb:\\n- 1.10\\n", "a.yaml")
    >>> found.get("a"), found.get("b").items[0].text
    (Scalar(text='no', line=1, column=4, plain=True), '1.10')
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    _refuse_long(text, name)
    found: list[Node] = []
    builder = _Builder(name, deepest)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
            if builder.done is not None:
                found.append(builder.done)
                builder.done = None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = heard((error.problem or error.context or "").strip())
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        _refuse(name, line, column, say("yaml.not", problem=problem), _hint(problem))
    except YAMLError as error:
        at = getattr(error, "position", None)
        if at is None:
            _refuse(name, None, None, say("yaml.not", problem=heard(error)))
        problem = say("yaml.character", code=f"U+{ord(text[at]):04X}")
        line, column = Lines(text).place(at)
        _refuse(name, line, column, say("yaml.not", problem=problem))
    except RecursionError:
        _refuse(name, None, None, say("file.too-deep"))
    return found


def of_json(text: str, name: str) -> Node:
    """A text of JSON.

    Errors:
        SyntaxFault: no JSON, a key twice. InputError: too much.

    >>> of_json('{"a": [true, "b"]}', "a.json").get("a").items[1]
    Scalar(text='b', line=1, column=14, plain=False)
    """
    _refuse_long(text, name)
    lines = Lines(text)
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        _refuse(name, error.lineno, error.colno, say("file.not-json", problem=heard(error.msg)))
    except (RecursionError, ValueError) as error:
        _refuse(name, None, None, say("file.not-json", problem=heard(error)))
    builder = _Builder(name)
    for mark, value, offset in tokens(text):
        line, column = lines.place(offset)
        if mark in "{[":
            builder.open(mark == "{", line, column)
        elif mark in "}]":
            builder.close()
        elif mark in "sw":
            builder.add(Scalar(value, line, column, plain=mark == "w"))
    return cast(Node, builder.done)


class _Builder:
    """Puts nodes together, in the order in which they are written."""

    def __init__(self, name: str, deepest: int = DEEPEST) -> None:
        self.done: Node | None = None
        self._name, self._deepest = name, deepest
        self._open: list[tuple[bool, int, int, list[Node]]] = []
        self._keys: list[dict[str, int]] = []
        self._count = 0

    def take(self, event: Any) -> None:
        """Something that the parser of YAML tells."""
        from ruamel.yaml import events

        if not isinstance(event, events.NodeEvent | events.CollectionEndEvent):
            return
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, events.CollectionEndEvent):
            self.close()
            return
        tag = getattr(event, "tag", None)
        if isinstance(event, events.AliasEvent) or event.anchor is not None or tag is not None:
            _refuse(self._name, line, column, say("yaml.alias"), say("yaml.write-out"))
        if isinstance(event, events.ScalarEvent):
            plain = event.style in (None, "")
            self.add(Scalar(str(event.value), line, column, plain))
        else:
            self.open(isinstance(event, events.MappingStartEvent), line, column)

    def open(self, mapping: bool, line: int, column: int) -> None:
        """A sequence or a mapping begins."""
        if len(self._open) == self._deepest:
            _refuse(self._name, line, column, say("file.too-deep"))
        self._counted(line)
        self._open.append((mapping, line, column, []))
        self._keys.append({})

    def close(self) -> None:
        """It ends."""
        mapping, line, column, nodes = self._open.pop()
        self._keys.pop()
        if not mapping:
            self.add(Sequence(tuple(nodes), line, column), counted=True)
            return
        pairs = zip(nodes[::2], nodes[1::2], strict=True)
        entries = tuple((key, value) for key, value in pairs if isinstance(key, Scalar))
        self.add(Mapping(entries, line, column), counted=True)

    def add(self, node: Node, *, counted: bool = False) -> None:
        """A node is whole."""
        if not counted:
            self._counted(node.line)
        if not self._open:
            self.done = node
            return
        mapping, _, _, nodes = self._open[-1]
        if mapping and len(nodes) % 2 == 0:
            self._key(node)
        nodes.append(node)

    def _key(self, node: Node) -> None:
        if not isinstance(node, Scalar):
            _refuse(self._name, node.line, node.column, say("yaml.key"))
        keys = self._keys[-1]
        if node.text in keys:
            twice = say("yaml.twice", key=node.text, line=keys[node.text])
            _refuse(self._name, node.line, node.column, twice, say("yaml.once"))
        keys[node.text] = node.line

    def _counted(self, line: int) -> None:
        self._count += 1
        if self._count > MOST:
            raise InputError(
                say("yaml.many", most=MOST), file=self._name, line=line, hint=say("yaml.split")
            )


def tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """What a text of JSON consists of: marks, strings (``s``) without their quotes and escapes, and
    numbers and words (``w``), each with its offset.

    >>> list(tokens('{"a": 1}'))
    [('{', '{', 0), ('s', 'a', 1), (':', ':', 4), ('w', '1', 6), ('}', '}', 7)]
    """
    for match in _JSON.finditer(text):
        value, start = match[0], match.start()
        if match["mark"]:
            yield value, value, start
        elif match["string"]:
            yield "s", json.loads(value, strict=False) if "\\" in value else value[1:-1], start
        else:
            yield "w", value, start


def walk(node: Node) -> Iterator[Scalar]:
    """All scalars of a node, keys too, in the order in which they are written.

    >>> [scalar.text for scalar in walk(of_json('{"a": ["b", 1]}', "a.json"))]
    ['a', 'b', '1']
    """
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from walk(item)
    else:
        for key, value in node.entries:
            yield key
            yield from walk(value)


def _hint(problem: str) -> Wording:
    if "'\\t'" in problem:
        return say("yaml.tab")
    if "<block end>" in problem or "while parsing a block" in problem:
        return say("yaml.column")
    open_ = "end of stream" in problem or "expected ','" in problem
    return say("yaml.close") if open_ else say("yaml.quote")


def _refuse_long(text: str, name: str) -> None:
    if len(text) > LONGEST // 4 and len(text.encode("utf-8", "surrogatepass")) > LONGEST:
        raise InputError(say("yaml.long", most=LONGEST // 2**20), file=name, hint=say("yaml.split"))


def _refuse(
    name: str, line: int | None, column: int | None, what: Wording, hint: Wording | None = None
) -> NoReturn:
    raise SyntaxFault(what, file=name, line=line, column=column, hint=hint) from None
