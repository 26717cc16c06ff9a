"""What may be meant by what is typed: names of things, and questions."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Final

from gsefgraph.errors import GsefgraphError
from gsefgraph.queries.parameters import Parameter
from gsefgraph.web.pages.search import question_hits, thing_hits
from gsefgraph.web.protocol.queries import LANGUAGE, only
from gsefgraph.web.protocol.refused import Refused
from gsefgraph.web.shown import Asked, File
from gsefgraph.wording import say

TAKES: Final = (
    Parameter("q", "text", optional=True),
    Parameter("class", "iri", optional=True),
    LANGUAGE,
)
"""What is given: the text, the class that things are of, the language."""
_MOST, _LEAST, _QUESTIONS = 8, 2, 3  # names, for so many letters; questions among them


def names(asked: Asked) -> File:
    """Up to eight names that begin with ``?q=``, and questions that have its words; only of things
    of ``?class=``, where that is given. As JSON: label, kind, other name, address.

    Errors:
        Refused: something else is given, or no such class. ParameterError: no text.
    """
    only(asked, TAKES[:2], TAKES[2:])
    text = asked.values.get("q", "").strip()[:200]
    of = asked.values.get("class")
    try:
        within = asked.graph.names.expand(of) if of else None
    except GsefgraphError as problem:
        raise Refused(404, problem) from None
    entries = []
    if len(text) >= _LEAST:
        found = asked.graph.resolver.suggest(text, asked.lang, _MOST, kind=within)
        # A field that takes things says so, though of any class.
        questions = asked.graph.catalogue.search(text, asked.lang) if of is None else []
        a_question = say("search.question").text(asked.lang)
        asking = [
            replace(hit, kind=a_question) for hit in question_hits(asked, questions[:_QUESTIONS])
        ]
        entries = [
            {"label": hit.link.text, "kind": hit.kind, "name": hit.name, "href": hit.link.href}
            for hit in (*thing_hits(asked, found)[: _MOST - len(asking)], *asking)
        ]
    return File(json.dumps(entries, ensure_ascii=False).encode(), "application/json")
