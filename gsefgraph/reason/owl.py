"""The ontology's axioms: closed once by owlrl, then compiled into rules for the engine.

The rules are those of OWL 2 Profiles, section 4.3 (Reasoning in OWL 2 RL and RDF Graphs using
Rules), tables 4, 5, 7 and 9, each specialised to an axiom that is there. `CONSTRUCTS` lists what an
ontology may use, `CHECKED` what derives nothing; any other axiom is an error that names it, since
it would be passed over silently.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, Variable, parse, serialize

from gsefgraph.errors import InputError
from gsefgraph.reason.rule import TYPE, Pattern, Rule
from gsefgraph.terms import OWL, RDF, RDFS, XSD, Names
from gsefgraph.wording import say

FIRST, REST = f"{RDF}first", f"{RDF}rest"
SUB_CLASS, SUB_PROPERTY = f"{RDFS}subClassOf", f"{RDFS}subPropertyOf"
SAME, CHAIN = f"{OWL}sameAs", f"{OWL}propertyChainAxiom"
REFLEXIVE = frozenset(
    (SUB_CLASS, SUB_PROPERTY, f"{OWL}equivalentClass", f"{OWL}equivalentProperty")
)
TOP = frozenset((f"{OWL}Thing", f"{RDFS}Resource", f"{RDFS}Literal", f"{OWL}Nothing"))

Axioms = Mapping[str, Sequence[Triple]]
"""Axioms by construct: by predicate, and by class where the predicate is rdf:type."""
Links = Mapping[str, Mapping[str, NamedNode | BlankNode]]
"""rdf:first and rdf:rest: predicate -> list node as N-Triples -> object."""

_NIL = f"{RDF}nil"
_X, _Y, _Z = Variable("x"), Variable("y"), Variable("z")
_A = NamedNode(TYPE)


def _rule(
    name: str,
    head: Pattern,
    body: tuple[Pattern, ...],
    test: str = "",
    *,
    source: str = "",
    terms: tuple[str, ...] = (),
) -> Rule:
    return Rule(
        name=name,
        kind="owl",
        head=(head,),
        body=" . ".join(map(str, body)) + test,
        premises=body,
        source=source or name,
        reads=frozenset(pattern.key for pattern in body),
        terms=terms,
    )


def axiom_rules(found: Axioms, links: Links, names: Names) -> Iterator[Rule]:
    """The rules of tables 5 and 7 for each axiom, named after the table's rule and the axiom.

    Errors:
        InputError: a property chain that is not a list of named properties.
    """

    def rule(
        table: str, axiom: Triple, head: Pattern, *body: Pattern, terms: tuple[str, ...] = ()
    ) -> Rule:
        about = terms or tuple(
            term.value for term in (axiom.subject, axiom.object) if isinstance(term, NamedNode)
        )
        name = f"{table}({', '.join(names.compact(term) for term in about)})"
        return _rule(name, head, body, source=f"{axiom} .", terms=about)

    def pairs(construct: str) -> Iterator[tuple[Triple, NamedNode, NamedNode]]:
        for axiom in found[construct]:
            one, two = axiom.subject, axiom.object
            if not isinstance(one, NamedNode) or not isinstance(two, NamedNode):
                continue
            if two.value not in TOP and (one != two or construct not in REFLEXIVE):
                yield axiom, one, two

    for axiom, one, two in pairs(f"{OWL}equivalentClass"):
        yield rule("cax-eqc1", axiom, Pattern(_X, _A, two), Pattern(_X, _A, one))
        yield rule("cax-eqc2", axiom, Pattern(_X, _A, one), Pattern(_X, _A, two))
    for axiom, one, two in pairs(SUB_CLASS):
        yield rule("cax-sco", axiom, Pattern(_X, _A, two), Pattern(_X, _A, one))
    for axiom, one, two in pairs(f"{OWL}equivalentProperty"):
        yield rule("prp-eqp1", axiom, Pattern(_X, two, _Y), Pattern(_X, one, _Y))
        yield rule("prp-eqp2", axiom, Pattern(_X, one, _Y), Pattern(_X, two, _Y))
    for axiom, one, two in pairs(SUB_PROPERTY):
        yield rule("prp-spo1", axiom, Pattern(_X, two, _Y), Pattern(_X, one, _Y))
    for axiom, one, two in pairs(f"{OWL}inverseOf"):
        yield rule("prp-inv1", axiom, Pattern(_Y, two, _X), Pattern(_X, one, _Y))
        yield rule("prp-inv2", axiom, Pattern(_Y, one, _X), Pattern(_X, two, _Y))
    for axiom, one, two in pairs(f"{RDFS}domain"):
        yield rule("prp-dom", axiom, Pattern(_X, _A, two), Pattern(_X, one, _Y))
    for axiom, one, two in pairs(f"{RDFS}range"):
        # A datatype is the range of literals, and a literal is the subject of nothing.
        if not two.value.startswith(XSD) and two.value not in (
            f"{RDF}langString",
            f"{RDFS}Literal",
        ):
            yield rule("prp-rng", axiom, Pattern(_Y, _A, two), Pattern(_X, one, _Y))
    for axiom, one, _ in pairs(f"{OWL}SymmetricProperty"):
        head = Pattern(_Y, one, _X)
        yield rule("prp-symp", axiom, head, Pattern(_X, one, _Y), terms=(one.value,))
    for axiom, one, _ in pairs(f"{OWL}TransitiveProperty"):
        body = (Pattern(_X, one, _Y), Pattern(_Y, one, _Z))
        yield rule("prp-trp", axiom, Pattern(_X, one, _Z), *body, terms=(one.value,))
    for axiom in found[CHAIN]:
        if isinstance(axiom.subject, NamedNode):
            steps = _list(axiom, links, names)
            chain = tuple(
                Pattern(Variable(f"u{step}"), link, Variable(f"u{step + 1}"))
                for step, link in enumerate(steps)
            )
            head = Pattern(Variable("u0"), axiom.subject, Variable(f"u{len(steps)}"))
            about = (axiom.subject.value, *(link.value for link in steps))
            yield rule("prp-spo2", axiom, head, *chain, terms=about)


def _list(axiom: Triple, links: Links, names: Names) -> list[NamedNode]:
    steps: list[NamedNode] = []
    node = axiom.object
    while str(node) != f"<{_NIL}>" and len(steps) < 100:
        item, rest = links[FIRST].get(str(node)), links[REST].get(str(node))
        if not isinstance(item, NamedNode) or rest is None:
            break
        steps.append(item)
        node = rest
    if steps and str(node) == f"<{_NIL}>":
        return steps
    subject = axiom.subject
    name = names.compact(subject.value) if isinstance(subject, NamedNode) else str(subject)
    raise InputError(
        say("rule.chain", name=name),
        hint=say("rule.write-chain"),
    )


def schema_rules() -> Iterator[Rule]:
    """Table 9 for the constructs listed, so that the ontology's own derived axioms have proofs."""

    def rule(table: str, head: Pattern, *body: Pattern) -> Rule:
        differ = f" FILTER({head.subject} != {head.object})"
        top = ", ".join(f"<{iri}>" for iri in sorted(TOP))
        return _rule(table, head, body, f"{differ} FILTER({head.object} NOT IN ({top}))")

    for table, link, equal in (
        ("c", NamedNode(SUB_CLASS), NamedNode(f"{OWL}equivalentClass")),
        ("p", NamedNode(SUB_PROPERTY), NamedNode(f"{OWL}equivalentProperty")),
    ):
        sub, same = ("scm-sco", "scm-eqc") if table == "c" else ("scm-spo", "scm-eqp")
        yield rule(sub, Pattern(_X, link, _Z), Pattern(_X, link, _Y), Pattern(_Y, link, _Z))
        yield rule(f"{same}1", Pattern(_X, link, _Y), Pattern(_X, equal, _Y))
        yield rule(f"{same}1", Pattern(_Y, link, _X), Pattern(_X, equal, _Y))
        yield rule(f"{same}2", Pattern(_X, equal, _Y), Pattern(_X, link, _Y), Pattern(_Y, link, _X))
    for table in ("dom", "rng"):
        side = NamedNode(f"{RDFS}{'domain' if table == 'dom' else 'range'}")
        larger = Pattern(_Y, NamedNode(SUB_CLASS), _Z)
        yield rule(f"scm-{table}1", Pattern(_X, side, _Z), Pattern(_X, side, _Y), larger)
        smaller = Pattern(_X, NamedNode(SUB_PROPERTY), _Y)
        yield rule(f"scm-{table}2", Pattern(_X, side, _Z), smaller, Pattern(_Y, side, _Z))


