"""The address of the service: what it is, candidates for queries, values of properties."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from gsefgraph.errors import GsefgraphError
from gsefgraph.terms import GSEF, VERSION
from gsefgraph.web import rendering
from gsefgraph.web.protocol import body
from gsefgraph.web.protocol.reconciliation import extension, matching, preview, reading, suggestions
from gsefgraph.web.protocol.reconciliation.terms import Terms
from gsefgraph.web.protocol.refused import Refused
from gsefgraph.web.shown import Answered, Asked, File
from gsefgraph.wording import LANGUAGES, say, visible

LARGEST: Final = 2**19
"""Bytes of what is sent at once."""
_LONGEST: Final = 2**15  # of what stands in an address


def service(asked: Asked) -> Answered:
    """The manifest, or what is answered to ``queries`` or ``extend`` (sections 3.1, 4.3, 7.3)."""
    return _answer(asked, lambda: _service(asked))


service.addressed = True  # type: ignore[attr-defined]
service.speaks = LARGEST  # type: ignore[attr-defined]
service.longest = _LONGEST  # type: ignore[attr-defined]


def suggest(asked: Asked) -> Answered:
    """Things, classes or properties for what is typed (section 6)."""
    return _answer(asked, lambda: suggestions.suggested(asked, Terms(asked), _what(asked)))


def flyout(asked: Asked) -> Answered:
    """What is shown beside a suggestion (section 6.5)."""
    return _answer(asked, lambda: suggestions.flown(asked, Terms(asked), _what(asked)))


def properties(asked: Asked) -> Answered:
    """Properties of things of a class (section 7.2).

    The language stands in the path: OpenRefine puts ``?type=`` behind whatever address it is given.
    """
    lang = asked.named.get("lang", asked.lang)
    if lang in LANGUAGES:
        asked = replace(asked, lang=lang)
    return _answer(asked, lambda: extension.proposed(asked, Terms(asked)))


def _service(asked: Asked) -> dict[str, Any]:
    sent = body.fields(body.text(*asked.body, [body.FORM])[1]) if asked.body else ()
    given = [(k, v) for k, v in (*asked.given, *sent) if k in ("queries", "extend")]
    if len(given) > 1 or (asked.body and not given):
        raise Refused(400, say("reconcile.which"))
    if not given:
        return manifest(asked)
    [(name, text)] = given
    terms = Terms(asked)
    if name == "queries":
        return matching.matched(asked, terms, reading.batch(text, terms, asked.to))
    return extension.extended(asked, terms, *reading.columns(text, terms))


def manifest(asked: Asked) -> dict[str, Any]:
    """What the service is (section 3.1).

    >>> from gsefgraph.graph.graph import Graph
    >>> from gsefgraph.web.addresses import Addresses
    >>> graph = Graph.open()
    >>> told = manifest(Asked(graph, "fr", Addresses(graph.names, "fr")))
    >>> told["view"]["url"], told["defaultTypes"][0]["name"]
    ('http://127.0.0.1:8000/id/{{id}}?lang=fr', 'Organisation')
    """
    here, lang, terms = asked.address, asked.to.lang, Terms(asked)
    # `Addresses` would quote the braces, which clients look for.
    also = f"lang={lang}" if lang else ""
    proposing = f"/reconcile/properties/{lang}" if lang else "/reconcile/properties"
    return {
        "versions": ["0.2"],
        "name": say("reconcile.name").text(asked.lang),
        "identifierSpace": f"{asked.graph.names.base}id/",
        "schemaSpace": GSEF,
        "documentation": here + asked.to.to("/help/officer"),
        "logo": f"{here}/static/{rendering.digest()}/favicon.svg",
        "serviceVersion": VERSION,
        "defaultTypes": [terms.named(kind) for kind in terms.usual()],
        "view": {"url": f"{here}/id/{{{{id}}}}{also and '?'}{also}"},
        "preview": {
            "url": f"{here}/reconcile/preview?id={{{{id}}}}{also and '&'}{also}",
            "width": preview.WIDTH,
            "height": preview.HEIGHT,
        },
        "suggest": {
            what: {
                "service_url": here,
                "service_path": asked.to.to(f"/reconcile/suggest/{what}"),
                "flyout_service_path": f"/reconcile/flyout/{what}?id=${{id}}{also and '&'}{also}",
            }
            for what in suggestions.KINDS
        },
        "extend": {
            "propose_properties": {"service_url": here, "service_path": proposing},
            "property_settings": extension.settings(asked.lang),
        },
        "batchSize": reading.BATCH,
    }


def _what(asked: Asked) -> str:
    """What is suggested: things, classes or properties."""
    what = asked.named["what"]
    if what not in suggestions.KINDS:
        hint = say("names.one-of", names=suggestions.KINDS)
        raise Refused(404, say("reconcile.no-suggestions", name=visible(what[:80])), hint=hint)
    return what


def _answer(asked: Asked, make: Callable[[], object]) -> Answered:
    """What a function gives as JSON; what is wrong is told in a line, to whoever asks."""
    try:
        content = json.dumps(asked.within(make), ensure_ascii=False).encode()
    except GsefgraphError as problem:
        raise Refused.of(problem) from None
    return File(content, "application/json")
