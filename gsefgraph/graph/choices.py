"""Choices: the values that a parameter of a stored query can have in a graph, and what each gives.

>>> from gsefgraph.graph.graph import Graph
>>> graph = Graph.open()
>>> query = graph.catalogue["events-by-goal"]
>>> all_goals = values(graph, query.parameter("goal"), "fr")
>>> len(all_goals), all_goals[3].value, all_goals[3].label, all_goals[3].count
(17, '4', '4. Éducation de qualité', None)
>>> found = counted(graph, query, query.parameter("goal"), {}, "en") or ()
>>> [(one.value, one.label, one.count) for one in found if one.count][0]
('4', '4. Quality education', 1)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from pyoxigraph import NamedNode

from gsefgraph.answers.sentence import counted as number_of
from gsefgraph.engine.base import Row, Solutions, rows
from gsefgraph.errors import EngineError
from gsefgraph.queries.binding import bind, for_each
from gsefgraph.queries.parameters import BoundTerm
from gsefgraph.sparql.prologue import missing
from gsefgraph.terms import RDFS, SKOS, fold

if TYPE_CHECKING:
    from gsefgraph.graph.graph import Graph
    from gsefgraph.queries.catalogue import Parameter, StoredQuery

LISTED: Final = 40
"""Values beyond which a list is too long to choose from."""
SECONDS: Final = 0.2
"""How long the counts of one parameter may take where somebody waits."""
_MOST: Final = 2_000  # values that are read at all
_TRIED: Final = 3  # times that they may take longer


# What takes too long goes on in its thread, since nothing stops a query: it is not begun again and
# again.
_slow: WeakKeyDictionary[Graph, Counter[tuple[str, str]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a parameter.

    Attributes:
        value: as a person or an address writes it; term: what it is bound to.
        label: what it is called.
        count: what the answer's sentence counts for it; None where that is not known.
    """

    value: str
    term: BoundTerm
    label: str
    count: int | None = None


def values(graph: Graph, parameter: Parameter, lang: str) -> tuple[Choice, ...]:
    """The values that a parameter can have: its own choices, else the things of its class or
    scheme, by name, and goals by number; none where any value will do, or there are too many.
    """
    if parameter.choices:
        terms = [
            (one, parameter.term(one, graph.names, graph.resolver)) for one in parameter.choices
        ]
        return tuple(Choice(one, term, _label(graph, term, lang)) for one, term in terms)
    pattern = ""
    if parameter.kind:
        pattern += f"?thing a/<{RDFS}subClassOf>* {NamedNode(parameter.kind)} . "
    if parameter.scheme:
        pattern += f"?thing <{SKOS}inScheme> {NamedNode(parameter.scheme)} . "
    if not pattern:
        return ()
    text = f"SELECT DISTINCT ?thing WHERE {{ {pattern}}} LIMIT {_MOST + 1}"
    things = [term for (term,) in rows(graph.engine, text) if isinstance(term, NamedNode)]
    if len(things) > _MOST:
        return ()
    made = []
    for thing in things:
        label, code = _label(graph, thing, lang), graph.names.goal_code(thing.value)
        if parameter.type == "goal" and code:
            made.append(Choice(code, thing, f"{code}. {label}"))
        else:
            made.append(Choice(graph.names.compact(thing.value), thing, label))
    return tuple(sorted(made, key=_order))


def counted(
    graph: Graph,
    query: StoredQuery,
    parameter: Parameter,
    terms: Mapping[str, BoundTerm],
    lang: str,
    *,
    seconds: float = SECONDS,
) -> tuple[Choice, ...]:
    """The values of a parameter, and for each what the query counts with it.

    Parameters:
        query: asked for all values at once, see `queries.binding.for_each`.
        terms: what its other parameters are bound to.
        lang: of names.
        seconds: that the counts may take. Where they take longer, cannot be had at once, or where
            there are more values than a person chooses from, there are none.
    """
    found = values(graph, parameter, lang)
    slow = _slow.setdefault(graph, Counter())
    asked = query.name, parameter.name
    if query.form != "select" or not 0 < len(found) <= LISTED or slow[asked] >= _TRIED:
        return found
    bound = bind(query.text, {name: terms[name] for name in terms if name != parameter.name})
    text = for_each(bound, parameter.name, [choice.term for choice in found])
    if text is None:
        return found
    try:
        before = missing(text, graph.names.prefixes)
        result = graph.engine.query(before + text, timeout=seconds)
    except EngineError:
        slow[asked] += 1
        return found
    if not isinstance(result, Solutions):
        return found
    place = result.variables.index(parameter.name)
    rows_of: dict[object, list[Row]] = {}
    for row in result.rows:
        rows_of.setdefault(row[place], []).append(row)
    return tuple(
        replace(choice, count=number_of(query, result.variables, rows_of.get(choice.term, ())))
        for choice in found
    )


def _label(graph: Graph, term: BoundTerm, lang: str) -> str:
    return graph.resolver.label(term, lang) if isinstance(term, NamedNode) else term.value


def _order(choice: Choice) -> tuple[int, str, str]:
    number = int(choice.value) if choice.value.isdigit() else 0
    return number, fold(choice.label), choice.value
