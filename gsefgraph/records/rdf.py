"""Reading RDF that someone wrote: Turtle, TriG, N-Triples, N-Quads, JSON-LD, RDF/XML, web pages.

Nothing is fetched. A file is UTF-8, or XML in the encoding that it declares, and is what its suffix
says.
"""

from __future__ import annotations

import re
import sys
from codecs import BOM_UTF8
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple, parse

from gsefgraph.errors import InputError, SyntaxFault
from gsefgraph.rdf import formats, packed, tags
from gsefgraph.rdf.faults import beyond, ill_iri, refused, told
from gsefgraph.rdf.reading import AS_RECORDS, Reading, relative
from gsefgraph.rdf.tags import Tags
from gsefgraph.rdf.tree import Lines
from gsefgraph.records import typed, where
from gsefgraph.terms import XSD
from gsefgraph.wording import Wording, heard, say

if TYPE_CHECKING:
    from gsefgraph.records.values import Fault

Places: TypeAlias = Mapping[tuple[object, ...], tuple[int, int]]
_VERSION = re.compile(r"@?version\b\s*(?=[\"'])", re.I)
_DEEPEST = 100_000  # brackets within one another, each of which takes a parser 600 bytes
_TAG = re.compile(r"@[A-Za-z0-9-]*[A-Z]")


@dataclass(frozen=True)
class RecordFile:
    """Quads as a person wrote them, and where in the file each one stands.

    Attributes:
        name: the path as given, or ``<stdin>``.
        format: one of `formats.FORMATS`.
        quads: in the order written; those of no named graph are in the default graph.
        prefixes: the prefixes that the file declares.
        base: what relative IRIs were resolved against.
        notes: what a person should know of it.
        tags: the language tags that it writes with capital letters; in the quads all are small.
        places: line and column by subject, predicate and value, where the text is none of RDF.
        faults: what is wrong with such a text.
    """

    name: str
    format: str
    quads: tuple[Quad, ...]
    prefixes: dict[str, str]
    text: str = field(repr=False)
    base: str | None = None
    notes: tuple[Wording, ...] = ()
    tags: Tags = field(default_factory=dict, repr=False)
    places: Places | None = field(default=None, repr=False)
    faults: tuple[Fault, ...] = ()

    @property
    def written(self) -> list[Quad]:
        """The quads with their language tags as the file has them.

        >>> str(read("a.ttl", data=b'<a:s> <a:p> "x"@pt-BR .').written[0].object)
        '"x"@pt-BR'
        """
        return tags.restored([*self.quads], self.tags)

    def locate(
        self,
        subject: NamedNode | BlankNode | Triple,
        predicate: NamedNode | None = None,
        value: NamedNode | BlankNode | Literal | Triple | None = None,
    ) -> tuple[int, int] | None:
        """Line and column of a triple, else of its subject and predicate, else of its subject.

        For JSON-LD and RDF/XML, whose syntax the quads do not mirror, it is where the subject's
        name, and after it the value, first stand in the text. A node without a label is found by
        its bracket, or where its value stands once only.

        Returns:
            1-based line and column, or None when the subject does not stand in this file.

        >>> file = read("a.ttl", data=b"@prefix a: <a:> .\\n\\na:s a:p 1 .")
        >>> file.locate(NamedNode("a:s"), NamedNode("a:p"), Literal("1"))
        (3, 9)
        """
        if self.places is not None:
            paths = ((subject, predicate, value), (subject, predicate), (subject,))
            return next((self.places[path] for path in paths if path in self.places), None)
        offset = self._offset(subject, predicate, value)
        return None if offset is None else self._lines.place(offset)

    def locate_term(self) -> tuple[int, int] | None:
        """Line and column of the first triple term, or annotation, of RDF 1.2."""
        offset = None if self.format in formats.WHOLE else where.term(self.text)
        return None if offset is None else self._lines.place(offset)

    def _offset(
        self,
        subject: NamedNode | BlankNode | Triple,
        predicate: NamedNode | None,
        value: NamedNode | BlankNode | Literal | Triple | None,
    ) -> int | None:
        if self.format in formats.WHOLE:
            alone = isinstance(subject, BlankNode) and subject.value not in self.labels
            spelt = self._spellings(subject), self._spellings(value)
            return where.search(self._words, *spelt, alone=alone)
        name, found = self._name(subject), self._index.offsets
        if predicate is not None:
            if value is not None and not isinstance(value, Triple):
                form, kinds = self._name(value), [""]
                if isinstance(value, Literal) and value.language:
                    kinds = [f"@{value.language}"]
                elif isinstance(value, Literal) and value.datatype.value != f"{XSD}string":
                    kinds = [f"^^{value.datatype.value}", "^^"]  # a string may stand without one
                for key in (*(f"{form}{kind}" for kind in kinds), form):
                    exact = found.get((name, predicate.value, key))
                    if exact is not None:
                        return exact
            pair = found.get((name, predicate.value, None))
            if pair is not None:
                return pair
        return found.get((name, None, None))

    def _name(self, node: NamedNode | BlankNode | Literal | Triple) -> str:
        """What the index calls a node."""
        if isinstance(node, NamedNode | Literal):
            return node.value
        return self._brackets.get(node, str(node))  # type: ignore[arg-type]

    def _spellings(self, node: NamedNode | BlankNode | Literal | Triple | None) -> list[str]:
        if isinstance(node, BlankNode):
            return [str(node)]
        if not isinstance(node, NamedNode | Literal):
            return []
        written = [node.value]
        if isinstance(node, NamedNode):
            written += relative(node.value, self.base) if self.base else []
            written += [
                f"{prefix}:{node.value[len(namespace) :]}"
                for prefix, namespace in self.prefixes.items()
                if namespace and node.value.startswith(namespace)
            ]
        return written

    @cached_property
    def labels(self) -> frozenset[str]:
        """Labels of blank nodes that the text writes, and perhaps others that no node has."""
        return where.labels(self.text)

    @cached_property
    def _index(self) -> where.Index:
        return where.scan(self.text, self.base or "")

    @cached_property
    def _words(self) -> Mapping[str, Sequence[int]]:
        if self.format == "rdfxml":
            return where.elements(self.text)
        found = where.strings(self.text)
        return {word: [written.offset for written in places] for word, places in found.items()}

    @cached_property
    def _brackets(self) -> dict[BlankNode, str]:
        return where.brackets(self.quads, self._index, self.labels)

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)


