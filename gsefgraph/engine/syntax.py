"""Where a SPARQL text broke its grammar.

pyoxigraph's parser names the farthest character that it looked at, which may lie a keyword's length
past the fault or at the end of the text. So the place is found by asking it again about beginnings
of the text: a beginning that could still go on fails only behind the blanks that are put after it.
Of rules beyond the grammar it says neither the variable nor the place: `sparql/scope.py` does. Of
what it does not know, a function, a prefix, it says no more than that it stands there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import pyoxigraph

from gsefgraph.errors import SyntaxFault, closest, nearest
from gsefgraph.rdf.faults import ill_iri, ill_tag
from gsefgraph.sparql.form import form
from gsefgraph.sparql.prologue import Mention, mentions
from gsefgraph.sparql.scope import Breach, breach
from gsefgraph.sparql.terminals import Token, place, significant
from gsefgraph.terms import XSD, absolute
from gsefgraph.wording import heard, say

_PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_CLASSES = re.compile(r"\"(?:\\.|[^\"\\])*\"|\[(?:'(?:\\.|[^'\\])*'|[^\]'])*\]", re.DOTALL)
_CALLED = re.compile(
    r"The custom function <(?P<iri>.*)> (?:is not supported|requires between .*"
    r" arguments, but (?P<given>\d+) were given)"
)
_CASTS = [
    XSD + name
    for name in ("boolean", "date", "dateTime", "dayTimeDuration", "decimal", "double", "duration",
                 "float", "gDay", "gMonth", "gMonthDay", "gYear", "gYearMonth", "integer", "string",
                 "time", "yearMonthDuration")
]  # fmt: skip
_AGGREGATES = ("AVG", "COUNT", "GROUP_CONCAT", "MAX", "MIN", "SAMPLE", "SUM")
_BUILT_IN = frozenset(
    (*_AGGREGATES, "ABS", "BNODE", "BOUND", "CEIL", "COALESCE", "CONCAT", "CONTAINS", "DATATYPE",
     "DAY", "ENCODE_FOR_URI", "EXISTS", "FLOOR", "HOURS", "IF", "IRI", "ISBLANK", "ISIRI",
     "ISLITERAL", "ISNUMERIC", "ISURI", "LANG", "LANGMATCHES", "LCASE", "MD5", "MINUTES", "MONTH",
     "NOW", "RAND", "REGEX", "REPLACE", "ROUND", "SAMETERM", "SECONDS", "SHA1", "SHA256",
     "SHA384", "SHA512", "STR", "STRAFTER", "STRBEFORE", "STRDT", "STRENDS", "STRLANG", "STRLEN",
     "STRSTARTS", "STRUUID", "SUBSTR", "TIMEZONE", "TZ", "UCASE", "URI", "UUID", "YEAR")
)  # fmt: skip
# What SQL and XPath call it.
_ELSEWHERE = {
    "AVERAGE": "AVG", "CEILING": "CEIL", "IFNULL": "COALESCE", "INSTR": "CONTAINS", "LEN": "STRLEN",
    "LENGTH": "STRLEN", "LISTAGG": "GROUP_CONCAT", "LOWER": "LCASE", "MEAN": "AVG", "MEDIAN": "AVG",
    "NVL": "COALESCE", "STRING_AGG": "GROUP_CONCAT", "SUBSTRING": "SUBSTR", "UPPER": "UCASE",
}  # fmt: skip
# A function may stand behind these; of a path, too, behind the marks of arithmetic.
_BEFORE = frozenset(
    ("(", ",", "=", "!=", "<", ">", "<=", ">=", "&&", "||", "!", "-", "FILTER", "HAVING", "BY",
     "ASC", "DESC", "DISTINCT")
)  # fmt: skip
_ARITHMETIC = frozenset("+*/")
_LARGEST = 2**64 - 1
_NOTE = re.compile(r"(?=.*[a-z])[A-Za-z]+ [\w ]+")
_WORD = re.compile(
    r"#[^\n]*"
    r"|<[^<>\"{}|^`\\\s]*>"
    r"|<[A-Za-z](?:[^<>\"{}|^`\\\s]| (?![?$]))*>"  # an IRI with blanks is one that is wrong
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
            of the text, each made illegal, and with the text and an end that it may lack.

    Returns:
        A SyntaxFault with 1-based line and column (code points), to be raised by the caller.

    >>> from pyoxigraph import Store
    >>> str(fault("SELECT * WHERE { ?s ?p ?o FILTRE(?o > 2) }", Store().query))
    '1:27: not SPARQL: unexpected FILTRE'
    >>> str(fault("SELECT *\\nWHERE { ?s foaf:name ?o }", Store().query))
    '2:12: not SPARQL: unexpected foaf:name (prefix not found)'
    """
    words = [match for match in _WORD.finditer(text) if not match[0].startswith("#")]
    low, high = 0, len(words)
    while low < high:
        middle = (low + high) // 2
        if _could_go_on(text, words[middle : middle + 2], parse):
            low = middle + 1
        else:
            high = middle
    ended = low == len(words)
    if ended and _lacks_end(text, words, parse):
        early = say("sparql.not-sparql", what=say("sparql.too-early"))
        cause = Breach(words[-1].end() if words else 0, early)
    else:
        at = words[-1].end() if ended else words[low].start()
        # What is no fault of grammar is found at the end of the text, group or call that it is in.
        beyond = _beyond(text, at) if ended or words[low][0] in "})" else None
        cause = beyond or _named(text, words, low) or _unexpected(text, at, words[low:], parse)
    line, column = place(text, cause.start)
    return SyntaxFault(cause.problem, line=line, column=column, hint=cause.hint)


