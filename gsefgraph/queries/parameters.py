"""Typed parameters of stored queries: a value that a person gives becomes one RDF term.

| type     | what is accepted                                               | bound as          |
|----------|----------------------------------------------------------------|-------------------|
| iri      | an IRI, a compact IRI, or a name that a resolver knows         | IRI               |
| goal     | 8, "8.3", "ODD 8", "SDG 8.3", "ODS 8", sdg:8, an IRI, a name   | IRI               |
| date     | YYYY-MM-DD, YYYY-MM, YYYY, a `datetime.date`                   | xsd:date          |
| integer  | digits, an `int`                                               | xsd:integer       |
| text     | any text without control characters                            | xsd:string        |
| language | a BCP 47 tag                                                   | xsd:string, lower |
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal, Protocol, TypeAlias, cast

import pyoxigraph
from pyoxigraph import NamedNode

from gsefgraph.errors import (
    AmbiguousName,
    EngineError,
    GsefgraphError,
    ParameterError,
    UnknownName,
    nearest,
)
from gsefgraph.rdf.lexical import NOT_XML
from gsefgraph.terms import XSD, Names, Term, fold, is_iri
from gsefgraph.wording import Wording, say

Type: TypeAlias = Literal["iri", "goal", "date", "integer", "text", "language"]
Value: TypeAlias = "str | int | date | Term"
BoundTerm: TypeAlias = "NamedNode | pyoxigraph.Literal"

TYPES: tuple[Type, ...] = ("iri", "goal", "date", "integer", "text", "language")
GOALS: Final = 17

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?\Z")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}\Z")
_GOAL = re.compile(
    r"(?:(?P<word>sdgs?|odds?|ods|goal|target|objectif|cible|objetivo|meta)[ :#.-]*|[ :#]*)"
    r"(?P<goal>[0-9]{1,2})(?:\.(?P<target>[0-9]{1,2}|[a-z]))?\Z",
    re.ASCII,
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{2})?\Z")
_SCHEMES = ("http:", "https:", "urn:", "mailto:", "tag:", "doi:")


class Resolves(Protocol):
    """Whatever turns a name into an IRI."""

    def resolve(
        self, text: str, *, kind: str | None = None, scheme: str | None = None
    ) -> NamedNode:
        """The one thing of a class or concept scheme that bears the name.

        Errors:
            UnknownName, AmbiguousName.
        """
        ...


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a stored query.

    Attributes:
        name: without the ``$``.
        type: one of `TYPES`.
        optional: whether it may be left out; it then stays an ordinary variable.
        default: taken when no value is given.
        example: a value that the shipped data answers to.
        choices: the only values allowed, none when empty (grlc's ``enumerate``).
        kind, scheme: IRIs of the class or the concept scheme that choices come from.
        bound: the day that a partial date stands for: its first (``start``) or last (``end``).
        label, help: texts for people by language.
    """

    name: str
    type: Type
    optional: bool = False
    default: str | None = None
    example: str | None = None
    choices: tuple[str, ...] = ()
    kind: str | None = None
    scheme: str | None = None
    bound: Literal["start", "end"] = "start"
    label: Mapping[str, str] = field(default_factory=dict)
    help: Mapping[str, str] = field(default_factory=dict)

    @property
    def takes(self) -> Wording:
        """What it takes, as a clause: the type, the choices, an example.

        >>> Parameter("goal", "goal", example="8").takes
        'a goal or target such as 8, 8.3, ODD 8 or SDG 8.3, for example 8'
        """
        clause = say(f"type.{self.type}")
        if self.choices:
            clause = say("names.one-of", names=self.choices)
        return say("query.example", takes=clause, example=self.example) if self.example else clause

    def called(self, lang: str) -> str:
        """What people call it in a language; in English, else by its name, where nothing is said.

        >>> Parameter("goal", "goal", label={"en": "Goal"}).called("fr")
        'Goal'
        """
        return self.label.get(lang) or self.label.get("en") or self.name

    def explained(self, lang: str) -> str:
        """Its help in a language; in English, else nothing, where nothing is said.

        >>> Parameter("goal", "goal", help={"en": "A number"}).explained("fr")
        'A number'
        """
        return self.help.get(lang) or self.help.get("en", "")

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return not self.optional and self.default is None

    def term(self, value: Value, names: Names, resolver: Resolves | None = None) -> BoundTerm:
        """The RDF term of a value.

        Parameters:
            value: text as a person types it, a Python value, or an RDF term of the right type.
            names: the project's prefixes.
            resolver: knows things by name; without one only IRIs are taken.

        Errors:
            ParameterError: not of the type, or not among the choices. UnknownName, AmbiguousName:
            from the resolver. All name the parameter.

        >>> str(Parameter("from", "date").term("2019", Names()))
        '"2019-01-01"^^<http://www.w3.org/2001/XMLSchema#date>'
        >>> str(Parameter("goal", "goal").term("ODD 8", Names()))
        '<http://metadata.un.org/sdg/8>'
        """
        term = self._term(value, names, resolver)
        if self.choices and term not in [self._term(one, names, resolver) for one in self.choices]:
            raise self.refusal(value, hint=nearest(_text(value) or "", self.choices))
        return term

    def refusal(self, value: object, why: str = "", *, hint: str = "") -> ParameterError:
        """The error that says what the parameter takes.

        >>> str(Parameter("limit", "integer").refusal("ten"))
        "parameter 'limit' does not take 'ten'; it takes a whole number"
        """
        key = "query.refuses-since" if why else "query.refuses"
        takes = say("query.takes", takes=self.takes)
        return ParameterError(
            say(key, name=self.name, value=_shown(value), why=why),
            hint=say("error.hinted", problem=takes, hint=hint) if hint else takes,
        )

    def _term(self, value: Value, names: Names, resolver: Resolves | None) -> BoundTerm:
        if self.type in ("iri", "goal"):
            return self._iri(value, names, resolver)
        text = _text(value)
        if text is None or isinstance(value, NamedNode):
            raise self.refusal(value)
        if self.type == "date":
            return self._date(value, text)
        if self.type == "integer":
            if not _INTEGER.match(text.strip()):
                raise self.refusal(value)
            return _literal(str(int(text)), "integer")
        if isinstance(value, date | int):
            raise self.refusal(value)
        if self.type == "language":
            if not _language(text):
                raise self.refusal(value)
            # A store keeps tags in lower case.
            return _literal(text.lower(), "string")
        # xsd:string is made of the characters of XML.
        if control := NOT_XML.search(text):
            raise self.refusal(value, say("query.control", control=ord(control[0])))
        return _literal(text, "string")

    def _date(self, value: Value, text: str) -> pyoxigraph.Literal:
        match = _DATE.match(text.strip())
        if not match:
            raise self.refusal(value)
        end = self.bound == "end"
        year, month = int(match[1]), int(match[2] or (12 if end else 1))
        try:
            day = int(match[3] or (_last_day(year, month) if end else 1))
            return _literal(date(year, month, day).isoformat(), "date")
        except ValueError:
            raise self.refusal(value, say("query.no-date")) from None

    def _iri(self, value: Value, names: Names, resolver: Resolves | None) -> NamedNode:
        iri: str | None = None
        if isinstance(value, NamedNode):
            iri = value.value
        elif self.type == "goal" and not isinstance(value, bool | date):
            iri = goal_iri(_text(value) or "", names)
        if iri is None and isinstance(value, str) and value.strip():
            return self._named(value.strip(), names, resolver)
        if iri is None or not is_iri(iri):
            raise self.refusal(value)
        if resolver is None or isinstance(value, NamedNode):
            return NamedNode(iri)
        return self._named(iri, names, resolver)

    def _named(self, text: str, names: Names, resolver: Resolves | None) -> NamedNode:
        try:
            if resolver is not None:
                return resolver.resolve(text, kind=self.kind, scheme=self.scheme)
            if not looks_like_iri(text, names):
                raise self.refusal(text)
            iri = names.expand(text)
        except (UnknownName, AmbiguousName) as error:
            raise type(error)(
                say("query.about", name=self.name, problem=error.message), hint=error.hint
            ) from None
        except (ParameterError, EngineError):  # the latter is about no value
            raise
        except GsefgraphError as error:
            raise self.refusal(text, hint=error.hint or "") from None
        return NamedNode(iri) if is_iri(iri) else self._raise(text)

    def _raise(self, value: object) -> NamedNode:
        raise self.refusal(value)


