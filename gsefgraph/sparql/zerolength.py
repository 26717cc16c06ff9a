"""Paths of length zero from a term that the graph does not know (SPARQL 1.1, section 18.4).

``<a:x> <a:p>* ?y`` binds ``?y`` to ``<a:x>`` whatever the graph holds, and so do ``?`` and what is
made of both. pyoxigraph gives that only for a node of the active graph, so a text with such a path
is written in another way before it is asked. Between two variables a path of length zero has the
nodes of the graph alone, by the standard too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from gsefgraph.sparql.terminals import significant

if TYPE_CHECKING:
    from gsefgraph.sparql.path import Path
    from gsefgraph.sparql.sentences import Part, Property, Sentence

Absent: TypeAlias = Callable[[str, str | None], Sequence[str]]
"""The graphs that do not know a term, of those that a path is asked of.

Its arguments are the term as the text writes it, and so the name of the GRAPH that the path stands
in, None for the default graph. Where that name is a variable, it gives the IRIs of named graphs, as
SPARQL writes them; else one text where the graph does not know the term, none where it does.
"""


class Rewritten(NamedTuple):
    """A text in which paths of length zero are written in another way.

    Attributes:
        text: as it was where nothing is to be changed.
        left: terms of such paths that could not be, since a blank node is at the other end.
        bound: variables of such paths, and the term that the graph does not know to which BIND or
            VALUES binds them.
    """

    text: str
    left: tuple[str, ...] = ()
    bound: tuple[tuple[str, str], ...] = ()


def rewritten(text: str, absent: Absent) -> Rewritten:
    """A query in which paths of length zero give terms that the graph does not know.

    Parameters:
        text: SPARQL 1.1 Query, prefixes declared.
        absent: asked of each term at the end of a path that may have length zero.

    >>> rewritten("SELECT ?y { <a:x> <a:p>* ?y . ?y <a:q> ?z }", lambda term, graph: [""]).text
    'SELECT ?y { { VALUES ?y { <a:x> } } ?y <a:q> ?z }'
    """
    if not any(token.kind == "mark" and token.value in ("*", "?") for token in significant(text)):
        return Rewritten(text)
    return _Rewriting(text, absent).whole()


def _ways(path: Path | None) -> int:
    """In how many ways a path has length zero: solutions are a multiset."""
    if path is None:
        return 0
    inner = [_ways(part) for part in path.parts]
    match path.operator:
        case "*" | "?":
            return 1
        case "+":
            return min(inner[0], 1)
        case "^":
            return inner[0]
        case "/":
            return prod(inner)
        case "|":
            return sum(inner)
        case _:
            return 0


class _Rewriting:
    def __init__(self, text: str, absent: Absent) -> None:
        from gsefgraph.sparql.sentences import written  # few queries have such a path

        self.text = text
        self.absent = absent
        self.written = written(text)
        self.left: dict[str, None] = {}
        self.bound: dict[tuple[str, str], None] = {}

    def whole(self) -> Rewritten:
        pieces, at = [], 0
        for sentence in sorted(self.written.sentences, key=lambda one: one.start):
            made = self.sentence(sentence)
            if made is not None:
                pieces += [self.text[at : sentence.start], made]
                at = sentence.end
        text = "".join([*pieces, self.text[at:]])
        return Rewritten(text, tuple(self.left), tuple(self.bound))

    def sentence(self, sentence: Sentence) -> str | None:
        """A sentence and what its paths of length zero give; None where that is nothing more."""
        groups: list[str] = []
        kept: list[str] = []
        for each in sentence.properties:
            found = [self.group(sentence, each, value) for value in each.objects]
            groups += filter(None, found)
            objects = [
                self.at(value)
                for value, group in zip(each.objects, found, strict=True)
                if group is None
            ]
            if objects:
                kept.append(f"{self.at(each.verb)} {', '.join(objects)}")
        if not groups:
            return None
        said = f"{self.at(sentence.subject)} {' ; '.join(kept)} . " if kept else ""
        return said + " ".join(groups)

    def group(self, sentence: Sentence, each: Property, value: Part) -> str | None:
        """What stands for a triple pattern, None for itself."""
        ways = _ways(each.path)
        ends = (sentence.subject, value)
        fixed = {self.at(end): end.iri or self.at(end) for end in ends if _fixed(end)}
        if not ways or len(set(fixed.values())) > 1:
            return None
        graph = None if sentence.graph is None else self.at(sentence.graph)
        if not fixed:
            self.look_at_bound(ends, graph)
            return None
        term = next(iter(fixed))
        lacking = self.absent(term, graph)
        if not lacking:
            return None
        if any(end.kind in ("blank", "nodes") for end in ends):
            self.left[term] = None
            return None
        names = [self.at(end) for end in ends if end.kind == "variable"]
        row = [term] * len(names)
        if graph is None or graph[0] not in "?$":
            rows = [row] * ways
        else:
            names.append(graph)
            rows = [[*row, name] for name in lacking for _ in range(ways)]
        values = " ".join(f"({' '.join(row)})" for row in rows)
        zero = f"VALUES ({' '.join(names)}) {{ {values} }}"
        if len(names) == 1:
            zero = f"VALUES {names[0]} {{ {' '.join(row[0] for row in rows)} }}"
        if graph not in names:
            return f"{{ {zero} }}"
        pattern = " ".join(map(self.at, (sentence.subject, each.verb, value)))
        return f"{{ {{ {pattern} }} UNION {{ {zero} }} }}"

    def look_at_bound(self, ends: tuple[Part, Part], graph: str | None) -> None:
        names = [self.at(end)[1:] for end in ends if end.kind == "variable"]
        for name, part in self.written.given:
            if name in names and self.absent(self.at(part), graph):
                self.bound[name, self.at(part)] = None

    def at(self, part: Part) -> str:
        return self.text[part.start : part.end]


def _fixed(part: Part) -> bool:
    return part.kind not in ("variable", "blank", "anon", "nodes")
