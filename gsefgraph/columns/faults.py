"""What is wrong with a line that pyoxigraph refuses, in the words that record files have too.

>>> [quad] = parse(b"<a:s> <a:p> <a:o> _:g .", RdfFormat.N_QUADS)
>>> fault = syntax(SyntaxError("not right", ("", 2, 5, "")), RdfFormat.RDF_XML, "a.rdf")
>>> str(fault), title(RdfFormat.RDF_XML), refused(quad)[0]
('a.rdf:2:5: not RDF/XML: not right', 'RDF/XML', 'a graph has no IRI')
"""

from __future__ import annotations

import re

from pyoxigraph import RdfFormat, parse

from gsefgraph.errors import InputError, SyntaxFault
from gsefgraph.rdf.faults import refused, told
from gsefgraph.wording import say

_TOKEN = re.compile(r'[ \t]*(<[^>]*>|"(?:[^"\\]|\\.)*"[^ \t]*|[^ \t<]+)')


def of_line(text: str, form: RdfFormat, file: str, line: int | None) -> InputError | None:
    """The fault of one line of N-Quads or N-Triples, None when it has none.

    Parameters:
        text: the line without its end.
        form: which of the two.
        file: its name.
        line: its number, None where the file itself has no such lines.

    >>> str(of_line("<a:s> <a:p> .", RdfFormat.N_QUADS, "a.nq", 7))
    'a.nq:7:13: not N-Quads: The object of a triple must be an IRI, a blank node or a literal'
    """
    if "\0" in text:
        return InputError(
            say("file.nul"),
            file=file,
            line=line,
            column=text.index("\0") + 1 if line else None,
            hint=say("rdf.give-rdf"),
        )
    try:
        quads = list(parse(f"{text}\n".encode(), form))
    except SyntaxError as error:
        return syntax(error, form, file, text=text, line=line)
    for quad in quads:
        problem = refused(quad)
        if problem:
            return InputError(
                problem[0],
                file=file,
                line=line,
                column=column_of(text, 2) if line else None,
                hint=problem[1],
            )
    return None


def syntax(
    error: SyntaxError,
    form: RdfFormat,
    file: str,
    *,
    text: str = "",
    line: int | None = None,
    row: str = "",
) -> SyntaxFault:
    """The fault that pyoxigraph found, its line counted from the one that was read.

    Parameters:
        error: of the parser.
        form: what was parsed.
        file: its name.
        text: the one line that was parsed, where it was one.
        line: its number.
        row: the line that the error names, where the whole file was parsed.
    """
    message, column, hint = told(error, text or row, title(form))
    if text and line is None:
        column = None
    elif text:
        line = (line or 1) + (error.lineno or 1) - 1
    else:
        line = error.lineno
    return SyntaxFault(
        say("rdf.not-format", format=title(form), problem=message),
        file=file,
        line=line,
        column=column,
        hint=hint,
    )


def title(form: RdfFormat) -> str:
    """A format as people call it."""
    return "RDF/XML" if form == RdfFormat.RDF_XML else form.name


def column_of(text: str, position: int) -> int:
    """Column of the subject (0), the predicate (1) or the object (2) of a line.

    >>> column_of('<a:s> <a:p> "x" .', 2)
    13
    """
    start = end = 0
    for _ in range(position + 1):
        match = _TOKEN.match(text, end)
        if match is None:
            break
        start, end = match.span(1)
    return start + 1
