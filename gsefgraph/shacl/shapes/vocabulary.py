"""What is odd about shapes themselves, and passes in silence otherwise.

`check` looks at the shapes alone:

a term in the sh: namespace that SHACL does not have (sh:minCout), or that is not evaluated here
a shape that has constraints, and neither a target nor anything that refers to it
an owl:Class that is a node shape, which has no target by that
a shape that another one names, and nothing describes
a parameter that does nothing without another one (sh:flags without sh:pattern)
a query that asks for named graphs, of which the data have none

`unreached` looks at them beside the data of a whole graph:

a target that no node meets
a property path, or sh:equals and its like, with a predicate that no triple has
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.errors import GsefgraphError
from gsefgraph.records.imports import unfollowed
from gsefgraph.shacl.report.finding import Notice, Texts
from gsefgraph.shacl.shapes.components import PARAMETERS, nested, of
from gsefgraph.shacl.shapes.graph import TARGETS, Shapes, identifier, is_true
from gsefgraph.shacl.shapes.model import Model, Shape, Target
from gsefgraph.terms import OWL, RDF, RDFS, SH, Names
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.records.rdf import RecordFile

# SHACL (W3C Recommendation of 2017), core and SPARQL-based constraints: what the validator runs.
TERMS = frozenset(
    """
    NodeShape PropertyShape Shape ValidationReport ValidationResult Severity Info Warning Violation
    IRI BlankNode Literal BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral NodeKind
    targetClass targetNode targetObjectsOf targetSubjectsOf
    path inversePath alternativePath zeroOrMorePath oneOrMorePath zeroOrOnePath
    name description order group PropertyGroup defaultValue message severity deactivated
    select ask prefixes declare prefix namespace PrefixDeclaration SPARQLConstraint
    SPARQLSelectExecutable SPARQLAskExecutable SPARQLExecutable SPARQLSelectValidator
    SPARQLAskValidator Validator ConstraintComponent Parameter parameter Parameterizable optional
    labelTemplate validator nodeValidator propertyValidator shapesGraph entailment
    suggestedShapesGraph shapesGraphWellFormed conforms result detail focusNode resultPath value
    resultMessage resultSeverity sourceConstraint sourceConstraintComponent sourceShape
    AbstractResult
    """.split()  # noqa: SIM905 - a vocabulary reads better as words
) | set(PARAMETERS)
# SHACL Advanced Features and SHACL JavaScript Extensions (W3C Working Group Notes of 2017), and
# what the community group's draft of the former adds.
BEYOND = frozenset(
    """
    target Target TargetType SPARQLTarget SPARQLTargetType rule Rule Rules TripleRule SPARQLRule
    condition subject predicate object construct update expression Function SPARQLFunction
    returnType filterShape nodes intersection union js JSConstraint JSExecutable JSFunction
    JSLibrary JSRule JSTarget JSTargetType JSValidator jsFunctionName jsLibrary jsLibraryURL this
    ResultAnnotation resultAnnotation annotationProperty annotationVarName annotationValue
    values minus distinct count min max sum groupConcat separator orderBy desc limit offset
    if then else exists
    """.split()  # noqa: SIM905
)
# A parameter, and the one without which it does nothing.
_OWL_CLASS = NamedNode(f"{OWL}Class")
_HALVES = (
    ("flags", ("pattern",)),
    ("ignoredProperties", ("closed",)),
    ("qualifiedMinCount", ("qualifiedValueShape",)),
    ("qualifiedMaxCount", ("qualifiedValueShape",)),
    ("qualifiedValueShapesDisjoint", ("qualifiedValueShape",)),
    ("qualifiedValueShape", ("qualifiedMinCount", "qualifiedMaxCount")),
)


def imports(
    triples: Iterable[Triple], files: Iterable[str] = (), *, shapes: bool = False
) -> list[Texts]:
    """That imports stand in files, and were not followed; the parameters are those of
    `records.imports.unfollowed`.

    >>> from pyoxigraph import RdfFormat, parse
    >>> text = b"<a:o> <http://www.w3.org/2002/07/owl#imports> <a:b> ."
    >>> [texts] = imports(quad.triple for quad in parse(text, format=RdfFormat.TURTLE))
    >>> texts["en"].partition(";")[0]
    'owl:imports <a:b> is not followed'
    """
    found = unfollowed(triples, files, shapes=shapes)
    key = "several-not-followed" if len(found) > 1 else "not-followed"
    return [warning(key, value=found)] if found else []


def left_out(error: GsefgraphError) -> Texts:
    """That a shape is left out since it is not legal.

    >>> from gsefgraph.errors import InputError
    >>> left_out(InputError("shape a:s: it is none", file="s.ttl", line=1))["en"]
    'left out: s.ttl:1: shape a:s: it is none'
    """
    problem = say("error.hinted", problem=error.message, hint=error.hint) if error.hint else ""
    place = ":".join(str(part) for part in (error.file, error.line, error.column) if part)
    head = f"{place}: " if place else ""
    # No notice: each is shown, however many there are.
    return say("warning.left-out", place=head, problem=problem or error.message).texts()


def check(shapes: Shapes, names: Names) -> list[Texts]:
    """What is odd about shapes, each once, without looking at any data.

    >>> from pyoxigraph import RdfFormat, parse
    >>> text = b"PREFIX sh: <http://www.w3.org/ns/shacl#> <a:s> a sh:NodeShape ; sh:nodeKin 1 ."
    >>> check(Shapes(q.triple for q in parse(text, format=RdfFormat.TURTLE)), Names())[0]["en"]
    'shape <a:s>: SHACL has no term sh:nodeKin; did you mean sh:nodeKind?'
    """
    found = [*_terms(shapes, names), *_graphs(shapes, names), *_untargeted(shapes, names)]
    for shape in shapes.ids:
        found += _halves(shapes, shape, names)
        found += _undescribed(shapes, shape, names)
    return once(found)


def unreached(
    shapes: Shapes,
    model: Model,
    names: Names,
    *,
    has_nodes: Callable[[Target], bool],
    uses: Callable[[str], bool],
    defined: Container[str] = (),
    general: Collection[str] = (),
) -> list[Texts]:
    """Targets without a node, and paths that lead nowhere, each once.

    Parameters:
        shapes, model: the same shapes.
        names: the project's prefixes.
        has_nodes: whether a target meets a node of the data; asked once for each target.
        uses: whether any triple has a predicate, given as a full IRI; asked once for each.
        defined: terms that an ontology defines, full IRIs: a predicate among them is waiting for
            data, and not a slip.
        general: files of shapes for any data: that some have nothing for them is no slip either.

    Returns:
        Warnings; shapes that only unmet targets lead to are not looked into any further.
    """

    def passed(name: str) -> bool:
        place = shapes.place(name) if general else None
        return place is not None and place[0] in general

    met: dict[Target, bool] = {}
    used: dict[str, bool] = {}
    found: list[Texts] = []
    reached: set[str] = set()
    for root in model.roots:
        for target in root.targets:
            if target not in met:
                literal = target.kind == "node" and isinstance(target.value, Literal)
                met[target] = literal or has_nodes(target)
            if met[target]:
                reached.add(root.id)
            elif not passed(root.id):
                kind = f"target{target.kind[0].upper()}{target.kind[1:]}"
                value = f"sh:{kind} {_spelled(target.value, names)}"
                found.append(
                    warning("unmet-target", shape=_title(shapes, root.id, names), value=value)
                )
    reached |= nested(model, reached)
    for name, shape in model.shapes.items():
        if name not in reached or shape.deactivated:
            continue
        for predicate in predicates(shape):
            if predicate not in used:
                used[predicate] = uses(predicate) or predicate in defined
            if not used[predicate] and not passed(name):
                title, value = _title(shapes, name, names), names.compact(predicate)
                found.append(warning("unused-predicate", shape=title, value=value))
    return sorted(once(found), key=lambda texts: texts["en"])


def _terms(shapes: Shapes, names: Names) -> Iterator[Texts]:
    """Each term that is not run, once: those that stand on shapes, then others."""
    on_shapes = {*shapes.ids}
    own: set[str] = set()
    found: dict[str, dict[str, None]] = {}
    for triple in shapes.triples:
        subject = identifier(triple.subject)
        for is_predicate, term in enumerate((triple.object, triple.predicate)):
            if not isinstance(term, NamedNode) or not term.value.startswith(SH):
                continue
            local = term.value.removeprefix(SH)
            if local in TERMS or local.endswith("ConstraintComponent") or not local:
                continue
            found.setdefault(local, {})[shapes.rule(subject)] = None
            if is_predicate and subject in on_shapes:
                own.add(local)
    placed = {each for each, around in found.items() if any(map(shapes.named, around))}
    for local in sorted(found, key=lambda each: each not in own):
        first, *more = sorted(found[local], key=lambda each: not shapes.named(each))
        if local in BEYOND and local not in placed and not placed.isdisjoint(BEYOND):
            continue  # a part of what is told
        title = _title(shapes, first, names)
        if more:
            title = say("warning.shapes", shape=title, count=len(more))
        if local in BEYOND:
            yield warning("beyond", shape=title, value=f"sh:{local}")
            continue
        near = get_close_matches(local, sorted(TERMS), n=1, cutoff=0.6)
        key = "no-term-near" if near else "no-term"
        other = f"sh:{near[0]}" if near else ""
        yield Notice(say(f"finding.{key}", shape=title, value=f"sh:{local}", near=other))


def _graphs(shapes: Shapes, names: Names) -> Iterator[Texts]:
    from gsefgraph.shacl.sparql.prebinding import named_graphs

    for triple in shapes.triples:
        local = triple.predicate.value.removeprefix(SH)
        if local in ("select", "ask") and named_graphs(identifier(triple.object)):
            title = _title(shapes, identifier(triple.subject), names)
            yield warning("graph", shape=title, name=local)


def _untargeted(shapes: Shapes, names: Names) -> Iterator[Texts]:
    referred = {t.object for t in shapes.triples if t.object != t.subject}
    classes = shapes.below((f"{RDFS}Class",))
    for shape in shapes.ids:
        node = NamedNode(shape)
        facts = shapes.describe(node)
        target = not TARGETS.keys().isdisjoint(facts)
        implicit = not classes.isdisjoint(facts.get(f"{RDF}type", ()))
        deactivated = any(map(is_true, facts.get(f"{SH}deactivated", ())))
        types = facts.get(f"{RDF}type", ())
        title = _title(shapes, shape, names)
        if _OWL_CLASS in types and not implicit and not deactivated and _is_node(shapes, shape):
            # Its author counts on a target (section 2.1.3.3), whatever else leads to it.
            if node not in facts.get(f"{SH}targetClass", ()):
                yield warning("owl-class", shape=title, value=title)
        elif not (target or implicit or deactivated or node in referred):
            yield Notice(say("finding.no-target", shape=title))


def _is_node(shapes: Shapes, shape: str) -> bool:
    """Whether a shape is a node shape with a name of its own."""
    return shapes.named(shape) and not shapes.values(shape, "path")


def _halves(shapes: Shapes, shape: str, names: Names) -> Iterator[Texts]:
    for local, others in _HALVES:
        if shapes.values(shape, local) and not any(shapes.values(shape, o) for o in others):
            near = f"sh:{others[0]}"
            yield warning(
                "half", shape=_title(shapes, shape, names), value=f"sh:{local}", near=near
            )
    for node in shapes.values(shape, "uniqueLang"):
        if node.value == "1":
            yield warning("not-true", shape=_title(shapes, shape, names), value='sh:uniqueLang "1"')


def _undescribed(shapes: Shapes, shape: str, names: Names) -> Iterator[Texts]:
    for node in shapes.inner(shape):
        if isinstance(node, NamedNode) and shapes.named(node.value) and not shapes.describe(node):
            title = _title(shapes, shape, names)
            yield warning("undescribed", shape=title, value=names.compact(node.value))


def predicates(shape: Shape) -> Iterator[str]:
    """The predicates of its path, and those that its constraints compare with, full IRIs."""
    if shape.path is not None:
        yield from shape.path.predicates()
    for constraint in shape.constraints:
        if of(constraint).reads == "property" and isinstance(constraint.value, str):
            yield constraint.value


def _title(shapes: Shapes, shape: str, names: Names) -> str:
    owner = shapes.rule(shape)
    return names.compact(owner) if shapes.named(owner) else say("shape.nameless")


def _spelled(node: object, names: Names) -> str:
    return names.compact(node.value) if isinstance(node, NamedNode) else str(node)


def warning(key: str, **values: object) -> Texts:
    """A warning about a validation, in every language."""
    return Notice(say(f"warning.{key}", **values))


def once(found: Iterable[Texts]) -> list[Texts]:
    """Texts, each once."""
    return list({texts["en"]: texts for texts in found}.values())


def empty(records: Iterable[RecordFile]) -> list[Texts]:
    """That files hold nothing, which would read as if all in them conformed."""
    return [warning("empty", value=r.name) for r in records if not r.quads]
