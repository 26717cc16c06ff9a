"""Net: nodes, and ties between them, as an answer has them; and the files that Gephi opens.

GraphML (http://graphml.graphdrawing.org/specification.html) and GEXF 1.3 (https://gexf.net) are
written here: networkx, which reads them in the tests, puts the day of writing into GEXF.

>>> ties = (Tie("urn:a", "urn:b", 2, "knows"),)
>>> net = Net((Node("urn:a", "A", "Thing"), Node("urn:b", "B")), ties)
>>> b'<edge id="e0" source="n0" target="n1">' in to_graphml(net)
True
>>> b'<edge id="0" source="0" target="1" weight="2" label="knows"/>' in to_gexf(net)
True
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.answers.rows import is_number, python
from gsefgraph.answers.solutions import escape
from gsefgraph.errors import UsageError
from gsefgraph.terms import RDF, RDFS, SKOS, Names, Value
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.answers.answer import Answer, Labels


@dataclass(frozen=True, slots=True)
class Node:
    """A thing: what it is known by here, its IRI or a literal as N-Triples writes it; its name, and
    the name of its kind where that is known."""

    id: str
    label: str
    kind: str = ""

    @property
    def iri(self) -> str:
        """The IRI; empty for a literal."""
        return "" if self.id.startswith(('"', "_:")) else self.id


@dataclass(frozen=True, slots=True)
class Tie:
    """What joins two nodes, by their ids: how much they share, and what it is called."""

    source: str
    target: str
    weight: float = 1.0
    label: str = ""


@dataclass(frozen=True, slots=True)
class Net:
    """Nodes and ties, in the order in which an answer names them.

    Attributes:
        directed: whether a tie leads from its source to its target, or joins both alike.
    """

    nodes: tuple[Node, ...]
    ties: tuple[Tie, ...]
    directed: bool = True


def of_answer(answer: Answer) -> Net:
    """The net of a SELECT: two columns of IRIs that a table shows, or three, of which the middle
    one says what joins the others; or the columns that the picture of a network is made of.

    The weight of a tie is the sum of the one column of numbers, where there is just one, else how
    many rows there are of it. What joins things in a picture joins both alike.

    Errors:
        UsageError: other columns than these.

    >>> from gsefgraph.answers.answer import Answer
    >>> a, b = NamedNode("urn:a"), NamedNode("urn:b")
    >>> of_answer(Answer(("x", "y", "n"), ((a, b, Literal(2)), (a, b, Literal(1))))).ties
    (Tie(source='urn:a', target='urn:b', weight=3, label=''),)
    """
    picture, middle = _picture(answer), centre(answer)
    if picture is None:
        shown = [i for i, name in enumerate(answer.columns) if name not in answer.hidden]
        ends = [i for i in shown if any(isinstance(row[i], NamedNode) for row in answer.rows)]
        numbers = [i for i in shown if _counts([row[i] for row in answer.rows])]
        if answer.boolean is not None or (answer.rows and len(ends) not in (2, 3)):
            raise UsageError(
                say("net.columns", names=[answer.columns[i] for i in ends] or "0"),
                hint=say("net.two-columns"),
            )
    else:
        ends = [answer.columns.index(picture[p]) for p in ("one", "other") if p in picture]
        numbers = [answer.columns.index(picture["weight"])] if "weight" in picture else []
    weights: dict[tuple[Value, Value, str], float] = {}
    for row in answer.rows:
        found = [row[i] for i in ends]
        source, target = NamedNode(middle) if middle else found[0], found[-1]
        if source is None or target is None:
            continue
        label = answer.text_of(found[1]) if len(ends) == 3 else ""
        weight = _number(row[numbers[0]]) if len(numbers) == 1 else 1
        key = (source, target, label)
        weights[key] = weights.get(key, 0) + weight
    terms = dict.fromkeys(term for source, target, _ in weights for term in (source, target))
    kinds = _kinds(answer, [term.value for term in terms if isinstance(term, NamedNode)])
    return Net(
        tuple(Node(_id(term), answer.text_of(term), kinds.get(_id(term), "")) for term in terms),
        tuple(Tie(_id(s), _id(t), weight, label) for (s, t, label), weight in weights.items()),
        picture is None,
    )


def centre(answer: Answer) -> str | None:
    """The IRI of the one that all hangs together with, as the header of a query names it.

    >>> from gsefgraph.answers.answer import Answer
    >>> from gsefgraph.queries.catalogue import parse
    >>> query = parse(
    ...     "#+ summary: Who knows one\\n#+ parameters: {one: {type: iri}}\\n"
    ...     "#+ picture: {network: other, centre: one}\\nSELECT ?other { ?other ?knows $one }",
    ...     "known.rq", Names())
    >>> centre(Answer((), (), asked=query, values={"one": NamedNode("urn:a")}))
    'urn:a'
    """
    name = (_picture(answer) or {}).get("centre")
    term = answer.values.get(name) if name else None
    return term.value if isinstance(term, NamedNode) else None


def _picture(answer: Answer) -> Mapping[str, str] | None:
    """Which column plays which part in the picture of a network."""
    picture = answer.asked.picture if answer.asked else None
    return picture.columns if picture is not None and picture.kind == "network" else None


def _kinds(answer: Answer, iris: list[str]) -> dict[str, str]:
    """The names of the classes of things."""
    kinds = answer.kinds(iris) if answer.kinds and iris else {}
    classes = sorted({kind.value for kind in kinds.values()})
    names = answer.labels(classes, answer.lang) if answer.labels and classes else {}
    return {iri: names.get(kind.value, kind.value) for iri, kind in kinds.items()}


def _id(term: Value) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)


def of_triples(
    triples: Iterable[Triple], names: Names, lang: str = "en", labels: Labels | None = None
) -> Net:
    """The net of triples: a tie for each that joins two IRIs, called by the name of its property;
    names and kinds of nodes are those that the triples say.

    Parameters:
        triples: of which those that are neither a class nor a name join things.
        names: prefixes, for what has no name.
        lang: of names.
        labels: names IRIs that the triples do not name.

    >>> a, b, p = (NamedNode(f"urn:{name}") for name in "abp")
    >>> of_triples([Triple(a, p, b), Triple(a, NamedNode(SKOS + "prefLabel"), Literal("A"))],
    ...     Names()).nodes
    (Node(id='urn:a', label='A', kind=''), Node(id='urn:b', label='urn:b', kind=''))
    """
    told: dict[str, dict[str, str]] = {}
    kinds: dict[str, str] = {}
    ties: set[tuple[str, str, str]] = set()
    for triple in triples:
        if not isinstance(triple.subject, NamedNode):
            continue
        subject, predicate, value = triple.subject.value, triple.predicate.value, triple.object
        if predicate == f"{RDF}type" and isinstance(value, NamedNode):
            kinds[subject] = min(kinds.get(subject, value.value), value.value)
        elif isinstance(value, NamedNode):
            ties.add((subject, value.value, predicate))
        elif predicate in (f"{SKOS}prefLabel", f"{RDFS}label") and isinstance(value, Literal):
            held = told.setdefault(subject, {})
            language = value.language or ""
            held[language] = min(held.get(language, value.value), value.value)
    iris = {*kinds, *told, *(end for source, target, _ in ties for end in (source, target))}
    others = sorted({*iris, *kinds.values(), *(predicate for _, _, predicate in ties)})
    named = labels(others, lang) if labels else {}

    def name(iri: str) -> str:
        known = told.get(iri, {})
        tags = [tag for tag in (lang, "fr", "en", "es", "", *sorted(known)) if tag in known]
        compact = names.compact(iri).strip("<>")
        return known[tags[0]] if tags else named.get(iri, compact)

    return Net(
        tuple(
            Node(iri, name(iri), name(kinds[iri]) if iri in kinds else "") for iri in sorted(iris)
        ),
        tuple(Tie(source, target, 1, name(link)) for source, target, link in sorted(ties)),
    )


def to_graphml(net: Net) -> bytes:
    """GraphML: nodes with label, kind and IRI, edges with weight and label.

    Errors:
        UsageError: a text that XML cannot hold.
    """
    number = {node.id: index for index, node in enumerate(net.nodes)}
    keys = [
        ("label", "node", "string"),
        ("kind", "node", "string"),
        ("iri", "node", "string"),
        ("weight", "edge", "double"),
        ("name", "edge", "string"),
    ]
    # Gephi names an edge by the attribute "Edge Label", which networkx writes too.
    called = {"name": "Edge Label"}
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        *(
            f'<key id="{key}" for="{of}" attr.name="{called.get(key, key)}" attr.type="{kind}"/>'
            for key, of, kind in keys
        ),
        f'<graph edgedefault="{"directed" if net.directed else "undirected"}">',
    ]
    for index, node in enumerate(net.nodes):
        values = {"label": node.label, "kind": node.kind, "iri": node.iri}
        lines.append(f'<node id="n{index}">{_data(values)}</node>')
    for index, tie in enumerate(net.ties):
        ends = f'source="n{number[tie.source]}" target="n{number[tie.target]}"'
        values = {"weight": _weight(tie.weight), "name": tie.label}
        lines.append(f'<edge id="e{index}" {ends}>{_data(values)}</edge>')
    return "\n".join([*lines, "</graph>", "</graphml>", ""]).encode()


def to_gexf(net: Net) -> bytes:
    """GEXF 1.3: nodes with label, kind and IRI, edges with weight and label.

    Errors:
        UsageError: a text that XML cannot hold.
    """
    number = {node.id: index for index, node in enumerate(net.nodes)}
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<gexf xmlns="http://gexf.net/1.3" version="1.3">',
        f'<graph defaultedgetype="{"directed" if net.directed else "undirected"}" mode="static">',
        '<attributes class="node" mode="static">',
        '<attribute id="kind" title="kind" type="string"/>',
        '<attribute id="iri" title="iri" type="string"/>',
        "</attributes>",
        "<nodes>",
    ]
    for index, node in enumerate(net.nodes):
        values = {"kind": node.kind, "iri": node.iri}
        told = "".join(
            f'<attvalue for="{key}" value="{escape(value)}"/>'
            for key, value in values.items()
            if value
        )
        label = escape(node.label)
        lines.append(f'<node id="{index}" label="{label}"><attvalues>{told}</attvalues></node>')
    lines += ["</nodes>", "<edges>"]
    for index, tie in enumerate(net.ties):
        ends = f'source="{number[tie.source]}" target="{number[tie.target]}"'
        label = f' label="{escape(tie.label)}"' if tie.label else ""
        lines.append(f'<edge id="{index}" {ends} weight="{_weight(tie.weight)}"{label}/>')
    return "\n".join([*lines, "</edges>", "</graph>", "</gexf>", ""]).encode()


def _data(values: Mapping[str, str]) -> str:
    return "".join(
        f'<data key="{key}">{escape(value)}</data>' for key, value in values.items() if value
    )


def _counts(column: Iterable[object]) -> bool:
    bound = [term for term in column if term is not None]
    return bool(bound) and all(is_number(term) for term in bound)  # type: ignore[arg-type]


def _number(term: Value | None) -> float:
    if term is None or not is_number(term):
        return 0
    value = python(term)
    return value if isinstance(value, int) else float(value)  # type: ignore[arg-type]


def _weight(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)
