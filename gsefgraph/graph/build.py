"""From files to an engine that answers: read, derive, and keep the result for the next start.

The truth of a project is its files; what is made from them is a cache, keyed by their content and
by the versions that read them, so that it can be thrown away at any time.

>>> from gsefgraph.project import find
>>> project, afresh = find(), Embedded()
>>> said = afresh.load(stated(sources(project)))
>>> said + derive(afresh, project) == open_engine(project, "memory:", warn=print).count()
True
>>> reader(project).count() == afresh.count(), len(key(project))  # from the cache, by this key
(True, 32)
>>> "observer-of" in [rule.name for rule in rules(project)], next(files(project)).format
(True, 'turtle')
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    Triple,
)

from gsefgraph.engine import connect
from gsefgraph.engine.base import Engine
from gsefgraph.engine.embedded import Embedded
from gsefgraph.errors import EngineError, UsageError
from gsefgraph.files import keep, kept, oldest, reading, seen
from gsefgraph.project import READY, Project, Source, cache_folder, content_key
from gsefgraph.terms import VERSION, slug
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.reason.rule import Rule
    from gsefgraph.records.rdf import RecordFile

MADE = "project "
"""How the origin of a store made from a project begins; the key of its files follows."""
_SALT = f"gsefgraph {VERSION}, pyoxigraph {pyoxigraph.__version__}, union in the default graph"


def open_engine(
    project: Project,
    store: str,
    data: Sequence[str | Path] = (),
    *,
    once: bool = False,
    warn: Callable[[str], None],
) -> Engine:
    """The engine of a graph.

    Parameters:
        project: the files, for ``memory:``.
        store: ``memory:``, a folder, or the address of an endpoint.
        data: RDF files to use instead of the project's data; only with ``memory:``.
        once: for a few questions only: starts faster, cannot be written to.
        warn: told when a store was made from other files than the project now holds.

    Errors:
        InputError: a file. StoreDamaged, EngineError: the store. UsageError: both were named.
    """
    for path in data:
        if str(path) in ("", "-"):
            raise UsageError(say("graph.data-no-file", path=str(path)), hint=say("graph.name-rdf"))
    if store == "memory:":
        return reader(project, data) if once else memory(project, data)
    if data:
        raise UsageError(
            say("graph.data-or-store"),
            hint=say("graph.leave-one"),
        )
    engine = connect(store)
    origin = "" if "://" in store else engine.info().get("origin", "")
    if origin.startswith(MADE) and origin != f"{MADE}{key(project)}":
        warn(say("graph.other-files", store=store))
    return engine


def sources(project: Project, data: Iterable[str | Path] = ()) -> tuple[Source, ...]:
    """The files that make a graph: the ontology's, and the project's data or other files.

    Parameters:
        project: what the ontology, and the data if no other is given, are taken from.
        data: RDF files to use instead of the project's data.

    Returns:
        Files with the named graph that each fills; triples of a file of the user's that name no
        graph go to graph/<slug of the file's name>.
    """
    taken: set[str] = set()
    given = tuple(Source(project.names.graph(_name(Path(p), taken)), Path(p)) for p in data)
    return (*project.ontology_sources(), *(given or project.data_sources()))


def files(project: Project, data: Sequence[str | Path] = ()) -> Iterator[RecordFile]:
    """The files that a graph in memory is built from, named as seen from the current folder."""
    from gsefgraph.records import rdf

    for source in sources(project, data):
        yield rdf.read(seen(source.path))


def _name(path: Path, taken: set[str]) -> str:
    """A name for a file's graph, that no other file of the same command has."""
    try:
        base = slug(path.stem)
    except UsageError:
        base = "file"  # a name without Latin letters
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(name)
    return name


def stated(files: Iterable[Source]) -> Iterator[Quad]:
    """The quads of files, each in a named graph.

    Errors:
        InputError: a file that cannot be read as what it is.
    """
    from gsefgraph.records import bulk

    for number, source in enumerate(files):
        graph = NamedNode(source.graph)
        for quad in bulk.quads(source.path):
            named = not isinstance(quad.graph_name, DefaultGraph)
            if named and not any(isinstance(t, BlankNode) for t in (quad.subject, quad.object)):
                yield quad
                continue
            # A label of one file means another node in the next (RDF 1.1 Turtle, section 2.6).
            yield Quad(
                _apart(quad.subject, number),
                quad.predicate,
                _apart(quad.object, number),
                quad.graph_name if named else graph,
            )


