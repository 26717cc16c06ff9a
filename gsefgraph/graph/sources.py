"""Storing the text that records rest on, with what is stated of its document, in one step."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Quad

from gsefgraph import files
from gsefgraph.errors import AmbiguousName, UsageError
from gsefgraph.evidence.original import MOST, Original, of_file, read
from gsefgraph.graph.changing import Changed, check_writable
from gsefgraph.records.placement import document_graph
from gsefgraph.terms import FOREIGN, GSEF, SKOS, Names, is_iri, slug
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.evidence.drift import Drift
    from gsefgraph.graph.graph import Graph
    from gsefgraph.rdf.tree import Mapping, Node, Scalar
    from gsefgraph.records.rdf import RecordFile
    from gsefgraph.records.statements import Statements

_DIGEST: Final = NamedNode(f"{GSEF}textDigest")
_LANGUAGE: Final = NamedNode(f"{FOREIGN['dcterms']}language")
_SOURCE: Final = NamedNode(f"{FOREIGN['dcterms']}source")
_KIND: Final = NamedNode(f"{GSEF}kind")
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*")
_ADDRESS: Final = re.compile(r"https?://", re.I)
_PAGE: Final = Names().mint("kind", "web-page")
_NAMES: Final = tuple(NamedNode(f"{SKOS}{name}") for name in ("prefLabel", "altLabel"))


@dataclass(frozen=True, slots=True)
class About:
    """What a person says of a document.

    Attributes:
        title, slug: its name, and the end of its IRI; by default the title that it has itself.
        published: where it is published; by default the address that it is fetched from.
        issued, issued_by: when and by whom, as in records.
        licence: under which it may be used, or whose it is.
        language: of the text; by default what a page says of itself.
    """

    title: str = ""
    slug: str = ""
    published: str = ""
    issued: str = ""
    issued_by: str = ""
    licence: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """A text that was stored, or would be.

    Attributes:
        document: its IRI; label: its name.
        path: the file that holds it; characters: how many.
        added: what was added, and the report; of what is there already no file changes.
    """

    document: NamedNode
    label: str
    path: Path
    characters: int
    added: Changed


def store(
    graph: Graph, given: str, about: About, *, by: str | None = None, dry_run: bool = False
) -> Stored:
    """Store the text of a source, and state its document: both, or nothing.

    Parameters:
        graph: in memory, of a project that may be written.
        given: a web page, a PDF or a text: the path of a file, or an address of http or https.
        about: what is said of it.
        by: the name of who does it, for the history; by default git's user.name.
        dry_run: write nothing.

    Errors:
        UsageError: no project, no title, no language, or a document with another text. InputError:
        the original. EndpointError, QueryTimeout: an address. As `Graph.add`.

    >>> import tempfile
    >>> from gsefgraph.graph.beginning import begin
    >>> from gsefgraph.graph.graph import Graph
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     text = begin(Path(folder, "p"))[0].with_name("letter.txt")
    ...     _ = text.write_text("On 5 May 2024 the network met.", "utf-8")
    ...     with Graph.open(project=Path(folder, "p")) as graph:
    ...         stored = store(graph, str(text), About(title="Letter of May", language="en"))
    ...         stored.document.value, stored.path.read_text("utf-8"), stored.added.conforms
    ('https://example.org/p/id/doc/letter-of-may', 'On 5 May 2024 the network met.', True)
    """
    if graph.store != "memory:":
        raise UsageError(say("graph.files-need-project"), hint=say("cli.project-folder"))
    check_writable(graph.project, graph.data)
    original, address = _original(graph, given)
    if not about.slug and files.real(Path(given)).parent == files.real(graph.project.source_texts):
        about = replace(about, slug=Path(given).stem)  # it stands in its place already
    data = original.text.encode()
    with files.locked(graph.project.root):
        made = _Made(graph, about, original, address, hashlib.sha256(data).hexdigest())
        node, quads = made.node, made.quads()
        own = document_graph(node, graph.names).value.removeprefix(graph.names.prefixes["graph"])
        path = graph.project.source_texts / f"{own}.txt"
        made.refuse_other_text(path, data, given)
        record = made.record(given, quads)
        added = graph.changes.add(
            [record], graph.reading, beside={path: data}, by=by, dry_run=dry_run, kind="source"
        )
    return Stored(node, made.label, path, len(original.text), added)


def _original(graph: Graph, given: str) -> tuple[Original, str]:
    """What is named, and the address where it is published, if it is one."""
    if not _ADDRESS.match(given) or os.path.exists(given):
        return of_file(given), ""
    from gsefgraph.engine.download import download

    found = download(given, most=MOST)
    if found.address != given.partition("#")[0]:
        graph.warn(say("stored.led-on", address=given, target=found.address))
    return read(found.data, found.address, found.media_type, found.charset), given


class _Made:
    """The statements of a document, and which one it is.

    Parameters:
        digest: SHA-256 of the text.
    """

    def __init__(
        self, graph: Graph, about: About, original: Original, address: str, digest: str
    ) -> None:
        self._graph, self._about, self._original = graph, about, original
        self._digest, self._published = digest, about.published or address
        known = self._known()
        self._statements = self._entered(known)
        node = self._statements.document
        if node is None:  # what is wrong has been raised
            raise UsageError(say("stored.no-title"), hint=say("stored.give-title"))
        self.node = node

    @property
    def label(self) -> str:
        """What the document is called."""
        return next(
            (q.object.value for q in self._statements.quads if isinstance(q.object, Literal)
             and q.predicate.value.endswith("#prefLabel") and q.subject == self.node),
            None,
        ) or self._graph.resolver.label(self.node, self._graph.lang)  # fmt: skip

    def _holders(self, prop: NamedNode, value: NamedNode | Literal) -> list[NamedNode]:
        quads = self._graph.engine.lookup([(None, prop, value)])
        found = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
        return sorted((node for node in found if isinstance(node, NamedNode)), key=str)

    def _known(self) -> NamedNode | None:
        """The document that is meant, where the graph knows it by slug, text or address."""
        names = self._graph.names
        same = self._holders(_DIGEST, Literal(self._digest))
        wanted = None
        if self._about.slug:
            local = self._about.slug.removeprefix("id-doc:").removeprefix(names.prefixes["id-doc"])
            if not _SLUG.fullmatch(local):
                raise UsageError(say("stored.not-slug", slug=self._about.slug),
                                 hint=say("stored.a-slug", slug=slug(local)))  # fmt: skip
            wanted = NamedNode(f"{names.prefixes['id-doc']}{local}")
        if same and wanted not in (None, *same):
            there = names.compact(same[0].value)
            raise UsageError(say("stored.same-text", document=there),
                             hint=say("stored.use-that", document=there))  # fmt: skip
        if wanted is None and len(same) == 1:
            return same[0]
        if wanted is None and self._published:
            at = self._holders(_SOURCE, NamedNode(self._address()))
            return at[0] if len(at) == 1 else None
        return wanted

    def _address(self) -> str:
        if not _ADDRESS.match(self._published) or not is_iri(self._published):
            raise UsageError(say("download.not-address", address=self._published))
        return self._published

    def _has(self, node: NamedNode | None, prop: NamedNode) -> list[str]:
        quads = self._graph.engine.lookup([(node, prop, None)]) if node is not None else ()
        return sorted({q.object.value for q in quads if isinstance(q.object, Literal | NamedNode)})

    def _names(self, node: NamedNode | None) -> set[str]:
        return {text for prop in _NAMES for text in self._has(node, prop)}

    def _entered(self, known: NamedNode | None) -> Statements:
        """What a record in short form of the document states."""
        from gsefgraph.graph.entering import typing

        resolver = self._graph.resolver
        new = known is None or resolver.kind(known) is None
        spoken = self._has(known, _LANGUAGE)
        language = self._about.language or self._original.language or "".join(spoken[:1])
        title = self._about.title or (self._original.title if new else "")
        if new and not title:
            raise UsageError(say("stored.no-title"), hint=say("stored.give-title"))
        if not language:
            raise UsageError(say("stored.no-language"), hint=say("stored.give-language"))
        reading = typing(self._graph, self._graph.reading)
        if reading.entry is None:  # never: `typing` gives it one
            raise UsageError(say("entry.needs-graph"))
        entry = reading.entry("-")
        if known and not new and self._about.title and self._about.title not in self._names(known):
            self._graph.warn(say("stored.keeps-name", name=resolver.label(known)))
        page = self._original.form == "html" and self._published and resolver.kind(_PAGE)
        values = (
            ("document", title),
            ("id", self._graph.names.compact(known.value) if known is not None else ""),
            ("language", language),
            ("kind", _PAGE if page else ""),
            ("publishedAt", self._address() if self._published else ""),
            ("issued", self._about.issued),
            ("issuedBy", self._about.issued_by),
            ("rights", self._about.licence),
        )
        found: Statements = entry.statements(_record(values), language)[0]
        for fault in entry.faults:
            if fault.question:
                raise AmbiguousName(fault.message, hint=say("stored.tell", near=fault.hint or ""))
            raise UsageError(fault.message, hint=fault.hint)
        return found

    def quads(self) -> list[Quad]:
        """What is stated of the document; what is only taken for so gives way to what is known."""
        assumed = {_KIND} | (set() if self._about.language else {_LANGUAGE})
        known = {prop for prop in assumed if self._has(self.node, prop)}
        stated = [
            quad for quad in self._statements.quads
            if quad.subject != self.node or quad.predicate not in known
        ]  # fmt: skip
        return [*stated, Quad(self.node, _DIGEST, Literal(self._digest))]

    def refuse_other_text(self, path: Path, data: bytes, given: str) -> None:
        """Refuse to put a text in the place of another, in which quotes have their places."""
        other = path.exists() and files.content(path) != data
        if other and files.real(Path(given)) == files.real(path):
            raise UsageError(
                say("stored.not-tidy", file=str(files.seen(path))), hint=say("stored.move")
            )
        stated = self._has(self.node, _DIGEST)
        if other or any(digest != self._digest for digest in stated):
            compact = self._graph.names.compact(self.node.value)
            raise UsageError(
                say("stored.other-text", document=compact, file=str(files.seen(path))),
                hint=say("stored.compare", given=given, document=compact),
            )

    def record(self, given: str, quads: list[Quad]) -> RecordFile:
        """The statements, each in its graph."""
        from gsefgraph.records import placement
        from gsefgraph.records.rdf import RecordFile

        names = self._graph.names
        file = RecordFile(given, "yaml", tuple(quads), dict(names.prefixes), "", places={})
        placed = placement.place([file], names, document=self.node.value, engine=self._graph.engine)
        return RecordFile(given, "yaml", placed, dict(names.prefixes), "", places={})


def _record(values: tuple[tuple[str, str], ...]) -> Mapping:
    from gsefgraph.rdf.tree import Mapping, Scalar

    def entries() -> Iterator[tuple[Scalar, Node]]:
        for key, value in values:
            if value or key == "document":
                yield Scalar(key, 1, 1), Scalar(value, 1, 1, plain=not value)

    return Mapping(tuple(entries()), 1, 1)


def compare(graph: Graph, given: str, document: str | None = None) -> tuple[NamedNode, list[Drift]]:
    """What becomes of the quotes of a document in a new version of its text.

    Parameters:
        graph: any.
        given: the new version: a page, a PDF or a text, by the path of its file.
        document: name or IRI; by default the one whose slug the file is called by.

    Returns:
        The document, and its quotes with those of its parts, by place.

    Errors:
        UsageError: an address, or no document of the file's name. UnknownName, AmbiguousName. As
        `evidence.original.of_file`.

    >>> from gsefgraph.graph.graph import Graph
    >>> with Graph.open() as graph:
    ...     same = graph.project.source_texts / "gsef-advocacy-fr.txt"
    ...     {one.state for one in compare(graph, str(same))[1]}
    {'stands'}
    """
    from gsefgraph.evidence import Texts, passages, source_of
    from gsefgraph.evidence.drift import drift

    original = of_file(given)
    if document is not None:
        node = graph.resolver.resolve(document, kind=f"{GSEF}Document")
    else:
        stem = files.named(given).stem
        iri = f"{graph.names.prefixes['id-doc']}{stem}"
        if not is_iri(iri) or graph.resolver.kind(iri) is None:
            raise UsageError(say("drift.which", stem=stem), hint=say("drift.name-it"))
        node = NamedNode(iri)
    texts = Texts(graph.engine, graph.project.source_texts)
    source = source_of(graph.engine, texts, node)
    evidence = source.passages()
    found = passages(graph.engine, evidence)
    quoted = [passage for each in evidence for passage in found[each] if passage.evidence == each]
    return source.document, drift(quoted, original.text)
