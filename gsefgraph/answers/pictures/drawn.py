"""Drawn: the picture of an answer, by what the header of its query says of it.

What a picture needs and the rows do not say is looked up: where a place is and what its country is,
and whether those around one thing are joined among themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import Literal, NamedNode

from gsefgraph.answers import net
from gsefgraph.answers.pictures.bars import Bars, Counted, Number
from gsefgraph.answers.pictures.map import Map, Placed
from gsefgraph.answers.pictures.network import Network
from gsefgraph.answers.pictures.period import parts
from gsefgraph.answers.pictures.places import sites
from gsefgraph.answers.pictures.timeline import Dated, Timeline
from gsefgraph.answers.rows import is_number, python
from gsefgraph.engine.base import Engine
from gsefgraph.terms import FOREIGN, GSEF, Value
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.answers.answer import Answer
    from gsefgraph.queries.header import Picture

Drawn: TypeAlias = "Timeline | Bars | Map | Network"

_ACRONYM, _TOGETHER, _END = (
    NamedNode(f"{GSEF}{name}") for name in ("acronym", "collaboratedWith", "endDate")
)


def draw(answer: Answer, picture: Picture) -> Drawn:
    """The picture of an answer.

    Of a timeline, a row without dates takes those of the whole that it is part of, where columns
    named ``whole_`` and the name of the other have them; a column ``whole`` names that whole, whose
    end is looked up.

    Parameters:
        answer: rows.
        picture: its kind, and which column holds what.

    >>> from gsefgraph.answers.answer import Answer
    >>> from gsefgraph.queries.header import Picture
    >>> rows = ((Literal("Quito"), Literal(3)), (Literal("Seoul"), Literal(1)))
    >>> asked = Picture("bars", {"thing": "place", "value": "n"})
    >>> drawn = draw(Answer(("place", "n"), rows), asked)
    >>> [(bar.label, bar.width) for bar in drawn.rows]
    [('Quito', 100.0), ('Seoul', 33.33)]
    """
    makers: Mapping[str, Callable[[Answer, Picture], Drawn]] = {
        "timeline": _timeline,
        "bars": _bars,
        "map": _map,
        "network": _network,
    }
    return replace(makers[picture.kind](answer, picture), said=answer.sentence)


def _timeline(answer: Answer, picture: Picture) -> Timeline:
    columns = dict(picture.columns)
    columns |= {f"whole_{end}": f"whole_{columns.get(end)}" for end in ("start", "end")}
    columns["whole"] = "whole"
    items = []
    ends = _ends(answer, columns)
    for cells in _cells(answer, columns):
        start, end = _date(cells["start"]), _date(cells.get("end"))
        if start and "end" not in picture.columns:
            end = ends.get(_iri(cells["thing"]))
        borrowed = not (start or end)
        if borrowed:
            start, end = _date(cells["whole_start"]), _date(cells["whole_end"])
            end = end or (ends.get(_iri(cells["whole"])) if start else None)
        items.append(
            Dated(
                _iri(cells["thing"]),
                answer.text_of(cells["thing"]),
                start,
                end,
                borrowed and bool(start or end),
                _iri(cells["whole"]),
            )
        )
    return Timeline.of(items, lang=answer.lang, title=answer.title)


def _ends(answer: Answer, columns: Mapping[str, str]) -> dict[str, Value]:
    """When the things and the wholes end whose start alone is a column."""
    rows = list(_cells(answer, columns))
    begun = {cells["whole"] for cells in rows if cells["whole_start"]}
    if "end" not in columns:
        begun |= {cells["thing"] for cells in rows if cells["start"]}
    patterns = [(node, _END, None) for node in begun if isinstance(node, NamedNode)]
    found: dict[str, Value] = {}
    for quad in answer.engine.lookup(patterns) if answer.engine is not None and patterns else ():
        iri = _iri(quad.subject)
        found[iri] = min(found.get(iri, quad.object), quad.object, key=str)
    return found


def _bars(answer: Answer, picture: Picture) -> Bars:
    items = []
    for cells in _cells(answer, picture.columns):
        thing = cells["thing"]
        value = _number(cells["value"]) if "value" in cells else 1
        part, iri, label = answer.text_of(cells.get("part")), _iri(thing), answer.text_of(thing)
        code = iri.removeprefix(FOREIGN["sdg"])
        if code not in ("", iri):  # goals and targets go by number and name
            label = say("question.goal", code=code, name=label).text(answer.lang)
        items.append(Counted(iri, label, value, part))
    return Bars.of(items, lang=answer.lang, title=answer.title)


def _map(answer: Answer, picture: Picture) -> Map:
    rows = list(_cells(answer, picture.columns))
    things = dict.fromkeys(row["thing"] for row in rows if isinstance(row["thing"], NamedNode))
    nodes = [thing for thing in things if isinstance(thing, NamedNode)]
    where = sites(answer.engine, nodes) if answer.engine is not None else {}
    iris = {iri for site in where.values() for iri in (site.place, site.land) if iri}
    names = answer.labels(sorted(iris), answer.lang) if answer.labels and iris else {}
    items = []
    for row in rows:
        thing = row["thing"]
        if not isinstance(thing, NamedNode):
            continue
        site, label = where.get(thing.value), answer.text_of(thing)
        lat, long = row.get("lat"), row.get("long")
        if lat is not None and long is not None and is_number(lat) and is_number(long):
            spot = float(_number(lat)), float(_number(long))
        elif site is not None and site.lat is not None and site.long is not None:
            spot = site.lat, site.long
        else:
            items.append(Placed(thing.value, label))
            continue
        place = site.place if site and site.place else thing.value
        told = () if place == thing.value else (label,)
        if row.get("value") is not None:
            colon = say("word.colon").text(answer.lang)
            head, value = answer.head(picture.columns["value"]), answer.text_of(row["value"])
            told = (*told, f"{head}{colon} {value}")
        land = site.land if site else ""
        named = names.get(place, label)
        items.append(Placed(place, named, *spot, land, names.get(land, ""), told))
    return Map.of(items, lang=answer.lang, title=answer.title)


def _network(answer: Answer, _: Picture) -> Network:
    made = net.of_answer(answer)
    centre, short = net.centre(answer), ""
    if centre and answer.engine is not None:
        made = around(made, centre, answer.engine)
        short = _acronym(centre, answer.lang, answer.engine)
    return Network.of(made, centre=centre, short=short, lang=answer.lang, title=answer.title)


def around(made: net.Net, centre: str, engine: Engine) -> net.Net:
    """A net of organisations with what joins those around the centre among themselves.

    >>> from gsefgraph.graph.graph import Graph
    >>> graph = Graph.open()
    >>> names = ("GSEF", "INAES", "Comité Organisateur Local du GSEF2021")
    >>> iris = [graph.resolver.resolve(name).value for name in names]
    >>> made = net.Net(tuple(net.Node(iri, iri) for iri in iris), ())
    >>> len(around(made, iris[0], graph.engine).ties)
    1
    """
    others = [NamedNode(node.iri) for node in made.nodes if node.iri and node.id != centre]
    known = {node.value for node in others}
    between = {
        (min(a, b), max(a, b))
        for quad in engine.lookup([(node, _TOGETHER, None) for node in others])
        for a, b in [(_iri(quad.subject), _iri(quad.object))]
        if a in known and b in known and a != b
    }
    ties = tuple(net.Tie(a, b) for a, b in sorted(between))
    return net.Net(made.nodes, made.ties + ties, made.directed)


def _acronym(iri: str, lang: str, engine: Engine) -> str:
    found: dict[str, str] = {}
    for quad in engine.lookup([(NamedNode(iri), _ACRONYM, None)]):
        if isinstance(quad.object, Literal):
            tag = quad.object.language or ""
            found[tag] = min(found.get(tag, quad.object.value), quad.object.value)
    return next((found[tag] for tag in (lang, "en", "fr", "es", "") if tag in found), "")


def _cells(answer: Answer, columns: Mapping[str, str]) -> Iterator[dict[str, Value | None]]:
    """Each row by the part that its cells play; what the answer has no column for is None."""
    index = {part: answer.columns.index(c) for part, c in columns.items() if c in answer.columns}
    for row in answer.rows:
        cells = {part: row[index[part]] if part in index else None for part in columns}
        if cells.get("thing") is not None:
            yield cells


def _date(term: Value | None) -> Value | None:
    return term if parts(term) else None


def _number(term: Value | None) -> Number:
    return python(term) if term is not None and is_number(term) else 0  # type: ignore[return-value]


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""
