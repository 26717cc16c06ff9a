"""What a result of the validator says to a person: what is wrong, and what would be right.

The shape's own message comes first, in the language of the report or in one that it has; a sentence
that states the value found and the value wanted follows. The validator's own text is never shown.
A text is made when it is first read, and all that does not depend on the node is made once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Triple

from gsefgraph.shacl.report.hints import Hints
from gsefgraph.shacl.report.report import Finding, Rule, Term, Texts
from gsefgraph.shacl.report.said import Hint, Message
from gsefgraph.shacl.report.script import Script
from gsefgraph.shacl.report.theirs import SPARQL
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.graph import Shapes
from gsefgraph.terms import RDFS, Names


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
        return Message(
            lambda: script.languages,
            lambda lang: script.say(result, lang),
            lambda: script.theirs(result),
            lambda: script.ours(result),
            (result.constraint or "") if result.component == SPARQL else "",
        )

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
