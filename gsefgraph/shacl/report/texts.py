"""Texts of a finding by language, made when they are first read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from gsefgraph.shacl.report.report import Texts

Tagged: TypeAlias = tuple[str, str]


class Lazy(Mapping[str, str]):
    """Texts by language that are made when they are first read.

    Parameters:
        languages: gives the languages.
        make: gives the text in one of them.

    >>> texts = Lazy(lambda: ("en", "fr"), str.upper)
    >>> texts["fr"], dict(texts) == texts
    ('FR', True)
    """

    __slots__ = ("_languages", "_made", "_make")

    def __init__(self, languages: Callable[[], Sequence[str]], make: Callable[[str], str]) -> None:
        self._languages = languages
        self._make = make
        self._made: dict[str, str] = {}

    def __getitem__(self, language: str) -> str:
        if language not in self._made:
            if language not in self._languages():
                raise KeyError(language)
            self._made[language] = self._make(language)
        return self._made[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._languages())

    def __len__(self) -> int:
        return len(self._languages())

    def __repr__(self) -> str:
        return repr(dict(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)


class Message(Lazy):
    """What is wrong, with what the shape itself says of it and what we say kept apart.

    Parameters:
        languages, make: as in `Lazy`.
        theirs: gives the messages of the shape, as tags and texts.
        ours: gives our sentence by language, empty where we have none.
        constraint: IRI of the SPARQL constraint, a name of ours where it is blank; empty for
            any other constraint.

    >>> message = Message(tuple, str, lambda: [("de", "Nein")], lambda: {"en": "No."})
    >>> message.w3c, message.detail
    ([('de', 'Nein')], [('en', 'No.')])
    """

    __slots__ = ("_ours", "_theirs", "constraint")

    def __init__(
        self,
        languages: Callable[[], Sequence[str]],
        make: Callable[[str], str],
        theirs: Callable[[], Sequence[Tagged]],
        ours: Callable[[], Texts],
        constraint: str = "",
    ) -> None:
        super().__init__(languages, make)
        self._theirs = theirs
        self._ours = ours
        self.constraint = constraint

    @property
    def w3c(self) -> list[Tagged]:
        """Values of sh:resultMessage: exactly the shape's own (SHACL, section 2.1.5), else ours."""
        return list(self._theirs()) or list(self._ours().items())

    @property
    def detail(self) -> list[Tagged]:
        """Our sentence, where the shape has a message of its own."""
        return list(self._ours().items()) if self._theirs() else []

    def __reduce__(self) -> tuple[Any, ...]:
        parts = dict(self), tuple(self._theirs()), dict(self._ours()), self.constraint
        return _kept, parts


def _kept(made: Texts, theirs: Sequence[Tagged], ours: Texts, constraint: str) -> Message:
    return Message(lambda: tuple(made), made.__getitem__, lambda: theirs, lambda: ours, constraint)


class Hint(Mapping[str, str]):
    """Texts by language of which it is not known, before they are read, whether there are any."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], Texts]) -> None:
        self._make = make
        self._made: Texts | None = None

    @property
    def _texts(self) -> Texts:
        if self._made is None:
            self._made = self._make()
        return self._made

    def __getitem__(self, language: str) -> str:
        return self._texts[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __repr__(self) -> str:
        return repr(dict(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)


def parts(texts: Texts) -> tuple[list[Tagged], list[Tagged], str]:
    """What a W3C report says of a finding: sh:resultMessage, our detail, and sh:sourceConstraint.

    >>> parts({"fr": "Non."})
    ([('fr', 'Non.')], [], '')
    """
    if isinstance(texts, Message):
        return texts.w3c, texts.detail, texts.constraint
    return list(texts.items()), [], ""
