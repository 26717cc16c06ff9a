"""What is checked: the shapes, and the ontology that they speak of, read once and kept."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from copy import copy
from functools import cached_property
from itertools import chain
from pathlib import Path as File
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.errors import GsefgraphError, InputError
from gsefgraph.files import keep, kept, real
from gsefgraph.project import cache_folder, content_key
from gsefgraph.rdf import packed, plain
from gsefgraph.rdf.reading import AS_DOCUMENTS, Reading
from gsefgraph.records.imports import unfollowed
from gsefgraph.shacl.report.finding import Rule, Texts, by_language
from gsefgraph.shacl.result import Way
from gsefgraph.shacl.shapes import vocabulary
from gsefgraph.shacl.shapes.graph import PER_GRAPH, Shapes, identifier, of_folder, read_turtle
from gsefgraph.shacl.shapes.model import (
    Constraint,
    Custom,
    Model,
    Pattern,
    Qualified,
    Shape,
    Sparql,
    Target,
)
from gsefgraph.sparql.path import Path
from gsefgraph.terms import RDFS, SH, SKOS, VERSION, Names, Term
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.records.rdf import RecordFile


class Ontology:
    """The triples of an ontology.

    Attributes:
        triples: in the order of the files.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = list(triples)

    @classmethod
    def read(cls, folder: File) -> Ontology:
        """All Turtle files of a folder, those of its sub-folders aside.

        Errors:
            InputError, SyntaxFault.
        """
        return cls(t for file in sorted(folder.glob("*.ttl")) for t in read_turtle(file))

    @cached_property
    def defined(self) -> frozenset[str]:
        """IRIs that the files describe."""
        return frozenset(identifier(triple.subject) for triple in self.triples)


KEPT = (Model, Shape, Target, Constraint, Pattern, Qualified, Sparql, Custom, Path)
_SALT = f"gsefgraph {VERSION}, Python {sys.version}, {[(c, *c.__annotations__) for c in KEPT]}"
LABELS = (f"{SKOS}prefLabel", f"{RDFS}label")


