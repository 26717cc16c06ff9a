"""Whether a literal is in the value space of its datatype, why not, and what was meant.

The grammar is XML Schema 1.1 Part 2 (https://www.w3.org/TR/xmlschema11-2/, section numbers below)
as RDF 1.1 Concepts section 5.1 uses it: the lexical form itself must match, so white space around
a number is a fault. Year 0000 exists (section D.3.2, unlike XSD 1.0), days are those of the
proleptic Gregorian calendar, and digits are ASCII. Language tags are BCP 47 (RFC 5646, 2.1).
A datatype that is not named here has no fault that could be known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from pyoxigraph import Literal

from gsefgraph.terms import RDF, XSD
from gsefgraph.wording import Wording, say

__all__ = [
    "DATATYPES",
    "LANGSTRING",
    "NOT_XML",
    "better_datatype",
    "fault",
    "fault_of",
    "language_tag",
    "mend",
    "mend_of",
]

LANGSTRING = f"{RDF}langString"
NOT_XML: Final = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0, 2.2 [2] Char leaves out: it cannot stand in a document, not even as a reference."""


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{text})\Z", re.ASCII)


# XML 1.0 (fifth edition), 2.2 [2] Char and 2.3 [4] NameStartChar, [4a] NameChar.
_START = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PART = _START + r"\-.0-9\xb7\u0300-\u036f\u203f-\u2040"

_YEAR = r"(?P<year>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))"
_MONTH = r"(?P<month>[0-9]{2})"
_DAY = r"(?P<day>[0-9]{2})"
_CLOCK = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?P<fraction>\.[0-9]+)?"
_ZONE = r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?"
_SECONDS = r"[0-9]+(?:\.[0-9]+)?S"
_CLOCK_SPAN = rf"T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:{_SECONDS})?"
_YEARS_SPAN = r"(?=[0-9])(?:[0-9]+Y)?(?:[0-9]+M)?"
_DAYS_SPAN = rf"(?:[0-9]+D(?:{_CLOCK_SPAN})?|{_CLOCK_SPAN})"
_NUMERAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_B64 = "[A-Za-z0-9+/] ?"

