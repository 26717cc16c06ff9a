"""Stored queries for programs: what there is to ask, and the answers, in pages and many formats.

A request is taken strictly: a name that a query does not know is refused, since an answer to less
than was asked would be taken for one to all of it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from gsefgraph.answers.answer import Answer, write
from gsefgraph.answers.constructed import Constructed
from gsefgraph.answers.footnotes import document_iri
from gsefgraph.answers.solutions import json_term
from gsefgraph.errors import EngineError, GsefgraphError
from gsefgraph.graph import asking
from gsefgraph.queries.catalogue import StoredQuery
from gsefgraph.queries.parameters import BoundTerm, Parameter
from gsefgraph.terms import Value
from gsefgraph.web import accepting
from gsefgraph.web.addresses import DATA
from gsefgraph.web.pages import questions
from gsefgraph.web.pages.data import NAMES
from gsefgraph.web.protocol.refused import Refused
from gsefgraph.web.shown import Answered, Asked, File
from gsefgraph.wording import LANGUAGES, say

PAGE: Final = 1_000
"""Rows of a page of JSON, where nothing is said; other formats have all rows."""
LARGEST: Final = 10_000
"""Rows that a page may have."""
PAGES: Final = 10**9
ROWS: Final[Mapping[str, str]] = {
    "json": "application/json",
    "csv": "text/csv",
    "xlsx": questions.ROWS["xlsx"],
    "jsonld": DATA["jsonld"],
    "srj": "application/sparql-results+json",
}
"""What the formats of rows are called in ``format=`` -> media types."""
TRIPLES: Final[Mapping[str, str]] = {"jsonld": DATA["jsonld"], **DATA}
"""The same of the formats of triples."""
LANGUAGE: Final = Parameter("lang", "text", choices=LANGUAGES)
"""What names the language of an answer."""
OF_ANSWER: Final = (
    LANGUAGE,
    Parameter("format", "text", choices=tuple(dict.fromkeys((*ROWS, *TRIPLES)))),
    Parameter("evidence", "text", choices=("false", "true"), default="false"),
    Parameter("page", "integer", default="1"),
    Parameter("limit", "integer"),
)
"""What an answer is asked for with, besides the parameters of the query, whose names go first."""


def listed(asked: Asked) -> File:
    """All stored queries, by family: what each is asked with, and has in its rows."""
    only(asked, (), (LANGUAGE,))
    families = asked.graph.catalogue.families()
    found = [_told(asked, query) for queries in families.values() for query in queries]
    return _json({"queries": found})


listed.addressed = True  # type: ignore[attr-defined]


def answer(asked: Asked) -> Answered:
    """The answer of a stored query.

    Errors:
        UnknownName: no such query, or no thing of a name. ParameterError: a value. Refused: a name
        that is not known or is given twice, or no format of it is accepted. QueryTimeout.
    """
    query = asked.graph.catalogue.get(asked.named["name"])
    of_query = [item for item in query.parameters if item.name != "lang"]
    wanted = only(asked, of_query, OF_ANSWER)
    given = dict(asked.given)
    values = {i.name: _term(asked, i, given[i.name]) for i in of_query if i.name in given}
    form = offered(query)
    suffix = wanted_format(asked, wanted, form)
    limit = _number(wanted, "limit", LARGEST)
    page = _number(wanted, "page", PAGES) or 1
    found = asked.within(lambda: asked.graph.query(query.name, values, lang=asked.lang))
    if isinstance(found, Constructed):
        return File(found.write(NAMES[suffix]), form[suffix])
    if limit is None:
        limit = PAGE if suffix == "json" or page > 1 else max(len(found), 1)
    links = dict(_neighbours(asked, len(found), page, limit))
    count, named = len(found), found.of_things()
    shown = found.rows[(page - 1) * limit : page * limit]
    found = replace(found, rows=shown, whole=found.number if found.boolean is None else None)
    if wanted.get("evidence") == "true" and found.boolean is None:
        kept = found
        found = asked.within(lambda: asking.with_evidence(kept, query, asked.graph.engine))
    if suffix == "json":
        content = _body(asked, query, found)
        if found.boolean is None:
            content |= {"count": count, "page": page, "limit": limit, **links}
        file = _json(content)
    else:
        file = _file(asked, query, found, suffix, named)
    told = ", ".join(f'<{link}>; rel="{name}"' for name, link in links.items())
    return replace(file, headers={"link": told} if told else {})


answer.negotiates = answer.addressed = True  # type: ignore[attr-defined]


def offered(query: StoredQuery) -> Mapping[str, str]:
    """The formats that the answer of a query has: what ``format=`` calls them -> media types.

    >>> from gsefgraph.graph.graph import Graph
    >>> list(offered(Graph.open().catalogue["speakers"]))
    ['json', 'csv', 'xlsx', 'jsonld', 'srj']
    """
    if query.form in ("construct", "describe"):
        return TRIPLES
    truth = query.form == "ask"
    return {n: media for n, media in ROWS.items() if not truth or n not in ("xlsx", "jsonld")}


def only(
    asked: Asked, of_query: Iterable[Parameter], of_answer: Iterable[Parameter]
) -> dict[str, str]:
    """What is given for the answer, where nothing else is given and nothing twice.

    Parameters:
        of_query: what else may be given; a name that both have is the query's.
        of_answer: what an answer may be asked for with; the value of ``format`` is not looked at.

    Errors:
        Refused, ParameterError.

    >>> from gsefgraph.graph.graph import Graph
    >>> from gsefgraph.web.addresses import Addresses
    >>> graph = Graph.open()
    >>> only(Asked(graph, "en", Addresses(graph.names), given=(("lang", "fr"),)), (), OF_ANSWER)
    {'lang': 'fr'}
    """
    theirs = {item.name for item in of_query}
    ours = {item.name: item for item in of_answer if item.name not in theirs}
    for name, times in Counter(name for name, _ in asked.given).items():
        if times > 1:
            raise Refused(400, say("protocol.twice", name=name))
        if name not in theirs and name not in ours:
            known = say("names.one-of", names=sorted({*theirs, *ours}))
            raise Refused(400, say("protocol.no-parameter", name=name), hint=known)
    found = {name: value for name, value in asked.given if name in ours}
    for name, value in found.items():
        if name != "format":
            ours[name].term(value, asked.graph.names)
    return found


def _term(asked: Asked, item: Parameter, value: str) -> BoundTerm:
    """The term of a value; what names nothing is not found, whatever is wrong with the name."""
    try:
        return item.term(value, asked.graph.names, asked.graph.resolver)
    except GsefgraphError as problem:
        if item.type in ("iri", "goal") and not isinstance(problem, EngineError):
            raise Refused(404, problem) from None
        raise


def _number(wanted: Mapping[str, str], name: str, most: int) -> int | None:
    """A whole number from 1; None where it is not given."""
    if name not in wanted:
        return None
    found = int(wanted[name])
    if not 1 <= found <= most:
        raise Refused(400, say("protocol.between", name=name, value=wanted[name], most=most))
    return found


def wanted_format(asked: Asked, wanted: Mapping[str, str], known: Mapping[str, str]) -> str:
    """The format that is asked for by name, or else accepted.

    Parameters:
        wanted: what is given, ``format`` among it or not.
        known: name -> media type, the first wins among equals.

    Errors:
        Refused: none of them.

    >>> from gsefgraph.graph.graph import Graph
    >>> from gsefgraph.web.addresses import Addresses
    >>> graph = Graph.open()
    >>> wanted_format(Asked(graph, "en", Addresses(graph.names), accept="text/csv"), {}, ROWS)
    'csv'
    """
    suffix = wanted["format"] if "format" in wanted else accepting.best(asked.accept, known)
    if suffix not in known:
        raise Refused.format(wanted.get("format", ""), known)
    return suffix


def _neighbours(asked: Asked, count: int, page: int, limit: int) -> Iterable[tuple[str, str]]:
    """The pages beside one: relation (RFC 8288) -> address."""

    def at(number: int) -> str:
        values = {**dict(asked.given), "page": number, "limit": limit}
        return f"{asked.address}{asked.path}?{urlencode(values)}"

    if page * limit < count:
        yield "next", at(page + 1)
    if page > 1:
        yield "prev", at(page - 1)


def _body(asked: Asked, query: StoredQuery, found: Answer) -> dict[str, Any]:
    """An answer as JSON."""
    if found.boolean is not None:
        return {"query": query.name, "boolean": found.boolean, "sentence": found.sentence}

    def cell(term: Value) -> dict[str, Any]:
        told = json_term(term)
        if isinstance(term, NamedNode):
            told["label"] = found.text_of(term)
        return told

    rows = [
        {name: cell(term) for name, term in zip(found.columns, row, strict=True) if term}
        for row in found.rows
    ]
    body: dict[str, Any] = {
        "query": query.name,
        "sentence": found.sentence,
        "columns": [{"name": name, "head": found.head(name)} for name in found.columns],
        "rows": rows,
    }
    if found.footnotes is not None:
        passages = [
            {
                "id": passage.evidence.value,
                "document": document_iri(passage),
                "start": passage.start,
                "end": passage.end,
                "quote": passage.quote,
                "note": passage.note(asked.lang),
            }
            for passage in found.footnotes.passages
        ]
        body["evidence"] = {"passages": passages, "rows": found.footnotes.rows}
    return body


def _file(
    asked: Asked, query: StoredQuery, found: Answer, suffix: str, named: Collection[str]
) -> File:
    """An answer as a file; every page of one has the same columns, `named` with labels."""
    if suffix == "jsonld":
        return File(questions.described(asked, query, found), ROWS[suffix])
    if suffix == "srj":
        return File(write(found, "json"), ROWS[suffix])
    if suffix == "csv":
        content = write(found, suffix, safe=True, labels=named)
        return File(content, f"{ROWS[suffix]}; charset=utf-8")
    return File(write(found, suffix), ROWS[suffix])


def _told(asked: Asked, query: StoredQuery) -> dict[str, Any]:
    """A stored query as JSON."""
    lang, address = asked.lang, f"{asked.address}/api/queries/{query.name}"
    return {
        "name": query.name,
        "title": query.titled(lang),
        "description": query.described(lang),
        "family": query.family,
        "form": query.form,
        "parameters": [
            {
                "name": item.name,
                "type": item.type,
                "label": item.called(lang),
                "description": item.explained(lang),
                "required": item.required,
                "default": item.default,
                "example": item.example,
                "choices": list(item.choices),
            }
            for item in query.parameters
            if item.name != "lang"
        ],
        "columns": [
            {"name": name, "head": heads.get(lang) or heads.get("en", name)}
            for name, heads in query.columns.items()
        ],
        "evidence": bool(query.evidence),
        "formats": list(offered(query)),
        "address": address,
        "page": f"{asked.address}/questions/{query.name}",
    }


def _json(body: Mapping[str, Any]) -> File:
    return File(f"{json.dumps(body, ensure_ascii=False)}\n".encode(), ROWS["json"])
