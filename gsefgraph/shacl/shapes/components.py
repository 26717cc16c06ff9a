"""The constraint components of SHACL (sections 4 and 5), one line each: all that is asked of them.

What is legal, which shapes a shape leads to, what a change can break, what a report says: all of
these read this table. How a component is evaluated stands with the evaluators.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode

from gsefgraph.rdf.digraph import components, reached
from gsefgraph.shacl.result import MOST
from gsefgraph.shacl.shapes.model import (
    Constraint,
    Custom,
    Model,
    Pattern,
    Qualified,
    Shape,
    Sparql,
    Target,
)
from gsefgraph.terms import SH, Term

Ways: TypeAlias = Counter[frozenset[Target] | str]
"""How a shape is reached, each way with how often: by the targets of one shape, which take a node
once, or from the value nodes of a shape."""
Reads = OneOf["term", "text", "order", "classes", "statements", "property", "anything"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A property of shapes that SHACL gives a meaning.

    Attributes:
        name: local name, ``minCount``.
        form: what its values are, a key of `legality.FORMS`.
        several: whether each value is a constraint of its own; a shape has one value else.
        path: whether only property shapes may have it.
        list: whether the value is a list of such nodes.
    """

    name: str
    form: str
    several: bool = False
    path: bool = False
    list: bool = False


@dataclass(frozen=True, slots=True)
class Component:
    """A constraint component.

    Attributes:
        kind: local name without its ending, ``MinCount``.
        parameter: each of whose values makes a constraint.
        others: parameters that go with it.
        more, fewer: whether value nodes that come, or go, can bring a result.
        counts: whether it is their number that is wrong.
        reads: what it looks at, of each value node: the term itself, its text, its place in an
            order, the classes it is of, what is stated on it; or another property of the focus
            node; or what a query says.
        signs: whether value nodes that come to break (1), or to meet (-1), one of its shapes can
            bring a result; empty where it has no shapes.
    """

    kind: str
    parameter: Parameter
    others: tuple[Parameter, ...] = ()
    more: bool = True
    fewer: bool = False
    counts: bool = False
    reads: Reads = "term"
    signs: tuple[int, ...] = ()

    @property
    def iri(self) -> str:
        """Full IRI."""
        return f"{SH}{self.kind}ConstraintComponent"


_QUALIFIED = (
    Parameter("qualifiedValueShape", "shape", path=True),
    Parameter("qualifiedValueShapesDisjoint", "boolean"),
)


def _count(kind: str, name: str, *, least: bool, qualified: bool = False) -> Component:
    """A lower or an upper bound of the number of value nodes, or of those that meet a shape."""
    return Component(
        kind,
        Parameter(name, "integer", path=not qualified),
        _QUALIFIED if qualified else (),
        more=not least,
        fewer=least,
        counts=True,
        signs=(1 if least else -1,) if qualified else (),
    )


def _pair(kind: str, name: str, *, path: bool = False, fewer: bool = False) -> Component:
    """Two properties compared."""
    parameter = Parameter(name, "iri", several=True, path=path)
    return Component(kind, parameter, fewer=fewer, reads="property")


def _shapes(kind: str, name: str, *signs: int, many: bool = False) -> Component:
    """Value nodes judged by other shapes."""
    return Component(kind, Parameter(name, "shape", several=True, list=many), signs=signs)


