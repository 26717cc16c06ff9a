"""Texts with places, as the header of a stored query writes its answer's sentence.

A place is a name in braces. What stands in square brackets is said where its places are known; a
bar parts what is said in its stead where they are not: ``{count} events[ in {country}| anywhere]``.

>>> text = "{count} events took place[ from {from} to {to}| since {from}| until {to}]."
>>> fill(text, {"count": "3", "to": "2019"}), fill(text, {"count": "3"})
('3 events took place until 2019.', '3 events took place.')
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_PLACE = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\[([^][]*)\]")


def places(text: str) -> Iterator[tuple[str, bool]]:
    """The places of a text, and whether each may be left out, standing in brackets.

    >>> sorted(places("{count} events[ in {country}]."))
    [('count', False), ('country', True)]
    """
    for choice in _CHOICE.findall(text):
        yield from ((name, True) for name in _PLACE.findall(choice))
    yield from ((name, False) for name in _PLACE.findall(_CHOICE.sub("", text)))


def stray(text: str) -> str:
    """The first brace, bracket or bar that is no part of a place or a choice; empty for none.

    >>> stray("{count events"), stray("{count} events[ in {country}|]")
    ('{', '')
    """
    left = _PLACE.sub("", _CHOICE.sub(lambda choice: choice[1].replace("|", ""), text))
    return next((character for character in left if character in "{}[]|"), "")


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its places filled; those outside brackets must all be known.

    >>> fill("No event[ in {country}| anywhere].", {})
    'No event anywhere.'
    """

    def chosen(choice: re.Match[str]) -> str:
        for said in choice[1].split("|"):
            if all(name in values for name in _PLACE.findall(said)):
                return said
        return ""

    return _PLACE.sub(lambda place: values[place[1]], _CHOICE.sub(chosen, text))
