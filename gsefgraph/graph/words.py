"""Sentences with things in them: a text of `texts/` whose places are filled with links.

>>> told("line.place", "en", object=Ref("urn:p", "Seoul"))
('Place: ', Ref(iri='urn:p', label='Seoul', lang=''))
"""

from __future__ import annotations

import string
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from gsefgraph.wording import spoken, template

_FORMATTER = string.Formatter()


@dataclass(frozen=True, slots=True)
class Ref:
    """A thing inside a sentence.

    Attributes:
        iri: its IRI; empty for words of a source in another language than the page's.
        label: its name.
        lang: language of the name, where it is not that of the page; else empty.
    """

    iri: str
    label: str
    lang: str = ""


Words: TypeAlias = tuple[str | Ref, ...]


def plain(words: Words) -> str:
    """A sentence as text.

    >>> plain(("speaker at ", Ref("urn:e", "a forum")))
    'speaker at a forum'
    """
    return "".join(part if isinstance(part, str) else part.label for part in words)


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
