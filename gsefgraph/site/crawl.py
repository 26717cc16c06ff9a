"""The whole site as files: every page that links lead to, from the first on, in each language.

The pages are those of the server, asked of the same functions. A link to another page becomes one
from file to file; what leads nowhere, or to what was left out, keeps its words.
"""

from __future__ import annotations

import html
import json
import posixpath
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple, cast
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from pyoxigraph import Literal, NamedNode
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from gsefgraph.engine.words import NAMING
from gsefgraph.errors import GsefgraphError
from gsefgraph.evidence import passages
from gsefgraph.graph.graph import Graph
from gsefgraph.site import folder
from gsefgraph.site.filenames import file_name
from gsefgraph.terms import fold, is_iri, key
from gsefgraph.web import rendering
from gsefgraph.web.addresses import Addresses
from gsefgraph.web.app import PAGES, Page
from gsefgraph.web.pages import data, offline, search
from gsefgraph.web.shown import Answered, Asked, File, Link, Memory, Moved, Offline, Shown
from gsefgraph.wording import LANGUAGES, say

MOST: Final = 5_000
"""Things of each kind that are written, unless something else is asked for."""
_SHARED: Final = ("/data/", "/data.", "/examples/")  # what has no language
_PLAIN: Final = (
    "/check",
    "/contribute",
    "/search",
    "/sparql",
)  # what is asked of them is a server's
_EVERY: Final = ("", "/contribute", "/explore", "/help", "/model", "/questions")  # not left out
_UNSERVED: Final[dict[str, Page]] = {"/check": offline.check, "/sparql": offline.sparql}
_INDEX: Final = "/search-index.js"
_TAG: Final = re.compile(r"<(a|link|script|form|img)\b([^>]*)>")
_LINK: Final = re.compile(r'\s(href|src|action|data-index)="([^"]*)"')
_QUOTES: Final = 500_000  # characters of passages that search loads at most
_SITEMAP: Final = 50_000  # addresses of one (sitemaps.org, protocol)


