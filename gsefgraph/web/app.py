"""The application: addresses to pages, and what every answer of it carries.

Pages are functions of one request and one graph (`pages/`); this is all that knows HTTP. A page is
kept until the graph changes, since the same request then has the same answer, byte for byte.
"""

from __future__ import annotations

import asyncio
import gzip
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock
from typing import Final, TypeAlias, cast
from urllib.parse import quote
from weakref import WeakKeyDictionary

from python_multipart.multipart import parse_options_header
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Route

from gsefgraph.errors import GsefgraphError, QueryTimeout
from gsefgraph.graph.graph import Graph
from gsefgraph.web import accepting, language, rendering
from gsefgraph.web.addresses import Addresses
from gsefgraph.web.connection import PATIENCE
from gsefgraph.web.hosts import Answering, Hosts
from gsefgraph.web.log import ROUTE, Logged
from gsefgraph.web.pages import (
    check,
    contribute,
    data,
    evidence,
    explore,
    guides,
    home,
    model,
    questions,
    search,
    sources,
    thing,
    why,
)
from gsefgraph.web.pages import sparql as editor
from gsefgraph.web.protocol import (
    description,
    graphs,
    openapi,
    queries,
    refused,
    sparql,
    suggestions,
    validation,
)
from gsefgraph.web.protocol.reconciliation import preview
from gsefgraph.web.protocol.reconciliation import service as reconciliation
from gsefgraph.web.served import Served
from gsefgraph.web.shown import ADDRESS, Answered, Asked, File, Memory, Moved
from gsefgraph.web.workers import Workers

Page: TypeAlias = Callable[[Asked], Answered]
"""What answers, in a thread."""
Waiting: TypeAlias = Callable[[Asked], Awaitable[Answered]]
"""What answers once others have, such as processes: in the event loop, so that no thread waits."""

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}
_SHARED: Final = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "ETag, Link, Retry-After",
}
_ASKED_BEFORE: Final = {
    "access-control-allow-methods": "GET, HEAD, POST",
    "access-control-allow-headers": "Accept, Accept-Language, Content-Type, If-None-Match",
    "access-control-max-age": "86400",
}
_YEAR: Final = "public, max-age=31536000, immutable"
_KEPT_BYTES: Final = 64 * 2**20
_ENTRY: Final = 2_000  # what an answer takes, but for its bytes
_AT_ONCE: Final = 2**14  # bytes that are read or packed sooner than a thread has begun
_LONGEST: Final = 8_192  # bytes of a query string
_PATH: Final = 2_000  # of a path
_UPLOAD: Final = 2 * 2**20
_LATER: Final = "60"  # seconds until a question that took too long may be asked again
_COMPRESSED: Final = (
    "text/",
    "application/json",
    "application/ld+json",
    "application/n-triples",
    "application/rdf+xml",
    "application/sparql-results",
    "application/xml",
    "image/svg+xml",
)
_SUFFIXES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}

_WRONG: Final = (refused.Refused, GsefgraphError, HTTPException)

PAGES: Final[tuple[tuple[str, Page | Waiting], ...]] = (
    ("/sparql", sparql.endpoint),  # first, since programs ask it a thousand times a second
    ("/", home.page),
    ("/id/{scheme}:{rest:path}", thing.moved),
    ("/id/{kind}/{name}", thing.moved),
    ("/page/evidence/{name}", evidence.page),
    ("/page/{kind}/{name}", thing.page),
    ("/page", thing.page),
    ("/data/{kind}/{name}.{suffix}", data.of_thing),
    ("/data.{suffix}", data.whole),
    ("/explore", explore.page),
    ("/explore/{class}", explore.listed),
    ("/sources", sources.listed),
    ("/sources/{doc}", sources.whole),
    ("/why", why.page),
    ("/model", model.page),
    ("/model/{term}", model.term),
    ("/check", check.page),
    ("/contribute", contribute.page),
    ("/contribute/{class}", contribute.page),
    ("/examples/{name}.ttl", contribute.example),
    ("/search", search.page),
    ("/questions", questions.all_of_them),
    ("/questions/{name}.{suffix}", questions.file),
    ("/questions/{name}", questions.page),
    ("/api/openapi.json", openapi.description),
    ("/api/queries", queries.listed),
    ("/api/queries/{name}", queries.answer),
    ("/api/suggest", suggestions.names),
    ("/api/validate", validation.report),
    ("/help", guides.page),
    ("/help/{name}", guides.guide),
    ("/api/terms", editor.terms),
    ("/graphs", graphs.graph),
    ("/graphs/{path:path}", graphs.graph),
    ("/reconcile", reconciliation.service),
    ("/reconcile/suggest/{what}", reconciliation.suggest),
    ("/reconcile/flyout/{what}", reconciliation.flyout),
    ("/reconcile/properties", reconciliation.properties),
    ("/reconcile/properties/{lang}", reconciliation.properties),
    ("/reconcile/preview", preview.preview),
    ("/.well-known/void", description.void),
    ("/health", description.health),
    ("/robots.txt", data.robots),
    ("/sitemap.xml", data.sitemap),
)