# In the order in which a shape's constraints are read.
COMPONENTS: Mapping[str, Component] = {
    component.kind: component
    for component in (
        _count("MinCount", "minCount", least=True),
        _count("MaxCount", "maxCount", least=False),
        Component("MinLength", Parameter("minLength", "integer"), reads="text"),
        Component("MaxLength", Parameter("maxLength", "integer"), reads="text"),
        Component("Class", Parameter("class", "iri", several=True), reads="classes"),
        Component("Datatype", Parameter("datatype", "iri")),
        Component("NodeKind", Parameter("nodeKind", "nodeKind")),
        Component("MinExclusive", Parameter("minExclusive", "literal"), reads="order"),
        Component("MinInclusive", Parameter("minInclusive", "literal"), reads="order"),
        Component("MaxExclusive", Parameter("maxExclusive", "literal"), reads="order"),
        Component("MaxInclusive", Parameter("maxInclusive", "literal"), reads="order"),
        Component(
            "Pattern", Parameter("pattern", "string"), (Parameter("flags", "string"),), reads="text"
        ),
        Component("LanguageIn", Parameter("languageIn", "string", list=True)),
        Component("UniqueLang", Parameter("uniqueLang", "boolean", path=True)),
        _pair("Equals", "equals", fewer=True),
        _pair("Disjoint", "disjoint"),
        _pair("LessThan", "lessThan", path=True),
        _pair("LessThanOrEquals", "lessThanOrEquals", path=True),
        _shapes("Not", "not", -1),
        _shapes("Node", "node", 1),
        _shapes("Property", "property", 1),
        _shapes("And", "and", 1, many=True),
        _shapes("Or", "or", 1, many=True),
        _shapes("Xone", "xone", 1, -1, many=True),
        _count("QualifiedMinCount", "qualifiedMinCount", least=True, qualified=True),
        _count("QualifiedMaxCount", "qualifiedMaxCount", least=False, qualified=True),
        Component(
            "Closed",
            Parameter("closed", "boolean"),
            (Parameter("ignoredProperties", "iri", list=True),),
            reads="statements",
        ),
        Component("HasValue", Parameter("hasValue", "node", several=True), more=False, fewer=True),
        Component("In", Parameter("in", "node", list=True)),
        Component(
            "SPARQL",
            Parameter("sparql", "sparql", several=True),
            fewer=True,
            reads="anything",
        ),
    )
}
# A component that the shapes graph declares itself: nothing is known of it.
CUSTOM = Component("Custom", Parameter("", "node", several=True), fewer=True, reads="anything")

PARAMETERS: Mapping[str, Parameter] = {
    parameter.name: parameter
    for component in COMPONENTS.values()
    for parameter in (component.parameter, *component.others)
}
_SHAPES = [parameter for parameter in PARAMETERS.values() if parameter.form == "shape"]
NESTED = tuple(parameter.name for parameter in _SHAPES if not parameter.list)
LISTED = tuple(parameter.name for parameter in _SHAPES if parameter.list)


def of(constraint: Constraint) -> Component:
    """The component of a constraint.

    >>> of(Constraint("MaxCount", 1)).more, of(Constraint("MaxCount", 1)).fewer
    (True, False)
    """
    return COMPONENTS.get(constraint.kind, CUSTOM)


def inner(constraint: Constraint) -> tuple[str, ...]:
    """Ids of the shapes that a constraint asks about value nodes.

    >>> inner(Constraint("Or", ("urn:a", "urn:b"))), inner(Constraint("MinCount", 1))
    (('urn:a', 'urn:b'), ())
    """
    value = constraint.value
    if isinstance(value, Qualified):
        return (value.shape, *value.siblings)
    if not of(constraint).signs:
        return ()
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)


def properties(shape: Shape) -> tuple[str, ...]:
    """Ids of its property shapes (sh:property)."""
    return tuple(str(c.value) for c in shape.constraints if c.kind == "Property")


def signed(constraint: Constraint) -> Iterator[tuple[str, int]]:
    """The same ids with the component's signs; those of sibling shapes are the opposite.

    >>> list(signed(Constraint("Not", "urn:a")))
    [('urn:a', -1)]
    """
    for number, shape in enumerate(inner(constraint)):
        sibling = number > 0 and isinstance(constraint.value, Qualified)
        for sign in of(constraint).signs:
            yield shape, -sign if sibling else sign


def tells(constraint: Constraint) -> str | None:
    """What tells constraints of one component on one shape apart, as in `result.Result`."""
    value = constraint.value
    if isinstance(value, Qualified):
        return value.shape
    if isinstance(value, Sparql):
        return value.id
    if isinstance(value, Custom):
        return " ".join(str(term) for _, term in value.parameters)
    if of(constraint).signs:
        return " ".join(inner(constraint))
    return str(value) if of(constraint).parameter.several else None


def parameters(constraint: Constraint) -> Iterator[tuple[str, Term]]:
    """The parameters of a constraint and their values, members of lists, as terms.

    Names are local; those of components that the shapes graph declares are full IRIs.

    >>> list(parameters(Constraint("NodeKind", "IRI")))
    [('nodeKind', <NamedNode value=http://www.w3.org/ns/shacl#IRI>)]
    """
    value, parameter = constraint.value, of(constraint).parameter
    if isinstance(value, Custom):
        yield from value.parameters
    elif isinstance(value, Pattern):
        yield parameter.name, Literal(value.text)
        if value.flags:
            yield "flags", Literal(value.flags)
    elif isinstance(value, Qualified):
        yield parameter.name, Literal(value.count)
        yield "qualifiedValueShape", NamedNode(value.shape)
    elif isinstance(value, Sparql):
        yield parameter.name, NamedNode(value.id)
    elif isinstance(value, frozenset):
        yield parameter.name, Literal(True)
    else:
        for each in value if isinstance(value, tuple) else (value,):
            yield parameter.name, _term(parameter.form, each)


