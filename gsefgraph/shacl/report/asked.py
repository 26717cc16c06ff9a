"""What a constraint asks for, as its results' sentences name it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from gsefgraph.shacl.report.conditions import Conditions, node_kinds
from gsefgraph.shacl.report.report import Term
from gsefgraph.shacl.report.words import word
from gsefgraph.shacl.result import parameter
from gsefgraph.shacl.shapes.graph import Shapes
from gsefgraph.terms import SH

_LISTS = frozenset({"And", "Or", "Xone"})
_PLAIN = frozenset({"MinCount", "MaxCount", "MinLength", "MaxLength", "Pattern"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One constraint of a shape.

    Attributes:
        shapes: the shapes.
        shape: id of the shape that holds the constraint.
        kind: local name of the component, without its ending.
        component: its full IRI.
        constraint: what tells it from others of its component on the shape, as in `result.Result`.
        rule: full IRI of the nearest named shape.
    """

    shapes: Shapes
    shape: str
    kind: str
    component: str
    constraint: str | None
    rule: str

    def given(self, local: str) -> Sequence[Term]:
        """Values of a parameter, the one that the results are about where there are several."""
        values = self.shapes.values(self.shape, local)
        if self.constraint is None or len(values) < 2:
            return values
        return [v for v in values if self.constraint in (v.value, str(v))] or values

    def least(self) -> str:
        """The number that the constraint sets."""
        return ", ".join(n.value for n in self.shapes.values(self.shape, parameter(self.kind)))

    def text(self, conditions: Conditions, term: Callable[[Term], str], lang: str) -> str:
        """What is asked for, in a language.

        Parameters:
            conditions: say other shapes.
            term: says a term.
        """
        kind = self.kind
        if kind == "NodeKind":
            kinds = self.shapes.values(self.shape, "nodeKind")
            return ", ".join(node_kinds(node, lang) for node in kinds)
        if kind in ("In", "LanguageIn"):
            return conditions.listed(self.shapes.members(self.shape, parameter(kind)))
        if kind in _LISTS:
            return word("semicolon", lang).join(
                dict.fromkeys(conditions.shape(item) for item in self._inner())
            )
        if kind.startswith("Qualified"):
            inner = self.shapes.values(self.shape, "qualifiedValueShape")
            return ", ".join(conditions.shape(node.value) for node in inner)
        values = self.given(parameter(kind))
        if kind in ("Not", "Node") and values:
            return ", ".join(conditions.shape(node.value) for node in values)
        if kind in ("Not", "Node", "SPARQL", "Closed"):
            if self.component.startswith(SH):
                return conditions.named(self.rule)
            return term(NamedNode(self.component))
        if kind in _PLAIN:
            return ", ".join(node.value for node in values)
        return ", ".join(term(node) for node in values)

    def _inner(self) -> list[str]:
        """Ids of the shapes of a list, of the one that the results are about."""
        ids = (self.constraint or "").split()
        known = [item.value for item in self.shapes.members(self.shape, parameter(self.kind))]
        return ids if ids and set(ids) <= set(known) else known
