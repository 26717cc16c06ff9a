"""The table of an answer: heads that sort, a page of rows, and the notes that they refer to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from gsefgraph.answers.answer import Answer
from gsefgraph.answers.dates import words
from gsefgraph.answers.pictures.period import KINDS
from gsefgraph.answers.rows import Row, is_number, python
from gsefgraph.evidence import Passage, passages
from gsefgraph.graph import asking
from gsefgraph.graph.pages.around import Around
from gsefgraph.graph.pages.sentences import statement
from gsefgraph.graph.words import plain
from gsefgraph.queries.catalogue import StoredQuery
from gsefgraph.terms import GSEF, XSD, Value, fold
from gsefgraph.web.addresses import outside
from gsefgraph.web.shown import Asked, Link
from gsefgraph.wording import number, say

ROWS: Final = 100
"""Rows of a page."""
_QUOTES, _CROWDED = 3, 60  # passages of a row; of a page, beyond which each row has one
_QUOTE: Final = NamedNode(f"{GSEF}quote")
_REASONS: Final = ("rationale", "objection")
_STANCES: Final = {
    f"{GSEF}stated": "stated",
    f"{GSEF}curated": "concluded",
    f"{GSEF}suggested": "suggested",
}


@dataclass(frozen=True)
class Head:
    """The head of a column.

    Attributes:
        text: its words; href: the same answer sorted by it.
        sorted: ``ascending`` or ``descending``; empty where the order is another.
        thing: whether its cells name their rows.
        narrow: whether they are numbers or dates.
    """

    text: str
    href: str
    sorted: str
    thing: bool
    narrow: bool


@dataclass(frozen=True)
class Cell:
    """One value.

    Attributes:
        text: in words; lang: of the words, where it is not the page's.
        href: the page of a thing; code: the number of a goal.
        datetime: of a date; whole: whether that is the date of the whole.
        stance: stated, concluded or suggested.
        quote: whether the words are a source's; passage: which of its passages they are.
    """

    text: str = ""
    lang: str = ""
    href: str = ""
    code: str = ""
    datetime: str = ""
    whole: bool = False
    stance: str = ""
    quote: bool = False
    passage: Passage | None = None


@dataclass(frozen=True)
class Mark:
    """A number beside a row that leads to a note; ``first`` where the note leads back to it."""

    number: int
    first: bool


@dataclass(frozen=True)
class Line:
    """One row: its cells, the marks of its notes, and where the words are that have none."""

    cells: tuple[Cell, ...]
    marks: tuple[Mark, ...] = ()
    more: Link | None = None


@dataclass(frozen=True)
class Note:
    """What rows rest on: a reason with its objection and the words it is drawn from, or words.

    Attributes:
        number: as in the table.
        reason, objection: of a curator; lang: theirs.
        passages: of sources.
    """

    number: int
    reason: str
    objection: str
    lang: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Table:
    """A page of an answer's rows.

    Attributes:
        heads, lines: what is shown.
        count: of all rows; first, last: of those shown.
        before, after: addresses of the pages beside; empty where there is none.
        notes: what the rows shown rest on.
    """

    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    count: int
    first: int
    last: int
    before: str
    after: str
    notes: tuple[Note, ...]


def of(asked: Asked, query: StoredQuery, answer: Answer, given: Mapping[str, str]) -> Table:
    """The table of an answer.

    Parameters:
        asked: its ``sort`` is a column, with ``-`` before it from the last to the first; its
            ``page`` counts from 1.
        query, answer: what was asked, and all rows of its answer.
        given: parameters, for the addresses of other pages.
    """
    columns = [name for name in answer.columns if name not in answer.hidden]
    whole = {name: f"whole_{name}" for name in columns if f"whole_{name}" in columns}
    columns = [c for c in columns if c not in whole.values() and c not in _REASONS]
    place = {name: answer.columns.index(name) for name in answer.columns}

    def term(row: Row, name: str) -> Value | None:
        found = row[place[name]]
        return row[place[whole[name]]] if found is None and name in whole else found

    by = asked.values.get("sort", "")
    name, down = by.removeprefix("-"), by.startswith("-")
    rows = list(answer.rows)
    if name in columns:
        bound = [row for row in rows if term(row, name) is not None]
        bound.sort(key=lambda row: _key(answer, term(row, name)), reverse=down)
        rows = bound + [row for row in rows if term(row, name) is None]
    else:
        name = by = ""
    pages = max(-(-len(rows) // ROWS), 1)
    page = asked.page(pages)
    first = (page - 1) * ROWS
    some = tuple(rows[first : first + ROWS])
    shown = replace(answer, rows=some)
    # A table that quotes has the words already.
    if query.evidence and "quote" not in columns:
        shown = asking.with_evidence(shown, query, asked.graph.engine)
    iris = {t.value for row in some for t in row if isinstance(t, NamedNode)}
    names = _names(asked, sorted(iris))
    quoted = _quoted(asked, answer, some)
    notes = _Notes(asked, query, shown, names)
    thing = next(
        (c for c in columns if any(isinstance(row[place[c]], NamedNode) for row in some)), ""
    )
    thing = thing or (columns[0] if columns else "")
    lines = []
    for index, row in enumerate(some):
        cells = tuple(
            replace(
                _cell(asked, term(row, c), names),
                whole=c in whole and row[place[c]] is None and term(row, c) is not None,
                quote=c == "quote",
                passage=quoted.get(index) if c == "quote" else None,
            )
            for c in columns
        )
        lines.append(Line(cells, *notes.of(index)))

    def address(**extra: str | int | None) -> str:
        return asked.to.question(query.name, **{**given, **extra})

    heads = tuple(
        Head(
            text=answer.head(c),
            href=address(sort=f"-{c}" if c == name and not down else c),
            sorted=("descending" if down else "ascending") if c == name else "",
            thing=c == thing,
            narrow=all(_narrow(term(row, c)) for row in some),
        )
        for c in columns
    )
    return Table(
        heads=heads,
        lines=tuple(lines),
        count=len(rows),
        first=min(first + 1, len(rows)),
        last=first + len(some),
        before=address(sort=by or None, page=page - 1 if page > 2 else None) if page > 1 else "",
        after=address(sort=by or None, page=page + 1) if page < pages else "",
        notes=notes.all(),
    )


def _key(answer: Answer, term: Value | None) -> tuple[int, float, str]:
    if term is not None and is_number(term):
        value = python(term)
        if isinstance(value, str):
            return 1, 0.0, value
        return 0, float(value), ""  # type: ignore[arg-type]
    if isinstance(term, Literal) and term.datatype.value in KINDS:
        return 0, 0.0, term.value
    return 1, 0.0, fold(answer.text_of(term))


def _narrow(term: Value | None) -> bool:
    if term is None:
        return True
    return is_number(term) or (isinstance(term, Literal) and term.datatype.value in KINDS)


def _names(asked: Asked, iris: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    """What things are called, each with its language; a node between things by its sentence."""
    graph, lang = asked.graph, asked.lang
    names = graph.resolver.tagged(iris, lang)
    bare = [NamedNode(iri) for iri in iris if names[iri][0] == graph.names.compact(iri)]
    if not bare:
        return names
    around = Around(graph.engine, graph.resolver, bare[0], lang)
    around.hold(bare, quoted=False)
    told = {node.value: plain(statement(around, node)) for node in bare}
    return {**names, **{iri: (text, lang) for iri, text in told.items() if text}}


def _quoted(asked: Asked, answer: Answer, rows: Sequence[Row]) -> Mapping[int, Passage]:
    """For the rows that quote, whose words those are."""
    if "quote" not in answer.columns:
        return {}
    column = answer.columns.index("quote")
    ends = [answer.columns.index(name) for name in ("opens", "closes") if name in answer.columns]
    quotes = dict.fromkeys(row[column] for row in rows if isinstance(row[column], Literal))
    found: dict[Value, list[NamedNode]] = {}
    for quad in asked.graph.engine.lookup([(None, _QUOTE, quote) for quote in quotes]):  # type: ignore[misc]
        if isinstance(quad.subject, NamedNode):
            found.setdefault(quad.object, []).append(quad.subject)
    every = passages(asked.graph.engine, [node for nodes in found.values() for node in nodes])
    places: dict[int, Passage] = {}
    for index, row in enumerate(rows):
        nodes = sorted(found.get(row[column], ()), key=str)  # type: ignore[arg-type]
        if nodes:
            # The same words may stand in a text more than once.
            at = "-".join(getattr(row[end], "value", "") for end in ends)
            node = next((n for n in nodes if at and n.value.endswith(f".{at}")), nodes[0])
            places.update((index, one) for one in every[node] if one.evidence == node)
    return places


def _cell(asked: Asked, term: Value | None, names: Mapping[str, tuple[str, str]]) -> Cell:
    lang, graph = asked.lang, asked.graph
    if term is None:
        return Cell()
    if isinstance(term, NamedNode):
        label, tag = names.get(term.value, (graph.names.compact(term.value), ""))
        unnamed = label in (f"<{term.value}>", graph.names.compact(term.value))
        if unnamed and outside(term.value) and not term.value.startswith(graph.names.base):
            # It is not described here: what it means stands where it is from.
            return Cell(label.strip("<>"), href=term.value)
        if term.value in _STANCES:
            return Cell(label, stance=_STANCES[term.value])
        other = tag if tag and tag != lang else ""
        code = graph.names.goal_code(term.value)
        if code and code in label:
            label = ""
        page = asked.to.page(term.value) if asked.to.has(term.value) else ""
        return Cell(label, other, page, code)
    if not isinstance(term, Literal):
        return Cell(str(term))
    if is_number(term):
        value = python(term)
        text = term.value if isinstance(value, str) else number(value, lang)  # type: ignore[arg-type]
        return Cell(text.replace("-", "−", 1) if text[:1] == "-" else text)
    if term.datatype.value in KINDS:
        return Cell(words(term.value, lang=lang), datetime=term.value)
    if term.datatype.value == f"{XSD}boolean":
        key = say("word.yes") if term.value in ("true", "1") else say("word.no")
        return Cell(key.text(lang))
    tag = term.language or ""
    return Cell(term.value, tag if tag and tag != lang else "")


class _Notes:
    """The notes of some rows: each reason, and each passage that no reason is drawn from, once."""

    def __init__(
        self,
        asked: Asked,
        query: StoredQuery,
        answer: Answer,
        names: Mapping[str, tuple[str, str]],
    ) -> None:
        self._asked, self._query, self._answer, self._names = asked, query, answer, names
        self._found: dict[tuple[object, ...], Note] = {}
        self._resting = answer.footnotes.rows if answer.footnotes else ()
        crowd = sum(min(len(each), _QUOTES) for each in self._resting)
        self._most = _QUOTES if crowd <= _CROWDED else 1

    def all(self) -> tuple[Note, ...]:
        return tuple(self._found.values())

    def of(self, index: int) -> tuple[tuple[Mark, ...], Link | None]:
        """The marks of a row, and where the words are that are left out."""
        row = self._answer.rows[index]
        columns = self._answer.columns
        texts = [row[columns.index(name)] if name in columns else None for name in _REASONS]
        reason, objection = (text if isinstance(text, Literal) else None for text in texts)
        every = tuple(self._passages(self._resting[index] if self._resting else ()))
        some = every[: self._most]
        more = self._whole(row, len(every) - len(some)) if len(every) > len(some) else None
        if reason is None and objection is None:
            marks = [self._mark(("", "", passage.evidence), (passage,)) for passage in some]
            return tuple(dict.fromkeys(marks)), more
        lang = (reason or objection or Literal("")).language or ""
        told = tuple(text.value if text else "" for text in (reason, objection))
        return (self._mark((*told, every), some, told, lang),), more

    def _mark(
        self,
        key: tuple[object, ...],
        passages: tuple[Passage, ...],
        told: Sequence[str] = ("", ""),
        lang: str = "",
    ) -> Mark:
        known = key in self._found
        if not known:
            self._found[key] = Note(len(self._found) + 1, told[0], told[1], lang, passages)
        return Mark(self._found[key].number, not known)

    def _passages(self, resting: Sequence[int]) -> Iterator[Passage]:
        known = self._answer.footnotes.passages if self._answer.footnotes else ()
        for passage in (known[place] for place in resting):
            if isinstance(passage, Passage):
                yield passage

    def _whole(self, row: Row, more: int) -> Link | None:
        """The page of the thing that all the words of a row are told of."""
        for name in self._query.evidence:
            columns = self._answer.columns
            term = row[columns.index(name)] if name in columns else None
            if isinstance(term, NamedNode):
                words = say("question.more", count=more).text(self._asked.lang)
                return Link(words, self._asked.to.page(term.value))
        return None
