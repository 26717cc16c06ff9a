"""Which language a page is in: what its address says, the cookie, the browser, the server."""

from __future__ import annotations

from typing import Final

from gsefgraph.web.accepting import weighed
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
    wishes = sorted(map(weighed, accepted.split(",")), key=lambda wish: -wish[1])
    tags = (tag.partition("-")[0] for tag, quality in wishes if quality)
    return next((tag for tag in tags if tag in LANGUAGES), otherwise)
