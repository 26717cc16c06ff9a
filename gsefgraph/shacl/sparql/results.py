"""The results of constraints in SPARQL (SHACL, sections 5 and 6): a query asked about some rows.

A row is a focus node, or a focus node with one of its value nodes, under a key. The nodes are kept
beside the triples that the query can read, in one store (`engine.ask`), and asked about together.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from gsefgraph.engine.ask import ALL, ASKED, Scratch, pattern, rows
from gsefgraph.errors import EngineError, InputError
from gsefgraph.shacl.result import Result, together
from gsefgraph.shacl.shapes.components import tells
from gsefgraph.shacl.shapes.model import Constraint, Custom, Shape, Sparql, blanks
from gsefgraph.shacl.sparql import reach
from gsefgraph.shacl.sparql.binding import GRAPH, ROW, Prebound
from gsefgraph.shacl.sparql.prebinding import SHAPES
from gsefgraph.sparql.path import Path
from gsefgraph.sparql.terminals import significant
from gsefgraph.terms import BLANK_SHAPE, Term
from gsefgraph.wording import say

Terms: TypeAlias = Callable[[Collection[str]], Mapping[str, tuple[Term, Term]]]
Solution: TypeAlias = tuple[str, dict[str, Term]]
_KEY = f"{ASKED}:row:"
KNOWN = f"{ASKED}:known"
"""A predicate that no query names: its triples make nodes known, for paths of length zero."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a constraint asks.

    Attributes:
        text: SELECT or ASK, its prefixes declared.
        ask: whether it is asked about each value node, and is false of those at fault.
        parameters: of a component, by the names of their variables.
        shapes: the quads of the shapes graph, where it is read.
    """

    text: str
    ask: bool
    parameters: Mapping[str, Term]
    shapes: tuple[Quad, ...]

    @classmethod
    def of(cls, constraint: Constraint) -> Question:
        """The question of a constraint in SPARQL, or of a component of the shapes graph's own."""
        value = constraint.value
        assert isinstance(value, Sparql | Custom)  # noqa: S101 - so says `Constraint`
        graph = NamedNode(SHAPES)
        quads = tuple(Quad(t.subject, t.predicate, t.object, graph) for t in value.graph)
        if isinstance(value, Sparql):
            return cls(value.select, False, {}, quads)
        return cls(value.query, value.ask, value.bound, quads)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the variables that differ from row to row."""
        return ("this", "value") if self.ask else ("this",)

    @property
    def starts(self) -> tuple[str, ...]:
        """Those of them at which a path of length zero begins or ends."""
        return tuple(name for name in self.names if name in reach.starts(self.text)[0])

    @property
    def quads(self) -> Iterator[Quad]:
        """What is the same for all rows: the shapes graph, parameters, terms made known."""
        yield from self.shapes
        yield from rows([(ALL, self.parameters)])
        variables, terms = reach.starts(self.text)
        for term in (*terms, *(t for n, t in self.parameters.items() if n in variables)):
            yield known(term)

    def solutions(
        self, scratch: Scratch, keys: Callable[[], Iterable[str]], *, scoped: bool
    ) -> Iterator[Solution]:
        """The solutions, each with the key of its row.

        Parameters:
            scratch: the triples, the rows and `quads`.
            keys: gives the keys of all rows; called where each is asked about by itself.
            scoped: on each named graph by itself; then the rows bind `GRAPH` too.

        Errors:
            SyntaxFault, EngineError. InputError: a solution has a triple term.
        """
        stand = {t.value[1:] for t in significant(self.text) if t.kind == "variable"}
        parameters = [name for name in self.parameters if name in stand]
        query = Prebound.of(self.text, frozenset((*self.names, *parameters)))
        names = (*self.names, GRAPH) if scoped else self.names

        def choice(row: str) -> str:
            return pattern(names, parameters, row)

        if not query.alone:
            yield from _solutions(*scratch.select(query.text(choice, scoped=scoped)))
            return
        for key in keys():
            text = query.text(choice, row=f"<{_KEY}{key}>", scoped=scoped)
            for _, bound in _solutions(*scratch.select(text)):
                yield key, bound


def known(term: Term, graph: NamedNode | DefaultGraph | None = None) -> Quad:
    """A quad that makes a term one of the nodes of a graph."""
    return Quad(NamedNode(KNOWN), NamedNode(KNOWN), term, graph or DefaultGraph())


def results(
    shape: Shape,
    constraint: Constraint,
    question: Question,
    scratch: Scratch,
    keys: Callable[[], Iterable[str]],
    terms: Terms,
    *,
    scoped: bool = False,
) -> list[tuple[str, Result]]:
    """The results of a constraint, each with the key of its row, in the order of their text.

    Each solution is one (section 5.3.2); those that say the same are one result with their number.

    Parameters:
        question: of the constraint.
        scratch, keys, scoped: as for `Question.solutions`.
        terms: gives the focus node and the value node of rows by their keys.

    Errors:
        SyntaxFault; EngineError: the engine fails, or a solution says that the constraint does
        (``?failure``).
    """
    found = question.solutions(scratch, keys, scoped=scoped)
    solutions: list[Solution]
    if question.ask:
        right = {key for key, _ in found}
        solutions = [(key, {}) for key in keys() if key not in right]
    else:
        solutions = list(found)
    nodes = terms({key for key, _ in solutions})
    named = _named(shape, constraint)
    found_of: dict[str, list[Result]] = {}
    for key, bound in solutions:
        focus, value = nodes[key]
        held = {**question.parameters, **bound, "this": focus}
        if question.ask:
            held["value"] = value
        found_of.setdefault(key, []).append(_result(shape, constraint, held, named))
    made = [(key, result) for key, each in found_of.items() for result in together(each)]
    return sorted(made, key=lambda one: _order(one[1]))


def _named(shape: Shape, constraint: Constraint) -> frozenset[str]:
    """The variables that the messages of a constraint name, and that of a solution's own one."""
    value = constraint.value
    assert isinstance(value, Sparql | Custom)  # noqa: S101 - so says `Constraint`
    return frozenset(("message", *blanks((*value.messages, *shape.messages))))


