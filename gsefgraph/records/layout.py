"""The canonical layout of the project's Turtle files, and new triples put into them.

A file keeps the comment lines at its head; a comment anywhere else has no triple to hold on to, so
it is refused rather than lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Quad, Triple

from gsefgraph.engine.literals import as_kept
from gsefgraph.errors import InputError
from gsefgraph.project import Project
from gsefgraph.rdf import tags, turtle
from gsefgraph.rdf.reading import AS_RECORDS, Reading
from gsefgraph.rdf.tags import Tags
from gsefgraph.records import rdf
from gsefgraph.records.placement import file_of
from gsefgraph.records.where import comments
from gsefgraph.terms import Names
from gsefgraph.wording import say


def files(project: Project) -> tuple[Path, ...]:
    """All Turtle files of data/ and of the project's own ontology/, in a fixed order."""
    folders = [project.data, project.root / "ontology"]
    return tuple(path for folder in folders for path in sorted(folder.rglob("*.ttl")))


def canonical(path: Path, names: Names, reading: Reading = AS_RECORDS) -> bytes:
    """What the file would hold in the canonical layout.

    Errors:
        InputError: a comment below the head. SyntaxFault: not Turtle.
    """
    file = rdf.read(path, reading=reading)
    return turtle.write(file.written, names, head=head(file)).encode()


def head(file: rdf.RecordFile) -> str:
    """The comment lines that open a file.

    Errors:
        InputError: a comment elsewhere, with its line.

    >>> head(rdf.read("a.ttl", data=b"# What this is.\\n\\n<a:s> <a:p> 1 ."))
    '# What this is.'
    """
    lines = file.text.split("\n")
    count = 0
    while count < len(lines) and (not lines[count].strip() or lines[count].startswith("#")):
        count += 1
    for line, column in comments(file.text):
        if line > count:
            raise InputError(
                say("records.comment"),
                file=file.name,
                line=line,
                column=column,
                hint=say("records.move-comment"),
            )
    return "\n".join(lines[:count]).strip()


class Content(NamedTuple):
    """A file of data/ after a change: its whole content, or None where nothing is left of it; how
    many triples are new, and how many are gone."""

    content: bytes | None
    new: int
    gone: int


def changed(
    project: Project,
    added: Iterable[Quad],
    written: Tags,
    removed: Iterable[Quad] = (),
    reading: Reading = AS_RECORDS,
) -> dict[Path, Content]:
    """What the files of data/ would hold with some quads added and others removed.

    Parameters:
        project: whose data.
        added: each in a named graph (`placement.place`).
        written: language tags as the records write them.
        removed: from whichever file of their graph states them, in the forms of a store.
        reading: how the files are read.

    Returns:
        The files that change, sorted by path. Empty when nothing does.

    Errors:
        InputError: a graph that data/ does not keep, a file that cannot be read, or one that holds
        what shall go and is not Turtle.
    """
    found = _Files(project, reading)
    for quad in removed:
        found.remove(quad)
    more: dict[Path, list[Quad]] = {}
    for quad in added:
        more.setdefault(file_of(quad, project), []).append(quad)
    for path, quads in more.items():
        found.add(path, quads, written)
    return found.contents()


class _Files:
    """Files of data/ on their way to other content."""

    def __init__(self, project: Project, reading: Reading) -> None:
        self._project, self._reading = project, reading
        self._heads: dict[Path, str] = {}
        self._before: dict[Path, dict[Triple, Triple]] = {}
        self._after: dict[Path, dict[Triple, Triple]] = {}

    def _triples(self, path: Path) -> dict[Triple, Triple]:
        """The triples of a file as it writes them, by what a store makes of them."""
        if path not in self._after:
            self._heads[path], known = "", dict[Triple, Triple]()
            if path.is_file():
                file = rdf.read(path, reading=self._reading)
                self._heads[path] = head(file)
                forms = as_kept(file.quads)
                known = {q.triple: w.triple for q, w in zip(forms, file.written, strict=True)}
            self._before[path], self._after[path] = known, dict(known)
        return self._after[path]

    def add(self, path: Path, quads: Sequence[Quad], written: Tags) -> None:
        known = self._triples(path)
        plain = [Quad(*quad.triple) for quad in quads]
        spelt = tags.restored(plain, written)
        for form, quad in zip(as_kept(plain), spelt, strict=True):
            known.setdefault(form.triple, quad.triple)

    def remove(self, quad: Quad) -> None:
        """Take a quad out of whichever file of its graph states it."""
        likely = file_of(quad, self._project)
        others = [path for path in self._by_graph.get(str(quad.graph_name), ()) if path != likely]
        there = False
        for path in (likely, *others):
            if path.suffix == ".ttl" and self._triples(path).pop(quad.triple, None) is not None:
                there = True
        if not there and any(path.suffix != ".ttl" for path in others):
            [other, *_] = [path for path in others if path.suffix != ".ttl"]
            raise InputError(
                say("records.not-turtle", triple=quad.triple), file=str(other),
                hint=say("records.make-turtle"),
            )  # fmt: skip

    @cached_property
    def _by_graph(self) -> dict[str, list[Path]]:
        """The files of data/ that fill each graph."""
        found: dict[str, list[Path]] = {}
        for source in self._project.data_sources():
            found.setdefault(f"<{source.graph}>", []).append(source.path)
        return found

    def contents(self) -> dict[Path, Content]:
        contents = {}
        for path, after in sorted(self._after.items()):
            before, comment = self._before[path], self._heads[path]
            new, gone = after.keys() - before.keys(), before.keys() - after.keys()
            if not new and not gone:
                continue
            text = turtle.write([*after.values()], self._project.names, head=comment)
            left = text.encode() if after or comment else None
            contents[path] = Content(left, len(new), len(gone))
        return contents
