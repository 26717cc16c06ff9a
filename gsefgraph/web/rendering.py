"""Pages from templates: Jinja2 with autoescape everywhere, and sentences from `texts/`."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from gsefgraph.terms import is_iri
from gsefgraph.web.addresses import Addresses, outside
from gsefgraph.web.language import OWN
from gsefgraph.web.shown import Asked, Link, Shown
from gsefgraph.wording import LANGUAGES, number, say

PLACES: Final = {
    "explore": "web.explore",
    "questions": "web.questions",
    "sources": "web.sources",
    "contribute": "web.contribute",
    "model": "web.model",
}
"""The entries of the navigation: paths, and what they are called."""
_PLAIN: Final = "/:@!$&'()*+,;=~"  # of a path (RFC 3986, section 3.3)


@dataclass(frozen=True)
class Frame:
    """What stands around every page: head, navigation, foot.

    Attributes:
        shown: the page.
        places: entry of the navigation, and whether the page belongs there.
        languages: tag, own name, address of this page in it; the page's own has no address.
        static: where the style sheet and the script are.
        home: whether this is the first page, which has its search field in its middle.
        served: whether a server is behind it; else it is a file, and nothing on it may need one.
    """

    shown: Shown
    places: tuple[tuple[Link, bool], ...]
    languages: tuple[tuple[str, str, str], ...]
    static: str
    home: bool
    served: bool


def page(shown: Shown, asked: Asked) -> str:
    """A page as HTML.

    Parameters:
        shown: what a page function gave for a request.
        asked: that request.

    Returns:
        The same text for the same graph and request.
    """
    environment = _environment()
    words = _Words(asked.lang)
    context: dict[str, Any] = {
        "view": shown.view,
        "frame": _frame(shown, asked, words),
        "lang": asked.lang,
        "to": asked.to,
        "t": words.text,
        "number": words.number,
        "name": asked.label,
        "missing": asked.missing,
    }
    return environment.get_template(f"{shown.template}.html").render(context)


def _frame(shown: Shown, asked: Asked, words: _Words) -> Frame:
    values = {key: value for key, value in asked.values.items() if key != "lang"}
    languages = []
    # The path is what somebody typed: two slashes at its start would lead to another host.
    path = f"/{quote(asked.path.lstrip('/'), safe=_PLAIN)}"
    for tag in asked.offline.languages if asked.offline else LANGUAGES:
        there = Addresses(asked.to.names, tag).to(path, **values)
        languages.append((tag, OWN[tag], "" if tag == asked.lang else there))
    places = tuple(
        (Link(words.text(key), asked.to.to(f"/{name}")), shown.place == name)
        for name, key in PLACES.items()
    )
    return Frame(
        shown=shown,
        places=places,
        languages=tuple(languages),
        static=f"/static/{digest()}",
        home=asked.path == "/",
        served=asked.offline is None,
    )


class _Words:
    """Sentences and numbers in the language of a page."""

    def __init__(self, lang: str) -> None:
        self._lang = lang

    def text(self, key: str, **values: object) -> str:
        return say(key, **values).text(self._lang)

    def number(self, value: int) -> str:
        return number(value, self._lang)


@cache
def digest() -> str:
    """A name for the content of ``static/``, so that a browser may keep it for a year."""
    found = hashlib.sha256()
    for path in sorted(statics()):
        found.update(path.encode() + statics()[path])
    return found.hexdigest()[:12]


@cache
def statics() -> Mapping[str, bytes]:
    """The files that pages load, by their path below ``static/``."""
    root = files("gsefgraph.web") / "static"
    found: dict[str, bytes] = {}
    waiting = [("", root)]
    while waiting:
        above, folder = waiting.pop()
        for item in folder.iterdir():
            if item.is_dir():
                waiting.append((f"{above}{item.name}/", item))
            elif not item.name.startswith("."):
                found[f"{above}{item.name}"] = item.read_bytes()
    return found


@cache
def packed(path: str) -> bytes:
    """A file below ``static/`` as gzip packs it."""
    return gzip.compress(statics()[path], 9, mtime=0)


def compiled() -> None:
    """Have all templates read, which else waits for the first page of each."""
    for name in _environment().list_templates():
        _environment().get_template(name)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("gsefgraph.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["outside"] = outside
    environment.filters["data"] = _script_data
    environment.tests["iri"] = is_iri
    environment.tests["text"] = lambda value: isinstance(value, str)
    return environment


def _script_data(text: str) -> str:
    """JSON that may stand inside a script element (HTML, section 4.12.1.3)."""
    plain = json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True)
    return plain.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
