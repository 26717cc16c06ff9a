"""What is odd about shapes themselves, and passes in silence otherwise.

a term in the sh: namespace that SHACL does not have (sh:minCout)
a shape that has constraints, and neither a target nor another shape that uses it
a shape whose targets no node of the whole graph meets
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from pyoxigraph import NamedNode, Triple

from gsefgraph.shacl import sentences
from gsefgraph.shacl.report import Texts
from gsefgraph.shacl.shapes import Shapes, identifier
from gsefgraph.terms import RDF, RDFS, SH, Names

# SHACL (W3C Recommendation of 2017), core and SPARQL-based constraints: what the validator runs.
TERMS = frozenset(
    """
    NodeShape PropertyShape Shape ValidationReport ValidationResult Severity Info Warning Violation
    IRI BlankNode Literal BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral NodeKind
    targetClass targetNode targetObjectsOf targetSubjectsOf
    path inversePath alternativePath zeroOrMorePath oneOrMorePath zeroOrOnePath
    name description order group PropertyGroup defaultValue message severity deactivated property
    class datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive
    minLength maxLength pattern flags languageIn uniqueLang equals disjoint lessThan
    lessThanOrEquals not and or xone node qualifiedValueShape qualifiedValueShapesDisjoint
    qualifiedMinCount qualifiedMaxCount closed ignoredProperties hasValue in
    sparql select ask prefixes declare prefix namespace PrefixDeclaration SPARQLConstraint
    SPARQLSelectExecutable SPARQLAskExecutable SPARQLExecutable SPARQLSelectValidator
    SPARQLAskValidator ConstraintComponent Parameter parameter optional labelTemplate validator
    nodeValidator propertyValidator shapesGraph entailment
    """.split()  # noqa: SIM905 - a vocabulary reads better as words
)
_TARGETS = ("targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf")
_USES = ("property", "node", "not", "qualifiedValueShape")


def check(shapes: Shapes, names: Names) -> list[Texts]:
    """Unknown terms and shapes that nothing leads to.

    >>> from pyoxigraph import RdfFormat, parse
    >>> text = b"PREFIX sh: <http://www.w3.org/ns/shacl#> <a:s> a sh:NodeShape ; sh:nodeKin 1 ."
    >>> check(Shapes(q.triple for q in parse(text, format=RdfFormat.TURTLE)), Names())[0]["en"]
    'shape <a:s>: SHACL has no term sh:nodeKin; did you mean sh:nodeKind?'
    """
    found: list[Texts] = []
    for triple in shapes.triples:
        for term in (triple.predicate, triple.object):
            if isinstance(term, NamedNode) and term.value.startswith(SH):
                local = term.value.removeprefix(SH)
                if local in TERMS or local.endswith("ConstraintComponent"):
                    continue
                near = get_close_matches(local, sorted(TERMS), n=1, cutoff=0.6)
                shape = names.compact(shapes.rule(identifier(triple.subject)))
                key = "no-term-near" if near else "no-term"
                said = f"sh:{near[0]}" if near else ""
                found.append(sentences.of(key, shape=shape, value=f"sh:{local}", near=said))
    used = _used(shapes)
    for shape in shapes.subjects:
        declared = _is_shape(shapes, shape)
        if declared and shape not in used and not _has_target(shapes, shape):
            found.append(sentences.of("no-target", shape=names.compact(shape)))
    return found


def unmet(shapes: Shapes, triples: Iterable[Triple], names: Names) -> list[Texts]:
    """Shapes whose targets no node of the data meets.

    Parameters:
        shapes: the shapes.
        triples: all data together with the ontology's classes.
    """
    classes: set[str] = set()
    parents: dict[str, set[str]] = {}
    subjects: set[str] = set()
    objects: set[str] = set()
    for triple in triples:
        predicate, value = triple.predicate.value, triple.object
        subjects.add(predicate)
        objects.add(predicate)
        if predicate == f"{RDF}type" and isinstance(value, NamedNode):
            classes.add(value.value)
        elif predicate == f"{RDFS}subClassOf" and isinstance(value, NamedNode):
            parents.setdefault(identifier(triple.subject), set()).add(value.value)
    waiting = list(classes)
    while waiting:
        for parent in parents.get(waiting.pop(), ()):
            if parent not in classes:
                classes.add(parent)
                waiting.append(parent)
    found = []
    for shape in shapes.subjects:
        met = [
            local == "targetNode"
            or node.value
            in {"targetClass": classes, "targetObjectsOf": objects}.get(local, subjects)
            for local in _TARGETS
            for node in shapes.values(shape, local)
        ]
        if met and not any(met):
            found.append(sentences.of("unmet", shape=names.compact(shape)))
    return found


def _is_shape(shapes: Shapes, shape: str) -> bool:
    types = {node.value for node in shapes.describe(NamedNode(shape)).get(f"{RDF}type", ())}
    return bool(types & {f"{SH}NodeShape", f"{SH}PropertyShape", f"{SH}Shape"})


def _has_target(shapes: Shapes, shape: str) -> bool:
    types = {node.value for node in shapes.describe(NamedNode(shape)).get(f"{RDF}type", ())}
    implicit = f"{RDFS}Class" in types  # an implicit class target (SHACL, 2.1.3.3)
    return implicit or any(shapes.values(shape, local) for local in _TARGETS)


def _used(shapes: Shapes) -> set[str]:
    used: set[str] = set()
    for shape in shapes.subjects:
        for local in _USES:
            used |= {node.value for node in shapes.values(shape, local)}
        for local in ("and", "or", "xone"):
            used |= {node.value for node in shapes.members(shape, local)}
    return used
