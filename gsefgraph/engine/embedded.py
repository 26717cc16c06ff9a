"""The embedded engine: a pyoxigraph store in memory, or in a folder on disk.

The default graph holds the union of the named graphs as a set: a triple that three graphs state
stands there once, and leaves when the last of them drops it. So plain patterns count facts, and
`GRAPH ?g` tells who states them.

Writes are all or nothing. In memory, `replace` is one transaction and an update runs on a copy that
takes the store's place when it is right; on disk every write makes the next generation
(`store.py`). With a million triples there, opening takes 11 ms, a small replace 50, an update 7 s.
"""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from pyoxigraph import NamedNode, Quad, Store, Triple

from gsefgraph.engine import dataset, lookup, union
from gsefgraph.engine.base import Pattern, Result
from gsefgraph.engine.dataset import Found
from gsefgraph.engine.names import NameIndex, Touched
from gsefgraph.errors import (
    EngineError,
    InputError,
    QueryTimeout,
    StoreBusy,
    SyntaxFault,
    UsageError,
)
from gsefgraph.files import keep, kept
from gsefgraph.project import cache_folder
from gsefgraph.sparql.guard import guard
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.engine.store import Folder, Record

T = TypeVar("T")
_On = Literal["store", "copy", "nothing"]
_Origin: TypeAlias = "str | Callable[[], str] | None"
# How long a write waits, in seconds, for one that is past its deadline and cannot be cancelled.
_PATIENCE = 60.0
# After how many seconds a store on disk that has not answered is read whole for damage: an engine
# that meets a damaged block in the middle of a query may go round it for ever.
_DOUBT = 2.0
# For how many seconds a store that was found whole then is not read again.
_TRUST = 60.0


