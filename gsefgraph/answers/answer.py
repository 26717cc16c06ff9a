"""Answers to questions: rows with column names, for programs and for people.

An `Answer` knows its columns' heads, which columns a table hides, how to name an IRI, and the
passages that its rows rest on. `write` gives it in a format; `FORMATS` lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pyoxigraph import Literal, NamedNode

from gsefgraph.answers import solutions, tables
from gsefgraph.answers.footnotes import Footnotes, Passage, document_iri, note
from gsefgraph.answers.pictures.period import KINDS, parts
from gsefgraph.answers.rows import Cell, NamedRow, Python, Row, is_number, numbered, plain, python
from gsefgraph.answers.sentence import counted, told
from gsefgraph.engine.base import Boolean, Solutions
from gsefgraph.errors import UnknownName, UsageError, nearest
from gsefgraph.sparql.form import ordered
from gsefgraph.terms import Term, Value, simple
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.answers.pictures.drawn import Drawn
    from gsefgraph.engine.base import Engine
    from gsefgraph.queries.catalogue import StoredQuery
    from gsefgraph.queries.parameters import BoundTerm

__all__ = [
    "DRAWN",
    "FORMATS",
    "Answer",
    "Cell",
    "Footnotes",
    "Labels",
    "NamedRow",
    "Passage",
    "Python",
    "python",
    "sheet",
    "write",
]

FORMATS: Final = ("table", "json", "csv", "tsv", "xml", "md", "html", "xlsx")
"""What `write` writes of every answer."""

DRAWN: Final = ("svg", "graphml", "gexf")
"""What it writes of an answer that can be drawn."""

Labels: TypeAlias = Callable[[Sequence[str], str], Mapping[str, str]]
"""IRIs and a language -> IRI: label, as `records.resolve.Resolver.labels` gives them."""

Kinds: TypeAlias = Callable[[Sequence[str]], Mapping[str, NamedNode]]
"""IRIs -> IRI: its class, as `records.resolve.Resolver.kinds` gives them."""

_NOTEBOOK_ROWS = 200


@dataclass(frozen=True)
class Answer:
    """The answer of a SELECT or an ASK.

    Attributes:
        columns: variable names in the order written; rows: a term or None for each.
        heads: column -> language -> head; a column without one is headed by its name.
        hidden: columns that a table leaves out; data formats keep them.
        labels: names IRIs, asked only when something is shown; None shows IRIs.
        lang: the language of heads and labels.
        warnings: what the engine had to say.
        footnotes: the passages that rows rest on; None when not asked for.
        boolean: the answer of an ASK, which has no rows.
        asked: the stored query; None where it was text alone.
        values: what the query's parameters were bound to.
        whole: the number that the sentence tells where rows are left out, else None.
        engine, kinds: where a picture looks up what the rows do not say, and classes of things.

    >>> answer = Answer.of(Solutions(("n",), ((Literal(2017),), (Literal(2013),))))
    >>> [row.n.value for row in answer], answer.head("n"), answer.text_of(answer.rows[0][0])
    ([2013, 2017], 'n', '2013')
    >>> list(answer.to_pandas().n)
    [2013, 2017]
    >>> answer.picture() is None  # as no header says how it is drawn
    True
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    heads: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    labels: Labels | None = None
    lang: str = "en"
    warnings: tuple[str, ...] = ()
    footnotes: Footnotes | None = None
    boolean: bool | None = None
    asked: StoredQuery | None = None
    values: Mapping[str, BoundTerm] = field(default_factory=dict)
    whole: int | None = None
    engine: Engine | None = field(default=None, repr=False, compare=False)
    kinds: Kinds | None = field(default=None, repr=False, compare=False)

    @classmethod
    def of(
        cls,
        result: Solutions | Boolean,
        *,
        query: StoredQuery | None = None,
        values: Mapping[str, BoundTerm] | None = None,
        text: str = "",
        labels: Labels | None = None,
        lang: str = "en",
    ) -> Answer:
        """The answer that an engine gave.

        Rows whose query asks for no order are sorted, so that one question has one answer, byte for
        byte, on every engine.

        Parameters:
            result: rows or a truth value.
            query: the stored query, for heads, hidden columns and the sentence.
            values: what its parameters were bound to.
            text: the query as it was run.
            labels, lang: how a person is shown IRIs.
        """
        if isinstance(result, Boolean):
            answer = cls((), (), labels=labels, lang=lang, boolean=result.value)
            answer = replace(answer, warnings=result.warnings)
        else:
            text = text or (query.text if query else "")
            rows = numbered(result.rows if ordered(text) else sorted(result.rows, key=_sort_key))
            answer = cls(result.variables, rows, labels=labels, lang=lang, warnings=result.warnings)
        if query is None:
            return answer
        answer = replace(answer, asked=query, values=values or {})
        return replace(answer, heads=query.columns, hidden=query.hidden)

    def __iter__(self) -> Iterator[NamedRow]:
        return (NamedRow(self.columns, row, self.text_of) for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        """The truth of an ASK; of a SELECT, whether there are rows."""
        return bool(self.rows) if self.boolean is None else self.boolean

    def __getitem__(self, index: int) -> NamedRow:
        return NamedRow(self.columns, self.rows[index], self.text_of)

    def head(self, column: str) -> str:
        """The head of a column in the answer's language, else English, else its name."""
        texts = self.heads.get(column, {})
        return texts.get(self.lang) or texts.get(self.lang[:2]) or texts.get("en") or column

    @property
    def number(self) -> int:
        """What the sentence counts: distinct values of the query's columns, else rows."""
        if self.whole is not None:
            return self.whole
        if self.asked is None:
            return len(self.rows)
        return counted(self.asked, self.columns, self.rows)

    @property
    def sentence(self) -> str:
        """The answer in a sentence, in its language; empty where the query has none."""
        if self.asked is None or not self.asked.answer:
            return ""
        found = self.number if self.boolean is None else self.boolean
        return told(self.asked, self.values, found, self.lang, self._label)

    @property
    def title(self) -> str:
        """What the stored query is called in the answer's language; empty for other queries."""
        titles = self.asked.title if self.asked else {}
        return titles.get(self.lang[:2]) or titles.get("en", "")

    def picture(self) -> Drawn | None:
        """The picture that the header of the stored query tells of; None where it tells of none.

        Returns:
            A layout, as data: `Timeline`, `Bars`, `Map` or `Network` of `answers.pictures`. Its
            ``svg`` is one file with its words, which a notebook shows.
        """
        if self.asked is None or self.asked.picture is None:
            return None
        from gsefgraph.answers.pictures.drawn import draw

        return draw(self, self.asked.picture)

    def of_things(self) -> tuple[str, ...]:
        """The columns that have IRIs.

        >>> Answer(("a", "b"), ((Literal(1), NamedNode("urn:b")),)).of_things()
        ('b',)
        """
        places = {i for row in self.rows for i, t in enumerate(row) if isinstance(t, NamedNode)}
        return tuple(self.columns[place] for place in sorted(places))

    def text_of(self, term: Value | None) -> str:
        """What a person reads for a term; empty for None."""
        return "" if term is None else plain(term, self._label)

    def _label(self, term: Term) -> str:
        text = plain(term)
        return self._names.get(text, text) if isinstance(term, NamedNode) else text

    @cached_property
    def _names(self) -> Mapping[str, str]:
        # Asked once for all IRIs of the answer, on first sight.
        terms = (each for row in self.rows for term in row if term for each in simple(term))
        iris = {term.value for term in terms if isinstance(term, NamedNode)}
        iris |= {term.value for term in self.values.values() if isinstance(term, NamedNode)}
        if self.footnotes:
            iris.update(filter(None, map(document_iri, self.footnotes.passages)))
        return self.labels(sorted(iris), self.lang) if self.labels and iris else {}

    def to_pandas(self, *, labels: bool = True) -> Any:
        """A pandas DataFrame with one column for each of the answer's.

        A column of full dates is ``datetime64``, and so is one of times that all have an offset, or
        none. Where a date of it is a year or a month alone, the column is text as the graph has it:
        2019, 2019-06, 2019-06-25, which sorts as dates do. All else has Python's values.

        Parameters:
            labels: names in the place of IRIs; otherwise IRIs, as the graph has them.

        Errors:
            UsageError: pandas is not installed.
        """
        try:
            import pandas
        except ImportError:
            raise UsageError(say("answer.no-pandas"), hint=say("answer.pip")) from None
        columns, rows = _data(self, False)
        frame = {}
        for index, name in enumerate(columns):
            column = [row[index] for row in rows]
            values, dtype = _frame_column(column, self.text_of if labels else plain)
            frame[name] = pandas.Series(values, dtype=dtype)
        return pandas.DataFrame(frame, columns=list(columns))

    def _repr_html_(self) -> str:
        shown = replace(self, rows=self.rows[:_NOTEBOOK_ROWS], whole=self.number)
        page = tables.to_html(sheet(shown))
        more = len(self) - len(shown)
        return page + (f"<p>… {more}</p>\n" if more else "")


def write(
    answer: Answer,
    format: str,  # noqa: A002
    *,
    lang: str | None = None,
    safe: bool = False,
    labels: bool | Collection[str] = False,
    excel: bool = False,
    width: int | None = None,
) -> bytes:
    """An answer in a format, UTF-8.

    ``json``, ``xml``, ``csv`` and ``tsv`` are the W3C's SPARQL 1.1 result formats and hold IRIs;
    ``table``, ``md``, ``html``, ``svg`` and ``xlsx`` are for people and hold labels; ``graphml``
    and ``gexf`` are for programs that draw networks.

    Parameters:
        answer: a SELECT's or an ASK's.
        format: one of `FORMATS` or `DRAWN`.
        lang: language of heads and labels; the answer's own when None.
        safe: in CSV and TSV, put an apostrophe before what a spreadsheet would run as a formula.
        labels: in data formats, add a column ``<name>Label`` after each column of IRIs, or after
            each of those that are named.
        excel: of CSV, what Excel opens by a double click: a byte order mark, heads, names for IRIs,
            nothing that it would run; in French and Spanish with semicolons, as it expects there.
        width: cells of the terminal, for ``table``; None for as wide as it takes.

    Errors:
        UnknownName: no such format. UsageError: a value that XML cannot hold; no picture, or no
        network; more than a workbook holds.

    >>> write(Answer((), (), boolean=True), "json")
    b'{"head":{},"boolean":true}\\n'
    """
    if format not in (*FORMATS, *DRAWN):
        known = nearest(format, (*FORMATS, *DRAWN))
        raise UnknownName(say("answer.no-format", format=format), hint=known)
    if lang is not None and lang != answer.lang:
        answer = replace(answer, lang=lang)
    if format == "svg":
        picture = answer.picture()
        if picture is None:
            name = answer.asked.name if answer.asked else ""
            raise UsageError(say("picture.none", name=name), hint=say("picture.header"))
        return picture.svg.encode()
    if format in ("graphml", "gexf"):
        from gsefgraph.answers import net

        made = net.of_answer(answer)
        return net.to_graphml(made) if format == "graphml" else net.to_gexf(made)
    if format == "xlsx":
        from gsefgraph.answers.workbook import to_xlsx

        return to_xlsx(answer)
    if format == "html":
        from gsefgraph.answers.page import to_html

        return to_html(answer).encode()
    if answer.boolean is not None:
        return _write_boolean(answer.boolean, format, answer.lang, answer.sentence)
    if format == "table":
        return tables.to_text(sheet(answer), width=width).encode()
    if format == "md":
        return tables.to_markdown(sheet(answer)).encode()
    if format == "csv" and excel:
        shown = sheet(answer)
        texts = [[cell.text for cell in row] for row in _with_evidence(answer, shown)]
        return solutions.to_excel(shown.heads, texts, ";" if answer.lang[:2] != "en" else ",")
    columns, rows = _data(answer, labels)
    if format == "json":
        return solutions.to_json(columns, rows)
    if format == "xml":
        return solutions.to_xml(columns, rows)
    if format == "csv":
        return solutions.to_csv(columns, rows, safe=safe)
    return solutions.to_tsv(columns, rows, safe=safe)


def sheet(answer: Answer) -> tables.Sheet:
    """What a table of an answer shows: its sentence, labels for IRIs, no hidden columns, notes.

    >>> sheet(Answer(("n",), ((Literal(1),),), heads={"n": {"fr": "Nombre"}}, lang="fr")).heads
    ('Nombre',)
    """
    shown = [i for i, name in enumerate(answer.columns) if name not in answer.hidden]
    heads = [answer.head(answer.columns[i]) for i in shown]
    rows = [tuple(_cell(answer, row[i]) for i in shown) for row in answer.rows]
    right = [_numbers([row[i] for row in answer.rows]) for i in shown]
    notes: tuple[str, ...] = ()
    if answer.footnotes is not None:
        heads.append(say("word.evidence").text(answer.lang[:2]))
        right.append(False)
        marks = (" ".join(f"[{index + 1}]" for index in row) for row in answer.footnotes.rows)
        rows = [(*row, tables.Cell(mark)) for row, mark in zip(rows, marks, strict=True)]
        notes = tuple(
            note(passage, answer._names, answer.lang) for passage in answer.footnotes.passages
        )
    return tables.Sheet(tuple(heads), tuple(rows), tuple(right), notes, answer.sentence)


def _cell(answer: Answer, term: Value | None) -> tables.Cell:
    return tables.Cell(
        answer.text_of(term),
        link=term.value if isinstance(term, NamedNode) else None,
        lang=term.language if isinstance(term, Literal) else None,
        date=parts(term) is not None,
    )


def _with_evidence(answer: Answer, shown: tables.Sheet) -> Iterator[tuple[tables.Cell, ...]]:
    """The rows of a sheet with the passages themselves, which have no notes below."""
    for number, row in enumerate(shown.rows):
        if answer.footnotes is None:
            yield row
        else:
            told = _evidence_term(answer, number)
            yield (*row[:-1], tables.Cell(told.value if told else ""))


def _data(answer: Answer, labels: bool | Collection[str]) -> tuple[list[str], list[Row]]:
    """Columns and rows for data formats, with columns of labels and evidence where asked for."""
    columns: list[str] = []
    makers: list[Callable[[int, Row], Value | None]] = []
    named = answer.of_things() if labels is True else labels or ()
    for index, name in enumerate(answer.columns):
        columns.append(name)
        makers.append(lambda _, row, i=index: row[i])  # type: ignore[misc]
        if name in named:
            columns.append(_free(f"{name}Label", answer.columns))
            makers.append(lambda _, row, i=index: _label_term(answer, row[i]))  # type: ignore[misc]
    if answer.footnotes is not None:
        columns.append(_free("evidence", columns))
        makers.append(lambda number, _: _evidence_term(answer, number))
    rows = [tuple(make(n, row) for make in makers) for n, row in enumerate(answer.rows)]
    return columns, rows


def _frame_column(
    column: Sequence[Value | None], text_of: Callable[[Term], str]
) -> tuple[list[Any], str | None]:
    """The values of a column and its type; of dates one that all of them have."""
    bound = [term for term in column if term is not None]
    kinds = {term.datatype.value if isinstance(term, Literal) else "" for term in bound}
    if kinds and kinds <= KINDS:
        values = [python(term) for term in bound]
        whole = [isinstance(value, date) for value in values]
        offsets = {getattr(value, "tzinfo", None) is None for value in values}
        if not all(whole) or len(kinds) > 1 or len(offsets) > 1:
            return [None if term is None else plain(term) for term in column], "object"
        kind = "datetime64[s]" if offsets == {True} else "datetime64[us, UTC]"
        return [None if term is None else python(term) for term in column], kind

    def value(term: Value) -> Python:
        return python(term) if isinstance(term, Literal) else plain(term, text_of)

    return [None if term is None else value(term) for term in column], None


def _free(name: str, taken: Iterable[str]) -> str:
    known, number, free = set(taken), 1, name
    while free in known:
        number += 1
        free = f"{name}{number}"
    return free


def _label_term(answer: Answer, term: Value | None) -> Term | None:
    return None if term is None else Literal(answer.text_of(term))


def _evidence_term(answer: Answer, number: int) -> Term | None:
    notes = answer.footnotes or Footnotes()
    texts = [
        note(notes.passages[index], answer._names, answer.lang) for index in notes.rows[number]
    ]
    return Literal(" | ".join(texts)) if texts else None


def _write_boolean(value: bool, wanted: str, lang: str, said: str) -> bytes:
    if wanted == "json":
        return solutions.boolean_to_json(value)
    if wanted == "xml":
        return solutions.boolean_to_xml(value)
    if wanted in ("csv", "tsv"):
        # The W3C gives an ASK no CSV; a bare truth value is what engines write.
        return f"{str(value).lower()}\n".encode()
    word = say("word.yes" if value else "word.no").text(lang[:2])
    sheet = tables.Sheet((), (), (), said=said or word)
    return (tables.to_markdown(sheet) if wanted == "md" else tables.to_text(sheet)).encode()


def _numbers(column: Sequence[Value | None]) -> bool:
    bound = [term for term in column if term is not None]
    return bool(bound) and all(is_number(term) for term in bound)


def _sort_key(row: Row) -> tuple[str, ...]:
    return tuple("" if term is None else str(term) for term in row)