class _Place(NamedTuple):
    """An address in a language: its path and what its query says besides."""

    lang: str
    path: str
    values: tuple[tuple[str, str], ...] = ()

    @property
    def kind(self) -> str:
        """What it is one of many of."""
        return self.path if self.values else self.path.rpartition("/")[0]


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes:
        pages, files, size: how many, and bytes of all files.
        left_out: path -> how many pages below it were left out.
    """

    pages: int
    files: int
    size: int
    left_out: dict[str, int]


def write(
    graph: Graph,
    target: Path,
    *,
    languages: tuple[str, ...] = LANGUAGES,
    endpoint: str = "",
    base: str = "",
    most: int = MOST,
    progress: Callable[[int], None] = lambda _: None,
) -> Written:
    """Write the site of a graph into a folder, whole or not at all.

    Parameters:
        target: a new folder, an empty one, or one that holds nothing but an earlier site.
        languages: of its pages.
        endpoint: the address of a SPARQL endpoint with the same graph, to be named on its page.
        base: the address that the folder will have, for sitemap.xml; without it there is none.
        most: things of each kind.
        progress: told how many pages there are so far.

    Errors:
        InputError: the folder holds something else, or cannot be written.
    """
    with folder.replacing(target) as files:
        site = _Site(graph, files, Offline(languages, endpoint), most, progress)
        site.crawl()
        site.finish(base.rstrip("/") + "/" if base else "")
    left_out = {kind: len(places) for kind, places in sorted(site.left_out.items())}
    return Written(len(site.pages), files.files, files.size, left_out)


class _Site:
    def __init__(
        self,
        graph: Graph,
        files: folder.Folder,
        where: Offline,
        most: int,
        progress: Callable[[int], None],
    ) -> None:
        self.pages: dict[str, _Place] = {}
        """Files of pages, and of what."""
        self.left_out: dict[str, set[tuple[str, tuple[tuple[str, str], ...]]]] = {}
        self._graph = graph
        self._files = files
        self._where = where
        self._memory = Memory()
        self._most = most
        self._progress = progress
        # What waits for others has another function here.
        self._routes = [(compile_path(path)[0], cast(Page, page)) for path, page in PAGES]
        self._known: dict[_Place, str | _Place] = {}  # files, and where other addresses lead
        self._waiting: deque[_Place] = deque()
        self._taken: dict[str, set[tuple[str, tuple[tuple[str, str], ...]]]] = {}
        self._names: set[str] = set()  # of files
        self._unlisted: set[str] = set()  # pages that search engines are asked to leave
        self._found: dict[str, list[_Named]] = {lang: [] for lang in where.languages}
        self._quoted: dict[str, list[_Quoted]] = {lang: [] for lang in where.languages}
        self._called: dict[str, tuple[str, ...]] = {}
        self._resolve = lru_cache(maxsize=100_000)(self._place)

    def crawl(self) -> None:
        """Write every page as it is, following its links."""
        for lang in self._where.languages:
            self._known[_Place(lang, "/search")] = f"{lang}/search.html"
            self._known[_Place(lang, _INDEX)] = f"{lang}{_INDEX}"
            self._reach(_Place(lang, "/"))
        while self._waiting:
            place = self._waiting.popleft()
            answered, asked = self._ask(place)
            if isinstance(answered, Moved):
                target, _ = self._resolve(place.lang, place.path, answered.address)
                self._known[place] = target or ""
                self._reach(target)
            elif isinstance(answered, File):
                suffix = place.path.rpartition(".")[2]
                self._files.write(self._name(place, suffix), answered.content)
            elif answered is not None:
                self._page(place, answered, asked)

    def _page(self, place: _Place, shown: Shown, asked: Asked) -> None:
        text = rendering.page(shown, asked)
        name = self._name(place, "html")
        self._files.write(name, text.encode())
        self.pages[name] = place
        self._progress(len(self.pages))
        if not shown.indexed:
            self._unlisted.add(name)
        if place.path.startswith("/page/evidence/"):
            self._quoted[place.lang].extend(self._quotes(asked, name))
        elif named := self._entry(place, asked, name):
            self._found[place.lang].append(named)
        for address in _links(text):
            self._reach(self._resolve(place.lang, place.path, address)[0])

    def finish(self, base: str) -> None:
        """Turn the links of all pages into links between files, and write what tells of them."""
        for name, place in self.pages.items():
            text = self._files.read(name).decode()
            self._files.write(name, self._linked(text, place, name).encode())
        for lang in self._where.languages:
            place = _Place(lang, "/search")
            found = sorted(self._found[lang], key=lambda named: (fold(named.label), named.file))
            asked = self._asked(place)
            hits = [
                (named.label, named.kind, named.place.path, named.place.values) for named in found
            ]
            shown = search.everything(
                asked,
                [
                    search.Hit(Link(label, asked.to.to(path, **dict(values))), kind)
                    for label, kind, path, values in hits
                ],
            )
            self._files.write(
                f"{lang}/search.html",
                self._linked(rendering.page(shown, asked), place, f"{lang}/search.html").encode(),
            )
            self.pages[f"{lang}/search.html"] = place
            self._unlisted.add(f"{lang}/search.html")
            self._files.write(f"{lang}{_INDEX}", _index(found, self._quoted[lang], lang).encode())
        first = _Place(self._where.languages[0], "/")
        asked = self._asked(first)
        shown = offline.languages(asked, sum(map(len, self.left_out.values())))
        text = self._linked(rendering.page(shown, asked), first, "index.html")
        self._files.write("index.html", text.encode())
        self.pages["index.html"] = first
        for path, content in rendering.statics().items():
            self._files.write(f"static/{path}", content)
        self._for_robots(base)

    def _reach(self, place: _Place | None) -> None:
        """Go there later, if that was not done and is not too much."""
        if place is None or place in self._known:
            return
        self._known[place] = ""
        if not place.path.startswith(_SHARED) and place.kind not in _EVERY:
            one, taken = (place.path, place.values), self._taken.setdefault(place.kind, set())
            if one not in taken and len(taken) >= self._most:
                self.left_out.setdefault(place.kind, set()).add(one)
                return
            taken.add(one)
        self._waiting.append(place)

    def _ask(self, place: _Place) -> tuple[Answered | None, Asked]:
        """What the page function of an address gives; None where there is nothing to be had."""
        for pattern, page in self._routes:
            if match := pattern.match(place.path):
                asked = self._asked(place, match.groupdict())
                try:
                    answered = _UNSERVED.get(place.path, page)(asked)
                except (GsefgraphError, HTTPException):
                    return None, asked
                failed = isinstance(answered, Shown) and answered.status != 200
                return None if failed else answered, asked
        if place.path in _UNSERVED:
            asked = self._asked(place)
            return _UNSERVED[place.path](asked), asked
        return None, self._asked(place)

    def _asked(self, place: _Place, named: dict[str, str] | None = None) -> Asked:
        return Asked(
            graph=self._graph,
            lang=place.lang or "en",
            to=Addresses(self._graph.names),
            path=place.path,
            values=dict(place.values),
            named=named or {},
            accept="text/html",
            offline=self._where,
            memory=self._memory,
        )

    def _name(self, place: _Place, suffix: str) -> str:
        """A file for a place; nothing else has it."""
        name = file_name(place.path, place.values, suffix)
        values = place.values
        while f"{place.lang}/{name}" in self._names:
            values = (*values, ("", ""))
            name = file_name(place.path, values, suffix)
        self._names.add(f"{place.lang}/{name}")
        self._known[place] = f"{place.lang}/{name}" if place.lang else name
        return str(self._known[place])

    def _place(self, lang: str, path: str, address: str) -> tuple[_Place | None, str]:
        """Where an address on a page leads, and its fragment; None where that is elsewhere."""
        parts = urlsplit(urljoin(path, address))
        if parts.scheme or parts.netloc or address.startswith("#"):
            return None, parts.fragment
        values = dict(parse_qsl(parts.query, keep_blank_values=True))
        tag = values.pop("lang", lang)
        target = unquote(parts.path)
        if target.startswith(_SHARED):
            tag = ""
        elif target.startswith(_PLAIN):
            values = {}
        return _Place(tag, target, tuple(values.items())), parts.fragment

    def _file(self, place: _Place) -> str:
        """The file of a place; empty where it has none."""
        for _ in range(5):
            known = self._known.get(place, "")
            if isinstance(known, str):
                return known
            place = known
        return ""

    def _linked(self, text: str, place: _Place, name: str) -> str:
        """A page whose links lead to files."""
        above = posixpath.dirname(name)
        assets = f"/static/{rendering.digest()}/"

        def relative(address: str) -> str | None:
            if address.startswith(assets):
                return posixpath.relpath(f"static/{address[len(assets) :]}", above)
            target, fragment = self._resolve(place.lang, place.path, address)
            if target is None:
                return address
            file = self._file(target)
            return posixpath.relpath(file, above) + (fragment and f"#{fragment}") if file else None

        def tag(match: re.Match[str]) -> str:
            attributes = match[2]
            for attribute, address in _LINK.findall(attributes):
                to = relative(html.unescape(address))
                if to is None and match[1] != "a":
                    return ""
                attributes = attributes.replace(
                    f' {attribute}="{address}"',
                    "" if to is None else f' {attribute}="{html.escape(to)}"',
                    1,
                )
            return f"<{match[1]}{attributes}>"

        return _TAG.sub(tag, text)

    def _entry(self, place: _Place, asked: Asked, file: str) -> _Named | None:
        """What search finds a page by; None where it is of nothing that has a name."""
        if place.path.startswith("/questions/") and not place.values:
            query = self._graph.catalogue.get(asked.named["name"])
            kind, said = say("search.question").text(place.lang), query.said(place.lang)
            title, also = query.titled(place.lang), (query.name,)
            return _Named(title, kind, also, place, file, " ".join(said))
        if not place.path.startswith("/page"):
            return None
        iri = asked.to.iri(*place.path.split("/")[2:4]) if asked.named else asked.values["iri"]
        if not is_iri(iri):
            return None
        node = NamedNode(iri)
        if iri not in self._called:
            quads = self._graph.engine.lookup([(node, NamedNode(name), None) for name in NAMING])
            texts = {quad.object.value for quad in quads if isinstance(quad.object, Literal)}
            self._called[iri] = tuple(sorted(texts))
        names = self._called[iri]
        if not names:
            return None
        of, label = self._graph.resolver.kind(node), asked.label(iri)
        others = tuple(name for name in names if name != label)
        return _Named(label, search.kind(asked, of), others, place, file)

    def _quotes(self, asked: Asked, file: str) -> Iterator[_Quoted]:
        """The passage that a page shows."""
        node = NamedNode(asked.to.iri("evidence", asked.named["name"]))
        for passage in passages(self._graph.engine, [node])[node]:
            source = asked.label(passage.document.value) if passage.document else ""
            yield _Quoted(passage.quote, passage.language, source, file)

    def _for_robots(self, base: str) -> None:
        lines = ["User-agent: *", "Allow: /"]
        if base:
            listed = [name for name in self.pages if name not in self._unlisted]
            lots = [listed[at : at + _SITEMAP] for at in range(0, len(listed), _SITEMAP)]
            for number, lot in enumerate(lots):
                file = f"sitemap{number + 1 if len(lots) > 1 else ''}.xml"
                self._files.write(file, data.listed(base + name for name in lot).encode())
                lines.append(f"Sitemap: {base}{file}")
        self._files.write("robots.txt", "\n".join((*lines, "")).encode())


class _Named(NamedTuple):
    """What search finds: its name in the language, its kind, what else it is called; the words by
    which a question is found."""

    label: str
    kind: str
    others: tuple[str, ...]
    place: _Place
    file: str
    said: str = ""


class _Quoted(NamedTuple):
    """A passage that search finds: its words, their language, the document, its page."""

    quote: str
    language: str
    source: str
    file: str


def _links(text: str) -> Iterator[str]:
    assets = "/static/"
    for _, attributes in _TAG.findall(text):
        for _, address in _LINK.findall(attributes):
            if not address.startswith(assets):
                yield html.unescape(address)


def _index(found: list[_Named], quoted: list[_Quoted], lang: str) -> str:
    """The names of all pages, and passages, as a script: what runs from a folder too.

    Each entry has a label, a kind, a file below the language's folder, other names, the keys that
    are compared, and of a question the words by which it is found. A passage has its words, their
    language, its document and a file; there are none where they would be too long to be loaded.
    Beside them stand the letters which fold to others, as `terms.fold` has it.
    """
    kinds = sorted({named.kind for named in found})
    sources = sorted({each.source for each in quoted})
    names = [(named, (named.label, *named.others)) for named in found]
    if sum(len(each.quote) for each in quoted) > _QUOTES:
        quoted = []
    texts = [*(name for _, every in names for name in every), *(each.quote for each in quoted)]
    letters = {char for text in texts for char in {*text, *text.lower()} if char.isalpha()}
    told = {
        "kinds": kinds,
        "sources": sources,
        "letters": {char: fold(char) for char in sorted(letters) if not char.isascii()},
        "entries": [
            [
                named.label,
                kinds.index(named.kind),
                named.file.removeprefix(f"{lang}/"),
                named.others,
                list(dict.fromkeys(map(key, every))),
                *([named.said] if named.said else []),
            ]
            for named, every in names
        ],
        "passages": [
            [each.quote, each.language, sources.index(each.source), each.file[len(lang) + 1 :]]
            for each in sorted(quoted, key=lambda each: (len(each.quote), each))
        ],
    }
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return f"window.gsefgraphIndex={text};\n"
