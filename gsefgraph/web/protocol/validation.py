"""A record that a program hands in, and the report on it; nothing of it is kept."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from gsefgraph.errors import GsefgraphError, InputError, UsageError
from gsefgraph.queries.parameters import Parameter
from gsefgraph.shacl import own
from gsefgraph.shacl.report.report import Report
from gsefgraph.web.pages import check
from gsefgraph.web.pages.data import MEDIA
from gsefgraph.web.protocol.queries import LANGUAGE, only, wanted_format
from gsefgraph.web.protocol.refused import Refused
from gsefgraph.web.shown import Asked, File

LARGEST: Final = 2 * 2**20
"""Bytes of a record."""
FORMS: Final = {"json": "application/json", "sarif": "application/sarif+json"}
"""What a report is called in ``format=`` -> its media type."""
TAKEN: Final = {
    **{media: f".{suffix}" for suffix, media in MEDIA.items()},
    "application/json": ".jsonld",
}
"""Media types of records -> the suffix of such a file."""
OF_REPORT: Final = (LANGUAGE, Parameter("format", "text", optional=True, choices=tuple(FORMS)))
"""What a report is asked for with."""


async def report(asked: Asked) -> File:
    """What is found in a record, as `gsefgraph validate` writes it; of one that cannot be read,
    where reading stopped.

    Errors:
        Refused: its media type or that of the report is not known. QueryTimeout: it takes too long,
        or too many ask.
    """
    form = wanted_format(asked, only(asked, (), OF_REPORT), FORMS)
    media, content = asked.body or ("", b"")
    suffix = TAKEN.get(media.partition(";")[0].strip().lower(), "")
    if not suffix:
        raise Refused.media(media, TAKEN)
    name = f"record{suffix}"
    try:
        told = await check.judged(asked, content, name, form)
    except (InputError, UsageError) as problem:
        return File(_unreadable(asked, problem, name, form), FORMS[form])
    return File(told["report"].encode(), FORMS[form])


def _unreadable(asked: Asked, problem: GsefgraphError, name: str, form: str) -> bytes:
    place = name, problem.line or 1, problem.column or 1
    message = {asked.lang: problem.said(asked.lang)}
    finding = own.unreadable(NamedNode(f"file:///{name}"), message, place)
    found = Report.of([finding], names=asked.graph.names)
    return b"".join(found.pieces(form, asked.lang, None, warnings=True))


report.speaks = LARGEST  # type: ignore[attr-defined]
report.answers_posts = report.negotiates = True  # type: ignore[attr-defined]
