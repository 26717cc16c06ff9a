"""Whether an expression matches somewhere in a text, in time that grows with the text alone.

An automaton whose states are made as texts need them (Thompson 1968; RE2 does the same) reads each
character once. What `regex.py` leaves to another engine goes to the SPARQL engine's REGEX, which is
linear too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeAlias

from gsefgraph.errors import InputError
from gsefgraph.shacl.judge.regex import Chars, Edge, Either, Joined, Tree, Unreadable, read
from gsefgraph.shacl.shapes.model import Pattern

__all__ = ["Pattern", "matcher"]

MAX_NODES = 5_000
_MAX_STEPS = 20_000  # transitions that are kept
_MAX_KNOWN = 2_000  # outcomes that are kept

# What a node of the automaton reads: a character, an edge of the text, nothing; None is the end.
_Reads: TypeAlias = Chars | Edge | None


@lru_cache(maxsize=512)
def matcher(re2: str) -> Callable[[str], bool]:
    """What tells whether an expression matches somewhere in a text.

    Parameters:
        re2: in RE2's syntax.

    Errors:
        InputError: when it is first asked, an expression that no engine reads.

    >>> matcher("^(a+)+$")("a" * 10_000 + "b")
    False
    >>> matcher("(?i)quito")("San Francisco de QUITO")
    True
    """
    elsewhere = _elsewhere(re2)
    try:
        expression = read(re2)
        matches = _Automaton(expression.tree).matches
    except Unreadable:
        return elsewhere
    if expression.ascii:
        return lambda text: matches(text) if text.isascii() else elsewhere(text)
    return matches


class _State(dict[str, "_State"]):
    """Where the automaton can be, and by each character where it can be next.

    Attributes:
        nodes: that read a character.
        outcome: what is known already of any text that leads here.
        at_end: the outcome when the text ends here.
    """

    __slots__ = ("_next", "at_end", "nodes", "outcome")

    def __init__(
        self, nodes: frozenset[int], at_end: bool, outcome: bool | None,
        following: Callable[[_State, str], _State],
    ) -> None:  # fmt: skip
        self.nodes = nodes
        self.at_end = at_end
        self.outcome = outcome
        self._next = following

    def __missing__(self, char: str) -> _State:
        return self._next(self, char)


class _Automaton:
    def __init__(self, tree: Tree) -> None:
        self._reads: list[_Reads] = [None]
        self._next: list[tuple[int, ...]] = [()]  # node 0 is the match
        self._first = self._build(tree, 0)
        self._known: dict[str, bool] = {}
        self._states: dict[frozenset[int], _State] = {}
        self._steps = 0
        self._anew = self._reach([self._first], begins=False)
        self._start = self._state(self._reach([self._first], begins=True))

    def matches(self, text: str) -> bool:
        known = self._known
        found = known.get(text)
        if found is None:
            if len(known) >= _MAX_KNOWN:
                known.clear()
            found = known[text] = self._run(text)
        return found

    def _run(self, text: str) -> bool:
        state = self._start
        if state.outcome is not None:
            return state.outcome
        for char in text:
            state = state[char]
            if state.outcome is not None:
                return state.outcome
        return state.at_end

    def _step(self, state: _State, char: str) -> _State:
        reached = self._reach(
            (self._next[node][0] for node in state.nodes if self._takes(node, char)), begins=False
        )
        following = self._state(reached | self._anew)
        self._steps += 1
        if self._steps > _MAX_STEPS:
            self._steps = 0
            self._states = {}
            for old in (state, self._start):
                old.clear()
        state[char] = following
        return following

    def _takes(self, node: int, char: str) -> bool:
        reads = self._reads[node]
        return isinstance(reads, Chars) and char in reads

    def _state(self, nodes: frozenset[int]) -> _State:
        state = self._states.get(nodes)
        if state is None:
            outcome = True if 0 in nodes else None if nodes else False
            ends = self._reach(nodes, begins=False, ends=True)
            state = _State(nodes, 0 in ends, outcome, self._step)
            self._states[nodes] = state
        return state

    def _reach(self, nodes: Iterable[int], *, begins: bool, ends: bool = False) -> frozenset[int]:
        """Nodes that read, reached without reading; those that wait for the end are kept."""
        found: set[int] = set()
        seen: set[int] = set()
        waiting = list(nodes)
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            reads = self._reads[node]
            if isinstance(reads, Chars) or node == 0:
                found.add(node)
            elif isinstance(reads, Edge):
                if ends if reads.end else begins:
                    waiting += self._next[node]
                if reads.end:
                    found.add(node)
            else:
                waiting += self._next[node]
        return frozenset(found)

    def _build(self, tree: Tree, then: int) -> int:
        """Nodes for a tree that lead on to another; returns the first of them."""
        if isinstance(tree, (Chars, Edge)):
            return self._node(tree, then)
        if isinstance(tree, Joined):
            for part in reversed(tree.parts):
                then = self._build(part, then)
            return then
        if isinstance(tree, Either):
            return self._node(None, *(self._build(part, then) for part in tree.parts))
        first = then
        if tree.most is None:
            first = self._node(None, then)
            self._next[first] = (self._build(tree.part, first), then)
        else:
            for _ in range(tree.most - tree.least):
                first = self._node(None, self._build(tree.part, first), then)
        for _ in range(tree.least):
            before, first = first, self._build(tree.part, first)
            if first == before:  # it reads nothing: a thousand of it are one
                break
        return first

    def _node(self, reads: _Reads, *following: int) -> int:
        if len(self._reads) >= MAX_NODES:
            raise Unreadable("too large")
        self._reads.append(reads)
        self._next.append(following)
        return len(self._reads) - 1


def _elsewhere(re2: str) -> Callable[[str], bool]:
    """The same by the SPARQL engine, which takes some 50 µs."""
    from pyoxigraph import Literal

    from gsefgraph.engine.ask import Scratch

    @lru_cache(maxsize=_MAX_KNOWN)
    def matches(text: str) -> bool:
        asked = f"REGEX({Literal(text)}, {Literal(re2)})"
        _, rows = Scratch(()).select(f"SELECT ({asked} AS ?found) {{}}")
        found = rows[0][0]
        if found is None:
            raise InputError(
                f"the regular expression {re2!r} cannot be used", hint="write a simpler one"
            )
        return found.value == "true"

    return matches