def values(shape: Shape, name: str) -> list[Term]:
    """Values of a parameter on a shape, members of lists, each once.

    >>> shape = Shape("a:s", constraints=(Constraint("In", (Literal(1), Literal(2))),))
    >>> [value.value for value in values(shape, "in")]
    ['1', '2']
    """
    every = (pair for constraint in shape.constraints for pair in parameters(constraint))
    return list(dict.fromkeys(value for local, value in every if local == name))


def _term(form: str, value: int | str | Term) -> Term:
    if isinstance(value, int):
        return Literal(value)
    if not isinstance(value, str):
        return value
    if form == "string":
        return Literal(value)
    return NamedNode(f"{SH}{value}" if form == "nodeKind" else value)


def cycles(model: Model) -> dict[str, frozenset[str]]:
    """For each shape that comes back to itself, all shapes of its cycles.

    >>> from gsefgraph.shacl.shapes.model import Constraint, Shape
    >>> cycles(Model({"a:s": Shape("a:s", constraints=(Constraint("Node", "a:s"),))}))
    {'a:s': frozenset({'a:s'})}
    """
    ahead = _nested(model)
    found: dict[str, frozenset[str]] = {}
    for group in components({shape: near & ahead.keys() for shape, near in ahead.items()}):
        if len(group) > 1 or group[0] in ahead[group[0]]:
            found |= dict.fromkeys(group, frozenset(group))
    return found


def nested(model: Model, starts: Iterable[str]) -> set[str]:
    """All shapes that some refer to, themselves where they come back to themselves.

    >>> from gsefgraph.shacl.shapes.model import Constraint, Shape
    >>> nested(Model({"a:s": Shape("a:s", constraints=(Constraint("Node", "a:t"),))}), ["a:s"])
    {'a:t'}
    """
    ahead = _nested(model)
    return {*reached(starts, lambda shape: ahead.get(shape, ()))}


def handing(model: Model) -> list[tuple[tuple[str, ...], bool]]:
    """The shapes of a model as sh:property leads from one to the next, outer ones first.

    Returns:
        The ids of shapes that lead to each other, and whether they do: others stand alone. How
        often a shape in such a circle is reached has no bound, so its results count once.

    >>> from gsefgraph.shacl.shapes.model import Constraint, Shape
    >>> outer = Shape("a:s", constraints=(Constraint("Property", "a:t"),))
    >>> handing(Model({"a:t": Shape("a:t"), "a:s": outer}))
    [(('a:s',), False), (('a:t',), False)]
    """
    ahead = {
        shape.id: tuple(each for each in properties(shape) if each in model.shapes)
        for shape in model.shapes.values()
    }
    return [
        (group, len(group) > 1 or group[0] in ahead[group[0]])
        for group in reversed(components(ahead))
    ]


def ways(model: Model) -> dict[str, Ways]:
    """How each shape that is evaluated is reached; not there are shapes of a circle, whose results
    count once.

    >>> ways(Model({}))
    {}
    """
    found: dict[str, Ways] = {}
    for root in model.roots:
        found[root.id] = Counter({frozenset(root.targets): 1})
    for group, circle in handing(model):
        for name in group if found.keys() & group else ():
            shape = model.shapes[name]
            own: Ways = Counter({name: 1})
            if shape.path is None and not circle:
                own = found.get(name, Counter())
            for child in properties(shape):
                if child in model.shapes:
                    known = found.setdefault(child, Counter())
                    for way, times in own.items():
                        known[way] = min(MOST, known[way] + times)
        if circle:
            for name in group:
                found.pop(name, None)
    return found


def several(reached: Mapping[frozenset[Target] | str, int]) -> bool:
    """Whether a shape that is reached in some ways may be so with a node more than once.

    >>> several({frozenset(): 1}), several({frozenset(): 2}), several({"a:s": 1}), several({})
    (False, True, True, False)
    """
    return sum(reached.values()) > 1 or any(isinstance(way, str) for way in reached)


def _nested(model: Model) -> dict[str, set[str]]:
    """The shapes that each shape refers to."""
    return {s.id: {t for c in s.constraints for t in inner(c)} for s in model.shapes.values()}
