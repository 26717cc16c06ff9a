"""Reading RDF/XML: any encoding that it declares, entities of its own within a bound, every tag.

pyoxigraph reads UTF-8 and a part of what document type declarations may say, and knows no empty
xml:lang, so a text is made plain before. Nothing outside the file is an entity of it, ever.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from gsefgraph.errors import RefusedAccess, SyntaxFault
from gsefgraph.rdf.faults import Ill, ill_iri, ill_tag
from gsefgraph.rdf.formats import sniff
from gsefgraph.rdf.reading import NOWHERE, Reading, relative
from gsefgraph.rdf.tags import Tags
from gsefgraph.records import where
from gsefgraph.wording import Wording, say

FREE = 100_000
"""Characters that entities may always expand to."""
TIMES = 20
"""How often the length of a file they may expand to, where that is more."""

_NESTED = 64
_DECLARATION = re.compile(
    r"""<\?xml\s[^>]*?\bencoding\s*=\s*(?:"(?P<a>[^"]*)"|'(?P<b>[^']*)')[^>]*\?>"""
)
_ENCODED = re.compile(rb"""<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ASIDE = r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
_DOCTYPE = re.compile(
    rf"""{_ASIDE}|(?P<doctype><!DOCTYPE\b[^\[>"']*(?:"[^"]*"|'[^']*'|[^\[>"'])*
    (?:\[(?P<inside>(?:{_ASIDE}|"[^"]*"|'[^']*'|[^\]"'])*)\]\s*)?>)""",
    re.X | re.S,
)
_ENTITY = re.compile(
    rf"""{_ASIDE}|<!ENTITY\s+(?:(?P<parameter>%)\s*)?(?P<name>[^\s"'<>%&]+)\s+
    (?:(?P<external>SYSTEM|PUBLIC)\b|"(?P<a>[^"]*)"|'(?P<b>[^']*)')""",
    re.X | re.S,
)
_USED = re.compile(rf"{_ASIDE}|&(?P<name>[\w.:-]+);", re.S)
_CHARACTER = re.compile(r"&#(?:x([0-9A-Fa-f]+)|([0-9]+));")
_GIVEN = frozenset({"lt", "gt", "amp", "quot", "apos"})
_LANGUAGE = re.compile(
    rf"""{_ASIDE}|(?P<head>\bxml:lang\s*=\s*)(?:"(?P<a>[^"]*)"|'(?P<b>[^']*)')""", re.S
)
_PREFIX = re.compile(r"""\bxmlns:([\w.-]+)\s*=\s*["']([^"'&]*)["']""")
_STOOD = re.compile(r"x-tag([0-9]+)-z")


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
        RefusedAccess: entities beyond the bound, or from elsewhere.

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
        self.tags: list[str] = []
        self.written: dict[tuple[str, str], str] = {}

    def quads(self) -> Iterator[Quad]:
        plain = self._without_encoding(self._expanded())
        plain = _LANGUAGE.sub(self._tag, plain)
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
        doctype = next((m for m in _DOCTYPE.finditer(self.text) if m["doctype"]), None)
        if doctype is None:
            return self.text
        entities = self._entities(doctype["inside"] or "", doctype.start("inside"))
        left = max(FREE, TIMES * len(self.text))
        bound = left

        def put(match: re.Match[str]) -> str:
            nonlocal left
            value = entities.get(match["name"] or "")
            if value is None:
                return match[0]
            left -= len(value)
            if left < 0:
                self._refuse_entities(
                    say("rdf.entities", bound=bound), doctype.start(), say("rdf.fewer-entities")
                )
            return value

        for name in [*entities]:
            self._resolve(name, entities, bound, 0, doctype.start())
        start, end = doctype.span("doctype")
        lines = "\n" * self.text.count("\n", start, end)
        return self.text[:start] + lines + _USED.sub(put, self.text[end:])

    def _entities(self, inside: str, start: int) -> dict[str, str]:
        found: dict[str, str] = {}
        for match in _ENTITY.finditer(inside):
            if match["name"] is None:
                continue
            if match["parameter"] or match["external"]:
                key = "rdf.parameter-entity" if match["parameter"] else "rdf.external-entity"
                self._refuse_entities(
                    say(key, name=match["name"]), start + match.start(), say("rdf.own-entities")
                )
            value = match["a"] if match["a"] is not None else match["b"]
            value = _CHARACTER.sub(_character, value)
            if "<" not in value:  # it may stand between quotes
                value = value.replace('"', "&quot;").replace("'", "&apos;")
            found.setdefault(match["name"], value)
        return found

    def _resolve(
        self, name: str, entities: dict[str, str], bound: int, depth: int, place: int
    ) -> str:
        """An entity with others in their places, which it has from then on."""
        value = entities[name]
        if depth > _NESTED:
            self._refuse_entities(
                say("rdf.entity-circle", name=name), place, say("rdf.fewer-entities")
            )

        def inner(match: re.Match[str]) -> str:
            other = match["name"]
            if other is None or other in _GIVEN or other not in entities:
                return match[0]
            return self._resolve(other, entities, bound, depth + 1, place)

        if "&" in value:
            parts, size, end = [], 0, 0
            for match in _USED.finditer(value):
                parts += [value[end : match.start()], inner(match)]
                size += len(parts[-1])
                end = match.end()
                if size > bound:
                    self._refuse_entities(
                        say("rdf.entities", bound=bound), place, say("rdf.fewer-entities")
                    )
            entities[name] = "".join([*parts, value[end:]])
        return entities[name]

    def _refuse_entities(self, what: Wording, offset: int, hint: Wording) -> NoReturn:
        raise RefusedAccess(what, **self._place(offset), hint=hint)

    def _tag(self, match: re.Match[str]) -> str:
        """A language tag that pyoxigraph would refuse or write small, as one that stands for it."""
        if match["head"] is None:
            return match[0]
        tag = match["a"] if match["a"] is not None else match["b"]
        if tag and (ill := ill_tag(tag)) is not None:
            self._blame(ill, tag)
        if tag and tag == tag.lower():
            return match[0]
        if tag not in self.tags:
            self.tags.append(tag)
        return f'{match["head"]}"x-tag{self.tags.index(tag)}-z"'

    def _as_written(self, quad: Quad) -> Quad:
        literal = quad.object
        if not isinstance(literal, Literal):
            return quad
        value = _STOOD.sub(lambda m: self.tags[int(m[1])], literal.value)
        if literal.language is not None and (match := _STOOD.fullmatch(literal.language)):
            tag = self.tags[int(match[1])]
            right = Literal(value, language=tag) if tag else Literal(value)
            self.written[value, tag.lower()] = tag
        elif value == literal.value:
            return quad
        else:
            right = Literal(value, datatype=literal.datatype)
        return Quad(quad.subject, quad.predicate, right, quad.graph_name)

    def _fault(self, error: SyntaxError, plain: str) -> NoReturn:
        from xml.parsers import expat

        parser = expat.ParserCreate()
        try:
            parser.Parse(plain.encode(), True)
        except expat.ExpatError as broken:
            line, column = broken.lineno, broken.offset + 1
            raise SyntaxFault(
                say("rdf.not-format", format="RDF/XML", problem=expat.ErrorString(broken.code)),
                file=self.name, line=line, column=column,
            ) from None  # fmt: skip
        message = str(error.msg)
        quoted = re.search(r"'([^']*)'", message)
        if quoted:
            self._check(quoted[1])
        raise SyntaxFault(
            say("rdf.not-format", format="RDF/XML", problem=message), file=self.name
        ) from None

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


def _character(match: re.Match[str]) -> str:
    number = int(match[1], 16) if match[1] else int(match[2])
    return chr(number) if number < 0x110000 else match[0]
