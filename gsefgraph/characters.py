"""Characters that no eye sees, and those that XML has no place for.

A terminal obeys some of the first and draws the others as nothing, so that one name could pass for
another; text for people shows each as the escape that Turtle, SPARQL and JSON read back.
"""

from __future__ import annotations

import re
from typing import Final

BIDI: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Unicode's Bidi_Control, as a class of a regular expression writes it."""

NOT_XML: Final = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0, 2.2 [2] Char leaves out: it cannot stand in a document, not even as a reference."""

# Controls but for line feed and tab, Bidi_Control, Default_Ignorable_Code_Point (which a font draws
# as nothing: zero width, soft hyphen, variation selectors, tags), separators of lines and
# paragraphs, annotations, controls of hieroglyphs, the empty pattern of Braille, and what is no
# character: surrogates and Unicode's Noncharacter_Code_Point.
_NONE = "\ufdd0-\ufdef" + "".join(
    f"{chr(at - 1)}{chr(at)}" for at in range(0xFFFF, 0x110000, 0x10000)
)
_UNSEEN = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    f"\u200b-\u200d\u2028\u2029\u2060-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0"
    f"\ufff0-\ufffb\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    f"{BIDI}{_NONE}]"
)
_SPACES = re.compile(r"[ \t\r\n\f\v]+")


def visible(text: str) -> str:
    """Text for people: what cannot be seen as an escape; line feeds and tabs stay.

    >>> visible("a\\u202eb\\x1b[1m")
    'a\\\\u202Eb\\\\u001B[1m'
    """
    if text.isascii() and text.isprintable():
        return text
    return _UNSEEN.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def line(text: str) -> str:
    """Text in one line, as `visible` gives it: each run of white space one space, none at the ends.

    >>> line(" a\\n  b ")
    'a b'
    """
    return visible(_SPACES.sub(" ", text).strip(" "))
