from __future__ import annotations

from gsefgraph.docs import journeys


def test_the_journeys_are_fresh() -> None:
    page = journeys.PAGE.read_text("utf-8")
    part = page.partition(journeys.START)[2].partition(journeys.END)[0]
    assert part.strip() == journeys.render().strip(), "run python -m gsefgraph.docs.journeys"
