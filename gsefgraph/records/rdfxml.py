"""Reading RDF/XML: any encoding that it declares, entities of its own within a bound, every tag.

pyoxigraph reads UTF-8 and a part of what document type declarations may say, and knows no empty
xml:lang, so a text is made plain before. Nothing outside the file is an entity of it, ever.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import count
from typing import Any, NoReturn

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from gsefgraph.errors import InputError, RefusedAccess, SyntaxFault
from gsefgraph.rdf.faults import Ill, ill_iri, ill_tag
from gsefgraph.rdf.formats import begun, sniff
from gsefgraph.rdf.reading import NOWHERE, Reading, relative
from gsefgraph.rdf.tags import Tags
from gsefgraph.records import where
from gsefgraph.terms import RDF
from gsefgraph.wording import Wording, heard, say

FREE = 100_000
"""Characters that entities may always expand to."""
TIMES = 20
"""How often the length of a file they may expand to, where that is more."""

_NESTED = 64
_DECLARATION = re.compile(
    r"""<\?xml\s[^>]*?\bencoding\s*=\s*(?:"(?P<a>[^"]*)"|'(?P<b>[^']*)')[^>]*\?>"""
)
_ENCODED = re.compile(rb"""<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_MARK = re.compile(r"""<!--|<\?|"[^"]*"|'[^']*'|[\[\]>]""")
_ENTITY = re.compile(
    r"""<!--|<\?|<!ENTITY\s+(?:(?P<parameter>%)\s*)?(?P<name>[^\s"'<>%&]+)\s+
    (?:(?P<external>SYSTEM|PUBLIC)\b|"(?P<a>[^"]*)"|'(?P<b>[^']*)')""",
    re.X,
)
_USED = re.compile(r"<!--|<!\[CDATA\[|<\?|&(?P<name>[\w.:-]+);")
_CHARACTER = re.compile(r"&#(?:x([0-9A-Fa-f]+)|([0-9]+));")
_GIVEN = frozenset({"lt", "gt", "amp", "quot", "apos"})
_TAG = re.compile(r"""<!--|<!\[CDATA\[|<\?|<[^\s/!?<>](?:[^<>"']|"[^"]*"|'[^']*')*>""")
_LANGUAGE = re.compile(r"""(?P<head>\bxml:lang\s*=\s*)(?:"(?P<a>[^"]*)"|'(?P<b>[^']*)')""")
_PREFIX = re.compile(r"""\bxmlns:([\w.-]+)\s*=\s*["']([^"'&]*)["']""")
_XML_LITERAL = f"{RDF}XMLLiteral"


