"""The index of a graph's names and quoted words, in memory or on disk.

What is asked of it stops at `CAP` candidates; they come in the order of the IRIs, or of the names
where it is their beginning that is looked for.

A store on disk has a file of all names, which no write touches, and beside it that of the things
whose names have changed since (`store.py` seals both with the generation). What is in a file:
`words.py`.

>>> index = NameIndex.of([("a:1", "Économie sociale"), ("a:2", "Socios")], [("e:1", "So it says")])
>>> [name.text for name in index.exact("economie sociale")]
['Économie sociale']
>>> [name.iri for name in index.completing(["soc"])], [name.iri for name in index.parts(["cial"])]
(['a:1', 'a:2'], ['a:1'])
>>> [name.text for name in index.quoted(["says", "it"])]
['So it says']
>>> [name.text for name in index.holding(["sociale"])], [n.text for n in index.near(["socois"])][:1]
(['Économie sociale'], ['Socios'])
>>> index.beginning("économie"), [name.text for name in index.beginning("econ")]
([], ['Économie sociale'])
>>> [name.text for name in NameIndex.of_bytes(index.to_bytes()).exact("socios")]
['Socios']
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pyoxigraph
from pyoxigraph import DefaultGraph, NamedNode, Quad

from gsefgraph.engine.words import (
    AMONG,
    END,
    MOST,
    NAMING,
    QUOTE,
    VERSION,
    Name,
    Row,
    Words,
    ends,
    mark,
    quoted,
    texts,
    tokens,
)
from gsefgraph.files import oldest

CAP = 1000
"""Candidates of a kind that are ranked at most, and"""
FEW = 200
"""those that are compared letter by letter."""

FILE, SINCE = "names.base", "names.since"
"""All names of a store, and those of the things that have changed since."""
_INDEXED = frozenset({*NAMING, QUOTE, *AMONG})
# Marks are all of one length, and none is within another.
_AMONG = " AND EXISTS (SELECT 1 FROM json_each(?) WHERE instr(n.among, value))"
_BESIDE = 20_000  # things that are kept apart from the file of all names, or
_SHARE = 50  # one in so many of its names
_OPEN = 200_000  # changed things that are followed one by one; from there on all is made anew
Among: TypeAlias = Sequence[Collection[str]]
"""What narrows a look: classes, or schemes, of which a thing must have one of each group."""
_Wanted: TypeAlias = "tuple[str, tuple[str, ...]] | None"


class Touched:
    """The things whose names or quotes a write may change.

    >>> touched = Touched()
    >>> from pyoxigraph import Literal
    >>> touched.see([Quad(NamedNode("a:b"), NamedNode(QUOTE), Literal("x"))])
    >>> touched.things, touched.many
    ({'a:b'}, False)
    >>> before, after = pyoxigraph.Store(), pyoxigraph.Store()
    >>> quads = [Quad(NamedNode(f"a:{n}"), NamedNode(NAMING[0]), Literal("x")) for n in range(3)]
    >>> after.extend(touched.passing(quads))  # noted as they are read
    >>> before.extend(quads[:2])
    >>> other = Touched()
    >>> other.compare(before, after)
    >>> sorted(touched.things), other.things
    (['a:0', 'a:1', 'a:2', 'a:b'], {'a:2'})
    """

    def __init__(self) -> None:
        self.things: set[str] = set()
        self.many = False

    def see(self, quads: Iterable[Any]) -> None:
        """Note quads, or triples, that come or go."""
        for quad in quads:
            self._note(quad)

    def _note(self, quad: Any) -> None:
        if quad.predicate.value in _INDEXED and not self.many:
            if isinstance(quad.subject, NamedNode):
                self.things.add(quad.subject.value)
            self.many = len(self.things) > _OPEN

    def passing(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """Quads as they come, each noted."""
        for quad in quads:
            self._note(quad)
            yield quad

    def compare(self, before: pyoxigraph.Store, after: pyoxigraph.Store) -> None:
        """Note what two stores have differently; both give their quads in the same order."""
        for predicate in map(NamedNode, sorted(_INDEXED)):
            old, new = (
                store.quads_for_pattern(None, predicate, None, DefaultGraph())
                for store in (before, after)
            )
            one, other = next(old, None), next(new, None)
            while one is not None or other is not None:
                if one == other:
                    one, other = next(old, None), next(new, None)
                elif one is not None and (other is None or one not in after):
                    self._note(one)
                    one = next(old, None)
                elif other is not None and (one is None or other not in before):
                    self._note(other)
                    other = next(new, None)
                else:  # never, while the order is the same
                    self.many = True
                    return


class NameIndex:
    """What names and quotes hold some words.

    Parameters:
        layers: the file of all names first, then what has changed since.
        again: makes the index anew where a file turns out to be damaged.

    What narrows a look is a part of the question, so that no match is lost behind the cap.

    >>> import tempfile
    >>> from pyoxigraph import Literal
    >>> store, one = pyoxigraph.Store(), NamedNode("a:1")
    >>> store.add(Quad(one, NamedNode(NAMING[0]), Literal("Quito")))
    >>> store.add(Quad(one, NamedNode(AMONG[0]), NamedNode("a:City")))
    >>> index = NameIndex.of_store(store)
    >>> [len(index.beginning("qui", [[kind]])) for kind in ("a:City", "a:River")]
    [1, 0]
    >>> store.add(Quad(one, NamedNode(NAMING[0]), Literal("San Francisco de Quito")))
    >>> index.change(store, ["a:1"])
    >>> len(index.holding(["quito"]))
    2
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "names"
    ...     NameIndex.beside(file, store).close()  # made, and there for the next one
    ...     kept = NameIndex.open([file], lambda: index)
    ...     len(kept.holding(["quito"]))
    ...     kept.close()
    2
    """

    def __init__(
        self, layers: Sequence[Words], again: Callable[[], NameIndex] | None = None
    ) -> None:
        self._layers = list(layers)
        self._again = again
        self._mending = threading.Lock()

    @classmethod
    def of(
        cls,
        names: Iterable[Row],
        quotes: Iterable[Row] = (),
        path: Path | None = None,
        *,
        among: Iterable[Row] = (),
    ) -> NameIndex:
        """An index of some names and quotes.

        Parameters:
            names, quotes: IRIs with their texts, in any order; read one by one.
            path: a new file; none is in memory.
            among: IRIs of things with those of their classes and schemes.
        """
        layer = Words(path)
        layer.fill({"name": names, "quote": quotes}, among)
        return cls([layer])

    @classmethod
    def of_store(cls, store: pyoxigraph.Store, path: Path | None = None) -> NameIndex:
        """An index of all that a store has in its default graph, as `of`."""
        names = (row for predicate in NAMING for row in texts(store, predicate))
        return cls.of(names, texts(store, QUOTE), path, among=ends(store))

    @classmethod
    def beside(cls, path: Path, store: pyoxigraph.Store) -> NameIndex:
        """An index as `of_store`, in a file that can be made again; in memory where it cannot be
        written. What is there already is taken."""
        import sqlite3

        def again() -> NameIndex:
            return cls.of_store(store)

        there = cls.open([path], again) if path.exists() else None
        if there is not None:
            return there
        temporary = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.unlink(missing_ok=True)
            cls.of_store(store, temporary).close()
            os.replace(temporary, path)
            for old in oldest(path):
                old.unlink(missing_ok=True)
        except (OSError, sqlite3.Error):
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            return again()
        return cls.open([path], again) or again()

    @classmethod
    def of_bytes(cls, content: bytes) -> NameIndex | None:
        """What `to_bytes` gave; None where that was of another version."""
        layer = Words(None, content)
        return cls([layer]) if layer.version() == VERSION else None

    def to_bytes(self) -> bytes:
        """An index in memory as a file would hold it."""
        return self._layers[0].connection.serialize()

    @classmethod
    def open(cls, files: Sequence[Path], again: Callable[[], NameIndex]) -> NameIndex | None:
        """The index in some files, which nobody writes; None where they hold none."""
        import sqlite3

        try:
            layers = [Words(path, reading=True) for path in files]
            if all(layer.version() == VERSION for layer in layers):
                newer = [layer for layer in layers[1:] if layer.voided(most=1)]
                return cls([*layers[:1], *newer], again)
        except (sqlite3.Error, OSError):
            pass
        return None

    def close(self) -> None:
        """Give up the files."""
        for layer in self._layers:
            layer.connection.close()

    def exact(self, wanted: str, among: Among = (), text: str | None = None) -> list[Name]:
        """Names with this key, or those of them that are written so."""
        if text is None:
            return self._find("name", lambda _: ("key = ?", (wanted,)), among)
        return self._find("name", lambda _: ("key = ? AND text = ?", (wanted, text)), among)

    def beginning(self, wanted: str, among: Among = ()) -> list[Name]:
        """Names whose key begins with this and goes on."""
        where = "key > ? AND key < ?", (wanted, wanted + END)
        return self._find("name", lambda _: where, among, order=" ORDER BY key")

    def holding(self, words: Sequence[str], among: Among = ()) -> list[Name]:
        """Names that hold each of some words."""
        return self._match("name", lambda _, word: [word], words, among)

    def completing(self, words: Sequence[str], among: Among = ()) -> list[Name]:
        """Names that hold, for each of some texts, a word that begins with it."""

        def expand(layer: Words, word: str) -> list[str]:
            return layer.begun("name", word)

        return self._match("name", expand, words, among, begun=True)

    def parts(self, words: Sequence[str], among: Among = ()) -> list[Name]:
        """Names that hold, for each of some texts, a word that has it within; one or two letters
        are looked for where words begin."""
        return self._match("name", lambda layer, word: layer.within(word), words, among)

    def near(self, words: Sequence[str], among: Among = ()) -> list[Name]:
        """Names that hold words spelled much like some: first those that do of all, then others."""

        @cache
        def like(layer: Words, word: str) -> list[str]:
            return layer.near(word)

        every = self._match("name", like, words, among, most=FEW)
        return [*every, *self._match("name", like, words, among, most=FEW, every=False)]

    def quoted(self, words: Sequence[str]) -> list[Name]:
        """Passages that hold each of some words, or one that begins with the last."""

        def expand(layer: Words, word: str) -> list[str]:
            return layer.begun("quote", word) if word == words[-1] else [word]

        return self._match("quote", expand, words)

    def change(self, store: pyoxigraph.Store, things: Iterable[str]) -> None:
        """Let an index in memory follow what a store now says of some things."""
        self._layers[-1].put(store, things)

    def _match(
        self,
        area: str,
        expand: Callable[[Words, str], list[str]],
        words: Sequence[str],
        among: Among = (),
        *,
        most: int = CAP,
        every: bool = True,
        begun: bool = False,
    ) -> list[Name]:
        apart = dict.fromkeys(words)
        # Each word has a list to be opened: of many texts the most common ones must do.
        share = max(20, MOST // max(len(apart), 1))
        marks = [f"({' OR '.join(quoted(mark(end)) for end in group)})" for group in among]

        def where(layer: Words, whole: bool = False) -> _Wanted:
            # What is nothing but marks is no word of any name.
            groups = {w: expand(layer, w) if tokens(w) == {w} else [] for w in apart}
            if every and not all(groups.values()):
                return None
            terms = [
                f"{quoted(word)}*"
                if whole and len(group) >= share
                else f"({' OR '.join(map(quoted, group[:share]))})"
                for word, group in groups.items()
                if group
            ]
            if not terms:
                return None
            if marks and whole and layer.few(area, " AND ".join(marks)):
                begins = " AND instr(' ' || n.key, ' ' || ?)" * len(apart)
                return f"{area}_words MATCH ?{begins}", (" AND ".join(marks), *apart)
            text = f"({(' AND ' if every else ' OR ').join(terms)})"
            return f"{area}_words MATCH ?", (" AND ".join((text, *marks)),)

        found = self._find(area, where, most=most)
        if marks and begun and len(found) < most:
            # Among few things there may be none of the most common words, so all are looked for:
            # of few things in what they are called, since a list of all words that begin with a
            # letter is long.
            found = self._find(area, lambda layer: where(layer, True), most=most)
        return found

    def _find(
        self,
        area: str,
        ask: Callable[[Words], _Wanted],
        among: Among = (),
        *,
        order: str = "",
        most: int = CAP,
    ) -> list[Name]:
        import sqlite3

        layers = self._layers
        try:
            return _look(layers, area, ask, among, order, most)
        except sqlite3.Error:
            if self._again is None and self._layers is layers:
                raise
        with self._mending:  # others may have met the same damage
            if self._layers is layers and self._again is not None:
                made = self._again()
                self._layers, self._again = made._layers, made._again
        return _look(self._layers, area, ask, among, order, most)


def _look(
    layers: Sequence[Words],
    area: str,
    ask: Callable[[Words], _Wanted],
    among: Among,
    order: str,
    most: int,
) -> list[Name]:
    found: list[Name] = []
    for number, layer in enumerate(layers):
        wanted = ask(layer)
        if wanted is None:
            continue
        where, values = wanted
        for group in among:
            where += _AMONG
            values = (*values, json.dumps([mark(end) for end in group]))
        newer = layers[number + 1 :]
        for lot in layer.rows(area, where + order, values, size=most):
            found += [n for n in lot if not any(over.voids(n.iri) for over in newer)]
            if len(found) >= most:
                return found[:most]
    return found


def follow(folder: Path, store: pyoxigraph.Store, touched: Touched) -> None:
    """Bring the index files of a draft up to what its database now holds.

    Parameters:
        folder: has the files of the last generation, or none of them.
        store: the draft's database.
        touched: things that the write has changed.

    Errors:
        OSError: the disk is full.

    >>> import tempfile
    >>> from pyoxigraph import Literal
    >>> store = pyoxigraph.Store()
    >>> with tempfile.TemporaryDirectory() as name:
    ...     for city in ("Quito", "Seoul"):
    ...         touched = Touched()
    ...         quad = Quad(NamedNode(f"a:/{city}"), NamedNode(NAMING[0]), Literal(city))
    ...         store.extend(touched.passing([quad]))
    ...         follow(Path(name), store, touched)
    ...     layers = [Words(Path(name) / file, reading=True) for file in (FILE, SINCE)]
    ...     [layer.count() for layer in layers], layers[1].voided()
    ([1, 1], {'a:/Seoul'})
    """
    import sqlite3

    base, since = folder / FILE, folder / SINCE
    try:
        if touched.many or not (base.exists() and since.exists()):
            _remake(base, since, store)
        elif touched.things:
            try:
                _add(base, since, store, touched.things)
            except sqlite3.DatabaseError:  # damaged
                _remake(base, since, store)
    except sqlite3.Error as error:
        raise OSError(str(error)) from None


def _remake(base: Path, since: Path, store: pyoxigraph.Store) -> None:
    for file in (base, since):
        file.unlink(missing_ok=True)
    NameIndex.of_store(store, base).close()
    NameIndex.of((), (), since).close()


def _add(base: Path, since: Path, store: pyoxigraph.Store, things: set[str]) -> None:
    newer = Words(since, reopen=True)
    newer.put(store, things, void=True)
    changed = newer.voided()
    all_names = Words(base, reading=True)
    full = len(changed) > max(_BESIDE, all_names.count() // _SHARE)
    for layer in (newer, all_names):
        layer.connection.close()
    if full:
        copy = base.with_suffix(".tmp")
        with open(base, "rb") as source, open(copy, "wb") as target:
            while block := source.read(1 << 20):
                target.write(block)
        os.replace(copy, base)  # the old one is a link to what the last generation has
        layer = Words(base, reopen=True)
        layer.put(store, changed)
        layer.connection.close()
        since.unlink()
        NameIndex.of((), (), since).close()
