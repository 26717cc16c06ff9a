"""Pictures: where marks stand, what they say, and the file of SVG that is made of them."""

from __future__ import annotations

import json
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from gsefgraph.answers.answer import Answer
from gsefgraph.answers.pictures import world
from gsefgraph.answers.pictures.bars import Bars, Counted
from gsefgraph.answers.pictures.map import Map, Placed, apart
from gsefgraph.answers.pictures.network import Net, Network, Node, Tie
from gsefgraph.answers.pictures.timeline import Dated, Timeline
from gsefgraph.docs import land
from gsefgraph.graph.graph import Graph
from gsefgraph.queries.header import Picture
from gsefgraph.terms import XSD
from gsefgraph.wording import LANGUAGES
from tests.golden import PICTURES, drawn, examples, picture_file

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with Graph.open(lang="fr") as opened:
        yield opened


def dated(text: str) -> Literal:
    kind = {4: "gYear", 7: "gYearMonth", 10: "date"}[len(text)]
    return Literal(text, datatype=NamedNode(f"{XSD}{kind}"))


def words(svg: str) -> list[str]:
    return [text.text or "" for text in ET.fromstring(svg).iter(f"{SVG}text")]


# ------------------------------------------------------------------------------------ shipped


@pytest.mark.parametrize(("name", "lang"), PICTURES)
def test_pictures_are_as_kept(name: str, lang: str, graph: Graph) -> None:
    assert drawn(graph, name, lang) == picture_file(name, lang).read_text("utf-8")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_query_with_a_picture_draws_its_example(lang: str, graph: Graph) -> None:
    for name, query in graph.catalogue.items():
        if query.picture is None:
            continue
        answer = graph.query(name, examples(query), lang=lang)
        assert isinstance(answer, Answer)
        picture = answer.picture()
        assert picture is not None
        assert picture.kind == query.picture.kind
        assert len(picture) > 0, name
        assert picture.svg == answer.picture().svg  # type: ignore[union-attr]
        root = ET.fromstring(picture.svg)
        assert root.findtext(f"{SVG}title") == query.title[lang], name
        assert answer.sentence
        assert answer.sentence in " ".join(words(picture.svg)), name
        assert re.search(r"\w", root.findtext(f"{SVG}desc") or ""), name
        assert not [e for e in root.iter() if "style" in e.attrib or "id" in e.attrib]
        assert {e.get("href", "https:")[:6] for e in root.iter(f"{SVG}a")} <= {"https:", "http:/"}


def test_the_numbers_of_the_marks_are_those_of_the_list(graph: Graph) -> None:
    for name in ("places-of-events", "collaboration-network", "organisation-partners"):
        query = graph.catalogue[name]
        picture = graph.query(name, examples(query)).picture()  # type: ignore[union-attr]
        items = picture.dots if isinstance(picture, Map) else picture.spots  # type: ignore[union-attr]
        told = words(picture.svg)  # type: ignore[union-attr]
        for item in items:
            if item.number:
                assert told.count(str(item.number)) == 2, name  # on the picture, and in the list


def test_an_answer_without_a_picture_has_none(graph: Graph) -> None:
    assert graph.query("is-member", agent="GSEF", organisation="CEPES").picture() is None  # type: ignore[union-attr]
    assert graph.query("SELECT ?s { ?s ?p ?o } LIMIT 1").picture() is None  # type: ignore[union-attr]


# ---------------------------------------------------------------------------------- timeline


