"""Small graphs and shapes graphs of every constraint component, nested, as hypothesis builds them.

Few names and few values, so that they meet: a handful of nodes, predicates, classes and literals.
`PLAIN` literals are those that pySHACL reads as XML Schema does; `ODD` ones are the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from gsefgraph.terms import RDF, RDFS, SH, XSD

Node: TypeAlias = NamedNode | BlankNode
Term: TypeAlias = NamedNode | BlankNode | Literal
Kin: TypeAlias = Callable[[Literal], bool]
Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]

EX = "https://example.org/"
NODES: tuple[Node, ...] = (
    *(NamedNode(f"{EX}n{i}") for i in range(3)), BlankNode("b0"), BlankNode("b1")
)  # fmt: skip
PREDICATES = tuple(NamedNode(f"{EX}p{i}") for i in range(3))
CLASSES = tuple(NamedNode(f"{EX}C{i}") for i in range(3))
TYPE, SUBCLASS = NamedNode(f"{RDF}type"), NamedNode(f"{RDFS}subClassOf")
FIRST, REST, NIL = (NamedNode(f"{RDF}{name}") for name in ("first", "rest", "nil"))


def typed(form: str, name: str) -> Literal:
    """A literal of a datatype of XML Schema, by its local name."""
    return Literal(form, datatype=NamedNode(XSD + name))


PLAIN: tuple[Literal, ...] = (
    Literal(""), Literal("a"), Literal("ab"), Literal("Abc"), Literal("é"), Literal("2"),
    Literal("a", language="en"), Literal("ab", language="en"), Literal("a", language="en-gb"),
    Literal("a", language="fr"), Literal("é", language="fr"), Literal("b", language="en"),
    typed("1", "integer"), typed("2", "integer"), typed("10", "integer"), typed("-1", "integer"),
    typed("2", "int"), typed("2", "byte"), typed("2", "nonNegativeInteger"),
    typed("1.5", "decimal"), typed("2.0", "decimal"), typed("2", "decimal"),
    typed("1.5", "double"), typed("2", "double"), typed("2", "float"), typed("-1E1", "double"),
    typed("true", "boolean"), typed("false", "boolean"),
    typed("2019-06-25", "date"), typed("2020-02-29", "date"),
    typed("2019-06-25T09:30:00", "dateTime"), typed("2019-06-25T09:30:00Z", "dateTime"),
    typed("2019-06-25T09:30:00+02:00", "dateTime"),
    typed("09:30:00", "time"), typed("2019", "gYear"), typed("2019-06", "gYearMonth"),
    typed("https://example.org/", "anyURI"), typed("0FB7", "hexBinary"),
    typed("x", "integer"), typed("", "integer"), typed("1.5", "integer"), typed("300", "byte"),
    typed("yes", "boolean"), typed("2019-02-30", "date"), typed("x", "dateTime"),
    Literal("a", datatype=NamedNode(f"{EX}own")),
)  # fmt: skip
ODD: tuple[Literal, ...] = (
    Literal("\U0001f600"), Literal("\uff12"), Literal("a\nb"), Literal(" a"), Literal("a.b"),
    Literal("a", language="EN"), Literal("a", language="de-ch-1901"),
    typed("007", "integer"), typed("+1", "integer"), typed("-0", "integer"), typed("2 ", "integer"),
    typed("1\uff12", "integer"), typed("9" * 40, "integer"), typed("-" + "9" * 40, "integer"),
    typed("9007199254740993", "integer"), typed("9007199254740992", "double"),
    typed("9007199254740992", "integer"), typed("0", "positiveInteger"),
    typed("1.50", "decimal"), typed("0.1", "decimal"), typed("0.1", "double"),
    typed("0.1", "float"), typed("1.", "decimal"), typed(".5", "decimal"), typed("1e0", "decimal"),
    typed("1" + "0" * 30 + ".5", "decimal"), typed("0." + "0" * 30 + "1", "decimal"),
    typed("INF", "double"), typed("-INF", "double"), typed("NaN", "double"), typed("INF", "float"),
    typed("+INF", "double"), typed("inf", "double"), typed("1e400", "double"),
    typed("-0", "double"),
    typed("1", "boolean"), typed("0", "boolean"), typed("TRUE", "boolean"),
    typed("2019-06-25Z", "date"), typed("2019-6-25", "date"), typed("2019-06-25+14:00", "date"),
    typed("-0044-03-15", "date"),
    typed("12019-06-25", "date"), typed("2019-06-24", "date"), typed("2019-06-26", "date"),
    typed("2019-06-25T24:00:00", "dateTime"), typed("2019-06-26T00:00:00", "dateTime"),
    typed("2019-06-25T23:59:60", "dateTime"), typed("2019-06-25T09:30:00.5Z", "dateTime"),
    typed("2019-06-25T09:30:00.123456789Z", "dateTime"), typed("2019-06-25T09:30Z", "dateTime"),
    typed("2019-06-26T09:30:00", "dateTime"), typed("2019-06-25T09:30:00Z", "dateTimeStamp"),
    typed("2019-06-25T09:30:00", "dateTimeStamp"),
    typed("24:00:00", "time"), typed("09:30:00Z", "time"), typed("9:30:00", "time"),
    typed("19", "gYear"), typed("2019Z", "gYear"), typed("02019", "gYear"), typed("-2019", "gYear"),
    typed("2019-13", "gYearMonth"), typed("--06-25", "gMonthDay"), typed("---25", "gDay"),
    typed("--06", "gMonth"), typed("P1Y", "duration"), typed("P12M", "duration"),
    typed("P1D", "dayTimeDuration"), typed("P1Y", "yearMonthDuration"), typed("P", "duration"),
    typed("0fb7", "hexBinary"), typed("0F B7", "hexBinary"), typed("R1NF", "base64Binary"),
    typed("a b", "anyURI"), typed("fr_FR", "language"), typed("a  b", "token"),
    typed("a\tb", "normalizedString"), typed("1a", "NCName"),
    Literal("<p", datatype=NamedNode(f"{RDF}HTML")),
)  # fmt: skip

_NUMBERS = ("integer", "int", "byte", "nonNegativeInteger", "decimal", "double", "float")


def _of_numbers(literal: Literal) -> bool:
    return literal.datatype.value.removeprefix(XSD) in _NUMBERS


def _of_dates(literal: Literal) -> bool:
    return "date" in literal.datatype.value


def _of_texts(literal: Literal) -> bool:
    return literal.language is not None or literal.datatype.value == f"{XSD}string"


def _of_languages(literal: Literal) -> bool:
    return literal.language is not None


_KIN: tuple[Kin | None, ...] = (None, None, None, _of_numbers, _of_dates, _of_texts)
# Components that say little of most literals, and those of which they say something.
_TELLING: dict[str, tuple[Kin | None, ...]] = {
    "uniqueLang": (_of_languages,),
    "languageIn": (None, _of_texts),
    "range": (None, _of_numbers, _of_dates),
    "lessThan": (None, _of_numbers, _of_dates),
    "lessThanOrEquals": (None, _of_numbers, _of_dates),
}
_DATATYPES = tuple(
    NamedNode(iri)
    for iri in dict.fromkeys(
        [*(literal.datatype.value for literal in PLAIN), f"{RDF}langString", f"{XSD}decimal"]
    )
)
DATATYPES = tuple(dict.fromkeys([*_DATATYPES, *(literal.datatype for literal in ODD)]))
PATTERNS = ("a", "^a", "b$", "^[a-z]+$", "2|é", "^.{2}$", "[^a]", "^$", "0{2}", r"\d", r"^\w*$")
_KINDS = ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
_RANGES = ("en", "en-GB", "fr", "EN", "de")
_SEVERITIES = ("Violation", "Warning", "Info")

_SELECTS = (
    "SELECT $this ?value WHERE {{ $this <{0}> ?value . FILTER (isLiteral(?value)) }}",
    "SELECT $this WHERE {{ $this <{0}> ?a . FILTER NOT EXISTS {{ $this <{1}> ?b }} }}",
    "SELECT $this ?value WHERE {{ ?value <{0}> $this }}",
    "SELECT $this (<{0}> AS ?path) ?value WHERE {{ $this <{0}> ?value . $this <{1}> ?other }}",
    "SELECT $this ?value WHERE {{ {{ $this <{0}> ?value }} UNION {{ $this <{1}> ?value }} }}",
    "SELECT DISTINCT $this WHERE {{ $this <{0}>/<{1}> ?value FILTER (isIRI(?value)) }}",
)


@st.composite
def graphs(
    draw: Draw, *, odd: bool = False, kin: Kin | None = None
) -> tuple[list[Triple], tuple[Literal, ...]]:
    """A small graph, and the literals that shapes for it may mention.

    Parameters:
        odd: with literals that pySHACL reads in a way of its own.
        kin: which literals may be in it, so that they can be compared.
    """
    literals = PLAIN + ODD if odd else PLAIN
    if kin is not None:
        literals = tuple(literal for literal in literals if kin(literal))
    pool = draw(st.lists(st.sampled_from(literals), min_size=2, max_size=6, unique=True))
    node = st.sampled_from(NODES)
    tagged = kin is _of_languages
    values: tuple[Term, ...] = pool if tagged else (*NODES[1:4], *CLASSES[:1], *pool, *pool)
    value = st.sampled_from(values)
    fact = st.tuples(node, st.sampled_from(PREDICATES), value)
    kind = st.tuples(node, st.just(TYPE), st.sampled_from(CLASSES))
    under = st.tuples(st.sampled_from(CLASSES), st.just(SUBCLASS), st.sampled_from(CLASSES))
    several = st.tuples(
        node, st.sampled_from(PREDICATES), st.lists(value, min_size=2, max_size=3, unique=True)
    )
    rows = draw(st.lists(st.one_of(fact, fact, fact, kind, under), min_size=3, max_size=14))
    for subject, predicate, objects in draw(st.lists(several, min_size=2 * tagged, max_size=3)):
        rows += [(subject, predicate, one) for one in objects]
    return [Triple(*row) for row in dict.fromkeys(rows)], tuple(pool)


@st.composite
def cases(
    draw: Draw,
    *,
    odd: bool = False,
    recursive: bool = False,
    sparql: bool = True,
    kind: str | None = None,
) -> tuple[list[Triple], list[Triple]]:
    """A data graph and a shapes graph for it.

    Parameters:
        odd: with literals that pySHACL reads in a way of its own.
        recursive: shapes may refer to each other in circles, through sh:property, sh:node, sh:and,
            sh:or and sh:qualifiedMinCount.
        sparql: with SPARQL-based constraints.
        kind: one of `KINDS` that the first shape must have; any where None.
    """
    kinds = [
        kind for kind in KINDS
        if (sparql or kind != "sparql") and (not recursive or kind not in ("not", "xone"))
    ]  # fmt: skip
    kind = kind or draw(st.sampled_from(kinds))
    kin = draw(st.sampled_from(_TELLING.get(kind, _KIN)))
    data, pool = draw(graphs(odd=odd, kin=kin))
    writer = _Writer(draw, pool, odd=odd, recursive=recursive, sparql=sparql)
    writer.root(0, kind)
    for number in range(1, draw(st.integers(1, 3))):
        writer.root(number)
    return data, list(dict.fromkeys(writer.triples))


_BOTH = (
    "class", "datatype", "nodeKind", "range", "length", "pattern", "languageIn", "equals",
    "disjoint", "hasValue", "in", "closed", "sparql",
)  # fmt: skip
_OF_PROPERTIES = (
    "counts", "counts", "uniqueLang", "uniqueLang", "lessThan", "lessThan", "lessThanOrEquals",
    "lessThanOrEquals", "qualified", "qualified",
)  # fmt: skip
_NESTED = ("property", "property", "node", "not", "and", "or", "xone")
KINDS = tuple(dict.fromkeys((*_BOTH, *_OF_PROPERTIES, *_NESTED)))


class _Writer:
    """Writes shapes as triples."""

    def __init__(
        self, draw: Draw, pool: Sequence[Literal], *, odd: bool, recursive: bool, sparql: bool
    ) -> None:
        self.draw = draw
        self.pool = tuple(pool)
        self.datatypes = DATATYPES if odd else _DATATYPES
        self.triples: list[Triple] = []
        self.recursive = recursive
        self.sparql = sparql
        self.made = 0
        # Shapes that later ones may refer to, and whether they have a path; in circles, all of
        # them from the start.
        self.known: dict[Node, bool] = {}
        if recursive:
            self.known = {NamedNode(f"{EX}S{i}"): self.chance(35) for i in range(1, 3)}

    def say(self, subject: Node, local: str, value: Term) -> None:
        self.triples.append(Triple(subject, NamedNode(SH + local), value))

    def pick(self, options: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(options))

    def chance(self, percent: int) -> bool:
        # Shrinks to what is rarer's opposite: no.
        return self.draw(st.integers(0, 99)) >= 100 - percent

    def number(self, low: int, high: int) -> Literal:
        return typed(str(self.draw(st.integers(low, high))), "integer")

    def fresh(self) -> Node:
        self.made += 1
        if self.chance(30):
            return NamedNode(f"{EX}s{self.made}")
        return BlankNode(f"x{self.made}")

    def listed(self, members: Sequence[Term]) -> Node:
        head: Node = NIL
        for member in reversed(members):
            self.made += 1
            cell = BlankNode(f"l{self.made}")
            self.triples += [Triple(cell, FIRST, member), Triple(cell, REST, head)]
            head = cell
        return head

    def root(self, number: int, kind: str | None = None) -> None:
        """A shape with targets, and with a constraint of a kind."""
        shape = NamedNode(f"{EX}S{number}")
        if shape in self.known:
            on_property = self.known[shape]
        else:
            on_property = kind in _OF_PROPERTIES or self.chance(55)
        if self.recursive:
            self.known[shape] = on_property
        if on_property:
            self.say(shape, "path", self.path(2))
        elif self.chance(20) and not self.recursive:
            shape = self.pick([c for c in CLASSES if not self.typed(c)] or [shape])
            if shape in CLASSES:
                self.triples.append(Triple(shape, TYPE, NamedNode(f"{RDFS}Class")))
                self.triples.append(Triple(shape, TYPE, NamedNode(f"{SH}NodeShape")))
        for _ in range(self.draw(st.integers(0 if shape in CLASSES else 1, 2))):
            self.target(shape)
        self.fill(shape, on_property=on_property, depth=3, must=kind)
        self.known[shape] = on_property

    def typed(self, node: Node) -> bool:
        return any(triple.subject == node for triple in self.triples)

    def says(self, shape: Node, path: NamedNode) -> bool:
        return Triple(shape, NamedNode(f"{SH}path"), path) in self.triples

    def target(self, shape: Node) -> None:
        kind = self.pick(("subjectsOf", "objectsOf", "class", "node", "node"))
        options: Sequence[Term] = [*PREDICATES, *(p for p in PREDICATES if self.says(shape, p))]
        if kind == "class":
            options = CLASSES
        elif kind == "node":
            options = [*(n for n in NODES if isinstance(n, NamedNode)), *self.pool]
        self.say(shape, f"target{kind[0].upper()}{kind[1:]}", self.pick(options))

    def fill(self, shape: Node, *, on_property: bool, depth: int, must: str | None = None) -> None:
        options = list(_BOTH)
        if on_property:
            options += _OF_PROPERTIES if depth else _OF_PROPERTIES[:-2]
        if depth:
            options += [*_NESTED, *_NESTED] if depth == 3 else _NESTED
        if not self.sparql:
            options.remove("sparql")
        if self.recursive:
            options = [kind for kind in options if kind not in ("not", "xone")]
        kinds = self.draw(st.lists(st.sampled_from(options), min_size=1, max_size=3, unique=True))
        for kind in dict.fromkeys([must, *kinds] if must else kinds):
            getattr(self, f"_{kind}")(shape, depth)
        if self.chance(15):
            self.say(shape, "severity", NamedNode(SH + self.pick(_SEVERITIES)))
        if self.chance(4):
            self.say(shape, "deactivated", typed("true", "boolean"))

    def nested(self, depth: int, *, node_only: bool = False) -> Node:
        known = [shape for shape, path in self.known.items() if not (node_only and path)]
        if known and self.chance(40 if self.recursive else 15):
            chosen: Node = self.pick(known)
            return chosen
        on_property = not node_only and self.chance(35)
        return self.property_shape(depth - 1) if on_property else self.node_shape(depth - 1)

    def node_shape(self, depth: int) -> Node:
        shape = self.fresh()
        self.fill(shape, on_property=False, depth=depth)
        return shape

    def property_shape(self, depth: int) -> Node:
        shape = self.fresh()
        self.say(shape, "path", self.path(2))
        self.fill(shape, on_property=True, depth=depth)
        return shape

    def path(self, depth: int) -> Node:
        predicate: Node = self.pick(PREDICATES)
        if not depth or not self.chance(40):
            return predicate
        kind = self.pick(
            ("inverse", "sequence", "alternative", "zeroOrMore", "oneOrMore", "zeroOrOne")
        )
        if kind in ("sequence", "alternative"):
            members = [self.path(depth - 1) for _ in range(self.draw(st.integers(2, 3)))]
            head = self.listed(members)
            if kind == "sequence":
                return head
        else:
            head = self.path(depth - 1)
        self.made += 1
        node = BlankNode(f"p{self.made}")
        self.say(node, f"{kind}Path", head)
        return node

    def _class(self, shape: Node, depth: int) -> None:
        for name in self.draw(st.lists(st.sampled_from(CLASSES), min_size=1, max_size=2)):
            self.say(shape, "class", name)

    def _datatype(self, shape: Node, depth: int) -> None:
        near = [literal.datatype for literal in self.pool]
        self.say(shape, "datatype", self.pick([*near, *near, *self.datatypes]))

    def _nodeKind(self, shape: Node, depth: int) -> None:  # noqa: N802 - as SHACL names it
        self.say(shape, "nodeKind", NamedNode(SH + self.pick(_KINDS)))

    def _range(self, shape: Node, depth: int) -> None:
        for local in self.draw(
            st.lists(
                st.sampled_from(("minExclusive", "minInclusive", "maxExclusive", "maxInclusive")),
                min_size=1, max_size=2, unique=True,
            )
        ):  # fmt: skip
            self.say(shape, local, self.pick(self.pool))

    def _length(self, shape: Node, depth: int) -> None:
        if self.chance(50):
            self.say(shape, "minLength", self.pick([typed(n, "integer") for n in "3012"]))
        else:
            self.say(shape, "maxLength", self.pick([typed(n, "integer") for n in "014"]))

    def _pattern(self, shape: Node, depth: int) -> None:
        self.say(shape, "pattern", Literal(self.pick(PATTERNS)))
        if self.chance(25):
            self.say(shape, "flags", Literal(self.pick(("i", "s", "m", "is"))))

    def _languageIn(self, shape: Node, depth: int) -> None:  # noqa: N802
        tags = self.draw(st.lists(st.sampled_from(_RANGES), max_size=3, unique=True))
        self.say(shape, "languageIn", self.listed([Literal(tag) for tag in tags]))

    def _equals(self, shape: Node, depth: int) -> None:
        self.say(shape, "equals", self.pick(PREDICATES))

    def _disjoint(self, shape: Node, depth: int) -> None:
        self.say(shape, "disjoint", self.pick(PREDICATES))

    def _hasValue(self, shape: Node, depth: int) -> None:  # noqa: N802
        named = [node for node in NODES if isinstance(node, NamedNode)]
        for _ in range(self.draw(st.integers(1, 2))):
            self.say(shape, "hasValue", self.pick([*self.pool, *named]))

    def _in(self, shape: Node, depth: int) -> None:
        options = [*self.pool, *NODES[:2]]
        members = self.draw(st.lists(st.sampled_from(options), max_size=4))
        self.say(shape, "in", self.listed(members))

    def _closed(self, shape: Node, depth: int) -> None:
        self.say(shape, "closed", typed(self.pick(("true", "false", "true")), "boolean"))
        if self.chance(60):
            ignored = self.draw(st.lists(st.sampled_from([TYPE, *PREDICATES]), max_size=2))
            self.say(shape, "ignoredProperties", self.listed(ignored))

    def _sparql(self, shape: Node, depth: int) -> None:
        one, other = self.pick(PREDICATES), self.pick(PREDICATES)
        constraint = self.fresh()
        self.say(shape, "sparql", constraint)
        self.say(constraint, "select", Literal(self.pick(_SELECTS).format(one.value, other.value)))

    def _counts(self, shape: Node, depth: int) -> None:
        if self.chance(60):
            self.say(shape, "minCount", self.number(0, 3))
        else:
            self.say(shape, "maxCount", self.number(0, 1))

    def _uniqueLang(self, shape: Node, depth: int) -> None:  # noqa: N802
        self.say(shape, "uniqueLang", typed(self.pick(("true", "false", "true")), "boolean"))

    def _lessThan(self, shape: Node, depth: int) -> None:  # noqa: N802
        self.say(shape, "lessThan", self.pick(PREDICATES))

    def _lessThanOrEquals(self, shape: Node, depth: int) -> None:  # noqa: N802
        self.say(shape, "lessThanOrEquals", self.pick(PREDICATES))

    def _qualified(self, shape: Node, depth: int) -> None:
        self.say(shape, "qualifiedValueShape", self.nested(depth))
        if self.recursive or self.chance(50):
            self.say(shape, "qualifiedMinCount", self.number(0, 2))
        else:
            self.say(shape, "qualifiedMaxCount", self.number(0, 0 if self.chance(60) else 1))
        if not self.recursive and self.chance(30):
            self.say(shape, "qualifiedValueShapesDisjoint", typed("true", "boolean"))

    def _property(self, shape: Node, depth: int) -> None:
        for _ in range(self.draw(st.integers(1, 2))):
            self.say(shape, "property", self.property_shape(depth - 1))

    def _node(self, shape: Node, depth: int) -> None:
        self.say(shape, "node", self.nested(depth, node_only=True))

    def _not(self, shape: Node, depth: int) -> None:
        self.say(shape, "not", self.nested(depth))

    def _and(self, shape: Node, depth: int) -> None:
        self._several(shape, "and", depth)

    def _or(self, shape: Node, depth: int) -> None:
        self._several(shape, "or", depth)

    def _xone(self, shape: Node, depth: int) -> None:
        self._several(shape, "xone", depth)

    def _several(self, shape: Node, local: str, depth: int) -> None:
        members = [self.nested(depth) for _ in range(self.draw(st.integers(1, 3)))]
        self.say(shape, local, self.listed(members))
