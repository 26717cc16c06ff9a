"""Who has a place, and who waits for one."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsefgraph.web import turns
from gsefgraph.web.turns import Busy, Turn, Turns

CLIENTS = ("a", "b", "c")


@given(
    st.integers(min_value=1, max_value=4),
    st.lists(st.one_of(st.sampled_from(CLIENTS), st.integers(min_value=0, max_value=20))),
)
def test_no_place_is_free_that_somebody_may_have(places: int, steps: list[str | int]) -> None:
    """A letter comes, a number leaves, having a place or waiting for one."""
    every, called = Turns(places), list[Turn]()
    here: list[Turn] = []

    def come(client: str) -> None:
        mine: list[Turn] = []
        mine.append(every.take(client, lambda: called.append(mine[0])))
        here.append(mine[0])
        if mine[0].has:
            called.append(mine[0])

    for step in steps:
        if isinstance(step, str):
            come(step)
        elif here:
            gone = here.pop(step % len(here))
            every.leave(gone)
        having = Counter(turn.client for turn in here if turn.has)
        assert having.total() <= places
        assert all(count <= max(places - 1, 1) for count in having.values())
        waiting = [turn for turn in here if not turn.has]
        may = [turn for turn in waiting if having[turn.client] < max(places - 1, 1)]
        assert not may or having.total() == places
        assert {turn for turn in here if turn.has} <= set(called), "who has a place was told so"
        assert len(called) == len(set(called)), "once"
    for turn in list(here):
        every.leave(turn)
    assert every._free == places
    assert not every._waiting
    assert not every._has
    assert every._number == 0


def order(every: Turns, comers: str) -> tuple[list[Turn], list[str]]:
    told: list[str] = []
    return [every.take(c[0], lambda c=c: told.append(c)) for c in comers.split()], told  # type: ignore[misc]


def test_who_has_fewest_is_next_and_then_who_waits_longest() -> None:
    every = Turns(3)
    (a1, a2, b1, *_), told = order(every, "a1 a2 b1 a3 a4 a5 b2 c1 c2")
    assert (a1.has, a2.has, b1.has) == (True, True, True)
    every.leave(a1)  # a has one, b one, c none
    every.leave(b1)  # b none, c one, a one
    every.leave(a2)
    assert told == ["c1", "b2", "a3"]
    every = Turns(1)
    (here, *others), told = order(every, "x a1 a2 b1 b2")
    every.leave(here)
    for turn in (others[0], others[2], others[1]):
        every.leave(turn)
    assert told == ["a1", "b1", "a2", "b2"]


def test_one_client_leaves_a_place_to_others() -> None:
    every = Turns(3)
    found, told = order(every, "a1 a2 a3 a4")
    assert [turn.has for turn in found] == [True, True, False, False]
    assert every.take("b", list).has
    assert told == []


def test_of_many_who_come_at_once_each_waits_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    every = Turns(2)
    for _ in range(1 + turns.EACH):
        every.take("a", list)
    with pytest.raises(Busy):
        every.take("a", list)
    assert every.take("b", list).has, "it is the bound of that client"
    monkeypatch.setattr(turns, "ALL", turns.EACH)
    with pytest.raises(Busy):
        every.take("c", list)
    assert "c" not in every._waiting


def test_who_waits_no_more_is_not_called() -> None:
    every = Turns(2)
    (first, second, third), told = order(every, "a1 a2 a3")
    every.leave(second)
    every.leave(first)
    assert told == ["a3"]
    assert third.has
