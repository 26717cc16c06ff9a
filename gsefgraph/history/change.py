"""One change of a graph, and the files that keep it.

A change is a folder of its own: ``change.ttl`` says in PROV-O what was done, and N-Quads files hold
the quads that came (``added.nq``), that went (``removed.nq``), and that were stated again though
they were there already (``again.nq``), which counts when another change is taken back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from gsefgraph import files
from gsefgraph.errors import InputError
from gsefgraph.rdf import turtle
from gsefgraph.terms import FOREIGN, PROV, RDF, RDFS, SKOS, XSD, Names
from gsefgraph.wording import say

KINDS: Final = (
    "add", "replace", "rename", "remove", "edit", "source", "undo", "forget",
)  # fmt: skip
"""What is done to a graph."""

PARTS: Final = ("added", "removed", "again")
"""What a change keeps of quads, each in a file of its own."""
_DCTERMS: Final = FOREIGN["dcterms"]
_FOAF: Final = FOREIGN["foaf"]


@dataclass(frozen=True)
class Change:
    """What was done once, all of it or nothing.

    Attributes:
        number: 1 for the first.
        kind: one of `KINDS`.
        added, removed: quads that came, and that went.
        again: quads that it states, and that were there before.
        time: when, as xsd:dateTime; empty where it is not kept.
        by: the name of who did it; empty where nobody said.
        sources: the files that it came from, as they were named.
        undone: the number of the change that it takes back.
        generation: of the store on disk that it led to.

    >>> a = NamedNode("a:b")
    >>> change = Change(3, "add", added=(Quad(a, a, a, a),), time="2024-05-01T10:00:00Z", by="Ana")
    >>> sorted(change.contents(Names()))
    ['added.nq', 'change.ttl']
    """

    number: int
    kind: str
    added: tuple[Quad, ...] = ()
    removed: tuple[Quad, ...] = ()
    again: tuple[Quad, ...] = ()
    time: str = ""
    by: str = ""
    sources: tuple[str, ...] = ()
    undone: int | None = None
    generation: int | None = None

    def contents(self, names: Names) -> dict[str, bytes]:
        """The files of a change: name -> whole content, the same for the same change."""
        found = {"change.ttl": turtle.write(self._told(names), names).encode()}
        for part in PARTS:
            quads: tuple[Quad, ...] = getattr(self, part)
            if quads:
                lines = sorted({f"{quad} .\n" for quad in quads})
                found[f"{part}.nq"] = "".join(lines).encode()
        return found

    def _told(self, names: Names) -> Iterable[Triple]:
        node = address(self.number, names)
        yield _triple(node, f"{RDF}type", NamedNode(f"{PROV}Activity"))
        yield _triple(node, f"{_DCTERMS}type", Literal(self.kind))
        if self.time:
            when = Literal(self.time, datatype=NamedNode(f"{XSD}dateTime"))
            yield _triple(node, f"{PROV}endedAtTime", when)
        if self.by:
            who = NamedNode(f"{node.value}/by")
            yield _triple(node, f"{PROV}wasAssociatedWith", who)
            yield _triple(who, f"{RDF}type", NamedNode(f"{PROV}Agent"))
            yield _triple(who, f"{_FOAF}name", Literal(self.by))
        for number, name in enumerate(self.sources, 1):
            used = NamedNode(f"{node.value}/source/{number}")
            yield _triple(node, f"{PROV}used", used)
            yield _triple(used, f"{RDF}type", NamedNode(f"{PROV}Entity"))
            yield _triple(used, f"{RDFS}label", Literal(name))
        if self.undone is not None:
            yield _triple(node, f"{PROV}wasInformedBy", address(self.undone, names))
        if self.generation is not None:
            yield _triple(node, f"{_DCTERMS}hasVersion", Literal(str(self.generation)))

    @classmethod
    def read(cls, folder: Path) -> Change:
        """The change that a folder keeps; its name is the number.

        Errors:
            InputError: it is not what `contents` wrote.
        """
        path = folder / "change.ttl"
        told: dict[str, list[NamedNode | Literal]] = {}
        labels: dict[str, str] = {}
        try:
            for quad in parse(files.content(path), RdfFormat.TURTLE):
                value, subject = quad.object, quad.subject
                if isinstance(value, NamedNode | Literal):
                    told.setdefault(quad.predicate.value, []).append(value)
                    if isinstance(subject, NamedNode) and isinstance(value, Literal):
                        labels[subject.value] = value.value
            parts = {
                part: _quads(folder / f"{part}.nq")
                for part in PARTS
                if (folder / f"{part}.nq").is_file()
            }
            kind = told[f"{_DCTERMS}type"][0].value
            undone = [_number(each.value) for each in told.get(f"{PROV}wasInformedBy", ())]
            versions = [int(each.value) for each in told.get(f"{_DCTERMS}hasVersion", ())]
            number = int(folder.name)
        except (SyntaxError, ValueError, KeyError):
            raise InputError(
                say("history.not-change"), file=str(files.seen(path)), hint=say("history.restore")
            ) from None
        used = sorted((each.value for each in told.get(f"{PROV}used", ())), key=_number)
        return cls(
            number,
            kind,
            time=next((each.value for each in told.get(f"{PROV}endedAtTime", ())), ""),
            by=next((each.value for each in told.get(f"{_FOAF}name", ())), ""),
            sources=tuple(labels.get(each, "") for each in used),
            undone=next(iter(undone), None),
            generation=next(iter(versions), None),
            **parts,
        )

    def without(self, nodes: Iterable[str]) -> Change:
        """The same without what names some nodes; where that is something, without its sources.

        Parameters:
            nodes: IRIs.

        >>> a, b = NamedNode("a:a"), NamedNode("a:b")
        >>> change = Change(1, "add", (Quad(a, a, a, a), Quad(b, b, b, b)), sources=("a.ttl",))
        >>> change.without(["a:b"]).added == change.added[:1], change.without(["a:b"]).sources
        (True, ())
        """
        gone = {NamedNode(iri) for iri in nodes}

        def kept(quads: tuple[Quad, ...]) -> tuple[Quad, ...]:
            return tuple(quad for quad in quads if gone.isdisjoint(quad))

        parts = kept(self.added), kept(self.removed), kept(self.again)
        if parts == (self.added, self.removed, self.again):
            return self
        added, removed, again = parts
        return replace(self, added=added, removed=removed, again=again, sources=())


def labels(quads: Iterable[Quad]) -> dict[str, str]:
    """What quads say that things are called, by IRI.

    >>> a, held = NamedNode("a:a"), NamedNode("a:g")
    >>> labels([Quad(a, NamedNode(f"{SKOS}prefLabel"), Literal("Ana", language="es"), held)])
    {'a:a': 'Ana'}
    """
    return {
        quad.subject.value: quad.object.value
        for quad in quads
        if quad.predicate.value == f"{SKOS}prefLabel"
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, Literal)
    }


def address(number: int, names: Names) -> NamedNode:
    """The IRI of a change.

    >>> address(7, Names()).value
    'https://w3id.org/gsefgraph/history/7'
    """
    return NamedNode(f"{names.base}history/{number}")


def _number(iri: str) -> int:
    return int(iri.rpartition("/")[2])


def _triple(subject: NamedNode, predicate: str, value: NamedNode | Literal) -> Triple:
    return Triple(subject, NamedNode(predicate), value)


def _quads(path: Path) -> tuple[Quad, ...]:
    return tuple(parse(files.content(path), RdfFormat.N_QUADS))
