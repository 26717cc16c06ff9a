"""An answer as a workbook of XLSX: one sheet, for a person with a spreadsheet.

Heads are in the answer's language and stay in sight; a name leads to its IRI where that is on the
web; a full date is a date, a number a number, and so is a year alone; a month alone, and all else,
is text. No text is taken for a formula. The same answer gives the same bytes.

>>> from gsefgraph.answers.answer import Answer
>>> to_xlsx(Answer(("n",), ()))[:2]
b'PK'
"""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode

from gsefgraph.answers.footnotes import note
from gsefgraph.answers.pictures.period import parts
from gsefgraph.answers.rows import python
from gsefgraph.answers.tables import cell_width
from gsefgraph.errors import UsageError
from gsefgraph.terms import XSD, Value
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.answers.answer import Answer

_ROWS: Final = 1_048_576
_LINKS: Final = 65_530
_LETTERS: Final = 32_767
_ADDRESS: Final = 2_079
_NAME: Final = 31  # letters of a sheet's name
_WIDEST: Final = 60
_EXACT: Final = 2**53  # beyond, a spreadsheet rounds
_FIRST: Final = date(1900, 3, 1)  # Excel takes 1900 for a leap year
_MADE: Final = datetime(2000, 1, 1)  # a file that holds no time of writing


def to_xlsx(answer: Answer) -> bytes:
    """The workbook of a SELECT: what a table shows of it, and a column of evidence where asked for.

    Errors:
        UsageError: more rows than a sheet holds, or a longer text than a cell.
    """
    import xlsxwriter

    if len(answer.rows) >= _ROWS:
        raise UsageError(
            say("workbook.rows", count=len(answer.rows), most=_ROWS - 1), hint=say("workbook.csv")
        )
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, {**options, "strings_to_numbers": False})
    book.set_properties({"title": answer.title, "created": _MADE})
    formats = {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "link": book.add_format(
            {"text_wrap": True, "valign": "top", "font_color": "#0b5069", "underline": 1}
        ),
        "date": book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"}),
        "time": book.add_format(
            {"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left", "valign": "top"}
        ),
        "year": book.add_format({"num_format": "0", "align": "left", "valign": "top"}),
    }
    sheet = book.add_worksheet(_sheet_name(answer.title))
    shown = [i for i, name in enumerate(answer.columns) if name not in answer.hidden]
    heads = [answer.head(answer.columns[i]) for i in shown]
    if answer.footnotes is not None:
        heads.append(say("word.evidence").text(answer.lang[:2]))
    if answer.boolean is not None:
        heads = [say("word.yes" if answer.boolean else "word.no").text(answer.lang[:2])]
    widths = [cell_width(head) for head in heads]
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, formats["head"])
    links = 0
    for number, row in enumerate(answer.rows, start=1):
        for column, index in enumerate(shown):
            term = row[index]
            if term is None:
                continue
            text = _checked(answer.text_of(term))
            widths[column] = max(widths[column], *map(cell_width, text.split("\n")))
            if _leads(term) and links < _LINKS:
                links += 1
                sheet.write_url(number, column, term.value, formats["link"], text)  # type: ignore[union-attr]
            else:
                _write(sheet, number, column, term, text, formats)
        if answer.footnotes is not None:
            told = _checked(_evidence(answer, number - 1))
            sheet.write_string(number, len(heads) - 1, told, formats["text"])
            widths[-1] = _WIDEST
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(max(width + 2, 8), _WIDEST))
    sheet.freeze_panes(1, 0)
    if heads and answer.rows:
        sheet.autofilter(0, 0, len(answer.rows), len(heads) - 1)
    book.close()
    return target.getvalue()


def _write(
    sheet: Any, row: int, column: int, term: Value, text: str, formats: dict[str, Any]
) -> None:
    value = python(term)
    known = parts(term)
    if isinstance(value, datetime):
        if value.tzinfo is None and value.date() >= _FIRST:
            sheet.write_datetime(row, column, value, formats["time"])
            return
    elif isinstance(value, date):
        if value >= _FIRST:
            sheet.write_datetime(row, column, value, formats["date"])
            return
    elif known is not None and isinstance(term, Literal) and term.datatype.value == f"{XSD}gYear":
        if text == str(known[0]):
            sheet.write_number(row, column, known[0], formats["year"])
            return
    elif not isinstance(value, str | bool) and -_EXACT <= value <= _EXACT:
        sheet.write_number(row, column, float(value))
        return
    sheet.write_string(row, column, text, formats["text"])


def _leads(term: Value) -> bool:
    if not isinstance(term, NamedNode) or len(term.value) > _ADDRESS:
        return False
    return term.value.lower().startswith(("http://", "https://"))


def _evidence(answer: Answer, number: int) -> str:
    notes = answer.footnotes
    if notes is None:
        return ""
    found = [notes.passages[index] for index in notes.rows[number]]
    return "\n".join(note(passage, answer._names, answer.lang) for passage in found)


def _checked(text: str) -> str:
    if len(text.encode("utf-16-le", "surrogatepass")) > 2 * _LETTERS:
        raise UsageError(
            say("workbook.letters", count=len(text), most=_LETTERS), hint=say("workbook.csv")
        )
    return text


def _sheet_name(title: str) -> str:
    """The name of a sheet: without what Excel refuses, and of a length that it takes."""
    name = " ".join(re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).split())
    if len(name) > _NAME:
        name = name[: _NAME - 1].rpartition(" ")[0] or name[: _NAME - 1]
        name = f"{name}…"
    return name.strip("'") or "gsefgraph"
