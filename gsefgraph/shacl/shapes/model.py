"""Shapes as plain data: targets, paths, constraints (SHACL, sections 2 to 5).

`reading.py` makes these from a shapes graph and refuses what is not legal; `compiled/` turns them
into SQL for whole graphs, `judge/` evaluates them on a small one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal as OneOf
from typing import TypeAlias

from pyoxigraph import Literal, Triple

from gsefgraph.sparql.path import Path
from gsefgraph.terms import SH, Term

Place: TypeAlias = tuple[str, int, int]
BLANK = re.compile(r"\{[?$](\w+)\}")
"""A blank in a message, which the value of a variable fills (SHACL, sections 5.3.2 and 6.2.3)."""
TargetKind = OneOf["class", "node", "subjectsOf", "objectsOf"]


@dataclass(frozen=True, slots=True)
class Target:
    """What a shape is about (SHACL, section 2.1.3).

    Attributes:
        kind: "class" (also implicit), "node", "subjectsOf" or "objectsOf".
        value: the class, the node, or the predicate.
    """

    kind: TargetKind
    value: Term


@dataclass(frozen=True, slots=True)
class Pattern:
    """sh:pattern with its sh:flags (SHACL, section 4.4.3).

    Attributes:
        text, flags: as written.
        re2: the same expression as RE2 reads it, flags included.
    """

    text: str
    flags: str
    re2: str


@dataclass(frozen=True, slots=True)
class Qualified:
    """sh:qualifiedValueShape with one of its counts (SHACL, section 4.7.3).

    Attributes:
        shape: id of the value shape.
        count: the sh:qualifiedMinCount or sh:qualifiedMaxCount.
        siblings: ids of the sibling shapes; empty unless sh:qualifiedValueShapesDisjoint is true.
    """

    shape: str
    count: int
    siblings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sparql:
    """A SPARQL-based constraint (SHACL, section 5.2).

    Attributes:
        id: IRI of the constraint, a name of ours where it is blank.
        select: the query with its prefixes declared and $PATH replaced; `$this` is not yet bound.
        messages: of its results.
        graph: the shapes graph, where the query reads it (`$shapesGraph`).
    """

    id: str
    select: str
    messages: tuple[Literal, ...] = ()
    graph: tuple[Triple, ...] = ()


@dataclass(frozen=True, slots=True)
class Custom:
    """A constraint of a component that the shapes graph declares itself (SHACL, section 6).

    Attributes:
        component: full IRI.
        parameters: full IRI of each parameter with its value on the shape.
        query: of its validator, with its prefixes declared and $PATH replaced; parameters are not
            yet bound.
        ask: whether that is an ASK, which is false of each value node at fault.
        graph: as of `Sparql`.
        messages: of its validator, else of the component.
        lists: those among the parameters, with their members.
        absent: names of the variables of optional parameters that the shape does not have.
    """

    component: str
    parameters: tuple[tuple[str, Term], ...]
    query: str
    ask: bool = True
    graph: tuple[Triple, ...] = ()
    messages: tuple[Literal, ...] = ()
    lists: tuple[tuple[Term, tuple[Term, ...]], ...] = ()
    absent: tuple[str, ...] = ()

    @property
    def bound(self) -> Mapping[str, Term]:
        """The parameters by the names of their variables (SHACL, section 6.2.1).

        >>> list(Custom("a:C", (("a:b#longest", Literal(3)),), "ASK {}").bound)
        ['longest']
        """
        return {variable(iri): value for iri, value in self.parameters}


def blanks(messages: Iterable[Literal]) -> Iterator[str]:
    """The variables that messages name, without their mark.

    >>> [*blanks([Literal("{?value} is not {$wanted}")])]
    ['value', 'wanted']
    """
    return (name for message in messages for name in BLANK.findall(message.value))


def variable(parameter: str) -> str:
    """The name of the variable of a parameter: the local name of its IRI."""
    return re.split(r"[#/:]", parameter)[-1]


Value: TypeAlias = (
    int | bool | str | Term | tuple[str, ...] | tuple[Term, ...] | frozenset[str]
    | Pattern | Qualified | Sparql | Custom
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Constraint:
    """One constraint of a shape.

    Attributes:
        kind: the component's local name without its ending, such as "MinCount"; "Custom" for one
            that the shapes graph declares itself.
        value: what its parameters say, by kind:

            MinCount MaxCount MinLength MaxLength                     int
            Class Datatype                                            full IRI (str)
            NodeKind                                                  local name, "BlankNodeOrIRI"
            MinExclusive MinInclusive MaxExclusive MaxInclusive       Literal
            Pattern                                                   Pattern
            LanguageIn                                                tuple of str
            UniqueLang                                                True
            Equals Disjoint LessThan LessThanOrEquals                 full IRI of a predicate (str)
            Not Node Property                                         shape id (str)
            And Or Xone                                               tuple of shape ids
            QualifiedMinCount QualifiedMaxCount                       Qualified
            Closed                                                    frozenset of allowed IRIs
            HasValue                                                  Term
            In                                                        tuple of Terms
            SPARQL                                                    Sparql
            Custom                                                    Custom
    """

    kind: str
    value: Value

    @property
    def component(self) -> str:
        """Full IRI of the constraint component.

        >>> Constraint("MinCount", 1).component
        'http://www.w3.org/ns/shacl#MinCountConstraintComponent'
        """
        if isinstance(self.value, Custom):
            return self.value.component
        return f"{SH}{self.kind}ConstraintComponent"


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape, or a property shape where `path` is given.

    Attributes:
        id: its IRI, a name of ours where it is blank.
        path: None for a node shape.
        targets: in the order written.
        constraints: in the order of their kinds in `Constraint`, then as written. Those of
            deactivated shapes and constraints are not there.
        severity: full IRI.
        deactivated: then it has no results, and every node conforms to it.
        place: file, line and column where it is written; None when it is in no file.
        rule: IRI of the nearest shape around it that has a name, its own where it has one; empty
            for its id.
        messages: of all its results (SHACL, section 2.1.5).
        name, description: sh:name and sh:description, by language, untagged text under "".
        label, comment: those of RDF Schema.
    """

    id: str
    path: Path | None = None
    targets: tuple[Target, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    severity: str = f"{SH}Violation"
    deactivated: bool = False
    place: Place | None = None
    rule: str = ""
    messages: tuple[Literal, ...] = ()
    name: Mapping[str, str] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)
    label: Mapping[str, str] = field(default_factory=dict)
    comment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Model:
    """All shapes of a shapes graph.

    Attributes:
        shapes: by id, sorted by it.

    >>> Model({}).roots
    ()
    """

    shapes: Mapping[str, Shape]

    __hash__ = object.__hash__  # what is worked out of a model is kept for that one

    def rule(self, shape: str) -> str:
        """IRI of the nearest shape with a name around a shape, given by its id.

        >>> Model({"urn:s": Shape("urn:s")}).rule("urn:s")
        'urn:s'
        """
        found = self.shapes.get(shape)
        return (found and found.rule) or shape

    @property
    def roots(self) -> tuple[Shape, ...]:
        """Shapes that have targets and are not deactivated, sorted by id."""
        return tuple(s for s in self.shapes.values() if s.targets and not s.deactivated)
