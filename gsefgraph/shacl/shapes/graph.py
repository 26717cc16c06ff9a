"""The shapes of some files, read once: what to hand to the validator, and what each shape says.

Blank shapes and constraints get IRIs of their own, so that a result can be traced to the shape it
comes from; in findings they bear the name of the nearest shape around them that has one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path as File
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from gsefgraph.errors import InputError, RefusedAccess, SyntaxFault, reason
from gsefgraph.rdf import packed
from gsefgraph.rdf.digraph import reached
from gsefgraph.records.imports import unfollowed
from gsefgraph.shacl.shapes import path as paths
from gsefgraph.shacl.shapes.components import LISTED, NESTED, PARAMETERS
from gsefgraph.shacl.shapes.model import Place, TargetKind
from gsefgraph.sparql.path import Path
from gsefgraph.terms import BLANK_SHAPE, RDF, RDFS, SH, XSD, Term
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.records.rdf import RecordFile

Facts = dict[Term, dict[str, list[Term]]]

# Predicates of targets (SHACL, section 2.1.3), with the kinds of `model.Target`.
TARGETS: Mapping[str, TargetKind] = {
    f"{SH}targetClass": "class",
    f"{SH}targetNode": "node",
    f"{SH}targetSubjectsOf": "subjectsOf",
    f"{SH}targetObjectsOf": "objectsOf",
}
_SIGNS = frozenset((*TARGETS, *(f"{SH}{local}" for local in PARAMETERS)))
KINDS = (f"{SH}NodeShape", f"{SH}PropertyShape")


def name(triples: Sequence[Triple]) -> tuple[dict[Term, NamedNode], dict[str, Lead]]:
    """Names for the blank shapes and SPARQL constraints of a shapes graph.

    Returns:
        The name of each such blank node, numbered in the order written, those that a shape leads
        to first; and what leads to each, by its name.
    """
    known = facts(triples)
    signs = _SIGNS | _declared(triples)
    names: dict[Term, NamedNode] = {}
    owners: dict[Term, tuple[Term, str]] = {}
    for triple in triples:
        local = triple.predicate.value.removeprefix(SH)
        inner: list[Term] = []
        if local in NESTED or local == "sparql":
            inner = [triple.object]  # type: ignore[list-item]
        elif local in LISTED:
            inner = paths.members(triple.object, lambda node: known.get(node, {}))  # type: ignore[arg-type]
        for node in inner:
            if isinstance(node, BlankNode) and node not in owners:
                names[node] = _made(len(names))
                owners[node] = (triple.subject, triple.predicate.value)  # type: ignore[assignment]
    for triple in triples:
        node = triple.subject  # type: ignore[assignment]
        if not isinstance(node, BlankNode) or node in names:
            continue
        kind = triple.predicate.value == f"{RDF}type" and identifier(triple.object) in KINDS
        if kind or triple.predicate.value in signs:
            names[node] = _made(len(names))
    leads = {
        names[node].value: (names.get(owner, owner).value, predicate)
        for node, (owner, predicate) in owners.items()
    }
    return names, leads


def _made(number: int) -> NamedNode:
    return NamedNode(f"{BLANK_SHAPE}{number + 1}")


def identifier(node: NamedNode | BlankNode | Literal | Triple) -> str:
    """The IRI, label or lexical form of a term; empty for a triple that stands as one.

    >>> identifier(NamedNode("a:s"))
    'a:s'
    """
    return "" if isinstance(node, Triple) else node.value


def facts(triples: Iterable[Triple]) -> Facts:
    """Predicates, full IRIs, of each subject, with their values in the order written."""
    found: dict[Term, dict[str, dict[Term, None]]] = defaultdict(lambda: defaultdict(dict))
    for triple in triples:
        found[triple.subject][triple.predicate.value][triple.object] = None  # type: ignore[index]
    return {
        node: {predicate: [*values] for predicate, values in pairs.items()}
        for node, pairs in found.items()
    }


def _declared(triples: Sequence[Triple]) -> set[str]:
    """IRIs of the parameters that the components of a shapes graph declare."""
    nodes = {t.object for t in triples if t.predicate.value == f"{SH}parameter"}
    return {
        identifier(t.object)
        for t in triples
        if t.subject in nodes and t.predicate.value == f"{SH}path"
    }


_TYPE = f"{RDF}type"
PER_GRAPH = "per-graph.ttl"

Lead: TypeAlias = tuple[str, str]
"""What leads to a blank shape: the id of the shape around it, and a predicate, full IRI."""
_Given: TypeAlias = "tuple[list[Triple], Sequence[RecordFile]]"


def read_turtle(file: File) -> list[Triple]:
    """The triples of a Turtle file, in the order written.

    Errors:
        InputError, SyntaxFault.
    """
    try:
        quads = parse(file.read_bytes(), format=RdfFormat.TURTLE)
        return [quad.triple for quad in quads]
    except OSError as error:
        raise InputError(say("shape.unreadable", reason=reason(error)), file=str(file)) from error
    except SyntaxError as error:
        raise SyntaxFault(
            str(error.msg), file=str(file), line=error.lineno, column=error.offset
        ) from error


def of_folder(folder: File | Sequence[File]) -> tuple[list[File], list[File]]:
    """The files of a folder whose shapes hold on the union, and those that hold on each graph.

    Parameters:
        folder: a folder of RDF, or its files.

    Errors:
        InputError: there are none.
    """
    files = packed.found([folder] if isinstance(folder, File) else folder)
    alone = [file for file in files if file.name == PER_GRAPH]
    return [file for file in files if file not in alone], alone


class Shapes:
    """The shapes graph of some files.

    Attributes:
        file: names the files in messages about no one place.
        refused: constraints and components whose queries would fetch, by id, where that is not
            raised.
    """

    def __init__(
        self,
        triples: Iterable[Triple],
        *,
        file: str = "shapes",
        files: Sequence[RecordFile] = (),
        lenient: bool = False,
    ) -> None:
        raw = list(triples)
        self.file = file
        self.refused: dict[str, InputError] = {}
        self._load: Callable[[], _Given] = lambda: (raw, files)
        self._guard(raw, lenient=lenient)

    @classmethod
    def of(
        cls,
        files: Sequence[RecordFile | File | str],
        *,
        lenient: bool = False,
    ) -> Shapes:
        """The shapes of some files together, of any RDF format; graphs in them do not count.

        Parameters:
            files: paths, or as read.
            lenient: whether a shape that would fetch is noted in `refused`, not raised.

        Errors:
            InputError: a file that cannot be read, a shape that would fetch.
        """
        raw, read = _together(files)
        name = ", ".join(file.name for file in read)
        return cls(raw, file=name, files=read, lenient=lenient)

    @classmethod
    def later(cls, files: Sequence[File]) -> Shapes:
        """The shapes of files that were found right before: read when they are first asked."""
        found = cls((), file=", ".join(map(str, files)))
        found._load = lambda: _together(files)
        return found

    def __bool__(self) -> bool:
        return bool(self.triples)

    def describe(self, node: Term) -> Mapping[str, Sequence[Term]]:
        """Predicates of a node, full IRIs, with their values in the order written."""
        return self._facts.get(node, {})

    def values(self, shape: str, local: str) -> Sequence[Term]:
        """Values of a predicate of the SHACL vocabulary on a shape.

        >>> shapes = Shapes(t.triple for t in parse(
        ...     b"@prefix sh: <http://www.w3.org/ns/shacl#> . <a:s> sh:minCount 1 .",
        ...     format=RdfFormat.TURTLE))
        >>> [value.value for value in shapes.values("a:s", "minCount")]
        ['1']
        """
        return self.describe(NamedNode(shape)).get(f"{SH}{local}", ())

    def members(self, shape: str, local: str) -> list[Term]:
        """Members of the list that a predicate of the SHACL vocabulary has on a shape."""
        return [m for head in self.values(shape, local) for m in paths.members(head, self.describe)]

    def inner(self, shape: str) -> list[Term]:
        """What stands where a shape names others."""
        found = [node for local in NESTED for node in self.values(shape, local)]
        return found + [node for local in LISTED for node in self.members(shape, local)]

    def rule(self, shape: str) -> str:
        """The IRI of a shape, or of the nearest one around it that has a name."""
        for _, around, _ in self._around(shape):
            shape = around
        return shape

    def named(self, shape: str) -> bool:
        """Whether a shape has an IRI of its own, not a name that was made up for it."""
        return ":" in shape and NamedNode(shape) not in self._blanks

    def path(self, shape: str) -> Path | None:
        """The property path of a shape; None for a node shape.

        Errors:
            ValueError: not a well-formed path.
        """
        for node in self.values(shape, "path"):
            return paths.read(node, self.describe)
        return None

    def messages(self, node: Term) -> tuple[Literal, ...]:
        """The messages of a shape, a SPARQL constraint, or a validator."""
        values = self.describe(node).get(f"{SH}message", ())
        return tuple(value for value in values if isinstance(value, Literal))

    def texts(self, shape: str, predicate: str) -> dict[str, str]:
        """The texts that a shape has for a predicate by language, untagged text under ``""``."""
        found: dict[str, str] = {}
        for node in self.describe(NamedNode(shape)).get(predicate, ()):
            if isinstance(node, Literal):
                found.setdefault(node.language or "", node.value)
        return found

    def place(
        self, shape: str | Term, predicate: str | None = None, value: Term | None = None
    ) -> Place | None:
        """Where a shape is written: file, line and column (1-based, in code points).

        Parameters:
            shape: its id, or a node that is no shape, such as a validator; a blank shape stands
                where what leads to it does.
            predicate, value: of a triple of the shape, whose place is more telling.

        Returns:
            None for shapes that were not read from files.
        """
        node = NamedNode(shape) if isinstance(shape, str) else shape
        found = self._stands(node, predicate, value)
        for _, around, leading in self._around(node.value):
            found = found or self._stands(NamedNode(around), leading)
        return found

    def _stands(self, node: Term, predicate: str | None, value: Term | None = None) -> Place | None:
        """Where a triple of a node is written, or the node itself."""
        shape, node = node.value, self._written(node)
        leading = NamedNode(predicate) if predicate else None
        # A path or a list is placed at its predicate.
        exact = value and (None if isinstance(value, BlankNode) else self._written(value))
        for file in self._given[1]:
            if self._listed(shape, file.labels):
                continue
            found = file.locate(node, leading, exact)  # type: ignore[arg-type]
            if found is not None:
                return (file.name, *found)
        return None

    def _listed(self, shape: str, labels: Collection[str]) -> bool:
        """Whether a shape without a label is a member of a list, or is inside of one: it is placed
        at the list."""
        for inner, _, predicate in self._around(shape):
            if self._written(NamedNode(inner)).value in labels:
                return False
            if predicate.removeprefix(SH) in LISTED:
                return True
        return False

    def _around(self, shape: str) -> Iterator[tuple[str, str, str]]:
        """From the inside out what leads to a shape: it, the shape around it, and a predicate."""
        seen: set[str] = set()
        while shape in self._leads and shape not in seen:
            seen.add(shape)
            owner, predicate = self._leads[shape]
            yield shape, owner, predicate
            shape = owner

    def _written(self, node: Term) -> Term:
        """A node as its file knows it."""
        return self._blanks.get(node, node)

    @property
    def files(self) -> list[str]:
        """Names of the files."""
        return [file.name for file in self._given[1]]

    @cached_property
    def triples(self) -> list[Triple]:
        """The triples, with IRIs for blank shapes and constraints."""
        return [
            Triple(self._name(t.subject), t.predicate, self._name(t.object))  # type: ignore[arg-type]
            for t in self._given[0]
        ]

    @cached_property
    def subjects(self) -> list[str]:
        """IRIs of all subjects that have one, in the order written."""
        nodes = dict.fromkeys(t.subject for t in self.triples)
        return [node.value for node in nodes if isinstance(node, NamedNode)]

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Ids of all shapes (SHACL, section 2.1), sorted.

        >>> text = b"@prefix sh: <http://www.w3.org/ns/shacl#> . <a:s> sh:not <a:t> ."
        >>> Shapes(t.triple for t in parse(text, format=RdfFormat.TURTLE)).ids
        ('a:s', 'a:t')
        """
        kinds = self.below(KINDS)
        signs = _SIGNS | set(self.parameters)
        found: set[str] = set()
        for node, facts in self._facts.items():
            if not isinstance(node, NamedNode):
                continue
            if not signs.isdisjoint(facts) or any(t in kinds for t in facts.get(_TYPE, ())):
                found.add(node.value)
            inner = self.inner(node.value)
            found |= {value.value for value in inner if isinstance(value, NamedNode)}
        return tuple(sorted(found))

    @cached_property
    def parameters(self) -> dict[str, tuple[tuple[str, bool], ...]]:
        """Parameters of components that the shapes declare: IRI -> components that take it.

        Returns:
            For each parameter the components, each with whether it may be left out.
        """
        found: dict[str, tuple[tuple[str, bool], ...]] = {}
        for component, parts in self.components.items():
            for parameter, optional in parts.items():
                found[parameter] = (*found.get(parameter, ()), (component, optional))
        return found

    @cached_property
    def components(self) -> dict[str, dict[str, bool]]:
        """Components that the shapes declare, with their parameters and whether each is optional.

        They are those of SHACL, section 6.2; SHACL's own, which a copy of its vocabulary declares
        as well, are not among them.
        """
        kinds = self.below((f"{SH}ConstraintComponent",))
        found: dict[str, dict[str, bool]] = {}
        for node, facts in self._facts.items():
            if not isinstance(node, NamedNode) or node.value.startswith(SH):
                continue
            if kinds.isdisjoint(facts.get(_TYPE, ())):
                continue
            parts = found.setdefault(node.value, {})
            for parameter in facts.get(f"{SH}parameter", ()):
                about = self.describe(parameter)
                for path in about.get(f"{SH}path", ()):
                    optional = any(is_true(v) for v in about.get(f"{SH}optional", ()))
                    parts[path.value] = optional
        return found

    @cached_property
    def functions(self) -> frozenset[str]:
        """IRIs of the functions that the shapes declare (SHACL Advanced Features, section 5)."""
        kinds = self.below(f"{SH}{local}" for local in ("Function", "SPARQLFunction", "JSFunction"))
        return frozenset(
            node.value
            for node, facts in self._facts.items()
            if not kinds.isdisjoint(facts.get(_TYPE, ()))
        )

    @property
    def unread(self) -> str | None:
        """What may be missing: imports that are not followed, as a hint; None where there are none.

        >>> text = b"<a:o> <http://www.w3.org/2002/07/owl#imports> <a:p> ."
        >>> Shapes(t.triple for t in parse(text, format=RdfFormat.TURTLE)).unread
        'what it imports is not followed: give these files as well: <a:p>'
        """
        imports = unfollowed(self.triples, self.files, shapes=True)
        return say("shape.imports-alone", imports=imports) if imports else None

    def below(self, classes: Iterable[str]) -> set[Term]:
        """Some classes with all their subclasses in the shapes graph (SHACL, section 1.1)."""
        found: set[Term] = {NamedNode(iri) for iri in classes}
        return found.union(reached(found, lambda each: self._narrower.get(each, ())))

    @cached_property
    def _narrower(self) -> dict[Term, list[Term]]:
        found: dict[Term, list[Term]] = {}
        for node, facts in self._facts.items():
            for above in facts.get(f"{RDFS}subClassOf", ()):
                found.setdefault(above, []).append(node)
        return found

    @cached_property
    def _given(self) -> _Given:
        return self._load()

    @cached_property
    def _naming(self) -> tuple[dict[Term, NamedNode], dict[str, Lead]]:
        return name(self._given[0])

    @property
    def _names(self) -> dict[Term, NamedNode]:
        return self._naming[0]

    @property
    def _leads(self) -> dict[str, Lead]:
        return self._naming[1]

    @cached_property
    def _facts(self) -> Facts:
        return facts(self.triples)

    @cached_property
    def _blanks(self) -> dict[Term, Term]:
        return {name: node for node, name in self._names.items()}

    def _name(self, node: Term) -> Term:
        return self._names.get(node, node)

    def _guard(self, triples: Iterable[Triple], *, lenient: bool) -> None:
        from gsefgraph.sparql.form import sources
        from gsefgraph.sparql.guard import guard

        queries = {f"{SH}{local}": local for local in ("select", "ask", "construct")}
        for triple in triples:
            local = queries.get(triple.predicate.value)
            if local is None:
                continue
            text = triple.object.value  # type: ignore[union-attr]
            try:
                guard(text)
                if sources(text):
                    raise RefusedAccess(say("shape.from"), hint=say("shape.as-it-is"))
            except RefusedAccess as error:
                node = self._name(triple.subject)  # type: ignore[arg-type]
                place = self.place(node, triple.predicate.value)
                name, line, column = place or (self.file, None, None)
                owner = self.rule(identifier(node))
                shape = f"<{owner}>" if self.named(owner) else "[]"
                refused = InputError(
                    say("shape.query", name=local, shape=shape, problem=error.message),
                    file=name, line=line, column=column, hint=error.hint,
                )  # fmt: skip
                if not lenient:
                    raise refused from error
                self.refused[self._declaring(node)] = refused

    def _declaring(self, validator: Term) -> str:
        """The component that has a validator; what has none is taken for itself."""
        for component in self.components:
            for local in ("validator", "nodeValidator", "propertyValidator"):
                if validator in self.values(component, local):
                    return component
        return validator.value


