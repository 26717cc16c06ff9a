"""The shapes are well-formed, pass what they should pass, and refuse what they should refuse."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pyoxigraph
import pyshacl
import pytest
from rdflib import RDF, RDFS, BNode, Graph, Literal, Namespace, Node, URIRef

from gsefgraph.terms import SHAPES, Names

ONTOLOGY = Path(__file__).parent.parent / "ontology"
EXAMPLES = sorted((ONTOLOGY / "examples").glob("*.ttl"))
INVALID = sorted((ONTOLOGY / "examples" / "invalid").glob("*.ttl"))
SHAPE_FILES = sorted((ONTOLOGY / "shapes").glob("*.ttl"))
PER_GRAPH = ONTOLOGY / "shapes" / "per-graph.ttl"
SH = Namespace("http://www.w3.org/ns/shacl#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
NAMES = Names()

Finding = tuple[str, str, str, str]

# SHACL Core and SHACL-SPARQL (W3C Recommendation of 2017): what shapes of ours may say.
CONSTRAINTS = frozenset(
    (
        *("and", "class", "datatype", "disjoint", "equals", "hasValue", "in", "languageIn"),
        *("lessThan", "lessThanOrEquals", "maxCount", "maxExclusive", "maxInclusive", "maxLength"),
        *("minCount", "minExclusive", "minInclusive", "minLength", "node", "nodeKind", "not"),
        *("or", "pattern", "qualifiedMaxCount", "qualifiedMinCount", "sparql", "uniqueLang"),
        "xone",
    )
)
COMPONENTS = {"sparql": "SPARQL"}
NODE_KIND = "sh:NodeKindConstraintComponent"
KNOWN = CONSTRAINTS.union(
    ("NodeShape", "PropertyShape", "SPARQLConstraint", "message", "name", "property", "severity"),
    ("IRI", "BlankNode", "Literal", "Violation", "Warning", "Info"),
    ("targetClass", "targetObjectsOf", "targetSubjectsOf", "qualifiedValueShape", "flags"),
    ("path", "alternativePath", "inversePath", "oneOrMorePath", "zeroOrMorePath"),
    ("zeroOrOnePath", "select", "prefixes", "declare", "prefix", "namespace"),
)
FOREIGN_PATHS = {
    "dcterms:isPartOf",
    "dcterms:language",
    "dcterms:rights",
    "dcterms:source",
    "geo:lat",
    "geo:long",
    "owl:sameAs",
    "prov:wasAttributedTo",
    "schema:sameAs",
    "skos:altLabel",
    "skos:broader",
    "skos:exactMatch",
    "skos:inScheme",
    "skos:notation",
    "skos:prefLabel",
}
CLASSES = (
    *("Document", "Organisation", "Person", "Event", "Place", "Topic", "Role", "Kind"),
    *("Participation", "Membership", "GoalLink", "Evidence"),
)


def parse(*files: Path) -> Graph:
    graph = Graph()
    for file in files:
        graph.parse(file, format="turtle")
    return graph


@cache
def ontology() -> Graph:
    return parse(*sorted(ONTOLOGY.glob("*.ttl")))


@cache
def shapes(per_graph: bool = False) -> Graph:
    """The shapes of the union, or those of one document graph alone."""
    return parse(*(file for file in SHAPE_FILES if (file == PER_GRAPH) == per_graph))


@cache
def all_shapes() -> Graph:
    return parse(*SHAPE_FILES)


def with_vocabulary(data: Graph) -> Graph:
    """The data, the class hierarchy, and what the ontology says of each concept that it names."""
    merged = data + Graph()
    for triple in ontology().triples((None, RDFS.subClassOf, None)):
        merged.add(triple)
    todo: set[Node] = {node for _, _, node in data if isinstance(node, URIRef)}
    done: set[Node] = set()
    while todo:
        subject = todo.pop()
        done.add(subject)
        if (subject, SKOS.inScheme, None) not in ontology():
            if (subject, RDF.type, SKOS.ConceptScheme) in ontology():
                merged.add((subject, RDF.type, SKOS.ConceptScheme))
            continue
        for triple in ontology().triples((subject, None, None)):
            merged.add(triple)
            if isinstance(triple[2], URIRef) and triple[2] not in done:
                todo.add(triple[2])
    return merged


def compact(node: Node | None) -> str:
    return NAMES.compact(str(node)) if isinstance(node, URIRef) else str(node)


def report(data: Graph, rules: Graph) -> list[Finding]:
    _, graph, _ = pyshacl.validate(data, shacl_graph=rules, inference="none")
    assert isinstance(graph, Graph)
    return [
        (
            compact(graph.value(result, SH.focusNode)),
            compact(graph.value(result, SH.sourceShape)),
            compact(graph.value(result, SH.sourceConstraintComponent)),
            compact(graph.value(result, SH.resultSeverity)).removeprefix("sh:"),
        )
        for result in graph.subjects(RDF.type, SH.ValidationResult)
    ]


def findings(file: Path) -> list[Finding]:
    """What a file of records gets: on the union with the vocabulary, and as one source alone."""
    data = parse(file)
    return report(with_vocabulary(data), shapes()) + report(data, shapes(True))


def expected(file: Path) -> list[Finding]:
    lines = [line for line in file.read_text("utf-8").splitlines() if line.startswith("# expect:")]
    parts = [tuple(part.strip() for part in line[9:].split("|")) for line in lines]
    assert all(len(part) == 4 for part in parts), f"{file.name}: a line has four parts"
    return [(part[0], part[1], part[2], part[3]) for part in parts]


def named_shapes(kind: URIRef, graph: Graph | None = None) -> list[URIRef]:
    found = (graph or all_shapes()).subjects(RDF.type, kind)
    return sorted(shape for shape in found if isinstance(shape, URIRef))


def patterns() -> list[str]:
    return sorted({str(pattern) for pattern in all_shapes().objects(None, SH.pattern)})


def selects() -> list[tuple[str, str]]:
    """Each SPARQL constraint by name, with the path that stands for $PATH filled in."""
    graph = all_shapes()
    found = []
    for shape, constraint in graph.subject_objects(SH.sparql):
        text = str(graph.value(constraint, SH.select))
        head = ""
        for prefixes in graph.objects(constraint, SH.prefixes):
            for declaration in graph.objects(prefixes, SH.declare):
                prefix = graph.value(declaration, SH.prefix)
                head += f"PREFIX {prefix}: <{graph.value(declaration, SH.namespace)}>\n"
        path = graph.value(shape, SH.path)
        filled = f"<{path}>" if isinstance(path, URIRef) else "<urn:a>|<urn:b>"
        found.append((compact(constraint), head + text.replace("$PATH", filled)))
    return sorted(found)


def languages(graph: Graph, subject: Node, predicate: URIRef) -> list[str]:
    return sorted(
        str(text.language)
        for text in graph.objects(subject, predicate)
        if isinstance(text, Literal) and text.strip()
    )


def test_the_shapes_are_shapes() -> None:
    """The W3C's own shapes for shapes find nothing to say."""
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=all_shapes(), meta_shacl=True)
    assert conforms, text


