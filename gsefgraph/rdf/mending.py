"""Readings of a malformed literal: what a person most likely meant, by mechanical steps alone.

A reading is offered only where one answer is possible: 25/06/2019 is a day of June whichever way
dates are written; 05/06/2019 is not offered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping

from gsefgraph.terms import fold

_TRUE = frozenset({"true", "yes", "y", "on", "oui", "o", "vrai", "si", "s", "verdadero", "cierto"})
_FALSE = frozenset({"false", "no", "n", "off", "non", "faux", "falso"})
_MONTHS: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january janvier enero jan janv ene",
            "february fevrier febrero feb fevr",
            "march mars marzo mar",
            "april avril abril apr avr abr",
            "may mai mayo",
            "june juin junio jun",
            "july juillet julio jul juil",
            "august aout agosto aug ago",
            "september septembre septiembre setiembre sep sept",
            "october octobre octubre oct",
            "november novembre noviembre nov",
            "december decembre diciembre dec dic",
        ),
        start=1,
    )
    for name in names.split()
}
_LANGUAGES: Mapping[str, str] = {
    "francais": "fr", "french": "fr", "frances": "fr", "fra": "fr", "fre": "fr",
    "anglais": "en", "english": "en", "ingles": "en", "eng": "en",
    "espagnol": "es", "spanish": "es", "espanol": "es", "castellano": "es", "spa": "es",
    "portugais": "pt", "portuguese": "pt", "portugues": "pt", "por": "pt",
    "allemand": "de", "german": "de", "aleman": "de", "deu": "de", "ger": "de",
    "italien": "it", "italian": "it", "italiano": "it", "ita": "it",
    "arabe": "ar", "arabic": "ar", "ara": "ar",
    "chinois": "zh", "chinese": "zh", "chino": "zh", "zho": "zh", "chi": "zh",
    "coreen": "ko", "korean": "ko", "coreano": "ko", "kor": "ko",
    "russe": "ru", "russian": "ru", "ruso": "ru", "rus": "ru",
    "catalan": "ca", "cat": "ca", "basque": "eu", "euskara": "eu",
}  # fmt: skip


def readings(lexical: str, family: str) -> Iterator[str]:
    """What the text may have meant, likeliest first; the caller keeps the first that is right.

    Parameters:
        lexical: a malformed lexical form.
        family: the local name of an XSD datatype; a bounded integer's is ``integer``.

    >>> list(readings("25 juin 2019", "date"))[-1]
    '2019-06-25'
    """
    plain = _ascii(lexical)
    yield plain
    if step := _STEPS.get(family):
        meant = step(plain)
        if meant is not None:
            yield meant


def language_code(text: str) -> str | None:
    """The BCP 47 code of a language that is named in words or by a three-letter code.

    >>> language_code("Français"), language_code("klingonish")
    ('fr', None)
    """
    return _LANGUAGES.get(fold(text))


def _ascii(text: str) -> str:
    """White space trimmed; digits of every script, dashes and minus signs in ASCII."""
    dashes = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"), "-")
    digits = (str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)
    return "".join(digits).translate(dashes).strip()


def _boolean(text: str) -> str | None:
    word = fold(text)
    return "true" if word in _TRUE else "false" if word in _FALSE else None


def _decimal(text: str) -> str | None:
    bare = _ungrouped(text)
    return bare.replace(",", ".") if bare.count(",") == 1 and "." not in bare else bare


def _integer(text: str) -> str | None:
    return re.sub(r"\.0+\Z", "", _ungrouped(text))


def _ungrouped(text: str) -> str:
    """The text without the marks that part its digits into groups of three."""
    grouped = re.fullmatch(
        r"[+-]?[0-9]{1,3}(?:[ \u00a0\u2009\u202f_'’][0-9]{3})+(?:[.,][0-9]+)?", text
    )
    return re.sub(r"[ \u00a0\u2009\u202f_'’]", "", text) if grouped else text


def _float(text: str) -> str | None:
    words = {"nan": "NaN", "inf": "INF", "infinity": "INF", "+infinity": "INF", "-inf": "-INF",
             "-infinity": "-INF", "∞": "INF", "-∞": "-INF"}  # fmt: skip
    return words.get(text.casefold()) or _decimal(text)


def _date(text: str) -> str | None:
    if match := re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", text):
        return f"{match[1]}-{match[2]:0>2}-{match[3]:0>2}"
    if match := re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})", text):
        return f"{match[1]}-{match[2]}-{match[3]}"
    if match := re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T00:00:00(?:\.0+)?Z?", text):
        return match[1]
    if match := re.fullmatch(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})", text):
        day, month = int(match[1]), int(match[2])
        if month > 12 >= day:
            day, month = month, day
        elif day <= 12 and day != month:
            return None
        return f"{match[3]}-{month:02}-{day:02}"
    words = re.findall(r"[0-9]+|[a-z]+", fold(text))
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    days = [word for word in words if re.fullmatch("[0-9]{1,2}", word)]
    years = [word for word in words if re.fullmatch("[0-9]{4}", word)]
    others = set(words) - set(days) - set(years) - {word for word in words if word in _MONTHS}
    if len(months) == len(days) == len(years) == 1 and others <= {"de", "del", "le", "er", "st",
                                                                  "nd", "rd", "th", "of", "the",
                                                                  "el"}:  # fmt: skip
        return f"{years[0]}-{months[0]:02}-{days[0]:0>2}"
    return None


def _year_month(text: str) -> str | None:
    if match := re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})", text):
        return f"{match[1]}-{match[2]:0>2}"
    if match := re.fullmatch(r"([0-9]{1,2})[-/.]([0-9]{4})", text):
        return f"{match[2]}-{match[1]:0>2}"
    words = fold(text).replace(" de ", " ").split()
    if len(words) == 2 and words[0] in _MONTHS and re.fullmatch("[0-9]{4}", words[1]):
        return f"{words[1]}-{_MONTHS[words[0]]:02}"
    return None


def _date_time(text: str) -> str | None:
    match = re.fullmatch(
        r"([0-9/.-]+)[T ]([0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)"
        r" ?(Z|z|[+-][0-9]{2}:?[0-9]{2})?",
        text,
    )
    if match is None:
        return None
    day = _date(match[1])
    zone = (match[3] or "").upper()
    zone = f"{zone[:3]}:{zone[3:]}" if len(zone) == 5 else zone
    return f"{day}T{_time(match[2])}{zone}" if day else None


def _time(text: str) -> str | None:
    match = re.fullmatch(r"([0-9]{1,2})[:hH]([0-9]{2})?(?::([0-9]{2}(?:\.[0-9]+)?))?", text)
    return f"{match[1]:0>2}:{match[2] or '00'}:{match[3] or '00'}" if match else None


def _language(text: str) -> str | None:
    return language_code(text) or text.replace("_", "-").replace(" ", "")


_STEPS: Mapping[str, Callable[[str], str | None]] = {
    "boolean": _boolean,
    "decimal": _decimal,
    "integer": _integer,
    "float": _float,
    "date": _date,
    "gYearMonth": _year_month,
    "dateTime": _date_time,
    "time": _time,
    "language": _language,
    "token": lambda text: " ".join(text.split()),
    "normalizedString": lambda text: re.sub(r"[\t\n\r]", " ", text),
    "hexBinary": lambda text: re.sub(r"[\s:]", "", text),
    "duration": str.upper,
}
