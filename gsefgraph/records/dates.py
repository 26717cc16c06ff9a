"""Dates as people write them: ISO 8601, EDTF level 1, and in words of three languages.

As precise as what is written and no more. What is not written is never filled in silently: where a
year comes from elsewhere, or a day is only near, the date has a note; where the same figures are
two dates, both are given.

ISO, EDTF    2019-06-25 · 2019-06 · 2019-06-25/2019-06-26 · 2017-XX · 2019-06~ · 2019/..
French       du 25 au 26 juin 2019 · 1er mai 2018 · fin 2017 · 26 mai (the year is its document's)
English      1-3 October 2018 · October 1, 2018 · late 2017
Spanish      3 y 4 de diciembre de 2015 · finales de 2017
figures      16/06/2020 · 16.06.2020 · 25-26/06/2019, in the order of the writer's country
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple, TypeAlias
from typing import Literal as OneOf

from pyoxigraph import Literal, NamedNode

from gsefgraph.errors import InputError
from gsefgraph.rdf import lexical
from gsefgraph.terms import XSD, fold
from gsefgraph.wording import LANGUAGES, Wording, say

Order: TypeAlias = OneOf["dmy", "mdy"]
"""Whether the day or the month comes first in figures."""

_LONGEST: Final = 200
"""Characters of a date."""
_SHOWN: Final = 40
_ISO: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_EDTF: Final = re.compile(r"[-0-9XYES?~%.]+(?:/[-0-9XYES?~%.]*)?|/[-0-9XYES?~%.]+")
_PART: Final = re.compile(r"-(?:[0-9]X|X[0-9])")
_FIGURES: Final = re.compile(r"[0-9]{1,2}[./-][0-9]{1,2}(?![0-9])")
_TOKEN: Final = re.compile(
    r"""(?P<iso>[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?(?![0-9]))
    |(?P<figures>[0-9]{1,2}(?P<sign>[./-])[0-9]{1,2}(?P=sign)[0-9]{4}(?![0-9]))
    |(?P<short>[0-9]{1,2}(?P<mark>[./-])[0-9]{1,2}(?P=mark)[0-9]{2}(?![0-9]))
    |(?P<year>[0-9]{4}(?![0-9]))
    |(?P<day>[0-9]{1,2}(?:st|nd|rd|th|er|re|\.?o)?(?![0-9a-z]))
    |(?P<range>[-/→])
    |(?P<word>[^\W\d_]+|&)
    |(?P<aside>[\s.,;:()'’]+)
    |(?P<other>.)""",
    re.X,
)
_SORTS: Final = {
    "to": "au aux to through until till al a hasta et and y e &",
    "aside": "du de des d del le la les l el los las the from of on in en entre between"
    " lundi mardi mercredi jeudi vendredi samedi dimanche lun jeu ven sam dim mer"
    " monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri"
    " sat sun lunes martes miercoles jueves viernes sabado domingo mie jue vie sab dom",
    "nearly": "debut fin mi mid early late end beginning start middle courant principios comienzos"
    " inicios mediados finales fines vers environ circa ca c about around approximately hacia"
    " alrededor printemps ete automne hiver spring summer autumn fall winter primavera verano otono"
    " invierno",
}
_WORDS: Final = {word: sort for sort, words in _SORTS.items() for word in words.split()}
_MONTHS: Final = {
    "jan": 1, "feb": 2, "fev": 2, "mar": 3, "avr": 4, "apr": 4, "jun": 6, "jul": 7, "aug": 8,
    "sep": 9, "sept": 9, "set": 9, "setiembre": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_ORDERS: Final = {"f", "y", "m", "d", "my", "md", "dm", "dy", "dmy", "mdy", "ym", "ymd"}
_SEASON: Final = 21  # EDTF, level 1: 21 to 24 in the place of a month


class Dates(NamedTuple):
    """A date, or the first and the last of a time.

    Attributes:
        start, end: `xsd:date`, `xsd:gYearMonth` or `xsd:gYear`; None where it is open, and the end
            of one day.
        notes: what the words do not say by themselves, or say less exactly than a date does.
        other: the same figures read otherwise, where nothing tells which is meant.
    """

    start: Literal | None
    end: Literal | None = None
    notes: tuple[Wording, ...] = ()
    other: Dates | None = None


class _Part(NamedTuple):
    """What is written of one date."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


def read(text: str, *, order: Order | None = None, year: int | None = None) -> Dates:
    """The date, or the time, that a text means.

    Parameters:
        text: as people write it; accents, case and the name of the day do not count.
        order: of day and month in figures, where the writer's country is known.
        year: that of what the text stands in, for a text without one.

    Errors:
        InputError: no date, one that does not exist, or one without a year.

    >>> [str(date) for date in read("du 25 au 26 juin 2019")[:2]][0]
    '"2019-06-25"^^<http://www.w3.org/2001/XMLSchema#date>'
    >>> def dates(text, **more):
    ...     found = read(text, **more)
    ...     return " ".join(d.value for d in found[:2] if d), *found.notes
    >>> dates("1-3 October 2018"), dates("3 y 4 de diciembre de 2015"), dates("2019-06")
    (('2018-10-01 2018-10-03',), ('2015-12-03 2015-12-04',), ('2019-06',))
    >>> dates("fin 2017"), dates("26 mai", year=2020)
    (('2017', 'written as “fin 2017”'), ('2020-05-26', 'the year 2020 is that of the source'))
    >>> dates("16/06/2020"), dates("3/4/2020", order="mdy"), read("3/4/2020").other.start.value
    (('2020-06-16',), ('2020-03-04', 'the month stands first in “3/4/2020”'), '2020-03-04')
    >>> read("31/09/2021")
    Traceback (most recent call last):
    gsefgraph.errors.InputError: “31/09/2021” is no date: 2021-09-31 is a day that does not exist: that month ends on day 30
    """  # noqa: E501
    if len(text) > _LONGEST:
        raise _no_date(f"{text[:_SHOWN].strip()}…", say("dates.long", most=_LONGEST))
    written = " ".join(text.split())
    bare = written.translate(_DASHES)
    if _EDTF.fullmatch(bare) and not _FIGURES.match(bare):
        return _of_edtf(written, bare)
    if order is not None:
        found = _of_words(written, order, year)
        other = _or_none(written, "mdy" if order == "dmy" else "dmy", year)
        if other is not None and other[:2] != found[:2]:
            day = order == "dmy"
            note = say("dates.dmy", text=written) if day else say("dates.mdy", text=written)
            return found._replace(notes=(*found.notes, note))
        return found
    first, other = (_or_none(written, each, year) for each in ("dmy", "mdy"))
    if first is None:
        return other or _of_words(written, "dmy", year)
    return first if other is None or other[:2] == first[:2] else first._replace(other=other)


_DASHES: Final = str.maketrans("‐‑–—", "----")


def _or_none(written: str, order: Order, year: int | None) -> Dates | None:
    try:
        return _of_words(written, order, year)
    except InputError:
        return None


def _of_words(written: str, order: Order, year: int | None) -> Dates:
    parts, nearly = _parts(written, order)
    notes = [say("dates.written", text=written)] if nearly else []
    first, last = parts[0], parts[-1]
    if first.day and not first.month:
        first = first._replace(month=last.month)
    if last.day and not last.month:
        last = last._replace(month=first.month)
    if not first.year and not last.year:
        if year is None:
            raise _no_date(written, say("dates.no-year"), say("dates.give-year"))
        notes.append(say("dates.year", year=str(year)))
        last = last._replace(year=year)
    if not last.year:
        last = last._replace(year=first.year)
    if not first.year and last.year:
        turned = (first.month or 0) > (last.month or 13)  # from December to January
        first = first._replace(year=last.year - turned)
    return _dates(written, [_literal(written, each) for each in (first, last)], notes)


def _dates(written: str, ends: list[Literal], notes: list[Wording]) -> Dates:
    start, end = ends[0], ends[-1]
    shared = min(len(start.value), len(end.value))
    if start.value[:shared] > end.value[:shared]:
        swapped = say("dates.backwards", start=start.value, end=end.value)
        raise _no_date(written, swapped)
    return Dates(start, None if end == start else end, tuple(notes))


def _parts(written: str, order: Order) -> tuple[list[_Part], bool]:
    """The one or two dates of a text, and whether they are only nearly so."""
    sorts, found, nearly = [""], [_Part()], False
    tokens = list(_tokens(written))
    tuesday = False  # mar. is one in French where a month follows, else a month in Spanish
    for at, (kind, value) in enumerate(tokens):
        if kind == "nearly":
            nearly = True
        elif kind == "to":
            hyphen = value == "-" and at and tokens[at - 1][0] == "nearly"  # mi-juin
            if sorts[-1] and not hyphen:
                sorts.append("")
                found.append(_Part())
        elif kind == "m":
            if tuesday and "m" in sorts[-1]:
                sorts[-1] = sorts[-1].replace("m", "", 1)
            tuesday = value == "mar" and "m" not in sorts[-1]
            if value == "mar" and not tuesday:
                continue
            sorts[-1] += "m"
            found[-1] = found[-1]._replace(month=_months()[value])
        elif kind in "yd":
            sorts[-1] += kind
            found[-1] = found[-1]._replace(**{"year" if kind == "y" else "day": int(value)})
        else:
            sorts[-1] += "f"
            found[-1] = _figures(value, order)
    if len(found) > 2 or not _ORDERS.issuperset(sorts):
        raise _no_date(written)
    return found, nearly


def _tokens(written: str) -> Iterator[tuple[str, str]]:
    """What matters of a text: its figures, months, and what stands between them."""
    for match in _TOKEN.finditer(fold(written).translate(_DASHES)):
        kind, value = str(match.lastgroup), match[0]
        if kind == "word":
            if value in _months():
                yield "m", value
            elif value not in _WORDS:
                raise _no_date(written, say("dates.word", word=value))
            elif _WORDS[value] != "aside":
                yield _WORDS[value], value
        elif kind == "range":
            yield "to", value
        elif kind == "year":
            yield "y", value
        elif kind == "day":
            yield "d", re.sub(r"\D", "", value)
        elif kind in ("iso", "figures"):
            yield "f", value
        elif kind == "short":
            raise _no_date(written, say("dates.two-figures"), say("dates.four-figures"))
        elif kind == "other":
            raise _no_date(written, say("dates.word", word=value))


@cache
def _months() -> dict[str, int]:
    """Names of months, as people write them in all languages, without accents."""
    found = dict(_MONTHS)
    for names in (say("date.months"), say("date.months-short")):
        for language in LANGUAGES:
            each = names.text(language).split()
            found |= {fold(name).rstrip("."): at for at, name in enumerate(each, 1)}
    return found


def _figures(value: str, order: Order) -> _Part:
    if _ISO.fullmatch(value):
        return _Part(*map(int, value.split("-")))
    one, two, year = map(int, re.split(r"[./-]", value))
    day, month = (one, two) if order == "dmy" else (two, one)
    return _Part(year, month, day)


def _literal(written: str, part: _Part) -> Literal:
    form = "-".join(
        f"{number:0{width}}"
        for number, width in zip((part.year, part.month, part.day), (4, 2, 2), strict=True)
        if number is not None
    )
    if part.day and not part.month:
        raise _no_date(written)
    return _checked(written, form)


def _checked(written: str, form: str) -> Literal:
    kind = f"{XSD}{('gYear', 'gYearMonth', 'date')[form.count('-')]}"
    fault = lexical.fault_of(form, kind)
    if fault is not None:
        raise _no_date(written, say("dates.fault", value=form, fault=fault))
    return Literal(form, datatype=NamedNode(kind))


def _of_edtf(written: str, bare: str) -> Dates:
    """A date of EDTF (ISO 8601-2, level 1), as far as a date of RDF holds it."""
    ends = bare.split("/")
    if len(ends) == 2 and re.fullmatch(r"[0-9]{4}", ends[0]) and re.fullmatch(r"\d\d?", ends[1]):
        raise _no_date(written)
    open_, exact = ("", "..") if len(ends) == 2 else (), True
    sides: list[Literal | None] = []
    for end in ends:
        literal, as_written = (None, False) if end in open_ else _end_of_edtf(written, end)
        sides.append(literal)
        exact = exact and as_written
    found = [side for side in sides if side is not None]
    if not found:
        raise _no_date(written)
    notes = [] if exact else [say("dates.written", text=written)]
    if len(found) < len(sides):
        return Dates(sides[0], sides[1], tuple(notes))
    return _dates(written, found, notes)


def _end_of_edtf(written: str, text: str) -> tuple[Literal, bool]:
    if _ISO.fullmatch(text):
        month = int(text[5:7] or 1)
        if len(text) != 7 or not _SEASON <= month < _SEASON + 4:
            return _checked(written, text), True
    if _PART.search(text):
        raise _no_date(written)  # of level 2, and some of it breaks the parser
    from edtf import parse_edtf

    try:
        parse_edtf(text)
    except Exception:  # whatever ends the parser, as `2017-1X` does with an AttributeError
        raise _no_date(written) from None
    form = re.match(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-[0-9]{2})?)?(?![0-9X])", text)
    if form is None:
        raise _no_date(written, say("dates.coarse"))
    return _checked(written, form[0]), False


def _no_date(
    written: str, problem: Wording | None = None, hint: Wording | None = None
) -> InputError:
    if problem is None:
        return InputError(say("dates.none", text=written), hint=say("dates.write"))
    return InputError(say("dates.problem", text=written, problem=problem), hint=hint)
