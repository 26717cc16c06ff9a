"""Source texts, and the faults that they and the evidence in them can have."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode

from gsefgraph.engine.base import Engine, rows
from gsefgraph.errors import reason
from gsefgraph.evidence.passages import PREFIXES
from gsefgraph.wording import say


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
    """Source texts by document, each read once."""

    def __init__(self, engine: Engine, sources: Path | Mapping[str, str]) -> None:
        self.sources = sources
        self.held: dict[NamedNode, bytes] = {}
        self.trouble: dict[NamedNode, str] = {}
        self.digests: dict[NamedNode, str] = {}
        self.whole: dict[NamedNode, NamedNode] = {}
        found = rows(
            engine,
            f"""{PREFIXES} SELECT DISTINCT ?doc ?digest ?whole WHERE {{
              {{ ?doc gsef:textDigest ?digest }} UNION {{ ?doc dcterms:isPartOf ?whole }} }}""",
        )
        for doc, digest, whole in sorted(found, key=str):
            if isinstance(doc, NamedNode) and isinstance(digest, Literal):
                self.digests[doc] = digest.value
            elif isinstance(doc, NamedNode) and isinstance(whole, NamedNode):
                self.whole[doc] = whole

    def owner(self, document: NamedNode) -> NamedNode:
        """The document whose text holds this one: itself, or the nearest whole that has a text."""
        seen: list[NamedNode] = []
        at: NamedNode | None = document
        while at is not None and at not in seen:
            if self.read(at):
                return at
            seen.append(at)
            at = self.whole.get(at)
        return document

    def read(self, document: NamedNode) -> bool:
        """Whether there is a text of this very document, readable or not."""
        if document in self.held or document in self.trouble:
            return True
        if isinstance(self.sources, Mapping):
            text = self.sources.get(document.value)
            if text is not None:
                self.held[document] = text.encode("utf-8", "surrogatepass")
            return text is not None
        path = self.path(document)
        if path is None or not path.exists():
            return False
        try:
            self.held[document] = path.read_bytes()
            self.held[document].decode("utf-8")
        except OSError as error:
            self.trouble[document] = reason(error)
        except UnicodeDecodeError as error:
            del self.held[document]
            self.trouble[document] = say("evidence.byte", byte=error.start, reason=error.reason)
        return True

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
        data = self.held.get(self.owner(document))
        return None if data is None else data.decode("utf-8", "surrogatepass")

    def faults(self, documents: Iterable[NamedNode]) -> Iterator[Fault]:
        """What is wrong with the texts of documents, and of those that have a digest."""
        counts: dict[NamedNode, int] = defaultdict(int)
        for document in documents:
            counts[self.owner(document)] += 1
        for owner in {*counts, *self.digests}:
            values = {"count": counts[owner], "trouble": self.trouble.get(owner, "")}
            code = ""
            if not self.read(owner):
                code = "source"
            elif owner in self.trouble:
                code = "unreadable"
            elif owner in self.digests:
                actual = hashlib.sha256(self.held[owner]).hexdigest()
                if actual != self.digests[owner].lower():
                    code = "digest"
                    values |= {"actual": actual, "stated": self.digests[owner]}
            if code:
                message = say(f"evidence.{code}", **values).texts()
                yield Fault(code, None, owner, message, file=self.file(owner))
