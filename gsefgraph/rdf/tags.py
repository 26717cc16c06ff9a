"""Language tags as they are written: pyoxigraph writes all small, but where it reads JSON-LD.

Tags are the same whatever their case (RDF 1.1, section 3.3), so that nothing but what is written
out depends on this. A file that is held has the tag of every literal; of what is not, a large file
or a store, is known how each tag is spelt where it first stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from io import BufferedReader, RawIOBase
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from pyoxigraph import Literal, Quad, RdfFormat, Triple, parse

Tags: TypeAlias = Mapping[tuple[str, str], str]
"""Tags as written, by the text that has one and the tag in small letters."""
Spelling: TypeAlias = Mapping[str, str]
"""Tags as written, by the tag in small letters."""
Statement = TypeVar("Statement", Quad, Triple)

_CAPITALS = re.compile(rb"[\"']@([a-z0-9-]*[A-Z][A-Za-z0-9-]*)(?=[^A-Za-z0-9-])")
_LONGEST = 256  # bytes of a tag that two reads may share
_CHUNK = 1 << 18  # bytes
_MANY = 1000


def of(quads: Iterable[Quad]) -> Tags:
    """The tags of quads that have capital letters.

    >>> text = b'{"a:p": {"@value": "x", "@language": "pt-BR"}}'
    >>> of(parse(text, RdfFormat.JSON_LD, lenient=True))
    {('x', 'pt-br'): 'pt-BR'}
    """
    return {
        (literal.value, literal.language.lower()): literal.language
        for quad in quads
        if isinstance(literal := quad.object, Literal)
        and literal.language is not None
        and literal.language != literal.language.lower()
    }


def restored(quads: list[Quad], tags: Tags) -> list[Quad]:
    """Quads with their tags as written.

    >>> quads = list(parse(b'<a:s> <a:p> "x"@pt-BR .', RdfFormat.TURTLE))
    >>> str(quads[0].object), str(restored(quads, {("x", "pt-br"): "pt-BR"})[0].object)
    ('"x"@pt-br', '"x"@pt-BR')
    """
    made = literals(tags)
    return [_with(quad, made) for quad in quads] if made else quads


def respelt(quads: Iterable[Statement], spelling: Spelling) -> Iterator[Statement]:
    """Quads or triples with the spelling of their tags, which may be filled as they are read.

    >>> quads = parse(b'<a:s> <a:p> "x"@pt-BR .', RdfFormat.TURTLE)
    >>> str(next(respelt(quads, {"pt-br": "pt-BR"})).object)
    '"x"@pt-BR'
    """
    quads = iter(quads)
    while lot := list(islice(quads, _MANY)):
        made = spelt((quad.object for quad in lot), spelling)
        yield from (_with(quad, made) for quad in lot) if made else lot


def spelt(terms: Iterable[object], spelling: Spelling) -> dict[object, Literal]:
    """How those of some terms are written whose tag is spelt with capital letters.

    >>> found = spelt([Literal("x", language="pt-br"), Literal("x")], {"pt-br": "pt-BR"})
    >>> [(str(term), str(literal)) for term, literal in found.items()]
    [('"x"@pt-br', '"x"@pt-BR')]
    """
    if not spelling:
        return {}
    return literals(
        {
            (term.value, tag): spelling[tag]
            for term in terms
            if isinstance(term, Literal) and (tag := term.language or "") in spelling
        }
    )


def literals(tags: Tags) -> dict[object, Literal]:
    """Literals with their tags as written, by those with small ones; JSON-LD alone makes such.

    >>> [str(literal) for literal in literals({("x", "pt-br"): "pt-BR"}).values()]
    ['"x"@pt-BR']
    """
    if not tags:
        return {}
    nodes = [{"a:a": {"@value": value, "@language": tag}} for (value, _), tag in tags.items()]
    made = parse(json.dumps(nodes).encode(), RdfFormat.JSON_LD, lenient=True)
    return {
        Literal(value, language=tag): quad.object
        for (value, tag), quad in zip(tags, made, strict=True)
        if isinstance(quad.object, Literal)
    }


def _with(statement: Statement, made: Mapping[object, Literal]) -> Statement:
    value = made.get(statement.object)
    if value is None:
        return statement
    if isinstance(statement, Quad):
        return Quad(statement.subject, statement.predicate, value, statement.graph_name)
    return Triple(statement.subject, statement.predicate, value)


def watched(stream: BufferedReader, spelling: dict[str, str]) -> BufferedReader:
    """A stream of the Turtle family that notes how tags are spelt in what is read of it.

    >>> from io import BytesIO
    >>> stream = watched(BufferedReader(BytesIO(b'<a:s> <a:p> "x"@pt-BR .')), spelling := {})
    >>> len(stream.read()), spelling
    (23, {'pt-br': 'pt-BR'})
    """
    return BufferedReader(_Watched(stream, spelling), _CHUNK)


class _Watched(RawIOBase):
    def __init__(self, stream: BufferedReader, spelling: dict[str, str]) -> None:
        self._stream = stream
        self._spelling = spelling
        self._last = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self._stream.readinto(buffer)
        read = self._last + bytes(buffer[:count])
        for match in _CAPITALS.finditer(read):
            tag = match[1].decode()
            self._spelling.setdefault(tag.lower(), tag)
        self._last = read[-_LONGEST:]
        return count