def same_rules() -> Iterator[Rule]:
    """Table 4; equality of a thing with itself (eq-ref) is left out, and so never derived."""
    same = NamedNode(SAME)
    p, q = Variable("p"), Variable("q")

    # Replacing equals inside an axiom could say that a class is a sub-class of itself.
    reflexive = ", ".join(f"<{iri}>" for iri in (SAME, *sorted(REFLEXIVE)))

    def rule(table: str, head: Pattern, *body: Pattern) -> Rule:
        test = f" FILTER(!SAMETERM({head.subject}, {head.object})"
        if table.startswith("eq-rep"):
            test += f" || {head.predicate} NOT IN ({reflexive})"
        test += ")"
        return _rule(table, head, body, test)

    pair, any_triple = Pattern(_X, same, _Y), Pattern(_X, p, _Z)
    yield rule("eq-sym", Pattern(_Y, same, _X), pair)
    yield rule("eq-trans", Pattern(_X, same, _Z), pair, Pattern(_Y, same, _Z))
    yield rule("eq-rep-s", Pattern(_Y, p, _Z), pair, any_triple)
    yield rule("eq-rep-p", Pattern(_X, q, _Z), Pattern(p, same, q), any_triple)
    yield rule("eq-rep-o", Pattern(_Z, p, _Y), pair, Pattern(_Z, p, _X))


