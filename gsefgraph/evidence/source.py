"""A source as a whole: its text, every passage of it, and what it says that no term holds."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from gsefgraph.engine.base import Engine, rows
from gsefgraph.evidence.passages import PREFIXES, integer
from gsefgraph.evidence.texts import Texts
from gsefgraph.files import text as text_of
from gsefgraph.wording import Wording

_ROW = re.compile(r"\|\s*([0-9]{1,12})\s*\|\s*([0-9]{1,12})\s*\|(.*)\|\s*\Z")
_LARGEST = 16 * 2**20  # bytes of a list of what is left out


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a passage stands in its text.

    Attributes:
        start, end: code points, the end exclusive.
        evidence: the passage.
        language: of its words; empty where that is not known.
    """

    start: int
    end: int
    evidence: NamedNode
    language: str = ""


@dataclass(frozen=True, slots=True)
class Omission:
    """What a text says and no term of the model holds.

    Attributes:
        start, end: code points, the end exclusive.
        why: as the curator wrote it.
    """

    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text that the same passages and omissions hold.

    Attributes:
        start, end: code points, the end exclusive.
        mark: the shortest passage that holds it.
        omission: number, from 0, of the shortest omission that holds it.
    """

    start: int
    end: int
    mark: Mark | None = None
    omission: int | None = None


@dataclass(frozen=True)
class Source:
    """A document with a text.

    Attributes:
        document: whose text it is.
        parts: the documents inside it that have no text of their own.
        text: None where there is none, or it cannot be read; `trouble` then says why.
        digest: SHA-256 of the text; `stated`: the one that the graph gives; each may be empty.
        marks: where passages stand, in order; those whose words are not there are in `gone`.
        omissions: what is left out, in order.
        unplaced: passages without a place.
    """

    document: NamedNode
    parts: tuple[NamedNode, ...]
    text: str | None
    trouble: str | Wording
    digest: str
    stated: str
    marks: tuple[Mark, ...]
    gone: tuple[Mark, ...]
    unplaced: tuple[NamedNode, ...]
    omissions: tuple[Omission, ...]

    @property
    def language(self) -> str:
        """The language of most of its passages; empty where none says."""
        found = Counter(mark.language for mark in (*self.marks, *self.gone) if mark.language)
        return min(found, key=lambda tag: (-found[tag], tag)) if found else ""

    def passages(self) -> tuple[NamedNode, ...]:
        """All passages, by place; those without one last."""
        placed = sorted((*self.marks, *self.gone), key=_place)
        return (*(mark.evidence for mark in placed), *self.unplaced)


def source_of(engine: Engine, texts: Texts, document: NamedNode) -> Source:
    """The source that holds a document: its own text, or that of what it is part of.

    Parameters:
        engine: the graph.
        texts: its source texts.
        document: a document, or a part of one.

    >>> from gsefgraph.engine import connect
    >>> engine = connect("memory:")
    >>> engine.update('''PREFIX gsef: <https://w3id.org/gsefgraph/ontology#>
    ... INSERT DATA { GRAPH <urn:g> { <urn:e> a gsef:Evidence ; gsef:source <urn:doc> ;
    ...   gsef:quote "two"@en ; gsef:start 5 ; gsef:end 8 } }''')
    >>> texts = Texts(engine, {"urn:doc": "one, two"})
    >>> found = source_of(engine, texts, NamedNode("urn:doc"))
    >>> [(mark.start, mark.end) for mark in found.marks], found.language
    ([(5, 8)], 'en')
    """
    owner = texts.owner(document)
    text = texts.text(owner)
    parts = _parts(texts, owner)
    marks, gone, unplaced = _marks(engine, (owner, *parts), text)
    return Source(
        document=owner,
        parts=parts,
        text=text,
        trouble=texts.trouble.get(owner, ""),
        digest=texts.actual.get(owner, ""),
        stated=texts.digests.get(owner, "").lower(),
        marks=marks,
        gone=gone,
        unplaced=unplaced,
        omissions=_omissions(texts.path(owner), len(text or "")),
    )


def _parts(texts: Texts, owner: NamedNode) -> tuple[NamedNode, ...]:
    inside: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    for part, whole in texts.whole.items():
        inside[whole].append(part)
    found: dict[NamedNode, None] = {}
    waiting = [owner]
    while waiting:
        for part in inside.get(waiting.pop(), ()):
            if part != owner and part not in found and not texts.read(part):
                found[part] = None
                waiting.append(part)
    return tuple(sorted(found, key=str))


def _marks(
    engine: Engine, documents: Sequence[NamedNode], text: str | None
) -> tuple[tuple[Mark, ...], tuple[Mark, ...], tuple[NamedNode, ...]]:
    values = " ".join(map(str, documents))
    answers = rows(
        engine,
        f"""{PREFIXES} SELECT DISTINCT ?e ?start ?end ?quote WHERE {{
          VALUES ?doc {{ {values} }} ?e gsef:source ?doc
          OPTIONAL {{ ?e gsef:start ?start }} OPTIONAL {{ ?e gsef:end ?end }}
          OPTIONAL {{ ?e gsef:quote ?quote }} }}""",
    )
    stand: dict[NamedNode, Mark] = {}
    gone: dict[NamedNode, Mark] = {}
    unplaced: dict[NamedNode, None] = {}
    for evidence, one, two, quote in sorted(answers, key=str):
        if not isinstance(evidence, NamedNode):
            continue
        start, end = integer(one), integer(two)
        words = quote if isinstance(quote, Literal) else Literal("")
        if start is None or end is None or not 0 <= start < end:
            unplaced[evidence] = None
            continue
        mark = Mark(start, end, evidence, words.language or "")
        stands = text is not None and text[start:end] == words.value
        (stand if stands else gone).setdefault(evidence, mark)
    return (
        tuple(sorted(stand.values(), key=_place)),
        tuple(sorted((m for e, m in gone.items() if e not in stand), key=_place)),
        tuple(e for e in unplaced if e not in stand and e not in gone),
    )


def _omissions(path: Path | None, length: int) -> tuple[Omission, ...]:
    """What `<slug>.left-out.md` beside a text lists."""
    beside = path.with_suffix(".left-out.md") if path else None
    if beside is None or not beside.is_file() or beside.stat().st_size > _LARGEST:
        return ()
    found = []
    for line in text_of(beside).splitlines():
        row = _ROW.match(line)
        if row and (start := int(row[1])) < (end := int(row[2])) <= length:
            found.append(Omission(start, end, row[3].rpartition("|")[2].strip()))
    return tuple(sorted(found, key=lambda each: (each.start, each.end, each.why)))


def _place(mark: Mark) -> tuple[int, int, str]:
    return mark.start, mark.end, mark.evidence.value


def segments(
    marks: Sequence[Mark], omissions: Sequence[Omission], start: int, end: int
) -> list[Segment]:
    """A stretch of text in pieces, at each place where a passage or an omission begins or ends.

    Parameters:
        marks, omissions: of the text, each in order.
        start, end: the stretch, in code points.

    >>> marks = [Mark(0, 9, NamedNode("urn:long")), Mark(2, 4, NamedNode("urn:short"))]
    >>> [(s.start, s.end, s.mark and s.mark.end) for s in segments(marks, [], 0, 12)]
    [(0, 2, 9), (2, 4, 4), (4, 9, 9), (9, 12, None)]
    """
    marks = [mark for mark in marks if mark.start < end and mark.end > start]
    spans = [(mark.start, mark.end) for mark in marks]
    without = [(omission.start, omission.end) for omission in omissions]
    places = {place for span in (*spans, *without) for place in span}
    ordered = sorted({start, end, *(place for place in places if start < place < end)})
    shortest, left = _shortest(spans, ordered), _shortest(without, ordered)
    return [
        Segment(
            one,
            two,
            marks[at] if (at := shortest[number]) is not None else None,
            left[number],
        )
        for number, (one, two) in enumerate(pairwise(ordered))
    ]


def _shortest(spans: Sequence[tuple[int, int]], cuts: Sequence[int]) -> list[int | None]:
    """For the stretch after each cut the shortest span that holds it; spans by their start."""
    found: list[int | None] = []
    open_: list[tuple[int, int]] = []  # length and number
    following = 0
    for cut in cuts:
        while following < len(spans) and spans[following][0] <= cut:
            one, two = spans[following]
            heappush(open_, (two - one, following))
            following += 1
        while open_ and spans[open_[0][1]][1] <= cut:
            heappop(open_)
        found.append(open_[0][1] if open_ else None)
    return found
