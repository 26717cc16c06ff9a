"""What judging a shape reads of a graph, and which changes of it can bring a new result.

A read is one step to a triple behind a path from the focus node. Take a node whose results differ
before and after: on the way to what differs, the first changed triple lies behind steps that stand
both before and after. So the nodes that a change can make wrong are found by walking the path of
each read that it matches backwards, among the triples that stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from gsefgraph.shacl.shapes.components import of, signed
from gsefgraph.shacl.shapes.model import Constraint, Custom, Model, Qualified, Shape, Sparql
from gsefgraph.sparql.path import Path


@dataclass(frozen=True, slots=True)
class Read:
    """One step that judging takes.

    Attributes:
        prefix: paths in normal form that lead from the focus node to where the step starts, one
            after the other.
        predicate: of the triple; None for any.
        inverse: whether the step starts at the triple's value.
        adding, removing: whether such a triple that comes, or goes, can bring a result.
        cls: in place of a triple, that the node is of this class (IRI): whether that comes or goes.
        allowed: predicates that are not read, where any other is.
        anywhere: whether the step starts at nodes that the focus node does not lead to.
    """

    prefix: tuple[Path, ...]
    predicate: str | None
    inverse: bool
    adding: bool
    removing: bool
    cls: str | None = None
    allowed: frozenset[str] = frozenset()
    anywhere: bool = False


@dataclass(frozen=True, slots=True)
class Mode:
    """What is asked of a shape.

    Attributes:
        sign: whether a change that breaks it matters (1), or one that mends it (-1).
        results: whether its results are reported, counts and all; else only if it conforms.
    """

    sign: int
    results: bool


@dataclass(frozen=True, slots=True)
class Reads:
    """All that judging a shape, or one constraint of it, reads.

    Attributes:
        reads: from the shape's focus node on.
        unbounded: why not all of it can be known in advance; empty when it can.
    """

    reads: tuple[Read, ...] = ()
    unbounded: tuple[str, ...] = ()


def steps(path: Path, adding: bool, removing: bool) -> Iterator[Read]:
    """The reads of walking a path in normal form.

    >>> knows = Path.of("urn:knows")
    >>> [(len(r.prefix), r.predicate) for r in steps(Path("/", parts=(knows, knows)), True, False)]
    [(0, 'urn:knows'), (1, 'urn:knows')]
    """
    if not path.operator:
        yield Read((), path.predicate, False, adding, removing)
    elif path.operator == "^":
        yield Read((), path.parts[0].predicate, True, adding, removing)
    elif path.operator == "/":
        for index, part in enumerate(path.parts):
            yield from behind(path.parts[:index], steps(part, adding, removing))
    elif path.operator == "|":
        for part in path.parts:
            yield from steps(part, adding, removing)
    elif path.operator == "?":
        yield from steps(path.parts[0], adding, removing)
    else:
        over = Path("*", parts=path.parts)
        yield from behind((over,), steps(path.parts[0], adding, removing))


def behind(prefix: tuple[Path, ...], reads: Iterable[Read]) -> Iterator[Read]:
    """The same reads, started where a path leads to."""
    for read in reads:
        moves = prefix and not read.anywhere
        yield replace(read, prefix=(*prefix, *read.prefix)) if moves else read


class Reader:
    """Works out the reads of the shapes of a model.

    Parameters:
        model: the shapes.
        order: as for the queries of sh:sparql (`sparql.py`).
    """

    def __init__(self, model: Model, order: tuple[str, ...] = ()) -> None:
        self._model = model
        self._order = order
        self._done: dict[tuple[str, Mode], Reads] = {}
        # Shapes that are being worked out, and the paths that lead from each back to itself.
        self._open: dict[tuple[str, Mode], tuple[int, list[tuple[Path, ...]]]] = {}
        self._trail: list[tuple[Path, ...]] = []
        self._lowest = 0

    def constraint(self, shape: Shape, constraint: Constraint) -> Reads:
        """The reads of one constraint of a shape that reports its results."""
        return _together(self._constraint(shape, constraint, Mode(1, True)))

    def _shape(self, shape_id: str, mode: Mode) -> Reads:
        key = (shape_id, mode)
        if key in self._done:
            return self._done[key]
        shape = self._model.shapes.get(shape_id)
        if shape is None or shape.deactivated:
            return Reads()
        if key in self._open:
            # Where the shape is asked about again, all its reads lie behind the way round.
            depth, ways_back = self._open[key]
            ways_back.append(tuple(part for parts in self._trail[depth:] for part in parts))
            self._lowest = min(self._lowest, depth)
            return Reads()
        depth = len(self._trail)
        rounds: list[tuple[Path, ...]] = []
        self._open[key] = (depth, rounds)
        outer, self._lowest = self._lowest, depth
        found = _together(
            reads
            for constraint in shape.constraints
            for reads in self._constraint(shape, constraint, mode)
        )
        del self._open[key]
        ways = [way for way in dict.fromkeys(rounds) if way]
        if ways:
            inner = tuple(Path("/", parts=way) if len(way) > 1 else way[0] for way in ways)
            one = Path("|", parts=inner) if len(inner) > 1 else inner[0]
            over = Path("*", parts=(one,))
            found = Reads(tuple(behind((over,), found.reads)), found.unbounded)
        if self._lowest >= depth:
            self._done[key] = found
        self._lowest = min(outer, self._lowest)
        return found

    def _inner(self, shape_id: object, prefix: tuple[Path, ...], mode: Mode) -> Reads:
        self._trail.append(prefix)
        found = self._shape(str(shape_id), mode)
        self._trail.pop()
        return Reads(tuple(behind(prefix, found.reads)), found.unbounded)

    def _constraint(self, shape: Shape, constraint: Constraint, mode: Mode) -> Iterator[Reads]:
        value, component = constraint.value, of(constraint)
        path = shape.path.normal() if shape.path is not None else None
        prefix = () if path is None else (path,)
        breaking = mode.sign > 0
        if isinstance(value, Custom):
            every = Read((), None, False, True, True, allowed=frozenset())
            yield Reads((every,), (f"the component <{value.component}>",))
            return
        if isinstance(value, Sparql):
            from gsefgraph.shacl.change.sparql import reads

            found = reads(value.select, self._order)
            both = () if breaking else tuple(_flipped(found.reads))
            yield Reads(both or found.reads, found.unbounded)
            return
        more, fewer = component.more, component.fewer
        signs: tuple[int, ...] = (1,)
        if component.counts and mode.results:
            # A count that is wrong and changes is another result.
            count = value.count if isinstance(value, Qualified) else value
            if not (fewer and isinstance(count, int) and count < 2):
                more, fewer, signs = True, True, (1, -1)
        if not breaking:
            more, fewer = fewer, more
        if path is not None:
            yield Reads(tuple(steps(path, more, fewer)))
        if component.reads == "property":
            yield Reads((Read((), str(value), False, more, fewer),))
        elif component.reads == "classes":
            yield Reads((Read(prefix, None, False, fewer, more, cls=str(value)),))
        elif component.reads == "statements" and isinstance(value, frozenset):
            yield Reads((Read(prefix, None, False, more, fewer, allowed=value),))
        results = mode.results and constraint.kind == "Property"
        for each, sign in signed(constraint):
            for other in signs:
                yield self._inner(each, prefix, Mode(mode.sign * sign * other, results))


def _flipped(reads: Iterable[Read]) -> Iterator[Read]:
    for read in reads:
        yield replace(read, adding=read.removing, removing=read.adding)


def _together(many: Iterable[Reads]) -> Reads:
    """All of them; reads of one step and both ways as one."""
    found: dict[Read, tuple[bool, bool]] = {}
    unbounded: dict[str, None] = {}
    for each in many:
        unbounded.update(dict.fromkeys(each.unbounded))
        for read in each.reads:
            bare = replace(read, adding=False, removing=False)
            adding, removing = found.get(bare, (False, False))
            found[bare] = (adding or read.adding, removing or read.removing)
    return Reads(
        tuple(
            replace(bare, adding=adding, removing=removing)
            for bare, (adding, removing) in found.items()
            if adding or removing
        ),
        tuple(unbounded),
    )
