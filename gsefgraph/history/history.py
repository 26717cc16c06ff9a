"""The changes of a graph, in the order in which they were made.

They stand in ``history/`` beside the graph, a folder each, named by number: no part of what the
graph states, of its exports and of its digest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from pyoxigraph import Quad

from gsefgraph import files
from gsefgraph.errors import UnknownName
from gsefgraph.history.change import PARTS, Change
from gsefgraph.terms import Names
from gsefgraph.wording import say

FOLDER: Final = "history"
"""Where changes are kept, beside data/ or in the folder of a store."""


@dataclass(frozen=True, slots=True)
class Undoing:
    """What taking a change back means for the quads that it touched.

    Attributes:
        present, absent: quads that are stated then, and that are not.
        against: later changes that are in force and did the opposite of it, so that they would have
            to be taken back first.

    >>> Undoing((), ()).against
    ()
    """

    present: tuple[Quad, ...]
    absent: tuple[Quad, ...]
    against: tuple[Change, ...] = ()


class History:
    """What was done to a graph.

    Parameters:
        root: the folder of a project or of a store.
        names: prefixes.
        generation: of the store as it is; a change that leads to a later one was never made whole,
            and does not count.

    >>> history = History(Path("/nowhere"), Names())
    >>> history.changes, history.next, history.cancelled
    ((), 1, set())
    """

    def __init__(self, root: Path, names: Names, generation: int | None = None) -> None:
        self.folder = root / FOLDER
        self._names, self._generation = names, generation

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """All changes, the first first.

        Errors:
            InputError: a folder of one that is not whole.
        """
        return tuple(change for change in map(Change.read, self._folders()) if self._counts(change))

    def _folders(self) -> list[Path]:
        """The folders of changes, the first first."""
        files.recover(self.folder.parent)
        # One without its first file is left by a crash before anything was decided.
        told = (path.parent for path in self.folder.glob("*/change.ttl"))
        return sorted((folder for folder in told if folder.name.isdecimal()), key=_number)

    def _counts(self, change: Change) -> bool:
        made, now = change.generation, self._generation
        return made is None or now is None or made <= now

    @property
    def next(self) -> int:
        """The number of the next change; only the last one is read for it."""
        read = map(Change.read, reversed(self._folders()))
        return next((change.number for change in read if self._counts(change)), 0) + 1

    @property
    def cancelled(self) -> set[int]:
        """The numbers of changes that were taken back, and not put in force again."""
        return _cancelled(self.changes)

    def get(self, number: int) -> Change:
        """The change of a number.

        Errors:
            UnknownName: there is none.
        """
        for change in self.changes:
            if change.number == number:
                return change
        raise UnknownName(say("history.no-change", number=str(number)), hint=say("history.log"))

    def last(self) -> Change | None:
        """The last change that is in force; None where there is none."""
        off = self.cancelled
        for change in reversed(self.changes):
            if change.number not in off and change.kind not in ("undo", "forget"):
                return change
        return None

    def contents(self, change: Change) -> dict[Path, bytes | None]:
        """What to write so that a change is kept: path -> content, None for a file that goes."""
        folder = self.folder / f"{change.number:06}"
        found: dict[Path, bytes | None] = dict.fromkeys(folder / f"{part}.nq" for part in PARTS)
        found.update({folder / n: text for n, text in change.contents(self._names).items()})
        return found

    def undoing(self, number: int) -> Undoing:
        """What taking a change back means.

        Parameters:
            number: of the change; where it is one that took another back, that is in force again.

        Errors:
            UnknownName: there is no such change.
        """
        self.get(number)
        before = self.cancelled
        probe = Change(self.next, "undo", undone=number)
        after = _cancelled((*self.changes, probe))
        moved = [c for c in self.changes if (c.number in after) != (c.number in before)]
        force = [c for c in self.changes if c.number not in after and c.kind != "undo"]
        touched = [quad for c in moved for quad in (*c.added, *c.removed, *c.again)]
        present, absent = _replayed(dict.fromkeys(touched), self.changes, force)
        return Undoing(present, absent, _against(moved, force))

    def without(self, nodes: Iterable[str]) -> dict[Path, bytes | None]:
        """What to write so that some nodes are named nowhere in the history.

        Parameters:
            nodes: IRIs.
        """
        gone = tuple(nodes)
        found: dict[Path, bytes | None] = {}
        for change in self.changes if gone else ():
            left = change.without(gone)
            if left is not change:
                found |= self.contents(left)
        return found


def _cancelled(changes: Iterable[Change]) -> set[int]:
    found: set[int] = set()
    for change in reversed([*changes]):
        if change.undone is not None and change.number not in found:
            found.add(change.undone)
    return found


def _replayed(
    quads: Iterable[Quad], changes: Iterable[Change], force: Iterable[Change]
) -> tuple[tuple[Quad, ...], tuple[Quad, ...]]:
    """Which of some quads are stated, and which are not, when only some changes had been made."""
    wanted = {*quads}
    state: dict[Quad, bool] = {}
    for change in changes:  # as it was before the first change that tells
        for part, there in ((change.added, False), (change.removed, True), (change.again, True)):
            for quad in part:
                if quad in wanted:
                    state.setdefault(quad, there)
    for change in force:
        for part, there in ((change.removed, False), (change.added, True), (change.again, True)):
            for quad in part:
                if quad in wanted:
                    state[quad] = there
    present = tuple(quad for quad in state if state[quad])
    return present, tuple(quad for quad in state if not state[quad])


def _against(moved: Iterable[Change], force: Iterable[Change]) -> tuple[Change, ...]:
    found: dict[int, Change] = {}
    for change in moved:
        added, removed = {*change.added}, {*change.removed}
        for later in force:
            if later.number > change.number and (
                not added.isdisjoint(later.removed) or not removed.isdisjoint(later.added)
            ):
                found[later.number] = later
    return tuple(found.values())


def _number(path: Path) -> int:
    return int(path.name)