def read(
    source: str | Path,
    *,
    data: bytes | None = None,
    format: str | None = None,  # noqa: A002
    reading: Reading = AS_RECORDS,
) -> RecordFile:
    """Read a file of RDF, or standard input for ``-``.

    Parameters:
        source: a path, or ``-``; with `data` only a name for messages.
        data: the content, where it is at hand already.
        format: a name of `formats.FORMATS`, when the suffix does not tell.
        reading: base, contexts and bound.

    Errors:
        InputError: no such file, not UTF-8, or not what its suffix says.
        SyntaxFault: with line and column.
        RefusedAccess: a context that would be fetched.

    >>> len(read("a.ttl", data=b"<a:s> <a:p> 1, 2 .").quads)
    2
    """
    name = "<stdin>" if str(source) == "-" else str(source)
    if data is None:
        data = _content(source, reading)
    text = _decode(data, name)
    chosen = formats.settle("-" if name == "<stdin>" else packed.inner(name), text, format)
    notes: list[Wording] = []
    prefixes: dict[str, str] = {}
    written: Tags = {}
    base = reading.base_of(name)
    try:
        short = chosen.name == "jsonld" and reading.entry is not None and typed.is_short(text)
        if chosen is formats.YAML or short:
            return typed.read(text, name, chosen.name, reading)
        if chosen.name == "jsonld":
            from gsefgraph.records import jsonld

            quads, prefixes, written = jsonld.read(text, name, reading, notes.append)
        elif chosen.name == "html":
            text, quads, written, base = _page(text, name, reading, notes)
        elif chosen.name == "rdfxml":
            from gsefgraph.records import rdfxml

            quads, prefixes, written = rdfxml.read(text, name, reading)
        else:
            check_version(text, name)
            check_depth(text, name)
            parser = parse(text.encode(), chosen.rdf, base_iri=base)
            quads = list(parser)
            written = where.tags(text) if _TAG.search(text) else {}
            prefixes = dict(parser.prefixes)
    except SyntaxError as error:
        row = re.split(r"\r\n|\r|\n", text)[error.lineno - 1] if error.lineno else ""
        raise fault(error, name, chosen.title, text, row) from None
    except ValueError as error:
        raise InputError(
            say("rdf.not-format", format=chosen.title, problem=error), file=name
        ) from None
    except MemoryError as error:
        raise beyond(error, name) from None
    if reading.own:
        named = Graphs(base, quads)
        if named.names:
            quads = list(map(named, quads))
            notes.append(say("rdf.graphs-named", file=name, count=len(named.names)))
    unique = tuple(dict.fromkeys(quads))
    if not unique:
        notes.append(say("rdf.no-triple", file=name))
    for note in notes:
        reading.note(note)
    file = RecordFile(name, chosen.name, unique, prefixes, text, base, tuple(notes), written)
    for quad in unique:
        check_quad(quad, name, file)
    return file


