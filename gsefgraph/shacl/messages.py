"""What a result of the validator says to a person: what is wrong, and what would be right.

The shape's own message comes first, in each language that it has; a sentence that states the value
found and the value wanted follows. The validator's own text is never shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from gsefgraph.shacl import sentences
from gsefgraph.shacl.hints import Hints
from gsefgraph.shacl.path import Path
from gsefgraph.shacl.report import LANGUAGES, Term, Texts, say
from gsefgraph.shacl.result import Result, parameter
from gsefgraph.shacl.sentences import SENTENCES
from gsefgraph.shacl.shapes import Shapes
from gsefgraph.terms import RDF, SH, Names

_BLANK = re.compile(r"\{[?$](\w+)\}")
_SHOWN = 12  # members of a list that a sentence names


@dataclass(frozen=True)
class Speaker:
    """Says results of some shapes on some triples.

    Attributes:
        shapes: the shapes that the results come from.
        names: prefixes.
        facts: values by subject and predicate, full IRIs, of what was validated.
        similar: known IRIs, compact, that resemble one that is not known.
    """

    shapes: Shapes
    names: Names
    facts: Mapping[tuple[Term, str], Sequence[Term]]
    similar: Callable[[Term], Sequence[str]]

    def message(self, result: Result) -> Texts:
        """What is wrong, in every language."""
        own = self._own(result)
        theirs = self._theirs(result)
        if not theirs:
            return own
        if result.kind == "SPARQL":
            return {**{language: theirs.get("", theirs.get("en", "")) for language in LANGUAGES},
                    **{tag: text for tag, text in theirs.items() if tag}}  # fmt: skip
        said = {}
        for language in LANGUAGES:
            text = theirs.get(language) or theirs.get("")
            said[language] = f"{_closed(text)} {own[language]}" if text else own[language]
        return said

    def hint(self, result: Result) -> Texts:
        """What would be right, in every language; empty when that cannot be known."""
        return Hints(self.shapes, self.names, self.facts, self.similar).of(result)

    def _theirs(self, result: Result) -> dict[str, str]:
        """The message of the constraint, else of the shape, its blanks filled."""
        found: dict[str, str] = {}
        for shape in (result.constraint, result.shape):
            if shape is not None and not found:
                found = self.shapes.texts(shape)
        values: dict[str, object] = {
            "this": say(result.focus, self.names),
            **{name: say(term, self.names) for name, term in result.bound.items()},
        }
        if result.path is not None:
            values["path"] = values["PATH"] = self._path(result.path)
        if result.value is not None:
            values["value"] = say(result.value, self.names)
        for name in ("minCount", "maxCount", "datatype", "class", "pattern", "minInclusive"):
            for node in self.shapes.values(result.shape, name)[:1]:
                values.setdefault(name, say(node, self.names))
        return {
            tag: _BLANK.sub(lambda blank: str(values.get(blank[1], blank[0])), text)
            for tag, text in found.items()
        }

    def _own(self, result: Result) -> Texts:
        kind = result.kind if result.kind in SENTENCES else "SPARQL"
        value = result.value if result.value is not None else result.focus
        values = self._values(result)
        return sentences.of(
            kind,
            value=say(value, self.names),
            values=", ".join(say(item, self.names) for item in values[:_SHOWN]),
            count=len(value.value) if kind in ("MinLength", "MaxLength") else len(values),
            path=self._path(result.path) if result.path else "",
            condition=self._qualified(result),
            types=self._types(value),
            found=self._found(kind, value),
            wanted=self._asked(kind, result),
        )

    def _values(self, result: Result) -> Sequence[Term]:
        if result.path is None or result.path.operator:
            return ()
        found = self.facts.get((result.focus, result.path.predicate), ())
        if result.kind == "UniqueLang":
            tags = [item.language for item in found if isinstance(item, Literal)]
            return [
                item for item in found
                if isinstance(item, Literal) and item.language and tags.count(item.language) > 1
            ]  # fmt: skip
        return found

    def _types(self, value: Term) -> Texts:
        if isinstance(value, Literal):
            return SENTENCES["literal"]
        types = [say(item, self.names) for item in self.facts.get((value, f"{RDF}type"), ())]
        if not types:
            return SENTENCES["untyped"]
        return sentences.of("types", value=", ".join(types))

    def _found(self, kind: str, value: Term) -> object:
        if kind == "Datatype":
            if isinstance(value, Literal):
                return self.names.compact(value.datatype.value)
            return SENTENCES["IRI"] if isinstance(value, NamedNode) else SENTENCES["BlankNode"]
        return SENTENCES[
            "IRI" if isinstance(value, NamedNode)
            else "Literal" if isinstance(value, Literal) else "BlankNode"
        ]  # fmt: skip

    def _asked(self, kind: str, result: Result) -> object:
        if kind == "NodeKind":
            return self._node_kind(result)
        if kind in ("In", "LanguageIn"):
            members = self._members(result)
            more = ", …" if len(members) > _SHOWN else ""
            return ", ".join(say(item, self.names) for item in members[:_SHOWN]) + more
        if kind in ("And", "Or", "Xone"):
            inner = self.shapes.members(result.shape, kind.lower())
            return "; ".join(dict.fromkeys(self._condition(item.value) for item in inner))
        if kind in ("Node", "SPARQL", "Not", "Closed"):
            named = self.shapes.values(result.shape, "node")[:1] if kind == "Node" else ()
            return self.names.compact(self.shapes.rule(named[0].value if named else result.shape))
        return self._wanted(result, parameter(kind))

    def _node_kind(self, result: Result) -> Texts:
        for node in self.shapes.values(result.shape, "nodeKind"):
            parts = [SENTENCES[part] for part in ("BlankNode", "IRI", "Literal")
                     if part in node.value.removeprefix(SH)]  # fmt: skip
            joined = SENTENCES["or"]
            return {
                language: f" {joined[language]} ".join(part[language] for part in parts)
                for language in LANGUAGES
            }
        return SENTENCES["IRI"]

    def _wanted(self, result: Result, parameter: str) -> str:
        return ", ".join(
            say(node, self.names) if parameter != "pattern" else node.value
            for node in self.shapes.values(result.shape, parameter)
            if not (parameter in _COUNTS and isinstance(node, Literal))
        ) or ", ".join(node.value for node in self.shapes.values(result.shape, parameter))

    def _condition(self, shape: str) -> str:
        parts = []
        path = self.shapes.path(shape)
        if path is not None:
            parts.append(self._path(path))
        for name in ("datatype", "class", "nodeKind", "hasValue", "pattern", "node"):
            parts += [
                node.value if name == "pattern" else say(node, self.names)
                for node in self.shapes.values(shape, name)
            ]
        for name in ("in", "languageIn"):
            parts += [say(node, self.names) for node in self.shapes.members(shape, name)]
        return " ".join(parts) or self.names.compact(self.shapes.rule(shape))

    def _qualified(self, result: Result) -> str:
        inner = self.shapes.values(result.shape, "qualifiedValueShape")
        return ", ".join(self._condition(node.value) for node in inner)

    def _members(self, result: Result) -> list[Term]:
        return self.shapes.members(result.shape, parameter(result.kind))

    def _path(self, path: Path) -> str:
        return path.text(self.names.compact)


_COUNTS = frozenset(
    {"minCount", "maxCount", "minLength", "maxLength", "qualifiedMinCount", "qualifiedMaxCount"}
)


def _closed(text: str) -> str:
    """The text with a full stop at its end."""
    return text if text.rstrip().endswith((".", "!", "?", "…")) else f"{text.rstrip()}."


def facts(triples: Iterable[object]) -> dict[tuple[Term, str], list[Term]]:
    """Values by subject and predicate, each once, sorted."""
    from pyoxigraph import Triple

    found: dict[tuple[Term, str], set[Term]] = {}
    for triple in triples:
        if isinstance(triple, Triple):
            key = (triple.subject, triple.predicate.value)
            found.setdefault(key, set()).add(triple.object)  # type: ignore[arg-type]
    return {key: sorted(values, key=str) for key, values in found.items()}
