"""What could not be shown: what happened, what is near, and a search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gsefgraph.engine.endpoint import without_password
from gsefgraph.errors import (
    EndpointError,
    EngineError,
    GsefgraphError,
    QueryTimeout,
    StoreBusy,
    UnknownName,
)
from gsefgraph.graph.pages.facts import capital
from gsefgraph.web.shown import Asked, Link, Shown
from gsefgraph.wording import say, visible

HEADS: Final = {
    404: "web.not-found",
    405: "web.not-here",
    410: "web.gone",
    411: "web.no-length",
    414: "web.too-long",
    413: "web.too-large",
    503: "web.stopped",
}
"""What happened, by the status of HTTP; all else has failed."""


@dataclass(frozen=True)
class Trouble:
    """What the template of an error receives.

    Attributes:
        title: what happened; message: to what, and what would be right.
        asked: what was looked for, for the search field.
        near: things that may be meant.
    """

    title: str
    message: str
    asked: str = ""
    near: tuple[Link, ...] = ()


def page(
    asked: Asked,
    status: int,
    message: str = "",
    looked_for: str = "",
    near: tuple[Link, ...] = (),
) -> Shown:
    """The page of an error.

    Parameters:
        status: of HTTP.
        message: what would be right; a `GsefgraphError`'s text, or empty.
        looked_for: a name, for what is near it.
        near: what may be meant, where that is known.
    """
    head = say(HEADS.get(status, "web.failed")).text(asked.lang)
    if looked_for and not near:
        found = asked.graph.resolver.search(looked_for, asked.lang, 5)
        near = tuple(Link(hit.label, asked.to.page(hit.iri.value)) for hit in found)
    if not message and status == 404:
        message = say("web.no-page", path=asked.path[:200]).text(asked.lang)
    message = capital(message)
    if message and message[-1] not in ".?!…":
        message = say("lede.sentence", text=message).text(asked.lang)
    view = Trouble(head, message, looked_for, near)
    return Shown("error", view, head, status=status, indexed=False, kept=False)


def status(problem: GsefgraphError) -> int:
    """The status of HTTP of what is wrong with a query, or with what answers it.

    >>> status(QueryTimeout("late")), status(EngineError("died")), status(GsefgraphError("no"))
    (503, 500, 400)
    """
    if isinstance(problem, QueryTimeout | StoreBusy):
        return 503
    if isinstance(problem, EndpointError):  # the server asks another one
        return 502
    return 500 if isinstance(problem, EngineError) else 400


def text(asked: Asked, error: GsefgraphError, *, placed: bool = True) -> str:
    """What is said of an error; where the graph is kept elsewhere is nobody's affair.

    Parameters:
        placed: whether with line and column.
    """
    said = error.text(asked.lang) if placed else error.said(asked.lang)
    address = without_password(asked.graph.store) if "://" in asked.graph.store else ""
    return said.replace(address, say("web.store").text(asked.lang)) if address else said


def of(asked: Asked, error: GsefgraphError) -> Shown:
    """The page of an error that our own code raised."""
    if not isinstance(error, UnknownName):
        return page(asked, status(error), text(asked, error))
    typed = asked.named.get("name") or asked.named.get("doc", "")
    message = text(asked, error)
    if typed and getattr(error.message, "key", "") == "names.unknown-compact":
        # The address has its name alone, and nobody typed the rest of the IRI.
        message = say("web.unknown", name=visible(typed)).text(asked.lang)
    return page(asked, 404, message, typed.replace("-", " "))