def is_true(node: Term) -> bool:
    """Whether a term is the boolean true, in one of its two forms.

    >>> from pyoxigraph import Literal
    >>> is_true(Literal(True)), is_true(Literal("true"))
    (True, False)
    """
    boolean = isinstance(node, Literal) and node.datatype.value == f"{XSD}boolean"
    return boolean and node.value in ("true", "1")


def _together(files: Sequence[RecordFile | File | str]) -> _Given:
    """The triples of some files, and the files as read."""
    from gsefgraph.records import rdf

    read = [rdf.read(file) if isinstance(file, str | File) else file for file in files]
    triples: list[Triple] = []
    taken: set[str] = set()
    for number, file in enumerate(read):
        own = list(dict.fromkeys(quad.triple for quad in file.quads))
        labels = _blanks(file.quads)
        if labels & taken:  # a label names another node in each file
            own = [_renamed(triple, labels & taken, number) for triple in own]
        taken |= labels
        triples += own
    return triples, read


def _blanks(quads: Iterable[Quad]) -> set[str]:
    nodes = (node for quad in quads for node in (quad.subject, quad.object))
    return {node.value for node in nodes if isinstance(node, BlankNode)}


def _renamed(triple: Triple, labels: set[str], number: int) -> Triple:
    def new(node: Term) -> Term:
        taken = isinstance(node, BlankNode) and node.value in labels
        return BlankNode(f"{node.value}-file{number}") if taken else node

    return Triple(new(triple.subject), triple.predicate, new(triple.object))  # type: ignore[arg-type]
