"""The law of sh:sparql: as the SPARQL engine answers with `$this` put in, node by node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from gsefgraph.columns.columns import Columns
from gsefgraph.engine.ask import Scratch, rows
from gsefgraph.shacl.compiled.evaluate import evaluate
from gsefgraph.shacl.judge.judge import judge
from gsefgraph.shacl.judge.memory import Memory
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.model import Constraint, Model, Shape, Sparql, Target
from gsefgraph.shacl.sparql.results import Question

XSD = "http://www.w3.org/2001/XMLSchema#"
Node = NamedNode | BlankNode | Literal


def typed(form: str, name: str) -> Literal:
    return Literal(form, datatype=NamedNode(name if ":" in name else XSD + name))


CASTS = ["integer", "string", "boolean", "decimal"]
NODES = [NamedNode(f"a:n{number}") for number in range(5)]
PREDICATES = [NamedNode(f"a:{name}") for name in "pqr"]
FAMILIES = [
    [Literal(text) for text in ("a", "b", "ab", "aXb", "")],
    [Literal("a", language="en"), Literal("a", language="fr"), Literal("ab", language="en-GB")],
    [typed(form, "integer") for form in ("-1", "0", "1", "2", "10")],
    [typed("1.5", "decimal"), typed("2", "decimal"), typed("-0.5", "decimal")],
    [typed("true", "boolean"), typed("false", "boolean")],
    [typed(form, "date") for form in ("2019-06-25", "2020-01-01", "2019-02-30")],
    [typed("2019-06-25T09:30:00", "dateTime"), typed("2019", "gYear"),
     typed("2020-05", "gYearMonth")],
    [typed("x", "a:datatype"), typed("y", "a:datatype"), typed("abc", "integer")],
]  # fmt: skip


class Author:
    """Writes graphs and queries at random.

    Parameters:
        chance: decides.
    """

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        count = chance.randint(1, 3)
        self.literals = [term for family in chance.sample(FAMILIES, count) for term in family]
        self.computed = 0

    def graph(self) -> list[Triple]:
        pick = self.chance.choice
        return [
            Triple(pick(NODES), pick(PREDICATES), pick(NODES if self._odds(50) else self.literals))
            for _ in range(self.chance.randint(2, 14))
        ]

    def select(self) -> str:
        group, bound = self.group(2, {"this"})
        names = sorted(bound - {"this"})
        shown = self.chance.sample(names, min(len(names), self.chance.randint(0, 3)))
        distinct = "DISTINCT " if self._odds(30) else ""
        return f"SELECT {distinct}$this {' '.join('?' + name for name in shown)} WHERE {group}"

    def group(self, depth: int, seen: set[str]) -> tuple[str, set[str]]:
        parts: list[str] = []
        bound: set[str] = set()
        if self._odds(90):
            text, names = self.triples(seen)
            parts.append(text)
            bound |= names
        for _ in range(self.chance.randint(0, 2) if depth else 0):
            text, names = self.piece(depth, seen, bound)
            parts.append(text)
            bound |= names
        for _ in range(self.chance.randint(0, 2)):
            parts.append(f"FILTER({self.test(bound | {'this'}, depth)})")
        return "{ " + " ".join(parts) + " }", bound

    def piece(self, depth: int, seen: set[str], bound: set[str]) -> tuple[str, set[str]]:
        kind = self.chance.choice(
            ["optional", "optional", "union", "group", "bind", "bind", "triples", "select"]
        )
        if kind == "optional":
            text, names = self.group(depth - 1, seen | bound)
            return f"OPTIONAL {text}", names
        if kind == "union":
            (one, left), (two, right) = (self.group(depth - 1, seen | bound) for _ in range(2))
            return f"{one} UNION {two}", left | right
        if kind == "group":
            return self.group(depth - 1, seen | bound)
        if kind == "bind":
            self.computed += 1
            name = f"b{self.computed}"
            return f"BIND({self.value(bound | {'this'}, 2)} AS ?{name})", {name}
        if kind == "select":
            text, names = self.group(depth - 1, seen | bound)
            kept = {"this"} | set(self.chance.sample(sorted(names), len(names) // 2))
            shown = " ".join(f"?{name}" for name in sorted(kept))
            return f"{{ SELECT {shown} WHERE {text} }}", kept
        return self.triples(seen | bound)

    def triples(self, seen: set[str]) -> tuple[str, set[str]]:
        names: set[str] = set()
        texts = []
        for _ in range(self.chance.randint(1, 3)):
            subject = self.end(seen | names, literal=False)
            value = self.end(seen | names, literal=True)
            step = self.step()
            names |= {end[1:] for end in (subject, step, value) if end[0] in "?$"}
            texts.append(f"{subject} {step} {value} .")
            if self._odds(50):
                break
        return " ".join(texts), names

    def end(self, seen: set[str], *, literal: bool) -> str:
        odds = self.chance.randint(0, 99)
        if odds < 40 and not literal:
            return "$this"
        if odds < 75:
            return f"?{self.chance.choice(['x', 'y', 'z', *sorted(seen - {'this'})])}"
        if odds < 80 and literal:
            return str(self.chance.choice(self.literals))
        return "$this" if self._odds(70) else str(self.chance.choice(NODES))

    def step(self) -> str:
        one, two = (str(self.chance.choice(PREDICATES)) for _ in range(2))
        forms = [one] * 8 + [f"{one}/{two}", f"^{one}", f"({one}|{two})", f"({one}/^{two})", "?k",
                             f"({one}|^{two})", f"^({one}/{two})"]  # fmt: skip
        return self.chance.choice(forms)

    def test(self, bound: set[str], depth: int) -> str:
        kind = self.chance.randint(0, 11 if depth else 9)
        if kind < 5:
            sign = self.chance.choice(["=", "=", "!=", "<", ">", "<=", ">="])
            return f"{self.value(bound, 2)} {sign} {self.value(bound, 2)}"
        if kind == 5:
            left, right = self.test(bound, depth), self.test(bound, depth)
            return f"({left} {self.chance.choice(['&&', '||'])} {right})"
        if kind == 6:
            return f"!({self.test(bound, depth)})"
        if kind == 7:
            return self.string_test(bound)
        if kind == 8:
            sign = self.chance.choice(["IN", "NOT IN"])
            items = ", ".join(self.value(bound, 1) for _ in range(self.chance.randint(1, 3)))
            return f"{self.value(bound, 1)} {sign} ({items})"
        if kind == 9:
            return self.chance.choice(
                [f"{name}({self.variable(bound)})" for name in
                 ("BOUND", "isIRI", "isBlank", "isLiteral", "isNumeric")]
                + [f"sameTerm({self.variable(bound)}, {self.value(bound, 0)})",
                   self.variable(bound), self.value(bound, 2)]
            )  # fmt: skip
        group, _ = self.group(depth - 1, bound)
        return f"{self.chance.choice(['', 'NOT '])}EXISTS {group}"

    def string_test(self, bound: set[str]) -> str:
        name = self.chance.choice(["STRSTARTS", "STRENDS", "CONTAINS", "REGEX", "LANGMATCHES"])
        if name == "REGEX":
            pattern = self.chance.choice(["^a", "b$", "[ab]", "x", "^$"])
            flags = self.chance.choice(["", ', "i"'])
            return f'REGEX({self.text(bound)}, "{pattern}"{flags})'
        if name == "LANGMATCHES":
            asked = self.chance.choice(["*", "en", "fr", "en-gb"])
            return f'LANGMATCHES(LANG({self.value(bound, 0)}), "{asked}")'
        return f"{name}({self.text(bound)}, {self.text(bound)})"

    def text(self, bound: set[str]) -> str:
        variable = self.variable(bound)
        return self.chance.choice([f"STR({variable})", variable, '"a"', '"b"@en', '""'])

    def variable(self, bound: set[str]) -> str:
        if self._odds(5):
            return "?unbound"
        name = self.chance.choice(sorted(bound))
        return f"${name}" if name == "this" else f"?{name}"

    def value(self, bound: set[str], depth: int) -> str:
        if depth == 0 or self._odds(45):
            if self._odds(75):
                return self.variable(bound)
            return str(self.chance.choice([*self.literals, *NODES]))

        def inner() -> str:
            return self.value(bound, depth - 1)

        forms: list[Callable[[], str]] = [
            lambda: f"STR({inner()})",
            lambda: f"STR({inner()})",
            lambda: f"STRLEN({self.text(bound)})",
            lambda: f"SUBSTR({self.text(bound)}, {self.chance.randint(1, 3)})",
            lambda: f"SUBSTR({self.text(bound)}, {self.chance.randint(1, 3)}, "
                    f"{self.chance.choice(['0', '1', '2', 'STRLEN(' + self.text(bound) + ')'])})",
            lambda: f"UCASE({self.text(bound)})",
            lambda: f"LCASE({self.text(bound)})",
            lambda: f"STRBEFORE({self.text(bound)}, {self.text(bound)})",
            lambda: f"STRAFTER({self.text(bound)}, {self.text(bound)})",
            lambda: f"CONCAT({self.text(bound)}, {self.text(bound)})",
            lambda: f'REPLACE({self.text(bound)}, "a", "c")',
            lambda: f"LANG({inner()})",
            lambda: f"DATATYPE({inner()})",
            lambda: f"({inner()} {self.chance.choice('+-*/')} {inner()})",
            lambda: f"-{self.variable(bound)}",
            lambda: f"{self.chance.choice(['ABS', 'FLOOR', 'CEIL', 'ROUND'])}({inner()})",
            lambda: f"{self.chance.choice(['YEAR', 'MONTH', 'DAY'])}({inner()})",
            lambda: f"IF({self.test(bound, 0)}, {inner()}, {inner()})",
            lambda: f"COALESCE({inner()}, {inner()})",
            lambda: f"<{XSD}{self.chance.choice(CASTS)}>({inner()})",
        ]  # fmt: skip
        return self.chance.choice(forms)()

    def _odds(self, percent: int) -> bool:
        return self.chance.randint(0, 99) < percent


def put_in(select: str, node: NamedNode) -> str:
    """A query with a node for `$this`, whose SELECT goes without it."""
    text = select.replace("BOUND($this)", "true").replace("$this", str(node))
    return text.replace(f"SELECT {node} ", "SELECT ").replace(f"DISTINCT {node} ", "DISTINCT ")


def by_engine(store: Store, select: str, node: NamedNode, names: Sequence[str]) -> Counter[Any]:
    head, _, body = select.partition(" WHERE ")
    distinct = "DISTINCT " if "DISTINCT" in head else ""
    shown = " ".join(f"?{name}" for name in names)
    # Inner SELECTs go without it as well: there the node stands in its place.
    first, *others = body.split("SELECT ?this WHERE")
    others = [f"SELECT (1 AS ?own{number}) WHERE{part}" for number, part in enumerate(others)]
    inner = "".join([first, *others]).replace("?this ", "")
    text = put_in(f"SELECT {distinct}?one {shown} WHERE {{ BIND(1 AS ?one) {inner} }}", node)
    return Counter(tuple(row)[1:] for row in store.query(text))


def asked(scratch: Scratch, select: str, names: Sequence[str]) -> dict[Node, Counter[Any]]:
    """The answers of each node, each as often as it comes."""
    question = Question.of(Constraint("SPARQL", Sparql("a:c", select)))
    keys = {str(number): node for number, node in enumerate(NODES)}
    kept = rows((key, {"this": node}) for key, node in keys.items())
    answers: dict[Node, Counter[Any]] = {node: Counter() for node in NODES}
    with scratch.beside([*kept, *question.quads]):
        for key, bound in question.solutions(scratch, lambda: keys, scoped=False):
            answers[keys[key]][tuple(bound.get(name) for name in names)] += 1
    return answers


def model(select: str) -> Model:
    targets = tuple(Target("subjectsOf", predicate) for predicate in PREDICATES)
    # A message that says all that a solution binds.
    message = " ".join(f"{{{name}}}" for name in select.partition(" WHERE ")[0].split()[1:])
    constraint = Constraint("SPARQL", Sparql("a:c", select, (Literal(message),)))
    return Model({"a:s": Shape("a:s", targets=targets, constraints=(constraint,))})


def found(results: Iterable[Result]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for r in results:
        counts[f"{r.focus} {r.value} {sorted(map(str, r.bound.items()))}"] += r.times
    return counts


@given(st.randoms(use_true_random=False))
def test_all_together_answer_as_each_with_this_put_in(chance: Random) -> None:
    author = Author(chance)
    triples, select = author.graph(), author.select()
    store = Store()
    store.extend(Quad(*triple) for triple in triples)
    names = [n[1:] for n in select.partition(" WHERE ")[0].split() if n[0] == "?"]
    answers = asked(Scratch.of(triples), select, names)
    for node in NODES:
        wanted = by_engine(store, select, node, names)
        assert answers[node] == wanted, f"{node}\n{select}\n" + "\n".join(map(str, triples))


@given(st.randoms(use_true_random=False))
def test_columns_and_memory_give_the_same(chance: Random) -> None:
    author = Author(chance)
    triples, shapes = author.graph(), model(author.select())
    with Columns.read([], quads=[Quad(*triple) for triple in triples]) as columns:
        assert found(evaluate(shapes, columns).results) == found(judge(shapes, Memory(triples)))


@given(st.randoms(use_true_random=False))
def test_each_graph_by_itself_answers_as_it_does_alone(chance: Random) -> None:
    author = Author(chance)
    graphs = [author.graph() for _ in range(3)]
    shapes = model(author.select())
    names = [DefaultGraph(), NamedNode("a:g1"), NamedNode("a:g2")]
    quads = [Quad(*t, name) for name, graph in zip(names, graphs, strict=True) for t in graph]
    alone = [result for graph in graphs for result in judge(shapes, Memory(graph))]
    with Columns.read([], quads=quads) as columns:
        columns.scoped()
        assert found(evaluate(shapes, columns, scoped=True).results) == found(alone)