def looks_like_iri(text: str, names: Names) -> bool:
    """Whether a text is meant as an IRI or a compact IRI rather than as a name.

    >>> looks_like_iri("id-org:oecd", Names()), looks_like_iri("GSEF: Bilbao", Names())
    (True, False)
    """
    prefix, colon, local = text.partition(":")
    if text.startswith("<") or text.lower().startswith(_SCHEMES):
        return True
    return bool(colon) and prefix in names.prefixes and not re.search(r"\s", local)


def goal_iri(text: str, names: Names, *, bare: bool = True) -> str | None:
    """The UN's IRI of a goal or target given by number, None when the text is not such a number.

    Parameters:
        text: "8", "8.3", "8.a", "ODD 8", "SDG 8.3", "ODS 8", "goal 8", accents and case aside.
        names: the project's prefixes.
        bare: whether a number alone will do.

    >>> goal_iri("Objectif 8", Names()), goal_iri("18", Names()), goal_iri("8", Names(), bare=False)
    ('http://metadata.un.org/sdg/8', None, None)
    """
    match = _GOAL.match(fold(text)) if len(text) < 40 else None
    if not match or not 1 <= int(match["goal"]) <= GOALS or not (bare or match["word"]):
        return None
    code = str(int(match["goal"])) + (f".{match['target']}" if match["target"] else "")
    return names.prefixes["sdg"] + code