CONSTRUCTS: tuple[str, ...] = (
    f"{RDFS}subClassOf",
    f"{RDFS}subPropertyOf",
    f"{RDFS}domain",
    f"{RDFS}range",
    f"{OWL}equivalentClass",
    f"{OWL}equivalentProperty",
    f"{OWL}inverseOf",
    f"{OWL}propertyChainAxiom",
    f"{OWL}sameAs",
    f"{OWL}SymmetricProperty",
    f"{OWL}TransitiveProperty",
)
"""The predicates and classes of axioms that `compile` turns into rules."""

CHECKED: tuple[str, ...] = (f"{OWL}AllDisjointClasses", f"{OWL}members")
"""Axioms that derive nothing; that the data keep them is for a shape to check."""

_DECLARATIONS = frozenset(
    (
        *CHECKED,
        *(f"{OWL}{name}" for name in ("Class", "ObjectProperty", "DatatypeProperty", "Ontology")),
        *(f"{OWL}{name}" for name in ("AnnotationProperty", "NamedIndividual")),
        *(f"{RDFS}{name}" for name in ("Class", "Datatype")),
        *(f"{RDF}{name}" for name in ("Property", "List")),
    )
)
_ANNOTATIONS = frozenset(
    (
        *(f"{RDFS}{name}" for name in ("label", "comment", "seeAlso", "isDefinedBy")),
        *(f"{OWL}{name}" for name in ("versionIRI", "versionInfo", "priorVersion", "deprecated")),
        *(f"{OWL}{name}" for name in ("backwardCompatibleWith", "incompatibleWith")),
    )
)


