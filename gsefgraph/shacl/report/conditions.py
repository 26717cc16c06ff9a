"""What a shape asks for, in a few words: ``gsef:place gsef:Place ≥ 1 ×``; for nested shapes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from gsefgraph.shacl.report.finding import by_language, pick
from gsefgraph.shacl.report.sentences import COMPONENTS, TITLES, either, word
from gsefgraph.shacl.shapes import components
from gsefgraph.shacl.shapes.model import (
    BLANK,
    Constraint,
    Custom,
    Model,
    Qualified,
    Shape,
    Sparql,
)
from gsefgraph.sparql.path import Path
from gsefgraph.terms import OURS, SH, Term

_SIGNS = {
    "minCount": "≥ {} ×", "maxCount": "≤ {} ×", "minInclusive": "≥ {}", "minExclusive": "> {}",
    "maxInclusive": "≤ {}", "maxExclusive": "< {}", "minLength": "≥ {} …", "maxLength": "≤ {} …",
    "hasValue": "= {}", "equals": "= {}", "disjoint": "≠ {}", "lessThan": "< {}",
    "lessThanOrEquals": "≤ {}",
}  # fmt: skip
_TERMS = ("datatype", "class")
_NONE = {
    "In": "none-of-values", "LanguageIn": "none-of-languages", "Or": "none-of-conditions",
    "Xone": "none-of-conditions",
}  # fmt: skip
_DEEPEST = 3
_LONGEST = 12  # members of a list


class Conditions:
    """Says shapes in one language.

    Parameters:
        model: the shapes.
        term, path: say a term and a path in that language.
        lang: for names of shapes.
    """

    def __init__(
        self, model: Model, term: Callable[[Term], str], path: Callable[[Path], str], lang: str
    ) -> None:
        self._model = model
        self._term = term
        self._path = path
        self._lang = lang

    def shape(self, shape: str, depth: int = 0) -> str:
        """A shape by its name, or by what it says or asks for where it is blank."""
        if not shape.startswith(OURS):
            return self.named(shape)
        if shape not in self._model.shapes:
            return "[]"
        said = self._said(shape) or self._in_full(shape, depth)
        return said or COMPONENTS["anything"][self._lang]

    def named(self, shape: str) -> str:
        """A shape by its sh:name with its IRI, or its IRI alone."""
        if shape.startswith(OURS):
            return "[]"
        found = self._model.shapes.get(shape)
        name = _line(pick(found.name if found else {}, self._lang))
        iri = self._term(NamedNode(shape))
        return f"{name} ({iri})" if name else iri

    def in_full(self, shapes: list[str]) -> str:
        """What shapes that have names say or ask for; empty where that is more than a few words
        say."""
        parts = [self._said(s) or self._in_full(s, 0) for s in shapes if not s.startswith(OURS)]
        return "; ".join(filter(None, parts))

    def listed(self, members: Sequence[Term]) -> str:
        """Members of a list, the first ones when they are many."""
        more = ", …" if len(members) > _LONGEST else ""
        return ", ".join(self._term(item) for item in members[:_LONGEST]) + more

    def _in_full(self, shape: str, depth: int) -> str:
        found = self._model.shapes.get(shape)
        if found is None:
            return ""
        parts = self._parts(found, depth)
        name = _line(pick(found.name or found.label, self._lang)) if shape.startswith(OURS) else ""
        if found.path is not None:
            path = self._path(found.path)
            parts.insert(0, f"{name} ({path})" if name and name not in path else path)
        elif name:
            return f"{name} ({' '.join(parts)})" if parts else name
        return " ".join(parts)

    def _said(self, shape: str) -> str:
        """The message of a shape, what it does not know left open; empty where it has none that
        is in this language, or in none: what it asks for is read in any.
        """
        found = self._model.shapes.get(shape)
        texts = by_language(found.messages) if found else {}
        known = {tag: texts[tag] for tag in texts if tag.lower().partition("-")[0] == self._lang}
        text = _line(pick(known, self._lang) or texts.get("", ""))
        return BLANK.sub("…", text).removesuffix(".")

    def _parts(self, shape: Shape, depth: int) -> list[str]:
        def values(name: str) -> list[Term]:
            return components.values(shape, name)

        parts = [self._term(node) for name in _TERMS for node in values(name)]
        parts += [node_kinds(node, self._lang) for node in values("nodeKind")]
        for name, sign in _SIGNS.items():
            for node in values(name):
                bare = isinstance(node, Literal) and name != "hasValue"
                parts.append(sign.format(node.value if bare else self._term(node)))
        parts += [node.value for node in values("pattern")]
        if members := values("in"):
            parts.append(self.listed(members))
        if tags := values("languageIn"):
            parts.append(", ".join(f"@{tag.value}" for tag in tags))
        parts += filter(None, map(self._in_words, shape.constraints))
        if depth >= _DEEPEST:
            return parts or ["…"]
        for name, joint in (("and", " ∧ "), ("or", " ∨ "), ("xone", " ⊻ ")):
            inner = [self.shape(item.value, depth + 1) for item in values(name)]
            parts += [f"({joint.join(inner)})"] if inner else []
        for node in values("not"):
            parts.append(f"¬({self.shape(node.value, depth + 1)})")
        for name in ("node", "property"):
            parts += [f"({self.shape(n.value, depth + 1)})" for n in values(name)]
        for constraint in shape.constraints:
            if isinstance(constraint.value, Qualified):
                sign = "≥" if constraint.kind == "QualifiedMinCount" else "≤"
                inner_shape = self.shape(constraint.value.shape, depth + 1)
                parts.append(f"{sign} {constraint.value.count} × ({inner_shape})")
        return parts

    def _in_words(self, constraint: Constraint) -> str:
        """What a constraint asks for that has no sign; empty for any other."""
        value = constraint.value
        if isinstance(value, Sparql | Custom) and value.messages:
            texts = by_language(value.messages)
            known = value.bound if isinstance(value, Custom) else {}
            return BLANK.sub(
                lambda blank: self._given(value, known[blank[1]]) if blank[1] in known else "…",
                _line(pick(texts, self._lang)),
            )
        if isinstance(value, Custom):
            given = " ".join(self._given(value, term) for _, term in value.parameters)
            return f"{self._term(NamedNode(value.component))} {given}".strip()
        if isinstance(value, tuple) and not value:
            return COMPONENTS[_NONE.get(constraint.kind, "anything")][self._lang]
        if constraint.kind in ("UniqueLang", "Closed", "SPARQL"):
            return TITLES[constraint.kind][self._lang]
        return ""

    def _given(self, value: Sparql | Custom, term: Term) -> str:
        """A value of a component's parameter, a list by its members."""
        lists = dict(value.lists) if isinstance(value, Custom) else {}
        return self.listed(lists[term]) if term in lists else self._term(term)