def test_days_are_solid_years_and_months_are_boxes_around_the_time() -> None:
    found = Timeline.of(
        [
            Dated("urn:y", "Y", dated("2017")),
            Dated("urn:d", "D", dated("2016-12-31"), dated("2017-01-02")),
            Dated("urn:m", "M", dated("2016-02")),
            Dated("urn:n", "N"),
        ],
        lang="fr",
    )
    assert [(row.label, row.exact, row.when) for row in found.rows] == [
        ("M", False, "févr. 2016"),
        ("D", True, "31 déc. 2016 – 2 janv. 2017"),
        ("Y", False, "2017"),
    ]
    assert [row.number for row in found.rows] == [1, 2, 3]
    assert [item.label for item in found.undated] == ["N"]
    days = 366 + 365
    month, day, year = found.rows
    assert (month.x, month.width) == (round(31 * 100 / days, 2), round(29 * 100 / days, 2))
    assert (day.x, day.width) == (round(365 * 100 / days, 2), round(3 * 100 / days, 2))
    assert year.x + year.width == pytest.approx(100, abs=0.01)
    assert [(tick.x, tick.label) for tick in found.ticks] == [(0, "2016"), (50.07, "2017")]
    assert found.svg.count('stroke-dasharray="3 3"') == 2
    assert "Sans date (1)\u202f: N" in words(found.svg)


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        ("2019", "2019", ["Jan. 2019", "April 2019", "July 2019", "Oct. 2019"]),
        ("2001", "2010", [str(year) for year in range(2001, 2011)]),
        ("2001", "2012", ["2002", "2004", "2006", "2008", "2010", "2012"]),
        ("1900", "2019", ["1900", "1920", "1940", "1960", "1980", "2000"]),
        ("0001", "9999", [str(year) for year in range(1000, 10000, 1000)]),
    ],
)
def test_the_axis_has_a_few_round_years(first: str, last: str, labels: list[str]) -> None:
    found = Timeline.of([Dated("urn:a", "A", dated(first)), Dated("urn:b", "B", dated(last))])
    assert [tick.label for tick in found.ticks][: len(labels)] == labels
    assert len(found.ticks) <= 11
    assert found.svg


def test_beyond_sixty_rows_a_bar_stands_for_each_year() -> None:
    items = [Dated(f"urn:{n}", str(n), dated(str(2000 + n % 3 * 2))) for n in range(61)]
    found = Timeline.of(items)
    assert (found.rows, len(found)) == ((), 61)
    assert found.years is not None
    assert [(bar.label, bar.value) for bar in found.years.rows] == [
        ("2000", 21), ("2001", 0), ("2002", 20), ("2003", 0), ("2004", 20),
    ]  # fmt: skip
    assert found.years.zeros == ()
    assert Timeline.of(items[:60]).years is None
    old = Timeline.of([*items, Dated("urn:old", "Old", dated("1500"))]).years
    assert old is not None
    assert [bar.label for bar in old.rows][:2] == ["1500–1509", "1510–1519"]


def test_what_is_no_date_is_undated() -> None:
    odd = [Literal("2019"), Literal("-0044", datatype=dated("2019").datatype),
           Literal("2019-02-30", datatype=dated("2019-02-28").datatype)]  # fmt: skip
    found = Timeline.of([Dated(f"urn:{n}", str(n), term) for n, term in enumerate(odd)])
    assert len(found.undated) == 3
    assert found.svg


def test_a_part_takes_the_date_of_its_whole_and_stands_under_it(graph: Graph) -> None:
    columns = {"thing": "event", "start": "start", "end": "end"}
    events = [NamedNode(f"urn:{n}") for n in "abc"]
    start = dated("2019-06-25")
    answer = Answer(
        ("event", "start", "end", "whole", "whole_start"),
        (
            (events[0], start, None, None, None),
            (events[1], None, None, events[0], start),
            (events[2], None, None, None, None),
        ),
        asked=replace(graph.catalogue["events-between"], picture=Picture("timeline", columns)),
    )
    picture = answer.picture()
    assert isinstance(picture, Timeline)
    assert [(row.iri, row.borrowed, row.inside) for row in picture.rows] == [
        ("urn:a", False, False), ("urn:b", True, True),
    ]  # fmt: skip
    assert "(date of the whole)" in words(picture.svg)
    assert [item.iri for item in picture.undated] == ["urn:c"]


def test_the_end_of_the_whole_is_looked_up(graph: Graph) -> None:
    picture = graph.query("organisation-events", organisation="GSEF").picture()  # type: ignore[union-attr]
    assert isinstance(picture, Timeline)
    borrowed = [row.when for row in picture.rows if row.borrowed]
    assert borrowed == ["9–18 juil. 2018", "25–26 juin 2019"]


