"""The triple patterns of a query as they are written, sentence by sentence, with their places.

A sentence is what the grammar calls TriplesSameSubjectPath: a subject, and properties with their
objects (SPARQL 1.1, section 19.8). For what stands where, and what means what, there is
`parsing.py`; here a text can be looked at before each question, and changed in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gsefgraph.sparql.path import Path
from gsefgraph.sparql.prologue import mentions
from gsefgraph.sparql.terminals import Token, significant
from gsefgraph.terms import RDF


@dataclass(frozen=True, slots=True)
class Part:
    """A subject, property or object: where it stands, and what it means where that is one term.

    Attributes:
        kind: of the token (`terminals.py`); "nodes" for a collection or a blank node that has
            properties, "path" for a property.
        iri: what an IRI means, else "".
        variable: its name without its mark, else "".
    """

    start: int
    end: int
    kind: str
    iri: str = ""
    variable: str = ""


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a sentence: None for the path where it is a variable; its objects."""

    verb: Part
    path: Path | None
    objects: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: from its subject to its full stop, if it has one.

    Attributes:
        graph: the name of the GRAPH that it stands in, None for none.
    """

    start: int
    end: int
    subject: Part
    properties: tuple[Property, ...]
    graph: Part | None


@dataclass(frozen=True, slots=True)
class Written:
    """What a query writes: its sentences, and the terms that BIND and VALUES give a variable."""

    sentences: tuple[Sentence, ...] = ()
    given: tuple[tuple[str, Part], ...] = ()


class _Other(Exception):
    """What is not of SPARQL 1.1, or not a query."""


def written(text: str) -> Written:
    """The sentences of a query, those in the template of a CONSTRUCT aside; none of other texts.

    Parameters:
        text: SPARQL 1.1 Query, prefixes declared.

    >>> found = written("ASK { VALUES ?s { <a:s> } ?s <a:p>/<a:q>* ?o , 1 ; a ?c }")
    >>> [str(each.path) for each in found.sentences[0].properties]
    ['<a:p>/<a:q>*', '<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>']
    >>> [(name, part.iri) for name, part in found.given]
    [('s', 'a:s')]
    """
    reader = _Reader(text)
    try:
        reader.query()
    except (_Other, RecursionError):
        return Written()
    return Written(tuple(reader.sentences), tuple(reader.given))


_TERMS = ("variable", "iri", "name", "blank", "number", "anon", "nil")
_CLAUSES = ("OPTIONAL", "MINUS", "UNION", "WHERE")


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens = significant(text)
        self.iris = {one.at: one.iri for one in mentions(text)}
        self.at = 0
        self.graph: Part | None = None
        self.sentences: list[Sentence] = []
        self.given: list[tuple[str, Part]] = []

    def query(self) -> None:
        while self.word() in ("BASE", "PREFIX"):
            self.at += 2 if self.word() == "BASE" else 3
        if self.word() == "CONSTRUCT" and self.mark(1) == "{":
            self.skip()
            self.balanced()
        self.until("{")
        self.group()
        while self.at < len(self.tokens):
            self.modifier()

    # What stands here.

    @property
    def token(self) -> Token:
        if self.at >= len(self.tokens):
            raise _Other
        return self.tokens[self.at]

    def word(self) -> str:
        return self.token.value.upper() if self.token.kind == "word" else ""

    def mark(self, ahead: int = 0) -> str:
        index = self.at + ahead
        held = index < len(self.tokens) and self.tokens[index].kind == "mark"
        return self.tokens[index].value if held else ""

    def skip(self) -> None:
        """Go past what stands here."""
        _ = self.token
        self.at += 1

    def take(self, *marks: str) -> bool:
        """Go past one of some marks, where one stands here."""
        taken = self.mark() in marks
        self.at += taken
        return taken

    # Groups and what is in them.

    def group(self) -> None:
        if not self.take("{"):
            raise _Other
        while not self.take("}"):
            word = self.word()
            if self.mark() == "{":
                self.group()
            elif word in _CLAUSES or self.mark() == ".":
                self.skip()
            elif word == "GRAPH":
                self.skip()
                outer, self.graph = self.graph, self.term()
                self.group()
                self.graph = outer
            elif word == "BIND":
                self.bind()
            elif word == "FILTER":
                while self.mark() not in ("(", "{") and self.token.kind != "nil":
                    self.skip()
                self.brackets()
            elif word == "VALUES":
                self.values()
            elif word == "SELECT":
                self.until("{")
                self.group()
                while self.mark() != "}":
                    self.modifier()
            else:
                self.sentence()

    def until(self, mark: str) -> None:
        """Go to a mark; expressions in brackets on the way may hold groups."""
        while self.mark() != mark:
            if self.mark() == "(":
                self.brackets()
            else:
                self.skip()

    def modifier(self) -> None:
        """A part of the solution modifiers, or VALUES."""
        if self.word() == "VALUES":
            self.values()
        elif self.mark() == "(":
            self.brackets()
        else:
            self.skip()

    def bind(self) -> None:
        self.skip()
        opened, names = self.at, [token.value for token in self.tokens[self.at + 2 : self.at + 4]]
        self.brackets()
        if self.at == opened + 5 and names[0].upper() == "AS":
            self.at, end = opened + 1, self.at
            self.given.append((names[1][1:], self.term()))
            self.at = end

    def values(self) -> None:
        self.skip()
        names = []
        while not self.take("{"):
            if self.token.kind == "variable":
                names.append(self.token.value[1:])
            self.skip()
        column = 0
        while not self.take("}"):
            if self.take("("):
                column = 0
            elif self.word() == "UNDEF":
                self.skip()
                column += 1
            elif self.token.kind != "nil" and not self.take(")") and names:
                self.given.append((names[column % len(names)], self.term()))
                column += 1
            elif self.token.kind == "nil" or not names:
                self.skip()

    def brackets(self) -> None:
        """An expression in brackets, or the group of an EXISTS."""
        if self.mark() == "{":
            self.group()
            return
        if self.token.kind == "nil":
            self.skip()
            return
        self.skip()
        while not self.take(")"):
            if self.mark() in ("(", "{"):
                self.brackets()
            else:
                self.skip()

    def balanced(self) -> None:
        """What stands in braces or brackets, whatever it is."""
        depth = 0
        while True:
            depth += (self.mark() in ("{", "(", "[")) - (self.mark() in ("}", ")", "]"))
            self.skip()
            if depth == 0:
                return

    # Sentences and what is in them.

    def sentence(self) -> None:
        start = self.at
        subject = self.term()
        if not self.said_of(subject, start) and subject.kind != "nodes":
            raise _Other

    def said_of(self, subject: Part, start: int) -> bool:
        """What is said of a subject, to the full stop or bracket behind it; whether anything is."""
        found: list[Property] = []
        while True:
            opens = self.mark() in ("^", "!", "(") or self.token.value == "a"
            if opens or self.token.kind in ("variable", "iri", "name"):
                found.append(self.property())
            if not self.take(";"):
                break
        end = self.tokens[self.at - 1 + self.take(".", "]")].end
        if found:
            begin = self.tokens[start].start
            self.sentences.append(Sentence(begin, end, subject, tuple(found), self.graph))
        return bool(found)

    def property(self) -> Property:
        start = self.at
        path = None
        if self.token.kind == "variable":
            self.skip()
        else:
            path = self.path()
        verb = self.part(start, "variable" if path is None else "path")
        objects = [self.term()]
        while self.take(","):
            objects.append(self.term())
        return Property(verb, path, tuple(objects))

    def term(self) -> Part:
        start = self.at
        if self.take("("):
            while not self.take(")"):
                self.term()
            return self.part(start, "nodes")
        if self.mark() == self.mark(1) == "<":
            self.quoted()
            return self.part(start, "nodes")
        if self.take("["):
            self.said_of(Part(self.token.start, self.token.start, "nodes"), self.at)
            return self.part(start, "nodes")
        token = self.token
        if token.kind == "string":
            self.string()
            return self.part(start, "string")
        if self.word() not in ("TRUE", "FALSE") and token.kind not in _TERMS:
            raise _Other
        self.skip()
        return self.part(start, token.kind, self.iris.get(start, ""))

    def string(self) -> None:
        """A string with its language, base direction (SPARQL 1.2) or datatype."""
        self.skip()
        if self.take("^^"):
            self.skip()
        elif self.token.kind == "language":
            self.skip()
            if self.mark() == self.mark(1) == "-":
                self.at += 3

    def quoted(self) -> None:
        """A triple term or a reified triple (SPARQL 1.2)."""
        depth = 0
        while True:
            mark = self.mark()
            if mark in ("<", ">") and self.mark(1) == mark:
                depth += 1 if mark == "<" else -1
                self.skip()
            self.skip()
            if depth == 0:
                return

    def part(self, start: int, kind: str, iri: str = "") -> Part:
        first = self.tokens[start]
        name = first.value[1:] if kind == "variable" else ""
        return Part(first.start, self.tokens[self.at - 1].end, kind, iri, name)

    # Paths (section 9.1).

    def path(self) -> Path:
        return self.joined("|", lambda: self.joined("/", self.element))

    def joined(self, operator: str, part: Callable[[], Path]) -> Path:
        parts = [part()]
        while self.take(operator):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Path(operator, parts=tuple(parts))

    def element(self) -> Path:
        if self.take("^"):
            return Path("^", parts=(self.element(),))
        if self.take("!"):
            found = Path("!", parts=tuple(self.negated()))
        elif self.take("("):
            found = self.path()
            if not self.take(")"):
                raise _Other
        else:
            found = self.predicate()
        operator = self.mark()
        return Path(operator, parts=(found,)) if self.take("*", "+", "?") else found

    def negated(self) -> Iterator[Path]:
        if not self.take("("):
            inverse = self.take("^")
            yield Path("^", parts=(self.predicate(),)) if inverse else self.predicate()
            return
        while not self.take(")"):
            if not self.take("|", "^"):
                yield self.predicate()

    def predicate(self) -> Path:
        if self.token.value == "a":
            self.skip()
            return Path.of(f"{RDF}type")
        iri = self.iris.get(self.at)
        if iri is None:
            raise _Other
        self.skip()
        return Path.of(iri)
