"""The body of a request: text of a type that is taken, and the fields of a form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl

from gsefgraph.web.protocol.refused import Refused
from gsefgraph.wording import say

FORM: Final = "application/x-www-form-urlencoded"
_FIELDS: Final = 1_000


def text(media: str, body: bytes, types: Sequence[str]) -> tuple[str, str]:
    """The type of what was sent, and its text.

    Errors:
        Refused: it is of none of some types, or not UTF-8.

    >>> text("Application/X-WWW-Form-URLencoded; charset=UTF-8", b"a=b", [FORM])
    ('application/x-www-form-urlencoded', 'a=b')
    """
    kind, *more = (part.strip().lower() for part in media.split(";"))
    charset = next((m.partition("=")[2].strip('"') for m in more if m.startswith("charset=")), "")
    if kind not in types or charset not in ("", "utf-8", "utf8"):
        raise Refused.media(media, types)
    try:
        return kind, body.decode()
    except ValueError:
        raise Refused(400, say("protocol.not-utf8")) from None


def fields(form: str) -> list[tuple[str, str]]:
    """The fields of a form, in their order.

    Errors:
        Refused: they are not UTF-8, or too many.

    >>> fields("a=b+c&d=")
    [('a', 'b c'), ('d', '')]
    """
    try:
        return parse_qsl(form, keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
    except ValueError:
        raise Refused(400, say("protocol.not-utf8")) from None
