"""What files state: their quads, each in a named graph, and what a person should know of them.

>>> from gsefgraph.project import find
>>> len(list(stated(find().data_sources()))) > 1000
True
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from gsefgraph.engine.literals import kept
from gsefgraph.errors import InputError
from gsefgraph.files import seen
from gsefgraph.project import Source
from gsefgraph.rdf.reading import AS_RECORDS, Reading
from gsefgraph.terms import KINDS, unlabelled
from gsefgraph.wording import Wording, say

# Roles and kinds are the ontology's, under a base that stays.
_THING = re.compile(
    rf"(.+[/#])id/(?:{'|'.join(kind for kind in KINDS if kind not in ('role', 'kind'))})/[^/]+"
)


@dataclass
class Notes:
    """What a person should know of files that were read.

    Attributes:
        said: of the file of each number: the key of a sentence, and what it names beside the file.
        rewritten: how many literals of each a store keeps in another form.
        tags: how language tags with capital letters are written, by those in small letters.

    >>> notes = Notes()
    >>> notes.add(0, say("rdf.no-triple", file="a.ttl"))
    >>> Notes.of_json(notes.to_json()).lines(["b/a.ttl"])
    ['b/a.ttl: holds no triple']
    """

    said: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    rewritten: dict[int, int] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def add(self, number: int, wording: Wording) -> None:
        """Note a sentence about the file of a number."""
        values = {name: value for name, value in wording.values.items() if name != "file"}
        self.said.append((number, wording.key, values))

    def lines(self, files: Sequence[str]) -> list[Wording]:
        """The sentences, in the order in which they were noted.

        Parameters:
            files: what each file is called now.
        """
        return [say(key, file=files[number], **values) for number, key, values in self.said]

    def to_json(self) -> bytes:
        """The notes as text that `of_json` reads."""
        return json.dumps([self.said, [*self.rewritten.items()], self.tags]).encode()

    @classmethod
    def of_json(cls, text: bytes) -> Notes:
        """The notes that `to_json` wrote.

        Errors:
            ValueError: none.
        """
        said, rewritten, tags = json.loads(text)
        return cls([(number, key, values) for number, key, values in said], dict(rewritten), tags)


def stated(
    files: Iterable[Source],
    reading: Reading = AS_RECORDS,
    notes: Notes | None = None,
    *,
    base: str | None = None,
    strict: bool = False,
    as_written: bool = False,
) -> Iterator[Quad]:
    """The quads of files, each in a named graph, and blank nodes labelled apart in each file.

    Parameters:
        files: in any order; those of a project are read as records.
        reading: how files are read; of what may be kept no base is made up.
        notes: told what a person should know.
        base: of the project; things of its files under another one are told of, since prefixes such
            as ``id-org:`` do not meet them.
        strict: whether literals that a store keeps in another form are an error.
        as_written: whether language tags keep their capital letters.

    Errors:
        InputError: a file that cannot be read as what it is.
    """
    # What was read before is kept, and a start then needs no readers.
    from gsefgraph.records import bulk, rdf
    from gsefgraph.records.imports import Imports

    notes = notes or Notes()
    files = tuple(files)
    imports = Imports(source.path for source in files)
    as_records = replace(reading, own=False)
    for number, source in enumerate(files):
        path, graph = seen(source.path), NamedNode(source.graph)
        apart = _Apart(number)
        changed, example = 0, ""
        bases: dict[str, None] = {}
        how = reading if source.given else as_records
        note = partial(notes.add, number)
        for quad in bulk.quads(path, how, note, as_written=as_written, spelling=notes.tags):
            value = quad.object
            if base and not source.given and isinstance(quad.subject, NamedNode):
                thing = _THING.fullmatch(quad.subject.value)
                if thing is not None and thing[1] != base:
                    bases[thing[1]] = None
            if isinstance(value, Literal):
                form = kept(value)
                if form != value:
                    if strict:
                        place = rdf.read(path, reading=how).locate(*quad.triple)
                        line, column = place or (None, None)
                        what = say("rdf.not-kept", literal=str(value), kept=str(form))
                        raise InputError(
                            what, file=str(path), line=line, column=column,
                            hint=say("rdf.no-strict"),
                        )  # fmt: skip
                    changed, example = changed + 1, example or f"{value}"
            else:
                imports.note(quad, number)
            named = not isinstance(quad.graph_name, DefaultGraph)
            if isinstance(quad.subject, BlankNode) or isinstance(value, BlankNode) or not named:
                yield Quad(
                    apart(quad.subject),
                    quad.predicate,
                    apart(value),
                    quad.graph_name if named else graph,
                )
            else:
                yield quad
        for other in bases:
            note(say("project.other-base", file=str(path), found=other, base=base))
        if changed:
            notes.rewritten[number] = changed
            note(say("rdf.rewritten", file=str(path), count=changed, example=example))
    for iri, number in imports.unfollowed().items():
        notes.add(number, say("rdf.not-followed", file="", ontology=iri))


class _Apart:
    """Labels for the blank nodes of a file: another file's are others (RDF 1.1 Turtle, 2.6)."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._made_up: dict[str, str] = {}

    def __call__(self, term: Any) -> Any:
        if not isinstance(term, BlankNode):
            return term
        label = term.value
        if unlabelled(term):  # numbered, so that the same file gives the same labels
            label = self._made_up.setdefault(label, f"-{len(self._made_up)}")
        return BlankNode(f"f{self._number}.{label}")