# Each datatype by its local name: the grammar, and a form that is right, for messages.
_FORMS: Mapping[str, tuple[str, str]] = {
    "string": ("(?s:.*)", "Quito"),
    "normalizedString": (r"[^\t\n\r]*", "Quito"),  # 3.4.1
    "token": (r"(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?", "Quito"),  # 3.4.2
    "language": (r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*", "fr"),  # 3.4.3
    "NMTOKEN": (f"[:{_PART}]+", "quito-2017"),  # 3.4.4
    "Name": (f"[:{_START}][:{_PART}]*", "quito"),  # 3.4.6
    "NCName": (f"[{_START}][{_PART}]*", "quito"),  # 3.4.7
    "boolean": ("true|false|0|1", "true"),  # 3.3.2
    "decimal": (_NUMERAL, "1.5"),  # 3.3.3
    "float": (rf"{_NUMERAL}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN", "1.5E0"),  # 3.3.4
    "integer": ("[+-]?[0-9]+", "7"),  # 3.4.13
    "duration": (rf"-?P(?:{_YEARS_SPAN}{_DAYS_SPAN}?|{_DAYS_SPAN})", "P1Y6M"),  # 3.3.6
    "yearMonthDuration": (f"-?P{_YEARS_SPAN}", "P1Y6M"),  # 3.4.26
    "dayTimeDuration": (f"-?P{_DAYS_SPAN}", "P3DT2H"),  # 3.4.27
    "dateTime": (f"{_YEAR}-{_MONTH}-{_DAY}T{_CLOCK}{_ZONE}", "2019-06-25T09:30:00Z"),
    "time": (_CLOCK + _ZONE, "09:30:00"),  # 3.3.8
    "date": (f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}", "2019-06-25"),  # 3.3.9
    "gYearMonth": (f"{_YEAR}-{_MONTH}{_ZONE}", "2019-06"),  # 3.3.10
    "gYear": (_YEAR + _ZONE, "2019"),  # 3.3.11
    "gMonthDay": (f"--{_MONTH}-{_DAY}{_ZONE}", "--06-25"),  # 3.3.12
    "gDay": (f"---{_DAY}{_ZONE}", "---25"),  # 3.3.13
    "gMonth": (f"--{_MONTH}{_ZONE}", "--06"),  # 3.3.14
    "hexBinary": ("(?:[0-9a-fA-F]{2})*", "0FB7"),  # 3.3.15
    "base64Binary": (  # 3.3.16: bits that the padding drops are zero
        rf"(?:(?:(?:{_B64}){{4}})*(?:(?:{_B64}){{3}}[A-Za-z0-9+/]"
        rf"|(?:{_B64}){{2}}[AEIMQUYcgkosw048] ?=|{_B64}[AQgw] ?= ?=))?",
        "R1NFRg==",
    ),
    "anyURI": (r"[\s\S]*", "https://gsef-net.org/"),  # 3.3.17: any text
}
_SAME = {
    "double": "float", "dateTimeStamp": "dateTime",
    "ID": "NCName", "IDREF": "NCName", "ENTITY": "NCName",
}  # fmt: skip
_RANGES: Mapping[str, tuple[int | None, int | None]] = {  # 3.4.14 to 3.4.25
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
}
INTEGERS = frozenset({"integer", *_RANGES})
"""Local names of xsd:integer and the datatypes derived from it."""
DATATYPES: tuple[str, ...] = tuple(f"{XSD}{name}" for name in (*_FORMS, *_SAME, *_RANGES))

_ALNUM = "[A-Za-z0-9]"
LANGUAGE_TAG = (
    r"(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"
    rf"(?:-(?:{_ALNUM}{{5,8}}|[0-9]{_ALNUM}{{3}}))*(?:-[0-9A-WY-Za-wy-z](?:-{_ALNUM}{{2,8}})+)*"
    rf"(?:-[xX](?:-{_ALNUM}{{1,8}})+)?|[xX](?:-{_ALNUM}{{1,8}})+"
)
"""Well-formed language tags but for the irregular (RFC 5646, section 2.1): a regular expression."""
_IRREGULAR = (
    "(?i:en-gb-oed|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)"
    "|sgn-(?:be-fr|be-nl|ch-de))"
)


def language_tag(tag: str) -> bool:
    """Whether a language tag is well-formed (RFC 5646, section 2.2.9).

    >>> language_tag("pt-BR"), language_tag("fr_FR")
    (True, False)
    """
    return bool(_pattern(LANGUAGE_TAG).match(tag) or _pattern(_IRREGULAR).match(tag))


def fault(literal: Literal) -> Wording | None:
    """Why a literal is not in the value space of its datatype; None when it is.

    Parameters:
        literal: a pyoxigraph literal as parsed; a store may have rewritten its lexical form.

    >>> from pyoxigraph import Literal, NamedNode
    >>> fault(Literal("2019-6-25", datatype=NamedNode(XSD + "date"))).key
    'lexical.form'
    >>> fault(Literal("Quito", language="es")) is None
    True
    """
    if literal.language is not None:
        known = language_tag(literal.language)
        return None if known else say("lexical.language", tag=literal.language)
    return fault_of(literal.value, literal.datatype.value)


def fault_of(lexical: str, datatype_iri: str) -> Wording | None:
    """Why a lexical form is not in the value space of a datatype; None when it is or is unknown.

    Parameters:
        lexical: the lexical form, without quotes or escapes.
        datatype_iri: the full IRI of the datatype.

    >>> fault_of("07", XSD + "integer") is None, fault_of("300", XSD + "unsignedByte").key
    (True, 'lexical.range')
    """
    if datatype_iri == LANGSTRING:
        return say("lexical.language-missing")
    name = datatype_iri.removeprefix(XSD)
    ranged = name in _RANGES
    grammar = "integer" if ranged else _SAME.get(name, name)
    if name == datatype_iri or grammar not in _FORMS:
        return None
    if wrong := NOT_XML.search(lexical):
        return say("lexical.control", char=f"U+{ord(wrong[0]):04X}")
    text, example = _FORMS[grammar]
    pattern = _pattern(text)
    match = pattern.match(lexical)
    if match is None:
        bare = "".join(lexical.split())
        if bare != lexical and pattern.match(bare):
            return say("lexical.space", type=f"xsd:{name}")
        if any(char.isdigit() and not char.isascii() for char in lexical):
            return say("lexical.digits")
        return say("lexical.form", type=f"xsd:{name}", example=example)
    if ranged:
        return _range_fault(lexical, name)
    parts = match.groupdict()
    return _calendar_fault(parts, name) if parts else None


def _range_fault(lexical: str, name: str) -> Wording | None:
    low, high = _RANGES[name]
    # int() of text is quadratic and refuses 4,301 digits; no bounded type has more than 20.
    digits = lexical.lstrip("+-").lstrip("0")
    huge = len(digits) > 20
    value = 10**20 if huge else int(digits or "0")
    if lexical.startswith("-"):
        value = -value
    if (low is None or value >= low) and (high is None or value <= high):
        return None
    return say(
        "lexical.range",
        type=f"xsd:{name}",
        low="−∞" if low is None else low,
        high="+∞" if high is None else high,
    )


def _calendar_fault(parts: Mapping[str, str | None], name: str) -> Wording | None:
    month, day = parts.get("month"), parts.get("day")
    if month is not None and not 1 <= int(month) <= 12:
        return say("lexical.month", month=month)
    if day is not None:
        last = _last_day(parts.get("year"), month)
        if not 1 <= int(day) <= last:
            return say("lexical.day", last=last)
    if hour := parts.get("hour"):
        clock = (int(hour), int(parts["minute"] or 0), int(parts["second"] or 0))
        midnight = clock == (24, 0, 0) and not (parts["fraction"] or "").strip(".0")
        if not midnight and (clock[0] > 23 or clock[1] > 59 or clock[2] > 59):
            return say("lexical.hour")
    zone = parts["zone"]
    if zone is None:
        return say("lexical.zone-missing", type=f"xsd:{name}") if name == "dateTimeStamp" else None
    if zone != "Z" and (int(zone[4:]) > 59 or zone[1:] > "14:00"):
        return say("lexical.zone")
    return None


def _last_day(year: str | None, month: str | None) -> int:
    if month is None:
        return 31
    if month != "02":
        return 30 if month in ("04", "06", "09", "11") else 31
    if year is None:
        return 29
    # Leapness has a period of 400 years and 10,000 is a multiple of it: four digits decide.
    number = int(year.lstrip("-")[-4:])
    return 29 if number % 4 == 0 and (number % 100 != 0 or number % 400 == 0) else 28


def better_datatype(lexical: str, datatype_iri: str) -> str | None:
    """Another datatype of the same family for which the form, unchanged, is right.

    >>> better_datatype("2019", XSD + "date").removeprefix(XSD)
    'gYear'
    """
    families: tuple[tuple[str, ...], ...] = (
        ("date", "gYearMonth", "gYear", "dateTime"),
        ("integer", "decimal", "double"),
    )
    for family in families:
        if datatype_iri.removeprefix(XSD) in family:
            for name in family:
                if fault_of(lexical, XSD + name) is None:
                    return XSD + name
    return None


def mend(literal: Literal) -> str | None:
    """The form that was meant, by mechanical steps alone; None when right or not to be guessed.

    For a language-tagged literal, the language tag that was meant.

    >>> from pyoxigraph import Literal, NamedNode
    >>> mend(Literal("2019-6-25", datatype=NamedNode(XSD + "date")))
    '2019-06-25'
    """
    if literal.language is not None:
        return mend_of(literal.language, f"{XSD}language")
    return mend_of(literal.value, literal.datatype.value)


def mend_of(lexical: str, datatype_iri: str) -> str | None:
    """`mend` for a lexical form and the IRI of its datatype.

    >>> mend_of("oui", XSD + "boolean"), mend_of("1,5", XSD + "decimal")
    ('true', '1.5')
    """
    from gsefgraph.rdf.mending import readings

    if fault_of(lexical, datatype_iri) is None:
        return None
    name = datatype_iri.removeprefix(XSD)
    family = "integer" if name in _RANGES else _SAME.get(name, name)
    meant = (text for text in readings(lexical, family) if fault_of(text, datatype_iri) is None)
    return next(meant, None)
