"""What a page function is asked, and what it gives back."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Lock
from time import monotonic
from typing import Final, TypeAlias, TypeVar

from anyio import to_thread
from pyoxigraph import Literal, NamedNode

from gsefgraph.engine.base import Row, rows
from gsefgraph.errors import QueryTimeout
from gsefgraph.evidence import Passage, Source, Texts, source_of
from gsefgraph.graph.graph import Graph
from gsefgraph.graph.words import Ref
from gsefgraph.web.addresses import CALLED, DATA, Addresses
from gsefgraph.web.served import Served
from gsefgraph.web.workers import Workers
from gsefgraph.wording import LANGUAGES, say

SECONDS: Final = 10.0
"""How long the graph may take for one question."""
ADDRESS: Final = "http://127.0.0.1:8000"
"""Of a server that is started without options."""
_AT_ONCE: Final = 8  # questions
_free: Final = BoundedSemaphore(_AT_ONCE)
_late: Final[set[Deadline]] = set()
_lock: Final = Lock()
T = TypeVar("T")


DESCRIBED: Final = 160
"""Characters that a search engine shows."""


def short(text: str) -> str:
    """A text that fits where a search engine shows it, cut between words.

    >>> short("as long as it may be"), len(short("word, " * 50)) <= DESCRIBED + 1
    ('as long as it may be', True)
    """
    if len(text) <= DESCRIBED:
        return text
    return f"{text[:DESCRIBED].rsplit(' ', 1)[0].rstrip(',;: ')}…"


@dataclass(frozen=True)
class Offline:
    """Where pages are files, behind which no server is.

    Attributes:
        languages: of the pages that are written.
        endpoint: the address of a SPARQL endpoint with the same graph; empty where there is none.
    """

    languages: tuple[str, ...] = LANGUAGES
    endpoint: str = ""


class Deadline:
    """How long a page has been waiting for what it asks the graph now.

    A page is made in one thread, its questions too, since to hand each of them to another costs
    more than most of them take; so it is who waits for the page that looks at the clock.

    Attributes:
        missed: whether a question was not answered in time, so that the page lacks something.
    """

    def __init__(self) -> None:
        self.missed = False
        self._since: float | None = None
        self._over = False

    def left(self) -> float:
        """Seconds until it is worth looking again whether it is over."""
        since = self._since
        return SECONDS if since is None else max(since + SECONDS - monotonic(), 0.001)

    def over(self) -> bool:
        """Whether the graph takes too long; nobody waits for the page from then on."""
        with _lock:
            if self._since is not None and monotonic() - self._since >= SECONDS:
                self._over = True
                _late.add(self)
            return self._over

    async def waiting(self, make: Callable[[], T]) -> T:
        """What is made in a thread; past the deadline that thread is left to itself.

        Errors:
            QueryTimeout.
        """
        made = asyncio.ensure_future(to_thread.run_sync(make, abandon_on_cancel=True))
        try:
            while not (await asyncio.wait({made}, timeout=self.left()))[0]:
                if self.over():
                    raise late()
            return made.result()
        finally:
            made.cancel()

    @contextmanager
    def running(self) -> Iterator[None]:
        """While the graph is asked.

        Errors:
            QueryTimeout: nobody waits any more, or all that may be asked at a time have taken too
            long and still go on, since nothing stops them.
        """
        if self._over or len(_late) >= _AT_ONCE or not _free.acquire(timeout=SECONDS):
            raise late()
        try:
            with _lock:
                self._since = monotonic()
            yield
        finally:
            with _lock:
                self._since = None
                _late.discard(self)
            _free.release()


def late() -> QueryTimeout:
    """What is raised where the graph takes too long."""
    return QueryTimeout(say("engine.no-answer", timeout=SECONDS), hint=say("engine.ask-less-allow"))


class Memory:
    """What pages of one generation of a graph have found, for those that come after.

    >>> memory = Memory()
    >>> memory.rows("a", lambda: ((None,),)), memory.rows("a", lambda: ())
    (((None,),), ((None,),))
    """

    MOST: Final = 100_000  # rows of all
    _CHARACTERS: Final = 64 * 2**20  # of all texts
    _SOURCES: Final = 8  # each with its text

    def __init__(self) -> None:
        self._held: OrderedDict[str, tuple[Row, ...]] = OrderedDict()
        self._count = 0
        self._texts: Texts | None = None
        self._sources: OrderedDict[NamedNode, Source] = OrderedDict()
        self._lock = Lock()

    def texts(self, graph: Graph) -> Texts:
        """The texts of the sources of the graph, each read once."""
        with self._lock:
            if self._texts is None:
                sources = graph.project.source_texts
                self._texts = Texts(graph.engine, sources, self._CHARACTERS)
            return self._texts

    def source(self, graph: Graph, document: NamedNode) -> Source:
        """The source of the graph that holds a document; those read last are kept."""
        found = self._sources.get(document) or source_of(graph.engine, self.texts(graph), document)
        with self._lock:
            self._sources[document] = found
            self._sources.move_to_end(document)
            if len(self._sources) > self._SOURCES:
                self._sources.popitem(last=False)
        return found

    def rows(self, text: str, ask: Callable[[], Iterable[Row]]) -> tuple[Row, ...]:
        """The rows of a query, asked where they are not known."""
        with self._lock:
            if text in self._held:
                self._held.move_to_end(text)
                return self._held[text]
        found = tuple(ask())
        with self._lock:
            if text not in self._held:
                self._held[text] = found
                self._count += len(found) + 1
                while self._count > self.MOST:
                    _, old = self._held.popitem(last=False)
                    self._count -= len(old) + 1
        return found


@dataclass(frozen=True)
class Asked:
    """One request for a page.

    Attributes:
        graph: what answers; one generation of it for the whole page.
        lang: the language of the page.
        to: the addresses of its links.
        path: without the query; values: what the query says, the last of each name.
        named: what the path names, such as ``kind`` and ``name``.
        given: what the query says, all of it in order.
        upload: the name and the bytes of a file that was sent.
        body: the media type of what was sent to a page that reads it itself (``speaks``), and that.
        accept: the header of that name; holds, matches: If-None-Match and If-Match, of a page that
            reads them itself.
        client: the address that the request came from.
        token: that it came with; served: what knows whether it may write, and writes.
        workers, generation: where strangers' queries run, and of which generation of the graph.
        offline: given where the page becomes a file, so that nothing on it may need a server.
        address: of the server, as the request has it, for pages that say what they ask for
            (``addressed``); others need not know it.
        deadline: of its questions.
        memory: of the generation; one of its own where the graph may change meanwhile.
    """

    graph: Graph
    lang: str
    to: Addresses
    path: str = "/"
    method: str = "GET"
    values: Mapping[str, str] = field(default_factory=dict)
    named: Mapping[str, str] = field(default_factory=dict)
    given: tuple[tuple[str, str], ...] = ()
    upload: tuple[str, bytes] | None = None
    body: tuple[str, bytes] | None = None
    accept: str = ""
    holds: str = ""
    matches: str = ""
    client: str = ""
    token: str = field(default="", repr=False)
    served: Served | None = field(default=None, compare=False)
    workers: Workers = field(default_factory=Workers, compare=False)
    generation: int = 1
    offline: Offline | None = None
    address: str = ADDRESS
    deadline: Deadline = field(default_factory=Deadline, compare=False)
    memory: Memory = field(default_factory=Memory, compare=False)

    @property
    def endpoint(self) -> str:
        """The address of the SPARQL endpoint, which relative IRIs of a query are resolved against
        (RFC 3986, section 5.1.3)."""
        return f"{self.address}/sparql"

    def within(self, work: Callable[[], T]) -> T:
        """What the graph answers; nobody waits for a page that becomes a file.

        Past the deadline it goes on in its thread, since nothing stops it; so that these do not
        become many, only some are asked at a time.

        Errors:
            QueryTimeout: see `Deadline.running`.
        """
        if self.offline:
            return work()
        try:
            with self.deadline.running():
                return work()
        except QueryTimeout:
            self.deadline.missed = True
            raise

    def page(self, most: int) -> int:
        """Which page of a list ``?page=`` asks for, of so many; the nearest that there is."""
        wanted = self.values.get("page", "")
        return min(max(int(wanted), 1), most) if wanted.isdecimal() and len(wanted) < 9 else 1

    def label(self, iri: str) -> str:
        """What a thing is called in the language of the page."""
        return self.graph.resolver.label(iri, self.lang)

    def data(self, iri: str) -> dict[str, Link]:
        """The data of a thing: media type -> what its format is called, and where it is."""
        return {
            media: Link(CALLED[suffix], self.to.data(iri, suffix)) for suffix, media in DATA.items()
        }

    @property
    def texts(self) -> Texts:
        """The texts of the sources."""
        return self.memory.texts(self.graph)

    def source(self, document: NamedNode) -> Source:
        """The source that holds a document."""
        return self.memory.source(self.graph, document)

    def missing(self, passages: Iterable[Passage]) -> str:
        """Whether words of passages are ``gone`` from their texts, or else ``moved`` inside them.

        Empty where all stand in their places, and where no text is at hand to tell.
        """
        return min(filter(None, map(self.texts.missing, passages)), default="")

    def rows(self, text: str) -> tuple[Row, ...]:
        """The rows of a SELECT of ours.

        Errors:
            QueryTimeout: the graph is too large for it.
        """
        return self.within(lambda: rows(self.graph.engine, text))

    def count(self, text: str) -> int:
        """The number that a SELECT of ours gives; 0 where it gives none.

        Errors:
            QueryTimeout.
        """
        return next((integer(number) for (number,) in self.rows(text)), 0)

    def known(self, text: str) -> tuple[Row, ...]:
        """As `rows`, of what lists of many things ask again and again.

        Errors:
            QueryTimeout.
        """
        return self.memory.rows(text, lambda: self.rows(text))

    def refs(self, iris: Iterable[str]) -> dict[str, Ref]:
        """Things with their names, and the language of a name that is not the page's."""
        named = self.graph.resolver.tagged(iris, self.lang)
        return {
            iri: Ref(iri, label, "" if tag.partition("-")[0] == self.lang else tag)
            for iri, (label, tag) in named.items()
        }


