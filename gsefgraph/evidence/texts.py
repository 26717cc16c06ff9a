"""Source texts, and the faults that they and the evidence in them can have."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import Any

from pyoxigraph import Literal, NamedNode

from gsefgraph.engine.base import Engine, rows
from gsefgraph.errors import reason
from gsefgraph.evidence.passages import PREFIXES, Passage
from gsefgraph.terms import Term
from gsefgraph.wording import say

IS_PART_OF = NamedNode("http://purl.org/dc/terms/isPartOf")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a piece of evidence or with a source text.

    Attributes:
        code: which fault: one of the keys of the table ``evidence`` in `texts/`.
        evidence: the node; None where the fault is the document's.
        document: the document; None where the node names none.
        message: language (en, fr, es) -> what is wrong and what would be right.
        file: the text's file, where it is one.
        line, column: where the passage should stand, from 1.
        found: start and end of the only other place that holds the quote.
    """

    code: str
    evidence: NamedNode | None
    document: NamedNode | None
    message: Mapping[str, str] = field(hash=False)
    file: str | None = None
    line: int | None = None
    column: int | None = None
    found: tuple[int, int] | None = None

    def to_text(self, lang: str) -> str:
        """Place and message in one line, in a language (English where it lacks that one)."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        about = self.evidence or self.document
        parts = (place, f"<{about.value}>" if about else "", self.message.get(lang, ""))
        message = parts[2] or self.message["en"]
        return ": ".join(part for part in (*parts[:2], " ".join(message.split())) if part)

    def to_json(self) -> dict[str, Any]:
        """The fault as plain values; what it lacks is null."""
        return {
            "code": self.code,
            "evidence": self.evidence.value if self.evidence else None,
            "document": self.document.value if self.document else None,
            "message": dict(self.message),
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "found": list(self.found) if self.found else None,
        }


def locate(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of an offset in a text.

    Parameters:
        text: the source text.
        offset: in code points; past the end counts as the end.

    >>> locate("Le GSEF\\na été créé", 10)
    (2, 3)
    """
    before = text[:offset]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


