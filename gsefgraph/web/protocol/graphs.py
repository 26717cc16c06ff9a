"""The graphs of the store, each at an address (SPARQL 1.1 Graph Store HTTP Protocol).

A graph is named by ``?graph=IRI``, or by the address that it bears, below ``/graphs/``. The default
graph of a query is the union of all, and so is ``?default`` to be read; what is written there is
put into a graph of its own, which is then what ``?default`` names.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from email.parser import BytesParser
from email.policy import HTTP
from functools import partial
from itertools import chain
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from gsefgraph.engine.base import Engine
from gsefgraph.errors import GsefgraphError
from gsefgraph.terms import is_iri
from gsefgraph.web import accepting
from gsefgraph.web.addresses import DATA
from gsefgraph.web.pages.data import NAMES
from gsefgraph.web.protocol.description import written
from gsefgraph.web.protocol.refused import Refused, may_write
from gsefgraph.web.served import Served
from gsefgraph.web.shown import Answered, Asked, File
from gsefgraph.web.worker import Sent
from gsefgraph.wording import number, say

LARGEST: Final = 16 * 2**20
"""Bytes of what is sent for one graph."""
_SENT_WHOLE: Final = 500_000  # triples of a graph
_FORMATS: Final = {media: NAMES[suffix] for suffix, media in DATA.items()}
_FORM: Final = "multipart/form-data"


async def graph(asked: Asked) -> Answered:
    """One graph, read (5.2, 5.6) or, with the token, replaced, removed or added to (5.3 to 5.5).

    Errors:
        Refused: it is not there, or may not be written. GsefgraphError: what was sent.
    """
    elsewhere = asked.deadline.waiting
    if asked.method in ("GET", "HEAD"):
        return await elsewhere(lambda: _read(asked))
    served = may_write(asked)
    if asked.matches or asked.holds:
        await elsewhere(lambda: _as_known(asked))
    if asked.method == "DELETE":
        return await elsewhere(lambda: _delete(asked, served))
    change = _put if asked.method == "PUT" else _post
    triples: list[Triple] = []
    for sent in await elsewhere(lambda: list(_sent(asked))):
        reply = await asked.workers.answer(asked.graph, asked.generation, sent, asked.client)
        triples += await elsewhere(partial(_parsed, reply.body))
    return await elsewhere(lambda: change(asked, served, triples))


graph.negotiates = graph.addressed = True  # type: ignore[attr-defined]
graph.speaks = LARGEST  # type: ignore[attr-defined]
graph.methods = ("POST", "PUT", "DELETE")  # type: ignore[attr-defined]


def _read(asked: Asked) -> File:
    engine, quads = asked.graph.engine, None
    node = _named(asked)
    count = _count(asked, node)
    if not count and node == _default(asked):
        count, quads = engine.count(), asked.graph.quads()
    elif not count:
        raise Refused(404, say("engine.no-graph", graph=node.value))
    if count > _SENT_WHOLE:
        much = number(count, asked.lang)
        raise Refused(413, say("data.too-large", count=much, format="N-Quads"))
    return written(asked, engine.dump(node) if quads is None else quads)


def _count(asked: Asked, node: NamedNode) -> int:
    return asked.count(f"SELECT (COUNT(*) AS ?n) {{ GRAPH {node} {{ ?s ?p ?o }} }}")


def _as_known(asked: Asked) -> None:
    """See that a graph is as who writes has read it, in whatever format (RFC 9110, section 13.1).

    Errors:
        Refused: it is another, or is there where it should not be.
    """
    quads = list(asked.graph.engine.dump(_named(asked)))

    def tags() -> Iterator[str]:
        for media in DATA.values():
            with suppress(GsefgraphError):  # RDF/XML has no name for some predicates
                tag = accepting.etag(written(replace(asked, accept=media), quads).content)
                yield from (tag, accepting.gzipped(tag))

    def met(said: str) -> bool:
        return bool(quads) and any(accepting.knows(said, tag) for tag in tags())

    if (asked.matches and not met(asked.matches)) or (asked.holds and met(asked.holds)):
        raise Refused(412, say("protocol.another"))


def _delete(asked: Asked, served: Served) -> File:
    """Remove a graph."""
    node = _named(asked)
    if not served.write(lambda engine: _replace(engine, node, ())):
        raise Refused(404, say("engine.no-graph", graph=node.value))
    return _done(204)


def _put(asked: Asked, served: Served, triples: list[Triple]) -> File:
    """Make a graph hold what was sent, and nothing else."""
    node = _named(asked)
    there = served.write(lambda engine: _replace(engine, node, triples))
    return _done(204 if there else 201)


def _post(asked: Asked, served: Served, triples: list[Triple]) -> File:
    """Add what was sent to a graph, or make one of it where none is named."""
    if not {"graph", "default"} & {name for name, _ in asked.given} and "path" not in asked.named:
        name = hashlib.sha256("".join(sorted(map(str, triples))).encode()).hexdigest()[:16]
        node = NamedNode(f"{asked.address}/graphs/{name}")
        served.write(lambda engine: _replace(engine, node, triples))
        return _done(201, location=node.value)
    node = _named(asked)

    def add(engine: Engine) -> bool:
        held = (quad.triple for quad in engine.dump(node))
        return _replace(engine, node, chain(held, triples))

    return _done(204 if served.write(add) else 201)


def _replace(engine: Engine, node: NamedNode, triples: Iterable[Triple]) -> bool:
    """Make a graph hold some triples; whether it was there before."""
    there = next(engine.dump(node), None) is not None
    wanted = list(triples)
    if there or wanted:
        engine.replace(node, wanted)
    return there


def _done(status: int, **headers: str) -> File:
    return File(b"", "text/plain", status=status, headers=headers, kept=False)


def _named(asked: Asked) -> NamedNode:
    """The graph that a request is about (section 4)."""
    given = [value for name, value in asked.given if name == "graph"]
    default = any(name == "default" for name, _ in asked.given)
    direct = "path" in asked.named
    if len(given) + default + direct != 1:
        raise Refused(400, say("protocol.which-graph"))
    if default:
        return _default(asked)
    iri = given[0] if given else f"{asked.address}{asked.path}"
    if not is_iri(iri):
        raise Refused(400, say("sparql.no-graph", value=iri[:200]))
    return NamedNode(iri)


def _default(asked: Asked) -> NamedNode:
    """Where what is written into the default graph is kept."""
    return NamedNode(asked.graph.names.graph("default"))


def _sent(asked: Asked) -> Iterator[Sent]:
    """The parts of the body of a request, to be read."""
    media, body = asked.body or ("", b"")
    parts = [(media, body)]
    if media.lower().startswith(_FORM):
        head = b"Content-Type: %s\r\n\r\n" % media.encode()
        whole = BytesParser(policy=HTTP).parsebytes(head + body)
        parts = [
            (part.get_content_type(), bytes(part.get_payload(decode=True) or b""))
            for part in whole.iter_parts()
        ]
    for kind, content in parts:
        kind = kind.partition(";")[0].strip().lower()
        if kind not in _FORMATS:
            raise Refused.media(kind, _FORMATS)
        base = f"{asked.address}{asked.path}"
        yield Sent(b64encode(content).decode(), _FORMATS[kind], base, asked.lang)


def _parsed(lines: bytes) -> list[Triple]:
    return [quad.triple for quad in parse(lines, RdfFormat.N_TRIPLES, lenient=True)]
