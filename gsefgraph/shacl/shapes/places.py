"""Where in their files shapes were written, found when it is asked for.

A blank shape stands where the triple that leads to it does: `sh:property [ … ]` at its bracket.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from gsefgraph.shacl.shapes.model import Place
from gsefgraph.terms import Term

if TYPE_CHECKING:
    from gsefgraph.records.rdf import RecordFile
    from gsefgraph.records.where import Key, Lines

_ANONYMOUS = "_:anonymous"
_DEEPEST = 100


@dataclass(frozen=True, slots=True)
class Lead:
    """What leads to a blank shape: a triple whose value is the shape or a list that holds it.

    Attributes:
        owner: id of the shape whose triple it is.
        predicate: full IRI.
        value: as read, before blank shapes were given names.
    """

    owner: str
    predicate: str
    value: Term


class Places:
    """The places of shapes in some files.

    Parameters:
        files: in the order read.
        leads: to blank shapes, by the name that was made up for them.
        blanks: the blank node behind each such name.
    """

    def __init__(
        self,
        files: Sequence[RecordFile],
        leads: Mapping[str, Lead],
        blanks: Mapping[str, Term],
    ) -> None:
        self._files = [_File(file) for file in files]
        self._leads = leads
        self._blanks = blanks

    def of(
        self, shape: str, predicate: str | None = None, value: Term | None = None
    ) -> Place | None:
        """File, line and column of a triple of a shape, else of the shape itself.

        Parameters:
            shape: its id.
            predicate: full IRI; only with it does `value` count.
        """
        for file in self._files:
            subject = self._subject(file, shape, 0)
            found = file.place(subject, predicate, self._value(file, value)) if subject else None
            if found:
                return (file.name, *found)
        lead = self._leads.get(shape)
        if lead is None or lead.owner == shape:
            return None
        for file in self._files:
            # Neither a label nor an order tells which bracket it is: that of a list's member.
            owner = self._around(file, shape)
            found = file.place(owner[0], owner[1], ()) if owner else None
            if found:
                return (file.name, *found)
        return None

    def _around(self, file: _File, shape: str) -> tuple[str, str] | None:
        seen: set[str] = set()
        while shape in self._leads and shape not in seen:
            seen.add(shape)
            lead = self._leads[shape]
            key = self._subject(file, lead.owner, 0)
            if key:
                return key, lead.predicate
            shape = lead.owner
        return None

    def _subject(self, file: _File, shape: str, depth: int) -> str | None:
        """What a file's index calls a shape."""
        blank = self._blanks.get(shape)
        if blank is None:
            return shape
        if (label := f"_:{blank.value}") in file.subjects:
            return label
        lead = self._leads.get(shape)
        if lead is None or depth > _DEEPEST or lead.value != blank:
            return None
        owner = self._subject(file, lead.owner, depth + 1)
        brackets = file.brackets.get((owner, lead.predicate), []) if owner else []
        order = [
            other.value
            for other in self._leads.values()
            if other.owner == lead.owner
            and other.predicate == lead.predicate
            and f"_:{other.value.value}" not in file.subjects
        ]
        number = order.index(blank)
        return brackets[number] if number < len(brackets) else None

    def _value(self, file: _File, value: Term | None) -> Sequence[str]:
        if value is None:
            return ()
        if isinstance(value, Literal) and value.language:
            return f"{value.value}@{value.language}", value.value
        name = self._subject(file, value.value, 0) if isinstance(value, NamedNode) else None
        return (name or value.value,)


class _File:
    """One file and where its triples stand."""

    def __init__(self, file: RecordFile) -> None:
        self.file = file
        self.name = file.name
        self.plain = file.format not in ("jsonld", "rdfxml")

    def place(
        self, subject: str, predicate: str | None, values: Sequence[str]
    ) -> tuple[int, int] | None:
        """Line and column of a triple, else of its subject and predicate, else of its subject."""
        if not self.plain:
            value = Literal(values[0]) if values else None
            return self.file.locate(NamedNode(subject), None, value)
        keys: list[Key] = []
        if predicate:
            keys += [(subject, predicate, value) for value in values]
            keys.append((subject, predicate, None))
        keys.append((subject, None, None))
        if subject.startswith(_ANONYMOUS) and not predicate:
            keys.insert(0, self.starts.get(subject, (subject, None, None)))
        offset = next((self.index[key] for key in keys if key in self.index), None)
        return None if offset is None else self._lines.place(offset)

    @cached_property
    def index(self) -> Mapping[Key, int]:
        """Offsets of subjects, predicates and values."""
        from gsefgraph.records import where

        return where.index(self.file.text) if self.plain else {}

    @cached_property
    def subjects(self) -> frozenset[str]:
        """Subjects in the index."""
        return frozenset(key[0] for key in self.index)

    @cached_property
    def brackets(self) -> Mapping[tuple[str, str], list[str]]:
        """Blank nodes without a label, in order, by the subject and predicate that lead there."""
        found: dict[tuple[str, str], list[str]] = {}
        for subject, predicate, value in self.index:
            if predicate and value and value.startswith(_ANONYMOUS):
                found.setdefault((subject, predicate), []).append(value)
        return found

    @cached_property
    def starts(self) -> Mapping[str, Key]:
        """The key under which each bracket stands."""
        return {key[2]: key for key in self.index if key[2] and key[2].startswith(_ANONYMOUS)}

    @cached_property
    def _lines(self) -> Lines:
        from gsefgraph.records import where

        return where.Lines(self.file.text)
