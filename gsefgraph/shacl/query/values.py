"""Values of SPARQL expressions as SQL: each knows its kind, so that no row has to be asked.

NULL is SPARQL's error and SPARQL's unbound alike: its three-valued logic is SQL's (SPARQL 1.1,
section 17.2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias

_MASKED = 38  # digits of DuckDB's widest DECIMAL and of what HUGEINT surely holds


class NotTranslatable(Exception):
    """SQL cannot say this exactly; the message says what it is, in English."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the data by its id.

    Attributes:
        id: SQL of the id, its scope removed.
        look: SQL of a column of its row of `term`: "lex" or "lang".
    """

    id: str
    look: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Text:
    """A string; with `lang`, SQL of a language tag, one with a language where that is not NULL."""

    sql: str
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Truth:
    """A boolean."""

    sql: str


@dataclass(frozen=True, slots=True)
class Iri:
    """An IRI by its text; `id` is that of a constant, -1 where the data does not mention it."""

    sql: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or time of one datatype (its local name), as text that sorts as it does."""

    name: str
    sql: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number.

    Attributes:
        kind: "exact" is an integer or a decimal, which of them the row decides; "any" a double too.
        exact: SQL of a DECIMAL or a HUGEINT, NULL where the number is a double.
        approx: SQL of a DOUBLE, for "double" and "any".
        whole, scale: most digits before and behind the point of an exact one.
    """

    kind: OneOf["integer", "decimal", "exact", "double", "any"]
    exact: str = "NULL"
    approx: str = "NULL"
    whole: int = 0
    scale: int = 0

    @property
    def double(self) -> str:
        """SQL of the number as a DOUBLE."""
        if self.kind == "double":
            return self.approx
        exact = f"CAST({self.exact} AS DOUBLE)"
        return f"COALESCE({self.approx}, {exact})" if self.kind == "any" else exact


Value: TypeAlias = Term | Text | Truth | Iri | Moment | Number


def quoted(text: str) -> str:
    """A string constant of SQL.

    >>> quoted("l'eau")
    "'l''eau'"
    """
    if "\0" in text:
        raise NotTranslatable("a string with a NUL character")
    return "'" + text.replace("'", "''") + "'"


def fitting(whole: int, scale: int) -> tuple[int, int]:
    """The digits of a result, when they fit.

    Errors:
        NotTranslatable.
    """
    if whole + scale > _MASKED:
        raise NotTranslatable("numbers of more digits than SQL keeps")
    return whole, scale


def widened(number: Number, whole: int, scale: int) -> str:
    """SQL of an exact number with room for so many digits."""
    if scale == 0:
        return f"CAST({number.exact} AS HUGEINT)"
    return f"CAST({number.exact} AS DECIMAL({whole + scale}, {scale}))"
