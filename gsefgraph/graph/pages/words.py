"""Sentences with things in them: a text of `texts/` whose places are filled with links.

>>> told("line.place", "en", object=Ref("urn:p", "Seoul"))
('Place: ', Ref(iri='urn:p', label='Seoul', lang=''))
"""

from __future__ import annotations

import string
from collections.abc import Iterable
from typing import Any

from gsefgraph.graph.page import Ref, Words
from gsefgraph.wording import spoken, template

_FORMATTER = string.Formatter()


def told(key: str, lang: str, **values: Any) -> Words:
    """The sentence of a key.

    Parameters:
        lang: en, fr or es.
        values: what its text names: things, sentences, words or numbers; `count` chooses between
            one and many.
    """
    found: list[str | Ref] = []
    for text, name, how, _ in _FORMATTER.parse(template(key, values, lang)):
        found.append(text)
        if name is None:
            continue
        value = values[name]
        if isinstance(value, Ref):
            found.append(value)
        elif isinstance(value, tuple):
            found.extend(value)
        else:
            found.append(format(spoken(value, lang), how or ""))
    return joined((tuple(found),))


def joined(parts: Iterable[Words], between: str = "") -> Words:
    """Sentences, or things, one after the other; texts that meet become one.

    >>> joined([("a",), (Ref("urn:b", "b"), "")], ", ")
    ('a, ', Ref(iri='urn:b', label='b', lang=''))
    """
    found: list[str | Ref] = []
    for number, part in enumerate(parts):
        for piece in (between, *part) if number else part:
            if isinstance(piece, str) and found and isinstance(found[-1], str):
                found[-1] += piece
            elif piece:
                found.append(piece)
    return tuple(found)
