"""What judging a shape reads of a graph, and which changes of it can bring a new result.

A read is one step to a triple behind a path from the focus node. Take a node whose results differ
before and after: on the way to what differs, the first changed triple lies behind steps that stand
both before and after. So the nodes that a change can make wrong are found by walking the path of
each read that it matches backwards, among the triples that stay.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar

from gsefgraph.shacl.shapes.components import of, signed
from gsefgraph.shacl.shapes.model import Constraint, Custom, Model, Qualified, Shape, Sparql
from gsefgraph.sparql import algebra, parsing
from gsefgraph.sparql.algebra import Const, Exists, Var
from gsefgraph.sparql.parsing import Unreadable
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


Found = TypeVar("Found")
# Works something out, and asks on the way for the reads of shapes.
_Asking: TypeAlias = Generator[tuple[str, Mode], Reads, Found]


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
        order: as for `reads`.
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
        stack: list[_Asking[Any]] = [self._constraint(shape, constraint, Mode(1, True))]
        answer: Any = None
        while True:  # a stack of our own: shapes may nest deeper than calls can
            try:
                asked = stack[-1].send(answer)
            except StopIteration as end:
                stack.pop()
                answer = end.value
                if not stack:
                    return _together(answer)
            else:
                stack.append(self._shape(*asked))
                answer = None

    def _shape(self, shape_id: str, mode: Mode) -> _Asking[Reads]:
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
        every: list[Reads] = []
        for constraint in shape.constraints:
            every += yield from self._constraint(shape, constraint, mode)
        found = _together(every)
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

    def _constraint(self, shape: Shape, constraint: Constraint, mode: Mode) -> _Asking[list[Reads]]:
        value, component = constraint.value, of(constraint)
        path = shape.path.normal() if shape.path is not None else None
        prefix = () if path is None else (path,)
        breaking = mode.sign > 0
        if isinstance(value, Custom):
            every = Read((), None, False, True, True, allowed=frozenset())
            return [Reads((every,), (f"the component <{value.component}>",))]
        if isinstance(value, Sparql):
            asked = reads(value.select, self._order)
            read = asked.reads if breaking else tuple(_flipped(asked.reads))
            return [Reads(read, asked.unbounded)]
        more, fewer = component.more, component.fewer
        signs: tuple[int, ...] = (1,)
        if component.counts and mode.results:
            # A count that is wrong and changes is another result.
            count = value.count if isinstance(value, Qualified) else value
            if not (fewer and isinstance(count, int) and count < 2):
                more, fewer, signs = True, True, (1, -1)
        if not breaking:
            more, fewer = fewer, more
        found = [] if path is None else [Reads(tuple(steps(path, more, fewer)))]
        if component.reads == "property":
            found.append(Reads((Read((), str(value), False, more, fewer),)))
        elif component.reads == "classes":
            found.append(Reads((Read(prefix, None, False, fewer, more, cls=str(value)),)))
        elif component.reads == "statements" and isinstance(value, frozenset):
            found.append(Reads((Read(prefix, None, False, more, fewer, allowed=value),)))
        results = mode.results and constraint.kind == "Property"
        for each, sign in signed(constraint):
            for other in signs:
                self._trail.append(prefix)
                inner = yield each, Mode(mode.sign * sign * other, results)
                self._trail.pop()
                found.append(Reads(tuple(behind(prefix, inner.reads)), inner.unbounded))
        return found


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


# Where a variable lies: paths from the focus node one after the other, None where that is unknown.
Where: TypeAlias = tuple[Path, ...] | None
Wheres: TypeAlias = dict[str, Where]
Order: TypeAlias = tuple[str, ...]

THIS = "this"


@dataclass(frozen=True, slots=True)
class Hop:
    """One pattern, walked from an end that is known.

    Attributes:
        start, end: names of variables, or constants.
        path: in normal form, from start to end; None for any predicate.
        required: whether no solution is without it.
        fresh: whether the end is not known before.
    """

    start: str | Const
    path: Path | None
    end: str | Const
    required: bool
    fresh: bool


@dataclass(slots=True)
class _Group:
    """What must hold together: triple patterns, and groups inside.

    Attributes:
        more, fewer: whether triples that come, or go, can bring solutions.
        unions: alternatives; of the others nothing is known outside them.
    """

    more: bool
    fewer: bool
    triples: list[algebra.Triple] = field(default_factory=list)
    unions: list[tuple[_Group, _Group]] = field(default_factory=list)
    others: list[_Group] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Planned:
    reads: Reads
    hops: tuple[Hop, ...] = ()
    contested: frozenset[str] = frozenset()


class _Unbounded(Exception):
    """The message says why."""


def reads(select: str, order: Order = ()) -> Reads:
    """What a SPARQL constraint reads from its focus node on, as `Reader` says of shapes.

    Parameters:
        select: the query.
        order: predicates from the one by whose values fewest nodes are found: where several
            patterns lead backwards to one variable, the first of these is taken.

    >>> found = reads("SELECT ?this { ?this <a:p> ?o . FILTER NOT EXISTS { ?o <a:q> ?x } }")
    >>> [(len(read.prefix), read.predicate, read.adding) for read in found.reads]
    [(0, 'a:p', True), (1, 'a:q', False)]
    """
    return _planned(select, order).reads


def hops(select: str, order: Order = ()) -> tuple[Hop, ...]:
    """The hops of a query that is bounded, in the order in which they can be walked."""
    return _planned(select, order).hops


def contested(select: str) -> frozenset[str]:
    """The predicates among which `order` decides.

    >>> sorted(contested("SELECT ?this { ?this <a:p> ?x ; <a:q> ?y . ?o <a:p> ?x ; <a:q> ?y }"))
    ['a:p', 'a:q']
    """
    return _planned(select, ()).contested


@lru_cache(maxsize=512)
def _planned(select: str, order: Order) -> _Planned:
    try:
        query = parsing.select(select)
    except Unreadable as error:
        return _Planned(Reads((), (f"a query that cannot be read: {error}",)))
    plan = _Plan(order)
    try:
        group = _Group(more=True, fewer=False)
        plan.collect(query, group, {})
        plan.solve(group, {THIS: ()}, required=True)
    except _Unbounded as error:
        return _Planned(Reads(tuple(_touched(query)), (str(error),)))
    return _Planned(Reads(tuple(plan.reads)), tuple(plan.hops), frozenset(plan.contested))


class _Plan:
    """The hops of one query, found group by group."""

    def __init__(self, order: Order) -> None:
        self.hops: list[Hop] = []
        self.reads: list[Read] = []
        self.contested: set[str] = set()
        self._order = {predicate: number for number, predicate in enumerate(order)}
        self._selects = 0

    def collect(self, node: algebra.Pattern, group: _Group, names: Mapping[str, str]) -> None:
        """Put the patterns of a query into groups, variables of sub-selects under own names."""
        match node:
            case algebra.Bgp(triples):
                group.triples += (_renamed(triple, names) for triple in triples)
            case algebra.Join(left, right):
                self.collect(left, group, names)
                self.collect(right, group, names)
            case algebra.LeftJoin(left, right, condition):
                self.collect(left, group, names)
                inner = _Group(more=True, fewer=True)
                self.collect(right, inner, names)
                group.others.append(inner)
                if condition is not None:
                    self._condition(condition, inner, names, top=False)
            case algebra.Union(left, right):
                branches = (_Group(group.more, group.fewer), _Group(group.more, group.fewer))
                self.collect(left, branches[0], names)
                self.collect(right, branches[1], names)
                group.unions.append(branches)
            case algebra.Filter(pattern, condition):
                self.collect(pattern, group, names)
                self._condition(condition, group, names, top=True)
            case algebra.Extend(pattern, _, value):
                self.collect(pattern, group, names)
                self._condition(value, group, names, top=False)
            case algebra.Project(pattern, projected):
                self._selects += 1
                own = {
                    name: f"{name} {self._selects}"
                    for name in algebra.mentioned(pattern)
                    if name not in projected
                }
                outer = {name: names[name] for name in projected if name in names}
                outermost = self._selects == 1
                self.collect(pattern, group, {} if outermost else {**own, **outer})
            case algebra.Other("values"):
                pass
            case algebra.Other(kind):
                raise _Unbounded(_KINDS.get(kind, kind))

    def _condition(
        self, node: algebra.Expr, group: _Group, names: Mapping[str, str], *, top: bool
    ) -> None:
        """Put the patterns of EXISTS into groups inside; `top` where it must be true by itself."""
        if isinstance(node, Exists):
            more, fewer = group.more, group.fewer
            if not top:
                more = fewer = True
            elif not node.positive:
                more, fewer = fewer, more
            inner = _Group(more, fewer)
            self.collect(node.pattern, inner, names)
            group.others.append(inner)
        elif isinstance(node, algebra.Call):
            for arg in node.args:
                self._condition(arg, group, names, top=top and node.name == "&&")

    def solve(self, group: _Group, known: Wheres, *, required: bool) -> None:
        """Find the hops of a group and those inside; adds to what is known."""
        waiting, unions = list(group.triples), list(group.unions)
        while waiting or unions:
            triple = self._next(waiting, known)
            if triple is not None:
                waiting.remove(triple)
                self._hop(triple, group, known, required=required)
                continue
            for branches in unions:
                ways = [dict(known), dict(known)]
                # What a branch that cannot be walked yet has added must not stay.
                mark = len(self.hops), len(self.reads)
                try:
                    for branch, way in zip(branches, ways, strict=True):
                        self.solve(branch, way, required=False)
                except _Unbounded:
                    del self.hops[mark[0] :], self.reads[mark[1] :]
                    continue
                for name in ways[0].keys() & ways[1].keys() - known.keys():
                    known[name] = _either(ways[0][name], ways[1][name])
                unions.remove(branches)
                break
            else:
                raise _Unbounded("a pattern that nothing leads to from $this")
        for inner in group.others:
            self.solve(inner, dict(known), required=False)

    def _hop(self, triple: algebra.Triple, group: _Group, known: Wheres, *, required: bool) -> None:
        start, path, end = _ends(triple, known)
        where: Where = None if isinstance(start, Const) else known[start]
        if path is None:
            found: Iterable[Read] = (Read((), None, False, group.more, group.fewer),)
        else:
            found = steps(path, group.more, group.fewer)
        self.reads += map(_anywhere, found) if where is None else behind(where, found)
        fresh = isinstance(end, str) and end not in known
        self.hops.append(Hop(start, path, end, required, fresh))
        if isinstance(end, str) and fresh:
            # Any predicate is no path: what lies behind cannot be walked back.
            known[end] = None if where is None or path is None else (*where, path)

    def _next(self, waiting: Sequence[algebra.Triple], known: Wheres) -> algebra.Triple | None:
        """The pattern to walk next: rather from its subject than from its value, a constant
        last."""
        found: list[tuple[tuple[int, int], algebra.Triple]] = []
        for triple in waiting:
            subject, value = _name(triple.subject), _name(triple.object)
            path = triple.predicate
            if isinstance(subject, str) and subject in known:
                return triple
            if isinstance(subject, Const):
                found.append(((2, 0), triple))
            elif isinstance(path, Var):
                continue
            elif isinstance(value, str) and value in known:
                place = self._order.get(path.last, len(self._order))
                found.append(((1, place), triple))
            elif isinstance(value, Const):
                found.append(((3, 0), triple))
        if not found:
            return None
        found.sort(key=lambda item: item[0])
        backwards = {
            t.predicate.last
            for (rank, _), t in found
            if rank == 1 and isinstance(t.predicate, Path)
        }
        if len(backwards) > 1:
            self.contested |= backwards
        return found[0][1]


_KINDS = {
    "group": "an aggregate",
    "slice": "LIMIT or OFFSET",
    "minus": "MINUS",
    "graph": "GRAPH",
    "service": "SERVICE",
}


def _ends(triple: algebra.Triple, known: Wheres) -> tuple[str | Const, Path | None, str | Const]:
    subject, value = _name(triple.subject), _name(triple.object)
    if isinstance(triple.predicate, Var):
        return subject, None, value
    if triple.predicate.uses("!"):
        raise _Unbounded("a negated property set")
    if isinstance(subject, str) and subject in known:
        return subject, triple.predicate.normal(), value
    if isinstance(value, str) and value in known:
        return value, triple.predicate.normal(inverse=True), subject
    if isinstance(subject, Const):
        return subject, triple.predicate.normal(), value
    return value, triple.predicate.normal(inverse=True), subject


def _name(end: algebra.End) -> str | Const:
    return end.name if isinstance(end, Var) else end


def _renamed(triple: algebra.Triple, names: Mapping[str, str]) -> algebra.Triple:
    def own(end: algebra.End) -> algebra.End:
        return Var(names.get(end.name, end.name)) if isinstance(end, Var) else end

    predicate = triple.predicate
    if isinstance(predicate, Var):
        predicate = Var(names.get(predicate.name, predicate.name))
    return algebra.Triple(own(triple.subject), predicate, own(triple.object))


def _either(one: Where, other: Where) -> Where:
    if one is None or other is None:
        return None
    if one == other:
        return one
    both = tuple(Path("/", parts=way) if len(way) != 1 else way[0] for way in (one, other))
    return (Path("|", parts=both),)


def _anywhere(read: Read) -> Read:
    return Read((), read.predicate, read.inverse, read.adding, read.removing, anywhere=True)


def _touched(query: algebra.Pattern) -> Iterator[Read]:
    """Every predicate of a query, wherever it may stand."""
    for node in algebra.walk(query):
        if isinstance(node, algebra.Bgp):
            for triple in node.triples:
                if isinstance(triple.predicate, Var):
                    yield Read((), None, False, True, True, anywhere=True)
                    continue
                for part in triple.predicate.walk():
                    if part.operator == "!":
                        yield Read((), None, False, True, True, anywhere=True)
                    elif part.predicate:
                        yield Read((), part.predicate, False, True, True, anywhere=True)
