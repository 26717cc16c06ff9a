"""The shapes of a folder, read once: what to hand to the validator, and what each shape says.

Blank shapes and constraints get IRIs of their own, so that a result can be traced to the shape it
comes from; in findings they bear the name of the nearest shape around them that has one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path as File

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from gsefgraph.errors import InputError, RefusedAccess, SyntaxFault
from gsefgraph.shacl import path as paths
from gsefgraph.terms import OWL, SH

Node = NamedNode | BlankNode | Literal

PER_GRAPH = "per-graph.ttl"
_NESTED = ("property", "node", "not", "qualifiedValueShape", "sparql")
_LISTED = ("and", "or", "xone")
_SKOLEM = "urn:gsefgraph:shape:"


def read_turtle(file: File) -> list[Triple]:
    """The triples of a Turtle file, in the order written.

    Errors:
        InputError, SyntaxFault.
    """
    try:
        quads = parse(file.read_bytes(), format=RdfFormat.TURTLE)
        return [quad.triple for quad in quads]
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(file)) from error
    except SyntaxError as error:
        raise SyntaxFault(
            str(error.msg), file=str(file), line=error.lineno, column=error.offset
        ) from error


def refuse_imports(triples: Iterable[Triple], file: str, known: Iterable[str] = ()) -> None:
    """Refuse owl:imports of anything that is not at hand.

    Errors:
        RefusedAccess.
    """
    for triple in triples:
        if triple.predicate.value == f"{OWL}imports" and (
            not isinstance(triple.object, NamedNode) or triple.object.value not in known
        ):
            raise RefusedAccess(
                f"owl:imports {triple.object} would be fetched, and nothing is",
                file=file,
                hint="remove it, or give the imported file as well",
            )


class Shapes:
    """The shapes graph of some files.

    Attributes:
        triples: with IRIs for blank shapes and constraints.
    """

    def __init__(self, triples: Iterable[Triple], *, file: str = "shapes") -> None:
        raw = list(triples)
        refuse_imports(raw, file)
        self._facts = _facts(raw)
        self._names: dict[Node, NamedNode] = {}
        self._around: dict[str, str] = {}
        self._skolemise(raw)
        self.triples = [
            Triple(self._name(t.subject), t.predicate, self._name(t.object))  # type: ignore[arg-type]
            for t in raw
        ]
        self._facts = _facts(self.triples)
        self._guard(file)

    @classmethod
    def read(cls, folder: File) -> tuple[Shapes, Shapes]:
        """The shapes that hold on the union, and those that hold on each graph alone.

        Errors:
            InputError: no such folder, or a file that cannot be read. RefusedAccess: a shape that
            would fetch.
        """
        files = sorted(folder.glob("*.ttl"))
        if not files:
            raise InputError("holds no shapes", file=str(folder), hint="expected *.ttl files")
        union = [t for file in files if file.name != PER_GRAPH for t in read_turtle(file)]
        alone = [t for file in files if file.name == PER_GRAPH for t in read_turtle(file)]
        name = str(folder)
        return cls(union, file=name), cls(alone, file=name)

    def __bool__(self) -> bool:
        return bool(self.triples)

    def describe(self, node: Node) -> Mapping[str, Sequence[Node]]:
        """Predicates of a node, full IRIs, with their values in the order written."""
        return self._facts.get(node, {})

    def values(self, shape: str, local: str) -> Sequence[Node]:
        """Values of a predicate of the SHACL vocabulary on a shape.

        >>> shapes = Shapes(t.triple for t in parse(
        ...     b"@prefix sh: <http://www.w3.org/ns/shacl#> . <a:s> sh:minCount 1 .",
        ...     format=RdfFormat.TURTLE))
        >>> [value.value for value in shapes.values("a:s", "minCount")]
        ['1']
        """
        return self.describe(NamedNode(shape)).get(f"{SH}{local}", ())

    def members(self, shape: str, local: str) -> list[Node]:
        """Members of the list that a predicate of the SHACL vocabulary has on a shape."""
        return [m for head in self.values(shape, local) for m in paths.members(head, self.describe)]

    def rule(self, shape: str) -> str:
        """The IRI of a shape, or of the nearest one around it that has a name."""
        while shape in self._around:
            shape = self._around[shape]
        return shape

    def path(self, shape: str) -> paths.Path | None:
        """The property path of a shape; None for a node shape."""
        for node in self.values(shape, "path"):
            return paths.read(node, self.describe)
        return None

    def texts(self, shape: str, local: str = "message") -> dict[str, str]:
        """The texts of a shape by language, untagged text under ``""``."""
        found: dict[str, str] = {}
        for node in self.values(shape, local):
            if isinstance(node, Literal):
                found.setdefault(node.language or "", node.value)
        return found

    @cached_property
    def subjects(self) -> list[str]:
        """IRIs of all subjects that have one, in the order written."""
        nodes = dict.fromkeys(t.subject for t in self.triples)
        return [node.value for node in nodes if isinstance(node, NamedNode)]

    def _skolemise(self, raw: Iterable[Triple]) -> None:
        owners: dict[Node, Node] = {}
        for triple in raw:
            local = triple.predicate.value.removeprefix(SH)
            if local in _NESTED:
                inner: list[Node] = [triple.object]  # type: ignore[list-item]
            elif local in _LISTED:
                inner = paths.members(triple.object, self.describe)  # type: ignore[arg-type]
            else:
                continue
            for node in inner:
                if isinstance(node, BlankNode) and node not in self._names:
                    self._names[node] = NamedNode(f"{_SKOLEM}{len(self._names) + 1}")
                    owners[node] = triple.subject  # type: ignore[assignment]
        for node, owner in owners.items():
            self._around[self._names[node].value] = self._name(owner).value

    def _name(self, node: Node) -> Node:
        return self._names.get(node, node)

    def _guard(self, file: str) -> None:
        from gsefgraph import sparql

        for local in ("select", "ask", "construct"):
            for triple in self.triples:
                if triple.predicate.value != f"{SH}{local}":
                    continue
                text = triple.object.value  # type: ignore[union-attr]
                try:
                    sparql.guard(text)
                    if sparql.sources(text):
                        raise RefusedAccess("FROM would fetch", hint="query the data as it is")
                except RefusedAccess as error:
                    where = self.rule(identifier(triple.subject))
                    raise RefusedAccess(
                        f"sh:{local} of <{where}>: {error.message}", file=file, hint=error.hint
                    ) from error


def identifier(node: NamedNode | BlankNode | Literal | Triple) -> str:
    """The IRI, label or lexical form of a term; empty for a triple that stands as one.

    >>> identifier(NamedNode("a:s"))
    'a:s'
    """
    return "" if isinstance(node, Triple) else node.value


def _facts(triples: Iterable[Triple]) -> dict[Node, dict[str, list[Node]]]:
    facts: dict[Node, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        values = facts[triple.subject][triple.predicate.value]  # type: ignore[index]
        if triple.object not in values:
            values.append(triple.object)  # type: ignore[arg-type]
    return {node: dict(pairs) for node, pairs in facts.items()}
