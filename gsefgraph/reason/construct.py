"""A rule file: one SPARQL CONSTRUCT query that says what OWL cannot.

Its head and body are taken from the text. The comment at the top says what it derives, one
paragraph a language: ``# Derives: …``, ``# Dérive : …``, ``# Deriva: …``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path as File

from pyoxigraph import Literal, NamedNode, RdfFormat, Variable, parse

from gsefgraph.errors import InputError, SyntaxFault
from gsefgraph.reason.rule import ANY, TYPE, Path, Pattern, Rule, Slot
from gsefgraph.sparql.terminals import place, significant
from gsefgraph.wording import say

_SAYS = re.compile(r"(Derives|Dérive|Deriva|[A-ZÉ¿][\w ’']{2,24})\s?:\s(.*)")
_LANGUAGES = {"Derives": "en", "Dérive": "fr", "Deriva": "es"}
_OPEN = {"{": "}", "(": ")"}
_TAIL = frozenset(("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET"))


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
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise InputError(
                say("file.not-utf8"), file=str(file), hint=say("file.save-utf8")
            ) from None
        except OSError as error:
            raise InputError(
                say("file.unreadable", reason=error.strerror), file=str(file)
            ) from None
        rules.append(read_rule(text, str(file)))
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
    return _Reader(text, file).rule()


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.tokens: list[tuple[str, str, int]] = []
        self.at = 0
        self.patterns: list[Pattern] = []
        self.bound: set[str] = set()
        self.listed: set[str] = set()
        prefixes: dict[str, str] = {}
        raw = significant(text)
        while len(raw) > 2 and raw[0].value.upper() == "PREFIX":
            prefixes[raw[1].value] = raw[2].value[1:-1]
            raw = raw[3:]
        for token in raw:
            kind, word, start = token.kind, token.value, token.start
            if kind == "name":
                prefix, _, rest = word.partition(":")
                if f"{prefix}:" not in prefixes:
                    raise self.fault(say("rule.prefix", prefix=prefix), start)
                iri = prefixes[f"{prefix}:"] + re.sub(r"\\(.)", r"\1", rest)
                self.tokens.append(("iri", f"<{iri}>", start))
            elif kind == "variable":
                self.tokens.append((kind, f"?{word[1:]}", start))
            else:
                self.tokens.append((kind, word, start))
        self.tokens.append(("end", "", len(text)))
        # Some operators are several tokens, and white space between them would part them.
        self.joined = {one.end for one, two in pairwise(raw) if one.end == two.start}

    def fault(self, message: str, start: int, hint: str | None = None) -> SyntaxFault:
        line, column = place(self.text, start)
        return SyntaxFault(message, file=self.file, line=line, column=column, hint=hint)

    def next(self) -> tuple[str, str, int]:
        token = self.tokens[self.at]
        if token[0] == "end":
            raise self.fault(say("rule.too-early"), token[2])
        self.at += 1
        return token

    def peek(self) -> str:
        return self.tokens[self.at][1]

    def take(self, expected: str) -> None:
        _, word, start = self.next()
        if word.upper() != expected:
            raise self.fault(
                say("rule.expected", word=word, expected=expected),
                start,
                hint=say("rule.form"),
            )

    def rule(self) -> Rule:
        self.take("CONSTRUCT")
        start = self.tokens[self.at][2]
        self.take("{")
        self.group()
        head, self.patterns = tuple(self.patterns), []
        if self.peek().upper() == "WHERE":
            self.take("WHERE")
        self.take("{")
        first = self.at
        self.group()
        last = self.at - 1
        kind, word, after = self.tokens[self.at]
        if kind != "end":
            raise self.fault(say("rule.after", word=word), after, hint=say("rule.ends"))
        body = self.tokens[first:last]
        bound = {word[1:] for kind, word, _ in body if kind == "variable"}
        if not head:
            raise self.fault(say("rule.nothing"), start, hint=say("rule.write-head"))
        for pattern in head:
            if isinstance(pattern.predicate, Path):
                raise self.fault(
                    say("rule.head-path", pattern=pattern), start, hint=say("rule.one-iri")
                )
            for name in sorted(pattern.variables - bound):
                raise self.fault(say("rule.unbound", name=name), start)
        premises = tuple(self.patterns)
        reads = {word[1:-1] for kind, word, _ in body if kind == "iri"}
        for pattern in premises:
            # A variable's IRIs stand in the text where VALUES lists them; else they may be any.
            named = pattern.predicate, pattern.object if pattern.key == TYPE else None
            if any(isinstance(slot, Variable) and slot.value not in self.listed for slot in named):
                reads.add(ANY)
        return Rule(
            name=File(self.file).stem,
            kind="rule file",
            head=head,
            body="".join(
                word if start in self.joined else f" {word}" for _, word, start in body
            ).strip(),
            premises=premises,
            source=File(self.file).name,
            reads=frozenset(reads),
            sentences=dict(_sentences(self.text)),
            fixed=frozenset(self.bound),
        )

    def group(self) -> None:
        while True:
            kind, word, start = self.next()
            upper = word.upper()
            if word == "}":
                return
            if word == "{":
                self.group()
            elif word == "." or upper in ("OPTIONAL", "UNION"):
                continue
            elif kind != "word":
                self.at -= 1
                self.triples()
            elif upper == "GRAPH":
                self.node()
            elif upper == "FILTER":
                self.skip_to("(", "{")
            elif upper == "MINUS":
                self.skip_to("{")
            elif upper == "BIND":
                before = self.at
                self.skip_to("(")
                self.bound.add(self.tokens[self.at - 2][1][1:])
                if self.tokens[self.at - 3][1].upper() != "AS":
                    raise self.fault("BIND without AS", self.tokens[before][2])
            elif upper == "VALUES":
                while self.peek() != "{":
                    self.listed.add(self.next()[1][1:])
                self.skip_to("{")
            elif upper == "SELECT":
                while self.peek() != "{":
                    self.next()
            elif upper in _TAIL:
                while self.peek() != "}":
                    self.next()
            else:
                raise self.fault(say("rule.not-here", word=word), start)

    def skip_to(self, *opening: str) -> None:
        """Past the bracket that closes the next of those that open."""
        while self.peek() not in opening:
            self.next()
        depth = 0
        while True:
            word = self.next()[1]
            depth += (word in _OPEN) - (word in _OPEN.values())
            if depth == 0:
                return

    def triples(self) -> None:
        subject = self.node()
        while True:
            predicate = self.path()
            self.patterns.append(Pattern(subject, predicate, self.node()))
            while self.peek() == ",":
                self.next()
                self.patterns.append(Pattern(subject, predicate, self.node()))
            if self.peek() != ";":
                return
            while self.peek() == ";":
                self.next()
            if self.peek() in (".", "}"):
                return

    def path(self) -> NamedNode | Variable | Path:
        first = self.at
        while True:
            while self.peek() in ("^", "!"):
                self.next()
            kind, word, start = self.next()
            if word == "(":
                self.at -= 1
                self.skip_to("(")
            elif kind not in ("iri", "variable") and word != "a":
                raise self.fault(say("rule.property", word=word), start)
            if self.peek() in ("*", "+", "?"):
                self.next()
            if self.peek() not in ("/", "|"):
                break
            self.next()
        parts = [
            f"<{TYPE}>" if word == "a" else word for _, word, _ in self.tokens[first : self.at]
        ]
        if len(parts) > 1:
            return Path("".join(parts))
        return Variable(parts[0][1:]) if parts[0][0] == "?" else NamedNode(parts[0][1:-1])

    def node(self) -> Slot:
        kind, word, start = self.next()
        if kind == "variable":
            return Variable(word[1:])
        if kind == "iri":
            return NamedNode(word[1:-1])
        if kind in ("string", "number") or word in ("true", "false"):
            if self.tokens[self.at][0] == "language":
                word += self.next()[1]
            elif self.peek() == "^^":
                word += self.next()[1] + self.next()[1]
            turtle = f"<s:s> <p:p> {word} ."
            for quad in parse(turtle.encode(), format=RdfFormat.TURTLE):
                if isinstance(quad.object, Literal):
                    return quad.object
        raise self.fault(
            say("rule.slot", word=word),
            start,
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
                current = found.setdefault(_LANGUAGES[label[1]], [])
            content = label[2]
        current.append(content)
    for lang, lines in found.items():
        # The first sentence says what follows; those after it are for who changes the rule.
        yield lang, re.split(r"(?<=[^.])\.(?=\s+[A-ZÀ-Ý])", " ".join(lines).strip())[0].rstrip(". ")