class Embedded:
    """A store in memory, empty; `from_file` and `open` make others.

    >>> engine = Embedded()
    >>> engine.update('INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:p> "x" } }')
    >>> a, p, g = map(NamedNode, ("urn:a", "urn:p", "urn:g"))
    >>> engine.load([Quad(a, p, a, g)])
    2
    >>> engine.query("SELECT ?o { <urn:a> <urn:p> ?o FILTER(isLiteral(?o)) }").rows[0][0].value
    'x'
    >>> len(list(engine.lookup([(a, p, None)]))), engine.stated([(a, p, p)])
    (2, set())
    >>> engine.replace(g, [Triple(a, p, p)])
    >>> engine.count(), engine.graphs() == (g,), [quad.object for quad in engine.dump(g)] == [p]
    (1, True, True)
    >>> engine.change([Quad(a, p, p, g)], [Quad(a, p, a, g)])
    >>> engine.count(), [quad.object for quad in engine.dump(g)] == [a], engine.info()["place"]
    (1, True, 'memory')
    >>> engine.close()
    """

    def __init__(self) -> None:
        self._store = Store()
        self._count: int | None = 0
        self._folder: Folder | None = None
        self._record: Record | None = None
        self._held: weakref.finalize[[int], Embedded] | None = None
        self._writing, self._naming = threading.Lock(), threading.RLock()
        self._names: NameIndex | None = None
        self._kept: Path | None = None
        self._whole: tuple[Record | None, float] = None, 0.0
        self.outdated = False

    @classmethod
    def from_file(cls, path: Path | str) -> Embedded:
        """A store in memory from an N-Quads file that holds the named quads and the union too.

        Parameters:
            path: a cache of ours, trusted: for each triple, beside its quads, a line without graph.

        Errors:
            SyntaxFault, InputError.

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "kept.nq"
        ...     _ = file.write_text("<a:s> <a:p> <a:o> <a:g> .\\n<a:s> <a:p> <a:o> .")
        ...     Embedded.from_file(file).count()
        1
        """
        engine = cls()
        try:
            union.fill(engine._store, Path(path).read_bytes())
        except SyntaxError as error:
            raise SyntaxFault(
                error.msg, file=str(path), line=error.lineno, column=error.offset
            ) from None
        except OSError as error:
            raise InputError(say("engine.unreadable", error=error), file=str(path)) from None
        engine._count = None
        engine._kept = Path(path).with_suffix(".names")
        return engine

    @classmethod
    def open(cls, path: Path | str, *, create: bool = False) -> Embedded:
        """A store in a folder, as it was when it was opened; its own writes show at once.

        Opening takes the same time whatever the size, and writes nothing. Another process may write
        meanwhile: this engine goes on reading its generation.

        Parameters:
            path: the folder.
            create: begin with nothing where there is no folder or an empty one, and where the
                store is of another version (`outdated`); the first write, which there must be a
                fresh `load`, makes a store of it.

        Errors:
            EngineError when there is nothing yet and `create` is false; StoreDamaged.

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     engine = Embedded.open(folder, create=True)
        ...     engine.update("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:p> 1 } }")
        ...     engine.close()
        ...     Embedded.open(folder).count()
        1
        """
        try:
            from gsefgraph.engine.store import Folder
        except ImportError:
            raise EngineError(
                say("engine.no-locks", path=path),
                hint=say("engine.other-system"),
            ) from None

        engine = cls()
        engine._folder = folder = Folder(Path(path))
        if folder.is_new():
            if not create:
                raise EngineError(
                    say("engine.no-store", path=path),
                    hint=say("engine.load-makes", path=path),
                )
        else:
            record = folder.read(any_format=create)
            engine.outdated = not record.files
            if not engine.outdated:
                engine._reopen(folder, record)
        return engine

    def query(self, text: str, *, timeout: float | None = None) -> Result:
        """Answer a query; the default graph is the union (SPARQL 1.1 Query).

        Parameters:
            text: at most 64 KB; SERVICE is refused. FROM selects stored graphs; with one that is
                not stored the answer has a warning.
            timeout: seconds; None is no limit. The database cannot be stopped: past the deadline
                its thread goes on in the background, so a program that ends then should use
                `os._exit`. `float("inf")` sets no limit either, but lets Ctrl-C through while the
                query runs.

        Returns:
            Solutions, Boolean or Triples, complete.

        Errors:
            SyntaxFault with line and column; RefusedAccess; UsageError for a text that is too
            large; QueryTimeout; StoreDamaged or EngineError when reading fails.

        >>> Embedded().query("ASK {}")
        Boolean(value=True, warnings=())
        """
        guard(text)
        store = self._open_store()
        return self._within(timeout, lambda: self._answer(store, text))

    def read(self, text: str, make: Callable[[Found], T]) -> tuple[T, tuple[str, ...]]:
        """What is made of the answer of a query as the engine gives it, in the calling thread.

        For who needs no terms of it, such as one that sends it on: `query` is three times as slow
        for a short answer, and sets a limit of time, which here is the caller's to keep.

        Parameters:
            text: as `query`.
            make: reads the answer to its end; what it raises is raised here.

        Returns:
            What `make` gives, and what is to be said of the query.

        Errors:
            as `query`, but QueryTimeout.

        >>> Embedded().read("ASK {}", bool)
        (True, ())
        """
        guard(text)
        return self._read(self._open_store(), text, make)

    def update(self, text: str, *, timeout: float | None = None) -> None:
        """Run an update on named graphs, all or nothing; the union follows (SPARQL 1.1 Update).

        Parameters:
            text: LOAD and SERVICE are refused, and so is writing into the default graph, which only
                follows the named ones. Dropping or clearing everything is fine.
            timeout: seconds; past them nothing of the update stays.

        Errors:
            as `query`; UsageError when the text writes into the default graph.
        """
        guard(text, update=True)
        given_up = threading.Event()

        def change(work: union.Work) -> None:
            try:
                union.update(work.store, work.before, text)
                work.touched.compare(work.before, work.store)
            except (RuntimeError, SyntaxError) as error:
                raise _fault(text, error, Store().update) or error from None
            if given_up.is_set():
                raise QueryTimeout(say("engine.late-update"))

        try:
            self._within(timeout, lambda: self._write(change, on="copy"))
        except QueryTimeout:
            given_up.set()
            raise

    def replace(self, graph: NamedNode, triples: Iterable[Triple]) -> None:
        """Make a named graph hold exactly these triples, all or nothing; none removes it."""
        union.refuse_mark(graph)
        wanted = set(triples)
        self._write(
            lambda work: work.quads + union.replace(work, graph, wanted),
            on="copy" if union.has_blank(chain(wanted, self.dump(graph))) else "store",
        )

    def change(self, removed: Iterable[Quad], added: Iterable[Quad]) -> None:
        """Remove quads and add others, all or nothing; one that is among both stays."""
        gone, come = set(removed), list(union.both(added))[::2]
        self._write(
            lambda work: work.quads + union.change(work, gone, come),
            on="copy" if union.has_blank(chain(gone, come)) else "store",
        )

    def load(
        self,
        quads: Iterable[Quad],
        *,
        origin: _Origin = None,
        fresh: bool = False,
    ) -> int:
        """Add quads in bulk, all or nothing.

        Parameters:
            quads: read one by one on disk, so a parser may be given; each in a named graph.
            origin: on disk, the text that `info` tells of where the store comes from; a function is
                asked for it when all quads have been read.
            fresh: drop what the store held, in the same step.

        Errors:
            InputError for a quad without a named graph; whatever the iterable raises.
        """
        lines = union.both(quads)
        if self._folder is None:
            # A fault in the middle shall leave nothing behind.
            lines = iter(list(lines))
        on: _On = "nothing" if fresh else "store"

        def change(work: union.Work) -> None:
            work.store.bulk_extend(work.touched.passing(lines))

        self._write(change, on=on, origin=origin)
        return self.count()

    def dump(self, graph: NamedNode | None = None) -> Iterator[Quad]:
        """The quads of one named graph, or of all; never the union. In no particular order."""
        store = self._open_store()
        with self._sound():
            for name in self.graphs() if graph is None else (graph,):
                yield from store.quads_for_pattern(None, None, None, name)

    def lookup(
        self,
        patterns: Iterable[Pattern],
        *,
        graph: NamedNode | None = None,
        without: Iterable[str] = (),
        limit: int | None = None,
    ) -> Iterator[Quad]:
        """The quads of named graphs that match any of some patterns, as `Engine.lookup`."""
        store, wanted = self._open_store(), lookup.checked(patterns)
        with self._sound():
            yield from islice(lookup.quads(store, wanted, graph, without), limit)

    def stated(
        self,
        patterns: Iterable[Pattern],
        *,
        graph: NamedNode | None = None,
        without: Iterable[str] = (),
    ) -> set[Pattern]:
        """Those of some patterns that a quad matches, as `Engine.stated`."""
        store, wanted = self._open_store(), lookup.checked(patterns)
        with self._sound():
            return set(lookup.stated(store, wanted, graph, without))

    def graphs(self) -> tuple[NamedNode, ...]:
        """The named graphs that hold something, sorted by IRI."""
        store = self._open_store()
        with self._sound():
            found = {name.value for name in store.named_graphs() if union.holds(store, name)}
        return tuple(map(NamedNode, sorted(found)))

    def count(self) -> int:
        """How many quads the named graphs hold; kept, not counted anew."""
        store = self._open_store()
        if self._count is None:
            self._count = union.count(store)
        return self._count

    def names(self) -> NameIndex:
        """The index of all names and quotes that the store holds now.

        On disk it is part of the store. In memory, and where the store's is missing or damaged, it
        is made when it is first asked for, and kept in the cache if that can be written.

        >>> engine = Embedded()
        >>> label = "<http://www.w3.org/2000/01/rdf-schema#label>"
        >>> engine.update(f'INSERT DATA {{ GRAPH <a:g> {{ <a:b> {label} "Name" }} }}')
        >>> engine.names().exact("name")
        [Name(iri='a:b', text='Name', key='name')]
        """
        with self._naming:
            if self._names is None:
                self._names = self._opened_names() or self._made_names()
            return self._names

    def _opened_names(self) -> NameIndex | None:
        if self._folder is not None and self._record is not None:
            files = self._folder.names(self._record)
            return NameIndex.open(files, self._made_names) if files else None
        content = kept(self._kept) if self._kept else None
        return None if content is None else NameIndex.of_bytes(content)

    def _made_names(self) -> NameIndex:
        store = self._open_store()
        with self._sound():
            if self._record is not None:
                return NameIndex.beside(cache_folder() / f"{self._record.digest[:32]}.index", store)
            made = NameIndex.of_store(store)
        if self._kept:
            keep(self._kept, made.to_bytes())
        return made

    def verify(self, *, recount: bool = True) -> None:
        """Read every file of a store on disk against its record, and count anew if asked to.

        Errors:
            StoreDamaged, naming what differs.

        >>> Embedded().verify()
        """
        if self._folder is None or self._record is None:
            return
        self._folder.verify(self._record)
        if recount and (found := union.count(self._open_store())) != self._record.count:
            raise self._folder.damaged(
                say("engine.other-count", count=found, recorded=self._record.count)
            )

    def info(self) -> dict[str, str]:
        """Kind, place, version, count; on disk also generation, digest and origin."""
        from importlib.metadata import version

        found = {
            "engine": "embedded",
            "place": str(self._folder.path) if self._folder else "memory",
            "version": f"pyoxigraph {version('pyoxigraph')}",
            "quads": str(self.count()),
            "graphs": str(len(self.graphs())),
        }
        if self._record is not None:
            found["generation"] = str(self._record.generation)
            found["digest"] = self._record.digest
            found["origin"] = self._record.origin
        return found

    def close(self) -> None:
        """Give up the store; calling it twice is fine."""
        held, self._held = self._held, None
        if held is not None:
            held()
        self.__dict__.pop("_store", None)
        names, self._names = self._names, None
        if names is not None:
            names.close()

    @contextmanager
    def _sound(self) -> Iterator[None]:
        """Reading from the store; RocksDB tells of damage with OSError or RuntimeError.

        Errors:
            StoreDamaged.
        """
        try:
            yield
        except (OSError, RuntimeError) as error:
            if self._folder is None:
                raise
            raise self._folder.damaged(say("engine.read-failed", error=error)) from None

    def _within(self, timeout: float | None, work: Callable[[], T]) -> T:
        """As `within`; where that takes long, a store on disk is looked at for damage meanwhile."""
        if self._folder is None:
            return within(timeout, work)
        return within(timeout or float("inf"), work, doubt=self._doubt)

    def _doubt(self) -> None:
        record, found = self._whole
        if record is self._record and time.monotonic() - found < _TRUST:
            return
        record = self._record
        self.verify(recount=False)
        self._whole = record, time.monotonic()

    def _open_store(self) -> Store:
        try:
            return self._store
        except AttributeError:
            raise EngineError(say("engine.closed")) from None

    def _answer(self, store: Store, text: str) -> Result:
        result, warnings = self._read(store, text, dataset.collected)
        return replace(result, warnings=warnings)

    def _read(
        self, store: Store, text: str, make: Callable[[Found], T]
    ) -> tuple[T, tuple[str, ...]]:
        try:
            with self._sound():
                try:
                    return dataset.answer(store, Store, text, make)
                except RuntimeError as error:
                    raise _fault(text, error, Store().query) or error from None
        except SyntaxError as error:
            raise _fault(text, error, Store().query) or error from None
        except (OSError, RuntimeError, ValueError) as error:
            raise EngineError(say("engine.query-failed", error=error)) from None

    def _write(self, change: union.Change, *, on: _On = "store", origin: _Origin = None) -> None:
        """Apply a change to the store, or to a copy or an empty one that then takes its place."""
        if not self._writing.acquire(timeout=_PATIENCE):
            raise StoreBusy(say("engine.other-write"))
        try:
            store = self._open_store()
            if self._folder is not None:
                self._write_folder(self._folder, change, origin, fresh=on == "nothing")
            else:
                fresh = Store() if on != "store" else store
                target = union.copy(store, fresh) if on == "copy" else fresh
                touched = Touched()
                found = change(union.Work(target, store, self.count(), touched))
                self._store, self._count = target, found
                self._follow(touched, fresh=on == "nothing")
        except (OSError, RuntimeError) as error:  # the latter is how RocksDB tells of damage
            raise EngineError(say("engine.write-failed", error=error)) from None
        finally:
            self._writing.release()

    def _follow(self, touched: Touched, *, fresh: bool) -> None:
        """Let the index of a store in memory follow a write."""
        self._kept = None  # what the cache has is of the graph before
        with self._naming:
            if fresh or touched.many:
                self._names = None
            elif self._names is not None:
                self._names.change(self._store, touched.things)

    def _write_folder(
        self, folder: Folder, change: union.Change, origin: _Origin, *, fresh: bool
    ) -> None:
        with folder.writing(fresh=fresh) as draft:
            if draft.base is not None and draft.base.files and draft.base != self._record:
                self._reopen(folder, draft.base)

            def fill() -> int:
                return draft.fill(change, self._store, self.count(), tidy=fresh)

            count = fill() if fresh else self._within(None, fill)
            record = draft.seal(count, origin() if callable(origin) else origin)
        self._reopen(folder, record)

    def _reopen(self, folder: Folder, record: Record) -> None:
        """Read a generation, or the one that followed it."""
        store, record, held = folder.open(record)
        # Other threads may be asking this engine: it always has a store.
        # A graph that is let go without being closed shall not keep its generation from writers.
        old, self._held = self._held, weakref.finalize(self, os.close, held)
        with self._naming:
            self._store, self._count, self._record = store, record.count, record
            self._names = None
        if old is not None:
            old()