class Checks:
    """Shapes for the union and for each graph alone, with an ontology.

    Attributes:
        union: shapes that hold on all triples together.
        alone: shapes that hold on each named graph.
        ontology: triples that count as known.
        names: prefixes.
        own: whether our own checks of terms and names are made too (`own.py`).
        lenient: whether shapes that are not legal are left out, not refused.
        general: files of shapes that are for any data.
    """

    def __init__(
        self,
        union: Shapes,
        alone: Shapes,
        ontology: Ontology,
        names: Names,
        *,
        own: bool,
        lenient: bool = False,
    ) -> None:
        self.union = union
        self.alone = alone
        self.ontology = ontology
        self.names = names
        self.own = own
        self.lenient = lenient
        self.general: frozenset[str] = frozenset()
        self._faults: dict[str, Sequence[GsefgraphError]] = {}
        self._keep: Callable[[tuple[Model, Model]], None] | None = None

    @classmethod
    def of_project(
        cls,
        shapes: File | Sequence[File],
        ontology: File,
        names: Names,
        general: Iterable[File] = (),
    ) -> Checks:
        """A project's shapes, a folder or files, and the folder of its ontology.

        What shapes without a fault or a warning say is kept by their content; they are read again
        only where a finding is to be explained.

        Parameters:
            general: those of the files that are for any data.

        Errors:
            InputError, SyntaxFault.
        """
        files = of_folder(shapes)

        def place() -> File:
            key = content_key(map(packed.outer, chain(*of_folder(shapes))), salt=_SALT)
            return cache_folder() / f"shapes-{key}.json"

        cache = place()
        known = _known(cache)
        union, alone = map(Shapes.later if known else Shapes.of, files)
        found = cls(union, alone, Ontology.read(ontology), names, own=True)
        found.general = frozenset(map(str, general))
        found._keep = lambda models: keep(cache, plain.dump(models), place)
        if known:
            found.union_model, found.alone_model = known
            found.warnings = ()
        return found

    @classmethod
    def of_files(
        cls,
        shapes: Sequence[str | File],
        names: Names,
        ontology: Ontology | None = None,
        *,
        lenient: bool = False,
        reading: Reading = AS_DOCUMENTS,
    ) -> Checks:
        """Anybody's shapes: files in any format of RDF, folders or archives of them.

        A file named per-graph.ttl holds on each named graph alone.

        Parameters:
            lenient: whether shapes that are not legal are left out, not refused.
            reading: base, contexts, bound, and what tells.

        Errors:
            InputError, SyntaxFault.
        """
        from gsefgraph.records import rdf

        union: dict[File, File] = {}
        alone: dict[File, File] = {}
        for file in packed.found(shapes, reading.bound, reading.note):
            # A file that is named twice is one file.
            (alone if file.name == PER_GRAPH else union).setdefault(real(file), file)
        read = {
            file: rdf.read(file, reading=reading) for file in (*union.values(), *alone.values())
        }
        for record in read.values():
            names = names.also(record.prefixes)
        first, second = (
            Shapes.of([read[file] for file in part.values()], lenient=lenient)
            for part in (union, alone)
        )
        if not first.ids and not second.ids:
            raise _no_shapes([*read.values()], shapes)
        known = ontology or Ontology([])
        return cls(first, second, known, names, own=False, lenient=lenient)

    def reading(self, records: Iterable[RecordFile]) -> Checks:
        """The same with the prefixes of files that are checked, which their writer knows."""
        found = copy(self)
        for record in records:
            found.names = found.names.also(record.prefixes)
        return found

    @cached_property
    def union_model(self) -> Model:
        """The shapes of the union as data."""
        return self._read("union", self.union)

    @cached_property
    def alone_model(self) -> Model:
        """The shapes of each graph as data."""
        return self._read("alone", self.alone)

    def _read(self, name: str, shapes: Shapes) -> Model:
        from gsefgraph.shacl.shapes import reading

        if not self.lenient:
            return reading.read(shapes)
        model, self._faults[name] = reading.read_legal(shapes)
        return model

    @property
    def omitted(self) -> tuple[Texts, ...]:
        """What was left out of the shapes, and why."""
        _ = self.both
        return tuple(map(vocabulary.left_out, chain.from_iterable(self._faults.values())))

    @property
    def both(self) -> tuple[tuple[Shapes, Model], tuple[Shapes, Model]]:
        """The shapes of the union and of each graph, with their models."""
        return (self.union, self.union_model), (self.alone, self.alone_model)

    def without(self, *, inferred: bool) -> frozenset[str]:
        """Graphs of the project that are no data: those of the ontology's files, which count as
        known, and what is derived unless that is asked for."""
        known = frozenset(self.names.not_data)
        return known - {self.names.graph("inferred")} if inferred else known

    @cached_property
    def facts(self) -> Mapping[tuple[Term, str], Sequence[Term]]:
        """Values by subject and predicate that the ontology gives."""
        return facts(self.ontology.triples)

    @cached_property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Names by IRI and language that the ontology gives."""
        return names(self.ontology.triples, {})

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """How constraints are evaluated in memory."""
        return tuple(
            Way(shape.rule or shape.id, constraint.component, "memory")
            for _, model in self.both
            for shape in model.shapes.values()
            for constraint in shape.constraints
        )

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """Every named shape by its IRI, for those who read a report."""
        return {**rules(self.union_model), **rules(self.alone_model)}

    @cached_property
    def warnings(self) -> tuple[Texts, ...]:
        """What is odd about the shapes themselves."""
        both = (self.union, self.alone)
        triples = (triple for shapes in both for triple in shapes.triples)
        found = (
            *self.omitted,
            *vocabulary.imports(
                triples, [name for shapes in both for name in shapes.files], shapes=True
            ),
            *(text for shapes in both for text in vocabulary.check(shapes, self.names)),
        )
        if self._keep is not None and not found:
            self._keep((self.union_model, self.alone_model))
        return found


def _known(cache: File) -> tuple[Model, Model] | None:
    """The models that are kept of shapes; None where none are, or none of use."""
    with suppress(ValueError, TypeError, LookupError):
        union, alone = plain.load(kept(cache) or b"", KEPT)
        return union, alone
    return None


def names(
    triples: Iterable[Triple], known: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """Names by IRI and language that triples give to nodes, with those known before."""
    found: dict[str, dict[str, str]] = {}
    for triple in triples:
        value = triple.object
        if triple.predicate.value in LABELS and isinstance(value, Literal):
            subject = identifier(triple.subject)
            if subject not in found:
                found[subject] = dict(known.get(subject, {}))
            found[subject][value.language or ""] = value.value
    return found


def _no_shapes(read: Iterable[RecordFile], shapes: Sequence[str | File]) -> InputError:
    """The error for files without a shape, which would read as if all conformed."""
    hint = say("shape.what-is")
    every = list(read)
    triples = (quad.triple for record in every for quad in record.quads)
    found = unfollowed(triples, [record.name for record in every], shapes=True)
    if found:
        hint = say("shape.imports-alone", imports=found)
    for record in every:
        for quad in record.quads:
            for term in (quad.predicate, quad.object):
                iri = term.value if isinstance(term, NamedNode) else ""
                if "/ns/shacl" in iri and not iri.startswith(SH):
                    hint = say("shape.not-shacl", iri=iri, namespace=SH)
    return InputError(say("shape.no-shapes"), file=", ".join(map(str, shapes)), hint=hint)


def rules(model: Model) -> dict[str, Rule]:
    """Every shape by its id: its name, and what it asks for.

    >>> from gsefgraph.shacl.shapes.model import Shape
    >>> rules(Model({"a:s": Shape("a:s", name={"fr": "date"})}))["a:s"].name
    {'fr': 'date'}
    """
    return {
        shape.id: Rule(
            name=shape.name or shape.label,
            help=shape.description or by_language(shape.messages) or shape.comment,
        )
        for shape in model.shapes.values()
    }


def facts(triples: Iterable[Triple]) -> dict[tuple[Term, str], list[Term]]:
    """Values by subject and predicate, each once, sorted."""
    found: dict[tuple[Term, str], set[Term]] = {}
    for triple in triples:
        key = (triple.subject, triple.predicate.value)
        found.setdefault(key, set()).add(triple.object)  # type: ignore[arg-type]
    return {key: sorted(values, key=str) for key, values in found.items()}
