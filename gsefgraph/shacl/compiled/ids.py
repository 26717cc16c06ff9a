"""The ids of all terms that the shapes mention, also of those that the data does not."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from gsefgraph.columns.layout import BLANK, GRAPH, IRI, LANG_STRING, PLACES, STRING
from gsefgraph.rdf.lexical import LANGSTRING
from gsefgraph.shacl.shapes.components import of
from gsefgraph.shacl.shapes.model import Custom, Model, Sparql
from gsefgraph.shacl.sparql import reach
from gsefgraph.terms import RDF, RDFS, XSD, Term

if TYPE_CHECKING:
    from gsefgraph.columns.columns import Columns

TYPE = NamedNode(f"{RDF}type")
SUBCLASS = NamedNode(f"{RDFS}subClassOf")


class Ids:
    """Ids by term, and codes by datatype.

    Parameters:
        model: all terms it mentions are looked up at once.

    Attributes:
        codes: by the IRI of the datatype.
        invented: the terms that the data does not mention, by ids that nothing else has.
    """

    def __init__(self, model: Model, columns: Columns) -> None:
        self._columns = columns
        rows = columns.rows("SELECT code, iri FROM datatype")
        self.codes: dict[str, int] = {iri: code for code, iri in rows}
        self.codes |= {LANGSTRING: LANG_STRING, f"{XSD}string": STRING}
        self._ids: dict[Term, int] = columns.ids(dict.fromkeys(_mentioned(model)))
        self.invented: dict[int, Term] = {}

    def of(self, term: Term) -> int:
        """The id of a term; one that nothing else has where the data does not mention it."""
        known = self._ids.get(term)
        if known is None:
            # From the top of the numbers: those of the data begin at the bottom.
            number = (1 << GRAPH) - 1 - len(self.invented)
            known = self._ids[term] = self.code(term) << PLACES | number
            self.invented[known] = term
        return known

    def iri(self, value: str) -> int:
        """The id of an IRI."""
        return self.of(NamedNode(value))

    def code(self, term: Term) -> int:
        """The code of a term's kind and datatype."""
        if isinstance(term, NamedNode):
            return IRI
        if isinstance(term, BlankNode):
            return BLANK
        return self.datatype(LANGSTRING if term.language is not None else term.datatype.value)

    def datatype(self, iri: str) -> int:
        """The code of a datatype; one that no literal of the data has where none is of it."""
        if iri not in self.codes:
            self.codes[iri] = max(self.codes.values()) + 1
        return self.codes[iri]

    def decode(self, ids: Collection[int]) -> dict[int, Term]:
        """Terms of ids, which are bare."""
        found = self._columns.terms([i for i in ids if i not in self.invented])
        return {**found, **{i: self.invented[i] for i in ids if i in self.invented}}


def _mentioned(model: Model) -> Iterator[Term]:
    """All terms whose ids an evaluation asks for."""
    yield TYPE
    yield SUBCLASS
    for shape in model.shapes.values():
        yield from (target.value for target in shape.targets)
        if shape.path is not None:
            yield from map(NamedNode, shape.path.predicates())
        for constraint in shape.constraints:
            value = constraint.value
            if isinstance(value, Sparql | Custom):
                yield from map(NamedNode, sorted(reach.predicates(_query(value)) or ()))
            if of(constraint).reads in ("property", "classes") and isinstance(value, str):
                yield NamedNode(value)
            elif constraint.kind == "Closed" and isinstance(value, frozenset):
                yield from map(NamedNode, sorted(value))
            elif constraint.kind == "In" and isinstance(value, tuple):
                yield from (t for t in value if not isinstance(t, str))
            elif isinstance(value, NamedNode | BlankNode | Literal):
                yield value


def _query(value: Sparql | Custom) -> str:
    return value.select if isinstance(value, Sparql) else value.query
