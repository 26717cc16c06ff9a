"""Directed graphs: what is reached, and what goes round, beside what the words say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gsefgraph.rdf.digraph import components, reached

NODES = range(7)
GRAPHS = st.fixed_dictionaries({node: st.lists(st.sampled_from(NODES)) for node in NODES})


@given(GRAPHS)
def test_law_what_is_reached_is_what_steps_lead_to(ahead: dict[int, list[int]]) -> None:
    for start in NODES:
        found = {*reached([start], ahead.__getitem__)}
        by_steps: set[int] = set()
        for _ in NODES:
            by_steps = {*ahead[start]}.union(*(ahead[node] for node in by_steps))
        assert found == by_steps


@given(GRAPHS)
def test_law_components_reach_each_other_and_come_after_what_they_lead_to(
    ahead: dict[int, list[int]],
) -> None:
    groups = components(ahead)
    assert sorted(node for group in groups for node in group) == [*NODES]
    place = {node: number for number, group in enumerate(groups) for node in group}
    far = {node: {node, *reached([node], ahead.__getitem__)} for node in NODES}
    for one in NODES:
        assert all(place[each] <= place[one] for each in ahead[one])
        for other in NODES:
            assert (place[one] == place[other]) == (one in far[other] and other in far[one])


def test_a_long_line_needs_no_long_stack() -> None:
    ahead = {node: [node + 1] for node in range(50_000)} | {50_000: [0]}
    assert len(components(ahead)) == 1
    assert len(reached([0], ahead.__getitem__)) == 50_001
