"""From files to an engine that answers: read, derive, and keep the result for the next start.

The truth of a project is its files; what is made from them is a cache, keyed by their content and
by the versions that read them, so that it can be thrown away at any time.

>>> from gsefgraph.project import find
>>> project, afresh = find(), Embedded()
>>> said = afresh.load(Given(project).quads())
>>> said + derive(afresh, project) == open_engine(project, "memory:", warn=print)[0].count()
True
>>> "observer-of" in [rule.name for rule in rules(project)], next(Given(project).files()).format
(True, 'turtle')
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import pyoxigraph
from pyoxigraph import (
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
from gsefgraph.errors import EngineError, InputError, UsageError
from gsefgraph.files import keep, kept, oldest, seen
from gsefgraph.files import reading as unchanged
from gsefgraph.graph.stated import Notes, stated
from gsefgraph.project import READY, Project, Source, cache_folder, content_key
from gsefgraph.rdf import formats, packed
from gsefgraph.rdf.reading import AS_DOCUMENTS, Reading
from gsefgraph.terms import VERSION, slug
from gsefgraph.wording import Wording, say

if TYPE_CHECKING:
    from gsefgraph.reason.rule import Rule
    from gsefgraph.records.rdf import RecordFile

MADE = "project "
"""How the origin of a store made from a project begins; the key of its files follows."""


@dataclass(frozen=True)
class Origin:
    """Where a store on disk comes from, as it tells it itself.

    Attributes:
        made: of which project or files.
        rewritten: how many literals of each file it keeps in another form.
        tags: as in `Notes`.

    >>> Origin.of(str(Origin("a.ttl", {}, {"pt-br": "pt-BR"}))).tags
    {'pt-br': 'pt-BR'}
    """

    made: str
    rewritten: Mapping[str, int] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str) -> Origin:
        """What `str` of one has written."""
        made, _, rest = text.partition("\n")
        return cls(made, *json.loads(rest)) if rest else cls(made)

    def __str__(self) -> str:
        rest = [self.rewritten, self.tags]
        return f"{self.made}\n{json.dumps(rest)}" if any(rest) else self.made


_SALT = f"gsefgraph {VERSION}, pyoxigraph {pyoxigraph.__version__}, union in the default graph"


def open_engine(
    project: Project,
    store: str,
    data: Sequence[str | Path] = (),
    *,
    once: bool = False,
    reading: Reading = AS_DOCUMENTS,
    alone: bool = False,
    warn: Callable[[str], None],
) -> tuple[Engine, Given | None]:
    """The engine of a graph, and in memory the files that it is made of.

    Parameters:
        project: the files, for ``memory:``.
        store: ``memory:``, a folder, or the address of an endpoint.
        data: RDF files to use instead of the project's data; only with ``memory:``.
        once: for a few questions only: starts faster, cannot be written to.
        reading: how those files are read.
        alone: whether they are all there is: no ontology, nothing derived.
        warn: told what a person should know: of the files, or that a store was made from others
            than the project now holds.

    Errors:
        InputError: a file. StoreDamaged, EngineError: the store. UsageError: both were named.
    """
    for path in data:
        if str(path) in ("", "-"):
            raise UsageError(say("graph.data-no-file", path=str(path)), hint=say("graph.name-rdf"))
    if alone and not data:
        raise UsageError(say("graph.alone-data"), hint=say("graph.name-data"))
    if store == "memory:":
        given = Given(project, data, reading, alone=alone)
        made = given.reader() if once else given.memory()
        for line in given.lines():
            # Of what is to be kept files have the say, not the forms of a store.
            if reading.own or line.key != "rdf.rewritten":
                warn(line)
        return made, given
    if data:
        raise UsageError(
            say("graph.data-or-store"),
            hint=say("graph.leave-one"),
        )
    engine = connect(store)
    origin = "" if "://" in store else Origin.of(engine.info().get("origin", "")).made
    if origin.startswith(MADE) and origin != f"{MADE}{key(project)}":
        warn(say("graph.other-files", store=store))
    return engine, None


def key(project: Project) -> str:
    """The name of exactly a project's content: files, rules, and the versions that read them.

    >>> from gsefgraph.project import find
    >>> len(key(find()))
    32
    """
    return Given(project).key()


class Given:
    """The files that make a graph, and the graph that they make.

    Parameters:
        project: what the ontology and the rules, and the data if no other is given, are taken from.
        data: RDF files or folders to use instead of the project's data.
        reading: how those are read.
        alone: whether they are all there is: no ontology, nothing derived.

    Errors:
        UsageError: an address. InputError: a folder without RDF.

    >>> from gsefgraph.project import find
    >>> from gsefgraph.rdf.reading import AS_RECORDS
    >>> given = Given(find())
    >>> given.reader().count() == given.memory().count(), given.unchanged()
    (True, True)
    >>> len(given.key()), next(given.written(AS_RECORDS)) == next(given.quads()), given.lines()
    (32, True, [])
    """

    def __init__(
        self,
        project: Project,
        data: Iterable[str | Path] = (),
        reading: Reading = AS_DOCUMENTS,
        *,
        alone: bool = False,
    ) -> None:
        self.unread: list[Wording] = []
        """Which files of folders, archives and the project's data/ are not read, and why."""
        taken: set[str] = set()
        given = tuple(
            Source(project.names.graph(_name(path, taken)), path, given=True)
            for path in packed.found(data, reading.bound, self.unread.append)
        )
        self.project = project
        self.reading = reading
        self.alone = alone
        own, aside = ((), ()) if given else project.data_files()
        read = packed.among(own, reading.bound, self.unread.append, every=True)
        facts = map(project.source, read)
        self.aside = [path for path in aside if packed.holds_rdf(path)]
        """Files of RDF there that are hidden, or among the texts of the sources."""
        beside = () if alone else project.ontology_beside()
        self.beside = [path for path in beside if packed.holds_rdf(path)]
        """Files of RDF in the project's ontology/ that are not Turtle."""
        self.sources = (*(() if alone else project.ontology_sources()), *given, *facts)
        """Files with the named graph that each fills; triples of a file of the user's that name no
        graph go to graph/<slug of the file's name>."""
        self.notes = Notes()
        """What to know of the files, once they have been read."""
        self.made_of = ""

    def quads(self, notes: Notes | None = None, *, strict: bool = False) -> Iterator[Quad]:
        """What the files state, as `stated` has it."""
        return stated(self.sources, self.reading, notes, base=self.project.base, strict=strict)

    def lines(self) -> list[Wording]:
        """What a person should know of the files, as they are seen from here."""
        aside = [say("rdf.file-aside", file=str(seen(path))) for path in self.aside]
        beside = [say("rdf.ontology-unread", file=str(seen(path))) for path in self.beside]
        return [
            *self.unread,
            *aside,
            *beside,
            *self.notes.lines([str(seen(source.path)) for source in self.sources]),
        ]

    def written(self, reading: Reading) -> Iterator[Quad]:
        """The same as the files write it, which may be read in another way than at first."""
        return stated(self.sources, reading, as_written=True)

    def files(self) -> Iterator[RecordFile]:
        """The files as records with the place of every triple, each in a named graph; called as
        seen from here."""
        from gsefgraph.records import rdf

        for source in self.sources:
            how = self.reading if source.given else replace(self.reading, own=False)
            file, graph = rdf.read(seen(source.path), reading=how), NamedNode(source.graph)
            quads = (
                Quad(q.subject, q.predicate, q.object, graph)
                if isinstance(q.graph_name, DefaultGraph)
                else q
                for q in file.quads
            )
            yield replace(file, quads=tuple(quads))

    def key(self) -> str:
        """The name of exactly this content: files, rules, and the versions that read them."""
        salt = [_SALT, self.project.base, f"alone: {self.alone}", *self.reading.contexts]
        salt.append(self.reading.base or "")
        for source in self.sources:
            if source.given:
                salt += [source.graph, self.reading.base_of(str(source.path)) or ""]
        paths = [packed.outer(source.path) for source in self.sources]
        paths += map(packed.outer, filter(packed.exists, self._contexts))
        paths += [*self.project.rules, *map(Path, self.reading.contexts.values())]
        return content_key(paths, salt="\n".join(salt))

    def _key_anew(self) -> str:
        """The key of what the files are now; they may name other contexts than before."""
        self.__dict__.pop("_contexts", None)
        return self.key()

    @cached_property
    def _contexts(self) -> set[Path]:
        """The contexts that stand beside the files that name them.

        Files that have come to name others have another key in any case.
        """
        found: set[Path] = set()
        for path in (source.path for source in self.sources):
            form = formats.of_file(packed.inner(path.name))
            if form is not None and form.rdf == pyoxigraph.RdfFormat.JSON_LD:
                from gsefgraph.records.jsonld import contexts_beside

                found |= contexts_beside(path, self.reading.bound)
        return found

    def memory(self) -> Embedded:
        """An engine with all stated graphs and graph/inferred.

        Errors:
            InputError: a file that cannot be read.
        """
        engine, self.notes = Embedded(), Notes()
        with unchanged(self.project.root):
            self.made_of = self._key_anew()
            cached = cache_folder() / f"{self.made_of}.nq"
            known = _noted(cached)
            if known is not None and kept(cached) is not None:
                self.notes = known
                return Embedded.from_file(cached)
            engine.load(self.quads(self.notes))
        if not self.alone:
            derive(engine, self.project)
        # The notes go first: a graph that is kept has them.
        keep(cached.with_suffix(".notes"), self.notes.to_json(), lambda: self._place(".notes"))
        keep(cached, _lines(engine).encode(), lambda: self._place(".nq"))
        return engine

    def unchanged(self) -> bool:
        """Whether the files are what they were when the graph was made of them."""
        try:
            return self.made_of == self.key()
        except InputError:  # one is gone
            return False

    def _place(self, suffix: str) -> Path:
        return cache_folder() / f"{self.key()}{suffix}"

    def reader(self) -> Embedded:
        """The graph for a few questions: a cached store on disk, which opens faster than memory
        fills; it is not to be written to.

        Errors:
            As `memory`.
        """
        self.made_of = self._key_anew()
        cached = cache_folder() / f"{self.made_of}.store"
        known = _noted(cached)
        if known is not None and cached.is_dir():
            with contextlib.suppress(EngineError):
                kept = Embedded.open(cached)
                kept.verify(recount=False)
                self.notes = known
                return kept
        engine = self.memory()
        if self.unchanged():
            with contextlib.suppress(OSError, EngineError):
                _keep_store(cached.with_stem(self.made_of), engine)
        return engine


def forget() -> None:
    """Let go of every graph that is kept for the next start: what is gone is not kept there.

    >>> import tempfile
    >>> from unittest import mock
    >>> with tempfile.TemporaryDirectory() as place:
    ...     _ = Path(place, f"{1:032}.nq").write_text("kept")
    ...     with mock.patch.dict(os.environ, GSEFGRAPH_CACHE=place):
    ...         forget()
    ...     os.listdir(place)
    []
    """
    import shutil

    for path in cache_folder().glob(f"{'[0-9a-f]' * 32}.*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _noted(cached: Path) -> Notes | None:
    """The notes that are kept beside a graph."""
    found = kept(cached.with_suffix(".notes"))
    try:
        return None if found is None else Notes.of_json(found)
    except ValueError:
        return None


def _name(path: Path, taken: set[str]) -> str:
    """A name for a file's graph, that no other file of the same command has."""
    try:
        base = slug(PurePath(packed.inner(path.name)).stem)
    except UsageError:
        base = "file"  # a name without Latin letters
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(name)
    return name


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