def written(term: BoundTerm) -> str:
    """A term as SPARQL text that means the same to every engine.

    A backslash followed by the letter u is the trap: an engine that decodes codepoint escapes
    before the grammar, as section 19.2 of SPARQL 1.1 asks, would take the two for the beginning of
    an escape. So that letter is itself written as one.

    >>> print(written(pyoxigraph.Literal(r"\\u0041")))
    "\\\\\\u00750041"
    """
    text = str(term)
    if "\\\\" not in text:
        return text
    return re.sub(r"\\\\([uU])|\\.", lambda m: _U[m[1]] if m[1] else m[0], text)


_U = {"u": "\\\\\\u0075", "U": "\\\\\\u0055"}


def _last_day(year: int, month: int) -> int:
    if month == 12:
        return 31
    return (date(year, month + 1, 1) - timedelta(days=1)).day


def _language(text: str) -> bool:
    if _LANGUAGE.match(text):
        return True
    from gsefgraph.rdf.lexical import language_tag

    return language_tag(text)


def _literal(lexical: str, datatype: str) -> pyoxigraph.Literal:
    return pyoxigraph.Literal(lexical, datatype=NamedNode(f"{XSD}{datatype}"))


_LEXICAL = {
    f"{XSD}{name}"
    for name in ("string", "date", "gYear", "gYearMonth", "integer", "int", "long", "short", "byte")
}


def _text(value: object) -> str | None:
    """The lexical form of a value; None when no parameter takes such a value."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return None
        return str(value)
    if isinstance(value, bool):
        return None
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}".zfill(10)
    if isinstance(value, int):
        return str(value) if abs(value) < 10**18 else None
    if isinstance(value, pyoxigraph.Literal):
        plain = value.language is None and value.datatype.value in _LEXICAL
        return value.value if plain else None
    if isinstance(value, NamedNode):
        return value.value
    index = getattr(type(value), "__index__", None)  # NumPy's and pandas' integers
    return str(cast(int, index(value))) if index else None


def _shown(value: object) -> str:
    text = str(value) if not isinstance(value, str) else repr(str(value))
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= 80 else f"{text[:79]}…"
