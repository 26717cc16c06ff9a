"""The rules of the OWL 2 RL tables, each specialised to an axiom where the table has one.

OWL 2 Profiles, section 4.3: tables 4 (equality), 5 (properties), 7 (classes) and 9 (schema).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import BlankNode, NamedNode, Triple, Variable

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
        return Rule(
            name=f"{table}({', '.join(names.compact(term) for term in about)})",
            kind="owl",
            head=(head,),
            body=" . ".join(str(pattern) for pattern in body),
            premises=body,
            source=f"{axiom} .",
            reads=frozenset(pattern.key for pattern in body),
            terms=about,
        )

    def pairs(construct: str) -> Iterator[tuple[Triple, NamedNode, NamedNode]]:
        for axiom in found[construct]:
            one, two = axiom.subject, axiom.object
            if not isinstance(one, NamedNode) or not isinstance(two, NamedNode):
                continue
            if two.value not in TOP and one != two:
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
        top = " ".join(f"<{iri}>" for iri in sorted(TOP))
        apart = f" FILTER({head.object} NOT IN ({', '.join(top.split())}))"
        return Rule(
            name=table,
            kind="owl",
            head=(head,),
            body=" . ".join(str(pattern) for pattern in body) + differ + apart,
            premises=body,
            source=table,
            reads=frozenset(pattern.key for pattern in body),
        )

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
        return Rule(
            name=table,
            kind="owl",
            head=(head,),
            body=" . ".join(str(pattern) for pattern in body) + test,
            premises=body,
            source=table,
            reads=frozenset(pattern.key for pattern in body),
        )

    pair, any_triple = Pattern(_X, same, _Y), Pattern(_X, p, _Z)
    yield rule("eq-sym", Pattern(_Y, same, _X), pair)
    yield rule("eq-trans", Pattern(_X, same, _Z), pair, Pattern(_Y, same, _Z))
    yield rule("eq-rep-s", Pattern(_Y, p, _Z), pair, any_triple)
    yield rule("eq-rep-p", Pattern(_X, q, _Z), Pattern(p, same, q), any_triple)
    yield rule("eq-rep-o", Pattern(_Z, p, _Y), pair, Pattern(_Z, p, _X))