def close(ontology: bytes | Iterable[Triple]) -> tuple[Triple, ...]:
    """The axioms of an ontology with all that follows from them alone, by owlrl.

    Parameters:
        ontology: Turtle as bytes, or triples; what is not an axiom (labels, comments) is left out.

    Returns:
        Axioms stated and derived, sorted as N-Triples, without owlrl's housekeeping: equality of
        a thing with itself, owl:Thing, rdfs:Resource and the like, datatypes, literal subjects.

    Errors:
        InputError: an axiom that is none of `CONSTRUCTS`, or a property chain that is no list.
        SyntaxError: bytes that are not Turtle.

    >>> turtle = b'''@prefix : <http://e/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    ... :A rdfs:subClassOf :B . :B rdfs:subClassOf :C .'''
    >>> for triple in close(turtle): print(triple)
    <http://e/A> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <http://e/B>
    <http://e/A> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <http://e/C>
    <http://e/B> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <http://e/C>
    """
    given: Iterable[Triple]
    if isinstance(ontology, bytes):
        given = (quad.triple for quad in parse(ontology, format=RdfFormat.TURTLE))
    else:
        given = ontology
    axioms = [triple for triple in given if _is_axiom(triple)]
    compile(axioms)  # refuses what owlrl would pass over or fail on
    # owlrl and rdflib take 0.4 s to import, and a warm start needs neither.
    import owlrl
    import rdflib

    graph = rdflib.Graph()
    graph.parse(data=serialize(axioms, format=RdfFormat.N_TRIPLES) or b"", format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, improved_datatypes=False).expand(graph)
    # A literal subject cannot be written as N-Triples, so those go before rather than after.
    for subject in [s for s in set(graph.subjects()) if isinstance(s, rdflib.Literal)]:
        graph.remove((subject, None, None))
    lines = graph.serialize(format="nt", encoding="utf-8")
    closed = {quad.triple for quad in parse(lines, format=RdfFormat.N_TRIPLES)}
    kept = {triple for triple in closed if not housekeeping(triple)}
    return tuple(sorted(kept.union(axioms), key=str))


def housekeeping(triple: Triple) -> bool:
    """Whether a triple is one that OWL 2 RL derives of anything and that tells nothing.

    >>> a = NamedNode("http://e/a")
    >>> housekeeping(Triple(a, NamedNode(f"{OWL}sameAs"), a))
    True
    """
    subject, predicate, value = triple.subject, triple.predicate.value, triple.object
    if predicate == TYPE and isinstance(value, NamedNode):
        if value.value in TOP or value.value == f"{RDFS}Datatype":
            return True
        return isinstance(subject, NamedNode) and subject.value.startswith((OWL, RDF, RDFS, XSD))
    if predicate == SAME or predicate in REFLEXIVE:
        ends = (subject, value)
        return (
            subject == value
            or any(isinstance(end, NamedNode) and end.value in TOP for end in ends)
            or all(isinstance(end, NamedNode) and end.value.startswith(XSD) for end in ends)
        )
    if predicate in (f"{RDFS}domain", f"{RDFS}range"):
        return isinstance(value, NamedNode) and value.value in TOP
    return (
        predicate == f"{OWL}disjointWith"
        and isinstance(value, NamedNode)
        and (value.value.startswith(XSD))
    )


def check(triples: Iterable[Triple]) -> None:
    """Refuse axioms that no rule stands for.

    Errors:
        InputError: naming the first axiom (in N-Triples order) that is none of `CONSTRUCTS`, or
            one of those whose ends are not IRIs.

    >>> check([Triple(NamedNode("http://e/A"), NamedNode(f"{OWL}disjointWith"),
    ...     NamedNode("http://e/B"))])
    Traceback (most recent call last):
    gsefgraph.errors.InputError: axiom <http://e/A> owl:disjointWith <http://e/B> has no rule; ...
    """
    names = Names()
    for triple in sorted(filter(_is_axiom, triples), key=str):
        predicate, value = triple.predicate.value, triple.object
        if predicate == TYPE:
            fine = isinstance(value, NamedNode) and (
                value.value in CONSTRUCTS or value.value in _DECLARATIONS
            )
        elif predicate in (FIRST, REST, *CHECKED):
            fine = True
        else:
            fine = predicate in CONSTRUCTS and isinstance(triple.subject, NamedNode)
            fine = fine and (isinstance(value, NamedNode) or predicate == CHAIN)
        if not fine:
            text = " ".join(
                names.compact(term.value) if isinstance(term, NamedNode) else str(term)
                for term in (triple.subject, triple.predicate, triple.object)
            )
            known = ", ".join(names.compact(iri) for iri in CONSTRUCTS)
            raise InputError(
                say("rule.axiom", text=text), hint=say("rule.known-axioms", known=known)
            )


