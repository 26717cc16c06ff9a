"""The focus nodes whose results a change can add to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeAlias

from pyoxigraph import Literal

from gsefgraph.shacl.change.base import TooFar
from gsefgraph.shacl.change.plan import Split
from gsefgraph.shacl.change.reads import Read
from gsefgraph.shacl.change.view import Change, Lazy
from gsefgraph.shacl.judge.paths import Reached, together, walk, walked
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.model import Constraint, Shape, Target
from gsefgraph.sparql.path import Path
from gsefgraph.terms import Term

Prefix: TypeAlias = tuple[Path, ...]
Focus: TypeAlias = dict[str, dict[Term, None]]


class Candidates:
    """Focus nodes by the id of the unit that judges them.

    Parameters:
        split: the units.
        change: what is different.
        views: the graph before, after, and with what is in both.

    Attributes:
        focus: nodes that are targets after the change.
        whole: ids of units that the whole graph must answer because their reach has no bounds.
        touched: ids of units with constraints that run whole, which the change touches.
    """

    def __init__(self, split: Split, change: Change, views: tuple[Lazy, Lazy, Lazy]) -> None:
        self._split = split
        self._before, self._after, self._common = views
        self.focus: Focus = {}
        self._loose: Focus = {}
        self.whole: dict[str, str] = {}
        self.touched: dict[str, None] = {}
        self._starts: dict[Prefix, dict[Term, dict[str, None]]] = {}
        self._newly_targeted(change)
        self._match(change)
        self._walk_back()
        self._keep_targets()

    def _match(self, change: Change) -> None:
        """Find the reads that the change matches, and where each starts."""
        split = self._split
        for facts, coming in ((change.added, True), (change.removed, False)):
            for subject, predicate, value in facts:
                for entry in split.by_predicate.get(predicate, ()):
                    self._start(entry, value if entry[1].inverse else subject, coming)
                for entry in split.by_any:
                    if predicate not in entry[1].allowed:
                        self._start(entry, value if entry[1].inverse else subject, coming)
        for classes, coming in ((change.gained, True), (change.lost, False)):
            for node, changed in classes.items():
                for cls in changed:
                    for entry in split.by_class.get(cls, ()):
                        self._start(entry, node, coming)

    def _start(self, entry: tuple[str, Read, bool], node: Term, coming: bool) -> None:
        unit, read, whole = entry
        if not (read.adding if coming else read.removing):
            return
        if whole:
            self.touched[unit] = None
        elif read.anywhere:
            self.whole[unit] = "what it reads lies anywhere"
        elif read.prefix:
            self._starts.setdefault(read.prefix, {}).setdefault(node, {})[unit] = None
        else:
            self._loose.setdefault(unit, {})[node] = None

    def _walk_back(self) -> None:
        paths = {prefix: _back(prefix) for prefix in self._starts}
        try:
            reached = self._together(paths)
        except TooFar:
            self._common.base.forget_waiting()
            reached = {}
            for prefix, path in paths.items():
                try:
                    reached.update(self._together({prefix: path}))
                except TooFar:
                    self._common.base.forget_waiting()
                    for units in self._starts[prefix].values():
                        self.whole.update(dict.fromkeys(units, TOO_FAR))
        for prefix, ends in reached.items():
            for start, units in self._starts[prefix].items():
                for unit in units:
                    self._loose.setdefault(unit, {}).update(dict.fromkeys(ends[start]))

    def _together(self, paths: Mapping[Prefix, Path]) -> dict[Prefix, Reached]:
        """Walk all paths side by side, one look-up a step."""
        view = self._common
        walks = [walk(path, self._starts[prefix], view) for prefix, path in paths.items()]
        return dict(zip(paths, walked(together(walks), view), strict=True))

    def _keep_targets(self) -> None:
        """Add those nodes that a read leads back to and a target takes."""
        view = self._after
        loose: list[tuple[dict[Term, None], tuple[Target, ...], list[Term]]] = []
        for unit, nodes in self._loose.items():
            sure = self.focus.setdefault(unit, {})
            new = [node for node in nodes if node not in sure]
            loose.append((sure, self._split.units[unit].targets, new))
        announce(view, [(targets, new) for _, targets, new in loose if new])
        for sure, targets, new in loose:
            sure.update({node: None for node in new if is_target(view, targets, node)})

    def _newly_targeted(self, change: Change) -> None:
        """Nodes that a shape did not judge before are judged by all of it."""
        subjects: dict[str, dict[Term, None]] = {}
        objects: dict[str, dict[Term, None]] = {}
        wanted = self._split.targeted
        for subject, predicate, value in change.added:
            if ("subjectsOf", predicate) in wanted:
                subjects.setdefault(predicate, {})[subject] = None
            if ("objectsOf", predicate) in wanted:
                objects.setdefault(predicate, {})[value] = None
        for nodes in subjects.values():
            self._before.need_out(nodes)
        for predicate, nodes in objects.items():
            self._before.need_stated(nodes, predicate)
        for predicate, nodes in subjects.items():
            new = [node for node in nodes if not self._before.objects(node, predicate)]
            self._judge_all(("subjectsOf", predicate), new)
        for predicate, nodes in objects.items():
            new = [node for node in nodes if not self._before.stated(node, predicate)]
            self._judge_all(("objectsOf", predicate), new)
        for node, classes in change.gained.items():
            for cls in classes:
                self._judge_all(("class", cls.value), [node])

    def _judge_all(self, target: tuple[str, str], nodes: Collection[Term]) -> None:
        if not nodes:
            return
        for unit in self._split.targeted.get(target, ()):
            self.focus.setdefault(unit, {}).update(dict.fromkeys(nodes))
            if self._split.units[unit].whole:
                self.touched[unit] = None


TOO_FAR = "too much of the graph lies around the new triples"


def announce(view: Lazy, wanted: Iterable[tuple[tuple[Target, ...], Iterable[Term]]]) -> None:
    """Announce to a view that it will be asked whether nodes are targets."""
    for targets, nodes in wanted:
        if any(target.kind in ("class", "subjectsOf") for target in targets):
            view.need_out(nodes)
        for target in targets:
            if target.kind == "objectsOf":
                view.need_stated(nodes, target.value.value)


def is_target(view: Lazy, targets: Iterable[Target], node: Term) -> bool:
    """Whether any target of a shape takes a node (SHACL, section 2.1.3)."""
    for kind, value in ((target.kind, target.value) for target in targets):
        if kind == "node":
            if node == value:
                return True
        elif kind == "objectsOf":
            if view.stated(node, value.value):
                return True
        elif type(node) is Literal:
            continue
        elif value in view.classes(node) if kind == "class" else view.objects(node, value.value):
            return True
    return False


def _back(prefix: Prefix) -> Path:
    path = Path("/", parts=prefix) if len(prefix) > 1 else prefix[0]
    return path.normal(inverse=True)


def broken(
    shape: Shape, constraint: Constraint, view: Lazy, focus: Collection[Term]
) -> Iterator[Result]:
    """The results of sh:disjoint for some focus nodes, as the judge gives them.

    Errors:
        TooFar: what the path leads back to does not end.
    """
    assert shape.path is not None  # noqa: S101 - so says `plan.py`
    predicate = str(constraint.value)
    view.need_out(focus)
    others = {node: view.objects(node, predicate) for node in focus}
    starts = dict.fromkeys(value for values in others.values() for value in values)
    if not starts:
        return
    back = walked(walk(shape.path.normal(inverse=True), starts, view), view)
    ends = {start: frozenset(found) for start, found in back.items()}
    for node, values in others.items():
        for value in values:
            if node in ends[value]:
                yield Result(
                    shape=shape.id,
                    component=constraint.component,
                    severity=shape.severity,
                    focus=node,
                    path=shape.path,
                    value=value,
                    constraint=predicate,
                )