@pytest.mark.parametrize("file", SHAPE_FILES, ids=lambda file: file.stem)
def test_only_terms_of_the_standard(file: Path) -> None:
    terms = {
        str(node).removeprefix(str(SH))
        for triple in parse(file)
        for node in triple
        if isinstance(node, URIRef) and node.startswith(SH)
    }
    assert terms - KNOWN == set()


@pytest.mark.parametrize("file", SHAPE_FILES, ids=lambda file: file.stem)
def test_every_rule_speaks_three_languages(file: Path) -> None:
    graph = parse(file)
    for shape in named_shapes(SH.PropertyShape, graph):
        assert languages(graph, shape, SH.message) == ["en", "es", "fr"], shape
        assert languages(graph, shape, SH.name) == ["en", "es", "fr"], shape
    for shape in named_shapes(SH.NodeShape, graph):
        assert languages(graph, shape, RDFS.label) == ["en", "es", "fr"], shape
        if any((shape, SH[name], None) in graph for name in CONSTRAINTS):
            assert languages(graph, shape, SH.message) == ["en", "es", "fr"], shape


def test_every_rule_has_an_iri_of_its_own() -> None:
    where: Counter[Node] = Counter()
    for file in SHAPE_FILES:
        graph = parse(file)
        where.update(set(graph.subjects(RDF.type, SH.PropertyShape)))
        where.update(set(graph.subjects(RDF.type, SH.NodeShape)))
        where.update(set(graph.subjects(RDF.type, SH.SPARQLConstraint)))
    assert [rule for rule, count in where.items() if count > 1] == []
    assert [rule for rule in where if not str(rule).startswith(SHAPES)] == []
    graph = all_shapes()
    for shape in named_shapes(SH.PropertyShape):
        assert len(list(graph.subjects(SH.property, shape))) == 1, f"{shape} is used once"
    for used in graph.objects(None, SH.property):
        assert (used, RDF.type, SH.PropertyShape) in graph, f"{used} is a property shape"
    for constraint in graph.subjects(RDF.type, SH.SPARQLConstraint):
        assert len(list(graph.subjects(SH.sparql, constraint))) == 1, f"{constraint} is used once"


def test_targets_are_classes_and_predicates() -> None:
    graph = all_shapes()
    for shape in named_shapes(SH.NodeShape):
        targets = [SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf]
        assert any((shape, target, None) in graph for target in targets), shape
    alone = set(shapes(True).predicates())
    assert alone.isdisjoint({SH.targetClass, SH.targetObjectsOf}), "one graph knows no classes"


def test_there_are_enough_constraints() -> None:
    assert len(constraints()) > 200


