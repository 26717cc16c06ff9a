# ruff: noqa: S608 - ids go into statements as numbers, texts through `values.quoted`
"""What columns hold, as far as exact SQL depends on it: datatypes, odd forms, language tags.

Comparing by text is exact where all forms of a datatype are plain ones (`2019-06-25`, `-7`, `1.5`).
Where one is not (a time zone, thirty digits), the query is not for SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias
from weakref import WeakKeyDictionary

from pyoxigraph import BlankNode, Literal, NamedNode

from gsefgraph.shacl.query.values import NotTranslatable
from gsefgraph.terms import XSD

Node: TypeAlias = NamedNode | BlankNode | Literal

IRI, BLANK, LANGUAGE, STRING = 0, 1, 2, 3
SHIFT = 52

INTEGERS = frozenset(
    f"{XSD}{name}"
    for name in (
        "integer", "byte", "short", "int", "long", "unsignedByte", "unsignedShort", "unsignedInt",
        "unsignedLong", "positiveInteger", "negativeInteger", "nonPositiveInteger",
        "nonNegativeInteger",
    )
)  # fmt: skip
DECIMAL, DOUBLE, FLOAT, BOOLEAN = (f"{XSD}{n}" for n in ("decimal", "double", "float", "boolean"))
WHOLE, SCALE = 17, 9  # digits of plain numbers

# Plain forms: those whose order is that of their text, or that SQL reads as XSD does.
PLAIN: Mapping[str, str] = {
    **dict.fromkeys(INTEGERS, rf"[+-]?[0-9]{{1,{WHOLE}}}"),
    DECIMAL: rf"[+-]?[0-9]{{1,{WHOLE}}}(\.[0-9]{{1,{SCALE}}})?",
    DOUBLE: r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?([eE][+-]?[0-9]{1,2})?",
    BOOLEAN: "true|false|1|0",
    f"{XSD}date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    f"{XSD}dateTime": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3])(:[0-9]{2}){2}",
    f"{XSD}gYear": "[0-9]{4}",
    f"{XSD}gYearMonth": "[0-9]{4}-[0-9]{2}",
}
_PARTS = (r"^[+-]?([0-9]+)", r"\.([0-9]+)")  # of a number, before and behind the point
MOMENTS = ("date", "dateTime", "gYear", "gYearMonth")


class Columns(Protocol):
    """The part of the columns that this package reads."""

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a statement."""
        ...

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement."""
        ...

    def ids(self, terms: Iterable[Node]) -> dict[Node, int]:
        """Ids of the terms that the data mentions."""
        ...

    def terms(self, ids: Iterable[int]) -> dict[int, Node]:
        """Terms by their ids."""
        ...


@dataclass(slots=True)
class _Kept:
    """What was found out about one pair of tables."""

    codes: dict[str, int] | None = None
    mixed: bool | None = None
    odd: dict[int, tuple[bool, int, int]] = field(default_factory=dict)
    ill: dict[int, bool] = field(default_factory=dict)


_IDS: WeakKeyDictionary[Columns, dict[NamedNode | Literal, int]] = WeakKeyDictionary()
_KEPT: WeakKeyDictionary[Columns, dict[tuple[str, str], _Kept]] = WeakKeyDictionary()


class Facts:
    """What some columns hold; asked for when it is needed, and then kept.

    Parameters:
        terms, ill: names of the tables of terms and of ill-formed literals.
        invented: terms by their ids that these tables have and `columns` does not know.
    """

    def __init__(
        self,
        columns: Columns,
        *,
        terms: str = "term",
        ill: str = "ill",
        invented: Mapping[int, Node] | None = None,
    ) -> None:
        self.columns = columns
        self.term_table = terms
        self.ill_table = ill
        self._invented = {term: key for key, term in (invented or {}).items()}
        kept = _KEPT.setdefault(columns, {}).setdefault((terms, ill), _Kept())
        self._kept = kept
        # Ids are the same for all tables of the same columns.
        self._ids = _IDS.setdefault(columns, {})

    @property
    def codes(self) -> dict[str, int]:
        """Code of each datatype that the data uses, by its IRI; strings left out."""
        if self._kept.codes is None:
            used = f"SELECT DISTINCT id >> {SHIFT} FROM {self.term_table}"
            self._kept.codes = {
                iri: code
                for code, iri in self.columns.rows(
                    f"SELECT code, iri FROM datatype WHERE code > {STRING} AND code IN ({used})"
                )
            }
        return self._kept.codes

    @property
    def mixed_tags(self) -> bool:
        """Whether a language tag is written in more than one way."""
        if self._kept.mixed is not None:
            return self._kept.mixed
        sql = (f"SELECT count(DISTINCT lang), count(DISTINCT lower(lang)) FROM {self.term_table}"
               " WHERE lang IS NOT NULL")  # fmt: skip
        ((written, folded),) = self.columns.rows(sql)
        self._kept.mixed = bool(written != folded)
        return self._kept.mixed

    def known(self, keys: Iterable[int]) -> dict[int, Node]:
        """Those of some ids that are invented, with their terms."""
        held = {key: term for term, key in self._invented.items()}
        return {key: held[key] for key in keys if key in held}

    def ids_of(self, terms: Iterable[Node]) -> dict[Node, int]:
        """Ids of those of some terms that are invented."""
        return {term: self._invented[term] for term in terms if term in self._invented}

    def prepare(self, terms: Iterable[NamedNode | Literal]) -> None:
        """Look up constants all at once, which costs as much as one of them."""
        wanted = [term for term in terms if term not in self._ids]
        if wanted:
            found = self.columns.ids(wanted)
            self._ids.update((term, found.get(term, -1)) for term in wanted)

    def id(self, term: NamedNode | Literal) -> int:
        """Id of a constant, -1 where the data does not mention it."""
        if term in self._invented:
            return self._invented[term]
        self.prepare([term])
        return self._ids[term]

    def among(self, datatypes: Iterable[str]) -> list[int]:
        """Codes of those datatypes that the data has, in order."""
        return sorted(self.codes[iri] for iri in datatypes if iri in self.codes)

    def plain(self, datatype: str) -> tuple[int, int]:
        """Make sure that all well-formed literals of a datatype have a plain form.

        Returns:
            most digits before and behind the point.

        Errors:
            NotTranslatable.
        """
        code = self.codes.get(datatype)
        if code is None:
            return 1, 0
        if code not in self._kept.odd:
            form = f"regexp_full_match(lex, '{PLAIN[datatype]}')"
            parts = (f"max(length(regexp_extract(lex, '{part}', 1)))" for part in _PARTS)
            (row,) = self.columns.rows(
                f"SELECT count(*) FILTER (NOT {form}), {', '.join(parts)} FROM {self.term_table}"
                f" WHERE id BETWEEN {code << SHIFT} AND {((code + 1) << SHIFT) - 1}"
                f" AND id NOT IN (SELECT id FROM {self.ill_table})"
            )
            self._kept.odd[code] = (bool(row[0]), row[1] or 1, row[2] or 0)
        odd, whole, scale = self._kept.odd[code]
        if odd:
            raise NotTranslatable(
                f"xsd:{datatype.removeprefix(XSD)} values in forms that SQL does not compare"
            )
        return whole, scale

    def ill(self, code: int) -> bool:
        """Whether a literal of this datatype is ill-formed."""
        if code not in self._kept.ill:
            (row,) = self.columns.rows(
                f"SELECT count(*) FROM {self.ill_table} WHERE id BETWEEN {code << SHIFT} AND"
                f" {((code + 1) << SHIFT) - 1}"
            )
            self._kept.ill[code] = bool(row[0])
        return self._kept.ill[code]
