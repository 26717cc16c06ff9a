"""Which language a page is in: what its address says, the cookie, the browser, the server."""

from __future__ import annotations

from typing import Final

from gsefgraph.wording import LANGUAGES

COOKIE: Final = "lang"
OWN: Final = {"en": "English", "fr": "Français", "es": "Español"}
"""What each language calls itself."""


def chosen(asked: str = "", cookie: str = "", accepted: str = "", otherwise: str = "en") -> str:
    """The language of a page.

    Parameters:
        asked: what ``?lang=`` says; cookie: what was asked for before.
        accepted: the header Accept-Language (RFC 9110, section 12.5.4).
        otherwise: the language where none of `LANGUAGES` is asked for.

    >>> chosen("es", "fr", "en"), chosen("", "", "de, fr-CA;q=0.8, en;q=0.5"), chosen("xx")
    ('es', 'fr', 'en')
    >>> chosen("", "", "de", "fr")
    'fr'
    """
    for wish in (asked, cookie):
        if wish in LANGUAGES:
            return wish
    weighed = []
    for place, part in enumerate(accepted.split(",")):
        tag, _, weight = part.partition(";")
        weighed.append((-_quality(weight), place, tag.strip().lower().split("-")[0]))
    return next((tag for q, _, tag in sorted(weighed) if q < 0 and tag in LANGUAGES), otherwise)


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if not name:
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
