"""Why a triple holds: the search for a proof, backwards from the triple to what is stated.

Each round asks which rules could have derived what is not yet shown, and from what; then it sees
whether the triple follows from what is stated by the rule instances found so far. A proof found in
the round of its depth is the shallowest, and rests on nothing that rests on it. The search ends,
since only triples of the graph are premises.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from gsefgraph.engine.base import Engine, Solutions, batches, rows
from gsefgraph.errors import UnknownName, UsageError, nearest
from gsefgraph.evidence import Passage, linked, naming
from gsefgraph.rdf.digraph import reached
from gsefgraph.reason.proof import Proof
from gsefgraph.reason.rule import Rule
from gsefgraph.reason.rules import inferred
from gsefgraph.sparql.path import Path
from gsefgraph.terms import GSEF, Names, Term
from gsefgraph.wording import say

_MENTIONS = NamedNode(f"{GSEF}mentions")
# Beyond this many nodes a way is not looked for; the proof then leaves the path out.
_NODES = 5_000


def steps(engine: Engine, start: Term, path: Path, end: Term) -> tuple[Triple, ...]:
    """A shortest way along a path, as the triples of the graph that it is made of.

    Parameters:
        start, end: the ends, between which the path holds.
        path: one IRI with ``*``, ``+``, ``?`` or ``^``, or a sequence of such steps; of another
            path (with alternatives or one inside another) no triples are given.

    Returns:
        Triples in the order of the way; none where the ends are one node and the path may be empty.
    """
    links: list[_Link] = []
    for part in path.parts if path.operator == "/" else (path,):
        backwards, often = False, ""
        while part.operator in ("^", "*", "+", "?"):
            if part.operator == "^":
                backwards = not backwards
            elif often:
                return ()
            else:
                often = part.operator
            part = part.parts[0]
        if part.operator:
            return ()
        link = _Link(NamedNode(part.predicate), backwards)
        if often == "+":
            links.append(link)
        links.append(replace(link, optional=often != "", repeats=often in ("*", "+")))
    return _search(engine, links, start, end)


@dataclass(frozen=True, slots=True)
class _Link:
    predicate: NamedNode
    backwards: bool
    optional: bool = False
    repeats: bool = False


# A node and how many links of the path are behind it.
_State: TypeAlias = tuple[int, Term]


def _search(engine: Engine, links: Sequence[_Link], start: Term, end: Term) -> tuple[Triple, ...]:
    first: _State = (0, start)
    origin: dict[_State, tuple[_State, Triple | None]] = {first: (first, None)}
    frontier = [first]
    while frontier and len(origin) < _NODES:
        for place, node in frontier:
            # Grows while it is read: what may be left out is behind at once.
            if place < len(links) and links[place].optional and (place + 1, node) not in origin:
                origin[place + 1, node] = ((place, node), None)
                frontier.append((place + 1, node))
        if (len(links), end) in origin:
            way: list[Triple] = []
            at: _State = (len(links), end)
            while at != first:
                at, taken = origin[at]
                way[:0] = [taken] if taken else []
            return tuple(way)
        following: list[_State] = []
        for place, link in enumerate(links):
            nodes = [node for at_place, node in frontier if at_place == place]
            for triple in _triples(engine, link, nodes):
                before, after = (
                    (triple.object, triple.subject)
                    if link.backwards
                    else (triple.subject, triple.object)
                )
                if isinstance(before, Triple) or isinstance(after, Triple):
                    continue
                state = (place if link.repeats else place + 1, after)
                if state not in origin:
                    origin[state] = ((place, before), triple)
                    following.append(state)
        frontier = following
    return ()


def _triples(engine: Engine, link: _Link, nodes: Sequence[Term]) -> Iterator[Triple]:
    """The triples of a link that begin at one of the nodes; blank nodes have no name to ask by."""
    side = "?o" if link.backwards else "?s"
    named = [node for node in nodes if isinstance(node, NamedNode)]
    for lot in batches(named):
        values = " ".join(map(str, lot))
        text = f"SELECT ?s ?o WHERE {{ VALUES {side} {{ {values} }} ?s {link.predicate} ?o }}"
        for s, o in rows(engine, f"{text} ORDER BY ?s ?o"):
            if isinstance(s, NamedNode | BlankNode) and o is not None:
                yield Triple(s, link.predicate, o)


# How many instances of a rule are looked at first; all, if these prove nothing.
_FIRST_LOOK = 25
_BYTES_A_QUERY = 40_000


def explain(
    engine: Engine,
    rules: Iterable[Rule],
    triple: Triple,
    *,
    graph: NamedNode | None = None,
    names: Names | None = None,
) -> Proof:
    """The shallowest proof of a triple; among several, the first by rule name and premises.

    Parameters:
        engine: what is stated, and what `rules.materialise` derived from it.
        rules: those that derived it.
        triple: what to explain; stated triples are proofs by themselves.
        graph: the graph of derived triples, which states nothing; `inferred` by default.
        names: prefixes, for messages.

    Returns:
        A tree whose leaves are stated.

    Errors:
        UnknownName: the triple is not in the graph; the message says what is near.
        UsageError: the triple has a blank node.

    >>> from gsefgraph.engine import connect
    >>> from gsefgraph.reason.construct import read_rule
    >>> engine = connect("memory:")
    >>> engine.update("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:p> <urn:b> } }")
    >>> rule = read_rule("CONSTRUCT { ?y <urn:q> ?x } WHERE { ?x <urn:p> ?y }", "back.rq")
    >>> asked = Triple(NamedNode("urn:b"), NamedNode("urn:q"), NamedNode("urn:a"))
    >>> print(explain(engine, [rule], asked).to_text("en"), end="")
    <urn:b> <urn:q> <urn:a>
        follows by the rule back: back
        └── <urn:a> <urn:p> <urn:b>
                stated in <urn:g>
    """
    names = names or Names()
    target = graph or inferred(names)
    if any(isinstance(term, BlankNode) for term in (triple.subject, triple.object)):
        raise UsageError(say("explain.blank"), hint=say("explain.name-it"))
    ordered = sorted(rules, key=lambda rule: (rule.name, rule.body))
    for limit in (_FIRST_LOOK, None):
        search = _Search(engine, ordered, target, limit)
        if search.prove(triple):
            return search.proof(triple)
    raise _absent(engine, triple, names)


@dataclass(frozen=True)
class _Instance:
    rule: Rule
    premises: tuple[Triple, ...]

    @property
    def order(self) -> tuple[int, str, tuple[str, ...]]:
        return len(self.premises), self.rule.name, tuple(str(triple) for triple in self.premises)


@dataclass
class _Search:
    engine: Engine
    rules: Sequence[Rule]
    inferred: NamedNode
    limit: int | None
    stated: dict[Triple, tuple[NamedNode, ...]] = field(default_factory=dict)
    instances: dict[Triple, list[_Instance]] = field(default_factory=dict)
    chosen: dict[Triple, _Instance | None] = field(default_factory=dict)

    def prove(self, goal: Triple) -> bool:
        """Whether the goal follows; leaves the way in `chosen`."""
        frontier = [goal]
        while frontier:
            self.stated.update(self._graphs(frontier))
            for triple in frontier:
                if triple not in self.stated:
                    self.instances[triple] = sorted(
                        self._instances(triple), key=lambda instance: instance.order
                    )
            self._settle()
            if goal in self.chosen:
                return True
            seen = self.instances.keys() | self.stated.keys()
            wanted = {
                premise
                for triple in frontier
                for instance in self.instances.get(triple, ())
                for premise in instance.premises
                if premise not in seen
            }
            frontier = sorted(wanted, key=str)
        return False

    def _settle(self) -> None:
        self.chosen = dict.fromkeys(self.stated)
        while True:
            new: dict[Triple, _Instance | None] = {}
            for triple, found in self.instances.items():
                if triple in self.chosen:
                    continue
                for instance in found:
                    if all(premise in self.chosen for premise in instance.premises):
                        new[triple] = instance
                        break
            if not new:
                return
            self.chosen.update(new)

    def proof(self, goal: Triple) -> Proof:
        """The tree of what was chosen, with the passages of its leaves."""

        def premises_of(triple: Triple) -> tuple[Triple, ...]:
            instance = self.chosen[triple]
            return instance.premises if instance else ()

        needed = {goal: None, **reached([goal], premises_of)}
        leaves = [triple for triple in needed if triple in self.stated]
        resting = _resting(self.engine, leaves, self.stated)
        built: dict[Triple, Proof] = {}
        waiting = [goal]
        while waiting:
            triple = waiting[-1]
            instance = self.chosen[triple]
            if triple in self.stated or instance is None:
                built[triple] = Proof(triple, self.stated[triple], resting[triple])
            else:
                missing = [premise for premise in instance.premises if premise not in built]
                if missing:
                    waiting.extend(missing)
                    continue
                premises = tuple(built[premise] for premise in instance.premises)
                built[triple] = Proof(triple, rule=instance.rule, premises=premises)
            waiting.pop()
        return built[goal]

    def _graphs(self, triples: Sequence[Triple]) -> dict[Triple, tuple[NamedNode, ...]]:
        found: dict[Triple, set[NamedNode]] = {}
        for triple, graph in _stating(self.engine, triples):
            if graph != self.inferred:
                found.setdefault(triple, set()).add(graph)
        return {
            triple: tuple(sorted(graphs, key=lambda graph: graph.value))
            for triple, graphs in found.items()
        }

    def _instances(self, triple: Triple) -> Iterator[_Instance]:
        seen: set[tuple[str, tuple[Triple, ...]]] = set()
        for rule in self.rules:
            for pattern in rule.head:
                bound = pattern.unify(triple)
                if bound is None:
                    continue
                for row in self._matches(rule, bound):
                    premises = self._premises(rule, row)
                    if premises is None or triple in premises:
                        continue
                    if (rule.name, premises) not in seen:
                        seen.add((rule.name, premises))
                        yield _Instance(rule, premises)

    def _matches(self, rule: Rule, bound: Mapping[str, Term]) -> Iterator[dict[str, Term]]:
        """Bindings of the body under which the head is the triple."""
        body = f"{{ {rule.body} }}" if rule.body.upper().startswith("SELECT") else rule.body
        # A stored blank node has no name in a query: those are compared here.
        named = {name: term for name, term in bound.items() if not isinstance(term, BlankNode)}
        front = {name: term for name, term in named.items() if name not in rule.fixed}
        tests = [
            f"FILTER(SAMETERM(?{name}, {term}))"
            for name, term in named.items()
            if name not in front
        ]
        values = f"VALUES {_table([front])} " if front else ""
        text = f"SELECT * WHERE {{ {{ {values}{body} }} {' '.join(tests)} }}"
        order = " ".join(f"?{name}" for name in rule.variables if name not in named)
        if order and self.limit:
            text = f"{text} ORDER BY {order} LIMIT {self.limit}"
        answer = self.engine.query(text)
        if not isinstance(answer, Solutions):
            return
        for cells in answer.rows:
            row = {
                name: term
                for name, term in zip(answer.variables, cells, strict=True)
                if term is not None
            }
            if all(row.get(name) == term for name, term in bound.items()):
                yield row

    def _premises(self, rule: Rule, row: Mapping[str, Term]) -> tuple[Triple, ...] | None:
        """What the rule used: the patterns of its body that hold, a path as the triples it took."""
        found: dict[Triple, None] = {}
        loose: list[Triple] = []
        for pattern in rule.premises:
            ground = pattern.ground(row)
            if ground is None:
                continue
            subject, predicate, value = ground
            if isinstance(predicate, Path):
                found.update(dict.fromkeys(steps(self.engine, subject, predicate, value)))
            elif not isinstance(subject, Literal):
                found[Triple(subject, predicate, value)] = None
                loose.append(Triple(subject, predicate, value))
        if rule.kind == "rule file" and loose:
            # Of UNION and OPTIONAL some patterns need not hold.
            held = {triple for triple, _ in _stating(self.engine, loose)}
            for triple in loose:
                if triple not in held:
                    found.pop(triple, None)
        return tuple(found)


def _resting(
    engine: Engine, leaves: Sequence[Triple], stated: Mapping[Triple, tuple[NamedNode, ...]]
) -> dict[Triple, tuple[Passage, ...]]:
    """For each stated triple what the graphs that state it quote for it."""
    nodes = [triple.subject for triple in leaves if isinstance(triple.subject, NamedNode)]
    things = {
        triple.object
        for triple in leaves
        if triple.predicate == _MENTIONS and isinstance(triple.object, NamedNode)
    }
    held: dict[NamedNode, list[Passage]] = {}
    for node, passage in linked(engine, [*nodes, *sorted(things, key=str)]):
        held.setdefault(node, []).append(passage)
    names = naming(engine, things)
    found: dict[Triple, tuple[Passage, ...]] = {}
    for triple in leaves:
        mine: dict[NamedNode, Passage] = {}
        subject, thing = triple.subject, triple.object
        for passage in held.get(subject, ()) if isinstance(subject, NamedNode) else ():
            if passage.graph in stated[triple] and passage.is_for(triple.predicate):
                mine.setdefault(passage.evidence, passage)
        found[triple] = tuple(mine.values())
        if isinstance(thing, NamedNode) and thing in things and triple.predicate == _MENTIONS:
            # A text mentions by naming, or in the very words that say what the thing is.
            its = held.get(thing, ())
            named = tuple(passage for passage in found[triple] if names[thing](passage))
            found[triple] = (
                named
                or tuple(one for one in found[triple] if any(map(one.overlaps, its)))
                or found[triple]
            )
    return found


def _stating(engine: Engine, triples: Sequence[Triple]) -> Iterator[tuple[Triple, NamedNode]]:
    """Each triple with each graph that holds it, the graph of derived triples too."""
    batch: list[dict[str, Term]] = []
    size = 0
    for triple in (*triples, None):
        if triple is None or size > _BYTES_A_QUERY:
            if batch:
                yield from _found(engine, f"VALUES {_table(batch)} GRAPH ?g {{ ?s ?p ?o }}")
            batch, size = [], 0
        if triple is None:
            break
        row = {"s": triple.subject, "p": triple.predicate, "o": triple.object}
        fixed = {name: term for name, term in row.items() if isinstance(term, NamedNode | Literal)}
        if len(fixed) == 3:
            batch.append(dict(fixed))
            size += len(str(triple).encode())
        else:
            for held, graph in _found(engine, f"VALUES {_table([fixed])} GRAPH ?g {{ ?s ?p ?o }}"):
                if held == triple:
                    yield held, graph


def _found(engine: Engine, group: str) -> Iterator[tuple[Triple, NamedNode]]:
    for s, p, o, g in rows(engine, f"SELECT DISTINCT ?s ?p ?o ?g WHERE {{ {group} }}"):
        if (
            isinstance(s, NamedNode | BlankNode)
            and isinstance(p, NamedNode)
            and isinstance(g, NamedNode)
            and o is not None
        ):
            yield Triple(s, p, o), g


def _table(cells: Sequence[Mapping[str, Term]]) -> str:
    names = list(cells[0])
    head = " ".join(f"?{name}" for name in names)
    body = " ".join(f"({' '.join(str(row[name]) for name in names)})" for row in cells)
    return f"({head}) {{ {body} }}"


def _absent(engine: Engine, triple: Triple, names: Names) -> UnknownName:
    def column(text: str) -> list[str]:
        return sorted(names.term(term) for (term,) in rows(engine, text) if term is not None)

    subject, predicate, value = map(names.term, (triple.subject, triple.predicate, triple.object))
    text = say("explain.not-said", subject=subject, predicate=predicate, value=value)
    objects = column(
        f"SELECT DISTINCT ?o WHERE {{ {triple.subject} {triple.predicate} ?o }} LIMIT 200"
    )
    if objects:
        values = objects[:5] + ["…"] * (len(objects) > 5)
        return UnknownName(
            text, hint=say("explain.says", subject=subject, predicate=predicate, values=values)
        )
    predicates = column(f"SELECT DISTINCT ?p WHERE {{ {triple.subject} ?p ?o }}")
    if predicates:
        return UnknownName(
            text,
            hint=say(
                "explain.no-predicate",
                subject=subject,
                predicate=predicate,
                near=nearest(predicate, predicates),
            ),
        )
    return UnknownName(text, hint=say("explain.silent", subject=subject))
