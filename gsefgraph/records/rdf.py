"""Reading RDF that someone wrote: Turtle, TriG, N-Triples, N-Quads, JSON-LD, RDF/XML.

Nothing is fetched: a remote JSON-LD context is refused, and so are document type declarations in
RDF/XML, whose entities can expand without bound. A file is UTF-8 and is what its suffix says.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple, parse

from gsefgraph import files
from gsefgraph.errors import InputError, RefusedAccess, SyntaxFault
from gsefgraph.rdf import formats
from gsefgraph.rdf.faults import refused, told
from gsefgraph.records import where
from gsefgraph.terms import ONTOLOGY, OWL, XSD
from gsefgraph.wording import say

MAX_JSON_DEPTH = 100  # pyoxigraph's JSON-LD reader dies at about 4,000

_IMPORTS = f"{OWL}imports"
_DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)\b", re.I)
_BAD_IRI_IN = re.compile(r"IRI '([^']*)'")


@dataclass(frozen=True)
class RecordFile:
    """Quads as a person wrote them, and where in the file each one stands.

    Attributes:
        name: the path as given, or ``<stdin>``.
        format: one of `formats.FORMATS`.
        quads: in the order written; those of no named graph are in the default graph.
        prefixes: the prefixes that the file declares.
    """

    name: str
    format: str
    quads: tuple[Quad, ...]
    prefixes: dict[str, str]
    text: str = field(repr=False)

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
        offset = self._offset(subject, predicate, value)
        return None if offset is None else self._lines.place(offset)

    def _offset(
        self,
        subject: NamedNode | BlankNode | Triple,
        predicate: NamedNode | None,
        value: NamedNode | BlankNode | Literal | Triple | None,
    ) -> int | None:
        if self.format in ("jsonld", "rdfxml"):
            alone = isinstance(subject, BlankNode) and subject.value not in self.labels
            words = self._spellings(subject), self._spellings(value)
            return where.search(self.text, *words, alone=alone)
        name, found = self._name(subject), self._index.offsets
        if predicate is not None:
            if value is not None and not isinstance(value, Triple):
                form, tags = self._name(value), [""]
                if isinstance(value, Literal) and value.language:
                    tags = [f"@{value.language}"]
                elif isinstance(value, Literal) and value.datatype.value != f"{XSD}string":
                    tags = [f"^^{value.datatype.value}", "^^"]  # a string may stand without one
                for key in (*(f"{form}{tag}" for tag in tags), form):
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
            return [f'nodeID="{node.value}"', f"nodeID='{node.value}'", str(node)]
        if not isinstance(node, NamedNode | Literal):
            return []
        written = [node.value, json.dumps(node.value, ensure_ascii=False)[1:-1]]
        if isinstance(node, NamedNode):
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
        return where.scan(self.text)

    @cached_property
    def _brackets(self) -> dict[BlankNode, str]:
        return where.brackets(self.quads, self._index, self.labels)

    @cached_property
    def _lines(self) -> where.Lines:
        return where.Lines(self.text)


def read(
    source: str | Path,
    *,
    data: bytes | None = None,
    format: str | None = None,  # noqa: A002
    base: str | None = None,
    imports: bool = False,
) -> RecordFile:
    """Read a file of RDF, or standard input for ``-``.

    Parameters:
        source: a path, or ``-``; with `data` only a name for messages.
        data: the content, where it is at hand already.
        format: a name of `formats.FORMATS`, when the suffix does not tell.
        base: what relative IRIs are resolved against; without it they are an error.
        imports: whether owl:imports may stand; it is never followed.

    Errors:
        InputError: no such file, not UTF-8, or not what its suffix says.
        SyntaxFault: with line and column.
        RefusedAccess: a remote context, owl:imports of what does not come with the package, or a
            document type declaration.

    >>> len(read("a.ttl", data=b"<a:s> <a:p> 1, 2 .").quads)
    2
    """
    name = "<stdin>" if str(source) == "-" else str(source)
    if data is None:
        data = _content(source, name)
    text = _decode(data, name)
    chosen = formats.settle("-" if name == "<stdin>" else name, text, format)
    if chosen.name == "jsonld":
        _check_json(text, name)
    if chosen.name == "rdfxml":
        _check_xml(text, name)
    try:
        parser = parse(text.encode(), chosen.rdf, base_iri=base)
        quads = tuple(dict.fromkeys(parser))
        prefixes = dict(parser.prefixes)
    except SyntaxError as error:
        raise _fault(error, name, text, chosen.title) from None
    except ValueError as error:
        raise InputError(
            say("rdf.not-format", format=chosen.title, problem=error), file=name
        ) from None
    if chosen.name == "jsonld":
        prefixes = _json_prefixes(text)
    file = RecordFile(name, chosen.name, quads, prefixes, text)
    for quad in quads:
        check_quad(quad, name, file, imports=imports)
    return file


def check_quad(
    quad: Quad, name: str, file: RecordFile | None = None, *, imports: bool = False
) -> None:
    """Refuse what RDF 1.1 does not have, a graph without an IRI, and an import from elsewhere.

    Parameters:
        quad, name: as read, and of which file.
        file: tells the place; a file that is read as a stream has none.
        imports: whether owl:imports may stand.

    Errors:
        InputError, RefusedAccess.
    """
    kind: type[InputError | RefusedAccess] = InputError
    if problem := refused(quad):
        what, hint = problem
    elif quad.predicate.value == _IMPORTS and not imports and not _at_hand(quad.object):
        kind, what = RefusedAccess, say("rdf.imports", ontology=quad.object)
        hint = say("rdf.give-imported")
    else:
        return
    place = file.locate(*quad.triple) if file else None
    line, column = place or (None, None)
    raise kind(what, file=name, line=line, column=column, hint=hint)


def _at_hand(imported: object) -> bool:
    """Whether an ontology, or a version of it, comes with the package."""
    iri = imported.value if isinstance(imported, NamedNode) else ""
    return iri == ONTOLOGY or iri.startswith(f"{ONTOLOGY}/")


def _content(source: str | Path, name: str) -> bytes:
    if name == "<stdin>":
        return sys.stdin.buffer.read()
    return files.content(Path(source))


def _decode(data: bytes, name: str) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(say("file.utf16"), file=name, hint=say("file.save-utf8"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        line, column = where.Lines(before).place(len(before))
        raise InputError(
            say("file.byte", byte=data[error.start]),
            file=name,
            line=line,
            column=column,
            hint=say("file.save-file-utf8"),
        ) from None
    if "\0" in text:
        line, column = where.Lines(text).place(text.index("\0"))
        raise InputError(
            say("file.nul"),
            file=name,
            line=line,
            column=column,
            hint=say("rdf.give-rdf"),
        )
    return text


def _fault(error: SyntaxError, name: str, text: str, title: str) -> SyntaxFault:
    line = error.lineno
    row = ""
    if line is not None and "IRI code point" in str(error):
        row = re.split(r"\r\n|\r|\n", text)[line - 1]
    message, column, hint = told(error, row)
    if line is None:
        bad = _BAD_IRI_IN.search(message)
        offset = text.find(bad[1]) if bad else -1
        if offset >= 0:
            line, column = where.Lines(text).place(offset)
    if hint is None and name != "<stdin>" and formats.of_file(name) is None:
        hint = say("rdf.suffixes", suffixes=formats.SUFFIXES)
    return SyntaxFault(
        say("rdf.not-format", format=title, problem=message),
        file=name,
        line=line,
        column=column,
        hint=hint,
    )


def _check_xml(text: str, name: str) -> None:
    found = _DOCTYPE.search(text)
    if found:
        line, column = where.Lines(text).place(found.start())
        raise RefusedAccess(
            say("rdf.doctype"),
            file=name,
            line=line,
            column=column,
            hint=say("rdf.xmlns"),
        )


def _check_json(text: str, name: str) -> None:
    depth = 0
    for match in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text, re.S):
        if match[0] in "[{":
            depth += 1
        elif match[0] in "]}":
            depth -= 1
        if depth > MAX_JSON_DEPTH:
            line, column = where.Lines(text).place(match.start())
            raise InputError(
                say("file.nested", depth=MAX_JSON_DEPTH), file=name, line=line, column=column
            )
    try:
        # Numbers stay text: those of thousands of digits are not to be computed.
        document = json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        raise SyntaxFault(
            say("file.not-json", problem=error.msg),
            file=name,
            line=error.lineno,
            column=error.colno,
        ) from None
    for remote in _remote_contexts(document):
        line, column = where.Lines(text).place(max(text.find(json.dumps(remote)), 0))
        raise RefusedAccess(
            say("rdf.context-fetched", remote=remote),
            file=name,
            line=line,
            column=column,
            hint=say("rdf.inline-context"),
        )


def _remote_contexts(node: Any, *, context: bool = False) -> list[str]:
    """The addresses that a JSON-LD processor would fetch (JSON-LD 1.1, sections 3.1 and 4.1.10)."""
    if isinstance(node, str):
        return [node] if context else []
    if isinstance(node, list):
        return [found for item in node for found in _remote_contexts(item, context=context)]
    if not isinstance(node, dict):
        return []
    found: list[str] = []
    for key, value in node.items():
        if key == "@import" and isinstance(value, str):
            found.append(value)
        else:
            found += _remote_contexts(value, context=key == "@context")
    return found


def _json_prefixes(text: str) -> dict[str, str]:
    document = json.loads(text, parse_int=str, parse_float=str)
    context = document.get("@context") if isinstance(document, dict) else None
    entries = context if isinstance(context, list) else [context]
    return {
        key: value
        for entry in entries
        if isinstance(entry, dict)
        for key, value in entry.items()
        if isinstance(value, str) and not key.startswith("@") and value[-1:] in "/#"
    }
