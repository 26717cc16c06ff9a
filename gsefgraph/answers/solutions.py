"""The W3C's result formats for SELECT and ASK: JSON, XML, CSV and TSV.

pyoxigraph writes them only for rows of its own store; these write any rows, so that an endpoint's
answer, or one with columns of labels and evidence, leaves in the same form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from gsefgraph.answers.rows import Row, plain
from gsefgraph.errors import UsageError
from gsefgraph.rdf.lexical import NOT_XML
from gsefgraph.terms import XSD, Value, undirected
from gsefgraph.wording import say

_PARTS = ("subject", "predicate", "object")
_STRING = f"{XSD}string"
# Turtle 1.1, 2.5.2: the lexical forms that stand for themselves, by datatype.
_BARE: Mapping[str, re.Pattern[str]] = {
    f"{XSD}integer": re.compile(r"[+-]?[0-9]+\Z"),
    f"{XSD}decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+\Z"),
    f"{XSD}double": re.compile(r"[+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+\Z"),
}
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_ENTITIES = {ord(char): f"&{name};" for char, name in {
    "&": "amp", "<": "lt", ">": "gt", '"': "quot", "\r": "#13",
}.items()}  # fmt: skip


def to_json(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """SPARQL 1.1 Query Results JSON Format (https://www.w3.org/TR/sparql11-results-json/).

    Parameters:
        columns: variable names; rows: a term or None for each column.

    >>> print(to_json(["n"], [(Literal("Quito", language="es"),)]).decode(), end="")
    {"head":{"vars":["n"]},"results":{"bindings":[
    {"n":{"type":"literal","value":"Quito","xml:lang":"es"}}
    ]}}
    """
    bindings = ",\n".join(
        _dumps({name: json_term(term) for name, term in zip(columns, row, strict=True) if term})
        for row in rows
    )
    head = _dumps({"vars": list(columns)})
    return f'{{"head":{head},"results":{{"bindings":[\n{bindings}\n]}}}}\n'.encode()


_BETWEEN = b'}},{"'
# Unescaped quotes stand in no string, so that these tell of a term: of one that means nothing
# beyond an answer, or that RDF 1.1 does not have. What is empty may be a row.
_OF_TERMS = (b'"type":"bnode"', b'"type":"triple"', b'"its:dir":', b"{}")


def rows_in(piece: bytes) -> int:
    """About how many rows a piece of the JSON format holds, as an engine writes it.

    >>> rows_in(b'{"a":{"type":"uri","value":"a:b"}},{"a":{"type":"uri","value":"a:c"}},{"a":')
    2
    """
    return piece.count(_BETWEEN)


def arranged(written: bytes, columns: Sequence[str], *, ordered: bool) -> bytes | None:
    """What an engine wrote in the JSON format, as `to_json` has it: a row a line.

    Parameters:
        written: by pyoxigraph.
        columns: variable names, in the order that they are to have.
        ordered: whether the rows have an order; else they are sorted by what is written of them, so
            that one question has one answer, byte for byte.

    Returns:
        None where that cannot be done without a look at the terms.

    >>> rows = b'{"a":{"type":"uri","value":"b:"}}'
    >>> written = b'{"head":{"vars":["a"]},"results":{"bindings":[%b]}}' % rows
    >>> print(arranged(written, ["a"], ordered=True).decode(), end="")
    {"head":{"vars":["a"]},"results":{"bindings":[
    {"a":{"type":"uri","value":"b:"}}
    ]}}
    """
    rows = written.partition(b'"bindings":[')[2][:-3]
    if any(mark in rows for mark in _OF_TERMS):
        return None
    if ordered:
        rows = rows.replace(_BETWEEN, b'}},\n{"')
    elif rows:
        rows = b'{"' + b'}},\n{"'.join(sorted(rows[2:-2].split(_BETWEEN))) + b"}}"
    head = _dumps({"vars": list(columns)}).encode()
    return b'{"head":%b,"results":{"bindings":[\n%b\n]}}\n' % (head, rows)


def boolean_to_json(value: bool) -> bytes:
    """The same format for an ASK (section 4).

    >>> boolean_to_json(True)
    b'{"head":{},"boolean":true}\\n'
    """
    return f'{{"head":{{}},"boolean":{str(value).lower()}}}\n'.encode()


_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def json_term(term: Value) -> dict[str, Any]:
    """A term as SPARQL 1.1 Query Results JSON writes it (section 3.2.2).

    A triple term is written as SPARQL 1.2 does.

    >>> json_term(Literal("x", language="fr"))
    {'type': 'literal', 'value': 'x', 'xml:lang': 'fr'}
    """
    if isinstance(term, Triple):
        parts = zip(_PARTS, term, strict=True)
        return {"type": "triple", "value": {name: json_term(part) for name, part in parts}}
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    found = {"type": "literal", "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
    elif term.datatype.value != _STRING:
        found["datatype"] = term.datatype.value
    return found


_XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n'


def to_xml(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """SPARQL Query Results XML Format (https://www.w3.org/TR/rdf-sparql-XMLres/).

    Errors:
        UsageError: a text holds a character that XML cannot hold.

    >>> print(to_xml(["n"], [(Literal("a<b"),)]).decode().splitlines()[6])
    <result><binding name="n"><literal>a&lt;b</literal></binding></result>
    """
    lines = [_XML_HEAD + "<head>"]
    lines += [f'<variable name="{escape(name)}"/>' for name in columns]
    lines.append("</head>\n<results>")
    for row in rows:
        cells = "".join(
            f'<binding name="{escape(name)}">{_xml_term(term)}</binding>'
            for name, term in zip(columns, row, strict=True)
            if term
        )
        lines.append(f"<result>{cells}</result>")
    lines.append("</results>\n</sparql>\n")
    return "\n".join(lines).encode()


def boolean_to_xml(value: bool) -> bytes:
    """The same format for an ASK (section 2.3.2).

    >>> boolean_to_xml(True).decode().splitlines()[3]
    '<boolean>true</boolean>'
    """
    return f"{_XML_HEAD}<head/>\n<boolean>{str(value).lower()}</boolean>\n</sparql>\n".encode()


def _xml_term(term: Value) -> str:
    if isinstance(term, Triple):
        parts = zip(_PARTS, term, strict=True)
        inner = "".join(f"<{name}>{_xml_term(part)}</{name}>" for name, part in parts)
        return f"<triple>{inner}</triple>"
    bad = NOT_XML.search(term.value)
    if bad:
        raise UsageError(say("answer.not-xml", char=ord(bad[0])), hint=say("answer.json-csv"))
    text = escape(term.value)
    if isinstance(term, NamedNode):
        return f"<uri>{text}</uri>"
    if isinstance(term, BlankNode):
        return f"<bnode>{text}</bnode>"
    if term.language:
        return f'<literal xml:lang="{escape(term.language)}">{text}</literal>'
    if term.datatype.value != _STRING:
        return f'<literal datatype="{escape(term.datatype.value)}">{text}</literal>'
    return f"<literal>{text}</literal>"


def escape(text: str) -> str:
    """Text as XML writes it, in an element or an attribute.

    >>> escape('<a title="b">')
    '&lt;a title=&quot;b&quot;&gt;'
    """
    return text.translate(_ENTITIES)


def to_csv(columns: Sequence[str], rows: Sequence[Row], *, safe: bool = False) -> bytes:
    """SPARQL 1.1 Query Results CSV (https://www.w3.org/TR/sparql11-results-csv-tsv/, section 3).

    Parameters:
        columns, rows: as `to_json`.
        safe: put an apostrophe before a cell that a spreadsheet would run as a formula.

    >>> to_csv(["n", "m"], [(Literal("=A1"), None), (Literal("a,b"), Literal(-2))], safe=True)
    b'n,m\\r\\n\\'=A1,\\r\\n"a,b",-2\\r\\n'
    """
    lines = [",".join(_csv_cell(name) for name in columns)]
    for row in rows:
        texts = ["" if term is None else plain(term) for term in row]
        lines.append(",".join(_csv_cell(harmless(text) if safe else text) for text in texts))
    return "".join(f"{line}\r\n" for line in lines).encode()


def to_excel(heads: Sequence[str], rows: Sequence[Sequence[str]], apart: str = ",") -> bytes:
    """CSV that Excel opens by a double click: with a byte order mark, nothing that it would run.

    Parameters:
        heads: of the columns; rows: their texts.
        apart: what stands between cells; where numbers have a comma, Excel expects a semicolon.

    >>> to_excel(["Où"], [["=A1"], ["a;b"]], ";").decode("utf-8-sig")
    'Où\\r\\n\\'=A1\\r\\n"a;b"\\r\\n\'
    """
    lines = [apart.join(_csv_cell(harmless(cell), apart) for cell in row) for row in (heads, *rows)]
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig")


def _csv_cell(text: str, apart: str = ",") -> str:
    if any(char in text for char in f'"{apart}\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def harmless(text: str) -> str:
    """A text that no spreadsheet runs as a formula; a plain number stays as it is.

    >>> harmless("-3.5"), harmless("-2+3"), harmless("@SUM(A1)")
    ('-3.5', "'-2+3", "'@SUM(A1)")
    """
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.match(text) else text


def to_tsv(columns: Sequence[str], rows: Sequence[Row], *, safe: bool = False) -> bytes:
    """SPARQL 1.1 Query Results TSV (the same document, section 4): terms as Turtle writes them.

    Parameters:
        columns, rows, safe: as `to_csv`.

    >>> to_tsv(["n"], [(Literal("a\\tb"),), (Literal(5),)])
    b'?n\\n"a\\\\tb"\\n5\\n'
    """
    lines = ["\t".join(f"?{name}" for name in columns)]
    for row in rows:
        lines.append("\t".join("" if term is None else _tsv_cell(term, safe) for term in row))
    return "".join(f"{line}\n" for line in lines).encode()


def _tsv_cell(term: Value, safe: bool) -> str:
    if isinstance(term, Literal):
        bare = _BARE.get(term.datatype.value)
        if bare and bare.match(term.value):
            return term.value
        if safe and harmless(term.value) != term.value:
            # A spreadsheet takes the quotes of Turtle for its own and sees what stands in them.
            term = _with_text(term, harmless(term.value))
    term = undirected(term)
    return f"<<( {term} )>>" if isinstance(term, Triple) else str(term)


def _with_text(term: Literal, text: str) -> Literal:
    if term.language:
        return Literal(text, language=term.language)
    return Literal(text, datatype=term.datatype)
