"""A rule file: one SPARQL CONSTRUCT query that says what OWL cannot.

The comment at the top says what it derives, one paragraph a language: ``# Derives: …``,
``# Dérive : …``, ``# Deriva: …``. A proof tells the English one as ``# In words: …`` has it, where
the first is written for who knows the terms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path as File

from pyoxigraph import NamedNode, Variable

from gsefgraph.engine.embedded import syntax_fault
from gsefgraph.errors import SyntaxFault
from gsefgraph.files import text
from gsefgraph.reason.rule import ANY, TYPE, Pattern, Rule, Slot
from gsefgraph.sparql import algebra
from gsefgraph.sparql.algebra import (
    Bgp,
    Expr,
    Extend,
    Other,
    Project,
    Query,
    Var,
    children,
    constants,
    mentioned,
    walk,
)
from gsefgraph.sparql.parsing import Unreadable, parse
from gsefgraph.sparql.path import Path
from gsefgraph.sparql.terminals import Token, place, significant
from gsefgraph.wording import say

_SAYS = re.compile(r"(Derives|Dérive|Deriva|[A-ZÉ¿][\w ’']{2,24})\s?:\s(.*)")
_LANGUAGES = {"Derives": "en", "In words": "en", "Dérive": "fr", "Deriva": "es"}
_BLANK = ("blank", "anon")


def read_rules(files: Iterable[File]) -> list[Rule]:
    """The rules of files, one each.

    Parameters:
        files: rule files in UTF-8, in any order.

    Returns:
        Rules sorted by name.

    Errors:
        SyntaxFault, InputError: a file that is not such a CONSTRUCT query, naming file and line.

    >>> read_rules([])
    []
    """
    rules = []
    for file in files:
        rules.append(read_rule(text(file), str(file)))
    return sorted(rules, key=lambda rule: rule.name)


def read_rule(text: str, file: str) -> Rule:
    """The rule that a CONSTRUCT query states.

    Parameters:
        text: SPARQL 1.1, ``CONSTRUCT { … } WHERE { … }`` without dataset clause, solution
            modifiers or blank nodes.
        file: its name, for messages; the rule's name is that without the suffix.

    Errors:
        SyntaxFault: not of that form.

    >>> text = "PREFIX e: <http://e/> CONSTRUCT { ?y e:q ?x } WHERE { ?x e:p ?y }"
    >>> rule = read_rule(text, "a.rq")
    >>> rule.name, [str(pattern) for pattern in rule.premises]
    ('a', ['?x <http://e/p> ?y'])
    """
    reader = _Text(text, file)
    head, body = reader.groups()
    query = reader.parsed()
    if not query.template:
        raise reader.fault(say("rule.nothing"), head, hint=say("rule.write-head"))
    parts = list(_matched(query.pattern))
    triples = [triple for part in parts if isinstance(part, Bgp) for triple in part.triples]
    reader.check(query, triples)
    for triple in query.template:
        for name in sorted(mentioned(Bgp((triple,))) - mentioned(query.pattern)):
            raise reader.fault(say("rule.unbound", name=name), head)
    premises = tuple(map(_pattern, triples))
    reads = {term.value for term in constants(query.pattern) if isinstance(term, NamedNode)}
    # A variable's IRIs stand in the text where VALUES lists them; else they may be any.
    listed = {name for part in parts if isinstance(part, Other) for name in part.names}
    for pattern in premises:
        named = pattern.predicate, pattern.object if pattern.key == TYPE else None
        if any(isinstance(slot, Variable) and slot.value not in listed for slot in named):
            reads.add(ANY)
    return Rule(
        name=File(file).stem,
        kind="rule file",
        head=tuple(map(_pattern, query.template)),
        body=body,
        premises=premises,
        source=File(file).name,
        reads=frozenset(reads),
        sentences=dict(_sentences(text)),
        fixed=frozenset(part.name for part in parts if isinstance(part, Extend)),
    )


def _matched(pattern: algebra.Pattern) -> Iterator[algebra.Pattern]:
    """A pattern and those inside whose solutions make up its own, in the order of the text."""
    yield pattern
    inner = children(pattern)
    if isinstance(pattern, Project):
        held = pattern.pattern
        while isinstance(held, Extend):  # (expression AS ?name)
            held = held.pattern
        inner = (held,)
    elif isinstance(pattern, Other) and pattern.kind == "minus":
        inner = inner[:1]
    for part in inner:
        if not isinstance(part, Expr):
            yield from _matched(part)


def _pattern(triple: algebra.Triple) -> Pattern:
    predicate = triple.predicate
    if isinstance(predicate, Var):
        verb: NamedNode | Variable | Path = Variable(predicate.name)
    else:
        verb = predicate if predicate.operator else NamedNode(predicate.predicate)
    return Pattern(_slot(triple.subject), verb, _slot(triple.object))


def _slot(end: algebra.End) -> Slot:
    return Variable(end.name) if isinstance(end, Var) else end.term


class _Text:
    """The text of a rule file: where its groups stand, and where a fault does."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.at = 0
        prefixes: dict[str, str] = {}
        raw = significant(text)
        while len(raw) > 2 and raw[0].value.upper() == "PREFIX":
            prefixes[raw[1].value] = raw[2].value[1:-1]
            raw = raw[3:]
        self.tokens = [token._replace(value=self.full(token, prefixes)) for token in raw]

    def fault(self, message: str, start: int, hint: str | None = None) -> SyntaxFault:
        line, column = place(self.text, start)
        return SyntaxFault(message, file=self.file, line=line, column=column, hint=hint)

    def next(self) -> Token:
        if self.at == len(self.tokens):
            raise self.fault(say("rule.too-early"), len(self.text))
        self.at += 1
        return self.tokens[self.at - 1]

    def take(self, expected: str) -> Token:
        token = self.next()
        if token.value.upper() != expected:
            raise self.fault(
                say("rule.expected", word=token.value, expected=expected),
                token.start,
                hint=say("rule.form"),
            )
        return token

    def groups(self) -> tuple[int, str]:
        """Where the head begins, and the WHERE group without its braces, with full IRIs."""
        self.take("CONSTRUCT")
        head = self.group()[0].start
        if self.at < len(self.tokens) and self.tokens[self.at].value.upper() == "WHERE":
            self.at += 1
        body = self.group()[1:-1]
        if self.at < len(self.tokens):
            after = self.next()
            raise self.fault(
                say("rule.after", word=after.value),
                after.start,
                hint=say("rule.ends"),
            )
        # Some operators are several tokens, and white space between them would part them.
        joined = {one.end for one, two in pairwise(body) if one.end == two.start}
        words = (t.value if t.start in joined else f" {t.value}" for t in body)
        return head, "".join(words).strip()

    def group(self) -> list[Token]:
        found = [self.take("{")]
        depth = 1
        while depth:
            found.append(self.next())
            depth += (found[-1].value == "{") - (found[-1].value == "}")
        return found

    def full(self, token: Token, prefixes: Mapping[str, str]) -> str:
        """What a token means, with its prefix put in."""
        if token.kind == "variable":
            return f"?{token.value[1:]}"
        if token.kind != "name":
            return token.value
        prefix, _, rest = token.value.partition(":")
        if f"{prefix}:" not in prefixes:
            raise self.fault(say("rule.prefix", prefix=prefix), token.start)
        local = re.sub(r"\\(.)", r"\1", rest)
        return f"<{prefixes[f'{prefix}:']}{local}>"

    def parsed(self) -> Query:
        try:
            return parse(self.text)
        except Unreadable as error:
            found = syntax_fault(self.text) or self.fault(say("rule.unreadable", error=error), 0)
            found.file = self.file
            raise found from None

    def check(self, query: Query, triples: Sequence[algebra.Triple]) -> None:
        """Refuse blank nodes and SERVICE."""
        for part in walk(query.pattern):
            if isinstance(part, Other) and part.kind == "service":
                token = next(t for t in self.tokens if t.value.upper() == "SERVICE")
                raise self.fault(say("rule.not-here", word=token.value), token.start)
        names = mentioned(Bgp((*query.template, *triples)))
        if any(name.startswith(" ") for name in names):
            token = next(t for t in self.tokens if t.kind in _BLANK or t.value in ("[", "("))
            raise self.fault(
                say("rule.slot", word=token.value),
                token.start,
                hint=say("rule.terms"),
            )


def _sentences(text: str) -> Iterator[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        content = line.lstrip("#").strip()
        label = _SAYS.match(content)
        if label:
            current = []
            if label[1] in _LANGUAGES:
                current = found[_LANGUAGES[label[1]]] = []
            content = label[2]
        current.append(content)
    for lang, lines in found.items():
        # The first sentence says what follows; those after it are for who changes the rule.
        yield lang, re.split(r"(?<=[^.])\.(?=\s+[A-ZÀ-Ý])", " ".join(lines).strip())[0].rstrip(". ")
