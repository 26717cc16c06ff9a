"""What pySHACL judges, in its own process, on just the nodes concerned.

Components that a shapes graph declares itself (SHACL, section 6), and queries that pre-binding
forbids to ask about several nodes at once. pySHACL gets the one shape, with the nodes as its
targets, and the data.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from gsefgraph.engine.small import Small
from gsefgraph.shacl.query.facts import Node
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.graph import Shapes
from gsefgraph.shacl.shapes.model import Custom, Shape
from gsefgraph.shacl.sparql import process
from gsefgraph.sparql import parsing
from gsefgraph.sparql.path import Path
from gsefgraph.sparql.terminals import tokens
from gsefgraph.terms import OWL, RDF, RDFS, SH, XSD

_SHAPE = NamedNode("urn:gsefgraph:asked:shape")
_QUERY = NamedNode("urn:gsefgraph:asked:query")
_TARGETS = frozenset(
    f"{SH}{name}"
    for name in ("target", "targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf")
)
# What a shape keeps beside the parameters of the component that is judged.
_OWN = frozenset(
    {f"{SH}{name}" for name in ("severity", "message", "name", "order", "group")}
    | {f"{RDFS}label", f"{RDFS}comment"}
)


def violations(
    shapes: Shapes,
    root: Shape,
    focus: Sequence[Node],
    triples: Collection[Triple],
    *,
    component: Custom | None = None,
    timeout: float | None = None,
) -> list[Result]:
    """The results of the components that a shapes graph declares itself, on one shape.

    Parameters:
        shapes: the shapes graph, with the components.
        root: the shape that has them.
        focus: the nodes to judge, of any kind.
        triples: the data.
        component: only this one; all on the shape without it.
        timeout: seconds; None is no limit.

    Returns:
        in the order of their text.

    Errors:
        InputError: pySHACL refuses the shapes. QueryTimeout, EngineError.
    """
    wanted = [c.value for c in root.constraints if isinstance(c.value, Custom)]
    if component is not None:
        wanted = [component]
    if not wanted or not focus:
        return []
    asked = [c for c in wanted if root.path is not None and _is_ask(shapes, c.component)]
    found = _judged(shapes, root, [c for c in wanted if c not in asked], focus, triples, timeout)
    if asked and root.path is not None:
        # pySHACL leaves out the value that an ASK is false of, unless it is the focus node.
        pairs = _pairs(root.path, focus, triples)
        nodes = list(dict.fromkeys(value for _, value in pairs))
        wrong = _judged(shapes, replace(root, path=None), asked, nodes, triples, timeout)
        found += [
            replace(result, focus=node, value=value, path=root.path)
            for result in wrong
            for node, value in pairs
            if value == result.focus
        ]
    return sorted(found, key=lambda result: str(result.identity))


def _judged(
    shapes: Shapes,
    root: Shape,
    wanted: Sequence[Custom],
    focus: Sequence[Node],
    triples: Collection[Triple],
    timeout: float | None,
) -> list[Result]:
    if not wanted or not focus:
        return []
    names = {custom.component for custom in wanted}
    kept = _OWN | {iri for custom in wanted for iri, _ in custom.parameters}
    if root.path is not None:
        kept = kept | {f"{SH}path"}
    name = NamedNode(root.id)
    kind = "NodeShape" if root.path is None else "PropertyShape"
    reduced = [t for t in _without_targets(shapes) if _stays(t, root, kept)]
    reduced.append(Triple(name, NamedNode(f"{RDF}type"), NamedNode(f"{SH}{kind}")))
    reduced += [Triple(name, NamedNode(f"{SH}targetNode"), node) for node in focus]
    found = _run(reduced, triples, timeout)
    tagged = _tags(triples, focus)
    return [
        _result(item, root, tagged)
        for item in found
        if item["shape"][1] == root.id and item["component"][1] in names
    ]


def _pairs(
    path: Path, focus: Sequence[Node], triples: Collection[Triple]
) -> list[tuple[Node, Node]]:
    """Each focus node with each of its value nodes."""
    small = Small(triples)
    spelled = path.text(lambda iri: f"<{iri}>")
    choice = small.mark(focus, "this")
    _, rows = small.select(f"SELECT DISTINCT ?this ?value {{ {choice} ?this {spelled} ?value }}")
    return [(node, value) for node, value in rows if node is not None and value is not None]


def _is_ask(shapes: Shapes, component: str) -> bool:
    """Whether property shapes are judged by an ASK that does not look at the focus node."""
    if shapes.values(component, "propertyValidator"):
        return False
    texts = [
        text.value
        for node in shapes.values(component, "validator")
        for text in shapes.describe(node).get(f"{SH}ask", ())
    ]
    names = {t.value[1:] for text in texts for t in tokens(text) if t.kind == "variable"}
    return bool(texts) and "this" not in names


def solutions(
    select: str,
    focus: Sequence[Node],
    triples: Collection[Triple],
    *,
    shapes: Iterable[Triple] = (),
    shape: str | None = None,
    timeout: float | None = None,
) -> tuple[tuple[str, ...], list[tuple[Node | None, ...]]]:
    """The solutions of a SELECT for each of some nodes, one after the other.

    Parameters:
        select: legal for pre-binding, prefixes declared.
        focus: the nodes.
        triples: the data.
        shapes, shape: the shapes graph and the IRI of the shape, for `$shapesGraph` and
            `$currentShape`.

    Returns:
        the variables, ``this`` first, and the rows.

    Errors:
        InputError, QueryTimeout, EngineError.
    """
    query = parsing.select(select)
    names = ["this", *(name for name in _names(query) if name != "this")]
    root = NamedNode(shape) if shape else _SHAPE
    text = Literal(select)
    made = [
        Triple(root, NamedNode(f"{RDF}type"), NamedNode(f"{SH}NodeShape")),
        Triple(root, NamedNode(f"{SH}sparql"), _QUERY),
        Triple(_QUERY, NamedNode(f"{SH}select"), text),
        *(Triple(root, NamedNode(f"{SH}targetNode"), node) for node in focus),
    ]
    # Of the shapes only what the query may ask about: nothing else is judged.
    made += [t for t in shapes if not t.predicate.value.startswith(SH)]
    tagged = _tags(triples, focus)
    rows: list[tuple[Node | None, ...]] = []
    for item in _run(made, triples, timeout):
        bound = {name: _term(term, tagged) for name, term in item["bound"].items()}
        bound["this"] = _term(item["focus"], tagged)
        rows.append(tuple(bound.get(name) for name in names))
    return tuple(names), rows


def _names(query: Any) -> tuple[str, ...]:
    while not hasattr(query, "distinct"):
        (query,) = query.parts
    return tuple(query.names)


def _without_targets(shapes: Shapes) -> Iterable[Triple]:
    judged = {t.subject for t in shapes.triples if t.predicate.value.startswith(SH)}
    for triple in shapes.triples:
        name = triple.predicate.value
        if name in _TARGETS or name == f"{OWL}imports":
            continue
        implicit = name == f"{RDF}type" and triple.object == NamedNode(f"{RDFS}Class")
        if not (implicit and triple.subject in judged):
            yield triple


def _stays(triple: Triple, root: Shape, kept: Collection[str]) -> bool:
    """Whether a statement is not one on the root shape that makes other results."""
    return triple.subject != NamedNode(root.id) or triple.predicate.value in kept


def _run(
    shapes: Iterable[Triple], triples: Iterable[Triple], timeout: float | None
) -> list[dict[str, Any]]:
    texts = {
        "shapes": process.lines(shapes, named=True),
        "data": process.lines(triples, named=True),
    }
    (found,) = process.validate(texts, [process.Run("shapes", ["data"])], timeout=timeout)
    return found


def _tags(triples: Iterable[Triple], focus: Iterable[Node]) -> Mapping[Literal, Literal]:
    """Strings with a language, by the form that rdflib gives them: their tag in lower case."""
    held = [*(triple.object for triple in triples), *focus]
    return {
        Literal(value.value, language=value.language.lower()): value
        for value in held
        if isinstance(value, Literal) and value.language is not None
    }


def _result(item: Mapping[str, Any], root: Shape, tagged: Mapping[Literal, Literal]) -> Result:
    focus = _term(item["focus"], tagged)
    path = _term(item["path"], tagged)
    assert focus is not None  # noqa: S101 - every result has a focus node (SHACL, 3.6.2.1)
    bound = {name: _term(term, tagged) for name, term in item["bound"].items()}
    return Result(
        root.id,
        item["component"][1],
        root.severity,
        focus,
        Path.of(path.value) if isinstance(path, NamedNode) and root.path is None else root.path,
        _term(item["value"], tagged),
        bound={name: term for name, term in bound.items() if term is not None},
    )


def _term(item: Sequence[str] | None, tagged: Mapping[Literal, Literal]) -> Node | None:
    if item is None:
        return None
    if item[0] == "blank":
        return BlankNode(item[1])
    if item[0] == "iri":
        if item[1].startswith(process.BLANK):
            return BlankNode(item[1].removeprefix(process.BLANK))
        return NamedNode(item[1])
    _, form, datatype, language = item
    if language:
        literal = Literal(form, language=language)
    else:
        literal = Literal(form, datatype=NamedNode(datatype or f"{XSD}string"))
    return tagged.get(literal, literal)