@dataclass(slots=True)
class _Kept:
    """An answer, ready to be sent as it is; where it packs, packed once somebody wants it so."""

    status: int
    headers: dict[str, str]
    body: bytes
    packs: bool
    packed: bytes | None = None

    @property
    def size(self) -> int:
        """Bytes that it takes at most, or nearly."""
        return len(self.body) * 3 // 2 if self.packs else len(self.body)

    async def pack(self) -> None:
        """Have it packed."""
        if len(self.body) <= _AT_ONCE:
            self.packed = gzip.compress(self.body, 6, mtime=0)
        else:
            self.packed = await run_in_threadpool(gzip.compress, self.body, 6, mtime=0)


class _Answers:
    """Answers that were given, and those that are being made, by what was asked of which
    generation of the graph."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[object, ...], _Kept] = OrderedDict()
        self._making: dict[tuple[object, ...], Future[_Kept]] = {}
        self._bytes = 0
        self._lock = Lock()
        self._memories: WeakKeyDictionary[Graph, Memory] = WeakKeyDictionary()

    def memory(self, graph: Graph) -> Memory:
        """What pages of a graph have found."""
        found = self._memories.get(graph)
        return found if found is not None else self._memories.setdefault(graph, Memory())

    async def answer(
        self,
        key: tuple[object, ...],
        make: Callable[[], Awaitable[tuple[_Kept, bool]]],
        keeps: bool,
    ) -> _Kept:
        """What was kept, or what `make` gives; who asks for the same while it is made waits for
        that.

        Parameters:
            make: gives the answer, and whether it may be kept.
            keeps: whether it is the same for all who ask now.
        """
        if not keeps:
            return (await make())[0]
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
                return found
            making, first = self._making.get(key), False
            if making is None:
                making, first = self._making.setdefault(key, Future()), True
        if not first:
            return await asyncio.wrap_future(making)
        try:
            answer, keep = await make()
        except BaseException as problem:
            with self._lock:
                del self._making[key]
            making.set_exception(problem)
            raise
        with self._lock:
            del self._making[key]
            if keep:
                self._keep(key, answer)
        making.set_result(answer)
        return answer

    def _keep(self, key: tuple[object, ...], answer: _Kept) -> None:
        size = _takes(key, answer)
        if key in self._held or size > _KEPT_BYTES // 8:
            return
        self._held[key] = answer
        self._bytes += size
        while self._bytes > _KEPT_BYTES:
            self._bytes -= _takes(*self._held.popitem(last=False))


def _takes(key: tuple[object, ...], answer: _Kept) -> int:
    """Bytes that an answer takes that is kept, with what was asked for it."""
    return _ENTRY + answer.size + sum(len(part) for part in key if isinstance(part, str))


def application(
    served: Served,
    hosts: Hosts | None = None,
    workers: Workers | None = None,
    shares: bool = True,
    log: Callable[[str], None] | None = None,
) -> Starlette:
    """The web application of a graph.

    Parameters:
        hosts: those that it answers to, and its address; those of this machine, where none are
            given.
        workers: where strangers' queries run.
        shares: whether pages of other origins may read data.
        log: told a line of JSON of each request.

    >>> from gsefgraph.graph.graph import Graph
    >>> [route.path for route in application(Served(Graph.open)).routes][0]
    '/static/{digest}/{path:path}'
    """
    answers = _Answers()

    def answering(path: str, page: Page | Waiting) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            request.scope[ROUTE] = path
            upload = body = None
            if request.method not in ("GET", "HEAD", "DELETE"):
                if hasattr(page, "methods") and not served.allows(_bearer(request)):
                    body = "", b""  # nobody waits for what is refused in any case
                elif speaks := getattr(page, "speaks", 0):
                    if callable(speaks):
                        writes = bool(served.allows(_bearer(request)))
                        speaks = speaks(request.app.state.workers, writes)
                    body = request.headers.get("content-type", ""), await _sent(request, speaks)
                else:
                    upload = await _upload(request)
            return await _answer(served, answers, page, request, upload, body)

        return endpoint

    async def failed(request: Request, problem: Exception) -> Response:
        status = problem.status_code if isinstance(problem, HTTPException) else 500
        if status == 404 and (known := _without_slash(request, routes)):
            return RedirectResponse(known, 308, _ALWAYS)
        told = (problem.headers if isinstance(problem, HTTPException) else None) or {}
        taken = {*told["Allow"].split(", "), "OPTIONS"} if "Allow" in told else ()
        allow = {"allow": ", ".join(sorted(taken))} if taken else {}
        if allow and request.method == "OPTIONS":
            shared = _open(request)
            before = _ASKED_BEFORE if shared else {}
            return Response(status_code=204, headers=_ALWAYS | allow | shared | before)
        name = request.url.path.rpartition("/")[2].replace("-", " ") if status == 404 else ""

        def refusal(asked: Asked) -> Answered:
            return refused.failed(asked, status, name)

        answer = await _answer(served, answers, refusal, request)
        answer.headers.update(allow)
        return answer

    async def gone(_request: Request, _problem: Exception) -> Response:
        return Response(status_code=400)  # which nobody hears

    routes = [Route("/static/{digest}/{path:path}", _static)]
    for path, page in PAGES:
        posted = hasattr(page, "takes_files") or hasattr(page, "speaks")
        reads = [] if hasattr(page, "answers_posts") else ["GET"]
        methods = [*reads, *getattr(page, "methods", ["POST"] if posted else [])]
        routes.append(Route(path, answering(path, page), methods=methods))
    handlers = {HTTPException: failed, ClientDisconnect: gone, 500: failed}
    made = Starlette(routes=routes, exception_handlers=handlers)
    hosts = hosts or Hosts()
    made.state.hosts, made.state.shares, made.state.workers = hosts, shares, workers or Workers()
    made.add_middleware(Answering, hosts=hosts)
    if log is not None:
        made.add_middleware(Logged, log=log)
    made.router.redirect_slashes = False
    return made


def _without_slash(request: Request, routes: list[Route]) -> str:
    """The address that was meant where one ends with a slash; empty where none was."""
    path = f"/{request.url.path.strip('/')}"
    found = {**request.scope, "path": path, "method": "GET"}
    if path == request.url.path or all(route.matches(found)[0] != Match.FULL for route in routes):
        return ""
    query = request.url.query
    return f"{quote(path)}{query and '?'}{query}"


async def _answer(
    served: Served,
    answers: _Answers,
    page: Page | Waiting,
    request: Request,
    upload: tuple[str, bytes] | None = None,
    body: tuple[str, bytes] | None = None,
) -> Response:
    graph, generation = served.now
    path, query = request.scope["path"], request.scope["query_string"].decode("latin-1")
    too_long = len(path) > _PATH or len(query) > getattr(page, "longest", _LONGEST)
    values = {} if too_long else dict(request.query_params)
    wished = values.get("lang", "")
    accepted = request.headers.get("accept-language", "")
    accept = request.headers.get("accept", "")
    data, page_wanted = refused.DATA.fullmatch(path), "text/html" in accept
    # The language that was chosen on pages is that of pages.
    cookie = request.cookies.get(language.COOKIE, "") if page_wanted or not data else ""
    lang = language.chosen(wished, cookie, accepted, graph.lang)
    # What a client accepts, and by which name it came, matter to few pages; the others have one
    # answer for all.
    negotiates = accept if getattr(page, "negotiates", False) else ""
    if data:  # what is told to a person is a page
        negotiates = negotiates or str(page_wanted)
    addressed = getattr(page, "addressed", False)
    at = request.app.state.hosts.address(request) if addressed else ADDRESS
    if too_long:  # nor is it told again, on a page that would be many times as long
        path, query = path if len(path) <= _PATH else "/search", ""
    holds = matches = ""
    if hasattr(page, "speaks"):
        holds, matches = (
            ",".join(request.headers.getlist(name)) for name in ("if-none-match", "if-match")
        )
    key = (generation, page, path, query, lang, bool(wished), negotiates, at, too_long, holds)

    asked = Asked(
        graph=graph,
        lang=lang,
        to=Addresses(graph.names, lang if wished == lang else ""),
        path=path,
        method=request.method,
        values=values,
        given=() if too_long else tuple(request.query_params.multi_items()),
        named=request.path_params,
        upload=upload,
        body=body,
        accept=accept,
        holds=holds,
        matches=matches,
        client=request.client.host if request.client else "",
        token=_bearer(request),
        served=served,
        workers=request.app.state.workers,
        generation=generation,
        address=at,
        memory=answers.memory(graph) if served.lasting else Memory(),
    )

    def make() -> tuple[_Kept, bool]:
        try:
            if too_long:
                raise HTTPException(414)
            answered = cast(Page, page)(asked)
        except _WRONG as problem:
            answered = _wrong(asked, problem)
        return finished(answered)

    async def awaited() -> tuple[_Kept, bool]:
        """Of a page that waits for others: what takes time, it has done elsewhere."""
        try:
            if too_long:
                raise HTTPException(414)
            answered = await cast(Waiting, page)(asked)
        except _WRONG as problem:
            answered = await run_in_threadpool(_wrong, asked, problem)
        told = answered.headers if isinstance(answered, File) else {}
        if isinstance(answered, File) and ("etag" in told or len(answered.content) <= _AT_ONCE):
            return finished(answered)
        return await run_in_threadpool(finished, answered)

    def finished(answered: Answered) -> tuple[_Kept, bool]:
        ready, keep = _ready(answered, asked)
        return ready, keep and not asked.deadline.missed

    async def made() -> tuple[_Kept, bool]:
        if asyncio.iscoroutinefunction(page):
            return await awaited()
        try:
            return await asked.deadline.waiting(make)
        except QueryTimeout as problem:
            return await run_in_threadpool(_ready, refused.failed(asked, problem), asked)

    ready = await answers.answer(key, made, served.lasting and request.method in ("GET", "HEAD"))
    if ready.packs and ready.packed is None and _packed(request):
        await ready.pack()
    return _response(ready, request, lang if wished == lang else "")


def _wrong(asked: Asked, problem: Exception) -> Answered:
    if isinstance(problem, refused.Refused):
        return refused.told(asked, problem)
    if isinstance(problem, HTTPException):
        return refused.failed(asked, problem.status_code)
    return refused.failed(asked, cast(GsefgraphError, problem))


def _ready(answered: Answered, asked: Asked) -> tuple[_Kept, bool]:
    """What is sent for what a page function gave, and whether it may be kept."""
    if isinstance(answered, Moved):
        return _Kept(answered.status, {"location": answered.address}, b"", False), False
    if isinstance(answered, File):
        headers = {"content-type": answered.media, **answered.headers}
        if answered.name:
            headers["content-disposition"] = f'attachment; filename="{answered.name}"'
        body, status, keep = answered.content, answered.status, answered.kept
        keep = keep and status == 200
    else:
        body = rendering.page(answered, asked).encode()
        headers = {"content-type": "text/html; charset=utf-8", "content-language": asked.lang}
        status, keep = answered.status, answered.kept and answered.status == 200
        if status == 503:
            headers["retry-after"] = _LATER
    if "etag" not in headers and body:
        headers["etag"] = accepting.etag(body)
    packs = headers["content-type"].startswith(_COMPRESSED) and len(body) > 500
    return _Kept(status, headers, body, packs), keep


def _response(known: _Kept, request: Request, wished: str) -> Response:
    shown = known.headers.get("content-type", "").startswith("text/html")
    # No longer than it must be: nginx 1.22 keeps nothing where it has more than 42 characters.
    varying = (
        "Accept" if refused.DATA.fullmatch(request.scope["path"]) else "",
        "Accept-Encoding",
        "Accept-Language",
        "Cookie" if shown else "",
    )
    headers = {
        **_ALWAYS,
        **_open(request),
        "vary": ", ".join(filter(None, varying)),
        "cache-control": "no-cache",
    }
    body, told = known.body, dict(known.headers)
    if known.packed is not None and _packed(request):
        body, told["content-encoding"] = known.packed, "gzip"
        told["etag"] = accepting.gzipped(told["etag"])
    etag = told.get("etag", "")
    if known.status == 200 and request.method in ("GET", "HEAD") and _known(request, etag):
        # What a browser has takes on the heads of this answer (RFC 9111, section 3.2).
        own = {name: told[name] for name in told.keys() & _ALWAYS.keys()}
        response = Response(status_code=304, headers={**headers, **own, "etag": etag})
    else:
        response = Response(body, known.status, {**headers, **told})
    if wished and shown and request.cookies.get(language.COOKIE) != wished:
        response.set_cookie(language.COOKIE, wished, samesite="lax", httponly=True)
    return response


def _open(request: Request) -> dict[str, str]:
    """What lets pages of other origins read data, without credentials (Fetch, section 3.3)."""
    shares = request.app.state.shares and refused.DATA.fullmatch(request.scope["path"])
    return _SHARED if shares else {}


def _packed(request: Request) -> bool:
    return accepting.packed(",".join(request.headers.getlist("accept-encoding")))


def _known(request: Request, etag: str) -> bool:
    return accepting.knows(",".join(request.headers.getlist("if-none-match")), etag)


def _bearer(request: Request) -> str:
    """The token that a request comes with (RFC 6750, section 2.1); empty where it has none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def _sent(request: Request, most: int) -> bytes:
    """What was sent, within a bound of bytes and of time."""
    sent = bytearray()

    async def read() -> None:
        async for piece in request.stream():
            sent.extend(piece)
            if len(sent) > most:
                raise HTTPException(413)

    try:
        await asyncio.wait_for(read(), PATIENCE)
    except TimeoutError:
        raise HTTPException(408) from None
    return bytes(sent)