def within(
    timeout: float | None, work: Callable[[], T], *, doubt: Callable[[], None] | None = None
) -> T:
    """The result of some work, or QueryTimeout when it is not there in time: nothing stops it.

    Parameters:
        timeout: seconds, above zero; None runs the work in the calling thread.
        work: run in a thread of its own, which cannot be stopped and does not keep the process
            alive.
        doubt: called once where the work takes long; what it raises is raised here.

    Returns:
        What `work` returns; what it raises is raised here.

    >>> within(5, lambda: 6 * 7)
    42
    """
    if timeout is None:
        return work()
    if not timeout > 0:
        raise UsageError(
            say("engine.bad-timeout", timeout=timeout), hint=say("engine.seconds-above")
        )
    results: list[T] = []
    failures: list[BaseException] = []
    done = threading.Event()

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            import traceback

            failures.append(error)
            # What pyoxigraph gives may be dropped only in the thread where it was made.
            traceback.clear_frames(error.__traceback__)
        finally:
            done.set()

    threading.Thread(target=run, daemon=True, name="gsefgraph-engine").start()
    end = time.monotonic() + timeout
    if doubt is not None and not done.wait(min(timeout, _DOUBT)) and timeout > _DOUBT:
        doubt()
    if not done.wait(min(max(end - time.monotonic(), 0), threading.TIMEOUT_MAX)):
        raise QueryTimeout(
            say("engine.no-answer", timeout=timeout), hint=say("engine.ask-less-allow")
        )
    if failures:
        raise failures[0]
    return results[0]


def _fault(text: str, error: Exception, parse: Callable[[str], object]) -> SyntaxFault | None:
    """What is wrong with a text by what the engine raised; None where it is not the text."""
    from gsefgraph.engine import syntax  # most texts are legal

    if isinstance(error, SyntaxError):
        return syntax.fault(text, parse)
    return syntax.called(text, error)


def syntax_fault(text: str, *, update: bool = False, functions: bool = True) -> SyntaxFault | None:
    """What is wrong with a query or update that an engine refused; None when it is legal.

    Parameters:
        functions: whether one that is not of SPARQL is a fault; another engine may know it
            (SPARQL 1.1, section 17.6).

    >>> str(syntax_fault("ASK { ?s ?p ) }")), syntax_fault("ASK {}")
    ('1:13: not SPARQL: unexpected )', None)
    """
    from gsefgraph.engine import syntax

    parse = Store().update if update else Store().query
    return syntax.found(text, parse, functions=functions)
