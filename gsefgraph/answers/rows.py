"""One row of an answer: its cells by column name, and their values in Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from pyoxigraph import BlankNode, Literal, Triple

from gsefgraph.errors import nearest
from gsefgraph.rdf.lexical import INTEGERS
from gsefgraph.terms import XSD, Term, Value

if TYPE_CHECKING:
    from decimal import Decimal

Python: TypeAlias = "str | int | float | bool | Decimal | date | datetime"
Row: TypeAlias = tuple[Value | None, ...]
TextOf: TypeAlias = Callable[[Value], str]
"""What a person reads for a term."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a row.

    Attributes:
        term: the RDF term; of RDF 1.2, so it may be a triple. `str()` gives its label for an IRI,
            else its text.
    """

    term: Value
    _text_of: TextOf = field(repr=False, compare=False)

    @property
    def value(self) -> Python:
        """The value in Python: see `python`."""
        return python(self.term)

    @property
    def label(self) -> str:
        """What a person reads: an IRI's label in the answer's language, else the text."""
        return self._text_of(self.term)

    def __str__(self) -> str:
        return self.label


class NamedRow(Mapping[str, "Cell | None"]):
    """One row: ``row.event``, ``row["event"]`` or ``row[0]``; None where nothing is bound."""

    __slots__ = ("_columns", "_row", "_text_of")

    def __init__(self, columns: Sequence[str], row: Row, text_of: TextOf) -> None:
        self._columns = columns
        self._row = row
        self._text_of = text_of

    def __getitem__(self, key: str | int) -> Cell | None:
        if isinstance(key, str):
            if key not in self._columns:
                raise KeyError(key)
            key = self._columns.index(key)
        term = self._row[key]
        return None if term is None else Cell(term, self._text_of)

    def __getattr__(self, name: str) -> Cell | None:
        try:
            return self[name]
        except KeyError:
            known = nearest(name, self._columns)
            raise AttributeError(f"no column {name!r}; {known}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._row)

    def __repr__(self) -> str:
        cells = ", ".join(f"{name}={str(cell)!r}" for name, cell in self.items() if cell)
        return f"NamedRow({cells})"


_INTEGERS = frozenset(f"{XSD}{name}" for name in INTEGERS)
_NUMBERS = _INTEGERS | {f"{XSD}{name}" for name in ("decimal", "double", "float")}
_READERS: Mapping[str, Callable[[str], Python]] = {
    f"{XSD}decimal": lambda text: _decimal(text),
    f"{XSD}double": float,
    f"{XSD}float": float,
    f"{XSD}boolean": lambda text: {"true": True, "1": True, "false": False, "0": False}[text],
    f"{XSD}date": date.fromisoformat,
    f"{XSD}dateTime": datetime.fromisoformat,
}


def _decimal(text: str) -> Decimal:
    from decimal import Decimal  # slow to import, and few answers need it

    return Decimal(text)


def numbered(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Rows with their blank nodes named ``_:b0``, ``_:b1`` … in the order in which they stand.

    Labels mean nothing beyond an answer (SPARQL 1.1 Query, section 2.4), and an engine makes them
    by chance.

    >>> [str(term) for row in numbered([(BlankNode("z"), BlankNode("y")), (BlankNode("z"),)])
    ...  for term in row]
    ['_:b0', '_:b1', '_:b0']
    """
    if not any(isinstance(term, BlankNode | Triple) for row in rows for term in row):
        return tuple(rows)
    nodes: dict[BlankNode, BlankNode] = {}

    def named(term: Any) -> Any:
        if isinstance(term, BlankNode):
            return nodes.setdefault(term, BlankNode(f"b{len(nodes)}"))
        if isinstance(term, Triple):
            return Triple(named(term.subject), term.predicate, named(term.object))
        return term

    return tuple(tuple(map(named, row)) for row in rows)


def plain(term: Value, text_of: Callable[[Term], str] | None = None) -> str:
    """A term as text, without its type: what CSV holds.

    Parameters:
        term: an IRI, a blank node, a literal or a triple term.
        text_of: gives the text of a term of RDF 1.1, in place of this.

    >>> from pyoxigraph import NamedNode
    >>> a = BlankNode("a")
    >>> plain(Literal("x", language="fr")), plain(a), plain(Triple(a, NamedNode("urn:p"), a))
    ('x', '_:a', '<<( _:a urn:p _:a )>>')
    """
    if isinstance(term, Triple):
        return f"<<( {' '.join(plain(part, text_of) for part in term)} )>>"
    if text_of is not None:
        return text_of(term)
    return str(term) if isinstance(term, BlankNode) else term.value


def is_number(term: Value) -> bool:
    """Whether a term's datatype is one of numbers, so that a column of it stands to the right.

    >>> is_number(Literal(7)), is_number(Literal("7"))
    (True, False)
    """
    return isinstance(term, Literal) and term.datatype.value in _NUMBERS


def python(term: Value) -> Python:
    """The Python value of a term: int, Decimal, float, bool, date or datetime where it is one.

    IRIs, blank nodes, triple terms, texts, partial dates (2019, 2019-06) and forms that Python
    cannot hold are given as text.

    >>> from pyoxigraph import NamedNode
    >>> python(Literal("2019-06", datatype=NamedNode(XSD + "gYearMonth"))), python(Literal(7))
    ('2019-06', 7)
    """
    if not isinstance(term, Literal):
        return plain(term)
    datatype = term.datatype.value
    reader = int if datatype in _INTEGERS else _READERS.get(datatype, str)
    try:
        return reader(term.value)
    except (ValueError, KeyError, ArithmeticError):
        return term.value
