"""Rules about variables that the grammar's notes give (SPARQL 1.1, sections 18.2.1 and 19.8).

A variable is bound once in its group, selected once, and where solutions are grouped it is selected
if it is grouped by or stands in an aggregate; a row of VALUES has a value for each. Engines refuse
what breaks these rules, without saying which variable it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from gsefgraph.sparql.terminals import Token, significant
from gsefgraph.wording import Wording, say

_AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
_NEXT = ("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")


@dataclass(frozen=True, slots=True)
class Breach:
    """What breaks a rule: where it stands, what is wrong, what would be right."""

    start: int
    problem: str
    hint: str | None = None


def breach(text: str) -> Breach | None:
    """The first breach of a query; None where there is none.

    Parameters:
        text: SPARQL 1.1 Query or Update that an engine refused.

    >>> found = breach("SELECT ?x (COUNT(?y) AS ?n) { ?x ?p ?y } GROUP BY ?p")
    >>> found.start, str(found.problem)
    (7, '?x is neither grouped by nor inside an aggregate')
    """
    reader = _Reader(text)
    try:
        while reader.at < len(reader.tokens):
            if reader.word() == "SELECT":
                reader.select()
            elif reader.mark() == "{":
                reader.group()
            else:
                reader.at += 1
    except (IndexError, RecursionError):
        pass  # what it found until there
    return min(reader.found, key=lambda one: one.start, default=None)


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens = significant(text)
        self.at = 0
        self.found: list[Breach] = []

    def word(self) -> str:
        token = self.tokens[self.at]
        return token.value.upper() if token.kind == "word" else ""

    def mark(self) -> str:
        token = self.tokens[self.at]
        return token.value if token.kind == "mark" else ""

    def breaks(self, token: Token, problem: Wording, hint: Wording) -> None:
        self.found.append(Breach(token.start, problem, hint))

    def bound_already(self, token: Token) -> None:
        problem = say("sparql.bound-already", name=token.value)
        self.breaks(token, problem, say("sparql.new-name"))

    def group(self) -> set[str]:
        """The variables that a group binds."""
        bound: set[str] = set()
        self.at += 1
        while self.mark() != "}":
            word, token = self.word(), self.tokens[self.at]
            if self.mark() == "{":
                bound |= self.group()
            elif word == "SELECT":
                bound |= self.select()
            elif word == "MINUS":
                self.at += 1
                self.group()
            elif word == "FILTER":
                self.at += 1
                self.expression(within="FILTER")
            elif word == "BIND":
                self.at += 1
                _, name = self.expression(within="BIND")
                if name is not None:
                    if name.value[1:] in bound:
                        self.bound_already(name)
                    bound.add(name.value[1:])
            elif word == "VALUES":
                bound |= self.values()
            else:
                if token.kind == "variable":
                    bound.add(token.value[1:])
                self.at += 1
        self.at += 1
        return bound

    def values(self) -> set[str]:
        start = self.at
        while self.mark() != "{":
            self.at += 1
        names: list[str] = []
        for token in self.tokens[start : self.at]:
            if token.kind == "variable":
                if token.value[1:] in names:
                    self.bound_already(token)
                names.append(token.value[1:])
        row: list[Token] = []
        while self.mark() != "}":
            token = self.tokens[self.at]
            if token.value == "(":
                row = [token]
            elif token.value == ")" and len(row) != len(names) + 1:
                values = say("sparql.row-values", count=len(row) - 1)
                variables = say("sparql.row-variables", count=len(names))
                problem = say("sparql.row", values=values, variables=variables)
                self.breaks(row[0], problem, say("sparql.undef"))
            elif token.value == "^^":
                self.at += 1  # a datatype is no value of its own
            elif token.kind != "language":
                row.append(token)
            self.at += 1
        self.at += 1
        return set(names)

    def expression(self, *, within: str = "") -> tuple[list[Token], Token | None]:
        """The variables of an expression outside of aggregates, and the one that it is bound to."""
        used: list[Token] = []
        name: Token | None = None
        depth, aggregate = 0, 0  # the depth of the brackets of an aggregate
        while True:
            token, word = self.tokens[self.at], self.word()
            if self.mark() == "{":
                self.group()
                if depth == 0:
                    return used, name
                continue
            self.at += 1
            if token.value == "(":
                depth += 1
            elif token.value == ")":
                depth -= 1
                aggregate = 0 if depth < aggregate else aggregate
            elif word in _AGGREGATES and not aggregate:
                aggregate = depth + 1
                if within:
                    problem = say("sparql.aggregate-within", name=token.value, within=within)
                    hint = "sparql.having" if within == "FILTER" else "sparql.select-aggregate"
                    self.breaks(token, problem, say(hint))
            elif token.kind == "variable" and self.tokens[self.at - 2].value.upper() == "AS":
                name = token
            elif token.kind == "variable" and not aggregate:
                used.append(token)
            if depth == 0 and (token.value == ")" or token.kind == "nil"):
                return used, name

    def select(self) -> set[str]:
        """The variables that a SELECT gives."""
        self.at += 1
        items: list[tuple[list[Token], Token | None]] = []
        start, starred = self.at, None
        while self.mark() != "{" and self.word() not in ("FROM", "WHERE"):
            token = self.tokens[self.at]
            if token.value == "(":
                items.append(self.expression())
                continue
            if token.kind == "variable":
                items.append(([token], token))
            elif token.value == "*":
                starred = token
            self.at += 1
        projection = self.tokens[start : self.at]
        while self.mark() != "{":
            self.at += 1
        bound = self.group()
        keys, grouped = self.keys()
        grouped = grouped or any(t.value.upper() in _AGGREGATES for t in projection)
        named: set[str] = set()
        for used, name in items:
            plain = name is not None and used == [name]
            if name is not None and name.value[1:] in named:
                problem = say("sparql.selected-twice", name=name.value)
                self.breaks(name, problem, say("sparql.select-once"))
            elif name is not None and not plain and name.value[1:] in bound:
                self.bound_already(name)
            for token in used if grouped else ():
                if token.value[1:] not in keys | named:
                    problem = say("sparql.ungrouped", name=token.value)
                    self.breaks(token, problem, say("sparql.group-by", name=token.value))
            if name is not None:
                named.add(name.value[1:])
        if starred is not None and grouped:
            self.breaks(starred, say("sparql.star-grouped"), say("sparql.name-columns"))
        return bound if starred is not None else named

    def keys(self) -> tuple[set[str], bool]:
        """What solutions are grouped by, and whether they are; goes to the end of the modifiers."""
        keys: set[str] = set()
        grouped, within = False, False
        while self.at < len(self.tokens) and self.mark() != "}":
            token, word = self.tokens[self.at], self.word()
            if word == "GROUP":
                grouped = within = True
            elif word in _NEXT:
                within = False
            grouped = grouped or word in _AGGREGATES
            if word == "VALUES":
                self.values()
            elif token.value == "(" and within:
                keys |= self.key()
            else:
                if token.kind == "variable" and within:
                    keys.add(token.value[1:])
                self.at += 1
        return keys, grouped

    def key(self) -> set[str]:
        """The variable that a condition in brackets groups by; a function of one is none."""
        before, start = self.tokens[self.at - 1], self.at
        used, name = self.expression()
        if name is not None:
            return {name.value[1:]}
        called = before.kind in ("iri", "name") or before.value.upper() not in ("BY", ")")
        alone = self.at - start == 3 and before.kind != "variable"
        return {token.value[1:] for token in used} if alone and not called else set()