def decoded(data: bytes) -> str | None:
    """The text of XML in another encoding than UTF-8, as it declares it or its first bytes tell.

    Returns:
        None for everything else.

    Errors:
        LookupError: no such encoding. UnicodeDecodeError.

    >>> decoded('<?xml version="1.0" encoding="ISO-8859-1"?><é/>'.encode("latin-1"))[-4:]
    '<é/>'
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16")
        return text if sniff(text) == "rdfxml" else None
    found = _ENCODED.match(data.removeprefix(codecs.BOM_UTF8)[:200])
    if found is None or codecs.lookup(found[1].decode()).name in ("utf-8", "ascii"):
        return None
    return data.decode(found[1].decode())


def read(text: str, name: str, reading: Reading) -> tuple[list[Quad], dict[str, str], Tags]:
    """What a text of RDF/XML says, its prefixes, and its language tags with capital letters.

    Errors:
        SyntaxFault: not XML, not RDF/XML, an IRI or a tag that is not well-formed.
        InputError: entities beyond the bound, or in a circle. RefusedAccess: those from elsewhere.

    >>> text = '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="e:">'
    >>> text += '<e:A r:about="a:s" xml:lang="fr"><e:p xml:lang="">x</e:p></e:A></r:RDF>'
    >>> found, prefixes, _ = read(text, "a.rdf", Reading())
    >>> str(found[1].object), prefixes["e"]
    ('"x"', 'e:')
    """
    document = _Document(text, name, reading)
    found = list(document.quads())
    return found, dict(_PREFIX.findall(text)), document.written


class _Document:
    def __init__(self, text: str, name: str, reading: Reading) -> None:
        self.text = text
        self.name = name
        self.base = reading.base_of(name) or NOWHERE
        self.tags: dict[str, str] = {}
        self.stand_in = next(mark for n in count() if (mark := f"x-t{n}") not in text.lower())
        self.written: dict[tuple[str, str], str] = {}

    def quads(self) -> Iterator[Quad]:
        plain = self._without_encoding(self._expanded())
        plain = _replaced(_TAG, plain, self._element)
        try:
            for quad in parse(plain.encode(), RdfFormat.RDF_XML, base_iri=self.base):
                for term in (quad.subject, quad.object):
                    node = term.datatype if isinstance(term, Literal) else term
                    if isinstance(node, NamedNode) and node.value.startswith(NOWHERE):
                        self._check(node.value)
                yield self._as_written(quad) if self.tags else quad
        except SyntaxError as error:
            self._fault(error, plain)

    def _without_encoding(self, text: str) -> str:
        match = _DECLARATION.match(text)
        if match is None:
            return text
        start, end = match.span("a" if match["a"] is not None else "b")
        return f"{text[:start]}UTF-8{text[end:]}"

    def _expanded(self) -> str:
        """The text with its own entities in their places, and no document type declaration."""
        doctype = _doctype(self.text)
        if doctype is None:
            return self.text
        start, inside, end = doctype
        entities = self._entities(inside)
        left = max(FREE, TIMES * len(self.text))
        bound = left

        def put(match: re.Match[str]) -> str:
            nonlocal left
            value = entities.get(match["name"] or "")
            if value is None:
                return match[0]
            left -= len(value)
            if left < 0:
                self._refuse(say("rdf.entities", bound=bound), start, say("rdf.fewer-entities"))
            return value

        for name in [*entities]:
            self._resolve(name, entities, bound, 0, start)
        lines = "\n" * self.text.count("\n", start, end)
        return self.text[:start] + lines + _replaced(_USED, self.text[end:], put)

    def _entities(self, inside: tuple[int, int]) -> dict[str, str]:
        found: dict[str, str] = {}
        for match in where.outside(_ENTITY, self.text, *inside):
            name = match["name"]
            if match["external"]:
                raise RefusedAccess(
                    say("rdf.external-entity", name=name),
                    **self._place(match.start()),
                    hint=say("rdf.own-entities"),
                )
            if match["parameter"]:
                what = say("rdf.parameter-entity", name=name)
                self._refuse(what, match.start(), say("rdf.own-entities"))
            value = match["a"] if match["a"] is not None else match["b"]
            value = _CHARACTER.sub(_character, value)
            if "<" not in value:  # it may stand between quotes
                value = value.replace('"', "&quot;").replace("'", "&apos;")
            found.setdefault(name, value)
        return found

    def _resolve(
        self, name: str, entities: dict[str, str], bound: int, depth: int, place: int
    ) -> str:
        """An entity with others in their places, which it has from then on."""
        value = entities[name]
        if depth > _NESTED:
            self._refuse(say("rdf.entity-circle", name=name), place, say("rdf.fewer-entities"))

        def inner(match: re.Match[str]) -> str:
            other = match["name"]
            if other is None or other in _GIVEN or other not in entities:
                return match[0]
            return self._resolve(other, entities, bound, depth + 1, place)

        if "&" in value:
            parts, size, end = [], 0, 0
            for match in where.outside(_USED, value):
                parts += [value[end : match.start()], inner(match)]
                size += len(parts[-1])
                end = match.end()
                if size > bound:
                    self._refuse(say("rdf.entities", bound=bound), place, say("rdf.fewer-entities"))
            entities[name] = "".join([*parts, value[end:]])
        return entities[name]

    def _refuse(self, what: Wording, offset: int, hint: Wording) -> NoReturn:
        raise InputError(what, **self._place(offset), hint=hint)

    def _element(self, match: re.Match[str]) -> str:
        return _LANGUAGE.sub(self._tag, match[0]) if "xml:lang" in match[0] else match[0]

    def _tag(self, match: re.Match[str]) -> str:
        """A language tag that pyoxigraph would refuse or write small, as one that stands for it."""
        tag = match["a"] if match["a"] is not None else match["b"]
        if tag and (ill := ill_tag(tag)) is not None:
            self._blame(ill, tag)
        if tag and tag == tag.lower():
            return match[0]
        other = self.tags.setdefault(tag, f"{self.stand_in}-{len(self.tags)}")
        return f'{match["head"]}"{other}"'

    def _as_written(self, quad: Quad) -> Quad:
        literal = quad.object
        if not isinstance(literal, Literal):
            return quad
        value, tag = literal.value, self._tags.get(literal.language or "")
        if tag is not None:
            right = Literal(value, language=tag) if tag else Literal(value)
            if tag:
                self.written[value, tag.lower()] = tag
        elif literal.datatype.value == _XML_LITERAL:
            pattern = rf"{re.escape(self.stand_in)}-[0-9]+"
            value = re.sub(pattern, lambda m: self._tags.get(m[0], m[0]), value)
            right = Literal(value, datatype=literal.datatype)
        else:
            return quad
        return Quad(quad.subject, quad.predicate, right, quad.graph_name)

    @cached_property
    def _tags(self) -> dict[str, str]:
        """Tags by what stands for them."""
        return {other: tag for tag, other in self.tags.items()}

    def _fault(self, error: SyntaxError, plain: str) -> NoReturn:
        from xml.parsers import expat

        parser = expat.ParserCreate(namespace_separator=" ")
        try:
            parser.Parse(plain.encode(), True)
        except expat.ExpatError as broken:
            line, column = broken.lineno, broken.offset + 1
            problem = heard(expat.ErrorString(broken.code))
            raise SyntaxFault(
                say("rdf.not-format", format="RDF/XML", problem=problem),
                file=self.name, line=line, column=column,
            ) from None  # fmt: skip
        message = str(error.msg)
        quoted = re.search(r"'([^']*)'", message)
        if quoted:
            self._check(quoted[1])
        raise SyntaxFault(
            say("rdf.not-format", format="RDF/XML", problem=heard(message)),
            **self._place(self._about(message)),
        ) from None

    def _about(self, said: str) -> int | None:
        """Where the only text, attribute or element stands that a message names."""
        words = where.elements(self.text)
        named = {word.rpartition("#")[2].rpartition("/")[2] for word in said.split()}
        found = [
            offsets
            for word, offsets in words.items()
            if f"'{word}'" in said or word.rpartition(":")[2] in named
        ]
        return found[0][0] if len(found) == 1 and len(found[0]) == 1 else None

    def _check(self, iri: str) -> None:
        if (ill := ill_iri(iri)) is not None:
            self._blame(ill, iri)

    def _blame(self, ill: Ill, value: str) -> NoReturn:
        raise SyntaxFault(
            say("rdf.not-format", format="RDF/XML", problem=ill.what),
            **self._place(self._offset(value)),
            hint=ill.hint,
        ) from None

    def _offset(self, value: str) -> int | None:
        words = where.elements(self.text, texts=False)
        for spelt in (value, *relative(value, self.base)):
            if spelt in words:
                return words[spelt][0]
        return None

    def _place(self, offset: int | None) -> dict[str, Any]:
        line, column = where.Lines(self.text).place(offset) if offset is not None else (None, None)
        return {"file": self.name, "line": line, "column": column}


def _doctype(text: str) -> tuple[int, tuple[int, int], int] | None:
    """Where a document type declaration begins, where its internal subset stands, and its end."""
    start = begun(text, hashes=False)
    if not text.startswith("<!DOCTYPE", start):
        return None
    inside, closed = 0, 0
    for match in where.outside(_MARK, text, start + 1):
        if match[0] == "[":
            inside = inside or match.end()
        elif match[0] == "]":
            closed = match.start()
        elif match[0] == ">" and (not inside or closed):
            return start, (inside, closed), match.end()
    return None


def _replaced(pattern: re.Pattern[str], text: str, put: Callable[[re.Match[str]], str]) -> str:
    parts, end = [], 0
    for match in where.outside(pattern, text):
        parts += [text[end : match.start()], put(match)]
        end = match.end()
    return "".join([*parts, text[end:]])


def _character(match: re.Match[str]) -> str:
    number = int(match[1], 16) if match[1] else int(match[2])
    return chr(number) if number < 0x110000 else match[0]