class Texts:
    """Source texts by document, each read once.

    Parameters:
        engine: says which document is part of which.
        sources: the folder of the source texts, or document IRI -> text.
        most: characters that are kept; a text beyond them is read again when it is asked for.
        parts: documents that the graph does not know, with what each is part of.

    Attributes:
        trouble: why a text cannot be read.
        actual: SHA-256 of those that can.

    Threads may share it.
    """

    def __init__(
        self,
        engine: Engine,
        sources: Path | Mapping[str, str],
        most: float = float("inf"),
        parts: Mapping[NamedNode, NamedNode] | None = None,
    ) -> None:
        self.sources = sources
        self.trouble: dict[NamedNode, str] = {}
        self.actual: dict[NamedNode, str] = {}
        self._engine = engine
        self._above: dict[NamedNode, NamedNode | None] = {**(parts or {})}
        self._held: dict[NamedNode, str] = {}
        self._most = most
        self._lock = RLock()

    @cached_property
    def digests(self) -> Mapping[NamedNode, str]:
        """What the graph says that the digests are."""
        return {
            doc: digest.value
            for doc, digest in self._pairs("gsef:textDigest")
            if isinstance(digest, Literal)
        }

    @cached_property
    def whole(self) -> Mapping[NamedNode, NamedNode]:
        """What each document is part of."""
        pairs = self._pairs("dcterms:isPartOf")
        return {doc: whole for doc, whole in pairs if isinstance(whole, NamedNode)}

    def _pairs(self, prop: str) -> Iterator[tuple[NamedNode, Term | None]]:
        found = rows(self._engine, f"{PREFIXES} SELECT DISTINCT ?doc ?o WHERE {{ ?doc {prop} ?o }}")
        for doc, value in sorted(found, key=str):
            if isinstance(doc, NamedNode):
                yield doc, value

    def owner(self, document: NamedNode) -> NamedNode:
        """The document whose text holds this one: itself, or the nearest whole that has a text."""
        seen: list[NamedNode] = []
        at: NamedNode | None = document
        while at is not None and at not in seen:
            if self.read(at):
                return at
            seen.append(at)
            at = self._whole(at)
        return document

    def _whole(self, document: NamedNode) -> NamedNode | None:
        """What one document is part of: asked for alone, since a graph may have very many."""
        if document not in self._above:
            found = self._engine.lookup([(document, IS_PART_OF, None)])
            wholes = [quad.object for quad in found if isinstance(quad.object, NamedNode)]
            self._above[document] = max(wholes, key=str, default=None)
        return self._above[document]

    def read(self, document: NamedNode) -> bool:
        """Whether there is a text of this very document, readable or not."""
        with self._lock:
            if document not in self._held and document not in self.trouble:
                self._read(document)
            return document in self._held or document in self.trouble

    def _read(self, document: NamedNode) -> None:
        path = self.path(document)
        try:
            if isinstance(self.sources, Mapping):
                given = self.sources.get(document.value)
                if given is None:
                    return
                data = given.encode("utf-8", "surrogatepass")
            elif path is None or not path.exists():
                return
            else:
                data = path.read_bytes()
                given = data.decode("utf-8")
        except OSError as error:
            self.trouble[document] = reason(error)
            return
        except UnicodeDecodeError as error:
            self.trouble[document] = say("evidence.byte", byte=error.start, reason=error.reason)
            return
        self.actual[document] = hashlib.sha256(data).hexdigest()
        self._held[document] = given
        while len(self._held) > 1 and sum(map(len, self._held.values())) > self._most:
            del self._held[next(iter(self._held))]

    def path(self, document: NamedNode) -> Path | None:
        """Where the text of this very document stands in the folder of sources."""
        slug = document.value.rpartition("/id/doc/")[2]
        if isinstance(self.sources, Path) and re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", slug):
            return self.sources / f"{slug}.txt"
        return None

    def file(self, document: NamedNode) -> str | None:
        """The name of the file that holds, or should hold, the text."""
        path = self.path(self.owner(document))
        return str(path) if path else None

    def text(self, document: NamedNode) -> str | None:
        """The text that holds a document; None where it is absent or unreadable."""
        with self._lock:
            return self._held.get(self.owner(document))

    def missing(self, passage: Passage) -> str:
        """Whether the words of a passage are ``gone`` from their text, or ``moved`` inside it.

        Returns:
            Empty where they stand, and where there is no text to tell.

        >>> from gsefgraph.engine import connect
        >>> doc = NamedNode("urn:doc")
        >>> texts = Texts(connect("memory:"), {"urn:doc": "one, two"})
        >>> [texts.missing(Passage(doc, doc, 0, 3, quote, "")) for quote in ("one", "two", "six")]
        ['', 'moved', 'gone']
        """
        text = self.text(passage.document) if passage.document else None
        if text is None:
            return ""
        start, end = passage.start, passage.end
        placed = start is not None and end is not None and 0 <= start < end
        if placed and text[start:end] == passage.quote:
            return ""
        if passage.quote not in text:
            return "gone"
        return "moved" if placed else ""

    def faults(
        self, documents: Iterable[NamedNode], digests: Mapping[NamedNode, str] | None = None
    ) -> Iterator[Fault]:
        """What is wrong with the texts of documents, and of those that have a digest.

        Parameters:
            digests: those, by document; what the graph says by default.
        """
        stated = self.digests if digests is None else digests
        counts: dict[NamedNode, int] = defaultdict(int)
        for document in documents:
            counts[self.owner(document)] += 1
        for owner in {*counts, *stated}:
            values = {"count": counts[owner], "trouble": self.trouble.get(owner, "")}
            code = ""
            if not self.read(owner):
                code = "source"
            elif owner in self.trouble:
                code = "unreadable"
            elif stated.get(owner, self.actual[owner]).lower() != self.actual[owner]:
                code = "digest"
                values |= {"actual": self.actual[owner], "stated": stated[owner]}
            if code:
                message = say(f"evidence.{code}", **values).texts()
                yield Fault(code, None, owner, message, file=self.file(owner))