def _line(text: str) -> str:
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Condition:
    """What one constraint asks for, as its results' sentences name it.

    Attributes:
        model: the shapes.
        shape: the one that holds the constraint.
        kind: local name of the component, without its ending.
        component: its full IRI.
        constraint: what tells it from others of its component on the shape, as in `result.Result`.
    """

    model: Model
    shape: Shape
    kind: str
    component: str
    constraint: str | None

    def values(self) -> Sequence[Term]:
        """Values of its parameter, the one that the results are about where there are several."""
        component = components.COMPONENTS[self.kind]
        values = components.values(self.shape, component.parameter.name)
        if self.constraint is None or not component.parameter.several:
            return values
        wanted = self.constraint.split() if component.signs else [self.constraint]
        return [v for v in values if v.value in wanted or str(v) == self.constraint] or values

    def least(self) -> str:
        """The number that the constraint sets."""
        return ", ".join(node.value for node in self.values())

    def text(self, conditions: Conditions, term: Callable[[Term], str], lang: str) -> str:
        """What is asked for, in a language.

        Parameters:
            conditions: say other shapes.
            term: says a term.
        """
        component, values = components.COMPONENTS[self.kind], self.values()
        parameter = component.parameter
        if self.kind in ("SPARQL", "Closed"):
            if self.component.startswith(SH):
                return conditions.named(self.model.rule(self.shape.id))
            return term(NamedNode(self.component))
        if parameter.form == "nodeKind":
            return ", ".join(node_kinds(node, lang) for node in values)
        if component.counts and component.signs:
            values = components.values(self.shape, "qualifiedValueShape")
        if component.signs:
            joint = word("semicolon", lang) if parameter.list else ", "
            return joint.join(dict.fromkeys(conditions.shape(node.value) for node in values))
        if parameter.list:
            return conditions.listed(values)
        if component.counts or component.reads == "text":
            return ", ".join(node.value for node in values)
        return ", ".join(term(node) for node in values)


def node_kinds(kind: Term, lang: str) -> str:
    """One of the six values of sh:nodeKind (SHACL, section 4.1.3) in words.

    >>> from gsefgraph.terms import SH
    >>> node_kinds(NamedNode(f"{SH}BlankNodeOrIRI"), "fr")
    'un IRI ou un nœud sans IRI'
    """
    local = kind.value.rpartition("#")[2]
    parts = [COMPONENTS[part][lang] for part in ("IRI", "Literal", "BlankNode") if part in local]
    return either(parts)[lang]