# -------------------------------------------------------------------------------------- bars


def test_bars_are_summed_and_parted_and_zeros_stand_apart() -> None:
    found = Bars.of(
        [Counted("urn:a", "A", 3, "x"), Counted("urn:b", "B", 0), Counted("urn:a", "A", 1, "y"),
         Counted("urn:c", "C", 1), Counted("urn:d", "D", -2)],
    )  # fmt: skip
    assert [(bar.label, bar.words, bar.width) for bar in found.rows] == [
        ("A", "4", 100), ("C", "1", 25), ("D", "-2", 0),
    ]  # fmt: skip
    assert [(part.label, part.x, part.width) for part in found.rows[0].parts] == [
        ("x", 0, 75), ("y", 75, 25),
    ]  # fmt: skip
    assert [bar.label for bar in found.zeros] == ["B"]
    assert "None (1): B" in words(found.svg)
    assert "x 3 · y 1" in words(found.svg)


def test_of_many_a_file_shows_some_and_says_how_many_there_are() -> None:
    many = Bars.of([Counted("", f"B{n}", n + 1) for n in range(103)])
    assert "3 more are in the table" in words(many.svg)
    assert "B100" not in words(many.svg)
    names = [Dated("", f"U{n}") for n in range(50)]
    told = " ".join(words(Timeline.of([*names, Dated("", "D", dated("2019"))]).svg))
    assert "Undated (50): U0, U1," in told
    assert told.endswith("U39, …")


def test_of_nothing_there_is_nothing_to_draw() -> None:
    bars = Bars.of([]), Bars.of([Counted("", "A", 0)])
    times = Timeline.of([]), Timeline.of([Dated("", "A")])
    for picture in (*bars, *times, Map.of([]), Network.of(Net((), ()))):
        assert len(picture) == 0
        assert "Nothing to draw." in words(picture.svg)


# --------------------------------------------------------------------------------------- map


def test_a_dot_is_where_its_place_is() -> None:
    assert world.place(0, 0)[0] == world.WIDE / 2
    assert world.place(0, -180)[0] == 0
    assert world.place(0, 180)[0] == world.WIDE
    north, south = world.place(60, 10), world.place(-33.9, 18.4)
    assert 0 < north[1] < south[1] < world.HIGH
    assert world.place(-90, 0)[1] == world.HIGH  # as far south as the map goes


spots = st.lists(
    st.tuples(st.floats(-90, 90), st.floats(-180, 180)).map(list), min_size=1, max_size=12
)


@given(spots)
def test_dots_do_not_lie_on_each_other(places: list[list[float]]) -> None:
    found = Map.of([Placed(f"urn:{n}", str(n), *place) for n, place in enumerate(places)])
    dots = [(dot.x, dot.y) for dot in found.dots]
    for i, one in enumerate(dots):
        assert 0 <= one[0] <= world.WIDE
        assert 0 <= one[1] <= world.HIGH
        for other in dots[:i]:
            assert math.dist(one, other) >= 24


def test_dots_that_are_apart_stay_where_they_are() -> None:
    where = [[100.0, 100.0], [130.0, 100.0], [400.0, 200.0]]
    apart(where, world.WIDE, world.HIGH)
    assert where == [[100.0, 100.0], [130.0, 100.0], [400.0, 200.0]]


def test_one_place_has_one_dot_and_what_is_nowhere_is_listed() -> None:
    found = Map.of(
        [Placed("urn:q", "Quito", 0, -78, "urn:e", "Ecuador", ("A",)), Placed("urn:x", "X"),
         Placed("urn:q", "Quito", 0, -78, "urn:e", "Ecuador", ("B",))],
    )  # fmt: skip
    assert [(dot.label, dot.things, dot.count) for dot in found.dots] == [("Quito", ("A", "B"), 1)]
    assert [place.label for place in found.unplaced] == ["X"]
    assert "Without coordinates (1): X" in words(found.svg)
    assert "Permission to use, copy, modify" in found.svg  # the licence goes with the land


