"""Random shapes, graphs and changes over a small world, so that most things meet."""

from __future__ import annotations

from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.shacl.shapes.model import (
    Constraint,
    Model,
    Pattern,
    Qualified,
    Shape,
    Sparql,
    Target,
    Value,
)
from gsefgraph.sparql.path import Path
from gsefgraph.terms import RDF, RDFS, XSD

EX = "https://example.org/"
TYPE, BROADER = NamedNode(f"{RDF}type"), NamedNode(f"{RDFS}subClassOf")


def iri(name: str) -> NamedNode:
    return NamedNode(EX + name)


NODES = [iri(f"n{number}") for number in range(4)]
CLASSES = [iri(name) for name in "CDE"]
PREDICATES = [iri(name) for name in "pqr"]
NUMBERS = [Literal(number) for number in (1, 2, 3)]
VALUES = [*NUMBERS, Literal("a"), Literal("b", language="en"), Literal("c", language="en")]
ONTOLOGY = [Triple(iri("D"), BROADER, iri("C"))]

nodes = st.sampled_from(NODES)
predicates = st.sampled_from(PREDICATES)
triples = st.one_of(
    st.builds(Triple, nodes, predicates, nodes),
    st.builds(Triple, nodes, predicates, st.sampled_from(VALUES)),
    st.builds(Triple, nodes, st.just(TYPE), st.sampled_from(CLASSES)),
)
hierarchies = st.builds(
    Triple, st.sampled_from(CLASSES), st.just(BROADER), st.sampled_from(CLASSES)
)
graphs = st.lists(triples, min_size=8, max_size=24, unique=True)
changes = st.lists(triples, min_size=1, max_size=5, unique=True)

plain = st.builds(Path.of, predicates.map(lambda node: node.value))
paths = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.builds(lambda part: Path("^", parts=(part,)), inner),
        st.builds(lambda a, b: Path("/", parts=(a, b)), inner, inner),
        st.builds(lambda a, b: Path("|", parts=(a, b)), inner, inner),
        st.builds(lambda mark, part: Path(mark, parts=(part,)), st.sampled_from("*+?"), inner),
    ),
    max_leaves=3,
)
QUERIES = [
    # The value of another node; a name that two share; something missing; an optional; a path.
    "SELECT $this ?value { $this <{p}> ?value . ?value <{q}> ?o }",
    "SELECT DISTINCT $this ?value { $this <{p}> ?value . ?other <{p}> ?value"
    " FILTER(STR(?other) != STR($this)) }",
    "SELECT $this ?value { $this <{p}> ?value FILTER NOT EXISTS { ?value <{q}> ?o } }",
    "SELECT $this ?value { $this <{p}> ?value OPTIONAL { $this <{q}> ?o . ?o <{r}> ?x }"
    " FILTER(!BOUND(?x)) }",
    "SELECT $this ?value { $this <{p}>/<{q}>* ?value . ?value a ?type }",
    "SELECT $this ?value { { $this <{p}> ?value } UNION { ?value <{q}> $this } ?value <{r}> ?o }",
    "SELECT $this { FILTER(EXISTS { $this <{p}> ?o } && NOT EXISTS { ?o <{q}> $this }) }",
    "SELECT $this ?value { ?value ^<{p}> $this ; ^<{q}> ?x . ?x ?any $this }",
    "SELECT $this ?value { $this <{p}> ?value { SELECT ?value ?o { ?o <{q}> ?value } } }",
]


def query(text: str, parts: list[NamedNode]) -> str:
    for name, node in zip("pqr", parts, strict=True):
        text = text.replace(f"<{{{name}}}>", f"<{node.value}>")
    return text


queries = st.builds(query, st.sampled_from(QUERIES), st.permutations(PREDICATES))


