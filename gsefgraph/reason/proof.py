"""Proof: why a triple holds, as a tree whose leaves are stated and rest on passages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.answers.footnotes import place
from gsefgraph.answers.solutions import json_term
from gsefgraph.evidence import Passage
from gsefgraph.reason.rule import Label, Rule, local
from gsefgraph.terms import Names
from gsefgraph.wording import LANGUAGES, line, say, visible

Sentence: TypeAlias = Callable[[Triple], str]


@dataclass(frozen=True)
class Proof:
    """A triple, and why it holds.

    Attributes:
        triple: what holds.
        graphs: the named graphs that state it, sorted; empty for what is derived.
        passages: what those graphs quote for it, by document and place.
        rule: by which it follows; None for what is stated.
        premises: proofs of what the rule needs, in the order of its body.
        told: the proof as text, for a notebook.
    """

    triple: Triple
    graphs: tuple[NamedNode, ...] = ()
    passages: tuple[Passage, ...] = ()
    rule: Rule | None = None
    premises: tuple[Proof, ...] = ()
    told: Callable[[Proof], str] = field(
        default=lambda proof: proof.to_text(), repr=False, compare=False
    )

    def leaves(self) -> Iterator[Proof]:
        """The stated triples that it rests on, each once, in order."""
        seen: set[Triple] = set()
        for proof in self._walk(seen):
            if proof.rule is None:
                yield proof

    def _walk(self, seen: set[Triple]) -> Iterator[Proof]:
        if self.triple in seen:
            return
        seen.add(self.triple)
        yield self
        for premise in self.premises:
            yield from premise._walk(seen)

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(self.told(self))}</pre>\n"

    def to_json(self) -> dict[str, Any]:
        """The tree as plain values; terms as in SPARQL 1.1 Query Results JSON, section 3.2.2."""
        found: dict[str, Any] = {
            "triple": {
                "subject": json_term(self.triple.subject),
                "predicate": json_term(self.triple.predicate),
                "object": json_term(self.triple.object),
            },
            "status": "derived" if self.rule else "stated",
        }
        if self.rule is None:
            found["graphs"] = [graph.value for graph in self.graphs]
            found["passages"] = [passage.to_json() for passage in self.passages]
            return found
        found["rule"] = {
            "name": self.rule.name,
            "kind": self.rule.kind,
            "source": self.rule.source,
            "sentence": {
                lang: self.rule.sentence(lang)
                for lang in LANGUAGES
                if self.rule.kind == "owl" or lang in self.rule.sentences or lang == "en"
            },
        }
        found["premises"] = [premise.to_json() for premise in self.premises]
        return found

    def to_text(
        self,
        lang: str = "en",
        label: Label | None = None,
        names: Names | None = None,
        sentence: Sentence | None = None,
    ) -> str:
        """The tree as indented lines, and below it the passages as numbered footnotes.

        Parameters:
            lang: ``en``, ``fr`` or ``es``.
            label: gives the name of an IRI in that language; without it compact IRIs stand.
            names: the prefixes for compact IRIs.
            sentence: tells a triple; premises that one sentence tells are one line.
        """
        telling = _Telling(lang, label, names or Names(), sentence)
        notes: dict[NamedNode, Passage] = {}
        lines = list(self._lines(telling, set(), notes))
        if notes:
            lines.append("")
        for number, passage in enumerate(notes.values(), 1):
            lines += _footnote(number, passage, lang, names or Names())
        return visible("\n".join(text.replace("\n", " ") for text in lines)) + "\n"

    def _lines(
        self, telling: _Telling, seen: set[Triple], notes: dict[NamedNode, Passage]
    ) -> Iterator[str]:
        lang, names = telling.lang, telling.names
        said = telling.say(self.triple)
        if self.rule is None:
            graphs = ", ".join(names.compact(graph.value) for graph in self.graphs)
            for passage in self.passages:
                notes.setdefault(passage.evidence, passage)
            places = list(notes)
            marks = "".join(f" [{places.index(one.evidence) + 1}]" for one in self.passages)
            yield said
            yield f"    {say('proof.stated', graphs=graphs).text(lang)}{marks}"
            return
        if self.triple in seen:
            yield f"{said} ({say('proof.above').text(lang)})"
            return
        seen.add(self.triple)
        yield said
        sentence = self.rule.sentence(lang, telling.label or names.compact)
        yield f"    {say('proof.rule', name=self.rule.name, sentence=sentence).text(lang)}"
        premises = telling.once(self.premises)
        for number, premise in enumerate(premises):
            last = number == len(premises) - 1
            branch = "└── " if last else "├── "
            for text in premise._lines(telling, seen, notes):
                yield f"    {branch}{text}"
                branch = "    " if last else "│   "


@dataclass(frozen=True)
class _Telling:
    """How triples are told."""

    lang: str
    label: Label | None
    names: Names
    sentence: Sentence | None

    def say(self, triple: Triple) -> str:
        return self.sentence(triple) if self.sentence else _say(triple, self.label, self.names)

    def once(self, premises: tuple[Proof, ...]) -> list[Proof]:
        """Proofs of what is stated, as one where one sentence tells them."""
        found: dict[str, Proof] = {}
        for premise in premises:
            said = self.say(premise.triple)
            known = found.get(said)
            if known is None or known.rule or premise.rule:
                found[said if known is None else f"{said}\0{len(found)}"] = premise
                continue
            graphs = dict.fromkeys((*known.graphs, *premise.graphs))
            passages = {p.evidence: p for p in (*known.passages, *premise.passages)}
            found[said] = Proof(known.triple, tuple(graphs), tuple(passages.values()))
        return list(found.values())


def _footnote(number: int, passage: Passage, lang: str, names: Names) -> Iterator[str]:
    quote = say("word.quoted", quote=line(passage.quote)).text(lang) if passage.quote else ""
    document = names.compact(passage.document.value) if passage.document else ""
    where = " ".join(filter(None, (document, place(passage))))
    known = " ".join(filter(None, (quote, f"({where})" if where else "")))
    yield f"[{number}] {known or names.compact(passage.evidence.value)}"
    note = passage.note(lang)
    if note:
        yield f"    {say('proof.note', note=note).text(lang)}"


def _say(triple: Triple, label: Label | None, names: Names) -> str:
    parts = []
    for term in (triple.subject, triple.predicate, triple.object):
        if isinstance(term, NamedNode):
            parts.append(label(term.value) if label else names.compact(term.value))
        elif isinstance(term, Literal) and not term.language:
            short = {"string": ""}.get(local(term.datatype.value))
            kind = f"^^{names.compact(term.datatype.value)}" if short is None else short
            parts.append(f'"{term.value}"{kind}')
        else:
            parts.append(str(term))
    return " · ".join(parts) if label else " ".join(parts)