def test_beyond_forty_places_countries_are_counted() -> None:
    places = [
        Placed(
            f"urn:{n}", str(n), n % 7 * 10 - 30, n * 8 - 160, f"urn:land{n % 3}", f"Land {n % 3}"
        )
        for n in range(41)
    ]
    found = Map.of(places)
    assert found.by_country
    assert [(dot.label, dot.count) for dot in found.dots] == [
        ("Land 0", 14), ("Land 1", 14), ("Land 2", 13),
    ]  # fmt: skip
    assert "41 places, counted by country" in words(found.svg)
    assert not Map.of(places[:40]).by_country
    alone = [replace(place, land="", country="") for place in places]
    assert (len(Map.of(alone).dots), Map.of(alone).left_out) == (40, 1)


def test_the_coordinates_of_events_are_those_of_their_places(graph: Graph) -> None:
    answer = graph.query("events-between")
    assert isinstance(answer, Answer)
    columns = {"thing": "event"}
    asked = replace(graph.catalogue["events-between"], picture=Picture("map", columns))
    found = replace(answer, asked=asked).picture()
    assert isinstance(found, Map)
    first = found.dots[0]
    assert (first.label, first.country, first.things) == ("Quito", "Équateur", ("Habitat III",))
    assert len(found.unplaced) > 0
    assert len(replace(answer, asked=asked, engine=None).picture()) == 0  # type: ignore[arg-type]


def test_the_land_is_made_again_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    square = [[0, 0], [10, 0], [0, 10], [-10, 0], [0, -10]]
    across = [[170, -20], [20, 0], [0, 5], [-20, 0], [0, -5]]
    south = [[0, -80], [20, 0], [0, 5], [-20, 0], [0, -5]]
    topology = {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [square, across, south],
        "objects": {"land": {"geometries": [{"arcs": [[[0]], [[1]], [[2]]]}]}},
    }
    (tmp_path / "land-110m.json").write_text(json.dumps(topology))
    (tmp_path / "LICENSE").write_text("Copyright\n")
    monkeypatch.setattr(land, "SYMBOL", tmp_path / "land.svg")
    land.main(str(tmp_path))
    text = (tmp_path / "land.svg").read_text("utf-8")
    assert text.startswith("<!--\nCopyright\n-->\n")
    # One square, two halves of what lies across the meridian, and nothing of the south.
    assert len(re.findall(r"M[\d.]+ [\d.]+l", text)) == 3
    assert 'viewBox="0 0 720 312"' in text
    xs = [float(x) for x in re.findall(r"M([\d.]+) ", text)]
    assert min(xs) < 100
    assert max(xs) > 600


def test_the_shipped_land_is_small_and_within_the_map() -> None:
    path, _ = world.land()
    assert len(path) < 32_000
    for ring in path.split("z")[:-1]:
        x, y = map(float, re.findall(r"-?[\d.]+", ring.partition("l")[0]))
        assert 0 <= x <= world.WIDE
        assert 0 <= y <= world.HIGH


# ----------------------------------------------------------------------------------- network


def wheel(count: int) -> Net:
    nodes = tuple(Node(f"urn:{n}", f"N{n}") for n in range(count))
    ties = tuple(Tie("urn:0", f"urn:{n}", n) for n in range(1, count))
    return Net(nodes, ties, directed=False)


def test_around_one_the_others_stand_in_their_order_from_the_top_clockwise() -> None:
    net = wheel(5)
    net = Net(net.nodes, (*net.ties, Tie("urn:1", "urn:3")))
    found = Network.of(net, centre="urn:0", short="N")
    assert [spot.number for spot in found.spots] == [0, 1, 2, 3, 4]
    assert found.centre == found.spots[0]
    centre, top, right, bottom, left = ((spot.x, spot.y) for spot in found.spots)
    assert top[1] < centre[1] < bottom[1]
    assert left[0] < centre[0] < right[0]
    assert [(line.source, line.target) for line in found.lines if line.between] == [(1, 3)]
    assert found.svg.count('stroke-dasharray="4 4"') == 1
    assert found.svg == Network.of(net, centre="urn:0", short="N").svg


