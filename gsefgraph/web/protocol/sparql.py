"""The SPARQL endpoint (SPARQL 1.1 Protocol): a query by GET, or by POST as a form or as it is.

The same address shows people an editor (`pages/sparql.py`), where their browser asks for a page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, TypeVar

from gsefgraph.errors import GsefgraphError
from gsefgraph.sparql.form import form
from gsefgraph.sparql.guard import MAX_BYTES
from gsefgraph.sparql.prologue import missing, without
from gsefgraph.sparql.protocol import changed_with
from gsefgraph.sparql.terminals import in_turn
from gsefgraph.terms import VERSION, is_iri
from gsefgraph.web import accepting
from gsefgraph.web.addresses import DATA
from gsefgraph.web.pages import sparql as editor
from gsefgraph.web.pages.data import NAMES
from gsefgraph.web.protocol import body, description
from gsefgraph.web.protocol.graphs import LARGEST
from gsefgraph.web.protocol.refused import Refused, may_write, told
from gsefgraph.web.shown import Answered, Asked, File
from gsefgraph.web.worker import Question, Update
from gsefgraph.web.workers import Reply, Workers
from gsefgraph.wording import say

T = TypeVar("T")
_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_PAGE: Final = ("text/html", "application/xhtml+xml")
_ROWS: Final[Mapping[str, str]] = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
}
_TRIPLES: Final[Mapping[str, str]] = {
    **{DATA[suffix]: name for suffix, name in NAMES.items()},
    "application/json": "jsonld",
    "application/xml": "rdfxml",
    "text/plain": "ntriples",
}
# What clients call formats in ``format=``: SPARQLWrapper, say, ``turtle`` and ``json-ld``.
_SHORT_ROWS: Final[Mapping[str, str]] = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
_SHORT_TRIPLES: Final[Mapping[str, str]] = {
    **DATA,
    **{name: DATA[suffix] for suffix, name in NAMES.items()},
    "json": DATA["jsonld"],
    "json-ld": DATA["jsonld"],
    "xml": DATA["rdf"],
    "rdf+xml": DATA["rdf"],
    "n3": DATA["ttl"],
}
_SUFFIXES: Final = {media: suffix for suffix, media in {**_SHORT_ROWS, **DATA}.items()}
_AT_ONCE: Final = 8 * 2**10  # characters; they take two milliseconds
_VARYING: Final = ("now", "rand", "uuid", "bnode")  # what a function ends with that varies


@dataclass(frozen=True, slots=True)
class Operation:
    """What a request asks for (section 2).

    Attributes:
        query, update: the text; one of them at most has one.
        default, named: IRIs of graphs that take the place of those in the text.
        format: what ``format=`` says, with commas where it says several.
    """

    query: str = ""
    update: str = ""
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    format: str = ""


async def endpoint(asked: Asked) -> Answered:
    """The answer of a query; without one what the endpoint is, or for people the editor.

    While a query waits or runs, no thread does.
    """
    page = _wants_page(asked.accept)

    elsewhere = asked.deadline.waiting
    try:
        operation = await _short(asked, _size(asked), lambda: read(asked))
        if operation.update:
            return await _changed(asked, operation)
        if page and not operation.format:
            return await _edited(asked, operation)
        if not operation.query.strip():
            return await elsewhere(lambda: description.service(asked))
        return await _answer(asked, operation)
    except Refused as refused:
        problem = refused
    return await elsewhere(lambda: told(asked, problem, page=page))


endpoint.negotiates = endpoint.addressed = True  # type: ignore[attr-defined]
endpoint.longest = 4 * MAX_BYTES  # type: ignore[attr-defined]
# A form may have three characters for one.
endpoint.speaks = lambda workers, writes: 4 * _longest(workers, writes)  # type: ignore[attr-defined]


def read(asked: Asked) -> Operation:
    """The operation of a request (sections 2.1 and 2.2).

    Errors:
        Refused: it asks for nothing that the protocol knows, or for too much.

    >>> from gsefgraph.graph.graph import Graph
    >>> from gsefgraph.web.addresses import Addresses
    >>> graph = Graph.open()
    >>> read(Asked(graph, "en", Addresses(graph.names), given=(("query", "ASK {}"),)))
    Operation(query='ASK {}', update='', default=(), named=(), format='')
    """
    given = [*asked.given, *(_sent(*asked.body) if asked.body else ())]

    def values(name: str) -> tuple[str, ...]:
        return tuple(value for known, value in given if known == name)

    queries, updates = values("query"), values("update")
    if len(queries) + len(updates) > 1:
        raise Refused(400, say("protocol.several"))
    if updates and asked.body is None:
        raise Refused(400, say("protocol.update-by-post"))
    longest = _longest(asked.workers, bool(updates))
    for text in (*queries, *updates):
        if len(text.encode("utf-8", "surrogatepass")) > longest:
            key = "protocol.long-update" if updates else "sparql-page.too-long"
            raise Refused(413, say(key, most=longest // 1024))
    kind = "using-graph-uri", "using-named-graph-uri"
    if queries:
        kind = "default-graph-uri", "named-graph-uri"
    default, named = (tuple(dict.fromkeys(values(name))) for name in kind)
    for iri in (*default, *named):
        if not is_iri(iri):
            raise Refused(400, say("sparql.no-graph", value=iri[:200]))
    wanted = ",".join(values("format"))
    return Operation("".join(queries), "".join(updates), default, named, wanted)


def _longest(workers: Workers, writes: bool) -> int:
    """Bytes of a query; or of an update, which only who knows the token sends."""
    return max(workers.longest, LARGEST) if writes else workers.longest


def _sent(media: str, sent: bytes) -> list[tuple[str, str]]:
    """What the body of a request says."""
    kind, text = body.text(media, sent, (body.FORM, _QUERY, _UPDATE))
    if kind == body.FORM:
        return body.fields(text)
    return [("query" if kind == _QUERY else "update", text)]


async def _edited(asked: Asked, operation: Operation) -> Answered:
    """The editor with a query and its answer, or with what is wrong."""
    query = operation.query
    question = editor.question(asked, query, operation.default, operation.named)
    elsewhere = asked.deadline.waiting
    try:
        reply = await _reply(asked, question) if question else None
    except Refused as refused:
        status, problem = refused.status, refused.problem
        return await elsewhere(lambda: editor.refused(asked, status, problem, query))
    return await elsewhere(lambda: editor.page(asked, query, reply))


async def _reply(asked: Asked, question: Question) -> Reply:
    """What a process answers.

    Errors:
        Refused.
    """
    try:
        return await asked.workers.answer(asked.graph, asked.generation, question, asked.client)
    except GsefgraphError as problem:
        raise Refused.of(problem) from None


async def _answer(asked: Asked, operation: Operation) -> File:
    """The answer of a query as a file."""

    def looked_at() -> tuple[str, str, str]:
        media, wanted = _format(asked, operation)
        return media, wanted, _tag(asked, operation, media)

    media, wanted, tag = await _short(asked, len(operation.query), looked_at)
    named = f"answer.{_SUFFIXES[media]}" if operation.format and media in _SUFFIXES else ""
    for known in (tag, accepting.gzipped(tag)) if tag else ():
        if accepting.knows(asked.holds, known):
            return File(b"", media, status=304, headers={"etag": known})
    question = Question(
        operation.query, wanted, asked.lang, operation.default, operation.named, asked.endpoint
    )
    reply = await _reply(asked, question)
    charset = "; charset=utf-8" if media.startswith("text/") else ""
    return File(
        reply.body, f"{media}{charset}", named, headers={"etag": tag} if tag else {}, kept=bool(tag)
    )


async def _short(asked: Asked, size: int, work: Callable[[], T]) -> T:
    """What comes of a look at so many characters: all others wait for one that is short, so that a
    long one is in a thread."""
    return work() if size <= _AT_ONCE else await asked.deadline.waiting(work)


def _size(asked: Asked) -> int:
    return sum(len(value) for _, value in asked.given) + len(asked.body[1] if asked.body else b"")


async def _changed(asked: Asked, operation: Operation) -> File:
    """Nothing but that an update was done (section 2.2)."""
    served = may_write(asked)
    names = asked.graph.names.prefixes
    declared = missing(operation.update, names)
    declared = f"BASE <{asked.endpoint}>\n{declared}"
    longest = _longest(asked.workers, True) + len(declared)
    try:
        text = changed_with(operation.update, operation.default, operation.named)
        job = Update(declared + text, longest, asked.lang)
        await asked.workers.answer(asked.graph, asked.generation, job, asked.client)
    except GsefgraphError as problem:
        raise Refused.of(without(declared, problem, names)) from None
    finally:  # one that was ended may have been done all the same
        await asyncio.to_thread(served.refresh)
    return File(b"", "text/plain", status=204, kept=False)


def _format(asked: Asked, operation: Operation) -> tuple[str, str]:
    """The media type of an answer, and what is written as that type is called.

    Errors:
        Refused: no type that an answer of this form has is accepted.
    """
    try:
        kind = form(operation.query)
    except (GsefgraphError, RecursionError):
        return next(iter(_ROWS.items()))  # what is wrong with it is said by who answers it
    offered = _offered(kind)
    short = _SHORT_TRIPLES if offered is _TRIPLES else _SHORT_ROWS
    names = [name.strip() for name in operation.format.split(",")]
    if operation.format:  # SPARQLWrapper names one of two ways to say the same
        media = next((m for m in (short.get(n, n) for n in names) if m in offered), "")
    else:
        media = _best(asked.accept, kind)
    if media not in offered:
        known = [name for name in short if short[name] in offered] if operation.format else offered
        raise Refused.format(operation.format, known)
    return media, offered[media]


def _offered(kind: str) -> Mapping[str, str]:
    """The media types that an answer of a form may have, and what is written as each is called."""
    if kind in ("construct", "describe"):
        return _TRIPLES
    if kind == "ask":
        return {media: name for media, name in _ROWS.items() if name in ("json", "xml")}
    return _ROWS


@lru_cache(maxsize=64)  # programs accept few different things
def _best(accept: str, kind: str) -> str:
    return accepting.best(accept, {media: media for media in _offered(kind)})


def _tag(asked: Asked, operation: Operation, media: str) -> str:
    """What tells this answer from others before it is there; empty where each may be another."""
    digest, text = asked.graph.digest, operation.query
    if not digest or _varies(text):
        return ""
    parts = repr((VERSION, digest, operation, media, asked.lang, asked.endpoint))
    return accepting.etag(parts.encode("utf-8", "surrogatepass"))


def _varies(text: str) -> bool:
    folded = text.lower()
    if "\\u" not in folded and not any(name in folded for name in _VARYING):  # as most texts do not
        return False
    # An engine needs no space before a function.
    return any(
        token.kind == "word"
        and token.value.lower().endswith(_VARYING)
        and after.value.startswith("(")
        for token, after in pairwise(in_turn(text))
    )


@lru_cache(maxsize=64)
def _wants_page(accept: str) -> bool:
    """Whether a browser asks: what accepts anything is a program."""
    named = {accepting.weighed(part)[0] for part in accept.split(",")}
    if named.isdisjoint(_PAGE):
        return False
    offered = {media: media for media in (*_PAGE, *_ROWS, *_TRIPLES)}
    return accepting.best(accept, offered) in _PAGE
