"""A record that a program hands in, and the report on it; nothing of it is kept."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pyoxigraph import NamedNode

from gsefgraph.errors import InputError, QueryTimeout, UsageError
from gsefgraph.queries.parameters import Parameter
from gsefgraph.shacl import own
from gsefgraph.shacl.report.finding import Finding
from gsefgraph.shacl.report.report import Report
from gsefgraph.web.pages import check
from gsefgraph.web.pages.data import MEDIA
from gsefgraph.web.protocol.queries import LANGUAGE, only, wanted_format
from gsefgraph.web.protocol.refused import Refused
from gsefgraph.web.shown import Asked, File
from gsefgraph.web.turns import Busy
from gsefgraph.wording import say

LARGEST: Final = 2 * 2**20
"""Bytes of a record."""
FORMS: Final = {"json": "application/json", "sarif": "application/sarif+json"}
"""What a report is called in ``format=`` -> its media type."""
TAKEN: Final = {
    **{media: f".{suffix}" for suffix, media in MEDIA.items()},
    "application/json": ".jsonld",
}
"""Media types of records -> the suffix of such a file."""
OF_REPORT: Final = (LANGUAGE, Parameter("format", "text", choices=tuple(FORMS)))
"""What a report is asked for with."""
_PLACE: Final = re.compile(r"record[^:]*(?::([0-9]+))?(?::([0-9]+))?: (.*)", re.S)
_FAULTS: Final = (UsageError.exit_code, InputError.exit_code)


def report(asked: Asked) -> File:
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
        hint = say("names.one-of", names=[*TAKEN])
        raise Refused(415, say("protocol.media", media=media[:200]), hint=hint)
    name = f"record{suffix}"
    with TemporaryDirectory(prefix="gsefgraph-") as folder:
        file = Path(folder, name)
        file.write_bytes(content)
        done = check.validated(asked, file, form)
    if done.busy:
        raise Busy(say("check.busy"))
    if done.late or done.cut:
        raise QueryTimeout(say("check.late", seconds=check.SECONDS))
    if done.code in (0, 1):
        body = done.out.replace(f"file://{file}".encode(), name.encode())
        return File(body.replace(str(file).encode(), name.encode()), FORMS[form])
    said = check.problem(done.err, str(file), name, asked.lang)
    if done.code not in _FAULTS:
        raise QueryTimeout(said)
    found = Report.of([_unreadable(said, name, asked.lang)], names=asked.graph.names)
    pieces = found.pieces(form, asked.lang, None, warnings=True)
    return File(b"".join(pieces), FORMS[form])


def _unreadable(said: str, name: str, lang: str) -> Finding:
    placed = _PLACE.fullmatch(said)
    line, column, message = placed.groups() if placed else ("", "", said)
    return own.unreadable(
        NamedNode(f"file:///{name}"), {lang: message}, (name, int(line or 1), int(column or 1))
    )


report.speaks = LARGEST  # type: ignore[attr-defined]
report.answers_posts = report.negotiates = True  # type: ignore[attr-defined]
