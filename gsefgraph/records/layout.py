"""The canonical layout of the project's Turtle files, and new triples put into them.

A file keeps the comment lines at its head; a comment anywhere else has no triple to hold on to, so
it is refused rather than lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Quad, Triple

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


class Addition(NamedTuple):
    """A file of data/ with more triples in it: its whole content, and how many are new."""

    content: bytes
    new: int


def merged(
    project: Project, quads: Iterable[Quad], written: Tags, reading: Reading = AS_RECORDS
) -> dict[Path, Addition]:
    """What the files of data/ would hold with these quads added.

    Parameters:
        project: whose data.
        quads: each in a named graph (`placement.place`).
        written: language tags as the records write them.
        reading: how the files are read.

    Returns:
        The files that change, sorted by path. Empty when all is there already.

    Errors:
        InputError: a graph that data/ does not keep, or a file that cannot be read.
    """
    additions: dict[Path, list[Quad]] = {}
    for quad in quads:
        additions.setdefault(file_of(quad, project), []).append(quad)
    contents = {}
    for path, added in sorted(additions.items()):
        comment, known = "", dict[Triple, Triple]()
        if path.is_file():
            file = rdf.read(path, reading=reading)
            comment = head(file)
            known = {q.triple: w.triple for q, w in zip(file.quads, file.written, strict=True)}
        new = {quad.triple for quad in added} - known.keys()
        if new:
            more = tags.restored([Quad(*triple) for triple in new], written)
            whole = [*known.values(), *(quad.triple for quad in more)]
            content = turtle.write(whole, project.names, head=comment).encode()
            contents[path] = Addition(content, len(new))
    return contents
