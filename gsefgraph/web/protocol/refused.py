"""A request that is not answered: its status, and why, in the form that who asks can read.

Below ``/api/`` that is a problem (RFC 9457), elsewhere a line of text; for people it is a page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Final

from gsefgraph.errors import GsefgraphError, StoreBusy, UnknownName
from gsefgraph.web.pages import error
from gsefgraph.web.pages import sparql as editor
from gsefgraph.web.served import Served
from gsefgraph.web.shown import Answered, Asked, File
from gsefgraph.web.turns import Busy
from gsefgraph.wording import say

DATA: Final = re.compile(r"/(?:sparql|graphs|api|data|id|reconcile|\.well-known)(?:[/.].*)?")
"""Addresses of what programs read, which pages of other origins may read too."""
PROBLEM: Final = "application/problem+json"
_AGAIN: Final = "5"  # seconds until what found no place may be asked again
_LATER: Final = "60"  # until what took too long may be


class Refused(Exception):
    """A request that is not answered.

    Parameters:
        status: of HTTP.
        why: what is wrong; hint: what would be right.
        headers: besides those of every answer.
    """

    def __init__(
        self,
        status: int,
        why: str | GsefgraphError,
        hint: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.problem = why if isinstance(why, GsefgraphError) else GsefgraphError(why, hint=hint)
        super().__init__(status, self.problem)
        self.status = status
        self.headers = headers or {}

    @classmethod
    def of(cls, problem: GsefgraphError) -> Refused:
        """What is answered where the graph, or who works on a query, has found something wrong.

        >>> Refused.of(Busy("later")).status, Refused.of(GsefgraphError("no")).status
        (503, 400)
        """
        if isinstance(problem, StoreBusy):  # whose own words name a folder
            problem = StoreBusy(say("engine.other-write"), hint=say("worker.later"))
        status = error.status(problem)
        again = _AGAIN if isinstance(problem, Busy | StoreBusy) else _LATER
        return cls(status, problem, headers={"retry-after": again} if status == 503 else {})

    @classmethod
    def media(cls, given: str, taken: Iterable[str]) -> Refused:
        """What was sent is of no media type that is read.

        >>> str(Refused.media("text/x", ["text/turtle"]).problem)
        'the media type text/x is not read here; one of text/turtle'
        """
        kind = given.partition(";")[0].strip()[:200]
        why = say("protocol.media", media=given.strip()[:200]) if kind else say("protocol.no-media")
        return cls(415, why, hint=say("names.one-of", names=[*taken]))

    @classmethod
    def format(cls, wanted: str, offered: Iterable[str]) -> Refused:
        """An answer has not the format that is asked for by name; empty where it is by Accept.

        >>> str(Refused.format("docx", ["json", "csv"]).problem)
        'this answer has no format docx; one of json, csv'
        """
        key = say("protocol.no-format", value=wanted[:200]) if wanted else say("protocol.formats")
        return cls(406, key, hint=say("names.one-of", names=[*offered]))


def may_write(asked: Asked) -> Served:
    """What writes for who asks.

    Errors:
        Refused: nobody may write (403), or the token is not the one that it takes (401, RFC 6750).
    """
    allowed = asked.served.allows(asked.token) if asked.served else None
    if asked.served is None or allowed is None:
        raise Refused(403, say("protocol.no-update"))
    if not allowed:
        headers = {"www-authenticate": 'Bearer realm="gsefgraph"'}
        raise Refused(401, say("protocol.token"), headers=headers)
    return asked.served


def told(asked: Asked, refused: Refused, *, page: bool = False) -> Answered:
    """The answer to who is refused: a problem or a line of text, for people a page."""
    if page:
        return editor.refused(asked, refused.status, refused.problem)
    if not asked.path.startswith("/api/"):
        return File.line(error.text(asked, refused.problem), refused.status, refused.headers)
    problem = refused.problem
    place = {"line": problem.line, "column": problem.column}
    body = {
        "status": refused.status,
        "title": HTTPStatus(refused.status).phrase,
        "detail": error.text(asked, problem, placed=False),
        **{name: number for name, number in place.items() if number},
    }
    headers = {"content-language": asked.lang, **refused.headers}
    content = f"{json.dumps(body, ensure_ascii=False)}\n".encode()
    return File(content, PROBLEM, status=refused.status, headers=headers, kept=False)


def failed(asked: Asked, problem: GsefgraphError | int, looked_for: str = "") -> Answered:
    """What is answered where a page is not: to who reads pages, one.

    Parameters:
        problem: what our own code raised, or a status of HTTP.
        looked_for: a name, for what is near it.
    """
    pages = "text/html" in asked.accept and not asked.path.startswith("/api/")
    if pages or not DATA.fullmatch(asked.path):
        if isinstance(problem, GsefgraphError):
            return error.of(asked, problem)
        return error.page(asked, problem, "", looked_for)
    if isinstance(problem, int):
        return told(asked, Refused(problem, say(error.HEADS.get(problem, "web.failed"))))
    refused = Refused.of(problem)
    if isinstance(problem, UnknownName):
        refused.status = 404
    return told(asked, refused)
