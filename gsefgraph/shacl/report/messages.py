"""What a result of the validator says to a person: what is wrong, and what would be right.

The shape's own message comes first, in the language of the report or in one that it has; a sentence
that states the value found and the value wanted follows. The validator's own text is never shown.
A text is made when it is first read, and all that does not depend on the node is made once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import Triple

from gsefgraph.shacl.report.hints import Hints
from gsefgraph.shacl.report.reasons import Reasons
from gsefgraph.shacl.report.report import Finding, Rule, Term, Texts
from gsefgraph.shacl.report.script import SPARQL, Script, by_language
from gsefgraph.shacl.report.texts import Hint, Message
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.model import Model
from gsefgraph.terms import Names


@dataclass(frozen=True)
class Speaker:
    """Says results of some shapes on some triples.

    Attributes:
        model: the shapes that the results come from.
        names: prefixes.
        facts: values by subject and predicate, full IRIs, of what stands around the results.
        similar: known IRIs, compact, that resemble one that is not known.
        labels: names of nodes by IRI and language, said before their IRIs; it may be filled until
            the first text is read.
    """

    model: Model
    names: Names
    facts: Mapping[tuple[Term, str], Sequence[Term]]
    similar: Callable[[Term], Sequence[str]]
    labels: Mapping[str, Texts] = field(default_factory=dict)
    _scripts: dict[tuple[str, str, str | None], Script] = field(
        default_factory=dict, compare=False, repr=False
    )
    _hints: list[Hints] = field(default_factory=list, compare=False, repr=False)

    @cached_property
    def _reasons(self) -> Reasons:
        return Reasons(self.model, self.facts)

    def message(self, result: Result) -> Texts:
        """What is wrong, in every language."""
        script = self.script(result)
        return Message(
            lambda: script.languages,
            lambda lang: script.say(result, lang),
            lambda: script.messages(result),
            lambda: script.sentence(result),
            (result.constraint or "") if result.component == SPARQL else "",
        )

    def hint(self, result: Result) -> Texts:
        """What would be right, in every language; empty when that cannot be known."""
        if not self._hints:
            self._hints.append(Hints(self.model, self.names, self.facts, self.similar))
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
            script = Script(self.model, self.names, self.facts, self.labels, self._reasons, result)
            self._scripts[key] = script
        return script


def findings(results: Iterable[Result], speaker: Speaker) -> list[Finding]:
    """Results as findings, in their order, not yet placed in a file."""
    return [speaker.finding(result) for result in results]


def rules(model: Model) -> dict[str, Rule]:
    """Every shape by its id: its name, and what it asks for.

    >>> from gsefgraph.shacl.shapes.model import Shape
    >>> rules(Model({"a:s": Shape("a:s", name={"fr": "date"})}))["a:s"].name
    {'fr': 'date'}
    """
    return {
        shape.id: Rule(
            name=shape.name or shape.label,
            help=shape.description or by_language(shape.messages) or shape.comment,
        )
        for shape in model.shapes.values()
    }


def facts(triples: Iterable[object]) -> dict[tuple[Term, str], list[Term]]:
    """Values by subject and predicate, each once, sorted."""
    found: dict[tuple[Term, str], set[Term]] = {}
    for triple in triples:
        if isinstance(triple, Triple):
            key = (triple.subject, triple.predicate.value)
            found.setdefault(key, set()).add(triple.object)  # type: ignore[arg-type]
    return {key: sorted(values, key=str) for key, values in found.items()}
