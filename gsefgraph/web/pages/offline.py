"""Pages of a site that is only files: where its languages begin, and what else needs a server."""

from __future__ import annotations

from dataclasses import dataclass

from gsefgraph.web.addresses import Addresses
from gsefgraph.web.language import OWN
from gsefgraph.web.shown import Asked, Link, Shown
from gsefgraph.wording import number, say


@dataclass(frozen=True)
class Tree:
    """One language: its tag, a link to its first page, what is told there, what was left out."""

    tag: str
    link: Link
    promise: str
    left_out: str


@dataclass(frozen=True)
class Trees:
    """What the template of the first file receives: the languages."""

    trees: tuple[Tree, ...]


@dataclass(frozen=True)
class Elsewhere:
    """What the template of a page that needs a server receives.

    Attributes:
        sentence: where it is to be had instead.
        commands: on the command line.
        endpoint: an address of the web; empty where there is none.
    """

    sentence: str
    commands: str
    endpoint: str = ""


def languages(asked: Asked, left_out: int) -> Shown:
    """The file that a folder opens with: the languages, each in itself.

    Parameters:
        left_out: pages that are not in this copy.
    """
    shown = asked.offline.languages if asked.offline else ()
    trees = tuple(
        Tree(
            tag,
            Link(OWN[tag], Addresses(asked.to.names, tag).to("/"), tag),
            say("home.promise").text(tag),
            say("site.left-out", count=left_out, number=number(left_out, tag)).text(tag)
            if left_out
            else "",
        )
        for tag in shown
    )
    return Shown("languages", Trees(trees), say("home.title").text(asked.lang))


def check(asked: Asked) -> Shown:
    """How a file is checked without a server."""
    title = say("web.check").text(asked.lang)
    view = Elsewhere(
        say("site.check").text(asked.lang),
        f"gsefgraph validate NEW.ttl --lang {asked.lang}\n"
        f"gsefgraph serve --open --lang {asked.lang}",
    )
    return Shown("elsewhere", view, title, description=view.sentence)


def sparql(asked: Asked) -> Shown:
    """Where questions in SPARQL are answered."""
    lang = asked.lang
    endpoint = asked.offline.endpoint if asked.offline else ""
    key = "site.endpoint" if endpoint else "site.no-endpoint"
    title = say("web.endpoint").text(lang)
    commands = f"gsefgraph query QUESTION.rq --lang {lang}\ngsefgraph serve --open --lang {lang}"
    view = Elsewhere(say(key).text(lang), commands, endpoint)
    return Shown("elsewhere", view, title, description=view.sentence)