def _apart(term: Any, number: int) -> Any:
    return BlankNode(f"f{number}{term.value}") if isinstance(term, BlankNode) else term


def key(project: Project, data: Iterable[str | Path] = ()) -> str:
    """The name of exactly this content: files, rules, and the versions that read them."""
    files = [source.path for source in sources(project, data)]
    return content_key([*files, *project.rules], salt=f"{_SALT}, {project.base}")


def memory(project: Project, data: Iterable[str | Path] = ()) -> Embedded:
    """The graph in memory: from the cache when its content is known, else from the files.

    Parameters:
        project: whose ontology, rules and data.
        data: RDF files to use instead of the project's data.

    Returns:
        An engine with all stated graphs and graph/inferred.

    Errors:
        InputError: a file that cannot be read.

    >>> from gsefgraph.project import find
    >>> memory(find()).count() > 2000
    True
    """
    return _made(project, tuple(data))[1]


def _made(project: Project, data: tuple[str | Path, ...]) -> tuple[str, Embedded]:
    """The key of what was read, and the graph made of it."""
    engine = Embedded()
    with reading(project.root):
        name = key(project, data)
        cached = cache_folder() / f"{name}.nq"
        if kept(cached) is not None:
            return name, Embedded.from_file(cached)
        engine.load(stated(sources(project, data)))
    derive(engine, project)
    keep(cached, _lines(engine).encode(), lambda: cache_folder() / f"{key(project, data)}.nq")
    return name, engine


def reader(project: Project, data: Iterable[str | Path] = ()) -> Embedded:
    """The graph for a few questions: a cached store on disk, which opens faster than memory fills.

    Parameters, errors: as `memory`.

    Returns:
        An engine that is not to be written to.
    """
    data = tuple(data)
    cached = cache_folder() / f"{key(project, data)}.store"
    if cached.is_dir():
        with contextlib.suppress(EngineError):
            kept = Embedded.open(cached)
            kept.verify(recount=False)
            return kept
    name, engine = _made(project, data)
    if key(project, data) == name:
        with contextlib.suppress(OSError, EngineError):
            _keep_store(cached.with_stem(name), engine)
    return engine


def _keep_store(path: Path, engine: Embedded) -> None:
    import shutil

    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        store = Embedded.open(temporary, create=True)
        store.load(engine.dump())
        store.close()
        shutil.rmtree(path, ignore_errors=True)
        temporary.rename(path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    for old in oldest(path):
        shutil.rmtree(old, ignore_errors=True)


def rules(project: Project) -> list[Rule]:
    """The project's rules: its ontology's axioms, closed by owlrl and compiled, and its rule files.

    Errors:
        InputError: an axiom that cannot be compiled. SyntaxFault: a rule file.
    """
    from gsefgraph.reason import construct, owl

    return [*owl.compile(_closed(project)), *construct.read_rules(project.rules)]


def derive(engine: Engine, project: Project) -> int:
    """Fill graph/inferred with all that follows; returns how many triples that is."""
    from gsefgraph.reason.rules import materialise

    return materialise(engine, rules(project), NamedNode(project.names.graph("inferred")))


def _closed(project: Project) -> tuple[Triple, ...]:
    from gsefgraph.reason import owl

    files = project.ontology_sources()

    def place() -> Path:
        name = content_key((source.path for source in files), salt=_SALT)
        return cache_folder() / f"ontology-{name}.nt"

    cached = place()
    known = kept(cached) or kept(READY / cached.name)
    if known is not None:
        parsed = pyoxigraph.parse(known, format=pyoxigraph.RdfFormat.N_TRIPLES)
        return tuple(quad.triple for quad in parsed)
    closed = Dataset(Quad(*triple) for triple in owl.close(q.triple for q in stated(files)))
    # Blank nodes have random labels, and what is kept is to be the same bytes every time.
    closed.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    found = sorted((quad.triple for quad in closed), key=str)
    keep(cached, "".join(f"{triple} .\n" for triple in found).encode(), place)
    return tuple(found)


def _lines(engine: Embedded) -> str:
    quads = list(engine.dump())
    union = {f"{quad.triple} .\n" for quad in quads}
    return "".join(sorted({f"{quad} .\n" for quad in quads} | union))