@st.composite
def models(draw: st.DrawFn, *, sparql: bool = True, recursive: bool = True) -> Model:
    """A few shapes with targets, and shapes nested in them."""
    shapes: dict[str, Shape] = {}
    names = iter(range(1000))

    def constraint(shape: str, path: Path | None, depth: int) -> Constraint:
        def inner(*, node_shape: bool | None = None) -> str:
            if recursive and ancestors and draw(st.integers(0, 9)) == 0:
                return draw(st.sampled_from(ancestors))
            return make(depth - 1, node_shape)

        kinds = ["Class", "Datatype", "NodeKind", "MinInclusive", "Pattern", "In", "MinLength",
                 "Closed", "LanguageIn"]  # fmt: skip
        if path is not None:
            kinds += ["MinCount", "MaxCount", "UniqueLang", "Equals", "Disjoint", "LessThan",
                      "LessThanOrEquals", "HasValue"] * 2  # fmt: skip
        if depth > 0:
            kinds += ["Node", "Property", "Not", "And", "Or", "Xone"] * 2
            if path is not None:
                kinds += ["QualifiedMinCount", "QualifiedMaxCount"] * 2
        if sparql:
            kinds += ["SPARQL"] * 12
        kind = draw(st.sampled_from(kinds))
        value: Value
        if kind == "Class":
            value = draw(st.sampled_from(CLASSES)).value
        elif kind == "Datatype":
            value = draw(st.sampled_from([f"{XSD}integer", f"{XSD}string", f"{RDF}langString"]))
        elif kind == "NodeKind":
            value = draw(st.sampled_from(["IRI", "Literal", "BlankNodeOrIRI"]))
        elif kind == "MinInclusive":
            value = draw(st.sampled_from(NUMBERS))
        elif kind == "Pattern":
            text = draw(st.sampled_from(["n[0-2]", "a", "[bc]"]))
            value = Pattern(text, "", text)
        elif kind == "In":
            value = tuple(draw(st.lists(st.one_of(nodes, st.sampled_from(VALUES)), max_size=4)))
        elif kind == "LanguageIn":
            value = ("en",)
        elif kind == "Closed":
            listed = draw(st.lists(predicates, max_size=2))
            value = frozenset({f"{RDF}type", *(node.value for node in listed)})
        elif kind in ("MinCount", "MaxCount", "MinLength"):
            value = draw(st.integers(0, 3))
        elif kind == "UniqueLang":
            value = True
        elif kind in ("Equals", "Disjoint", "LessThan", "LessThanOrEquals"):
            value = draw(predicates).value
        elif kind == "HasValue":
            value = draw(st.one_of(nodes, st.sampled_from(VALUES)))
        elif kind in ("Node", "Not"):
            # Recursion through a negation has no meaning.
            outer, ancestors[:] = ancestors[:], [] if kind == "Not" else ancestors
            value = inner()
            ancestors[:] = outer
        elif kind == "Property":
            value = make(depth - 1, False)
        elif kind in ("And", "Or", "Xone"):
            outer, ancestors[:] = ancestors[:], [] if kind == "Xone" else ancestors
            value = tuple(inner() for _ in range(draw(st.integers(1, 2))))
            ancestors[:] = outer
        elif kind in ("QualifiedMinCount", "QualifiedMaxCount"):
            outer, ancestors[:] = ancestors[:], []
            siblings = (make(depth - 1, None),) if draw(st.booleans()) else ()
            value = Qualified(make(depth - 1, None), draw(st.integers(0, 2)), siblings)
            ancestors[:] = outer
        else:
            value = Sparql(f"{shape}-query", draw(queries))
        return Constraint(kind, value)

    ancestors: list[str] = []

    def make(depth: int, node_shape: bool | None, targets: tuple[Target, ...] = ()) -> str:
        name = f"{EX}shape{next(names)}"
        if node_shape is None:
            node_shape = draw(st.booleans())
        path = None if node_shape else draw(paths)
        ancestors.append(name)
        constraints = tuple(constraint(name, path, depth) for _ in range(draw(st.integers(1, 2))))
        if name in ancestors:
            ancestors.remove(name)
        # One shape has one constraint of a kind here, as most have.
        kept = {each.kind: each for each in constraints}
        shapes[name] = Shape(name, path, targets, tuple(kept.values()))
        return name

    target = st.one_of(
        st.builds(Target, st.just("class"), st.sampled_from(CLASSES)),
        st.builds(Target, st.just("node"), st.one_of(nodes, st.sampled_from(VALUES))),
        *[st.builds(Target, st.sampled_from(["subjectsOf", "objectsOf"]), predicates)] * 2,
    )
    for _ in range(draw(st.integers(2, 4))):
        chosen = tuple(draw(st.lists(target, min_size=1, max_size=2, unique=True)))
        make(draw(st.integers(0, 2)), draw(st.booleans()), chosen)
    return Model(dict(sorted(shapes.items())))
