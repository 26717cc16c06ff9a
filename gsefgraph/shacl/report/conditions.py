"""What a shape asks for, in a few words: ``gsef:place gsef:Place ≥ 1 ×``; for nested shapes."""

from __future__ import annotations

from collections.abc import Callable

from pyoxigraph import Literal, NamedNode

from gsefgraph.shacl.report.components import COMPONENTS
from gsefgraph.shacl.report.report import BLANK_SHAPE, Term, pick
from gsefgraph.shacl.report.sentences import either
from gsefgraph.shacl.shapes.graph import Shapes
from gsefgraph.sparql.path import Path

_SIGNS = {
    "minCount": "≥ {} ×", "maxCount": "≤ {} ×", "minInclusive": "≥ {}", "minExclusive": "> {}",
    "maxInclusive": "≤ {}", "maxExclusive": "< {}", "minLength": "≥ {} …", "maxLength": "≤ {} …",
    "hasValue": "= {}", "equals": "= {}", "disjoint": "≠ {}", "lessThan": "< {}",
    "lessThanOrEquals": "≤ {}",
}  # fmt: skip
_TERMS = ("datatype", "class")
_DEEPEST = 3
_LONGEST = 12  # members of a list


class Conditions:
    """Says shapes in one language.

    Parameters:
        shapes: the shapes.
        term, path: say a term and a path in that language.
        lang: for names of shapes.
    """

    def __init__(
        self, shapes: Shapes, term: Callable[[Term], str], path: Callable[[Path], str], lang: str
    ) -> None:
        self._shapes = shapes
        self._term = term
        self._path = path
        self._lang = lang

    def shape(self, shape: str, depth: int = 0) -> str:
        """A shape by its name, or by what it asks for where it is blank."""
        if not shape.startswith(BLANK_SHAPE):
            return self.named(shape)
        path = self._shapes.path(shape)
        parts = [self._path(path)] if path else []
        return " ".join(parts + self._asked(shape, depth)) or self.named(self._shapes.rule(shape))

    def named(self, shape: str) -> str:
        """A shape by its sh:name with its IRI, or its IRI alone."""
        if shape.startswith(BLANK_SHAPE):
            return "[]"
        name = " ".join(pick(self._shapes.texts(shape, "name"), self._lang).split())
        iri = self._term(NamedNode(shape))
        return f"{name} ({iri})" if name else iri

    def asked(self, shapes: list[str]) -> str:
        """What shapes that have names ask for; empty where that is more than a few words say."""
        parts = []
        for shape in shapes:
            if not shape.startswith(BLANK_SHAPE):
                path = self._shapes.path(shape)
                said = [self._path(path)] if path else []
                parts += [" ".join([*said, *self._asked(shape, 0)])]
        return "; ".join(filter(None, parts))

    def listed(self, members: list[Term]) -> str:
        """Members of a list, the first ones when they are many."""
        more = ", …" if len(members) > _LONGEST else ""
        return ", ".join(self._term(item) for item in members[:_LONGEST]) + more

    def _asked(self, shape: str, depth: int) -> list[str]:
        shapes = self._shapes
        parts = [self._term(node) for name in _TERMS for node in shapes.values(shape, name)]
        parts += [node_kinds(node, self._lang) for node in shapes.values(shape, "nodeKind")]
        for name, sign in _SIGNS.items():
            for node in shapes.values(shape, name):
                said = node.value if isinstance(node, Literal) else self._term(node)
                if name == "hasValue":
                    said = self._term(node)
                parts.append(sign.format(said))
        parts += [node.value for node in shapes.values(shape, "pattern")]
        if members := shapes.members(shape, "in"):
            parts.append(self.listed(members))
        if tags := shapes.members(shape, "languageIn"):
            parts.append(", ".join(f"@{tag.value}" for tag in tags))
        if depth >= _DEEPEST:
            return parts or ["…"]
        for name, joint in (("and", " ∧ "), ("or", " ∨ "), ("xone", " ⊻ ")):
            inner = [self.shape(item.value, depth + 1) for item in shapes.members(shape, name)]
            parts += [f"({joint.join(inner)})"] if inner else []
        for node in shapes.values(shape, "not"):
            parts.append(f"¬({self.shape(node.value, depth + 1)})")
        for name in ("node", "property", "qualifiedValueShape"):
            parts += [f"({self.shape(n.value, depth + 1)})" for n in shapes.values(shape, name)]
        return parts


def node_kinds(kind: Term, lang: str) -> str:
    """One of the six values of sh:nodeKind (SHACL, section 4.1.3) in words.

    >>> from gsefgraph.terms import SH
    >>> node_kinds(NamedNode(f"{SH}BlankNodeOrIRI"), "fr")
    'un IRI ou un nœud sans IRI'
    """
    local = kind.value.rpartition("#")[2]
    parts = [COMPONENTS[part][lang] for part in ("IRI", "Literal", "BlankNode") if part in local]
    return either(parts)[lang]
