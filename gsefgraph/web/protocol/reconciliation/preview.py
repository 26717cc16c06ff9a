"""A thing in a small frame of another's page (section 5)."""

from __future__ import annotations

from typing import Final

from gsefgraph.errors import GsefgraphError
from gsefgraph.web import rendering
from gsefgraph.web.pages.preview import page
from gsefgraph.web.protocol.reconciliation.entities import descriptions, known
from gsefgraph.web.protocol.refused import Refused
from gsefgraph.web.shown import Asked, File, Shown
from gsefgraph.wording import say, visible

WIDTH, HEIGHT = 420, 240
"""Of the frame, in pixels."""
_FRAMED: Final = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors *"
}
"""What lets a page of any origin show it; nothing of it runs, leads away or sends."""


def preview(asked: Asked) -> File:
    """The thing of ``?id=`` in short, as a page; what goes wrong as a line, in the frame too."""
    try:
        shown = asked.within(lambda: _shown(asked))
    except GsefgraphError as problem:
        return _line(asked, Refused.of(problem))
    except Refused as refused:
        return _line(asked, refused)
    html = rendering.page(shown, asked).encode()
    headers = {**_FRAMED, "content-language": asked.lang}
    return File(html, "text/html; charset=utf-8", headers=headers)


def _shown(asked: Asked) -> Shown:
    name = asked.values.get("id", "")
    iri = known(asked, name)
    if not iri:
        raise Refused(404, say("web.unknown", name=visible(name[:80])))
    return page(asked, iri, descriptions(asked, [iri])[iri])


def _line(asked: Asked, refused: Refused) -> File:
    headers = {**refused.headers, **_FRAMED}
    return File.line(refused.problem.text(asked.lang), refused.status, headers)