@pytest.mark.parametrize("pattern", patterns())
def test_patterns_need_no_backtracking(pattern: str) -> None:
    """Python reads them, and so does Rust's regex, which like RE2 refuses what backtracks."""
    re.compile(pattern)
    escaped = pattern.replace("\\", "\\\\").replace('"', '\\"')
    ask = f'ASK {{ BIND(REGEX("x", "{escaped}") AS ?m) FILTER(BOUND(?m)) }}'
    assert bool(pyoxigraph.Store().query(ask)), pattern


@pytest.mark.parametrize(("name", "text"), selects())
def test_select_is_sparql_that_may_stand_in_a_shape(name: str, text: str) -> None:
    """SHACL, section 5.2.1: $this is projected, and no MINUS, VALUES or SERVICE."""
    pyoxigraph.Store().query(text)
    assert "$this" in text.split("WHERE")[0], name
    assert not re.search(r"\b(MINUS|VALUES|SERVICE|FROM|LOAD)\b", text), name


def constraints() -> set[tuple[str, str]]:
    """Every rule with each of its constraint components."""
    graph = all_shapes()
    return {
        (compact(rule), f"sh:{COMPONENTS.get(name, name[0].upper() + name[1:])}ConstraintComponent")
        for kind in (SH.NodeShape, SH.PropertyShape)
        for rule in named_shapes(kind)
        for name in CONSTRAINTS
        if (rule, SH[name], None) in graph
    }


def used_terms(graph: Graph) -> Iterator[str]:
    for triple in graph:
        for node in triple:
            if isinstance(node, URIRef):
                yield compact(node)
    for text in graph.objects(None, SH.select):
        yield from re.findall(r"\bgsef:\w+", str(text))


def test_every_gsef_term_is_defined() -> None:
    defined = {compact(term) for term in ontology().subjects(RDF.type)}
    used = {term for term in used_terms(all_shapes()) if term.startswith("gsef:")}
    assert used - defined == set()
    paths = {path for path in all_shapes().objects(None, SH.path) if not isinstance(path, BNode)}
    assert {compact(path) for path in paths if compact(path)[:5] != "gsef:"} == FOREIGN_PATHS


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_example_conforms(file: Path) -> None:
    """Nothing to refuse, and nothing to recommend either."""
    assert findings(file) == []
    assert file.read_text("utf-8").startswith("# "), "the situation in one line"


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_invalid_example_gives_just_its_findings(file: Path) -> None:
    assert sorted(set(findings(file))) == sorted(expected(file))


def test_the_whole_ontology_conforms_beside_the_examples() -> None:
    assert report(ontology() + parse(*EXAMPLES), shapes()) == []


def test_every_class_has_an_example() -> None:
    data = parse(*EXAMPLES)
    shown = {compact(kind) for kind in data.objects(None, RDF.type)}
    assert {f"gsef:{name}" for name in CLASSES} - shown == set()
    named = set(data.objects())
    for kind in ("Goal", "Target"):
        members = ontology().subjects(RDF.type, URIRef(NAMES.expand(f"sdgo:{kind}")))
        assert named & set(members), f"an example names a {kind}"


def slug(shape: str) -> str:
    """The invalid example of a node shape: gsef-sh:GoalLinkShape -> goal-link."""
    name = shape.removeprefix("gsef-sh:").removesuffix("Shape")
    for file in ("Recommended", "PerGraph"):
        if name.startswith(file):
            name = file
    return re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower()


def test_every_rule_is_broken_by_an_example() -> None:
    broken = {file.stem: {rule for _, rule, _, _ in expected(file)} for file in INVALID}
    # A source that disagrees with itself breaks the rule of one graph and the one of the union.
    broken["recommended"] |= broken["per-graph"]
    graph = all_shapes()
    for shape in named_shapes(SH.NodeShape):
        home = slug(compact(shape))
        assert home in broken, f"{compact(shape)} has no invalid example {home}.ttl"
        rules: Iterable[Node] = graph.objects(shape, SH.property)
        if any((shape, SH[name], None) in graph for name in CONSTRAINTS):
            rules = [shape, *rules]
        missing = {compact(rule) for rule in rules} - broken[home]
        assert missing == set(), f"{home}.ttl breaks every rule of {compact(shape)}"


def test_every_constraint_is_broken_by_an_example() -> None:
    """So that no constraint can be dropped or mistyped unseen."""
    broken = {(rule, component) for file in INVALID for _, rule, component, _ in expected(file)}
    # A file cannot name a blank node in its expectations: the next test has those.
    assert {rule for rule in constraints() - broken if rule[1] != NODE_KIND} == set()


def test_a_node_without_an_iri_is_refused() -> None:
    classes = [f"gsef:{name}" for name in CLASSES] + ["sdgo:Goal", "sdgo:Target"]
    text = "\n".join(f"[] a <{NAMES.expand(name)}> ." for name in classes)
    data = with_vocabulary(Graph().parse(data=text, format="turtle"))
    refused = {rule for _, rule, component, _ in report(data, shapes()) if component == NODE_KIND}
    assert refused == {f"gsef-sh:{name.partition(':')[2]}Shape" for name in classes}
