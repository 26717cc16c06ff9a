"""Reading RDF/XML: any encoding that it declares, entities of its own within a bound, every tag.

Expat, of the standard library, decides what is XML and what its texts are: line ends, white space
in attributes, defaults of the internal subset, entities. What it found is written down again,
plainer, for pyoxigraph, which makes the triples. Nothing outside the file is an entity of it, ever.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import cached_property
from itertools import count, pairwise
from typing import IO, Any, NoReturn, cast
from xml.parsers import expat

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from gsefgraph.errors import InputError, SyntaxFault
from gsefgraph.rdf.faults import ill_iri, ill_tag
from gsefgraph.rdf.formats import DOCTYPE, begun, sniff
from gsefgraph.rdf.packed import marked
from gsefgraph.rdf.reading import NOWHERE, Reading, relative
from gsefgraph.rdf.tags import Tags
from gsefgraph.rdf.tree import Lines
from gsefgraph.records import where
from gsefgraph.terms import RDF
from gsefgraph.wording import Wording, heard, say

FREE = 100_000
"""Characters that entities may always expand to."""
TIMES = 20
"""How often the length of a file they may expand to, where that is more."""

_ENCODED = re.compile(rb"""<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_LATER = re.compile(r"""(<\?xml\s+version\s*=\s*["'])1\.1""")
_VISIBLE = re.compile(r"\S")
_NAMED = re.compile(r"(?s).*?[&%]([\w.:-]+);")
_TAG = re.compile(r"""<!--|<!\[CDATA\[|<\?|<(?P<name>[^\s/!?<>]+)(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_UNQUALIFIED = frozenset({"about", "ID", "parseType", "resource", "type"})
_STRUCTURE = frozenset({"Collection", "Resource", "Triple"})
"""What rdf:parseType may be and mean no XML literal (section 7.2.20); the last is of RDF 1.2."""
_MARKUP = re.compile(r"""[&<>"\t\n\r]""")
_IN_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"}
_IN_VALUE = {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"}


def decoded(data: bytes) -> str | None:
    """The text of XML in another encoding than UTF-8, as it declares it or its first bytes tell.

    Returns:
        None for everything else.

    Errors:
        LookupError: no such encoding. UnicodeDecodeError.

    >>> decoded('<?xml version="1.0" encoding="ISO-8859-1"?><é/>'.encode("latin-1"))[-4:]
    '<é/>'
    """
    if (encoding := marked(data)) is not None:
        text = data.decode(encoding)
        return text if sniff(text) == "rdfxml" else None
    found = _ENCODED.match(data.removeprefix(codecs.BOM_UTF8)[:200])
    if found is None or codecs.lookup(found[1].decode()).name in ("utf-8", "ascii"):
        return None
    return data.decode(found[1].decode())


def read(text: str, name: str, reading: Reading) -> tuple[list[Quad], dict[str, str], Tags]:
    """What a text of RDF/XML says, its prefixes, and its language tags with capital letters.

    Errors:
        SyntaxFault: not XML, not RDF/XML, an IRI or a tag that is not well-formed.
        InputError: entities beyond the bound, in a circle, or from elsewhere.

    >>> text = '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="e:">'
    >>> text += '<e:A r:about="a:s" xml:lang="fr"><e:p xml:lang="">x</e:p></e:A></r:RDF>'
    >>> found, prefixes, _ = read(text, "a.rdf", Reading())
    >>> str(found[1].object), prefixes["e"]
    ('"x"', 'e:')
    """
    document = _Document(text, name, reading)
    found = list(document.quads())
    return found, document.prefixes, document.written


class _Document:
    """A text of RDF/XML on its way to pyoxigraph, as pieces: a tag or a text each.

    Attributes:
        offsets: where in the text each piece begins, in bytes; noted when a place is looked for.
        values: the attributes of each tag by the byte where it begins; noted then, too.
    """

    def __init__(self, text: str, name: str, reading: Reading) -> None:
        self.text = text
        self.name = name
        self.base = reading.base_of(name) or NOWHERE
        self.prefixes: dict[str, str] = {}
        self.tags: dict[str, str] = {}
        self.stand_in = next(mark for n in count() if (mark := f"x-t{n}") not in text.lower())
        self.written: dict[tuple[str, str], str] = {}
        self.source = self._own().encode()
        self.offsets: list[int] = []
        self.values: dict[int, list[tuple[str, str]]] = {}

    def quads(self) -> Iterator[Quad]:
        try:
            plain = "".join(self._pieces())
            for quad in parse(plain.encode(), RdfFormat.RDF_XML, base_iri=self.base):
                for term in (quad.subject, quad.object):
                    node = term.datatype if isinstance(term, Literal) else term
                    if isinstance(node, NamedNode) and node.value.startswith(NOWHERE):
                        self._relative(node.value)
                yield self._as_written(quad) if self.tags else quad
        except SyntaxError:
            self._fault()

    def _own(self) -> str:
        """The text with nothing from elsewhere in its document type declaration, as long as it is;
        and as XML 1.0, which is all that expat reads.
        """
        text = _LATER.sub(r"\g<1>1.0", self.text, count=1)
        found = DOCTYPE.match(text, begun(text, hashes=False))
        if found is None:
            return text
        start, end = found.span("elsewhere")
        return f"{text[:start]}{_VISIBLE.sub(' ', text[start:end])}{text[end:]}"

    def _pieces(self, *, placed: bool = False) -> list[str]:
        """The text as expat understands it.

        Parameters:
            placed: whether offsets and values are to be noted, too.

        Errors:
            SyntaxFault: it is not well-formed. InputError: its entities.
        """
        parser = self.parser = expat.ParserCreate("utf-8")
        parser.ordered_attributes = True
        parser.buffer_text = self.buffered = not placed
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.CommentHandler = self._comment
        parser.ProcessingInstructionHandler = self._instruction
        parser.EntityDeclHandler = self._entity
        parser.NotStandaloneHandler = self._parameter
        self.pieces: list[str] = []
        self.offsets = []
        self.texts: list[str] = []
        self.began = 0
        self.open: list[tuple[dict[str, str], bool, int]] = [({}, True, 0)]
        self.literal: _Canonical | None = None
        self.bound = max(FREE, TIMES * len(self.text))
        self.left = len(self.text) + self.bound
        try:
            parser.Parse(self.source, True)
        except expat.ExpatError as broken:
            self._broken(broken)
        return self.pieces

    def _put(self, piece: str, at: int) -> None:
        self.pieces.append(piece)
        if not self.buffered:
            self.offsets.append(at)

    def _start(self, name: str, attributes: list[str]) -> None:
        self._flush()
        scope, nodes, _ = self.open[-1]
        at = 0 if self.buffered else self.parser.CurrentByteIndex
        pairs = list(zip(attributes[::2], attributes[1::2], strict=True))
        declared = {
            key[6:]: value for key, value in pairs if key == "xmlns" or key.startswith("xmlns:")
        }
        if not self.buffered:
            self.values[at] = pairs
        if declared:
            scope = {**scope, **declared}
            self.prefixes.update((key, value) for key, value in declared.items() if key)
        if self.literal is not None:
            self.literal.start(name, pairs, scope)
            self.open.append((scope, False, at))
            return
        # What the children are: nodes and properties take turns (section 6.2).
        inner, kind, rest = not nodes, None, False
        if nodes and scope.get(name.rpartition(":")[0]) == RDF and name.rpartition(":")[2] == "RDF":
            inner = True
        parts = [f"<{name}"]
        if len(self.open) == 1:
            parts.append(f'xmlns:{self.stand_in}="{RDF}"')
        for key, value in pairs:
            self._count(value)
            prefix, colon, local = key.partition(":")
            if not colon and key in _UNQUALIFIED:  # section 6.1.4
                prefix, local, key = self.stand_in, key, f"{self.stand_in}:{key}"
            elif key == "xml:lang":
                value = self._tag(value)
            of_rdf = prefix == self.stand_in or scope.get(prefix) == RDF
            if local == "parseType" and of_rdf and not nodes:
                kind = value
            elif prefix not in ("xmlns", "xml") and not (of_rdf and local == "ID"):
                rest = True
            parts.append(f'{key}="{_escaped(value, _IN_VALUE)}"')
        if kind == "Resource":
            inner = False
        elif kind is not None and kind not in _STRUCTURE and not rest:
            parts = [part for part in parts if not part.partition("=")[0].endswith(":parseType")]
            parts.append(f'{self.stand_in}:datatype="{RDF}XMLLiteral"')
            self.literal = _Canonical(len(self.open))
        self.open.append((scope, inner, at))
        self._put(f"{' '.join(parts)}>", at)

    def _end(self, name: str) -> None:
        self._flush()
        _, _, at = self.open.pop()
        if self.literal is not None:
            if len(self.open) > self.literal.depth:
                self.literal.end(name)
                return
            if written := "".join(self.literal.parts):
                self._put(_escaped(written, _IN_TEXT), at)
            self.literal = None
        self._put(f"</{name}>", at)

    def _text(self, text: str) -> None:
        self._count(text)
        if not (self.texts or self.buffered):
            self.began = self.parser.CurrentByteIndex
        self.texts.append(text)

    def _flush(self) -> None:
        if not self.texts:
            return
        text = _escaped("".join(self.texts), _IN_TEXT)
        self.texts.clear()
        if self.literal is not None:
            self.literal.parts.append(text)
        else:
            self._put(text, self.began)

    def _comment(self, text: str) -> None:
        if self.literal is not None:
            self._flush()
            self.literal.parts.append(f"<!--{text}-->")

    def _instruction(self, target: str, text: str) -> None:
        if self.literal is not None:
            self._flush()
            self.literal.parts.append(f"<?{target} {text}?>" if text else f"<?{target}?>")

    def _count(self, text: str) -> None:
        self.left -= len(text)
        if self.left < 0:
            self._too_much()

    def _too_much(self) -> NoReturn:
        self._declared(say("rdf.entities", bound=self.bound))

    def _declared(self, what: Wording) -> NoReturn:
        """Refuse what the document type declaration declares."""
        place = self._place(begun(self.text, hashes=False))
        raise InputError(what, **place, hint=say("rdf.fewer-entities"))

    def _entity(self, name: str, parameter: bool, value: str | None, *_: str | None) -> None:
        if parameter:
            self._refuse(say("rdf.parameter-entity", name=name))
        if value is None:
            self._refuse(say("rdf.external-entity", name=name))

    def _parameter(self) -> NoReturn:
        """A parameter entity is referred to: nothing else is not standalone here."""
        self._refuse(say("rdf.parameter-entity", name=self._name_there()))

    def _refuse(self, what: Wording) -> NoReturn:
        raise InputError(what, **self._place(self._offset()), hint=say("rdf.own-entities"))

    def _name_there(self) -> str:
        """The entity whose reference is being read."""
        match = _NAMED.match(self.text, self._offset())
        return match[1] if match else ""

    def _broken(self, error: expat.ExpatError) -> NoReturn:
        said = expat.ErrorString(error.code)
        if error.code == expat.errors.codes[expat.errors.XML_ERROR_RECURSIVE_ENTITY_REF]:
            self._declared(say("rdf.entity-circle", name=self._name_there()))
        if "amplification" in (said or ""):
            self._too_much()
        raise SyntaxFault(
            say("rdf.not-format", format="RDF/XML", problem=heard(said)),
            file=self.name,
            line=error.lineno,
            column=error.offset + 1,
        ) from None

    def _tag(self, tag: str) -> str:
        """A language tag that pyoxigraph would refuse or write small, as one that stands for it."""
        if tag in self.tags:
            return self.tags[tag]
        if tag and (ill := ill_tag(tag)) is not None:
            start = self._offset()
            self._blame(ill.what, self._places(start).get("xml:lang", start), ill.hint)
        if tag and tag == tag.lower():
            return tag
        return self.tags.setdefault(tag, f"{self.stand_in}-{len(self.tags)}")

    def _as_written(self, quad: Quad) -> Quad:
        literal = quad.object
        tag = self._tags.get(literal.language or "") if isinstance(literal, Literal) else None
        if tag is None or not isinstance(literal, Literal):
            return quad
        if tag:
            self.written[literal.value, tag.lower()] = tag
        right = Literal(literal.value, language=tag or None)
        return Quad(quad.subject, quad.predicate, right, quad.graph_name)

    @cached_property
    def _tags(self) -> dict[str, str]:
        """Tags by what stands for them."""
        return {other: tag for tag, other in self.tags.items()}

    def _fault(self) -> NoReturn:
        """What pyoxigraph refuses, at the piece after which it does so."""
        try:
            expat.ParserCreate("utf-8", "\x01").Parse(self.source, True)
        except expat.ExpatError as broken:
            self._broken(broken)
        if RDF not in self.text:
            raise InputError(say("rdf.is-xml"), file=self.name, hint=say("rdf.give-rdf")) from None
        fed = _Fed(self._pieces(placed=True))
        try:
            for _ in parse(cast("IO[bytes]", fed), RdfFormat.RDF_XML, base_iri=self.base):
                pass
        except SyntaxError as error:
            said = str(error.msg)
        start = self.offsets[max(fed.at, 0)]
        quoted = re.search(r"IRI '([^']*)'", said)
        ill = ill_iri(quoted[1], "xml:base") if quoted else None
        if quoted and ill is not None:
            self._blame(ill.what, self._cause(quoted[1], start), ill.hint)
        self._blame(heard(said), self._named(said, start))

    def _cause(self, iri: str, start: int) -> int:
        """Where an IRI stands in the tag at a byte, or the namespace that made it of a name."""
        at = self._offset(start)
        places = self._places(at)
        spelt = {iri, *relative(iri, self.base)}
        for name, value in self.values.get(start, ()):
            if value in spelt and name.rpartition(":")[2] in where.TAKE_IRIS and name in places:
                return places[name]
        for byte, pairs in reversed(self.values.items()):
            for name, value in reversed(pairs) if byte <= start else ():
                if name.startswith("xmlns") and value and iri.startswith(value):
                    return self._places(self._offset(byte)).get(name, at + 1)
        return at + 1

    def _named(self, said: str, start: int) -> int:
        """Where in the tag at a byte an attribute stands whose value, or else whose name, a message
        has; or the name of the element; or the text.
        """
        at = self._offset(start)
        if _TAG.match(self.text, at) is None:
            return at + len(self.text[at:]) - len(self.text[at:].lstrip())
        parts = [word.rstrip(">") for word in said.split()]
        words = {*parts, *(re.split("[#/:]", part)[-1] for part in parts)}
        places = self._places(at)
        has = [name for name, value in self.values.get(start, ()) if value in words]
        has += [name for name in places if name.rpartition(":")[2] in words]
        return next((places[name] for name in has if name in places), at + 1)

    def _places(self, start: int) -> dict[str, int]:
        """Where the values of the attributes of the tag at an offset stand, by their names."""
        tag = _TAG.match(self.text, start)
        found = where.ATTRIBUTE.finditer(tag[0], len(tag["name"] or "") + 1) if tag else ()
        return {m[1]: start + m.start(2 if m[2] is not None else 3) for m in found}

    def _relative(self, iri: str) -> None:
        ill = ill_iri(iri, "xml:base")
        words = where.elements(self.text, iris=True)
        spelt = next((word for word in (iri, *relative(iri, self.base)) if word in words), None)
        if ill is not None:
            self._blame(ill.what, words[spelt][0] if spelt is not None else None, ill.hint)

    def _blame(self, what: str, offset: int | None, hint: Wording | None = None) -> NoReturn:
        problem = say("rdf.not-format", format="RDF/XML", problem=what)
        raise SyntaxFault(problem, **self._place(offset), hint=hint) from None

    def _offset(self, byte: int | None = None) -> int:
        """The offset in the text of a byte, or of what is being read."""
        return len(self.source[: self.parser.CurrentByteIndex if byte is None else byte].decode())

    def _place(self, offset: int | None) -> dict[str, Any]:
        line, column = Lines(self.text).place(offset) if offset is not None else (None, None)
        return {"file": self.name, "line": line, "column": column}


class _Canonical:
    """The content of an XML literal, in Exclusive XML Canonicalization with comments, as section
    7.2.17 asks for.

    Attributes:
        depth: how many elements are open around its content.
        parts: what is written so far.
    """

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.parts: list[str] = []
        self.rendered: list[dict[str, str]] = [{}]

    def start(self, name: str, attributes: list[tuple[str, str]], scope: dict[str, str]) -> None:
        """An element; its namespaces are declared where they are first visibly used."""
        plain = [pair for pair in attributes if pair[0].partition(":")[0] != "xmlns"]
        keys = [key.rpartition(":")[0] for key, _ in plain if ":" in key]
        used = {name.rpartition(":")[0], *keys} - {"xml"}
        for prefix in used - scope.keys() - {""}:
            raise SyntaxError(f"Unknown prefix {prefix}:")
        known = self.rendered[-1]
        new = {
            prefix: scope.get(prefix, "")
            for prefix in sorted(used)
            if known.get(prefix, "") != scope.get(prefix, "")
        }
        self.rendered.append({**known, **new})
        pairs = [(f"xmlns:{key}" if key else "xmlns", value) for key, value in new.items()]
        xml = {"xml": "http://www.w3.org/XML/1998/namespace", **scope}
        pairs += sorted(plain, key=lambda pair: _expanded(pair[0], xml))
        written = "".join(f' {key}="{_escaped(value, _IN_VALUE)}"' for key, value in pairs)
        self.parts.append(f"<{name}{written}>")

    def end(self, name: str) -> None:
        """The element ends."""
        self.rendered.pop()
        self.parts.append(f"</{name}>")


class _Fed:
    """Pieces of XML as a file that is read piece by piece, each up to where the next one begins.

    Attributes:
        at: the number of the piece that was read last.
    """

    def __init__(self, pieces: list[str]) -> None:
        self.chunks = [
            piece.removeprefix("<") + "<" * after.startswith("<")
            for piece, after in pairwise([*pieces, ""])
        ]
        self.chunks[:1] = ["<" + chunk for chunk in self.chunks[:1]]
        self.at = -1
        self.rest = b""

    def read(self, size: int = -1) -> bytes:
        """As of a file."""
        if not self.rest and self.at + 1 < len(self.chunks):
            self.at += 1
            self.rest = self.chunks[self.at].encode()
        found = self.rest[:size]
        self.rest = self.rest[len(found) :]
        return found


def _expanded(name: str, scope: dict[str, str]) -> tuple[str, str]:
    prefix, _, local = name.rpartition(":")
    return scope[prefix] if prefix else "", local


def _escaped(text: str, how: dict[str, str]) -> str:
    if _MARKUP.search(text) is None:
        return text
    return _MARKUP.sub(lambda match: how.get(match[0], match[0]), text)
