"""Where a SPARQL text broke its grammar.

pyoxigraph's parser names the farthest character that it looked at, which may lie a keyword's length
past the fault or at the end of the text. So the place is found by asking it again about beginnings
of the text: a beginning that could still go on fails only behind the blanks that are put after it.
Of rules beyond the grammar it says neither the variable nor the place: `sparql/scope.py` does.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from gsefgraph.errors import SyntaxFault, closest
from gsefgraph.sparql.prologue import mentions
from gsefgraph.sparql.scope import breach
from gsefgraph.sparql.terminals import place, significant
from gsefgraph.terms import XSD
from gsefgraph.wording import say

_PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_CLASSES = re.compile(r"\"(?:\\.|[^\"\\])*\"|\[(?:'(?:\\.|[^'\\])*'|[^\]'])*\]", re.DOTALL)
_FUNCTION = re.compile(r"The custom function <(.*)> is not supported")
_CASTS = [
    XSD + name
    for name in ("boolean", "date", "dateTime", "dayTimeDuration", "decimal", "double", "duration",
                 "float", "gDay", "gMonth", "gMonthDay", "gYear", "gYearMonth", "integer", "string",
                 "time", "yearMonthDuration")
]  # fmt: skip
_NOTE = re.compile(r"(?=.*[a-z])[A-Za-z]+ [\w ]+")
_WORD = re.compile(
    r"#[^\n]*"
    r"|<[^<>\"{}|^`\\\s]*>"
    r"|'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\""
    r"|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\""
    r"|[{}()\[\];,]"
    r"|[^\s{}()\[\];,<\"'#]+"
    r"|\S",
    re.DOTALL,
)
# Blanks longer than any keyword; NUL is legal nowhere; the line end closes a comment.
_BLANKS = 40
_PADDING = "\n" + " " * _BLANKS + "\0"


def fault(text: str, parse: Callable[[str], object]) -> SyntaxFault:
    """The error that shows where a text stopped being SPARQL.

    Parameters:
        text: a query or update that `parse` refused.
        parse: raises SyntaxError with pyoxigraph's message; called some ten times with beginnings
            of the text, each made illegal, so that nothing is run.

    Returns:
        A SyntaxFault with 1-based line and column (code points), to be raised by the caller.

    >>> from pyoxigraph import Store
    >>> str(fault("SELECT * WHERE { ?s ?p ?o FILTRE(?o > 2) }", Store().query))
    '1:27: not SPARQL: unexpected FILTRE'
    >>> str(fault("SELECT *\\nWHERE { ?s foaf:name ?o }", Store().query))
    '2:12: not SPARQL: unexpected foaf:name (prefix not found)'
    """
    note = _note(text, parse)
    if note == "prefix not found":
        note = say("sparql.no-prefix")
    broken = breach(text)
    words = [match for match in _WORD.finditer(text) if not match[0].startswith("#")]
    low, high = 0, len(words)
    while low < high:
        middle = (low + high) // 2
        if _could_go_on(text[: words[middle].end()], parse):
            low = middle + 1
        else:
            high = middle
    if low < len(words):
        offset = words[low].start()
        word = words[low][0][:30]
        what: str = say("sparql.unexpected", word=word)
        if note:
            what = say("sparql.unexpected-since", word=word, note=note)
    else:
        offset = words[-1].end() if words else 0
        depth = sum((word[0] in "{([") - (word[0] in "})]") for word in words)
        if words and depth == 0:
            what = note or say("sparql.beyond-grammar")
        else:
            what = say("sparql.too-early")
    # What is no fault of grammar is found at the end of the group or text that it is in.
    beyond = low == len(words) or words[low][0] == "}"
    if broken is not None and beyond and broken.start < offset:
        line, column = place(text, broken.start)
        return SyntaxFault(broken.problem, line=line, column=column, hint=broken.hint)
    line, column = place(text, offset)
    return SyntaxFault(say("sparql.not-sparql", what=what), line=line, column=column)


def unknown_function(text: str, error: Exception) -> SyntaxFault | None:
    """The fault of a text that calls a function which the engine does not know.

    Parameters:
        text: SPARQL 1.1 Query or Update.
        error: what the engine raised; None for any other.

    >>> text = "ASK { FILTER(<http://www.w3.org/2001/XMLSchema#integr>('1')) }"
    >>> from pyoxigraph import Store
    >>> try:
    ...     _ = Store().query(text)
    ... except RuntimeError as error:
    ...     str(unknown_function(text, error))
    '1:14: there is no function <http://www.w3.org/2001/XMLSchema#integr>; did you mean \
<http://www.w3.org/2001/XMLSchema#integer>?'
    """
    called = _FUNCTION.fullmatch(str(error))
    if called is None:
        return None
    reading = significant(text)
    calls = [one for one in mentions(text) if one.iri == called[1]]
    calls = [one for one in calls if reading[one.at + 1].value[:1] == "("] or calls
    line, column = place(text, calls[0].token.start) if calls else (None, None)
    # By their own names: the whole IRIs of a namespace are all near to one another.
    casts = {iri.removeprefix(XSD): iri for iri in _CASTS}
    local = called[1].rpartition("#")[2].rpartition("/")[2]
    near = [f"<{casts[name]}>" for name in closest(local, casts)]
    hint = say("names.did-you-mean", near=near) if near else say("sparql.functions")
    problem = say("sparql.no-function", function=f"<{called[1]}>")
    return SyntaxFault(problem, line=line, column=column, hint=hint)


def found(text: str, parse: Callable[[str], object]) -> SyntaxFault | None:
    """The fault of a text as `fault` shows it; None when `parse` takes it.

    >>> from pyoxigraph import Store
    >>> found("ASK {}", Store().query), str(found("ASK {", Store().query))
    (None, '1:6: not SPARQL: the text ends too early')
    """
    try:
        parse(text)
    except SyntaxError:
        return fault(text, parse)
    except (RuntimeError, ValueError) as error:
        return unknown_function(text, error) or SyntaxFault(" ".join(str(error).split()))
    return None


def _could_go_on(beginning: str, parse: Callable[[str], object]) -> bool:
    padded = beginning + _PADDING
    try:
        parse(padded)
    except SyntaxError as error:
        found = _PLACE.match(str(error.msg))
        if found is None:
            return False
        start = 0
        for _ in range(int(found[1]) - 1):
            start = padded.index("\n", start) + 1
        return start + int(found[2]) - 1 >= len(padded) - 1
    return True


def _note(text: str, parse: Callable[[str], object]) -> str | None:
    """What the parser says in words, where it says anything."""
    try:
        parse(text)
    except SyntaxError as error:
        found = _PLACE.match(str(error.msg))
        for item in _CLASSES.sub("", found[3]).split(",") if found else ():
            if _NOTE.fullmatch(item.strip()):
                said = item.strip()
                return said if said.startswith("IRI") else said[0].lower() + said[1:]
    return None
