"""What two files, folders, stores or revisions state: read whole, to be compared.

>>> from gsefgraph.project import find
>>> project = find()
>>> example = project.ontology / "examples" / "place-within-a-country.ttl"
>>> with compared(str(example), str(example), project) as found:
...     bool(found)
False
"""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, DefaultGraph, NamedNode, Quad

from gsefgraph.engine import connect
from gsefgraph.engine.embedded import Embedded
from gsefgraph.engine.literals import as_kept
from gsefgraph.errors import InputError, UnknownName, UsageError
from gsefgraph.graph.build import Given
from gsefgraph.graph.difference import Difference
from gsefgraph.graph.stated import stated
from gsefgraph.project import Project, find, meaning
from gsefgraph.rdf.reading import AS_DOCUMENTS, Reading
from gsefgraph.wording import say


@contextmanager
def compared(
    before: str, after: str, project: Project, reading: Reading = AS_DOCUMENTS
) -> Iterator[Difference]:
    """What one thing states and another did not.

    Parameters:
        before, after: a file of RDF or of records, a folder (a project, a store, or one of RDF
            files), or a revision that git knows in the project's folder.
        project: gives names, and says where git is to look.
        reading: how files are read.

    Returns:
        What differs: quads, or triples where one of both has no named graphs.

    Errors:
        UnknownName: neither a file, nor a folder, nor a revision. InputError, EngineError: one that
        cannot be read.
    """
    old, new = (_content(name, project, reading) for name in (before, after))
    if any(isinstance(quad.graph_name, DefaultGraph) for quad in (*old, *new)):
        graph = NamedNode(project.names.graph("compared"))
        old, new = (
            {Quad(q.subject, q.predicate, q.object, graph) for q in quads} for quads in (old, new)
        )
    engine = Embedded()
    engine.load([*old, *stated(project.ontology_sources())])
    with closing(engine):
        yield Difference.of(engine, project.names, removed=old - new, added=new - old)


def _content(name: str, project: Project, reading: Reading) -> set[Quad]:
    path = Path(name)
    if path.is_dir():
        quads = _folder(path, project, reading)
    elif path.exists():
        quads = _files(path, reading)
    else:
        quads = _revision(name, project)
    if any(isinstance(term, BlankNode) for quad in quads for term in quad.triple):
        whole = Dataset(quads)
        whole.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
        quads = [*whole]
    return {*as_kept(quads)}


def _folder(path: Path, project: Project, reading: Reading) -> list[Quad]:
    means = meaning(path)
    if means == "store":
        derived = set(map(NamedNode, project.names.not_data))
        with closing(connect(str(path))) as store:
            return [quad for quad in store.dump() if quad.graph_name not in derived]
    if means == "columns":
        raise UsageError(say("folder.columns", folder=path), hint=say("folder.originals"))
    if means == "project":
        return _project(find(path))
    return _files(path, reading)


def _files(path: Path, reading: Reading) -> list[Quad]:
    from gsefgraph.records.foreign import read_records

    return [quad for record in read_records([path], reading) for quad in record.quads]


def _project(project: Project) -> list[Quad]:
    given = Given(project)
    ontology = {source.graph for source in project.ontology_sources()}
    return [q for q in given.quads() if getattr(q.graph_name, "value", "") not in ontology]


def _revision(name: str, project: Project) -> list[Quad]:
    """What the project stated at a revision of git."""
    words = ("git", "-C", str(project.root), "archive", "--format=tar", name, "--", "data")
    try:
        if name.startswith("-"):
            raise OSError
        done = subprocess.run(words, capture_output=True, timeout=60, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        raise UnknownName(
            say("difference.nothing", name=name), hint=say("difference.give")
        ) from None
    with TemporaryDirectory(prefix="gsefgraph-") as folder:
        try:
            with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
                archive.extractall(folder, filter="data")
        except tarfile.TarError as error:
            raise InputError(str(error), file=name) from None
        return _project(Project(Path(folder), writable=False, base=project.base))
