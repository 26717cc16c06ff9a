"""A thing in short, for a small frame in a page of somebody else's."""

from __future__ import annotations

from dataclasses import dataclass

from gsefgraph.graph.words import plain
from gsefgraph.web.shown import Asked, Shown


@dataclass(frozen=True)
class Preview:
    """What the template of a preview receives.

    Attributes:
        kind: what the class of the thing is called.
        name, lang: its name, and the language of that, where it is not that of the preview.
        acronym: empty where it has none.
        lede: what its page says first.
        told: its kinds, dates and places.
        also: other names.
    """

    kind: str
    name: str
    lang: str
    acronym: str
    lede: str
    told: str
    also: tuple[str, ...]


def page(asked: Asked, iri: str, told: str) -> Shown:
    """A thing in short.

    Parameters:
        told: its kinds, dates and places.
    """
    page = asked.graph.page(f"<{iri}>", asked.lang)
    if page.redirected_to:
        page = asked.graph.page(f"<{page.redirected_to}>", asked.lang)
    view = Preview(
        kind=page.kind,
        name=page.title,
        lang=page.title_lang if page.title_lang != asked.lang else "",
        acronym=page.acronym,
        lede=plain(page.lede),
        told=told,
        also=(*(name for _, name in page.names), *page.also_known),
    )
    return Shown("preview", view, page.title, indexed=False)