def called(text: str, error: Exception) -> SyntaxFault | None:
    """The fault of a text that calls a function which is none, or with too much or too little.

    Parameters:
        text: SPARQL 1.1 Query or Update.
        error: what the engine raised; None for any other.

    >>> text = "ASK { FILTER(<http://www.w3.org/2001/XMLSchema#integr>('1')) }"
    >>> from pyoxigraph import Store
    >>> try:
    ...     _ = Store().query(text)
    ... except RuntimeError as error:
    ...     str(called(text, error))
    '1:14: there is no function <http://www.w3.org/2001/XMLSchema#integr>; did you mean \
<http://www.w3.org/2001/XMLSchema#integer>?'
    """
    said = _CALLED.fullmatch(str(error))
    if said is None:
        return None
    given = None if said["given"] is None else int(said["given"])
    calls = [one for one in mentions(text) if one.iri == said["iri"]]
    reading = significant(text)
    calls = [one for one in calls if _given(reading[one.at + 1 :]) is not None] or calls
    if given is not None:
        calls = [one for one in calls if _given(reading[one.at + 1 :]) == given] or calls
    cause = _no_function(said["iri"], calls[0].token.start if calls else 0)
    if given is not None:
        name = calls[0].token.text if calls else f"<{said['iri']}>"
        problem = say("sparql.arguments", function=name, given=given)
        cause = Breach(cause.start, problem, say("sparql.one-argument", function=name))
    line, column = place(text, cause.start) if calls else (None, None)
    return SyntaxFault(cause.problem, line=line, column=column, hint=cause.hint)


def found(
    text: str, parse: Callable[[str], object], *, functions: bool = True
) -> SyntaxFault | None:
    """The fault of a text as `fault` shows it; None when `parse` takes it.

    Parameters:
        functions: whether a function that the engine does not know is one.

    >>> from pyoxigraph import Store
    >>> found("ASK {}", Store().query), str(found("ASK {", Store().query))
    (None, '1:6: not SPARQL: the text ends too early')
    """
    try:
        parse(text)
    except SyntaxError:
        return fault(text, parse)
    except (RuntimeError, ValueError) as error:
        unknown = called(text, error)
        if unknown is None or functions:
            return unknown or SyntaxFault(" ".join(str(error).split()))
    return None


def _could_go_on(text: str, words: Sequence[re.Match[str]], parse: Callable[[str], object]) -> bool:
    """Whether a text could go on behind the first of two words.

    pyoxigraph has no blank between some functions and their bracket, which is then looked at, too.
    """
    opened = [word for word in words[1:] if word[0] == "("]
    for word in (words[0], *opened):
        padded = text[: word.end()] + _PADDING
        try:
            parse(padded)
        except SyntaxError as error:
            found = _PLACE.match(str(error.msg))
            if found is None:
                continue
            start = 0
            for _ in range(int(found[1]) - 1):
                start = padded.index("\n", start) + 1
            if start + int(found[2]) - 1 < len(padded) - 1:
                continue
        return True
    return False


def _lacks_end(text: str, words: Sequence[re.Match[str]], parse: Callable[[str], object]) -> bool:
    """Whether a text of which every word may stand lacks more of them."""
    reading = significant(text)
    depth = sum((word[0] in "{([") - (word[0] in "})]") for word in words)
    if depth or not reading or reading[-1].kind == "word":
        return True
    for end in (" {}", "()"):
        try:
            parse(text + end)
        except SyntaxError:
            continue
        except RuntimeError:
            pass  # a function that is none, though it may stand there
        return True
    return False


def _beyond(text: str, before: int) -> Breach | None:
    """What breaks a rule beyond the grammar; a function that is none may be meant to group."""
    broken = breach(text)
    if broken is None or broken.start >= before:
        return _grouped(text)
    for one in _calls(text):
        try:
            pyoxigraph.Store().query(f"ASK {{ FILTER(<{one.iri}>()) }}")
        except RuntimeError as error:
            if str(error).endswith("is not supported"):
                return _no_function(one.iri, one.token.start)
    return broken


