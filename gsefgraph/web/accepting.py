"""Which media type and coding an answer has: what headers weigh highest."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Final

_TAG: Final = re.compile(r'"[^"]*"')


def best(accept: str, offered: Mapping[str, str]) -> str:
    """The name of the media type that is wanted most (RFC 9110, section 12.5.1).

    Parameters:
        accept: the header; empty accepts all.
        offered: name -> media type, the first wins among equals.

    Returns:
        A name; empty where none is acceptable.

    >>> offered = {"html": "text/html", "ttl": "text/turtle"}
    >>> best("text/turtle, text/html;q=0.5", offered), best("*/*", offered), best("a/b", offered)
    ('ttl', 'html', '')
    """
    weights = [weighed(part) for part in accept.split(",") if part.strip()]
    if not weights:
        return next(iter(offered), "")
    found, most = "", 0.0
    for name, media in offered.items():
        quality = _quality(media, weights)
        if quality > most:
            found, most = name, quality
    return found


def packed(encoding: str) -> bool:
    """Whether an answer is wanted packed by gzip (RFC 9110, section 12.5.3).

    Parameters:
        encoding: the header Accept-Encoding.

    >>> packed("gzip, br"), packed("*"), packed("gzip;q=0, *"), packed("gzip;q=0.1, identity;q=0.5")
    (True, True, False, False)
    >>> packed(""), packed("br"), packed("x-gzip")
    (False, False, True)
    """
    weights = dict(map(weighed, encoding.split(",")))
    quality = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    return quality > 0 and quality >= weights.get("identity", 0.0)


def etag(content: bytes) -> str:
    """The tag of an answer by its bytes, or by what makes it what it is.

    >>> etag(b"a")
    '"ca978112ca1bbdcafac2"'
    """
    return f'"{hashlib.sha256(content).hexdigest()[:20]}"'


def gzipped(tag: str) -> str:
    """The tag of the same answer packed: other bytes have another (RFC 9110, section 8.8.3).

    >>> gzipped('"a"')
    '"a-gzip"'
    """
    return f'{tag[:-1]}-gzip"'


def knows(if_none_match: str, tag: str) -> bool:
    """Whether a client has these bytes already (RFC 9110, section 13.1.2).

    >>> knows('"a", W/"b"', '"b"'), knows("*", '"b"'), knows("", '"b"')
    (True, True, False)
    """
    return if_none_match.strip() == "*" or tag in _TAG.findall(if_none_match)


def weighed(part: str) -> tuple[str, float]:
    """One wish of a header: what is wanted, in small letters, and how much (section 12.4.2)."""
    media, *rest = (piece.strip().lower() for piece in part.split(";"))
    for piece in rest:
        name, _, value = piece.partition("=")
        if name == "q":
            try:
                return media, min(max(float(value), 0.0), 1.0)
            except ValueError:
                return media, 0.0
    return media, 1.0


def _quality(media: str, weights: list[tuple[str, float]]) -> float:
    """Of what a media type matches, the weight of the most specific range."""
    for range_ in (media, f"{media.partition('/')[0]}/*", "*/*"):
        for wanted, weight in weights:
            if wanted == range_:
                return weight
    return 0.0