def _page(
    text: str, name: str, reading: Reading, notes: list[Wording]
) -> tuple[str, list[Quad], Tags, str | None]:
    """The JSON-LD of a web page, what it says, tags, and base; what else there is is told of."""
    from gsefgraph.records import html, jsonld

    page = html.read(text)
    base = page.base_of(reading.base_of(name))
    if base is not None and ill_iri(base) is not None:
        base = None  # a base that is itself relative, of a page without an address
    for kind, there in (("RDFa", page.rdfa), ("microdata", page.microdata)):
        if there:
            notes.append(say("rdf.page-unread", file=name, kind=kind))
    text = page.json(text)
    if not page.scripts:
        return text, [], {}, base
    quads, _, written = jsonld.read(text, name, replace(reading, base=base), notes.append)
    return text, quads, written, base


class Graphs:
    """Gives IRIs to the blank nodes that name graphs (RDF 1.1, section 3.5).

    Parameters:
        base: what the IRIs begin with.

    Attributes:
        names: the IRIs that have been given.

    >>> [quad] = parse(b"<a:s> <a:p> <a:o> _:g .", formats.FORMATS["nquads"].rdf)
    >>> Graphs("http://a.example/b")(quad).graph_name.value
    'http://a.example/b#graph-1'
    """

    def __init__(self, base: str | None, quads: Iterable[Quad] = ()) -> None:
        self._base = base or "urn:x-file:"
        self.names: dict[BlankNode, NamedNode] = {}
        for quad in quads:
            self._note(quad)

    def _note(self, quad: Quad) -> None:
        graph = quad.graph_name
        if isinstance(graph, BlankNode) and graph not in self.names:
            self.names[graph] = NamedNode(f"{self._base}#graph-{len(self.names) + 1}")

    def __call__(self, quad: Quad) -> Quad:
        """The quad with IRIs in the place of such nodes, as far as they are known."""
        self._note(quad)
        terms: list[Any] = [quad.subject, quad.predicate, quad.object, quad.graph_name]
        if not self.names or self.names.keys().isdisjoint(terms):
            return quad
        return Quad(*(self.names.get(term, term) for term in terms))


def check_quad(quad: Quad, name: str, file: RecordFile | None = None) -> None:
    """Refuse what RDF 1.1 does not have, and a graph without an IRI.

    Parameters:
        quad, name: as read, and of which file.
        file: tells the place; a file that is read as a stream has none.

    Errors:
        InputError.
    """
    if problem := refused(quad):
        what, hint = problem
        place = None
        if file is not None:
            place = file.locate_term() if isinstance(quad.object, Triple) else None
            place = place or file.locate(*quad.triple)
        line, column = place or (None, None)
        raise InputError(what, file=name, line=line, column=column, hint=hint)


