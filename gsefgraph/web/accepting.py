"""Which media type an answer has: what the header Accept weighs highest."""

from __future__ import annotations

from collections.abc import Mapping


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
    weights = [_weighed(part) for part in accept.split(",") if part.strip()]
    if not weights:
        return next(iter(offered), "")
    found, most = "", 0.0
    for name, media in offered.items():
        quality = _quality(media, weights)
        if quality > most:
            found, most = name, quality
    return found


def _weighed(part: str) -> tuple[str, float]:
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
