"""What would be right, where something is wrong: a form, a name, a property to add."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pyoxigraph import Literal, NamedNode

from gsefgraph import lexical, mending
from gsefgraph.shacl import sentences
from gsefgraph.shacl.path import Path
from gsefgraph.shacl.report import LANGUAGES, Term, Texts, say
from gsefgraph.shacl.result import Result, parameter
from gsefgraph.shacl.shapes import Shapes
from gsefgraph.terms import RDF, Names


@dataclass(frozen=True)
class Hints:
    """Hints for results of some shapes; the attributes are those of `messages.Speaker`."""

    shapes: Shapes
    names: Names
    facts: Mapping[tuple[Term, str], Sequence[Term]]
    similar: Callable[[Term], Sequence[str]]

    def of(self, result: Result) -> Texts:
        """What would be right, in every language; empty when that cannot be known."""
        kind, value = result.kind, result.value
        if kind in ("MinCount", "QualifiedMinCount") and result.path is not None:
            return sentences.of("add", value=f"{self._path(result.path)}{self._example(result)}")
        if kind == "HasValue":
            return sentences.of("add", value=self._wanted(result, "hasValue"))
        if kind in ("MaxCount", "UniqueLang"):
            none = [node.value for node in self.shapes.values(result.shape, "maxCount")] == ["0"]
            return sentences.of("remove" if none else "keep")
        if kind == "Class" and isinstance(value, NamedNode):
            return self._class_hint(result, value)
        if kind in ("NodeKind", "Class") and isinstance(value, Literal):
            return sentences.write(self.similar(value))
        if kind in ("Datatype", "Or", "Xone", "Pattern") and isinstance(value, Literal):
            return self._literal_hint(result, value)
        if kind in ("In", "LanguageIn") and value is not None:
            return self._member_hint(result, value)
        if kind == "Closed" and result.path is not None:
            return self._closed_hint(result, result.path)
        if kind in ("Class", "Node", "Or", "Pattern") and value is not None:
            return sentences.write(self.similar(value)) if value != result.focus else {}
        return {}

    def _example(self, result: Result) -> str:
        """A blank to fill with text in the language that is missing."""
        tags = [
            member.value
            for node in self.shapes.values(result.shape, "qualifiedValueShape")
            for member in self.shapes.members(node.value, "languageIn")
        ]
        return f' "…"@{tags[0]}' if tags else ""

    def _class_hint(self, result: Result, value: NamedNode) -> Texts:
        near = self.similar(value)
        if near:
            return sentences.write(near)
        if (value, f"{RDF}type") in self.facts:
            return {}
        wanted = self._wanted(result, "class")
        return sentences.of("describe", value=say(value, self.names), type=wanted)

    def _literal_hint(self, result: Result, value: Literal) -> Texts:
        shapes = [result.shape]
        for name in ("or", "xone"):
            shapes += [node.value for node in self.shapes.members(result.shape, name)]
        wanted = [
            (node.value, [pattern.value for pattern in self.shapes.values(shape, "pattern")])
            for shape in shapes
            for node in self.shapes.values(shape, "datatype")
        ]
        for datatype, patterns in wanted:
            if datatype == lexical.LANGSTRING:
                if value.language is None and value.value.strip():
                    return {
                        tag: sentences.write([say(Literal(value.value, language=tag), self.names)])[
                            tag
                        ]
                        for tag in LANGUAGES
                    }
                continue
            form = value.value
            if lexical.fault_of(form, datatype) is not None:
                form = lexical.mend_of(form, datatype) or ""
            right = Literal(form, datatype=NamedNode(datatype))
            fits = form and lexical.fault_of(form, datatype) is None
            if fits and right != value and all(_matches(pattern, form) for pattern in patterns):
                return sentences.write([say(right, self.names)])
        return self._code_hint(result, value)

    def _code_hint(self, result: Result, value: Literal) -> Texts:
        """A language named in words where its code is wanted; text with spaces to collapse."""
        collapsed = " ".join(value.value.split())
        patterns = [node.value for node in self.shapes.values(result.shape, "pattern")]
        for form in (mending.language_code(value.value), collapsed):
            fits = form and form != value.value and all(_matches(p, form) for p in patterns)
            if form and fits and patterns:
                return sentences.write([say(_like(value, form), self.names)])
        return {}

    def _member_hint(self, result: Result, value: Term) -> Texts:
        members = self._members(result)
        by_text = {member.value: member for member in members}
        if result.kind == "LanguageIn":
            return {}
        code = mending.language_code(value.value) if isinstance(value, Literal) else None
        if code in by_text:
            return sentences.write([say(by_text[code], self.names)])
        near = get_close_matches(value.value, by_text, n=3, cutoff=0.6)
        return sentences.write([say(by_text[text], self.names) for text in near])

    def _closed_hint(self, result: Result, path: Path) -> Texts:
        allowed = [
            node.value
            for shape in self.shapes.values(result.shape, "property")
            for node in self.shapes.values(shape.value, "path")
            if isinstance(node, NamedNode)
        ]
        near = get_close_matches(path.predicate, allowed, n=3, cutoff=0.6)
        return sentences.write([self.names.compact(iri) for iri in near])

    def _members(self, result: Result) -> list[Term]:
        return self.shapes.members(result.shape, parameter(result.kind))

    def _wanted(self, result: Result, name: str) -> str:
        return ", ".join(say(node, self.names) for node in self.shapes.values(result.shape, name))

    def _path(self, path: Path) -> str:
        return path.text(self.names.compact)


def _matches(pattern: str, text: str) -> bool:
    try:
        return re.search(pattern, text) is not None
    except re.error:
        return False


def _like(value: Literal, text: str) -> Literal:
    if value.language is not None:
        return Literal(text, language=value.language)
    return Literal(text, datatype=value.datatype)