def _result(
    shape: Shape, constraint: Constraint, bound: Mapping[str, Term], named: frozenset[str]
) -> Result:
    focus, path, value = bound["this"], bound.get("path"), bound.get("value")
    failure = bound.get("failure")
    if failure is not None and failure.value in ("true", "1"):
        known = (iri for iri in (tells(constraint), shape.rule) if iri and _is_named(iri))
        iri = next(known, "")
        raise EngineError(say("select.failed", constraint=f"<{iri}>" if iri else "[]", focus=focus))
    if value is None and shape.path is None:
        value = focus
    message = bound.get("message")
    if isinstance(message, Literal):
        named = named.union(blanks((message,)))
    return Result(
        shape.id,
        constraint.component,
        shape.severity,
        focus,
        Path.of(path.value) if isinstance(path, NamedNode) else shape.path,
        value,
        tells(constraint),
        {name: term for name, term in bound.items() if name in named},
    )


def _is_named(iri: str) -> bool:
    """Whether an IRI is none of ours for a blank node."""
    return not iri.startswith(BLANK_SHAPE)


def _order(result: Result) -> tuple[str, ...]:
    path = result.path.text(str) if result.path else ""
    bound = (f"{name} {term}" for name, term in sorted(result.bound.items()))
    return str(result.focus), str(result.value), path, *bound


def _solutions(
    names: tuple[str, ...], found: Iterable[tuple[Term | None, ...]]
) -> Iterator[Solution]:
    """Solutions by the key of their row, empty where the query does not hand it on."""
    for row in found:
        bound = {name: term for name, term in zip(names, row, strict=True) if term is not None}
        for term in bound.values():
            if isinstance(term, Triple):
                raise InputError(
                    say("rdf.triple-term", term=f"<<( {term} )>>"), hint=say("rdf.rdf-1-1")
                )
        bound.pop(GRAPH, None)
        chosen = bound.pop(ROW, None)
        yield ("" if chosen is None else chosen.value.removeprefix(_KEY)), bound
