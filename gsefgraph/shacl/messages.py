"""What a result of the validator says to a person: what is wrong, and what would be right.

The shape's own message comes first, in the language of the report or in one that it has; a sentence
that states the value found and the value wanted follows. The validator's own text is never shown.
A text is made when it is first read, and all that does not depend on the node is made once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import Triple

from gsefgraph.shacl.hints import Hints
from gsefgraph.shacl.report import Finding, Rule, Term, Texts
from gsefgraph.shacl.reports.script import Script
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes import Shapes
from gsefgraph.terms import RDFS, Names


class Said(Mapping[str, str]):
    """Texts by language that are made when they are first read.

    Parameters:
        languages: gives the languages.
        make: gives the text in one of them.

    >>> said = Said(lambda: ("en", "fr"), str.upper)
    >>> said["fr"], dict(said) == said
    ('FR', True)
    """

    __slots__ = ("_languages", "_made", "_make")

    def __init__(self, languages: Callable[[], Sequence[str]], make: Callable[[str], str]) -> None:
        self._languages = languages
        self._make = make
        self._made: dict[str, str] = {}

    def __getitem__(self, language: str) -> str:
        if language not in self._made:
            if language not in self._languages():
                raise KeyError(language)
            self._made[language] = self._make(language)
        return self._made[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._languages())

    def __len__(self) -> int:
        return len(self._languages())

    def __repr__(self) -> str:
        return repr(dict(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)


class Hint(Mapping[str, str]):
    """Texts by language of which it is not known, before they are read, whether there are any."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], Texts]) -> None:
        self._make = make
        self._made: Texts | None = None

    @property
    def _texts(self) -> Texts:
        if self._made is None:
            self._made = self._make()
        return self._made

    def __getitem__(self, language: str) -> str:
        return self._texts[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __repr__(self) -> str:
        return repr(dict(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)


@dataclass(frozen=True)
class Speaker:
    """Says results of some shapes on some triples.

    Attributes:
        shapes: the shapes that the results come from.
        names: prefixes.
        facts: values by subject and predicate, full IRIs, of what stands around the results.
        similar: known IRIs, compact, that resemble one that is not known.
        labels: names of nodes by IRI and language, said before their IRIs; it may be filled until
            the first text is read.
    """

    shapes: Shapes
    names: Names
    facts: Mapping[tuple[Term, str], Sequence[Term]]
    similar: Callable[[Term], Sequence[str]]
    labels: Mapping[str, Texts] = field(default_factory=dict)
    _scripts: dict[tuple[str, str, str | None], Script] = field(
        default_factory=dict, compare=False, repr=False
    )
    _hints: list[Hints] = field(default_factory=list, compare=False, repr=False)

    def message(self, result: Result) -> Texts:
        """What is wrong, in every language."""
        script = self.script(result)
        return Said(lambda: script.languages, lambda lang: script.say(result, lang))

    def hint(self, result: Result) -> Texts:
        """What would be right, in every language; empty when that cannot be known."""
        if not self._hints:
            self._hints.append(Hints(self.shapes, self.names, self.facts, self.similar))
        hints = self._hints[0]
        return Hint(lambda: hints.of(result))

    def finding(self, result: Result) -> Finding:
        """A result as a finding, not yet placed in a file."""
        return Finding(
            severity=result.severity,
            focus=result.focus,
            path=result.path,
            value=result.value,
            rule=self.script(result).rule,
            component=result.component,
            message=self.message(result),
            hint=self.hint(result),
            shape=result.shape,
        )

    def script(self, result: Result) -> Script:
        """What the results of one constraint have in common."""
        key = (result.shape, result.component, result.constraint)
        script = self._scripts.get(key)
        if script is None:
            script = Script(self.shapes, self.names, self.facts, self.labels, result)
            self._scripts[key] = script
        return script


def findings(results: Iterable[Result], speaker: Speaker) -> list[Finding]:
    """Results as findings, in their order, not yet placed in a file."""
    return [speaker.finding(result) for result in results]


def rules(shapes: Shapes) -> dict[str, Rule]:
    """Every shape by its id: its name, and what it asks for.

    >>> from pyoxigraph import RdfFormat, parse
    >>> text = b'''@prefix sh: <http://www.w3.org/ns/shacl#> .
    ... <a:s> a sh:NodeShape ; sh:name "date"@fr .'''
    >>> rules(Shapes(q.triple for q in parse(text, format=RdfFormat.TURTLE)))["a:s"].name
    {'fr': 'date'}
    """
    found = {}
    for shape in shapes.ids:
        found[shape] = Rule(
            name=shapes.texts(shape, "name") or _rdfs(shapes, shape, "label"),
            help=shapes.texts(shape, "description")
            or shapes.texts(shape)
            or _rdfs(shapes, shape, "comment"),
        )
    return found


def _rdfs(shapes: Shapes, shape: str, local: str) -> dict[str, str]:
    from pyoxigraph import Literal, NamedNode

    values = shapes.describe(NamedNode(shape)).get(f"{RDFS}{local}", ())
    return {v.language or "": v.value for v in values if isinstance(v, Literal)}


def facts(triples: Iterable[object]) -> dict[tuple[Term, str], list[Term]]:
    """Values by subject and predicate, each once, sorted."""
    found: dict[tuple[Term, str], set[Term]] = {}
    for triple in triples:
        if isinstance(triple, Triple):
            key = (triple.subject, triple.predicate.value)
            found.setdefault(key, set()).add(triple.object)  # type: ignore[arg-type]
    return {key: sorted(values, key=str) for key, values in found.items()}
