"""The guides: `docs/` as pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from gsefgraph.project import shipped
from gsefgraph.web.pages import error
from gsefgraph.web.shown import Asked, Link, Shown
from gsefgraph.wording import LANGUAGES, Wording, say, visible

_GUIDES: Final = ("officer", "records", "researcher", "steward")


@dataclass(frozen=True)
class Guides:
    """What the template of the guides receives: each with whom it is for."""

    guides: tuple[tuple[Link, str], ...]


@dataclass(frozen=True)
class Guide:
    """What the template of one guide receives.

    Attributes:
        title, lang: of the guide; it may be in another language than the page.
        html: what it says: made from our own Markdown, in which HTML is text.
    """

    title: str
    lang: str
    html: str


def page(asked: Asked) -> Shown:
    """The guides."""
    title = say("web.help").text(asked.lang)
    told: dict[str, tuple[Wording, Wording]] = {
        "officer": (say("help.officer"), say("help.for-officer")),
        "records": (say("help.records"), say("help.for-records")),
        "researcher": (say("help.researcher"), say("help.for-researcher")),
        "steward": (say("help.steward"), say("help.for-steward")),
    }
    guides = tuple(
        (Link(head.text(asked.lang), asked.to.to(f"/help/{name}")), what.text(asked.lang))
        for name, (head, what) in told.items()
    )
    return Shown("help", Guides(guides), title, say("help.what").text(asked.lang))


def guide(asked: Asked) -> Shown:
    """One guide, in the language of the page where it is written in that."""
    name = asked.named["name"]
    if name not in _GUIDES:
        near = (Link(say("web.help").text(asked.lang), asked.to.to("/help")),)
        message = say("help.no-guide", name=visible(name)).text(asked.lang)
        return error.page(asked, 404, message, near=near)
    folder = shipped().root / "docs"
    tried = [(folder / f"{name}.{lang}.md", lang) for lang in (asked.lang, *LANGUAGES)]
    path, lang = next(
        ((path, lang) for path, lang in tried if path.is_file()), (folder / f"{name}.md", "en")
    )
    title, html = _read(path)
    trail = (Link(say("web.help").text(asked.lang), asked.to.to("/help")),)
    return Shown("guide", Guide(title, lang, html), title, trail=trail)


@cache
def _read(path: Path) -> tuple[str, str]:
    """The title and the body of a guide."""
    from markdown_it import MarkdownIt

    title, _, body = path.read_text("utf-8").partition("\n")
    return title.removeprefix("# "), MarkdownIt("commonmark", {"html": False}).render(body)
