"""Text for people: sentences by key, as `texts/` has them in each language, and nothing unseen.

A key is a table and a name in ``texts/<language>.toml``; the text there is a template of
`str.format`, or where the number matters a table of two, ``one`` and ``other``, between which
``count`` chooses; a third, ``none``, is for 0 where no number would be said. A language is read
when something is first said in it.

A terminal obeys some of the characters that no eye sees and draws the others as nothing, so that
one name could pass for another: each is shown as the escape that Turtle, SPARQL and JSON read back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from decimal import Decimal

LANGUAGES: Final = ("en", "fr", "es")
BIDI: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Unicode's Bidi_Control, as a class of a regular expression writes it."""

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


class Wording(str):
    """A sentence: an English text that knows itself in the other languages.

    >>> wording = say("names.did-you-mean", near="table")
    >>> wording, wording.key
    ('did you mean table?', 'names.did-you-mean')
    >>> wording.text("es")
    '¿quiso decir table?'
    """

    __slots__ = ("key", "values")
    key: str
    values: Mapping[str, object]

    def __new__(cls, key: str, values: Mapping[str, object]) -> Wording:
        """The sentence of a key, with the values that its text names."""
        wording = super().__new__(cls, _written(key, values, "en"))
        wording.key, wording.values = key, values
        return wording

    def __getnewargs__(self) -> tuple[str, Mapping[str, object]]:  # type: ignore[override]
        return self.key, self.values

    def text(self, language: str) -> str:
        """The sentence in one of `LANGUAGES`; English for any other."""
        return _written(self.key, self.values, language)

    def texts(self) -> ByLanguage:
        """The sentence in every language."""
        return ByLanguage(self.text)


def say(key: str, /, **values: object) -> Wording:
    """A sentence.

    Parameters:
        key: table and name, with a dot between them.
        values: what its text names: words, numbers, other sentences, texts by language, or a list
            of such, which is written with commas.

    Errors:
        KeyError: no such key, or a value that the text needs is not given.

    >>> say("names.one-of", names=["csv", "json"]).text("fr")
    'au choix\\xa0: csv, json'
    """
    return Wording(key, values)


def heard(said: object) -> str:
    """What a parser said: in every language where `texts/` has its sentence, else as it is.

    Parameters:
        said: its message, or the error that has it.

    >>> spoken(heard("The prefix ex: has not been declared"), "es")
    'el prefijo ex: no está declarado'
    >>> heard("a sentence that nobody knows")
    'a sentence that nobody knows'
    """
    text = str(said)
    for key, pattern in _known():
        match = pattern.fullmatch(text)
        if match:
            return say(key, **match.groupdict())
    return text


def spoken(value: Any, language: str) -> Any:
    """A value as its language has it: sentences and lists as text, all else as it is."""
    if isinstance(value, Wording):
        return value.text(language)
    if isinstance(value, Mapping):
        return value.get(language, value.get("en", ""))
    if isinstance(value, list | tuple):
        return ", ".join(str(spoken(item, language)) for item in value)
    return _Number(value, language) if type(value) is int and language != "en" else value


def number(value: int | float | Decimal, language: str) -> str:
    """A number as a language writes it: thousands stand apart, in Spanish from five digits on.

    >>> [number(1234, language) for language in LANGUAGES], number(12345.5, "es")
    (['1,234', '1\\u202f234', '1234'], '12\\u202f345,5')
    """
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.6f}".rstrip("0").rstrip(".")
    if language == "en":
        return text
    gap = "" if language == "es" and -10000 < value < 10000 else "\u202f"
    return text.replace(",", gap).replace(".", ",")


def is_one(count: int, language: str) -> bool:
    """Whether a number takes the singular: 1, and in French 0 too.

    >>> is_one(0, "fr"), is_one(0, "es")
    (True, False)
    """
    return count < 2 if language == "fr" else count == 1


class ByLanguage(Mapping[str, str]):
    """A text in each of `LANGUAGES`, made when it is read."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[str], str]) -> None:
        self._make = make

    def __getitem__(self, language: str) -> str:
        if language not in LANGUAGES:
            raise KeyError(language)
        return self._make(language)

    def __iter__(self) -> Iterator[str]:
        return iter(LANGUAGES)

    def __len__(self) -> int:
        return len(LANGUAGES)

    def __repr__(self) -> str:
        return repr(dict(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)


class Table(Mapping[str, Mapping[str, str]]):
    """The texts of one table as they stand, by name and language; read when first looked at.

    >>> Table("component")["MinCount-none"]["en"]
    'No value of {path}; needed: at least {wanted}.'
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getitem__(self, name: str) -> Mapping[str, str]:
        _ = _read("en")[self._name][name]
        return ByLanguage(lambda language: _read(language)[self._name][name])

    def __iter__(self) -> Iterator[str]:
        return iter(_read("en")[self._name])

    def __len__(self) -> int:
        return len(_read("en")[self._name])


class _Number(int):
    """A number that is told in a language."""

    def __new__(cls, value: int, language: str) -> _Number:
        made = super().__new__(cls, value)
        made._language = language
        return made

    _language: str

    def __format__(self, how: str) -> str:
        return number(int(self), self._language) if how == "," else super().__format__(how)


def template(key: str, values: Mapping[str, Any], language: str) -> str:
    """The text of a key in a language, with its places open, in the form that `count` asks for.

    >>> template("cli.wrong", {"count": 2}, "en")
    '{count} wrong'
    """
    table, _, name = key.partition(".")
    form: Any = _read(language if language in LANGUAGES else "en")[table][name]
    if not isinstance(form, str):
        count = values["count"]
        number = "one" if is_one(count, language) else "other"
        form = form.get("none", form[number]) if count == 0 else form[number]
    return str(form)


def _written(key: str, values: Mapping[str, Any], language: str) -> str:
    text = template(key, values, language)
    return text.format(**{key: spoken(value, language) for key, value in values.items()})


@cache
def _known() -> list[tuple[str, re.Pattern[str]]]:
    """The keys of what parsers say, and what their English sentences match."""
    sentences = _read("en")["parser"].items()
    return [
        (f"parser.{name}", re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(text)), re.S))
        for name, text in sentences
    ]


@cache
def _read(language: str) -> Mapping[str, Mapping[str, Any]]:
    import tomllib  # nothing is said by most commands that succeed

    path = Path(__file__).parent / "texts" / f"{language}.toml"
    return tomllib.loads(path.read_text("utf-8"))


def unseen(text: str) -> list[str]:
    """The characters of a text that no eye sees, line feeds and tabs aside.

    >>> unseen("a\\u200bb")
    ['\\u200b']
    """
    return _UNSEEN.findall(text)


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
