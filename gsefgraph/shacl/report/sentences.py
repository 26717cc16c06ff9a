"""The sentences that findings are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

from gsefgraph.shacl.report.finding import Texts, pick
from gsefgraph.terms import SH
from gsefgraph.wording import ByLanguage, Table, say

COMPONENTS = Table("component")
# What a component asks for, for those who see a rule without a name of its own.
TITLES = Table("title")
WORDS = Table("report")


def word(key: str, lang: str, **values: object) -> str:
    """A word or sentence in a language, its blanks filled; an unknown severity by its local name.

    >>> word("more", "es", count=3)
    '… y 3 más'
    """
    if key not in WORDS:
        return key.rstrip("/#").rpartition("#")[2].rpartition("/")[2]
    return say(f"report.{key}", **values).text(lang)


SENTENCES = Table("finding")


def of(key: str, **values: object) -> Texts:
    """A sentence in every language, its blanks filled; a value may be texts by language itself.

    >>> of("write", value="fr")["es"]
    'escribir fr'
    """
    return say(f"finding.{key}", **values).texts()


def either(choices: Sequence[str]) -> Texts:
    """Some choices, with "or" between them.

    >>> either(["gsef:startDate", "gsef:endDate"])["es"]
    'gsef:startDate o gsef:endDate'
    """
    word = say("word.or")
    return ByLanguage(lambda language: f" {word.text(language)} ".join(choices))


def write(choices: Sequence[str]) -> Texts:
    """A hint to write one of some texts; empty when there are none.

    >>> write(["gsef:startDate", "gsef:endDate"])["fr"]
    'écrire gsef:startDate ou gsef:endDate'
    """
    return of("write", value=either(choices)) if choices else {}


def component(iri: str, lang: str) -> str:
    """What a constraint component of SHACL asks for, empty for any other.

    >>> component("http://www.w3.org/ns/shacl#MinCountConstraintComponent", "fr")
    'assez de valeurs'
    """
    local = iri.removeprefix(SH).removesuffix("ConstraintComponent")
    return pick(TITLES.get(local, {}), lang)


Tagged: TypeAlias = tuple[str, str]


class Lazy(ByLanguage):
    """Texts by language that are made when they are first read, in languages of their own.

    Parameters:
        languages: gives the languages.
        make: gives the text in one of them.

    >>> texts = Lazy(lambda: ("en", "fr"), str.upper)
    >>> texts["fr"], dict(texts) == texts
    ('FR', True)
    """

    __slots__ = ("_languages", "_made")

    def __init__(self, languages: Callable[[], Sequence[str]], make: Callable[[str], str]) -> None:
        super().__init__(make)
        self._languages = languages
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


class Message(Lazy):
    """What is wrong, with what the shape itself says of it and what we say kept apart.

    Parameters:
        languages, make: as in `Lazy`.
        messages: gives those of the shape (sh:message), as tags and texts.
        sentence: gives ours by language, empty where we have none.
        constraint: IRI of the SPARQL constraint, a name of ours where it is blank; empty for
            any other constraint.

    >>> message = Message(tuple, str, lambda: [("de", "Nein")], lambda: {"en": "No."})
    >>> message.w3c, message.detail
    ([('de', 'Nein')], [('en', 'No.')])
    """

    __slots__ = ("_messages", "_sentence", "constraint")

    def __init__(
        self,
        languages: Callable[[], Sequence[str]],
        make: Callable[[str], str],
        messages: Callable[[], Sequence[Tagged]],
        sentence: Callable[[], Texts],
        constraint: str = "",
    ) -> None:
        super().__init__(languages, make)
        self._messages = messages
        self._sentence = sentence
        self.constraint = constraint

    @property
    def w3c(self) -> list[Tagged]:
        """Values of sh:resultMessage: exactly the shape's own (SHACL, section 2.1.5), else ours."""
        return list(self._messages()) or list(self._sentence().items())

    @property
    def detail(self) -> list[Tagged]:
        """Our sentence, where the shape has a message of its own."""
        return list(self._sentence().items()) if self._messages() else []

    def __reduce__(self) -> tuple[Any, ...]:
        parts = dict(self), tuple(self._messages()), dict(self._sentence()), self.constraint
        return _kept, parts


def _kept(made: Texts, messages: Sequence[Tagged], sentence: Texts, constraint: str) -> Message:
    return Message(
        lambda: tuple(made), made.__getitem__, lambda: messages, lambda: sentence, constraint
    )


class Hint(ByLanguage):
    """Texts by language of which it is not known, before they are read, whether there are any."""

    __slots__ = ("_find", "_found")

    def __init__(self, find: Callable[[], Texts]) -> None:
        self._find = find
        self._found: Texts | None = None

    @property
    def _texts(self) -> Texts:
        if self._found is None:
            self._found = self._find()
        return self._found

    def __getitem__(self, language: str) -> str:
        return self._texts[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


def parts(texts: Texts) -> tuple[list[Tagged], list[Tagged], str]:
    """What a W3C report says of a finding: sh:resultMessage, our detail, and sh:sourceConstraint.

    >>> parts({"fr": "Non."})
    ([('fr', 'Non.')], [], '')
    """
    if isinstance(texts, Message):
        return texts.w3c, texts.detail, texts.constraint
    return list(texts.items()), [], ""