def _grouped(text: str) -> Breach | None:
    """Where a form groups that pyoxigraph does not let group."""
    depth = 0
    for token in significant(text):
        depth += (token.value == "{") - (token.value == "}")
        word = token.value.upper()
        if (
            depth == 0
            and word in ("GROUP", *_AGGREGATES)
            and form(text) not in ("select", "update")
        ):
            word = "GROUP BY" if word == "GROUP" else word
            problem = say("sparql.grouped-form", form=form(text).upper(), word=word)
            return Breach(token.start, problem, say("sparql.inner-select"))
    return None


def _named(text: str, words: Sequence[re.Match[str]], number: int) -> Breach | None:
    """What is wrong with one of the words of a text, where that is more than its place."""
    if number == len(words):
        return None
    word, start, end = words[number][0], *words[number].span()
    if word[0] == "<" and word[-1] == ">":
        if " " in word:
            character = say("parser.iri-character", character=" ")
            problem = say("rdf.bad-iri", iri=word, problem=character)
            return Breach(start, problem, say("rdf.space-iri"))
        if not absolute(word[1:]):
            return Breach(start, say("rdf.relative-iri", iri=word), say("sparql.write-base"))
    ill = ill_iri(word[1:-1]) if word[0] == "<" else ill_tag(word[1:]) if word[0] == "@" else None
    if ill is not None:
        return Breach(start, ill.what, ill.hint)
    if word in [earlier[0] for earlier in words[:number]] and word.startswith("_:"):
        return Breach(start, say("sparql.label", name=word), say("sparql.label-variable"))
    reading = significant(text)
    known = {one.token.start for one in mentions(text)}
    for at, token in enumerate(reading):
        if not start <= token.start < end:
            continue
        before = reading[at - 1].value.upper() if at else ""
        calls = _given(reading[at + 1 :]) is not None
        if token.kind == "name" and token.start not in known:
            note = say("sparql.no-prefix")
            what: str = say("sparql.unexpected-since", word=token.text, note=note)
            return Breach(token.start, say("sparql.not-sparql", what=what))
        if token.kind == "word" and calls and before in _BEFORE | _ARITHMETIC:
            name = token.value.upper()
            if name not in _BUILT_IN:
                problem = say("sparql.no-function-aggregate", function=token.value)
                near = _ELSEWHERE.get(name)
                hint = say("names.did-you-mean", near=near) if near else nearest(name, _BUILT_IN)
                return Breach(token.start, problem, hint)
        if token.value.upper() == "DISTINCT" and before == "(":
            for one in mentions(text):
                if one.at == at - 2:
                    problem = say("sparql.no-aggregate", function=one.token.text)
                    hint = say("sparql.aggregates", names=_AGGREGATES)
                    return Breach(one.token.start, problem, hint)
        if before in ("LIMIT", "OFFSET"):
            what = say("sparql.not-sparql", what=say("sparql.unexpected", word=word[:30]))
            return Breach(start, what, say("sparql.whole-number", most=_LARGEST))
    return None


def _unexpected(
    text: str, at: int, words: Sequence[re.Match[str]], parse: Callable[[str], object]
) -> Breach:
    """What stands where it may not, or all of a text that is legal to its last word."""
    note = _note(text, parse)
    what: str = note or say("sparql.beyond-grammar")
    if words:
        word = words[0][0][:30]
        what = say("sparql.unexpected", word=word)
        if note:
            what = say("sparql.unexpected-since", word=word, note=note)
    return Breach(at, say("sparql.not-sparql", what=what))


def _no_function(iri: str, start: int) -> Breach:
    # By their own names: the whole IRIs of a namespace are all near to one another.
    casts = {cast.removeprefix(XSD): cast for cast in _CASTS}
    local = iri.rpartition("#")[2].rpartition("/")[2]
    near = [f"<{casts[name]}>" for name in closest(local, casts)]
    hint = say("names.did-you-mean", near=near) if near else say("sparql.functions")
    return Breach(start, say("sparql.no-function", function=f"<{iri}>"), hint)


def _calls(text: str) -> Iterator[Mention]:
    """Where a text calls functions by their IRIs."""
    reading = significant(text)
    for one in mentions(text):
        before = reading[one.at - 1].value.upper() if one.at else ""
        if before in _BEFORE and _given(reading[one.at + 1 :]) is not None:
            yield one


def _given(after: Sequence[Token]) -> int | None:
    """How many arguments a call has, by what stands behind its name; None where it is no call."""
    if not after or after[0].value[:1] != "(":
        return None
    depth, commas = 0, 0
    for token in after:
        depth += (token.value in ("(", "{")) - (token.value in (")", "}"))
        commas += depth == 1 and token.value == ","
        if depth == 0:
            break
    return 0 if after[0].kind == "nil" else commas + 1


def _note(text: str, parse: Callable[[str], object]) -> str | None:
    """What the parser says in words, where it says anything."""
    try:
        parse(text)
    except SyntaxError as error:
        found = _PLACE.match(str(error.msg))
        for item in _CLASSES.sub("", found[3]).split(",") if found else ():
            if _NOTE.fullmatch(item.strip()):
                return heard(item.strip())
    return None