async def _upload(request: Request) -> tuple[str, bytes]:
    """The one file of a form, within a bound of bytes and of time."""
    length = request.headers.get("content-length")
    if length is None:
        raise HTTPException(411)
    if not length.isdigit() or int(length) > _UPLOAD:
        raise HTTPException(413)
    _, given = parse_options_header(request.headers.get("content-type"))
    if given.get(b"charset", b"utf-8").lower() not in (b"utf-8", b"utf8"):
        raise HTTPException(415)  # some of Python's take minutes for a megabyte
    try:
        return await asyncio.wait_for(_form(request), PATIENCE)
    except TimeoutError:
        raise HTTPException(408) from None
    except (MultiPartException, UnicodeError):
        raise HTTPException(400) from None


async def _form(request: Request) -> tuple[str, bytes]:
    async with request.form(max_files=1, max_fields=4, max_part_size=_UPLOAD) as form:
        sent = form.get("file")
        if isinstance(sent, UploadFile) and sent.filename:
            return sent.filename, await sent.read()
        kind = str(form.get("format", ""))
        return f"text{kind and '.'}{kind}", str(form.get("text", "")).encode()


async def _static(request: Request) -> Response:
    request.scope[ROUTE] = "/static"
    path = request.path_params["path"]
    content = rendering.statics().get(path)
    if content is None:
        raise HTTPException(404)
    suffix = path[path.rfind(".") :]
    headers = {**_ALWAYS, "cache-control": _YEAR, "vary": "Accept-Encoding"}
    headers["content-type"] = _SUFFIXES.get(suffix, "application/octet-stream")
    if suffix in _SUFFIXES and _packed(request):
        headers["content-encoding"] = "gzip"
        content = rendering.packed(path)
    return Response(content, headers=headers)