@pytest.mark.parametrize("count", [2, 3, 4, 6, 7, 12])
def test_what_joins_others_passes_beside_the_one_in_the_middle(count: int) -> None:
    net = wheel(count + 1)
    ties = tuple(Tie(f"urn:{n}", f"urn:{m}") for n in range(1, count + 1) for m in range(n))
    found = Network.of(Net(net.nodes, ties), centre="urn:0")
    middle = found.spots[0]
    between = [line for line in found.lines if line.between]
    assert between
    for line in between:
        x, y = line.bend or ((line.x1 + line.x2) / 2, (line.y1 + line.y2) / 2)
        across, down = (line.x1 + 2 * x + line.x2) / 4, (line.y1 + 2 * y + line.y2) / 4
        assert math.dist((across, down), (middle.x, middle.y)) > 40, line
    assert found.svg.count("<path") == sum(line.bend is not None for line in between)


def test_two_around_one_stand_at_its_sides() -> None:
    middle, left, right = Network.of(wheel(3), centre="urn:0").spots
    assert left.x < middle.x < right.x
    assert left.y == middle.y == right.y


def test_the_whole_is_laid_out_by_its_steps_and_those_that_share_most_come_first() -> None:
    chain = Net(
        tuple(Node(f"urn:{n}", str(n)) for n in range(4)),
        tuple(Tie(f"urn:{n}", f"urn:{n + 1}", n + 1) for n in range(3)),
    )
    found = Network.of(chain)
    assert [spot.id for spot in found.spots] == ["urn:2", "urn:1", "urn:3", "urn:0"]
    where = {spot.id: (spot.x, spot.y) for spot in found.spots}
    near = math.dist(where["urn:0"], where["urn:1"])
    assert math.dist(where["urn:0"], where["urn:3"]) > 2 * near
    assert all(0 <= x <= found.width and 0 <= y <= found.height for x, y in where.values())
    assert [line.width for line in found.lines] == [1, 2.5, 4]
    assert "The thicker a line, the more is shared." in words(found.svg)


def test_beyond_forty_nodes_those_that_share_most_are_drawn() -> None:
    found = Network.of(wheel(43))
    assert (len(found.spots), found.left_out) == (40, 3)
    assert {"urn:1", "urn:2", "urn:3"}.isdisjoint({spot.id for spot in found.spots})
    assert any("3 more are left out" in text for text in words(found.svg))
    around = Network.of(wheel(42), centre="urn:0")
    assert (len(around.spots), around.left_out) == (41, 1)


def test_what_is_joined_with_nothing_is_drawn_too() -> None:
    assert Network.of(Net((), ())).svg
    alone = Network.of(Net((Node("urn:a", "A"), Node("urn:b", "B")), ()))
    assert len({(spot.x, spot.y) for spot in alone.spots}) == 2


# --------------------------------------------------------------------------------------- svg


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_things_are_called_the_file_is_xml(one: str, other: str) -> None:
    for picture in (
        Timeline.of(
            [Dated("javascript:alert(1)", one, dated("2019")), Dated("", other)], title=one
        ),
        Bars.of([Counted(f"https://e.org/{other}", one, 1), Counted("", other, 0)], title=other),
        Map.of([Placed("urn:a", one, 1, 1, things=(other,)), Placed("urn:b", other)], title=one),
        Network.of(Net((Node("urn:a", one), Node("urn:b", other)), ()), centre="urn:a"),
    ):
        root = ET.fromstring(picture.svg)
        assert [e.get("href") for e in root.iter(f"{SVG}a") if e.get("href")[:4] != "http"] == []
        assert not list(root.iter(f"{SVG}script"))


def test_no_word_is_cut(graph: Graph) -> None:
    long = "Groupe de travail inter-institutions des Nations Unies sur l’économie sociale"
    found = Bars.of([Counted("", long, 1)])
    assert long in " ".join(words(found.svg))