def _is_axiom(triple: Triple) -> bool:
    predicate, value = triple.predicate.value, triple.object
    if predicate == TYPE:
        return isinstance(value, NamedNode) and value.value.startswith((OWL, RDF, RDFS))
    return predicate.startswith((OWL, RDF, RDFS)) and predicate not in _ANNOTATIONS


def compile(closed: Iterable[Triple]) -> list[Rule]:  # noqa: A001 - the word for it
    """The rules that the axioms amount to.

    Parameters:
        closed: the ontology's closure (see `close`).

    Returns:
        Rules sorted by name; those of owl:sameAs and of the ontology's own terms are always there.

    Errors:
        InputError: an axiom that is none of `CONSTRUCTS`, or a property chain that is no list.

    >>> axiom = Triple(NamedNode("http://e/p"), NamedNode(f"{OWL}inverseOf"), NamedNode("http://e/q"))
    >>> [rule.name for rule in compile([axiom]) if rule.name.startswith("prp")]
    ['prp-inv1(<http://e/p>, <http://e/q>)', 'prp-inv2(<http://e/p>, <http://e/q>)']
    """
    triples = sorted(filter(_is_axiom, closed), key=str)
    check(triples)
    links: dict[str, dict[str, NamedNode | BlankNode]] = {FIRST: {}, REST: {}}
    found: dict[str, list[Triple]] = defaultdict(list)
    for triple in triples:
        predicate = triple.predicate.value
        if predicate in links and isinstance(triple.object, NamedNode | BlankNode):
            links[predicate][str(triple.subject)] = triple.object
        elif predicate == TYPE and isinstance(triple.object, NamedNode):
            found[triple.object.value].append(triple)
        else:
            found[predicate].append(triple)
    _reduce(found)
    names = Names()
    rules: dict[tuple[tuple[Pattern, ...], str], Rule] = {}
    for rule in (*axiom_rules(found, links, names), *schema_rules(), *same_rules()):
        rules.setdefault((rule.head, rule.body), rule)
    return sorted(rules.values(), key=lambda rule: rule.name)


def _reduce(found: dict[str, list[Triple]]) -> None:
    """Drop axioms that follow from two others, since the rules of those two derive the same.

    Sub-class and sub-property keep their transitive reduction, domain and range the narrowest class
    and the widest property. Equivalent terms do not stand in for each other, so nothing is lost in
    a cycle.
    """
    below = {
        link: {(str(axiom.subject), str(axiom.object)) for axiom in found[link]}
        for link in (SUB_CLASS, SUB_PROPERTY)
    }
    larger: dict[str, set[str]] = defaultdict(set)
    for pairs in below.values():
        for one, two in pairs:
            if (two, one) not in pairs:
                larger[one].add(two)
    for link in below:
        found[link] = [
            axiom
            for axiom in found[link]
            if not any(str(axiom.object) in larger[mid] for mid in larger[str(axiom.subject)])
        ]
    for link in (f"{RDFS}domain", f"{RDFS}range"):
        classes: dict[str, set[str]] = defaultdict(set)
        for axiom in found[link]:
            classes[str(axiom.subject)].add(str(axiom.object))
        found[link] = [
            axiom
            for axiom in found[link]
            if not any(str(axiom.object) in larger[mid] for mid in classes[str(axiom.subject)])
            and not any(str(axiom.object) in classes[wide] for wide in larger[str(axiom.subject)])
        ]
