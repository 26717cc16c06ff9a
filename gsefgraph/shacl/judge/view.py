"""What the judge reads: a graph that may be fetched only as it is asked for.

Every read is announced for a whole set of nodes first. A view over an engine fetches what was
announced, all in one question, when the first of it is read; a graph in memory has nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

from gsefgraph.shacl.shapes.model import Constraint, Shape
from gsefgraph.sparql.path import Path
from gsefgraph.terms import Term

if TYPE_CHECKING:
    from gsefgraph.engine.ask import Scratch


class View(Protocol):
    """A graph as the judge reads it; `Memory` is one.

    The judge reads nothing that it has not announced: `objects`, `out` and `classes` of a node
    after `need_out`, `subjects` of a node and predicate after `need_in`. Literals are not announced
    to `need_out`: nothing is stated on them. It announces in rounds: all that all shapes read next,
    one `need_out` and one `need_in` for each predicate, before it reads any of it. The order of
    what is returned must not depend on chance, for results follow it.
    """

    def need_out(self, nodes: Iterable[Term]) -> None:
        """Announce that what is stated on some nodes will be read, their classes too."""
        ...

    def need_in(self, nodes: Iterable[Term], predicate: str) -> None:
        """Announce that the subjects that have some nodes as value of a predicate will be read."""
        ...

    def objects(self, subject: Term, predicate: str) -> Sequence[Term]:
        """Values of a predicate, a full IRI, on a node, each once; none for a literal."""
        ...

    def subjects(self, value: Term, predicate: str) -> Sequence[Term]:
        """Nodes that have a value for a predicate, each once."""
        ...

    def out(self, subject: Term) -> Mapping[str, Sequence[Term]]:
        """All that is stated on a node: values by predicate; nothing for a literal."""
        ...

    def classes(self, node: Term) -> Collection[Term]:
        """Classes of a node: its types and all they are subclasses of (SHACL, section 1.1)."""
        ...

    def instances(self, cls: Term) -> Iterable[Term]:
        """Nodes of a class or of one below it, each once; a view of a part of a graph raises."""
        ...

    def subjects_of(self, predicate: str) -> Iterable[Term]:
        """Nodes with a value for a predicate, each once; a view of a part of a graph raises."""
        ...

    def objects_of(self, predicate: str) -> Iterable[Term]:
        """Values of a predicate, each once; a view of a part of a graph raises."""
        ...

    def scratch(self, query: str, focus: Sequence[Term], /) -> Scratch | None:
        """The triples that a query can read for some focus nodes, ready to be asked; None where it
        has no solution."""
        ...


@dataclass(frozen=True, slots=True)
class Fault:
    """One node that breaks a constraint.

    Attributes:
        focus: the node.
        value, count, bound: as in `Result`.
        constraint: where it is not what `components.tells` says.
        path: where it is not the shape's.
        times: how many results it is for each time that the shape is reached.
    """

    focus: Term
    value: Term | None = None
    constraint: str | None = None
    count: int | None = None
    path: Path | None = None
    bound: Mapping[str, Term] = field(default_factory=dict)
    times: int = 1


@dataclass(frozen=True, slots=True)
class State:
    """What is known when a constraint is judged.

    Attributes:
        view: where the reads have been announced.
        values: by shape id, the nodes it judges with their value nodes.
        bad: by shape id, the nodes that do not conform to it, as far as is known.
    """

    view: View
    values: Mapping[str, Mapping[Term, Sequence[Term]]]
    bad: dict[str, set[Term]] = field(default_factory=dict)


Check: TypeAlias = Callable[[Shape, Constraint, State, Collection[Term]], Iterable[Fault]]
"""Finds the faults of one constraint among some of the nodes that its shape judges."""