def integer(term: object) -> int:
    """The number that a literal is; 0 for all else.

    >>> integer(Literal(3)), integer(None)
    (3, 0)
    """
    return int(term.value) if isinstance(term, Literal) and term.value.isdecimal() else 0


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere; ``lang`` where they are not in the page's language."""

    text: str
    href: str
    lang: str = ""


@dataclass(frozen=True)
class Shown:
    """A page: a template, the one dataclass that it receives, and what stands around it.

    Attributes:
        template: its name below ``templates/``, without the suffix.
        view: what the template calls ``view``.
        title, description: of the page, for its head and for search engines.
        place: the entry of the navigation that it belongs to.
        trail: the pages above it.
        status: of HTTP.
        facts: schema.org JSON-LD of what the page is about; empty where there is none.
        data: media type -> address of the same as data.
        indexed: whether search engines may list it.
        kept: whether the same request may be answered with the same bytes until the graph changes.
        scripts, styles: files below ``/static/`` that this page needs besides the usual ones.
    """

    template: str
    view: object
    title: str
    description: str = ""
    place: str = ""
    trail: tuple[Link, ...] = ()
    status: int = 200
    facts: str = ""
    data: Mapping[str, str] = field(default_factory=dict)
    indexed: bool = True
    kept: bool = True
    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()


@dataclass(frozen=True)
class File:
    """Bytes of a media type, to be saved under a name where it has one.

    Attributes:
        status: of HTTP.
        headers: besides those of every answer, such as an ETag that is known before the bytes are.
        kept: as `Shown.kept`.
    """

    content: bytes
    media: str
    name: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    kept: bool = True

    @classmethod
    def line(cls, text: str, status: int, headers: Mapping[str, str] | None = None) -> File:
        """A line of text, which says why there is nothing else.

        >>> File.line("no", 404).content
        b'no\\n'
        """
        media = "text/plain; charset=utf-8"
        return cls(f"{text}\n".encode(), media, status=status, headers=headers or {}, kept=False)


@dataclass(frozen=True)
class Moved:
    """Another address: for good, or as the answer to what was asked (303)."""

    address: str
    status: int = 303


Answered: TypeAlias = Shown | File | Moved