def check_version(text: str, name: str) -> None:
    """Refuse a text of the Turtle family that declares its version, as RDF 1.2 has it.

    Parameters:
        text: the whole, or how it begins.
        name: of the file.

    Errors:
        InputError.
    """
    offset = where.term(text) if _VERSION.search(text) else None
    if offset is not None and (found := _VERSION.match(text, offset)):
        problem = say("rdf.version", version=found[0].rstrip())
        raise _refused_at(offset, text, name, problem, say("rdf.rdf-1-1"))


def check_depth(text: str, name: str) -> None:
    """Refuse a text of the Turtle family whose brackets would take a parser all memory.

    Parameters:
        text: the whole, or how it begins.
        name: of the file.

    Errors:
        InputError.

    >>> check_depth("(" * 100_001, "a.ttl")
    Traceback (most recent call last):
    gsefgraph.errors.InputError: a.ttl:1:100001: nested deeper than 100000 levels
    """
    offset = where.beyond(text, _DEEPEST)
    if offset is not None:
        raise _refused_at(offset, text, name, say("file.nested", depth=_DEEPEST))


def _refused_at(
    offset: int, text: str, name: str, problem: str, hint: str | None = None
) -> InputError:
    line, column = Lines(text).place(offset)
    return InputError(problem, file=name, line=line, column=column, hint=hint)


def _content(source: str | Path, reading: Reading) -> bytes:
    if str(source) == "-":
        return sys.stdin.buffer.read()
    return packed.content(Path(source), reading.bound)


_PACKED = {b"\x1f\x8b": ".gz", b"BZh": ".bz2", b"\xfd7zXZ": ".xz", b"PK\x03\x04": ".zip"}


def _decode(data: bytes, name: str) -> str:
    for head, suffix in _PACKED.items():
        if data.startswith(head):
            raise InputError(
                say("file.packed", suffix=suffix), file=name, hint=say("file.suffix", suffix=suffix)
            )
    if data[257:262] == b"ustar":
        raise InputError(say("file.tar"), file=name, hint=say("file.take-out"))
    marked = packed.marked(data)
    if marked or data.removeprefix(BOM_UTF8)[:5] == b"<?xml":
        from gsefgraph.records import rdfxml

        try:
            text = rdfxml.decoded(data)
        except (LookupError, UnicodeError) as error:
            raise InputError(
                say("file.encoding", problem=heard(error)), file=name, hint=say("file.save-utf8")
            ) from None
        if text is not None:
            return text
    if marked:
        what = say("file.utf", encoding=marked)
        raise InputError(what, file=name, hint=say("file.save-utf8"))
    data = data.removeprefix(BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        line, column = Lines(before).place(len(before))
        raise formats.foreign(name, data[:4].decode("latin-1")) or InputError(
            say("file.byte", byte=data[error.start]),
            file=name,
            line=line,
            column=column,
            hint=say("file.save-file-utf8"),
        ) from None
    if "\0" in text:
        line, column = Lines(text).place(text.index("\0"))
        raise InputError(
            say("file.nul"),
            file=name,
            line=line,
            column=column,
            hint=say("rdf.give-rdf"),
        )
    return text


def fault(error: SyntaxError, name: str, title: str, head: str, row: str) -> InputError:
    """What a parser of the Turtle family found wrong, in our words.

    Parameters:
        error: of the parser.
        name: of the file.
        title: of its format.
        head: how its text begins.
        row: the line that the error names.
    """
    foreign = formats.foreign(name, head)
    if foreign is not None:
        return foreign
    message, column, hint = told(error, row, title)
    promised = formats.of_file(packed.inner(name)) or name == "<stdin>"
    # Lines of N-Triples are none of N3, and what begins so and has no suffix may be anything.
    turtle = promised and title in ("Turtle", "TriG")
    if turtle and column is not None and formats.of_n3(row, column - 1, head, str(error.msg)):
        foreign = formats.n3(name)
        foreign.line, foreign.column = error.lineno, column
        return foreign
    if hint is None and not promised:
        hint = say("rdf.suffixes", suffixes=formats.SUFFIXES)
    return SyntaxFault(
        say("rdf.not-format", format=title, problem=message),
        file=name,
        line=error.lineno,
        column=column,
        hint=hint,
    )
